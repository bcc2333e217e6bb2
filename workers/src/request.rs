//! Asking for an import from the command line and following its job, whoever
//! carries it out: this process or a server that runs beside it.

use crate::reactor;
use crate::sealing::Stuck;
use aegis_aggregates::actor::Actor;
use aegis_aggregates::ids::JobId;
use aegis_aggregates::knowledge::{
    ImportRequest, Knowledge, KnowledgeAction, KnowledgeCommand, KnowledgeSource,
};
use aegis_objects::{PutError, put_import};
use aegis_projections::jobs::{self, JobRecord, Upload};
use aegis_projections::store::{Executed, Origin, Store, StoreError};
use aegis_projections::{DatabaseError, Pool, status};
use object_store::ObjectStore;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio_util::io::ReaderStream;
use uuid::Uuid;

/// How often the job is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How often it is asked whether requests are taken up at all.
const ASK_EVERY: Duration = Duration::from_secs(1);
/// How long a job may show nothing new before nobody waits for it any more.
pub const SILENCE: Duration = Duration::from_secs(600);
/// Bytes read at once.
const CHUNK_BYTES: usize = 1 << 20;

/// The import could not be asked for or followed.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// The file cannot be read.
    #[error("cannot read {path}")]
    File {
        /// Which.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It cannot be kept.
    #[error(transparent)]
    Put(#[from] PutError),
    /// A rule refused.
    #[error("{0}")]
    Refused(String),
    /// It is recorded, and nobody takes requests up.
    #[error("the import is recorded as job {job}, but is not taken up: {why}")]
    Stopped {
        /// The job.
        job: Uuid,
        /// What stands still, and why.
        why: String,
    },
    /// Its job has shown nothing new for long.
    #[error(
        "nothing new of job {job} for {} seconds ({state}); it stays recorded and goes on when it can",
        .silence.as_secs()
    )]
    Silent {
        /// The job.
        job: Uuid,
        /// How it stood.
        state: String,
        /// For how long.
        silence: Duration,
    },
    /// The event store failed.
    #[error("the event store failed")]
    Store(#[from] StoreError),
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] DatabaseError),
}

/// A file of this machine.
#[derive(Debug, Clone, Copy)]
pub struct LocalFile<'a> {
    /// Where it is.
    pub path: &'a Path,
    /// What it is called: how it is read may follow from that.
    pub name: &'a str,
}

/// Asks for a source to be fetched from where it is found, and waits for the job to end, as [`import_file`] does.
///
/// # Errors
/// [`RequestError`]; a job that failed is an answer, not an error.
pub async fn sync(
    pool: &Pool,
    store: &Store,
    source: KnowledgeSource,
    preview: bool,
    sealing: &Stuck,
    progress: &mut (dyn FnMut(&JobRecord) + Send),
) -> Result<JobRecord, RequestError> {
    let job = JobId(Uuid::now_v7());
    let action = KnowledgeAction::RequestSync { job, preview };
    let command = KnowledgeCommand { by: Actor::SYSTEM, source, action };
    let origin = Origin::new(Actor::SYSTEM);
    let executed = store.execute::<Knowledge>(source.aggregate_id(), command, &origin).await?;
    if let Executed::Refused(refusal) = executed {
        return Err(RequestError::Refused(refusal.to_string()));
    }
    follow(pool, job.0, sealing, SILENCE, progress).await
}

/// Brings a file in, asks for its import, and waits for the job to end, at most
/// [`SILENCE`] for each sign of it. `sealing` tells why sealing stands still.
/// `progress` hears of the job each time it shows something new.
///
/// # Errors
/// [`RequestError`]; a job that failed is an answer, not an error.
#[expect(clippy::too_many_arguments, reason = "each is another part of the house")]
pub async fn import_file(
    pool: &Pool,
    store: &Store,
    objects: &dyn ObjectStore,
    file: LocalFile<'_>,
    source: KnowledgeSource,
    preview: bool,
    sealing: &Stuck,
    progress: &mut (dyn FnMut(&JobRecord) + Send),
) -> Result<JobRecord, RequestError> {
    let LocalFile { path, name } = file;
    let unreadable = |source| RequestError::File { path: path.display().to_string(), source };
    let file = tokio::fs::File::open(path).await.map_err(unreadable)?;
    let kept = put_import(objects, name, ReaderStream::with_capacity(file, CHUNK_BYTES)).await?;
    // Noted like any upload, so that it is removed if no job comes of it.
    let upload = Upload {
        upload: Uuid::now_v7(),
        account: Actor::SYSTEM.account.0,
        object_key: kept.object_key.clone(),
        file_name: kept.file_name.clone(),
        size_bytes: i64::try_from(kept.size_bytes).unwrap_or(i64::MAX),
        sha256: kept.sha256.clone(),
    };
    jobs::enter_upload(pool, &upload).await?;
    let job = JobId(Uuid::now_v7());
    let request = ImportRequest {
        job,
        object_key: kept.object_key,
        file_name: kept.file_name,
        sha256: kept.sha256,
        size_bytes: kept.size_bytes,
        preview,
    };
    let command =
        KnowledgeCommand { by: Actor::SYSTEM, source, action: KnowledgeAction::RequestImport(request) };
    let executed =
        store.execute::<Knowledge>(source.aggregate_id(), command, &Origin::new(Actor::SYSTEM)).await?;
    if let Executed::Refused(refusal) = executed {
        return Err(RequestError::Refused(refusal.to_string()));
    }
    follow(pool, job.0, sealing, SILENCE, progress).await
}

/// Waits for a job to end, as long as something happens to it within `silence`.
///
/// # Errors
/// [`RequestError`]: it is not taken up, or has shown nothing new for too long.
pub async fn follow(
    pool: &Pool,
    job: Uuid,
    sealing: &Stuck,
    silence: Duration,
    progress: &mut (dyn FnMut(&JobRecord) + Send),
) -> Result<JobRecord, RequestError> {
    let mut shown = None;
    let (mut changed_at, mut asked_at) = (Instant::now(), Instant::now());
    loop {
        let record = jobs::job(pool, job).await?;
        let now = record.as_ref().map(signs);
        if now != shown {
            (shown, changed_at) = (now, Instant::now());
        }
        match record {
            Some(record) => {
                progress(&record);
                if !matches!(record.state.as_str(), "queued" | "running") {
                    return Ok(record);
                }
            }
            None if asked_at.elapsed() >= ASK_EVERY => {
                asked_at = Instant::now();
                if let Some(why) = standstill(pool, sealing).await? {
                    return Err(RequestError::Stopped { job, why });
                }
            }
            None => {}
        }
        if changed_at.elapsed() >= silence {
            let state = shown.map_or_else(|| "not queued yet".to_owned(), |signs| signs.0);
            return Err(RequestError::Silent { job, state, silence });
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// What a job shows: state, attempt, units done and in all, and what it is at.
type Signs = (String, i32, i64, Option<i64>, Option<String>);

fn signs(job: &JobRecord) -> Signs {
    (job.state.clone(), job.attempts, job.done, job.total, job.current.clone())
}

/// Why no request becomes a job, if that is so.
async fn standstill(pool: &Pool, sealing: &Stuck) -> Result<Option<String>, sqlx::Error> {
    if let Some(why) = sealing.borrow().as_ref() {
        return Ok(Some(format!("sealing stands still: {why}")));
    }
    let followers = status::projections(pool).await?;
    let reactor = followers.into_iter().find(|follower| follower.name == reactor::NAME);
    Ok(reactor.and_then(|reactor| reactor.error).map(|why| format!("the reactor has stopped: {why}")))
}
