//! Everything that anybody did, in one order of time: what changed something stands in the ledger, the rest
//! (sign-ins, refusals, downloads) in the access log.
//!
//! Pages follow a key of time, source and number on both sides, so that the last page costs what the first
//! one does. Events are found by actor, thing and kind through `audit_index`, which a follower of the ledger
//! fills; it is a moment behind, and [`head`] says how far it is.

mod index;

pub use index::{FOLLOWER, Indexed, advance, register};

use crate::ledger::StoredEvent;
use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgPool, Postgres, QueryBuilder};
use std::cmp::Reverse;
use uuid::Uuid;

/// Entries are counted up to this number.
pub const COUNTED_TO: i64 = 1_000;

/// Kinds of things as the record names them, and as the access log does, by their ids.
pub const KINDS: &[(&str, &str)] = &[
    ("test", "Test"),
    ("campaign", "Campaign"),
    ("remediation", "Remediation"),
    ("template", "TestTemplate"),
    ("account", "User"),
    ("job", "Job"),
];

/// Where an entry is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The access log.
    Access,
    /// The ledger.
    Ledger,
}

/// The place of an entry in the order of time: of two at the same instant that of the ledger is the later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// When, microseconds since 1970.
    pub at_us: i64,
    /// Where it stands.
    pub source: Source,
    /// Its position in the ledger, or its id in the access log.
    pub number: i64,
}

/// Which entries are asked for; what is absent is not asked about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// By whom.
    pub account: Option<Uuid>,
    /// By an account, or about it.
    pub concerning: Option<Uuid>,
    /// About what kind of thing.
    pub entity_type: Option<String>,
    /// About which one; only together with its kind.
    pub entity: Option<String>,
    /// The type of the event, or what was tried.
    pub action: Option<String>,
    /// Whether it was allowed. Events always were.
    pub allowed: Option<bool>,
    /// Not before.
    pub from: Option<DateTime<Utc>>,
    /// Before.
    pub to: Option<DateTime<Utc>>,
}

/// An entry of the access log.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct AccessEntry {
    /// Its id.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Whose account, where it is known.
    pub account: Option<Uuid>,
    /// What was tried.
    pub action: String,
    /// `allowed`, or why not.
    pub outcome: String,
    /// From where.
    pub address: Option<String>,
    /// Anything else.
    pub detail: Option<String>,
    /// About what kind of thing.
    pub entity_type: Option<String>,
    /// About which one.
    pub entity: Option<String>,
    /// With which key.
    pub key_id: Option<Uuid>,
    /// In which request.
    pub correlation: Option<Uuid>,
    /// A keyed hash of a name that nobody has.
    pub name_hash: Option<String>,
}

/// An event with what the index says of it.
#[derive(Debug, Clone, FromRow)]
pub struct Recorded {
    /// The event.
    #[sqlx(flatten)]
    pub event: StoredEvent,
    /// Who caused it.
    pub actor: Uuid,
    /// What kind of thing it is about.
    pub entity_type: String,
    /// Which one.
    pub entity: String,
}

/// One thing that somebody did, or tried to.
#[derive(Debug, Clone)]
pub enum AuditRecord {
    /// It changed something.
    Recorded(Box<Recorded>),
    /// It did not.
    Accessed(Box<AccessEntry>),
}

impl AuditRecord {
    /// Where it stands.
    pub fn place(&self) -> Place {
        match self {
            Self::Recorded(recorded) => Place {
                at_us: recorded.event.sealed_at.timestamp_micros(),
                source: Source::Ledger,
                number: recorded.event.position,
            },
            Self::Accessed(entry) => {
                Place { at_us: entry.at.timestamp_micros(), source: Source::Access, number: entry.id }
            }
        }
    }
}

/// How far the index of the ledger is.
///
/// # Errors
/// The database failed.
pub async fn head(pool: &PgPool) -> Result<i64, sqlx::Error> {
    let position = sqlx::query_scalar!("select position from projection_positions where name = $1", FOLLOWER)
        .fetch_optional(pool)
        .await?;
    Ok(position.unwrap_or(0))
}

/// Entries before a place, newest first, at most `limit`.
///
/// # Errors
/// The database failed.
pub async fn entries(
    pool: &PgPool,
    filter: &AuditFilter,
    before: Option<Place>,
    limit: i64,
) -> Result<Vec<AuditRecord>, sqlx::Error> {
    let recorded = recorded(pool, filter, before, limit).await?.into_iter();
    let accessed = accessed(pool, filter, before, limit).await?.into_iter();
    let recorded = recorded.map(|recorded| AuditRecord::Recorded(Box::new(recorded)));
    let mut all: Vec<_> =
        recorded.chain(accessed.map(|entry| AuditRecord::Accessed(Box::new(entry)))).collect();
    all.sort_by_key(|record| Reverse(record.place()));
    all.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(all)
}

/// How many entries there are, counted to [`COUNTED_TO`] and not beyond.
///
/// # Errors
/// The database failed.
pub async fn count(pool: &PgPool, filter: &AuditFilter) -> Result<i64, sqlx::Error> {
    let mut number = 0;
    if filter.allowed != Some(false) {
        let bounds = Bounds::of(pool, filter, None).await?;
        let mut query = QueryBuilder::new("select count(*) from (select from audit_index a where ");
        of_ledger(&mut query, filter, bounds);
        query.push(" limit ").push_bind(COUNTED_TO).push(") counted");
        number += query.build_query_scalar::<i64>().persistent(false).fetch_one(pool).await?;
    }
    let mut query = QueryBuilder::new("select count(*) from (select from access_log where ");
    of_access_log(&mut query, filter, None);
    query.push(" limit ").push_bind(COUNTED_TO).push(") counted");
    number += query.build_query_scalar::<i64>().persistent(false).fetch_one(pool).await?;
    Ok(number.min(COUNTED_TO))
}

