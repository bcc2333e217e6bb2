//! A projection as a pure fold: from a sealed event to changes of rows.
//!
//! Rows are versioned by interval, so that "now", "rebuilt" and "as of a past
//! position" read the same table and cannot disagree. What is deliberately
//! not here: SQL, which `runner` owns once for all folds.

use aegis_aggregates::access_journal::AccessJournalEvent;
use aegis_aggregates::access_policy::AccessPolicyEvent;
use aegis_aggregates::campaign::CampaignEvent;
use aegis_aggregates::discussion::DiscussionEvent;
use aegis_aggregates::ids::AccountId;
use aegis_aggregates::knowledge::{KnowledgeEvent, KnowledgeSource};
use aegis_aggregates::policy::ReviewPolicyEvent;
use aegis_aggregates::remediation::RemediationEvent;
use aegis_aggregates::roster::RosterEvent;
use aegis_aggregates::template::TemplateEvent;
use aegis_aggregates::test::TestEvent;
use aegis_sources::Record;
use aegis_sources::attack::content::Lifecycle;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// `to_position` of a row that is still in force.
pub const OPEN: i64 = i64::MAX;

/// An event with its place in the ledger.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// Its place, from 1, without gaps.
    pub position: i64,
    /// When the place was given: when we knew.
    pub sealed_at: DateTime<Utc>,
    /// When it was appended.
    pub recorded_at: DateTime<Utc>,
    /// Which aggregate.
    pub aggregate_id: String,
    /// Its place in the aggregate, from 1.
    pub sequence: i64,
    /// Who caused it.
    pub actor: AccountId,
    /// What happened.
    pub body: DomainEvent,
    /// What the content says that a `KnowledgeReleased` makes visible.
    pub release: Option<Arc<ReleaseFacts>>,
}

/// Any event of any aggregate.
#[derive(Debug, Clone)]
pub enum DomainEvent {
    /// Of a test.
    Test(TestEvent),
    /// Of the roster.
    Roster(RosterEvent),
    /// Of the access policy.
    AccessPolicy(AccessPolicyEvent),
    /// Of a knowledge source.
    Knowledge(KnowledgeEvent),
    /// Of a campaign.
    Campaign(CampaignEvent),
    /// Of a discussion.
    Discussion(DiscussionEvent),
    /// Of the review policy.
    ReviewPolicy(ReviewPolicyEvent),
    /// Of a template.
    Template(TemplateEvent),
    /// Of a remediation.
    Remediation(RemediationEvent),
    /// Of the journal of the access log.
    AccessJournal(AccessJournalEvent),
}

