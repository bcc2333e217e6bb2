//! Instants and days as other tools write them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

/// Years that instants may be of: what is outside is a slip.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2200;

/// How a day is written where day and month could be taken for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateForm {
    /// `31.12.2026`, `31/12/2026`.
    DayFirst,
    /// `12/31/2026`.
    MonthFirst,
    /// `2026-12-31`.
    YearFirst,
}

/// An instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Instant {
    /// What is compared: texts with and without fractions do not sort as the instants do.
    pub at: DateTime<Utc>,
    /// RFC 3339, in UTC.
    pub text: String,
    /// Whether no time zone was written, so that UTC was taken for granted.
    pub assumed: bool,
}

/// Reads an instant of RFC 3339, or one of ISO 8601 without its time zone. Nothing for an empty text.
pub(super) fn instant(text: &str) -> Result<Option<Instant>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if let Ok(at) = DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_str(text, "%+")) {
        return written(at.with_timezone(&Utc), false).map(Some);
    }
    let form = |form| NaiveDateTime::parse_from_str(text, form).ok();
    let at = form("%Y-%m-%dT%H:%M:%S%.f").or_else(|| form("%Y-%m-%d %H:%M:%S%.f"));
    let at = at.or_else(|| form("%Y-%m-%dT%H:%M")).or_else(|| form("%Y-%m-%d %H:%M"));
    let at = at.ok_or_else(|| format!("'{}' is no time", super::name(text)))?;
    written(at.and_utc(), true).map(Some)
}

fn written(at: DateTime<Utc>, assumed: bool) -> Result<Instant, String> {
    use chrono::Datelike;
    if !YEARS.contains(&at.year()) {
        return Err(format!("the time is of the year {}", at.year()));
    }
    Ok(Instant { at, text: at.to_rfc3339_opts(SecondsFormat::AutoSi, true), assumed })
}

/// Reads a day, `2026-12-31`, that a time may follow. Nothing for an empty text.
pub(super) fn day(text: &str) -> Result<Option<String>, String> {
    let text = text.trim();
    if text.is_empty() || text.eq_ignore_ascii_case("none") {
        return Ok(None);
    }
    let wrong = || format!("'{}' is no day", super::name(text));
    let (date, rest) = text.split_at_checked(10).ok_or_else(wrong)?;
    if !(rest.is_empty() || rest.starts_with(['T', ' '])) {
        return Err(wrong());
    }
    let date = NaiveDate::parse_from_str(date, "%Y-%m-%d").map_err(|_| wrong())?;
    Ok(Some(date.format("%Y-%m-%d").to_string()))
}

/// Reads an instant as people write it in a table: ISO 8601, or day, month and year in any order with dots, slashes
/// or dashes, a time of day behind it or not. Where the order could be either and `form` does not say, it is refused.
pub(super) fn in_form(text: &str, form: Option<DateForm>) -> Result<Option<Instant>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if let Ok(Some(at)) = instant(text) {
        return Ok(Some(at));
    }
    let wrong = || format!("'{}' is no date", super::name(text));
    let (date, time) = text.split_once([' ', 'T', ',']).unwrap_or((text, ""));
    let separator = date.chars().find(|c| !c.is_ascii_digit()).ok_or_else(wrong)?;
    if !matches!(separator, '.' | '/' | '-') {
        return Err(wrong());
    }
    let parts: Vec<&str> = date.split(separator).collect();
    let [first, second, third] = parts[..] else { return Err(wrong()) };
    let number = |part: &str| -> Result<u32, String> {
        let plain = !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        if plain { part.parse().map_err(|_| wrong()) } else { Err(wrong()) }
    };
    let (a, b, c) = (number(first)?, number(second)?, number(third)?);
    let (year, month, day) = if first.len() == 4 {
        (a, b, c)
    } else if third.len() != 4 {
        return Err(format!("'{}' has no year of four digits", super::name(text)));
    } else {
        match (form, separator) {
            (Some(DateForm::DayFirst), _) => (c, b, a),
            (Some(DateForm::MonthFirst), _) => (c, a, b),
            (Some(DateForm::YearFirst), _) => return Err(wrong()),
            // Nobody writes a month first with dots.
            (None, '.') => (c, b, a),
            (None, _) if a > 12 => (c, b, a),
            (None, _) if b > 12 || a == b => (c, a, b),
            (None, _) => {
                return Err(format!(
                    "'{}' can be read with the day first and with the month first; say which it is",
                    super::name(text)
                ));
            }
        }
    };
    let year = i32::try_from(year).map_err(|_| wrong())?;
    let date = NaiveDate::from_ymd_opt(year, month, day).ok_or_else(wrong)?;
    let at = date.and_time(time_of_day(time).ok_or_else(wrong)?);
    written(at.and_utc(), true).map(Some)
}

