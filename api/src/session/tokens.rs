//! Tokens: what they say, how they are signed, the cookie that carries them.

use super::LONGEST_SESSION;
use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The cookie's name.
pub const COOKIE: &str = "aegis_token";
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
    /// Whether the person came by single sign-on.
    #[serde(default)]
    pub sso: bool,
    aud: String,
}

/// What stays of a session from its sign-in to its end.
struct Sitting {
    account: Uuid,
    token: Uuid,
    epoch: i64,
    auth_time: i64,
    sso: bool,
}

impl Tokens {
    /// `secret` signs; a token lives for `lifetime` after its last renewal.
    pub fn new(secret: &[u8], lifetime: Duration, secure: bool) -> Self {
        // One algorithm, chosen here and never by the token.
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "sub", "aud"]);
        validation.validate_nbf = true;
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
    pub(super) fn open(&self, account: Uuid, epoch: i64, sso: bool, now: DateTime<Utc>) -> Claims {
        let session = Sitting { account, token: Uuid::now_v7(), epoch, auth_time: now.timestamp(), sso };
        self.claims(session, now)
    }

    /// The same session, a lifetime from now; `None` once it is too old, or so
    /// fresh that another token would say nothing new.
    pub fn slide(&self, claims: &Claims, now: DateTime<Utc>) -> Option<Claims> {
        let Claims { sub: account, jti: token, epoch, auth_time, sso, .. } = *claims;
        let next = self.claims(Sitting { account, token, epoch, auth_time, sso }, now);
        let worth_it = next.exp - claims.exp >= self.lifetime.num_seconds() / 10;
        worth_it.then_some(next)
    }

    fn claims(&self, session: Sitting, now: DateTime<Utc>) -> Claims {
        let Sitting { account: sub, token: jti, epoch, auth_time, sso } = session;
        let end = auth_time + LONGEST_SESSION.num_seconds();
        let exp = (now + self.lifetime).timestamp().min(end);
        Claims { sub, jti, epoch, auth_time, iat: now.timestamp(), exp, sso, aud: AUDIENCE.to_owned() }
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

    /// The cookie that takes the token away.
    pub fn expired_cookie(&self) -> String {
        format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0{}", self.secure_attribute())
    }

    /// What says that cookies are for HTTPS only, where they are.
    pub fn secure_attribute(&self) -> &'static str {
        if self.secure { "; Secure" } else { "" }
    }
}
