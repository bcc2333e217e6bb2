//! The composition root: settings, the command line, and what is wired to what.

use aegis_aggregates::actor::Role;
use aegis_aggregates::knowledge::KnowledgeSource;
use aegis_api::setup::NewUser;
use aegis_api::{EngineView, Server, ServerConfig, Services, SessionConfig, setup};
use aegis_projections::embedded::{Cluster, ClusterConfig, HeldDirectory, create_data_dir, default_data_dir};
use aegis_projections::jobs::{self, JobRecord};
use aegis_projections::merkle::{VerifierKey, verify_offline};
use aegis_projections::provision::{Database, ensure_database};
use aegis_projections::store::Store;
use aegis_projections::{Pool, ledger, runner, status};
use aegis_workers::engine::{Engine, EngineConfig};
use aegis_workers::objects::ObjectSettings;
use aegis_workers::{ObjectStore, SigningKey};
use aegis_workers::{checkpoint, import_attack, objects, request, starter, verify};
use anyhow::{Context, anyhow, bail};
use clap::{Parser, Subcommand};
use std::fs;
use std::io::{IsTerminal, Read, Write};
use std::net::SocketAddr;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::Instant;

/// Knows, and proves, how well an organisation detects and stops the techniques of MITRE ATT&CK.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

/// Settings, from the environment or a `.env` file beside the working directory; see `.env.example`.
#[derive(clap::Args, Clone)]
struct Settings {
    /// Where everything is kept that is not in the database.
    #[arg(long, env = "AEGIS_DATA_DIR", global = true)]
    data_dir: Option<PathBuf>,
    /// A PostgreSQL 15 or newer; without it a private one is run in the data directory.
    #[arg(long, env = "DATABASE_URL", global = true, hide_env_values = true)]
    database_url: Option<String>,
    /// Folders with PostgreSQL's programs, instead of the usual ones; empty: the npm package.
    #[arg(long, env = "AEGIS_POSTGRES_SEARCH_PATH", global = true)]
    postgres_search_path: Option<String>,
    /// `production` holds Aegis to the rules of a server that strangers can reach; empty: `development`.
    #[arg(long, env = "AEGIS_ENV", global = true, default_value = "", value_parser = ["", "development", "production"])]
    environment: String,
}

#[derive(Subcommand)]
enum Command {
    /// Runs everything: database, API, interface, read models, jobs.
    Serve(Serve),
    /// Runs read models and jobs beside a server, any number of times.
    Worker,
    /// Brings the database up to date and stops.
    Migrate,
    /// Takes knowledge in.
    Import {
        #[command(subcommand)]
        what: Import,
    },
    /// Writes something out.
    Export {
        #[command(subcommand)]
        what: Export,
    },
    /// Recomputes the whole record and names the first thing wrong.
    Verify(Verify),
    /// Folds a projection (or all of them) anew from the first event.
    Replay {
        /// Which; all when left out.
        projection: Option<String>,
    },
    /// Accounts.
    User {
        #[command(subcommand)]
        what: User,
    },
    /// Prints the GraphQL schema.
    Schema,
}

#[derive(clap::Args)]
struct Serve {
    /// The address to answer at.
    #[arg(long, env = "AEGIS_BIND", default_value = "127.0.0.1:8000")]
    bind: SocketAddr,
    /// The first admin's user name.
    #[arg(long, env = "ADMIN_USERNAME", default_value = "admin")]
    admin_username: String,
    /// The first admin's password; empty: generated, printed once and kept in the data directory.
    #[arg(long, env = "ADMIN_PASSWORD", default_value = "", hide_env_values = true)]
    admin_password: String,
    /// Signs sessions; empty: generated and kept in the data directory (not in production).
    #[arg(long, env = "SECRET_KEY", default_value = "", hide_env_values = true)]
    secret_key: String,
    /// Minutes a session lives after its last request.
    #[arg(long, env = "ACCESS_TOKEN_EXPIRE_MINUTES", default_value_t = 15, value_parser = clap::value_parser!(i64).range(1..=720))]
    session_minutes: i64,
}

