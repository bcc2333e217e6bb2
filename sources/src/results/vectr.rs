//! Reads test plans as VECTR imports them: a merged plan, a file for each technique, a summary as CSV.
//!
//! Format: the indexes of Security Risk Advisors. A test case has an id in its metadata, which is its key; so the two
//! forms of a plan double nothing, and a test case that stands in the plans of several years is one. Where there is no
//! id, as in the oldest plan and in every summary, the technique and the name are the key.

use super::{Found, Planned, ends_in, long, name, platform, read_each, sorted, technique};
use crate::files::Files;
use crate::table::{self, Row, Table, plain};
use crate::yaml::{self, Node};
use crate::{File, Progress, Reject, SourceError};
use std::collections::HashMap;

/// Names of the columns of a summary.
pub(super) const NAMES: &[&str] = &["Test Case"];
/// And of those with the technique.
pub(super) const IDS: &[&str] = &["MITRE ID", "Technique ID"];
const PHASES: &[&str] = &["Campaign", "Tactic"];

/// Whether a file can be a test plan, or a part of one.
pub fn wants(path: &str) -> bool {
    ends_in(path, &[".yml", ".yaml", ".csv"])
}

/// Reads test plans.
///
/// # Errors
/// [`SourceError`].
pub fn read(files: &Files, progress: Progress<'_>) -> Result<Found, SourceError> {
    let mut found = read_each(files, &files.wanted(wants), progress, read_file)?;
    found.planned = joined(std::mem::take(&mut found.planned), &mut found);
    found.counts.add("different test cases", found.planned.len());
    found.finished("test plan", "a YAML file with 'metadata' and phases, or a CSV file with 'Test Case'")
}

fn read_file(file: &File) -> Found {
    let mut found = Found::default();
    if ends_in(&file.path, &[".csv"]) {
        match table::read(file) {
            Ok(table) => read_summary(table, file, &mut found),
            Err(reject) => found.rejects.add(reject),
        }
        return found;
    }
    match yaml::document(&file.bytes) {
        Err(fault) => found.rejects.add(Reject::new(&file.path, "", fault.reason).at(fault.line)),
        Ok(document) if is_plan(&document) => read_plan(&document, file, &mut found),
        Ok(document) if is_case(&document) => {
            found.counts.add("single-technique files", 1);
            take(&document, "", "", file, &mut found);
        }
        Ok(document) => {
            let reason = "it is neither a plan, with metadata and phases, nor a test case, with a name";
            found.rejects.add(Reject::new(&file.path, "", reason).at(document.line));
        }
    }
    found
}

/// Whether a document is a merged plan.
pub(super) fn is_plan(document: &Node) -> bool {
    let about = document.get("metadata");
    about.is_some_and(|about| about.get("bundle").is_some() || about.get("prefix").is_some())
        && document.get("name").is_none()
}

/// Whether a document is a test case.
pub(super) fn is_case(document: &Node) -> bool {
    document.text_of("name").is_some()
        && document.get("metadata").is_some_and(|about| about.get("tid").is_some())
}

fn read_plan(document: &Node, file: &File, found: &mut Found) {
    let about = document.get("metadata");
    let plan = about.and_then(|about| about.text_of("bundle").or_else(|| about.text_of("prefix")));
    let plan = name(plan.unwrap_or_default());
    found.counts.add("merged plans", 1);
    let mut seen: HashMap<String, u32> = HashMap::new();
    for (phase, cases) in document.entries().iter().filter(|(phase, _)| phase != "metadata") {
        for case in cases.items() {
            found.counts.add("test cases in merged plans", 1);
            let Some(key) = take(case, &plan, phase, file, found) else { continue };
            if let Some(first) = seen.get(&key) {
                found.planned.pop();
                let reason = format!("it occurs twice in the plan; the first one counts (line {first})");
                found.rejects.add(Reject::new(&file.path, key, reason).at(case.line));
            } else {
                seen.insert(key, case.line);
            }
        }
    }
}

fn take(case: &Node, plan: &str, phase: &str, file: &File, found: &mut Found) -> Option<String> {
    match read_case(case, plan, phase, file) {
        Ok(planned) => {
            let key = planned.key.clone();
            found.planned.push(planned);
            Some(key)
        }
        Err(reason) => {
            let title = name(case.text_of("name").unwrap_or_default());
            found.rejects.add(Reject::new(&file.path, title, reason).at(case.line));
            None
        }
    }
}

