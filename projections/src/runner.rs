//! Feeding folds from the ledger and storing what they change.
//!
//! Rows and position commit together, so that a crash repeats or loses
//! nothing. One process at a time feeds a projection (a lease says which);
//! the lock on its row of `projection_positions` is the safety. An event that
//! does not decode stops its projection loudly and is never skipped.

use crate::fold::{DecodeError, DomainEvent, Fold, OPEN, ReleaseFacts, RowChange, Sealed};
use crate::knowledge;
use crate::ledger::{self, StoredEvent};
use aegis_aggregates::knowledge::KnowledgeEvent;
use sqlx::{Connection, PgConnection, PgPool};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

/// Events folded in one transaction, live.
const LIVE_BATCH: i64 = 2_000;
/// Events folded in one transaction, rebuilding.
const REBUILD_BATCH: i64 = 20_000;
/// How long a process keeps a projection without showing life.
const LEASE: Duration = Duration::from_secs(3);
/// How often an idle process looks for events it was not told of.
const POLL: Duration = Duration::from_millis(500);
/// How often a process looks how far another one has come that feeds the projection.
const WATCH: Duration = Duration::from_millis(50);
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

/// Every projection, fresh.
pub fn folds() -> Vec<Box<dyn Fold>> {
    vec![
        Box::new(knowledge::Releases::default()),
        Box::new(crate::tests::Tests::default()),
        Box::new(crate::coverage::Coverage::default()),
        Box::new(crate::accounts::Accounts::default()),
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

    /// Folds stored events. The ones before an event that does not decode are folded.
    ///
    /// # Errors
    /// [`RunError::Poison`] with its position, or the database failed.
    pub async fn apply_stored(
        &mut self,
        connection: &mut PgConnection,
        events: Vec<StoredEvent>,
        rows: &mut Rows,
    ) -> Result<(), RunError> {
        for stored in events {
            let position = stored.position;
            let mut event = stored.decode().map_err(|source| RunError::Poison { position, source })?;
            if let DomainEvent::Knowledge(KnowledgeEvent::KnowledgeReleased { release, .. }) = &event.body {
                event.release = Some(self.facts(connection, &release.digest.clone()).await?);
            }
            self.apply(&event, rows);
        }
        Ok(())
    }

    async fn facts(
        &mut self,
        connection: &mut PgConnection,
        digest: &str,
    ) -> Result<Arc<ReleaseFacts>, sqlx::Error> {
        if let Some(facts) = self.releases.get(digest) {
            return Ok(Arc::clone(facts));
        }
        let facts = Arc::new(knowledge::facts(connection, digest).await?);
        self.releases.insert(digest.to_owned(), Arc::clone(&facts));
        Ok(facts)
    }

    async fn restore(
        &mut self,
        connection: &mut PgConnection,
        position: i64,
        generation: i32,
    ) -> Result<(), RunError> {
        self.fold.reset();
        for table in self.fold.tables() {
            let open: Vec<(String, serde_json::Value)> = sqlx::query_as(&format!(
                "select row_key, to_json(t) from {table} t where to_position = {OPEN}"
            ))
            .fetch_all(&mut *connection)
            .await?;
            for (key, row) in open {
                self.fold.restore(table, &key, row).map_err(|source| RunError::Row { table, source })?;
            }
        }
        if let Some(digest) = knowledge::digest_at(connection, position).await? {
            let facts = self.facts(connection, &digest).await?;
            self.fold.restore_release(facts);
        }
        self.position = position;
        self.generation = generation;
        Ok(())
    }
}

/// Changes of rows, gathered until they are stored.
#[derive(Debug, Default)]
pub struct Rows {
    tables: HashMap<&'static str, TableRows>,
}

#[derive(Debug, Default)]
struct TableRows {
    /// Rows that opened since the last store: key to position and columns.
    opened: HashMap<String, (i64, String)>,
    /// Rows that opened and ended since: key, from, to, columns.
    ended: Vec<(String, i64, i64, String)>,
    /// Rows stored earlier that end: key and position.
    closed: HashMap<String, i64>,
}

impl Rows {
    fn change(&mut self, position: i64, change: RowChange) {
        let table = self.tables.entry(change.table).or_default();
        match table.opened.remove(&change.key) {
            // Two changes by one event: the later one is what it says.
            Some((from, _)) if from == position => {}
            Some((from, row)) => table.ended.push((change.key.clone(), from, position, row)),
            None => {
                table.closed.entry(change.key.clone()).or_insert(position);
            }
        }
        if let Some(row) = change.row {
            table.opened.insert(change.key, (position, row));
        }
    }

    /// The rows in force at a position, per table and key: for tests that
    /// compare a fresh fold with what was stored.
    pub fn open(&self) -> Vec<(&'static str, &str, i64, &str)> {
        let mut rows: Vec<_> = self
            .tables
            .iter()
            .flat_map(|(table, rows)| {
                rows.opened.iter().map(move |(key, (from, row))| (*table, key.as_str(), *from, row.as_str()))
            })
            .collect();
        rows.sort_unstable();
        rows
    }

    /// Closes and opens intervals: the only SQL that writes read models.
    ///
    /// # Errors
    /// The database failed.
    pub async fn store(&mut self, connection: &mut PgConnection, schema: &str) -> Result<(), sqlx::Error> {
        for (table, rows) in self.tables.drain() {
            let (keys, ends): (Vec<String>, Vec<i64>) = rows.closed.into_iter().unzip();
            if !keys.is_empty() {
                sqlx::query(&format!(
                    "update {schema}.{table} t set to_position = c.ends
                     from unnest($1::text[], $2::int8[]) c (key, ends)
                     where t.row_key = c.key and t.to_position = {OPEN}"
                ))
                .bind(keys)
                .bind(ends)
                .execute(&mut *connection)
                .await?;
            }
            let ended = rows.ended.into_iter();
            let opened = rows.opened.into_iter().map(|(key, (from, row))| (key, from, OPEN, row));
            let json = as_json_rows(ended.chain(opened));
            if let Some(json) = json {
                sqlx::query(&format!(
                    "insert into {schema}.{table} select r.* from json_populate_recordset(null::{schema}.{table}, $1::text::json) r"
                ))
                .bind(json)
                .execute(&mut *connection)
                .await?;
            }
        }
        Ok(())
    }
}

/// Splices key and interval into each row's own JSON object.
fn as_json_rows(rows: impl Iterator<Item = (String, i64, i64, String)>) -> Option<String> {
    let mut json = String::from("[");
    for (key, from, to, row) in rows {
        if json.len() > 1 {
            json.push(',');
        }
        let key = serde_json::Value::String(key);
        let columns = row.strip_prefix('{').unwrap_or(&row);
        let comma = if columns.starts_with('}') { "" } else { "," };
        json.push_str(&format!(
            r#"{{"row_key":{key},"from_position":{from},"to_position":{to}{comma}{columns}"#
        ));
    }
    json.push(']');
    (json.len() > 2).then_some(json)
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
        (
            Self {
                pool,
                folder: Folder::new(fold),
                holder: Uuid::now_v7(),
                reached,
                loaded: false,
                batch: LIVE_BATCH,
            },
            receiver,
        )
    }

    /// The projection's name.
    pub fn name(&self) -> &'static str {
        self.folder.fold.name()
    }

    /// Folds what is sealed beyond the stored position, at most one batch.
    ///
    /// # Errors
    /// [`RunError`]; what was folded before a poison event is stored.
    pub async fn step(&mut self) -> Result<Step, RunError> {
        let name = self.name();
        let mut connection = self.pool.acquire().await?;
        let mut transaction = connection.begin().await?;
        let Some(stored) = sqlx::query!(
            r#"select position, generation, fold_version, error is not null as stopped,
                      lease_holder is distinct from $2 and lease_until > clock_timestamp() as "taken",
                      lease_holder = $2 and lease_until > clock_timestamp() + interval '1.5 seconds' as "fresh"
               from projection_positions where name = $1 for update skip locked"#,
            name,
            self.holder
        )
        .fetch_optional(&mut *transaction)
        .await?
        else {
            return Ok(Step::NotMine);
        };
        if stored.taken == Some(true) {
            // At once, rather than when the connection is next used: whoever has the lease needs the row.
            transaction.rollback().await?;
            self.show(stored.position, stored.stopped == Some(true));
            return Ok(Step::NotMine);
        }
        if stored.fold_version != self.folder.fold.version() {
            transaction.rollback().await?;
            return Ok(Step::Outdated);
        }
        if !self.loaded
            || self.folder.position != stored.position
            || self.folder.generation != stored.generation
        {
            self.loaded = false;
            self.folder.restore(&mut transaction, stored.position, stored.generation).await?;
            self.loaded = true;
        }
        let events = ledger::read(&mut transaction, stored.position, self.batch).await?;
        if events.is_empty() && stored.fresh == Some(true) {
            transaction.rollback().await?;
            self.show(stored.position, false);
            return Ok(Step::Idle);
        }
        let count = events.len();
        let mut rows = Rows::default();
        // From here on the fold is ahead of the rows until the commit.
        self.loaded = false;
        let folded = self.folder.apply_stored(&mut transaction, events, &mut rows).await;
        if let Err(error) = rows.store(&mut transaction, "public").await {
            transaction.rollback().await?;
            return self.refused(&mut connection, stored.position, count, error).await;
        }
        let poison = match &folded {
            Err(RunError::Poison { position, source }) => Some((*position, format!("{source}"))),
            _ => None,
        };
        let (error_position, error) = poison.unzip();
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
        self.loaded = true;
        self.batch = (self.batch * 2).min(LIVE_BATCH);
        self.show(self.folder.position, folded.is_err());
        folded?;
        Ok(if count == 0 { Step::Idle } else { Step::Folded(count) })
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
                Ok(Step::Idle) => POLL,
                Ok(Step::NotMine) => WATCH,
                Ok(Step::Outdated) => {
                    tracing::info!(projection = name, "the fold has changed: rebuilding");
                    match rebuild(&self.pool, name, &mut |_, _| {}).await {
                        Ok(_) => Duration::ZERO,
                        Err(error) => {
                            tracing::error!(projection = name, error = chain(&error), "the rebuild failed");
                            POISONED_PAUSE
                        }
                    }
                }
                Err(RunError::Database(error)) => {
                    tracing::warn!(
                        projection = name,
                        error = chain(&error),
                        "the database failed; trying again"
                    );
                    Duration::from_secs(1)
                }
                Err(error) => {
                    tracing::error!(projection = name, error = chain(&error), "the projection has stopped");
                    POISONED_PAUSE
                }
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

/// Folds a projection anew from the first event beside the live one, then
/// takes its place. `progress` hears (done, total) events. Returns the
/// position reached.
///
/// # Errors
/// [`RunError`]; the live rows stay as they are. A later rebuild of the same
/// projection takes the copies away from this one, which then fails.
pub async fn rebuild(
    pool: &PgPool,
    name: &str,
    progress: &mut (dyn FnMut(i64, i64) + Send),
) -> Result<i64, RunError> {
    let mut folder = Folder::new(fold_named(name)?);
    let mut connection = pool.acquire().await?;
    let shadow = sqlx::query_scalar!(r#"select rebuild_begin($1) as "shadow!""#, name)
        .fetch_one(&mut *connection)
        .await?;
    let total = ledger::head(pool).await?.position;
    while fold_batch(&mut connection, &mut folder, &shadow).await? {
        progress(folder.position, total.max(folder.position));
    }
    // What was sealed meanwhile is folded while the live runner waits.
    let mut transaction = connection.begin().await?;
    sqlx::query!("select position from projection_positions where name = $1 for update", name)
        .fetch_one(&mut *transaction)
        .await?;
    while fold_batch(&mut transaction, &mut folder, &shadow).await? {}
    sqlx::query!("select rebuild_swap($1, $2, $3)", shadow, folder.position, folder.fold.version())
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    progress(folder.position, folder.position);
    Ok(folder.position)
}

async fn fold_batch(
    connection: &mut PgConnection,
    folder: &mut Folder,
    schema: &str,
) -> Result<bool, RunError> {
    let events = ledger::read(connection, folder.position, REBUILD_BATCH).await?;
    if events.is_empty() {
        return Ok(false);
    }
    let mut rows = Rows::default();
    folder.apply_stored(connection, events, &mut rows).await?;
    let mut transaction = connection.begin().await?;
    rows.store(&mut transaction, schema).await?;
    transaction.commit().await?;
    Ok(true)
}
