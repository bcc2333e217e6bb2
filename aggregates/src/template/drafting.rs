//! What a test made from a template says of itself.

use super::content::Content;
use super::error::TemplateError;
use super::filling::{Arguments, Filled};
use crate::ids::{AccountId, TechniqueId};
use crate::test::Details;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// What somebody wants otherwise than the template says, and what it does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Another title than the template's name.
    pub title: Option<String>,
    /// Another description.
    pub description: Option<String>,
    /// Another objective than what a working defence would show.
    pub objective: Option<String>,
    /// Where it runs.
    pub target_environment: Option<String>,
    /// Another platform than the template's only one; one of several has to be chosen.
    pub platform: Option<String>,
    /// Other tags.
    pub tags: Option<BTreeSet<String>>,
    /// Who should act next.
    pub assignee: Option<AccountId>,
    /// The day it should be done by.
    pub due_on: Option<NaiveDate>,
    /// Another procedure than the template's, filled in.
    pub procedure: Option<String>,
    /// Another tool.
    pub tool: Option<String>,
}

impl Content {
    /// The general fields of a test made from this template. `technique` is the live one that
    /// stands for the template's now, and what it is called.
    ///
    /// # Errors
    /// As [`Content::filled`]. The fields themselves are held to their limits when the test is drafted.
    pub fn drafted(
        &self,
        technique: (TechniqueId, String),
        arguments: &Arguments,
        wishes: Wishes,
    ) -> Result<Details, TemplateError> {
        let filled = self.filled(arguments)?;
        let (technique, attack_id) = technique;
        let only_platform = || match self.platforms.len() {
            1 => self.platforms.first().cloned(),
            _ => None,
        };
        Ok(Details {
            technique,
            attack_id,
            title: wishes.title.unwrap_or_else(|| self.name.clone()),
            description: wishes.description.unwrap_or_else(|| self.description.clone()),
            objective: wishes.objective.unwrap_or_else(|| self.expected_detection.clone()),
            target_environment: wishes.target_environment.unwrap_or_default(),
            platform: wishes.platform.or_else(only_platform),
            tags: wishes.tags.unwrap_or_else(|| self.tags.clone()),
            assignee: wishes.assignee,
            due_on: wishes.due_on,
            procedure: wishes.procedure.unwrap_or_else(|| filled.in_one_text()),
            tool: wishes.tool.or_else(|| self.tool.clone()),
        })
    }
}

impl Filled {
    /// The procedure, with what goes before and after it under headings of their own where there is any.
    pub fn in_one_text(&self) -> String {
        if self.prerequisites.is_empty() && self.cleanup.is_empty() {
            return self.procedure.clone();
        }
        [("Prerequisites", &self.prerequisites), ("Procedure", &self.procedure), ("Cleanup", &self.cleanup)]
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(heading, text)| format!("{heading}:\n{text}"))
            .collect::<Vec<_>>()
            .join("\n\n")
    }
}
