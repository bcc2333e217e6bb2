//! What can be asked of a test.

use super::event::{Classification, Evidence, Side, TestOrigin, Verdict};
use crate::actor::Actor;
use crate::ids::{AccountId, EvidenceId, RemediationId, TechniqueId, TestId};
use crate::policy::ReviewPolicy;
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How much of everything a test takes.
pub mod limits {
    use chrono::TimeDelta;

    /// Characters of a title, a tool, a platform.
    pub const SHORT_TEXT_CHARS: usize = 200;
    /// Characters of a description, a procedure, a summary, a note.
    pub const LONG_TEXT_CHARS: usize = 20_000;
    /// Tags of a test.
    pub const TAGS: usize = 20;
    /// Characters of a tag.
    pub const TAG_CHARS: usize = 50;
    /// Files of evidence that a side of a round takes.
    pub const EVIDENCE_PER_SIDE: usize = 50;
    /// Bytes of a file of evidence: 50 MB, counted as 50 x 1,048,576.
    pub const EVIDENCE_BYTES: u64 = 50 * 1024 * 1024;
    /// How far a reported time may lie ahead of our clock.
    pub const CLOCK_TOLERANCE: TimeDelta = TimeDelta::minutes(5);
}

/// A wish about one test.
#[derive(Debug, Clone, PartialEq)]
pub struct TestCommand {
    /// Who asks.
    pub by: Actor,
    /// When, by the server's clock.
    pub at: DateTime<Utc>,
    /// The separation of duties in force.
    pub policy: ReviewPolicy,
    /// The version the asker looked at, if the asker cares.
    pub expected_version: Option<u64>,
    /// What is asked.
    pub action: TestAction,
}

/// What can be asked.
#[derive(Debug, Clone, PartialEq)]
pub enum TestAction {
    /// Writes a new test down.
    Draft {
        /// Its general fields.
        details: Details,
        /// What it was made from, if not from scratch.
        origin: Option<TestOrigin>,
    },
    /// Writes a test down that copies another: no less confidential than that one.
    Copy {
        /// Its general fields.
        details: Details,
        /// What it copies.
        origin: TestOrigin,
        /// How confidential that is.
        classification: Classification,
    },
    /// Changes some of its general fields.
    Revise(Revision),
    /// Red begins.
    StartExecution {
        /// The tests that a campaign has it wait for and that are not validated yet.
        waits_for: Vec<TestId>,
    },
    /// Red writes down the attack, or writes it again.
    RecordAttack(AttackRecord),
    /// Red hands over to blue.
    SubmitExecution,
    /// Blue takes the test up.
    StartEvaluation,
    /// Blue writes down what was seen, or writes it again.
    RecordDetection(DetectionRecord),
    /// Blue hands over to the leads.
    SubmitEvaluation,
    /// The side at work stops its clock.
    PauseWork {
        /// Why.
        reason: String,
    },
    /// The side at work goes on.
    ResumeWork,
    /// Adds a file that is in the object store.
    AddEvidence(Evidence),
    /// Takes a file out of a round.
    RemoveEvidence {
        /// Which.
        evidence: EvidenceId,
        /// Why.
        reason: String,
    },
    /// A lead judges a side.
    CastVote {
        /// The side judged.
        side: Side,
        /// The judgement.
        verdict: Verdict,
        /// Why.
        notes: String,
        /// The evidence the voter had in view, if the voter says so.
        seen: Option<BTreeSet<EvidenceId>>,
    },
    /// A rejected or disputed test starts again.
    Reopen {
        /// Why.
        reason: String,
    },
    /// Says how confidential it is.
    Classify(Classification),
    /// Puts a draft or a rejected test away.
    Archive {
        /// Why.
        reason: String,
    },
    /// Takes it out again.
    Restore,
    /// Names the next retest of a validated test.
    ScheduleRetest {
        /// This test's own id, of which the ids of its retests are made.
        original: TestId,
        /// The remediation that was completed.
        remediation: RemediationId,
        /// Which of its completions, from 1.
        completion: u32,
        /// How many retests there may be in all.
        limit: u32,
    },
}

/// The general fields of a test. Free text stays in the ledger for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// The technique tested.
    pub technique: TechniqueId,
    /// What that technique was called when this was written, `T1059.001`.
    pub attack_id: String,
    /// One line.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// What is to be found out.
    pub objective: String,
    /// Where it runs.
    pub target_environment: String,
    /// The platform attacked, as ATT&CK writes it.
    pub platform: Option<String>,
    /// Words to find it by.
    pub tags: BTreeSet<String>,
    /// Who should act next.
    pub assignee: Option<AccountId>,
    /// The day it should be done by.
    pub due_on: Option<NaiveDate>,
    /// How red is to go about it. Events of version 1.0 have none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub procedure: String,
    /// What red is to use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
}

