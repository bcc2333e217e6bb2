//! Uploads of evidence on their way: announced, received, confirmed by an event.
//!
//! Operational rows, no read model: what an event names is in `tests`. They
//! tell which files nobody needs, so that none is forgotten in the store.
//! Whoever puts, confirms or removes one has a [`Claim`] on it (`claim`).

mod claim;

pub use claim::{Claim, Claiming, HELD_AT_MOST, LEASE, claim};

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use sqlx::postgres::types::PgInterval;
use std::time::Duration;
use uuid::Uuid;

/// Uploads of one account that may be on their way at the same time.
pub const PENDING_PER_ACCOUNT: i64 = 200;
/// How long after its announcement a file can be put and confirmed. It must end well before files that no
/// event names are removed, so that the one never meets the other.
pub const OPEN_FOR: Duration = Duration::from_secs(20 * 3600);

/// An upload.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns are the fields of Evidence, before there is any")]
pub struct EvidenceUpload {
    pub evidence_id: Uuid,
    pub account: Uuid,
    pub test_id: Uuid,
    pub side: String,
    pub file_name: String,
    pub caption: String,
    pub size_bytes: i64,
    pub sha256: String,
    pub object_key: String,
    /// Found out from the bytes when they came.
    pub media_type: Option<String>,
    /// When it was found out that an event names it.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Seconds since it was announced, the last time.
    pub age_s: i64,
}

impl EvidenceUpload {
    /// Whether it is too late to put or to confirm it.
    pub fn is_closed(&self) -> bool {
        self.is_older_than(OPEN_FOR)
    }

    /// Whether it was announced that long ago.
    pub fn is_older_than(&self, age: Duration) -> bool {
        u64::try_from(self.age_s).is_ok_and(|seconds| seconds >= age.as_secs())
    }
}

/// What became of an announcement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entered {
    /// It is noted, now or by the same announcement before.
    Noted,
    /// The id was announced with something else.
    Other,
    /// The account has [`PENDING_PER_ACCOUNT`] uploads on their way.
    TooMany,
}

/// Notes an upload before any of it comes. The same announcement again makes it young again.
///
/// # Errors
/// The database failed.
pub async fn enter(pool: &PgPool, upload: &EvidenceUpload) -> Result<Entered, sqlx::Error> {
    let pending = sqlx::query_scalar!(
        r#"select count(*) as "count!" from evidence_uploads where account = $1 and confirmed_at is null
           and evidence_id <> $2"#,
        upload.account,
        upload.evidence_id
    )
    .fetch_one(pool)
    .await?;
    if pending >= PENDING_PER_ACCOUNT {
        return Ok(Entered::TooMany);
    }
    sqlx::query!(
        "insert into evidence_uploads
           (evidence_id, account, test_id, side, file_name, caption, size_bytes, sha256, object_key)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing",
        upload.evidence_id,
        upload.account,
        upload.test_id,
        upload.side,
        upload.file_name,
        upload.caption,
        upload.size_bytes,
        upload.sha256,
        upload.object_key
    )
    .execute(pool)
    .await?;
    let same = find(pool, upload.evidence_id).await?.is_some_and(|held| {
        (held.account, held.test_id, &held.side) == (upload.account, upload.test_id, &upload.side)
            && (held.size_bytes, &held.sha256, &held.file_name)
                == (upload.size_bytes, &upload.sha256, &upload.file_name)
    });
    if !same {
        return Ok(Entered::Other);
    }
    // The link that is given out now must not lead to what is swept up under it.
    sqlx::query!(
        "update evidence_uploads set requested_at = now() where evidence_id = $1 and confirmed_at is null",
        upload.evidence_id
    )
    .execute(pool)
    .await?;
    Ok(Entered::Noted)
}

/// An upload, if it is known.
///
/// # Errors
/// The database failed.
pub async fn find(pool: &PgPool, evidence: Uuid) -> Result<Option<EvidenceUpload>, sqlx::Error> {
    sqlx::query_as!(
        EvidenceUpload,
        r#"select evidence_id, account, test_id, side, file_name, caption, size_bytes, sha256, object_key, media_type,
                confirmed_at, extract(epoch from now() - requested_at)::int8 as "age_s!"
         from evidence_uploads where evidence_id = $1"#,
        evidence
    )
    .fetch_optional(pool)
    .await
}

