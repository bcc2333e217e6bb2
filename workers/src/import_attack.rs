//! The job that takes in a release of ATT&CK from an uploaded file.
//!
//! Safe to run twice: content is stored under its digest, and the release of
//! one request is one command, however many attempts send it. Nothing is stored of a file that does not
//! read; records it refuses are listed and the rest goes in.

use crate::import::archive;
use crate::import::attack::{self, Control, ParseError, Parsed};
use crate::job::{Done, JobError, Progress, Tools};
use crate::retry::chain;
use aegis_aggregates::actor::Actor;
use aegis_aggregates::ids::JobId;
use aegis_aggregates::knowledge::{
    ImportRequest, Knowledge, KnowledgeAction, KnowledgeCommand, KnowledgeError, KnowledgeSource, Release,
};
use aegis_objects::{self as objects, GetError};
use aegis_projections::jobs::{Hold, JobRecord};
use aegis_projections::knowledge::{self, content::AttackCounts};
use aegis_projections::store::{CommandId, Executed, Origin, Store, StoreError};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What kind of work this is.
pub const KIND: &str = "import_attack";

/// The source whose releases these are.
const SOURCE: KnowledgeSource = KnowledgeSource::AttackEnterprise;

/// What came of an import, as the job shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportResult {
    /// `enterprise-attack`.
    pub domain: String,
    /// `18.1`.
    pub version: String,
    /// SHA-256 of the normalised content.
    pub digest: String,
    /// Whether it took the place of other content; false when this was in force already.
    pub changed: bool,
    /// Where in the ledger it became visible, if it did and was sealed in time.
    pub position: Option<i64>,
    /// What it holds.
    pub counts: AttackCounts,
    /// How many records or parts of records stayed out.
    pub rejects: u64,
    /// How long the request waited for a worker.
    pub waited_ms: i64,
    /// How long the work took.
    pub took_ms: i64,
}

/// One line for people.
pub fn title(request: &ImportRequest) -> String {
    format!("Import ATT&CK from {}", request.file_name)
}

/// Takes in the file of a request.
///
/// # Errors
/// [`JobError`].
pub async fn run(
    tools: &Tools,
    record: &JobRecord,
    hold: &Hold,
    progress: &Progress,
) -> Result<Done, JobError> {
    let begun = std::time::Instant::now();
    let request: ImportRequest = serde_json::from_value(record.request.clone())
        .map_err(|error| JobError::Final(format!("the request does not read: {error}")))?;
    progress.show(0, None, "Fetching the file");
    let bytes = tokio::select! {
        bytes = objects::get_import(tools.objects.store().as_ref(), &request.object_key, &request.sha256, request.size_bytes) => bytes.map_err(not_fetched)?,
        () = progress.until_halted() => return Err(JobError::Halted),
    };

    let read = Reading { bytes, file_name: request.file_name.clone(), progress: progress.clone() };
    let read = tokio::task::spawn_blocking(move || read.run())
        .await
        .map_err(|error| JobError::Final(format!("reading the file crashed: {error}")))??;
    let Read { parsed, digest, counts, objects } = read;
    progress.check()?;

    let content = &parsed.content;
    let records = content.tactics.len()
        + content.techniques.len()
        + content.actors.len()
        + content.software.len()
        + content.uses.len();
    let mut stored = |stored: usize| {
        let done = objects + objects * count(stored) / count(records).max(1);
        progress.show(done, Some(2 * objects), format!("Storing record {stored} of {records}"));
    };
    stored(0);
    knowledge::stage(&tools.pool, &digest, content, &mut stored).await.map_err(JobError::database)?;

    progress.show(2 * objects, Some(2 * objects), format!("Putting ATT&CK {} in force", content.version));
    progress.confirm(&tools.pool, hold).await?;
    let release =
        Release { version: content.version.clone(), digest: digest.clone(), job: Some(JobId(record.job)) };
    let (changed, position) = put_in_force(tools, release, record).await?;
    let result = ImportResult {
        domain: content.domain.clone(),
        version: content.version.clone(),
        digest,
        changed,
        position,
        counts,
        rejects: parsed.reject_count,
        waited_ms: (hold.started_at - record.requested_at).num_milliseconds().max(0),
        took_ms: i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX),
    };
    let result = serde_json::to_value(result).map_err(|error| JobError::Final(error.to_string()))?;
    let rejects = parsed.rejects.into_iter().map(|reject| (reject.record, reject.reason)).collect();
    Ok(Done { result, refused: count(parsed.reject_count), rejects })
}

