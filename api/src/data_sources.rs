//! The knowledge sources: where they are found, what is in force, fetching them, going back.

use crate::context::{Services, acting};
use crate::error::{ApiError, UserError};
use crate::jobs::{Job, handed_over, job_by_id};
use crate::mutation;
use crate::trail;
use aegis_aggregates::ids::JobId;
use aegis_aggregates::knowledge::{
    Knowledge, KnowledgeAction, KnowledgeCommand, KnowledgeSource as Source, Release, SourceSettings,
};
use aegis_projections::knowledge::sources::{self, PastRelease, SourceRecord};
use async_graphql::{Context, Enum, InputObject, Json, Object, SimpleObject};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use uuid::Uuid;

/// A source whose content Aegis can take in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[graphql(remote = "Source")]
pub enum KnowledgeSource {
    /// MITRE ATT&CK Enterprise, as a STIX bundle.
    AttackEnterprise,
    /// MITRE ATT&CK Mobile, as a STIX bundle.
    AttackMobile,
    /// MITRE ATT&CK ICS, as a STIX bundle.
    AttackIcs,
    /// Atomic Red Team: tests of single techniques.
    AtomicRedTeam,
    /// The abilities and adversaries of CALDERA.
    CalderaStockpile,
    /// The adversary emulation plans of the Center for Threat-Informed Defense.
    EmulationLibrary,
    /// LOLBAS: what programs of Windows can be used for.
    Lolbas,
    /// GTFOBins: what programs of Unix can be used for.
    Gtfobins,
    /// The detection rules of SigmaHQ.
    Sigma,
    /// The detection rules of Elastic.
    Elastic,
    /// MITRE D3FEND: defensive techniques.
    D3fend,
    /// NIST SP 800-53, its catalogue and baselines in OSCAL.
    #[graphql(name = "NIST_800_53")]
    Nist80053,
    /// Mappings of many frameworks to ATT&CK: Mappings Explorer.
    MappingsExplorer,
    /// The older mappings of NIST SP 800-53 to ATT&CK, in STIX.
    ControlMappings,
    /// CIS Controls v8 with their mapping to ATT&CK, as a spreadsheet.
    CisControls,
}

/// A knowledge source as of a position.
pub struct DataSource {
    record: SourceRecord,
    at: i64,
}

#[Object]
impl DataSource {
    async fn source(&self) -> KnowledgeSource {
        self.record.source.into()
    }
    /// Its name in the database, in addresses of pages and on the command line.
    async fn key(&self) -> &str {
        self.record.source.aggregate_id()
    }
    async fn title(&self) -> &str {
        self.record.source.title()
    }
    /// Whether it is a domain of ATT&CK: what techniques there are.
    async fn is_attack(&self) -> bool {
        self.record.source.is_attack()
    }
    /// Addresses, tried one after the other; none: it is taken in from uploads only.
    async fn addresses(&self) -> &[String] {
        &self.record.settings.addresses
    }
    /// Hours between two fetches; 0: only when somebody asks.
    async fn every_hours(&self) -> u32 {
        self.record.settings.every_hours
    }
    /// Whether it may be fetched.
    async fn enabled(&self) -> bool {
        self.record.settings.enabled
    }
    /// What is in force.
    async fn release(&self) -> Option<SourceRelease> {
        let release = self.record.release.clone()?;
        Some(SourceRelease {
            digest: release.digest,
            version: release.version,
            released_at: release.released_at,
            position: release.position,
            counts: Some(Json(release.counts)),
            in_force: true,
        })
    }
    /// What is and was in force, newest first, at most 100.
    #[graphql(complexity = "crate::page::list_weight(20, child_complexity)")]
    async fn releases(&self, ctx: &Context<'_>) -> Result<Vec<SourceRelease>, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let found = sources::releases(&services.pool, self.record.source, self.at).await?;
        Ok(found.into_iter().map(SourceRelease::from).collect())
    }
    /// The newest job about it.
    async fn last_job(&self, ctx: &Context<'_>) -> Result<Option<Job>, ApiError> {
        match self.record.last_job {
            Some(job) => job_by_id(ctx, job).await,
            None => Ok(None),
        }
    }
    /// When it was last taken in with success, whether that changed anything or not.
    async fn last_success_at(&self) -> Option<DateTime<Utc>> {
        self.record.last_success_at
    }
    /// When it is fetched next by itself; null where that only happens when somebody asks.
    async fn next_sync_at(&self) -> Option<DateTime<Utc>> {
        let settings = &self.record.settings;
        if !settings.enabled || settings.every_hours == 0 || settings.addresses.is_empty() {
            return None;
        }
        let since =
            self.record.last_asked_at.max(self.record.release.as_ref().map(|held| held.released_at))?;
        Some(since + TimeDelta::hours(i64::from(settings.every_hours)))
    }
}

