//! The sealing loop: gives committed events their places, as soon as they are
//! there, and says so to everything in this process that follows the ledger.
//!
//! Any number of processes may run one; the lock inside the statement is the
//! safety. What it deliberately does not do is elect who seals.

use crate::retry::{Backoff, chain, pause, told};
use aegis_projections::Pool;
use aegis_projections::ledger::{SEAL_BATCH, SealOutcome, Sealer};
use aegis_projections::store::Store;
use aegis_relay::Relay;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

/// How often the queue is looked into without being told: other processes append too.
const POLL: Duration = Duration::from_millis(150);
/// Time between two batches at least, unless there is a full one: under load every batch costs each
/// follower a transaction, so that many small ones would come into view later than fewer larger ones.
const GATHER: Duration = Duration::from_millis(15);
/// How soon it is tried again while another process seals; doubles up to [`POLL`].
const BUSY_PAUSE: Duration = Duration::from_millis(4);
/// Pauses after the database failed.
const FAILED_PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));
/// Pauses after sealing was refused because the record is inconsistent.
const STUCK_PAUSE: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));

/// Raised by the database when an event lacks its predecessor, or the head of the ledger is lost.
const INCONSISTENT: &str = "AE002";
/// Classes of errors that say the same of the record in other ways: a value
/// that cannot be hashed, a position that is taken.
const IMPOSSIBLE: [&str; 2] = ["22", "23"];

/// What followers of the ledger in this process wait for.
#[derive(Debug, Clone, Default)]
pub struct Sealed {
    woken: Arc<Notify>,
    head: Arc<AtomicI64>,
}

impl Sealed {
    /// Wakes whoever waits after each sealed batch. Only a hint.
    pub fn notify(&self) -> Arc<Notify> {
        Arc::clone(&self.woken)
    }

    /// Tells that this process has made the ledger grow.
    fn tell(&self, head: i64) {
        if self.head.fetch_max(head, Ordering::AcqRel) < head {
            self.woken.notify_waiters();
        }
    }

    /// Passes on what somebody said of the head: worth a look where it is news, and not remembered, since
    /// whoever says a number that is too high must not silence those who come after.
    fn hint(&self, head: i64) {
        if head > self.head.load(Ordering::Acquire) {
            self.woken.notify_waiters();
        }
    }
}

/// Why sealing stands still, if it does.
pub type Stuck = watch::Receiver<Option<String>>;

/// Seals until told to stop. Before it stops it seals what is there.
pub(crate) async fn run(
    pool: Pool,
    store: Store,
    sealed: Sealed,
    relay: Relay,
    stuck: watch::Sender<Option<String>>,
    mut stop: watch::Receiver<bool>,
) {
    let appended = store.appended();
    let mut sealer = Sealer::new(pool);
    let mut busy = Backoff::new(BUSY_PAUSE, POLL);
    let mut failed = Backoff::new(FAILED_PAUSE.0, FAILED_PAUSE.1);
    let mut refused = Backoff::new(STUCK_PAUSE.0, STUCK_PAUSE.1);
    loop {
        let stopping = *stop.borrow();
        let next = Instant::now() + GATHER;
        let outcome = sealer.seal().await;
        if outcome.is_ok() && stuck.borrow().is_some() {
            tracing::info!("sealing goes on");
            stuck.send_replace(None);
        }
        let wait = match outcome {
            Ok(SealOutcome::Sealed { events, head }) => {
                failed.reset();
                refused.reset();
                busy.reset();
                sealed.tell(head);
                relay.tell_head(head);
                if events == SEAL_BATCH {
                    continue;
                }
                if !stopping {
                    tokio::time::sleep_until(next).await;
                }
                POLL
            }
            Ok(SealOutcome::Idle) => {
                failed.reset();
                refused.reset();
                busy.reset();
                POLL
            }
            Ok(SealOutcome::Busy) => busy.after_failure(),
            Err(error) if is_inconsistent(&error) => {
                let wait = refused.after_failure();
                tracing::error!(
                    error = chain(&error),
                    retry_ms = wait.as_millis(),
                    "SEALING HAS STOPPED: the record is inconsistent; nothing becomes visible until this is solved"
                );
                stuck.send_replace(Some(chain(&error)));
                if stopping || pause(wait, &mut stop).await {
                    return;
                }
                continue;
            }
            Err(error) => {
                let wait = failed.after_failure();
                tracing::warn!(
                    error = chain(&error),
                    retry_ms = wait.as_millis(),
                    "sealing failed; trying again"
                );
                if stopping || pause(wait, &mut stop).await {
                    return;
                }
                continue;
            }
        };
        if stopping {
            return;
        }
        tokio::select! {
            // A permit is kept for an append that happened meanwhile, so none is missed.
            () = appended.notified() => {}
            () = tokio::time::sleep(wait) => {}
            () = told(&mut stop) => {}
        }
    }
}

fn is_inconsistent(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| code == INCONSISTENT || IMPOSSIBLE.contains(&code.get(..2).unwrap_or_default()))
}

/// Hears what other processes tell, until told to stop: of batches that they sealed, for the followers here,
/// and whatever else the relay passes on. Takes one connection of the pool for good.
pub(crate) async fn listen(pool: Pool, relay: Relay, sealed: Sealed, mut stop: watch::Receiver<bool>) {
    let mut heads = relay.heads();
    let heed = async {
        while heads.changed().await.is_ok() {
            let head = *heads.borrow_and_update();
            sealed.hint(head);
        }
    };
    tokio::select! {
        _ = relay.listen(&pool) => {}
        // The relay here keeps the channel open, so it does not end.
        () = heed => {}
        () = told(&mut stop) => {}
    }
}
