//! A Redis that may be away: whoever asks it never waits long, and does without an answer.

use crate::AddressError;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, Cmd, FromRedisValue};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// How long an answer may take, connecting included. Requests wait for it, and can do without.
const ANSWER_WITHIN: Duration = Duration::from_millis(100);
/// How long nobody is made to wait again after Redis did not answer.
const LEFT_ALONE: Duration = Duration::from_secs(2);

/// The connections to one Redis.
#[derive(Clone)]
pub(crate) struct Link {
    client: Client,
    connection: ConnectionManager,
    /// Until when it is left alone, if it did not answer.
    away: Arc<Mutex<Option<Instant>>>,
}

impl Link {
    pub(crate) fn open(url: &str) -> Result<Self, AddressError> {
        let client = Client::open(url).map_err(|_| AddressError)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(ANSWER_WITHIN))
            .set_response_timeout(Some(ANSWER_WITHIN))
            .set_number_of_retries(0);
        let connection = ConnectionManager::new_lazy_with_config(client.clone(), config);
        Ok(Self { client, connection: connection.map_err(|_| AddressError)?, away: Arc::default() })
    }

    /// For what needs a connection of its own.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// The database's number, which keeps apart what Redis itself does not: the channels of notices.
    pub(crate) fn database(&self) -> i64 {
        self.client.get_connection_info().redis_settings().db()
    }

    /// What Redis answers; nothing where it does not, which is told once for each absence.
    pub(crate) async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Option<T> {
        if self.away().is_some_and(|until| Instant::now() < until) {
            return None;
        }
        let mut connection = self.connection.clone();
        let failure = match timeout(ANSWER_WITHIN, command.query_async(&mut connection)).await {
            Ok(Ok(answer)) => {
                if self.set_away(None).is_some() {
                    tracing::info!("Redis answers again");
                }
                return Some(answer);
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it took too long".to_owned(),
        };
        if self.set_away(Some(Instant::now() + LEFT_ALONE)).is_none() {
            tracing::warn!(error = failure, "Redis does not answer; going on with PostgreSQL alone");
        }
        None
    }

    fn away(&self) -> Option<Instant> {
        *self.away.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns what it was.
    fn set_away(&self, until: Option<Instant>) -> Option<Instant> {
        std::mem::replace(&mut *self.away.lock().unwrap_or_else(PoisonError::into_inner), until)
    }
}
