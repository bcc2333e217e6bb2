//! Which reader reads which source, and what comes of it.

use crate::job::{JobError, Progress};
use crate::retry::chain;
use aegis_aggregates::knowledge::KnowledgeSource;
use aegis_projections::Pool;
use aegis_projections::knowledge;
use aegis_projections::knowledge::records::{self, Content, Difference};
use aegis_sources::attack::changes::{Changes, changes};
use aegis_sources::attack::content::AttackContent;
use aegis_sources::attack::{self, ParseError};
use aegis_sources::{
    Control, Files, Parsed, Rejects, SourceError, archive, atomic, cis, controls, d3fend, elastic, emulation,
    gtfobins, lolbas, mappings, oscal, sigma, stockpile,
};
use bytes::Bytes;
use std::collections::BTreeMap;

use super::Differences;

/// How a source is read: which of its files are wanted, and by what.
type Reader = (fn(&str) -> bool, fn(&Files, aegis_sources::Progress<'_>) -> Result<Parsed, SourceError>);

/// The reader of a source that consists of records; ATT&CK has a reader of its own.
fn reader(source: KnowledgeSource) -> Option<Reader> {
    Some(match source {
        KnowledgeSource::AttackEnterprise | KnowledgeSource::AttackMobile | KnowledgeSource::AttackIcs => {
            return None;
        }
        KnowledgeSource::AtomicRedTeam => (atomic::wants, atomic::read),
        KnowledgeSource::CalderaStockpile => (stockpile::wants, stockpile::read),
        KnowledgeSource::EmulationLibrary => (emulation::wants, emulation::read),
        KnowledgeSource::Lolbas => (lolbas::wants, lolbas::read),
        KnowledgeSource::Gtfobins => (gtfobins::wants, gtfobins::read),
        KnowledgeSource::Sigma => (sigma::wants, sigma::read),
        KnowledgeSource::Elastic => (elastic::wants, elastic::read),
        KnowledgeSource::D3fend => (d3fend::wants, d3fend::read),
        KnowledgeSource::Nist80053 => (oscal::wants, oscal::read),
        KnowledgeSource::MappingsExplorer => (mappings::wants, mappings::read),
        KnowledgeSource::ControlMappings => (controls::wants, controls::read),
        KnowledgeSource::CisControls => (cis::wants, cis::read),
    })
}

/// Whether a file of the source, by its path in it, is one that is read.
pub fn wants(source: KnowledgeSource, path: &str) -> bool {
    match reader(source) {
        Some((wants, _)) => wants(path),
        None => path.ends_with(".json"),
    }
}

/// What the files of a source say.
pub(super) struct Read {
    pub state: State,
    pub rejects: Rejects,
    /// How many steps reading had, as progress counts them.
    pub steps: i64,
}

/// A state of a source, with its digest.
pub(super) enum State {
    /// A release of a domain of ATT&CK.
    Attack {
        /// What it says.
        content: Box<AttackContent>,
        /// Its name.
        digest: String,
    },
    /// Records of any other source.
    Records(Content),
}

impl State {
    pub fn version(&self) -> &str {
        match self {
            Self::Attack { content, .. } => &content.version,
            Self::Records(content) => &content.version,
        }
    }

    pub fn digest(&self) -> &str {
        match self {
            Self::Attack { digest, .. } => digest,
            Self::Records(content) => &content.digest,
        }
    }

    pub fn records(&self) -> usize {
        match self {
            Self::Attack { content, .. } => {
                content.tactics.len()
                    + content.techniques.len()
                    + content.actors.len()
                    + content.software.len()
                    + content.uses.len()
                    + content.objects.len()
                    + content.relations.len()
            }
            Self::Records(content) => content.members.len(),
        }
    }

    pub fn counts(&self) -> BTreeMap<String, u64> {
        match self {
            Self::Attack { content, .. } => {
                let counts = serde_json::to_value(content.counts()).unwrap_or_default();
                serde_json::from_value(counts).unwrap_or_default()
            }
            Self::Records(content) => content.counts.0.clone(),
        }
    }

    /// In what it differs from the content of that digest; of ATT&CK, what becomes of the techniques.
    pub async fn difference(
        &self,
        pool: &Pool,
        held: Option<&str>,
    ) -> Result<(Differences, Option<Changes>), JobError> {
        match self {
            Self::Attack { content, .. } => {
                let old = match held {
                    Some(held) => knowledge::stored(pool, held).await.map_err(JobError::transient)?,
                    None => None,
                };
                let old = old.map(|(old, _)| old).unwrap_or_default();
                let changes = changes(&old, content);
                Ok((Differences::from(&changes), Some(changes)))
            }
            Self::Records(content) => {
                let found: Difference =
                    records::difference(pool, held, content).await.map_err(JobError::database)?;
                Ok((Differences::from(&found), None))
            }
        }
    }
}

/// Unpacks and reads the files of a source.
///
/// # Errors
/// They do not read as that source, or the job was told to stop.
pub(super) fn read(
    source: KnowledgeSource,
    bytes: Bytes,
    file_name: &str,
    progress: &Progress,
) -> Result<Read, JobError> {
    progress.show(0, None, "Unpacking");
    let Some((wants, read)) = reader(source) else {
        return read_attack(source, bytes, file_name, progress);
    };
    let files = Files::unpack(&bytes, file_name, wants).map_err(|error| JobError::Final(chain(&error)))?;
    drop(bytes);
    progress.check()?;
    let mut steps = 0;
    let parsed = read(&files, &mut |done, total| {
        steps = super::count(total);
        let done = super::count(done);
        progress.show(done, Some(2 * steps), format!("Reading file {done} of {steps}"));
        if progress.halted() { Control::Cancel } else { Control::Continue }
    })
    .map_err(|error| match error {
        SourceError::Cancelled => JobError::Halted,
        error => JobError::Final(format!("this is not {}: {error}", source.title())),
    })?;
    let Parsed { version, records, rejects, counts } = parsed;
    let content = Content::new(source.aggregate_id(), version, counts, &records);
    Ok(Read { state: State::Records(content), rejects, steps: steps.max(1) })
}

fn read_attack(
    source: KnowledgeSource,
    bytes: Bytes,
    file_name: &str,
    progress: &Progress,
) -> Result<Read, JobError> {
    let json = archive::unpack(&bytes, file_name).map_err(|error| JobError::Final(chain(&error)))?;
    drop(bytes);
    progress.check()?;
    let mut steps = 0;
    let parsed = attack::parse(&json, attack::version_in_file_name(file_name), &mut |done, total| {
        steps = super::count(total);
        let done = super::count(done);
        progress.show(done, Some(2 * steps), format!("Reading object {done} of {steps}"));
        if progress.halted() { Control::Cancel } else { Control::Continue }
    })
    .map_err(|error| match error {
        ParseError::Cancelled => JobError::Halted,
        error => JobError::Final(chain(&error)),
    })?;
    let attack::Parsed { content, rejects } = parsed;
    if content.domain != source.aggregate_id() {
        return Err(JobError::Final(format!(
            "the bundle is of {}, which is another source than {}: import it there",
            content.domain,
            source.title()
        )));
    }
    let digest = hex::encode(attack::digest(&content));
    Ok(Read { state: State::Attack { content: Box::new(content), digest }, rejects, steps: steps.max(1) })
}
