//! Which parts of the access log are closed, and which were cut.
//!
//! The access log is apart from the events, so that its old parts can go. A part that is closed is named here
//! with its digest: from then on nobody can change it unseen, and that it was cut is seen too.

use crate::actor::Actor;
use crate::ids::AccountId;
use crate::refusal::{Refusal, RefusalKind};
use chrono::{DateTime, Utc};
use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent};
use serde::{Deserialize, Serialize};

/// The id of the only journal.
pub const ACCESS_JOURNAL_ID: &str = "access";
/// Entries of one segment at most.
pub const SEGMENT_ENTRIES: u64 = 50_000;

/// Entries of the access log that belong together for good. Segments follow each other without a gap in
/// numbers and in bounds; ids within that no entry has were given to one that was never written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Its number, from 1.
    pub number: u64,
    /// The id that it begins with: the one after the segment before it.
    pub first: i64,
    /// The id of its last entry.
    pub last: i64,
    /// How many entries it has, 1 to [`SEGMENT_ENTRIES`].
    pub entries: u64,
    /// When its oldest entry was written.
    pub oldest: DateTime<Utc>,
    /// When its newest entry was written.
    pub newest: DateTime<Utc>,
    /// SHA-256 of its entries, hex; see `docs/verify`.
    pub sha256: String,
}

/// A wish about the access log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessJournalCommand {
    /// Who asks.
    pub by: Actor,
    /// When, by the server's clock.
    pub at: DateTime<Utc>,
    /// What for.
    pub action: AccessJournalAction,
}

/// What can be done with the access log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessJournalAction {
    /// Closes the next segment.
    Close(Segment),
    /// Cuts all segments up to this number.
    Cut {
        /// The last one to go.
        through: u64,
    },
}

/// What happened to the access log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccessJournalEvent {
    /// A segment is closed.
    SegmentClosed {
        /// When, by the server's clock.
        at: DateTime<Utc>,
        /// What it holds.
        segment: Segment,
    },
    /// The oldest segments go.
    SegmentsCut {
        /// By whom.
        by: AccountId,
        /// When, by the server's clock.
        at: DateTime<Utc>,
        /// The number of the first of them.
        from: u64,
        /// The number of the last of them.
        through: u64,
        /// The id of the last entry that goes.
        last_entry: i64,
    },
}

impl DomainEvent for AccessJournalEvent {
    fn event_type(&self) -> String {
        match self {
            Self::SegmentClosed { .. } => "SegmentClosed",
            Self::SegmentsCut { .. } => "SegmentsCut",
        }
        .to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

/// Why a wish about the access log is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessJournalError {
    /// Segments are numbered in their order.
    #[error("segment {number} of the access log cannot be closed: the next one is {next}")]
    NotTheNext {
        /// The number it was to have.
        number: u64,
        /// The number that is next.
        next: u64,
    },
    /// A segment begins where the one before it ends.
    #[error("segment {number} of the access log begins at entry {first}, not at {due}")]
    Gap {
        /// Its number.
        number: u64,
        /// Where it was to begin.
        first: i64,
        /// Where it has to begin.
        due: i64,
    },
    /// It cannot hold so many entries.
    #[error(
        "segment {number} of the access log cannot have {entries} entries from {first} to {last}; \
         it has 1 to {SEGMENT_ENTRIES}, and no more than there are ids"
    )]
    Entries {
        /// Its number.
        number: u64,
        /// How many it was to have.
        entries: u64,
        /// Where it begins.
        first: i64,
        /// Where it ends.
        last: i64,
    },
    /// The digest is not one.
    #[error("'{0}' is not a SHA-256 in hex")]
    NotADigest(String),
    /// Only what is closed is cut.
    #[error("segment {through} of the access log is not closed; the last one that is closed is {closed}")]
    NotClosed {
        /// Up to which was to be cut.
        through: u64,
        /// The last one that is closed, 0 for none.
        closed: u64,
    },
}

impl Refusal for AccessJournalError {
    fn kind(&self) -> RefusalKind {
        match self {
            Self::NotTheNext { .. } | Self::Gap { .. } => RefusalKind::Conflict,
            Self::Entries { .. } | Self::NotADigest(_) => RefusalKind::InvalidInput,
            Self::NotClosed { .. } => RefusalKind::InvalidState,
        }
    }
}

