//! One test of one technique: attacked by red, judged by blue, decided by two leads.
//!
//! A test lives in rounds. Within a round it goes draft, executing,
//! evaluating, in review; two approvals validate it for good, the first
//! rejection ends the round, and reopening starts the next one.
//! Evidence, timers and comments are not here.

mod command;
mod error;
mod event;
mod rules;

pub use command::{
    AttackRecord, ContainmentResult, Details, DetectionRecord, DetectionResult, Revision, TestAction,
    TestCommand, limits,
};
pub use error::TestError;
pub use event::{Outcome, Side, TestEvent, Verdict, Vote};
pub use rules::OpenAction;

use crate::actor::Actor;
use crate::ids::AccountId;
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Where a test stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestState {
    /// Written down, waiting for red.
    #[default]
    Draft,
    /// Red attacks and writes down how.
    RedExecuting,
    /// Blue writes down what was seen.
    BlueEvaluating,
    /// Both leads judge.
    InReview,
    /// Approved by both; final.
    Validated,
    /// Rejected by one; may be reopened.
    Rejected,
}

impl TestState {
    /// Every state in the order of a round.
    pub const ALL: [Self; 6] = [
        Self::Draft,
        Self::RedExecuting,
        Self::BlueEvaluating,
        Self::InReview,
        Self::Validated,
        Self::Rejected,
    ];

    /// The state as stored, `red_executing`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::RedExecuting => "red_executing",
            Self::BlueEvaluating => "blue_evaluating",
            Self::InReview => "in_review",
            Self::Validated => "validated",
            Self::Rejected => "rejected",
        }
    }
}

/// A test as its own events tell it: just what the rules need to know.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Test {
    version: u64,
    details: Option<Details>,
    drafted_by: Option<AccountId>,
    state: TestState,
    round: Round,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Round {
    number: u32,
    red: BTreeSet<AccountId>,
    blue: BTreeSet<AccountId>,
    attack: Option<(AccountId, AttackRecord)>,
    detection: Option<(AccountId, DetectionRecord)>,
    votes: BTreeMap<Side, Vote>,
}

impl Default for Round {
    fn default() -> Self {
        Self::numbered(1)
    }
}

impl Round {
    fn numbered(number: u32) -> Self {
        Self {
            number,
            red: BTreeSet::new(),
            blue: BTreeSet::new(),
            attack: None,
            detection: None,
            votes: BTreeMap::new(),
        }
    }
}

impl Test {
    /// How many events it has seen: the version a client may expect.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Its general fields, once it is written down.
    pub fn details(&self) -> Option<&Details> {
        self.details.as_ref()
    }

    /// Where it stands.
    pub fn state(&self) -> TestState {
        self.state
    }

    /// The present round, from 1.
    pub fn round(&self) -> u32 {
        self.round.number
    }
}

impl Aggregate for Test {
    const TYPE: &'static str = "test";
    type Command = TestCommand;
    type Event = TestEvent;
    type Error = TestError;
    type Services = ();

    async fn handle(
        &mut self,
        command: Self::Command,
        _services: &Self::Services,
        sink: &EventSink<Self>,
    ) -> Result<(), Self::Error> {
        if let Some(event) = self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Self::Event) {
        self.version += 1;
        match event {
            TestEvent::TestDrafted { by, details } => {
                self.details = Some(details);
                self.drafted_by = Some(by);
            }
            TestEvent::TestRevised { details, .. } => self.details = Some(details),
            TestEvent::ExecutionStarted { by, .. } => {
                self.state = TestState::RedExecuting;
                self.round.red.insert(by);
            }
            TestEvent::AttackRecorded { by, attack, .. } => {
                self.round.red.insert(by);
                self.round.attack = Some((by, attack));
            }
            TestEvent::ExecutionSubmitted { by, .. } => {
                self.state = TestState::BlueEvaluating;
                self.round.red.insert(by);
            }
            TestEvent::DetectionRecorded { by, detection, .. } => {
                self.round.blue.insert(by);
                self.round.detection = Some((by, detection));
            }
            TestEvent::EvaluationSubmitted { by, .. } => {
                self.state = TestState::InReview;
                self.round.blue.insert(by);
            }
            TestEvent::VoteCast { vote, outcome, .. } => {
                self.round.votes.insert(vote.side, vote);
                match outcome {
                    Some(Outcome::Validated { .. }) => self.state = TestState::Validated,
                    Some(Outcome::Rejected) => self.state = TestState::Rejected,
                    None => {}
                }
            }
            TestEvent::TestReopened { round, .. } => {
                self.state = TestState::Draft;
                self.round = Round::numbered(round);
            }
        }
    }
}

impl Test {
    fn has_worked(&self, actor: Actor) -> bool {
        self.round.red.contains(&actor.account) || self.round.blue.contains(&actor.account)
    }

    fn has_filled(&self, side: Side, actor: Actor) -> bool {
        let workers = match side {
            Side::Red => &self.round.red,
            Side::Blue => &self.round.blue,
        };
        workers.contains(&actor.account)
            || self.round.votes.get(&side).is_some_and(|vote| vote.voter == actor.account)
    }
}

#[cfg(test)]
mod tests;
