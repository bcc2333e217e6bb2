//! What goes on around the rounds: clocks, disputes, comments, copies, the archive, many tests at once.

use crate::app::TestApp;
use crate::client::User;
use crate::story::{POWERSHELL, attack, detection, id_of};
use aegis_aggregates::actor::Role;
use serde_json::{Value, json};
use uuid::Uuid;

async fn field(user: &User, id: &str, fields: &str) -> Value {
    user.read(&format!("query ($id: ID!) {{ test(id: $id) {{ {fields} }} }}"), json!({ "id": id })).await["test"].clone()
}

async fn numbers(user: &User, filter: Value) -> Vec<i64> {
    let query =
        "query ($filter: TestFilter) { tests(first: 100, filter: $filter) { totalCount nodes { number } } }";
    let found = user.read(query, json!({ "filter": filter })).await["tests"].clone();
    let nodes = found["nodes"].as_array().expect("tests");
    assert_eq!(found["totalCount"], json!(nodes.len()));
    let mut numbers: Vec<_> = nodes.iter().map(|test| test["number"].as_i64().expect("a number")).collect();
    numbers.sort_unstable();
    numbers
}

#[tokio::test(flavor = "multi_thread")]
async fn clocks_stand_still_during_pauses() {
    const CLOCKS: &str = "paused rounds { evaluationStartedBy { name }
        executionClock { startedAt endedAt pausedSince pausedSeconds netSeconds pauses { reason from to by { name } } }
        evaluationClock { startedAt endedAt netSeconds pauses { reason } } }";
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let id = app.draft_test(&crew.red_tech, POWERSHELL).await;
    assert_eq!(field(&crew.red_tech, &id, CLOCKS).await["rounds"][0]["executionClock"], Value::Null);
    crew.red_tech.done("startExecution", json!({ "id": id })).await;
    let refused = crew.blue_lead.refused("pauseWork", json!({ "id": id, "reason": "No" })).await;
    assert_eq!(refused.message, "Only the red side and admins do that here.");
    crew.red_tech.done("pauseWork", json!({ "id": id, "reason": "The lab is down" })).await;
    let paused = field(&crew.red_tech, &id, CLOCKS).await;
    assert_eq!(paused["paused"], true);
    assert!(paused["rounds"][0]["executionClock"]["pausedSince"].is_string());
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    crew.red_lead.done("resumeWork", json!({ "id": id })).await;
    crew.red_tech.done("recordAttack", attack(&id)).await;
    crew.red_tech.done("pauseWork", json!({ "id": id, "reason": "Lunch" })).await;
    // Handing over goes on first.
    crew.red_tech.done("submitExecution", json!({ "id": id })).await;
    crew.blue_tech.done("startEvaluation", json!({ "id": id })).await;
    let after = field(&crew.red_tech, &id, CLOCKS).await;
    let clock = &after["rounds"][0]["executionClock"];
    assert_eq!(after["paused"], false);
    assert_eq!(clock["pausedSince"], Value::Null);
    let reasons: Vec<_> =
        clock["pauses"].as_array().expect("pauses").iter().map(|pause| pause["reason"].clone()).collect();
    assert_eq!(reasons, ["The lab is down", "Lunch"]);
    let instant = |value: &Value| {
        let text = value.as_str().expect("a time");
        chrono::DateTime::parse_from_rfc3339(text).expect("a time")
    };
    let seconds = |from: &Value, to: &Value| (instant(to) - instant(from)).as_seconds_f64();
    let paused: f64 = clock["pauses"]
        .as_array()
        .expect("pauses")
        .iter()
        .map(|pause| seconds(&pause["from"], &pause["to"]))
        .sum();
    let net = seconds(&clock["startedAt"], &clock["endedAt"]) - paused;
    assert!(paused >= 0.3, "{paused}");
    assert!((clock["pausedSeconds"].as_f64().expect("seconds") - paused).abs() < 1e-6, "{clock}");
    assert!((clock["netSeconds"].as_f64().expect("seconds") - net).abs() < 1e-6, "{clock}");
    assert_eq!(after["rounds"][0]["evaluationStartedBy"]["name"], "blue_tech");
    assert_eq!(after["rounds"][0]["evaluationClock"]["netSeconds"], Value::Null, "blue is at work");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_policy_changes_at_runtime_and_disputes_are_settled() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let admin = app.login(Role::Admin).await;
    let id = app.test_in_review(&crew, POWERSHELL, "NOT_DETECTED").await;
    let refused = admin.refused("setReviewPolicy", json!({ "disputes": true, "reason": " " })).await;
    assert_eq!((refused.code.as_str(), refused.field.as_str()), ("INVALID_INPUT", "reason"));
    let changed =
        admin.done("setReviewPolicy", json!({ "disputes": true, "reason": "Leads shall talk" })).await;
    let policy = json!({ "separateSides": true, "noSelfApproval": true, "disputes": true });
    assert_eq!(changed["policy"], policy);
    let history = "{ reviewPolicy { disputes timeline { nodes { type actor { name } payload } } } }";
    let read = crew.red_tech.read(history, json!({})).await["reviewPolicy"].clone();
    assert_eq!(read["timeline"]["nodes"][0]["payload"]["ReviewPolicyChanged"]["reason"], "Leads shall talk");

    app.cast_vote(&crew.red_lead, &id, "APPROVED").await;
    let against = json!({ "id": id, "verdict": "REJECTED", "notes": "The log is missing" });
    let disputed = crew.blue_lead.done("castVote", against).await;
    assert_eq!(
        (&disputed["test"]["state"], &disputed["test"]["pendingVotes"]),
        (&json!("DISPUTED"), &json!([]))
    );
    let awaiting = json!({ "awaitingMe": true });
    let number = disputed["test"]["number"].as_i64().expect("a number");
    assert_eq!(
        numbers(&crew.red_lead, awaiting.clone()).await,
        [number],
        "the approving lead is to think again"
    );
    assert_eq!(numbers(&crew.blue_lead, awaiting.clone()).await, Vec::<i64>::new());
    let validated = crew
        .blue_lead
        .done("castVote", json!({ "id": id, "verdict": "APPROVED", "notes": "Found the log" }))
        .await;
    assert_eq!(validated["test"]["state"], "VALIDATED");

    // Left by reopening, the dispute is how the round ended.
    let id = app.test_in_review(&crew, POWERSHELL, "DETECTED").await;
    app.cast_vote(&crew.red_lead, &id, "APPROVED").await;
    let against = json!({ "id": id, "verdict": "REJECTED", "notes": "Another host" });
    crew.blue_lead.done("castVote", against).await;
    crew.red_lead.done("reopenTest", json!({ "id": id, "reason": "Run it again" })).await;
    let rounds = field(&admin, &id, "rounds { number outcome decidedAt }").await["rounds"].clone();
    let by_number = |number: i64| {
        rounds
            .as_array()
            .into_iter()
            .flatten()
            .find(|round| round["number"] == number)
            .expect("a round")
            .clone()
    };
    assert_eq!(by_number(1)["outcome"], "DISPUTED");
    assert!(by_number(1)["decidedAt"].is_string());
    assert_eq!((&by_number(2)["outcome"], &by_number(2)["decidedAt"]), (&Value::Null, &Value::Null));

    // Switched off, a rejection rejects.
    admin.done("setReviewPolicy", json!({ "disputes": false, "reason": "Back to the rule" })).await;
    let id = app.test_in_review(&crew, POWERSHELL, "DETECTED").await;
    let rejected = app.cast_vote(&crew.red_lead, &id, "REJECTED").await;
    assert_eq!(rejected["test"]["state"], "REJECTED");

    // Without separation one admin does everything.
    let input = json!({ "separateSides": false, "noSelfApproval": false, "reason": "A team of one" });
    admin.done("setReviewPolicy", input).await;
    let id = app.draft_test(&admin, POWERSHELL).await;
    admin.done("startExecution", json!({ "id": id })).await;
    admin.done("recordAttack", attack(&id)).await;
    admin.done("submitExecution", json!({ "id": id })).await;
    admin.done("recordDetection", detection(&id, "DETECTED")).await;
    admin.done("submitEvaluation", json!({ "id": id })).await;
    for side in ["RED", "BLUE"] {
        admin.done("castVote", json!({ "id": id, "side": side, "verdict": "APPROVED" })).await;
    }
    assert_eq!(field(&admin, &id, "state").await["state"], "VALIDATED");
}

