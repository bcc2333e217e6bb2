//! Where people are signed in, for them to look at and to end. What decides
//! whether a token counts is in `access`.

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use std::net::IpAddr;
use uuid::Uuid;

/// Characters kept of what a browser says it is.
const AGENT_CHARS: usize = 200;
/// Sessions listed at most.
pub const LISTED: i64 = 100;

/// A session that begins.
#[derive(Debug, Clone)]
pub struct NewSession<'a> {
    /// Its token's id.
    pub token: Uuid,
    /// Whose.
    pub account: Uuid,
    /// The session epoch of the account.
    pub epoch: i64,
    /// `password` or `single_sign_on`.
    pub means: &'a str,
    /// When it ends at the latest.
    pub ends_at: DateTime<Utc>,
    /// From where.
    pub address: IpAddr,
    /// What the browser or script says it is.
    pub agent: &'a str,
}

/// A session that was begun and not ended.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SessionRecord {
    /// Its token's id.
    pub token_id: Uuid,
    /// Whose.
    pub account: Uuid,
    /// `password` or `single_sign_on`.
    pub means: String,
    /// When the person signed in.
    pub began_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub seen_at: DateTime<Utc>,
    /// When it ends at the latest.
    pub ends_at: DateTime<Utc>,
    /// From where it was begun.
    pub address: Option<String>,
    /// What the browser or script said it is.
    pub agent: String,
}

/// Notes that a session begins, and forgets those that are over.
///
/// # Errors
/// The database failed.
pub async fn begin(pool: &PgPool, session: &NewSession<'_>) -> Result<(), sqlx::Error> {
    let agent: String =
        session.agent.chars().filter(|letter| !letter.is_control()).take(AGENT_CHARS).collect();
    sqlx::query("delete from sessions where ends_at < clock_timestamp()").execute(pool).await?;
    sqlx::query(
        "insert into sessions (token_id, account, epoch, means, ends_at, address, agent)
         values ($1, $2, $3, $4, $5, $6::inet, $7)",
    )
    .bind(session.token)
    .bind(session.account)
    .bind(session.epoch)
    .bind(session.means)
    .bind(session.ends_at)
    .bind(session.address.to_string())
    .bind(agent)
    .execute(pool)
    .await?;
    Ok(())
}

/// Notes that a session was used.
///
/// # Errors
/// The database failed.
pub async fn seen(pool: &PgPool, token: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("update sessions set seen_at = clock_timestamp() where token_id = $1", token)
        .execute(pool)
        .await?;
    Ok(())
}

const COLUMNS: &str =
    "s.token_id, s.account, s.means, s.began_at, s.seen_at, s.ends_at, host(s.address) as address, s.agent";
/// A session counts while its token does.
const STANDS: &str = "s.ends_at > clock_timestamp()
     and exists (select from account_credentials c where c.account = s.account and c.session_epoch = s.epoch)
     and not exists (select from revoked_tokens r where r.token_id = s.token_id)";

/// The sessions of an account that still count, newest first: at most [`LISTED`].
///
/// # Errors
/// The database failed.
pub async fn of_account(pool: &PgPool, account: Uuid) -> Result<Vec<SessionRecord>, sqlx::Error> {
    sqlx::query_as(&format!(
        "select {COLUMNS} from sessions s where s.account = $1 and {STANDS} order by s.began_at desc limit $2"
    ))
    .bind(account)
    .bind(LISTED)
    .fetch_all(pool)
    .await
}

/// One session that still counts.
///
/// # Errors
/// The database failed.
pub async fn by_id(pool: &PgPool, token: Uuid) -> Result<Option<SessionRecord>, sqlx::Error> {
    sqlx::query_as(&format!("select {COLUMNS} from sessions s where s.token_id = $1 and {STANDS}"))
        .bind(token)
        .fetch_optional(pool)
        .await
}
