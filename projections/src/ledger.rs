//! The sealed order: giving positions, reading events along them, and
//! resolving instants to positions.

use crate::fold::{DecodeError, DomainEvent, Sealed};
use crate::store::Committed;
use aegis_aggregates::ids::AccountId;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::{PgConnection, PgPool};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Events sealed by one statement at most.
pub const SEAL_BATCH: i32 = 5_000;

/// How often the queue is scanned from its start rather than from the bound.
const FULL_SCAN_EVERY: Duration = Duration::from_secs(1);

/// How long an as-of query waits for a batch that was begun before its instant.
const SEAL_WAIT: Duration = Duration::from_secs(2);

/// Seals events for one process. Any number of processes may have one: the
/// lock inside the statement is the safety, this only remembers where to look.
#[derive(Debug)]
pub struct Sealer {
    pool: PgPool,
    bound: i64,
    next_bound: i64,
    full_scan_at: Instant,
}

/// What one call of the sealer did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealOutcome {
    /// Another process is sealing.
    Busy,
    /// Nothing was waiting.
    Idle,
    /// So many events got positions; the head is now there.
    Sealed {
        /// How many.
        events: i32,
        /// The last position given.
        head: i64,
    },
}

impl Sealer {
    /// A sealer that has looked at nothing yet.
    pub fn new(pool: PgPool) -> Self {
        Self { pool, bound: 0, next_bound: 0, full_scan_at: Instant::now() }
    }

    /// Gives positions to the events that wait, at most [`SEAL_BATCH`].
    ///
    /// Events older than a second or so are looked for once a second only:
    /// behind a transaction held open, the rows deleted from the queue stay
    /// in its index, and reading past them would cost every batch.
    ///
    /// # Errors
    /// The database failed, or an event lacks its predecessor (`AE002`),
    /// which somebody has to look into: sealing has stopped.
    pub async fn seal(&mut self) -> Result<SealOutcome, sqlx::Error> {
        let now = Instant::now();
        let full = now >= self.full_scan_at;
        let bound = if full { 0 } else { self.bound };
        let row = sqlx::query!(
            r#"select sealed as "sealed!", head_position, highest_event from seal($1, $2)"#,
            SEAL_BATCH,
            bound
        )
        .fetch_one(&self.pool)
        .await?;
        if row.sealed < 0 {
            return Ok(SealOutcome::Busy);
        }
        if full && row.sealed < SEAL_BATCH {
            self.bound = self.next_bound;
            self.full_scan_at = now + FULL_SCAN_EVERY;
        }
        self.next_bound = self.next_bound.max(row.highest_event.unwrap_or(0));
        match (row.sealed, row.head_position) {
            (events, Some(head)) if events > 0 => Ok(SealOutcome::Sealed { events, head }),
            _ => Ok(SealOutcome::Idle),
        }
    }
}

/// The end of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The last position given, 0 when none was.
    pub position: i64,
    /// When it was given.
    pub sealed_at: Option<DateTime<Utc>>,
}

/// Where the ledger ends.
///
/// # Errors
/// The database failed.
pub async fn head(pool: &PgPool) -> Result<Head, sqlx::Error> {
    let row = sqlx::query!("select position, sealed_at from ledger order by position desc limit 1")
        .fetch_optional(pool)
        .await?;
    Ok(row.map_or(Head { position: 0, sealed_at: None }, |row| Head {
        position: row.position,
        sealed_at: Some(row.sealed_at),
    }))
}

/// What was written when a position was sealed.
#[derive(Debug, Clone)]
pub struct Seal {
    /// When.
    pub sealed_at: DateTime<Utc>,
    /// The hash of the event there, which no other event at no other place has.
    pub leaf: Vec<u8>,
}

/// The seal of a position.
///
/// # Errors
/// The database failed.
pub async fn seal_of(pool: &PgPool, position: i64) -> Result<Option<Seal>, sqlx::Error> {
    sqlx::query_as!(Seal, "select sealed_at, leaf_hash as leaf from ledger where position = $1", position)
        .fetch_optional(pool)
        .await
}

/// The position of an event, once it has one.
///
/// # Errors
/// The database failed.
pub async fn position_of(pool: &PgPool, event: &Committed) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        "select l.position from events e join ledger l using (event_id)
         where e.aggregate_type = $1 and e.aggregate_id = $2 and e.sequence = $3",
        event.aggregate_type,
        event.aggregate_id,
        event.sequence
    )
    .fetch_optional(pool)
    .await
}

