//! Signing in and out, and changing one's own password.

use super::{Proof, begin};
use crate::accounts::is_username;
use crate::context::{Means, Services, Viewer};
use crate::error::{ApiError, UserError};
use crate::noted::{Noted, note};
use crate::people::User;
use crate::second_factor::{self, Answer};
use crate::{mutation, password, single_sign_on};
use aegis_aggregates::actor::Role;
use aegis_aggregates::roster::{ROSTER_ID, Roster, RosterAction, RosterCommand, RosterError};
use aegis_projections::accounts::AccountRecord;
use aegis_projections::{access, accounts};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use axum::http::header;
use serde::Serialize;
use uuid::Uuid;

/// What to sign in with.
#[derive(InputObject)]
pub struct LoginInput {
    username: String,
    #[graphql(secret)]
    password: String,
    /// A one-time password of six digits or a recovery code, where the account has a second factor.
    #[graphql(secret)]
    code: Option<String>,
}

/// A new session.
#[derive(SimpleObject)]
pub struct LoginPayload {
    /// For scripts, as a bearer token; browsers get the same as a cookie.
    token: Option<String>,
    user: Option<User>,
    /// Name and password are right and a code is asked for: sign in again with one.
    second_factor_required: bool,
    user_errors: Vec<UserError>,
}

/// Nothing, when all went well.
#[derive(SimpleObject)]
pub struct LogoutPayload {
    user_errors: Vec<UserError>,
}

/// A new password of one's own.
#[derive(InputObject, Serialize)]
pub struct ChangePasswordInput {
    #[graphql(secret)]
    #[serde(skip)]
    current_password: String,
    #[graphql(secret)]
    #[serde(skip)]
    new_password: String,
    client_mutation_id: Option<Uuid>,
}

mutation::payload!(
    /// Whose password was changed, and the token that takes the place of all the account had: for scripts,
    /// as a bearer token; browsers get the same as a cookie. A repeated command brings none.
    ChangePasswordPayload { user: Option<User>, token: Option<String> }
);

const WRONG: &str = "User name or password is wrong.";

