//! The server process: creating its cluster, starting and stopping it.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    net::{Ipv4Addr, TcpListener},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use nix::libc;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

use super::{
    binaries::Binaries,
    error::ClusterError,
    logs::{log_files, prune_logs},
    owner::{Finished, end_of, run},
    place::{Place, random_name, sync_folder},
    running::{Identity, Running, clear_socket_dir, look, retire_pid_file, unproven},
};

/// How often a start is tried.
const START_ATTEMPTS: u32 = 3;
const CREATE_LIMIT: Duration = Duration::from_secs(180);
/// `pg_ctl` waits this long for the server to accept connections.
const START_LIMIT: Duration = Duration::from_secs(60);
/// What a server says that finds processes of its killed predecessor. A recovery whose server was
/// killed lives on for up to 60 seconds; we signal none of them, so we wait.
const SURVIVORS: &str = "pre-existing shared memory block";
const SURVIVOR_LIMIT: Duration = Duration::from_secs(90);
const SURVIVOR_PAUSE: Duration = Duration::from_millis(500);
const STOP_LIMIT: Duration = Duration::from_secs(30);
/// How long a server that runs but does not answer may take to recover from a crash.
const RECOVERY_LIMIT: Duration = Duration::from_secs(300);
/// How much longer than `pg_ctl` we wait for `pg_ctl` itself.
const TOOL_MARGIN: Duration = Duration::from_secs(15);
const POLL_PAUSE: Duration = Duration::from_millis(100);
const LOG_FILE_LIMIT_MB: u32 = 16;
/// What the last start chose, kept in `postgres.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) port: u16,
    pub(super) major_version: u32,
    pub(super) binaries: PathBuf,
}

/// A server that is up, and whether it was so before.
pub(super) struct Started {
    pub(super) identity: Identity,
    pub(super) adopted: bool,
}

/// The record of the last start, if there was one.
pub(super) fn record(place: &Place) -> Result<Option<Record>, ClusterError> {
    let path = place.data_dir.join("postgres.json");
    match fs::read(&path) {
        // A damaged record is as good as none: it only holds preferences.
        Ok(content) => Ok(serde_json::from_slice(&content).ok()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ClusterError::io("read", path)(error)),
    }
}

/// The major version of the existing cluster; `None` when there is none yet.
pub(super) fn existing_major(place: &Place) -> Result<Option<u32>, ClusterError> {
    match fs::read_to_string(place.pgdata.join("PG_VERSION")) {
        Ok(content) => {
            let not_a_cluster = || ClusterError::NotACluster { path: place.pgdata.clone() };
            content.trim().parse().map(Some).map_err(|_| not_a_cluster())
        }
        // An empty folder, as somebody may have prepared it, is replaced by the cluster.
        Err(_) if !place.pgdata.exists() || fs::remove_dir(&place.pgdata).is_ok() => Ok(None),
        Err(_) => Err(ClusterError::NotACluster { path: place.pgdata.clone() }),
    }
}

/// Creates the cluster and returns its password.
pub(super) async fn create(
    place: &Place,
    binaries: &Binaries,
    report: &(dyn Fn(&str) + Send + Sync),
) -> Result<String, ClusterError> {
    let data_dir = place.data_dir.display();
    report(&format!("Creating a private PostgreSQL {} cluster in {data_dir}.", binaries.major));
    sweep_staging(place);
    let password = place.new_password()?;
    let staging = place.data_dir.join(format!("postgres.new-{}", random_name()));
    let handed_over = place.data_dir.join(format!("postgres.new-{}", random_name()));
    place.private_folder(&staging)?;
    place.handed_over(&handed_over, &password)?;
    let mut command = place.owner.command(&binaries.dir.join("initdb"));
    command
        .args(["--locale=C", "--encoding=UTF8", "--auth=scram-sha-256", "--username=postgres"])
        .args(["--data-checksums", "--no-instructions"])
        .arg("--pwfile")
        .arg(&handed_over)
        .arg("-D")
        .arg(&staging);
    let made = run_tool("initdb", binaries, command, CREATE_LIMIT).await;
    let _ = fs::remove_file(&handed_over);
    let made = made?;
    if !made.success {
        let _ = fs::remove_dir_all(&staging);
        return Err(ClusterError::CreateFailed { data_dir: place.data_dir.clone(), output: made.output });
    }
    let settings = staging.join("postgresql.conf");
    include_our_settings(&settings).map_err(ClusterError::io("write", &settings))?;
    // Only now does the cluster exist: a start killed before this line begins anew.
    fs::rename(&staging, &place.pgdata).map_err(ClusterError::io("create", &place.pgdata))?;
    sync_folder(&place.data_dir).map_err(ClusterError::io("write", &place.data_dir))?;
    Ok(password)
}

