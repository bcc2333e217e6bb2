//! What people do with templates: one mutation per command, and one for many.

use crate::asked::{Target, asked, made, read_back};
use crate::context::{Services, acting};
use crate::error::{ApiError, UserError};
use crate::inputs::change_of;
use crate::mutation;
use crate::templates::{ArgumentKind, Severity, TestTemplate, template_at, template_of};
use crate::test_commands::technique_of;
use aegis_aggregates::actor::Actor;
use aegis_aggregates::template as domain;
use aegis_aggregates::template::{TemplateAction, TemplateCommand, TemplateError};
use aegis_projections::templates;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use chrono::Utc;
use serde::Serialize;
use std::collections::HashSet;
use uuid::Uuid;

/// Templates that one request switches at most.
const AT_ONCE: usize = 100;

/// A gap in the texts of a template.
#[derive(InputObject, Serialize)]
pub struct TemplateArgumentInput {
    /// Letters, digits, `_`, `.` and `-`.
    name: String,
    description: Option<String>,
    /// What stands in the gap where nobody says otherwise.
    default: Option<String>,
    #[graphql(default_with = "ArgumentKind::String")]
    kind: ArgumentKind,
}

impl From<&TemplateArgumentInput> for domain::Argument {
    fn from(input: &TemplateArgumentInput) -> Self {
        Self {
            name: input.name.clone(),
            description: input.description.clone().unwrap_or_default(),
            default: input.default.clone(),
            kind: input.kind.into(),
        }
    }
}

/// A new template. Free text stays in the record for good: name no person in it.
#[derive(InputObject, Serialize)]
pub struct CreateTemplateInput {
    name: String,
    description: Option<String>,
    /// The technique, `T1059.001`.
    attack_id: String,
    platforms: Option<Vec<String>>,
    severity: Severity,
    /// What runs the procedure: `powershell`, `bash`, `manual`.
    executor: String,
    /// With gaps, `#{name}`, for arguments that are declared below.
    procedure: String,
    cleanup: Option<String>,
    prerequisites: Option<String>,
    /// What a working defence would show.
    expected_detection: Option<String>,
    tool: Option<String>,
    tags: Option<Vec<String>>,
    /// Addresses of the web, `http` or `https`.
    references: Option<Vec<String>>,
    arguments: Option<Vec<TemplateArgumentInput>>,
    client_mutation_id: Option<Uuid>,
}

/// Changes of a template, as a new version; what is left out stays, null clears.
#[derive(InputObject, Serialize)]
pub struct UpdateTemplateInput {
    id: ID,
    name: Option<String>,
    description: Option<String>,
    attack_id: Option<String>,
    platforms: Option<Vec<String>>,
    severity: Option<Severity>,
    executor: Option<String>,
    procedure: Option<String>,
    cleanup: Option<String>,
    prerequisites: Option<String>,
    expected_detection: Option<String>,
    tool: MaybeUndefined<String>,
    tags: Option<Vec<String>>,
    references: Option<Vec<String>>,
    arguments: Option<Vec<TemplateArgumentInput>>,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// A template that goes out of use for good.
#[derive(InputObject, Serialize)]
pub struct RetireTemplateInput {
    id: ID,
    reason: String,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// Templates to be switched on or off together, at most 100.
#[derive(InputObject, Serialize)]
pub struct SetTemplatesActiveInput {
    ids: Vec<ID>,
    active: bool,
    client_mutation_id: Option<Uuid>,
}

mutation::payload!(
    /// The new template.
    CreateTemplatePayload { template: Option<TestTemplate> }
);
mutation::payload!(
    /// The template as it is now.
    UpdateTemplatePayload { template: Option<TestTemplate> }
);
mutation::payload!(
    /// The template as it is now.
    RetireTemplatePayload { template: Option<TestTemplate> }
);

/// What became of one template of many.
#[derive(SimpleObject)]
pub struct TemplateSwitched {
    /// The id that was asked for.
    id: ID,
    /// The template as it is now; null where there is none.
    template: Option<TestTemplate>,
    /// Why nothing was done with this one.
    user_errors: Vec<UserError>,
}

/// What became of each template.
#[derive(SimpleObject)]
pub struct SetTemplatesActivePayload {
    /// One for each id that was asked for, in that order.
    results: Vec<TemplateSwitched>,
    /// Ledger position of the last event this led to.
    position: Option<i64>,
    /// True when the read models did not show it within 2 s; it is recorded all the same.
    read_models_behind: bool,
    /// Why nothing was done at all; what befell single templates is in their results.
    user_errors: Vec<UserError>,
}

impl Target for TestTemplate {
    type Rules = domain::Template;
    type Action = TemplateAction;
    const NAME: &'static str = "template";

