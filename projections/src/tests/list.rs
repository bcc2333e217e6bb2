//! Finding tests: pages by filter, newest change first.
//!
//! A page costs what the page holds, however many tests there are: only the
//! conditions that were asked for are in the statement, and rows in force are
//! read through indexes of rows in force. Rows that a later position has
//! closed are few where the position asked for is near the newest.

use super::read::TestRecord;
use super::texts::{Found, having};
use crate::fold::OPEN;
use chrono::NaiveDate;
use sqlx::{FromRow, PgPool, Postgres, QueryBuilder, Row};
use uuid::Uuid;

/// The columns of [`TestRecord`].
pub(super) const COLUMNS: &str = "test_id, number, technique_id, live_technique_id, attack_id, title, description, objective, \
     target_environment, platform, tags, assignee, due_on, state, round, version, detection_result, red_vote, red_voter, \
     blue_vote, blue_voter, paused, procedure, tool, classification, archived, archive_reason, origin, origin_id, \
     origin_number, remediation_id, campaign_id, created_by, created_at, updated_at, from_position";

/// Tests are counted up to this number: whoever has so many asks for something narrower.
pub const COUNTED_TO: i64 = 1_000;

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
    /// A tag.
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

/// One page of tests, newest change first, after a given change (position and number).
///
/// # Errors
/// The database failed.
pub async fn tests(
    pool: &PgPool,
    at: i64,
    filter: &TestFilter,
    after: Option<(i64, i64)>,
    limit: i64,
) -> Result<Vec<TestRecord>, sqlx::Error> {
    let text = text(pool, at, filter).await?;
    let mut query = QueryBuilder::new(format!("select {COLUMNS} from ("));
    for part in [Part::Standing, Part::Closed] {
        if matches!(part, Part::Closed) {
            query.push(" union all ");
        }
        query.push(format!("(select {COLUMNS} from tests t where "));
        conditions(&mut query, part, at, filter, text.as_ref().map(|text| (text, Use::Page)));
        if let Some((position, number)) = after {
            query.push(" and (from_position, number) < (").push_bind(position);
            query.push(", ").push_bind(number).push(")");
        }
        query.push(" order by from_position desc, number desc limit ").push_bind(limit).push(")");
    }
    query.push(") listed order by from_position desc, number desc limit ").push_bind(limit);
    // Planned each time: a plan for any tag or any person would be one for common tags and busy people.
    query.build_query_as().persistent(false).fetch_all(pool).await
}

/// How many tests there are, counted to [`COUNTED_TO`].
///
/// # Errors
/// The database failed.
pub async fn count(pool: &PgPool, at: i64, filter: &TestFilter) -> Result<i64, sqlx::Error> {
    let text = text(pool, at, filter).await?;
    let mut query = QueryBuilder::new("select least(");
    query.push_bind(COUNTED_TO);
    for part in [Part::Standing, Part::Closed] {
        query.push(if matches!(part, Part::Standing) { ", " } else { " + " });
        query.push("(select count(*) from (select from tests t where ");
        conditions(&mut query, part, at, filter, text.as_ref().map(|text| (text, Use::Count)));
        query.push(" limit ").push_bind(COUNTED_TO).push(") counted)");
    }
    query.push(")");
    query.build_query_scalar().persistent(false).fetch_one(pool).await
}

async fn text(pool: &PgPool, at: i64, filter: &TestFilter) -> Result<Option<Found>, sqlx::Error> {
    match &filter.search {
        Some(search) => having(pool, at, search).await.map(Some),
        None => Ok(None),
    }
}

/// Rows that are still in force, and rows that were at a position.
#[derive(Clone, Copy)]
enum Part {
    Standing,
    Closed,
}

/// What rows are read for.
#[derive(Clone, Copy)]
enum Use {
    Page,
    Count,
}

