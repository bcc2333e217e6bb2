//! The HTTP server: its routes, and how it runs and stops.

mod endings;
mod graphql;
mod guards;
mod identify;
mod probes;

use crate::context::Services;
use crate::evidence::routes as evidence;
use crate::graphql_http::{GraphqlHttp, Limits, Shares};
use crate::schema::{self, AegisSchema};
use crate::{ui, uploads};
use axum::Router;
use axum::http::HeaderValue;
use axum::middleware;
use axum::routing::{any, get, post};
use guards::content_policy;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::compression::CompressionLayer;

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
        let identify = middleware::from_fn_with_state(self.app.clone(), identify::identify);
        // These links carry their own permission; who has one needs no session. What they lead to is never
        // compressed: its digest and its tag are those of the bytes as they are.
        let files = Router::new()
            .route("/evidence/{test}/{id}", get(evidence::get).put(evidence::put))
            .layer(identify.clone());
        Router::new()
            .route("/graphql", any(graphql::graphql))
            .route("/uploads", post(uploads::upload))
            .layer(identify)
            .route("/healthz", get(|| async { "ok\n" }))
            .route("/readyz", get(probes::ready))
            .fallback(ui::serve)
            .layer(CompressionLayer::new())
            .merge(files)
            .layer(middleware::from_fn_with_state(policy, guards::guard))
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
