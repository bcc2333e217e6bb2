//! Evidence: files that show what red did and what blue saw.
//!
//! A file is announced and put with a signed link (`links`, `routes`), then
//! confirmed (`commands`): only then an event names it. It is handed out with
//! another link, always through this server, so that it is an attachment with
//! headers of ours wherever it is stored.

mod commands;
pub mod links;
mod name;
pub mod routes;

pub use commands::EvidenceMutation;

use crate::context::Services;
use crate::error::ApiError;
use crate::page::{global_id, local_id};
use crate::people::Person;
use crate::tests::{Side, words::word};
use aegis_aggregates::test as domain;
use aegis_projections::tests;
use aegis_projections::tests::EvidenceRecord;
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use links::Purpose;
use uuid::Uuid;

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
    pub async fn id(&self) -> ID {
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
    /// A link to its bytes, path and query on this server, good for 5 to 10 minutes; null once it was
    /// taken out.
    async fn download_url(&self, ctx: &Context<'_>) -> Result<Option<String>, ApiError> {
        if self.record.removed_at.is_some() {
            return Ok(None);
        }
        let links = &ctx.data_unchecked::<Services>().links;
        let (test, id) = (self.record.test_id, self.record.evidence_id);
        let link = links.sign(Purpose::Download, test, id, Utc::now());
        link.map(|link| Some(link.url)).map_err(|error| ApiError::Internal(Box::new(error)))
    }
    /// The ledger position it is shown at.
    async fn position(&self) -> i64 {
        self.at
    }
}

/// The test and the file that an opaque id names.
fn evidence_of_id(id: &ID) -> Option<(Uuid, Uuid)> {
    let local = local_id(id, "Evidence")?;
    let (test, evidence) = local.split_once('/')?;
    Some((test.parse().ok()?, evidence.parse().ok()?))
}

/// One file as of a position, by its opaque id.
pub async fn evidence_at(ctx: &Context<'_>, id: &ID, at: i64) -> Result<Option<Evidence>, ApiError> {
    let Some((test, evidence)) = evidence_of_id(id) else {
        return Ok(None);
    };
    let pool = &ctx.data_unchecked::<Services>().pool;
    let found = tests::evidence(pool, test, evidence, at).await?;
    Ok(found.map(|record| Evidence { record, at }))
}

#[derive(Default)]
pub struct EvidenceQuery;

#[Object]
impl EvidenceQuery {
    /// One file of evidence, taken out or not.
    async fn evidence(
        &self,
        ctx: &Context<'_>,
        id: ID,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Option<Evidence>, ApiError> {
        let at = ctx.data_unchecked::<Services>().position(as_of).await?;
        evidence_at(ctx, &id, at).await
    }
}
