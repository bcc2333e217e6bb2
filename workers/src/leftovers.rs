//! Removing files that were brought in and are not needed any more.
//!
//! A file that nobody asked a job for is kept for a day, the file of a job for
//! 30 days after its end, so that the job can be tried again. What it leaves
//! out is files that no row names: those of a process that was killed between
//! writing one and noting it.

use crate::retry::chain;
use aegis_projections::{Pool, jobs};
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt};
use std::time::Duration;

/// How long a file is kept that no job was asked for.
pub const UNUSED_KEPT: Duration = Duration::from_secs(24 * 3600);
/// How long a file is kept after its job has ended.
pub const ENDED_KEPT_DAYS: u64 = 30;
/// Files removed in one round at most; the next round takes the next.
pub const BATCH: i64 = 100;

/// Removes what is not needed any more, at most [`BATCH`] files; says how many
/// went. Safe to repeat, and for several processes at once.
///
/// # Errors
/// The database failed. A file that cannot be removed waits for the next round.
pub async fn remove(pool: &Pool, objects: &dyn ObjectStore) -> Result<usize, sqlx::Error> {
    let ended = Duration::from_secs(ENDED_KEPT_DAYS * 24 * 3600);
    let mut removed = 0;
    for key in jobs::unneeded_files(pool, UNUSED_KEPT, ended, BATCH).await? {
        match objects.delete(&Path::from(key.as_str())).await {
            // The file goes first: killed here, the next round finds the row and ends it.
            Ok(()) | Err(Error::NotFound { .. }) => {
                jobs::forget_file(pool, &key).await?;
                removed += 1;
            }
            Err(error) => {
                tracing::warn!(key, error = chain(&error), "an old upload could not be removed");
            }
        }
    }
    Ok(removed)
}
