//! A PostgreSQL of the test's own, that may be killed: never another's.

use super::failure::Outcome;
use nix::unistd::{User, chown, geteuid};
use sqlx::{Connection, PgConnection};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::time::sleep;

/// How long a server may take to start, with the recovery before it.
const START_LIMIT: Duration = Duration::from_secs(60);

/// A cluster in a folder that goes with it.
pub struct Cluster {
    folder: TempDir,
    binaries: PathBuf,
    /// Who runs it, where root may not.
    user: Option<User>,
    port: u16,
    server: Option<Child>,
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
        let cluster = Self { folder, binaries: binaries(), user, port, server: None };
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
    pub async fn start(&mut self) -> Outcome {
        let port = self.port.to_string();
        let settings = [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "fsync=on",
            "synchronous_commit=on",
            "shared_buffers=32MB",
            "max_connections=60",
        ];
        let begun = Instant::now();
        loop {
            let mut server = self.command("postgres");
            server.arg("-D").arg(self.data()).args(["-p", &port]);
            settings.iter().for_each(|setting| {
                server.args(["-c", setting]);
            });
            let mut server = server.spawn()?;
            while server.try_wait()?.is_none() {
                if let Ok(connection) = PgConnection::connect(&self.url()).await {
                    connection.close().await?;
                    self.server = Some(server);
                    return Ok(());
                }
                sleep(Duration::from_millis(10)).await;
            }
            // It ends at once while the memory of the killed one is in use.
            assert!(begun.elapsed() < START_LIMIT, "it does not start");
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Kills its postmaster, and nothing else, with SIGKILL; the others notice and end by themselves.
    pub fn kill(&mut self) -> Outcome {
        let server = self.server.as_mut().expect("it runs");
        server.kill()?;
        server.wait()?;
        self.server = None;
        Ok(())
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.binaries.join(program));
        command
            .current_dir("/")
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if let Some(user) = &self.user {
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // As well as it goes: a test that failed should not fail again here.
        let _ =
            self.command("pg_ctl").args(["stop", "-w", "-m", "immediate", "-D"]).arg(self.data()).status();
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
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
