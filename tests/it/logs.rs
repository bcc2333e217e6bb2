//! The log: what is in it, what never is, and that nobody forges its lines.

use crate::app::{PASSWORD, SECRET_KEY, TestApp};
use crate::client::Answer;
use crate::evidence::{add, announcement, evidence, executing};
use crate::story::POWERSHELL;
use aegis_aggregates::actor::Role;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Everything that our own parts have to say.
const ALL_OF_OURS: &str = "info,aegis=trace,aegis_api=trace,aegis_workers=trace,aegis_projections=trace";
/// An image whose bytes can be told.
const EVIDENCE: &[u8] = b"\x89PNG\r\n\x1a\n-what-a-file-of-evidence-holds";
/// What forges a line, and what colours a terminal.
const EVIL: &str = "x\r\n2026-01-01T00:00:00Z ERROR forged\u{1b}[31m\u{85}\u{2028}";

/// Sends names, paths and headers that would like to be lines of the log.
async fn inject(app: &TestApp) {
    let client = app.stranger();
    client.try_sign_in(EVIL, "Wrong-Password-1").await;
    let admin = app.login(Role::Admin).await;
    let input = json!({ "username": EVIL, "role": "VIEWER", "password": PASSWORD });
    assert_ne!(admin.mutate("createUser", input).await.payload()["userErrors"], json!([]));
    for path in ["/x%0d%0aERROR%20forged", "/graphql?query=%0d%0aERROR%1b%5b31m", "/%e2%80%a8forged"] {
        Answer::to(client.get(path).header("user-agent", "forged\u{80}")).await;
    }
    let upload = admin.client.upload("evil\r\nERROR forged.json", b"{}".to_vec()).await;
    assert_eq!(upload.status, 200, "{}", upload.body);
    // What no client writes: bare control characters.
    for raw in [
        &b"GET /\x1b[31mforged HTTP/1.1\r\nhost: a\r\n\r\n"[..],
        b"GET / HTTP/1.1\r\nhost: a\r\nx: \x1b[31mforged\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\nx: a\rb\r\n\r\n",
        b"\x1b[31mforged / HTTP/1.1\r\nhost: a\r\n\r\n",
    ] {
        let address = app.url().trim_start_matches("http://").to_owned();
        let mut stream = TcpStream::connect(address).await.expect("it accepts");
        stream.write_all(raw).await.expect("it takes it");
        stream.shutdown().await.expect("it is ours");
        let mut heard = vec![];
        let _ = tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut heard)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_forges_a_line_of_the_log() {
    let app = TestApp::start_with(|settings| settings.set("RUST_LOG", ALL_OF_OURS)).await;
    inject(&app).await;
    let log = app.server().errors();
    assert!(log.contains("interface"), "requests are in it: {log}");
    for line in log.lines() {
        let time = line.get(..20).unwrap_or_default();
        assert!(time.starts_with("20") && time.contains('T'), "a line of somebody else: {line:?}");
        assert!(!line.contains(|c: char| c.is_control() || c == '\u{2028}'), "{line:?}");
        assert!(!line[20..].starts_with(" ERROR forged"), "{line:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_json_where_that_is_set() {
    let app =
        TestApp::start_with(|settings| settings.set("RUST_LOG", ALL_OF_OURS).set("AEGIS_LOG_FORMAT", "json"))
            .await;
    inject(&app).await;
    let log = app.server().errors();
    let mut requests = 0;
    for line in log.lines() {
        let event: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        assert!(event["timestamp"].is_string() && event["level"].is_string(), "{line}");
        requests += usize::from(event["span"]["correlation"].is_string());
    }
    assert!(requests > 0, "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_of_an_internal_error_is_in_the_log_and_in_the_answers_header() {
    let app = TestApp::start().await;
    let red = app.login(Role::RedTech).await;
    let fine = Answer::to(red.client.get("/healthz").header("aegis-correlation", "mine")).await;
    let id = fine.headers["aegis-correlation"].to_str().expect("ASCII");
    assert!(id.parse::<uuid::Uuid>().is_ok(), "it is made here: {id}");

    sqlx::query("alter table saved_filters rename to saved_filters_gone")
        .execute(&app.pool().await)
        .await
        .expect("a superuser may");
    let failed = red.gql("{ savedFilters { id } }", json!({})).await;
    assert_eq!(failed.code(), Some("INTERNAL"), "{}", failed.body);
    let id = failed.headers["aegis-correlation"].to_str().expect("ASCII");
    let message = failed.body["errors"][0]["message"].as_str().expect("a message");
    assert!(message.contains(&format!("Reference {id}.")) && !message.contains("saved_filters"), "{message}");
    // A mutation works in a task of its own.
    let input = json!({ "page": "tests", "name": "Mine", "query": "state=DRAFT" });
    let mutated = red.mutate("saveFilter", input).await;
    let of_mutation = mutated.headers["aegis-correlation"].to_str().expect("ASCII");
    assert!(
        mutated.body["errors"][0]["message"].as_str().is_some_and(|text| text.contains(of_mutation)),
        "{}",
        mutated.body
    );
    let log = app.server().errors();
    for id in [id, of_mutation] {
        let told =
            log.lines().find(|line| line.contains(id)).unwrap_or_else(|| panic!("{id} is not in {log}"));
        assert!(told.contains("ERROR") && told.contains("saved_filters"), "it says why: {told}");
    }
    // The record has the same id.
    let drafted = red.mutate("draftTest", json!({ "attackId": POWERSHELL, "title": "Tied together" })).await;
    let id = drafted.headers["aegis-correlation"].to_str().expect("ASCII");
    let recorded: String =
        sqlx::query_scalar("select metadata->>'correlation' from events where aggregate_type = 'test'")
            .fetch_one(&app.pool().await)
            .await
            .expect("one event");
    assert_eq!(recorded, id);
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_never_in_the_log() {
    let app = TestApp::start_with(|settings| settings.set("RUST_LOG", "trace")).await;
    let admin = app.login(Role::Admin).await;
    let red = app.another(Role::RedTech).await.change_password("Another-Horse-10").await;
    app.stranger().try_sign_in("admin", "Not-The-Password-11").await;
    // It happens that somebody types the password where the name goes.
    app.stranger().try_sign_in("Typed-In-The-Wrong-Field-13", "Not-The-Password-11").await;
    let input = json!({ "username": "made", "role": "VIEWER", "password": "Given-By-An-Admin-12" });
    admin.done("createUser", input).await;
    let reset = admin.done("resetUserPassword", json!({ "id": red.id })).await;
    let generated = reset["generatedPassword"].as_str().expect("one is generated").to_owned();
    red.client.cookie(&red.token).ask("{ me { expiresAt } }").await;
    // Signed links, to put a file and to get it.
    let crew = app.crew().await;
    let test = executing(&app, &crew).await;
    add(&crew.red_tech, announcement(&test, "RED", EVIDENCE), EVIDENCE).await;
    let (_, files) = evidence(&crew.red_tech, &test).await;
    let link = files[0]["downloadUrl"].as_str().expect("a link").to_owned();
    assert_eq!(Answer::to(app.stranger().get(&link)).await.status, 200);
    let (_, link) = link.split_once("token=").expect("it is signed");
    let log = app.server().errors();
    assert!(log.contains("TRACE"), "everything is in it");
    let secrets = [
        PASSWORD.to_owned(),
        SECRET_KEY.to_owned(),
        "Another-Horse-10".to_owned(),
        "Not-The-Password-11".to_owned(),
        "Given-By-An-Admin-12".to_owned(),
        "Typed-In-The-Wrong-Field-13".to_owned(),
        generated,
        admin.token.clone(),
        red.token.clone(),
        link.to_owned(),
        String::from_utf8_lossy(&EVIDENCE[8..]).into_owned(),
    ];
    for secret in secrets {
        let told = log.lines().find(|line| line.contains(&secret));
        assert_eq!(told, None, "a secret is in the log");
    }
}
