//! The events of one thing as a story, straight from the ledger. That of a test holds what is said
//! about it and what became of its remediations, too.

mod summaries;

use crate::error::ApiError;
use crate::page::{Listed, MAX_PAGE, Page, Window, page};
use crate::people::Person;
use aegis_aggregates::Aggregate;
use aegis_aggregates::discussion::Discussion;
use aegis_projections::fold::DomainEvent;
use aegis_projections::ledger::StoredEvent;
use aegis_projections::{DatabaseError, Pool, stories};
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
    /// What it happened to: `test`, `discussion`, `remediation`, `campaign`, `template`, `review_policy`.
    async fn aggregate_type(&self) -> &str {
        &self.stored.aggregate_type
    }
    /// Which of them; of a discussion its subject, `test/<uuid>`.
    async fn aggregate_id(&self) -> &str {
        &self.stored.aggregate_id
    }
    /// Its place among the events of that, from 1.
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
    /// What happened, exactly as recorded; of comments without their text, which `comments` shows until it
    /// is taken back.
    async fn payload(&self) -> Result<Json<serde_json::Value>, ApiError> {
        let payload = serde_json::from_str(&self.stored.payload);
        let mut payload: serde_json::Value = payload.map_err(|error| ApiError::Internal(Box::new(error)))?;
        if self.stored.aggregate_type == Discussion::TYPE
            && let Some(events) = payload.as_object_mut()
        {
            for fields in events.values_mut().filter_map(serde_json::Value::as_object_mut) {
                fields.remove("text");
            }
        }
        Ok(Json(payload))
    }
}

impl TimelineEvent {
    /// Reads an event of the story of something of that type.
    fn read(stored: StoredEvent, story_of: &str) -> Result<Self, ApiError> {
        let internal = |error| ApiError::Internal(Box::new(error));
        let actor = stored.actor().map_err(internal)?.0;
        let event = stored.clone().decode().map_err(internal)?;
        let round = match &event.body {
            DomainEvent::Test(body) => summaries::round_of(body),
            DomainEvent::Template(_)
            | DomainEvent::Remediation(_)
            | DomainEvent::Roster(_)
            | DomainEvent::Knowledge(_)
            | DomainEvent::Discussion(_)
            | DomainEvent::AccessJournal(_)
            | DomainEvent::ReviewPolicy(_)
            | DomainEvent::AccessPolicy(_)
            | DomainEvent::Campaign(_) => None,
        };
        let mut summary = summary_of(&event.body);
        if matches!(event.body, DomainEvent::Remediation(_)) && story_of != stored.aggregate_type {
            summary.insert_str(0, "Remediation: ");
        }
        Ok(Self { stored, actor, round, summary })
    }
}

/// One line for people: what happened.
pub(crate) fn summary_of(event: &DomainEvent) -> String {
    match event {
        DomainEvent::Test(body) => summaries::of_test(body),
        DomainEvent::Template(body) => summaries::of_template(body),
        DomainEvent::Remediation(body) => summaries::of_remediation(body),
        DomainEvent::Roster(body) => summaries::of_roster(body),
        DomainEvent::Knowledge(body) => summaries::of_knowledge(body),
        DomainEvent::Discussion(body) => summaries::of_discussion(body),
        DomainEvent::ReviewPolicy(body) => summaries::of_policy(body),
        DomainEvent::AccessJournal(body) => summaries::of_access_journal(body),
        DomainEvent::AccessPolicy(body) => summaries::of_access_policy(body),
        DomainEvent::Campaign(body) => crate::campaigns::summary_of(body),
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
    let story_of = of.aggregate_type;
    let key = PageOfEvents { of, after: window.after.unwrap_or(0), limit: window.limit() };
    let found = ctx.data_unchecked::<DataLoader<Histories>>().load_one(key).await?.unwrap_or_default();
    let events = found.stored.iter().cloned().map(|stored| TimelineEvent::read(stored, story_of));
    let events = events.collect::<Result<_, _>>()?;
    let listed = Listed::all(found.total, at);
    page(&window, events, listed, |event| event.stored.position)
}

/// One page of one story.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PageOfEvents {
    of: Timeline,
    /// After which position.
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
            let totals = stories::lengths(&self.0, aggregate_type, &ids, at).await.map_err(Arc::new)?;
            let told =
                stories::events(&self.0, aggregate_type, &ids, after, at, limit).await.map_err(Arc::new)?;
            let mut stories: HashMap<String, EventsFound> =
                totals.into_iter().map(|(id, total)| (id, EventsFound { stored: vec![], total })).collect();
            for stories::Told { story, event } in told {
                stories.entry(story).or_default().stored.push(event);
            }
            loaded.extend(stories.into_iter().map(|(aggregate_id, found)| {
                let of = Timeline { aggregate_type, aggregate_id, at };
                (PageOfEvents { of, after, limit }, Arc::new(found))
            }));
        }
        Ok(loaded)
    }
}
