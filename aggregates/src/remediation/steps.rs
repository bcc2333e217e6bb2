//! The steps of a remediation.

use super::error::RemediationError;
use super::plan::limits;
use crate::ids::{AccountId, StepId};
use crate::text::{optional, required};
use serde::{Deserialize, Serialize};

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepStatus {
    /// Not begun.
    Todo,
    /// Begun.
    Doing,
    /// Done.
    Done,
}

impl StepStatus {
    /// Every status in its usual order.
    pub const ALL: [Self; 3] = [Self::Todo, Self::Doing, Self::Done];

    /// The status as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Todo => "todo",
            Self::Doing => "doing",
            Self::Done => "done",
        }
    }
}

/// What a step says. Free text stays in the ledger for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepContent {
    /// One line.
    pub title: String,
    /// Who does it.
    pub owner: Option<AccountId>,
    /// How, and what came of it.
    pub notes: String,
}

impl StepContent {
    /// The content tidied up.
    ///
    /// # Errors
    /// The first thing wrong with it.
    pub(super) fn checked(self) -> Result<Self, RemediationError> {
        Ok(Self {
            title: required("title", &self.title, limits::SHORT_TEXT_CHARS)?,
            notes: optional("notes", &self.notes, limits::LONG_TEXT_CHARS)?,
            owner: self.owner,
        })
    }
}

/// A step as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its id, chosen by whoever adds it.
    pub id: StepId,
    /// What it says.
    pub content: StepContent,
    /// How far it is.
    pub status: StepStatus,
}
