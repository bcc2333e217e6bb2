//! A long history of an installation, made in memory by the real rules.
//!
//! Equal seeds give equal histories. Every event here was decided by the
//! aggregate; `the_rows_are_those_of_the_command_path` holds the rows that are
//! copied into the store against those that [`Store::execute`] writes.
//!
//! [`Store::execute`]: aegis_projections::store::Store::execute

use crate::random::Random;
use aegis_aggregates::Aggregate;
use aegis_aggregates::actor::{Actor, Role};
use aegis_aggregates::ids::{AccountId, TechniqueId, TestId};
use aegis_aggregates::policy::ReviewPolicy;
use aegis_aggregates::test::{
    AttackRecord, ContainmentResult, Details, DetectionRecord, DetectionResult, Side, Test, TestAction,
    TestCommand, TestEvent, TestState, Verdict,
};
use aegis_projections::store::{CommandId, Origin};
use aegis_sources::attack::content::{AttackContent, Lifecycle};
use anyhow::{Context, Result};
use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use cqrs_es::DomainEvent;
use std::collections::{BTreeSet, HashMap};

/// Tests that are worked on at the same time.
const OPEN_AT_ONCE: usize = 64;
/// The first instant, seconds.
const BEGINNING: i64 = 1_735_689_600;
/// What free text is put together from.
const WORDS: [&str; 24] = [
    "operator",
    "beacon",
    "lateral",
    "payload",
    "credential",
    "registry",
    "scheduled",
    "service",
    "process",
    "parent",
    "command",
    "network",
    "segment",
    "workstation",
    "controller",
    "telemetry",
    "alert",
    "queue",
    "analyst",
    "triage",
    "isolated",
    "host",
    "größer",
    "\"quoted\"",
];

/// A command with where it comes from.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The test.
    pub test: TestId,
    /// What is asked of it.
    pub command: TestCommand,
    /// By whom, and as what.
    pub origin: Origin,
}

/// A command, and the event it leads to.
#[derive(Debug)]
pub struct Step {
    /// The command.
    pub wish: Wish,
    /// The event.
    pub event: TestEvent,
    /// Its place in the test.
    pub sequence: u64,
}

/// An event as it is stored.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// Id of the test.
    pub aggregate_id: String,
    /// The event's place in the test.
    pub sequence: i64,
    /// What kind of event.
    pub event_type: String,
    /// Which version of that kind.
    pub event_version: String,
    /// What happened.
    pub payload: String,
    /// Who caused it.
    pub metadata: String,
}

impl Step {
    /// The event as the command path stores it.
    ///
    /// # Errors
    /// It does not serialise.
    pub fn row(&self) -> Result<Row> {
        Ok(Row {
            aggregate_id: self.wish.test.to_string(),
            sequence: i64::try_from(self.sequence)?,
            event_type: self.event.event_type(),
            event_version: self.event.event_version(),
            // Through a value, as cqrs-es does: that decides the order of the keys.
            payload: serde_json::to_value(&self.event)?.to_string(),
            metadata: serde_json::to_value(metadata(&self.wish.origin))?.to_string(),
        })
    }
}

/// The metadata of a command's events.
pub fn metadata(origin: &Origin) -> HashMap<String, String> {
    let mut metadata = HashMap::from([
        ("actor".to_owned(), origin.actor.account.to_string()),
        ("role".to_owned(), origin.actor.role.as_str().to_owned()),
        ("correlation".to_owned(), origin.correlation.to_string()),
    ]);
    if let Some(command) = &origin.command {
        metadata.insert("command_id".to_owned(), command.id.to_string());
        metadata.insert("command_digest".to_owned(), command.digest.clone());
    }
    metadata
}

impl Row {
    /// Appends the row in COPY's text format: id, sequence, type, version, payload, metadata.
    pub fn copy_into(&self, lines: &mut String) {
        let sequence = self.sequence.to_string();
        let columns = [
            Test::TYPE,
            &self.aggregate_id,
            &sequence,
            &self.event_type,
            &self.event_version,
            &self.payload,
            &self.metadata,
        ];
        for (number, column) in columns.into_iter().enumerate() {
            if number > 0 {
                lines.push('\t');
            }
            for letter in column.chars() {
                match letter {
                    '\\' => lines.push_str("\\\\"),
                    '\t' => lines.push_str("\\t"),
                    '\n' => lines.push_str("\\n"),
                    '\r' => lines.push_str("\\r"),
                    other => lines.push(other),
                }
            }
        }
        lines.push('\n');
    }
}

