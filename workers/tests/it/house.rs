//! A fresh database with everything an engine needs, and verbs for tests.

use crate::redis::Redis;
use aegis_aggregates::actor::{Actor, Role};
use aegis_aggregates::ids::{AccountId, JobId};
use aegis_aggregates::knowledge::{
    ImportRequest, Knowledge, KnowledgeAction, KnowledgeCommand, KnowledgeSource,
};
use aegis_objects::{self as objects, ObjectSettings, Objects};
use aegis_projections::jobs::{self, JobRecord};
use aegis_projections::knowledge::{self, Release};
use aegis_projections::merkle::{Origin as LogName, VerifierKey};
use aegis_projections::provision::Database;
use aegis_projections::store::{Committed, Executed, Origin, Store};
use aegis_relay::Relay;
use aegis_workers::calendar::Calendar;
use aegis_workers::checkpoint::{Checkpoints, key_from_hex, verifier_key};
use aegis_workers::engine::{Engine, EngineConfig};
use aegis_workers::import::ImportResult;
use aegis_workers::outside::Outside;
use aegis_workers::queue::QueueSettings;
use bytes::Bytes;
use ed25519_dalek::SigningKey;
use object_store::ObjectStore;
use sqlx::ConnectOptions;
use sqlx::PgPool;
use sqlx::postgres::PgConnectOptions;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use uuid::Uuid;

/// The name of the ledger in tests.
pub const LOG: &str = "aegis.test/ledger";
/// How long a test waits for anything.
pub const PATIENCE: Duration = Duration::from_secs(90);
/// Tells a process that a test starts where that test's Redis is.
const SHARED_REDIS: &str = "AEGIS_TEST_SHARED_REDIS";
/// Connections of one engine in tests, which run side by side.
const CONNECTIONS: u32 = 10;

pub struct House {
    pub database: Database,
    pub pool: PgPool,
    /// As the superuser that made the database.
    pub root: PgPool,
    pub store: Store,
    pub objects: Arc<dyn ObjectStore>,
    pub key: SigningKey,
    pub directory: TempDir,
    pub url: String,
    pub queue: QueueSettings,
    /// Where the tests of jobs run with the queue in Redis (`AEGIS_TEST_QUEUE=redis`).
    pub redis: Option<Redis>,
    pub calendar: Calendar,
    pub outside: Outside,
}

impl House {
    pub async fn new(options: PgConnectOptions) -> Self {
        let url = options.to_url_lossy().to_string();
        let directory = tempfile::tempdir().expect("a directory");
        Self::at(url, directory).await
    }

    async fn at(url: String, directory: TempDir) -> Self {
        let database = Database::provision(&url).await.expect("provisioned");
        assert!(database.two_roles(), "tests run with the rights the product has");
        let pool = database.pool_of(CONNECTIONS).await.expect("a pool");
        let root =
            sqlx::postgres::PgPoolOptions::new().max_connections(3).connect(&url).await.expect("a pool");
        let objects = files(&directory.path().join("objects"));
        let store = Store::new(pool.clone());
        // A process that a test starts works with the Redis of that test.
        let shared = std::env::var(SHARED_REDIS).ok();
        let wanted = std::env::var("AEGIS_TEST_QUEUE").as_deref() == Ok("redis") && shared.is_none();
        let redis = wanted.then(Redis::start);
        let queue = shared.or_else(|| redis.as_ref().map(Redis::url));
        let queue = queue.map_or(QueueSettings::Postgres, QueueSettings::Redis);
        let key = key_from_hex(&"07".repeat(32)).expect("a key");
        Self {
            database,
            pool,
            root,
            store,
            objects,
            key,
            directory,
            url,
            queue,
            redis,
            calendar: Calendar::system(),
            outside: Outside::default(),
        }
    }

    pub fn config(&self) -> EngineConfig {
        EngineConfig {
            database: self.database.clone(),
            pool: self.pool.clone(),
            store: self.store.clone(),
            objects: self.files(),
            checkpoint_key: self.key.clone(),
            origin: LOG.to_owned(),
            relay: self.relay(),
            queue: self.queue.clone(),
            jobs: true,
            calendar: self.calendar.clone(),
            max_retests: 3,
            outside: self.outside.clone(),
            syncs: false,
        }
    }

    /// Notices go where the queue is.
    pub fn relay(&self) -> Relay {
        match &self.queue {
            QueueSettings::Postgres => Relay::open(None),
            QueueSettings::Redis(url) => Relay::open(Some(url)),
        }
        .expect("an address")
    }

