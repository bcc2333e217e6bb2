//! Every kind of event there has ever been (the golden ones of `aggregates`), and what it tells whom.

use super::*;
use chrono::Utc;
use serde_json::{Value, json};
use std::path::Path;

const SUBJECT: &str = "5ab1ec70-0000-4000-8000-000000000001";

/// What the golden events tell; those that are not here tell nothing.
const TOLD: &[(&str, &str)] = &[
    ("campaign.CampaignActivated.1.0", "campaign_activated of campaign: owners, team"),
    ("campaign.CampaignCompleted.1.0", "campaign_completed of campaign: owners, team"),
    ("campaign.CampaignCreated.1.0", "campaign_run_created of campaign: 1+3"),
    ("discussion.CommentEdited.1.0", "comment_mention of test: nobody, but who was mentioned"),
    (
        "discussion.CommentPosted.1.0",
        "comment_mention of test: 2; comment_posted of test: participants, test commenters",
    ),
    ("remediation.RemediationAssigned.1.0", "remediation_assigned of remediation: 2, but who had it"),
    ("remediation.RemediationBlocked.1.0", "remediation_blocked of remediation: assignee, opener"),
    ("remediation.RemediationOpened.1.0", "remediation_assigned of remediation: 2, but who had it"),
    ("remediation.RemediationReopened.1.0", "remediation_reopened of remediation: assignee, opener"),
    ("remediation.RemediationRevised.1.0", "remediation_assigned of remediation: nobody, but who had it"),
    ("remediation.RemediationVerified.1.0", "remediation_verified of remediation: assignee, opener"),
    ("remediation.RetestFailed.1.0", "remediation_reopened of remediation: assignee, opener"),
    ("remediation.RiskAcceptanceExpired.1.0", "remediation_reopened of remediation: assignee, opener"),
    ("test.EvaluationSubmitted.1.0", "test_in_review of test: red_lead+blue_lead"),
    ("test.ExecutionSubmitted.1.0", "test_to_evaluate of test: blue_tech+blue_lead"),
    ("test.TestDrafted.1.0", "test_assigned of test: 1, but who had it"),
    ("test.TestDrafted.2.0", "retest_drafted of test: red_tech, 1"),
    ("test.TestReopened.1.0", "test_reopened of test: performers of round 1"),
    ("test.TestRevised.1.0", "test_assigned of test: nobody, but who had it"),
    ("test.TestRevised.2.0", "test_assigned of test: 1, but who had it"),
    ("test.VoteCast.1.0", "test_validated of test: performers of round 1"),
    ("test.VoteCast.2.0", "test_disputed of test: performers of round 1, voters of round 1"),
];

fn event(aggregate_type: &str, aggregate_id: &str, golden: &Value) -> Sealed {
    let text = |name: &str| golden[name].as_str().expect("text").to_owned();
    let payload = golden["payload"].to_string();
    let body = DomainEvent::decode(aggregate_type, &text("event_type"), &text("event_version"), &payload);
    Sealed {
        position: 1,
        sealed_at: Utc::now(),
        recorded_at: Utc::now(),
        aggregate_id: aggregate_id.to_owned(),
        sequence: 1,
        actor: AccountId::SYSTEM,
        body: body.expect("it decodes"),
        release: None,
    }
}

fn golden(name: &str) -> Value {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../aggregates/tests/golden").join(format!("{name}.json"));
    serde_json::from_str(&std::fs::read_to_string(file).expect("a golden event")).expect("JSON")
}

fn who(audience: &Audience) -> String {
    match audience {
        Audience::Roles(roles) => roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join("+"),
        Audience::Accounts(accounts) if accounts.is_empty() => "nobody".to_owned(),
        // The people of the golden events differ in their last digit.
        Audience::Accounts(accounts) => accounts
            .iter()
            .map(|account| format!("{}", account.0.as_u128() & 0xf))
            .collect::<Vec<_>>()
            .join("+"),
        Audience::Performers { round, .. } => format!("performers of round {round}"),
        Audience::Voters { round, .. } => format!("voters of round {round}"),
        Audience::Participants { .. } => "participants".to_owned(),
        Audience::CampaignOwners { .. } => "owners".to_owned(),
        Audience::CampaignTeam { .. } => "team".to_owned(),
        Audience::RemediationAssignee { .. } => "assignee".to_owned(),
        Audience::RemediationOpener { .. } => "opener".to_owned(),
        Audience::Commenters { kind, .. } => format!("{} commenters", kind.as_str()),
    }
}

fn told(event: &Sealed) -> String {
    let told = notices(event).into_iter().map(|notice| {
        assert_eq!(notice.subject_id.to_string(), SUBJECT);
        let audience: Vec<String> = notice.audience.iter().map(who).collect();
        let but = match notice.before {
            None => "",
            Some(Before::Mentioned(_)) => ", but who was mentioned",
            Some(Before::TestAssignee(_) | Before::RemediationAssignee(_)) => ", but who had it",
        };
        let (kind, subject) = (notice.kind.as_str(), notice.subject_kind.as_str());
        format!("{kind} of {subject}: {}{but}", audience.join(", "))
    });
    told.collect::<Vec<_>>().join("; ")
}

#[test]
fn every_event_tells_what_the_table_says_and_nothing_else() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../aggregates/tests/golden");
    let mut names = vec![];
    for entry in std::fs::read_dir(folder).expect("the golden events") {
        let name = entry.expect("an entry").file_name().into_string().expect("text");
        names.extend(name.strip_suffix(".json").map(str::to_owned));
    }
    assert!(names.len() > 60 && TOLD.iter().all(|(name, _)| names.contains(&(*name).to_owned())));
    for name in names {
        let aggregate_type = name.split('.').next().expect("a type");
        let discussed = format!("test/{SUBJECT}");
        let id = if aggregate_type == "discussion" { discussed.as_str() } else { SUBJECT };
        let due = TOLD.iter().find(|(told, _)| *told == name).map_or("", |(_, due)| due);
        assert_eq!(told(&event(aggregate_type, id, &golden(&name))), due, "{name}");
    }
}

#[test]
fn the_same_kind_of_event_tells_what_it_holds() {
    let mut vote = golden("test.VoteCast.1.0");
    for (outcome, due) in
        [(json!({ "state": "rejected" }), "test_rejected of test: performers of round 1"), (Value::Null, "")]
    {
        vote["payload"]["VoteCast"]["outcome"] = outcome;
        assert_eq!(told(&event("test", SUBJECT, &vote)), due);
    }
    let mut created = golden("campaign.CampaignCreated.1.0");
    created["payload"]["CampaignCreated"]["origin"] = Value::Null;
    assert_eq!(told(&event("campaign", SUBJECT, &created)), "", "a campaign of one's own");
    let mut posted = golden("discussion.CommentPosted.1.0");
    posted["payload"]["CommentPosted"]["mentions"] = json!([]);
    for (kind, due) in [
        ("test", "comment_posted of test: participants, test commenters"),
        ("campaign", "comment_posted of campaign: owners, campaign commenters"),
        ("remediation", "comment_posted of remediation: assignee, opener, remediation commenters"),
    ] {
        assert_eq!(told(&event("discussion", &format!("{kind}/{SUBJECT}"), &posted)), due);
    }
    // Ids that are none are nothing anybody knows.
    assert_eq!(told(&event("test", "nonsense", &vote)), "");
    assert_eq!(told(&event("discussion", "nonsense", &posted)), "");
}
