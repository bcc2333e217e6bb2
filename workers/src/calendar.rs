//! What time it is for schedules, and for how long evidence is kept that was taken out. Nothing else asks it: waiting, heartbeats and the ledger go by
//! the clocks of process and database. Whoever starts an engine says which clock this is, so that
//! months can go by in a test.

use chrono::{DateTime, Utc};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How often an installation looks for what is due.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// The clock of schedules, and how often it is looked at.
#[derive(Clone)]
pub struct Calendar {
    now: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    look_every: Duration,
}

impl Calendar {
    /// The machine's own clock, looked at every 30 s.
    pub fn system() -> Self {
        Self::of(Utc::now, LOOK_EVERY)
    }

    /// Another clock, looked at as often as said.
    pub fn of(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static, look_every: Duration) -> Self {
        Self { now: Arc::new(now), look_every }
    }

    /// What time it is.
    pub fn now(&self) -> DateTime<Utc> {
        (self.now)()
    }

    /// How long to wait between two looks.
    pub fn look_every(&self) -> Duration {
        self.look_every
    }
}

impl fmt::Debug for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Calendar").field("look_every", &self.look_every).finish_non_exhaustive()
    }
}
