//! Accounts, for admins: list, create, change, deactivate, reset.

mod erasure;
mod profile;
mod services;

pub use erasure::ErasureMutation;
pub use profile::ProfileMutation;
pub use services::{KeysOf, ServiceAccountMutation, ServiceAccountQuery};

use crate::context::{Services, Viewer, acting};
use crate::error::{ApiError, UserError};
use crate::noted::{Noted, note};
use crate::page::{Listed, MAX_PAGE, Page, Window, local_id, page};
use crate::people::{Person, Role, User};
use crate::{mutation, password};
use aegis_aggregates::actor::Role as DomainRole;
use aegis_aggregates::ids::AccountId;
use aegis_aggregates::roster::{ROSTER_ID, Roster, RosterAction, RosterCommand, RosterError};
use aegis_projections::accounts::{self, AccountFilter, ProfileChange, Secret};
use aegis_projections::store::Executed;
use async_graphql::{Context, ID, InputObject, Object};
use serde::Serialize;
use uuid::Uuid;

/// Characters of a user name at most.
const USERNAME_CHARS: usize = 64;
/// Characters of a shown name at most.
const DISPLAY_NAME_CHARS: usize = 100;
/// Characters of a mail address at most (RFC 5321, 4.5.3.1.3).
const EMAIL_CHARS: usize = 254;
/// People offered as assignees at most.
const MAX_PEOPLE: i64 = 1_000;

const ACTIVE_PEOPLE: AccountFilter<'_> = AccountFilter { search: None, active_only: true, service: false };

#[derive(Default)]
pub struct AccountQuery;

#[Object]
impl AccountQuery {
    /// Accounts of people, by user name.
    #[graphql(complexity = "crate::page::weight(first, child_complexity)")]
    async fn users(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        search: Option<String>,
    ) -> Result<Page<User>, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let window = Window::<String>::parse(first, after, MAX_PAGE)?;
        let filter = AccountFilter { search: search.as_deref(), ..AccountFilter::default() };
        let (found, total_count) =
            accounts::list(&services.pool, filter, window.after.as_deref(), window.limit()).await?;
        let listed = Listed::all(total_count, services.tide.position());
        page(&window, found.into_iter().map(User).collect(), listed, |user| {
            user.0.username.clone().unwrap_or_else(|| user.0.account.to_string())
        })
    }

    /// Active people, to whom a test can be assigned; at most 1,000.
    async fn people(&self, ctx: &Context<'_>) -> Result<Vec<Person>, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let (found, _) = accounts::list(&services.pool, ACTIVE_PEOPLE, None, MAX_PEOPLE).await?;
        Ok(found.into_iter().map(|account| Person(account.account)).collect())
    }
}

/// A new account.
#[derive(InputObject, Serialize)]
pub struct CreateUserInput {
    username: String,
    display_name: Option<String>,
    /// Where the person gets mail.
    email: Option<String>,
    role: Role,
    /// Left out, one is generated and shown once. Either way it must be changed at the first sign-in.
    #[graphql(secret)]
    #[serde(skip)]
    password: Option<String>,
    client_mutation_id: Option<Uuid>,
}

/// Changes of an account; what is left out stays.
#[derive(InputObject, Serialize)]
pub struct UpdateUserInput {
    id: ID,
    /// Empty takes it away.
    display_name: Option<String>,
    /// Empty takes it away.
    email: Option<String>,
    role: Option<Role>,
    client_mutation_id: Option<Uuid>,
}

/// An account to be closed or opened again.
#[derive(InputObject, Serialize)]
pub struct SetUserActiveInput {
    id: ID,
    client_mutation_id: Option<Uuid>,
}

/// An account that needs a new password.
#[derive(InputObject, Serialize)]
pub struct ResetUserPasswordInput {
    id: ID,
    client_mutation_id: Option<Uuid>,
}

mutation::payload!(
    /// The new account, and its password where it was generated: shown once, kept nowhere.
    CreateUserPayload { user: Option<User>, generated_password: Option<String> }
);
mutation::payload!(
    /// The account as it is now.
    UpdateUserPayload { user: Option<User> }
);
mutation::payload!(
    /// The account as it is now.
    SetUserActivePayload { user: Option<User> }
);
mutation::payload!(
    /// The account and its new password: shown once, kept nowhere.
    ResetUserPasswordPayload { user: Option<User>, generated_password: Option<String> }
);

