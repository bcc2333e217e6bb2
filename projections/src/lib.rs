//! Everything that is derived from events, and every SQL query.
//!
//! `store` appends, `ledger` seals and reads the one order, `runner` feeds the
//! folds (`knowledge`, `tests`, `coverage`, `campaigns`, `accounts`, `templates`,
//! `remediations`) and stores their rows;
//! the same modules read those rows back, now or as of a past position.
//! `notifications`, `webhooks` and `mails` hold what people are told, `vault` keeps secrets.
//! `merkle` and `verify` prove that nobody edited the record. `embedded` and
//! `provision` bring up the database all of it lives in. Nothing here knows
//! HTTP, GraphQL or the outside world.

pub mod access;
pub mod access_log;
pub mod accounts;
pub mod api_keys;
pub mod audit;
pub mod campaigns;
pub mod comments;
pub mod coverage;
pub mod embedded;
pub mod evidence;
pub mod fold;
pub mod jobs;
pub mod knowledge;
pub mod ledger;
pub mod mails;
pub mod merkle;
pub mod notifications;
pub mod provision;
pub mod remediations;
pub mod runner;
pub mod saved_filters;
pub mod second_factor;
pub mod sessions;
pub mod sign_on;
pub mod status;
pub mod store;
pub mod stories;
pub mod templates;
pub mod tests;
pub mod tide;
pub mod vault;
pub mod verify;
pub mod webhooks;

/// The database failed; the one kind of error that readers of this crate pass on.
pub use sqlx::Error as DatabaseError;
/// Connections to the database.
pub use sqlx::PgPool as Pool;
