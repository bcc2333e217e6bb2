//! Reading remediations, now or as of a past position.

use super::Step;
use crate::fold::OPEN;
use crate::knowledge::contains_pattern;
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgPool;
use uuid::Uuid;

/// A remediation as of a position.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "the columns are the fields of the remediation, see Plan and RemediationEvent"
)]
pub struct RemediationRecord {
    pub remediation_id: Uuid,
    pub number: i64,
    pub test_id: Uuid,
    pub technique_id: String,
    pub live_technique_id: String,
    pub attack_id: String,
    pub detection_result: String,
    pub title: String,
    pub description: String,
    pub priority: String,
    pub assignee: Option<Uuid>,
    pub due_on: Option<NaiveDate>,
    pub tags: Vec<String>,
    pub state: String,
    pub steps: Vec<Step>,
    pub completions: i32,
    pub completion_notes: Option<String>,
    pub blocked_reason: Option<String>,
    pub risk_reason: Option<String>,
    pub risk_expires_on: Option<NaiveDate>,
    pub reopen_reason: Option<String>,
    pub version: i64,
    pub opened_by: Uuid,
    pub opened_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub completed_at: Option<DateTime<Utc>>,
    pub verified_at: Option<DateTime<Utc>>,
    /// The position at which it became as it is.
    pub from_position: i64,
}

/// Which remediations a list is about. Absent means any.
#[derive(Debug, Clone, Default)]
pub struct RemediationFilter {
    /// Stored names of states.
    pub states: Option<Vec<String>>,
    /// Who sees to it.
    pub assignee: Option<Uuid>,
    /// Stored names of priorities.
    pub priorities: Option<Vec<String>>,
    /// Of these tests.
    pub tests: Option<Vec<Uuid>>,
    /// ATT&CK id of the technique it was opened on.
    pub attack_id: Option<String>,
    /// Not done, and due before this day.
    pub overdue_on: Option<NaiveDate>,
    /// Part of the title, the description or the ATT&CK id; or `#number`.
    pub search: Option<String>,
    /// A tag.
    pub tag: Option<String>,
}

/// Remediations of one test that are read together with those of others, at most.
pub const OF_ONE_TEST: i64 = 100;

/// One remediation as of a position.
///
/// # Errors
/// The database failed, or a stored record does not read back.
pub async fn remediation(pool: &PgPool, id: Uuid, at: i64) -> Result<Option<RemediationRecord>, sqlx::Error> {
    let found = select(pool, Some(&[id]), at, &RemediationFilter::default(), None, 1).await?;
    Ok(found.0.into_iter().next())
}

/// The remediation that people call by a number, as of a position.
///
/// # Errors
/// The database failed.
pub async fn numbered(pool: &PgPool, number: i64, at: i64) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select remediation_id from remediations where number = $1 and from_position <= $2 and to_position > $2",
        number,
        at
    )
    .fetch_optional(pool)
    .await
}

/// Which test each of some remediations was opened from: (remediation, test). That never changes.
///
/// # Errors
/// The database failed.
pub async fn origins(pool: &PgPool, ids: &[String]) -> Result<Vec<(Uuid, Uuid)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select distinct remediation_id, test_id from remediations where row_key = any ($1)",
        ids
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.remediation_id, row.test_id)).collect())
}

/// One page of remediations, newest change first, after a given change, and how many there are in all.
///
/// # Errors
/// The database failed, or a stored record does not read back.
pub async fn remediations(
    pool: &PgPool,
    at: i64,
    filter: &RemediationFilter,
    after: Option<(i64, i64)>,
    limit: i64,
) -> Result<(Vec<RemediationRecord>, i64), sqlx::Error> {
    select(pool, None, at, filter, after, limit).await
}

/// Some remediations as of a position, newest change first; unknown ones are left out.
///
/// # Errors
/// The database failed, or a stored record does not read back.
pub async fn by_ids(pool: &PgPool, ids: &[Uuid], at: i64) -> Result<Vec<RemediationRecord>, sqlx::Error> {
    let limit = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    Ok(select(pool, Some(ids), at, &RemediationFilter::default(), None, limit).await?.0)
}

/// The remediations of some tests as of a position, newest change first, of each test the newest [`OF_ONE_TEST`].
///
/// # Errors
/// The database failed, or a stored record does not read back.
pub async fn of_tests(pool: &PgPool, tests: &[Uuid], at: i64) -> Result<Vec<RemediationRecord>, sqlx::Error> {
    let ids = sqlx::query_scalar!(
        r#"select r.remediation_id as "id!" from unnest($1::uuid[]) t (test_id)
           cross join lateral (
             select remediation_id from remediations
             where test_id = t.test_id and from_position <= $2 and to_position > $2
             order by from_position desc, number desc limit $3) r"#,
        tests,
        at,
        OF_ONE_TEST
    )
    .fetch_all(pool)
    .await?;
    by_ids(pool, &ids, at).await
}

