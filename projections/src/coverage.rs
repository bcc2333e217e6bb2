//! Coverage: what a technique's tests add up to, under rule version 1.
//!
//! Only validated tests decide. None validated: in progress if any test is
//! open, else not evaluated. All detected: validated. Some detected or
//! partially detected: partial. None: not covered. Of a chain of retests only
//! the newest validated one counts; what was put away does not. Open work is a
//! fact of its own, so a new draft never turns a green cell. `docs/COVERAGE.md` has the
//! rule with examples.

use crate::fold::{DomainEvent, Fold, ReleaseFacts, RowChange, Sealed, Techniques, restored};
use aegis_aggregates::ids::TechniqueId;
use aegis_aggregates::knowledge::{KnowledgeEvent, KnowledgeSource};
use aegis_aggregates::test::{DetectionResult, Outcome, TestEvent, TestOrigin};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// The rule by which statuses are derived.
pub const RULE_VERSION: i32 = 1;
/// The version of the fold: other rows, another version.
pub const VERSION: i32 = 2;

const TESTS: &str = "coverage_tests";
const TECHNIQUES: &str = "coverage_techniques";

/// How well a technique is covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoverageStatus {
    /// Every validated test was detected.
    Validated,
    /// Some were, at least in part.
    Partial,
    /// None was.
    NotCovered,
    /// None is validated yet, some are open.
    InProgress,
    /// There is no test.
    NotEvaluated,
}

impl CoverageStatus {
    /// Every status, best first.
    pub const ALL: [Self; 5] =
        [Self::Validated, Self::Partial, Self::NotCovered, Self::InProgress, Self::NotEvaluated];

    /// The status as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Validated => "validated",
            Self::Partial => "partial",
            Self::NotCovered => "not_covered",
            Self::InProgress => "in_progress",
            Self::NotEvaluated => "not_evaluated",
        }
    }

    /// The status of that stored name; anything else is not evaluated.
    pub fn parse(name: &str) -> Self {
        Self::ALL.into_iter().find(|status| status.as_str() == name).unwrap_or(Self::NotEvaluated)
    }
}

/// How many tests of a technique stand how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// Not validated: draft to in review, or rejected.
    pub open_tests: i32,
    /// Validated and detected.
    pub detected_tests: i32,
    /// Validated and detected in part.
    pub partially_detected_tests: i32,
    /// Validated and missed.
    pub not_detected_tests: i32,
}

impl Tally {
    fn add(&mut self, standing: Standing, by: i32) {
        *match standing {
            Standing::Open => &mut self.open_tests,
            Standing::Detected => &mut self.detected_tests,
            Standing::PartiallyDetected => &mut self.partially_detected_tests,
            Standing::NotDetected => &mut self.not_detected_tests,
        } += by;
    }

    /// Validated tests of any result.
    pub fn validated_tests(&self) -> i32 {
        self.detected_tests + self.partially_detected_tests + self.not_detected_tests
    }

    /// All tests.
    pub fn tests(&self) -> i32 {
        self.validated_tests() + self.open_tests
    }

    /// Rule version 1.
    pub fn status(&self) -> CoverageStatus {
        if self.validated_tests() == 0 {
            return if self.open_tests > 0 {
                CoverageStatus::InProgress
            } else {
                CoverageStatus::NotEvaluated
            };
        }
        if self.detected_tests == self.validated_tests() {
            CoverageStatus::Validated
        } else if self.detected_tests + self.partially_detected_tests > 0 {
            CoverageStatus::Partial
        } else {
            CoverageStatus::NotCovered
        }
    }
}

/// What one test says about its technique.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Standing {
    Open,
    Detected,
    PartiallyDetected,
    NotDetected,
}

