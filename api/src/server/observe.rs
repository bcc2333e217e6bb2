//! Around every request: the id that ties it together, its span, where it comes from, its count, and an
//! answer even where a handler panics.

use super::proxies::Proxies;
use crate::correlation::Scope;
use crate::graphql_http::internal_message;
use crate::metrics::Metrics;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use futures::FutureExt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tokio::time::Instant;
use uuid::Uuid;

/// Tells a client the id under which its request is in the log.
const CORRELATION: HeaderName = HeaderName::from_static("aegis-correlation");
/// What stands for every path that the interface answers.
const INTERFACE: &str = "interface";
/// Characters of a path that are logged.
const PATH_CHARS: usize = 200;

/// What is needed around every request.
#[derive(Clone)]
pub struct Observer {
    /// Who may say where a request comes from.
    pub proxies: Proxies,
    /// Where it is counted.
    pub metrics: Arc<Metrics>,
}

/// The id of the request that it is an extension of.
#[derive(Debug, Clone, Copy)]
pub struct Correlation(pub Uuid);

/// Gives a request its id and its span, and its answer a header that says so.
pub async fn observe(State(observer): State<Observer>, mut request: Request, next: Next) -> Response {
    let correlation = Uuid::now_v7();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip());
    let origin = observer.proxies.origin(peer, request.headers());
    request.extensions_mut().insert(Correlation(correlation));
    request.extensions_mut().insert(origin);

    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or(INTERFACE, MatchedPath::as_str);
    let method = named(request.method());
    // Without the query: it may hold a token.
    let path: String = request.uri().path().chars().take(PATH_CHARS).collect();
    let scope = Scope::request(correlation, method, route);
    let begun = Instant::now();
    let answered = scope.run(AssertUnwindSafe(next.run(request)).catch_unwind()).await;
    // What panicked has told the log why.
    let mut response = answered.unwrap_or_else(|_| scope.now(failed));
    let status = response.status().as_u16();
    let took = begun.elapsed();
    scope.answered(status);
    scope.now(|| {
        let took_ms = took.as_millis();
        if status >= 500 && status != StatusCode::SERVICE_UNAVAILABLE.as_u16() {
            tracing::warn!(path, took_ms, "a request failed");
        } else {
            tracing::debug!(path, took_ms, "a request was answered");
        }
    });
    observer.metrics.request(method, route, status, took);
    if let Ok(value) = HeaderValue::from_str(&correlation.to_string()) {
        response.headers_mut().insert(CORRELATION, value);
    }
    response
}

fn failed() -> Response {
    super::identify::refuse(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", &internal_message())
}

/// A method of a short list, so that a client cannot make up labels.
fn named(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::correlation;
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tower::ServiceExt;

    async fn answer(path: &str) -> (StatusCode, String, String) {
        let panics = || async {
            // Of a type that axum takes for an answer.
            assert!(std::hint::black_box(false), "a handler panics");
            "never"
        };
        let routes = Router::new()
            .route("/panics", get(panics))
            .route("/known/{id}", get(|| async { correlation::current().to_string() }));
        let observer = Observer { proxies: Proxies::default(), metrics: Metrics::new() };
        let service = routes.layer(from_fn_with_state(observer, observe));
        let request = Request::get(path).header("aegis-correlation", "mine").body(Body::empty());
        let response = service.oneshot(request.expect("a request")).await.expect("an answer");
        let id = response.headers()[CORRELATION].to_str().expect("ASCII").to_owned();
        let status = response.status();
        let body = to_bytes(response.into_body(), 10_000).await.expect("a body");
        (status, id, String::from_utf8_lossy(&body).into_owned())
    }

    #[tokio::test]
    async fn a_handler_that_panics_is_answered_with_the_id_in_the_log() {
        let (status, id, body) = answer("/panics").await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(body.contains("INTERNAL") && body.contains(&id) && !body.contains("panics"), "{body}");
    }

    #[tokio::test]
    async fn the_id_is_ours_and_what_handlers_know() {
        let (status, id, body) = answer("/known/7").await;
        assert_eq!((status, &body), (StatusCode::OK, &id));
        assert!(id.parse::<Uuid>().is_ok(), "nobody else's: {id}");
        assert_ne!(answer("/known/7").await.1, id);
    }
}
