//! How Aegis starts, stops, recovers, and what its command line does.

use crate::app::{PASSWORD, TestApp, TestDatabase};
use crate::client::{Answer, Client};
use crate::process::{Installation, NOBODY, Server, eventually, folder, is_alive};
use crate::story::POWERSHELL;
use aegis_aggregates::actor::Role;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};
use std::fs;
use std::net::Ipv4Addr;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

const KEY: &str = "0123456789abcdef0123456789abcdef";

fn client(server: &Server) -> Client {
    Client::new(server.url(), Ipv4Addr::LOCALHOST)
}

/// The process of a private cluster.
fn postmaster(data_dir: &Path) -> u32 {
    let text = fs::read_to_string(data_dir.join("postgres/postmaster.pid")).expect("the cluster runs");
    text.lines().next().and_then(|pid| pid.parse().ok()).expect("a process id")
}

/// Takes down what a failed test leaves of a private cluster, once it is known to be that one.
struct Cleanup(PathBuf);

impl Drop for Cleanup {
    fn drop(&mut self) {
        let Ok(text) = fs::read_to_string(self.0.join("postgres/postmaster.pid")) else { return };
        let Some(pid) = text.lines().next().and_then(|pid| pid.parse::<i32>().ok()) else { return };
        let command = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        if command.contains(&*self.0.to_string_lossy()) {
            eprintln!("PostgreSQL was left running in {}; stopping it", self.0.display());
            // It may be on its way out already.
            let _ = kill(Pid::from_raw(pid), Signal::SIGINT);
        }
    }
}

/// A process that has nothing to do with Aegis.
struct Bystander(Child);

impl Bystander {
    fn new() -> Self {
        Self(Command::new("sleep").arg("600").spawn().expect("sleep is there"))
    }
}

