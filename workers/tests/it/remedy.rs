//! Verbs of people who test and remedy, straight at the store.

use crate::house::{House, eventually};
use aegis_aggregates::actor::{Actor, Role};
use aegis_aggregates::ids::{AccountId, RemediationId, TechniqueId, TestId};
use aegis_aggregates::policy::ReviewPolicy;
use aegis_aggregates::remediation::{
    Plan, Priority, Remediation, RemediationAction, RemediationCommand, RemediationState, TestFacts,
};
use aegis_aggregates::test::{
    AttackRecord, Details, DetectionRecord, DetectionResult, Side, Test, TestAction, TestCommand, Verdict,
};
use aegis_projections::store::{Executed, Origin};
use chrono::{DateTime, FixedOffset, Utc};
use std::collections::BTreeSet;
use uuid::Uuid;

pub const RED: Actor = Actor { account: AccountId(Uuid::from_u128(1)), role: Role::RedTech };
const BLUE: Actor = Actor { account: AccountId(Uuid::from_u128(2)), role: Role::BlueTech };
const RED_LEAD: Actor = Actor { account: AccountId(Uuid::from_u128(3)), role: Role::RedLead };
pub const BLUE_LEAD: Actor = Actor { account: AccountId(Uuid::from_u128(4)), role: Role::BlueLead };

/// What red wrote down as done.
pub const PROCEDURE: &str = "Ran the cradle from a macro.";

impl House {
    /// Asks a test for something that must happen.
    pub async fn test(&self, id: TestId, by: Actor, action: TestAction) {
        let (at, policy) = (Utc::now(), ReviewPolicy::default());
        let command = TestCommand { by, at, policy, expected_version: None, action };
        let executed = self.store.execute::<Test>(&id.to_string(), command, &Origin::new(by)).await;
        assert!(matches!(executed, Ok(Executed::Committed(_))), "{executed:?}");
    }

    /// Asks a remediation; says what came of it.
    pub async fn ask(&self, id: RemediationId, at: DateTime<Utc>, action: RemediationAction) -> bool {
        let command = RemediationCommand { by: BLUE_LEAD, at, expected_version: None, action };
        let origin = Origin::new(BLUE_LEAD);
        match self.store.execute::<Remediation>(&id.to_string(), command, &origin).await.expect("executed") {
            Executed::Committed(_) => true,
            Executed::Unchanged => false,
            other => panic!("{other:?}"),
        }
    }

    /// A test that somebody has written down.
    pub async fn drafted(&self) -> TestId {
        let id = TestId(Uuid::now_v7());
        self.test(id, RED, TestAction::Draft { details: details(), origin: None }).await;
        id
    }

    /// Takes a draft through all its steps to the end.
    pub async fn validate(&self, id: TestId, result: DetectionResult) {
        self.test(id, RED, TestAction::StartExecution { waits_for: vec![] }).await;
        self.test(id, RED, TestAction::RecordAttack(attack())).await;
        self.test(id, RED, TestAction::SubmitExecution).await;
        self.test(id, BLUE, TestAction::RecordDetection(detection(result))).await;
        self.test(id, BLUE, TestAction::SubmitEvaluation).await;
        for (by, side) in [(RED_LEAD, Side::Red), (BLUE_LEAD, Side::Blue)] {
            let verdict = Verdict::Approved;
            self.test(id, by, TestAction::CastVote { side, verdict, notes: String::new(), seen: None }).await;
        }
    }

    /// A validated test that nobody saw.
    pub async fn missed(&self) -> TestId {
        let id = self.drafted().await;
        self.validate(id, DetectionResult::NotDetected).await;
        id
    }

    /// A remediation of a test, somebody at work on it.
    pub async fn at_work(&self, test: TestId) -> RemediationId {
        let id = RemediationId(Uuid::now_v7());
        let held = self.store.load::<Test>(&test.to_string()).await.expect("loaded");
        let details = held.details().expect("drafted").clone();
        let facts = TestFacts {
            test,
            technique: details.technique,
            attack_id: details.attack_id,
            state: held.state(),
            result: held.detection_result(),
        };
        let plan = Plan {
            title: "Turn script block logging on".to_owned(),
            description: String::new(),
            priority: Priority::High,
            assignee: None,
            due_on: None,
            tags: BTreeSet::new(),
        };
        assert!(self.ask(id, Utc::now(), RemediationAction::Open { test: facts, plan }).await);
        assert!(self.ask(id, Utc::now(), RemediationAction::Start).await);
        id
    }

    pub async fn complete(&self, id: RemediationId) {
        assert!(self.ask(id, Utc::now(), RemediationAction::Complete { notes: String::new() }).await);
    }

    pub async fn remediation(&self, id: RemediationId) -> Remediation {
        self.store.load::<Remediation>(&id.to_string()).await.expect("loaded")
    }

    /// Waits until a remediation stands somewhere.
    pub async fn stands(&self, id: RemediationId, state: RemediationState) {
        eventually(state.as_str(), async || self.remediation(id).await.state() == state).await;
    }

    /// Waits for the n-th retest of a remediation.
    pub async fn retest(&self, id: RemediationId, number: usize) -> TestId {
        eventually("it is tested again", async || self.remediation(id).await.retests().len() == number).await;
        self.remediation(id).await.retests()[number - 1].retest
    }

    /// How many events of a type there are.
    pub async fn events(&self, event_type: &str) -> i64 {
        self.count(&format!("select count(*) from events where event_type = '{event_type}'")).await
    }
}

pub fn details() -> Details {
    let technique = "attack-pattern--970a3432-3237-47ad-bcca-7d8cbb217736";
    Details {
        technique: TechniqueId::parse(technique).expect("a STIX id"),
        attack_id: "T1059.001".to_owned(),
        title: "PowerShell download cradle".to_owned(),
        description: "A cradle fetches a script and runs it in memory.".to_owned(),
        objective: "Find out whether script block logging raises an alert.".to_owned(),
        target_environment: "lab".to_owned(),
        platform: Some("Windows".to_owned()),
        tags: BTreeSet::from(["powershell".to_owned()]),
        assignee: Some(RED.account),
        due_on: chrono::NaiveDate::from_ymd_opt(2026, 3, 31),
        procedure: "What was planned.".to_owned(),
        tool: None,
    }
}

fn time(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).expect("a time with a zone")
}

pub fn attack() -> AttackRecord {
    AttackRecord {
        procedure: PROCEDURE.to_owned(),
        tool: Some("Atomic Red Team".to_owned()),
        started_at: time("2026-03-02T10:00:00+02:00"),
        ended_at: None,
        success: true,
        summary: "The script ran.".to_owned(),
    }
}

pub fn detection(result: DetectionResult) -> DetectionRecord {
    let seen = result != DetectionResult::NotDetected;
    DetectionRecord {
        result,
        detected_at: seen.then(|| time("2026-03-02T10:05:00+02:00")),
        alerted_at: None,
        contained_at: None,
        containment_result: None,
        clock_skew_note: None,
        summary: "As it went.".to_owned(),
    }
}
