//! A Redis of a test's own, which may be flushed and killed: never another's.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long it may take to answer first.
const READY_WITHIN: Duration = Duration::from_secs(30);

/// A Redis server, which ends with the test and keeps nothing.
pub struct Redis {
    child: Mutex<Option<Child>>,
    port: u16,
    folder: TempDir,
}

impl Redis {
    /// Starts one on a free port.
    pub fn start() -> Self {
        for _ in 0..5 {
            let folder = tempfile::tempdir().expect("a folder");
            let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
                .and_then(|listener| listener.local_addr())
                .expect("a free port")
                .port();
            let redis = Self { child: Mutex::new(None), port, folder };
            if redis.run() {
                return redis;
            }
            // Somebody else was faster with the port.
        }
        panic!("redis-server found no port");
    }

    /// Starts it again where it was, empty.
    pub fn restart(&self) {
        assert!(self.run(), "the port is taken");
    }

    fn run(&self) -> bool {
        let mut command = Command::new("redis-server");
        command.args(["--bind", "127.0.0.1", "--port", &self.port.to_string()]);
        command.args(["--save", "", "--appendonly", "no", "--dir"]).arg(self.folder.path());
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().expect("redis-server is installed; `make test` installs it");
        let deadline = Instant::now() + READY_WITHIN;
        while child.try_wait().is_ok_and(|ended| ended.is_none()) {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok() {
                *self.child.lock().expect("one at a time") = Some(child);
                return true;
            }
            assert!(Instant::now() < deadline, "redis-server does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.port)
    }

    /// Ends it as a power cut would; all it had is gone.
    pub fn kill(&self) {
        let child = self.child.lock().expect("one at a time").take();
        if let Some(mut child) = child {
            child.kill().expect("it is ours");
            child.wait().expect("it ends");
        }
    }

    /// Makes it forget everything.
    pub async fn flush(&self) {
        let client = redis::Client::open(self.url()).expect("an address");
        let mut connection = client.get_multiplexed_async_connection().await.expect("it answers");
        redis::cmd("FLUSHALL").query_async::<()>(&mut connection).await.expect("flushed");
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}
