//! What people are told and how they see it: the list, the bell, preferences, webhooks, over HTTP.

use crate::app::TestApp;
use crate::client::{Events, User, code_of, local_id};
use crate::story::POWERSHELL;
use aegis_aggregates::actor::Role;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const LIST: &str = "query ($first: Int, $after: String, $unreadOnly: Boolean) {
    notifications(first: $first, after: $after, unreadOnly: $unreadOnly) {
        unreadCount totalCount totalIsExact position pageInfo { hasNextPage endCursor }
        nodes { id kind title subject { kind id number title } actor { name } position at readAt } } }";
const BELL: &str =
    "subscription { notifications { unreadCount notifications { kind title subject { number title } } } }";
const PREFERENCES: &str =
    "{ notificationPreferences { mailConfigured hasMailAddress kinds { kind inApp mail } } }";
const WEBHOOKS: &str =
    "{ webhooks { id name url events active createdBy { name } pendingDeliveries failedDeliveries
    lastDeliveredAt } }";
const DELIVERIES: &str = "query ($id: ID!) { webhookDeliveries(webhookId: $id) { totalCount nodes {
    id deliveryId kind position payload state attempts nextAttemptAt lastStatus lastError deliveredAt } } }";

async fn list(user: &User, variables: Value) -> Value {
    user.read(LIST, variables).await["notifications"].clone()
}

fn kinds(list: &Value) -> Vec<&str> {
    list["nodes"]
        .as_array()
        .expect("nodes")
        .iter()
        .map(|node| node["kind"].as_str().expect("a kind"))
        .collect()
}

