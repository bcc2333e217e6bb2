//! Files over plain HTTP: putting one with a signed link, getting one with another.

use super::links::Purpose;
use crate::context::{Services, Viewer};
use crate::error::ApiError;
use crate::noted::{Noted, note};
use crate::uploads::refusal;
use aegis_aggregates::test::limits;
use aegis_objects::evidence::{Announced, ReceiveError};
use aegis_projections::evidence::{self, Claim, Claiming, EvidenceUpload};
use aegis_projections::tests as read;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures::{Stream, StreamExt};
use serde::Deserialize;
use std::io;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

/// How long a client may stay silent in the middle of a file; the connection may be less patient.
const SILENCE: Duration = Duration::from_secs(60);
/// How long a file may take to come: at the pace that connections are held to, the largest takes 22 minutes.
const PUT_LIMIT: Duration = Duration::from_secs(25 * 60);
/// How long what is sent with a refused request passes unread, so that its client hears why.
const DRAIN_LIMIT: Duration = Duration::from_secs(5);
/// How long somebody waits for whoever else works on the same upload.
pub const BUSY_PATIENCE: Duration = Duration::from_secs(5);
/// What they are told then.
pub const BUSY: &str = "this file is being put or confirmed by another request; try again in half a minute";
/// What is told about an upload that is too old.
pub const CLOSED: &str = "this upload was asked for more than 20 hours ago; ask for it again";

/// What a link carries.
#[derive(Debug, Deserialize)]
pub struct Signed {
    token: Option<String>,
}

impl Signed {
    fn opens(&self, services: &Services, purpose: Purpose, test: Uuid, evidence: Uuid) -> bool {
        self.token.as_deref().is_some_and(|token| services.links.opens(purpose, test, evidence, token))
    }
}

fn expired() -> ApiError {
    ApiError::Unauthenticated("This link is not valid, or not any more. Ask for a new one.")
}

/// `PUT /evidence/{test}/{id}?token=…` with the announced bytes as body answers `{"received": size}`.
/// One request puts a file at a time; 409 where another one does for longer than [`BUSY_PATIENCE`].
pub async fn put(
    State(services): State<Services>,
    Path((test, id)): Path<(Uuid, Uuid)>,
    Query(signed): Query<Signed>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let admitted = match signed.opens(&services, Purpose::Upload, test, id) {
        true => admitted(&services, test, id, &headers).await,
        false => Err(expired()),
    };
    let claim = match admitted {
        Ok(claim) => claim,
        Err(error) => {
            // A client that is still sending would not hear why.
            drain(body, DRAIN_LIMIT).await;
            return refusal(error);
        }
    };
    // In a task of its own: a client that hangs up ends the request, but not what was begun.
    let taken = tokio::spawn(async move {
        let taken = take(&services, &claim, body).await;
        claim.release().await;
        taken
    });
    match taken.await {
        Ok(Ok(size)) => Json(serde_json::json!({ "received": size })).into_response(),
        Ok(Err(error)) => refusal(error),
        Err(error) => refusal(ApiError::Internal(Box::new(error))),
    }
}

async fn take(services: &Services, claim: &Claim, body: Body) -> Result<i64, ApiError> {
    let upload = &claim.upload;
    let bytes = patient(body, PUT_LIMIT);
    let media_type = services.objects.receive(&announced(upload), bytes).await.map_err(unkept)?;
    services.metrics.evidence_received(u64::try_from(upload.size_bytes).unwrap_or_default());
    if claim.received(media_type).await? {
        return Ok(upload.size_bytes);
    }
    // Lost while the file came. Where there is no upload any more, nothing would ever remove the file.
    if evidence::find(&services.pool, upload.evidence_id).await?.is_none() {
        let removed = services.objects.remove(&upload.object_key).await;
        removed.map_err(|error| ApiError::Internal(Box::new(error)))?;
        return Err(ApiError::NotFound("upload"));
    }
    Err(ApiError::Conflict(sentence(BUSY)))
}

/// The upload that may come now.
async fn admitted(services: &Services, test: Uuid, id: Uuid, headers: &HeaderMap) -> Result<Claim, ApiError> {
    let claim = match evidence::claim(&services.pool, id, BUSY_PATIENCE).await? {
        Claiming::Held(claim) => claim,
        Claiming::Busy => return Err(ApiError::Conflict(sentence(BUSY))),
        Claiming::Unknown => return Err(ApiError::NotFound("upload")),
    };
    match refused(&claim.upload, test, headers) {
        None => Ok(claim),
        Some(error) => {
            claim.release().await;
            Err(error)
        }
    }
}

fn refused(upload: &EvidenceUpload, test: Uuid, headers: &HeaderMap) -> Option<ApiError> {
    if upload.test_id != test {
        return Some(ApiError::NotFound("upload"));
    }
    if upload.confirmed_at.is_some() {
        return Some(ApiError::InvalidInput("This file has been taken in already.".to_owned()));
    }
    if upload.is_closed() {
        return Some(ApiError::InvalidInput(sentence(CLOSED)));
    }
    let length =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<i64>().ok());
    let length = length.filter(|length| *length != upload.size_bytes)?;
    Some(ApiError::InvalidInput(format!(
        "{} has {length} bytes, but {} were announced. Nothing was kept.",
        upload.file_name, upload.size_bytes
    )))
}

/// Lets a body pass unread for so long, as much of it as a file may have.
async fn drain(body: Body, limit: Duration) {
    let mut pieces = std::pin::pin!(patient(body, limit));
    let mut passed = 0;
    while let Some(Ok(piece)) = pieces.next().await {
        passed += piece.len() as u64;
        if passed > limits::EVIDENCE_BYTES {
            return;
        }
    }
}

