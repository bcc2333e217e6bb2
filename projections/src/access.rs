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

/// Whether a token still counts.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// Nobody signed it out, and it was given out under the account's present session epoch. An account that
    /// was erased has none, so its tokens have ended.
    pub holds: bool,
    /// Whether it is time to note again that it was used.
    pub unseen: bool,
}

/// How a token stands.
///
/// # Errors
/// The database failed.
pub async fn standing(
    pool: &PgPool,
    token: Uuid,
    account: Uuid,
    epoch: i64,
) -> Result<Standing, sqlx::Error> {
    sqlx::query_as!(
        Standing,
        r#"select exists (select from account_credentials where account = $2 and session_epoch = $3)
                  and not exists (select from revoked_tokens where token_id = $1) as "holds!",
                  exists (select from sessions where token_id = $1 and seen_at < clock_timestamp() - interval '1 minute')
                    as "unseen!""#,
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
#[derive(Debug, Clone, Default)]
pub struct Access<'a> {
    /// Whose account, when known.
    pub account: Option<Uuid>,
    /// What was tried, `sign_in`, or the name of an operation.
    pub action: &'a str,
    /// `allowed` or why not.
    pub outcome: &'a str,
    /// From where.
    pub address: Option<IpAddr>,
    /// Anything else; never a secret and never a name.
    pub detail: Option<&'a str>,
    /// What kind of thing it was about, as in ids: `User`, `Test`.
    pub entity_type: Option<&'a str>,
    /// Which one, by its own id.
    pub entity: Option<&'a str>,
    /// By which key of a service account.
    pub key: Option<Uuid>,
    /// The request, as log lines name it.
    pub correlation: Option<Uuid>,
    /// For a user name that nobody has: its keyed hash.
    pub name_hash: Option<&'a str>,
}

/// Appends to the access log.
///
/// # Errors
/// The database failed.
pub async fn log(pool: &PgPool, access: &Access<'_>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into access_log (account, action, outcome, address, detail, entity_type, entity, key_id, correlation,
                                 name_hash)
         values ($1, $2, $3, $4::inet, $5, $6, $7, $8, $9, $10)",
    )
    .bind(access.account)
    .bind(access.action)
    .bind(access.outcome)
    .bind(access.address.map(|address| address.to_string()))
    .bind(access.detail)
    .bind(access.entity_type)
    .bind(access.entity)
    .bind(access.key)
    .bind(access.correlation)
    .bind(access.name_hash)
    .execute(pool)
    .await?;
    Ok(())
}
