//! The matrix and what is in it: tactics, techniques, groups, software, and
//! how well they are covered.

mod loaders;

pub use loaders::{
    ActorsUsing, Coverages, Heatmaps, SoftwareUsing, SubTechniques, Tactics, Techniques, TechniquesUsed,
};

use crate::context::Services;
use crate::error::ApiError;
use crate::page::{Listed, MAX_PAGE, MAX_TECHNIQUES, Page, Window, global_id, page};
use crate::tests::{Test, tests_of_technique};
use aegis_projections::coverage::{
    CoverageStatus as DomainStatus, HeatmapRow, RULE_VERSION, TechniqueCoverage,
};
use aegis_projections::knowledge::content::SoftwareKind as DomainKind;
use aegis_projections::knowledge::{self, ActorFilter, Release};
use aegis_projections::ledger;
use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::Arc;

/// How well a technique is covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "DomainStatus")]
pub enum CoverageStatus {
    /// Every validated test was detected.
    Validated,
    /// Some were, at least in part.
    Partial,
    /// None was.
    NotCovered,
    /// None is validated yet, some are open.
    InProgress,
    /// There is no test.
    NotEvaluated,
}

/// Whether a technique still counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum TechniqueLifecycle {
    /// In force.
    Active,
    /// Replaced.
    Revoked,
    /// Withdrawn.
    Deprecated,
}

/// What kind of software.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "DomainKind")]
pub enum SoftwareKind {
    /// Made to harm.
    Malware,
    /// Made for other ends.
    Tool,
}

/// How many techniques have which status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, SimpleObject, Serialize)]
pub struct StatusCounts {
    validated: i32,
    partial: i32,
    not_covered: i32,
    in_progress: i32,
    not_evaluated: i32,
    total: i32,
}

impl StatusCounts {
    fn add(&mut self, status: DomainStatus) {
        self.total += 1;
        *match status {
            DomainStatus::Validated => &mut self.validated,
            DomainStatus::Partial => &mut self.partial,
            DomainStatus::NotCovered => &mut self.not_covered,
            DomainStatus::InProgress => &mut self.in_progress,
            DomainStatus::NotEvaluated => &mut self.not_evaluated,
        } += 1;
    }

    fn of<'a>(rows: impl Iterator<Item = &'a HeatmapRow>) -> Self {
        let mut counts = Self::default();
        rows.for_each(|row| counts.add(DomainStatus::parse(&row.status)));
        counts
    }

    /// Validated plus partial over all, 0 to 100, one decimal.
    fn covered_percent(&self) -> Option<f64> {
        let covered = f64::from(self.validated + self.partial);
        (self.total > 0).then(|| (covered / f64::from(self.total) * 1000.0).round() / 10.0)
    }
}

/// A release of ATT&CK in force.
pub struct AttackRelease(Arc<Release>);

#[Object]
impl AttackRelease {
    /// `18.1`; `starter` for the built-in subset.
    async fn version(&self) -> &str {
        &self.0.version
    }
    async fn domain(&self) -> &str {
        &self.0.domain
    }
    /// Where it came from, for people.
    async fn source(&self) -> &str {
        if self.0.version == "starter" { "Starter techniques" } else { "MITRE ATT&CK Enterprise" }
    }
    async fn released_at(&self) -> DateTime<Utc> {
        self.0.released_at
    }
    /// The ledger position that made it visible.
    async fn position(&self) -> i64 {
        self.0.position
    }
    /// SHA-256 of its normalised content.
    async fn digest(&self) -> &str {
        &self.0.digest
    }
    /// Active techniques without sub-techniques.
    async fn techniques(&self) -> i32 {
        self.0.counts.techniques
    }
    async fn sub_techniques(&self) -> i32 {
        self.0.counts.sub_techniques
    }
    async fn tactics(&self) -> i32 {
        self.0.counts.tactics
    }
    /// Technique-tactic pairs.
    async fn cells(&self) -> i32 {
        self.0.counts.cells
    }
    async fn revoked(&self) -> i32 {
        self.0.counts.revoked
    }
    async fn deprecated(&self) -> i32 {
        self.0.counts.deprecated
    }
    async fn threat_actors(&self) -> i32 {
        self.0.counts.actors
    }
    async fn software(&self) -> i32 {
        self.0.counts.software
    }
    /// Uses of active techniques by active groups.
    async fn actor_technique_uses(&self) -> i32 {
        self.0.counts.actor_technique_uses
    }
}

