//! Filters that people keep for themselves. Nobody else sees them, and no event tells of them.

use crate::context::acting;
use crate::error::{ApiError, UserError};
use crate::mutation;
use crate::page::{global_id, local_id};
use aegis_aggregates::text;
use aegis_projections::saved_filters::{self, PER_ACCOUNT};
use async_graphql::{Context, ID, InputObject, Object};
use serde::Serialize;

/// Characters of a page's name and of a filter's name.
const NAME_CHARS: usize = 60;
/// Characters of a filter.
const QUERY_CHARS: usize = 2_000;

/// A filter that the signed-in person keeps.
pub struct SavedFilter(saved_filters::SavedFilter);

#[Object]
impl SavedFilter {
    async fn id(&self) -> ID {
        global_id("SavedFilter", self.0.filter_id)
    }
    /// The page it belongs to.
    async fn page(&self) -> &str {
        &self.0.page
    }
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// The query part of the page's address.
    async fn query(&self) -> &str {
        &self.0.query
    }
}

/// A filter to be kept; one of the same page and name is replaced.
#[derive(InputObject, Serialize)]
pub struct SaveFilterInput {
    page: String,
    name: String,
    query: String,
}

/// A filter to be forgotten.
#[derive(InputObject, Serialize)]
pub struct DeleteSavedFilterInput {
    id: ID,
}

mutation::payload!(
    /// The filter as it is kept.
    SaveFilterPayload { filter: Option<SavedFilter> }
);
mutation::payload!(
    /// The filters that are left.
    DeleteSavedFilterPayload { filters: Option<Vec<SavedFilter>> }
);

#[derive(Default)]
pub struct SavedFilterQuery;

#[Object]
impl SavedFilterQuery {
    /// The filters that the signed-in person keeps, by page and name: at most 100.
    #[graphql(complexity = "crate::page::list_weight(20, child_complexity)")]
    async fn saved_filters(&self, ctx: &Context<'_>) -> Result<Vec<SavedFilter>, ApiError> {
        let (services, actor) = acting(ctx)?;
        let kept = saved_filters::of_account(&services.pool, actor.account.0).await?;
        Ok(kept.into_iter().map(SavedFilter).collect())
    }
}

#[derive(Default)]
pub struct SavedFilterMutation;

#[Object]
impl SavedFilterMutation {
    /// Keeps a filter for the signed-in person.
    async fn save_filter(
        &self,
        ctx: &Context<'_>,
        input: SaveFilterInput,
    ) -> Result<SaveFilterPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let page = text::required("page", &input.page, NAME_CHARS);
        let name = text::required("name", &input.name, NAME_CHARS);
        let query = text::optional("query", &input.query, QUERY_CHARS);
        let (page, name, query) = match (page, name, query) {
            (Ok(page), Ok(name), Ok(query)) => (page, name, query),
            (page, name, query) => {
                let errors = [page.err(), name.err(), query.err()].into_iter().flatten();
                let errors = errors.map(|error| UserError::invalid(error.field(), error.to_string()));
                return Ok(SaveFilterPayload::refused(errors.collect()));
            }
        };
        let kept = saved_filters::save(&services.pool, actor.account.0, &page, &name, &query).await?;
        if kept.is_none() {
            let why = format!("you keep {PER_ACCOUNT} filters, the most one may keep; delete one first");
            return Ok(SaveFilterPayload::refused(vec![UserError::invalid("name", why)]));
        }
        Ok(SaveFilterPayload::written(mutation::Written::default(), kept.map(SavedFilter)))
    }

    /// Forgets a filter of the signed-in person.
    async fn delete_saved_filter(
        &self,
        ctx: &Context<'_>,
        input: DeleteSavedFilterInput,
    ) -> Result<DeleteSavedFilterPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let id = local_id(&input.id, "SavedFilter").and_then(|id| id.parse().ok());
        let id = id.ok_or(ApiError::NotFound("filter"))?;
        if !saved_filters::delete(&services.pool, actor.account.0, id).await? {
            return Err(ApiError::NotFound("filter"));
        }
        let left = saved_filters::of_account(&services.pool, actor.account.0).await?;
        let left = left.into_iter().map(SavedFilter).collect();
        Ok(DeleteSavedFilterPayload::written(mutation::Written::default(), Some(left)))
    }
}
