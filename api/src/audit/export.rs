//! `GET /audit/export`: the audit log as a file, in CSV or JSON, newest first. Streamed page by page, and
//! itself an entry of the access log.

use super::entry::Facts;
use super::{AuditEntry, AuditFilterInput, AuditOutcome, AuditSource, caught_up};
use crate::context::{Services, Viewer};
use crate::error::ApiError;
use crate::noted::{Noted, note};
use crate::permissions::{self, Kind};
use crate::uploads::refusal;
use aegis_aggregates::ids::AccountId;
use aegis_projections::accounts;
use aegis_projections::audit::{self, AuditFilter, Place};
use async_graphql::ID;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use futures::{StreamExt, stream};
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

/// The route, as the table of permissions names it.
pub const ROUTE: &str = "GET /audit/export";
/// Entries of one file at most; for more, ask for parts of the time.
pub const MOST: usize = 1_000_000;
/// Entries read at a time.
const PAGE: i64 = 1_000;
/// Files that are written at the same time in a process.
const AT_ONCE: usize = 2;

/// What is exported.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Asked {
    format: Format,
    account: Option<ID>,
    entity_type: Option<String>,
    entity_id: Option<ID>,
    action: Option<String>,
    outcome: Option<AuditOutcome>,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
}

/// How it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// RFC 4180, in UTF-8, with a line of names.
    Csv,
    /// One array of objects.
    Json,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    fn media_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Json => "application/json",
        })
    }
}

/// Places for exports. Clones share them.
#[derive(Clone)]
pub struct Exports(Arc<Semaphore>);

impl Default for Exports {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

/// `GET /audit/export?format=csv|json` with the conditions of `auditLog`'s filter.
pub async fn export(
    State(services): State<Services>,
    State(exports): State<Exports>,
    Extension(viewer): Extension<Viewer>,
    asked: Result<Query<Asked>, axum::extract::rejection::QueryRejection>,
) -> Response {
    match begin(&services, &exports, &viewer, asked.map(|Query(asked)| asked)).await {
        Ok(response) => response,
        Err(error) => refusal(error),
    }
}

async fn begin(
    services: &Services,
    exports: &Exports,
    viewer: &Viewer,
    asked: Result<Asked, axum::extract::rejection::QueryRejection>,
) -> Result<Response, ApiError> {
    permissions::demand(services, viewer, Kind::Route, ROUTE).await?;
    let asked = asked.map_err(|error| ApiError::InvalidInput(format!("{}.", error.body_text())))?;
    let format = asked.format;
    let Asked { account, entity_type, entity_id, action, outcome, from, to, .. } = asked;
    let filter = AuditFilterInput { account, entity_type, entity_id, action, outcome, from, to }.read()?;
    let place = Arc::clone(&exports.0).try_acquire_owned();
    let place =
        place.map_err(|_| ApiError::RateLimited("Other exports are under way. Try again in a moment."))?;
    // Before the index is read, so that the file tells of itself only the next time; who was given it is known
    // however far the file came.
    caught_up(services).await?;
    let began = Utc::now();
    let detail = format!("{} {}", format.name(), described(&filter));
    note(services, viewer, Noted { detail: Some(&detail), ..Noted::allowed(ROUTE) }).await?;
    let filter = AuditFilter { to: Some(filter.to.map_or(began, |to| to.min(began))), ..filter };
    let file = format!("aegis-audit-{}.{}", began.format("%Y%m%dT%H%M%SZ"), format.name());
    let body = Body::from_stream(pieces(Writing::new(services.clone(), filter, format, place)));
    let mut response = (StatusCode::OK, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, format.media_type());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{file}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// A file that is being written.
struct Writing {
    services: Services,
    filter: AuditFilter,
    format: Format,
    before: Option<Place>,
    written: usize,
    ended: bool,
    _place: OwnedSemaphorePermit,
}

impl Writing {
    fn new(services: Services, filter: AuditFilter, format: Format, place: OwnedSemaphorePermit) -> Self {
        Self { services, filter, format, before: None, written: 0, ended: false, _place: place }
    }

    /// The next part of the file; nothing after the last.
    async fn next(&mut self) -> Result<Option<Bytes>, aegis_projections::DatabaseError> {
        if self.ended {
            return Ok(None);
        }
        let pool = &self.services.pool;
        let found = audit::entries(pool, &self.filter, self.before, PAGE).await?;
        let entries: Vec<_> = found.into_iter().map(AuditEntry::new).collect();
        let names = names(&self.services, &entries).await?;
        let mut text = String::new();
        if self.written == 0 {
            text.push_str(match self.format {
                Format::Csv => HEAD,
                Format::Json => "[",
            });
        }
        for entry in &entries {
            match self.format {
                Format::Csv => csv(&mut text, entry.facts(), &names),
                Format::Json => {
                    text.push_str(if self.written == 0 { "\n" } else { ",\n" });
                    text.push_str(&object(entry.facts(), &names).to_string());
                }
            }
            self.written += 1;
        }
        self.before = entries.last().map(AuditEntry::place);
        if i64::try_from(entries.len()).unwrap_or(0) < PAGE || self.written >= MOST {
            self.ended = true;
            if self.format == Format::Json {
                text.push_str("\n]\n");
            }
        }
        Ok(Some(text.into()))
    }
}

/// A database that fails ends the file in its middle, which its reader sees as a connection that broke off. What
/// compresses it on the way asks once more after the end.
fn pieces(
    writing: Writing,
) -> impl futures::Stream<Item = Result<Bytes, aegis_projections::DatabaseError>> + Send {
    stream::unfold(Some(writing), |writing| async move {
        let mut writing = writing?;
        match writing.next().await {
            Ok(Some(piece)) => Some((Ok(piece), Some(writing))),
            Ok(None) => None,
            Err(error) => {
                tracing::error!(%error, written = writing.written, "an export of the audit log broke off");
                Some((Err(error), None))
            }
        }
    })
    .fuse()
}

/// The names of who did it, as of now.
async fn names(
    services: &Services,
    entries: &[AuditEntry],
) -> Result<HashMap<Uuid, String>, aegis_projections::DatabaseError> {
    let mut ids: Vec<Uuid> = entries.iter().filter_map(|entry| entry.facts().actor).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = accounts::by_ids(&services.pool, &ids).await?;
    let mut names: HashMap<_, _> =
        found.into_iter().filter_map(|account| Some((account.account, account.username?))).collect();
    names.insert(AccountId::SYSTEM.0, "system".to_owned());
    Ok(names)
}

fn name_of(names: &HashMap<Uuid, String>, actor: Uuid) -> &str {
    names.get(&actor).map_or("former user", String::as_str)
}

fn outcome(outcome: AuditOutcome) -> &'static str {
    match outcome {
        AuditOutcome::Allowed => "allowed",
        AuditOutcome::Refused => "refused",
    }
}

fn source(source: AuditSource) -> &'static str {
    match source {
        AuditSource::Ledger => "ledger",
        AuditSource::AccessLog => "access_log",
    }
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

const HEAD: &str = "at,source,position,actor_id,actor,key_id,action,outcome,entity_type,entity,address,correlation,summary,detail,name_hash\r\n";

/// One line of CSV.
fn csv(text: &mut String, facts: &Facts, names: &HashMap<Uuid, String>) {
    let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    let cells = [
        instant(facts.at),
        source(facts.source).to_owned(),
        facts.position.map(|position| position.to_string()).unwrap_or_default(),
        id(facts.actor),
        facts.actor.map(|actor| name_of(names, actor).to_owned()).unwrap_or_default(),
        id(facts.key),
        facts.action.clone(),
        outcome(facts.outcome).to_owned(),
        or_empty(&facts.entity_type),
        or_empty(&facts.entity),
        or_empty(&facts.address),
        id(facts.correlation),
        facts.summary.clone(),
        or_empty(&facts.detail),
        or_empty(&facts.name_hash),
    ];
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        push_cell(text, cell);
    }
    text.push_str("\r\n");
}