/// A tactic as of a position.
pub struct Tactic {
    pub(crate) tactic: knowledge::Tactic,
    release: Arc<Release>,
    at: i64,
}

#[Object]
impl Tactic {
    async fn id(&self) -> ID {
        global_id("Tactic", &self.tactic.stix_id)
    }
    async fn attack_id(&self) -> &str {
        &self.tactic.attack_id
    }
    /// `initial-access`.
    async fn short_name(&self) -> &str {
        &self.tactic.short_name
    }
    async fn name(&self) -> &str {
        &self.tactic.name
    }
    /// Markdown.
    async fn description(&self) -> &str {
        &self.tactic.description
    }
    /// Column in the matrix, from 0.
    async fn ordinal(&self) -> i32 {
        self.tactic.ordinal
    }
    /// Counts over its active techniques and sub-techniques.
    #[graphql(complexity = "5 + child_complexity")]
    async fn coverage(&self, ctx: &Context<'_>) -> Result<StatusCounts, ApiError> {
        self.counts(ctx).await
    }
    /// Validated plus partial over all, 0 to 100; null without techniques.
    #[graphql(complexity = 5)]
    async fn covered_percent(&self, ctx: &Context<'_>) -> Result<Option<f64>, ApiError> {
        Ok(self.counts(ctx).await?.covered_percent())
    }
}

impl Tactic {
    async fn counts(&self, ctx: &Context<'_>) -> Result<StatusCounts, ApiError> {
        let key = (self.release.digest.clone(), self.at);
        let rows = ctx.data_unchecked::<DataLoader<Heatmaps>>().load_one(key).await?.unwrap_or_default();
        Ok(StatusCounts::of(rows.iter().filter(|row| row.tactics.contains(&self.tactic.short_name))))
    }
}

/// How a technique's tests add up.
pub struct Coverage(TechniqueCoverage);

#[Object(name = "TechniqueCoverage")]
impl Coverage {
    async fn status(&self) -> CoverageStatus {
        self.0.status.into()
    }
    /// Whether a test is open, whatever the status.
    async fn open_work(&self) -> bool {
        self.0.tally.open_tests > 0
    }
    async fn tests(&self) -> i32 {
        self.0.tally.tests()
    }
    async fn validated_tests(&self) -> i32 {
        self.0.tally.validated_tests()
    }
    async fn detected_tests(&self) -> i32 {
        self.0.tally.detected_tests
    }
    async fn partially_detected_tests(&self) -> i32 {
        self.0.tally.partially_detected_tests
    }
    async fn not_detected_tests(&self) -> i32 {
        self.0.tally.not_detected_tests
    }
    async fn open_tests(&self) -> i32 {
        self.0.tally.open_tests
    }
    /// The coverage rule the status follows.
    async fn rule_version(&self) -> i32 {
        RULE_VERSION
    }
    /// Ledger position of the event that last changed this; null when nothing has.
    async fn changed_position(&self) -> Option<i64> {
        self.0.changed.map(|(position, _)| position)
    }
    async fn changed_at(&self) -> Option<DateTime<Utc>> {
        self.0.changed.map(|(_, at)| at)
    }
}

/// A technique or sub-technique as of a position.
pub struct Technique {
    technique: Arc<knowledge::Technique>,
    release: Arc<Release>,
    at: i64,
}

