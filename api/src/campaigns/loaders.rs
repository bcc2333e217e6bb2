//! What nested fields of campaigns ask for, loaded together: one query for all
//! campaigns or tests of a list, however many there are.

use aegis_aggregates::campaign as domain;
use aegis_projections::campaigns::{self, CampaignRecord, CampaignTestRecord, Progress};
use aegis_projections::store::{Store, StoreError};
use aegis_projections::tests::{self, TestRecord};
use aegis_projections::{DatabaseError, Pool};
use async_graphql::dataloader::Loader;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// A thing at a position.
type Key = (Uuid, i64);

fn by_position(keys: &[Key]) -> HashMap<i64, Vec<Uuid>> {
    let mut by_position: HashMap<i64, Vec<Uuid>> = HashMap::new();
    for (id, at) in keys {
        by_position.entry(*at).or_default().push(*id);
    }
    by_position
}

macro_rules! loader {
    ($(#[$doc:meta])* $name:ident, $value:ty, |$pool:ident, $ids:ident, $at:ident, $loaded:ident| $load:block) => {
        $(#[$doc])*
        pub struct $name(pub Pool);

        impl Loader<Key> for $name {
            type Value = $value;
            type Error = Arc<DatabaseError>;

            async fn load(&self, keys: &[Key]) -> Result<HashMap<Key, Self::Value>, Self::Error> {
                let $pool = &self.0;
                let mut $loaded = HashMap::new();
                for ($at, $ids) in by_position(keys) {
                    $load
                }
                Ok($loaded)
            }
        }
    };
}

loader!(
    /// Loads campaigns.
    CampaignsById, CampaignRecord, |pool, ids, at, loaded| {
        for record in campaigns::campaigns_by_id(pool, &ids, at).await.map_err(Arc::new)? {
            loaded.insert((record.campaign_id, at), record);
        }
    }
);

loader!(
    /// Loads tests.
    TestsById, TestRecord, |pool, ids, at, loaded| {
        for record in tests::tests_by_id(pool, &ids, at).await.map_err(Arc::new)? {
            loaded.insert((record.test_id, at), record);
        }
    }
);

loader!(
    /// Loads the tests of campaigns.
    CampaignTests, Arc<Vec<CampaignTestRecord>>, |pool, ids, at, loaded| {
        let mut found: HashMap<Uuid, Vec<CampaignTestRecord>> = HashMap::new();
        for link in campaigns::tests_of_campaigns(pool, &ids, at).await.map_err(Arc::new)? {
            found.entry(link.campaign_id).or_default().push(link);
        }
        loaded.extend(found.into_iter().map(|(id, links)| ((id, at), Arc::new(links))));
    }
);

loader!(
    /// Loads how far campaigns have come.
    ProgressOfCampaigns, Arc<Vec<Progress>>, |pool, ids, at, loaded| {
        let mut found: HashMap<Uuid, Vec<Progress>> = HashMap::new();
        for row in campaigns::progress(pool, &ids, at).await.map_err(Arc::new)? {
            found.entry(row.campaign_id).or_default().push(row);
        }
        loaded.extend(found.into_iter().map(|(id, rows)| ((id, at), Arc::new(rows))));
    }
);

loader!(
    /// Loads which campaigns tests are in.
    CampaignsOfTests, Arc<Vec<Uuid>>, |pool, ids, at, loaded| {
        let mut found: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        for (test, campaign) in campaigns::campaigns_of_tests(pool, &ids, at).await.map_err(Arc::new)? {
            found.entry(test).or_default().push(campaign);
        }
        loaded.extend(found.into_iter().map(|(id, campaigns)| ((id, at), Arc::new(campaigns))));
    }
);

/// Loads campaigns as the rules see them: as they are now, whatever position is shown.
pub struct DomainCampaigns(pub Store);

impl Loader<Uuid> for DomainCampaigns {
    type Value = Arc<domain::Campaign>;
    type Error = Arc<StoreError>;

    async fn load(&self, keys: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Self::Error> {
        let ids: Vec<String> = keys.iter().map(Uuid::to_string).collect();
        let found = self.0.load_all::<domain::Campaign>(&ids).await.map_err(Arc::new)?;
        let by_id = |(id, campaign): (String, _)| Some((id.parse().ok()?, Arc::new(campaign)));
        Ok(found.into_iter().filter_map(by_id).collect())
    }
}
