//! Segments of the access log: closed once nothing can come between, checked, cut.

use crate::house::{House, eventually};
use aegis_aggregates::access_journal::{
    ACCESS_JOURNAL_ID, AccessJournal, AccessJournalAction, AccessJournalCommand, SEGMENT_ENTRIES,
};
use aegis_aggregates::actor::Actor;
use aegis_projections::access_log::{self, AccessFinding};
use aegis_projections::store::{Executed, Origin};
use aegis_workers::access_segments::Segments;
use aegis_workers::calendar::Calendar;
use aegis_workers::verify;
use chrono::{DateTime, Utc};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection};
use std::time::Duration;

/// The day on which everything here is looked at.
const TODAY: &str = "2026-05-20T10:00:00Z";

fn segments(house: &House, now: &'static str) -> Segments {
    let clock = move || now.parse::<DateTime<Utc>>().expect("an instant");
    let calendar = Calendar::of(clock, Duration::from_secs(1));
    Segments::new(house.pool.clone(), house.store.clone(), calendar)
}

/// Entries of an instant, written as nobody but a superuser can.
async fn entries(house: &House, count: u64, at: &str) {
    house
        .run(&format!(
            "insert into access_log (at, account, action, outcome, address, detail)
             select '{at}', gen_random_uuid(), 'sign_in', 'allowed', '203.0.113.7', 'number ' || n
             from generate_series(1, {count}) n"
        ))
        .await;
}

async fn journal(house: &House) -> AccessJournal {
    house.store.load(ACCESS_JOURNAL_ID).await.expect("it loads")
}

/// Number, bounds and entries of what is closed.
async fn closed(house: &House) -> Vec<(u64, i64, i64, u64)> {
    let journal = journal(house).await;
    journal.segments().iter().map(|each| (each.number, each.first, each.last, each.entries)).collect()
}

async fn finding(house: &House) -> Option<AccessFinding> {
    access_log::check(&house.root, &mut |_, _| {}).await.expect("it is checked").finding
}

#[sqlx::test(migrations = false)]
async fn each_day_is_a_segment_and_today_is_open(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let look = segments(&house, TODAY);
    assert_eq!(look.look().await.expect("a look"), 0, "an empty log has no segments");
    entries(&house, 3, "2026-05-17T09:00:00Z").await;
    entries(&house, 2, "2026-05-17T23:59:59.999999Z").await;
    entries(&house, 4, "2026-05-19T00:00:00Z").await;
    entries(&house, 5, "2026-05-20T00:00:00Z").await;
    assert_eq!(look.look().await.expect("a look"), 2);
    assert_eq!(closed(&house).await, [(1, 1, 5, 5), (2, 6, 9, 4)]);
    assert_eq!(look.look().await.expect("a look"), 0, "what is closed is closed once");
    let tomorrow = segments(&house, "2026-05-21T00:00:01Z");
    assert_eq!(tomorrow.look().await.expect("a look"), 1);
    assert_eq!(closed(&house).await.last(), Some(&(3, 10, 14, 5)));
    let checked = access_log::check(&house.root, &mut |_, _| {}).await.expect("it is checked");
    assert_eq!((checked.closed, checked.intact, checked.cut, checked.finding), (3, 3, 0, None));
    // Two that look at the same time close each segment once.
    entries(&house, 6, "2026-05-21T12:00:00Z").await;
    let after = segments(&house, "2026-05-22T00:00:01Z");
    let beside = segments(&house, "2026-05-22T00:00:02Z");
    let (one, other) = tokio::join!(after.look(), beside.look());
    assert!(one.expect("a look") + other.expect("a look") >= 1);
    assert_eq!(closed(&house).await.len(), 4);
    assert_eq!(finding(&house).await, None);
}

#[sqlx::test(migrations = false)]
async fn a_segment_is_full_with_so_many_entries(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    entries(&house, SEGMENT_ENTRIES + 10, "2026-05-20T09:00:00Z").await;
    assert_eq!(segments(&house, TODAY).look().await.expect("a look"), 1, "before its day is over");
    let last = i64::try_from(SEGMENT_ENTRIES).expect("a count");
    assert_eq!(closed(&house).await, [(1, 1, last, SEGMENT_ENTRIES)]);
    assert_eq!(finding(&house).await, None);
}

