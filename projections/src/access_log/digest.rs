//! The digest of a segment of the access log; `docs/verify/README.md` says the same for other programs.

use sha2::{Digest, Sha256};

/// Begins what is hashed, so that it is the digest of nothing else.
const PREFIX: &[u8] = b"aegis/access-log/1\n";
/// Stands for the length of a field that has no value.
const ABSENT: u32 = u32::MAX;

/// An entry as it is hashed: each field as text, or absent.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Entry {
    /// Its id.
    pub id: i64,
    /// When it was written, microseconds since 1970-01-01 UTC.
    pub at_us: i64,
    /// Whose account.
    pub account: Option<String>,
    /// What was tried.
    pub action: String,
    /// `allowed`, or why not.
    pub outcome: String,
    /// From where, without a network's bits.
    pub address: Option<String>,
    /// Anything else.
    pub detail: Option<String>,
    /// What kind of thing it was about.
    pub entity_type: Option<String>,
    /// Which one.
    pub entity: Option<String>,
    /// With which key.
    pub key_id: Option<String>,
    /// What request it belongs to.
    pub correlation: Option<String>,
    /// A keyed hash of a name that nobody has.
    pub name_hash: Option<String>,
}

/// Hashes entries in the order of their ids.
#[derive(Debug, Clone)]
pub struct SegmentDigest {
    hash: Sha256,
    entries: u64,
}

impl Default for SegmentDigest {
    fn default() -> Self {
        Self { hash: Sha256::new_with_prefix(PREFIX), entries: 0 }
    }
}

impl SegmentDigest {
    /// One more entry.
    pub fn add(&mut self, entry: &Entry) {
        self.hash.update(preimage(entry));
        self.entries += 1;
    }

    /// How many there were, and their digest in hex.
    pub fn finish(self) -> (u64, String) {
        (self.entries, hex::encode(self.hash.finalize()))
    }
}

/// What is hashed of an entry.
pub(super) fn preimage(entry: &Entry) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(256);
    bytes.extend(entry.id.to_be_bytes());
    bytes.extend(entry.at_us.to_be_bytes());
    let some = |text: &'_ str| -> Vec<u8> {
        // Longer texts do not fit into a row.
        let length = u32::try_from(text.len()).unwrap_or(ABSENT - 1);
        [&length.to_be_bytes(), text.as_bytes()].concat()
    };
    for field in [
        entry.account.as_deref(),
        Some(entry.action.as_str()),
        Some(entry.outcome.as_str()),
        entry.address.as_deref(),
        entry.detail.as_deref(),
        entry.entity_type.as_deref(),
        entry.entity.as_deref(),
        entry.key_id.as_deref(),
        entry.correlation.as_deref(),
        entry.name_hash.as_deref(),
    ] {
        match field {
            Some(text) => bytes.extend(some(text)),
            None => bytes.extend(ABSENT.to_be_bytes()),
        }
    }
    bytes
}
