//! Jobs: asking for one, watching it, stopping it, trying again.

use crate::context::{Services, acting};
use crate::data_sources::KnowledgeSource;
use crate::error::{ApiError, UserError};
use crate::mutation;
use crate::page::{Listed, MAX_PAGE, Page, Window, global_id, local_id, page};
use crate::people::Person;
use crate::permissions::{self, Kind};
use aegis_aggregates::ids::JobId;
use aegis_aggregates::knowledge::{
    ImportRequest, Knowledge, KnowledgeAction, KnowledgeCommand, KnowledgeSource as Source,
};
use aegis_projections::jobs::{self, JobRecord, REJECTS_KEPT, RejectRecord, Revived};
use async_graphql::futures_util::Stream;
use async_graphql::{Context, Enum, ID, InputObject, Json, Object, SimpleObject, Subscription};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::time::Duration;
use uuid::Uuid;

/// How often a watched job is looked at.
const WATCH_EVERY: Duration = Duration::from_millis(250);

/// The kinds of jobs whose retry is recorded as a request of its own.
const IMPORTS: [&str; 2] = ["import", "import_attack"];

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum JobState {
    /// Waiting for a worker.
    Queued,
    /// A worker is at it.
    Running,
    /// Done.
    Succeeded,
    /// It could not be done.
    Failed,
    /// Somebody stopped it.
    Cancelled,
}

/// Long work.
pub struct Job(JobRecord);

#[Object]
impl Job {
    pub async fn id(&self) -> ID {
        global_id("Job", self.0.job)
    }
    async fn job_id(&self) -> Uuid {
        self.0.job
    }
    /// `import`, `campaign_run`, `retest` or `retest_outcome`.
    async fn kind(&self) -> &str {
        &self.0.kind
    }
    async fn title(&self) -> &str {
        &self.0.title
    }
    async fn state(&self) -> JobState {
        match self.0.state.as_str() {
            "running" => JobState::Running,
            "succeeded" => JobState::Succeeded,
            "failed" => JobState::Failed,
            "cancelled" => JobState::Cancelled,
            _ => JobState::Queued,
        }
    }
    /// Units done.
    async fn done(&self) -> i64 {
        self.0.done
    }
    /// Units in all; null until known.
    async fn total(&self) -> Option<i64> {
        self.0.total
    }
    /// What it is at.
    async fn current(&self) -> Option<&str> {
        self.0.current.as_deref()
    }
    /// Why it failed.
    async fn error(&self) -> Option<&str> {
        self.0.error.as_deref()
    }
    /// What came of it.
    async fn result(&self) -> Option<Json<serde_json::Value>> {
        self.0.result.clone().map(Json)
    }
    /// How often it was begun.
    async fn attempts(&self) -> i32 {
        self.0.attempts
    }
    /// Records refused.
    async fn reject_count(&self) -> i64 {
        self.0.reject_count
    }
    /// Records refused, each with its reason; at most 10,000 are kept.
    #[graphql(complexity = "crate::page::weight(first, child_complexity)")]
    async fn rejects(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Page<JobReject>, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let window = Window::<i32>::parse(first, after, MAX_PAGE)?;
        let found =
            jobs::rejects(&services.pool, self.0.job, window.after.unwrap_or(0), window.limit()).await?;
        let kept = self.0.reject_count.min(REJECTS_KEPT);
        let listed = Listed::all(kept, services.tide.position());
        page(&window, found.into_iter().map(JobReject::from).collect(), listed, |reject| reject.number)
    }
    async fn requested_by(&self) -> Person {
        Person(self.0.requested_by)
    }
    async fn requested_at(&self) -> DateTime<Utc> {
        self.0.requested_at
    }
    async fn started_at(&self) -> Option<DateTime<Utc>> {
        self.0.started_at
    }
    async fn finished_at(&self) -> Option<DateTime<Utc>> {
        self.0.finished_at
    }
    async fn cancel_requested(&self) -> bool {
        self.0.cancel_requested
    }
}

/// A record that a job refused.
#[derive(SimpleObject)]
pub struct JobReject {
    /// Its place in the list, from 1.
    number: i32,
    /// Which record.
    record: String,
    /// Why.
    reason: String,
    /// The file of the source it stands in; null where there is only one.
    file: Option<String>,
    /// The line in it, from 1; null where that is not known.
    line: Option<i32>,
}

