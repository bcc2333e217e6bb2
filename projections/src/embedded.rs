//! The private PostgreSQL cluster that `aegis` brings up when `DATABASE_URL` is not set.
//!
//! One data directory holds one cluster, and one process at a time owns it through a lock. The server
//! outlives a killed `aegis`; the next start adopts it, but only after a connection has proved that it
//! serves this very directory. No process is ever signalled because of a number in a stale file.
//!
//! Everything in the data directory that concerns PostgreSQL:
//!
//! | name | what |
//! |---|---|
//! | `postgres/` | the cluster itself (`PGDATA`), its log files in `postgres/log/` |
//! | `postgres.conf` | our settings, included by the cluster's own file and rewritten at each start |
//! | `postgres.json` | port, major version and binaries of the last start |
//! | `postgres-password` | the superuser's password, readable only by the owner |
//! | `postgres-binaries/` | the npm package, when the machine has no PostgreSQL |
//! | `run/` | the socket (a folder in `/tmp` when the path would be too long) |
//! | `aegis.lock` | the lock, with the process that holds it |
//!
//! Left out on purpose: roles, databases and migrations (the caller makes them over
//! [`Cluster::superuser_url`]), upgrades between major versions, and any platform but Linux.

mod binaries;
mod error;
mod lock;
mod logs;
mod npm;
mod owner;
mod place;
mod running;
mod server;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tokio::{task::JoinHandle, time::Instant};

use self::{
    binaries::Binaries,
    lock::{HeldLock, Taken},
    place::Place,
    running::{Identity, Running},
};
pub use self::{
    error::ClusterError,
    lock::{HeldDirectory, Holder},
    place::{create_data_dir, default_data_dir},
};

/// Receives one plain sentence for each step of a start.
pub type Reporter = Arc<dyn Fn(&str) + Send + Sync>;

/// How long [`Cluster::attach_or_start`] waits for the server of another process to answer.
const ATTACH_LIMIT: Duration = Duration::from_secs(60);
const ATTACH_PAUSE: Duration = Duration::from_millis(200);
/// A dropped start may have left `pg_ctl` at work before the server wrote its pid file.
const LATE_SERVER_LIMIT: Duration = Duration::from_secs(1);

/// Where the cluster lives and what it is made of.
#[derive(Clone)]
pub struct ClusterConfig {
    /// The data directory (`AEGIS_DATA_DIR`), created when missing. When root starts the cluster, an
    /// unprivileged user must be able to traverse every folder above it.
    pub data_dir: PathBuf,
    /// The folders searched for `initdb`, `pg_ctl` and `postgres`, instead of `PATH` and the
    /// distribution's. An empty list leaves only the npm package. `None` searches the defaults.
    pub search_path: Option<Vec<PathBuf>>,
    /// Where the npm package is installed; `<data_dir>/postgres-binaries` when `None`. Several data
    /// directories may share one.
    pub npm_dir: Option<PathBuf>,
    /// The address the process serves on, if known: shown to whoever finds the directory locked.
    /// See also [`Cluster::announce`].
    pub address: Option<String>,
    /// Told about every step.
    pub report: Reporter,
}

impl ClusterConfig {
    /// A configuration with every default, reporting to the log.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            search_path: None,
            npm_dir: None,
            address: None,
            report: Arc::new(|step| tracing::info!("{step}")),
        }
    }

    /// Takes the search path from the setting `AEGIS_POSTGRES_SEARCH_PATH`: folders separated by
    /// colons. `None` (not set) keeps the defaults; an empty value leaves only the npm package.
    #[must_use]
    pub fn with_search_path_setting(mut self, setting: Option<&str>) -> Self {
        self.search_path = setting.map(binaries::split_search_path);
        self
    }
}

impl fmt::Debug for ClusterConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClusterConfig")
            .field("data_dir", &self.data_dir)
            .field("search_path", &self.search_path)
            .field("npm_dir", &self.npm_dir)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// A running private cluster, either owned by this process or attached to.
///
/// Dropping an owned cluster stops the server as well as it can, blocking for up to 30 seconds;
/// [`Cluster::stop`] does the same and says whether it worked.
pub struct Cluster {
    place: Place,
    password: String,
    binaries: PathBuf,
    port: u16,
    major_version: u32,
    adopted: bool,
    owned: Option<Owned>,
}

