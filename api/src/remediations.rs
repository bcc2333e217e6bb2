//! Remediations: the board, one of them, and what its completions led to.

mod loaders;

pub use loaders::{CompletionsOf, DomainRemediations, RemediationsById, RemediationsOfTests};

use crate::context::{Services, Viewer};
use crate::error::ApiError;
use crate::knowledge::{Technique, technique_by_id};
use crate::page::{Listed, MAX_PAGE, Page, Window, global_id, local_id, page};
use crate::people::Person;
use crate::permissions::{self, Kind};
use crate::tests::words::word;
use crate::tests::{DetectionResult, Test, test_by_id};
use crate::timeline::{Timeline, TimelineEvent, timeline};
use aegis_aggregates::remediation as domain;
use aegis_projections::remediations::{self, RemediationRecord, RetestRecord};
use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, Enum, ID, InputObject, Object};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use uuid::Uuid;

/// Where a remediation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::RemediationState")]
pub enum RemediationState {
    /// Nobody is at it.
    Open,
    /// Somebody is.
    InProgress,
    /// Something is in the way.
    Blocked,
    /// Done, and to be proven by a retest.
    Completed,
    /// A retest was detected.
    Verified,
    /// Left as it is, until a day.
    RiskAccepted,
}

/// How urgent it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[graphql(remote = "domain::Priority", name = "RemediationPriority")]
pub enum Priority {
    /// When there is time.
    Low,
    /// In its turn.
    Medium,
    /// Soon.
    High,
    /// At once.
    Critical,
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[graphql(remote = "domain::StepStatus")]
pub enum StepStatus {
    /// Not begun.
    Todo,
    /// Begun.
    Doing,
    /// Done.
    Done,
}

/// A step that is open to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::OpenAction")]
pub enum RemediationAction {
    /// `updateRemediation`.
    Revise,
    /// `assignRemediation`.
    Assign,
    /// `addRemediationStep`.
    AddStep,
    /// `updateRemediationStep`, `completeRemediationStep`, `removeRemediationStep`.
    ChangeSteps,
    /// `startRemediation`.
    Start,
    /// `blockRemediation`.
    Block,
    /// `unblockRemediation`.
    Unblock,
    /// `completeRemediation`.
    Complete,
    /// `acceptRisk`.
    AcceptRisk,
    /// `reopenRemediation`.
    Reopen,
}

fn mutation_of(action: domain::OpenAction) -> &'static str {
    use domain::OpenAction as Open;
    match action {
        Open::Revise => "updateRemediation",
        Open::Assign => "assignRemediation",
        Open::AddStep => "addRemediationStep",
        Open::ChangeSteps => "updateRemediationStep",
        Open::Start => "startRemediation",
        Open::Block => "blockRemediation",
        Open::Unblock => "unblockRemediation",
        Open::Complete => "completeRemediation",
        Open::AcceptRisk => "acceptRisk",
        Open::Reopen => "reopenRemediation",
    }
}

/// A remediation as of a position.
pub struct Remediation {
    pub(crate) record: RemediationRecord,
    pub(crate) at: i64,
}

