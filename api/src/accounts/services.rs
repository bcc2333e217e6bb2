//! Accounts of programs and their keys.

use super::{account_of, check_names, forget_unless_opened};
use crate::context::{Services, acting};
use crate::error::{ApiError, UserError};
use crate::mutation;
use crate::page::{Listed, MAX_PAGE, Page, Window, global_id, local_id, page};
use crate::people::{Person, Role, User};
use crate::session::new_key;
use aegis_aggregates::ids::{AccountId, ApiKeyId};
use aegis_aggregates::roster::{self, ROSTER_ID, Roster, RosterAction, RosterCommand, RosterError};
use aegis_aggregates::text;
use aegis_projections::accounts::{self, AccountFilter, Secret};
use aegis_projections::api_keys::{self, KeyRecord};
use aegis_projections::store::Executed;
use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::{Context, Enum, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Characters of a key's label at most.
const LABEL_CHARS: usize = 100;

/// What a key may be used for, within the role of its account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[graphql(remote = "roster::KeyScope")]
pub enum KeyScope {
    /// Queries, subscriptions and downloads.
    Read,
    /// Everything its account's role allows.
    Write,
}

/// A key of a service account; never the secret part of it.
#[derive(Clone)]
pub struct ApiKey(KeyRecord);

#[Object]
impl ApiKey {
    async fn id(&self) -> ID {
        global_id("ApiKey", self.0.key)
    }
    /// What it is called; null once it has ended before its time.
    async fn label(&self) -> Option<&str> {
        self.0.label.as_deref()
    }
    async fn scope(&self) -> KeyScope {
        roster::KeyScope::parse(&self.0.scope).unwrap_or(roster::KeyScope::Read).into()
    }
    async fn issued_by(&self) -> Person {
        Person(self.0.issued_by)
    }
    async fn issued_at(&self) -> DateTime<Utc> {
        self.0.issued_at
    }
    async fn expires_at(&self) -> DateTime<Utc> {
        self.0.expires_at
    }
    async fn revoked_by(&self) -> Option<Person> {
        self.0.revoked_by.map(Person)
    }
    async fn revoked_at(&self) -> Option<DateTime<Utc>> {
        self.0.revoked_at
    }
    /// When it was last used, to the minute.
    async fn last_used_at(&self) -> Option<DateTime<Utc>> {
        self.0.last_used_at
    }
    /// From where it was last used.
    async fn last_used_from(&self) -> Option<&str> {
        self.0.last_used_from.as_deref()
    }
    /// Whether it may be used now, its account being active.
    async fn usable(&self) -> bool {
        self.0.revoked_at.is_none() && self.0.expires_at > Utc::now()
    }
}

/// The account of a program.
pub struct ServiceAccount(User);

#[Object]
impl ServiceAccount {
    async fn id(&self) -> ID {
        global_id("User", self.0.0.account)
    }
    async fn name(&self) -> &str {
        self.0.0.username.as_deref().unwrap_or_default()
    }
    /// What it is for.
    async fn description(&self) -> Option<&str> {
        self.0.0.display_name.as_deref()
    }
    async fn role(&self) -> Role {
        self.0.0.role().into()
    }
    async fn active(&self) -> bool {
        self.0.0.active
    }
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.0.opened_at
    }
    /// Its keys, newest first, those that have ended too.
    #[graphql(complexity = "crate::page::list_weight(20, child_complexity)")]
    async fn keys(&self, ctx: &Context<'_>) -> Result<Vec<ApiKey>, ApiError> {
        let loader = ctx.data_unchecked::<DataLoader<KeysOf>>();
        Ok(loader.load_one(self.0.0.account).await?.unwrap_or_default())
    }
}

/// Keys of several service accounts at once.
pub struct KeysOf(pub aegis_projections::Pool);

impl Loader<Uuid> for KeysOf {
    type Value = Vec<ApiKey>;
    type Error = Arc<aegis_projections::DatabaseError>;

    async fn load(&self, accounts: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Self::Error> {
        let mut keys: HashMap<Uuid, Vec<ApiKey>> = HashMap::new();
        for key in api_keys::of_accounts(&self.0, accounts).await? {
            keys.entry(key.account).or_default().push(ApiKey(key));
        }
        Ok(keys)
    }
}

/// A new account for a program.
#[derive(InputObject, Serialize)]
pub struct CreateServiceAccountInput {
    /// As user names are: a-z, 0-9, dot, dash, underscore and @.
    name: String,
    /// What it is for.
    description: Option<String>,
    role: Role,
    client_mutation_id: Option<Uuid>,
}

/// A new key.
#[derive(InputObject, Serialize)]
pub struct IssueApiKeyInput {
    /// The service account.
    id: ID,
    /// What it is called: at most 100 characters.
    label: String,
    scope: KeyScope,
    /// Within 366 days.
    expires_at: DateTime<Utc>,
    client_mutation_id: Option<Uuid>,
}

/// A key to be ended before its time.
#[derive(InputObject, Serialize)]
pub struct RevokeApiKeyInput {
    id: ID,
    client_mutation_id: Option<Uuid>,
}

mutation::payload!(
    /// The new account.
    CreateServiceAccountPayload { service_account: Option<ServiceAccount> }
);
mutation::payload!(
    /// The key, and what its program presents as a bearer token: shown once, kept nowhere.
    IssueApiKeyPayload { key: Option<ApiKey>, token: Option<String> }
);
mutation::payload!(
    /// The key as it is now.
    RevokeApiKeyPayload { key: Option<ApiKey> }
);

#[derive(Default)]
pub struct ServiceAccountQuery;

#[Object]
impl ServiceAccountQuery {
    /// Accounts of programs, by name.
    #[graphql(complexity = "crate::page::weight(first, child_complexity)")]
    async fn service_accounts(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        search: Option<String>,
    ) -> Result<Page<ServiceAccount>, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let window = Window::<String>::parse(first, after, MAX_PAGE)?;
        let filter = AccountFilter { search: search.as_deref(), active_only: false, service: true };
        let (found, total_count) =
            accounts::list(&services.pool, filter, window.after.as_deref(), window.limit()).await?;
        let listed = Listed::all(total_count, services.tide.position());
        let found = found.into_iter().map(|account| ServiceAccount(User(account))).collect();
        page(&window, found, listed, |account| {
            let account = &account.0.0;
            account.username.clone().unwrap_or_else(|| account.account.to_string())
        })
    }
}

