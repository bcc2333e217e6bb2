//! Where people are signed in: one's own sessions, and everybody's for admins.

use super::end;
use crate::accounts::account_of;
use crate::context::{Means, Services, Viewer};
use crate::error::ApiError;
use crate::mutation::{self, Written};
use crate::noted::{Noted, note};
use crate::page::{global_id, local_id};
use crate::permissions::{self, Kind};
use aegis_projections::accounts;
use aegis_projections::sessions::{self, SessionRecord};
use async_graphql::{Context, Enum, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

/// Lists of sessions that are ended one after another by one request: a script may sign in often.
const ROUNDS: usize = 100;

/// How somebody signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum SignInMeans {
    /// By a password, and a code where that is asked for.
    Password,
    /// By what the identity provider says.
    SingleSignOn,
}

/// Where somebody is signed in.
pub struct OpenSession {
    record: SessionRecord,
    own: bool,
}

#[Object]
impl OpenSession {
    async fn id(&self) -> ID {
        global_id("Session", self.record.token_id)
    }
    async fn means(&self) -> SignInMeans {
        if self.record.means == "single_sign_on" { SignInMeans::SingleSignOn } else { SignInMeans::Password }
    }
    /// When the person signed in.
    async fn began_at(&self) -> DateTime<Utc> {
        self.record.began_at
    }
    /// When it was last used, to the minute.
    async fn seen_at(&self) -> DateTime<Utc> {
        self.record.seen_at
    }
    /// When it ends at the latest; it ends earlier when nobody uses it.
    async fn ends_at(&self) -> DateTime<Utc> {
        self.record.ends_at
    }
    /// From where it was begun.
    async fn address(&self) -> Option<&str> {
        self.record.address.as_deref()
    }
    /// What the browser or script said it is.
    async fn agent(&self) -> &str {
        &self.record.agent
    }
    /// Whether this request belongs to it.
    async fn own(&self) -> bool {
        self.own
    }
}

/// A session to be ended.
#[derive(InputObject, Serialize)]
pub struct RevokeSessionInput {
    id: ID,
}

/// Somebody to be signed out everywhere.
#[derive(InputObject, Serialize)]
pub struct RevokeSessionsInput {
    /// Whose; left out, one's own but the session of this request.
    user_id: Option<ID>,
}

mutation::payload!(
    /// The sessions that are left.
    RevokeSessionPayload { sessions: Option<Vec<OpenSession>> }
);
mutation::payload!(
    /// The sessions that are left.
    RevokeSessionsPayload { sessions: Option<Vec<OpenSession>> }
);

#[derive(Default)]
pub struct SessionListQuery;

#[Object]
impl SessionListQuery {
    /// Where somebody is signed in, newest first: at most 100. Of others admins only ask.
    #[graphql(complexity = "crate::page::list_weight(20, child_complexity)")]
    async fn sessions(&self, ctx: &Context<'_>, user_id: Option<ID>) -> Result<Vec<OpenSession>, ApiError> {
        let account = whose(ctx, user_id.as_ref()).await?;
        of_account(ctx, account).await
    }
}

#[derive(Default)]
pub struct SessionListMutation;

#[Object]
impl SessionListMutation {
    /// Ends a session, one's own or as an admin anybody's: it is worth nothing from the next request on.
    async fn revoke_session(
        &self,
        ctx: &Context<'_>,
        input: RevokeSessionInput,
    ) -> Result<RevokeSessionPayload, ApiError> {
        let (services, viewer) = (ctx.data_unchecked::<Services>(), ctx.data_unchecked::<Viewer>());
        let own = viewer.require()?.actor.account.0;
        let unknown = || ApiError::NotFound("session");
        let id: Uuid = local_id(&input.id, "Session").and_then(|id| id.parse().ok()).ok_or_else(unknown)?;
        let found = sessions::by_id(&services.pool, id).await?.ok_or_else(unknown)?;
        if found.account != own && !may_see_others(viewer) {
            return Err(unknown());
        }
        note(services, viewer, Noted::allowed("revokeSession").about("User", found.account)).await?;
        end(services, found.account, id).await?;
        let left = of_account(ctx, found.account).await?;
        Ok(RevokeSessionPayload::written(Written::default(), Some(left)))
    }

    /// Signs somebody out everywhere: oneself everywhere else, or as an admin somebody at all.
    async fn revoke_sessions(
        &self,
        ctx: &Context<'_>,
        input: RevokeSessionsInput,
    ) -> Result<RevokeSessionsPayload, ApiError> {
        let (services, viewer) = (ctx.data_unchecked::<Services>(), ctx.data_unchecked::<Viewer>());
        let account = whose(ctx, input.user_id.as_ref()).await?;
        note(services, viewer, Noted::allowed("revokeSessions").about("User", account)).await?;
        if account == viewer.require()?.actor.account.0 {
            // As many as are listed at once, until there are no others.
            for _ in 0..ROUNDS {
                let others: Vec<_> =
                    of_account(ctx, account).await?.into_iter().filter(|session| !session.own).collect();
                if others.is_empty() {
                    break;
                }
                for session in others {
                    end(services, account, session.record.token_id).await?;
                }
            }
        } else {
            accounts::end_sessions(&services.pool, account).await?;
            services.sessions_changed(account).await;
        }
        let left = of_account(ctx, account).await?;
        Ok(RevokeSessionsPayload::written(Written::default(), Some(left)))
    }
}

/// Whoever may list accounts may see where they are signed in.
fn may_see_others(viewer: &Viewer) -> bool {
    permissions::check(Kind::Query, "users", viewer).is_ok()
}

async fn whose(ctx: &Context<'_>, id: Option<&ID>) -> Result<Uuid, ApiError> {
    let (services, viewer) = (ctx.data_unchecked::<Services>(), ctx.data_unchecked::<Viewer>());
    let own = viewer.require()?.actor.account.0;
    let Some(id) = id else { return Ok(own) };
    let account = account_of(id)?.0;
    if account == own {
        return Ok(own);
    }
    if !may_see_others(viewer) || accounts::by_id(&services.pool, account).await?.is_none() {
        return Err(ApiError::NotFound("user"));
    }
    Ok(account)
}

async fn of_account(ctx: &Context<'_>, account: Uuid) -> Result<Vec<OpenSession>, ApiError> {
    let (services, viewer) = (ctx.data_unchecked::<Services>(), ctx.data_unchecked::<Viewer>());
    let own = match viewer.require()?.means {
        Means::Token { id, .. } => Some(id),
        Means::Key { .. } => None,
    };
    let found = sessions::of_account(&services.pool, account).await?;
    Ok(found.into_iter().map(|record| OpenSession { own: own == Some(record.token_id), record }).collect())
}
