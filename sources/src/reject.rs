//! Records that stay out, and why.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How many rejects are kept; later ones are only counted.
pub const MAX_REJECTS: usize = 10_000;
/// How much of a name or a reason is kept, in characters.
const SHOWN_CHARS: usize = 500;

/// One record, or part of a record, that stayed out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reject {
    /// The file it stands in, by its path in the source; empty where there is only one.
    pub file: String,
    /// The line, from 1, where that is known.
    pub line: Option<u32>,
    /// Which record: its key or its place.
    pub record: String,
    /// Why, in words for a person.
    pub reason: String,
}

impl Reject {
    /// A record of a file that stays out.
    pub fn new(file: impl Into<String>, record: impl Into<String>, reason: impl fmt::Display) -> Self {
        let (file, record) = (file.into(), record.into());
        Self { file: shown(&file), line: None, record: shown(&record), reason: shown(&reason.to_string()) }
    }

    /// The same at a line, from 1; 0 for an unknown one.
    pub fn at(mut self, line: u32) -> Self {
        self.line = (line > 0).then_some(line);
        self
    }
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.file.is_empty() {
            f.write_str(&self.file)?;
            if let Some(line) = self.line {
                write!(f, ":{line}")?;
            }
            f.write_str(": ")?;
        }
        if !self.record.is_empty() {
            write!(f, "{}: ", self.record)?;
        }
        f.write_str(&self.reason)
    }
}

/// The rejects of a reading: some kept, all counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rejects {
    /// The first [`MAX_REJECTS`].
    pub kept: Vec<Reject>,
    /// How many there are in all.
    pub count: u64,
}

impl Rejects {
    /// Adds a record of the only file.
    pub(crate) fn refuse(&mut self, record: impl Into<String>, reason: impl Into<String>) {
        self.add(Reject::new("", record, reason.into()));
    }

    /// Adds one.
    pub fn add(&mut self, reject: Reject) {
        self.count += 1;
        if self.kept.len() < MAX_REJECTS {
            self.kept.push(reject);
        }
    }
}

impl Extend<Reject> for Rejects {
    fn extend<T: IntoIterator<Item = Reject>>(&mut self, rejects: T) {
        rejects.into_iter().for_each(|reject| self.add(reject));
    }
}

/// Makes a text from outside safe to show: one line, no control characters, not endless.
fn shown(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(SHOWN_CHARS)
        .map(|c| {
            if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}') {
                ' '
            } else {
                c
            }
        })
        .collect();
    if text.chars().nth(SHOWN_CHARS).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reject_is_one_line() {
        let reject = Reject::new("a/b.yml", "x\u{1b}[31m\n", "is\tno").at(7);
        assert_eq!(reject.to_string(), "a/b.yml:7: x [31m : is no");
        assert_eq!(Reject::new("", "", "why").to_string(), "why");
    }

    #[test]
    fn rejects_beyond_the_limit_are_counted() {
        let mut rejects = Rejects::default();
        rejects.extend((0..MAX_REJECTS + 5).map(|n| Reject::new("f", n.to_string(), "no")));
        assert_eq!((rejects.kept.len(), rejects.count), (MAX_REJECTS, MAX_REJECTS as u64 + 5));
    }
}