/// A cell by RFC 4180. What a table would take for a formula gets an apostrophe in front, so that it is text.
fn push_cell(text: &mut String, cell: &str) {
    let defused = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if !defused && !cell.contains([',', '"', '\r', '\n']) {
        text.push_str(cell);
        return;
    }
    let apostrophe = if defused { "'" } else { "" };
    // Writing to a string cannot fail.
    let _ = write!(text, "\"{apostrophe}{}\"", cell.replace('"', "\"\""));
}

fn object(facts: &Facts, names: &HashMap<Uuid, String>) -> serde_json::Value {
    json!({
        "at": instant(facts.at),
        "source": source(facts.source),
        "position": facts.position,
        "actorId": facts.actor,
        "actor": facts.actor.map(|actor| name_of(names, actor)),
        "keyId": facts.key,
        "action": facts.action,
        "outcome": outcome(facts.outcome),
        "entityType": facts.entity_type,
        "entity": facts.entity,
        "address": facts.address,
        "correlation": facts.correlation,
        "summary": facts.summary,
        "detail": facts.detail,
        "nameHash": facts.name_hash,
    })
}

fn described(filter: &AuditFilter) -> String {
    let AuditFilter { account, concerning, entity_type, entity, action, allowed, from, to } = filter;
    json!({
        "account": account,
        "concerning": concerning,
        "entityType": entity_type,
        "entity": entity,
        "action": action,
        "allowed": allowed,
        "from": from,
        "to": to,
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_defused() {
        for (cell, written) in [
            ("plain", "plain"),
            ("", ""),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "\"'=1+1\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\tx", "\"'\tx\""),
            ("\rx", "\"'\rx\""),
            ("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\""),
            ("a=b", "a=b"),
        ] {
            let mut text = String::new();
            push_cell(&mut text, cell);
            assert_eq!(text, written, "{cell:?}");
        }
    }

    #[test]
    fn every_line_has_as_many_cells_as_names() {
        let facts = Facts {
            at: DateTime::UNIX_EPOCH,
            source: AuditSource::AccessLog,
            actor: Some(Uuid::nil()),
            action: "sign_in".to_owned(),
            entity_type: None,
            entity: None,
            outcome: AuditOutcome::Refused,
            address: Some("203.0.113.7".to_owned()),
            key: None,
            correlation: None,
            position: None,
            summary: "Sign in: refused".to_owned(),
            detail: None,
            name_hash: None,
        };
        let mut line = String::new();
        csv(&mut line, &facts, &HashMap::new());
        assert_eq!(line.matches(',').count(), HEAD.matches(',').count(), "{line}");
        assert!(line.starts_with("1970-01-01T00:00:00.000000Z,access_log,,"), "{line}");
        assert_eq!(object(&facts, &HashMap::new())["actor"], "former user");
    }
}
