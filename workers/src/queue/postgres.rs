//! The queue in PostgreSQL: apalis-postgres, and the only place that knows its sqlx.
//!
//! apalis-postgres 1.0 pins sqlx 0.9, so it has a small pool of its own here.
//! Learned from its source, and kept to here:
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

use super::{AT_ONCE, Delivery, HEARTBEAT, MISSED_HEARTBEATS, QUEUE, QueueError, Taker, take};
use aegis_projections::provision::{APP, Database, OWNER};
use apalis::prelude::{
    TaskBuilder, TaskSink, TaskSinkError, WorkerBuilder, WorkerBuilderExt, WorkerContext, WorkerError,
};
use apalis_postgres::{Config, PostgresStorage};
use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use sqlx::ConnectOptions;
use sqlx_09::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx_09::{Executor, PgPool};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// Connections that apalis takes: its listener keeps one of them.
pub const CONNECTIONS: u32 = 3;
/// The queue of one database.
#[derive(Clone)]
pub struct PostgresQueue {
    pool: PgPool,
}

impl PostgresQueue {
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

    /// One worker that takes deliveries until it is stopped.
    pub fn worker(
        &self,
        context: &WorkerContext,
        taker: &Taker,
    ) -> BoxFuture<'static, Result<(), WorkerError>> {
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
