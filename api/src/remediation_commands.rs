//! What people do with remediations: one mutation per command.

use crate::asked::{Target, asked, made};
use crate::context::{Services, acting};
use crate::error::{ApiError, UserError};
use crate::inputs::{day_change_in, day_in, person_change_of, person_of};
use crate::mutation;
use crate::page::local_id;
use crate::remediations::{Priority, Remediation, StepStatus, remediation_at, remediation_of};
use aegis_aggregates::actor::Actor;
use aegis_aggregates::ids::{StepId, TestId};
use aegis_aggregates::remediation as domain;
use aegis_aggregates::remediation::{RemediationAction, RemediationCommand, RemediationError};
use aegis_aggregates::test::Test;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use chrono::Utc;
use serde::Serialize;
use uuid::Uuid;

/// A new remediation of a validated test that was not fully detected. Free text stays in the record for good.
#[derive(InputObject, Serialize)]
pub struct OpenRemediationInput {
    test_id: ID,
    title: String,
    description: Option<String>,
    #[graphql(default_with = "Priority::Medium")]
    priority: Priority,
    assignee_id: Option<ID>,
    /// `YYYY-MM-DD`.
    due_date: Option<String>,
    tags: Option<Vec<String>>,
    client_mutation_id: Option<Uuid>,
}

/// Changes of a remediation; what is left out stays, null clears.
#[derive(InputObject, Serialize)]
pub struct UpdateRemediationInput {
    id: ID,
    title: Option<String>,
    description: Option<String>,
    priority: Option<Priority>,
    /// `YYYY-MM-DD`.
    due_date: MaybeUndefined<String>,
    tags: Option<Vec<String>>,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// Somebody who sees to a remediation; null or left out: nobody.
#[derive(InputObject, Serialize)]
pub struct AssignRemediationInput {
    id: ID,
    assignee_id: Option<ID>,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// A new step, at the end.
#[derive(InputObject, Serialize)]
pub struct AddRemediationStepInput {
    id: ID,
    title: String,
    owner_id: Option<ID>,
    notes: Option<String>,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// Changes of a step; what is left out stays, null clears.
#[derive(InputObject, Serialize)]
pub struct UpdateRemediationStepInput {
    id: ID,
    step_id: Uuid,
    title: Option<String>,
    owner_id: MaybeUndefined<ID>,
    notes: Option<String>,
    status: Option<StepStatus>,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// A step that goes.
#[derive(InputObject, Serialize)]
pub struct RemoveRemediationStepInput {
    id: ID,
    step_id: Uuid,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// A step that is done.
#[derive(InputObject, Serialize)]
pub struct CompleteRemediationStepInput {
    id: ID,
    step_id: Uuid,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// A remediation that somebody begins.
#[derive(InputObject, Serialize)]
pub struct StartRemediationInput {
    id: ID,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// What is in the way.
#[derive(InputObject, Serialize)]
pub struct BlockRemediationInput {
    id: ID,
    reason: String,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// A remediation that can go on.
#[derive(InputObject, Serialize)]
pub struct UnblockRemediationInput {
    id: ID,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// A remediation that is done, all its steps included.
#[derive(InputObject, Serialize)]
pub struct CompleteRemediationInput {
    id: ID,
    /// What was done.
    notes: Option<String>,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// A risk that is taken as it is.
#[derive(InputObject, Serialize)]
pub struct AcceptRiskInput {
    id: ID,
    reason: String,
    /// `YYYY-MM-DD`: the acceptance ends with the beginning of that day, by UTC. At most 3 years from now.
    expires_on: String,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// A remediation that starts again.
#[derive(InputObject, Serialize)]
pub struct ReopenRemediationInput {
    id: ID,
    reason: String,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

mutation::payload!(
    /// The new remediation.
    OpenRemediationPayload { remediation: Option<Remediation> }
);
mutation::payload!(
    /// The remediation as it is now.
    UpdateRemediationPayload { remediation: Option<Remediation> }
);
mutation::payload!(
    /// The remediation as it is now.
    AssignRemediationPayload { remediation: Option<Remediation> }
);
mutation::payload!(
    /// The remediation as it is now.
    AddRemediationStepPayload { remediation: Option<Remediation> }
);
mutation::payload!(
    /// The remediation as it is now.
    UpdateRemediationStepPayload { remediation: Option<Remediation> }
);
mutation::payload!(
    /// The remediation as it is now.
    RemoveRemediationStepPayload { remediation: Option<Remediation> }
);
mutation::payload!(
    /// The remediation as it is now.
    CompleteRemediationStepPayload { remediation: Option<Remediation> }
);
mutation::payload!(
    /// The remediation as it is now.
    StartRemediationPayload { remediation: Option<Remediation> }
);
mutation::payload!(
    /// The remediation as it is now.
    BlockRemediationPayload { remediation: Option<Remediation> }
);
mutation::payload!(
    /// The remediation as it is now.
    UnblockRemediationPayload { remediation: Option<Remediation> }
);
mutation::payload!(
    /// The remediation as it is now; its retest follows by itself.
    CompleteRemediationPayload { remediation: Option<Remediation> }
);
mutation::payload!(
    /// The remediation as it is now.
    AcceptRiskPayload { remediation: Option<Remediation> }
);
mutation::payload!(
    /// The remediation as it is now.
    ReopenRemediationPayload { remediation: Option<Remediation> }
);

impl Target for Remediation {
    type Rules = domain::Remediation;
    type Action = RemediationAction;
    const NAME: &'static str = "remediation";

