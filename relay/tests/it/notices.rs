//! Notices reach the other processes, whichever way is open.

use crate::postgres;
use crate::redis::Redis;
use aegis_relay::Relay;
use sqlx::PgPool;
use std::time::Duration;
use tokio::task::JoinHandle;
use uuid::Uuid;

/// How long a test waits for anything.
const PATIENCE: Duration = Duration::from_secs(60);

/// A process that listens.
struct Process {
    relay: Relay,
    listening: JoinHandle<()>,
}

impl Process {
    fn start(redis: Option<&Redis>, pool: &PgPool) -> Self {
        let url = redis.map(Redis::url);
        let relay = Relay::open(url.as_deref()).expect("an address");
        let (listener, pool) = (relay.clone(), pool.clone());
        let listening = tokio::spawn(async move {
            listener.listen(&pool).await;
        });
        Self { relay, listening }
    }

    /// Whether what `tell` tells comes here; told again and again, since a process that has just
    /// begun does not hear yet.
    async fn hears<F: Future<Output = ()>>(&self, account: Uuid, tell: impl Fn() -> F) -> bool {
        let mut told = self.relay.sessions();
        let heard = async {
            loop {
                tell().await;
                let next = tokio::time::timeout(Duration::from_millis(100), told.recv()).await;
                if matches!(next, Ok(Ok(heard)) if heard == account) {
                    return;
                }
            }
        };
        tokio::time::timeout(PATIENCE, heard).await.is_ok()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

#[tokio::test]
async fn ended_sessions_are_told_through_postgresql_and_through_redis() {
    let (pool, redis) = (postgres().await, Redis::start());
    for redis in [None, Some(&redis)] {
        let [here, there] = [(); 2].map(|()| Process::start(redis, &pool));
        let account = Uuid::now_v7();
        assert!(there.hears(account, || here.relay.tell_sessions(&pool, account)).await);
        assert!(here.hears(account, || there.relay.tell_sessions(&pool, account)).await);
    }
}

#[tokio::test]
async fn news_are_told_through_postgresql_and_through_redis_to_however_many() {
    let (pool, redis) = (postgres().await, Redis::start());
    for redis in [None, Some(&redis)] {
        let [here, there] = [(); 2].map(|()| Process::start(redis, &pool));
        // More than fit into one notice.
        let accounts: Vec<Uuid> = (1..=450).map(Uuid::from_u128).collect();
        let mut told = there.relay.news();
        let mut missing: std::collections::BTreeSet<Uuid> = accounts.iter().copied().collect();
        let heard = async {
            while !missing.is_empty() {
                here.relay.tell_news(&pool, &accounts).await;
                while let Ok(Ok(account)) =
                    tokio::time::timeout(Duration::from_millis(100), told.recv()).await
                {
                    missing.remove(&account);
                }
            }
        };
        tokio::time::timeout(PATIENCE, heard).await.expect("all are heard of");
    }
}

#[tokio::test]
async fn redis_alone_carries_what_postgresql_does_not_say() {
    let (pool, redis) = (postgres().await, Redis::start());
    let process = Process::start(Some(&redis), &pool);
    let client = redis::Client::open(redis.url()).expect("an address");
    let mut connection = client.get_multiplexed_async_connection().await.expect("it answers");
    let mut heads = process.relay.heads();
    let heard = async {
        loop {
            redis::cmd("PUBLISH")
                .arg("aegis_ledger:0")
                .arg(41)
                .query_async::<i64>(&mut connection)
                .await
                .expect("published");
            if tokio::time::timeout(Duration::from_millis(100), heads.wait_for(|head| *head == 41))
                .await
                .is_ok()
            {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, heard).await.expect("a head that was told is heard");
    // Nonsense changes nothing, and a number that is too high silences nobody.
    for payload in ["x", "", "9223372036854775807"] {
        let mut publish = redis::cmd("PUBLISH");
        publish.arg("aegis_ledger:0").arg(payload);
        publish.query_async::<i64>(&mut connection).await.expect("published");
    }
    tokio::time::timeout(PATIENCE, heads.wait_for(|head| *head == i64::MAX))
        .await
        .expect("told")
        .expect("open");
    let other = Relay::open(Some(&redis.url())).expect("an address");
    other.tell_head(42);
    tokio::time::timeout(PATIENCE, heads.wait_for(|head| *head == 42)).await.expect("told").expect("open");
}

#[tokio::test]
async fn while_redis_is_gone_postgresql_is_listened_to_and_then_redis_again() {
    let (pool, redis) = (postgres().await, Redis::start());
    let [here, there] = [(); 2].map(|()| Process::start(Some(&redis), &pool));
    let account = Uuid::now_v7();
    assert!(there.hears(account, || here.relay.tell_sessions(&pool, account)).await);
    redis.kill();
    assert!(there.hears(account, || here.relay.tell_sessions(&pool, account)).await, "through PostgreSQL");
    redis.restart();
    let client = redis::Client::open(redis.url()).expect("an address");
    let heard = there.hears(account, || async {
        let mut connection = client.get_multiplexed_async_connection().await.expect("it answers");
        let mut publish = redis::cmd("PUBLISH");
        publish.arg("aegis_sessions:0").arg(account.to_string());
        publish.query_async::<i64>(&mut connection).await.expect("published");
    });
    assert!(heard.await, "through Redis");
}
