//! What runs on a cluster, and whether it is ours.
//!
//! The rule of this file: a number in `postmaster.pid` is a hint. Only a connection through our own
//! socket folder, with our password, to a server that names our directory and whose parent process
//! has that number, makes it ours.

use std::{fs, io, path::PathBuf, time::Duration};

use sqlx::{
    Connection, PgConnection,
    postgres::{PgConnectOptions, PgSslMode},
};
use tokio::time::timeout;

use super::{error::ClusterError, lock::command_of, place::Place, server::record};

/// No process has this id: Linux ends at 4,194,304.
const IMPOSSIBLE_PID: i32 = i32::MAX;
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// A server that has proved to be ours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Identity {
    pub(super) port: u16,
    pub(super) major_version: u32,
}

/// What runs on the cluster.
#[derive(Debug)]
pub(super) enum Running {
    /// Nothing, and the pid file, if any, names no process.
    Nothing,
    /// The pid file names a process that is something else, or has ended without being waited for.
    Foreign,
    /// A process looks like our server and has not proved it: starting, recovering, or stuck.
    Unproven { pid: i32 },
    /// Our server.
    Ours(Identity),
}

/// Looks at what runs on the cluster, without touching it.
pub(super) async fn look(place: &Place, password: &str) -> Result<Running, ClusterError> {
    let Some(pid_file) = PidFile::read(place)? else {
        return Ok(Running::Nothing);
    };
    let recorded = record(place)?.map(|record| record.port);
    if let Some(port) = pid_file.port.or(recorded)
        && let Some((identity, postmaster)) = identify(place, password, port).await?
    {
        return Ok(match postmaster {
            Some(pid) if pid == pid_file.pid => Running::Ours(identity),
            _ => Running::Unproven { pid: pid_file.pid },
        });
    }
    Ok(match Process::of(pid_file.pid) {
        None => Running::Nothing,
        Some(process) if process.ended => Running::Foreign,
        Some(process) if process.is_server_of(place) => Running::Unproven { pid: pid_file.pid },
        Some(_) => Running::Foreign,
    })
}

/// Asks the server behind our socket who it is: its port and version, and the process id of its
/// postmaster. `None` when nobody answers or it serves another directory.
async fn identify(
    place: &Place,
    password: &str,
    port: u16,
) -> Result<Option<(Identity, Option<i32>)>, ClusterError> {
    let asked = timeout(CONNECT_LIMIT, async {
        let options = PgConnectOptions::new_without_pgpass()
            .socket(&place.socket_dir)
            .port(port)
            .username("postgres")
            .password(password)
            .database("postgres")
            .ssl_mode(PgSslMode::Disable);
        let mut connection = PgConnection::connect_with(&options).await?;
        let answer: (String, String, String, i32) = sqlx::query_as(
            "SELECT current_setting('data_directory'), current_setting('port'), \
             current_setting('server_version_num'), pg_backend_pid()",
        )
        .fetch_one(&mut connection)
        .await?;
        // Read while the backend is alive, as a later process may get its number.
        let postmaster = Process::of(answer.3).map(|backend| backend.parent);
        let _ = connection.close().await;
        Ok::<_, sqlx::Error>((answer, postmaster))
    });
    let ((directory, port, version, _), postmaster) = match asked.await {
        Ok(Ok(answer)) => answer,
        Ok(Err(sqlx::Error::Database(error))) if error.code().as_deref() == Some("28P01") => {
            let path = place.password_file();
            return Err(ClusterError::PasswordRefused { data_dir: place.data_dir.clone(), path });
        }
        Ok(Err(error)) => {
            tracing::debug!(%error, "no answer on the cluster's socket");
            return Ok(None);
        }
        Err(_) => return Ok(None),
    };
    let ours = fs::canonicalize(directory).is_ok_and(|directory| directory == place.pgdata);
    let identity = match (port.parse(), version.parse::<u32>()) {
        (Ok(port), Ok(version)) if ours => Identity { port, major_version: version / 10_000 },
        _ => return Ok(None),
    };
    Ok(Some((identity, postmaster)))
}

