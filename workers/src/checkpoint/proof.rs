//! The proof file of one event.

use super::tiles::{Tiles, set_of};
use aegis_projections::merkle::{
    self, Hash, HashReader, LedgerLeaf, TreeError, VerifierKey, inclusion_proof, inclusion_tiles, write_proof,
};
use aegis_projections::status::CheckpointRecord;
use aegis_projections::{Pool, status, verify};
use object_store::ObjectStore;
use std::sync::Arc;

/// Leaves read at a time.
const BATCH: i64 = 100_000;

/// An event cannot be proven.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// There is no such position.
    #[error("the ledger has no position {0}")]
    NoSuchPosition(i64),
    /// No checkpoint covers it so far.
    #[error("no checkpoint covers position {0} yet; one is made every few seconds")]
    NotCovered(i64),
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// The object store failed.
    #[error("the object store failed")]
    Objects(#[from] object_store::Error),
    /// The ledger does not lead to the signed root.
    #[error("the record does not lead to what was signed; run `aegis verify`")]
    Unproven(#[from] merkle::ProofError),
    /// The tree has no such path.
    #[error("the tree has no path from this event")]
    Tree(#[from] TreeError),
}

/// Proves that an event is in the ledger: a file that checks without us (see
/// `merkle::proof`). It is checked before it is handed out. Made from the tiles
/// where they are right, else from the ledger's leaves, which takes memory and
/// time with the size of the smallest checkpoint that covers the position.
///
/// # Errors
/// [`ProofError`].
pub async fn proof_of(
    pool: &Pool,
    objects: &Arc<dyn ObjectStore>,
    key: &VerifierKey,
    position: i64,
) -> Result<String, ProofError> {
    let sealed = verify::sealed_text(pool, position).await?.ok_or(ProofError::NoSuchPosition(position))?;
    let checkpoint =
        status::checkpoint_covering(pool, position).await?.ok_or(ProofError::NotCovered(position))?;
    let event = &sealed.event;
    let leaf = LedgerLeaf {
        position: event.position,
        sealed_at_us: event.sealed_at.timestamp_micros(),
        event_id: sealed.event_id,
        sequence: event.sequence,
        recorded_at_us: event.recorded_at.timestamp_micros(),
        aggregate_type: &event.aggregate_type,
        aggregate_id: &event.aggregate_id,
        event_type: &event.event_type,
        event_version: &event.event_version,
        payload: &event.payload,
        metadata: &event.metadata,
    };
    let index = position.cast_unsigned() - 1;
    let size = checkpoint.size.cast_unsigned();
    if let Some(tiles) = Tiles::new(Arc::clone(objects)).read(&inclusion_tiles(index, size)?).await?
        && let Ok(proof) = proven(&leaf, index, &checkpoint, &set_of(&tiles)?, key)
    {
        return Ok(proof);
    }
    tracing::warn!(position, "the tiles do not prove this event; its proof is made from the ledger");
    let leaves = leaves(pool, checkpoint.size).await?;
    proven(&leaf, index, &checkpoint, leaves.as_slice(), key)
}

fn proven(
    leaf: &LedgerLeaf<'_>,
    index: u64,
    checkpoint: &CheckpointRecord,
    reader: &(impl HashReader + ?Sized),
    key: &VerifierKey,
) -> Result<String, ProofError> {
    let path = inclusion_proof(index, checkpoint.size.cast_unsigned(), reader)?;
    let proof = write_proof(leaf, &path, &checkpoint.note);
    merkle::verify_offline(proof.as_bytes(), key)?;
    Ok(proof)
}

async fn leaves(pool: &Pool, size: i64) -> Result<Vec<Hash>, ProofError> {
    let mut leaves = Vec::new();
    while (leaves.len() as u64) < size.cast_unsigned() {
        let after = leaves.len() as u64;
        let missing = TreeError::MissingHash { height: 0, index: after };
        let more = status::leaves(pool, after.cast_signed(), BATCH.min(size - after.cast_signed())).await?;
        if more.is_empty() {
            return Err(missing.into());
        }
        for leaf in more {
            leaves.push(
                leaf.try_into()
                    .map_err(|_| TreeError::MissingHash { height: 0, index: leaves.len() as u64 })?,
            );
        }
    }
    Ok(leaves)
}
