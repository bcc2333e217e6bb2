//! Crashes, interruptions, duplicates.

use crate::bundle;
use crate::hooked::{Call, Hooked};
use crate::house::{House, PATIENCE, eventually};
use aegis_projections::jobs::{self, JobRecord};
use aegis_projections::status;
use aegis_projections::store::Store;
use aegis_workers::queue::{Delivery, Queue};
use aegis_workers::reactor;
use aegis_workers::request::follow;
use chrono::Utc;
use object_store::ObjectStore;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;
use uuid::Uuid;

const CHILD_URL: &str = "AEGIS_TEST_CHILD_URL";
const CHILD_FILES: &str = "AEGIS_TEST_CHILD_FILES";

/// Not a test by itself: the process that another test kills.
#[test]
fn child() {
    let (Ok(url), Ok(files)) = (std::env::var(CHILD_URL), std::env::var(CHILD_FILES)) else {
        return;
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let options = url.parse::<PgConnectOptions>().expect("an address");
        let mut house = House::new(options).await;
        house.objects = crate::house::files(std::path::Path::new(&files));
        let _engine = house.engine().await;
        std::future::pending::<()>().await;
    });
}

pub fn start_child(house: &House) -> Child {
    Command::new(std::env::current_exe().expect("a path"))
        .args(["recovery::child", "--exact", "--nocapture"])
        .env(CHILD_URL, &house.url)
        .env(CHILD_FILES, house.objects_dir())
        .stdout(Stdio::null())
        .spawn()
        .expect("a child")
}

