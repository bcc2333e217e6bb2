//! Results and plans that other tools write.
//!
//! Unlike the records of a knowledge source these are nobody's catalogue: a person looks at them first, and then they
//! become drafts of tests, recorded attacks or overlays on the matrix. Each reader takes files and says what it
//! [`Found`]; what becomes of it is not decided here.

pub mod attire;
pub mod caldera;
mod clock;
pub mod dettect;
mod found;
mod json;
pub mod navigator;
mod sniff;
pub mod spreadsheet;
pub mod vectr;

pub use clock::DateForm;
pub use found::{
    Aspect, Assessment, DataSource, Detection, Executed, Group, Overlay, OverlayEntry, Planned, Score,
};
pub use sniff::{Kind, sniff};

use crate::text::fit;
use crate::{
    Counts, File, Files, MAX_RECORDS, Progress, Reject, Rejects, SourceError, attack_ids, is_attack_id,
};
use std::collections::HashMap;

/// Characters of a long text that are kept.
const LONG_CHARS: usize = 200_000;
/// Characters of a name that are kept.
const NAME_CHARS: usize = 500;
/// Characters of an output that are kept.
pub const OUTPUT_CHARS: usize = 20_000;
/// Words of a list that are kept with a record.
const MAX_WORDS: usize = 1_000;

/// What files of a tool say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Tests that are planned.
    pub planned: Vec<Planned>,
    /// Attacks that were executed.
    pub executed: Vec<Executed>,
    /// What is laid over the matrix.
    pub overlays: Vec<Overlay>,
    /// Sources of data.
    pub data_sources: Vec<DataSource>,
    /// Scores of techniques.
    pub assessments: Vec<Assessment>,
    /// Groups with techniques.
    pub groups: Vec<Group>,
    /// What stayed out.
    pub rejects: Rejects,
    /// Figures that a person can check against the files.
    pub counts: Counts,
}

