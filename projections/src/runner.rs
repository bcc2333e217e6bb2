//! Feeding folds from the ledger and storing what they change.
//!
//! Rows and position commit together, so that a crash repeats or loses
//! nothing. One process at a time feeds a projection (a lease says which);
//! the lock on its row of `projection_positions` is the safety. An event that
//! does not decode stops its projection loudly and is never skipped.

mod rebuild;
mod rows;
mod tail;

use crate::fold::{DecodeError, DomainEvent, Fold, OPEN, ReleaseFacts, Sealed};
use crate::knowledge::{self, records};
use crate::ledger::{self, StoredEvent};
use aegis_aggregates::knowledge::{KnowledgeEvent, KnowledgeSource};
pub use rebuild::rebuild;
use rebuild::rebuild_as;
pub use rows::Rows;
use sqlx::{Connection, PgConnection, PgPool};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
pub use tail::Tail;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

/// Events folded in one transaction, live.
const LIVE_BATCH: i64 = 2_000;
/// How long a process keeps a projection without showing life.
const LEASE: Duration = Duration::from_secs(3);
/// How long a process that rebuilds an outdated projection keeps others from
/// doing the same; shown anew with each batch.
const REBUILD_LEASE: Duration = Duration::from_secs(15);
/// How much of a lease has to be left for a process to go on without asking.
const LEASE_LEFT: Duration = Duration::from_millis(1_500);
/// How long a process that shares what it reads may have folded events that change no row before it stores its
/// position: the other processes hear of it that much later.
const SETTLE: Duration = Duration::from_millis(20);
/// How often an idle process looks for events it was not told of.
const POLL: Duration = Duration::from_millis(500);
/// How often a process looks how far another one has come that feeds the projection.
const WATCH: Duration = Duration::from_millis(50);
/// How soon a process tries again to store what it has folded while another one looks at the row.
const ROW_BUSY: Duration = Duration::from_millis(2);
/// How long a stopped projection waits before it tries its event again.
const POISONED_PAUSE: Duration = Duration::from_secs(30);

