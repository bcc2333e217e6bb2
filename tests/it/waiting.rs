//! Tests that wait for others: which campaigns hold them up, and which do not.

use crate::app::TestApp;
use crate::campaigns::{campaign_id, copied, three_tests, validate};
use crate::client::{User, global_id, local_id};
use crate::story::POWERSHELL;
use aegis_aggregates::campaign::copied_test_id;
use aegis_aggregates::ids::{CampaignId, TestId};
use aegis_projections::store::Store;
use serde_json::json;
use uuid::Uuid;

/// A draft in which each test waits for the one before it.
async fn chain(user: &User, name: &str, tests: &[&String]) -> String {
    let before = [None].into_iter().chain(tests.iter().map(Some));
    let links: Vec<_> = tests
        .iter()
        .zip(before)
        .map(|(test, before)| json!({ "testId": test, "dependsOn": before.into_iter().collect::<Vec<_>>() }))
        .collect();
    campaign_id(&user.done("createCampaign", json!({ "name": name, "tests": links })).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_does_not_start_before_what_it_depends_on_is_validated() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let [first, second, _] = three_tests(&app, &crew).await;
    let id = chain(&crew.red_tech, "A chain", &[&first, &second]).await;
    crew.red_lead.done("activateCampaign", json!({ "id": id })).await;
    let start = json!({ "id": second });
    let refused = crew.red_tech.refused("startExecution", start.clone()).await;
    assert_eq!(refused.code, "INVALID_STATE");
    assert_eq!(refused.message, "The test waits for a test that is not validated yet.");
    app.bring_to_review(&crew, &first, "DETECTED").await;
    crew.red_tech.refused("startExecution", start.clone()).await;
    app.cast_vote(&crew.red_lead, &first, "APPROVED").await;
    app.cast_vote(&crew.blue_lead, &first, "APPROVED").await;
    crew.red_tech.done("startExecution", start).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_and_a_campaign_that_is_over_hold_nothing_up() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let [first, second, third] = three_tests(&app, &crew).await;
    chain(&crew.red_tech, "Only a plan", &[&first, &second]).await;
    crew.red_tech.done("startExecution", json!({ "id": second })).await;
    let id = chain(&crew.red_tech, "Over soon", &[&first, &third]).await;
    crew.red_lead.done("activateCampaign", json!({ "id": id })).await;
    crew.red_tech.refused("startExecution", json!({ "id": third })).await;
    crew.red_lead.done("completeCampaign", json!({ "id": id })).await;
    crew.red_tech.done("startExecution", json!({ "id": third })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn campaigns_do_not_wait_for_each_other() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let [first, second, third] = three_tests(&app, &crew).await;
    let one = chain(&crew.red_tech, "There", &[&first, &second]).await;
    let other = chain(&crew.red_tech, "And on", &[&second, &third]).await;
    let last = chain(&crew.red_tech, "And back", &[&third, &first]).await;
    for id in [&one, &other] {
        crew.red_lead.done("activateCampaign", json!({ "id": id })).await;
    }
    let refused = crew.red_lead.refused("activateCampaign", json!({ "id": last })).await;
    assert_eq!(refused.code, "INVALID_STATE");
    assert_eq!(refused.message, "These tests would wait for each other: #3 → #2 → #1 → #3.");
    // A campaign that is over stands in nobody's way.
    crew.red_lead.done("completeCampaign", json!({ "id": other })).await;
    crew.red_lead.done("activateCampaign", json!({ "id": last })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_wait_in_the_draft_that_they_were_made_for() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let [first, second, _] = three_tests(&app, &crew).await;
    let id = chain(&crew.red_tech, "A chain", &[&first, &second]).await;
    let copy = campaign_id(&crew.red_tech.done("cloneCampaign", json!({ "id": id })).await);
    let copies = [&first, &second].map(|test| {
        let source: TestId = local_id(test).parse().expect("an id");
        let copy = CampaignId(local_id(&copy).parse().expect("an id"));
        global_id("Test", &copied_test_id(copy, source).to_string())
    });
    crew.red_tech.refused("startExecution", json!({ "id": copies[1] })).await;
    validate(&app, &crew, &copies[0], "DETECTED").await;
    crew.red_tech.done("startExecution", json!({ "id": copies[1] })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_does_not_start_before_its_campaign_is_there() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let source = app.draft_test(&crew.red_tech, POWERSHELL).await;
    let copy = copied(&Store::new(app.pool().await), CampaignId(Uuid::now_v7()), &source).await;
    let copy = global_id("Test", &copy.to_string());
    // Drafted later: what the API shows of it, it shows of the copy too.
    let other = app.draft_test(&crew.red_tech, POWERSHELL).await;
    let refused = crew.red_tech.refused("startExecution", json!({ "id": copy })).await;
    assert_eq!(refused.message, "The campaign that it was copied for is not there yet.");
    let many = json!({ "ids": [copy, other], "action": "START" });
    let answer = crew.red_lead.done("bulkTests", many).await;
    assert_eq!(answer["results"][0]["userErrors"][0]["message"], json!(refused.message), "{answer}");
    assert_eq!(answer["results"][1]["userErrors"], json!([]), "{answer}");
}
