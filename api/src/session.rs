//! Sessions: tokens, the cookie that carries them, signing in and out.

use crate::context::{Services, SessionUser, Viewer};
use crate::error::{ApiError, UserError};
use crate::people::User;
use crate::{mutation, password, permissions};
use aegis_aggregates::actor::Actor;
use aegis_aggregates::ids::AccountId;
use aegis_aggregates::roster::{ROSTER_ID, Roster, RosterAction, RosterCommand, RosterError};
use aegis_projections::access::{self, Access};
use aegis_projections::accounts;
use async_graphql::{Context, InputObject, Object, SimpleObject};
use axum::http::{HeaderMap, header};
use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The cookie's name.
pub const COOKIE: &str = "aegis_token";
/// A session ends this long after its sign-in, however busy.
pub const LONGEST_SESSION: Duration = Duration::hours(12);
const AUDIENCE: &str = "aegis";

/// Signs and reads tokens.
pub struct Tokens {
    encode: EncodingKey,
    decode: DecodingKey,
    validation: Validation,
    lifetime: Duration,
    secure: bool,
}

/// What a token says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    /// The account.
    pub sub: Uuid,
    /// The token's own id, by which it can be revoked. It stays when the session slides on.
    pub jti: Uuid,
    /// The session epoch of the account when the person signed in. Tokens of before there were epochs
    /// belong to the first. A count, not a time: a password may change twice within a second.
    #[serde(default)]
    pub epoch: i64,
    /// When the person signed in, seconds.
    pub auth_time: i64,
    /// When this token was made, seconds.
    pub iat: i64,
    /// When it ends, seconds.
    pub exp: i64,
    aud: String,
}

/// What stays of a session from its sign-in to its end.
struct Sitting {
    account: Uuid,
    token: Uuid,
    epoch: i64,
    auth_time: i64,
}

impl Tokens {
    /// `secret` signs; a token lives for `lifetime` after its last renewal.
    pub fn new(secret: &[u8], lifetime: Duration, secure: bool) -> Self {
        // One algorithm, chosen here and never by the token.
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "sub", "aud"]);
        validation.leeway = 0;
        Self {
            encode: EncodingKey::from_secret(secret),
            decode: DecodingKey::from_secret(secret),
            validation,
            lifetime,
            secure,
        }
    }

    /// A token for a person who has just proved who they are.
    fn open(&self, account: Uuid, epoch: i64, now: DateTime<Utc>) -> Claims {
        let session = Sitting { account, token: Uuid::now_v7(), epoch, auth_time: now.timestamp() };
        self.claims(session, now)
    }

    /// The same session, a lifetime from now; `None` once it is too old, or so
    /// fresh that another token would say nothing new.
    pub fn slide(&self, claims: &Claims, now: DateTime<Utc>) -> Option<Claims> {
        let Claims { sub: account, jti: token, epoch, auth_time, .. } = *claims;
        let next = self.claims(Sitting { account, token, epoch, auth_time }, now);
        let worth_it = next.exp - claims.exp >= self.lifetime.num_seconds() / 10;
        worth_it.then_some(next)
    }

    fn claims(&self, session: Sitting, now: DateTime<Utc>) -> Claims {
        let Sitting { account: sub, token: jti, epoch, auth_time } = session;
        let end = auth_time + LONGEST_SESSION.num_seconds();
        let exp = (now + self.lifetime).timestamp().min(end);
        Claims { sub, jti, epoch, auth_time, iat: now.timestamp(), exp, aud: AUDIENCE.to_owned() }
    }

    /// Signs a token.
    ///
    /// # Errors
    /// Signing failed.
    pub fn sign(&self, claims: &Claims) -> Result<String, jsonwebtoken::errors::Error> {
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &self.encode)
    }

    /// Reads a token; `None` for one that is expired, forged or not ours.
    pub fn read(&self, token: &str) -> Option<Claims> {
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decode, &self.validation).ok()?.claims;
        let too_old = Utc::now().timestamp() >= claims.auth_time + LONGEST_SESSION.num_seconds();
        (!too_old).then_some(claims)
    }

    /// The cookie that carries a token.
    pub fn cookie(&self, token: &str, claims: &Claims, now: DateTime<Utc>) -> String {
        let age = (claims.exp - now.timestamp()).max(0);
        format!(
            "{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={age}{}",
            self.secure_attribute()
        )
    }

    fn expired_cookie(&self) -> String {
        format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0{}", self.secure_attribute())
    }

    fn secure_attribute(&self) -> &'static str {
        if self.secure { "; Secure" } else { "" }
    }
}

/// Where a request's token came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// The `Authorization` header: a script, which no other site can forge.
    Bearer,
    /// The cookie, which a browser sends by itself.
    Cookie,
}

/// The token of a request; a bearer token goes before the cookie.
pub fn token_of(headers: &HeaderMap) -> Option<(Carrier, &str)> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("bearer ")));
    if let Some(token) = bearer {
        return Some((Carrier::Bearer, token.trim()));
    }
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, token)| (Carrier::Cookie, token))
}

