//! Brings webhooks what the notifier wrote down for them.
//!
//! Any number of processes do so: each takes deliveries for a while, and what a
//! killed one had taken is taken by another when the while is over. So a
//! delivery arrives at least once; one that arrives twice has the same id.
//!
//! The address is judged anew on each call, a redirect is a failure, and of an
//! answer nothing is kept but its status.

use crate::outside::Outside;
use crate::retry::{chain, told};
use crate::words::single_line;
use aegis_outbound::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use aegis_outbound::{Outbound, OutboundError};
use aegis_projections::vault::Vault;
use aegis_projections::webhooks::{self, Claimed};
use aegis_projections::{DatabaseError, Pool};
use chrono::Utc;
use hmac::{Hmac, Mac};
use rand::Rng;
use sha2::Sha256;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use uuid::Uuid;

/// How often a delivery is tried before it is given up.
pub const MAX_ATTEMPTS: i32 = 8;
/// The pause after the first failure; each one after that is four times as long.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// No pause is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);
/// How long a call may take.
const CALL_WITHIN: Duration = Duration::from_secs(10);
/// How much of an answer is read, so that the connection ends well.
const ANSWER_BYTES: usize = 4_096;
/// How long a process keeps a delivery: longer than a call and what is written before and after it.
const LEASE: Duration = Duration::from_secs(30);
/// Deliveries of one webhook on their way at once, over all processes.
const OF_EACH: i64 = 2;
/// How often it is looked for deliveries.
const POLL: Duration = Duration::from_millis(300);
/// How long it rests after the database failed.
const FAILED_PAUSE: Duration = Duration::from_secs(2);
/// How long a delivery is left to others that this process cannot sign.
const UNSIGNED_PAUSE: Duration = Duration::from_secs(60);
/// Characters kept of why a delivery failed.
const ERROR_CHARS: usize = 500;

const DELIVERY: HeaderName = HeaderName::from_static("aegis-delivery");
const EVENT: HeaderName = HeaderName::from_static("aegis-event");
const SIGNATURE: HeaderName = HeaderName::from_static("aegis-signature");

/// How often, and with which pauses, a delivery is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    /// Attempts in all.
    pub attempts: i32,
    /// The pause after the first failure; each one after that is four times as long.
    pub first: Duration,
    /// No pause is longer.
    pub longest: Duration,
}

impl Default for Retries {
    fn default() -> Self {
        Self { attempts: MAX_ATTEMPTS, first: FIRST_PAUSE, longest: LONGEST_PAUSE }
    }
}

impl Retries {
    /// The pause after so many attempts, before chance is added; `None` when it was the last.
    fn pause(&self, attempt: i32) -> Option<Duration> {
        if attempt >= self.attempts {
            return None;
        }
        let times = 4_u32.saturating_pow(u32::try_from(attempt - 1).unwrap_or(0));
        Some(self.first.saturating_mul(times).min(self.longest))
    }

    /// The same, up to a fifth shorter: what failed together is not tried again together.
    fn next(&self, attempt: i32) -> Option<Duration> {
        self.pause(attempt).map(|pause| pause.mul_f64(rand::rng().random_range(0.8..=1.0)))
    }
}

/// Brings webhooks what there is for them, for one process.
pub struct Deliverer {
    pool: Pool,
    outbound: Outbound,
    vault: Vault,
    retries: Retries,
    /// Tells this process from every other.
    holder: Uuid,
}

impl Deliverer {
    /// A deliverer; none where this process cannot sign.
    pub fn new(pool: Pool, outside: &Outside) -> Option<Self> {
        let (outbound, vault) = (outside.outbound.clone(), outside.vault.clone()?);
        Some(Self { pool, outbound, vault, retries: Retries::default(), holder: Uuid::now_v7() })
    }

    /// With other pauses.
    #[must_use]
    pub fn with_retries(self, retries: Retries) -> Self {
        Self { retries, ..self }
    }

    /// Delivers until told to stop, and until what is on its way has arrived.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let this = Arc::new(self);
        let mut under_way = JoinSet::new();
        while !*stop.borrow() {
            let pause = match this.claim().await {
                Ok(claimed) => {
                    let pause = if claimed.is_empty() { POLL } else { Duration::ZERO };
                    for claimed in claimed {
                        let this = Arc::clone(&this);
                        under_way.spawn(async move { this.deliver(&claimed).await });
                    }
                    pause
                }
                Err(error) => {
                    tracing::warn!(
                        error = chain(&error),
                        "deliveries to webhooks were not looked for; trying again"
                    );
                    FAILED_PAUSE
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                Some(_) = under_way.join_next() => {}
                () = told(&mut stop) => {}
            }
        }
        while under_way.join_next().await.is_some() {}
    }

