//! Reads D3FEND: its list of techniques, and how they meet those of ATT&CK.
//!
//! Formats: `d3fend.csv`, the published list, in which the column that the name stands in is its level; CSVs of all
//! mappings, with columns by the names that D3FEND's queries give them (`off_tech_id`, `def_tech_id`, ...); and
//! `api/offensive-technique/attack/T1003.json`, answers to those queries in SPARQL JSON. What the list does not have is
//! taken from the mappings. Not read: the ontology itself (JSON-LD, TTL), which says nothing of this that the others do
//! not, and whose mappings are only to be inferred.

use crate::each::each;
use crate::files::{File, Files};
use crate::json::Few;
use crate::record::{DefenceMappingRecord, DefenceRecord, Record};
use crate::table::{self, Row, Table};
use crate::text::{fit, line};
use crate::{Parsed, Progress, Reject, SourceError, finished, is_attack_id, json};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Characters of a name that are kept.
const NAME_CHARS: usize = 500;
/// Characters of a definition that are kept.
const LONG_CHARS: usize = 50_000;
/// The most rows of mappings in all files together.
const MAX_MEETINGS: usize = 2_000_000;

/// Whether a file is one of D3FEND's that is read.
pub fn wants(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.strip_suffix(".json") {
        Some(stem) => is_attack_id(stem),
        None => name.to_ascii_lowercase().ends_with(".csv"),
    }
}

/// One row of a mapping: a technique does something to an artifact that a defence does something to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Meeting {
    attack_id: String,
    defence: String,
    artifact: String,
    name: String,
    parent: String,
    tactic: String,
}

#[derive(Default)]
struct Content {
    list: Vec<DefenceRecord>,
    meetings: Vec<Meeting>,
    rows: usize,
    rejects: Vec<Reject>,
}

/// Reads the files.
///
/// # Errors
/// [`SourceError`].
pub fn read(files: &Files, progress: Progress<'_>) -> Result<Parsed, SourceError> {
    let wanted = files.wanted(wants);
    let mut parsed = Parsed { rejects: files.rejects.clone(), ..Parsed::default() };
    let mut defences: BTreeMap<String, DefenceRecord> = BTreeMap::new();
    let mut mappings: BTreeMap<(String, String), (DefenceMappingRecord, BTreeSet<String>)> = BTreeMap::new();
    let (mut named, mut all) = (BTreeMap::new(), 0);
    for (file, content) in wanted.iter().zip(each(&wanted, progress, read_file)?) {
        parsed.rejects.extend(content.rejects);
        parsed.counts.add("techniques in the list", content.list.len());
        let table = file.path.to_ascii_lowercase().ends_with(".csv") && !content.meetings.is_empty();
        parsed.counts.add("rows of mapping tables", if table { content.rows } else { 0 });
        for defence in content.list {
            defences.entry(defence.key.clone()).or_insert(defence);
        }
        all += content.meetings.len();
        if all > MAX_MEETINGS {
            return Err(SourceError::TooMany { limit: MAX_MEETINGS });
        }
        for meeting in content.meetings {
            let pair = (meeting.attack_id.clone(), meeting.defence.clone());
            let (_, artifacts) =
                mappings.entry(pair).or_insert_with(|| (mapping(&meeting, &file.path), BTreeSet::new()));
            if !meeting.artifact.is_empty() {
                artifacts.insert(meeting.artifact.clone());
            }
            named.entry(meeting.defence.clone()).or_insert_with(|| (meeting, file.path.clone()));
        }
    }
    complete(&mut defences, named);
    parsed.counts.add("ATT&CK ids", mappings.keys().map(|(attack, _)| attack).collect::<BTreeSet<_>>().len());
    parsed
        .counts
        .add("D3FEND ids in mappings", mappings.keys().map(|(_, id)| id).collect::<BTreeSet<_>>().len());
    parsed.counts.add("pairs", mappings.len());
    parsed.counts.add("defensive techniques", defences.len());
    parsed.records.extend(defences.into_values().map(Record::Defence));
    parsed.records.extend(mappings.into_values().map(|(mapping, artifacts)| {
        Record::DefenceMapping(DefenceMappingRecord { artifacts: artifacts.into_iter().collect(), ..mapping })
    }));
    finished(
        parsed,
        "D3FEND technique or mapping",
        "d3fend.csv, api/offensive-technique/attack/T1003.json, a CSV of mappings",
    )
}

