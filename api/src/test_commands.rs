//! What people do with tests: one mutation per command.

use crate::asked::{Asked, Target, asked, made};
use crate::context::{Services, acting};
use crate::error::{ApiError, UserError};
use crate::inputs::change_of;
use crate::mutation;
use crate::page::local_id;
use crate::people::account_named;
use crate::tests::{ContainmentResult, DetectionResult, Side, Test, Verdict, test_at};
use aegis_aggregates::actor::{Actor, Role};
use aegis_aggregates::ids::{AccountId, EvidenceId, TechniqueId, TestId};
use aegis_aggregates::test as domain;
use aegis_aggregates::test::{TestAction, TestCommand};
use aegis_projections::campaigns;
use aegis_projections::knowledge;
use aegis_projections::tests::TestKey;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde::Serialize;
use uuid::Uuid;

/// A new test. Free text stays in the record for good: name no person in it.
#[derive(InputObject, Serialize)]
pub struct DraftTestInput {
    /// The technique, `T1059.001`.
    attack_id: String,
    title: String,
    description: Option<String>,
    objective: Option<String>,
    target_environment: Option<String>,
    platform: Option<String>,
    tags: Option<Vec<String>>,
    assignee_id: Option<ID>,
    /// `YYYY-MM-DD`.
    due_date: Option<String>,
    /// How red is to go about it.
    planned_procedure: Option<String>,
    planned_tool: Option<String>,
    client_mutation_id: Option<Uuid>,
}

/// Changes of a test; what is left out stays, null clears.
#[derive(InputObject, Serialize)]
pub struct ReviseTestInput {
    id: ID,
    attack_id: Option<String>,
    title: Option<String>,
    description: Option<String>,
    objective: Option<String>,
    target_environment: Option<String>,
    platform: MaybeUndefined<String>,
    tags: Option<Vec<String>>,
    assignee_id: MaybeUndefined<ID>,
    /// `YYYY-MM-DD`.
    due_date: MaybeUndefined<String>,
    planned_procedure: Option<String>,
    planned_tool: MaybeUndefined<String>,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// A test whose execution begins.
#[derive(InputObject, Serialize)]
pub struct StartExecutionInput {
    id: ID,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// What red did. Free text stays in the record for good.
#[derive(InputObject, Serialize)]
pub struct RecordAttackInput {
    id: ID,
    procedure: String,
    tool: Option<String>,
    /// With its zone, to the second.
    started_at: DateTime<FixedOffset>,
    ended_at: Option<DateTime<FixedOffset>>,
    success: bool,
    summary: String,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// A test that goes to blue.
#[derive(InputObject, Serialize)]
pub struct SubmitExecutionInput {
    id: ID,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// What blue saw. Free text stays in the record for good.
#[derive(InputObject, Serialize)]
pub struct RecordDetectionInput {
    id: ID,
    result: DetectionResult,
    /// With its zone, to the second.
    detected_at: Option<DateTime<FixedOffset>>,
    alerted_at: Option<DateTime<FixedOffset>>,
    contained_at: Option<DateTime<FixedOffset>>,
    containment_result: Option<ContainmentResult>,
    /// Why times before the attack are right all the same.
    clock_skew_note: Option<String>,
    summary: String,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// A test that goes to the leads.
#[derive(InputObject, Serialize)]
pub struct SubmitEvaluationInput {
    id: ID,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// A lead's judgement. Takes no version: the votes of both leads count, in either order.
#[derive(InputObject, Serialize)]
pub struct CastVoteInput {
    id: ID,
    /// An admin must say which; a lead's is their own.
    side: Option<Side>,
    verdict: Verdict,
    notes: Option<String>,
    /// The evidence you looked at (`evidenceId`): a vote on other evidence is refused as a conflict.
    seen_evidence_ids: Option<Vec<Uuid>>,
    client_mutation_id: Option<Uuid>,
}

/// A rejected test that starts again.
#[derive(InputObject, Serialize)]
pub struct ReopenTestInput {
    id: ID,
    reason: String,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

mutation::payload!(
    /// The new test.
    DraftTestPayload { test: Option<Test> }
);
mutation::payload!(
    /// The test as it is now.
    ReviseTestPayload { test: Option<Test> }
);
mutation::payload!(
    /// The test as it is now.
    StartExecutionPayload { test: Option<Test> }
);
mutation::payload!(
    /// The test as it is now.
    RecordAttackPayload { test: Option<Test> }
);
mutation::payload!(
    /// The test as it is now.
    SubmitExecutionPayload { test: Option<Test> }
);
mutation::payload!(
    /// The test as it is now.
    RecordDetectionPayload { test: Option<Test> }
);
mutation::payload!(
    /// The test as it is now.
    SubmitEvaluationPayload { test: Option<Test> }
);
mutation::payload!(
    /// The test as it is now.
    CastVotePayload { test: Option<Test> }
);
mutation::payload!(
    /// The test as it is now.
    ReopenTestPayload { test: Option<Test> }
);

impl Target for Test {
    type Rules = domain::Test;
    type Action = TestAction;
    const NAME: &'static str = "test";