/// Positions between which events are looked for, both included.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    least: i64,
    most: i64,
}

impl Bounds {
    async fn of(pool: &PgPool, filter: &AuditFilter, before: Option<Place>) -> Result<Self, sqlx::Error> {
        let least = match filter.from {
            Some(from) => sealed_before(pool, from).await? + 1,
            None => 1,
        };
        let mut most = i64::MAX;
        if let Some(to) = filter.to {
            most = sealed_before(pool, to).await?;
        }
        match before {
            Some(Place { source: Source::Ledger, number, .. }) => most = most.min(number - 1),
            Some(Place { source: Source::Access, at_us, .. }) => {
                let at = DateTime::from_timestamp_micros(at_us).unwrap_or_default();
                most = most.min(sealed_before(pool, at).await?);
            }
            None => {}
        }
        Ok(Self { least, most })
    }
}

/// The last position that was sealed before an instant.
async fn sealed_before(pool: &PgPool, instant: DateTime<Utc>) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select position_at($1::timestamptz - interval '1 microsecond') as "position!""#,
        instant
    )
    .fetch_one(pool)
    .await
}

async fn recorded(
    pool: &PgPool,
    filter: &AuditFilter,
    before: Option<Place>,
    limit: i64,
) -> Result<Vec<Recorded>, sqlx::Error> {
    if filter.allowed == Some(false) {
        return Ok(vec![]);
    }
    let bounds = Bounds::of(pool, filter, before).await?;
    let mut query = QueryBuilder::new(
        "select a.*, l.sealed_at, e.recorded_at, e.aggregate_type, e.aggregate_id, e.sequence, e.event_type,
                e.event_version, e.payload::text as payload, e.metadata::text as metadata
         from (select a.position, a.actor, a.entity_type, a.entity from audit_index a where ",
    );
    of_ledger(&mut query, filter, bounds);
    query.push(" order by a.position desc limit ").push_bind(limit);
    query.push(
        ") a
         -- each by its key, as everywhere
         cross join lateral (select sealed_at, event_id from ledger where position = a.position offset 0) l
         cross join lateral (select * from events where event_id = l.event_id offset 0) e
         order by a.position desc",
    );
    query.build_query_as().persistent(false).fetch_all(pool).await
}

fn of_ledger(query: &mut QueryBuilder<'_, Postgres>, filter: &AuditFilter, bounds: Bounds) {
    query.push("a.position >= ").push_bind(bounds.least).push(" and a.position <= ").push_bind(bounds.most);
    if let Some(account) = filter.account {
        query.push(" and a.actor = ").push_bind(account);
    }
    if let Some(account) = filter.concerning {
        query.push(" and (a.actor = ").push_bind(account);
        query
            .push(" or (a.entity_type = 'account' and a.entity = ")
            .push_bind(account.to_string())
            .push("))");
    }
    if let Some(kind) = &filter.entity_type {
        query.push(" and a.entity_type = ").push_bind(kind.clone());
    }
    if let Some(entity) = &filter.entity {
        query.push(" and a.entity = ").push_bind(entity.clone());
    }
    if let Some(action) = &filter.action {
        query.push(" and a.action = ").push_bind(action.clone());
    }
}

async fn accessed(
    pool: &PgPool,
    filter: &AuditFilter,
    before: Option<Place>,
    limit: i64,
) -> Result<Vec<AccessEntry>, sqlx::Error> {
    let mut query = QueryBuilder::new(
        "select id, at, account, action, outcome, host(address) as address, detail, entity_type, entity, key_id,
                correlation, name_hash
         from access_log where ",
    );
    of_access_log(&mut query, filter, before);
    query.push(" order by at desc, id desc limit ").push_bind(limit);
    query.build_query_as().persistent(false).fetch_all(pool).await
}

fn of_access_log(query: &mut QueryBuilder<'_, Postgres>, filter: &AuditFilter, before: Option<Place>) {
    query.push("true");
    if let Some(Place { at_us, source, number }) = before {
        let at = DateTime::from_timestamp_micros(at_us).unwrap_or_default();
        // At the instant of an event every entry comes after it.
        let number = if source == Source::Ledger { i64::MAX } else { number };
        query.push(" and (at, id) < (").push_bind(at).push(", ").push_bind(number).push(")");
    }
    if let Some(account) = filter.account {
        query.push(" and account = ").push_bind(account);
    }
    if let Some(account) = filter.concerning {
        query.push(" and (account = ").push_bind(account);
        query.push(" or (entity_type = 'User' and entity = ").push_bind(account.to_string()).push("))");
    }
    if let Some(kind) = &filter.entity_type {
        let kind =
            KINDS.iter().find(|(recorded, _)| recorded == kind).map_or(kind.as_str(), |(_, logged)| logged);
        query.push(" and entity_type = ").push_bind(kind.to_owned());
    }
    if let Some(entity) = &filter.entity {
        query.push(" and entity = ").push_bind(entity.clone());
    }
    if let Some(action) = &filter.action {
        query.push(" and action = ").push_bind(action.clone());
    }
    match filter.allowed {
        Some(true) => query.push(" and outcome = 'allowed'"),
        Some(false) => query.push(" and outcome <> 'allowed'"),
        None => query,
    };
    if let Some(from) = filter.from {
        query.push(" and at >= ").push_bind(from);
    }
    if let Some(to) = filter.to {
        query.push(" and at < ").push_bind(to);
    }
}
