//! Once a day: notifications that were read go after 30 days and all after 90, the logs of webhooks and mails
//! after 30. Any number of processes may do so at the same time.

use crate::calendar::Calendar;
use crate::retry::{chain, pause};
use aegis_projections::{DatabaseError, Pool, mails, notifications, webhooks};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

/// How long a notification is kept that was read, from when it happened.
pub const READ_KEPT: TimeDelta = TimeDelta::days(30);
/// How long any notification is kept.
pub const KEPT: TimeDelta = TimeDelta::days(90);
/// How often it is looked for what is to go.
const EVERY: TimeDelta = TimeDelta::hours(24);
/// Rows removed by one statement.
pub const BATCH: i64 = 1_000;
/// Statements of each sort in one round at most; the next round goes on.
const BATCHES: usize = 1_000;

/// Removes what is kept no longer.
pub struct Retention {
    pool: Pool,
    calendar: Calendar,
}

impl Retention {
    /// Retention by a calendar.
    pub fn new(pool: Pool, calendar: Calendar) -> Self {
        Self { pool, calendar }
    }

    /// Removes once a day, and first at once, until told to stop.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut done: Option<DateTime<Utc>> = None;
        loop {
            let now = self.calendar.now();
            if done.is_none_or(|at| now - at >= EVERY) {
                match remove(&self.pool, now, &stop).await {
                    Ok(removed) => {
                        done = Some(now);
                        if removed > 0 {
                            tracing::info!(removed, "old notifications, deliveries and mails removed");
                        }
                    }
                    Err(error) => {
                        tracing::warn!(
                            error = chain(&error),
                            "old notifications were not removed; trying again"
                        );
                    }
                }
            }
            if pause(self.calendar.look_every(), &mut stop).await {
                return;
            }
        }
    }
}

/// Removes what is kept no longer at an instant, in batches; says how many rows.
///
/// # Errors
/// The database failed; what was removed stays removed.
pub async fn remove(
    pool: &Pool,
    now: DateTime<Utc>,
    stop: &watch::Receiver<bool>,
) -> Result<u64, DatabaseError> {
    let mut removed = 0;
    let full = u64::try_from(BATCH).unwrap_or(u64::MAX);
    for _ in 0..BATCHES {
        let cut = notifications::cut(pool, now - READ_KEPT, now - KEPT, BATCH).await?;
        removed += cut;
        if cut < full || *stop.borrow() {
            break;
        }
    }
    for _ in 0..BATCHES {
        let cut = webhooks::cut(pool, now, BATCH).await? + mails::cut(pool, now, BATCH).await?;
        removed += cut;
        if cut == 0 || *stop.borrow() {
            break;
        }
    }
    Ok(removed)
}
