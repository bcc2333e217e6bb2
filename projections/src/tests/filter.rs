//! What a list of tests is asked for, and the conditions that follow.

use chrono::NaiveDate;
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

/// All of a test that is asked for by equality, as the index has it (migration 20261128000081). What is no tag begins
/// with a space, which no tag does.
const FACETS: &str = "(tags || array[' state ' || state, ' label ' || classification, ' on ' || attack_id, \
     ' by ' || created_by::text, ' for ' || assignee::text])";

/// Which tests a list is about; absent means any.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct TestFilter {
    /// States as stored.
    pub states: Option<Vec<String>>,
    /// The ATT&CK id a test was drafted on.
    pub attack_id: Option<String>,
    /// A part of the title, the description or the ATT&CK id, large letters being as good as small ones; or
    /// the number of a test, `#42`.
    pub search: Option<String>,
    /// Who should act next.
    pub assignee: Option<Uuid>,
    /// Who wrote it down.
    pub created_by: Option<Uuid>,
    /// A tag; space around it does not count.
    pub tag: Option<String>,
    /// How confidential, as stored.
    pub classification: Option<String>,
    /// Whether it was put away.
    pub archived: Option<bool>,
    /// Due before this day, and neither validated nor put away.
    pub due_before: Option<NaiveDate>,
    /// Made from that: `template`, `clone`, `retest` or `campaign`, and which.
    pub origin: Option<(String, Uuid)>,
    /// What waits for somebody.
    pub awaiting: Option<Awaiting>,
}

/// What a person could do next, by role.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Awaiting {
    /// Start or go on attacking.
    pub red_work: bool,
    /// Evaluate.
    pub blue_work: bool,
    /// Judge the red side.
    pub red_vote: bool,
    /// Judge the blue side.
    pub blue_vote: bool,
    /// Reopen a rejected test.
    pub reopen: bool,
    /// Think over the own approval that the other lead disputes.
    pub disputed_vote_of: Option<Uuid>,
}

impl TestFilter {
    /// Pushes the conditions of rows in force, but for the text.
    pub(super) fn standing(&self, query: &mut QueryBuilder<'_, Postgres>) {
        let facets = self.facets();
        // Of one state, assignee or label, an index has the order of the list; anything else is looked up together.
        let rarer = self.tag.is_some() || self.attack_id.is_some() || self.created_by.is_some();
        if rarer || facets.len() > 1 {
            query.push(format!(" and {FACETS} @> ")).push_bind(facets);
        } else {
            self.equal(query);
        }
        self.others(query);
    }

    /// Pushes the conditions of rows that are not in force any more, but for the text.
    pub(super) fn closed(&self, query: &mut QueryBuilder<'_, Postgres>) {
        self.equal(query);
        self.others(query);
    }

    /// What is asked for by equality, as [`FACETS`] has it.
    fn facets(&self) -> Vec<String> {
        let state = self.states.as_deref().and_then(|states| match states {
            [state] => Some(format!(" state {state}")),
            _ => None,
        });
        let facets = [
            self.tag.as_ref().map(|tag| tag.trim().to_owned()),
            state,
            self.classification.as_ref().map(|label| format!(" label {label}")),
            self.attack_id.as_ref().map(|id| format!(" on {id}")),
            self.created_by.map(|by| format!(" by {by}")),
            self.assignee.map(|assignee| format!(" for {assignee}")),
        ];
        facets.into_iter().flatten().collect()
    }

    /// Pushes what is asked for by equality, one condition for each.
    fn equal(&self, query: &mut QueryBuilder<'_, Postgres>) {
        if let Some([state]) = self.states.as_deref() {
            query.push(" and state = ").push_bind(state.clone());
        }
        if let Some(attack_id) = &self.attack_id {
            query.push(" and attack_id = ").push_bind(attack_id.clone());
        }
        if let Some(assignee) = self.assignee {
            query.push(" and assignee = ").push_bind(assignee);
        }
        if let Some(created_by) = self.created_by {
            query.push(" and created_by = ").push_bind(created_by);
        }
        if let Some(tag) = &self.tag {
            query.push(" and tags @> array[").push_bind(tag.trim().to_owned()).push("]");
        }
        if let Some(classification) = &self.classification {
            query.push(" and classification = ").push_bind(classification.clone());
        }
    }

    /// Pushes what is not.
    fn others(&self, query: &mut QueryBuilder<'_, Postgres>) {
        if let Some(states) = self.states.as_ref().filter(|states| states.len() != 1) {
            query.push(" and state = any (").push_bind(states.clone()).push(")");
        }
        if let Some(archived) = self.archived {
            query.push(if archived { " and archived" } else { " and not archived" });
        }
        if let Some(day) = self.due_before {
            query.push(" and state <> 'validated' and not archived and due_on < ").push_bind(day);
        }
        if let Some((origin, id)) = &self.origin {
            query.push(" and origin = ").push_bind(origin.clone()).push(" and origin_id = ").push_bind(*id);
        }
        if let Some(awaiting) = self.awaiting {
            waiting(query, awaiting);
        }
    }
}

fn waiting(query: &mut QueryBuilder<'_, Postgres>, awaiting: Awaiting) {
    let wishes = [
        (awaiting.red_work, "state in ('draft', 'red_executing')"),
        (awaiting.blue_work, "state = 'blue_evaluating'"),
        (awaiting.red_vote, "state = 'in_review' and red_vote is null"),
        (awaiting.blue_vote, "state = 'in_review' and blue_vote is null"),
        (awaiting.reopen, "state = 'rejected'"),
    ];
    query.push(" and not archived and (false");
    for (_, condition) in wishes.iter().filter(|(wished, _)| *wished) {
        query.push(format!(" or {condition}"));
    }
    if let Some(voter) = awaiting.disputed_vote_of {
        for side in ["red", "blue"] {
            query.push(format!(" or state = 'disputed' and {side}_vote = 'approved' and {side}_voter = "));
            query.push_bind(voter);
        }
    }
    query.push(")");
}
