//! The words of a test in the schema: states, sides, results, steps.

use crate::error::ApiError;
use aegis_aggregates::test as domain;
use async_graphql::Enum;
use serde::{Deserialize, Serialize};

/// A side of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[graphql(remote = "domain::Side")]
pub enum Side {
    /// The attackers.
    Red,
    /// The defenders.
    Blue,
}

/// Where a test stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::TestState")]
pub enum TestState {
    /// Written down.
    Draft,
    /// Red attacks.
    RedExecuting,
    /// Blue evaluates.
    BlueEvaluating,
    /// Both leads judge.
    InReview,
    /// Approved by both; final.
    Validated,
    /// Rejected by one.
    Rejected,
    /// Approved by one, rejected by the other: either may change the own vote.
    Disputed,
}

/// A judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[graphql(remote = "domain::Verdict")]
pub enum Verdict {
    /// Sound.
    Approved,
    /// Not sound.
    Rejected,
}

/// How well blue saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[graphql(remote = "domain::DetectionResult")]
pub enum DetectionResult {
    /// Seen.
    Detected,
    /// Seen in part.
    PartiallyDetected,
    /// Missed.
    NotDetected,
}

/// Whether it was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[graphql(remote = "domain::ContainmentResult")]
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

/// A step that is open to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::OpenAction")]
pub enum TestAction {
    /// `reviseTest`.
    Revise,
    /// `startExecution`.
    StartExecution,
    /// `recordAttack`.
    RecordAttack,
    /// `submitExecution`.
    SubmitExecution,
    /// `recordDetection`.
    RecordDetection,
    /// `submitEvaluation`.
    SubmitEvaluation,
    /// `castVote` for the red side.
    VoteRed,
    /// `castVote` for the blue side.
    VoteBlue,
    /// `reopenTest`.
    Reopen,
    /// `startEvaluation`.
    StartEvaluation,
    /// `pauseWork`.
    PauseWork,
    /// `resumeWork`.
    ResumeWork,
    /// `requestEvidenceUpload` for the red side.
    AddRedEvidence,
    /// `requestEvidenceUpload` for the blue side.
    AddBlueEvidence,
    /// `classifyTest`.
    Classify,
    /// `archiveTest`.
    Archive,
    /// `restoreTest`.
    Restore,
}

/// How confidential the data of a test is. A label for people: it changes nothing about who may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[graphql(remote = "domain::Classification")]
pub enum Classification {
    /// Anybody may know.
    Public,
    /// For the organisation.
    Internal,
    /// For those who need it.
    Confidential,
    /// For those who are named.
    Restricted,
}

/// The mutation that carries a step out.
pub(super) fn mutation_of(action: domain::OpenAction) -> &'static str {
    use domain::OpenAction as Open;
    match action {
        Open::Revise => "reviseTest",
        Open::StartExecution => "startExecution",
        Open::RecordAttack => "recordAttack",
        Open::SubmitExecution => "submitExecution",
        Open::RecordDetection => "recordDetection",
        Open::SubmitEvaluation => "submitEvaluation",
        Open::VoteRed | Open::VoteBlue => "castVote",
        Open::Reopen => "reopenTest",
        Open::StartEvaluation => "startEvaluation",
        Open::PauseWork => "pauseWork",
        Open::ResumeWork => "resumeWork",
        Open::AddRedEvidence | Open::AddBlueEvidence => "requestEvidenceUpload",
        Open::Classify => "classifyTest",
        Open::Archive => "archiveTest",
        Open::Restore => "restoreTest",
    }
}

/// Reads a stored word; one that this program does not know is our fault, not the reader's.
pub(crate) fn word<T: for<'a> Deserialize<'a>>(text: &str) -> Result<T, ApiError> {
    serde_json::from_value(serde_json::Value::String(text.to_owned()))
        .map_err(|error| ApiError::Internal(Box::new(error)))
}

pub(super) fn state_of(text: &str) -> Result<TestState, ApiError> {
    word::<domain::TestState>(text).map(TestState::from)
}
