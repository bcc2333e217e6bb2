//! What can be asked of a campaign.

use super::event::CampaignOrigin;
use super::plan::{CampaignKind, Plan};
use super::schedule::Schedule;
use crate::actor::Actor;
use crate::ids::{AccountId, CampaignId, TestId};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// How much of everything a campaign takes.
pub mod limits {
    use chrono::TimeDelta;

    /// Characters of a name or a phase.
    pub const SHORT_TEXT_CHARS: usize = 200;
    /// Characters of a description or an objective.
    pub const LONG_TEXT_CHARS: usize = 20_000;
    /// Tags of a campaign.
    pub const TAGS: usize = 20;
    /// Characters of a tag.
    pub const TAG_CHARS: usize = 50;
    /// Tests of a campaign.
    pub const TESTS: usize = 500;
    /// Tests that one test may wait for.
    pub const DEPENDENCIES: usize = 20;
    /// The highest place in the order.
    pub const ORDER: u32 = 10_000;
    /// Runs that one command records; whoever asks again gets the next ones.
    pub const RUNS_PER_COMMAND: usize = 60;
    /// A run recorded this long after it was due counts as late.
    pub const LATE_AFTER: TimeDelta = TimeDelta::hours(1);
}

/// What people call the tests a command is about, `#12`: words for refusals,
/// never recorded. A test without one is called by its id.
pub type Labels = BTreeMap<TestId, String>;

/// Which tests wait for which: each with those that must be validated before it may start.
pub type Waits = BTreeMap<TestId, BTreeSet<TestId>>;

/// A wish about one campaign.
#[derive(Debug, Clone, PartialEq)]
pub struct CampaignCommand {
    /// Who asks.
    pub by: Actor,
    /// When, by the server's clock.
    pub at: DateTime<Utc>,
    /// The version the asker looked at, if the asker cares.
    pub expected_version: Option<u64>,
    /// What the tests are called.
    pub labels: Labels,
    /// What is asked.
    pub action: CampaignAction,
}

/// What can be asked.
#[derive(Debug, Clone, PartialEq)]
pub enum CampaignAction {
    /// Writes a new campaign down, with or without tests.
    Create {
        /// Its general fields.
        plan: Plan,
        /// Its first tests.
        tests: Vec<NewCampaignTest>,
        /// What it is made from, if not by hand.
        origin: Option<CampaignOrigin>,
    },
    /// Changes some of its general fields.
    Revise(Revision),
    /// Takes tests in.
    AddTests(Vec<NewCampaignTest>),
    /// Changes the place of a test in it.
    ReviseTest(TestRevision),
    /// Moves a test to another place in the list; the others move up or down.
    MoveTest {
        /// The test.
        test: TestId,
        /// Its place from now on, counted from 1.
        place: u32,
    },
    /// Lets go of a test.
    RemoveTest {
        /// The test.
        test: TestId,
    },
    /// Lets it run again and again; replaces the schedule it has.
    Schedule(Schedule),
    /// Ends that.
    Unschedule,
    /// Records the runs that are due by the time of the command, at most [`limits::RUNS_PER_COMMAND`].
    RecordDueRuns {
        /// The campaign itself, from which the ids of its runs are made.
        campaign: CampaignId,
    },
    /// Begins it.
    Activate {
        /// What its tests, and those that these wait for, wait for in other active campaigns.
        beside: Waits,
    },
    /// Ends it.
    Complete,
    /// Puts it away.
    Archive,
}

/// A test to be taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCampaignTest {
    /// The test.
    pub test: TestId,
    /// Its place; after all others if none is given.
    pub order: Option<u32>,
    /// The part of the campaign it belongs to.
    pub phase: Option<String>,
    /// The tests that must be validated before it may start.
    pub depends_on: BTreeSet<TestId>,
}

/// Changes of a test's place: what is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestRevision {
    /// The test.
    pub test: TestId,
    /// Another place.
    pub order: Option<u32>,
    /// Another phase, or none.
    pub phase: Option<Option<String>>,
    /// All it waits for anew.
    pub depends_on: Option<BTreeSet<TestId>>,
}

/// Changes of the general fields: what is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Revision {
    /// Another name.
    pub name: Option<String>,
    /// Another description.
    pub description: Option<String>,
    /// Another kind.
    pub kind: Option<CampaignKind>,
    /// Another objective.
    pub objective: Option<String>,
    /// Another first day, or none.
    pub starts_on: Option<Option<NaiveDate>>,
    /// Another last day, or none.
    pub ends_on: Option<Option<NaiveDate>>,
    /// All its tags anew.
    pub tags: Option<BTreeSet<String>>,
    /// Somebody else, or nobody.
    pub owner: Option<Option<AccountId>>,
}

impl Revision {
    /// The fields as they are with these changes.
    pub fn of(self, held: &Plan) -> Plan {
        let held = held.clone();
        Plan {
            name: self.name.unwrap_or(held.name),
            description: self.description.unwrap_or(held.description),
            kind: self.kind.unwrap_or(held.kind),
            objective: self.objective.unwrap_or(held.objective),
            starts_on: self.starts_on.unwrap_or(held.starts_on),
            ends_on: self.ends_on.unwrap_or(held.ends_on),
            tags: self.tags.unwrap_or(held.tags),
            owner: self.owner.unwrap_or(held.owner),
        }
    }
}
