//! The proof file of one event: C2SP tlog-proof, version 1. It checks with the verifier key alone.
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra <base64 of the entry bytes of the event, see LedgerLeaf>
//! index <position - 1>
//! <base64 hash, from the leaf's sibling up>
//! <... zero or more of them>
//!
//! <the signed checkpoint, verbatim>
//! ```
//!
//! tlog-proof calls `extra` unauthenticated; here it is not trusted but hashed: `SHA-256(0x00 || extra)` is the
//! leaf hash that the inclusion proof must lead from, so every byte of the event is covered by the signature. The
//! checker also demands that the position inside the entry is `index + 1`, and one spelling of everything: plain
//! numbers, canonical base64, no stray lines. Signature lines of other keys are ignored, as signed-note demands.

use super::checkpoint::{Checkpoint, CheckpointError, VerifierKey, parse_decimal, parse_hash};
use super::leaf::{LeafError, LedgerLeaf};
use super::tree::{Hash, TreeError, leaf_hash, verify_inclusion};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};

/// The extension of proof files (tlog-proof, "Format").
pub const PROOF_EXTENSION: &str = "tlog-proof";

const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// No audit path is longer: sizes have 64 bits.
const PATH_MAX: usize = 64;

/// Why a proof file proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The file breaks the format.
    #[error("this is not a proof file: {0}")]
    Format(&'static str),
    /// The bytes of the event are damaged.
    #[error("the event in the proof file is unreadable")]
    Event(#[from] LeafError),
    /// The event names another position than the proof.
    #[error("the event says position {position}, the proof is for index {index}")]
    OtherPosition {
        /// The position inside the event.
        position: i64,
        /// The index the proof is for.
        index: u64,
    },
    /// The checkpoint is not trusted.
    #[error("the checkpoint cannot be trusted")]
    Checkpoint(#[from] CheckpointError),
    /// The event is not in the signed tree.
    #[error("the event is not in the signed tree")]
    NotIncluded(#[from] TreeError),
}

/// An event proven to be in the tree of a signed checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedEvent {
    entry: Vec<u8>,
    checkpoint: Checkpoint,
}

impl VerifiedEvent {
    /// Gives the event, as stored.
    pub fn leaf(&self) -> LedgerLeaf<'_> {
        LedgerLeaf::parse(&self.entry).expect("only a readable entry is verified")
    }

    /// Gives the signed head of the tree that holds it.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }
}

/// Writes a proof file from the event, its audit path ([`super::inclusion_proof`] at the size of the checkpoint) and
/// the signed checkpoint. It checks nothing: run [`verify_offline`] on the result before handing it out.
pub fn write_proof(leaf: &LedgerLeaf<'_>, audit_path: &[Hash], signed_checkpoint: &str) -> String {
    let extra = BASE64.encode(leaf.entry());
    let hashes: String = audit_path.iter().map(|hash| BASE64.encode(hash) + "\n").collect();
    // A position below 1 wraps to an index that no tree has.
    let index = leaf.position.wrapping_sub(1).cast_unsigned();
    format!("{HEADER}\nextra {extra}\nindex {index}\n{hashes}\n{signed_checkpoint}")
}

/// Checks a proof file against the log's key: signature, audit path, position.
pub fn verify_offline(file: &[u8], key: &VerifierKey) -> Result<VerifiedEvent, ProofError> {
    let file = std::str::from_utf8(file).map_err(|_| ProofError::Format("it is not UTF-8"))?;
    let (head, note) = file.split_once("\n\n").ok_or(ProofError::Format("it has no empty line"))?;
    let checkpoint = key.open(note)?;
    let proof = Head::parse(head)?;
    verify_inclusion(
        proof.index,
        checkpoint.size,
        &leaf_hash(&proof.entry),
        &proof.audit_path,
        &checkpoint.root,
    )?;
    let position = LedgerLeaf::parse(&proof.entry)?.position;
    if u64::try_from(position).ok() != proof.index.checked_add(1) {
        return Err(ProofError::OtherPosition { position, index: proof.index });
    }
    Ok(VerifiedEvent { entry: proof.entry, checkpoint })
}

/// The lines before the checkpoint.
struct Head {
    entry: Vec<u8>,
    index: u64,
    audit_path: Vec<Hash>,
}

impl Head {
    fn parse(head: &str) -> Result<Self, ProofError> {
        let mut lines = head.split('\n');
        if lines.next() != Some(HEADER) {
            return Err(ProofError::Format("the first line is not c2sp.org/tlog-proof@v1"));
        }
        let extra = lines.next().and_then(|line| line.strip_prefix("extra "));
        let entry = extra.and_then(|text| BASE64.decode(text).ok());
        let index = lines.next().and_then(|line| line.strip_prefix("index "));
        let index = index.and_then(parse_decimal);
        let audit_path: Option<Vec<Hash>> = lines.take(PATH_MAX + 1).map(parse_hash).collect();
        Ok(Self {
            entry: entry.ok_or(ProofError::Format("the second line is not `extra <base64>`"))?,
            index: index.ok_or(ProofError::Format("the third line is not `index <number>`"))?,
            audit_path: audit_path.ok_or(ProofError::Format("a hash is not base64 of 32 bytes"))?,
        })
    }
}