/// An event names it.
///
/// # Errors
/// The database failed.
pub async fn confirmed(pool: &PgPool, evidence: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update evidence_uploads set confirmed_at = now() where evidence_id = $1 and confirmed_at is null",
        evidence
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Whether an event names it: asked of the events themselves, since read models may be behind.
///
/// # Errors
/// The database failed.
pub async fn is_recorded(pool: &PgPool, test: Uuid, evidence: Uuid) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from events
             where aggregate_type = 'test' and aggregate_id = $1 and event_type = 'EvidenceAdded'
               and payload #>> '{EvidenceAdded,evidence,id}' = $2) as "recorded!""#,
        test.to_string(),
        evidence.to_string()
    )
    .fetch_one(pool)
    .await
}

/// Uploads announced so long ago that no event will name them, and that nobody works on.
///
/// # Errors
/// The database failed.
pub async fn abandoned(pool: &PgPool, after: Duration, limit: i64) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select evidence_id from evidence_uploads
         where confirmed_at is null and requested_at < now() - $1::interval
           and (claimed_until is null or claimed_until < now())
         order by requested_at limit $2",
        interval(after),
        limit
    )
    .fetch_all(pool)
    .await
}

/// Files taken out of their rounds before an instant whose bytes are still there: (evidence, object), oldest first.
///
/// # Errors
/// The database failed.
pub async fn taken_out(
    pool: &PgPool,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<(Uuid, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select u.evidence_id, u.object_key from evidence_uploads u join test_evidence e on e.evidence_id = u.evidence_id
         where e.to_position = 9223372036854775807 and e.removed_at < $1 and u.erased_at is null
         order by e.removed_at limit $2",
        before,
        limit
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.evidence_id, row.object_key)).collect())
}

/// The bytes of a file that was taken out are gone.
///
/// # Errors
/// The database failed.
pub async fn erased(pool: &PgPool, evidence: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("update evidence_uploads set erased_at = now() where evidence_id = $1", evidence)
        .execute(pool)
        .await?;
    Ok(())
}

fn interval(duration: Duration) -> PgInterval {
    let microseconds = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
    PgInterval { months: 0, days: 0, microseconds }
}

/// A file that an event names.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns are the fields of Evidence")]
pub struct Recorded {
    pub position: i64,
    pub test_id: String,
    pub evidence_id: String,
    pub object_key: String,
    pub sha256: String,
    pub size_bytes: i64,
    /// Whether a later event took it out.
    pub removed: bool,
    /// Whether that was so long ago that its bytes may be gone.
    pub may_be_gone: bool,
}

/// Files that sealed events name, in the order of the ledger, after a position; read from the events
/// themselves, so that no read model has to be trusted. The bytes of what was taken out
/// before `gone` may be gone.
///
/// # Errors
/// The database failed.
pub async fn recorded(
    pool: &PgPool,
    after: i64,
    gone: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Recorded>, sqlx::Error> {
    sqlx::query_as!(
        Recorded,
        r#"select l.position, e.aggregate_id as test_id,
                  e.payload #>> '{EvidenceAdded,evidence,id}' as "evidence_id!",
                  e.payload #>> '{EvidenceAdded,evidence,object_key}' as "object_key!",
                  e.payload #>> '{EvidenceAdded,evidence,sha256}' as "sha256!",
                  (e.payload #>> '{EvidenceAdded,evidence,size_bytes}')::int8 as "size_bytes!",
                  r.at is not null as "removed!",
                  coalesce(r.at < $3, false) as "may_be_gone!"
           from events e join ledger l on l.event_id = e.event_id
             left join lateral (
               select min((r.payload #>> '{EvidenceRemoved,at}')::timestamptz) as at from events r
               where r.aggregate_type = 'test' and r.aggregate_id = e.aggregate_id
                 and r.event_type = 'EvidenceRemoved'
                 and r.payload #>> '{EvidenceRemoved,evidence}' = e.payload #>> '{EvidenceAdded,evidence,id}'
             ) r on true
           where e.aggregate_type = 'test' and e.event_type = 'EvidenceAdded' and l.position > $1
           order by l.position limit $2"#,
        after,
        limit,
        gone
    )
    .fetch_all(pool)
    .await
}
