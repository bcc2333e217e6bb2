//! Unpacks an uploaded knowledge bundle in memory: plain JSON, zstd, gzip or zip.
//!
//! What the bytes are is decided by their first bytes; the name only words the
//! errors. Nothing is ever written to disk, so a hostile entry name can do
//! nothing. One layer is unpacked; what the JSON says is the parsers' business.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Cursor, Read};

use thiserror::Error;
use zip::ZipArchive;
use zip::result::ZipError;

#[cfg(test)]
mod tests;

/// The largest file that may be uploaded, packed or plain: 256 MiB.
pub const MAX_PACKED_BYTES: u64 = 256 * MEBIBYTE;
/// The largest bundle that may come out of a packed file: 512 MiB.
pub const MAX_UNPACKED_BYTES: u64 = 512 * MEBIBYTE;
/// The most entries a zip may have.
pub const MAX_ZIP_ENTRIES: usize = 10_000;
/// How many times its packed size a bundle may grow to (ATT&CK: about 12).
pub const MAX_RATIO: u64 = 200;
/// Bundles below this size are exempt from [`MAX_RATIO`].
pub const RATIO_FREE_BYTES: u64 = 16 * MEBIBYTE;

const MEBIBYTE: u64 = 1024 * 1024;
/// How many entry names an error lists.
const NAMES_SHOWN: usize = 10;
/// How much of one entry name an error shows.
const NAME_CHARS_SHOWN: usize = 120;
/// Starts every entry of a zip's directory.
const ZIP_DIRECTORY_ENTRY: &[u8] = b"PK\x01\x02";

/// Why a file could not be unpacked.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum UnpackError {
    /// There is nothing to read.
    #[error("the file is empty")]
    Empty,
    /// More than [`MAX_PACKED_BYTES`].
    #[error("the file has {size} bytes; at most {} can be imported", Size(*limit))]
    PackedTooLarge {
        /// What the file has.
        size: u64,
        /// What it may have.
        limit: u64,
    },
    /// More than [`MAX_UNPACKED_BYTES`] come out.
    #[error("unpacked, the bundle has more than {}, the most that can be imported", Size(*limit))]
    UnpackedTooLarge {
        /// What it may have.
        limit: u64,
    },
    /// It grows more than [`MAX_RATIO`] times.
    #[error(
        "the bundle unpacks to more than {ratio} times its packed size; a real bundle never does, so it is refused"
    )]
    RatioTooHigh {
        /// How many times its size it may grow to.
        ratio: u64,
    },
    /// More than [`MAX_ZIP_ENTRIES`].
    #[error("the zip has more than {limit} entries; pack only the bundle")]
    TooManyEntries {
        /// How many it may have.
        limit: usize,
    },
    /// A zip without a bundle.
    #[error("the zip holds no .json bundle; it holds {entries}")]
    NoBundle {
        /// What it does hold.
        entries: EntryNames,
    },
    /// A zip with several bundles and no way to choose.
    #[error("the zip holds several .json files: {entries}; pack only the one to import")]
    Ambiguous {
        /// The files that might be meant.
        entries: EntryNames,
    },
    /// A zip entry behind a password.
    #[error("the zip entry \"{entry}\" is encrypted; pack it without a password")]
    Encrypted {
        /// The entry's name, made printable.
        entry: String,
    },
    /// A zip with a fault, or a method Aegis does not read.
    #[error("the zip is damaged, cut short, or packed by a method other than deflate")]
    Zip(#[source] ZipError),
    /// Packed bytes with a fault.
    #[error("the {format} data is damaged or cut short")]
    Damaged {
        /// `zstd`, `gzip` or `zip`.
        format: &'static str,
        /// What the decoder found.
        #[source]
        source: io::Error,
    },
    /// An archive within an archive.
    #[error("the file is packed twice; unpack it once and import that")]
    Nested,
    /// Neither JSON nor a format Aegis unpacks.
    #[error(
        "\"{file_name}\" is neither a JSON bundle (.json, UTF-8) nor one packed as .json.zst, .json.gz or .zip"
    )]
    Unrecognised {
        /// The name it came under, made printable.
        file_name: String,
    },
}

