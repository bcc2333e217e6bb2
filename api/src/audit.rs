//! The audit log: everything that a person or a key did or tried, in one order of time. What changed something
//! is an event of the ledger; the rest stands in the access log.

mod entry;
pub mod export;

pub use entry::AuditEntry;

use crate::context::Services;
use crate::error::ApiError;
use crate::page::{Listed, MAX_PAGE, Page, Window, any_id, local_id, page, weight};
use aegis_projections::audit::{self, AuditFilter, COUNTED_TO, KINDS, Place, Source};
use async_graphql::{Context, Enum, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use std::time::Duration;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

/// How long a page waits for the index to show what the read models show.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often it asks meanwhile.
const ASK_EVERY: Duration = Duration::from_millis(50);
/// Characters of a text that is asked for at most.
const TEXT_CHARS: usize = 200;

/// Whether something was allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditOutcome {
    /// It was.
    Allowed,
    /// It was not, for whatever reason.
    Refused,
}

/// Where an entry of the audit log stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum AuditSource {
    /// In the ledger: something changed, and stays there for good.
    Ledger,
    /// In the access log: nothing changed, or it was refused.
    AccessLog,
}

/// Which entries are asked for; all conditions have to hold.
#[derive(Debug, Clone, Default, InputObject)]
pub struct AuditFilterInput {
    /// By whom: the id of an account.
    account: Option<ID>,
    /// About what kind of thing: `test`, `campaign`, `remediation`, `template`, `account`, `review_policy`, ...
    entity_type: Option<String>,
    /// About which one: its id, or with `entityType` the id that the record has of it.
    entity_id: Option<ID>,
    /// The type of an event, `VoteCast`, or what was tried, `sign_in`.
    action: Option<String>,
    outcome: Option<AuditOutcome>,
    /// Not before this instant.
    from: Option<DateTime<Utc>>,
    /// Before this instant.
    to: Option<DateTime<Utc>>,
}

impl AuditFilterInput {
    /// What is looked for.
    ///
    /// # Errors
    /// `INVALID_INPUT` says which part does not read.
    fn read(self) -> Result<AuditFilter, ApiError> {
        let wrong = |message: &str| ApiError::InvalidInput(message.to_owned());
        let account = match &self.account {
            Some(id) => {
                Some(account_of(id).ok_or_else(|| wrong("filter.account is not the id of an account."))?)
            }
            None => None,
        };
        for text in [&self.entity_type, &self.action].into_iter().flatten() {
            if text.chars().count() > TEXT_CHARS {
                return Err(wrong("A text of the filter is too long."));
            }
        }
        let mut filter = AuditFilter {
            account,
            entity_type: self.entity_type,
            action: self.action,
            allowed: self.outcome.map(|outcome| outcome == AuditOutcome::Allowed),
            from: self.from,
            to: self.to,
            ..AuditFilter::default()
        };
        if let Some(id) = self.entity_id {
            match (any_id(&id).and_then(|(kind, id)| Some((entity_type_of(&kind)?, id))), &filter.entity_type)
            {
                (Some((kind, _)), Some(asked)) if kind != asked => {
                    return Err(wrong("filter.entityId is of another kind than filter.entityType."));
                }
                (Some((kind, id)), _) => {
                    filter.entity_type = Some(kind.to_owned());
                    filter.entity = Some(id);
                }
                (None, Some(_)) if id.len() <= TEXT_CHARS => filter.entity = Some(id.to_string()),
                (None, _) => return Err(wrong("filter.entityId needs filter.entityType, or is no id.")),
            }
        }
        Ok(filter)
    }
}

fn account_of(id: &ID) -> Option<Uuid> {
    local_id(id, "User")?.parse().ok()
}

fn entity_type_of(kind: &str) -> Option<&'static str> {
    KINDS.iter().find(|(_, named)| *named == kind).map(|(recorded, _)| *recorded)
}

fn kind_of(entity_type: &str) -> Option<&'static str> {
    KINDS.iter().find(|(recorded, _)| *recorded == entity_type).map(|(_, named)| *named)
}

