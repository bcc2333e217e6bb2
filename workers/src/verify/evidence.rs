//! Hashing every file of evidence again and holding it against its event.

use crate::leftovers::TAKEN_OUT_KEPT;
use crate::retry::chain;
use aegis_objects::Objects;
use aegis_projections::Pool;
use aegis_projections::evidence::{self, Recorded};
use chrono::Utc;
use std::fmt;

/// Files read from the ledger at a time.
const BATCH: i64 = 500;
/// Files that are not what they were, named one by one.
pub const CHANGED_SHOWN: usize = 100;

/// Files in a row that cannot be read: then it is the store that cannot be read.
pub const UNREADABLE_IN_A_ROW: usize = 100;

/// A file that is not what its event says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Where its event is in the ledger.
    pub position: i64,
    /// The test it belongs to.
    pub test: String,
    /// Where it is in the object store.
    pub object_key: String,
    /// What differs.
    pub why: String,
}

/// The evidence as it was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EvidenceReport {
    /// Files hashed and found to be what they were.
    pub intact: usize,
    /// Files whose bytes were erased after they had been taken out of their round, as they may be.
    pub erased: usize,
    /// Those that are not, or cannot be read, the first [`CHANGED_SHOWN`] of them.
    pub changed: Vec<Changed>,
    /// How many more are not.
    pub more_changed: usize,
}

impl EvidenceReport {
    /// Whether nothing is wrong.
    pub fn is_ok(&self) -> bool {
        self.changed.is_empty()
    }

    /// Holds what was found of a file against its event.
    fn judge(&mut self, file: Recorded, found: Option<(String, u64)>) {
        let size = u64::try_from(file.size_bytes).unwrap_or_default();
        let why = match found {
            Some((sha256, found)) if sha256 == file.sha256 && found == size => {
                self.intact += 1;
                return;
            }
            None if file.may_be_gone => {
                self.erased += 1;
                return;
            }
            None if file.removed => "it is not there, and was taken out less than 30 days ago".to_owned(),
            None => "it is not there".to_owned(),
            Some((_, found)) if found != size => format!("it has {found} bytes, not {size}"),
            Some((sha256, _)) => format!("its SHA-256 is {sha256}, not {}", file.sha256),
        };
        self.changed(file, why);
    }

    fn changed(&mut self, file: Recorded, why: String) {
        if self.changed.len() < CHANGED_SHOWN {
            let Recorded { position, test_id: test, object_key, .. } = file;
            self.changed.push(Changed { position, test, object_key, why });
        } else {
            self.more_changed += 1;
        }
    }
}

impl fmt::Display for EvidenceReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_ok() {
            write!(f, "Every file of evidence is what it was: {} hashed", self.intact)?;
        } else {
            write!(f, "EVIDENCE IS NOT WHAT IT WAS ({} files are)", self.intact)?;
        }
        write!(f, ", {} erased after they were taken out.", self.erased)?;
        for Changed { position, test, object_key, why } in &self.changed {
            write!(f, "\n  position {position}, test {test}, {object_key}: {why}")?;
        }
        if self.more_changed > 0 {
            write!(f, "\n  and {} more", self.more_changed)?;
        }
        Ok(())
    }
}

/// Hashes every file that a sealed event names, in the order of the ledger. `progress` hears how many
/// are done. A file that cannot be read counts as changed, and the next one is looked at.
///
/// # Errors
/// The database failed, or the object store did so for [`UNREADABLE_IN_A_ROW`] files one after another.
pub async fn evidence(
    pool: &Pool,
    objects: &Objects,
    progress: &mut (dyn FnMut(usize) + Send),
) -> Result<EvidenceReport, Box<dyn std::error::Error + Send + Sync>> {
    let mut report = EvidenceReport::default();
    let (mut after, mut done, mut unreadable) = (0, 0, 0);
    loop {
        let files = evidence::recorded(pool, after, Utc::now() - TAKEN_OUT_KEPT, BATCH).await?;
        let Some(last) = files.last() else {
            return Ok(report);
        };
        after = last.position;
        for file in files {
            match objects.digest(&file.object_key).await {
                Ok(found) => {
                    unreadable = 0;
                    report.judge(file, found);
                }
                Err(error) => {
                    unreadable += 1;
                    if unreadable >= UNREADABLE_IN_A_ROW {
                        return Err(error.into());
                    }
                    report.changed(file, format!("cannot be read: {}", chain(&error)));
                }
            }
            done += 1;
            progress(done);
        }
    }
}
