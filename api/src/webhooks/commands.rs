//! Making, changing and deleting webhooks; trying them. Each change goes to the access log: no event tells of it.

use super::{Webhook, WebhookDelivery, all, one, webhook_of};
use crate::context::{Services, Viewer, acting};
use crate::error::{ApiError, UserError};
use crate::noted::{Noted, note};
use crate::notifications::NotificationKind;
use crate::page::local_id;
use crate::trail;
use crate::{mutation, password};
use aegis_aggregates::text;
use aegis_projections::notifications::Kind;
use aegis_projections::webhooks::{self, Delivery, MAX_WEBHOOKS, NewWebhook, WebhookChange};
use async_graphql::{Context, ID, InputObject, Object};
use chrono::{SecondsFormat, Utc};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Characters of a webhook's name.
const NAME_CHARS: usize = 100;

/// A webhook to be made. Its secret is generated and shown once.
#[derive(InputObject, Serialize)]
pub struct CreateWebhookInput {
    name: String,
    /// http or https, at an address of the open internet or one that `AEGIS_OUTBOUND_ALLOW` names.
    url: String,
    /// The kinds it is told; none: all, and those that are yet to come.
    events: Vec<NotificationKind>,
    client_mutation_id: Option<Uuid>,
}

/// Changes of a webhook; what is left out stays.
#[derive(InputObject, Serialize)]
pub struct UpdateWebhookInput {
    id: ID,
    name: Option<String>,
    url: Option<String>,
    /// The kinds it is told; none: all.
    events: Option<Vec<NotificationKind>>,
    active: Option<bool>,
    /// Whether to sign with a new secret from now on, which is shown once.
    new_secret: Option<bool>,
}

/// A webhook to be deleted.
#[derive(InputObject, Serialize)]
pub struct DeleteWebhookInput {
    id: ID,
}

/// A delivery to be made once more.
#[derive(InputObject, Serialize)]
pub struct ReplayWebhookDeliveryInput {
    id: ID,
}

/// A webhook to be tried.
#[derive(InputObject, Serialize)]
pub struct TestWebhookInput {
    id: ID,
}

mutation::payload!(
    /// The webhook, and the secret that its deliveries are signed with: shown once, kept encrypted.
    CreateWebhookPayload { webhook: Option<Webhook>, secret: Option<String> }
);
mutation::payload!(
    /// The webhook as it is now, and its secret where it is a new one.
    UpdateWebhookPayload { webhook: Option<Webhook>, secret: Option<String> }
);
mutation::payload!(
    /// The webhooks that are left.
    DeleteWebhookPayload { webhooks: Option<Vec<Webhook>> }
);
mutation::payload!(
    /// The delivery, which waits again.
    ReplayWebhookDeliveryPayload { delivery: Option<WebhookDelivery> }
);
mutation::payload!(
    /// The delivery of the ping, which is on its way.
    TestWebhookPayload { delivery: Option<WebhookDelivery> }
);

#[derive(Default)]
pub struct WebhookMutation;

