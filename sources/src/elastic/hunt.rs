//! `[hunt]`: queries for a hunt by a person.

use super::Read;
use super::field::{id_of, licence, name_of, text_of, texts_of, title};
use crate::is_attack_id;
use crate::kept::{addresses, long, name, query, sorted};
use crate::record::{RuleClass, RuleRecord};
use toml::de::DeTable;

pub(super) fn read(hunt: &DeTable<'_>, path: &str) -> Result<Read, String> {
    let queries = texts_of(hunt, "query");
    let queries: Vec<&str> = queries.into_iter().map(str::trim).filter(|query| !query.is_empty()).collect();
    if queries.is_empty() {
        return Err("query is missing".to_owned());
    }
    let named = texts_of(hunt, "mitre").into_iter().map(|id| name(id).to_ascii_uppercase());
    // Ids of ATLAS are none of ATT&CK's.
    let (attack_ids, others): (Vec<_>, Vec<_>) = named.partition(|id| is_attack_id(id));
    let record = RuleRecord {
        key: id_of(hunt, "uuid")?,
        path: path.to_owned(),
        title: title(hunt)?,
        description: long(text_of(hunt, "description").unwrap_or_default().trim())?,
        class: RuleClass::Hunt,
        language: name(&texts_of(hunt, "language").join(", ")),
        query: query(&queries.join("\n\n"))?,
        log_source: long(&texts_of(hunt, "integration").join(", "))?,
        attack_ids: sorted(attack_ids),
        tags: sorted(others),
        references: addresses(texts_of(hunt, "references")),
        author: name_of(hunt, "author"),
        licence: licence(hunt),
        ..RuleRecord::default()
    };
    Ok(Read { record, threats: 0, threats_without_technique: 0 })
}