/// Removes what a creation that was killed has left behind, as well as it goes.
fn sweep_staging(place: &Place) {
    for entry in fs::read_dir(&place.data_dir).into_iter().flatten().flatten() {
        if entry.file_name().as_encoded_bytes().starts_with(b"postgres.new-") {
            let _ = fs::remove_dir_all(entry.path()).or_else(|_| fs::remove_file(entry.path()));
        }
    }
}

/// Our settings live outside the cluster, where its user cannot change them; `ALTER SYSTEM` still wins.
fn include_our_settings(settings: &Path) -> io::Result<()> {
    // The file is in a folder of another user, who might have made it a link.
    let mut file = OpenOptions::new().append(true).custom_flags(libc::O_NOFOLLOW).open(settings)?;
    file.write_all(b"\n# Written by aegis at each start.\ninclude = '../postgres.conf'\n")?;
    file.sync_all()
}

fn our_settings(place: &Place, port: u16) -> String {
    let socket_dir = place.socket_dir.to_string_lossy().replace('\'', "''");
    format!(
        "# Written by aegis at each start; use ALTER SYSTEM for changes of your own.\n\
         listen_addresses = '127.0.0.1'\n\
         port = {port}\n\
         unix_socket_directories = '{socket_dir}'\n\
         unix_socket_permissions = 0700\n\
         max_connections = 100\n\
         shared_buffers = 256MB\n\
         fsync = on\n\
         password_encryption = 'scram-sha-256'\n\
         idle_in_transaction_session_timeout = 60s\n\
         timezone = 'UTC'\n\
         log_timezone = 'UTC'\n\
         logging_collector = on\n\
         log_directory = 'log'\n\
         log_filename = 'postgresql-%Y%m%d-%H%M%S.log'\n\
         log_rotation_age = 1d\n\
         log_rotation_size = {LOG_FILE_LIMIT_MB}MB\n"
    )
}

/// Starts the server, or adopts the one that already runs on the cluster.
pub(super) async fn bring_up(
    place: &Place,
    password: &str,
    binaries: &Binaries,
    report: &(dyn Fn(&str) + Send + Sync),
) -> Result<Started, ClusterError> {
    place.settle_cluster_owner()?;
    place.settle_socket_dir()?;
    let begun = Instant::now();
    let mut preferred = record(place)?.map(|record| record.port);
    let (mut attempts, mut told, mut output) = (0, false, None);
    loop {
        if let Some(identity) = settled(place, password, report).await? {
            let adopted = output.is_none();
            if adopted {
                report("PostgreSQL still runs from an earlier start; adopting it.");
            }
            remember(place, identity, binaries)?;
            return Ok(Started { identity, adopted });
        }
        if attempts == START_ATTEMPTS {
            let logs = place.pgdata.join("log");
            return Err(ClusterError::StartFailed { attempts, logs, output: output.unwrap_or_default() });
        }
        let port = free_port(preferred).map_err(ClusterError::io("find a free port on", "127.0.0.1"))?;
        if !told {
            report(&format!("Starting PostgreSQL {} on 127.0.0.1:{port}.", binaries.major));
        }
        let said = start_once(place, binaries, port).await?;
        if said.contains(SURVIVORS) && begun.elapsed() < SURVIVOR_LIMIT {
            if !told {
                report("Processes of a killed PostgreSQL server are still ending; waiting for them.");
            }
            told = true;
            sleep(SURVIVOR_PAUSE).await;
        } else {
            attempts += 1;
            // The port may have been the reason.
            preferred = None;
        }
        output = Some(said);
    }
}

/// Waits until it is clear that our server runs, or that nothing does and a start is safe.
async fn settled(
    place: &Place,
    password: &str,
    report: &(dyn Fn(&str) + Send + Sync),
) -> Result<Option<Identity>, ClusterError> {
    let deadline = Instant::now() + RECOVERY_LIMIT;
    let mut told = false;
    loop {
        match look(place, password).await? {
            Running::Ours(identity) => return Ok(Some(identity)),
            Running::Nothing => break,
            Running::Foreign => {
                retire_pid_file(place)?;
                break;
            }
            Running::Unproven { pid } if Instant::now() >= deadline => return Err(unproven(place, pid)),
            Running::Unproven { pid } if !told => {
                report(&format!("PostgreSQL (process {pid}) runs already; waiting until it answers."));
                told = true;
            }
            Running::Unproven { .. } => {}
        }
        sleep(POLL_PAUSE).await;
    }
    clear_socket_dir(place)?;
    Ok(None)
}