    fn id_of(id: &ID) -> Result<Uuid, ApiError> {
        test_of(id)
    }

    async fn command(
        services: &Services,
        by: Actor,
        expected_version: Option<u64>,
        action: TestAction,
    ) -> Result<TestCommand, ApiError> {
        command(services, by, expected_version, action).await
    }

    async fn at(ctx: &Context<'_>, id: Uuid, at: i64) -> Result<Option<Self>, ApiError> {
        test_at(ctx, TestKey::Id(id), at).await
    }
}

/// A command of a person now, under the policy in force.
pub(crate) async fn command(
    services: &Services,
    by: Actor,
    expected_version: Option<u64>,
    action: TestAction,
) -> Result<TestCommand, ApiError> {
    let policy = services.review_policy().await?;
    Ok(TestCommand { by, at: Utc::now(), policy, expected_version, action })
}

/// The test that an opaque id names.
pub(crate) fn test_of(id: &ID) -> Result<Uuid, ApiError> {
    local_id(id, "Test").and_then(|id| id.parse().ok()).ok_or(ApiError::NotFound("test"))
}

async fn assignee_of(services: &Services, id: &ID) -> Result<Result<AccountId, UserError>, ApiError> {
    let found = account_named(services, id).await?;
    Ok(found.ok_or_else(|| UserError::invalid("assigneeId", "there is no such person")))
}

/// The tests that campaigns have a test wait for and that are not validated. Who waits for whom
/// is what the read models show; how those tests stand is asked of the events themselves.
pub(crate) async fn waits_for(
    services: &Services,
    test: Uuid,
) -> Result<Result<Vec<TestId>, UserError>, ApiError> {
    let at = services.tide.position();
    if campaigns::campaign_is_missing(&services.pool, test, at).await? {
        let why = "the campaign that it was copied for is not there yet";
        return Ok(Err(UserError::invalid("id", why.to_owned())));
    }
    let needed = campaigns::dependencies(&services.pool, test, at).await?;
    let ids: Vec<String> = needed.iter().map(Uuid::to_string).collect();
    let held = services.store.load_all::<domain::Test>(&ids).await?;
    let open =
        |id: &Uuid| held.get(&id.to_string()).is_none_or(|test| test.state() != domain::TestState::Validated);
    Ok(Ok(needed.into_iter().filter(open).map(TestId).collect()))
}

fn day_of(text: &str) -> Result<NaiveDate, UserError> {
    text.parse().map_err(|_| UserError::invalid("dueDate", format!("'{text}' is not a day (YYYY-MM-DD)")))
}

/// The active technique of an ATT&CK id in the release in force.
pub(crate) async fn technique_of(
    services: &Services,
    attack_id: &str,
) -> Result<Result<(TechniqueId, String), UserError>, ApiError> {
    let attack_id = attack_id.trim().to_uppercase();
    let unknown = |why: &str| Ok(Err(UserError::invalid("attackId", format!("{attack_id} {why}"))));
    let Some(release) = services.release(services.tide.position()).await? else {
        return unknown("is unknown: no ATT&CK release has been imported");
    };
    let Some(found) = knowledge::technique(&services.pool, &release.digest, &attack_id).await? else {
        return unknown(&format!("is not a technique of ATT&CK {}", release.version));
    };
    if found.lifecycle != "active" {
        return unknown(&format!("is {} in ATT&CK {}", found.lifecycle, release.version));
    }
    let id = TechniqueId::parse(&found.stix_id).map_err(|error| ApiError::Internal(Box::new(error)))?;
    Ok(Ok((id, attack_id)))
}

#[derive(Default)]
pub struct TestMutation;

#[Object]
impl TestMutation {
    /// Writes a new test down.
    async fn draft_test(
        &self,
        ctx: &Context<'_>,
        input: DraftTestInput,
    ) -> Result<DraftTestPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let origin = mutation::origin(ctx, "draftTest", input.client_mutation_id, &input)?;
        if let Some(first) = services.store.repeated::<domain::TestError>(&origin).await? {
            let (written, test) = made(ctx, mutation::settle(services, first).await?).await?;
            return Ok(DraftTestPayload::written(written, test));
        }
        let mut errors = vec![];
        let mut keep = |error: UserError| errors.push(error);
        let technique = technique_of(services, &input.attack_id).await?.map_err(&mut keep).ok();
        let assignee = match &input.assignee_id {
            Some(id) => assignee_of(services, id).await?.map_err(&mut keep).ok(),
            None => None,
        };
        let due_on = input.due_date.as_deref().map(day_of).transpose().map_err(&mut keep).ok().flatten();
        let Some((technique, attack_id)) = technique.filter(|_| errors.is_empty()) else {
            return Ok(DraftTestPayload::refused(errors));
        };
        let details = domain::Details {
            technique,
            attack_id,
            title: input.title.clone(),
            description: input.description.clone().unwrap_or_default(),
            objective: input.objective.clone().unwrap_or_default(),
            target_environment: input.target_environment.clone().unwrap_or_default(),
            platform: input.platform.clone(),
            tags: input.tags.clone().unwrap_or_default().into_iter().collect(),
            assignee,
            due_on,
            procedure: input.planned_procedure.clone().unwrap_or_default(),
            tool: input.planned_tool.clone(),
        };
        let command = command(services, actor, None, TestAction::Draft { details, origin: None }).await?;
        let id = Uuid::now_v7().to_string();
        let executed = services.store.execute::<domain::Test>(&id, command, &origin).await?;
        let (written, test) = made(ctx, mutation::settle(services, executed).await?).await?;
        Ok(DraftTestPayload::written(written, test))
    }

