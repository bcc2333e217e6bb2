//! Keys of service accounts: what the events say, and what a key is checked
//! against. The secret part of a key is shown once and kept as its SHA-256:
//! it is 256 random bits, which nobody guesses, so that a slow hash would
//! only slow down the scripts.

use aegis_aggregates::roster::KeyScope;
use chrono::{DateTime, Utc};
use sqlx::PgPool;
use std::net::IpAddr;
use uuid::Uuid;

/// A key and how it was used.
#[derive(Debug, Clone)]
pub struct KeyRecord {
    /// Its id.
    pub key: Uuid,
    /// The service account.
    pub account: Uuid,
    /// What it is called; none once it has ended or its account was erased.
    pub label: Option<String>,
    /// Stored name of its scope.
    pub scope: String,
    /// Who issued it.
    pub issued_by: Uuid,
    /// When.
    pub issued_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// Who ended it before its time.
    pub revoked_by: Option<Uuid>,
    /// When.
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// From where.
    pub last_used_from: Option<String>,
}

/// The keys of some accounts, newest first.
///
/// # Errors
/// The database failed.
pub async fn of_accounts(pool: &PgPool, accounts: &[Uuid]) -> Result<Vec<KeyRecord>, sqlx::Error> {
    sqlx::query_as!(
        KeyRecord,
        r#"select k.key_id as key, k.account, s.label as "label?", k.scope, k.issued_by, k.issued_at, k.expires_at,
                  k.revoked_by, k.revoked_at, s.last_used_at as "last_used_at?",
                  host(s.last_used_from) as last_used_from
           from api_keys k left join api_key_secrets s using (key_id)
           where k.account = any ($1) and k.to_position = 9223372036854775807
           order by k.issued_at desc, k.key_id desc"#,
        accounts
    )
    .fetch_all(pool)
    .await
}

/// One key.
///
/// # Errors
/// The database failed.
pub async fn by_id(pool: &PgPool, key: Uuid) -> Result<Option<KeyRecord>, sqlx::Error> {
    sqlx::query_as!(
        KeyRecord,
        r#"select k.key_id as key, k.account, s.label as "label?", k.scope, k.issued_by, k.issued_at, k.expires_at,
                  k.revoked_by, k.revoked_at, s.last_used_at as "last_used_at?",
                  host(s.last_used_from) as last_used_from
           from api_keys k left join api_key_secrets s using (key_id)
           where k.key_id = $1 and k.to_position = 9223372036854775807"#,
        key
    )
    .fetch_optional(pool)
    .await
}

/// Writes down what a key will be checked against, before it is issued.
///
/// # Errors
/// The database failed.
pub async fn enter(
    pool: &PgPool,
    key: Uuid,
    account: Uuid,
    label: &str,
    hash: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into api_key_secrets (key_id, account, label, hash) values ($1, $2, $3, $4)",
        key,
        account,
        label,
        hash
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Forgets the secret of a key: it counts nowhere from now on.
///
/// # Errors
/// The database failed.
pub async fn forget(pool: &PgPool, key: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from api_key_secrets where key_id = $1", key).execute(pool).await?;
    Ok(())
}

/// What a presented key is held against.
#[derive(Debug, Clone)]
pub struct HeldKey {
    /// SHA-256 of the secret part.
    pub hash: Vec<u8>,
    /// The service account.
    pub account: Uuid,
    /// Stored name of the account's role.
    pub role: String,
    /// Stored name of the scope.
    pub scope: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// Whether it is time to note again that it was used.
    pub unseen: bool,
}

impl HeldKey {
    /// Its scope; one that this program does not know may only read.
    pub fn scope(&self) -> KeyScope {
        KeyScope::parse(&self.scope).unwrap_or(KeyScope::Read)
    }
}

/// The key of an id, where it counts: issued, not revoked, not over, of an account that is active.
///
/// # Errors
/// The database failed.
pub async fn held(pool: &PgPool, key: Uuid) -> Result<Option<HeldKey>, sqlx::Error> {
    sqlx::query_as!(
        HeldKey,
        r#"select s.hash, k.account, a.role, k.scope, k.expires_at,
                  coalesce(s.last_used_at < clock_timestamp() - interval '1 minute', true) as "unseen!"
           from api_keys k join api_key_secrets s using (key_id) join accounts a on a.account = k.account
           where k.key_id = $1 and k.to_position = 9223372036854775807 and a.to_position = 9223372036854775807
             and k.revoked_at is null and k.expires_at > clock_timestamp() and a.active and a.service"#,
        key
    )
    .fetch_optional(pool)
    .await
}

/// Notes that a key was used.
///
/// # Errors
/// The database failed.
pub async fn used(pool: &PgPool, key: Uuid, from: IpAddr) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update api_key_secrets set last_used_at = clock_timestamp(), last_used_from = $2::inet where key_id = $1",
    )
    .bind(key)
    .bind(from.to_string())
    .execute(pool)
    .await?;
    Ok(())
}