/// A bundle holds far fewer records than the numbers of either type.
fn count(records: impl TryInto<i64>) -> i64 {
    records.try_into().unwrap_or(i64::MAX)
}

fn not_fetched(error: GetError) -> JobError {
    match error {
        GetError::Store(_) => JobError::transient(error),
        GetError::Missing(_) | GetError::Changed { .. } => JobError::Final(chain(&error)),
    }
}

/// The part that needs a processor for a while.
struct Reading {
    bytes: Bytes,
    file_name: String,
    progress: Progress,
}

struct Read {
    parsed: Parsed,
    digest: String,
    counts: AttackCounts,
    /// How many objects the bundle has.
    objects: i64,
}

impl Reading {
    fn run(self) -> Result<Read, JobError> {
        let Self { bytes, file_name, progress } = self;
        progress.show(0, None, "Unpacking");
        let json = archive::unpack(&bytes, &file_name).map_err(|error| JobError::Final(chain(&error)))?;
        drop(bytes);
        progress.check()?;
        let mut objects = 0;
        let parsed = attack::parse(&json, attack::version_in_file_name(&file_name), &mut |done, total| {
            objects = count(total);
            let done = count(done);
            // Reading is the first half; storing what was read is the second.
            progress.show(done, Some(2 * objects), format!("Reading object {done} of {objects}"));
            if progress.halted() { Control::Cancel } else { Control::Continue }
        })
        .map_err(|error| match error {
            ParseError::Cancelled => JobError::Halted,
            error => JobError::Final(chain(&error)),
        })?;
        if parsed.content.domain != SOURCE.aggregate_id() {
            let found = &parsed.content.domain;
            return Err(JobError::Final(format!(
                "the bundle is of {found}; only {} can be put in force so far",
                SOURCE.aggregate_id()
            )));
        }
        let digest = hex::encode(attack::digest(&parsed.content));
        let counts = parsed.content.counts();
        Ok(Read { parsed, digest, counts, objects })
    }
}

/// Releases content, and waits until this process sees it. Says whether this
/// request changed what is in force, in this attempt or in one before it.
async fn put_in_force(
    tools: &Tools,
    release: Release,
    record: &JobRecord,
) -> Result<(bool, Option<i64>), JobError> {
    let mut origin = Origin::new(Actor::SYSTEM);
    origin.causation = Some(format!("job:{}", record.job));
    origin.command = Some(command_of(record, &release));
    match self::release(&tools.store, release, &origin).await.map_err(JobError::transient)? {
        // Repeated: a worker before this one was killed right after it had released.
        Executed::Committed(event) | Executed::Repeated(event) => {
            // Whoever sees the job done shall see what it brought. It has, seen or not.
            match tools.tide.see(&event).await {
                Ok(visible) => Ok((true, visible.position)),
                Err(error) => {
                    tracing::warn!(job.id = %record.job, error = chain(&error), "a release was not waited for");
                    Ok((true, None))
                }
            }
        }
        Executed::Unchanged => Ok((false, None)),
        Executed::Refused(refusal) => Err(JobError::Final(refusal.to_string())),
        Executed::CommandReused => {
            Err(JobError::Final("its release was recorded before with other content".to_owned()))
        }
    }
}

/// The same for every attempt of one request that read the same content.
fn command_of(record: &JobRecord, release: &Release) -> CommandId {
    let name = format!("release:{}:{}", record.requested_position, release.digest);
    CommandId::new(Uuid::new_v5(&record.job, name.as_bytes()), "release", release.digest.as_bytes())
}

/// Puts stored content in force.
///
/// # Errors
/// The store failed.
pub(crate) async fn release(
    store: &Store,
    release: Release,
    origin: &Origin,
) -> Result<Executed<KnowledgeError>, StoreError> {
    let command =
        KnowledgeCommand { by: origin.actor, source: SOURCE, action: KnowledgeAction::Release(release) };
    store.execute::<Knowledge>(SOURCE.aggregate_id(), command, origin).await
}
