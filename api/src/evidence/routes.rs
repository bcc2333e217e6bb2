//! Files over plain HTTP: putting one with a signed link, getting one with another.

use super::links::Purpose;
use crate::context::Services;
use crate::error::ApiError;
use crate::uploads::refusal;
use aegis_aggregates::test::limits;
use aegis_objects::evidence::{Announced, ReceiveError};
use aegis_projections::{evidence, tests as read};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures::{Stream, StreamExt};
use serde::Deserialize;
use std::io;
use std::time::Duration;
use tokio::time::timeout;
use uuid::Uuid;

/// How long a client may stay silent in the middle of a file.
const SILENCE: Duration = Duration::from_secs(60);

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
    let upload = match admitted {
        Ok(upload) => upload,
        Err(error) => {
            // A client that is still sending would not hear why.
            drain(body).await;
            return refusal(error);
        }
    };
    match services.objects.receive(&announced(&upload), patient(body)).await.map_err(unkept) {
        Ok(media_type) => match evidence::received(&services.pool, id, media_type).await {
            Ok(()) => Json(serde_json::json!({ "received": upload.size_bytes })).into_response(),
            Err(error) => refusal(error.into()),
        },
        Err(error) => refusal(error),
    }
}

/// The upload that may come now.
async fn admitted(
    services: &Services,
    test: Uuid,
    id: Uuid,
    headers: &HeaderMap,
) -> Result<evidence::EvidenceUpload, ApiError> {
    let upload = evidence::find(&services.pool, id).await?.filter(|upload| upload.test_id == test);
    let upload = upload.ok_or(ApiError::NotFound("upload"))?;
    if upload.confirmed_at.is_some() {
        return Err(ApiError::InvalidInput("This file has been taken in already.".to_owned()));
    }
    let length =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<i64>().ok());
    match length {
        Some(length) if length != upload.size_bytes => Err(ApiError::InvalidInput(format!(
            "{} has {length} bytes, but {} were announced. Nothing was kept.",
            upload.file_name, upload.size_bytes
        ))),
        _ => Ok(upload),
    }
}

/// Lets a body pass unread, as much of it as a file may have.
async fn drain(body: Body) {
    let mut pieces = std::pin::pin!(patient(body));
    let mut passed = 0;
    while let Some(Ok(piece)) = pieces.next().await {
        passed += piece.len() as u64;
        if passed > limits::EVIDENCE_BYTES {
            return;
        }
    }
}

/// The file that an upload announced.
pub fn announced(upload: &evidence::EvidenceUpload) -> Announced {
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

/// A body that ends with an error where its client falls silent.
fn patient(body: Body) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    futures::stream::unfold(Some(body.into_data_stream()), |pieces| async {
        let mut pieces = pieces?;
        match timeout(SILENCE, pieces.next()).await {
            Ok(Some(Ok(piece))) => Some((Ok(piece), Some(pieces))),
            Ok(Some(Err(error))) => Some((Err(io::Error::other(error)), None)),
            Ok(None) => None,
            Err(_) => Some((Err(io::ErrorKind::TimedOut.into()), None)),
        }
    })
}

/// `GET /evidence/{test}/{id}?token=…` hands a file out, as an attachment that no browser runs.
pub async fn get(
    State(services): State<Services>,
    Path((test, id)): Path<(Uuid, Uuid)>,
    Query(signed): Query<Signed>,
) -> Response {
    if !signed.opens(&services, Purpose::Download, test, id) {
        return refusal(expired());
    }
    match hand_out(&services, test, id).await {
        Ok(response) => response,
        Err(error) => refusal(error),
    }
}

async fn hand_out(services: &Services, test: Uuid, id: Uuid) -> Result<Response, ApiError> {
    let at = services.tide.position();
    let file = read::evidence(&services.pool, test, id, at).await?;
    let file = file.filter(|file| file.removed_at.is_none()).ok_or(ApiError::NotFound("evidence"))?;
    let found = services.objects.download(&file.object_key).await;
    let found = found.map_err(|error| ApiError::Internal(Box::new(error)))?;
    let found = found.ok_or(ApiError::NotFound("evidence"))?;
    let text = file.media_type.starts_with("text/");
    let kind = if text { format!("{}; charset=utf-8", file.media_type) } else { file.media_type.clone() };
    let digest = hex::decode(&file.sha256).unwrap_or_default();
    let headers = [
        (header::CONTENT_TYPE.as_str(), kind),
        (header::CONTENT_LENGTH.as_str(), found.size_bytes.to_string()),
        (header::CONTENT_DISPOSITION.as_str(), disposition(&file.file_name)),
        (header::CACHE_CONTROL.as_str(), "private, max-age=300, immutable".to_owned()),
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

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        assert_eq!(disposition("a b.png"), "attachment; filename=\"a b.png\"; filename*=UTF-8''a%20b.png");
        assert_eq!(
            disposition("ü\"\r\nx: y.txt"),
            "attachment; filename=\"____x_ y.txt\"; filename*=UTF-8''%C3%BC%22%0D%0Ax%3A%20y.txt"
        );
    }
}