/// A state of a source that is or was in force.
#[derive(SimpleObject)]
pub struct SourceRelease {
    /// SHA-256 of its content.
    digest: String,
    /// What the source calls it.
    version: String,
    /// When it became visible.
    released_at: DateTime<Utc>,
    /// Ledger position of the event that made it visible.
    position: i64,
    /// What it holds, by name; only of the one in force.
    counts: Option<Json<serde_json::Value>>,
    /// Whether it is in force.
    in_force: bool,
}

impl From<PastRelease> for SourceRelease {
    fn from(release: PastRelease) -> Self {
        let PastRelease { digest, version, released_at, position, in_force } = release;
        Self { digest, version, released_at, position, counts: None, in_force }
    }
}

#[derive(Default)]
pub struct DataSourceQuery;

#[Object]
impl DataSourceQuery {
    /// Every knowledge source.
    #[graphql(complexity = "crate::page::list_weight(15, child_complexity)")]
    async fn data_sources(&self, ctx: &Context<'_>) -> Result<Vec<DataSource>, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let at = services.tide.position();
        let found = sources::sources(&services.pool, at).await?;
        Ok(found.into_iter().map(|record| DataSource { record, at }).collect())
    }
}

/// A source to be fetched.
#[derive(InputObject, Serialize)]
pub struct SyncDataSourceInput {
    source: KnowledgeSource,
    /// Whether the job only tells what would change; `applyKnowledge` then puts what it read in force.
    preview: Option<bool>,
    client_mutation_id: Option<Uuid>,
}

/// Every source that is switched on and has an address to be fetched.
#[derive(InputObject, Serialize)]
pub struct SyncAllDataSourcesInput {
    client_mutation_id: Option<Uuid>,
}

/// Where a source is found and when it is fetched: all of it anew.
#[derive(InputObject, Serialize)]
pub struct ConfigureDataSourceInput {
    source: KnowledgeSource,
    /// At most 5, http or https, tried one after the other.
    addresses: Vec<String>,
    /// Hours between two fetches, at most a year; 0: only when somebody asks.
    every_hours: u32,
    enabled: bool,
    client_mutation_id: Option<Uuid>,
}

/// What a preview has read, to be put in force.
#[derive(InputObject, Serialize)]
pub struct ApplyKnowledgeInput {
    source: KnowledgeSource,
    /// The digest that the result of the preview names.
    digest: String,
    client_mutation_id: Option<Uuid>,
}

/// A state of a source to go back to.
#[derive(InputObject, Serialize)]
pub struct RestoreKnowledgeInput {
    source: KnowledgeSource,
    /// The digest of a release that was in force.
    digest: String,
    client_mutation_id: Option<Uuid>,
}

mutation::payload!(
    /// The job that fetches it.
    SyncDataSourcePayload { job: Option<Job> }
);
mutation::payload!(
    /// The jobs that fetch them.
    SyncAllDataSourcesPayload { jobs: Option<Vec<Job>> }
);
mutation::payload!(
    /// The source as it is now.
    ConfigureDataSourcePayload { data_source: Option<DataSource> }
);
mutation::payload!(
    /// The source as it is now.
    ApplyKnowledgePayload { data_source: Option<DataSource> }
);
mutation::payload!(
    /// The source as it is now.
    RestoreKnowledgePayload { data_source: Option<DataSource> }
);

async fn data_source(
    services: &Services,
    source: Source,
    written: &mutation::Written,
) -> Result<Option<DataSource>, ApiError> {
    if !written.accepted() {
        return Ok(None);
    }
    let at = mutation::shown_at(services, written);
    let found = sources::sources(&services.pool, at).await?;
    Ok(found.into_iter().find(|record| record.source == source).map(|record| DataSource { record, at }))
}

#[derive(Default)]
pub struct DataSourceMutation;

#[Object]
impl DataSourceMutation {
    /// Has a source fetched by a job.
    async fn sync_data_source(
        &self,
        ctx: &Context<'_>,
        input: SyncDataSourceInput,
    ) -> Result<SyncDataSourcePayload, ApiError> {
        let (services, by) = acting(ctx)?;
        let source = Source::from(input.source);
        let job = job_of(source, input.client_mutation_id);
        let action = KnowledgeAction::RequestSync { job, preview: input.preview.unwrap_or(false) };
        let command = KnowledgeCommand { by, source, action };
        let id = input.client_mutation_id;
        let written =
            mutation::execute::<Knowledge>(ctx, source.aggregate_id(), command, "syncDataSource", id, &input)
                .await?;
        handed_over(services, written.position).await;
        let job = job_by_id(ctx, job.0).await?.filter(|_| written.accepted());
        Ok(SyncDataSourcePayload::written(written, job))
    }

