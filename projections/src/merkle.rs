//! The Merkle tree over the ledger and the proofs made from it, as pure functions.
//!
//! | part | what it holds | format |
//! |---|---|---|
//! | [`LedgerLeaf`] | one sealed event as the bytes that are hashed | ours, see there; hashed as RFC 6962, section 2.1 |
//! | [`Frontier`], [`inclusion_proof`], [`consistency_proof`] | the tree | RFC 6962, section 2.1; RFC 9162, section 2.1 |
//! | [`Tile`], [`TileSet`], [`grow`] | the tree as files | C2SP tlog-tiles |
//! | [`Checkpoint`], [`VerifierKey`] | a signed root | C2SP tlog-checkpoint, signed-note |
//! | [`write_proof`], [`verify_offline`] | one event that checks without a server | C2SP tlog-proof |
//!
//! An index counts leaves from 0, a ledger position from 1: `index = position - 1`.
//!
//! Left out on purpose: I/O, clock and randomness (callers bring tile bytes, instants and keys), entry bundles
//! (events stay in the database), and cosignatures of witnesses (lines of unknown keys are ignored, as signed-note
//! demands).
//!
//! The crates `tlog_tiles` 0.2 and `signed_note` 0.2 were looked at and are not used: the first writes the tile
//! paths of Go's sumdb (`tile/8/0/000`, not `tile/0/000`) and panics on a bad hash reader; together they bring a
//! second `thiserror`, another `base64` and `url`. In tests `ct-merkle` is the second opinion.
//! `docs/verify/vectors.json` holds test vectors for other implementations.

mod checkpoint;
mod frontier;
mod leaf;
mod proof;
mod tile;
mod tree;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;

pub use checkpoint::{Checkpoint, CheckpointError, Origin, VerifierKey};
pub use frontier::Frontier;
pub use leaf::{LeafError, LedgerLeaf};
pub use proof::{PROOF_EXTENSION, ProofError, VerifiedEvent, verify_offline, write_proof};
pub use tile::{Growth, Tile, TileSet, TileWrite, consistency_tiles, edge_tiles, grow, inclusion_tiles};
pub use tree::{
    EMPTY_ROOT, Hash, HashReader, Node, TreeError, consistency_proof, inclusion_proof, leaf_hash, node_hash,
    root_at, root_of, verify_consistency, verify_inclusion,
};
