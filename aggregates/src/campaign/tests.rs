//! The rules of a campaign, tried: what was, what is asked, what comes of it.
//!
//! Here are the people, the inputs and the histories that the files share. Who
//! may ask at all (permissions) is not judged by the aggregate and not tried here.

mod due_times;
mod life;
mod links;
mod model;
mod planning;
mod properties;
mod refusals;
mod runs;

use super::*;
use crate::actor::{Actor, Role};
use crate::text::TextError;
use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use std::collections::BTreeSet;
use uuid::Uuid;

const CREATOR: Actor = person(1, Role::BlueTech);
const OTHER: Actor = person(2, Role::RedTech);
const LEAD: Actor = person(3, Role::RedLead);
const ADMIN: Actor = person(4, Role::Admin);

const CAMPAIGN: CampaignId = CampaignId(Uuid::from_u128(0xca));

const fn person(number: u128, role: Role) -> Actor {
    Actor { account: AccountId(Uuid::from_u128(number)), role }
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn local(text: &str) -> NaiveDateTime {
    text.parse().expect("a local time")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// The server's clock while a command is judged.
fn now() -> DateTime<Utc> {
    instant("2026-03-02T12:00:00Z")
}

fn test(number: u128) -> TestId {
    TestId(Uuid::from_u128(number))
}

/// Tests are called by their numbers, but for those above 90, which nobody named.
fn labels() -> Labels {
    (1..=90).map(|number| (test(number), format!("#{number}"))).collect()
}

fn plan() -> Plan {
    Plan {
        name: "Ransomware week".to_owned(),
        description: "From the first mail to the encrypted share.".to_owned(),
        kind: CampaignKind::PurpleTeam,
        objective: "Find out where the chain is seen first.".to_owned(),
        starts_on: Some(day("2026-03-09")),
        ends_on: Some(day("2026-03-13")),
        tags: BTreeSet::from(["q1".to_owned()]),
        owner: Some(LEAD.account),
    }
}

/// A test to be taken in, waiting for others.
fn new(number: u128, waits_for: &[u128]) -> NewCampaignTest {
    NewCampaignTest { test: test(number), order: None, phase: None, depends_on: ids(waits_for) }
}

/// A test's place.
fn link(number: u128, order: u32, waits_for: &[u128]) -> CampaignTest {
    CampaignTest { test: test(number), order, phase: None, depends_on: ids(waits_for) }
}

fn ids(numbers: &[u128]) -> BTreeSet<TestId> {
    numbers.iter().map(|number| test(*number)).collect()
}

fn monthly() -> Schedule {
    schedule(Every::Monthly, "2026-03-31T09:00:00", chrono_tz::Europe::Berlin)
}

fn schedule(every: Every, first: &str, time_zone: Tz) -> Schedule {
    Schedule { every, first: local(first), time_zone, until: None, missed: MissedRuns::CreateAll }
}

/// A command at [`now`].
fn ask(by: Actor, action: CampaignAction) -> CampaignCommand {
    CampaignCommand { by, at: now(), expected_version: None, labels: labels(), action }
}

fn create(tests: Vec<NewCampaignTest>) -> CampaignAction {
    CampaignAction::Create { plan: plan(), tests, origin: None }
}

fn record_at(at: &str) -> CampaignCommand {
    let action = CampaignAction::RecordDueRuns { campaign: CAMPAIGN };
    CampaignCommand { at: instant(at), ..ask(Actor::SYSTEM, action) }
}

fn created_with(tests: Vec<CampaignTest>) -> CampaignEvent {
    CampaignEvent::CampaignCreated { by: CREATOR.account, at: now(), plan: plan(), tests, origin: None }
}

/// A draft without tests.
fn empty() -> Vec<CampaignEvent> {
    vec![created_with(vec![])]
}

/// A draft: 2 waits for 1, 3 for 2.
fn drafted() -> Vec<CampaignEvent> {
    vec![created_with(vec![link(1, 1, &[]), link(2, 2, &[1]), link(3, 3, &[2])])]
}

fn active() -> Vec<CampaignEvent> {
    with(drafted(), [CampaignEvent::CampaignActivated { by: LEAD.account, at: now() }])
}

fn completed() -> Vec<CampaignEvent> {
    with(active(), [CampaignEvent::CampaignCompleted { by: LEAD.account, at: now() }])
}

fn archived() -> Vec<CampaignEvent> {
    with(completed(), [CampaignEvent::CampaignArchived { by: CREATOR.account, at: now() }])
}

fn scheduled(schedule: Schedule) -> CampaignEvent {
    CampaignEvent::CampaignScheduled { by: CREATOR.account, at: now(), schedule }
}

fn with<const N: usize>(mut events: Vec<CampaignEvent>, more: [CampaignEvent; N]) -> Vec<CampaignEvent> {
    events.extend(more);
    events
}

fn given(events: Vec<CampaignEvent>) -> AggregateTestExecutor<Campaign> {
    TestFramework::with(()).given(events)
}

fn folded(events: Vec<CampaignEvent>) -> Campaign {
    let mut campaign = Campaign::default();
    for event in events {
        campaign.apply(event);
    }
    campaign
}

fn wrong_state(action: &'static str, state: CampaignState, needed: &'static str) -> CampaignError {
    CampaignError::WrongState { action, state, needed }
}
