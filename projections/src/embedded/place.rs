//! Where the cluster lives: its paths, their permissions, and the small files in the data directory.

use std::{
    ffi::OsStr,
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown, lchown},
    path::{Path, PathBuf},
};

use nix::unistd::{User, geteuid};
use rand::{Rng, distr::Alphanumeric};

use super::{error::ClusterError, owner::Owner};

/// A socket's whole path has to stay below this many bytes; the kernel's limit is 108.
const SOCKET_PATH_LIMIT: usize = 100;
/// The longest file name PostgreSQL gives its socket.
const LONGEST_SOCKET_NAME: &str = ".s.PGSQL.65535";
const PASSWORD_LENGTH: usize = 32;
/// The data directory when none is configured: `/var/lib/aegis` for root, else
/// `$XDG_DATA_HOME/aegis` or `~/.local/share/aegis`.
pub fn default_data_dir() -> PathBuf {
    if geteuid().is_root() {
        return PathBuf::from("/var/lib/aegis");
    }
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let in_home = |home: PathBuf| home.join(".local/share");
    let from_passwd = || User::from_uid(geteuid()).ok().flatten().map(|user| user.dir);
    absolute("XDG_DATA_HOME")
        .or_else(|| absolute("HOME").map(in_home))
        .or_else(|| from_passwd().map(in_home))
        .unwrap_or_else(std::env::temp_dir)
        .join("aegis")
}

/// Creates a data directory, and the folders above it, so that PostgreSQL's user can pass through but
/// not look around. Leaves existing folders as they are.
///
/// # Errors
/// [`ClusterError::Io`] when a folder cannot be created.
pub fn create_data_dir(data_dir: &Path) -> Result<(), ClusterError> {
    let absolute = std::path::absolute(data_dir).map_err(ClusterError::io("resolve", data_dir))?;
    let missing: Vec<_> = absolute.ancestors().take_while(|path| !path.exists()).collect();
    for folder in missing.into_iter().rev() {
        let mode = match (folder == absolute, geteuid().is_root()) {
            (true, true) => 0o711,
            (true, false) => 0o700,
            (false, _) => 0o755,
        };
        match fs::create_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            created => {
                created.map_err(ClusterError::io("create", folder))?;
                // Set afterwards: the umask would take bits from a mode given at creation.
                set_mode(folder, mode)?;
            }
        }
    }
    Ok(())
}

/// The paths of one cluster and the user its server runs as.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) data_dir: PathBuf,
    pub(super) pgdata: PathBuf,
    pub(super) socket_dir: PathBuf,
    pub(super) owner: Owner,
}

impl Place {
    /// Creates the data directory if needed and settles who runs PostgreSQL there.
    pub(super) fn settle(data_dir: &Path) -> Result<Self, ClusterError> {
        let wanted = std::path::absolute(data_dir).map_err(ClusterError::io("resolve", data_dir))?;
        usable(&wanted)?;
        let open_to = |owner: &Owner, path: &Path| match owner.blocked_at(path) {
            Some(blocked) if owner.switch => {
                Err(ClusterError::NotTraversable { data_dir: path.into(), blocked, user: owner.name.clone() })
            }
            _ => Ok(()),
        };
        // Before creating anything, so that a refusal leaves no empty folder behind.
        open_to(&Owner::of(&wanted.join("postgres"))?, &wanted)?;
        create_data_dir(&wanted)?;
        let data_dir = fs::canonicalize(&wanted).map_err(ClusterError::io("resolve", &wanted))?;
        usable(&data_dir)?;
        let pgdata = data_dir.join("postgres");
        let owner = Owner::of(&pgdata)?;
        open_to(&owner, &data_dir)?;
        Ok(Self { socket_dir: socket_dir_for(&data_dir), pgdata, data_dir, owner })
    }

    /// The file with the superuser's password.
    pub(super) fn password_file(&self) -> PathBuf {
        self.data_dir.join("postgres-password")
    }

