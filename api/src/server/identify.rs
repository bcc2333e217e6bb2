//! Who asks, whether the request is our own, and the sliding of sessions.

use super::App;
use super::observe::Correlation;
use super::proxies::Origin;
use crate::context::{Services, Viewer};
use crate::correlation;
use crate::session::{self, Carrier, Claims};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::Utc;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

/// The token that a connection was opened with.
#[derive(Clone)]
pub struct Presented(pub Carrier, pub String);

/// Whoever it is, not signed in.
pub fn nobody(extensions: &axum::http::Extensions) -> Viewer {
    let correlation = extensions.get::<Correlation>().map_or_else(correlation::current, |known| known.0);
    Viewer { session: None, address: address_of(extensions), agent: "".into(), correlation }
}

/// What the browser or script says it is.
pub fn agent_of(headers: &HeaderMap) -> Arc<str> {
    headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default().into()
}

fn address_of(extensions: &axum::http::Extensions) -> IpAddr {
    extensions.get::<Origin>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |origin| origin.address)
}

/// Finds out who asks, refuses forged requests, and slides the session on.
pub async fn identify(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let services = &app.services;
    let presented = session::token_of(request.headers());
    let by_cookie = presented.is_some_and(|(carrier, _)| carrier == Carrier::Cookie);
    let claims = presented.and_then(|(_, token)| services.tokens.read(token));
    // Another site may open a WebSocket in the name of whoever visits it.
    let opens_socket = request.headers().contains_key(header::UPGRADE);
    if by_cookie
        && (request.method() == Method::POST || opens_socket)
        && !app.origins.is_own(request.headers())
    {
        return refuse(StatusCode::FORBIDDEN, "FORBIDDEN", "This request does not come from Aegis itself.");
    }
    let mut viewer = nobody(request.extensions());
    viewer.agent = agent_of(request.headers());
    if let Some((carrier, token)) = presented {
        match session::identify(services, carrier, token, viewer.address).await {
            // A script says who it is; that it is somebody else then is worse than that it is nobody. A browser
            // sends its cookie unasked, to the page for signing in too.
            Ok(None) if carrier == Carrier::Bearer => return not_identified(),
            Ok(session) => viewer.session = session,
            Err(error) => {
                let error: async_graphql::Error = error.into();
                return refuse(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", &error.message);
            }
        }
    }
    let alive = viewer.session.is_some();
    if opens_socket && let Some((carrier, token)) = session::token_of(request.headers()) {
        let presented = Presented(carrier, token.to_owned());
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

/// A bearer token that does not count (RFC 6750, 3.1).
fn not_identified() -> Response {
    let message = "The token or key does not count: it is not ours, has ended or was revoked.";
    let mut response = refuse(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message);
    let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
    response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
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

/// An answer in the shape of the API's errors.
pub fn refuse(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(serde_json::json!({ "errors": [{ "message": message, "extensions": { "code": code } }] })))
        .into_response()
}
