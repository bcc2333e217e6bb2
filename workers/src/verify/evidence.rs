//! Hashing every file of evidence again and holding it against its event.

use aegis_objects::Objects;
use aegis_projections::Pool;
use aegis_projections::evidence::{self, Recorded};
use std::fmt;

/// Files read from the ledger at a time.
const BATCH: i64 = 500;
/// Files that are not what they were, named one by one.
pub const CHANGED_SHOWN: usize = 100;

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
    /// Those that are not, the first [`CHANGED_SHOWN`] of them.
    pub changed: Vec<Changed>,
    /// How many more are not.
    pub more_changed: usize,
}

impl EvidenceReport {
    /// Whether nothing is wrong.
    pub fn is_ok(&self) -> bool {
        self.changed.is_empty()
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
/// are done.
///
/// # Errors
/// The database or the object store failed.
pub async fn evidence(
    pool: &Pool,
    objects: &Objects,
    progress: &mut (dyn FnMut(usize) + Send),
) -> Result<EvidenceReport, Box<dyn std::error::Error + Send + Sync>> {
    let mut report = EvidenceReport::default();
    let (mut after, mut done) = (0, 0);
    loop {
        let files = evidence::recorded(pool, after, BATCH).await?;
        let Some(last) = files.last() else {
            return Ok(report);
        };
        after = last.position;
        for file in files {
            look_at(objects, file, &mut report).await?;
            done += 1;
            progress(done);
        }
    }
}

async fn look_at(
    objects: &Objects,
    file: Recorded,
    report: &mut EvidenceReport,
) -> Result<(), object_store::Error> {
    let size = u64::try_from(file.size_bytes).unwrap_or_default();
    let why = match objects.digest(&file.object_key).await? {
        Some((sha256, found)) if sha256 == file.sha256 && found == size => {
            report.intact += 1;
            return Ok(());
        }
        None if file.removed => {
            report.erased += 1;
            return Ok(());
        }
        None => "it is not there".to_owned(),
        Some((_, found)) if found != size => format!("it has {found} bytes, not {size}"),
        Some((sha256, _)) => format!("its SHA-256 is {sha256}, not {}", file.sha256),
    };
    if report.changed.len() < CHANGED_SHOWN {
        let Recorded { position, test_id: test, object_key, .. } = file;
        report.changed.push(Changed { position, test, object_key, why });
    } else {
        report.more_changed += 1;
    }
    Ok(())
}
