//! Service accounts and their keys: what a program can do with one, and what ends it.

use crate::app::TestApp;
use crate::client::{Client, local_id};
use crate::story::POWERSHELL;
use aegis_aggregates::actor::Role;
use chrono::{Duration, Utc};
use serde_json::{Value, json};

const TESTS: &str = "{ tests { totalCount } }";
const ACCOUNTS: &str = "{ serviceAccounts { totalCount nodes { id name description role active keys {
    id label scope usable expiresAt lastUsedAt lastUsedFrom revokedAt } } } }";

async fn assert_worth_nothing(client: &Client, why: &str) {
    let answer = client.ask(TESTS).await;
    assert_eq!((answer.status, answer.code()), (401, Some("UNAUTHENTICATED")), "{why}: {}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_works_with_a_key_and_nobody_else_knows_it() {
    let app = TestApp::start().await;
    let admin = app.login(Role::Admin).await;
    let program = app.program(Role::RedTech, "WRITE").await;
    let me = program
        .client
        .ask("{ me { apiKeyId secondFactorRequired user { username service role } permissions } }")
        .await;
    assert_eq!(me.data()["me"]["apiKeyId"], program.key.as_str());
    assert_eq!(me.data()["me"]["user"]["service"], true);
    let may = me.data()["me"]["permissions"].as_array().expect("a list").clone();
    assert!(may.contains(&json!("draftTest")) && !may.contains(&json!("changePassword")), "{may:?}");
    // What it does is its own.
    let query = "mutation ($input: DraftTestInput!) { draftTest(input: $input) {
        test { createdBy { name } } userErrors { code } } }";
    let input = json!({ "input": { "attackId": POWERSHELL, "title": "By a program" } });
    let drafted = program.client.gql(query, input.clone()).await;
    let name = drafted.payload()["test"]["createdBy"]["name"].as_str().expect("a name").to_owned();
    assert!(name.starts_with("program."), "{name}");

    // Last use is seen; the secret is not, anywhere.
    let listed = admin.read(ACCOUNTS, json!({})).await;
    let account = &listed["serviceAccounts"]["nodes"][0];
    assert_eq!((&account["role"], &account["name"]), (&json!("RED_TECH"), &json!(name)));
    let key = &account["keys"][0];
    assert_eq!(
        (&key["label"], &key["scope"], &key["usable"]),
        (&json!("first"), &json!("WRITE"), &json!(true))
    );
    assert!(
        key["lastUsedAt"].is_string()
            && key["lastUsedFrom"].as_str().is_some_and(|from| from.starts_with("127.0.")),
        "{key}"
    );
    let secret = program.token.rsplit('_').next().expect("three parts");
    let pool = app.pool().await;
    let tables: Vec<String> =
        sqlx::query_scalar("select tablename::text from pg_tables where schemaname = 'public'")
            .fetch_all(&pool)
            .await
            .expect("tables");
    for table in tables {
        let query = format!("select count(*) from {table} t where strpos(t::text, $1) > 0");
        let found: i64 = sqlx::query_scalar(&query).bind(secret).fetch_one(&pool).await.expect("a count");
        assert_eq!(found, 0, "the secret stands in {table}");
    }
    // People are not programs, and programs are not listed among them.
    let people = admin.read("{ users { nodes { username } } people { name } }", json!({})).await;
    assert!(!people.to_string().contains(&name), "{people}");
    let input =
        json!({ "id": admin.id, "label": "x", "scope": "READ", "expiresAt": Utc::now() + Duration::days(1) });
    let refused = admin.mutate("issueApiKey", input).await;
    assert_eq!(refused.code(), Some("NOT_FOUND"));
    // Nor does it count as a cookie, which browsers send unasked.
    let cookie = app.stranger().cookie(&program.token);
    assert_eq!(cookie.ask("{ me { expiresAt } }").await.data()["me"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_key_reads_and_changes_nothing() {
    let app = TestApp::start().await;
    let program = app.program(Role::Admin, "READ").await;
    assert_eq!(program.client.ask("{ users { totalCount } jobs { totalCount } }").await.code(), None);
    let events = program.client.subscribe("subscription { events { type } }", json!({})).await;
    drop(events);
    let drafted = program.client.ask("mutation { takeSomething: logout { userErrors { code } } }").await;
    assert_eq!(drafted.code(), Some("FORBIDDEN"));
    let query = "mutation ($input: DraftTestInput!) { draftTest(input: $input) { userErrors { code } } }";
    let input = json!({ "input": { "attackId": POWERSHELL, "title": "By a program" } });
    assert_eq!(program.client.gql(query, input).await.code(), Some("FORBIDDEN"));
    let upload = program.client.upload("empty.json", b"{}".to_vec()).await;
    assert_eq!((upload.status, upload.code()), (403, Some("FORBIDDEN")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_a_key_ends_it_at_once_on_every_server() {
    let app = TestApp::start().await;
    let there = app.replica();
    let admin = app.login(Role::Admin).await;
    let at = |token: &str| Client::new(there.url(), std::net::Ipv4Addr::LOCALHOST).bearer(token);
    let revoked = app.program(Role::Viewer, "WRITE").await;
    let closed = app.program(Role::Viewer, "WRITE").await;
    let erased = app.program(Role::Viewer, "WRITE").await;
    for program in [&revoked, &closed, &erased] {
        assert_eq!(at(&program.token).ask(TESTS).await.code(), None);
    }
    let mut stream = at(&revoked.token).subscribe("subscription { events { type } }", json!({})).await;
    admin.done("revokeApiKey", json!({ "id": revoked.key })).await;
    assert_worth_nothing(&at(&revoked.token), "revoked, elsewhere").await;
    assert_worth_nothing(&revoked.client, "revoked").await;
    // What was open ends by itself.
    let end = stream.find(|result| result.get("errors").is_some()).await;
    assert_eq!(crate::client::code_of(&end), Some("UNAUTHENTICATED"));
    let again = admin.refused("revokeApiKey", json!({ "id": revoked.key })).await;
    assert_eq!(again.code, "INVALID_STATE");

    admin.done("deactivateUser", json!({ "id": closed.account })).await;
    assert_worth_nothing(&at(&closed.token), "its account is closed, elsewhere").await;
    assert_worth_nothing(&closed.client, "its account is closed").await;
    admin.done("reactivateUser", json!({ "id": closed.account })).await;
    assert_eq!(closed.client.ask(TESTS).await.code(), None, "open again, its keys count again");

    admin.done("deactivateUser", json!({ "id": erased.account })).await;
    let name = admin
        .read(
            "query ($id: ID!) { node(id: $id) { ... on User { username } } }",
            json!({ "id": erased.account }),
        )
        .await;
    let input = json!({ "id": erased.account, "username": name["node"]["username"] });
    admin.done("eraseUser", input).await;
    assert_worth_nothing(&erased.client, "its account was erased").await;

    // By time.
    let input = json!({ "id": closed.account, "label": "short", "scope": "READ", "expiresAt": Utc::now() + Duration::seconds(2) });
    let issued = admin.done("issueApiKey", input).await;
    let short = app.stranger().bearer(issued["token"].as_str().expect("a token"));
    crate::process::eventually("the key ends", std::time::Duration::from_secs(30), || {
        tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(async { short.ask(TESTS).await.status == 401 })
        })
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_none_are_worth_nothing() {
    let app = TestApp::start().await;
    let program = app.program(Role::Viewer, "WRITE").await;
    let other = app.program(Role::Viewer, "WRITE").await;
    let (head, secret) = program.token.rsplit_once('_').expect("three parts");
    let other_head = other.token.rsplit_once('_').expect("three parts").0;
    for (token, why) in [
        (format!("{other_head}_{secret}"), "the secret of another key"),
        (format!("{head}_{}", "0".repeat(64)), "another secret"),
        (format!("{head}_"), "no secret"),
        (head.to_owned(), "two parts"),
        (format!("{}x", program.token), "one letter more"),
        (program.token.to_uppercase(), "in large letters"),
        ("aegis_".to_owned(), "a prefix"),
        ("aegis__".to_owned(), "blanks"),
        (format!("aegis_{}_{secret}", uuid::Uuid::new_v4().simple()), "a key that is not"),
    ] {
        assert_worth_nothing(&app.stranger().bearer(&token), why).await;
    }
    // A cookie goes along unasked, so that it is no place for a key.
    let as_cookie = app.stranger().cookie(&program.token).ask(TESTS).await;
    assert_eq!(as_cookie.code(), Some("UNAUTHENTICATED"), "as a cookie");
    assert_eq!(program.client.ask(TESTS).await.code(), None, "the key itself");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_shown_once_however_often_it_is_asked_for() {
    let app = TestApp::start().await;
    let admin = app.login(Role::Admin).await;
    let program = app.program(Role::Viewer, "READ").await;
    let expires_at = Utc::now() + Duration::days(1);
    let input = json!({ "id": program.account, "label": "second", "scope": "READ", "expiresAt": expires_at,
        "clientMutationId": uuid::Uuid::new_v4() });
    let first = admin.done("issueApiKey", input.clone()).await;
    assert!(first["token"].is_string());
    let second = admin.done("issueApiKey", input).await;
    assert_eq!(second["token"], Value::Null);
    assert_eq!(second["position"], first["position"]);
    let listed = admin.read(ACCOUNTS, json!({})).await;
    assert_eq!(listed["serviceAccounts"]["nodes"][0]["keys"].as_array().expect("keys").len(), 2);
    for (days, label) in [(-1, "past"), (367, "for ever")] {
        let input = json!({ "id": program.account, "label": label, "scope": "READ", "expiresAt": Utc::now() + Duration::days(days) });
        let refused = admin.refused("issueApiKey", input).await;
        assert_eq!((refused.code.as_str(), refused.field.as_str()), ("INVALID_INPUT", "expiresAt"));
    }
    let secrets: i64 = sqlx::query_scalar("select count(*) from api_key_secrets where account = $1::uuid")
        .bind(local_id(&program.account))
        .fetch_one(&app.pool().await)
        .await
        .expect("a count");
    assert_eq!(secrets, 2, "nothing is left of those that were refused");
}