/// Folding stopped.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// An event does not decode.
    #[error("the event at position {position} does not decode")]
    Poison {
        /// The event.
        position: i64,
        /// Why.
        #[source]
        source: DecodeError,
    },
    /// A position that should follow is not there, or its event is not.
    #[error("the event at position {position} is missing from the store")]
    Missing {
        /// The position.
        position: i64,
    },
    /// An event puts content in force that is not there.
    #[error("position {position} puts content {digest} in force, which is missing from the store")]
    Content {
        /// The position.
        position: i64,
        /// What it names.
        digest: String,
    },
    /// The rows are those of a newer program.
    #[error("the rows are of version {stored} of the fold, which is newer than this program's {own}")]
    Newer {
        /// The version of the rows.
        stored: i32,
        /// The version that this program writes.
        own: i32,
    },
    /// Another process took over what this one was rebuilding.
    #[error("another process rebuilds this projection")]
    Overtaken,
    /// The rows were read all the time, so that the rebuilt ones never took their place.
    #[error("somebody kept reading the rows, so the rebuilt ones could not take their place")]
    InUse,
    /// The database refuses the rows that an event leads to.
    #[error("what the event at position {position} leads to cannot be stored")]
    Refused {
        /// The event.
        position: i64,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// A stored row is not what the fold writes.
    #[error("a row of {table} does not read back")]
    Row {
        /// The table.
        table: &'static str,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// There is no projection of that name.
    #[error("there is no projection '{0}'; there are: {1}")]
    Unknown(String, String),
}

impl RunError {
    /// Whether trying again may help: the event is not at fault.
    fn may_pass(&self) -> bool {
        matches!(self, Self::Database(_) | Self::Overtaken | Self::InUse)
    }

    /// The event at fault, if one is.
    fn position(&self) -> Option<i64> {
        match self {
            Self::Poison { position, .. }
            | Self::Missing { position }
            | Self::Content { position, .. }
            | Self::Refused { position, .. } => Some(*position),
            Self::Database(_)
            | Self::Row { .. }
            | Self::Newer { .. }
            | Self::Overtaken
            | Self::InUse
            | Self::Unknown(..) => None,
        }
    }
}

/// Every projection, fresh.
pub fn folds() -> Vec<Box<dyn Fold>> {
    vec![
        Box::new(knowledge::Releases::default()),
        Box::new(crate::tests::Tests::default()),
        Box::new(crate::comments::Comments::default()),
        Box::new(crate::coverage::Coverage::default()),
        Box::new(crate::campaigns::Campaigns::default()),
        Box::new(crate::accounts::Accounts::default()),
        Box::new(crate::templates::Templates::default()),
        Box::new(crate::remediations::Remediations::default()),
    ]
}

/// The projection of that name, fresh.
///
/// # Errors
/// [`RunError::Unknown`] names those that exist.
pub fn fold_named(name: &str) -> Result<Box<dyn Fold>, RunError> {
    let names = || folds().iter().map(|fold| fold.name()).collect::<Vec<_>>().join(", ");
    folds()
        .into_iter()
        .find(|fold| fold.name() == name)
        .ok_or_else(|| RunError::Unknown(name.to_owned(), names()))
}

/// Takes events into a fold in order, each once, however often it is offered.
pub struct Folder {
    fold: Box<dyn Fold>,
    position: i64,
    generation: i32,
    releases: HashMap<String, Arc<ReleaseFacts>>,
}

impl Folder {
    /// A fold that has seen nothing.
    pub fn new(fold: Box<dyn Fold>) -> Self {
        Self { fold, position: 0, generation: 0, releases: HashMap::new() }
    }

    /// How far it has come.
    pub fn position(&self) -> i64 {
        self.position
    }

    /// Folds one event; one it has seen before changes nothing.
    pub fn apply(&mut self, event: &Sealed, rows: &mut Rows) {
        if event.position <= self.position {
            return;
        }
        self.position = event.position;
        for change in self.fold.apply(event) {
            rows.change(event.position, change);
        }
    }

    /// Folds events that are kept; false, and nothing is folded, where one of them needs more than is kept.
    fn apply_kept(&mut self, events: &[Arc<Sealed>], rows: &mut Rows) -> bool {
        let plain = events.iter().all(|event| !matches!(event.body, DomainEvent::Knowledge(_)));
        if plain {
            events.iter().for_each(|event| self.apply(event, rows));
        }
        plain
    }

    /// Folds stored events, of which none may be missing. The ones before an
    /// event that does not decode are folded.
    ///
    /// # Errors
    /// [`RunError::Poison`], [`RunError::Missing`] or [`RunError::Content`] with the
    /// position, or the database failed.
    pub async fn apply_stored(
        &mut self,
        connection: &mut PgConnection,
        events: Vec<StoredEvent>,
        rows: &mut Rows,
    ) -> Result<(), RunError> {
        for stored in events {
            let position = stored.position;
            if position > self.position + 1 {
                return Err(RunError::Missing { position: self.position + 1 });
            }
            let mut event = stored.decode().map_err(|source| RunError::Poison { position, source })?;
            if let DomainEvent::Knowledge(KnowledgeEvent::KnowledgeReleased { source, release }) = &event.body
            {
                let digest = release.digest.clone();
                let facts = self.facts(connection, *source, &digest).await?;
                event.release = Some(facts.ok_or(RunError::Content { position, digest })?);
            }
            self.apply(&event, rows);
        }
        Ok(())
    }

    async fn facts(
        &mut self,
        connection: &mut PgConnection,
        source: KnowledgeSource,
        digest: &str,
    ) -> Result<Option<Arc<ReleaseFacts>>, sqlx::Error> {
        if !source.is_attack() {
            // Of records many are read, and once; so they are not held.
            return Ok(records::facts(connection, digest, self.fold.reads()).await?.map(Arc::new));
        }
        if let Some(facts) = self.releases.get(digest) {
            return Ok(Some(Arc::clone(facts)));
        }
        let Some(facts) = knowledge::facts(connection, digest).await?.map(Arc::new) else {
            return Ok(None);
        };
        self.releases.insert(digest.to_owned(), Arc::clone(&facts));
        Ok(Some(facts))
    }

    /// Takes back what the rows of a schema say, which are those at a position.
    async fn restore(
        &mut self,
        connection: &mut PgConnection,
        schema: &str,
        position: i64,
        generation: i32,
    ) -> Result<(), RunError> {
        self.fold.reset();
        for table in self.fold.remembered() {
            let open: Vec<(String, serde_json::Value)> = sqlx::query_as(&format!(
                "select row_key, to_json(t) from {schema}.{table} t where to_position = {OPEN}"
            ))
            .fetch_all(&mut *connection)
            .await?;
            for (key, row) in open {
                self.fold.restore(table, &key, row).map_err(|source| RunError::Row { table, source })?;
            }
        }
        for (source, digest) in knowledge::attack_in_force(connection, position).await? {
            let facts = self.facts(connection, source, &digest).await?;
            self.fold.restore_release(source, facts.ok_or(RunError::Content { position, digest })?);
        }
        self.position = position;
        self.generation = generation;
        Ok(())
    }
}

/// How far a projection has come, as seen by this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// The last position folded.
    pub position: i64,
    /// Whether it has stopped at an event it cannot read; then nobody waits for it.
    pub stopped: bool,
}