fn mapping(meeting: &Meeting, path: &str) -> DefenceMappingRecord {
    DefenceMappingRecord {
        key: format!("{}/{}", meeting.attack_id, meeting.defence),
        path: path.to_owned(),
        attack_id: meeting.attack_id.clone(),
        defence: meeting.defence.clone(),
        artifacts: vec![],
    }
}

/// Adds the defences that only mappings name, and what the list leaves open.
fn complete(defences: &mut BTreeMap<String, DefenceRecord>, named: BTreeMap<String, (Meeting, String)>) {
    let ids: HashMap<String, String> =
        defences.values().map(|defence| (defence.name.clone(), defence.key.clone())).collect();
    for (key, (meeting, path)) in named {
        let parent = ids.get(&meeting.parent).filter(|parent| **parent != key).cloned();
        let defence = defences.entry(key).or_insert_with_key(|key| DefenceRecord {
            key: key.clone(),
            path,
            name: meeting.name.clone(),
            parent,
            ..DefenceRecord::default()
        });
        if defence.tactic.is_empty() {
            defence.tactic = meeting.tactic;
        }
        if defence.name.is_empty() {
            defence.name = if meeting.name.is_empty() { defence.key.clone() } else { meeting.name };
        }
    }
}

fn read_file(file: &File) -> Content {
    let read = if file.name().ends_with(".json") { read_answers(file) } else { read_table(file) };
    read.unwrap_or_else(|reject| Content { rejects: vec![reject], ..Content::default() })
}

#[derive(Deserialize)]
struct Answers {
    off_to_def: Option<Query>,
}

#[derive(Deserialize)]
struct Query {
    results: Results,
}

#[derive(Deserialize)]
struct Results {
    bindings: Few<Binding>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Binding {
    off_tech_id: Option<Value>,
    off_artifact_rel_label: Option<Value>,
    off_artifact_label: Option<Value>,
    def_artifact_label: Option<Value>,
    def_artifact_rel_label: Option<Value>,
    def_tech_id: Option<Value>,
    def_tech_label: Option<Value>,
    def_tech_parent_label: Option<Value>,
    def_tactic_label: Option<Value>,
}

#[derive(Deserialize)]
struct Value {
    value: String,
}

fn read_answers(file: &File) -> Result<Content, Reject> {
    let answers: Answers = json::read(file)?;
    let Some(query) = answers.off_to_def else {
        return Err(Reject::new(&file.path, "", "off_to_def is missing: it is no answer of D3FEND's"));
    };
    let mut content = Content { rows: query.results.bindings.0.len(), ..Content::default() };
    for (index, binding) in query.results.bindings.0.iter().enumerate() {
        let text =
            |value: &Option<Value>| value.as_ref().map_or_else(String::new, |value| value.value.clone());
        let fields = [
            text(&binding.off_tech_id),
            text(&binding.off_artifact_rel_label),
            text(&binding.off_artifact_label),
            text(&binding.def_artifact_label),
            text(&binding.def_artifact_rel_label),
            text(&binding.def_tech_id),
            text(&binding.def_tech_label),
            text(&binding.def_tech_parent_label),
            text(&binding.def_tactic_label),
        ];
        content.meet(fields.each_ref().map(String::as_str), || {
            Reject::new(&file.path, format!("binding {}", index + 1), "")
        });
    }
    content.settle();
    Ok(content)
}

impl Content {
    /// Takes a row of a mapping. An artifact without a defence against what is done to it is none.
    fn meet(&mut self, fields: [&str; 9], place: impl Fn() -> Reject) {
        let [attack, does, artifact, other, done, defence, name, parent, tactic] =
            fields.map(|text| line(text, NAME_CHARS));
        if defence.is_empty() {
            return;
        }
        let (attack_id, defence) = (attack.to_ascii_uppercase(), defence.to_ascii_uppercase());
        if !is_attack_id(&attack_id) || !is_defence_id(&defence) {
            let reason = format!("'{attack_id}' or '{defence}' is no id of a technique");
            self.rejects.push(Reject { reason, ..place() });
            return;
        }
        let artifact = match (artifact.is_empty(), other.is_empty()) {
            (true, true) => String::new(),
            (true, false) => format!("{done} {other}").trim().to_owned(),
            (false, true) => format!("{does} {artifact}").trim().to_owned(),
            _ if artifact == other => format!("{artifact} ({does} / {done})"),
            _ => format!("{artifact} ({does}) / {other} ({done})"),
        };
        self.meetings.push(Meeting { attack_id, defence, artifact, name, parent, tactic });
    }

