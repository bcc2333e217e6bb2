//! The life of a test over HTTP, from draft to a validated cell, and all that can get in its way.

use crate::app::TestApp;
use crate::client::{Answer, User, local_id};
use crate::shape::redacted;
use crate::story::{POWERSHELL, attack, detection, id_of};
use aegis_aggregates::actor::Role;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

const WHOLE_TEST: &str = "query ($id: ID!) { test(id: $id) {
    id testId number title description objective targetEnvironment platform tags dueDate state round version
    detectionResult draftedAttackId pendingVotes createdAt updatedAt position
    technique { attackId name } draftedAgainst { attackId }
    createdBy { name role } assignee { name }
    rounds {
        number outcome openedAt executionStartedAt executionSubmittedAt evaluationSubmittedAt decidedAt reopenReason
        executedBy { name } evaluatedBy { name }
        attack { procedure tool startedAt endedAt success summary recordedAt recordedBy { name } }
        detection {
            result detectedAt alertedAt containedAt containmentResult clockSkewNote summary recordedAt recordedBy { name } }
        votes { side verdict notes castAt superseded voter { name } position }
    }
    timeline { totalCount nodes { sequence type version round summary sealedAt position actor { name } } }
} }";

const CELL: &str = "query ($search: String!, $asOf: DateTime) {
    heatmap(filter: { search: $search }, asOf: $asOf) { position sealedAt tactics { shortName cells {
        attackId status openWork tests validatedTests changedPosition } } } }";

/// The cells of one technique, which may stand in several columns.
async fn cells(user: &User, attack_id: &str, as_of: Option<&str>) -> (Value, Vec<Value>) {
    let answer = user.read(CELL, json!({ "search": attack_id, "asOf": as_of })).await;
    let heatmap = &answer["heatmap"];
    let tactics = heatmap["tactics"].as_array().expect("columns");
    let all = tactics.iter().flat_map(|tactic| tactic["cells"].as_array().expect("cells").clone());
    let found = all.filter(|cell| cell["attackId"] == attack_id).collect();
    (heatmap.clone(), found)
}

async fn status(user: &User, attack_id: &str, as_of: Option<&str>) -> String {
    let (_, cells) = cells(user, attack_id, as_of).await;
    let status = cells.first().expect("a cell")["status"].as_str().expect("a status").to_owned();
    assert!(
        cells.iter().all(|cell| cell["status"] == status.as_str()),
        "one technique, one status: {cells:?}"
    );
    status
}

async fn field(user: &User, id: &str, fields: &str) -> Value {
    user.read(&format!("query ($id: ID!) {{ test(id: $id) {{ {fields} }} }}"), json!({ "id": id })).await["test"].clone()
}

async fn ledger_position(app: &TestApp) -> i64 {
    let admin = app.login(Role::Admin).await;
    admin.read("{ systemStatus { ledgerPosition } }", json!({})).await["systemStatus"]["ledgerPosition"]
        .as_i64()
        .expect("a position")
}