#[derive(Default)]
pub struct ServiceAccountMutation;

#[Object]
impl ServiceAccountMutation {
    /// Opens an account for a program. It gets in with keys; roles, closing and opening work as for people.
    async fn create_service_account(
        &self,
        ctx: &Context<'_>,
        input: CreateServiceAccountInput,
    ) -> Result<CreateServiceAccountPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let name = input.name.trim().to_lowercase();
        let description = input.description.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let origin = mutation::origin(ctx, "createServiceAccount", input.client_mutation_id, &input)?;
        if let Some(first) = services.store.repeated(&origin).await? {
            let written = mutation::settle::<RosterError>(services, first).await?;
            let found = accounts::by_usernames(&services.pool, &[name]).await?;
            let found = match found.first().filter(|_| written.accepted()) {
                Some((_, id)) => {
                    accounts::by_id(&services.pool, *id).await?.map(|it| ServiceAccount(User(it)))
                }
                None => None,
            };
            return Ok(CreateServiceAccountPayload::written(written, found));
        }
        let errors = check_names("name", &name, description);
        if !errors.is_empty() {
            return Ok(CreateServiceAccountPayload::refused(errors));
        }
        let account = AccountId(Uuid::now_v7());
        if !accounts::enter_profile(&services.pool, account.0, &name, description, Secret::Keys).await? {
            let taken = UserError::invalid("name", "this name is taken");
            return Ok(CreateServiceAccountPayload::refused(vec![taken]));
        }
        let action = RosterAction::OpenService { role: input.role.into() };
        let command = RosterCommand { by: actor, account, action };
        let executed = services.store.execute::<Roster>(ROSTER_ID, command, &origin).await?;
        forget_unless_opened(services, account, &executed).await?;
        let written = mutation::settle(services, executed).await?;
        let opened = accounts::by_id(&services.pool, account.0).await?;
        let opened = opened.map(|account| ServiceAccount(User(account)));
        Ok(CreateServiceAccountPayload::written(written, opened))
    }

    /// Gives a service account one more key, of 20 at most.
    async fn issue_api_key(
        &self,
        ctx: &Context<'_>,
        input: IssueApiKeyInput,
    ) -> Result<IssueApiKeyPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let account = account_of(&input.id)?;
        let label = match text::required("label", &input.label, LABEL_CHARS) {
            Ok(label) => label,
            Err(error) => {
                return Ok(IssueApiKeyPayload::refused(vec![UserError::invalid("label", error.to_string())]));
            }
        };
        let held = accounts::by_id(&services.pool, account.0).await?;
        if held.is_none_or(|held| !held.service) {
            return Err(ApiError::NotFound("service account"));
        }
        let origin = mutation::origin(ctx, "issueApiKey", input.client_mutation_id, &input)?;
        if let Some(first) = services.store.repeated::<RosterError>(&origin).await? {
            // The secret was shown once; which key it was, the list of keys says.
            let written = mutation::settle(services, first).await?;
            return Ok(IssueApiKeyPayload::written(written, None));
        }
        let key = ApiKeyId(Uuid::now_v7());
        let (token, hash) = new_key(key.0);
        let action = RosterAction::IssueKey {
            key,
            scope: input.scope.into(),
            expires_at: input.expires_at,
            at: Utc::now(),
        };
        api_keys::enter(&services.pool, key.0, account.0, &label, &hash).await?;
        let command = RosterCommand { by: actor, account, action };
        let executed = services.store.execute::<Roster>(ROSTER_ID, command, &origin).await?;
        if !matches!(executed, Executed::Committed(_)) {
            api_keys::forget(&services.pool, key.0).await?;
        }
        let written = mutation::settle(services, executed).await?;
        let issued = api_keys::by_id(&services.pool, key.0).await?.map(ApiKey);
        let token = Some(token).filter(|_| written.accepted());
        let mut payload = IssueApiKeyPayload::written(written, issued);
        payload.token = token;
        Ok(payload)
    }

    /// Ends a key before its time: it is worth nothing from the next request on.
    async fn revoke_api_key(
        &self,
        ctx: &Context<'_>,
        input: RevokeApiKeyInput,
    ) -> Result<RevokeApiKeyPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let unknown = || ApiError::NotFound("API key");
        let id: Uuid = local_id(&input.id, "ApiKey").and_then(|id| id.parse().ok()).ok_or_else(unknown)?;
        let held = api_keys::by_id(&services.pool, id).await?.ok_or_else(unknown)?;
        let action = RosterAction::RevokeKey { key: ApiKeyId(id) };
        let command = RosterCommand { by: actor, account: AccountId(held.account), action };
        let written = mutation::execute::<Roster>(
            ctx,
            ROSTER_ID,
            command,
            "revokeApiKey",
            input.client_mutation_id,
            &input,
        )
        .await?;
        if written.accepted() {
            api_keys::forget(&services.pool, id).await?;
            services.sessions_changed(held.account).await;
        }
        let now = api_keys::by_id(&services.pool, id).await?.map(ApiKey);
        Ok(RevokeApiKeyPayload::written(written, now))
    }
}