/// The journal. It keeps every segment: there are a few hundred in a year.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessJournal {
    segments: Vec<Segment>,
    cut_through: u64,
}

impl AccessJournal {
    /// Every segment that was ever closed, in order.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The number of the last segment that was cut, 0 for none.
    pub fn cut_through(&self) -> u64 {
        self.cut_through
    }

    /// The number that the next segment gets.
    pub fn next_number(&self) -> u64 {
        self.segments.last().map_or(1, |last| last.number + 1)
    }

    /// The id that the next segment begins with.
    pub fn next_first(&self) -> i64 {
        self.segments.last().map_or(1, |last| last.last + 1)
    }

    fn decide(
        &self,
        command: AccessJournalCommand,
    ) -> Result<Option<AccessJournalEvent>, AccessJournalError> {
        let AccessJournalCommand { by, at, action } = command;
        match action {
            // Two processes that look at the same time find the same.
            AccessJournalAction::Close(segment) if self.segments.last() == Some(&segment) => Ok(None),
            AccessJournalAction::Close(segment) => {
                self.fits(&segment)?;
                Ok(Some(AccessJournalEvent::SegmentClosed { at, segment }))
            }
            AccessJournalAction::Cut { through } if through <= self.cut_through => Ok(None),
            AccessJournalAction::Cut { through } => {
                let last = self.segments.iter().find(|segment| segment.number == through);
                let closed = self.next_number() - 1;
                let last = last.ok_or(AccessJournalError::NotClosed { through, closed })?;
                let (by, from, last_entry) = (by.account, self.cut_through + 1, last.last);
                Ok(Some(AccessJournalEvent::SegmentsCut { by, at, from, through, last_entry }))
            }
        }
    }

    fn fits(&self, segment: &Segment) -> Result<(), AccessJournalError> {
        let Segment { number, first, last, entries, ref sha256, .. } = *segment;
        let (next, due) = (self.next_number(), self.next_first());
        if number != next {
            return Err(AccessJournalError::NotTheNext { number, next });
        }
        if first != due {
            return Err(AccessJournalError::Gap { number, first, due });
        }
        let ids = u64::try_from(last.saturating_sub(first).saturating_add(1)).unwrap_or(0);
        if entries == 0 || entries > SEGMENT_ENTRIES || entries > ids {
            return Err(AccessJournalError::Entries { number, entries, first, last });
        }
        let hex = sha256.len() == 64 && sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if hex { Ok(()) } else { Err(AccessJournalError::NotADigest(sha256.clone())) }
    }
}

impl Aggregate for AccessJournal {
    const TYPE: &'static str = "access_journal";
    type Command = AccessJournalCommand;
    type Event = AccessJournalEvent;
    type Error = AccessJournalError;
    type Services = ();

