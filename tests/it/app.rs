//! A running Aegis of a test's own: a fresh database, a folder, the binary, its people.

use crate::client::{Client, User};
use crate::process::{Installation, Server, folder};
use crate::redis::Redis;
use aegis_aggregates::actor::Role;
use nix::sys::signal::Signal;
use serde_json::json;
use sqlx::{Connection, Executor, PgConnection, PgPool};
use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU16, Ordering};
use tempfile::TempDir;
use tokio::sync::Mutex;
use uuid::Uuid;

/// The first admin's password, and everybody else's.
pub const PASSWORD: &str = "Correct-Horse-9";
/// What every test's sessions are signed with.
pub const SECRET_KEY: &str = "a-key-for-tests-that-signs-nothing-real-0123456789";

/// A running Aegis.
pub struct TestApp {
    // In the order in which they go: the server, its database, its folder.
    server: Server,
    installation: Installation,
    /// Where everything runs beside a Redis too (`AEGIS_TEST_REDIS=1`).
    _redis: Option<Redis>,
    database: TestDatabase,
    _folder: TempDir,
    addresses: AtomicU16,
    people: Mutex<HashMap<Role, User>>,
    newcomers: AtomicU16,
}

impl TestApp {
    /// A fresh one with the usual settings.
    pub async fn start() -> Self {
        Self::start_with(|installation| installation).await
    }

    /// A fresh one with other settings.
    pub async fn start_with(settings: impl FnOnce(Installation) -> Installation) -> Self {
        let database = TestDatabase::create().await;
        let folder = folder();
        let installation = Installation::new(folder.path().join("data"))
            .set("DATABASE_URL", database.url())
            .set("ADMIN_PASSWORD", PASSWORD)
            .set("SECRET_KEY", SECRET_KEY);
        let redis = (std::env::var("AEGIS_TEST_REDIS").as_deref() == Ok("1")).then(Redis::start);
        let installation = match &redis {
            Some(redis) => installation.set("REDIS_URL", &redis.url()),
            None => installation,
        };
        let installation = settings(installation);
        let server = installation.serve();
        Self {
            server,
            installation,
            _redis: redis,
            database,
            _folder: folder,
            addresses: AtomicU16::new(0),
            people: Mutex::default(),
            newcomers: AtomicU16::new(0),
        }
    }

    /// Ends the server as a power cut would, and starts it again.
    pub fn kill_and_restart(&mut self) {
        self.server.kill();
        self.server = self.installation.serve();
    }

    /// Ends the server as it is asked to.
    pub fn stop(&mut self, signal: Signal) {
        assert!(self.server.stop(signal).success(), "{}", self.server.errors());
    }

    pub fn url(&self) -> &str {
        self.server.url()
    }

    pub fn server(&self) -> &Server {
        &self.server
    }

    /// What the command line works on.
    pub fn installation(&self) -> &Installation {
        &self.installation
    }

    /// One more server on the same database, with a folder of its own.
    pub fn replica(&self) -> Server {
        self.installation.beside("replica").serve()
    }

    /// The database, as its superuser.
    pub async fn pool(&self) -> PgPool {
        PgPool::connect(self.database.url()).await.expect("the database answers")
    }

    /// Somebody who is not signed in, at an address that nobody has used.
    pub fn stranger(&self) -> Client {
        let number = self.addresses.fetch_add(1, Ordering::Relaxed) + 2;
        let [high, low] = number.to_be_bytes();
        Client::new(self.url(), Ipv4Addr::new(127, 0, high, low))
    }

    /// Whoever runs it, at the address for them.
    pub fn internal(&self) -> Client {
        Client::new(&self.server.internal_url(), Ipv4Addr::LOCALHOST)
    }

    /// Signs in from an address of one's own.
    pub async fn sign_in(&self, username: &str, password: &str) -> User {
        self.stranger().sign_in(username, password).await
    }

