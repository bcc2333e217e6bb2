//! Each telling of a webhook: what is sent, how often it was tried, what came of it.
//!
//! A process takes deliveries for a while and says what came of them; one that was killed says nothing, and
//! another takes them when the while is over. So a delivery is made at least once, and known to its recipient
//! by its id.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{PgConnection, PgPool};
use std::time::Duration;
use uuid::Uuid;

/// Days that the log of deliveries is kept.
pub const LOG_KEPT_DAYS: i64 = 30;

/// A delivery to be made.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Its id, the same whoever makes it.
    pub delivery_id: Uuid,
    /// To whom.
    pub webhook_id: Uuid,
    /// Stored name of what it tells; `ping`.
    pub kind: String,
    /// Where that stands in the ledger.
    pub position: Option<i64>,
    /// What is sent.
    pub payload: String,
}

/// Has a delivery made; one that is there stays as it is.
///
/// # Errors
/// The database failed.
pub async fn enqueue(connection: &mut PgConnection, delivery: &Delivery) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into webhook_deliveries (delivery_id, webhook_id, kind, position, payload)
         values ($1, $2, $3, $4, $5) on conflict (delivery_id) do nothing",
        delivery.delivery_id,
        delivery.webhook_id,
        delivery.kind,
        delivery.position,
        delivery.payload
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A delivery as it stands.
#[derive(Debug, Clone)]
pub struct DeliveryRecord {
    /// Its id.
    pub delivery_id: Uuid,
    /// Its place among all, later ones higher.
    pub place: i64,
    /// To whom.
    pub webhook_id: Uuid,
    /// Stored name of what it tells; `ping`.
    pub kind: String,
    /// Where that stands in the ledger.
    pub position: Option<i64>,
    /// What is sent.
    pub payload: String,
    /// `pending`, `delivered` or `failed`.
    pub state: String,
    /// How often it was tried since it was asked for.
    pub attempts: i32,
    /// When it is tried next, while it waits.
    pub next_attempt_at: DateTime<Utc>,
    /// What the last answer said.
    pub last_status: Option<i32>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When it was last tried.
    pub last_attempt_at: Option<DateTime<Utc>>,
    /// When it was delivered.
    pub delivered_at: Option<DateTime<Utc>>,
    /// When it was first asked for.
    pub created_at: DateTime<Utc>,
}

/// One page of the log of a webhook, newest first, after a place, and how many there are in all.
///
/// # Errors
/// The database failed.
pub async fn deliveries(
    pool: &PgPool,
    webhook: Uuid,
    after: Option<i64>,
    limit: i64,
) -> Result<(Vec<DeliveryRecord>, i64), sqlx::Error> {
    let rows = sqlx::query_as!(
        DeliveryRecord,
        "select delivery_id, place, webhook_id, kind, position, payload, state, attempts, next_attempt_at, last_status,
                last_error, last_attempt_at, delivered_at, created_at
         from webhook_deliveries where webhook_id = $1 and ($2::int8 is null or place < $2)
         order by place desc limit $3",
        webhook,
        after,
        limit
    )
    .fetch_all(pool)
    .await?;
    let total = sqlx::query_scalar!(
        r#"select count(*) as "count!" from webhook_deliveries where webhook_id = $1"#,
        webhook
    )
    .fetch_one(pool)
    .await?;
    Ok((rows, total))
}

/// One delivery of a webhook that was not retired.
///
/// # Errors
/// The database failed.
pub async fn delivery(pool: &PgPool, id: Uuid) -> Result<Option<DeliveryRecord>, sqlx::Error> {
    sqlx::query_as!(
        DeliveryRecord,
        "select d.delivery_id, d.place, d.webhook_id, d.kind, d.position, d.payload, d.state, d.attempts,
                d.next_attempt_at, d.last_status, d.last_error, d.last_attempt_at, d.delivered_at, d.created_at
         from webhook_deliveries d join webhooks w using (webhook_id)
         where d.delivery_id = $1 and w.retired_at is null",
        id
    )
    .fetch_optional(pool)
    .await
}

/// Has a delivery made once more that has ended, under the same id. False where it waits, or is not there.
///
/// # Errors
/// The database failed.
pub async fn deliver_again(pool: &PgPool, id: Uuid) -> Result<bool, sqlx::Error> {
    let again = sqlx::query!(
        "update webhook_deliveries d set state = 'pending', attempts = 0, next_attempt_at = clock_timestamp(),
                claimed_by = null, claimed_until = null, last_status = null, last_error = null
         from webhooks w
         where d.delivery_id = $1 and w.webhook_id = d.webhook_id and w.retired_at is null and d.state <> 'pending'",
        id
    )
    .execute(pool)
    .await?;
    Ok(again.rows_affected() == 1)
}

