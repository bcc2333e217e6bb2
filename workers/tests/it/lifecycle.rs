//! The engine as a whole: sealing, waking, stopping.

use crate::bundle;
use crate::house::{House, PATIENCE, eventually};
use aegis_aggregates::ids::JobId;
use aegis_aggregates::knowledge::{ImportRequest, KnowledgeAction, Release};
use aegis_projections::ledger;
use aegis_workers::engine::{Engine, EngineConfig, EngineError};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::time::Duration;
use tokio::time::timeout;
use uuid::Uuid;

fn release(number: u32) -> KnowledgeAction {
    KnowledgeAction::Release(Release {
        version: number.to_string(),
        digest: format!("{number:064x}"),
        job: None,
        restored: false,
    })
}

#[sqlx::test(migrations = false)]
async fn what_is_committed_is_sealed_and_visible(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let engine = house.engine().await;
    let tide = engine.tide();
    for number in 1..=5 {
        // What a release puts in force has to be there.
        house
            .run(&format!(
                "insert into attack_contents values ('{number:064x}', 'enterprise-attack', '{number}', '{{}}')"
            ))
            .await;
        let event = house.command(release(number)).await;
        eventually("it is visible", async || !tide.see(&event).await.expect("seen").behind).await;
        let position = ledger::position_of(&house.pool, &event).await.expect("read");
        assert_eq!(position, Some(i64::from(number)));
    }
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn what_another_process_seals_wakes_this_one(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let engine = house.engine().await;
    let sealed = engine.sealed().notify();
    let heard = async |sequence: i32| {
        let woken = sealed.notified();
        tokio::pin!(woken);
        woken.as_mut().enable();
        // Appended and sealed at once, so that this engine finds nothing to seal: it can only hear of it.
        let mut other = house.root.begin().await.expect("begun");
        sqlx::raw_sql(&released(sequence)).execute(&mut *other).await.expect("appended");
        sqlx::raw_sql("select from ledger_head for update").execute(&mut *other).await.expect("locked");
        let done: i32 = sqlx::query_scalar("select sealed from seal(10, 0)")
            .fetch_one(&mut *other)
            .await
            .expect("sealed");
        assert_eq!(done, 1);
        other.commit().await.expect("committed");
        // The statement tells it through PostgreSQL; through Redis a process does.
        house.relay().tell_head(sequence.into());
        timeout(Duration::from_secs(1), woken).await.is_ok()
    };
    // The listener may not be there yet; what it misses then, polling finds.
    let mut sequence = 0;
    eventually("it hears of it", async || {
        sequence += 1;
        heard(sequence).await
    })
    .await;
    engine.shutdown().await;
}

/// An event of the knowledge aggregate, straight into the store.
fn released(sequence: i32) -> String {
    format!(
        "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         values ('knowledge', 'enterprise-attack', {sequence}, 'KnowledgeReleased', '1.0',
                 '{{\"KnowledgeReleased\": {{\"source\": \"attack_enterprise\", \"release\":
                    {{\"version\": \"1\", \"digest\": \"{sequence:064}\", \"job\": null}}}}}}',
                 '{{\"actor\": \"00000000-0000-0000-0000-000000000000\"}}')"
    )
}

#[sqlx::test(migrations = false)]
async fn a_missing_predecessor_stops_sealing_loudly_until_it_is_solved(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let house = House::new(options).await;
    let engine = house.engine().await;
    let stuck = engine.sealing_stuck();
    house.run(&released(2)).await;
    eventually("sealing stops", async || stuck.borrow().is_some()).await;
    assert!(stuck.borrow().as_ref().is_some_and(|why| why.contains("no sealed predecessor")));
    // Somebody looks into it and takes the orphan out.
    house.run("alter table events disable trigger user; delete from unsequenced; delete from events").await;
    house.run("alter table events enable trigger user").await;
    house.run(&released(1)).await;
    eventually("sealing goes on", async || stuck.borrow().is_none()).await;
    eventually("it is sealed", async || house.count("select count(*) from ledger").await == 1).await;
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn an_engine_without_jobs_leaves_requests_alone(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let engine = Engine::start(EngineConfig { jobs: false, ..house.config() }).await.expect("started");
    assert!(engine.reactor_reached().borrow().stopped);
    let request = ImportRequest {
        job: JobId(Uuid::now_v7()),
        object_key: "imports/x".to_owned(),
        file_name: "x".to_owned(),
        sha256: "0".repeat(64),
        size_bytes: 1,
        preview: false,
    };
    let event = house.command(KnowledgeAction::RequestImport(request)).await;
    assert!(!engine.tide().see(&event).await.expect("seen").behind);
    assert_eq!(house.count("select count(*) from jobs").await, 0);
    assert_eq!(house.count("select count(*) from pg_namespace where nspname = 'apalis'").await, 0);
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn an_idle_engine_stops_and_leaves_no_connection(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let engine = house.engine().await;
    assert_eq!(*engine.broken().borrow(), None);
    let request = house.request("mini.json", bundle::release("9.1")).await;
    house.succeeded(&request).await;
    let broken = engine.broken();
    timeout(PATIENCE, engine.shutdown()).await.expect("it stops");
    assert_eq!(*broken.borrow(), None);
    eventually("the queue is closed", async || {
        house.count("select count(*) from pg_stat_activity where datname = current_database() and application_name = 'aegis-queue'").await == 0
    })
    .await;
}

#[sqlx::test(migrations = false)]
async fn a_name_that_names_no_log_is_refused(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let started = Engine::start(EngineConfig { origin: "has space".to_owned(), ..house.config() }).await;
    assert!(matches!(started.err(), Some(EngineError::Origin(_))));
}
