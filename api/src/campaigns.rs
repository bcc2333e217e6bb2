//! Campaigns as people see them: plan, tests in their order, schedule, runs, what is open to whom.

mod comparison;
mod loaders;
mod schedule;
mod words;

pub use comparison::CampaignComparisonQuery;
pub use loaders::{
    CampaignTests, CampaignsById, CampaignsOfTests, DomainCampaigns, ProgressOfCampaigns, TestsById,
};
pub use schedule::parse_local;
pub(crate) use words::summary_of;
pub use words::{CampaignKind, CampaignState, MissedRuns, ScheduleEvery};

use crate::context::{Services, Viewer};
use crate::error::ApiError;
use crate::page::{Listed, MAX_PAGE, Page, Window, global_id, local_id, page};
use crate::people::Person;
use crate::permissions::{self, Kind};
use crate::tests::words::word;
use crate::tests::{Test, TestState};
use crate::timeline::{Timeline, TimelineEvent, timeline};
use aegis_aggregates::campaign as domain;
use aegis_aggregates::test as test_domain;
use aegis_projections::campaigns::{
    self, CampaignFilter as Filter, CampaignKey, CampaignRecord, CampaignTestRecord, Progress, RunRecord,
};
use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, NaiveDateTime, Utc};
use schedule::{CampaignSchedule, local_text};
use std::sync::Arc;
use uuid::Uuid;
use words::{CampaignAction, mutation_of};

/// Nodes that a campaign's list of tests is weighed as; it has at most 500.
const TESTS_WEIGHT: usize = 25;

/// A campaign as of a position.
#[derive(Clone)]
pub struct Campaign {
    record: CampaignRecord,
    at: i64,
}

