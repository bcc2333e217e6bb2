//! Lists and lookups of campaigns as of a position.

use crate::knowledge::contains_pattern;
use aegis_aggregates::campaign::{DueTime, Schedule};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use sqlx::PgPool;
use uuid::Uuid;

/// A campaign as of a position.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns are the fields of the campaign, see Plan and CampaignOrigin")]
pub struct CampaignRecord {
    pub campaign_id: Uuid,
    pub number: i64,
    pub name: String,
    pub description: String,
    pub kind: String,
    pub objective: String,
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
    pub tags: Vec<String>,
    pub owner: Option<Uuid>,
    pub state: String,
    pub version: i64,
    pub tests: i32,
    pub parent_id: Option<Uuid>,
    pub run_due: Option<NaiveDateTime>,
    pub run_late: Option<bool>,
    pub cloned_from: Option<Uuid>,
    pub scheduled: Option<ScheduledRecord>,
    pub created_by: Uuid,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// The position at which it became as it is.
    pub from_position: i64,
}

/// A schedule in force, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduledRecord {
    /// The schedule.
    pub schedule: Schedule,
    /// Who set it.
    pub by: Uuid,
    /// When; only runs due later count.
    pub at: DateTime<Utc>,
    /// The last due time recorded or skipped, under this schedule or one before it.
    pub last_due: Option<DueTime>,
}

impl ScheduledRecord {
    /// What comes next, in order: the same calendar that records it.
    pub fn due(&self) -> impl Iterator<Item = DueTime> {
        self.schedule.due_after(self.at, self.last_due)
    }
}

/// The columns of a schedule, read together.
struct ScheduleColumns {
    schedule: Option<String>,
    by: Option<Uuid>,
    at: Option<DateTime<Utc>>,
    last_due: Option<NaiveDateTime>,
    last_due_at: Option<DateTime<Utc>>,
}

impl ScheduleColumns {
    fn read(self) -> Result<Option<ScheduledRecord>, sqlx::Error> {
        let (Some(schedule), Some(by), Some(at)) = (self.schedule, self.by, self.at) else {
            return Ok(None);
        };
        let schedule = serde_json::from_str(&schedule).map_err(|error| sqlx::Error::Decode(error.into()))?;
        let last_due = self.last_due.zip(self.last_due_at).map(|(due, due_at)| DueTime { due, due_at });
        Ok(Some(ScheduledRecord { schedule, by, at, last_due }))
    }
}

/// How one campaign is named.
#[derive(Debug, Clone, Copy)]
pub enum CampaignKey {
    /// By its id.
    Id(Uuid),
    /// By its number.
    Number(i64),
}

/// Which campaigns a list is about. Absent means any.
#[derive(Debug, Clone, Default)]
pub struct CampaignFilter {
    /// Stored names of states.
    pub states: Option<Vec<String>>,
    /// Stored names of kinds.
    pub kinds: Option<Vec<String>>,
    /// Part of the name, the description or the objective; or `#number`.
    pub search: Option<String>,
    /// Who answers for it.
    pub owner: Option<Uuid>,
    /// A tag.
    pub tag: Option<String>,
    /// Whether it is a run of a schedule.
    pub is_run: Option<bool>,
    /// These only.
    pub ids: Option<Vec<Uuid>>,
}

/// One campaign as of a position.
///
/// # Errors
/// The database failed, or a stored schedule does not read.
pub async fn campaign(
    pool: &PgPool,
    key: CampaignKey,
    at: i64,
) -> Result<Option<CampaignRecord>, sqlx::Error> {
    let (id, number) = match key {
        CampaignKey::Id(id) => (Some(id), None),
        CampaignKey::Number(number) => (None, Some(number)),
    };
    let id = match (id, number) {
        (Some(id), _) => id,
        (None, number) => {
            let found = sqlx::query_scalar!(
                "select campaign_id from campaigns where number = $1 and from_position <= $2 and to_position > $2",
                number,
                at
            )
            .fetch_optional(pool)
            .await?;
            let Some(id) = found else { return Ok(None) };
            id
        }
    };
    Ok(campaigns_by_id(pool, &[id], at).await?.pop())
}

