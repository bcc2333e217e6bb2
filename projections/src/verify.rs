//! `aegis verify`: recomputes the whole record and names the first thing wrong.
//!
//! Reads events as text exactly as stored, recomputes each leaf and the tree,
//! and compares with what the ledger, the queue and the checkpoints say; and
//! each content that was put in force with the digest its event names. What
//! a forger with all rights in the database could still do is cut the end of
//! the ledger; an earlier checkpoint, kept elsewhere, finds that too.

use crate::knowledge::{self, ContentError, Released, records};
use crate::ledger;
use crate::merkle::{Frontier, LedgerLeaf};
use crate::status::{self, CheckpointRecord};
use aegis_sources::attack::content::AttackContent;

use sqlx::{PgConnection, PgPool};
use std::collections::HashMap;

/// Events compared in one read.
const BATCH: i64 = 5_000;

/// What is wrong, and where it shows first.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// A position is missing.
    #[error("position {position}: missing from the ledger")]
    Gap {
        /// The first one missing.
        position: i64,
    },
    /// A position, or its event, is there more than once, or lies before the first.
    #[error("position {position}: in the ledger more often than it should be")]
    Repeated {
        /// The position.
        position: i64,
    },
    /// A position's event is gone.
    #[error("position {position}: its event {event_id} is missing from the store")]
    EventMissing {
        /// The position.
        position: i64,
        /// The event it names.
        event_id: i64,
    },
    /// The event, its times or its order are not what was sealed.
    #[error(
        "position {position}: the event is not what was sealed (event {event_id}, {aggregate_type} {aggregate_id} sequence {sequence})"
    )]
    Changed {
        /// The position.
        position: i64,
        /// The event.
        event_id: i64,
        /// Type of its aggregate.
        aggregate_type: String,
        /// Id of its aggregate.
        aggregate_id: String,
        /// Its place in the aggregate.
        sequence: i64,
    },
    /// Sealing times run backwards.
    #[error("position {position}: sealed before the position in front of it")]
    TimeBackwards {
        /// The position.
        position: i64,
    },
    /// An aggregate's events are not in its own order.
    #[error("position {position}: sequence {found} of {aggregate_type} {aggregate_id} follows {previous}")]
    Sequence {
        /// The position.
        position: i64,
        /// Type of the aggregate.
        aggregate_type: String,
        /// Id of the aggregate.
        aggregate_id: String,
        /// The sequence before.
        previous: i64,
        /// The sequence found.
        found: i64,
    },
    /// An event is in neither ledger nor queue.
    #[error(
        "event {event_id}: in neither the ledger nor the queue ({aggregate_type} {aggregate_id} sequence {sequence})"
    )]
    Unqueued {
        /// The event.
        event_id: i64,
        /// Type of its aggregate.
        aggregate_type: String,
        /// Id of its aggregate.
        aggregate_id: String,
        /// Its place in the aggregate.
        sequence: i64,
    },
    /// An event waits for a position and is not in the store.
    #[error("event {event_id}: waits in the queue and is missing from the store")]
    QueuedMissing {
        /// The event.
        event_id: i64,
    },
    /// An event that has a position waits for another.
    #[error("event {event_id}: has position {position} and waits in the queue again")]
    QueuedAgain {
        /// The event.
        event_id: i64,
        /// Its position.
        position: i64,
    },
    /// The head does not stand where the ledger ends.
    #[error("position {position}: the ledger ends here, its head says {head}")]
    HeadDiffers {
        /// The last position.
        position: i64,
        /// What the head says.
        head: i64,
    },
    /// The head names another time of sealing than the last position has.
    #[error("position {position}: the ledger ends here, its head names another time of sealing")]
    HeadTimeDiffers {
        /// The last position.
        position: i64,
    },
    /// There is no head, so that nothing more can be sealed.
    #[error("position {position}: the ledger ends here, and its head is lost")]
    HeadMissing {
        /// The last position.
        position: i64,
    },
    /// The tree at a checkpoint's size has another root.
    #[error("position {size}: the ledger up to here is not what the checkpoint of that size signed")]
    RootDiffers {
        /// The checkpoint's size.
        size: i64,
    },
    /// Content that was put in force is gone.
    #[error("position {position}: the content {digest} that was put in force here is missing")]
    ContentMissing {
        /// Where it was put in force first.
        position: i64,
        /// Its name.
        digest: String,
    },
    /// Content is not what was put in force.
    #[error("position {position}: the content {digest} is not what was put in force here")]
    ContentChanged {
        /// Where it was put in force first.
        position: i64,
        /// Its name.
        digest: String,
    },
    /// A checkpoint covers more than there is.
    #[error(
        "position {position}: the ledger ends here, but a checkpoint covers {size} positions; its tail was cut"
    )]
    TailCut {
        /// The last position.
        position: i64,
        /// What the checkpoint covers.
        size: i64,
    },
}

