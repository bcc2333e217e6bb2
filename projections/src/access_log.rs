//! The access log as a record: its entries in order, which of them are settled, and what a segment holds.

mod check;
mod digest;
#[cfg(test)]
mod vectors;

use aegis_aggregates::access_journal::{SEGMENT_ENTRIES, Segment};
use chrono::{DateTime, NaiveDate, Utc};
use futures::TryStreamExt;
use sqlx::{PgConnection, PgPool};
use std::time::Duration;
use tokio::time::{Instant, sleep};

pub use check::{AccessChecked, AccessFinding, check};
pub use digest::{Entry, SegmentDigest};

/// How long a look waits for entries that are being written.
pub const SETTLE_WITHIN: Duration = Duration::from_secs(2);
/// How often it asks meanwhile.
const ASK_EVERY: Duration = Duration::from_millis(25);

/// The id up to which every entry is there or never will be; nothing where there are none, or where somebody
/// writes for longer than `patience`.
///
/// Ids are given in the order in which entries are written, not in that in which they come into view: one
/// with a smaller id may still be on its way. Whoever writes holds a lock on the table from before the id is
/// given until after the entry can be seen, so once those are gone who held it when the largest id was seen,
/// nothing below it is on its way.
///
/// # Errors
/// The database failed.
pub async fn settled(pool: &PgPool, patience: Duration) -> Result<Option<i64>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    let largest = sqlx::query_scalar!("select max(id) from access_log").fetch_one(&mut *connection).await?;
    let Some(largest) = largest else { return Ok(None) };
    let writing = writers(&mut connection).await?;
    let deadline = Instant::now() + patience;
    loop {
        let now = writers(&mut connection).await?;
        if !writing.iter().any(|writer| now.contains(writer)) {
            return Ok(Some(largest));
        }
        if Instant::now() >= deadline {
            return Ok(None);
        }
        sleep(ASK_EVERY).await;
    }
}

/// The transactions that may be writing entries.
async fn writers(connection: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select distinct virtualtransaction || '/' || coalesce(pid, 0) as "writer!" from pg_locks
           where relation = 'access_log'::regclass
             and database = (select oid from pg_database where datname = current_database())
             and mode = 'RowExclusiveLock' and granted"#
    )
    .fetch_all(connection)
    .await
}

/// The next segment, where it can be closed: it begins at an id, has no more than [`SEGMENT_ENTRIES`] entries
/// and none of another day (UTC) than its first, and ends with its day or when it is full.
///
/// # Errors
/// The database failed.
pub async fn next_segment(
    pool: &PgPool,
    number: u64,
    first: i64,
    settled: i64,
    today: NaiveDate,
) -> Result<Option<Segment>, sqlx::Error> {
    let Some(last) = end_of_segment(pool, first, settled, today).await? else { return Ok(None) };
    let mut connection = pool.acquire().await?;
    let found = digest_of(&mut connection, first, last).await?;
    let (Some(oldest), Some(newest)) = (found.oldest, found.newest) else { return Ok(None) };
    let Found { entries, sha256, .. } = found;
    Ok(Some(Segment { number, first, last, entries, oldest, newest, sha256 }))
}

async fn end_of_segment(
    pool: &PgPool,
    first: i64,
    settled: i64,
    today: NaiveDate,
) -> Result<Option<i64>, sqlx::Error> {
    let begun = sqlx::query_scalar!(
        r#"select (at at time zone 'UTC')::date as "day!" from access_log where id >= $1 and id <= $2 order by id limit 1"#,
        first,
        settled
    )
    .fetch_optional(pool)
    .await?;
    let Some(day) = begun else { return Ok(None) };
    let full = sqlx::query_scalar!(
        "select id from access_log where id >= $1 and id <= $2 order by id offset $3 limit 1",
        first,
        settled,
        i64::try_from(SEGMENT_ENTRIES).unwrap_or(i64::MAX) - 1
    )
    .fetch_optional(pool)
    .await?;
    if day >= today {
        return Ok(full);
    }
    // Up to the first entry of a later day, of those that a full segment would hold.
    let over = sqlx::query_scalar!(
        r#"select max(id) as "last?" from access_log
           where id >= $1 and id <= $2 and id < coalesce((
             select id from access_log
             where id >= $1 and id <= $2 and (at at time zone 'UTC')::date > $3 order by id limit 1), $2 + 1)"#,
        first,
        full.unwrap_or(settled),
        day
    )
    .fetch_one(pool)
    .await?;
    Ok(over)
}

/// What entries there are between two ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// How many.
    pub entries: u64,
    /// When the oldest of them was written.
    pub oldest: Option<DateTime<Utc>>,
    /// When the newest of them was written.
    pub newest: Option<DateTime<Utc>>,
    /// Their digest, hex.
    pub sha256: String,
}

/// The entries from one id to another, both included, read one after the other.
///
/// # Errors
/// The database failed.
pub async fn digest_of(connection: &mut PgConnection, first: i64, last: i64) -> Result<Found, sqlx::Error> {
    let mut digest = SegmentDigest::default();
    let (mut oldest, mut newest) = (None, None);
    {
        // An instant of a forger, `infinity`, is told apart from every other.
        let mut entries = sqlx::query_as!(
            Entry,
            r#"select id,
                      case when isfinite(at) then (extract(epoch from at) * 1000000)::int8 else -9223372036854775808 end as "at_us!",
                      account::text, action, outcome, host(address) as address, detail, entity_type, entity,
                      key_id::text, correlation::text, name_hash
               from access_log where id >= $1 and id <= $2 order by id"#,
            first,
            last
        )
        .fetch(connection);
        while let Some(entry) = entries.try_next().await? {
            if let Some(at) = DateTime::from_timestamp_micros(entry.at_us) {
                oldest = Some(oldest.map_or(at, |oldest: DateTime<Utc>| oldest.min(at)));
                newest = Some(newest.map_or(at, |newest: DateTime<Utc>| newest.max(at)));
            }
            digest.add(&entry);
        }
    }
    let (entries, sha256) = digest.finish();
    Ok(Found { entries, oldest, newest, sha256 })
}

/// Removes what an event says was cut, up to the last entry that it names; how many went. `connection` is the
/// owner's.
///
/// # Errors
/// The database failed, or no event says so (`AE004`).
pub async fn cut(connection: &mut PgConnection, through: i64) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"select cut_access_log($1) as "gone!""#, through).fetch_one(connection).await
}
