//! The right edge of a growing tree (RFC 6962, section 2.1): enough to append and to know the root.

use super::tree::{Hash, HashReader, TreeError, fold, node_hash, peaks};
use serde::{Deserialize, Serialize};

/// The most leaves a ledger can hold: its positions are PostgreSQL `bigint`s.
const MAX_SIZE: u64 = i64::MAX as u64;

/// What is needed to append and to know the root: the roots of the complete subtrees, at most 63 hashes.
/// It is stored as `{"size": 3, "peaks": ["<hex>", "<hex>"]}`, the largest subtree first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredFrontier", into = "StoredFrontier")]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// Restores the frontier of the first `size` leaves; the tiles named by [`super::edge_tiles`] are enough.
    pub fn at(size: u64, reader: &(impl HashReader + ?Sized)) -> Result<Self, TreeError> {
        let peaks = peaks(size).map(|node| reader.hash(node)).collect::<Result<_, _>>()?;
        Ok(Self { size, peaks })
    }

    /// Gives the number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends one leaf hash.
    pub fn append(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = node_hash(&left, &hash);
            }
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// Gives the root of all leaves so far (RFC 6962, section 2.1).
    pub fn root(&self) -> Hash {
        fold(&self.peaks)
    }
}

impl Extend<Hash> for Frontier {
    fn extend<T: IntoIterator<Item = Hash>>(&mut self, leaves: T) {
        for leaf in leaves {
            self.append(leaf);
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredFrontier {
    size: u64,
    peaks: Vec<String>,
}

impl From<Frontier> for StoredFrontier {
    fn from(frontier: Frontier) -> Self {
        Self { size: frontier.size, peaks: frontier.peaks.iter().map(hex::encode).collect() }
    }
}

impl TryFrom<StoredFrontier> for Frontier {
    type Error = TreeError;

    fn try_from(stored: StoredFrontier) -> Result<Self, TreeError> {
        let peaks = stored.peaks.iter().map(|text| {
            let mut hash = Hash::default();
            hex::decode_to_slice(text, &mut hash).map(|()| hash)
        });
        let peaks = peaks.collect::<Result<Vec<_>, _>>().map_err(|_| TreeError::Frontier)?;
        if stored.size > MAX_SIZE || peaks.len() != stored.size.count_ones() as usize {
            return Err(TreeError::Frontier);
        }
        Ok(Self { size: stored.size, peaks })
    }
}
