//! The index of who did what to what: a follower of the ledger beside the read models.

use crate::ledger::{self, StoredEvent};
use crate::status;
use aegis_aggregates::Aggregate;
use aegis_aggregates::discussion::{Discussion, Subject};
use aegis_aggregates::roster::Roster;
use serde_json::Value;
use sqlx::{Connection, PgConnection, PgPool};
use uuid::Uuid;

/// Its name among the followers of the ledger.
pub const FOLLOWER: &str = "audit";
/// Raised whenever the index would now say something else of the same events; it is then filled anew.
const VERSION: i32 = 1;
/// Events taken in one transaction.
const BATCH: i64 = 2_000;

/// Makes sure that there is an index of this version, perhaps an empty one that fills.
///
/// # Errors
/// The database failed.
pub async fn register(pool: &PgPool) -> Result<(), sqlx::Error> {
    status::register_follower(pool, FOLLOWER).await?;
    let mut transaction = pool.begin().await?;
    let older = sqlx::query!(
        "update projection_positions set position = 0, fold_version = $2 where name = $1 and fold_version < $2",
        FOLLOWER,
        VERSION
    )
    .execute(&mut *transaction)
    .await?;
    if older.rows_affected() > 0 {
        sqlx::query!("delete from audit_index").execute(&mut *transaction).await?;
    }
    transaction.commit().await
}

/// What a step of the index did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Indexed {
    /// It took so many events.
    Took(usize),
    /// There was none to take.
    Idle,
    /// Another process is at it.
    Busy,
}

/// Takes in the next events, at most one batch. An event that nobody can read is taken as what it says it is:
/// the index shows that there is one.
///
/// # Errors
/// The database failed.
pub async fn advance(pool: &PgPool) -> Result<Indexed, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    let mut transaction = connection.begin().await?;
    let Some(position) = status::hold_follower(&mut transaction, FOLLOWER).await? else {
        return Ok(Indexed::Busy);
    };
    let events = ledger::read(&mut transaction, position, BATCH).await?;
    let Some(last) = events.last() else { return Ok(Indexed::Idle) };
    let last = last.position;
    enter(&mut transaction, &events).await?;
    status::advance_follower(&mut transaction, FOLLOWER, last).await?;
    transaction.commit().await?;
    Ok(Indexed::Took(events.len()))
}

async fn enter(connection: &mut PgConnection, events: &[StoredEvent]) -> Result<(), sqlx::Error> {
    let (mut positions, mut actors) = (vec![], vec![]);
    let (mut kinds, mut entities, mut actions) = (vec![], vec![], vec![]);
    for event in events {
        let (kind, entity) = subject(event);
        positions.push(event.position);
        actors.push(event.actor().map_or(Uuid::nil(), |actor| actor.0));
        kinds.push(kind);
        entities.push(entity);
        actions.push(event.event_type.clone());
    }
    sqlx::query!(
        "insert into audit_index (position, actor, entity_type, entity, action)
         select * from unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::text[])",
        &positions,
        &actors,
        &kinds,
        &entities,
        &actions
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What an event is about: of the roster the account that it names, of a discussion what is talked about, else
/// the thing itself.
fn subject(event: &StoredEvent) -> (String, String) {
    let own = || (event.aggregate_type.clone(), event.aggregate_id.clone());
    if event.aggregate_type == Discussion::TYPE {
        let subject = Subject::parse(&event.aggregate_id);
        return subject
            .map_or_else(own, |subject| (subject.kind.as_str().to_owned(), subject.id.to_string()));
    }
    if event.aggregate_type == Roster::TYPE {
        return account_in(&event.payload).map_or_else(own, |account| ("account".to_owned(), account));
    }
    own()
}

/// The account that an event of the roster names: `{"RoleChanged": {"account": ..}}`.
fn account_in(payload: &str) -> Option<String> {
    let payload: Value = serde_json::from_str(payload).ok()?;
    let fields = payload.as_object()?.values().next()?;
    fields.get("account")?.as_str().map(str::to_owned)
}
