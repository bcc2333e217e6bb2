//! What whoever runs Aegis asks it: whether it lives, whether it can do its work, and what is counted.
//!
//! `/healthz` and a terse `/readyz` are answered to everybody; what stands behind them, and `/metrics`, only
//! on the internal address.

use crate::context::{EngineView, Services};
use crate::metrics::{Metrics, Sources};
use aegis_projections::tide::Tide;
use aegis_projections::{Pool, ledger, status};
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, watch};
use tokio::time::{Instant, timeout};

use super::connections::{self, Rules};
use super::pace::{BYTES_PER_SECOND, Pace};
use super::places::Places;
use super::proxies::Proxies;

/// How long the database may take to answer.
const DATABASE_TIME: Duration = Duration::from_secs(5);
/// How long an answer is given again, so that asking often costs the database nothing.
const KEPT: Duration = Duration::from_secs(1);
/// Connections to the internal address.
const CONNECTIONS: usize = 64;
/// How long a client there may keep us waiting.
const PATIENCE: Duration = Duration::from_secs(10);

/// Finds out whether a process can do its work. Clones share what was found.
#[derive(Clone)]
pub struct Probe {
    pool: Pool,
    tide: Tide,
    sealing_stuck: watch::Receiver<Option<String>>,
    stopping: watch::Receiver<bool>,
    metrics: Arc<Metrics>,
    found: Arc<Mutex<Option<(Instant, Verdict)>>>,
}

/// Whether it can, and what that rests on.
type Verdict = Result<String, String>;

impl Probe {
    /// Of a server.
    pub fn new(services: &Services, stopping: watch::Receiver<bool>) -> Self {
        Self {
            pool: services.pool.clone(),
            tide: services.tide.clone(),
            sealing_stuck: services.sealing_stuck.clone(),
            stopping,
            metrics: Arc::clone(&services.metrics),
            found: Arc::default(),
        }
    }

    /// Ready when the database answers, sealing goes on, no follower of the ledger has stopped, and the
    /// process is not about to stop.
    async fn verdict(&self) -> Verdict {
        let mut found = self.found.lock().await;
        if let Some((at, verdict)) = &*found
            && at.elapsed() < KEPT
        {
            return verdict.clone();
        }
        let verdict = match timeout(DATABASE_TIME, self.look()).await {
            Ok(verdict) => verdict,
            Err(_) => Err("the database does not answer".to_owned()),
        };
        *found = Some((Instant::now(), verdict.clone()));
        verdict
    }

    async fn look(&self) -> Verdict {
        if *self.stopping.borrow() {
            return Err("it is about to stop".to_owned());
        }
        if self.sealing_stuck.borrow().is_some() {
            return Err("sealing has stopped; see the log and `aegis verify`".to_owned());
        }
        let silent = |_| "the database does not answer".to_owned();
        let followers = status::projections(&self.pool).await.map_err(silent)?;
        if let Some(follower) = followers.iter().find(|follower| follower.error.is_some()) {
            return Err(format!("{} has stopped at position {}", follower.name, follower.position));
        }
        let head = ledger::head(&self.pool).await.map_err(silent)?.position;
        Ok(format!("position {head}, read models {} behind", (head - self.tide.position()).max(0)))
    }
}

/// What everybody may ask, without what stands behind it.
pub fn public<S: Clone + Send + Sync + 'static>(probe: Probe) -> Router<S> {
    let ready = |State(probe): State<Probe>| async move {
        match probe.verdict().await {
            Ok(_) => (StatusCode::OK, "ready\n"),
            Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "not ready\n"),
        }
    };
    let routes = Router::new().route("/healthz", get(|| async { "ok\n" })).route("/readyz", get(ready));
    routes.with_state(probe)
}

/// Takes note of what is open when it is asked for.
type Counting = Arc<dyn Fn(&Metrics) + Send + Sync>;

/// What is answered on an address for whoever runs Aegis: `/healthz`, `/readyz` with what it rests on, and
/// `/metrics`.
#[derive(Clone)]
pub struct Internal {
    probe: Probe,
    counting: Option<Counting>,
}

impl Internal {
    pub(super) fn new(probe: Probe) -> Self {
        Self { probe, counting: None }
    }

    /// Of a process that serves nothing else.
    pub fn of_worker(pool: Pool, view: EngineView) -> Self {
        let EngineView { tide, sealing_stuck, .. } = view;
        let metrics = Metrics::new();
        // Nobody ever says on it that the process stops: the address goes with it.
        let stopping = watch::channel(false).1;
        Self::new(Probe { pool, tide, sealing_stuck, stopping, metrics, found: Arc::default() })
    }

    pub(super) fn counting(self, count: impl Fn(&Metrics) + Send + Sync + 'static) -> Self {
        Self { counting: Some(Arc::new(count)), ..self }
    }

    /// Answers until told to stop.
    pub async fn run(self, listener: TcpListener, stop: watch::Receiver<bool>) {
        let pace = Pace { patience: PATIENCE, bytes_per_second: BYTES_PER_SECOND };
        let places = Places::new(CONNECTIONS, CONNECTIONS, Proxies::default());
        let rules = Rules { places, pace, metrics: Metrics::new() };
        let routes = Router::new()
            .route("/healthz", get(|| async { "ok\n" }))
            .route("/readyz", get(ready))
            .route("/metrics", get(metrics))
            .with_state(self);
        connections::serve(listener, routes, rules, stop).await;
    }
}

async fn ready(State(internal): State<Internal>) -> Response {
    match internal.probe.verdict().await {
        Ok(found) => (StatusCode::OK, format!("ready: {found}\n")).into_response(),
        Err(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {why}\n")).into_response(),
    }
}

async fn metrics(State(internal): State<Internal>) -> Response {
    let Probe { pool, tide, sealing_stuck, metrics, .. } = &internal.probe;
    if let Some(count) = &internal.counting {
        count(metrics);
    }
    let sealing_stopped = sealing_stuck.borrow().is_some();
    match metrics.scraped(&Sources { pool, tide, sealing_stopped }).await {
        Ok(text) => {
            ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the metrics cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
