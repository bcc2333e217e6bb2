//! From a completed remediation to its retest and back.

use crate::house::{House, eventually};
use crate::recovery::start_child;
use crate::remedy::{PROCEDURE, details};
use aegis_aggregates::actor::Actor;
use aegis_aggregates::ids::{AccountId, TestId};
use aegis_aggregates::remediation::{RemediationAction, RemediationState};
use aegis_aggregates::test::{Details, DetectionResult, Test, TestAction, TestOrigin, TestState};
use aegis_projections::jobs;
use aegis_projections::remediations;
use aegis_projections::store::Origin;
use aegis_projections::tests::retests_of;
use aegis_workers::calendar::Calendar;
use aegis_workers::retest::RetestRequest;
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use uuid::Uuid;

#[sqlx::test(migrations = false)]
async fn a_retest_that_is_detected_verifies_the_remediation(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let engine = house.engine().await;
    let original = house.missed().await;
    let remediation = house.at_work(original).await;
    house.complete(remediation).await;

    let retest = house.retest(remediation, 1).await;
    assert_eq!(retest.0, Uuid::new_v5(&original.0, b"retest/1"));
    let held = house.store.load::<Test>(&retest.to_string()).await.expect("loaded");
    assert_eq!(held.state(), TestState::Draft);
    assert_eq!(held.origin(), Some(TestOrigin::Retest { original, number: 1, remediation }));
    // What red did is what red shall do again; the day it was due by has passed.
    let again = Details {
        procedure: PROCEDURE.to_owned(),
        tool: Some("Atomic Red Team".to_owned()),
        due_on: None,
        ..details()
    };
    assert_eq!(held.details(), Some(&again));

    house.validate(retest, DetectionResult::Detected).await;
    house.stands(remediation, RemediationState::Verified).await;
    for event in ["RetestScheduled", "RetestCreated", "RemediationVerified"] {
        assert_eq!(house.events(event).await, 1, "{event}");
    }

    // The rows say the same, in both directions.
    let tide = engine.tide();
    let seen = async || {
        let at = tide.position();
        let found = remediations::remediation(&house.pool, remediation.0, at).await.expect("read");
        found.is_some_and(|found| found.state == "verified")
    };
    eventually("the rows follow", seen).await;
    let at = engine.tide().position();
    let chain = retests_of(&house.pool, &[original.0], at).await.expect("read");
    assert_eq!(chain.iter().map(|test| test.test_id).collect::<Vec<_>>(), [retest.0]);
    assert_eq!(chain[0].remediation_id, Some(remediation.0));
    let told = remediations::retests(&house.pool, &[remediation.0], at).await.expect("read");
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].retest_id, told[0].completion), (Some(retest.0), 1));
    assert_eq!(told[0].detection_result.as_deref(), Some("detected"));
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn a_test_is_tested_again_as_often_as_the_limit_says(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let engine = house.engine().await;
    let original = house.missed().await;
    let remediation = house.at_work(original).await;
    for (number, result) in [
        (1, DetectionResult::NotDetected),
        (2, DetectionResult::PartiallyDetected),
        (3, DetectionResult::NotDetected),
    ] {
        house.complete(remediation).await;
        let retest = house.retest(remediation, number).await;
        house.validate(retest, result).await;
        // What was done did not help, so work goes on.
        house.stands(remediation, RemediationState::InProgress).await;
    }
    house.complete(remediation).await;
    eventually("it is told", async || house.events("RetestNotCreated").await == 1).await;
    assert_eq!(house.remediation(remediation).await.state(), RemediationState::Completed);
    assert_eq!(house.events("RetestCreated").await, 3);
    let reason =
        "select payload->'RetestNotCreated'->>'reason' from events where event_type = 'RetestNotCreated'";
    let reason: String = sqlx::query_scalar(reason).fetch_one(&house.root).await.expect("read");
    assert_eq!(reason, "the test has been tested again 3 times, the most it may be");

    // A remediation of a retest belongs to the chain of the original, which has had its retests.
    let last = house.remediation(remediation).await.retests()[2].retest;
    let another = house.at_work(last).await;
    house.complete(another).await;
    eventually("it is told", async || house.events("RetestNotCreated").await == 2).await;
    assert!(house.remediation(another).await.retests().is_empty());
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn completions_at_the_same_time_never_exceed_the_limit(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let original = house.missed().await;
    let mut remediations = vec![];
    for _ in 0..6 {
        remediations.push(house.at_work(original).await);
    }
    let engines = [house.engine().await, house.engine().await, house.engine().await];
    futures::future::join_all(remediations.iter().map(|remediation| house.complete(*remediation))).await;
    let answered = async || house.events("RetestCreated").await + house.events("RetestNotCreated").await == 6;
    eventually("every completion has its answer", answered).await;
    assert_eq!(house.events("RetestCreated").await, 3);
    assert_eq!(house.events("RetestScheduled").await, 3);
    let drafts = "select count(*) from events where payload->'TestDrafted'->'origin'->>'kind' = 'retest'";
    assert_eq!(house.count(drafts).await, 3);
    for engine in engines {
        engine.shutdown().await;
    }
}

/// Stops whoever appends an event of a type until the lock is given back.
async fn hold(house: &House, event_type: &str) -> sqlx::Transaction<'static, sqlx::Postgres> {
    house
        .run(&format!(
            "create function wait_for_the_test() returns trigger language plpgsql as $$
             begin
               if new.event_type = '{event_type}' then perform pg_advisory_xact_lock(4711); end if;
               return new;
             end $$;
             create trigger wait_for_the_test before insert on events for each row execute function wait_for_the_test()"
        ))
        .await;
    let mut lock = house.root.begin().await.expect("begun");
    sqlx::query("select pg_advisory_xact_lock(4711)").execute(&mut *lock).await.expect("locked");
    lock
}

