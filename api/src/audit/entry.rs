//! One entry of the audit log, as it is shown and as it is exported.

use super::{AuditOutcome, AuditSource, entity_type_of, kind_of};
use crate::page::global_id;
use crate::people::Person;
use crate::timeline::summary_of;
use aegis_projections::audit::{AccessEntry, AuditRecord, Place, Recorded};
use async_graphql::{ID, Object};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

/// One thing that somebody did, or tried to.
pub struct AuditEntry {
    record: AuditRecord,
    facts: Facts,
}

/// What an entry says, whatever its source.
pub struct Facts {
    pub at: DateTime<Utc>,
    pub source: AuditSource,
    pub actor: Option<Uuid>,
    pub action: String,
    pub entity_type: Option<String>,
    pub entity: Option<String>,
    pub outcome: AuditOutcome,
    pub address: Option<String>,
    pub key: Option<Uuid>,
    pub correlation: Option<Uuid>,
    pub position: Option<i64>,
    pub summary: String,
    pub detail: Option<String>,
    pub name_hash: Option<String>,
}

/// What the metadata of an event says beside its actor.
#[derive(Default, Deserialize)]
struct Metadata {
    correlation: Option<Uuid>,
}

impl Facts {
    fn of_ledger(recorded: &Recorded) -> Self {
        let Recorded { event, actor, entity_type, entity } = recorded;
        // What has none, or was written before there were any, is an entry all the same.
        let Metadata { correlation } = serde_json::from_str(&event.metadata).unwrap_or_default();
        // One that this program cannot read is shown by its name.
        let summary =
            event.clone().decode().map_or_else(|_| event.event_type.clone(), |event| summary_of(&event.body));
        Self {
            at: event.sealed_at,
            source: AuditSource::Ledger,
            actor: Some(*actor),
            action: event.event_type.clone(),
            entity_type: Some(entity_type.clone()),
            entity: Some(entity.clone()),
            outcome: AuditOutcome::Allowed,
            address: None,
            key: None,
            correlation,
            position: Some(event.position),
            summary,
            detail: None,
            name_hash: None,
        }
    }

    fn of_access_log(entry: &AccessEntry) -> Self {
        let AccessEntry { at, account, action, outcome, address, detail, entity_type, entity, .. } =
            entry.clone();
        let allowed = outcome == "allowed";
        Self {
            at,
            source: AuditSource::AccessLog,
            actor: account,
            summary: said(&action, &outcome),
            action,
            // By one name, wherever it stands.
            entity_type: entity_type.map(|kind| entity_type_of(&kind).map_or(kind, str::to_owned)),
            entity,
            outcome: if allowed { AuditOutcome::Allowed } else { AuditOutcome::Refused },
            address,
            key: entry.key_id,
            correlation: entry.correlation,
            position: None,
            detail,
            name_hash: entry.name_hash.clone(),
        }
    }
}

/// `sign_in` and `rate_limited` read "Sign in: rate limited", `castVote` and `invalid_state` "Cast vote: invalid
/// state"; what was allowed has its name alone, and a route stays as it is.
fn said(action: &str, outcome: &str) -> String {
    let named = if action.contains('/') { action.to_owned() } else { words(action) };
    if outcome == "allowed" { named } else { format!("{named}: {}", outcome.replace('_', " ")) }
}

/// A name in words, however its own are joined.
fn words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 8);
    for letter in name.chars() {
        match letter {
            _ if words.is_empty() => words.extend(letter.to_uppercase()),
            '_' => words.push(' '),
            letter if letter.is_uppercase() => {
                words.push(' ');
                words.extend(letter.to_lowercase());
            }
            letter => words.push(letter),
        }
    }
    words
}

impl AuditEntry {
    /// Reads a record.
    pub fn new(record: AuditRecord) -> Self {
        let facts = match &record {
            AuditRecord::Recorded(recorded) => Facts::of_ledger(recorded),
            AuditRecord::Accessed(entry) => Facts::of_access_log(entry),
        };
        Self { record, facts }
    }

    /// Where it stands in the order of time.
    pub fn place(&self) -> Place {
        self.record.place()
    }

    /// What it says.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }
}

#[Object]
impl AuditEntry {
    async fn id(&self) -> ID {
        let (source, number) = match &self.record {
            AuditRecord::Recorded(recorded) => ("ledger", recorded.event.position),
            AuditRecord::Accessed(entry) => ("access", entry.id),
        };
        global_id("AuditEntry", format_args!("{source}/{number}"))
    }

    /// When: sealed in the ledger, or written to the access log.
    async fn at(&self) -> DateTime<Utc> {
        self.facts.at
    }

    async fn source(&self) -> AuditSource {
        self.facts.source
    }

    /// Who; null for somebody who was not signed in.
    async fn actor(&self) -> Option<Person> {
        self.facts.actor.map(Person)
    }

    /// The type of the event, `VoteCast`, or what was tried, `sign_in`.
    async fn action(&self) -> &str {
        &self.facts.action
    }

    /// What kind of thing it was about.
    async fn entity_type(&self) -> Option<&str> {
        self.facts.entity_type.as_deref()
    }

    /// The id of that thing, where it is one that `node` finds.
    async fn entity_id(&self) -> Option<ID> {
        let kind = kind_of(self.facts.entity_type.as_deref()?)?;
        Some(global_id(kind, self.facts.entity.as_deref()?))
    }

    /// The id that the record has of it.
    async fn entity(&self) -> Option<&str> {
        self.facts.entity.as_deref()
    }

    async fn outcome(&self) -> AuditOutcome {
        self.facts.outcome
    }

    /// From where, as far as the access log knows.
    async fn address(&self) -> Option<&str> {
        self.facts.address.as_deref()
    }

    /// The key that it was tried with, as far as the access log knows; what a key changed has its account as actor.
    async fn key_id(&self) -> Option<String> {
        self.facts.key.map(|key| key.to_string())
    }

    /// Ties it to the request it came with, and to the log.
    async fn correlation(&self) -> Option<String> {
        self.facts.correlation.map(|id| id.to_string())
    }

    /// Its place in the ledger, for an event.
    async fn position(&self) -> Option<i64> {
        self.facts.position
    }

    /// One line for people.
    async fn summary(&self) -> &str {
        &self.facts.summary
    }

    /// What else the access log says.
    async fn detail(&self) -> Option<&str> {
        self.facts.detail.as_deref()
    }

    /// A keyed hash of the name that somebody tried to sign in with, where nobody has it: the same name has the
    /// same hash.
    async fn name_hash(&self) -> Option<&str> {
        self.facts.name_hash.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_tried_reads_as_words() {
        for (action, outcome, text) in [
            ("sign_in", "rate_limited", "Sign in: rate limited"),
            ("castVote", "invalid_state", "Cast vote: invalid state"),
            ("deleteWebhook", "allowed", "Delete webhook"),
            ("GET /audit/export", "refused", "GET /audit/export: refused"),
            ("", "refused", ": refused"),
        ] {
            assert_eq!(said(action, outcome), text);
        }
    }
}
