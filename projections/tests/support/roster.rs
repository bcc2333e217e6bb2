//! What happens to accounts, keys and the access policy in a random history.

use super::{Fact, judged};
use crate::random::Random;
use aegis_aggregates::access_policy::{
    ACCESS_POLICY_ID, AccessChange, AccessPolicyCommand, AccessPolicyInForce, GroupRole,
};
use aegis_aggregates::actor::{Actor, Role};
use aegis_aggregates::ids::{AccountId, ApiKeyId};
use aegis_aggregates::roster::{KeyScope, ROSTER_ID, Roster, RosterAction, RosterCommand};
use chrono::{DateTime, TimeDelta, Utc};

/// The roster, and who is on it.
#[derive(Default)]
pub struct People {
    roster: Roster,
    roster_events: i64,
    accounts: Vec<AccountId>,
    programs: Vec<AccountId>,
    keys: Vec<(AccountId, ApiKeyId)>,
    policy: AccessPolicyInForce,
    policy_events: i64,
}

impl People {
    /// One attempt at something.
    pub async fn step(&mut self, random: &mut Random, now: DateTime<Utc>, by: Actor) -> Vec<Fact> {
        match random.below(100) {
            0..40 => self.program_step(random, now, by).await,
            40..50 => self.policy_step(random, now, by).await,
            _ => self.person_step(random, by).await,
        }
    }

    async fn person_step(&mut self, random: &mut Random, by: Actor) -> Vec<Fact> {
        let fresh = self.accounts.len() < 2 || random.percent(15);
        let account = if fresh { AccountId(random.uuid()) } else { *random.pick(&self.accounts) };
        let role = *random.pick(&Role::ALL);
        let action = if fresh {
            RosterAction::Open { role, must_change_password: random.percent(50) }
        } else {
            *random.pick(&[
                RosterAction::ChangeRole { role },
                RosterAction::ChangeRole { role },
                RosterAction::Deactivate,
                RosterAction::Deactivate,
                RosterAction::Reactivate,
                RosterAction::Reactivate,
                RosterAction::ResetPassword,
                RosterAction::ChangePassword,
                RosterAction::AddSecondFactor,
                RosterAction::RemoveSecondFactor,
                RosterAction::Erase,
            ])
        };
        if fresh {
            self.accounts.push(account);
        }
        let by = if action == RosterAction::ChangePassword { Actor { account, ..by } } else { by };
        self.judge(RosterCommand { by, account, action }).await
    }

    async fn program_step(&mut self, random: &mut Random, now: DateTime<Utc>, by: Actor) -> Vec<Fact> {
        let fresh = self.programs.is_empty() || random.percent(20);
        let account = if fresh { AccountId(random.uuid()) } else { *random.pick(&self.programs) };
        let role = *random.pick(&Role::ALL);
        if fresh {
            self.programs.push(account);
            return self
                .judge(RosterCommand { by, account, action: RosterAction::OpenService { role } })
                .await;
        }
        if !self.keys.is_empty() && random.percent(40) {
            let (account, key) = *random.pick(&self.keys);
            return self.judge(RosterCommand { by, account, action: RosterAction::RevokeKey { key } }).await;
        }
        let key = ApiKeyId(random.uuid());
        self.keys.push((account, key));
        let scope = *random.pick(&[KeyScope::Read, KeyScope::Write]);
        let action = RosterAction::IssueKey { key, scope, expires_at: now + TimeDelta::days(30), at: now };
        self.judge(RosterCommand { by, account, action }).await
    }

    async fn judge(&mut self, command: RosterCommand) -> Vec<Fact> {
        let by = command.by;
        let facts = judged(&mut self.roster, ROSTER_ID, self.roster_events, by, command).await;
        self.roster_events += facts.len() as i64;
        facts
    }

    async fn policy_step(&mut self, random: &mut Random, now: DateTime<Utc>, by: Actor) -> Vec<Fact> {
        let roles = Role::ALL.into_iter().filter(|_| random.percent(30)).collect();
        let group = GroupRole { group: "soc".to_owned(), role: Role::BlueTech };
        let change = AccessChange {
            second_factor_roles: Some(roles),
            groups: random.percent(50).then(|| vec![group]),
            default_role: random.percent(30).then_some(Some(Role::Viewer)),
            single_sign_on_only: None,
        };
        let command = AccessPolicyCommand { by, at: now, change, reason: "Because.".to_owned() };
        let facts = judged(&mut self.policy, ACCESS_POLICY_ID, self.policy_events, by, command).await;
        self.policy_events += facts.len() as i64;
        facts
    }
}
