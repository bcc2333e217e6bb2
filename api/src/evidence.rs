//! Evidence: files that show what red did and what blue saw.

use crate::error::ApiError;
use crate::page::global_id;
use crate::people::Person;
use crate::tests::{Side, words::word};
use aegis_aggregates::test as domain;
use aegis_projections::tests::EvidenceRecord;
use async_graphql::{ID, Object};
use chrono::{DateTime, Utc};

/// A file of a side of a round. Its bytes never change; taken out, it stays readable here as a record.
pub struct Evidence {
    record: EvidenceRecord,
    at: i64,
}

impl Evidence {
    /// A file as of a position.
    pub fn new(record: EvidenceRecord, at: i64) -> Self {
        Self { record, at }
    }
}

#[Object]
impl Evidence {
    async fn id(&self) -> ID {
        global_id("Evidence", format!("{}/{}", self.record.test_id, self.record.evidence_id))
    }
    /// Its own id, as votes name it.
    async fn evidence_id(&self) -> ID {
        self.record.evidence_id.to_string().into()
    }
    async fn side(&self) -> Result<Side, ApiError> {
        word::<domain::Side>(&self.record.side).map(Into::into)
    }
    async fn round(&self) -> i32 {
        self.record.round
    }
    async fn file_name(&self) -> &str {
        &self.record.file_name
    }
    /// Found out from its bytes.
    async fn media_type(&self) -> &str {
        &self.record.media_type
    }
    async fn size_bytes(&self) -> i64 {
        self.record.size_bytes
    }
    /// The SHA-256 of its bytes, hex.
    async fn sha256(&self) -> &str {
        &self.record.sha256
    }
    /// What it shows.
    async fn caption(&self) -> &str {
        &self.record.caption
    }
    async fn added_by(&self) -> Person {
        Person(self.record.added_by)
    }
    async fn added_at(&self) -> DateTime<Utc> {
        self.record.added_at
    }
    /// Who took it out; null while it stands.
    async fn removed_by(&self) -> Option<Person> {
        self.record.removed_by.map(Person)
    }
    async fn removed_at(&self) -> Option<DateTime<Utc>> {
        self.record.removed_at
    }
    async fn remove_reason(&self) -> Option<&str> {
        self.record.remove_reason.as_deref()
    }
    /// The ledger position it is shown at.
    async fn position(&self) -> i64 {
        self.at
    }
}
