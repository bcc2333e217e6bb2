//! The queue in Redis: apalis-redis.
//!
//! Learned from its source, and kept to here:
//!
//! - without a time to live, the key that keeps a push from being repeated is
//!   deleted in the moment it is made: keys live for a week;
//! - what is pushed waits in a set of scheduled tasks until some worker polls,
//!   and no message tells of it: workers poll;
//! - a worker whose registration is gone (a Redis that was flushed) fails on
//!   its next poll: it is replaced by another;
//! - a result for a task that Redis has forgotten fails the worker, too: jobs
//!   run in tasks of their own, so nothing but the worker goes;
//! - `Failed` tasks come again up to 25 times, so nothing here fails: the
//!   attempts of a job are counted in `jobs`.

use super::{AT_ONCE, Delivery, HEARTBEAT, MISSED_HEARTBEATS, QUEUE, QueueError, Taker, take};
use apalis::prelude::{BackendExt, TaskBuilder, WorkerBuilder, WorkerBuilderExt, WorkerContext, WorkerError};
use apalis_redis::{Config, RedisStorage, queries};
use futures::future::BoxFuture;
use redis::Client;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use std::sync::Arc;
use std::time::Duration;

/// How often an idle worker looks into the queue.
const POLL: Duration = Duration::from_millis(250);
/// How long a key keeps its push from being repeated.
const KEY_LIVES: Duration = Duration::from_secs(7 * 24 * 3600);
/// How long Redis may take to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// How long it may take to connect; then the queue counts as failed and is tried again.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// How often a lost connection is tried again before a command fails.
const RECONNECTS: usize = 2;
/// How long done tasks are remembered, in seconds.
const DONE_KEPT: u64 = 7 * 24 * 3600;

/// The queue of one Redis.
#[derive(Clone)]
pub struct RedisQueue {
    connection: ConnectionManager,
}

impl RedisQueue {
    /// Connects.
    ///
    /// # Errors
    /// [`QueueError::Redis`].
    pub async fn open(url: &str) -> Result<Self, QueueError> {
        let client = Client::open(url).map_err(|error| QueueError::Redis(Box::new(error)))?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(CONNECT_WITHIN))
            .set_response_timeout(Some(ANSWER_WITHIN))
            .set_number_of_retries(RECONNECTS);
        let connection = ConnectionManager::new_with_config(client, config).await;
        let mut connection = connection.map_err(|error| QueueError::Redis(Box::new(error)))?;
        let told: Result<String, _> = ::redis::cmd("INFO").arg("memory").query_async(&mut connection).await;
        if let Some(policy) = told.ok().as_deref().and_then(evicting) {
            tracing::warn!(
                policy,
                "this Redis throws data away when its memory is full: jobs may come an hour late; \
                 set maxmemory-policy to noeviction"
            );
        }
        Ok(Self { connection })
    }

    /// Queues a job, once per key: false when that key was used before.
    ///
    /// # Errors
    /// [`QueueError::Push`].
    pub async fn push(&self, delivery: &Delivery, key: &str) -> Result<bool, QueueError> {
        let failed = |error: apalis_redis::Error| QueueError::Push(Box::new(error));
        let args = serde_json::to_vec(delivery).map_err(|error| QueueError::Push(Box::new(error)))?;
        let task = TaskBuilder::new(args).idempotency_key(key).build();
        let mut connection = self.connection.clone();
        let (queued, scheduled) =
            queries::push_tasks(&mut connection, &config(), &[task]).await.map_err(failed)?;
        Ok(queued + scheduled > 0)
    }

    /// One worker that takes deliveries until it is stopped.
    pub fn worker(
        &self,
        context: &WorkerContext,
        taker: &Taker,
    ) -> BoxFuture<'static, Result<(), WorkerError>> {
        let storage = RedisStorage::<Delivery>::new(self.connection.clone()).with_config(config());
        let worker = WorkerBuilder::new(context)
            .backend(storage.poll_with_interval(POLL))
            .data(Arc::clone(taker))
            .concurrency(AT_ONCE)
            .build(take);
        Box::pin(worker.run())
    }

    /// Forgets tasks done a week ago.
    ///
    /// # Errors
    /// [`QueueError::Redis`].
    pub async fn tidy(&self) -> Result<(), QueueError> {
        use apalis_core::backend::Vacuum;
        let mut storage = RedisStorage::<Delivery>::new(self.connection.clone()).with_config(config());
        let tidied = storage.vacuum_before(Duration::from_secs(DONE_KEPT)).await;
        tidied.map(|_| ()).map_err(|error| QueueError::Redis(Box::new(error)))
    }
}

/// The policy by which a Redis throws data away, of what it tells of its memory; `None` where it does not.
fn evicting(told: &str) -> Option<&str> {
    let of = |name: &str| told.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let limited = of("maxmemory").is_some_and(|bytes| bytes.trim() != "0");
    of("maxmemory_policy").map(str::trim).filter(|policy| limited && *policy != "noeviction")
}

fn config() -> Config {
    Config::default()
        .queue(QUEUE)
        .batch_size(1)
        .heartbeat_interval(HEARTBEAT)
        .missed_heartbeats(MISSED_HEARTBEATS)
        .emit_events(false)
        .idempotency_ttl(Some(KEY_LIVES))
}

#[cfg(test)]
mod tests {
    use super::evicting;

    #[test]
    fn a_redis_that_throws_data_away_is_told_from_one_that_does_not() {
        let told = |bytes, policy| {
            format!(
                "# Memory\r\nused_memory:1\r\nmaxmemory:{bytes}\r\nmaxmemory_human:x\r\nmaxmemory_policy:{policy}\r\n"
            )
        };
        assert_eq!(evicting(&told("1048576", "allkeys-lru")), Some("allkeys-lru"));
        assert_eq!(evicting(&told("1048576", "noeviction")), None);
        assert_eq!(evicting(&told("0", "allkeys-lru")), None, "its memory is never full");
        assert_eq!(evicting("nonsense"), None);
    }
}
