//! Tests made from templates: one, or many as one request with a result for each.

use crate::asked::made;
use crate::context::{Services, acting};
use crate::error::{ApiError, UserError};
use crate::inputs::{day_in, person_of};
use crate::mutation::{self, Written};
use crate::templates::template_of;
use crate::tests::Test;
use aegis_aggregates::Aggregate;
use aegis_aggregates::actor::Actor;
use aegis_aggregates::ids::{TechniqueId, TemplateId};
use aegis_aggregates::tags;
use aegis_aggregates::template::{Arguments, Content, Severity, Template, TemplateError, Wishes, limits};
use aegis_aggregates::test as domain;
use aegis_aggregates::test::{Details, TestAction, TestCommand, TestError, TestOrigin};
use aegis_projections::store::{Executed, Origin};
use aegis_projections::{knowledge, templates};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::Utc;
use serde::Serialize;
use uuid::Uuid;

/// Tests that one request drafts at most.
const AT_ONCE: usize = 100;

/// The value of an argument of a template, taken literally.
#[derive(InputObject, Serialize)]
pub struct ArgumentValueInput {
    name: String,
    value: String,
}

/// A test to be made from a template: what is left out, the template says.
#[derive(InputObject, Serialize)]
pub struct TemplateDraftInput {
    template_id: ID,
    arguments: Option<Vec<ArgumentValueInput>>,
    title: Option<String>,
    description: Option<String>,
    objective: Option<String>,
    target_environment: Option<String>,
    /// Where the template has several platforms, none is taken by itself.
    platform: Option<String>,
    tags: Option<Vec<String>>,
    assignee_id: Option<ID>,
    /// `YYYY-MM-DD`.
    due_date: Option<String>,
    /// In place of the template's procedure, prerequisites and cleanup.
    planned_procedure: Option<String>,
    planned_tool: Option<String>,
}

/// A test to be made from a template.
#[derive(InputObject, Serialize)]
pub struct DraftTestFromTemplateInput {
    #[graphql(flatten)]
    draft: TemplateDraftInput,
    client_mutation_id: Option<Uuid>,
}

/// Tests to be made from templates, at most 100.
#[derive(InputObject, Serialize)]
pub struct DraftTestsFromTemplatesInput {
    items: Vec<TemplateDraftInput>,
    client_mutation_id: Option<Uuid>,
}

mutation::payload!(
    /// The new test.
    DraftTestFromTemplatePayload { test: Option<Test> }
);

/// What became of one test of many.
#[derive(SimpleObject)]
pub struct TemplateDrafted {
    /// The new test; null where none was drafted.
    test: Option<Test>,
    /// Why none was drafted.
    user_errors: Vec<UserError>,
}

/// What became of each test.
#[derive(SimpleObject)]
pub struct DraftTestsFromTemplatesPayload {
    /// One for each item, in that order.
    results: Vec<TemplateDrafted>,
    /// Ledger position of the last event this led to.
    position: Option<i64>,
    /// True when the read models did not show it within 2 s; it is recorded all the same.
    read_models_behind: bool,
    /// Why nothing was done at all; what befell single tests is in their results.
    user_errors: Vec<UserError>,
}

/// The live technique that stands for another in the release in force, and what it is called.
async fn live_technique(
    services: &Services,
    technique: &TechniqueId,
    attack_id: &str,
) -> Result<Result<(TechniqueId, String), UserError>, ApiError> {
    let unknown = |why: String| Ok(Err(UserError::invalid("templateId", format!("{attack_id} {why}"))));
    let Some(release) = services.release(services.tide.position()).await? else {
        return unknown("is unknown: no ATT&CK release has been imported".to_owned());
    };
    let find = async |id: &str| {
        let found = knowledge::techniques_by_id(&services.pool, &release.digest, &[id.to_owned()]).await?;
        Ok::<_, ApiError>(found.into_iter().next())
    };
    let mut found = find(technique.as_str()).await?;
    if let Some(successor) = found.as_ref().and_then(|found| found.successor.clone()) {
        found = find(&successor).await?;
    }
    match found {
        Some(found) if found.lifecycle == "active" => {
            let id =
                TechniqueId::parse(&found.stix_id).map_err(|error| ApiError::Internal(Box::new(error)))?;
            Ok(Ok((id, found.attack_id)))
        }
        Some(found) => unknown(format!("is {} in ATT&CK {}", found.lifecycle, release.version)),
        None => unknown(format!("is not a technique of ATT&CK {}", release.version)),
    }
}

