//! Who gets in and how: which roles need a second factor, which groups of the
//! identity provider stand for which roles.

use crate::actor::{Actor, Role};
use crate::ids::AccountId;
use crate::refusal::{Refusal, RefusalKind};
use crate::text::{self, TextError};
use chrono::{DateTime, Utc};
use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashSet};

/// The id of the only policy.
pub const ACCESS_POLICY_ID: &str = "access";
/// Characters of a reason at most.
pub const REASON_CHARS: usize = 2_000;
/// Groups that are mapped at most.
pub const GROUPS: usize = 100;
/// Characters of a group's name at most.
pub const GROUP_CHARS: usize = 200;

/// A group of the identity provider and the role of its people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRole {
    /// The group, as the provider writes it.
    pub group: String,
    /// The role.
    pub role: Role,
}

/// Who gets in and how.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessPolicy {
    /// Whoever has one of these roles and signs in with a password needs a second factor. None at first.
    pub second_factor_roles: BTreeSet<Role>,
    /// Which groups stand for which roles. Of several that a person is in, the first of this list decides.
    pub groups: Vec<GroupRole>,
    /// The role of people who come by single sign-on and are in none of the groups; without it they are
    /// turned away.
    pub default_role: Option<Role>,
    /// Whether single sign-on is the only way in for everybody but admins, who keep their passwords as a way
    /// back.
    pub single_sign_on_only: bool,
}

impl AccessPolicy {
    /// The role of somebody who is in these groups.
    pub fn role_of(&self, groups: &[String]) -> Option<Role> {
        let mapped = self.groups.iter().find(|mapped| groups.contains(&mapped.group));
        mapped.map(|mapped| mapped.role).or(self.default_role)
    }
}

/// What of the policy shall change; absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessChange {
    /// See [`AccessPolicy::second_factor_roles`].
    pub second_factor_roles: Option<BTreeSet<Role>>,
    /// See [`AccessPolicy::groups`].
    pub groups: Option<Vec<GroupRole>>,
    /// See [`AccessPolicy::default_role`]; the inner absence means nobody.
    pub default_role: Option<Option<Role>>,
    /// See [`AccessPolicy::single_sign_on_only`].
    pub single_sign_on_only: Option<bool>,
}

impl AccessChange {
    fn of(self, held: &AccessPolicy) -> AccessPolicy {
        AccessPolicy {
            second_factor_roles: self.second_factor_roles.unwrap_or_else(|| held.second_factor_roles.clone()),
            groups: self.groups.unwrap_or_else(|| held.groups.clone()),
            default_role: self.default_role.unwrap_or(held.default_role),
            single_sign_on_only: self.single_sign_on_only.unwrap_or(held.single_sign_on_only),
        }
    }
}

/// A wish for another policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessPolicyCommand {
    /// Who asks.
    pub by: Actor,
    /// When, by the server's clock.
    pub at: DateTime<Utc>,
    /// What shall change.
    pub change: AccessChange,
    /// Why.
    pub reason: String,
}

/// What happened to the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccessPolicyEvent {
    /// People get in otherwise from now on.
    AccessPolicyChanged {
        /// By whom.
        by: AccountId,
        /// When, by the server's clock.
        at: DateTime<Utc>,
        /// What holds from now on.
        policy: AccessPolicy,
        /// Why.
        reason: String,
    },
}

impl DomainEvent for AccessPolicyEvent {
    fn event_type(&self) -> String {
        match self {
            Self::AccessPolicyChanged { .. } => "AccessPolicyChanged".to_owned(),
        }
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

/// Why a change of the policy is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessPolicyError {
    /// A text is not taken.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Too many groups.
    #[error("there are {count} groups; at most {GROUPS} are mapped")]
    TooManyGroups {
        /// So many.
        count: usize,
    },
    /// A group stands in the list more than once.
    #[error("the group '{group}' is mapped more than once")]
    GroupTwice {
        /// It.
        group: String,
    },
    /// Nobody becomes an admin by being in no group.
    #[error("people who are in none of the groups cannot be admins")]
    DefaultAdmin,
}

impl Refusal for AccessPolicyError {
    fn kind(&self) -> RefusalKind {
        RefusalKind::InvalidInput
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Text(error) => Some(error.field()),
            Self::TooManyGroups { .. } | Self::GroupTwice { .. } => Some("groups"),
            Self::DefaultAdmin => Some("defaultRole"),
        }
    }
}

/// The policy in force.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessPolicyInForce {
    policy: AccessPolicy,
}

impl AccessPolicyInForce {
    /// Who gets in and how, now.
    pub fn policy(self) -> AccessPolicy {
        self.policy
    }
}

