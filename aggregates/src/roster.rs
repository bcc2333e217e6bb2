//! The accounts of an installation and their roles.
//!
//! One aggregate holds them all, because the rule that an active admin must
//! remain is a rule over the set. Names, mail addresses and password hashes
//! are not here: they live in tables that can be erased, events cannot.

use crate::actor::{Actor, Role};
use crate::ids::AccountId;
use crate::refusal::{Refusal, RefusalKind};
use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The id of the only roster.
pub const ROSTER_ID: &str = "roster";

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
}

impl Refusal for RosterError {
    fn kind(&self) -> RefusalKind {
        RefusalKind::InvalidState
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::LastAdmin => Some("role"),
            Self::NoSuchAccount | Self::AlreadyInactive | Self::AlreadyActive => Some("id"),
            Self::AlreadyOpen | Self::NotOwnPassword => None,
        }
    }
}

/// All accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    accounts: BTreeMap<AccountId, Account>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Account {
    role: Role,
    active: bool,
}

impl Roster {
    /// Whether no account was ever opened.
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }

    fn decide(&self, command: RosterCommand) -> Result<Option<RosterEvent>, RosterError> {
        use RosterAction as Do;
        let account = command.account;
        if let Do::Open { role, must_change_password } = command.action {
            return match self.accounts.get(&account) {
                Some(_) => Err(RosterError::AlreadyOpen),
                None => Ok(Some(RosterEvent::AccountOpened { account, role, must_change_password })),
            };
        }
        let held = self.accounts.get(&account).ok_or(RosterError::NoSuchAccount)?;
        match command.action {
            Do::Open { .. } => Err(RosterError::AlreadyOpen),
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
            Do::ResetPassword => Ok(Some(RosterEvent::PasswordReset { account })),
            Do::ChangePassword if command.by.account != account => Err(RosterError::NotOwnPassword),
            Do::ChangePassword => Ok(Some(RosterEvent::PasswordChanged { account })),
        }
    }

    fn keep_an_admin_without(&self, account: AccountId) -> Result<(), RosterError> {
        let is_admin = |held: &Account| held.active && held.role == Role::Admin;
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
        match event {
            RosterEvent::AccountOpened { account, role, .. } => {
                self.accounts.insert(account, Account { role, active: true });
            }
            RosterEvent::RoleChanged { account, to, .. } => {
                self.accounts.entry(account).and_modify(|held| held.role = to);
            }
            RosterEvent::AccountDeactivated { account } => {
                self.accounts.entry(account).and_modify(|held| held.active = false);
            }
            RosterEvent::AccountReactivated { account } => {
                self.accounts.entry(account).and_modify(|held| held.active = true);
            }
            RosterEvent::PasswordReset { .. } | RosterEvent::PasswordChanged { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cqrs_es::test::TestFramework;
    use uuid::Uuid;

    fn account(n: u128) -> AccountId {
        AccountId(Uuid::from_u128(n))
    }
    fn opened(n: u128, role: Role) -> RosterEvent {
        RosterEvent::AccountOpened { account: account(n), role, must_change_password: false }
    }
    fn wish(n: u128, action: RosterAction) -> RosterCommand {
        RosterCommand { by: Actor::SYSTEM, account: account(n), action }
    }
    fn roster() -> TestFramework<Roster> {
        TestFramework::with(())
    }

    #[test]
    fn an_account_is_opened_once() {
        let open = RosterAction::Open { role: Role::Viewer, must_change_password: false };
        roster()
            .given_no_previous_events()
            .when(wish(1, open))
            .then_expect_events(vec![opened(1, Role::Viewer)]);
        roster()
            .given(vec![opened(1, Role::Viewer)])
            .when(wish(1, open))
            .then_expect_error(RosterError::AlreadyOpen);
    }

    #[test]
    fn the_last_admin_stays() {
        let given = || roster().given(vec![opened(1, Role::Admin), opened(2, Role::Viewer)]);
        given().when(wish(1, RosterAction::Deactivate)).then_expect_error(RosterError::LastAdmin);
        given()
            .when(wish(1, RosterAction::ChangeRole { role: Role::Viewer }))
            .then_expect_error(RosterError::LastAdmin);
    }

    #[test]
    fn an_inactive_admin_does_not_count() {
        roster()
            .given(vec![
                opened(1, Role::Admin),
                opened(2, Role::Admin),
                RosterEvent::AccountDeactivated { account: account(2) },
            ])
            .when(wish(1, RosterAction::Deactivate))
            .then_expect_error(RosterError::LastAdmin);
    }

    #[test]
    fn one_of_two_admins_may_go() {
        roster()
            .given(vec![opened(1, Role::Admin), opened(2, Role::Admin)])
            .when(wish(1, RosterAction::Deactivate))
            .then_expect_events(vec![RosterEvent::AccountDeactivated { account: account(1) }]);
    }

    #[test]
    fn the_same_role_again_changes_nothing() {
        roster()
            .given(vec![opened(1, Role::Admin)])
            .when(wish(1, RosterAction::ChangeRole { role: Role::Admin }))
            .then_expect_events(vec![]);
    }

    #[test]
    fn an_unknown_account_is_refused() {
        roster()
            .given_no_previous_events()
            .when(wish(9, RosterAction::Deactivate))
            .then_expect_error(RosterError::NoSuchAccount);
    }

    #[test]
    fn closing_and_opening_alternate() {
        let closed = RosterEvent::AccountDeactivated { account: account(2) };
        roster()
            .given(vec![opened(1, Role::Admin), opened(2, Role::Viewer), closed])
            .when(wish(2, RosterAction::Deactivate))
            .then_expect_error(RosterError::AlreadyInactive);
        roster()
            .given(vec![opened(2, Role::Viewer)])
            .when(wish(2, RosterAction::Reactivate))
            .then_expect_error(RosterError::AlreadyActive);
    }

    #[test]
    fn nobody_changes_the_password_of_another() {
        roster()
            .given(vec![opened(2, Role::Viewer)])
            .when(wish(2, RosterAction::ChangePassword))
            .then_expect_error(RosterError::NotOwnPassword);
    }
}