/// Who is behind a token now: role and standing are read anew each time, so
/// that a change bites on the next request.
///
/// # Errors
/// The database failed.
pub async fn session_of(services: &Services, claims: &Claims) -> Result<Option<SessionUser>, ApiError> {
    // Asked at the same time, so that Redis delays nobody. It may only refuse; who is let in is PostgreSQL's
    // to say.
    let (revoked, holds) = tokio::join!(
        services.relay.is_revoked(claims.jti),
        access::holds(&services.pool, claims.jti, claims.sub, claims.epoch),
    );
    if revoked || !holds? {
        return Ok(None);
    }
    let Some(account) = accounts::by_id(&services.pool, claims.sub).await? else {
        return Ok(None);
    };
    Ok(account.active.then(|| SessionUser {
        actor: Actor { account: AccountId(account.account), role: account.role() },
        must_change_password: account.must_change_password,
        token: claims.jti,
        epoch: claims.epoch,
        expires_at: DateTime::from_timestamp(claims.exp, 0).unwrap_or_default(),
    }))
}

/// A token for somebody who has just proved who they are; browsers get it as a cookie too.
fn hand_out(ctx: &Context<'_>, account: Uuid, epoch: i64) -> Result<String, ApiError> {
    let tokens = &ctx.data_unchecked::<Services>().tokens;
    let now = Utc::now();
    let claims = tokens.open(account, epoch, now);
    let token = tokens.sign(&claims).map_err(|error| ApiError::Internal(Box::new(error)))?;
    ctx.append_http_header(header::SET_COOKIE, tokens.cookie(&token, &claims, now));
    Ok(token)
}

/// Who is signed in, and what they may do.
#[derive(SimpleObject)]
pub struct Session {
    user: User,
    expires_at: DateTime<Utc>,
    /// Names of the queries, mutations and subscriptions that this role may call.
    permissions: Vec<&'static str>,
}

#[derive(Default)]
pub struct SessionQuery;

#[Object]
impl SessionQuery {
    /// Whoever is signed in; null for nobody.
    async fn me(&self, ctx: &Context<'_>) -> Result<Option<Session>, ApiError> {
        let viewer = ctx.data_unchecked::<Viewer>();
        let Some(session) = &viewer.session else {
            return Ok(None);
        };
        let services = ctx.data_unchecked::<Services>();
        let account = accounts::by_id(&services.pool, session.actor.account.0).await?;
        Ok(account.map(|account| Session {
            user: User(account),
            expires_at: session.expires_at,
            permissions: permissions::of_role(session.actor.role),
        }))
    }
}

/// What to sign in with.
#[derive(InputObject)]
pub struct LoginInput {
    username: String,
    #[graphql(secret)]
    password: String,
}

/// A new session.
#[derive(SimpleObject)]
pub struct LoginPayload {
    /// For scripts, as a bearer token; browsers get the same as a cookie.
    token: Option<String>,
    user: Option<User>,
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
    /// Signs in; at most 5 tries a minute from one address.
    async fn login(&self, ctx: &Context<'_>, input: LoginInput) -> Result<LoginPayload, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let viewer = ctx.data_unchecked::<Viewer>();
        let pool = &services.pool;
        let log = |account: Option<Uuid>, outcome: &'static str| async move {
            services.metrics.sign_in(outcome);
            let address = Some(viewer.address);
            access::log(pool, &Access { account, action: "sign_in", outcome, address, detail: None }).await
        };
        if !access::allow_sign_in(pool, viewer.address).await? {
            log(None, "rate_limited").await?;
            return Err(ApiError::RateLimited("Too many sign-ins from this address. Wait a minute."));
        }
        let found = accounts::credentials(pool, input.username.trim()).await?;
        let hash = found.as_ref().map(|found| found.password_hash.clone());
        // Of the moment the password was looked up: one that changes meanwhile ends this session too.
        let epoch = found.as_ref().map_or(0, |found| found.session_epoch);
        let proven = password::verify(input.password, hash)
            .await
            .map_err(|error| ApiError::Internal(Box::new(error)))?;
        let account = match found {
            Some(found) if proven => {
                accounts::by_id(pool, found.account).await?.filter(|account| account.active)
            }
            _ => None,
        };
        let Some(account) = account else {
            log(None, "refused").await?;
            return Err(ApiError::Unauthenticated(WRONG));
        };
        log(Some(account.account), "allowed").await?;
        accounts::signed_in(pool, account.account).await?;
        let token = hand_out(ctx, account.account, epoch)?;
        Ok(LoginPayload { token: Some(token), user: Some(User(account)), user_errors: vec![] })
    }

    /// Signs out: the token is worth nothing from now on, wherever it was copied to.
    async fn logout(&self, ctx: &Context<'_>) -> Result<LogoutPayload, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let session = ctx.data_unchecked::<Viewer>().require()?;
        // The session may have slid on in another tab: revoked for as long as any token of it can live.
        access::revoke(&services.pool, session.token, Utc::now() + LONGEST_SESSION).await?;
        services.relay.revoke(session.token, LONGEST_SESSION.to_std().unwrap_or_default()).await;
        services.sessions_changed(session.actor.account.0).await;
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
        let session = ctx.data_unchecked::<Viewer>().require()?;
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
        let proven = password::verify(input.current_password.clone(), Some(held.password_hash))
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
            return Ok(ChangePasswordPayload::refused(vec![refused]));
        }
        let hash = password::hash(input.new_password.clone())
            .await
            .map_err(|error| ApiError::Internal(Box::new(error)))?;
        let epoch = accounts::set_password_hash(&services.pool, id.0, &hash)
            .await?
            .ok_or(ApiError::NotFound("account"))?;
        // Now, not at the end: the token of this request is worth nothing any more, whatever comes next.
        let token = hand_out(ctx, id.0, epoch)?;
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
