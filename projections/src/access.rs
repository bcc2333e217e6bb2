//! Around sessions: revoked tokens, the sign-in limit, the access log.

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use std::net::IpAddr;
use uuid::Uuid;

/// Sign-ins tried from one address within a minute at most.
pub const SIGN_INS_PER_MINUTE: i64 = 5;

/// Revokes a token for what is left of its life.
///
/// # Errors
/// The database failed.
pub async fn revoke(pool: &PgPool, token: Uuid, expires_at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from revoked_tokens where expires_at < clock_timestamp()").execute(pool).await?;
    sqlx::query!(
        "insert into revoked_tokens (token_id, expires_at) values ($1, $2) on conflict do nothing",
        token,
        expires_at
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Whether a token still counts: nobody signed it out, and it was given out
/// under the account's present session epoch. An account that was erased has
/// none, so its tokens have ended.
///
/// # Errors
/// The database failed.
pub async fn holds(pool: &PgPool, token: Uuid, account: Uuid, epoch: i64) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from account_credentials where account = $2 and session_epoch = $3)
                  and not exists (select from revoked_tokens where token_id = $1) as "holds!""#,
        token,
        account,
        epoch
    )
    .fetch_one(pool)
    .await
}

/// Counts one more sign-in from an address; false when there were too many
/// within the last minute. Counted before the password is looked at.
///
/// # Errors
/// The database failed.
pub async fn allow_sign_in(pool: &PgPool, address: IpAddr) -> Result<bool, sqlx::Error> {
    let address = address.to_string();
    let mut transaction = pool.begin().await?;
    // One at a time per address, or simultaneous tries would all count the same past.
    sqlx::query("select pg_advisory_xact_lock(hashtextextended($1, 41))")
        .bind(&address)
        .execute(&mut *transaction)
        .await?;
    sqlx::query("delete from sign_in_attempts where at < clock_timestamp() - interval '1 minute'")
        .execute(&mut *transaction)
        .await?;
    let tried: i64 = sqlx::query_scalar("select count(*) from sign_in_attempts where address = $1::inet")
        .bind(&address)
        .fetch_one(&mut *transaction)
        .await?;
    let allowed = tried < SIGN_INS_PER_MINUTE;
    if allowed {
        sqlx::query("insert into sign_in_attempts (address) values ($1::inet)")
            .bind(&address)
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(allowed)
}

/// Something to remember about access.
#[derive(Debug, Clone)]
pub struct Access<'a> {
    /// Whose account, when known.
    pub account: Option<Uuid>,
    /// What was tried, `sign_in`.
    pub action: &'a str,
    /// `allowed` or why not.
    pub outcome: &'a str,
    /// From where.
    pub address: Option<IpAddr>,
    /// Anything else; never a secret.
    pub detail: Option<&'a str>,
}

/// Appends to the access log.
///
/// # Errors
/// The database failed.
pub async fn log(pool: &PgPool, access: &Access<'_>) -> Result<(), sqlx::Error> {
    sqlx::query("insert into access_log (account, action, outcome, address, detail) values ($1, $2, $3, $4::inet, $5)")
        .bind(access.account)
        .bind(access.action)
        .bind(access.outcome)
        .bind(access.address.map(|address| address.to_string()))
        .bind(access.detail)
        .execute(pool)
        .await?;
    Ok(())
}
