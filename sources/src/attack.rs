//! Reads one release of MITRE ATT&CK from a STIX 2.0 or 2.1 bundle.
//!
//! Pure: bytes in, [`AttackContent`] out; no files, no clock, no database. A
//! file that is no such bundle is a [`ParseError`]; a single object at fault is
//! a [`Reject`] and the rest goes in. What MITRE says about a text is left out:
//! references, contributors, licence markings.
//!
//! `envelope` opens the bundle, `stix` reads it object by object (`object`,
//! `other`, `field`), `link`, `matrix` and `relation` join the objects to a
//! release. [`changes`] compares two releases.

use std::io::{BufWriter, Write};

use crate::attack::content::AttackContent;
use crate::{Control, Reject, Rejects};
use sha2::{Digest, Sha256};
use thiserror::Error;

pub mod changes;
pub mod content;
mod envelope;
mod field;
#[cfg(test)]
mod fixture;
mod link;
mod matrix;
mod object;
mod other;
mod relation;
mod stix;
#[cfg(test)]
mod tests;

/// How deep a bundle may nest; real ones reach 6.
pub const MAX_DEPTH: usize = 100;
/// How many objects a bundle may have; ATT&CK 18.1 has 24,772.
pub const MAX_OBJECTS: usize = 1_000_000;
/// How many `revoked-by` steps lead to a successor at most.
pub const MAX_SUCCESSOR_HOPS: usize = 16;
/// The domains Aegis imports, as MITRE names them.
pub const DOMAINS: [&str; 3] = ["enterprise-attack", "mobile-attack", "ics-attack"];

/// Sets the digests of contents apart from those of anything else: here of
/// those that hold only what the first form had.
const DIGEST_PREFIX: &[u8] = b"aegis/attack-content/1\n";
/// The same for contents with objects, relations or steps of replacement.
const DIGEST_PREFIX_WHOLE: &[u8] = b"aegis/attack-content/2\n";
/// Objects read between two reports of progress.
const OBJECTS_PER_REPORT: usize = 256;
const MAX_VERSION_CHARS: usize = 32;
/// How much of a word from the bundle a message quotes.
const QUOTED_CHARS: usize = 80;

/// What a bundle said, and what of it was refused.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parsed {
    /// The release, sorted as [`AttackContent`] asks.
    pub content: AttackContent,
    /// The records or parts of records that stayed out, by STIX id, or `object #123` (counted from 1) without one.
    pub rejects: Rejects,
}

/// Why a file is not a release of ATT&CK.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseError {
    /// Nothing but space.
    #[error("the file is empty")]
    Empty,
    /// Not text.
    #[error("the file is not UTF-8 text (first fault at byte {offset})")]
    NotUtf8 {
        /// Where the first wrong byte is.
        offset: usize,
    },
    /// Deeper than [`MAX_DEPTH`].
    #[error("the JSON is nested too deeply (more than {limit} levels at byte {offset})")]
    TooDeep {
        /// How deep it may be.
        limit: usize,
        /// Where that is exceeded.
        offset: usize,
    },
    /// It ends in the middle.
    #[error("the JSON is cut short: it ends in the middle of a value (line {line}, column {column})")]
    Truncated {
        /// The line it ends in, from 1.
        line: usize,
        /// The column it ends in.
        column: usize,
    },
    /// Not JSON.
    #[error("the file is not valid JSON: {detail}")]
    NotJson {
        /// What is wrong, and where.
        detail: String,
    },
    /// JSON, but no STIX bundle.
    #[error("the file is not a STIX bundle: {detail}")]
    NotStix {
        /// What is wrong.
        detail: String,
    },
    /// A STIX bundle of another time.
    #[error("the bundle is STIX {found}; STIX 2.0 and 2.1 can be imported")]
    UnsupportedStix {
        /// What it says it is.
        found: String,
    },
    /// More than [`MAX_OBJECTS`].
    #[error("the bundle has {found} objects; at most {limit} can be imported")]
    TooManyObjects {
        /// What it has.
        found: usize,
        /// What it may have.
        limit: usize,
    },
    /// A STIX bundle about other things, or one whose techniques are all refused.
    #[error(
        "the STIX bundle holds no ATT&CK techniques in force{}",
        .first_reject.as_ref().map(|r| format!("; {} was refused: {}", r.record, r.reason)).unwrap_or_default()
    )]
    NotAttack {
        /// A technique that was refused, if there was one.
        first_reject: Option<Reject>,
    },
    /// No domain, or one Aegis does not import.
    #[error(
        "the bundle's ATT&CK domain is {}; enterprise-attack, mobile-attack and ics-attack can be imported",
        if found.is_empty() { "not stated" } else { found.as_str() }
    )]
    UnknownDomain {
        /// What it says.
        found: String,
    },
    /// Several domains in one file.
    #[error("the bundle mixes the domains {}; import them one at a time", found.join(", "))]
    MixedDomains {
        /// Which.
        found: Vec<String>,
    },
    /// No collection object and no version given.
    #[error(
        "the bundle does not say which ATT&CK version it is (it has no x-mitre-collection object, \
         as STIX 2.0 bundles never do); put the version into the file name, for example enterprise-attack-18.1.json"
    )]
    VersionMissing,
    /// Collections that disagree.
    #[error("the bundle says it is several ATT&CK versions at once: {}", found.join(", "))]
    MixedVersions {
        /// Which.
        found: Vec<String>,
    },
    /// Not a version.
    #[error("{found} is not an ATT&CK version; one looks like 18.1")]
    BadVersion {
        /// What was said instead.
        found: String,
    },
    /// The caller answered [`Control::Cancel`].
    #[error("the import was cancelled")]
    Cancelled,
}

