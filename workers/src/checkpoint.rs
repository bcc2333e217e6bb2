//! Checkpoints: the tree over the ledger as tiles in the object store, and its
//! root signed as it grows.
//!
//! Tiles, `frontier.json` and `checkpoint` lie under `tiles/`. The frontier is
//! a cache: it counts only where a signed checkpoint in the database agrees
//! with it, and is made anew from the ledger's leaves otherwise. Several
//! processes may do this at once; the same tree gives the same files, and a
//! smaller checkpoint does not take the place of a larger. What
//! contradicts an earlier checkpoint is told loudly and never signed.
//!
//! [`key`] keeps the key; [`proof_of`] proves one event. Checking the whole
//! record is [`crate::verify`].

pub mod key;
mod proof;
mod tiles;

pub use key::{KeyError, key_from_hex, load_or_create_key, verifier_key};
pub use proof::{ProofError, proof_of};
pub(crate) use tiles::PUBLISHED;

use crate::retry::{chain, told};
use aegis_projections::merkle::{
    Checkpoint, Frontier, Growth, Hash, Origin, TileWrite, TreeError, VerifierKey, edge_tiles, grow,
};
use aegis_projections::{Pool, ledger, status};
use ed25519_dalek::SigningKey;
use object_store::ObjectStore;
use std::sync::Arc;
use std::time::Duration;
use tiles::{Tiles, edge_of, set_of};
use tokio::sync::watch;

