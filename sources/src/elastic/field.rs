//! Fields of TOML tables.

use crate::kept;
use toml::de::{DeTable, DeValue};

/// The table of a key.
pub(super) fn table_of<'t, 'i>(table: &'t DeTable<'i>, key: &str) -> Option<&'t DeTable<'i>> {
    table.get(key)?.get_ref().as_table()
}

/// The text of a key.
pub(super) fn text_of<'t>(table: &'t DeTable<'_>, key: &str) -> Option<&'t str> {
    table.get(key)?.get_ref().as_str()
}

/// The one line of a key; empty where there is none.
pub(super) fn name_of(table: &DeTable<'_>, key: &str) -> String {
    text_of(table, key).map(kept::name).unwrap_or_default()
}

/// The texts of the list of a key, or the one text that stands in its place.
pub(super) fn texts_of<'t>(table: &'t DeTable<'_>, key: &str) -> Vec<&'t str> {
    match table.get(key).map(|value| value.get_ref()) {
        Some(DeValue::String(text)) => vec![text],
        Some(DeValue::Array(items)) => items.iter().filter_map(|item| item.get_ref().as_str()).collect(),
        _ => vec![],
    }
}

/// The tables of the list of a key.
pub(super) fn tables_of<'t, 'i>(
    table: &'t DeTable<'i>,
    key: &str,
) -> impl Iterator<Item = &'t DeTable<'i>> + use<'t, 'i> {
    let items = table.get(key).and_then(|value| value.get_ref().as_array());
    items.into_iter().flat_map(|items| items.iter()).filter_map(|item| item.get_ref().as_table())
}

/// What several records of the project have.
pub(super) fn licence(table: &DeTable<'_>) -> String {
    match name_of(table, "license").as_str() {
        "" | "Elastic License v2" => super::LICENCE.to_owned(),
        own => own.to_owned(),
    }
}

/// The id of a key.
pub(super) fn id_of(table: &DeTable<'_>, key: &str) -> Result<String, String> {
    kept::id(text_of(table, key).ok_or_else(|| format!("{key} is missing"))?, key)
}

/// The name of a record.
pub(super) fn title(table: &DeTable<'_>) -> Result<String, String> {
    Some(name_of(table, "name")).filter(|name| !name.is_empty()).ok_or_else(|| "name is missing".to_owned())
}
