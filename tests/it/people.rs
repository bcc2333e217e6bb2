//! What people choose for themselves, where they are signed in, and how they are forgotten.

use crate::app::{PASSWORD, TestApp};
use crate::client::local_id;
use crate::story::POWERSHELL;
use aegis_aggregates::actor::Role;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const TESTS: &str = "{ tests { totalCount } }";

#[tokio::test(flavor = "multi_thread")]
async fn people_choose_how_they_are_shown() {
    let app = TestApp::start().await;
    let user = app.another(Role::BlueTech).await;
    let input = json!({ "displayName": " Zoë ", "email": "zoe@example.com", "timeZone": "Europe/Berlin", "theme": "DARK" });
    let changed = user.done("updateProfile", input).await;
    let seen = &changed["user"];
    assert_eq!(
        (&seen["displayName"], &seen["email"], &seen["timeZone"], &seen["theme"]),
        (&json!("Zoë"), &json!("zoe@example.com"), &json!("Europe/Berlin"), &json!("DARK"))
    );
    // What is left out stays; null takes away.
    let changed = user.done("updateProfile", json!({ "theme": null, "email": "" })).await;
    let seen = &changed["user"];
    assert_eq!(
        (&seen["displayName"], &seen["email"], &seen["theme"]),
        (&json!("Zoë"), &Value::Null, &Value::Null)
    );
    for (input, field) in [
        (json!({ "timeZone": "Mars/Olympus" }), "timeZone"),
        (json!({ "email": "nobody" }), "email"),
        (json!({ "email": "a@b.c\r\nBcc: all@example.com" }), "email"),
        (json!({ "displayName": "a\u{0}b" }), "displayName"),
        (json!({ "displayName": "x".repeat(101) }), "displayName"),
    ] {
        assert_eq!(user.refused("updateProfile", input).await.field, field);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_see_where_they_are_signed_in_and_end_it() {
    let app = TestApp::start().await;
    let admin = app.login(Role::Admin).await;
    let user = app.another(Role::Viewer).await;
    let laptop = app.sign_in(&user.username, PASSWORD).await;
    let phone = app.sign_in(&user.username, PASSWORD).await;
    const SESSIONS: &str = "{ sessions { id own means address agent beganAt seenAt endsAt } }";
    let listed = laptop.read(SESSIONS, json!({})).await["sessions"].clone();
    let listed = listed.as_array().expect("a list").clone();
    assert_eq!(listed.len(), 3, "{listed:?}");
    assert_eq!(listed.iter().filter(|session| session["own"] == true).count(), 1);
    assert!(listed.iter().all(|session| session["means"] == "PASSWORD"));
    // Newest first.
    let of_phone = listed[0]["id"].as_str().expect("an id");
    laptop.done("revokeSession", json!({ "id": of_phone })).await;
    assert_eq!(phone.gql(TESTS, json!({})).await.status, 401);
    assert_eq!(laptop.gql(TESTS, json!({})).await.code(), None);
    // Somebody else's look like none.
    let stranger = app.another(Role::Admin).await;
    let viewer = app.another(Role::Viewer).await;
    let of_stranger = stranger.read(SESSIONS, json!({})).await["sessions"][0]["id"].clone();
    let none = crate::client::global_id("Session", "00000000-0000-4000-8000-000000000000");
    let refused = viewer.mutate("revokeSession", json!({ "id": of_stranger })).await;
    let unknown = viewer.mutate("revokeSession", json!({ "id": none })).await;
    assert_eq!(refused.body, unknown.body);
    assert_eq!(refused.code(), Some("NOT_FOUND"));
    let of = "query ($id: ID!) { sessions(userId: $id) { id } }";
    assert_eq!(viewer.gql(of, json!({ "id": user.id })).await.code(), Some("NOT_FOUND"));
    assert_eq!(
        admin.read(of, json!({ "id": user.id })).await["sessions"].as_array().expect("a list").len(),
        2
    );
    // Everywhere else, and by an admin everywhere; however often a script has signed in.
    let many = "insert into sessions (token_id, account, epoch, means, ends_at, agent)
        select gen_random_uuid(), account, epoch, means, ends_at, 'a script'
        from sessions, generate_series(1, 150) where account = $1::uuid and agent <> 'a script'";
    sqlx::query(many).bind(local_id(&user.id)).execute(&app.pool().await).await.expect("sessions");
    let left = laptop.done("revokeSessions", json!({})).await;
    assert_eq!(left["sessions"].as_array().expect("a list").len(), 1, "this one");
    assert_eq!(user.gql(TESTS, json!({})).await.status, 401);
    assert_eq!(laptop.gql(TESTS, json!({})).await.code(), None);
    admin.done("revokeSessions", json!({ "userId": user.id })).await;
    assert_eq!(laptop.gql(TESTS, json!({})).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_types_as_a_name_is_not_kept() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    let wrong = stranger.try_sign_in("admin", "wrong").await;
    let unknown = stranger.try_sign_in("Nobody-Knows-This-1", "wrong").await;
    assert_eq!(wrong.body, unknown.body, "a name that is and one that is not are answered alike");
    assert_eq!(wrong.headers.keys().collect::<Vec<_>>(), unknown.headers.keys().collect::<Vec<_>>());
    for odd in ["ad\u{0}min", "аdmin", "admin\r\nfake: line", "   "] {
        assert_eq!(app.stranger().try_sign_in(odd, "wrong").await.body, wrong.body, "{odd:?}");
    }
    let again = stranger.try_sign_in("nobody-knows-this-1", "wrong").await;
    assert_eq!(again.body, wrong.body);
    let pool = app.pool().await;
    let rows: Vec<(Option<String>, Option<String>, String)> = sqlx::query_as(
        "select account::text, name_hash, outcome from access_log where action = 'sign_in' order by id limit 2",
    )
    .fetch_all(&pool)
    .await
    .expect("rows");
    assert!(rows[0].0.is_some() && rows[0].1.is_none(), "of whom it was: {rows:?}");
    assert!(rows[1].0.is_none() && rows[1].1.as_deref().is_some_and(|hash| hash.len() == 32), "{rows:?}");
    let same: i64 = sqlx::query_scalar("select count(*) from access_log where name_hash = $1")
        .bind(&rows[1].1)
        .fetch_one(&pool)
        .await
        .expect("a count");
    assert_eq!(same, 2, "the same name is told to be the same, in any case");
}

fn grep(path: &Path, word: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            grep(&path, word, found);
        } else if fs::read(&path).is_ok_and(|bytes| {
            bytes.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
        }) {
            found.push(path.display().to_string());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_erased_is_found_nowhere_and_every_proof_holds() {
    const CANARY: &str = "zyxcanary";
    let app = TestApp::start().await;
    let admin = app.login(Role::Admin).await;
    let input = json!({ "username": CANARY, "displayName": format!("Dr {CANARY}"), "role": "RED_TECH",
        "password": "Somebody-Elses-1", "email": format!("{CANARY}@example.com") });
    let created = admin.done("createUser", input).await;
    let id = created["user"]["id"].clone();
    let person = app.sign_in(CANARY, "Somebody-Elses-1").await.change_password(PASSWORD).await;
    app.stranger().try_sign_in(CANARY, "wrong").await;
    person.done("updateProfile", json!({ "timeZone": "Asia/Tokyo" })).await;
    person.done("beginSecondFactor", json!({ "password": PASSWORD })).await;
    person
        .done("saveFilter", json!({ "page": "tests", "name": "mine", "query": format!("assignee={CANARY}") }))
        .await;
    let test = app.draft_test(&person, POWERSHELL).await;
    admin.done("postComment", json!({ "subjectId": test, "text": format!("@{CANARY} please look") })).await;
    person.gql("{ users { totalCount } }", json!({})).await;

    let refused = admin.refused("eraseUser", json!({ "id": id, "username": CANARY })).await;
    assert_eq!(refused.code, "INVALID_STATE", "who is active is not erased");
    admin.done("deactivateUser", json!({ "id": id })).await;
    let refused = admin.refused("eraseUser", json!({ "id": id, "username": "another" })).await;
    assert_eq!(refused.field, "username", "a mistake cannot be undone, so the name is asked for");
    let erased = admin.done("eraseUser", json!({ "id": id, "username": CANARY })).await;
    assert_eq!(erased["user"]["erased"], true);
    assert_eq!(admin.refused("reactivateUser", json!({ "id": id })).await.code, "INVALID_STATE");

    // The work stays, as a former user's.
    let query = "query ($id: ID!) { node(id: $id) { ... on Test { createdBy { name } } }
        comments(subjectId: $id) { nodes { text mentions { name } } } }";
    let seen = admin.read(query, json!({ "id": test })).await;
    assert_eq!(seen["node"]["createdBy"]["name"], "former user");
    assert_eq!(seen["comments"]["nodes"][0]["mentions"][0]["name"], "former user");
    assert!(!seen.to_string().contains(CANARY), "{seen}");

    let pool = app.pool().await;
    let tables: Vec<String> = sqlx::query_scalar(
        "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
    )
    .fetch_all(&pool)
    .await
    .expect("tables");
    for table in tables {
        let query = format!("select count(*) from {table} t where t::text ilike $1");
        let found: i64 =
            sqlx::query_scalar(&query).bind(format!("%{CANARY}%")).fetch_one(&pool).await.expect("a count");
        assert_eq!(found, 0, "{CANARY} stands in {table}");
    }
    let mut found = vec![];
    grep(app.installation().data_dir(), CANARY, &mut found);
    assert_eq!(found, Vec::<String>::new(), "files");
    for log in [app.server().said(), app.server().errors()] {
        assert!(!log.to_lowercase().contains(CANARY), "{log}");
    }
    app.installation().run(&["verify"]).printed();
    // The name is free again, and whoever gets it is somebody else.
    let input = json!({ "username": CANARY, "role": "VIEWER", "password": "Somebody-Elses-1" });
    let other = admin.done("createUser", input).await;
    assert_ne!(local_id(other["user"]["id"].as_str().expect("an id")), local_id(id.as_str().expect("an id")));
}
