//! Who may fill which part of a round.

use serde::{Deserialize, Serialize};

/// The separation of duties that a review is held to. Both rules hold for
/// admins too; both are on until somebody switches them off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewPolicy {
    /// One person never fills both sides of a round, as worker or as voter.
    pub separate_sides: bool,
    /// Whoever executed or evaluated a round does not approve it.
    pub no_self_approval: bool,
}

impl Default for ReviewPolicy {
    fn default() -> Self {
        Self { separate_sides: true, no_self_approval: true }
    }
}
