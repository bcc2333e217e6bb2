//! Sends the mails that the notifier wrote down, and makes the digests of the day.
//!
//! Any number of processes do so, each holding what it sends for a while. A
//! mail that was handed over just before its process was killed is handed over
//! again by another, with the same Message-ID, by which mail programs know it.
//!
//! Addresses are read when a mail is sent and stand nowhere else; neither they
//! nor what a mail says is logged.

mod digest;
mod message;
mod settings;
mod smtp;

pub use digest::{DIGEST_HOUR, due_digest};
pub use settings::{MailSettings, MailSettingsError, Security};

use crate::calendar::Calendar;
use crate::outside::{Links, Outside};
use crate::retry::{chain, told};
use aegis_outbound::Outbound;
use aegis_projections::mails::{self, Came, Claimed};
use aegis_projections::notifications::{self, SubjectKind};
use aegis_projections::{DatabaseError, Pool};
use chrono::{DateTime, Utc};
use message::{Content, compose};
use smtp::{Session, SmtpError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};
use uuid::Uuid;

/// How often a mail is tried before it is given up.
const MAX_ATTEMPTS: i32 = 8;
/// The pause after the first failure; each one after that is three times as long.
const FIRST_PAUSE: Duration = Duration::from_secs(15);
/// No pause is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);
/// How long sending one mail may take, the connection included.
const SEND_WITHIN: Duration = Duration::from_secs(30);
/// How long a process keeps a mail: longer than it takes to send it.
const LEASE: Duration = Duration::from_secs(60);
/// Mails sent over one connection at most.
const OF_A_SESSION: usize = 50;
/// How often it is looked for mails.
const POLL: Duration = Duration::from_millis(500);
/// How long it rests after the database failed.
const FAILED_PAUSE: Duration = Duration::from_secs(2);

/// Sends mail, for one process.
pub struct Mailer {
    pool: Pool,
    outbound: Outbound,
    settings: MailSettings,
    links: Links,
    calendar: Calendar,
    /// The pause after a first failure.
    first_pause: Duration,
    /// Tells this process from every other.
    holder: Uuid,
}

impl Mailer {
    /// A mailer; none where there is no mail server.
    pub fn new(pool: Pool, outside: &Outside, calendar: Calendar) -> Option<Self> {
        Some(Self {
            pool,
            outbound: outside.outbound.clone(),
            settings: outside.mail.clone()?,
            links: outside.links.clone(),
            calendar,
            first_pause: FIRST_PAUSE,
            holder: Uuid::now_v7(),
        })
    }

    /// With another pause after a first failure.
    #[must_use]
    pub fn with_first_pause(self, first_pause: Duration) -> Self {
        Self { first_pause, ..self }
    }

    /// Sends until told to stop.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut looked: Option<Instant> = None;
        while !*stop.borrow() {
            if looked.is_none_or(|at| at.elapsed() >= self.calendar.look_every()) {
                looked = Some(Instant::now());
                if let Err(error) = self.digests(self.calendar.now()).await {
                    tracing::warn!(error = chain(&error), "digests were not made; trying again");
                }
            }
            let pause = match self.round(&stop).await {
                Ok(_) => POLL,
                Err(error) => {
                    tracing::warn!(error = chain(&error), "mail was not looked for; trying again");
                    FAILED_PAUSE
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = told(&mut stop) => {}
            }
        }
    }

    /// Makes the digests that are due at an instant; says how many.
    ///
    /// # Errors
    /// The database failed; what was made stays.
    pub async fn digests(&self, now: DateTime<Utc>) -> Result<usize, DatabaseError> {
        digest::make(&self.pool, now).await
    }

    /// Sends what is due, at most [`OF_A_SESSION`], over one connection; says how many were tried.
    ///
    /// # Errors
    /// The database failed; what was taken is taken again when the lease is over.
    pub async fn round(&self, stop: &watch::Receiver<bool>) -> Result<usize, DatabaseError> {
        let mut session = Session::new(&self.outbound, &self.settings);
        let mut tried = 0;
        while tried < OF_A_SESSION && !*stop.borrow() {
            let Some(claimed) = mails::claim(&self.pool, self.holder, LEASE, 1).await?.pop() else { break };
            tried += 1;
            let came = self.send(&mut session, &claimed).await?;
            if let Came::Again(error, _) | Came::Failed(error) = &came {
                tracing::warn!(mail.id = %claimed.mail_id, attempt = claimed.attempt, error, "a mail was not sent");
            }
            mails::came(&self.pool, claimed.mail_id, self.holder, &came).await?;
        }
        session.end().await;
        Ok(tried)
    }

    async fn send(&self, session: &mut Session<'_>, claimed: &Claimed) -> Result<Came, DatabaseError> {
        if claimed.stale {
            return Ok(Came::Dropped("it could not be sent in time"));
        }
        let Some(address) = &claimed.address else {
            return Ok(Came::Dropped("there is nobody to send it to any more"));
        };
        let content = self.content(claimed.mail_id).await?;
        if content.news.is_empty() {
            return Ok(Came::Dropped("there is nothing in it"));
        }
        let mail = match compose(&self.settings, claimed, address, &content, &self.links) {
            Ok(mail) => mail,
            Err(why) => return Ok(Came::Failed(why.to_string())),
        };
        let sent = timeout(SEND_WITHIN, session.send(&mail)).await;
        Ok(match sent.unwrap_or(Err(SmtpError::Late(SEND_WITHIN))) {
            Ok(()) => Came::Sent,
            Err(error) => {
                session.lose();
                let why = error.for_the_log();
                match self.again_after(claimed.attempt).filter(|_| !error.is_final()) {
                    Some(after) => Came::Again(why, after),
                    None => Came::Failed(why),
                }
            }
        })
    }

    /// What a mail tells, with the titles that subjects have now, but for those of guarded tests.
    async fn content(&self, mail: Uuid) -> Result<Content, DatabaseError> {
        let (items, all) = mails::items(&self.pool, mail).await?;
        let subject =
            |item: &mails::Item| SubjectKind::parse(&item.subject_kind).map(|kind| (kind, item.subject_id));
        let subjects: Vec<_> = items.iter().filter_map(subject).collect();
        let titles = notifications::titles(&self.pool, &subjects).await?;
        let news = items
            .into_iter()
            .filter_map(|item| {
                let subject = subject(&item)?;
                let title = titles.get(&subject).filter(|title| !title.guarded);
                message::News::of(&item, subject.0, title.map(|title| title.text.as_str()))
            })
            .collect();
        Ok(Content { news, all })
    }

    fn again_after(&self, attempt: i32) -> Option<Duration> {
        let times = 3_u32.saturating_pow(u32::try_from(attempt - 1).unwrap_or(0));
        (attempt < MAX_ATTEMPTS).then(|| self.first_pause.saturating_mul(times).min(LONGEST_PAUSE))
    }
}