    /// Delivers what is due once, one of each webhook; says how many were tried.
    ///
    /// # Errors
    /// The database failed; what was taken is taken again when the lease is over.
    pub async fn round(&self) -> Result<usize, DatabaseError> {
        let claimed = self.claim().await?;
        futures::future::join_all(claimed.iter().map(|claimed| self.deliver(claimed))).await;
        Ok(claimed.len())
    }

    async fn claim(&self) -> Result<Vec<Claimed>, DatabaseError> {
        webhooks::claim(&self.pool, self.holder, LEASE, OF_EACH).await
    }

    async fn deliver(&self, claimed: &Claimed) {
        if let Err(error) = self.try_to_deliver(claimed).await {
            // Nobody knows what came of it, so it is tried again when the lease is over.
            tracing::warn!(
                delivery.id = %claimed.delivery_id,
                error = chain(&error),
                "what became of a delivery was not written down"
            );
        }
    }

    async fn try_to_deliver(&self, claimed: &Claimed) -> Result<(), DatabaseError> {
        let (id, holder) = (claimed.delivery_id, self.holder);
        let whose = webhooks::secret_of(claimed.webhook_id);
        let Ok(secret) = self.vault.open(&whose, &claimed.secret) else {
            let why =
                "its secret does not open: was it made under another SECRET_KEY? Give the webhook a new one";
            tracing::warn!(webhook.id = %claimed.webhook_id, why, "a webhook cannot be told anything by this process");
            return webhooks::give_back(&self.pool, id, holder, why, UNSIGNED_PAUSE).await;
        };
        let (status, error) = match self.call(claimed, &secret).await {
            Ok(status) if (200..300).contains(&status) => {
                webhooks::delivered(&self.pool, id, holder, i32::from(status)).await?;
                tracing::debug!(delivery.id = %id, webhook.id = %claimed.webhook_id, status, "delivered");
                return Ok(());
            }
            Ok(status @ 300..400) => {
                (Some(status), format!("it redirects ({status}), which is not followed"))
            }
            Ok(status) => (Some(status), format!("it answered {status}")),
            Err(error) => (None, single_line(&error.to_string(), ERROR_CHARS)),
        };
        let again = self.retries.next(claimed.attempt);
        tracing::info!(
            delivery.id = %id, webhook.id = %claimed.webhook_id, attempt = claimed.attempt, error,
            given_up = again.is_none(), "a delivery failed"
        );
        webhooks::failed(&self.pool, id, holder, status.map(i32::from), &error, again).await?;
        Ok(())
    }

    async fn call(&self, claimed: &Claimed, secret: &[u8]) -> Result<u16, OutboundError> {
        let signature = signature(secret, Utc::now().timestamp(), &claimed.payload);
        let id = claimed.delivery_id.to_string();
        let kind = claimed.kind.to_uppercase();
        // What is no header value is nothing that was written down here.
        let value = |text: &str| {
            HeaderValue::from_str(text)
                .map_err(|_| OutboundError::Failed("a header cannot be sent".to_owned()))
        };
        let answer = self
            .outbound
            .post(&claimed.url)?
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .header(DELIVERY, value(&id)?)
            .header(EVENT, value(&kind)?)
            .header(SIGNATURE, value(&signature)?)
            .body(claimed.payload.clone())
            .within(CALL_WITHIN)
            .cut_at(ANSWER_BYTES)
            .send()
            .await?;
        Ok(answer.status.as_u16())
    }
}

/// What a delivery is signed with: the second it is sent at, and the HMAC-SHA-256 of that second, a dot and the body.
pub fn signature(secret: &[u8], at_s: i64, body: &str) -> String {
    let mut code = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes any key");
    code.update(format!("{at_s}.{body}").as_bytes());
    format!("t={at_s},v1={}", hex::encode(code.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_hour_and_end() {
        let retries = Retries::default();
        let pauses: Vec<Option<u64>> =
            (1..=8).map(|attempt| retries.pause(attempt).map(|pause| pause.as_secs())).collect();
        let due = [5, 20, 80, 320, 1_280, 3_600, 3_600].map(Some);
        assert_eq!((&pauses[..7], pauses[7]), (&due[..], None));
        for attempt in 1..8 {
            let (pause, next) = (retries.pause(attempt).expect("more"), retries.next(attempt).expect("more"));
            assert!(next <= pause && next >= pause.mul_f64(0.79), "{next:?} for {pause:?}");
        }
    }

    #[test]
    fn a_signature_is_what_others_compute() {
        // printf '1700000000.{"id":1}' | openssl dgst -sha256 -hmac secret
        let code = "3dd1b9aef568d75f6790a84bd2e5dfa1f44409eef3cbdbd3f10b837376100c11";
        assert_eq!(signature(b"secret", 1_700_000_000, r#"{"id":1}"#), format!("t=1700000000,v1={code}"));
    }
}