#[Object]
impl Technique {
    pub async fn id(&self) -> ID {
        global_id("Technique", &self.technique.stix_id)
    }
    async fn stix_id(&self) -> &str {
        &self.technique.stix_id
    }
    /// `T1059.001`.
    async fn attack_id(&self) -> &str {
        &self.technique.attack_id
    }
    async fn name(&self) -> &str {
        &self.technique.name
    }
    /// Markdown.
    async fn description(&self) -> &str {
        &self.technique.description
    }
    async fn is_sub_technique(&self) -> bool {
        self.technique.is_subtechnique
    }
    async fn parent(&self, ctx: &Context<'_>) -> Result<Option<Technique>, ApiError> {
        self.related(ctx, self.technique.parent.as_deref()).await
    }
    #[graphql(complexity = "crate::page::list_weight(10, child_complexity)")]
    async fn sub_techniques(&self, ctx: &Context<'_>) -> Result<Vec<Technique>, ApiError> {
        let found = ctx.data_unchecked::<DataLoader<SubTechniques>>().load_one(self.key()).await?;
        let beside = |technique: &Arc<_>| Technique {
            technique: Arc::clone(technique),
            release: Arc::clone(&self.release),
            at: self.at,
        };
        Ok(found.unwrap_or_default().iter().map(beside).collect())
    }
    async fn tactics(&self, ctx: &Context<'_>) -> Result<Vec<Tactic>, ApiError> {
        let tactics = ctx
            .data_unchecked::<DataLoader<Tactics>>()
            .load_one(self.release.digest.clone())
            .await?
            .unwrap_or_default();
        Ok(tactics
            .iter()
            .filter(|tactic| self.technique.tactics.contains(&tactic.short_name))
            .map(|tactic| Tactic { tactic: tactic.clone(), release: Arc::clone(&self.release), at: self.at })
            .collect())
    }
    async fn platforms(&self) -> &[String] {
        &self.technique.platforms
    }
    /// The page on attack.mitre.org.
    async fn url(&self) -> Option<&str> {
        self.technique.url.as_deref()
    }
    async fn lifecycle(&self) -> TechniqueLifecycle {
        match self.technique.lifecycle.as_str() {
            "revoked" => TechniqueLifecycle::Revoked,
            "deprecated" => TechniqueLifecycle::Deprecated,
            _ => TechniqueLifecycle::Active,
        }
    }
    /// The live technique that took its place, through chains; null while it is active, or when none did.
    async fn successor(&self, ctx: &Context<'_>) -> Result<Option<Technique>, ApiError> {
        self.related(ctx, self.technique.successor.as_deref()).await
    }
    async fn coverage(&self, ctx: &Context<'_>) -> Result<Coverage, ApiError> {
        let id = self.technique.stix_id.clone();
        let found = ctx.data_unchecked::<DataLoader<Coverages>>().load_one((id.clone(), self.at)).await?;
        Ok(Coverage(found.unwrap_or_else(|| TechniqueCoverage::untouched(id))))
    }
    /// The tests that count for it, newest change first.
    #[graphql(complexity = "crate::page::weight(first, child_complexity)")]
    async fn tests(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Page<Test>, ApiError> {
        tests_of_technique(ctx, first, after, &self.technique.stix_id, self.at).await
    }
    /// Active groups that use it.
    #[graphql(complexity = "crate::page::list_weight(20, child_complexity)")]
    async fn threat_actors(&self, ctx: &Context<'_>) -> Result<Vec<ThreatActor>, ApiError> {
        let found = ctx.data_unchecked::<DataLoader<ActorsUsing>>().load_one(self.key()).await?;
        let wrap = |actor: &Arc<_>| ThreatActor {
            actor: Arc::clone(actor),
            release: Arc::clone(&self.release),
            at: self.at,
        };
        Ok(found.unwrap_or_default().iter().map(wrap).collect())
    }
    /// Active software that uses it.
    #[graphql(complexity = "crate::page::list_weight(30, child_complexity)")]
    async fn software(&self, ctx: &Context<'_>) -> Result<Vec<Software>, ApiError> {
        let found = ctx.data_unchecked::<DataLoader<SoftwareUsing>>().load_one(self.key()).await?;
        Ok(found.unwrap_or_default().iter().cloned().map(Software).collect())
    }
}

impl Technique {
    /// What the loaders know it by.
    fn key(&self) -> (String, String) {
        (self.release.digest.clone(), self.technique.stix_id.clone())
    }

