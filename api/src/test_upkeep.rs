//! What goes on around the rounds of a test: clocks, labels, the archive, copies, many at once.

use crate::asked::{asked, made};
use crate::context::{Services, acting};
use crate::error::{ApiError, UserError};
use crate::mutation::{self, Written};
use crate::page::local_id;
use crate::people::account_named;
use crate::permissions::{self, Kind};
use crate::test_commands::{command, test_of, waits_for};
use crate::tests::{Classification, Test, test_at};
use aegis_aggregates::actor::Actor;
use aegis_aggregates::ids::{AccountId, TestId};
use aegis_aggregates::test as domain;
use aegis_aggregates::test::{Revision, TestAction, TestOrigin};
use aegis_projections::store::{CommandId, Origin};
use aegis_projections::tests::TestKey;
use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use serde::Serialize;
use uuid::Uuid;

/// Tests of one request at most.
const AT_ONCE: usize = 100;

/// A test that blue takes up.
#[derive(InputObject, Serialize)]
pub struct StartEvaluationInput {
    id: ID,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// A side that stops its clock.
#[derive(InputObject, Serialize)]
pub struct PauseWorkInput {
    id: ID,
    reason: String,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// A side that goes on.
#[derive(InputObject, Serialize)]
pub struct ResumeWorkInput {
    id: ID,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// A label for a test.
#[derive(InputObject, Serialize)]
pub struct ClassifyTestInput {
    id: ID,
    classification: Classification,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// A draft or a rejected test to be put away.
#[derive(InputObject, Serialize)]
pub struct ArchiveTestInput {
    id: ID,
    reason: Option<String>,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// A test to be taken out again.
#[derive(InputObject, Serialize)]
pub struct RestoreTestInput {
    id: ID,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// A test to be drafted once more.
#[derive(InputObject, Serialize)]
pub struct CloneTestInput {
    id: ID,
    /// Another title than the one it has.
    title: Option<String>,
    client_mutation_id: Option<Uuid>,
}

/// What is done with each of many tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
pub enum BulkAction {
    /// Gives it to `assigneeId`, or to nobody.
    Assign,
    /// Begins the execution.
    Start,
    /// Puts it away.
    Archive,
}

/// One thing done with many tests. Each is judged by itself: some may be refused while others are done.
#[derive(InputObject, Serialize)]
pub struct BulkTestsInput {
    /// At most 100.
    ids: Vec<ID>,
    action: BulkAction,
    /// For `ASSIGN`.
    assignee_id: Option<ID>,
    /// For `ARCHIVE`.
    reason: Option<String>,
    client_mutation_id: Option<Uuid>,
}

mutation::payload!(
    /// The test as it is now.
    StartEvaluationPayload { test: Option<Test> }
);
mutation::payload!(
    /// The test as it is now.
    PauseWorkPayload { test: Option<Test> }
);
mutation::payload!(
    /// The test as it is now.
    ResumeWorkPayload { test: Option<Test> }
);
mutation::payload!(
    /// The test as it is now.
    ClassifyTestPayload { test: Option<Test> }
);
mutation::payload!(
    /// The test as it is now.
    ArchiveTestPayload { test: Option<Test> }
);
mutation::payload!(
    /// The test as it is now.
    RestoreTestPayload { test: Option<Test> }
);
mutation::payload!(
    /// The new draft.
    CloneTestPayload { test: Option<Test> }
);
mutation::payload!(
    /// What came of each, in the order they were given.
    BulkTestsPayload { results: Option<Vec<BulkTestResult>> }
);

/// What came of one of many.
#[derive(SimpleObject)]
pub struct BulkTestResult {
    /// As it was given.
    id: ID,
    /// The test as it is now.
    test: Option<Test>,
    /// Why nothing was done with it; empty when all went well.
    user_errors: Vec<UserError>,
}

#[derive(Default)]
pub struct TestUpkeepMutation;

#[Object]
impl TestUpkeepMutation {
    /// Blue takes a test up. Recording a detection is possible without.
    async fn start_evaluation(
        &self,
        ctx: &Context<'_>,
        input: StartEvaluationInput,
    ) -> Result<StartEvaluationPayload, ApiError> {
        let (written, test) = asked!("startEvaluation", input).run(ctx, TestAction::StartEvaluation).await?;
        Ok(StartEvaluationPayload::written(written, test))
    }