#[derive(Subcommand)]
enum Import {
    /// MITRE ATT&CK Enterprise: a STIX bundle as .json, .json.zst, .json.gz or .zip.
    Attack {
        /// The file.
        file: PathBuf,
    },
}

#[derive(Subcommand)]
enum Export {
    /// A proof of one event that can be checked without Aegis.
    Proof {
        /// The event's ledger position.
        position: i64,
        /// Where to write it; standard output when left out.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// The newest signed checkpoint, to be kept elsewhere.
    Checkpoint,
    /// The key that checkpoints and proofs are checked with.
    Key,
}

#[derive(clap::Args)]
struct Verify {
    /// Earlier checkpoints to hold the record against (files written by `export checkpoint`).
    #[arg(long)]
    checkpoint: Vec<PathBuf>,
    /// Checks a proof file instead, without a database.
    #[arg(long, requires = "key")]
    proof: Option<PathBuf>,
    /// The key to check with, when not that of this installation.
    #[arg(long)]
    key: Option<String>,
}

#[derive(Subcommand)]
enum User {
    /// Adds a user with a generated password, or one read from standard input.
    Add {
        /// The name to sign in with.
        username: String,
        /// admin, red_lead, blue_lead, red_tech, blue_tech or viewer.
        #[arg(long, value_parser = role)]
        role: Role,
        /// Reads the password from standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Gives a user a generated password, to be changed at the next sign-in.
    Reset {
        /// The user.
        username: String,
    },
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| {
        format!("use one of {}", Role::ALL.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", "))
    })
}

fn main() -> ExitCode {
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The chain says what went wrong and what to do; a stack trace helps nobody at a prompt.
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start() -> anyhow::Result<()> {
    load_dotenv()?;
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| {
            "warn,aegis=info,aegis_api=info,aegis_workers=info,aegis_projections=info".into()
        }))
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(async {
        let mut stop: Stop = Box::pin(stop_signal());
        match cli.command {
            Command::Serve(serve) => self::serve(cli.settings, serve, stop).await,
            Command::Worker => worker(cli.settings, stop).await,
            // Dropping the work stops what it started, the database too.
            command => tokio::select! {
                done = run(cli.settings, command) => done,
                () = &mut stop => Err(anyhow!("stopped")),
            },
        }
    });
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    done
}

/// Comes when somebody asks the process to stop.
type Stop = Pin<Box<dyn Future<Output = ()> + Send>>;

async fn run(settings: Settings, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(_) | Command::Worker => bail!("these run until they are stopped"),
        Command::Migrate => {
            let home = Home::open(&settings, Holding::Shared, say).await?;
            println!("The database is up to date.");
            home.close().await
        }
        Command::Import { what: Import::Attack { file } } => import(settings, &file).await,
        Command::Export { what } => export(settings, what).await,
        Command::Verify(verify) => self::verify_record(settings, verify).await,
        Command::Replay { projection } => replay(settings, projection).await,
        Command::User { what } => user(settings, what).await,
        Command::Schema => {
            print!("{}", aegis_api::sdl());
            Ok(())
        }
    }
}

/// Reads `KEY=value` lines of `.env` in the working directory and nowhere above
/// it, where it may be another project's; the environment itself goes first.
fn load_dotenv() -> anyhow::Result<()> {
    match dotenvy::from_path(".env") {
        Ok(()) => Ok(()),
        Err(error) if error.not_found() => Ok(()),
        // Whoever may not look into the working directory has no settings there.
        Err(dotenvy::Error::Io(error)) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            eprintln!("note: the working directory's .env may not be read, so nothing is taken from it");
            Ok(())
        }
        Err(error) => Err(error).context("the file .env cannot be read; see .env.example for its form"),
    }
}

fn say(step: &str) {
    println!("  {step}");
}

fn keep_quiet(_: &str) {}

/// The name under which this ledger signs its checkpoints.
const ORIGIN: &str = "aegis/ledger";

