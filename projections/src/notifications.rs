//! What people are told. Written by the notifier of `workers` as it follows the
//! ledger, and changed by whoever reads it and by retention: so these are plain
//! tables and no read model, and a rebuild leaves them alone (docs/adr/0009).
//!
//! Rows hold account ids and subjects by id; names and titles are joined when
//! somebody looks.

mod audience;
mod kind;
mod telling;

pub use audience::{Audience, MAX_RECIPIENTS, audience_of, only_active};
pub use kind::{Kind, MailWish, SubjectKind};
pub use telling::{EndedJob, News, Told, any_ended, ended_jobs, number_of, tell, test_assignee, told_of_job};
pub use telling::{comment_mentions, register, remediation_assignee};

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use std::collections::HashMap;
use uuid::Uuid;

/// A notification, as its recipient sees it.
#[derive(Debug, Clone)]
pub struct NotificationRecord {
    /// Its id.
    pub notification_id: Uuid,
    /// Its place among all, later ones higher.
    pub place: i64,
    /// Stored name of its kind.
    pub kind: String,
    /// Stored name of what it is about.
    pub subject_kind: String,
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
    /// When it was marked as read.
    pub read_at: Option<DateTime<Utc>>,
}

/// One page of what an account was told, newest first, after a place.
///
/// # Errors
/// The database failed.
pub async fn list(
    pool: &PgPool,
    account: Uuid,
    unread_only: bool,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<NotificationRecord>, sqlx::Error> {
    sqlx::query_as!(
        NotificationRecord,
        "select notification_id, place, kind, subject_kind, subject_id, number, actor, position, at, read_at
         from notifications
         where account = $1 and (read_at is null or not $2) and ($3::int8 is null or place < $3)
         order by place desc limit $4",
        account,
        unread_only,
        after,
        limit
    )
    .fetch_all(pool)
    .await
}

/// What an account was told since a place, oldest first.
///
/// # Errors
/// The database failed.
pub async fn since(
    pool: &PgPool,
    account: Uuid,
    place: i64,
    limit: i64,
) -> Result<Vec<NotificationRecord>, sqlx::Error> {
    sqlx::query_as!(
        NotificationRecord,
        "select notification_id, place, kind, subject_kind, subject_id, number, actor, position, at, read_at
         from notifications where account = $1 and place > $2 order by place limit $3",
        account,
        place,
        limit
    )
    .fetch_all(pool)
    .await
}

/// How many there are for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Not marked as read.
    pub unread: i64,
    /// In all.
    pub all: i64,
    /// The place of the newest; 0 for none.
    pub newest: i64,
}

/// Counts what an account was told.
///
/// # Errors
/// The database failed.
pub async fn counts(pool: &PgPool, account: Uuid) -> Result<Counts, sqlx::Error> {
    sqlx::query_as!(
        Counts,
        r#"select count(*) filter (where read_at is null) as "unread!", count(*) as "all!",
                  coalesce(max(place), 0) as "newest!"
           from notifications where account = $1"#,
        account
    )
    .fetch_one(pool)
    .await
}

/// How many an account has not read, and the place of its newest: what a bell shows, found without
/// looking at what was read.
///
/// # Errors
/// The database failed.
pub async fn bell(pool: &PgPool, account: Uuid) -> Result<(i64, i64), sqlx::Error> {
    let row = sqlx::query!(
        r#"select (select count(*) from notifications where account = $1 and read_at is null) as "unread!",
                  coalesce((select place from notifications where account = $1 order by place desc limit 1), 0)
                    as "newest!""#,
        account
    )
    .fetch_one(pool)
    .await?;
    Ok((row.unread, row.newest))
}

/// Marks one of an account's own as read; once it is, it stays as it is. `None` where the account has none of
/// that id, whoever else may.
///
/// # Errors
/// The database failed.
pub async fn mark(
    pool: &PgPool,
    account: Uuid,
    notification: Uuid,
) -> Result<Option<NotificationRecord>, sqlx::Error> {
    sqlx::query_as!(
        NotificationRecord,
        "update notifications set read_at = coalesce(read_at, clock_timestamp())
         where account = $1 and notification_id = $2
         returning notification_id, place, kind, subject_kind, subject_id, number, actor, position, at, read_at",
        account,
        notification
    )
    .fetch_optional(pool)
    .await
}

/// The place of one of an account's own.
///
/// # Errors
/// The database failed.
pub async fn place_of(pool: &PgPool, account: Uuid, notification: Uuid) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        "select place from notifications where account = $1 and notification_id = $2",
        account,
        notification
    )
    .fetch_optional(pool)
    .await
}

/// Marks all of an account's own as read, or those up to a place; says how many.
///
/// # Errors
/// The database failed.
pub async fn mark_all(pool: &PgPool, account: Uuid, up_to: Option<i64>) -> Result<u64, sqlx::Error> {
    let marked = sqlx::query!(
        "update notifications set read_at = clock_timestamp()
         where account = $1 and read_at is null and ($2::int8 is null or place <= $2)",
        account,
        up_to
    )
    .execute(pool)
    .await?;
    Ok(marked.rows_affected())
}

