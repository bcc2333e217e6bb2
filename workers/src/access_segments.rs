//! Closes segments of the access log: each day's entries (UTC), or as many as a segment holds, get a digest in
//! the ledger once nothing can come between them any more.
//!
//! Any number of processes do so at the same time: they find the same, and the aggregate closes a segment once.

use crate::calendar::Calendar;
use crate::retry::{chain, pause};
use aegis_aggregates::access_journal::{
    ACCESS_JOURNAL_ID, AccessJournal, AccessJournalAction, AccessJournalCommand, AccessJournalError,
};
use aegis_aggregates::actor::Actor;
use aegis_projections::Pool;
use aegis_projections::access_log::{SETTLE_WITHIN, next_segment, settled};
use aegis_projections::store::{Executed, Origin, Store, StoreError};
use tokio::sync::watch;

/// Segments that one look closes at most.
const AT_ONCE: usize = 20;

/// A look that failed.
#[derive(Debug, thiserror::Error)]
pub enum SegmentError {
    /// The access log could not be read.
    #[error("the access log could not be read")]
    Database(#[from] sqlx::Error),
    /// The journal could not be read or written.
    #[error("the journal of the access log cannot be used")]
    Store(#[from] StoreError),
    /// A rule refused what was found: the log or the journal is not what it should be.
    #[error("a segment of the access log cannot be closed")]
    Refused(#[source] AccessJournalError),
}

/// Looks at the access log of one database.
pub struct Segments {
    pool: Pool,
    store: Store,
    calendar: Calendar,
}

impl Segments {
    /// Segments by a calendar.
    pub fn new(pool: Pool, store: Store, calendar: Calendar) -> Self {
        Self { pool, store, calendar }
    }

    /// Looks again and again until told to stop.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        loop {
            if let Err(error) = self.look().await {
                tracing::warn!(
                    error = chain(&error),
                    "segments of the access log were not closed; trying again"
                );
            }
            if pause(self.calendar.look_every(), &mut stop).await {
                return;
            }
        }
    }

    /// Closes what can be closed by now, at most [`AT_ONCE`] segments; the next look goes on. Says how many.
    ///
    /// # Errors
    /// [`SegmentError`]; what was closed before it stays.
    pub async fn look(&self) -> Result<usize, SegmentError> {
        let Some(settled) = settled(&self.pool, SETTLE_WITHIN).await? else { return Ok(0) };
        let mut closed = 0;
        while closed < AT_ONCE && self.close_next(settled).await? {
            closed += 1;
        }
        Ok(closed)
    }

    async fn close_next(&self, settled: i64) -> Result<bool, SegmentError> {
        let journal = self.store.load::<AccessJournal>(ACCESS_JOURNAL_ID).await?;
        let (number, first) = (journal.next_number(), journal.next_first());
        let today = self.calendar.now().date_naive();
        let Some(segment) = next_segment(&self.pool, number, first, settled, today).await? else {
            return Ok(false);
        };
        let (last, entries) = (segment.last, segment.entries);
        let command = AccessJournalCommand {
            by: Actor::SYSTEM,
            at: self.calendar.now(),
            action: AccessJournalAction::Close(segment),
        };
        let mut origin = Origin::new(Actor::SYSTEM);
        origin.causation = Some("calendar".to_owned());
        match self.store.execute::<AccessJournal>(ACCESS_JOURNAL_ID, command, &origin).await? {
            Executed::Committed(_) => {
                tracing::info!(number, first, last, entries, "a segment of the access log is closed");
                Ok(true)
            }
            // Another process was faster.
            Executed::Unchanged | Executed::Repeated(_) => Ok(true),
            Executed::Refused(AccessJournalError::NotTheNext { .. }) => Ok(false),
            Executed::Refused(error) => Err(SegmentError::Refused(error)),
            // It has no command id; if that changes, it should be seen.
            Executed::CommandReused => {
                tracing::error!(number, "the closing of a segment was refused");
                Ok(false)
            }
        }
    }
}
