//! Tells people and webhooks what happens.
//!
//! It follows the ledger and, for each event in its order, works out whom it
//! concerns ([`rules`]), as the read models stood there. What there is to tell
//! is written in the transaction that moves its position on, so that each event
//! is told once, whichever process is killed when, and however many there are.
//! That jobs ended stands in no event; it is found in their rows and noted
//! there, in the same transaction.
//!
//! Nothing leaves the house here: deliveries and mails are written down, and
//! `deliverer` and `mailer` see to them. An event that does not decode stops it,
//! as it stops everything that follows the ledger.

mod payload;
mod rules;

pub use rules::{Before, Notice, notices};

use crate::outside::Links;
use crate::retry::{Backoff, chain, told};
use aegis_aggregates::actor::Role;
use aegis_projections::fold::{DecodeError, Sealed};
use aegis_projections::ledger::{self, StoredEvent};
use aegis_projections::notifications::{
    self as told_of, Audience, EndedJob, Kind, News, SubjectKind, audience_of, only_active,
};
use aegis_projections::tide::Tide;
use aegis_projections::webhooks::{self, Listener};
use aegis_projections::{DatabaseError, Pool, status};
use aegis_relay::Relay;
use payload::Happened;
use sqlx::PgConnection;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::sync::watch;
use uuid::Uuid;

/// Its name among the followers of the ledger.
pub const NAME: &str = "notifier";
/// Events taken in one transaction.
const BATCH: i64 = 200;
/// Jobs whose end is told in one transaction.
const JOBS: i64 = 50;
/// How often an idle notifier looks for what it was not told of: ended jobs, and events while another process is at it.
const POLL: Duration = Duration::from_millis(500);
/// Pauses after the database failed.
const FAILED_PAUSE: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(10));
/// How long it waits at an event that it cannot pass.
const STUCK_PAUSE: Duration = Duration::from_secs(30);
/// The position of what is in force.
const NOW: i64 = i64::MAX - 1;
/// Who is told of jobs.
const ADMINS: &[Role] = &[Role::Admin];

/// The notifier cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum NotifierError {
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] DatabaseError),
    /// An event does not decode.
    #[error("the event at position {position} does not decode")]
    Poison {
        /// The event.
        position: i64,
        /// Why.
        #[source]
        source: DecodeError,
    },
    /// What there is to tell of an event cannot be stored.
    #[error("what there is to tell of position {position} cannot be stored")]
    Refused {
        /// The event.
        position: i64,
        /// Why.
        #[source]
        source: DatabaseError,
    },
}

/// What one step did.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Passed so many events and ended jobs.
    Passed(usize),
    /// There was nothing to pass.
    Idle,
    /// Another process is at it.
    NotMine,
}

/// Tells what happens, for one process.
pub struct Notifier {
    pool: Pool,
    tide: Tide,
    relay: Relay,
    links: Links,
    /// Whether there is mail.
    mail: bool,
    /// Events to take at once: one while looking for one that cannot be told.
    batch: i64,
}

impl Notifier {
    /// A notifier of a process that sees as far as its tide.
    pub fn new(pool: Pool, tide: Tide, relay: Relay, links: Links, mail: bool) -> Self {
        Self { pool, tide, relay, links, mail, batch: BATCH }
    }

    /// Makes sure that it has its row; a new one begins at the end of the ledger.
    ///
    /// # Errors
    /// The database failed.
    pub async fn register(pool: &Pool) -> Result<(), DatabaseError> {
        told_of::register(pool, NAME).await
    }