fn read_case(case: &Node, plan: &str, phase: &str, file: &File) -> Result<Planned, String> {
    let title = name(case.text_of("name").unwrap_or_default());
    if title.is_empty() {
        return Err("name is missing".to_owned());
    }
    let about = case.get("metadata").ok_or("metadata is missing")?;
    let attack_id = technique(about.text_of("tid").unwrap_or_default())?;
    let id = about.text_of("id").or_else(|| about.text_of("x_vectr_id")).map(name).unwrap_or_default();
    let key = if id.is_empty() { key_of(attack_id.as_deref(), &title) } else { id.to_ascii_lowercase() };
    let lines = |key: &str| {
        let lines: Vec<&str> =
            case.texts_of(key).into_iter().filter(|line| !line.trim().is_empty()).collect();
        long(&lines.join("\n"))
    };
    let words = [case.texts_of("controls"), case.texts_of("logs"), about.texts_of("groups")].concat();
    Ok(Planned {
        key,
        path: file.path.clone(),
        line: Some(case.line),
        name: title,
        description: long(case.text_of("description").unwrap_or_default())?,
        attack_id,
        platforms: sorted(case.texts_of("platforms").into_iter().map(platform)),
        procedure: lines("guidance")?,
        prerequisites: lines("prerequisites")?,
        expected_detection: lines("detect")?,
        expected_prevention: lines("block")?,
        tool: "VECTR".to_owned(),
        plan: plan.to_owned(),
        phase: name(phase),
        tactic: name(about.text_of("tactic").unwrap_or_default()),
        tags: sorted(words),
        ..Planned::default()
    })
}

fn key_of(attack_id: Option<&str>, title: &str) -> String {
    format!("{}/{}", attack_id.unwrap_or_default(), plain(title))
}

fn read_summary(table: Table, file: &File, found: &mut Found) {
    let (Some(title), Some(id)) = (table.column(NAMES), table.column(IDS)) else {
        let reason = "its header has no columns 'Test Case' and 'MITRE ID'";
        found.rejects.add(Reject::new(&file.path, "", reason).at(1));
        return;
    };
    let (phase, about) = (table.column(PHASES), table.column(&["Description"]));
    let read = |row: &Row| -> Result<Planned, String> {
        let title = name(row.get(title));
        if title.is_empty() {
            return Err("Test Case is empty".to_owned());
        }
        let attack_id = technique(row.get(id))?;
        Ok(Planned {
            key: key_of(attack_id.as_deref(), &title),
            path: file.path.clone(),
            line: Some(row.line),
            name: title,
            description: long(row.filled(about).unwrap_or_default())?,
            attack_id,
            tool: "VECTR".to_owned(),
            phase: name(row.filled(phase).unwrap_or_default()),
            ..Planned::default()
        })
    };
    found.counts.add("summaries", 1);
    found.rejects.extend(table.rejects);
    for row in &table.rows {
        found.counts.add("rows of summaries", 1);
        match read(row) {
            Ok(planned) => found.planned.push(planned),
            Err(reason) => found.rejects.add(Reject::new(&file.path, "", reason).at(row.line)),
        }
    }
}

/// Brings together what several files say of one test case. Plans come first, those in the highest folder before the
/// archived ones below, then single files, then summaries: each knows less than the one before.
fn joined(mut planned: Vec<Planned>, found: &mut Found) -> Vec<Planned> {
    let rank = |it: &Planned| {
        let form = if ends_in(&it.path, &[".csv"]) { 2 } else { u8::from(it.plan.is_empty()) };
        (form, it.path.matches('/').count())
    };
    planned.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.path.cmp(&b.path)));
    let mut kept: Vec<Planned> = vec![];
    let (mut by_key, mut by_name) = (HashMap::new(), HashMap::new());
    for it in planned {
        let named = key_of(it.attack_id.as_deref(), &it.name);
        let summary = ends_in(&it.path, &[".csv"]);
        let place = by_key.get(&it.key).or_else(|| if summary { by_name.get(&named) } else { None }).copied();
        match place {
            None => {
                by_key.insert(it.key.clone(), kept.len());
                by_name.entry(named).or_insert(kept.len());
                kept.push(it);
            }
            Some(place) => {
                let first: &mut Planned = &mut kept[place];
                let same = summary || is_same(first, &it);
                found
                    .counts
                    .add(if same { "repeated test cases" } else { "test cases in another wording" }, 1);
                by_name.entry(named).or_insert(place);
                if !it.plan.is_empty() && it.plan != first.plan && !first.tags.contains(&it.plan) {
                    first.tags.push(it.plan);
                    first.tags.sort();
                }
            }
        }
    }
    kept
}

/// Whether both say the same, whatever plan and file they stand in.
fn is_same(a: &Planned, b: &Planned) -> bool {
    let text = |it: &Planned| {
        [&it.name, &it.description, &it.procedure, &it.expected_detection, &it.expected_prevention]
            .map(Clone::clone)
    };
    a.attack_id == b.attack_id && text(a) == text(b)
}

#[cfg(test)]
mod tests;
