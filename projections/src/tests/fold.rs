//! From events of tests to rows: general fields, rounds, votes, evidence.

use super::Pause;
use super::texts::TextRow;
use crate::fold::{DomainEvent, Fold, ReleaseFacts, RowChange, Sealed, Techniques, restored};
use aegis_aggregates::ids::{AccountId, EvidenceId};
use aegis_aggregates::knowledge::{KnowledgeEvent, KnowledgeSource};
use aegis_aggregates::test::{
    AttackRecord, Classification, Details, DetectionRecord, DetectionResult, Evidence, Outcome, SeenEvidence,
    Side, TestEvent, TestOrigin, TestState, Verdict, Vote,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

const TESTS: &str = "tests";
const TEXTS: &str = "test_texts";
const ROUNDS: &str = "test_rounds";
const VOTES: &str = "test_votes";
const EVIDENCE: &str = "test_evidence";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct TestRow {
    test_id: Uuid,
    number: i64,
    technique_id: String,
    live_technique_id: String,
    attack_id: String,
    title: String,
    description: String,
    objective: String,
    target_environment: String,
    platform: Option<String>,
    tags: Vec<String>,
    assignee: Option<AccountId>,
    due_on: Option<NaiveDate>,
    state: TestState,
    round: u32,
    version: i64,
    detection_result: Option<DetectionResult>,
    red_vote: Option<Verdict>,
    red_voter: Option<AccountId>,
    blue_vote: Option<Verdict>,
    blue_voter: Option<AccountId>,
    paused: bool,
    procedure: String,
    tool: Option<String>,
    classification: Classification,
    archived: bool,
    archive_reason: Option<String>,
    #[serde(flatten)]
    origin: OriginColumns,
    created_by: AccountId,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// What a test was made from, as columns that can be searched.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct OriginColumns {
    origin: Option<String>,
    origin_id: Option<Uuid>,
    origin_number: Option<u32>,
    remediation_id: Option<Uuid>,
    campaign_id: Option<Uuid>,
}

impl From<Option<TestOrigin>> for OriginColumns {
    fn from(origin: Option<TestOrigin>) -> Self {
        let of = |kind: &str, id: Uuid| Self {
            origin: Some(kind.to_owned()),
            origin_id: Some(id),
            ..Self::default()
        };
        match origin {
            None => Self::default(),
            Some(TestOrigin::Template { template, version }) => {
                Self { origin_number: Some(version), ..of("template", template.0) }
            }
            Some(TestOrigin::Clone { of: test }) => of("clone", test.0),
            Some(TestOrigin::Retest { original, number, remediation }) => Self {
                origin_number: Some(number),
                remediation_id: Some(remediation.0),
                ..of("retest", original.0)
            },
            Some(TestOrigin::Campaign { campaign, copy_of }) => {
                Self { campaign_id: Some(campaign.0), ..of("campaign", copy_of.0) }
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct RoundRow {
    test_id: Uuid,
    number: u32,
    outcome: Option<TestState>,
    opened_at: DateTime<Utc>,
    reopen_reason: Option<String>,
    execution_started_at: Option<DateTime<Utc>>,
    execution_submitted_at: Option<DateTime<Utc>>,
    evaluation_submitted_at: Option<DateTime<Utc>>,
    decided_at: Option<DateTime<Utc>>,
    executed_by: Option<AccountId>,
    evaluated_by: Option<AccountId>,
    attack: Option<AttackRecord>,
    attack_by: Option<AccountId>,
    attack_at: Option<DateTime<Utc>>,
    detection: Option<DetectionRecord>,
    detection_by: Option<AccountId>,
    detection_at: Option<DateTime<Utc>>,
    evaluation_started_at: Option<DateTime<Utc>>,
    evaluation_started_by: Option<AccountId>,
    pauses: Vec<Pause>,
}

impl RoundRow {
    fn opened(test_id: Uuid, number: u32, opened_at: DateTime<Utc>, reopen_reason: Option<String>) -> Self {
        Self {
            test_id,
            number,
            outcome: None,
            opened_at,
            reopen_reason,
            execution_started_at: None,
            execution_submitted_at: None,
            evaluation_submitted_at: None,
            decided_at: None,
            executed_by: None,
            evaluated_by: None,
            attack: None,
            attack_by: None,
            attack_at: None,
            detection: None,
            detection_by: None,
            detection_at: None,
            evaluation_started_at: None,
            evaluation_started_by: None,
            pauses: vec![],
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct VoteRow {
    test_id: Uuid,
    round: u32,
    side: Side,
    verdict: Verdict,
    notes: String,
    voter: AccountId,
    cast_at: DateTime<Utc>,
    position: i64,
    superseded: bool,
    evidence: Vec<SeenEvidence>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct EvidenceRow {
    evidence_id: EvidenceId,
    test_id: Uuid,
    round: u32,
    side: Side,
    file_name: String,
    media_type: String,
    size_bytes: u64,
    sha256: String,
    object_key: String,
    caption: String,
    added_by: AccountId,
    added_at: DateTime<Utc>,
    removed_by: Option<AccountId>,
    removed_at: Option<DateTime<Utc>>,
    remove_reason: Option<String>,
}

/// Projection "tests".
#[derive(Debug, Default)]
pub struct Tests {
    tests: HashMap<String, TestRow>,
    /// The present round of each test.
    rounds: HashMap<String, RoundRow>,
    /// The standing vote of each side of the present rounds, by its row key.
    votes: HashMap<(String, Side), (String, VoteRow)>,
    /// What stands in the present rounds, by its row key.
    evidence: HashMap<String, EvidenceRow>,
    last_number: i64,
    known: Techniques,
}

impl Tests {
    fn apply_test(&mut self, id: &str, body: &TestEvent, event: &Sealed) -> Vec<RowChange> {
        match body {
            TestEvent::TestDrafted { by, details, origin } => self.drafted(id, *by, details, *origin, event),
            TestEvent::TestRevised { details, .. } => {
                let live = self.known.live(details.technique.as_str()).to_owned();
                let before = self.tests.get(id).map(texts);
                let mut changes = self.change_test(id, event, |test| set_details(test, details, live));
                let after = self.tests.get(id).map(texts).filter(|after| before.as_ref() != Some(after));
                changes.extend(after.map(|texts| RowChange::put(TEXTS, id, &texts)));
                changes
            }
            TestEvent::ExecutionStarted { at, by, .. } => self.change(
                id,
                event,
                |test| test.state = TestState::RedExecuting,
                |round| {
                    round.execution_started_at = Some(*at);
                    round.executed_by = Some(*by);
                },
            ),
            TestEvent::AttackRecorded { at, by, attack, .. } => self.change(
                id,
                event,
                |_| {},
                |round| {
                    round.attack = Some(attack.clone());
                    round.attack_by = Some(*by);
                    round.attack_at = Some(*at);
                },
            ),
            TestEvent::ExecutionSubmitted { at, by, .. } => self.change(
                id,
                event,
                |test| test.state = TestState::BlueEvaluating,
                |round| {
                    round.execution_submitted_at = Some(*at);
                    round.executed_by = Some(*by);
                },
            ),
            TestEvent::DetectionRecorded { at, by, detection, .. } => self.change(
                id,
                event,
                |_| {},
                |round| {
                    round.detection = Some(detection.clone());
                    round.detection_by = Some(*by);
                    round.detection_at = Some(*at);
                },
            ),
            TestEvent::EvaluationSubmitted { at, by, .. } => self.change(
                id,
                event,
                |test| test.state = TestState::InReview,
                |round| {
                    round.evaluation_submitted_at = Some(*at);
                    round.evaluated_by = Some(*by);
                },
            ),
            TestEvent::VoteCast { at, vote, outcome, round } => {
                self.voted(id, *round, *at, vote, *outcome, event)
            }
            TestEvent::TestReopened { round, at, reason, .. } => {
                self.votes.remove(&(id.to_owned(), Side::Red));
                self.votes.remove(&(id.to_owned(), Side::Blue));
                let Some(test_id) = self.tests.get(id).map(|test| test.test_id) else {
                    return vec![];
                };
                self.evidence.retain(|_, row| row.test_id != test_id);
                let opened = RoundRow::opened(test_id, *round, *at, Some(reason.clone()));
                // A dispute that nobody settled is how its round ended.
                let undecided = self.rounds.get(id).filter(|left| left.outcome.is_none()).cloned();
                let left = undecided.map(|left| RoundRow {
                    outcome: Some(TestState::Disputed),
                    decided_at: Some(*at),
                    ..left
                });
                let mut changes = self.change_test(id, event, |test| {
                    test.state = TestState::Draft;
                    test.round = *round;
                    test.red_vote = None;
                    test.red_voter = None;
                    test.blue_vote = None;
                    test.blue_voter = None;
                    test.detection_result = None;
                });
                if let Some(left) = left {
                    changes.push(RowChange::put(ROUNDS, round_key(id, left.number), &left));
                }
                changes.push(RowChange::put(ROUNDS, round_key(id, *round), &opened));
                self.rounds.insert(id.to_owned(), opened);
                changes
            }
            TestEvent::EvaluationStarted { at, by, .. } => self.change(
                id,
                event,
                |_| {},
                |round| {
                    round.evaluation_started_at = Some(*at);
                    round.evaluation_started_by = Some(*by);
                },
            ),
            TestEvent::WorkPaused { side, by, at, reason, .. } => self.change(
                id,
                event,
                |test| test.paused = true,
                |round| {
                    let (side, by, reason) = (*side, *by, reason.clone());
                    round.pauses.push(Pause { side, by, from: *at, to: None, reason });
                },
            ),
            TestEvent::WorkResumed { at, .. } => self.change(
                id,
                event,
                |test| test.paused = false,
                |round| {
                    if let Some(pause) = round.pauses.last_mut() {
                        pause.to = Some(*at);
                    }
                },
            ),
            TestEvent::EvidenceAdded { round, by, at, evidence } => {
                self.evidence_added(id, *round, *by, *at, evidence, event)
            }
            TestEvent::EvidenceRemoved { by, at, evidence, reason, .. } => {
                let mut changes = self.change_test(id, event, |_| {});
                let key = format!("{id}/{evidence}");
                if let Some(mut row) = self.evidence.remove(&key) {
                    row.removed_by = Some(*by);
                    row.removed_at = Some(*at);
                    row.remove_reason = Some(reason.clone());
                    changes.push(RowChange::put(EVIDENCE, key, &row));
                }
                changes
            }
            TestEvent::TestClassified { classification, .. } => {
                self.change_test(id, event, |test| test.classification = *classification)
            }
            TestEvent::TestArchived { reason, .. } => self.change_test(id, event, |test| {
                test.archived = true;
                test.archive_reason = Some(reason.clone());
            }),
            TestEvent::TestRestored { .. } => self.change_test(id, event, |test| {
                test.archived = false;
                test.archive_reason = None;
            }),
            TestEvent::RetestScheduled { .. } => self.change_test(id, event, |_| {}),
        }
    }

    fn evidence_added(
        &mut self,
        id: &str,
        round: u32,
        by: AccountId,
        at: DateTime<Utc>,
        evidence: &Evidence,
        event: &Sealed,
    ) -> Vec<RowChange> {
        let Some(test_id) = self.tests.get(id).map(|test| test.test_id) else {
            return vec![];
        };
        let row = EvidenceRow {
            evidence_id: evidence.id,
            test_id,
            round,
            side: evidence.side,
            file_name: evidence.file_name.clone(),
            media_type: evidence.media_type.clone(),
            size_bytes: evidence.size_bytes,
            sha256: evidence.sha256.clone(),
            object_key: evidence.object_key.clone(),
            caption: evidence.caption.clone(),
            added_by: by,
            added_at: at,
            removed_by: None,
            removed_at: None,
            remove_reason: None,
        };
        let key = format!("{id}/{}", evidence.id);
        let mut changes = self.change_test(id, event, |_| {});
        changes.push(RowChange::put(EVIDENCE, key.clone(), &row));
        self.evidence.insert(key, row);
        changes
    }

    fn drafted(
        &mut self,
        id: &str,
        by: AccountId,
        details: &Details,
        origin: Option<TestOrigin>,
        event: &Sealed,
    ) -> Vec<RowChange> {
        // Ids of tests are UUIDs by construction; a foreign one has no row to show.
        let Ok(test_id) = Uuid::parse_str(id) else {
            return vec![];
        };
        self.last_number += 1;
        let mut test = TestRow {
            test_id,
            number: self.last_number,
            technique_id: String::new(),
            live_technique_id: String::new(),
            attack_id: String::new(),
            title: String::new(),
            description: String::new(),
            objective: String::new(),
            target_environment: String::new(),
            platform: None,
            tags: vec![],
            assignee: None,
            due_on: None,
            state: TestState::Draft,
            round: 1,
            version: event.sequence,
            detection_result: None,
            red_vote: None,
            red_voter: None,
            blue_vote: None,
            blue_voter: None,
            paused: false,
            procedure: String::new(),
            tool: None,
            classification: Classification::default(),
            archived: false,
            archive_reason: None,
            origin: origin.into(),
            created_by: by,
            created_at: event.recorded_at,
            updated_at: event.recorded_at,
        };
        set_details(&mut test, details, self.known.live(details.technique.as_str()).to_owned());
        let round = RoundRow::opened(test_id, 1, event.recorded_at, None);
        let changes = vec![
            RowChange::put(TESTS, id, &test),
            RowChange::put(TEXTS, id, &texts(&test)),
            RowChange::put(ROUNDS, round_key(id, 1), &round),
        ];
        self.tests.insert(id.to_owned(), test);
        self.rounds.insert(id.to_owned(), round);
        changes
    }

    fn voted(
        &mut self,
        id: &str,
        round: u32,
        at: DateTime<Utc>,
        vote: &Vote,
        outcome: Option<Outcome>,
        event: &Sealed,
    ) -> Vec<RowChange> {
        let Some(test_id) = self.tests.get(id).map(|test| test.test_id) else {
            return vec![];
        };
        let mut changes = vec![];
        let slot = (id.to_owned(), vote.side);
        if let Some((key, mut replaced)) = self.votes.remove(&slot) {
            replaced.superseded = true;
            changes.push(RowChange::put(VOTES, key, &replaced));
        }
        let row = VoteRow {
            test_id,
            round,
            side: vote.side,
            verdict: vote.verdict,
            notes: vote.notes.clone(),
            voter: vote.voter,
            cast_at: at,
            position: event.position,
            superseded: false,
            evidence: vote.evidence.clone(),
        };
        let key = format!("{id}/{}", event.sequence);
        changes.push(RowChange::put(VOTES, key.clone(), &row));
        self.votes.insert(slot, (key, row));
        let verdict = Some(vote.verdict);
        let decided = outcome.map(|outcome| match outcome {
            Outcome::Validated { detection_result } => (TestState::Validated, Some(detection_result)),
            Outcome::Rejected => (TestState::Rejected, None),
            Outcome::Disputed => (TestState::Disputed, None),
        });
        let set_votes = |test: &mut TestRow| {
            match vote.side {
                Side::Red => (test.red_vote, test.red_voter) = (verdict, Some(vote.voter)),
                Side::Blue => (test.blue_vote, test.blue_voter) = (verdict, Some(vote.voter)),
            }
            if let Some((state, result)) = decided {
                test.state = state;
                test.detection_result = result;
            }
        };
        changes.extend(match decided {
            // A dispute is no end: the round stays open.
            None | Some((TestState::Disputed, _)) => self.change_test(id, event, set_votes),
            Some((state, _)) => self.change(id, event, set_votes, |round| {
                round.outcome = Some(state);
                round.decided_at = Some(at);
            }),
        });
        changes
    }

    fn change_test(&mut self, id: &str, event: &Sealed, change: impl FnOnce(&mut TestRow)) -> Vec<RowChange> {
        let Some(test) = self.tests.get_mut(id) else {
            return vec![];
        };
        change(test);
        test.version = event.sequence;
        test.updated_at = event.recorded_at;
        vec![RowChange::put(TESTS, id, test)]
    }

    fn change(
        &mut self,
        id: &str,
        event: &Sealed,
        change_test: impl FnOnce(&mut TestRow),
        change_round: impl FnOnce(&mut RoundRow),
    ) -> Vec<RowChange> {
        let mut changes = self.change_test(id, event, change_test);
        if let Some(round) = self.rounds.get_mut(id) {
            change_round(round);
            changes.push(RowChange::put(ROUNDS, round_key(id, round.number), round));
        }
        changes
    }

    /// A new release may send tests on to other techniques; nothing else of them changes.
    fn follow(&mut self) -> Vec<RowChange> {
        let mut moved: Vec<&mut TestRow> = self
            .tests
            .values_mut()
            .filter(|test| self.known.live(&test.technique_id) != test.live_technique_id)
            .collect();
        moved.sort_unstable_by_key(|test| test.number);
        moved
            .into_iter()
            .map(|test| {
                test.live_technique_id = self.known.live(&test.technique_id).to_owned();
                RowChange::put(TESTS, test.test_id.to_string(), test)
            })
            .collect()
    }
}

fn texts(test: &TestRow) -> TextRow {
    TextRow::new(&test.title, &test.attack_id, &test.description)
}

fn set_details(test: &mut TestRow, details: &Details, live_technique_id: String) {
    test.technique_id = details.technique.as_str().to_owned();
    test.live_technique_id = live_technique_id;
    test.attack_id.clone_from(&details.attack_id);
    test.title.clone_from(&details.title);
    test.description.clone_from(&details.description);
    test.objective.clone_from(&details.objective);
    test.target_environment.clone_from(&details.target_environment);
    test.platform.clone_from(&details.platform);
    test.tags = details.tags.iter().cloned().collect();
    test.assignee = details.assignee;
    test.due_on = details.due_on;
    test.procedure.clone_from(&details.procedure);
    test.tool.clone_from(&details.tool);
}

fn round_key(test: &str, round: u32) -> String {
    format!("{test}/{round}")
}

impl Fold for Tests {
    fn name(&self) -> &'static str {
        "tests"
    }

    fn version(&self) -> i32 {
        3
    }

    fn tables(&self) -> &'static [&'static str] {
        &[TESTS, TEXTS, ROUNDS, VOTES, EVIDENCE]
    }

    fn remembered(&self) -> &'static [&'static str] {
        // The texts follow from the tests.
        &[TESTS, ROUNDS, VOTES, EVIDENCE]
    }

    fn reset(&mut self) {
        *self = Self::default();
    }

    fn apply(&mut self, event: &Sealed) -> Vec<RowChange> {
        match &event.body {
            DomainEvent::Test(body) => self.apply_test(&event.aggregate_id, body, event),
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
            | DomainEvent::Campaign(_)
            | DomainEvent::Discussion(_)
            | DomainEvent::AccessJournal(_)
            | DomainEvent::AccessPolicy(_)
            | DomainEvent::ReviewPolicy(_)
            | DomainEvent::Template(_)
            | DomainEvent::Remediation(_) => vec![],
        }
    }

    fn restore(&mut self, table: &str, key: &str, row: serde_json::Value) -> Result<(), serde_json::Error> {
        match table {
            TESTS => {
                let test: TestRow = restored(row)?;
                self.last_number = self.last_number.max(test.number);
                self.tests.insert(key.to_owned(), test);
            }
            ROUNDS => {
                let round: RoundRow = restored(row)?;
                let test = round.test_id.to_string();
                // Only the present round can still change.
                if self.rounds.get(&test).is_none_or(|held| held.number < round.number) {
                    self.rounds.insert(test, round);
                }
            }
            EVIDENCE => {
                let evidence: EvidenceRow = restored(row)?;
                let test = evidence.test_id.to_string();
                let present = self.rounds.get(&test).is_some_and(|round| round.number == evidence.round);
                if present && evidence.removed_at.is_none() {
                    self.evidence.insert(key.to_owned(), evidence);
                }
            }
            _ => {
                let vote: VoteRow = restored(row)?;
                let test = vote.test_id.to_string();
                let present = self.rounds.get(&test).is_some_and(|round| round.number == vote.round);
                if present && !vote.superseded {
                    self.votes.insert((test, vote.side), (key.to_owned(), vote));
                }
            }
        }
        Ok(())
    }

    fn restore_release(&mut self, source: KnowledgeSource, facts: Arc<ReleaseFacts>) {
        self.known.learn(source, facts);
    }
}
