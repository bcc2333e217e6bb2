//! Who may do what: the one table, walked by a test and enforced before any
//! resolver runs. A field that is not listed here is refused to everybody.

use crate::context::{Services, Viewer};
use crate::error::ApiError;
use aegis_aggregates::actor::Role;
use aegis_projections::access::{self, Access};
use async_graphql::ServerResult;
use async_graphql::Value;
use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextResolve, ResolveInfo};
use std::sync::Arc;

use Role::{Admin, BlueLead, BlueTech, RedLead, RedTech};

/// What kind of operation a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A field of `Query`.
    Query,
    /// A field of `Mutation`.
    Mutation,
    /// A field of `Subscription`.
    Subscription,
    /// A plain HTTP route.
    Route,
}

/// Who may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Everybody, signed in or not.
    Anyone,
    /// Whoever is signed in, even with a password that must be changed.
    SignedInAnyPassword,
    /// Whoever is signed in.
    SignedIn,
    /// These roles.
    Roles(&'static [Role]),
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// What kind.
    pub kind: Kind,
    /// Its name in the schema, or its path.
    pub name: &'static str,
    /// Who may.
    pub who: Who,
}

const fn row(kind: Kind, name: &'static str, who: Who) -> Operation {
    Operation { kind, name, who }
}

const ADMINS: Who = Who::Roles(&[Admin]);
const RED: Who = Who::Roles(&[Admin, RedLead, RedTech]);
const BLUE: Who = Who::Roles(&[Admin, BlueLead, BlueTech]);
const LEADS: Who = Who::Roles(&[Admin, RedLead, BlueLead]);
/// Whoever works here: everybody but viewers.
const WORKERS: Who = Who::Roles(&[Admin, RedLead, BlueLead, RedTech, BlueTech]);
const RED_LEADS: Who = Who::Roles(&[Admin, RedLead]);
const DRAFTERS: Who = Who::Roles(&[Admin, RedLead, BlueLead, RedTech]);

