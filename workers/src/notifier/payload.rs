//! What a webhook is told: ids, numbers and words of ours, never a text or a name that somebody wrote.

use crate::outside::Links;
use aegis_projections::ledger::StoredEvent;
use aegis_projections::notifications::News;
use aegis_projections::webhooks::Delivery;
use serde::Serialize;
use uuid::Uuid;

/// What ids of deliveries are made under.
const DELIVERIES: Uuid = Uuid::from_u128(0x5b7f_04c6_19ad_5a3e_bb02_7d1f_c85e_6a90);

/// The event that is told.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Happened {
    #[serde(rename = "type")]
    event_type: String,
    aggregate_type: String,
    aggregate_id: String,
    sequence: i64,
}

impl Happened {
    pub(super) fn of(event: &StoredEvent) -> Self {
        Self {
            event_type: event.event_type.clone(),
            aggregate_type: event.aggregate_type.clone(),
            aggregate_id: event.aggregate_id.clone(),
            sequence: event.sequence,
        }
    }
}

#[derive(Serialize)]
struct Payload<'a> {
    id: Uuid,
    kind: String,
    position: i64,
    at: String,
    /// Null for the machine itself.
    actor: Option<Uuid>,
    subject: Subject,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'a Happened>,
}

#[derive(Serialize)]
struct Subject {
    #[serde(rename = "type")]
    kind: String,
    id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// The delivery of some news to a webhook; the same whoever makes it.
pub(super) fn delivery(webhook: Uuid, news: &News, happened: Option<&Happened>, links: &Links) -> Delivery {
    let delivery_id = Uuid::new_v5(&DELIVERIES, format!("{webhook}/{}", news.key).as_bytes());
    let payload = Payload {
        id: delivery_id,
        kind: news.kind.as_str().to_uppercase(),
        position: news.position,
        at: news.at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        actor: Some(news.actor).filter(|actor| !actor.is_nil()),
        subject: Subject {
            kind: news.subject_kind.as_str().to_uppercase(),
            id: news.subject_id,
            number: news.number,
            url: links.to(news.subject_kind, news.number),
        },
        event: happened,
    };
    Delivery {
        delivery_id,
        webhook_id: webhook,
        kind: news.kind.as_str().to_owned(),
        position: Some(news.position),
        payload: serde_json::to_string(&payload).expect("texts and numbers always serialise"),
    }
}
