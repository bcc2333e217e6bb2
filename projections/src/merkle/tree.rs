//! The Merkle tree of RFC 6962, section 2.1, with the checks of RFC 9162, sections 2.1.3.2 and 2.1.4.2.

use super::frontier::Frontier;
use sha2::{Digest, Sha256};

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// The root of the tree without leaves: SHA-256 of nothing (RFC 6962, section 2.1).
pub const EMPTY_ROOT: Hash = [
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27,
    0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
];

/// Why the tree refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// There is no such leaf.
    #[error("leaf {index} is not in a tree of {size} leaves")]
    NoSuchLeaf {
        /// The leaf asked for, from 0.
        index: u64,
        /// The leaves there are.
        size: u64,
    },
    /// The older tree is the larger one.
    #[error("a tree of {old} leaves is not older than one of {new}")]
    NotOlder {
        /// The size named as the older one.
        old: u64,
        /// The size named as the newer one.
        new: u64,
    },
    /// The reader was not given the tile that holds this hash.
    #[error("no hash is at hand for node {index} of height {height}")]
    MissingHash {
        /// Levels above the leaves.
        height: u8,
        /// Place within the height, from 0.
        index: u64,
    },
    /// The number of hashes does not fit the sizes.
    #[error("the proof has a wrong number of hashes")]
    ProofLength,
    /// The hashes lead to another root.
    #[error("the proof does not lead to the expected root")]
    RootMismatch,
    /// Stored tiles and the known state of the tree disagree.
    #[error("the tiles do not match the known tree of {size} leaves")]
    TileMismatch {
        /// The leaves of the known tree.
        size: u64,
    },
    /// A stored tile is cut or too long.
    #[error("tile {path} holds {found} bytes instead of {expected}")]
    TileLength {
        /// The tile.
        path: String,
        /// Bytes a tile of this width has.
        expected: usize,
        /// Bytes it has.
        found: usize,
    },
    /// This is not a path of tlog-tiles.
    #[error("{0:?} is not a tile path")]
    TilePath(String),
    /// A stored frontier is damaged.
    #[error("the stored frontier is damaged")]
    Frontier,
}

/// Hashes the bytes of one entry into a leaf: `SHA-256(0x00 || entry)` (RFC 6962, section 2.1).
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new_with_prefix([0x00]).chain_update(entry).finalize().into()
}

/// Hashes two subtrees into one: `SHA-256(0x01 || left || right)` (RFC 6962, section 2.1).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new_with_prefix([0x01]).chain_update(left).chain_update(right).finalize().into()
}

/// A complete subtree: the leaves from `index << height` up to `(index + 1) << height`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node {
    /// Levels above the leaves; 0 is a leaf.
    pub height: u8,
    /// Place within the height, from 0.
    pub index: u64,
}

/// Gives the hashes of complete subtrees. [`super::TileSet`] reads them from tiles, a slice from leaf hashes.
pub trait HashReader {
    /// Gives the hash of one complete subtree, or [`TreeError::MissingHash`].
    fn hash(&self, node: Node) -> Result<Hash, TreeError>;
}

impl HashReader for [Hash] {
    fn hash(&self, node: Node) -> Result<Hash, TreeError> {
        let range = || {
            let first = usize::try_from(node.index.checked_shl(node.height.into())?).ok()?;
            let width = 1usize.checked_shl(node.height.into())?;
            self.get(first..first.checked_add(width)?)
        };
        range().map(root_of).ok_or(TreeError::MissingHash { height: node.height, index: node.index })
    }
}

/// Gives the root over these leaf hashes (RFC 6962, section 2.1).
pub fn root_of(leaves: &[Hash]) -> Hash {
    let mut frontier = Frontier::default();
    frontier.extend(leaves.iter().copied());
    frontier.root()
}

/// Gives the root of the first `size` leaves.
pub fn root_at(size: u64, reader: &(impl HashReader + ?Sized)) -> Result<Hash, TreeError> {
    if size == 0 { Ok(EMPTY_ROOT) } else { range_hash(Range { from: 0, to: size }, reader) }
}

/// Gives the audit path of a leaf, from its sibling up (RFC 6962, section 2.1.1).
pub fn inclusion_proof(
    index: u64,
    size: u64,
    reader: &(impl HashReader + ?Sized),
) -> Result<Vec<Hash>, TreeError> {
    inclusion_ranges(index, size)?.into_iter().map(|range| range_hash(range, reader)).collect()
}

/// Gives the proof that the tree of `new` leaves continues the one of `old` leaves (RFC 6962, section 2.1.2).
/// It is empty when `old` is 0 or equals `new`.
pub fn consistency_proof(
    old: u64,
    new: u64,
    reader: &(impl HashReader + ?Sized),
) -> Result<Vec<Hash>, TreeError> {
    consistency_ranges(old, new)?.into_iter().map(|range| range_hash(range, reader)).collect()
}

/// Checks that the tree of this size and root holds the leaf at this index (RFC 9162, section 2.1.3.2).
pub fn verify_inclusion(
    index: u64,
    size: u64,
    leaf: &Hash,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), TreeError> {
    if index >= size {
        return Err(TreeError::NoSuchLeaf { index, size });
    }
    let mut walk = Walk { node: index, last: size - 1 };
    let mut hash = *leaf;
    for sibling in proof {
        hash = match walk.step()? {
            Side::Left => node_hash(sibling, &hash),
            Side::Right => node_hash(&hash, sibling),
        };
    }
    walk.finish()?;
    if hash == *root { Ok(()) } else { Err(TreeError::RootMismatch) }
}

