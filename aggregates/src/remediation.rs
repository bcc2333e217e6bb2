//! A remediation: what is done about a test that was not, or not fully, detected.
//!
//! It is opened from a validated test, worked on in steps, and completed; then
//! the test is run again, and the outcome of that retest verifies the
//! remediation or sends it back to work. Instead, leads may accept the risk
//! until a day. How many retests a test may have is the test's own rule, and
//! the job that asks for one is not here.

mod command;
mod error;
mod event;
mod plan;
mod rules;
mod steps;

pub use command::{PlanRevision, RemediationAction, RemediationCommand, StepRevision, TestFacts};
pub use error::RemediationError;
pub use event::RemediationEvent;
pub use plan::{Plan, Priority, limits};
pub use rules::{OpenAction, expires_at};
pub use steps::{Step, StepContent, StepStatus};

use crate::ids::{StepId, TestId};
use chrono::NaiveDate;
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};

/// Where a remediation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemediationState {
    /// Written down, nobody is at it.
    #[default]
    Open,
    /// Somebody is at it.
    InProgress,
    /// Somebody would be at it, but something is in the way.
    Blocked,
    /// Done, and to be proven by a retest.
    Completed,
    /// A retest was detected.
    Verified,
    /// Left as it is, until a day.
    RiskAccepted,
}

impl RemediationState {
    /// Every state.
    pub const ALL: [Self; 6] =
        [Self::Open, Self::InProgress, Self::Blocked, Self::Completed, Self::Verified, Self::RiskAccepted];

    /// The state as stored, `in_progress`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InProgress => "in_progress",
            Self::Blocked => "blocked",
            Self::Completed => "completed",
            Self::Verified => "verified",
            Self::RiskAccepted => "risk_accepted",
        }
    }
}

/// A remediation as its own events tell it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remediation {
    version: u64,
    test: Option<TestId>,
    plan: Option<Plan>,
    state: RemediationState,
    steps: Vec<Step>,
    completions: u32,
    retests: Vec<Retest>,
    without_retest: Vec<u32>,
    accepted_until: Option<NaiveDate>,
}

/// A retest that a completion led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retest {
    /// Its number among the retests of the original test, from 1.
    pub number: u32,
    /// The test.
    pub retest: TestId,
    /// The completion that led to it.
    pub completion: u32,
}

impl Remediation {
    /// How many events it has seen: the version a client may expect.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The test it was opened from, once it is.
    pub fn test(&self) -> Option<TestId> {
        self.test
    }

    /// What is to be done, once it is opened.
    pub fn plan(&self) -> Option<&Plan> {
        self.plan.as_ref()
    }

    /// Where it stands.
    pub fn state(&self) -> RemediationState {
        self.state
    }

    /// Its steps in their order.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// How often it was completed.
    pub fn completions(&self) -> u32 {
        self.completions
    }

    /// The retests its completions led to, oldest first.
    pub fn retests(&self) -> &[Retest] {
        &self.retests
    }

    fn step(&self, id: StepId) -> Result<&Step, RemediationError> {
        self.steps.iter().find(|step| step.id == id).ok_or(RemediationError::NoSuchStep { step: id })
    }
}

impl Aggregate for Remediation {
    const TYPE: &'static str = "remediation";
    type Command = RemediationCommand;
    type Event = RemediationEvent;
    type Error = RemediationError;
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
        use RemediationEvent as Event;
        use RemediationState as State;
        self.version += 1;
        match event {
            Event::RemediationOpened { test, plan, .. } => {
                self.test = Some(test);
                self.plan = Some(plan);
            }
            Event::RemediationRevised { plan, .. } => self.plan = Some(plan),
            Event::RemediationAssigned { assignee, .. } => {
                if let Some(plan) = &mut self.plan {
                    plan.assignee = assignee;
                }
            }
            Event::StepAdded { step, content, .. } => {
                self.steps.push(Step { id: step, content, status: StepStatus::Todo });
            }
            Event::StepRevised { step, content, .. } => {
                self.steps.iter_mut().filter(|held| held.id == step).for_each(|held| {
                    held.content = content.clone();
                });
            }
            Event::StepRemoved { step, .. } => self.steps.retain(|held| held.id != step),
            Event::StepStatusChanged { step, status, .. } => {
                self.steps.iter_mut().filter(|held| held.id == step).for_each(|held| held.status = status);
            }
            Event::RemediationStarted { .. } | Event::RemediationUnblocked { .. } => {
                self.state = State::InProgress;
            }
            Event::RemediationBlocked { .. } => self.state = State::Blocked,
            Event::RemediationCompleted { completion, .. } => {
                self.state = State::Completed;
                self.completions = completion;
            }
            Event::RiskAccepted { expires_on, .. } => {
                self.state = State::RiskAccepted;
                self.accepted_until = Some(expires_on);
            }
            Event::RiskAcceptanceExpired { .. } | Event::RemediationReopened { .. } => {
                self.state = State::Open;
                self.accepted_until = None;
            }
            Event::RetestCreated { number, retest, completion, .. } => {
                self.retests.push(Retest { number, retest, completion });
            }
            Event::RetestNotCreated { completion, .. } => self.without_retest.push(completion),
            Event::RemediationVerified { .. } => self.state = State::Verified,
            Event::RetestFailed { .. } => self.state = State::InProgress,
        }
    }
}

#[cfg(test)]
mod tests;
