//! Tests as people see them: general fields, rounds, votes, who is pending.

use crate::fold::{DomainEvent, Fold, ReleaseFacts, RowChange, Sealed, restored};
use crate::knowledge::contains_pattern;
use aegis_aggregates::ids::AccountId;
use aegis_aggregates::knowledge::KnowledgeEvent;
use aegis_aggregates::test::{
    AttackRecord, Details, DetectionRecord, DetectionResult, Outcome, Side, TestEvent, TestState, Verdict,
    Vote,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

const TESTS: &str = "tests";
const ROUNDS: &str = "test_rounds";
const VOTES: &str = "test_votes";

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
    blue_vote: Option<Verdict>,
    created_by: AccountId,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
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
}

/// Projection "tests".
#[derive(Debug, Default)]
pub struct Tests {
    tests: HashMap<String, TestRow>,
    /// The present round of each test.
    rounds: HashMap<String, RoundRow>,
    /// The standing vote of each side of the present rounds, by its row key.
    votes: HashMap<(String, Side), (String, VoteRow)>,
    last_number: i64,
    release: Arc<ReleaseFacts>,
}

impl Tests {
    fn apply_test(&mut self, id: &str, body: &TestEvent, event: &Sealed) -> Vec<RowChange> {
        match body {
            TestEvent::TestDrafted { by, details } => self.drafted(id, *by, details, event),
            TestEvent::TestRevised { details, .. } => {
                let live = self.release.live(details.technique.as_str()).to_owned();
                self.change_test(id, event, |test| set_details(test, details, live))
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
                let opened = RoundRow::opened(test_id, *round, *at, Some(reason.clone()));
                let mut changes = self.change_test(id, event, |test| {
                    test.state = TestState::Draft;
                    test.round = *round;
                    test.red_vote = None;
                    test.blue_vote = None;
                    test.detection_result = None;
                });
                changes.push(RowChange::put(ROUNDS, round_key(id, *round), &opened));
                self.rounds.insert(id.to_owned(), opened);
                changes
            }
        }
    }