#[tokio::test(flavor = "multi_thread")]
async fn comments_mention_people_and_hold_no_names() {
    const COMMENTS: &str = "query ($id: ID!, $asOf: DateTime) { comments(subjectId: $id, asOf: $asOf) {
        totalCount nodes { id text author { name } mentions { name } editedAt } } }";
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let (admin, viewer) = (app.login(Role::Admin).await, app.login(Role::Viewer).await);
    let id = app.draft_test(&crew.red_tech, POWERSHELL).await;
    let (version, say) =
        (field(&viewer, &id, "version").await, |text: &str| json!({ "subjectId": id, "text": text }));
    let text = "@blue_tech, please look (cc @BLUE_LEAD. @nobody a@red_tech)";
    let posted = crew.red_tech.done("postComment", say(text)).await["comment"].clone();
    assert_eq!(posted["text"], "@blue_tech, please look (cc @blue_lead. @nobody a@red_tech)");
    assert_eq!(posted["mentions"], json!([{ "name": "blue_tech" }, { "name": "blue_lead" }]));
    assert_eq!(field(&viewer, &id, "version").await, version, "talking changes no version");
    let stored: String =
        sqlx::query_scalar("select payload::text from events where event_type = 'CommentPosted'")
            .fetch_one(&app.pool().await)
            .await
            .expect("an event");
    assert!(!stored.contains("blue_tech") && stored.contains("<@"), "{stored}");

    let edit = |text: &str| json!({ "id": posted["id"], "text": text });
    assert_eq!(
        crew.blue_tech.refused("editComment", edit("x")).await.message,
        "Only its author edits a comment."
    );
    assert_eq!(crew.red_tech.refused("editComment", edit("  ")).await.code, "INVALID_INPUT");
    crew.red_tech.done("editComment", edit("@viewer knows")).await;
    let listed = viewer.read(COMMENTS, json!({ "id": id })).await["comments"].clone();
    assert_eq!((&listed["totalCount"], &listed["nodes"][0]["text"]), (&json!(1), &json!("@viewer knows")));
    let before = listed["nodes"][0]["editedAt"].clone();
    let refused = crew.blue_tech.refused("retractComment", json!({ "id": posted["id"] })).await;
    assert_eq!(refused.message, "Only its author or an admin takes a comment back.");
    admin.done("retractComment", json!({ "id": posted["id"] })).await;
    assert_eq!(viewer.read(COMMENTS, json!({ "id": id })).await["comments"]["totalCount"], 0);
    assert!(before.is_string());
    let stranger = crew.red_tech.mutate("postComment", json!({ "subjectId": admin.id, "text": "x" })).await;
    assert_eq!(stranger.code(), Some("NOT_FOUND"));
    let asked = json!({ "subjectId": id, "text": "Once", "clientMutationId": Uuid::now_v7() });
    let first = crew.red_tech.done("postComment", asked.clone()).await;
    let again = crew.red_tech.done("postComment", asked).await;
    assert_eq!((&first["comment"]["id"], &first["position"]), (&again["comment"]["id"], &again["position"]));
    assert_eq!(viewer.read(COMMENTS, json!({ "id": id })).await["comments"]["totalCount"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn tests_are_copied_put_away_and_labelled() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let admin = app.login(Role::Admin).await;
    let input = json!({
        "attackId": POWERSHELL, "title": "Cradle", "plannedProcedure": "Run it \"as is\"\nand wait",
        "plannedTool": "atomic", "tags": ["edr"], "assigneeId": crew.red_tech.id, "dueDate": "2024-01-31",
    });
    let id = id_of(&crew.red_tech.done("draftTest", input).await);
    let asked = json!({ "id": id, "title": "Cradle again", "clientMutationId": Uuid::now_v7() });
    let copy = id_of(&crew.blue_lead.done("cloneTest", asked.clone()).await);
    assert_eq!(
        id_of(&crew.blue_lead.done("cloneTest", asked).await),
        copy,
        "the same request, the same copy"
    );
    let fields =
        "number title plannedProcedure plannedTool tags assignee { name } dueDate copiedFrom { title } state";
    let found = field(&admin, &copy, fields).await;
    assert_eq!(
        found,
        json!({ "number": 2, "title": "Cradle again", "plannedProcedure": "Run it \"as is\"\nand wait",
                "plannedTool": "atomic", "tags": ["edr"], "assignee": null, "dueDate": null,
                "copiedFrom": { "title": "Cradle" }, "state": "DRAFT" })
    );
    assert_eq!(numbers(&admin, json!({ "overdue": true })).await, [1]);

    let refused = crew.red_tech.refused("archiveTest", json!({ "id": copy })).await;
    assert_eq!(refused.message, "A technician revises only tests of their own.");
    crew.blue_lead.done("archiveTest", json!({ "id": copy, "reason": "Drafted twice" })).await;
    assert_eq!(numbers(&admin, json!({})).await, [1]);
    assert_eq!(numbers(&admin, json!({ "archived": true })).await, [2]);
    let refused = crew.red_tech.refused("startExecution", json!({ "id": copy })).await;
    assert_eq!(refused.message, "The test is archived; restore it first.");
    let open = "query { technique(attackId: \"T1059.001\") { coverage { tests } tests { totalCount } } }";
    let technique = admin.read(open, json!({})).await["technique"].clone();
    assert_eq!((&technique["coverage"]["tests"], &technique["tests"]["totalCount"]), (&json!(1), &json!(1)));
    crew.blue_lead.done("restoreTest", json!({ "id": copy })).await;
    assert_eq!(numbers(&admin, json!({})).await, [1, 2]);
    assert_eq!(admin.read(open, json!({})).await["technique"]["coverage"]["tests"], 2);

    admin.done("classifyTest", json!({ "id": id, "classification": "RESTRICTED" })).await;
    assert_eq!(field(&crew.red_tech, &id, "classification").await["classification"], "RESTRICTED");
    assert_eq!(numbers(&admin, json!({ "classification": "RESTRICTED" })).await, [1]);
    let forbidden =
        crew.red_lead.mutate("classifyTest", json!({ "id": id, "classification": "PUBLIC" })).await;
    assert_eq!(forbidden.code(), Some("FORBIDDEN"));
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_are_kept_for_oneself() {
    let app = TestApp::start().await;
    let (one, other) = (app.login(Role::Viewer).await, app.login(Role::RedTech).await);
    let filter = |name: &str, query: &str| json!({ "page": "tests", "name": name, "query": query });
    let kept = one.done("saveFilter", filter(" Mine ", "state=DRAFT")).await["filter"].clone();
    assert_eq!(kept["name"], "Mine");
    let replaced = one.done("saveFilter", filter("Mine", "tag=edr")).await["filter"].clone();
    assert_eq!((&replaced["id"], &replaced["query"]), (&kept["id"], &json!("tag=edr")));
    for n in 1..100 {
        one.done("saveFilter", filter(&format!("{n}"), "")).await;
    }
    let full = one.refused("saveFilter", filter("one more", "")).await;
    assert!(full.message.contains("100 filters"), "{full:?}");
    one.done("saveFilter", filter("Mine", "tag=lab")).await;
    assert_eq!(one.refused("saveFilter", filter(" ", "")).await.field, "name");
    let all = "{ savedFilters { name } }";
    assert_eq!(one.read(all, json!({})).await["savedFilters"].as_array().map(Vec::len), Some(100));
    assert_eq!(other.read(all, json!({})).await["savedFilters"], json!([]));
    let strange = other.mutate("deleteSavedFilter", json!({ "id": kept["id"] })).await;
    assert_eq!(strange.code(), Some("NOT_FOUND"));
    let left = one.done("deleteSavedFilter", json!({ "id": kept["id"] })).await;
    assert_eq!(left["filters"].as_array().map(Vec::len), Some(99));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_tests_are_done_at_once_each_by_itself() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let (mut ids, lead) = (vec![], &crew.red_lead);
    for _ in 0..3 {
        ids.push(app.draft_test(&crew.red_tech, POWERSHELL).await);
    }
    crew.red_tech.done("startExecution", json!({ "id": ids[1] })).await;
    let unknown = crate::client::global_id("Test", "00000000-0000-4000-8000-000000000000");
    let all = json!([ids[0], ids[1], ids[2], unknown, "nonsense"]);
    let key = Uuid::now_v7();
    let input = json!({ "ids": all, "action": "START", "clientMutationId": key });
    let answer = lead.done("bulkTests", input.clone()).await;
    let results = answer["results"].as_array().expect("results").clone();
    let codes: Vec<_> = results.iter().map(|result| result["userErrors"][0]["code"].clone()).collect();
    assert_eq!(
        codes,
        [Value::Null, json!("INVALID_STATE"), Value::Null, json!("INVALID_STATE"), json!("INVALID_INPUT")]
    );
    assert_eq!(results[0]["test"]["state"], "RED_EXECUTING");
    let again = lead.done("bulkTests", input).await;
    assert_eq!(again["results"][0]["userErrors"], json!([]), "sent again it is what it was");
    assert_eq!(again["position"], answer["position"]);

    let assign = json!({ "ids": ids, "action": "ASSIGN", "assigneeId": crew.blue_tech.id });
    let answer = lead.done("bulkTests", assign).await;
    for result in answer["results"].as_array().expect("results") {
        assert_eq!(result["test"]["assignee"]["name"], "blue_tech");
    }
    let forbidden = crew.blue_lead.mutate("bulkTests", json!({ "ids": ids, "action": "START" })).await;
    assert_eq!(forbidden.code(), Some("FORBIDDEN"), "what one may not do once one does not do often");
    let too_many = json!({ "ids": vec![ids[0].clone(); 101], "action": "ARCHIVE" });
    assert_eq!(lead.refused("bulkTests", too_many).await.field, "ids");
}
