//! The one place that chooses error codes.
//!
//! Refused rules, invalid input and stale versions are `userErrors` of a
//! payload; everything else is a top-level error with `extensions.code`.
//! Codes are a contract and never renamed.

use crate::correlation;
use crate::trail;
use aegis_aggregates::refusal::{Refusal, RefusalKind};
use aegis_projections::ledger::InstantError;
use aegis_projections::store::StoreError;
use async_graphql::{Enum, ErrorExtensions, SimpleObject};
use std::error::Error;

/// A request that cannot be answered. Has no `Display` on purpose:
/// async-graphql would convert it by itself and drop the code.
#[derive(Debug)]
pub enum ApiError {
    /// Nobody is signed in.
    Unauthenticated(&'static str),
    /// The role does not allow it.
    Forbidden,
    /// There is no such thing, or it may not be seen.
    NotFound(&'static str),
    /// A password somebody else chose must be changed first.
    PasswordChangeRequired,
    /// The role needs a second factor, which must be set up first.
    SecondFactorRequired,
    /// Too many tries.
    RateLimited(&'static str),
    /// More was asked for than is given at once.
    LimitExceeded(String),
    /// The request itself is wrong.
    InvalidInput(String),
    /// Somebody else is at it.
    Conflict(String),
    /// The read models have not reached the position asked for; later they will.
    ReadModelsBehind(i64),
    /// We failed.
    Internal(Box<dyn Error + Send + Sync>),
}

impl ApiError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated(_) => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound(_) => "NOT_FOUND",
            Self::PasswordChangeRequired => "PASSWORD_CHANGE_REQUIRED",
            Self::SecondFactorRequired => "SECOND_FACTOR_REQUIRED",
            Self::RateLimited(_) => "RATE_LIMITED",
            Self::LimitExceeded(_) => "LIMIT_EXCEEDED",
            Self::InvalidInput(_) => "INVALID_INPUT",
            Self::Conflict(_) => "CONFLICT",
            Self::ReadModelsBehind(_) => "READ_MODELS_BEHIND",
            Self::Internal(_) => "INTERNAL",
        }
    }
}

impl From<ApiError> for async_graphql::Error {
    fn from(error: ApiError) -> Self {
        let code = error.code();
        let message = match error {
            ApiError::Unauthenticated(message) | ApiError::RateLimited(message) => message.to_owned(),
            ApiError::NotFound(what) => format!("There is no such {what}."),
            ApiError::Forbidden => "Your role does not allow this.".to_owned(),
            ApiError::PasswordChangeRequired => "Change your password first.".to_owned(),
            ApiError::SecondFactorRequired => "Set up a second factor first: your role needs one.".to_owned(),
            ApiError::LimitExceeded(message)
            | ApiError::InvalidInput(message)
            | ApiError::Conflict(message) => message,
            ApiError::ReadModelsBehind(position) => {
                format!("The read models have not reached position {position} yet. Try again in a moment.")
            }
            ApiError::Internal(error) => {
                let correlation = correlation::current();
                tracing::error!(%correlation, error = chain(&*error), "a request failed");
                format!(
                    "Something went wrong on our side. Nothing was changed unless it shows. Reference {correlation}."
                )
            }
        };
        Self::new(message).extend_with(|_, extensions| extensions.set("code", code))
    }
}

fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    text
}

/// What PostgreSQL says of a text with a NUL and of an instant it cannot count.
/// Both can only come from the request: what is stored was stored.
const CANNOT_BE_HELD: &[&str] = &["22021", "22008"];

fn cannot_be_held(error: &aegis_projections::DatabaseError) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| CANNOT_BE_HELD.contains(&&*code))
}

/// What PostgreSQL says of a statement that took too long.
const TOOK_TOO_LONG: &str = "57014";

fn took_too_long(error: &aegis_projections::DatabaseError) -> bool {
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == TOOK_TOO_LONG)
}

fn of_database(error: &aegis_projections::DatabaseError) -> Option<ApiError> {
    if cannot_be_held(error) {
        return Some(not_held());
    }
    took_too_long(error)
        .then(|| ApiError::LimitExceeded("The answer took too long. Ask for less at once.".to_owned()))
}

