//! The files of a source, unpacked in memory.
//!
//! Nothing is ever written to disk, so a hostile entry name can do nothing; names that would leave the archive,
//! links and entries behind a password are refused one by one. Only what a reader wants is unpacked.

use crate::archive::{MAX_PACKED_BYTES, UnpackError, printable};
use crate::reject::{Reject, Rejects};
use std::collections::HashSet;
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// The most entries an archive may have. The largest known source has 9,000.
pub const MAX_ENTRIES: usize = 50_000;
/// The most bytes that may come out of an archive.
pub const MAX_TREE_BYTES: u64 = 192 * 1024 * 1024;
/// The most bytes of one file.
pub const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;
/// How many times its packed size a file may grow to, beyond [`RATIO_FREE_BYTES`].
pub const MAX_RATIO: u64 = 200;
/// Files below this size are exempt from [`MAX_RATIO`].
pub const RATIO_FREE_BYTES: u64 = 4 * 1024 * 1024;
/// How long a path may be, in bytes.
const MAX_PATH_BYTES: usize = 1_024;
/// Starts every entry of a zip's directory.
const ZIP_DIRECTORY_ENTRY: &[u8] = b"PK\x01\x02";

/// A file of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path in the source, with `/`, without the folder that everything is in.
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl File {
    /// The part of its path after the last slash.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Its name without what follows the last dot.
    pub fn stem(&self) -> &str {
        self.name().rsplit_once('.').map_or(self.name(), |(stem, _)| stem)
    }

    /// Its text, if it is one.
    ///
    /// # Errors
    /// It is not UTF-8.
    pub fn text(&self) -> Result<&str, Reject> {
        let bytes = self.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.bytes);
        std::str::from_utf8(bytes).map_err(|error| {
            let before = &bytes[..error.valid_up_to()];
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            Reject::new(&self.path, "", "the file is not UTF-8 text").at(u32::try_from(line).unwrap_or(0))
        })
    }
}

/// The files of a source that its reader wants.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Files {
    /// The folder that everything is in, as archives of repositories have one: `sigma-r2026-04-01`.
    pub root: Option<String>,
    /// The wanted files by path.
    pub files: Vec<File>,
    /// Wanted files that could not be read.
    pub rejects: Rejects,
}

impl Files {
    /// Files at hand.
    pub fn of(files: impl IntoIterator<Item = (&'static str, &'static str)>) -> Self {
        let file =
            |(path, text): (&str, &str)| File { path: path.to_owned(), bytes: text.as_bytes().to_vec() };
        let mut files: Vec<File> = files.into_iter().map(file).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Self { root: None, files, rejects: Rejects::default() }
    }

    /// Unpacks what `wants` asks for by its path. Bytes that are no zip, and sheets, which are zips of their own kind,
    /// are taken as the one file they are, under the name they came with.
    ///
    /// # Errors
    /// [`UnpackError`]: the archive as a whole is damaged or too large.
    pub fn unpack(bytes: &[u8], file_name: &str, wants: fn(&str) -> bool) -> Result<Self, UnpackError> {
        if bytes.is_empty() {
            return Err(UnpackError::Empty);
        }
        let size = bytes.len() as u64;
        if size > MAX_PACKED_BYTES {
            return Err(UnpackError::PackedTooLarge { size, limit: MAX_PACKED_BYTES });
        }
        if !bytes.starts_with(b"PK\x03\x04") && !bytes.starts_with(b"PK\x05\x06") {
            return Ok(Self::single(crate::archive::inflate(bytes)?, file_name));
        }
        let archive = open(bytes)?;
        if archive.index_for_name("[Content_Types].xml").is_some() {
            return Ok(Self::single(bytes.to_vec(), file_name));
        }
        let root = common_folder(archive.file_names()).map(str::to_owned);
        Self { root, ..Self::default() }.take_all(archive, wants)
    }

    /// Unpacks what `wants` asks for of a zip that is a file of its own kind, such as a sheet, within the same limits.
    ///
    /// # Errors
    /// [`UnpackError`]: it is damaged or too large.
    pub(crate) fn parts(bytes: &[u8], wants: fn(&str) -> bool) -> Result<Self, UnpackError> {
        Self::default().take_all(open(bytes)?, wants)
    }

    fn take_all(
        mut self,
        mut archive: ZipArchive<Cursor<&[u8]>>,
        wants: fn(&str) -> bool,
    ) -> Result<Self, UnpackError> {
        let (mut left, mut seen) = (MAX_TREE_BYTES, HashSet::new());
        for index in 0..archive.len() {
            self.take(&mut archive, index, wants, &mut left, &mut seen)?;
        }
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(self)
    }

