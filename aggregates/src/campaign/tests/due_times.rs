//! Due times, each worked out by hand from the calendar and the zone's rules.

use super::*;
use chrono_tz::{America::New_York, Australia::Lord_Howe, Europe::Berlin, Pacific::Apia};

/// The first due times as (local, instant).
fn times(schedule: &Schedule, count: u32) -> Vec<(String, String)> {
    let text = |time: DueTime| {
        (time.due.format("%Y-%m-%dT%H:%M").to_string(), time.due_at.format("%Y-%m-%dT%H:%M:%SZ").to_string())
    };
    (0..count).map_while(|k| schedule.due(k)).map(text).collect()
}

fn days(schedule: &Schedule, count: u32) -> Vec<String> {
    times(schedule, count).into_iter().map(|(local, _)| local[..10].to_owned()).collect()
}

fn instants(schedule: &Schedule, count: u32) -> Vec<String> {
    times(schedule, count).into_iter().map(|(_, instant)| instant).collect()
}

#[test]
fn the_31st_falls_on_the_last_day_of_shorter_months_and_returns() {
    let monthly = schedule(Every::Monthly, "2026-01-31T09:00:00", Tz::UTC);
    assert_eq!(
        days(&monthly, 13),
        [
            "2026-01-31",
            "2026-02-28",
            "2026-03-31",
            "2026-04-30",
            "2026-05-31",
            "2026-06-30",
            "2026-07-31",
            "2026-08-31",
            "2026-09-30",
            "2026-10-31",
            "2026-11-30",
            "2026-12-31",
            "2027-01-31",
        ]
    );
}

#[test]
fn a_leap_year_has_its_29th_of_february() {
    let from_the_31st = schedule(Every::Monthly, "2027-12-31T09:00:00", Tz::UTC);
    assert_eq!(days(&from_the_31st, 4), ["2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31"]);
    let quarterly = schedule(Every::Quarterly, "2026-11-30T09:00:00", Tz::UTC);
    assert_eq!(
        days(&quarterly, 6),
        ["2026-11-30", "2027-02-28", "2027-05-30", "2027-08-30", "2027-11-30", "2028-02-29"]
    );
    let from_the_29th = schedule(Every::Monthly, "2028-02-29T09:00:00", Tz::UTC);
    let february = |year: u32| from_the_29th.due(year * 12).map(|time| time.due.date());
    assert_eq!(february(1), Some(day("2029-02-28")));
    assert_eq!(february(4), Some(day("2032-02-29")));
    // 2100 is divisible by 100 and not by 400.
    assert_eq!(february(72), Some(day("2100-02-28")));
}

#[test]
fn a_quarter_has_three_months() {
    let quarterly = schedule(Every::Quarterly, "2026-01-31T09:00:00", Tz::UTC);
    assert_eq!(days(&quarterly, 5), ["2026-01-31", "2026-04-30", "2026-07-31", "2026-10-31", "2027-01-31"]);
}

#[test]
fn a_week_is_seven_days_on_the_wall_clock() {
    // 25 October has 25 hours in Berlin: the instant moves from 07:00Z to 08:00Z, the wall clock stays.
    let weekly = schedule(Every::Weekly, "2026-10-19T09:00:00", Berlin);
    assert_eq!(instants(&weekly, 2), ["2026-10-19T07:00:00Z", "2026-10-26T08:00:00Z"]);
}

#[test]
fn in_berlins_gap_the_first_instant_after_it_counts() {
    // 29 March 2026, 02:00 CET is 03:00 CEST, at 01:00Z.
    let weekly = schedule(Every::Weekly, "2026-03-22T02:30:00", Berlin);
    assert_eq!(
        times(&weekly, 3),
        [
            ("2026-03-22T02:30", "2026-03-22T01:30:00Z"),
            ("2026-03-29T02:30", "2026-03-29T01:00:00Z"),
            ("2026-04-05T02:30", "2026-04-05T00:30:00Z"),
        ]
        .map(|(local, instant)| (local.to_owned(), instant.to_owned()))
    );
}

#[test]
fn of_berlins_repeated_hour_the_earlier_counts() {
    // 25 October 2026, 03:00 CEST is 02:00 CET, at 01:00Z: 02:30 is at 00:30Z and again at 01:30Z.
    let weekly = schedule(Every::Weekly, "2026-10-18T02:30:00", Berlin);
    assert_eq!(
        instants(&weekly, 3),
        ["2026-10-18T00:30:00Z", "2026-10-25T00:30:00Z", "2026-11-01T01:30:00Z"]
    );
}

