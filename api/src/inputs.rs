//! Reading what inputs of several families have in common.

use crate::context::Services;
use crate::error::{ApiError, UserError};
use crate::people::account_named;
use aegis_aggregates::ids::AccountId;
use async_graphql::{ID, MaybeUndefined};
use chrono::NaiveDate;

/// The account that an id in `field` names.
///
/// # Errors
/// The database failed; an id of nobody is a user error.
pub async fn person_of(
    services: &Services,
    field: &str,
    id: &ID,
) -> Result<Result<AccountId, UserError>, ApiError> {
    let found = account_named(services, id).await?;
    Ok(found.ok_or_else(|| UserError::invalid(field, "there is no such person")))
}

/// A person who may be left out, or taken away with null.
///
/// # Errors
/// As [`person_of`].
pub async fn person_change_of(
    services: &Services,
    field: &str,
    id: &MaybeUndefined<ID>,
) -> Result<Result<Option<Option<AccountId>>, UserError>, ApiError> {
    Ok(match id {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Null => Ok(Some(None)),
        MaybeUndefined::Value(id) => person_of(services, field, id).await?.map(|person| Some(Some(person))),
    })
}

/// The day that a text in `field` names, `YYYY-MM-DD`.
///
/// # Errors
/// It names none.
pub fn day_in(field: &str, text: &str) -> Result<NaiveDate, UserError> {
    text.parse().map_err(|_| UserError::invalid(field, format!("'{text}' is not a day (YYYY-MM-DD)")))
}

/// A day that may be left out, or taken away with null.
///
/// # Errors
/// As [`day_in`].
pub fn day_change_in(
    field: &str,
    text: &MaybeUndefined<String>,
) -> Result<Option<Option<NaiveDate>>, UserError> {
    Ok(match text {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(text) => Some(Some(day_in(field, text)?)),
    })
}

/// Left out: as it is. Null: none.
pub fn change_of(text: &MaybeUndefined<String>) -> Option<Option<String>> {
    match text {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(text) => Some(Some(text.clone())),
    }
}
