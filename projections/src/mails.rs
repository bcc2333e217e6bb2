//! Mail on its way: what is to be sent to whom, and what came of it. An address
//! is joined when a mail is taken to be sent and stands nowhere else, so that
//! erasing a person ends their mail.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sqlx::PgPool;
use std::time::Duration;
use uuid::Uuid;

/// Days that what was sent, or was not, is remembered.
pub const LOG_KEPT_DAYS: i64 = 30;
/// Days after which a mail that could not be sent is no news any more.
pub const STALE_AFTER_DAYS: i64 = 3;
/// What one mail tells at most; the rest is counted.
pub const ITEMS_OF_A_MAIL: i64 = 100;

/// A mail that a process has taken to send.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Which.
    pub mail_id: Uuid,
    /// To whom.
    pub account: Uuid,
    /// Of a digest: its day.
    pub digest_on: Option<NaiveDate>,
    /// Where to; none where nobody is there any more, or does not want any.
    pub address: Option<String>,
    /// Which attempt this is, from 1.
    pub attempt: i32,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// Whether it is too old to be sent.
    pub stale: bool,
}

/// Takes mails that are due, oldest first, at most `limit`; they are the taker's for `lease`.
///
/// # Errors
/// The database failed.
pub async fn claim(
    pool: &PgPool,
    holder: Uuid,
    lease: Duration,
    limit: i64,
) -> Result<Vec<Claimed>, sqlx::Error> {
    sqlx::query_as!(
        Claimed,
        r#"with due as materialized (
             select mail_id from mails
             where state = 'pending' and next_attempt_at <= clock_timestamp()
               and (claimed_until is null or claimed_until < clock_timestamp())
             order by next_attempt_at limit $3 for update skip locked),
           taken as (
             update mails m set claimed_by = $1, claimed_until = clock_timestamp() + make_interval(secs => $2),
                    attempts = attempts + 1
             from due where m.mail_id = due.mail_id
             returning m.mail_id, m.account, m.digest_on, m.attempts, m.created_at)
           select t.mail_id, t.account, t.digest_on, t.attempts as attempt, t.created_at,
                  t.created_at < clock_timestamp() - make_interval(days => $4) as "stale!",
                  case when a.active then p.email end as address
           from taken t
             left join accounts a on a.row_key = t.account::text and a.to_position = 9223372036854775807
             left join account_profiles p on p.account = t.account"#,
        holder,
        lease.as_secs_f64(),
        limit,
        i32::try_from(STALE_AFTER_DAYS).unwrap_or(i32::MAX)
    )
    .fetch_all(pool)
    .await
}

/// One thing that a mail tells.
#[derive(Debug, Clone)]
pub struct Item {
    /// Stored name of its kind.
    pub kind: String,
    /// Stored name of what it is about.
    pub subject_kind: String,
    /// Which.
    pub subject_id: Uuid,
    /// What people call it by.
    pub number: Option<i64>,
    /// When it happened.
    pub at: DateTime<Utc>,
}

