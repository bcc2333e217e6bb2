//! Several servers on one database, with a Redis and without, and with one that is flushed and killed.

use crate::app::{PASSWORD, TestApp};
use crate::client::{Answer, Client, code_of, local_id};
use crate::process::Server;
use crate::redis::Redis;
use aegis_aggregates::actor::Role;
use futures::StreamExt;
use serde_json::{Value, json};
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

const TESTS: &str = "{ tests { totalCount } }";
const STREAM: &str = "subscription { events { type } }";
const HEATMAP: &str = "{ heatmap { position tactics { cells { attackId status tests } } } }";

async fn start(redis: Option<&Redis>) -> TestApp {
    TestApp::start_with(|installation| match redis {
        Some(redis) => installation.set("REDIS_URL", &redis.url()),
        None => installation.set("REDIS_URL", ""),
    })
    .await
}

/// The same token at another server.
fn at(server: &Server, token: &str) -> Client {
    Client::new(server.url(), Ipv4Addr::LOCALHOST).bearer(token)
}

async fn code_at(server: &Server, token: &str) -> Option<String> {
    at(server, token).ask(TESTS).await.code().map(str::to_owned)
}

/// How long what comes before the comparison may take, since looking finds the ended session by itself.
const CONCLUSIVE: Duration = Duration::from_millis(2_500);
/// How often the comparison is begun anew on a machine that was busy.
const ATTEMPTS: usize = 5;

async fn what_ends_a_session_ends_it_everywhere(app: &TestApp, there: &Server, why: &str) {
    for _ in 0..ATTEMPTS {
        if is_told_before_it_is_found(app, there, why).await {
            return;
        }
    }
    panic!("{why}: the machine was too busy each time");
}

