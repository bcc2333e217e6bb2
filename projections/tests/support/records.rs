//! Putting histories into a database, sealing them, and reading rows back as text.

#![allow(dead_code, reason = "each test uses a part of it")]

use super::failure::Outcome;
use super::history::{Content, Fact, World};
use aegis_projections::fold::{Fold, OPEN};
use aegis_projections::ledger::{self, StoredEvent};
use aegis_projections::runner::{self, Folder, Rows, Runner, Step, Tail};
use aegis_projections::{Pool, knowledge};
use serde_json::Value;
use sqlx::pool::PoolConnection;
use sqlx::{Executor, Postgres};
use std::sync::Arc;
use std::time::Duration;

/// Stores contents, invisible until an event names them.
pub async fn stage(pool: &Pool, world: &World) -> Outcome {
    for Content { digest, content } in &world.contents {
        knowledge::stage(pool, digest, content, &mut |_| {}).await?;
    }
    for content in &world.catalogue.contents {
        knowledge::records::stage(pool, content, &mut |_| {}).await?;
    }
    Ok(())
}

/// Appends facts in one statement, as the store does.
pub async fn append(pool: &Pool, facts: &[Fact]) -> Outcome {
    let texts = |pick: fn(&Fact) -> &str| facts.iter().map(|fact| pick(fact).to_owned()).collect::<Vec<_>>();
    let values = |pick: fn(&Fact) -> &Value| facts.iter().map(|fact| pick(fact).clone()).collect::<Vec<_>>();
    sqlx::query(
        "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         select * from unnest($1::text[], $2::text[], $3::int8[], $4::text[], $5::text[], $6::json[], $7::json[])",
    )
    .bind(texts(|fact| fact.aggregate_type))
    .bind(texts(|fact| &fact.aggregate_id))
    .bind(facts.iter().map(|fact| fact.sequence).collect::<Vec<_>>())
    .bind(texts(|fact| &fact.event_type))
    .bind(texts(|fact| &fact.event_version))
    .bind(values(|fact| &fact.payload))
    .bind(values(|fact| &fact.metadata))
    .execute(pool)
    .await?;
    Ok(())
}

/// Seals at most so many events; says how many.
pub async fn seal(pool: &Pool, batch: i32) -> Outcome<i32> {
    Ok(sqlx::query_scalar("select sealed from seal($1, 0)").bind(batch).fetch_one(pool).await?)
}

/// Seals whatever waits.
pub async fn seal_all(pool: &Pool) -> Outcome {
    while seal(pool, 5_000).await? > 0 {}
    Ok(())
}

/// A runner of every projection, as a new process has them: they share what they read.
pub fn runners(pool: &Pool) -> Vec<Runner> {
    let tail = Tail::new(pool.clone());
    runner::folds().into_iter().map(|fold| Runner::sharing(pool.clone(), fold, Arc::clone(&tail)).0).collect()
}

/// Steps every projection until it has seen all that is sealed.
pub async fn catch_up(runners: &mut [Runner]) -> Outcome {
    for runner in runners.iter_mut() {
        while matches!(runner.step().await?, Step::Folded(_)) {}
    }
    // What changed no row is stored a little later.
    tokio::time::sleep(Duration::from_millis(60)).await;
    for runner in runners {
        runner.step().await?;
    }
    Ok(())
}

/// Every table of every projection, with the projection.
pub fn tables() -> Vec<(&'static str, &'static str)> {
    let of = |fold: Box<dyn Fold>| fold.tables().iter().map(move |table| (fold.name(), *table));
    runner::folds().into_iter().flat_map(of).collect()
}

/// All rows of a table with their intervals, byte for byte as PostgreSQL writes them.
pub async fn rows(pool: &Pool, schema: &str, table: &str) -> Outcome<Vec<String>> {
    let sql = format!("select t::text from {schema}.{table} t order by row_key, from_position");
    Ok(sqlx::query_scalar(&sql).fetch_all(pool).await?)
}

