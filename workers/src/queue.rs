//! Delivering jobs: the one module that knows apalis, and its sqlx.
//!
//! apalis-postgres 1.0 pins sqlx 0.9, so it has a small pool of its own here.
//! It delivers; what a job is and how it stands is in the table `jobs`, and
//! [`crate::job`] makes a second delivery of the same job harmless. Learned
//! from its source, and kept to here:
//!
//! - a worker that has tasks buffered sends no heartbeat, so another one takes
//!   them for orphans: `batch_size(1)`;
//! - a worker's name is its identity in the orphan recovery: a fresh UUID each;
//! - results must be persisted, or no task is ever marked as done;
//! - `Failed` tasks come again at once, without pause: nothing here fails, the
//!   attempts of a job are counted in `jobs`;
//! - `run_at` in the future of the *database's* clock is not notified of, and
//!   tasks carry the *process's*: ours carry an instant the database gave;
//! - an error while polling drops what the worker was running: jobs run in
//!   tasks of their own;
//! - a duplicate idempotency key fails the whole push: one push, one task.

use crate::retry::{Backoff, chain, pause, told};
use aegis_projections::provision::{APP, Database, OWNER};
use apalis::prelude::{
    BoxDynError, Data, DeferredError, TaskBuilder, TaskSink, TaskSinkError, WorkerBuilder, WorkerBuilderExt,
    WorkerContext, WorkerError,
};
use apalis_postgres::{Config, PostgresStorage};
use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use sqlx::ConnectOptions;
use sqlx_09::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx_09::{Executor, PgPool};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use uuid::Uuid;

/// Connections that apalis takes: its listener keeps one of them.
pub const CONNECTIONS: u32 = 3;
/// The queue that all processes on one database share.
const QUEUE: &str = "aegis";
/// How often a worker shows life; also how often an idle one looks into the queue.
const HEARTBEAT: Duration = Duration::from_secs(2);
/// After so many without one its tasks are given to others.
const MISSED_HEARTBEATS: usize = 3;
/// Tasks that one process carries out at the same time: an import holds its whole file in memory.
pub const AT_ONCE: usize = 1;
/// Pauses after the queue failed.
const FAILED_PAUSE: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(10));

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

/// The queue of one database.
#[derive(Clone)]
pub struct Queue {
    pool: PgPool,
}

impl Queue {
    /// Makes the tables where they are missing and connects. Safe to repeat,
    /// and for several processes at once: apalis' migrations take a lock.
    ///
    /// # Errors
    /// [`QueueError`].
    pub async fn open(database: &Database) -> Result<Self, QueueError> {
        let options = PgConnectOptions::from_str(database.options().to_url_lossy().as_str())
            .map_err(QueueError::Address)?
            .application_name("aegis-queue");
        let owner = connect(&options, 1, database.two_roles().then_some(OWNER)).await?;
        PostgresStorage::<()>::setup(&owner).await.map_err(QueueError::Setup)?;
        if database.two_roles() {
            owner.execute(GRANTS).await.map_err(QueueError::Grant)?;
        }
        owner.close().await;
        let pool = connect(&options, CONNECTIONS, database.two_roles().then_some(APP)).await?;
        Ok(Self { pool })
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
        let task = TaskBuilder::new(delivery.clone())
            .idempotency_key(key)
            .run_at_timestamp(u64::try_from(since.timestamp()).unwrap_or(0))
            .build();
        match self.storage().push_task(task).await {
            Ok(()) => Ok(true),
            Err(TaskSinkError::PushError(apalis_postgres::Error::Database(error)))
                if is_duplicate(&error) =>
            {
                Ok(false)
            }
            Err(error) => Err(QueueError::Push(Box::new(error))),
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
        let worker = WorkerBuilder::new(context)
            .backend(self.storage().with_pubsub())
            .data(Arc::clone(taker))
            .concurrency(AT_ONCE)
            .build(take);
        Box::pin(worker.run())
    }

    /// Forgets tasks done a week ago and workers unseen for a day.
    ///
    /// # Errors
    /// [`QueueError::Database`].
    pub async fn tidy(&self) -> Result<(), QueueError> {
        self.pool.execute(TIDY_TASKS).await.map_err(QueueError::Database)?;
        self.pool.execute(TIDY_WORKERS).await.map_err(QueueError::Database)?;
        Ok(())
    }

    /// Closes its connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    fn storage(&self) -> PostgresStorage<Delivery> {
        let config = Config::default()
            .queue(QUEUE)
            .batch_size(1)
            .heartbeat_interval(HEARTBEAT)
            .missed_heartbeats(MISSED_HEARTBEATS);
        PostgresStorage::new(&self.pool).with_config(config)
    }
}

async fn take(delivery: Delivery, taker: Data<Taker>) -> Result<(), BoxDynError> {
    match taker(delivery).await {
        Delivered::Taken => Ok(()),
        // The only error that apalis stores as "pending" rather than as "failed".
        Delivered::GiveBack => Err(Box::new(DeferredError::new("interrupted"))),
    }
}

fn is_duplicate(error: &sqlx_09::Error) -> bool {
    error.as_database_error().is_some_and(|error| {
        error.is_unique_violation() && error.constraint() == Some("idx_jobs_idempotency_key")
    })
}

async fn connect(
    options: &PgConnectOptions,
    connections: u32,
    role: Option<&'static str>,
) -> Result<PgPool, QueueError> {
    let become_it = match role {
        Some(OWNER) => "set role aegis_owner",
        Some(_) => "set role aegis_app",
        None => "",
    };
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        .after_connect(move |connection, _| {
            Box::pin(async move {
                if !become_it.is_empty() {
                    connection.execute(become_it).await?;
                }
                connection.execute("set idle_in_transaction_session_timeout = '60s'").await?;
                Ok(())
            })
        })
        .connect_with(options.clone())
        .await
        .map_err(QueueError::Connect)
}

/// One process at a time: two that start together would change the same entries of the catalogue.
const GRANTS: &str = "select pg_advisory_xact_lock(hashtextextended('aegis: grants', 0));
    grant usage on schema apalis to aegis_app;
    grant select, insert, update, delete on all tables in schema apalis to aegis_app;";

const TIDY_TASKS: &str = "delete from apalis.jobs
    where status in ('Done', 'Failed', 'Killed') and done_at < now() - interval '7 days'";

const TIDY_WORKERS: &str = "delete from apalis.workers w
    where last_seen < now() - interval '1 day'
      and not exists (select from apalis.jobs j where j.lock_by = w.id)";
