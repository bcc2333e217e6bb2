//! What nested fields of templates ask for, loaded together.

use crate::page::by_position;
use aegis_projections::templates::{self, TemplateRecord};
use aegis_projections::{DatabaseError, Pool};
use async_graphql::dataloader::Loader;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Loads templates: by id and position.
pub struct TemplatesById(pub Pool);

impl Loader<(Uuid, i64)> for TemplatesById {
    type Value = Arc<TemplateRecord>;
    type Error = Arc<DatabaseError>;

    async fn load(&self, keys: &[(Uuid, i64)]) -> Result<HashMap<(Uuid, i64), Self::Value>, Self::Error> {
        let mut loaded = HashMap::new();
        for (at, ids) in by_position(keys) {
            let found = templates::template_at(&self.0, &ids, at).await.map_err(Arc::new)?;
            loaded.extend(found.into_iter().map(|record| ((record.template_id, at), Arc::new(record))));
        }
        Ok(loaded)
    }
}

/// Counts the tests drafted from templates: by template and position.
pub struct TemplateUses(pub Pool);

impl Loader<(Uuid, i64)> for TemplateUses {
    type Value = i64;
    type Error = Arc<DatabaseError>;

    async fn load(&self, keys: &[(Uuid, i64)]) -> Result<HashMap<(Uuid, i64), Self::Value>, Self::Error> {
        let mut loaded = HashMap::new();
        for (at, ids) in by_position(keys) {
            let found = templates::uses(&self.0, &ids, at).await.map_err(Arc::new)?;
            loaded.extend(found.into_iter().map(|(template, uses)| ((template, at), uses)));
        }
        Ok(loaded)
    }
}
