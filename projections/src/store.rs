//! Appending events: load, decide, commit.
//!
//! The one module that knows cqrs-es' persistence. Reads go through
//! postgres-es; appends do not (see `docs/adr/0002-postgres-es-fenced.md`):
//! a single statement carries the whole transaction, commands that meet share
//! it, and a repeated command is told apart from a lost race. No aggregate snapshots, no replay, no
//! dispatch after commit: read models follow the ledger alone.

mod append;

use aegis_aggregates::actor::Actor;
use append::Appender;
use cqrs_es::event_sink::EventSink;
use cqrs_es::persist::{
    PersistedEventRepository, PersistedEventStore, PersistenceError, ReplayStream, SerializedEvent,
    SerializedSnapshot,
};
use cqrs_es::{Aggregate, AggregateError, EventStore};
use postgres_es::PostgresEventRepository;
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::Notify;
use uuid::Uuid;

/// How often a command that lost a race is judged again.
const ATTEMPTS: u32 = 6;

/// Raised by the database when a command id comes a second time.
const REPEATED_COMMAND: &str = "AE001";

/// Where a command comes from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// Who asks.
    pub actor: Actor,
    /// The id under which the command may be sent again.
    pub command: Option<CommandId>,
    /// Ties together what one request caused.
    pub correlation: Uuid,
    /// The event or job that led to it, if not a person.
    pub causation: Option<String>,
}

impl Origin {
    /// A command of its own, not to be repeated.
    pub fn new(actor: Actor) -> Self {
        Self { actor, command: None, correlation: Uuid::now_v7(), causation: None }
    }
}

/// A command that may come again: the same id with the same input is answered
/// with the first result, with other input it is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandId {
    /// The id, unique per actor.
    pub id: Uuid,
    /// SHA-256 of the input, hex.
    pub digest: String,
}

impl CommandId {
    /// Names an input. `kind` keeps the inputs of different commands apart.
    pub fn new(id: Uuid, kind: &str, input: &[u8]) -> Self {
        let mut hash = Sha256::new();
        hash.update(kind.as_bytes());
        hash.update([0]);
        hash.update(input);
        Self { id, digest: hex::encode(hash.finalize()) }
    }
}

/// The last event a command led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// Type of the aggregate.
    pub aggregate_type: String,
    /// Id of the aggregate.
    pub aggregate_id: String,
    /// The event's place in the aggregate.
    pub sequence: i64,
}

/// What came of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Executed<E> {
    /// Events were appended.
    Committed(Committed),
    /// The same command had been carried out before; this is its first result.
    Repeated(Committed),
    /// There was nothing new to record.
    Unchanged,
    /// A rule refused it.
    Refused(E),
    /// The command id was used before with other input.
    CommandReused,
}

