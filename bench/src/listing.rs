//! Listing: the query of the page of tests over every filter, on the first,
//! a middle and the last page, with many tests in the store against few.

mod cases;

use crate::cluster::Cluster;
use crate::history::subjects;
use crate::house::House;
use crate::report::{Figure, Rounds, Target, Unit, percentile};
use crate::site::Site;
use crate::stock::Stock;
use crate::{Settings, record, say};
use aegis_aggregates::actor::Role;
use aegis_projections::runner;
use aegis_relay::Relay;
use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cases::Case;
use serde_json::{Value, json};
use std::hint::black_box;
use std::time::Instant;

/// What the page of tests asks for (`web/src/features/tests/operations.ts`).
const FIELDS: &str = "pageInfo { hasNextPage endCursor }
  nodes { id number title state round tags dueDate updatedAt detectionResult pendingVotes paused archived
    classification draftedAttackId technique { attackId name } assignee { name } }";
/// Nodes of a page, as the page asks for them.
const PAGE: i64 = 50;
/// The smaller store.
const FEW: usize = 1_000;
/// Asked one after another, per case, size and round.
const REQUESTS: usize = 20;
/// The slowest cases have rows of their own.
const WORST: usize = 5;

/// A store of one size.
struct Side {
    house: House,
    admin: Site,
    lead: Site,
    stock: Stock,
    head: i64,
}

/// One question, and how long its answers took.
struct Asked {
    name: String,
    few: Rounds,
    many: Rounds,
}

/// How long the answers to all questions of the page took, milliseconds, by round.
struct Answers {
    few: Vec<Vec<f64>>,
    many: Vec<Vec<f64>>,
}

impl Answers {
    fn new(rounds: usize) -> Self {
        Self { few: vec![vec![]; rounds], many: vec![vec![]; rounds] }
    }

    fn p95(rounds: &[Vec<f64>]) -> Rounds {
        let mut figure = Rounds::default();
        for times in rounds {
            figure.add(percentile(times, 0.95));
        }
        figure
    }
}

/// The figures.
///
/// # Errors
/// The database failed, or a request did.
pub async fn measure(cluster: &Cluster, settings: &Settings) -> Result<Vec<Figure>> {
    let (few, many) = (Side::open(cluster, FEW).await?, Side::open(cluster, settings.tests).await?);
    cluster.settle().await?;
    let mut asked = vec![];
    let mut answers = Answers::new(settings.rounds);
    for case in cases::all(&many.stock) {
        say(&format!("listing, {}", case.name));
        let pages = [few.pages(&case).await?, many.pages(&case).await?];
        for page in [Page::First, Page::Middle, Page::Last] {
            let [Some(small), Some(large)] = [&pages[0], &pages[1]].map(|pages| pages.after(page)) else {
                continue;
            };
            for counted in [true, false] {
                // Counting is the same on every page.
                if !counted && page != Page::First {
                    continue;
                }
                let bodies = [case.body(counted, small.clone()), case.body(counted, large.clone())];
                let name = format!(
                    "{}, {} page{}",
                    case.name,
                    page.name(),
                    if counted { "" } else { ", not counted" }
                );
                let mut question = Asked { name, few: Rounds::default(), many: Rounds::default() };
                for round in 0..=settings.rounds {
                    let [small, large] =
                        [few.times(&case, &bodies[0]).await?, many.times(&case, &bodies[1]).await?];
                    if round == 0 {
                        continue;
                    }
                    question.few.add(percentile(&small, 0.95));
                    question.many.add(percentile(&large, 0.95));
                    // The page counts.
                    if counted {
                        answers.few[round - 1].extend(small);
                        answers.many[round - 1].extend(large);
                    }
                }
                say(&format!(
                    "  {}: {:.2} ms at {FEW}, {:.2} ms at {} ({:.2})",
                    question.name,
                    question.few.median(),
                    question.many.median(),
                    settings.tests,
                    question.ratio()
                ));
                asked.push(question);
            }
        }
    }
    few.house.close().await?;
    many.house.close().await?;
    Ok(figures(asked, &answers, settings.tests))
}

/// All of them together, the slowest ones by ratio, worst first, and the page that everybody opens first.
fn figures(mut asked: Vec<Asked>, answers: &Answers, tests: usize) -> Vec<Figure> {
    let count = asked.len();
    let first = asked.first().map(|asked| asked.name.clone());
    asked.sort_by(|one, other| other.ratio().total_cmp(&one.ratio()));
    let [few, many] = [&answers.few, &answers.many].map(|rounds| Answers::p95(rounds));
    let name = format!("list of {tests} tests against {FEW}, p95 of any filter and any page");
    let mut figures = vec![Figure::new(name, Unit::Milliseconds, many).floor(few).target(Target::Ratio(0.5))];
    for (place, asked) in asked.into_iter().enumerate() {
        let name = match place {
            0 => format!("p95 of each filter and page, worst of {count}: {}", asked.name),
            _ if place < WORST => format!("the same, place {}: {}", place + 1, asked.name),
            _ if Some(&asked.name) == first.as_ref() => format!("the same: {}", asked.name),
            _ => continue,
        };
        let figure = Figure::new(name, Unit::Milliseconds, asked.many).floor(asked.few);
        figures.push(figure.target(Target::Ratio(0.5)));
    }
    figures
}

