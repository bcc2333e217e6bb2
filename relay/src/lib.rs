//! What the processes of one installation pass to each other.
//!
//! PostgreSQL carries it, and Redis where there is one (`REDIS_URL`). Nothing
//! here is the truth of anything: a notice says that it is worth looking now,
//! a cached answer could be asked for again, and a token that is on Redis'
//! list of the revoked is refused early while only PostgreSQL lets one
//! through. So a Redis that is down, flushed or full of lies makes things
//! slower and never wrong.

mod cache;
mod link;
mod notices;
mod revoked;

pub use cache::Cache;

use link::Link;
use tokio::sync::{broadcast, watch};
use uuid::Uuid;

/// Notices of sessions, and of news, kept for a listener that is slower than they come.
const BUFFERED: usize = 1_024;

/// `REDIS_URL` cannot be used. What it says may hold a password, so it is not repeated.
#[derive(Debug, thiserror::Error)]
#[error("REDIS_URL is not an address of a Redis without TLS, such as redis://127.0.0.1:6379/0")]
pub struct AddressError;

/// Passes things on. Cheap to clone; clones hear and tell the same.
#[derive(Clone)]
pub struct Relay {
    redis: Option<Link>,
    keeps: bool,
    heads: watch::Sender<i64>,
    sessions: broadcast::Sender<Uuid>,
    news: broadcast::Sender<Uuid>,
}

impl Relay {
    /// Over PostgreSQL alone, or beside it over the Redis of an address. It need not answer yet.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn open(redis: Option<&str>) -> Result<Self, AddressError> {
        let redis = redis.map(Link::open).transpose()?;
        Ok(Self {
            redis,
            keeps: true,
            heads: watch::channel(0).0,
            sessions: broadcast::channel(BUFFERED).0,
            news: broadcast::channel(BUFFERED).0,
        })
    }

    /// The same without any cached answers: for finding out what they save.
    #[must_use]
    pub fn keeping_nothing(mut self) -> Self {
        self.keeps = false;
        self
    }
}
