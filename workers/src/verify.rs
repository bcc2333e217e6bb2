//! Checking the whole record: signatures, then everything they were made over.

mod evidence;

pub use evidence::{CHANGED_SHOWN, Changed, EvidenceReport, evidence};

use crate::checkpoint::PUBLISHED;
use aegis_objects::get;
use aegis_projections::Pool;
use aegis_projections::access_log::{self, AccessChecked};
use aegis_projections::merkle::{CheckpointError, VerifierKey};
use aegis_projections::status::CheckpointRecord;
use aegis_projections::verify::{Finding, Verified, contents, verify_signed};
use aegis_sources::attack;
use chrono::Utc;
use object_store::ObjectStore;
use std::fmt;

/// A signed note kept outside the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Where it comes from: a file's name.
    pub name: String,
    /// The note.
    pub text: String,
}

/// A checkpoint that cannot be held against the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadCheckpoint {
    /// Which.
    pub name: String,
    /// Why not.
    pub why: String,
}

/// Checkpoints that cannot be trusted, named one by one.
pub const BAD_SHOWN: usize = 100;

/// The record as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What the record says of itself.
    pub verified: Verified,
    /// How many checkpoints are well signed, those of the database and those brought along.
    pub signed: usize,
    /// Those that are not, the first [`BAD_SHOWN`] of them.
    pub bad: Vec<BadCheckpoint>,
    /// How many more are not.
    pub more_bad: usize,
    /// How many contents of knowledge were put in force.
    pub contents: usize,
    /// What the access log is, held against its journal.
    pub access: AccessChecked,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_ok(&self) -> bool {
        self.verified.finding.is_none() && self.access.finding.is_none() && self.bad.is_empty()
    }

    /// The first thing wrong with the record itself.
    pub fn finding(&self) -> Option<&Finding> {
        self.verified.finding.as_ref()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Verified { positions, root, queued, checkpoints, .. } = &self.verified;
        writeln!(f, "{positions} positions, root {}", hex::encode(root))?;
        writeln!(f, "{queued} events wait for a position")?;
        writeln!(f, "{} checkpoints are well signed, {checkpoints} agree with the record", self.signed)?;
        writeln!(f, "{} contents were put in force", self.contents)?;
        let AccessChecked { closed, cut, intact, cut_up_to, closed_up_to, finding } = &self.access;
        write!(
            f,
            "{closed} segments of the access log are closed, up to entry {closed_up_to}: {intact} are what they were"
        )?;
        if *cut > 0 {
            write!(f, ", {cut} were cut (entries up to {cut_up_to})")?;
        }
        writeln!(f)?;
        if let Some(finding) = finding {
            writeln!(f, "{finding}")?;
        }
        for BadCheckpoint { name, why } in &self.bad {
            writeln!(f, "{name}: {why}")?;
        }
        if self.more_bad > 0 {
            writeln!(f, "and {} more checkpoints that cannot be trusted", self.more_bad)?;
        }
        match &self.verified.finding {
            Some(finding) => write!(f, "{finding}"),
            None if self.access.finding.is_some() => {
                write!(f, "the record agrees with itself, but the access log is not what it was")
            }
            None if self.bad.is_empty() => write!(f, "nothing was edited"),
            None => write!(f, "the record agrees with itself, but not every checkpoint can be trusted"),
        }
    }
}

/// The checkpoint that Aegis published beside the tiles, if there is one, as a
/// note to hold the record against: whoever cuts the database alone has not cut it.
/// Read it before the record, which then reaches at least as far.
///
/// # Errors
/// The object store failed.
pub async fn published(objects: &dyn ObjectStore) -> object_store::Result<Option<Note>> {
    let note = get(objects, PUBLISHED).await?;
    Ok(note.map(|note| Note {
        name: format!("the published checkpoint ({PUBLISHED})"),
        text: String::from_utf8_lossy(&note).into_owned(),
    }))
}

/// Checks the signatures of all checkpoints and of the notes brought along,
/// then recomputes the record and holds it against those that are well signed,
/// and the contents that were put in force against the record.
/// `progress` hears (done, total) positions.
///
/// # Errors
/// The database failed. What is wrong is in the [`Report`].
pub async fn run(
    pool: &Pool,
    key: &VerifierKey,
    notes: &[Note],
    progress: &mut (dyn FnMut(i64, i64) + Send),
) -> Result<Report, sqlx::Error> {
    let mut bad = Vec::new();
    let mut brought = Vec::new();
    for Note { name, text } in notes {
        match key.open(text).map_err(|error| error.to_string()).and_then(|checkpoint| {
            let size = i64::try_from(checkpoint.size).map_err(|_| "no ledger is that long".to_owned())?;
            Ok(CheckpointRecord {
                size,
                root_hash: checkpoint.root.to_vec(),
                note: text.clone(),
                created_at: Utc::now(),
            })
        }) {
            Ok(record) => brought.push(record),
            Err(why) => bad.push(BadCheckpoint { name: name.clone(), why }),
        }
    }
    let (mut signed, mut more_bad) = (brought.len(), 0);
    let mut trusted = |record: &CheckpointRecord| match opened(key, record) {
        Ok(()) => {
            signed += 1;
            true
        }
        Err(_) if bad.len() >= BAD_SHOWN => {
            more_bad += 1;
            false
        }
        Err(why) => {
            bad.push(BadCheckpoint { name: format!("checkpoint of size {}", record.size), why });
            false
        }
    };
    let mut verified = verify_signed(pool, &brought, &mut trusted, progress).await?;
    let (contents, changed) = contents(pool, |content| hex::encode(attack::digest(content))).await?;
    // The record comes first: it is what says which contents there should be.
    verified.finding = verified.finding.or(changed);
    let access = access_log::check(pool, progress).await?;
    Ok(Report { verified, signed, bad, more_bad, contents, access })
}

/// A row must be what its note says.
fn opened(key: &VerifierKey, record: &CheckpointRecord) -> Result<(), String> {
    let checkpoint = key.open(&record.note).map_err(|error: CheckpointError| error.to_string())?;
    if checkpoint.size == record.size.cast_unsigned() && checkpoint.root.as_slice() == record.root_hash {
        Ok(())
    } else {
        Err("its note signs another size or root than its row says".to_owned())
    }
}
