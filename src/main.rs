//! The composition root: settings, the command line, and what is wired to what.

mod access_log;
mod commands;
mod files;
mod home;
mod imports;
mod internal;
mod serving;
mod telemetry;

use aegis_aggregates::actor::Role;
use aegis_api::{CONNECTIONS, CONNECTIONS_OF_ADDRESS, Origins, PATIENCE_SECONDS, POINTS_PER_MINUTE, Proxies};
use anyhow::{Context, anyhow, bail};
use chrono::NaiveDate;
use clap::{Parser, Subcommand};
use home::{Holding, Home};
use serving::Stop;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use telemetry::Telemetry;

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
    /// How often a test is drafted again after remediations, in all.
    #[arg(long, env = "MAX_RETEST_COUNT", global = true, default_value_t = 3, value_parser = clap::value_parser!(u32).range(0..=100))]
    max_retests: u32,
    /// Where deliveries of jobs wait: in the database (empty or `postgres`) or in the Redis of `REDIS_URL`.
    #[arg(long, env = "AEGIS_QUEUE", global = true, default_value = "", value_parser = ["", "postgres", "redis"])]
    queue: String,
    /// A Redis 6 or newer, `redis://host:6379/0`: for notices between servers, revoked tokens and kept answers, and
    /// the queue where `AEGIS_QUEUE` says so.
    #[arg(long, env = "REDIS_URL", global = true, hide_env_values = true)]
    redis_url: Option<String>,
    /// Addresses of one's own that webhooks, mail, sign-in and sources may be at: exact `host:port`, separated by commas.
    #[arg(long, env = "AEGIS_OUTBOUND_ALLOW", global = true, default_value = "")]
    outbound_allow: String,
    /// Whether sources are fetched by themselves when their settings say so: `on` or `off`.
    #[arg(long, env = "AEGIS_SCHEDULED_SYNC", global = true, default_value = "on", value_parser = ["on", "off"])]
    scheduled_sync: String,
    /// The address that people know this installation by, for links: `https://aegis.example.com`.
    #[arg(long, env = "AEGIS_PUBLIC_URL", global = true, default_value = "")]
    public_url: String,
    /// A mail server, `smtps://user:password@host` or `smtp://host:587`; empty: no mail.
    #[arg(long, env = "SMTP_URL", global = true, default_value = "", hide_env_values = true)]
    smtp_url: String,
    /// Whom mail comes from: `Aegis <aegis@example.com>`.
    #[arg(long, env = "SMTP_FROM", global = true, default_value = "")]
    smtp_from: String,
    /// Where `/metrics` and `/readyz` are answered for whoever runs Aegis; empty: nowhere. Left out, a server
    /// takes 127.0.0.1:9464 if it is free, and a worker none.
    #[arg(long, env = "AEGIS_INTERNAL_BIND", global = true)]
    internal_bind: Option<String>,
    /// How the log is written: `text` (empty means that too) or `json`, one object in a line.
    #[arg(long, env = "AEGIS_LOG_FORMAT", global = true, default_value = "", value_parser = ["", "text", "json"])]
    log_format: String,
    /// Where traces go: an OTLP collector over HTTP, `http://127.0.0.1:4318`; empty: nowhere.
    #[arg(
        long,
        env = "OTEL_EXPORTER_OTLP_ENDPOINT",
        global = true,
        default_value = "",
        hide_env_values = true
    )]
    traces: String,
}

#[derive(Subcommand)]
enum Command {
    /// Runs everything: database, API, interface, read models, jobs.
    Serve(Box<Serve>),
    /// Runs read models and jobs beside a server, any number of times.
    Worker,
    /// Brings the database up to date and stops.
    Migrate,
    /// Takes knowledge in.
    Import(Import),
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
    /// The access log: sign-ins, refusals, downloads.
    AccessLog {
        #[command(subcommand)]
        what: AccessLog,
    },
    /// Prints the GraphQL schema.
    Schema,
}

