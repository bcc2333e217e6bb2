//! The provider: where it is found, how people are sent there, what its
//! answers say. All of the protocol is the library's; calls go through
//! `outbound`.

use aegis_outbound::{Outbound, OutboundError};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType, CoreGenderClaim,
    CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata,
    CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EmptyExtraTokenFields,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IdTokenFields, IssuerUrl,
    Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, StandardErrorResponse,
    StandardTokenResponse, TokenResponse,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How long what the provider says of itself is taken to be so: its keys change.
const METADATA_KEPT: Duration = Duration::from_secs(600);
/// Groups of one person that are looked at, at most.
const GROUPS: usize = 1_000;

/// How single sign-on is set up.
#[derive(Clone)]
pub struct SingleSignOnSettings {
    /// The provider's address, `https://login.example.com/realms/soc`.
    pub issuer: String,
    /// As whom Aegis asks.
    pub client_id: String,
    /// What proves that it is Aegis; none for a public client.
    pub client_secret: Option<String>,
    /// What the provider is called; the button says "Sign in with" it.
    pub name: String,
    /// What is asked for.
    pub scopes: Vec<String>,
    /// The claim that names a person's groups.
    pub groups_claim: String,
    /// The address that people know this installation by.
    pub public_url: String,
}

/// Signing in at the provider failed.
#[derive(Debug, thiserror::Error)]
pub enum SingleSignOnError {
    /// A setting is no address.
    #[error("{0} is not an address")]
    Setting(&'static str),
    /// The provider does not answer as it should.
    #[error("the provider cannot be used: {0}")]
    Provider(String),
    /// The code was not taken, or the identity does not hold.
    #[error("the sign-in does not hold: {0}")]
    Identity(String),
}

/// Claims beyond those of the standard, of which one names the groups.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct More {
    #[serde(flatten)]
    claims: HashMap<String, Value>,
}

impl AdditionalClaims for More {}

type Fields = IdTokenFields<
    More,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type Client = openidconnect::Client<
    More,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Who somebody is to the provider.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The provider.
    pub issuer: String,
    /// The person, by the provider's own id, which never changes.
    pub subject: String,
    /// Names that the person may be called by, best first.
    pub names: Vec<String>,
    /// The name others see.
    pub display_name: Option<String>,
    /// The mail address, where the provider has checked it.
    pub email: Option<String>,
    /// The groups.
    pub groups: Vec<String>,
}

/// What the browser has to bring back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Departure {
    /// Ties the answer to the browser that left.
    pub state: String,
    /// Ties the identity to this sign-in.
    pub nonce: String,
    /// Shows that whoever brings the code also asked for it.
    pub verifier: String,
}

/// The one provider of an installation.
pub struct SingleSignOn {
    settings: SingleSignOnSettings,
    outbound: Outbound,
    metadata: Mutex<Option<(Instant, CoreProviderMetadata)>>,
}

/// One exchange with the provider, as the library wants it.
async fn call(outbound: Outbound, request: HttpRequest) -> Result<HttpResponse, OutboundError> {
    let (parts, body) = request.into_parts();
    let mut call = outbound.call(parts.method, &parts.uri.to_string())?;
    for (name, value) in parts.headers {
        if let Some(name) = name {
            call = call.header(name, value);
        }
    }
    let answer = call.body(body).send().await?;
    let mut response = HttpResponse::new(answer.body.to_vec());
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    Ok(response)
}

impl SingleSignOn {
    /// A provider, of which nothing is known yet: that it is away must not keep a server from starting.
    ///
    /// # Errors
    /// A setting is no address.
    pub fn new(settings: SingleSignOnSettings, outbound: Outbound) -> Result<Self, SingleSignOnError> {
        IssuerUrl::new(settings.issuer.clone()).map_err(|_| SingleSignOnError::Setting("OIDC_ISSUER"))?;
        let it = Self { settings, outbound, metadata: Mutex::default() };
        RedirectUrl::new(it.redirect_url()).map_err(|_| SingleSignOnError::Setting("AEGIS_PUBLIC_URL"))?;
        Ok(it)
    }

    /// How it is set up.
    pub fn settings(&self) -> &SingleSignOnSettings {
        &self.settings
    }

