//! What people choose for themselves. It is theirs, can be erased, and no
//! event tells of it.

use super::{check_display_name, check_email};
use crate::context::{Viewer, acting};
use crate::error::{ApiError, UserError};
use crate::mutation::{self, Written};
use crate::noted::{Noted, note};
use crate::people::{Theme, User};
use aegis_projections::accounts::{self, ProfileChange};
use async_graphql::{Context, InputObject, MaybeUndefined, Object};
use chrono_tz::Tz;
use serde::Serialize;

/// What shall change of one's own profile; what is left out stays, null takes it away.
#[derive(InputObject, Serialize)]
pub struct UpdateProfileInput {
    display_name: MaybeUndefined<String>,
    email: MaybeUndefined<String>,
    /// IANA name, `Europe/Berlin`.
    time_zone: MaybeUndefined<String>,
    /// Null follows the system.
    theme: MaybeUndefined<Theme>,
}

mutation::payload!(
    /// The profile as it is now.
    UpdateProfilePayload { user: Option<User> }
);

#[derive(Default)]
pub struct ProfileMutation;

#[Object]
impl ProfileMutation {
    /// Changes one's own profile.
    async fn update_profile(
        &self,
        ctx: &Context<'_>,
        input: UpdateProfileInput,
    ) -> Result<UpdateProfilePayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let change = ProfileChange {
            display_name: wish(input.display_name),
            email: wish(input.email),
            time_zone: wish(input.time_zone),
            theme: match input.theme {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(None),
                MaybeUndefined::Value(theme) => Some(Some(theme.as_str().to_owned())),
            },
        };
        let mut errors = vec![];
        errors.extend(check_display_name(change.display_name.as_ref().and_then(Option::as_deref)));
        errors.extend(check_email(change.email.as_ref().and_then(Option::as_deref)));
        if let Some(Some(zone)) = &change.time_zone
            && zone.parse::<Tz>().is_err()
        {
            errors.push(UserError::invalid("timeZone", format!("there is no time zone '{}'", short(zone))));
        }
        if !errors.is_empty() {
            return Ok(UpdateProfilePayload::refused(errors));
        }
        if !accounts::change_profile(&services.pool, actor.account.0, &change).await? {
            return Err(ApiError::NotFound("account"));
        }
        let viewer = ctx.data_unchecked::<Viewer>();
        note(services, viewer, Noted::allowed("updateProfile").about("User", actor.account.0)).await?;
        let user = accounts::by_id(&services.pool, actor.account.0).await?.map(User);
        Ok(UpdateProfilePayload::written(Written::default(), user))
    }
}

/// What somebody wrote, trimmed; nothing written is nothing there.
fn wish(text: MaybeUndefined<String>) -> Option<Option<String>> {
    match text {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(text) => Some(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
    }
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}
