//! The audit log: what everybody did and tried, in one order, found again and taken out.

use crate::app::TestApp;
use crate::client::{Answer, Client, User, global_id, local_id};
use crate::process::eventually;
use crate::story::POWERSHELL;
use aegis_aggregates::actor::Role;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Read;
use std::time::Duration;

const LOG: &str = "query ($first: Int, $after: String, $filter: AuditFilterInput) {
    auditLog(first: $first, after: $after, filter: $filter) {
        totalCount totalIsExact position pageInfo { hasNextPage endCursor }
        nodes { id at source action entityType entityId entity outcome address correlation position summary detail
                actor { id name } } } }";

/// All entries that fit, newest first, page by page.
async fn entries(admin: &User, filter: Value, page: i32) -> Vec<Value> {
    let (mut found, mut after) = (vec![], Value::Null);
    loop {
        let asked = json!({ "first": page, "after": after, "filter": filter });
        let log = admin.read(LOG, asked).await["auditLog"].clone();
        found.extend(log["nodes"].as_array().expect("nodes").clone());
        if log["pageInfo"]["hasNextPage"] == json!(false) {
            return found;
        }
        after = log["pageInfo"]["endCursor"].clone();
        assert!(found.len() < 10_000, "it comes to an end");
    }
}

fn actions(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|entry| entry["action"].as_str().expect("an action")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_did_and_tried_stands_in_one_order() {
    let app = TestApp::start().await;
    let admin = app.login(Role::Admin).await;
    let (red, viewer) = (app.login(Role::RedTech).await, app.login(Role::Viewer).await);
    let before = entries(&admin, json!({}), 100).await.len();
    let test = app.draft_test(&red, POWERSHELL).await;
    let refused = viewer.mutate("draftTest", json!({ "attackId": POWERSHELL, "title": "Not allowed" })).await;
    assert_eq!(refused.code(), Some("FORBIDDEN"));
    app.stranger().try_sign_in("red_tech", "Wrong-Password-1").await;
    let started = red.done("startExecution", json!({ "id": test })).await;
    assert_eq!(started["test"]["state"], "RED_EXECUTING");

    let all = entries(&admin, json!({}), 100).await;
    assert_eq!(all.len(), before + 4);
    assert_eq!(actions(&all[..4]), ["ExecutionStarted", "sign_in", "draftTest", "TestDrafted"]);
    let ExpectedOrder(times) = ExpectedOrder::of(&all);
    assert!(times.is_sorted_by(|newer, older| newer >= older), "newest first");
    let [started, sign_in, denied, drafted] = &all[..4] else { panic!("four entries") };
    assert_eq!((&started["source"], &started["outcome"]), (&json!("LEDGER"), &json!("ALLOWED")));
    assert_eq!((&started["actor"]["id"], &started["actor"]["name"]), (&json!(red.id), &json!("red_tech")));
    assert_eq!((&started["entityType"], &started["entityId"]), (&json!("test"), &json!(test)));
    assert_eq!(started["summary"], "Execution started");
    assert!(started["position"].as_i64() > drafted["position"].as_i64());
    assert_eq!((&sign_in["source"], &sign_in["outcome"]), (&json!("ACCESS_LOG"), &json!("REFUSED")));
    assert_eq!(sign_in["position"], Value::Null);
    assert!(sign_in["address"].as_str().is_some_and(|address| address.starts_with("127.")), "{sign_in}");
    assert_eq!((&denied["actor"]["id"], &denied["outcome"]), (&json!(viewer.id), &json!("REFUSED")));
    assert_eq!(drafted["summary"], format!("Drafted on {POWERSHELL}"));

    // Page by page it is the same.
    let ids = |entries: &[Value]| entries.iter().map(|entry| entry["id"].clone()).collect::<Vec<_>>();
    for page in [1, 2, 7] {
        assert_eq!(ids(&entries(&admin, json!({}), page).await), ids(&all), "in pages of {page}");
    }
    let distinct: BTreeSet<String> = ids(&all).iter().map(ToString::to_string).collect();
    assert_eq!(distinct.len(), all.len());
    let counted = admin.read(LOG, json!({ "first": 1 })).await["auditLog"].clone();
    assert_eq!((&counted["totalCount"], &counted["totalIsExact"]), (&json!(all.len()), &json!(true)));
}

/// The instants of entries, as texts of one form, which sort as they do.
struct ExpectedOrder(Vec<String>);

impl ExpectedOrder {
    fn of(entries: &[Value]) -> Self {
        let at = |entry: &Value| {
            let text = entry["at"].as_str().expect("an instant");
            let at: chrono::DateTime<chrono::Utc> = text.parse().expect("an instant");
            at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
        };
        Self(entries.iter().map(at).collect())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_are_found_by_person_thing_action_outcome_and_time() {
    let app = TestApp::start().await;
    let admin = app.login(Role::Admin).await;
    let (red, viewer) = (app.login(Role::RedTech).await, app.login(Role::Viewer).await);
    let (one, other) = (app.draft_test(&red, POWERSHELL).await, app.draft_test(&red, POWERSHELL).await);
    red.done("startExecution", json!({ "id": one })).await;
    let comment = json!({ "subjectId": one, "text": "Look at this." });
    red.done("postComment", comment).await;
    viewer.mutate("startExecution", json!({ "id": other })).await;
    let input = json!({ "id": viewer.id, "role": "BLUE_TECH" });
    admin.done("updateUser", input).await;

    let found = async |filter: Value| entries(&admin, filter, 3).await;
    let of_test = found(json!({ "entityId": one })).await;
    assert_eq!(actions(&of_test), ["CommentPosted", "ExecutionStarted", "TestDrafted"]);
    let by_kind = json!({ "entityType": "test", "entityId": local_id(&one) });
    assert_eq!(found(by_kind).await, of_test);
    let by_red = found(json!({ "account": red.id })).await;
    assert!(by_red.iter().all(|entry| entry["actor"]["id"] == red.id.as_str()));
    assert!(actions(&by_red).contains(&"sign_in") && actions(&by_red).contains(&"PasswordChanged"));
    let drafts = found(json!({ "action": "TestDrafted" })).await;
    assert_eq!(drafts.len(), 2);
    let refused = found(json!({ "outcome": "REFUSED" })).await;
    assert_eq!(actions(&refused), ["startExecution"]);
    assert_eq!(found(json!({ "outcome": "ALLOWED", "action": "startExecution" })).await, [] as [Value; 0]);
    let roles = found(json!({ "entityId": viewer.id, "action": "RoleChanged" })).await;
    assert_eq!(roles[0]["summary"], "Role changed from viewer to blue tech");
    assert_eq!((&roles[0]["entityType"], &roles[0]["actor"]["id"]), (&json!("account"), &json!(admin.id)));
    // A time has a first instant and one that is not in it any more.
    let (first, last) = (&drafts[1]["at"], &drafts[0]["at"]);
    assert_eq!(found(json!({ "action": "TestDrafted", "from": first, "to": last })).await, drafts[1..]);
    assert_eq!(found(json!({ "action": "TestDrafted", "from": first })).await, drafts);
    let entry = &of_test[0]["at"];
    assert!(found(json!({ "to": entry })).await.iter().all(|older| older["at"].as_str() < entry.as_str()));

    // An account's own story: what it did, and what was done to it.
    let query = "query ($id: ID!) { accountTimeline(id: $id) { nodes { action actor { id } entityId } } }";
    let story = admin.read(query, json!({ "id": viewer.id })).await["accountTimeline"]["nodes"].clone();
    let story = story.as_array().expect("nodes").clone();
    assert!(
        story.iter().all(
            |entry| entry["actor"]["id"] == viewer.id.as_str() || entry["entityId"] == viewer.id.as_str()
        )
    );
    let told = actions(&story);
    for due in ["AccountOpened", "RoleChanged", "PasswordChanged", "sign_in", "startExecution"] {
        assert!(told.contains(&due), "{due}: {told:?}");
    }
    for (filter, code) in [
        (json!({ "account": "x" }), "INVALID_INPUT"),
        (json!({ "entityId": "x" }), "INVALID_INPUT"),
        (json!({ "entityId": one, "entityType": "campaign" }), "INVALID_INPUT"),
    ] {
        assert_eq!(admin.gql(LOG, json!({ "filter": filter })).await.code(), Some(code), "{filter}");
    }
    let foreign = global_id("Test", "00000000-0000-4000-8000-000000000000");
    assert_eq!(found(json!({ "entityId": foreign })).await, [] as [Value; 0]);
}

async fn exported(client: &Client, query: &str) -> reqwest::Response {
    client.get(&format!("/audit/export?{query}")).send().await.expect("it answers")
}

/// The lines of a CSV, cell by cell.
fn cells(text: &str) -> Vec<Vec<String>> {
    let (mut lines, mut line, mut cell, mut quoted) = (vec![], vec![], String::new(), false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                cell.push('"');
                characters.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => line.push(std::mem::take(&mut cell)),
            '\r' if !quoted && characters.peek() == Some(&'\n') => {
                characters.next();
                line.push(std::mem::take(&mut cell));
                lines.push(std::mem::take(&mut line));
            }
            other => cell.push(other),
        }
    }
    assert!(cell.is_empty() && line.is_empty() && !quoted, "the last line ends");
    lines
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_taken_out_as_csv_and_json_and_that_is_in_it_too() {
    let app = TestApp::start().await;
    let admin = app.login(Role::Admin).await;
    let red = app.login(Role::RedTech).await;
    let test = app.draft_test(&red, POWERSHELL).await;
    red.done("startExecution", json!({ "id": test })).await;
    // A reason that a table would compute.
    let paused = json!({ "id": test, "reason": "=cmd|'/c calc'!A1, \"quoted\"\nand more" });
    red.done("pauseWork", paused).await;
    let shown = entries(&admin, json!({}), 100).await;

    let json_file = exported(&admin.client, "format=json").await;
    assert_eq!(
        (json_file.status().as_u16(), &json_file.headers()["content-type"]),
        (200, &"application/json".parse().expect("a value"))
    );
    let disposition = json_file.headers()["content-disposition"].to_str().expect("ASCII").to_owned();
    assert!(
        disposition.starts_with("attachment; filename=\"aegis-audit-") && disposition.ends_with(".json\""),
        "{disposition}"
    );
    let objects: Vec<Value> =
        serde_json::from_str(&json_file.text().await.expect("it comes whole")).expect("JSON");
    assert_eq!(actions(&objects), actions(&shown), "everything that is shown is in it");
    assert_eq!(objects[0]["actor"], "red_tech");
    assert_eq!(objects[0]["correlation"], shown[0]["correlation"]);

    // As browsers ask for it: compressed on the way.
    let packed =
        admin.client.get("/audit/export?format=json&action=WorkPaused").header("accept-encoding", "gzip");
    let packed = packed.send().await.expect("it answers");
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let mut unpacked = String::new();
    let bytes = packed.bytes().await.expect("it comes to its end");
    flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut unpacked).expect("gzip");
    assert_eq!(serde_json::from_str::<Vec<Value>>(&unpacked).expect("JSON").len(), 1);

    let csv_file = exported(&admin.client, "format=csv").await;
    assert_eq!(csv_file.headers()["content-type"], "text/csv; charset=utf-8; header=present");
    let lines = cells(&csv_file.text().await.expect("it comes whole"));
    // The first exports are in the last one.
    assert_eq!(lines.len(), 1 + shown.len() + 2);
    assert!(lines.iter().all(|line| line.len() == lines[0].len()), "{lines:?}");
    let column = |name: &str| lines[0].iter().position(|head| head == name).expect(name);
    assert_eq!(lines[1][column("action")], "GET /audit/export");
    assert_eq!(lines[1][column("actor_id")], local_id(&admin.id));
    let summary = &lines[3][column("summary")];
    assert_eq!(summary, "Red paused: =cmd|'/c calc'!A1, \"quoted\"\nand more");
    assert!(lines[1..].iter().flatten().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])));

    // Parts of it, and nonsense.
    let query = format!("format=json&account={}&action=WorkPaused", red.id);
    let part: Vec<Value> = exported(&admin.client, &query).await.json().await.expect("JSON");
    assert_eq!(part.len(), 1);
    assert_eq!(
        exported(&admin.client, "format=json&outcome=refused").await.json::<Value>().await.expect("JSON"),
        json!([])
    );
    for wrong in
        ["", "format=xml", "format=csv&unknown=1", "format=csv&from=yesterday", "format=csv&account=x"]
    {
        let refused = Answer::to(admin.client.get(&format!("/audit/export?{wrong}"))).await;
        assert_eq!((refused.status, refused.code()), (400, Some("INVALID_INPUT")), "{wrong}");
    }

    // For admins only; who tries is in the log.
    let denied = Answer::to(red.client.get("/audit/export?format=csv")).await;
    assert_eq!((denied.status, denied.code()), (403, Some("FORBIDDEN")));
    let denied = Answer::to(app.stranger().get("/audit/export?format=csv")).await;
    assert_eq!((denied.status, denied.code()), (401, Some("UNAUTHENTICATED")));
    let log = entries(&admin, json!({ "action": "GET /audit/export" }), 100).await;
    let outcomes: Vec<_> = log.iter().map(|entry| (&entry["outcome"], &entry["actor"]["id"])).collect();
    let (refused, allowed) = (json!("REFUSED"), json!("ALLOWED"));
    let (by_red, by_admin) = (json!(red.id), json!(admin.id));
    assert_eq!(outcomes[..2], [(&refused, &Value::Null), (&refused, &by_red)]);
    assert!(outcomes[2..].iter().all(|found| *found == (&allowed, &by_admin)), "{outcomes:?}");
    assert_eq!(outcomes.len(), 7, "each file that was given out, and who was refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn old_segments_are_cut_by_the_command_line() {
    let mut app = TestApp::start().await;
    app.login(Role::Admin).await;
    // Entries of last year come in front of those of today, as they would have.
    let long_ago = "create table kept as select * from access_log;
        set session_replication_role = replica;
        delete from access_log;
        insert into access_log (id, at, action, outcome) overriding system value
          select n, timestamptz '2025-05-06T00:00:00Z' + n * interval '10 hours', 'sign_in', 'allowed'
          from generate_series(1, 4) n;
        update kept set id = id + 100;
        insert into access_log overriding system value select * from kept;
        drop table kept;
        select setval('access_log_id_seq', 1000);
        set session_replication_role = origin";
    sqlx::raw_sql(long_ago).execute(&app.pool().await).await.expect("a superuser may");
    // It looks when it starts, and now and then.
    app.kill_and_restart();
    let aegis = app.installation();
    let listed = || aegis.run(&["access-log", "list"]).printed();
    eventually("both days are closed", Duration::from_secs(90), || {
        listed().contains("2 segments are closed")
    });
    let verified = aegis.run(&["verify"]).printed();
    assert!(verified.contains("2 segments of the access log are closed"), "{verified}");
    let said = aegis.run(&["access-log", "cut", "--before", "2025-01-01"]).printed();
    assert!(said.contains("nothing was cut"), "{said}");
    let said = aegis.run(&["access-log", "cut", "--before", "2025-05-07"]).printed();
    assert!(said.contains("Segments up to 1 are cut; 2 entries were removed."), "{said}");
    let again = aegis.run(&["access-log", "cut", "--before", "2025-05-07"]).printed();
    assert!(again.contains("0 entries were removed"), "{again}");
    let verified = aegis.run(&["verify"]).printed();
    assert!(verified.contains("1 were cut (entries up to 2)"), "{verified}");
    assert!(aegis.run(&["access-log", "list"]).printed().contains("(cut)"));
    let said = aegis.run(&["access-log", "cut", "--before", "soon"]).complained();
    assert!(said.contains("soon"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_noted_is_not_answered_as_done() {
    let app = TestApp::start().await;
    let (red, pool) = (app.login(Role::RedTech).await, app.pool().await);
    let filter = json!({ "page": "tests", "name": "Mine", "query": "mine=1" });
    sqlx::raw_sql("alter table access_log rename to away").execute(&pool).await.expect("a superuser may");
    let unnoted = red.mutate("saveFilter", filter.clone()).await;
    assert_eq!(unnoted.code(), Some("INTERNAL"));
    sqlx::raw_sql("alter table away rename to access_log").execute(&pool).await.expect("a superuser may");
    red.done("saveFilter", filter).await;
}