/// What a template says that a source brings, with its version.
async fn imported(services: &Services, id: Uuid) -> Result<Result<(Content, u32), TemplateError>, ApiError> {
    let at = services.tide.position();
    let found = templates::template(&services.pool, id, at).await?.filter(|found| !found.is_custom());
    let found = found.ok_or(ApiError::NotFound("template"))?;
    if found.retired_reason.is_some() {
        return Ok(Err(TemplateError::Retired { name: found.name }));
    }
    if !found.active {
        return Ok(Err(TemplateError::Inactive { name: found.name }));
    }
    let Some(technique) = found.technique_id.as_deref().and_then(|id| TechniqueId::parse(id).ok()) else {
        return Ok(Err(TemplateError::NoTechnique { name: found.name, attack_id: found.attack_id }));
    };
    let content = Content {
        name: found.name.chars().take(limits::SHORT_TEXT_CHARS).collect(),
        description: found.description,
        technique,
        attack_id: found.attack_id,
        platforms: found.platforms.into_iter().collect(),
        severity: Severity::ALL
            .into_iter()
            .find(|severity| severity.as_str() == found.severity)
            .unwrap_or(Severity::Medium),
        executor: found.executor,
        procedure: found.procedure,
        cleanup: found.cleanup,
        prerequisites: found.prerequisites,
        expected_detection: found.expected_detection,
        tool: found.tool,
        tags: tags::fitting(found.tags),
        references: found.reference_urls,
        arguments: found.arguments,
    };
    Ok(Ok((content, u32::try_from(found.content_version).unwrap_or(1))))
}

/// The general fields of a test and where they come from, or why there are none.
async fn details_of(
    services: &Services,
    input: &TemplateDraftInput,
) -> Result<Result<(Details, TestOrigin), Vec<UserError>>, ApiError> {
    let id = template_of(&input.template_id)?;
    let template = services.store.load::<Template>(&id.to_string()).await?;
    let usable = match template.content() {
        Some(_) => template.usable().map(|(content, version)| (content.clone(), version)),
        // What a source brings is not written down in events of its own.
        None => imported(services, id).await?,
    };
    let (content, version) = match usable {
        Ok(usable) => usable,
        Err(refusal) => return Ok(Err(vec![UserError::refused(&refusal)])),
    };
    let mut errors = vec![];
    let mut keep = |error: UserError| errors.push(error);
    let technique =
        live_technique(services, &content.technique, &content.attack_id).await?.map_err(&mut keep).ok();
    let assignee = match &input.assignee_id {
        Some(id) => person_of(services, "assigneeId", id).await?.map_err(&mut keep).ok(),
        None => None,
    };
    let due_on = input.due_date.as_deref().map(|day| day_in("dueDate", day)).transpose();
    let due_on = due_on.map_err(&mut keep).ok().flatten();
    let mut arguments = Arguments::new();
    for given in input.arguments.iter().flatten() {
        if arguments.insert(given.name.clone(), given.value.clone()).is_some() {
            keep(UserError::invalid("arguments", format!("the argument '{}' is given twice", given.name)));
        }
    }
    let Some(technique) = technique.filter(|_| errors.is_empty()) else {
        return Ok(Err(errors));
    };
    let wishes = Wishes {
        title: input.title.clone(),
        description: input.description.clone(),
        objective: input.objective.clone(),
        target_environment: input.target_environment.clone(),
        platform: input.platform.clone(),
        tags: input.tags.as_ref().map(|tags| tags.iter().cloned().collect()),
        assignee,
        due_on,
        procedure: input.planned_procedure.clone(),
        tool: input.planned_tool.clone(),
    };
    Ok(match content.drafted(technique, &arguments, wishes) {
        Ok(details) => Ok((details, TestOrigin::Template { template: TemplateId(id), version })),
        Err(refusal) => Err(vec![UserError::refused(&refusal)]),
    })
}

