//! Plans of adversaries.

use serde::{Deserialize, Serialize};

/// A plan of an adversary: templates of the same source in an order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AdversaryRecord {
    /// The source's own id.
    pub key: String,
    /// The file it stands in.
    pub path: String,
    /// One line.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// Keys of templates in their order.
    pub steps: Vec<String>,
    /// Those of them that are no templates of this source.
    pub unresolved: Vec<String>,
    /// The group it plays, where it says: `G0016`.
    pub group: Option<String>,
    /// Where more is written.
    pub references: Vec<String>,
}
