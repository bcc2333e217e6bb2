//! What jobs are doing. The request is an event; progress, rejected records
//! and results are operational and live here.

use crate::store::Origin;
use aegis_sources::Reject;
use chrono::{DateTime, Utc};
use sqlx::PgPool;
use std::time::Duration;
use uuid::Uuid;

/// Rejected records kept per job; later ones are counted only.
pub const REJECTS_KEPT: i64 = 10_000;

/// A job as it stands.
#[derive(Debug, Clone)]
pub struct JobRecord {
    /// Its id.
    pub job: Uuid,
    /// What kind of work, `import_attack`.
    pub kind: String,
    /// One line for people.
    pub title: String,
    /// What was requested, as JSON.
    pub request: serde_json::Value,
    /// Who asked.
    pub requested_by: Uuid,
    /// The position of the request.
    pub requested_position: i64,
    /// When it was asked.
    pub requested_at: DateTime<Utc>,
    /// `queued`, `running`, `succeeded`, `failed` or `cancelled`.
    pub state: String,
    /// How often it was begun since it was requested; orderly interruptions do not count.
    pub attempts: i32,
    /// Units done.
    pub done: i64,
    /// Units in all, once known.
    pub total: Option<i64>,
    /// What it is at.
    pub current: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
    /// What came of it.
    pub result: Option<serde_json::Value>,
    /// Whether somebody asked it to stop.
    pub cancel_requested: bool,
    /// When it was last begun.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// Records refused; the first [`REJECTS_KEPT`] of them are kept.
    pub reject_count: i64,
}

/// A job to be entered.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Its id.
    pub job: Uuid,
    /// What kind of work.
    pub kind: &'static str,
    /// One line for people.
    pub title: String,
    /// What was requested.
    pub request: serde_json::Value,
    /// Who asked.
    pub requested_by: Uuid,
    /// The position of the request.
    pub position: i64,
    /// When it was asked.
    pub requested_at: DateTime<Utc>,
    /// The id of the source it takes in, if it does.
    pub subject: Option<&'static str>,
}

/// Enters a job as queued, or queues one again that ended without success
/// and was requested anew at a later position. Safe to repeat.
///
/// # Errors
/// The database failed.
pub async fn enter(pool: &PgPool, job: &NewJob) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into jobs (job, kind, title, request, requested_by, requested_position, requested_at, subject)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (job) do update
           set state = 'queued', error = null, result = null, cancel_requested = false, done = 0, total = null,
               current = null, attempts = 0, finished_at = null, requested_position = excluded.requested_position,
               updated_at = clock_timestamp()
           where jobs.requested_position < excluded.requested_position and jobs.state in ('failed', 'cancelled')",
        job.job,
        job.kind,
        job.title,
        job.request,
        job.requested_by,
        job.position,
        job.requested_at,
        job.subject
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// How many jobs wait, run, or have failed and were not tried again, by state; a state without any counts 0.
///
/// # Errors
/// The database failed.
pub async fn open(pool: &PgPool) -> Result<[(&'static str, i64); 3], sqlx::Error> {
    let row = sqlx::query!(
        r#"select count(*) filter (where state = 'queued') as "queued!",
                  count(*) filter (where state = 'running') as "running!",
                  count(*) filter (where state = 'failed') as "failed!"
           from jobs where state in ('queued', 'running', 'failed')"#
    )
    .fetch_one(pool)
    .await?;
    Ok([("queued", row.queued), ("running", row.running), ("failed", row.failed)])
}

/// One job.
///
/// # Errors
/// The database failed.
pub async fn job(pool: &PgPool, id: Uuid) -> Result<Option<JobRecord>, sqlx::Error> {
    Ok(select(pool, Some(id), None, 1).await?.0.pop())
}

/// One page of jobs, newest request first, after a given position, and how many there are in all.
///
/// # Errors
/// The database failed.
pub async fn jobs(
    pool: &PgPool,
    after: Option<i64>,
    limit: i64,
) -> Result<(Vec<JobRecord>, i64), sqlx::Error> {
    select(pool, None, after, limit).await
}

async fn select(
    pool: &PgPool,
    id: Option<Uuid>,
    after: Option<i64>,
    limit: i64,
) -> Result<(Vec<JobRecord>, i64), sqlx::Error> {
    let rows = sqlx::query!(
        r#"select j.job, j.kind, j.title, j.request, j.requested_by, j.requested_position, j.requested_at, j.state,
                  j.attempts, j.done, j.total, j.current, j.error, j.result, j.cancel_requested, j.started_at,
                  j.finished_at, j.reject_count, (select count(*) from jobs) as "total_count!"
           from jobs j
           where ($1::uuid is null or j.job = $1) and ($2::int8 is null or j.requested_position < $2)
           order by j.requested_position desc limit $3"#,
        id,
        after,
        limit
    )
    .fetch_all(pool)
    .await?;
    // No row tells how many there are, so the first page is asked for.
    if rows.is_empty() && after.is_some() {
        return Ok((vec![], Box::pin(select(pool, id, None, 1)).await?.1));
    }
    let total = rows.first().map_or(0, |row| row.total_count);
    let jobs = rows
        .into_iter()
        .map(|row| JobRecord {
            job: row.job,
            kind: row.kind,
            title: row.title,
            request: row.request,
            requested_by: row.requested_by,
            requested_position: row.requested_position,
            requested_at: row.requested_at,
            state: row.state,
            attempts: row.attempts,
            done: row.done,
            total: row.total,
            current: row.current,
            error: row.error,
            result: row.result,
            cancel_requested: row.cancel_requested,
            started_at: row.started_at,
            finished_at: row.finished_at,
            reject_count: row.reject_count,
        })
        .collect();
    Ok((jobs, total))
}

/// One worker's hold on a job, from beginning to end. What it writes counts
/// only while no other worker has begun the job anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// The job.
    pub job: Uuid,
    /// When it was begun: tells this hold from every other.
    pub started_at: DateTime<Utc>,
    /// Which attempt this is, from 1.
    pub attempt: i32,
}

