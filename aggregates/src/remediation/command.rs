//! What can be asked of a remediation.

use super::plan::{Plan, Priority};
use super::steps::{StepContent, StepStatus};
use crate::actor::Actor;
use crate::ids::{AccountId, StepId, TechniqueId, TestId};
use crate::test::{DetectionResult, TestState};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeSet;

/// A wish about one remediation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemediationCommand {
    /// Who asks.
    pub by: Actor,
    /// When, by the server's clock.
    pub at: DateTime<Utc>,
    /// The version the asker looked at, if the asker cares.
    pub expected_version: Option<u64>,
    /// What is asked.
    pub action: RemediationAction,
}

/// What the test says of itself that a remediation is opened from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestFacts {
    /// The test.
    pub test: TestId,
    /// Its technique.
    pub technique: TechniqueId,
    /// What that technique was called when the test was written, `T1059.001`.
    pub attack_id: String,
    /// Where the test stands.
    pub state: TestState,
    /// How well blue saw the attack, once it is validated.
    pub result: Option<DetectionResult>,
}

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RemediationAction {
    /// Opens it from a validated test that was not fully detected.
    Open {
        /// What the test says of itself.
        test: TestFacts,
        /// What is to be done.
        plan: Plan,
    },
    /// Changes some of the plan.
    Revise(PlanRevision),
    /// Gives it to somebody, or to nobody.
    Assign {
        /// Who sees to it.
        assignee: Option<AccountId>,
    },
    /// Adds a step at the end.
    AddStep {
        /// The id it shall have.
        step: StepId,
        /// What it says.
        content: StepContent,
    },
    /// Changes some of a step.
    ReviseStep {
        /// Which.
        step: StepId,
        /// What changes.
        revision: StepRevision,
    },
    /// Takes a step away.
    RemoveStep {
        /// Which.
        step: StepId,
    },
    /// Work begins.
    Start,
    /// Something is in the way.
    Block {
        /// What.
        reason: String,
    },
    /// The way is free again.
    Unblock,
    /// Everything is done.
    Complete {
        /// What was done.
        notes: String,
    },
    /// The risk is taken as it is, until a day.
    AcceptRisk {
        /// Why.
        reason: String,
        /// The day, by UTC, with whose beginning the acceptance ends.
        expires_on: NaiveDate,
    },
    /// The day may have come with which an acceptance ends; asked by the worker.
    ExpireRisk,
    /// A completion led to a retest; told by the worker.
    RecordRetest {
        /// Its number among the retests of the original test.
        number: u32,
        /// The test.
        retest: TestId,
        /// The completion.
        completion: u32,
    },
    /// A completion leads to no retest; told by the worker.
    RecordNoRetest {
        /// The completion.
        completion: u32,
        /// Why.
        reason: String,
    },
    /// A retest was validated; told by the worker.
    RecordRetestOutcome {
        /// The test.
        retest: TestId,
        /// How well blue saw the attack this time.
        result: DetectionResult,
    },
    /// It starts again.
    Reopen {
        /// Why.
        reason: String,
    },
}

/// Changes of the plan: what is `None` stays as it is. The assignee is given by
/// [`RemediationAction::Assign`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanRevision {
    /// Another title.
    pub title: Option<String>,
    /// Another description.
    pub description: Option<String>,
    /// Another priority.
    pub priority: Option<Priority>,
    /// Another day, or none.
    pub due_on: Option<Option<NaiveDate>>,
    /// All its tags anew.
    pub tags: Option<BTreeSet<String>>,
}

impl PlanRevision {
    /// The plan as it is with these changes.
    pub fn of(self, held: &Plan) -> Plan {
        let held = held.clone();
        Plan {
            title: self.title.unwrap_or(held.title),
            description: self.description.unwrap_or(held.description),
            priority: self.priority.unwrap_or(held.priority),
            assignee: held.assignee,
            due_on: self.due_on.unwrap_or(held.due_on),
            tags: self.tags.unwrap_or(held.tags),
        }
    }
}

/// Changes of a step: what is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StepRevision {
    /// Another title.
    pub title: Option<String>,
    /// Somebody else, or nobody.
    pub owner: Option<Option<AccountId>>,
    /// Other notes.
    pub notes: Option<String>,
    /// How far it is now.
    pub status: Option<StepStatus>,
}

impl StepRevision {
    /// The step's content as it is with these changes; the status is no part of it.
    pub fn of(self, held: &StepContent) -> StepContent {
        let held = held.clone();
        StepContent {
            title: self.title.unwrap_or(held.title),
            owner: self.owner.unwrap_or(held.owner),
            notes: self.notes.unwrap_or(held.notes),
        }
    }
}
