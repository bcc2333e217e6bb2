//! Who gets in and how: seen and changed by admins, each change an event.

use crate::context::{Services, acting};
use crate::error::ApiError;
use crate::mutation;
use crate::page::Page;
use crate::people::Role;
use crate::timeline::{Timeline, TimelineEvent, timeline};
use aegis_aggregates::access_policy::{
    self as domain, ACCESS_POLICY_ID, AccessPolicyCommand, AccessPolicyInForce,
};
use aegis_aggregates::actor::Role as DomainRole;
use async_graphql::{Context, InputObject, MaybeUndefined, Object, SimpleObject};
use chrono::Utc;
use serde::Serialize;
use uuid::Uuid;

/// Whether whoever has a role needs a second factor.
///
/// # Errors
/// The event store failed.
pub(crate) async fn second_factor_is_required(
    services: &Services,
    role: DomainRole,
) -> Result<bool, ApiError> {
    Ok(policy(services).await?.second_factor_roles.contains(&role))
}

/// The policy in force, from the events themselves.
///
/// # Errors
/// The event store failed.
pub(crate) async fn policy(services: &Services) -> Result<domain::AccessPolicy, ApiError> {
    Ok(services.store.load::<AccessPolicyInForce>(ACCESS_POLICY_ID).await?.policy())
}

/// Who gets in and how.
pub struct AccessPolicy(domain::AccessPolicy);

/// A group of the identity provider and the role of its people.
#[derive(SimpleObject)]
pub struct GroupRole {
    group: String,
    role: Role,
}

#[Object]
impl AccessPolicy {
    /// Whoever has one of these roles and signs in with a password needs a second factor.
    async fn second_factor_roles(&self) -> Vec<Role> {
        self.0.second_factor_roles.iter().copied().map(Role::from).collect()
    }
    /// Which groups stand for which roles. Of several that a person is in, the first decides.
    async fn groups(&self) -> Vec<GroupRole> {
        let mapped = self.0.groups.iter();
        mapped.map(|mapped| GroupRole { group: mapped.group.clone(), role: mapped.role.into() }).collect()
    }
    /// The role of people who come by single sign-on and are in none of the groups; null turns them away.
    async fn default_role(&self) -> Option<Role> {
        self.0.default_role.map(Role::from)
    }
    /// Whether single sign-on is the only way in for everybody but admins.
    async fn single_sign_on_only(&self) -> bool {
        self.0.single_sign_on_only
    }
    /// Every change of it, oldest first.
    #[graphql(complexity = "crate::page::weight(first, child_complexity)")]
    async fn timeline(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Page<TimelineEvent>, ApiError> {
        let at = ctx.data_unchecked::<Services>().tide.position();
        let of = Timeline { aggregate_type: "access_policy", aggregate_id: ACCESS_POLICY_ID.to_owned(), at };
        timeline(ctx, of, first, after).await
    }
}

/// A group of the identity provider and the role of its people.
#[derive(InputObject, Serialize)]
pub struct GroupRoleInput {
    group: String,
    role: Role,
}

/// Who shall get in and how; what is left out stays as it is.
#[derive(InputObject, Serialize)]
pub struct SetAccessPolicyInput {
    second_factor_roles: Option<Vec<Role>>,
    /// At most 100, in the order in which they decide.
    groups: Option<Vec<GroupRoleInput>>,
    /// Null turns away whoever is in none of the groups.
    default_role: MaybeUndefined<Role>,
    single_sign_on_only: Option<bool>,
    reason: String,
    client_mutation_id: Option<Uuid>,
}

mutation::payload!(
    /// Who gets in and how, now.
    SetAccessPolicyPayload { policy: Option<AccessPolicy> }
);

#[derive(Default)]
pub struct AccessPolicyQuery;

#[Object]
impl AccessPolicyQuery {
    /// Who gets in and how.
    async fn access_policy(&self, ctx: &Context<'_>) -> Result<AccessPolicy, ApiError> {
        Ok(AccessPolicy(policy(ctx.data_unchecked::<Services>()).await?))
    }
}

#[derive(Default)]
pub struct AccessPolicyMutation;

#[Object]
impl AccessPolicyMutation {
    /// Lets people in otherwise, from the next request on.
    async fn set_access_policy(
        &self,
        ctx: &Context<'_>,
        input: SetAccessPolicyInput,
    ) -> Result<SetAccessPolicyPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let roles = |roles: &Vec<Role>| roles.iter().map(|role| DomainRole::from(*role)).collect();
        let groups = |groups: &Vec<GroupRoleInput>| {
            let mapped = groups.iter();
            mapped
                .map(|mapped| domain::GroupRole { group: mapped.group.clone(), role: mapped.role.into() })
                .collect()
        };
        let default_role = match input.default_role {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(role) => Some(Some(DomainRole::from(role))),
        };
        let change = domain::AccessChange {
            second_factor_roles: input.second_factor_roles.as_ref().map(roles),
            groups: input.groups.as_ref().map(groups),
            default_role,
            single_sign_on_only: input.single_sign_on_only,
        };
        let command = AccessPolicyCommand { by: actor, at: Utc::now(), change, reason: input.reason.clone() };
        let id = input.client_mutation_id;
        let written = mutation::execute::<AccessPolicyInForce>(
            ctx,
            ACCESS_POLICY_ID,
            command,
            "setAccessPolicy",
            id,
            &input,
        )
        .await?;
        Ok(SetAccessPolicyPayload::written(written, Some(AccessPolicy(policy(services).await?))))
    }
}
