//! Reads LOLBAS: `yml/**/*.yml`, one file for each binary, library or script of Windows.
//!
//! Format: the project's `YML-Template.yml`. Each command of a file is a template. Commands have no ids, and their texts
//! and order change, so a key is made of what changes least: the name of the file's subject, the technique, the
//! category and the number among the commands that share these. A command that moves keeps its key unless it overtakes
//! one of its kind.

use crate::each::each;
use crate::files::{File, Files};
use crate::kept::{addresses, long, name, name_of, sorted};
use crate::record::{Execution, Record, TemplateRecord};
use crate::yaml::{self, Node};
use crate::{Parsed, Progress, Reject, SourceError, finished, is_attack_id};
use std::collections::{BTreeSet, HashMap};

/// How many commands a file may have. Known ones have thirteen.
const MAX_COMMANDS: usize = 200;
/// How many other names of the subject are kept.
const MAX_ALIASES: usize = 20;

/// Whether a file of the repository is one of its entries. A file in no folder is an entry of its own, but for the
/// template.
pub fn wants(path: &str) -> bool {
    let inside = path.starts_with("yml/") || (!path.contains('/') && path != "YML-Template.yml");
    inside && (path.ends_with(".yml") || path.ends_with(".yaml"))
}

/// What came of a file.
#[derive(Default)]
struct Entry {
    records: Vec<TemplateRecord>,
    rejects: Vec<Reject>,
    /// Whether it names a rule of Sigma that detects it.
    sigma: bool,
}

/// Reads the files of the repository.
///
/// # Errors
/// [`SourceError`].
pub fn read(files: &Files, progress: Progress<'_>) -> Result<Parsed, SourceError> {
    let wanted = files.wanted(wants);
    let mut parsed =
        Parsed { version: files.version("LOLBAS"), rejects: files.rejects.clone(), ..Parsed::default() };
    let mut techniques = BTreeSet::new();
    for (file, entry) in wanted.iter().zip(each(&wanted, progress, read_file)?) {
        let counts = &mut parsed.counts;
        if !entry.records.is_empty() {
            let folder = file.path.rsplit('/').nth(1).unwrap_or("no folder");
            counts.add("entries", 1);
            counts.add(&format!("entries in {folder}"), 1);
            counts.add("entries with a Sigma rule", usize::from(entry.sigma));
        }
        counts.add("commands", entry.records.len());
        let ids: Vec<&String> = entry.records.iter().filter_map(|record| record.attack_id.as_ref()).collect();
        counts.add("commands with a technique", ids.len());
        techniques.extend(ids.into_iter().cloned());
        parsed.records.extend(entry.records.into_iter().map(Record::Template));
        parsed.rejects.extend(entry.rejects);
    }
    parsed.counts.add("techniques", techniques.len());
    finished(parsed, "LOLBAS entry", "yml/OSBinaries/*.yml and its like")
}

fn read_file(file: &File) -> Entry {
    let whole = |reason: String, line| Entry {
        rejects: vec![Reject::new(&file.path, "", reason).at(line)],
        ..Entry::default()
    };
    let document = match yaml::document(&file.bytes) {
        Ok(document) => document,
        Err(fault) => return whole(fault.reason, fault.line),
    };
    let subject = name_of(&document, "Name");
    if subject.is_empty() {
        return whole("Name is missing".to_owned(), document.line);
    }
    if document.items_of("Commands").is_empty() {
        return whole("it has no Commands".to_owned(), document.line);
    }
    if document.items_of("Commands").len() > MAX_COMMANDS {
        return whole(format!("it has more than {MAX_COMMANDS} Commands"), document.line);
    }
    let detections: Vec<(&str, &str)> = pairs(&document, "Detection").collect();
    let links = pairs(&document, "Resources").chain(detections.iter().copied());
    let references = addresses(links.map(|(_, text)| text));
    let sigma = |(kind, text): &(&str, &str)| *kind == "Sigma" && !text.trim().is_empty();
    let mut entry = Entry { sigma: detections.iter().any(sigma), ..Entry::default() };
    let mut numbers: HashMap<String, usize> = HashMap::new();
    for (index, command) in document.items_of("Commands").iter().enumerate() {
        match template(&document, &subject, command, &references, &file.path) {
            Ok(mut record) => {
                let number = numbers.entry(record.key.clone()).or_default();
                *number += 1;
                record.key = format!("{}/{number}", record.key);
                entry.records.push(record);
            }
            Err(reason) => {
                let record = format!("{subject}, command {}", index + 1);
                entry.rejects.push(Reject::new(&file.path, record, reason).at(command.line));
            }
        }
    }
    entry
}

/// Reads a command. Its key lacks the number.
fn template(
    entry: &Node,
    subject: &str,
    command: &Node,
    references: &[String],
    path: &str,
) -> Result<TemplateRecord, String> {
    let text = command.text_of("Command").filter(|text| !text.trim().is_empty());
    let text = text.ok_or("Command is missing")?;
    let written = name_of(command, "MitreID").to_ascii_uppercase();
    let attack_id = is_attack_id(&written).then(|| written.clone());
    let [category, privileges, usecase] =
        ["Category", "Privileges", "Usecase"].map(|key| name_of(command, key));
    let title = if usecase.is_empty() { subject.to_owned() } else { name(&format!("{subject}: {usecase}")) };
    let key = |text: &str| text.to_lowercase().replace([' ', '/'], "-");
    let mut tags = vec![category.clone(), privileges.clone(), usecase];
    if attack_id.is_none() && !written.is_empty() {
        tags.push(format!("attack_id:{written}"));
    }
    tags.extend(pairs(command, "Tags").map(|(kind, text)| name(&format!("{kind}: {text}"))));
    tags.extend(pairs(entry, "Aliases").take(MAX_ALIASES).map(|(_, alias)| format!("alias:{}", name(alias))));
    let description = match command.text_of("Description") {
        Some(text) => long(text.trim())?,
        None => name_of(entry, "Description"),
    };
    Ok(TemplateRecord {
        key: format!(
            "{}/{}/{}",
            key(subject),
            attack_id.as_deref().unwrap_or("none"),
            if category.is_empty() { "none".to_owned() } else { key(&category) }
        ),
        path: path.to_owned(),
        name: title,
        description,
        attack_id,
        platforms: vec!["Windows".to_owned()],
        executions: vec![Execution {
            executor: "command_prompt".to_owned(),
            command: long(text)?,
            elevated: is_elevated(&privileges),
            ..Execution::default()
        }],
        tags: sorted(tags),
        references: references.to_vec(),
        ..TemplateRecord::default()
    })
}

/// The entries of a list of maps with one key each, whatever the keys are.
fn pairs<'n>(node: &'n Node, key: &str) -> impl Iterator<Item = (&'n str, &'n str)> {
    let entries = node.items_of(key).iter().flat_map(Node::entries);
    entries.filter_map(|(kind, value)| Some((kind.as_str(), value.text()?)))
}

/// Whether the privileges, which are written in words, are those of an administrator.
fn is_elevated(privileges: &str) -> bool {
    let words = privileges.to_ascii_lowercase();
    // "User, Administrator in Windows 8" and "Low privileges" are no such thing.
    !words.starts_with("user") && ["admin", "system"].iter().any(|word| words.contains(word))
}

#[cfg(test)]
mod tests;