    fn id_of(id: &ID) -> Result<Uuid, ApiError> {
        template_of(id)
    }

    async fn command(
        _services: &Services,
        by: Actor,
        expected_version: Option<u64>,
        action: TemplateAction,
    ) -> Result<TemplateCommand, ApiError> {
        Ok(command(by, expected_version, action))
    }

    async fn at(ctx: &Context<'_>, id: Uuid, at: i64) -> Result<Option<Self>, ApiError> {
        template_at(ctx, id, at).await
    }
}

fn command(by: Actor, expected_version: Option<u64>, action: TemplateAction) -> TemplateCommand {
    TemplateCommand { by, at: Utc::now(), expected_version, action }
}

#[derive(Default)]
pub struct TemplateMutation;

#[Object]
impl TemplateMutation {
    /// Writes a new template down; tests can be made from it at once.
    async fn create_template(
        &self,
        ctx: &Context<'_>,
        input: CreateTemplateInput,
    ) -> Result<CreateTemplatePayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let origin = mutation::origin(ctx, "createTemplate", input.client_mutation_id, &input)?;
        if let Some(first) = services.store.repeated::<TemplateError>(&origin).await? {
            let (written, template) = made(ctx, mutation::settle(services, first).await?).await?;
            return Ok(CreateTemplatePayload::written(written, template));
        }
        let (technique, attack_id) = match technique_of(services, &input.attack_id).await? {
            Ok(found) => found,
            Err(error) => return Ok(CreateTemplatePayload::refused(vec![error])),
        };
        let content = domain::Content {
            name: input.name.clone(),
            description: input.description.clone().unwrap_or_default(),
            technique,
            attack_id,
            platforms: input.platforms.clone().unwrap_or_default().into_iter().collect(),
            severity: input.severity.into(),
            executor: input.executor.clone(),
            procedure: input.procedure.clone(),
            cleanup: input.cleanup.clone().unwrap_or_default(),
            prerequisites: input.prerequisites.clone().unwrap_or_default(),
            expected_detection: input.expected_detection.clone().unwrap_or_default(),
            tool: input.tool.clone(),
            tags: input.tags.clone().unwrap_or_default().into_iter().collect(),
            references: input.references.clone().unwrap_or_default(),
            arguments: input.arguments.iter().flatten().map(Into::into).collect(),
        };
        let command = command(actor, None, TemplateAction::Create(Box::new(content)));
        let id = Uuid::now_v7().to_string();
        let executed = services.store.execute::<domain::Template>(&id, command, &origin).await?;
        let (written, template) = made(ctx, mutation::settle(services, executed).await?).await?;
        Ok(CreateTemplatePayload::written(written, template))
    }

