//! The accounts of an installation and their roles.
//!
//! One aggregate holds them all, because the rule that an active admin must
//! remain is a rule over the set. Names, mail addresses, password hashes and
//! the secrets of keys are not here: they live in tables that can be erased,
//! events cannot.
//!
//! A service account belongs to a program. It has no password; its keys say
//! who it is, each with a scope and an end.

use crate::actor::{Actor, Role};
use crate::ids::{AccountId, ApiKeyId};
use crate::refusal::{Refusal, RefusalKind};
use chrono::{DateTime, Duration, Utc};
use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The id of the only roster.
pub const ROSTER_ID: &str = "roster";
/// Keys of one service account that are not revoked, at most: some to use, some to change to.
pub const KEYS_PER_ACCOUNT: usize = 20;
/// How long a key lives at most.
pub const LONGEST_KEY: Duration = Duration::days(366);

/// What a key may be used for, within the role of its account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyScope {
    /// Queries, subscriptions and downloads.
    Read,
    /// Everything its account's role allows.
    Write,
}

impl KeyScope {
    /// The scope as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    /// The scope of that stored name, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Read, Self::Write].into_iter().find(|scope| scope.as_str() == name)
    }
}

/// A wish about one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterCommand {
    /// Who asks.
    pub by: Actor,
    /// The account concerned.
    pub account: AccountId,
    /// What is to be done with it.
    pub action: RosterAction,
}

/// What can be done with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RosterAction {
    /// Opens it.
    Open {
        /// The role it starts with.
        role: Role,
        /// Whether the first password must be changed before anything else.
        must_change_password: bool,
    },
    /// Gives it another role.
    ChangeRole {
        /// The new role.
        role: Role,
    },
    /// Closes it for its person; its history stays.
    Deactivate,
    /// Opens it again.
    Reactivate,
    /// Somebody else gave it a new password.
    ResetPassword,
    /// Its person chose a new password.
    ChangePassword,
    /// Opens it for a program.
    OpenService {
        /// The role it starts with.
        role: Role,
    },
    /// Gives a service account one more key.
    IssueKey {
        /// The key.
        key: ApiKeyId,
        /// What it may be used for.
        scope: KeyScope,
        /// When it ends.
        expires_at: DateTime<Utc>,
        /// When this is asked, by the server's clock.
        at: DateTime<Utc>,
    },
    /// Ends a key before its time.
    RevokeKey {
        /// The key.
        key: ApiKeyId,
    },
    /// Its person proved to have a second factor.
    AddSecondFactor,
    /// It has no second factor any more.
    RemoveSecondFactor,
    /// Its person is to be forgotten: from now on it is a former user's.
    Erase,
}

/// What happened to an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RosterEvent {
    /// An account was opened.
    AccountOpened {
        /// The account.
        account: AccountId,
        /// Its role.
        role: Role,
        /// Whether its first password must be changed.
        must_change_password: bool,
    },
    /// An account got another role.
    RoleChanged {
        /// The account.
        account: AccountId,
        /// The role before.
        from: Role,
        /// The role now.
        to: Role,
    },
    /// An account was closed.
    AccountDeactivated {
        /// The account.
        account: AccountId,
    },
    /// An account was opened again.
    AccountReactivated {
        /// The account.
        account: AccountId,
    },
    /// An account got a password from somebody else and must change it.
    PasswordReset {
        /// The account.
        account: AccountId,
    },
    /// The person of an account chose a new password.
    PasswordChanged {
        /// The account.
        account: AccountId,
    },
    /// An account was opened for a program.
    ServiceAccountOpened {
        /// The account.
        account: AccountId,
        /// Its role.
        role: Role,
    },
    /// A service account got a key.
    KeyIssued {
        /// The account.
        account: AccountId,
        /// The key.
        key: ApiKeyId,
        /// What it may be used for.
        scope: KeyScope,
        /// When it ends.
        expires_at: DateTime<Utc>,
    },
    /// A key was ended before its time.
    KeyRevoked {
        /// The account.
        account: AccountId,
        /// The key.
        key: ApiKeyId,
    },
    /// An account has a second factor from now on.
    SecondFactorAdded {
        /// The account.
        account: AccountId,
    },
    /// An account has no second factor any more.
    SecondFactorRemoved {
        /// The account.
        account: AccountId,
    },
    /// Who an account belonged to was forgotten.
    PersonErased {
        /// The account.
        account: AccountId,
    },
}

