//! The sources as people see them: where they are found, what is in force, what came of the last job.

use aegis_aggregates::knowledge::{KnowledgeSource, SourceSettings};
use chrono::{DateTime, Utc};
use sqlx::PgPool;
use std::collections::HashMap;
use uuid::Uuid;

/// A source and how it stands.
#[derive(Debug, Clone)]
pub struct SourceRecord {
    /// Which.
    pub source: KnowledgeSource,
    /// Where it is found, and when it is fetched.
    pub settings: SourceSettings,
    /// What is in force.
    pub release: Option<SourceRelease>,
    /// The newest job about it.
    pub last_job: Option<Uuid>,
    /// When that job was asked for.
    pub last_asked_at: Option<DateTime<Utc>>,
    /// When it was last fetched or taken in with success, whether that changed anything or not.
    pub last_success_at: Option<DateTime<Utc>>,
}

/// What is in force of a source.
#[derive(Debug, Clone)]
pub struct SourceRelease {
    /// Its digest.
    pub digest: String,
    /// What the source calls it.
    pub version: String,
    /// When it became visible.
    pub released_at: DateTime<Utc>,
    /// The position of the event that made it visible.
    pub position: i64,
    /// Figures that a person can check, by name.
    pub counts: serde_json::Value,
}

/// Every source as of a position, jobs as they are now.
///
/// # Errors
/// The database failed.
pub async fn sources(pool: &PgPool, at: i64) -> Result<Vec<SourceRecord>, sqlx::Error> {
    let settings = sqlx::query!(
        "select row_key, addresses, every_hours, enabled from knowledge_settings
         where from_position <= $1 and to_position > $1",
        at
    )
    .fetch_all(pool)
    .await?;
    let mut settings: HashMap<String, SourceSettings> = settings
        .into_iter()
        .map(|row| {
            let every_hours = u32::try_from(row.every_hours).unwrap_or(0);
            (row.row_key, SourceSettings { addresses: row.addresses, every_hours, enabled: row.enabled })
        })
        .collect();
    let releases = sqlx::query!(
        r#"select r.row_key, r.digest, r.version, r.released_at, r.from_position,
                  coalesce(c.counts, to_json(a.counts)) as "counts!: serde_json::Value"
           from knowledge_releases r
           left join knowledge_contents c on c.digest = r.digest
           left join attack_contents a on a.digest = r.digest
           where r.from_position <= $1 and r.to_position > $1"#,
        at
    )
    .fetch_all(pool)
    .await?;
    let mut releases: HashMap<String, SourceRelease> = releases
        .into_iter()
        .map(|row| {
            let release = SourceRelease {
                digest: row.digest,
                version: row.version,
                released_at: row.released_at,
                position: row.from_position,
                counts: row.counts,
            };
            (row.row_key, release)
        })
        .collect();
    let jobs = sqlx::query!(
        r#"select subject as "subject!", (array_agg(job order by requested_position desc))[1] as "newest!",
                  max(requested_at) as "asked_at!", max(finished_at) filter (where state = 'succeeded') as succeeded_at
           from jobs where subject is not null group by subject"#
    )
    .fetch_all(pool)
    .await?;
    let mut jobs: HashMap<String, _> =
        jobs.into_iter().map(|row| (row.subject, (row.newest, row.asked_at, row.succeeded_at))).collect();
    Ok(KnowledgeSource::ALL
        .into_iter()
        .map(|source| {
            let id = source.aggregate_id();
            let (last_job, last_asked_at, last_success_at) = match jobs.remove(id) {
                Some((job, asked_at, succeeded_at)) => (Some(job), Some(asked_at), succeeded_at),
                None => (None, None, None),
            };
            SourceRecord {
                source,
                settings: settings.remove(id).unwrap_or_else(|| source.settings()),
                release: releases.remove(id),
                last_job,
                last_asked_at,
                last_success_at,
            }
        })
        .collect())
}

/// An earlier or present release of a source.
#[derive(Debug, Clone)]
pub struct PastRelease {
    /// Its digest.
    pub digest: String,
    /// What the source calls it.
    pub version: String,
    /// When it became visible.
    pub released_at: DateTime<Utc>,
    /// The position of the event.
    pub position: i64,
    /// Whether it is in force.
    pub in_force: bool,
}

/// Releases of a source listed at most.
pub const PAST_RELEASES: i64 = 100;

/// The releases of a source up to a position, newest first, at most [`PAST_RELEASES`].
///
/// # Errors
/// The database failed.
pub async fn releases(
    pool: &PgPool,
    source: KnowledgeSource,
    at: i64,
) -> Result<Vec<PastRelease>, sqlx::Error> {
    sqlx::query_as!(
        PastRelease,
        r#"select digest, version, released_at, from_position as "position!", to_position > $2 as "in_force!"
           from knowledge_releases where row_key = $1 and from_position <= $2
           order by from_position desc limit $3"#,
        source.aggregate_id(),
        at,
        PAST_RELEASES
    )
    .fetch_all(pool)
    .await
}

/// What is in force of a source now: its digest.
///
/// # Errors
/// The database failed.
pub async fn in_force(pool: &PgPool, source: KnowledgeSource) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "select digest from knowledge_releases where row_key = $1 and to_position = 9223372036854775807",
        source.aggregate_id()
    )
    .fetch_optional(pool)
    .await
}

/// What a stored content of a source is called, whether it was ever in force or not.
///
/// # Errors
/// The database failed.
pub async fn staged(
    pool: &PgPool,
    source: KnowledgeSource,
    digest: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select version as "version!" from knowledge_contents where digest = $1 and source = $2
           union all select version from attack_contents where digest = $1 and domain = $2"#,
        digest,
        source.aggregate_id()
    )
    .fetch_optional(pool)
    .await
}
