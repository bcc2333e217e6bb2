//! Documents of a Sigma file, and the rules they make together.

use super::tag::Tags;
use super::{Area, FileRead};
use crate::Reject;
use crate::files::File;
use crate::kept::{self, addresses, date, long, long_of, name, name_of, sorted};
use crate::record::{RuleClass, RuleLevel, RuleRecord};
use crate::yaml::{Node, Value};

/// Under which terms SigmaHQ publishes its rules.
const LICENCE: &str = "Detection Rule License 1.1";

/// How many documents may stand after a global one. Known files have two.
const MAX_AFTER_GLOBAL: usize = 50;
/// How many times the size of their file the queries of a file may have, in bytes: a global document stands in several,
/// and a correlation has the whole file.
const MAX_REPEATS: usize = 8;

/// Reads the documents of a file. One with `action: global` is no rule: what it says holds for those after it, until
/// `action: reset`.
pub(super) fn read(file: &File, text: &str, documents: Vec<Node>) -> FileRead {
    let mut read = FileRead { documents: documents.len(), ..FileRead::default() };
    let parts = if documents.len() > 1 { parts(text, documents.len()) } else { None };
    let several = documents.len() > 1;
    if documents.is_empty() {
        read.rejects.push(Reject::new(&file.path, "", "the file is empty"));
    }
    let (mut after_global, mut left) = (0, text.len().saturating_mul(MAX_REPEATS));
    let mut global: Option<(Node, String)> = None;
    for (index, mut document) in documents.into_iter().enumerate() {
        let tags = Tags::of(&document.texts_of("tags"));
        read.attack |= tags.attack;
        read.techniques.extend(tags.techniques);
        let part = parts.as_ref().map_or(text, |parts| parts[index]);
        match document.text_of("action").map(str::trim) {
            Some("global") => {
                match &mut global {
                    Some((held, texts)) => {
                        merge(held, document);
                        // The text of the file holds all of them where its parts are not known.
                        if parts.is_some() {
                            texts.push_str("---\n");
                            texts.push_str(part);
                        }
                    }
                    None => global = Some((document, part.to_owned())),
                }
                continue;
            }
            Some("reset") => global = None,
            _ => {}
        }
        if several && document.is_null() {
            continue;
        }
        let line = document.line;
        let limit =
            |reason: String| Reject::new(&file.path, format!("document {}", index + 1), reason).at(line);
        after_global += usize::from(global.is_some());
        if after_global > MAX_AFTER_GLOBAL {
            let reason = format!("more than {MAX_AFTER_GLOBAL} documents stand after a global one");
            read.rejects.push(limit(reason));
            break;
        }
        let own_id = document.text_of("id").map(str::to_owned);
        let mut query = None;
        if let Some((held, texts)) = &global {
            let mut merged = held.clone();
            merge(&mut merged, document);
            document = merged;
            query = Some(if parts.is_some() { format!("{texts}---\n{part}") } else { text.to_owned() });
        } else if several && document.get("correlation").is_none() {
            query = Some(part.to_owned());
        }
        let query = query.as_deref().unwrap_or(text);
        if query.len() > left {
            let reason = format!("its rules repeat the text of the file more than {MAX_REPEATS} times");
            read.rejects.push(limit(reason));
            break;
        }
        left -= query.len();
        let place = index + 1;
        let record = key(own_id.as_deref(), &document, &file.path, place).and_then(|key| {
            // A correlation means something only together with the rules it joins.
            rule(&document, key, &file.path, query)
        });
        match record {
            Ok(record) => read.records.push(record),
            Err(reason) => {
                let record = match name_of(&document, "title") {
                    title if title.is_empty() && several => format!("document {place}"),
                    title => title,
                };
                read.rejects.push(Reject::new(&file.path, record, reason).at(line));
            }
        }
    }
    read
}

/// The text of each document, if it can be told apart: a line of three dashes begins one, wherever it stands.
fn parts(text: &str, documents: usize) -> Option<Vec<&str>> {
    let mut starts = vec![0];
    let mut place = 0;
    let mut parts = vec![];
    for line in text.split_inclusive('\n') {
        let end = place + line.len();
        if line.trim_end() == "---" {
            parts.push(&text[starts[starts.len() - 1]..place]);
            starts.push(end);
        }
        place = end;
    }
    parts.push(&text[starts[starts.len() - 1]..]);
    // What stands before the first line of dashes may be nothing but remarks.
    let says_something =
        |part: &&str| part.lines().any(|line| !line.trim().is_empty() && !line.starts_with('#'));
    parts.retain(says_something);
    (parts.len() == documents).then_some(parts)
}