    async fn related(&self, ctx: &Context<'_>, stix_id: Option<&str>) -> Result<Option<Self>, ApiError> {
        let Some(stix_id) = stix_id else { return Ok(None) };
        technique_by_id(ctx, Some(Arc::clone(&self.release)), stix_id, self.at).await
    }
}

/// A technique by STIX id, as the release in force tells it.
pub async fn technique_by_id(
    ctx: &Context<'_>,
    release: Option<Arc<Release>>,
    stix_id: &str,
    at: i64,
) -> Result<Option<Technique>, ApiError> {
    let Some(release) = release else { return Ok(None) };
    let key = (release.digest.clone(), stix_id.to_owned());
    let found = ctx.data_unchecked::<DataLoader<Techniques>>().load_one(key).await?;
    Ok(found.map(|technique| Technique { technique, release, at }))
}

/// A group.
pub struct ThreatActor {
    actor: Arc<knowledge::Actor>,
    release: Arc<Release>,
    at: i64,
}

#[Object]
impl ThreatActor {
    async fn id(&self) -> ID {
        global_id("ThreatActor", &self.actor.stix_id)
    }
    /// `G0007`.
    async fn attack_id(&self) -> &str {
        &self.actor.attack_id
    }
    async fn name(&self) -> &str {
        &self.actor.name
    }
    async fn aliases(&self) -> &[String] {
        &self.actor.aliases
    }
    /// Markdown.
    async fn description(&self) -> &str {
        &self.actor.description
    }
    /// The page on attack.mitre.org.
    async fn url(&self) -> Option<&str> {
        self.actor.url.as_deref()
    }
    /// How many active techniques it uses.
    async fn technique_count(&self) -> i64 {
        self.actor.technique_count
    }
    /// The active techniques it uses.
    #[graphql(complexity = "crate::page::list_weight(60, child_complexity)")]
    async fn techniques(&self, ctx: &Context<'_>) -> Result<Vec<Technique>, ApiError> {
        let key = (self.release.digest.clone(), self.actor.stix_id.clone());
        let found = ctx.data_unchecked::<DataLoader<TechniquesUsed>>().load_one(key).await?;
        let wrap = |technique: &Arc<_>| Technique {
            technique: Arc::clone(technique),
            release: Arc::clone(&self.release),
            at: self.at,
        };
        Ok(found.unwrap_or_default().iter().map(wrap).collect())
    }
}

/// Malware or a tool.
pub struct Software(Arc<knowledge::Software>);

#[Object]
impl Software {
    async fn id(&self) -> ID {
        global_id("Software", &self.0.stix_id)
    }
    /// `S0002`.
    async fn attack_id(&self) -> &str {
        &self.0.attack_id
    }
    async fn name(&self) -> &str {
        &self.0.name
    }
    async fn kind(&self) -> SoftwareKind {
        self.0.kind().into()
    }
    async fn platforms(&self) -> &[String] {
        &self.0.platforms
    }
}

/// What a heatmap shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Default)]
pub enum HeatmapLayer {
    /// Coverage status.
    #[default]
    Coverage,
}

/// Which cells a heatmap shows; absent means any.
#[derive(InputObject, Default)]
pub struct HeatmapFilter {
    /// Short name of a tactic.
    tactic: Option<String>,
    /// As ATT&CK writes it.
    platform: Option<String>,
    status: Option<Vec<CoverageStatus>>,
    /// Part of the name or ATT&CK id.
    search: Option<String>,
}

impl HeatmapFilter {
    fn takes(&self, row: &HeatmapRow) -> bool {
        let contains = |text: &str, part: &str| text.to_lowercase().contains(part);
        self.platform.as_ref().is_none_or(|platform| row.platforms.contains(platform))
            && self
                .status
                .as_ref()
                .is_none_or(|wanted| wanted.contains(&DomainStatus::parse(&row.status).into()))
            && self.search.as_ref().is_none_or(|search| {
                let search = search.trim().to_lowercase();
                contains(&row.name, &search) || contains(&row.attack_id, &search)
            })
    }
}

/// A technique in a tactic.
pub struct HeatmapCell {
    row: Arc<HeatmapRow>,
    tactic: String,
}

#[Object]
impl HeatmapCell {
    async fn technique_id(&self) -> ID {
        global_id("Technique", &self.row.stix_id)
    }
    async fn attack_id(&self) -> &str {
        &self.row.attack_id
    }
    async fn name(&self) -> &str {
        &self.row.name
    }
    /// Short name of the tactic.
    async fn tactic(&self) -> &str {
        &self.tactic
    }
    /// On sub-techniques: the technique it belongs to.
    async fn parent_attack_id(&self) -> Option<&str> {
        self.row.parent_attack_id.as_deref()
    }
    async fn platforms(&self) -> &[String] {
        &self.row.platforms
    }
    async fn status(&self) -> CoverageStatus {
        DomainStatus::parse(&self.row.status).into()
    }
    async fn open_work(&self) -> bool {
        self.row.open_tests > 0
    }
    async fn tests(&self) -> i32 {
        self.row.tests
    }
    async fn validated_tests(&self) -> i32 {
        self.row.validated_tests
    }
    async fn changed_position(&self) -> Option<i64> {
        self.row.changed_position
    }
    async fn changed_at(&self) -> Option<DateTime<Utc>> {
        self.row.changed_at
    }
}

/// A column of a heatmap.
#[derive(SimpleObject)]
pub struct HeatmapTactic {
    attack_id: String,
    short_name: String,
    name: String,
    ordinal: i32,
    /// Counts over the cells shown.
    coverage: StatusCounts,
    covered_percent: Option<f64>,
    cells: Vec<HeatmapCell>,
}

/// The matrix as of a position.
#[derive(SimpleObject)]
pub struct Heatmap {
    release: Option<AttackRelease>,
    tactics: Vec<HeatmapTactic>,
    /// Counts over the distinct techniques and sub-techniques shown; one in several tactics counts once.
    coverage: StatusCounts,
    covered_percent: Option<f64>,
    /// The ledger position shown.
    position: i64,
    /// When that position was sealed.
    sealed_at: Option<DateTime<Utc>>,
}

/// Which techniques a list is about; absent means any.
#[derive(InputObject, Default)]
pub struct TechniqueFilter {
    /// Short name of a tactic.
    tactic: Option<String>,
    status: Option<Vec<CoverageStatus>>,
    /// As ATT&CK writes it.
    platform: Option<String>,
    /// Part of the name or ATT&CK id.
    search: Option<String>,
    /// Default true.
    include_sub_techniques: Option<bool>,
    /// Revoked and deprecated ones too; default false.
    include_retired: Option<bool>,
}

#[derive(Default)]
pub struct KnowledgeQuery;

#[Object]
impl KnowledgeQuery {
    /// The matrix with a status in every cell, now or as of an instant.
    #[graphql(complexity = "50 + child_complexity")]
    async fn heatmap(
        &self,
        ctx: &Context<'_>,
        #[graphql(default)] layer: HeatmapLayer,
        filter: Option<HeatmapFilter>,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Heatmap, ApiError> {
        let HeatmapLayer::Coverage = layer;
        let services = ctx.data_unchecked::<Services>();
        let at = services.position(as_of).await?;
        let seal = ledger::seal_of(&services.pool, at).await?;
        let sealed_at = seal.as_ref().map(|seal| seal.sealed_at);
        let Some(release) = services.release(at).await? else {
            let coverage = StatusCounts::default();
            return Ok(Heatmap {
                release: None,
                tactics: vec![],
                coverage,
                covered_percent: None,
                position: at,
                sealed_at,
            });
        };
        let filter = filter.unwrap_or_default();
        let rows = services.heatmap(&release, at, seal.as_ref()).await?;
        let rows: Vec<Arc<HeatmapRow>> = rows.iter().filter(|row| filter.takes(row)).cloned().collect();
        let tactics = knowledge::tactics(&services.pool, &release.digest).await?;
        let shown = |tactic: &&knowledge::Tactic| {
            filter.tactic.as_ref().is_none_or(|only| *only == tactic.short_name)
        };
        let tactics: Vec<HeatmapTactic> =
            tactics.iter().filter(shown).map(|tactic| column(tactic, &rows)).collect();
        let in_view =
            |row: &&Arc<HeatmapRow>| filter.tactic.as_ref().is_none_or(|only| row.tactics.contains(only));
        let coverage = StatusCounts::of(rows.iter().filter(in_view).map(|row| &**row));
        let covered_percent = coverage.covered_percent();
        Ok(Heatmap {
            release: Some(AttackRelease(release)),
            tactics,
            coverage,
            covered_percent,
            position: at,
            sealed_at,
        })
    }

    /// The release of ATT&CK in force.
    async fn attack_release(
        &self,
        ctx: &Context<'_>,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Option<AttackRelease>, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let at = services.position(as_of).await?;
        Ok(services.release(at).await?.map(AttackRelease))
    }

    /// Tactics in matrix order.
    #[graphql(complexity = "10 + 14 * child_complexity")]
    async fn tactics(
        &self,
        ctx: &Context<'_>,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Vec<Tactic>, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let at = services.position(as_of).await?;
        let Some(release) = services.release(at).await? else {
            return Ok(vec![]);
        };
        let tactics = knowledge::tactics(&services.pool, &release.digest).await?;
        Ok(tactics.into_iter().map(|tactic| Tactic { tactic, release: Arc::clone(&release), at }).collect())
    }

    /// Techniques by ATT&CK id; at most 1,000 at once.
    #[graphql(complexity = "crate::page::weight(first, child_complexity)")]
    async fn techniques(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        filter: Option<TechniqueFilter>,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Page<Technique>, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let window = Window::<(String, String)>::parse(first, after, MAX_TECHNIQUES)?;
        let at = services.position(as_of).await?;
        let Some(release) = services.release(at).await? else {
            return page(&window, vec![], Listed::all(0, at), |_| Default::default());
        };
        let filter = filter.unwrap_or_default();
        let filter = knowledge::TechniqueFilter {
            tactic: filter.tactic,
            status: filter.status.map(|wanted| {
                wanted.into_iter().map(|status| DomainStatus::from(status).as_str().to_owned()).collect()
            }),
            platform: filter.platform,
            search: filter.search,
            include_subtechniques: filter.include_sub_techniques.unwrap_or(true),
            include_retired: filter.include_retired.unwrap_or(false),
        };
        let after = window.after.clone();
        let (found, total_count) =
            knowledge::techniques(&services.pool, &release.digest, at, &filter, after, window.limit())
                .await?;
        let wrap =
            |technique| Technique { technique: Arc::new(technique), release: Arc::clone(&release), at };
        page(&window, found.into_iter().map(wrap).collect(), Listed::all(total_count, at), |technique| {
            (technique.technique.attack_id.clone(), technique.technique.stix_id.clone())
        })
    }

    /// One technique by ATT&CK id, retired ones too.
    async fn technique(
        &self,
        ctx: &Context<'_>,
        attack_id: String,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Option<Technique>, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let at = services.position(as_of).await?;
        let Some(release) = services.release(at).await? else {
            return Ok(None);
        };
        let id = attack_id.trim().to_uppercase();
        let found = knowledge::technique(&services.pool, &release.digest, &id).await?;
        Ok(found.map(|technique| Technique { technique: Arc::new(technique), release, at }))
    }

    /// Active groups by name.
    #[graphql(complexity = "crate::page::weight(first, child_complexity)")]
    async fn threat_actors(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        search: Option<String>,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Page<ThreatActor>, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let window = Window::<(String, String)>::parse(first, after, MAX_PAGE)?;
        let at = services.position(as_of).await?;
        let Some(release) = services.release(at).await? else {
            return page(&window, vec![], Listed::all(0, at), |_| Default::default());
        };
        let filter = ActorFilter { search, ..ActorFilter::default() };
        let after = window.after.clone();
        let (found, total_count) =
            knowledge::actors(&services.pool, &release.digest, &filter, after, window.limit()).await?;
        let wrap = |actor| ThreatActor { actor: Arc::new(actor), release: Arc::clone(&release), at };
        page(&window, found.into_iter().map(wrap).collect(), Listed::all(total_count, at), |actor| {
            (actor.actor.name.clone(), actor.actor.stix_id.clone())
        })
    }

    /// One group by ATT&CK id.
    async fn threat_actor(
        &self,
        ctx: &Context<'_>,
        attack_id: String,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Option<ThreatActor>, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let at = services.position(as_of).await?;
        let Some(release) = services.release(at).await? else {
            return Ok(None);
        };
        let filter =
            ActorFilter { attack_id: Some(attack_id.trim().to_uppercase()), ..ActorFilter::default() };
        let (mut found, _) = knowledge::actors(&services.pool, &release.digest, &filter, None, 1).await?;
        Ok(found.pop().map(|actor| ThreatActor { actor: Arc::new(actor), release, at }))
    }
}

fn column(tactic: &knowledge::Tactic, rows: &[Arc<HeatmapRow>]) -> HeatmapTactic {
    let mut cells: Vec<&Arc<HeatmapRow>> =
        rows.iter().filter(|row| row.tactics.contains(&tactic.short_name)).collect();
    // As the official matrix has it: techniques by name, each followed by its sub-techniques by id.
    let parent_names: HashMap<&str, &str> = rows
        .iter()
        .filter(|row| row.parent_attack_id.is_none())
        .map(|row| (row.attack_id.as_str(), row.name.as_str()))
        .collect();
    cells.sort_by_key(|row| {
        let family = row.parent_attack_id.as_deref().unwrap_or(&row.attack_id);
        (parent_names.get(family).copied().unwrap_or(family), family, row.attack_id.as_str())
    });
    let coverage = StatusCounts::of(cells.iter().map(|row| &***row));
    HeatmapTactic {
        attack_id: tactic.attack_id.clone(),
        short_name: tactic.short_name.clone(),
        name: tactic.name.clone(),
        ordinal: tactic.ordinal,
        covered_percent: coverage.covered_percent(),
        coverage,
        cells: cells
            .into_iter()
            .map(|row| HeatmapCell { row: Arc::clone(row), tactic: tactic.short_name.clone() })
            .collect(),
    }
}
