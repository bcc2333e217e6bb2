//! When a campaign runs again: due times by the wall clock of a place.
//!
//! Due time number k is computed from the first, never from the one before it:
//! 7·k days, k months or 3·k months later, at the same local time. A day that a
//! month does not have becomes its last; so a schedule on the 31st returns to
//! the 31st. A local time that a clock change leaves out becomes the first
//! instant after it, one that comes twice the earlier of the two. What zones do
//! is compiled in (IANA database of `chrono-tz`); no clock is read here.

use chrono::{
    DateTime, Datelike, Days, LocalResult, Months, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Utc,
};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// The last year of a due time: JSON readers know four digits.
const LAST_YEAR: i32 = 9999;

/// More due times than any schedule has: weeks in 9,999 years.
const MOST_DUE_TIMES: u32 = 525_000;

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// Every seven days.
    Weekly,
    /// Every month.
    Monthly,
    /// Every three months.
    Quarterly,
}

impl Every {
    /// The word as stored, `monthly`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
        }
    }
}

/// What becomes of runs that nobody recorded when they were due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissedRuns {
    /// Each is made, late.
    #[default]
    CreateAll,
    /// The latest is made, those before it are recorded as skipped.
    LatestOnly,
}

impl MissedRuns {
    /// The word as stored, `latest_only`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CreateAll => "create_all",
            Self::LatestOnly => "latest_only",
        }
    }
}

/// When a campaign runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// How often.
    pub every: Every,
    /// The first due time by the wall clock of the zone, in whole minutes.
    pub first: NaiveDateTime,
    /// The zone, by its IANA name, `Europe/Berlin`.
    pub time_zone: Tz,
    /// The last day, by the same wall clock; none without end.
    pub until: Option<NaiveDate>,
    /// What becomes of missed runs.
    #[serde(default)]
    pub missed: MissedRuns,
}

/// A time a run is due at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DueTime {
    /// By the schedule, on the wall clock of its zone, whether or not that clock shows it.
    pub due: NaiveDateTime,
    /// The instant it comes to.
    pub due_at: DateTime<Utc>,
}

impl Schedule {
    /// Due time number `k`, from 0; `None` beyond the schedule's end or the calendar's.
    pub fn due(&self, k: u32) -> Option<DueTime> {
        let due = match self.every {
            Every::Weekly => self.first.checked_add_days(Days::new(u64::from(k) * 7)),
            Every::Monthly => self.first.checked_add_months(Months::new(k)),
            Every::Quarterly => self.first.checked_add_months(Months::new(k.checked_mul(3)?)),
        }?;
        let in_time = due.year() <= LAST_YEAR && self.until.is_none_or(|until| due.date() <= until);
        in_time.then_some(DueTime { due, due_at: instant(self.time_zone, due)? })
    }

    /// The due times after an instant, and after one that was recorded already,
    /// both by its local time and by its instant; in order.
    ///
    /// Local time counts too because it names a run: after a change of zone the
    /// same local time would name the same run again.
    pub fn due_after(
        &self,
        after: DateTime<Utc>,
        recorded: Option<DueTime>,
    ) -> impl Iterator<Item = DueTime> {
        let next = self.count_until(|time| {
            time.due_at > after
                && recorded.is_none_or(|held| time.due_at > held.due_at && time.due > held.due)
        });
        (next..).map_while(|k| self.due(k))
    }

    /// How many due times come before the first for which `reached` holds. It must
    /// hold for all that follow one it holds for; takes 20 steps, however long ago that was.
    fn count_until(&self, reached: impl Fn(&DueTime) -> bool) -> u32 {
        let (mut low, mut high) = (0, MOST_DUE_TIMES);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.due(middle).is_none_or(|time| reached(&time)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    }
}

/// The instant of a local time: the earlier where a clock change repeats it, the first
/// after the change where it leaves it out. `None` only at the ends of time.
fn instant(zone: Tz, local: NaiveDateTime) -> Option<DateTime<Utc>> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(time) => Some(time.to_utc()),
        LocalResult::Ambiguous(one, other) => Some(one.min(other).to_utc()),
        LocalResult::None => first_after_gap(zone, local),
    }
}

/// The first second whose local time is past one that the zone leaves out. Offsets stay
/// below a day, so it lies within a day of that time read as UTC; zones do
/// not change twice in such a window.
fn first_after_gap(zone: Tz, local: NaiveDateTime) -> Option<DateTime<Utc>> {
    let mut before = local.and_utc().checked_sub_signed(TimeDelta::days(1))?;
    let mut after = local.and_utc().checked_add_signed(TimeDelta::days(1))?;
    while after - before > TimeDelta::seconds(1) {
        let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
        if middle.with_timezone(&zone).naive_local() >= local {
            after = middle;
        } else {
            before = middle;
        }
    }
    Some(after)
}