/// Lays one document over another: maps grow together, of anything else the later one counts.
fn merge(below: &mut Node, above: Node) {
    match (&mut below.value, above.value) {
        (Value::Map(below), Value::Map(above)) => {
            for (key, node) in above {
                match below.iter_mut().rev().find(|(name, _)| *name == key) {
                    // As deep as the reader of YAML lets them nest.
                    Some((_, held)) => merge(held, node),
                    None => below.push((key, node)),
                }
            }
        }
        (below, above) => *below = above,
    }
}

/// The id of the document itself; else what is stable in its place: the id of the file, or its path, with the number
/// of the document.
fn key(own: Option<&str>, document: &Node, path: &str, place: usize) -> Result<String, String> {
    match (own, document.text_of("id")) {
        (Some(id), _) => kept::id(id, "id"),
        (None, Some(id)) => Ok(format!("{}/{place}", kept::id(id, "id")?)),
        (None, None) => Ok(format!("{path}/{place}")),
    }
}

fn rule(document: &Node, key: String, path: &str, query: &str) -> Result<RuleRecord, String> {
    let title = name_of(document, "title");
    if title.is_empty() {
        return Err("title is missing".to_owned());
    }
    let correlation = document.get("correlation").is_some();
    if !correlation && document.get("detection").is_none_or(|detection| detection.entries().is_empty()) {
        return Err("it has neither detection nor correlation".to_owned());
    }
    let tags = Tags::of(&document.texts_of("tags"));
    let (area, status) = (Area::of_path(path), name_of(document, "status"));
    Ok(RuleRecord {
        key,
        path: path.to_owned(),
        title,
        description: long_of(document, "description")?.trim_end().to_owned(),
        class: if correlation { RuleClass::Correlation } else { RuleClass::Detection },
        deprecated: area == Area::Deprecated || status == "deprecated",
        unsupported: area == Area::Unsupported || status == "unsupported",
        level: document.text_of("level").and_then(level),
        status,
        language: "sigma".to_owned(),
        query: kept::query(query)?,
        log_source: log_source(document),
        attack_ids: sorted(tags.techniques),
        tactics: sorted(tags.tactics),
        mentions: sorted(tags.mentions),
        tags: sorted(tags.others),
        false_positives: false_positives(document)?,
        references: addresses(document.texts_of("references")),
        author: name(&document.texts_of("author").join(", ")),
        created: document.text_of("date").map(date).unwrap_or_default(),
        modified: document.text_of("modified").map(date).unwrap_or_default(),
        licence: match name_of(document, "license") {
            own if own.is_empty() => LICENCE.to_owned(),
            own => own,
        },
    })
}

fn false_positives(document: &Node) -> Result<Vec<String>, String> {
    let texts = document.texts_of("falsepositives");
    texts.into_iter().map(str::trim).filter(|text| !text.is_empty()).map(long).collect()
}

fn log_source(document: &Node) -> String {
    let Some(source) = document.get("logsource") else { return String::new() };
    let mut parts: Vec<String> =
        ["product", "category", "service"].iter().map(|key| name_of(source, key)).collect();
    parts.retain(|part| !part.is_empty());
    parts.join(" / ")
}

fn level(word: &str) -> Option<RuleLevel> {
    Some(match word.trim().to_ascii_lowercase().as_str() {
        "informational" => RuleLevel::Informational,
        "low" => RuleLevel::Low,
        "medium" => RuleLevel::Medium,
        "high" => RuleLevel::High,
        "critical" => RuleLevel::Critical,
        _ => return None,
    })
}

/// A level as it is counted.
pub(super) fn level_word(level: Option<RuleLevel>) -> &'static str {
    match level {
        None => "none",
        Some(RuleLevel::Informational) => "informational",
        Some(RuleLevel::Low) => "low",
        Some(RuleLevel::Medium) => "medium",
        Some(RuleLevel::High) => "high",
        Some(RuleLevel::Critical) => "critical",
    }
}
