//! Figures of a reading.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many there are of what, by a name in words: `atomic tests`, `techniques`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Counts(pub BTreeMap<String, u64>);

impl Counts {
    /// Counts some more.
    pub fn add(&mut self, what: &str, count: usize) {
        *self.0.entry(what.to_owned()).or_default() += count as u64;
    }

    /// How many there are.
    pub fn of(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or(0)
    }
}