impl DomainEvent for RosterEvent {
    fn event_type(&self) -> String {
        match self {
            Self::AccountOpened { .. } => "AccountOpened",
            Self::RoleChanged { .. } => "RoleChanged",
            Self::AccountDeactivated { .. } => "AccountDeactivated",
            Self::AccountReactivated { .. } => "AccountReactivated",
            Self::PasswordReset { .. } => "PasswordReset",
            Self::PasswordChanged { .. } => "PasswordChanged",
            Self::ServiceAccountOpened { .. } => "ServiceAccountOpened",
            Self::KeyIssued { .. } => "KeyIssued",
            Self::KeyRevoked { .. } => "KeyRevoked",
            Self::SecondFactorAdded { .. } => "SecondFactorAdded",
            Self::SecondFactorRemoved { .. } => "SecondFactorRemoved",
            Self::PersonErased { .. } => "PersonErased",
        }
        .to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

/// Why a wish about an account is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RosterError {
    /// The account was opened before.
    #[error("the account exists already")]
    AlreadyOpen,
    /// There is no such account.
    #[error("there is no such account")]
    NoSuchAccount,
    /// It is closed already.
    #[error("the account is deactivated already")]
    AlreadyInactive,
    /// It is open already.
    #[error("the account is active already")]
    AlreadyActive,
    /// Without it nobody could administer.
    #[error("the last active admin can be neither deactivated nor given another role")]
    LastAdmin,
    /// Nobody but its person changes a password; others reset it.
    #[error("only the account's own person changes its password")]
    NotOwnPassword,
    /// Programs have no password and no second factor.
    #[error("this is a service account: it has keys, and neither a password nor a second factor")]
    NotAPerson,
    /// People have no keys.
    #[error("only service accounts have keys")]
    NotAService,
    /// A closed account gets no key.
    #[error("the account is deactivated; reactivate it first")]
    Inactive,
    /// Whoever works is not forgotten.
    #[error("the account is active; deactivate it first")]
    StillActive,
    /// Nobody comes back who was forgotten.
    #[error("the person behind the account was erased")]
    Erased,
    /// There is no such key.
    #[error("the account has no such key")]
    NoSuchKey,
    /// The key ended before.
    #[error("the key is revoked already")]
    KeyRevoked,
    /// The key's id was used before.
    #[error("there is such a key already")]
    KeyExists,
    /// It has as many as it may.
    #[error("the account has {KEYS_PER_ACCOUNT} keys, the most it may have; revoke one first")]
    TooManyKeys,
    /// The key would never work, or for too long.
    #[error("a key ends after now and within {} days", LONGEST_KEY.num_days())]
    KeyLifetime,
    /// It has none.
    #[error("the account has no second factor")]
    NoSecondFactor,
}

impl Refusal for RosterError {
    fn kind(&self) -> RefusalKind {
        match self {
            Self::KeyLifetime => RefusalKind::InvalidInput,
            _ => RefusalKind::InvalidState,
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::LastAdmin => Some("role"),
            Self::KeyLifetime => Some("expiresAt"),
            Self::NoSuchAccount
            | Self::AlreadyInactive
            | Self::AlreadyActive
            | Self::NotAPerson
            | Self::NotAService
            | Self::Inactive
            | Self::StillActive
            | Self::Erased
            | Self::NoSuchKey
            | Self::KeyRevoked => Some("id"),
            Self::AlreadyOpen
            | Self::NotOwnPassword
            | Self::KeyExists
            | Self::TooManyKeys
            | Self::NoSecondFactor => None,
        }
    }
}

/// All accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    accounts: BTreeMap<AccountId, Account>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Account {
    role: Role,
    active: bool,
    service: bool,
    second_factor: bool,
    erased: bool,
    /// Whether each key still counts.
    keys: BTreeMap<ApiKeyId, bool>,
}

impl Account {
    fn opened(role: Role, service: bool) -> Self {
        Self { role, active: true, service, second_factor: false, erased: false, keys: BTreeMap::new() }
    }

    fn of_a_person(&self) -> Result<(), RosterError> {
        if self.service { Err(RosterError::NotAPerson) } else { Ok(()) }
    }
}

