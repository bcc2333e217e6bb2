//! What a mutation leaves behind, so that none passes without a trace: an event where something changed in the
//! ledger, an entry in the access log where it was refused, by whatever rule, or changed something else.

use crate::error::UserErrorCode;
use async_graphql::parser::types::Field;
use async_graphql::{ID, Value, Variables};
use std::cell::Cell;
use uuid::Uuid;

tokio::task_local! {
    static CURRENT: Trail;
}

/// What is known of the mutation that runs now.
#[derive(Debug, Default)]
pub(crate) struct Trail {
    recorded: Cell<bool>,
    noted: Cell<bool>,
    unchanged: Cell<bool>,
    refusals: Cell<u32>,
    why: Cell<Option<UserErrorCode>>,
}

/// What is still to be written down of a mutation that answered without an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    /// Nothing: an event or an entry tells of it.
    Nothing,
    /// It was carried out, and nothing tells of it.
    Done,
    /// There was nothing to do: it is so already, or was done when the same came before.
    Unchanged,
    /// So many parts of it were refused, the first for this reason.
    Refused(UserErrorCode, u32),
}

impl Trail {
    fn left(&self) -> Left {
        match self.why.get() {
            _ if self.noted.get() => Left::Nothing,
            Some(why) => Left::Refused(why, self.refusals.get()),
            None if self.recorded.get() => Left::Nothing,
            None if self.unchanged.get() => Left::Unchanged,
            None => Left::Done,
        }
    }
}

/// Runs a mutation; what it answers, and what is still to be written down of it.
pub(crate) async fn of<T>(mutation: impl Future<Output = T>) -> (T, Left) {
    let trail = Trail::default();
    CURRENT.scope(trail, async { (mutation.await, CURRENT.with(Trail::left)) }).await
}

/// An event was written for the mutation that runs.
pub(crate) fn recorded() {
    let _ = CURRENT.try_with(|trail| trail.recorded.set(true));
}

/// An entry of the access log was written for it.
pub(crate) fn noted() {
    let _ = CURRENT.try_with(|trail| trail.noted.set(true));
}

/// There was nothing to do for it.
pub(crate) fn unchanged() {
    let _ = CURRENT.try_with(|trail| trail.unchanged.set(true));
}

/// It, or a part of it, was refused.
pub(crate) fn refused(why: UserErrorCode) {
    let _ = CURRENT.try_with(|trail| {
        trail.refusals.set(trail.refusals.get() + 1);
        trail.why.set(trail.why.get().or(Some(why)));
    });
}

/// Fields of an input that name what the mutation is about, the nearest first.
const SUBJECTS: &[&str] = &["id", "testId", "subjectId", "templateId", "userId"];

/// What a root field is about, as far as its input says: kind and id, as the access log has them.
pub(crate) fn subject_of(field: &Field, variables: &Variables) -> Option<(String, Uuid)> {
    let input = field.get_argument("input")?.node.clone();
    let input = input.into_const_with(|name| variables.get(&name).cloned().ok_or(())).ok()?;
    let Value::Object(input) = input else { return None };
    SUBJECTS.iter().find_map(|name| {
        let Value::String(id) = input.get(*name)? else { return None };
        let (kind, id) = crate::page::any_id(&ID(id.clone()))?;
        // Whatever is sent for an id; a kind is a short name.
        let named = kind.len() <= KIND_CHARS && kind.chars().all(|c| c.is_ascii_alphabetic());
        named.then_some((kind, id.parse().ok()?))
    })
}

/// Characters of the name of a kind.
const KIND_CHARS: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::parse_query;
    use serde_json::json;

    #[tokio::test]
    async fn what_is_left_to_write_down_is_what_nothing_tells_of() {
        assert_eq!(of(async {}).await.1, Left::Done);
        assert_eq!(of(async { recorded() }).await.1, Left::Nothing);
        assert_eq!(of(async { unchanged() }).await.1, Left::Unchanged);
        let some = async {
            unchanged();
            recorded();
        };
        assert_eq!(of(some).await.1, Left::Nothing, "some of many changed");
        assert_eq!(of(async { noted() }).await.1, Left::Nothing);
        let twice = async {
            refused(UserErrorCode::InvalidState);
            refused(UserErrorCode::Conflict);
        };
        assert_eq!(of(twice).await.1, Left::Refused(UserErrorCode::InvalidState, 2));
        // Of many, some were done and others refused.
        let mixed = async {
            recorded();
            refused(UserErrorCode::Conflict);
        };
        assert_eq!(of(mixed).await.1, Left::Refused(UserErrorCode::Conflict, 1));
        let told = async {
            refused(UserErrorCode::InvalidInput);
            noted();
        };
        assert_eq!(of(told).await.1, Left::Nothing);
        // Outside of any mutation there is nothing to keep.
        refused(UserErrorCode::Conflict);
    }

    #[test]
    fn an_input_says_what_it_is_about_by_variable_and_in_place() {
        let test = Uuid::from_u128(7);
        let id = crate::page::global_id("Test", test);
        let subject = |query: &str, variables: serde_json::Value| {
            let document = parse_query(query).expect("a query");
            let (_, operation) = document.operations.iter().next().expect("an operation");
            let selection = &operation.node.selection_set.node.items[0].node;
            let async_graphql::parser::types::Selection::Field(field) = selection else { panic!("a field") };
            subject_of(&field.node, &Variables::from_json(variables))
        };
        let due = Some(("Test".to_owned(), test));
        assert_eq!(
            subject("mutation ($input: A!) { a(input: $input) }", json!({ "input": { "id": id.as_str() } })),
            due
        );
        assert_eq!(
            subject(&format!("mutation {{ a(input: {{ testId: \"{}\" }}) }}", id.as_str()), json!({})),
            due
        );
        assert_eq!(
            subject("mutation ($id: ID!) { a(input: { subjectId: $id }) }", json!({ "id": id.as_str() })),
            due
        );
        for nothing in [json!({ "input": { "id": "x" } }), json!({ "input": {} }), json!({})] {
            assert_eq!(subject("mutation ($input: A!) { a(input: $input) }", nothing), None);
        }
        let long = crate::page::global_id(&"K".repeat(41), test);
        assert_eq!(
            subject("mutation ($i: A!) { a(input: $i) }", json!({ "i": { "id": long.as_str() } })),
            None
        );
    }
}
