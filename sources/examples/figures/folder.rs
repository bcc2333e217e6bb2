//! The folder of real files.

use aegis_sources::results::Found;
use aegis_sources::{Control, Files, Parsed, Progress, SourceError};
use std::path::{Path, PathBuf};

/// The most bytes of a file that are read.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// A folder of files as their projects publish them, packed.
pub struct Folder {
    path: PathBuf,
    names: Vec<String>,
}

impl Folder {
    /// Opens a folder.
    pub fn open(path: &Path) -> Result<Self, String> {
        let shown = path.display();
        if !path.is_dir() {
            return Err(format!("{shown}: there is no such folder; name the one that the data files are in"));
        }
        let mut names = vec![];
        for entry in std::fs::read_dir(path).map_err(|error| format!("{shown}: {error}"))? {
            let entry = entry.map_err(|error| format!("{shown}: {error}"))?;
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
        names.retain(|name| name != "README.md");
        names.sort();
        Ok(Self { path: path.to_owned(), names })
    }

    /// The names of its files, without its description.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// A file as it is.
    pub fn bytes(&self, name: &str) -> Result<Vec<u8>, String> {
        let path = self.path.join(name);
        let told = |error: std::io::Error| format!("{}: {error}", path.display());
        if std::fs::metadata(&path).map_err(told)?.len() > MAX_BYTES {
            return Err(format!("{}: it has more than {MAX_BYTES} bytes", path.display()));
        }
        std::fs::read(&path).map_err(told)
    }

    /// The files of an archive that a reader wants.
    pub fn files(&self, name: &str, wants: fn(&str) -> bool) -> Result<Files, String> {
        Files::unpack(&self.bytes(name)?, name, wants).map_err(|error| format!("{name}: {error}"))
    }

    /// What a source's archive says.
    pub fn source(
        &self,
        name: &str,
        wants: fn(&str) -> bool,
        read: Reader<Parsed>,
    ) -> Result<Parsed, String> {
        read(&self.files(name, wants)?, &mut quiet).map_err(|error| format!("{name}: {error}"))
    }

    /// What the files of a tool say.
    pub fn found(&self, name: &str, wants: fn(&str) -> bool, read: Reader<Found>) -> Result<Found, String> {
        read(&self.files(name, wants)?, &mut quiet).map_err(|error| format!("{name}: {error}"))
    }
}

/// How files are read.
pub type Reader<T> = fn(&Files, Progress<'_>) -> Result<T, SourceError>;

/// Hears of progress and goes on.
pub fn quiet(_: u64, _: u64) -> Control {
    Control::Continue
}