/// A technique that tests are about.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Its identity.
    pub technique: TechniqueId,
    /// What the release calls it.
    pub attack_id: String,
}

/// The active techniques of a release.
///
/// # Errors
/// An id is not one.
pub fn subjects(content: &AttackContent) -> Result<Vec<Subject>> {
    let active = content.techniques.iter().filter(|technique| technique.lifecycle == Lifecycle::Active);
    active
        .map(|technique| {
            let id = TechniqueId::parse(&technique.stix_id)?;
            Ok(Subject { technique: id, attack_id: technique.attack_id.clone() })
        })
        .collect()
}

/// Says what happens next, without end.
pub struct History {
    random: Random,
    now: DateTime<Utc>,
    subjects: Vec<Subject>,
    people: HashMap<Role, Vec<Actor>>,
    open: Vec<OpenTest>,
    drafted: u64,
}

/// A test that is worked on, with what its aggregate does not show.
#[derive(Debug)]
struct OpenTest {
    id: TestId,
    test: Test,
    attacked_at: Option<DateTime<FixedOffset>>,
    detected: bool,
    voted: Option<Side>,
}

impl History {
    /// The history of this seed.
    pub fn new(seed: u64, subjects: Vec<Subject>) -> Self {
        let mut random = Random::new(seed);
        let team = [
            (Role::Admin, 2),
            (Role::RedLead, 3),
            (Role::BlueLead, 3),
            (Role::RedTech, 12),
            (Role::BlueTech, 12),
        ];
        let people = team
            .into_iter()
            .map(|(role, count)| {
                (role, (0..count).map(|_| Actor { account: AccountId(random.uuid()), role }).collect())
            })
            .collect();
        let now = DateTime::from_timestamp(BEGINNING, 0).unwrap_or_default();
        Self { random, now, subjects, people, open: vec![], drafted: 0 }
    }

    /// The next command, which its test takes.
    ///
    /// # Errors
    /// A rule refused it, or it changed nothing: the history does not know the rules.
    pub fn step(&mut self) -> Result<Step> {
        self.now += TimeDelta::microseconds(self.random.between(200_000, 60_000_000));
        if self.random.percent(1) && !self.open.is_empty() {
            // Not everything that is begun is brought to an end.
            let left = self.random.below(self.open.len());
            self.open.swap_remove(left);
        }
        let at = if self.open.len() < OPEN_AT_ONCE {
            let id = TestId(self.random.ordered_uuid(self.now));
            self.open.push(OpenTest {
                id,
                test: Test::default(),
                attacked_at: None,
                detected: false,
                voted: None,
            });
            self.open.len() - 1
        } else {
            self.random.below(self.open.len())
        };
        let (role, action) = self.next_action(at);
        let by = *self.random.pick(&self.people[&role]);
        let policy = ReviewPolicy::default();
        let command = TestCommand { by, at: self.now, policy, expected_version: None, action };
        let wish = Wish { test: self.open[at].id, command, origin: self.origin(by) };
        let open = &mut self.open[at];
        let event = open
            .test
            .decide(wish.command.clone())
            .with_context(|| format!("{:?} was refused", wish.command))?
            .pop()
            .with_context(|| format!("{:?} changed nothing", wish.command))?;
        let sequence = open.test.version() + 1;
        open.test.apply(event.clone());
        self.after(at, &wish.command.action);
        Ok(Step { wish, event, sequence })
    }