#[derive(Default)]
pub struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Opens an account.
    async fn create_user(
        &self,
        ctx: &Context<'_>,
        input: CreateUserInput,
    ) -> Result<CreateUserPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let username = input.username.trim().to_lowercase();
        let display_name = input.display_name.as_deref().map(str::trim).filter(|name| !name.is_empty());
        let origin = mutation::origin(ctx, "createUser", input.client_mutation_id, &input)?;
        if let Some(first) = services.store.repeated(&origin).await? {
            let written = mutation::settle::<RosterError>(services, first).await?;
            let user = account_named(services, &username).await?.filter(|_| written.accepted());
            return Ok(CreateUserPayload::written(written, user));
        }
        let email = input.email.as_deref().map(str::trim).filter(|email| !email.is_empty());
        let mut errors = check_names("username", &username, display_name);
        errors.extend(check_email(email));
        let generated = input.password.is_none().then(password::generate);
        let chosen = input.password.clone().or_else(|| generated.clone()).unwrap_or_default();
        if let Err(error) = password::check(&chosen, &username) {
            errors.push(UserError::invalid("password", error.to_string()));
        }
        if !errors.is_empty() {
            return Ok(CreateUserPayload::refused(errors));
        }
        let hash = password::hash(chosen).await.map_err(|error| ApiError::Internal(Box::new(error)))?;
        let account = AccountId(Uuid::now_v7());
        if !accounts::enter_profile(
            &services.pool,
            account.0,
            &username,
            display_name,
            Secret::Password(&hash),
        )
        .await?
        {
            return Ok(CreateUserPayload::refused(vec![UserError::invalid(
                "username",
                "this user name is taken",
            )]));
        }
        if let Some(email) = email {
            let change = ProfileChange { email: Some(Some(email.to_owned())), ..ProfileChange::default() };
            accounts::change_profile(&services.pool, account.0, &change).await?;
        }
        let action = RosterAction::Open { role: input.role.into(), must_change_password: true };
        let command = RosterCommand { by: actor, account, action };
        let executed = services.store.execute::<Roster>(ROSTER_ID, command, &origin).await?;
        forget_unless_opened(services, account, &executed).await?;
        let written = mutation::settle(services, executed).await?;
        let user = accounts::by_id(&services.pool, account.0).await?.map(User);
        let mut payload = CreateUserPayload::written(written, user);
        payload.generated_password = generated.filter(|_| payload.user_errors.is_empty());
        Ok(payload)
    }

    /// Changes role or shown name.
    async fn update_user(
        &self,
        ctx: &Context<'_>,
        input: UpdateUserInput,
    ) -> Result<UpdateUserPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let account = account_of(&input.id)?;
        let email = input.email.as_deref().map(str::trim);
        let display_name = input.display_name.as_deref().map(str::trim);
        let errors: Vec<_> = check_display_name(display_name).into_iter().chain(check_email(email)).collect();
        if !errors.is_empty() {
            return Ok(UpdateUserPayload::refused(errors));
        }
        let mut written = mutation::Written::default();
        if let Some(role) = input.role {
            let command = RosterCommand {
                by: actor,
                account,
                action: RosterAction::ChangeRole { role: DomainRole::from(role) },
            };
            let id = input.client_mutation_id;
            written = mutation::execute::<Roster>(ctx, ROSTER_ID, command, "updateUser", id, &input).await?;
            services.sessions_changed(account.0).await;
        }
        if written.accepted() && (display_name.is_some() || email.is_some()) {
            let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            let change = ProfileChange {
                display_name: display_name.map(given),
                email: email.map(given),
                ..ProfileChange::default()
            };
            accounts::change_profile(&services.pool, account.0, &change).await?;
            let noted = Noted::allowed("updateUser").about("User", account.0);
            note(services, ctx.data_unchecked::<Viewer>(), noted).await?;
        }
        let user = accounts::by_id(&services.pool, account.0).await?.ok_or(ApiError::NotFound("user"))?;
        Ok(UpdateUserPayload::written(written, Some(User(user))))
    }

    /// Closes an account; its history stays, its sessions end.
    async fn deactivate_user(
        &self,
        ctx: &Context<'_>,
        input: SetUserActiveInput,
    ) -> Result<SetUserActivePayload, ApiError> {
        set_active(ctx, input, RosterAction::Deactivate, "deactivateUser").await
    }

    /// Opens a closed account again; its person must sign in anew.
    async fn reactivate_user(
        &self,
        ctx: &Context<'_>,
        input: SetUserActiveInput,
    ) -> Result<SetUserActivePayload, ApiError> {
        set_active(ctx, input, RosterAction::Reactivate, "reactivateUser").await
    }

    /// Gives an account a generated password, which must be changed at the next sign-in; its sessions end.
    async fn reset_user_password(
        &self,
        ctx: &Context<'_>,
        input: ResetUserPasswordInput,
    ) -> Result<ResetUserPasswordPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let account = account_of(&input.id)?;
        if accounts::by_id(&services.pool, account.0).await?.is_none() {
            return Err(ApiError::NotFound("user"));
        }
        let origin = mutation::origin(ctx, "resetUserPassword", input.client_mutation_id, &input)?;
        if let Some(first) = services.store.repeated::<RosterError>(&origin).await? {
            // The password was shown once; another one would make that one worthless.
            let written = mutation::settle(services, first).await?;
            let user = accounts::by_id(&services.pool, account.0).await?.map(User);
            return Ok(ResetUserPasswordPayload::written(written, user));
        }
        let generated = password::generate();
        let hash =
            password::hash(generated.clone()).await.map_err(|error| ApiError::Internal(Box::new(error)))?;
        let command = RosterCommand { by: actor, account, action: RosterAction::ResetPassword };
        let executed = services.store.execute::<Roster>(ROSTER_ID, command, &origin).await?;
        let written = mutation::settle(services, executed).await?;
        let accepted = written.accepted();
        if accepted {
            accounts::set_password_hash(&services.pool, account.0, &hash).await?;
            services.sessions_changed(account.0).await;
        }
        let user = accounts::by_id(&services.pool, account.0).await?.map(User);
        let mut payload = ResetUserPasswordPayload::written(written, user);
        payload.generated_password = accepted.then_some(generated);
        Ok(payload)
    }
}