/// Removes what was read and is from before one instant, and everything from before another; at most `limit`,
/// oldest first. Says how many.
///
/// # Errors
/// The database failed.
pub async fn cut(
    pool: &PgPool,
    read_before: DateTime<Utc>,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<u64, sqlx::Error> {
    let cut = sqlx::query!(
        "delete from notifications where notification_id in (
           select notification_id from notifications
           where at < $1 and (read_at is not null or at < $2) order by at limit $3)",
        read_before.max(before),
        before,
        limit
    )
    .execute(pool)
    .await?;
    Ok(cut.rows_affected())
}

/// How somebody wants to be told of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preference {
    /// What.
    pub kind: Kind,
    /// In the interface.
    pub in_app: bool,
    /// By mail.
    pub mail: MailWish,
}

/// How an account wants to be told of each kind, in their order.
///
/// # Errors
/// The database failed.
pub async fn preferences(pool: &PgPool, account: Uuid) -> Result<Vec<Preference>, sqlx::Error> {
    let chosen =
        sqlx::query!("select kind, in_app, mail from notification_preferences where account = $1", account)
            .fetch_all(pool)
            .await?;
    let chosen: HashMap<String, (bool, String)> =
        chosen.into_iter().map(|row| (row.kind, (row.in_app, row.mail))).collect();
    Ok(Kind::ALL
        .into_iter()
        .map(|kind| match chosen.get(kind.as_str()) {
            Some((in_app, mail)) => {
                Preference { kind, in_app: *in_app, mail: MailWish::parse(mail).unwrap_or(MailWish::Off) }
            }
            None => Preference { kind, in_app: true, mail: kind.mail_unasked() },
        })
        .collect())
}

/// Sets how an account wants to be told of some kinds. False where its person was erased.
///
/// # Errors
/// The database failed.
pub async fn prefer(pool: &PgPool, account: Uuid, wishes: &[Preference]) -> Result<bool, sqlx::Error> {
    let kinds: Vec<String> = wishes.iter().map(|wish| wish.kind.as_str().to_owned()).collect();
    let in_app: Vec<bool> = wishes.iter().map(|wish| wish.in_app).collect();
    let mail: Vec<String> = wishes.iter().map(|wish| wish.mail.as_str().to_owned()).collect();
    let set = sqlx::query!(
        "insert into notification_preferences (account, kind, in_app, mail)
         select p.account, w.kind, w.in_app, w.mail
         from account_profiles p, unnest($2::text[], $3::bool[], $4::text[]) w (kind, in_app, mail)
         where p.account = $1
         on conflict (account, kind) do update set in_app = excluded.in_app, mail = excluded.mail",
        account,
        &kinds,
        &in_app,
        &mail
    )
    .execute(pool)
    .await?;
    Ok(set.rows_affected() > 0 || wishes.is_empty())
}

/// Whether mail reaches an account: whether an address of its person is known.
///
/// # Errors
/// The database failed.
pub async fn has_address(pool: &PgPool, account: Uuid) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from account_profiles where account = $1 and email is not null) as "has!""#,
        account
    )
    .fetch_one(pool)
    .await
}

/// What subjects are called now, by kind and id; what is not there is left out.
///
/// # Errors
/// The database failed.
pub async fn titles(
    pool: &PgPool,
    subjects: &[(SubjectKind, Uuid)],
) -> Result<HashMap<(SubjectKind, Uuid), Title>, sqlx::Error> {
    let kinds: Vec<String> = subjects.iter().map(|(kind, _)| kind.as_str().to_owned()).collect();
    let ids: Vec<Uuid> = subjects.iter().map(|(_, id)| *id).collect();
    let rows = sqlx::query!(
        r#"with asked as (select kind, id from unnest($1::text[], $2::uuid[]) a (kind, id))
           select a.kind as "kind!", a.id as "id!", t.title as "title!",
                  t.classification in ('confidential', 'restricted') as "guarded!"
           from asked a join tests t on t.row_key = a.id::text and t.to_position = 9223372036854775807
           where a.kind = 'test'
           union all
           select a.kind, a.id, c.name, false
           from asked a join campaigns c on c.row_key = a.id::text and c.to_position = 9223372036854775807
           where a.kind = 'campaign'
           union all
           select a.kind, a.id, r.title, coalesce(t.classification in ('confidential', 'restricted'), false)
           from asked a join remediations r on r.row_key = a.id::text and r.to_position = 9223372036854775807
             left join tests t on t.row_key = r.test_id::text and t.to_position = 9223372036854775807
           where a.kind = 'remediation'
           union all
           select a.kind, a.id, j.title, false from asked a join jobs j on j.job = a.id where a.kind = 'job'"#,
        &kinds,
        &ids
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let kind = SubjectKind::parse(&row.kind)?;
            Some(((kind, row.id), Title { text: row.title, guarded: row.guarded }))
        })
        .collect())
}

/// What a subject is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Title {
    /// Its title or name.
    pub text: String,
    /// Whether its test is confidential or restricted, so that the title should not leave the house.
    pub guarded: bool,
}