/// The file that an upload announced.
pub fn announced(upload: &EvidenceUpload) -> Announced {
    Announced {
        key: upload.object_key.clone(),
        file_name: upload.file_name.clone(),
        size_bytes: u64::try_from(upload.size_bytes).unwrap_or_default(),
        sha256: upload.sha256.clone(),
    }
}

/// What is wrong with the file is the client's to hear, what is wrong with the store is ours.
pub fn unkept(error: ReceiveError) -> ApiError {
    match error {
        ReceiveError::BrokeOff { .. }
        | ReceiveError::TooLong { .. }
        | ReceiveError::OtherDigest { .. }
        | ReceiveError::Content(_)
        | ReceiveError::Missing => ApiError::InvalidInput(sentence(&error.to_string())),
        ReceiveError::Store(_)
        | ReceiveError::Refused { .. }
        | ReceiveError::Http(_)
        | ReceiveError::Disk(_) => ApiError::Internal(Box::new(error)),
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// A body that ends with an error where its client falls silent for [`SILENCE`], or has not come to its
/// end within `limit`.
fn patient(body: Body, limit: Duration) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    let end = Instant::now() + limit;
    futures::stream::unfold(Some(body.into_data_stream()), move |pieces| async move {
        let mut pieces = pieces?;
        match timeout_at(end.min(Instant::now() + SILENCE), pieces.next()).await {
            Ok(Some(Ok(piece))) => Some((Ok(piece), Some(pieces))),
            Ok(Some(Err(error))) => Some((Err(io::Error::other(error)), None)),
            Ok(None) => None,
            Err(_) => Some((Err(io::ErrorKind::TimedOut.into()), None)),
        }
    })
}

/// `GET /evidence/{test}/{id}?token=…` hands a file out, as an attachment that no browser runs. Each time is an
/// entry of the access log, with whoever is signed in beside the link.
pub async fn get(
    State(services): State<Services>,
    Extension(viewer): Extension<Viewer>,
    Path((test, id)): Path<(Uuid, Uuid)>,
    Query(signed): Query<Signed>,
) -> Response {
    if !signed.opens(&services, Purpose::Download, test, id) {
        return refusal(expired());
    }
    match noted(&services, &viewer, test, id).await {
        Ok(response) => response,
        Err(error) => refusal(error),
    }
}

async fn noted(services: &Services, viewer: &Viewer, test: Uuid, id: Uuid) -> Result<Response, ApiError> {
    let response = hand_out(services, test, id).await?;
    let detail = format!("evidence {id}");
    let entry = Noted::allowed("GET /evidence/{test}/{id}").about("Test", test);
    note(services, viewer, Noted { detail: Some(&detail), ..entry }).await?;
    Ok(response)
}

async fn hand_out(services: &Services, test: Uuid, id: Uuid) -> Result<Response, ApiError> {
    let at = services.tide.position();
    let file = read::evidence(&services.pool, test, id, at).await?;
    let file = file.filter(|file| file.removed_at.is_none()).ok_or(ApiError::NotFound("evidence"))?;
    let found = services.objects.download(&file.object_key).await;
    let found = found.map_err(|error| ApiError::Internal(Box::new(error)))?;
    let found = found.ok_or(ApiError::NotFound("evidence"))?;
    services.metrics.evidence_sent(found.size_bytes);
    let text = file.media_type.starts_with("text/");
    let kind = if text { format!("{}; charset=utf-8", file.media_type) } else { file.media_type.clone() };
    let digest = hex::decode(&file.sha256).unwrap_or_default();
    let headers = [
        (header::CONTENT_TYPE.as_str(), kind),
        (header::CONTENT_LENGTH.as_str(), found.size_bytes.to_string()),
        (header::CONTENT_DISPOSITION.as_str(), disposition(&file.file_name)),
        (header::CACHE_CONTROL.as_str(), "private, max-age=300, immutable, no-transform".to_owned()),
        (header::ETAG.as_str(), format!("\"{}\"", file.sha256)),
        // RFC 9530.
        ("repr-digest", format!("sha-256=:{}:", STANDARD.encode(digest))),
        (header::CONTENT_SECURITY_POLICY.as_str(), "sandbox; default-src 'none'".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS.as_str(), "nosniff".to_owned()),
    ];
    let mut response = (StatusCode::OK, Body::from_stream(found.bytes)).into_response();
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
}

/// The name twice: for everybody, and with all its letters (RFC 6266, RFC 8187).
fn disposition(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "._- ".contains(c) { c } else { '_' }).collect();
    let mut full = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
            full.push(char::from(byte));
        } else {
            full.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_client_that_is_slow_for_ever_is_given_up() {
        // One that sends a byte now and then is never silent.
        let slow = || {
            Body::from_stream(futures::stream::unfold((), |()| async {
                tokio::time::sleep(Duration::from_millis(5)).await;
                Some((Ok::<_, io::Error>(Bytes::from_static(b"a")), ()))
            }))
        };
        let pieces: Vec<_> = patient(slow(), Duration::from_millis(100)).collect().await;
        let (last, came) = pieces.split_last().expect("an end");
        assert!(!came.is_empty() && came.iter().all(Result::is_ok));
        assert!(last.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::TimedOut), "{last:?}");
        drain(slow(), Duration::from_millis(100)).await;
    }

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        assert_eq!(disposition("a b.png"), "attachment; filename=\"a b.png\"; filename*=UTF-8''a%20b.png");
        assert_eq!(
            disposition("ü\"\r\nx: y.txt"),
            "attachment; filename=\"____x_ y.txt\"; filename*=UTF-8''%C3%BC%22%0D%0Ax%3A%20y.txt"
        );
    }
}