#[Object]
impl Campaign {
    pub async fn id(&self) -> ID {
        global_id("Campaign", self.record.campaign_id)
    }
    async fn campaign_id(&self) -> Uuid {
        self.record.campaign_id
    }
    /// A short number for people, `#7`.
    async fn number(&self) -> i64 {
        self.record.number
    }
    async fn name(&self) -> &str {
        &self.record.name
    }
    async fn description(&self) -> &str {
        &self.record.description
    }
    async fn kind(&self) -> Result<CampaignKind, ApiError> {
        word::<domain::CampaignKind>(&self.record.kind).map(Into::into)
    }
    async fn objective(&self) -> &str {
        &self.record.objective
    }
    /// The first day, `YYYY-MM-DD`.
    async fn start_date(&self) -> Option<String> {
        self.record.starts_on.map(|day| day.to_string())
    }
    /// The last day, `YYYY-MM-DD`.
    async fn end_date(&self) -> Option<String> {
        self.record.ends_on.map(|day| day.to_string())
    }
    async fn tags(&self) -> &[String] {
        &self.record.tags
    }
    /// Who answers for it.
    async fn owner(&self) -> Option<Person> {
        self.record.owner.map(Person)
    }
    async fn state(&self) -> Result<CampaignState, ApiError> {
        word::<domain::CampaignState>(&self.record.state).map(Into::into)
    }
    /// How many events it has: what `expectedVersion` is held against.
    async fn version(&self) -> i64 {
        self.record.version
    }
    async fn created_by(&self) -> Person {
        Person(self.record.created_by)
    }
    async fn created_at(&self) -> DateTime<Utc> {
        self.record.created_at
    }
    async fn updated_at(&self) -> DateTime<Utc> {
        self.record.updated_at
    }
    /// The ledger position it is shown at.
    async fn position(&self) -> i64 {
        self.at
    }
    /// How many tests it has, archived ones too.
    async fn test_count(&self) -> i32 {
        self.record.tests
    }
    /// Its tests in the order they are meant to run; at most 500.
    #[graphql(complexity = "crate::page::list_weight(TESTS_WEIGHT, child_complexity)")]
    async fn tests(&self, ctx: &Context<'_>) -> Result<Vec<CampaignTest>, ApiError> {
        let key = (self.record.campaign_id, self.at);
        let found = ctx.data_unchecked::<DataLoader<CampaignTests>>().load_one(key).await?;
        let at = self.at;
        let links = found.unwrap_or_default();
        Ok(links.iter().cloned().map(|link| CampaignTest { link, at }).collect())
    }
    /// How far it has come, counted from its tests.
    #[graphql(complexity = 5)]
    async fn progress(&self, ctx: &Context<'_>) -> Result<CampaignProgress, ApiError> {
        let key = (self.record.campaign_id, self.at);
        let found = ctx.data_unchecked::<DataLoader<ProgressOfCampaigns>>().load_one(key).await?;
        CampaignProgress::of(&found.unwrap_or_default())
    }
    /// When it runs again; null where it does not.
    async fn schedule(&self) -> Option<CampaignSchedule> {
        self.record.scheduled.clone().map(CampaignSchedule)
    }
    /// The runs that its schedules have made or left out, latest first.
    #[graphql(complexity = "crate::page::weight(first, child_complexity)")]
    async fn runs(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Page<CampaignRun>, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let window = Window::<NaiveDateTime>::parse(first, after, MAX_PAGE)?;
        let id = self.record.campaign_id;
        let (found, total_count) =
            campaigns::runs(&services.pool, id, self.at, window.after, window.limit()).await?;
        let wrap = |run| CampaignRun { run, at: self.at };
        let listed = Listed::all(total_count, self.at);
        page(&window, found.into_iter().map(wrap).collect(), listed, |run| run.run.due)
    }
    /// Of a run: the campaign whose schedule made it.
    #[graphql(complexity = "5 + child_complexity")]
    async fn parent(&self, ctx: &Context<'_>) -> Result<Option<Campaign>, ApiError> {
        campaign_of(ctx, self.record.parent_id, self.at).await
    }
    /// Of a run: the local time it was due at, `2026-01-31T09:00`.
    async fn run_due(&self) -> Option<String> {
        self.record.run_due.map(local_text)
    }
    /// Of a run: whether it was recorded late, because nobody was there when it was due.
    async fn run_late(&self) -> Option<bool> {
        self.record.run_late
    }
    /// The campaign it is a copy of.
    #[graphql(complexity = "5 + child_complexity")]
    async fn cloned_from(&self, ctx: &Context<'_>) -> Result<Option<Campaign>, ApiError> {
        campaign_of(ctx, self.record.cloned_from, self.at).await
    }
    /// What the signed-in person may do with it now, by role, state and whose it is.
    #[graphql(complexity = 5)]
    async fn available_actions(&self, ctx: &Context<'_>) -> Result<Vec<CampaignAction>, ApiError> {
        let viewer = ctx.data_unchecked::<Viewer>();
        let actor = viewer.require()?.actor;
        let loader = ctx.data_unchecked::<DataLoader<DomainCampaigns>>();
        let campaign = loader.load_one(self.record.campaign_id).await?.unwrap_or_default();
        Ok(campaign
            .open_actions(actor)
            .into_iter()
            .filter(|action| permissions::check(Kind::Mutation, mutation_of(*action), viewer).is_ok())
            .map(Into::into)
            .collect())
    }
    /// Its events, oldest first.
    #[graphql(complexity = "crate::page::weight(first, child_complexity)")]
    async fn timeline(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Page<TimelineEvent>, ApiError> {
        let aggregate_id = self.record.campaign_id.to_string();
        timeline(ctx, Timeline { aggregate_type: "campaign", aggregate_id, at: self.at }, first, after).await
    }
}

/// A test's place in a campaign.
pub struct CampaignTest {
    link: CampaignTestRecord,
    at: i64,
}

#[Object]
impl CampaignTest {
    async fn order(&self) -> i32 {
        self.link.place
    }
    /// The part of the campaign it belongs to.
    async fn phase(&self) -> Option<&str> {
        self.link.phase.as_deref()
    }
    #[graphql(complexity = "1 + child_complexity")]
    async fn test(&self, ctx: &Context<'_>) -> Result<Option<Test>, ApiError> {
        test_of(ctx, Some(self.link.test_id), self.at).await
    }
    /// The tests of the campaign that must be validated before it may start; at most 20.
    #[graphql(complexity = "2 + 2 * child_complexity")]
    async fn depends_on(&self, ctx: &Context<'_>) -> Result<Vec<Test>, ApiError> {
        let keys: Vec<_> = self.link.depends_on.iter().map(|test| (*test, self.at)).collect();
        let mut found = ctx.data_unchecked::<DataLoader<TestsById>>().load_many(keys.clone()).await?;
        Ok(keys
            .into_iter()
            .filter_map(|key| found.remove(&key))
            .map(|test| Test::of(test, self.at))
            .collect())
    }
}

/// How far a campaign has come. Archived tests do not count.
#[derive(SimpleObject)]
pub struct CampaignProgress {
    /// Its tests that are not archived.
    tests: i64,
    /// Those that are validated.
    validated: i64,
    /// Of the validated: seen.
    detected: i64,
    /// Of the validated: seen in part.
    partially_detected: i64,
    /// Of the validated: missed.
    not_detected: i64,
    /// How many stand where; states without a test are left out.
    by_state: Vec<TestsInState>,
}

/// How many tests are in a state.
#[derive(SimpleObject)]
pub struct TestsInState {
    state: TestState,
    tests: i64,
}

impl CampaignProgress {
    fn of(counted: &[Progress]) -> Result<Self, ApiError> {
        let of_result = |result: test_domain::DetectionResult| {
            let such = counted.iter().filter(|row| row.detection_result.as_deref() == Some(result.as_str()));
            such.map(|row| row.tests).sum()
        };
        let mut by_state = vec![];
        for state in test_domain::TestState::ALL {
            let tests = counted.iter().filter(|row| row.state == state.as_str()).map(|row| row.tests).sum();
            if tests > 0 {
                by_state.push(TestsInState { state: state.into(), tests });
            }
        }
        let validated = test_domain::TestState::Validated.as_str();
        Ok(Self {
            tests: counted.iter().map(|row| row.tests).sum(),
            validated: counted.iter().filter(|row| row.state == validated).map(|row| row.tests).sum(),
            detected: of_result(test_domain::DetectionResult::Detected),
            partially_detected: of_result(test_domain::DetectionResult::PartiallyDetected),
            not_detected: of_result(test_domain::DetectionResult::NotDetected),
            by_state,
        })
    }
}

/// A run that came due, or runs that were left out.
pub struct CampaignRun {
    run: RunRecord,
    at: i64,
}

#[Object]
impl CampaignRun {
    /// The local time it was due at, `2026-01-31T09:00`; of runs left out, that of the last.
    async fn due(&self) -> String {
        local_text(self.run.due)
    }
    async fn due_at(&self) -> DateTime<Utc> {
        self.run.due_at
    }
    /// The campaign it became; null while it is being made, and for runs that were left out.
    #[graphql(complexity = "5 + child_complexity")]
    async fn campaign(&self, ctx: &Context<'_>) -> Result<Option<Campaign>, ApiError> {
        campaign_of(ctx, self.run.child_id, self.at).await
    }
    /// Whether it was recorded late, because nobody was there when it was due.
    async fn late(&self) -> bool {
        self.run.late
    }
    /// How many runs were left out; 0 for one that was made.
    async fn skipped(&self) -> i32 {
        self.run.skipped
    }
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.run.recorded_at
    }
}

