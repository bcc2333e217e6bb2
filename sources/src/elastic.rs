//! Reads Elastic's detection rules: TOML in `rules/`, `rules/_deprecated/`, `rules_building_block/` and `hunting/`, or
//! a single file.
//!
//! Format: the project's own, `[metadata]` with `[rule]` and its `[[rule.threat]]`, or `[hunt]`. A rule may have no
//! query: what a model finds, for one, is set off by the model.

mod field;
mod hunt;
mod rule;

use crate::each::each;
use crate::files::{File, Files};
use crate::record::{Record, RuleRecord};
use crate::{Counts, Parsed, Progress, Reject, SourceError, finished};
use std::collections::{BTreeSet, HashSet};
use toml::Spanned;
use toml::de::DeTable;

/// The largest file that is read, in bytes. The largest known has 54,000. How deep a file may nest is limited by the
/// parser: 80 levels.
const MAX_BYTES: usize = 4 * 1024 * 1024;
/// Under which terms Elastic publishes its rules.
const LICENCE: &str = "Elastic License 2.0";

/// Whether a file of the repository is one of its rules. A file in no folder is a rule of its own.
pub fn wants(path: &str) -> bool {
    let folder = path.split_once('/').map(|(folder, _)| folder);
    let kept = match folder {
        Some(folder) => matches!(folder, "rules" | "rules_building_block" | "hunting"),
        None => path != "pyproject.toml",
    };
    kept && path.ends_with(".toml")
}

/// Where a rule is kept. Of a rule that is kept twice, the first of these counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Area {
    Rules,
    BuildingBlocks,
    Hunts,
    Deprecated,
}

impl Area {
    fn of_path(path: &str) -> Self {
        match path.split_once('/') {
            Some(("rules", rest)) if rest.starts_with("_deprecated/") => Self::Deprecated,
            Some(("rules_building_block", _)) => Self::BuildingBlocks,
            Some(("hunting", _)) => Self::Hunts,
            _ => Self::Rules,
        }
    }

    /// The first words of its figures.
    fn words(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::BuildingBlocks => "building blocks",
            Self::Hunts => "hunts",
            Self::Deprecated => "deprecated rules",
        }
    }
}

/// A rule, and what is counted of it.
struct Read {
    record: RuleRecord,
    /// Entries of ATT&CK among its threats.
    threats: usize,
    /// Those of them that name a tactic and nothing else.
    threats_without_technique: usize,
}

/// Reads the files of the repository.
///
/// # Errors
/// [`SourceError`].
pub fn read(files: &Files, progress: Progress<'_>) -> Result<Parsed, SourceError> {
    let mut wanted = files.wanted(wants);
    wanted.sort_by_key(|file| Area::of_path(&file.path));
    let mut parsed = Parsed {
        version: files.version("detection-rules"),
        rejects: files.rejects.clone(),
        ..Parsed::default()
    };
    let (mut distinct, mut keys) = (BTreeSet::new(), HashSet::new());
    for (file, outcome) in wanted.iter().zip(each(&wanted, progress, read_file)?) {
        let area = Area::of_path(&file.path);
        let Read { mut record, threats, threats_without_technique } = match outcome {
            Ok(read) => read,
            Err(reject) => {
                parsed.rejects.add(reject);
                continue;
            }
        };
        // Some hunts were copied with the id of another; they are told apart by their files.
        if !keys.insert(record.key.clone()) && area == Area::Hunts {
            record.key = format!("{}/{}", record.key, file.stem());
            parsed.counts.add("hunts with the id of another", 1);
        }
        count(&mut parsed.counts, area, &record);
        parsed.counts.add(&format!("threats of {}", area.words()), threats);
        let without = format!("threats of {} without a technique", area.words());
        parsed.counts.add(&without, threats_without_technique);
        distinct.extend(record.attack_ids.iter().map(|id| (area, id.clone())));
        parsed.records.push(Record::Rule(record));
    }
    for (area, id) in distinct {
        let what = if id.contains('.') { "sub-techniques" } else { "techniques" };
        parsed.counts.add(&format!("{what} of {}", area.words()), 1);
    }
    finished(parsed, "detection rule of Elastic", "rules/**/*.toml, rules_building_block/**, hunting/**")
}

fn count(counts: &mut Counts, area: Area, record: &RuleRecord) {
    let words = area.words();
    counts.add(words, 1);
    let technique = !record.attack_ids.is_empty();
    let sub = record.attack_ids.iter().any(|id| id.contains('.'));
    counts.add(
        &format!("{words} with a tactic or technique"),
        usize::from(technique || !record.tactics.is_empty()),
    );
    counts.add(&format!("{words} with a technique"), usize::from(technique));
    counts.add(&format!("{words} with a sub-technique"), usize::from(sub));
    counts.add("without a query", usize::from(record.query.is_empty()));
}

fn read_file(file: &File) -> Result<Read, Reject> {
    if file.bytes.len() > MAX_BYTES {
        let reason = format!("the file has {} bytes; at most {MAX_BYTES} are read", file.bytes.len());
        return Err(Reject::new(&file.path, "", reason));
    }
    let text = file.text()?;
    let document = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(0, |span| line_at(text, span.start));
        Reject::new(&file.path, "", format!("it is not TOML: {}", error.message())).at(line)
    })?;
    let document = document.get_ref();
    let (name, outcome) = match (field::table_of(document, "rule"), field::table_of(document, "hunt")) {
        (Some(rule), _) => ("rule", rule::read(document, rule, &file.path)),
        (None, Some(hunt)) => ("hunt", hunt::read(hunt, &file.path)),
        (None, None) => return Err(Reject::new(&file.path, "", "it has neither [rule] nor [hunt]").at(1)),
    };
    outcome.map_err(|reason| {
        let line = document.get(name).map_or(0, |table| line_at(text, Spanned::span(table).start));
        let title = field::table_of(document, name).map(|table| field::name_of(table, "name"));
        Reject::new(&file.path, title.unwrap_or_default(), reason).at(line)
    })
}

/// The line of a place in a text, from 1.
fn line_at(text: &str, place: usize) -> u32 {
    let before = text.as_bytes().iter().take(place).filter(|byte| **byte == b'\n').count();
    u32::try_from(before + 1).unwrap_or(0)
}

#[cfg(test)]
mod tests;
