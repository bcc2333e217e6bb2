//! The tree as immutable files: C2SP tlog-tiles. Tiles hold up to 256 hashes of one level; level 0 holds leaf
//! hashes, a hash above stands for a full tile below. Entry bundles are not published.

use super::frontier::Frontier;
use super::tree::{
    Hash, HashReader, Node, Range, TreeError, consistency_ranges, inclusion_ranges, peaks, root_of,
};
use std::collections::{BTreeMap, BTreeSet};

/// Levels of the tree within one tile.
const HEIGHT: u8 = 8;
/// Hashes in a full tile.
const WIDTH: u16 = 256;
/// Levels of tiles a tree of 64-bit size can have.
const LEVELS: u8 = 64 / HEIGHT;
const HASH_BYTES: usize = size_of::<Hash>();

/// The coordinates of one tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    level: u8,
    index: u64,
    width: u16,
}

impl Tile {
    /// Gives the level: 0 holds leaf hashes.
    pub fn level(&self) -> u8 {
        self.level
    }

    /// Gives the place within the level, from 0.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// Gives the number of hashes, 1 to 256.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Whether the tile is yet to be filled.
    pub fn is_partial(&self) -> bool {
        self.width < WIDTH
    }

    /// Gives the full tile at the same place; tlog-tiles lets a reader fall back to it, since a partial tile may be
    /// deleted once the full one is there.
    pub fn full(&self) -> Self {
        Self { width: WIDTH, ..*self }
    }

    /// Gives the path below the log's prefix: `tile/<L>/<N>`, for a partial tile `tile/<L>/<N>.p/<W>`, where `<N>`
    /// is cut into three digits, all but the last led by `x` (C2SP tlog-tiles, "Merkle Tree").
    pub fn path(&self) -> String {
        let mut number = format!("{:03}", self.index % 1000);
        let mut rest = self.index / 1000;
        while rest > 0 {
            number = format!("x{:03}/{number}", rest % 1000);
            rest /= 1000;
        }
        let level = self.level;
        if self.is_partial() {
            format!("tile/{level}/{number}.p/{}", self.width)
        } else {
            format!("tile/{level}/{number}")
        }
    }

    /// Reads a path written by [`Self::path`]; any other spelling is refused.
    pub fn parse(path: &str) -> Result<Self, TreeError> {
        let read = || {
            let (level, rest) = path.strip_prefix("tile/")?.split_once('/')?;
            let (number, width) = match rest.split_once(".p/") {
                Some((number, width)) => (number, width.parse().ok()?),
                None => (rest, WIDTH),
            };
            let index = number.split('/').try_fold(0u64, |index, part| {
                let part: u64 = part.strip_prefix('x').unwrap_or(part).parse().ok()?;
                index.checked_mul(1000)?.checked_add(part)
            });
            let tile = Self { level: level.parse().ok()?, index: index?, width };
            // Writing it again refuses what numbers tolerate: signs, missing zeros, a full tile named as partial.
            (tile.level <= 63 && (1..=WIDTH).contains(&width) && tile.path() == path).then_some(tile)
        };
        read().ok_or_else(|| TreeError::TilePath(path.to_owned()))
    }

    /// The tile that holds a node in a tree of `size` leaves, and where in it the node's leaves begin.
    fn of(node: Node, size: u64) -> (Self, usize) {
        let level = node.height / HEIGHT;
        let first = node.index << (node.height % HEIGHT);
        let index = first / u64::from(WIDTH);
        let held = hashes_on(level, size).saturating_sub(index * u64::from(WIDTH));
        let width = u16::try_from(held).map_or(WIDTH, |held| held.min(WIDTH));
        (Self { level, index, width }, (first % u64::from(WIDTH)) as usize)
    }
}

/// The hashes on one level of tiles, `floor(size / 256^level)`.
fn hashes_on(level: u8, size: u64) -> u64 {
    size.checked_shr(u32::from(level) * u32::from(HEIGHT)).unwrap_or(0)
}

/// Names the partial tiles at the right edge of a tree. They are all that is needed to restore its [`Frontier`]
/// and to [`grow`] it.
pub fn edge_tiles(size: u64) -> Vec<Tile> {
    let edge = (0..LEVELS).filter_map(|level| {
        let hashes = hashes_on(level, size);
        let width = (hashes % u64::from(WIDTH)) as u16;
        (width > 0).then_some(Tile { level, index: hashes / u64::from(WIDTH), width })
    });
    edge.collect()
}