impl From<DetectionResult> for Standing {
    fn from(result: DetectionResult) -> Self {
        match result {
            DetectionResult::Detected => Self::Detected,
            DetectionResult::PartiallyDetected => Self::PartiallyDetected,
            DetectionResult::NotDetected => Self::NotDetected,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct TestRow {
    technique_id: TechniqueId,
    live_technique_id: String,
    standing: Standing,
    /// The first test of its chain of retests: itself, where it is none.
    chain: String,
    /// Its place in the chain, the first being 0.
    chain_number: u32,
    /// False for what was put away, and for a validated test that a later validated one of its chain replaces.
    counts: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct TechniqueRow {
    status: CoverageStatus,
    #[serde(flatten)]
    tally: Tally,
    changed_at: DateTime<Utc>,
}

/// Projection "coverage".
#[derive(Debug, Default)]
pub struct Coverage {
    tests: HashMap<String, TestRow>,
    techniques: BTreeMap<String, Tally>,
    /// The newest validated test of each chain: its place and its id.
    newest: HashMap<String, (u32, String)>,
    known: Techniques,
}

impl Coverage {
    fn put(&mut self, test: &str, row: TestRow, event: &Sealed) -> Vec<RowChange> {
        let mut touched = BTreeSet::from([row.live_technique_id.clone()]);
        if let Some(before) = self.tests.get(test) {
            if *before == row {
                return vec![];
            }
            touched.insert(before.live_technique_id.clone());
            if before.counts {
                self.techniques.entry(before.live_technique_id.clone()).or_default().add(before.standing, -1);
            }
        }
        if row.counts {
            self.techniques.entry(row.live_technique_id.clone()).or_default().add(row.standing, 1);
        }
        let mut changes = vec![RowChange::put(TESTS, test, &row)];
        self.tests.insert(test.to_owned(), row);
        changes.extend(touched.iter().map(|technique| self.technique_change(technique, event)));
        changes
    }

    fn technique_change(&mut self, technique: &str, event: &Sealed) -> RowChange {
        let tally = self.techniques.get(technique).copied().unwrap_or_default();
        if tally.tests() == 0 {
            self.techniques.remove(technique);
            return RowChange { table: TECHNIQUES, key: technique.to_owned(), row: None };
        }
        let row = TechniqueRow { status: tally.status(), tally, changed_at: event.sealed_at };
        RowChange::put(TECHNIQUES, technique, &row)
    }

    fn drafted(
        &mut self,
        test: &str,
        technique: &TechniqueId,
        origin: Option<TestOrigin>,
        event: &Sealed,
    ) -> Vec<RowChange> {
        let (chain, chain_number) = match origin {
            Some(TestOrigin::Retest { original, number, .. }) => (original.to_string(), number),
            Some(TestOrigin::Template { .. } | TestOrigin::Clone { .. } | TestOrigin::Campaign { .. })
            | None => (test.to_owned(), 0),
        };
        let live_technique_id = self.known.live(technique.as_str()).to_owned();
        let technique_id = technique.clone();
        let standing = Standing::Open;
        self.put(
            test,
            TestRow { technique_id, live_technique_id, standing, chain, chain_number, counts: true },
            event,
        )
    }

    /// Of a chain of retests only the newest validated one decides.
    fn validated(&mut self, test: &str, standing: Standing, event: &Sealed) -> Vec<RowChange> {
        let Some(row) = self.tests.get(test) else {
            return vec![];
        };
        let (chain, number) = (row.chain.clone(), row.chain_number);
        let before = self.newest.get(&chain).cloned();
        let newest = before.as_ref().is_none_or(|(newest, _)| *newest <= number);
        let mut changes = vec![];
        if newest {
            if let Some((_, replaced)) = before.filter(|(_, before)| before != test) {
                changes.extend(self.change(&replaced, event, |row| row.counts = false));
            }
            self.newest.insert(chain, (number, test.to_owned()));
        }
        changes.extend(self.change(test, event, |row| {
            row.standing = standing;
            row.counts = newest;
        }));
        changes
    }

    fn change(&mut self, test: &str, event: &Sealed, change: impl FnOnce(&mut TestRow)) -> Vec<RowChange> {
        match self.tests.get(test).cloned() {
            Some(mut row) => {
                change(&mut row);
                self.put(test, row, event)
            }
            None => vec![],
        }
    }

    fn set_technique(&mut self, test: &str, technique: &TechniqueId, event: &Sealed) -> Vec<RowChange> {
        let live = self.known.live(technique.as_str()).to_owned();
        self.change(test, event, |row| {
            row.technique_id = technique.clone();
            row.live_technique_id = live;
        })
    }

    /// A new release may send tests on to other techniques, or bring them back.
    fn follow(&mut self, event: &Sealed) -> Vec<RowChange> {
        let mut moved: Vec<(String, TechniqueId)> = self
            .tests
            .iter()
            .filter(|(_, row)| self.known.live(row.technique_id.as_str()) != row.live_technique_id)
            .map(|(test, row)| (test.clone(), row.technique_id.clone()))
            .collect();
        moved.sort_unstable();
        moved.iter().flat_map(|(test, technique)| self.set_technique(test, technique, event)).collect()
    }
}

impl Fold for Coverage {
    fn name(&self) -> &'static str {
        "coverage"
    }

    fn version(&self) -> i32 {
        VERSION
    }

    fn tables(&self) -> &'static [&'static str] {
        &[TESTS, TECHNIQUES]
    }

    fn reset(&mut self) {
        *self = Self::default();
    }

    fn apply(&mut self, event: &Sealed) -> Vec<RowChange> {
        let test = event.aggregate_id.as_str();
        match &event.body {
            DomainEvent::Test(body) => match body {
                TestEvent::TestDrafted { details, origin, .. } => {
                    self.drafted(test, &details.technique, *origin, event)
                }
                TestEvent::TestRevised { details, .. } => self.set_technique(test, &details.technique, event),
                TestEvent::VoteCast { outcome: Some(Outcome::Validated { detection_result }), .. } => {
                    self.validated(test, (*detection_result).into(), event)
                }
                TestEvent::TestArchived { .. } => self.change(test, event, |row| row.counts = false),
                TestEvent::TestRestored { .. } => self.change(test, event, |row| row.counts = true),
                TestEvent::VoteCast {
                    outcome: Some(Outcome::Rejected | Outcome::Disputed) | None, ..
                }
                | TestEvent::EvaluationStarted { .. }
                | TestEvent::WorkPaused { .. }
                | TestEvent::WorkResumed { .. }
                | TestEvent::EvidenceAdded { .. }
                | TestEvent::EvidenceRemoved { .. }
                | TestEvent::TestClassified { .. }
                | TestEvent::RetestScheduled { .. }
                | TestEvent::ExecutionStarted { .. }
                | TestEvent::AttackRecorded { .. }
                | TestEvent::ExecutionSubmitted { .. }
                | TestEvent::DetectionRecorded { .. }
                | TestEvent::EvaluationSubmitted { .. }
                | TestEvent::TestReopened { .. } => vec![],
            },
            DomainEvent::Knowledge(KnowledgeEvent::KnowledgeReleased { source, .. }) => {
                let release = event.release.clone().unwrap_or_default();
                if self.known.learn(*source, release) { self.follow(event) } else { vec![] }
            }
            DomainEvent::Knowledge(
                KnowledgeEvent::ImportRequested { .. }
                | KnowledgeEvent::ImportRetried { .. }
                | KnowledgeEvent::SyncRequested { .. }
                | KnowledgeEvent::SyncRetried { .. }
                | KnowledgeEvent::SourceConfigured { .. },
            )
            | DomainEvent::Roster(_)
            | DomainEvent::Template(_)
            | DomainEvent::Remediation(_)
            | DomainEvent::Campaign(_)
            | DomainEvent::Discussion(_)
            | DomainEvent::AccessJournal(_)
            | DomainEvent::AccessPolicy(_)
            | DomainEvent::ReviewPolicy(_) => vec![],
        }
    }

    fn restore(&mut self, table: &str, key: &str, row: serde_json::Value) -> Result<(), serde_json::Error> {
        // Tallies are the sum of the tests, so only those are taken back.
        if table == TESTS {
            let row: TestRow = restored(row)?;
            if row.counts {
                self.techniques.entry(row.live_technique_id.clone()).or_default().add(row.standing, 1);
            }
            if row.counts && row.standing != Standing::Open {
                self.newest.insert(row.chain.clone(), (row.chain_number, key.to_owned()));
            }
            self.tests.insert(key.to_owned(), row);
        }
        Ok(())
    }

    fn restore_release(&mut self, source: KnowledgeSource, facts: Arc<ReleaseFacts>) {
        self.known.learn(source, facts);
    }
}

/// The coverage of one technique as of a position.
#[derive(Debug, Clone)]
pub struct TechniqueCoverage {
    /// STIX id of the live technique.
    pub technique: String,
    /// What its tests add up to.
    pub status: CoverageStatus,
    /// How its tests stand.
    pub tally: Tally,
    /// The event that last changed it: position and instant.
    pub changed: Option<(i64, DateTime<Utc>)>,
}

impl TechniqueCoverage {
    /// A technique that no test has touched.
    pub fn untouched(technique: String) -> Self {
        Self { technique, status: CoverageStatus::NotEvaluated, tally: Tally::default(), changed: None }
    }
}

/// The coverage of the given techniques; untouched ones are left out.
///
/// # Errors
/// The database failed.
pub async fn of_techniques(
    pool: &PgPool,
    ids: &[String],
    at: i64,
) -> Result<Vec<TechniqueCoverage>, sqlx::Error> {
    let rows = sqlx::query!(
        "select row_key, from_position, status, open_tests, detected_tests, partially_detected_tests,
                not_detected_tests, changed_at
         from coverage_techniques where row_key = any ($1) and from_position <= $2 and to_position > $2",
        ids,
        at
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| TechniqueCoverage {
            technique: row.row_key,
            status: CoverageStatus::parse(&row.status),
            tally: Tally {
                open_tests: row.open_tests,
                detected_tests: row.detected_tests,
                partially_detected_tests: row.partially_detected_tests,
                not_detected_tests: row.not_detected_tests,
            },
            changed: Some((row.from_position, row.changed_at)),
        })
        .collect())
}

/// An active technique with its coverage: one or more cells of the heatmap.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HeatmapRow {
    /// STIX id.
    pub stix_id: String,
    /// `T1059.001`.
    pub attack_id: String,
    /// MITRE's name.
    pub name: String,
    /// ATT&CK id of the parent of a sub-technique.
    pub parent_attack_id: Option<String>,
    /// Short names of its tactics.
    pub tactics: Vec<String>,
    /// Platforms.
    pub platforms: Vec<String>,
    /// Stored name of the status.
    pub status: String,
    /// Tests not validated.
    pub open_tests: i32,
    /// Tests in all.
    pub tests: i32,
    /// Tests validated.
    pub validated_tests: i32,
    /// Position of the last change.
    pub changed_position: Option<i64>,
    /// Instant of the last change.
    pub changed_at: Option<DateTime<Utc>>,
}

