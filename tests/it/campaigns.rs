//! Campaigns over HTTP: planned, run, held against each other, cloned, and what is refused on the way.
//! That due runs are made is tried in `workers/tests/it/campaign_runs.rs`, where months go by.

use crate::app::TestApp;
use crate::client::{User, global_id, local_id};
use crate::story::{Crew, POWERSHELL};
use aegis_aggregates::actor::{Actor, Role};
use aegis_aggregates::campaign::{
    Campaign, CampaignAction, CampaignCommand, CampaignOrigin, Labels, NewCampaignTest, copied_test_id,
    run_id,
};
use aegis_aggregates::ids::{AccountId, CampaignId, TestId};
use aegis_aggregates::policy::ReviewPolicy;
use aegis_aggregates::test::{Test, TestAction, TestCommand, TestOrigin};
use aegis_projections::store::{Executed, Origin, Store};
use serde_json::{Value, json};
use uuid::Uuid;

const WHOLE: &str = "query ($id: ID!, $asOf: DateTime) { campaign(id: $id, asOf: $asOf) {
    id number name description kind objective startDate endDate tags state version testCount runDue runLate
    owner { name } parent { id } clonedFrom { id } availableActions
    tests { order phase test { id } dependsOn { id } }
    progress { tests validated detected partiallyDetected notDetected byState { state tests } }
    schedule { every first timeZone until missed nextDue { due dueAt } upcoming { due dueAt } scheduledBy { name } }
    runs { totalCount nodes { due late skipped campaign { id } } }
    timeline { nodes { sequence type summary } }
} }";

async fn whole(user: &User, id: &str) -> Value {
    user.read(WHOLE, json!({ "id": id })).await["campaign"].clone()
}

pub fn campaign_id(payload: &Value) -> String {
    payload["campaign"]["id"].as_str().expect("a campaign").to_owned()
}

/// Three tests, #1 to #3.
pub async fn three_tests(app: &TestApp, crew: &Crew) -> [String; 3] {
    [
        app.draft_test(&crew.red_tech, POWERSHELL).await,
        app.draft_test(&crew.red_tech, POWERSHELL).await,
        app.draft_test(&crew.red_tech, "T1003").await,
    ]
}

