//! Removing files that are not needed any more.
//!
//! An upload that nobody asked a job for, and evidence that no event came to
//! name, are kept for a day; the file of a job for 30 days after its end, so
//! that the job can be tried again; evidence that was taken out of its round
//! for 30 days, so that a mistake can be seen. What browsers put straight into
//! S3 goes after a day, known or not. What it leaves out is other files that no
//! row names: those of an import killed between writing and noting.

use crate::retry::chain;
use aegis_objects::{ENDED_KEPT_DAYS, Objects};
use aegis_projections::evidence::{self, Claim, Claiming, OPEN_FOR};
use aegis_projections::{Pool, jobs};
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

/// How long a file is kept that no job was asked for, or no event names.
pub const UNUSED_KEPT: Duration = Duration::from_secs(24 * 3600);
// Evidence is confirmed no more long before it is swept up.
const _: () = assert!(OPEN_FOR.as_secs() + 3600 <= UNUSED_KEPT.as_secs(), "uploads close before they go");
/// How long evidence is kept after it was taken out of its round, by the calendar.
pub const TAKEN_OUT_KEPT: TimeDelta = TimeDelta::days(30);
/// Files of each sort removed in one round at most; the next round takes the next.
pub const BATCH: i64 = 100;

/// Removes what is not needed any more, at most [`BATCH`] files of each sort; says
/// how many went. What was taken out is held against `now`, what was put into S3 against this machine's
/// clock, the rest against the database's. Safe to repeat, and for several processes at once.
///
/// # Errors
/// The database failed. A file that cannot be removed waits for the next round.
pub async fn remove(pool: &Pool, objects: &Objects, now: DateTime<Utc>) -> Result<usize, sqlx::Error> {
    let imports = remove_imports(pool, objects).await?;
    Ok(imports
        + remove_strays(objects).await
        + remove_abandoned(pool, objects, UNUSED_KEPT).await?
        + remove_taken_out(pool, objects, now).await?)
}

async fn remove_imports(pool: &Pool, objects: &Objects) -> Result<usize, sqlx::Error> {
    let ended = Duration::from_secs(ENDED_KEPT_DAYS * 24 * 3600);
    let mut removed = 0;
    for key in jobs::unneeded_files(pool, UNUSED_KEPT, ended, BATCH).await? {
        // The file goes first: killed here, the next round finds the row and ends it.
        if is_gone(objects, &key).await {
            jobs::forget_file(pool, &key).await?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// Evidence that was announced longer than `after` ago and that no event names. What somebody works on
/// waits for the next round.
///
/// # Errors
/// The database failed.
pub async fn remove_abandoned(pool: &Pool, objects: &Objects, after: Duration) -> Result<usize, sqlx::Error> {
    let mut removed = 0;
    for id in evidence::abandoned(pool, after, BATCH).await? {
        let Claiming::Held(claim) = evidence::claim(pool, id, Duration::ZERO).await? else {
            continue;
        };
        let done = remove_claimed(pool, objects, &claim, after).await;
        claim.release().await;
        removed += usize::from(done?);
    }
    Ok(removed)
}

async fn remove_claimed(
    pool: &Pool,
    objects: &Objects,
    claim: &Claim,
    after: Duration,
) -> Result<bool, sqlx::Error> {
    let upload = &claim.upload;
    // Announced again, or confirmed, since it was listed.
    if upload.confirmed_at.is_some() || !upload.is_older_than(after) {
        return Ok(false);
    }
    // Killed between the event and the note of it, a file is needed all the same.
    if evidence::is_recorded(pool, upload.test_id, upload.evidence_id).await? {
        evidence::confirmed(pool, upload.evidence_id).await?;
        return Ok(false);
    }
    if !is_gone(objects, &upload.object_key).await {
        return Ok(false);
    }
    claim.forget().await?;
    Ok(true)
}

/// What browsers put into S3 and nobody took over: put once more with a link that outlived its use, or
/// after its upload was forgotten. No row has to know of it.
async fn remove_strays(objects: &Objects) -> usize {
    let before = Utc::now() - UNUSED_KEPT;
    let limit = usize::try_from(BATCH).unwrap_or_default();
    objects.remove_strays(before, limit).await.unwrap_or_else(|error| {
        tracing::warn!(
            error = chain(&error),
            "files that were put and never taken over could not be removed"
        );
        0
    })
}

async fn remove_taken_out(pool: &Pool, objects: &Objects, now: DateTime<Utc>) -> Result<usize, sqlx::Error> {
    let mut removed = 0;
    for (id, key) in evidence::taken_out(pool, now - TAKEN_OUT_KEPT, BATCH).await? {
        if is_gone(objects, &key).await {
            evidence::erased(pool, id).await?;
            removed += 1;
        }
    }
    Ok(removed)
}

async fn is_gone(objects: &Objects, key: &str) -> bool {
    match objects.remove(key).await {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(key, error = chain(&error), "an old file could not be removed");
            false
        }
    }
}
