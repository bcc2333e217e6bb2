//! Templates that a source brings: rows that follow its releases, beside what people write here.

use super::{TEMPLATES, TemplateRow, Templates};
use crate::fold::{ReleaseFacts, RowChange, Sealed};
use aegis_aggregates::ids::AccountId;
use aegis_aggregates::knowledge::KnowledgeSource;
use aegis_aggregates::template::{Argument, ArgumentKind, Severity, imported_id};
use aegis_sources::Record;
use aegis_sources::record::{ArgumentRecord, Execution, TemplateRecord};
use std::collections::BTreeSet;

/// Why a template is retired that its source no longer has.
const GONE: &str = "its source no longer has it";

impl Templates {
    /// Brings the templates of a source to what its release says. What people did to one stays: switched off is
    /// switched off. One that the release does not have is retired, and comes back with a release that has it.
    pub(super) fn import(
        &mut self,
        source: KnowledgeSource,
        facts: &ReleaseFacts,
        event: &Sealed,
    ) -> Vec<RowChange> {
        let (mut changes, mut here) = (vec![], BTreeSet::new());
        for record in &facts.records {
            let Record::Template(record) = record else { continue };
            let id = imported_id(source, &record.key).to_string();
            let row = self.row_of(source, record, &id, event);
            if self.templates.get(&id) != Some(&row) {
                changes.push(RowChange::put(TEMPLATES, id.clone(), &row));
                self.templates.insert(id.clone(), row);
            }
            here.insert(id);
        }
        let mut gone: Vec<(&String, &mut TemplateRow)> = self
            .templates
            .iter_mut()
            .filter(|(id, row)| {
                row.source == source.aggregate_id() && row.retired_reason.is_none() && !here.contains(*id)
            })
            .collect();
        gone.sort_unstable_by_key(|(id, _)| *id);
        for (id, row) in gone {
            row.retired_reason = Some(GONE.to_owned());
            row.updated_at = event.recorded_at;
            changes.push(RowChange::put(TEMPLATES, id.clone(), row));
        }
        changes
    }

    /// The row of a record: of one that says what it said before, the row as it is.
    fn row_of(
        &self,
        source: KnowledgeSource,
        record: &TemplateRecord,
        id: &str,
        event: &Sealed,
    ) -> TemplateRow {
        let attack_id = record.attack_id.clone().unwrap_or_default();
        let technique_id = self.known.named(&attack_id).map(str::to_owned);
        let live_technique_id = technique_id.as_deref().map(|id| self.known.live(id).to_owned());
        let held = self.templates.get(id);
        let fresh = TemplateRow {
            template_id: imported_id(source, &record.key).0,
            source: source.aggregate_id().to_owned(),
            source_key: Some(record.key.clone()),
            name: record.name.clone(),
            description: record.description.clone(),
            technique_id,
            live_technique_id,
            attack_id,
            platforms: record.platforms.clone(),
            // Catalogues of attacks do not say how much harm is done.
            severity: Severity::Medium,
            executor: executors(&record.executions),
            procedure: text_of(&record.executions, |way| &way.command),
            cleanup: text_of(&record.executions, |way| &way.cleanup),
            prerequisites: record.prerequisites.clone(),
            expected_detection: record.expected_detection.clone(),
            tool: None,
            tags: record.tags.clone(),
            reference_urls: record.references.clone(),
            arguments: record.arguments.iter().map(argument).collect(),
            content_version: held.map_or(1, |held| held.content_version),
            version: held.map_or(0, |held| held.version),
            active: held.is_none_or(|held| held.active),
            retired_reason: None,
            created_by: AccountId::SYSTEM,
            created_at: held.map_or(event.recorded_at, |held| held.created_at),
            updated_at: held.map_or(event.recorded_at, |held| held.updated_at),
        };
        match held {
            Some(held) if !same_content(held, &fresh) => TemplateRow {
                content_version: held.content_version + 1,
                updated_at: event.recorded_at,
                ..fresh
            },
            Some(held) if held.retired_reason.is_some() => {
                TemplateRow { updated_at: event.recorded_at, ..fresh }
            }
            _ => fresh,
        }
    }
}

/// Whether two rows of a template say the same of what a test is made from.
fn same_content(one: &TemplateRow, other: &TemplateRow) -> bool {
    let neutral = |row: &TemplateRow| TemplateRow {
        technique_id: None,
        live_technique_id: None,
        retired_reason: None,
        ..row.clone()
    };
    neutral(one) == neutral(other)
}

fn executors(ways: &[Execution]) -> String {
    let mut names: Vec<&str> = vec![];
    for way in ways {
        if !names.contains(&way.executor.as_str()) {
            names.push(&way.executor);
        }
    }
    names.join(", ")
}

/// One text of the texts of all ways: of several, each under a heading that says which.
fn text_of(ways: &[Execution], text: fn(&Execution) -> &String) -> String {
    if let [only] = ways {
        return text(only).clone();
    }
    let said: Vec<String> = ways
        .iter()
        .filter(|way| !text(way).trim().is_empty())
        .map(|way| {
            let platforms = if way.platforms.is_empty() {
                String::new()
            } else {
                format!("{}, ", way.platforms.join(", "))
            };
            format!("# {platforms}{}\n{}", way.executor, text(way).trim_end())
        })
        .collect();
    said.join("\n\n")
}

fn argument(record: &ArgumentRecord) -> Argument {
    Argument {
        name: record.name.clone(),
        description: record.description.clone(),
        default: record.default.clone(),
        kind: match record.kind.as_str() {
            "integer" => ArgumentKind::Integer,
            "url" => ArgumentKind::Url,
            "path" => ArgumentKind::Path,
            _ => ArgumentKind::String,
        },
    }
}
