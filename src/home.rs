//! The data directory and the database of one installation, opened for any command.

use crate::Settings;
use aegis_objects::{self as objects, ObjectSettings, Objects};
use aegis_outbound::Outbound;
use aegis_projections::Pool;
use aegis_projections::embedded::{Cluster, ClusterConfig, HeldDirectory, create_data_dir, default_data_dir};
use aegis_projections::merkle::VerifierKey;
use aegis_projections::provision::{Database, ensure_database};
use aegis_projections::store::Store;
use aegis_projections::vault::Vault;
use aegis_relay::Relay;
use aegis_workers::SigningKey;
use aegis_workers::calendar::Calendar;
use aegis_workers::checkpoint;
use aegis_workers::engine::{Engine, EngineConfig};
use aegis_workers::mailer::MailSettings;
use aegis_workers::outside::{Links, Outside};
use aegis_workers::queue::QueueSettings;
use anyhow::{Context, bail};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Tells a step to whoever started the process.
pub fn say(step: &str) {
    println!("  {step}");
}

/// Tells nothing: for commands whose output is an answer.
pub fn keep_quiet(_: &str) {}

/// The name under which this ledger signs its checkpoints.
const ORIGIN: &str = "aegis/ledger";

/// Whether this process is the one that holds the data directory.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Holding {
    /// It is, and keeps others out.
    Alone,
    /// It works beside one that may be.
    Shared,
}

/// What keeps other servers out of the data directory.
pub enum Hold {
    /// The private cluster.
    Cluster(Cluster),
    /// The lock of a server whose PostgreSQL is elsewhere.
    Directory(HeldDirectory),
    /// Nothing: a command beside a server whose PostgreSQL is elsewhere.
    Nothing,
}

impl Hold {
    pub fn announce(&self, address: &str) -> anyhow::Result<()> {
        match self {
            Self::Cluster(cluster) => Ok(cluster.announce(address)?),
            Self::Directory(directory) => Ok(directory.announce(address)?),
            Self::Nothing => Ok(()),
        }
    }
}

fn queue_of(settings: &Settings, redis: Option<&str>) -> anyhow::Result<QueueSettings> {
    match (settings.queue.as_str(), redis) {
        ("redis", Some(url)) => Ok(QueueSettings::Redis(url.to_owned())),
        ("redis", None) => bail!("AEGIS_QUEUE=redis needs REDIS_URL, such as redis://127.0.0.1:6379/0"),
        _ => Ok(QueueSettings::Postgres),
    }
}

fn outside_of(settings: &Settings) -> anyhow::Result<Outside> {
    Ok(Outside {
        outbound: Outbound::from_setting(&settings.outbound_allow)?,
        vault: None,
        mail: MailSettings::parse(&settings.smtp_url, &settings.smtp_from)?,
        links: Links::parse(&settings.public_url)?,
    })
}

/// The data directory and the database, ready for work.
pub struct Home {
    pub data_dir: PathBuf,
    pub hold: Hold,
    pub database: Database,
    queue: QueueSettings,
    pub relay: Relay,
    pub pool: Pool,
    pub store: Store,
    max_retests: u32,
    /// How it speaks to the outside, but for what it signs with.
    pub outside: Outside,
    /// Whether a server or worker has sources fetched that have come due.
    pub syncs: bool,
}

impl Home {
    pub async fn open(settings: &Settings, holding: Holding, report: fn(&str)) -> anyhow::Result<Self> {
        let data_dir = settings.data_dir.clone().unwrap_or_else(default_data_dir);
        let redis = settings.redis_url.as_deref().filter(|url| !url.is_empty());
        let (relay, queue) = (Relay::open(redis)?, queue_of(settings, redis)?);
        let outside = outside_of(settings)?;
        let syncs = settings.scheduled_sync == "on";
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
        let pool = match holding {
            Holding::Alone => database.serving_pool().await?,
            Holding::Shared => database.pool().await?,
        };
        let store = Store::new(pool.clone());
        let max_retests = settings.max_retests;
        Ok(Self { data_dir, hold, database, queue, relay, pool, store, max_retests, outside, syncs })
    }

    /// `secret` is `SECRET_KEY`, where this process knows it.
    pub async fn engine(&self, jobs: bool, secret: Option<&[u8]>) -> anyhow::Result<Engine> {
        self.engine_that_syncs(jobs, secret, false).await
    }

    /// The same, which also has sources fetched that have come due, where it is told to.
    pub async fn engine_that_syncs(
        &self,
        jobs: bool,
        secret: Option<&[u8]>,
        syncs: bool,
    ) -> anyhow::Result<Engine> {
        let config = EngineConfig {
            database: self.database.clone(),
            pool: self.pool.clone(),
            store: self.store.clone(),
            objects: self.objects()?,
            checkpoint_key: self.checkpoint_key()?,
            origin: ORIGIN.to_owned(),
            relay: self.relay.clone(),
            queue: self.queue.clone(),
            jobs,
            calendar: Calendar::system(),
            max_retests: self.max_retests,
            outside: Outside { vault: secret.map(Vault::new), ..self.outside.clone() },
            syncs,
        };
        Ok(Engine::start(config).await?)
    }

    pub fn objects(&self) -> anyhow::Result<Objects> {
        let settings = ObjectSettings::read(&self.data_dir, |name| std::env::var(name).ok())?;
        Ok(objects::open(&settings)?)
    }

    fn checkpoint_key(&self) -> anyhow::Result<SigningKey> {
        match std::env::var("AEGIS_CHECKPOINT_KEY").ok().filter(|key| !key.is_empty()) {
            Some(key) => Ok(checkpoint::key_from_hex(&key).context("AEGIS_CHECKPOINT_KEY is not a key")?),
            None => Ok(checkpoint::load_or_create_key(&self.data_dir.join("checkpoint-key"))?),
        }
    }

    pub fn verifier_key(&self) -> anyhow::Result<VerifierKey> {
        Ok(checkpoint::verifier_key(ORIGIN, &self.checkpoint_key()?)?)
    }

    pub async fn close(self) -> anyhow::Result<()> {
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