/// The record as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many positions there are.
    pub positions: i64,
    /// The root of the tree over them.
    pub root: [u8; 32],
    /// How many events wait for a position.
    pub queued: i64,
    /// How many checkpoints agree.
    pub checkpoints: usize,
    /// The first thing wrong, if anything is.
    pub finding: Option<Finding>,
}

/// Times are in microseconds since 1970, and absent where a forger wrote `infinity`.
struct Row {
    position: i64,
    event_id: i64,
    sealed_at_us: Option<i64>,
    leaf_hash: Vec<u8>,
    recorded_at_us: Option<i64>,
    aggregate_type: Option<String>,
    aggregate_id: Option<String>,
    sequence: Option<i64>,
    event_type: Option<String>,
    event_version: Option<String>,
    payload: Option<String>,
    metadata: Option<String>,
}

/// Says of a checkpoint of the database whether it can be trusted.
pub type Trusted<'a> = dyn FnMut(&CheckpointRecord) -> bool + Send + 'a;

/// Recomputes ledger, queue and tree in one snapshot of the database, and
/// holds them against `brought` checkpoints (their signatures are the caller's
/// to check). Those of the database are left out. `progress` hears (done,
/// total) positions.
///
/// # Errors
/// The database failed. What is wrong with the record is a [`Finding`].
pub async fn verify(
    pool: &PgPool,
    brought: &[CheckpointRecord],
    progress: &mut (dyn FnMut(i64, i64) + Send),
) -> Result<Verified, sqlx::Error> {
    verify_signed(pool, brought, &mut |_| false, progress).await
}

