//! Why a wish about a test is refused; each variant is one rule.

use super::TestState;
use super::command::limits;
use super::event::Side;
use crate::ids::TestId;
use crate::refusal::{Refusal, RefusalKind};
use crate::text::TextError;

/// A rule refused a command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TestError {
    /// The test does not exist yet.
    #[error("there is no such test")]
    NotDrafted,
    /// The test exists already.
    #[error("the test exists already")]
    AlreadyDrafted,
    /// Somebody changed it meanwhile.
    #[error("the test has changed: version {expected} was expected, it is at {actual}")]
    StaleVersion {
        /// What the asker had seen.
        expected: u64,
        /// What it is.
        actual: u64,
    },
    /// The step does not follow from this state.
    #[error("a test that is {} cannot {action}; that takes {needed}", words(.state))]
    WrongState {
        /// What was asked.
        action: &'static str,
        /// Where the test stands.
        state: TestState,
        /// Where it would have to stand.
        needed: &'static str,
    },
    /// Technicians revise and put away only what they drafted.
    #[error("a technician revises only tests of their own")]
    NotOwnDraft,
    /// It was put away.
    #[error("the test is archived; restore it first")]
    Archived,
    /// It was not put away.
    #[error("the test is not archived")]
    NotArchived,
    /// A campaign has it wait for others.
    #[error("the test waits for {} that {} not validated yet", counted(tests.len()), if tests.len() == 1 { "is" } else { "are" })]
    WaitsFor {
        /// Those tests.
        tests: Vec<TestId>,
    },
    /// A side's work is done by its own people.
    #[error("only the {} side and admins do that here", .side.as_str())]
    OtherSidesWork {
        /// The side whose work it is.
        side: Side,
    },
    /// Blue is at it already.
    #[error("the evaluation has been taken up already")]
    EvaluationStarted,
    /// The clock stands still already.
    #[error("the work is paused already")]
    Paused,
    /// The clock runs.
    #[error("the work is not paused")]
    NotPaused,
    /// Labels are an admin's business.
    #[error("only an admin classifies a test")]
    ClassifiedByAdmins,
    /// The file is not in the present round.
    #[error("there is no such evidence in this round")]
    NoSuchEvidence,
    /// A side has as many files as it may have.
    #[error("the {} side of this round has {limit} files of evidence, the most it may have", .side.as_str())]
    TooMuchEvidence {
        /// The side.
        side: Side,
        /// How many it may have.
        limit: usize,
    },
    /// There is nothing in the file.
    #[error("the file is empty")]
    EvidenceEmpty,
    /// There is too much in the file.
    #[error("the file has {bytes} bytes; at most {} are allowed (50 MB)", limits::EVIDENCE_BYTES)]
    EvidenceTooLarge {
        /// Its size.
        bytes: u64,
    },
    /// What the voter looked at is not what is there.
    #[error("the evidence has changed since you looked at it; look again before you vote")]
    EvidenceChanged,
    /// Only the first of a chain counts its retests.
    #[error("this is a retest itself; retests are counted at the original, {original}")]
    RetestOfRetest {
        /// The first of the chain.
        original: TestId,
    },
    /// There were enough.
    #[error("the test has been tested again {limit} times, the most it may be")]
    RetestLimit {
        /// How often it may be.
        limit: u32,
    },
    /// What a test tests is settled once it ran.
    #[error("the technique of a test can only change while the test is a draft in its first round")]
    TechniqueSettled,
    /// Its result is held against another's.
    #[error("a retest and a test of a campaign run keep the technique of the test they repeat")]
    RepeatsAnother,
    /// A remediation waits for it.
    #[error("a retest is not archived: its remediation waits for what it shows")]
    RetestStays,
    /// One of two approvals is of other evidence.
    #[error("the {} side approved before the evidence changed; it has to vote again first", .side.as_str())]
    OtherVoteOutdated {
        /// The side whose vote is old.
        side: Side,
    },
    /// Nothing to hand over.
    #[error("the attack has not been recorded in this round")]
    NoAttackRecorded,
    /// Nothing to hand over.
    #[error("the detection has not been recorded in this round")]
    NoDetectionRecorded,
    /// A lead judges the own side.
    #[error("a lead does not vote for the other side")]
    OtherSidesVote {
        /// The side asked for.
        side: Side,
    },
    /// Another lead of that side was first.
    #[error("this side's vote was cast by somebody else; only that person may replace it")]
    VotedBySomebodyElse,
    /// Separation of duties: sides.
    #[error("one person never fills both sides of a round, and you have acted for the other side")]
    FillsBothSides,
    /// Separation of duties: own work.
    #[error("who executed or evaluated a round does not approve it")]
    ApprovesOwnWork,
    /// A text is missing, too long or cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// There are more tags than a test takes.
    #[error("there are {count} tags; at most {limit} are allowed")]
    TooManyTags {
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A day that no calendar in use knows.
    #[error("{field} lies outside the years 1 to 9999")]
    OutOfCalendar {
        /// The field.
        field: &'static str,
    },
    /// A time that has not come yet.
    #[error("{field} lies in the future")]
    InFuture {
        /// The field.
        field: &'static str,
    },
    /// An end before its beginning.
    #[error("{field} lies before the attack began")]
    BeforeStart {
        /// The field.
        field: &'static str,
    },
    /// Seen before it happened, and nobody says why.
    #[error("{field} lies before the attack; say in the clock-skew note why, if it is right")]
    DetectedBeforeAttack {
        /// The field.
        field: &'static str,
    },
    /// Something seen was seen at some time.
    #[error("a detection needs the time it was detected at")]
    DetectionWithoutTime,
    /// Something missed was seen at no time.
    #[error("an attack that was not detected has no detection time")]
    TimeWithoutDetection,
    /// Something stopped was stopped at some time.
    #[error("a containment needs the time it was contained at")]
    ContainmentWithoutTime,
    /// Something not stopped was stopped at no time.
    #[error("an attack that was not contained has no containment time")]
    TimeWithoutContainment,
}