/// Some entry names of a zip, made printable, and how many there are in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryNames {
    /// The first few, sorted.
    pub first: Vec<String>,
    /// How many there are.
    pub total: usize,
}

impl EntryNames {
    fn new<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let mut names: Vec<&str> = names.collect();
        names.sort_unstable();
        let first = names.iter().take(NAMES_SHOWN).map(|name| printable(name)).collect();
        Self { first, total: names.len() }
    }
}

impl fmt::Display for EntryNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first.is_empty() {
            return f.write_str("nothing");
        }
        f.write_str(&self.first.join(", "))?;
        match self.total - self.first.len() {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// Bytes as a person reads them.
struct Size(u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 >= MEBIBYTE && self.0.is_multiple_of(MEBIBYTE) {
            write!(f, "{} MiB", self.0 / MEBIBYTE)
        } else {
            write!(f, "{} bytes", self.0)
        }
    }
}

/// The limits in force; tests set smaller ones.
struct Limits {
    packed: u64,
    unpacked: u64,
    entries: usize,
    ratio: u64,
    ratio_free: u64,
}

const LIMITS: Limits = Limits {
    packed: MAX_PACKED_BYTES,
    unpacked: MAX_UNPACKED_BYTES,
    entries: MAX_ZIP_ENTRIES,
    ratio: MAX_RATIO,
    ratio_free: RATIO_FREE_BYTES,
};

/// What the first bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Zstd,
    Gzip,
    Zip,
}

/// Returns the JSON text in `bytes`, unpacking it if it is packed.
pub fn unpack(bytes: &[u8], file_name: &str) -> Result<Vec<u8>, UnpackError> {
    unpack_within(bytes, file_name, &LIMITS)
}

fn unpack_within(bytes: &[u8], file_name: &str, limits: &Limits) -> Result<Vec<u8>, UnpackError> {
    let size = bytes.len() as u64;
    if bytes.is_empty() {
        return Err(UnpackError::Empty);
    }
    if size > limits.packed {
        return Err(UnpackError::PackedTooLarge { size, limit: limits.packed });
    }
    let unrecognised = || UnpackError::Unrecognised { file_name: printable(file_name) };
    let unpacked = match detect(bytes).ok_or_else(unrecognised)? {
        Format::Json => return Ok(bytes.to_vec()),
        Format::Zstd => {
            let damaged = |source| UnpackError::Damaged { format: "zstd", source };
            let decoder = zstd::stream::read::Decoder::with_buffer(bytes).map_err(damaged)?;
            read_within(decoder, "zstd", size, limits)?
        }
        Format::Gzip => read_within(flate2::read::MultiGzDecoder::new(bytes), "gzip", size, limits)?,
        Format::Zip => unzip(bytes, limits)?,
    };
    match detect(&unpacked) {
        Some(Format::Json) => Ok(unpacked),
        Some(_) => Err(UnpackError::Nested),
        None if unpacked.is_empty() => Err(UnpackError::Empty),
        None => Err(unrecognised()),
    }
}

/// Unpacks a single file: zstd or gzip, within the limits; anything else is what it is.
pub(crate) fn inflate(bytes: &[u8]) -> Result<Vec<u8>, UnpackError> {
    let size = bytes.len() as u64;
    match detect(bytes) {
        Some(Format::Zstd) => {
            let damaged = |source| UnpackError::Damaged { format: "zstd", source };
            let decoder = zstd::stream::read::Decoder::with_buffer(bytes).map_err(damaged)?;
            read_within(decoder, "zstd", size, &LIMITS)
        }
        Some(Format::Gzip) => read_within(flate2::read::MultiGzDecoder::new(bytes), "gzip", size, &LIMITS),
        Some(Format::Json | Format::Zip) | None => Ok(bytes.to_vec()),
    }
}

