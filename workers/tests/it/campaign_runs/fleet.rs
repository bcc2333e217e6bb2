//! A year and a month of runs in three time zones, by four processes that are killed at random.
//! What is due is worked out here by plain arithmetic on days, not by the product's calendar.
//! `AEGIS_LONG=1` takes more schedules, more time between kills and more of those.

use super::{House, copied_test_id, eventually, instant, run_id, schedule};
use aegis_aggregates::campaign::{Every, Schedule};
use aegis_aggregates::ids::{CampaignId, TestId};
use aegis_workers::calendar::Calendar;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const CHILD_URL: &str = "AEGIS_TEST_RUNS_URL";
const CHILD_FILES: &str = "AEGIS_TEST_RUNS_FILES";
const CHILD_CLOCK: &str = "AEGIS_TEST_RUNS_CLOCK";

const BEGIN: &str = "2026-01-10T00:00:00Z";
/// Far from every due time in every zone.
const END: &str = "2027-02-10T00:00:00Z";
const WORKERS: usize = 4;
const ZONES: [&str; 3] = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"];

/// Not a test by itself: one of the workers.
#[test]
fn worker() {
    let variables = [CHILD_URL, CHILD_FILES, CHILD_CLOCK].map(|name| std::env::var(name).ok());
    let [Some(url), Some(files), Some(clock)] = variables else { return };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let mut house = House::new(url.parse::<PgConnectOptions>().expect("an address")).await;
        house.objects = crate::house::files(Path::new(&files));
        let clock = PathBuf::from(clock);
        house.calendar = Calendar::of(move || read(&clock), Duration::from_millis(100));
        let _engine = house.engine().await;
        std::future::pending::<()>().await;
    });
}

/// A clock in a file, which only the test that started the workers sets.
fn read(clock: &Path) -> DateTime<Utc> {
    let text = std::fs::read_to_string(clock).expect("a clock");
    instant(text.trim())
}

fn set(clock: &Path, time: DateTime<Utc>) {
    // A reader sees the old file or the new one, never half of it.
    let next = clock.with_extension("next");
    std::fs::write(&next, time.to_rfc3339()).expect("written");
    std::fs::rename(&next, clock).expect("renamed");
}

struct Fleet<'a> {
    house: &'a House,
    clock: PathBuf,
    workers: Vec<Child>,
}

impl Fleet<'_> {
    fn start(&mut self) {
        let worker = Command::new(std::env::current_exe().expect("a path"))
            .args(["campaign_runs::fleet::worker", "--exact", "--nocapture"])
            .env(CHILD_URL, &self.house.url)
            .env(CHILD_FILES, self.house.objects_dir())
            .env(CHILD_CLOCK, &self.clock)
            .stdout(Stdio::null())
            .spawn()
            .expect("a worker");
        self.workers.push(worker);
    }

    fn kill(&mut self, index: usize) {
        let mut worker = self.workers.swap_remove(index);
        worker.kill().expect("killed");
        worker.wait().expect("dead");
    }
}

impl Drop for Fleet<'_> {
    fn drop(&mut self) {
        while !self.workers.is_empty() {
            self.kill(0);
        }
    }
}

/// The local times due from a first on, by counting days and months.
fn due(schedule: &Schedule) -> Vec<NaiveDateTime> {
    let (first, end) = (schedule.first, instant(END).naive_utc());
    let days_in = |year: i32, month: u32| {
        let next = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        let first = |(year, month)| NaiveDate::from_ymd_opt(year, month, 1).expect("a day");
        (first(next) - first((year, month))).num_days()
    };
    let month_later = |months: u32| {
        let month0 = first.month0() + months;
        let (year, month) = (first.year() + i32::try_from(month0 / 12).expect("few"), month0 % 12 + 1);
        let day = i64::from(first.day()).min(days_in(year, month));
        let day = NaiveDate::from_ymd_opt(year, month, u32::try_from(day).expect("a day")).expect("a day");
        day.and_time(first.time())
    };
    let every = |k: u32| match schedule.every {
        Every::Weekly => first + TimeDelta::days(7 * i64::from(k)),
        Every::Monthly => month_later(k),
        Every::Quarterly => month_later(3 * k),
    };
    (0..).map(every).take_while(|due| *due < end).collect()
}

fn schedules(long: bool) -> Vec<Schedule> {
    // Berlin's gap is on 29 March 2026 at 02:30, New York's on 8 March; the 31st is in both others.
    let weekly = ["2026-01-11T02:30:00", "2026-01-11T02:30:00", "2026-01-11T02:15:00"];
    let of = |zone: usize| {
        [
            schedule(Every::Weekly, weekly[zone], ZONES[zone]),
            schedule(Every::Monthly, "2026-01-31T09:00:00", ZONES[zone]),
            schedule(Every::Quarterly, "2026-01-31T23:45:00", ZONES[zone]),
        ]
    };
    let all: Vec<Schedule> = (0..3).flat_map(of).collect();
    // One weekly, one monthly, one quarterly, each in a zone of its own.
    if long { all } else { [0, 4, 8].map(|index| all[index].clone()).to_vec() }
}