#[Object]
impl WebhookMutation {
    /// Makes a webhook, which is told what happens from now on.
    async fn create_webhook(
        &self,
        ctx: &Context<'_>,
        input: CreateWebhookInput,
    ) -> Result<CreateWebhookPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let id = match input.client_mutation_id {
            Some(command) => Uuid::new_v5(&actor.account.0, command.as_bytes()),
            None => Uuid::now_v7(),
        };
        let kinds = kinds_of(&input.events);
        if let Some(made) = webhooks::webhook(&services.pool, id).await? {
            let same = made.name == input.name.trim() && made.url == input.url && made.kinds == kinds;
            return Ok(match same {
                true => {
                    trail::unchanged();
                    CreateWebhookPayload::written(mutation::Written::default(), Some(Webhook(made)))
                }
                false => CreateWebhookPayload::refused(vec![UserError::command_reused()]),
            });
        }
        let name = text::required("name", &input.name, NAME_CHARS);
        let name = name.map_err(|error| UserError::invalid(error.field(), error.to_string()));
        let url = checked(services, &input.url).await;
        let (name, url) = match (name, url) {
            (Ok(name), Ok(url)) => (name, url),
            (name, url) => {
                let errors = [name.err(), url.err()].into_iter().flatten().collect();
                return Ok(CreateWebhookPayload::refused(errors));
            }
        };
        let secret = password::random_key();
        let sealed = services.vault.seal(&webhooks::secret_of(id), secret.as_bytes());
        let new = NewWebhook {
            webhook_id: id,
            name: &name,
            url: &url,
            kinds: &kinds,
            secret: &sealed,
            created_by: actor.account.0,
        };
        if !webhooks::create(&services.pool, &new).await? {
            let why = format!("there are {MAX_WEBHOOKS} webhooks, the most there may be; delete one first");
            return Ok(CreateWebhookPayload::refused(vec![UserError::invalid("name", why)]));
        }
        // What was sent does not name it yet.
        let noted = Noted::allowed("createWebhook").about("Webhook", id);
        note(services, ctx.data_unchecked::<Viewer>(), noted).await?;
        let made = one(services, id).await?;
        let mut payload = CreateWebhookPayload::written(mutation::Written::default(), made);
        payload.secret = Some(secret);
        Ok(payload)
    }

    /// Changes a webhook. What waits goes to where it leads now, signed with its present secret.
    async fn update_webhook(
        &self,
        ctx: &Context<'_>,
        input: UpdateWebhookInput,
    ) -> Result<UpdateWebhookPayload, ApiError> {
        let (services, _) = acting(ctx)?;
        let id = webhook_of(&input.id)?;
        one(services, id).await?.ok_or(ApiError::NotFound("webhook"))?;
        let mut errors = vec![];
        let name = input.name.as_deref().map(|name| text::required("name", name, NAME_CHARS)).transpose();
        let name = name.unwrap_or_else(|error| {
            errors.push(UserError::invalid(error.field(), error.to_string()));
            None
        });
        let mut url = None;
        if let Some(wished) = &input.url {
            match checked(services, wished).await {
                Ok(checked) => url = Some(checked),
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            return Ok(UpdateWebhookPayload::refused(errors));
        }
        let kinds = input.events.as_deref().map(kinds_of);
        let secret = input.new_secret.unwrap_or_default().then(password::random_key);
        let sealed =
            secret.as_ref().map(|secret| services.vault.seal(&webhooks::secret_of(id), secret.as_bytes()));
        let change = WebhookChange {
            name: name.as_deref(),
            url: url.as_deref(),
            kinds: kinds.as_deref(),
            active: input.active,
            secret: sealed.as_deref(),
        };
        if !webhooks::change(&services.pool, id, &change).await? {
            return Err(ApiError::NotFound("webhook"));
        }
        let mut payload =
            UpdateWebhookPayload::written(mutation::Written::default(), one(services, id).await?);
        payload.secret = secret;
        Ok(payload)
    }

    /// Deletes a webhook. What waits for it is given up.
    async fn delete_webhook(
        &self,
        ctx: &Context<'_>,
        input: DeleteWebhookInput,
    ) -> Result<DeleteWebhookPayload, ApiError> {
        let (services, _) = acting(ctx)?;
        let id = webhook_of(&input.id)?;
        if !webhooks::retire(&services.pool, id).await? {
            return Err(ApiError::NotFound("webhook"));
        }
        let left = all(services).await?;
        Ok(DeleteWebhookPayload::written(mutation::Written::default(), Some(left)))
    }

    /// Makes a delivery once more that has ended, under the same id: whoever had it knows it again.
    async fn replay_webhook_delivery(
        &self,
        ctx: &Context<'_>,
        input: ReplayWebhookDeliveryInput,
    ) -> Result<ReplayWebhookDeliveryPayload, ApiError> {
        let (services, _) = acting(ctx)?;
        let id = local_id(&input.id, "WebhookDelivery").and_then(|id| id.parse().ok());
        let id: Uuid = id.ok_or(ApiError::NotFound("delivery"))?;
        webhooks::delivery(&services.pool, id).await?.ok_or(ApiError::NotFound("delivery"))?;
        if !webhooks::deliver_again(&services.pool, id).await? {
            let error = UserError::state("id", "the delivery is on its way already");
            return Ok(ReplayWebhookDeliveryPayload::refused(vec![error]));
        }
        let delivery = webhooks::delivery(&services.pool, id).await?.map(WebhookDelivery);
        Ok(ReplayWebhookDeliveryPayload::written(mutation::Written::default(), delivery))
    }

    /// Sends a webhook a ping, signed like everything else; its delivery is in the log.
    async fn test_webhook(
        &self,
        ctx: &Context<'_>,
        input: TestWebhookInput,
    ) -> Result<TestWebhookPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let webhook_id = webhook_of(&input.id)?;
        let held = webhooks::webhook(&services.pool, webhook_id).await?;
        let held = held.ok_or(ApiError::NotFound("webhook"))?;
        if !held.active {
            let error = UserError::state("id", "the webhook is switched off");
            return Ok(TestWebhookPayload::refused(vec![error]));
        }
        let delivery_id = Uuid::now_v7();
        let at = Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true);
        let payload = json!({ "id": delivery_id, "kind": "PING", "at": at, "actor": actor.account.0 });
        let kind = "ping".to_owned();
        let ping = Delivery { delivery_id, webhook_id, kind, position: None, payload: payload.to_string() };
        let mut connection = services.pool.acquire().await?;
        webhooks::enqueue(&mut connection, &ping).await?;
        drop(connection);
        let delivery = webhooks::delivery(&services.pool, delivery_id).await?.map(WebhookDelivery);
        Ok(TestWebhookPayload::written(mutation::Written::default(), delivery))
    }
}

/// Stored names of kinds, each once, in their order.
fn kinds_of(events: &[NotificationKind]) -> Vec<String> {
    let kinds: BTreeSet<Kind> = events.iter().map(|kind| Kind::from(*kind)).collect();
    kinds.into_iter().map(|kind| kind.as_str().to_owned()).collect()
}

/// An address that may be called, as far as can be told now; it is judged again on each call.
async fn checked(services: &Services, url: &str) -> Result<String, UserError> {
    let judged = match services.outbound.check_url(url) {
        Ok(parsed) => services.outbound.reach(&parsed).await.map(|_| ()),
        Err(error) => Err(error),
    };
    judged.map(|()| url.to_owned()).map_err(|error| UserError::invalid("url", error.to_string()))
}
