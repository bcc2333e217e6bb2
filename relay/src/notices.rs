//! Notices: the ledger has grown, an account's sessions have changed, somebody's bell has something new.
//!
//! Each process hears them on one connection, and tells whoever waits in it.
//! They are hints: what is missed while a connection is down is found by those
//! who wait, who look by themselves now and then.

use crate::Relay;
use crate::link::Link;
use futures::StreamExt;
use sqlx::PgPool;
use sqlx::postgres::PgListener;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::{broadcast, watch};
use tokio::time::{sleep, timeout};
use uuid::Uuid;

/// The ledger has grown, with its head as payload; told by the statement that seals.
const LEDGER: &str = "aegis_ledger";
/// Sessions of an account may have ended, with the account as payload.
const SESSIONS: &str = "aegis_sessions";
/// Accounts have news, or have read some, with their ids as payload, separated by commas.
const NEWS: &str = "aegis_news";
/// Accounts in one notice: PostgreSQL takes less than 8,000 bytes.
const NEWS_AT_ONCE: usize = 200;
/// How long PostgreSQL is listened to before Redis is tried again.
const REDIS_TRIED_AGAIN: Duration = Duration::from_secs(5);
/// Between two attempts to listen.
const FAILED_PAUSE: Duration = Duration::from_secs(1);
/// How often an idle connection to Redis is asked whether it is still one.
const PING_EVERY: Duration = Duration::from_secs(10);
/// How long connecting, subscribing or a ping may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

impl Relay {
    /// The head of the ledger that was told last; moves when a process has sealed. A hint to look, and
    /// nothing to hold anything against: it may be anybody's number.
    pub fn heads(&self) -> watch::Receiver<i64> {
        self.heads.subscribe()
    }

    /// Accounts whose sessions may have ended, from now on. Only a hint.
    pub fn sessions(&self) -> broadcast::Receiver<Uuid> {
        self.sessions.subscribe()
    }

    /// Tells through Redis that the ledger has grown; PostgreSQL has told it with the seal. Waits for nothing.
    pub fn tell_head(&self, head: i64) {
        if let Some(redis) = self.redis.clone() {
            tokio::spawn(async move { redis.publish(LEDGER, &head.to_string()).await });
        }
    }

    /// Tells every process that sessions of an account may have ended. Whoever is
    /// not reached looks by itself, so a failure is no more than logged.
    pub async fn tell_sessions(&self, pool: &PgPool, account: Uuid) {
        let account = account.to_string();
        // On both: a process that Redis does not reach listens here.
        let told = sqlx::query("select pg_notify($1, $2)").bind(SESSIONS).bind(&account).execute(pool).await;
        if let Err(error) = told {
            tracing::warn!(%error, "nobody was told that sessions have ended; they end when next looked at");
        }
        if let Some(redis) = &self.redis {
            redis.publish(SESSIONS, &account).await;
        }
    }

    /// Accounts that have news, or have read some, from now on. Only a hint.
    pub fn news(&self) -> broadcast::Receiver<Uuid> {
        self.news.subscribe()
    }

    /// Tells every process that accounts have news, or have read some. Whoever is not reached looks by itself,
    /// so a failure is no more than logged.
    pub async fn tell_news(&self, pool: &PgPool, accounts: &[Uuid]) {
        for some in accounts.chunks(NEWS_AT_ONCE) {
            let payload = some.iter().map(Uuid::to_string).collect::<Vec<_>>().join(",");
            let told = sqlx::query("select pg_notify($1, $2)").bind(NEWS).bind(&payload).execute(pool).await;
            if let Err(error) = told {
                tracing::warn!(%error, "nobody was told that there are news; they are seen when next looked for");
            }
            if let Some(redis) = &self.redis {
                redis.publish(NEWS, &payload).await;
            }
        }
    }

    /// Hears what other processes tell, for as long as it is polled. Takes one connection of the pool, and
    /// none while Redis answers.
    pub async fn listen(&self, pool: &PgPool) -> Infallible {
        loop {
            match &self.redis {
                None => {
                    let Err(error) = self.hear_postgres(pool).await;
                    tracing::warn!(%error, "the listener lost its connection; trying again");
                }
                Some(redis) => {
                    let Err(error) = self.hear_redis(redis).await;
                    tracing::warn!(error, "no notices through Redis; listening to PostgreSQL meanwhile");
                    if let Ok(Err(error)) = timeout(REDIS_TRIED_AGAIN, self.hear_postgres(pool)).await {
                        tracing::warn!(%error, "the listener lost its connection; trying again");
                    }
                }
            }
            sleep(FAILED_PAUSE).await;
        }
    }

    async fn hear_postgres(&self, pool: &PgPool) -> Result<Infallible, sqlx::Error> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen_all([LEDGER, SESSIONS, NEWS]).await?;
        loop {
            let heard = listener.recv().await?;
            self.take(heard.channel(), heard.payload());
        }
    }

    async fn hear_redis(&self, redis: &Link) -> Result<Infallible, String> {
        let late = |_| "it did not answer in time".to_owned();
        let failed = |error: redis::RedisError| error.to_string();
        let connected = timeout(ANSWER_WITHIN, redis.client().get_async_pubsub()).await.map_err(late)?;
        let (mut sink, mut stream) = connected.map_err(failed)?.split();
        let topics = [LEDGER, SESSIONS, NEWS];
        let channels = topics.map(|topic| redis.channel(topic));
        timeout(ANSWER_WITHIN, sink.subscribe(&channels)).await.map_err(late)?.map_err(failed)?;
        loop {
            match timeout(PING_EVERY, stream.next()).await {
                Ok(Some(heard)) => {
                    let topic =
                        channels.iter().zip(topics).find(|(channel, _)| *channel == heard.get_channel_name());
                    if let Some((_, topic)) = topic {
                        self.take(topic, &String::from_utf8_lossy(heard.get_payload_bytes()));
                    }
                }
                Ok(None) => return Err("the connection was lost".to_owned()),
                // A connection that was cut without a word looks like one on which nothing happens.
                Err(_) => {
                    timeout(ANSWER_WITHIN, sink.ping::<redis::Value>())
                        .await
                        .map_err(late)?
                        .map_err(failed)?;
                }
            }
        }
    }

    fn take(&self, topic: &str, payload: &str) {
        match topic {
            LEDGER => {
                if let Ok(head) = payload.parse() {
                    self.heads.send_replace(head);
                }
            }
            SESSIONS => {
                if let Ok(account) = payload.parse() {
                    // Nobody waiting is no failure.
                    let _ = self.sessions.send(account);
                }
            }
            NEWS => {
                for account in payload.split(',').take(NEWS_AT_ONCE).filter_map(|id| id.parse().ok()) {
                    // Nobody waiting is no failure.
                    let _ = self.news.send(account);
                }
            }
            _ => {}
        }
    }
}

impl Link {
    /// Channels are the server's, not a database's, so they carry its number.
    fn channel(&self, topic: &str) -> String {
        format!("{topic}:{}", self.database())
    }

    async fn publish(&self, topic: &str, payload: &str) {
        let mut command = redis::cmd("PUBLISH");
        command.arg(self.channel(topic)).arg(payload);
        self.ask::<i64>(&command).await;
    }
}
