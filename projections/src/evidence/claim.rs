//! Who works on an upload: one at a time, so that nobody removes what another makes an event of.
//!
//! A claim is a lease in the row, renewed in the background while it is held
//! and gone by itself when its process is killed. A process that stands still
//! for longer than [`LEASE`] has lost it: before what cannot be undone,
//! [`Claim::is_held`] asks. What is left is a process that stands still between
//! that answer and its very next statement.

use super::{EvidenceUpload, find, interval};
use sqlx::PgPool;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};
use uuid::Uuid;

/// How long a claim outlives its process.
pub const LEASE: Duration = Duration::from_secs(30);
/// How often a claim is renewed.
const RENEW_EVERY: Duration = Duration::from_secs(10);
/// How long a claim is renewed at most: longer than a file may take to come and to be read again.
pub const HELD_AT_MOST: Duration = Duration::from_secs(30 * 60);
/// How often somebody who waits for a claim asks.
const ASK_EVERY: Duration = Duration::from_millis(100);

/// What came of asking for an upload.
pub enum Claiming {
    /// It is ours, and as it is now.
    Held(Claim),
    /// Somebody else works on it.
    Busy,
    /// There is none.
    Unknown,
}

/// An upload that nobody else works on. Dropped, it lets go a moment later.
pub struct Claim {
    /// The upload as it was when it was claimed.
    pub upload: Box<EvidenceUpload>,
    pool: PgPool,
    holder: Uuid,
    done: oneshot::Sender<()>,
    keeper: JoinHandle<()>,
}

/// Claims an upload, waiting for whoever works on it for `patience` at most.
///
/// # Errors
/// The database failed.
pub async fn claim(pool: &PgPool, evidence: Uuid, patience: Duration) -> Result<Claiming, sqlx::Error> {
    let until = Instant::now() + patience;
    loop {
        // One statement: of two that ask at once one waits for the row and then finds it taken.
        let holder = sqlx::query_scalar!(
            r#"update evidence_uploads set claimed_by = gen_random_uuid(), claimed_until = now() + $2::interval
               where evidence_id = $1 and (claimed_until is null or claimed_until < now())
               returning claimed_by as "holder!""#,
            evidence,
            interval(LEASE)
        )
        .fetch_optional(pool)
        .await?;
        match (holder, find(pool, evidence).await?) {
            (Some(holder), Some(upload)) => return Ok(Claiming::Held(Claim::kept(pool, upload, holder))),
            (_, None) => return Ok(Claiming::Unknown),
            (None, Some(_)) if Instant::now() >= until => return Ok(Claiming::Busy),
            (None, Some(_)) => sleep(ASK_EVERY).await,
        }
    }
}

impl Claim {
    fn kept(pool: &PgPool, upload: EvidenceUpload, holder: Uuid) -> Self {
        let (done, ended) = oneshot::channel();
        let keeper = tokio::spawn(keep(pool.clone(), upload.evidence_id, holder, ended));
        Self { upload: Box::new(upload), pool: pool.clone(), holder, done, keeper }
    }

    /// Lets go.
    pub async fn release(self) {
        let Self { done, keeper, .. } = self;
        drop(done);
        // It ends by itself; that it did not end well shows in the log.
        let _ = keeper.await;
    }

    /// Whether it is still ours, and will be for [`LEASE`] from now on.
    ///
    /// # Errors
    /// The database failed.
    pub async fn is_held(&self) -> Result<bool, sqlx::Error> {
        renew(&self.pool, self.upload.evidence_id, self.holder).await
    }

    /// Notes that its bytes are in the store, and of which kind they are; says whether it is still
    /// ours to note.
    ///
    /// # Errors
    /// The database failed.
    pub async fn received(&self, media_type: &str) -> Result<bool, sqlx::Error> {
        let done = sqlx::query!(
            "update evidence_uploads set media_type = $3, received_at = now()
             where evidence_id = $1 and claimed_by = $2",
            self.upload.evidence_id,
            self.holder,
            media_type
        )
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Forgets an upload whose file is gone; one that an event names stays.
    ///
    /// # Errors
    /// The database failed.
    pub async fn forget(&self) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "delete from evidence_uploads where evidence_id = $1 and claimed_by = $2 and confirmed_at is null",
            self.upload.evidence_id,
            self.holder
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

/// Renews a claim until it is let go, lost, or [`HELD_AT_MOST`] is over.
async fn keep(pool: PgPool, evidence: Uuid, holder: Uuid, mut ended: oneshot::Receiver<()>) {
    let limit = Instant::now() + HELD_AT_MOST;
    while timeout(RENEW_EVERY, &mut ended).await.is_err() {
        if Instant::now() >= limit {
            tracing::warn!(%evidence, "an upload was worked on for too long and is let go");
            return;
        }
        match renew(&pool, evidence, holder).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => tracing::warn!(%evidence, %error, "a claim on an upload could not be renewed"),
        }
    }
    let let_go = sqlx::query!(
        "update evidence_uploads set claimed_by = null, claimed_until = null
         where evidence_id = $1 and claimed_by = $2",
        evidence,
        holder
    );
    if let Err(error) = let_go.execute(&pool).await {
        tracing::warn!(%evidence, %error, "a claim on an upload goes only when its time is over");
    }
}

async fn renew(pool: &PgPool, evidence: Uuid, holder: Uuid) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update evidence_uploads set claimed_until = now() + $3::interval
         where evidence_id = $1 and claimed_by = $2",
        evidence,
        holder,
        interval(LEASE)
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() > 0)
}
