//! Everything that works behind the requests of one process, started and
//! stopped together: sealing, projections, reactor, jobs, checkpoints.
//!
//! Several processes may run one on the same database; nobody is elected. The
//! parts are tasks that never end by themselves: one that does is a fault,
//! told loudly and through [`Engine::broken`], so that the process can be
//! replaced rather than go on without it.

use crate::access_segments::Segments;
use crate::audit_index;
use crate::calendar::Calendar;
use crate::checkpoint::Checkpoints;
use crate::deliverer::Deliverer;
use crate::expiries::Expiries;
use crate::job::{Jobs, Tools};
use crate::mailer::Mailer;
use crate::notifier::Notifier;
use crate::outside::Outside;
use crate::queue::{Queue, QueueError, QueueSettings};
use crate::reactor::{self, Reactor};
use crate::retention::Retention;
use crate::schedules::Schedules;
use crate::sealing::{self, Sealed, Stuck};
use crate::syncs::Syncs;
use aegis_objects::Objects;
use aegis_projections::merkle::{CheckpointError, Origin};
use aegis_projections::provision::{Database, ProvisionError};
use aegis_projections::runner::{self, Progress, Reached, Runner, Tail};
use aegis_projections::store::Store;
use aegis_projections::tide::Tide;
use aegis_projections::{Pool, audit, status};
use aegis_relay::Relay;
use ed25519_dalek::SigningKey;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

/// How long a running job may take to stop; one that does not is dropped, and resumed by another process.
const JOBS_END_WITHIN: Duration = Duration::from_secs(5);
/// How long sealing, projections and reactor may take to stop.
const REST_ENDS_WITHIN: Duration = Duration::from_secs(2);
/// How long the last checkpoint may take.
const CHECKPOINT_ENDS_WITHIN: Duration = Duration::from_millis(2_500);

/// What an engine runs on.
pub struct EngineConfig {
    /// How the database is reached.
    pub database: Database,
    /// The connections that requests share; jobs take theirs from here too.
    pub pool: Pool,
    /// Where commands go; its appends wake the sealing.
    pub store: Store,
    /// Where files and tiles are.
    pub objects: Objects,
    /// What signs checkpoints.
    pub checkpoint_key: SigningKey,
    /// The name of the ledger in checkpoints, such as `aegis.example.com/ledger`.
    pub origin: String,
    /// What passes notices between processes.
    pub relay: Relay,
    /// Where deliveries of jobs wait.
    pub queue: QueueSettings,
    /// Whether this process carries out jobs.
    pub jobs: bool,
    /// What time it is for schedules.
    pub calendar: Calendar,
    /// How often a test may be tested again after remediations, in all.
    pub max_retests: u32,
    /// How this process speaks to the outside.
    pub outside: Outside,
    /// Whether this process has sources fetched that have come due.
    pub syncs: bool,
}

