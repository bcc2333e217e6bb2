//! The list of revoked tokens refuses, and never admits.

use crate::redis::Redis;
use aegis_relay::Relay;
use std::time::Duration;
use uuid::Uuid;

const HOUR: Duration = Duration::from_secs(3_600);

#[tokio::test]
async fn a_revoked_token_is_known_to_every_process_until_redis_forgets_it() {
    let redis = Redis::start();
    let [here, there] = [(); 2].map(|()| Relay::open(Some(&redis.url())).expect("an address"));
    let token = Uuid::now_v7();
    assert!(!there.is_revoked(token).await);
    here.revoke(token, HOUR).await;
    assert!(there.is_revoked(token).await);
    assert!(!there.is_revoked(Uuid::now_v7()).await, "another one");
    redis.flush().await;
    assert!(!there.is_revoked(token).await, "which says nothing: PostgreSQL is asked next");
}

#[tokio::test]
async fn without_redis_or_with_one_that_is_gone_nothing_is_known_and_nothing_fails() {
    let redis = Redis::start();
    let relay = Relay::open(Some(&redis.url())).expect("an address");
    let token = Uuid::now_v7();
    relay.revoke(token, HOUR).await;
    redis.kill();
    assert!(!relay.is_revoked(token).await);
    relay.revoke(token, HOUR).await;
    let alone = Relay::open(None).expect("no address");
    alone.revoke(token, HOUR).await;
    assert!(!alone.is_revoked(token).await);
    // When it is back it is used again.
    redis.restart();
    for _ in 0..400 {
        relay.revoke(token, HOUR).await;
        if relay.is_revoked(token).await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("Redis is back, and nobody asks it");
}

#[test]
fn an_address_that_is_none_is_refused_without_repeating_it() {
    for address in ["http://127.0.0.1:1/", "redis://user:hush@[:1/0", "localhost"] {
        let refused = Relay::open(Some(address)).err().expect(address).to_string();
        assert!(refused.starts_with("REDIS_URL") && !refused.contains("hush"), "{refused}");
    }
}
