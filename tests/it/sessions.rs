//! Signing in and out, what carries a session, and what ends it.

use crate::app::{PASSWORD, SECRET_KEY, TestApp};
use crate::client::{Answer, Client, code_of, local_id};
use crate::process::Installation;
use aegis_aggregates::actor::Role;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const ME: &str = "{ me { expiresAt user { username } } }";
const TESTS: &str = "{ tests { totalCount } }";
const STREAM: &str = "subscription { events { type } }";
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// What a token says, unchecked.
fn claims(token: &str) -> Value {
    let body = token.split('.').nth(1).expect("a token has three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).expect("base64")).expect("JSON")
}

fn signed(algorithm: Algorithm, key: &str, claims: &Value) -> String {
    jsonwebtoken::encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(key.as_bytes()))
        .expect("it signs")
}

/// The same claims with some of them changed.
fn with(claims: &Value, changes: &[(&str, Value)]) -> Value {
    let mut claims = claims.clone();
    for (name, value) in changes {
        claims[*name] = value.clone();
    }
    claims
}

fn in_seconds(seconds: i64) -> Value {
    json!(Utc::now().timestamp() + seconds)
}

async fn assert_signed_out(client: &Client, why: &str) {
    let answer = client.ask(ME).await;
    // A script is told that its token is none; a browser that sends a cookie is nobody.
    if answer.status == 401 {
        assert_eq!(answer.code(), Some("UNAUTHENTICATED"), "{why}: {}", answer.body);
        assert_eq!(answer.headers["www-authenticate"], "Bearer error=\"invalid_token\"", "{why}");
    } else {
        assert_eq!(answer.data()["me"], Value::Null, "{why}");
    }
    let refused = client.ask(TESTS).await;
    assert_eq!(refused.code(), Some("UNAUTHENTICATED"), "{why}: {}", refused.body);
}

