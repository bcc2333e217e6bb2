//! Where evidence is measured: an S3 server and the release binary, processes of their own.

use crate::cluster::Cluster;
use crate::site::PASSWORD;
use aegis_aggregates::actor::Role;
use aegis_api::setup;
use aegis_projections::provision::ensure_database;
use aegis_projections::store::Store;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const READY_WITHIN: Duration = Duration::from_secs(120);
const READY: &str = "Aegis is ready: ";
pub const ACCESS_KEY: &str = "access-of-the-bench";
pub const SECRET_KEY: &str = "secret-of-the-bench-that-opens-nothing";
const BUCKET: &str = "evidence";
/// A technique of the starter knowledge.
const TECHNIQUE: &str = "T1059.001";

/// A process that ends with the measurement.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A real S3 server, which keeps its files in a folder.
pub struct S3 {
    _process: Running,
    endpoint: String,
    folder: TempDir,
}

impl S3 {
    /// Starts one on a free port.
    ///
    /// # Errors
    /// It is not installed, or does not start.
    pub fn start() -> Result<Self> {
        let folder = folder()?;
        fs::create_dir(folder.path().join(BUCKET))?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let mut command = Command::new("s3s-fs");
        command.args(["--host", "127.0.0.1", "--port", &port.to_string()]);
        command.args(["--access-key", ACCESS_KEY, "--secret-key", SECRET_KEY]).arg(folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut process = Running(command.spawn().context("s3s-fs is not installed")?);
        let deadline = Instant::now() + READY_WITHIN;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if process.0.try_wait()?.is_some() || Instant::now() > deadline {
                bail!("s3s-fs did not start");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(Self { _process: process, endpoint: format!("127.0.0.1:{port}"), folder })
    }

    /// The address of an object.
    pub fn url(&self, key: &str) -> String {
        format!("http://{}/{BUCKET}/{key}", self.endpoint)
    }

    /// Takes away what was put there, so that a run needs no room for all of it.
    ///
    /// # Errors
    /// The disk failed.
    pub fn empty(&self) -> Result<()> {
        let bucket = self.folder.path().join(BUCKET);
        fs::remove_dir_all(&bucket)?;
        Ok(fs::create_dir(bucket)?)
    }
}

/// The release binary over a database of its own, with its files in the S3 server.
pub struct Aegis {
    process: Running,
    url: String,
    token: String,
    client: reqwest::Client,
    database: Option<String>,
    _folder: TempDir,
}

impl Aegis {
    /// Starts it, with somebody of red signed in.
    ///
    /// # Errors
    /// It does not start.
    pub async fn start(cluster: &Cluster, s3: &S3) -> Result<Self> {
        let program = std::env::current_exe()?.with_file_name("aegis");
        if !program.exists() {
            bail!("{} is missing", program.display());
        }
        const NAME: &str = "aegis_bench_evidence";
        let fresh = cluster.fresh(NAME).await?;
        let store = Store::new(fresh.pool.clone());
        aegis_projections::runner::register(&fresh.pool).await?;
        setup::add(&fresh.pool, &store, "red", Role::RedTech, Some(PASSWORD), false).await?;
        fresh.pool.close().await;
        let database = ensure_database(cluster.url(), NAME).await?;

        let folder = folder()?;
        let mut command = Command::new(program);
        command.arg("serve").env_clear().current_dir(folder.path());
        command.env("AEGIS_DATA_DIR", folder.path().join("data")).env("AEGIS_BIND", "127.0.0.1:0");
        command.env("DATABASE_URL", database).env("SECRET_KEY", "only for the bench, thirty-two bytes");
        command.env("MINIO_ENDPOINT", &s3.endpoint).env("MINIO_BUCKET", BUCKET);
        command.env("MINIO_ACCESS_KEY", ACCESS_KEY).env("MINIO_SECRET_KEY", SECRET_KEY);
        let errors = folder.path().join("stderr");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(&errors)?);
        let mut process = Running(command.spawn()?);
        let mut said = BufReader::new(process.0.stdout.take().context("it was piped")?).lines();
        let url = loop {
            match said.next().transpose()? {
                Some(line) if line.starts_with(READY) => break line.trim_start_matches(READY).to_owned(),
                Some(_) => {}
                None => bail!("aegis did not start: {}", fs::read_to_string(errors)?),
            }
        };
        // What it says later must not fill the pipe.
        std::thread::spawn(move || said.for_each(drop));
        let client = reqwest::Client::builder().no_proxy().timeout(READY_WITHIN).build()?;
        let name = Some(NAME.to_owned());
        let mut aegis = Self { process, url, token: String::new(), client, database: name, _folder: folder };
        let login = aegis.ask(
            "mutation ($input: LoginInput!) { login(input: $input) { token } }",
            json!({ "username": "red", "password": PASSWORD }),
        );
        aegis.token = login.await?["login"]["token"].as_str().context("no token")?.to_owned();
        Ok(aegis)
    }

    /// Ends it, and lets go of its database.
    ///
    /// # Errors
    /// The database server refused.
    pub async fn end(mut self, cluster: &Cluster) -> Result<()> {
        let database = self.database.take();
        drop(self);
        if let Some(name) = database {
            cluster.drop(&name).await?;
        }
        Ok(())
    }

    /// The address of a path.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// The data of an answer without errors.
    ///
    /// # Errors
    /// It has some.
    pub async fn ask(&self, query: &str, input: Value) -> Result<Value> {
        let request = self.client.post(self.at("/graphql")).header("aegis-request", "1");
        let request = if self.token.is_empty() { request } else { request.bearer_auth(&self.token) };
        let body = json!({ "query": query, "variables": { "input": input } });
        let mut answer: Value = request.json(&body).send().await?.json().await?;
        let refused = answer["data"].as_object().is_some_and(|data| {
            data.values()
                .any(|payload| payload["userErrors"].as_array().is_some_and(|errors| !errors.is_empty()))
        });
        if !answer["errors"].is_null() || refused {
            bail!("{query} was answered {answer}");
        }
        Ok(answer["data"].take())
    }

    /// A test that takes evidence of red; its id.
    ///
    /// # Errors
    /// A command was refused.
    pub async fn executing(&self) -> Result<String> {
        let draft = self.ask(
            "mutation ($input: DraftTestInput!) { draftTest(input: $input) { test { id } userErrors { message } } }",
            json!({ "attackId": TECHNIQUE, "title": "Takes evidence" }),
        );
        let id = draft.await?["draftTest"]["test"]["id"].as_str().context("no test")?.to_owned();
        let start = "mutation ($input: StartExecutionInput!) { startExecution(input: $input) { userErrors { message } } }";
        self.ask(start, json!({ "id": id })).await?;
        Ok(id)
    }

    /// Memory that the process holds now, or held at most since [`Aegis::forget_peak`], MB of 1,000,000 bytes.
    ///
    /// # Errors
    /// The system does not tell.
    pub fn memory(&self, peak: bool) -> Result<f64> {
        let status = fs::read_to_string(self.proc("status"))?;
        let name = if peak { "VmHWM:" } else { "VmRSS:" };
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok());
        Ok(kilobytes.with_context(|| format!("no {name} of the server"))? * 1_024.0 / 1e6)
    }

    /// Measures the peak from now on.
    ///
    /// # Errors
    /// The system does not permit it.
    pub fn forget_peak(&self) -> Result<()> {
        fs::write(self.proc("clear_refs"), "5").context("the peak of memory cannot be reset here")
    }

    fn proc(&self, file: &str) -> PathBuf {
        Path::new("/proc").join(self.process.0.id().to_string()).join(file)
    }
}

/// Beside the database, which is on a disk.
fn folder() -> Result<TempDir> {
    let place = std::env::var_os("AEGIS_BENCH_DIR").unwrap_or_else(|| "/var/tmp".into());
    Ok(tempfile::Builder::new().prefix("aegis-bench-").tempdir_in(place)?)
}
