//! When a campaign runs again. What is due next is computed by the calendar that records it.

use super::words::{MissedRuns, ScheduleEvery};
use crate::people::Person;
use aegis_aggregates::campaign::DueTime as Due;
use aegis_projections::campaigns::ScheduledRecord;
use async_graphql::{Object, SimpleObject};
use chrono::{DateTime, NaiveDateTime, Utc};

/// Due times shown ahead.
const UPCOMING: usize = 5;
/// A local time as people write it.
const LOCAL: &str = "%Y-%m-%dT%H:%M";

/// A local time, `2026-01-31T09:00`.
pub(super) fn local_text(time: NaiveDateTime) -> String {
    time.format(LOCAL).to_string()
}

/// Reads a local time, `2026-01-31T09:00`, with or without seconds; `None` for any other text.
pub fn parse_local(text: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text, LOCAL).or_else(|_| text.parse()).ok()
}

/// When a campaign runs again.
pub struct CampaignSchedule(pub(super) ScheduledRecord);

/// A time a run is due at.
#[derive(SimpleObject)]
pub struct DueTime {
    /// On the wall clock of the schedule's zone, `2026-01-31T09:00`.
    due: String,
    /// The instant it comes to; later where a clock change leaves that local time out.
    due_at: DateTime<Utc>,
}

impl From<Due> for DueTime {
    fn from(time: Due) -> Self {
        Self { due: local_text(time.due), due_at: time.due_at }
    }
}

#[Object]
impl CampaignSchedule {
    async fn every(&self) -> ScheduleEvery {
        self.0.schedule.every.into()
    }
    /// The first due time on the wall clock of the zone, `2026-01-31T09:00`; all others are counted from it.
    async fn first(&self) -> String {
        local_text(self.0.schedule.first)
    }
    /// The zone by its IANA name, `Europe/Berlin`.
    async fn time_zone(&self) -> &str {
        self.0.schedule.time_zone.name()
    }
    /// The last day, `YYYY-MM-DD`.
    async fn until(&self) -> Option<String> {
        self.0.schedule.until.map(|day| day.to_string())
    }
    async fn missed(&self) -> MissedRuns {
        self.0.schedule.missed.into()
    }
    /// Who set it, and may change the runs it makes.
    async fn scheduled_by(&self) -> Person {
        Person(self.0.by)
    }
    async fn scheduled_at(&self) -> DateTime<Utc> {
        self.0.at
    }
    /// The first due time that is not recorded yet; null once the schedule is over.
    async fn next_due(&self) -> Option<DueTime> {
        self.0.due().next().map(Into::into)
    }
    /// The next 5 due times.
    async fn upcoming(&self) -> Vec<DueTime> {
        self.0.due().take(UPCOMING).map(Into::into).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_time_is_read_with_or_without_seconds_and_without_a_zone() {
        assert_eq!(parse_local("2026-01-31T09:00").map(local_text).as_deref(), Some("2026-01-31T09:00"));
        assert!(
            parse_local("2026-01-31T09:00:30")
                .is_some_and(|time| time != parse_local("2026-01-31T09:00").unwrap())
        );
        for wrong in ["", "2026-01-31", "2026-02-30T09:00", "2026-01-31T09:00Z", "2026-01-31T25:00"] {
            assert_eq!(parse_local(wrong), None, "{wrong}");
        }
    }
}