async fn campaign_of(ctx: &Context<'_>, id: Option<Uuid>, at: i64) -> Result<Option<Campaign>, ApiError> {
    let Some(id) = id else { return Ok(None) };
    let found = ctx.data_unchecked::<DataLoader<CampaignsById>>().load_one((id, at)).await?;
    Ok(found.map(|record| Campaign { record, at }))
}

async fn test_of(ctx: &Context<'_>, id: Option<Uuid>, at: i64) -> Result<Option<Test>, ApiError> {
    let Some(id) = id else { return Ok(None) };
    let found = ctx.data_unchecked::<DataLoader<TestsById>>().load_one((id, at)).await?;
    Ok(found.map(|record| Test::of(record, at)))
}

/// The campaigns a test is in as of a position, newest first; archived ones are left out.
pub async fn campaigns_of_test(ctx: &Context<'_>, test: Uuid, at: i64) -> Result<Vec<Campaign>, ApiError> {
    let ids = ctx.data_unchecked::<DataLoader<CampaignsOfTests>>().load_one((test, at)).await?;
    let keys: Vec<_> = ids.unwrap_or_else(|| Arc::new(vec![])).iter().map(|id| (*id, at)).collect();
    let mut found = ctx.data_unchecked::<DataLoader<CampaignsById>>().load_many(keys.clone()).await?;
    Ok(keys.into_iter().filter_map(|key| found.remove(&key)).map(|record| Campaign { record, at }).collect())
}