    /// Who does what with a test as it stands.
    fn next_action(&mut self, at: usize) -> (Role, TestAction) {
        let open = &self.open[at];
        let (attacked_at, detected, voted) = (open.attacked_at, open.detected, open.voted);
        let Some(held) = open.test.details().cloned() else {
            return (Role::RedTech, TestAction::Draft { details: self.details(), origin: None });
        };
        match open.test.state() {
            TestState::Draft if self.random.percent(12) => {
                let details =
                    Details { technique: held.technique, attack_id: held.attack_id, ..self.details() };
                (Role::RedLead, TestAction::Revise(details.into()))
            }
            TestState::Draft => (Role::RedTech, TestAction::StartExecution { waits_for: vec![] }),
            TestState::RedExecuting if attacked_at.is_none() || self.random.percent(8) => {
                (Role::RedTech, TestAction::RecordAttack(self.attack()))
            }
            TestState::RedExecuting => (Role::RedTech, TestAction::SubmitExecution),
            TestState::BlueEvaluating if !detected || self.random.percent(8) => {
                let since = attacked_at.unwrap_or_else(|| self.now.fixed_offset());
                (Role::BlueTech, TestAction::RecordDetection(self.detection(since)))
            }
            TestState::BlueEvaluating => (Role::BlueTech, TestAction::SubmitEvaluation),
            TestState::InReview | TestState::Disputed => {
                let side =
                    voted.map_or(if self.random.percent(50) { Side::Red } else { Side::Blue }, Side::other);
                let verdict = if self.random.percent(10) { Verdict::Rejected } else { Verdict::Approved };
                let role = if side == Side::Red { Role::RedLead } else { Role::BlueLead };
                (role, TestAction::CastVote { side, verdict, notes: self.text(8), seen: None })
            }
            TestState::Rejected | TestState::Validated => {
                (Role::RedLead, TestAction::Reopen { reason: self.text(10) })
            }
        }
    }

    /// Keeps in mind what the next action depends on; lets go of what is at its end.
    fn after(&mut self, at: usize, action: &TestAction) {
        let abandoned = self.random.percent(25);
        let open = &mut self.open[at];
        match action {
            TestAction::RecordAttack(attack) => open.attacked_at = Some(attack.started_at),
            TestAction::RecordDetection(_) => open.detected = true,
            TestAction::CastVote { side, .. } => open.voted = Some(*side),
            TestAction::Reopen { .. } => (open.attacked_at, open.detected, open.voted) = (None, false, None),
            _ => {}
        }
        let state = open.test.state();
        if state == TestState::Validated || (state == TestState::Rejected && abandoned) {
            self.open.swap_remove(at);
        }
    }

    fn origin(&mut self, actor: Actor) -> Origin {
        // What the interface sends has an id; what a script sends may have none.
        let command = if self.random.percent(90) {
            let id = self.random.uuid();
            Some(CommandId::new(id, "history", id.as_bytes()))
        } else {
            None
        };
        Origin { actor, command, correlation: self.random.ordered_uuid(self.now), causation: None }
    }

    fn details(&mut self) -> Details {
        self.drafted += 1;
        let subject = self.random.pick(&self.subjects).clone();
        Details {
            technique: subject.technique,
            attack_id: subject.attack_id,
            title: format!("{} {}", self.text(5), self.drafted),
            description: self.text(25),
            objective: self.text(12),
            target_environment: self.text(3),
            platform: Some((*self.random.pick(&["Windows", "Linux", "macOS"])).to_owned()),
            tags: (0..self.random.below(4)).map(|_| self.word().to_owned()).collect::<BTreeSet<_>>(),
            assignee: self.random.percent(50).then(|| self.people[&Role::RedTech][0].account),
            due_on: Some((self.now + TimeDelta::days(self.random.between(1, 60))).date_naive()),
            procedure: String::new(),
            tool: None,
        }
    }

    fn attack(&mut self) -> AttackRecord {
        let before = TimeDelta::seconds(self.random.between(3_600, 14_400));
        let started_at = self.local(self.now - before);
        AttackRecord {
            procedure: self.text(40),
            tool: self.random.percent(70).then(|| self.word().to_owned()),
            started_at,
            ended_at: Some(started_at + TimeDelta::seconds(self.random.between(60, 3_600))),
            success: self.random.percent(70),
            summary: self.text(20),
        }
    }

