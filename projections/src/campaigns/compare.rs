//! Two runs of one campaign, held against each other test by test.
//!
//! Tests of runs are copies with ids made from the run and the test copied
//! (`copied_test_id`), so which copies belong together needs no column: every
//! test that was ever in the parent is tried.

use aegis_aggregates::campaign::copied_test_id;
use aegis_aggregates::ids::{CampaignId, TestId};
use sqlx::PgPool;
use std::collections::BTreeMap;
use uuid::Uuid;

/// How a test of a run stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunTest {
    /// The copy.
    pub test_id: Uuid,
    /// Stored name of its state.
    pub state: String,
    /// Stored name of the result, once validated.
    pub detection_result: Option<String>,
}

/// How a test did in the later run against the earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Seen better.
    Better,
    /// Seen less well.
    Worse,
    /// As well as before.
    Same,
    /// Only the second run has it.
    New,
    /// Only the first run has it.
    Gone,
    /// Not validated in both runs.
    Open,
}

/// One test of the campaign in both runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedTest {
    /// The test that was copied.
    pub source: Uuid,
    /// In the first run.
    pub first: Option<RunTest>,
    /// In the second run.
    pub second: Option<RunTest>,
}

impl ComparedTest {
    /// What became of it from the first run to the second.
    pub fn change(&self) -> Change {
        match (&self.first, &self.second) {
            (None, _) => Change::New,
            (Some(_), None) => Change::Gone,
            (Some(first), Some(second)) => match (rank(first), rank(second)) {
                (Some(before), Some(after)) if after > before => Change::Better,
                (Some(before), Some(after)) if after < before => Change::Worse,
                (Some(_), Some(_)) => Change::Same,
                (None, _) | (_, None) => Change::Open,
            },
        }
    }
}

fn rank(test: &RunTest) -> Option<u8> {
    match test.detection_result.as_deref()? {
        "detected" => Some(2),
        "partially_detected" => Some(1),
        _ => Some(0),
    }
}

/// The tests of two runs of a campaign as of a position, in the order of the run that has them.
///
/// # Errors
/// The database failed.
pub async fn compare(
    pool: &PgPool,
    parent: Uuid,
    first: Uuid,
    second: Uuid,
    at: i64,
) -> Result<Vec<ComparedTest>, sqlx::Error> {
    let sources = sqlx::query_scalar!(
        "select distinct test_id from campaign_tests where campaign_id = $1 and from_position <= $2",
        parent,
        at
    )
    .fetch_all(pool)
    .await?;
    let mut compared: BTreeMap<Uuid, ComparedTest> = BTreeMap::new();
    let mut order = vec![];
    for (run, is_first) in [(second, false), (first, true)] {
        let copies: BTreeMap<Uuid, Uuid> = sources
            .iter()
            .map(|source| (copied_test_id(CampaignId(run), TestId(*source)).0, *source))
            .collect();
        for test in tests_of_run(pool, run, at).await? {
            // A test that was added to a run by hand is a copy of nothing: it stands for itself.
            let source = copies.get(&test.test_id).copied().unwrap_or(test.test_id);
            let row = compared.entry(source).or_insert_with(|| {
                order.push(source);
                ComparedTest { source, first: None, second: None }
            });
            if is_first {
                row.first = Some(test);
            } else {
                row.second = Some(test);
            }
        }
    }
    Ok(order.into_iter().filter_map(|source| compared.remove(&source)).collect())
}

async fn tests_of_run(pool: &PgPool, run: Uuid, at: i64) -> Result<Vec<RunTest>, sqlx::Error> {
    sqlx::query_as!(
        RunTest,
        "select t.test_id, t.state, t.detection_result from campaign_tests l
         join tests t on t.row_key = l.test_id::text and t.from_position <= $2 and t.to_position > $2
         where l.campaign_id = $1 and l.from_position <= $2 and l.to_position > $2
         order by l.place, l.test_id",
        run,
        at
    )
    .fetch_all(pool)
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_is_better_worse_or_the_same_only_between_validated_results() {
        let test = |result: Option<&str>| {
            let detection_result = result.map(str::to_owned);
            Some(RunTest { test_id: Uuid::nil(), state: "validated".to_owned(), detection_result })
        };
        let (none, missed) = (test(None), test(Some("not_detected")));
        let (partly, seen) = (test(Some("partially_detected")), test(Some("detected")));
        let change = |first: &Option<RunTest>, second: &Option<RunTest>| {
            ComparedTest { source: Uuid::nil(), first: first.clone(), second: second.clone() }.change()
        };
        assert_eq!(change(&missed, &partly), Change::Better);
        assert_eq!(change(&partly, &seen), Change::Better);
        assert_eq!(change(&seen, &partly), Change::Worse);
        assert_eq!(change(&seen, &missed), Change::Worse);
        assert_eq!(change(&partly, &partly), Change::Same);
        assert_eq!(change(&None, &seen), Change::New);
        assert_eq!(change(&seen, &None), Change::Gone);
        assert_eq!(change(&seen, &none), Change::Open);
        assert_eq!(change(&none, &seen), Change::Open);
    }
}