#[sqlx::test(migrations = false)]
async fn thirteen_months_of_runs_by_four_workers_that_are_killed(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let long = std::env::var_os("AEGIS_LONG").is_some();
    let seed = std::env::var("AEGIS_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(13);
    let mut random = StdRng::seed_from_u64(seed);
    let house = House::new(options).await;
    let mut expected: BTreeSet<(CampaignId, NaiveDateTime)> = BTreeSet::new();
    let mut copies: BTreeSet<(CampaignId, TestId)> = BTreeSet::new();
    for (number, schedule) in (1..).zip(schedules(long)) {
        let times = due(&schedule);
        let (parent, tests) = house.scheduled(number, BEGIN, schedule).await;
        for time in times {
            expected.insert((parent, time));
            let run = run_id(parent, time);
            copies.extend(tests.iter().map(|test| (run, copied_test_id(run, *test))));
        }
    }
    let clock = house.directory.path().join("clock");
    set(&clock, instant(BEGIN));
    let mut fleet = Fleet { house: &house, clock: clock.clone(), workers: vec![] };
    (0..WORKERS).for_each(|_| fleet.start());

    let mut now = instant(BEGIN);
    let mut killed = 0;
    while now < instant(END) {
        now = (now + TimeDelta::hours(random.random_range(20..40 * 24))).min(instant(END));
        set(&clock, now);
        // Now in the middle of one thing, now of another.
        let between = if long { 300..4_000 } else { 100..1_200 };
        tokio::time::sleep(Duration::from_millis(random.random_range(between))).await;
        for _ in 0..random.random_range(1..=if long { 3 } else { 2 }) {
            fleet.kill(random.random_range(0..fleet.workers.len()));
            fleet.start();
            killed += 1;
        }
    }
    let begun = "select count(*) from events where event_type = 'CampaignActivated'";
    let runs = i64::try_from(expected.len()).expect("a count");
    // However slow the machine is: as long as runs are made, they are waited for.
    let mut made = house.count(begun).await;
    while made < runs {
        eventually("one more run is made", async || house.count(begun).await > made).await;
        made = house.count(begun).await;
    }
    // And nothing more comes of it, though everybody looks again and again.
    let looked = "select count(*) from jobs where state <> 'succeeded'";
    eventually("every job is done", async || house.count(looked).await == 0).await;
    drop(fleet);

    let found: Vec<(String, String)> = sqlx::query_as(
        "select aggregate_id, payload->'CampaignRunDue'->>'due' from events where event_type = 'CampaignRunDue'",
    )
    .fetch_all(&house.root)
    .await
    .expect("read");
    let recorded: BTreeSet<_> = found
        .iter()
        .map(|(parent, due)| (parent.parse().expect("an id"), due.parse().expect("a local time")))
        .collect();
    assert_eq!(recorded, expected);
    assert_eq!(found.len(), expected.len(), "no due time is recorded twice");

    let found: Vec<(String, String)> = sqlx::query_as(
        "select aggregate_id, link->>'test' from events,
           json_array_elements(payload->'CampaignCreated'->'tests') link
         where event_type = 'CampaignCreated' and payload->'CampaignCreated'->'origin'->>'from' = 'run'",
    )
    .fetch_all(&house.root)
    .await
    .expect("read");
    let linked: BTreeSet<(CampaignId, TestId)> =
        found.iter().map(|(run, test)| (run.parse().expect("an id"), test.parse().expect("an id"))).collect();
    assert_eq!(linked, copies);
    assert_eq!(found.len(), copies.len());

    let drafted: Vec<(String, String)> = sqlx::query_as(
        "select payload->'TestDrafted'->'origin'->>'campaign', aggregate_id from events
         where event_type = 'TestDrafted' and payload->'TestDrafted'->'origin'->>'kind' = 'campaign'",
    )
    .fetch_all(&house.root)
    .await
    .expect("read");
    let owned: BTreeSet<(CampaignId, TestId)> = drafted
        .iter()
        .map(|(run, test)| (run.parse().expect("an id"), test.parse().expect("an id")))
        .collect();
    assert_eq!(owned, copies, "no draft is missing, none is left over");
    assert_eq!(drafted.len(), copies.len());
    let parents = i64::try_from(schedules(long).len()).expect("few");
    let created = house.count("select count(*) from events where event_type = 'CampaignCreated'").await;
    assert_eq!(created, runs + parents);
    assert_eq!(house.count(begun).await, runs);
    assert!(killed >= 5, "{killed} kills prove little");
    println!("{runs} runs, {killed} workers killed, seed {seed}");
}
