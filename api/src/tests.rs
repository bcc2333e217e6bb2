//! Tests as people see them: fields, who is pending, what is open to whom.
//! Rounds are in `round`, lists in `filter`, the words of the schema in `words`.

mod filter;
mod loaders;
mod round;
pub(crate) mod words;
#[cfg(test)]
mod workflow;

pub use filter::TestFilter;
pub use loaders::{DomainTests, RetestsOf, Rounds, TechniqueTests};
pub use round::Round;
pub use words::{Classification, ContainmentResult, DetectionResult, Side, TestAction, TestState, Verdict};

use crate::campaigns::TestsById;
use crate::campaigns::{Campaign, campaigns_of_test};
use crate::context::{Services, Viewer};
use crate::error::ApiError;
use crate::knowledge::{Technique, technique_by_id};
use crate::page::{Listed, MAX_PAGE, Page, Window, global_id, local_id, page};
use crate::people::Person;
use crate::permissions::{self, Kind};
use crate::remediations::{Remediation, RemediationsOfTests, remediation_by_id};
use crate::templates::{TestTemplate, template_at};
use crate::timeline::{Timeline, TimelineEvent, timeline};
use aegis_aggregates::actor::{Actor, Role};
use aegis_aggregates::test as domain;
use aegis_projections::tests::{self, TestKey, TestRecord};
use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use loaders::PageOfTests;
use std::sync::Arc;
use uuid::Uuid;
use words::{mutation_of, state_of, word};

/// A test as of a position.
pub struct Test {
    record: TestRecord,
    at: i64,
}

impl Test {
    /// A test that was read at a position.
    pub(crate) fn of(record: TestRecord, at: i64) -> Self {
        Self { record, at }
    }
}