async fn set_active(
    ctx: &Context<'_>,
    input: SetUserActiveInput,
    action: RosterAction,
    kind: &'static str,
) -> Result<SetUserActivePayload, ApiError> {
    let (services, actor) = acting(ctx)?;
    let account = account_of(&input.id)?;
    let command = RosterCommand { by: actor, account, action };
    let origin = mutation::origin(ctx, kind, input.client_mutation_id, &input)?;
    if action == RosterAction::Reactivate {
        // Before it is open: a deactivation that was cut short has left its sessions waiting for this.
        accounts::end_sessions_of_closed(&services.pool, account.0).await?;
    }
    let executed = services.store.execute::<Roster>(ROSTER_ID, command, &origin).await?;
    if action == RosterAction::Deactivate && matches!(executed, Executed::Committed(_)) {
        accounts::end_sessions(&services.pool, account.0).await?;
    }
    let written = mutation::settle(services, executed).await?;
    services.sessions_changed(account.0).await;
    let user = accounts::by_id(&services.pool, account.0).await?.ok_or(ApiError::NotFound("user"))?;
    Ok(SetUserActivePayload::written(written, Some(User(user))))
}

/// Nobody was let in under this name after all, where the account was not opened.
async fn forget_unless_opened(
    services: &Services,
    account: AccountId,
    executed: &Executed<RosterError>,
) -> Result<(), ApiError> {
    if !matches!(executed, Executed::Committed(_)) {
        accounts::erase_profile(&services.pool, account.0).await?;
    }
    Ok(())
}

async fn account_named(services: &Services, username: &str) -> Result<Option<User>, ApiError> {
    let Some(found) = accounts::credentials(&services.pool, username).await? else {
        return Ok(None);
    };
    Ok(accounts::by_id(&services.pool, found.account).await?.map(User))
}

/// The account an id names.
pub fn account_of(id: &ID) -> Result<AccountId, ApiError> {
    local_id(id, "User").and_then(|id| id.parse().ok()).ok_or(ApiError::NotFound("user"))
}

/// Whether a text can be a user name: plain lower-case ASCII, so that no two look alike.
pub fn is_username(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_' | '@');
    !text.is_empty() && text.len() <= USERNAME_CHARS && text.chars().all(plain)
}

fn check_names(field: &str, username: &str, display_name: Option<&str>) -> Vec<UserError> {
    let mut errors = vec![];
    if !is_username(username) {
        errors.push(UserError::invalid(
            field,
            format!("a user name has 1 to {USERNAME_CHARS} of a-z, 0-9, dot, dash, underscore and @"),
        ));
    }
    errors.extend(check_display_name(display_name));
    errors
}

fn check_display_name(name: Option<&str>) -> Option<UserError> {
    let wrong = name.is_some_and(|name| !fits_display_name(name));
    wrong.then(|| {
        let why = format!("a name has at most {DISPLAY_NAME_CHARS} characters and no control characters");
        UserError::invalid("displayName", why)
    })
}

/// Whether a text can be shown as a name.
pub fn fits_display_name(name: &str) -> bool {
    name.chars().count() <= DISPLAY_NAME_CHARS && !name.chars().any(char::is_control)
}

fn check_email(email: Option<&str>) -> Option<UserError> {
    let wrong = email.is_some_and(|email| !email.is_empty() && !fits_email(email));
    wrong.then(|| UserError::invalid("email", "this is not a mail address"))
}

/// Whether a text can be a mail address. Whether mail gets there is found out by sending it; that the text breaks out
/// of no header is seen here.
pub fn fits_email(email: &str) -> bool {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>(),;:\"[]\\".contains(c);
    let parts = email.rsplit_once('@');
    let whole =
        parts.is_some_and(|(name, host)| !name.is_empty() && !name.contains('@') && host.contains('.'));
    email.len() <= EMAIL_CHARS && email.chars().all(plain) && whole
}
