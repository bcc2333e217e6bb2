//! A file as it passes by: counted, hashed, looked at, and held against its announcement.

use super::{Announced, ReceiveError};
use crate::content::Inspector;
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use sha2::{Digest, Sha256};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

/// What goes on at a time: ten files on their way to S3 take little memory.
const PIECE_BYTES: usize = 64 * 1024;

/// What was found wrong with a file while it passed.
#[derive(Clone, Default)]
pub(super) struct Verdict(Arc<Mutex<Option<ReceiveError>>>);

impl Verdict {
    /// Keeps what was found first: what follows, follows from it.
    pub(super) fn refuse(&self, error: ReceiveError) -> io::Error {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        io::Error::other("the file is not as announced")
    }

    pub(super) fn take(&self) -> Option<ReceiveError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

struct Check {
    announced: Announced,
    inspector: Inspector,
    bytes: BoxStream<'static, io::Result<Bytes>>,
    verdict: Verdict,
    hash: Sha256,
    received: u64,
    /// What came and has not gone on: a part of the buffer that the connection reads into, which takes another
    /// while this one is held on to. So no more is asked for before this is empty.
    arrived: Bytes,
    /// The last piece that came: it goes on when the next one has, or when all is well.
    held: Option<Bytes>,
    ended: bool,
}

/// Lets a file pass, all but its last piece, which only follows when everything is as announced.
pub(super) fn checked(
    announced: Announced,
    inspector: Inspector,
    bytes: BoxStream<'static, io::Result<Bytes>>,
    verdict: Verdict,
) -> BoxStream<'static, io::Result<Bytes>> {
    let check = Check {
        announced,
        inspector,
        bytes,
        verdict,
        hash: Sha256::new(),
        received: 0,
        arrived: Bytes::new(),
        held: None,
        ended: false,
    };
    futures::stream::try_unfold(check, |mut check| async move {
        loop {
            if check.ended {
                return Ok(None);
            }
            if let Some(piece) = check.next().await? {
                return Ok(Some((piece, check)));
            }
        }
    })
    .boxed()
}

impl Check {
    /// The piece that may go on now, if one may.
    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        if !self.arrived.is_empty() {
            let piece = self.arrived.split_to(self.arrived.len().min(PIECE_BYTES));
            return Ok(self.held.replace(Bytes::copy_from_slice(&piece)));
        }
        let size = self.announced.size_bytes;
        match self.bytes.next().await {
            Some(Ok(piece)) if piece.is_empty() => Ok(None),
            Some(Ok(piece)) => {
                self.received += piece.len() as u64;
                if self.received > size {
                    return Err(self.verdict.refuse(ReceiveError::TooLong { announced: size }));
                }
                self.hash.update(&piece);
                self.inspector.pass(&piece);
                self.arrived = piece;
                Ok(None)
            }
            Some(Err(_)) => Err(self.broke_off()),
            None if self.received < size => Err(self.broke_off()),
            None => {
                self.ended = true;
                let found = hex::encode(std::mem::take(&mut self.hash).finalize());
                if let Err(wrong) = self.inspector.judge() {
                    return Err(self.verdict.refuse(wrong.into()));
                }
                if found != self.announced.sha256 {
                    let announced = self.announced.sha256.clone();
                    return Err(self.verdict.refuse(ReceiveError::OtherDigest { announced, found }));
                }
                Ok(self.held.take())
            }
        }
    }

    fn broke_off(&self) -> io::Error {
        let (received, announced) = (self.received, self.announced.size_bytes);
        self.verdict.refuse(ReceiveError::BrokeOff { received, announced })
    }
}