    fn single(bytes: Vec<u8>, file_name: &str) -> Self {
        let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
        let name = [".zst", ".gz"].iter().fold(name, |name, end| name.strip_suffix(end).unwrap_or(name));
        Self { root: None, files: vec![File { path: name.to_owned(), bytes }], rejects: Rejects::default() }
    }

    fn take(
        &mut self,
        archive: &mut ZipArchive<Cursor<&[u8]>>,
        index: usize,
        wants: fn(&str) -> bool,
        left: &mut u64,
        seen: &mut HashSet<String>,
    ) -> Result<(), UnpackError> {
        let Some(name) = archive.name_for_index(index).map(str::to_owned) else { return Ok(()) };
        let path = match &self.root {
            Some(root) => {
                name.strip_prefix(root.as_str()).and_then(|rest| rest.strip_prefix('/')).unwrap_or(&name)
            }
            None => &name,
        };
        if name.ends_with('/') || name.starts_with("__MACOSX/") || !wants(path) {
            return Ok(());
        }
        let refused = |reason: &str| Reject::new(printable(path), "", reason);
        if !is_plain(&name) {
            self.rejects.add(refused("its path leads out of the archive"));
            return Ok(());
        }
        if !seen.insert(path.to_owned()) {
            self.rejects.add(refused("the archive has a file of this path twice; the first one counts"));
            return Ok(());
        }
        let entry = match archive.by_index(index) {
            Ok(entry) => entry,
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => {
                self.rejects.add(refused("it is encrypted; pack it without a password"));
                return Ok(());
            }
            Err(error) => {
                self.rejects.add(refused(&format!("it cannot be unpacked: {error}")));
                return Ok(());
            }
        };
        if entry.is_symlink() {
            self.rejects.add(refused("it is a symbolic link"));
            return Ok(());
        }
        let by_ratio = entry.compressed_size().saturating_mul(MAX_RATIO).max(RATIO_FREE_BYTES);
        let ceiling = MAX_FILE_BYTES.min(by_ratio);
        let mut bytes = vec![];
        let read = entry.take(ceiling.min(*left).saturating_add(1)).read_to_end(&mut bytes);
        let size = bytes.len() as u64;
        if size > *left {
            return Err(UnpackError::UnpackedTooLarge { limit: MAX_TREE_BYTES });
        }
        // What was unpacked in vain counts too, or a thousand bombs would each be tried.
        *left -= size.min(*left);
        match read {
            Err(error) => self.rejects.add(refused(&format!("it is damaged or cut short: {error}"))),
            Ok(_) if size > ceiling && by_ratio < MAX_FILE_BYTES => {
                self.rejects
                    .add(refused(&format!("it unpacks to more than {MAX_RATIO} times its packed size")));
            }
            Ok(_) if size > ceiling => {
                self.rejects.add(refused(&format!("unpacked it has more than {MAX_FILE_BYTES} bytes")));
            }
            Ok(_) => self.files.push(File { path: path.to_owned(), bytes }),
        }
        Ok(())
    }

    /// What an archive of a repository is of: what follows the name of the repository in its one folder, `r2026-04-01`
    /// of `sigma-r2026-04-01`. `repository` is the name.
    pub fn version(&self, repository: &str) -> Option<String> {
        let rest = self.root.as_deref()?.strip_prefix(repository)?.strip_prefix('-')?;
        let plain = rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        // The name of a branch says nothing of what is in it.
        let branch = matches!(rest, "master" | "main");
        (plain && !branch && !rest.is_empty() && rest.len() <= 64).then(|| rest.to_owned())
    }

    /// The files that a reader wants of those at hand.
    pub fn wanted(&self, wants: fn(&str) -> bool) -> Vec<&File> {
        self.files.iter().filter(|file| wants(&file.path)).collect()
    }
}

fn open(bytes: &[u8]) -> Result<ZipArchive<Cursor<&[u8]>>, UnpackError> {
    // Counted before the directory is read: its size is the archive's own claim.
    if bytes.windows(4).filter(|window| *window == ZIP_DIRECTORY_ENTRY).nth(MAX_ENTRIES).is_some() {
        return Err(UnpackError::TooManyEntries { limit: MAX_ENTRIES });
    }
    ZipArchive::new(Cursor::new(bytes)).map_err(UnpackError::Zip)
}

/// The one folder that all names are in.
fn common_folder<'a>(mut names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let (first, _) = names.next()?.split_once('/')?;
    let inside = |name: &str| name.strip_prefix(first).is_some_and(|rest| rest.starts_with('/'));
    (!first.is_empty() && first != ".." && first != "." && names.all(inside)).then_some(first)
}

fn is_plain(name: &str) -> bool {
    let odd = name.len() > MAX_PATH_BYTES || name.starts_with('/') || name.contains(['\\', '\0', ':']);
    !odd && name.split('/').all(|part| part != ".." && part != ".")
}

#[cfg(test)]
mod tests;