/// The same with the checkpoints of the database: every one is shown to
/// `trusted`, and the record is held against those that are. They are read
/// beside the positions that they cover, never all at once.
///
/// # Errors
/// As [`verify`].
pub async fn verify_signed(
    pool: &PgPool,
    brought: &[CheckpointRecord],
    trusted: &mut Trusted<'_>,
    progress: &mut (dyn FnMut(i64, i64) + Send),
) -> Result<Verified, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    sqlx::query("set transaction isolation level repeatable read, read only")
        .execute(&mut *transaction)
        .await?;
    let total = sqlx::query_scalar!(r#"select coalesce(max(position), 0) as "total!" from ledger"#)
        .fetch_one(&mut *transaction)
        .await?;
    let queued = sqlx::query_scalar!(r#"select count(*) as "count!" from unsequenced"#)
        .fetch_one(&mut *transaction)
        .await?;
    let mut check =
        Check { frontier: Frontier::default(), sequences: HashMap::new(), sealed_at_us: None, agreed: 0 };
    let mut brought: Vec<&CheckpointRecord> = brought.iter().collect();
    brought.sort_by_key(|checkpoint| checkpoint.size);
    let mut finding = before_the_first(&mut transaction).await?;
    let mut after = 0;
    // Whoever can take the constraint away can give a checkpoint any size.
    let mut seen = i64::MIN;
    while after < total && finding.is_none() {
        let end = total.min(after + BATCH);
        let signed = signed(&mut transaction, seen, end, trusted).await?;
        let signed: Vec<&CheckpointRecord> = signed.iter().collect();
        seen = end;
        for row in read(&mut transaction, after).await? {
            finding = match row.position {
                position if position <= after => Some(Finding::Repeated { position }),
                position if position > after + 1 => Some(Finding::Gap { position: after + 1 }),
                _ => check
                    .row(row)
                    .or_else(|| check.checkpoints(&signed))
                    .or_else(|| check.checkpoints(&brought)),
            };
            if finding.is_some() {
                break;
            }
            after += 1;
        }
        if finding.is_none() && after < end {
            finding = Some(Finding::Gap { position: after + 1 });
        }
        progress(after, total);
    }
    if finding.is_none() {
        finding = outside(&mut transaction, total).await?;
    }
    // The rest is looked at even when something is wrong: its signatures may be too.
    let beyond = beyond(&mut transaction, seen, total, trusted).await?;
    let brought = brought.iter().map(|checkpoint| checkpoint.size).find(|size| *size > total);
    if finding.is_none() {
        let tail = beyond.into_iter().chain(brought).min();
        finding = tail.map(|size| Finding::TailCut { position: total, size });
    }
    transaction.rollback().await?;
    Ok(Verified { positions: after, root: check.frontier.root(), queued, checkpoints: check.agreed, finding })
}

/// The trusted checkpoints of the database after a size and up to another: one for each position at most.
async fn signed(
    connection: &mut PgConnection,
    mut after: i64,
    up_to: i64,
    trusted: &mut Trusted<'_>,
) -> Result<Vec<CheckpointRecord>, sqlx::Error> {
    let mut signed = vec![];
    loop {
        let page = status::checkpoints(connection, after, up_to).await?;
        let Some(last) = page.last() else { return Ok(signed) };
        after = last.size;
        signed.extend(page.into_iter().filter(|checkpoint| trusted(checkpoint)));
    }
}

/// The size of the smallest trusted checkpoint that covers more than there is;
/// all after a size are looked at.
async fn beyond(
    connection: &mut PgConnection,
    mut after: i64,
    total: i64,
    trusted: &mut Trusted<'_>,
) -> Result<Option<i64>, sqlx::Error> {
    let mut smallest = None;
    loop {
        let page = status::checkpoints(connection, after, i64::MAX).await?;
        let Some(last) = page.last() else { return Ok(smallest) };
        after = last.size;
        for checkpoint in page {
            if trusted(&checkpoint) && checkpoint.size > total {
                smallest = smallest.or(Some(checkpoint.size));
            }
        }
    }
}

/// Recomputes the name of every content that was put in force, one content in
/// memory at a time. `digest` is what named them. Answers how many there are
/// and the first that is not what it was.
///
/// # Errors
/// The database failed.
pub async fn contents(
    pool: &PgPool,
    digest: impl Fn(&AttackContent) -> String,
) -> Result<(usize, Option<Finding>), sqlx::Error> {
    let released = knowledge::released(pool).await?;
    let count = released.len();
    for Released { digest: name, position } in released {
        let finding = match knowledge::stored(pool, &name).await {
            Ok(Some((content, counts))) if digest(&content) == name && content.counts() == counts => continue,
            Ok(None) => match records::intact(pool, &name).await? {
                Some(true) => continue,
                Some(false) => Finding::ContentChanged { position, digest: name },
                None => Finding::ContentMissing { position, digest: name },
            },
            Ok(Some(_)) | Err(ContentError::Record(_)) => Finding::ContentChanged { position, digest: name },
            Err(ContentError::Database(error)) => return Err(error),
        };
        return Ok((count, Some(finding)));
    }
    Ok((count, None))
}

/// Positions count from 1; what lies below is read by nobody.
async fn before_the_first(connection: &mut PgConnection) -> Result<Option<Finding>, sqlx::Error> {
    let below =
        sqlx::query_scalar!("select position from ledger where position < 1 order by position limit 1")
            .fetch_optional(connection)
            .await?;
    Ok(below.map(|position| Finding::Repeated { position }))
}

async fn read(connection: &mut PgConnection, after: i64) -> Result<Vec<Row>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        r#"select l.position, l.event_id, l.leaf_hash,
                  case when isfinite(l.sealed_at) then (extract(epoch from l.sealed_at) * 1000000)::int8 end
                    as sealed_at_us,
                  case when isfinite(e.recorded_at) then (extract(epoch from e.recorded_at) * 1000000)::int8 end
                    as recorded_at_us,
                  e.aggregate_type as "aggregate_type?", e.aggregate_id as "aggregate_id?", e.sequence as "sequence?",
                  e.event_type as "event_type?", e.event_version as "event_version?",
                  e.payload::text as payload, e.metadata::text as metadata
           from ledger l left join events e using (event_id)
           where l.position > $1 and l.position <= $1 + $2 order by l.position"#,
        after,
        BATCH
    )
    .fetch_all(connection)
    .await
}

