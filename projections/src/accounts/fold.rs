//! From events of the roster and the access policy to rows: accounts, keys,
//! which roles need a second factor.

use crate::fold::{DomainEvent, Fold, RowChange, Sealed, restored};
use aegis_aggregates::access_policy::AccessPolicyEvent;
use aegis_aggregates::actor::Role;
use aegis_aggregates::ids::{AccountId, ApiKeyId};
use aegis_aggregates::roster::{KeyScope, RosterEvent};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

const ACCOUNTS: &str = "accounts";
const KEYS: &str = "api_keys";
const POLICIES: &str = "access_policies";
/// The key of the only row of policies that is in force.
const POLICY: &str = "access";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct AccountRow {
    account: AccountId,
    role: Role,
    active: bool,
    must_change_password: bool,
    opened_at: DateTime<Utc>,
    service: bool,
    second_factor: bool,
    erased: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct KeyRow {
    key_id: ApiKeyId,
    account: AccountId,
    scope: KeyScope,
    issued_by: AccountId,
    issued_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    revoked_by: Option<AccountId>,
    revoked_at: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
struct PolicyRow<'a> {
    second_factor_roles: &'a BTreeSet<Role>,
}

/// Projection "accounts".
#[derive(Debug, Default)]
pub struct Accounts {
    accounts: HashMap<AccountId, AccountRow>,
    keys: HashMap<ApiKeyId, KeyRow>,
}

impl Accounts {
    fn change(&mut self, account: AccountId, change: impl FnOnce(&mut AccountRow)) -> Vec<RowChange> {
        let Some(row) = self.accounts.get_mut(&account) else {
            return vec![];
        };
        let before = row.clone();
        change(row);
        if *row == before { vec![] } else { vec![RowChange::put(ACCOUNTS, account.to_string(), row)] }
    }

    fn opened(
        &mut self,
        account: AccountId,
        role: Role,
        event: &Sealed,
        more: impl FnOnce(&mut AccountRow),
    ) -> Vec<RowChange> {
        let mut row = AccountRow {
            account,
            role,
            active: true,
            must_change_password: false,
            opened_at: event.recorded_at,
            service: false,
            second_factor: false,
            erased: false,
        };
        more(&mut row);
        let change = RowChange::put(ACCOUNTS, account.to_string(), &row);
        self.accounts.insert(account, row);
        vec![change]
    }

    fn of_roster(&mut self, body: &RosterEvent, event: &Sealed) -> Vec<RowChange> {
        match body {
            RosterEvent::AccountOpened { account, role, must_change_password } => {
                self.opened(*account, *role, event, |row| row.must_change_password = *must_change_password)
            }
            RosterEvent::ServiceAccountOpened { account, role } => {
                self.opened(*account, *role, event, |row| row.service = true)
            }
            RosterEvent::RoleChanged { account, to, .. } => self.change(*account, |row| row.role = *to),
            RosterEvent::AccountDeactivated { account } => self.change(*account, |row| row.active = false),
            RosterEvent::AccountReactivated { account } => self.change(*account, |row| row.active = true),
            RosterEvent::PasswordReset { account } => {
                self.change(*account, |row| row.must_change_password = true)
            }
            RosterEvent::PasswordChanged { account } => {
                self.change(*account, |row| row.must_change_password = false)
            }
            RosterEvent::SecondFactorAdded { account } => {
                self.change(*account, |row| row.second_factor = true)
            }
            RosterEvent::SecondFactorRemoved { account } => {
                self.change(*account, |row| row.second_factor = false)
            }
            RosterEvent::PersonErased { account } => self.change(*account, |row| {
                row.erased = true;
                row.second_factor = false;
            }),
            RosterEvent::KeyIssued { account, key, scope, expires_at } => {
                let row = KeyRow {
                    key_id: *key,
                    account: *account,
                    scope: *scope,
                    issued_by: event.actor,
                    issued_at: event.recorded_at,
                    expires_at: *expires_at,
                    revoked_by: None,
                    revoked_at: None,
                };
                let change = RowChange::put(KEYS, key.to_string(), &row);
                self.keys.insert(*key, row);
                vec![change]
            }
            RosterEvent::KeyRevoked { key, .. } => {
                let Some(row) = self.keys.get_mut(key) else { return vec![] };
                row.revoked_by = Some(event.actor);
                row.revoked_at = Some(event.recorded_at);
                vec![RowChange::put(KEYS, key.to_string(), row)]
            }
        }
    }
}

impl Fold for Accounts {
    fn name(&self) -> &'static str {
        "accounts"
    }

    fn version(&self) -> i32 {
        2
    }

    fn tables(&self) -> &'static [&'static str] {
        &[ACCOUNTS, KEYS, POLICIES]
    }

    fn remembered(&self) -> &'static [&'static str] {
        &[ACCOUNTS, KEYS]
    }

    fn reset(&mut self) {
        self.accounts.clear();
        self.keys.clear();
    }

    fn apply(&mut self, event: &Sealed) -> Vec<RowChange> {
        match &event.body {
            DomainEvent::Roster(body) => self.of_roster(body, event),
            DomainEvent::AccessPolicy(AccessPolicyEvent::AccessPolicyChanged { policy, .. }) => {
                let row = PolicyRow { second_factor_roles: &policy.second_factor_roles };
                vec![RowChange::put(POLICIES, POLICY, &row)]
            }
            DomainEvent::Test(_)
            | DomainEvent::Knowledge(_)
            | DomainEvent::Campaign(_)
            | DomainEvent::Discussion(_)
            | DomainEvent::AccessJournal(_)
            | DomainEvent::ReviewPolicy(_)
            | DomainEvent::Template(_)
            | DomainEvent::Remediation(_) => vec![],
        }
    }

    fn restore(&mut self, table: &str, _key: &str, row: serde_json::Value) -> Result<(), serde_json::Error> {
        if table == KEYS {
            let row: KeyRow = restored(row)?;
            self.keys.insert(row.key_id, row);
        } else {
            let row: AccountRow = restored(row)?;
            self.accounts.insert(row.account, row);
        }
        Ok(())
    }
}
