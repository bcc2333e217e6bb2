//! The object store: uploaded files and the tiles of the ledger's tree, on the
//! local disk or in S3.
//!
//! Left out on purpose: who may read what (links are the API's business) and
//! making buckets (S3 is set up by whoever runs it).

mod imports;

pub use imports::{GetError, PutError, StoredImport, clean_name, get_import, put_import};

use bytes::Bytes;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, RetryConfig};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The largest file taken in: 256 MiB.
pub const MAX_OBJECT_BYTES: u64 = crate::import::archive::MAX_PACKED_BYTES;
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
}