/// Whether this process is the one that holds the data directory.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holding {
    /// It is, and keeps others out.
    Alone,
    /// It works beside one that may be.
    Shared,
}

/// What keeps other servers out of the data directory.
enum Hold {
    /// The private cluster.
    Cluster(Cluster),
    /// The lock of a server whose PostgreSQL is elsewhere.
    Directory(HeldDirectory),
    /// Nothing: a command beside a server whose PostgreSQL is elsewhere.
    Nothing,
}

impl Hold {
    fn announce(&self, address: &str) -> anyhow::Result<()> {
        match self {
            Self::Cluster(cluster) => Ok(cluster.announce(address)?),
            Self::Directory(directory) => Ok(directory.announce(address)?),
            Self::Nothing => Ok(()),
        }
    }
}

/// The data directory and the database, ready for work.
struct Home {
    data_dir: PathBuf,
    hold: Hold,
    database: Database,
    pool: Pool,
    store: Store,
}

impl Home {
    async fn open(settings: &Settings, holding: Holding, report: fn(&str)) -> anyhow::Result<Self> {
        let data_dir = settings.data_dir.clone().unwrap_or_else(default_data_dir);
        let (hold, url) = match settings.database_url.as_deref().filter(|url| !url.is_empty()) {
            Some(url) => {
                create_data_dir(&data_dir)?;
                let hold = match holding {
                    Holding::Alone => Hold::Directory(HeldDirectory::take(&data_dir)?),
                    Holding::Shared => Hold::Nothing,
                };
                report("Using the PostgreSQL of DATABASE_URL.");
                (hold, url.to_owned())
            }
            None => {
                let mut config = ClusterConfig::new(&data_dir)
                    .with_search_path_setting(settings.postgres_search_path.as_deref());
                config.report = Arc::new(report);
                let cluster = match holding {
                    Holding::Alone => Cluster::start(config).await?,
                    Holding::Shared => Cluster::attach_or_start(config).await?,
                };
                let url = ensure_database(&cluster.superuser_url(), "aegis").await?;
                (Hold::Cluster(cluster), url)
            }
        };
        report("Preparing the database: roles, migrations, rights.");
        let database = Database::provision(&url).await?;
        if !database.two_roles() {
            report(
                "This database has one role only, so its append-only rights cannot hold; see docs/ARCHITECTURE.md.",
            );
        }
        let pool = database.pool().await?;
        let store = Store::new(pool.clone());
        Ok(Self { data_dir, hold, database, pool, store })
    }

    async fn engine(&self, jobs: bool) -> anyhow::Result<Engine> {
        let config = EngineConfig {
            database: self.database.clone(),
            pool: self.pool.clone(),
            store: self.store.clone(),
            objects: self.objects()?,
            checkpoint_key: self.checkpoint_key()?,
            origin: ORIGIN.to_owned(),
            jobs,
        };
        Ok(Engine::start(config).await?)
    }

    fn objects(&self) -> anyhow::Result<Arc<dyn ObjectStore>> {
        let settings = ObjectSettings::read(&self.data_dir, |name| std::env::var(name).ok())?;
        Ok(objects::open(&settings)?)
    }

    fn checkpoint_key(&self) -> anyhow::Result<SigningKey> {
        match std::env::var("AEGIS_CHECKPOINT_KEY").ok().filter(|key| !key.is_empty()) {
            Some(key) => Ok(checkpoint::key_from_hex(&key).context("AEGIS_CHECKPOINT_KEY is not a key")?),
            None => Ok(checkpoint::load_or_create_key(&self.data_dir.join("checkpoint-key"))?),
        }
    }

    fn verifier_key(&self) -> anyhow::Result<VerifierKey> {
        Ok(checkpoint::verifier_key(ORIGIN, &self.checkpoint_key()?)?)
    }

