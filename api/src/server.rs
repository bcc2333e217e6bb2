//! The HTTP server: routes, who asks, and what guards every answer.

use crate::context::{Services, SessionUser, Viewer};
use crate::error::ApiError;
use crate::evidence::routes as evidence;
use crate::graphql_http::{
    Asked, Call, Closing, Code, GraphqlHttp, Limits, Prepared, Refusal, Shares, StreamEnd,
};
use crate::schema::{self, AegisSchema};
use crate::session::{self, Carrier, Claims};
use crate::{single_sign_on, ui, uploads};
use aegis_projections::{ledger, status};
use async_graphql::Request as GraphqlRequest;
use async_graphql::parser::types::OperationType;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use chrono::Utc;
use futures::FutureExt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::time::Instant;
use tower_http::compression::CompressionLayer;
use uuid::Uuid;

/// How often an open stream is held against the session it belongs to, whether or not anything was told.
const SESSION_CHECK: Duration = Duration::from_secs(5);
/// Asks that a query sees at least this ledger position.
const MIN_POSITION: &str = "aegis-min-position";
/// Says that a request with a cookie comes from a script of ours: no other site can set it unasked.
const OWN_REQUEST: &str = "aegis-request";

/// How long what is open on a connection may take to say that the session has ended.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// Closes a connection whose session has ended; the protocol's "Forbidden".
const SESSION_OVER: Closing = (4403, "The session has ended.");
/// Closes a connection of a server that stops (RFC 6455, 7.4.1).
const GOING_AWAY: Closing = (1001, "The server stops; connect again.");

/// The token that a connection was opened with.
#[derive(Clone)]
struct Presented(Carrier, String);

/// What the server is told.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// Whether the production rules hold: no introspection.
    pub production: bool,
}

#[derive(Clone)]
struct App {
    services: Services,
    graphql: GraphqlHttp<AegisSchema>,
    /// Queries and mutations that run, by account.
    running: Shares,
    /// Event streams that are open, by account.
    streams: Shares,
    /// WebSockets that are open, by account: as many as event streams.
    sockets: Shares,
    stopped: watch::Receiver<bool>,
}

impl axum::extract::FromRef<App> for Services {
    fn from_ref(app: &App) -> Self {
        app.services.clone()
    }
}

/// Everything Aegis answers over HTTP.
pub struct Server {
    app: App,
    stopping: watch::Sender<bool>,
}

impl Server {
    /// A server over running services.
    pub fn new(services: Services, config: &ServerConfig) -> Self {
        let limits = Limits::default();
        let schema = schema::build(services.clone(), &limits, !config.production);
        let (stopping, stopped) = watch::channel(false);
        let running = Shares::of(limits.running_of_account);
        let streams = Shares::of(limits.streams_of_account);
        let sockets = Shares::of(limits.streams_of_account);
        let graphql = GraphqlHttp::new(schema, limits);
        Self { app: App { services, graphql, running, streams, sockets, stopped }, stopping }
    }

    /// Its routes, for whoever serves them.
    pub fn router(&self) -> Router {
        let policy = content_policy(self.app.services.objects.direct_origin());
        // An address that is no header value is no address either.
        let policy = HeaderValue::from_str(&policy)
            .or_else(|_| HeaderValue::from_str(&content_policy(None)))
            .unwrap_or(HeaderValue::from_static("default-src 'none'"));
        let identify = middleware::from_fn_with_state(self.app.clone(), identify);
        // These links carry their own permission; who has one needs no session. What they lead to is never
        // compressed: its digest and its tag are those of the bytes as they are.
        let files = Router::new()
            .route("/evidence/{test}/{id}", get(evidence::get).put(evidence::put))
            .layer(identify.clone());
        Router::new()
            .route("/graphql", any(graphql))
            .route("/uploads", post(uploads::upload))
            .route("/auth/start", get(single_sign_on::start))
            .route("/auth/callback", get(single_sign_on::callback))
            .layer(identify)
            .route("/healthz", get(|| async { "ok\n" }))
            .route("/readyz", get(ready))
            .fallback(ui::serve)
            .layer(CompressionLayer::new())
            .merge(files)
            .layer(middleware::from_fn_with_state(policy, guard))
            .with_state(self.app.clone())
    }

    /// Serves until told to stop, then lets what runs come to its end: event
    /// streams are closed so that their clients come back later, mutations
    /// get 10 s more, other requests get 5 s.
    ///
    /// # Errors
    /// The socket failed.
    pub async fn run(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        let service = self.router().into_make_service_with_connect_info::<SocketAddr>();
        let stopping = self.stopping.clone();
        let stop = async move {
            stop.await;
            stopping.send_replace(true);
        };
        let serving = axum::serve(listener, service).with_graceful_shutdown(stop);
        let mut stopped = self.app.stopped.clone();
        let overdue = async move {
            // The sender lives in `self`, so the channel cannot close first.
            let _ = stopped.wait_for(|stopped| *stopped).await;
            tokio::time::sleep(LAST_REQUESTS).await;
        };
        let served = tokio::select! {
            served = serving.into_future() => served,
            () = overdue => Ok(()),
        };
        let running = self.app.graphql.mutations_settled(LAST_MUTATIONS).await;
        if running > 0 {
            tracing::warn!(running, "stopped without waiting longer for mutations that do not end");
        }
        served
    }
}