/// The table.
pub const OPERATIONS: &[Operation] = &[
    row(Kind::Query, "me", Who::Anyone),
    row(Kind::Query, "node", Who::SignedIn),
    row(Kind::Query, "heatmap", Who::SignedIn),
    row(Kind::Query, "attackRelease", Who::SignedIn),
    row(Kind::Query, "tactics", Who::SignedIn),
    row(Kind::Query, "techniques", Who::SignedIn),
    row(Kind::Query, "technique", Who::SignedIn),
    row(Kind::Query, "threatActors", Who::SignedIn),
    row(Kind::Query, "threatActor", Who::SignedIn),
    row(Kind::Query, "tests", Who::SignedIn),
    row(Kind::Query, "test", Who::SignedIn),
    row(Kind::Query, "testTemplates", Who::SignedIn),
    row(Kind::Query, "testTemplate", Who::SignedIn),
    row(Kind::Query, "testTemplateStats", Who::SignedIn),
    row(Kind::Query, "remediations", Who::SignedIn),
    row(Kind::Query, "remediation", Who::SignedIn),
    row(Kind::Query, "campaigns", Who::SignedIn),
    row(Kind::Query, "campaign", Who::SignedIn),
    row(Kind::Query, "compareCampaignRuns", Who::SignedIn),
    row(Kind::Query, "evidence", Who::SignedIn),
    row(Kind::Query, "people", Who::SignedIn),
    row(Kind::Query, "users", ADMINS),
    row(Kind::Query, "jobs", ADMINS),
    row(Kind::Query, "job", ADMINS),
    row(Kind::Query, "systemStatus", ADMINS),
    row(Kind::Query, "auditLog", ADMINS),
    row(Kind::Query, "accountTimeline", ADMINS),
    row(Kind::Mutation, "login", Who::Anyone),
    row(Kind::Mutation, "logout", Who::SignedInAnyPassword),
    row(Kind::Mutation, "changePassword", Who::SignedInAnyPassword),
    row(Kind::Mutation, "createUser", ADMINS),
    row(Kind::Mutation, "updateUser", ADMINS),
    row(Kind::Mutation, "deactivateUser", ADMINS),
    row(Kind::Mutation, "reactivateUser", ADMINS),
    row(Kind::Mutation, "resetUserPassword", ADMINS),
    row(Kind::Mutation, "draftTest", DRAFTERS),
    row(Kind::Mutation, "reviseTest", DRAFTERS),
    row(Kind::Mutation, "startExecution", RED),
    row(Kind::Mutation, "recordAttack", RED),
    row(Kind::Mutation, "submitExecution", RED),
    row(Kind::Mutation, "recordDetection", BLUE),
    row(Kind::Mutation, "submitEvaluation", BLUE),
    row(Kind::Mutation, "castVote", LEADS),
    row(Kind::Mutation, "reopenTest", LEADS),
    row(Kind::Mutation, "createTemplate", LEADS),
    row(Kind::Mutation, "updateTemplate", LEADS),
    row(Kind::Mutation, "setTemplatesActive", LEADS),
    row(Kind::Mutation, "retireTemplate", LEADS),
    row(Kind::Mutation, "draftTestFromTemplate", DRAFTERS),
    row(Kind::Mutation, "draftTestsFromTemplates", DRAFTERS),
    row(Kind::Mutation, "openRemediation", LEADS),
    row(Kind::Mutation, "updateRemediation", LEADS),
    row(Kind::Mutation, "assignRemediation", LEADS),
    row(Kind::Mutation, "addRemediationStep", WORKERS),
    row(Kind::Mutation, "updateRemediationStep", WORKERS),
    row(Kind::Mutation, "removeRemediationStep", WORKERS),
    row(Kind::Mutation, "completeRemediationStep", WORKERS),
    row(Kind::Mutation, "startRemediation", WORKERS),
    row(Kind::Mutation, "blockRemediation", WORKERS),
    row(Kind::Mutation, "unblockRemediation", WORKERS),
    row(Kind::Mutation, "completeRemediation", WORKERS),
    row(Kind::Mutation, "acceptRisk", LEADS),
    row(Kind::Mutation, "reopenRemediation", LEADS),
    row(Kind::Mutation, "createCampaign", WORKERS),
    row(Kind::Mutation, "updateCampaign", WORKERS),
    row(Kind::Mutation, "addCampaignTest", WORKERS),
    row(Kind::Mutation, "updateCampaignTest", WORKERS),
    row(Kind::Mutation, "moveCampaignTest", WORKERS),
    row(Kind::Mutation, "removeCampaignTest", WORKERS),
    row(Kind::Mutation, "scheduleCampaign", WORKERS),
    row(Kind::Mutation, "unscheduleCampaign", WORKERS),
    row(Kind::Mutation, "activateCampaign", LEADS),
    row(Kind::Mutation, "completeCampaign", RED_LEADS),
    row(Kind::Mutation, "archiveCampaign", WORKERS),
    row(Kind::Mutation, "cloneCampaign", DRAFTERS),
    row(Kind::Mutation, "startEvaluation", BLUE),
    row(Kind::Mutation, "pauseWork", WORKERS),
    row(Kind::Mutation, "resumeWork", WORKERS),
    row(Kind::Mutation, "classifyTest", ADMINS),
    row(Kind::Mutation, "archiveTest", DRAFTERS),
    row(Kind::Mutation, "restoreTest", DRAFTERS),
    row(Kind::Mutation, "cloneTest", DRAFTERS),
    // Held against the row of what is done with each.
    row(Kind::Mutation, "bulkTests", DRAFTERS),
    row(Kind::Query, "reviewPolicy", Who::SignedIn),
    row(Kind::Mutation, "setReviewPolicy", ADMINS),
    row(Kind::Query, "savedFilters", Who::SignedIn),
    row(Kind::Mutation, "saveFilter", Who::SignedIn),
    row(Kind::Mutation, "deleteSavedFilter", Who::SignedIn),
    row(Kind::Query, "comments", Who::SignedIn),
    row(Kind::Mutation, "postComment", WORKERS),
    row(Kind::Mutation, "editComment", WORKERS),
    row(Kind::Mutation, "retractComment", WORKERS),
    // Which side's, in which state, is the aggregate's to say.
    row(Kind::Mutation, "requestEvidenceUpload", WORKERS),
    row(Kind::Mutation, "confirmEvidence", WORKERS),
    row(Kind::Mutation, "removeEvidence", WORKERS),
    row(Kind::Mutation, "importFile", ADMINS),
    row(Kind::Mutation, "cancelJob", ADMINS),
    row(Kind::Mutation, "retryJob", ADMINS),
    row(Kind::Subscription, "events", Who::SignedIn),
    row(Kind::Subscription, "jobProgress", ADMINS),
    row(Kind::Route, "POST /uploads", ADMINS),
    row(Kind::Route, "GET /audit/export", ADMINS),
    // A signed link is the permission: it was given to somebody who had it.
    row(Kind::Route, "GET /evidence/{test}/{id}", Who::Anyone),
    row(Kind::Route, "PUT /evidence/{test}/{id}", Who::Anyone),
];

