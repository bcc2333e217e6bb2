//! The object store: uploaded files and the tiles of the ledger's tree, on the
//! local disk or in S3.
//!
//! Left out on purpose: who may read what (links are the API's business) and
//! making buckets (S3 is set up by whoever runs it).

use aegis_aggregates::knowledge::ImportRequest;
use bytes::Bytes;
use futures::{Stream, StreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, RetryConfig};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// The largest file taken in: 256 MiB.
pub const MAX_OBJECT_BYTES: u64 = crate::import::archive::MAX_PACKED_BYTES;
/// The longest name kept of an uploaded file, in bytes.
const MAX_NAME_BYTES: usize = 120;
/// What is sent to the store at a time; S3 takes parts of 5 MiB and more.
const PART_BYTES: usize = 8 * 1024 * 1024;
/// Parts on their way at the same time.
const PARTS_AT_ONCE: usize = 4;
/// How often a request to S3 is repeated, and for how long: jobs try again themselves.
const S3_RETRIES: usize = 3;
/// See [`S3_RETRIES`].
const S3_PATIENCE: Duration = Duration::from_secs(15);

/// Where objects are kept.
#[derive(Clone, PartialEq, Eq)]
pub enum ObjectSettings {
    /// In a directory of this machine.
    Local(PathBuf),
    /// In a bucket.
    S3 {
        /// `host:9000`, or a URL.
        endpoint: String,
        /// The bucket, which exists.
        bucket: String,
        /// Who we are.
        access_key: String,
        /// And how we show it.
        secret_key: String,
        /// TLS; counts where the endpoint is no URL.
        secure: bool,
    },
}

impl std::fmt::Debug for ObjectSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Local(directory) => f.debug_tuple("Local").field(directory).finish(),
            Self::S3 { endpoint, bucket, .. } => f
                .debug_struct("S3")
                .field("endpoint", endpoint)
                .field("bucket", bucket)
                .finish_non_exhaustive(),
        }
    }
}

