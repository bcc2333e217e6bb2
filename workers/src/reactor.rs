//! Turns requests in the ledger into queued jobs.
//!
//! It follows the sealed order and remembers how far it came in the database,
//! so that every request is queued at least once, whatever crashes when. What
//! it did twice collapses: a job is entered by its id, and queued under a key
//! made of kind and position. An event that does not decode stops it: passing
//! it by could lose a request for ever.

use crate::campaign_run::{self, RunRequest};
use crate::import;
use crate::job::enqueue;
use crate::queue::{Queue, QueueError};
use crate::retest::{self, RetestRequest};
use crate::retest_outcome::{self, OutcomeRequest};
use crate::retry::{Backoff, chain, told};
use aegis_aggregates::campaign::CampaignEvent;
use aegis_aggregates::ids::{CampaignId, JobId, TestId};
use aegis_aggregates::knowledge::{KnowledgeEvent, KnowledgeSource};
use aegis_aggregates::remediation::RemediationEvent;
use aegis_aggregates::test::{DetectionResult, Outcome, Test, TestEvent, TestOrigin};
use aegis_projections::Pool;
use aegis_projections::fold::{DecodeError, DomainEvent, Sealed};
use aegis_projections::jobs::{self, NewJob};
use aegis_projections::runner::{Progress, Reached};
use aegis_projections::store::{Store, StoreError};
use aegis_projections::{ledger, status};
use serde::Serialize;
use sqlx::Connection;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

/// Its name among the followers of the ledger.
pub const NAME: &str = "reactor";
/// Events taken in one transaction.
const BATCH: i64 = 1_000;
/// How often an idle reactor looks for events it was not told of.
const POLL: Duration = Duration::from_millis(150);
/// Pauses after the database or the queue failed.
const FAILED_PAUSE: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(10));
/// How long it waits at an event that it cannot read.
const POISONED_PAUSE: Duration = Duration::from_secs(30);

/// The reactor cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum ReactorError {
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// The event store failed.
    #[error("a test could not be loaded")]
    Store(#[from] StoreError),
    /// The queue failed.
    #[error("a request could not be queued")]
    Queue(#[from] QueueError),
    /// An event does not decode.
    #[error("the event at position {position} does not decode")]
    Poison {
        /// The event.
        position: i64,
        /// Why.
        #[source]
        source: DecodeError,
    },
}

/// What one step did.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Passed so many events.
    Passed(usize),
    /// There was nothing to pass.
    Idle,
    /// Another process is at it.
    NotMine,
}

/// Follows the ledger for one process.
pub struct Reactor {
    pool: Pool,
    store: Store,
    queue: Queue,
    reached: watch::Sender<Progress>,
}

impl Reactor {
    /// A reactor, and what tells how far it came.
    pub fn new(pool: Pool, queue: Queue) -> (Self, Reached) {
        let (reached, receiver) = watch::channel(Progress::default());
        (Self { store: Store::new(pool.clone()), pool, queue, reached }, receiver)
    }

    /// Queues what is requested beyond the stored position, at most one batch.
    ///
    /// # Errors
    /// [`ReactorError`]; what was queued before it is remembered.
    pub async fn step(&self) -> Result<Step, ReactorError> {
        let mut connection = self.pool.acquire().await?;
        let mut transaction = connection.begin().await?;
        let Some(position) = status::hold_follower(&mut transaction, NAME).await? else {
            drop(transaction);
            if let Some((position, stopped)) = status::follower(&self.pool, NAME).await? {
                self.show(position, stopped);
            }
            return Ok(Step::NotMine);
        };
        let events = ledger::read(&mut transaction, position, BATCH).await?;
        if events.is_empty() {
            transaction.rollback().await?;
            self.show(position, false);
            return Ok(Step::Idle);
        }
        let count = events.len();
        let mut passed = position;
        let mut outcome = Ok(Step::Passed(count));
        for stored in events {
            let at = stored.position;
            let reacted = match stored.decode() {
                Ok(event) => self.react(&event).await,
                Err(source) => Err(ReactorError::Poison { position: at, source }),
            };
            if let Err(error) = reacted {
                outcome = Err(error);
                break;
            }
            passed = at;
        }
        status::advance_follower(&mut transaction, NAME, passed).await?;
        if let Err(ReactorError::Poison { position, source }) = &outcome {
            status::stop_follower(&mut transaction, NAME, *position, &source.to_string()).await?;
        }
        transaction.commit().await?;
        self.show(passed, matches!(outcome, Err(ReactorError::Poison { .. })));
        outcome
    }

