//! Tests as people see them: fields, rounds, votes, who is pending, what is open to whom.

mod loaders;

pub use loaders::{DomainTests, Rounds, TechniqueTests};

use crate::context::{Services, Viewer};
use crate::error::ApiError;
use crate::knowledge::{Technique, technique_by_id};
use crate::page::{Listed, MAX_PAGE, Page, Window, global_id, local_id, page};
use crate::people::Person;
use crate::permissions::{self, Kind};
use crate::timeline::{Timeline, TimelineEvent, timeline};
use aegis_aggregates::actor::{Actor, Role};
use aegis_aggregates::policy::ReviewPolicy;
use aegis_aggregates::test as domain;
use aegis_projections::tests::{self, Awaiting, RoundRecord, TestKey, TestRecord, VoteRecord};
use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, Enum, ID, InputObject, Object};
use chrono::{DateTime, FixedOffset, Utc};
use loaders::PageOfTests;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

/// A side of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[graphql(remote = "domain::Side")]
pub enum Side {
    /// The attackers.
    Red,
    /// The defenders.
    Blue,
}

/// Where a test stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::TestState")]
pub enum TestState {
    /// Written down.
    Draft,
    /// Red attacks.
    RedExecuting,
    /// Blue evaluates.
    BlueEvaluating,
    /// Both leads judge.
    InReview,
    /// Approved by both; final.
    Validated,
    /// Rejected by one.
    Rejected,
}

/// A judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[graphql(remote = "domain::Verdict")]
pub enum Verdict {
    /// Sound.
    Approved,
    /// Not sound.
    Rejected,
}

/// How well blue saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[graphql(remote = "domain::DetectionResult")]
pub enum DetectionResult {
    /// Seen.
    Detected,
    /// Seen in part.
    PartiallyDetected,
    /// Missed.
    NotDetected,
}

/// Whether it was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[graphql(remote = "domain::ContainmentResult")]
pub enum ContainmentResult {
    /// Stopped.
    Contained,
    /// Stopped in part.
    PartiallyContained,
    /// Not stopped.
    NotContained,
    /// There was nothing to stop.
    NotApplicable,
}

/// A step that is open to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::OpenAction")]
pub enum TestAction {
    /// `reviseTest`.
    Revise,
    /// `startExecution`.
    StartExecution,
    /// `recordAttack`.
    RecordAttack,
    /// `submitExecution`.
    SubmitExecution,
    /// `recordDetection`.
    RecordDetection,
    /// `submitEvaluation`.
    SubmitEvaluation,
    /// `castVote` for the red side.
    VoteRed,
    /// `castVote` for the blue side.
    VoteBlue,
    /// `reopenTest`.
    Reopen,
}

fn mutation_of(action: domain::OpenAction) -> &'static str {
    use domain::OpenAction as Open;
    match action {
        Open::Revise => "reviseTest",
        Open::StartExecution => "startExecution",
        Open::RecordAttack => "recordAttack",
        Open::SubmitExecution => "submitExecution",
        Open::RecordDetection => "recordDetection",
        Open::SubmitEvaluation => "submitEvaluation",
        Open::VoteRed | Open::VoteBlue => "castVote",
        Open::Reopen => "reopenTest",
    }
}

/// Reads a stored word; one that this program does not know is our fault, not the reader's.
fn word<T: for<'a> Deserialize<'a>>(text: &str) -> Result<T, ApiError> {
    serde_json::from_value(serde_json::Value::String(text.to_owned()))
        .map_err(|error| ApiError::Internal(Box::new(error)))
}

fn state_of(text: &str) -> Result<TestState, ApiError> {
    word::<domain::TestState>(text).map(TestState::from)
}

