//! Delivering jobs, through PostgreSQL or through Redis: the modules that know apalis.
//!
//! A queue delivers ids and nothing else. What a job is and how it stands is
//! in the table `jobs`, and [`crate::job`] makes a second delivery of the same
//! job harmless and queues again what nobody is at: so a queue may lose all it
//! has, and no job is lost with it.

mod postgres;
mod redis;

pub use postgres::CONNECTIONS;

use crate::retry::{Backoff, chain, pause, told};
use aegis_projections::provision::Database;
use apalis::prelude::{BoxDynError, Data, DeferredError, WorkerContext, WorkerError};
use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use uuid::Uuid;

/// The queue that all processes of one installation share.
const QUEUE: &str = "aegis";
/// How often a worker shows life.
const HEARTBEAT: Duration = Duration::from_secs(2);
/// After so many without one its tasks are given to others.
const MISSED_HEARTBEATS: usize = 3;
/// Tasks that one process carries out at the same time: an import holds its whole file in memory.
pub const AT_ONCE: usize = 1;
/// Pauses after the queue failed.
const FAILED_PAUSE: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(10));

/// Where deliveries wait.
#[derive(Clone, PartialEq, Eq, Default)]
pub enum QueueSettings {
    /// In the database itself.
    #[default]
    Postgres,
    /// In the Redis of that address.
    Redis(String),
}

impl std::fmt::Debug for QueueSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The address may hold a password.
        f.write_str(match self {
            Self::Postgres => "Postgres",
            Self::Redis(_) => "Redis",
        })
    }
}

/// The queue failed.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// The address of the database does not read.
    #[error("the queue cannot read the address of the database")]
    Address(#[source] sqlx_09::Error),
    /// Nobody answers.
    #[error("the queue cannot reach its database")]
    Connect(#[source] sqlx_09::Error),
    /// Its tables cannot be made.
    #[error(
        "the tables of the queue cannot be set up; the extensions hstore and pgcrypto must be there or creatable"
    )]
    Setup(#[source] apalis_postgres::Error),
    /// Its rights cannot be given.
    #[error("the rights on the tables of the queue cannot be given")]
    Grant(#[source] sqlx_09::Error),
    /// A statement failed.
    #[error("the queue failed")]
    Database(#[source] sqlx_09::Error),
    /// A push failed.
    #[error("a job could not be queued")]
    Push(#[source] BoxDynError),
    /// Redis does not answer, or refuses.
    #[error("the queue in Redis failed")]
    Redis(#[source] BoxDynError),
}

/// What is delivered: ids, no state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The job.
    pub job: Uuid,
    /// What kind of work.
    pub kind: String,
}

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivered {
    /// It need not come again.
    Taken,
    /// It was interrupted: somebody else shall have it.
    GiveBack,
}

/// Takes deliveries.
pub type Taker = Arc<dyn Fn(Delivery) -> BoxFuture<'static, Delivered> + Send + Sync>;

/// The queue of one installation.
#[derive(Clone)]
pub enum Queue {
    /// In the database itself.
    Postgres(postgres::PostgresQueue),
    /// In Redis.
    Redis(redis::RedisQueue),
}

impl Queue {
    /// Makes what is missing and connects. Safe to repeat, and for several processes at once.
    ///
    /// # Errors
    /// [`QueueError`].
    pub async fn open(settings: &QueueSettings, database: &Database) -> Result<Self, QueueError> {
        match settings {
            QueueSettings::Postgres => Ok(Self::Postgres(postgres::PostgresQueue::open(database).await?)),
            QueueSettings::Redis(url) => Ok(Self::Redis(redis::RedisQueue::open(url).await?)),
        }
    }

    /// Queues a job, once per key: false when that key was used before.
    /// `since` orders the queue; it must lie in the past of the database.
    ///
    /// # Errors
    /// [`QueueError::Push`].
    pub async fn push(
        &self,
        delivery: &Delivery,
        key: &str,
        since: DateTime<Utc>,
    ) -> Result<bool, QueueError> {
        match self {
            Self::Postgres(queue) => queue.push(delivery, key, since).await,
            Self::Redis(queue) => queue.push(delivery, key).await,
        }
    }

    /// Hands out deliveries until told to stop, then waits for the taker.
    pub async fn work(&self, taker: Taker, mut stop: watch::Receiver<bool>) {
        let mut failed = Backoff::new(FAILED_PAUSE.0, FAILED_PAUSE.1);
        while !*stop.borrow() {
            let context = WorkerContext::new(&format!("aegis-{}", Uuid::new_v4()));
            let mut run = self.worker(&context, &taker);
            let ended = tokio::select! {
                // First, so that the worker has started when it is told to stop.
                biased;
                ended = &mut run => ended,
                () = told(&mut stop) => match context.stop() {
                    Ok(()) => run.await,
                    Err(error) => Err(error),
                },
            };
            if *stop.borrow() {
                return;
            }
            if context.elapsed() > FAILED_PAUSE.1 {
                failed.reset();
            }
            let wait = failed.after_failure();
            let error =
                ended.map_or_else(|error| chain(&error), |()| "the worker ended by itself".to_owned());
            tracing::warn!(error, retry_ms = wait.as_millis(), "the queue failed; trying again");
            pause(wait, &mut stop).await;
        }
    }

    fn worker(&self, context: &WorkerContext, taker: &Taker) -> BoxFuture<'static, Result<(), WorkerError>> {
        match self {
            Self::Postgres(queue) => queue.worker(context, taker),
            Self::Redis(queue) => queue.worker(context, taker),
        }
    }

    /// Forgets tasks done a week ago and workers unseen for a day.
    ///
    /// # Errors
    /// [`QueueError`].
    pub async fn tidy(&self) -> Result<(), QueueError> {
        match self {
            Self::Postgres(queue) => queue.tidy().await,
            Self::Redis(queue) => queue.tidy().await,
        }
    }

    /// Closes its connections.
    pub async fn close(&self) {
        match self {
            Self::Postgres(queue) => queue.close().await,
            // Its connection goes with the last of its users.
            Self::Redis(_) => {}
        }
    }
}

/// One delivery, as a worker of either queue takes it.
async fn take(delivery: Delivery, taker: Data<Taker>) -> Result<(), BoxDynError> {
    match taker(delivery).await {
        Delivered::Taken => Ok(()),
        // The only error that apalis stores as "pending" rather than as "failed".
        Delivered::GiveBack => Err(Box::new(DeferredError::new("interrupted"))),
    }
}
