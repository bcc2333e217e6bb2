//! What happens to a template.

use super::content::Content;
use crate::ids::AccountId;
use chrono::{DateTime, Utc};
use cqrs_es::DomainEvent;
use serde::{Deserialize, Serialize};

/// What happened. Times are by the server's clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TemplateEvent {
    /// A template was written down: version 1 of its content, ready for use.
    TemplateCreated {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// What it says.
        content: Content,
    },
    /// Its content was replaced.
    TemplateRevised {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// Which version of the content this is, one more than before.
        version: u32,
        /// What it says now.
        content: Content,
    },
    /// Tests may be made from it.
    TemplateActivated {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
    },
    /// No test may be made from it for now.
    TemplateDeactivated {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
    },
    /// It is out of use for good.
    TemplateRetired {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// Why.
        reason: String,
    },
}

impl DomainEvent for TemplateEvent {
    fn event_type(&self) -> String {
        match self {
            Self::TemplateCreated { .. } => "TemplateCreated",
            Self::TemplateRevised { .. } => "TemplateRevised",
            Self::TemplateActivated { .. } => "TemplateActivated",
            Self::TemplateDeactivated { .. } => "TemplateDeactivated",
            Self::TemplateRetired { .. } => "TemplateRetired",
        }
        .to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}
