//! A PostgreSQL of the test's own, that may be killed: never another's.

use super::failure::Outcome;
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, User, chown, geteuid};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long a server may take to start, with the recovery before it.
const START_LIMIT: Duration = Duration::from_secs(60);

/// A cluster in a folder that goes with it.
pub struct Cluster {
    folder: TempDir,
    binaries: PathBuf,
    /// Who runs it, where root may not.
    user: Option<User>,
    port: u16,
}

impl Cluster {
    /// Makes one with fsync on, as in production.
    pub fn create() -> Outcome<Self> {
        let user = match geteuid().is_root() {
            true => ["postgres", "nobody"].iter().find_map(|name| User::from_name(name).ok().flatten()),
            false => None,
        };
        let folder = tempfile::Builder::new().prefix("aegis-crash-").tempdir_in("/tmp")?;
        if let Some(user) = &user {
            chown(folder.path(), Some(user.uid), Some(user.gid))?;
        }
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let cluster = Self { folder, binaries: binaries(), user, port };
        let made = cluster
            .command("initdb")
            .args(["--no-sync", "--auth=trust", "--username=postgres", "--locale=C", "--encoding=UTF8", "-D"])
            .arg(cluster.data())
            .output()?;
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        Ok(cluster)
    }

    /// Where it answers.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Starts it and waits until it answers, also when processes of a killed one are still ending.
    pub fn start(&mut self) -> Outcome {
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=on -c synchronous_commit=on \
             -c shared_buffers=32MB -c max_connections=60",
            self.port
        );
        let begun = Instant::now();
        loop {
            let started = self
                .command("pg_ctl")
                .args(["start", "-w", "-s", "-o", &options, "-l"])
                .arg(self.folder.path().join("data/server.log"))
                .arg("-D")
                .arg(self.data())
                .status()?;
            if started.success() {
                return Ok(());
            }
            let log = std::fs::read_to_string(self.folder.path().join("data/server.log")).unwrap_or_default();
            assert!(begun.elapsed() < START_LIMIT, "it does not start: {log}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Kills its postmaster, and nothing else, with SIGKILL.
    pub fn kill(&mut self) -> Outcome {
        let server = self.postmaster()?.expect("it runs");
        kill(server, Signal::SIGKILL)?;
        // Until the process is gone; its children notice and end by themselves.
        while PathBuf::from(format!("/proc/{server}/stat")).exists() && !is_zombie(server) {
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }

    /// The server of this folder, proved by its command line.
    fn postmaster(&self) -> Outcome<Option<Pid>> {
        let Ok(file) = std::fs::read_to_string(self.data().join("postmaster.pid")) else { return Ok(None) };
        let Some(number) = file.lines().next().and_then(|line| line.parse().ok()) else { return Ok(None) };
        let line = std::fs::read(format!("/proc/{number}/cmdline")).unwrap_or_default();
        let data = self.data();
        let ours = String::from_utf8_lossy(&line).split('\0').any(|word| *word == *data.to_string_lossy());
        Ok(ours.then(|| Pid::from_raw(number)))
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.binaries.join(program));
        command.current_dir("/").env("LC_ALL", "C").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if let Some(user) = &self.user {
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // As well as it goes: a test that failed should not fail again here.
        let _ = self.command("pg_ctl").args(["stop", "-w", "-m", "immediate", "-D"]).arg(self.data()).status();
    }
}

fn is_zombie(process: Pid) -> bool {
    std::fs::read_to_string(format!("/proc/{process}/stat")).is_ok_and(|stat| stat.contains(") Z "))
}

/// The folder of `initdb`, `pg_ctl` and `postgres`: on the path, or the distribution's newest.
fn binaries() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut packaged: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    packaged.sort();
    folders.extend(packaged.into_iter().rev().map(|(_, folder)| folder));
    folders
        .into_iter()
        .find(|folder| ["initdb", "pg_ctl", "postgres"].iter().all(|program| folder.join(program).exists()))
        .expect("PostgreSQL is installed (apt-get install postgresql)")
}
