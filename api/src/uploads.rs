//! Files on their way in: streamed to the object store and digested, then
//! named by an id that a mutation can take.

use crate::context::{Services, Viewer};
use crate::error::ApiError;
use crate::noted::{Noted, note};
use crate::permissions::{self, Kind};
use aegis_objects::{MAX_OBJECT_BYTES, PutError, put_import};
use aegis_projections::jobs::{self, Upload};
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use futures::StreamExt;
use serde::Deserialize;
use uuid::Uuid;

/// The route, as the table of permissions names it.
const ROUTE: &str = "POST /uploads";

/// What an upload is called.
#[derive(Debug, Deserialize)]
pub struct Named {
    filename: Option<String>,
}

/// `POST /uploads?filename=NAME` with the file as body answers `{"uploadId": ..}`.
pub async fn upload(
    State(services): State<Services>,
    Extension(viewer): Extension<Viewer>,
    Query(named): Query<Named>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    if let Err(error) = permissions::demand(&services, &viewer, Kind::Route, ROUTE).await {
        return refusal(error);
    }
    let announced =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|bytes| bytes > MAX_OBJECT_BYTES) {
        return refusal(too_large());
    }
    match receive(&services, &viewer, named.filename.as_deref().unwrap_or_default(), body).await {
        Ok(upload) => {
            let detail = format!("{} bytes, SHA-256 {}", upload.size_bytes, upload.sha256);
            let noted =
                Noted { detail: Some(&detail), ..Noted::allowed(ROUTE).about("Upload", upload.upload) };
            if let Err(error) = note(&services, &viewer, noted).await {
                return refusal(error);
            }
            Json(serde_json::json!({ "uploadId": upload.upload, "sha256": upload.sha256, "size": upload.size_bytes }))
            .into_response()
        }
        Err(error) => refusal(error),
    }
}

fn too_large() -> ApiError {
    ApiError::LimitExceeded(format!("A file may have at most {} MiB.", MAX_OBJECT_BYTES / 1024 / 1024))
}

async fn receive(services: &Services, viewer: &Viewer, name: &str, body: Body) -> Result<Upload, ApiError> {
    let account = viewer.require()?.actor.account.0;
    let store = services.objects.store().as_ref();
    let pieces = body.into_data_stream().map(|piece| piece.map_err(std::io::Error::other));
    let stored = put_import(store, name, pieces).await.map_err(|error| match error {
        PutError::Empty => ApiError::InvalidInput("The file is empty.".to_owned()),
        PutError::TooLarge => too_large(),
        PutError::Source(_) => ApiError::InvalidInput("The upload broke off. Nothing was kept.".to_owned()),
        PutError::Store(_) => ApiError::Internal(Box::new(error)),
    })?;
    let upload = Upload {
        upload: Uuid::now_v7(),
        account,
        object_key: stored.object_key,
        file_name: stored.file_name,
        size_bytes: i64::try_from(stored.size_bytes).unwrap_or(i64::MAX),
        sha256: stored.sha256,
    };
    if let Err(error) = jobs::enter_upload(&services.pool, &upload).await {
        let key = &upload.object_key;
        services.objects.remove(key).await.map_err(|error| ApiError::Internal(Box::new(error)))?;
        return Err(error.into());
    }
    Ok(upload)
}

/// An error as plain HTTP tells it.
pub(crate) fn refusal(error: ApiError) -> Response {
    let status = match error {
        ApiError::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
        ApiError::Forbidden | ApiError::PasswordChangeRequired | ApiError::SecondFactorRequired => {
            StatusCode::FORBIDDEN
        }
        ApiError::NotFound(_) => StatusCode::NOT_FOUND,
        ApiError::RateLimited(_) => StatusCode::TOO_MANY_REQUESTS,
        ApiError::LimitExceeded(_) => StatusCode::PAYLOAD_TOO_LARGE,
        ApiError::InvalidInput(_) => StatusCode::BAD_REQUEST,
        ApiError::Conflict(_) => StatusCode::CONFLICT,
        ApiError::ReadModelsBehind(_) => StatusCode::SERVICE_UNAVAILABLE,
        ApiError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let error: async_graphql::Error = error.into();
    let body =
        serde_json::json!({ "errors": [{ "message": error.message, "extensions": error.extensions }] });
    (status, Json(body)).into_response()
}