/// A test as of a position.
pub struct Test {
    record: TestRecord,
    at: i64,
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
        Ok(found.unwrap_or_default().iter().cloned().map(Round).collect())
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
        Ok(test
            .open_actions(actor, ReviewPolicy::default())
            .into_iter()
            .filter(|action| permissions::check(Kind::Mutation, mutation_of(*action), viewer).is_ok())
            .map(Into::into)
            .collect())
    }
    /// Why a vote that the role would allow is not open to this person; null where it is.
    #[graphql(complexity = 5)]
    async fn vote_refusal(&self, ctx: &Context<'_>) -> Result<Option<String>, ApiError> {
        let actor = ctx.data_unchecked::<Viewer>().require()?.actor;
        if self.record.state != domain::TestState::InReview.as_str() {
            return Ok(None);
        }
        let test = self.load(ctx).await?;
        let refusals: Vec<_> = sides_of(actor)
            .iter()
            .map(|side| test.vote_refusal(actor, *side, ReviewPolicy::default()))
            .collect();
        let open = refusals.iter().any(Option::is_none);
        Ok(refusals.into_iter().flatten().next().filter(|_| !open).map(|refusal| refusal.to_string()))
    }
    /// Its events, oldest first.
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

/// One try of a test.
pub struct Round(RoundRecord);

#[Object]
impl Round {
    /// From 1.
    async fn number(&self) -> i32 {
        self.0.number
    }
    /// `VALIDATED` or `REJECTED`; null while it is open.
    async fn outcome(&self) -> Result<Option<TestState>, ApiError> {
        self.0.outcome.as_deref().map(state_of).transpose()
    }
    async fn opened_at(&self) -> DateTime<Utc> {
        self.0.opened_at
    }
    async fn execution_started_at(&self) -> Option<DateTime<Utc>> {
        self.0.execution_started_at
    }
    async fn execution_submitted_at(&self) -> Option<DateTime<Utc>> {
        self.0.execution_submitted_at
    }
    async fn evaluation_submitted_at(&self) -> Option<DateTime<Utc>> {
        self.0.evaluation_submitted_at
    }
    async fn decided_at(&self) -> Option<DateTime<Utc>> {
        self.0.decided_at
    }
    async fn executed_by(&self) -> Option<Person> {
        self.0.executed_by.map(Person)
    }
    async fn evaluated_by(&self) -> Option<Person> {
        self.0.evaluated_by.map(Person)
    }
    async fn attack(&self) -> Option<AttackRecord<'_>> {
        Some(AttackRecord { attack: self.0.attack.as_ref()?, at: self.0.attack_at?, by: self.0.attack_by? })
    }
    async fn detection(&self) -> Option<DetectionRecord<'_>> {
        Some(DetectionRecord {
            detection: self.0.detection.as_ref()?,
            at: self.0.detection_at?,
            by: self.0.detection_by?,
        })
    }
    /// Every vote cast in it, oldest first; a replaced one stays.
    async fn votes(&self) -> Vec<Vote<'_>> {
        self.0.votes.iter().map(Vote).collect()
    }
    /// Why the round before was taken up again.
    async fn reopen_reason(&self) -> Option<&str> {
        self.0.reopen_reason.as_deref()
    }
}

/// What red did.
pub struct AttackRecord<'a> {
    attack: &'a domain::AttackRecord,
    at: DateTime<Utc>,
    by: Uuid,
}

#[Object]
impl AttackRecord<'_> {
    async fn procedure(&self) -> &str {
        &self.attack.procedure
    }
    async fn tool(&self) -> Option<&str> {
        self.attack.tool.as_deref()
    }
    /// In the zone it was recorded in.
    async fn started_at(&self) -> DateTime<FixedOffset> {
        self.attack.started_at
    }
    async fn ended_at(&self) -> Option<DateTime<FixedOffset>> {
        self.attack.ended_at
    }
    async fn success(&self) -> bool {
        self.attack.success
    }
    async fn summary(&self) -> &str {
        &self.attack.summary
    }
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.at
    }
    async fn recorded_by(&self) -> Person {
        Person(self.by)
    }
}

/// What blue saw.
pub struct DetectionRecord<'a> {
    detection: &'a domain::DetectionRecord,
    at: DateTime<Utc>,
    by: Uuid,
}

