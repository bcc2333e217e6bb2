//! What can be asked of a template.

use super::content::{Argument, Content, Severity};
use crate::actor::Actor;
use crate::ids::TechniqueId;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// A wish about one template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateCommand {
    /// Who asks.
    pub by: Actor,
    /// When, by the server's clock.
    pub at: DateTime<Utc>,
    /// The version the asker looked at, if the asker cares.
    pub expected_version: Option<u64>,
    /// What is asked.
    pub action: TemplateAction,
}

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateAction {
    /// Writes a new template down; it can be used at once.
    Create(Box<Content>),
    /// Changes some of its content, as a new version.
    Revise(Box<ContentRevision>),
    /// Lets tests be made from it.
    Activate,
    /// Lets no test be made from it, for now.
    Deactivate,
    /// Lets tests be made from one that a source brings, or none for now. What it says is not written down here.
    SwitchImported {
        /// Whether tests may be made from it.
        active: bool,
    },
    /// Takes it out of use for good.
    Retire {
        /// Why.
        reason: String,
    },
}

/// Changes of a template's content: what is `None` stays as it is. A patch, laid
/// over the content as it is when it is judged, as a test's `Revision` is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContentRevision {
    /// Another name.
    pub name: Option<String>,
    /// Another description.
    pub description: Option<String>,
    /// Another technique, and what it is called.
    pub technique: Option<(TechniqueId, String)>,
    /// All its platforms anew.
    pub platforms: Option<BTreeSet<String>>,
    /// Another severity.
    pub severity: Option<Severity>,
    /// Another executor.
    pub executor: Option<String>,
    /// Another procedure.
    pub procedure: Option<String>,
    /// Another cleanup.
    pub cleanup: Option<String>,
    /// Other prerequisites.
    pub prerequisites: Option<String>,
    /// Another expected detection.
    pub expected_detection: Option<String>,
    /// Another tool, or none.
    pub tool: Option<Option<String>>,
    /// All its tags anew.
    pub tags: Option<BTreeSet<String>>,
    /// All its references anew.
    pub references: Option<Vec<String>>,
    /// All its arguments anew.
    pub arguments: Option<Vec<Argument>>,
}

impl ContentRevision {
    /// The content as it is with these changes.
    pub fn of(self, held: &Content) -> Content {
        let held = held.clone();
        let (technique, attack_id) = self.technique.unwrap_or((held.technique, held.attack_id));
        Content {
            name: self.name.unwrap_or(held.name),
            description: self.description.unwrap_or(held.description),
            technique,
            attack_id,
            platforms: self.platforms.unwrap_or(held.platforms),
            severity: self.severity.unwrap_or(held.severity),
            executor: self.executor.unwrap_or(held.executor),
            procedure: self.procedure.unwrap_or(held.procedure),
            cleanup: self.cleanup.unwrap_or(held.cleanup),
            prerequisites: self.prerequisites.unwrap_or(held.prerequisites),
            expected_detection: self.expected_detection.unwrap_or(held.expected_detection),
            tool: self.tool.unwrap_or(held.tool),
            tags: self.tags.unwrap_or(held.tags),
            references: self.references.unwrap_or(held.references),
            arguments: self.arguments.unwrap_or(held.arguments),
        }
    }
}

/// Replaces everything.
impl From<Content> for ContentRevision {
    fn from(content: Content) -> Self {
        Self {
            name: Some(content.name),
            description: Some(content.description),
            technique: Some((content.technique, content.attack_id)),
            platforms: Some(content.platforms),
            severity: Some(content.severity),
            executor: Some(content.executor),
            procedure: Some(content.procedure),
            cleanup: Some(content.cleanup),
            prerequisites: Some(content.prerequisites),
            expected_detection: Some(content.expected_detection),
            tool: Some(content.tool),
            tags: Some(content.tags),
            references: Some(content.references),
            arguments: Some(content.arguments),
        }
    }
}
