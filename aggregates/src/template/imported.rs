//! Templates that sources bring: what they are called here.

use crate::ids::TemplateId;
use crate::knowledge::KnowledgeSource;
use uuid::Uuid;

/// Sets the ids of imported templates apart from all others.
const NAMESPACE: Uuid = Uuid::from_u128(0x6b1d_5f0e_8c1a_4f6b_9a38_52d7_33c0_41ee);

/// The id of the template that a source calls by a key: the same in every installation.
pub fn imported_id(source: KnowledgeSource, key: &str) -> TemplateId {
    let name = format!("{}/{key}", source.aggregate_id());
    TemplateId(Uuid::new_v5(&NAMESPACE, name.as_bytes()))
}