#[sqlx::test(migrations = false)]
async fn a_job_whose_worker_is_killed_is_resumed_by_another(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let request = house.request("mini.json", bundle::release("9.1")).await;
    // Storing waits for this lock, so the child is in the middle of it when it dies.
    let mut lock = house.root.begin().await.expect("begun");
    sqlx::query("lock table attack_contents in exclusive mode").execute(&mut *lock).await.expect("locked");
    let mut child = start_child(&house);
    let job = house
        .job_where(&request, |job| job.current.as_deref().is_some_and(|at| at.starts_with("Storing")))
        .await;
    assert_eq!((job.state.as_str(), job.attempts), ("running", 1));
    let engine = house.engine().await;
    child.kill().expect("killed");
    child.wait().expect("dead");
    lock.rollback().await.expect("unlocked");

    let (job, result) = house.succeeded(&request).await;
    assert_eq!((job.attempts, result.changed), (2, true));
    assert_eq!(house.releases().await, 1);
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn a_job_killed_after_its_release_still_says_that_it_changed_something(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let house = House::new(options).await;
    let request = house.request("mini.json", bundle::release("9.1")).await;
    let mut storing = house.root.begin().await.expect("begun");
    sqlx::query("lock table attack_contents in exclusive mode").execute(&mut *storing).await.expect("locked");
    let mut child = start_child(&house);
    house.job_where(&request, |job| job.current.as_deref().is_some_and(|at| at.starts_with("Storing"))).await;
    // Writing its end waits for this lock, so the child has released and not ended when it dies.
    let mut ending = house.root.begin().await.expect("begun");
    sqlx::query("lock table job_rejects in exclusive mode").execute(&mut *ending).await.expect("locked");
    storing.rollback().await.expect("unlocked");
    let waits = "select count(*) from pg_locks where relation = 'job_rejects'::regclass and not granted";
    eventually("the child writes its end", async || house.count(waits).await == 1).await;
    assert_eq!(house.releases().await, 1);
    child.kill().expect("killed");
    child.wait().expect("dead");
    ending.rollback().await.expect("unlocked");

    let engine = house.engine().await;
    let (job, result) = house.succeeded(&request).await;
    let position = house.count(
        "select position from ledger join events using (event_id) where event_type = 'KnowledgeReleased'",
    );
    assert_eq!((job.attempts, result.changed, result.position), (2, true, Some(position.await)));
    assert_eq!(house.releases().await, 1);
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn a_job_interrupted_by_shutdown_is_done_by_the_next_engine(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let house = House::new(options).await;
    let request = house.request("mini.json", bundle::release("9.1")).await;
    let mut lock = house.root.begin().await.expect("begun");
    sqlx::query("lock table attack_contents in exclusive mode").execute(&mut *lock).await.expect("locked");
    let engine = house.engine().await;
    house.job_where(&request, |job| job.current.as_deref().is_some_and(|at| at.starts_with("Storing"))).await;
    let reactor = engine.reactor_reached();
    let shutdown = tokio::spawn(engine.shutdown());
    // It is told first, then what it waits for happens: it stops at its next look. All
    // workers are told at once, and the pulse listens between two signs of life.
    eventually("the workers are told to stop", async || reactor.has_changed().is_err()).await;
    for _ in 0..2 {
        let pulse = "select extract(epoch from updated_at)::text from jobs";
        let beat: String = sqlx::query_scalar(pulse).fetch_one(&house.root).await.expect("read");
        eventually("the pulse goes on", async || {
            sqlx::query_scalar::<_, String>(pulse).fetch_one(&house.root).await.expect("read") != beat
        })
        .await;
    }
    lock.rollback().await.expect("unlocked");
    timeout(PATIENCE, shutdown).await.expect("in time").expect("shut down");
    let job = jobs::job(&house.pool, request.job.0).await.expect("read").expect("there");
    assert_eq!((job.state.as_str(), job.attempts), ("queued", 0));
    assert_eq!(house.releases().await, 0);

    let engine = house.engine().await;
    let (job, result) = house.succeeded(&request).await;
    assert_eq!((job.attempts, result.changed), (1, true));
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn a_stuck_job_is_dropped_at_shutdown_and_taken_over(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let request = house.request("mini.json", bundle::release("9.1")).await;
    let mut lock = house.root.begin().await.expect("begun");
    sqlx::query("lock table attack_contents in exclusive mode").execute(&mut *lock).await.expect("locked");
    let engine = house.engine().await;
    house.job_where(&request, |job| job.current.as_deref().is_some_and(|at| at.starts_with("Storing"))).await;
    // It waits for the lock that this test keeps, so it does not stop when told to.
    timeout(PATIENCE, engine.shutdown()).await.expect("a stuck job does not hold it");
    // It was dropped, sign of life and all: another engine takes it over while the lock is still there.
    let mut other = House { pool: house.database.pool_of(10).await.expect("a pool"), ..house };
    other.store = Store::new(other.pool.clone());
    let engine = other.engine().await;
    other.job_where(&request, |job| job.attempts == 2).await;
    lock.rollback().await.expect("unlocked");
    let (job, result) = other.succeeded(&request).await;
    assert_eq!((job.attempts, result.changed), (2, true));
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn queueing_twice_collapses(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let queue = Queue::open(&house.queue, &house.database).await.expect("open");
    let delivery = Delivery { job: Uuid::now_v7(), kind: "import_attack".to_owned() };
    assert!(queue.push(&delivery, "import_attack:1", Utc::now()).await.expect("pushed"));
    assert!(!queue.push(&delivery, "import_attack:1", Utc::now()).await.expect("collapsed"));
    assert!(queue.push(&delivery, "import_attack:2", Utc::now()).await.expect("pushed"));
    queue.tidy().await.expect("tidied");
    queue.close().await;
    match &house.redis {
        Some(redis) => redis.flush().await,
        None => house.run("delete from apalis.jobs").await,
    }

    // The reactor that has forgotten where it was does everything again.
    let engine = house.engine().await;
    let request = house.request("mini.json", bundle::release("9.1")).await;
    house.succeeded(&request).await;
    engine.shutdown().await;
    house.run("update projection_positions set position = 0 where name = 'reactor'").await;
    let engine = house.engine().await;
    let head = engine.tide().position().max(2);
    eventually("the reactor is back", async || engine.reactor_reached().borrow().position >= head).await;
    let (job, _) = house.succeeded(&request).await;
    assert_eq!(job.attempts, 1);
    if house.redis.is_none() {
        assert_eq!(house.count("select count(*) from apalis.jobs").await, 1);
    }
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn several_processes_open_the_queue_at_once(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let opened = futures::future::join_all((0..4).map(|_| Queue::open(&house.queue, &house.database))).await;
    for queue in opened {
        queue.expect("opened").close().await;
    }
}

#[sqlx::test(migrations = false)]
async fn two_engines_share_the_work_and_do_each_job_once(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let (one, two) = (house.engine().await, house.engine().await);
    let mut requests = vec![];
    for number in 0..8 {
        requests.push(house.request("mini.json", bundle::release(&format!("9.{number}"))).await);
    }
    for request in &requests {
        let (job, result) = house.succeeded(request).await;
        assert_eq!((job.attempts, result.changed), (1, true));
    }
    assert_eq!(house.releases().await, 8);
    tokio::join!(one.shutdown(), two.shutdown());
}

#[sqlx::test(migrations = false)]
async fn an_event_that_does_not_decode_stops_the_reactor(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    house
        .run("insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
              values ('knowledge', 'enterprise-attack', 1, 'ImportVanished', '1.0', '{}', '{}')")
        .await;
    let engine = house.engine().await;
    eventually("the reactor stops", async || engine.reactor_reached().borrow().stopped).await;
    let (position, stopped) =
        status::follower(&house.pool, reactor::NAME).await.expect("read").expect("there");
    assert_eq!((position, stopped), (0, true));
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn whoever_waits_for_a_job_hears_why_it_does_not_come(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let request = house.request("mini.json", bundle::release("9.1")).await;
    let (stuck, sealing) = watch::channel(None);
    let wait = async |silence: u64| {
        let silence = Duration::from_secs(silence);
        let mut unheard = |_: &JobRecord| {};
        let waited = follow(&house.pool, request.job.0, &sealing, silence, &mut unheard);
        timeout(PATIENCE, waited).await.expect("it does not wait forever")
    };
    // Nobody seals: there is nothing to be seen of it.
    let silent = wait(1).await.expect_err("nothing happens");
    assert!(silent.to_string().contains("(not queued yet)"), "{silent}");
    // Whoever seals says why not.
    stuck.send_replace(Some("event 9 has no sealed predecessor".to_owned()));
    let stopped = wait(600).await.expect_err("sealing stands still");
    assert!(stopped.to_string().contains("sealing stands still: event 9"), "{stopped}");
    stuck.send_replace(None);
    // The reactor cannot pass an event in front of it.
    house
        .run(
            "insert into projection_positions (name, fold_version, error, error_position)
              values ('reactor', 1, 'no such event: ImportVanished', 1)",
        )
        .await;
    let stopped = wait(600).await.expect_err("the reactor has stopped");
    assert!(stopped.to_string().contains("the reactor has stopped: no such event"), "{stopped}");
    house.run("delete from projection_positions where name = 'reactor'").await;
    // And when all goes well again, so does the job.
    let engine = house.engine().await;
    assert_eq!(wait(600).await.expect("ended").state, "succeeded");
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn what_may_pass_is_tried_again_three_times_at_most(_: PgPoolOptions, options: PgConnectOptions) {
    let mut house = House::new(options).await;
    let files = Arc::clone(&house.objects);
    house.objects = flaky(&files, 2);
    let engine = house.engine().await;
    let request = house.request("mini.json", bundle::release("9.1")).await;
    let (job, _) = house.succeeded(&request).await;
    assert_eq!(job.attempts, 3);
    engine.shutdown().await;

    house.objects = flaky(&files, u32::MAX);
    let engine = house.engine().await;
    let request = house.request("mini.json", bundle::release("9.2")).await;
    let job = house.ended(&request).await;
    assert_eq!((job.state.as_str(), job.attempts), ("failed", 3));
    let error = job.error.expect("an error");
    assert!(error.starts_with("given up after 3 attempts") && error.contains("out of order"), "{error}");
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn the_engine_outlives_the_loss_of_all_its_connections(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let mut lock = house.root.begin().await.expect("begun");
    sqlx::query("lock table attack_contents in exclusive mode").execute(&mut *lock).await.expect("locked");
    let engine = house.engine().await;
    let request = house.request("mini.json", bundle::release("9.1")).await;
    house.job_where(&request, |job| job.current.as_deref().is_some_and(|at| at.starts_with("Storing"))).await;
    let cut = house
        .count(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity
             where datname = current_database() and application_name in ('aegis', 'aegis-queue')",
        )
        .await;
    assert!(cut > 3, "{cut}");
    lock.rollback().await.expect("unlocked");
    let (job, result) = house.succeeded(&request).await;
    assert!(job.attempts <= 2 && result.changed, "{job:?}");

    // And everything else works on.
    eventually("the pool has found out", async || sqlx::query("select 1").execute(&house.pool).await.is_ok())
        .await;
    let request = house.request("mini.json", bundle::release("9.2")).await;
    assert!(house.succeeded(&request).await.1.changed);
    assert_eq!(*engine.broken().borrow(), None);
    engine.shutdown().await;
}

/// A store whose first reads of imports fail, so many of them.
fn flaky(files: &Arc<dyn ObjectStore>, faults: u32) -> Arc<dyn ObjectStore> {
    let left = AtomicU32::new(faults);
    Hooked::over(files, move |call, path| {
        let faulty = call == Call::Get
            && path.as_ref().starts_with("imports/")
            && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        Box::pin(async move {
            match faulty {
                true => Err(object_store::Error::Generic { store: "flaky", source: "out of order".into() }),
                false => Ok(()),
            }
        })
    })
}
