//! How the machine is doing, for admins.

use crate::context::Services;
use crate::error::ApiError;
use aegis_projections::{ledger, status};
use async_graphql::{Context, Object, SimpleObject};
use chrono::{DateTime, Utc};

/// A read model's standing.
#[derive(SimpleObject)]
pub struct ProjectionStatus {
    name: String,
    position: i64,
    /// Events it has not folded yet.
    lag: i64,
    fold_version: i32,
    /// Why it has stopped, if it has.
    error: Option<String>,
}

/// A signed statement of the ledger's Merkle root.
#[derive(SimpleObject)]
pub struct Checkpoint {
    /// Positions covered.
    size: i64,
    /// Hex.
    root_hash: String,
    /// The signed note, as C2SP tlog-checkpoint has it.
    note: String,
    created_at: DateTime<Utc>,
}

/// How the machine is doing.
#[derive(SimpleObject)]
pub struct SystemStatus {
    version: &'static str,
    ledger_position: i64,
    sealed_at: Option<DateTime<Utc>>,
    /// Events that wait for a position.
    unsequenced: i64,
    /// Why nothing gets a position any more, if so: somebody has to look into the record.
    sealing_stopped: Option<String>,
    /// True when Aegis works as the owner of its tables, so that the append-only rights cannot hold.
    single_database_role: bool,
    projections: Vec<ProjectionStatus>,
    checkpoint: Option<Checkpoint>,
}

#[derive(Default)]
pub struct SystemQuery;

#[Object]
impl SystemQuery {
    /// How the machine is doing.
    #[graphql(complexity = "10 + child_complexity")]
    async fn system_status(&self, ctx: &Context<'_>) -> Result<SystemStatus, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let pool = &services.pool;
        let sealing_stopped = services.sealing_stuck.borrow().clone();
        let head = ledger::head(pool).await?;
        let projections = status::projections(pool).await?;
        let checkpoint = status::last_checkpoint(pool).await?;
        Ok(SystemStatus {
            version: env!("CARGO_PKG_VERSION"),
            ledger_position: head.position,
            sealed_at: head.sealed_at,
            unsequenced: status::unsequenced(pool).await?,
            sealing_stopped,
            single_database_role: status::single_role(pool).await?,
            projections: projections
                .into_iter()
                .map(|projection| ProjectionStatus {
                    lag: (head.position - projection.position).max(0),
                    name: projection.name,
                    position: projection.position,
                    fold_version: projection.fold_version,
                    error: projection.error,
                })
                .collect(),
            checkpoint: checkpoint.map(|checkpoint| Checkpoint {
                size: checkpoint.size,
                root_hash: hex::encode(checkpoint.root_hash),
                note: checkpoint.note,
                created_at: checkpoint.created_at,
            }),
        })
    }
}
