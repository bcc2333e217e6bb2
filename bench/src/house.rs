//! A running engine over a database, with files in a folder of its own.

use crate::cluster::Fresh;
use aegis_objects::{self as objects, ObjectSettings, Objects};
use aegis_projections::store::Store;
use aegis_relay::Relay;
use aegis_workers::calendar::Calendar;
use aegis_workers::checkpoint::load_or_create_key;
use aegis_workers::engine::{Engine, EngineConfig};
use aegis_workers::outside::Outside;
use aegis_workers::queue::QueueSettings;
use anyhow::{Result, bail};
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

/// How long read models and checkpoints may take to catch up.
const CATCH_UP: Duration = Duration::from_secs(300);

/// What runs over a database.
pub struct House {
    /// The database.
    pub fresh: Fresh,
    /// Where commands go.
    pub store: Store,
    /// What seals and folds.
    pub engine: Engine,
    /// Where files are.
    pub objects: Objects,
    _folder: TempDir,
}

impl House {
    /// Starts an engine over a database.
    ///
    /// # Errors
    /// It did not start.
    pub async fn open(fresh: Fresh, jobs: bool) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let store = Store::new(fresh.pool.clone());
        let objects = objects::open(&ObjectSettings::Local(folder.path().join("objects")))?;
        let engine = Engine::start(EngineConfig {
            database: fresh.database.clone(),
            pool: fresh.pool.clone(),
            store: store.clone(),
            objects: objects.clone(),
            checkpoint_key: load_or_create_key(&folder.path().join("key"))?,
            origin: "aegis.bench/ledger".to_owned(),
            relay: Relay::open(None)?,
            queue: QueueSettings::Postgres,
            jobs,
            calendar: Calendar::system(),
            max_retests: 3,
            outside: Outside::default(),
            syncs: false,
        })
        .await?;
        Ok(Self { fresh, store, engine, objects, _folder: folder })
    }

    /// Waits until read models and checkpoints are where the ledger is.
    ///
    /// # Errors
    /// They do not get there.
    pub async fn quiet(&self) -> Result<i64> {
        let deadline = Instant::now() + CATCH_UP;
        loop {
            let waiting = aegis_projections::status::unsequenced(&self.fresh.pool).await?;
            let head = aegis_projections::ledger::head(&self.fresh.pool).await?.position;
            let signed = aegis_projections::status::last_checkpoint(&self.fresh.pool).await?;
            let signed = signed.map_or(0, |checkpoint| checkpoint.size);
            let seen = self.engine.tide().position();
            if waiting == 0 && head == seen && head == signed {
                return Ok(head);
            }
            if Instant::now() > deadline {
                bail!("the ledger is at {head}, the read models at {seen}, the checkpoint at {signed}");
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Stops the engine and lets go of the database.
    ///
    /// # Errors
    /// The server refused.
    pub async fn close(self) -> Result<()> {
        self.engine.shutdown().await;
        self.fresh.drop().await
    }
}