fn detect(bytes: &[u8]) -> Option<Format> {
    let json = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    match bytes {
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(Format::Zstd),
        [0x1F, 0x8B, ..] => Some(Format::Gzip),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Format::Zip),
        _ if json.starts_with(b"{") || json.starts_with(b"[") => Some(Format::Json),
        _ => None,
    }
}

/// Reads everything, but never more than the limits allow into memory.
fn read_within(
    reader: impl Read,
    format: &'static str,
    packed: u64,
    limits: &Limits,
) -> Result<Vec<u8>, UnpackError> {
    let by_ratio = packed.saturating_mul(limits.ratio).max(limits.ratio_free);
    let ceiling = limits.unpacked.min(by_ratio);
    let mut unpacked = Vec::new();
    reader
        .take(ceiling.saturating_add(1))
        .read_to_end(&mut unpacked)
        .map_err(|source| UnpackError::Damaged { format, source })?;
    if unpacked.len() as u64 <= ceiling {
        Ok(unpacked)
    } else if by_ratio < limits.unpacked {
        Err(UnpackError::RatioTooHigh { ratio: limits.ratio })
    } else {
        Err(UnpackError::UnpackedTooLarge { limit: limits.unpacked })
    }
}

fn unzip(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, UnpackError> {
    // Counted before the directory is read: its size is the archive's own claim.
    if bytes.windows(4).filter(|window| *window == ZIP_DIRECTORY_ENTRY).nth(limits.entries).is_some() {
        return Err(UnpackError::TooManyEntries { limit: limits.entries });
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(UnpackError::Zip)?;
    let name = choose(&archive)?.to_owned();
    let entry = archive.by_name(&name).map_err(|error| match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            UnpackError::Encrypted { entry: printable(&name) }
        }
        other => UnpackError::Zip(other),
    })?;
    let packed = entry.compressed_size().min(bytes.len() as u64);
    read_within(entry, "zip", packed, limits)
}

/// Picks the bundle: the only .json file, else the only one named like the
/// Enterprise bundle, else the only one named like any ATT&CK bundle.
fn choose<'a>(archive: &'a ZipArchive<Cursor<&[u8]>>) -> Result<&'a str, UnpackError> {
    let json: Vec<&str> = archive.file_names().filter(|name| is_json(name)).collect();
    let named = |words: &[&str]| -> Vec<&str> {
        let matches = |name: &&str| words.iter().any(|word| base_name(name).contains(word));
        json.iter().copied().filter(matches).collect()
    };
    let enterprise = named(&["enterprise-attack"]);
    let others = named(&["mobile-attack", "ics-attack"]);
    match (json.as_slice(), enterprise.as_slice(), others.as_slice()) {
        ([], _, _) => Err(UnpackError::NoBundle { entries: EntryNames::new(archive.file_names()) }),
        ([only], _, _) | (_, [only], _) | (_, [], [only]) => Ok(only),
        (_, [_, ..], _) => Err(UnpackError::Ambiguous { entries: EntryNames::new(enterprise.into_iter()) }),
        _ => Err(UnpackError::Ambiguous { entries: EntryNames::new(json.into_iter()) }),
    }
}

fn is_json(name: &str) -> bool {
    let base = base_name(name);
    base.ends_with(".json") && !base.starts_with("._") && !name.starts_with("__MACOSX/")
}

/// The part after the last slash, in lower case.
fn base_name(name: &str) -> Cow<'_, str> {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    if base.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(base.to_ascii_lowercase())
    } else {
        Cow::Borrowed(base)
    }
}

/// Makes a name from outside safe to show: no control characters, not endless.
pub(crate) fn printable(name: &str) -> String {
    let mut shown: String = name.chars().take(NAME_CHARS_SHOWN).flat_map(char::escape_debug).collect();
    if name.chars().nth(NAME_CHARS_SHOWN).is_some() {
        shown.push('…');
    }
    shown
}
