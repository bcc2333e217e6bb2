//! Tokens known to be revoked, so that PostgreSQL need not be asked about them again.
//!
//! The list refuses and never admits: a token that is not on it is looked up in
//! PostgreSQL, where its revocation stands for good.

use crate::Relay;
use std::time::Duration;
use uuid::Uuid;

fn key(token: Uuid) -> String {
    format!("aegis:revoked:{token}")
}

impl Relay {
    /// Remembers a token as revoked for what is left of its life. Call it when PostgreSQL has it.
    pub async fn revoke(&self, token: Uuid, left: Duration) {
        if let Some(redis) = &self.redis {
            let mut command = redis::cmd("SET");
            command.arg(key(token)).arg(1).arg("EX").arg(left.as_secs().max(1));
            redis.ask::<()>(&command).await;
        }
    }

    /// Whether a token is known to be revoked. False says nothing: ask PostgreSQL.
    pub async fn is_revoked(&self, token: Uuid) -> bool {
        let Some(redis) = &self.redis else {
            return false;
        };
        let mut command = redis::cmd("EXISTS");
        command.arg(key(token));
        redis.ask::<i64>(&command).await.is_some_and(|found| found > 0)
    }
}
