//! Names of records and contents: equal for equal contents, whatever the order of their files.
//!
//! `aegis verify` recomputes the names of everything that was ever put in force, so these forms stay as they are;
//! another one needs another prefix, and this one kept beside it.

use crate::record::Record;
use sha2::{Digest, Sha256};

/// Sets the names of records apart from those of anything else.
const RECORD_PREFIX: &[u8] = b"aegis/knowledge-record/1\n";
/// Sets the names of contents apart from those of anything else.
const CONTENT_PREFIX: &[u8] = b"aegis/knowledge-content/1\n";

/// The name of a record, from its body as it is stored.
pub fn record_digest(kind: &str, body: &str) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(RECORD_PREFIX);
    hasher.update(kind.as_bytes());
    hasher.update(b"\n");
    hasher.update(body.as_bytes());
    hasher.finalize().into()
}

/// The name of a content: what its records are called, in the order of kind and key.
pub fn content_digest<'a>(
    source: &str,
    members: impl Iterator<Item = (&'a str, &'a str, [u8; 32])>,
) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(CONTENT_PREFIX);
    hasher.update(source.as_bytes());
    hasher.update(b"\n");
    for (kind, key, record) in members {
        // Lengths first, so that no key can pass for another key and what follows it.
        for part in [kind.as_bytes(), key.as_bytes()] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        hasher.update(record);
    }
    hasher.finalize().into()
}

impl Record {
    /// The record as it is stored.
    ///
    /// # Panics
    /// Never: strings and numbers always serialise.
    pub fn body(&self) -> String {
        self.to_json().expect("strings and numbers always serialise")
    }
}