/// Marks a job as begun; what an earlier attempt refused is forgotten. `None` when it is not waiting any more: cancelled,
/// done, or taken by a worker that has shown life within `alive`.
///
/// # Errors
/// The database failed.
pub async fn begin(pool: &PgPool, id: Uuid, alive: Duration) -> Result<Option<Hold>, sqlx::Error> {
    let begun = sqlx::query!(
        r#"with begun as (
             update jobs set state = 'running', attempts = attempts + 1, started_at = clock_timestamp(),
                    error = null, done = 0, reject_count = 0, updated_at = clock_timestamp()
             where job = $1 and (state = 'queued'
               or state = 'running' and updated_at < clock_timestamp() - make_interval(secs => $2))
             returning job, started_at, attempts),
           forgotten as (delete from job_rejects r using begun where r.job = begun.job)
           select started_at as "started_at!", attempts as "attempts!" from begun"#,
        id,
        alive.as_secs_f64()
    )
    .fetch_optional(pool)
    .await?;
    let Some(begun) = begun else { return Ok(None) };
    notify(pool, id).await?;
    Ok(Some(Hold { job: id, started_at: begun.started_at, attempt: begun.attempts }))
}

/// What a worker hears when it shows how far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Go on.
    Wanted,
    /// Somebody asked the job to stop.
    CancelRequested,
    /// The job is no longer this worker's: whatever it still does counts for nothing.
    Lost,
}

/// Shows how far a job has come, and that its worker lives.
///
/// # Errors
/// The database failed.
pub async fn progress(
    pool: &PgPool,
    hold: &Hold,
    done: i64,
    total: Option<i64>,
    current: &str,
) -> Result<Standing, sqlx::Error> {
    let row = sqlx::query!(
        "update jobs set done = $3, total = $4, current = $5, updated_at = clock_timestamp()
         where job = $1 and started_at = $2 and state = 'running' returning cancel_requested",
        hold.job,
        hold.started_at,
        done,
        total,
        current
    )
    .fetch_optional(pool)
    .await?;
    notify(pool, hold.job).await?;
    Ok(match row {
        None => Standing::Lost,
        Some(row) if row.cancel_requested => Standing::CancelRequested,
        Some(_) => Standing::Wanted,
    })
}

