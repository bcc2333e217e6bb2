//! Finding tests: pages by filter, newest change first.
//!
//! A page costs what the page holds, however many tests there are: only the
//! conditions that were asked for are in the statement, and rows in force are
//! read through indexes of rows in force. Rows that a later position has
//! closed are few where the position asked for is near the newest.
//!
//! A text that many tests have soon turns up in the list itself, so of the tests
//! that are all else that was asked for the first [`LOOKED_AT`] are looked at.
//! Where those neither fill the page nor are all, the index of texts names the
//! tests that have it. Tests with a common text are counted no further.

use super::filter::TestFilter;
use super::read::TestRecord;
use super::texts::{Found, NAMED, Wanted, having};
use crate::fold::OPEN;
use sqlx::{FromRow, PgPool, Postgres, QueryBuilder, Row};

/// The columns of [`TestRecord`].
pub(super) const COLUMNS: &str = "test_id, number, technique_id, live_technique_id, attack_id, title, description, objective, \
     target_environment, platform, tags, assignee, due_on, state, round, version, detection_result, red_vote, red_voter, \
     blue_vote, blue_voter, paused, procedure, tool, classification, archived, archive_reason, origin, origin_id, \
     origin_number, remediation_id, campaign_id, created_by, created_at, updated_at, from_position";

/// Tests are counted up to this number: whoever has so many asks for something narrower.
pub const COUNTED_TO: i64 = 1_000;

/// How many tests are looked at for a text before its index is asked.
const LOOKED_AT: i64 = 1_500;

/// How many tests there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// So many, [`COUNTED_TO`] at most.
    pub number: i64,
    /// Whether that is all of them; if not, there are so many or more.
    pub exact: bool,
}

impl Counted {
    fn of(number: i64, exact: bool) -> Self {
        Self { number: number.min(COUNTED_TO), exact: exact && number < COUNTED_TO }
    }
}

/// A page of tests.
#[derive(Debug, Clone)]
pub struct TestPage {
    /// They.
    pub tests: Vec<TestRecord>,
    /// How many the list has, where that was asked.
    pub counted: Option<Counted>,
}

/// One page of tests, newest change first, after a given change (position and number); counted if wanted.
///
/// # Errors
/// The database failed.
pub async fn tests(
    pool: &PgPool,
    at: i64,
    filter: &TestFilter,
    after: Option<(i64, i64)>,
    limit: i64,
    counted: bool,
) -> Result<TestPage, sqlx::Error> {
    let list = List { pool, at, filter };
    if let Some(search) = &filter.search {
        return list.searched(&Wanted::new(search), after, limit, counted).await;
    }
    let tests = list.page(Text::Any, after, limit).await?;
    let counted = if counted { Some(list.count(Text::Any).await?) } else { None };
    Ok(TestPage { tests, counted })
}

/// What is known of a text.
#[derive(Clone, Copy)]
enum Text<'a> {
    /// There is none.
    Any,
    /// These tests have it; and the one of that number counts too.
    Of(&'a [String], Option<i64>),
    /// Tests that have it are to be looked for.
    In(&'a Wanted),
}

/// The tests that have a text, of the first [`LOOKED_AT`].
#[derive(FromRow)]
struct Near {
    /// How many.
    found: i64,
    /// The first of them.
    keys: Vec<String>,
    /// Whether there are no others.
    all: bool,
    /// How many tests there are of any kind, about.
    tests: i64,
}

impl Near {
    /// Whether a text that is as common among all tests as it is among these has too many to name them.
    fn is_common(&self) -> bool {
        self.found * self.tests > NAMED * LOOKED_AT
    }
}

const NEWEST_FIRST: &str = " order by from_position desc, number desc limit ";

struct List<'a> {
    pool: &'a PgPool,
    at: i64,
    filter: &'a TestFilter,
}

