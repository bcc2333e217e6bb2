//! The job that takes in a state of a knowledge source: fetch, unpack, read, compare, stage, and one event that makes
//! it visible.
//!
//! Safe to run twice: content is stored under its digest, and the release of one request is one command, however many
//! attempts send it; what was fetched is kept, so that another attempt goes on from there. Nothing is stored of files
//! that do not read; records they refuse are listed and the rest goes in. A preview stops before the event.

mod fetch;
mod reading;
mod taxii;

pub use reading::wants;

use crate::job::{Done, JobError, Progress, Tools};
use crate::retry::chain;
use aegis_aggregates::actor::Actor;
use aegis_aggregates::ids::JobId;
use aegis_aggregates::knowledge::{
    ImportRequest, Knowledge, KnowledgeAction, KnowledgeCommand, KnowledgeError, KnowledgeSource, Release,
    SyncRequest,
};
use aegis_objects::{self as objects, GetError};
use aegis_projections::jobs::{Hold, JobRecord};
use aegis_projections::knowledge::records::{Difference, Named};
use aegis_projections::knowledge::{self, records, sources};
use aegis_projections::store::{CommandId, Executed, Origin, Store, StoreError};
use aegis_sources::attack::changes::Changes;
use bytes::Bytes;
use reading::{Read, State};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What kind of work this is.
pub const KIND: &str = "import";
/// What it was called when there was only ATT&CK: jobs of that time may still wait.
pub const FORMER_KIND: &str = "import_attack";
/// Records of each kind of difference that the result of a job names.
pub const NAMED: usize = 100;

/// What is asked of the job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The source; ATT&CK Enterprise in requests of the time when there was no other.
    #[serde(default = "enterprise")]
    pub source: KnowledgeSource,
    /// Where its files come from.
    #[serde(flatten)]
    pub from: From,
}

/// Where the files of a source come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum From {
    /// A file somebody brought.
    Upload(ImportRequest),
    /// Where the source is found.
    Sync(SyncRequest),
}

fn enterprise() -> KnowledgeSource {
    KnowledgeSource::AttackEnterprise
}

impl Request {
    /// One line for people.
    pub fn title(&self) -> String {
        let source = self.source.title();
        match &self.from {
            From::Upload(upload) if upload.preview => {
                format!("Preview of {source} from {}", upload.file_name)
            }
            From::Upload(upload) => format!("Import {source} from {}", upload.file_name),
            From::Sync(sync) if sync.preview => format!("Preview of a sync of {source}"),
            From::Sync(_) => format!("Sync {source}"),
        }
    }

    /// Whether it only tells what would change.
    pub fn preview(&self) -> bool {
        match &self.from {
            From::Upload(upload) => upload.preview,
            From::Sync(sync) => sync.preview,
        }
    }
}

/// What came of an import, as the job shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportResult {
    /// The id of the source: of ATT&CK the domain, `enterprise-attack`.
    #[serde(alias = "domain")]
    pub source: String,
    /// What the source calls this state of itself: `18.1`.
    pub version: String,
    /// SHA-256 of the content.
    pub digest: String,
    /// Whether it took the place of other content; false when this was in force already, and of a preview.
    pub changed: bool,
    /// Whether it only told what would change.
    #[serde(default)]
    pub preview: bool,
    /// Where in the ledger it became visible, if it did and was sealed in time.
    pub position: Option<i64>,
    /// What it holds, by name.
    pub counts: BTreeMap<String, u64>,
    /// In what it differs from what was in force.
    #[serde(default)]
    pub difference: Differences,
    /// Of ATT&CK: what becomes of the techniques.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upgrade: Option<Changes>,
    /// Where it was fetched, if it was.
    #[serde(default)]
    pub fetched_from: Option<String>,
    /// Why it was not fetched from addresses before that.
    #[serde(default)]
    pub not_fetched: Vec<String>,
    /// How many records or parts of records stayed out.
    pub rejects: u64,
    /// How long the request waited for a worker.
    pub waited_ms: i64,
    /// How long the work took.
    pub took_ms: i64,
}

/// In what a content differs from the one before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Differences {
    /// How many records only the new one has.
    pub added: usize,
    /// How many say something else in it.
    pub changed: usize,
    /// How many only the old one has.
    pub retired: usize,
    /// How many say the same.
    pub unchanged: usize,
    /// The first [`NAMED`] of each: `added`, `changed`, `retired`.
    pub first: BTreeMap<String, Vec<DifferentRecord>>,
}

/// A record that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DifferentRecord {
    /// Its kind.
    pub kind: String,
    /// Its key.
    pub key: String,
    /// One line for people.
    pub title: String,
}

impl std::convert::From<&Difference> for Differences {
    fn from(found: &Difference) -> Self {
        let first = |named: &[Named]| {
            let named = named.iter().take(NAMED).cloned();
            named.map(|Named { kind, key, title }| DifferentRecord { kind, key, title }).collect::<Vec<_>>()
        };
        let lists = [("added", &found.added), ("changed", &found.changed), ("retired", &found.retired)];
        Self {
            added: found.added.len(),
            changed: found.changed.len(),
            retired: found.retired.len(),
            unchanged: found.unchanged,
            first: lists
                .into_iter()
                .filter(|(_, named)| !named.is_empty())
                .map(|(name, named)| (name.to_owned(), first(named)))
                .collect(),
        }
    }
}