impl Roster {
    /// Whether no account was ever opened.
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }

    fn decide(&self, command: RosterCommand) -> Result<Option<RosterEvent>, RosterError> {
        use RosterAction as Do;
        let account = command.account;
        let Some(held) = self.accounts.get(&account) else {
            return match command.action {
                Do::Open { role, must_change_password } => {
                    Ok(Some(RosterEvent::AccountOpened { account, role, must_change_password }))
                }
                Do::OpenService { role } => Ok(Some(RosterEvent::ServiceAccountOpened { account, role })),
                _ => Err(RosterError::NoSuchAccount),
            };
        };
        match command.action {
            Do::Open { .. } | Do::OpenService { .. } => Err(RosterError::AlreadyOpen),
            Do::Erase if held.erased => Ok(None),
            _ if held.erased => Err(RosterError::Erased),
            Do::ChangeRole { role } if role == held.role => Ok(None),
            Do::ChangeRole { role } => {
                self.keep_an_admin_without(account)?;
                Ok(Some(RosterEvent::RoleChanged { account, from: held.role, to: role }))
            }
            Do::Deactivate if !held.active => Err(RosterError::AlreadyInactive),
            Do::Deactivate => {
                self.keep_an_admin_without(account)?;
                Ok(Some(RosterEvent::AccountDeactivated { account }))
            }
            Do::Reactivate if held.active => Err(RosterError::AlreadyActive),
            Do::Reactivate => Ok(Some(RosterEvent::AccountReactivated { account })),
            Do::ResetPassword => {
                held.of_a_person()?;
                Ok(Some(RosterEvent::PasswordReset { account }))
            }
            Do::ChangePassword if command.by.account != account => Err(RosterError::NotOwnPassword),
            Do::ChangePassword => {
                held.of_a_person()?;
                Ok(Some(RosterEvent::PasswordChanged { account }))
            }
            Do::IssueKey { key, scope, expires_at, at } => {
                self.may_issue(held, key, expires_at, at)?;
                Ok(Some(RosterEvent::KeyIssued { account, key, scope, expires_at }))
            }
            Do::RevokeKey { key } => match held.keys.get(&key) {
                None => Err(RosterError::NoSuchKey),
                Some(false) => Err(RosterError::KeyRevoked),
                Some(true) => Ok(Some(RosterEvent::KeyRevoked { account, key })),
            },
            Do::AddSecondFactor => {
                held.of_a_person()?;
                Ok((!held.second_factor).then_some(RosterEvent::SecondFactorAdded { account }))
            }
            Do::RemoveSecondFactor if !held.second_factor => Err(RosterError::NoSecondFactor),
            Do::RemoveSecondFactor => Ok(Some(RosterEvent::SecondFactorRemoved { account })),
            Do::Erase if held.active => Err(RosterError::StillActive),
            Do::Erase => Ok(Some(RosterEvent::PersonErased { account })),
        }
    }

    fn may_issue(
        &self,
        held: &Account,
        key: ApiKeyId,
        expires_at: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> Result<(), RosterError> {
        if !held.service {
            return Err(RosterError::NotAService);
        }
        if !held.active {
            return Err(RosterError::Inactive);
        }
        if self.accounts.values().any(|account| account.keys.contains_key(&key)) {
            return Err(RosterError::KeyExists);
        }
        if held.keys.values().filter(|counts| **counts).count() >= KEYS_PER_ACCOUNT {
            return Err(RosterError::TooManyKeys);
        }
        if expires_at <= at || expires_at > at + LONGEST_KEY {
            return Err(RosterError::KeyLifetime);
        }
        Ok(())
    }

    /// A service account that may do everything is no person who could let others in again.
    fn keep_an_admin_without(&self, account: AccountId) -> Result<(), RosterError> {
        let is_admin = |held: &Account| held.active && held.role == Role::Admin && !held.service;
        let leaves_one = self.accounts.iter().any(|(id, held)| *id != account && is_admin(held));
        let was_admin = self.accounts.get(&account).is_some_and(is_admin);
        if was_admin && !leaves_one { Err(RosterError::LastAdmin) } else { Ok(()) }
    }
}

impl Aggregate for Roster {
    const TYPE: &'static str = "roster";
    type Command = RosterCommand;
    type Event = RosterEvent;
    type Error = RosterError;
    type Services = ();

    async fn handle(
        &mut self,
        command: Self::Command,
        _services: &Self::Services,
        sink: &EventSink<Self>,
    ) -> Result<(), Self::Error> {
        if let Some(event) = self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Self::Event) {
        let mut change = |account: AccountId, change: &dyn Fn(&mut Account)| {
            self.accounts.entry(account).and_modify(change);
        };
        match event {
            RosterEvent::AccountOpened { account, role, .. } => {
                self.accounts.insert(account, Account::opened(role, false));
            }
            RosterEvent::ServiceAccountOpened { account, role } => {
                self.accounts.insert(account, Account::opened(role, true));
            }
            RosterEvent::RoleChanged { account, to, .. } => change(account, &|held| held.role = to),
            RosterEvent::AccountDeactivated { account } => change(account, &|held| held.active = false),
            RosterEvent::AccountReactivated { account } => change(account, &|held| held.active = true),
            RosterEvent::KeyIssued { account, key, .. } => change(account, &|held| {
                held.keys.insert(key, true);
            }),
            RosterEvent::KeyRevoked { account, key } => change(account, &|held| {
                held.keys.insert(key, false);
            }),
            RosterEvent::SecondFactorAdded { account } => change(account, &|held| held.second_factor = true),
            RosterEvent::SecondFactorRemoved { account } => {
                change(account, &|held| held.second_factor = false);
            }
            RosterEvent::PersonErased { account } => change(account, &|held| held.erased = true),
            RosterEvent::PasswordReset { .. } | RosterEvent::PasswordChanged { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests;
