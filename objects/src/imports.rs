//! Files to be imported: into the store, and out again unchanged.

use super::MAX_OBJECT_BYTES;
use bytes::Bytes;
use futures::{Stream, StreamExt};
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// How long a file is kept after its job has ended, in days.
pub const ENDED_KEPT_DAYS: u64 = 30;
/// The longest name kept of an uploaded file, in bytes.
const MAX_NAME_BYTES: usize = 120;
/// What is sent to the store at a time; S3 takes parts of 5 MiB and more.
const PART_BYTES: usize = 8 * 1024 * 1024;
/// Parts on their way at the same time.
const PARTS_AT_ONCE: usize = 4;

/// A file brought into the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredImport {
    /// Where it is.
    pub object_key: String,
    /// Its name, cleaned.
    pub file_name: String,
    /// Its SHA-256, hex.
    pub sha256: String,
    /// Its size.
    pub size_bytes: u64,
}

/// A file could not be brought in.
#[derive(Debug, thiserror::Error)]
pub enum PutError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// There is too much in it.
    #[error("the file has more than {} MiB, the most that can be imported", MAX_OBJECT_BYTES >> 20)]
    TooLarge,
    /// Its source gave up in the middle.
    #[error("the file could not be read")]
    Source(#[source] std::io::Error),
    /// The store failed.
    #[error("the object store failed")]
    Store(#[from] object_store::Error),
}

/// Brings a file in as `imports/<uuid>/<cleaned name>`, part by part, at most
/// [`MAX_OBJECT_BYTES`]; what was sent of one that fails is taken back.
///
/// # Errors
/// [`PutError`].
pub async fn put_import(
    objects: &dyn ObjectStore,
    file_name: &str,
    bytes: impl Stream<Item = std::io::Result<Bytes>> + Unpin,
) -> Result<StoredImport, PutError> {
    let file_name = clean_name(file_name);
    let path = ObjectPath::from_iter(["imports".to_owned(), Uuid::now_v7().to_string(), file_name.clone()]);
    let upload = objects.put_multipart(&path).await?;
    let mut upload = object_store::WriteMultipart::new_with_chunk_size(upload, PART_BYTES);
    match send(&mut upload, bytes).await {
        Ok((sha256, size_bytes)) => {
            upload.finish().await?;
            Ok(StoredImport { object_key: path.to_string(), file_name, sha256, size_bytes })
        }
        Err(error) => {
            if let Err(abort) = upload.abort().await {
                tracing::warn!(
                    error = %abort,
                    "an upload given up could not be taken back"
                );
            }
            Err(error)
        }
    }
}

async fn send(
    upload: &mut object_store::WriteMultipart,
    mut bytes: impl Stream<Item = std::io::Result<Bytes>> + Unpin,
) -> Result<(String, u64), PutError> {
    let mut hash = Sha256::new();
    let mut size = 0u64;
    while let Some(chunk) = bytes.next().await {
        let chunk = chunk.map_err(PutError::Source)?;
        size += chunk.len() as u64;
        if size > MAX_OBJECT_BYTES {
            return Err(PutError::TooLarge);
        }
        hash.update(&chunk);
        upload.wait_for_capacity(PARTS_AT_ONCE).await?;
        upload.put(chunk);
    }
    if size == 0 {
        return Err(PutError::Empty);
    }
    Ok((hex::encode(hash.finalize()), size))
}

/// A name fit for a key and for showing: the last part of a path, letters,
/// digits and `._-` only, not hidden, not endless.
pub fn clean_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = base
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '_' })
        .collect();
    let clean = clean.trim_start_matches('.');
    // The end says what it is (`.json.zst`), so the beginning is what goes.
    let clean = &clean[clean.len().saturating_sub(MAX_NAME_BYTES)..];
    if clean.is_empty() { "file".to_owned() } else { clean.to_owned() }
}

/// A stored file could not be taken out again.
#[derive(Debug, thiserror::Error)]
pub enum GetError {
    /// It is not there.
    #[error(
        "the file {0} is no longer in the object store; files are removed {days} days after their job has ended: \
         upload it again",
        days = ENDED_KEPT_DAYS
    )]
    Missing(String),
    /// It is not the file that was brought in.
    #[error("the file {key} is not the one that was uploaded: {why}")]
    Changed {
        /// Where it is.
        key: String,
        /// What differs.
        why: &'static str,
    },
    /// The store failed; it may work another time.
    #[error("the object store failed")]
    Store(#[source] object_store::Error),
}

/// Takes out the file of a request, when it still is what it was.
///
/// # Errors
/// [`GetError`].
pub async fn get_import(
    objects: &dyn ObjectStore,
    key: &str,
    sha256: &str,
    size_bytes: u64,
) -> Result<Bytes, GetError> {
    let changed = |why| GetError::Changed { key: key.to_owned(), why };
    let failed = |error| match error {
        object_store::Error::NotFound { .. } => GetError::Missing(key.to_owned()),
        error => GetError::Store(error),
    };
    let found = objects.get(&ObjectPath::from(key)).await.map_err(failed)?;
    if found.meta.size != size_bytes {
        return Err(changed("its size differs"));
    }
    if size_bytes > MAX_OBJECT_BYTES {
        return Err(changed("it is larger than any file taken in"));
    }
    let bytes = found.bytes().await.map_err(failed)?;
    let (digest, bytes) = tokio::task::spawn_blocking(move || (hex::encode(Sha256::digest(&bytes)), bytes))
        .await
        .map_err(|error| GetError::Store(object_store::Error::JoinError { source: error }))?;
    if digest != sha256 {
        return Err(changed("its SHA-256 differs"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::super::{ObjectSettings, open, put};
    use super::*;

    #[test]
    fn names_are_cleaned() {
        for (name, clean) in [
            ("enterprise-attack-18.1.json.zst", "enterprise-attack-18.1.json.zst"),
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\bundle (1).json", "bundle__1_.json"),
            ("..", "file"),
            ("", "file"),
            ("\u{202e}nosj.json", "_nosj.json"),
        ] {
            assert_eq!(clean_name(name), clean);
        }
        let long = format!("{}.json.zst", "a".repeat(500));
        assert_eq!(clean_name(&long).len(), MAX_NAME_BYTES);
        assert!(clean_name(&long).ends_with(".json.zst"));
    }

    #[tokio::test]
    async fn a_file_that_changed_is_not_taken_out() {
        let directory = tempfile::tempdir().expect("directory");
        let objects = open(&ObjectSettings::Local(directory.path().join("objects"))).expect("store");
        let bytes = futures::stream::iter([Ok(Bytes::from_static(b"abc"))]);
        let stored = put_import(objects.store().as_ref(), "a b.json", bytes).await.expect("stored");
        let (objects, key) = (objects.store().as_ref(), stored.object_key.as_str());
        let get = || get_import(objects, key, &stored.sha256, stored.size_bytes);
        assert_eq!(get().await.expect("there"), "abc");
        put(objects, key, "abd").await.expect("written");
        assert!(matches!(get().await, Err(GetError::Changed { .. })));
        objects.delete(&ObjectPath::from(key)).await.expect("deleted");
        assert!(matches!(get().await, Err(GetError::Missing(_))));
        let nothing = futures::stream::iter(Vec::<std::io::Result<Bytes>>::new());
        assert!(matches!(put_import(objects, "x", nothing).await, Err(PutError::Empty)));
    }
}