/// Every active technique and sub-technique of a release with its coverage as
/// of a position, by ATT&CK id.
///
/// # Errors
/// The database failed.
pub async fn heatmap(
    connection: impl sqlx::PgExecutor<'_>,
    digest: &str,
    at: i64,
) -> Result<Vec<HeatmapRow>, sqlx::Error> {
    // The newest version of a row up to the position is one step into the key,
    // however long the history: the past costs what the present costs.
    sqlx::query_as!(
        HeatmapRow,
        r#"select t.stix_id, t.attack_id, t.name, p.attack_id as "parent_attack_id?", t.tactics, t.platforms,
                  coalesce(c.status, 'not_evaluated') as "status!",
                  coalesce(c.open_tests, 0) as "open_tests!",
                  coalesce(c.open_tests + c.detected_tests + c.partially_detected_tests + c.not_detected_tests, 0) as "tests!",
                  coalesce(c.detected_tests + c.partially_detected_tests + c.not_detected_tests, 0) as "validated_tests!",
                  c.from_position as "changed_position?", c.changed_at as "changed_at?"
           from attack_techniques t
           left join attack_techniques p on p.digest = t.digest and p.stix_id = t.parent
           left join lateral (
             select * from coverage_techniques v where v.row_key = t.stix_id and v.from_position <= $2
             order by v.from_position desc limit 1) c on c.to_position > $2
           where t.digest = $1 and t.lifecycle = 'active'
           order by t.attack_id"#,
        digest,
        at
    )
    .fetch_all(connection)
    .await
}

