//! Reads CALDERA's stockpile: `data/abilities/**` and `data/adversaries/**`, or what its other plugins keep in such
//! folders.
//!
//! Format: CALDERA's documentation. A file of abilities is a list; each ability is a template. A file of an adversary is
//! a map with `atomic_ordering`, or `phases` as older ones have.

use crate::caldera;
use crate::each::each;
use crate::files::{File, Files};
use crate::kept::{self, long_of, name, name_of};
use crate::record::{AdversaryRecord, Record, TemplateRecord};
use crate::yaml::{self, Node};
use crate::{Parsed, Progress, Reject, SourceError, finished};
use std::collections::{BTreeSet, HashSet};

/// How many steps a plan may have. Known ones have 36.
const MAX_STEPS: usize = 5_000;

/// Whether a file of the repository is one of its abilities or adversaries. A file in no folder may be either.
pub fn wants(path: &str) -> bool {
    let Some((folders, name)) = path.rsplit_once('/') else { return is_yaml(path) };
    is_yaml(name) && folders.split('/').any(|folder| matches!(folder, "abilities" | "adversaries"))
}

fn is_yaml(name: &str) -> bool {
    name.ends_with(".yml") || name.ends_with(".yaml")
}

/// What came of a file.
#[derive(Default)]
struct FileRead {
    abilities: Vec<TemplateRecord>,
    /// Their techniques as written, blanks and all.
    written: Vec<String>,
    adversary: Option<AdversaryRecord>,
    rejects: Vec<Reject>,
}

/// Reads the files of the repository.
///
/// # Errors
/// [`SourceError`].
pub fn read(files: &Files, progress: Progress<'_>) -> Result<Parsed, SourceError> {
    let wanted = files.wanted(wants);
    let mut parsed =
        Parsed { version: files.version("stockpile"), rejects: files.rejects.clone(), ..Parsed::default() };
    let (mut techniques, mut written) = (BTreeSet::new(), BTreeSet::new());
    let (mut keys, mut adversaries) = (HashSet::new(), vec![]);
    for read in each(&wanted, progress, read_file)? {
        parsed.counts.add("abilities", read.abilities.len());
        for ability in read.abilities {
            let none = ability.attack_id.is_none();
            parsed.counts.add("abilities without a technique", usize::from(none));
            parsed.counts.add("commands", ability.executions.len());
            keys.insert(ability.key.clone());
            techniques.extend(ability.attack_id.clone());
            parsed.records.push(Record::Template(ability));
        }
        written.extend(read.written);
        adversaries.extend(read.adversary);
        parsed.rejects.extend(read.rejects);
    }
    parsed.counts.add("techniques", techniques.len());
    parsed.counts.add("techniques as written", written.len());
    for mut adversary in adversaries {
        let unknown = adversary.steps.iter().filter(|step| !keys.contains(*step));
        adversary.unresolved = unknown.cloned().collect();
        parsed.counts.add("adversaries", 1);
        parsed.counts.add("steps", adversary.steps.len());
        parsed.counts.add("steps without an ability", adversary.unresolved.len());
        parsed.records.push(Record::Adversary(adversary));
    }
    finished(parsed, "CALDERA ability", "data/abilities/**/*.yml and data/adversaries/**/*.yml")
}

fn read_file(file: &File) -> FileRead {
    let mut read = FileRead::default();
    let document = match yaml::document(&file.bytes) {
        Ok(document) => document,
        Err(fault) => {
            read.rejects.push(Reject::new(&file.path, "", fault.reason).at(fault.line));
            return read;
        }
    };
    if is_adversary(&document) {
        match adversary(&document, &file.path) {
            Ok(adversary) => read.adversary = Some(adversary),
            Err(reason) => read.rejects.push(reject(file, &document, reason)),
        }
        return read;
    }
    // One ability may stand there without a list.
    let one = [document];
    let abilities = if one[0].get("id").is_some() { &one[..] } else { one[0].items() };
    if abilities.is_empty() {
        read.rejects.push(reject(file, &one[0], "it has neither abilities nor an adversary".to_owned()));
    }
    for ability in abilities {
        let key = ability.text_of("id").ok_or_else(|| "id is missing".to_owned());
        let key = key.and_then(|id| kept::id(id, "id"));
        match key.and_then(|key| caldera::template(ability, key, &file.path)) {
            Ok(template) => {
                read.written.extend(caldera::written_technique(ability).map(str::to_owned));
                read.abilities.push(template);
            }
            Err(reason) => read.rejects.push(reject(file, ability, reason)),
        }
    }
    read
}

fn reject(file: &File, record: &Node, reason: String) -> Reject {
    Reject::new(&file.path, name_of(record, "name"), reason).at(record.line)
}

fn is_adversary(document: &Node) -> bool {
    ["atomic_ordering", "phases", "adversary_id"].iter().any(|key| document.get(key).is_some())
}

fn adversary(document: &Node, path: &str) -> Result<AdversaryRecord, String> {
    let id = document.text_of("id").or_else(|| document.text_of("adversary_id")).ok_or("id is missing")?;
    let title = name_of(document, "name");
    if title.is_empty() {
        return Err("name is missing".to_owned());
    }
    let mut steps: Vec<String> = vec![];
    let phases = document.get("phases").map_or(&[][..], Node::entries);
    let lists = document.get("atomic_ordering").into_iter().chain(phases.iter().map(|(_, list)| list));
    for step in lists.flat_map(Node::texts) {
        if steps.len() == MAX_STEPS {
            return Err(format!("it has more than {MAX_STEPS} steps"));
        }
        steps.push(name(step).to_ascii_lowercase());
    }
    Ok(AdversaryRecord {
        key: kept::id(id, "id")?,
        path: path.to_owned(),
        name: title,
        description: long_of(document, "description")?.trim().to_owned(),
        steps,
        ..AdversaryRecord::default()
    })
}

#[cfg(test)]
mod tests;