    /// Where people come back to.
    pub fn redirect_url(&self) -> String {
        format!("{}/auth/callback", self.settings.public_url.trim_end_matches('/'))
    }

    async fn client(&self, anew: bool) -> Result<Client, SingleSignOnError> {
        let mut kept = self.metadata.lock().await;
        let fresh = kept.as_ref().filter(|(since, _)| !anew && since.elapsed() < METADATA_KEPT);
        let metadata = match fresh {
            Some((_, metadata)) => metadata.clone(),
            None => {
                let issuer = IssuerUrl::new(self.settings.issuer.clone())
                    .map_err(|_| SingleSignOnError::Setting("OIDC_ISSUER"))?;
                let http = |request| call(self.outbound.clone(), request);
                let metadata = CoreProviderMetadata::discover_async(issuer, &http)
                    .await
                    .map_err(|error| SingleSignOnError::Provider(chain(&error)))?;
                *kept = Some((Instant::now(), metadata.clone()));
                metadata
            }
        };
        let redirect = RedirectUrl::new(self.redirect_url())
            .map_err(|_| SingleSignOnError::Setting("AEGIS_PUBLIC_URL"))?;
        let secret = self.settings.client_secret.clone().map(ClientSecret::new);
        let id = ClientId::new(self.settings.client_id.clone());
        Ok(Client::from_provider_metadata(metadata, id, secret).set_redirect_uri(redirect))
    }

    /// Where to send somebody, and what they have to bring back.
    ///
    /// # Errors
    /// The provider cannot be used.
    pub async fn depart(&self) -> Result<(String, Departure), SingleSignOnError> {
        let client = self.client(false).await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let scopes = self.settings.scopes.iter().cloned().map(Scope::new);
        let (url, state, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scopes(scopes)
            .set_pkce_challenge(challenge)
            .url();
        let departure = Departure {
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: verifier.secret().clone(),
        };
        Ok((url.to_string(), departure))
    }

    /// Who comes back with a code.
    ///
    /// # Errors
    /// The code is not taken; or the identity is not by the provider, not for Aegis, not of this sign-in, or over.
    pub async fn arrive(&self, code: String, departure: Departure) -> Result<Identity, SingleSignOnError> {
        let client = self.client(false).await?;
        let wrong = |error: &(dyn std::error::Error + 'static)| SingleSignOnError::Identity(chain(error));
        let http = |request| call(self.outbound.clone(), request);
        let tokens = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| SingleSignOnError::Provider(chain(&error)))?
            .set_pkce_verifier(PkceCodeVerifier::new(departure.verifier))
            .request_async(&http)
            .await
            .map_err(|error| wrong(&error))?;
        let token = tokens
            .id_token()
            .ok_or_else(|| SingleSignOnError::Identity("there is no identity in the answer".to_owned()))?;
        let nonce = Nonce::new(departure.nonce);
        let claims = match token.claims(&client.id_token_verifier(), &nonce) {
            Ok(claims) => claims.clone(),
            // Its keys may have changed since they were looked at.
            Err(_) => {
                let client = self.client(true).await?;
                token.claims(&client.id_token_verifier(), &nonce).map_err(|error| wrong(&error))?.clone()
            }
        };
        let text = |claim: Option<&String>| claim.cloned();
        let verified = claims.email_verified() != Some(false);
        let email = text(claims.email().map(|email| &**email)).filter(|_| verified);
        let preferred = text(claims.preferred_username().map(|name| &**name));
        let display_name = claims.name().and_then(|name| name.get(None)).map(|name| (**name).clone());
        let subject = claims.subject().as_str().to_owned();
        let names = [preferred, email.clone(), display_name.clone(), Some(subject.clone())];
        let groups = groups_of(claims.additional_claims().claims.get(&self.settings.groups_claim));
        Ok(Identity {
            issuer: claims.issuer().as_str().to_owned(),
            subject,
            names: names.into_iter().flatten().collect(),
            display_name,
            email,
            groups,
        })
    }
}

/// A list of texts, or one text.
fn groups_of(claim: Option<&Value>) -> Vec<String> {
    match claim {
        Some(Value::Array(groups)) => {
            groups.iter().filter_map(Value::as_str).take(GROUPS).map(str::to_owned).collect()
        }
        Some(Value::String(group)) => vec![group.clone()],
        _ => vec![],
    }
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    text
}