/// Ends two sessions, of which one is told of; false where that took too long to say anything.
async fn is_told_before_it_is_found(app: &TestApp, there: &Server, why: &str) -> bool {
    let leaver = app.another(Role::Viewer).await;
    let unnoticed = app.another(Role::Viewer).await;
    let pool = app.pool().await;
    // Opened in this order, so that by looking alone the second would not end before the first.
    let opened = Instant::now();
    let mut silent = at(there, &unnoticed.token).subscribe(STREAM, json!({})).await;
    let mut stream = at(there, &leaver.token).subscribe(STREAM, json!({})).await;
    sqlx::query("update account_credentials set session_epoch = session_epoch + 1 where account = $1::uuid")
        .bind(local_id(&unnoticed.id))
        .execute(&pool)
        .await
        .expect("ended");
    leaver.client.ask("mutation { logout { userErrors { code } } }").await;
    if opened.elapsed() > CONCLUSIVE {
        return false;
    }
    let ended = |result: &Value| result.get("errors").is_some();
    tokio::select! {
        biased;
        end = stream.find(ended) => assert_eq!(code_of(&end), Some("UNAUTHENTICATED"), "{why}"),
        _ = silent.find(ended) => panic!("{why}: nobody was told that the session has ended"),
    }
    for token in [&leaver.token, &unnoticed.token] {
        assert_eq!(code_at(there, token).await.as_deref(), Some("UNAUTHENTICATED"), "{why}");
    }
    // Who was not told finds out by looking.
    assert_eq!(code_of(&silent.find(ended).await), Some("UNAUTHENTICATED"), "{why}");
    true
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_a_session_on_one_server_ends_it_on_the_other_and_its_streams() {
    let redis = Redis::start();
    for (redis, why) in [(None, "PostgreSQL alone"), (Some(&redis), "Redis beside it")] {
        let app = start(redis).await;
        let there = app.replica();
        what_ends_a_session_ends_it_everywhere(&app, &there, why).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_is_flushed_and_killed_lets_nobody_back_in_and_keeps_nobody_out() {
    let redis = Redis::start();
    let mut app = start(Some(&redis)).await;
    let there = app.replica();
    let leaver = app.another(Role::Viewer).await;
    let stays = app.another(Role::Viewer).await;
    let mut ended = vec![leaver.token.clone()];
    leaver.client.ask("mutation { logout { userErrors { code } } }").await;
    for (what, why) in
        [("nothing", "as it is"), ("flush", "flushed"), ("kill", "killed"), ("start", "back, empty")]
    {
        match what {
            "flush" => redis.flush().await,
            "kill" => redis.kill(),
            "start" => redis.restart(),
            _ => {}
        }
        for server in [app.server(), &there] {
            assert_eq!(code_at(server, &leaver.token).await.as_deref(), Some("UNAUTHENTICATED"), "{why}");
            assert_eq!(code_at(server, &stays.token).await, None, "{why}");
        }
        // Signing in and out works all the time, and bites on the other server.
        let user = app.sign_in(&stays.username, PASSWORD).await;
        assert_eq!(code_at(&there, &user.token).await, None, "{why}");
        user.client.ask("mutation { logout { userErrors { code } } }").await;
        assert_eq!(code_at(&there, &user.token).await.as_deref(), Some("UNAUTHENTICATED"), "{why}");
        let admin = app.login(Role::Admin).await;
        let closed = app.another(Role::RedTech).await;
        admin.done("deactivateUser", json!({ "id": closed.id })).await;
        assert_eq!(code_at(&there, &closed.token).await.as_deref(), Some("UNAUTHENTICATED"), "{why}");
        ended.extend([user.token, closed.token]);
    }
    let program = app.program(Role::Viewer, "READ").await;
    app.login(Role::Admin).await.done("revokeApiKey", json!({ "id": program.key })).await;
    ended.push(program.token);
    // Nor does a power cut of both servers bring anything back.
    redis.flush().await;
    drop(there);
    app.kill_and_restart();
    let there = app.replica();
    for server in [app.server(), &there] {
        for token in &ended {
            assert_eq!(code_at(server, token).await.as_deref(), Some("UNAUTHENTICATED"), "started again");
        }
        assert_eq!(code_at(server, &stays.token).await, None, "started again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_starts_without_its_redis_and_tells_streams_all_the_same() {
    let redis = Redis::start();
    redis.kill();
    let app = start(Some(&redis)).await;
    let there = app.replica();
    what_ends_a_session_ends_it_everywhere(&app, &there, "Redis was never there").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_matrix_is_the_same_from_every_server_whatever_redis_says() {
    let redis = Redis::start();
    let app = start(Some(&redis)).await;
    let there = app.replica();
    let red = app.login(Role::RedTech).await;
    red.done("draftTest", json!({ "attackId": "T1059.001", "title": "A first one" })).await;
    // As clients read their own writes from another server: by the position they have seen.
    let seen = std::sync::atomic::AtomicI64::new(0);
    let ask = async |server: &Server| {
        let least = seen.load(std::sync::atomic::Ordering::Relaxed).to_string();
        let request = at(server, &red.token).post("/graphql").header("aegis-min-position", least);
        let answer = Answer::to(request.json(&json!({ "query": HEATMAP }))).await;
        let position = answer.data()["heatmap"]["position"].as_i64().expect("a position");
        seen.fetch_max(position, std::sync::atomic::Ordering::Relaxed);
        assert_eq!(answer.code(), None, "{}", answer.body);
        answer.data()["heatmap"].clone()
    };
    let first = ask(app.server()).await;
    let tests: i64 = first["tactics"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|tactic| tactic["cells"].as_array().into_iter().flatten())
        .map(|cell| cell["tests"].as_i64().expect("a count"))
        .sum();
    assert!(tests > 0, "the test is there");

    let client = redis::Client::open(redis.url()).expect("an address");
    let mut connection = client.get_multiplexed_async_connection().await.expect("it answers");
    let keys: Vec<String> =
        redis::cmd("KEYS").arg("aegis:cache:heatmap*").query_async(&mut connection).await.expect("keys");
    assert!(!keys.is_empty(), "the answer was kept");
    // Somebody who can write to Redis cannot make Aegis say anything.
    for key in &keys {
        let kept: Vec<u8> = redis::cmd("GET").arg(key).query_async(&mut connection).await.expect("kept");
        let text = String::from_utf8_lossy(&kept[32..]).replace("in_progress", "validated");
        let forged = [&kept[..32], text.as_bytes()].concat();
        redis::cmd("SET").arg(key).arg(forged).query_async::<()>(&mut connection).await.expect("set");
    }
    assert_eq!(ask(&there).await, first, "forged");
    // A change is seen on both, with and without Redis.
    for what in ["there", "killed"] {
        if what == "killed" {
            redis.kill();
        }
        let drafted = red.done("draftTest", json!({ "attackId": "T1059.001", "title": what })).await;
        let position = drafted["position"].as_i64().expect("a position");
        for server in [app.server(), &there] {
            let request =
                at(server, &red.token).post("/graphql").header("aegis-min-position", position.to_string());
            let answer = Answer::to(request.json(&json!({ "query": HEATMAP }))).await;
            let seen = &answer.data()["heatmap"];
            assert!(seen["position"].as_i64().expect("a position") >= position, "{what}");
            assert_ne!(seen["tactics"], first["tactics"], "{what}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_served_another_database_answers_for_none() {
    let redis = Redis::start();
    let mut seen = vec![];
    for attack_id in ["T1059.001", "T1003"] {
        let app = start(Some(&redis)).await;
        let red = app.login(Role::RedTech).await;
        red.done("draftTest", json!({ "attackId": attack_id, "title": "The same position" })).await;
        let heatmap = at(app.server(), &red.token).ask(HEATMAP).await.data()["heatmap"].clone();
        let cells = heatmap["tactics"].as_array().into_iter().flatten();
        let cells = cells.flat_map(|tactic| tactic["cells"].as_array().into_iter().flatten());
        let tested: Vec<_> =
            cells.filter(|cell| cell["tests"] != 0).map(|cell| cell["attackId"].clone()).collect();
        assert!(!tested.is_empty() && tested.iter().all(|tested| tested == attack_id), "{tested:?}");
        seen.push(heatmap["position"].clone());
    }
    assert_eq!(seen[0], seen[1], "or this shows nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sealed_is_told_through_redis() {
    let redis = Redis::start();
    let app = start(Some(&redis)).await;
    let client = redis::Client::open(redis.url()).expect("an address");
    let mut heard = client.get_async_pubsub().await.expect("it answers");
    heard.subscribe("aegis_ledger:0").await.expect("subscribed");
    let mut heard = heard.into_on_message();
    let red = app.login(Role::RedTech).await;
    let drafted = red.done("draftTest", json!({ "attackId": "T1059.001", "title": "Told" })).await;
    let position = drafted["position"].as_i64().expect("a position");
    let told = async {
        while let Some(message) = heard.next().await {
            let head: i64 = message.get_payload::<String>().expect("text").parse().expect("a head");
            if head >= position {
                return;
            }
        }
        panic!("Redis hung up");
    };
    tokio::time::timeout(Duration::from_secs(60), told).await.expect("it is told");
}