/// What lies outside the ledger: events nobody queued, a head that differs, a
/// queue that names others than those that wait.
async fn outside(connection: &mut PgConnection, total: i64) -> Result<Option<Finding>, sqlx::Error> {
    let stray = sqlx::query!(
        "select e.event_id, e.aggregate_type, e.aggregate_id, e.sequence from events e
         where not exists (select from ledger l where l.event_id = e.event_id)
           and not exists (select from unsequenced u where u.event_id = e.event_id)
         order by e.event_id limit 1"
    )
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(stray) = stray {
        return Ok(Some(Finding::Unqueued {
            event_id: stray.event_id,
            aggregate_type: stray.aggregate_type,
            aggregate_id: stray.aggregate_id,
            sequence: stray.sequence,
        }));
    }
    // Nothing is sealed earlier than the head says, so a moved time would move all that follows.
    let head = sqlx::query!(
        r#"select position, sealed_at = coalesce((select l.sealed_at from ledger l where l.position = $1), '-infinity')
                    as "in_time!"
           from ledger_head"#,
        total
    )
    .fetch_optional(&mut *connection)
    .await?;
    match head {
        Some(head) if head.position != total => {
            return Ok(Some(Finding::HeadDiffers { position: total, head: head.position }));
        }
        Some(head) if !head.in_time => return Ok(Some(Finding::HeadTimeDiffers { position: total })),
        Some(_) => {}
        None => return Ok(Some(Finding::HeadMissing { position: total })),
    }
    let queued = sqlx::query!(
        r#"select u.event_id, l.position as "position?" from unsequenced u left join ledger l using (event_id)
           where l.position is not null or not exists (select from events e where e.event_id = u.event_id)
           order by u.event_id limit 1"#
    )
    .fetch_optional(connection)
    .await?;
    Ok(queued.map(|queued| match queued.position {
        Some(position) => Finding::QueuedAgain { event_id: queued.event_id, position },
        None => Finding::QueuedMissing { event_id: queued.event_id },
    }))
}

struct Check {
    frontier: Frontier,
    sequences: HashMap<(String, String), i64>,
    sealed_at_us: Option<i64>,
    agreed: usize,
}

impl Check {
    fn row(&mut self, row: Row) -> Option<Finding> {
        let Row { position, event_id, .. } = row;
        let (
            Some(aggregate_type),
            Some(aggregate_id),
            Some(sequence),
            Some(event_type),
            Some(event_version),
            Some(payload),
            Some(metadata),
        ) = (
            row.aggregate_type,
            row.aggregate_id,
            row.sequence,
            row.event_type,
            row.event_version,
            row.payload,
            row.metadata,
        )
        else {
            return Some(Finding::EventMissing { position, event_id });
        };
        let (Some(sealed_at_us), Some(recorded_at_us)) = (row.sealed_at_us, row.recorded_at_us) else {
            return Some(Finding::Changed { position, event_id, aggregate_type, aggregate_id, sequence });
        };
        let leaf = LedgerLeaf {
            position,
            sealed_at_us,
            event_id,
            sequence,
            recorded_at_us,
            aggregate_type: &aggregate_type,
            aggregate_id: &aggregate_id,
            event_type: &event_type,
            event_version: &event_version,
            payload: &payload,
            metadata: &metadata,
        };
        let hash = leaf.leaf_hash();
        if hash.as_slice() != row.leaf_hash {
            return Some(Finding::Changed { position, event_id, aggregate_type, aggregate_id, sequence });
        }
        if self.sealed_at_us.is_some_and(|before| sealed_at_us < before) {
            return Some(Finding::TimeBackwards { position });
        }
        self.sealed_at_us = Some(sealed_at_us);
        let previous =
            self.sequences.insert((aggregate_type.clone(), aggregate_id.clone()), sequence).unwrap_or(0);
        if sequence != previous + 1 {
            return Some(Finding::Sequence {
                position,
                aggregate_type,
                aggregate_id,
                previous,
                found: sequence,
            });
        }
        self.frontier.append(hash);
        None
    }

    fn checkpoints(&mut self, wanted: &[&CheckpointRecord]) -> Option<Finding> {
        let size = i64::try_from(self.frontier.size()).unwrap_or(i64::MAX);
        let start = wanted.partition_point(|checkpoint| checkpoint.size < size);
        for checkpoint in wanted[start..].iter().take_while(|checkpoint| checkpoint.size == size) {
            if self.frontier.root().as_slice() != checkpoint.root_hash {
                return Some(Finding::RootDiffers { size });
            }
            self.agreed += 1;
        }
        None
    }
}

/// An event as it is sealed, with its id and leaf hash: what a proof is about.
#[derive(Debug, Clone)]
pub struct SealedText {
    /// The event with its place.
    pub event: ledger::StoredEvent,
    /// Its id in the store.
    pub event_id: i64,
}

/// The event at a position.
///
/// # Errors
/// The database failed.
pub async fn sealed_text(pool: &PgPool, position: i64) -> Result<Option<SealedText>, sqlx::Error> {
    let event_id = sqlx::query_scalar!("select event_id from ledger where position = $1", position)
        .fetch_optional(pool)
        .await?;
    let Some(event_id) = event_id else { return Ok(None) };
    let mut connection = pool.acquire().await?;
    let mut events = ledger::read(&mut connection, position - 1, 1).await?;
    Ok(events.pop().map(|event| SealedText { event, event_id }))
}
