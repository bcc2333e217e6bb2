//! Why a wish about a campaign is refused; each variant is one rule. Tests are
//! named as the command's labels call them.

use super::CampaignState;
use crate::refusal::{Refusal, RefusalKind};
use crate::text::TextError;
use chrono::NaiveDateTime;

/// A rule refused a command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CampaignError {
    /// The campaign does not exist yet.
    #[error("there is no such campaign")]
    NotCreated,
    /// The campaign exists already.
    #[error("the campaign exists already")]
    AlreadyCreated,
    /// Somebody changed it meanwhile.
    #[error("the campaign has changed: version {expected} was expected, it is at {actual}")]
    StaleVersion {
        /// What the asker had seen.
        expected: u64,
        /// What it is.
        actual: u64,
    },
    /// The step does not follow from this state.
    #[error("a campaign that is {} cannot {action}; that takes {needed}", .state.as_str())]
    WrongState {
        /// What was asked.
        action: &'static str,
        /// Where the campaign stands.
        state: CampaignState,
        /// Where it would have to stand.
        needed: &'static str,
    },
    /// Others do not change it.
    #[error("only who created the campaign, or an admin, may {action} it")]
    NotOwnCampaign {
        /// What was asked.
        action: &'static str,
    },
    /// There is nothing to do in it.
    #[error("a campaign without tests cannot {action}")]
    NoTests {
        /// What was asked.
        action: &'static str,
    },
    /// A text is missing, too long or cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// There are more tags than a campaign takes.
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
    /// An end before its beginning.
    #[error("{field} lies before the beginning")]
    EndsBeforeStart {
        /// The field.
        field: &'static str,
    },
    /// Runs are told apart by the minute.
    #[error("first has seconds; a schedule goes by the minute")]
    NotWholeMinutes,
    /// A schedule that is over before it began.
    #[error("the schedule would never run: no due time lies after now and not after its end")]
    NeverDue,
    /// A run has come due that is not on record yet.
    #[error("the run due at {due} is still being recorded; try again in a moment")]
    RunsAreDue {
        /// The nominal local time.
        due: NaiveDateTime,
    },
    /// There are more tests than a campaign takes.
    #[error("the campaign would have {count} tests; at most {limit} are allowed")]
    TooManyTests {
        /// How many there would be.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A place beyond the last.
    #[error("order {order} is too high; {limit} is the highest")]
    OrderTooHigh {
        /// The place asked for.
        order: u32,
        /// The last there is.
        limit: u32,
    },
    /// A place that the list does not have.
    #[error("there is no place {place}; the campaign has {tests} tests")]
    NoSuchPlace {
        /// The place asked for.
        place: u32,
        /// How many tests there are.
        tests: usize,
    },
    /// A test waits for more tests than it may.
    #[error("{test} would wait for {count} tests; at most {limit} are allowed")]
    TooManyDependencies {
        /// The test.
        test: String,
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// The same test twice in one list.
    #[error("{test} is named twice")]
    NamedTwice {
        /// The test.
        test: String,
    },
    /// The test is in it, in another place than asked for.
    #[error("{test} is in the campaign already")]
    AlreadyInCampaign {
        /// The test.
        test: String,
    },
    /// The test is not in it.
    #[error("{test} is not in the campaign")]
    NotInCampaign {
        /// The test.
        test: String,
    },
    /// A test waits for one that is not in it.
    #[error("{test} cannot wait for {dependency}, which is not in the campaign")]
    DependencyOutside {
        /// The test.
        test: String,
        /// What it would wait for.
        dependency: String,
    },
    /// Tests that wait for each other would never start.
    #[error("these tests would wait for each other: {}", path.join(" → "))]
    Cycle {
        /// Each waits for the next; the first and the last are the same.
        path: Vec<String>,
    },
    /// Others wait for the test.
    #[error("{test} cannot be removed: {} for it", waiting_for(waiting))]
    StillNeeded {
        /// The test.
        test: String,
        /// Those that wait for it.
        waiting: Vec<String>,
    },
}

fn waiting_for(waiting: &[String]) -> String {
    let verb = if waiting.len() == 1 { "waits" } else { "wait" };
    format!("{} {verb}", waiting.join(", "))
}

impl Refusal for CampaignError {
    fn kind(&self) -> RefusalKind {
        match self {
            Self::StaleVersion { .. } => RefusalKind::Conflict,
            Self::Text(_)
            | Self::TooManyTags { .. }
            | Self::OutOfCalendar { .. }
            | Self::EndsBeforeStart { .. }
            | Self::NotWholeMinutes
            | Self::OrderTooHigh { .. }
            | Self::NoSuchPlace { .. }
            | Self::TooManyDependencies { .. }
            | Self::NamedTwice { .. } => RefusalKind::InvalidInput,
            Self::NotCreated
            | Self::AlreadyCreated
            | Self::WrongState { .. }
            | Self::NotOwnCampaign { .. }
            | Self::NoTests { .. }
            | Self::NeverDue
            | Self::RunsAreDue { .. }
            | Self::TooManyTests { .. }
            | Self::AlreadyInCampaign { .. }
            | Self::NotInCampaign { .. }
            | Self::DependencyOutside { .. }
            | Self::Cycle { .. }
            | Self::StillNeeded { .. } => RefusalKind::InvalidState,
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Text(error) => Some(error.field()),
            Self::OutOfCalendar { field } | Self::EndsBeforeStart { field } => Some(field),
            Self::StaleVersion { .. } => Some("expectedVersion"),
            Self::NotCreated => Some("id"),
            Self::TooManyTags { .. } => Some("tags"),
            Self::NotWholeMinutes | Self::NeverDue => Some("first"),
            Self::OrderTooHigh { .. } => Some("order"),
            Self::NoSuchPlace { .. } => Some("place"),
            Self::TooManyTests { .. }
            | Self::NamedTwice { .. }
            | Self::AlreadyInCampaign { .. }
            | Self::NotInCampaign { .. }
            | Self::StillNeeded { .. } => Some("testId"),
            Self::TooManyDependencies { .. } | Self::DependencyOutside { .. } | Self::Cycle { .. } => {
                Some("dependsOn")
            }
            Self::AlreadyCreated
            | Self::WrongState { .. }
            | Self::NotOwnCampaign { .. }
            | Self::RunsAreDue { .. }
            | Self::NoTests { .. } => None,
        }
    }
}