    /// Has every source fetched that is switched on and has an address, each by a job.
    async fn sync_all_data_sources(
        &self,
        ctx: &Context<'_>,
        input: SyncAllDataSourcesInput,
    ) -> Result<SyncAllDataSourcesPayload, ApiError> {
        let (services, by) = acting(ctx)?;
        let (mut last, mut jobs) = (mutation::Written::default(), vec![]);
        let at = services.tide.position();
        for record in sources::sources(&services.pool, at).await? {
            if !record.settings.enabled || record.settings.addresses.is_empty() {
                continue;
            }
            let source = record.source;
            // A command of its own for each, so that repeating the request repeats each.
            let id = mutation::item_id(input.client_mutation_id, source.aggregate_id());
            let job = job_of(source, id);
            let action = KnowledgeAction::RequestSync { job, preview: false };
            let command = KnowledgeCommand { by, source, action };
            let kind = "syncAllDataSources";
            let input = source.aggregate_id();
            let written =
                mutation::execute::<Knowledge>(ctx, source.aggregate_id(), command, kind, id, &input).await?;
            handed_over(services, written.position).await;
            if written.accepted() {
                jobs.extend(job_by_id(ctx, job.0).await?);
            }
            last.position = last.position.max(written.position);
            last.behind |= written.behind;
            last.user_errors.extend(written.user_errors);
        }
        if last.position.is_none() && last.accepted() {
            // There is none to fetch, or the request came before.
            trail::unchanged();
        }
        Ok(SyncAllDataSourcesPayload::written(last, Some(jobs)))
    }

    /// Says where a source is found, and when it is fetched.
    async fn configure_data_source(
        &self,
        ctx: &Context<'_>,
        input: ConfigureDataSourceInput,
    ) -> Result<ConfigureDataSourcePayload, ApiError> {
        let (services, by) = acting(ctx)?;
        let source = Source::from(input.source);
        let settings = SourceSettings {
            addresses: input.addresses.clone(),
            every_hours: input.every_hours,
            enabled: input.enabled,
        };
        let command = KnowledgeCommand { by, source, action: KnowledgeAction::Configure(settings) };
        let (id, kind) = (input.client_mutation_id, "configureDataSource");
        let written =
            mutation::execute::<Knowledge>(ctx, source.aggregate_id(), command, kind, id, &input).await?;
        let found = data_source(services, source, &written).await?;
        Ok(ConfigureDataSourcePayload::written(written, found))
    }

    /// Puts in force what a preview has read. One event; everything that follows from it follows.
    async fn apply_knowledge(
        &self,
        ctx: &Context<'_>,
        input: ApplyKnowledgeInput,
    ) -> Result<ApplyKnowledgePayload, ApiError> {
        let (services, by) = acting(ctx)?;
        let source = Source::from(input.source);
        let Some(version) = sources::staged(&services.pool, source, &input.digest).await? else {
            let unknown = UserError::invalid("digest", "nothing of that digest has been read of this source");
            return Ok(ApplyKnowledgePayload::refused(vec![unknown]));
        };
        let release = Release { version, digest: input.digest.clone(), job: None, restored: false };
        let command = KnowledgeCommand { by, source, action: KnowledgeAction::Release(release) };
        let (id, kind) = (input.client_mutation_id, "applyKnowledge");
        let written =
            mutation::execute::<Knowledge>(ctx, source.aggregate_id(), command, kind, id, &input).await?;
        let found = data_source(services, source, &written).await?;
        Ok(ApplyKnowledgePayload::written(written, found))
    }

    /// Goes back to a state of a source that was in force. One event; read models are what they were.
    async fn restore_knowledge(
        &self,
        ctx: &Context<'_>,
        input: RestoreKnowledgeInput,
    ) -> Result<RestoreKnowledgePayload, ApiError> {
        let (services, by) = acting(ctx)?;
        let source = Source::from(input.source);
        let action = KnowledgeAction::Restore { digest: input.digest.clone() };
        let command = KnowledgeCommand { by, source, action };
        let (id, kind) = (input.client_mutation_id, "restoreKnowledge");
        let written =
            mutation::execute::<Knowledge>(ctx, source.aggregate_id(), command, kind, id, &input).await?;
        let found = data_source(services, source, &written).await?;
        Ok(RestoreKnowledgePayload::written(written, found))
    }
}

/// One job for each source and command, however often it is sent.
fn job_of(source: Source, command: Option<Uuid>) -> JobId {
    let command = command.unwrap_or_else(Uuid::now_v7);
    JobId(Uuid::new_v5(&command, source.aggregate_id().as_bytes()))
}
