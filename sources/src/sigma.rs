//! Reads Sigma rules: SigmaHQ's `rules/`, `rules-*/`, `deprecated/` and `unsupported/`, or a single rule.
//!
//! Format: the Sigma specification, rules and correlations, version 2, and what version 1 wrote otherwise. The query of
//! a rule is its text, since that is what converters take. Filters, which change other rules, are no rules.

mod document;
mod tag;

use crate::each::each;
use crate::files::{File, Files};
use crate::record::{Record, RuleClass, RuleRecord};
use crate::{Counts, Parsed, Progress, Reject, SourceError, finished, yaml};
use std::collections::BTreeSet;

/// Whether a file of the repository is one of its rules. A file in no folder is a rule of its own.
pub fn wants(path: &str) -> bool {
    let rule = path.ends_with(".yml") || path.ends_with(".yaml");
    rule && path.split_once('/').is_none_or(|(folder, _)| Area::of_folder(folder).is_some())
}

/// Where a rule is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Area {
    Rules,
    Deprecated,
    Unsupported,
}

impl Area {
    fn of_folder(folder: &str) -> Option<Self> {
        match folder {
            "deprecated" => Some(Self::Deprecated),
            "unsupported" => Some(Self::Unsupported),
            _ => (folder == "rules" || folder.starts_with("rules-")).then_some(Self::Rules),
        }
    }

    fn of_path(path: &str) -> Self {
        path.split_once('/').and_then(|(folder, _)| Self::of_folder(folder)).unwrap_or(Self::Rules)
    }

    /// The first word of its figures.
    fn word(self) -> &'static str {
        match self {
            Self::Rules => "rule",
            Self::Deprecated => "deprecated",
            Self::Unsupported => "unsupported",
        }
    }
}

/// What came of a file.
#[derive(Default)]
struct FileRead {
    records: Vec<RuleRecord>,
    rejects: Vec<Reject>,
    documents: usize,
    /// Whether any tag begins with `attack.`.
    attack: bool,
    /// Techniques as often as a document of the file names them.
    techniques: Vec<String>,
}

/// Reads the files of the repository.
///
/// # Errors
/// [`SourceError`].
pub fn read(files: &Files, progress: Progress<'_>) -> Result<Parsed, SourceError> {
    let mut wanted = files.wanted(wants);
    // Of a rule that is kept twice, the one in use counts.
    wanted.sort_by_key(|file| Area::of_path(&file.path));
    let mut parsed =
        Parsed { version: files.version("sigma"), rejects: files.rejects.clone(), ..Parsed::default() };
    let mut distinct: BTreeSet<(Area, String)> = BTreeSet::new();
    for (file, of_file) in wanted.iter().zip(each(&wanted, progress, read_file)?) {
        let area = Area::of_path(&file.path);
        count(&mut parsed.counts, file, area, &of_file);
        distinct.extend(of_file.techniques.into_iter().map(|id| (area, id)));
        parsed.records.extend(of_file.records.into_iter().map(Record::Rule));
        parsed.rejects.extend(of_file.rejects);
    }
    for (area, _) in distinct {
        parsed.counts.add(&format!("{} techniques", area.word()), 1);
    }
    finished(
        parsed,
        "Sigma rule",
        "rules/**/*.yml, rules-*/**, deprecated/**, unsupported/**, or a rule alone",
    )
}

/// Files count as such where a rule came of them.
fn count(counts: &mut Counts, file: &File, area: Area, read: &FileRead) {
    if read.records.is_empty() {
        return;
    }
    let word = area.word();
    counts.add(&format!("{word} files"), 1);
    counts.add("files in rules", usize::from(file.path.starts_with("rules/")));
    counts.add(&format!("{word} documents"), read.documents);
    counts.add(&format!("{word} files with an ATT&CK tag"), usize::from(read.attack));
    counts.add(&format!("{word} files with a technique"), usize::from(!read.techniques.is_empty()));
    let sub = read.techniques.iter().any(|id| id.contains('.'));
    counts.add(&format!("{word} files with a sub-technique"), usize::from(sub));
    counts.add(&format!("{word} technique tags"), read.techniques.len());
    for rule in &read.records {
        counts.add("correlations", usize::from(rule.class == RuleClass::Correlation));
        if area == Area::Rules {
            counts.add(&format!("status {}", if rule.status.is_empty() { "none" } else { &rule.status }), 1);
            counts.add(&format!("level {}", document::level_word(rule.level)), 1);
        }
    }
}

fn read_file(file: &File) -> FileRead {
    let documents = match yaml::documents(&file.bytes) {
        Ok(documents) => documents,
        Err(fault) => {
            let reject = Reject::new(&file.path, "", fault.reason).at(fault.line);
            return FileRead { rejects: vec![reject], ..FileRead::default() };
        }
    };
    let text = match file.text() {
        Ok(text) => text,
        Err(reject) => return FileRead { rejects: vec![reject], ..FileRead::default() },
    };
    document::read(file, text, documents)
}

#[cfg(test)]
mod tests;
