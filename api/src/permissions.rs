//! Who may do what: the one table, walked by a test, printed into
//! `docs/PERMISSIONS.md` and enforced before any resolver runs. A field that
//! is not listed here is refused to everybody, and fails a test.

mod enforced;
#[cfg(test)]
mod printed;

use crate::context::{Means, SessionUser, Viewer};
use crate::error::ApiError;
use aegis_aggregates::actor::Role;
use aegis_aggregates::roster::KeyScope;
pub use enforced::Permissions;
pub(crate) use enforced::demand;

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
    /// Whoever is signed in as a person, even with a password that must be changed or a second factor that is due.
    AnyPerson,
    /// Whoever is signed in as a person: it is about their own account.
    Person,
    /// Whoever is signed in, and every key.
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
    row(Kind::Query, "signInOptions", Who::Anyone),
    row(Kind::Query, "singleSignOn", ADMINS),
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
    row(Kind::Query, "serviceAccounts", ADMINS),
    row(Kind::Query, "accessPolicy", ADMINS),
    // Of others only who may list accounts.
    row(Kind::Query, "sessions", Who::Person),
    row(Kind::Query, "secondFactor", Who::AnyPerson),
    row(Kind::Query, "jobs", ADMINS),
    row(Kind::Query, "job", ADMINS),
    row(Kind::Query, "systemStatus", ADMINS),
    row(Kind::Query, "auditLog", ADMINS),
    row(Kind::Query, "accountTimeline", ADMINS),
    row(Kind::Mutation, "login", Who::Anyone),
    row(Kind::Mutation, "logout", Who::AnyPerson),
    row(Kind::Mutation, "changePassword", Who::AnyPerson),
    row(Kind::Mutation, "beginSecondFactor", Who::AnyPerson),
    row(Kind::Mutation, "confirmSecondFactor", Who::AnyPerson),
    row(Kind::Mutation, "removeSecondFactor", Who::Person),
    row(Kind::Mutation, "renewRecoveryCodes", Who::Person),
    row(Kind::Mutation, "updateProfile", Who::Person),
    row(Kind::Mutation, "revokeSession", Who::Person),
    row(Kind::Mutation, "revokeSessions", Who::Person),
    row(Kind::Mutation, "createUser", ADMINS),
    row(Kind::Mutation, "updateUser", ADMINS),
    row(Kind::Mutation, "deactivateUser", ADMINS),
    row(Kind::Mutation, "reactivateUser", ADMINS),
    row(Kind::Mutation, "resetUserPassword", ADMINS),
    row(Kind::Mutation, "resetSecondFactor", ADMINS),
    row(Kind::Mutation, "eraseUser", ADMINS),
    row(Kind::Mutation, "createServiceAccount", ADMINS),
    row(Kind::Mutation, "issueApiKey", ADMINS),
    row(Kind::Mutation, "revokeApiKey", ADMINS),
    row(Kind::Mutation, "setAccessPolicy", ADMINS),
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
    // One's own, and nobody else's.
    row(Kind::Query, "notifications", Who::SignedIn),
    row(Kind::Mutation, "markNotificationRead", Who::SignedIn),
    row(Kind::Mutation, "markAllNotificationsRead", Who::SignedIn),
    row(Kind::Subscription, "notifications", Who::SignedIn),
    row(Kind::Query, "notificationPreferences", Who::SignedIn),
    row(Kind::Mutation, "setNotificationPreferences", Who::SignedIn),
    row(Kind::Query, "webhooks", ADMINS),
    row(Kind::Query, "webhook", ADMINS),
    row(Kind::Query, "webhookDeliveries", ADMINS),
    row(Kind::Mutation, "createWebhook", ADMINS),
    row(Kind::Mutation, "updateWebhook", ADMINS),
    row(Kind::Mutation, "deleteWebhook", ADMINS),
    row(Kind::Mutation, "replayWebhookDelivery", ADMINS),
    row(Kind::Mutation, "testWebhook", ADMINS),
    row(Kind::Query, "comments", Who::SignedIn),
    row(Kind::Mutation, "postComment", WORKERS),
    row(Kind::Mutation, "editComment", WORKERS),
    row(Kind::Mutation, "retractComment", WORKERS),
    // Which side's, in which state, is the aggregate's to say.
    row(Kind::Mutation, "requestEvidenceUpload", WORKERS),
    row(Kind::Mutation, "confirmEvidence", WORKERS),
    row(Kind::Mutation, "removeEvidence", WORKERS),
    row(Kind::Query, "dataSources", ADMINS),
    row(Kind::Mutation, "syncDataSource", ADMINS),
    row(Kind::Mutation, "syncAllDataSources", ADMINS),
    row(Kind::Mutation, "configureDataSource", ADMINS),
    row(Kind::Mutation, "applyKnowledge", ADMINS),
    row(Kind::Mutation, "restoreKnowledge", ADMINS),
    row(Kind::Mutation, "importFile", ADMINS),
    row(Kind::Mutation, "cancelJob", ADMINS),
    row(Kind::Mutation, "retryJob", ADMINS),
    row(Kind::Subscription, "events", Who::SignedIn),
    row(Kind::Subscription, "jobProgress", ADMINS),
    row(Kind::Route, "POST /uploads", ADMINS),
    row(Kind::Route, "GET /auth/start", Who::Anyone),
    row(Kind::Route, "GET /auth/callback", Who::Anyone),
    row(Kind::Route, "GET /audit/export", ADMINS),
    // A signed link is the permission: it was given to somebody who had it.
    row(Kind::Route, "GET /evidence/{test}/{id}", Who::Anyone),
    row(Kind::Route, "PUT /evidence/{test}/{id}", Who::Anyone),
];

