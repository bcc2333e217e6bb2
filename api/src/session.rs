//! Sessions: who is behind a request, by a token or by a key.

mod list;
mod sign_in;
mod tokens;

pub use list::{SessionListMutation, SessionListQuery};
pub use sign_in::SessionMutation;
pub use tokens::{COOKIE, Claims, Tokens};

use crate::context::{Means, Services, SessionUser, Viewer};
use crate::error::ApiError;
use crate::page::global_id;
use crate::people::User;
use crate::permissions;
use aegis_aggregates::actor::{Actor, Role};
use aegis_aggregates::ids::AccountId;
use aegis_projections::access;
use aegis_projections::sessions::{self, NewSession};
use aegis_projections::{accounts, api_keys};
use async_graphql::{Context, ID, Object, SimpleObject};
use axum::http::{HeaderMap, header};
use chrono::{DateTime, Duration, Utc};
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use uuid::Uuid;

/// A session ends this long after its sign-in, however busy.
pub const LONGEST_SESSION: Duration = Duration::hours(12);
/// What every key of a service account begins with, so that people and scanners of leaked secrets know it.
pub const KEY_PREFIX: &str = "aegis_";
/// Random bytes of a key.
const KEY_BYTES: usize = 32;

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
    cookie_of(headers, COOKIE).map(|token| (Carrier::Cookie, token))
}

/// The value of a cookie.
pub fn cookie_of<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

/// A key as its program presents it, and what is kept of it: `aegis_<id>_<secret>`.
pub fn new_key(id: Uuid) -> (String, Vec<u8>) {
    let secret = hex::encode(rand::random::<[u8; KEY_BYTES]>());
    let hash = Sha256::digest(secret.as_bytes()).to_vec();
    (format!("{KEY_PREFIX}{}_{secret}", id.simple()), hash)
}

/// Who is behind what a request presents; nobody where it does not count (any more). Role and standing are read anew
/// each time, so that a change bites on the next request.
///
/// # Errors
/// The database failed.
pub async fn identify(
    services: &Services,
    carrier: Carrier,
    token: &str,
    address: IpAddr,
) -> Result<Option<SessionUser>, ApiError> {
    match token.strip_prefix(KEY_PREFIX) {
        Some(key) if carrier == Carrier::Bearer => of_key(services, key, address).await,
        Some(_) => Ok(None),
        None => match services.tokens.read(token) {
            Some(claims) => of_claims(services, &claims).await,
            None => Ok(None),
        },
    }
}

async fn of_key(services: &Services, key: &str, address: IpAddr) -> Result<Option<SessionUser>, ApiError> {
    let Some((id, secret)) = key.split_once('_') else { return Ok(None) };
    let Ok(id) = Uuid::try_parse(id) else { return Ok(None) };
    let Some(held) = api_keys::held(&services.pool, id).await? else { return Ok(None) };
    // Digests of secrets that nobody can choose tell nothing by where they differ.
    if held.hash != Sha256::digest(secret.as_bytes())[..] {
        return Ok(None);
    }
    if held.unseen {
        api_keys::used(&services.pool, id, address).await?;
    }
    let role = Role::parse(&held.role).unwrap_or(Role::Viewer);
    Ok(Some(SessionUser {
        actor: Actor { account: AccountId(held.account), role },
        must_change_password: false,
        second_factor_due: false,
        means: Means::Key { id, scope: held.scope() },
        expires_at: held.expires_at,
    }))
}

async fn of_claims(services: &Services, claims: &Claims) -> Result<Option<SessionUser>, ApiError> {
    // Asked at the same time, so that Redis delays nobody. It may only refuse; who is let in is PostgreSQL's
    // to say.
    let (revoked, standing) = tokio::join!(
        services.relay.is_revoked(claims.jti),
        access::standing(&services.pool, claims.jti, claims.sub, claims.epoch),
    );
    let standing = standing?;
    if revoked || !standing.holds {
        return Ok(None);
    }
    if standing.unseen {
        sessions::seen(&services.pool, claims.jti).await?;
    }
    let Some(account) = accounts::by_id(&services.pool, claims.sub).await? else {
        return Ok(None);
    };
    Ok(account.active.then(|| SessionUser {
        actor: Actor { account: AccountId(account.account), role: account.role() },
        must_change_password: account.must_change_password && !claims.sso,
        // Whoever comes by single sign-on has shown there what is asked for there.
        second_factor_due: account.second_factor_due && !claims.sso,
        means: Means::Token { id: claims.jti, epoch: claims.epoch, sso: claims.sso },
        expires_at: DateTime::from_timestamp(claims.exp, 0).unwrap_or_default(),
    }))
}

/// Whether a session is still what it was when it was identified: of somebody who may still sign in, in the same role.
///
/// # Errors
/// The database failed.
pub async fn still_holds(services: &Services, session: &SessionUser) -> Result<bool, ApiError> {
    let account = session.actor.account.0;
    match session.means {
        Means::Token { id, epoch, .. } => {
            let holds = access::standing(&services.pool, id, account, epoch).await?.holds;
            let found = accounts::by_id(&services.pool, account).await?;
            Ok(holds && found.is_some_and(|found| found.active && found.role() == session.actor.role))
        }
        Means::Key { id, .. } => {
            let held = api_keys::held(&services.pool, id).await?;
            Ok(held.is_some_and(|held| held.role == session.actor.role.as_str()))
        }
    }
}

/// Ends a session everywhere, at once.
///
/// # Errors
/// The database failed.
pub async fn end(services: &Services, account: Uuid, token: Uuid) -> Result<(), ApiError> {
    // It may have slid on in another tab: revoked for as long as any token of it can live.
    access::revoke(&services.pool, token, Utc::now() + LONGEST_SESSION).await?;
    services.relay.revoke(token, LONGEST_SESSION.to_std().unwrap_or_default()).await;
    services.sessions_changed(account).await;
    Ok(())
}

/// How somebody has just proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// By a password, and a code where that is asked for.
    Password,
    /// By what the identity provider says.
    SingleSignOn,
}

/// A new session, and the cookie that carries its token.
///
/// # Errors
/// The database failed, or signing did.
pub async fn begin(
    services: &Services,
    viewer: &Viewer,
    account: Uuid,
    epoch: i64,
    proof: Proof,
) -> Result<(String, String), ApiError> {
    let now = Utc::now();
    let claims = services.tokens.open(account, epoch, proof == Proof::SingleSignOn, now);
    let token = services.tokens.sign(&claims).map_err(|error| ApiError::Internal(Box::new(error)))?;
    let means = match proof {
        Proof::Password => "password",
        Proof::SingleSignOn => "single_sign_on",
    };
    let session = NewSession {
        token: claims.jti,
        account,
        epoch,
        means,
        ends_at: now + LONGEST_SESSION,
        address: viewer.address,
        agent: &viewer.agent,
    };
    sessions::begin(&services.pool, &session).await?;
    let cookie = services.tokens.cookie(&token, &claims, now);
    Ok((token, cookie))
}

/// Who is signed in, and what they may do.
#[derive(SimpleObject)]
pub struct Session {
    user: User,
    expires_at: DateTime<Utc>,
    /// Whether a second factor has to be set up before anything else.
    second_factor_required: bool,
    /// The key that was presented, where it is a program that asks.
    api_key_id: Option<ID>,
    /// Names of the queries, mutations and subscriptions that whoever asks may call.
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
            second_factor_required: session.second_factor_due,
            api_key_id: session.key().map(|key| global_id("ApiKey", key)),
            permissions: permissions::of(session),
        }))
    }
}