impl Found {
    /// How many records there are.
    pub fn len(&self) -> usize {
        self.planned.len()
            + self.executed.len()
            + self.overlays.len()
            + self.data_sources.len()
            + self.assessments.len()
            + self.groups.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Joins what another file says.
    fn join(&mut self, other: Found) {
        self.planned.extend(other.planned);
        self.executed.extend(other.executed);
        self.overlays.extend(other.overlays);
        self.data_sources.extend(other.data_sources);
        self.assessments.extend(other.assessments);
        self.groups.extend(other.groups);
        self.rejects.count += other.rejects.count - other.rejects.kept.len() as u64;
        self.rejects.extend(other.rejects.kept);
        for (what, count) in other.counts.0 {
            *self.counts.0.entry(what).or_default() += count;
        }
    }

    /// Closes a reading: of several records with a key the first counts, and nothing at all is an error.
    fn finished(mut self, what: &'static str, expected: &'static str) -> Result<Self, SourceError> {
        if self.len() > MAX_RECORDS {
            return Err(SourceError::TooMany { limit: MAX_RECORDS });
        }
        let rejects = &mut self.rejects;
        first_counts(&mut self.planned, rejects, |it| (&it.key, &it.path, it.line));
        first_counts(&mut self.executed, rejects, |it| (&it.test.key, &it.test.path, it.test.line));
        first_counts(&mut self.overlays, rejects, |it| (&it.key, &it.path, None));
        first_counts(&mut self.data_sources, rejects, |it| (&it.key, &it.path, it.line));
        first_counts(&mut self.assessments, rejects, |it| (&it.key, &it.path, it.line));
        first_counts(&mut self.groups, rejects, |it| (&it.key, &it.path, it.line));
        if self.is_empty() {
            return Err(match self.rejects.kept.first() {
                Some(first) => SourceError::AllRefused(first.clone()),
                None => SourceError::Nothing { what, expected },
            });
        }
        Ok(self)
    }
}

/// Of several with one key keeps the first, and refuses the others.
fn first_counts<T>(all: &mut Vec<T>, rejects: &mut Rejects, of: fn(&T) -> (&String, &String, Option<u32>)) {
    let mut seen: HashMap<String, (String, Option<u32>)> = HashMap::new();
    all.retain(|it| {
        let (key, path, line) = of(it);
        match seen.get(key) {
            None => {
                seen.insert(key.clone(), (path.clone(), line));
                true
            }
            Some((first, at)) => {
                let at = at.map_or_else(String::new, |line| format!(":{line}"));
                let reason = format!("it occurs twice; the first one counts ({first}{at})");
                rejects.add(Reject::new(path, key, reason).at(line.unwrap_or(0)));
                false
            }
        }
    });
}

/// Reads files of a kind. Spreadsheets are read by [`spreadsheet::read`], which needs to know their columns.
///
/// # Errors
/// [`SourceError`].
pub fn read(kind: Kind, files: &Files, progress: Progress<'_>) -> Result<Found, SourceError> {
    match kind {
        Kind::Attire => attire::read(files, progress),
        Kind::Caldera => caldera::read(files, progress),
        Kind::Vectr => vectr::read(files, progress),
        Kind::Navigator => navigator::read(files, progress),
        Kind::Dettect => dettect::read(files, progress),
        Kind::Spreadsheet => Err(SourceError::File {
            file: files.files.first().map_or_else(String::new, |file| file.path.clone()),
            reason: "which column is what must be said first".to_owned(),
        }),
    }
}

/// Reads each file by itself and joins what came of them.
fn read_each(
    files: &Files,
    wanted: &[&File],
    progress: Progress<'_>,
    read: impl Fn(&File) -> Found + Sync,
) -> Result<Found, SourceError> {
    let mut all = Found { rejects: files.rejects.clone(), ..Found::default() };
    for found in crate::each::each(wanted, progress, read)? {
        all.join(found);
        if all.len() > MAX_RECORDS {
            return Err(SourceError::TooMany { limit: MAX_RECORDS });
        }
    }
    Ok(all)
}

/// The technique that a text names: none where there is no text, the first id where there are several.
fn technique(text: &str) -> Result<Option<String>, String> {
    let word = text.trim().to_ascii_uppercase();
    if word.is_empty() {
        return Ok(None);
    }
    if is_attack_id(&word) {
        return Ok(Some(word));
    }
    let first = attack_ids(text).into_iter().next();
    first.map(Some).ok_or_else(|| format!("'{}' is no id of a technique", name(text)))
}

/// A text whole, or why not: half a command is another command.
fn long(text: &str) -> Result<String, String> {
    match fit(text, LONG_CHARS) {
        (text, false) => Ok(text),
        (_, true) => Err(format!("a text has more than {LONG_CHARS} characters")),
    }
}

/// A name in one line.
fn name(text: &str) -> String {
    crate::text::line(text, NAME_CHARS)
}

/// Words, sorted, each once, without empty ones.
fn sorted<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> Vec<String> {
    let mut words: Vec<String> = words
        .into_iter()
        .take(MAX_WORDS)
        .map(|word| name(word.as_ref()))
        .filter(|word| !word.is_empty())
        .collect();
    words.sort();
    words.dedup();
    words
}

/// ATT&CK's word for a platform; the word as written where it has none.
fn platform(word: &str) -> String {
    match word.trim().to_ascii_lowercase().as_str() {
        "windows" | "win" => "Windows",
        "linux" => "Linux",
        "macos" | "darwin" | "osx" => "macOS",
        "esxi" => "ESXi",
        "azuread" | "azure ad" | "entraid" | "entra id" | "okta" => "Identity Provider",
        "aws" | "azure" | "gcp" | "iaas" => "IaaS",
        "saas" => "SaaS",
        "m365" | "o365" | "office365" | "office 365" | "google workspace" => "Office Suite",
        "container" | "containers" | "kubernetes" => "Containers",
        "android" => "Android",
        "ios" => "iOS",
        _ => return name(word),
    }
    .to_owned()
}

/// Whether a name ends in one of these, in either letter case.
fn ends_in(path: &str, ends: &[&str]) -> bool {
    let lower = path.to_ascii_lowercase();
    ends.iter().any(|end| lower.ends_with(end))
}

#[cfg(test)]
mod tests;