/// What only the owner of the data directory holds.
struct Owned {
    lock: HeldLock,
    /// Deletes old log files now and then.
    pruning: Option<JoinHandle<()>>,
}

impl Cluster {
    /// Takes the lock of the data directory, creates the cluster if there is none, and starts its
    /// server or adopts the one that an earlier, killed process left running.
    ///
    /// # Errors
    /// [`ClusterError::Locked`] when another process owns the directory; the other variants say what
    /// stood in the way and what to do.
    pub async fn start(config: ClusterConfig) -> Result<Self, ClusterError> {
        let place = Place::settle(&config.data_dir)?;
        match lock::take(&place.data_dir, config.address.as_deref())? {
            Taken::Ours(lock) => Self::start_locked(config, place, lock).await,
            Taken::By(holder) => Err(ClusterError::Locked { data_dir: place.data_dir, holder }),
        }
    }

    /// Uses the cluster of a process that already runs it, without owning it; when there is none,
    /// starts it like [`Cluster::start`] and stops it at the end. Meant for commands beside a server.
    ///
    /// # Errors
    /// [`ClusterError::HolderNotReady`] when the owner's server does not answer within a minute, and
    /// the errors of [`Cluster::start`].
    pub async fn attach_or_start(config: ClusterConfig) -> Result<Self, ClusterError> {
        let place = Place::settle(&config.data_dir)?;
        let deadline = Instant::now() + ATTACH_LIMIT;
        loop {
            let holder = match lock::take(&place.data_dir, config.address.as_deref())? {
                Taken::Ours(lock) => return Self::start_locked(config, place, lock).await,
                Taken::By(holder) => holder,
            };
            if let Some(cluster) = Self::attach(&place).await? {
                (config.report)(&format!("Using the PostgreSQL server of {holder}."));
                return Ok(cluster);
            }
            if Instant::now() >= deadline {
                return Err(ClusterError::HolderNotReady { data_dir: place.data_dir, holder });
            }
            tokio::time::sleep(ATTACH_PAUSE).await;
        }
    }

    /// The server of the lock's holder, if it is up by now.
    async fn attach(place: &Place) -> Result<Option<Self>, ClusterError> {
        let Some(password) = place.password()? else {
            return Ok(None);
        };
        let Some(record) = server::record(place)? else {
            return Ok(None);
        };
        let Running::Ours(identity) = running::look(place, &password).await? else {
            return Ok(None);
        };
        Ok(Some(Self {
            place: place.clone(),
            password,
            binaries: record.binaries,
            port: identity.port,
            major_version: identity.major_version,
            adopted: false,
            owned: None,
        }))
    }

    async fn start_locked(config: ClusterConfig, place: Place, lock: HeldLock) -> Result<Self, ClusterError> {
        let existing = server::existing_major(&place)?;
        let binaries = Self::find_binaries(&config, &place, existing).await?;
        let report = &*config.report;
        let password = match existing {
            Some(_) => place
                .password()?
                .ok_or_else(|| ClusterError::PasswordMissing { path: place.password_file() })?,
            None => server::create(&place, &binaries, report).await?,
        };
        // From here on a dropped future must not leave a server behind, so the owner exists first.
        let mut cluster = Self {
            place,
            password,
            binaries: binaries.dir.clone(),
            port: 0,
            major_version: binaries.major,
            adopted: false,
            owned: Some(Owned { lock, pruning: None }),
        };
        let started = server::bring_up(&cluster.place, &cluster.password, &binaries, report).await?;
        cluster.settle_on(started.identity, started.adopted);
        Ok(cluster)
    }

    async fn find_binaries(
        config: &ClusterConfig,
        place: &Place,
        existing: Option<u32>,
    ) -> Result<Binaries, ClusterError> {
        let npm_dir = config.npm_dir.clone().unwrap_or_else(|| place.data_dir.join("postgres-binaries"));
        let found =
            binaries::find(config.search_path.as_deref(), &npm_dir, place, existing, &*config.report).await?;
        (config.report)(&format!("Using PostgreSQL {} from {}.", found.version, found.dir.display()));
        Ok(found)
    }

