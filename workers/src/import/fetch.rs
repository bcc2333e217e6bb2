//! Fetching a source from where it is found: one address after the other, until one answers with files.
//!
//! What came is kept beside uploads under the job's id, so that an attempt after a crash goes on from there. It stays:
//! what removes uploads looks for the keys of requests, and a sync has none.

use super::{Brought, taxii};
use crate::job::{JobError, Progress, Tools};
use crate::retry::chain;
use aegis_aggregates::knowledge::{KnowledgeSource, SyncRequest};
use aegis_objects::MAX_OBJECT_BYTES;
use aegis_outbound::{MAX_REDIRECTS, Outbound, Url};
use bytes::Bytes;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

/// How long fetching one archive may take.
pub const WITHIN: Duration = Duration::from_secs(900);

/// What an attempt has fetched.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    address: String,
    file_name: String,
    not_fetched: Vec<String>,
}

/// Where a job keeps what it has fetched.
pub(super) fn kept_at(job: Uuid, name: &str) -> Path {
    Path::from_iter(["imports".to_owned(), job.to_string(), name.to_owned()])
}

/// Fetches the files of a source.
///
/// # Errors
/// No address answered with files: transient, for one may another time.
pub(super) async fn fetch(
    tools: &Tools,
    job: Uuid,
    source: KnowledgeSource,
    sync: &SyncRequest,
    progress: &Progress,
) -> Result<Brought, JobError> {
    let store = tools.objects.store().as_ref();
    if let Some(brought) = kept(store, job).await? {
        return Ok(brought);
    }
    let mut not_fetched = vec![];
    for address in &sync.addresses {
        let host =
            Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        progress.show(0, None, format!("Fetching from {host}"));
        let fetched = if taxii::is_collection(address) {
            taxii::fetch(tools, job, source, address, progress).await
        } else {
            file(&tools.outbound, address).await
        };
        match fetched {
            Ok((bytes, file_name)) => {
                let kept = Kept { address: address.clone(), file_name, not_fetched };
                keep(store, job, &kept, &bytes).await?;
                return Ok(Brought {
                    bytes,
                    file_name: kept.file_name,
                    from: Some(kept.address),
                    not_fetched: kept.not_fetched,
                });
            }
            Err(JobError::Halted) => return Err(JobError::Halted),
            Err(JobError::Transient(cause)) => not_fetched.push(format!("{host}: {}", chain(cause.as_ref()))),
            Err(JobError::Final(why)) => not_fetched.push(format!("{host}: {why}")),
        }
    }
    Err(JobError::transient(NotFetched(not_fetched)))
}

/// No address answered with files.
#[derive(Debug, thiserror::Error)]
#[error("it could not be fetched: {}", .0.join("; "))]
struct NotFetched(Vec<String>);

async fn file(outbound: &Outbound, address: &str) -> Result<(Bytes, String), JobError> {
    let most = usize::try_from(MAX_OBJECT_BYTES).unwrap_or(usize::MAX);
    let call = outbound.get(address).map_err(JobError::transient)?;
    let answer = call.redirects(MAX_REDIRECTS).within(WITHIN).at_most(most).send().await;
    let answer = answer.map_err(JobError::transient)?;
    if !answer.status.is_success() {
        return Err(JobError::Final(format!("it answered {}", answer.status)));
    }
    let name = Url::parse(address).ok();
    let name = name.as_ref().and_then(|url| url.path_segments()?.next_back().map(str::to_owned));
    Ok((answer.body, aegis_objects::clean_name(&name.unwrap_or_default())))
}

async fn kept(store: &dyn ObjectStore, job: Uuid) -> Result<Option<Brought>, JobError> {
    let found = match store.get(&kept_at(job, "fetched.json")).await {
        Ok(found) => found.bytes().await.map_err(JobError::transient)?,
        Err(object_store::Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(JobError::transient(error)),
    };
    let Ok(kept) = serde_json::from_slice::<Kept>(&found) else { return Ok(None) };
    let bytes = store.get(&kept_at(job, "fetched")).await.map_err(JobError::transient)?;
    let bytes = bytes.bytes().await.map_err(JobError::transient)?;
    let Kept { address, file_name, not_fetched } = kept;
    Ok(Some(Brought { bytes, file_name, from: Some(address), not_fetched }))
}

/// Keeps what was fetched: first the files, then the note that says they are whole.
async fn keep(store: &dyn ObjectStore, job: Uuid, kept: &Kept, bytes: &Bytes) -> Result<(), JobError> {
    store.put(&kept_at(job, "fetched"), bytes.clone().into()).await.map_err(JobError::transient)?;
    let note = serde_json::to_vec(kept).map_err(JobError::transient)?;
    store.put(&kept_at(job, "fetched.json"), note.into()).await.map_err(JobError::transient)?;
    Ok(())
}