/// Tells how far a projection has come.
pub type Reached = watch::Receiver<Progress>;

/// Feeds one projection for as long as the process lives.
pub struct Runner {
    pool: PgPool,
    folder: Folder,
    holder: Uuid,
    reached: watch::Sender<Progress>,
    loaded: bool,
    /// Events to take at once: fewer while looking for one whose rows are refused.
    batch: i64,
    /// What this process has read, shared by its runners; without it each reads for itself.
    tail: Option<Arc<Tail>>,
    /// The position that is stored.
    stored: i64,
    /// Until when the lease counts that this process has taken.
    leased_until: Option<Instant>,
    /// Since when the stored position lags behind the fold.
    owed_since: Option<Instant>,
    /// What was folded while somebody else was looking at the projection's row, to be stored before anything else:
    /// taking back all rows for that would cost seconds in a large house.
    pending: Option<Batch>,
}

/// Events that were folded and are to be stored.
struct Batch {
    /// The position before them.
    after: i64,
    /// How many.
    count: usize,
    /// What they lead to.
    rows: Rows,
    /// What ended the batch early.
    folded: Result<(), RunError>,
}

/// What one step did.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Folded so many events.
    Folded(usize),
    /// There was nothing to fold.
    Idle,
    /// Another process feeds this projection.
    NotMine,
    /// The fold has changed since its rows were written.
    Outdated,
}

impl Runner {
    /// A runner of one fold, and what tells how far it came.
    pub fn new(pool: PgPool, fold: Box<dyn Fold>) -> (Self, Reached) {
        let (reached, receiver) = watch::channel(Progress::default());
        let runner = Self {
            pool,
            folder: Folder::new(fold),
            holder: Uuid::now_v7(),
            reached,
            loaded: false,
            batch: LIVE_BATCH,
            tail: None,
            stored: 0,
            leased_until: None,
            owed_since: None,
            pending: None,
        };
        (runner, receiver)
    }

    /// As [`Runner::new`], one of several that share what they read.
    pub fn sharing(pool: PgPool, fold: Box<dyn Fold>, tail: Arc<Tail>) -> (Self, Reached) {
        let (runner, reached) = Self::new(pool, fold);
        (Self { tail: Some(tail), ..runner }, reached)
    }