/// Some campaigns as of a position, in no order; unknown ones are left out.
///
/// # Errors
/// The database failed, or a stored schedule does not read.
pub async fn campaigns_by_id(
    pool: &PgPool,
    ids: &[Uuid],
    at: i64,
) -> Result<Vec<CampaignRecord>, sqlx::Error> {
    let filter = CampaignFilter { ids: Some(ids.to_vec()), ..CampaignFilter::default() };
    let limit = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    Ok(campaigns(pool, at, &filter, None, limit).await?.0)
}

/// One page of campaigns, newest change first, after a given change, and how many there are in all.
///
/// # Errors
/// The database failed, or a stored schedule does not read.
pub async fn campaigns(
    pool: &PgPool,
    at: i64,
    filter: &CampaignFilter,
    after: Option<(i64, i64)>,
    limit: i64,
) -> Result<(Vec<CampaignRecord>, i64), sqlx::Error> {
    let search = filter.search.as_deref().map(contains_pattern);
    let number =
        filter.search.as_deref().and_then(|text| text.trim().trim_start_matches('#').parse::<i64>().ok());
    let keys = filter.ids.as_ref().map(|ids| ids.iter().map(Uuid::to_string).collect::<Vec<_>>());
    let (after_position, after_number) = after.unzip();
    let rows = sqlx::query!(
        r#"with listed as (
             select c.* from campaigns c
             where c.from_position <= $1 and c.to_position > $1
               and ($2::text[] is null or c.state = any ($2))
               and ($3::text[] is null or c.kind = any ($3))
               and ($4::text is null or c.name ilike $4 or c.description ilike $4 or c.objective ilike $4
                    or c.number = $5)
               and ($6::uuid is null or c.owner = $6)
               and ($7::text is null or $7 = any (c.tags))
               and ($8::bool is null or (c.parent_id is not null) = $8)
               and ($9::text[] is null or c.row_key = any ($9)))
           select campaign_id as "campaign_id!", number as "number!", name as "name!",
                  description as "description!", kind as "kind!", objective as "objective!", starts_on, ends_on,
                  tags as "tags!", owner, state as "state!", version as "version!", tests as "tests!", parent_id,
                  run_due, run_late, cloned_from, schedule::text as schedule, scheduled_by, scheduled_at, last_due,
                  last_due_at, created_by as "created_by!", created_at as "created_at!", updated_at as "updated_at!",
                  from_position as "from_position!", (select count(*) from listed) as "total!"
           from listed
           where $10::int8 is null or (from_position, number) < ($10, $11)
           order by from_position desc, number desc limit $12"#,
        at,
        filter.states.as_deref(),
        filter.kinds.as_deref(),
        search,
        number,
        filter.owner,
        filter.tag,
        filter.is_run,
        keys.as_deref(),
        after_position,
        after_number,
        limit
    )
    .fetch_all(pool)
    .await?;
    // No row tells how many there are, so the first page is asked for.
    if rows.is_empty() && after_position.is_some() {
        return Ok((vec![], Box::pin(self::campaigns(pool, at, filter, None, 1)).await?.1));
    }
    let total = rows.first().map_or(0, |row| row.total);
    let records = rows.into_iter().map(|row| {
        let columns = ScheduleColumns {
            schedule: row.schedule,
            by: row.scheduled_by,
            at: row.scheduled_at,
            last_due: row.last_due,
            last_due_at: row.last_due_at,
        };
        Ok(CampaignRecord {
            campaign_id: row.campaign_id,
            number: row.number,
            name: row.name,
            description: row.description,
            kind: row.kind,
            objective: row.objective,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            tags: row.tags,
            owner: row.owner,
            state: row.state,
            version: row.version,
            tests: row.tests,
            parent_id: row.parent_id,
            run_due: row.run_due,
            run_late: row.run_late,
            cloned_from: row.cloned_from,
            scheduled: columns.read()?,
            created_by: row.created_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
            from_position: row.from_position,
        })
    });
    Ok((records.collect::<Result<_, sqlx::Error>>()?, total))
}

/// A test's place in a campaign as of a position.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns are the fields of CampaignTest")]
pub struct CampaignTestRecord {
    pub campaign_id: Uuid,
    pub test_id: Uuid,
    pub place: i32,
    pub phase: Option<String>,
    pub depends_on: Vec<Uuid>,
}

