//! The API as a protocol: bad input, limits, codes, the schema, the public audit.

use crate::app::TestApp;
use crate::campaigns::three_tests;
use crate::client::{Answer, Client, global_id};
use crate::process::Installation;
use crate::story::POWERSHELL;
use aegis_aggregates::actor::Role;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use uuid::Uuid;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

async fn post(client: &Client, body: impl Into<reqwest::Body>) -> Answer {
    let request =
        client.post("/graphql").header("content-type", "application/json").header("aegis-request", "1");
    Answer::to(request.body(body)).await
}

/// `{ name { name { .. } } }`, so many levels deep.
fn nested(name: &str, depth: usize) -> String {
    format!("{}{}{}", format!("{name} {{ ").repeat(depth), "id", " }".repeat(depth))
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_ask_for_too_much_are_refused_whole() {
    let app = TestApp::start().await;
    let viewer = app.login(Role::Viewer).await;
    let client = &viewer.client;
    let events = async || {
        let admin = app.login(Role::Admin).await;
        admin.read("{ systemStatus { ledgerPosition } }", json!({})).await
    };
    let before = events().await;

    let deep = format!("{{ technique(attackId: \"{POWERSHELL}\") {{ {} }} }}", nested("parent", 100));
    let aliases: String = (0..1_000).map(|n| format!("a{n}: __typename ")).collect();
    let fields = format!("{{ {} }}", "__typename ".repeat(5_000));
    let roots: String = (0..30).map(|n| format!("tests(first: {n}) {{ totalCount }} ")).collect();
    let huge = format!("{{ __typename }} # {}", "x".repeat(200_000));
    let wide =
        "{ techniques(first: 1000) { nodes { tests(first: 100) { nodes { timeline(first: 100) { nodes { type } } } } } } }".to_owned();
    let directives = format!("{{ __typename {} }}", "@skip(if: false) ".repeat(1_000));
    let bomb = {
        let fragment = |n: usize| format!("fragment f{n} on Query {{ ...f{0} ...f{0} }} ", n + 1);
        let all: String = (0..40).map(fragment).collect();
        format!("{{ ...f0 }} {all} fragment f40 on Query {{ __typename }}")
    };
    for (query, why) in [
        (deep, "a depth of 100"),
        (format!("{{ {aliases} }}"), "1,000 aliases"),
        (fields, "5,000 fields"),
        (format!("{{ {roots} }}"), "30 lists at once"),
        (huge, "a document of 200 KB"),
        (wide, "1,000 times 100 times 100 nodes"),
        (
            "{ techniques(first: 200) { nodes { threatActors { techniques { name } } } } }".into(),
            "200 times all groups that use each times all that those use",
        ),
        (directives, "1,000 directives"),
        (bomb, "fragments that unfold to 2^40 fields"),
        ("{ tests(first: 101) { totalCount } }".into(), "a page of 101"),
        ("{ techniques(first: 1001) { totalCount } }".into(), "a page of 1,001 techniques"),
        ("{ people { id } users(first: 1000) { totalCount } }".into(), "a page of 1,000 users"),
        (
            format!(
                "{{ test(number: 1) {{ {}__typename{} }} }}",
                "... on Test { ".repeat(60),
                " }".repeat(60)
            ),
            "60 levels of brackets",
        ),
    ] {
        let user = if why.contains("users") { app.login(Role::Admin).await.client } else { client.clone() };
        let answer = user.ask(&query).await;
        assert_eq!(answer.code(), Some("LIMIT_EXCEEDED"), "{why}: {} {}", answer.status, answer.body);
    }
    let cycle = client.ask("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }").await;
    assert!(matches!(cycle.code(), Some("GRAPHQL_VALIDATION_FAILED" | "LIMIT_EXCEEDED")), "{}", cycle.body);

    let batch: Vec<Value> = (0..1_000).map(|_| json!({ "query": "{ __typename }" })).collect();
    let answer = post(client, Value::from(batch).to_string()).await;
    assert_eq!((answer.status, answer.code()), (400, Some("LIMIT_EXCEEDED")));
    let answer = post(client, vec![b' '; 2 * 1024 * 1024]).await;
    assert_eq!((answer.status, answer.code()), (413, Some("LIMIT_EXCEEDED")));
    let deep_json = format!(
        "{{\"query\":\"{{__typename}}\",\"variables\":{{\"a\":{}{}}}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let answer = post(client, deep_json).await;
    assert_eq!((answer.status, answer.code()), (400, Some("BAD_REQUEST")), "100,000 brackets");
    for (body, why) in [
        ("", "nothing"),
        ("{", "cut short"),
        ("null", "null"),
        ("{\"query\": 1}", "a query that is a number"),
        ("{\"variables\": {}}", "no query"),
        ("{\"query\": \"{__typename}\", \"variables\": []}", "variables that are a list"),
        ("{\"query\": \"\\ud800\"}", "half a character"),
    ] {
        let answer = post(client, body).await;
        assert_eq!((answer.status, answer.code()), (400, Some("BAD_REQUEST")), "{why}: {}", answer.body);
    }
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ tests(first: \"x\") { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
        ("query a { __typename } query b { __typename }", "OPERATION_RESOLUTION_FAILURE"),
    ] {
        let answer = client.ask(query).await;
        assert_eq!((answer.status, answer.code()), (200, Some(code)), "{query}");
        let request = client.post("/graphql").header("accept", "application/graphql-response+json");
        let answer = Answer::to(request.json(&json!({ "query": query }))).await;
        assert_eq!((answer.status, answer.code()), (400, Some(code)), "{query}");
    }
    assert_eq!(events().await, before, "nothing of it left an event");
    // What is allowed works on: a whole matrix at once.
    let matrix = "{ techniques(first: 1000) { totalCount nodes { attackId name coverage { status } tactics { shortName } } } }";
    assert!(viewer.read(matrix, json!({})).await["techniques"]["totalCount"].as_i64() >= Some(100));
    assert!(!app.server().errors().contains("panicked"), "{}", app.server().errors());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_account_runs_so_many_requests_at_once() {
    let app = TestApp::start().await;
    let (viewer, other) = (app.login(Role::Viewer).await, app.login(Role::RedTech).await);
    // Whoever reads tests waits.
    let pool = app.pool().await;
    let mut held = pool.begin().await.expect("a transaction");
    sqlx::query("lock table tests in access exclusive mode").execute(&mut *held).await.expect("a lock");
    let mut asked: FuturesUnordered<_> =
        (0..9).map(|_| viewer.client.ask("{ tests { totalCount } }")).collect();
    let first = asked.next().await.expect("an answer");
    assert_eq!((first.status, first.code()), (429, Some("RATE_LIMITED")), "{}", first.body);
    assert_eq!(first.headers["retry-after"], "1");
    assert_eq!(other.client.ask("{ heatmap { position } }").await.code(), None, "others go on");
    assert_eq!(app.sign_in(&other.username, &other.password).await.username, other.username, "and sign in");
    held.rollback().await.expect("it lets go");
    let rest: Vec<Answer> = asked.collect().await;
    assert!(rest.len() == 8 && rest.iter().all(|answer| answer.code().is_none()), "{rest:?}");
    pool.close().await;
}

/// Requests may take every connection that is theirs; sealing and projections have others.
#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_requests_does_not_hold_up_what_was_written() {
    let app = TestApp::start().await;
    let people = [app.login(Role::Viewer).await, app.login(Role::RedTech).await];
    let pool = app.pool().await;
    let mut held = pool.begin().await.expect("a transaction");
    sqlx::query("lock table tests in access exclusive mode").execute(&mut *held).await.expect("a lock");
    let asked: Vec<_> = people
        .iter()
        .flat_map(|user| std::iter::repeat_n(user.client.clone(), 8))
        .map(|client| tokio::spawn(async move { client.ask("{ tests { totalCount } }").await }))
        .collect();
    // But one, which a listener would hold if it were among them.
    let theirs = i64::from(aegis_projections::provision::POOL_CONNECTIONS) - 1;
    let waiting = "select count(*) >= $1 from pg_stat_activity
                   where datname = current_database() and wait_event_type = 'Lock'";
    comes_true(&pool, waiting, theirs).await;
    // An event from elsewhere: the last of the roster once more.
    let position: i64 =
        sqlx::query_scalar("select position from ledger_head").fetch_one(&pool).await.expect("a head");
    let append = "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
                  select aggregate_type, aggregate_id, sequence + 1, event_type, event_version, payload, metadata
                  from events where aggregate_type = 'roster' order by sequence desc limit 1";
    sqlx::query(append).execute(&pool).await.expect("it appends");
    comes_true(&pool, "select position > $1 from ledger_head", position).await;
    let folded = "select position > $1 from projection_positions where name = 'accounts'";
    comes_true(&pool, folded, position).await;
    held.rollback().await.expect("it lets go");
    for answer in futures::future::join_all(asked).await {
        assert_eq!(answer.expect("it ran").code(), None);
    }
    pool.close().await;
}

/// Waits until a question about a number is answered with yes.
async fn comes_true(pool: &sqlx::PgPool, question: &str, number: i64) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(5);
    while !sqlx::query_scalar::<_, bool>(question).bind(number).fetch_one(pool).await.expect("an answer") {
        assert!(std::time::Instant::now() < deadline, "it does not come true: {question}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_arguments_are_refused_with_a_code() {
    let app = TestApp::start().await;
    let (admin, red) = (app.login(Role::Admin).await, app.login(Role::RedTech).await);
    let id = app.draft_test(&red, POWERSHELL).await;

    // Cursors of other lists.
    let cursor = |list: &str| {
        let (admin, query) = (admin.clone(), format!("{{ {list} {{ edges {{ cursor }} }} }}"));
        let name = list.split('(').next().unwrap_or_default().to_owned();
        async move {
            admin.read(&query, json!({})).await[name]["edges"][0]["cursor"]
                .as_str()
                .expect("a cursor")
                .to_owned()
        }
    };
    let (of_tests, of_users) = (cursor("tests(first: 1)").await, cursor("users(first: 1)").await);
    for (query, why) in [
        (format!("{{ tests(after: \"{of_users}\") {{ totalCount }} }}"), "a cursor of users"),
        (format!("{{ users(after: \"{of_tests}\") {{ totalCount }} }}"), "a cursor of tests"),
        (format!("{{ jobs(after: \"{of_tests}\") {{ totalCount }} }}"), "a cursor of tests"),
        ("{ tests(after: \"nonsense\") { totalCount } }".into(), "no cursor"),
        ("{ tests(after: \"\") { totalCount } }".into(), "an empty cursor"),
        ("{ tests(first: -1) { totalCount } }".into(), "a negative page"),
        ("{ test { id } }".into(), "neither id nor number"),
        (format!("{{ test(id: \"{id}\", number: 1) {{ id }} }}"), "both id and number"),
        ("{ tests(asOf: \"2999-01-01T00:00:00Z\") { totalCount } }".into(), "the future"),
        ("{ heatmap(asOf: \"2999-01-01T00:00:00Z\") { position } }".into(), "the future"),
    ] {
        let answer = admin.client.ask(&query).await;
        assert_eq!(answer.code(), Some("INVALID_INPUT"), "{why}: {query}: {}", answer.body);
    }
    // Ids that are well-formed and lead nowhere.
    let nowhere = "00000000-0000-4000-8000-000000000000";
    for id in [
        global_id("Test", nowhere),
        global_id("Test", "x"),
        global_id("Else", nowhere),
        "x".into(),
        String::new(),
    ] {
        let query = "query ($id: ID!) { node(id: $id) { id } test(id: $id) { id } job(id: $id) { id } }";
        let found = admin.read(query, json!({ "id": id })).await;
        assert_eq!(found, json!({ "node": null, "test": null, "job": null }), "{id}");
        let answer = red.mutate("reviseTest", json!({ "id": id, "title": "None" })).await;
        assert_eq!(answer.code(), Some("NOT_FOUND"), "{id}: {}", answer.body);
    }
    for mutation in ["cancelJob", "retryJob"] {
        let answer = admin.mutate(mutation, json!({ "id": global_id("Job", nowhere) })).await;
        assert_eq!(answer.code(), Some("NOT_FOUND"), "{}", answer.body);
    }
    for (input, field) in [
        (json!({ "attackId": "T0000", "title": "x" }), "attackId"),
        (json!({ "attackId": "", "title": "x" }), "attackId"),
        (json!({ "attackId": POWERSHELL, "title": " " }), "title"),
        (json!({ "attackId": POWERSHELL, "title": "x".repeat(201) }), "title"),
        (json!({ "attackId": POWERSHELL, "title": "x", "description": "x".repeat(20_001) }), "description"),
        (
            json!({ "attackId": POWERSHELL, "title": "x", "tags": (0..21).map(|n| n.to_string()).collect::<Vec<_>>() }),
            "tags",
        ),
        (json!({ "attackId": POWERSHELL, "title": "x", "tags": ["x".repeat(51)] }), "tags"),
        (json!({ "attackId": POWERSHELL, "title": "x", "dueDate": "tomorrow" }), "dueDate"),
        (json!({ "attackId": POWERSHELL, "title": "x", "dueDate": "-9999-01-01" }), "dueDate"),
        (json!({ "attackId": POWERSHELL, "title": "x", "dueDate": "+99999-01-01" }), "dueDate"),
        (json!({ "attackId": POWERSHELL, "title": "x", "assigneeId": "x" }), "assigneeId"),
        (
            json!({ "attackId": POWERSHELL, "title": "x", "assigneeId": global_id("User", nowhere) }),
            "assigneeId",
        ),
        (json!({ "attackId": POWERSHELL, "title": "x\u{0}y" }), "title"),
        (json!({ "attackId": POWERSHELL, "title": "x", "tags": ["\u{0}"] }), "tags"),
    ] {
        let refused = red.refused("draftTest", input.clone()).await;
        assert_eq!((refused.code.as_str(), refused.field.as_str()), ("INVALID_INPUT", field), "{input}");
    }
    // The text that is taken comes back as it is.
    let odd = "\u{1F480} \u{202E} \\u0000 <script>alert(1)</script> '; drop table events; -- \u{FEFF}";
    let drafted = red.done("draftTest", json!({ "attackId": POWERSHELL, "title": odd })).await;
    assert_eq!(drafted["test"]["title"], odd.trim());
}

/// Text that PostgreSQL cannot hold, and instants it cannot count, are the asker's fault.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_database_cannot_hold_is_invalid_input() {
    let app = TestApp::start().await;
    let admin = app.login(Role::Admin).await;
    let nul = json!({ "text": "a\u{0}b" });
    let mut wrong = vec![];
    for (query, variables) in [
        ("query ($text: String!) { users(search: $text) { totalCount } }", &nul),
        ("query ($text: String!) { tests(filter: { search: $text }) { totalCount } }", &nul),
        ("query ($text: String!) { tests(filter: { tag: $text }) { totalCount } }", &nul),
        ("query ($text: String!) { techniques(filter: { search: $text }) { totalCount } }", &nul),
        ("query ($text: String!) { heatmap(filter: { search: $text }) { position } }", &nul),
        ("query ($text: String!) { technique(attackId: $text) { name } }", &nul),
        ("query ($text: String!) { threatActor(attackId: $text) { name } }", &nul),
        ("query ($text: String!) { threatActors(search: $text) { totalCount } }", &nul),
        ("mutation ($text: String!) { login(input: { username: $text, password: \"x\" }) { token } }", &nul),
        (
            "mutation ($text: String!) { draftTest(input: { attackId: $text, title: \"x\" }) { userErrors { code } } }",
            &nul,
        ),
        ("{ tests(asOf: \"-9999-01-01T00:00:00Z\") { totalCount } }", &Value::Null),
        ("{ heatmap(asOf: \"-262143-01-01T00:00:00Z\") { position } }", &Value::Null),
    ] {
        let answer = admin.gql(query, if variables.is_null() { json!({}) } else { variables.clone() }).await;
        // Answering that there is nothing of the kind is as good as refusing.
        if answer.code() == Some("INTERNAL") {
            wrong.push(query);
        }
    }
    assert!(wrong.is_empty(), "INTERNAL for bad input: {wrong:#?}");
    let errors = app.server().errors();
    assert!(!errors.contains("ERROR"), "{errors}");
}

#[test]
fn the_schema_is_the_committed_one() {
    let folder = crate::process::folder();
    let printed = Installation::new(folder.path().join("data")).run(&["schema"]).printed();
    let committed = std::fs::read_to_string(Path::new(ROOT).join("schema.graphql")).expect("it is committed");
    assert!(printed == committed, "schema.graphql is stale: run `make schema`");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_routes_answer_what_they_should() {
    let app = TestApp::start().await;
    let client = app.stranger();
    let health = Answer::to(client.get("/healthz")).await;
    assert_eq!((health.status, &health.body), (200, &json!("ok\n")));
    let ready = Answer::to(client.get("/readyz")).await;
    assert_eq!(ready.status, 200);
    assert_eq!(ready.body, "ready\n", "what stands behind it is not for everybody");
    for (path, status, kind) in [
        ("/", 200, "text/html"),
        ("/matrix/T1059", 200, "text/html"),
        // A page of the interface like any other: what is counted is not for everybody.
        ("/metrics", 200, "text/html"),
        ("/assets/none.js", 404, "text/plain"),
        ("/none.png", 404, "text/plain"),
        ("/techniques/T1059.001", 200, "text/html"),
        ("/../../etc/passwd", 200, "text/html"),
        ("/assets/..%2f..%2fCargo.toml", 404, "text/plain"),
    ] {
        let answer = Answer::to(client.get(path)).await;
        assert_eq!(answer.status, status, "{path}");
        let found = answer.headers["content-type"].to_str().expect("ASCII");
        assert!(found.starts_with(kind), "{path}: {found}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(answer.headers["x-frame-options"], "DENY", "{path}");
        let policy = answer.headers["content-security-policy"].to_str().expect("ASCII");
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
    }
    for method in [reqwest::Method::PUT, reqwest::Method::DELETE] {
        assert_eq!(Answer::to(client.request(method.clone(), "/graphql")).await.status, 405, "{method}");
        assert_eq!(Answer::to(client.request(method.clone(), "/")).await.status, 405, "{method}");
    }
    let form =
        client.post("/graphql").header("content-type", "text/plain").body("{\"query\": \"{ __typename }\"}");
    assert_eq!(Answer::to(form).await.status, 415, "what a form can send is not taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_audit_finds_nothing() {
    let app = TestApp::start().await;
    let audit = installed_audit();
    let output = Command::new("node")
        .arg(audit)
        .arg(format!("{}/graphql", app.url()))
        .stdin(Stdio::null())
        .output()
        .expect("node is installed");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("61 audits") && said.contains("0 errors, 0 warnings"), "{said}");
}

/// The audit beside its pinned packages, which are installed where builds go, once for each lock file.
fn installed_audit() -> PathBuf {
    let source = Path::new(ROOT).join("tests/graphql-http");
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("graphql-http");
    std::fs::create_dir_all(&cache).expect("the target folder can be written");
    for file in ["package.json", "package-lock.json", ".npmrc", "audit.mjs"] {
        std::fs::copy(source.join(file), cache.join(file)).expect("it is committed");
    }
    let lock = std::fs::read(source.join("package-lock.json")).expect("the audit is pinned");
    let installed = cache.join("installed-lock.json");
    if std::fs::read(&installed).ok().as_deref() != Some(&lock[..]) {
        let npm = Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts"])
            .current_dir(&cache)
            .stdin(Stdio::null())
            .output()
            .expect("npm is installed");
        assert!(npm.status.success(), "npm ci: {}", String::from_utf8_lossy(&npm.stderr));
        std::fs::write(&installed, lock).expect("the target folder can be written");
    }
    cache.join("audit.mjs")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_command_is_known_before_its_input_is_looked_at() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let [test, last, _] = three_tests(&app, &crew).await;
    let template =
        crew.red_lead.done("createTemplate", crate::templates::template()).await["template"]["id"].clone();
    let campaign =
        crew.red_lead.done("createCampaign", json!({ "name": "First" })).await["campaign"]["id"].clone();
    for (mutation, right, wrong) in [
        ("reviseTest", json!({ "id": test, "title": "New" }), json!({ "attackId": "T9999" })),
        ("updateTemplate", json!({ "id": template, "name": "New" }), json!({ "attackId": "T9999" })),
        ("updateCampaign", json!({ "id": campaign, "name": "New" }), json!({ "startDate": "tomorrow" })),
        (
            "addCampaignTest",
            json!({ "id": campaign, "tests": [{ "testId": test }, { "testId": last }] }),
            json!({ "tests": [{ "testId": "x" }] }),
        ),
        (
            "updateCampaignTest",
            json!({ "id": campaign, "testId": test, "phase": "One" }),
            json!({ "testId": "x" }),
        ),
        ("moveCampaignTest", json!({ "id": campaign, "testId": test, "place": 2 }), json!({ "testId": "x" })),
        ("removeCampaignTest", json!({ "id": campaign, "testId": test }), json!({ "testId": "x" })),
    ] {
        let mut input = right.clone();
        input["clientMutationId"] = json!(Uuid::now_v7());
        let first = crew.red_lead.done(mutation, input.clone()).await;
        let again = crew.red_lead.done(mutation, input.clone()).await;
        assert_eq!(first, again, "{mutation}");
        let mut other = input;
        for (field, value) in wrong.as_object().expect("fields") {
            other[field] = value.clone();
        }
        // Without the command id it is the input that is wrong; with it, that the id was used before.
        let refused = crew.red_lead.refused(mutation, other.clone()).await;
        assert!(refused.message.contains("before"), "{mutation}: {}", refused.message);
        other["clientMutationId"] = json!(Uuid::now_v7());
        let refused = crew.red_lead.refused(mutation, other).await;
        assert_eq!(refused.code, "INVALID_INPUT", "{mutation}: {}", refused.message);
    }
}
