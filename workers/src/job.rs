//! Carrying out one job, whatever its kind: beginning, showing progress,
//! hearing of a wish to stop, trying again, ending.
//!
//! A job may be delivered more than once and by several workers; whoever
//! begins it holds it while it shows life. Kinds of work are modules of their
//! own and know nothing of all that.

mod progress;

use progress::Halt;
pub use progress::Progress;

use crate::calendar::Calendar;
use crate::campaign_run;
use crate::import;
use crate::leftovers;
use crate::queue::{AT_ONCE, Delivered, Delivery, Queue, QueueError};
use crate::retry::{Backoff, chain, pause};
use crate::{retest, retest_outcome};
use aegis_objects::Objects;
use aegis_outbound::Outbound;
use aegis_projections::Pool;
use aegis_projections::jobs::{self, Hold, JobEnd, JobRecord, Unattended};
use aegis_projections::store::Store;
use aegis_projections::tide::Tide;
use aegis_sources::Reject;
use chrono::{DateTime, Utc};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

/// How often a job is begun before it counts as failed.
pub const MAX_ATTEMPTS: i32 = 3;
/// Pauses between the attempts of one job.
const ATTEMPT_PAUSE: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(10));
/// A worker that has not shown life for so long has lost its job.
pub const ALIVE: Duration = Duration::from_secs(6);
/// How often it is looked for jobs that nobody is at.
const SWEEP_EVERY: Duration = Duration::from_secs(2);
/// How often the queue is tidied and old uploads are removed.
const TIDY_EVERY: Duration = Duration::from_secs(3600);
/// How long a failed job rests before it is taken up again, where it must be.
const FAILED_RESTS: Duration = Duration::from_secs(600);
/// Jobs of a kind taken up again at once, at most.
const REVIVED_AT_ONCE: i64 = 100;
/// How often writing the end of a job is tried.
const END_TRIES: u32 = 8;

/// What jobs work with.
#[derive(Clone)]
pub struct Tools {
    /// The database.
    pub pool: Pool,
    /// Where commands go.
    pub store: Store,
    /// Where files are.
    pub objects: Objects,
    /// How far this process sees.
    pub tide: Tide,
    /// What may be called outside.
    pub outbound: Outbound,
    /// What time it is for schedules.
    pub calendar: Calendar,
    /// How often a test may be tested again after remediations, in all.
    pub max_retests: u32,
}

/// Why a job did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Something it needs did not work; it may another time.
    #[error("something the job needs did not work")]
    Transient(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It cannot succeed, and this is what a person should know.
    #[error("{0}")]
    Final(String),
    /// It was told to stop.
    #[error("told to stop")]
    Halted,
}

impl JobError {
    /// An error that may pass.
    pub fn transient(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Transient(Box::new(error))
    }

    /// A failure of the database: it may pass, unless it is about the data.
    pub fn database(error: sqlx::Error) -> Self {
        let about_data = error
            .as_database_error()
            .and_then(|error| error.code())
            .is_some_and(|code| code.starts_with("22") || code.starts_with("23"));
        if about_data {
            Self::Final(format!("the database refused it: {}", chain(&error)))
        } else {
            Self::transient(error)
        }
    }
}

/// What a job has to say when it has done its work.
#[derive(Debug)]
pub struct Done {
    /// What came of it.
    pub result: serde_json::Value,
    /// How many records it refused in all.
    pub refused: i64,
    /// The first of them.
    pub rejects: Vec<Reject>,
}

/// Carries out the jobs of one process.
pub struct Jobs {
    tools: Tools,
    queue: Queue,
    seats: Semaphore,
    running: TaskTracker,
    abandoned: CancellationToken,
    stop: watch::Receiver<bool>,
}

impl Jobs {
    /// Jobs that end when `stop` says so.
    pub fn new(tools: Tools, queue: Queue, stop: watch::Receiver<bool>) -> Arc<Self> {
        Arc::new(Self {
            tools,
            queue,
            seats: Semaphore::new(AT_ONCE),
            running: TaskTracker::new(),
            abandoned: CancellationToken::new(),
            stop,
        })
    }

    /// Takes deliveries until told to stop, and until what runs has ended.
    /// Dropped before that, it drops what runs: another worker resumes it.
    pub async fn run(self: Arc<Self>) {
        let _abandon = self.abandoned.clone().drop_guard();
        let jobs = Arc::clone(&self);
        let taker = move |delivery| {
            let jobs = Arc::clone(&jobs);
            // In a task of its own: the queue drops what it runs when it fails itself.
            let abandoned = jobs.abandoned.clone();
            let carried = Arc::clone(&jobs).carry_out(delivery);
            let taken = jobs.running.spawn(async move { abandoned.run_until_cancelled(carried).await });
            Box::pin(async move { taken.await.ok().flatten().unwrap_or(Delivered::GiveBack) })
                as futures::future::BoxFuture<'static, _>
        };
        self.queue.work(Arc::new(taker), self.stop.clone()).await;
        self.running.close();
        self.running.wait().await;
    }