    fn id_of(id: &ID) -> Result<Uuid, ApiError> {
        remediation_of(id)
    }

    async fn command(
        _services: &Services,
        by: Actor,
        expected_version: Option<u64>,
        action: RemediationAction,
    ) -> Result<RemediationCommand, ApiError> {
        Ok(RemediationCommand { by, at: Utc::now(), expected_version, action })
    }

    async fn at(ctx: &Context<'_>, id: Uuid, at: i64) -> Result<Option<Self>, ApiError> {
        remediation_at(ctx, id, at).await
    }
}

/// What the test says of itself, as it is now.
async fn facts_of(services: &Services, id: &ID) -> Result<domain::TestFacts, ApiError> {
    let id: Uuid = local_id(id, "Test").and_then(|id| id.parse().ok()).ok_or(ApiError::NotFound("test"))?;
    let test = services.store.load::<Test>(&id.to_string()).await?;
    let details = test.details().ok_or(ApiError::NotFound("test"))?;
    Ok(domain::TestFacts {
        test: TestId(id),
        technique: details.technique.clone(),
        attack_id: details.attack_id.clone(),
        state: test.state(),
        result: test.detection_result(),
    })
}

#[derive(Default)]
pub struct RemediationMutation;

#[Object]
impl RemediationMutation {
    /// Opens a remediation from a validated test that was not, or not fully, detected.
    async fn open_remediation(
        &self,
        ctx: &Context<'_>,
        input: OpenRemediationInput,
    ) -> Result<OpenRemediationPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let origin = mutation::origin(ctx, "openRemediation", input.client_mutation_id, &input)?;
        if let Some(first) = services.store.repeated::<RemediationError>(&origin).await? {
            let (written, remediation) = made(ctx, mutation::settle(services, first).await?).await?;
            return Ok(OpenRemediationPayload::written(written, remediation));
        }
        let test = facts_of(services, &input.test_id).await?;
        let mut errors = vec![];
        let mut keep = |error: UserError| errors.push(error);
        let assignee = match &input.assignee_id {
            Some(id) => person_of(services, "assigneeId", id).await?.map_err(&mut keep).ok(),
            None => None,
        };
        let due_on = input.due_date.as_deref().map(|day| day_in("dueDate", day)).transpose();
        let due_on = due_on.map_err(&mut keep).ok().flatten();
        if !errors.is_empty() {
            return Ok(OpenRemediationPayload::refused(errors));
        }
        let plan = domain::Plan {
            title: input.title.clone(),
            description: input.description.clone().unwrap_or_default(),
            priority: input.priority.into(),
            assignee,
            due_on,
            tags: input.tags.clone().unwrap_or_default().into_iter().collect(),
        };
        let action = RemediationAction::Open { test, plan };
        let command = RemediationCommand { by: actor, at: Utc::now(), expected_version: None, action };
        let id = Uuid::now_v7().to_string();
        let executed = services.store.execute::<domain::Remediation>(&id, command, &origin).await?;
        let (written, remediation) = made(ctx, mutation::settle(services, executed).await?).await?;
        Ok(OpenRemediationPayload::written(written, remediation))
    }

