//! What happens to a test.

use super::command::{AttackRecord, Details, DetectionRecord, DetectionResult};
use crate::ids::{AccountId, CampaignId, EvidenceId, RemediationId, TemplateId, TestId};
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
    /// The evidence of both sides that stood when it was cast, by id. Votes of version 1.0 have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<SeenEvidence>,
}

/// A file as a vote saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenEvidence {
    /// Which.
    pub id: EvidenceId,
    /// The SHA-256 of its bytes, hex.
    pub sha256: String,
}

/// A file that shows what was done or seen. Its bytes are in the object store, its digest is here for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Chosen by the server.
    pub id: EvidenceId,
    /// Whose it is.
    pub side: Side,
    /// What it is called, cleaned.
    pub file_name: String,
    /// What it is, found out from its bytes.
    pub media_type: String,
    /// Its size.
    pub size_bytes: u64,
    /// The SHA-256 of its bytes, hex.
    pub sha256: String,
    /// Where it is in the object store.
    pub object_key: String,
    /// What it shows.
    pub caption: String,
}

/// What a test was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum TestOrigin {
    /// A template, filled in.
    Template {
        /// Which.
        template: TemplateId,
        /// Its version.
        version: u32,
    },
    /// Another test.
    Clone {
        /// Which.
        of: TestId,
    },
    /// A test that was validated and has to be tried again.
    Retest {
        /// The first of the chain.
        original: TestId,
        /// Its place among the retests, from 1.
        number: u32,
        /// The remediation that calls for it.
        remediation: RemediationId,
    },
    /// A test of a campaign that runs again, or was cloned.
    Campaign {
        /// The campaign it was made for.
        campaign: CampaignId,
        /// The test it repeats.
        copy_of: TestId,
    },
}

/// How confidential the data of a test is. A label for people: it changes nothing about who may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Classification {
    /// Anybody may know.
    Public,
    /// For the organisation.
    #[default]
    Internal,
    /// For those who need it.
    Confidential,
    /// For those who are named.
    Restricted,
}

impl Classification {
    /// The label as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Confidential => "confidential",
            Self::Restricted => "restricted",
        }
    }
}

/// What a vote brought about.
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
    /// One lead approved, the other rejected, and the policy has them settle it.
    Disputed,
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
        /// What it was made from. Events of version 1.0 say nothing of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        origin: Option<TestOrigin>,
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
        /// What came of it, if it settles anything.
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
    /// Blue took the test up.
    EvaluationStarted {
        /// The round.
        round: u32,
        /// By whom.
        by: AccountId,
        /// When, by the server's clock.
        at: DateTime<Utc>,
    },
    /// A side stopped its clock.
    WorkPaused {
        /// The round.
        round: u32,
        /// The side at work.
        side: Side,
        /// By whom.
        by: AccountId,
        /// When, by the server's clock.
        at: DateTime<Utc>,
        /// Why.
        reason: String,
    },
    /// A side went on.
    WorkResumed {
        /// The round.
        round: u32,
        /// The side at work.
        side: Side,
        /// By whom.
        by: AccountId,
        /// When, by the server's clock.
        at: DateTime<Utc>,
    },
    /// A file was added to a round.
    EvidenceAdded {
        /// The round.
        round: u32,
        /// By whom.
        by: AccountId,
        /// When, by the server's clock.
        at: DateTime<Utc>,
        /// The file.
        evidence: Evidence,
    },
    /// A file was taken out of a round.
    EvidenceRemoved {
        /// The round.
        round: u32,
        /// By whom.
        by: AccountId,
        /// When, by the server's clock.
        at: DateTime<Utc>,
        /// The file.
        evidence: EvidenceId,
        /// Why.
        reason: String,
    },
    /// Somebody said how confidential it is.
    TestClassified {
        /// By whom.
        by: AccountId,
        /// When, by the server's clock.
        at: DateTime<Utc>,
        /// How.
        classification: Classification,
    },
    /// It was put away.
    TestArchived {
        /// By whom.
        by: AccountId,
        /// When, by the server's clock.
        at: DateTime<Utc>,
        /// Why.
        reason: String,
    },
    /// It was taken out again.
    TestRestored {
        /// By whom.
        by: AccountId,
        /// When, by the server's clock.
        at: DateTime<Utc>,
    },
    /// The next retest of this test got its id.
    RetestScheduled {
        /// By whom.
        by: AccountId,
        /// When, by the server's clock.
        at: DateTime<Utc>,
        /// Its place among the retests, from 1.
        number: u32,
        /// The test that will be it.
        retest: TestId,
        /// The remediation that calls for it.
        remediation: RemediationId,
        /// Which completion of that remediation, from 1.
        completion: u32,
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
            Self::EvaluationStarted { .. } => "EvaluationStarted",
            Self::WorkPaused { .. } => "WorkPaused",
            Self::WorkResumed { .. } => "WorkResumed",
            Self::EvidenceAdded { .. } => "EvidenceAdded",
            Self::EvidenceRemoved { .. } => "EvidenceRemoved",
            Self::TestClassified { .. } => "TestClassified",
            Self::TestArchived { .. } => "TestArchived",
            Self::TestRestored { .. } => "TestRestored",
            Self::RetestScheduled { .. } => "RetestScheduled",
        }
        .to_owned()
    }

    /// An event that says no more than version 1.0 could is one of version 1.0, byte for byte.
    fn event_version(&self) -> String {
        let says_more = match self {
            Self::TestDrafted { details, origin, .. } => details.says_more() || origin.is_some(),
            Self::TestRevised { details, .. } => details.says_more(),
            Self::VoteCast { vote, outcome, .. } => {
                !vote.evidence.is_empty() || *outcome == Some(Outcome::Disputed)
            }
            Self::ExecutionStarted { .. }
            | Self::AttackRecorded { .. }
            | Self::ExecutionSubmitted { .. }
            | Self::DetectionRecorded { .. }
            | Self::EvaluationSubmitted { .. }
            | Self::TestReopened { .. }
            | Self::EvaluationStarted { .. }
            | Self::WorkPaused { .. }
            | Self::WorkResumed { .. }
            | Self::EvidenceAdded { .. }
            | Self::EvidenceRemoved { .. }
            | Self::TestClassified { .. }
            | Self::TestArchived { .. }
            | Self::TestRestored { .. }
            | Self::RetestScheduled { .. } => false,
        };
        if says_more { "2.0" } else { "1.0" }.to_owned()
    }
}
