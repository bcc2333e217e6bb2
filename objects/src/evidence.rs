//! Bringing files of evidence in, looking at them again, and handing them out.
//!
//! A file is announced with its size and its digest. Its bytes pass through
//! here in small pieces and become an object only when the last of them has
//! shown that all is as announced: what breaks off, is too long or turns out
//! to be something else leaves nothing behind. To S3 they go as one request of
//! that length, whose last piece is held back until then, so that no part of a
//! file waits in memory.

mod check;
mod direct;

pub use direct::DirectLink;

use crate::Objects;
use crate::content::{ContentError, Inspector, kind_of};
use bytes::Bytes;
use check::{Verdict, checked};
use direct::incoming;
use futures::stream::BoxStream;
use futures::{Stream, StreamExt};
use object_store::path::Path;
use object_store::signer::Method;
use object_store::{ObjectStoreExt, WriteMultipart};
use sha2::{Digest, Sha256};
use std::io;
use std::time::Duration;

/// Where files of evidence are.
pub const PREFIX: &str = "evidence";
/// What is written to a local file at a time.
const PART_BYTES: usize = 256 * 1024;
/// Parts of a local file on their way at the same time.
const PARTS_AT_ONCE: usize = 2;
/// Attempts at one local file whose remains are looked for.
const PIECES_LEFT: u32 = 20;
/// How long our own request to S3 may last.
const REQUEST_LIMIT: Duration = Duration::from_secs(600);

/// A file that is to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// Where it will be: [`PREFIX`], then an id.
    pub key: String,
    /// Its name, which says its kind.
    pub file_name: String,
    /// How many bytes it has.
    pub size_bytes: u64,
    /// The SHA-256 of them, hex.
    pub sha256: String,
}

