//! One test of one technique: attacked by red, judged by blue, decided by two leads.
//!
//! A test lives in rounds. Within a round it goes draft, executing,
//! evaluating, in review; two approvals validate it for good, the first
//! rejection ends the round (or makes a dispute, where the policy has those),
//! and reopening starts the next one. Evidence belongs to a side of a round;
//! its bytes are elsewhere. Comments are not here: see [`crate::discussion`].

mod command;
mod error;
mod event;
mod rules;

pub use command::{
    AttackRecord, ContainmentResult, Details, DetectionRecord, DetectionResult, Revision, TestAction,
    TestCommand, limits,
};
pub use error::TestError;
pub use event::{
    Classification, Evidence, Outcome, SeenEvidence, Side, TestEvent, TestOrigin, Verdict, Vote,
};
pub use rules::OpenAction;

use crate::actor::Actor;
use crate::ids::{AccountId, EvidenceId, RemediationId, TestId};
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
    /// Approved by one lead, rejected by the other: either may change the own vote.
    Disputed,
}

impl TestState {
    /// Every state in the order of a round.
    pub const ALL: [Self; 7] = [
        Self::Draft,
        Self::RedExecuting,
        Self::BlueEvaluating,
        Self::InReview,
        Self::Validated,
        Self::Rejected,
        Self::Disputed,
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
            Self::Disputed => "disputed",
        }
    }
}

/// A test as its own events tell it: just what the rules need to know.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Test {
    version: u64,
    details: Option<Details>,
    drafted_by: Option<AccountId>,
    origin: Option<TestOrigin>,
    classification: Classification,
    archived: bool,
    state: TestState,
    detection_result: Option<DetectionResult>,
    retests: Vec<Retest>,
    round: Round,
}

/// A retest of a validated test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retest {
    /// Its place among the retests, from 1.
    pub number: u32,
    /// The test that is it.
    pub retest: TestId,
    /// The remediation that called for it.
    pub remediation: RemediationId,
    /// Which completion of that remediation, from 1.
    pub completion: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct HeldEvidence {
    side: Side,
    sha256: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Round {
    number: u32,
    red: BTreeSet<AccountId>,
    blue: BTreeSet<AccountId>,
    attack: Option<(AccountId, AttackRecord)>,
    detection: Option<(AccountId, DetectionRecord)>,
    votes: BTreeMap<Side, Vote>,
    evidence: BTreeMap<EvidenceId, HeldEvidence>,
    evaluation_started: bool,
    /// Whether the side at work has stopped its clock.
    paused: bool,
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
            evidence: BTreeMap::new(),
            evaluation_started: false,
            paused: false,
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

    /// How confidential it is.
    pub fn classification(&self) -> Classification {
        self.classification
    }

    /// What it was made from, if not from scratch.
    pub fn origin(&self) -> Option<TestOrigin> {
        self.origin
    }

    /// The validated result; none before.
    pub fn detection_result(&self) -> Option<DetectionResult> {
        self.detection_result
    }

    /// The attack as red wrote it down last in the present round.
    pub fn attack(&self) -> Option<&AttackRecord> {
        self.round.attack.as_ref().map(|(_, attack)| attack)
    }

    /// Its retests, oldest first.
    pub fn retests(&self) -> &[Retest] {
        &self.retests
    }

    /// Whether it was put away.
    pub fn archived(&self) -> bool {
        self.archived
    }

    /// Whether a piece of evidence stands in the present round.
    pub fn has_evidence(&self, evidence: EvidenceId) -> bool {
        self.round.evidence.contains_key(&evidence)
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
        for event in self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Self::Event) {
        self.version += 1;
        match event {
            TestEvent::TestDrafted { by, details, origin } => {
                self.details = Some(details);
                self.drafted_by = Some(by);
                self.origin = origin;
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
                    Some(Outcome::Validated { detection_result }) => {
                        self.state = TestState::Validated;
                        self.detection_result = Some(detection_result);
                    }
                    Some(Outcome::Rejected) => self.state = TestState::Rejected,
                    Some(Outcome::Disputed) => self.state = TestState::Disputed,
                    None => {}
                }
            }
            TestEvent::TestReopened { round, .. } => {
                self.state = TestState::Draft;
                self.round = Round::numbered(round);
            }
            TestEvent::EvaluationStarted { by, .. } => {
                self.round.blue.insert(by);
                self.round.evaluation_started = true;
            }
            TestEvent::WorkPaused { .. } => self.round.paused = true,
            TestEvent::WorkResumed { .. } => self.round.paused = false,
            TestEvent::EvidenceAdded { by, evidence, .. } => {
                match evidence.side {
                    Side::Red => self.round.red.insert(by),
                    Side::Blue => self.round.blue.insert(by),
                };
                let held = HeldEvidence { side: evidence.side, sha256: evidence.sha256 };
                self.round.evidence.insert(evidence.id, held);
            }
            TestEvent::EvidenceRemoved { by, evidence, .. } => {
                match self.round.evidence.remove(&evidence).map(|held| held.side) {
                    Some(Side::Red) => self.round.red.insert(by),
                    Some(Side::Blue) => self.round.blue.insert(by),
                    None => false,
                };
            }
            TestEvent::TestClassified { classification, .. } => self.classification = classification,
            TestEvent::TestArchived { .. } => self.archived = true,
            TestEvent::TestRestored { .. } => self.archived = false,
            TestEvent::RetestScheduled { number, retest, remediation, completion, .. } => {
                self.retests.push(Retest { number, retest, remediation, completion });
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