/// How long open requests may take to end once the server is told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(5);
/// How long mutations may take to end after that: a database that does not answer must not keep a server
/// from stopping.
const LAST_MUTATIONS: Duration = Duration::from_secs(10);

async fn graphql(
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
    let until = async move {
        let _place = place;
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
        async move {
            let Asked { parts, operation, request } = asked;
            let viewer = identified_anew(&app.services, &parts).await?;
            prepare(&app, viewer, operation, operation == OperationType::Subscription, request)
        }
        .boxed()
    };
    graphql.open_socket(upgrade, parts, Arc::new(hook), until.boxed())
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
    tracing::debug!(correlation = %viewer.correlation, %operation, "request");
    let session = viewer.session.clone();
    let mut prepared = Prepared::from(request.data(viewer));
    let Some(session) = session else {
        return Ok(prepared);
    };
    let account = session.actor.account.0;
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

/// Ends when the session does: by time, by signing out, by losing the account.
async fn session_ended(services: Services, session: SessionUser) -> StreamEnd {
    // Heard from before the first look on, so that nothing falls between.
    let mut told = services.relay.sessions();
    loop {
        if Utc::now() >= session.expires_at {
            return signed_out();
        }
        let id = session.actor.account.0;
        // A database that does not answer ends nothing.
        if !session::still_holds(&services, &session).await.unwrap_or(true) {
            return signed_out();
        }
        tokio::select! {
            () = tokio::time::sleep(SESSION_CHECK) => {}
            () = concerns(&mut told, id) => {}
        }
    }
}

/// Comes when an account is told of, or when it may have been.
async fn concerns(told: &mut broadcast::Receiver<Uuid>, account: Uuid) {
    loop {
        match told.recv().await {
            Ok(other) if other != account => {}
            Ok(_) | Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

fn too_many_streams() -> Refusal {
    let message = "This account has as many event streams open as it may have. Close one first.";
    Refusal::new(StatusCode::TOO_MANY_REQUESTS, Code::LimitExceeded, message)
        .header(header::RETRY_AFTER, HeaderValue::from_static("5"))
}

fn signed_out() -> StreamEnd {
    let error: async_graphql::Error = ApiError::Unauthenticated("The session has ended.").into();
    StreamEnd::Error(error.into_server_error(async_graphql::Pos::default()))
}

fn nobody(extensions: &axum::http::Extensions) -> Viewer {
    Viewer { session: None, address: address_of(extensions), agent: "".into(), correlation: Uuid::now_v7() }
}

/// What the browser or script says it is.
fn agent_of(headers: &HeaderMap) -> Arc<str> {
    headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default().into()
}

fn address_of(extensions: &axum::http::Extensions) -> IpAddr {
    extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip().to_canonical())
}

/// Finds out who asks, refuses forged requests, and slides the session on.
async fn identify(State(app): State<App>, mut request: Request, next: Next) -> Response {
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

fn refuse(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(serde_json::json!({ "errors": [{ "message": message, "extensions": { "code": code } }] })))
        .into_response()
}

/// Ready when the database answers, sealing goes on and no follower of the ledger has stopped.
async fn ready(State(app): State<App>) -> Response {
    let unready =
        |why: String| (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {why}\n")).into_response();
    if app.services.sealing_stuck.borrow().is_some() {
        return unready("sealing has stopped; see the log and `aegis verify`".to_owned());
    }
    match status::projections(&app.services.pool).await {
        Ok(followers) => {
            let stopped: Vec<_> = followers.iter().filter(|follower| follower.error.is_some()).collect();
            if let Some(follower) = stopped.first() {
                return unready(format!("{} has stopped at position {}", follower.name, follower.position));
            }
        }
        Err(_) => return unready("the database does not answer".to_owned()),
    }
    match ledger::head(&app.services.pool).await {
        Ok(head) => {
            let behind = head.position - app.services.tide.position();
            let streams = app.graphql.open_streams();
            let text = format!(
                "ready: position {}, read models {behind} behind, {streams} event streams\n",
                head.position
            );
            (StatusCode::OK, text).into_response()
        }
        Err(_) => unready("the database does not answer".to_owned()),
    }
}

const GUARDS: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
];

/// What the interface may do; it sends files straight to the object store where that makes links.
fn content_policy(store: Option<&str>) -> String {
    let store = store.map(|origin| format!(" {origin}")).unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
         connect-src 'self'{store}; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

async fn guard(State(policy): State<HeaderValue>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    for (name, value) in GUARDS {
        headers.entry(*name).or_insert(HeaderValue::from_static(value));
    }
    response
}
