//! Templates of tests as people see them, and how often each was used.

mod queries;

pub use queries::{
    Count, PageKey, TemplateFilter, TemplateRecord, TemplateStats, page_key, stats, template, template_at,
    templates, uses,
};

use crate::fold::{DomainEvent, Fold, ReleaseFacts, RowChange, Sealed, restored};
use aegis_aggregates::ids::{AccountId, TemplateId};
use aegis_aggregates::knowledge::KnowledgeEvent;
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
    technique_id: String,
    live_technique_id: String,
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
    release: Arc<ReleaseFacts>,
}

impl Templates {
    fn apply_template(&mut self, id: &str, body: &TemplateEvent, event: &Sealed) -> Vec<RowChange> {
        match body {
            TemplateEvent::TemplateCreated { by, content, .. } => self.created(id, *by, content, event),
            TemplateEvent::TemplateRevised { version, content, .. } => {
                let live = self.release.live(content.technique.as_str()).to_owned();
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
            technique_id: String::new(),
            live_technique_id: String::new(),
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
        set_content(&mut template, content, self.release.live(content.technique.as_str()).to_owned());
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

    /// A new release may send templates on to other techniques; nothing else of them changes.
    fn follow(&mut self, release: Arc<ReleaseFacts>) -> Vec<RowChange> {
        self.release = release;
        let mut moved: Vec<(&String, &mut TemplateRow)> = self
            .templates
            .iter_mut()
            .filter(|(_, template)| self.release.live(&template.technique_id) != template.live_technique_id)
            .collect();
        moved.sort_unstable_by_key(|(id, _)| *id);
        moved
            .into_iter()
            .map(|(id, template)| {
                template.live_technique_id = self.release.live(&template.technique_id).to_owned();
                RowChange::put(TEMPLATES, id.clone(), template)
            })
            .collect()
    }
}

fn set_content(template: &mut TemplateRow, content: &Content, live_technique_id: String) {
    template.technique_id = content.technique.as_str().to_owned();
    template.live_technique_id = live_technique_id;
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
        1
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
            DomainEvent::Knowledge(KnowledgeEvent::KnowledgeReleased { .. }) => {
                self.follow(event.release.clone().unwrap_or_default())
            }
            DomainEvent::Knowledge(
                KnowledgeEvent::ImportRequested { .. } | KnowledgeEvent::ImportRetried { .. },
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

    fn restore_release(&mut self, facts: Arc<ReleaseFacts>) {
        self.release = facts;
    }
}
