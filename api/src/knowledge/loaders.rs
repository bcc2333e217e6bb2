//! What nested fields of the matrix ask for, loaded together: one query for
//! all nodes of a list, however many there are.

use aegis_projections::coverage::{self, HeatmapRow, TechniqueCoverage};
use aegis_projections::knowledge::{self, Related};
use aegis_projections::{DatabaseError, Pool};
use async_graphql::dataloader::Loader;
use std::collections::HashMap;
use std::sync::Arc;

/// Something by the content digest that tells of it and its STIX id.
type Key = (String, String);
/// What was found for one key; what several keys share is held once.
type Found<T> = Arc<Vec<Arc<T>>>;

/// The STIX ids asked for, by content. A request reads one content, so this is one entry but for reads of
/// several instants.
fn by_digest(keys: &[Key]) -> HashMap<&String, Vec<String>> {
    let mut by_digest: HashMap<&String, Vec<String>> = HashMap::new();
    for (digest, stix_id) in keys {
        by_digest.entry(digest).or_default().push(stix_id.clone());
    }
    by_digest
}

/// Gives each key what belongs to it, in the order found.
fn dealt<T>(digest: &str, related: impl IntoIterator<Item = Related<T>>) -> HashMap<Key, Found<T>> {
    let mut dealt: HashMap<Key, Vec<Arc<T>>> = HashMap::new();
    for Related { found, to } in related {
        let found = Arc::new(found);
        for stix_id in to {
            dealt.entry((digest.to_owned(), stix_id)).or_default().push(Arc::clone(&found));
        }
    }
    dealt.into_iter().map(|(key, found)| (key, Arc::new(found))).collect()
}

/// Loads the active sub-techniques of techniques.
pub struct SubTechniques(pub Pool);

impl Loader<Key> for SubTechniques {
    type Value = Found<knowledge::Technique>;
    type Error = Arc<DatabaseError>;

    async fn load(&self, keys: &[Key]) -> Result<HashMap<Key, Self::Value>, Self::Error> {
        let mut loaded = HashMap::new();
        for (digest, ids) in by_digest(keys) {
            let found = knowledge::subtechniques(&self.0, digest, &ids).await.map_err(Arc::new)?;
            let related =
                found.into_iter().map(|found| Related { to: Vec::from_iter(found.parent.clone()), found });
            loaded.extend(dealt(digest, related));
        }
        Ok(loaded)
    }
}

/// Loads the groups that use techniques.
pub struct ActorsUsing(pub Pool);

impl Loader<Key> for ActorsUsing {
    type Value = Found<knowledge::Actor>;
    type Error = Arc<DatabaseError>;

    async fn load(&self, keys: &[Key]) -> Result<HashMap<Key, Self::Value>, Self::Error> {
        let mut loaded = HashMap::new();
        for (digest, ids) in by_digest(keys) {
            let found = knowledge::actors_using(&self.0, digest, &ids).await.map_err(Arc::new)?;
            loaded.extend(dealt(digest, found));
        }
        Ok(loaded)
    }
}

/// Loads the software that uses techniques.
pub struct SoftwareUsing(pub Pool);

impl Loader<Key> for SoftwareUsing {
    type Value = Found<knowledge::Software>;
    type Error = Arc<DatabaseError>;

    async fn load(&self, keys: &[Key]) -> Result<HashMap<Key, Self::Value>, Self::Error> {
        let mut loaded = HashMap::new();
        for (digest, ids) in by_digest(keys) {
            let found = knowledge::software_using(&self.0, digest, &ids).await.map_err(Arc::new)?;
            loaded.extend(dealt(digest, found));
        }
        Ok(loaded)
    }
}

/// Loads the techniques that groups use.
pub struct TechniquesUsed(pub Pool);

impl Loader<Key> for TechniquesUsed {
    type Value = Found<knowledge::Technique>;
    type Error = Arc<DatabaseError>;

    async fn load(&self, keys: &[Key]) -> Result<HashMap<Key, Self::Value>, Self::Error> {
        let mut loaded = HashMap::new();
        for (digest, ids) in by_digest(keys) {
            let found = knowledge::techniques_used_by(&self.0, digest, &ids).await.map_err(Arc::new)?;
            loaded.extend(dealt(digest, found));
        }
        Ok(loaded)
    }
}

/// Loads techniques of one request together: by content digest and STIX id.
pub struct Techniques(pub Pool);

impl Loader<Key> for Techniques {
    type Value = Arc<knowledge::Technique>;
    type Error = Arc<DatabaseError>;

    async fn load(&self, keys: &[Key]) -> Result<HashMap<Key, Self::Value>, Self::Error> {
        let mut loaded = HashMap::new();
        for (digest, ids) in by_digest(keys) {
            let found = knowledge::techniques_by_id(&self.0, digest, &ids).await.map_err(Arc::new)?;
            loaded.extend(
                found.into_iter().map(|found| ((digest.clone(), found.stix_id.clone()), Arc::new(found))),
            );
        }
        Ok(loaded)
    }
}

/// Loads the tactics of a content once per request.
pub struct Tactics(pub Pool);

impl Loader<String> for Tactics {
    type Value = Arc<Vec<knowledge::Tactic>>;
    type Error = Arc<DatabaseError>;

    async fn load(&self, keys: &[String]) -> Result<HashMap<String, Self::Value>, Self::Error> {
        let mut loaded = HashMap::new();
        for digest in keys {
            let tactics = knowledge::tactics(&self.0, digest).await.map_err(Arc::new)?;
            loaded.insert(digest.clone(), Arc::new(tactics));
        }
        Ok(loaded)
    }
}

/// Loads the coverage of techniques together: by STIX id and position.
pub struct Coverages(pub Pool);

impl Loader<(String, i64)> for Coverages {
    type Value = TechniqueCoverage;
    type Error = Arc<DatabaseError>;

    async fn load(&self, keys: &[(String, i64)]) -> Result<HashMap<(String, i64), Self::Value>, Self::Error> {
        let mut by_position: HashMap<i64, Vec<String>> = HashMap::new();
        for (id, at) in keys {
            by_position.entry(*at).or_default().push(id.clone());
        }
        let mut loaded = HashMap::new();
        for (at, ids) in by_position {
            let found = coverage::of_techniques(&self.0, &ids, at).await.map_err(Arc::new)?;
            loaded.extend(found.into_iter().map(|found| ((found.technique.clone(), at), found)));
        }
        Ok(loaded)
    }
}

/// Loads the whole heatmap once for all tactics of a request: by content digest and position.
pub struct Heatmaps(pub Pool);

impl Loader<(String, i64)> for Heatmaps {
    type Value = Arc<Vec<HeatmapRow>>;
    type Error = Arc<DatabaseError>;

    async fn load(&self, keys: &[(String, i64)]) -> Result<HashMap<(String, i64), Self::Value>, Self::Error> {
        let mut loaded = HashMap::new();
        for (digest, at) in keys {
            let rows = coverage::heatmap(&self.0, digest, *at).await.map_err(Arc::new)?;
            loaded.insert((digest.clone(), *at), Arc::new(rows));
        }
        Ok(loaded)
    }
}
