//! Files that browsers put straight into S3: with which link, how they are taken over from where it
//! leads, and what becomes of those that nobody takes over.

use super::check::{Verdict, checked};
use super::{Announced, ReceiveError};
use crate::Objects;
use crate::content::{Inspector, kind_of};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt};
use object_store::ObjectStoreExt;
use object_store::path::Path;
use object_store::signer::{HeaderName, HeaderValue, Method, SignedUrlOptions};
use std::io;
use std::time::Duration;

/// Where browsers put files before they are looked at.
const INCOMING: &str = "incoming";
/// Says what digest S3 must find.
const CHECKSUM: &str = "x-amz-checksum-sha256";
/// Files looked at in one round of [`Objects::remove_strays`] at most.
const STRAYS_LISTED: usize = 10_000;

/// A link with which a browser puts a file into the store itself.
#[derive(Debug, Clone)]
pub struct DirectLink {
    /// Where to; it carries its own permission.
    pub url: String,
    /// What must be sent with it.
    pub headers: Vec<(String, String)>,
}

impl Objects {
    /// A link with which a browser puts the announced file, of that digest and no other, beside the
    /// store's other files; [`Objects::accept`] takes it from there. `None` where the store makes no
    /// links. It cannot say how many bytes may come, since `object_store` signs no length: a file that
    /// was announced shorter than it is gets in, as large as the store takes one, and goes when it is
    /// confirmed, or after a day.
    ///
    /// # Errors
    /// Signing failed.
    pub async fn direct_upload(
        &self,
        announced: &Announced,
        valid: Duration,
    ) -> Result<Option<DirectLink>, ReceiveError> {
        let Some(s3) = &self.s3 else {
            return Ok(None);
        };
        // No link rather than one that binds nothing.
        let Some(digest) = checksum(&announced.sha256) else {
            return Ok(None);
        };
        let Ok(value) = HeaderValue::from_str(&digest) else {
            return Ok(None);
        };
        let options =
            SignedUrlOptions::default().with_signed_header(HeaderName::from_static(CHECKSUM), value);
        let url = s3.public.signed_url_opts(Method::PUT, &incoming(&announced.key), valid, &options).await?;
        let headers = vec![(CHECKSUM.to_owned(), digest)];
        Ok(Some(DirectLink { url: url.to_string(), headers }))
    }

    /// Takes over what a browser has put: moves it where no link of the browser leads, and looks at
    /// every byte there. What an interrupted call had moved is looked at again. Whoever calls sees to it
    /// that nobody else does for the same file, and that no event names it yet.
    ///
    /// # Errors
    /// [`ReceiveError`]; where the file is wrong nothing is left of it, where the store failed
    /// ([`ReceiveError::Store`]) everything stays and another call may succeed.
    pub async fn accept(&self, announced: &Announced) -> Result<&'static str, ReceiveError> {
        let kind = kind_of(&announced.file_name)?;
        let (from, to) = (incoming(&announced.key), Path::from(announced.key.as_str()));
        match self.store.head(&from).await {
            Ok(meta) => match other_size(meta.size, announced) {
                Some(wrong) => {
                    self.remove(&announced.key).await?;
                    return Err(wrong);
                }
                None => self.store.copy(&from, &to).await?,
            },
            Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let verdict = Verdict::default();
        let found = match self.store.get(&to).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Err(ReceiveError::Missing),
            Err(error) => return Err(error.into()),
        };
        if let Some(wrong) = other_size(found.meta.size, announced) {
            self.remove(&announced.key).await?;
            return Err(wrong);
        }
        let store_failed = verdict.clone();
        let bytes = found.into_stream().map_err(move |error| store_failed.refuse(error.into())).boxed();
        let mut checked = checked(announced.clone(), Inspector::new(kind), bytes, verdict.clone());
        while let Some(Ok(_)) = checked.next().await {}
        match verdict.take() {
            None => {}
            Some(ReceiveError::Store(error)) => return Err(ReceiveError::Store(error)),
            // It has as many bytes as announced, so it is the store that ended early.
            Some(ReceiveError::BrokeOff { .. }) => {
                return Err(ReceiveError::Disk(io::ErrorKind::UnexpectedEof.into()));
            }
            Some(wrong) => {
                self.remove(&announced.key).await?;
                return Err(wrong);
            }
        }
        self.remove_at(&from).await?;
        Ok(kind.media_type)
    }

    /// Removes files that browsers put before an instant and that nobody took over, whatever else is known
    /// of them: at most `limit`, among the first 10,000 in the order of their names. Says how many.
    ///
    /// # Errors
    /// The store failed.
    pub async fn remove_strays(
        &self,
        before: DateTime<Utc>,
        limit: usize,
    ) -> Result<usize, object_store::Error> {
        let prefix = Path::from(INCOMING);
        let listed = self.store.list(Some(&prefix)).take(STRAYS_LISTED);
        let old = listed.try_filter(|file| std::future::ready(file.last_modified < before));
        let old: Vec<_> = old.take(limit).try_collect().await?;
        for file in &old {
            self.remove_at(&file.location).await?;
        }
        Ok(old.len())
    }
}

