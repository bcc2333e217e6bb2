//! Writes answers: GraphQL responses, refusals, and the codes both carry.

use std::collections::BTreeMap;

use async_graphql::{ErrorExtensionValues, Response as GraphqlResponse, ServerError, Value};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;

use super::accept::Media;
use crate::correlation;

/// What `extensions.code` says of an error the transport itself raised. The words are a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Not a well-formed GraphQL-over-HTTP request.
    BadRequest,
    /// The document is not GraphQL.
    GraphqlParseFailed,
    /// The document, or a variable, does not fit the schema.
    GraphqlValidationFailed,
    /// `operationName` names no operation, or is needed and missing.
    OperationResolutionFailure,
    /// The request is larger than what is served; see [`Limits`](super::Limits).
    LimitExceeded,
    /// The method is not allowed, or not for this operation.
    MethodNotAllowed,
    /// No media type the client accepts can be written.
    NotAcceptable,
    /// The body is not `application/json`.
    UnsupportedMediaType,
    /// The body took too long to arrive.
    RequestTimeout,
    /// A fault of the server.
    Internal,
}

impl Code {
    /// The word in `extensions.code`.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::BadRequest => "BAD_REQUEST",
            Code::GraphqlParseFailed => "GRAPHQL_PARSE_FAILED",
            Code::GraphqlValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Code::OperationResolutionFailure => "OPERATION_RESOLUTION_FAILURE",
            Code::LimitExceeded => "LIMIT_EXCEEDED",
            Code::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Code::NotAcceptable => "NOT_ACCEPTABLE",
            Code::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Code::RequestTimeout => "REQUEST_TIMEOUT",
            Code::Internal => "INTERNAL",
        }
    }

    /// An error with this code.
    pub(super) fn error(self, message: impl Into<String>) -> ServerError {
        coded(ServerError::new(message, None), self.as_str())
    }

    /// Gives an error this code, unless it has one.
    pub(super) fn or_own(self, error: ServerError) -> ServerError {
        let has_code = error.extensions.as_ref().is_some_and(|values| values.get("code").is_some());
        if has_code { error } else { coded(error, self.as_str()) }
    }
}

fn coded(mut error: ServerError, code: &str) -> ServerError {
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("code", code);
    error
}

/// An answer with a status of its own, whatever the client accepts: no GraphQL response can be given.
///
/// The `prepare` hook may return one, for instance for a failed CSRF check.
#[derive(Debug)]
pub struct Refusal(Box<Parts>);

#[derive(Debug)]
struct Parts {
    status: StatusCode,
    headers: HeaderMap,
    error: ServerError,
}

impl Refusal {
    /// Refuses with one of the transport's codes.
    pub fn new(status: StatusCode, code: Code, message: impl Into<String>) -> Self {
        Self::with_code(status, code.as_str(), message)
    }

    /// Refuses with a code of the application, such as `UNAUTHENTICATED`.
    pub fn with_code(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        let error = coded(ServerError::new(message, None), code);
        Self(Box::new(Parts { status, headers: HeaderMap::new(), error }))
    }

    /// Adds a header, such as `Allow` or `Retry-After`.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.append(name, value);
        self
    }

    /// The word in `extensions.code`.
    pub(super) fn code(&self) -> String {
        code_of(&self.0.error)
    }

    /// What is told where there is no status to answer with.
    pub(super) fn into_server_error(self) -> ServerError {
        self.0.error
    }

    pub(super) fn into_response(self, media: Media) -> Response {
        let Parts { status, headers, error } = *self.0;
        let body = write_json(&GraphqlResponse::from_errors(vec![error]), false).unwrap_or_default();
        response(status, headers, media, Body::from(body))
    }
}

/// The code of an error; empty where it has none.
pub(super) fn code_of(error: &ServerError) -> String {
    match error.extensions.as_ref().and_then(|values| values.get("code")) {
        Some(Value::String(code)) => code.clone(),
        _ => String::new(),
    }
}

/// The sentence for a fault of the server, with the id under which the log says more.
pub fn internal_message() -> String {
    format!("Something went wrong on the server. Reference {}.", correlation::current())
}

/// A fault of the server.
pub(super) fn internal_error() -> ServerError {
    Code::Internal.error(internal_message())
}

#[derive(Serialize)]
struct Written<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: &'a BTreeMap<String, Value>,
}

fn is_empty(errors: &[ServerError]) -> bool {
    errors.is_empty()
}

/// Writes a GraphQL response as JSON; one that was not executed has no `data`, not even `null`.
pub(super) fn write_json(response: &GraphqlResponse, executed: bool) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&Written {
        data: is_execution_result(response, executed).then_some(&response.data),
        errors: &response.errors,
        extensions: &response.extensions,
    })
}

/// Returns whether this answers an execution, as opposed to a request error.
fn is_execution_result(response: &GraphqlResponse, executed: bool) -> bool {
    executed || response.data != Value::Null || response.errors.is_empty()
}

/// Answers with a GraphQL response, and with the headers its resolvers set.
pub(super) fn graphql_response(mut graphql: GraphqlResponse, executed: bool, media: Media) -> Response {
    let status = if media == Media::Json || is_execution_result(&graphql, executed) {
        StatusCode::OK
    } else {
        StatusCode::BAD_REQUEST
    };
    let headers = std::mem::take(&mut graphql.http_headers);
    match write_json(&graphql, executed) {
        Ok(body) => response(status, headers, media, Body::from(body)),
        Err(error) => {
            tracing::error!(error = %error, "a GraphQL response could not be written as JSON");
            Refusal(Box::new(Parts {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                headers: HeaderMap::new(),
                error: internal_error(),
            }))
            .into_response(media)
        }
    }
}

/// Adds the headers every answer has. Answers depend on who asks, so no cache may keep one unless a
/// resolver says otherwise.
pub(super) fn response(status: StatusCode, mut headers: HeaderMap, media: Media, body: Body) -> Response {
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.append(header::VARY, HeaderValue::from_static("accept"));
    headers.insert(header::CONTENT_TYPE, media.content_type());
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
