//! How the machine is doing: ledger, queue, projections, checkpoints, cursors.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};

/// A projection's standing.
#[derive(Debug, Clone)]
pub struct ProjectionStatus {
    /// Its name.
    pub name: String,
    /// How far it has come.
    pub position: i64,
    /// The version of its fold.
    pub fold_version: i32,
    /// Why it has stopped, if it has.
    pub error: Option<String>,
}

/// Every projection, by name.
///
/// # Errors
/// The database failed.
pub async fn projections(pool: &PgPool) -> Result<Vec<ProjectionStatus>, sqlx::Error> {
    sqlx::query_as!(
        ProjectionStatus,
        "select name, position, fold_version, error from projection_positions order by name"
    )
    .fetch_all(pool)
    .await
}

/// How many events wait for a position.
///
/// # Errors
/// The database failed.
pub async fn unsequenced(pool: &PgPool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from unsequenced"#).fetch_one(pool).await
}

/// Whether the application could change the record: it connects as the owner
/// of the tables, so that the append-only rights do not hold.
///
/// # Errors
/// The database failed.
pub async fn single_role(pool: &PgPool) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"select has_table_privilege('events', 'update') as "single!""#)
        .fetch_one(pool)
        .await
}

/// A signed statement of the tree's root at a size.
#[derive(Debug, Clone)]
pub struct CheckpointRecord {
    /// How many positions it covers.
    pub size: i64,
    /// The root.
    pub root_hash: Vec<u8>,
    /// The signed note.
    pub note: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// The newest checkpoint.
///
/// # Errors
/// The database failed.
pub async fn last_checkpoint(pool: &PgPool) -> Result<Option<CheckpointRecord>, sqlx::Error> {
    sqlx::query_as!(
        CheckpointRecord,
        "select size, root_hash, note, created_at from tree_checkpoints order by size desc limit 1"
    )
    .fetch_optional(pool)
    .await
}

/// Checkpoints read at a time: there is one for every 5 s in which the ledger grew, millions a year.
pub const CHECKPOINTS_PAGE: i64 = 1_000;

/// One page of the checkpoints after a size and up to another, smallest first:
/// at most [`CHECKPOINTS_PAGE`].
///
/// # Errors
/// The database failed.
pub async fn checkpoints(
    connection: &mut PgConnection,
    after: i64,
    up_to: i64,
) -> Result<Vec<CheckpointRecord>, sqlx::Error> {
    sqlx::query_as!(
        CheckpointRecord,
        "select size, root_hash, note, created_at from tree_checkpoints where size > $1 and size <= $2
         order by size limit $3",
        after,
        up_to,
        CHECKPOINTS_PAGE
    )
    .fetch_all(connection)
    .await
}

/// The root that was signed at a size, if one was.
///
/// # Errors
/// The database failed.
pub async fn checkpoint_at(pool: &PgPool, size: i64) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!("select root_hash from tree_checkpoints where size = $1", size)
        .fetch_optional(pool)
        .await
}

/// The smallest checkpoint that covers a position.
///
/// # Errors
/// The database failed.
pub async fn checkpoint_covering(
    pool: &PgPool,
    position: i64,
) -> Result<Option<CheckpointRecord>, sqlx::Error> {
    sqlx::query_as!(
        CheckpointRecord,
        "select size, root_hash, note, created_at from tree_checkpoints where size >= $1 order by size limit 1",
        position
    )
    .fetch_optional(pool)
    .await
}

/// Keeps a checkpoint. False when there is one of that size.
///
/// # Errors
/// The database failed.
pub async fn enter_checkpoint(
    pool: &PgPool,
    size: i64,
    root: &[u8],
    note: &str,
) -> Result<bool, sqlx::Error> {
    let entered = sqlx::query!(
        "insert into tree_checkpoints (size, root_hash, note) values ($1, $2, $3) on conflict do nothing",
        size,
        root,
        note
    )
    .execute(pool)
    .await?;
    Ok(entered.rows_affected() == 1)
}

/// Leaf hashes after a position, in order, at most `limit`.
///
/// # Errors
/// The database failed.
pub async fn leaves(pool: &PgPool, after: i64, limit: i64) -> Result<Vec<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!(
        "select leaf_hash from ledger where position > $1 and position <= $1 + $2 order by position",
        after,
        limit
    )
    .fetch_all(pool)
    .await
}

/// Makes sure that a follower of the ledger that is not a projection has its row.
///
/// # Errors
/// The database failed.
pub async fn register_follower(pool: &PgPool, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into projection_positions (name, fold_version) values ($1, 1) on conflict do nothing",
        name
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Takes hold of a follower's position until the transaction ends; `None`
/// while another process holds it.
///
/// # Errors
/// The database failed.
pub async fn hold_follower(connection: &mut PgConnection, name: &str) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        "select position from projection_positions where name = $1 for update skip locked",
        name
    )
    .fetch_optional(connection)
    .await
}

/// Moves a held follower on.
///
/// # Errors
/// The database failed.
pub async fn advance_follower(
    connection: &mut PgConnection,
    name: &str,
    position: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update projection_positions set position = $2, error = null, error_position = null,
                updated_at = clock_timestamp() where name = $1",
        name,
        position
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Where a follower stands, and whether it has stopped; `None` where there is none of that name.
///
/// # Errors
/// The database failed.
pub async fn follower(pool: &PgPool, name: &str) -> Result<Option<(i64, bool)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select position, error is not null as "stopped!" from projection_positions where name = $1"#,
        name
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| (row.position, row.stopped)))
}

/// Notes that a held follower cannot pass an event.
///
/// # Errors
/// The database failed.
pub async fn stop_follower(
    connection: &mut PgConnection,
    name: &str,
    at: i64,
    why: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update projection_positions set error = $2, error_position = $3, updated_at = clock_timestamp()
         where name = $1",
        name,
        why,
        at
    )
    .execute(connection)
    .await?;
    Ok(())
}
