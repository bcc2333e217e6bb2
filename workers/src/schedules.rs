//! Records the runs of campaigns that have come due, and sees to it that each is made.
//!
//! Any number of processes do so at the same time: the aggregate records a due time once, whoever
//! asks however often, and what a look misses the next one finds. A run whose job
//! has failed (its workers were killed too often, the database was away too long) is taken up
//! again: a run that came due is never lost. One that somebody cancelled stays cancelled.

use crate::calendar::Calendar;
use crate::campaign_run;
use crate::retry::{chain, pause};
use aegis_aggregates::actor::Actor;
use aegis_aggregates::campaign::{Campaign, CampaignAction, CampaignCommand, CampaignError, Labels};
use aegis_aggregates::ids::CampaignId;
use aegis_projections::campaigns::{self, ScheduledCampaign};
use aegis_projections::store::{Executed, Origin, Store, StoreError};
use aegis_projections::{Pool, jobs};
use tokio::sync::watch;

/// Scheduled campaigns read at a time.
const PAGE: i64 = 500;
/// Runs that one look takes up again at most.
const REVIVED_AT_ONCE: i64 = 100;
/// A failed job rests for so many looks before it is taken up again.
const RESTS_FOR: u32 = 10;

/// A look that failed.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    /// The read models could not be read.
    #[error("the schedules could not be read")]
    Database(#[from] sqlx::Error),
    /// A run could not be recorded.
    #[error("the runs of campaign {campaign} could not be recorded")]
    Store {
        /// The campaign.
        campaign: CampaignId,
        /// Why.
        #[source]
        source: StoreError,
    },
}

/// Looks at the schedules of one database.
pub struct Schedules {
    pool: Pool,
    store: Store,
    calendar: Calendar,
}

impl Schedules {
    /// Schedules by a calendar.
    pub fn new(pool: Pool, store: Store, calendar: Calendar) -> Self {
        Self { pool, store, calendar }
    }

    /// Looks again and again until told to stop.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        loop {
            if let Err(error) = self.look(&stop).await {
                tracing::warn!(error = chain(&error), "schedules were not looked at; trying again");
            }
            if pause(self.calendar.look_every(), &mut stop).await {
                return;
            }
        }
    }

    /// Records what is due by now: of each campaign as many runs as one command takes; the next look
    /// goes on. Says how many campaigns had some.
    ///
    /// # Errors
    /// [`ScheduleError`]; what was recorded before it stays.
    pub async fn look(&self, stop: &watch::Receiver<bool>) -> Result<usize, ScheduleError> {
        let mut recorded = 0;
        let mut after = 0;
        loop {
            let page = campaigns::scheduled(&self.pool, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.number;
            for campaign in &page {
                if *stop.borrow() {
                    return Ok(recorded);
                }
                recorded += usize::from(self.record(campaign).await?);
            }
        }
        let resting = self.calendar.look_every() * RESTS_FOR;
        let revived = jobs::revive_failed(&self.pool, campaign_run::KIND, resting, REVIVED_AT_ONCE).await?;
        if revived > 0 {
            tracing::warn!(revived, "runs of campaigns whose jobs had failed are taken up again");
        }
        Ok(recorded)
    }

    async fn record(&self, scheduled: &ScheduledCampaign) -> Result<bool, ScheduleError> {
        let now = self.calendar.now();
        // The read model may be behind, then the aggregate has nothing to add.
        if scheduled.scheduled.due().next().is_none_or(|time| time.due_at > now) {
            return Ok(false);
        }
        let campaign = CampaignId(scheduled.campaign_id);
        let command = CampaignCommand {
            by: Actor::SYSTEM,
            at: now,
            expected_version: None,
            labels: Labels::new(),
            action: CampaignAction::RecordDueRuns { campaign },
        };
        let mut origin = Origin::new(Actor::SYSTEM);
        origin.causation = Some("schedule".to_owned());
        let executed = self
            .store
            .execute::<Campaign>(&campaign.to_string(), command, &origin)
            .await
            .map_err(|source| ScheduleError::Store { campaign, source })?;
        Ok(told(campaign, &executed))
    }
}

fn told(campaign: CampaignId, executed: &Executed<CampaignError>) -> bool {
    match executed {
        Executed::Committed(event) => {
            tracing::info!(campaign.id = %campaign, sequence = event.sequence, "runs have come due");
            true
        }
        Executed::Unchanged | Executed::Repeated(_) => false,
        // No rule refuses it and it has no command id; if that changes, it should be seen.
        Executed::Refused(_) | Executed::CommandReused => {
            tracing::error!(campaign.id = %campaign, ?executed, "a due run was refused");
            false
        }
    }
}
