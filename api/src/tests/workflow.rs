//! Who may do what with a test in which state: computed from the permission table and the rules
//! together, and printed into `docs/WORKFLOW.md`. `tests/it/matrix.rs` walks what is printed over HTTP.
//! `AEGIS_WRITE_DOCS=1 cargo test -p aegis-api --lib workflow` writes it anew.

use crate::permissions::{self, Kind};
use aegis_aggregates::Aggregate;
use aegis_aggregates::actor::{Actor, Role};
use aegis_aggregates::ids::{AccountId, EvidenceId, TechniqueId};
use aegis_aggregates::policy::ReviewPolicy;
use aegis_aggregates::test::{
    AttackRecord, Classification, Details, DetectionRecord, DetectionResult, Evidence, Revision, Side, Test,
    TestAction, TestCommand, Verdict,
};
use chrono::{DateTime, Utc};
use std::fmt::Write;
use uuid::Uuid;

const BEGIN: &str = "<!-- steps: begin -->";
const END: &str = "<!-- steps: end -->";

fn now() -> DateTime<Utc> {
    "2026-03-02T12:00:00Z".parse().expect("an instant")
}

fn person(number: u128, role: Role) -> Actor {
    Actor { account: AccountId(Uuid::from_u128(number)), role }
}

fn details() -> Details {
    Details {
        technique: TechniqueId::parse(&format!("attack-pattern--{}", Uuid::from_u128(1))).expect("an id"),
        attack_id: "T1059.001".to_owned(),
        title: "A test".to_owned(),
        description: String::new(),
        objective: String::new(),
        target_environment: String::new(),
        platform: None,
        tags: std::collections::BTreeSet::new(),
        assignee: None,
        due_on: None,
        procedure: String::new(),
        tool: None,
    }
}

fn attack() -> TestAction {
    let started_at = DateTime::parse_from_rfc3339("2026-03-02T10:00:00Z").expect("a time");
    TestAction::RecordAttack(AttackRecord {
        procedure: "Ran it.".to_owned(),
        tool: None,
        started_at,
        ended_at: None,
        success: true,
        summary: "It ran.".to_owned(),
    })
}

fn detection() -> TestAction {
    TestAction::RecordDetection(DetectionRecord {
        result: DetectionResult::NotDetected,
        detected_at: None,
        alerted_at: None,
        contained_at: None,
        containment_result: None,
        clock_skew_note: None,
        summary: "Nothing was seen.".to_owned(),
    })
}

fn vote(side: Side, verdict: Verdict) -> TestAction {
    TestAction::CastVote { side, verdict, notes: String::new(), seen: None }
}

fn evidence(side: Side) -> TestAction {
    TestAction::AddEvidence(Evidence {
        id: EvidenceId(Uuid::from_u128(7)),
        side,
        file_name: "a.png".to_owned(),
        media_type: "image/png".to_owned(),
        size_bytes: 1,
        sha256: "0".repeat(64),
        object_key: "evidence/7".to_owned(),
        caption: String::new(),
    })
}

/// A step: how it is printed, the mutation that carries it out, what it asks of the rules.
fn steps() -> Vec<(&'static str, &'static str, Option<TestAction>)> {
    let reason = || "Because.".to_owned();
    let title = Revision { title: Some("Another title".to_owned()), ..Revision::default() };
    let tags = Revision { tags: Some(["tag".to_owned()].into()), ..Revision::default() };
    vec![
        ("revise the content", "reviseTest", Some(TestAction::Revise(title))),
        ("revise tags, assignee, due date", "reviseTest", Some(TestAction::Revise(tags))),
        ("start the execution", "startExecution", Some(TestAction::StartExecution { waits_for: vec![] })),
        ("record the attack", "recordAttack", Some(attack())),
        ("submit the execution", "submitExecution", Some(TestAction::SubmitExecution)),
        ("take up the evaluation", "startEvaluation", Some(TestAction::StartEvaluation)),
        ("record the detection", "recordDetection", Some(detection())),
        ("submit the evaluation", "submitEvaluation", Some(TestAction::SubmitEvaluation)),
        ("vote for the red side", "castVote", Some(vote(Side::Red, Verdict::Approved))),
        ("vote for the blue side", "castVote", Some(vote(Side::Blue, Verdict::Approved))),
        ("reopen", "reopenTest", Some(TestAction::Reopen { reason: reason() })),
        ("pause the work", "pauseWork", Some(TestAction::PauseWork { reason: reason() })),
        ("resume the work", "resumeWork", Some(TestAction::ResumeWork)),
        ("add red evidence", "requestEvidenceUpload", Some(evidence(Side::Red))),
        ("add blue evidence", "requestEvidenceUpload", Some(evidence(Side::Blue))),
        ("classify", "classifyTest", Some(TestAction::Classify(Classification::Restricted))),
        ("archive", "archiveTest", Some(TestAction::Archive { reason: String::new() })),
        ("restore", "restoreTest", Some(TestAction::Restore)),
        // Copies what it finds, whatever that is doing.
        ("clone", "cloneTest", None),
    ]
}