pub async fn validate(app: &TestApp, crew: &Crew, test: &str, result: &str) {
    app.bring_to_review(crew, test, result).await;
    app.cast_vote(&crew.red_lead, test, "APPROVED").await;
    app.cast_vote(&crew.blue_lead, test, "APPROVED").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_is_planned_run_and_put_away() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let [first, second, third] = three_tests(&app, &crew).await;
    let input = json!({
        "name": " Ransomware week ", "kind": "PURPLE_TEAM", "objective": "Where is it seen first?",
        "startDate": "2026-03-09", "endDate": "2026-03-13", "tags": ["q1"], "ownerId": crew.red_lead.id,
        "tests": [{ "testId": first, "phase": "Delivery" }],
    });
    let created = crew.blue_tech.done("createCampaign", input).await;
    let id = campaign_id(&created);
    assert_eq!(created["campaign"]["name"], "Ransomware week");
    let tests = json!([{ "testId": second, "dependsOn": [first] }, { "testId": third }]);
    let added = crew.blue_tech.done("addCampaignTest", json!({ "id": id, "tests": tests })).await;
    assert_eq!((&added["campaign"]["testCount"], &added["campaign"]["version"]), (&json!(3), &json!(2)));
    let place = json!({ "id": id, "testId": third, "order": 9, "phase": "Impact", "dependsOn": [second] });
    crew.blue_tech.done("updateCampaignTest", place).await;
    let renamed = json!({ "id": id, "name": "Ransomware days", "endDate": null, "expectedVersion": 3 });
    crew.blue_tech.done("updateCampaign", renamed).await;

    let planned = whole(&crew.blue_tech, &id).await;
    assert_eq!(planned["name"], "Ransomware days");
    assert_eq!((&planned["startDate"], &planned["endDate"]), (&json!("2026-03-09"), &Value::Null));
    assert_eq!(
        planned["tests"],
        json!([
            { "order": 1, "phase": "Delivery", "test": { "id": first }, "dependsOn": [] },
            { "order": 2, "phase": null, "test": { "id": second }, "dependsOn": [{ "id": first }] },
            { "order": 9, "phase": "Impact", "test": { "id": third }, "dependsOn": [{ "id": second }] },
        ])
    );
    assert_eq!(planned["availableActions"], json!(["REVISE", "ARRANGE_TESTS", "SCHEDULE", "ARCHIVE"]));
    assert_eq!(whole(&crew.red_lead, &id).await["availableActions"], json!(["ACTIVATE"]));
    let of_test = "query ($id: ID!) { test(id: $id) { campaigns { id } } }";
    let of_test = crew.red_tech.read(of_test, json!({ "id": third })).await;
    assert_eq!(of_test["test"]["campaigns"], json!([{ "id": id }]));
    let node = "query ($id: ID!) { node(id: $id) { id ... on Campaign { name } } }";
    let node = crew.red_tech.read(node, json!({ "id": id })).await;
    assert_eq!(node["node"], json!({ "id": id, "name": "Ransomware days" }));

    let activated = crew.blue_lead.done("activateCampaign", json!({ "id": id })).await;
    assert_eq!(activated["campaign"]["state"], "ACTIVE");
    validate(&app, &crew, &first, "DETECTED").await;
    validate(&app, &crew, &second, "NOT_DETECTED").await;
    let running = whole(&crew.blue_tech, &id).await;
    assert_eq!(
        running["progress"],
        json!({
            "tests": 3, "validated": 2, "detected": 1, "partiallyDetected": 0, "notDetected": 1,
            "byState": [{ "state": "DRAFT", "tests": 1 }, { "state": "VALIDATED", "tests": 2 }],
        })
    );
    let settled = crew.blue_tech.refused("updateCampaign", json!({ "id": id, "name": "Other" })).await;
    assert_eq!(settled.message, "A campaign that is active cannot be revised; that takes a draft.");
    let early = crew.blue_tech.refused("archiveCampaign", json!({ "id": id })).await;
    assert_eq!(early.code, "INVALID_STATE");
    crew.red_lead.done("completeCampaign", json!({ "id": id })).await;
    let foreign = crew.red_lead.refused("archiveCampaign", json!({ "id": id })).await;
    assert_eq!(foreign.message, "Only who created the campaign, or an admin, may archive it.");
    crew.blue_tech.done("archiveCampaign", json!({ "id": id })).await;

    let count = "query ($filter: CampaignFilter) { campaigns(filter: $filter) { totalCount } }";
    let counted = async |filter: Value| {
        crew.red_tech.read(count, json!({ "filter": filter })).await["campaigns"]["totalCount"].clone()
    };
    assert_eq!(counted(json!(null)).await, 0, "what was put away is not listed");
    for filter in [
        json!({ "states": ["ARCHIVED"], "kinds": ["PURPLE_TEAM"], "tag": "q1" }),
        json!({ "states": ["ARCHIVED"], "search": "#1", "ownerId": crew.red_lead.id }),
        json!({ "states": ["ARCHIVED"], "search": "ransom", "isRun": false }),
    ] {
        assert_eq!(counted(filter.clone()).await, 1, "{filter}");
    }
    assert_eq!(counted(json!({ "states": ["ARCHIVED"], "kinds": ["TABLETOP"] })).await, 0);
    let story: Vec<Value> = whole(&crew.red_tech, &id).await["timeline"]["nodes"]
        .as_array()
        .expect("events")
        .iter()
        .map(|event| event["summary"].clone())
        .collect();
    assert_eq!(
        json!(story),
        json!([
            "Created, with 1 test",
            "2 tests added",
            "A test got another place",
            "Revised",
            "Activated",
            "Completed",
            "Archived"
        ])
    );

    // The past stays as it was known then.
    let then = "query ($id: ID!) { campaign(id: $id) { timeline { nodes { type sealedAt } } } }";
    let events = crew.red_tech.read(then, json!({ "id": id })).await;
    let activated = &events["campaign"]["timeline"]["nodes"][4]["sealedAt"];
    let past = crew.red_tech.read(WHOLE, json!({ "id": id, "asOf": activated })).await;
    assert_eq!((&past["campaign"]["state"], &past["campaign"]["version"]), (&json!("ACTIVE"), &json!(5)));
    assert_eq!(past["campaign"]["progress"]["validated"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_name_tests_as_people_do() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let [first, second, third] = three_tests(&app, &crew).await;
    let tests = json!([
        { "testId": first }, { "testId": second, "dependsOn": [first] }, { "testId": third, "dependsOn": [second] }
    ]);
    let created = crew.red_tech.done("createCampaign", json!({ "name": "A chain", "tests": tests })).await;
    let id = campaign_id(&created);

    let cycle = json!({ "id": id, "testId": first, "dependsOn": [third] });
    let cycle = crew.red_tech.refused("updateCampaignTest", cycle).await;
    assert_eq!((cycle.code.as_str(), cycle.field.as_str()), ("INVALID_STATE", "dependsOn"));
    assert_eq!(cycle.message, "These tests would wait for each other: #1 → #3 → #2 → #1.");
    let needed = crew.red_tech.refused("removeCampaignTest", json!({ "id": id, "testId": second })).await;
    assert_eq!(needed.message, "#2 cannot be removed: #3 waits for it.");
    let unknown = global_id("Test", "00000000-0000-4000-8000-000000000000");
    let unknown = json!({ "id": id, "tests": [{ "testId": unknown }] });
    let unknown = crew.red_tech.refused("addCampaignTest", unknown).await;
    assert_eq!((unknown.code.as_str(), unknown.field.as_str()), ("INVALID_INPUT", "testId"));
    let garbled = json!({ "id": id, "tests": [{ "testId": "nonsense" }] });
    assert_eq!(crew.red_tech.refused("addCampaignTest", garbled).await.field, "testId");
    let stale = json!({ "id": id, "name": "Other", "expectedVersion": 7 });
    assert_eq!(crew.red_tech.refused("updateCampaign", stale).await.code, "CONFLICT");
    let backwards = json!({ "name": "Other", "startDate": "2026-03-09", "endDate": "2026-03-08" });
    let backwards = crew.red_tech.refused("createCampaign", backwards).await;
    assert_eq!((backwards.code.as_str(), backwards.field.as_str()), ("INVALID_INPUT", "endDate"));
    let nobody = json!({ "name": " ", "startDate": "soon", "ownerId": "nobody" });
    let answer = crew.red_tech.mutate("createCampaign", nobody).await;
    let fields: Vec<&Value> = answer.payload()["userErrors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|error| &error["field"])
        .collect();
    assert_eq!(fields, [&json!("startDate"), &json!("ownerId")], "all that cannot be read is said at once");
    let strangers = global_id("Campaign", "00000000-0000-4000-8000-000000000000");
    let strangers = crew.red_lead.mutate("activateCampaign", json!({ "id": strangers })).await;
    assert_eq!(strangers.code(), Some("NOT_FOUND"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_says_what_comes_due() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let [first, ..] = three_tests(&app, &crew).await;
    let input = json!({ "name": "Monthly", "tests": [{ "testId": first }] });
    let id = campaign_id(&crew.blue_tech.done("createCampaign", input).await);
    let schedule = json!({
        "id": id, "every": "MONTHLY", "first": "2090-01-31T02:30", "timeZone": "Europe/Berlin", "until": "2090-05-30",
    });
    let scheduled = crew.blue_tech.done("scheduleCampaign", schedule.clone()).await;
    // Nothing changes when it is said again.
    let again = crew.blue_tech.done("scheduleCampaign", schedule).await;
    assert_eq!(again["campaign"]["version"], scheduled["campaign"]["version"]);
    let shown = whole(&crew.red_tech, &id).await["schedule"].clone();
    assert_eq!(
        (&shown["every"], &shown["timeZone"], &shown["missed"], &shown["until"]),
        (&json!("MONTHLY"), &json!("Europe/Berlin"), &json!("CREATE_ALL"), &json!("2090-05-30"))
    );
    assert_eq!(shown["nextDue"], json!({ "due": "2090-01-31T02:30", "dueAt": "2090-01-31T01:30:00+00:00" }));
    let days: Vec<&Value> =
        shown["upcoming"].as_array().expect("due times").iter().map(|time| &time["due"]).collect();
    assert_eq!(days, ["2090-01-31T02:30", "2090-02-28T02:30", "2090-03-31T02:30", "2090-04-30T02:30"]);

    let with = |change: Value| {
        let mut input =
            json!({ "id": id, "every": "WEEKLY", "first": "2090-01-31T02:30", "timeZone": "Europe/Berlin" });
        input.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
        input
    };
    for (change, field) in [
        (json!({ "first": "31.01.2090" }), "first"),
        (json!({ "first": "2090-01-31T02:30:15" }), "first"),
        (json!({ "timeZone": "Mitteleuropa" }), "timeZone"),
        (json!({ "until": "2090-01-30" }), "until"),
        (json!({ "until": "tomorrow" }), "until"),
    ] {
        let refused = crew.blue_tech.refused("scheduleCampaign", with(change.clone())).await;
        assert_eq!((refused.code.as_str(), refused.field.as_str()), ("INVALID_INPUT", field), "{change}");
    }
    let over = with(json!({ "first": "2020-01-31T02:30", "until": "2020-12-31" }));
    assert_eq!(crew.blue_tech.refused("scheduleCampaign", over).await.code, "INVALID_STATE");
    let last = crew.blue_tech.refused("removeCampaignTest", json!({ "id": id, "testId": first })).await;
    assert_eq!(last.message, "A campaign without tests cannot stay scheduled.");
    crew.blue_tech.done("unscheduleCampaign", json!({ "id": id })).await;
    assert_eq!(whole(&crew.red_tech, &id).await["schedule"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clone_has_fresh_drafts_and_comes_once() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let [first, second, third] = three_tests(&app, &crew).await;
    let tests = json!([
        { "testId": first, "phase": "Delivery" }, { "testId": second, "dependsOn": [first] }, { "testId": third }
    ]);
    let created = crew.red_tech.done("createCampaign", json!({ "name": "A chain", "tests": tests })).await;
    let id = campaign_id(&created);
    validate(&app, &crew, &first, "DETECTED").await;
    let admin = app.login(Role::Admin).await;
    admin.done("classifyTest", json!({ "id": second, "classification": "RESTRICTED" })).await;
    let command = Uuid::now_v7();
    let input = json!({ "id": id, "clientMutationId": command });
    let cloned = crew.blue_lead.done("cloneCampaign", input.clone()).await;
    let copy = campaign_id(&cloned);
    let again = crew.blue_lead.done("cloneCampaign", input).await;
    assert_eq!(campaign_id(&again), copy);
    let reused = json!({ "id": id, "name": "Other", "clientMutationId": command });
    assert_eq!(crew.blue_lead.refused("cloneCampaign", reused).await.code, "CONFLICT");

    let copied = whole(&crew.blue_lead, &copy).await;
    assert_eq!((&copied["name"], &copied["state"]), (&json!("A chain (copy)"), &json!("DRAFT")));
    assert_eq!(copied["clonedFrom"], json!({ "id": id }));
    assert_eq!(copied["progress"]["byState"], json!([{ "state": "DRAFT", "tests": 3 }]));
    let links = copied["tests"].as_array().expect("tests").clone();
    assert_eq!(links[0]["phase"], "Delivery");
    assert_eq!(links[1]["dependsOn"], json!([links[0]["test"]]));
    let origin = "query ($id: ID!) { test(id: $id) { title copiedFrom { id } createdBy { name } } }";
    let origin = crew.blue_lead.read(origin, json!({ "id": links[0]["test"]["id"] })).await;
    assert_eq!(origin["test"]["copiedFrom"], json!({ "id": first }));
    let all = crew.red_tech.read("{ tests { totalCount } }", json!({})).await;
    assert_eq!(all["tests"]["totalCount"], 6);

    // A copy is as confidential as what it copies; what is put away does not count as work.
    let label = async |id: &Value| {
        let query = "query ($id: ID!) { test(id: $id) { classification } }";
        crew.red_tech.read(query, json!({ "id": id })).await["test"]["classification"].clone()
    };
    assert_eq!(label(&links[1]["test"]["id"]).await, "RESTRICTED");
    assert_eq!(label(&links[0]["test"]["id"]).await, "INTERNAL");
    let again = crew.red_tech.done("cloneTest", json!({ "id": second })).await;
    assert_eq!(label(&again["test"]["id"]).await, "RESTRICTED");
    crew.blue_lead.done("archiveTest", json!({ "id": links[2]["test"]["id"] })).await;
    let archived = whole(&crew.blue_lead, &copy).await;
    assert_eq!(archived["progress"]["byState"], json!([{ "state": "DRAFT", "tests": 2 }]));
    assert_eq!(archived["tests"].as_array().map(Vec::len), Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_goes_up_and_down_in_one_step() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let [first, second, third] = three_tests(&app, &crew).await;
    let tests = json!([{ "testId": first }, { "testId": second }, { "testId": third }]);
    let created = crew.red_tech.done("createCampaign", json!({ "name": "A chain", "tests": tests })).await;
    let id = campaign_id(&created);
    let input = json!({ "id": id, "testId": third, "place": 1, "expectedVersion": 1,
                        "clientMutationId": Uuid::now_v7() });
    let moved = crew.red_tech.done("moveCampaignTest", input.clone()).await;
    let again = crew.red_tech.done("moveCampaignTest", input).await;
    assert_eq!(moved["position"], again["position"], "sent again it is what it was");
    let order = |campaign: &Value| {
        let tests = campaign["tests"].as_array().expect("tests").clone();
        tests.into_iter().map(|link| link["test"]["id"].clone()).collect::<Vec<_>>()
    };
    let shown = whole(&crew.red_tech, &id).await;
    assert_eq!(order(&shown), [third.clone(), first.clone(), second.clone()]);
    let stale = json!({ "id": id, "testId": third, "place": 2, "expectedVersion": 1 });
    assert_eq!(crew.red_tech.refused("moveCampaignTest", stale).await.code, "CONFLICT");
    let nowhere = json!({ "id": id, "testId": third, "place": 4 });
    let refused = crew.red_tech.refused("moveCampaignTest", nowhere).await;
    assert_eq!((refused.code.as_str(), refused.field.as_str()), ("INVALID_INPUT", "place"));
    assert_eq!(refused.message, "There is no place 4; the campaign has 3 tests.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_run_is_tried_again_once_for_each_command() {
    let app = TestApp::start().await;
    let admin = app.login(Role::Admin).await;
    let pool = app.pool().await;
    let jobs = [Uuid::now_v7(), Uuid::now_v7()];
    for job in jobs {
        // Of a campaign that is not there, so that it fails whenever it is tried.
        sqlx::query(
            "insert into jobs (job, kind, title, request, requested_by, requested_position, requested_at, state)
             values ($1, 'campaign_run', 'Make a run', $2::json, $3, 1, now(), 'failed')",
        )
        .bind(job)
        .bind(
            json!({ "parent": job, "sequence": 1, "child": job, "due": "2026-01-19T09:00:00", "late": false,
                    "on_behalf_of": job })
            .to_string(),
        )
        .bind(job)
        .execute(&pool)
        .await
        .expect("a job");
    }
    let [job, other] = jobs.map(|job| global_id("Job", &job.to_string()));
    let failed_at = async || -> Option<chrono::DateTime<chrono::Utc>> {
        let query = "select finished_at from jobs where job = $1 and state = 'failed'";
        let found = sqlx::query_scalar(query).bind(jobs[0]).fetch_optional(&pool).await.expect("read");
        found.flatten()
    };
    let ended = async || {
        for _ in 0..600 {
            if let Some(at) = failed_at().await {
                return at;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("the job was not tried again");
    };
    let retry = |job: &str, command: Uuid| json!({ "id": job, "clientMutationId": command });
    let command = Uuid::now_v7();
    admin.done("retryJob", retry(&job, command)).await;
    let first = ended().await;
    let again = admin.done("retryJob", retry(&job, command)).await;
    assert_eq!((&again["job"]["id"], &again["job"]["state"]), (&json!(job), &json!("FAILED")));
    assert_eq!(ended().await, first, "the same command tries nothing");
    let reused = admin.refused("retryJob", retry(&other, command)).await;
    assert_eq!((reused.code.as_str(), reused.field.as_str()), ("CONFLICT", "clientMutationId"));
    admin.done("retryJob", retry(&job, Uuid::now_v7())).await;
    for _ in 0..600 {
        if failed_at().await.is_some_and(|at| at > first) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("another command tries it again");
}

/// A fresh draft of a test as the worker makes it for a run, written straight into the store.
pub async fn copied(store: &Store, run: CampaignId, test: &str) -> TestId {
    let by = Actor::SYSTEM;
    let source: TestId = local_id(test).parse().expect("an id");
    let held: Test = store.load(&source.to_string()).await.expect("loaded");
    let details = held.details().expect("written down").clone();
    let origin = Some(TestOrigin::Campaign { campaign: run, copy_of: source });
    let command = TestCommand {
        by,
        at: chrono::Utc::now(),
        policy: ReviewPolicy::default(),
        expected_version: None,
        action: TestAction::Draft { details, origin },
    };
    let copy = copied_test_id(run, source);
    let executed = store.execute::<Test>(&copy.to_string(), command, &Origin::new(by)).await;
    assert!(matches!(executed, Ok(Executed::Committed(_))), "{executed:?}");
    copy
}

/// A run with its tests.
async fn run_of(store: &Store, parent: &str, due: &str, tests: &[String]) -> (String, Vec<String>) {
    let by = Actor::SYSTEM;
    let parent = CampaignId(local_id(parent).parse().expect("an id"));
    let due = due.parse().expect("a local time");
    let run = run_id(parent, due);
    let mut links = vec![];
    for test in tests {
        let test = copied(store, run, test).await;
        links.push(NewCampaignTest { test, order: None, phase: None, depends_on: [].into() });
    }
    let copies = links.iter().map(|link| global_id("Test", &link.test.to_string())).collect();
    let campaign: Campaign = store.load(&parent.to_string()).await.expect("loaded");
    let action = CampaignAction::Create {
        plan: campaign.plan().expect("written down").for_run(due),
        tests: links,
        origin: Some(CampaignOrigin::Run { parent, due, late: false, on_behalf_of: AccountId::SYSTEM }),
    };
    let command =
        CampaignCommand { by, at: chrono::Utc::now(), expected_version: None, labels: Labels::new(), action };
    let executed = store.execute::<Campaign>(&run.to_string(), command, &Origin::new(by)).await;
    assert!(matches!(executed, Ok(Executed::Committed(_))), "{executed:?}");
    (global_id("Campaign", &run.to_string()), copies)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_are_held_against_each_other() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let tests = three_tests(&app, &crew).await;
    let links: Vec<Value> = tests.iter().map(|test| json!({ "testId": test })).collect();
    let created = crew.red_tech.done("createCampaign", json!({ "name": "Monthly", "tests": links })).await;
    let parent = campaign_id(&created);
    let store = Store::new(app.pool().await);
    let (earlier, before) = run_of(&store, &parent, "2026-01-31T09:00:00", &tests[..2]).await;
    let (later, after) = run_of(&store, &parent, "2026-02-28T09:00:00", &tests).await;
    // A draft read back through the API tells that the read models have come this far.
    app.draft_test(&crew.red_tech, POWERSHELL).await;
    validate(&app, &crew, &before[0], "NOT_DETECTED").await;
    validate(&app, &crew, &after[0], "PARTIALLY_DETECTED").await;
    validate(&app, &crew, &before[1], "DETECTED").await;
    validate(&app, &crew, &after[1], "NOT_DETECTED").await;

    let compare = "query ($first: ID!, $second: ID!) { compareCampaignRuns(first: $first, second: $second) {
        first { runDue } second { runDue parent { id } } better worse same new gone open
        tests { change source { id } first { id } second { id detectionResult } } } }";
    let found = crew.blue_tech.read(compare, json!({ "first": earlier, "second": later })).await;
    let found = &found["compareCampaignRuns"];
    assert_eq!(found["first"], json!({ "runDue": "2026-01-31T09:00" }));
    assert_eq!(found["second"], json!({ "runDue": "2026-02-28T09:00", "parent": { "id": parent } }));
    let counts = ["better", "worse", "same", "new", "gone", "open"].map(|name| found[name].clone());
    assert_eq!(counts, [1, 1, 0, 1, 0, 0].map(|count| json!(count)));
    assert_eq!(found["tests"][0]["change"], "BETTER");
    assert_eq!(found["tests"][0]["source"], json!({ "id": tests[0] }));
    assert_eq!(found["tests"][0]["first"], json!({ "id": before[0] }));
    assert_eq!(
        found["tests"][0]["second"],
        json!({ "id": after[0], "detectionResult": "PARTIALLY_DETECTED" })
    );
    assert_eq!(
        (&found["tests"][1]["change"], &found["tests"][2]["change"]),
        (&json!("WORSE"), &json!("NEW"))
    );

    for (first, second) in [(&earlier, &parent), (&earlier, &earlier)] {
        let refused = crew.blue_tech.gql(compare, json!({ "first": first, "second": second })).await;
        assert_eq!(refused.code(), Some("INVALID_INPUT"), "{}", refused.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cancelled_job_of_a_run_is_tried_again() {
    let app = TestApp::start().await;
    let admin = app.login(Role::Admin).await;
    let job = Uuid::now_v7();
    sqlx::query(
        "insert into jobs (job, kind, title, request, requested_by, requested_position, requested_at, state)
         values ($1, 'campaign_run', 'A run', '{}', $1, 1, now(), 'cancelled')",
    )
    .bind(job)
    .execute(&app.pool().await)
    .await
    .expect("a job");
    let id = global_id("Job", &job.to_string());
    let again = admin.done("retryJob", json!({ "id": id })).await;
    assert_eq!(again["job"]["state"], "QUEUED");
    let twice = admin.refused("retryJob", json!({ "id": id })).await;
    assert_eq!(twice.message, "Only a failed or cancelled job is tried again.");
    let log: Vec<(String, Option<Uuid>)> = sqlx::query_as(
        "select outcome, account from access_log where entity = $1 and action = 'retryJob' order by id",
    )
    .bind(job.to_string())
    .fetch_all(&app.pool().await)
    .await
    .expect("the log");
    let by = local_id(&admin.id).parse().ok();
    assert_eq!(log, [("allowed".to_owned(), by), ("invalid_state".to_owned(), by)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_creation_is_answered_with_the_first() {
    let app = TestApp::start().await;
    let crew = app.crew().await;
    let input = json!({ "name": "Once", "clientMutationId": Uuid::now_v7() });
    let first = crew.red_tech.done("createCampaign", input.clone()).await;
    let again = crew.red_tech.done("createCampaign", input).await;
    assert_eq!(first["campaign"]["id"], again["campaign"]["id"]);
    let viewer = app.login(Role::Viewer).await;
    let count = viewer.read("{ campaigns { totalCount } }", json!({})).await;
    assert_eq!(count["campaigns"]["totalCount"], 1);
    let forbidden = viewer.mutate("createCampaign", json!({ "name": "Mine" })).await;
    assert_eq!(forbidden.code(), Some("FORBIDDEN"));
}
