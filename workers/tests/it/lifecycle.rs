//! The engine as a whole: sealing, waking, stopping.

use crate::bundle;
use crate::house::{House, eventually};
use aegis_aggregates::ids::JobId;
use aegis_aggregates::knowledge::{ImportRequest, KnowledgeAction, Release};
use aegis_projections::ledger;
use aegis_projections::store::Store;
use aegis_workers::engine::{Engine, EngineConfig, EngineError};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::time::{Duration, Instant};
use tokio::time::timeout;
use uuid::Uuid;

fn release(number: u32) -> KnowledgeAction {
    KnowledgeAction::Release(Release {
        version: number.to_string(),
        digest: format!("{number:064x}"),
        job: None,
    })
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

#[sqlx::test(migrations = false)]
async fn what_is_committed_is_sealed_and_visible_soon(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let engine = house.engine().await;
    let tide = engine.tide();
    let (mut sealed, mut times) = (vec![], vec![]);
    for number in 1..=60 {
        let event = house.command(release(number)).await;
        let committed = Instant::now();
        while ledger::position_of(&house.pool, &event).await.expect("read").is_none() {
            tokio::task::yield_now().await;
        }
        sealed.push(committed.elapsed());
        let visible = tide.see(&event).await.expect("seen");
        assert!(!visible.behind && visible.position == Some(i64::from(number)));
        times.push(committed.elapsed());
    }
    let (sealed, visible) = (median(sealed), median(times));
    println!("medians: commit to sealed {sealed:?}, to visible in every read model {visible:?}");
    // How fast it has to be is for `make bench` to say; without the wake-ups it is the polling interval.
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn what_another_process_commits_and_seals_wakes_this_one(_: PgPoolOptions, options: PgConnectOptions) {
    let mut house = House::new(options).await;
    let here = house.engine().await;
    // Another store: this engine's sealing loop hears nothing of its appends.
    house.store = Store::new(house.pool.clone());
    let there = house.engine().await;
    let tide = here.tide();
    let mut times = vec![];
    for number in 1..=20 {
        let event = house.command(release(number)).await;
        let committed = Instant::now();
        assert!(!tide.see(&event).await.expect("seen").behind);
        times.push(committed.elapsed());
    }
    println!("commit there to visible here, median: {:?}", median(times));
    tokio::join!(here.shutdown(), there.shutdown());
}

#[sqlx::test(migrations = false)]
async fn a_missing_predecessor_stops_sealing_loudly_until_it_is_solved(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let house = House::new(options).await;
    let engine = house.engine().await;
    let stuck = engine.sealing_stuck();
    let event = |sequence: i32| {
        format!(
            "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
             values ('knowledge', 'enterprise-attack', {sequence}, 'KnowledgeReleased', '1.0',
                     '{{\"KnowledgeReleased\": {{\"source\": \"attack_enterprise\", \"release\":
                        {{\"version\": \"1\", \"digest\": \"{sequence:064}\", \"job\": null}}}}}}',
                     '{{\"actor\": \"00000000-0000-0000-0000-000000000000\"}}')"
        )
    };
    house.run(&event(2)).await;
    eventually("sealing stops", async || stuck.borrow().is_some()).await;
    assert!(stuck.borrow().as_ref().is_some_and(|why| why.contains("no sealed predecessor")));
    // Somebody looks into it and takes the orphan out.
    house.run("alter table events disable trigger user; delete from unsequenced; delete from events").await;
    house.run("alter table events enable trigger user").await;
    house.run(&event(1)).await;
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
    };
    let event = house.command(KnowledgeAction::RequestImport(request)).await;
    assert!(!engine.tide().see(&event).await.expect("seen").behind);
    assert_eq!(house.count("select count(*) from jobs").await, 0);
    assert_eq!(house.count("select count(*) from pg_namespace where nspname = 'apalis'").await, 0);
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn an_idle_engine_stops_at_once_and_leaves_no_connection(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let engine = house.engine().await;
    assert_eq!(*engine.broken().borrow(), None);
    let request = house.request("mini.json", bundle::release("9.1")).await;
    house.succeeded(&request).await;
    let broken = engine.broken();
    let begun = Instant::now();
    timeout(Duration::from_secs(10), engine.shutdown()).await.expect("within 10 s");
    println!("stopped in {:?}", begun.elapsed());
    assert!(begun.elapsed() < Duration::from_secs(3));
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
