//! Reads the four parameters of a GraphQL-over-HTTP request, from a body or from a URL.
//!
//! Everything refused here is not a well-formed request, so the status is the same whatever the client
//! accepts. Unknown parameters are ignored; batches (arrays) are not supported.

use async_graphql::{Extensions, Variables};
use axum::body::{Body, Bytes};
use axum::extract::Query;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use bytes::BytesMut;
use futures::StreamExt;
use serde_json::{Map, Value};

use super::accept::MediaType;
use super::limits::Limits;
use super::reply::{Code, Refusal};
use crate::server::is_too_slow;

/// How far past the limit a body is still read and dropped, so that a client which writes before it reads
/// gets the 413 and not a broken connection.
const DRAIN_FACTOR: usize = 4;

/// The parameters of a well-formed request.
#[derive(Debug)]
pub(super) struct Params {
    pub(super) query: String,
    pub(super) operation_name: Option<String>,
    pub(super) variables: Variables,
    pub(super) extensions: Extensions,
}

impl Params {
    /// Reads a POST from its body and a GET from its URL.
    pub(super) async fn read(parts: &Parts, body: Body, limits: &Limits) -> Result<Self, Refusal> {
        if parts.method == Method::GET {
            return Self::from_url(parts);
        }
        require_json(&parts.headers)?;
        let bytes =
            tokio::time::timeout(limits.body_timeout, read_body(&parts.headers, body, limits.body_bytes))
                .await
                .map_err(|_| too_slow())??;
        Self::from_json(&bytes)
    }

    fn from_json(bytes: &Bytes) -> Result<Self, Refusal> {
        if bytes.trim_ascii_start().starts_with(b"[") {
            return Err(Refusal::new(
                StatusCode::BAD_REQUEST,
                Code::LimitExceeded,
                "Batches are not supported: send one operation in each request.",
            ));
        }
        let fields: Map<String, Value> = serde_json::from_slice(bytes)
            .map_err(|error| malformed(format!("The body is not a JSON object: {error}.")))?;
        Self::from_fields(fields)
    }

    fn from_url(parts: &Parts) -> Result<Self, Refusal> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|_| malformed("The query string of the URL cannot be decoded."))?;
        let mut fields = Map::new();
        for (name, value) in pairs {
            let value = match name.as_str() {
                "query" => Value::String(value),
                "operationName" if value.is_empty() => Value::Null,
                "operationName" => Value::String(value),
                "variables" | "extensions" => serde_json::from_str(&value)
                    .map_err(|error| malformed(format!("`{name}` is not JSON: {error}.")))?,
                _ => continue,
            };
            if fields.contains_key(&name) {
                return Err(malformed(format!("`{name}` is given twice.")));
            }
            fields.insert(name, value);
        }
        Self::from_fields(fields)
    }

    fn from_fields(mut fields: Map<String, Value>) -> Result<Self, Refusal> {
        let query = match fields.remove("query") {
            Some(Value::String(query)) => query,
            Some(_) => return Err(malformed("`query` must be a string.")),
            None => return Err(malformed("`query` is missing.")),
        };
        let operation_name = match fields.remove("operationName") {
            Some(Value::String(name)) => Some(name),
            Some(Value::Null) | None => None,
            Some(_) => return Err(malformed("`operationName` must be a string.")),
        };
        let variables = Value::Object(take_object(&mut fields, "variables")?);
        let extensions = Value::Object(take_object(&mut fields, "extensions")?);
        Ok(Self {
            query,
            operation_name,
            variables: Variables::from_json(variables),
            extensions: serde_json::from_value(extensions)
                .map_err(|error| malformed(format!("`extensions` cannot be read: {error}.")))?,
        })
    }
}

fn take_object(fields: &mut Map<String, Value>, name: &str) -> Result<Map<String, Value>, Refusal> {
    match fields.remove(name) {
        Some(Value::Object(map)) => Ok(map),
        Some(Value::Null) | None => Ok(Map::new()),
        Some(_) => Err(malformed(format!("`{name}` must be an object."))),
    }
}

/// Only `application/json` in UTF-8 and without a content coding: anything a form could send would open the
/// way to cross-site requests.
fn require_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let only = match (types.next(), types.next()) {
        (Some(value), None) => value.to_str().ok().and_then(MediaType::parse),
        _ => None,
    };
    let plain = headers.get(header::CONTENT_ENCODING).is_none_or(|coding| coding.as_bytes() == b"identity");
    match only {
        Some(media) if media.is_json() && media.is_utf8() && plain => Ok(()),
        _ => Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Code::UnsupportedMediaType,
            "Send the request as `Content-Type: application/json` in UTF-8, without a content coding.",
        )),
    }
}

async fn read_body(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, Refusal> {
    let announced: usize = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse().ok())
        .unwrap_or_default();
    let drain_until = limit.saturating_mul(DRAIN_FACTOR);
    let mut read = 0;
    let mut buffer = BytesMut::with_capacity(announced.min(limit));
    let mut chunks = body.into_data_stream();
    while announced <= drain_until
        && read <= drain_until
        && let Some(chunk) = chunks.next().await
    {
        let chunk = chunk.map_err(|error| match is_too_slow(&error) {
            true => too_slow(),
            false => malformed("The body ended early."),
        })?;
        read += chunk.len();
        if read <= limit {
            buffer.extend_from_slice(&chunk);
        }
    }
    if read > limit || announced > limit {
        return Err(Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            Code::LimitExceeded,
            format!("The body is larger than {limit} bytes."),
        ));
    }
    Ok(buffer.freeze())
}

fn too_slow() -> Refusal {
    let message = "The body took too long to arrive.";
    Refusal::new(StatusCode::REQUEST_TIMEOUT, Code::RequestTimeout, message)
}

fn malformed(message: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, Code::BadRequest, message)
}