#[derive(Subcommand)]
enum AccessLog {
    /// Lists the segments that are closed.
    List,
    /// Cuts whole closed segments whose entries are all older than a day, and records that.
    Cut {
        /// The day (UTC), 2026-01-31: its entries and later ones stay.
        #[arg(long)]
        before: NaiveDate,
    },
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
    #[command(flatten)]
    single_sign_on: OpenIdConnect,
    /// Whether cookies are for HTTPS only: `auto` (empty means that too: in production, and where a trusted
    /// proxy says that the request came over HTTPS), `true` or `false`.
    #[arg(long, env = "SECURE_COOKIES", default_value = "", value_parser = ["", "auto", "true", "false"])]
    secure_cookies: String,
    /// Whether browsers are told to come over HTTPS only for a year: `true`, `false` or empty.
    #[arg(long, env = "AEGIS_HSTS", default_value = "", value_parser = ["", "true", "false"])]
    hsts: String,
    /// Other origins whose pages may use the API with a session, exact and separated by commas.
    #[arg(long, env = "CORS_ORIGINS", default_value = "", value_parser = Origins::parse)]
    cors_origins: Origins,
    /// Addresses and networks of proxies, separated by commas, whose `X-Forwarded-For` and
    /// `X-Forwarded-Proto` count.
    #[arg(long, env = "AEGIS_TRUSTED_PROXIES", default_value = "", value_parser = Proxies::parse)]
    trusted_proxies: Proxies,
    /// Connections at most.
    #[arg(long, env = "AEGIS_MAX_CONNECTIONS", default_value_t = CONNECTIONS, value_parser = connections)]
    max_connections: usize,
    /// Of those, from one address that is no trusted proxy.
    #[arg(long, env = "AEGIS_MAX_CONNECTIONS_PER_ADDRESS", default_value_t = CONNECTIONS_OF_ADDRESS, value_parser = connections)]
    max_connections_per_address: usize,
    /// Seconds that a client may keep a request waiting at once.
    #[arg(long, env = "AEGIS_CLIENT_PATIENCE", default_value_t = PATIENCE_SECONDS, value_parser = clap::value_parser!(u64).range(1..=300))]
    client_patience: u64,
    /// Points of complexity that one account may ask for within a minute.
    #[arg(long, env = "AEGIS_POINTS_PER_MINUTE", default_value_t = POINTS_PER_MINUTE, value_parser = clap::value_parser!(u32).range(20_000..))]
    points_per_minute: u32,
}

/// Single sign-on by OpenID Connect; needs AEGIS_PUBLIC_URL too.
#[derive(clap::Args)]
struct OpenIdConnect {
    /// The provider's address, such as `https://login.example.com/realms/soc`; empty: no single sign-on.
    #[arg(long, env = "OIDC_ISSUER", default_value = "")]
    oidc_issuer: String,
    /// As whom Aegis asks.
    #[arg(long, env = "OIDC_CLIENT_ID", default_value = "")]
    oidc_client_id: String,
    /// What proves that it is Aegis; empty for a public client.
    #[arg(long, env = "OIDC_CLIENT_SECRET", default_value = "", hide_env_values = true)]
    oidc_client_secret: String,
    /// What the button for it says.
    #[arg(long, env = "OIDC_NAME", default_value = "single sign-on")]
    oidc_name: String,
    /// What is asked for beside `openid`, separated by blanks.
    #[arg(long, env = "OIDC_SCOPES", default_value = "profile email")]
    oidc_scopes: String,
    /// The claim that names a person's groups.
    #[arg(long, env = "OIDC_GROUPS_CLAIM", default_value = "groups")]
    oidc_groups_claim: String,
}

fn connections(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count @ 1..=100_000) => Ok(count),
        _ => Err("use a number from 1 to 100000".to_owned()),
    }
}

/// What to take in, and from where.
#[derive(clap::Args)]
struct Import {
    /// Which source: one of those that `aegis import list` lists; `attack` is ATT&CK Enterprise.
    source: String,
    /// A file (.json, .json.zst, .json.gz, .zip, .csv, .xlsx, .yml) or a folder of the source; left out: it is
    /// fetched from where its settings say.
    path: Option<PathBuf>,
    /// Only tells what would change.
    #[arg(long)]
    dry_run: bool,
    /// Writes the result as JSON.
    #[arg(long)]
    json: bool,
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
    /// Hashes every file of evidence again, too.
    #[arg(long)]
    evidence: bool,
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
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let telemetry = Telemetry::start(&cli.settings.log_format, &cli.settings.traces, runtime.handle())?;
    let done = runtime.block_on(async {
        let mut stop: Stop = Box::pin(serving::stop_signal());
        match cli.command {
            Command::Serve(serve) => serving::serve(cli.settings, *serve, stop).await,
            Command::Worker => serving::worker(cli.settings, stop).await,
            // Dropping the work stops what it started, the database too.
            command => tokio::select! {
                done = run(cli.settings, command) => done,
                () = &mut stop => Err(anyhow!("stopped")),
            },
        }
    });
    telemetry.end();
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    done
}

async fn run(settings: Settings, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(_) | Command::Worker => bail!("these run until they are stopped"),
        Command::Migrate => {
            let home = Home::open(&settings, Holding::Shared, home::say).await?;
            println!("The database is up to date.");
            home.close().await
        }
        Command::Import(import) => imports::run(settings, import).await,
        Command::Export { what } => commands::export(settings, what).await,
        Command::Verify(verify) => commands::verify_record(settings, verify).await,
        Command::Replay { projection } => commands::replay(settings, projection).await,
        Command::User { what } => commands::user(settings, what).await,
        Command::AccessLog { what } => access_log::run(settings, what).await,
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