fn conditions(
    query: &mut QueryBuilder<'_, Postgres>,
    part: Part,
    at: i64,
    filter: &TestFilter,
    text: Option<(&Found, Use)>,
) {
    // The bounds stand as numbers, so that the indexes of open rows are seen to fit.
    match part {
        Part::Standing => query.push(format!("to_position = {OPEN} and from_position <= {at}")),
        Part::Closed => {
            query.push(format!("to_position > {at} and to_position < {OPEN} and from_position <= {at}"))
        }
    };
    if let Some(states) = &filter.states {
        query.push(" and state = any (").push_bind(states.clone()).push(")");
    }
    if let Some(attack_id) = &filter.attack_id {
        query.push(" and attack_id = ").push_bind(attack_id.clone());
    }
    if let Some((search, text)) = filter.search.as_ref().zip(text) {
        let standing = format!("x.from_position <= {at} and x.to_position > {at}");
        match text {
            (Found::Few(keys), _) => query.push(" and (row_key = any (").push_bind(keys.clone()).push(")"),
            // Asked for each row in the order of the list, and not joined: the list ends with the page.
            (Found::Many { text, .. }, Use::Page) => query
                .push(" and ((select strpos(x.content, ")
                .push_bind(text.clone())
                .push(format!(") > 0 from test_texts x where x.row_key = t.row_key and {standing})")),
            (Found::Many { text, pieces }, Use::Count) => query
                .push(" and (row_key in (select row_key from test_texts x where x.pieces @> ")
                .push_bind(pieces.clone())
                .push(" and strpos(x.content, ")
                .push_bind(text.clone())
                .push(format!(") > 0 and {standing})")),
        };
        if let Ok(number) = search.trim().trim_start_matches('#').parse::<i64>() {
            query.push(" or number = ").push_bind(number);
        }
        query.push(")");
    }
    if let Some(assignee) = filter.assignee {
        query.push(" and assignee = ").push_bind(assignee);
    }
    if let Some(created_by) = filter.created_by {
        query.push(" and created_by = ").push_bind(created_by);
    }
    if let Some(tag) = &filter.tag {
        query.push(" and tags @> array[").push_bind(tag.clone()).push("]");
    }
    if let Some(classification) = &filter.classification {
        query.push(" and classification = ").push_bind(classification.clone());
    }
    if let Some(archived) = filter.archived {
        query.push(if archived { " and archived" } else { " and not archived" });
    }
    if let Some(day) = filter.due_before {
        query.push(" and state <> 'validated' and not archived and due_on < ").push_bind(day);
    }
    if let Some((origin, id)) = &filter.origin {
        query.push(" and origin = ").push_bind(origin.clone()).push(" and origin_id = ").push_bind(*id);
    }
    if let Some(awaiting) = filter.awaiting {
        waiting(query, awaiting);
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

/// The tests that count for techniques (STIX ids): by technique, newest change first, of each at most
/// `limit` after a given change. With each comes how many its technique has in all.
///
/// # Errors
/// The database failed.
pub async fn tests_of_techniques(
    pool: &PgPool,
    at: i64,
    techniques: &[String],
    after: Option<(i64, i64)>,
    limit: i64,
) -> Result<Vec<(TestRecord, i64)>, sqlx::Error> {
    let (after_position, after_number) = after.unzip();
    let rows = sqlx::query(&format!(
        "select {COLUMNS}, total
         from (select listed.*, row_number() over (partition by live_technique_id
                                                   order by from_position desc, number desc) as place
               from (select t.*, count(*) over (partition by t.live_technique_id) as total from tests t
                     where t.from_position <= $1 and t.to_position > $1 and t.live_technique_id = any ($2)
                       and not t.archived) listed
               where $3::int8 is null or (from_position, number) < ($3, $4)) placed
         where place <= $5
         order by live_technique_id, place"
    ))
    .bind(at)
    .bind(techniques)
    .bind(after_position)
    .bind(after_number)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.iter().map(|row| Ok((TestRecord::from_row(row)?, row.try_get("total")?))).collect()
}
