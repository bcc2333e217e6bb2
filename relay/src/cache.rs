//! Answers worth keeping: in this process, and in Redis for all processes.
//!
//! Only what never changes may be kept, under a key that says all it depends
//! on; so nothing is ever taken back. What comes from Redis carries a code that
//! only a holder of the secret can make, over name, key and answer: whoever can
//! write to Redis cannot make Aegis say what it did not find.

use crate::Relay;
use crate::link::Link;
use hmac::{Hmac, Mac};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256, Sha512};
use std::sync::Arc;

/// The length of a code: HMAC-SHA-256 (RFC 2104).
const CODE_BYTES: usize = 32;
/// The largest answer put into Redis; a larger one stays in this process.
const LARGEST: usize = 4 * 1024 * 1024;
/// How long Redis keeps an answer, in seconds: for who asks at the same time, not for a collection.
const KEPT_SECONDS: u64 = 60;

/// Answers of one kind.
#[derive(Clone)]
pub struct Cache<T> {
    name: &'static str,
    here: moka::future::Cache<String, Arc<T>>,
    redis: Option<Link>,
    code: Hmac<Sha256>,
}

impl Relay {
    /// A cache of the kind `name`, which says what an answer looks like: another look, another name. At most
    /// `most` answers are kept in this process. `secret` is the same in every process.
    pub fn cache<T>(&self, name: &'static str, most: u64, secret: &[u8]) -> Cache<T>
    where
        T: Send + Sync + 'static,
    {
        // As long as a block of HMAC-SHA-256, and no other use of the secret has it.
        let key = Sha512::new().chain_update("aegis/cache/").chain_update(secret).finalize();
        let (most, redis) = if self.keeps { (most, self.redis.clone()) } else { (0, None) };
        Cache { name, here: moka::future::Cache::new(most), redis, code: Hmac::new(&key) }
    }
}

impl<T> Cache<T>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    /// The answer to `key`, loaded where nobody has it; those who ask at the same time wait for one. `share`
    /// says whether others are likely to ask too, so that it is worth a place in Redis.
    ///
    /// # Errors
    /// Loading failed; nothing is kept.
    pub async fn get_or_load<E: Send + Sync + 'static>(
        &self,
        key: &str,
        share: bool,
        load: impl Future<Output = Result<T, E>>,
    ) -> Result<Arc<T>, Arc<E>> {
        let find = async {
            if share && let Some(found) = self.fetch(key).await {
                return Ok(Arc::new(found));
            }
            let loaded = load.await?;
            if share {
                self.put(key, &loaded);
            }
            Ok(Arc::new(loaded))
        };
        self.here.try_get_with_by_ref(key, find).await
    }

    fn place(&self, key: &str) -> String {
        format!("aegis:cache:{}:{key}", self.name)
    }

    async fn fetch(&self, key: &str) -> Option<T> {
        let redis = self.redis.as_ref()?;
        // No more of it than we could have put there, whatever is there.
        let mut command = redis::cmd("GETRANGE");
        command.arg(self.place(key)).arg(0).arg(CODE_BYTES + LARGEST);
        let found = redis.ask::<Vec<u8>>(&command).await.filter(|found| !found.is_empty())?;
        let (code, answer) = found.split_at_checked(CODE_BYTES).unwrap_or_default();
        let genuine = self.code_of(key, answer).verify_slice(code).is_ok();
        let parsed = genuine.then(|| serde_json::from_slice(answer).ok()).flatten();
        if parsed.is_none() {
            tracing::warn!(kind = self.name, key, "what Redis keeps here is not ours; finding it anew");
        }
        parsed
    }

    /// Waits for nothing.
    fn put(&self, key: &str, answer: &T) {
        let (Some(redis), Ok(answer)) = (self.redis.clone(), serde_json::to_vec(answer)) else {
            return;
        };
        if answer.len() > LARGEST {
            return;
        }
        let code = self.code_of(key, &answer).finalize().into_bytes();
        let mut command = redis::cmd("SET");
        command.arg(self.place(key)).arg([&code[..], &answer].concat()).arg("EX").arg(KEPT_SECONDS);
        tokio::spawn(async move { redis.ask::<()>(&command).await });
    }

    fn code_of(&self, key: &str, answer: &[u8]) -> Hmac<Sha256> {
        let mut code = self.code.clone();
        // Lengths first, so that no two triples read alike.
        for part in [self.name.as_bytes(), key.as_bytes(), answer] {
            code.update(&(part.len() as u64).to_be_bytes());
            code.update(part);
        }
        code
    }
}
