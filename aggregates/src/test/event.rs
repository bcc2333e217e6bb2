//! What happens to a test.

use super::command::{AttackRecord, Details, DetectionRecord, DetectionResult};
use crate::ids::AccountId;
use chrono::{DateTime, Utc};
use cqrs_es::DomainEvent;
use serde::{Deserialize, Serialize};

/// A side of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The attackers.
    Red,
    /// The defenders.
    Blue,
}

impl Side {
    /// The side as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Blue => "blue",
        }
    }

    /// The opposite side.
    pub fn other(self) -> Self {
        match self {
            Self::Red => Self::Blue,
            Self::Blue => Self::Red,
        }
    }
}

/// A judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The side's work is sound.
    Approved,
    /// It is not.
    Rejected,
}

impl Verdict {
    /// The verdict as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }
}

/// A lead's judgement of a side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    /// The side judged.
    pub side: Side,
    /// The judgement.
    pub verdict: Verdict,
    /// Why.
    pub notes: String,
    /// Who judged.
    pub voter: AccountId,
}

/// How a round ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Outcome {
    /// Both sides approved.
    Validated {
        /// What blue had recorded, so that no reader has to look back.
        detection_result: DetectionResult,
    },
    /// One side was rejected.
    Rejected,
}

/// What happened. Rounds count from 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum TestEvent {
    /// A test was written down.
    TestDrafted {
        /// By whom.
        by: AccountId,
        /// Its general fields.
        details: Details,
    },
    /// Its general fields were replaced.
    TestRevised {
        /// By whom.
        by: AccountId,
        /// The fields as they are now.
        details: Details,
    },
    /// Red began.
    ExecutionStarted {
        /// The round.
        round: u32,
        /// By whom.
        by: AccountId,
        /// When, by the server's clock.
        at: DateTime<Utc>,
    },
    /// Red wrote the attack down.
    AttackRecorded {
        /// The round.
        round: u32,
        /// By whom.
        by: AccountId,
        /// When it was written, by the server's clock.
        at: DateTime<Utc>,
        /// What red did.
        attack: AttackRecord,
    },
    /// Red handed over to blue.
    ExecutionSubmitted {
        /// The round.
        round: u32,
        /// By whom.
        by: AccountId,
        /// When, by the server's clock.
        at: DateTime<Utc>,
    },
    /// Blue wrote down what was seen.
    DetectionRecorded {
        /// The round.
        round: u32,
        /// By whom.
        by: AccountId,
        /// When it was written, by the server's clock.
        at: DateTime<Utc>,
        /// What blue saw.
        detection: DetectionRecord,
    },
    /// Blue handed over to the leads.
    EvaluationSubmitted {
        /// The round.
        round: u32,
        /// By whom.
        by: AccountId,
        /// When, by the server's clock.
        at: DateTime<Utc>,
    },
    /// A lead judged a side; the deciding vote carries the outcome.
    VoteCast {
        /// The round.
        round: u32,
        /// When, by the server's clock.
        at: DateTime<Utc>,
        /// The judgement.
        vote: Vote,
        /// How the round ended, if this vote ended it.
        outcome: Option<Outcome>,
    },
    /// A rejected test started again.
    TestReopened {
        /// The round that begins.
        round: u32,
        /// By whom.
        by: AccountId,
        /// When, by the server's clock.
        at: DateTime<Utc>,
        /// Why.
        reason: String,
    },
}

impl DomainEvent for TestEvent {
    fn event_type(&self) -> String {
        match self {
            Self::TestDrafted { .. } => "TestDrafted",
            Self::TestRevised { .. } => "TestRevised",
            Self::ExecutionStarted { .. } => "ExecutionStarted",
            Self::AttackRecorded { .. } => "AttackRecorded",
            Self::ExecutionSubmitted { .. } => "ExecutionSubmitted",
            Self::DetectionRecorded { .. } => "DetectionRecorded",
            Self::EvaluationSubmitted { .. } => "EvaluationSubmitted",
            Self::VoteCast { .. } => "VoteCast",
            Self::TestReopened { .. } => "TestReopened",
        }
        .to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}
