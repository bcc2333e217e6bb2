//! `[rule]` with its `[metadata]`.

use super::field::{id_of, licence, name_of, table_of, tables_of, text_of, texts_of, title};
use super::{Area, Read};
use crate::is_attack_id;
use crate::kept::{addresses, date, long, name, query, sorted};
use crate::record::{RuleClass, RuleLevel, RuleRecord};
use toml::de::DeTable;

pub(super) fn read(document: &DeTable<'_>, rule: &DeTable<'_>, path: &str) -> Result<Read, String> {
    let metadata = table_of(document, "metadata");
    let about = |key: &str| metadata.map(|metadata| name_of(metadata, key)).unwrap_or_default();
    let kind = name_of(rule, "type");
    let text = text_of(rule, "query").unwrap_or_default().trim();
    if text.is_empty() && kind.is_empty() {
        return Err("it has neither query nor type".to_owned());
    }
    let (area, status) = (Area::of_path(path), about("maturity"));
    let building_block = area == Area::BuildingBlocks || text_of(rule, "building_block_type").is_some();
    let language = name_of(rule, "language");
    let threats = Threats::of(rule);
    let record = RuleRecord {
        key: id_of(rule, "rule_id")?,
        path: path.to_owned(),
        title: title(rule)?,
        description: long(text_of(rule, "description").unwrap_or_default().trim())?,
        class: if building_block { RuleClass::BuildingBlock } else { RuleClass::Detection },
        deprecated: area == Area::Deprecated || status == "deprecated",
        unsupported: false,
        status,
        level: text_of(rule, "severity").and_then(level),
        language: if language.is_empty() { kind } else { language },
        query: query(text)?,
        log_source: log_source(metadata, rule)?,
        attack_ids: sorted(threats.attack_ids),
        tactics: sorted(threats.tactics),
        mentions: vec![],
        tags: sorted(texts_of(rule, "tags").into_iter().map(name).chain(threats.others)),
        false_positives: false_positives(rule)?,
        references: addresses(texts_of(rule, "references")),
        author: name(&texts_of(rule, "author").join(", ")),
        created: date(&about("creation_date")),
        modified: date(&about("updated_date")),
        licence: licence(rule),
    };
    Ok(Read { record, threats: threats.entries, threats_without_technique: threats.without_technique })
}

/// What the entries `[[rule.threat]]` name.
#[derive(Default)]
struct Threats {
    entries: usize,
    without_technique: usize,
    attack_ids: Vec<String>,
    tactics: Vec<String>,
    /// Ids that are none of ATT&CK's.
    others: Vec<String>,
}

impl Threats {
    fn of(rule: &DeTable<'_>) -> Self {
        let mut all = Self::default();
        for threat in tables_of(rule, "threat") {
            let of_attack = text_of(threat, "framework").is_none_or(|framework| framework.contains("ATT&CK"));
            let mut named = vec![];
            for technique in tables_of(threat, "technique") {
                named.push(name_of(technique, "id").to_ascii_uppercase());
                let below = tables_of(technique, "subtechnique");
                named.extend(below.map(|sub| name_of(sub, "id").to_ascii_uppercase()));
            }
            if of_attack {
                all.entries += 1;
                all.without_technique += usize::from(named.is_empty());
                all.tactics
                    .extend(table_of(threat, "tactic").map(|tactic| short_name(&name_of(tactic, "name"))));
            }
            let (ids, others): (Vec<_>, Vec<_>) =
                named.into_iter().partition(|id| of_attack && is_attack_id(id));
            all.attack_ids.extend(ids);
            all.others.extend(others);
        }
        all
    }
}

/// `Command and Control` is `command-and-control`.
fn short_name(tactic: &str) -> String {
    tactic.to_ascii_lowercase().replace(' ', "-")
}

/// Index patterns; else the job of a model; else the integrations that bring the events.
fn log_source(metadata: Option<&DeTable<'_>>, rule: &DeTable<'_>) -> Result<String, String> {
    let integrations = || metadata.map(|metadata| texts_of(metadata, "integration")).unwrap_or_default();
    let all = [texts_of(rule, "index"), texts_of(rule, "machine_learning_job_id"), integrations()];
    let first = all.into_iter().find(|texts| !texts.is_empty()).unwrap_or_default();
    long(&first.join(", "))
}

fn false_positives(rule: &DeTable<'_>) -> Result<Vec<String>, String> {
    let texts = texts_of(rule, "false_positives");
    texts.into_iter().map(str::trim).filter(|text| !text.is_empty()).map(long).collect()
}

fn level(word: &str) -> Option<RuleLevel> {
    Some(match word.trim().to_ascii_lowercase().as_str() {
        "low" => RuleLevel::Low,
        "medium" => RuleLevel::Medium,
        "high" => RuleLevel::High,
        "critical" => RuleLevel::Critical,
        _ => return None,
    })
}