/// The rows of a table in force at a position, without saying until when.
pub async fn rows_as_of(pool: &Pool, schema: &str, table: &str, position: i64) -> Outcome<Vec<String>> {
    let sql = format!(
        "select (json_populate_record(t, json_build_object('to_position', {OPEN})))::text from {schema}.{table} t
         where from_position <= $1 and to_position > $1 order by row_key"
    );
    Ok(sqlx::query_scalar(&sql).bind(position).fetch_all(pool).await?)
}

/// All rows of all projections.
pub async fn all_rows(pool: &Pool) -> Outcome<Vec<(&'static str, Vec<String>)>> {
    let mut all = vec![];
    for (_, table) in tables() {
        all.push((table, rows(pool, "public", table).await?));
    }
    Ok(all)
}

/// Folds every projection anew beside the live one and puts it in its place.
pub async fn rebuild_all(pool: &Pool) -> Outcome {
    for fold in runner::folds() {
        runner::rebuild(pool, fold.name(), &mut |_, _| {}).await?;
    }
    Ok(())
}

/// Everything that is sealed, in order.
pub async fn sealed_events(pool: &Pool) -> Outcome<Vec<StoredEvent>> {
    Ok(ledger::read(&mut *pool.acquire().await?, 0, i64::MAX / 2).await?)
}

/// A fold beside the live one, in a schema of its own, that nothing ever interrupts.
pub struct Beside {
    connection: PoolConnection<Postgres>,
    folder: Folder,
    pub schema: String,
}

impl Beside {
    /// One that has seen nothing.
    pub async fn begin(pool: &Pool, fold: Box<dyn Fold>) -> Outcome<Self> {
        let mut connection = pool.acquire().await?;
        let schema = sqlx::query_scalar("select rebuild_begin($1)")
            .bind(fold.name())
            .fetch_one(&mut *connection)
            .await?;
        Ok(Self { connection, folder: Folder::new(fold), schema })
    }

    /// Folds events, those it has seen included, and stores what they change.
    pub async fn fold(&mut self, events: &[StoredEvent]) -> Outcome {
        let mut rows = Rows::default();
        self.folder.apply_stored(&mut self.connection, events.to_vec(), &mut rows).await?;
        rows.store(&mut self.connection, &self.schema).await?;
        Ok(())
    }
}

/// Folds events from the first into a schema of their own, in one go.
pub async fn fold_beside(pool: &Pool, fold: Box<dyn Fold>, events: &[StoredEvent]) -> Outcome<String> {
    let mut beside = Beside::begin(pool, fold).await?;
    beside.fold(events).await?;
    Ok(beside.schema)
}

/// Makes the database as if nothing had ever happened in it; takes a superuser.
pub async fn forget_everything(pool: &Pool) -> Outcome {
    let mut connection = pool.acquire().await?;
    connection.execute("set session_replication_role = replica").await?;
    let folded: String = sqlx::query_scalar("select string_agg(table_name, ', ') from projection_tables")
        .fetch_one(&mut *connection)
        .await?;
    let tables = "events, ledger, unsequenced, commands, tree_checkpoints, projection_positions";
    connection.execute(format!("truncate {tables}, {folded} restart identity cascade").as_str()).await?;
    connection.execute("update ledger_head set position = 0, sealed_at = '-infinity'").await?;
    connection.execute("set session_replication_role = origin").await?;
    drop(connection);
    runner::register(pool).await?;
    Ok(())
}

/// As if the process that feeds a projection had shown life just now, however long the test takes.
pub async fn keep_lease(pool: &Pool, projection: &str) -> Outcome {
    sqlx::query("update projection_positions set lease_until = 'infinity' where name = $1")
        .bind(projection)
        .execute(pool)
        .await?;
    Ok(())
}

/// As if the process that feeds a projection had died some time ago.
pub async fn end_lease(pool: &Pool, projection: &str) -> Outcome {
    sqlx::query(
        "update projection_positions set lease_until = clock_timestamp() - interval '1 ms' where name = $1",
    )
    .bind(projection)
    .execute(pool)
    .await?;
    Ok(())
}
