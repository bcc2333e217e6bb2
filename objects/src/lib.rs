//! Files: on the local disk, or in a bucket of an S3 server.
//!
//! [`open`] gives the store that the settings name. `imports` brings files in
//! that are to be imported, `evidence` what red and blue have to show, with
//! `content` deciding what a file is. Whoever may do any of that is decided
//! elsewhere; making buckets is the business of whoever runs the S3 server.

pub mod content;
pub mod evidence;
mod imports;

pub use imports::{ENDED_KEPT_DAYS, GetError, PutError, StoredImport, clean_name, get_import, put_import};
pub use object_store::ObjectStore;

use bytes::Bytes;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::signer::Signer;
use object_store::{ObjectStoreExt, PutPayload, RetryConfig};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The largest file taken in: 256 MiB.
pub const MAX_OBJECT_BYTES: u64 = 256 * 1024 * 1024;
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
        /// Where browsers reach the same bucket, as a URL, if not at `endpoint`.
        public_endpoint: Option<String>,
    },
}

/// The store, and what can be done with it beside reading and writing.
#[derive(Clone)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
    /// Where files lie on this machine, if they do.
    directory: Option<PathBuf>,
    s3: Option<Arc<S3>>,
}

/// What an S3 server adds: links that carry their own permission.
struct S3 {
    /// Signs links for ourselves.
    own: Arc<dyn Signer>,
    /// Signs links for browsers.
    public: Arc<dyn Signer>,
    /// Where browsers go with them: scheme, host and port.
    origin: String,
    http: reqwest::Client,
}

impl Objects {
    /// Files over any store, which makes no links.
    pub fn over(store: Arc<dyn ObjectStore>) -> Self {
        Self { store, directory: None, s3: None }
    }

    /// The store itself.
    pub fn store(&self) -> &Arc<dyn ObjectStore> {
        &self.store
    }

    /// Where links for browsers lead, if the store makes such links: `https://s3.example.com`.
    pub fn direct_origin(&self) -> Option<&str> {
        self.s3.as_ref().map(|s3| s3.origin.as_str())
    }
}

impl std::fmt::Debug for Objects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Objects").field("direct", &self.direct_origin()).finish_non_exhaustive()
    }
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
    /// Nothing can be sent.
    #[error("the client of the object store cannot be made")]
    Http(#[source] reqwest::Error),
}

impl ObjectSettings {
    /// Reads `MINIO_ENDPOINT`, `MINIO_ACCESS_KEY`, `MINIO_SECRET_KEY`,
    /// `MINIO_BUCKET`, `MINIO_SECURE` and `MINIO_PUBLIC_ENDPOINT` through
    /// `setting`; without an endpoint it is the directory `objects` of the data
    /// directory.
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
            public_endpoint: setting("MINIO_PUBLIC_ENDPOINT"),
        })
    }
}

/// Opens the store; a local directory is made, readable by its owner only.
///
/// # Errors
/// [`ObjectsError`].
pub fn open(settings: &ObjectSettings) -> Result<Objects, ObjectsError> {
    match settings {
        ObjectSettings::Local(directory) => {
            make_private(directory)
                .map_err(|source| ObjectsError::Directory { path: directory.clone(), source })?;
            let store = LocalFileSystem::new_with_prefix(directory)?.with_automatic_cleanup(true);
            Ok(Objects { store: Arc::new(store), directory: Some(directory.clone()), s3: None })
        }
        ObjectSettings::S3 { endpoint, secure, public_endpoint, .. } => {
            let scheme = if *secure { "https" } else { "http" };
            let url = |endpoint: &str| {
                let url = if endpoint.contains("://") {
                    endpoint.to_owned()
                } else {
                    format!("{scheme}://{endpoint}")
                };
                url.trim_end_matches('/').to_owned()
            };
            let own = url(endpoint);
            let origin = public_endpoint.as_deref().map_or_else(|| own.clone(), url);
            let store = Arc::new(s3_at(settings, &own)?);
            let public = Arc::new(s3_at(settings, &origin)?);
            let http = reqwest::Client::builder().build().map_err(ObjectsError::Http)?;
            let s3 = S3 { own: Arc::clone(&store) as Arc<dyn Signer>, public, origin, http };
            Ok(Objects { store, directory: None, s3: Some(Arc::new(s3)) })
        }
    }
}

fn s3_at(settings: &ObjectSettings, url: &str) -> Result<object_store::aws::AmazonS3, ObjectsError> {
    let ObjectSettings::S3 { bucket, access_key, secret_key, .. } = settings else {
        return Err(ObjectsError::Missing("MINIO_BUCKET"));
    };
    let retries =
        RetryConfig { max_retries: S3_RETRIES, retry_timeout: S3_PATIENCE, ..RetryConfig::default() };
    Ok(AmazonS3Builder::new()
        .with_allow_http(url.starts_with("http://"))
        .with_endpoint(url)
        .with_retry(retries)
        .with_virtual_hosted_style_request(false)
        .with_region("us-east-1")
        .with_bucket_name(bucket)
        .with_access_key_id(access_key)
        .with_secret_access_key(secret_key)
        .build()?)
}

fn make_private(directory: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)
}

/// Writes a small object.
///
/// # Errors
/// The store failed.
pub async fn put(
    objects: &dyn ObjectStore,
    path: &str,
    bytes: impl Into<PutPayload>,
) -> object_store::Result<()> {
    objects.put(&ObjectPath::from(path), bytes.into()).await.map(|_| ())
}

/// Reads a small object, if it is there.
///
/// # Errors
/// The store failed.
pub async fn get(objects: &dyn ObjectStore, path: &str) -> object_store::Result<Option<Bytes>> {
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