/// The list once it has so many.
async fn told(user: &User, count: i64) -> Value {
    for _ in 0..600 {
        let list = list(user, json!({})).await;
        if list["totalCount"] == count {
            return list;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{} was never told {count} things", user.username);
}

async fn rings(bell: &mut Events) -> Value {
    let result = bell.next().await.expect("the bell goes on");
    assert_eq!(result.get("errors"), None, "{result}");
    result["data"]["notifications"].clone()
}

/// A test that was given to somebody.
async fn assigned(by: &User, to: &User, title: &str) -> Value {
    let input = json!({ "attackId": POWERSHELL, "title": title, "assigneeId": to.id });
    by.done("draftTest", input).await["test"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_see_what_they_are_told_and_mark_it_and_nobody_elses() {
    let app = TestApp::start().await;
    let (lead, tech, other) =
        (app.login(Role::RedLead).await, app.login(Role::RedTech).await, app.login(Role::BlueTech).await);
    let mut bell = tech.client.subscribe(BELL, json!({})).await;
    assert_eq!(rings(&mut bell).await, json!({ "unreadCount": 0, "notifications": [] }));
    let test = assigned(&lead, &tech, "The first").await;
    let rung = rings(&mut bell).await;
    assert_eq!(
        rung,
        json!({ "unreadCount": 1, "notifications": [{
            "kind": "TEST_ASSIGNED", "title": "Test #1 is assigned to you",
            "subject": { "number": 1, "title": "The first" } }] })
    );
    assigned(&lead, &tech, "The second").await;
    assigned(&lead, &tech, "The third").await;
    let all = told(&tech, 3).await;
    assert_eq!((&all["unreadCount"], kinds(&all)), (&json!(3), vec!["TEST_ASSIGNED"; 3]));
    let first = &all["nodes"][2];
    assert_eq!(
        first["subject"],
        json!({ "kind": "TEST", "id": test["id"], "number": 1, "title": "The first" })
    );
    assert_eq!((&first["actor"]["name"], &first["readAt"]), (&json!("red_lead"), &Value::Null));
    let newest_first: Vec<_> = all["nodes"]
        .as_array()
        .expect("nodes")
        .iter()
        .map(|node| node["subject"]["number"].clone())
        .collect();
    assert_eq!(newest_first, [3, 2, 1]);

    // In pages.
    let page = list(&tech, json!({ "first": 2 })).await;
    assert_eq!((kinds(&page).len(), &page["pageInfo"]["hasNextPage"]), (2, &json!(true)));
    let rest = list(&tech, json!({ "first": 2, "after": page["pageInfo"]["endCursor"] })).await;
    assert_eq!((&rest["nodes"][0]["id"], &rest["pageInfo"]["hasNextPage"]), (&first["id"], &json!(false)));

    // Nobody else's: an id of somebody else's is answered like one of nothing.
    assert_eq!(list(&other, json!({})).await["totalCount"], 0);
    let nothing = crate::client::global_id("Notification", "00000000-0000-4000-8000-000000000000");
    let mut answers = vec![];
    for id in [&first["id"], &json!(nothing), &test["id"]] {
        let one = other.mutate("markNotificationRead", json!({ "id": id })).await;
        let up_to = other.mutate("markAllNotificationsRead", json!({ "upTo": id })).await;
        for answer in [one, up_to] {
            assert_eq!(answer.code(), Some("NOT_FOUND"));
            answers.push(answer.body["errors"][0]["message"].clone());
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    let viewed = "query ($id: ID!) { node(id: $id) { id } }";
    assert_eq!(tech.read(viewed, json!({ "id": first["id"] })).await["node"], Value::Null);

    // Marked, and marked again.
    let marked = tech.done("markNotificationRead", json!({ "id": first["id"] })).await;
    assert_eq!(marked["unreadCount"], 2);
    let read_at = marked["notification"]["readAt"].clone();
    assert_ne!(read_at, Value::Null);
    let again = tech.done("markNotificationRead", json!({ "id": first["id"] })).await;
    assert_eq!(again["notification"]["readAt"], read_at);
    let unread = list(&tech, json!({ "unreadOnly": true })).await;
    assert_eq!((&unread["totalCount"], &unread["unreadCount"]), (&json!(2), &json!(2)));
    // Up to the second: the third, which came after it, stays.
    let second = &all["nodes"][1]["id"];
    let marked = tech.done("markAllNotificationsRead", json!({ "upTo": second })).await;
    assert_eq!((&marked["marked"], &marked["unreadCount"]), (&json!(1), &json!(1)));
    let marked = tech.done("markAllNotificationsRead", json!({})).await;
    assert_eq!((&marked["marked"], &marked["unreadCount"]), (&json!(1), &json!(0)));
    // The bell has heard of all that.
    let silent = bell.find(|result| result["data"]["notifications"]["unreadCount"] == 0).await;
    assert_eq!(silent["data"]["notifications"]["notifications"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bell_rings_on_every_server_and_ends_with_its_session() {
    let app = TestApp::start().await;
    let there = app.replica();
    let (lead, tech) = (app.login(Role::RedLead).await, app.another(Role::RedTech).await);
    let other = app.login(Role::BlueTech).await;
    let elsewhere =
        crate::client::Client::new(there.url(), std::net::Ipv4Addr::LOCALHOST).bearer(&tech.token);
    let mut bell = elsewhere.subscribe(BELL, json!({})).await;
    let mut silent = other.client.subscribe(BELL, json!({})).await;
    rings(&mut bell).await;
    rings(&mut silent).await;
    assigned(&lead, &tech, "Everywhere").await;
    assert_eq!(rings(&mut bell).await["notifications"][0]["subject"]["title"], "Everywhere");
    // Nobody else hears it: what they hear first is their own.
    assigned(&lead, &other, "Theirs").await;
    let heard = rings(&mut silent).await;
    assert_eq!(
        (&heard["unreadCount"], heard["notifications"].as_array().map(Vec::len)),
        (&json!(1), Some(1))
    );
    assert_eq!(heard["notifications"][0]["subject"]["title"], "Theirs");
    tech.client.ask("mutation { logout { userErrors { code } } }").await;
    let ended = bell.find(|result| result.get("errors").is_some()).await;
    assert_eq!(code_of(&ended), Some("UNAUTHENTICATED"));
}

#[tokio::test(flavor = "multi_thread")]
async fn people_choose_what_they_are_told() {
    let app = TestApp::start().await;
    let (lead, tech) = (app.login(Role::RedLead).await, app.login(Role::RedTech).await);
    let held = tech.read(PREFERENCES, json!({})).await["notificationPreferences"].clone();
    assert_eq!((&held["mailConfigured"], &held["hasMailAddress"]), (&json!(false), &json!(false)));
    assert_eq!(held["kinds"].as_array().map(Vec::len), Some(19));
    assert_eq!(held["kinds"][0], json!({ "kind": "TEST_ASSIGNED", "inApp": true, "mail": "AT_ONCE" }));

    let off = json!({ "preferences": [{ "kind": "TEST_ASSIGNED", "inApp": false }, { "kind": "JOB_FAILED", "mail": "OFF" }] });
    let set = tech.done("setNotificationPreferences", off).await["preferences"]["kinds"].clone();
    assert_eq!(set[0], json!({ "kind": "TEST_ASSIGNED", "inApp": false, "mail": "AT_ONCE" }));
    let set = set.as_array().expect("kinds").iter().find(|kind| kind["kind"] == "JOB_FAILED").cloned();
    assert_eq!(set, Some(json!({ "kind": "JOB_FAILED", "inApp": true, "mail": "OFF" })));
    let twice =
        json!({ "preferences": [{ "kind": "TEST_ASSIGNED" }, { "kind": "TEST_ASSIGNED", "mail": "OFF" }] });
    assert_eq!(tech.refused("setNotificationPreferences", twice).await.code, "INVALID_INPUT");

    assigned(&lead, &tech, "Unheard").await;
    let test = app.draft_test(&lead, POWERSHELL).await;
    lead.done("postComment", json!({ "subjectId": test, "text": "@red_tech, look" })).await;
    assert_eq!(kinds(&told(&tech, 1).await), ["COMMENT_MENTION"]);
    // Others are told as before.
    let blue = app.login(Role::BlueTech).await;
    assigned(&lead, &blue, "Heard").await;
    assert_eq!(kinds(&told(&blue, 1).await), ["TEST_ASSIGNED"]);
}

/// Somebody who listens for webhooks, in a thread of its own: (head, body) of each request, answered with 204.
struct Sink {
    port: u16,
    heard: Arc<Mutex<Vec<(String, String)>>>,
}

impl Sink {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let heard = Arc::new(Mutex::new(vec![]));
        let hears = Arc::clone(&heard);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut reader = BufReader::new(stream.try_clone().expect("cloned"));
                let (mut head, mut length) = (String::new(), 0);
                loop {
                    let mut line = String::new();
                    if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
                        break;
                    }
                    let line = line.to_lowercase();
                    if let Some(value) = line.strip_prefix("content-length: ") {
                        length = value.trim().parse().unwrap_or(0);
                    }
                    head.push_str(&line);
                }
                let mut body = vec![0; length];
                if reader.read_exact(&mut body).is_ok() {
                    let body = String::from_utf8(body).expect("text");
                    hears.lock().expect("whole").push((head, body));
                }
                let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
            }
        });
        Self { port, heard }
    }

    fn heard(&self) -> Vec<(String, String)> {
        self.heard.lock().expect("whole").clone()
    }

    async fn hears(&self, count: usize) -> Vec<(String, String)> {
        for _ in 0..600 {
            if self.heard().len() >= count {
                return self.heard();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("only {:?} came", self.heard());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_make_webhooks_and_see_what_became_of_each_delivery() {
    let sink = Sink::start();
    let app = TestApp::start_with(|installation| {
        installation
            .set("AEGIS_OUTBOUND_ALLOW", &format!("127.0.0.1:{}", sink.port))
            .set("AEGIS_PUBLIC_URL", "https://aegis.example.com")
    })
    .await;
    let (admin, lead, tech) =
        (app.login(Role::Admin).await, app.login(Role::RedLead).await, app.login(Role::RedTech).await);
    let url = format!("http://127.0.0.1:{}/hook?token=secret", sink.port);
    let command = "8f6f1d35-4a4e-4b52-9d63-6a8c2b1f0e57";
    let input =
        json!({ "name": "Sink", "url": url, "events": ["TEST_ASSIGNED"], "clientMutationId": command });
    let made = admin.done("createWebhook", input.clone()).await;
    let secret = made["secret"].as_str().expect("shown once").to_owned();
    let id = made["webhook"]["id"].clone();
    assert_eq!(made["webhook"]["events"], json!(["TEST_ASSIGNED"]));
    // Sent again it is the same one, and its secret is not shown again.
    let again = admin.done("createWebhook", input).await;
    assert_eq!((&again["webhook"]["id"], &again["secret"]), (&id, &Value::Null));
    let other = json!({ "name": "Other", "url": url, "events": [], "clientMutationId": command });
    assert_eq!(admin.refused("createWebhook", other).await.code, "CONFLICT");

    admin.done("testWebhook", json!({ "id": id })).await;
    sink.hears(1).await;
    assigned(&lead, &tech, "Told outside").await;
    app.draft_test(&lead, POWERSHELL).await;
    let heard = sink.hears(2).await;
    let (head, body) = &heard[1];
    let said: Value = serde_json::from_str(body).expect("JSON");
    assert_eq!((&said["kind"], &said["subject"]["number"]), (&json!("TEST_ASSIGNED"), &json!(1)));
    assert_eq!(said["subject"]["url"], "https://aegis.example.com/tests/1");
    assert_eq!(said["actor"], local_id(&lead.id));
    let field = |name: &str| {
        let line = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("{name} in {head}")).trim().to_owned()
    };
    let signature = field("aegis-signature");
    let (time, code) = signature.split_once(",v1=").expect("two parts");
    let at_s = time.strip_prefix("t=").expect("a time");
    assert_eq!(code, hmac_sha256(&secret, &format!("{at_s}.{body}")));
    assert_eq!(field("aegis-delivery"), said["id"].as_str().expect("an id"));

    let log = admin.read(DELIVERIES, json!({ "id": id })).await["webhookDeliveries"].clone();
    assert_eq!((&log["totalCount"], kinds(&log)), (&json!(2), vec!["TEST_ASSIGNED", "PING"]));
    let delivery = &log["nodes"][0];
    assert_eq!((&delivery["payload"], &delivery["deliveryId"]), (&json!(body), &said["id"]));
    // Taken, as soon as that is written down.
    let mut replayed = admin.mutate("replayWebhookDelivery", json!({ "id": delivery["id"] })).await;
    while replayed.payload()["userErrors"][0]["code"] == "INVALID_STATE" {
        replayed = admin.mutate("replayWebhookDelivery", json!({ "id": delivery["id"] })).await;
    }
    assert_eq!(replayed.payload()["delivery"]["state"], "PENDING");
    let heard = sink.hears(3).await;
    assert_eq!(&heard[2].1, body, "replayed, byte by byte");

    // Another secret, switched off, deleted.
    let changed = admin.done("updateWebhook", json!({ "id": id, "newSecret": true, "active": false })).await;
    assert!(changed["secret"].as_str().is_some_and(|new| new != secret));
    assert_eq!(changed["webhook"]["active"], false);
    assert_eq!(admin.refused("testWebhook", json!({ "id": id })).await.code, "INVALID_STATE");
    let stored: i64 =
        sqlx::query_scalar("select count(*) from webhooks where position($1::bytea in secret) > 0")
            .bind(secret.as_bytes())
            .fetch_one(&app.pool().await)
            .await
            .expect("read");
    assert_eq!(stored, 0, "a secret does not stand in the database");
    let left = admin.done("deleteWebhook", json!({ "id": id })).await;
    assert_eq!(left["webhooks"], json!([]));
    assert_eq!(admin.read(WEBHOOKS, json!({})).await["webhooks"], json!([]));
    let gone = admin.gql(DELIVERIES, json!({ "id": id })).await;
    assert_eq!(gone.code(), Some("NOT_FOUND"));
    let logged: Vec<(String, i64)> = sqlx::query_as(
        "select action, count(*) from access_log where action ~* 'webhook' and outcome = 'allowed'
           and detail is null group by 1 order by 1",
    )
    .fetch_all(&app.pool().await)
    .await
    .expect("read");
    let logged: Vec<_> = logged.iter().map(|(action, count)| (action.as_str(), *count)).collect();
    assert_eq!(
        logged,
        [
            ("createWebhook", 1),
            ("deleteWebhook", 1),
            ("replayWebhookDelivery", 1),
            ("testWebhook", 1),
            ("updateWebhook", 1)
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_does_not_lead_inside() {
    let app = TestApp::start().await;
    let admin = app.login(Role::Admin).await;
    let own = app.url().to_owned();
    for (url, why) in [
        ("http://127.0.0.1:9/", "a loopback address"),
        (own.as_str(), "a loopback address"),
        ("http://localhost:9/", "a loopback address"),
        ("http://[::1]:9/", "a loopback address"),
        ("http://[::ffff:7f00:1]/", "an IPv4 address in disguise"),
        ("http://2130706433/", "a loopback address"),
        ("http://169.254.169.254/latest/meta-data/", "a link-local address"),
        ("http://[fd00:ec2::254]/", "a private address"),
        ("http://192.168.0.1/", "a private address"),
        ("ftp://example.com/", "neither http nor https"),
        ("https://ann:secret@example.com/", "a user name or password"),
        ("https://example.com/\r\nHost: evil", "spaces or control characters"),
        ("nonsense", "no URL"),
    ] {
        let input = json!({ "name": "Inside", "url": url, "events": [] });
        let refused = admin.refused("createWebhook", input).await;
        assert_eq!((refused.code.as_str(), refused.field.as_str()), ("INVALID_INPUT", "url"), "{url}");
        assert!(
            refused.message.contains(why) && !refused.message.contains("secret"),
            "{url}: {}",
            refused.message
        );
    }
    assert_eq!(admin.read(WEBHOOKS, json!({})).await["webhooks"], json!([]));
}

/// HMAC-SHA-256 by its definition (RFC 2104), so that the product is not held against itself.
fn hmac_sha256(key: &str, text: &str) -> String {
    use sha2::{Digest, Sha256};
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key.as_bytes());
    let pad = |with: u8| block.map(|byte| byte ^ with);
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(text).finalize();
    let outer = Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize();
    outer.iter().map(|byte| format!("{byte:02x}")).collect()
}
