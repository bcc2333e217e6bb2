//! What happens to a campaign.

use super::plan::Plan;
use super::schedule::{DueTime, Schedule};
use crate::ids::{AccountId, CampaignId, TestId};
use chrono::{DateTime, NaiveDateTime, Utc};
use cqrs_es::DomainEvent;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A test's place in a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignTest {
    /// The test.
    pub test: TestId,
    /// Its place; several may share one.
    pub order: u32,
    /// The part of the campaign it belongs to.
    pub phase: Option<String>,
    /// The tests of the campaign that must be validated before it may start.
    pub depends_on: BTreeSet<TestId>,
}

/// What a campaign was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "from")]
pub enum CampaignOrigin {
    /// A schedule.
    Run {
        /// The campaign with the schedule.
        parent: CampaignId,
        /// The local time it was due at, by the schedule.
        due: NaiveDateTime,
        /// Whether it was recorded late, because nobody was there when it was due.
        late: bool,
        /// Who had set the schedule, and may therefore change the run.
        on_behalf_of: AccountId,
    },
    /// Somebody copied a campaign.
    Clone {
        /// The campaign copied.
        of: CampaignId,
    },
}

/// What happened. Times are the server's clock unless they say otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum CampaignEvent {
    /// A campaign was written down.
    CampaignCreated {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// Its general fields.
        plan: Plan,
        /// Its first tests.
        tests: Vec<CampaignTest>,
        /// What it was made from, if not by hand.
        origin: Option<CampaignOrigin>,
    },
    /// Its general fields were replaced.
    CampaignRevised {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// The fields as they are now.
        plan: Plan,
    },
    /// Tests were taken in.
    CampaignTestsAdded {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// The tests with their places.
        tests: Vec<CampaignTest>,
    },
    /// A test got another place.
    CampaignTestRevised {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// The test with its place as it is now.
        test: CampaignTest,
    },
    /// A test was let go.
    CampaignTestRemoved {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// The test.
        test: TestId,
    },
    /// It will run again and again, by this schedule from now on.
    CampaignScheduled {
        /// By whom.
        by: AccountId,
        /// When; only runs due later than this count.
        at: DateTime<Utc>,
        /// The schedule.
        schedule: Schedule,
    },
    /// It will not run again.
    CampaignUnscheduled {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
    },
    /// A run is to be made.
    CampaignRunDue {
        /// When this was recorded.
        at: DateTime<Utc>,
        /// The local time it was due at, by the schedule.
        due: NaiveDateTime,
        /// The instant that was, in the schedule's time zone.
        due_at: DateTime<Utc>,
        /// The campaign that will be the run.
        child: CampaignId,
        /// Whether it was recorded late, because nobody was there when it was due.
        late: bool,
        /// Who had set the schedule.
        on_behalf_of: AccountId,
    },
    /// Runs that were missed are left out, as the schedule says.
    CampaignRunsSkipped {
        /// When this was recorded.
        at: DateTime<Utc>,
        /// The first of them.
        first: DueTime,
        /// The last of them.
        last: DueTime,
        /// How many they are.
        count: u32,
    },
    /// It began.
    CampaignActivated {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
    },
    /// It ended.
    CampaignCompleted {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
    },
    /// It was put away; a schedule ends with it.
    CampaignArchived {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
    },
}

impl DomainEvent for CampaignEvent {
    fn event_type(&self) -> String {
        match self {
            Self::CampaignCreated { .. } => "CampaignCreated",
            Self::CampaignRevised { .. } => "CampaignRevised",
            Self::CampaignTestsAdded { .. } => "CampaignTestsAdded",
            Self::CampaignTestRevised { .. } => "CampaignTestRevised",
            Self::CampaignTestRemoved { .. } => "CampaignTestRemoved",
            Self::CampaignScheduled { .. } => "CampaignScheduled",
            Self::CampaignUnscheduled { .. } => "CampaignUnscheduled",
            Self::CampaignRunDue { .. } => "CampaignRunDue",
            Self::CampaignRunsSkipped { .. } => "CampaignRunsSkipped",
            Self::CampaignActivated { .. } => "CampaignActivated",
            Self::CampaignCompleted { .. } => "CampaignCompleted",
            Self::CampaignArchived { .. } => "CampaignArchived",
        }
        .to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}