/// Which rows a projection has: another generation, other rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rows {
    /// The position they have reached.
    pub position: i64,
    /// How often they were rebuilt.
    pub generation: i32,
    /// The version of the fold that made them.
    pub version: i32,
}

/// Which rows there are now, as the database says.
///
/// # Errors
/// The database failed.
pub async fn rows(connection: impl sqlx::PgExecutor<'_>) -> Result<Option<Rows>, sqlx::Error> {
    sqlx::query_as!(
        Rows,
        r#"select position, generation, fold_version as "version" from projection_positions where name = 'coverage'"#
    )
    .fetch_optional(connection)
    .await
}

/// Why a heatmap was not read.
#[derive(Debug, thiserror::Error)]
pub enum HeatmapError {
    /// The rows are not those that were expected any more.
    #[error("the rows of coverage were rebuilt or lost meanwhile")]
    Moved,
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
}

/// As [`heatmap`], of just these rows or a later state of them.
///
/// # Errors
/// [`HeatmapError`].
pub async fn heatmap_of(
    pool: &PgPool,
    digest: &str,
    at: i64,
    expected: Rows,
) -> Result<Vec<HeatmapRow>, HeatmapError> {
    let mut transaction = pool.begin_with("begin isolation level repeatable read read only").await?;
    let found = rows(&mut *transaction).await?;
    let same = |rows: Rows| {
        (rows.generation, rows.version) == (expected.generation, expected.version) && rows.position >= at
    };
    if !found.is_some_and(same) {
        return Err(HeatmapError::Moved);
    }
    let heatmap = heatmap(&mut *transaction, digest, at).await?;
    transaction.commit().await?;
    Ok(heatmap)
}

/// ATT&CK ids of the techniques whose coverage changed at each of the given positions.
///
/// # Errors
/// The database failed.
pub async fn changed_at_positions(
    pool: &PgPool,
    digest: &str,
    after: i64,
    up_to: i64,
) -> Result<Vec<(i64, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select changed.position as "position!", t.attack_id
           from (select from_position as position, row_key from coverage_techniques
                   where from_position > $2 and from_position <= $3
                 union
                 select to_position, row_key from coverage_techniques where to_position > $2 and to_position <= $3) changed
           join attack_techniques t on t.digest = $1 and t.stix_id = changed.row_key
           order by 1, 2 limit 20000"#,
        digest,
        after,
        up_to
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.position, row.attack_id)).collect())
}