/// Somebody who asks, as the table sees them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// A person of this role.
    Person(Role),
    /// A key of a service account of this role.
    Key(Role, KeyScope),
}

impl Asker {
    fn role(self) -> Role {
        match self {
            Self::Person(role) | Self::Key(role, _) => role,
        }
    }
}

impl From<&SessionUser> for Asker {
    fn from(session: &SessionUser) -> Self {
        let role = session.actor.role;
        match session.means {
            Means::Token { .. } => Self::Person(role),
            Means::Key { scope, .. } => Self::Key(role, scope),
        }
    }
}

impl Operation {
    /// Whether it changes anything.
    pub fn writes(&self) -> bool {
        match self.kind {
            Kind::Query | Kind::Subscription => false,
            Kind::Mutation => true,
            Kind::Route => !self.name.starts_with("GET "),
        }
    }

    /// Whether somebody may, their password and second factor being in order.
    pub fn allows(&self, asker: Asker) -> bool {
        let reads_only = matches!(asker, Asker::Key(_, KeyScope::Read));
        // A signed link is its own permission, whoever has it.
        let linked = self.kind == Kind::Route && self.who == Who::Anyone;
        if reads_only && self.writes() && !linked {
            return false;
        }
        match self.who {
            Who::Anyone | Who::SignedIn => true,
            Who::AnyPerson | Who::Person => matches!(asker, Asker::Person(_)),
            Who::Roles(roles) => roles.contains(&asker.role()),
        }
    }
}

/// The row of an operation, if it is listed.
pub fn find(kind: Kind, name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.kind == kind && operation.name == name)
}

/// The names of the queries, mutations and subscriptions that somebody may call.
pub fn of(session: &SessionUser) -> Vec<&'static str> {
    let asker = Asker::from(session);
    OPERATIONS
        .iter()
        .filter(|operation| operation.kind != Kind::Route && operation.allows(asker))
        .map(|operation| operation.name)
        .collect()
}

/// Judges one operation for whoever asks.
///
/// # Errors
/// The code that says why not.
pub fn check(kind: Kind, name: &str, viewer: &Viewer) -> Result<(), ApiError> {
    let operation = find(kind, name).ok_or(ApiError::Forbidden)?;
    let Some(session) = &viewer.session else {
        let open = operation.who == Who::Anyone;
        return if open { Ok(()) } else { Err(ApiError::Unauthenticated("Sign in first.")) };
    };
    if !operation.allows(session.into()) {
        return Err(ApiError::Forbidden);
    }
    if matches!(operation.who, Who::Anyone | Who::AnyPerson) {
        return Ok(());
    }
    if session.must_change_password {
        return Err(ApiError::PasswordChangeRequired);
    }
    if session.second_factor_due {
        return Err(ApiError::SecondFactorRequired);
    }
    Ok(())
}