impl Asked {
    /// How many times as long it takes with many tests.
    fn ratio(&self) -> f64 {
        self.many.median() / self.few.median()
    }
}

/// Where in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    First,
    Middle,
    Last,
}

impl Page {
    fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Middle => "middle",
            Self::Last => "last",
        }
    }
}

/// The cursors before the pages of one list.
struct Pages {
    /// None where the list has one page.
    later: Option<[String; 2]>,
}

impl Pages {
    fn after(&self, page: Page) -> Option<Option<String>> {
        match (page, &self.later) {
            (Page::First, _) => Some(None),
            (Page::Middle, Some([middle, _])) => Some(Some(middle.clone())),
            (Page::Last, Some([_, last])) => Some(Some(last.clone())),
            (_, None) => None,
        }
    }
}

impl Case {
    fn body(&self, counted: bool, after: Option<String>) -> Value {
        let count = if counted { "totalCount" } else { "" };
        let query = format!(
            "query Tests($first: Int!, $after: String, $filter: TestFilter, $asOf: DateTime) {{
               tests(first: $first, after: $after, filter: $filter, asOf: $asOf) {{ {count} {FIELDS} }} }}"
        );
        let variables = json!({ "first": PAGE, "after": after, "filter": self.filter, "asOf": null });
        json!({ "query": query, "variables": variables })
    }
}

impl Side {
    async fn open(cluster: &Cluster, tests: usize) -> Result<Self> {
        say(&format!("listing: making {tests} tests"));
        let content = record::content()?;
        let fresh = record::with_content(cluster, &format!("aegis_bench_list_{tests}"), &content).await?;
        let mut stock = Stock::new(record::SEED, subjects(&content)?);
        record::stock(&fresh.pool, &mut stock, tests).await?;
        for fold in runner::folds() {
            runner::rebuild(&fresh.pool, fold.name(), &mut |_, _| {}).await?;
        }
        fresh.analyze().await?;
        let house = House::open(fresh, false).await?;
        let admin = Site::open(&house, Relay::open(None)?, "admin", Role::Admin).await?;
        let lead = Site::open(&house, Relay::open(None)?, "lead", Role::RedLead).await?;
        let head = house.quiet().await?;
        house.fresh.analyze().await?;
        let side = Self { house, admin, lead, stock, head };
        side.check(tests).await?;
        Ok(side)
    }

    /// All tests are there, and what is rare is.
    async fn check(&self, tests: usize) -> Result<()> {
        // The API counts to 1,000.
        let listed: i64 = sqlx::query_scalar("select count(*) from tests where to_position = $1")
            .bind(aegis_projections::fold::OPEN)
            .fetch_one(&self.house.fresh.pool)
            .await?;
        if listed != i64::try_from(tests)? {
            bail!("{listed} tests are listed of {tests}");
        }
        Ok(())
    }

    fn site(&self, case: &Case) -> &Site {
        if case.as_lead { &self.lead } else { &self.admin }
    }

    /// Where a middle page and the last one begin. A cursor is a position of the ledger and a number.
    async fn pages(&self, case: &Case) -> Result<Pages> {
        let more = async |after: Option<i64>| -> Result<bool> {
            let body = case.body(false, after.map(cursor));
            let page = self.site(case).data(&body).await?["tests"].take();
            page["pageInfo"]["hasNextPage"].as_bool().with_context(|| format!("no page: {page}"))
        };
        if !more(None).await? {
            return Ok(Pages { later: None });
        }
        // Behind `low` there is one page at most, behind `high` there are more.
        let (mut low, mut high) = (0, self.head + 1);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if more(Some(middle)).await? { high = middle } else { low = middle }
        }
        Ok(Pages { later: Some([cursor(low + (self.head - low) / 2), cursor(low)]) })
    }

    /// How long the answers took, milliseconds.
    async fn times(&self, case: &Case, body: &Value) -> Result<Vec<f64>> {
        let mut times = Vec::with_capacity(REQUESTS);
        for _ in 0..REQUESTS {
            let begun = Instant::now();
            let answer = self.site(case).in_process(body).await?;
            times.push(begun.elapsed().as_secs_f64() * 1_000.0);
            black_box(answer);
        }
        Ok(times)
    }
}

fn cursor(position: i64) -> String {
    URL_SAFE_NO_PAD.encode(json!([position, 0]).to_string())
}