impl Drop for Bystander {
    fn drop(&mut self) {
        // Whether somebody else ended it is for the test to say.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn ctrl_c_while_it_starts_leaves_nothing_behind() {
    // A test run that was started to outlive its terminal hands that down to what it starts.
    let outlives = fs::read_to_string("/proc/self/status").is_ok_and(|status| {
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
    });
    let closed = if outlives { Signal::SIGTERM } else { Signal::SIGHUP };
    for (step, signal) in [
        ("Preparing the database", Signal::SIGINT),
        ("Aegis is ready", Signal::SIGINT),
        ("Aegis is ready", closed),
    ] {
        let folder = folder();
        let aegis = Installation::new(folder.path().join("data"));
        let _cleanup = Cleanup(aegis.data_dir().to_owned());
        let server = aegis.begin();
        server.gets_to(step);
        let cluster = postmaster(aegis.data_dir());
        let status = server.end(signal);
        assert!(!is_alive(cluster), "stopped by {signal} at {step:?}, PostgreSQL goes on without it");
        assert_eq!(status.signal(), None, "stopped by {signal} at {step:?}, it did not end by itself");
    }
}

#[test]
fn production_is_refused_without_a_key_or_with_known_passwords() {
    let folder = folder();
    let base = || {
        Installation::new(folder.path().join("data"))
            .set("AEGIS_ENV", "production")
            .set("DATABASE_URL", "postgres://u:x9-Gz@127.0.0.1:1/x")
    };
    for (installation, says) in [
        (base(), "SECRET_KEY"),
        (base().set("SECRET_KEY", ""), "SECRET_KEY"),
        (base().set("SECRET_KEY", "short"), "SECRET_KEY is too short"),
        (base().set("SECRET_KEY", KEY).set("ADMIN_PASSWORD", "Password-1234"), "ADMIN_PASSWORD"),
        (base().set("SECRET_KEY", KEY).set("ADMIN_PASSWORD", "admin"), "ADMIN_PASSWORD"),
        (
            base().set("SECRET_KEY", KEY).set("DATABASE_URL", "postgres://aegis:postgres@127.0.0.1:1/x"),
            "DATABASE_URL",
        ),
    ] {
        let said = installation.run(&["serve"]).complained();
        assert!(said.contains(says), "{says}: {said}");
        assert!(!folder.path().join("data").exists(), "nothing is made before the settings are right");
    }
    // With all of it in order, what is missing is the database.
    let said = base().set("SECRET_KEY", KEY).set("ADMIN_PASSWORD", PASSWORD).run(&["serve"]).complained();
    assert!(said.contains("127.0.0.1:1") && said.contains("DATABASE_URL"), "{said}");
    assert!(!said.contains("x9-Gz"), "passwords stay out of messages: {said}");

    // Elsewhere settings that do not read are named too.
    let plain = |name: &str, value: &str| {
        Installation::new(folder.path().join("data"))
            .set("DATABASE_URL", "postgres://127.0.0.1:1/x")
            .set(name, value)
    };
    for (name, value) in [
        ("AEGIS_BIND", "nowhere"),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "0"),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "721"),
        ("MAX_RETEST_COUNT", "101"),
        ("AEGIS_ENV", "prod"),
    ] {
        let said = plain(name, value).run(&["serve"]).complained();
        assert!(said.contains(value), "{name}: {said}");
    }
    let said = plain("DATABASE_URL", "nonsense").run(&["serve"]).complained();
    assert!(said.contains("DATABASE_URL"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_cluster_starts_stops_and_recovers() {
    let folder = folder();
    let aegis = Installation::new(folder.path().join("data"));
    let _cleanup = Cleanup(aegis.data_dir().to_owned());
    let server = aegis.serve();

    // A first admin with a password that is printed once and kept for the owner alone.
    let line = server.says("Sign in as admin with the password ");
    let password = line
        .split("the password ")
        .nth(1)
        .and_then(|rest| rest.split(' ').next())
        .expect("a password")
        .to_owned();
    let kept = aegis.data_dir().join("admin-password");
    assert_eq!(fs::read_to_string(&kept).expect("it is kept").trim(), password);
    for secret in ["admin-password", "secret-key", "checkpoint-key", "postgres-password"] {
        let mode = fs::metadata(aegis.data_dir().join(secret)).expect("it is kept").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{secret}");
    }
    assert_eq!(server.said().matches(&password).count(), 1);
    assert!(!server.errors().contains(&password));
    let admin = client(&server).sign_in("admin", &password).await;
    admin.done("draftTest", json!({ "attackId": POWERSHELL, "title": "Before the crash" })).await;

    // A second start on the same directory names who holds it; commands work beside it.
    let said = aegis.run(&["serve"]).complained();
    assert!(said.contains(&format!("process {}", server.pid())) && said.contains(server.url()), "{said}");
    let added = aegis.run(&["user", "add", "second", "--role", "viewer"]).printed();
    assert!(added.starts_with("second: the password is "), "{added}");

    // Another directory runs beside it.
    let beside = Installation::new(folder.path().join("beside"));
    let _cleanup_beside = Cleanup(beside.data_dir().to_owned());
    let other = beside.serve();
    assert_ne!(other.url(), server.url());
    assert_ne!(postmaster(beside.data_dir()), postmaster(aegis.data_dir()));
    let refused = client(&other).try_sign_in("admin", &password).await;
    assert_eq!(refused.code(), Some("UNAUTHENTICATED"), "they share nothing");
    let theirs = postmaster(beside.data_dir());

    // Killed, it leaves its database running; the next start takes that over.
    let cluster = postmaster(aegis.data_dir());
    server.end(Signal::SIGKILL);
    assert!(is_alive(cluster));
    let begun = Instant::now();
    let server = aegis.serve();
    println!("ready again after {:?}", begun.elapsed());
    assert_eq!(postmaster(aegis.data_dir()), cluster, "the same server, taken over");
    assert!(!server.said().contains(&password), "the password is not printed again: {}", server.said());
    server.says("Sign in with an account you have");
    let again = client(&server).bearer(&admin.token).ask("{ tests { nodes { title state } } }").await;
    assert_eq!(again.data()["tests"]["nodes"], json!([{ "title": "Before the crash", "state": "DRAFT" }]));

    // Killed with its database, it recovers too.
    server.end(Signal::SIGKILL);
    kill(Pid::from_raw(cluster.cast_signed()), Signal::SIGKILL).expect("it is ours");
    eventually("the database is gone", Duration::from_secs(10), || !is_alive(cluster));
    let server = aegis.serve();
    let cluster = postmaster(aegis.data_dir());
    let again = client(&server).bearer(&admin.token).ask("{ tests { totalCount } }").await;
    assert_eq!(again.data()["tests"]["totalCount"], 1);
    aegis.run(&["verify"]).printed();

    // Ctrl-C stops it, its database, and nobody else's.
    let status = server.end(Signal::SIGINT);
    assert!(status.success(), "{status}");
    assert!(!is_alive(cluster), "Ctrl-C stops the database too");
    assert!(!aegis.data_dir().join("postgres/postmaster.pid").exists());
    assert!(is_alive(theirs));
    assert!(other.end(Signal::SIGTERM).success());
    assert!(!is_alive(theirs));

    // A stale process id is not signalled, whoever has that number now.
    let mut bystander = Bystander::new();
    let stale = format!("{}\n{}\n", bystander.0.id(), aegis.data_dir().join("postgres").display());
    fs::write(aegis.data_dir().join("postgres/postmaster.pid"), stale).expect("ours");
    let server = aegis.serve();
    assert_eq!(Answer::to(client(&server).get("/healthz")).await.status, 200);
    assert!(server.end(Signal::SIGTERM).success());
    assert!(matches!(bystander.0.try_wait(), Ok(None)), "a bystander was signalled");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unprivileged_user_runs_a_copied_binary() {
    let folder = folder();
    let (bin, data) = (folder.path().join("bin/aegis"), folder.path().join("home"));
    fs::create_dir(folder.path().join("bin")).expect("ours");
    fs::create_dir(&data).expect("ours");
    fs::copy(env!("CARGO_BIN_EXE_aegis"), &bin).expect("the binary copies");
    let user = if nix::unistd::geteuid().is_root() {
        chown(&data, Some(NOBODY), Some(NOBODY)).expect("root may");
        // Where the test writes what the server says.
        Some(NOBODY)
    } else {
        println!("note: not root, so the copy runs as this user");
        None
    };
    let aegis =
        Installation::new(data.join("data")).set("HOME", data.to_str().expect("UTF-8")).run_by(bin, user);
    let _cleanup = Cleanup(aegis.data_dir().to_owned());
    // Settings above the working directory are somebody else's; those in it that may not be read are not ours.
    fs::write(folder.path().join(".env"), "AEGIS_BIND=above\n").expect("ours");
    if user.is_some() {
        fs::write(data.join(".env"), "AEGIS_BIND=closed\n").expect("ours");
        fs::set_permissions(data.join(".env"), fs::Permissions::from_mode(0o600)).expect("ours");
    }
    let server = aegis.serve();
    assert_eq!(server.errors().contains("may not be read"), user.is_some(), "{}", server.errors());
    let password = fs::read_to_string(aegis.data_dir().join("admin-password")).expect("root reads all");
    let admin = client(&server).sign_in("admin", password.trim()).await;
    let heatmap =
        admin.read("{ heatmap { tactics { shortName } } attackRelease { version } }", json!({})).await;
    assert_eq!(heatmap["heatmap"]["tactics"].as_array().map(Vec::len), Some(14));
    let page = client(&server).get("/").send().await.expect("it answers").text().await.expect("text");
    let script = page
        .split("src=\"")
        .filter_map(|rest| rest.split('"').next())
        .find(|path| path.starts_with("/assets/"));
    let script = script.unwrap_or_else(|| panic!("the interface is not in the binary (make build): {page}"));
    let script = client(&server).get(script).send().await.expect("it answers");
    assert_eq!(script.status(), 200, "and all of it");
    if let Some(user) = user {
        use std::os::unix::fs::MetadataExt;
        let owner = fs::metadata(format!("/proc/{}", postmaster(aegis.data_dir()))).expect("it runs").uid();
        assert_eq!(owner, user);
    }
    assert!(server.end(Signal::SIGTERM).success());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_postgresql_the_npm_package_serves() {
    let folder = folder();
    let aegis = Installation::new(folder.path().join("data")).set("AEGIS_POSTGRES_SEARCH_PATH", "");
    let _cleanup = Cleanup(aegis.data_dir().to_owned());
    let server = aegis.serve();
    let binaries = aegis.data_dir().join("postgres-binaries");
    assert!(server.said().contains(&format!("from {}", binaries.display())), "{}", server.said());
    let program = fs::read_link(format!("/proc/{}/exe", postmaster(aegis.data_dir()))).expect("it runs");
    assert!(program.starts_with(&binaries), "{}", program.display());
    let password = fs::read_to_string(aegis.data_dir().join("admin-password")).expect("it is kept");
    let admin = client(&server).sign_in("admin", password.trim()).await;
    admin.done("draftTest", json!({ "attackId": POWERSHELL, "title": "On the npm package" })).await;
    assert!(server.end(Signal::SIGTERM).success());
    // The cluster's own version is kept to, wherever the programs are looked for.
    let said = Installation::new(aegis.data_dir())
        .set("AEGIS_POSTGRES_SEARCH_PATH", "/nowhere")
        .run(&["migrate"])
        .printed();
    assert!(said.contains("up to date"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_manages_people() {
    let app = TestApp::start().await;
    let aegis = app.installation();
    let admin = app.login(Role::Admin).await;
    let generated = |said: &str| {
        let password = said.split("the password is ").nth(1).and_then(|rest| rest.split(' ').next());
        password.expect("a password").to_owned()
    };
    for role in Role::ALL {
        let name = format!("cli.{}", role.as_str());
        let said = aegis.run(&["user", "add", &name, "--role", role.as_str()]).printed();
        let user = app.sign_in(&name, &generated(&said)).await;
        let me = user.read("{ me { user { role mustChangePassword } } }", json!({})).await;
        assert_eq!(
            me["me"]["user"],
            json!({ "role": role.as_str().to_uppercase(), "mustChangePassword": true })
        );
    }
    let said = aegis.run(&["user", "reset", "cli.viewer"]).printed();
    assert_eq!(app.stranger().try_sign_in("cli.viewer", &generated(&said)).await.code(), None);
    for (arguments, says) in [
        (vec!["user", "add", "cli.viewer", "--role", "viewer"], "taken"),
        (vec!["user", "add", "No Name", "--role", "viewer"], "not a user name"),
        (vec!["user", "add", "other", "--role", "king"], "blue_tech"),
        (vec!["user", "reset", "nobody.at.all"], "no user"),
    ] {
        let said = aegis.run(&arguments).complained();
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
    let listed = admin.read("{ users { totalCount } }", json!({})).await;
    assert_eq!(listed["users"]["totalCount"], 7, "what was refused left nobody");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_record_verifies_replays_and_proves() {
    let app = TestApp::start().await;
    let aegis = app.installation();
    let crew = app.crew().await;
    let id = app.test_in_review(&crew, POWERSHELL, "DETECTED").await;
    app.cast_vote(&crew.red_lead, &id, "APPROVED").await;
    let decided =
        app.cast_vote(&crew.blue_lead, &id, "APPROVED").await["position"].as_i64().expect("a position");
    let admin = app.login(Role::Admin).await;
    let shown = "{ heatmap { position coverage { validated notEvaluated } } tests { nodes { id state version round } }
                   people { id name role } attackRelease { digest } }";
    let before = admin.read(shown, json!({})).await;

    // Rebuilt beside the running server, everything is as it was.
    let said = aegis.run(&["replay"]).printed();
    for projection in ["accounts", "coverage", "knowledge", "tests"] {
        assert!(said.contains(&format!("{projection}: rebuilt from the first event to position")), "{said}");
    }
    assert_eq!(admin.read(shown, json!({})).await, before);
    aegis.run(&["replay", "coverage"]).printed();
    let said = aegis.run(&["replay", "nothing"]).complained();
    assert!(said.contains("nothing"), "{said}");
    app.draft_test(&crew.red_tech, POWERSHELL).await;

    // A checkpoint comes by itself, and covers what was decided.
    let covered = || {
        let printed = aegis.run(&["export", "checkpoint"]);
        let size = printed.stdout.lines().nth(1).and_then(|size| size.parse::<i64>().ok());
        size.is_some_and(|size| size >= decided)
    };
    eventually("a checkpoint covers the vote", Duration::from_secs(30), covered);
    let folder = crate::process::folder();
    let file = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let checkpoint = aegis.run(&["export", "checkpoint"]).printed();
    fs::write(file("checkpoint"), &checkpoint).expect("ours");
    let key = aegis.run(&["export", "key"]).printed().trim().to_owned();
    let status = admin.read("{ systemStatus { singleDatabaseRole checkpoint { size note rootHash } projections { name lag error } } }", json!({})).await;
    assert_eq!(status["systemStatus"]["singleDatabaseRole"], false);
    assert!(
        status["systemStatus"]["checkpoint"]["note"].as_str().is_some_and(|note| note.contains("aegis")),
        "{status}"
    );
    assert!(
        status["systemStatus"]["projections"]
            .as_array()
            .expect("a list")
            .iter()
            .all(|projection| projection["error"].is_null())
    );
    aegis.run(&["verify", "--checkpoint", &file("checkpoint")]).printed();

    // A proof is checked anywhere, without a database, and holds for what it says only.
    let position = decided.to_string();
    aegis.run(&["export", "proof", &position, "--out", &file("proof")]).printed();
    let offline = Installation::new(folder.path().join("nowhere"));
    let said = offline.run(&["verify", "--proof", &file("proof"), "--key", &key]).printed();
    assert!(said.contains("VoteCast") && said.contains(&format!("position {position}")), "{said}");
    assert!(!folder.path().join("nowhere").exists());
    let proof = fs::read_to_string(file("proof")).expect("it is written");
    let changed = proof.replacen("approved", "rejected", 1);
    fs::write(file("changed"), if changed == proof { proof.replacen('A', "B", 1) } else { changed })
        .expect("ours");
    offline.run(&["verify", "--proof", &file("changed"), "--key", &key]).complained();
    let other =
        Installation::new(folder.path().join("other")).set("DATABASE_URL", "postgres://127.0.0.1:1/x");
    offline.run(&["verify", "--proof", &file("proof"), "--key", &key.replace('A', "B")]).complained();
    let said = other.run(&["verify"]).complained();
    assert!(said.contains("127.0.0.1:1"), "{said}");
    let said = aegis.run(&["export", "proof", "999999"]).complained();
    assert!(said.contains("999999"), "{said}");

    // Whoever edits the database is named with the place.
    let pool = app.pool().await;
    let mut superuser = pool.acquire().await.expect("a connection");
    sqlx::raw_sql("set session_replication_role = replica")
        .execute(&mut *superuser)
        .await
        .expect("a superuser may");
    let edit = "update events set payload = replace(payload::text, 'approved', 'rejected')::json
                where event_id = (select event_id from ledger where position = $1)";
    let edited = sqlx::query(edit).bind(decided).execute(&mut *superuser).await.expect("a superuser may");
    assert_eq!(edited.rows_affected(), 1);
    let ended = aegis.run(&["verify"]);
    let said = ended.complained();
    assert!(said.contains(&position), "the place is named: {said}");
    drop(superuser);

    // The application's own role cannot.
    let mut connection = pool.acquire().await.expect("a connection");
    sqlx::raw_sql("reset session_replication_role; set role aegis_app")
        .execute(&mut *connection)
        .await
        .expect("a superuser may");
    for statement in [
        "update events set payload = '{}'",
        "delete from events",
        "truncate events",
        "update ledger set sealed_at = now()",
        "delete from ledger",
        "insert into ledger select * from ledger",
        "delete from tree_checkpoints",
        "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata,
                             recorded_at) values ('x', 'x', 1, 'X', '1.0', '{}', '{}', 'infinity')",
        "insert into events (event_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload,
                             metadata) overriding system value values (-1, 'x', 'x', 1, 'X', '1.0', '{}', '{}')",
        "alter table events disable trigger all",
        "drop table events",
    ] {
        let refused = sqlx::raw_sql(statement).execute(&mut *connection).await;
        assert!(refused.is_err(), "aegis_app may {statement}");
    }
    drop(connection);
    pool.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_run_beside_the_server() {
    let app = TestApp::start().await;
    let said = app.installation().run(&["migrate"]).printed();
    assert!(said.contains("up to date"), "{said}");
    // Stopping with a stream open takes no longer than the grace for open requests.
    let viewer = app.login(Role::Viewer).await;
    let stream = viewer.client.subscribe("subscription { events { type } }", Value::Null).await;
    let begun = Instant::now();
    app.server().signal(Signal::SIGTERM);
    app.server().says("Stopping.");
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    drop(stream);
}

/// Everything that a start does to the database is safe beside others that do the same.
#[tokio::test(flavor = "multi_thread")]
async fn processes_that_start_together_all_start() {
    let database = TestDatabase::create().await;
    let folder = folder();
    let starts: Vec<_> = (0..6)
        .map(|number| {
            let aegis = Installation::new(folder.path().join(number.to_string()))
                .set("DATABASE_URL", database.url())
                .set("ADMIN_PASSWORD", PASSWORD);
            std::thread::spawn(move || {
                if number < 3 { drop(aegis.serve()) } else { drop(aegis.run(&["migrate"]).printed()) }
            })
        })
        .collect();
    for start in starts {
        start.join().expect("it started");
    }
    let aegis = Installation::new(folder.path().join("again")).set("DATABASE_URL", database.url());
    let server = aegis.serve();
    let admin = client(&server).sign_in("admin", PASSWORD).await;
    let users = admin.read("{ users { totalCount } }", json!({})).await;
    assert_eq!(users["users"]["totalCount"], 1, "there is one first admin");
    // Without a private cluster too, one process has the directory.
    let said = aegis.run(&["serve"]).complained();
    assert!(said.contains(&format!("process {}", server.pid())) && said.contains(server.url()), "{said}");
}

/// A first start that was killed before its admin was recorded is begun anew.
#[tokio::test(flavor = "multi_thread")]
async fn a_first_start_that_was_cut_short_leaves_no_name_taken() {
    let database = TestDatabase::create().await;
    let folder = folder();
    let aegis = Installation::new(folder.path().join("data")).set("DATABASE_URL", database.url());
    aegis.run(&["migrate"]).printed();
    let mut connection = PgConnection::connect(database.url()).await.expect("the database answers");
    sqlx::raw_sql("insert into account_profiles (account, username) values (gen_random_uuid(), 'admin')")
        .execute(&mut connection)
        .await
        .expect("a superuser may");
    fs::write(aegis.data_dir().join("admin-password"), "never recorded\n").expect("ours");
    let server = aegis.serve();
    let password = fs::read_to_string(aegis.data_dir().join("admin-password")).expect("it is kept");
    client(&server).sign_in("admin", password.trim()).await;
}

/// Sealing that cannot go on stops everything after it, and says so.
#[tokio::test(flavor = "multi_thread")]
async fn sealing_that_cannot_go_on_is_told() {
    let app = TestApp::start().await;
    let admin = app.login(Role::Admin).await;
    let stopped = async || {
        let status = admin.read("{ systemStatus { sealingStopped } }", json!({})).await;
        status["systemStatus"]["sealingStopped"].clone()
    };
    assert_eq!(stopped().await, Value::Null);
    sqlx::query(
        "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         values ('dream', 'x', 2, 'Dreamt', '1.0', '{}', '{}')",
    )
    .execute(&app.pool().await)
    .await
    .expect("a superuser may");
    let deadline = Instant::now() + Duration::from_secs(20);
    while stopped().await.is_null() {
        assert!(Instant::now() < deadline, "nothing is said of it");
    }
    assert!(stopped().await.as_str().is_some_and(|why| why.contains("no sealed predecessor")));
    let ready = Answer::to(app.stranger().get("/readyz")).await;
    assert_eq!((ready.status, &ready.body), (503, &json!("not ready\n")));
    let ready = Answer::to(app.internal().get("/readyz")).await;
    assert_eq!(ready.status, 503);
    assert!(ready.body.as_str().is_some_and(|body| body.contains("sealing has stopped")), "{}", ready.body);
}

/// One event that nobody can read stops what comes after it, and says so.
#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_nobody_can_read_is_told_and_empties_nothing() {
    let app = TestApp::start().await;
    let red = app.login(Role::RedTech).await;
    let ready = || async { Answer::to(app.stranger().get("/readyz")).await.status };
    assert_eq!(ready().await, 200);
    sqlx::query(
        "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         values ('dream', 'x', 1, 'Dreamt', '1.0', '{}', '{}')",
    )
    .execute(&app.pool().await)
    .await
    .expect("a superuser may");
    let deadline = Instant::now() + Duration::from_secs(20);
    while ready().await == 200 {
        assert!(Instant::now() < deadline, "it still says that it is ready");
    }
    assert_eq!(ready().await, 503);
    let shown = red.read("{ heatmap { position tactics { shortName } } }", json!({})).await;
    assert_eq!(shown["heatmap"]["tactics"].as_array().map(Vec::len), Some(14), "what was there is there");
    let drafted =
        red.mutate("draftTest", json!({ "attackId": POWERSHELL, "title": "Not to be seen yet" })).await;
    assert_eq!(drafted.payload()["readModelsBehind"], true, "{}", drafted.body);
}
