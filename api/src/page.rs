//! Relay connections: pages of at most so many nodes, with opaque cursors.

use crate::error::ApiError;
use async_graphql::connection::{Connection, Edge, EmptyFields};
use async_graphql::{ObjectType, OutputType, SimpleObject};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;

/// Nodes of one page at most.
pub const MAX_PAGE: i32 = 100;
/// Techniques of one page at most: a whole matrix.
pub const MAX_TECHNIQUES: i32 = 1_000;
/// Nodes of a page nobody asked a size for.
const DEFAULT_PAGE: i32 = 50;

/// What every connection says beside its nodes.
#[derive(SimpleObject)]
pub struct Listed {
    /// How many there are in all; see `totalIsExact`.
    pub total_count: i64,
    /// Whether `totalCount` is all of them. If not, there are at least so many: tests are counted to 1,000, and
    /// those with a common text in some of the newest that meet the rest of the filter.
    pub total_is_exact: bool,
    /// The ledger position the list was read at.
    pub position: i64,
}

impl Listed {
    /// All of them were counted.
    pub fn all(total_count: i64, position: i64) -> Self {
        Self { total_count, total_is_exact: true, position }
    }
}

/// A page and what is known about the rest.
pub type Page<T> = Connection<String, T, Listed, EmptyFields>;

/// What of a list is asked for.
pub struct Window<C> {
    /// How many nodes.
    pub first: i64,
    /// After which.
    pub after: Option<C>,
}

impl<C: DeserializeOwned> Window<C> {
    /// Reads `first` and `after`.
    ///
    /// # Errors
    /// `LIMIT_EXCEEDED` for too large a page, `INVALID_INPUT` for a foreign cursor.
    pub fn parse(first: Option<i32>, after: Option<String>, max: i32) -> Result<Self, ApiError> {
        let first = first.unwrap_or(DEFAULT_PAGE.min(max));
        if first < 0 {
            return Err(ApiError::InvalidInput("first must not be negative.".to_owned()));
        }
        if first > max {
            return Err(ApiError::LimitExceeded(format!("first must be at most {max}.")));
        }
        let after = after.map(|cursor| read_cursor(&cursor)).transpose()?;
        Ok(Self { first: i64::from(first), after })
    }

    /// How many to read so that it shows whether there are more.
    pub fn limit(&self) -> i64 {
        self.first + 1
    }
}

fn read_cursor<C: DeserializeOwned>(cursor: &str) -> Result<C, ApiError> {
    let foreign = || ApiError::InvalidInput("after is not a cursor of this list.".to_owned());
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| foreign())?;
    serde_json::from_slice(&bytes).map_err(|_| foreign())
}

/// Builds a page out of at most `window.limit()` nodes.
///
/// # Errors
/// A cursor does not serialise.
pub fn page<T: OutputType, C: Serialize + DeserializeOwned, L: ObjectType>(
    window: &Window<C>,
    nodes: Vec<T>,
    listed: L,
    cursor: impl Fn(&T) -> C,
) -> Result<Connection<String, T, L, EmptyFields>, ApiError> {
    let first = usize::try_from(window.first).unwrap_or(0);
    let mut page = Connection::with_additional_fields(window.after.is_some(), nodes.len() > first, listed);
    for node in nodes.into_iter().take(first) {
        let cursor =
            serde_json::to_vec(&cursor(&node)).map_err(|error| ApiError::Internal(Box::new(error)))?;
        page.edges.push(Edge::new(URL_SAFE_NO_PAD.encode(cursor), node));
    }
    Ok(page)
}

/// What a connection weighs by itself: a query of its own, however few nodes it gives.
const CONNECTION_WEIGHT: usize = 20;

/// What a page of nodes weighs against the limit on complexity, whatever size was asked for.
pub fn weight(first: Option<i32>, child_complexity: usize) -> usize {
    let nodes = first.unwrap_or(DEFAULT_PAGE).clamp(1, MAX_TECHNIQUES);
    usize::try_from(nodes).unwrap_or(1).saturating_mul(child_complexity) / 4 + CONNECTION_WEIGHT
}

/// What a nested list without pages weighs: as many nodes as the longer ones of a release of ATT&CK have, and
/// a query of its own. Lists within lists multiply, so this must not be less than they give.
pub fn list_weight(nodes: usize, child_complexity: usize) -> usize {
    nodes.saturating_mul(child_complexity).saturating_add(CONNECTION_WEIGHT)
}

/// What a loader is asked for, by the position it is read at.
pub fn by_position<K: Clone>(keys: &[(K, i64)]) -> HashMap<i64, Vec<K>> {
    let mut alike: HashMap<i64, Vec<K>> = HashMap::new();
    for (key, at) in keys {
        alike.entry(*at).or_default().push(key.clone());
    }
    alike
}

/// An opaque id: what kind of thing, and which.
pub fn global_id(kind: &str, id: impl std::fmt::Display) -> async_graphql::ID {
    URL_SAFE_NO_PAD.encode(format!("{kind}:{id}")).into()
}

/// Reads an opaque id of a known kind; `None` for any other text.
pub fn local_id(id: &async_graphql::ID, kind: &str) -> Option<String> {
    let (found, local) = any_id(id)?;
    (found == kind).then_some(local)
}

/// Reads an opaque id of any kind.
pub fn any_id(id: &async_graphql::ID) -> Option<(String, String)> {
    let bytes = URL_SAFE_NO_PAD.decode(id.as_str()).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (kind, local) = text.split_once(':')?;
    Some((kind.to_owned(), local.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_a_limit() {
        assert!(matches!(Window::<i64>::parse(Some(101), None, MAX_PAGE), Err(ApiError::LimitExceeded(_))));
        assert!(matches!(Window::<i64>::parse(Some(-1), None, MAX_PAGE), Err(ApiError::InvalidInput(_))));
        assert!(matches!(
            Window::<i64>::parse(None, Some("nonsense".into()), MAX_PAGE),
            Err(ApiError::InvalidInput(_))
        ));
        assert_eq!(Window::<i64>::parse(None, None, MAX_PAGE).map(|window| window.first).ok(), Some(50));
    }

    #[test]
    fn ids_keep_kinds_apart() {
        let id = global_id("Test", 7);
        assert_eq!(local_id(&id, "Test").as_deref(), Some("7"));
        assert_eq!(local_id(&id, "Job"), None);
        assert_eq!(local_id(&"x".into(), "Test"), None);
    }
}
