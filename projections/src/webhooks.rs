//! Addresses outside that are told what happens: settings of admins, plain tables. What became of each
//! telling is in `deliveries`.

mod deliveries;

pub use deliveries::{
    Claimed, Delivery, DeliveryRecord, LOG_KEPT_DAYS, claim, cut, deliver_again, delivered, deliveries,
    delivery, enqueue, failed, give_back,
};

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// Webhooks that a house has at most, retired ones not counted.
pub const MAX_WEBHOOKS: i64 = 20;

/// What the secret of a webhook is sealed for.
pub fn secret_of(webhook: Uuid) -> String {
    format!("webhook/{webhook}")
}

/// A webhook as it stands.
#[derive(Debug, Clone)]
pub struct WebhookRecord {
    /// Its id.
    pub webhook_id: Uuid,
    /// What people call it.
    pub name: String,
    /// Where it leads.
    pub url: String,
    /// Stored names of the kinds it is told; none for all.
    pub kinds: Vec<String>,
    /// Whether it is told anything.
    pub active: bool,
    /// Who made it.
    pub created_by: Uuid,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Deliveries that wait.
    pub pending: i64,
    /// Deliveries in the log that were given up.
    pub failed: i64,
    /// When something was last delivered.
    pub last_delivered_at: Option<DateTime<Utc>>,
}

/// Every webhook that was not retired, or the one of an id, by name.
///
/// # Errors
/// The database failed.
pub async fn webhooks(pool: &PgPool, id: Option<Uuid>) -> Result<Vec<WebhookRecord>, sqlx::Error> {
    sqlx::query_as!(
        WebhookRecord,
        r#"select w.webhook_id, w.name, w.url, w.kinds, w.active, w.created_by, w.created_at, w.updated_at,
                  d.pending as "pending!", d.failed as "failed!", d.last_delivered_at
           from webhooks w cross join lateral (
             select count(*) filter (where state = 'pending') as pending,
                    count(*) filter (where state = 'failed') as failed, max(delivered_at) as last_delivered_at
             from webhook_deliveries where webhook_id = w.webhook_id) d
           where w.retired_at is null and ($1::uuid is null or w.webhook_id = $1)
           order by w.name, w.webhook_id limit $2"#,
        id,
        MAX_WEBHOOKS
    )
    .fetch_all(pool)
    .await
}

/// One webhook that was not retired.
///
/// # Errors
/// The database failed.
pub async fn webhook(pool: &PgPool, id: Uuid) -> Result<Option<WebhookRecord>, sqlx::Error> {
    Ok(webhooks(pool, Some(id)).await?.pop())
}

/// A webhook to be made.
#[derive(Debug, Clone)]
pub struct NewWebhook<'a> {
    /// Its id.
    pub webhook_id: Uuid,
    /// What people call it.
    pub name: &'a str,
    /// Where it leads; checked.
    pub url: &'a str,
    /// Stored names of the kinds it is told; none for all.
    pub kinds: &'a [String],
    /// What its deliveries are signed with, sealed.
    pub secret: &'a [u8],
    /// Who makes it.
    pub created_by: Uuid,
}

/// Makes a webhook. False where there are [`MAX_WEBHOOKS`] already.
///
/// # Errors
/// The database failed.
pub async fn create(pool: &PgPool, webhook: &NewWebhook<'_>) -> Result<bool, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    // One at a time, or two would both be the last that fits.
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('aegis: webhooks', 0))")
        .execute(&mut *transaction)
        .await?;
    let made = sqlx::query!(
        "insert into webhooks (webhook_id, name, url, kinds, secret, created_by)
         select $1, $2, $3, $4, $5, $6
         where (select count(*) from webhooks where retired_at is null) < $7",
        webhook.webhook_id,
        webhook.name,
        webhook.url,
        webhook.kinds,
        webhook.secret,
        webhook.created_by,
        MAX_WEBHOOKS
    )
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(made.rows_affected() == 1)
}

/// Changes of a webhook; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct WebhookChange<'a> {
    /// What people call it.
    pub name: Option<&'a str>,
    /// Where it leads; checked.
    pub url: Option<&'a str>,
    /// Stored names of the kinds it is told; none for all.
    pub kinds: Option<&'a [String]>,
    /// Whether it is told anything.
    pub active: Option<bool>,
    /// What its deliveries are signed with from now on, sealed.
    pub secret: Option<&'a [u8]>,
}

/// Changes a webhook. False where there is none of that id, or no more.
///
/// # Errors
/// The database failed.
pub async fn change(pool: &PgPool, id: Uuid, change: &WebhookChange<'_>) -> Result<bool, sqlx::Error> {
    let changed = sqlx::query!(
        "update webhooks set name = coalesce($2, name), url = coalesce($3, url), kinds = coalesce($4, kinds),
                active = coalesce($5, active), secret = coalesce($6, secret), updated_at = clock_timestamp()
         where webhook_id = $1 and retired_at is null",
        id,
        change.name,
        change.url,
        change.kinds,
        change.active,
        change.secret
    )
    .execute(pool)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Retires a webhook: it is told nothing more, and what waits is given up. Its secret is forgotten; its log goes in
/// its time. False where there is none of that id, or no more.
///
/// # Errors
/// The database failed.
pub async fn retire(pool: &PgPool, id: Uuid) -> Result<bool, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    let retired = sqlx::query!(
        "update webhooks set retired_at = clock_timestamp(), active = false, secret = ''
         where webhook_id = $1 and retired_at is null",
        id
    )
    .execute(&mut *transaction)
    .await?
    .rows_affected()
        == 1;
    if retired {
        sqlx::query!(
            "update webhook_deliveries set state = 'failed', last_error = 'the webhook was deleted', claimed_until = null
             where webhook_id = $1 and state = 'pending'",
            id
        )
        .execute(&mut *transaction)
        .await?;
    }
    transaction.commit().await?;
    Ok(retired)
}

/// A webhook that is told things, as the notifier needs it.
#[derive(Debug, Clone)]
pub struct Listener {
    /// Its id.
    pub webhook_id: Uuid,
    /// Stored names of the kinds it is told; none for all.
    pub kinds: Vec<String>,
}

/// Every webhook that is told things.
///
/// # Errors
/// The database failed.
pub async fn listeners(connection: &mut PgConnection) -> Result<Vec<Listener>, sqlx::Error> {
    sqlx::query_as!(
        Listener,
        "select webhook_id, kinds from webhooks where active and retired_at is null order by webhook_id limit $1",
        MAX_WEBHOOKS
    )
    .fetch_all(connection)
    .await
}
