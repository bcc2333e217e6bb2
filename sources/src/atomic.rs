//! Reads Atomic Red Team: `atomics/<id>/<id>.yaml`, one file for each technique.
//!
//! Format: the project's README, "atomic test" schema. A test is a template; its GUID is its key, and a test without
//! one is refused, since it could not be told from its next version.

use crate::each::each;
use crate::files::{File, Files};
use crate::record::{ArgumentRecord, Execution, Record, TemplateRecord};
use crate::text::{fit, line};
use crate::yaml::{self, Node};
use crate::{Parsed, Progress, Reject, SourceError, finished, is_attack_id};

/// Characters of a long text that are kept.
const LONG_CHARS: usize = 200_000;
/// Characters of a name that are kept.
const NAME_CHARS: usize = 500;

/// Whether a file of the repository is one of its tests.
pub fn wants(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let Some(stem) = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml")) else { return false };
    is_attack_id(stem)
}

/// Reads the files of the repository.
///
/// # Errors
/// [`SourceError`].
pub fn read(files: &Files, progress: Progress<'_>) -> Result<Parsed, SourceError> {
    let wanted = files.wanted(wants);
    let mut parsed = Parsed {
        version: files.version("atomic-red-team"),
        rejects: files.rejects.clone(),
        ..Parsed::default()
    };
    for (records, rejects) in each(&wanted, progress, read_file)? {
        parsed.counts.add("technique files", usize::from(!records.is_empty()));
        parsed.counts.add("atomic tests", records.len());
        parsed.records.extend(records.into_iter().map(Record::Template));
        parsed.rejects.extend(rejects);
    }
    finished(parsed, "atomic test", "atomics/T1059/T1059.yaml and its like")
}

fn read_file(file: &File) -> (Vec<TemplateRecord>, Vec<Reject>) {
    let document = match yaml::document(&file.bytes) {
        Ok(document) => document,
        Err(fault) => return (vec![], vec![Reject::new(&file.path, "", fault.reason).at(fault.line)]),
    };
    let Some(attack_id) = document.text_of("attack_technique").map(|id| id.trim().to_ascii_uppercase())
    else {
        let reason = "attack_technique is missing";
        return (vec![], vec![Reject::new(&file.path, "", reason).at(document.line)]);
    };
    if !is_attack_id(&attack_id) {
        let reason = format!("attack_technique is '{attack_id}', which is no id of a technique");
        return (vec![], vec![Reject::new(&file.path, "", reason).at(document.line)]);
    }
    let technique = document.text_of("display_name").unwrap_or_default();
    let (mut records, mut rejects) = (vec![], vec![]);
    for (index, test) in document.items_of("atomic_tests").iter().enumerate() {
        match read_test(test, &attack_id, technique, &file.path) {
            Ok(record) => records.push(record),
            Err(reason) => {
                let name = test.text_of("name").map_or_else(|| format!("test {}", index + 1), str::to_owned);
                rejects.push(Reject::new(&file.path, name, reason).at(test.line));
            }
        }
    }
    (records, rejects)
}

fn read_test(test: &Node, attack_id: &str, technique: &str, path: &str) -> Result<TemplateRecord, String> {
    let key = test.text_of("auto_generated_guid").map(|guid| guid.trim().to_ascii_lowercase());
    let key = key.filter(|guid| is_guid(guid)).ok_or("auto_generated_guid is missing or no GUID")?;
    let name = test.text_of("name").map(|name| line(name, NAME_CHARS)).filter(|name| !name.is_empty());
    let executor = test.get("executor").ok_or("executor is missing")?;
    // A person's steps stand in the place of the command.
    let command = executor.text_of("command").or_else(|| executor.text_of("steps"));
    let command = command
        .filter(|command| !command.trim().is_empty())
        .ok_or("executor has neither command nor steps")?;
    let mut platforms: Vec<String> = test.texts_of("supported_platforms").into_iter().map(platform).collect();
    platforms.sort();
    platforms.dedup();
    let mut tags: Vec<String> = vec![line(technique, NAME_CHARS)];
    tags.retain(|tag| !tag.is_empty());
    Ok(TemplateRecord {
        key,
        path: path.to_owned(),
        name: name.ok_or("name is missing")?,
        description: long(test.text_of("description").unwrap_or_default())?,
        attack_id: Some(attack_id.to_owned()),
        platforms,
        executions: vec![Execution {
            executor: line(executor.text_of("name").unwrap_or("manual"), NAME_CHARS),
            platforms: vec![],
            command: long(command)?,
            cleanup: long(executor.text_of("cleanup_command").unwrap_or_default())?,
            elevated: executor.truth_of("elevation_required"),
        }],
        prerequisites: long(&prerequisites(test))?,
        expected_detection: String::new(),
        arguments: arguments(test)?,
        tags,
        references: vec![],
    })
}

/// A text whole, or why not: half a command is another command.
fn long(text: &str) -> Result<String, String> {
    match fit(text, LONG_CHARS) {
        (text, false) => Ok(text),
        (_, true) => Err(format!("a text has more than {LONG_CHARS} characters")),
    }
}

/// What must be there before, with the commands that look for it and bring it.
pub(crate) fn prerequisites(test: &Node) -> String {
    let mut all = String::new();
    for dependency in test.items_of("dependencies") {
        for (title, key) in
            [("", "description"), ("check:\n", "prereq_command"), ("get:\n", "get_prereq_command")]
        {
            if let Some(text) = dependency.text_of(key).map(str::trim).filter(|text| !text.is_empty()) {
                if !all.is_empty() {
                    all.push('\n');
                }
                all.push_str(title);
                all.push_str(text);
            }
        }
    }
    all
}

/// The gaps of commands that are described.
pub(crate) fn arguments(test: &Node) -> Result<Vec<ArgumentRecord>, String> {
    let Some(arguments) = test.get("input_arguments") else { return Ok(vec![]) };
    arguments
        .entries()
        .iter()
        .map(|(name, argument)| {
            Ok(ArgumentRecord {
                name: line(name, NAME_CHARS),
                description: long(argument.text_of("description").unwrap_or_default())?,
                default: argument.text_of("default").map(long).transpose()?,
                kind: kind(argument.text_of("type").unwrap_or_default()).to_owned(),
            })
        })
        .collect()
}

fn kind(word: &str) -> &'static str {
    match word.trim().to_ascii_lowercase().as_str() {
        "integer" | "int" | "float" => "integer",
        "url" => "url",
        "path" => "path",
        _ => "string",
    }
}

/// ATT&CK's word for a platform of Atomic Red Team; the project's own where ATT&CK has none.
fn platform(word: &str) -> String {
    match word.trim().to_ascii_lowercase().as_str() {
        "windows" => "Windows",
        "linux" => "Linux",
        "macos" => "macOS",
        "containers" => "Containers",
        "office-365" | "google-workspace" => "Office Suite",
        "azure-ad" => "Identity Provider",
        "esxi" => "ESXi",
        "iaas" | "iaas:aws" | "iaas:azure" | "iaas:gcp" => "IaaS",
        "saas" => "SaaS",
        _ => return line(word, NAME_CHARS),
    }
    .to_owned()
}

pub(crate) fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests;
