//! Tests as people see them: general fields, rounds, votes, evidence, who is pending.
//!
//! `fold` makes the rows, `read` reads one test, its rounds and its files,
//! `list` finds tests by a `filter`, `texts` what they say, `chains` follows retests.

mod chains;
mod filter;
mod fold;
mod list;
mod read;
mod texts;

pub use chains::retests_of;
pub use filter::{Awaiting, TestFilter};
pub use fold::Tests;
pub use list::{COUNTED_TO, Counted, TestPage, tests, tests_of_techniques};
pub use read::{
    EvidenceRecord, RoundRecord, TestKey, TestRecord, VoteRecord, evidence, evidence_of, rounds, test,
    tests_by_id,
};

use aegis_aggregates::ids::AccountId;
use aegis_aggregates::test::Side;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A time in which a side's clock stood still.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// The side at work.
    pub side: Side,
    /// Who stopped it.
    pub by: AccountId,
    /// Since when.
    pub from: DateTime<Utc>,
    /// Until when; none while it stands.
    pub to: Option<DateTime<Utc>>,
    /// Why.
    pub reason: String,
}