/// An entry with a smaller id may come into view after one with a larger: a segment that was closed between
/// would lack it for ever.
#[sqlx::test(migrations = false)]
async fn what_is_still_being_written_is_waited_for(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let slow =
        "insert into access_log (at, action, outcome) values ('2026-05-18T10:00:00Z', 'slow', 'allowed')";
    entries(&house, 2, "2026-05-18T08:00:00Z").await;
    let mut connection = PgConnection::connect(&house.url).await.expect("a connection");
    let mut held = connection.begin().await.expect("a transaction");
    sqlx::query(slow).execute(&mut *held).await.expect("it is written, and not to be seen yet");
    entries(&house, 2, "2026-05-18T12:00:00Z").await;
    assert_eq!(house.count("select count(*) from access_log where id > 3").await, 2, "later ones are seen");
    assert_eq!(house.count("select count(*) from access_log where id = 3").await, 0, "the slow one is not");
    let look = segments(&house, TODAY);
    assert_eq!(look.look().await.expect("a look"), 0, "nothing is closed over its head");
    held.commit().await.expect("it comes into view");
    assert_eq!(look.look().await.expect("a look"), 1);
    assert_eq!(closed(&house).await, [(1, 1, 5, 5)]);
    assert_eq!(finding(&house).await, None);

    // One that is rolled back leaves a hole, which is no gap.
    let mut held = connection.begin().await.expect("a transaction");
    sqlx::query(slow).execute(&mut *held).await.expect("it is written");
    held.rollback().await.expect("and never was");
    entries(&house, 1, "2026-05-19T08:00:00Z").await;
    assert_eq!(look.look().await.expect("a look"), 1);
    assert_eq!(closed(&house).await.last(), Some(&(2, 6, 7, 1)));
    assert_eq!(finding(&house).await, None);
}

#[sqlx::test(migrations = false)]
async fn a_changed_a_missing_and_an_added_entry_are_found(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    entries(&house, 5, "2026-05-17T09:00:00Z").await;
    // Two ids that no entry has.
    house.run("select nextval('access_log_id_seq'), nextval('access_log_id_seq')").await;
    entries(&house, 5, "2026-05-18T09:00:00Z").await;
    assert_eq!(segments(&house, TODAY).look().await.expect("a look"), 2);
    let second = |found| AccessFinding::Changed { number: 2, first: 6, last: 12, found, closed: 5 };
    for (forgery, undo, due) in [
        (
            "update access_log set detail = 'other' where id = 9",
            "update access_log set detail = 'number 2' where id = 9",
            second(5),
        ),
        (
            "update access_log set at = at + interval '1 microsecond' where id = 12",
            "update access_log set at = at - interval '1 microsecond' where id = 12",
            second(5),
        ),
        (
            "create table kept as select * from access_log where id = 10; delete from access_log where id = 10",
            "insert into access_log overriding system value select * from kept",
            second(4),
        ),
        (
            "insert into access_log (id, action, outcome) overriding system value values (7, 'added', 'allowed')",
            "delete from access_log where id = 7",
            second(6),
        ),
    ] {
        let as_forger = |sql: &str| {
            format!("set session_replication_role = replica; {sql}; set session_replication_role = origin")
        };
        house.run(&as_forger(forgery)).await;
        assert_eq!(finding(&house).await, Some(due), "{forgery}");
        let report =
            verify::run(&house.root, &house.verifier(), &[], &mut |_, _| {}).await.expect("a report");
        assert!(!report.is_ok() && report.to_string().contains("segment 2 of the access log"), "{report}");
        house.run(&as_forger(undo)).await;
        assert_eq!(finding(&house).await, None, "{undo}");
    }
    // What comes after the last closed segment is not proven, and no finding.
    house.run("set session_replication_role = replica; delete from access_log where id > 12; set session_replication_role = origin").await;
    assert_eq!(finding(&house).await, None);
}

#[sqlx::test(migrations = false)]
async fn the_application_can_neither_change_nor_cut_nor_slip_entries_in(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let house = House::new(options).await;
    entries(&house, 5, "2026-05-17T09:00:00Z").await;
    segments(&house, TODAY).look().await.expect("a look");
    for wish in [
        "delete from access_log",
        "update access_log set detail = ''",
        "truncate access_log",
        "select cut_access_log(5)",
        "insert into access_log (id, action, outcome) overriding system value values (99, 'added', 'allowed')",
        "insert into access_log (at, action, outcome) values ('2020-01-01', 'added', 'allowed')",
    ] {
        let refused = sqlx::query(wish).execute(&house.pool).await.expect_err(wish);
        assert_eq!(
            refused.as_database_error().and_then(|error| error.code()).as_deref(),
            Some("42501"),
            "{wish}"
        );
    }
    // Nor does it help to say that one is at it.
    let mut connection = house.pool.acquire().await.expect("a connection");
    sqlx::query("set aegis.access_log_cut = '99'").execute(&mut *connection).await.expect("anybody may");
    sqlx::query("delete from access_log").execute(&mut *connection).await.expect_err("it has no right");
    // The owner cuts what an event says was cut, and nothing else.
    let mut owner = house.database.owner().await.expect("the owner");
    let refused = access_log::cut(&mut owner, 5).await.expect_err("no event says so");
    assert_eq!(refused.as_database_error().and_then(|error| error.code()).as_deref(), Some("AE004"));
    sqlx::query("delete from access_log").execute(&mut owner).await.expect_err("append-only for everybody");
    assert_eq!(house.count("select count(*) from access_log").await, 5);
}

