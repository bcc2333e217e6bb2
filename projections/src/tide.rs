//! How far this process can see: the position that every read model has
//! reached, and waiting for one's own writes to come into view.

use crate::ledger;
use crate::runner::{Progress, Reached};
use crate::store::Committed;
use sqlx::PgPool;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout_at};

/// How long a write is waited for.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// How often a commit that has no position yet is looked up again while no read model moves.
const LOOK_AGAIN: Duration = Duration::from_millis(25);

/// What a write came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visible {
    /// Its position, if it was sealed in time.
    pub position: Option<i64>,
    /// Whether some read model has not reached it.
    pub behind: bool,
}

/// Sees how far the read models of this process are.
#[derive(Clone)]
pub struct Tide {
    pool: PgPool,
    reached: Vec<Reached>,
    position: watch::Receiver<i64>,
}

impl Tide {
    /// Watches the given projections. Must be called inside a runtime.
    pub fn new(pool: PgPool, reached: Vec<Reached>) -> Self {
        let (sender, position) = watch::channel(visible(&reached));
        let watched = reached.clone();
        tokio::spawn(follow(watched, sender));
        Self { pool, reached, position }
    }

    /// The position that every projection which has not stopped has reached;
    /// where all have stopped, the one that each of them has.
    pub fn position(&self) -> i64 {
        visible(&self.reached)
    }

    /// Whether every projection, stopped or not, has reached a position.
    pub fn has(&self, position: i64) -> bool {
        self.reached.iter().all(|reached| reached.borrow().position >= position)
    }

    /// Tells whenever that position moves.
    pub fn watch(&self) -> watch::Receiver<i64> {
        self.position.clone()
    }

    /// Waits until an event is in every read model, at most [`PATIENCE`].
    /// Holds no connection while it waits.
    ///
    /// # Errors
    /// The database failed.
    pub async fn see(&self, event: &Committed) -> Result<Visible, sqlx::Error> {
        let deadline = Instant::now() + PATIENCE;
        let mut moved = self.position.clone();
        let position = loop {
            moved.mark_unchanged();
            if let Some(position) = ledger::position_of(&self.pool, event).await? {
                break position;
            }
            if Instant::now() >= deadline {
                return Ok(Visible { position: None, behind: true });
            }
            // Before the read models move, no answer would let us go on.
            tokio::select! {
                Ok(()) = moved.changed() => {}
                () = sleep(LOOK_AGAIN) => {}
            }
        };
        let behind = !self.reach(position, deadline).await;
        Ok(Visible { position: Some(position), behind })
    }

    /// Waits until every read model has reached a position. False at the
    /// deadline, and where one has stopped before it: the others are still waited for.
    pub async fn reach(&self, position: i64, deadline: Instant) -> bool {
        let mut all = true;
        for reached in &self.reached {
            let mut reached = reached.clone();
            let there = reached.wait_for(|progress| progress.stopped || progress.position >= position);
            match timeout_at(deadline, there).await {
                Ok(Ok(progress)) => all &= progress.position >= position,
                Ok(Err(_)) | Err(_) => return false,
            }
        }
        all
    }
}

fn visible(reached: &[Reached]) -> i64 {
    let progress: Vec<Progress> = reached.iter().map(|reached| *reached.borrow()).collect();
    let least = |stopped: bool| {
        let such = progress.iter().filter(move |progress| progress.stopped == stopped);
        such.map(|progress| progress.position).min()
    };
    // With nothing going, what was there before the event that stopped them all is still there.
    least(false).or_else(|| least(true)).unwrap_or(0)
}

async fn follow(mut reached: Vec<Reached>, sender: watch::Sender<i64>) {
    while !sender.is_closed() {
        let now = visible(&reached);
        sender.send_if_modified(|shown| std::mem::replace(shown, now) != now);
        let changes = reached.iter_mut().map(|reached| Box::pin(reached.changed()));
        if futures::future::select_all(changes).await.0.is_err() {
            return;
        }
    }
}
