//! The interface, out of the binary. Paths without a file are pages of it and
//! answer with its index; a missing asset is 404.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "$AEGIS_WEB_DIST"]
struct Interface;

/// Names under this folder carry their content's hash, so they never change.
const HASHED: &str = "assets/";

/// Extensions of what an interface is made of.
const FILES: &[&str] = &[
    "css",
    "gif",
    "html",
    "ico",
    "jpg",
    "js",
    "json",
    "map",
    "mjs",
    "png",
    "svg",
    "txt",
    "wasm",
    "webmanifest",
    "webp",
    "woff",
    "woff2",
    "xml",
];

/// Answers everything that no other route does.
pub async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = uri.path().trim_start_matches('/');
    if let Some(file) = Interface::get(path).filter(|_| !path.is_empty()) {
        return answer(path, file, &headers);
    }
    if names_a_file(path) {
        return (StatusCode::NOT_FOUND, "There is no such file.").into_response();
    }
    match Interface::get("index.html") {
        Some(index) => answer("index.html", index, &headers),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Whether a path means a file rather than a page: `techniques/T1059.001` is a page.
fn names_a_file(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    path.starts_with(HASHED) || last.rsplit_once('.').is_some_and(|(_, extension)| FILES.contains(&extension))
}

fn answer(path: &str, file: rust_embed::EmbeddedFile, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16]));
    let cache = if path.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mime = mime_guess::from_path(path).first_or_octet_stream();
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response =
        if known { StatusCode::NOT_MODIFIED.into_response() } else { Response::new(Body::from(file.data)) };
    let mime = if mime.type_() == "text" || mime.subtype() == "javascript" {
        format!("{mime}; charset=utf-8").replace("; charset=utf-8; charset=utf-8", "; charset=utf-8")
    } else {
        mime.to_string()
    };
    let out = response.headers_mut();
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let (Ok(tag), Ok(mime)) = (HeaderValue::from_str(&tag), HeaderValue::from_str(&mime)) {
        out.insert(header::ETAG, tag);
        out.insert(header::CONTENT_TYPE, mime);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::names_a_file;

    #[test]
    fn pages_and_missing_files_are_told_apart() {
        for page in ["", "matrix", "tests/1", "techniques/T1059.001"] {
            assert!(!names_a_file(page), "{page}");
        }
        for file in ["assets/index-abc", "favicon.ico", "assets/x.js", "robots.txt"] {
            assert!(names_a_file(file), "{file}");
        }
    }
}