/// Names the tiles from which [`super::inclusion_proof`] can be made.
pub fn inclusion_tiles(index: u64, size: u64) -> Result<Vec<Tile>, TreeError> {
    Ok(tiles_of(inclusion_ranges(index, size)?, size))
}

/// Names the tiles from which [`super::consistency_proof`] can be made.
pub fn consistency_tiles(old: u64, new: u64) -> Result<Vec<Tile>, TreeError> {
    Ok(tiles_of(consistency_ranges(old, new)?, new))
}

fn tiles_of(ranges: Vec<Range>, size: u64) -> Vec<Tile> {
    // The peaks come along so that the reader can check the tiles against a signed root.
    let nodes = ranges.into_iter().flat_map(Range::nodes).chain(peaks(size));
    nodes.map(|node| Tile::of(node, size).0).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Tiles that a caller has fetched; reads hashes from them.
#[derive(Debug, Clone, Default)]
pub struct TileSet {
    tiles: BTreeMap<(u8, u64), Vec<Hash>>,
}

impl TileSet {
    /// Adds the bytes of one tile. Of two at the same place the wider one is kept.
    pub fn insert(&mut self, tile: Tile, bytes: &[u8]) -> Result<(), TreeError> {
        let expected = usize::from(tile.width) * HASH_BYTES;
        let (hashes, []) = bytes.as_chunks::<HASH_BYTES>() else {
            return Err(length_error(tile, expected, bytes));
        };
        if bytes.len() != expected {
            return Err(length_error(tile, expected, bytes));
        }
        let held = self.tiles.entry((tile.level, tile.index)).or_default();
        if held.len() < hashes.len() {
            *held = hashes.to_vec();
        }
        Ok(())
    }

    /// The first hashes of a tile, or what is missing.
    fn row(&self, tile: Tile) -> Result<&[Hash], TreeError> {
        let held = self.tiles.get(&(tile.level, tile.index)).map_or(&[][..], Vec::as_slice);
        held.get(..usize::from(tile.width)).ok_or(TreeError::MissingHash {
            height: tile.level * HEIGHT,
            index: tile.index * u64::from(WIDTH) + held.len() as u64,
        })
    }
}

fn length_error(tile: Tile, expected: usize, bytes: &[u8]) -> TreeError {
    TreeError::TileLength { path: tile.path(), expected, found: bytes.len() }
}

impl HashReader for TileSet {
    fn hash(&self, node: Node) -> Result<Hash, TreeError> {
        let (tile, start) = Tile::of(node, u64::MAX);
        let held = self.tiles.get(&(tile.level, tile.index)).map_or(&[][..], Vec::as_slice);
        let missing = TreeError::MissingHash { height: node.height, index: node.index };
        held.get(start..start + (1 << (node.height % HEIGHT))).map(root_of).ok_or(missing)
    }
}

/// One file to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileWrite {
    /// Where: see [`Tile::path`].
    pub tile: Tile,
    /// What: `32 * width` bytes.
    pub bytes: Vec<u8>,
}

/// What growing a tree gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Growth {
    /// The tree afterwards.
    pub frontier: Frontier,
    /// Every tile that is new or wider than before. Store all of them before a checkpoint of this size is signed.
    pub writes: Vec<TileWrite>,
}

/// Appends leaf hashes to a tree. `edge` holds the bytes of [`edge_tiles`]`(old.size())` as stored (wider tiles at
/// the same places do as well); they are compared with the known tree first, so a damaged tile is never built upon.
pub fn grow(old: &Frontier, edge: &TileSet, leaves: &[Hash]) -> Result<Growth, TreeError> {
    let size = old.size();
    if Frontier::at(size, edge)? != *old {
        return Err(TreeError::TileMismatch { size });
    }
    let mut frontier = old.clone();
    frontier.extend(leaves.iter().copied());

    let mut writes = Vec::new();
    let mut added = leaves.to_vec();
    for level in 0..LEVELS {
        if added.is_empty() {
            break;
        }
        let before = hashes_on(level, size);
        let first = before / u64::from(WIDTH);
        let width = (before % u64::from(WIDTH)) as u16;
        let mut hashes = match width {
            0 => Vec::new(),
            _ => edge.row(Tile { level, index: first, width })?.to_vec(),
        };
        hashes.append(&mut added);
        for (index, row) in (first..).zip(hashes.chunks(WIDTH.into())) {
            let tile = Tile { level, index, width: row.len() as u16 };
            writes.push(TileWrite { tile, bytes: row.as_flattened().to_vec() });
            if !tile.is_partial() {
                added.push(root_of(row));
            }
        }
    }
    Ok(Growth { frontier, writes })
}
