//! The rules of a test, tried: what was, what is asked, what comes of it.
//!
//! One file per part of a round; here are the people, the inputs and the
//! histories they share. Who may ask at all (permissions) is not judged by
//! the aggregate and not tried here.

mod conduct;
mod disputes;
mod drafting;
mod evaluation;
mod evidence;
mod execution;
mod model;
mod properties;
mod refusals;
mod reopening;
mod retests;
mod review;
mod separation;
mod storage;
mod timers;

use super::*;
use crate::actor::Role;
use crate::ids::TechniqueId;
use crate::policy::ReviewPolicy;
use crate::text::TextError;
use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use uuid::Uuid;

const RED_TECH: Actor = person(1, Role::RedTech);
const BLUE_TECH: Actor = person(2, Role::BlueTech);
const RED_LEAD: Actor = person(3, Role::RedLead);
const BLUE_LEAD: Actor = person(4, Role::BlueLead);
const OTHER_RED_LEAD: Actor = person(5, Role::RedLead);
const OTHER_BLUE_TECH: Actor = person(6, Role::BlueTech);
const ADMIN: Actor = person(7, Role::Admin);
const VIEWER: Actor = person(8, Role::Viewer);

const BOTH_ON: ReviewPolicy = ReviewPolicy { separate_sides: true, no_self_approval: true, disputes: false };
const BOTH_OFF: ReviewPolicy =
    ReviewPolicy { separate_sides: false, no_self_approval: false, disputes: false };
const ONLY_SEPARATE_SIDES: ReviewPolicy =
    ReviewPolicy { separate_sides: true, no_self_approval: false, disputes: false };
const ONLY_NO_SELF_APPROVAL: ReviewPolicy =
    ReviewPolicy { separate_sides: false, no_self_approval: true, disputes: false };

const DISPUTES: ReviewPolicy = ReviewPolicy { separate_sides: true, no_self_approval: true, disputes: true };

const fn person(number: u128, role: Role) -> Actor {
    Actor { account: AccountId(Uuid::from_u128(number)), role }
}

/// The server's clock while a command is judged; the attack below is over by then.
fn now() -> DateTime<Utc> {
    "2026-03-02T12:00:00Z".parse().expect("an instant")
}

fn time(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).expect("a time with a zone")
}

fn technique(number: u128) -> TechniqueId {
    TechniqueId::parse(&format!("attack-pattern--{}", Uuid::from_u128(number))).expect("a STIX id")
}

fn details() -> Details {
    Details {
        technique: technique(1),
        attack_id: "T1059.001".to_owned(),
        title: "PowerShell download cradle".to_owned(),
        description: "A cradle fetches a script and runs it in memory.".to_owned(),
        objective: "Find out whether script block logging raises an alert.".to_owned(),
        target_environment: "lab".to_owned(),
        platform: Some("Windows".to_owned()),
        tags: BTreeSet::from(["powershell".to_owned()]),
        assignee: Some(RED_TECH.account),
        due_on: chrono::NaiveDate::from_ymd_opt(2026, 3, 31),
        procedure: String::new(),
        tool: None,
    }
}

fn attack() -> AttackRecord {
    AttackRecord {
        procedure: "Ran the cradle from a macro.".to_owned(),
        tool: Some("Atomic Red Team".to_owned()),
        started_at: time("2026-03-02T10:00:00+02:00"),
        ended_at: Some(time("2026-03-02T10:20:30+02:00")),
        success: true,
        summary: "The script ran.".to_owned(),
    }
}

fn detection() -> DetectionRecord {
    DetectionRecord {
        result: DetectionResult::Detected,
        detected_at: Some(time("2026-03-02T10:05:00+02:00")),
        alerted_at: Some(time("2026-03-02T10:04:10+02:00")),
        contained_at: Some(time("2026-03-02T10:30:00+02:00")),
        containment_result: Some(ContainmentResult::Contained),
        clock_skew_note: None,
        summary: "Script block logging raised an alert.".to_owned(),
    }
}

fn missed() -> DetectionRecord {
    DetectionRecord {
        result: DetectionResult::NotDetected,
        detected_at: None,
        alerted_at: None,
        contained_at: None,
        containment_result: None,
        clock_skew_note: None,
        summary: "Nothing was seen.".to_owned(),
    }
}

/// A command under the default policy, at [`now`].
fn ask(by: Actor, action: TestAction) -> TestCommand {
    TestCommand { by, at: now(), policy: ReviewPolicy::default(), expected_version: None, action }
}

fn ask_under(policy: ReviewPolicy, by: Actor, action: TestAction) -> TestCommand {
    TestCommand { policy, ..ask(by, action) }
}

fn vote(side: Side, verdict: Verdict) -> TestAction {
    TestAction::CastVote { side, verdict, notes: "Read it.".to_owned(), seen: None }
}

fn start() -> TestAction {
    TestAction::StartExecution { waits_for: vec![] }
}

fn draft_of(details: Details) -> TestAction {
    TestAction::Draft { details, origin: None }
}

fn approve(side: Side) -> TestAction {
    vote(side, Verdict::Approved)
}

fn reject(side: Side) -> TestAction {
    vote(side, Verdict::Rejected)
}