    /// Changes what is given of the plan, while the remediation is open, in progress or blocked.
    async fn update_remediation(
        &self,
        ctx: &Context<'_>,
        input: UpdateRemediationInput,
    ) -> Result<UpdateRemediationPayload, ApiError> {
        let due_on = match day_change_in("dueDate", &input.due_date) {
            Ok(due_on) => due_on,
            Err(error) => return Ok(UpdateRemediationPayload::refused(vec![error])),
        };
        let revision = domain::PlanRevision {
            title: input.title.clone(),
            description: input.description.clone(),
            priority: input.priority.map(Into::into),
            due_on,
            tags: input.tags.as_ref().map(|tags| tags.iter().cloned().collect()),
        };
        let action = RemediationAction::Revise(revision);
        let (written, remediation) = asked!("updateRemediation", input).run(ctx, action).await?;
        Ok(UpdateRemediationPayload::written(written, remediation))
    }

    /// Gives a remediation to somebody, or to nobody. Whoever has it may work on it, viewers excepted.
    async fn assign_remediation(
        &self,
        ctx: &Context<'_>,
        input: AssignRemediationInput,
    ) -> Result<AssignRemediationPayload, ApiError> {
        let (services, _) = acting(ctx)?;
        let assignee = match &input.assignee_id {
            None => None,
            Some(id) => match person_of(services, "assigneeId", id).await? {
                Ok(person) => Some(person),
                Err(error) => return Ok(AssignRemediationPayload::refused(vec![error])),
            },
        };
        let action = RemediationAction::Assign { assignee };
        let (written, remediation) = asked!("assignRemediation", input).run(ctx, action).await?;
        Ok(AssignRemediationPayload::written(written, remediation))
    }

    /// Adds a step at the end; there may be 50.
    async fn add_remediation_step(
        &self,
        ctx: &Context<'_>,
        input: AddRemediationStepInput,
    ) -> Result<AddRemediationStepPayload, ApiError> {
        let (services, _) = acting(ctx)?;
        let owner = match &input.owner_id {
            None => None,
            Some(id) => match person_of(services, "ownerId", id).await? {
                Ok(person) => Some(person),
                Err(error) => return Ok(AddRemediationStepPayload::refused(vec![error])),
            },
        };
        let notes = input.notes.clone().unwrap_or_default();
        let content = domain::StepContent { title: input.title.clone(), owner, notes };
        let action = RemediationAction::AddStep { step: StepId(Uuid::now_v7()), content };
        let (written, remediation) = asked!("addRemediationStep", input).run(ctx, action).await?;
        Ok(AddRemediationStepPayload::written(written, remediation))
    }

    /// Changes what is given of a step.
    async fn update_remediation_step(
        &self,
        ctx: &Context<'_>,
        input: UpdateRemediationStepInput,
    ) -> Result<UpdateRemediationStepPayload, ApiError> {
        let (services, _) = acting(ctx)?;
        let owner = match person_change_of(services, "ownerId", &input.owner_id).await? {
            Ok(owner) => owner,
            Err(error) => return Ok(UpdateRemediationStepPayload::refused(vec![error])),
        };
        let revision = domain::StepRevision {
            title: input.title.clone(),
            owner,
            notes: input.notes.clone(),
            status: input.status.map(Into::into),
        };
        let action = RemediationAction::ReviseStep { step: StepId(input.step_id), revision };
        let (written, remediation) = asked!("updateRemediationStep", input).run(ctx, action).await?;
        Ok(UpdateRemediationStepPayload::written(written, remediation))
    }