#[derive(Default)]
pub struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Signs in; at most 5 tries a minute from one address, and 10 wrong codes in 15 minutes for one account.
    async fn login(&self, ctx: &Context<'_>, input: LoginInput) -> Result<LoginPayload, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let viewer = ctx.data_unchecked::<Viewer>();
        let log = |account: Option<Uuid>, outcome: &'static str| {
            let noted = Noted { action: "sign_in", outcome, account, ..Noted::default() };
            note(services, viewer, noted)
        };
        if !access::allow_sign_in(&services.pool, viewer.address).await? {
            log(None, "rate_limited").await?;
            return Err(ApiError::RateLimited("Too many sign-ins from this address. Wait a minute."));
        }
        let username = input.username.trim().to_lowercase();
        let Some((account, epoch)) = proven(services, viewer, &username, input.password).await? else {
            return Err(ApiError::Unauthenticated(WRONG));
        };
        let id = account.account;
        if account.role() != Role::Admin && single_sign_on::only_way_in(services).await? {
            log(Some(id), "single_sign_on_only").await?;
            return Err(ApiError::Unauthenticated("Sign in by single sign-on."));
        }
        match second_factor::answer(services, id, input.code.as_deref()).await? {
            Answer::NotAsked | Answer::Right => {}
            Answer::Missing => {
                log(Some(id), "second_factor_asked").await?;
                return Ok(LoginPayload {
                    token: None,
                    user: None,
                    second_factor_required: true,
                    user_errors: vec![],
                });
            }
            Answer::Wrong => {
                log(Some(id), "second_factor_refused").await?;
                return Err(ApiError::Unauthenticated("The code is wrong or was used before."));
            }
            Answer::TooMany => {
                log(Some(id), "second_factor_rate_limited").await?;
                return Err(ApiError::RateLimited("Too many wrong codes. Wait some minutes."));
            }
        }
        log(Some(id), "allowed").await?;
        accounts::signed_in(&services.pool, id).await?;
        let (token, cookie) = begin(services, viewer, id, epoch, Proof::Password).await?;
        ctx.append_http_header(header::SET_COOKIE, cookie);
        Ok(LoginPayload {
            token: Some(token),
            user: Some(User(account)),
            second_factor_required: false,
            user_errors: vec![],
        })
    }

    /// Signs out: the token is worth nothing from now on, wherever it was copied to.
    async fn logout(&self, ctx: &Context<'_>) -> Result<LogoutPayload, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let viewer = ctx.data_unchecked::<Viewer>();
        let session = viewer.require()?;
        // The table of permissions lets no key come here.
        let Means::Token { id, .. } = session.means else { return Err(ApiError::Forbidden) };
        // Before it has ended, so that nothing ends unnoted.
        note(services, viewer, Noted::allowed("sign_out")).await?;
        super::end(services, session.actor.account.0, id).await?;
        ctx.append_http_header(header::SET_COOKIE, services.tokens.expired_cookie());
        Ok(LogoutPayload { user_errors: vec![] })
    }

    /// Replaces one's own password. All sessions of the account end but this one, which goes on with a new token.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        input: ChangePasswordInput,
    ) -> Result<ChangePasswordPayload, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let viewer = ctx.data_unchecked::<Viewer>();
        let session = viewer.require()?;
        let id = session.actor.account;
        let origin = mutation::origin(ctx, "changePassword", input.client_mutation_id, &input)?;
        // The second time the present password is another one.
        if let Some(first) = services.store.repeated::<RosterError>(&origin).await? {
            let written = mutation::settle(services, first).await?;
            let user = accounts::by_id(&services.pool, id.0).await?.map(User);
            return Ok(ChangePasswordPayload::written(written, user));
        }
        let held =
            accounts::credentials_of(&services.pool, id.0).await?.ok_or(ApiError::NotFound("account"))?;
        let proven = password::verify(input.current_password.clone(), held.password_hash)
            .await
            .map_err(|error| ApiError::Internal(Box::new(error)))?;
        let account = accounts::by_id(&services.pool, id.0).await?.ok_or(ApiError::NotFound("account"))?;
        let refused = if !proven {
            Some(UserError::invalid("currentPassword", "the present password is wrong"))
        } else if input.current_password == input.new_password {
            Some(UserError::invalid("newPassword", "the new password is the old one"))
        } else {
            let name = account.username.as_deref().unwrap_or_default();
            password::check(&input.new_password, name)
                .err()
                .map(|error| UserError::invalid("newPassword", error.to_string()))
        };
        if let Some(refused) = refused {
            let outcome = if proven { "invalid" } else { "wrong_password" };
            note(services, viewer, Noted { action: "changePassword", outcome, ..Noted::default() }).await?;
            return Ok(ChangePasswordPayload::refused(vec![refused]));
        }
        let hash = password::hash(input.new_password.clone())
            .await
            .map_err(|error| ApiError::Internal(Box::new(error)))?;
        let epoch = accounts::set_password_hash(&services.pool, id.0, &hash)
            .await?
            .ok_or(ApiError::NotFound("account"))?;
        // Now, not at the end: the token of this request is worth nothing any more, whatever comes next.
        let (token, cookie) = begin(services, viewer, id.0, epoch, Proof::Password).await?;
        ctx.append_http_header(header::SET_COOKIE, cookie);
        let command = RosterCommand { by: session.actor, account: id, action: RosterAction::ChangePassword };
        let executed = services.store.execute::<Roster>(ROSTER_ID, command, &origin).await?;
        let written = mutation::settle(services, executed).await?;
        services.sessions_changed(id.0).await;
        let user = accounts::by_id(&services.pool, id.0).await?.map(User);
        let mut payload = ChangePasswordPayload::written(written, user);
        payload.token = Some(token);
        Ok(payload)
    }
}

/// Whose name and password these are, and the session epoch of the moment the password was looked up: one that changes
/// meanwhile ends the session that is about to begin too. What is no user name is nobody's, at the same cost.
async fn proven(
    services: &Services,
    viewer: &Viewer,
    username: &str,
    password: String,
) -> Result<Option<(AccountRecord, i64)>, ApiError> {
    let pool = &services.pool;
    let found = match is_username(username) {
        true => accounts::credentials(pool, username).await?,
        false => None,
    };
    let hash = found.as_ref().and_then(|found| found.password_hash.clone());
    let proven =
        password::verify(password, hash).await.map_err(|error| ApiError::Internal(Box::new(error)))?;
    let account = match &found {
        Some(found) if proven => accounts::by_id(pool, found.account).await?.filter(|account| account.active),
        _ => None,
    };
    let epoch = found.as_ref().map_or(0, |found| found.session_epoch);
    if let Some(account) = account {
        return Ok(Some((account, epoch)));
    }
    // Who was meant, or a hash of what was typed: people type passwords where the name belongs.
    let name_hash = found.is_none().then(|| services.vault.name_hash(username));
    let noted = Noted {
        action: "sign_in",
        outcome: "refused",
        account: found.map(|found| found.account),
        name_hash: name_hash.as_deref(),
        ..Noted::default()
    };
    note(services, viewer, noted).await?;
    Ok(None)
}