impl List<'_> {
    async fn page(
        &self,
        text: Text<'_>,
        after: Option<(i64, i64)>,
        limit: i64,
    ) -> Result<Vec<TestRecord>, sqlx::Error> {
        let mut query = QueryBuilder::new(format!("select {COLUMNS} from "));
        self.first(&mut query, COLUMNS, text, after, limit);
        query.push(NEWEST_FIRST).push_bind(limit);
        // Planned each time: a plan for any tag or any person would be one for common tags and busy people.
        query.build_query_as().persistent(false).fetch_all(self.pool).await
    }

    async fn searched(
        &self,
        wanted: &Wanted,
        after: Option<(i64, i64)>,
        limit: i64,
        counted: bool,
    ) -> Result<TestPage, sqlx::Error> {
        let near = self.near(wanted, after, limit).await?;
        let from_start = match after {
            Some(_) if counted => Some(self.near(wanted, None, 0).await?),
            _ => None,
        };
        let start = from_start.as_ref().unwrap_or(&near);
        let filled = near.all || i64::try_from(near.keys.len()).is_ok_and(|found| found == limit);
        let enough = !counted || start.all || start.is_common();
        // What is common goes on turning up in the list.
        let needed = !(filled || near.is_common()) || !enough;
        let found = if needed { Some(having(self.pool, self.at, wanted).await?) } else { None };
        let tests = match &found {
            _ if filled => self.page(Text::Of(&near.keys, None), after, limit).await?,
            Some(Found::Few(keys)) => self.page(Text::Of(keys, wanted.number), after, limit).await?,
            _ => self.page(Text::In(wanted), after, limit).await?,
        };
        let counted = match &found {
            _ if !counted => None,
            Some(Found::Few(keys)) if !enough => Some(self.count(Text::Of(keys, wanted.number)).await?),
            _ => Some(Counted::of(start.found, start.all)),
        };
        Ok(TestPage { tests, counted })
    }

    /// The tests with a text among the first of the list.
    async fn near(
        &self,
        wanted: &Wanted,
        after: Option<(i64, i64)>,
        limit: i64,
    ) -> Result<Near, sqlx::Error> {
        let mut query = QueryBuilder::new("with first as materialized (select * from ");
        self.first(&mut query, "row_key, number, from_position", Text::Any, after, LOOKED_AT + 1);
        query.push(NEWEST_FIRST).push_bind(LOOKED_AT + 1);
        query.push("), found as materialized (select row_key, from_position, number from first t where ");
        self.has(&mut query, wanted);
        query.push(") select (select count(*) from found) as found, array(select row_key from found");
        query
            .push(NEWEST_FIRST)
            .push_bind(limit)
            .push(") as keys, (select count(*) <= ")
            .push_bind(LOOKED_AT);
        query.push(format!(
            " from first) as all, (select coalesce(max(number), 0) from tests where to_position = {OPEN}) as tests"
        ));
        query.build_query_as().persistent(false).fetch_one(self.pool).await
    }

    async fn count(&self, text: Text<'_>) -> Result<Counted, sqlx::Error> {
        let mut query = QueryBuilder::new("select least(");
        query.push_bind(COUNTED_TO);
        for part in [Part::Standing, Part::Closed] {
            query.push(if matches!(part, Part::Standing) { ", " } else { " + " });
            query.push("(select count(*) from (select from tests t where ");
            self.conditions(&mut query, part, text);
            query.push(" limit ").push_bind(COUNTED_TO).push(") counted)");
        }
        query.push(")");
        let number = query.build_query_scalar().persistent(false).fetch_one(self.pool).await?;
        Ok(Counted::of(number, true))
    }

    /// Pushes the first tests of the list, and perhaps as many behind them.
    fn first(
        &self,
        query: &mut QueryBuilder<'_, Postgres>,
        columns: &str,
        text: Text<'_>,
        after: Option<(i64, i64)>,
        limit: i64,
    ) {
        query.push("(");
        for part in [Part::Standing, Part::Closed] {
            if matches!(part, Part::Closed) {
                query.push(" union all ");
            }
            query.push(format!("(select {columns} from tests t where "));
            self.conditions(query, part, text);
            if let Some((position, number)) = after {
                query.push(" and (from_position, number) < (").push_bind(position);
                query.push(", ").push_bind(number).push(")");
            }
            query.push(NEWEST_FIRST).push_bind(limit).push(")");
        }
        query.push(") listed");
    }

    /// Pushes whether a test has a text. Asked row by row in the order of the list, and not joined: the list ends
    /// with the page.
    fn has(&self, query: &mut QueryBuilder<'_, Postgres>, wanted: &Wanted) {
        let at = self.at;
        query.push("((select strpos(x.content, ").push_bind(wanted.text.clone());
        query.push(format!(
            ") > 0 from test_texts x
               where x.row_key = t.row_key and x.from_position <= {at} and x.to_position > {at})"
        ));
        or_number(query, wanted.number);
        query.push(")");
    }
}

/// Rows that are still in force, and rows that were at a position.
#[derive(Clone, Copy)]
enum Part {
    Standing,
    Closed,
}

impl List<'_> {
    fn conditions(&self, query: &mut QueryBuilder<'_, Postgres>, part: Part, text: Text<'_>) {
        let Self { at, filter, .. } = *self;
        // The bounds stand as numbers, so that the indexes of open rows are seen to fit.
        match part {
            Part::Standing => query.push(format!("to_position = {OPEN} and from_position <= {at}")),
            Part::Closed => {
                query.push(format!("to_position > {at} and to_position < {OPEN} and from_position <= {at}"))
            }
        };
        match part {
            Part::Standing => filter.standing(query),
            Part::Closed => filter.closed(query),
        }
        match text {
            Text::Any => {}
            Text::Of(keys, number) => {
                query.push(" and (row_key = any (").push_bind(keys.to_vec()).push(")");
                or_number(query, number);
                query.push(")");
            }
            Text::In(wanted) => {
                query.push(" and ");
                self.has(query, wanted);
            }
        }
    }
}

fn or_number(query: &mut QueryBuilder<'_, Postgres>, number: Option<i64>) {
    if let Some(number) = number {
        query.push(" or number = ").push_bind(number);
    }
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
