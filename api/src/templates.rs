//! Templates of tests: the catalogue, one of them, and what they add up to.

mod loaders;

pub use loaders::{TemplateUses, TemplatesById};

use crate::context::Services;
use crate::error::ApiError;
use crate::knowledge::{Technique, technique_by_id};
use crate::page::{Listed, MAX_PAGE, Page, Window, global_id, local_id, page};
use crate::people::Person;
use crate::tests::words::word;
use crate::timeline::{Timeline, TimelineEvent, timeline};
use aegis_aggregates::template as domain;
use aegis_projections::templates::{self, Count, TemplateRecord};
use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

/// How much harm the behaviour does where nobody stops it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[graphql(remote = "domain::Severity", name = "TemplateSeverity")]
pub enum Severity {
    /// Little.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
    /// As much as can be.
    Critical,
}

/// What kind of value an argument takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[graphql(remote = "domain::ArgumentKind")]
pub enum ArgumentKind {
    /// Any text.
    String,
    /// Digits, with a sign before them or not.
    Integer,
    /// An address; not checked.
    Url,
    /// A place in a file system; not checked.
    Path,
}

/// A gap in the texts of a template, `#{name}`.
#[derive(SimpleObject)]
pub struct TemplateArgument {
    name: String,
    description: String,
    /// What stands in the gap where nobody says otherwise; null where a value must be given.
    default: Option<String>,
    kind: ArgumentKind,
}

/// A template of tests as of a position.
pub struct TestTemplate {
    record: TemplateRecord,
    at: i64,
}

