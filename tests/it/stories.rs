//! What is told about a test, and what somebody finds who knows a number or a word.

use crate::app::TestApp;
use crate::client::User;
use crate::story::POWERSHELL;
use aegis_aggregates::actor::Role;
use serde_json::{Value, json};
use std::time::Duration;

const TIMELINE: &str = "query ($id: ID!, $first: Int, $after: String, $asOf: DateTime) {
    test(id: $id, asOf: $asOf) { timeline(first: $first, after: $after) {
        totalCount pageInfo { hasNextPage endCursor }
        nodes { position sealedAt aggregateType sequence round summary payload } } } }";

async fn timeline(by: &User, id: &str, more: Value) -> Value {
    let mut variables = json!({ "id": id });
    variables.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
    by.read(TIMELINE, variables).await["test"]["timeline"].clone()
}

fn summaries(timeline: &Value) -> Vec<&str> {
    let nodes = timeline["nodes"].as_array().expect("events");
    nodes.iter().map(|event| event["summary"].as_str().expect("a summary")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_story_of_a_test_holds_comments_and_remediations() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let lead = &crew.blue_lead;
    let test = app.test_in_review(&crew, POWERSHELL, "NOT_DETECTED").await;
    let other = app.draft_test(&crew.red_tech, POWERSHELL).await;
    let query = "subscription ($id: ID!) { events(filter: { testId: $id }) { type aggregateType testId } }";
    let mut live = lead.client.subscribe(query, json!({ "id": test })).await;
    // The stream listens once it tells of something.
    while live.within(Duration::from_millis(200)).await.is_none() {
        crew.red_lead.done("postComment", json!({ "subjectId": test, "text": "Soon" })).await;
    }
    let said = crew.red_tech.done("postComment", json!({ "subjectId": test, "text": "@blue_tech asleep?" }));
    let said = said.await["comment"]["id"].clone();
    crew.red_tech.done("postComment", json!({ "subjectId": other, "text": "Elsewhere" })).await;
    for voter in [&crew.red_lead, lead] {
        app.cast_vote(voter, &test, "APPROVED").await;
    }
    let before = timeline(lead, &test, json!({ "first": 100 })).await;
    let input = json!({ "testId": test, "title": "Turn logging on" });
    let remediation = lead.done("openRemediation", input).await["remediation"]["id"].clone();
    lead.done("startRemediation", json!({ "id": remediation })).await;
    crew.red_tech.done("retractComment", json!({ "id": said })).await;

    let told = live.find(|result| result["data"]["events"]["type"] == "CommentRetracted").await;
    assert_eq!(
        told["data"]["events"],
        json!({
            "type": "CommentRetracted", "aggregateType": "discussion", "testId": test,
        })
    );
    let whole = timeline(lead, &test, json!({ "first": 100 })).await;
    let lines = summaries(&whole);
    assert_eq!(lines[0], "Drafted on T1059.001");
    assert_eq!(whole["totalCount"], json!(lines.len()));
    assert_eq!(
        lines[lines.len() - 6..],
        [
            "Comment that mentions 1 person",
            "Red side approved",
            "Blue side approved: the test is validated",
            "Remediation: Opened: T1059.001 was not detected",
            "Remediation: Started",
            "Comment taken back",
        ]
    );
    let nodes = whole["nodes"].as_array().expect("events");
    let positions: Vec<_> = nodes.iter().map(|event| event["position"].as_i64()).collect();
    assert!(positions.is_sorted(), "{positions:?}");
    assert!(!whole.to_string().contains("asleep"), "what was taken back is not shown");
    let opened = &nodes[nodes.len() - 3];
    assert_eq!((&opened["aggregateType"], &opened["sequence"]), (&json!("remediation"), &json!(1)));
    assert_eq!(opened["payload"]["RemediationOpened"]["plan"]["title"], "Turn logging on");

    // Page by page it is the same story, and as of the past what it was then.
    let (mut pages, mut after) = (vec![], Value::Null);
    loop {
        let page = timeline(lead, &test, json!({ "first": 2, "after": after })).await;
        assert_eq!(page["totalCount"], whole["totalCount"]);
        pages.extend(page["nodes"].as_array().expect("events").clone());
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(&pages, nodes);
    let last = before["nodes"].as_array().expect("events").last().expect("an event")["sealedAt"].clone();
    assert_eq!(timeline(lead, &test, json!({ "first": 100, "asOf": last })).await, before);
    let elsewhere = timeline(lead, &other, json!({ "first": 100 })).await;
    assert_eq!(summaries(&elsewhere), ["Drafted on T1059.001", "Comment"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn live_events_of_a_test_are_those_about_it() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let lead = &crew.blue_lead;
    let mut tests = vec![];
    for _ in 0..2 {
        let id = app.test_in_review(&crew, POWERSHELL, "NOT_DETECTED").await;
        for voter in [&crew.red_lead, lead] {
            app.cast_vote(voter, &id, "APPROVED").await;
        }
        tests.push(id);
    }
    let query = "subscription ($id: ID!) { events(filter: { testId: $id }) { type testId } }";
    let mut live = lead.client.subscribe(query, json!({ "id": tests[0] })).await;
    let comment = |id: &str| json!({ "subjectId": id, "text": "Soon" });
    while live.within(Duration::from_millis(200)).await.is_none() {
        lead.done("postComment", comment(&tests[0])).await;
    }
    // What is about the other is not told; the last is what ends the wait.
    for id in [&tests[1], &tests[0]] {
        lead.done("postComment", comment(id)).await;
        lead.done("openRemediation", json!({ "testId": id, "title": "Turn logging on" })).await;
    }
    let mut heard = vec![];
    let opened = live
        .find(|result| {
            heard.push(result["data"]["events"]["testId"].clone());
            result["data"]["events"]["type"] == "RemediationOpened"
        })
        .await;
    assert_eq!(opened["data"]["events"]["testId"], json!(tests[0]));
    assert!(heard.iter().all(|test| *test == json!(tests[0])), "{heard:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_or_a_word_finds_what_is_meant() {
    const FIND: &str = "query ($search: String) {
        tests(first: 5, filter: { search: $search }) { nodes { id } }
        campaigns(first: 5, filter: { search: $search }) { nodes { id } }
        remediations(first: 5, filter: { search: $search }) { nodes { id } }
        testTemplates(first: 5, filter: { search: $search }) { nodes { id } } }";
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let lead = &crew.blue_lead;
    let test = app.test_in_review(&crew, POWERSHELL, "NOT_DETECTED").await;
    for voter in [&crew.red_lead, lead] {
        app.cast_vote(voter, &test, "APPROVED").await;
    }
    let input = json!({ "testId": test, "title": "Raise the Drawbridge" });
    let remediation = lead.done("openRemediation", input).await["remediation"]["id"].clone();
    let input = json!({ "name": "Drawbridge week" });
    let campaign = lead.done("createCampaign", input).await["campaign"]["id"].clone();
    let input = json!({ "name": "Open a drawbridge", "attackId": POWERSHELL, "procedure": "Lower it", "executor": "manual",
                        "severity": "LOW" });
    let template = lead.done("createTemplate", input).await["template"]["id"].clone();
    let found = async |search: &str| {
        let found = lead.read(FIND, json!({ "search": search })).await;
        ["tests", "campaigns", "remediations", "testTemplates"].map(|list| {
            let nodes = found[list]["nodes"].as_array().expect("nodes").clone();
            nodes.into_iter().map(|node| node["id"].clone()).collect::<Vec<_>>()
        })
    };
    assert_eq!(
        found("drawbridge").await,
        [vec![], vec![campaign.clone()], vec![remediation.clone()], vec![template]]
    );
    assert_eq!(found("#1").await, [vec![json!(test)], vec![campaign], vec![remediation.clone()], vec![]]);

    let by_number = "query ($number: Int) { remediation(number: $number) { id } }";
    let one = lead.read(by_number, json!({ "number": 1 })).await;
    assert_eq!(one["remediation"]["id"], remediation);
    assert_eq!(lead.read(by_number, json!({ "number": 2 })).await["remediation"], Value::Null);
    let both = "query ($id: ID) { remediation(id: $id, number: 1) { id } }";
    assert_eq!(lead.client.gql(both, json!({ "id": remediation })).await.code(), Some("INVALID_INPUT"));
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_the_names_that_comments_mention() {
    let app = TestApp::start().await;
    let (admin, viewer) = (app.login(Role::Admin).await, app.login(Role::Viewer).await);
    let mail = json!({ "username": "ann@example.org", "displayName": "Ann", "role": "RED_TECH" });
    admin.done("createUser", mail).await;
    let people = viewer.read("{ people { name username } }", json!({})).await["people"].clone();
    let people = people.as_array().expect("people");
    assert!(people.contains(&json!({ "name": "viewer", "username": "viewer" })), "{people:?}");
    assert!(people.contains(&json!({ "name": "Ann", "username": null })), "{people:?}");
}
