//! Single sign-on by OpenID Connect: the code flow with PKCE. Groups of the
//! provider stand for roles, by the access policy; people get their account at
//! their first sign-in, and an admin's password stays a way back.
//!
//! What has to be remembered between leaving for the provider and coming back
//! is in an encrypted cookie of the browser that left. It is SameSite=Lax: the
//! way back begins at another site, which takes no Strict cookie along.

mod people;
mod provider;
mod routes;

pub use provider::{SingleSignOn, SingleSignOnError, SingleSignOnSettings};
pub(crate) use routes::{callback, start};

use crate::access_policy;
use crate::context::Services;
use crate::error::ApiError;
use async_graphql::{Context, Object, SimpleObject};

/// Another way in than a password.
#[derive(SimpleObject)]
pub struct SingleSignOnOption {
    /// What the button says.
    name: String,
    /// Where the browser goes; `?next=/path` says where it shall come back to.
    start_url: &'static str,
}

/// The ways in.
#[derive(SimpleObject)]
pub struct SignInOptions {
    /// Whether everybody may sign in with a password; if not, admins still may.
    passwords: bool,
    /// Null where none was set up.
    single_sign_on: Option<SingleSignOnOption>,
}

/// How single sign-on is set up; the secret is not shown.
#[derive(SimpleObject)]
pub struct SingleSignOnSetup {
    /// The provider's address.
    issuer: String,
    /// As whom Aegis asks.
    client_id: String,
    /// The address that the provider must allow to come back to.
    redirect_url: String,
    /// What is asked for.
    scopes: Vec<String>,
    /// The claim that names a person's groups.
    groups_claim: String,
}

#[derive(Default)]
pub struct SingleSignOnQuery;

#[Object]
impl SingleSignOnQuery {
    /// The ways in, for whoever is not in yet.
    async fn sign_in_options(&self, ctx: &Context<'_>) -> Result<SignInOptions, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let single_sign_on = services
            .single_sign_on
            .as_ref()
            .map(|it| SingleSignOnOption { name: it.settings().name.clone(), start_url: routes::START });
        Ok(SignInOptions { passwords: !only_way_in(services).await?, single_sign_on })
    }

    /// How single sign-on is set up; null where it is not.
    async fn single_sign_on(&self, ctx: &Context<'_>) -> Result<Option<SingleSignOnSetup>, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        Ok(services.single_sign_on.as_ref().map(|it| {
            let settings = it.settings();
            SingleSignOnSetup {
                issuer: settings.issuer.clone(),
                client_id: settings.client_id.clone(),
                redirect_url: it.redirect_url(),
                scopes: settings.scopes.clone(),
                groups_claim: settings.groups_claim.clone(),
            }
        }))
    }
}

/// Whether people other than admins come by single sign-on only. Without a provider there is no other way.
///
/// # Errors
/// The event store failed.
pub(crate) async fn only_way_in(services: &Services) -> Result<bool, ApiError> {
    if services.single_sign_on.is_none() {
        return Ok(false);
    }
    Ok(access_policy::policy(services).await?.single_sign_on_only)
}