impl Details {
    /// Whether version 1.0 of the events could not have said it.
    pub(super) fn says_more(&self) -> bool {
        !self.procedure.is_empty() || self.tool.is_some()
    }
}

/// Changes of the general fields: what is `None` stays as it is. A patch rather
/// than whole [`Details`], so that it is laid over the fields as they are when
/// it is judged: two people who change different fields at once both prevail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Revision {
    /// Another technique, and what it is called.
    pub technique: Option<(TechniqueId, String)>,
    /// Another title.
    pub title: Option<String>,
    /// Another description.
    pub description: Option<String>,
    /// Another objective.
    pub objective: Option<String>,
    /// Another environment.
    pub target_environment: Option<String>,
    /// Another platform, or none.
    pub platform: Option<Option<String>>,
    /// All its tags anew.
    pub tags: Option<BTreeSet<String>>,
    /// Somebody else, or nobody.
    pub assignee: Option<Option<AccountId>>,
    /// Another day, or none.
    pub due_on: Option<Option<NaiveDate>>,
    /// Another plan of the attack.
    pub procedure: Option<String>,
    /// Another tool to use, or none.
    pub tool: Option<Option<String>>,
}

impl Revision {
    /// The fields as they are with these changes.
    pub fn of(self, held: &Details) -> Details {
        let held = held.clone();
        let (technique, attack_id) = self.technique.unwrap_or((held.technique, held.attack_id));
        Details {
            technique,
            attack_id,
            title: self.title.unwrap_or(held.title),
            description: self.description.unwrap_or(held.description),
            objective: self.objective.unwrap_or(held.objective),
            target_environment: self.target_environment.unwrap_or(held.target_environment),
            platform: self.platform.unwrap_or(held.platform),
            tags: self.tags.unwrap_or(held.tags),
            assignee: self.assignee.unwrap_or(held.assignee),
            due_on: self.due_on.unwrap_or(held.due_on),
            procedure: self.procedure.unwrap_or(held.procedure),
            tool: self.tool.unwrap_or(held.tool),
        }
    }
}

/// Replaces every field.
impl From<Details> for Revision {
    fn from(details: Details) -> Self {
        Self {
            technique: Some((details.technique, details.attack_id)),
            title: Some(details.title),
            description: Some(details.description),
            objective: Some(details.objective),
            target_environment: Some(details.target_environment),
            platform: Some(details.platform),
            tags: Some(details.tags),
            assignee: Some(details.assignee),
            due_on: Some(details.due_on),
            procedure: Some(details.procedure),
            tool: Some(details.tool),
        }
    }
}

/// What red did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttackRecord {
    /// The steps taken.
    pub procedure: String,
    /// The tool used.
    pub tool: Option<String>,
    /// When the attack began, with its zone.
    pub started_at: DateTime<FixedOffset>,
    /// When it ended.
    pub ended_at: Option<DateTime<FixedOffset>>,
    /// Whether it reached its aim.
    pub success: bool,
    /// What came of it.
    pub summary: String,
}

/// How well blue saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DetectionResult {
    /// Seen.
    Detected,
    /// Seen in part.
    PartiallyDetected,
    /// Missed.
    NotDetected,
}

impl DetectionResult {
    /// The result as stored, `partially_detected`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Detected => "detected",
            Self::PartiallyDetected => "partially_detected",
            Self::NotDetected => "not_detected",
        }
    }
}

/// Whether it was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContainmentResult {
    /// Stopped.
    Contained,
    /// Stopped in part.
    PartiallyContained,
    /// Not stopped.
    NotContained,
    /// There was nothing to stop.
    NotApplicable,
}

/// What blue saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetectionRecord {
    /// How well.
    pub result: DetectionResult,
    /// When somebody or something noticed, with its zone.
    pub detected_at: Option<DateTime<FixedOffset>>,
    /// When an alert fired.
    pub alerted_at: Option<DateTime<FixedOffset>>,
    /// When it was stopped.
    pub contained_at: Option<DateTime<FixedOffset>>,
    /// Whether it was stopped.
    pub containment_result: Option<ContainmentResult>,
    /// Why times before the attack are right all the same.
    pub clock_skew_note: Option<String>,
    /// What was seen, and how.
    pub summary: String,
}
