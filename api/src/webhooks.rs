//! Webhooks, for admins: what there are, and the log of what they were told. Changing them is in `commands`.

pub(crate) mod commands;

use crate::context::Services;
use crate::error::ApiError;
use crate::notifications::NotificationKind;
use crate::page::{Listed, MAX_PAGE, Page, Window, global_id, local_id, page};
use crate::people::Person;
use aegis_projections::notifications::Kind;
use aegis_projections::webhooks::{self, DeliveryRecord, WebhookRecord};
use async_graphql::{Context, Enum, ID, Object};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// An address outside that is told what happens.
pub struct Webhook(WebhookRecord);

#[Object]
impl Webhook {
    async fn id(&self) -> ID {
        global_id("Webhook", self.0.webhook_id)
    }
    async fn name(&self) -> &str {
        &self.0.name
    }
    async fn url(&self) -> &str {
        &self.0.url
    }
    /// The kinds it is told; none: all.
    async fn events(&self) -> Vec<NotificationKind> {
        self.0.kinds.iter().filter_map(|kind| Kind::parse(kind)).map(NotificationKind::from).collect()
    }
    /// Whether it is told anything. What waits while it is not is delivered afterwards, for 30 days.
    async fn active(&self) -> bool {
        self.0.active
    }
    async fn created_by(&self) -> Person {
        Person(self.0.created_by)
    }
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
    /// Deliveries that wait.
    async fn pending_deliveries(&self) -> i64 {
        self.0.pending
    }
    /// Deliveries in the log that were given up.
    async fn failed_deliveries(&self) -> i64 {
        self.0.failed
    }
    /// When something was last delivered, as far as the log goes back.
    async fn last_delivered_at(&self) -> Option<DateTime<Utc>> {
        self.0.last_delivered_at
    }
}

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum WebhookDeliveryState {
    /// It waits, or is on its way.
    Pending,
    /// It was taken.
    Delivered,
    /// It was given up.
    Failed,
}

/// One telling of a webhook.
pub struct WebhookDelivery(DeliveryRecord);

#[Object]
impl WebhookDelivery {
    async fn id(&self) -> ID {
        global_id("WebhookDelivery", self.0.delivery_id)
    }
    /// What the header `aegis-delivery` says.
    async fn delivery_id(&self) -> Uuid {
        self.0.delivery_id
    }
    /// The kind that is told, or `PING`.
    async fn kind(&self) -> String {
        self.0.kind.to_uppercase()
    }
    /// Where it stands in the ledger; null for a ping.
    async fn position(&self) -> Option<i64> {
        self.0.position
    }
    /// What is sent, byte by byte.
    async fn payload(&self) -> &str {
        &self.0.payload
    }
    async fn state(&self) -> WebhookDeliveryState {
        match self.0.state.as_str() {
            "delivered" => WebhookDeliveryState::Delivered,
            "failed" => WebhookDeliveryState::Failed,
            _ => WebhookDeliveryState::Pending,
        }
    }
    /// How often it was tried since it was last asked for; 8 times at most.
    async fn attempts(&self) -> i32 {
        self.0.attempts
    }
    /// When it is tried next; null once it has ended.
    async fn next_attempt_at(&self) -> Option<DateTime<Utc>> {
        (self.0.state == "pending").then_some(self.0.next_attempt_at)
    }
    /// The status of the last answer, if there was one.
    async fn last_status(&self) -> Option<i32> {
        self.0.last_status
    }
    /// Why the last attempt failed.
    async fn last_error(&self) -> Option<&str> {
        self.0.last_error.as_deref()
    }
    async fn last_attempt_at(&self) -> Option<DateTime<Utc>> {
        self.0.last_attempt_at
    }
    async fn delivered_at(&self) -> Option<DateTime<Utc>> {
        self.0.delivered_at
    }
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

#[derive(Default)]
pub struct WebhookQuery;

#[Object]
impl WebhookQuery {
    /// Every webhook by name: at most 20.
    #[graphql(complexity = "crate::page::list_weight(20, child_complexity)")]
    async fn webhooks(&self, ctx: &Context<'_>) -> Result<Vec<Webhook>, ApiError> {
        all(ctx.data_unchecked()).await
    }

    /// One webhook; null where there is none of that id.
    async fn webhook(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Webhook>, ApiError> {
        let Ok(id) = webhook_of(&id) else { return Ok(None) };
        one(ctx.data_unchecked(), id).await
    }

    /// What a webhook was told in the last 30 days, newest first.
    #[graphql(complexity = "crate::page::weight(first, child_complexity)")]
    async fn webhook_deliveries(
        &self,
        ctx: &Context<'_>,
        webhook_id: ID,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Page<WebhookDelivery>, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let window = Window::<i64>::parse(first, after, MAX_PAGE)?;
        let id = webhook_of(&webhook_id)?;
        if one(services, id).await?.is_none() {
            return Err(ApiError::NotFound("webhook"));
        }
        let (found, total) = webhooks::deliveries(&services.pool, id, window.after, window.limit()).await?;
        let listed = Listed::all(total, services.tide.position());
        page(&window, found.into_iter().map(WebhookDelivery).collect(), listed, |delivery| delivery.0.place)
    }
}

async fn all(services: &Services) -> Result<Vec<Webhook>, ApiError> {
    Ok(webhooks::webhooks(&services.pool, None).await?.into_iter().map(Webhook).collect())
}

async fn one(services: &Services, id: Uuid) -> Result<Option<Webhook>, ApiError> {
    Ok(webhooks::webhook(&services.pool, id).await?.map(Webhook))
}

fn webhook_of(id: &ID) -> Result<Uuid, ApiError> {
    let local = local_id(id, "Webhook").and_then(|id| id.parse().ok());
    local.ok_or(ApiError::NotFound("webhook"))
}