fn not_held() -> ApiError {
    ApiError::InvalidInput("A text has a NUL character, or an instant is out of range.".to_owned())
}

impl From<aegis_projections::DatabaseError> for ApiError {
    fn from(error: aegis_projections::DatabaseError) -> Self {
        of_database(&error).unwrap_or_else(|| Self::Internal(Box::new(error)))
    }
}

impl From<std::sync::Arc<aegis_projections::DatabaseError>> for ApiError {
    fn from(error: std::sync::Arc<aegis_projections::DatabaseError>) -> Self {
        of_database(&error).unwrap_or_else(|| Self::Internal(Box::new(error)))
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::Internal(Box::new(error))
    }
}

impl From<std::sync::Arc<StoreError>> for ApiError {
    fn from(error: std::sync::Arc<StoreError>) -> Self {
        Self::Internal(Box::new(error))
    }
}

impl From<InstantError> for ApiError {
    fn from(error: InstantError) -> Self {
        match error {
            InstantError::InFuture(_) | InstantError::NotSealed(_) => {
                Self::InvalidInput(format!("asOf: {error}."))
            }
            InstantError::Database(error) => error.into(),
        }
    }
}

/// Why a mutation was refused.
#[derive(Debug, Clone, SimpleObject)]
pub struct UserError {
    /// The input field it is about.
    field: Option<String>,
    /// What is wrong, for people.
    message: String,
    /// What is wrong, for programs.
    code: UserErrorCode,
}

/// The kinds of refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum UserErrorCode {
    /// The input is wrong whatever the state.
    InvalidInput,
    /// A rule refuses it in the present state.
    InvalidState,
    /// It was decided on an older version, or the command id was used for something else.
    Conflict,
}

impl UserErrorCode {
    /// As the access log has it.
    pub(crate) fn as_outcome(self) -> &'static str {
        match self {
            Self::InvalidInput => "invalid_input",
            Self::InvalidState => "invalid_state",
            Self::Conflict => "conflict",
        }
    }
}

impl UserError {
    /// The only way to make one, so that the access log tells of each.
    fn new(field: Option<String>, message: String, code: UserErrorCode) -> Self {
        trail::refused(code);
        Self { field, message: sentence(message), code }
    }

    /// Wrong input.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::new(Some(field.to_owned()), message.into(), UserErrorCode::InvalidInput)
    }

    /// Not in the present state.
    pub fn state(field: &str, message: impl Into<String>) -> Self {
        Self::new(Some(field.to_owned()), message.into(), UserErrorCode::InvalidState)
    }

    /// Not as things went meanwhile.
    pub fn conflict(field: &str, message: impl Into<String>) -> Self {
        Self::new(Some(field.to_owned()), message.into(), UserErrorCode::Conflict)
    }

    /// What is wrong, for people.
    pub fn reason(&self) -> &str {
        &self.message
    }

    /// Whether it is about what happened meanwhile, not about the wish.
    pub fn is_conflict(&self) -> bool {
        self.code == UserErrorCode::Conflict
    }

    /// A command id that was used with other input.
    pub fn command_reused() -> Self {
        Self::conflict("clientMutationId", "This clientMutationId was used before with other input.")
    }

    /// A rule's refusal.
    pub fn refused(refusal: &impl Refusal) -> Self {
        let code = match refusal.kind() {
            RefusalKind::InvalidInput => UserErrorCode::InvalidInput,
            RefusalKind::InvalidState => UserErrorCode::InvalidState,
            RefusalKind::Conflict => UserErrorCode::Conflict,
        };
        Self::new(refusal.field().map(str::to_owned), refusal.to_string(), code)
    }
}

/// "the test is .." becomes "The test is ..", as people are told; field names keep their case.
fn sentence(text: String) -> String {
    let names_field = text.split_whitespace().next().is_some_and(|word| word.chars().any(char::is_uppercase));
    let mut chars = text.chars();
    let first = match chars.next() {
        Some(first) if !names_field => first.to_uppercase().to_string(),
        Some(first) => first.to_string(),
        None => String::new(),
    };
    let stop = if text.ends_with('.') { "" } else { "." };
    format!("{first}{}{stop}", chars.as_str())
}