/// An instant could not be resolved to a position.
#[derive(Debug, thiserror::Error)]
pub enum InstantError {
    /// It has not come yet.
    #[error("{0} lies in the future")]
    InFuture(DateTime<Utc>),
    /// A batch that was begun before it is still being sealed.
    #[error("events before {0} are still being sealed")]
    NotSealed(DateTime<Utc>),
    /// The database failed.
    #[error("the ledger could not be read")]
    Database(#[from] sqlx::Error),
}

/// The last position sealed at or before an instant: what was known then.
/// An instant after the head waits, at most 2 s, for a batch that may be under
/// way: what is sealed after that gets a later time, so that the answer can
/// never change.
///
/// # Errors
/// [`InstantError::InFuture`] measured by the database's clock.
pub async fn resolve(pool: &PgPool, instant: DateTime<Utc>) -> Result<i64, InstantError> {
    let now = sqlx::query_scalar!(r#"select clock_timestamp() as "now!""#).fetch_one(pool).await?;
    if instant > now {
        return Err(InstantError::InFuture(instant));
    }
    let end = head(pool).await?;
    if end.sealed_at.is_none_or(|sealed_at| instant > sealed_at) {
        end_of_batch(pool, instant).await?;
    }
    let position =
        sqlx::query_scalar!(r#"select position_at($1) as "position!""#, instant).fetch_one(pool).await?;
    Ok(position)
}

async fn end_of_batch(pool: &PgPool, instant: DateTime<Utc>) -> Result<(), InstantError> {
    let mut sealer = Sealer::new(pool.clone());
    let deadline = Instant::now() + SEAL_WAIT;
    while Instant::now() < deadline {
        match sealer.seal().await? {
            // It had the lock, so no batch from before the instant is under way.
            SealOutcome::Idle | SealOutcome::Sealed { .. } => return Ok(()),
            SealOutcome::Busy => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    }
    Err(InstantError::NotSealed(instant))
}

/// An event as it is stored, with its place.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct StoredEvent {
    /// Its place in the ledger.
    pub position: i64,
    /// When the place was given.
    pub sealed_at: DateTime<Utc>,
    /// When it was appended.
    pub recorded_at: DateTime<Utc>,
    /// Type of its aggregate.
    pub aggregate_type: String,
    /// Id of its aggregate.
    pub aggregate_id: String,
    /// Its place in the aggregate.
    pub sequence: i64,
    /// What kind of event.
    pub event_type: String,
    /// Which version of that kind.
    pub event_version: String,
    /// What happened, as stored.
    pub payload: String,
    /// Who caused it, as stored.
    pub metadata: String,
}

#[derive(Deserialize)]
struct Metadata {
    actor: Uuid,
}

impl StoredEvent {
    /// Reads it.
    ///
    /// # Errors
    /// [`DecodeError`] names what is unknown.
    pub fn decode(self) -> Result<Sealed, DecodeError> {
        let body =
            DomainEvent::decode(&self.aggregate_type, &self.event_type, &self.event_version, &self.payload)?;
        Ok(Sealed {
            position: self.position,
            sealed_at: self.sealed_at,
            recorded_at: self.recorded_at,
            sequence: self.sequence,
            actor: self.actor()?,
            aggregate_id: self.aggregate_id,
            body,
            release: None,
        })
    }

    /// Who caused it.
    ///
    /// # Errors
    /// [`DecodeError::Metadata`].
    pub fn actor(&self) -> Result<AccountId, DecodeError> {
        let metadata: Metadata = serde_json::from_str(&self.metadata).map_err(DecodeError::Metadata)?;
        Ok(AccountId(metadata.actor))
    }
}

/// Reads at most `limit` events after a position, in order.
///
/// # Errors
/// The database failed.
pub async fn read(
    connection: &mut PgConnection,
    after: i64,
    limit: i64,
) -> Result<Vec<StoredEvent>, sqlx::Error> {
    sqlx::query_as!(
        StoredEvent,
        r#"select l.position, l.sealed_at, e.recorded_at, e.aggregate_type, e.aggregate_id, e.sequence,
                  e.event_type, e.event_version, e.payload::text as "payload!", e.metadata::text as "metadata!"
           from ledger l
           -- each by its key: what the planner guesses of a young or fast growing table is a scan of all of it
           cross join lateral (select * from events where event_id = l.event_id offset 0) e
           where l.position > $1 and l.position <= $1 + $2
           order by l.position"#,
        after,
        limit
    )
    .fetch_all(connection)
    .await
}
