//! Why a wish about a template is refused; each variant is one rule.

use crate::refusal::{Refusal, RefusalKind};
use crate::tags::TagsError;
use crate::text::TextError;

/// A rule refused a command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// The template does not exist yet.
    #[error("there is no such template")]
    NotCreated,
    /// The template exists already.
    #[error("the template exists already")]
    AlreadyCreated,
    /// Somebody changed it meanwhile.
    #[error("the template has changed: version {expected} was expected, it is at {actual}")]
    StaleVersion {
        /// What the asker had seen.
        expected: u64,
        /// What it is.
        actual: u64,
    },
    /// It is out of use for good.
    #[error("the template '{name}' is retired")]
    Retired {
        /// What it is called.
        name: String,
    },
    /// It is switched off.
    #[error("the template '{name}' is not active; activate it before tests are made from it")]
    Inactive {
        /// What it is called.
        name: String,
    },
    /// The technique it is of is none that Aegis knows now.
    #[error("the template '{name}' is of {}, which no release of ATT&CK in force knows; a test is of one technique", if attack_id.is_empty() { "no technique" } else { attack_id })]
    NoTechnique {
        /// What it is called.
        name: String,
        /// What its source calls the technique; nothing where it names none.
        attack_id: String,
    },
    /// A text is missing, too long or cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A list is longer than it may be.
    #[error("there are {count} {field}; at most {limit} are allowed")]
    TooMany {
        /// The field.
        field: &'static str,
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A reference that no browser could follow.
    #[error("'{reference}' is not an address of the web (http:// or https://)")]
    NotAWebAddress {
        /// What was given.
        reference: String,
    },
    /// A name with other characters, or too many.
    #[error("'{name}' is not a name for an argument: 1 to 64 letters, digits, '_', '.' and '-'")]
    NotAnArgumentName {
        /// What was given, cut after 64 characters.
        name: String,
    },
    /// Two arguments of one name.
    #[error("the argument '{name}' is declared twice")]
    ArgumentTwice {
        /// The name.
        name: String,
    },
    /// A gap that no argument fills.
    #[error("{field} has the placeholder #{{{name}}}, but no argument of that name is declared")]
    UndeclaredArgument {
        /// The text with the gap.
        field: &'static str,
        /// The name in it.
        name: String,
    },
    /// A value for no argument.
    #[error("the template has no argument '{name}'")]
    UnknownArgument {
        /// The name given, cut after 64 characters.
        name: String,
    },
    /// No value where one is needed.
    #[error("the argument '{name}' needs a value: it has no default")]
    MissingArgument {
        /// The argument.
        name: String,
    },
    /// A value that is too long.
    #[error("the value of the argument '{name}' is {chars} characters long; at most {limit} are allowed")]
    ValueTooLong {
        /// The argument.
        name: String,
        /// How long it is, in characters.
        chars: usize,
        /// How long it may be.
        limit: usize,
    },
    /// A value that cannot be stored.
    #[error("the value of the argument '{name}' has a NUL character, which cannot be stored")]
    NulInValue {
        /// The argument.
        name: String,
    },
    /// A value that is no integer where one is asked for.
    #[error("the value of the argument '{name}' is not an integer")]
    NotAnInteger {
        /// The argument.
        name: String,
    },
}

impl From<TagsError> for TemplateError {
    fn from(error: TagsError) -> Self {
        match error {
            TagsError::TooMany { count, limit } => Self::TooMany { field: "tags", count, limit },
            TagsError::Text(error) => Self::Text(error),
        }
    }
}

impl Refusal for TemplateError {
    fn kind(&self) -> RefusalKind {
        match self {
            Self::StaleVersion { .. } => RefusalKind::Conflict,
            Self::NotCreated
            | Self::AlreadyCreated
            | Self::Retired { .. }
            | Self::Inactive { .. }
            | Self::NoTechnique { .. } => RefusalKind::InvalidState,
            Self::Text(_)
            | Self::TooMany { .. }
            | Self::NotAWebAddress { .. }
            | Self::NotAnArgumentName { .. }
            | Self::ArgumentTwice { .. }
            | Self::UndeclaredArgument { .. }
            | Self::UnknownArgument { .. }
            | Self::MissingArgument { .. }
            | Self::ValueTooLong { .. }
            | Self::NulInValue { .. }
            | Self::NotAnInteger { .. } => RefusalKind::InvalidInput,
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Text(error) => Some(error.field()),
            Self::TooMany { field, .. } | Self::UndeclaredArgument { field, .. } => Some(field),
            Self::NotAWebAddress { .. } => Some("references"),
            Self::NotAnArgumentName { .. }
            | Self::ArgumentTwice { .. }
            | Self::UnknownArgument { .. }
            | Self::MissingArgument { .. }
            | Self::ValueTooLong { .. }
            | Self::NulInValue { .. }
            | Self::NotAnInteger { .. } => Some("arguments"),
            Self::StaleVersion { .. } => Some("expectedVersion"),
            Self::NotCreated => Some("id"),
            Self::AlreadyCreated
            | Self::Retired { .. }
            | Self::Inactive { .. }
            | Self::NoTechnique { .. } => None,
        }
    }
}