/// The states, each reached by people of its own.
fn states() -> Vec<(&'static str, Vec<(Actor, TestAction)>)> {
    let red = person(1, Role::RedTech);
    let blue = person(2, Role::BlueTech);
    let (red_lead, blue_lead) = (person(3, Role::RedLead), person(4, Role::BlueLead));
    let pause = || TestAction::PauseWork { reason: "Lunch.".to_owned() };
    let draft = vec![(red_lead, TestAction::Draft { details: details(), origin: None })];
    let then = |before: &[(Actor, TestAction)], more: Vec<(Actor, TestAction)>| {
        before.iter().cloned().chain(more).collect::<Vec<_>>()
    };
    let executing =
        then(&draft, vec![(red, TestAction::StartExecution { waits_for: vec![] }), (red, attack())]);
    let evaluating = then(&executing, vec![(red, TestAction::SubmitExecution), (blue, detection())]);
    let in_review = then(&evaluating, vec![(blue, TestAction::SubmitEvaluation)]);
    let half = then(&in_review, vec![(red_lead, vote(Side::Red, Verdict::Approved))]);
    let reject = (blue_lead, vote(Side::Blue, Verdict::Rejected));
    vec![
        ("draft", draft.clone()),
        ("executing", executing.clone()),
        ("executing, paused", then(&executing, vec![(red, pause())])),
        ("evaluating", evaluating.clone()),
        ("evaluating, paused", then(&evaluating, vec![(blue, pause())])),
        ("in review", in_review),
        ("validated", then(&half, vec![(blue_lead, vote(Side::Blue, Verdict::Approved))])),
        ("rejected", then(&half, vec![reject.clone()])),
        ("disputed", then(&half, vec![reject])),
        ("archived", then(&draft, vec![(red_lead, TestAction::Archive { reason: String::new() })])),
    ]
}

fn short(role: Role) -> &'static str {
    match role {
        Role::Admin => "A",
        Role::RedLead => "RL",
        Role::BlueLead => "BL",
        Role::RedTech => "RT",
        Role::BlueTech => "BT",
        Role::Viewer => "V",
    }
}

fn ask(by: Actor, action: TestAction, policy: ReviewPolicy) -> TestCommand {
    TestCommand { by, at: now(), policy, expected_version: None, action }
}

/// The table, in Markdown.
fn table() -> String {
    let states = states();
    let mut text = String::from("| step |");
    states.iter().for_each(|(name, _)| text.push_str(&format!(" {name} |")));
    text.push_str("\n|---|");
    states.iter().for_each(|_| text.push_str("---|"));
    text.push('\n');
    for (name, mutation, action) in steps() {
        let row = permissions::find(Kind::Mutation, mutation).expect("it is listed");
        let _ = write!(text, "| {name} |");
        for (state, history) in &states {
            let policy = ReviewPolicy { disputes: *state == "disputed", ..ReviewPolicy::default() };
            let mut test = Test::default();
            for (by, action) in history {
                let events = test.decide(ask(*by, action.clone(), policy)).expect("the way there");
                events.into_iter().for_each(|event| test.apply(event));
            }
            let may = |role: &Role| {
                let asked = action
                    .clone()
                    .map(|action| test.decide(ask(person(100, *role), action, ReviewPolicy::default())));
                row.allows(permissions::Asker::Person(*role)) && asked.is_none_or(|decision| decision.is_ok())
            };
            let who: Vec<_> = Role::ALL.into_iter().filter(may).map(short).collect();
            let _ = write!(text, " {} |", if who.is_empty() { "–".to_owned() } else { who.join(" ") });
        }
        text.push('\n');
    }
    text
}

#[test]
fn the_printed_workflow_is_what_the_code_allows() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/WORKFLOW.md");
    let printed = std::fs::read_to_string(path).expect("docs/WORKFLOW.md");
    let (before, rest) = printed.split_once(BEGIN).expect("where the table begins");
    let (_, after) = rest.split_once(END).expect("where it ends");
    let due = format!("{before}{BEGIN}\n{}{END}{after}", table());
    if std::env::var_os("AEGIS_WRITE_DOCS").is_some() {
        std::fs::write(path, &due).expect("written");
    }
    let written = std::fs::read_to_string(path).expect("docs/WORKFLOW.md");
    assert!(
        written == due,
        "docs/WORKFLOW.md is stale: AEGIS_WRITE_DOCS=1 cargo test -p aegis-api --lib workflow"
    );
}