    /// The projection's name.
    pub fn name(&self) -> &'static str {
        self.folder.fold.name()
    }

    /// Folds what is sealed beyond the last position, at most one batch. What leads to rows is stored with the
    /// position; a runner that shares what it reads stores a position without rows [`SETTLE`] later.
    ///
    /// # Errors
    /// [`RunError`]; what was folded before a poison event is stored.
    pub async fn step(&mut self) -> Result<Step, RunError> {
        if let Some(batch) = self.pending.take() {
            return self.store_step(Some(batch)).await;
        }
        // Read before there is a connection: who waits for one while holding another may wait for ever.
        let kept = match self.tail.as_ref().filter(|_| self.loaded) {
            Some(tail) => tail.after(self.folder.position, self.batch).await?,
            None => None,
        };
        let Some(events) = kept else {
            return self.store_step(None).await;
        };
        let (after, count) = (self.folder.position, events.len());
        let mut rows = Rows::default();
        // From here on the fold is ahead of the rows until they are stored.
        self.loaded = false;
        if !self.folder.apply_kept(&events, &mut rows) {
            self.loaded = true;
            return self.store_step(None).await;
        }
        if rows.is_empty() && self.holds_lease() {
            if count > 0 {
                self.owed_since.get_or_insert_with(Instant::now);
            }
            if self.owed_since.is_none_or(|since| since.elapsed() < SETTLE) {
                self.loaded = true;
                self.show(self.folder.position, false);
                return Ok(if count == 0 { Step::Idle } else { Step::Folded(count) });
            }
        }
        self.store_step(Some(Batch { after, count, rows, folded: Ok(()) })).await
    }

    /// Whether nobody else feeds the projection for a while.
    fn holds_lease(&self) -> bool {
        self.leased_until.is_some_and(|until| Instant::now() + LEASE_LEFT < until)
    }

    /// Stores a batch, or folds one and stores that.
    async fn store_step(&mut self, batch: Option<Batch>) -> Result<Step, RunError> {
        let name = self.name();
        let mut connection = self.pool.acquire().await?;
        let mut transaction = connection.begin().await?;
        let Some(stored) = sqlx::query!(
            r#"select position, generation, fold_version, error is not null as stopped,
                      lease_holder is distinct from $2 and lease_until > clock_timestamp() as "taken",
                      lease_holder = $2 and lease_until > clock_timestamp() + interval '1.5 seconds' as "fresh",
                      -- a process that stands still must not keep the row for longer than this
                      set_config('idle_in_transaction_session_timeout', '15s', true) as "limit",
                      -- rows and position are lost together, and folded again: nobody need wait for the disk
                      set_config('synchronous_commit', 'off', true) as "durability"
               from projection_positions where name = $1 for update skip locked"#,
            name,
            self.holder
        )
        .fetch_optional(&mut *transaction)
        .await?
        else {
            self.pending = batch;
            return Ok(Step::NotMine);
        };
        if stored.taken == Some(true) {
            // At once, rather than when the connection is next used: whoever has the lease needs the row.
            transaction.rollback().await?;
            self.show(stored.position, stored.stopped == Some(true));
            return Ok(Step::NotMine);
        }
        let own = self.folder.fold.version();
        if stored.fold_version > own {
            transaction.rollback().await?;
            self.show(stored.position, true);
            return Err(RunError::Newer { stored: stored.fold_version, own });
        }
        if stored.fold_version < own {
            lease(&mut transaction, name, self.holder, REBUILD_LEASE).await?;
            transaction.commit().await?;
            return Ok(Step::Outdated);
        }
        let as_left = (stored.position, stored.generation) == (self.stored, self.folder.generation);
        let batch = match batch.filter(|_| as_left) {
            Some(batch) => batch,
            None => {
                if !(as_left && self.loaded) {
                    self.loaded = false;
                    self.folder
                        .restore(&mut transaction, "public", stored.position, stored.generation)
                        .await?;
                    (self.stored, self.owed_since) = (stored.position, None);
                    self.loaded = true;
                }
                self.fold_stored(&mut transaction).await?
            }
        };
        let Batch { after, count, mut rows, folded } = batch;
        if count == 0 && stored.fresh == Some(true) && self.folder.position == stored.position {
            transaction.rollback().await?;
            self.loaded = true;
            self.show(stored.position, false);
            return Ok(Step::Idle);
        }
        if let Err(error) = rows.store(&mut transaction, "public").await {
            transaction.rollback().await?;
            return self.refused(&mut connection, after, count, error).await;
        }
        if let Err(error) = folded.as_ref()
            && error.may_pass()
        {
            // Nothing of the batch is stored, so that the next step begins where this one did.
            transaction.rollback().await?;
            return folded.map(|()| Step::Idle);
        }
        let error = folded.as_ref().err().map(chain_of);
        let error_position = folded.as_ref().err().and_then(RunError::position);
        let leased_until = Instant::now() + LEASE;
        sqlx::query!(
            "update projection_positions set position = $2, lease_holder = $3,
                    lease_until = clock_timestamp() + make_interval(secs => $4),
                    error = $5, error_position = $6, updated_at = clock_timestamp()
             where name = $1",
            name,
            self.folder.position,
            self.holder,
            LEASE.as_secs_f64(),
            error,
            error_position
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        (self.stored, self.owed_since) = (self.folder.position, None);
        self.leased_until = Some(leased_until).filter(|_| folded.is_ok());
        self.loaded = true;
        self.batch = (self.batch * 2).min(LIVE_BATCH);
        self.show(self.folder.position, folded.is_err());
        folded?;
        Ok(if count == 0 { Step::Idle } else { Step::Folded(count) })
    }

    /// Folds what follows, read by itself.
    async fn fold_stored(&mut self, connection: &mut PgConnection) -> Result<Batch, RunError> {
        let after = self.folder.position;
        let events = ledger::read(connection, after, self.batch).await?;
        let count = events.len();
        let mut rows = Rows::default();
        self.loaded = false;
        let folded = self.folder.apply_stored(connection, events, &mut rows).await;
        Ok(Batch { after, count, rows, folded })
    }

    /// Rows that the database will never take stop the projection like an
    /// event that does not decode; smaller and smaller batches find the event.
    async fn refused(
        &mut self,
        connection: &mut PgConnection,
        after: i64,
        count: usize,
        source: sqlx::Error,
    ) -> Result<Step, RunError> {
        if !is_about_the_rows(&source) {
            return Err(RunError::Database(source));
        }
        if count > 1 {
            self.batch = i64::try_from(count / 2).unwrap_or(1);
            return Ok(Step::Folded(0));
        }
        sqlx::query!(
            "update projection_positions set error = $2, error_position = $3, updated_at = clock_timestamp()
             where name = $1",
            self.name(),
            source.to_string(),
            after + 1
        )
        .execute(connection)
        .await?;
        self.show(after, true);
        Err(RunError::Refused { position: after + 1, source })
    }

    /// Tells of an error, everybody where the projection cannot go on without
    /// help, and says how long to wait.
    async fn failed(&mut self, error: &RunError) -> Duration {
        let name = self.name();
        if error.may_pass() {
            tracing::warn!(projection = name, error = chain(error), "folding failed; trying again");
            return Duration::from_secs(1);
        }
        tracing::error!(projection = name, error = chain(error), "the projection has stopped");
        let position = self.reached.borrow().position;
        self.show(position, true);
        // Rows of a newer program are no fault of theirs: only this process stands still.
        if !matches!(error, RunError::Newer { .. })
            && let Err(error) = self.note(error).await
        {
            tracing::warn!(projection = name, error = chain(&error), "that it has stopped was not noted");
        }
        POISONED_PAUSE
    }

    async fn note(&mut self, error: &RunError) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "update projection_positions set error = $2, error_position = $3, updated_at = clock_timestamp()
             where name = $1",
            self.name(),
            chain_of(error),
            error.position()
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    fn show(&self, position: i64, stopped: bool) {
        let now = Progress { position, stopped };
        self.reached.send_if_modified(|shown| std::mem::replace(shown, now) != now);
    }

    /// Runs until told to stop. `sealed` wakes it; polling is the truth.
    pub async fn run(mut self, sealed: Arc<Notify>, mut stop: watch::Receiver<bool>) {
        let name = self.name();
        loop {
            let woken = sealed.notified();
            let pause = match self.step().await {
                Ok(Step::Folded(_)) => Duration::ZERO,
                Ok(Step::Idle) if self.owed_since.is_some() => SETTLE,
                Ok(Step::Idle) => POLL,
                Ok(Step::NotMine) if self.pending.is_some() => ROW_BUSY,
                Ok(Step::NotMine) => WATCH,
                Ok(Step::Outdated) => {
                    tracing::info!(projection = name, "the fold has changed: rebuilding");
                    match rebuild_as(&self.pool, name, Some(self.holder), &mut |_, _| {}).await {
                        Ok(_) => Duration::ZERO,
                        Err(error) => self.failed(&error).await,
                    }
                }
                Err(error) => self.failed(&error).await,
            };
            if *stop.borrow() {
                return;
            }
            if pause.is_zero() {
                continue;
            }
            tokio::select! {
                () = woken, if pause <= POLL => {}
                () = tokio::time::sleep(pause) => {}
                _ = stop.changed() => return,
            }
        }
    }
}