    /// Answers repeat a row for each tactic of ATT&CK.
    fn settle(&mut self) {
        self.meetings.sort();
        self.meetings.dedup();
    }
}

fn read_table(file: &File) -> Result<Content, Reject> {
    let table = table::read(file)?;
    let column = |names: &[&str]| table.column(names);
    let attack = column(&["off_tech_id", "attack_id", "attack id", "offensive technique id"]);
    let defence = column(&["def_tech_id", "d3fend_id", "d3fend id", "defensive technique id"]);
    if let (Some(attack), Some(defence)) = (attack, defence) {
        let columns = [
            Some(attack),
            column(&["off_artifact_rel_label", "off_artifact_rel"]),
            column(&["off_artifact_label", "off_artifact"]),
            column(&["def_artifact_label", "def_artifact"]),
            column(&["def_artifact_rel_label", "def_artifact_rel"]),
            Some(defence),
            column(&["def_tech_label", "d3fend technique", "def_tech"]),
            column(&["def_tech_parent_label", "def_tech_parent"]),
            column(&["def_tactic_label", "d3fend tactic", "def_tactic"]),
        ];
        let mut content =
            Content { rows: table.rows.len(), rejects: table.rejects.clone(), ..Content::default() };
        for row in &table.rows {
            let fields = columns.map(|column| row.filled(column).unwrap_or_default());
            content.meet(fields, || Reject::new(&file.path, "", "").at(row.line));
        }
        content.settle();
        return Ok(content);
    }
    if column(&["ID"]).is_some() && column(&["D3FEND Technique"]).is_some() {
        return Ok(read_list(file, &table));
    }
    Err(Reject::new(
        &file.path,
        "",
        "its header has neither 'ID' and 'D3FEND Technique' nor 'off_tech_id' and 'def_tech_id'",
    ))
}

/// A technique belongs to the last one before it that stands a column further left.
fn read_list(file: &File, table: &Table) -> Content {
    let mut content = Content { rejects: table.rejects.clone(), ..Content::default() };
    let id = table.column(&["ID"]);
    let (tactic, definition) = (table.column(&["D3FEND Tactic", "Tactic"]), table.column(&["Definition"]));
    let levels: Vec<usize> = (0..table.header.len())
        .filter(|column| table::plain(&table.header[*column]).starts_with("d3fendtechnique"))
        .collect();
    let mut above: Vec<Option<String>> = vec![None; levels.len()];
    for row in &table.rows {
        match technique(row, id, &levels) {
            Ok((key, level, name)) => {
                let parent = above[..level].iter().rev().flatten().next().cloned();
                above[level..].fill(None);
                above[level] = Some(key.clone());
                content.list.push(DefenceRecord {
                    path: file.path.clone(),
                    name,
                    tactic: line(row.filled(tactic).unwrap_or_default(), NAME_CHARS),
                    definition: fit(row.filled(definition).unwrap_or_default(), LONG_CHARS).0,
                    parent: parent.filter(|parent| *parent != key),
                    url: None,
                    key,
                });
            }
            Err((record, reason)) => {
                content.rejects.push(Reject::new(&file.path, record, reason).at(row.line))
            }
        }
    }
    content.rows = table.rows.len();
    content
}

fn technique(
    row: &Row,
    id: Option<usize>,
    levels: &[usize],
) -> Result<(String, usize, String), (String, String)> {
    let key = row.filled(id).unwrap_or_default().to_ascii_uppercase();
    if !is_defence_id(&key) {
        return Err((key.clone(), format!("'{key}' is no id of a technique of D3FEND")));
    }
    let found =
        levels.iter().enumerate().find_map(|(level, column)| Some((level, row.filled(Some(*column))?)));
    match found {
        Some((level, name)) => Ok((key, level, line(name, NAME_CHARS))),
        None => Err((key, "it has no name".to_owned())),
    }
}

/// `D3-` and then letters, digits and dashes.
fn is_defence_id(text: &str) -> bool {
    let plain = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    text.strip_prefix("D3-").is_some_and(|rest| !rest.is_empty() && rest.len() <= 32 && plain(rest))
}

#[cfg(test)]
mod tests;
