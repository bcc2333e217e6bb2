//! A real S3 server of a test's own: it checks signatures and expiry, and keeps its files in a folder.

use crate::process::Installation;
use std::fs::File;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long it may take to answer first.
const READY_WITHIN: Duration = Duration::from_secs(30);
const ACCESS_KEY: &str = "access-of-tests";
const SECRET_KEY: &str = "secret-of-tests-that-opens-nothing";
const BUCKET: &str = "evidence";

/// An S3 server, which ends with the test.
pub struct S3 {
    child: Child,
    port: u16,
    folder: TempDir,
}

impl S3 {
    /// Starts one on a free port.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join(BUCKET)).expect("a bucket");
        // A port that is free now may be taken a moment later; the next one is as good.
        for _ in 0..5 {
            let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
                .and_then(|listener| listener.local_addr())
                .expect("a free port")
                .port();
            let mut command = Command::new("s3s-fs");
            command.args(["--host", "127.0.0.1", "--port", &port.to_string()]);
            command.args(["--access-key", ACCESS_KEY, "--secret-key", SECRET_KEY]);
            command.arg(folder.path());
            command.process_group(0).stdin(Stdio::null()).stdout(Stdio::null());
            command.stderr(File::create(folder.path().join("stderr")).expect("a file"));
            let mut child = command.spawn().expect("s3s-fs is installed; `make test` installs it");
            let deadline = Instant::now() + READY_WITHIN;
            while child.try_wait().is_ok_and(|ended| ended.is_none()) {
                if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                    return Self { child, port, folder };
                }
                assert!(Instant::now() < deadline, "s3s-fs does not answer");
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        panic!("s3s-fs found no port");
    }

    /// An installation that keeps its files there.
    pub fn settings(&self, installation: Installation) -> Installation {
        installation
            .set("MINIO_ENDPOINT", &self.endpoint())
            .set("MINIO_BUCKET", BUCKET)
            .set("MINIO_ACCESS_KEY", ACCESS_KEY)
            .set("MINIO_SECRET_KEY", SECRET_KEY)
    }

    pub fn endpoint(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Where its files lie.
    pub fn bucket(&self) -> PathBuf {
        self.folder.path().join(BUCKET)
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
