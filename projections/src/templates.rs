//! Templates of tests as people see them, and how often each was used.

mod imported;
mod queries;

pub use queries::{
    Count, PageKey, TemplateFilter, TemplateRecord, TemplateStats, page_key, stats, template, template_at,
    templates, uses,
};

use crate::fold::{DomainEvent, Fold, ReleaseFacts, RowChange, Sealed, Techniques, restored};
use aegis_aggregates::ids::{AccountId, TemplateId};
use aegis_aggregates::knowledge::{KnowledgeEvent, KnowledgeSource};
use aegis_aggregates::template::{Argument, Content, Severity, TemplateEvent};
use aegis_aggregates::test::{TestEvent, TestOrigin};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

const TEMPLATES: &str = "test_templates";
const USES: &str = "template_uses";

/// The source of templates that people write here. Importers name theirs.
pub const CUSTOM: &str = "custom";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct TemplateRow {
    template_id: Uuid,
    source: String,
    source_key: Option<String>,
    name: String,
    description: String,
    technique_id: Option<String>,
    live_technique_id: Option<String>,
    attack_id: String,
    platforms: Vec<String>,
    severity: Severity,
    executor: String,
    procedure: String,
    cleanup: String,
    prerequisites: String,
    expected_detection: String,
    tool: Option<String>,
    tags: Vec<String>,
    reference_urls: Vec<String>,
    arguments: Vec<Argument>,
    content_version: u32,
    version: i64,
    active: bool,
    retired_reason: Option<String>,
    created_by: AccountId,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct UseRow {
    template_id: TemplateId,
    content_version: u32,
}

/// Projection "templates".
#[derive(Debug, Default)]
pub struct Templates {
    templates: HashMap<String, TemplateRow>,
    known: Techniques,
}

impl Templates {
    fn apply_template(&mut self, id: &str, body: &TemplateEvent, event: &Sealed) -> Vec<RowChange> {
        match body {
            TemplateEvent::TemplateCreated { by, content, .. } => self.created(id, *by, content, event),
            TemplateEvent::TemplateRevised { version, content, .. } => {
                let live = self.known.live(content.technique.as_str()).to_owned();
                self.change(id, event, |template| {
                    set_content(template, content, live);
                    template.content_version = *version;
                })
            }
            TemplateEvent::TemplateActivated { .. } => {
                self.change(id, event, |template| template.active = true)
            }
            TemplateEvent::TemplateDeactivated { .. } => {
                self.change(id, event, |template| template.active = false)
            }
            TemplateEvent::TemplateRetired { reason, .. } => self.change(id, event, |template| {
                template.active = false;
                template.retired_reason = Some(reason.clone());
            }),
        }
    }

    fn created(&mut self, id: &str, by: AccountId, content: &Content, event: &Sealed) -> Vec<RowChange> {
        // Ids of templates are UUIDs by construction; a foreign one has no row to show.
        let Ok(template_id) = Uuid::parse_str(id) else {
            return vec![];
        };
        let mut template = TemplateRow {
            template_id,
            source: CUSTOM.to_owned(),
            source_key: None,
            name: String::new(),
            description: String::new(),
            technique_id: None,
            live_technique_id: None,
            attack_id: String::new(),
            platforms: vec![],
            severity: content.severity,
            executor: String::new(),
            procedure: String::new(),
            cleanup: String::new(),
            prerequisites: String::new(),
            expected_detection: String::new(),
            tool: None,
            tags: vec![],
            reference_urls: vec![],
            arguments: vec![],
            content_version: 1,
            version: event.sequence,
            active: true,
            retired_reason: None,
            created_by: by,
            created_at: event.recorded_at,
            updated_at: event.recorded_at,
        };
        set_content(&mut template, content, self.known.live(content.technique.as_str()).to_owned());
        let change = RowChange::put(TEMPLATES, id, &template);
        self.templates.insert(id.to_owned(), template);
        vec![change]
    }

    fn change(&mut self, id: &str, event: &Sealed, change: impl FnOnce(&mut TemplateRow)) -> Vec<RowChange> {
        let Some(template) = self.templates.get_mut(id) else {
            return vec![];
        };
        change(template);
        template.version = event.sequence;
        template.updated_at = event.recorded_at;
        vec![RowChange::put(TEMPLATES, id, template)]
    }

    /// A new release may send templates on to other techniques, and know those that were unknown; nothing else of
    /// them changes.
    fn follow(&mut self) -> Vec<RowChange> {
        let mut moved = vec![];
        for (id, template) in &mut self.templates {
            let technique = match &template.technique_id {
                // What was imported says an ATT&CK id, and is of the technique that has it now.
                _ if template.source != CUSTOM => self.known.named(&template.attack_id).map(str::to_owned),
                technique => technique.clone(),
            };
            let live = technique.as_deref().map(|technique| self.known.live(technique).to_owned());
            if (&technique, &live) != (&template.technique_id, &template.live_technique_id) {
                (template.technique_id, template.live_technique_id) = (technique, live);
                moved.push((id, RowChange::put(TEMPLATES, id.clone(), template)));
            }
        }
        moved.sort_unstable_by_key(|(id, _)| *id);
        moved.into_iter().map(|(_, change)| change).collect()
    }
}

fn set_content(template: &mut TemplateRow, content: &Content, live_technique_id: String) {
    template.technique_id = Some(content.technique.as_str().to_owned());
    template.live_technique_id = Some(live_technique_id);
    template.attack_id.clone_from(&content.attack_id);
    template.name.clone_from(&content.name);
    template.description.clone_from(&content.description);
    template.platforms = content.platforms.iter().cloned().collect();
    template.severity = content.severity;
    template.executor.clone_from(&content.executor);
    template.procedure.clone_from(&content.procedure);
    template.cleanup.clone_from(&content.cleanup);
    template.prerequisites.clone_from(&content.prerequisites);
    template.expected_detection.clone_from(&content.expected_detection);
    template.tool.clone_from(&content.tool);
    template.tags = content.tags.iter().cloned().collect();
    template.reference_urls.clone_from(&content.references);
    template.arguments.clone_from(&content.arguments);
}

impl Fold for Templates {
    fn name(&self) -> &'static str {
        "templates"
    }

    fn version(&self) -> i32 {
        2
    }

    fn reads(&self) -> &'static [&'static str] {
        &["template"]
    }

    fn tables(&self) -> &'static [&'static str] {
        &[TEMPLATES, USES]
    }

    fn reset(&mut self) {
        *self = Self::default();
    }

    fn apply(&mut self, event: &Sealed) -> Vec<RowChange> {
        match &event.body {
            DomainEvent::Template(body) => self.apply_template(&event.aggregate_id, body, event),
            DomainEvent::Test(TestEvent::TestDrafted {
                origin: Some(TestOrigin::Template { template, version }),
                ..
            }) => {
                let used = UseRow { template_id: *template, content_version: *version };
                vec![RowChange::put(USES, event.aggregate_id.clone(), &used)]
            }
            // Only what a test was drafted from is counted here.
            DomainEvent::Test(_) => vec![],
            DomainEvent::Knowledge(KnowledgeEvent::KnowledgeReleased { source, .. }) => {
                let facts = event.release.clone().unwrap_or_default();
                if self.known.learn(*source, Arc::clone(&facts)) {
                    self.follow()
                } else {
                    self.import(*source, &facts, event)
                }
            }
            DomainEvent::Knowledge(
                KnowledgeEvent::ImportRequested { .. }
                | KnowledgeEvent::ImportRetried { .. }
                | KnowledgeEvent::SyncRequested { .. }
                | KnowledgeEvent::SyncRetried { .. }
                | KnowledgeEvent::SourceConfigured { .. },
            )
            | DomainEvent::Roster(_)
            | DomainEvent::Remediation(_)
            | DomainEvent::Campaign(_)
            | DomainEvent::Discussion(_)
            | DomainEvent::AccessJournal(_)
            | DomainEvent::AccessPolicy(_)
            | DomainEvent::ReviewPolicy(_) => vec![],
        }
    }

    fn restore(&mut self, table: &str, key: &str, row: serde_json::Value) -> Result<(), serde_json::Error> {
        // Uses never change, so nothing of them is held.
        if table == TEMPLATES {
            self.templates.insert(key.to_owned(), restored(row)?);
        }
        Ok(())
    }

    fn restore_release(&mut self, source: KnowledgeSource, facts: Arc<ReleaseFacts>) {
        self.known.learn(source, facts);
    }
}