impl From<RejectRecord> for JobReject {
    fn from(record: RejectRecord) -> Self {
        let RejectRecord { number, record, reason, file, line } = record;
        Self { number, record, reason, file, line }
    }
}

#[derive(Default)]
pub struct JobQuery;

#[Object]
impl JobQuery {
    /// Jobs, newest request first.
    #[graphql(complexity = "crate::page::weight(first, child_complexity)")]
    async fn jobs(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Page<Job>, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let window = Window::<i64>::parse(first, after, MAX_PAGE)?;
        let (found, total_count) = jobs::jobs(&services.pool, window.after, window.limit()).await?;
        let listed = Listed::all(total_count, services.tide.position());
        page(&window, found.into_iter().map(Job).collect(), listed, |job| job.0.requested_position)
    }

    /// One job.
    async fn job(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Job>, ApiError> {
        let Some(id) = local_id(&id, "Job").and_then(|id| id.parse().ok()) else {
            return Ok(None);
        };
        job_by_id(ctx, id).await
    }
}

/// One job.
pub async fn job_by_id(ctx: &Context<'_>, id: Uuid) -> Result<Option<Job>, ApiError> {
    Ok(jobs::job(&ctx.data_unchecked::<Services>().pool, id).await?.map(Job))
}

/// A file to be taken in.
#[derive(InputObject, Serialize)]
pub struct ImportFileInput {
    source: KnowledgeSource,
    /// What `POST /uploads` answered.
    upload_id: Uuid,
    /// Whether the job only tells what would change; `applyKnowledge` then puts what it read in force.
    preview: Option<bool>,
    client_mutation_id: Option<Uuid>,
}

/// A job to be stopped.
#[derive(InputObject, Serialize)]
pub struct CancelJobInput {
    id: ID,
    client_mutation_id: Option<Uuid>,
}

/// A job to be tried again.
#[derive(InputObject, Serialize)]
pub struct RetryJobInput {
    id: ID,
    client_mutation_id: Option<Uuid>,
}

mutation::payload!(
    /// The job that takes it in.
    ImportFilePayload { job: Option<Job> }
);
mutation::payload!(
    /// The job as it stands.
    CancelJobPayload { job: Option<Job> }
);
mutation::payload!(
    /// The job as it stands.
    RetryJobPayload { job: Option<Job> }
);

fn job_of(id: &ID) -> Result<Uuid, ApiError> {
    local_id(id, "Job").and_then(|id| id.parse().ok()).ok_or(ApiError::NotFound("job"))
}

/// Waits until a request has been handed to the queue, so that its job can be read.
pub(crate) async fn handed_over(services: &Services, position: Option<i64>) {
    let Some(position) = position else { return };
    let mut reactor = services.reactor.clone();
    let there = reactor.wait_for(|progress| progress.stopped || progress.position >= position);
    // Late is no failure: the request is recorded and will be handed over.
    let _ = tokio::time::timeout(aegis_projections::tide::PATIENCE, there).await;
}

#[derive(Default)]
pub struct JobMutation;

#[Object]
impl JobMutation {
    /// Has an uploaded file taken in by a job.
    async fn import_file(
        &self,
        ctx: &Context<'_>,
        input: ImportFileInput,
    ) -> Result<ImportFilePayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let Some(upload) = jobs::upload(&services.pool, input.upload_id).await? else {
            return Ok(ImportFilePayload::refused(vec![UserError::invalid(
                "uploadId",
                "there is no such upload",
            )]));
        };
        // One job per upload and command, however often it is sent.
        let job =
            Uuid::new_v5(&input.upload_id, input.client_mutation_id.unwrap_or_else(Uuid::now_v7).as_bytes());
        let request = ImportRequest {
            job: JobId(job),
            object_key: upload.object_key,
            file_name: upload.file_name,
            sha256: upload.sha256,
            size_bytes: u64::try_from(upload.size_bytes).unwrap_or(0),
            preview: input.preview.unwrap_or(false),
        };
        let source = Source::from(input.source);
        let command = KnowledgeCommand { by: actor, source, action: KnowledgeAction::RequestImport(request) };
        let id = input.client_mutation_id;
        let written =
            mutation::execute::<Knowledge>(ctx, source.aggregate_id(), command, "importFile", id, &input)
                .await?;
        handed_over(services, written.position).await;
        let job = job_by_id(ctx, job).await?.filter(|_| written.accepted());
        Ok(ImportFilePayload::written(written, job))
    }

