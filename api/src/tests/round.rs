//! Rounds, records, votes and clocks of a test.

use super::words::{ContainmentResult, DetectionResult, Side, TestState, Verdict, state_of, word};
use crate::error::ApiError;
use crate::evidence::Evidence;
use crate::people::Person;
use aegis_aggregates::test as domain;
use aegis_projections::tests::{Pause, RoundRecord, VoteRecord};
use async_graphql::{ID, Object, SimpleObject};
use chrono::{DateTime, FixedOffset, Utc};
use uuid::Uuid;

/// One try of a test.
pub struct Round(pub(super) RoundRecord, pub(super) i64);

#[Object]
impl Round {
    /// From 1.
    async fn number(&self) -> i32 {
        self.0.number
    }
    /// `VALIDATED`, `REJECTED`, or `DISPUTED` where a dispute was left by reopening; null while it is open.
    async fn outcome(&self) -> Result<Option<TestState>, ApiError> {
        self.0.outcome.as_deref().map(state_of).transpose()
    }
    async fn opened_at(&self) -> DateTime<Utc> {
        self.0.opened_at
    }
    async fn execution_started_at(&self) -> Option<DateTime<Utc>> {
        self.0.execution_started_at
    }
    async fn execution_submitted_at(&self) -> Option<DateTime<Utc>> {
        self.0.execution_submitted_at
    }
    async fn evaluation_submitted_at(&self) -> Option<DateTime<Utc>> {
        self.0.evaluation_submitted_at
    }
    async fn decided_at(&self) -> Option<DateTime<Utc>> {
        self.0.decided_at
    }
    async fn executed_by(&self) -> Option<Person> {
        self.0.executed_by.map(Person)
    }
    async fn evaluated_by(&self) -> Option<Person> {
        self.0.evaluated_by.map(Person)
    }
    async fn attack(&self) -> Option<AttackRecord<'_>> {
        Some(AttackRecord { attack: self.0.attack.as_ref()?, at: self.0.attack_at?, by: self.0.attack_by? })
    }
    async fn detection(&self) -> Option<DetectionRecord<'_>> {
        Some(DetectionRecord {
            detection: self.0.detection.as_ref()?,
            at: self.0.detection_at?,
            by: self.0.detection_by?,
        })
    }
    /// Files of both sides, those taken out too, in the order they came.
    async fn evidence(&self, side: Option<Side>) -> Vec<Evidence> {
        let wanted = side.map(|side| domain::Side::from(side).as_str());
        let files = self.0.evidence.iter().filter(|file| wanted.is_none_or(|side| file.side == side));
        files.map(|file| Evidence::new(file.clone(), self.1)).collect()
    }
    /// Red's clock; null before red begins.
    async fn execution_clock(&self) -> Option<Clock> {
        let started = self.0.execution_started_at?;
        Some(self.clock(domain::Side::Red, started, self.0.execution_submitted_at))
    }
    /// Blue's clock: it starts when red hands over. Null before.
    async fn evaluation_clock(&self) -> Option<Clock> {
        let started = self.0.execution_submitted_at?;
        Some(self.clock(domain::Side::Blue, started, self.0.evaluation_submitted_at))
    }
    /// When blue took it up; null where nobody said so.
    async fn evaluation_started_at(&self) -> Option<DateTime<Utc>> {
        self.0.evaluation_started_at
    }
    async fn evaluation_started_by(&self) -> Option<Person> {
        self.0.evaluation_started_by.map(Person)
    }
    /// Every vote cast in it, oldest first; a replaced one stays.
    async fn votes(&self) -> Vec<Vote<'_>> {
        self.0.votes.iter().map(Vote).collect()
    }
    /// Why the round before was taken up again.
    async fn reopen_reason(&self) -> Option<&str> {
        self.0.reopen_reason.as_deref()
    }
}

impl Round {
    fn clock(&self, side: domain::Side, started_at: DateTime<Utc>, ended_at: Option<DateTime<Utc>>) -> Clock {
        let pauses: Vec<Pause> = self.0.pauses.iter().filter(|pause| pause.side == side).cloned().collect();
        Clock { started_at, ended_at, pauses }
    }
}

/// How long a side was at work. Times are those of the events, to the microsecond.
pub struct Clock {
    started_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    pauses: Vec<Pause>,
}

