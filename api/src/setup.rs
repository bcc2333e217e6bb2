//! Accounts from the command line: the first admin, adding one, a new password.

use crate::password;
use aegis_aggregates::actor::{Actor, Role};
use aegis_aggregates::ids::AccountId;
use aegis_aggregates::roster::{ROSTER_ID, Roster, RosterAction, RosterCommand, RosterError};
use aegis_projections::accounts::{self, Secret};
use aegis_projections::store::{Committed, Executed, Origin, Store, StoreError};
use aegis_projections::{DatabaseError, Pool};
use uuid::Uuid;

/// An account could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The name is taken.
    #[error("the user name '{0}' is taken")]
    NameTaken(String),
    /// The name is not one.
    #[error("'{0}' is not a user name: use 1 to 64 of a-z, 0-9, dot, dash, underscore and @")]
    BadName(String),
    /// Nobody has that name.
    #[error("there is no user '{0}'")]
    NoSuchUser(String),
    /// The password breaks the rules.
    #[error("the password is not taken")]
    Password(#[from] password::PasswordError),
    /// Hashing failed.
    #[error("the password could not be stored")]
    Hash(#[from] password::HashError),
    /// A generated password could not be kept.
    #[error("the generated password could not be kept in a file")]
    NotKept(#[source] std::io::Error),
    /// A rule of the roster refused.
    #[error("refused")]
    Refused(#[from] RosterError),
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] DatabaseError),
    /// The event store failed.
    #[error("the event store failed")]
    Store(#[from] StoreError),
}

/// A user as it was set up.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// The name to sign in with.
    pub username: String,
    /// The password, where it was generated.
    pub generated: Option<String>,
    /// The event that tells of it, to be waited for.
    pub recorded: Option<Committed>,
}

/// Creates the first admin where no account exists; `None` where one does.
/// Without a password one is generated; `keep` takes it before anything is
/// recorded, so that no account can exist whose password nobody has.
///
/// # Errors
/// [`SetupError`].
pub async fn first_admin(
    pool: &Pool,
    store: &Store,
    username: &str,
    chosen: Option<&str>,
    keep: impl FnOnce(&str) -> std::io::Result<()>,
) -> Result<Option<NewUser>, SetupError> {
    // Until it is dropped, no other process is at it.
    let _alone = accounts::begin_first_admin(pool).await?;
    let roster: Roster = store.load(ROSTER_ID).await?;
    if !roster.is_empty() {
        return Ok(None);
    }
    // With nobody on the roster, whoever is entered is left of a start that was cut short.
    accounts::erase_unopened(pool).await?;
    let generated = chosen.is_none().then(password::generate);
    if let Some(password) = &generated {
        keep(password).map_err(SetupError::NotKept)?;
    }
    let secret = chosen.or(generated.as_deref());
    let admin = add(pool, store, username, Role::Admin, secret, false).await?;
    Ok(Some(NewUser { generated, ..admin }))
}

/// Adds a user. Without a password one is generated.
///
/// # Errors
/// [`SetupError`].
pub async fn add(
    pool: &Pool,
    store: &Store,
    username: &str,
    role: Role,
    chosen: Option<&str>,
    must_change_password: bool,
) -> Result<NewUser, SetupError> {
    let username = username.trim().to_lowercase();
    if !crate::accounts::is_username(&username) {
        return Err(SetupError::BadName(username));
    }
    let generated = chosen.is_none().then(password::generate);
    let secret = chosen.map(str::to_owned).or_else(|| generated.clone()).unwrap_or_default();
    password::check(&secret, &username)?;
    let hash = password::hash(secret).await?;
    let account = AccountId(Uuid::now_v7());
    if !accounts::enter_profile(pool, account.0, &username, None, Secret::Password(&hash)).await? {
        return Err(SetupError::NameTaken(username));
    }
    let action = RosterAction::Open { role, must_change_password };
    let command = RosterCommand { by: Actor::SYSTEM, account, action };
    let executed = store.execute::<Roster>(ROSTER_ID, command, &Origin::new(Actor::SYSTEM)).await?;
    if let Executed::Refused(refusal) = executed {
        accounts::erase_profile(pool, account.0).await?;
        return Err(refusal.into());
    }
    Ok(NewUser { username, generated, recorded: recorded(executed) })
}

/// Gives a user a generated password, to be changed at the next sign-in.
///
/// # Errors
/// [`SetupError`].
pub async fn reset(pool: &Pool, store: &Store, username: &str) -> Result<NewUser, SetupError> {
    let username = username.trim().to_lowercase();
    let found = accounts::credentials(pool, &username).await?;
    let account = AccountId(found.ok_or_else(|| SetupError::NoSuchUser(username.clone()))?.account);
    let generated = password::generate();
    let hash = password::hash(generated.clone()).await?;
    let command = RosterCommand { by: Actor::SYSTEM, account, action: RosterAction::ResetPassword };
    let executed = store.execute::<Roster>(ROSTER_ID, command, &Origin::new(Actor::SYSTEM)).await?;
    if let Executed::Refused(refusal) = executed {
        return Err(refusal.into());
    }
    accounts::set_password_hash(pool, account.0, &hash).await?;
    Ok(NewUser { username, generated: Some(generated), recorded: recorded(executed) })
}

fn recorded(executed: Executed<RosterError>) -> Option<Committed> {
    match executed {
        Executed::Committed(committed) | Executed::Repeated(committed) => Some(committed),
        Executed::Unchanged | Executed::Refused(_) | Executed::CommandReused => None,
    }
}