    /// Changes what is given, as a new version. Tests made before keep what they were made from.
    async fn update_template(
        &self,
        ctx: &Context<'_>,
        input: UpdateTemplateInput,
    ) -> Result<UpdateTemplatePayload, ApiError> {
        let (services, _) = acting(ctx)?;
        let asked = asked!("updateTemplate", input);
        if let Some((written, template)) = asked.answered(ctx).await? {
            return Ok(UpdateTemplatePayload::written(written, template));
        }
        let id = template_of(&input.id)?;
        let held = services.store.load::<domain::Template>(&id.to_string()).await?;
        let Some(held) = held.content() else {
            return Err(ApiError::NotFound("template"));
        };
        let technique = match input.attack_id.as_deref() {
            None => None,
            // Saying what it is already is no choice, and stays right where a newer release retired it.
            Some(same) if same == held.attack_id => None,
            Some(other) => match technique_of(services, other).await? {
                Ok(found) => Some(found),
                Err(error) => return Ok(UpdateTemplatePayload::refused(vec![error])),
            },
        };
        let set = |texts: &Option<Vec<String>>| texts.as_ref().map(|texts| texts.iter().cloned().collect());
        let revision = domain::ContentRevision {
            name: input.name.clone(),
            description: input.description.clone(),
            technique,
            platforms: set(&input.platforms),
            severity: input.severity.map(Into::into),
            executor: input.executor.clone(),
            procedure: input.procedure.clone(),
            cleanup: input.cleanup.clone(),
            prerequisites: input.prerequisites.clone(),
            expected_detection: input.expected_detection.clone(),
            tool: change_of(&input.tool),
            tags: set(&input.tags),
            references: input.references.clone(),
            arguments: input.arguments.as_ref().map(|all| all.iter().map(Into::into).collect()),
        };
        let action = TemplateAction::Revise(Box::new(revision));
        let (written, template) = asked.run(ctx, action).await?;
        Ok(UpdateTemplatePayload::written(written, template))
    }

    /// Takes a template out of use for good. Tests made from it stay.
    async fn retire_template(
        &self,
        ctx: &Context<'_>,
        input: RetireTemplateInput,
    ) -> Result<RetireTemplatePayload, ApiError> {
        let action = TemplateAction::Retire { reason: input.reason.clone() };
        let (written, template) = asked!("retireTemplate", input).run(ctx, action).await?;
        Ok(RetireTemplatePayload::written(written, template))
    }

    /// Switches templates on or off, each by itself: one that cannot be switched does not hold up the others.
    #[graphql(complexity = "crate::page::list_weight(input.ids.len(), child_complexity)")]
    async fn set_templates_active(
        &self,
        ctx: &Context<'_>,
        input: SetTemplatesActiveInput,
    ) -> Result<SetTemplatesActivePayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        if let Some(error) = mutation::too_many("ids", input.ids.len(), AT_ONCE) {
            return Ok(SetTemplatesActivePayload {
                results: vec![],
                position: None,
                read_models_behind: false,
                user_errors: vec![error],
            });
        }
        let wanted: Vec<Uuid> = input.ids.iter().filter_map(|id| template_of(id).ok()).collect();
        let held = templates::template_at(&services.pool, &wanted, services.tide.position()).await?;
        let imported: HashSet<Uuid> =
            held.iter().filter(|held| !held.is_custom()).map(|held| held.template_id).collect();
        let mut executed = Vec::with_capacity(input.ids.len());
        for id in &input.ids {
            let Ok(template) = template_of(id) else {
                executed.push((id, None));
                continue;
            };
            let action = match input.active {
                active if imported.contains(&template) => TemplateAction::SwitchImported { active },
                true => TemplateAction::Activate,
                false => TemplateAction::Deactivate,
            };
            // A command of its own for each, so that repeating the request repeats each.
            let command_id = mutation::item_id(input.client_mutation_id, &template.to_string());
            let kind = "setTemplatesActive";
            let origin = mutation::origin(ctx, kind, command_id, &(template, input.active))?;
            let command = command(actor, None, action);
            let done =
                services.store.execute::<domain::Template>(&template.to_string(), command, &origin).await?;
            executed.push((id, Some((template, done))));
        }
        let mut payload = SetTemplatesActivePayload {
            results: Vec::with_capacity(executed.len()),
            position: None,
            read_models_behind: false,
            user_errors: vec![],
        };
        for (id, done) in executed {
            let unknown = || vec![UserError::invalid("ids", "there is no such template")];
            let mut result = TemplateSwitched { id: id.clone(), template: None, user_errors: vec![] };
            match done {
                None => result.user_errors = unknown(),
                Some((template, done)) => {
                    let written = mutation::settle(services, done).await?;
                    payload.position = payload.position.max(written.position);
                    payload.read_models_behind |= written.behind;
                    match read_back(ctx, template, written).await {
                        Ok((written, template)) => {
                            result.template = template;
                            result.user_errors = written.user_errors;
                        }
                        Err(ApiError::NotFound(_)) => result.user_errors = unknown(),
                        Err(error) => return Err(error),
                    }
                }
            }
            payload.results.push(result);
        }
        Ok(payload)
    }
}
