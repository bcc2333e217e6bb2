//! What every mutation does after its command is built: execute, wait for the
//! read models, and answer in one shape.

use crate::context::{Services, Viewer};
use crate::error::{ApiError, UserError};
use crate::trail;
use aegis_aggregates::Aggregate;
use aegis_aggregates::refusal::Refusal;
use aegis_projections::store::{CommandId, Committed, Executed, Origin};
use aegis_projections::tide::Visible;
use async_graphql::Context;
use serde::Serialize;
use uuid::Uuid;

/// What came of a command.
#[derive(Debug, Default)]
pub struct Written {
    /// The position of its last event.
    pub position: Option<i64>,
    /// Whether some read model does not show it yet.
    pub behind: bool,
    /// Why it was refused.
    pub user_errors: Vec<UserError>,
    /// What it wrote, or had written when it came the first time.
    pub committed: Option<Committed>,
}

impl Written {
    /// Whether it was carried out, now or before, or had nothing to add.
    pub fn accepted(&self) -> bool {
        self.user_errors.is_empty()
    }
}

/// Executes a command and waits until it shows. `kind` and `input` name the
/// command when `client_mutation_id` makes it repeatable.
///
/// # Errors
/// Only what is not a refusal.
pub async fn execute<A>(
    ctx: &Context<'_>,
    aggregate_id: &str,
    command: A::Command,
    kind: &'static str,
    client_mutation_id: Option<Uuid>,
    input: &impl Serialize,
) -> Result<Written, ApiError>
where
    A: Aggregate<Services = ()>,
    A::Command: Clone,
    A::Error: Refusal,
{
    let services = ctx.data_unchecked::<Services>();
    let origin = origin(ctx, kind, client_mutation_id, input)?;
    let executed = services.store.execute::<A>(aggregate_id, command, &origin).await?;
    settle(services, executed).await
}

/// Where a command of this request comes from.
pub fn origin(
    ctx: &Context<'_>,
    kind: &'static str,
    client_mutation_id: Option<Uuid>,
    input: &impl Serialize,
) -> Result<Origin, ApiError> {
    let viewer = ctx.data_unchecked::<Viewer>();
    let actor = viewer.require()?.actor;
    let input = serde_json::to_vec(input).map_err(|error| ApiError::Internal(Box::new(error)))?;
    let command = client_mutation_id.map(|id| CommandId::new(id, kind, &input));
    Ok(Origin { actor, command, correlation: viewer.correlation, causation: None })
}

/// Waits for what was executed to show, as long as it takes at most.
///
/// # Errors
/// None of its own; what refuses is a user error.
pub async fn settle<E: Refusal>(services: &Services, executed: Executed<E>) -> Result<Written, ApiError> {
    let committed = match executed {
        Executed::Committed(committed) => {
            trail::recorded();
            committed
        }
        // Its event tells of the first time, the access log of this one.
        Executed::Repeated(committed) => {
            trail::unchanged();
            committed
        }
        Executed::Unchanged => {
            trail::unchanged();
            return Ok(Written::default());
        }
        Executed::Refused(refusal) => {
            return Ok(Written { user_errors: vec![UserError::refused(&refusal)], ..Written::default() });
        }
        Executed::CommandReused => {
            return Ok(Written { user_errors: vec![UserError::command_reused()], ..Written::default() });
        }
    };
    let visible = services.tide.see(&committed).await.unwrap_or_else(|error| {
        // It is recorded; that the database failed while it was waited for does not undo it.
        tracing::warn!(%error, "whether a mutation has come into view could not be seen");
        Visible { position: None, behind: true }
    });
    Ok(Written {
        position: visible.position,
        behind: visible.behind,
        user_errors: vec![],
        committed: Some(committed),
    })
}

/// The newest position that shows what was written, as far as this process sees.
pub fn shown_at(services: &Services, written: &Written) -> i64 {
    services.tide.position().max(if written.behind { 0 } else { written.position.unwrap_or(0) })
}

/// The id of what was written, now or when the same command came the first time.
pub fn written_id(written: &Written) -> Option<Uuid> {
    written.committed.as_ref().and_then(|committed| committed.aggregate_id.parse().ok())
}

/// The command id of one item of a request about many.
pub fn item_id(client_mutation_id: Option<Uuid>, item: &str) -> Option<Uuid> {
    client_mutation_id.map(|id| Uuid::new_v5(&id, item.as_bytes()))
}

/// Why a list of an input is not taken, if it is too long.
pub fn too_many(field: &str, count: usize, limit: usize) -> Option<UserError> {
    (count > limit)
        .then(|| UserError::invalid(field, format!("there are {count} {field}; at most {limit} are allowed")))
}

/// A payload: what it is about, and what every payload says.
macro_rules! payload {
    ($(#[$doc:meta])* $name:ident { $field:ident: Option<$type:ty> $(, $extra:ident: Option<$extra_type:ty>)? }) => {
        $(#[$doc])*
        #[derive(async_graphql::SimpleObject)]
        pub struct $name {
            $field: Option<$type>,
            $($extra: Option<$extra_type>,)?
            /// Ledger position of the last event this led to.
            position: Option<i64>,
            /// True when the read models did not show it within 2 s; it is recorded all the same.
            read_models_behind: bool,
            /// Why nothing was done; empty when all went well.
            user_errors: Vec<crate::error::UserError>,
        }

        impl $name {
            #[allow(dead_code, reason = "not every mutation refuses before its command")]
            fn refused(user_errors: Vec<crate::error::UserError>) -> Self {
                Self { $field: None, $($extra: None,)? position: None, read_models_behind: false, user_errors }
            }

            fn written(written: crate::mutation::Written, $field: Option<$type>) -> Self {
                Self {
                    $field,
                    $($extra: None,)?
                    position: written.position,
                    read_models_behind: written.behind,
                    user_errors: written.user_errors,
                }
            }
        }
    };
}
pub(crate) use payload;
