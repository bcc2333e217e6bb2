//! What happens to a remediation.

use super::plan::Plan;
use super::steps::{StepContent, StepStatus};
use crate::ids::{AccountId, StepId, TechniqueId, TestId};
use crate::test::DetectionResult;
use chrono::{DateTime, NaiveDate, Utc};
use cqrs_es::DomainEvent;
use serde::{Deserialize, Serialize};

/// What happened. Times are by the server's clock, completions count from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RemediationEvent {
    /// It was opened from a validated test.
    RemediationOpened {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// The test.
        test: TestId,
        /// Its technique.
        technique: TechniqueId,
        /// What that technique was called then, `T1059.001`.
        attack_id: String,
        /// How well blue had seen the attack.
        result: DetectionResult,
        /// What is to be done.
        plan: Plan,
    },
    /// Its plan was replaced.
    RemediationRevised {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// The plan as it is now.
        plan: Plan,
    },
    /// It was given to somebody, or to nobody.
    RemediationAssigned {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// Who sees to it.
        assignee: Option<AccountId>,
    },
    /// A step was added at the end; it is to do.
    StepAdded {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// The step.
        step: StepId,
        /// What it says.
        content: StepContent,
    },
    /// What a step says was replaced.
    StepRevised {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// The step.
        step: StepId,
        /// What it says now.
        content: StepContent,
    },
    /// A step was taken away.
    StepRemoved {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// The step.
        step: StepId,
    },
    /// A step got further, or back.
    StepStatusChanged {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// The step.
        step: StepId,
        /// How far it is now.
        status: StepStatus,
    },
    /// Work began.
    RemediationStarted {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
    },
    /// Something is in the way.
    RemediationBlocked {
        /// By whom it was told.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// What.
        reason: String,
    },
    /// The way is free again.
    RemediationUnblocked {
        /// By whom it was told.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
    },
    /// Everything is done; a retest is to show it.
    RemediationCompleted {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// The how-manieth time.
        completion: u32,
        /// What was done.
        notes: String,
    },
    /// The risk was taken as it is.
    RiskAccepted {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// Why.
        reason: String,
        /// The day, by UTC, with whose beginning the acceptance ends.
        expires_on: NaiveDate,
    },
    /// The acceptance ended; the remediation is open again.
    RiskAcceptanceExpired {
        /// When that was noticed.
        at: DateTime<Utc>,
    },
    /// A completion led to a retest.
    RetestCreated {
        /// When.
        at: DateTime<Utc>,
        /// Its number among the retests of the original test, from 1.
        number: u32,
        /// The test.
        retest: TestId,
        /// The completion.
        completion: u32,
    },
    /// A completion leads to no retest.
    RetestNotCreated {
        /// When that was found.
        at: DateTime<Utc>,
        /// The completion.
        completion: u32,
        /// Why.
        reason: String,
    },
    /// The retest was detected: what was done works.
    RemediationVerified {
        /// When.
        at: DateTime<Utc>,
        /// The test.
        retest: TestId,
    },
    /// The retest was not, or not fully, detected; work goes on.
    RetestFailed {
        /// When.
        at: DateTime<Utc>,
        /// The test.
        retest: TestId,
        /// How well blue saw the attack.
        result: DetectionResult,
    },
    /// It started again.
    RemediationReopened {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// Why.
        reason: String,
    },
}

impl DomainEvent for RemediationEvent {
    fn event_type(&self) -> String {
        match self {
            Self::RemediationOpened { .. } => "RemediationOpened",
            Self::RemediationRevised { .. } => "RemediationRevised",
            Self::RemediationAssigned { .. } => "RemediationAssigned",
            Self::StepAdded { .. } => "StepAdded",
            Self::StepRevised { .. } => "StepRevised",
            Self::StepRemoved { .. } => "StepRemoved",
            Self::StepStatusChanged { .. } => "StepStatusChanged",
            Self::RemediationStarted { .. } => "RemediationStarted",
            Self::RemediationBlocked { .. } => "RemediationBlocked",
            Self::RemediationUnblocked { .. } => "RemediationUnblocked",
            Self::RemediationCompleted { .. } => "RemediationCompleted",
            Self::RiskAccepted { .. } => "RiskAccepted",
            Self::RiskAcceptanceExpired { .. } => "RiskAcceptanceExpired",
            Self::RetestCreated { .. } => "RetestCreated",
            Self::RetestNotCreated { .. } => "RetestNotCreated",
            Self::RemediationVerified { .. } => "RemediationVerified",
            Self::RetestFailed { .. } => "RetestFailed",
            Self::RemediationReopened { .. } => "RemediationReopened",
        }
        .to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}