/// The SHA-256 as S3 wants it; `None` where it is none.
fn checksum(sha256: &str) -> Option<String> {
    hex::decode(sha256).ok().filter(|digest| digest.len() == 32).map(|digest| STANDARD.encode(digest))
}

fn other_size(found: u64, announced: &Announced) -> Option<ReceiveError> {
    let size = announced.size_bytes;
    match found.cmp(&size) {
        std::cmp::Ordering::Less => Some(ReceiveError::BrokeOff { received: found, announced: size }),
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(ReceiveError::TooLong { announced: size }),
    }
}

/// Where a browser puts what will be under a key.
pub(super) fn incoming(key: &str) -> Path {
    Path::from(format!("{INCOMING}/{}", key.rsplit('/').next().unwrap_or(key)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::stream::BoxStream;
    use object_store::memory::InMemory;
    use object_store::{
        CopyOptions, GetOptions, GetResult, GetResultPayload, ListResult, MultipartUpload, ObjectMeta,
        ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result as ObjectResult,
    };
    use sha2::{Digest, Sha256};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    const TEXT: &[u8] = b"some lines of a log\n";

    /// A store that reads the first half of a file and then fails, or ends, while it is told to.
    #[derive(Debug, Default)]
    struct Flaky {
        inner: InMemory,
        fails: AtomicBool,
        ends: AtomicBool,
    }

    impl std::fmt::Display for Flaky {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("flaky")
        }
    }

    #[async_trait::async_trait]
    impl ObjectStore for Flaky {
        async fn put_opts(&self, path: &Path, bytes: PutPayload, how: PutOptions) -> ObjectResult<PutResult> {
            self.inner.put_opts(path, bytes, how).await
        }
        async fn put_multipart_opts(
            &self,
            path: &Path,
            how: PutMultipartOptions,
        ) -> ObjectResult<Box<dyn MultipartUpload>> {
            self.inner.put_multipart_opts(path, how).await
        }
        async fn get_opts(&self, path: &Path, how: GetOptions) -> ObjectResult<GetResult> {
            let head = how.head;
            let mut found = self.inner.get_opts(path, how).await?;
            let (fails, ends) = (self.fails.load(Ordering::SeqCst), self.ends.load(Ordering::SeqCst));
            if !head && (fails || ends) {
                let half = Ok(bytes::Bytes::from_static(&TEXT[..10]));
                let broken = object_store::Error::Generic { store: "flaky", source: "reset".into() };
                let rest = fails.then_some(Err(broken));
                let pieces = futures::stream::iter([half].into_iter().chain(rest));
                found.payload = GetResultPayload::Stream(pieces.boxed());
            }
            Ok(found)
        }
        fn delete_stream(
            &self,
            paths: BoxStream<'static, ObjectResult<Path>>,
        ) -> BoxStream<'static, ObjectResult<Path>> {
            self.inner.delete_stream(paths)
        }
        fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, ObjectResult<ObjectMeta>> {
            self.inner.list(prefix)
        }
        async fn list_with_delimiter(&self, prefix: Option<&Path>) -> ObjectResult<ListResult> {
            self.inner.list_with_delimiter(prefix).await
        }
        async fn copy_opts(&self, from: &Path, to: &Path, how: CopyOptions) -> ObjectResult<()> {
            self.inner.copy_opts(from, to, how).await
        }
    }

    fn announced() -> Announced {
        Announced {
            key: "evidence/1".to_owned(),
            file_name: "a.txt".to_owned(),
            size_bytes: TEXT.len() as u64,
            sha256: hex::encode(Sha256::digest(TEXT)),
        }
    }

    async fn put(objects: &Objects, path: &str, bytes: &'static [u8]) {
        crate::put(objects.store().as_ref(), path, bytes).await.expect("put");
    }

    #[tokio::test]
    async fn a_store_that_fails_while_a_file_is_looked_at_loses_nothing() {
        let store = Arc::new(Flaky::default());
        let objects = Objects::over(Arc::clone(&store) as Arc<dyn ObjectStore>);
        put(&objects, "incoming/1", TEXT).await;
        store.fails.store(true, Ordering::SeqCst);
        let error = objects.accept(&announced()).await.expect_err("it failed");
        assert!(matches!(error, ReceiveError::Store(_)), "{error}");
        store.fails.store(false, Ordering::SeqCst);
        store.ends.store(true, Ordering::SeqCst);
        let error = objects.accept(&announced()).await.expect_err("it ended early");
        assert!(matches!(error, ReceiveError::Disk(_)), "{error}");
        store.ends.store(false, Ordering::SeqCst);
        for key in ["evidence/1", "incoming/1"] {
            assert!(objects.has(key).await.expect("an answer"), "{key}");
        }
        assert_eq!(objects.accept(&announced()).await.expect("taken"), "text/plain");
        assert!(objects.has("evidence/1").await.expect("an answer"));
        assert!(!objects.has("incoming/1").await.expect("an answer"));
        // A process that was killed after that asks again.
        assert_eq!(objects.accept(&announced()).await.expect("still there"), "text/plain");
    }

    #[tokio::test]
    async fn a_file_that_is_not_as_announced_goes_from_both_places() {
        let objects = Objects::over(Arc::new(InMemory::new()));
        assert!(matches!(objects.accept(&announced()).await, Err(ReceiveError::Missing)));
        for (put_there, why) in [
            (&TEXT[..10], "broke off"),
            (b"some lines of a log\n!", "more than"),
            (b"other lines of a lo\n", "SHA-256"),
        ] {
            for place in ["incoming/1", "evidence/1"] {
                put(&objects, place, put_there).await;
                let error = objects.accept(&announced()).await.expect_err(why);
                assert!(error.to_string().contains(why), "{error}");
                for key in ["evidence/1", "incoming/1"] {
                    assert!(!objects.has(key).await.expect("an answer"), "{key}");
                }
            }
        }
    }

    #[tokio::test]
    async fn what_nobody_took_over_goes_by_its_age_a_few_at_a_time() {
        let objects = Objects::over(Arc::new(InMemory::new()));
        for number in 0..5 {
            put(&objects, &format!("incoming/{number}"), TEXT).await;
        }
        put(&objects, "evidence/1", TEXT).await;
        let (before, after) = (DateTime::UNIX_EPOCH, DateTime::<Utc>::MAX_UTC);
        assert_eq!(objects.remove_strays(before, 3).await.expect("listed"), 0);
        for removed in [3, 2, 0] {
            assert_eq!(objects.remove_strays(after, 3).await.expect("removed"), removed);
        }
        assert!(objects.has("evidence/1").await.expect("an answer"));
    }

    #[test]
    fn a_link_binds_a_whole_digest_or_is_not_made() {
        assert_eq!(checksum(&"00".repeat(32)), Some(format!("{}=", "A".repeat(43))));
        for wrong in ["", "zz", &"00".repeat(31), &"0".repeat(63)] {
            assert_eq!(checksum(wrong), None, "{wrong}");
        }
    }
}
