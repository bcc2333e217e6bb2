//! Who people are to the identity provider. Erased with their account.

use sqlx::PgPool;
use uuid::Uuid;

/// The account of somebody, if they were here before.
///
/// # Errors
/// The database failed.
pub async fn account_of(pool: &PgPool, issuer: &str, subject: &str) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select account from sign_on_subjects where issuer = $1 and subject = $2",
        issuer,
        subject
    )
    .fetch_optional(pool)
    .await
}

/// Writes down whose account it is; false where somebody did that for the same person first.
///
/// # Errors
/// The database failed.
pub async fn enter(pool: &PgPool, issuer: &str, subject: &str, account: Uuid) -> Result<bool, sqlx::Error> {
    let entered = sqlx::query!(
        "insert into sign_on_subjects (issuer, subject, account) values ($1, $2, $3) on conflict do nothing",
        issuer,
        subject,
        account
    )
    .execute(pool)
    .await?;
    Ok(entered.rows_affected() == 1)
}
