//! The bytes of one ledger entry. The same expression is in the SQL function that seals events.

use super::tree::Hash;
use sha2::{Digest, Sha256};

/// The domain separator of a leaf: RFC 6962, section 2.1.
const LEAF_PREFIX: u8 = 0x00;

/// One sealed event as stored. Its entry bytes are, in this order:
///
/// - `position`, `sealed_at_us`, `event_id`, `sequence`, `recorded_at_us`: 8 bytes each, two's complement, big-endian
///   (`int8send`); instants are microseconds since 1970-01-01 UTC;
/// - `aggregate_type`, `aggregate_id`, `event_type`, `event_version`, `payload`, `metadata`: a length in bytes as
///   4 bytes big-endian, then the UTF-8 text.
///
/// `payload` and `metadata` are the stored text (`payload::text`), never a re-serialised one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerLeaf<'a> {
    /// The place in the ledger, from 1.
    pub position: i64,
    /// When the sequencer gave the position, in microseconds since 1970-01-01 UTC.
    pub sealed_at_us: i64,
    /// The identity of the row in `events`.
    pub event_id: i64,
    /// The place of the event within its aggregate.
    pub sequence: i64,
    /// When the row was written, in microseconds since 1970-01-01 UTC.
    pub recorded_at_us: i64,
    /// The kind of aggregate.
    pub aggregate_type: &'a str,
    /// The aggregate.
    pub aggregate_id: &'a str,
    /// The kind of event.
    pub event_type: &'a str,
    /// The version of that kind.
    pub event_version: &'a str,
    /// The stored text of the payload, to the byte.
    pub payload: &'a str,
    /// The stored text of the metadata, to the byte.
    pub metadata: &'a str,
}

/// Why bytes are not a ledger entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LeafError {
    /// The bytes end inside a field.
    #[error("the entry ends inside {0}")]
    Truncated(&'static str),
    /// A text field holds other bytes.
    #[error("{0} is not UTF-8")]
    NotUtf8(&'static str),
    /// Bytes follow the last field.
    #[error("{0} bytes follow the last field")]
    TrailingBytes(usize),
}

impl<'a> LedgerLeaf<'a> {
    /// Gives the entry bytes described above: the "leaf entry" of RFC 6962, without its prefix.
    ///
    /// # Panics
    /// When a text is 4 GiB or longer; PostgreSQL holds none above 1 GiB.
    pub fn entry(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.each_part(|part| bytes.extend_from_slice(part));
        bytes
    }

    /// Gives what is hashed: the byte `0x00`, then the entry.
    ///
    /// # Panics
    /// As [`Self::entry`].
    pub fn preimage(&self) -> Vec<u8> {
        let mut bytes = vec![LEAF_PREFIX];
        self.each_part(|part| bytes.extend_from_slice(part));
        bytes
    }

    /// Gives the SHA-256 of the preimage: the leaf hash of RFC 6962, section 2.1.
    ///
    /// # Panics
    /// As [`Self::entry`].
    pub fn leaf_hash(&self) -> Hash {
        let mut hasher = Sha256::new_with_prefix([LEAF_PREFIX]);
        self.each_part(|part| hasher.update(part));
        hasher.finalize().into()
    }

    /// Reads entry bytes back. Every leaf has exactly one encoding, so what is accepted encodes to the same bytes.
    pub fn parse(entry: &'a [u8]) -> Result<Self, LeafError> {
        let mut fields = Fields(entry);
        let leaf = Self {
            position: fields.number("position")?,
            sealed_at_us: fields.number("sealed_at")?,
            event_id: fields.number("event_id")?,
            sequence: fields.number("sequence")?,
            recorded_at_us: fields.number("recorded_at")?,
            aggregate_type: fields.text("aggregate_type")?,
            aggregate_id: fields.text("aggregate_id")?,
            event_type: fields.text("event_type")?,
            event_version: fields.text("event_version")?,
            payload: fields.text("payload")?,
            metadata: fields.text("metadata")?,
        };
        match fields.0.len() {
            0 => Ok(leaf),
            rest => Err(LeafError::TrailingBytes(rest)),
        }
    }

    fn each_part(&self, mut write: impl FnMut(&[u8])) {
        let numbers = [self.position, self.sealed_at_us, self.event_id, self.sequence, self.recorded_at_us];
        for number in numbers {
            write(&number.to_be_bytes());
        }
        let texts = [
            self.aggregate_type,
            self.aggregate_id,
            self.event_type,
            self.event_version,
            self.payload,
            self.metadata,
        ];
        for text in texts {
            let length = u32::try_from(text.len()).expect("PostgreSQL holds no text above 1 GiB");
            write(&length.to_be_bytes());
            write(text.as_bytes());
        }
    }
}

struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn chunk<const N: usize>(&mut self, name: &'static str) -> Result<[u8; N], LeafError> {
        let (head, tail) = self.0.split_first_chunk().ok_or(LeafError::Truncated(name))?;
        self.0 = tail;
        Ok(*head)
    }

    fn number(&mut self, name: &'static str) -> Result<i64, LeafError> {
        self.chunk(name).map(i64::from_be_bytes)
    }

    fn text(&mut self, name: &'static str) -> Result<&'a str, LeafError> {
        let length = u32::from_be_bytes(self.chunk(name)?) as usize;
        let (head, tail) = self.0.split_at_checked(length).ok_or(LeafError::Truncated(name))?;
        self.0 = tail;
        std::str::from_utf8(head).map_err(|_| LeafError::NotUtf8(name))
    }
}
