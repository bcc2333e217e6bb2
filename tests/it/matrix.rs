//! The table of `docs/WORKFLOW.md`, walked over HTTP: every step by every role in every state is carried
//! out or refused as printed, and what is refused leaves no event.

use crate::app::TestApp;
use crate::client::User;
use crate::evidence::announcement;
use crate::story::{Crew, POWERSHELL, attack, detection};
use aegis_aggregates::actor::Role;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Mutation and input of a step as it is printed.
fn request(step: &str, test: &str) -> (&'static str, Value) {
    let id = || json!({ "id": test });
    let with = |field: &str, value: Value| {
        let mut input = id();
        input[field] = value;
        input
    };
    match step {
        "revise the content" => ("reviseTest", with("title", json!("Another title"))),
        "revise tags, assignee, due date" => ("reviseTest", with("tags", json!(["tag"]))),
        "start the execution" => ("startExecution", id()),
        "record the attack" => ("recordAttack", attack(test)),
        "submit the execution" => ("submitExecution", id()),
        "take up the evaluation" => ("startEvaluation", id()),
        "record the detection" => ("recordDetection", detection(test, "NOT_DETECTED")),
        "submit the evaluation" => ("submitEvaluation", id()),
        "vote for the red side" => ("castVote", json!({ "id": test, "side": "RED", "verdict": "APPROVED" })),
        "vote for the blue side" => {
            ("castVote", json!({ "id": test, "side": "BLUE", "verdict": "APPROVED" }))
        }
        "reopen" => ("reopenTest", with("reason", json!("Because"))),
        "pause the work" => ("pauseWork", with("reason", json!("Because"))),
        "resume the work" => ("resumeWork", id()),
        "add red evidence" => ("requestEvidenceUpload", announcement(test, "RED", b"12345678")),
        "add blue evidence" => ("requestEvidenceUpload", announcement(test, "BLUE", b"12345678")),
        "classify" => ("classifyTest", with("classification", json!("RESTRICTED"))),
        "archive" => ("archiveTest", id()),
        "restore" => ("restoreTest", id()),
        "clone" => ("cloneTest", id()),
        other => panic!("write down how to ask for '{other}'"),
    }
}

/// The printed table: step, state, roles.
fn printed() -> Vec<(String, String, Vec<String>)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/WORKFLOW.md");
    let text = std::fs::read_to_string(path).expect("docs/WORKFLOW.md");
    let table =
        text.split("<!-- steps: begin -->").nth(1).and_then(|rest| rest.split("<!-- steps: end -->").next());
    let mut lines =
        table.expect("a table").trim().lines().map(|line| {
            line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>()
        });
    let states = lines.next().expect("a head");
    lines
        .skip(1)
        .flat_map(|row| {
            let cells = row[1..].iter().zip(&states[1..]);
            let cells = cells.map(|(cell, state)| {
                let roles = cell.split(' ').filter(|role| *role != "–").map(str::to_owned).collect();
                (row[0].clone(), state.clone(), roles)
            });
            cells.collect::<Vec<_>>()
        })
        .collect()
}

/// A new test in a printed state, brought there by people who do nothing else here.
async fn in_state(app: &TestApp, makers: &Crew, admin: &User, state: &str) -> String {
    let id = app.draft_test(&makers.red_lead, POWERSHELL).await;
    let (red, blue) = (&makers.red_tech, &makers.blue_tech);
    let pause = json!({ "id": id, "reason": "Lunch" });
    if state == "archived" {
        makers.red_lead.done("archiveTest", json!({ "id": id })).await;
    }
    if matches!(state, "draft" | "archived") {
        return id;
    }
    red.done("startExecution", json!({ "id": id })).await;
    red.done("recordAttack", attack(&id)).await;
    if state.starts_with("executing") {
        if state.ends_with("paused") {
            red.done("pauseWork", pause).await;
        }
        return id;
    }
    red.done("submitExecution", json!({ "id": id })).await;
    blue.done("recordDetection", detection(&id, "NOT_DETECTED")).await;
    if state.starts_with("evaluating") {
        if state.ends_with("paused") {
            blue.done("pauseWork", pause).await;
        }
        return id;
    }
    blue.done("submitEvaluation", json!({ "id": id })).await;
    if state == "in review" {
        return id;
    }
    let disputes = |on: bool| json!({ "disputes": on, "reason": "To get there" });
    if state == "disputed" {
        admin.done("setReviewPolicy", disputes(true)).await;
    }
    app.cast_vote(&makers.red_lead, &id, "APPROVED").await;
    app.cast_vote(&makers.blue_lead, &id, if state == "validated" { "APPROVED" } else { "REJECTED" }).await;
    if state == "disputed" {
        admin.done("setReviewPolicy", disputes(false)).await;
    }
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_is_carried_out_or_refused_as_printed() {
    let app = TestApp::start().await;
    let admin = app.login(Role::Admin).await;
    let makers = Crew {
        red_tech: app.another(Role::RedTech).await,
        blue_tech: app.another(Role::BlueTech).await,
        red_lead: app.another(Role::RedLead).await,
        blue_lead: app.another(Role::BlueLead).await,
    };
    let mut askers = BTreeMap::new();
    for (short, role) in [
        ("A", Role::Admin),
        ("RL", Role::RedLead),
        ("BL", Role::BlueLead),
        ("RT", Role::RedTech),
        ("BT", Role::BlueTech),
        ("V", Role::Viewer),
    ] {
        askers.insert(short, app.another(role).await);
    }
    let events = "select count(*) from events";
    let pool = app.pool().await;
    let count = async || sqlx::query_scalar::<_, i64>(events).fetch_one(&pool).await.expect("a count");
    // What is refused changes nothing, so all who are refused ask about the same test of a state.
    let mut untouched: BTreeMap<String, String> = BTreeMap::new();
    let (mut carried_out, mut refused) = (0, 0);
    for (step, state, roles) in printed() {
        for (short, asker) in &askers {
            let may = roles.iter().any(|role| role == short);
            let id = match untouched.get(&state).filter(|_| !may) {
                Some(id) => id.clone(),
                None => in_state(&app, &makers, &admin, &state).await,
            };
            let before = count().await;
            let (mutation, input) = request(&step, &id);
            let answer = asker.mutate(mutation, input).await;
            let told = || format!("{step} by {short} in {state}: {}", answer.body);
            if may {
                assert_eq!(answer.payload()["userErrors"], json!([]), "{}", told());
                carried_out += 1;
            } else {
                let by_rule = answer.code().is_none() && answer.payload()["userErrors"][0].is_object();
                assert!(answer.code() == Some("FORBIDDEN") || by_rule, "{}", told());
                assert_eq!(count().await, before, "no event: {}", told());
                untouched.insert(state.clone(), id);
                refused += 1;
            }
        }
    }
    assert!(carried_out > 100 && refused > 500, "{carried_out} carried out, {refused} refused");
}
