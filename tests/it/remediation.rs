//! From a validated test that nobody saw to a retest that somebody did.

use crate::app::TestApp;
use crate::client::{User, global_id};
use crate::story::{Crew, POWERSHELL};
use aegis_aggregates::actor::Role;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use uuid::Uuid;

const NOBODYS: &str = "00000000-0000-4000-8000-000000000000";
/// How long a job may take.
const PATIENCE: Duration = Duration::from_secs(60);

const REMEDIATION: &str = "query ($id: ID!) { remediation(id: $id) {
    state version completions overdue attackId detectionResult
    test { id retests { id retestNumber } remediations { id } }
    retests { completion number notCreatedBecause detectionResult
              test { id state retestNumber retestOf { id } retestFor { id } plannedProcedure plannedTool title } }
    timeline(first: 100) { nodes { type summary } } } }";

impl TestApp {
    /// A validated test with that result; its id.
    async fn validated(&self, crew: &Crew, result: &str) -> String {
        let id = self.test_in_review(crew, POWERSHELL, result).await;
        self.approve(crew, &id).await;
        id
    }

    async fn approve(&self, crew: &Crew, id: &str) {
        self.cast_vote(&crew.red_lead, id, "APPROVED").await;
        self.cast_vote(&crew.blue_lead, id, "APPROVED").await;
    }
}

async fn opened(by: &User, test: &str) -> String {
    let input = json!({ "testId": test, "title": "Turn logging on", "priority": "HIGH" });
    let payload = by.done("openRemediation", input).await;
    payload["remediation"]["id"].as_str().expect("a remediation").to_owned()
}