    async fn close(self) -> anyhow::Result<()> {
        /// How long connections may take to come back; one of a dropped job may wait for its answer.
        const POOL_CLOSES_WITHIN: Duration = Duration::from_secs(5);
        if tokio::time::timeout(POOL_CLOSES_WITHIN, self.pool.close()).await.is_err() {
            tracing::warn!("a connection to the database was still at work; it is left to end by itself");
        }
        match self.hold {
            Hold::Cluster(cluster) => Ok(cluster.stop().await?),
            Hold::Directory(_) | Hold::Nothing => Ok(()),
        }
    }
}

/// Everything that serves, up and running.
struct Serving {
    home: Home,
    engine: Engine,
    server: Server,
    listener: TcpListener,
    address: String,
    admin: String,
}

async fn serve(settings: Settings, serve: Serve, mut stop: Stop) -> anyhow::Result<()> {
    println!("Starting Aegis {}.", env!("CARGO_PKG_VERSION"));
    // Asked to stop while it starts, it drops what it has, the database too.
    let serving = tokio::select! {
        serving = start_serving(&settings, &serve) => serving?,
        () = &mut stop => bail!("stopped"),
    };
    let Serving { home, engine, server, listener, address, admin } = serving;
    println!("Aegis is ready: {address}");
    println!("{admin}");
    std::io::stdout().flush()?;
    let mut broken = engine.broken();
    let until = async move {
        tokio::select! {
            () = stop => {}
            () = part_ended(&mut broken) => {}
        }
        end_at_once_when_asked_again();
    };
    server.run(listener, until).await?;
    println!("Stopping.");
    let broken = *engine.broken().borrow();
    engine.shutdown().await;
    home.close().await?;
    whole(broken)
}

/// Waits until a part of the engine ends by itself.
async fn part_ended(broken: &mut watch::Receiver<Option<&'static str>>) {
    // The engine outlives whoever waits here, so the channel stays open.
    if broken.wait_for(Option::is_some).await.is_err() {
        std::future::pending().await
    }
}

/// A process that lost a part of its engine says so to whatever restarts it.
fn whole(broken: Option<&'static str>) -> anyhow::Result<()> {
    match broken {
        Some(part) => bail!("a part of Aegis ended by itself ({part}); the log says why. Start it again."),
        None => Ok(()),
    }
}

/// Somebody who asks a second time does not want to wait for an orderly end.
fn end_at_once_when_asked_again() {
    tokio::spawn(async {
        stop_signal().await;
        eprintln!("Asked again: ending at once.");
        std::process::exit(130);
    });
}

/// How long a start waits for read models that another process left behind.
const CATCH_UP: Duration = Duration::from_secs(8);

async fn start_serving(settings: &Settings, serve: &Serve) -> anyhow::Result<Serving> {
    let production = settings.environment == "production";
    check_production(production, settings, serve)?;
    let home = Home::open(settings, Holding::Alone, say).await?;
    let secret = secret_key(&home.data_dir, &serve.secret_key)?;
    let listener = TcpListener::bind(serve.bind).await.with_context(|| {
        format!("cannot listen at {}; choose another address with AEGIS_BIND", serve.bind)
    })?;
    let address = format!("http://{}", listener.local_addr()?);
    let engine = home.engine(true).await?;
    let admin = first_admin(&home, serve).await?;
    if starter::ensure_starter(&home.pool, &home.store).await? {
        say("Loading the starter techniques into the empty store.");
    }
    // Whoever asks first must not see less than was there before the restart.
    let head = ledger::head(&home.pool).await?;
    if !engine.tide().reach(head.position, Instant::now() + CATCH_UP).await {
        say("The read models are still catching up; the System page shows how far they are.");
    }
    let sessions = SessionConfig {
        secret: &secret,
        lifetime: chrono::Duration::minutes(serve.session_minutes),
        secure: production,
    };
    let view = EngineView {
        tide: engine.tide(),
        reactor: engine.reactor_reached(),
        sealing_stuck: engine.sealing_stuck(),
    };
    let services = Services::new(home.pool.clone(), home.store.clone(), view, home.objects()?, &sessions);
    let server = Server::new(services, &ServerConfig { production });
    home.hold.announce(&address)?;
    Ok(Serving { home, engine, server, listener, address, admin })
}

