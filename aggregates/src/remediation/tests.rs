//! The rules of a remediation, tried: what was, what is asked, what comes of it.

mod model;
mod opening;
mod properties;
mod refusals;
mod retests;
mod risk;
mod steps;
mod working;

use super::*;
use crate::actor::{Actor, Role};
use crate::ids::{AccountId, TechniqueId};
use crate::test::{DetectionResult, TestState};
use crate::text::TextError;
use chrono::{DateTime, TimeDelta, Utc};
use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use std::collections::BTreeSet;
use uuid::Uuid;

const RED_TECH: Actor = person(1, Role::RedTech);
const BLUE_TECH: Actor = person(2, Role::BlueTech);
const RED_LEAD: Actor = person(3, Role::RedLead);
const BLUE_LEAD: Actor = person(4, Role::BlueLead);
const ADMIN: Actor = person(5, Role::Admin);
const VIEWER: Actor = person(6, Role::Viewer);
/// A red technician it is given to.
const ASSIGNEE: Actor = person(7, Role::RedTech);

const fn person(number: u128, role: Role) -> Actor {
    Actor { account: AccountId(Uuid::from_u128(number)), role }
}

fn now() -> DateTime<Utc> {
    "2026-03-02T12:00:00Z".parse().expect("an instant")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn test_id(number: u128) -> TestId {
    TestId(Uuid::from_u128(0x7e57_0000 + number))
}

fn step_id(number: u128) -> StepId {
    StepId(Uuid::from_u128(0x57e9_0000 + number))
}

fn technique() -> TechniqueId {
    TechniqueId::parse(&format!("attack-pattern--{}", Uuid::from_u128(1))).expect("a STIX id")
}

fn facts(state: TestState, result: Option<DetectionResult>) -> TestFacts {
    let attack_id = "T1059.001".to_owned();
    TestFacts { test: test_id(0), technique: technique(), attack_id, state, result }
}

fn missed() -> TestFacts {
    facts(TestState::Validated, Some(DetectionResult::NotDetected))
}

fn plan() -> Plan {
    Plan {
        title: "Turn script block logging on".to_owned(),
        description: "The cradle left no trace.".to_owned(),
        priority: Priority::High,
        assignee: Some(ASSIGNEE.account),
        due_on: Some(day("2026-03-31")),
        tags: BTreeSet::from(["logging".to_owned()]),
    }
}

fn content(title: &str) -> StepContent {
    StepContent { title: title.to_owned(), owner: Some(BLUE_TECH.account), notes: String::new() }
}

fn ask(by: Actor, action: RemediationAction) -> RemediationCommand {
    RemediationCommand { by, at: now(), expected_version: None, action }
}

fn open_with(test: TestFacts) -> RemediationAction {
    RemediationAction::Open { test, plan: plan() }
}

fn add_step(number: u128) -> RemediationAction {
    RemediationAction::AddStep { step: step_id(number), content: content(&format!("step {number}")) }
}

fn set_status(number: u128, status: StepStatus) -> RemediationAction {
    let revision = StepRevision { status: Some(status), ..StepRevision::default() };
    RemediationAction::ReviseStep { step: step_id(number), revision }
}

fn block() -> RemediationAction {
    RemediationAction::Block { reason: "No licence yet.".to_owned() }
}

fn complete() -> RemediationAction {
    RemediationAction::Complete { notes: "Logging is on.".to_owned() }
}

fn accept_risk() -> RemediationAction {
    accept_until(day("2026-09-01"))
}

fn accept_until(expires_on: NaiveDate) -> RemediationAction {
    RemediationAction::AcceptRisk { reason: "The host goes away.".to_owned(), expires_on }
}

fn reopen() -> RemediationAction {
    RemediationAction::Reopen { reason: "It came back.".to_owned() }
}

fn record_retest(number: u32, completion: u32) -> RemediationAction {
    RemediationAction::RecordRetest { number, retest: test_id(number.into()), completion }
}

fn record_outcome(number: u32, result: DetectionResult) -> RemediationAction {
    RemediationAction::RecordRetestOutcome { retest: test_id(number.into()), result }
}

fn opened_event() -> RemediationEvent {
    RemediationEvent::RemediationOpened {
        by: BLUE_LEAD.account,
        at: now(),
        test: test_id(0),
        technique: technique(),
        attack_id: "T1059.001".to_owned(),
        result: DetectionResult::NotDetected,
        plan: plan(),
    }
}

fn step_added(number: u128) -> RemediationEvent {
    let content = content(&format!("step {number}"));
    RemediationEvent::StepAdded { by: BLUE_TECH.account, at: now(), step: step_id(number), content }
}

fn status_changed(number: u128, status: StepStatus) -> RemediationEvent {
    RemediationEvent::StepStatusChanged { by: BLUE_TECH.account, at: now(), step: step_id(number), status }
}

fn started_event() -> RemediationEvent {
    RemediationEvent::RemediationStarted { by: BLUE_TECH.account, at: now() }
}

fn completed_event(completion: u32) -> RemediationEvent {
    let notes = "Logging is on.".to_owned();
    RemediationEvent::RemediationCompleted { by: BLUE_TECH.account, at: now(), completion, notes }
}

fn accepted_event(expires_on: NaiveDate) -> RemediationEvent {
    let reason = "The host goes away.".to_owned();
    RemediationEvent::RiskAccepted { by: BLUE_LEAD.account, at: now(), reason, expires_on }
}

fn retest_created(number: u32, completion: u32) -> RemediationEvent {
    RemediationEvent::RetestCreated { at: now(), number, retest: test_id(number.into()), completion }
}

/// Opened by the blue lead.
fn opened() -> Vec<RemediationEvent> {
    vec![opened_event()]
}

/// The blue technician has begun.
fn in_progress() -> Vec<RemediationEvent> {
    with(opened(), [started_event()])
}

/// Something is in the way.
fn blocked() -> Vec<RemediationEvent> {
    let reason = "No licence yet.".to_owned();
    with(in_progress(), [RemediationEvent::RemediationBlocked { by: BLUE_TECH.account, at: now(), reason }])
}

/// Completed once, not retested yet.
fn completed() -> Vec<RemediationEvent> {
    with(in_progress(), [completed_event(1)])
}

/// With its first retest drafted.
fn retesting() -> Vec<RemediationEvent> {
    with(completed(), [retest_created(1, 1)])
}

/// The retest was detected.
fn verified() -> Vec<RemediationEvent> {
    with(retesting(), [RemediationEvent::RemediationVerified { at: now(), retest: test_id(1) }])
}

/// The risk is accepted until September.
fn risk_accepted() -> Vec<RemediationEvent> {
    with(opened(), [accepted_event(day("2026-09-01"))])
}

/// A history that ends in the state.
fn ending_in(state: RemediationState) -> Vec<RemediationEvent> {
    match state {
        RemediationState::Open => opened(),
        RemediationState::InProgress => in_progress(),
        RemediationState::Blocked => blocked(),
        RemediationState::Completed => completed(),
        RemediationState::Verified => verified(),
        RemediationState::RiskAccepted => risk_accepted(),
    }
}

fn with<const N: usize>(
    mut events: Vec<RemediationEvent>,
    more: [RemediationEvent; N],
) -> Vec<RemediationEvent> {
    events.extend(more);
    events
}

fn given(events: Vec<RemediationEvent>) -> AggregateTestExecutor<Remediation> {
    TestFramework::with(()).given(events)
}

fn folded(events: Vec<RemediationEvent>) -> Remediation {
    let mut remediation = Remediation::default();
    for event in events {
        remediation.apply(event);
    }
    remediation
}

fn wrong_state(action: &'static str, state: RemediationState, needed: &'static str) -> RemediationError {
    RemediationError::WrongState { action, state, needed }
}
