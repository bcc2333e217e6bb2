//! The built binary as a process: how it is started, what it says, how it ends.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// How long a start may take, with a cluster to be made on a busy machine.
const READY_WITHIN: Duration = Duration::from_secs(120);
/// How long an orderly end may take.
pub const STOPPED_WITHIN: Duration = Duration::from_secs(30);
/// How often a process is asked whether it has ended.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A user without rights, whom PostgreSQL takes.
pub const NOBODY: u32 = 65_534;

/// An installation of Aegis: the program, its folder, its settings.
#[derive(Clone)]
pub struct Installation {
    program: PathBuf,
    data_dir: PathBuf,
    settings: BTreeMap<String, String>,
    user: Option<u32>,
}

impl Installation {
    /// The built binary over a data directory, without any setting but what a
    /// second one beside it needs.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        let own = |name: &str| (name.to_owned(), "127.0.0.1:0".to_owned());
        Self {
            program: env!("CARGO_BIN_EXE_aegis").into(),
            data_dir: data_dir.into(),
            settings: BTreeMap::from([own("AEGIS_BIND"), own("AEGIS_INTERNAL_BIND")]),
            user: None,
        }
    }

    /// With one more setting.
    #[must_use]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.settings.insert(name.to_owned(), value.to_owned());
        self
    }

    /// The same with a data directory of its own, beside the first one.
    #[must_use]
    pub fn beside(&self, name: &str) -> Self {
        Self { data_dir: self.data_dir.with_file_name(name), ..self.clone() }
    }

    /// Another copy of the program, run by another user.
    #[must_use]
    pub fn run_by(mut self, program: PathBuf, user: Option<u32>) -> Self {
        self.program = program;
        self.user = user;
        self
    }

    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments);
        // The settings of whoever runs the tests are not ours.
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_none_or(is_setting) {
                command.env_remove(name);
            }
        }
        command.envs(&self.settings).env("AEGIS_DATA_DIR", &self.data_dir);
        // Away from the repository, whose `.env` is not ours.
        command.current_dir(self.data_dir.parent().expect("the data directory lies in a folder"));
        if let Some(user) = self.user {
            command.uid(user).gid(user);
        }
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        let output = self.command(arguments).stdin(Stdio::null()).output().expect("the binary starts");
        Ended::new(arguments, &output)
    }

    /// Starts the server and waits until it says that it is ready.
    pub fn serve(&self) -> Server {
        let mut server = self.begin();
        match server.said.wait_for(READY, READY_WITHIN) {
            Some(line) => {
                server.url = line.split_once(READY).map(|(_, url)| url.to_owned()).unwrap_or_default();
            }
            None => panic!("the server did not become ready:\n{}{}", server.said.all(), server.errors()),
        }
        server
    }

    /// Starts the server and waits for nothing.
    pub fn begin(&self) -> Server {
        self.begin_with(&["serve"])
    }

    /// Starts what goes on until it is stopped, and waits for nothing.
    pub fn begin_with(&self, arguments: &[&str]) -> Server {
        let errors = self.data_dir.with_extension(format!("{}.stderr", uuid::Uuid::now_v7().simple()));
        let mut command = self.command(arguments);
        // A group of its own, so that a signal to the test run does not reach it twice.
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::piped());
        command.stderr(File::create(&errors).expect("the folder can be written"));
        let mut child = command.spawn().expect("the binary starts");
        let said = Said::of(child.stdout.take().expect("it was piped"));
        Server { child, said, errors, url: String::new() }
    }
}

const READY: &str = "Aegis is ready: ";

fn is_setting(name: &str) -> bool {
    let ours = ["AEGIS_", "ADMIN_", "MINIO_", "DB_", "OTEL_", "OIDC_", "SMTP_", "RUST_LOG"]
        .iter()
        .any(|prefix| name.starts_with(prefix));
    ours || matches!(
        name,
        "DATABASE_URL"
            | "REDIS_URL"
            | "SECRET_KEY"
            | "SECURE_COOKIES"
            | "CORS_ORIGINS"
            | "ACCESS_TOKEN_EXPIRE_MINUTES"
            | "MAX_RETEST_COUNT"
    )
}