#[Object]
impl TestTemplate {
    pub async fn id(&self) -> ID {
        global_id("TestTemplate", self.record.template_id)
    }
    async fn template_id(&self) -> Uuid {
        self.record.template_id
    }
    /// `custom`, or the catalogue it was imported from.
    async fn source(&self) -> &str {
        &self.record.source
    }
    /// Its key in that catalogue.
    async fn source_key(&self) -> Option<&str> {
        self.record.source_key.as_deref()
    }
    async fn name(&self) -> &str {
        &self.record.name
    }
    async fn description(&self) -> &str {
        &self.record.description
    }
    /// The live technique that tests made from it count for; null while no release in force knows it.
    async fn technique(&self, ctx: &Context<'_>) -> Result<Option<Technique>, ApiError> {
        let release = ctx.data_unchecked::<Services>().release(self.at).await?;
        match &self.record.live_technique_id {
            Some(technique) => technique_by_id(ctx, release, technique, self.at).await,
            None => Ok(None),
        }
    }
    /// The ATT&CK id of the technique as it was when this was written; empty where the source names none.
    async fn attack_id(&self) -> &str {
        &self.record.attack_id
    }
    async fn platforms(&self) -> &[String] {
        &self.record.platforms
    }
    async fn severity(&self) -> Result<Severity, ApiError> {
        word::<domain::Severity>(&self.record.severity).map(Into::into)
    }
    /// What runs the procedure: `powershell`, `bash`, `manual`.
    async fn executor(&self) -> &str {
        &self.record.executor
    }
    /// With gaps, `#{name}`.
    async fn procedure(&self) -> &str {
        &self.record.procedure
    }
    /// With gaps.
    async fn cleanup(&self) -> &str {
        &self.record.cleanup
    }
    /// With gaps.
    async fn prerequisites(&self) -> &str {
        &self.record.prerequisites
    }
    /// What a working defence would show.
    async fn expected_detection(&self) -> &str {
        &self.record.expected_detection
    }
    async fn tool(&self) -> Option<&str> {
        self.record.tool.as_deref()
    }
    async fn tags(&self) -> &[String] {
        &self.record.tags
    }
    /// Addresses of the web.
    async fn references(&self) -> &[String] {
        &self.record.reference_urls
    }
    async fn arguments(&self) -> Vec<TemplateArgument> {
        let shown = |argument: &domain::Argument| TemplateArgument {
            name: argument.name.clone(),
            description: argument.description.clone(),
            default: argument.default.clone(),
            kind: argument.kind.into(),
        };
        self.record.arguments.iter().map(shown).collect()
    }
    /// Which version of its content this is, from 1; tests remember the one they were made from.
    async fn content_version(&self) -> i32 {
        self.record.content_version
    }
    /// How many events it has: what `expectedVersion` is held against.
    async fn version(&self) -> i64 {
        self.record.version
    }
    /// Whether tests can be made from it.
    async fn active(&self) -> bool {
        self.record.active
    }
    /// Whether it is out of use for good.
    async fn retired(&self) -> bool {
        self.record.retired_reason.is_some()
    }
    async fn retired_reason(&self) -> Option<&str> {
        self.record.retired_reason.as_deref()
    }
    /// How many tests were drafted from it.
    async fn uses(&self, ctx: &Context<'_>) -> Result<i64, ApiError> {
        let key = (self.record.template_id, self.at);
        Ok(ctx.data_unchecked::<DataLoader<TemplateUses>>().load_one(key).await?.unwrap_or(0))
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
    /// Its events, oldest first.
    #[graphql(complexity = "crate::page::weight(first, child_complexity)")]
    async fn timeline(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Page<TimelineEvent>, ApiError> {
        let aggregate_id = self.record.template_id.to_string();
        timeline(ctx, Timeline { aggregate_type: "template", aggregate_id, at: self.at }, first, after).await
    }
}

/// Which templates a list is about; absent means any.
#[derive(InputObject, Default)]
pub struct TestTemplateFilter {
    sources: Option<Vec<String>>,
    platform: Option<String>,
    severities: Option<Vec<Severity>>,
    /// Of the technique they were written for.
    attack_id: Option<String>,
    active: Option<bool>,
    /// Retired ones too.
    include_retired: Option<bool>,
    /// Part of name, description, procedure or ATT&CK id.
    search: Option<String>,
    tag: Option<String>,
}

impl From<TestTemplateFilter> for templates::TemplateFilter {
    fn from(filter: TestTemplateFilter) -> Self {
        let severity = |severity| domain::Severity::from(severity).as_str().to_owned();
        Self {
            sources: filter.sources,
            platform: filter.platform,
            severities: filter.severities.map(|severities| severities.into_iter().map(severity).collect()),
            attack_id: filter.attack_id.map(|id| id.trim().to_uppercase()),
            active: filter.active,
            include_retired: filter.include_retired.unwrap_or(false),
            search: filter.search.filter(|search| !search.trim().is_empty()),
            tag: filter.tag,
        }
    }
}

/// How many templates have something in common.
#[derive(SimpleObject)]
pub struct TemplateCount {
    /// What they have in common.
    key: String,
    templates: i64,
}

impl From<Count> for TemplateCount {
    fn from(count: Count) -> Self {
        Self { key: count.key, templates: count.templates }
    }
}

/// What the templates that are not retired add up to; lists are most frequent first, at most 100 entries each.
#[derive(SimpleObject)]
pub struct TestTemplateStats {
    templates: i64,
    /// Of them, those that tests can be made from.
    active: i64,
    /// Tests drafted from any template, retired ones too.
    uses: i64,
    by_source: Vec<TemplateCount>,
    /// By severity as stored, `high`.
    by_severity: Vec<TemplateCount>,
    /// A template of two platforms counts for both.
    by_platform: Vec<TemplateCount>,
    /// The ledger position it was counted at.
    position: i64,
}

#[derive(Default)]
pub struct TemplateQuery;

#[Object]
impl TemplateQuery {
    /// Templates of tests, by ATT&CK id and name.
    #[graphql(complexity = "crate::page::weight(first, child_complexity)")]
    async fn test_templates(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        filter: Option<TestTemplateFilter>,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Page<TestTemplate>, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let window = Window::<templates::PageKey>::parse(first, after, MAX_PAGE)?;
        let at = services.position(as_of).await?;
        let filter = filter.unwrap_or_default().into();
        let (found, total_count) =
            templates::templates(&services.pool, at, &filter, window.after.clone(), window.limit()).await?;
        let nodes = found.into_iter().map(|record| TestTemplate { record, at }).collect();
        page(&window, nodes, Listed::all(total_count, at), |template| templates::page_key(&template.record))
    }

    /// One template, retired or not.
    async fn test_template(
        &self,
        ctx: &Context<'_>,
        id: ID,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Option<TestTemplate>, ApiError> {
        let Ok(id) = template_of(&id) else {
            return Ok(None);
        };
        let at = ctx.data_unchecked::<Services>().position(as_of).await?;
        template_at(ctx, id, at).await
    }

    /// What the templates add up to.
    #[graphql(complexity = "40")]
    async fn test_template_stats(
        &self,
        ctx: &Context<'_>,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<TestTemplateStats, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let position = services.position(as_of).await?;
        let stats = templates::stats(&services.pool, position).await?;
        let counts = |counts: Vec<Count>| counts.into_iter().map(Into::into).collect();
        Ok(TestTemplateStats {
            templates: stats.templates,
            active: stats.active,
            uses: stats.uses,
            by_source: counts(stats.by_source),
            by_severity: counts(stats.by_severity),
            by_platform: counts(stats.by_platform),
            position,
        })
    }
}

/// One template as of a position.
pub async fn template_at(ctx: &Context<'_>, id: Uuid, at: i64) -> Result<Option<TestTemplate>, ApiError> {
    let found = ctx.data_unchecked::<DataLoader<TemplatesById>>().load_one((id, at)).await?;
    Ok(found.map(|record| TestTemplate { record: (*record).clone(), at }))
}

/// The template that an id names.
///
/// # Errors
/// `NOT_FOUND` for the id of anything else.
pub fn template_of(id: &ID) -> Result<Uuid, ApiError> {
    local_id(id, "TestTemplate").and_then(|id| id.parse().ok()).ok_or(ApiError::NotFound("template"))
}