    /// Replaces the general fields that are given, of a draft or a rejected test; tags, assignee and due date at any
    /// time before validation. Changes of different fields at the same time all count; of the same, the last.
    async fn revise_test(
        &self,
        ctx: &Context<'_>,
        input: ReviseTestInput,
    ) -> Result<ReviseTestPayload, ApiError> {
        let (services, _) = acting(ctx)?;
        let asked = asked!("reviseTest", input);
        if let Some((written, test)) = asked.answered(ctx).await? {
            return Ok(ReviseTestPayload::written(written, test));
        }
        let id = test_of(&input.id)?;
        let held = services.store.load::<domain::Test>(&id.to_string()).await?;
        let Some(held) = held.details() else {
            return Err(ApiError::NotFound("test"));
        };
        let mut errors = vec![];
        let mut keep = |error: UserError| errors.push(error);
        let technique = match input.attack_id.as_deref() {
            None => None,
            // Saying what it is already is no choice, and stays right where a newer release retired it.
            Some(same) if same == held.attack_id => Some((held.technique.clone(), held.attack_id.clone())),
            Some(other) => technique_of(services, other).await?.map_err(&mut keep).ok(),
        };
        let assignee = match &input.assignee_id {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(id) => assignee_of(services, id).await?.map_err(&mut keep).ok().map(Some),
        };
        let due_on = match &input.due_date {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(day) => day_of(day).map_err(&mut keep).ok().map(Some),
        };
        if !errors.is_empty() {
            return Ok(ReviseTestPayload::refused(errors));
        }
        // Only what was sent: the rest is taken from the test as it is when the command is judged.
        let revision = domain::Revision {
            technique,
            title: input.title.clone(),
            description: input.description.clone(),
            objective: input.objective.clone(),
            target_environment: input.target_environment.clone(),
            platform: change_of(&input.platform),
            tags: input.tags.as_ref().map(|tags| tags.iter().cloned().collect()),
            assignee,
            due_on,
            procedure: input.planned_procedure.clone(),
            tool: change_of(&input.planned_tool),
        };
        let (written, test) = asked.run(ctx, TestAction::Revise(revision)).await?;
        Ok(ReviseTestPayload::written(written, test))
    }