#[test]
fn new_york_changes_its_clock_on_other_days() {
    // 8 March 2026, 02:00 EST is 03:00 EDT, at 07:00Z.
    let over_the_gap = schedule(Every::Monthly, "2026-02-08T02:15:00", New_York);
    assert_eq!(
        instants(&over_the_gap, 3),
        ["2026-02-08T07:15:00Z", "2026-03-08T07:00:00Z", "2026-04-08T06:15:00Z"]
    );
    // 1 November 2026, 02:00 EDT is 01:00 EST, at 06:00Z: 01:30 is at 05:30Z and again at 06:30Z.
    let over_the_overlap = schedule(Every::Monthly, "2026-10-01T01:30:00", New_York);
    assert_eq!(
        instants(&over_the_overlap, 3),
        ["2026-10-01T05:30:00Z", "2026-11-01T05:30:00Z", "2026-12-01T06:30:00Z"]
    );
}

#[test]
fn lord_howes_gap_is_half_an_hour() {
    // 4 October 2026, 02:00 at +10:30 is 02:30 at +11, at 15:30Z the day before.
    let at = |time: &str| {
        let once = schedule(Every::Weekly, &format!("2026-10-04T{time}:00"), Lord_Howe);
        once.due(0).map(|time| time.due_at)
    };
    assert_eq!(at("01:59"), Some(instant("2026-10-03T15:29:00Z")));
    assert_eq!(at("02:00"), Some(instant("2026-10-03T15:30:00Z")));
    assert_eq!(at("02:10"), Some(instant("2026-10-03T15:30:00Z")));
    assert_eq!(at("02:29"), Some(instant("2026-10-03T15:30:00Z")));
    assert_eq!(at("02:31"), Some(instant("2026-10-03T15:31:00Z")));
}

#[test]
fn of_lord_howes_repeated_half_hour_the_earlier_counts() {
    // 5 April 2026, 02:00 at +11 is 01:30 at +10:30, at 15:00Z the day before:
    // 01:45 is at 14:45Z and again at 15:15Z.
    let once = schedule(Every::Weekly, "2026-04-05T01:45:00", Lord_Howe);
    assert_eq!(instants(&once, 1), ["2026-04-04T14:45:00Z"]);
}

#[test]
fn the_day_that_apia_skipped_begins_the_next() {
    // 29 December 2011 ended at -10, 31 December began at +14, both at 10:00Z on the 30th.
    let weekly = schedule(Every::Weekly, "2011-12-23T09:00:00", Apia);
    assert_eq!(
        instants(&weekly, 3),
        ["2011-12-23T19:00:00Z", "2011-12-30T10:00:00Z", "2012-01-05T19:00:00Z"]
    );
    for time in ["2011-12-30T00:00:00", "2011-12-30T23:59:00"] {
        assert_eq!(instants(&schedule(Every::Weekly, time, Apia), 1), ["2011-12-30T10:00:00Z"]);
    }
}

#[test]
fn the_last_day_is_still_in_the_schedule() {
    let ending = |until: &str| Schedule {
        until: Some(day(until)),
        ..schedule(Every::Weekly, "2026-03-02T09:00:00", Berlin)
    };
    assert_eq!(days(&ending("2026-03-16"), 9), ["2026-03-02", "2026-03-09", "2026-03-16"]);
    assert_eq!(days(&ending("2026-03-15"), 9), ["2026-03-02", "2026-03-09"]);
}

#[test]
fn the_calendar_ends_with_the_year_9999() {
    let late = schedule(Every::Quarterly, "9999-06-30T09:00:00", Tz::UTC);
    assert_eq!(days(&late, 9), ["9999-06-30", "9999-09-30", "9999-12-30"]);
    let early = schedule(Every::Weekly, "0001-01-01T00:00:00", Tz::UTC);
    assert_eq!(early.due_after(instant("9999-12-25T00:00:00Z"), None).count(), 1);
    assert_eq!(early.due(u32::MAX), None);
}

#[test]
fn what_was_due_long_ago_is_passed_over_at_once() {
    let old = schedule(Every::Weekly, "0004-01-01T09:00:00", Berlin);
    let next = old.due_after(instant("2026-03-02T12:00:00Z"), None).next().expect("a due time");
    assert!(next.due_at > instant("2026-03-02T12:00:00Z"));
    assert!(next.due_at <= instant("2026-03-09T12:00:00Z"));
}

#[test]
fn a_time_that_is_now_is_not_after_now() {
    let weekly = schedule(Every::Weekly, "2026-03-02T12:00:00", Tz::UTC);
    let next = |at: &str| weekly.due_after(instant(at), None).next().map(|time| time.due);
    assert_eq!(next("2026-03-02T11:59:59Z"), Some(local("2026-03-02T12:00:00")));
    assert_eq!(next("2026-03-02T12:00:00Z"), Some(local("2026-03-09T12:00:00")));
}

#[test]
fn a_zone_is_stored_by_its_name() {
    let json = serde_json::to_value(monthly()).expect("JSON");
    assert_eq!(json["time_zone"], "Europe/Berlin");
    assert_eq!(serde_json::from_value::<Schedule>(json).expect("a schedule"), monthly());
}