/// One attempt; returns what was said when it failed, and nothing when it did not.
async fn start_once(place: &Place, binaries: &Binaries, port: u16) -> Result<String, ClusterError> {
    place.write("postgres.conf", &our_settings(place, port), 0o644)?;
    prune_logs(place);
    // What the server says before its log collector takes over; `pg_ctl` would append for ever.
    let early_log = place.pgdata.join("start.log");
    let _ = fs::remove_file(&early_log);
    let mut command = place.owner.command(&binaries.dir.join("pg_ctl"));
    // The server gets a session of its own from `pg_ctl`. The group is for `pg_ctl` itself, which
    // would hand a Ctrl-C on to the server while it waits.
    command
        .process_group(0)
        .args(["start", "-s", "-w", "-t", &START_LIMIT.as_secs().to_string(), "-D"])
        .arg(&place.pgdata)
        .arg("-l")
        .arg(&early_log);
    let started = run_tool("pg_ctl", binaries, command, START_LIMIT + TOOL_MARGIN).await?;
    if started.success {
        return Ok(String::new());
    }
    let early = fs::read(&early_log).map(|content| end_of(&content)).unwrap_or_default();
    let last = log_files(place).pop().and_then(|path| fs::read(path).ok());
    let last = last.map(|content| end_of(&content)).unwrap_or_default();
    Ok([started.output, early, last].join("\n").trim().to_owned())
}

fn remember(place: &Place, identity: Identity, binaries: &Binaries) -> Result<(), ClusterError> {
    let Identity { port, major_version } = identity;
    let record = Record { port, major_version, binaries: binaries.dir.clone() };
    let content = serde_json::to_string_pretty(&record).map_err(io::Error::other);
    let content = content.map_err(ClusterError::io("write", place.data_dir.join("postgres.json")))?;
    place.write("postgres.json", &content, 0o644)
}

/// The preferred port if it is free, else one the system chooses. Somebody may still take it before
/// the server does, which is why a start is tried again.
fn free_port(preferred: Option<u16>) -> io::Result<u16> {
    let bind =
        |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).and_then(|listener| listener.local_addr());
    let preferred = preferred.and_then(|port| bind(port).ok());
    preferred.map_or_else(|| bind(0), Ok).map(|address| address.port())
}

/// Stops our server, if it runs. `patience` is how long to wait for a server that a start, cut short,
/// may still be bringing up.
pub(super) async fn stop(
    place: &Place,
    password: &str,
    binaries: &Path,
    patience: Duration,
) -> Result<(), ClusterError> {
    let begun = Instant::now();
    loop {
        match look(place, password).await? {
            Running::Ours(_) => break,
            Running::Nothing | Running::Foreign if begun.elapsed() >= patience => return Ok(()),
            Running::Unproven { pid } if begun.elapsed() >= STOP_LIMIT => return Err(unproven(place, pid)),
            Running::Nothing | Running::Foreign | Running::Unproven { .. } => sleep(POLL_PAUSE).await,
        }
    }
    let program = binaries.join("pg_ctl");
    let mut command = place.owner.command(&program);
    command
        .process_group(0)
        .args(["stop", "-s", "-w", "-m", "fast", "-t", &STOP_LIMIT.as_secs().to_string(), "-D"])
        .arg(&place.pgdata);
    let stopped = run(command, STOP_LIMIT + TOOL_MARGIN).await;
    let stopped = stopped.map_err(|source| ClusterError::Tool { program, source })?;
    if !stopped.success {
        return Err(ClusterError::StopFailed { data_dir: place.data_dir.clone(), output: stopped.output });
    }
    // One in `/tmp` would stay for ever; the next start makes it again.
    let _ = fs::remove_dir(&place.socket_dir);
    Ok(())
}

async fn run_tool(
    name: &str,
    binaries: &Binaries,
    command: tokio::process::Command,
    limit: Duration,
) -> Result<Finished, ClusterError> {
    let program = binaries.dir.join(name);
    run(command, limit).await.map_err(|source| ClusterError::Tool { program, source })
}
