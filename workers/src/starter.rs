//! The content of a store that nobody has imported anything into: some 120
//! well-known techniques over all tactics, described in our own words. The
//! first import takes its place.

use crate::import;
use aegis_aggregates::actor::Actor;
use aegis_aggregates::knowledge::{Knowledge, KnowledgeError, KnowledgeSource, Release};
use aegis_projections::Pool;
use aegis_projections::knowledge::{self, content::AttackContent};
use aegis_projections::store::{Executed, Origin, Store, StoreError};
use aegis_sources::attack;

/// The starter techniques could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum StarterError {
    /// The database failed.
    #[error("the starter techniques could not be stored")]
    Database(#[from] sqlx::Error),
    /// The event store failed.
    #[error("the starter techniques could not be put in force")]
    Store(#[from] StoreError),
    /// A rule refused them.
    #[error("the starter techniques were refused")]
    Refused(#[source] KnowledgeError),
}

/// Loads the starter techniques when no release was ever in force. Returns
/// whether it did. Asks the events, not the read models, which may be behind.
///
/// # Errors
/// [`StarterError`].
pub async fn ensure_starter(pool: &Pool, store: &Store) -> Result<bool, StarterError> {
    let held: Knowledge = store.load(KnowledgeSource::AttackEnterprise.aggregate_id()).await?;
    if held != Knowledge::default() {
        return Ok(false);
    }
    let content = content();
    let digest = hex::encode(attack::digest(&content));
    knowledge::stage(pool, &digest, &content, &mut |_| {}).await?;
    let release = Release { version: content.version, digest, job: None, restored: false };
    match import::release(store, KnowledgeSource::AttackEnterprise, release, &Origin::new(Actor::SYSTEM))
        .await?
    {
        Executed::Committed(_) | Executed::Repeated(_) => Ok(true),
        Executed::Unchanged | Executed::CommandReused => Ok(false),
        Executed::Refused(refusal) => Err(StarterError::Refused(refusal)),
    }
}

/// The starter techniques.
pub fn content() -> AttackContent {
    let mut content: AttackContent = serde_json::from_str(include_str!("starter.json"))
        .expect("the file is part of the program, and a test reads it");
    attack::sort(&mut content);
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_starter_reads_and_covers_all_tactics() {
        let content = content();
        assert_eq!(content.version, "starter");
        assert_eq!(content.domain, KnowledgeSource::AttackEnterprise.aggregate_id());
        assert_eq!(content.counts().tactics, 14);
        for tactic in &content.tactics {
            assert!(
                content.techniques.iter().any(|technique| technique.tactics.contains(&tactic.short_name))
            );
        }
    }
}