    /// Queues the job that an event asks for, if it asks for one.
    async fn react(&self, event: &Sealed) -> Result<(), ReactorError> {
        let job = match validated(event) {
            Some((test, result)) => self.outcome_of(event, test, result).await?,
            None => job_of(event),
        };
        let Some(job) = job else {
            return Ok(());
        };
        jobs::enter(&self.pool, &job).await?;
        let new = enqueue(&self.queue, &job).await?;
        tracing::info!(job.id = %job.job, job.kind, position = event.position, new, "job queued");
        Ok(())
    }

    /// The job that a validated test asks for, which it does when it is a retest. Only its first event says
    /// that, so the test is loaded.
    async fn outcome_of(
        &self,
        event: &Sealed,
        retest: TestId,
        result: DetectionResult,
    ) -> Result<Option<NewJob>, ReactorError> {
        let test = self.store.load::<Test>(&retest.to_string()).await?;
        let Some(TestOrigin::Retest { original, remediation, .. }) = test.origin() else {
            return Ok(None);
        };
        let request = OutcomeRequest { retest, original, remediation, result };
        let kind = retest_outcome::KIND;
        Ok(Some(new_job(event, request.job(), kind, request.title(), &request)))
    }

    fn show(&self, position: i64, stopped: bool) {
        let now = Progress { position, stopped };
        self.reached.send_if_modified(|shown| std::mem::replace(shown, now) != now);
    }

    /// Runs until told to stop. `sealed` wakes it; polling is the truth.
    pub async fn run(self, sealed: Arc<Notify>, mut stop: watch::Receiver<bool>) {
        let mut failed = Backoff::new(FAILED_PAUSE.0, FAILED_PAUSE.1);
        loop {
            // Made before the step, so that what is sealed during it wakes at once.
            let woken = sealed.notified();
            let pause = match self.step().await {
                Ok(step) => {
                    failed.reset();
                    if matches!(step, Step::Passed(_)) { Duration::ZERO } else { POLL }
                }
                Err(error @ ReactorError::Poison { .. }) => {
                    tracing::error!(
                        error = chain(&error),
                        "THE REACTOR HAS STOPPED: no request is carried out"
                    );
                    POISONED_PAUSE
                }
                Err(error) => {
                    let wait = failed.after_failure();
                    tracing::warn!(
                        error = chain(&error),
                        retry_ms = wait.as_millis(),
                        "the reactor failed; trying again"
                    );
                    wait
                }
            };
            if *stop.borrow() {
                return;
            }
            if pause.is_zero() {
                continue;
            }
            tokio::select! {
                () = woken, if pause == POLL => {}
                () = tokio::time::sleep(pause) => {}
                () = told(&mut stop) => return,
            }
        }
    }
}

/// The test that an event validates, and with what result.
fn validated(event: &Sealed) -> Option<(TestId, DetectionResult)> {
    match &event.body {
        DomainEvent::Test(TestEvent::VoteCast {
            outcome: Some(Outcome::Validated { detection_result }),
            ..
        }) => Some((event.aggregate_id.parse().ok()?, *detection_result)),
        _ => None,
    }
}