/// The tests of campaigns as of a position: by campaign, place and id. A campaign has at most 500.
///
/// # Errors
/// The database failed.
pub async fn tests_of_campaigns(
    pool: &PgPool,
    campaigns: &[Uuid],
    at: i64,
) -> Result<Vec<CampaignTestRecord>, sqlx::Error> {
    sqlx::query_as!(
        CampaignTestRecord,
        "select campaign_id, test_id, place, phase, depends_on from campaign_tests
         where campaign_id = any ($1) and from_position <= $2 and to_position > $2
         order by campaign_id, place, test_id",
        campaigns,
        at
    )
    .fetch_all(pool)
    .await
}

/// Which campaigns tests are in as of a position: (test, campaign), archived ones left out.
///
/// # Errors
/// The database failed.
pub async fn campaigns_of_tests(
    pool: &PgPool,
    tests: &[Uuid],
    at: i64,
) -> Result<Vec<(Uuid, Uuid)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select l.test_id, l.campaign_id from campaign_tests l
         join campaigns c on c.row_key = l.campaign_id::text and c.from_position <= $2 and c.to_position > $2
         where l.test_id = any ($1) and l.from_position <= $2 and l.to_position > $2 and c.state <> 'archived'
         order by l.test_id, c.number desc",
        tests,
        at
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.test_id, row.campaign_id)).collect())
}

/// The tests that a test waits for, whatever their state: in active campaigns, and in the draft that it was copied
/// for. Another draft is a plan of somebody and holds nothing up.
///
/// # Errors
/// The database failed.
pub async fn dependencies(pool: &PgPool, test: Uuid, at: i64) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select distinct unnest(l.depends_on) as "needed!" from campaign_tests l
           join campaigns c on c.row_key = l.campaign_id::text and c.from_position <= $2 and c.to_position > $2
           where l.test_id = $1 and l.from_position <= $2 and l.to_position > $2
             and (c.state = 'active' or c.state = 'draft' and exists (
               select from tests t where t.row_key = l.test_id::text and t.campaign_id = l.campaign_id
                 and t.from_position <= $2 and t.to_position > $2))
           order by 1"#,
        test,
        at
    )
    .fetch_all(pool)
    .await
}

/// Whether a test was copied for a campaign that is not there: its copying is under way, or broke off.
///
/// # Errors
/// The database failed.
pub async fn campaign_is_missing(pool: &PgPool, test: Uuid, at: i64) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (
             select from tests t
             where t.row_key = $1::uuid::text and t.from_position <= $2 and t.to_position > $2
               and t.campaign_id is not null and not exists (
                 select from campaigns c
                 where c.row_key = t.campaign_id::text and c.from_position <= $2 and c.to_position > $2)
           ) as "missing!""#,
        test,
        at
    )
    .fetch_one(pool)
    .await
}

/// Links of other campaigns that [`waits_beside`] looks at, at most.
const BESIDE: i64 = 2_000;

/// What the tests of a campaign, and those that these wait for and so on, wait for in other active campaigns:
/// (test, those it waits for), at most 2,000.
///
/// # Errors
/// The database failed.
pub async fn waits_beside(
    pool: &PgPool,
    campaign: Uuid,
    at: i64,
) -> Result<Vec<(Uuid, Vec<Uuid>)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"with recursive reached (test_id) as (
             select test_id from campaign_tests
             where campaign_id = $1 and from_position <= $2 and to_position > $2
             union
             select unnest(l.depends_on) from reached r
             join campaign_tests l on l.test_id = r.test_id and l.from_position <= $2 and l.to_position > $2
             join campaigns c on c.row_key = l.campaign_id::text and c.from_position <= $2 and c.to_position > $2
             where c.state = 'active' and l.campaign_id <> $1
           )
           select l.test_id, l.depends_on from reached r
           join campaign_tests l on l.test_id = r.test_id and l.from_position <= $2 and l.to_position > $2
           join campaigns c on c.row_key = l.campaign_id::text and c.from_position <= $2 and c.to_position > $2
           where c.state = 'active' and l.campaign_id <> $1 and l.depends_on <> '{}'
           limit $3"#,
        campaign,
        at,
        BESIDE
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.test_id, row.depends_on)).collect())
}