/// The store could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Other writers were faster every time.
    #[error("{aggregate_type} {aggregate_id} kept changing: gave up after {ATTEMPTS} attempts")]
    Contended {
        /// Type of the aggregate.
        aggregate_type: &'static str,
        /// Id of the aggregate.
        aggregate_id: String,
    },
    /// The database failed.
    #[error("the event store failed")]
    Database(#[source] sqlx::Error),
    /// cqrs-es failed, or a stored event does not decode.
    #[error("the event store failed")]
    Persistence(#[source] PersistenceError),
}

/// The event store.
#[derive(Clone)]
pub struct Store {
    pool: PgPool,
    appender: Arc<Appender>,
    appended: Arc<Notify>,
}

impl Store {
    /// A store over a database that has the migrations.
    pub fn new(pool: PgPool) -> Self {
        let appender = Arc::new(Appender::new(pool.clone()));
        Self { pool, appender, appended: Arc::new(Notify::new()) }
    }

    /// Wakes the sealing loop of this process.
    pub fn appended(&self) -> Arc<Notify> {
        Arc::clone(&self.appended)
    }

    /// Loads an aggregate as it is now.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails or an event does not decode.
    pub async fn load<A>(&self, aggregate_id: &str) -> Result<A, StoreError>
    where
        A: Aggregate,
    {
        let context = self.events::<A>().load_aggregate(aggregate_id).await.map_err(broken::<A>)?;
        Ok(context.aggregate)
    }

    /// Loads an aggregate as it was right after one of its events.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails or an event does not decode.
    pub async fn load_at<A>(&self, aggregate_id: &str, sequence: i64) -> Result<A, StoreError>
    where
        A: Aggregate,
    {
        let payloads = sqlx::query_scalar!(
            "select payload from events
             where aggregate_type = $1 and aggregate_id = $2 and sequence <= $3 order by sequence",
            A::TYPE,
            aggregate_id,
            sequence
        )
        .fetch_all(&self.pool)
        .await
        .map_err(StoreError::Database)?;
        let mut aggregate = A::default();
        for payload in payloads {
            let event = serde_json::from_value(payload)
                .map_err(|error| StoreError::Persistence(PersistenceError::from(error)))?;
            aggregate.apply(event);
        }
        Ok(aggregate)
    }

    /// Loads several aggregates as they are now, in one query; those without events are left out.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails or an event does not decode.
    pub async fn load_all<A>(&self, aggregate_ids: &[String]) -> Result<HashMap<String, A>, StoreError>
    where
        A: Aggregate,
    {
        let rows = sqlx::query!(
            "select aggregate_id, payload from events
             where aggregate_type = $1 and aggregate_id = any ($2) order by aggregate_id, sequence",
            A::TYPE,
            aggregate_ids
        )
        .fetch_all(&self.pool)
        .await
        .map_err(StoreError::Database)?;
        let mut loaded: HashMap<String, A> = HashMap::new();
        for row in rows {
            let event = serde_json::from_value(row.payload)
                .map_err(|error| StoreError::Persistence(PersistenceError::from(error)))?;
            loaded.entry(row.aggregate_id).or_default().apply(event);
        }
        Ok(loaded)
    }

    /// Judges a command on the aggregate as it is, and appends what it leads
    /// to. A lost race is judged again, at most [`ATTEMPTS`] times in all.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; a refused rule is an outcome.
    pub async fn execute<A>(
        &self,
        aggregate_id: &str,
        command: A::Command,
        origin: &Origin,
    ) -> Result<Executed<A::Error>, StoreError>
    where
        A: Aggregate<Services = ()>,
        A::Command: Clone,
    {
        let store = self.events::<A>();
        let metadata = metadata_of(origin);
        for _ in 0..ATTEMPTS {
            let mut context = store.load_aggregate(aggregate_id).await.map_err(broken::<A>)?;
            let sink = EventSink::default();
            if let Err(refusal) = context.aggregate.handle(command.clone(), &(), &sink).await {
                return Ok(self.repeated(origin).await?.unwrap_or(Executed::Refused(refusal)));
            }
            let events = sink.collect().await;
            if events.is_empty() {
                return Ok(self.repeated(origin).await?.unwrap_or(Executed::Unchanged));
            }
            let sequence = context.current_sequence + events.len();
            match store.commit(events, context, metadata.clone()).await {
                Ok(_) => {
                    self.appended.notify_one();
                    return Ok(Executed::Committed(Committed {
                        aggregate_type: A::TYPE.to_owned(),
                        aggregate_id: aggregate_id.to_owned(),
                        sequence: i64::try_from(sequence).unwrap_or(i64::MAX),
                    }));
                }
                Err(AggregateError::AggregateConflict) => {}
                Err(error) if is_repeated_command(&error) => {
                    if let Some(executed) = self.repeated(origin).await? {
                        return Ok(executed);
                    }
                }
                Err(error) => return Err(broken::<A>(error)),
            }
        }
        Err(StoreError::Contended { aggregate_type: A::TYPE, aggregate_id: aggregate_id.to_owned() })
    }

    /// The first result of this command, if it was carried out before.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn repeated<E>(&self, origin: &Origin) -> Result<Option<Executed<E>>, StoreError> {
        let Some(command) = &origin.command else {
            return Ok(None);
        };
        let first = sqlx::query!(
            "select digest, aggregate_type, aggregate_id, sequence from commands where actor = $1 and command_id = $2",
            origin.actor.account.0,
            command.id
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(StoreError::Database)?;
        Ok(first.map(|first| {
            if first.digest != command.digest {
                return Executed::CommandReused;
            }
            Executed::Repeated(Committed {
                aggregate_type: first.aggregate_type,
                aggregate_id: first.aggregate_id,
                sequence: first.sequence,
            })
        }))
    }

    fn events<A: Aggregate>(&self) -> PersistedEventStore<Repository, A> {
        PersistedEventStore::new_event_store(Repository {
            appender: Arc::clone(&self.appender),
            reads: PostgresEventRepository::new(self.pool.clone()),
        })
    }
}

fn metadata_of(origin: &Origin) -> HashMap<String, String> {
    let mut metadata = HashMap::from([
        ("actor".to_owned(), origin.actor.account.to_string()),
        ("role".to_owned(), origin.actor.role.as_str().to_owned()),
        ("correlation".to_owned(), origin.correlation.to_string()),
    ]);
    if let Some(command) = &origin.command {
        metadata.insert("command_id".to_owned(), command.id.to_string());
        metadata.insert("command_digest".to_owned(), command.digest.clone());
    }
    if let Some(causation) = &origin.causation {
        metadata.insert("causation".to_owned(), causation.clone());
    }
    metadata
}

fn broken<A: Aggregate>(error: AggregateError<A::Error>) -> StoreError {
    match error {
        AggregateError::AggregateConflict => StoreError::Persistence(PersistenceError::OptimisticLockError),
        AggregateError::DatabaseConnectionError(source)
        | AggregateError::DeserializationError(source)
        | AggregateError::UnexpectedError(source) => {
            StoreError::Persistence(PersistenceError::UnknownError(source))
        }
        // `execute` takes refusals out of `handle` itself, so none arrives here.
        AggregateError::UserError(refusal) => {
            StoreError::Persistence(PersistenceError::UnknownError(refusal.to_string().into()))
        }
    }
}

fn is_repeated_command<E: std::error::Error>(error: &AggregateError<E>) -> bool {
    let AggregateError::UnexpectedError(source) = error else {
        return false;
    };
    source
        .downcast_ref::<sqlx::Error>()
        .and_then(sqlx::Error::as_database_error)
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| code == REPEATED_COMMAND)
}

