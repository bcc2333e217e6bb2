//! Why a wish about a test is refused; each variant is one rule.

use super::TestState;
use super::event::Side;
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
    /// Technicians revise only what they drafted.
    #[error("a technician revises only tests of their own")]
    NotOwnDraft,
    /// What a test tests is settled once it ran.
    #[error("the technique of a test can only change while the test is a draft in its first round")]
    TechniqueSettled,
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

fn words(state: &TestState) -> String {
    state.as_str().replace('_', " ")
}

impl Refusal for TestError {
    fn kind(&self) -> RefusalKind {
        match self {
            Self::StaleVersion { .. } => RefusalKind::Conflict,
            Self::Text(_)
            | Self::TooManyTags { .. }
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
            | Self::TechniqueSettled
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
            Self::StaleVersion { .. } => Some("expectedVersion"),
            Self::TechniqueSettled => Some("attackId"),
            Self::DetectionWithoutTime | Self::TimeWithoutDetection => Some("detectedAt"),
            Self::ContainmentWithoutTime | Self::TimeWithoutContainment => Some("containedAt"),
            Self::OtherSidesVote { .. } => Some("side"),
            Self::NotDrafted => Some("id"),
            Self::AlreadyDrafted
            | Self::WrongState { .. }
            | Self::NotOwnDraft
            | Self::NoAttackRecorded
            | Self::NoDetectionRecorded
            | Self::VotedBySomebodyElse
            | Self::FillsBothSides
            | Self::ApprovesOwnWork => None,
        }
    }
}