    /// Stops the clock of the side at work.
    async fn pause_work(
        &self,
        ctx: &Context<'_>,
        input: PauseWorkInput,
    ) -> Result<PauseWorkPayload, ApiError> {
        let action = TestAction::PauseWork { reason: input.reason.clone() };
        let (written, test) = asked!("pauseWork", input).run(ctx, action).await?;
        Ok(PauseWorkPayload::written(written, test))
    }

    /// Lets the clock of the side at work go on.
    async fn resume_work(
        &self,
        ctx: &Context<'_>,
        input: ResumeWorkInput,
    ) -> Result<ResumeWorkPayload, ApiError> {
        let (written, test) = asked!("resumeWork", input).run(ctx, TestAction::ResumeWork).await?;
        Ok(ResumeWorkPayload::written(written, test))
    }

    /// Says how confidential the data of a test is.
    async fn classify_test(
        &self,
        ctx: &Context<'_>,
        input: ClassifyTestInput,
    ) -> Result<ClassifyTestPayload, ApiError> {
        let action = TestAction::Classify(input.classification.into());
        let (written, test) = asked!("classifyTest", input).run(ctx, action).await?;
        Ok(ClassifyTestPayload::written(written, test))
    }

    /// Puts a draft or a rejected test away. Nothing of it is lost; `restoreTest` takes it out again.
    async fn archive_test(
        &self,
        ctx: &Context<'_>,
        input: ArchiveTestInput,
    ) -> Result<ArchiveTestPayload, ApiError> {
        let action = TestAction::Archive { reason: input.reason.clone().unwrap_or_default() };
        let (written, test) = asked!("archiveTest", input).run(ctx, action).await?;
        Ok(ArchiveTestPayload::written(written, test))
    }

    /// Takes an archived test out again.
    async fn restore_test(
        &self,
        ctx: &Context<'_>,
        input: RestoreTestInput,
    ) -> Result<RestoreTestPayload, ApiError> {
        let (written, test) = asked!("restoreTest", input).run(ctx, TestAction::Restore).await?;
        Ok(RestoreTestPayload::written(written, test))
    }

    /// Drafts a test once more: its general fields and how confidential they are, and nothing of its rounds.
    async fn clone_test(
        &self,
        ctx: &Context<'_>,
        input: CloneTestInput,
    ) -> Result<CloneTestPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let of = test_of(&input.id)?;
        let held = services.store.load::<domain::Test>(&of.to_string()).await?;
        let Some(details) = held.details().cloned() else {
            return Err(ApiError::NotFound("test"));
        };
        let title = input.title.clone().unwrap_or_else(|| details.title.clone());
        let details = domain::Details { title, assignee: None, due_on: None, ..details };
        let action = TestAction::Copy {
            details,
            origin: TestOrigin::Clone { of: TestId(of) },
            classification: held.classification(),
        };
        // The same request makes the same test.
        let id = match input.client_mutation_id {
            Some(asked) => Uuid::new_v5(&actor.account.0, asked.as_bytes()),
            None => Uuid::now_v7(),
        };
        let command = command(services, actor, None, action).await?;
        let written = mutation::execute::<domain::Test>(
            ctx,
            &id.to_string(),
            command,
            "cloneTest",
            input.client_mutation_id,
            &input,
        )
        .await?;
        let (written, test) = made(ctx, written).await?;
        Ok(CloneTestPayload::written(written, test))
    }