async fn cut(house: &House, through: u64) -> Executed<aegis_aggregates::access_journal::AccessJournalError> {
    let at = TODAY.parse().expect("an instant");
    let command =
        AccessJournalCommand { by: Actor::SYSTEM, at, action: AccessJournalAction::Cut { through } };
    let origin = Origin::new(Actor::SYSTEM);
    house.store.execute::<AccessJournal>(ACCESS_JOURNAL_ID, command, &origin).await.expect("executed")
}

#[sqlx::test(migrations = false)]
async fn cut_segments_are_gone_and_everybody_can_see_it(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    for day in ["2026-05-15", "2026-05-16", "2026-05-17"] {
        entries(&house, 4, &format!("{day}T09:00:00Z")).await;
    }
    assert_eq!(segments(&house, TODAY).look().await.expect("a look"), 3);
    assert!(matches!(cut(&house, 2).await, Executed::Committed(_)));
    // Recorded and not done yet: what is there is what it was.
    assert_eq!(finding(&house).await, None);
    let mut owner = house.database.owner().await.expect("the owner");
    assert_eq!(access_log::cut(&mut owner, 8).await.expect("an event says so"), 8);
    let checked = access_log::check(&house.root, &mut |_, _| {}).await.expect("it is checked");
    assert_eq!((checked.closed, checked.cut, checked.intact, checked.cut_up_to), (3, 2, 1, 8));
    assert_eq!(checked.finding, None);
    let report = verify::run(&house.root, &house.verifier(), &[], &mut |_, _| {}).await.expect("a report");
    assert!(report.is_ok() && report.to_string().contains("2 were cut (entries up to 8)"), "{report}");
    // A part of a segment that is gone was not cut but removed.
    house.run("set session_replication_role = replica; delete from access_log where id = 9; set session_replication_role = origin").await;
    let due = AccessFinding::Changed { number: 3, first: 9, last: 12, found: 3, closed: 4 };
    assert_eq!(finding(&house).await, Some(due));
}

#[sqlx::test(migrations = false)]
async fn a_segment_that_is_gone_without_an_event_is_missed(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    entries(&house, 4, "2026-05-15T09:00:00Z").await;
    segments(&house, TODAY).look().await.expect("a look");
    house.run("set session_replication_role = replica; delete from access_log; set session_replication_role = origin").await;
    let due = AccessFinding::Changed { number: 1, first: 1, last: 4, found: 0, closed: 4 };
    assert_eq!(finding(&house).await, Some(due));
}

#[sqlx::test(migrations = false)]
async fn an_engine_closes_segments_by_itself(_: PgPoolOptions, options: PgConnectOptions) {
    let mut house = House::new(options).await;
    let now = || TODAY.parse::<DateTime<Utc>>().expect("an instant");
    house.calendar = Calendar::of(now, Duration::from_millis(50));
    entries(&house, 3, "2026-05-17T09:00:00Z").await;
    let engine = house.engine().await;
    eventually("the segment is closed and sealed", async || {
        house
            .count(
                "select count(*) from ledger join events using (event_id) where event_type = 'SegmentClosed'",
            )
            .await
            == 1
    })
    .await;
    engine.shutdown().await;
}

/// The digest is over these columns; one that is added has to be added there, as another version.
#[sqlx::test(migrations = false)]
async fn every_column_of_the_access_log_is_in_the_digest(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let columns: Vec<String> = sqlx::query_scalar(
        "select column_name::text from information_schema.columns where table_name = 'access_log' order by 1",
    )
    .fetch_all(&house.root)
    .await
    .expect("columns");
    let known = [
        "account",
        "action",
        "address",
        "at",
        "correlation",
        "detail",
        "entity",
        "entity_type",
        "id",
        "key_id",
        "name_hash",
        "outcome",
    ];
    assert_eq!(columns, known);
}
