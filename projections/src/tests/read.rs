//! One test, its rounds and its files, as of a position.

use super::Pause;
use aegis_aggregates::test::{AttackRecord, DetectionRecord, SeenEvidence};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgPool;
use std::collections::HashMap;
use uuid::Uuid;

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
    pub red_voter: Option<Uuid>,
    pub blue_vote: Option<String>,
    pub blue_voter: Option<Uuid>,
    pub paused: bool,
    pub procedure: String,
    pub tool: Option<String>,
    pub classification: String,
    pub archived: bool,
    pub archive_reason: Option<String>,
    pub origin: Option<String>,
    pub origin_id: Option<Uuid>,
    pub origin_number: Option<i32>,
    pub remediation_id: Option<Uuid>,
    pub campaign_id: Option<Uuid>,
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
                red_vote, red_voter, blue_vote, blue_voter, paused, procedure, tool, classification, archived,
                archive_reason, origin, origin_id, origin_number, remediation_id, campaign_id,
                created_by, created_at, updated_at, from_position
         from tests
         where (row_key = $1 or number = $2) and from_position <= $3 and to_position > $3",
        id,
        number,
        at
    )
    .fetch_optional(pool)
    .await
}

/// Some tests as of a position, in no order; unknown ones are left out.
///
/// # Errors
/// The database failed.
pub async fn tests_by_id(pool: &PgPool, ids: &[Uuid], at: i64) -> Result<Vec<TestRecord>, sqlx::Error> {
    let keys: Vec<String> = ids.iter().map(Uuid::to_string).collect();
    sqlx::query_as!(
        TestRecord,
        "select test_id, number, technique_id, live_technique_id, attack_id, title, description, objective,
                target_environment, platform, tags, assignee, due_on, state, round, version, detection_result,
                red_vote, red_voter, blue_vote, blue_voter, paused, procedure, tool, classification, archived,
                archive_reason, origin, origin_id, origin_number, remediation_id, campaign_id,
                created_by, created_at, updated_at, from_position
         from tests
         where row_key = any ($1) and from_position <= $2 and to_position > $2",
        &keys,
        at
    )
    .fetch_all(pool)
    .await
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
    pub evaluation_started_at: Option<DateTime<Utc>>,
    pub evaluation_started_by: Option<Uuid>,
    pub pauses: Vec<Pause>,
    pub votes: Vec<VoteRecord>,
    pub evidence: Vec<EvidenceRecord>,
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
    pub evidence: Vec<SeenEvidence>,
}

/// A file of evidence as of a position.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns are the fields of Evidence, and who added and removed it when")]
pub struct EvidenceRecord {
    pub evidence_id: Uuid,
    pub test_id: Uuid,
    pub round: i32,
    pub side: String,
    pub file_name: String,
    pub media_type: String,
    pub size_bytes: i64,
    pub sha256: String,
    pub object_key: String,
    pub caption: String,
    pub added_by: Uuid,
    pub added_at: DateTime<Utc>,
    pub removed_by: Option<Uuid>,
    pub removed_at: Option<DateTime<Utc>>,
    pub remove_reason: Option<String>,
}

/// The rounds of tests as of a position: by test, oldest first, with all their votes and files.
///
/// # Errors
/// The database failed, or a stored record does not read back.
pub async fn rounds(pool: &PgPool, tests: &[Uuid], at: i64) -> Result<Vec<RoundRecord>, sqlx::Error> {
    let rounds = sqlx::query!(
        r#"select test_id, number, outcome, opened_at, reopen_reason, execution_started_at, execution_submitted_at,
                  evaluation_submitted_at, decided_at, executed_by, evaluated_by,
                  attack::text as attack, attack_by, attack_at, detection::text as detection, detection_by, detection_at,
                  evaluation_started_at, evaluation_started_by, pauses::text as "pauses!"
           from test_rounds where test_id = any ($1) and from_position <= $2 and to_position > $2
           order by test_id, number"#,
        tests,
        at
    )
    .fetch_all(pool)
    .await?;
    let votes = sqlx::query!(
        r#"select test_id, round, side, verdict, notes, voter, cast_at, position, superseded,
                  evidence::text as "evidence!"
           from test_votes where test_id = any ($1) and from_position <= $2 and to_position > $2 order by position"#,
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
            evidence: parsed(Some(vote.evidence))?.unwrap_or_default(),
        });
    }
    let mut files: HashMap<(Uuid, i32), Vec<EvidenceRecord>> = HashMap::new();
    for file in evidence_of(pool, tests, at).await? {
        files.entry((file.test_id, file.round)).or_default().push(file);
    }
    rounds
        .into_iter()
        .map(|round| {
            Ok(RoundRecord {
                votes: cast.remove(&(round.test_id, round.number)).unwrap_or_default(),
                evidence: files.remove(&(round.test_id, round.number)).unwrap_or_default(),
                evaluation_started_at: round.evaluation_started_at,
                evaluation_started_by: round.evaluation_started_by,
                pauses: parsed(Some(round.pauses))?.unwrap_or_default(),
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

/// The files of tests as of a position, those taken out too: by test, in the order they were added.
///
/// # Errors
/// The database failed.
pub async fn evidence_of(pool: &PgPool, tests: &[Uuid], at: i64) -> Result<Vec<EvidenceRecord>, sqlx::Error> {
    sqlx::query_as!(
        EvidenceRecord,
        "select evidence_id, test_id, round, side, file_name, media_type, size_bytes, sha256, object_key, caption,
                added_by, added_at, removed_by, removed_at, remove_reason
         from test_evidence where test_id = any ($1) and from_position <= $2 and to_position > $2
         order by test_id, added_at, evidence_id",
        tests,
        at
    )
    .fetch_all(pool)
    .await
}

/// One file as of a position, taken out or not.
///
/// # Errors
/// The database failed.
pub async fn evidence(
    pool: &PgPool,
    test: Uuid,
    evidence: Uuid,
    at: i64,
) -> Result<Option<EvidenceRecord>, sqlx::Error> {
    sqlx::query_as!(
        EvidenceRecord,
        "select evidence_id, test_id, round, side, file_name, media_type, size_bytes, sha256, object_key, caption,
                added_by, added_at, removed_by, removed_at, remove_reason
         from test_evidence where row_key = $1 and from_position <= $2 and to_position > $2",
        format!("{test}/{evidence}"),
        at
    )
    .fetch_optional(pool)
    .await
}

fn parsed<T: serde::de::DeserializeOwned>(json: Option<String>) -> Result<Option<T>, sqlx::Error> {
    json.map(|json| serde_json::from_str(&json))
        .transpose()
        .map_err(|error| sqlx::Error::Decode(error.into()))
}
