//! Answers are shared, and none is believed that nobody here made.

use crate::redis::Redis;
use aegis_relay::{Cache, Relay};
use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};

const SECRET: &[u8] = b"a secret of tests";

fn cache(redis: Option<&Redis>, secret: &[u8]) -> Cache<Vec<String>> {
    let url = redis.map(Redis::url);
    Relay::open(url.as_deref()).expect("an address").cache("answers/1", 10, secret)
}

/// What is answered, having been loaded as often as `loads` says.
async fn ask(cache: &Cache<Vec<String>>, key: &str, loads: &AtomicUsize) -> Vec<String> {
    let load = async {
        let number = loads.fetch_add(1, Ordering::Relaxed);
        Ok::<_, Infallible>(vec![format!("{key} as loaded {number}")])
    };
    let answer = cache.get_or_load(key, true, load).await.expect("loaded").to_vec();
    // It is put into Redis by the way.
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    answer
}

async fn raw<T: redis::FromRedisValue>(redis: &Redis, command: &mut redis::Cmd) -> T {
    let client = redis::Client::open(redis.url()).expect("an address");
    let mut connection = client.get_multiplexed_async_connection().await.expect("it answers");
    command.query_async(&mut connection).await.expect("answered")
}

#[tokio::test]
async fn an_answer_is_loaded_once_for_each_key_and_kind() {
    let redis = Redis::start();
    for redis in [None, Some(&redis)] {
        let (cache, loads) = (cache(redis, SECRET), AtomicUsize::new(0));
        assert_eq!(ask(&cache, "a", &loads).await, ["a as loaded 0"]);
        assert_eq!(ask(&cache, "b", &loads).await, ["b as loaded 1"]);
        assert_eq!(ask(&cache, "a", &loads).await, ["a as loaded 0"]);
        assert_eq!(loads.load(Ordering::Relaxed), 2);
    }
}

#[tokio::test]
async fn a_failure_is_not_kept() {
    let cache = cache(None, SECRET);
    let failed = cache.get_or_load("a", true, async { Err::<Vec<String>, _>("no") }).await;
    assert_eq!(*failed.expect_err("it failed"), "no");
    assert_eq!(ask(&cache, "a", &AtomicUsize::new(0)).await, ["a as loaded 0"]);
}

#[tokio::test]
async fn another_process_has_it_from_redis_with_an_end() {
    let redis = Redis::start();
    let loads = AtomicUsize::new(0);
    ask(&cache(Some(&redis), SECRET), "a", &loads).await;
    assert_eq!(ask(&cache(Some(&redis), SECRET), "a", &loads).await, ["a as loaded 0"]);
    let left: i64 = raw(&redis, redis::cmd("TTL").arg("aegis:cache:answers/1:a")).await;
    assert!((1..=60).contains(&left), "{left}");
}

#[tokio::test]
async fn what_was_tampered_with_moved_or_made_with_another_secret_is_loaded_anew() {
    let redis = Redis::start();
    let loads = AtomicUsize::new(0);
    ask(&cache(Some(&redis), SECRET), "a", &loads).await;
    let place = |key: &str| format!("aegis:cache:answers/1:{key}");
    let genuine: Vec<u8> = raw(&redis, redis::cmd("GET").arg(place("a"))).await;

    // The answer to one question is none to another.
    raw::<()>(&redis, redis::cmd("SET").arg(place("b")).arg(&genuine)).await;
    assert_eq!(ask(&cache(Some(&redis), SECRET), "b", &loads).await, ["b as loaded 1"]);
    // One letter is another one: `... 0` became `... 1`.
    let mut changed = genuine.clone();
    let digit = changed.len() - 3;
    changed[digit] = b'1';
    raw::<()>(&redis, redis::cmd("SET").arg(place("a")).arg(&changed)).await;
    assert_eq!(ask(&cache(Some(&redis), SECRET), "a", &loads).await, ["a as loaded 2"]);
    // Too short to be anything.
    raw::<()>(&redis, redis::cmd("SET").arg(place("a")).arg("x")).await;
    assert_eq!(ask(&cache(Some(&redis), SECRET), "a", &loads).await, ["a as loaded 3"]);
    assert_eq!(ask(&cache(Some(&redis), b"another secret"), "a", &loads).await, ["a as loaded 4"]);
    // It is put right for those who come later.
    raw::<()>(&redis, redis::cmd("SET").arg(place("a")).arg(&genuine)).await;
    assert_eq!(ask(&cache(Some(&redis), SECRET), "a", &loads).await, ["a as loaded 0"]);
}

#[tokio::test]
async fn what_is_not_for_sharing_and_what_is_too_large_stays_here() {
    let redis = Redis::start();
    let url = redis.url();
    let cache: Cache<Vec<String>> =
        Relay::open(Some(&url)).expect("an address").cache("answers/1", 10, SECRET);
    let load = |length| async move { Ok::<_, Infallible>(vec!["x".repeat(length)]) };
    cache.get_or_load("alone", false, load(1)).await.expect("loaded");
    cache.get_or_load("large", true, load(5 << 20)).await.expect("loaded");
    cache.get_or_load("shared", true, load(1)).await.expect("loaded");
    let mut keys = vec![];
    for _ in 0..100 {
        keys = raw::<Vec<String>>(&redis, redis::cmd("KEYS").arg("*")).await;
        if !keys.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(keys, ["aegis:cache:answers/1:shared"]);
}

#[tokio::test]
async fn a_redis_that_is_flushed_or_gone_costs_a_load_and_no_more() {
    let redis = Redis::start();
    let loads = AtomicUsize::new(0);
    ask(&cache(Some(&redis), SECRET), "a", &loads).await;
    redis.flush().await;
    assert_eq!(ask(&cache(Some(&redis), SECRET), "a", &loads).await, ["a as loaded 1"]);
    redis.kill();
    let cache = cache(Some(&redis), SECRET);
    assert_eq!(ask(&cache, "a", &loads).await, ["a as loaded 2"]);
    assert_eq!(ask(&cache, "a", &loads).await, ["a as loaded 2"], "this process keeps it");
}
