//! Defensive techniques of D3FEND.

use serde::{Deserialize, Serialize};

/// A defensive technique.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DefenceRecord {
    /// `D3-OAM`.
    pub key: String,
    /// The file it stands in.
    pub path: String,
    /// Its name.
    pub name: String,
    /// Model, Harden, Detect, Isolate, Deceive, Evict or Restore.
    pub tactic: String,
    /// What it is.
    pub definition: String,
    /// The id of the technique it belongs to.
    pub parent: Option<String>,
    /// Its page.
    pub url: Option<String>,
}

/// What a defensive technique does against a technique: one pair of ids.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DefenceMappingRecord {
    /// `T1003/D3-OAM`.
    pub key: String,
    /// The file it stands in.
    pub path: String,
    /// The technique.
    pub attack_id: String,
    /// The defensive technique.
    pub defence: String,
    /// The digital artifacts in which they meet, each with what both do to it; sorted.
    pub artifacts: Vec<String>,
}