/// The engine did not start.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The name of the ledger cannot be used.
    #[error("the name of the ledger cannot be used")]
    Origin(#[from] CheckpointError),
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// The engine's own connections failed.
    #[error("the engine has no connections of its own")]
    Pool(#[from] ProvisionError),
    /// The queue of jobs failed.
    #[error("the queue of jobs cannot be used")]
    Queue(#[from] QueueError),
}

/// Hires those who tell people what happens. They share the connections of requests: a bell may ring later, what is
/// written must not come into view later for it.
fn tell(crew: &mut Crew, pool: &Pool, tide: &Tide, relay: Relay, outside: &Outside, calendar: &Calendar) {
    let mail = outside.mail.is_some();
    let notifier = Notifier::new(pool.clone(), tide.clone(), relay, outside.links.clone(), mail);
    crew.hire("notifier", notifier.run(crew.told()));
    if let Some(deliverer) = Deliverer::new(pool.clone(), outside) {
        crew.hire("webhooks", deliverer.run(crew.told()));
    }
    if let Some(mailer) = Mailer::new(pool.clone(), outside, calendar.clone()) {
        crew.hire("mail", mailer.run(crew.told()));
    }
    crew.hire("retention", Retention::new(pool.clone(), calendar.clone()).run(crew.told()));
}

/// Tasks that are told to stop together.
struct Crew {
    stop: watch::Sender<bool>,
    members: Vec<(&'static str, JoinHandle<()>)>,
    broken: watch::Sender<Option<&'static str>>,
}

impl Crew {
    fn new(broken: &watch::Sender<Option<&'static str>>) -> Self {
        Self { stop: watch::channel(false).0, members: vec![], broken: broken.clone() }
    }

    fn told(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    fn hire(&mut self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let (told, broken) = (self.told(), self.broken.clone());
        let work = tokio::spawn(work);
        let watched = tokio::spawn(async move {
            let _abort = AbortOnDrop(work.abort_handle());
            let ended = work.await;
            if let Err(error) = &ended {
                tracing::error!(part = name, %error, "A PART OF THE ENGINE CRASHED");
            } else if !*told.borrow() {
                tracing::error!(part = name, "A PART OF THE ENGINE ENDED BY ITSELF");
            }
            if ended.is_err() || !*told.borrow() {
                broken.send_replace(Some(name));
            }
        });
        self.members.push((name, watched));
    }

    /// Stops everybody; those who do not within the time are dropped.
    async fn dismiss(mut self, within: Duration) {
        self.stop.send_replace(true);
        let deadline = Instant::now() + within;
        for (name, member) in std::mem::take(&mut self.members) {
            let abort = member.abort_handle();
            if timeout_at(deadline, member).await.is_err() {
                tracing::warn!(part = name, "a part of the engine did not stop in time");
                abort.abort();
            }
        }
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        for (_, member) in &self.members {
            member.abort();
        }
    }
}

struct AbortOnDrop(tokio::task::AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A running engine. Dropping it stops everything at once, without grace.
pub struct Engine {
    tide: Tide,
    reactor: Reached,
    stuck: Stuck,
    sealed: Sealed,
    broken: watch::Receiver<Option<&'static str>>,
    workers: Crew,
    followers: Crew,
    checkpoints: Crew,
    queue: Option<Queue>,
    own: Pool,
}

impl Engine {
    /// Starts everything.
    ///
    /// # Errors
    /// [`EngineError`]; then nothing runs.
    pub async fn start(config: EngineConfig) -> Result<Self, EngineError> {
        let EngineConfig {
            database,
            pool,
            store,
            objects,
            checkpoint_key,
            origin,
            relay,
            queue,
            jobs,
            calendar,
            max_retests,
            outside,
            syncs,
        } = config;
        let origin = Origin::parse(&origin)?;
        runner::register(&pool).await?;
        status::register_follower(&pool, reactor::NAME).await?;
        Notifier::register(&pool).await?;
        audit::register(&pool).await?;
        let queue = if jobs { Some(Queue::open(&queue, &database).await?) } else { None };
        // What carries writes into view waits behind no reader.
        let own = database.engine_pool().await?;

        let (broken, broken_seen) = watch::channel(None);
        let mut followers = Crew::new(&broken);
        let sealed = Sealed::default();
        let (stuck, stuck_seen) = watch::channel(None);
        followers.hire(
            "sealing",
            sealing::run(own.clone(), store.clone(), sealed.clone(), relay.clone(), stuck, followers.told()),
        );
        followers
            .hire("listener", sealing::listen(own.clone(), relay.clone(), sealed.clone(), followers.told()));
        let mut reached = vec![];
        let tail = Tail::new(own.clone());
        for fold in runner::folds() {
            let (runner, seen) = Runner::sharing(own.clone(), fold, Arc::clone(&tail));
            reached.push(seen);
            followers.hire(runner.name(), runner.run(sealed.notify(), followers.told()));
        }
        // Asked by requests that wait for what they wrote, so on their connections.
        let tide = Tide::new(pool.clone(), reached);

        let mut workers = Crew::new(&broken);
        let reactor = match &queue {
            Some(queue) => {
                let (reactor, seen) = Reactor::new(own.clone(), queue.clone());
                workers.hire("reactor", reactor.run(sealed.notify(), workers.told()));
                let schedules = Schedules::new(own.clone(), store.clone(), calendar.clone());
                workers.hire("schedules", schedules.run(workers.told()));
                if syncs {
                    let syncs = Syncs::new(own.clone(), store.clone(), calendar.clone());
                    workers.hire("syncs", syncs.run(workers.told()));
                }
                let expiries = Expiries::new(own.clone(), store.clone(), calendar.clone());
                workers.hire("expiries", expiries.run(workers.told()));
                tell(&mut workers, &pool, &tide, relay, &outside, &calendar);
                let segments = Segments::new(own.clone(), store.clone(), calendar.clone());
                workers.hire("access segments", segments.run(workers.told()));
                workers.hire("audit index", audit_index::run(own.clone(), sealed.notify(), workers.told()));
                let objects = objects.clone();
                let tide = tide.clone();
                let tools =
                    Tools { pool, store, objects, tide, outbound: outside.outbound, calendar, max_retests };
                let jobs = Jobs::new(tools, queue.clone(), workers.told());
                workers.hire("jobs", Arc::clone(&jobs).run());
                workers.hire("job sweep", jobs.sweep());
                seen
            }
            // Nobody waits for a reactor that is not there.
            None => watch::channel(Progress { position: 0, stopped: true }).1,
        };

        let mut checkpoints = Crew::new(&broken);
        let tree = Checkpoints::new(own.clone(), Arc::clone(objects.store()), checkpoint_key, origin);
        checkpoints.hire("checkpoints", tree.run(checkpoints.told()));
        Ok(Self {
            tide,
            reactor,
            stuck: stuck_seen,
            sealed,
            broken: broken_seen,
            workers,
            followers,
            checkpoints,
            queue,
            own,
        })
    }

    /// How far the read models of this process are.
    pub fn tide(&self) -> Tide {
        self.tide.clone()
    }

    /// How far requests in the ledger have become jobs. Marked as stopped
    /// where this process carries out none, so that nobody waits for it.
    pub fn reactor_reached(&self) -> Reached {
        self.reactor.clone()
    }

    /// Why sealing stands still, if it does.
    pub fn sealing_stuck(&self) -> Stuck {
        self.stuck.clone()
    }

    /// What to wait for to hear of sealed batches.
    pub fn sealed(&self) -> Sealed {
        self.sealed.clone()
    }

    /// Names a part that ended by itself, which none should.
    pub fn broken(&self) -> watch::Receiver<Option<&'static str>> {
        self.broken.clone()
    }

    /// Stops everything in order, within 10 s. A running job is told to stop
    /// and queued again; what is appended is sealed and signed.
    pub async fn shutdown(self) {
        self.workers.dismiss(JOBS_END_WITHIN).await;
        self.followers.dismiss(REST_ENDS_WITHIN).await;
        self.checkpoints.dismiss(CHECKPOINT_ENDS_WITHIN).await;
        if let Some(queue) = self.queue
            && tokio::time::timeout(Duration::from_millis(300), queue.close()).await.is_err()
        {
            tracing::debug!("the queue kept a connection");
        }
        if tokio::time::timeout(Duration::from_millis(300), self.own.close()).await.is_err() {
            tracing::debug!("the engine kept a connection");
        }
    }
}
