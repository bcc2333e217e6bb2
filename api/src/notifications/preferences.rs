//! What the signed-in person wants to be told, and how. No event tells of it, and it goes with its person.

use super::NotificationKind;
use crate::context::{Services, acting};
use crate::error::{ApiError, UserError};
use crate::mutation;
use aegis_projections::notifications::{self, Kind, MailWish, Preference};
use async_graphql::{Context, Enum, InputObject, Object, SimpleObject};
use serde::Serialize;
use std::collections::BTreeMap;
use uuid::Uuid;

/// How somebody wants to hear by mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[graphql(remote = "MailWish")]
pub enum MailPreference {
    /// Not at all.
    Off,
    /// As it happens; what happens within five seconds comes together.
    AtOnce,
    /// Together with the rest of the day, at seven in the morning of the own time zone.
    DailyDigest,
}

/// How the signed-in person wants to be told of a kind.
#[derive(SimpleObject)]
pub struct NotificationPreference {
    kind: NotificationKind,
    /// In the interface: the list and the bell.
    in_app: bool,
    mail: MailPreference,
}

/// How the signed-in person wants to be told.
#[derive(SimpleObject)]
pub struct NotificationPreferences {
    /// Each kind, whether it was chosen or not.
    kinds: Vec<NotificationPreference>,
    /// Whether this installation sends mail.
    mail_configured: bool,
    /// Whether a mail address of the signed-in person is known. Without one there is no mail, whatever is preferred.
    has_mail_address: bool,
}

/// How to be told of a kind; what is left out stays.
#[derive(InputObject, Serialize)]
pub struct NotificationPreferenceInput {
    kind: NotificationKind,
    in_app: Option<bool>,
    mail: Option<MailPreference>,
}

/// How to be told of some kinds; the others stay.
#[derive(InputObject, Serialize)]
pub struct SetNotificationPreferencesInput {
    /// Each kind at most once.
    preferences: Vec<NotificationPreferenceInput>,
}

mutation::payload!(
    /// How the signed-in person is told from now on.
    SetNotificationPreferencesPayload { preferences: Option<NotificationPreferences> }
);

#[derive(Default)]
pub struct NotificationPreferenceQuery;

#[Object]
impl NotificationPreferenceQuery {
    /// How the signed-in person wants to be told of each kind.
    #[graphql(complexity = "crate::page::list_weight(20, child_complexity)")]
    async fn notification_preferences(&self, ctx: &Context<'_>) -> Result<NotificationPreferences, ApiError> {
        let (services, actor) = acting(ctx)?;
        preferences_of(services, actor.account.0).await
    }
}

#[derive(Default)]
pub struct NotificationPreferenceMutation;

#[Object]
impl NotificationPreferenceMutation {
    /// Sets how the signed-in person wants to be told, from the next event on.
    async fn set_notification_preferences(
        &self,
        ctx: &Context<'_>,
        input: SetNotificationPreferencesInput,
    ) -> Result<SetNotificationPreferencesPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let account = actor.account.0;
        let wished = input.preferences.len();
        if let Some(error) = mutation::too_many("preferences", wished, Kind::ALL.len()) {
            return Ok(SetNotificationPreferencesPayload::refused(vec![error]));
        }
        let held = notifications::preferences(&services.pool, account).await?;
        let held: BTreeMap<Kind, Preference> = held.into_iter().map(|held| (held.kind, held)).collect();
        let mut wishes: BTreeMap<Kind, Preference> = BTreeMap::new();
        for wish in input.preferences {
            let kind = Kind::from(wish.kind);
            let Some(mut preference) = held.get(&kind).copied() else { continue };
            preference.in_app = wish.in_app.unwrap_or(preference.in_app);
            preference.mail = wish.mail.map_or(preference.mail, MailWish::from);
            wishes.insert(kind, preference);
        }
        if wishes.len() < wished {
            let error = UserError::invalid("preferences", "a kind is named twice");
            return Ok(SetNotificationPreferencesPayload::refused(vec![error]));
        }
        let wishes: Vec<Preference> = wishes.into_values().collect();
        if !notifications::prefer(&services.pool, account, &wishes).await? {
            return Err(ApiError::NotFound("account"));
        }
        let now = preferences_of(services, account).await?;
        Ok(SetNotificationPreferencesPayload::written(mutation::Written::default(), Some(now)))
    }
}

async fn preferences_of(services: &Services, account: Uuid) -> Result<NotificationPreferences, ApiError> {
    let held = notifications::preferences(&services.pool, account).await?;
    let kinds = held.into_iter().map(|held| NotificationPreference {
        kind: held.kind.into(),
        in_app: held.in_app,
        mail: held.mail.into(),
    });
    Ok(NotificationPreferences {
        kinds: kinds.collect(),
        mail_configured: services.mail,
        has_mail_address: notifications::has_address(&services.pool, account).await?,
    })
}