/// An event of a kind or version that this program does not know.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// No aggregate of that type.
    #[error("unknown aggregate type '{0}'")]
    UnknownAggregate(String),
    /// The payload does not read as an event of the aggregate.
    #[error("{event_type} {event_version} does not decode")]
    Payload {
        /// The stored event type.
        event_type: String,
        /// The stored event version.
        event_version: String,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// The metadata names no actor.
    #[error("the metadata does not decode")]
    Metadata(#[source] serde_json::Error),
}

impl DomainEvent {
    /// Reads a stored event. Older versions are upcast here when there are any.
    ///
    /// # Errors
    /// [`DecodeError`] names what is unknown.
    pub fn decode(
        aggregate_type: &str,
        event_type: &str,
        event_version: &str,
        payload: &str,
    ) -> Result<Self, DecodeError> {
        let failed = |source| DecodeError::Payload {
            event_type: event_type.to_owned(),
            event_version: event_version.to_owned(),
            source,
        };
        match aggregate_type {
            "test" => serde_json::from_str(payload).map(Self::Test).map_err(failed),
            "access_policy" => serde_json::from_str(payload).map(Self::AccessPolicy).map_err(failed),
            "roster" => serde_json::from_str(payload).map(Self::Roster).map_err(failed),
            "knowledge" => serde_json::from_str(payload).map(Self::Knowledge).map_err(failed),
            "campaign" => serde_json::from_str(payload).map(Self::Campaign).map_err(failed),
            "discussion" => serde_json::from_str(payload).map(Self::Discussion).map_err(failed),
            "review_policy" => serde_json::from_str(payload).map(Self::ReviewPolicy).map_err(failed),
            "template" => serde_json::from_str(payload).map(Self::Template).map_err(failed),
            "remediation" => serde_json::from_str(payload).map(Self::Remediation).map_err(failed),
            "access_journal" => serde_json::from_str(payload).map(Self::AccessJournal).map_err(failed),
            other => Err(DecodeError::UnknownAggregate(other.to_owned())),
        }
    }
}

/// What folds need to know of a release's content.
#[derive(Debug, Default)]
pub struct ReleaseFacts {
    /// Of a domain of ATT&CK: each technique by its STIX id.
    pub techniques: HashMap<String, TechniqueFacts>,
    /// Of any other source: its records of the kinds that the fold reads, by kind and key.
    pub records: Vec<Record>,
}

/// What folds need to know of one technique.
#[derive(Debug, Clone)]
pub struct TechniqueFacts {
    /// `T1059.001`.
    pub attack_id: String,
    /// Whether it still counts.
    pub lifecycle: Lifecycle,
    /// The live technique that took its place.
    pub successor: Option<String>,
}

/// The techniques of all domains as their releases in force have them.
#[derive(Debug, Default)]
pub struct Techniques {
    domains: BTreeMap<KnowledgeSource, Arc<ReleaseFacts>>,
    /// STIX ids by ATT&CK id; of several with the same one, the active one.
    named: HashMap<String, String>,
}

impl Techniques {
    /// Takes in what the release of a domain says; false where the source is no domain of ATT&CK.
    pub fn learn(&mut self, source: KnowledgeSource, facts: Arc<ReleaseFacts>) -> bool {
        if !source.is_attack() {
            return false;
        }
        self.domains.insert(source, facts);
        self.named.clear();
        for (stix_id, facts) in self.domains.values().flat_map(|release| &release.techniques) {
            let active = facts.lifecycle == Lifecycle::Active;
            match self.named.entry(facts.attack_id.clone()) {
                Entry::Vacant(free) => {
                    free.insert(stix_id.clone());
                }
                // The order of a map is not told, so that of the ids decides between equals.
                Entry::Occupied(mut taken) => {
                    let held = self.domains.values().find_map(|release| release.techniques.get(taken.get()));
                    let held_active = held.is_some_and(|held| held.lifecycle == Lifecycle::Active);
                    if (active, Reverse(stix_id)) > (held_active, Reverse(taken.get())) {
                        taken.insert(stix_id.clone());
                    }
                }
            }
        }
        true
    }

    /// The technique that stands for `technique` in the releases in force: itself,
    /// or its live successor. A technique they do not know stays.
    pub fn live<'a>(&'a self, technique: &'a str) -> &'a str {
        let known = self.domains.values().find_map(|release| release.techniques.get(technique));
        known.and_then(|facts| facts.successor.as_deref()).unwrap_or(technique)
    }

    /// The technique of an ATT&CK id, if a release in force has it.
    pub fn named(&self, attack_id: &str) -> Option<&str> {
        self.named.get(attack_id).map(String::as_str)
    }
}

/// One row of one table becoming, or ceasing to be, in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChange {
    /// The table.
    pub table: &'static str,
    /// Which row.
    pub key: String,
    /// Its columns from now on as JSON; `None` ends it.
    pub row: Option<String>,
}

impl RowChange {
    /// The row is this from now on.
    ///
    /// # Panics
    /// Never: rows are plain structs, which always serialise.
    pub fn put(table: &'static str, key: impl Into<String>, row: &impl Serialize) -> Self {
        let row = serde_json::to_string(row).expect("a plain struct serialises");
        Self { table, key: key.into(), row: Some(row) }
    }
}

/// A projection.
pub trait Fold: Send + 'static {
    /// Its name, as in `projection_positions`.
    fn name(&self) -> &'static str;

    /// Raised whenever the fold would now give other rows for the same events.
    fn version(&self) -> i32;

    /// Its tables.
    fn tables(&self) -> &'static [&'static str];

    /// Those of its tables whose open rows it takes back after a restart.
    fn remembered(&self) -> &'static [&'static str] {
        self.tables()
    }

    /// The state before the first event.
    fn reset(&mut self);

    /// What the event changes. Must not fail and must not look elsewhere.
    fn apply(&mut self, event: &Sealed) -> Vec<RowChange>;

    /// Takes back one open row of one of its tables, after a restart.
    ///
    /// # Errors
    /// The row is not of the shape this fold writes.
    fn restore(&mut self, table: &str, key: &str, row: serde_json::Value) -> Result<(), serde_json::Error>;

    /// The kinds of records that it wants of a release.
    fn reads(&self) -> &'static [&'static str] {
        &[]
    }

    /// Takes back what the release in force of a domain of ATT&CK says, after a restart.
    fn restore_release(&mut self, _source: KnowledgeSource, _facts: Arc<ReleaseFacts>) {}
}

/// Reads one restored row.
///
/// # Errors
/// The row is not of that shape.
pub fn restored<T: DeserializeOwned>(row: serde_json::Value) -> Result<T, serde_json::Error> {
    serde_json::from_value(row)
}