/// Reads a bundle.
///
/// `version` (`18.1`) counts only where the bundle names none, as STIX 2.0
/// ones do. `progress` hears how many of how many objects are read, at the
/// start, now and then, and once more when all is done.
pub fn parse(
    bytes: &[u8],
    version: Option<&str>,
    progress: &mut dyn FnMut(u64, u64) -> Control,
) -> Result<Parsed, ParseError> {
    let mut rejects = Rejects::default();
    let bundle = stix::read(bytes, &mut rejects, progress)?;
    let objects = bundle.object_count;
    let content = link::link(bundle, version, &mut rejects)?;
    report(progress, objects, objects)?;
    Ok(Parsed { content, rejects })
}

/// Returns the version in a file name: `enterprise-attack-18.1.json.zst` is `18.1`.
pub fn version_in_file_name(file_name: &str) -> Option<&str> {
    let base = file_name.rsplit(['/', '\\']).next()?;
    let after = DOMAINS.iter().find_map(|domain| base.split_once(domain).map(|(_, after)| after))?;
    let after = after.strip_prefix(['-', '_', ' '])?;
    let after = after.strip_prefix('v').unwrap_or(after);
    let end = after.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(after.len());
    let version = after[..end].trim_end_matches('.');
    let parts: Vec<&str> = version.split('.').collect();
    (parts.len() == 2 && parts.iter().all(|part| (1..=3).contains(&part.len()))).then_some(version)
}

/// Names a content: equal for equal contents, whatever the order in their bundles.
///
/// `aegis verify` recomputes the names of all contents, so a form stays as it is;
/// another one needs another prefix, and the earlier ones kept beside it. There
/// are two. `aegis/attack-content/1` is for contents without `objects`,
/// `relations` and any `replaced_by`, as the first versions of Aegis read them:
/// empty ones are not serialised, so these contents keep their name.
/// `aegis/attack-content/2` is for all others.
///
/// The content must be in the order [`AttackContent`] asks for, as those from
/// [`parse`] are; [`sort`] brings others into it.
pub fn digest(content: &AttackContent) -> [u8; 32] {
    let mut hasher = Sha256::new();
    let is_first_form = content.objects.is_empty()
        && content.relations.is_empty()
        && content.techniques.iter().all(|technique| technique.replaced_by.is_none());
    hasher.update(if is_first_form { DIGEST_PREFIX } else { DIGEST_PREFIX_WHOLE });
    let mut writer = BufWriter::with_capacity(1 << 16, &mut hasher);
    let written = serde_json::to_writer(&mut writer, content).map_err(std::io::Error::from);
    written.and_then(|()| writer.flush()).expect("strings and numbers always serialise, a hasher takes all");
    drop(writer);
    hasher.finalize().into()
}

/// Brings the lists of a content into the order [`AttackContent`] asks for.
pub fn sort(content: &mut AttackContent) {
    content.tactics.sort_by(|a, b| (a.ordinal, &a.stix_id).cmp(&(b.ordinal, &b.stix_id)));
    content.techniques.sort_by(|a, b| a.stix_id.cmp(&b.stix_id));
    content.actors.sort_by(|a, b| a.stix_id.cmp(&b.stix_id));
    content.software.sort_by(|a, b| a.stix_id.cmp(&b.stix_id));
    content.uses.sort_by(|a, b| a.stix_id.cmp(&b.stix_id));
    content.objects.sort_by(|a, b| a.stix_id.cmp(&b.stix_id));
    content.relations.sort_by(|a, b| a.stix_id.cmp(&b.stix_id));
    for technique in &mut content.techniques {
        sort_words(&mut technique.tactics);
        sort_words(&mut technique.platforms);
    }
    content.software.iter_mut().for_each(|software| sort_words(&mut software.platforms));
    for object in &mut content.objects {
        sort_words(&mut object.platforms);
        sort_words(&mut object.parts);
    }
}

fn sort_words(words: &mut Vec<String>) {
    words.sort_unstable();
    words.dedup();
}

fn report(
    progress: &mut dyn FnMut(u64, u64) -> Control,
    done: usize,
    total: usize,
) -> Result<(), ParseError> {
    match progress(done as u64, total as u64) {
        Control::Continue => Ok(()),
        Control::Cancel => Err(ParseError::Cancelled),
    }
}

/// Quotes a word from the bundle: no control characters, not endless.
fn quoted(word: &str) -> String {
    let shown: String = word.chars().take(QUOTED_CHARS).flat_map(char::escape_debug).collect();
    let more = if word.chars().nth(QUOTED_CHARS).is_some() { "…" } else { "" };
    format!("\"{shown}{more}\"")
}

/// Cuts the middle out of a long message, whose end says where the fault is.
fn shortened(message: &str) -> String {
    let count = message.chars().count();
    if count <= 3 * QUOTED_CHARS {
        return message.to_owned();
    }
    let start: String = message.chars().take(2 * QUOTED_CHARS).collect();
    let end: String = message.chars().skip(count - QUOTED_CHARS).collect();
    format!("{start}…{end}")
}