    fn drafted(&mut self, id: &str, by: AccountId, details: &Details, event: &Sealed) -> Vec<RowChange> {
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
            blue_vote: None,
            created_by: by,
            created_at: event.recorded_at,
            updated_at: event.recorded_at,
        };
        set_details(&mut test, details, self.release.live(details.technique.as_str()).to_owned());
        let round = RoundRow::opened(test_id, 1, event.recorded_at, None);
        let changes =
            vec![RowChange::put(TESTS, id, &test), RowChange::put(ROUNDS, round_key(id, 1), &round)];
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
        };
        let key = format!("{id}/{}", event.sequence);
        changes.push(RowChange::put(VOTES, key.clone(), &row));
        self.votes.insert(slot, (key, row));
        let verdict = Some(vote.verdict);
        let decided = outcome.map(|outcome| match outcome {
            Outcome::Validated { detection_result } => (TestState::Validated, Some(detection_result)),
            Outcome::Rejected => (TestState::Rejected, None),
        });
        let set_votes = |test: &mut TestRow| {
            match vote.side {
                Side::Red => test.red_vote = verdict,
                Side::Blue => test.blue_vote = verdict,
            }
            if let Some((state, result)) = decided {
                test.state = state;
                test.detection_result = result;
            }
        };
        changes.extend(match decided {
            None => self.change_test(id, event, set_votes),
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
    fn follow(&mut self, release: Arc<ReleaseFacts>) -> Vec<RowChange> {
        self.release = release;
        let mut moved: Vec<&mut TestRow> = self
            .tests
            .values_mut()
            .filter(|test| self.release.live(&test.technique_id) != test.live_technique_id)
            .collect();
        moved.sort_unstable_by_key(|test| test.number);
        moved
            .into_iter()
            .map(|test| {
                test.live_technique_id = self.release.live(&test.technique_id).to_owned();
                RowChange::put(TESTS, test.test_id.to_string(), test)
            })
            .collect()
    }
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
}

fn round_key(test: &str, round: u32) -> String {
    format!("{test}/{round}")
}

impl Fold for Tests {
    fn name(&self) -> &'static str {
        "tests"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [&'static str] {
        &[TESTS, ROUNDS, VOTES]
    }

    fn reset(&mut self) {
        *self = Self::default();
    }

    fn apply(&mut self, event: &Sealed) -> Vec<RowChange> {
        match &event.body {
            DomainEvent::Test(body) => self.apply_test(&event.aggregate_id, body, event),
            DomainEvent::Knowledge(KnowledgeEvent::KnowledgeReleased { .. }) => {
                self.follow(event.release.clone().unwrap_or_default())
            }
            DomainEvent::Knowledge(
                KnowledgeEvent::ImportRequested { .. } | KnowledgeEvent::ImportRetried { .. },
            )
            | DomainEvent::Roster(_)
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

    fn restore_release(&mut self, facts: Arc<ReleaseFacts>) {
        self.release = facts;
    }
}

/// A test as of a position.
#[derive(Debug, Clone, sqlx::FromRow)]
#[expect(missing_docs, reason = "the columns are the fields of the test, see Details and TestState")]
pub struct TestRecord {
    pub test_id: Uuid,
    pub number: i64,
    pub technique_id: String,
    pub live_technique_id: String,
    pub attack_id: String,
    pub title: String,
    pub description: String,
    pub objective: String,
    pub target_environment: String,
    pub platform: Option<String>,
    pub tags: Vec<String>,
    pub assignee: Option<Uuid>,
    pub due_on: Option<NaiveDate>,
    pub state: String,
    pub round: i32,
    pub version: i64,
    pub detection_result: Option<String>,
    pub red_vote: Option<String>,
    pub blue_vote: Option<String>,
    pub created_by: Uuid,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// The position at which it became as it is.
    pub from_position: i64,
}

/// How one test is named.
#[derive(Debug, Clone, Copy)]
pub enum TestKey {
    /// By its id.
    Id(Uuid),
    /// By its number.
    Number(i64),
}

/// One test as of a position.
///
/// # Errors
/// The database failed.
pub async fn test(pool: &PgPool, key: TestKey, at: i64) -> Result<Option<TestRecord>, sqlx::Error> {
    let (id, number) = match key {
        TestKey::Id(id) => (Some(id.to_string()), None),
        TestKey::Number(number) => (None, Some(number)),
    };
    sqlx::query_as!(
        TestRecord,
        "select test_id, number, technique_id, live_technique_id, attack_id, title, description, objective,
                target_environment, platform, tags, assignee, due_on, state, round, version, detection_result,
                red_vote, blue_vote, created_by, created_at, updated_at, from_position
         from tests
         where (row_key = $1 or number = $2) and from_position <= $3 and to_position > $3",
        id,
        number,
        at
    )
    .fetch_optional(pool)
    .await
}

/// Which tests a list is about. Absent means any.
#[derive(Debug, Clone, Default)]
pub struct TestFilter {
    /// Stored names of states.
    pub states: Option<Vec<String>>,
    /// ATT&CK id of the technique it was drafted on or counts for.
    pub attack_id: Option<String>,
    /// Part of the title, the description or the ATT&CK id; or `#number`.
    pub search: Option<String>,
    /// Who should act next.
    pub assignee: Option<Uuid>,
    /// Who wrote it down.
    pub created_by: Option<Uuid>,
    /// A tag.
    pub tag: Option<String>,
    /// States that wait for red work, blue work, a red vote, a blue vote.
    pub awaiting: Option<Awaiting>,
}

/// What a role could do next.
#[derive(Debug, Clone, Copy, Default)]
pub struct Awaiting {
    /// Start or go on attacking.
    pub red_work: bool,
    /// Evaluate.
    pub blue_work: bool,
    /// Judge the red side.
    pub red_vote: bool,
    /// Judge the blue side.
    pub blue_vote: bool,
    /// Reopen a rejected test.
    pub reopen: bool,
}

/// One page of tests, newest change first, after a given change, and how many there are in all.
///
/// # Errors
/// The database failed.
pub async fn tests(
    pool: &PgPool,
    at: i64,
    filter: &TestFilter,
    after: Option<(i64, i64)>,
    limit: i64,
) -> Result<(Vec<TestRecord>, i64), sqlx::Error> {
    let search = filter.search.as_deref().map(contains_pattern);
    let number =
        filter.search.as_deref().and_then(|text| text.trim().trim_start_matches('#').parse::<i64>().ok());
    let awaiting = filter.awaiting.unwrap_or_default();
    let (after_position, after_number) = after.unzip();
    let rows = sqlx::query!(
        r#"with listed as (
             select t.* from tests t
             where t.from_position <= $1 and t.to_position > $1
               and ($2::text[] is null or t.state = any ($2))
               and ($3::text is null or t.attack_id = $3)
               and ($4::text is null or t.title ilike $4 or t.description ilike $4 or t.attack_id ilike $4 or t.number = $5)
               and ($6::uuid is null or t.assignee = $6)
               and ($7::uuid is null or t.created_by = $7)
               and ($8::text is null or $8 = any (t.tags))
               and (not $9 or ($10 and t.state in ('draft', 'red_executing'))
                            or ($11 and t.state = 'blue_evaluating')
                            or ($12 and t.state = 'in_review' and t.red_vote is null)
                            or ($13 and t.state = 'in_review' and t.blue_vote is null)
                            or ($14 and t.state = 'rejected')))
           select test_id as "test_id!", number as "number!", technique_id as "technique_id!",
                  live_technique_id as "live_technique_id!", attack_id as "attack_id!", title as "title!",
                  description as "description!", objective as "objective!",
                  target_environment as "target_environment!", platform, tags as "tags!", assignee, due_on,
                  state as "state!", round as "round!", version as "version!", detection_result, red_vote, blue_vote,
                  created_by as "created_by!", created_at as "created_at!", updated_at as "updated_at!",
                  from_position as "from_position!", (select count(*) from listed) as "total!"
           from listed
           where $15::int8 is null or (from_position, number) < ($15, $16)
           order by from_position desc, number desc limit $17"#,
        at,
        filter.states.as_deref(),
        filter.attack_id,
        search,
        number,
        filter.assignee,
        filter.created_by,
        filter.tag,
        filter.awaiting.is_some(),
        awaiting.red_work,
        awaiting.blue_work,
        awaiting.red_vote,
        awaiting.blue_vote,
        awaiting.reopen,
        after_position,
        after_number,
        limit
    )
    .fetch_all(pool)
    .await?;
    // No row tells how many there are, so the first page is asked for.
    if rows.is_empty() && after_position.is_some() {
        return Ok((vec![], Box::pin(self::tests(pool, at, filter, None, 1)).await?.1));
    }
    let total = rows.first().map_or(0, |row| row.total);
    let tests = rows
        .into_iter()
        .map(|row| TestRecord {
            test_id: row.test_id,
            number: row.number,
            technique_id: row.technique_id,
            live_technique_id: row.live_technique_id,
            attack_id: row.attack_id,
            title: row.title,
            description: row.description,
            objective: row.objective,
            target_environment: row.target_environment,
            platform: row.platform,
            tags: row.tags,
            assignee: row.assignee,
            due_on: row.due_on,
            state: row.state,
            round: row.round,
            version: row.version,
            detection_result: row.detection_result,
            red_vote: row.red_vote,
            blue_vote: row.blue_vote,
            created_by: row.created_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
            from_position: row.from_position,
        })
        .collect();
    Ok((tests, total))
}

/// The tests that count for techniques (STIX ids): by technique, newest change first, of each at most
/// `limit` after a given change. With each comes how many its technique has in all.
///
/// # Errors
/// The database failed.
pub async fn tests_of_techniques(
    pool: &PgPool,
    at: i64,
    techniques: &[String],
    after: Option<(i64, i64)>,
    limit: i64,
) -> Result<Vec<(TestRecord, i64)>, sqlx::Error> {
    let (after_position, after_number) = after.unzip();
    let rows = sqlx::query!(
        r#"select test_id as "test_id!", number as "number!", technique_id as "technique_id!",
                  live_technique_id as "live_technique_id!", attack_id as "attack_id!", title as "title!",
                  description as "description!", objective as "objective!",
                  target_environment as "target_environment!", platform, tags as "tags!", assignee, due_on,
                  state as "state!", round as "round!", version as "version!", detection_result, red_vote, blue_vote,
                  created_by as "created_by!", created_at as "created_at!", updated_at as "updated_at!",
                  from_position as "from_position!", total as "total!"
           from (select listed.*, row_number() over (partition by live_technique_id
                                                     order by from_position desc, number desc) as place
                 from (select t.*, count(*) over (partition by t.live_technique_id) as total from tests t
                       where t.from_position <= $1 and t.to_position > $1 and t.live_technique_id = any ($2)) listed
                 where $3::int8 is null or (from_position, number) < ($3, $4)) placed
           where place <= $5
           order by live_technique_id, place"#,
        at,
        techniques,
        after_position,
        after_number,
        limit
    )
    .fetch_all(pool)
    .await?;
    let tests = rows.into_iter().map(|row| {
        let test = TestRecord {
            test_id: row.test_id,
            number: row.number,
            technique_id: row.technique_id,
            live_technique_id: row.live_technique_id,
            attack_id: row.attack_id,
            title: row.title,
            description: row.description,
            objective: row.objective,
            target_environment: row.target_environment,
            platform: row.platform,
            tags: row.tags,
            assignee: row.assignee,
            due_on: row.due_on,
            state: row.state,
            round: row.round,
            version: row.version,
            detection_result: row.detection_result,
            red_vote: row.red_vote,
            blue_vote: row.blue_vote,
            created_by: row.created_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
            from_position: row.from_position,
        };
        (test, row.total)
    });
    Ok(tests.collect())
}

/// A round as of a position.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns are the fields of a round, named as in TestEvent")]
pub struct RoundRecord {
    pub test_id: Uuid,
    pub number: i32,
    pub outcome: Option<String>,
    pub opened_at: DateTime<Utc>,
    pub reopen_reason: Option<String>,
    pub execution_started_at: Option<DateTime<Utc>>,
    pub execution_submitted_at: Option<DateTime<Utc>>,
    pub evaluation_submitted_at: Option<DateTime<Utc>>,
    pub decided_at: Option<DateTime<Utc>>,
    pub executed_by: Option<Uuid>,
    pub evaluated_by: Option<Uuid>,
    pub attack: Option<AttackRecord>,
    pub attack_by: Option<Uuid>,
    pub attack_at: Option<DateTime<Utc>>,
    pub detection: Option<DetectionRecord>,
    pub detection_by: Option<Uuid>,
    pub detection_at: Option<DateTime<Utc>>,
    pub votes: Vec<VoteRecord>,
}

/// A vote as of a position.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns are the fields of a vote, see Vote")]
pub struct VoteRecord {
    pub side: String,
    pub verdict: String,
    pub notes: String,
    pub voter: Uuid,
    pub cast_at: DateTime<Utc>,
    pub position: i64,
    pub superseded: bool,
}

/// The rounds of tests as of a position: by test, oldest first, with all their votes.
///
/// # Errors
/// The database failed, or a stored record does not read back.
pub async fn rounds(pool: &PgPool, tests: &[Uuid], at: i64) -> Result<Vec<RoundRecord>, sqlx::Error> {
    let rounds = sqlx::query!(
        r#"select test_id, number, outcome, opened_at, reopen_reason, execution_started_at, execution_submitted_at,
                  evaluation_submitted_at, decided_at, executed_by, evaluated_by,
                  attack::text as attack, attack_by, attack_at, detection::text as detection, detection_by, detection_at
           from test_rounds where test_id = any ($1) and from_position <= $2 and to_position > $2
           order by test_id, number"#,
        tests,
        at
    )
    .fetch_all(pool)
    .await?;
    let votes = sqlx::query!(
        "select test_id, round, side, verdict, notes, voter, cast_at, position, superseded
         from test_votes where test_id = any ($1) and from_position <= $2 and to_position > $2 order by position",
        tests,
        at
    )
    .fetch_all(pool)
    .await?;
    let mut cast: HashMap<(Uuid, i32), Vec<VoteRecord>> = HashMap::new();
    for vote in votes {
        cast.entry((vote.test_id, vote.round)).or_default().push(VoteRecord {
            side: vote.side,
            verdict: vote.verdict,
            notes: vote.notes,
            voter: vote.voter,
            cast_at: vote.cast_at,
            position: vote.position,
            superseded: vote.superseded,
        });
    }
    rounds
        .into_iter()
        .map(|round| {
            Ok(RoundRecord {
                votes: cast.remove(&(round.test_id, round.number)).unwrap_or_default(),
                test_id: round.test_id,
                number: round.number,
                outcome: round.outcome,
                opened_at: round.opened_at,
                reopen_reason: round.reopen_reason,
                execution_started_at: round.execution_started_at,
                execution_submitted_at: round.execution_submitted_at,
                evaluation_submitted_at: round.evaluation_submitted_at,
                decided_at: round.decided_at,
                executed_by: round.executed_by,
                evaluated_by: round.evaluated_by,
                attack: parsed(round.attack)?,
                attack_by: round.attack_by,
                attack_at: round.attack_at,
                detection: parsed(round.detection)?,
                detection_by: round.detection_by,
                detection_at: round.detection_at,
            })
        })
        .collect()
}

fn parsed<T: serde::de::DeserializeOwned>(json: Option<String>) -> Result<Option<T>, sqlx::Error> {
    json.map(|json| serde_json::from_str(&json))
        .transpose()
        .map_err(|error| sqlx::Error::Decode(error.into()))
}
