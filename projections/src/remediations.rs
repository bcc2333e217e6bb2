//! Remediations as people see them: plan, steps, state, and what completions led to.

mod queries;

pub use queries::{
    OF_ONE_TEST, RemediationFilter, RemediationRecord, RetestRecord, by_ids, expired_risks, numbered,
    of_tests, origins, remediation, remediations, retests,
};

use crate::fold::{DomainEvent, Fold, ReleaseFacts, RowChange, Sealed, Techniques, restored};
use aegis_aggregates::ids::{AccountId, TestId};
use aegis_aggregates::knowledge::{KnowledgeEvent, KnowledgeSource};
use aegis_aggregates::remediation::{Plan, Priority, RemediationEvent, RemediationState, Step, StepStatus};
use aegis_aggregates::test::DetectionResult;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

const REMEDIATIONS: &str = "remediations";
const RETESTS: &str = "remediation_retests";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct RemediationRow {
    remediation_id: Uuid,
    number: i64,
    test_id: TestId,
    technique_id: String,
    live_technique_id: String,
    attack_id: String,
    detection_result: DetectionResult,
    title: String,
    description: String,
    priority: Priority,
    assignee: Option<AccountId>,
    due_on: Option<NaiveDate>,
    tags: Vec<String>,
    state: RemediationState,
    steps: Vec<Step>,
    completions: u32,
    completion_notes: Option<String>,
    blocked_reason: Option<String>,
    risk_reason: Option<String>,
    risk_expires_on: Option<NaiveDate>,
    reopen_reason: Option<String>,
    version: i64,
    opened_by: AccountId,
    opened_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    completed_at: Option<DateTime<Utc>>,
    verified_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct RetestRow {
    remediation_id: Uuid,
    completion: u32,
    number: Option<u32>,
    retest_id: Option<TestId>,
    refused: Option<String>,
    detection_result: Option<DetectionResult>,
    told_at: DateTime<Utc>,
}

/// Projection "remediations".
#[derive(Debug, Default)]
pub struct Remediations {
    remediations: HashMap<String, RemediationRow>,
    /// What each completion led to, by row key.
    retests: HashMap<String, RetestRow>,
    last_number: i64,
    known: Techniques,
}

impl Remediations {
    fn apply_remediation(&mut self, id: &str, body: &RemediationEvent, event: &Sealed) -> Vec<RowChange> {
        use RemediationEvent as Event;
        match body {
            Event::RemediationOpened { .. } => self.opened(id, body, event),
            Event::RemediationRevised { plan, .. } => self.change(id, event, |row| set_plan(row, plan)),
            Event::RemediationAssigned { assignee, .. } => {
                self.change(id, event, |row| row.assignee = *assignee)
            }
            Event::StepAdded { step, content, .. } => self.change(id, event, |row| {
                row.steps.push(Step { id: *step, content: content.clone(), status: StepStatus::Todo });
            }),
            Event::StepRevised { step, content, .. } => self.change(id, event, |row| {
                row.steps.iter_mut().filter(|held| held.id == *step).for_each(|held| {
                    held.content = content.clone();
                });
            }),
            Event::StepRemoved { step, .. } => {
                self.change(id, event, |row| row.steps.retain(|held| held.id != *step))
            }
            Event::StepStatusChanged { step, status, .. } => self.change(id, event, |row| {
                row.steps.iter_mut().filter(|held| held.id == *step).for_each(|held| held.status = *status);
            }),
            Event::RemediationStarted { .. } => {
                self.change(id, event, |row| row.state = RemediationState::InProgress)
            }
            Event::RemediationBlocked { reason, .. } => self.change(id, event, |row| {
                row.state = RemediationState::Blocked;
                row.blocked_reason = Some(reason.clone());
            }),
            Event::RemediationUnblocked { .. } => self.change(id, event, |row| {
                row.state = RemediationState::InProgress;
                row.blocked_reason = None;
            }),
            Event::RemediationCompleted { at, completion, notes, .. } => self.change(id, event, |row| {
                row.state = RemediationState::Completed;
                row.completions = *completion;
                row.completion_notes = Some(notes.clone()).filter(|notes| !notes.is_empty());
                row.completed_at = Some(*at);
            }),
            Event::RiskAccepted { reason, expires_on, .. } => self.change(id, event, |row| {
                row.state = RemediationState::RiskAccepted;
                row.blocked_reason = None;
                row.risk_reason = Some(reason.clone());
                row.risk_expires_on = Some(*expires_on);
            }),
            Event::RiskAcceptanceExpired { .. } => self.change(id, event, |row| {
                row.state = RemediationState::Open;
                row.risk_reason = None;
                row.risk_expires_on = None;
            }),
            Event::RetestCreated { at, number, retest, completion } => {
                let told = RetestRow {
                    remediation_id: Uuid::nil(),
                    completion: *completion,
                    number: Some(*number),
                    retest_id: Some(*retest),
                    refused: None,
                    detection_result: None,
                    told_at: *at,
                };
                self.told(id, told, event)
            }
            Event::RetestNotCreated { at, completion, reason } => {
                let told = RetestRow {
                    remediation_id: Uuid::nil(),
                    completion: *completion,
                    number: None,
                    retest_id: None,
                    refused: Some(reason.clone()),
                    detection_result: None,
                    told_at: *at,
                };
                self.told(id, told, event)
            }
            Event::RemediationVerified { at, retest } => {
                let mut changes = self.change(id, event, |row| {
                    row.state = RemediationState::Verified;
                    row.verified_at = Some(*at);
                });
                changes.extend(self.decided(id, *retest, DetectionResult::Detected));
                changes
            }
            Event::RetestFailed { retest, result, .. } => {
                let mut changes = self.change(id, event, |row| row.state = RemediationState::InProgress);
                changes.extend(self.decided(id, *retest, *result));
                changes
            }
            Event::RemediationReopened { reason, .. } => self.change(id, event, |row| {
                row.state = RemediationState::Open;
                row.reopen_reason = Some(reason.clone());
                row.risk_reason = None;
                row.risk_expires_on = None;
                row.verified_at = None;
            }),
        }
    }

    fn opened(&mut self, id: &str, body: &RemediationEvent, event: &Sealed) -> Vec<RowChange> {
        let RemediationEvent::RemediationOpened { by, at, test, technique, attack_id, result, plan } = body
        else {
            return vec![];
        };
        // Ids of remediations are UUIDs by construction; a foreign one has no row to show.
        let Ok(remediation_id) = Uuid::parse_str(id) else {
            return vec![];
        };
        self.last_number += 1;
        let mut row = RemediationRow {
            remediation_id,
            number: self.last_number,
            test_id: *test,
            technique_id: technique.as_str().to_owned(),
            live_technique_id: self.known.live(technique.as_str()).to_owned(),
            attack_id: attack_id.clone(),
            detection_result: *result,
            title: String::new(),
            description: String::new(),
            priority: plan.priority,
            assignee: plan.assignee,
            due_on: None,
            tags: vec![],
            state: RemediationState::Open,
            steps: vec![],
            completions: 0,
            completion_notes: None,
            blocked_reason: None,
            risk_reason: None,
            risk_expires_on: None,
            reopen_reason: None,
            version: event.sequence,
            opened_by: *by,
            opened_at: *at,
            updated_at: event.recorded_at,
            completed_at: None,
            verified_at: None,
        };
        set_plan(&mut row, plan);
        let change = RowChange::put(REMEDIATIONS, id, &row);
        self.remediations.insert(id.to_owned(), row);
        vec![change]
    }

    fn change(
        &mut self,
        id: &str,
        event: &Sealed,
        change: impl FnOnce(&mut RemediationRow),
    ) -> Vec<RowChange> {
        let Some(row) = self.remediations.get_mut(id) else {
            return vec![];
        };
        change(row);
        row.version = event.sequence;
        row.updated_at = event.recorded_at;
        vec![RowChange::put(REMEDIATIONS, id, row)]
    }

    fn told(&mut self, id: &str, told: RetestRow, event: &Sealed) -> Vec<RowChange> {
        let Some(remediation_id) = self.remediations.get(id).map(|row| row.remediation_id) else {
            return vec![];
        };
        let mut changes = self.change(id, event, |_| {});
        let key = format!("{id}/{}", told.completion);
        let told = RetestRow { remediation_id, ..told };
        changes.push(RowChange::put(RETESTS, key.clone(), &told));
        self.retests.insert(key, told);
        changes
    }

    fn decided(&mut self, id: &str, retest: TestId, result: DetectionResult) -> Option<RowChange> {
        let completions = self.remediations.get(id)?.completions;
        let key = (1..=completions)
            .rev()
            .map(|completion| format!("{id}/{completion}"))
            .find(|key| self.retests.get(key).is_some_and(|told| told.retest_id == Some(retest)))?;
        let told = self.retests.get_mut(&key)?;
        told.detection_result = Some(result);
        Some(RowChange::put(RETESTS, key, told))
    }

    /// A new release may send remediations on to other techniques; nothing else of them changes.
    fn follow(&mut self) -> Vec<RowChange> {
        let mut moved: Vec<&mut RemediationRow> = self
            .remediations
            .values_mut()
            .filter(|row| self.known.live(&row.technique_id) != row.live_technique_id)
            .collect();
        moved.sort_unstable_by_key(|row| row.number);
        moved
            .into_iter()
            .map(|row| {
                row.live_technique_id = self.known.live(&row.technique_id).to_owned();
                RowChange::put(REMEDIATIONS, row.remediation_id.to_string(), row)
            })
            .collect()
    }
}

fn set_plan(row: &mut RemediationRow, plan: &Plan) {
    row.title.clone_from(&plan.title);
    row.description.clone_from(&plan.description);
    row.priority = plan.priority;
    row.assignee = plan.assignee;
    row.due_on = plan.due_on;
    row.tags = plan.tags.iter().cloned().collect();
}

impl Fold for Remediations {
    fn name(&self) -> &'static str {
        "remediations"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [&'static str] {
        &[REMEDIATIONS, RETESTS]
    }

    fn reset(&mut self) {
        *self = Self::default();
    }

    fn apply(&mut self, event: &Sealed) -> Vec<RowChange> {
        match &event.body {
            DomainEvent::Remediation(body) => self.apply_remediation(&event.aggregate_id, body, event),
            DomainEvent::Knowledge(KnowledgeEvent::KnowledgeReleased { source, .. }) => {
                if self.known.learn(*source, event.release.clone().unwrap_or_default()) {
                    self.follow()
                } else {
                    vec![]
                }
            }
            DomainEvent::Knowledge(
                KnowledgeEvent::ImportRequested { .. }
                | KnowledgeEvent::ImportRetried { .. }
                | KnowledgeEvent::SyncRequested { .. }
                | KnowledgeEvent::SyncRetried { .. }
                | KnowledgeEvent::SourceConfigured { .. },
            )
            | DomainEvent::Roster(_)
            | DomainEvent::Test(_)
            | DomainEvent::Template(_)
            | DomainEvent::Campaign(_)
            | DomainEvent::Discussion(_)
            | DomainEvent::AccessJournal(_)
            | DomainEvent::AccessPolicy(_)
            | DomainEvent::ReviewPolicy(_) => vec![],
        }
    }

    fn restore(&mut self, table: &str, key: &str, row: serde_json::Value) -> Result<(), serde_json::Error> {
        if table == REMEDIATIONS {
            let row: RemediationRow = restored(row)?;
            self.last_number = self.last_number.max(row.number);
            self.remediations.insert(key.to_owned(), row);
        } else {
            self.retests.insert(key.to_owned(), restored(row)?);
        }
        Ok(())
    }

    fn restore_release(&mut self, source: KnowledgeSource, facts: Arc<ReleaseFacts>) {
        self.known.learn(source, facts);
    }
}
