//! Who asks, whether the request is our own, and the sliding of sessions.

use super::App;
use crate::context::{Services, Viewer};
use crate::session::{self, Carrier, Claims};
use axum::Json;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::Utc;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use uuid::Uuid;

/// Says that a request with a cookie comes from a script of ours: no other site can set it unasked.
const OWN_REQUEST: &str = "aegis-request";

/// The token that a connection was opened with.
#[derive(Clone)]
pub struct Presented(pub String);

/// Whoever it is, not signed in.
pub fn nobody(extensions: &axum::http::Extensions) -> Viewer {
    Viewer { session: None, address: address_of(extensions), correlation: Uuid::now_v7() }
}

fn address_of(extensions: &axum::http::Extensions) -> IpAddr {
    extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip().to_canonical())
}

/// Finds out who asks, refuses forged requests, and slides the session on.
pub async fn identify(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let services = &app.services;
    let presented = session::token_of(request.headers());
    let by_cookie = presented.is_some_and(|(carrier, _)| carrier == Carrier::Cookie);
    let claims = presented.and_then(|(_, token)| services.tokens.read(token));
    // Another site may open a WebSocket in the name of whoever visits it.
    let opens_socket = request.headers().contains_key(header::UPGRADE);
    if by_cookie && (request.method() == Method::POST || opens_socket) && !is_own(request.headers()) {
        return refuse(StatusCode::FORBIDDEN, "FORBIDDEN", "This request does not come from Aegis itself.");
    }
    let mut viewer = nobody(request.extensions());
    if let Some(claims) = &claims {
        match session::session_of(services, claims).await {
            Ok(session) => viewer.session = session,
            Err(error) => {
                let error: async_graphql::Error = error.into();
                return refuse(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", &error.message);
            }
        }
    }
    let alive = viewer.session.is_some();
    if opens_socket && let Some((_, token)) = session::token_of(request.headers()) {
        let presented = Presented(token.to_owned());
        request.extensions_mut().insert(presented);
    }
    request.extensions_mut().insert(viewer);
    let mut response = next.run(request).await;
    let sets_cookie = response.headers().contains_key(header::SET_COOKIE);
    if let Some(claims) = claims.filter(|_| by_cookie && alive && !sets_cookie) {
        slide(services, &claims, response.headers_mut());
    }
    response
}

fn slide(services: &Services, claims: &Claims, headers: &mut HeaderMap) {
    let now = Utc::now();
    let Some(next) = services.tokens.slide(claims, now) else {
        return;
    };
    let Ok(token) = services.tokens.sign(&next) else {
        return;
    };
    if let Ok(cookie) = HeaderValue::from_str(&services.tokens.cookie(&token, &next, now)) {
        headers.append(header::SET_COOKIE, cookie);
    }
}

/// A request that a browser sent with our cookie is ours when it says so in a
/// header that other sites cannot set, or comes from our own origin.
fn is_own(headers: &HeaderMap) -> bool {
    if headers.contains_key(OWN_REQUEST) {
        return true;
    }
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, origin)| origin == host),
        _ => false,
    }
}

/// An answer in the shape of the API's errors.
pub fn refuse(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(serde_json::json!({ "errors": [{ "message": message, "extensions": { "code": code } }] })))
        .into_response()
}