/// The row of an operation, if it is listed.
pub fn find(kind: Kind, name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.kind == kind && operation.name == name)
}

/// Whether a role may, its password being in order.
pub fn allows(who: Who, role: Role) -> bool {
    match who {
        Who::Anyone | Who::SignedIn | Who::SignedInAnyPassword => true,
        Who::Roles(roles) => roles.contains(&role),
    }
}

/// The names of the mutations and queries that a role may call.
pub fn of_role(role: Role) -> Vec<&'static str> {
    OPERATIONS
        .iter()
        .filter(|operation| operation.kind != Kind::Route && allows(operation.who, role))
        .map(|operation| operation.name)
        .collect()
}

/// Judges one operation for whoever asks.
///
/// # Errors
/// The code that says why not.
pub fn check(kind: Kind, name: &str, viewer: &Viewer) -> Result<(), ApiError> {
    let operation = find(kind, name).ok_or(ApiError::Forbidden)?;
    if operation.who == Who::Anyone {
        return Ok(());
    }
    let session = viewer.session.as_ref().ok_or(ApiError::Unauthenticated("Sign in first."))?;
    if session.must_change_password && operation.who != Who::SignedInAnyPassword {
        return Err(ApiError::PasswordChangeRequired);
    }
    if allows(operation.who, session.actor.role) { Ok(()) } else { Err(ApiError::Forbidden) }
}

/// Holds every root field against the table before its resolver runs.
pub struct Permissions;

impl ExtensionFactory for Permissions {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(PermissionsExtension)
    }
}

struct PermissionsExtension;

#[async_trait::async_trait]
impl Extension for PermissionsExtension {
    async fn resolve(
        &self,
        context: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let kind = match info.parent_type {
            "Query" => Kind::Query,
            "Mutation" => Kind::Mutation,
            "Subscription" => Kind::Subscription,
            _ => return next.run(context, info).await,
        };
        if !info.name.starts_with("__") {
            let refused = match context.data::<Viewer>() {
                Ok(viewer) => check(kind, info.name, viewer).err(),
                Err(_) => Some(ApiError::Forbidden),
            };
            if let Some(error) = refused {
                remember(context, info.name).await;
                let error: async_graphql::Error = error.into();
                let mut error = error.into_server_error(info.field.name.pos);
                error.path = path_of(info.path_node);
                return Err(error);
            }
        }
        next.run(context, info).await
    }
}

/// What somebody signed in was refused goes to the access log. Strangers are
/// not written down: they could fill it.
async fn remember(context: &ExtensionContext<'_>, action: &str) {
    let (Ok(viewer), Ok(services)) = (context.data::<Viewer>(), context.data::<Services>()) else { return };
    let Some(session) = &viewer.session else { return };
    let access = Access {
        account: Some(session.actor.account.0),
        action,
        outcome: "refused",
        address: Some(viewer.address),
        detail: None,
    };
    if let Err(error) = access::log(&services.pool, &access).await {
        tracing::error!(%error, "a refusal could not be written to the access log");
    }
}

fn path_of(node: &async_graphql::QueryPathNode<'_>) -> Vec<async_graphql::PathSegment> {
    node.to_string_vec().into_iter().map(async_graphql::PathSegment::Field).collect()
}