#[Object]
impl Remediation {
    pub async fn id(&self) -> ID {
        global_id("Remediation", self.record.remediation_id)
    }
    async fn remediation_id(&self) -> Uuid {
        self.record.remediation_id
    }
    /// A short number for people, `#7`.
    async fn number(&self) -> i64 {
        self.record.number
    }
    /// The test it was opened from.
    async fn test(&self, ctx: &Context<'_>) -> Result<Option<Test>, ApiError> {
        test_by_id(ctx, self.record.test_id, self.at).await
    }
    /// The live technique of that test.
    async fn technique(&self, ctx: &Context<'_>) -> Result<Option<Technique>, ApiError> {
        let release = ctx.data_unchecked::<Services>().release(self.at).await?;
        technique_by_id(ctx, release, &self.record.live_technique_id, self.at).await
    }
    /// The ATT&CK id of the technique as it was when this was opened.
    async fn attack_id(&self) -> &str {
        &self.record.attack_id
    }
    /// How well blue had seen the attack.
    async fn detection_result(&self) -> Result<DetectionResult, ApiError> {
        word::<aegis_aggregates::test::DetectionResult>(&self.record.detection_result).map(Into::into)
    }
    async fn title(&self) -> &str {
        &self.record.title
    }
    async fn description(&self) -> &str {
        &self.record.description
    }
    async fn priority(&self) -> Result<Priority, ApiError> {
        word::<domain::Priority>(&self.record.priority).map(Into::into)
    }
    async fn assignee(&self) -> Option<Person> {
        self.record.assignee.map(Person)
    }
    /// `YYYY-MM-DD`.
    async fn due_date(&self) -> Option<String> {
        self.record.due_on.map(|day| day.to_string())
    }
    /// Whether it should be done by now (days are by UTC) and is not.
    async fn overdue(&self) -> bool {
        let unfinished = ["open", "in_progress", "blocked"].contains(&self.record.state.as_str());
        unfinished && self.record.due_on.is_some_and(|day| day < today())
    }
    async fn tags(&self) -> &[String] {
        &self.record.tags
    }
    async fn state(&self) -> Result<RemediationState, ApiError> {
        word::<domain::RemediationState>(&self.record.state).map(Into::into)
    }
    /// In their order, at most 50.
    #[graphql(complexity = "crate::page::list_weight(10, child_complexity)")]
    async fn steps(&self) -> Vec<RemediationStep<'_>> {
        self.record.steps.iter().map(RemediationStep).collect()
    }
    /// How often it was completed.
    async fn completions(&self) -> i32 {
        self.record.completions
    }
    /// What was said at the last completion.
    async fn completion_notes(&self) -> Option<&str> {
        self.record.completion_notes.as_deref()
    }
    /// What is in the way.
    async fn blocked_reason(&self) -> Option<&str> {
        self.record.blocked_reason.as_deref()
    }
    /// Why the risk is accepted.
    async fn risk_reason(&self) -> Option<&str> {
        self.record.risk_reason.as_deref()
    }
    /// The day, by UTC, with whose beginning the acceptance ends.
    async fn risk_expires_on(&self) -> Option<String> {
        self.record.risk_expires_on.map(|day| day.to_string())
    }
    /// Why it was last reopened.
    async fn reopen_reason(&self) -> Option<&str> {
        self.record.reopen_reason.as_deref()
    }
    /// What its completions led to, oldest first.
    #[graphql(complexity = "crate::page::list_weight(3, child_complexity)")]
    async fn retests(&self, ctx: &Context<'_>) -> Result<Vec<RemediationRetest>, ApiError> {
        let key = (self.record.remediation_id, self.at);
        let found = ctx.data_unchecked::<DataLoader<CompletionsOf>>().load_one(key).await?;
        let shown = |record: &RetestRecord| RemediationRetest { record: record.clone(), at: self.at };
        Ok(found.unwrap_or_default().iter().map(shown).collect())
    }
    /// How many events it has: what `expectedVersion` is held against.
    async fn version(&self) -> i64 {
        self.record.version
    }
    async fn opened_by(&self) -> Person {
        Person(self.record.opened_by)
    }
    async fn opened_at(&self) -> DateTime<Utc> {
        self.record.opened_at
    }
    async fn updated_at(&self) -> DateTime<Utc> {
        self.record.updated_at
    }
    /// When it was last completed.
    async fn completed_at(&self) -> Option<DateTime<Utc>> {
        self.record.completed_at
    }
    async fn verified_at(&self) -> Option<DateTime<Utc>> {
        self.record.verified_at
    }
    /// The ledger position it is shown at.
    async fn position(&self) -> i64 {
        self.at
    }
    /// What the signed-in person may do with it now, by role, assignment and state.
    #[graphql(complexity = 5)]
    async fn available_actions(&self, ctx: &Context<'_>) -> Result<Vec<RemediationAction>, ApiError> {
        let viewer = ctx.data_unchecked::<Viewer>();
        let actor = viewer.require()?.actor;
        let loader = ctx.data_unchecked::<DataLoader<DomainRemediations>>();
        let held = loader.load_one(self.record.remediation_id).await?.unwrap_or_default();
        Ok(held
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
        let aggregate_id = self.record.remediation_id.to_string();
        let of = Timeline { aggregate_type: "remediation", aggregate_id, at: self.at };
        timeline(ctx, of, first, after).await
    }
}

/// A step of a remediation.
pub struct RemediationStep<'a>(&'a domain::Step);

#[Object]
impl RemediationStep<'_> {
    async fn step_id(&self) -> Uuid {
        self.0.id.0
    }
    async fn title(&self) -> &str {
        &self.0.content.title
    }
    /// Who does it.
    async fn owner(&self) -> Option<Person> {
        self.0.content.owner.map(|owner| Person(owner.0))
    }
    async fn notes(&self) -> &str {
        &self.0.content.notes
    }
    async fn status(&self) -> StepStatus {
        self.0.status.into()
    }
}

/// What one completion of a remediation led to.
pub struct RemediationRetest {
    record: RetestRecord,
    at: i64,
}

#[Object]
impl RemediationRetest {
    /// Which completion, from 1.
    async fn completion(&self) -> i32 {
        self.record.completion
    }
    /// The retest's number among those of the original test; null where none was created.
    async fn number(&self) -> Option<i32> {
        self.record.number
    }
    /// The retest; null where none was created.
    async fn test(&self, ctx: &Context<'_>) -> Result<Option<Test>, ApiError> {
        match self.record.retest_id {
            Some(id) => test_by_id(ctx, id, self.at).await,
            None => Ok(None),
        }
    }
    /// Why no retest was created.
    async fn not_created_because(&self) -> Option<&str> {
        self.record.refused.as_deref()
    }
    /// The result that verified the remediation or sent it back; null before.
    async fn detection_result(&self) -> Result<Option<DetectionResult>, ApiError> {
        let result = self.record.detection_result.as_deref();
        let result = result.map(word::<aegis_aggregates::test::DetectionResult>).transpose()?;
        Ok(result.map(Into::into))
    }
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.record.told_at
    }
}