    /// Queues again what nobody is at, and tidies now and then, until told to stop.
    pub async fn sweep(self: Arc<Self>) {
        let mut stop = self.stop.clone();
        let mut tidied: Option<Instant> = None;
        loop {
            if let Err(error) = self.requeue_unattended().await {
                tracing::warn!(error = chain(error.as_ref()), "unattended jobs could not be queued again");
            }
            if tidied.is_none_or(|at| at.elapsed() >= TIDY_EVERY) {
                tidied = Some(Instant::now());
                if let Err(error) = self.queue.tidy().await {
                    tracing::warn!(error = chain(&error), "the queue could not be tidied");
                }
                if let Err(error) = self.revive_what_must_come().await {
                    tracing::warn!(error = chain(&error), "failed retests could not be taken up again");
                }
                match leftovers::remove(&self.tools.pool, &self.tools.objects, self.tools.calendar.now())
                    .await
                {
                    Ok(0) => {}
                    Ok(removed) => tracing::info!(removed, "old uploads removed"),
                    Err(error) => {
                        tracing::warn!(error = chain(&error), "old uploads could not be removed")
                    }
                }
            }
            if pause(SWEEP_EVERY, &mut stop).await {
                return;
            }
        }
    }

    async fn requeue_unattended(&self) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        for job in jobs::unattended(&self.tools.pool, ALIVE).await? {
            let key = key_anew(&job, self.tools.calendar.now());
            let delivery = Delivery { job: job.job, kind: job.kind };
            if self.queue.push(&delivery, &key, job.updated_at).await? {
                tracing::info!(job.id = %job.job, "nobody is at this job: queued again");
            }
        }
        Ok(())
    }

    /// A retest and its outcome follow from the record: they are late rather than lost. One that somebody
    /// cancelled stays cancelled.
    async fn revive_what_must_come(&self) -> Result<(), sqlx::Error> {
        for kind in [retest::KIND, retest_outcome::KIND] {
            let revived = jobs::revive_failed(&self.tools.pool, kind, FAILED_RESTS, REVIVED_AT_ONCE).await?;
            if revived > 0 {
                tracing::warn!(kind, revived, "jobs that had failed are taken up again");
            }
        }
        Ok(())
    }

    async fn carry_out(self: Arc<Self>, delivery: Delivery) -> Delivered {
        let Ok(_seat) = self.seats.acquire().await else {
            return Delivered::GiveBack;
        };
        let mut stop = self.stop.clone();
        let mut between = Backoff::new(ATTEMPT_PAUSE.0, ATTEMPT_PAUSE.1);
        loop {
            if *stop.borrow() {
                return Delivered::GiveBack;
            }
            let (hold, record) = match self.begin(&delivery).await {
                Ok(Some(begun)) => begun,
                Ok(None) => return Delivered::Taken,
                Err(error) => {
                    tracing::warn!(job.id = %delivery.job, error = chain(&error), "a job could not be begun");
                    pause(between.after_failure(), &mut stop).await;
                    return Delivered::GiveBack;
                }
            };
            match self.attempt(hold, record).await {
                Attempt::Ended => return Delivered::Taken,
                Attempt::Interrupted => return Delivered::GiveBack,
                Attempt::Again => {
                    pause(between.after_failure(), &mut stop).await;
                }
            }
        }
    }

    async fn begin(&self, delivery: &Delivery) -> Result<Option<(Hold, JobRecord)>, sqlx::Error> {
        let Some(hold) = jobs::begin(&self.tools.pool, delivery.job, ALIVE).await? else {
            return Ok(None);
        };
        let record = jobs::job(&self.tools.pool, delivery.job).await?;
        Ok(record.map(|record| (hold, record)))
    }

    async fn attempt(&self, hold: Hold, record: JobRecord) -> Attempt {
        tracing::info!(job.id = %hold.job, job.kind = record.kind, attempt = hold.attempt, "job begun");
        let progress = Progress::default();
        let pulse = progress.clone().pulse(self.tools.pool.clone(), hold, self.stop.clone());
        // With the attempt goes its sign of life, so that another worker takes the job.
        let pulse = AbortOnDropHandle::new(tokio::spawn(pulse));
        let outcome = if hold.attempt > MAX_ATTEMPTS {
            Err(JobError::Final(format!(
                "given up: it was begun {MAX_ATTEMPTS} times and never came to an end"
            )))
        } else {
            let work = tokio::spawn(carry(self.tools.clone(), record, hold, progress.clone()));
            AbortOnDropHandle::new(work)
                .await
                .unwrap_or_else(|error| Err(JobError::Final(format!("the job crashed: {error}"))))
        };
        progress.end();
        if pulse.await.is_err() {
            tracing::error!(job.id = %hold.job, "the pulse of a job crashed");
        }
        self.end(&hold, outcome, progress.why()).await
    }

    async fn end(&self, hold: &Hold, outcome: Result<Done, JobError>, halt: Option<Halt>) -> Attempt {
        let (end, refused, rejects) = match outcome {
            Ok(done) => (JobEnd::Succeeded(done.result), done.refused, done.rejects),
            Err(JobError::Final(why)) => (JobEnd::Failed(why), 0, vec![]),
            Err(JobError::Halted) if halt == Some(Halt::Lost) => return Attempt::Ended,
            Err(JobError::Halted) if halt == Some(Halt::Interrupted) => {
                self.requeue(hold, false, None).await;
                return Attempt::Interrupted;
            }
            Err(JobError::Halted) => (JobEnd::Cancelled, 0, vec![]),
            Err(JobError::Transient(cause)) => {
                let why = chain(cause.as_ref());
                if hold.attempt < MAX_ATTEMPTS {
                    tracing::warn!(job.id = %hold.job, attempt = hold.attempt, error = why, "a job failed; it is tried again");
                    self.requeue(hold, true, Some(&why)).await;
                    return Attempt::Again;
                }
                (JobEnd::Failed(format!("given up after {MAX_ATTEMPTS} attempts: {why}")), 0, vec![])
            }
        };
        let state = match &end {
            JobEnd::Succeeded(_) => "succeeded",
            JobEnd::Failed(_) => "failed",
            JobEnd::Cancelled => "cancelled",
        };
        let ended =
            persist(hold, || jobs::finish(&self.tools.pool, hold, end.clone(), refused, &rejects)).await;
        tracing::info!(job.id = %hold.job, state, written = ended == Some(true), "job ended");
        Attempt::Ended
    }

    async fn requeue(&self, hold: &Hold, counted: bool, why: Option<&str>) {
        persist(hold, || jobs::requeue(&self.tools.pool, hold, counted, why)).await;
    }
}