    /// Does one thing with many tests.
    #[graphql(complexity = "crate::page::list_weight(input.ids.len(), child_complexity)")]
    async fn bulk_tests(
        &self,
        ctx: &Context<'_>,
        input: BulkTestsInput,
    ) -> Result<BulkTestsPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        if input.ids.len() > AT_ONCE {
            let why = format!("there are {} tests; at most {AT_ONCE} are allowed at once", input.ids.len());
            return Ok(BulkTestsPayload::refused(vec![UserError::invalid("ids", why)]));
        }
        let mutation = match input.action {
            BulkAction::Assign => "reviseTest",
            BulkAction::Start => "startExecution",
            BulkAction::Archive => "archiveTest",
        };
        permissions::demand(services, ctx.data_unchecked(), Kind::Mutation, mutation).await?;
        let assignee = match &input.assignee_id {
            None => None,
            Some(id) => match account_named(services, id).await? {
                Some(account) => Some(account),
                None => {
                    let error = UserError::invalid("assigneeId", "there is no such person");
                    return Ok(BulkTestsPayload::refused(vec![error]));
                }
            },
        };
        let (mut results, mut last) = (vec![], Written::default());
        for id in &input.ids {
            let (written, user_errors) = match local_id(id, "Test").and_then(|id| id.parse().ok()) {
                Some(test) => {
                    match one_of_many(ctx, services, actor, &input, test, assignee).await {
                        Ok(written) => {
                            let errors = written.user_errors.clone();
                            (Some((test, written)), errors)
                        }
                        // What was done before stays done, so the others are answered all the same.
                        Err(error) => (None, vec![not_now(test, &error)]),
                    }
                }
                None => (None, vec![UserError::invalid("ids", "there is no such test")]),
            };
            if let Some((_, written)) = &written {
                last.position = last.position.max(written.position);
                last.behind |= written.behind;
            }
            results.push((id.clone(), written.map(|(test, _)| test), user_errors));
        }
        // Read back together, when all is done: what came first is in view by then.
        let at = services.tide.position();
        let mut read = vec![];
        for (id, test, user_errors) in results {
            let test = match test {
                Some(test) => test_at(ctx, TestKey::Id(test), at).await?,
                None => None,
            };
            read.push(BulkTestResult { id, test, user_errors });
        }
        Ok(BulkTestsPayload::written(last, Some(read)))
    }
}

fn not_now(test: Uuid, error: &ApiError) -> UserError {
    tracing::error!(%test, ?error, "one test of many failed");
    UserError::conflict("ids", "this one failed on the server; ask for it again")
}

async fn one_of_many(
    ctx: &Context<'_>,
    services: &Services,
    actor: Actor,
    input: &BulkTestsInput,
    test: Uuid,
    assignee: Option<AccountId>,
) -> Result<Written, ApiError> {
    let action = match input.action {
        BulkAction::Assign => {
            TestAction::Revise(Revision { assignee: Some(assignee), ..Revision::default() })
        }
        BulkAction::Start => match waits_for(services, test).await? {
            Ok(waits_for) => TestAction::StartExecution { waits_for },
            Err(error) => return Ok(Written { user_errors: vec![error], ..Written::default() }),
        },
        BulkAction::Archive => TestAction::Archive { reason: input.reason.clone().unwrap_or_default() },
    };
    // Each test has a command id of its own, so that a request sent again goes on where it stopped.
    let whole = mutation::origin(ctx, "bulkTests", input.client_mutation_id, input)?;
    let command_id = whole.command.as_ref().map(|whole| CommandId {
        id: Uuid::new_v5(&whole.id, test.as_bytes()),
        digest: whole.digest.clone(),
    });
    let origin = Origin { command: command_id, ..whole };
    let command = command(services, actor, None, action).await?;
    let executed = services.store.execute::<domain::Test>(&test.to_string(), command, &origin).await?;
    mutation::settle(services, executed).await
}