async fn killed_before(options: PgConnectOptions, event_type: &str) {
    let house = House::new(options).await;
    let original = house.missed().await;
    let remediation = house.at_work(original).await;
    house.complete(remediation).await;
    let lock = hold(&house, event_type).await;
    let mut child = start_child(&house);
    let waits = "select count(*) from pg_locks where locktype = 'advisory' and objid = 4711 and not granted";
    eventually("the worker is in the middle", async || house.count(waits).await > 0).await;
    assert_eq!(house.events(event_type).await, i64::from(event_type == "TestDrafted"));
    child.kill().expect("killed");
    child.wait().expect("dead");
    // Its connection dies with it, so that what it was about to write is not written.
    house
        .run("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 4711 and not granted")
        .await;
    eventually("its connection is gone", async || house.count(waits).await == 0).await;
    lock.rollback().await.expect("unlocked");

    let engine = house.engine().await;
    let retest = house.retest(remediation, 1).await;
    for (event, count) in [("RetestScheduled", 1), ("TestDrafted", 2), ("RetestCreated", 1)] {
        assert_eq!(house.events(event).await, count, "{event}");
    }
    house.validate(retest, DetectionResult::Detected).await;
    house.stands(remediation, RemediationState::Verified).await;
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn a_worker_killed_before_the_draft_leaves_one_retest(_: PgPoolOptions, options: PgConnectOptions) {
    killed_before(options, "TestDrafted").await;
}

#[sqlx::test(migrations = false)]
async fn a_worker_killed_after_the_draft_leaves_one_retest(_: PgPoolOptions, options: PgConnectOptions) {
    killed_before(options, "RetestCreated").await;
}

/// The job that makes a retest may be late with telling the remediation of it; its outcome is not lost for that.
#[sqlx::test(migrations = false)]
async fn an_outcome_comes_through_before_the_remediation_was_told(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let house = House::new(options).await;
    let original = house.missed().await;
    let remediation = house.at_work(original).await;
    house.complete(remediation).await;
    let schedule = TestAction::ScheduleRetest { original, remediation, completion: 1, limit: 3 };
    house.test(original, Actor::SYSTEM, schedule).await;
    let retest = TestId(Uuid::new_v5(&original.0, b"retest/1"));
    let origin = Some(TestOrigin::Retest { original, number: 1, remediation });
    house.test(retest, Actor::SYSTEM, TestAction::Draft { details: details(), origin }).await;
    house.validate(retest, DetectionResult::Detected).await;
    // Nobody carries that job out.
    let job = RetestRequest { remediation, completion: 1 }.job();
    house
        .run(&format!(
            "insert into jobs (job, kind, title, request, requested_by, requested_position, requested_at, state)
             values ('{job}', 'retest', 'Late', '{{}}', '{}', 1, now(), 'succeeded')",
            AccountId::SYSTEM
        ))
        .await;

    let engine = house.engine().await;
    house.stands(remediation, RemediationState::Verified).await;
    assert_eq!(house.events("RetestCreated").await, 1);
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn a_test_that_is_no_retest_tells_nobody(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let engine = house.engine().await;
    house.missed().await;
    let head = house.count("select count(*) from events").await;
    let reached = engine.reactor_reached();
    eventually("the reactor has passed it", async || reached.borrow().position >= head && head > 0).await;
    assert_eq!(house.count("select count(*) from jobs").await, 0);
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn a_failed_retest_job_comes_again_when_it_is_asked_for(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let remediation = house.at_work(house.missed().await).await;
    let engine = house.engine().await;
    house.complete(remediation).await;
    house.retest(remediation, 1).await;
    let job = RetestRequest { remediation, completion: 1 }.job();
    let ended = async |state: &str| {
        jobs::job(&house.pool, job).await.expect("read").is_some_and(|job| job.state == state)
    };
    eventually("the job has ended", async || ended("succeeded").await).await;
    // As if it had failed at the very end.
    house.run("update jobs set state = 'failed'").await;
    let revived = jobs::revive(&house.pool, job, &Origin::new(Actor::SYSTEM)).await.expect("revived");
    assert_eq!(revived, jobs::Revived::Queued);
    eventually("the job has ended again", async || ended("succeeded").await).await;
    assert_eq!(house.events("RetestCreated").await, 1);
    engine.shutdown().await;
}

/// Days go by as the test says.
fn days() -> (Calendar, Arc<AtomicI64>) {
    let days = Arc::new(AtomicI64::new(0));
    let shown = Arc::clone(&days);
    let begun: DateTime<Utc> = "2026-03-02T12:00:00Z".parse().expect("an instant");
    let now = move || begun + chrono::TimeDelta::days(shown.load(Ordering::Relaxed));
    (Calendar::of(now, Duration::from_millis(50)), days)
}

#[sqlx::test(migrations = false)]
async fn an_accepted_risk_ends_with_its_day_once(_: PgPoolOptions, options: PgConnectOptions) {
    let mut house = House::new(options).await;
    let (calendar, days) = days();
    house.calendar = calendar.clone();
    let remediation = house.at_work(house.missed().await).await;
    let another = house.at_work(house.missed().await).await;
    for (remediation, day) in [(remediation, 12), (another, 13)] {
        let expires_on = NaiveDate::from_ymd_opt(2026, 3, day).expect("a day");
        let action = RemediationAction::AcceptRisk { reason: "The host goes away.".to_owned(), expires_on };
        assert!(house.ask(remediation, calendar.now(), action).await);
    }
    let engines = [house.engine().await, house.engine().await];
    let tide = engines[0].tide();
    let head = house.count("select max(event_id) from events").await;
    eventually("the rows are there", async || tide.position() >= head).await;

    days.store(9, Ordering::Relaxed);
    assert_eq!(house.remediation(remediation).await.state(), RemediationState::RiskAccepted);
    days.store(10, Ordering::Relaxed);
    house.stands(remediation, RemediationState::Open).await;
    assert_eq!(house.remediation(another).await.state(), RemediationState::RiskAccepted);
    days.store(400, Ordering::Relaxed);
    house.stands(another, RemediationState::Open).await;
    assert_eq!(house.events("RiskAcceptanceExpired").await, 2);
    for engine in engines {
        engine.shutdown().await;
    }
}

#[sqlx::test(migrations = false)]
async fn what_the_worker_does_is_the_machines(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let engine = house.engine().await;
    let remediation = house.at_work(house.missed().await).await;
    house.complete(remediation).await;
    let retest: TestId = house.retest(remediation, 1).await;
    let by = format!(
        "select count(*) from events where aggregate_id = '{retest}' and metadata->>'actor' = '{}'
           and metadata->>'causation' like 'job:%'",
        AccountId::SYSTEM
    );
    assert_eq!(house.count(&by).await, 1);
    engine.shutdown().await;
}