/// Writes how a job ended, against failures of the database that pass. One
/// that does not pass leaves the job without a sign of life: it is begun anew.
async fn persist<T, F>(hold: &Hold, mut write: impl FnMut() -> F) -> Option<T>
where
    F: Future<Output = Result<T, sqlx::Error>>,
{
    let mut failed = Backoff::new(Duration::from_millis(50), Duration::from_secs(2));
    for _ in 0..END_TRIES {
        match write().await {
            Ok(written) => return Some(written),
            Err(error) => {
                tracing::warn!(job.id = %hold.job, error = chain(&error), "how a job ended was not written; trying again");
                tokio::time::sleep(failed.after_failure()).await;
            }
        }
    }
    None
}

/// What became of one attempt.
enum Attempt {
    Ended,
    Interrupted,
    Again,
}

/// The one place that knows which kinds of work there are.
async fn carry(tools: Tools, record: JobRecord, hold: Hold, progress: Progress) -> Result<Done, JobError> {
    match record.kind.as_str() {
        import::KIND | import::FORMER_KIND => import::run(&tools, &record, &hold, &progress).await,
        retest::KIND => retest::run(&tools, &record, &hold, &progress).await,
        retest_outcome::KIND => retest_outcome::run(&tools, &record, &hold, &progress).await,
        campaign_run::KIND => campaign_run::run(&tools, &record, &hold, &progress).await,
        other => {
            Err(JobError::Final(format!("this version of Aegis does not know jobs of the kind '{other}'")))
        }
    }
}

/// The key under which a job that nobody is at is queued. Its last sign of life stands still, so all processes make
/// the same key of it, once; and another each hour, for a queue may keep a key and lose what came with it: a Redis
/// that evicts. A second delivery of what still waits is harmless.
fn key_anew(job: &Unattended, now: DateTime<Utc>) -> String {
    let hours = (now - job.updated_at).num_hours().max(0).unsigned_abs();
    format!("{}:{}:{}:{}", job.kind, job.job, job.updated_at.timestamp_micros(), hours)
}

/// Queues a job anew under a key.
///
/// # Errors
/// [`QueueError`].
pub(crate) async fn enqueue(queue: &Queue, job: &jobs::NewJob) -> Result<bool, QueueError> {
    let delivery = Delivery { job: job.job, kind: job.kind.to_owned() };
    queue.push(&delivery, &format!("{}:{}", job.kind, job.position), job.requested_at).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use uuid::Uuid;

    #[test]
    fn a_job_that_stays_unattended_gets_another_key_each_hour() {
        let job = Unattended { job: Uuid::from_u128(1), kind: "retest".to_owned(), updated_at: Utc::now() };
        let key = |minutes: i64| key_anew(&job, job.updated_at + TimeDelta::minutes(minutes));
        let changed: Vec<i64> = (1..=180).filter(|minutes| key(*minutes) != key(minutes - 1)).collect();
        assert_eq!(changed, [60, 120, 180]);
        assert_eq!(key(-300), key(0), "a clock that is behind");
        let later = Unattended { updated_at: job.updated_at + TimeDelta::seconds(1), ..job.clone() };
        assert_ne!(key_anew(&later, later.updated_at), key(0));
    }
}
