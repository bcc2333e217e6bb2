//! Keeps the index of the audit log up to date. It follows the ledger at its leisure: nobody who writes waits
//! for it.

use crate::retry::{Backoff, chain, told};
use aegis_projections::Pool;
use aegis_projections::audit::{self, Indexed};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// Time between two steps at least: under load one larger step costs less than many small ones.
const GATHER: Duration = Duration::from_millis(100);
/// How often it looks without being told.
const POLL: Duration = Duration::from_millis(500);
/// Pauses after the database failed.
const FAILED_PAUSE: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(30));

/// Follows the ledger until told to stop.
pub(crate) async fn run(pool: Pool, sealed: Arc<Notify>, mut stop: watch::Receiver<bool>) {
    let mut failed = Backoff::new(FAILED_PAUSE.0, FAILED_PAUSE.1);
    while !*stop.borrow() {
        // Heard from before the look, so that nothing falls between.
        let more = sealed.notified();
        let wait = match audit::advance(&pool).await {
            Ok(Indexed::Took(_)) => {
                failed.reset();
                GATHER
            }
            Ok(Indexed::Idle) => {
                failed.reset();
                tokio::select! {
                    () = more => GATHER,
                    () = tokio::time::sleep(POLL) => Duration::ZERO,
                    () = told(&mut stop) => return,
                }
            }
            Ok(Indexed::Busy) => POLL,
            Err(error) => {
                let wait = failed.after_failure();
                tracing::warn!(
                    error = chain(&error),
                    retry_ms = wait.as_millis(),
                    "the audit index stands still"
                );
                wait
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = told(&mut stop) => {}
        }
    }
}