/// What came of one draft before it is waited for.
enum Drafted {
    Executed(Executed<<domain::Test as Aggregate>::Error>),
    Refused(Vec<UserError>),
}

async fn draft(
    services: &Services,
    by: Actor,
    origin: &Origin,
    input: &TemplateDraftInput,
) -> Result<Drafted, ApiError> {
    // What the same command drafted before stays what it was, whatever has become of the template.
    if let Some(first) = services.store.repeated::<TestError>(origin).await? {
        return Ok(Drafted::Executed(first));
    }
    let (details, made_from) = match details_of(services, input).await? {
        Ok(found) => found,
        Err(errors) => return Ok(Drafted::Refused(errors)),
    };
    let policy = services.review_policy().await?;
    let action = TestAction::Draft { details, origin: Some(made_from) };
    let command = TestCommand { by, at: Utc::now(), policy, expected_version: None, action };
    let id = Uuid::now_v7().to_string();
    let executed = services.store.execute::<domain::Test>(&id, command, origin).await?;
    Ok(Drafted::Executed(executed))
}

/// Waits until a draft shows, and reads it back.
async fn shown(ctx: &Context<'_>, drafted: Drafted) -> Result<(Written, Option<Test>), ApiError> {
    match drafted {
        Drafted::Refused(user_errors) => Ok((Written { user_errors, ..Written::default() }, None)),
        Drafted::Executed(executed) => {
            let written = mutation::settle(ctx.data_unchecked::<Services>(), executed).await?;
            made(ctx, written).await
        }
    }
}

#[derive(Default)]
pub struct TemplateDraftMutation;

#[Object]
impl TemplateDraftMutation {
    /// Drafts a test from an active template, its arguments filled in.
    async fn draft_test_from_template(
        &self,
        ctx: &Context<'_>,
        input: DraftTestFromTemplateInput,
    ) -> Result<DraftTestFromTemplatePayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let origin = mutation::origin(ctx, "draftTestFromTemplate", input.client_mutation_id, &input)?;
        let drafted = draft(services, actor, &origin, &input.draft).await?;
        let (written, test) = shown(ctx, drafted).await?;
        Ok(DraftTestFromTemplatePayload::written(written, test))
    }

    /// Drafts tests from templates, each by itself: one that cannot be drafted does not hold up the others.
    #[graphql(complexity = "crate::page::list_weight(input.items.len(), child_complexity)")]
    async fn draft_tests_from_templates(
        &self,
        ctx: &Context<'_>,
        input: DraftTestsFromTemplatesInput,
    ) -> Result<DraftTestsFromTemplatesPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let mut payload = DraftTestsFromTemplatesPayload {
            results: Vec::with_capacity(input.items.len().min(AT_ONCE)),
            position: None,
            read_models_behind: false,
            user_errors: mutation::too_many("items", input.items.len(), AT_ONCE).into_iter().collect(),
        };
        if !payload.user_errors.is_empty() {
            return Ok(payload);
        }
        let mut all = Vec::with_capacity(input.items.len());
        for (index, item) in input.items.iter().enumerate() {
            // A command of its own for each, so that repeating the request repeats each.
            let command_id = mutation::item_id(input.client_mutation_id, &index.to_string());
            let origin = mutation::origin(ctx, "draftTestsFromTemplates", command_id, item)?;
            all.push(match draft(services, actor, &origin, item).await {
                Err(ApiError::NotFound(_)) => {
                    Drafted::Refused(vec![UserError::invalid("templateId", "there is no such template")])
                }
                drafted => drafted?,
            });
        }
        // All are written before the first is waited for.
        for drafted in all {
            let (written, test) = shown(ctx, drafted).await?;
            payload.position = payload.position.max(written.position);
            payload.read_models_behind |= written.behind;
            payload.results.push(TemplateDrafted { test, user_errors: written.user_errors });
        }
        Ok(payload)
    }
}