/// Lets go of a job so that it is begun again, by whom it may be. An attempt
/// that failed is `counted`, with why; an orderly interruption is not.
/// One that was asked to stop meanwhile is cancelled instead.
///
/// # Errors
/// The database failed.
pub async fn requeue(
    pool: &PgPool,
    hold: &Hold,
    counted: bool,
    why: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update jobs set state = case when cancel_requested then 'cancelled' else 'queued' end,
                finished_at = case when cancel_requested then clock_timestamp() end,
                attempts = case when $3 then attempts else greatest(attempts - 1, 0) end,
                error = $4, updated_at = clock_timestamp()
         where job = $1 and started_at = $2 and state = 'running'",
        hold.job,
        hold.started_at,
        counted,
        why
    )
    .execute(pool)
    .await?;
    notify(pool, hold.job).await
}

/// How a job ended.
#[derive(Debug, Clone)]
pub enum JobEnd {
    /// It did its work.
    Succeeded(serde_json::Value),
    /// It could not.
    Failed(String),
    /// It was asked to stop, and did.
    Cancelled,
}

/// Ends a job, with how many records it `refused` in all and which:
/// the first [`REJECTS_KEPT`] of them are kept. False when it was no longer this worker's to end.
///
/// # Errors
/// The database failed.
pub async fn finish(
    pool: &PgPool,
    hold: &Hold,
    end: JobEnd,
    refused: i64,
    rejects: &[Reject],
) -> Result<bool, sqlx::Error> {
    let (state, error, result) = match end {
        JobEnd::Succeeded(result) => ("succeeded", None, Some(result)),
        JobEnd::Failed(error) => ("failed", Some(error), None),
        JobEnd::Cancelled => ("cancelled", None, None),
    };
    let kept = usize::try_from(REJECTS_KEPT).unwrap_or(0);
    let rejects = &rejects[..rejects.len().min(kept)];
    let texts = |of: fn(&Reject) -> &String| rejects.iter().map(of).cloned().collect::<Vec<String>>();
    let lines: Vec<Option<i32>> =
        rejects.iter().map(|reject| reject.line.and_then(|line| i32::try_from(line).ok())).collect();
    let mut transaction = pool.begin().await?;
    let ended = sqlx::query!(
        "update jobs set state = $3, error = $4, result = $5, finished_at = clock_timestamp(),
                done = case when $3 = 'succeeded' then coalesce(total, done) else done end,
                reject_count = $6, updated_at = clock_timestamp()
         where job = $1 and started_at = $2 and state = 'running'",
        hold.job,
        hold.started_at,
        state,
        error,
        result,
        refused
    )
    .execute(&mut *transaction)
    .await?
    .rows_affected()
        == 1;
    if ended {
        sqlx::query!("delete from job_rejects where job = $1", hold.job).execute(&mut *transaction).await?;
        sqlx::query!(
            "insert into job_rejects (job, number, record, reason, file, line)
             select $1, n::int, record, reason, nullif(file, ''), line
             from unnest($2::text[], $3::text[], $4::text[], $5::int[]) with ordinality r (record, reason, file, line, n)",
            hold.job,
            &texts(|reject| &reject.record),
            &texts(|reject| &reject.reason),
            &texts(|reject| &reject.file),
            &lines as &[Option<i32>]
        )
        .execute(&mut *transaction)
        .await?;
    }
    transaction.commit().await?;
    notify(pool, hold.job).await?;
    Ok(ended)
}

/// Asks a job to stop. One that waits is cancelled at once. False when it has ended.
///
/// # Errors
/// The database failed.
pub async fn cancel(pool: &PgPool, id: Uuid) -> Result<bool, sqlx::Error> {
    let asked = sqlx::query!(
        "update jobs set cancel_requested = true, updated_at = clock_timestamp(),
                state = case when state = 'queued' then 'cancelled' else state end,
                finished_at = case when state = 'queued' then clock_timestamp() end
         where job = $1 and state in ('queued', 'running')",
        id
    )
    .execute(pool)
    .await?;
    notify(pool, id).await?;
    Ok(asked.rows_affected() == 1)
}