async fn assert_signed_in(client: &Client, why: &str) {
    let answer = client.ask(TESTS).await;
    assert_eq!(answer.code(), None, "{why}: {}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_is_kept_from_scripts_and_slides_with_use() {
    let app = TestApp::start().await;
    let admin = app.login(Role::Admin).await;
    let client = app.stranger();
    let answer = client.try_sign_in("admin", PASSWORD).await;
    let (token, attributes) = answer.cookie().expect("a cookie");
    assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Strict; Max-Age=900");
    assert_eq!(answer.data()["login"]["token"], token.as_str());
    assert_eq!(answer.headers["cache-control"], "no-store");
    let fresh = claims(&token);
    let lifetime = fresh["exp"].as_i64().expect("seconds") - fresh["auth_time"].as_i64().expect("seconds");
    assert_eq!(lifetime, 15 * MINUTE);
    assert_eq!(fresh["sub"], local_id(&admin.id));

    // Fresh: nothing new to say. Used later: the same session, another quarter of an hour.
    assert_eq!(client.cookie(&token).ask(ME).await.cookie(), None);
    let older = with(
        &fresh,
        &[
            ("auth_time", in_seconds(-HOUR)),
            ("iat", in_seconds(-10 * MINUTE)),
            ("exp", in_seconds(5 * MINUTE)),
        ],
    );
    let older_token = signed(Algorithm::HS256, SECRET_KEY, &older);
    let slid = client.cookie(&older_token).ask(ME).await;
    assert_ne!(slid.data()["me"], Value::Null);
    let (next, attributes) = slid.cookie().expect("the session slides on");
    assert!(attributes.starts_with("Path=/; HttpOnly; SameSite=Strict; Max-Age="), "{attributes}");
    let next = claims(&next);
    assert_eq!((&next["jti"], &next["auth_time"]), (&older["jti"], &older["auth_time"]));
    let left = next["exp"].as_i64().expect("seconds") - Utc::now().timestamp();
    assert!((15 * MINUTE - 5..=15 * MINUTE).contains(&left), "{left} s");
    assert_eq!(client.bearer(&older_token).ask(ME).await.cookie(), None, "scripts get no cookies");

    // Twelve hours are the end, however busy.
    let nearly =
        with(&fresh, &[("auth_time", in_seconds(-12 * HOUR + 5 * MINUTE)), ("exp", in_seconds(MINUTE))]);
    let (last, _) = client
        .cookie(&signed(Algorithm::HS256, SECRET_KEY, &nearly))
        .ask(ME)
        .await
        .cookie()
        .expect("it slides");
    let left = claims(&last)["exp"].as_i64().expect("seconds") - Utc::now().timestamp();
    assert!((4 * MINUTE..=5 * MINUTE).contains(&left), "{left} s");
    let over = with(&fresh, &[("auth_time", in_seconds(-12 * HOUR - 1)), ("exp", in_seconds(MINUTE))]);
    assert_signed_out(
        &client.cookie(&signed(Algorithm::HS256, SECRET_KEY, &over)),
        "older than twelve hours",
    )
    .await;

    // What is answered over an expired session is not renewed.
    let expired = with(&fresh, &[("exp", in_seconds(-1))]);
    let answer = client.cookie(&signed(Algorithm::HS256, SECRET_KEY, &expired)).ask(ME).await;
    assert_eq!((answer.cookie(), &answer.data()["me"]), (None, &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_are_not_ours_are_worth_nothing() {
    let app = TestApp::start().await;
    let viewer = app.login(Role::Viewer).await;
    let ours = claims(&viewer.token);
    assert_signed_in(&viewer.client, "the token itself").await;
    let honest = signed(Algorithm::HS256, SECRET_KEY, &ours);
    assert_signed_in(
        &viewer.client.bearer(&honest),
        "the same claims under our key: the forgeries below are like it",
    )
    .await;

    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let (head, signature) = viewer.token.rsplit_once('.').expect("three parts");
    let admin = claims(&app.login(Role::Admin).await.token);
    let forged_body =
        format!("{}.{}.{signature}", viewer.token.split('.').next().expect("a head"), encode(&admin));
    let unsigned = |algorithm: &str, signature: &str| {
        format!("{}.{}.{signature}", encode(&json!({ "alg": algorithm, "typ": "JWT" })), encode(&ours))
    };
    let without = |name: &str| {
        let mut claims = ours.clone();
        claims.as_object_mut().expect("claims").remove(name);
        signed(Algorithm::HS256, SECRET_KEY, &claims)
    };
    // Signed with the key that its header tells us to use, which we do not.
    let with_header = |more: Value| {
        let mut header = json!({ "alg": "HS256", "typ": "JWT" });
        for (name, value) in more.as_object().expect("an object") {
            header[name] = value.clone();
        }
        let signed = format!("{}.{}", encode(&header), encode(&ours));
        let key = EncodingKey::from_secret(b"attacker");
        let signature =
            jsonwebtoken::crypto::sign(signed.as_bytes(), &key, Algorithm::HS256).expect("it signs");
        format!("{signed}.{signature}")
    };
    let mut broken = signature.as_bytes().to_vec();
    broken[0] = if broken[0] == b'A' { b'B' } else { b'A' };
    for (token, why) in [
        (
            signed(Algorithm::HS256, SECRET_KEY, &with(&ours, &[("exp", in_seconds(-1))])),
            "expired a second ago",
        ),
        (signed(Algorithm::HS256, "another key of the same length, more or less, 012", &ours), "another key"),
        (signed(Algorithm::HS256, "", &ours), "the empty key"),
        (signed(Algorithm::HS512, SECRET_KEY, &ours), "another algorithm under our key"),
        (
            signed(Algorithm::HS256, SECRET_KEY, &with(&ours, &[("aud", json!("another"))])),
            "another audience",
        ),
        (
            signed(Algorithm::HS256, SECRET_KEY, &with(&ours, &[("sub", json!(uuid::Uuid::new_v4()))])),
            "an account that is not",
        ),
        (signed(Algorithm::HS256, SECRET_KEY, &with(&ours, &[("nbf", in_seconds(HOUR))])), "not valid yet"),
        (with_header(json!({ "kid": "../../../../dev/null" })), "a key named by a path"),
        (with_header(json!({ "kid": "' union select 'key" })), "a key named by a query"),
        (with_header(json!({ "jku": "http://127.0.0.1:1/keys.json" })), "keys from an address"),
        (with_header(json!({ "jwk": { "kty": "oct", "k": "YXR0YWNrZXI" } })), "a key of its own"),
        (without("aud"), "no audience"),
        (without("exp"), "no end"),
        (without("jti"), "no id to revoke it by"),
        (unsigned("none", ""), "alg none"),
        (unsigned("none", signature), "alg none with a signature"),
        (unsigned("NONE", ""), "alg NONE"),
        (unsigned("RS256", signature), "alg RS256 over our key"),
        (forged_body, "another body under the same signature"),
        (format!("{head}."), "no signature"),
        (
            format!("{head}.{}", String::from_utf8(broken).expect("ASCII")),
            "a signature with one letter changed",
        ),
        (head.to_owned(), "two parts"),
        (String::new(), "nothing"),
        ("..".to_owned(), "dots"),
        ("x".repeat(6_000), "noise"),
    ] {
        assert_signed_out(&viewer.client.bearer(&token), &format!("bearer, {why}")).await;
        assert_signed_out(&viewer.client.cookie(&token), &format!("cookie, {why}")).await;
    }
    // A bearer token goes before the cookie; a bad one is not made good by it.
    let both =
        viewer.client.bearer("x").post("/graphql").header("cookie", format!("aegis_token={}", viewer.token));
    let answer = Answer::to(both.header("aegis-request", "1").json(&json!({ "query": TESTS }))).await;
    assert_eq!(answer.code(), Some("UNAUTHENTICATED"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_a_session_ends_it_at_once_and_its_streams_soon() {
    let app = TestApp::start().await;
    let admin = app.login(Role::Admin).await;
    let leaver = app.another(Role::Viewer).await;
    let closed = app.another(Role::RedTech).await;
    let promoted = app.another(Role::Viewer).await;
    let stays = app.login(Role::BlueTech).await;
    let mut streams = vec![];
    for user in [&leaver, &closed, &promoted, &stays] {
        streams.push(user.client.subscribe("subscription { events { type } }", json!({})).await);
    }

    // Signing out revokes the token, what it slid to, and no other session.
    let elsewhere = app.sign_in(&leaver.username, PASSWORD).await;
    let later = with(&claims(&leaver.token), &[("exp", in_seconds(14 * MINUTE))]);
    let slid = leaver.client.bearer(&signed(Algorithm::HS256, SECRET_KEY, &later));
    assert_signed_in(&slid, "the session as it slid on").await;
    let answer = leaver.client.cookie(&leaver.token).ask("mutation { logout { userErrors { code } } }").await;
    let (value, attributes) = answer.cookie().expect("the cookie is taken back");
    assert_eq!((value.as_str(), attributes.as_str()), ("", "Path=/; HttpOnly; SameSite=Strict; Max-Age=0"));
    assert_signed_out(&leaver.client, "signed out").await;
    assert_signed_out(&slid, "signed out elsewhere").await;
    assert_signed_in(&elsewhere.client, "another session of the same person").await;
    let upload = leaver.client.upload("x.json", b"{}".to_vec()).await;
    assert_eq!((upload.status, upload.code()), (401, Some("UNAUTHENTICATED")));

    // A closed account's next request is refused, and it cannot sign in.
    assert_signed_in(&closed.client, "open").await;
    admin.done("deactivateUser", json!({ "id": closed.id })).await;
    assert_signed_out(&closed.client, "closed").await;
    let refused = app.stranger().try_sign_in(&closed.username, PASSWORD).await;
    assert_eq!(refused.code(), Some("UNAUTHENTICATED"));
    admin.done("reactivateUser", json!({ "id": closed.id })).await;
    assert_signed_out(&closed.client, "what was closed stays closed, though the account is open again").await;
    assert_signed_in(&app.sign_in(&closed.username, PASSWORD).await.client, "open again").await;
    admin.done("deactivateUser", json!({ "id": closed.id })).await;

    // Another role bites on the next request, both ways.
    let draft = json!({ "attackId": "T1059.001", "title": "Mine" });
    assert_eq!(promoted.mutate("draftTest", draft.clone()).await.code(), Some("FORBIDDEN"));
    admin.done("updateUser", json!({ "id": promoted.id, "role": "RED_TECH" })).await;
    promoted.done("draftTest", draft.clone()).await;
    admin.done("updateUser", json!({ "id": promoted.id, "role": "VIEWER" })).await;
    assert_eq!(promoted.mutate("draftTest", draft.clone()).await.code(), Some("FORBIDDEN"));
    admin.done("updateUser", json!({ "id": promoted.id, "role": "BLUE_TECH" })).await;

    // The last admin stays.
    let last = admin.refused("deactivateUser", json!({ "id": admin.id })).await;
    assert_eq!(last.code, "INVALID_STATE");
    let last = admin.refused("updateUser", json!({ "id": admin.id, "role": "VIEWER" })).await;
    assert_eq!((last.code.as_str(), last.field.as_str()), ("INVALID_STATE", "role"));

    // Open streams of ended sessions say why and end; others go on.
    let [mut leavers, mut closeds, mut promoteds, mut stayers]: [_; 4] =
        streams.try_into().ok().expect("four streams");
    for (stream, whose) in
        [(&mut leavers, "signed out"), (&mut closeds, "closed"), (&mut promoteds, "another role")]
    {
        let end = stream.find(|result| result.get("errors").is_some()).await;
        assert_eq!(code_of(&end), Some("UNAUTHENTICATED"), "{whose}");
        assert_eq!(stream.next().await, None, "{whose}");
    }
    let red_tech = app.login(Role::RedTech).await;
    red_tech.done("draftTest", draft).await;
    stayers.find(|result| result["data"]["events"]["type"] == "TestDrafted").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_every_session_but_the_one_that_chose_it() {
    let app = TestApp::start().await;
    let admin = app.login(Role::Admin).await;
    let owner = app.another(Role::RedTech).await;
    let other = app.another(Role::RedTech).await;
    let stolen = owner.clone();
    let elsewhere = app.sign_in(&owner.username, PASSWORD).await;
    let mut stream = elsewhere.client.subscribe(STREAM, json!({})).await;

    // A browser gets the new token as a cookie, in the same second in which the old ones were given out.
    let browser = app.stranger().cookie(&owner.token);
    let query = "mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { token userErrors { code } } }";
    let change =
        |current: &str, next: &str| json!({ "input": { "currentPassword": current, "newPassword": next } });
    let answer = browser.gql(query, change(PASSWORD, "Another-Word-2")).await;
    let (cookie, attributes) = answer.cookie().expect("a cookie in place of the old one");
    assert!(attributes.starts_with("Path=/; HttpOnly; SameSite=Strict; Max-Age="), "{attributes}");
    assert_eq!(answer.payload()["token"], cookie.as_str());
    let browser = app.stranger().cookie(&cookie);
    assert_signed_in(&browser, "whoever chose the password goes on").await;
    for (client, whose) in [(&stolen.client, "a copy"), (&elsewhere.client, "a session elsewhere")] {
        assert_signed_out(client, whose).await;
        assert_signed_out(&client.cookie(&stolen.token), whose).await;
    }
    let slid = with(&claims(&stolen.token), &[("exp", in_seconds(14 * MINUTE))]);
    assert_signed_out(&browser.cookie(&signed(Algorithm::HS256, SECRET_KEY, &slid)), "as it slid on").await;
    let end = stream.find(|result| result.get("errors").is_some()).await;
    assert_eq!(code_of(&end), Some("UNAUTHENTICATED"));
    assert_signed_in(&other.client, "other people").await;

    // What is refused ends nothing.
    let refused = browser.gql(query, change("wrong", "Another-Word-3")).await;
    assert_eq!((refused.cookie(), refused.payload()["token"].clone()), (None, Value::Null));
    assert_signed_in(&browser, "a wrong password changes nothing").await;

    // Nor does another role, nor what is refused to an admin.
    admin.refused("reactivateUser", json!({ "id": owner.id })).await;
    admin.done("updateUser", json!({ "id": owner.id, "role": "BLUE_TECH" })).await;
    assert_signed_in(&browser, "another role").await;

    // Whoever knows the old password gets nothing of it; an admin's reset ends this session as well.
    let again = app.sign_in(&owner.username, "Another-Word-2").await;
    admin.done("resetUserPassword", json!({ "id": owner.id })).await;
    assert_signed_out(&browser, "reset").await;
    assert_signed_out(&again.client, "reset, elsewhere").await;
    assert_signed_in(&admin.client, "the admin who did it").await;
    // On the command line, too.
    let beside = app.another(Role::Viewer).await;
    app.installation().run(&["user", "reset", &beside.username]).printed();
    assert_signed_out(&beside.client, "reset on the command line").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_account_cannot_take_every_stream() {
    let app = TestApp::start().await;
    let (viewer, other) = (app.login(Role::Viewer).await, app.login(Role::RedTech).await);
    let mut open = vec![];
    for _ in 0..20 {
        open.push(viewer.client.subscribe(STREAM, json!({})).await);
    }
    let one_more = async |client: &Client| {
        let request =
            client.post("/graphql").header("aegis-request", "1").header("accept", "text/event-stream");
        request.json(&json!({ "query": STREAM })).send().await.expect("the server answers")
    };
    // Whichever session asks.
    for client in [&viewer.client, &app.sign_in(&viewer.username, PASSWORD).await.client] {
        let refused = one_more(client).await;
        assert_eq!(
            (refused.status().as_u16(), &refused.headers()["retry-after"]),
            (429, &"5".parse().expect("ASCII"))
        );
        let text = refused.text().await.expect("a body");
        assert!(text.contains("LIMIT_EXCEEDED") && text.contains("event streams"), "{text}");
    }
    assert_eq!(one_more(&other.client).await.status(), 200, "others may");
    assert_signed_in(&viewer.client, "and queries go on").await;
    // A place is free again when its stream goes; the server hears of it when it next writes.
    open.pop();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while one_more(&viewer.client).await.status() != 200 {
        assert!(std::time::Instant::now() < deadline, "the place is not given back");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_sites_cannot_send_requests_in_somebodys_name() {
    let app = TestApp::start().await;
    let admin = app.login(Role::Admin).await;
    let browser = admin.client.cookie(&admin.token);
    let host = app.url().trim_start_matches("http://").to_owned();
    let body = json!({ "query": "mutation { createUser(input: { username: \"x\", role: ADMIN }) { userErrors { code } } }" });
    let send = |header: Option<(&'static str, String)>, path: &'static str| {
        let mut request = browser.post(path).json(&body);
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        Answer::to(request)
    };
    for path in ["/graphql", "/uploads?filename=x.json"] {
        for (header, why) in [
            (None, "no header"),
            (Some(("origin", "https://evil.example".to_owned())), "a foreign origin"),
            (Some(("origin", "null".to_owned())), "no origin"),
            (Some(("origin", format!("http://{host}.evil.example"))), "an origin that begins like ours"),
            (Some(("origin", host.clone())), "no scheme"),
            (Some(("referer", format!("http://{host}/"))), "a referer"),
        ] {
            let answer = send(header, path).await;
            assert_eq!((answer.status, answer.code()), (403, Some("FORBIDDEN")), "{path}: {why}");
        }
    }
    // Nothing was done in the admin's name.
    let found = admin.read("{ users { nodes { username } } }", json!({})).await;
    assert_eq!(found["users"]["nodes"], json!([{ "username": "admin" }]));
    for header in [("origin", format!("http://{host}")), ("aegis-request", "1".to_owned())] {
        let answer = send(Some(header), "/uploads?filename=x.json").await;
        assert_eq!((answer.status, answer.code()), (200, None), "{}", answer.body);
    }
    // A script's token is not sent by a browser unasked; a GET changes nothing.
    let answer = Answer::to(admin.client.post("/graphql").json(&json!({ "query": ME }))).await;
    assert_eq!(answer.code(), None);
    let answer = Answer::to(
        browser.get("/graphql").query(&[("query", "mutation { logout { userErrors { code } } }")]),
    )
    .await;
    assert_eq!(answer.status, 405);
    assert_signed_in(&browser, "a GET signs nobody out").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_ins_are_counted_by_address() {
    let app = TestApp::start().await;
    let client = app.stranger();
    for _ in 0..5 {
        assert_eq!(client.try_sign_in("admin", "wrong").await.code(), Some("UNAUTHENTICATED"));
    }
    let late = client.try_sign_in("admin", PASSWORD).await;
    assert_eq!(late.code(), Some("RATE_LIMITED"), "the right password comes too late: {}", late.body);
    for header in ["x-forwarded-for", "forwarded", "x-real-ip"] {
        let request = client.post("/graphql").header(header, "203.0.113.9").header("aegis-request", "1");
        let query = format!(
            "mutation {{ login(input: {{ username: \"admin\", password: \"{PASSWORD}\" }}) {{ token }} }}"
        );
        let answer = Answer::to(request.json(&json!({ "query": query }))).await;
        assert_eq!(answer.code(), Some("RATE_LIMITED"), "{header} is anybody's word");
    }
    assert_eq!(app.stranger().try_sign_in("admin", PASSWORD).await.code(), None, "others may");

    // Many in one request count as many.
    let aliased = |count: usize| {
        let login =
            |n| format!("a{n}: login(input: {{ username: \"admin\", password: \"wrong{n}\" }}) {{ token }}");
        format!("mutation {{ {} }}", (0..count).map(login).collect::<Vec<_>>().join(" "))
    };
    let client = app.stranger();
    let hundred = client.ask(&aliased(100)).await;
    assert_eq!(hundred.code(), Some("LIMIT_EXCEEDED"), "{}", hundred.body);
    let ten = client.ask(&aliased(10)).await;
    let codes: Vec<_> = ten.body["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|error| error["extensions"]["code"].clone())
        .collect();
    // `login` never answers null, so the first refusal ends the request; either way the rest is not tried.
    assert!(codes.iter().all(|code| code == "UNAUTHENTICATED" || code == "RATE_LIMITED"), "{}", ten.body);
    let mut left = 0;
    while client.try_sign_in("admin", "wrong").await.code() == Some("UNAUTHENTICATED") {
        left += 1;
        assert!(left < 5, "the ten counted for nothing");
    }

    // At once, as one after the other.
    let client = app.stranger();
    let tries = (0..20).map(|_| client.try_sign_in("admin", "wrong"));
    let answers = futures::future::join_all(tries).await;
    let tried = answers.iter().filter(|answer| answer.code() == Some("UNAUTHENTICATED")).count();
    assert_eq!(tried, 5);
    assert!(answers.iter().all(|answer| matches!(answer.code(), Some("UNAUTHENTICATED" | "RATE_LIMITED"))));

    // All of it is remembered, with addresses and without secrets.
    let pool = app.pool().await;
    let log: Vec<(String, i64)> = sqlx::query_as(
        "select outcome, count(*) from access_log where action = 'sign_in' and address is not null group by outcome order by outcome",
    )
    .fetch_all(&pool)
    .await
    .expect("the log reads");
    let outcomes: BTreeSet<_> = log.iter().map(|(outcome, _)| outcome.as_str()).collect();
    assert_eq!(outcomes, BTreeSet::from(["allowed", "rate_limited", "refused"]), "{log:?}");
    let secrets: i64 =
        sqlx::query_scalar("select count(*) from access_log where access_log::text like '%wrong%'")
            .fetch_one(&pool)
            .await
            .expect("the log reads");
    assert_eq!(secrets, 0);
    pool.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_sign_in_does_not_tell_why() {
    let app = TestApp::start().await;
    let admin = app.login(Role::Admin).await;
    let closed = app.another(Role::Viewer).await;
    admin.done("deactivateUser", json!({ "id": closed.id })).await;
    let client = app.stranger();
    let wrong = client.try_sign_in("admin", "wrong").await;
    assert_eq!((wrong.status, wrong.code()), (200, Some("UNAUTHENTICATED")));
    assert_eq!(wrong.cookie(), None);
    for (username, password, why) in [
        ("nobody.of.that.name", "wrong", "an unknown name"),
        (closed.username.as_str(), PASSWORD, "a closed account"),
        ("admin", "", "an empty password"),
        ("' or 1=1 --", "wrong", "a name that is SQL"),
    ] {
        let answer = client.try_sign_in(username, password).await;
        assert_eq!((answer.status, &answer.body), (wrong.status, &wrong.body), "{why}");
    }
    // Names do not differ by case, and spaces around them are slips.
    assert_eq!(app.stranger().try_sign_in(" Admin ", PASSWORD).await.code(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_of_somebody_else_must_be_changed_first() {
    let app = TestApp::start().await;
    let admin = app.login(Role::Admin).await;
    let new = app.newcomer("new.one", Role::RedTech).await;
    let me = new.read("{ me { user { username mustChangePassword } } }", json!({})).await;
    assert_eq!(me["me"]["user"], json!({ "username": "new.one", "mustChangePassword": true }));
    assert_eq!(new.client.ask(TESTS).await.code(), Some("PASSWORD_CHANGE_REQUIRED"));

    let change = |current: &str, next: &str| json!({ "currentPassword": current, "newPassword": next });
    for (input, field, why) in [
        (change("wrong", "A-Good-Word-1"), "currentPassword", "the present one is wrong"),
        (change(&new.password, &new.password), "newPassword", "the same again"),
        (change(&new.password, "Short-1a"), "newPassword", "too short"),
        (change(&new.password, "nocapitals-123"), "newPassword", "no capital"),
        (change(&new.password, "NoDigitsAtAll-"), "newPassword", "no digit"),
        (change(&new.password, "NoSpecials1234"), "newPassword", "no special character"),
        (change(&new.password, "New.One-word-1"), "newPassword", "the name in it"),
        (change(&new.password, &format!("Aa1-{}", "x".repeat(300))), "newPassword", "too long"),
    ] {
        let refused = new.refused("changePassword", input).await;
        assert_eq!((refused.code.as_str(), refused.field.as_str()), ("INVALID_INPUT", field), "{why}");
    }
    assert_eq!(new.client.ask(TESTS).await.code(), Some("PASSWORD_CHANGE_REQUIRED"));
    let given = new.password.clone();
    let new = new.change_password(PASSWORD).await;
    assert_signed_in(&new.client, "changed").await;
    assert_eq!(app.stranger().try_sign_in("new.one", &given).await.code(), Some("UNAUTHENTICATED"));

    // A reset takes the old one away.
    let reset = admin.done("resetUserPassword", json!({ "id": new.id })).await;
    let given = reset["generatedPassword"].as_str().expect("shown once").to_owned();
    assert_eq!(reset["user"]["mustChangePassword"], true);
    assert_signed_out(&new.client, "a reset ends the open session").await;
    assert_eq!(app.stranger().try_sign_in("new.one", PASSWORD).await.code(), Some("UNAUTHENTICATED"));
    let again = app.sign_in("new.one", &given).await;
    assert_eq!(again.client.ask(TESTS).await.code(), Some("PASSWORD_CHANGE_REQUIRED"));

    // Names are plain, unique and no event holds one.
    for (username, why) in
        [("", "empty"), ("with space", "a space"), ("ümlaut", "not ASCII"), ("x\u{0}", "a NUL")]
    {
        let refused = admin.refused("createUser", json!({ "username": username, "role": "VIEWER" })).await;
        assert_eq!((refused.code.as_str(), refused.field.as_str()), ("INVALID_INPUT", "username"), "{why}");
    }
    let taken = admin.refused("createUser", json!({ "username": "NEW.one", "role": "VIEWER" })).await;
    assert_eq!((taken.code.as_str(), taken.field.as_str()), ("INVALID_INPUT", "username"));
    let pool = app.pool().await;
    let personal: i64 = sqlx::query_scalar("select count(*) from events where payload::text ilike '%new.one%' or metadata::text ilike '%new.one%'")
        .fetch_one(&pool)
        .await
        .expect("the events read");
    assert_eq!(personal, 0);
    pool.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_production_the_cookie_goes_over_https_only() {
    let production = |installation: Installation| installation.set("AEGIS_ENV", "production");
    let app = TestApp::start_with(production).await;
    let answer = app.stranger().try_sign_in("admin", PASSWORD).await;
    let (_, attributes) = answer.cookie().expect("a cookie");
    assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Strict; Max-Age=900; Secure");

    let hidden = app.stranger().ask("{ __schema { queryType { name } } }").await;
    let seen = hidden.body["data"]["__schema"]["queryType"]["name"].is_string();
    assert!(!seen, "introspection is off in production: {}", hidden.body);
    let named = app.stranger().ask("{ __type(name: \"Query\") { fields { name } } }").await;
    assert!(!named.body.to_string().contains("heatmap"), "{}", named.body);
    assert_eq!(app.stranger().ask("{ __typename }").await.data()["__typename"], "Query");
    // Errors name no field that was not asked for.
    let typo = app.stranger().ask("{ heatmapp { position } }").await;
    assert!(
        !typo.body.to_string().contains("\\\"heatmap\\\""),
        "suggestions are introspection too: {}",
        typo.body
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_lives_as_long_as_is_set() {
    let app = TestApp::start_with(|installation| installation.set("ACCESS_TOKEN_EXPIRE_MINUTES", "30")).await;
    let answer = app.stranger().try_sign_in("admin", PASSWORD).await;
    let (token, attributes) = answer.cookie().expect("a cookie");
    assert!(attributes.contains("Max-Age=1800"), "{attributes}");
    let me = app.stranger().bearer(&token).ask(ME).await;
    let expires: DateTime<Utc> =
        me.data()["me"]["expiresAt"].as_str().expect("a time").parse().expect("RFC 3339");
    assert_eq!(json!(expires.timestamp()), claims(&token)["exp"]);
}
