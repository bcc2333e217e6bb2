//! How far a job is, and whether it should stop: said and heard often by the
//! job, exchanged with the database now and then.

use super::JobError;
use crate::retry::{chain, told};
use aegis_projections::Pool;
use aegis_projections::jobs::{self, Hold, Standing};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};

/// How often a worker shows that it lives, when it has nothing else to show.
const BEAT: Duration = Duration::from_millis(500);
/// How often progress is written at most.
const PROGRESS_EVERY: Duration = Duration::from_millis(100);

/// Why a job should stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Halt {
    /// Somebody asked for it.
    Cancelled = 1,
    /// The process ends.
    Interrupted = 2,
    /// Another worker has begun the job anew.
    Lost = 3,
}

const GO_ON: u8 = 0;

#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Shown {
    done: i64,
    total: Option<i64>,
    current: String,
}

#[derive(Debug, Default)]
struct Board {
    shown: Mutex<Shown>,
    halt: AtomicU8,
    ended: Notify,
}

/// A job's way to say how far it is and to hear that it should stop. Cheap:
/// what is said goes to the database now and then, not each time.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Board>);

impl Progress {
    /// Shows how far the job is.
    pub fn show(&self, done: i64, total: Option<i64>, current: impl Into<String>) {
        let shown = Shown { done, total, current: current.into() };
        *self.0.shown.lock().unwrap_or_else(PoisonError::into_inner) = shown;
    }

    /// Whether the job should stop.
    pub fn halted(&self) -> bool {
        self.0.halt.load(Ordering::Acquire) != GO_ON
    }

    /// Goes on, or not.
    ///
    /// # Errors
    /// [`JobError::Halted`].
    pub fn check(&self) -> Result<(), JobError> {
        if self.halted() { Err(JobError::Halted) } else { Ok(()) }
    }

    /// Waits until the job should stop.
    pub async fn until_halted(&self) {
        while !self.halted() {
            tokio::time::sleep(PROGRESS_EVERY).await;
        }
    }

    /// Asks the database itself whether to go on: before a step that cannot be
    /// taken back, what is heard now and then is not enough.
    ///
    /// # Errors
    /// [`JobError::Halted`], or the database failed.
    pub async fn confirm(&self, pool: &Pool, hold: &Hold) -> Result<(), JobError> {
        let Shown { done, total, current } = self.shown();
        match jobs::progress(pool, hold, done, total, &current).await.map_err(JobError::database)? {
            Standing::Wanted => {}
            Standing::CancelRequested => self.halt(Halt::Cancelled),
            Standing::Lost => self.halt(Halt::Lost),
        }
        self.check()
    }

    /// Why it should, if it should.
    pub(super) fn why(&self) -> Option<Halt> {
        let why = self.0.halt.load(Ordering::Acquire);
        [Halt::Cancelled, Halt::Interrupted, Halt::Lost].into_iter().find(|halt| *halt as u8 == why)
    }

    /// Ends the pulse once it has written what is shown now.
    pub(super) fn end(&self) {
        self.0.ended.notify_one();
    }

    fn halt(&self, why: Halt) {
        // The first reason stays.
        let _ = self.0.halt.compare_exchange(GO_ON, why as u8, Ordering::AcqRel, Ordering::Acquire);
    }

    fn shown(&self) -> Shown {
        self.0.shown.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Writes what is shown, and that the worker lives, until the job ends.
    pub(super) async fn pulse(self, pool: Pool, hold: Hold, mut stop: watch::Receiver<bool>) {
        let mut written: Option<(Shown, Instant)> = None;
        let mut ended = false;
        loop {
            let shown = self.shown();
            let due = written.as_ref().is_none_or(|(last, at)| *last != shown || at.elapsed() >= BEAT);
            if due {
                match jobs::progress(&pool, &hold, shown.done, shown.total, &shown.current).await {
                    Ok(Standing::Wanted) => {}
                    Ok(Standing::CancelRequested) => self.halt(Halt::Cancelled),
                    Ok(Standing::Lost) => self.halt(Halt::Lost),
                    Err(error) => {
                        tracing::warn!(job.id = %hold.job, error = chain(&error), "progress was not written")
                    }
                }
                written = Some((shown, Instant::now()));
            }
            if ended {
                return;
            }
            tokio::select! {
                () = self.0.ended.notified() => ended = true,
                () = tokio::time::sleep(PROGRESS_EVERY) => {}
                () = told(&mut stop), if !self.halted() => self.halt(Halt::Interrupted),
            }
        }
    }
}
