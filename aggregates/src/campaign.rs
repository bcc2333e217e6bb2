//! A campaign: tests in an order, what waits for what, and when it runs again.
//!
//! A campaign is planned as a draft, runs while it is active and is final once
//! completed; archiving takes it out of sight and keeps all it did. Its tests
//! live their own lives: here are only the links to them. A schedule makes runs
//! come due; each run becomes a campaign of its own, made elsewhere.

mod command;
mod error;
mod event;
mod graph;
mod plan;
mod rules;
mod schedule;

pub use command::{
    CampaignAction, CampaignCommand, Labels, NewCampaignTest, Revision, TestRevision, Waits, limits,
};
pub use error::CampaignError;
pub use event::{CampaignEvent, CampaignOrigin, CampaignTest};
pub use plan::{CampaignKind, Plan};
pub use rules::OpenAction;
pub use schedule::{DueTime, Every, MissedRuns, Schedule};

use crate::ids::{AccountId, CampaignId, TestId};
use chrono::{DateTime, Utc};
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where a campaign stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CampaignState {
    /// Being planned.
    #[default]
    Draft,
    /// Running; its plan is settled.
    Active,
    /// Over; final but for archiving.
    Completed,
    /// Put away; final.
    Archived,
}

impl CampaignState {
    /// Every state in the order of a campaign's life.
    pub const ALL: [Self; 4] = [Self::Draft, Self::Active, Self::Completed, Self::Archived];

    /// The state as stored, `active`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Completed => "completed",
            Self::Archived => "archived",
        }
    }
}

/// The id of the run of a campaign that is due at a local time; the same time
/// names the same run, whoever makes it.
pub fn run_id(parent: CampaignId, due: chrono::NaiveDateTime) -> CampaignId {
    let name = due.format("%Y-%m-%dT%H:%M").to_string();
    CampaignId(uuid::Uuid::new_v5(&parent.0, name.as_bytes()))
}

/// The id of the test that a run or a clone makes from a test of the campaign it copies.
pub fn copied_test_id(copy: CampaignId, source: TestId) -> TestId {
    TestId(uuid::Uuid::new_v5(&copy.0, source.to_string().as_bytes()))
}

/// A campaign as its own events tell it: just what the rules need to know.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Campaign {
    version: u64,
    plan: Option<Plan>,
    manager: Option<AccountId>,
    state: CampaignState,
    tests: BTreeMap<TestId, CampaignTest>,
    origin: Option<CampaignOrigin>,
    scheduled: Option<Scheduled>,
    /// The last due time that was recorded or skipped, under any schedule.
    last_due: Option<DueTime>,
}

/// A schedule in force.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Scheduled {
    schedule: Schedule,
    by: AccountId,
    at: DateTime<Utc>,
}

impl Campaign {
    /// How many events it has seen: the version a client may expect.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Its general fields, once it is written down.
    pub fn plan(&self) -> Option<&Plan> {
        self.plan.as_ref()
    }

    /// Where it stands.
    pub fn state(&self) -> CampaignState {
        self.state
    }

    /// Its tests, by id.
    pub fn tests(&self) -> &BTreeMap<TestId, CampaignTest> {
        &self.tests
    }

    /// The tests in the order they are meant to run: by order, then by id.
    pub fn ordered_tests(&self) -> Vec<&CampaignTest> {
        let mut tests: Vec<&CampaignTest> = self.tests.values().collect();
        tests.sort_by_key(|test| (test.order, test.test));
        tests
    }

    /// What it was made from, if it was not made by hand.
    pub fn origin(&self) -> Option<&CampaignOrigin> {
        self.origin.as_ref()
    }

    /// The schedule in force.
    pub fn schedule(&self) -> Option<&Schedule> {
        self.scheduled.as_ref().map(|scheduled| &scheduled.schedule)
    }

    /// Who may change it besides admins: who created it, or who scheduled the run that it is.
    pub fn manager(&self) -> Option<AccountId> {
        self.manager
    }

    /// The first run that has not been recorded and is not skipped by a later rule.
    pub fn next_due(&self) -> Option<DueTime> {
        let scheduled = self.scheduled.as_ref()?;
        scheduled.schedule.due_after(scheduled.at, self.last_due).next()
    }
}

impl Aggregate for Campaign {
    const TYPE: &'static str = "campaign";
    type Command = CampaignCommand;
    type Event = CampaignEvent;
    type Error = CampaignError;
    type Services = ();

    async fn handle(
        &mut self,
        command: Self::Command,
        _services: &Self::Services,
        sink: &EventSink<Self>,
    ) -> Result<(), Self::Error> {
        for event in self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Self::Event) {
        self.version += 1;
        match event {
            CampaignEvent::CampaignCreated { by, plan, tests, origin, .. } => {
                self.manager = match &origin {
                    Some(CampaignOrigin::Run { on_behalf_of, .. }) => Some(*on_behalf_of),
                    Some(CampaignOrigin::Clone { .. }) | None => Some(by),
                };
                self.plan = Some(plan);
                self.tests = tests.into_iter().map(|test| (test.test, test)).collect();
                self.origin = origin;
            }
            CampaignEvent::CampaignRevised { plan, .. } => self.plan = Some(plan),
            CampaignEvent::CampaignTestsAdded { tests, .. } => {
                self.tests.extend(tests.into_iter().map(|test| (test.test, test)));
            }
            CampaignEvent::CampaignTestRevised { test, .. } => {
                self.tests.insert(test.test, test);
            }
            CampaignEvent::CampaignTestRemoved { test, .. } => {
                self.tests.remove(&test);
            }
            CampaignEvent::CampaignScheduled { by, at, schedule } => {
                self.scheduled = Some(Scheduled { schedule, by, at });
            }
            CampaignEvent::CampaignUnscheduled { .. } => self.scheduled = None,
            CampaignEvent::CampaignRunDue { due, due_at, .. } => {
                self.last_due = Some(DueTime { due, due_at });
            }
            CampaignEvent::CampaignRunsSkipped { last, .. } => self.last_due = Some(last),
            CampaignEvent::CampaignActivated { .. } => self.state = CampaignState::Active,
            CampaignEvent::CampaignCompleted { .. } => self.state = CampaignState::Completed,
            CampaignEvent::CampaignArchived { .. } => {
                self.state = CampaignState::Archived;
                self.scheduled = None;
            }
        }
    }
}

#[cfg(test)]
mod tests;