/// The first lines of `postmaster.pid`.
struct PidFile {
    pid: i32,
    port: Option<u16>,
}

impl PidFile {
    fn path(place: &Place) -> PathBuf {
        place.pgdata.join("postmaster.pid")
    }

    fn read(place: &Place) -> Result<Option<Self>, ClusterError> {
        let path = Self::path(place);
        let content = match fs::read_to_string(&path) {
            Ok(content) => content,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(ClusterError::io("read", path)(error)),
        };
        let mut lines = content.lines();
        // PostgreSQL stops at an empty file; written by nobody, it names no process.
        let pid = lines.next().and_then(|line| line.trim().parse().ok()).unwrap_or(IMPOSSIBLE_PID);
        let port = lines.nth(2).and_then(|line| line.trim().parse().ok());
        Ok(Some(Self { pid, port }))
    }
}

/// What `/proc` tells about a process.
struct Process {
    pid: i32,
    parent: i32,
    /// It has ended and nobody has asked for its end yet, as in a container whose first process does
    /// not care for orphans. PostgreSQL takes such a one for alive.
    ended: bool,
}

impl Process {
    /// `None` when there is no such process.
    fn of(pid: i32) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name in brackets may hold anything, also brackets.
        let (_, after_name) = stat.rsplit_once(')')?;
        let mut fields = after_name.split_whitespace();
        let ended = matches!(fields.next()?, "Z" | "X");
        let parent = fields.next()?.parse().ok()?;
        Some(Self { pid, parent, ended })
    }

    /// Whether it looks like the postmaster of this cluster. Good enough to wait for, not to signal.
    fn is_server_of(&self, place: &Place) -> bool {
        let works_there =
            fs::read_link(format!("/proc/{}/cwd", self.pid)).is_ok_and(|cwd| cwd == place.pgdata);
        let raw = fs::read(format!("/proc/{}/cmdline", self.pid)).unwrap_or_default();
        let words: Vec<_> = raw.split(|byte| *byte == 0).collect();
        let pgdata = place.pgdata.as_os_str().as_encoded_bytes();
        works_there || words.windows(2).any(|pair| pair[0] == b"-D" && pair[1] == pgdata)
    }
}

/// Makes PostgreSQL see a pid file as stale whose number now belongs to a stranger. The other lines
/// stay, since PostgreSQL also checks the shared memory they name for surviving backends.
pub(super) fn retire_pid_file(place: &Place) -> Result<(), ClusterError> {
    let path = PidFile::path(place);
    let content = fs::read_to_string(&path).map_err(ClusterError::io("read", &path))?;
    let rest = content.split_once('\n').map_or("", |(_, rest)| rest);
    place.replace_in_cluster(&path, &format!("{IMPOSSIBLE_PID}\n{rest}"))
}

/// Removes sockets and their lock files, which also hold a number that a stranger may have by now.
pub(super) fn clear_socket_dir(place: &Place) -> Result<(), ClusterError> {
    let path = &place.socket_dir;
    for entry in fs::read_dir(path).map_err(ClusterError::io("list", path))?.flatten() {
        if entry.file_name().as_encoded_bytes().starts_with(b".s.PGSQL.") {
            fs::remove_file(entry.path()).map_err(ClusterError::io("remove", entry.path()))?;
        }
    }
    // An empty pid file makes PostgreSQL give up; nothing runs, so nobody is about to fill it.
    let pid_file = PidFile::path(place);
    if fs::metadata(&pid_file).is_ok_and(|metadata| metadata.len() == 0) {
        fs::remove_file(&pid_file).map_err(ClusterError::io("remove", pid_file))?;
    }
    Ok(())
}

/// For giving up on a process that neither proves to be ours nor goes away.
pub(super) fn unproven(place: &Place, pid: i32) -> ClusterError {
    let command = command_of(pid).unwrap_or_else(|| "ended meanwhile".to_owned());
    ClusterError::Unproven { data_dir: place.data_dir.clone(), pid, command }
}