#[Object]
impl Clock {
    async fn started_at(&self) -> DateTime<Utc> {
        self.started_at
    }
    /// When the side handed over; null while it is at work.
    async fn ended_at(&self) -> Option<DateTime<Utc>> {
        self.ended_at
    }
    /// Since when it stands still; null while it runs, and after the end.
    async fn paused_since(&self) -> Option<DateTime<Utc>> {
        self.pauses.last().filter(|pause| pause.to.is_none()).map(|pause| pause.from)
    }
    /// Seconds of all pauses that have ended.
    async fn paused_seconds(&self) -> f64 {
        self.paused().as_seconds_f64()
    }
    /// Seconds from beginning to end without the pauses; null while the side is at work.
    async fn net_seconds(&self) -> Option<f64> {
        Some((self.ended_at? - self.started_at - self.paused()).as_seconds_f64())
    }
    /// Every time in which it stood still, oldest first.
    async fn pauses(&self) -> Vec<ClockPause> {
        self.pauses
            .iter()
            .map(|pause| ClockPause {
                from: pause.from,
                to: pause.to,
                by: Person(pause.by.0),
                reason: pause.reason.clone(),
            })
            .collect()
    }
}

impl Clock {
    fn paused(&self) -> chrono::TimeDelta {
        self.pauses.iter().filter_map(|pause| Some(pause.to? - pause.from)).sum()
    }
}

/// A time in which a side's clock stood still.
#[derive(SimpleObject)]
pub struct ClockPause {
    from: DateTime<Utc>,
    to: Option<DateTime<Utc>>,
    by: Person,
    reason: String,
}

/// A file as a vote saw it.
#[derive(SimpleObject)]
pub struct SeenEvidence {
    evidence_id: ID,
    /// The SHA-256 of its bytes, hex.
    sha256: String,
}

/// What red did.
pub struct AttackRecord<'a> {
    attack: &'a domain::AttackRecord,
    at: DateTime<Utc>,
    by: Uuid,
}

#[Object]
impl AttackRecord<'_> {
    async fn procedure(&self) -> &str {
        &self.attack.procedure
    }
    async fn tool(&self) -> Option<&str> {
        self.attack.tool.as_deref()
    }
    /// In the zone it was recorded in.
    async fn started_at(&self) -> DateTime<FixedOffset> {
        self.attack.started_at
    }
    async fn ended_at(&self) -> Option<DateTime<FixedOffset>> {
        self.attack.ended_at
    }
    async fn success(&self) -> bool {
        self.attack.success
    }
    async fn summary(&self) -> &str {
        &self.attack.summary
    }
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.at
    }
    async fn recorded_by(&self) -> Person {
        Person(self.by)
    }
}

/// What blue saw.
pub struct DetectionRecord<'a> {
    detection: &'a domain::DetectionRecord,
    at: DateTime<Utc>,
    by: Uuid,
}

#[Object]
impl DetectionRecord<'_> {
    async fn result(&self) -> DetectionResult {
        self.detection.result.into()
    }
    /// In the zone it was recorded in.
    async fn detected_at(&self) -> Option<DateTime<FixedOffset>> {
        self.detection.detected_at
    }
    async fn alerted_at(&self) -> Option<DateTime<FixedOffset>> {
        self.detection.alerted_at
    }
    async fn contained_at(&self) -> Option<DateTime<FixedOffset>> {
        self.detection.contained_at
    }
    async fn containment_result(&self) -> Option<ContainmentResult> {
        self.detection.containment_result.map(Into::into)
    }
    /// Why times before the attack are right all the same.
    async fn clock_skew_note(&self) -> Option<&str> {
        self.detection.clock_skew_note.as_deref()
    }
    async fn summary(&self) -> &str {
        &self.detection.summary
    }
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.at
    }
    async fn recorded_by(&self) -> Person {
        Person(self.by)
    }
}

/// A lead's judgement of a side.
pub struct Vote<'a>(&'a VoteRecord);

#[Object]
impl Vote<'_> {
    async fn side(&self) -> Result<Side, ApiError> {
        word::<domain::Side>(&self.0.side).map(Into::into)
    }
    async fn verdict(&self) -> Result<Verdict, ApiError> {
        word::<domain::Verdict>(&self.0.verdict).map(Into::into)
    }
    async fn notes(&self) -> &str {
        &self.0.notes
    }
    async fn voter(&self) -> Person {
        Person(self.0.voter)
    }
    async fn cast_at(&self) -> DateTime<Utc> {
        self.0.cast_at
    }
    /// The ledger position of the vote.
    async fn position(&self) -> i64 {
        self.0.position
    }
    /// Whether the same lead replaced it.
    async fn superseded(&self) -> bool {
        self.0.superseded
    }
    /// The evidence of both sides that stood when it was cast.
    async fn evidence(&self) -> Vec<SeenEvidence> {
        let seen = |file: &domain::SeenEvidence| SeenEvidence {
            evidence_id: file.id.to_string().into(),
            sha256: file.sha256.clone(),
        };
        self.0.evidence.iter().map(seen).collect()
    }
}