/// Passwords that everybody knows.
const DEFAULTS: &[&str] = &["admin", "password", "postgres", "changeme", "change-me", "secret", "minioadmin"];

fn check_production(production: bool, settings: &Settings, serve: &Serve) -> anyhow::Result<()> {
    if !production {
        return Ok(());
    }
    if serve.secret_key.is_empty() {
        bail!("AEGIS_ENV=production needs SECRET_KEY; make one with: openssl rand -hex 32");
    }
    if serve.secret_key.len() < 32 {
        bail!("SECRET_KEY is too short; make one with: openssl rand -hex 32");
    }
    let known = |password: &str| DEFAULTS.iter().any(|default| password.to_lowercase().contains(default));
    if !serve.admin_password.is_empty() && known(&serve.admin_password) {
        bail!(
            "ADMIN_PASSWORD holds a word that every attacker tries first; choose another, or leave it empty to have one generated"
        );
    }
    if settings.database_url.as_deref().and_then(password_of).is_some_and(|password| known(&password)) {
        bail!("the password in DATABASE_URL is one that every attacker tries first; change it");
    }
    Ok(())
}

fn password_of(url: &str) -> Option<String> {
    let authority = url.split_once("://")?.1.split('/').next()?;
    let user_info = authority.rsplit_once('@')?.0;
    Some(user_info.split_once(':')?.1.to_owned())
}

/// The key that signs sessions: as set, or generated once and kept.
fn secret_key(data_dir: &Path, setting: &str) -> anyhow::Result<Vec<u8>> {
    if !setting.is_empty() {
        return Ok(setting.as_bytes().to_vec());
    }
    let path = data_dir.join("secret-key");
    if !path.exists() {
        write_private(&path, &format!("{}\n", aegis_api::password::random_key()))
            .with_context(|| format!("cannot create {}", path.display()))?;
    }
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let text = text.trim();
    if text.len() < 32 {
        bail!(
            "{} does not hold a key; delete it to have a new one made (everybody must sign in again)",
            path.display()
        );
    }
    Ok(text.as_bytes().to_vec())
}

/// Creates a file that only its owner reads.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new().create_new(true).write(true).mode(0o600).open(path)?;
    file.set_permissions(fs::Permissions::from_mode(0o600))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(())
}

async fn first_admin(home: &Home, serve: &Serve) -> anyhow::Result<String> {
    let path = home.data_dir.join("admin-password");
    let chosen = Some(serve.admin_password.as_str()).filter(|password| !password.is_empty());
    let keep = |password: &str| {
        if path.exists() {
            fs::remove_file(&path)?;
        }
        write_private(&path, &format!("{password}\n"))
    };
    let created = setup::first_admin(&home.pool, &home.store, &serve.admin_username, chosen, keep)
        .await
        .context("the first admin could not be created; check ADMIN_USERNAME and ADMIN_PASSWORD")?;
    let Some(admin) = created else {
        let kept = if path.exists() {
            format!("the first admin's password was kept in {}", path.display())
        } else {
            "`aegis user reset NAME` gives an account a new password".to_owned()
        };
        return Ok(format!("Sign in with an account you have; {kept}."));
    };
    match admin.generated {
        Some(password) => Ok(format!(
            "Sign in as {} with the password {password} (shown once, kept in {}).",
            admin.username,
            path.display()
        )),
        None => Ok(format!("Sign in as {} with the password of ADMIN_PASSWORD.", admin.username)),
    }
}

/// Waits until somebody asks the process to stop: Ctrl-C, SIGTERM, or a
/// terminal that closes (unless it was started to outlive that, as by nohup).
async fn stop_signal() {
    let hangup = async {
        match hangup_is_ignored() {
            true => std::future::pending().await,
            false => comes(SignalKind::hangup()).await,
        }
    };
    tokio::select! {
        () = comes(SignalKind::interrupt()) => {}
        () = comes(SignalKind::terminate()) => {}
        () = hangup => {}
    }
}