    fn detection(&mut self, attacked_at: DateTime<FixedOffset>) -> DetectionRecord {
        let result = match self.random.below(100) {
            0..55 => DetectionResult::Detected,
            55..80 => DetectionResult::PartiallyDetected,
            _ => DetectionResult::NotDetected,
        };
        let seen = result != DetectionResult::NotDetected;
        let detected_at = seen.then(|| attacked_at + TimeDelta::seconds(self.random.between(5, 3_000)));
        let contained = seen && self.random.percent(50);
        DetectionRecord {
            result,
            detected_at,
            alerted_at: detected_at.map(|at| at + TimeDelta::seconds(20)),
            contained_at: detected_at.filter(|_| contained).map(|at| at + TimeDelta::seconds(500)),
            containment_result: Some(if contained {
                ContainmentResult::Contained
            } else {
                ContainmentResult::NotContained
            }),
            clock_skew_note: None,
            summary: self.text(25),
        }
    }

    fn local(&mut self, instant: DateTime<Utc>) -> DateTime<FixedOffset> {
        let hours = *self.random.pick(&[0, 1, 2, -5]);
        let zone = FixedOffset::east_opt(hours * 3_600);
        zone.map_or_else(|| instant.fixed_offset(), |zone| instant.with_timezone(&zone))
    }

    fn word(&mut self) -> &'static str {
        WORDS[self.random.below(WORDS.len())]
    }

    fn text(&mut self, words: usize) -> String {
        (0..words).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Cluster;
    use aegis_projections::store::{Executed, Store};
    use aegis_workers::starter;

    const EVENTS: usize = 5_000;

    type StoredRow = (String, i64, String, String, String, String);

    /// The copied rows in their order, against what the command path wrote in its.
    #[tokio::test]
    async fn the_rows_are_those_of_the_command_path() -> Result<()> {
        let cluster = Cluster::from_environment()?;
        let name = format!("aegis_bench_history_{}", std::process::id());
        let database = cluster.fresh(&name).await?;
        let store = Store::new(database.pool.clone());
        let mut history = History::new(7, subjects(&starter::content())?);
        let mut rows = Vec::with_capacity(EVENTS);
        for _ in 0..EVENTS {
            let step = history.step()?;
            rows.push(step.row()?);
            let Wish { test, command, origin } = step.wish;
            let executed = store.execute::<Test>(&test.to_string(), command, &origin).await?;
            assert!(matches!(executed, Executed::Committed(_)), "{executed:?}");
        }
        let written: Vec<StoredRow> = sqlx::query_as(
            "select aggregate_id, sequence, event_type, event_version, payload::text, metadata::text
             from events where aggregate_type = 'test' order by event_id",
        )
        .fetch_all(&database.pool)
        .await?;
        let written = written.into_iter().map(
            |(aggregate_id, sequence, event_type, event_version, payload, metadata)| Row {
                aggregate_id,
                sequence,
                event_type,
                event_version,
                payload,
                metadata,
            },
        );
        for (at, (made, written)) in rows.iter().zip(written).enumerate() {
            assert_eq!(*made, written, "row {at}");
        }

        // And what COPY makes of the same rows.
        let copied = cluster.fresh(&format!("{name}_copied")).await?;
        crate::record::copy(&copied.pool, &rows).await?;
        let same: Vec<StoredRow> = sqlx::query_as(
            "select aggregate_id, sequence, event_type, event_version, payload::text, metadata::text
             from events where aggregate_type = 'test' order by event_id",
        )
        .fetch_all(&copied.pool)
        .await?;
        assert_eq!(same.len(), EVENTS);
        for (made, (aggregate_id, sequence, event_type, event_version, payload, metadata)) in
            rows.iter().zip(same)
        {
            assert_eq!(*made, Row { aggregate_id, sequence, event_type, event_version, payload, metadata });
        }
        database.drop().await?;
        copied.drop().await
    }

    #[test]
    fn a_history_holds_every_kind_of_event() -> Result<()> {
        let mut history = History::new(7, subjects(&starter::content())?);
        let mut kinds = BTreeSet::new();
        for _ in 0..EVENTS {
            kinds.insert(history.step()?.event.event_type());
        }
        assert_eq!(kinds.len(), 9, "{kinds:?}");
        Ok(())
    }
}
