//! The events of one thing as a story, straight from the ledger.

mod summaries;

use crate::error::ApiError;
use crate::page::{Listed, MAX_PAGE, Page, Window, page};
use crate::people::Person;
use aegis_aggregates::test::{Outcome, Side, TestEvent};
use aegis_projections::fold::DomainEvent;
use aegis_projections::ledger::{self, StoredEvent};
use aegis_projections::{DatabaseError, Pool};
use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::{Context, Json, Object};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Whose events, and up to where.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Timeline {
    /// Type of the aggregate.
    pub aggregate_type: &'static str,
    /// Id of the aggregate.
    pub aggregate_id: String,
    /// The ledger position it is read at.
    pub at: i64,
}

/// One event.
pub struct TimelineEvent {
    stored: StoredEvent,
    actor: Uuid,
    round: Option<u32>,
    summary: String,
}

#[Object]
impl TimelineEvent {
    /// Its place in the ledger.
    async fn position(&self) -> i64 {
        self.stored.position
    }
    async fn sealed_at(&self) -> DateTime<Utc> {
        self.stored.sealed_at
    }
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.stored.recorded_at
    }
    /// Its place among the events of the same thing, from 1.
    async fn sequence(&self) -> i64 {
        self.stored.sequence
    }
    /// `VoteCast`.
    #[graphql(name = "type")]
    async fn event_type(&self) -> &str {
        &self.stored.event_type
    }
    async fn version(&self) -> &str {
        &self.stored.event_version
    }
    async fn round(&self) -> Option<u32> {
        self.round
    }
    async fn actor(&self) -> Person {
        Person(self.actor)
    }
    /// One line for people.
    async fn summary(&self) -> &str {
        &self.summary
    }
    /// What happened, exactly as recorded.
    async fn payload(&self) -> Result<Json<serde_json::Value>, ApiError> {
        let payload = serde_json::from_str(&self.stored.payload);
        payload.map(Json).map_err(|error| ApiError::Internal(Box::new(error)))
    }
}

impl TimelineEvent {
    fn read(stored: StoredEvent) -> Result<Self, ApiError> {
        let internal = |error| ApiError::Internal(Box::new(error));
        let actor = stored.actor().map_err(internal)?.0;
        let event = stored.clone().decode().map_err(internal)?;
        let (round, summary) = match &event.body {
            DomainEvent::Test(body) => (round_of(body), summary_of(body)),
            DomainEvent::Template(body) => (None, summaries::of_template(body)),
            DomainEvent::Remediation(body) => (None, summaries::of_remediation(body)),
            DomainEvent::Roster(_)
            | DomainEvent::Knowledge(_)
            | DomainEvent::Discussion(_)
            | DomainEvent::ReviewPolicy(_) => (None, stored.event_type.clone()),
            DomainEvent::Campaign(body) => (None, crate::campaigns::summary_of(body)),
        };
        Ok(Self { stored, actor, round, summary })
    }
}

fn round_of(event: &TestEvent) -> Option<u32> {
    match event {
        TestEvent::TestDrafted { .. } => Some(1),
        TestEvent::TestRevised { .. }
        | TestEvent::TestClassified { .. }
        | TestEvent::TestArchived { .. }
        | TestEvent::TestRestored { .. }
        | TestEvent::RetestScheduled { .. } => None,
        TestEvent::ExecutionStarted { round, .. }
        | TestEvent::AttackRecorded { round, .. }
        | TestEvent::ExecutionSubmitted { round, .. }
        | TestEvent::DetectionRecorded { round, .. }
        | TestEvent::EvaluationSubmitted { round, .. }
        | TestEvent::VoteCast { round, .. }
        | TestEvent::EvaluationStarted { round, .. }
        | TestEvent::WorkPaused { round, .. }
        | TestEvent::WorkResumed { round, .. }
        | TestEvent::EvidenceAdded { round, .. }
        | TestEvent::EvidenceRemoved { round, .. }
        | TestEvent::TestReopened { round, .. } => Some(*round),
    }
}

