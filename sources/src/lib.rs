//! Readers of what others publish: the files of knowledge sources, and the
//! results that other tools write.
//!
//! Pure: bytes in, records and rejects out; no files, no clock, no database, no
//! network. Whoever fetches a source hands its bytes to [`Files::unpack`], and the
//! files to the reader of that source. A file that is none of the source's is a
//! [`SourceError`]; a single record at fault is a [`Reject`] and the rest goes in.
//! What a record means to Aegis is decided by who stores it.

pub mod archive;
pub mod atomic;
pub mod attack;
mod caldera;
pub mod cis;
pub mod controls;
mod count;
pub mod d3fend;
mod digest;
mod each;
pub mod elastic;
pub mod emulation;
pub mod files;
pub mod gtfobins;
#[cfg(test)]
mod hostile;
mod ids;
mod json;
mod kept;
pub mod lolbas;
pub mod mappings;
pub mod oscal;
#[cfg(test)]
mod real;
pub mod record;
mod reject;
pub mod results;
pub mod sheet;
pub mod sigma;
pub mod stockpile;
pub mod table;
mod text;
pub mod yaml;

pub use count::Counts;
pub use digest::{content_digest, record_digest};
pub use files::{File, Files};
pub use ids::{attack_ids, is_attack_id};
pub use record::Record;
pub use reject::{MAX_REJECTS, Reject, Rejects};

use thiserror::Error;

/// What the caller answers to a report of progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// Go on.
    Continue,
    /// Stop; nothing is returned.
    Cancel,
}

/// Hears how many of how many files, objects or rows are read.
pub type Progress<'a> = &'a mut dyn FnMut(u64, u64) -> Control;

/// What the files of a source say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parsed {
    /// What the source calls this state of itself, if it says.
    pub version: Option<String>,
    /// Its records, by kind and key, each key once.
    pub records: Vec<Record>,
    /// What stayed out.
    pub rejects: Rejects,
    /// Figures that a person can check against the source.
    pub counts: Counts,
}

impl Parsed {
    /// Brings records into the order of kind and key. Of several with the same key the first one counts; a later
    /// one that says something else is refused.
    pub fn settle(mut self) -> Self {
        self.records.sort_by(|a, b| (a.kind(), a.key()).cmp(&(b.kind(), b.key())));
        let mut kept: Vec<Record> = Vec::with_capacity(self.records.len());
        for record in self.records {
            match kept.last() {
                Some(last) if last.kind() == record.kind() && last.key() == record.key() => {
                    if *last != record {
                        self.rejects.add(Reject::new(
                            record.path(),
                            record.key(),
                            format!(
                                "its key occurs twice with different contents; the first one counts ({})",
                                last.path()
                            ),
                        ));
                    }
                }
                _ => kept.push(record),
            }
        }
        Self { records: kept, ..self }
    }
}

/// Why files are no state of a source.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SourceError {
    /// None of the files is one that the source has.
    #[error("there is no {what} in it; expected: {expected}")]
    Nothing {
        /// What is looked for.
        what: &'static str,
        /// Where the source keeps it.
        expected: &'static str,
    },
    /// There are some, but each was refused.
    #[error("no record could be read; the first refused: {0}")]
    AllRefused(Reject),
    /// A file without which the others mean nothing does not read.
    #[error("{file}: {reason}")]
    File {
        /// Which.
        file: String,
        /// Why.
        reason: String,
    },
    /// More records than are taken.
    #[error("there are more than {limit} records")]
    TooMany {
        /// How many there may be.
        limit: usize,
    },
    /// The caller answered [`Control::Cancel`].
    #[error("the import was cancelled")]
    Cancelled,
}

/// The most records one source may have. The largest known have 6,000.
pub const MAX_RECORDS: usize = 200_000;

/// Closes a reading: nothing at all is an error, and so is too much.
pub(crate) fn finished(
    parsed: Parsed,
    what: &'static str,
    expected: &'static str,
) -> Result<Parsed, SourceError> {
    let mut parsed = parsed.settle();
    let rejects = &mut parsed.rejects;
    parsed.records.retain(|record| {
        let fits = !has_nul(&record.body());
        if !fits {
            rejects.add(Reject::new(
                record.path(),
                record.key(),
                "a text has a NUL character, which cannot be stored",
            ));
        }
        fits
    });
    if parsed.records.len() > MAX_RECORDS {
        return Err(SourceError::TooMany { limit: MAX_RECORDS });
    }
    if parsed.records.is_empty() {
        return Err(match parsed.rejects.kept.first() {
            Some(first) => SourceError::AllRefused(first.clone()),
            None => SourceError::Nothing { what, expected },
        });
    }
    Ok(parsed)
}

/// Whether a text in JSON holds a NUL character: an escape that is not itself escaped.
fn has_nul(json: &str) -> bool {
    json.match_indices("\\u0000").any(|(at, _)| {
        let before = json[..at].bytes().rev().take_while(|byte| *byte == b'\\').count();
        before.is_multiple_of(2)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(command: &str) -> Record {
        let way = record::Execution { command: command.to_owned(), ..record::Execution::default() };
        Record::Template(record::TemplateRecord {
            key: command.to_owned(),
            executions: vec![way],
            ..record::TemplateRecord::default()
        })
    }

    #[test]
    fn a_record_that_cannot_be_stored_is_refused_and_one_that_only_looks_so_is_kept() {
        let records = vec![template("a\0b"), template("a\\u0000b"), template("\\\0")];
        let parsed = finished(Parsed { records, ..Parsed::default() }, "", "").expect("one is left");
        assert_eq!(parsed.records.len(), 1);
        assert_eq!(parsed.records[0].key(), "a\\u0000b");
        assert_eq!(parsed.rejects.count, 2);
    }

    #[test]
    fn of_records_with_one_key_the_first_counts() {
        let other = match template("a") {
            Record::Template(record) => {
                Record::Template(record::TemplateRecord { name: "Other".to_owned(), ..record })
            }
            other => other,
        };
        let records = vec![template("a"), other, template("a")];
        let parsed = finished(Parsed { records, ..Parsed::default() }, "", "").expect("read");
        assert_eq!((parsed.records, parsed.rejects.count), (vec![template("a")], 1));
    }
}