/// How often the tree is looked after.
const EVERY: Duration = Duration::from_secs(5);
/// Leaves integrated at a time: 2 MiB of hashes.
const BATCH: u64 = 65_536;
/// How long the last checkpoint may take when the process ends.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// No checkpoint could be made.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// The object store failed.
    #[error("the object store failed")]
    Objects(#[from] object_store::Error),
    /// The tree could not be built.
    #[error("the tree could not be built")]
    Tree(#[from] TreeError),
    /// The ledger holds fewer leaves than its head says.
    #[error("the ledger has no leaf after position {0}")]
    NoLeaf(u64),
    /// The ledger is not what was signed earlier. Nothing is signed.
    #[error("THE LEDGER CONTRADICTS A CHECKPOINT SIGNED EARLIER: {0}; nothing is signed, run `aegis verify`")]
    Contradiction(String),
}

/// A root that was signed earlier, by us.
struct Earlier {
    size: u64,
    root: Hash,
    /// Where that is written.
    place: &'static str,
}

/// Looks after the tree of one ledger.
pub struct Checkpoints {
    pool: Pool,
    tiles: Tiles,
    key: SigningKey,
    origin: Origin,
}

impl Checkpoints {
    /// Signs with this key, in this name.
    pub fn new(pool: Pool, objects: Arc<dyn ObjectStore>, key: SigningKey, origin: Origin) -> Self {
        Self { pool, tiles: Tiles::new(objects), key, origin }
    }

    /// Brings tiles and checkpoint up to the head of the ledger. `None` when
    /// they were there already.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub async fn advance(&self) -> Result<Option<Checkpoint>, CheckpointError> {
        // The head comes last: other processes seal and sign all the time, and what they
        // signed before it is read reaches no further than it does.
        let (signed, published) = (self.signed().await?, self.published().await?);
        let head = ledger::head(&self.pool).await?.position.cast_unsigned();
        match (&signed, &published) {
            (None, None) if head == 0 => return Ok(None),
            (Some(a), Some(b)) if a.size == head && b.size == head && a.root == b.root => return Ok(None),
            _ => {}
        }
        let earlier: Vec<Earlier> = signed.into_iter().chain(published).collect();
        if let Some(ahead) = earlier.iter().find(|earlier| earlier.size > head) {
            let (place, size) = (ahead.place, ahead.size);
            return Err(CheckpointError::Contradiction(format!(
                "{place} covers {size} positions, the ledger has {head}"
            )));
        }
        let (frontier, edge) = self.start(head).await?;
        let from_known = frontier.size() > 0;
        let frontier = match self.integrate(frontier, edge, head, &earlier).await {
            // A tile that is not what it was: all of them are made anew.
            Err(CheckpointError::Tree(error)) if from_known => {
                tracing::warn!(error = chain(&error), "the tiles do not fit the ledger; they are made anew");
                self.integrate(Frontier::default(), vec![], head, &earlier).await?
            }
            integrated => integrated?,
        };
        let checkpoint = Checkpoint { origin: self.origin.clone(), size: head, root: frontier.root() };
        let note = checkpoint.sign(&self.key);
        status::enter_checkpoint(&self.pool, head.cast_signed(), &checkpoint.root, &note).await?;
        self.publish(&note, &frontier).await?;
        Ok(Some(checkpoint))
    }

    /// Publishes a checkpoint, unless another process was faster and has
    /// published one that reaches as far or further.
    async fn publish(&self, note: &str, frontier: &Frontier) -> Result<(), CheckpointError> {
        if self.published().await?.is_some_and(|there| there.size >= frontier.size()) {
            return Ok(());
        }
        Ok(self.tiles.publish(note, frontier).await?)
    }

    /// The newest checkpoint in the database.
    async fn signed(&self) -> Result<Option<Earlier>, CheckpointError> {
        let Some(last) = status::last_checkpoint(&self.pool).await? else {
            return Ok(None);
        };
        let root = last.root_hash.try_into().map_err(|_| {
            CheckpointError::Contradiction(format!("the root of checkpoint {} is no hash", last.size))
        })?;
        Ok(Some(Earlier {
            size: last.size.cast_unsigned(),
            root,
            place: "the newest checkpoint in the database",
        }))
    }

    /// The checkpoint beside the tiles, when it is ours.
    async fn published(&self) -> Result<Option<Earlier>, CheckpointError> {
        let Some(note) = self.tiles.checkpoint().await? else {
            return Ok(None);
        };
        match VerifierKey::new(self.origin.clone(), self.key.verifying_key()).open(&note) {
            Ok(checkpoint) => Ok(Some(Earlier {
                size: checkpoint.size,
                root: checkpoint.root,
                place: "the checkpoint beside the tiles",
            })),
            Err(error) => {
                tracing::warn!(
                    error = chain(&error),
                    "the checkpoint beside the tiles is not ours; it is written anew"
                );
                Ok(None)
            }
        }
    }

    /// Where to go on: the kept frontier when a checkpoint of its size agrees
    /// with it and its tiles are there, else the empty tree.
    async fn start(&self, head: u64) -> Result<(Frontier, Vec<TileWrite>), CheckpointError> {
        let empty = (Frontier::default(), vec![]);
        let Some(frontier) = self.tiles.frontier().await? else {
            return Ok(empty);
        };
        if frontier.size() == 0 || frontier.size() > head {
            return Ok(empty);
        }
        let signed = status::checkpoint_at(&self.pool, frontier.size().cast_signed()).await?;
        if signed.as_deref() != Some(frontier.root().as_slice()) {
            tracing::warn!(
                size = frontier.size(),
                "the kept frontier fits no checkpoint; the tiles are made anew"
            );
            return Ok(empty);
        }
        match self.tiles.read(&edge_tiles(frontier.size())).await? {
            Some(edge) => Ok((frontier, edge)),
            None => {
                tracing::warn!(size = frontier.size(), "tiles are missing; they are made anew");
                Ok(empty)
            }
        }
    }

    /// Grows the tree leaf by leaf up to the head, writes its tiles, and holds
    /// it against the earlier checkpoints on the way.
    async fn integrate(
        &self,
        mut frontier: Frontier,
        mut edge: Vec<TileWrite>,
        head: u64,
        earlier: &[Earlier],
    ) -> Result<Frontier, CheckpointError> {
        agrees(&frontier, earlier)?;
        while frontier.size() < head {
            let size = frontier.size();
            let next =
                earlier.iter().map(|earlier| earlier.size).filter(|at| *at > size).min().unwrap_or(head);
            let wanted = (next - size).min(BATCH);
            let leaves = status::leaves(&self.pool, size.cast_signed(), wanted.cast_signed()).await?;
            let leaves: Option<Vec<Hash>> = leaves.into_iter().map(|leaf| leaf.try_into().ok()).collect();
            let leaves =
                leaves.filter(|leaves| leaves.len() as u64 == wanted).ok_or(CheckpointError::NoLeaf(size))?;
            let Growth { frontier: grown, writes } = grow(&frontier, &set_of(&edge)?, &leaves)?;
            self.tiles.write(&writes).await?;
            edge = edge_of(grown.size(), writes, edge);
            frontier = grown;
            agrees(&frontier, earlier)?;
        }
        Ok(frontier)
    }

    /// Looks after the tree until told to stop, and once more then.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                () = told(&mut stop) => {}
            }
            let stopping = *stop.borrow();
            let advanced = if stopping {
                match tokio::time::timeout(LAST_WORDS, self.advance()).await {
                    Ok(advanced) => advanced,
                    Err(_) => {
                        tracing::warn!("there was no time for a last checkpoint; the next start makes it");
                        return;
                    }
                }
            } else {
                self.advance().await
            };
            match advanced {
                Ok(Some(checkpoint)) => tracing::debug!(size = checkpoint.size, "checkpoint signed"),
                Ok(None) => {}
                Err(error @ CheckpointError::Contradiction(_)) => tracing::error!("{error}"),
                Err(error) => tracing::warn!(error = chain(&error), "no checkpoint could be made"),
            }
            if stopping {
                return;
            }
        }
    }
}

fn agrees(frontier: &Frontier, earlier: &[Earlier]) -> Result<(), CheckpointError> {
    let contradicts = |e: &&Earlier| e.size == frontier.size() && e.root != frontier.root();
    match earlier.iter().find(contradicts) {
        None => Ok(()),
        Some(Earlier { size, place, .. }) => Err(CheckpointError::Contradiction(format!(
            "{place} signed another root over the first {size} positions"
        ))),
    }
}