async fn comes(kind: SignalKind) {
    match signal(kind) {
        Ok(mut signal) => drop(signal.recv().await),
        Err(error) => {
            tracing::error!(%error, signal = kind.as_raw_value(), "cannot listen for a signal");
            std::future::pending().await
        }
    }
}

/// Whether this process was started with SIGHUP ignored, read where the kernel
/// tells it: the least bit of the mask `SigIgn` stands for signal 1.
fn hangup_is_ignored() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

async fn worker(settings: Settings, mut stop: Stop) -> anyhow::Result<()> {
    let start = async {
        let home = Home::open(&settings, Holding::Shared, say).await?;
        let engine = home.engine(true).await?;
        anyhow::Ok((home, engine))
    };
    let (home, engine) = tokio::select! {
        started = start => started?,
        () = &mut stop => bail!("stopped"),
    };
    println!("Aegis worker is ready.");
    let mut broken = engine.broken();
    tokio::select! {
        () = stop => {}
        () = part_ended(&mut broken) => {}
    }
    end_at_once_when_asked_again();
    let broken = *engine.broken().borrow();
    engine.shutdown().await;
    home.close().await?;
    whole(broken)
}

/// A line that is written over and over on a terminal, and each tenth elsewhere.
struct ProgressLine {
    label: String,
    shown: Option<i64>,
}

impl ProgressLine {
    fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), shown: None }
    }

    fn show(&mut self, done: i64, total: i64) {
        let percent = if total > 0 { done * 100 / total } else { 0 };
        let terminal = std::io::stderr().is_terminal();
        let step = if terminal { 1 } else { 10 };
        if self.shown.is_some_and(|shown| percent < shown + step) {
            return;
        }
        self.shown = Some(percent);
        let (start, end) = if terminal { ("\r", if percent >= 100 { "\n" } else { "" }) } else { ("", "\n") };
        eprint!("{start}{}: {done} of {total} ({percent} %){end}", self.label);
    }
}

async fn import(settings: Settings, file: &Path) -> anyhow::Result<()> {
    let home = Home::open(&settings, Holding::Shared, keep_quiet).await?;
    let engine = home.engine(true).await?;
    let objects = home.objects()?;
    let mut line = ProgressLine::new(format!("Importing {}", file.display()));
    let mut show = |job: &JobRecord| line.show(job.done, job.total.unwrap_or(0));
    let source = KnowledgeSource::AttackEnterprise;
    let sealing = engine.sealing_stuck();
    let imported =
        request::import_file(&home.pool, &home.store, &*objects, file, source, &sealing, &mut show).await;
    let rejects = match &imported {
        Ok(job) => jobs::rejects(&home.pool, job.job, 0, SHOWN_REJECTS).await?,
        Err(_) => vec![],
    };
    engine.shutdown().await;
    home.close().await?;
    let job = imported?;
    for reject in &rejects {
        println!("refused: {}: {}", reject.record, reject.reason);
    }
    if job.reject_count > SHOWN_REJECTS {
        let more = job.reject_count - SHOWN_REJECTS;
        match jobs::REJECTS_KEPT {
            kept if job.reject_count > kept => {
                println!("and {more} more; the interface lists the first {kept}")
            }
            _ => println!("and {more} more; the interface lists them all"),
        }
    }
    match (job.state.as_str(), job.result) {
        ("succeeded", Some(result)) => {
            let result: import_attack::ImportResult = serde_json::from_value(result)?;
            let counts = result.counts;
            let news =
                if result.changed { "is in force now" } else { "was in force already: nothing changed" };
            println!(
                "ATT&CK {} {news}: {} techniques, {} sub-techniques, {} tactics, {} cells, {} groups, {} uses of techniques by groups.",
                result.version,
                counts.techniques,
                counts.sub_techniques,
                counts.tactics,
                counts.cells,
                counts.actors,
                counts.actor_technique_uses
            );
            Ok(())
        }
        ("cancelled", _) => bail!("the import was cancelled; nothing was changed"),
        _ => bail!("the import failed, nothing was changed: {}", job.error.unwrap_or_default()),
    }
}

