//! Two runs of one campaign, held against each other test by test. Which copies belong
//! together is in where they were copied from; a test of a run that is no copy stands for itself.

use sqlx::PgPool;
use std::collections::HashMap;
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
    /// The test that was copied, or the one of a run that is no copy.
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

/// The tests of two runs of a campaign as of a position: in the order of the second, then what only the first has.
///
/// # Errors
/// The database failed.
pub async fn compare(
    pool: &PgPool,
    first: Uuid,
    second: Uuid,
    at: i64,
) -> Result<Vec<ComparedTest>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select l.campaign_id, case when t.origin = 'campaign' then t.origin_id else t.test_id end as "source!",
                  t.test_id, t.state, t.detection_result
           from campaign_tests l
           join tests t on t.row_key = l.test_id::text and t.from_position <= $3 and t.to_position > $3
           where l.campaign_id in ($1, $2) and l.from_position <= $3 and l.to_position > $3
           order by l.campaign_id <> $2, l.place, l.test_id"#,
        first,
        second,
        at
    )
    .fetch_all(pool)
    .await?;
    let mut compared: Vec<ComparedTest> = vec![];
    let mut places: HashMap<Uuid, usize> = HashMap::new();
    for row in rows {
        let place = *places.entry(row.source).or_insert_with(|| {
            compared.push(ComparedTest { source: row.source, first: None, second: None });
            compared.len() - 1
        });
        let test = RunTest { test_id: row.test_id, state: row.state, detection_result: row.detection_result };
        if row.campaign_id == second {
            compared[place].second = Some(test);
        } else {
            compared[place].first = Some(test);
        }
    }
    Ok(compared)
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