fn counted(tests: usize) -> String {
    if tests == 1 { "a test".to_owned() } else { format!("{tests} tests") }
}

fn words(state: &TestState) -> String {
    state.as_str().replace('_', " ")
}

impl Refusal for TestError {
    fn kind(&self) -> RefusalKind {
        match self {
            Self::StaleVersion { .. } | Self::EvidenceChanged => RefusalKind::Conflict,
            Self::Text(_)
            | Self::TooManyTags { .. }
            | Self::EvidenceEmpty
            | Self::EvidenceTooLarge { .. }
            | Self::OutOfCalendar { .. }
            | Self::InFuture { .. }
            | Self::BeforeStart { .. }
            | Self::DetectedBeforeAttack { .. }
            | Self::DetectionWithoutTime
            | Self::TimeWithoutDetection
            | Self::ContainmentWithoutTime
            | Self::TimeWithoutContainment => RefusalKind::InvalidInput,
            Self::NotDrafted
            | Self::AlreadyDrafted
            | Self::WrongState { .. }
            | Self::NotOwnDraft
            | Self::Archived
            | Self::NotArchived
            | Self::WaitsFor { .. }
            | Self::OtherSidesWork { .. }
            | Self::EvaluationStarted
            | Self::Paused
            | Self::NotPaused
            | Self::ClassifiedByAdmins
            | Self::NoSuchEvidence
            | Self::TooMuchEvidence { .. }
            | Self::RetestOfRetest { .. }
            | Self::RetestLimit { .. }
            | Self::TechniqueSettled
            | Self::RepeatsAnother
            | Self::RetestStays
            | Self::OtherVoteOutdated { .. }
            | Self::NoAttackRecorded
            | Self::NoDetectionRecorded
            | Self::OtherSidesVote { .. }
            | Self::VotedBySomebodyElse
            | Self::FillsBothSides
            | Self::ApprovesOwnWork => RefusalKind::InvalidState,
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Text(error) => Some(error.field()),
            Self::OutOfCalendar { field }
            | Self::InFuture { field }
            | Self::BeforeStart { field }
            | Self::DetectedBeforeAttack { field } => Some(field),
            Self::TooManyTags { .. } => Some("tags"),
            Self::NoSuchEvidence
            | Self::TooMuchEvidence { .. }
            | Self::EvidenceEmpty
            | Self::EvidenceTooLarge { .. }
            | Self::EvidenceChanged => Some("evidence"),
            Self::StaleVersion { .. } => Some("expectedVersion"),
            Self::TechniqueSettled | Self::RepeatsAnother => Some("attackId"),
            Self::DetectionWithoutTime | Self::TimeWithoutDetection => Some("detectedAt"),
            Self::ContainmentWithoutTime | Self::TimeWithoutContainment => Some("containedAt"),
            Self::OtherSidesVote { .. } => Some("side"),
            Self::NotDrafted => Some("id"),
            Self::AlreadyDrafted
            | Self::WrongState { .. }
            | Self::NotOwnDraft
            | Self::Archived
            | Self::NotArchived
            | Self::WaitsFor { .. }
            | Self::OtherSidesWork { .. }
            | Self::EvaluationStarted
            | Self::Paused
            | Self::NotPaused
            | Self::ClassifiedByAdmins
            | Self::RetestOfRetest { .. }
            | Self::RetestLimit { .. }
            | Self::RetestStays
            | Self::OtherVoteOutdated { .. }
            | Self::NoAttackRecorded
            | Self::NoDetectionRecorded
            | Self::VotedBySomebodyElse
            | Self::FillsBothSides
            | Self::ApprovesOwnWork => None,
        }
    }
}
