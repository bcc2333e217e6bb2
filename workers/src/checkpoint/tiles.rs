//! The files of the tree in the object store.

use aegis_objects::{get, put};
use aegis_projections::merkle::{Frontier, Tile, TileSet, TileWrite, TreeError, edge_tiles};
use futures::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use std::sync::Arc;

/// Where they lie.
const PREFIX: &str = "tiles";
/// Where the newest checkpoint lies.
pub(crate) const PUBLISHED: &str = "tiles/checkpoint";
/// Files on their way at the same time.
const AT_ONCE: usize = 8;
/// Partial tiles that one place can have: all widths below full.
const PARTIALS_MAX: usize = 255;

/// The files of one tree.
pub(super) struct Tiles {
    objects: Arc<dyn ObjectStore>,
}

impl Tiles {
    pub(super) fn new(objects: Arc<dyn ObjectStore>) -> Self {
        Self { objects }
    }

    /// The published checkpoint.
    pub(super) async fn checkpoint(&self) -> object_store::Result<Option<String>> {
        let note = get(self.objects.as_ref(), PUBLISHED).await?;
        Ok(note.map(|note| String::from_utf8_lossy(&note).into_owned()))
    }

    /// The kept frontier; one that does not read is as good as none.
    pub(super) async fn frontier(&self) -> object_store::Result<Option<Frontier>> {
        let stored = get(self.objects.as_ref(), &format!("{PREFIX}/frontier.json")).await?;
        Ok(stored.and_then(|stored| match serde_json::from_slice(&stored) {
            Ok(frontier) => Some(frontier),
            Err(error) => {
                tracing::warn!(%error, "the kept frontier does not read");
                None
            }
        }))
    }

    /// Keeps a signed checkpoint and the frontier it was signed over.
    pub(super) async fn publish(&self, note: &str, frontier: &Frontier) -> object_store::Result<()> {
        let kept = serde_json::to_vec(frontier).expect("numbers and texts always serialise");
        put(self.objects.as_ref(), PUBLISHED, note.as_bytes().to_vec()).await?;
        put(self.objects.as_ref(), &format!("{PREFIX}/frontier.json"), kept).await
    }

    /// Reads tiles, the full one where a partial one is gone. `None` when one is missing or damaged.
    pub(super) async fn read(&self, tiles: &[Tile]) -> object_store::Result<Option<Vec<TileWrite>>> {
        let mut found = Vec::with_capacity(tiles.len());
        for tile in tiles {
            let Some(read) = self.read_one(*tile).await? else {
                return Ok(None);
            };
            found.push(read);
        }
        Ok(set_of(&found).is_ok().then_some(found))
    }

    async fn read_one(&self, tile: Tile) -> object_store::Result<Option<TileWrite>> {
        for tile in [tile, tile.full()] {
            if let Some(bytes) = get(self.objects.as_ref(), &path(tile)).await? {
                return Ok(Some(TileWrite { tile, bytes: bytes.to_vec() }));
            }
        }
        Ok(None)
    }

    /// Stores tiles; partial ones go when their place has filled.
    pub(super) async fn write(&self, writes: &[TileWrite]) -> object_store::Result<()> {
        for some in writes.chunks(AT_ONCE) {
            let stored: Vec<_> = some.iter().map(|write| self.write_one(write)).collect();
            futures::future::try_join_all(stored).await?;
        }
        Ok(())
    }

    async fn write_one(&self, write: &TileWrite) -> object_store::Result<()> {
        put(self.objects.as_ref(), &path(write.tile), write.bytes.clone()).await?;
        if write.tile.is_partial() {
            return Ok(());
        }
        let partials = Path::from(format!("{}.p", path(write.tile)));
        let found: Vec<_> = self.objects.list(Some(&partials)).take(PARTIALS_MAX).try_collect().await?;
        for partial in found {
            match self.objects.delete(&partial.location).await {
                // Another process was faster.
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Tiles as a reader of hashes.
pub(super) fn set_of(tiles: &[TileWrite]) -> Result<TileSet, TreeError> {
    let mut set = TileSet::default();
    for TileWrite { tile, bytes } in tiles {
        set.insert(*tile, bytes)?;
    }
    Ok(set)
}

/// The edge of a grown tree, from what was written and, where a level did not grow, from the edge before.
pub(super) fn edge_of(size: u64, written: Vec<TileWrite>, before: Vec<TileWrite>) -> Vec<TileWrite> {
    let same_place = |a: &Tile, b: &Tile| a.level() == b.level() && a.index() == b.index();
    let edge = edge_tiles(size);
    let on_edge = |kept: &TileWrite| edge.iter().any(|tile| same_place(tile, &kept.tile));
    let mut now: Vec<TileWrite> = written.into_iter().filter(&on_edge).collect();
    let unchanged = |kept: &TileWrite| !now.iter().any(|new| same_place(&new.tile, &kept.tile));
    let kept: Vec<TileWrite> = before.into_iter().filter(&on_edge).filter(unchanged).collect();
    now.extend(kept);
    now
}

fn path(tile: Tile) -> String {
    format!("{PREFIX}/{}", tile.path())
}