/// A delivery that a process has taken.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Which.
    pub delivery_id: Uuid,
    /// To whom.
    pub webhook_id: Uuid,
    /// Where that leads.
    pub url: String,
    /// What it is signed with, sealed.
    pub secret: Vec<u8>,
    /// Stored name of what it tells; `ping`.
    pub kind: String,
    /// What is sent.
    pub payload: String,
    /// Which attempt this is, from 1.
    pub attempt: i32,
}

/// Takes deliveries that are due, one of each webhook, unless so many of it are on their way already: one that answers
/// slowly keeps no other waiting. They are the taker's for `lease`.
///
/// # Errors
/// The database failed.
pub async fn claim(
    pool: &PgPool,
    holder: Uuid,
    lease: Duration,
    at_once: i64,
) -> Result<Vec<Claimed>, sqlx::Error> {
    sqlx::query_as!(
        Claimed,
        r#"with due as materialized (
             select d.delivery_id, w.url, w.secret
             from webhooks w cross join lateral (
               select delivery_id from webhook_deliveries
               where webhook_id = w.webhook_id and state = 'pending' and next_attempt_at <= clock_timestamp()
                 and (claimed_until is null or claimed_until < clock_timestamp())
               order by next_attempt_at limit 1 for update skip locked) d
             where w.active and w.retired_at is null
               and (select count(*) from webhook_deliveries o where o.webhook_id = w.webhook_id and o.state = 'pending'
                      and o.claimed_until >= clock_timestamp()) < $3)
           update webhook_deliveries u
           set claimed_by = $1, claimed_until = clock_timestamp() + make_interval(secs => $2),
               attempts = attempts + 1, last_attempt_at = clock_timestamp()
           from due where u.delivery_id = due.delivery_id
           returning u.delivery_id, u.webhook_id, due.url as "url!", due.secret as "secret!", u.kind, u.payload,
                     u.attempts as attempt"#,
        holder,
        lease.as_secs_f64(),
        at_once
    )
    .fetch_all(pool)
    .await
}

/// Says that a delivery was taken. False where somebody else has it by now.
///
/// # Errors
/// The database failed.
pub async fn delivered(pool: &PgPool, id: Uuid, holder: Uuid, status: i32) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update webhook_deliveries set state = 'delivered', last_status = $3, last_error = null,
                delivered_at = clock_timestamp(), claimed_by = null, claimed_until = null
         where delivery_id = $1 and claimed_by = $2 and state = 'pending'",
        id,
        holder,
        status
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Says why a delivery failed, and after how long it is tried again; `None` gives it up. False where somebody else has
/// it by now.
///
/// # Errors
/// The database failed.
pub async fn failed(
    pool: &PgPool,
    id: Uuid,
    holder: Uuid,
    status: Option<i32>,
    error: &str,
    again_after: Option<Duration>,
) -> Result<bool, sqlx::Error> {
    let noted = sqlx::query!(
        "update webhook_deliveries
         set state = case when $5::float8 is null then 'failed' else 'pending' end,
             next_attempt_at = clock_timestamp() + make_interval(secs => coalesce($5, 0)),
             last_status = $3, last_error = $4, claimed_by = null, claimed_until = null
         where delivery_id = $1 and claimed_by = $2 and state = 'pending'",
        id,
        holder,
        status,
        error,
        again_after.map(|after| after.as_secs_f64())
    )
    .execute(pool)
    .await?;
    Ok(noted.rows_affected() == 1)
}

/// Leaves a delivery to others for a while, as if it had not been tried.
///
/// # Errors
/// The database failed.
pub async fn give_back(
    pool: &PgPool,
    id: Uuid,
    holder: Uuid,
    error: &str,
    after: Duration,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update webhook_deliveries
         set attempts = greatest(attempts - 1, 0), last_error = $3, claimed_by = null, claimed_until = null,
             next_attempt_at = clock_timestamp() + make_interval(secs => $4)
         where delivery_id = $1 and claimed_by = $2 and state = 'pending'",
        id,
        holder,
        error,
        after.as_secs_f64()
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Cuts the log: what is older than [`LOG_KEPT_DAYS`], whatever came of it, and retired webhooks whose last line
/// has gone; at most `limit` of each, oldest first. Says how many lines went.
///
/// # Errors
/// The database failed.
pub async fn cut(pool: &PgPool, now: DateTime<Utc>, limit: i64) -> Result<u64, sqlx::Error> {
    let lines = sqlx::query!(
        "delete from webhook_deliveries where delivery_id in (
           select delivery_id from webhook_deliveries where created_at < $1 order by created_at limit $2)",
        now - TimeDelta::days(LOG_KEPT_DAYS),
        limit
    )
    .execute(pool)
    .await?;
    sqlx::query!(
        "delete from webhooks where webhook_id in (
           select webhook_id from webhooks w where retired_at is not null
             and not exists (select from webhook_deliveries d where d.webhook_id = w.webhook_id) limit $1)",
        limit
    )
    .execute(pool)
    .await?;
    Ok(lines.rows_affected())
}
