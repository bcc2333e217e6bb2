//! Has sources fetched that have come due by their settings.
//!
//! Any number of processes do so at the same time: a due time leads to one command, whoever sends it how often. A
//! source is due its hours after it was last asked for, or after what is in force became so; a source of which there
//! is neither is fetched when somebody asks.

use crate::calendar::Calendar;
use crate::retry::{chain, pause};
use aegis_aggregates::actor::Actor;
use aegis_aggregates::ids::JobId;
use aegis_aggregates::knowledge::{Knowledge, KnowledgeAction, KnowledgeCommand};
use aegis_projections::Pool;
use aegis_projections::knowledge::sources::{self, SourceRecord};
use aegis_projections::store::{CommandId, Executed, Origin, Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;
use uuid::Uuid;

/// A look that failed.
#[derive(Debug, thiserror::Error)]
pub enum SyncsError {
    /// The read models could not be read.
    #[error("the sources could not be read")]
    Database(#[from] sqlx::Error),
    /// A sync could not be recorded.
    #[error("a sync could not be recorded")]
    Store(#[from] StoreError),
}

/// Looks at the sources of one database.
pub struct Syncs {
    pool: Pool,
    store: Store,
    calendar: Calendar,
}

impl Syncs {
    /// Syncs by a calendar.
    pub fn new(pool: Pool, store: Store, calendar: Calendar) -> Self {
        Self { pool, store, calendar }
    }

    /// Looks again and again until told to stop.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        loop {
            if let Err(error) = self.look().await {
                tracing::warn!(error = chain(&error), "sources were not looked at; trying again");
            }
            if pause(self.calendar.look_every(), &mut stop).await {
                return;
            }
        }
    }

    /// Asks for each source that is due. Says how many were.
    ///
    /// # Errors
    /// [`SyncsError`]; what was recorded before it stays.
    pub async fn look(&self) -> Result<usize, SyncsError> {
        let now = self.calendar.now();
        let mut asked = 0;
        for record in sources::sources(&self.pool, i64::MAX - 1).await? {
            if let Some(due) = due_at(&record).filter(|due| *due <= now) {
                asked += usize::from(self.ask(&record, due).await?);
            }
        }
        Ok(asked)
    }

    async fn ask(&self, record: &SourceRecord, due: DateTime<Utc>) -> Result<bool, StoreError> {
        let source = record.source;
        let name = format!("sync:{}:{}", source.aggregate_id(), due.timestamp_micros());
        let job = JobId(Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()));
        let mut origin = Origin::new(Actor::SYSTEM);
        origin.causation = Some("schedule".to_owned());
        origin.command = Some(CommandId::new(job.0, "sync", name.as_bytes()));
        let action = KnowledgeAction::RequestSync { job, preview: false };
        let command = KnowledgeCommand { by: Actor::SYSTEM, source, action };
        let executed = self.store.execute::<Knowledge>(source.aggregate_id(), command, &origin).await?;
        Ok(match executed {
            Executed::Committed(_) => {
                tracing::info!(source = source.aggregate_id(), "a source has come due");
                true
            }
            // The read model may be behind: somebody has switched it off meanwhile.
            Executed::Repeated(_) | Executed::Unchanged | Executed::Refused(_) | Executed::CommandReused => {
                false
            }
        })
    }
}

/// When a source is fetched next by itself.
fn due_at(record: &SourceRecord) -> Option<DateTime<Utc>> {
    let settings = &record.settings;
    if !settings.enabled || settings.every_hours == 0 || settings.addresses.is_empty() {
        return None;
    }
    let since = record.last_asked_at.max(record.release.as_ref().map(|held| held.released_at))?;
    Some(since + TimeDelta::hours(i64::from(settings.every_hours)))
}