    /// The one of that role, who is made when first asked for.
    pub async fn login(&self, role: Role) -> User {
        let mut people = self.people.lock().await;
        if let Some(user) = people.get(&role) {
            return user.clone();
        }
        let admin = match people.get(&Role::Admin) {
            Some(admin) => admin.clone(),
            None => self.sign_in("admin", PASSWORD).await,
        };
        people.insert(Role::Admin, admin.clone());
        if role == Role::Admin {
            return admin;
        }
        let user = self.create(&admin, role.as_str(), role).await;
        people.insert(role, user.clone());
        user
    }

    /// One more of that role.
    pub async fn another(&self, role: Role) -> User {
        let admin = self.login(Role::Admin).await;
        let number = self.newcomers.fetch_add(1, Ordering::Relaxed) + 2;
        self.create(&admin, &format!("{}.{number}", role.as_str()), role).await
    }

    /// A program with a key of a service account of that role.
    pub async fn program(&self, role: Role, scope: &str) -> Program {
        let admin = self.login(Role::Admin).await;
        let number = self.newcomers.fetch_add(1, Ordering::Relaxed) + 2;
        let name = format!("program.{number}");
        let input =
            json!({ "name": name, "role": role.as_str().to_uppercase(), "description": "What it is for" });
        let account = admin.done("createServiceAccount", input).await["serviceAccount"]["id"].clone();
        let expires_at = chrono::Utc::now() + chrono::Duration::days(30);
        let input = json!({ "id": account, "label": "first", "scope": scope, "expiresAt": expires_at });
        let issued = admin.done("issueApiKey", input).await;
        let token = issued["token"].as_str().expect("shown once").to_owned();
        let key = issued["key"]["id"].as_str().expect("an id").to_owned();
        let client = self.stranger().bearer(&token);
        Program { client, account: account.as_str().expect("an id").to_owned(), key, token }
    }

    /// Somebody whom an admin has just given an account, and who must choose a password first.
    pub async fn newcomer(&self, username: &str, role: Role) -> User {
        let admin = self.login(Role::Admin).await;
        let input = json!({ "username": username, "role": role.as_str().to_uppercase() });
        let created = admin.done("createUser", input).await;
        let password = created["generatedPassword"].as_str().expect("one is generated").to_owned();
        self.sign_in(username, &password).await
    }

    async fn create(&self, admin: &User, username: &str, role: Role) -> User {
        const FIRST: &str = "Somebody-Elses-1";
        let input = json!({ "username": username, "role": role.as_str().to_uppercase(), "password": FIRST });
        admin.done("createUser", input).await;
        self.sign_in(username, FIRST).await.change_password(PASSWORD).await
    }
}

/// A program with a key.
pub struct Program {
    pub client: Client,
    /// Id of its service account.
    pub account: String,
    /// Id of its key.
    pub key: String,
    /// What it presents.
    pub token: String,
}

/// A database that goes with the test.
pub struct TestDatabase {
    server: String,
    name: String,
    url: String,
}

impl TestDatabase {
    pub async fn create() -> Self {
        let server = std::env::var("DATABASE_URL")
            .expect("DATABASE_URL names a PostgreSQL server to make databases on; `make test` provides one");
        let name = format!("aegis_it_{}", Uuid::now_v7().simple());
        let (base, _) = server.rsplit_once('/').expect("an address ends with a database");
        let url = format!("{base}/{name}");
        let mut connection = PgConnection::connect(&server).await.expect("DATABASE_URL answers");
        connection.execute(format!("create database {name}").as_str()).await.expect("a database can be made");
        Self { server, name, url }
    }

    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (server, statement) =
            (self.server.clone(), format!("drop database if exists {} with (force)", self.name));
        // The runtime of the test may be going; a thread brings its own.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let mut connection = PgConnection::connect(&server).await?;
                connection.execute(statement.as_str()).await?;
                anyhow::Ok(())
            })
        });
        if !matches!(dropping.join(), Ok(Ok(()))) {
            eprintln!("the database {} was not dropped", self.name);
        }
    }
}