/// The numbers by which people call tests; unknown ones are left out.
///
/// # Errors
/// The database failed.
pub async fn labels(pool: &PgPool, tests: &[Uuid], at: i64) -> Result<Vec<(Uuid, i64)>, sqlx::Error> {
    let keys: Vec<String> = tests.iter().map(Uuid::to_string).collect();
    let rows = sqlx::query!(
        "select test_id, number from tests where row_key = any ($1) and from_position <= $2 and to_position > $2",
        &keys,
        at
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.test_id, row.number)).collect())
}

/// How many tests of a campaign stand how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The campaign.
    pub campaign_id: Uuid,
    /// Stored name of a test's state.
    pub state: String,
    /// Stored name of the result, once validated.
    pub detection_result: Option<String>,
    /// How many.
    pub tests: i64,
}

/// How far campaigns have come, counted from their tests as of the same position; archived ones are left out.
///
/// # Errors
/// The database failed.
pub async fn progress(pool: &PgPool, campaigns: &[Uuid], at: i64) -> Result<Vec<Progress>, sqlx::Error> {
    sqlx::query_as!(
        Progress,
        r#"select l.campaign_id, t.state, t.detection_result, count(*) as "tests!" from campaign_tests l
           join tests t on t.row_key = l.test_id::text and t.from_position <= $2 and t.to_position > $2
           where l.campaign_id = any ($1) and l.from_position <= $2 and l.to_position > $2 and not t.archived
           group by 1, 2, 3 order by 1, 2, 3"#,
        campaigns,
        at
    )
    .fetch_all(pool)
    .await
}

/// A run that came due, or runs that were left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRecord {
    /// The local time it was due at; of runs left out, the last of them.
    pub due: NaiveDateTime,
    /// The instant that was.
    pub due_at: DateTime<Utc>,
    /// The campaign it became or will become; none for runs left out.
    pub child_id: Option<Uuid>,
    /// Whether it came late.
    pub late: bool,
    /// How many runs were left out; 0 for one that was made.
    pub skipped: i32,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// One page of a campaign's runs, latest first, after a given one, and how many rows there are in all.
///
/// # Errors
/// The database failed.
pub async fn runs(
    pool: &PgPool,
    parent: Uuid,
    at: i64,
    after: Option<NaiveDateTime>,
    limit: i64,
) -> Result<(Vec<RunRecord>, i64), sqlx::Error> {
    let total = sqlx::query_scalar!(
        r#"select count(*) as "total!" from campaign_runs
           where parent_id = $1 and from_position <= $2 and to_position > $2"#,
        parent,
        at
    )
    .fetch_one(pool)
    .await?;
    let runs = sqlx::query_as!(
        RunRecord,
        "select due, due_at, child_id, late, skipped, recorded_at from campaign_runs
         where parent_id = $1 and from_position <= $2 and to_position > $2 and ($3::timestamp is null or due < $3)
         order by due desc limit $4",
        parent,
        at,
        after,
        limit
    )
    .fetch_all(pool)
    .await?;
    Ok((runs, total))
}

/// A campaign that runs by a schedule.
#[derive(Debug, Clone)]
pub struct ScheduledCampaign {
    /// The campaign.
    pub campaign_id: Uuid,
    /// Its number.
    pub number: i64,
    /// Its schedule.
    pub scheduled: ScheduledRecord,
}

/// The campaigns that have a schedule now, by number, after a given one.
///
/// # Errors
/// The database failed, or a stored schedule does not read.
pub async fn scheduled(pool: &PgPool, after: i64, limit: i64) -> Result<Vec<ScheduledCampaign>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select campaign_id, number, schedule::text as schedule, scheduled_by, scheduled_at, last_due, last_due_at
           from campaigns
           where to_position = 9223372036854775807 and schedule is not null and number > $1
           order by number limit $2"#,
        after,
        limit
    )
    .fetch_all(pool)
    .await?;
    let mut campaigns = Vec::with_capacity(rows.len());
    for row in rows {
        let columns = ScheduleColumns {
            schedule: row.schedule,
            by: row.scheduled_by,
            at: row.scheduled_at,
            last_due: row.last_due,
            last_due_at: row.last_due_at,
        };
        if let Some(scheduled) = columns.read()? {
            campaigns.push(ScheduledCampaign { campaign_id: row.campaign_id, number: row.number, scheduled });
        }
    }
    Ok(campaigns)
}
