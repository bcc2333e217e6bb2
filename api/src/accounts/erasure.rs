//! Forgetting people. What they did stays in the record, as a former user's;
//! who they were is in no event, so that every proof still holds.

use super::account_of;
use crate::context::{Services, acting};
use crate::error::{ApiError, UserError};
use crate::mutation;
use crate::people::User;
use aegis_aggregates::roster::{ROSTER_ID, Roster, RosterAction, RosterCommand};
use aegis_projections::accounts;
use async_graphql::{Context, ID, InputObject, Object};
use serde::Serialize;
use uuid::Uuid;

/// Somebody to be forgotten.
#[derive(InputObject, Serialize)]
pub struct EraseUserInput {
    /// A deactivated account.
    id: ID,
    /// The user name once more: this cannot be undone.
    #[serde(skip)]
    username: String,
    client_mutation_id: Option<Uuid>,
}

mutation::payload!(
    /// The account as it is now: a former user's.
    EraseUserPayload { user: Option<User> }
);

#[derive(Default)]
pub struct ErasureMutation;

#[Object]
impl ErasureMutation {
    /// Forgets who an account belonged to: name, mail address, password, second factor, keys, sessions, saved filters.
    /// What was written into free texts stays there.
    async fn erase_user(
        &self,
        ctx: &Context<'_>,
        input: EraseUserInput,
    ) -> Result<EraseUserPayload, ApiError> {
        let (services, actor): (&Services, _) = acting(ctx)?;
        let account = account_of(&input.id)?;
        let held = accounts::by_id(&services.pool, account.0).await?.ok_or(ApiError::NotFound("user"))?;
        if let Some(username) = &held.username
            && *username != input.username.trim().to_lowercase()
        {
            let error = UserError::invalid("username", "this is not the user name of the account");
            return Ok(EraseUserPayload::refused(vec![error]));
        }
        // The record first: that somebody was erased must not be lost, and erasing again finishes what was cut short.
        let command = RosterCommand { by: actor, account, action: RosterAction::Erase };
        let id = input.client_mutation_id;
        let written = mutation::execute::<Roster>(ctx, ROSTER_ID, command, "eraseUser", id, &input).await?;
        if written.accepted() {
            accounts::erase_profile(&services.pool, account.0).await?;
            services.sessions_changed(account.0).await;
        }
        let user = accounts::by_id(&services.pool, account.0).await?.map(User);
        Ok(EraseUserPayload::written(written, user))
    }
}