async fn select(
    pool: &PgPool,
    ids: Option<&[Uuid]>,
    at: i64,
    filter: &RemediationFilter,
    after: Option<(i64, i64)>,
    limit: i64,
) -> Result<(Vec<RemediationRecord>, i64), sqlx::Error> {
    let keys: Option<Vec<String>> = ids.map(|ids| ids.iter().map(Uuid::to_string).collect());
    let search = filter.search.as_deref().map(contains_pattern);
    let number =
        filter.search.as_deref().and_then(|text| text.trim().trim_start_matches('#').parse::<i64>().ok());
    let (after_position, after_number) = after.unzip();
    let rows = sqlx::query!(
        r#"with listed as (
             select r.* from remediations r
             where r.from_position <= $1 and r.to_position > $1
               and ($2::text[] is null or r.row_key = any ($2))
               and ($3::text[] is null or r.state = any ($3))
               and ($4::uuid is null or r.assignee = $4)
               and ($5::text[] is null or r.priority = any ($5))
               and ($6::uuid[] is null or r.test_id = any ($6))
               and ($7::text is null or r.attack_id = $7)
               and ($8::date is null or (r.due_on < $8 and r.state in ('open', 'in_progress', 'blocked')))
               and ($9::text is null or r.title ilike $9 or r.description ilike $9 or r.attack_id ilike $9
                                     or r.number = $10)
               and ($11::text is null or $11 = any (r.tags)))
           select remediation_id as "remediation_id!", number as "number!", test_id as "test_id!",
                  technique_id as "technique_id!", live_technique_id as "live_technique_id!",
                  attack_id as "attack_id!", detection_result as "detection_result!", title as "title!",
                  description as "description!", priority as "priority!", assignee, due_on, tags as "tags!",
                  state as "state!", steps::text as "steps!", completions as "completions!", completion_notes,
                  blocked_reason, risk_reason, risk_expires_on, reopen_reason, version as "version!",
                  opened_by as "opened_by!", opened_at as "opened_at!", updated_at as "updated_at!", completed_at,
                  verified_at, from_position as "from_position!", (select count(*) from listed) as "total!"
           from listed
           where $12::int8 is null or (from_position, number) < ($12, $13)
           order by from_position desc, number desc limit $14"#,
        at,
        keys.as_deref(),
        filter.states.as_deref(),
        filter.assignee,
        filter.priorities.as_deref(),
        filter.tests.as_deref(),
        filter.attack_id,
        filter.overdue_on,
        search,
        number,
        filter.tag,
        after_position,
        after_number,
        limit
    )
    .fetch_all(pool)
    .await?;
    // No row tells how many there are, so the first page is asked for.
    if rows.is_empty() && after.is_some() {
        return Ok((vec![], Box::pin(select(pool, ids, at, filter, None, 1)).await?.1));
    }
    let total = rows.first().map_or(0, |row| row.total);
    let remediations = rows
        .into_iter()
        .map(|row| {
            Ok(RemediationRecord {
                remediation_id: row.remediation_id,
                number: row.number,
                test_id: row.test_id,
                technique_id: row.technique_id,
                live_technique_id: row.live_technique_id,
                attack_id: row.attack_id,
                detection_result: row.detection_result,
                title: row.title,
                description: row.description,
                priority: row.priority,
                assignee: row.assignee,
                due_on: row.due_on,
                tags: row.tags,
                state: row.state,
                steps: serde_json::from_str(&row.steps).map_err(|error| sqlx::Error::Decode(error.into()))?,
                completions: row.completions,
                completion_notes: row.completion_notes,
                blocked_reason: row.blocked_reason,
                risk_reason: row.risk_reason,
                risk_expires_on: row.risk_expires_on,
                reopen_reason: row.reopen_reason,
                version: row.version,
                opened_by: row.opened_by,
                opened_at: row.opened_at,
                updated_at: row.updated_at,
                completed_at: row.completed_at,
                verified_at: row.verified_at,
                from_position: row.from_position,
            })
        })
        .collect::<Result<_, sqlx::Error>>()?;
    Ok((remediations, total))
}

/// What one completion led to, as of a position.
#[derive(Debug, Clone)]
pub struct RetestRecord {
    /// The remediation.
    pub remediation_id: Uuid,
    /// Its completion, from 1.
    pub completion: i32,
    /// The retest's number among those of the original test; none where none was created.
    pub number: Option<i32>,
    /// The test.
    pub retest_id: Option<Uuid>,
    /// Why none was created.
    pub refused: Option<String>,
    /// How well blue saw the attack, once that verified the remediation or sent it back.
    pub detection_result: Option<String>,
    /// When that was recorded.
    pub told_at: DateTime<Utc>,
}

/// What the completions of some remediations led to: by remediation, oldest first.
///
/// # Errors
/// The database failed.
pub async fn retests(pool: &PgPool, ids: &[Uuid], at: i64) -> Result<Vec<RetestRecord>, sqlx::Error> {
    sqlx::query_as!(
        RetestRecord,
        "select remediation_id, completion, number, retest_id, refused, detection_result, told_at
         from remediation_retests
         where remediation_id = any ($1) and from_position <= $2 and to_position > $2
         order by remediation_id, completion",
        ids,
        at
    )
    .fetch_all(pool)
    .await
}

/// Remediations whose accepted risk may end on or before a day, by id, at most so many.
///
/// # Errors
/// The database failed.
pub async fn expired_risks(pool: &PgPool, today: NaiveDate, limit: i64) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select remediation_id from remediations
         where to_position = $1 and state = 'risk_accepted' and risk_expires_on <= $2
         order by remediation_id limit $3",
        OPEN,
        today,
        limit
    )
    .fetch_all(pool)
    .await
}
