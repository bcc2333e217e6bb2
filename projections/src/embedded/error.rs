//! Why the private cluster could not be used, and what to do about it.

use std::{io, path::PathBuf};

use super::lock::Holder;

/// Why the private cluster could not be used. Every message says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClusterError {
    /// A file or folder refused.
    #[error("cannot {action} {path}; check that the user running aegis owns it and that the disk has room")]
    Io {
        /// What was tried, such as "write".
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The path cannot be handed safely to PostgreSQL's own tools.
    #[error(
        "the path {path:?} holds a character that PostgreSQL's tools do not accept (a quote \", $, `, \\, a \
         control character, or no valid UTF-8); choose another one with AEGIS_DATA_DIR"
    )]
    UnusablePath {
        /// The path.
        path: PathBuf,
    },
    /// Root started aegis, and the unprivileged user cannot reach the data directory.
    #[error(
        "PostgreSQL refuses to run as root, so it runs as the user {user}, who may not pass through {blocked} to \
         reach {data_dir}; set AEGIS_DATA_DIR to a folder that everybody can reach (such as /var/lib/aegis), run \
         aegis as an ordinary user, or allow it with: chmod o+x {blocked}"
    )]
    NotTraversable {
        /// The data directory.
        data_dir: PathBuf,
        /// The first folder on the way that is closed.
        blocked: PathBuf,
        /// The unprivileged user.
        user: String,
    },
    /// Root started aegis, and there is no user to run PostgreSQL as.
    #[error(
        "PostgreSQL refuses to run as root and this machine has neither a user postgres nor nobody; create one \
         (useradd --system postgres) or run aegis as an ordinary user"
    )]
    NoUnprivilegedUser,
    /// The cluster or its socket folder belongs to somebody else.
    #[error(
        "{path} belongs to user id {uid}; run aegis as that user or as root, or choose another AEGIS_DATA_DIR"
    )]
    WrongOwner {
        /// The folder.
        path: PathBuf,
        /// Its owner.
        uid: u32,
    },
    /// `postgres/` exists and is not a cluster.
    #[error(
        "{path} exists but is not a PostgreSQL cluster (no readable PG_VERSION); move it away, or restore it from a \
         backup"
    )]
    NotACluster {
        /// The folder.
        path: PathBuf,
    },
    /// The cluster exists and its password does not.
    #[error(
        "the cluster's password file {path} is missing; restore it, together with the cluster, from a backup"
    )]
    PasswordMissing {
        /// The file.
        path: PathBuf,
    },
    /// The server runs and refuses our password.
    #[error(
        "the PostgreSQL server of {data_dir} refuses the password in {path}; restore the file that belongs to this \
         cluster"
    )]
    PasswordRefused {
        /// The data directory.
        data_dir: PathBuf,
        /// The password file.
        path: PathBuf,
    },
    /// No usable PostgreSQL was found and the npm package did not help.
    #[error(
        "no usable PostgreSQL 15 or newer was found ({searched}) and the npm package could not be used either; \
         install PostgreSQL (on Debian: apt-get install postgresql), or npm, or set DATABASE_URL"
    )]
    NoBinaries {
        /// The folders that were rejected, with the reason.
        searched: String,
        /// Why the npm package did not help.
        #[source]
        source: Box<ClusterError>,
    },
    /// PostgreSQL was found, but not of the cluster's major version.
    #[error(
        "the cluster in {data_dir} was made by PostgreSQL {cluster}, but only this was found: {found}; install \
         PostgreSQL {cluster}, or name its bin folder in AEGIS_POSTGRES_SEARCH_PATH (to move to another version, dump \
         the databases with {cluster} and load them into a new data directory)"
    )]
    MajorMismatch {
        /// The cluster's data directory.
        data_dir: PathBuf,
        /// The major version that made the cluster.
        cluster: u32,
        /// The versions that were found, with their folders.
        found: String,
    },
    /// There is no pinned npm package for this machine or this version.
    #[error(
        "there is no npm package of PostgreSQL {major} for {platform}; install PostgreSQL or set DATABASE_URL"
    )]
    NoPackage {
        /// The major version wanted.
        major: u32,
        /// The operating system and processor.
        platform: String,
    },
    /// npm is not there, or cannot be started.
    #[error("npm could not be started; install Node.js with npm, or PostgreSQL itself")]
    NpmMissing {
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// npm did not install the package.
    #[error(
        "npm could not install {package}; check the network and the registry, or install PostgreSQL; npm said: {output}"
    )]
    NpmFailed {
        /// The package with its version.
        package: String,
        /// The end of npm's output.
        output: String,
    },
    /// The installed package is not what it should be.
    #[error("the npm package in {path} is not usable ({reason}); delete that folder and start again")]
    PackageBroken {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Another process owns the data directory.
    #[error(
        "{data_dir} is in use by {holder}; stop that process, or choose another directory with AEGIS_DATA_DIR"
    )]
    Locked {
        /// The data directory.
        data_dir: PathBuf,
        /// Who owns it.
        holder: Holder,
    },
    /// Another process owns the data directory and its server does not answer.
    #[error(
        "{data_dir} is in use by {holder}, and its PostgreSQL server did not answer within a minute; wait until it \
         is ready, or stop it"
    )]
    HolderNotReady {
        /// The data directory.
        data_dir: PathBuf,
        /// Who owns it.
        holder: Holder,
    },
    /// A tool of PostgreSQL could not be run at all.
    #[error("{program} could not be run; check the installation of PostgreSQL")]
    Tool {
        /// The program.
        program: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// `initdb` failed.
    #[error(
        "the cluster in {data_dir} could not be created; free disk space or memory and start again; initdb said: {output}"
    )]
    CreateFailed {
        /// The data directory.
        data_dir: PathBuf,
        /// The end of its output.
        output: String,
    },
    /// The server did not start.
    #[error(
        "PostgreSQL did not start in {attempts} attempts; see the log files in {logs}, remove the cause and start \
         again; it said: {output}"
    )]
    StartFailed {
        /// How often it was tried.
        attempts: u32,
        /// Where its log files are.
        logs: PathBuf,
        /// The end of its output.
        output: String,
    },
    /// A process looks like our server and does not prove it, so it is neither used nor signalled.
    #[error(
        "process {pid} ({command}) seems to be the PostgreSQL server of {data_dir} but does not answer on its socket; \
         aegis signals no process it cannot verify: stop it yourself (pg_ctl stop -D {data_dir}/postgres) and start \
         again"
    )]
    Unproven {
        /// The data directory.
        data_dir: PathBuf,
        /// The process.
        pid: i32,
        /// Its command line.
        command: String,
    },
    /// The server did not stop in time.
    #[error(
        "PostgreSQL in {data_dir} did not stop within 30 seconds; the next start adopts it; pg_ctl said: {output}"
    )]
    StopFailed {
        /// The data directory.
        data_dir: PathBuf,
        /// The end of its output.
        output: String,
    },
    /// No runtime could be made to stop the server from a destructor.
    #[error("no runtime could be made to stop PostgreSQL; the next start adopts it")]
    Runtime {
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

impl ClusterError {
    /// For `map_err` on a file operation.
    pub(super) fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }
}