/// The store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ObjectsError {
    /// Some of the settings of S3 are there, others are not.
    #[error("MINIO_ENDPOINT is set, so {0} must be set too")]
    Missing(&'static str),
    /// The directory cannot be made or used.
    #[error("{} cannot be used for files", .path.display())]
    Directory {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The store refuses.
    #[error("the object store failed")]
    Store(#[from] object_store::Error),
}

impl ObjectSettings {
    /// Reads `MINIO_ENDPOINT`, `MINIO_ACCESS_KEY`, `MINIO_SECRET_KEY`,
    /// `MINIO_BUCKET` and `MINIO_SECURE` through `setting`; without an endpoint
    /// it is the directory `objects` of the data directory.
    ///
    /// # Errors
    /// [`ObjectsError::Missing`].
    pub fn read(data_dir: &Path, setting: impl Fn(&str) -> Option<String>) -> Result<Self, ObjectsError> {
        let setting = |name: &str| setting(name).filter(|value| !value.trim().is_empty());
        let Some(endpoint) = setting("MINIO_ENDPOINT") else {
            return Ok(Self::Local(data_dir.join("objects")));
        };
        let needed = |name: &'static str| setting(name).ok_or(ObjectsError::Missing(name));
        Ok(Self::S3 {
            endpoint,
            bucket: needed("MINIO_BUCKET")?,
            access_key: needed("MINIO_ACCESS_KEY")?,
            secret_key: needed("MINIO_SECRET_KEY")?,
            secure: setting("MINIO_SECURE")
                .is_some_and(|value| matches!(value.to_lowercase().as_str(), "true" | "1")),
        })
    }
}

/// Opens the store; a local directory is made, readable by its owner only.
///
/// # Errors
/// [`ObjectsError`].
pub fn open(settings: &ObjectSettings) -> Result<Arc<dyn ObjectStore>, ObjectsError> {
    match settings {
        ObjectSettings::Local(directory) => {
            make_private(directory)
                .map_err(|source| ObjectsError::Directory { path: directory.clone(), source })?;
            Ok(Arc::new(LocalFileSystem::new_with_prefix(directory)?.with_automatic_cleanup(true)))
        }
        ObjectSettings::S3 { endpoint, bucket, access_key, secret_key, secure } => {
            let scheme = if *secure { "https" } else { "http" };
            let url =
                if endpoint.contains("://") { endpoint.clone() } else { format!("{scheme}://{endpoint}") };
            let store = AmazonS3Builder::new()
                .with_allow_http(url.starts_with("http://"))
                .with_endpoint(url.trim_end_matches('/'))
                .with_retry(RetryConfig {
                    max_retries: S3_RETRIES,
                    retry_timeout: S3_PATIENCE,
                    ..RetryConfig::default()
                })
                .with_virtual_hosted_style_request(false)
                .with_region("us-east-1")
                .with_bucket_name(bucket)
                .with_access_key_id(access_key)
                .with_secret_access_key(secret_key)
                .build()?;
            Ok(Arc::new(store))
        }
    }
}

fn make_private(directory: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)
}

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
                    error = crate::retry::chain(&abort),
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
    #[error("the file {0} is no longer in the object store")]
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
pub async fn get_import(objects: &dyn ObjectStore, request: &ImportRequest) -> Result<Bytes, GetError> {
    let key = &request.object_key;
    let changed = |why| GetError::Changed { key: key.clone(), why };
    let failed = |error| match error {
        object_store::Error::NotFound { .. } => GetError::Missing(key.clone()),
        error => GetError::Store(error),
    };
    let found = objects.get(&ObjectPath::from(key.as_str())).await.map_err(failed)?;
    if found.meta.size != request.size_bytes {
        return Err(changed("its size differs"));
    }
    if request.size_bytes > MAX_OBJECT_BYTES {
        return Err(changed("it is larger than any file taken in"));
    }
    let bytes = found.bytes().await.map_err(failed)?;
    let (digest, bytes) = tokio::task::spawn_blocking(move || (hex::encode(Sha256::digest(&bytes)), bytes))
        .await
        .map_err(|error| GetError::Store(object_store::Error::JoinError { source: error }))?;
    if digest != request.sha256 {
        return Err(changed("its SHA-256 differs"));
    }
    Ok(bytes)
}

/// Writes a small object.
pub(crate) async fn put(
    objects: &dyn ObjectStore,
    path: &str,
    bytes: impl Into<PutPayload>,
) -> object_store::Result<()> {
    objects.put(&ObjectPath::from(path), bytes.into()).await.map(|_| ())
}

/// Reads a small object, if it is there.
pub(crate) async fn get(objects: &dyn ObjectStore, path: &str) -> object_store::Result<Option<Bytes>> {
    match objects.get(&ObjectPath::from(path)).await {
        Ok(found) => Ok(Some(found.bytes().await?)),
        Err(object_store::Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn without_an_endpoint_files_lie_in_the_data_directory() {
        let settings = ObjectSettings::read(Path::new("/data"), |_| None).expect("complete");
        assert_eq!(settings, ObjectSettings::Local(PathBuf::from("/data/objects")));
        let half = ObjectSettings::read(Path::new("/data"), |name| {
            (name == "MINIO_ENDPOINT").then(|| "h:9000".into())
        });
        assert!(matches!(half, Err(ObjectsError::Missing("MINIO_BUCKET"))));
        let whole =
            ObjectSettings::read(Path::new("/data"), |name| Some(name.to_lowercase())).expect("complete");
        assert!(open(&whole).is_ok());
        assert!(!format!("{whole:?}").contains("minio_secret_key"));
    }

    #[tokio::test]
    async fn a_file_that_changed_is_not_taken_out() {
        let directory = tempfile::tempdir().expect("directory");
        let objects = open(&ObjectSettings::Local(directory.path().join("objects"))).expect("store");
        let bytes = futures::stream::iter([Ok(Bytes::from_static(b"abc"))]);
        let stored = put_import(objects.as_ref(), "a b.json", bytes).await.expect("stored");
        let request = ImportRequest {
            job: aegis_aggregates::ids::JobId(Uuid::nil()),
            object_key: stored.object_key.clone(),
            file_name: stored.file_name.clone(),
            sha256: stored.sha256.clone(),
            size_bytes: stored.size_bytes,
        };
        assert_eq!(get_import(objects.as_ref(), &request).await.expect("there"), "abc");
        put(objects.as_ref(), &stored.object_key, "abd").await.expect("written");
        assert!(matches!(get_import(objects.as_ref(), &request).await, Err(GetError::Changed { .. })));
        objects.delete(&ObjectPath::from(stored.object_key.as_str())).await.expect("deleted");
        assert!(matches!(get_import(objects.as_ref(), &request).await, Err(GetError::Missing(_))));
        let nothing = futures::stream::iter(Vec::<std::io::Result<Bytes>>::new());
        assert!(matches!(put_import(objects.as_ref(), "x", nothing).await, Err(PutError::Empty)));
    }
}