/// The job that an event asks for by itself, if it asks for one.
fn job_of(event: &Sealed) -> Option<NewJob> {
    match &event.body {
        DomainEvent::Knowledge(
            KnowledgeEvent::ImportRequested { request } | KnowledgeEvent::ImportRetried { request },
        ) => import_of(event, request.job, import::From::Upload(request.clone())),
        DomainEvent::Knowledge(
            KnowledgeEvent::SyncRequested { request } | KnowledgeEvent::SyncRetried { request },
        ) => import_of(event, request.job, import::From::Sync(request.clone())),
        DomainEvent::Remediation(RemediationEvent::RemediationCompleted { completion, .. }) => {
            // Ids of remediations are UUIDs by construction; a foreign one has nothing to be tested again.
            let remediation = event.aggregate_id.parse().ok()?;
            let request = RetestRequest { remediation, completion: *completion };
            Some(new_job(event, request.job(), retest::KIND, request.title(), &request))
        }
        DomainEvent::Campaign(CampaignEvent::CampaignRunDue { due, child, late, on_behalf_of, .. }) => {
            let request = RunRequest {
                // Ids of campaigns are UUIDs by construction; a foreign one has no runs.
                parent: event.aggregate_id.parse().map(CampaignId).ok()?,
                sequence: event.sequence,
                child: *child,
                due: *due,
                late: *late,
                on_behalf_of: *on_behalf_of,
            };
            // There is one job for each run: it has the id of the campaign it makes.
            let title = campaign_run::title(&request);
            Some(new_job(event, child.0, campaign_run::KIND, title, &request))
        }
        DomainEvent::Knowledge(
            KnowledgeEvent::KnowledgeReleased { .. } | KnowledgeEvent::SourceConfigured { .. },
        )
        | DomainEvent::Campaign(
            CampaignEvent::CampaignCreated { .. }
            | CampaignEvent::CampaignRevised { .. }
            | CampaignEvent::CampaignTestsAdded { .. }
            | CampaignEvent::CampaignTestRevised { .. }
            | CampaignEvent::CampaignTestRemoved { .. }
            | CampaignEvent::CampaignScheduled { .. }
            | CampaignEvent::CampaignUnscheduled { .. }
            | CampaignEvent::CampaignRunsSkipped { .. }
            | CampaignEvent::CampaignActivated { .. }
            | CampaignEvent::CampaignCompleted { .. }
            | CampaignEvent::CampaignArchived { .. },
        )
        | DomainEvent::Remediation(
            RemediationEvent::RemediationOpened { .. }
            | RemediationEvent::RemediationRevised { .. }
            | RemediationEvent::RemediationAssigned { .. }
            | RemediationEvent::StepAdded { .. }
            | RemediationEvent::StepRevised { .. }
            | RemediationEvent::StepRemoved { .. }
            | RemediationEvent::StepStatusChanged { .. }
            | RemediationEvent::RemediationStarted { .. }
            | RemediationEvent::RemediationBlocked { .. }
            | RemediationEvent::RemediationUnblocked { .. }
            | RemediationEvent::RiskAccepted { .. }
            | RemediationEvent::RiskAcceptanceExpired { .. }
            | RemediationEvent::RetestCreated { .. }
            | RemediationEvent::RetestNotCreated { .. }
            | RemediationEvent::RemediationVerified { .. }
            | RemediationEvent::RetestFailed { .. }
            | RemediationEvent::RemediationReopened { .. },
        )
        | DomainEvent::Template(_)
        | DomainEvent::Test(_)
        | DomainEvent::Roster(_)
        | DomainEvent::Discussion(_)
        | DomainEvent::AccessJournal(_)
        | DomainEvent::AccessPolicy(_)
        | DomainEvent::ReviewPolicy(_) => None,
    }
}

/// The job that takes in a source.
fn import_of(event: &Sealed, job: JobId, from: import::From) -> Option<NewJob> {
    // Ids of sources are those of the enumeration by construction; a foreign one has no reader.
    let source = KnowledgeSource::parse(&event.aggregate_id)?;
    let request = import::Request { source, from };
    let job = new_job(event, job.0, import::KIND, request.title(), &request);
    Some(NewJob { subject: Some(source.aggregate_id()), ..job })
}

fn new_job(event: &Sealed, job: Uuid, kind: &'static str, title: String, request: &impl Serialize) -> NewJob {
    NewJob {
        job,
        kind,
        title,
        request: serde_json::to_value(request).expect("texts and numbers always serialise"),
        requested_by: event.actor.0,
        position: event.position,
        requested_at: event.recorded_at,
        subject: None,
    }
}
