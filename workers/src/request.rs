//! Asking for an import from the command line and following its job, whoever
//! carries it out: this process or a server that runs beside it.

use crate::objects::{PutError, put_import};
use aegis_aggregates::actor::Actor;
use aegis_aggregates::ids::JobId;
use aegis_aggregates::knowledge::{
    ImportRequest, Knowledge, KnowledgeAction, KnowledgeCommand, KnowledgeSource,
};
use aegis_projections::jobs::{self, JobRecord};
use aegis_projections::store::{Executed, Origin, Store, StoreError};
use aegis_projections::{DatabaseError, Pool};
use object_store::ObjectStore;
use std::path::Path;
use std::time::Duration;
use tokio_util::io::ReaderStream;
use uuid::Uuid;

/// How often the job is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(50);
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
    /// The event store failed.
    #[error("the event store failed")]
    Store(#[from] StoreError),
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] DatabaseError),
}

/// Brings a file in, asks for its import, and waits for the job to end.
/// `progress` hears of the job each time it shows something new.
///
/// # Errors
/// [`RequestError`]; a job that failed is an answer, not an error.
pub async fn import_file(
    pool: &Pool,
    store: &Store,
    objects: &dyn ObjectStore,
    path: &Path,
    source: KnowledgeSource,
    progress: &mut (dyn FnMut(&JobRecord) + Send),
) -> Result<JobRecord, RequestError> {
    let unreadable = |source| RequestError::File { path: path.display().to_string(), source };
    let file = tokio::fs::File::open(path).await.map_err(unreadable)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let kept = put_import(objects, &name, ReaderStream::with_capacity(file, CHUNK_BYTES)).await?;
    let job = JobId(Uuid::now_v7());
    let request = ImportRequest {
        job,
        object_key: kept.object_key,
        file_name: kept.file_name,
        sha256: kept.sha256,
        size_bytes: kept.size_bytes,
    };
    let command =
        KnowledgeCommand { by: Actor::SYSTEM, source, action: KnowledgeAction::RequestImport(request) };
    let executed =
        store.execute::<Knowledge>(source.aggregate_id(), command, &Origin::new(Actor::SYSTEM)).await?;
    if let Executed::Refused(refusal) = executed {
        return Err(RequestError::Refused(refusal.to_string()));
    }
    loop {
        if let Some(record) = jobs::job(pool, job.0).await? {
            progress(&record);
            if !matches!(record.state.as_str(), "queued" | "running") {
                return Ok(record);
            }
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