    /// What a process that the test starts must know of its queue.
    pub fn queue_environment(&self) -> Option<(&'static str, String)> {
        match &self.queue {
            QueueSettings::Redis(url) => Some((SHARED_REDIS, url.clone())),
            QueueSettings::Postgres => None,
        }
    }

    /// What the product makes of the store.
    pub fn files(&self) -> Objects {
        Objects::over(Arc::clone(&self.objects))
    }

    pub async fn engine(&self) -> Engine {
        Engine::start(self.config()).await.expect("the engine starts")
    }

    pub fn verifier(&self) -> VerifierKey {
        verifier_key(LOG, &self.key).expect("a name")
    }

    pub fn checkpoints(&self, objects: &Arc<dyn ObjectStore>) -> Checkpoints {
        let name = LogName::parse(LOG).expect("a name");
        Checkpoints::new(self.pool.clone(), Arc::clone(objects), self.key.clone(), name)
    }

    pub fn objects_dir(&self) -> PathBuf {
        self.directory.path().join("objects")
    }

    /// Uploads a file and records the wish to import it.
    pub async fn request(&self, file_name: &str, bytes: Vec<u8>) -> ImportRequest {
        self.request_of(KnowledgeSource::AttackEnterprise, file_name, bytes, false).await
    }

    /// The same of any source, or only a preview of it.
    pub async fn request_of(
        &self,
        source: KnowledgeSource,
        file_name: &str,
        bytes: Vec<u8>,
        preview: bool,
    ) -> ImportRequest {
        let chunks: Vec<_> = bytes.chunks(1 << 20).map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect();
        let stored = objects::put_import(self.objects.as_ref(), file_name, futures::stream::iter(chunks))
            .await
            .expect("stored");
        let request = ImportRequest {
            job: JobId(Uuid::now_v7()),
            object_key: stored.object_key,
            file_name: stored.file_name,
            sha256: stored.sha256,
            size_bytes: stored.size_bytes,
            preview,
        };
        self.command_of(source, KnowledgeAction::RequestImport(request.clone())).await;
        request
    }

    pub async fn command(&self, action: KnowledgeAction) -> Committed {
        self.command_of(KnowledgeSource::AttackEnterprise, action).await
    }

    pub async fn command_of(&self, source: KnowledgeSource, action: KnowledgeAction) -> Committed {
        let by = Actor { account: AccountId(Uuid::from_u128(7)), role: Role::Admin };
        let command = KnowledgeCommand { by, source, action };
        let executed =
            self.store.execute::<Knowledge>(source.aggregate_id(), command, &Origin::new(by)).await;
        match executed.expect("executed") {
            Executed::Committed(event) => event,
            other => panic!("not committed: {other:?}"),
        }
    }

    /// Waits until a job has ended.
    pub async fn ended(&self, request: &ImportRequest) -> JobRecord {
        self.job_where(request, |job| matches!(job.state.as_str(), "succeeded" | "failed" | "cancelled"))
            .await
    }

    /// Waits until a job is as wanted.
    pub async fn job_where(&self, request: &ImportRequest, wanted: impl Fn(&JobRecord) -> bool) -> JobRecord {
        let mut seen = None;
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            seen = jobs::job(&self.root, request.job.0).await.expect("read");
            if let Some(job) = seen.as_ref().filter(|job| wanted(job)) {
                return job.clone();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the job did not become what was waited for: {seen:?}");
    }

    /// Waits until a job has done its work.
    pub async fn succeeded(&self, request: &ImportRequest) -> (JobRecord, ImportResult) {
        let job = self.ended(request).await;
        assert_eq!(job.state, "succeeded", "{:?}", job.error);
        let result = serde_json::from_value(job.result.clone().expect("a result")).expect("an import result");
        (job, result)
    }

    /// The release in force, as this process sees it.
    pub async fn in_force(&self, engine: &Engine) -> Option<Release> {
        knowledge::release_at(&self.pool, engine.tide().position()).await.expect("read")
    }

    pub async fn count(&self, sql: &str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.root).await.expect("counted")
    }

    pub async fn run(&self, sql: &str) {
        sqlx::raw_sql(sql).execute(&self.root).await.expect(sql);
    }

    pub async fn releases(&self) -> i64 {
        self.count("select count(*) from events where event_type = 'KnowledgeReleased'").await
    }
}

/// Waits until something holds.
pub async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds().await {
        assert!(Instant::now() < deadline, "it never came to this: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

pub fn files(directory: &Path) -> Arc<dyn ObjectStore> {
    Arc::clone(objects::open(&ObjectSettings::Local(directory.to_owned())).expect("a directory").store())
}
