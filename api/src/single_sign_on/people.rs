//! Whose account somebody gets who comes from the provider.

use super::provider::Identity;
use crate::accounts::{fits_display_name, fits_email, is_username};
use crate::context::Services;
use crate::error::ApiError;
use crate::{access_policy, mutation};
use aegis_aggregates::actor::Actor;
use aegis_aggregates::ids::AccountId;
use aegis_aggregates::roster::{ROSTER_ID, Roster, RosterAction, RosterCommand};
use aegis_projections::accounts::{self, ProfileChange, Secret};
use aegis_projections::sign_on;
use aegis_projections::store::Origin;
use uuid::Uuid;

/// User names that are tried until one is free.
const NAMES_TRIED: u32 = 50;
/// Letters of a user name that is made from another name; a number may follow.
const NAME_CHARS: usize = 60;

/// Who may come in.
pub enum Admitted {
    /// The one of this account.
    Account(Uuid),
    /// Somebody who is in no group that has a role.
    NoRole,
    /// Somebody whose account is closed.
    Closed,
}

/// Finds or opens the account of somebody, in the role that their groups stand for now.
///
/// # Errors
/// The database failed.
pub async fn admit(
    services: &Services,
    correlation: Uuid,
    identity: &Identity,
) -> Result<Admitted, ApiError> {
    let policy = access_policy::policy(services).await?;
    let Some(role) = policy.role_of(&identity.groups) else { return Ok(Admitted::NoRole) };
    let found = sign_on::account_of(&services.pool, &identity.issuer, &identity.subject).await?;
    let account = match found {
        Some(account) => account,
        None => enter(services, identity).await?,
    };
    let Some(held) = accounts::by_id(&services.pool, account).await? else {
        // Entered now, or by a sign-in that was cut short.
        command(services, correlation, account, RosterAction::Open { role, must_change_password: false })
            .await?;
        return Ok(Admitted::Account(account));
    };
    if !held.active {
        return Ok(Admitted::Closed);
    }
    if held.role() != role {
        // The last admin stays one, whatever the groups say; the refusal is all there is to do about it.
        command(services, correlation, account, RosterAction::ChangeRole { role }).await?;
        services.sessions_changed(account).await;
    }
    Ok(Admitted::Account(account))
}

async fn command(
    services: &Services,
    correlation: Uuid,
    account: Uuid,
    action: RosterAction,
) -> Result<(), ApiError> {
    let by = Actor::SYSTEM;
    let origin = Origin { correlation, ..Origin::new(by) };
    let command = RosterCommand { by, account: AccountId(account), action };
    let executed = services.store.execute::<Roster>(ROSTER_ID, command, &origin).await?;
    let written = mutation::settle(services, executed).await?;
    if let Some(refused) = written.user_errors.first() {
        tracing::warn!(%account, why = refused.reason(), "the role of somebody's groups was not given");
    }
    Ok(())
}

/// Writes down somebody who was never here, under a name that is free. They are never taken for somebody who has an
/// account already, whatever they are called: names are not proofs.
async fn enter(services: &Services, identity: &Identity) -> Result<Uuid, ApiError> {
    let account = Uuid::now_v7();
    let base = identity.names.iter().map(|name| as_username(name)).find(|name| is_username(name));
    let base = base.unwrap_or_else(|| "user".to_owned());
    let mut entered = false;
    for number in 1..=NAMES_TRIED {
        let name = if number == 1 { base.clone() } else { format!("{base}{number}") };
        let shown = identity.display_name.as_deref().filter(|name| fits_display_name(name));
        entered =
            accounts::enter_profile(&services.pool, account, &name, shown, Secret::SingleSignOn).await?;
        if entered {
            break;
        }
    }
    if !entered {
        return Err(ApiError::Conflict(format!("No user name like {base} is free.")));
    }
    if !sign_on::enter(&services.pool, &identity.issuer, &identity.subject, account).await? {
        // The same person at the same moment in another window.
        accounts::erase_profile(&services.pool, account).await?;
        let first = sign_on::account_of(&services.pool, &identity.issuer, &identity.subject).await?;
        return first.ok_or_else(|| ApiError::Conflict("Sign in once more.".to_owned()));
    }
    if let Some(email) = identity.email.clone().filter(|email| fits_email(email)) {
        let change = ProfileChange { email: Some(Some(email)), ..ProfileChange::default() };
        accounts::change_profile(&services.pool, account, &change).await?;
    }
    Ok(account)
}

/// The letters of a name that a user name may have; of a mail address what is before the @.
fn as_username(name: &str) -> String {
    let name = name.split('@').next().unwrap_or_default().to_lowercase();
    let letters = name.chars().map(|c| if c == ' ' { '.' } else { c });
    letters.filter(|c| is_username(&c.to_string())).take(NAME_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_user_names() {
        for (name, username) in [
            ("Alice.Smith", "alice.smith"),
            ("bob@example.com", "bob"),
            ("Zoë Müller", "zo.mller"),
            ("аdmin", "dmin"),
            ("", ""),
        ] {
            assert_eq!(as_username(name), username, "{name}");
        }
    }
}