/// What each role may do now, and why it may not vote.
async fn open_to(app: &TestApp, id: &str) -> Value {
    let mut open = serde_json::Map::new();
    for role in Role::ALL {
        let user = app.login(role).await;
        let found = field(&user, id, "availableActions voteRefusal").await;
        open.insert(role.as_str().to_owned(), found);
    }
    Value::Object(open)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_goes_from_draft_to_a_validated_cell() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let viewer = app.login(Role::Viewer).await;
    let mut events = viewer
        .client
        .subscribe("subscription { events { position type aggregateType aggregateId attackIds } }", json!({}))
        .await;
    // The stream listens once it tells of something.
    while events.within(Duration::from_millis(200)).await.is_none() {
        app.draft_test(&crew.red_tech, "T1003").await;
    }

    let (before, found) = cells(&viewer, POWERSHELL, None).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["status"], "NOT_EVALUATED");
    let before = before["sealedAt"].as_str().expect("something is sealed").to_owned();

    let drafted = crew
        .red_tech
        .done(
            "draftTest",
            json!({
                "attackId": "t1059.001 ", "title": "  Encoded command ", "description": "Runs an encoded command",
                "objective": "Is it seen?", "targetEnvironment": "lab", "platform": "Windows",
                "tags": ["nightly", "  edr", "nightly"], "dueDate": "2024-06-01",
                "assigneeId": crew.blue_tech.id,
            }),
        )
        .await;
    let id = id_of(&drafted);
    assert_eq!(drafted["test"]["tags"], json!(["edr", "nightly"]));
    assert_eq!(status(&viewer, POWERSHELL, None).await, "IN_PROGRESS", "what one wrote one reads at once");
    let told = events.find(|event| event["data"]["events"]["aggregateId"] == local_id(&id).as_str()).await;
    assert_eq!(told["data"]["events"]["type"], "TestDrafted");
    assert_eq!(told["data"]["events"]["attackIds"], json!([POWERSHELL]));
    assert_eq!(told["data"]["events"]["position"], drafted["position"]);

    let mut open = serde_json::Map::new();
    open.insert("1 draft".into(), open_to(&app, &id).await);
    crew.red_tech.done("startExecution", json!({ "id": id, "expectedVersion": 1 })).await;
    open.insert("2 executing".into(), open_to(&app, &id).await);
    crew.red_tech.done("recordAttack", attack(&id)).await;
    open.insert("3 attack recorded".into(), open_to(&app, &id).await);
    crew.red_tech.done("submitExecution", json!({ "id": id })).await;
    open.insert("4 evaluating".into(), open_to(&app, &id).await);
    crew.blue_tech.done("recordDetection", detection(&id, "DETECTED")).await;
    open.insert("5 detection recorded".into(), open_to(&app, &id).await);
    let in_review = crew.blue_tech.done("submitEvaluation", json!({ "id": id })).await;
    open.insert("6 in review".into(), open_to(&app, &id).await);
    assert_eq!(in_review["test"]["pendingVotes"], json!(["RED", "BLUE"]));
    assert_eq!(status(&viewer, POWERSHELL, None).await, "IN_PROGRESS");

    let first = crew
        .red_lead
        .done("castVote", json!({ "id": id, "verdict": "APPROVED", "notes": "Clean run" }))
        .await;
    assert_eq!(first["test"]["pendingVotes"], json!(["BLUE"]));
    assert_eq!(first["test"]["state"], "IN_REVIEW");
    open.insert("7 red has voted".into(), open_to(&app, &id).await);
    let second = app.cast_vote(&crew.blue_lead, &id, "APPROVED").await;
    assert_eq!(second["test"]["state"], "VALIDATED");
    assert_eq!(second["test"]["pendingVotes"], json!([]));
    assert_eq!(second["test"]["detectionResult"], "DETECTED");
    open.insert("8 validated".into(), open_to(&app, &id).await);
    insta::assert_json_snapshot!("available_actions", Value::Object(open));

    assert_eq!(status(&viewer, POWERSHELL, None).await, "VALIDATED");
    let told = events.find(|event| event["data"]["events"]["position"] == second["position"]).await;
    assert_eq!(told["data"]["events"]["type"], "VoteCast");
    assert_eq!(told["data"]["events"]["attackIds"], json!([POWERSHELL]), "the cell to be coloured anew");
    let (now, found) = cells(&viewer, POWERSHELL, None).await;
    assert_eq!(found[0]["changedPosition"], second["position"]);
    assert_eq!((&found[0]["tests"], &found[0]["validatedTests"]), (&json!(1), &json!(1)));

    // The past stays as it was known then.
    assert_eq!(status(&viewer, POWERSHELL, Some(&before)).await, "NOT_EVALUATED");
    let past = "query ($id: ID!, $asOf: DateTime) { test(id: $id, asOf: $asOf) { state version } }";
    assert_eq!(viewer.read(past, json!({ "id": id, "asOf": before })).await["test"], Value::Null);
    let timeline = field(&viewer, &id, "timeline { nodes { type sealedAt } }").await;
    let submitted = &timeline["timeline"]["nodes"][3];
    assert_eq!(submitted["type"], "ExecutionSubmitted");
    let then = viewer.read(past, json!({ "id": id, "asOf": submitted["sealedAt"] })).await;
    assert_eq!(then["test"], json!({ "state": "BLUE_EVALUATING", "version": 4 }));
    assert_eq!(status(&viewer, POWERSHELL, now["sealedAt"].as_str()).await, "VALIDATED");

    insta::assert_json_snapshot!(
        "validated_test",
        redacted(&viewer.read(WHOLE_TEST, json!({ "id": id })).await)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_test_is_reopened_and_keeps_its_rounds() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let viewer = app.login(Role::Viewer).await;
    let id = app.test_in_review(&crew, POWERSHELL, "NOT_DETECTED").await;
    app.cast_vote(&crew.red_lead, &id, "APPROVED").await;
    let rejected = crew
        .blue_lead
        .done("castVote", json!({ "id": id, "verdict": "REJECTED", "notes": "Wrong host" }))
        .await;
    assert_eq!(rejected["test"]["state"], "REJECTED");
    assert_eq!(rejected["test"]["pendingVotes"], json!([]));
    assert_eq!(status(&viewer, POWERSHELL, None).await, "IN_PROGRESS", "only validated tests decide");

    let refused = crew.red_tech.mutate("reopenTest", json!({ "id": id, "reason": "Again" })).await;
    assert_eq!(refused.code(), Some("FORBIDDEN"), "{}", refused.body);
    let empty = crew.blue_lead.refused("reopenTest", json!({ "id": id, "reason": "  " })).await;
    assert_eq!((empty.code.as_str(), empty.field.as_str()), ("INVALID_INPUT", "reason"));
    let reopened =
        crew.blue_lead.done("reopenTest", json!({ "id": id, "reason": "On the right host" })).await;
    assert_eq!((&reopened["test"]["state"], &reopened["test"]["round"]), (&json!("DRAFT"), &json!(2)));

    // What was settled in round 1 stays so.
    let moved = crew.red_lead.refused("reviseTest", json!({ "id": id, "attackId": "T1003.001" })).await;
    assert_eq!((moved.code.as_str(), moved.field.as_str()), ("INVALID_STATE", "attackId"));

    app.bring_to_review(&crew, &id, "PARTIALLY_DETECTED").await;
    app.cast_vote(&crew.blue_lead, &id, "APPROVED").await;
    let validated = app.cast_vote(&crew.red_lead, &id, "APPROVED").await;
    assert_eq!(validated["test"]["state"], "VALIDATED");
    assert_eq!(status(&viewer, POWERSHELL, None).await, "PARTIAL");
    insta::assert_json_snapshot!("two_rounds", redacted(&viewer.read(WHOLE_TEST, json!({ "id": id })).await));

    // One missed, one detected: partial; the open work of a third changes nothing.
    let second = app.test_in_review(&crew, "T1003.001", "NOT_DETECTED").await;
    app.cast_vote(&crew.red_lead, &second, "APPROVED").await;
    app.cast_vote(&crew.blue_lead, &second, "APPROVED").await;
    assert_eq!(status(&viewer, "T1003.001", None).await, "NOT_COVERED");
    app.draft_test(&crew.red_tech, "T1003.001").await;
    let (_, found) = cells(&viewer, "T1003.001", None).await;
    assert_eq!((&found[0]["status"], &found[0]["openWork"]), (&json!("NOT_COVERED"), &json!(true)));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_judges_their_own_work() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let admin = app.login(Role::Admin).await;

    // One person never fills both sides, admins included.
    let id = app.draft_test(&admin, POWERSHELL).await;
    admin.done("startExecution", json!({ "id": id })).await;
    admin.done("recordAttack", attack(&id)).await;
    admin.done("submitExecution", json!({ "id": id })).await;
    let both = admin.refused("recordDetection", detection(&id, "DETECTED")).await;
    assert_eq!(both.code, "INVALID_STATE");
    assert!(both.message.contains("both sides"), "{both:?}");
    crew.blue_tech.done("recordDetection", detection(&id, "DETECTED")).await;
    crew.blue_tech.done("submitEvaluation", json!({ "id": id })).await;
    for side in ["RED", "BLUE"] {
        let own = admin.refused("castVote", json!({ "id": id, "side": side, "verdict": "APPROVED" })).await;
        assert_eq!(own.code, "INVALID_STATE", "{side}");
    }
    let found = field(&admin, &id, "voteRefusal availableActions").await;
    assert!(found["voteRefusal"].is_string(), "{found}");
    assert!(!found["availableActions"].to_string().contains("VOTE"), "{found}");
    // Who worked may still reject.
    let rejected = admin.done("castVote", json!({ "id": id, "side": "RED", "verdict": "REJECTED" })).await;
    assert_eq!(rejected["test"]["state"], "REJECTED");

    // A lead who executed does not approve.
    let id = app.draft_test(&crew.red_lead, POWERSHELL).await;
    crew.red_lead.done("startExecution", json!({ "id": id })).await;
    crew.red_lead.done("recordAttack", attack(&id)).await;
    crew.red_lead.done("submitExecution", json!({ "id": id })).await;
    crew.blue_tech.done("recordDetection", detection(&id, "DETECTED")).await;
    crew.blue_tech.done("submitEvaluation", json!({ "id": id })).await;
    let own = crew.red_lead.refused("castVote", json!({ "id": id, "verdict": "APPROVED" })).await;
    assert_eq!(
        (own.code.as_str(), own.message.contains("does not approve")),
        ("INVALID_STATE", true),
        "{own:?}"
    );
    let refusal = field(&crew.red_lead, &id, "voteRefusal").await["voteRefusal"].clone();
    assert!(refusal.as_str().is_some_and(|text| text.contains("does not approve")), "{refusal}");
    assert_eq!(field(&crew.blue_lead, &id, "voteRefusal").await["voteRefusal"], Value::Null);

    // Each lead judges the own side; an admin says which.
    let other =
        crew.blue_lead.refused("castVote", json!({ "id": id, "side": "RED", "verdict": "APPROVED" })).await;
    assert_eq!((other.code.as_str(), other.field.as_str()), ("INVALID_STATE", "side"));
    let which = admin.refused("castVote", json!({ "id": id, "verdict": "APPROVED" })).await;
    assert_eq!((which.code.as_str(), which.field.as_str()), ("INVALID_INPUT", "side"));

    // A vote may be replaced by whoever cast it, until the outcome; the same again is no event.
    let vote = |notes: &str| json!({ "id": id, "verdict": "APPROVED", "notes": notes });
    let first = crew.blue_lead.done("castVote", vote("Seen")).await;
    let again = crew.blue_lead.done("castVote", vote("Seen")).await;
    assert_eq!((&again["position"], &again["test"]["version"]), (&Value::Null, &first["test"]["version"]));
    crew.blue_lead.done("castVote", vote("Seen, twice")).await;
    let someone = app.another(Role::BlueLead).await;
    let taken = someone.refused("castVote", vote("Me too")).await;
    assert_eq!(
        (taken.code.as_str(), taken.message.contains("somebody else")),
        ("INVALID_STATE", true),
        "{taken:?}"
    );
    let votes =
        field(&admin, &id, "rounds { votes { notes superseded } }").await["rounds"][0]["votes"].clone();
    assert_eq!(
        votes,
        json!([{ "notes": "Seen", "superseded": true }, { "notes": "Seen, twice", "superseded": false }])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn simultaneous_votes_of_both_leads_both_count() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let pairs = if std::env::var_os("AEGIS_LONG").is_some() { 200 } else { 20 };
    let mut validated = 0;
    for pair in 0..pairs {
        let id = app.test_in_review(&crew, POWERSHELL, "DETECTED").await;
        // Every fourth pair disagrees.
        let blue = if pair % 4 == 3 { "REJECTED" } else { "APPROVED" };
        let red_vote = crew.red_lead.mutate("castVote", json!({ "id": id, "verdict": "APPROVED" }));
        let blue_vote = crew.blue_lead.mutate("castVote", json!({ "id": id, "verdict": blue }));
        let (red_vote, blue_vote) = tokio::join!(red_vote, blue_vote);
        let found = field(
            &crew.red_lead,
            &id,
            "state pendingVotes rounds { outcome votes { side verdict superseded } }",
        )
        .await;
        let votes = found["rounds"][0]["votes"].as_array().expect("votes");
        let outcome = &found["rounds"][0]["outcome"];
        if blue == "APPROVED" {
            assert_eq!(red_vote.payload()["userErrors"], json!([]));
            assert_eq!(blue_vote.payload()["userErrors"], json!([]));
            assert_eq!(
                (votes.len(), outcome, &found["state"]),
                (2, &json!("VALIDATED"), &json!("VALIDATED")),
                "{found}"
            );
            validated += 1;
        } else {
            // A rejection that is first ends the round, and the approval comes too late.
            assert_eq!(blue_vote.payload()["userErrors"], json!([]));
            assert_eq!((outcome, &found["state"]), (&json!("REJECTED"), &json!("REJECTED")), "{found}");
            let late = red_vote.payload()["userErrors"][0]["code"] == "INVALID_STATE";
            assert_eq!(votes.len(), if late { 1 } else { 2 }, "{found}");
        }
        assert_eq!(found["pendingVotes"], json!([]));
    }
    assert_eq!(validated, pairs - pairs / 4);
    assert!(!app.server().errors().contains("ERROR"), "{}", app.server().errors());
}

/// Without a version nobody looks at what others do at the same time, and nothing of it is lost all the same.
#[tokio::test(flavor = "multi_thread")]
async fn simultaneous_revisions_of_different_fields_all_count() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let id = app.draft_test(&crew.red_tech, POWERSHELL).await;
    let rounds = if std::env::var_os("AEGIS_LONG").is_some() { 100 } else { 10 };
    for round in 0..rounds {
        let text = |of: &str| json!(format!("{of} {round}"));
        let changes = [
            ("title", text("Title")),
            ("description", text("Description")),
            ("objective", text("Objective")),
            ("targetEnvironment", text("Environment")),
            ("tags", json!([format!("tag {round}")])),
        ];
        let revisions = changes.iter().map(|(field, value)| {
            let mut input = json!({ "id": id });
            input[*field] = value.clone();
            crew.red_tech.done("reviseTest", input)
        });
        futures::future::join_all(revisions).await;
        let fields = "title description objective targetEnvironment tags";
        let found = field(&crew.red_tech, &id, fields).await;
        assert_eq!(
            found,
            Value::Object(changes.map(|(field, value)| (field.to_owned(), value)).into_iter().collect())
        );
    }
}

