//! Files on their way in: streamed to the object store and digested, then
//! named by an id that a mutation can take.

use crate::context::{Services, Viewer};
use crate::error::ApiError;
use crate::permissions::{self, Kind};
use aegis_projections::jobs::{self, Upload};
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use futures::StreamExt;
use object_store::path::Path;
use object_store::{ObjectStoreExt, WriteMultipart};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Bytes of an upload at most. The unpacked size has a limit of its own in the importer.
pub const MAX_UPLOAD_BYTES: u64 = 256 * 1024 * 1024;
/// Characters of a file name at most.
const NAME_CHARS: usize = 100;

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
    if let Err(error) = permissions::check(Kind::Route, "POST /uploads", &viewer) {
        return refusal(error);
    }
    let announced =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|bytes| bytes > MAX_UPLOAD_BYTES) {
        return refusal(too_large());
    }
    match receive(&services, &viewer, &clean_name(named.filename.as_deref()), body).await {
        Ok(upload) => Json(serde_json::json!({ "uploadId": upload.upload, "sha256": upload.sha256, "size": upload.size_bytes }))
            .into_response(),
        Err(error) => refusal(error),
    }
}

fn too_large() -> ApiError {
    ApiError::LimitExceeded(format!("A file may have at most {} MiB.", MAX_UPLOAD_BYTES / 1024 / 1024))
}

async fn receive(services: &Services, viewer: &Viewer, name: &str, body: Body) -> Result<Upload, ApiError> {
    let id = Uuid::now_v7();
    let key = Path::from_iter(["imports", &id.to_string(), name]);
    let internal = |error: object_store::Error| ApiError::Internal(Box::new(error));
    let multipart = services.objects.put_multipart(&key).await.map_err(internal)?;
    let mut writer = WriteMultipart::new(multipart);
    let mut hash = Sha256::new();
    let mut size = 0u64;
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let refused = match chunk {
            Ok(chunk) => {
                size += chunk.len() as u64;
                hash.update(&chunk);
                writer.wait_for_capacity(4).await.map_err(internal)?;
                writer.put(chunk);
                (size > MAX_UPLOAD_BYTES).then(too_large)
            }
            Err(_) => Some(ApiError::InvalidInput("The upload broke off. Nothing was kept.".to_owned())),
        };
        if let Some(refused) = refused {
            writer.abort().await.map_err(internal)?;
            return Err(refused);
        }
    }
    if size == 0 {
        writer.abort().await.map_err(internal)?;
        return Err(ApiError::InvalidInput("The file is empty.".to_owned()));
    }
    writer.finish().await.map_err(internal)?;
    let upload = Upload {
        upload: id,
        account: viewer.require()?.actor.account.0,
        object_key: key.to_string(),
        file_name: name.to_owned(),
        size_bytes: i64::try_from(size).unwrap_or(i64::MAX),
        sha256: hex::encode(hash.finalize()),
    };
    if let Err(error) = jobs::enter_upload(&services.pool, &upload).await {
        services.objects.delete(&key).await.map_err(internal)?;
        return Err(error.into());
    }
    Ok(upload)
}

/// The last part of a name, of harmless characters only.
fn clean_name(name: Option<&str>) -> String {
    let name = name.unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' }
    };
    let name: String = name.chars().map(plain).take(NAME_CHARS).collect();
    let name = name.trim_start_matches('.').to_owned();
    if name.is_empty() { "upload".to_owned() } else { name }
}

fn refusal(error: ApiError) -> Response {
    let status = match error {
        ApiError::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
        ApiError::Forbidden | ApiError::PasswordChangeRequired => StatusCode::FORBIDDEN,
        ApiError::NotFound(_) => StatusCode::NOT_FOUND,
        ApiError::RateLimited(_) => StatusCode::TOO_MANY_REQUESTS,
        ApiError::LimitExceeded(_) => StatusCode::PAYLOAD_TOO_LARGE,
        ApiError::InvalidInput(_) => StatusCode::BAD_REQUEST,
        ApiError::ReadModelsBehind(_) => StatusCode::SERVICE_UNAVAILABLE,
        ApiError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let error: async_graphql::Error = error.into();
    let body =
        serde_json::json!({ "errors": [{ "message": error.message, "extensions": error.extensions }] });
    (status, Json(body)).into_response()
}

#[cfg(test)]
mod tests {
    use super::clean_name;

    #[test]
    fn names_are_harmless() {
        assert_eq!(clean_name(Some("enterprise-attack-18.1.json.zst")), "enterprise-attack-18.1.json.zst");
        assert_eq!(clean_name(Some("../../etc/passwd")), "passwd");
        assert_eq!(clean_name(Some("C:\\x\\a b\u{0}.json")), "a_b_.json");
        assert_eq!(clean_name(Some("...")), "upload");
        assert_eq!(clean_name(None), "upload");
        assert_eq!(clean_name(Some(&"x".repeat(500))).len(), 100);
    }
}