fn reopen() -> TestAction {
    TestAction::Reopen { reason: "Run it again with logging on.".to_owned() }
}

fn drafted_with(details: Details) -> TestEvent {
    TestEvent::TestDrafted { by: RED_LEAD.account, details, origin: None }
}

fn started(round: u32, by: Actor) -> TestEvent {
    TestEvent::ExecutionStarted { round, by: by.account, at: now() }
}

fn attack_recorded(round: u32, by: Actor, attack: AttackRecord) -> TestEvent {
    TestEvent::AttackRecorded { round, by: by.account, at: now(), attack }
}

fn execution_submitted(round: u32, by: Actor) -> TestEvent {
    TestEvent::ExecutionSubmitted { round, by: by.account, at: now() }
}

fn detection_recorded(round: u32, by: Actor, detection: DetectionRecord) -> TestEvent {
    TestEvent::DetectionRecorded { round, by: by.account, at: now(), detection }
}

fn evaluation_submitted(round: u32, by: Actor) -> TestEvent {
    TestEvent::EvaluationSubmitted { round, by: by.account, at: now() }
}

fn voted(round: u32, by: Actor, side: Side, verdict: Verdict, outcome: Option<Outcome>) -> TestEvent {
    let vote = Vote { side, verdict, notes: "Read it.".to_owned(), voter: by.account, evidence: vec![] };
    TestEvent::VoteCast { round, at: now(), vote, outcome }
}

fn evidence(number: u128, side: Side) -> Evidence {
    Evidence {
        id: EvidenceId(Uuid::from_u128(number)),
        side,
        file_name: "capture.png".to_owned(),
        media_type: "image/png".to_owned(),
        size_bytes: 68,
        sha256: format!("{number:064x}"),
        object_key: format!("evidence/{number}"),
        caption: "What it looked like.".to_owned(),
    }
}

fn evidence_added(round: u32, by: Actor, evidence: Evidence) -> TestEvent {
    TestEvent::EvidenceAdded { round, by: by.account, at: now(), evidence }
}

fn archived(by: Actor) -> TestEvent {
    TestEvent::TestArchived { by: by.account, at: now(), reason: String::new() }
}

fn archive() -> TestAction {
    TestAction::Archive { reason: String::new() }
}

fn reopened(round: u32, by: Actor) -> TestEvent {
    let reason = "Run it again with logging on.".to_owned();
    TestEvent::TestReopened { round, by: by.account, at: now(), reason }
}

/// A draft by the red lead.
fn drafted() -> Vec<TestEvent> {
    vec![drafted_with(details())]
}

/// The red technician has begun.
fn executing() -> Vec<TestEvent> {
    with(drafted(), [started(1, RED_TECH)])
}

/// And has written the attack down.
fn attacked() -> Vec<TestEvent> {
    with(executing(), [attack_recorded(1, RED_TECH, attack())])
}

/// Blue is at work.
fn evaluating() -> Vec<TestEvent> {
    with(attacked(), [execution_submitted(1, RED_TECH)])
}

/// The blue technician has written the detection down.
fn evaluated() -> Vec<TestEvent> {
    with(evaluating(), [detection_recorded(1, BLUE_TECH, detection())])
}

/// Both leads are to vote.
fn in_review() -> Vec<TestEvent> {
    with(evaluated(), [evaluation_submitted(1, BLUE_TECH)])
}

/// The red lead has approved.
fn half_approved() -> Vec<TestEvent> {
    with(in_review(), [voted(1, RED_LEAD, Side::Red, Verdict::Approved, None)])
}

/// The blue lead has approved too.
fn validated() -> Vec<TestEvent> {
    let outcome = Outcome::Validated { detection_result: DetectionResult::Detected };
    with(half_approved(), [voted(1, BLUE_LEAD, Side::Blue, Verdict::Approved, Some(outcome))])
}

/// The blue lead has rejected instead.
fn rejected() -> Vec<TestEvent> {
    with(half_approved(), [voted(1, BLUE_LEAD, Side::Blue, Verdict::Rejected, Some(Outcome::Rejected))])
}

/// A second round has begun.
fn second_round() -> Vec<TestEvent> {
    with(rejected(), [reopened(2, RED_LEAD)])
}

/// The second round is in review, worked on by others than the first.
fn second_review() -> Vec<TestEvent> {
    with(
        second_round(),
        [
            started(2, ADMIN),
            attack_recorded(2, ADMIN, attack()),
            execution_submitted(2, ADMIN),
            detection_recorded(2, OTHER_BLUE_TECH, missed()),
            evaluation_submitted(2, OTHER_BLUE_TECH),
        ],
    )
}

fn with<const N: usize>(mut events: Vec<TestEvent>, more: [TestEvent; N]) -> Vec<TestEvent> {
    events.extend(more);
    events
}

fn given(events: Vec<TestEvent>) -> AggregateTestExecutor<Test> {
    TestFramework::with(()).given(events)
}

fn folded(events: Vec<TestEvent>) -> Test {
    let mut test = Test::default();
    for event in events {
        test.apply(event);
    }
    test
}

fn wrong_state(action: &'static str, state: TestState, needed: &'static str) -> TestError {
    TestError::WrongState { action, state, needed }
}
