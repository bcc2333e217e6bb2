//! Ends accepted risks whose day has come.
//!
//! Any number of processes do so at the same time: the aggregate ends an acceptance once, and what
//! a look misses the next one finds.

use crate::calendar::Calendar;
use crate::retry::{chain, pause};
use aegis_aggregates::actor::Actor;
use aegis_aggregates::remediation::{Remediation, RemediationAction, RemediationCommand};
use aegis_projections::store::{Executed, Origin, Store, StoreError};
use aegis_projections::{Pool, remediations};
use tokio::sync::watch;
use uuid::Uuid;

/// Acceptances that one look ends at most.
const AT_ONCE: i64 = 500;

/// A look that failed.
#[derive(Debug, thiserror::Error)]
pub enum ExpiryError {
    /// The read models could not be read.
    #[error("the accepted risks could not be read")]
    Database(#[from] sqlx::Error),
    /// The end of one could not be recorded.
    #[error("the end of the accepted risk of remediation {remediation} could not be recorded")]
    Store {
        /// The remediation.
        remediation: Uuid,
        /// Why.
        #[source]
        source: StoreError,
    },
}

/// Looks at the accepted risks of one database.
pub struct Expiries {
    pool: Pool,
    store: Store,
    calendar: Calendar,
}

impl Expiries {
    /// Expiries by a calendar.
    pub fn new(pool: Pool, store: Store, calendar: Calendar) -> Self {
        Self { pool, store, calendar }
    }

    /// Looks again and again until told to stop.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        loop {
            if let Err(error) = self.look().await {
                tracing::warn!(error = chain(&error), "accepted risks were not looked at; trying again");
            }
            if pause(self.calendar.look_every(), &mut stop).await {
                return;
            }
        }
    }

    /// Ends what is due by now, at most [`AT_ONCE`]; the next look goes on. Says how many.
    ///
    /// # Errors
    /// [`ExpiryError`]; what was recorded before it stays.
    pub async fn look(&self) -> Result<usize, ExpiryError> {
        let today = self.calendar.now().date_naive();
        let mut ended = 0;
        for remediation in remediations::expired_risks(&self.pool, today, AT_ONCE).await? {
            ended += usize::from(self.end(remediation).await?);
        }
        Ok(ended)
    }

    async fn end(&self, remediation: Uuid) -> Result<bool, ExpiryError> {
        let command = RemediationCommand {
            by: Actor::SYSTEM,
            at: self.calendar.now(),
            expected_version: None,
            action: RemediationAction::ExpireRisk,
        };
        let mut origin = Origin::new(Actor::SYSTEM);
        origin.causation = Some("calendar".to_owned());
        let executed = self
            .store
            .execute::<Remediation>(&remediation.to_string(), command, &origin)
            .await
            .map_err(|source| ExpiryError::Store { remediation, source })?;
        Ok(match executed {
            Executed::Committed(_) => {
                tracing::info!(remediation.id = %remediation, "an accepted risk has expired");
                true
            }
            // The read model was behind: somebody has reopened it, or another process was faster.
            Executed::Unchanged | Executed::Repeated(_) => false,
            // No rule refuses it and it has no command id; if that changes, it should be seen.
            Executed::Refused(_) | Executed::CommandReused => {
                tracing::error!(remediation.id = %remediation, ?executed, "the end of an accepted risk was refused");
                false
            }
        })
    }
}