    /// Tells what there is beyond the stored position, at most one batch.
    ///
    /// # Errors
    /// [`NotifierError`]; of what failed nothing is told, and it is tried again.
    pub async fn step(&mut self) -> Result<Step, NotifierError> {
        let mut transaction = self.pool.begin().await?;
        let Some(position) = status::hold_follower(&mut transaction, NAME).await? else {
            return Ok(Step::NotMine);
        };
        let mut events = ledger::read(&mut transaction, position, self.batch).await?;
        // What the read models do not show yet waits for them.
        let seen = events.iter().take_while(|event| self.tide.has(event.position)).count();
        events.truncate(seen);
        let jobs = told_of::ended_jobs(&mut transaction, JOBS).await?;
        if events.is_empty() && jobs.is_empty() {
            transaction.rollback().await?;
            return Ok(Step::Idle);
        }
        let passed = events.len() + jobs.len();
        let mut telling = Telling {
            listeners: webhooks::listeners(&mut transaction).await?,
            links: &self.links,
            mail: self.mail,
            told: BTreeSet::new(),
        };
        let mut reached = position;
        let mut stopped = Ok(());
        for stored in events {
            let at = stored.position;
            match telling.event(&mut transaction, stored).await {
                Ok(()) => reached = at,
                Err(NotifierError::Database(source)) => {
                    transaction.rollback().await?;
                    return self.failed(at, source).await;
                }
                Err(error) => {
                    stopped = Err(error);
                    break;
                }
            }
        }
        for job in &jobs {
            telling.job(&mut transaction, job).await?;
        }
        status::advance_follower(&mut transaction, NAME, reached).await?;
        if let Err(NotifierError::Poison { position, source }) = &stopped {
            status::stop_follower(&mut transaction, NAME, *position, &source.to_string()).await?;
        }
        let people: Vec<Uuid> = telling.told.into_iter().collect();
        transaction.commit().await?;
        self.batch = (self.batch * 2).min(BATCH);
        self.relay.tell_news(&self.pool, &people).await;
        stopped.map(|()| Step::Passed(passed))
    }

    /// Takes events one by one until the one at fault is found, and notes it.
    async fn failed(&mut self, position: i64, source: DatabaseError) -> Result<Step, NotifierError> {
        let code = source.as_database_error().and_then(|error| error.code());
        let about_data = code.is_some_and(|code| code.starts_with("22") || code.starts_with("23"));
        if !about_data || self.batch > 1 {
            self.batch = 1;
            return Err(NotifierError::Database(source));
        }
        let mut transaction = self.pool.begin().await?;
        if status::hold_follower(&mut transaction, NAME).await? == Some(position - 1) {
            status::stop_follower(&mut transaction, NAME, position, &chain(&source)).await?;
            transaction.commit().await?;
        }
        Err(NotifierError::Refused { position, source })
    }

    /// Runs until told to stop. What comes into view wakes it; polling is the truth.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut failed = Backoff::new(FAILED_PAUSE.0, FAILED_PAUSE.1);
        let mut moved = self.tide.watch();
        loop {
            // Before the step, so that what comes into view during it wakes at once.
            moved.mark_unchanged();
            let pause = match self.step().await {
                Ok(step) => {
                    failed.reset();
                    if matches!(step, Step::Passed(_)) { Duration::ZERO } else { POLL }
                }
                Err(error @ (NotifierError::Poison { .. } | NotifierError::Refused { .. })) => {
                    tracing::error!(
                        error = chain(&error),
                        "THE NOTIFIER HAS STOPPED: nobody is told of anything"
                    );
                    STUCK_PAUSE
                }
                Err(error @ NotifierError::Database(_)) => {
                    let wait = failed.after_failure();
                    tracing::warn!(
                        error = chain(&error),
                        retry_ms = wait.as_millis(),
                        "the notifier failed; trying again"
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
                Ok(()) = moved.changed(), if pause == POLL => {}
                () = tokio::time::sleep(pause) => {}
                () = told(&mut stop) => return,
            }
        }
    }
}

/// What one step tells.
struct Telling<'a> {
    listeners: Vec<Listener>,
    links: &'a Links,
    mail: bool,
    /// Whose bell is to ring.
    told: BTreeSet<Uuid>,
}