    /// Red begins.
    async fn start_execution(
        &self,
        ctx: &Context<'_>,
        input: StartExecutionInput,
    ) -> Result<StartExecutionPayload, ApiError> {
        let (services, _) = acting(ctx)?;
        let asked = asked!("startExecution", input);
        if let Some((written, test)) = asked.answered(ctx).await? {
            return Ok(StartExecutionPayload::written(written, test));
        }
        let waits_for = match waits_for(services, test_of(&input.id)?).await? {
            Ok(waits_for) => waits_for,
            Err(error) => return Ok(StartExecutionPayload::refused(vec![error])),
        };
        let (written, test) = asked.run(ctx, TestAction::StartExecution { waits_for }).await?;
        Ok(StartExecutionPayload::written(written, test))
    }

    /// Red writes down the attack, or writes it again.
    async fn record_attack(
        &self,
        ctx: &Context<'_>,
        input: RecordAttackInput,
    ) -> Result<RecordAttackPayload, ApiError> {
        let attack = domain::AttackRecord {
            procedure: input.procedure.clone(),
            tool: input.tool.clone(),
            started_at: input.started_at,
            ended_at: input.ended_at,
            success: input.success,
            summary: input.summary.clone(),
        };
        let (written, test) =
            asked!("recordAttack", input).run(ctx, TestAction::RecordAttack(attack)).await?;
        Ok(RecordAttackPayload::written(written, test))
    }

    /// Red hands over to blue.
    async fn submit_execution(
        &self,
        ctx: &Context<'_>,
        input: SubmitExecutionInput,
    ) -> Result<SubmitExecutionPayload, ApiError> {
        let (written, test) = asked!("submitExecution", input).run(ctx, TestAction::SubmitExecution).await?;
        Ok(SubmitExecutionPayload::written(written, test))
    }

    /// Blue writes down what was seen, or writes it again.
    async fn record_detection(
        &self,
        ctx: &Context<'_>,
        input: RecordDetectionInput,
    ) -> Result<RecordDetectionPayload, ApiError> {
        let detection = domain::DetectionRecord {
            result: input.result.into(),
            detected_at: input.detected_at,
            alerted_at: input.alerted_at,
            contained_at: input.contained_at,
            containment_result: input.containment_result.map(Into::into),
            clock_skew_note: input.clock_skew_note.clone(),
            summary: input.summary.clone(),
        };
        let (written, test) =
            asked!("recordDetection", input).run(ctx, TestAction::RecordDetection(detection)).await?;
        Ok(RecordDetectionPayload::written(written, test))
    }

    /// Blue hands over to the leads.
    async fn submit_evaluation(
        &self,
        ctx: &Context<'_>,
        input: SubmitEvaluationInput,
    ) -> Result<SubmitEvaluationPayload, ApiError> {
        let (written, test) =
            asked!("submitEvaluation", input).run(ctx, TestAction::SubmitEvaluation).await?;
        Ok(SubmitEvaluationPayload::written(written, test))
    }

    /// A lead judges their side; the vote that decides carries the outcome.
    async fn cast_vote(&self, ctx: &Context<'_>, input: CastVoteInput) -> Result<CastVotePayload, ApiError> {
        let (_, actor) = acting(ctx)?;
        let own = match actor.role {
            Role::RedLead => Some(domain::Side::Red),
            Role::BlueLead => Some(domain::Side::Blue),
            Role::Admin | Role::RedTech | Role::BlueTech | Role::Viewer => None,
        };
        let Some(side) = input.side.map(domain::Side::from).or(own) else {
            let error = UserError::invalid("side", "an admin must say which side the vote is for");
            return Ok(CastVotePayload::refused(vec![error]));
        };
        let action = TestAction::CastVote {
            side,
            verdict: input.verdict.into(),
            notes: input.notes.clone().unwrap_or_default(),
            seen: input.seen_evidence_ids.as_ref().map(|ids| ids.iter().map(|id| EvidenceId(*id)).collect()),
        };
        let asked = Asked {
            kind: "castVote",
            id: &input.id,
            expected_version: None,
            client_mutation_id: input.client_mutation_id,
            input: &input,
        };
        let (written, test) = asked.run(ctx, action).await?;
        Ok(CastVotePayload::written(written, test))
    }

    /// Starts another round of a rejected test.
    async fn reopen_test(
        &self,
        ctx: &Context<'_>,
        input: ReopenTestInput,
    ) -> Result<ReopenTestPayload, ApiError> {
        let action = TestAction::Reopen { reason: input.reason.clone() };
        let (written, test) = asked!("reopenTest", input).run(ctx, action).await?;
        Ok(ReopenTestPayload::written(written, test))
    }
}
