//! The user that PostgreSQL runs as, which is never root, and running its programs as that user.

use std::{
    fs, io,
    os::unix::fs::{MetadataExt, chown},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use nix::unistd::{Gid, Uid, User, getegid, geteuid};
use tokio::process::Command;

use super::error::ClusterError;

/// How much of a tool's output an error repeats, in bytes.
const OUTPUT_LIMIT: usize = 4_000;

/// The user PostgreSQL runs as.
#[derive(Clone, Debug)]
pub(super) struct Owner {
    pub(super) name: String,
    pub(super) uid: Uid,
    pub(super) gid: Gid,
    /// Whether processes have to change to this user: only root has to, and can.
    pub(super) switch: bool,
}

impl Owner {
    /// Ourselves; for root, who the cluster already belongs to, else `postgres`, else `nobody`.
    pub(super) fn of(pgdata: &Path) -> Result<Self, ClusterError> {
        let named = |user: User, switch| Self { name: user.name, uid: user.uid, gid: user.gid, switch };
        let numbered = |uid: Uid, gid: Gid, switch| match User::from_uid(uid).ok().flatten() {
            Some(user) => named(user, switch),
            None => Self { name: uid.to_string(), uid, gid, switch },
        };
        let existing = fs::symlink_metadata(pgdata).ok();
        if !geteuid().is_root() {
            return match existing {
                Some(folder) if folder.uid() != geteuid().as_raw() => {
                    Err(ClusterError::WrongOwner { path: pgdata.into(), uid: folder.uid() })
                }
                _ => Ok(numbered(geteuid(), getegid(), false)),
            };
        }
        if let Some(folder) = existing.filter(|folder| folder.uid() != 0) {
            return Ok(numbered(Uid::from_raw(folder.uid()), Gid::from_raw(folder.gid()), true));
        }
        ["postgres", "nobody"]
            .iter()
            .find_map(|name| User::from_name(name).ok().flatten())
            .map(|user| named(user, true))
            .ok_or(ClusterError::NoUnprivilegedUser)
    }

    /// Whether this user may pass through a folder with these permissions.
    fn may_pass(&self, folder: &fs::Metadata) -> bool {
        let bit = match folder {
            _ if folder.uid() == self.uid.as_raw() => 0o100,
            _ if folder.gid() == self.gid.as_raw() => 0o010,
            _ => 0o001,
        };
        folder.mode() & bit != 0
    }

    /// The first existing folder on the way down to `path` that is closed to this user.
    pub(super) fn blocked_at(&self, path: &Path) -> Option<PathBuf> {
        let mut way: Vec<_> = path.ancestors().collect();
        way.reverse();
        way.into_iter()
            .find(|folder| fs::metadata(folder).is_ok_and(|metadata| !self.may_pass(&metadata)))
            .map(Path::to_path_buf)
    }

    /// Gives a folder or file to this user, if we are not this user already.
    pub(super) fn give(&self, path: &Path) -> Result<(), ClusterError> {
        if self.switch {
            chown(path, Some(self.uid.as_raw()), Some(self.gid.as_raw()))
                .map_err(ClusterError::io("chown", path))?;
        }
        Ok(())
    }

    /// A command run as this user, away from our folder, our `PG*` variables and our streams.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"PG") {
                command.env_remove(name);
            }
        }
        if self.switch {
            command.uid(self.uid.as_raw()).gid(self.gid.as_raw());
        }
        command.current_dir("/").env("LC_ALL", "C").env_remove("TZ");
        command
    }
}

/// What a command said.
pub(super) struct Finished {
    pub(super) success: bool,
    /// The end of both of its streams.
    pub(super) output: String,
}

/// Runs a command to its end, or kills it after `limit`.
pub(super) async fn run(mut command: Command, limit: Duration) -> io::Result<Finished> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let Ok(finished) = tokio::time::timeout(limit, command.output()).await else {
        let output = format!("no end within {} seconds", limit.as_secs());
        return Ok(Finished { success: false, output });
    };
    let finished = finished?;
    let both = [finished.stdout, finished.stderr].concat();
    Ok(Finished { success: finished.status.success(), output: end_of(&both) })
}

/// The last part of some output, cut at a line.
pub(super) fn end_of(output: &[u8]) -> String {
    let text = String::from_utf8_lossy(output);
    let text = text.trim();
    let Some((cut, _)) = text.char_indices().rev().nth(OUTPUT_LIMIT) else {
        return text.to_owned();
    };
    let tail = &text[cut..];
    tail.split_once('\n').map_or(tail, |(_, rest)| rest).to_owned()
}