    async fn handle(
        &mut self,
        command: Self::Command,
        _services: &Self::Services,
        sink: &EventSink<Self>,
    ) -> Result<(), Self::Error> {
        if let Some(event) = self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Self::Event) {
        match event {
            AccessJournalEvent::SegmentClosed { segment, .. } => self.segments.push(segment),
            AccessJournalEvent::SegmentsCut { through, .. } => self.cut_through = through,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cqrs_es::test::TestFramework;

    fn at() -> DateTime<Utc> {
        "2026-03-02T00:10:00Z".parse().expect("an instant")
    }

    fn segment(number: u64, first: i64, last: i64) -> Segment {
        let entries = u64::try_from(last - first + 1).expect("an order");
        let (oldest, newest) = (at() - chrono::TimeDelta::hours(9), at() - chrono::TimeDelta::hours(1));
        Segment { number, first, last, entries, oldest, newest, sha256: "ab".repeat(32) }
    }

    fn close(segment: Segment) -> AccessJournalCommand {
        AccessJournalCommand { by: Actor::SYSTEM, at: at(), action: AccessJournalAction::Close(segment) }
    }

    fn cut(through: u64) -> AccessJournalCommand {
        AccessJournalCommand { by: Actor::SYSTEM, at: at(), action: AccessJournalAction::Cut { through } }
    }

    fn closed(segment: Segment) -> AccessJournalEvent {
        AccessJournalEvent::SegmentClosed { at: at(), segment }
    }

    fn two() -> Vec<AccessJournalEvent> {
        vec![closed(segment(1, 1, 10)), closed(segment(2, 11, 15))]
    }

    fn after(events: Vec<AccessJournalEvent>) -> cqrs_es::test::AggregateTestExecutor<AccessJournal> {
        TestFramework::<AccessJournal>::with(()).given(events)
    }

    #[test]
    fn segments_follow_each_other_without_a_gap() {
        after(vec![]).when(close(segment(1, 1, 10))).then_expect_events(vec![closed(segment(1, 1, 10))]);
        after(two()).when(close(segment(3, 16, 16))).then_expect_events(vec![closed(segment(3, 16, 16))]);
        after(vec![]).when(close(segment(1, 2, 10))).then_expect_error(AccessJournalError::Gap {
            number: 1,
            first: 2,
            due: 1,
        });
        after(two()).when(close(segment(3, 15, 20))).then_expect_error(AccessJournalError::Gap {
            number: 3,
            first: 15,
            due: 16,
        });
        for number in [1, 4] {
            after(two())
                .when(close(segment(number, 16, 20)))
                .then_expect_error(AccessJournalError::NotTheNext { number, next: 3 });
        }
    }

    #[test]
    fn the_same_segment_again_is_no_news_and_another_of_its_number_is_refused() {
        after(two()).when(close(segment(2, 11, 15))).then_expect_events(vec![]);
        let other = Segment { sha256: "cd".repeat(32), ..segment(2, 11, 15) };
        after(two())
            .when(close(other))
            .then_expect_error(AccessJournalError::NotTheNext { number: 2, next: 3 });
    }

    #[test]
    fn a_segment_has_entries_and_not_too_many() {
        let of = |entries| Segment { entries, ..segment(1, 1, 60_000) };
        for entries in [0, SEGMENT_ENTRIES + 1] {
            after(vec![]).when(close(of(entries))).then_expect_error(AccessJournalError::Entries {
                number: 1,
                entries,
                first: 1,
                last: 60_000,
            });
        }
        // Ids that were never written leave holes.
        after(vec![]).when(close(of(SEGMENT_ENTRIES))).then_expect_events(vec![closed(of(SEGMENT_ENTRIES))]);
        let crowded = Segment { entries: 11, ..segment(1, 1, 10) };
        after(vec![]).when(close(crowded)).then_expect_error(AccessJournalError::Entries {
            number: 1,
            entries: 11,
            first: 1,
            last: 10,
        });
        let backwards = Segment { entries: 1, first: 1, last: 0, ..segment(1, 1, 1) };
        after(vec![]).when(close(backwards)).then_expect_error(AccessJournalError::Entries {
            number: 1,
            entries: 1,
            first: 1,
            last: 0,
        });
    }

    #[test]
    fn a_digest_is_64_hex_digits() {
        let wrong = Segment { sha256: "AB".repeat(32), ..segment(1, 1, 10) };
        after(vec![]).when(close(wrong)).then_expect_error(AccessJournalError::NotADigest("AB".repeat(32)));
    }

    #[test]
    fn only_closed_segments_are_cut_the_oldest_first_and_once() {
        let gone = |from, through, last_entry| {
            let by = Actor::SYSTEM.account;
            AccessJournalEvent::SegmentsCut { by, at: at(), from, through, last_entry }
        };
        after(two()).when(cut(1)).then_expect_events(vec![gone(1, 1, 10)]);
        after(two()).when(cut(2)).then_expect_events(vec![gone(1, 2, 15)]);
        let mut cut_before = two();
        cut_before.push(gone(1, 1, 10));
        after(cut_before.clone()).when(cut(2)).then_expect_events(vec![gone(2, 2, 15)]);
        after(cut_before.clone()).when(cut(1)).then_expect_events(vec![]);
        // Numbers and bounds go on.
        after(cut_before)
            .when(close(segment(3, 16, 20)))
            .then_expect_events(vec![closed(segment(3, 16, 20))]);
        after(two()).when(cut(3)).then_expect_error(AccessJournalError::NotClosed { through: 3, closed: 2 });
        after(vec![]).when(cut(1)).then_expect_error(AccessJournalError::NotClosed { through: 1, closed: 0 });
    }
}
