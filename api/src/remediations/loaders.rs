//! What nested fields of remediations ask for, loaded together.

use crate::page::by_position;
use aegis_aggregates::remediation as domain;
use aegis_projections::remediations::{self, RemediationRecord, RetestRecord};
use aegis_projections::store::{Store, StoreError};
use aegis_projections::{DatabaseError, Pool};
use async_graphql::dataloader::Loader;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

type Loaded<V> = HashMap<(Uuid, i64), Arc<Vec<V>>>;

fn gathered<V>(at: i64, found: Vec<V>, id: impl Fn(&V) -> Uuid) -> Loaded<V> {
    let mut gathered: HashMap<(Uuid, i64), Vec<V>> = HashMap::new();
    for value in found {
        gathered.entry((id(&value), at)).or_default().push(value);
    }
    gathered.into_iter().map(|(key, values)| (key, Arc::new(values))).collect()
}

/// Loads remediations: by id and position.
pub struct RemediationsById(pub Pool);

impl Loader<(Uuid, i64)> for RemediationsById {
    type Value = Arc<RemediationRecord>;
    type Error = Arc<DatabaseError>;

    async fn load(&self, keys: &[(Uuid, i64)]) -> Result<HashMap<(Uuid, i64), Self::Value>, Self::Error> {
        let mut loaded = HashMap::new();
        for (at, ids) in by_position(keys) {
            let found = remediations::by_ids(&self.0, &ids, at).await.map_err(Arc::new)?;
            loaded.extend(found.into_iter().map(|record| ((record.remediation_id, at), Arc::new(record))));
        }
        Ok(loaded)
    }
}

/// Loads the remediations of tests: by test and position.
pub struct RemediationsOfTests(pub Pool);

impl Loader<(Uuid, i64)> for RemediationsOfTests {
    type Value = Arc<Vec<RemediationRecord>>;
    type Error = Arc<DatabaseError>;

    async fn load(&self, keys: &[(Uuid, i64)]) -> Result<HashMap<(Uuid, i64), Self::Value>, Self::Error> {
        let mut loaded = HashMap::new();
        for (at, ids) in by_position(keys) {
            let found = remediations::of_tests(&self.0, &ids, at).await.map_err(Arc::new)?;
            loaded.extend(gathered(at, found, |remediation| remediation.test_id));
        }
        Ok(loaded)
    }
}

/// Loads what the completions of remediations led to: by remediation and position.
pub struct CompletionsOf(pub Pool);

impl Loader<(Uuid, i64)> for CompletionsOf {
    type Value = Arc<Vec<RetestRecord>>;
    type Error = Arc<DatabaseError>;

    async fn load(&self, keys: &[(Uuid, i64)]) -> Result<HashMap<(Uuid, i64), Self::Value>, Self::Error> {
        let mut loaded = HashMap::new();
        for (at, ids) in by_position(keys) {
            let found = remediations::retests(&self.0, &ids, at).await.map_err(Arc::new)?;
            loaded.extend(gathered(at, found, |retest| retest.remediation_id));
        }
        Ok(loaded)
    }
}

/// Loads remediations as the rules see them: as they are now, whatever position is shown.
pub struct DomainRemediations(pub Store);

impl Loader<Uuid> for DomainRemediations {
    type Value = Arc<domain::Remediation>;
    type Error = Arc<StoreError>;

    async fn load(&self, keys: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Self::Error> {
        let ids: Vec<String> = keys.iter().map(Uuid::to_string).collect();
        let found = self.0.load_all::<domain::Remediation>(&ids).await.map_err(Arc::new)?;
        let by_id = |(id, held): (String, _)| Some((id.parse().ok()?, Arc::new(held)));
        Ok(found.into_iter().filter_map(by_id).collect())
    }
}