/// Checks that the newer tree continues the older one (RFC 9162, section 2.1.4.2). Every tree continues the empty
/// one, whose root must be [`EMPTY_ROOT`].
pub fn verify_consistency(
    old: u64,
    new: u64,
    old_root: &Hash,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), TreeError> {
    if old > new {
        return Err(TreeError::NotOlder { old, new });
    }
    if old == 0 || old == new {
        let expected = if old == 0 { &EMPTY_ROOT } else { new_root };
        return match proof {
            [] if old_root == expected && (new > 0 || new_root == expected) => Ok(()),
            [] => Err(TreeError::RootMismatch),
            _ => Err(TreeError::ProofLength),
        };
    }
    // A complete older tree is a node of the newer one; its root starts the walk and is not sent.
    let (start, path) = if old.is_power_of_two() {
        (old_root, proof)
    } else {
        proof.split_first().ok_or(TreeError::ProofLength)?
    };
    let mut walk = Walk { node: old - 1, last: new - 1 };
    walk.rise(walk.node.trailing_ones());
    let (mut old_hash, mut new_hash) = (*start, *start);
    for sibling in path {
        match walk.step()? {
            Side::Left => {
                old_hash = node_hash(sibling, &old_hash);
                new_hash = node_hash(sibling, &new_hash);
            }
            Side::Right => new_hash = node_hash(&new_hash, sibling),
        }
    }
    walk.finish()?;
    if old_hash == *old_root && new_hash == *new_root { Ok(()) } else { Err(TreeError::RootMismatch) }
}

/// The side on which the next hash of a proof stands.
enum Side {
    Left,
    Right,
}

/// The way from a node to the root beside the way of the last leaf: `fn` and `sn` of RFC 9162.
struct Walk {
    node: u64,
    last: u64,
}

impl Walk {
    fn step(&mut self) -> Result<Side, TreeError> {
        if self.last == 0 {
            return Err(TreeError::ProofLength);
        }
        let left = self.node & 1 == 1 || self.node == self.last;
        if left && self.node & 1 == 0 {
            // The right edge: skip the levels where this node has no sibling.
            self.rise(self.node.trailing_zeros());
        }
        self.rise(1);
        Ok(if left { Side::Left } else { Side::Right })
    }

    fn rise(&mut self, levels: u32) {
        self.node = self.node.checked_shr(levels).unwrap_or(0);
        self.last = self.last.checked_shr(levels).unwrap_or(0);
    }

    fn finish(self) -> Result<(), TreeError> {
        if self.last == 0 { Ok(()) } else { Err(TreeError::ProofLength) }
    }
}

/// The leaves `from..to` of one subtree; `from` is a multiple of a power of two not below its width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    from: u64,
    to: u64,
}

impl Range {
    /// Splits as RFC 6962 does: the left part is the largest power of two below the width, which is at least 2.
    fn middle(self) -> u64 {
        self.from + (1 << (self.to - self.from - 1).ilog2())
    }

    /// The complete subtrees it is made of, from the left, each smaller than the one before.
    pub(super) fn nodes(self) -> impl DoubleEndedIterator<Item = Node> {
        let width = self.to - self.from;
        (0..64u8).rev().filter(move |height| (width >> height) & 1 == 1).map(move |height| {
            // `from` is a multiple of the width rounded up, so no carry: clear the bits below.
            let start = self.from + (((width >> height) >> 1) << height << 1);
            Node { height, index: start >> height }
        })
    }
}

/// The subtrees whose roots are the audit path of a leaf, from the bottom.
pub(super) fn inclusion_ranges(index: u64, size: u64) -> Result<Vec<Range>, TreeError> {
    if index >= size {
        return Err(TreeError::NoSuchLeaf { index, size });
    }
    let mut ranges = Vec::new();
    let mut tree = Range { from: 0, to: size };
    while tree.to - tree.from > 1 {
        let middle = tree.middle();
        if index < middle {
            ranges.push(Range { from: middle, ..tree });
            tree.to = middle;
        } else {
            ranges.push(Range { to: middle, ..tree });
            tree.from = middle;
        }
    }
    ranges.reverse();
    Ok(ranges)
}

/// The subtrees whose roots are the consistency proof, from the bottom.
pub(super) fn consistency_ranges(old: u64, new: u64) -> Result<Vec<Range>, TreeError> {
    if old > new {
        return Err(TreeError::NotOlder { old, new });
    }
    if old == 0 {
        return Ok(Vec::new());
    }
    let mut ranges = Vec::new();
    let mut tree = Range { from: 0, to: new };
    while tree.to != old {
        let middle = tree.middle();
        if old <= middle {
            ranges.push(Range { from: middle, ..tree });
            tree.to = middle;
        } else {
            ranges.push(Range { to: middle, ..tree });
            tree.from = middle;
        }
    }
    if tree.from > 0 {
        ranges.push(tree);
    }
    ranges.reverse();
    Ok(ranges)
}

/// The subtrees of the whole tree, from the left.
pub(super) fn peaks(size: u64) -> impl DoubleEndedIterator<Item = Node> {
    Range { from: 0, to: size }.nodes()
}

fn range_hash(range: Range, reader: &(impl HashReader + ?Sized)) -> Result<Hash, TreeError> {
    let hashes = range.nodes().map(|node| reader.hash(node)).collect::<Result<Vec<_>, _>>()?;
    Ok(fold(&hashes))
}

/// Joins subtrees that shrink to the right into one.
pub(super) fn fold(hashes: &[Hash]) -> Hash {
    hashes.iter().rev().copied().reduce(|right, left| node_hash(&left, &right)).unwrap_or(EMPTY_ROOT)
}