    fn settle_on(&mut self, identity: Identity, adopted: bool) {
        self.port = identity.port;
        self.major_version = identity.major_version;
        self.adopted = adopted;
        if let Some(owned) = &mut self.owned {
            owned.pruning = Some(tokio::spawn(logs::prune_logs_forever(self.place.clone())));
        }
    }

    /// Stops the server (fast shutdown, at most 30 seconds) and releases the data directory. Does
    /// nothing to a server that this process only attached to.
    ///
    /// # Errors
    /// When the running server cannot be proved to be ours, or does not stop in time.
    pub async fn stop(mut self) -> Result<(), ClusterError> {
        let Some(owned) = self.owned.take() else {
            return Ok(());
        };
        if let Some(pruning) = &owned.pruning {
            pruning.abort();
        }
        let stopped = server::stop(&self.place, &self.password, &self.binaries, Duration::ZERO).await;
        owned.lock.release();
        stopped
    }

    /// Records the address this process serves on in the lock file, for whoever finds it locked.
    ///
    /// # Errors
    /// When the lock file cannot be written.
    pub fn announce(&self, address: &str) -> Result<(), ClusterError> {
        self.owned.as_ref().map_or(Ok(()), |owned| owned.lock.announce(Some(address)))
    }

    /// The connection URL of the superuser `postgres` to the database `postgres`. Holds a secret.
    pub fn superuser_url(&self) -> String {
        self.url_for("postgres", &self.password, "postgres")
    }

    /// The connection URL of another role to another database of this cluster. Holds a secret.
    pub fn url_for(&self, role: &str, password: &str, database: &str) -> String {
        let [role, password, database] = [role, password, database].map(percent_encoded);
        format!("postgres://{role}:{password}@127.0.0.1:{}/{database}", self.port)
    }

    /// The TCP port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The major version of the running server, such as 15.
    pub fn major_version(&self) -> u32 {
        self.major_version
    }

    /// Whether the server was left running by an earlier process and taken over.
    pub fn adopted(&self) -> bool {
        self.adopted
    }

    /// Whether this process owns the cluster, rather than being attached to another's.
    pub fn owned(&self) -> bool {
        self.owned.is_some()
    }

    /// The folder with `initdb`, `pg_ctl` and `postgres`.
    pub fn binaries(&self) -> &Path {
        &self.binaries
    }

    /// The data directory, without links and relative parts.
    pub fn data_dir(&self) -> &Path {
        &self.place.data_dir
    }

    /// The folder with the unix socket `.s.PGSQL.<port>`; only the server's user and root may enter.
    pub fn socket_dir(&self) -> &Path {
        &self.place.socket_dir
    }
}

impl fmt::Debug for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cluster")
            .field("data_dir", &self.place.data_dir)
            .field("binaries", &self.binaries)
            .field("port", &self.port)
            .field("major_version", &self.major_version)
            .field("adopted", &self.adopted)
            .field("owned", &self.owned.is_some())
            .finish_non_exhaustive()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let Some(owned) = self.owned.take() else { return };
        let patience = if owned.pruning.is_none() { LATE_SERVER_LIMIT } else { Duration::ZERO };
        if let Some(pruning) = &owned.pruning {
            pruning.abort();
        }
        let (place, password, binaries) =
            (self.place.clone(), std::mem::take(&mut self.password), self.binaries.clone());
        // A thread with a runtime of its own: this one may be shutting down, and drop cannot await.
        let stopping = std::thread::Builder::new().spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(|source| ClusterError::Runtime { source })?
                .block_on(server::stop(&place, &password, &binaries, patience))
        });
        match stopping.map(std::thread::JoinHandle::join) {
            Ok(Ok(Ok(()))) => {}
            Ok(Ok(Err(error))) => tracing::warn!(%error, "the private PostgreSQL server was not stopped"),
            Ok(Err(_)) => tracing::warn!("stopping the private PostgreSQL server panicked"),
            Err(error) => tracing::warn!(%error, "no thread to stop the private PostgreSQL server"),
        }
        owned.lock.release();
    }
}

/// Everything but unreserved characters as `%XX`, as RFC 3986 asks inside a URL's parts.
fn percent_encoded(part: &str) -> String {
    part.bytes().fold(String::with_capacity(part.len()), |mut encoded, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte.into()),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
        encoded
    })
}