/// Which remediations a list is about; absent means any.
#[derive(InputObject, Default)]
pub struct RemediationFilter {
    states: Option<Vec<RemediationState>>,
    assignee_id: Option<ID>,
    priorities: Option<Vec<Priority>>,
    test_id: Option<ID>,
    /// Of the technique it was opened on.
    attack_id: Option<String>,
    /// Only those that should be done by now (days are by UTC) and are not.
    overdue: Option<bool>,
    /// Part of title, description or ATT&CK id; or a number, `#7`.
    search: Option<String>,
    tag: Option<String>,
}

impl RemediationFilter {
    fn into_domain(self) -> Result<remediations::RemediationFilter, ApiError> {
        let state = |state| domain::RemediationState::from(state).as_str().to_owned();
        let priority = |priority| domain::Priority::from(priority).as_str().to_owned();
        let assignee = self.assignee_id.map(|id| crate::accounts::account_of(&id)).transpose()?;
        let test = self.test_id.map(|id| {
            let id = local_id(&id, "Test").and_then(|id| id.parse::<Uuid>().ok());
            id.ok_or_else(|| ApiError::InvalidInput("testId is not the id of a test.".to_owned()))
        });
        Ok(remediations::RemediationFilter {
            states: self.states.map(|states| states.into_iter().map(state).collect()),
            assignee: assignee.map(|account| account.0),
            priorities: self.priorities.map(|priorities| priorities.into_iter().map(priority).collect()),
            tests: test.transpose()?.map(|test| vec![test]),
            attack_id: self.attack_id.map(|id| id.trim().to_uppercase()),
            overdue_on: self.overdue.unwrap_or(false).then(today),
            search: self.search.filter(|search| !search.trim().is_empty()),
            tag: self.tag,
        })
    }
}

fn today() -> NaiveDate {
    Utc::now().date_naive()
}

#[derive(Default)]
pub struct RemediationQuery;

#[Object]
impl RemediationQuery {
    /// Remediations, newest change first.
    #[graphql(complexity = "crate::page::weight(first, child_complexity)")]
    async fn remediations(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        filter: Option<RemediationFilter>,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Page<Remediation>, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let window = Window::<(i64, i64)>::parse(first, after, MAX_PAGE)?;
        let filter = filter.unwrap_or_default().into_domain()?;
        let at = services.position(as_of).await?;
        let (found, total_count) =
            remediations::remediations(&services.pool, at, &filter, window.after, window.limit()).await?;
        let nodes = found.into_iter().map(|record| Remediation { record, at }).collect();
        page(&window, nodes, Listed::all(total_count, at), |remediation| {
            (remediation.record.from_position, remediation.record.number)
        })
    }

    /// One remediation, by its id or its number.
    async fn remediation(
        &self,
        ctx: &Context<'_>,
        id: Option<ID>,
        number: Option<i64>,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Option<Remediation>, ApiError> {
        if id.is_some() == number.is_some() {
            return Err(ApiError::InvalidInput("Give either id or number.".to_owned()));
        }
        let services = ctx.data_unchecked::<Services>();
        let at = services.position(as_of).await?;
        let found = match (id, number) {
            (Some(id), _) => remediation_of(&id).ok(),
            (None, Some(number)) => remediations::numbered(&services.pool, number, at).await?,
            (None, None) => None,
        };
        match found {
            Some(id) => remediation_at(ctx, id, at).await,
            None => Ok(None),
        }
    }
}

/// One of several remediations as of a position, loaded together with the others.
pub async fn remediation_by_id(
    ctx: &Context<'_>,
    id: Uuid,
    at: i64,
) -> Result<Option<Remediation>, ApiError> {
    let found = ctx.data_unchecked::<DataLoader<RemediationsById>>().load_one((id, at)).await?;
    Ok(found.map(|record| Remediation { record: (*record).clone(), at }))
}

/// One remediation as of a position.
pub async fn remediation_at(ctx: &Context<'_>, id: Uuid, at: i64) -> Result<Option<Remediation>, ApiError> {
    let services = ctx.data_unchecked::<Services>();
    let found = remediations::remediation(&services.pool, id, at).await?;
    Ok(found.map(|record| Remediation { record, at }))
}

/// The remediation that an id names.
///
/// # Errors
/// `NOT_FOUND` for the id of anything else.
pub fn remediation_of(id: &ID) -> Result<Uuid, ApiError> {
    local_id(id, "Remediation").and_then(|id| id.parse().ok()).ok_or(ApiError::NotFound("remediation"))
}
