//! Which tests a list is about.

use super::sides_of;
use super::words::{Classification, TestState};
use crate::error::ApiError;
use crate::page::local_id;
use crate::permissions::{self, Kind};
use aegis_aggregates::actor::{Actor, Role};
use aegis_aggregates::test as domain;
use aegis_projections::tests::{self, Awaiting};
use async_graphql::{ID, InputObject};
use chrono::Utc;

/// Which tests a list is about; absent means any.
#[derive(InputObject, Default)]
pub struct TestFilter {
    states: Option<Vec<TestState>>,
    /// Of the technique it was drafted on.
    attack_id: Option<String>,
    /// Part of title, description or ATT&CK id; or a number, `#42`.
    search: Option<String>,
    assignee_id: Option<ID>,
    created_by_id: Option<ID>,
    tag: Option<String>,
    classification: Option<Classification>,
    /// Only tests that wait for something the signed-in person's role does, or whose approval by this
    /// person the other lead disputes.
    awaiting_me: Option<bool>,
    /// Past their due date (UTC) and not validated.
    overdue: Option<bool>,
    /// Those that were put away, instead of all others.
    archived: Option<bool>,
    /// Those made from this template.
    template_id: Option<ID>,
    /// The retests of this test.
    retest_of_id: Option<ID>,
}

impl TestFilter {
    pub(super) fn into_domain(self, actor: Actor) -> Result<tests::TestFilter, ApiError> {
        let account =
            |id: Option<ID>| id.map(|id| crate::accounts::account_of(&id).map(|id| id.0)).transpose();
        Ok(tests::TestFilter {
            states: self.states.map(|states| {
                states.into_iter().map(|state| domain::TestState::from(state).as_str().to_owned()).collect()
            }),
            attack_id: self.attack_id.map(|id| id.trim().to_uppercase()),
            search: self.search.filter(|search| !search.trim().is_empty()),
            assignee: account(self.assignee_id)?,
            created_by: account(self.created_by_id)?,
            tag: self.tag,
            classification: self
                .classification
                .map(|label| domain::Classification::from(label).as_str().to_owned()),
            archived: Some(self.archived.unwrap_or(false)),
            due_before: self.overdue.unwrap_or(false).then(|| Utc::now().date_naive()),
            origin: origin(self.template_id, self.retest_of_id)?,
            awaiting: self.awaiting_me.unwrap_or(false).then(|| awaiting(actor)),
        })
    }
}

fn origin(template: Option<ID>, original: Option<ID>) -> Result<Option<(String, uuid::Uuid)>, ApiError> {
    let (kind, id, of) = match (template, original) {
        (None, None) => return Ok(None),
        (Some(id), None) => ("TestTemplate", id, "template"),
        (None, Some(id)) => ("Test", id, "retest"),
        (Some(_), Some(_)) => {
            return Err(ApiError::InvalidInput("Give either templateId or retestOfId.".to_owned()));
        }
    };
    let local = local_id(&id, kind).and_then(|id| id.parse().ok());
    local.map(|id| Some((of.to_owned(), id))).ok_or(ApiError::NotFound("test or template"))
}

/// What waits for somebody: what the permission table lets the role do in each state.
fn awaiting(actor: Actor) -> Awaiting {
    let Actor { account, role } = actor;
    let may = |name| {
        permissions::find(Kind::Mutation, name)
            .is_some_and(|row| row.allows(permissions::Asker::Person(role)))
    };
    let judges = |side| sides_of(actor).contains(&side);
    Awaiting {
        red_work: may("startExecution"),
        blue_work: may("recordDetection"),
        red_vote: judges(domain::Side::Red),
        blue_vote: judges(domain::Side::Blue),
        reopen: may("reopenTest"),
        disputed_vote_of: matches!(role, Role::Admin | Role::RedLead | Role::BlueLead).then_some(account.0),
    }
}
