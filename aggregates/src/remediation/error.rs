//! Why a wish about a remediation is refused; each variant is one rule.

use super::RemediationState;
use crate::ids::StepId;
use crate::refusal::{Refusal, RefusalKind};
use crate::tags::TagsError;
use crate::test::TestState;
use crate::text::TextError;
use chrono::NaiveDate;

/// A rule refused a command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RemediationError {
    /// The remediation does not exist yet.
    #[error("there is no such remediation")]
    NotOpened,
    /// The remediation exists already.
    #[error("the remediation exists already")]
    AlreadyOpened,
    /// Somebody changed it meanwhile.
    #[error("the remediation has changed: version {expected} was expected, it is at {actual}")]
    StaleVersion {
        /// What the asker had seen.
        expected: u64,
        /// What it is.
        actual: u64,
    },
    /// Nothing is known yet of what the test shows.
    #[error("a remediation is opened from a validated test; this one is {}", state.as_str().replace('_', " "))]
    TestNotValidated {
        /// Where the test stands.
        state: TestState,
    },
    /// There is nothing to remedy.
    #[error("the test was fully detected, so there is nothing to remedy")]
    TestDetected,
    /// The step does not follow from this state.
    #[error("a remediation that is {} cannot {action}; that takes {needed}", words(.state))]
    WrongState {
        /// What was asked.
        action: &'static str,
        /// Where the remediation stands.
        state: RemediationState,
        /// Where it would have to stand.
        needed: &'static str,
    },
    /// Decisions are for leads and admins.
    #[error("only leads and admins may {action}")]
    NotALead {
        /// What was asked.
        action: &'static str,
    },
    /// Work is for the defenders and for whom it was given to.
    #[error("only leads, admins, blue technicians and the assignee may {action}; viewers may not")]
    NotAtWork {
        /// What was asked.
        action: &'static str,
    },
    /// Something is left to do.
    #[error("not all steps are done: {}", listed(.titles))]
    StepsLeft {
        /// The titles of the steps that are not done, in their order.
        titles: Vec<String>,
    },
    /// No step of that id.
    #[error("the remediation has no step {step}")]
    NoSuchStep {
        /// The id.
        step: StepId,
    },
    /// A step of that id says something else.
    #[error("the remediation has a step {step} already")]
    StepExists {
        /// The id.
        step: StepId,
    },
    /// There are as many steps as there may be.
    #[error("a remediation has at most {limit} steps")]
    TooManySteps {
        /// How many there may be.
        limit: usize,
    },
    /// A text is missing, too long or cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// There are more tags than a remediation takes.
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
    /// An acceptance that would be over at once.
    #[error("expiresOn must lie in the future: {day} does not (days are by UTC)")]
    ExpiresTooSoon {
        /// The day asked for.
        day: NaiveDate,
    },
    /// An acceptance for longer than anybody can answer for.
    #[error("a risk is accepted for at most 3 years: until {latest}")]
    ExpiresTooLate {
        /// The last day that may be asked for.
        latest: NaiveDate,
    },
    /// It was not completed that often.
    #[error("the remediation was not completed {completion} times")]
    NoSuchCompletion {
        /// The completion.
        completion: u32,
    },
    /// No retest of that id.
    #[error("the test is no retest of this remediation")]
    NoSuchRetest,
}

fn words(state: &RemediationState) -> String {
    state.as_str().replace('_', " ")
}

/// The first few titles: there may be fifty of two hundred characters.
fn listed(titles: &[String]) -> String {
    const NAMED: usize = 5;
    let mut text = titles.iter().take(NAMED).map(|title| format!("'{title}'")).collect::<Vec<_>>().join(", ");
    if titles.len() > NAMED {
        text.push_str(&format!(" and {} more", titles.len() - NAMED));
    }
    text
}

impl From<TagsError> for RemediationError {
    fn from(error: TagsError) -> Self {
        match error {
            TagsError::TooMany { count, limit } => Self::TooManyTags { count, limit },
            TagsError::Text(error) => Self::Text(error),
        }
    }
}

impl Refusal for RemediationError {
    fn kind(&self) -> RefusalKind {
        match self {
            Self::StaleVersion { .. } => RefusalKind::Conflict,
            Self::Text(_)
            | Self::TooManyTags { .. }
            | Self::OutOfCalendar { .. }
            | Self::ExpiresTooSoon { .. }
            | Self::ExpiresTooLate { .. } => RefusalKind::InvalidInput,
            Self::NotOpened
            | Self::AlreadyOpened
            | Self::TestNotValidated { .. }
            | Self::TestDetected
            | Self::WrongState { .. }
            | Self::NotALead { .. }
            | Self::NotAtWork { .. }
            | Self::StepsLeft { .. }
            | Self::NoSuchStep { .. }
            | Self::StepExists { .. }
            | Self::TooManySteps { .. }
            | Self::NoSuchCompletion { .. }
            | Self::NoSuchRetest => RefusalKind::InvalidState,
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Text(error) => Some(error.field()),
            Self::OutOfCalendar { field } => Some(field),
            Self::TooManyTags { .. } => Some("tags"),
            Self::StaleVersion { .. } => Some("expectedVersion"),
            Self::ExpiresTooSoon { .. } | Self::ExpiresTooLate { .. } => Some("expiresOn"),
            Self::TestNotValidated { .. } | Self::TestDetected => Some("testId"),
            Self::NoSuchStep { .. } | Self::StepExists { .. } => Some("stepId"),
            Self::NotOpened => Some("id"),
            Self::AlreadyOpened
            | Self::WrongState { .. }
            | Self::NotALead { .. }
            | Self::NotAtWork { .. }
            | Self::StepsLeft { .. }
            | Self::TooManySteps { .. }
            | Self::NoSuchCompletion { .. }
            | Self::NoSuchRetest => None,
        }
    }
}
