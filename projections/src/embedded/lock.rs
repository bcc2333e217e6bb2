//! The lock of a data directory: an advisory `flock`, so the kernel releases it however the holder ends.
//!
//! The file's content only names the holder to people; who holds the lock is the kernel's word alone.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use nix::{
    errno::Errno,
    fcntl::{Flock, FlockArg},
};
use serde::{Deserialize, Serialize};

use super::error::ClusterError;

/// The process that owns a data directory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Its process id; `None` in the instant before it has written it down.
    pub pid: Option<i32>,
    /// Its command line.
    pub command: String,
    /// The address it serves on, once known.
    pub address: Option<String>,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pid {
            Some(pid) => write!(f, "process {pid} ({})", self.command)?,
            None => write!(f, "another process")?,
        }
        match &self.address {
            Some(address) => write!(f, ", which serves {address}"),
            None => Ok(()),
        }
    }
}

/// The lock, held until dropped.
pub(super) struct HeldLock {
    file: Flock<File>,
    path: PathBuf,
}

/// A data directory that this process alone works in, until dropped: for
/// servers that find their PostgreSQL elsewhere.
pub struct HeldDirectory(HeldLock);

impl HeldDirectory {
    /// Takes the lock of a data directory.
    ///
    /// # Errors
    /// [`ClusterError::Locked`] names the process that holds it.
    pub fn take(data_dir: &Path) -> Result<Self, ClusterError> {
        match take(data_dir, None)? {
            Taken::Ours(lock) => Ok(Self(lock)),
            Taken::By(holder) => Err(ClusterError::Locked { data_dir: data_dir.to_owned(), holder }),
        }
    }

    /// Records the address this process serves on, for whoever finds the directory locked.
    ///
    /// # Errors
    /// When the lock file cannot be written.
    pub fn announce(&self, address: &str) -> Result<(), ClusterError> {
        self.0.announce(Some(address))
    }
}

/// The outcome of reaching for the lock.
pub(super) enum Taken {
    Ours(HeldLock),
    By(Holder),
}

/// Takes the lock of a data directory, without waiting.
pub(super) fn take(data_dir: &Path, address: Option<&str>) -> Result<Taken, ClusterError> {
    let path = data_dir.join("aegis.lock");
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(ClusterError::io("open", &path))?;
    match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
        Ok(file) => {
            let lock = HeldLock { file, path };
            lock.announce(address)?;
            Ok(Taken::Ours(lock))
        }
        Err((file, Errno::EWOULDBLOCK)) => Ok(Taken::By(holder(file))),
        Err((_, errno)) => Err(ClusterError::io("lock", path)(errno.into())),
    }
}

impl HeldLock {
    /// Writes who holds the lock.
    pub(super) fn announce(&self, address: Option<&str>) -> Result<(), ClusterError> {
        let pid = std::process::id().cast_signed();
        let holder = Holder {
            pid: Some(pid),
            command: command_of(pid).unwrap_or_default(),
            address: address.map(str::to_owned),
        };
        // `Holder` has no map and no foreign type, so writing it as JSON cannot fail.
        let content = serde_json::to_vec(&holder).unwrap_or_default();
        self.write(&content).map_err(ClusterError::io("write", &self.path))
    }

    fn write(&self, content: &[u8]) -> std::io::Result<()> {
        let mut file: &File = &self.file;
        file.set_len(0)?;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(content)
    }

    /// Empties the file and gives the lock back.
    pub(super) fn release(self) {
        // A leftover name misleads nobody: it is only read while somebody holds the lock.
        let _ = self.write(b"");
    }
}

/// Who the file says holds the lock, with the command line the process has now.
fn holder(mut file: File) -> Holder {
    let mut content = String::new();
    let _ = file.read_to_string(&mut content);
    let recorded: Holder = serde_json::from_str(&content).unwrap_or_default();
    let command = recorded.pid.and_then(command_of).unwrap_or(recorded.command);
    Holder { command, ..recorded }
}

/// The command line of a process, shortened; `None` when there is no such process or it has none.
pub(super) fn command_of(pid: i32) -> Option<String> {
    let raw = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    let words: Vec<_> = raw.split(|byte| *byte == 0).map(String::from_utf8_lossy).collect();
    let command: String = words.join(" ").trim().chars().take(200).collect();
    (!command.is_empty()).then_some(command)
}