/// A command that has ended.
#[derive(Debug)]
pub struct Ended {
    command: String,
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    fn new(arguments: &[&str], output: &Output) -> Self {
        Self {
            command: arguments.join(" "),
            status: output.status,
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// What it printed, having succeeded.
    #[track_caller]
    pub fn printed(self) -> String {
        assert!(self.status.success(), "aegis {} failed: {}{}", self.command, self.stdout, self.stderr);
        self.stdout
    }

    /// What it complained of, having failed.
    #[track_caller]
    pub fn complained(self) -> String {
        assert!(!self.status.success(), "aegis {} succeeded: {}{}", self.command, self.stdout, self.stderr);
        assert!(!self.stderr.contains("panicked"), "aegis {} crashed: {}", self.command, self.stderr);
        format!("{}{}", self.stdout, self.stderr)
    }
}

/// What a process has said so far.
struct Said {
    heard: Arc<Heard>,
}

#[derive(Default)]
struct Heard {
    speech: Mutex<Speech>,
    more: Condvar,
}

#[derive(Default)]
struct Speech {
    lines: Vec<String>,
    ended: bool,
}

impl Heard {
    fn speech(&self) -> MutexGuard<'_, Speech> {
        self.speech.lock().expect("no listener panics")
    }
}

impl Said {
    fn of(output: impl std::io::Read + Send + 'static) -> Self {
        let heard = Arc::new(Heard::default());
        let listening = Arc::clone(&heard);
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                listening.speech().lines.push(line);
                listening.more.notify_all();
            }
            listening.speech().ended = true;
            listening.more.notify_all();
        });
        Self { heard }
    }

    /// The first line with these words; none when the output ends or the time is up.
    fn wait_for(&self, words: &str, within: Duration) -> Option<String> {
        let waiting =
            |speech: &mut Speech| !speech.ended && !speech.lines.iter().any(|line| line.contains(words));
        let waited = self.heard.more.wait_timeout_while(self.heard.speech(), within, waiting);
        let (speech, _) = waited.expect("no listener panics");
        speech.lines.iter().find(|line| line.contains(words)).cloned()
    }

    fn all(&self) -> String {
        self.heard.speech().lines.iter().map(|line| format!("{line}\n")).collect()
    }
}

/// A running server. Dropping it asks it to stop; only a deaf one is killed.
pub struct Server {
    child: Child,
    said: Said,
    errors: PathBuf,
    url: String,
}

impl Server {
    /// Its address, `http://127.0.0.1:4711`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where it answers whoever runs it.
    #[track_caller]
    pub fn internal_url(&self) -> String {
        const WHERE: &str = "Metrics and readiness: ";
        let line = self.says(WHERE);
        line.split_once(WHERE).map(|(_, url)| url.to_owned()).unwrap_or_default()
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        self.child.kill().expect("it is ours");
        self.child.wait().expect("it ends");
    }

    /// A line it says, now or soon.
    #[track_caller]
    pub fn says(&self, words: &str) -> String {
        self.says_within(words, Duration::from_secs(10))
    }

    /// A line it says on its way up, which takes as long as a start may.
    #[track_caller]
    pub fn gets_to(&self, words: &str) -> String {
        self.says_within(words, READY_WITHIN)
    }

    #[track_caller]
    fn says_within(&self, words: &str, within: Duration) -> String {
        let line = self.said.wait_for(words, within);
        line.unwrap_or_else(|| panic!("it never said {words:?}:\n{}{}", self.said.all(), self.errors()))
    }

    /// Everything it has said.
    pub fn said(&self) -> String {
        self.said.all()
    }

    /// What it wrote to its log.
    pub fn errors(&self) -> String {
        fs::read_to_string(&self.errors).unwrap_or_default()
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.child.id().cast_signed()), signal).expect("it can be signalled");
    }

    /// Sends it a signal and waits for its end.
    #[track_caller]
    pub fn end(mut self, signal: Signal) -> ExitStatus {
        self.stop(signal)
    }

    /// The same; what it said can still be read.
    #[track_caller]
    pub fn stop(&mut self, signal: Signal) -> ExitStatus {
        self.signal(signal);
        self.wait(STOPPED_WITHIN).unwrap_or_else(|| panic!("it did not end within {STOPPED_WITHIN:?}"))
    }

    fn wait(&mut self, within: Duration) -> Option<ExitStatus> {
        let deadline = Instant::now() + within;
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if Instant::now() < deadline => std::thread::sleep(LOOK_EVERY),
                _ => return None,
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        if std::thread::panicking() {
            eprintln!("the server said:\n{}{}", self.said.all(), self.errors());
        }
        self.signal(Signal::SIGTERM);
        if self.wait(STOPPED_WITHIN).is_none() {
            eprintln!("the server did not stop in time; killing it");
            // It may have ended meanwhile.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// A folder that goes with the test, reachable for every user.
pub fn folder() -> tempfile::TempDir {
    let folder = tempfile::Builder::new().prefix("aegis-it-").tempdir().expect("a temporary folder");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("it is ours");
    folder
}

/// Whether a process of that id is there. A dead child nobody has asked after counts as gone.
pub fn is_alive(pid: u32) -> bool {
    let Ok(status) = fs::read_to_string(format!("/proc/{pid}/stat")) else { return false };
    let state = status.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
    !matches!(state, None | Some('Z' | 'X'))
}

/// Waits until something holds, at most so long.
#[track_caller]
pub fn eventually(what: &str, within: Duration, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + within;
    while !holds() {
        assert!(Instant::now() < deadline, "not within {within:?}: {what}");
        std::thread::sleep(LOOK_EVERY);
    }
}
