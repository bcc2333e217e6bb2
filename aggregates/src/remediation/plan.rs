//! What is to be done, by whom and until when.

use super::error::RemediationError;
use crate::ids::AccountId;
use crate::tags;
use crate::text::{optional, required};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How much of everything a remediation takes.
pub mod limits {
    /// Characters of a title.
    pub const SHORT_TEXT_CHARS: usize = 200;
    /// Characters of a description, a note, a reason.
    pub const LONG_TEXT_CHARS: usize = 20_000;
    /// Steps of a remediation.
    pub const STEPS: usize = 50;
    /// How long a risk may be accepted, in months from the day it is.
    pub const ACCEPTANCE_MONTHS: u32 = 36;
}

/// How urgent it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// When there is time.
    Low,
    /// In its turn.
    Medium,
    /// Soon.
    High,
    /// At once.
    Critical,
}

impl Priority {
    /// Every priority, least first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The priority as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// The general fields of a remediation. Free text stays in the ledger for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// One line.
    pub title: String,
    /// What is wrong, and what would be right.
    pub description: String,
    /// How urgent it is.
    pub priority: Priority,
    /// Who sees to it.
    pub assignee: Option<AccountId>,
    /// The day it should be done by.
    pub due_on: Option<NaiveDate>,
    /// Words to find it by.
    pub tags: BTreeSet<String>,
}

impl Plan {
    /// The plan tidied up.
    ///
    /// # Errors
    /// The first thing wrong with it.
    pub(super) fn checked(self) -> Result<Self, RemediationError> {
        // PostgreSQL stores fewer years than chrono, and JSON readers know four digits.
        if self.due_on.is_some_and(|day| !(1..=9999).contains(&day.year())) {
            return Err(RemediationError::OutOfCalendar { field: "dueDate" });
        }
        Ok(Self {
            title: required("title", &self.title, limits::SHORT_TEXT_CHARS)?,
            description: optional("description", &self.description, limits::LONG_TEXT_CHARS)?,
            tags: tags::checked(&self.tags)?,
            ..self
        })
    }
}
