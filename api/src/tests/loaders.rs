//! What nested fields of tests ask for, loaded together: one query for all
//! tests of a list (rounds: two), however many there are.

use crate::page::by_position;
use aegis_aggregates::test as domain;
use aegis_projections::store::{Store, StoreError};
use aegis_projections::tests::{self, RoundRecord, TestRecord};
use aegis_projections::{DatabaseError, Pool};
use async_graphql::dataloader::Loader;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// One page of the tests of one technique.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PageOfTests {
    /// STIX id of the technique.
    pub technique: String,
    /// The position read at.
    pub at: i64,
    /// After which change and number.
    pub after: Option<(i64, i64)>,
    /// How many at most.
    pub limit: i64,
}

/// Tests, and how many there are in all.
#[derive(Debug, Clone, Default)]
pub struct TestsFound {
    /// Those of the page.
    pub records: Vec<TestRecord>,
    /// Those of the technique.
    pub total: i64,
}

/// Loads the tests that count for techniques.
pub struct TechniqueTests(pub Pool);

impl Loader<PageOfTests> for TechniqueTests {
    type Value = Arc<TestsFound>;
    type Error = Arc<DatabaseError>;

    async fn load(&self, keys: &[PageOfTests]) -> Result<HashMap<PageOfTests, Self::Value>, Self::Error> {
        let mut alike: HashMap<_, Vec<String>> = HashMap::new();
        for PageOfTests { technique, at, after, limit } in keys {
            alike.entry((*at, *after, *limit)).or_default().push(technique.clone());
        }
        let mut loaded: HashMap<PageOfTests, TestsFound> = HashMap::new();
        for ((at, after, limit), techniques) in alike {
            let found =
                tests::tests_of_techniques(&self.0, at, &techniques, after, limit).await.map_err(Arc::new)?;
            for (record, total) in found {
                let technique = record.live_technique_id.clone();
                let page = loaded.entry(PageOfTests { technique, at, after, limit }).or_default();
                page.total = total;
                page.records.push(record);
            }
        }
        Ok(loaded.into_iter().map(|(key, found)| (key, Arc::new(found))).collect())
    }
}

/// Loads the rounds of tests: by test and position.
pub struct Rounds(pub Pool);

impl Loader<(Uuid, i64)> for Rounds {
    type Value = Arc<Vec<RoundRecord>>;
    type Error = Arc<DatabaseError>;

    async fn load(&self, keys: &[(Uuid, i64)]) -> Result<HashMap<(Uuid, i64), Self::Value>, Self::Error> {
        let mut by_position: HashMap<i64, Vec<Uuid>> = HashMap::new();
        for (test, at) in keys {
            by_position.entry(*at).or_default().push(*test);
        }
        let mut loaded: HashMap<(Uuid, i64), Vec<RoundRecord>> = HashMap::new();
        for (at, ids) in by_position {
            for round in tests::rounds(&self.0, &ids, at).await.map_err(Arc::new)? {
                loaded.entry((round.test_id, at)).or_default().push(round);
            }
        }
        Ok(loaded.into_iter().map(|(key, rounds)| (key, Arc::new(rounds))).collect())
    }
}

/// Loads tests as the rules see them: as they are now, whatever position is shown.
pub struct DomainTests(pub Store);

impl Loader<Uuid> for DomainTests {
    type Value = Arc<domain::Test>;
    type Error = Arc<StoreError>;

    async fn load(&self, keys: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Self::Error> {
        let ids: Vec<String> = keys.iter().map(Uuid::to_string).collect();
        let found = self.0.load_all::<domain::Test>(&ids).await.map_err(Arc::new)?;
        let by_id = |(id, test): (String, _)| Some((id.parse().ok()?, Arc::new(test)));
        Ok(found.into_iter().filter_map(by_id).collect())
    }
}

/// Loads the retests of original tests: by original and position.
pub struct RetestsOf(pub Pool);

impl Loader<(Uuid, i64)> for RetestsOf {
    type Value = Arc<Vec<TestRecord>>;
    type Error = Arc<DatabaseError>;

    async fn load(&self, keys: &[(Uuid, i64)]) -> Result<HashMap<(Uuid, i64), Self::Value>, Self::Error> {
        let mut loaded: HashMap<(Uuid, i64), Vec<TestRecord>> = HashMap::new();
        for (at, ids) in by_position(keys) {
            for record in tests::retests_of(&self.0, &ids, at).await.map_err(Arc::new)? {
                let Some(original) = record.origin_id else { continue };
                loaded.entry((original, at)).or_default().push(record);
            }
        }
        Ok(loaded.into_iter().map(|(key, retests)| (key, Arc::new(retests))).collect())
    }
}
