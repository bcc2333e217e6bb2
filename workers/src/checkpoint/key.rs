//! The key that signs checkpoints: a file that only its owner reads, or a setting.

use aegis_projections::merkle::{CheckpointError, Origin, VerifierKey};
use ed25519_dalek::SigningKey;
use rand::TryRngCore;
use rand::rngs::OsRng;
use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Longest key file read: 64 hex digits and some space.
const KEY_FILE_BYTES_MAX: u64 = 1024;

/// There is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The text is not a key.
    #[error("a checkpoint key is 64 hex digits")]
    NotAKey,
    /// Others could sign in our name.
    #[error("{} can be read by others; run: chmod 600 {}", .0.display(), .0.display())]
    Exposed(PathBuf),
    /// The file cannot be used.
    #[error("the checkpoint key {} cannot be read or made", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The name does not name a log.
    #[error("the name of the log is wrong")]
    Origin(#[from] CheckpointError),
}

/// Reads a key from 64 hex digits.
///
/// # Errors
/// [`KeyError::NotAKey`].
pub fn key_from_hex(text: &str) -> Result<SigningKey, KeyError> {
    let mut seed = [0; 32];
    hex::decode_to_slice(text.trim(), &mut seed).map_err(|_| KeyError::NotAKey)?;
    Ok(SigningKey::from_bytes(&seed))
}

/// Reads the key in a file, or makes both. Several processes that start at
/// once get the same one.
///
/// # Errors
/// [`KeyError`]; a file that others can read is refused.
pub fn load_or_create_key(path: &Path) -> Result<SigningKey, KeyError> {
    let failed = |source| KeyError::File { path: path.to_owned(), source };
    match File::open(path) {
        Ok(file) => read(path, file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            create(path).map_err(failed)?;
            read(path, File::open(path).map_err(failed)?)
        }
        Err(error) => Err(failed(error)),
    }
}

fn read(path: &Path, file: File) -> Result<SigningKey, KeyError> {
    let failed = |source| KeyError::File { path: path.to_owned(), source };
    if file.metadata().map_err(failed)?.permissions().mode() & 0o077 != 0 {
        return Err(KeyError::Exposed(path.to_owned()));
    }
    let mut text = String::new();
    file.take(KEY_FILE_BYTES_MAX).read_to_string(&mut text).map_err(failed)?;
    key_from_hex(&text)
}

/// Writes a fresh key beside its place and links it there: a reader sees all of it or nothing.
fn create(path: &Path) -> io::Result<()> {
    let mut seed = [0; 32];
    OsRng.try_fill_bytes(&mut seed).map_err(io::Error::other)?;
    let mut draft = path.as_os_str().to_owned();
    draft.push(format!(".{}", uuid::Uuid::new_v4()));
    let draft = PathBuf::from(draft);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    writeln!(file, "{}", hex::encode(seed))?;
    file.sync_all()?;
    let linked = match std::fs::hard_link(&draft, path) {
        // Another process was faster: its key counts.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    };
    std::fs::remove_file(&draft)?;
    linked
}

/// The public half, in the name of a log. Its text is what auditors need.
///
/// # Errors
/// [`KeyError::Origin`].
pub fn verifier_key(origin: &str, key: &SigningKey) -> Result<VerifierKey, KeyError> {
    Ok(VerifierKey::new(Origin::parse(origin)?, key.verifying_key()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_refused_when_others_can_read_it() {
        let directory = tempfile::tempdir().expect("directory");
        let path = directory.path().join("checkpoint.key");
        let made = load_or_create_key(&path).expect("made");
        assert_eq!(load_or_create_key(&path).expect("read").to_bytes(), made.to_bytes());
        assert_eq!(std::fs::read_dir(directory.path()).expect("directory").count(), 1);
        std::fs::set_permissions(&path, Permissions::from_mode(0o640)).expect("changed");
        assert!(matches!(load_or_create_key(&path), Err(KeyError::Exposed(_))));
    }

    #[test]
    fn processes_that_start_at_once_get_the_same_key() {
        let directory = tempfile::tempdir().expect("directory");
        let path = directory.path().join("checkpoint.key");
        let keys: Vec<[u8; 32]> = std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..8).map(|_| scope.spawn(|| load_or_create_key(&path).expect("made"))).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic").to_bytes()).collect()
        });
        assert!(keys.windows(2).all(|pair| pair[0] == pair[1]));
    }

    #[test]
    fn a_key_comes_from_a_setting_too() {
        assert!(key_from_hex(&"0f".repeat(32)).is_ok());
        for wrong in ["", "0f", "zz", &"0f".repeat(33)] {
            assert!(matches!(key_from_hex(wrong), Err(KeyError::NotAKey)));
        }
        assert!(matches!(
            verifier_key("has space", &key_from_hex(&"0f".repeat(32)).expect("key")),
            Err(KeyError::Origin(_))
        ));
    }
}