    /// The superuser's password, if there is one.
    pub(super) fn password(&self) -> Result<Option<String>, ClusterError> {
        let path = self.password_file();
        match fs::read_to_string(&path) {
            Ok(password) => Ok(Some(password.trim().to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(ClusterError::io("read", path)(error)),
        }
    }

    /// Generates and stores a new password of letters and digits.
    pub(super) fn new_password(&self) -> Result<String, ClusterError> {
        let password: String =
            rand::rng().sample_iter(Alphanumeric).take(PASSWORD_LENGTH).map(char::from).collect();
        self.write("postgres-password", &password, 0o600)?;
        Ok(password)
    }

    /// Replaces a small file of the data directory in one step.
    pub(super) fn write(&self, name: &str, content: &str, mode: u32) -> Result<(), ClusterError> {
        let path = self.data_dir.join(name);
        replace(&path, content, mode, None).map_err(ClusterError::io("write", &path))
    }

    /// Replaces a file inside the cluster, which belongs to the cluster's user, in one step.
    pub(super) fn replace_in_cluster(&self, path: &Path, content: &str) -> Result<(), ClusterError> {
        replace(path, content, 0o600, Some(&self.owner)).map_err(ClusterError::io("write", path))
    }

    /// Makes an empty folder that only the cluster's user may enter.
    pub(super) fn private_folder(&self, path: &Path) -> Result<(), ClusterError> {
        fs::create_dir(path).map_err(ClusterError::io("create", path))?;
        set_mode(path, 0o700)?;
        self.owner.give(path)
    }

    /// A short-lived file that only the cluster's user can read.
    pub(super) fn handed_over(&self, path: &Path, content: &str) -> Result<(), ClusterError> {
        replace(path, content, 0o600, Some(&self.owner)).map_err(ClusterError::io("write", path))
    }

    /// Makes sure the socket's folder exists and is the cluster user's own.
    pub(super) fn settle_socket_dir(&self) -> Result<(), ClusterError> {
        let path = &self.socket_dir;
        let Ok(folder) = fs::symlink_metadata(path) else {
            return self.private_folder(path);
        };
        // In `/tmp` anybody may have made it before us, so nothing but our own folder will do.
        if !folder.is_dir() || folder.uid() != self.owner.uid.as_raw() {
            return Err(ClusterError::WrongOwner { path: path.clone(), uid: folder.uid() });
        }
        set_mode(path, 0o700)
    }

    /// Gives the whole cluster to its user when root copied it here. Does not follow links.
    pub(super) fn settle_cluster_owner(&self) -> Result<(), ClusterError> {
        let folder = fs::symlink_metadata(&self.pgdata).map_err(ClusterError::io("look at", &self.pgdata))?;
        if !self.owner.switch || folder.uid() == self.owner.uid.as_raw() {
            return Ok(());
        }
        for path in everything_below(&self.pgdata)? {
            lchown(&path, Some(self.owner.uid.as_raw()), Some(self.owner.gid.as_raw()))
                .map_err(ClusterError::io("chown", &path))?;
        }
        Ok(())
    }
}

/// A folder and all it holds, the folder last. Does not follow links.
pub(super) fn everything_below(folder: &Path) -> Result<Vec<PathBuf>, ClusterError> {
    let mut found = vec![folder.to_path_buf()];
    let mut next = 0;
    while let Some(path) = found.get(next).cloned() {
        next += 1;
        let metadata = fs::symlink_metadata(&path).map_err(ClusterError::io("look at", &path))?;
        if metadata.is_dir() {
            let entries = fs::read_dir(&path).map_err(ClusterError::io("list", &path))?;
            for entry in entries {
                found.push(entry.map_err(ClusterError::io("list", &path))?.path());
            }
        }
    }
    found.reverse();
    Ok(found)
}

/// Sets permissions regardless of the umask.
pub(super) fn set_mode(path: &Path, mode: u32) -> Result<(), ClusterError> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
        .map_err(ClusterError::io("set the mode of", path))
}

/// A few random letters and digits, for names that must not collide.
pub(super) fn random_name() -> String {
    rand::rng().sample_iter(Alphanumeric).take(10).map(char::from).collect()
}

/// Writes beside the file and renames, so that a reader or a crash sees the old or the new one, and
/// a link planted under the name is replaced rather than followed.
fn replace(path: &Path, content: &str, mode: u32, owner: Option<&Owner>) -> io::Result<()> {
    let mut name = path.file_name().map(OsStr::to_os_string).unwrap_or_default();
    name.push(format!(".new-{}", random_name()));
    let staged = path.with_file_name(name);
    let written = (|| {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&staged)?;
        file.set_permissions(fs::Permissions::from_mode(mode))?;
        if let Some(owner) = owner.filter(|owner| owner.switch) {
            fchown(&file, Some(owner.uid.as_raw()), Some(owner.gid.as_raw()))?;
        }
        file.write_all(content.as_bytes())?;
        file.sync_all()?;
        fs::rename(&staged, path)?;
        path.parent().map_or(Ok(()), sync_folder)
    })();
    if written.is_err() {
        let _ = fs::remove_file(&staged);
    }
    written
}

/// Makes renames inside a folder durable.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

/// `pg_ctl` passes paths through a shell, within double quotes.
fn usable(path: &Path) -> Result<(), ClusterError> {
    let accepted = |text: &str| !text.chars().any(|c| c.is_control() || matches!(c, '"' | '$' | '`' | '\\'));
    match path.to_str() {
        Some(text) if accepted(text) => Ok(()),
        _ => Err(ClusterError::UnusablePath { path: path.into() }),
    }
}

/// `run` in the data directory, where no cleaner of `/tmp` comes by; a short name in `/tmp` when that
/// would be too long for a socket.
pub(super) fn socket_dir_for(data_dir: &Path) -> PathBuf {
    let near = data_dir.join("run");
    if near.join(LONGEST_SOCKET_NAME).as_os_str().len() < SOCKET_PATH_LIMIT {
        return near;
    }
    // FNV-1a: the name has to be the same in every build, which std's hasher does not promise.
    let hash =
        data_dir.as_os_str().as_encoded_bytes().iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
    PathBuf::from(format!("/tmp/aegis-{hash:016x}"))
}