/// A job that no worker is at.
#[derive(Debug, Clone)]
pub struct Unattended {
    /// The job.
    pub job: Uuid,
    /// What kind of work.
    pub kind: String,
    /// The last sign of life; stands still until somebody begins the job.
    pub updated_at: DateTime<Utc>,
}

/// Jobs that no worker is at: waiting, or begun by one that has not shown
/// life within `alive`. The oldest requests first, at most 100.
///
/// # Errors
/// The database failed.
pub async fn unattended(pool: &PgPool, alive: Duration) -> Result<Vec<Unattended>, sqlx::Error> {
    sqlx::query_as!(
        Unattended,
        "select job, kind, updated_at from jobs where state in ('queued', 'running')
           and updated_at < clock_timestamp() - make_interval(secs => $1)
         order by requested_position limit 100",
        alive.as_secs_f64()
    )
    .fetch_all(pool)
    .await
}

/// What came of having a job tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revived {
    /// It waits for a worker.
    Queued,
    /// The same command had it tried again before; nothing is done now.
    Repeated,
    /// The command id was used before with other input.
    CommandReused,
    /// It has not failed and was not cancelled, or there is none.
    NotEnded,
}

/// Queues a job again that has ended without success, as it was requested; by one command once.
///
/// # Errors
/// The database failed.
pub async fn revive(pool: &PgPool, id: Uuid, origin: &Origin) -> Result<Revived, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    if let Some(command) = &origin.command {
        let actor = origin.actor.account.0;
        let noted = sqlx::query!(
            "insert into job_retries (actor, command_id, digest, job) values ($1, $2, $3, $4) on conflict do nothing",
            actor,
            command.id,
            command.digest,
            id
        )
        .execute(&mut *transaction)
        .await?;
        if noted.rows_affected() == 0 {
            let same = sqlx::query_scalar!(
                r#"select exists (select from job_retries where actor = $1 and command_id = $2 and digest = $3)
                     as "same!""#,
                actor,
                command.id,
                command.digest
            )
            .fetch_one(&mut *transaction)
            .await?;
            return Ok(if same { Revived::Repeated } else { Revived::CommandReused });
        }
    }
    let revived = sqlx::query!(
        "update jobs set state = 'queued', error = null, result = null, cancel_requested = false, done = 0,
                total = null, current = null, attempts = 0, finished_at = null, updated_at = clock_timestamp()
         where job = $1 and state in ('failed', 'cancelled')",
        id
    )
    .execute(&mut *transaction)
    .await?;
    if revived.rows_affected() == 0 {
        // Dropped, the transaction takes back the note: the command has done nothing.
        return Ok(Revived::NotEnded);
    }
    transaction.commit().await?;
    Ok(Revived::Queued)
}

/// Queues again the jobs of a kind that have failed at least `resting` ago, oldest first, at most `limit`; says how many.
///
/// # Errors
/// The database failed.
pub async fn revive_failed(
    pool: &PgPool,
    kind: &str,
    resting: Duration,
    limit: i64,
) -> Result<u64, sqlx::Error> {
    let revived = sqlx::query!(
        "update jobs set state = 'queued', error = null, done = 0, total = null, current = null, attempts = 0,
                finished_at = null, updated_at = clock_timestamp()
         where state = 'failed' and job in (
           select j.job from jobs j
           where j.kind = $3 and j.state = 'failed'
             and j.finished_at < clock_timestamp() - make_interval(secs => $1)
           order by j.requested_position limit $2)",
        resting.as_secs_f64(),
        limit,
        kind
    )
    .execute(pool)
    .await?;
    Ok(revived.rows_affected())
}

/// A record that a job refused.
#[derive(Debug, Clone)]
pub struct RejectRecord {
    /// Its place in the list, from 1.
    pub number: i32,
    /// Which record.
    pub record: String,
    /// Why.
    pub reason: String,
    /// The file of the source it stands in, where there are several.
    pub file: Option<String>,
    /// The line, from 1, where that is known.
    pub line: Option<i32>,
}