#[Object]
impl DetectionRecord<'_> {
    async fn result(&self) -> DetectionResult {
        self.detection.result.into()
    }
    /// In the zone it was recorded in.
    async fn detected_at(&self) -> Option<DateTime<FixedOffset>> {
        self.detection.detected_at
    }
    async fn alerted_at(&self) -> Option<DateTime<FixedOffset>> {
        self.detection.alerted_at
    }
    async fn contained_at(&self) -> Option<DateTime<FixedOffset>> {
        self.detection.contained_at
    }
    async fn containment_result(&self) -> Option<ContainmentResult> {
        self.detection.containment_result.map(Into::into)
    }
    /// Why times before the attack are right all the same.
    async fn clock_skew_note(&self) -> Option<&str> {
        self.detection.clock_skew_note.as_deref()
    }
    async fn summary(&self) -> &str {
        &self.detection.summary
    }
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.at
    }
    async fn recorded_by(&self) -> Person {
        Person(self.by)
    }
}

/// A lead's judgement of a side.
pub struct Vote<'a>(&'a VoteRecord);

#[Object]
impl Vote<'_> {
    async fn side(&self) -> Result<Side, ApiError> {
        word::<domain::Side>(&self.0.side).map(Into::into)
    }
    async fn verdict(&self) -> Result<Verdict, ApiError> {
        word::<domain::Verdict>(&self.0.verdict).map(Into::into)
    }
    async fn notes(&self) -> &str {
        &self.0.notes
    }
    async fn voter(&self) -> Person {
        Person(self.0.voter)
    }
    async fn cast_at(&self) -> DateTime<Utc> {
        self.0.cast_at
    }
    /// The ledger position of the vote.
    async fn position(&self) -> i64 {
        self.0.position
    }
    /// Whether the same lead replaced it.
    async fn superseded(&self) -> bool {
        self.0.superseded
    }
}

/// Which tests a list is about; absent means any.
#[derive(InputObject, Default)]
pub struct TestFilter {
    states: Option<Vec<TestState>>,
    /// Of the technique it was drafted on.
    attack_id: Option<String>,
    /// Part of title, description or ATT&CK id; or a number, `#42`.
    search: Option<String>,
    assignee_id: Option<ID>,
    created_by_id: Option<ID>,
    tag: Option<String>,
    /// Only tests that wait for something the signed-in person's role does.
    awaiting_me: Option<bool>,
}

impl TestFilter {
    fn into_domain(self, actor: Actor) -> Result<tests::TestFilter, ApiError> {
        let account =
            |id: Option<ID>| id.map(|id| crate::accounts::account_of(&id).map(|id| id.0)).transpose();
        Ok(tests::TestFilter {
            states: self.states.map(|states| {
                states.into_iter().map(|state| domain::TestState::from(state).as_str().to_owned()).collect()
            }),
            attack_id: self.attack_id.map(|id| id.trim().to_uppercase()),
            search: self.search.filter(|search| !search.trim().is_empty()),
            assignee: account(self.assignee_id)?,
            created_by: account(self.created_by_id)?,
            tag: self.tag,
            awaiting: self.awaiting_me.unwrap_or(false).then(|| awaiting(actor.role)),
        })
    }
}

/// What waits for a role: what the permission table lets it do in each state.
fn awaiting(role: Role) -> Awaiting {
    let may =
        |name| permissions::find(Kind::Mutation, name).is_some_and(|row| permissions::allows(row.who, role));
    let judges =
        |side| sides_of(Actor { account: aegis_aggregates::ids::AccountId::SYSTEM, role }).contains(&side);
    Awaiting {
        red_work: may("startExecution"),
        blue_work: may("recordDetection"),
        red_vote: judges(domain::Side::Red),
        blue_vote: judges(domain::Side::Blue),
        reopen: may("reopenTest"),
    }
}

#[derive(Default)]
pub struct TestQuery;

#[Object]
impl TestQuery {
    /// Tests, newest change first.
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
    tests_in_page(&window, found.records.clone(), Listed { total_count: found.total, position: at })
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
    let (found, total_count) = tests::tests(&services.pool, at, filter, window.after, window.limit()).await?;
    tests_in_page(&window, found, Listed { total_count, position: at })
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