/// Waits until a remediation is as wanted.
async fn until(by: &User, id: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let found = by.read(REMEDIATION, json!({ "id": id })).await["remediation"].clone();
        if wanted(&found) {
            return found;
        }
        assert!(Instant::now() < deadline, "it never came to this: {found}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missed_test_is_remedied_retested_and_verified() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let test = app.validated(&crew, "NOT_DETECTED").await;
    let id = opened(&crew.blue_lead, &test).await;

    // Steps, and what is left to do.
    let tech = &crew.blue_tech;
    let step = json!({ "id": id, "title": "Write the policy" });
    let added = tech.done("addRemediationStep", step).await["remediation"].clone();
    let step = added["steps"][0]["stepId"].clone();
    assert_eq!(added["availableActions"], json!(["ADD_STEP", "CHANGE_STEPS", "START", "BLOCK"]));
    tech.done("startRemediation", json!({ "id": id })).await;
    let refused = tech.refused("completeRemediation", json!({ "id": id })).await;
    assert_eq!(refused.code, "INVALID_STATE");
    assert!(refused.message.contains("'Write the policy'"), "{}", refused.message);
    let doing = json!({ "id": id, "stepId": step, "status": "DOING", "notes": "Servers first." });
    let doing = tech.done("updateRemediationStep", doing).await["remediation"]["steps"][0].clone();
    assert_eq!((&doing["status"], &doing["notes"]), (&json!("DOING"), &json!("Servers first.")));
    tech.done("completeRemediationStep", json!({ "id": id, "stepId": step })).await;
    let completed = tech.done("completeRemediation", json!({ "id": id, "notes": "It is on." })).await;
    assert_eq!(completed["remediation"]["state"], "COMPLETED");

    // The retest comes by itself and is read in both directions.
    let found = until(tech, &id, |found| !found["retests"][0]["test"].is_null()).await;
    let retest = &found["retests"][0];
    let retest_id = retest["test"]["id"].as_str().expect("an id").to_owned();
    assert_eq!((&retest["completion"], &retest["number"]), (&json!(1), &json!(1)));
    assert_eq!(
        retest["test"],
        json!({
            "id": retest_id, "state": "DRAFT", "retestNumber": 1, "title": "Test of T1059.001",
            "retestOf": { "id": test }, "retestFor": { "id": id },
            "plannedProcedure": "Run the encoded command", "plannedTool": "atomic-red-team",
        })
    );
    assert_eq!(found["test"]["retests"], json!([{ "id": retest_id, "retestNumber": 1 }]));
    assert_eq!(found["test"]["remediations"], json!([{ "id": id }]));

    app.bring_to_review(&crew, &retest_id, "DETECTED").await;
    app.approve(&crew, &retest_id).await;
    let verified = until(tech, &id, |found| found["state"] == "VERIFIED").await;
    assert_eq!(verified["retests"][0]["detectionResult"], "DETECTED");
    let told: Vec<&str> = verified["timeline"]["nodes"]
        .as_array()
        .expect("events")
        .iter()
        .map(|event| event["summary"].as_str().expect("a summary"))
        .collect();
    assert_eq!(told.first(), Some(&"Opened: T1059.001 was not detected"));
    assert_eq!(told[told.len() - 2..], ["Retest 1 created", "Verified: the retest was detected"]);

    // Of the chain only the newest validated test decides.
    let query = "{ technique(attackId: \"T1059.001\") { coverage { status } } }";
    let technique = tech.read(query, json!({})).await;
    assert_eq!(technique["technique"]["coverage"]["status"], "VALIDATED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_remediation_is_opened_only_from_what_was_missed() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let open = |test: &str| json!({ "testId": test, "title": "Turn logging on" });

    let draft = app.draft_test(&crew.red_tech, POWERSHELL).await;
    let refused = crew.blue_lead.refused("openRemediation", open(&draft)).await;
    assert_eq!((refused.code.as_str(), refused.field.as_str()), ("INVALID_STATE", "testId"));
    assert!(refused.message.contains("this one is draft"), "{}", refused.message);
    let seen = app.validated(&crew, "DETECTED").await;
    let refused = crew.blue_lead.refused("openRemediation", open(&seen)).await;
    assert!(refused.message.contains("nothing to remedy"), "{}", refused.message);

    let partly = app.validated(&crew, "PARTIALLY_DETECTED").await;
    assert_eq!(crew.blue_tech.mutate("openRemediation", open(&partly)).await.code(), Some("FORBIDDEN"));
    let unknown = open(&global_id("Test", NOBODYS));
    assert_eq!(crew.blue_lead.mutate("openRemediation", unknown).await.code(), Some("NOT_FOUND"));
    for (more, field) in [
        (json!({ "title": " " }), "title"),
        (json!({ "dueDate": "tomorrow" }), "dueDate"),
        (json!({ "assigneeId": global_id("User", NOBODYS) }), "assigneeId"),
    ] {
        let mut input = open(&partly);
        input.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
        let refused = crew.blue_lead.refused("openRemediation", input).await;
        assert_eq!((refused.code.as_str(), refused.field.as_str()), ("INVALID_INPUT", field));
    }
    let mut input = open(&partly);
    input["clientMutationId"] = json!(Uuid::now_v7());
    let first = crew.blue_lead.done("openRemediation", input.clone()).await;
    let again = crew.blue_lead.done("openRemediation", input).await;
    assert_eq!(first["remediation"]["id"], again["remediation"]["id"]);
    let count = crew.blue_lead.read("{ remediations { totalCount } }", json!({})).await;
    assert_eq!(count["remediations"]["totalCount"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_do_what_with_a_remediation() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let id = opened(&crew.blue_lead, &app.validated(&crew, "NOT_DETECTED").await).await;
    let start = json!({ "id": id });

    // Red technicians work on what is given to them.
    let refused = crew.red_tech.refused("startRemediation", start.clone()).await;
    assert_eq!(refused.code, "INVALID_STATE");
    assert!(refused.message.contains("the assignee"), "{}", refused.message);
    let give = json!({ "id": id, "assigneeId": crew.red_tech.id });
    assert_eq!(crew.red_tech.mutate("assignRemediation", give.clone()).await.code(), Some("FORBIDDEN"));
    crew.red_lead.done("assignRemediation", give).await;
    crew.red_tech.done("startRemediation", start.clone()).await;
    let blocked = json!({ "id": id, "reason": "No licence yet." });
    let blocked = crew.red_tech.done("blockRemediation", blocked).await["remediation"].clone();
    assert_eq!(blocked["availableActions"], json!(["ADD_STEP", "UNBLOCK"]));
    crew.red_tech.done("unblockRemediation", start.clone()).await;

    // A viewer reads, even what is given to them.
    let viewer = app.login(Role::Viewer).await;
    crew.red_lead.done("assignRemediation", json!({ "id": id, "assigneeId": viewer.id })).await;
    assert_eq!(viewer.mutate("completeRemediation", start.clone()).await.code(), Some("FORBIDDEN"));
    let query = "query ($id: ID!) { node(id: $id) { __typename ... on Remediation { availableActions } } }";
    let node = viewer.read(query, json!({ "id": id })).await["node"].clone();
    assert_eq!(node, json!({ "__typename": "Remediation", "availableActions": [] }));

    // A risk is accepted by leads, until a day that lies ahead and within three years.
    let accept = |day: &str| json!({ "id": id, "reason": "The host goes away.", "expiresOn": day });
    let ahead = (chrono::Utc::now() + chrono::TimeDelta::days(30)).date_naive().to_string();
    assert_eq!(crew.blue_tech.mutate("acceptRisk", accept(&ahead)).await.code(), Some("FORBIDDEN"));
    for (day, says) in [("2020-01-01", "in the future"), ("2199-01-01", "3 years"), ("soon", "not a day")] {
        let refused = crew.blue_lead.refused("acceptRisk", accept(day)).await;
        assert_eq!((refused.code.as_str(), refused.field.as_str()), ("INVALID_INPUT", "expiresOn"));
        assert!(refused.message.contains(says), "{}", refused.message);
    }
    let accepted = crew.blue_lead.done("acceptRisk", accept(&ahead)).await["remediation"].clone();
    assert_eq!(
        (&accepted["state"], &accepted["availableActions"]),
        (&json!("RISK_ACCEPTED"), &json!(["REOPEN"]))
    );
    let refused = crew.blue_lead.refused("startRemediation", start).await;
    assert!(refused.message.contains("risk accepted"), "{}", refused.message);
    let reopen = json!({ "id": id, "reason": "It came back." });
    let reopened = crew.blue_lead.done("reopenRemediation", reopen).await["remediation"].clone();
    assert_eq!(reopened["state"], "OPEN");

    let stale = json!({ "id": id, "title": "x", "expectedVersion": 1 });
    assert_eq!(crew.blue_lead.refused("updateRemediation", stale).await.code, "CONFLICT");
    let unknown = json!({ "id": id, "stepId": NOBODYS });
    let refused = crew.blue_lead.refused("removeRemediationStep", unknown).await;
    assert_eq!((refused.code.as_str(), refused.field.as_str()), ("INVALID_STATE", "stepId"));
    let nobodys = json!({ "id": global_id("Remediation", NOBODYS) });
    assert_eq!(crew.blue_lead.mutate("startRemediation", nobodys).await.code(), Some("NOT_FOUND"));
}

#[tokio::test(flavor = "multi_thread")]
async fn remediations_are_listed_by_what_people_look_for() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let lead = &crew.blue_lead;
    let test = app.validated(&crew, "NOT_DETECTED").await;
    let late = opened(lead, &test).await;
    let input = json!({ "id": late, "dueDate": "2020-01-01", "tags": ["logging"], "priority": "CRITICAL" });
    assert_eq!(lead.done("updateRemediation", input).await["remediation"]["overdue"], true);
    let other = opened(lead, &app.validated(&crew, "NOT_DETECTED").await).await;
    lead.done("assignRemediation", json!({ "id": other, "assigneeId": crew.blue_tech.id })).await;
    lead.done("startRemediation", json!({ "id": other })).await;

    let query =
        "query ($filter: RemediationFilter) { remediations(filter: $filter) { totalCount nodes { id } } }";
    let listed = async |filter: Value| {
        let found = lead.read(query, json!({ "filter": filter })).await["remediations"].clone();
        let ids = found["nodes"].as_array().expect("nodes").iter().map(|node| node["id"].clone());
        let ids: Vec<Value> = ids.collect();
        assert_eq!(found["totalCount"], ids.len());
        ids
    };
    assert_eq!(listed(json!({})).await, [json!(other), json!(late)]);
    for (filter, found) in [
        (json!({ "overdue": true }), &late),
        (json!({ "states": ["IN_PROGRESS", "BLOCKED"] }), &other),
        (json!({ "assigneeId": crew.blue_tech.id }), &other),
        (json!({ "priorities": ["CRITICAL"] }), &late),
        (json!({ "testId": test }), &late),
        (json!({ "tag": "logging" }), &late),
        (json!({ "search": "#2" }), &other),
    ] {
        assert_eq!(listed(filter.clone()).await, [json!(found)], "{filter}");
    }
    assert_eq!(listed(json!({ "attackId": "t1059.001" })).await.len(), 2);
    assert_eq!(listed(json!({ "search": "nothing of the kind" })).await.len(), 0);
    // Cleared, it is not late any more.
    let cleared = lead.done("updateRemediation", json!({ "id": late, "dueDate": null })).await;
    assert_eq!(cleared["remediation"]["overdue"], false);
    assert_eq!(listed(json!({ "overdue": true })).await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn beyond_the_limit_nothing_is_drafted_and_the_remediation_says_why() {
    let app = TestApp::start_with(|installation| installation.set("MAX_RETEST_COUNT", "0")).await;
    let crew = app.crew().await;
    let id = opened(&crew.blue_lead, &app.validated(&crew, "NOT_DETECTED").await).await;
    crew.blue_tech.done("startRemediation", json!({ "id": id })).await;
    crew.blue_tech.done("completeRemediation", json!({ "id": id })).await;
    let found = until(&crew.blue_tech, &id, |found| found["retests"][0].is_object()).await;
    assert_eq!(found["state"], "COMPLETED");
    let why = found["retests"][0]["notCreatedBecause"].as_str().expect("a reason");
    assert!(why.contains("tested again 0 times"), "{why}");
    assert_eq!(found["retests"][0]["test"], Value::Null);
}