/// One page of refused records after a given number.
///
/// # Errors
/// The database failed.
pub async fn rejects(
    pool: &PgPool,
    id: Uuid,
    after: i32,
    limit: i64,
) -> Result<Vec<RejectRecord>, sqlx::Error> {
    sqlx::query_as!(
        RejectRecord,
        "select number, record, reason, file, line from job_rejects where job = $1 and number > $2 order by number limit $3",
        id,
        after,
        limit
    )
    .fetch_all(pool)
    .await
}

async fn notify(pool: &PgPool, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query("select pg_notify('aegis_jobs', $1)").bind(id.to_string()).execute(pool).await?;
    Ok(())
}

/// A file waiting to be taken in.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Its id.
    pub upload: Uuid,
    /// Who brought it.
    pub account: Uuid,
    /// Where the object store keeps it.
    pub object_key: String,
    /// Its name, cleaned.
    pub file_name: String,
    /// Bytes.
    pub size_bytes: i64,
    /// Hex.
    pub sha256: String,
}

/// Enters a file.
///
/// # Errors
/// The database failed.
pub async fn enter_upload(pool: &PgPool, upload: &Upload) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into uploads (upload, account, object_key, file_name, size_bytes, sha256) values ($1, $2, $3, $4, $5, $6)",
        upload.upload,
        upload.account,
        upload.object_key,
        upload.file_name,
        upload.size_bytes,
        upload.sha256
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// A file by its id.
///
/// # Errors
/// The database failed.
pub async fn upload(pool: &PgPool, id: Uuid) -> Result<Option<Upload>, sqlx::Error> {
    sqlx::query_as!(
        Upload,
        "select upload, account, object_key, file_name, size_bytes, sha256 from uploads where upload = $1",
        id
    )
    .fetch_optional(pool)
    .await
}

/// The keys of files that nobody needs any more, longest unneeded first, at
/// most `limit`: brought in `unused` ago without a request for them, or asked
/// for last `ended` ago by jobs that have all ended, the last one `ended` ago.
///
/// # Errors
/// The database failed.
pub async fn unneeded_files(
    pool: &PgPool,
    unused: Duration,
    ended: Duration,
    limit: i64,
) -> Result<Vec<String>, sqlx::Error> {
    // A request counts from its event on: the job that it leads to may not be there yet.
    sqlx::query_scalar!(
        r#"with requests as (
             select e.payload->e.event_type->'request'->>'object_key' as object_key, e.recorded_at from events e
             where e.aggregate_type = 'knowledge' and e.event_type in ('ImportRequested', 'ImportRetried')),
           ended as (
             select j.request->>'object_key' as object_key, max(j.finished_at) as since from jobs j
             where j.file_removed_at is null and j.request->>'object_key' is not null
             group by 1
             having bool_and(j.state in ('succeeded', 'failed', 'cancelled')
                             and j.finished_at < clock_timestamp() - make_interval(secs => $2)))
           select object_key as "object_key!" from (
             select u.object_key, u.created_at as since from uploads u
             where u.created_at < clock_timestamp() - make_interval(secs => $1)
               and not exists (select from requests r where r.object_key = u.object_key)
             union all
             select ended.object_key, since from ended
             where not exists (select from requests r where r.object_key = ended.object_key
                     and r.recorded_at >= clock_timestamp() - make_interval(secs => $2))) unneeded
           order by since limit $3"#,
        unused.as_secs_f64(),
        ended.as_secs_f64(),
        limit
    )
    .fetch_all(pool)
    .await
}

/// Notes that a file is no longer there.
///
/// # Errors
/// The database failed; then it counts as there.
pub async fn forget_file(pool: &PgPool, object_key: &str) -> Result<(), sqlx::Error> {
    let mut transaction = pool.begin().await?;
    sqlx::query!("delete from uploads where object_key = $1", object_key).execute(&mut *transaction).await?;
    sqlx::query!(
        "update jobs set file_removed_at = clock_timestamp() where request->>'object_key' = $1",
        object_key
    )
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await
}