/// postgres-es for reading, a writer of our own for appending.
struct Repository {
    appender: Arc<Appender>,
    reads: PostgresEventRepository,
}

impl PersistedEventRepository for Repository {
    async fn get_events<A: Aggregate>(
        &self,
        aggregate_id: &str,
    ) -> Result<Vec<SerializedEvent>, PersistenceError> {
        self.reads.get_events::<A>(aggregate_id).await
    }

    async fn get_last_events<A: Aggregate>(
        &self,
        aggregate_id: &str,
        last_sequence: usize,
    ) -> Result<Vec<SerializedEvent>, PersistenceError> {
        self.reads.get_last_events::<A>(aggregate_id, last_sequence).await
    }

    async fn get_snapshot<A: Aggregate>(
        &self,
        _aggregate_id: &str,
    ) -> Result<Option<SerializedSnapshot>, PersistenceError> {
        Ok(None)
    }

    async fn persist<A: Aggregate>(
        &self,
        events: &[SerializedEvent],
        _snapshot_update: Option<(String, Value, usize)>,
    ) -> Result<(), PersistenceError> {
        self.appender.append(events).await.map_err(|error| {
            let lost_race = error.as_database_error().is_some_and(|error| {
                error.constraint() == Some("events_pkey") && error.is_unique_violation()
            });
            if lost_race {
                PersistenceError::OptimisticLockError
            } else {
                PersistenceError::UnknownError(Box::new(error))
            }
        })
    }

    async fn stream_events<A: Aggregate>(
        &self,
        aggregate_id: &str,
    ) -> Result<ReplayStream, PersistenceError> {
        self.reads.stream_events::<A>(aggregate_id).await
    }

    async fn stream_all_events<A: Aggregate>(&self) -> Result<ReplayStream, PersistenceError> {
        self.reads.stream_all_events::<A>().await
    }
}