fn checked(mut policy: AccessPolicy) -> Result<AccessPolicy, AccessPolicyError> {
    if policy.groups.len() > GROUPS {
        return Err(AccessPolicyError::TooManyGroups { count: policy.groups.len() });
    }
    let mut seen = HashSet::new();
    for mapped in &mut policy.groups {
        mapped.group = text::required("groups", &mapped.group, GROUP_CHARS)?;
        if !seen.insert(mapped.group.clone()) {
            return Err(AccessPolicyError::GroupTwice { group: mapped.group.clone() });
        }
    }
    if policy.default_role == Some(Role::Admin) {
        return Err(AccessPolicyError::DefaultAdmin);
    }
    Ok(policy)
}

impl Aggregate for AccessPolicyInForce {
    const TYPE: &'static str = "access_policy";
    type Command = AccessPolicyCommand;
    type Event = AccessPolicyEvent;
    type Error = AccessPolicyError;
    type Services = ();

    async fn handle(
        &mut self,
        command: Self::Command,
        _services: &Self::Services,
        sink: &EventSink<Self>,
    ) -> Result<(), Self::Error> {
        let AccessPolicyCommand { by, at, change, reason } = command;
        // Merged here and not by who asks: what somebody else changed meanwhile stays changed.
        let policy = checked(change.of(&self.policy))?;
        let reason = text::required("reason", &reason, REASON_CHARS)?;
        if policy != self.policy {
            let by = by.account;
            sink.write(AccessPolicyEvent::AccessPolicyChanged { by, at, policy, reason }, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Self::Event) {
        match event {
            AccessPolicyEvent::AccessPolicyChanged { policy, .. } => self.policy = policy,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cqrs_es::test::TestFramework;

    fn command(change: AccessChange, reason: &str) -> AccessPolicyCommand {
        let at = "2026-03-02T12:00:00Z".parse().expect("an instant");
        AccessPolicyCommand { by: Actor::SYSTEM, at, change, reason: reason.to_owned() }
    }
    fn changed(policy: AccessPolicy) -> AccessPolicyEvent {
        let AccessPolicyCommand { at, .. } = command(AccessChange::default(), "");
        AccessPolicyEvent::AccessPolicyChanged {
            by: Actor::SYSTEM.account,
            at,
            policy,
            reason: "Because.".to_owned(),
        }
    }
    fn group(group: &str, role: Role) -> GroupRole {
        GroupRole { group: group.to_owned(), role }
    }
    fn framework() -> TestFramework<AccessPolicyInForce> {
        TestFramework::with(())
    }

    #[test]
    fn what_is_left_out_stays_as_it_is() {
        let leads = BTreeSet::from([Role::Admin, Role::RedLead]);
        let with_factor = AccessPolicy { second_factor_roles: leads.clone(), ..AccessPolicy::default() };
        let change = AccessChange { second_factor_roles: Some(leads), ..AccessChange::default() };
        framework()
            .given_no_previous_events()
            .when(command(change.clone(), "Because."))
            .then_expect_events(vec![changed(with_factor.clone())]);
        framework()
            .given(vec![changed(with_factor.clone())])
            .when(command(change, "Again."))
            .then_expect_events(vec![]);
        let groups = vec![group("soc", Role::BlueTech)];
        let change = AccessChange { groups: Some(groups.clone()), ..AccessChange::default() };
        framework()
            .given(vec![changed(with_factor.clone())])
            .when(command(change, "Because."))
            .then_expect_events(vec![changed(AccessPolicy { groups, ..with_factor })]);
    }

    #[test]
    fn the_first_group_of_the_list_decides() {
        let policy = AccessPolicy {
            groups: vec![group("leads", Role::RedLead), group("everybody", Role::Viewer)],
            ..AccessPolicy::default()
        };
        let role = |groups: &[&str]| {
            policy.role_of(&groups.iter().map(|group| (*group).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(role(&["everybody", "leads"]), Some(Role::RedLead));
        assert_eq!(role(&["everybody"]), Some(Role::Viewer));
        assert_eq!(role(&["others"]), None);
        let open = AccessPolicy { default_role: Some(Role::Viewer), ..policy };
        assert_eq!(open.role_of(&[]), Some(Role::Viewer));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        let refused = |change, error| {
            framework().given_no_previous_events().when(command(change, "Because.")).then_expect_error(error);
        };
        let groups = |groups| AccessChange { groups: Some(groups), ..AccessChange::default() };
        refused(
            groups(vec![group("soc", Role::BlueTech), group(" soc ", Role::Viewer)]),
            AccessPolicyError::GroupTwice { group: "soc".to_owned() },
        );
        let many = (0..101).map(|n| group(&format!("g{n}"), Role::Viewer)).collect();
        refused(groups(many), AccessPolicyError::TooManyGroups { count: 101 });
        refused(
            groups(vec![group(" ", Role::Viewer)]),
            AccessPolicyError::Text(TextError::Missing { field: "groups" }),
        );
        let admin = AccessChange { default_role: Some(Some(Role::Admin)), ..AccessChange::default() };
        refused(admin, AccessPolicyError::DefaultAdmin);
        framework()
            .given_no_previous_events()
            .when(command(AccessChange::default(), " "))
            .then_expect_error(AccessPolicyError::Text(TextError::Missing { field: "reason" }));
    }
}