/// Sends a mutation twice under one command id, then with other input.
async fn retried(app: &TestApp, user: &User, mutation: &str, input: Value, other: Value) -> Value {
    let command = Uuid::new_v4().to_string();
    let with_id = |mut input: Value| {
        input["clientMutationId"] = json!(command);
        input
    };
    let first = user.done(mutation, with_id(input.clone())).await;
    assert!(first["position"].is_i64(), "{mutation} writes: {first}");
    let position = ledger_position(app).await;
    let second = user.done(mutation, with_id(input)).await;
    assert_eq!(second["position"], first["position"], "{mutation} again answers with the first result");
    for subject in ["test", "user", "job"] {
        assert_eq!(
            second[subject]["id"], first[subject]["id"],
            "{mutation} again is about the same {subject}"
        );
    }
    assert_eq!(ledger_position(app).await, position, "{mutation} again writes nothing");
    let conflict = user.refused(mutation, with_id(other)).await;
    assert_eq!(
        (conflict.code.as_str(), conflict.field.as_str()),
        ("CONFLICT", "clientMutationId"),
        "{mutation}"
    );
    assert_eq!(ledger_position(app).await, position, "{mutation} with other input writes nothing");
    first
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retried_command_answers_with_its_first_result() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let admin = app.login(Role::Admin).await;
    let with = |mut input: Value, name: &str, value: Value| {
        input[name] = value;
        input
    };

    let input = json!({ "attackId": POWERSHELL, "title": "Once" });
    let drafted =
        retried(&app, &crew.red_tech, "draftTest", input.clone(), with(input, "title", json!("Twice"))).await;
    let id = id_of(&drafted);
    let other =
        id_of(&crew.red_tech.done("draftTest", json!({ "attackId": POWERSHELL, "title": "Other" })).await);
    let (this, that) = (json!({ "id": id }), json!({ "id": other }));

    let input = json!({ "id": id, "title": "Once more" });
    retried(&app, &crew.red_tech, "reviseTest", input.clone(), with(input, "title", json!("Else"))).await;
    retried(&app, &crew.red_tech, "startExecution", this.clone(), that.clone()).await;
    retried(&app, &crew.red_tech, "recordAttack", attack(&id), with(attack(&id), "summary", json!("Else")))
        .await;
    retried(&app, &crew.red_tech, "submitExecution", this.clone(), that.clone()).await;
    let seen = detection(&id, "DETECTED");
    retried(&app, &crew.blue_tech, "recordDetection", seen.clone(), with(seen, "summary", json!("Else")))
        .await;
    retried(&app, &crew.blue_tech, "submitEvaluation", this.clone(), that).await;
    let vote = json!({ "id": id, "verdict": "REJECTED", "notes": "No" });
    retried(&app, &crew.red_lead, "castVote", vote.clone(), with(vote, "notes", json!("Else"))).await;
    let again = json!({ "id": id, "reason": "Better" });
    retried(&app, &crew.blue_lead, "reopenTest", again.clone(), with(again, "reason", json!("Else"))).await;

    let input = json!({ "username": "someone", "role": "VIEWER", "password": "Any-Old-Word-1" });
    let created =
        retried(&app, &admin, "createUser", input.clone(), with(input, "username", json!("someone.else")))
            .await;
    let someone = json!({ "id": created["user"]["id"] });
    let role = with(someone.clone(), "role", json!("BLUE_TECH"));
    retried(&app, &admin, "updateUser", role.clone(), with(role, "role", json!("ADMIN"))).await;
    let else_one = json!({ "id": crew.red_tech.id });
    retried(&app, &admin, "deactivateUser", someone.clone(), else_one.clone()).await;
    retried(&app, &admin, "reactivateUser", someone.clone(), else_one.clone()).await;
    retried(&app, &admin, "resetUserPassword", someone, else_one).await;

    let upload = |bytes: &'static [u8]| {
        let client = admin.client.clone();
        async move { client.upload("x.json", bytes.to_vec()).await.body["uploadId"].clone() }
    };
    let (first, second) = (upload(b"{}").await, upload(b"[]").await);
    let file = |upload: &Value| json!({ "source": "ATTACK_ENTERPRISE", "uploadId": upload });
    let requested = retried(&app, &admin, "importFile", file(&first), file(&second)).await;
    let job = requested["job"]["id"].as_str().expect("a job").to_owned();
    let elsewhere = admin.done("importFile", file(&second)).await["job"]["id"].clone();
    for job in [&json!(job), &elsewhere] {
        let query = "subscription ($id: ID!) { jobProgress(id: $id) { state } }";
        let mut progress = admin.client.subscribe(query, json!({ "id": job })).await;
        progress.find(|result| result["data"]["jobProgress"]["state"] == "FAILED").await;
    }
    retried(&app, &admin, "retryJob", json!({ "id": job }), json!({ "id": elsewhere })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retried_change_of_password_answers_with_its_first_result() {
    let app = TestApp::start().await;
    let user = app.another(Role::Viewer).await;
    let input = json!({
        "currentPassword": user.password, "newPassword": "Another-Word-2", "clientMutationId": Uuid::new_v4(),
    });
    let first = user.done("changePassword", input.clone()).await;
    let position = ledger_position(&app).await;
    // The token of the first time is worth nothing now: an answer that was lost is asked for after signing in.
    assert_eq!(user.mutate("changePassword", input.clone()).await.code(), Some("UNAUTHENTICATED"));
    let again = app.sign_in(&user.username, "Another-Word-2").await;
    let second = again.done("changePassword", input).await;
    assert_eq!(second["position"], first["position"]);
    assert_eq!(second["token"], Value::Null, "it changes nothing, so no token takes the place of another");
    assert_eq!(ledger_position(&app).await, position);
    assert_eq!(again.client.ask("{ tests { totalCount } }").await.code(), None, "nor does it end a session");
}

/// What is answered for an instant stays right for ever, so it is not answered from rows that are not there yet.
#[tokio::test(flavor = "multi_thread")]
async fn a_read_of_the_past_does_not_claim_a_position_it_cannot_show() {
    let app = TestApp::start().await;
    let (admin, red) = (app.login(Role::Admin).await, app.login(Role::RedTech).await);
    let pool = app.pool().await;
    // One read model stands still, as if it had fallen behind.
    let mut held = pool.begin().await.expect("a transaction");
    sqlx::query("select from projection_positions where name = 'tests' for update")
        .execute(&mut *held)
        .await
        .expect("the row is there");
    let late = red.mutate("draftTest", json!({ "attackId": POWERSHELL, "title": "Late" })).await;
    let late = late.payload();
    assert_eq!(late["readModelsBehind"], true, "{late}");
    let now: DateTime<Utc> =
        sqlx::query_scalar("select clock_timestamp()").fetch_one(&pool).await.expect("a time");
    let as_of = |list: &str| {
        format!("{{ {list}(asOf: \"{}\") {{ position }} }}", now.to_rfc3339_opts(SecondsFormat::Micros, true))
    };
    for list in ["tests", "heatmap", "techniques"] {
        let answer = admin.client.ask(&as_of(list)).await;
        assert_eq!(answer.code(), Some("READ_MODELS_BEHIND"), "{list}: {}", answer.body);
    }
    // A read of now says what it shows, even where it was asked for more.
    let request = admin.client.post("/graphql").header("aegis-min-position", late["position"].to_string());
    let shown = Answer::to(request.json(&json!({ "query": "{ tests { position totalCount } }" }))).await;
    assert_eq!(shown.data()["tests"]["totalCount"], 0);
    assert!(shown.data()["tests"]["position"].as_i64() < late["position"].as_i64(), "{}", shown.body);

    held.rollback().await.expect("it lets go");
    let shown = admin.client.ask(&as_of("tests")).await;
    assert_eq!(shown.data()["tests"]["position"], late["position"], "trying again later helps");
    pool.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stale_versions_and_wrong_states_are_refused() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let id = app.draft_test(&crew.red_tech, POWERSHELL).await;
    let stale = |mut input: Value| {
        input["expectedVersion"] = json!(99);
        input
    };
    let this = json!({ "id": id });
    let (red, blue) = (&crew.red_tech, &crew.blue_tech);
    let position = ledger_position(&app).await;
    for (user, mutation, input) in [
        (red, "reviseTest", json!({ "id": id, "title": "Stale" })),
        (red, "startExecution", this.clone()),
        (red, "recordAttack", attack(&id)),
        (red, "submitExecution", this.clone()),
        (blue, "recordDetection", detection(&id, "DETECTED")),
        (blue, "submitEvaluation", this.clone()),
        (&crew.red_lead, "reopenTest", json!({ "id": id, "reason": "Stale" })),
    ] {
        let conflict = user.refused(mutation, stale(input)).await;
        assert_eq!(
            (conflict.code.as_str(), conflict.field.as_str()),
            ("CONFLICT", "expectedVersion"),
            "{mutation}"
        );
    }

    // In a draft only its start and its revision are open.
    let wrong_in_draft = [
        (red, "recordAttack", attack(&id)),
        (red, "submitExecution", this.clone()),
        (blue, "recordDetection", detection(&id, "DETECTED")),
        (blue, "submitEvaluation", this.clone()),
        (&crew.red_lead, "castVote", json!({ "id": id, "verdict": "APPROVED" })),
        (&crew.red_lead, "reopenTest", json!({ "id": id, "reason": "Early" })),
    ];
    for (user, mutation, input) in wrong_in_draft {
        assert_eq!(user.refused(mutation, input).await.code, "INVALID_STATE", "{mutation} in a draft");
    }
    assert_eq!(ledger_position(&app).await, position, "what is refused leaves no event");

    red.done("startExecution", this.clone()).await;
    assert_eq!(red.refused("startExecution", this.clone()).await.code, "INVALID_STATE");
    assert_eq!(
        red.refused("submitExecution", this.clone()).await.code,
        "INVALID_STATE",
        "nothing is recorded yet"
    );
    assert_eq!(
        red.refused("reviseTest", json!({ "id": id, "title": "While it runs" })).await.code,
        "INVALID_STATE",
        "what the work is does not change under it"
    );
    red.done("reviseTest", json!({ "id": id, "tags": ["urgent"] })).await;
    red.done("recordAttack", attack(&id)).await;
    red.done("submitExecution", this.clone()).await;
    assert_eq!(red.refused("recordAttack", attack(&id)).await.code, "INVALID_STATE");

    // Times.
    let early =
        json!({ "id": id, "result": "DETECTED", "summary": "Early", "detectedAt": "2024-05-06T07:59:59Z" });
    let refused = blue.refused("recordDetection", early.clone()).await;
    assert_eq!((refused.code.as_str(), refused.field.as_str()), ("INVALID_INPUT", "detectedAt"));
    let mut noted = early;
    noted["clockSkewNote"] = json!("The sensor runs two minutes behind");
    blue.done("recordDetection", noted).await;
    for (input, wrong) in [
        (json!({ "result": "DETECTED", "summary": "x" }), "detectedAt"),
        (
            json!({ "result": "NOT_DETECTED", "summary": "x", "detectedAt": "2024-05-06T09:00:00Z" }),
            "detectedAt",
        ),
        (json!({ "result": "DETECTED", "summary": "x", "detectedAt": "2999-01-01T00:00:00Z" }), "detectedAt"),
        (json!({ "result": "DETECTED", "summary": " ", "detectedAt": "2024-05-06T09:00:00Z" }), "summary"),
        (
            json!({ "result": "DETECTED", "summary": "x", "detectedAt": "2024-05-06T09:00:00Z",
                    "containmentResult": "CONTAINED" }),
            "containedAt",
        ),
    ] {
        let mut input = input;
        input["id"] = json!(id);
        let refused = blue.refused("recordDetection", input.clone()).await;
        assert_eq!((refused.code.as_str(), refused.field.as_str()), ("INVALID_INPUT", wrong), "{input}");
    }
    blue.done("submitEvaluation", this.clone()).await;
    app.cast_vote(&crew.red_lead, &id, "APPROVED").await;
    app.cast_vote(&crew.blue_lead, &id, "APPROVED").await;
    for (user, mutation, input) in [
        (red, "reviseTest", json!({ "id": id, "tags": ["late"] })),
        (red, "startExecution", this.clone()),
        (&crew.red_lead, "castVote", json!({ "id": id, "verdict": "REJECTED" })),
        (&crew.red_lead, "reopenTest", json!({ "id": id, "reason": "Late" })),
    ] {
        assert_eq!(user.refused(mutation, input).await.code, "INVALID_STATE", "{mutation} once validated");
    }

    // A technician revises only what they drafted; a lead revises all.
    let leads = app.draft_test(&crew.red_lead, POWERSHELL).await;
    assert_eq!(
        red.refused("reviseTest", json!({ "id": leads, "title": "Mine" })).await.code,
        "INVALID_STATE"
    );
    crew.blue_lead.done("reviseTest", json!({ "id": leads, "title": "Ours" })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_filter_and_page() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let mut ids = vec![];
    for number in 0..5 {
        ids.push(app.draft_test(&crew.red_tech, if number % 2 == 0 { POWERSHELL } else { "T1003" }).await);
    }
    app.bring_to_review(&crew, &ids[0], "DETECTED").await;
    crew.red_tech
        .done("reviseTest", json!({ "id": ids[1], "title": "100 % _done_", "tags": ["Weekly"] }))
        .await;
    let list = |user: &User, filter: Value| {
        let user = user.clone();
        async move {
            let query =
                "query ($filter: TestFilter) { tests(filter: $filter) { totalCount nodes { number } } }";
            let tests = user.read(query, json!({ "filter": filter })).await["tests"].clone();
            let numbers: Vec<i64> = tests["nodes"]
                .as_array()
                .expect("nodes")
                .iter()
                .filter_map(|node| node["number"].as_i64())
                .collect();
            assert_eq!(tests["totalCount"], numbers.len());
            numbers
        }
    };
    let red = &crew.red_tech;
    assert_eq!(list(red, json!({})).await, [2, 1, 5, 4, 3], "newest change first");
    assert_eq!(list(red, json!({ "states": ["IN_REVIEW"] })).await, [1]);
    assert_eq!(list(red, json!({ "attackId": "t1003" })).await, [2, 4]);
    assert_eq!(list(red, json!({ "tag": "Weekly" })).await, [2]);
    assert_eq!(list(red, json!({ "search": "#4" })).await, [4]);
    assert_eq!(list(red, json!({ "search": "% _" })).await, [2], "signs of a pattern are letters here");
    assert_eq!(list(red, json!({ "search": "nothing like it" })).await, Vec::<i64>::new());
    assert_eq!(list(red, json!({ "createdById": crew.red_lead.id })).await, Vec::<i64>::new());
    assert_eq!(list(red, json!({ "awaitingMe": true })).await, [2, 5, 4, 3]);
    assert_eq!(list(&crew.red_lead, json!({ "awaitingMe": true, "states": ["IN_REVIEW"] })).await, [1]);
    assert_eq!(list(&crew.blue_tech, json!({ "awaitingMe": true })).await, Vec::<i64>::new());

    let query = "query ($after: String) { tests(first: 2, after: $after) {
        totalCount nodes { number } pageInfo { hasNextPage hasPreviousPage endCursor } } }";
    let (mut after, mut numbers) = (Value::Null, vec![]);
    loop {
        let page = red.read(query, json!({ "after": after })).await["tests"].clone();
        assert_eq!(page["totalCount"], 5);
        assert_eq!(page["pageInfo"]["hasPreviousPage"], !after.is_null());
        numbers.extend(
            page["nodes"].as_array().expect("nodes").iter().filter_map(|node| node["number"].as_i64()),
        );
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(numbers, [2, 1, 5, 4, 3]);
}