    /// Takes a step away.
    async fn remove_remediation_step(
        &self,
        ctx: &Context<'_>,
        input: RemoveRemediationStepInput,
    ) -> Result<RemoveRemediationStepPayload, ApiError> {
        let action = RemediationAction::RemoveStep { step: StepId(input.step_id) };
        let (written, remediation) = asked!("removeRemediationStep", input).run(ctx, action).await?;
        Ok(RemoveRemediationStepPayload::written(written, remediation))
    }

    /// Ticks a step off.
    async fn complete_remediation_step(
        &self,
        ctx: &Context<'_>,
        input: CompleteRemediationStepInput,
    ) -> Result<CompleteRemediationStepPayload, ApiError> {
        let done = Some(domain::StepStatus::Done);
        let revision = domain::StepRevision { status: done, ..domain::StepRevision::default() };
        let action = RemediationAction::ReviseStep { step: StepId(input.step_id), revision };
        let (written, remediation) = asked!("completeRemediationStep", input).run(ctx, action).await?;
        Ok(CompleteRemediationStepPayload::written(written, remediation))
    }

    /// Work begins.
    async fn start_remediation(
        &self,
        ctx: &Context<'_>,
        input: StartRemediationInput,
    ) -> Result<StartRemediationPayload, ApiError> {
        let (written, remediation) =
            asked!("startRemediation", input).run(ctx, RemediationAction::Start).await?;
        Ok(StartRemediationPayload::written(written, remediation))
    }

    /// Says what is in the way.
    async fn block_remediation(
        &self,
        ctx: &Context<'_>,
        input: BlockRemediationInput,
    ) -> Result<BlockRemediationPayload, ApiError> {
        let action = RemediationAction::Block { reason: input.reason.clone() };
        let (written, remediation) = asked!("blockRemediation", input).run(ctx, action).await?;
        Ok(BlockRemediationPayload::written(written, remediation))
    }

    /// Says that the way is free; it is in progress then.
    async fn unblock_remediation(
        &self,
        ctx: &Context<'_>,
        input: UnblockRemediationInput,
    ) -> Result<UnblockRemediationPayload, ApiError> {
        let (written, remediation) =
            asked!("unblockRemediation", input).run(ctx, RemediationAction::Unblock).await?;
        Ok(UnblockRemediationPayload::written(written, remediation))
    }

    /// Says that everything is done. A retest of the original test is drafted by itself, as long as it has
    /// fewer than `MAX_RETEST_COUNT`.
    async fn complete_remediation(
        &self,
        ctx: &Context<'_>,
        input: CompleteRemediationInput,
    ) -> Result<CompleteRemediationPayload, ApiError> {
        let action = RemediationAction::Complete { notes: input.notes.clone().unwrap_or_default() };
        let (written, remediation) = asked!("completeRemediation", input).run(ctx, action).await?;
        Ok(CompleteRemediationPayload::written(written, remediation))
    }

    /// Takes the risk as it is, until a day; then the remediation is open again.
    async fn accept_risk(
        &self,
        ctx: &Context<'_>,
        input: AcceptRiskInput,
    ) -> Result<AcceptRiskPayload, ApiError> {
        let expires_on = match day_in("expiresOn", &input.expires_on) {
            Ok(day) => day,
            Err(error) => return Ok(AcceptRiskPayload::refused(vec![error])),
        };
        let action = RemediationAction::AcceptRisk { reason: input.reason.clone(), expires_on };
        let (written, remediation) = asked!("acceptRisk", input).run(ctx, action).await?;
        Ok(AcceptRiskPayload::written(written, remediation))
    }

    /// Starts again what was completed, verified, or whose risk was accepted.
    async fn reopen_remediation(
        &self,
        ctx: &Context<'_>,
        input: ReopenRemediationInput,
    ) -> Result<ReopenRemediationPayload, ApiError> {
        let action = RemediationAction::Reopen { reason: input.reason.clone() };
        let (written, remediation) = asked!("reopenRemediation", input).run(ctx, action).await?;
        Ok(ReopenRemediationPayload::written(written, remediation))
    }
}