fn summary_of(event: &TestEvent) -> String {
    match event {
        TestEvent::TestDrafted { details, .. } => format!("Drafted on {}", details.attack_id),
        TestEvent::TestRevised { .. } => "Revised".to_owned(),
        TestEvent::ExecutionStarted { .. } => "Execution started".to_owned(),
        TestEvent::AttackRecorded { attack, .. } => {
            format!("Attack recorded: {}", if attack.success { "succeeded" } else { "did not succeed" })
        }
        TestEvent::ExecutionSubmitted { .. } => "Handed over to blue".to_owned(),
        TestEvent::DetectionRecorded { detection, .. } => {
            format!("Detection recorded: {}", detection.result.as_str().replace('_', " "))
        }
        TestEvent::EvaluationSubmitted { .. } => "Handed over to the leads".to_owned(),
        TestEvent::VoteCast { vote, outcome, .. } => {
            let outcome = match outcome {
                Some(Outcome::Validated { .. }) => ": the test is validated",
                Some(Outcome::Rejected) => ": the test is rejected",
                Some(Outcome::Disputed) => ": the leads disagree",
                None => "",
            };
            let side = capital(vote.side);
            format!("{side} side {}{outcome}", vote.verdict.as_str())
        }
        TestEvent::TestReopened { round, .. } => format!("Reopened as round {round}"),
        TestEvent::EvaluationStarted { .. } => "Evaluation taken up".to_owned(),
        TestEvent::WorkPaused { side, reason, .. } => format!("{} paused: {reason}", capital(*side)),
        TestEvent::WorkResumed { side, .. } => format!("{} went on", capital(*side)),
        TestEvent::EvidenceAdded { evidence, .. } => {
            format!("{} evidence added: {}", capital(evidence.side), evidence.file_name)
        }
        TestEvent::EvidenceRemoved { reason, .. } => format!("Evidence removed: {reason}"),
        TestEvent::TestClassified { classification, .. } => {
            format!("Classified as {}", classification.as_str())
        }
        TestEvent::TestArchived { .. } => "Archived".to_owned(),
        TestEvent::TestRestored { .. } => "Restored".to_owned(),
        TestEvent::RetestScheduled { number, .. } => format!("Retest {number} scheduled"),
    }
}

fn capital(side: Side) -> &'static str {
    match side {
        Side::Red => "Red",
        Side::Blue => "Blue",
    }
}

/// One page of events, oldest first.
///
/// # Errors
/// The ledger could not be read.
pub async fn timeline(
    ctx: &Context<'_>,
    of: Timeline,
    first: Option<i32>,
    after: Option<String>,
) -> Result<Page<TimelineEvent>, ApiError> {
    let window = Window::<i64>::parse(first, after, MAX_PAGE)?;
    let at = of.at;
    let key = PageOfEvents { of, after: window.after.unwrap_or(0), limit: window.limit() };
    let found = ctx.data_unchecked::<DataLoader<Histories>>().load_one(key).await?.unwrap_or_default();
    let events = found.stored.iter().cloned().map(TimelineEvent::read).collect::<Result<_, _>>()?;
    let listed = Listed { total_count: found.total, position: at };
    page(&window, events, listed, |event| event.stored.sequence)
}

/// One page of one story.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PageOfEvents {
    of: Timeline,
    after: i64,
    limit: i64,
}

/// Events, and how many the whole story has.
#[derive(Debug, Clone, Default)]
pub struct EventsFound {
    stored: Vec<StoredEvent>,
    total: i64,
}

/// Loads the stories of all nodes of a list together, in two queries.
pub struct Histories(pub Pool);

impl Loader<PageOfEvents> for Histories {
    type Value = Arc<EventsFound>;
    type Error = Arc<DatabaseError>;

    async fn load(&self, keys: &[PageOfEvents]) -> Result<HashMap<PageOfEvents, Self::Value>, Self::Error> {
        let mut alike: HashMap<_, Vec<String>> = HashMap::new();
        for PageOfEvents { of, after, limit } in keys {
            let ids = alike.entry((of.aggregate_type, of.at, *after, *limit)).or_default();
            ids.push(of.aggregate_id.clone());
        }
        let mut loaded = HashMap::new();
        for ((aggregate_type, at, after, limit), ids) in alike {
            let totals =
                ledger::history_lengths(&self.0, aggregate_type, &ids, at).await.map_err(Arc::new)?;
            let stored =
                ledger::histories(&self.0, aggregate_type, &ids, at, after, limit).await.map_err(Arc::new)?;
            let mut stories: HashMap<String, EventsFound> =
                totals.into_iter().map(|(id, total)| (id, EventsFound { stored: vec![], total })).collect();
            for event in stored {
                stories.entry(event.aggregate_id.clone()).or_default().stored.push(event);
            }
            loaded.extend(stories.into_iter().map(|(aggregate_id, found)| {
                let of = Timeline { aggregate_type, aggregate_id, at };
                (PageOfEvents { of, after, limit }, Arc::new(found))
            }));
        }
        Ok(loaded)
    }
}