/// What a mail tells, oldest first, at most [`ITEMS_OF_A_MAIL`], and how many there are in all.
///
/// # Errors
/// The database failed.
pub async fn items(pool: &PgPool, mail: Uuid) -> Result<(Vec<Item>, i64), sqlx::Error> {
    let items = sqlx::query_as!(
        Item,
        "select kind, subject_kind, subject_id, number, at from mail_items where mail_id = $1 order by place limit $2",
        mail,
        ITEMS_OF_A_MAIL
    )
    .fetch_all(pool)
    .await?;
    let all = sqlx::query_scalar!(r#"select count(*) as "count!" from mail_items where mail_id = $1"#, mail)
        .fetch_one(pool)
        .await?;
    Ok((items, all))
}

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came {
    /// The mail server took it.
    Sent,
    /// There is nobody to send it to, or it is too late.
    Dropped(&'static str),
    /// It failed and is tried again after so long.
    Again(String, Duration),
    /// It failed for good.
    Failed(String),
}

/// Says what became of a mail. False where somebody else has it by now.
///
/// # Errors
/// The database failed.
pub async fn came(pool: &PgPool, mail: Uuid, holder: Uuid, came: &Came) -> Result<bool, sqlx::Error> {
    let (state, error, after) = match came {
        Came::Sent => ("sent", None, None),
        Came::Dropped(why) => ("dropped", Some(*why), None),
        Came::Again(why, after) => ("pending", Some(why.as_str()), Some(after.as_secs_f64())),
        Came::Failed(why) => ("failed", Some(why.as_str()), None),
    };
    let noted = sqlx::query!(
        "update mails set state = $3, last_error = $4, claimed_by = null, claimed_until = null,
                next_attempt_at = clock_timestamp() + make_interval(secs => coalesce($5::float8, 0)),
                sent_at = case when $3 = 'sent' then clock_timestamp() end
         where mail_id = $1 and claimed_by = $2 and state = 'pending'",
        mail,
        holder,
        state,
        error,
        after
    )
    .execute(pool)
    .await?;
    Ok(noted.rows_affected() == 1)
}

/// Somebody for whom something waits for the next digest.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Who.
    pub account: Uuid,
    /// The IANA name of their time zone, if they have said it.
    pub time_zone: Option<String>,
    /// Since when the oldest of it waits.
    pub since: DateTime<Utc>,
}

/// Those for whom something waits for the next digest, after an account, in the order of their ids.
///
/// # Errors
/// The database failed.
pub async fn waiting(pool: &PgPool, after: Option<Uuid>, limit: i64) -> Result<Vec<Waiting>, sqlx::Error> {
    sqlx::query_as!(
        Waiting,
        r#"select i.account, p.time_zone, min(i.at) as "since!"
           from mail_items i left join account_profiles p using (account)
           where i.mail_id is null and ($1::uuid is null or i.account > $1)
           group by i.account, p.time_zone order by i.account limit $2"#,
        after,
        limit
    )
    .fetch_all(pool)
    .await
}

/// What ids of digests are made under.
const DIGESTS: Uuid = Uuid::from_u128(0x3d5c_2a0e_7b41_5e6f_8d19_4c72_b0a6_e1f3);

/// Makes the digest of a day out of what happened before an instant. One that there is already stays as it is, and
/// what came later waits for the next. Says whether it was made.
///
/// # Errors
/// The database failed.
pub async fn digest(
    pool: &PgPool,
    account: Uuid,
    day: NaiveDate,
    before: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let id = Uuid::new_v5(&DIGESTS, format!("{account}/{day}").as_bytes());
    let made = sqlx::query!(
        "with made as (
           insert into mails (mail_id, account, digest_on) select $1, $2, $3
           where exists (select from mail_items where account = $2 and mail_id is null and at < $4)
           on conflict (mail_id) do nothing returning mail_id)
         update mail_items i set mail_id = made.mail_id from made
         where i.account = $2 and i.mail_id is null and i.at < $4",
        id,
        account,
        day,
        before
    )
    .execute(pool)
    .await?;
    Ok(made.rows_affected() > 0)
}

/// Forgets mails from more than [`LOG_KEPT_DAYS`] ago, with what they told, and what waited for a digest for as long; at
/// most `limit` of each. Says how many mails went.
///
/// # Errors
/// The database failed.
pub async fn cut(pool: &PgPool, now: DateTime<Utc>, limit: i64) -> Result<u64, sqlx::Error> {
    let before = now - TimeDelta::days(LOG_KEPT_DAYS);
    let cut = sqlx::query!(
        "delete from mails where mail_id in (select mail_id from mails where created_at < $1 order by created_at limit $2)",
        before,
        limit
    )
    .execute(pool)
    .await?;
    sqlx::query!(
        "delete from mail_items where item_id in (
           select item_id from mail_items where mail_id is null and at < $1 limit $2)",
        before,
        limit
    )
    .execute(pool)
    .await?;
    Ok(cut.rows_affected())
}