/// A file did not come in.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// Its source gave up in the middle.
    #[error("the upload broke off after {received} of {announced} bytes; nothing was kept")]
    BrokeOff {
        /// What came.
        received: u64,
        /// What was to come.
        announced: u64,
    },
    /// There is more of it.
    #[error("the file has more than the {announced} bytes that were announced; nothing was kept")]
    TooLong {
        /// What was to come.
        announced: u64,
    },
    /// It is another file.
    #[error("the file has the SHA-256 {found}, not {announced} as announced; nothing was kept")]
    OtherDigest {
        /// What was to come.
        announced: String,
        /// What came.
        found: String,
    },
    /// It is of no kind that is taken in, or not of the kind that its name says.
    #[error("{0}; nothing was kept")]
    Content(#[from] ContentError),
    /// It has not come at all.
    #[error("the file has not been uploaded yet")]
    Missing,
    /// The store failed.
    #[error("the object store failed")]
    Store(#[from] object_store::Error),
    /// S3 took it not.
    #[error("the object store answered {status}")]
    Refused {
        /// The status of its answer.
        status: u16,
    },
    /// S3 could not be reached.
    #[error("the object store could not be reached")]
    Http(#[from] reqwest::Error),
    /// The disk failed.
    #[error("the file could not be made durable")]
    Disk(#[from] io::Error),
}

/// A file being handed out.
pub struct Download {
    /// How many bytes it has.
    pub size_bytes: u64,
    /// They.
    pub bytes: BoxStream<'static, object_store::Result<Bytes>>,
}

impl Objects {
    /// Takes a file in, piece by piece. Whoever calls sees to it that nobody else does for the same file:
    /// what an earlier call left half written is removed first.
    ///
    /// # Errors
    /// [`ReceiveError`]; then there is no such object.
    pub async fn receive(
        &self,
        announced: &Announced,
        bytes: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Result<&'static str, ReceiveError> {
        let kind = kind_of(&announced.file_name)?;
        let verdict = Verdict::default();
        let checked = checked(announced.clone(), Inspector::new(kind), bytes.boxed(), verdict.clone());
        let stored = match &self.s3 {
            Some(s3) => {
                let path = Path::from(announced.key.as_str());
                let url = s3.own.signed_url(Method::PUT, &path, REQUEST_LIMIT).await?;
                let request = s3
                    .http
                    .put(url)
                    .header("content-length", announced.size_bytes)
                    .timeout(REQUEST_LIMIT)
                    .body(reqwest::Body::wrap_stream(checked));
                let answer = request.send().await;
                match answer {
                    Ok(answer) if answer.status().is_success() => Ok(()),
                    Ok(answer) => Err(ReceiveError::Refused { status: answer.status().as_u16() }),
                    Err(error) => Err(ReceiveError::Http(error)),
                }
            }
            None => self.write_local(&announced.key, checked).await,
        };
        // What was found wrong with the file is why the store got only a part of it.
        match verdict.take() {
            Some(wrong) => Err(wrong),
            None => stored.map(|()| kind.media_type),
        }
    }

    async fn write_local(
        &self,
        key: &str,
        mut bytes: BoxStream<'static, io::Result<Bytes>>,
    ) -> Result<(), ReceiveError> {
        self.remove_pieces(key).await;
        let upload = self.store.put_multipart(&Path::from(key)).await?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, PART_BYTES);
        while let Some(piece) = bytes.next().await {
            let written = match piece {
                Ok(piece) => {
                    upload.write(&piece);
                    upload.wait_for_capacity(PARTS_AT_ONCE).await.map_err(ReceiveError::Store)
                }
                Err(error) => Err(ReceiveError::Disk(error)),
            };
            if let Err(error) = written {
                upload.abort().await?;
                return Err(error);
            }
        }
        upload.finish().await?;
        self.make_durable(key).await?;
        Ok(())
    }

    /// An event that names a file must not outlive it in a power cut.
    async fn make_durable(&self, key: &str) -> io::Result<()> {
        let Some(directory) = &self.directory else {
            return Ok(());
        };
        let path = directory.join(key);
        tokio::task::spawn_blocking(move || {
            std::fs::File::open(&path)?.sync_all()?;
            path.parent().map_or(Ok(()), |parent| std::fs::File::open(parent)?.sync_all())
        })
        .await
        .map_err(io::Error::other)?
    }

    /// Whether a file is there.
    ///
    /// # Errors
    /// The store failed.
    pub async fn has(&self, key: &str) -> Result<bool, object_store::Error> {
        match self.store.head(&Path::from(key)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// A file as it is in the store; `None` where it is not.
    ///
    /// # Errors
    /// The store failed.
    pub async fn download(&self, key: &str) -> Result<Option<Download>, object_store::Error> {
        match self.store.get(&Path::from(key)).await {
            Ok(found) => Ok(Some(Download { size_bytes: found.meta.size, bytes: found.into_stream() })),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The SHA-256 (hex) and the size of what the store has under a key; `None` where there is nothing.
    ///
    /// # Errors
    /// The store failed.
    pub async fn digest(&self, key: &str) -> Result<Option<(String, u64)>, object_store::Error> {
        let Some(mut file) = self.download(key).await? else {
            return Ok(None);
        };
        let (mut hash, mut size) = (Sha256::new(), 0);
        while let Some(piece) = file.bytes.next().await {
            let piece = piece?;
            size += piece.len() as u64;
            hash.update(&piece);
        }
        Ok(Some((hex::encode(hash.finalize()), size)))
    }

    /// Removes a file, and what a browser may have put on its way there; it need not be there.
    ///
    /// # Errors
    /// The store failed.
    pub async fn remove(&self, key: &str) -> Result<(), object_store::Error> {
        for path in [Path::from(key), incoming(key)] {
            self.remove_at(&path).await?;
        }
        self.remove_pieces(key).await;
        Ok(())
    }

    async fn remove_at(&self, path: &Path) -> Result<(), object_store::Error> {
        match self.store.delete(path).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// A process killed in the middle of a local file leaves what it had written beside the name.
    async fn remove_pieces(&self, key: &str) {
        let Some(path) = self.directory.as_ref().map(|directory| directory.join(key)) else {
            return;
        };
        let pieces = (1..=PIECES_LEFT).map(|number| {
            let mut piece = path.clone().into_os_string();
            piece.push(format!("#{number}"));
            piece
        });
        for piece in pieces {
            // One that is not there is what is wanted.
            let _ = tokio::fs::remove_file(piece).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ObjectSettings, open};

    fn announced(bytes: &[u8]) -> Announced {
        Announced {
            key: "evidence/1".to_owned(),
            file_name: "a.txt".to_owned(),
            size_bytes: bytes.len() as u64,
            sha256: hex::encode(Sha256::digest(bytes)),
        }
    }

    fn pieces(bytes: &'static [u8], size: usize) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
        futures::stream::iter(bytes.chunks(size).map(|piece| Ok(Bytes::from_static(piece))))
    }

    fn broken(bytes: &'static [u8]) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
        pieces(bytes, 3).chain(futures::stream::iter([Err(io::Error::other("gone"))]))
    }

    #[tokio::test]
    async fn what_is_not_as_announced_leaves_nothing_behind() {
        let directory = tempfile::tempdir().expect("a directory");
        let objects = open(&ObjectSettings::Local(directory.path().join("objects"))).expect("a store");
        let text: &[u8] = b"some lines of a log\n";
        let right = announced(text);
        let other = Announced { sha256: "0".repeat(64), ..right.clone() };
        let shorter = Announced { size_bytes: 5, ..right.clone() };
        let longer = Announced { size_bytes: 50, ..right.clone() };
        let image = Announced { file_name: "a.png".to_owned(), ..right.clone() };
        let script = Announced { file_name: "a.exe".to_owned(), ..right.clone() };
        for (wrong, why) in [
            (&other, "SHA-256"),
            (&shorter, "more than"),
            (&longer, "broke off"),
            (&image, "image/png"),
            (&script, "a.exe"),
        ] {
            let error = objects.receive(wrong, pieces(text, 7)).await.expect_err(why);
            assert!(error.to_string().contains(why), "{error}");
        }
        let error = objects.receive(&right, broken(text)).await.expect_err("broken");
        assert!(matches!(error, ReceiveError::BrokeOff { received: 20, announced: 20 }), "{error}");
        assert!(!objects.has("evidence/1").await.expect("an answer"));
        let left: Vec<_> = std::fs::read_dir(directory.path().join("objects"))
            .expect("a directory")
            .flat_map(|entry| std::fs::read_dir(entry.expect("an entry").path()).expect("a directory"))
            .collect();
        assert!(left.is_empty(), "{left:?}");
        assert_eq!(objects.receive(&right, pieces(text, 7)).await.expect("taken"), "text/plain");
        let found = objects.digest("evidence/1").await.expect("an answer");
        assert_eq!(found, Some((right.sha256.clone(), 20)));
        objects.remove("evidence/1").await.expect("removed");
        objects.remove("evidence/1").await.expect("still removed");
        assert_eq!(objects.digest("evidence/1").await.expect("an answer"), None);
        assert!(objects.direct_upload(&right, Duration::from_secs(1)).await.expect("no error").is_none());
    }
}