    /// Stops a job. One that is running stops at its next step: an import leaves nothing that shows, a run of a
    /// campaign the drafts it had made, until it is tried again. The access log says who did it.
    async fn cancel_job(
        &self,
        ctx: &Context<'_>,
        input: CancelJobInput,
    ) -> Result<CancelJobPayload, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let id = job_of(&input.id)?;
        let held = job_by_id(ctx, id).await?.ok_or(ApiError::NotFound("job"))?;
        if !held.0.cancel_requested && !jobs::cancel(&services.pool, id).await? {
            return Ok(CancelJobPayload::refused(vec![UserError::state("id", "the job has ended already")]));
        }
        Ok(CancelJobPayload::written(mutation::Written::default(), job_by_id(ctx, id).await?))
    }

    /// Has a failed or cancelled job tried again.
    async fn retry_job(&self, ctx: &Context<'_>, input: RetryJobInput) -> Result<RetryJobPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let id = job_of(&input.id)?;
        let held = job_by_id(ctx, id).await?.ok_or(ApiError::NotFound("job"))?;
        let origin = mutation::origin(ctx, "retryJob", input.client_mutation_id, &input)?;
        let repeated =
            services.store.repeated::<aegis_aggregates::knowledge::KnowledgeError>(&origin).await?;
        if !IMPORTS.contains(&held.0.kind.as_str()) {
            // The event that asked for it still stands, so nothing new is recorded.
            let revived = match repeated {
                Some(_) => Revived::CommandReused,
                None => jobs::revive(&services.pool, id, &origin).await?,
            };
            let error = match revived {
                Revived::Queued | Revived::Repeated => {
                    let job = job_by_id(ctx, id).await?;
                    return Ok(RetryJobPayload::written(mutation::Written::default(), job));
                }
                Revived::CommandReused => UserError::command_reused(),
                Revived::NotEnded => UserError::state("id", "only a failed or cancelled job is tried again"),
            };
            return Ok(RetryJobPayload::refused(vec![error]));
        }
        if repeated.is_none() && !matches!(held.0.state.as_str(), "failed" | "cancelled") {
            return Ok(RetryJobPayload::refused(vec![UserError::state(
                "id",
                "only a failed or cancelled job is tried again",
            )]));
        }
        let unread = |error| ApiError::Internal(Box::new(error));
        // Requests of the time when there was one source do not name it.
        let source = match held.0.request.get("source").cloned() {
            Some(source) => serde_json::from_value(source).map_err(unread)?,
            None => Source::AttackEnterprise,
        };
        let action = match held.0.request.get("addresses") {
            Some(_) => KnowledgeAction::RetrySync(serde_json::from_value(held.0.request).map_err(unread)?),
            None => KnowledgeAction::RetryImport(serde_json::from_value(held.0.request).map_err(unread)?),
        };
        let command = KnowledgeCommand { by: actor, source, action };
        let executed = services.store.execute::<Knowledge>(source.aggregate_id(), command, &origin).await?;
        let written = mutation::settle(services, executed).await?;
        handed_over(services, written.position).await;
        Ok(RetryJobPayload::written(written, job_by_id(ctx, id).await?))
    }
}

#[derive(Default)]
pub struct JobSubscription;

#[Subscription]
impl JobSubscription {
    /// A job each time it shows progress, until it has ended.
    async fn job_progress(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> Result<impl Stream<Item = Job> + use<>, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        permissions::demand(services, ctx.data_unchecked(), Kind::Subscription, "jobProgress").await?;
        let id = job_of(&id)?;
        let pool = services.pool.clone();
        if jobs::job(&pool, id).await?.is_none() {
            return Err(ApiError::NotFound("job"));
        }
        Ok(futures::stream::unfold((pool, None, false), move |(pool, shown, ended)| async move {
            if ended {
                return None;
            }
            loop {
                let job = jobs::job(&pool, id).await.ok().flatten()?;
                let now = (job.state.clone(), job.done, job.total, job.current.clone(), job.cancel_requested);
                if shown.as_ref() != Some(&now) {
                    let ended = !matches!(job.state.as_str(), "queued" | "running");
                    return Some((Job(job), (pool, Some(now), ended)));
                }
                tokio::time::sleep(WATCH_EVERY).await;
            }
        }))
    }
}
