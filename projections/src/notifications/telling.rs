//! What the notifier writes, all of it in the transaction that moves its position on.

use super::{Kind, MailWish, SubjectKind};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};
use std::collections::BTreeSet;
use std::time::Duration;
use uuid::Uuid;

/// What ids of notifications and mails are made under, so that they are the same whoever makes them.
const NAMES: Uuid = Uuid::from_u128(0x0ea7_9c1b_5f1e_5d0c_9a2c_6b7d_9e10_4a55);

/// Makes sure that a follower has its row. A new one begins where the ledger ends: what happened before there
/// was one is not told. Says nothing of one that is there.
///
/// # Errors
/// The database failed.
pub async fn register(pool: &PgPool, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into projection_positions (name, fold_version, position)
         select $1, 1, coalesce(max(position), 0) from ledger on conflict do nothing",
        name
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// How long a mail that goes at once gathers what comes besides for the same person: who gives somebody a hundred
/// tests sends them one mail.
const GATHERED_FOR: Duration = Duration::from_secs(5);

/// What there is to tell of one thing that happened.
#[derive(Debug, Clone)]
pub struct News {
    /// What kind.
    pub kind: Kind,
    /// What it is about.
    pub subject_kind: SubjectKind,
    /// Which.
    pub subject_id: Uuid,
    /// What people call it by.
    pub number: Option<i64>,
    /// Who did it.
    pub actor: Uuid,
    /// Where it stands in the ledger.
    pub position: i64,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What tells it from everything else there is to tell: its position, or job and day.
    pub key: String,
}

/// Who was told in the interface.
pub type Told = Vec<Uuid>;

impl News {
    fn id(&self, what: &str, account: Uuid) -> Uuid {
        Uuid::new_v5(&NAMES, format!("{what}/{}/{account}/{}", self.key, self.kind.as_str()).as_bytes())
    }
}

/// Tells people in the ways they prefer; whoever was told before is not told again. `mail` says whether there
/// is any.
///
/// # Errors
/// The database failed.
pub async fn tell(
    connection: &mut PgConnection,
    news: &News,
    recipients: &[Uuid],
    mail: bool,
) -> Result<Told, sqlx::Error> {
    if recipients.is_empty() {
        return Ok(vec![]);
    }
    let ids: Vec<Uuid> = recipients.iter().map(|account| news.id("notification", *account)).collect();
    let told = sqlx::query_scalar!(
        "insert into notifications (notification_id, account, kind, subject_kind, subject_id, number, actor, position, at)
         select r.id, r.account, $3, $4, $5, $6, $7, $8, $9
         from unnest($1::uuid[], $2::uuid[]) with ordinality r (id, account, nth)
           left join notification_preferences p on p.account = r.account and p.kind = $3
         where coalesce(p.in_app, true) order by r.nth
         on conflict (notification_id) do nothing returning account",
        &ids,
        recipients,
        news.kind.as_str(),
        news.subject_kind.as_str(),
        news.subject_id,
        news.number,
        news.actor,
        news.position,
        news.at
    )
    .fetch_all(&mut *connection)
    .await?;
    if mail {
        write_mail(connection, news, recipients).await?;
    }
    Ok(told)
}

async fn write_mail(
    connection: &mut PgConnection,
    news: &News,
    recipients: &[Uuid],
) -> Result<(), sqlx::Error> {
    let items: Vec<Uuid> = recipients.iter().map(|account| news.id("item", *account)).collect();
    let mails: Vec<Uuid> = recipients.iter().map(|account| news.id("mail", *account)).collect();
    sqlx::query!(
        "with wished as (
           select r.item, r.mail, r.account, coalesce(p.mail, $4) as wish
           from unnest($1::uuid[], $2::uuid[], $3::uuid[]) r (item, mail, account)
             join account_profiles f on f.account = r.account and f.email is not null
             left join notification_preferences p on p.account = r.account and p.kind = $5
           where coalesce(p.mail, $4) <> $6),
         -- what is news is in no mail yet
         fresh as (select * from wished w where not exists (select from mail_items i where i.item_id = w.item)),
         -- a mail that nobody has begun to send takes what comes besides; while it does, nobody begins
         gathering as (
           select f.item, o.mail_id from fresh f cross join lateral (
             select mail_id from mails
             where account = f.account and state = 'pending' and digest_on is null and attempts = 0
               and next_attempt_at > clock_timestamp()
             order by created_at limit 1 for update) o
           where f.wish = $7),
         at_once as (
           insert into mails (mail_id, account, next_attempt_at)
           select mail, account, clock_timestamp() + make_interval(secs => $14) from fresh f
           where wish = $7 and not exists (select from gathering g where g.item = f.item)
           on conflict (mail_id) do nothing)
         insert into mail_items (item_id, account, mail_id, kind, subject_kind, subject_id, number, actor, position, at)
         select f.item, f.account, case when f.wish = $7 then coalesce(g.mail_id, f.mail) end, $5, $8, $9, $10, $11, $12, $13
         from fresh f left join gathering g using (item)
         on conflict (item_id) do nothing",
        &items,
        &mails,
        recipients,
        news.kind.mail_unasked().as_str(),
        news.kind.as_str(),
        MailWish::Off.as_str(),
        MailWish::AtOnce.as_str(),
        news.subject_kind.as_str(),
        news.subject_id,
        news.number,
        news.actor,
        news.position,
        news.at,
        GATHERED_FOR.as_secs_f64()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What people call a subject by, as of a position.
///
/// # Errors
/// The database failed.
pub async fn number_of(
    connection: &mut PgConnection,
    kind: SubjectKind,
    id: Uuid,
    at: i64,
) -> Result<Option<i64>, sqlx::Error> {
    match kind {
        SubjectKind::Test => {
            sqlx::query_scalar!(
                "select number from tests where row_key = $1::uuid::text and from_position <= $2 and to_position > $2",
                id,
                at
            )
            .fetch_optional(connection)
            .await
        }
        SubjectKind::Campaign => {
            sqlx::query_scalar!(
                "select number from campaigns where row_key = $1::uuid::text and from_position <= $2 and to_position > $2",
                id,
                at
            )
            .fetch_optional(connection)
            .await
        }
        SubjectKind::Remediation => {
            sqlx::query_scalar!(
                "select number from remediations where row_key = $1::uuid::text and from_position <= $2 and to_position > $2",
                id,
                at
            )
            .fetch_optional(connection)
            .await
        }
        SubjectKind::Job => Ok(None),
    }
}

/// Who had a test as of a position.
///
/// # Errors
/// The database failed.
pub async fn test_assignee(
    connection: &mut PgConnection,
    test: Uuid,
    at: i64,
) -> Result<Option<Uuid>, sqlx::Error> {
    let found = sqlx::query_scalar!(
        "select assignee from tests where row_key = $1::uuid::text and from_position <= $2 and to_position > $2",
        test,
        at
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.flatten())
}

/// Who saw to a remediation as of a position.
///
/// # Errors
/// The database failed.
pub async fn remediation_assignee(
    connection: &mut PgConnection,
    remediation: Uuid,
    at: i64,
) -> Result<Option<Uuid>, sqlx::Error> {
    let found = sqlx::query_scalar!(
        "select assignee from remediations
         where row_key = $1::uuid::text and from_position <= $2 and to_position > $2",
        remediation,
        at
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.flatten())
}

/// Whom a comment mentioned as of a position.
///
/// # Errors
/// The database failed.
pub async fn comment_mentions(
    connection: &mut PgConnection,
    discussion: &str,
    comment: Uuid,
    at: i64,
) -> Result<BTreeSet<Uuid>, sqlx::Error> {
    let found = sqlx::query_scalar!(
        "select mentions from comments where row_key = $1 and from_position <= $2 and to_position > $2",
        format!("{discussion}/{comment}"),
        at
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.unwrap_or_default().into_iter().collect())
}

/// A job that has ended and of which nobody was told.
#[derive(Debug, Clone)]
pub struct EndedJob {
    /// The job.
    pub job: Uuid,
    /// Whether it failed.
    pub failed: bool,
    /// The position of its request.
    pub position: i64,
    /// When it ended.
    pub finished_at: DateTime<Utc>,
}

/// Jobs that have failed, and imports that are finished, of which nobody was told; oldest first, at most `limit`.
/// They are this transaction's until it ends.
///
/// # Errors
/// The database failed.
pub async fn ended_jobs(connection: &mut PgConnection, limit: i64) -> Result<Vec<EndedJob>, sqlx::Error> {
    sqlx::query_as!(
        EndedJob,
        r#"select job, state = 'failed' as "failed!", requested_position as position, finished_at as "finished_at!"
           from jobs
           where (state = 'failed' or state = 'succeeded' and kind like 'import%') and told_at is distinct from finished_at
           order by finished_at limit $1 for update skip locked"#,
        limit
    )
    .fetch_all(connection)
    .await
}

/// Whether any job waits for somebody to be told of it: asked before a transaction is begun for nothing.
///
/// # Errors
/// The database failed.
pub async fn any_ended(pool: &PgPool) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from jobs
             where (state = 'failed' or state = 'succeeded' and kind like 'import%')
               and told_at is distinct from finished_at) as "any!""#
    )
    .fetch_one(pool)
    .await
}

/// Notes that people were told of a job's end.
///
/// # Errors
/// The database failed.
pub async fn told_of_job(connection: &mut PgConnection, job: &EndedJob) -> Result<(), sqlx::Error> {
    sqlx::query!("update jobs set told_at = $2 where job = $1", job.job, job.finished_at)
        .execute(connection)
        .await?;
    Ok(())
}
