//! The HTTP server: its routes, what guards them, and how it runs and stops.

mod connections;
mod endings;
mod graphql;
mod guards;
mod identify;
mod observe;
mod origins;
mod pace;
mod places;
mod probes;
mod proxies;
mod traffic;

use crate::audit::export::{self, Exports};
use crate::context::Services;
use crate::evidence::routes as evidence;
use crate::graphql_http::{GraphqlHttp, Limits, POINTS_PER_MINUTE, Purses, Shares};
use crate::schema::{self, AegisSchema};
use crate::{single_sign_on, ui, uploads};
use axum::Router;
use axum::middleware;
use axum::routing::{any, get, post};
use connections::Rules;
use guards::Guards;
use observe::Observer;
use pace::{BYTES_PER_SECOND, Pace};
use places::Places;
use probes::Probe;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::compression::CompressionLayer;

pub use origins::Origins;
pub(crate) use pace::is_too_slow;
pub use probes::Internal;
pub use proxies::Proxies;
pub use traffic::Cut;

/// What the server is told.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// Whether the production rules hold: no introspection.
    pub production: bool,
    /// Whether browsers are told to come over HTTPS only from now on.
    pub hsts: bool,
    /// Other origins whose pages may use the API.
    pub origins: Origins,
    /// Neighbours whose word on the client behind them counts.
    pub proxies: Proxies,
    /// Connections at most.
    pub connections: usize,
    /// Of those, from one address.
    pub connections_of_address: usize,
    /// How long a client may keep a request waiting at once.
    pub patience: Duration,
    /// Points of complexity that an account may ask for within a minute.
    pub points_per_minute: u32,
}

/// Connections at most, unless set otherwise.
pub const CONNECTIONS: usize = 5_000;
/// Connections from one address at most, unless set otherwise.
pub const CONNECTIONS_OF_ADDRESS: usize = 1_000;
/// Seconds that a client may keep a request waiting at once, unless set otherwise.
pub const PATIENCE_SECONDS: u64 = 30;

impl ServerConfig {
    /// The usual numbers; no other origins and no proxies.
    pub fn new(production: bool) -> Self {
        Self {
            production,
            hsts: false,
            origins: Origins::default(),
            proxies: Proxies::default(),
            connections: CONNECTIONS,
            connections_of_address: CONNECTIONS_OF_ADDRESS,
            patience: Duration::from_secs(PATIENCE_SECONDS),
            points_per_minute: POINTS_PER_MINUTE,
        }
    }
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
    open_sockets: Arc<AtomicUsize>,
    /// What accounts may still ask for.
    purses: Purses,
    origins: Origins,
    exports: Exports,
    stopped: watch::Receiver<bool>,
}

impl axum::extract::FromRef<App> for Services {
    fn from_ref(app: &App) -> Self {
        app.services.clone()
    }
}

impl axum::extract::FromRef<App> for Exports {
    fn from_ref(app: &App) -> Self {
        app.exports.clone()
    }
}

/// Everything Aegis answers over HTTP.
pub struct Server {
    app: App,
    guards: Guards,
    observer: Observer,
    rules: Rules,
    probe: Probe,
    stopping: watch::Sender<bool>,
}

impl Server {
    /// A server over running services.
    pub fn new(services: Services, config: &ServerConfig) -> Self {
        let limits = Limits::default();
        let schema = schema::build(services.clone(), &limits, !config.production);
        let (stopping, stopped) = watch::channel(false);
        let metrics = Arc::clone(&services.metrics);
        let places = Places::new(config.connections, config.connections_of_address, config.proxies.clone());
        let probe = Probe::new(&services, stopped.clone());
        let guards = Guards::new(services.objects.direct_origin(), config.hsts);
        let app = App {
            running: Shares::of(limits.running_of_account),
            streams: Shares::of(limits.streams_of_account),
            sockets: Shares::of(limits.streams_of_account),
            open_sockets: Arc::default(),
            purses: Purses::of(config.points_per_minute),
            origins: config.origins.clone(),
            exports: Exports::default(),
            graphql: GraphqlHttp::new(schema, limits, Arc::clone(&metrics)),
            services,
            stopped,
        };
        let observer = Observer { proxies: config.proxies.clone(), metrics: Arc::clone(&metrics) };
        let pace = Pace { patience: config.patience, bytes_per_second: BYTES_PER_SECOND };
        let rules = Rules { places, pace, metrics };
        Self { app, guards, observer, rules, probe, stopping }
    }

    /// Its routes, for whoever serves them.
    pub fn router(&self) -> Router {
        let identify = middleware::from_fn_with_state(self.app.clone(), identify::identify);
        // These links carry their own permission; who has one needs no session. What they lead to is never
        // compressed: its digest and its tag are those of the bytes as they are.
        let files = Router::new()
            .route("/evidence/{test}/{id}", get(evidence::get).put(evidence::put))
            .layer(identify.clone());
        let routes = Router::new()
            .route("/graphql", any(graphql::graphql))
            .route("/uploads", post(uploads::upload))
            .route("/auth/start", get(single_sign_on::start))
            .route("/auth/callback", get(single_sign_on::callback))
            .route("/audit/export", get(export::export))
            .layer(identify)
            .merge(probes::public(self.probe.clone()))
            .fallback(ui::serve)
            .layer(CompressionLayer::new())
            .merge(files);
        let routes = match self.app.origins.layer() {
            Some(cors) => routes.layer(cors),
            None => routes,
        };
        routes
            .layer(middleware::from_fn_with_state(self.guards.clone(), guards::guard))
            .layer(middleware::from_fn_with_state(self.observer.clone(), observe::observe))
            .with_state(self.app.clone())
    }

    /// What is answered on an address for whoever runs Aegis.
    pub fn internal(&self) -> Internal {
        let (app, places) = (self.app.clone(), self.rules.places.clone());
        Internal::new(self.probe.clone()).counting(move |metrics| {
            let sockets = app.open_sockets.load(std::sync::atomic::Ordering::Relaxed);
            metrics.open(places.open(), app.graphql.open_streams(), sockets);
        })
    }

    /// Serves until told to stop, then lets what runs come to its end: event
    /// streams are closed so that their clients come back later, mutations
    /// get 10 s more, other requests get 5 s.
    pub async fn run(self, listener: TcpListener, stop: impl Future<Output = ()> + Send + 'static) {
        let mut stopped = self.app.stopped.clone();
        let serving = connections::serve(listener, self.router(), self.rules.clone(), stopped.clone());
        let told = async {
            stop.await;
            self.stopping.send_replace(true);
            std::future::pending::<()>().await;
        };
        let overdue = async move {
            // The sender lives in `self`, so the channel cannot close first.
            let _ = stopped.wait_for(|stopped| *stopped).await;
            tokio::time::sleep(LAST_REQUESTS).await;
        };
        tokio::select! {
            () = serving => {}
            () = told => {}
            () = overdue => {}
        }
        let running = self.app.graphql.mutations_settled(LAST_MUTATIONS).await;
        if running > 0 {
            tracing::warn!(running, "stopped without waiting longer for mutations that do not end");
        }
    }
}

/// How long open requests may take to end once the server is told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(5);
/// How long mutations may take to end after that: a database that does not answer must not keep a server
/// from stopping.
const LAST_MUTATIONS: Duration = Duration::from_secs(10);
