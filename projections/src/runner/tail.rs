//! The newest events of the ledger, read and decoded once for all projections
//! of a process.
//!
//! What is kept is what follows without a gap and decodes. Whoever asks for
//! anything else is told to read for itself, so that one event at fault stops
//! each projection by itself and in the one place that tells why.

use crate::fold::Sealed;
use crate::ledger;
use sqlx::PgPool;
use std::collections::VecDeque;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Events kept at most: enough for projections that are a batch apart.
const KEPT: usize = 4_000;

/// The end of the ledger as one process has read it.
#[derive(Debug)]
pub struct Tail {
    pool: PgPool,
    /// Without gaps. Sealed events never change, so neither do these.
    kept: Mutex<VecDeque<Arc<Sealed>>>,
}

impl Tail {
    /// One that has read nothing.
    pub fn new(pool: PgPool) -> Arc<Self> {
        Arc::new(Self { pool, kept: Mutex::default() })
    }

    /// At most `limit` events after a position, none if there are none; `None` where whoever asks has to read for
    /// itself: it is too far behind, or the next event does not decode.
    ///
    /// # Errors
    /// The database failed; then nothing is kept, since it may have been put back meanwhile.
    pub(super) async fn after(
        &self,
        position: i64,
        limit: i64,
    ) -> Result<Option<Vec<Arc<Sealed>>>, sqlx::Error> {
        let mut kept = self.kept.lock().await;
        if kept.back().is_some_and(|last| last.position < position) {
            kept.clear();
        }
        if kept.front().is_some_and(|first| first.position > position + 1) {
            return Ok(None);
        }
        if kept.back().is_none_or(|last| last.position == position) {
            match self.read(&mut kept, position, limit).await {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                Err(error) => {
                    kept.clear();
                    return Err(error);
                }
            }
        }
        let limit = usize::try_from(limit).unwrap_or(KEPT);
        let behind = kept.partition_point(|event| event.position <= position);
        Ok(Some(kept.iter().skip(behind).take(limit).cloned().collect()))
    }

    /// Reads on; false where something is there that cannot be kept.
    async fn read(
        &self,
        kept: &mut VecDeque<Arc<Sealed>>,
        position: i64,
        limit: i64,
    ) -> Result<bool, sqlx::Error> {
        let mut connection = self.pool.acquire().await?;
        let read = ledger::read(&mut connection, position, limit).await?;
        let (found, before) = (read.len(), kept.len());
        for (event, due) in read.into_iter().zip(position + 1..) {
            let Ok(event) = event.decode() else { break };
            if event.position != due {
                break;
            }
            kept.push_back(Arc::new(event));
        }
        let good = kept.len() > before;
        let many = kept.len().saturating_sub(KEPT);
        kept.drain(..many);
        Ok(good || found == 0)
    }
}
