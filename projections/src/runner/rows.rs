//! The rows that a batch of events opens and closes, on their way to the database.

use crate::fold::{OPEN, RowChange};
use sqlx::PgConnection;
use std::collections::HashMap;

/// Changes of rows, gathered until they are stored.
#[derive(Debug, Default)]
pub struct Rows {
    tables: HashMap<&'static str, TableRows>,
}

#[derive(Debug, Default)]
struct TableRows {
    /// Rows that opened since the last store: key to position and columns.
    opened: HashMap<String, (i64, String)>,
    /// Rows that opened and ended since: key, from, to, columns.
    ended: Vec<(String, i64, i64, String)>,
    /// Rows stored earlier that end: key and position.
    closed: HashMap<String, i64>,
}

impl Rows {
    pub(super) fn change(&mut self, position: i64, change: RowChange) {
        let table = self.tables.entry(change.table).or_default();
        match table.opened.remove(&change.key) {
            // Two changes by one event: the later one is what it says.
            Some((from, _)) if from == position => {}
            Some((from, row)) => table.ended.push((change.key.clone(), from, position, row)),
            None => {
                table.closed.entry(change.key.clone()).or_insert(position);
            }
        }
        if let Some(row) = change.row {
            table.opened.insert(change.key, (position, row));
        }
    }

    /// Whether nothing changes.
    pub(super) fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// The rows in force at a position, per table and key: for tests that
    /// compare a fresh fold with what was stored.
    pub fn open(&self) -> Vec<(&'static str, &str, i64, &str)> {
        let mut rows: Vec<_> = self
            .tables
            .iter()
            .flat_map(|(table, rows)| {
                rows.opened.iter().map(move |(key, (from, row))| (*table, key.as_str(), *from, row.as_str()))
            })
            .collect();
        rows.sort_unstable();
        rows
    }

    /// Closes and opens intervals: the only SQL that writes read models.
    ///
    /// # Errors
    /// The database failed.
    pub async fn store(&mut self, connection: &mut PgConnection, schema: &str) -> Result<(), sqlx::Error> {
        for (table, rows) in self.tables.drain() {
            let (keys, ends): (Vec<String>, Vec<i64>) = rows.closed.into_iter().unzip();
            if !keys.is_empty() {
                sqlx::query(&format!(
                    // The last interval of a key is the open one, if any is. Asked for by its end, the planner
                    // would rather look through all that are open.
                    "update {schema}.{table} t set to_position = c.ends
                     from unnest($1::text[], $2::int8[]) c (key, ends)
                     where t.row_key = c.key and t.from_position = (
                       select case when o.to_position = {OPEN} then o.from_position end
                       from {schema}.{table} o where o.row_key = c.key order by o.from_position desc limit 1)"
                ))
                .bind(keys)
                .bind(ends)
                .execute(&mut *connection)
                .await?;
            }
            let ended = rows.ended.into_iter();
            let opened = rows.opened.into_iter().map(|(key, (from, row))| (key, from, OPEN, row));
            let json = as_json_rows(ended.chain(opened));
            if let Some(json) = json {
                sqlx::query(&format!(
                    "insert into {schema}.{table} select r.* from json_populate_recordset(null::{schema}.{table}, $1::text::json) r"
                ))
                .bind(json)
                .execute(&mut *connection)
                .await?;
            }
        }
        Ok(())
    }
}

/// Splices key and interval into each row's own JSON object.
fn as_json_rows(rows: impl Iterator<Item = (String, i64, i64, String)>) -> Option<String> {
    let mut json = String::from("[");
    for (key, from, to, row) in rows {
        if json.len() > 1 {
            json.push(',');
        }
        let key = serde_json::Value::String(key);
        let columns = row.strip_prefix('{').unwrap_or(&row);
        let comma = if columns.starts_with('}') { "" } else { "," };
        json.push_str(&format!(
            r#"{{"row_key":{key},"from_position":{from},"to_position":{to}{comma}{columns}"#
        ));
    }
    json.push(']');
    (json.len() > 2).then_some(json)
}