impl Telling<'_> {
    async fn event(
        &mut self,
        connection: &mut PgConnection,
        stored: StoredEvent,
    ) -> Result<(), NotifierError> {
        let position = stored.position;
        let happened = Happened::of(&stored);
        let event = stored.decode().map_err(|source| NotifierError::Poison { position, source })?;
        let mut done = Done::default();
        for notice in notices(&event) {
            let Some(recipients) = self.recipients(connection, &notice, &event, &done.people).await? else {
                continue;
            };
            let number =
                told_of::number_of(connection, notice.subject_kind, notice.subject_id, position).await?;
            let news = News {
                kind: notice.kind,
                subject_kind: notice.subject_kind,
                subject_id: notice.subject_id,
                number,
                actor: event.actor.0,
                position,
                at: event.recorded_at,
                key: position.to_string(),
            };
            self.told.extend(told_of::tell(connection, &news, &recipients, self.mail).await?);
            self.webhooks(connection, &news, Some(&happened), &mut done.webhooks).await?;
            done.people.extend(recipients);
        }
        Ok(())
    }

    /// Who is told: active people whom it concerns and to whom it is news, once each, and not whoever did it. `None`
    /// where it is news to nobody at all.
    async fn recipients(
        &self,
        connection: &mut PgConnection,
        notice: &Notice,
        event: &Sealed,
        told_already: &BTreeSet<Uuid>,
    ) -> Result<Option<Vec<Uuid>>, NotifierError> {
        let at = event.position;
        let mut concerned = BTreeSet::new();
        for audience in &notice.audience {
            concerned.extend(audience_of(connection, audience, at).await?);
        }
        if let Some(before) = &notice.before {
            let knew = before.who(connection, &event.aggregate_id, at - 1).await?;
            concerned.retain(|account| !knew.contains(account));
            if concerned.is_empty() {
                return Ok(None);
            }
        }
        concerned.retain(|account| *account != event.actor.0 && !told_already.contains(account));
        Ok(Some(only_active(connection, &concerned, at).await?))
    }

    async fn job(&mut self, connection: &mut PgConnection, job: &EndedJob) -> Result<(), NotifierError> {
        // Jobs end beside the ledger, so roles are as they are now.
        let admins = audience_of(connection, &Audience::Roles(ADMINS), NOW).await?;
        let admins: Vec<Uuid> = admins.into_iter().collect();
        // One that fails again and again is told of once a day.
        let key = match job.failed {
            true => format!("job/{}/{}", job.job, job.finished_at.date_naive()),
            false => format!("job/{}/{}", job.job, job.finished_at.timestamp_micros()),
        };
        let news = News {
            kind: if job.failed { Kind::JobFailed } else { Kind::SyncFinished },
            subject_kind: SubjectKind::Job,
            subject_id: job.job,
            number: None,
            actor: Uuid::nil(),
            position: job.position,
            at: job.finished_at,
            key,
        };
        self.told.extend(told_of::tell(connection, &news, &admins, self.mail).await?);
        self.webhooks(connection, &news, None, &mut BTreeSet::new()).await?;
        told_of::told_of_job(connection, job).await?;
        Ok(())
    }

    /// Has it delivered to the webhooks that listen to its kind and have not been told of the event.
    async fn webhooks(
        &self,
        connection: &mut PgConnection,
        news: &News,
        happened: Option<&Happened>,
        told_already: &mut BTreeSet<Uuid>,
    ) -> Result<(), NotifierError> {
        for listener in &self.listeners {
            let hears =
                listener.kinds.is_empty() || listener.kinds.iter().any(|kind| kind == news.kind.as_str());
            if hears && told_already.insert(listener.webhook_id) {
                let delivery = payload::delivery(listener.webhook_id, news, happened, self.links);
                webhooks::enqueue(connection, &delivery).await?;
            }
        }
        Ok(())
    }
}

/// Who was told of an event already, by an earlier notice of it.
#[derive(Default)]
struct Done {
    people: BTreeSet<Uuid>,
    webhooks: BTreeSet<Uuid>,
}
