//! Running until told to stop: `serve` and `worker`.

use crate::home::{Holding, Home, say};
use crate::internal::{self, Answering};
use crate::{Serve, Settings, files};
use aegis_api::{
    EngineView, Internal, OutsideView, Server, ServerConfig, Services, SessionConfig, SingleSignOn,
    SingleSignOnSettings, setup,
};
use aegis_projections::ledger;
use aegis_workers::engine::Engine;
use aegis_workers::starter;
use anyhow::{Context, bail};
use std::fs;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::Instant;

/// Comes when somebody asks the process to stop.
pub type Stop = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Everything that serves, up and running.
struct Serving {
    home: Home,
    engine: Engine,
    server: Server,
    listener: TcpListener,
    address: String,
    admin: String,
    internal: Option<Answering>,
}

/// Serves until told to stop, or until a part of it ends by itself.
pub async fn serve(settings: Settings, serve: Serve, mut stop: Stop) -> anyhow::Result<()> {
    println!("Starting Aegis {}.", env!("CARGO_PKG_VERSION"));
    // Asked to stop while it starts, it drops what it has, the database too.
    let serving = tokio::select! {
        serving = start_serving(&settings, &serve) => serving?,
        () = &mut stop => bail!("stopped"),
    };
    let Serving { home, engine, server, listener, address, admin, internal } = serving;
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
    server.run(listener, until).await;
    println!("Stopping.");
    let broken = *engine.broken().borrow();
    engine.shutdown().await;
    drop(internal);
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
    let internal = internal::bind(settings.internal_bind.as_deref(), true).await?;
    let engine = home.engine_that_syncs(true, Some(&secret), home.syncs).await?;
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
        secure: match serve.secure_cookies.as_str() {
            "true" => true,
            "false" => false,
            _ => production,
        },
    };
    let view = view_of(&engine);
    let services = Services::new(
        home.pool.clone(),
        home.store.clone(),
        view,
        home.objects()?,
        home.relay.clone(),
        OutsideView {
            outbound: home.outside.outbound.clone(),
            mail: home.outside.mail.is_some(),
            single_sign_on: single_sign_on(settings, serve, &home)?,
        },
        &sessions,
    );
    let server = Server::new(services, &server_config(production, serve));
    let internal = match internal {
        Some(listener) => {
            say(&format!("Metrics and readiness: http://{}", listener.local_addr()?));
            Some(Answering::begin(server.internal(), listener))
        }
        None => None,
    };
    home.hold.announce(&address)?;
    Ok(Serving { home, engine, server, listener, address, admin, internal })
}

fn view_of(engine: &Engine) -> EngineView {
    EngineView {
        tide: engine.tide(),
        reactor: engine.reactor_reached(),
        sealing_stuck: engine.sealing_stuck(),
    }
}

fn server_config(production: bool, serve: &Serve) -> ServerConfig {
    let connections = files::make_room(serve.max_connections);
    if connections < serve.max_connections {
        say(&format!(
            "There can be {connections} connections instead of {}: the system's limit on open files is too low.",
            serve.max_connections
        ));
    }
    ServerConfig {
        hsts: serve.hsts == "true",
        origins: serve.cors_origins.clone(),
        proxies: serve.trusted_proxies.clone(),
        connections,
        connections_of_address: serve.max_connections_per_address,
        patience: Duration::from_secs(serve.client_patience),
        points_per_minute: serve.points_per_minute,
        ..ServerConfig::new(production)
    }
}

/// The identity provider, where one is set up.
fn single_sign_on(
    settings: &Settings,
    serve: &Serve,
    home: &Home,
) -> anyhow::Result<Option<Arc<SingleSignOn>>> {
    let given = &serve.single_sign_on;
    if given.oidc_issuer.is_empty() {
        return Ok(None);
    }
    if given.oidc_client_id.is_empty() || settings.public_url.is_empty() {
        bail!("OIDC_ISSUER needs OIDC_CLIENT_ID and AEGIS_PUBLIC_URL too");
    }
    let provider = SingleSignOnSettings {
        issuer: given.oidc_issuer.clone(),
        client_id: given.oidc_client_id.clone(),
        client_secret: Some(given.oidc_client_secret.clone()).filter(|secret| !secret.is_empty()),
        name: given.oidc_name.clone(),
        scopes: given.oidc_scopes.split_whitespace().map(str::to_owned).collect(),
        groups_claim: given.oidc_groups_claim.clone(),
        public_url: settings.public_url.clone(),
    };
    Ok(Some(Arc::new(SingleSignOn::new(provider, home.outside.outbound.clone())?)))
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

/// The same for a process that must not make one: as set, or as a server has kept it in this folder.
fn known_secret(data_dir: &Path) -> anyhow::Result<Option<Vec<u8>>> {
    let setting = std::env::var("SECRET_KEY").unwrap_or_default();
    if setting.is_empty() && !data_dir.join("secret-key").exists() {
        return Ok(None);
    }
    secret_key(data_dir, &setting).map(Some)
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
pub async fn stop_signal() {
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

/// Works beside a server until told to stop.
pub async fn worker(settings: Settings, mut stop: Stop) -> anyhow::Result<()> {
    let start = async {
        let home = Home::open(&settings, Holding::Shared, say).await?;
        let secret = known_secret(&home.data_dir)?;
        if secret.is_none() {
            say("SECRET_KEY is not set, so webhooks are left to processes that know it.");
        }
        let engine = home.engine_that_syncs(true, secret.as_deref(), home.syncs).await?;
        let internal = match internal::bind(settings.internal_bind.as_deref(), false).await? {
            Some(listener) => {
                say(&format!("Metrics and readiness: http://{}", listener.local_addr()?));
                let internal = Internal::of_worker(home.pool.clone(), view_of(&engine));
                Some(Answering::begin(internal, listener))
            }
            None => None,
        };
        anyhow::Ok((home, engine, internal))
    };
    let (home, engine, internal) = tokio::select! {
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
    drop(internal);
    home.close().await?;
    whole(broken)
}