/// Whether the database objects to what is stored (wrong data, broken
/// constraint, too large), so that trying again cannot help.
fn is_about_the_rows(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| ["22", "23", "54"].contains(&code.get(..2).unwrap_or_default()))
}

/// Shows life for a projection that this process rebuilds; false where another one has it now.
async fn lease(
    connection: &mut PgConnection,
    name: &str,
    holder: Uuid,
    within: Duration,
) -> Result<bool, sqlx::Error> {
    let held = sqlx::query!(
        "update projection_positions set lease_holder = $2, lease_until = clock_timestamp() + make_interval(secs => $3)
         where name = $1 and (lease_holder is not distinct from $2 or lease_until is null or lease_until < clock_timestamp())",
        name,
        holder,
        within.as_secs_f64()
    )
    .execute(connection)
    .await?;
    Ok(held.rows_affected() == 1)
}

fn chain_of(error: &RunError) -> String {
    match error {
        // The position stands in a column of its own.
        RunError::Poison { source, .. } => chain(source),
        RunError::Refused { source, .. } => chain(source),
        error => chain(error),
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    text
}

/// Makes sure that every projection has its row; a new one starts from zero.
///
/// # Errors
/// The database failed.
pub async fn register(pool: &PgPool) -> Result<(), sqlx::Error> {
    for fold in folds() {
        sqlx::query!(
            "insert into projection_positions (name, fold_version) values ($1, $2) on conflict do nothing",
            fold.name(),
            fold.version()
        )
        .execute(pool)
        .await?;
    }
    Ok(())
}
