//! The events of one thing in the order of the ledger, straight from there.
//!
//! The story of a test holds, beside its own events, what is said about it and
//! what the remediations opened from it went through; every other story is
//! that of one aggregate.

use crate::ledger::StoredEvent;
use sqlx::PgPool;
use std::collections::HashMap;
use uuid::Uuid;

/// An event of a story.
#[derive(Debug, Clone)]
pub struct Told {
    /// Id of the aggregate that the story is about.
    pub story: String,
    /// The event; of that aggregate or of one that belongs to it.
    pub event: StoredEvent,
}

/// The tests among the heroes of stories: only they have more than their own events.
fn tests(aggregate_type: &str, ids: &[String]) -> Vec<Uuid> {
    if aggregate_type != "test" {
        return vec![];
    }
    ids.iter().filter_map(|id| id.parse().ok()).collect()
}

/// The events of stories after a position and up to another: by story, oldest first, of each at most `limit`.
///
/// # Errors
/// The database failed.
pub async fn events(
    pool: &PgPool,
    aggregate_type: &str,
    ids: &[String],
    after: i64,
    up_to: i64,
    limit: i64,
) -> Result<Vec<Told>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"with parts as (
             select id as story, $1 as aggregate_type, id as aggregate_id from unnest($2::text[]) id
             union all
             select id::text, 'discussion', 'test/' || id from unnest($3::uuid[]) id
             union all
             select test_id::text, 'remediation', row_key from remediations
             where test_id = any ($3) and from_position <= $5 and to_position > $5)
           select s.story as "story!", l.position as "position!", l.sealed_at as "sealed_at!",
                  e.recorded_at as "recorded_at!", e.aggregate_type as "aggregate_type!",
                  e.aggregate_id as "aggregate_id!", e.sequence as "sequence!", e.event_type as "event_type!",
                  e.event_version as "event_version!", e.payload::text as "payload!",
                  e.metadata::text as "metadata!"
           from unnest($2::text[]) s (story)
           cross join lateral (
             select l.position, l.sealed_at, l.event_id from parts p
             -- each by its key: what the planner guesses of a list is a scan of all of the ledger
             cross join lateral (
               select event_id from events
               where aggregate_type = p.aggregate_type and aggregate_id = p.aggregate_id offset 0) own
             cross join lateral (
               select position, sealed_at, event_id from ledger where event_id = own.event_id offset 0) l
             where p.story = s.story and l.position > $4 and l.position <= $5
             order by l.position limit $6) l
           cross join lateral (select * from events where event_id = l.event_id offset 0) e
           order by s.story, l.position"#,
        aggregate_type,
        ids,
        &tests(aggregate_type, ids),
        after,
        up_to,
        limit
    )
    .fetch_all(pool)
    .await?;
    let told = rows.into_iter().map(|row| Told {
        story: row.story,
        event: StoredEvent {
            position: row.position,
            sealed_at: row.sealed_at,
            recorded_at: row.recorded_at,
            aggregate_type: row.aggregate_type,
            aggregate_id: row.aggregate_id,
            sequence: row.sequence,
            event_type: row.event_type,
            event_version: row.event_version,
            payload: row.payload,
            metadata: row.metadata,
        },
    });
    Ok(told.collect())
}

/// How many events stories have up to a position, by story; those without are left out.
///
/// # Errors
/// The database failed.
pub async fn lengths(
    pool: &PgPool,
    aggregate_type: &str,
    ids: &[String],
    up_to: i64,
) -> Result<HashMap<String, i64>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"with parts as (
             select id as story, $1 as aggregate_type, id as aggregate_id from unnest($2::text[]) id
             union all
             select id::text, 'discussion', 'test/' || id from unnest($3::uuid[]) id
             union all
             select test_id::text, 'remediation', row_key from remediations
             where test_id = any ($3) and from_position <= $4 and to_position > $4)
           select p.story as "story!", count(*) as "count!" from parts p
           cross join lateral (
             select event_id from events
             where aggregate_type = p.aggregate_type and aggregate_id = p.aggregate_id offset 0) own
           cross join lateral (select position from ledger where event_id = own.event_id offset 0) l
           where l.position <= $4
           group by p.story"#,
        aggregate_type,
        ids,
        &tests(aggregate_type, ids),
        up_to
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.story, row.count)).collect())
}