fn time_of_day(text: &str) -> Option<NaiveTime> {
    let text = text.trim().trim_end_matches("Uhr").trim();
    if text.is_empty() {
        return Some(NaiveTime::MIN);
    }
    let forms = ["%H:%M:%S%.f", "%H:%M", "%I:%M:%S %p", "%I:%M %p"];
    forms.iter().find_map(|form| NaiveTime::parse_from_str(text, form).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_brought_to_utc() {
        let read = |text| instant(text).map(|at| at.map(|at| (at.text, at.assumed)));
        assert_eq!(read("2021-10-27T02:02:23.000Z"), Ok(Some(("2021-10-27T02:02:23Z".into(), false))));
        assert_eq!(read("2021-10-27T04:02:23+02:00"), Ok(Some(("2021-10-27T02:02:23Z".into(), false))));
        assert_eq!(read("2021-10-27 02:02:23"), Ok(Some(("2021-10-27T02:02:23Z".into(), true))));
        assert_eq!(read(" "), Ok(None));
        assert!(read("202004171657045").is_err());
        assert!(read("0001-01-01T00:00:00Z").is_err());
    }

    #[test]
    fn a_day_stands_before_a_time_or_nothing() {
        assert_eq!(day("2021-06-08T00:00:00.000Z"), Ok(Some("2021-06-08".into())));
        assert_eq!(day("2021-06-08"), Ok(Some("2021-06-08".into())));
        assert_eq!(day("None"), Ok(None));
        assert!(day("2021-06-31").is_err());
        assert!(day("2021-06-081").is_err());
        assert!(day("08.06.2021").is_err());
    }

    #[test]
    fn a_date_that_reads_two_ways_needs_its_form() {
        let read = |text, form| in_form(text, form).map(|at| at.map_or_else(String::new, |at| at.text));
        assert!(read("03/04/2026", None).expect_err("refused").contains("say which"));
        assert_eq!(read("03/04/2026", Some(DateForm::DayFirst)), Ok("2026-04-03T00:00:00Z".into()));
        assert_eq!(read("03/04/2026", Some(DateForm::MonthFirst)), Ok("2026-03-04T00:00:00Z".into()));
        assert_eq!(read("03.04.2026 14:30", None), Ok("2026-04-03T14:30:00Z".into()));
        assert_eq!(read("13/04/2026", None), Ok("2026-04-13T00:00:00Z".into()));
        assert_eq!(read("04/13/2026 2:30 PM", None), Ok("2026-04-13T14:30:00Z".into()));
        assert!(read("13/04/2026", Some(DateForm::MonthFirst)).is_err());
        assert!(read("03/04/26", None).expect_err("refused").contains("four digits"));
        assert_eq!(read("2026-04-03", None), Ok("2026-04-03T00:00:00Z".into()));
    }

    #[test]
    fn any_text_is_an_instant_or_refused() {
        bolero::check!().with_type::<String>().for_each(|text| {
            let _ = (instant(text), day(text), in_form(text, None), in_form(text, Some(DateForm::DayFirst)));
        });
    }
}
