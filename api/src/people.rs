//! People: as admins see accounts, and as everybody sees who did what.

use crate::context::Services;
use crate::error::ApiError;
use crate::page::global_id;
use aegis_aggregates::actor::Role as DomainRole;
use aegis_aggregates::ids::AccountId;
use aegis_projections::accounts::{self, AccountRecord};
use aegis_projections::{DatabaseError, Pool};
use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::{Context, Enum, ID, Object};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, serde::Serialize)]
#[graphql(remote = "DomainRole")]
pub enum Role {
    /// Everything.
    Admin,
    /// Runs the red team.
    RedLead,
    /// Runs the blue team.
    BlueLead,
    /// Attacks.
    RedTech,
    /// Detects.
    BlueTech,
    /// Reads.
    Viewer,
}

/// How the interface looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, serde::Serialize)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// An account, as its person and admins see it.
pub struct User(pub AccountRecord);

#[Object]
impl User {
    pub async fn id(&self) -> ID {
        global_id("User", self.0.account)
    }

    /// The name it signs in with; empty once erased.
    async fn username(&self) -> &str {
        self.0.username.as_deref().unwrap_or_default()
    }

    /// The name others see, where one was chosen; a program is called by its user name.
    async fn display_name(&self) -> Option<&str> {
        self.0.display_name.as_deref().filter(|_| !self.0.service)
    }

    async fn role(&self) -> Role {
        self.0.role().into()
    }

    /// Whether it may sign in.
    async fn active(&self) -> bool {
        self.0.active
    }

    async fn must_change_password(&self) -> bool {
        self.0.must_change_password
    }

    async fn created_at(&self) -> DateTime<Utc> {
        self.0.opened_at
    }

    /// Where its person gets mail.
    async fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// IANA name of the time zone its person lives in; null where none was chosen.
    async fn time_zone(&self) -> Option<&str> {
        self.0.time_zone.as_deref()
    }

    /// How the interface looks; null follows the system.
    async fn theme(&self) -> Option<Theme> {
        [Theme::Light, Theme::Dark].into_iter().find(|theme| Some(theme.as_str()) == self.0.theme.as_deref())
    }

    /// Whether a code is asked for at its sign-in.
    async fn second_factor(&self) -> bool {
        self.0.second_factor
    }

    /// Whether it belongs to a program.
    async fn service(&self) -> bool {
        self.0.service
    }

    /// Whether its person was erased.
    async fn erased(&self) -> bool {
        self.0.erased
    }

    async fn last_sign_in_at(&self) -> Option<DateTime<Utc>> {
        self.0.last_sign_in_at
    }
}

/// Somebody who did something. Erased people read "former user", the machine
/// itself "system".
#[derive(Debug, Clone, Copy)]
pub struct Person(pub Uuid);

#[Object]
impl Person {
    /// The id of the account.
    async fn id(&self) -> ID {
        global_id("User", self.0)
    }

    async fn name(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        if self.0 == AccountId::SYSTEM.0 {
            return Ok("system".to_owned());
        }
        let account = self.account(ctx).await?;
        let name = account.and_then(|account| {
            // What a program is for is no name.
            let shown = account.display_name.clone().filter(|_| !account.service);
            shown.or_else(|| account.username.clone())
        });
        Ok(name.unwrap_or_else(|| "former user".to_owned()))
    }

    /// What mentions it in a comment after an @: the name it signs in with. Null where nothing does: for the
    /// erased, for the machine, and for a name with an @ in it, which might be a mail address.
    async fn username(&self, ctx: &Context<'_>) -> Result<Option<String>, ApiError> {
        let name = self.account(ctx).await?.and_then(|account| account.username.clone());
        Ok(name.filter(|name| crate::comments::can_be_mentioned(name)))
    }

    /// The role held now.
    async fn role(&self, ctx: &Context<'_>) -> Result<Option<Role>, ApiError> {
        Ok(self.account(ctx).await?.map(|account| account.role().into()))
    }
}

impl Person {
    /// The name it signs in with; "former user" once erased.
    pub(crate) async fn handle(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        let name = self.account(ctx).await?.and_then(|account| account.username.clone());
        Ok(name.unwrap_or_else(|| "former user".to_owned()))
    }

    async fn account(&self, ctx: &Context<'_>) -> Result<Option<Arc<AccountRecord>>, ApiError> {
        Ok(ctx.data_unchecked::<DataLoader<Accounts>>().load_one(self.0).await?)
    }
}

/// The account that an opaque id names, if there is one.
///
/// # Errors
/// The database failed.
pub(crate) async fn account_named(services: &Services, id: &ID) -> Result<Option<AccountId>, ApiError> {
    let Ok(account) = crate::accounts::account_of(id) else {
        return Ok(None);
    };
    Ok(accounts::by_id(&services.pool, account.0).await?.map(|_| account))
}

/// Loads accounts of one request together.
pub struct Accounts(pub Pool);

impl Loader<Uuid> for Accounts {
    type Value = Arc<AccountRecord>;
    type Error = Arc<DatabaseError>;

    async fn load(&self, keys: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Self::Error> {
        let found = accounts::by_ids(&self.0, keys).await.map_err(Arc::new)?;
        Ok(found.into_iter().map(|account| (account.account, Arc::new(account))).collect())
    }
}