/// Refused records that the command line lists.
const SHOWN_REJECTS: i64 = 20;

async fn export(settings: Settings, what: Export) -> anyhow::Result<()> {
    let home = Home::open(&settings, Holding::Shared, keep_quiet).await?;
    match what {
        Export::Key => println!("{}", home.verifier_key()?),
        Export::Checkpoint => {
            let checkpoint = status::last_checkpoint(&home.pool).await?;
            print!(
                "{}",
                checkpoint
                    .context("there is no checkpoint yet; a running server makes one within seconds")?
                    .note
            );
        }
        Export::Proof { position, out } => {
            let proof =
                checkpoint::proof_of(&home.pool, &home.objects()?, &home.verifier_key()?, position).await?;
            match out {
                Some(path) => {
                    fs::write(&path, proof).with_context(|| format!("cannot write {}", path.display()))?
                }
                None => print!("{proof}"),
            }
        }
    }
    home.close().await
}

async fn verify_record(settings: Settings, asked: Verify) -> anyhow::Result<()> {
    let key =
        asked.key.as_deref().map(VerifierKey::parse).transpose().context("--key is not a verifier key")?;
    if let (Some(path), Some(key)) = (&asked.proof, &key) {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let event = verify_offline(&bytes, key).context("the proof does not hold")?;
        let leaf = event.leaf();
        println!(
            "The proof holds: {} of {} {} stands at position {}, under a checkpoint of {} positions.",
            leaf.event_type,
            leaf.aggregate_type,
            leaf.aggregate_id,
            leaf.position,
            event.checkpoint().size
        );
        return Ok(());
    }
    let home = Home::open(&settings, Holding::Shared, keep_quiet).await?;
    let key = key.map_or_else(|| home.verifier_key(), Ok)?;
    let mut notes = vec![];
    for path in &asked.checkpoint {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        notes.push(verify::Note { name: path.display().to_string(), text });
    }
    let mut line = ProgressLine::new("Verifying");
    let report = verify::run(&home.pool, &key, &notes, &mut |done, total| line.show(done, total)).await;
    home.close().await?;
    let report = report?;
    println!("{report}");
    if report.is_ok() { Ok(()) } else { bail!("the record is not what it was") }
}

async fn replay(settings: Settings, projection: Option<String>) -> anyhow::Result<()> {
    let home = Home::open(&settings, Holding::Shared, keep_quiet).await?;
    runner::register(&home.pool).await?;
    let names: Vec<String> = match projection {
        Some(name) => vec![name],
        None => runner::folds().iter().map(|fold| fold.name().to_owned()).collect(),
    };
    for name in names {
        let mut line = ProgressLine::new(format!("Replaying {name}"));
        let position = runner::rebuild(&home.pool, &name, &mut |done, total| line.show(done, total)).await?;
        println!("{name}: rebuilt from the first event to position {position}.");
    }
    home.close().await
}

async fn user(settings: Settings, what: User) -> anyhow::Result<()> {
    let home = Home::open(&settings, Holding::Shared, keep_quiet).await?;
    let engine = home.engine(false).await?;
    let done = match what {
        User::Add { username, role, password_stdin } => {
            let mut password = String::new();
            if password_stdin {
                std::io::stdin().read_to_string(&mut password)?;
            }
            let chosen = password_stdin.then(|| password.trim_end_matches(['\r', '\n']));
            setup::add(&home.pool, &home.store, &username, role, chosen, chosen.is_none()).await
        }
        User::Reset { username } => setup::reset(&home.pool, &home.store, &username).await,
    };
    if let Ok(NewUser { recorded: Some(recorded), .. }) = &done {
        // Whoever is told may sign in at once; late, the server shows it a moment later.
        engine.tide().see(recorded).await?;
    }
    engine.shutdown().await;
    home.close().await?;
    let user = done?;
    match user.generated {
        Some(password) => {
            println!("{}: the password is {password} (shown once; to be changed at sign-in).", user.username)
        }
        None => println!("{}: added.", user.username),
    }
    Ok(())
}
