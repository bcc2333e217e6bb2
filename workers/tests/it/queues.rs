//! A queue that loses all it has loses no job.

use crate::bundle;
use crate::house::{House, eventually};
use crate::redis::Redis;
use aegis_workers::queue::{Delivery, Queue, QueueSettings};
use chrono::Utc;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use uuid::Uuid;

#[sqlx::test(migrations = false)]
async fn a_redis_that_is_flushed_and_killed_loses_no_job(_: PgPoolOptions, options: PgConnectOptions) {
    let mut house = House::new(options).await;
    let mut redis = Redis::start();
    house.queue = QueueSettings::Redis(redis.url());
    let engine = house.engine().await;
    let request = house.request("first.json", bundle::release("9.1")).await;
    house.succeeded(&request).await;

    // Queued while Redis is down, carried out when it is back, empty.
    redis.kill();
    let request = house.request("second.json", bundle::release("9.2")).await;
    eventually("the request is noted or waits", async || {
        house.count("select count(*) from events where event_type = 'ImportRequested'").await == 2
    })
    .await;
    redis.restart();
    house.succeeded(&request).await;

    // Forgotten in the queue, found again in the table of jobs.
    let queue = Queue::open(&house.queue, &house.database).await.expect("open");
    engine.shutdown().await;
    let request = house.request("third.json", bundle::release("9.3")).await;
    let engine = house.engine().await;
    eventually("the job is entered", async || house.count("select count(*) from jobs").await == 3).await;
    redis.flush().await;
    let (job, _) = house.succeeded(&request).await;
    assert!(job.attempts >= 1);
    engine.shutdown().await;

    let delivery = Delivery { job: Uuid::now_v7(), kind: "import_attack".to_owned() };
    assert!(queue.push(&delivery, "a", Utc::now()).await.expect("pushed"));
    assert!(!queue.push(&delivery, "a", Utc::now()).await.expect("collapsed"), "keys live on");
}
