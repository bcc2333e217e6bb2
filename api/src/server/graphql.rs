//! `/graphql`: who asks is added to each operation, over HTTP and over sockets, and what an account may
//! hold open at a time.

use super::App;
use super::endings::session_ended;
use super::identify::{Presented, agent_of, nobody, refuse};
use crate::context::{Services, Viewer};
use crate::correlation::Scope;
use crate::graphql_http::{Asked, Call, Closing, Code, Prepared, Refusal, StreamEnd};
use crate::session;
use async_graphql::Request as GraphqlRequest;
use async_graphql::parser::types::OperationType;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use futures::FutureExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::Instant;
use uuid::Uuid;

/// Asks that a query sees at least this ledger position.
const MIN_POSITION: &str = "aegis-min-position";
/// How long what is open on a connection may take to say that the session has ended.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// Closes a connection whose session has ended; the protocol's "Forbidden".
const SESSION_OVER: Closing = (4403, "The session has ended.");
/// Closes a connection of a server that stops (RFC 6455, 7.4.1).
const GOING_AWAY: Closing = (1001, "The server stops; connect again.");

/// Answers a request, or takes its connection over.
pub async fn graphql(
    State(app): State<App>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    request: Request,
) -> Response {
    if let Ok(upgrade) = upgrade {
        return open_socket(app, upgrade, request.into_parts().0);
    }
    if let Some(position) = number(request.headers(), MIN_POSITION) {
        // Late is no failure: the answer says which position it shows.
        app.services.tide.reach(position, Instant::now() + aegis_projections::tide::PATIENCE).await;
    }
    let graphql = app.graphql.clone();
    let prepare = move |call: &Call<'_>, request| {
        let identified = call.parts.extensions.get::<Viewer>().cloned();
        let viewer = identified.unwrap_or_else(|| nobody(&call.parts.extensions));
        prepare(&app, viewer, call.operation, call.streams, request)
    };
    graphql.handle(request, prepare).await
}

/// Opens a connection for somebody who is signed in, for as long as they are.
fn open_socket(app: App, upgrade: WebSocketUpgrade, parts: Parts) -> Response {
    let Some(session) = parts.extensions.get::<Viewer>().and_then(|viewer| viewer.session.clone()) else {
        return refuse(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", "Sign in first.");
    };
    let Ok(place) = app.sockets.places(session.actor.account.0).try_acquire_owned() else {
        let message = "This account has as many connections open as it may have. Close one first.";
        return refuse(StatusCode::TOO_MANY_REQUESTS, "LIMIT_EXCEEDED", message);
    };
    let (services, mut stopped) = (app.services.clone(), app.stopped.clone());
    let open = OpenSocket::counted(&app.open_sockets);
    let until = async move {
        let _held = (place, open);
        let ended = async {
            session_ended(services, session).await;
            // What is open on it says so first.
            tokio::time::sleep(LAST_WORDS).await;
        };
        tokio::select! {
            () = ended => SESSION_OVER,
            _ = stopped.wait_for(|stopped| *stopped) => GOING_AWAY,
        }
    };
    let graphql = app.graphql.clone();
    let hook = move |asked: Asked| {
        let app = app.clone();
        // Each operation is a request of its own, of which the log and the record speak.
        let scope = Scope::operation(Uuid::now_v7(), nobody(&asked.parts.extensions).correlation);
        let admitted = scope.clone();
        let admission = async move {
            let Asked { parts, operation, request } = asked;
            let mut viewer = identified_anew(&app.services, &parts).await?;
            viewer.correlation = admitted.id();
            let streams = operation == OperationType::Subscription;
            let prepared = prepare(&app, viewer, operation, streams, request)?;
            Ok(Prepared { scope: admitted, ..prepared })
        };
        scope.run(admission).boxed()
    };
    graphql.open_socket(upgrade, parts, Arc::new(hook), until.boxed())
}

/// A socket as long as it lives.
struct OpenSocket(Arc<AtomicUsize>);

impl OpenSocket {
    fn counted(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(count))
    }
}

impl Drop for OpenSocket {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Who asks over a connection now: it lives longer than what its opening request could show.
async fn identified_anew(services: &Services, parts: &Parts) -> Result<Viewer, Refusal> {
    let mut viewer = nobody(&parts.extensions);
    let presented = parts.extensions.get::<Presented>();
    viewer.agent = agent_of(&parts.headers);
    if let Some(Presented(carrier, token)) = presented {
        let identified = session::identify(services, *carrier, token, viewer.address).await;
        viewer.session = identified.map_err(|error| {
            let error: async_graphql::Error = error.into();
            Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, error.message)
        })?;
    }
    Ok(viewer)
}

fn number(headers: &HeaderMap, name: &str) -> Option<i64> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

fn prepare(
    app: &App,
    viewer: Viewer,
    operation: OperationType,
    streams: bool,
    request: GraphqlRequest,
) -> Result<Prepared, Refusal> {
    tracing::debug!(%operation, "an operation begins");
    let session = viewer.session.clone();
    let mut prepared = Prepared::from(request.data(viewer));
    let Some(session) = session else {
        return Ok(prepared);
    };
    let account = session.actor.account.0;
    let purse = app.purses.purse(account);
    if let Some(debt) = purse.debt() {
        return Err(too_much_asked(debt));
    }
    prepared.request = prepared.request.data(purse);
    prepared.places = Some(app.running.places(account));
    if streams {
        let place = app.streams.places(account).try_acquire_owned().map_err(|_| too_many_streams())?;
        let (services, mut stopped) = (app.services.clone(), app.stopped.clone());
        prepared.until = Box::pin(async move {
            let _place = place;
            tokio::select! {
                end = session_ended(services, session) => end,
                _ = stopped.wait_for(|stopped| *stopped) => StreamEnd::Disconnect,
            }
        });
    }
    Ok(prepared)
}

fn too_many_streams() -> Refusal {
    let message = "This account has as many event streams open as it may have. Close one first.";
    Refusal::new(StatusCode::TOO_MANY_REQUESTS, Code::LimitExceeded, message)
        .header(header::RETRY_AFTER, HeaderValue::from_static("5"))
}

fn too_much_asked(debt: Duration) -> Refusal {
    let message = "This account has asked for more than it may within a minute. Wait a moment.";
    Refusal::with_code(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", message)
        .header(header::RETRY_AFTER, HeaderValue::from(debt.as_secs().saturating_add(1)))
}