/// Techniques that differ; what else differs stands in [`Changes`] alone.
impl std::convert::From<&Changes> for Differences {
    fn from(found: &Changes) -> Self {
        let count = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
        Self {
            added: count(found.added.count),
            changed: count(found.renamed.count + found.moved.count + found.reworded),
            retired: count(found.revoked.count + found.deprecated.count + found.gone.count),
            unchanged: 0,
            first: BTreeMap::new(),
        }
    }
}

/// Files to be read.
struct Brought {
    bytes: Bytes,
    file_name: String,
    from: Option<String>,
    not_fetched: Vec<String>,
}

/// Takes in what a request asks for.
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
    let request: Request = serde_json::from_value(record.request.clone())
        .map_err(|error| JobError::Final(format!("the request does not read: {error}")))?;
    let source = request.source;
    let brought = bring(tools, record, &request, progress).await?;
    let Brought { bytes, file_name, from, not_fetched } = brought;
    let progress_of_reading = progress.clone();
    let read =
        tokio::task::spawn_blocking(move || reading::read(source, bytes, &file_name, &progress_of_reading));
    let read =
        read.await.map_err(|error| JobError::Final(format!("reading the files crashed: {error}")))??;
    let Read { state, rejects, steps } = read;
    progress.check()?;

    let held = sources::in_force(&tools.pool, source).await.map_err(JobError::database)?;
    let (difference, upgrade) = state.difference(&tools.pool, held.as_deref()).await?;
    stage(tools, &state, steps, progress).await?;
    let (changed, position) = if request.preview() {
        (false, None)
    } else {
        progress.show(
            2 * steps,
            Some(2 * steps),
            format!("Putting {} {} in force", source.title(), state.version()),
        );
        progress.confirm(&tools.pool, hold).await?;
        let job = Some(JobId(record.job));
        let (version, digest) = (state.version().to_owned(), state.digest().to_owned());
        put_in_force(tools, source, Release { version, digest, job, restored: false }, record).await?
    };
    let result = ImportResult {
        source: source.aggregate_id().to_owned(),
        version: state.version().to_owned(),
        digest: state.digest().to_owned(),
        changed,
        preview: request.preview(),
        position,
        counts: state.counts(),
        difference,
        upgrade,
        fetched_from: from,
        not_fetched,
        rejects: rejects.count,
        waited_ms: (hold.started_at - record.requested_at).num_milliseconds().max(0),
        took_ms: i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX),
    };
    let result = serde_json::to_value(result).map_err(|error| JobError::Final(error.to_string()))?;
    Ok(Done { result, refused: count(rejects.count), rejects: rejects.kept })
}

async fn bring(
    tools: &Tools,
    record: &JobRecord,
    request: &Request,
    progress: &Progress,
) -> Result<Brought, JobError> {
    let fetching = async {
        match &request.from {
            From::Upload(upload) => {
                progress.show(0, None, "Fetching the file");
                let store = tools.objects.store();
                let bytes = objects::get_import(
                    store.as_ref(),
                    &upload.object_key,
                    &upload.sha256,
                    upload.size_bytes,
                );
                let bytes = bytes.await.map_err(not_there)?;
                Ok(Brought { bytes, file_name: upload.file_name.clone(), from: None, not_fetched: vec![] })
            }
            From::Sync(sync) => fetch::fetch(tools, record.job, request.source, sync, progress).await,
        }
    };
    tokio::select! {
        brought = fetching => brought,
        () = progress.until_halted() => Err(JobError::Halted),
    }
}

async fn stage(tools: &Tools, state: &State, steps: i64, progress: &Progress) -> Result<(), JobError> {
    let records = state.records();
    let mut stored = |stored: usize| {
        // Reading is the first half; storing what was read is the second.
        let done = steps + steps * count(stored) / count(records).max(1);
        progress.show(done, Some(2 * steps), format!("Storing record {stored} of {records}"));
    };
    stored(0);
    match state {
        State::Attack { content, digest } => {
            knowledge::stage(&tools.pool, digest, content, &mut stored).await.map_err(JobError::database)?;
        }
        State::Records(content) => {
            records::stage(&tools.pool, content, &mut stored).await.map_err(JobError::database)?;
        }
    }
    Ok(())
}

/// A source holds far fewer records than the numbers of either type.
fn count(records: impl TryInto<i64>) -> i64 {
    records.try_into().unwrap_or(i64::MAX)
}

fn not_there(error: GetError) -> JobError {
    match error {
        GetError::Store(_) => JobError::transient(error),
        GetError::Missing(_) | GetError::Changed { .. } => JobError::Final(chain(&error)),
    }
}

/// Releases content, and waits until this process sees it. Says whether this
/// request changed what is in force, in this attempt or in one before it.
async fn put_in_force(
    tools: &Tools,
    source: KnowledgeSource,
    release: Release,
    record: &JobRecord,
) -> Result<(bool, Option<i64>), JobError> {
    let mut origin = Origin::new(Actor::SYSTEM);
    origin.causation = Some(format!("job:{}", record.job));
    origin.command = Some(command_of(record, &release));
    match self::release(&tools.store, source, release, &origin).await.map_err(JobError::transient)? {
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
    source: KnowledgeSource,
    release: Release,
    origin: &Origin,
) -> Result<Executed<KnowledgeError>, StoreError> {
    let command = KnowledgeCommand { by: origin.actor, source, action: KnowledgeAction::Release(release) };
    store.execute::<Knowledge>(source.aggregate_id(), command, origin).await
}