/// One campaign as of a position.
pub async fn campaign_at(ctx: &Context<'_>, key: CampaignKey, at: i64) -> Result<Option<Campaign>, ApiError> {
    let services = ctx.data_unchecked::<Services>();
    Ok(campaigns::campaign(&services.pool, key, at).await?.map(|record| Campaign { record, at }))
}

/// Reads the id of a campaign.
pub fn id_of(id: &ID) -> Result<Uuid, ApiError> {
    local_id(id, "Campaign").and_then(|id| id.parse().ok()).ok_or(ApiError::NotFound("campaign"))
}

/// Which campaigns a list is about; absent means any.
#[derive(InputObject, Default)]
pub struct CampaignFilter {
    /// Those that are not archived, unless said otherwise.
    states: Option<Vec<CampaignState>>,
    kinds: Option<Vec<CampaignKind>>,
    /// Part of name, description or objective; or a number, `#7`.
    search: Option<String>,
    owner_id: Option<ID>,
    tag: Option<String>,
    /// Only runs of schedules, or only what is none.
    is_run: Option<bool>,
}

impl CampaignFilter {
    fn into_domain(self) -> Result<Filter, ApiError> {
        let state = |state: CampaignState| domain::CampaignState::from(state).as_str().to_owned();
        let kind = |kind: CampaignKind| domain::CampaignKind::from(kind).as_str().to_owned();
        let states = self
            .states
            .unwrap_or_else(|| vec![CampaignState::Draft, CampaignState::Active, CampaignState::Completed]);
        Ok(Filter {
            states: Some(states.into_iter().map(state).collect()),
            kinds: self.kinds.map(|kinds| kinds.into_iter().map(kind).collect()),
            search: self.search.filter(|search| !search.trim().is_empty()),
            owner: self.owner_id.map(|id| crate::accounts::account_of(&id).map(|id| id.0)).transpose()?,
            tag: self.tag,
            is_run: self.is_run,
            ids: None,
        })
    }
}

#[derive(Default)]
pub struct CampaignQuery;

#[Object]
impl CampaignQuery {
    /// Campaigns, newest change first; archived ones only where asked for.
    #[graphql(complexity = "crate::page::weight(first, child_complexity)")]
    async fn campaigns(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        filter: Option<CampaignFilter>,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Page<Campaign>, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let filter = filter.unwrap_or_default().into_domain()?;
        let at = services.position(as_of).await?;
        let window = Window::<(i64, i64)>::parse(first, after, MAX_PAGE)?;
        let (found, total_count) =
            campaigns::campaigns(&services.pool, at, &filter, window.after, window.limit()).await?;
        let nodes = found.into_iter().map(|record| Campaign { record, at }).collect();
        page(&window, nodes, Listed::all(total_count, at), |campaign: &Campaign| {
            (campaign.record.from_position, campaign.record.number)
        })
    }

    /// One campaign, by its id or its number.
    async fn campaign(
        &self,
        ctx: &Context<'_>,
        id: Option<ID>,
        number: Option<i64>,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Option<Campaign>, ApiError> {
        let key = match (id, number) {
            (Some(id), None) => match id_of(&id) {
                Ok(id) => CampaignKey::Id(id),
                Err(_) => return Ok(None),
            },
            (None, Some(number)) => CampaignKey::Number(number),
            _ => return Err(ApiError::InvalidInput("Give either id or number.".to_owned())),
        };
        let at = ctx.data_unchecked::<Services>().position(as_of).await?;
        campaign_at(ctx, key, at).await
    }
}