#[Object]
impl Test {
    pub async fn id(&self) -> ID {
        global_id("Test", self.record.test_id)
    }
    async fn test_id(&self) -> Uuid {
        self.record.test_id
    }
    /// A short number for people, `#42`.
    async fn number(&self) -> i64 {
        self.record.number
    }
    /// The live technique that this test counts for.
    async fn technique(&self, ctx: &Context<'_>) -> Result<Option<Technique>, ApiError> {
        let release = ctx.data_unchecked::<Services>().release(self.at).await?;
        technique_by_id(ctx, release, &self.record.live_technique_id, self.at).await
    }
    /// The technique it was drafted on, where another has taken its place since.
    async fn drafted_against(&self, ctx: &Context<'_>) -> Result<Option<Technique>, ApiError> {
        if self.record.technique_id == self.record.live_technique_id {
            return Ok(None);
        }
        let release = ctx.data_unchecked::<Services>().release(self.at).await?;
        technique_by_id(ctx, release, &self.record.technique_id, self.at).await
    }
    /// The ATT&CK id of the technique as it was when the test was drafted.
    async fn drafted_attack_id(&self) -> &str {
        &self.record.attack_id
    }
    async fn title(&self) -> &str {
        &self.record.title
    }
    async fn description(&self) -> &str {
        &self.record.description
    }
    async fn objective(&self) -> &str {
        &self.record.objective
    }
    async fn target_environment(&self) -> &str {
        &self.record.target_environment
    }
    async fn platform(&self) -> Option<&str> {
        self.record.platform.as_deref()
    }
    async fn tags(&self) -> &[String] {
        &self.record.tags
    }
    async fn assignee(&self) -> Option<Person> {
        self.record.assignee.map(Person)
    }
    /// `YYYY-MM-DD`.
    async fn due_date(&self) -> Option<String> {
        self.record.due_on.map(|day| day.to_string())
    }
    /// How red is to go about it; the record of the attack starts from here.
    async fn planned_procedure(&self) -> &str {
        &self.record.procedure
    }
    async fn planned_tool(&self) -> Option<&str> {
        self.record.tool.as_deref()
    }
    async fn classification(&self) -> Result<Classification, ApiError> {
        word::<domain::Classification>(&self.record.classification).map(Into::into)
    }
    /// Whether it was put away.
    async fn archived(&self) -> bool {
        self.record.archived
    }
    async fn archive_reason(&self) -> Option<&str> {
        self.record.archive_reason.as_deref().filter(|reason| !reason.is_empty())
    }
    /// Whether the side at work has stopped its clock.
    async fn paused(&self) -> bool {
        self.record.paused
    }
    /// The test it was cloned from, or copied from for a campaign.
    async fn copied_from(&self, ctx: &Context<'_>) -> Result<Option<Test>, ApiError> {
        match (self.record.origin.as_deref(), self.record.origin_id) {
            (Some("clone" | "campaign"), Some(id)) => test_at(ctx, TestKey::Id(id), self.at).await,
            _ => Ok(None),
        }
    }
    /// The template it was drafted from.
    async fn template(&self, ctx: &Context<'_>) -> Result<Option<TestTemplate>, ApiError> {
        match self.made_from("template") {
            Some(id) => template_at(ctx, id, self.at).await,
            None => Ok(None),
        }
    }
    /// Which version of that template.
    async fn template_version(&self) -> Option<i32> {
        self.made_from("template").and(self.record.origin_number)
    }
    /// The validated test that this one tries again: the first of the chain.
    async fn retest_of(&self, ctx: &Context<'_>) -> Result<Option<Test>, ApiError> {
        match self.made_from("retest") {
            Some(id) => test_by_id(ctx, id, self.at).await,
            None => Ok(None),
        }
    }
    /// Its place among the retests of that test, from 1.
    async fn retest_number(&self) -> Option<i32> {
        self.made_from("retest").and(self.record.origin_number)
    }
    /// The remediation whose completion called for this retest.
    async fn retest_for(&self, ctx: &Context<'_>) -> Result<Option<Remediation>, ApiError> {
        match self.record.remediation_id {
            Some(id) => remediation_by_id(ctx, id, self.at).await,
            None => Ok(None),
        }
    }
    /// The tests that try this one again, by their numbers.
    #[graphql(complexity = "crate::page::list_weight(3, child_complexity)")]
    async fn retests(&self, ctx: &Context<'_>) -> Result<Vec<Test>, ApiError> {
        let key = (self.record.test_id, self.at);
        let found = ctx.data_unchecked::<DataLoader<RetestsOf>>().load_one(key).await?.unwrap_or_default();
        Ok(found.iter().map(|record| Test { record: record.clone(), at: self.at }).collect())
    }
    /// What is done about it where it was not, or not fully, detected: newest change first, at most 100; the others
    /// are in `remediations`.
    #[graphql(complexity = "crate::page::list_weight(3, child_complexity)")]
    async fn remediations(&self, ctx: &Context<'_>) -> Result<Vec<Remediation>, ApiError> {
        let key = (self.record.test_id, self.at);
        let loader = ctx.data_unchecked::<DataLoader<RemediationsOfTests>>();
        let found = loader.load_one(key).await?.unwrap_or_default();
        Ok(found.iter().map(|record| Remediation { record: record.clone(), at: self.at }).collect())
    }
    async fn state(&self) -> Result<TestState, ApiError> {
        state_of(&self.record.state)
    }
    /// The present round, from 1.
    async fn round(&self) -> i32 {
        self.record.round
    }
    /// How many events it has: what `expectedVersion` is held against.
    async fn version(&self) -> i64 {
        self.record.version
    }
    /// The validated result; null before.
    async fn detection_result(&self) -> Result<Option<DetectionResult>, ApiError> {
        let result =
            self.record.detection_result.as_deref().map(word::<domain::DetectionResult>).transpose()?;
        Ok(result.map(Into::into))
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
    /// Its rounds, oldest first.
    #[graphql(complexity = "crate::page::list_weight(3, child_complexity)")]
    async fn rounds(&self, ctx: &Context<'_>) -> Result<Vec<Round>, ApiError> {
        let key = (self.record.test_id, self.at);
        let found = ctx.data_unchecked::<DataLoader<Rounds>>().load_one(key).await?;
        Ok(found.unwrap_or_default().iter().cloned().map(|round| Round(round, self.at)).collect())
    }
    /// The sides whose vote the review waits for; empty outside a review.
    async fn pending_votes(&self) -> Vec<Side> {
        if self.record.state != domain::TestState::InReview.as_str() {
            return vec![];
        }
        [(Side::Red, &self.record.red_vote), (Side::Blue, &self.record.blue_vote)]
            .into_iter()
            .filter(|(_, vote)| vote.is_none())
            .map(|(side, _)| side)
            .collect()
    }
    /// What the signed-in person may do with it now, by role, state and review policy.
    #[graphql(complexity = 5)]
    async fn available_actions(&self, ctx: &Context<'_>) -> Result<Vec<TestAction>, ApiError> {
        let viewer = ctx.data_unchecked::<Viewer>();
        let actor = viewer.require()?.actor;
        let test = self.load(ctx).await?;
        let policy = ctx.data_unchecked::<Services>().review_policy().await?;
        Ok(test
            .open_actions(actor, policy)
            .into_iter()
            .filter(|action| permissions::check(Kind::Mutation, mutation_of(*action), viewer).is_ok())
            .map(Into::into)
            .collect())
    }
    /// Why a vote that the role would allow is not open to this person; null where it is.
    #[graphql(complexity = 5)]
    async fn vote_refusal(&self, ctx: &Context<'_>) -> Result<Option<String>, ApiError> {
        let actor = ctx.data_unchecked::<Viewer>().require()?.actor;
        let voting = [domain::TestState::InReview, domain::TestState::Disputed];
        if !voting.iter().any(|state| self.record.state == state.as_str()) {
            return Ok(None);
        }
        let test = self.load(ctx).await?;
        let policy = ctx.data_unchecked::<Services>().review_policy().await?;
        let refusals: Vec<_> =
            sides_of(actor).iter().map(|side| test.vote_refusal(actor, *side, policy)).collect();
        let open = refusals.iter().any(Option::is_none);
        Ok(refusals.into_iter().flatten().next().filter(|_| !open).map(|refusal| refusal.to_string()))
    }
    /// The campaigns it is in, newest first; archived ones are left out.
    #[graphql(complexity = "crate::page::list_weight(3, child_complexity)")]
    async fn campaigns(&self, ctx: &Context<'_>) -> Result<Vec<Campaign>, ApiError> {
        campaigns_of_test(ctx, self.record.test_id, self.at).await
    }
    /// Its events, those of comments on it and of the remediations opened from it, oldest first.
    #[graphql(complexity = "crate::page::weight(first, child_complexity)")]
    async fn timeline(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Page<TimelineEvent>, ApiError> {
        let id = self.record.test_id.to_string();
        timeline(ctx, Timeline { aggregate_type: "test", aggregate_id: id, at: self.at }, first, after).await
    }
}

impl Test {
    /// What it was made from, if that is of this kind.
    fn made_from(&self, kind: &str) -> Option<Uuid> {
        self.record.origin_id.filter(|_| self.record.origin.as_deref() == Some(kind))
    }

    async fn load(&self, ctx: &Context<'_>) -> Result<Arc<domain::Test>, ApiError> {
        let found = ctx.data_unchecked::<DataLoader<DomainTests>>().load_one(self.record.test_id).await?;
        Ok(found.unwrap_or_default())
    }
}

/// The sides a role judges.
fn sides_of(actor: Actor) -> &'static [domain::Side] {
    match actor.role {
        Role::Admin => &[domain::Side::Red, domain::Side::Blue],
        Role::RedLead => &[domain::Side::Red],
        Role::BlueLead => &[domain::Side::Blue],
        Role::RedTech | Role::BlueTech | Role::Viewer => &[],
    }
}

#[derive(Default)]
pub struct TestQuery;

#[Object]
impl TestQuery {
    /// Tests, newest change first. They are counted to 1,000; `totalIsExact` says whether there are more.
    #[graphql(complexity = "crate::page::weight(first, child_complexity)")]
    async fn tests(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        filter: Option<TestFilter>,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Page<Test>, ApiError> {
        let actor = ctx.data_unchecked::<Viewer>().require()?.actor;
        let filter = filter.unwrap_or_default().into_domain(actor)?;
        let at = ctx.data_unchecked::<Services>().position(as_of).await?;
        tests_page(ctx, first, after, &filter, at).await
    }

    /// One test, by its id or its number.
    async fn test(
        &self,
        ctx: &Context<'_>,
        id: Option<ID>,
        number: Option<i64>,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Option<Test>, ApiError> {
        let key = match (id, number) {
            (Some(id), None) => match local_id(&id, "Test").and_then(|id| id.parse().ok()) {
                Some(id) => TestKey::Id(id),
                None => return Ok(None),
            },
            (None, Some(number)) => TestKey::Number(number),
            _ => return Err(ApiError::InvalidInput("Give either id or number.".to_owned())),
        };
        let at = ctx.data_unchecked::<Services>().position(as_of).await?;
        test_at(ctx, key, at).await
    }
}

/// One of several tests as of a position, loaded together with the others.
pub async fn test_by_id(ctx: &Context<'_>, id: Uuid, at: i64) -> Result<Option<Test>, ApiError> {
    let found = ctx.data_unchecked::<DataLoader<TestsById>>().load_one((id, at)).await?;
    Ok(found.map(|record| Test { record, at }))
}

/// One test as of a position.
pub async fn test_at(ctx: &Context<'_>, key: TestKey, at: i64) -> Result<Option<Test>, ApiError> {
    let services = ctx.data_unchecked::<Services>();
    Ok(tests::test(&services.pool, key, at).await?.map(|record| Test { record, at }))
}

/// One page of the tests that count for a technique (STIX id) as of a position.
pub async fn tests_of_technique(
    ctx: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    technique: &str,
    at: i64,
) -> Result<Page<Test>, ApiError> {
    let window = Window::<(i64, i64)>::parse(first, after, MAX_PAGE)?;
    let key = PageOfTests { technique: technique.to_owned(), at, after: window.after, limit: window.limit() };
    let found = ctx.data_unchecked::<DataLoader<TechniqueTests>>().load_one(key).await?.unwrap_or_default();
    tests_in_page(&window, found.records.clone(), Listed::all(found.total, at))
}

/// One page of tests as of a position.
async fn tests_page(
    ctx: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    filter: &tests::TestFilter,
    at: i64,
) -> Result<Page<Test>, ApiError> {
    let services = ctx.data_unchecked::<Services>();
    let window = Window::<(i64, i64)>::parse(first, after, MAX_PAGE)?;
    // Counting costs as much as there is to count, so only who asks for it pays.
    let asked = ctx.look_ahead();
    let counted = asked.field("totalCount").exists() || asked.field("totalIsExact").exists();
    let found = tests::tests(&services.pool, at, filter, window.after, window.limit(), counted).await?;
    let counted = found.counted.unwrap_or(tests::Counted { number: 0, exact: false });
    let listed = Listed { total_count: counted.number, total_is_exact: counted.exact, position: at };
    tests_in_page(&window, found.tests, listed)
}

fn tests_in_page(
    window: &Window<(i64, i64)>,
    found: Vec<TestRecord>,
    listed: Listed,
) -> Result<Page<Test>, ApiError> {
    let at = listed.position;
    let wrap = |record| Test { record, at };
    page(window, found.into_iter().map(wrap).collect(), listed, |test| {
        (test.record.from_position, test.record.number)
    })
}
