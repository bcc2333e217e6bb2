//! Once a day, at seven in the morning where the recipient is, what waits becomes one mail.

use aegis_projections::mails;
use aegis_projections::{DatabaseError, Pool};
use chrono::{
    DateTime, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike, Utc,
};
use chrono_tz::Tz;

/// The hour of the day, by the recipient's clock.
pub const DIGEST_HOUR: u32 = 7;
/// Recipients looked at together.
const PAGE: i64 = 500;

/// Makes what is due; says how many.
pub(super) async fn make(pool: &Pool, now: DateTime<Utc>) -> Result<usize, DatabaseError> {
    let mut made = 0;
    let mut after = None;
    loop {
        let page = mails::waiting(pool, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(made) };
        after = Some(last.account);
        for waiting in &page {
            let (day, due) = due_digest(now, waiting.time_zone.as_deref());
            if waiting.since < due {
                made += usize::from(mails::digest(pool, waiting.account, day, due).await?);
            }
        }
    }
}

/// The last digest that was due by an instant: its day, and when it was due. A time zone that is not known, or was not
/// said, is UTC.
pub fn due_digest(now: DateTime<Utc>, time_zone: Option<&str>) -> (NaiveDate, DateTime<Utc>) {
    let zone: Tz = time_zone.and_then(|zone| zone.parse().ok()).unwrap_or(Tz::UTC);
    let local = now.with_timezone(&zone);
    let today = local.date_naive();
    let day = match local.hour() >= DIGEST_HOUR {
        true => today,
        false => today.checked_sub_days(Days::new(1)).unwrap_or(today),
    };
    (day, instant(zone, day))
}

/// The hour of a day. Where the clocks skip it, the first moment after; where they have it twice, the first.
fn instant(zone: Tz, day: NaiveDate) -> DateTime<Utc> {
    let hour = NaiveTime::from_hms_opt(DIGEST_HOUR, 0, 0).unwrap_or_default();
    let local = NaiveDateTime::new(day, hour);
    let at = |local: NaiveDateTime| match zone.from_local_datetime(&local) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at.with_timezone(&Utc)),
        LocalResult::None => None,
    };
    // No gap is longer than a day.
    (0..=24).find_map(|hours| at(local + TimeDelta::hours(hours))).unwrap_or_else(|| local.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_due_at_seven_where_its_reader_is() {
        for (now, zone, day, due) in [
            ("2026-03-02T06:59:59Z", None, "2026-03-01", "2026-03-01T07:00:00Z"),
            ("2026-03-02T07:00:00Z", None, "2026-03-02", "2026-03-02T07:00:00Z"),
            ("2026-03-02T06:00:00Z", Some("Europe/Berlin"), "2026-03-02", "2026-03-02T06:00:00Z"),
            ("2026-03-02T05:59:59Z", Some("Europe/Berlin"), "2026-03-01", "2026-03-01T06:00:00Z"),
            // The clocks go forward in between.
            ("2026-03-29T05:00:00Z", Some("Europe/Berlin"), "2026-03-29", "2026-03-29T05:00:00Z"),
            ("2026-03-01T20:30:00Z", Some("Asia/Kathmandu"), "2026-03-01", "2026-03-01T01:15:00Z"),
            ("2026-03-02T01:15:00Z", Some("Asia/Kathmandu"), "2026-03-02", "2026-03-02T01:15:00Z"),
            ("2026-03-02T12:00:00Z", Some("Moon/Tranquility"), "2026-03-02", "2026-03-02T07:00:00Z"),
            // Samoa had no 30 December 2011: what was due then is due when the day after begins.
            ("2011-12-30T12:00:00Z", Some("Pacific/Apia"), "2011-12-30", "2011-12-30T10:00:00Z"),
        ] {
            let found = due_digest(now.parse().expect("an instant"), zone);
            assert_eq!(
                (found.0.to_string().as_str(), found.1),
                (day, due.parse().expect("an instant")),
                "{now} {zone:?}"
            );
        }
    }
}