/// A cursor: time, source and number.
type Cursor = (i64, u8, i64);

fn place_of((at_us, source, number): Cursor) -> Place {
    let source = if source == 0 { Source::Access } else { Source::Ledger };
    Place { at_us, source, number }
}

fn cursor_of(Place { at_us, source, number }: Place) -> Cursor {
    (at_us, u8::from(source == Source::Ledger), number)
}

#[derive(Default)]
pub struct AuditQuery;

#[Object]
impl AuditQuery {
    /// What people, keys and Aegis itself did and tried, newest first. What was done in the last moments may
    /// follow a moment later.
    #[graphql(complexity = "weight(first, child_complexity)")]
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        filter: Option<AuditFilterInput>,
    ) -> Result<Page<AuditEntry>, ApiError> {
        listed(ctx, filter.unwrap_or_default().read()?, first, after).await
    }

    /// What an account did, and what was done to it, newest first.
    #[graphql(complexity = "weight(first, child_complexity)")]
    async fn account_timeline(
        &self,
        ctx: &Context<'_>,
        id: ID,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Page<AuditEntry>, ApiError> {
        let concerning = Some(account_of(&id).ok_or(ApiError::NotFound("account"))?);
        listed(ctx, AuditFilter { concerning, ..AuditFilter::default() }, first, after).await
    }
}

async fn listed(
    ctx: &Context<'_>,
    filter: AuditFilter,
    first: Option<i32>,
    after: Option<String>,
) -> Result<Page<AuditEntry>, ApiError> {
    let services = ctx.data_unchecked::<Services>();
    let window = Window::<Cursor>::parse(first, after, MAX_PAGE)?;
    let position = caught_up(services).await?;
    let before = window.after.map(place_of);
    let found = audit::entries(&services.pool, &filter, before, window.limit()).await?;
    let counted = match ctx.look_ahead().field("totalCount").exists()
        || ctx.look_ahead().field("totalIsExact").exists()
    {
        true => audit::count(&services.pool, &filter).await?,
        false => 0,
    };
    let listed = Listed { total_count: counted, total_is_exact: counted < COUNTED_TO, position };
    page(&window, found.into_iter().map(AuditEntry::new).collect(), listed, |entry| cursor_of(entry.place()))
}

/// How far the index is, once it is where the read models are; or where it is when that takes too long.
///
/// # Errors
/// The database failed.
async fn caught_up(services: &Services) -> Result<i64, ApiError> {
    let due = services.tide.position();
    let deadline = Instant::now() + PATIENCE;
    loop {
        let head = audit::head(&services.pool).await?;
        if head >= due || Instant::now() >= deadline {
            return Ok(head);
        }
        sleep(ASK_EVERY).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::global_id;

    #[test]
    fn a_thing_is_named_by_its_id_or_by_kind_and_what_the_record_has() {
        let read = |entity_type: Option<&str>, entity_id: ID| {
            let entity_type = entity_type.map(str::to_owned);
            AuditFilterInput { entity_type, entity_id: Some(entity_id), ..AuditFilterInput::default() }.read()
        };
        let test = read(None, global_id("Test", 7)).expect("a test");
        assert_eq!((test.entity_type.as_deref(), test.entity.as_deref()), (Some("test"), Some("7")));
        let source = read(Some("knowledge"), "enterprise-attack".into()).expect("a source");
        assert_eq!(source.entity.as_deref(), Some("enterprise-attack"));
        assert!(read(Some("campaign"), global_id("Test", 7)).is_err());
        assert!(read(None, "enterprise-attack".into()).is_err());
        let wrong = AuditFilterInput { account: Some("x".into()), ..AuditFilterInput::default() };
        assert!(wrong.read().is_err());
    }

    #[test]
    fn a_cursor_is_a_place() {
        for source in [Source::Access, Source::Ledger] {
            let place = Place { at_us: 5, source, number: 7 };
            assert_eq!(place_of(cursor_of(place)), place);
        }
    }
}
