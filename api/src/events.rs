//! Events as they come into view: a query sent after one of them sees it.

use crate::context::Services;
use crate::error::ApiError;
use crate::page::global_id;
use crate::permissions::{self, Kind};
use aegis_aggregates::Aggregate;
use aegis_aggregates::discussion::{Discussion, Subject, SubjectKind};
use aegis_aggregates::remediation::Remediation;
use aegis_aggregates::test::Test;
use aegis_projections::ledger::{self, StoredEvent};
use aegis_projections::tide::Tide;
use aegis_projections::{DatabaseError, Pool, coverage, knowledge, remediations};
use async_graphql::futures_util::Stream;
use async_graphql::{Context, ID, InputObject, SimpleObject, Subscription};
use chrono::{DateTime, Utc};
use futures::StreamExt;
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;
use uuid::Uuid;

/// Events kept for a subscriber that is slower than they come; beyond, it hears of a gap by its end.
const BUFFERED: usize = 4_096;
/// Events read at once.
const BATCH: i64 = 500;

/// An event that has come into view.
#[derive(Debug, Clone, SimpleObject)]
pub struct LedgerEvent {
    /// Its place in the ledger.
    position: i64,
    sealed_at: DateTime<Utc>,
    aggregate_type: String,
    aggregate_id: String,
    /// The test it is about: the test itself, the one that is commented on, or the one that the remediation
    /// was opened from.
    test_id: Option<ID>,
    /// `VoteCast`.
    #[graphql(name = "type")]
    event_type: String,
    /// ATT&CK ids of the techniques whose coverage this event changed.
    attack_ids: Vec<String>,
}

/// Which events; absent means any.
#[derive(Debug, Clone, Default, InputObject)]
pub struct EventFilter {
    /// Of this test, of comments on it, and of the remediations opened from it.
    test_id: Option<ID>,
    aggregate_types: Option<Vec<String>>,
}

impl EventFilter {
    fn takes(&self, event: &LedgerEvent) -> bool {
        let type_fits =
            self.aggregate_types.as_ref().is_none_or(|wanted| wanted.contains(&event.aggregate_type));
        let test_fits = self.test_id.is_none() || self.test_id == event.test_id;
        type_fits && test_fits
    }
}

/// Tells every subscriber of this process what has come into view.
#[derive(Clone)]
pub struct Live {
    sender: broadcast::Sender<LedgerEvent>,
}

impl Live {
    /// Follows the tide for as long as the process lives.
    pub fn follow(pool: Pool, tide: Tide) -> Self {
        let (sender, _) = broadcast::channel(BUFFERED);
        tokio::spawn(tell(pool, tide, sender.clone()));
        Self { sender }
    }

    fn subscribe(&self) -> impl Stream<Item = LedgerEvent> + use<> {
        // A subscriber that fell behind is let go: it comes back and reads anew.
        BroadcastStream::new(self.sender.subscribe())
            .take_while(|event| std::future::ready(event.is_ok()))
            .filter_map(|event| std::future::ready(event.ok()))
    }
}

async fn tell(pool: Pool, tide: Tide, sender: broadcast::Sender<LedgerEvent>) {
    let mut watch = tide.watch();
    let mut told = *watch.borrow_and_update();
    while watch.changed().await.is_ok() {
        let visible = *watch.borrow_and_update();
        // After a rebuild the tide may stand lower for a while; nothing is told twice.
        while told < visible {
            if sender.receiver_count() == 0 {
                told = visible;
                break;
            }
            let up_to = visible.min(told + BATCH);
            match read(&pool, told, up_to).await {
                Ok(events) => {
                    for event in events {
                        // Nobody listening is no failure.
                        let _ = sender.send(event);
                    }
                    told = up_to;
                }
                Err(error) => {
                    tracing::warn!(%error, "events could not be read for subscribers; trying again");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }
}

async fn read(pool: &Pool, after: i64, up_to: i64) -> Result<Vec<LedgerEvent>, DatabaseError> {
    let mut connection = pool.acquire().await?;
    let stored = ledger::read(&mut connection, after, up_to - after).await?;
    drop(connection);
    let mut changed: HashMap<i64, Vec<String>> = HashMap::new();
    if let Some(release) = knowledge::release_at(pool, up_to).await? {
        for (position, attack_id) in
            coverage::changed_at_positions(pool, &release.digest, after, up_to).await?
        {
            changed.entry(position).or_default().push(attack_id);
        }
    }
    let remedied = tests_of_remediations(pool, &stored).await?;
    Ok(stored
        .into_iter()
        .map(|event| LedgerEvent {
            test_id: test_of(&event, &remedied).map(|test| global_id("Test", test)),
            attack_ids: changed.remove(&event.position).unwrap_or_default(),
            position: event.position,
            sealed_at: event.sealed_at,
            aggregate_type: event.aggregate_type,
            aggregate_id: event.aggregate_id,
            event_type: event.event_type,
        })
        .collect())
}

/// The tests that the remediations among these events were opened from, by remediation.
async fn tests_of_remediations(
    pool: &Pool,
    events: &[StoredEvent],
) -> Result<HashMap<Uuid, Uuid>, DatabaseError> {
    let ids: Vec<String> = events
        .iter()
        .filter(|event| event.aggregate_type == Remediation::TYPE)
        .map(|event| event.aggregate_id.clone())
        .collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(remediations::origins(pool, &ids).await?.into_iter().collect())
}

fn test_of(event: &StoredEvent, remedied: &HashMap<Uuid, Uuid>) -> Option<Uuid> {
    match event.aggregate_type.as_str() {
        Test::TYPE => event.aggregate_id.parse().ok(),
        Discussion::TYPE => {
            let subject = Subject::parse(&event.aggregate_id)?;
            (subject.kind == SubjectKind::Test).then_some(subject.id)
        }
        Remediation::TYPE => remedied.get(&event.aggregate_id.parse().ok()?).copied(),
        _ => None,
    }
}

#[derive(Default)]
pub struct EventSubscription;

#[Subscription]
impl EventSubscription {
    /// Events as they come into view. A knowledge release changes the whole
    /// matrix: its event says so by its type. Ends when the session does.
    async fn events(
        &self,
        ctx: &Context<'_>,
        filter: Option<EventFilter>,
    ) -> Result<impl Stream<Item = LedgerEvent> + use<>, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        permissions::demand(services, ctx.data_unchecked(), Kind::Subscription, "events").await?;
        let filter = filter.unwrap_or_default();
        let events = services.live.subscribe();
        Ok(events.filter(move |event| std::future::ready(filter.takes(event))))
    }
}
