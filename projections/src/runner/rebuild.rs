//! Folding a projection anew beside the live one, and taking its place.

use super::{Folder, REBUILD_LEASE, Rows, RunError, fold_named, is_about_the_rows, lease};
use crate::ledger;
use sqlx::{Connection, PgConnection, PgPool};
use std::time::Duration;
use uuid::Uuid;

/// Events folded in one transaction, rebuilding. With every text as long as
/// the rules let it be, these are about 400 MB at once.
const REBUILD_BATCH: i64 = 5_000;
/// How long a rebuild waits for those who read the live rows before it lets
/// them pass again, and how often it tries. Whoever wants to read queues behind it meanwhile.
const SWAP_WAIT: Duration = Duration::from_secs(1);
const SWAP_TRIES: u32 = 300;
/// Batches that a rebuild folds at most while it keeps the live runner waiting.
const LAST_BATCHES: usize = 20;

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
    rebuild_as(pool, name, None, progress).await
}

/// As [`rebuild`], for a process that holds the projection's lease and shows life with it.
pub(super) async fn rebuild_as(
    pool: &PgPool,
    name: &str,
    holder: Option<Uuid>,
    progress: &mut (dyn FnMut(i64, i64) + Send),
) -> Result<i64, RunError> {
    let mut connection = pool.acquire().await?;
    let shadow = sqlx::query_scalar!(r#"select rebuild_begin($1) as "shadow!""#, name)
        .fetch_one(&mut *connection)
        .await?;
    let total = ledger::head(pool).await?.position;
    let mut beside = Beside { folder: Folder::new(fold_named(name)?), shadow, batch: REBUILD_BATCH };
    for _ in 0..SWAP_TRIES {
        while beside.fold(&mut connection).await? {
            if let Some(holder) = holder
                && !lease(&mut connection, name, holder, REBUILD_LEASE).await?
            {
                return Err(RunError::Overtaken);
            }
            progress(beside.folder.position, total.max(beside.folder.position));
        }
        if beside.swap(&mut connection).await? {
            let reached = beside.folder.position;
            progress(reached, reached);
            return Ok(reached);
        }
        tokio::time::sleep(SWAP_WAIT).await;
    }
    Err(RunError::InUse)
}

/// A projection that is folded anew beside the live one.
struct Beside {
    folder: Folder,
    shadow: String,
    /// Events to take at once: fewer where the database takes no more.
    batch: i64,
}

impl Beside {
    /// Folds one batch; false when there is nothing more.
    async fn fold(&mut self, connection: &mut PgConnection) -> Result<bool, RunError> {
        let after = self.folder.position;
        let events = ledger::read(connection, after, self.batch).await?;
        let count = events.len();
        if count == 0 {
            return Ok(false);
        }
        let mut rows = Rows::default();
        self.folder.apply_stored(connection, events, &mut rows).await?;
        let mut transaction = connection.begin().await?;
        let Err(error) = rows.store(&mut transaction, &self.shadow).await else {
            transaction.commit().await?;
            return Ok(true);
        };
        transaction.rollback().await?;
        if !is_about_the_rows(&error) {
            return Err(RunError::Database(error));
        }
        if count == 1 {
            return Err(RunError::Refused { position: after + 1, source: error });
        }
        self.batch = i64::try_from(count / 2).unwrap_or(1);
        self.take_back(connection, after).await?;
        Ok(true)
    }

    /// Puts the rows in the place of the live ones, with what was sealed
    /// meanwhile, while the live runner waits. False where somebody reads the
    /// live rows for so long that others would have to wait for both.
    async fn swap(&mut self, connection: &mut PgConnection) -> Result<bool, RunError> {
        let before = self.folder.position;
        let swapped = self.try_swap(connection).await;
        match swapped {
            Ok(true) => Ok(true),
            Ok(false) => {
                self.take_back(connection, before).await?;
                Ok(false)
            }
            Err(RunError::Database(error)) if is_lock_timeout(&error) => {
                self.take_back(connection, before).await?;
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    async fn try_swap(&mut self, connection: &mut PgConnection) -> Result<bool, RunError> {
        let name = self.folder.fold.name();
        let mut transaction = connection.begin().await?;
        sqlx::query("select set_config('lock_timeout', $1, true)")
            .bind(format!("{}ms", SWAP_WAIT.as_millis()))
            .execute(&mut *transaction)
            .await?;
        sqlx::query!("select position from projection_positions where name = $1 for update", name)
            .fetch_one(&mut *transaction)
            .await?;
        let mut batches = 0;
        while self.fold(&mut transaction).await? {
            batches += 1;
            if batches == LAST_BATCHES {
                transaction.rollback().await?;
                return Ok(false);
            }
        }
        let (reached, version) = (self.folder.position, self.folder.fold.version());
        sqlx::query!("select rebuild_swap($1, $2, $3)", self.shadow, reached, version)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Goes back to what is stored, after something that was not.
    async fn take_back(&mut self, connection: &mut PgConnection, position: i64) -> Result<(), RunError> {
        self.folder.restore(connection, &self.shadow, position, 0).await
    }
}

/// Whether a lock was not to be had in the time set.
fn is_lock_timeout(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).is_some_and(|code| code == "55P03")
}
