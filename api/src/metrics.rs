//! What is counted for Prometheus. Labels come from short lists of our own and never from a request, so that
//! nobody can make them many.

use crate::noted;
use crate::server::Cut;
use aegis_projections::tide::Tide;
use aegis_projections::{Pool, jobs, ledger, status};
use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder,
};
use std::sync::Arc;
use std::time::Duration;

/// Bounds of how long a request took, in seconds.
const SECONDS: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// Codes of errors that are counted by name; any other counts as `OTHER`.
const CODES: &[&str] = &[
    "BAD_REQUEST",
    "CONFLICT",
    "FORBIDDEN",
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
    "INTERNAL",
    "INVALID_INPUT",
    "LIMIT_EXCEEDED",
    "METHOD_NOT_ALLOWED",
    "NOT_ACCEPTABLE",
    "NOT_FOUND",
    "OPERATION_RESOLUTION_FAILURE",
    "PASSWORD_CHANGE_REQUIRED",
    "RATE_LIMITED",
    "READ_MODELS_BEHIND",
    "REQUEST_TIMEOUT",
    "SECOND_FACTOR_REQUIRED",
    "UNAUTHENTICATED",
    "UNSUPPORTED_MEDIA_TYPE",
];

/// What came of a sign-in, by the words of the access log.
const SIGN_INS: &[&str] = &[
    "allowed",
    "refused",
    "rate_limited",
    "second_factor_asked",
    "second_factor_refused",
    "second_factor_rate_limited",
    "single_sign_on_only",
    "state",
    "identity",
    "no_role",
    "closed",
];

/// What an operation of GraphQL is, and what came of it.
const KINDS: &[&str] = &["query", "mutation", "subscription"];

/// The counts of one process.
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    request_seconds: HistogramVec,
    operations: IntCounterVec,
    errors: IntCounterVec,
    sign_ins: IntCounterVec,
    connections: IntGauge,
    refused: IntCounter,
    cut: IntCounterVec,
    streams: IntGauge,
    sockets: IntGauge,
    evidence: IntCounterVec,
    ledger_position: IntGauge,
    read_position: IntGauge,
    unsequenced: IntGauge,
    lag: IntGaugeVec,
    stopped: IntGaugeVec,
    sealing_stopped: IntGauge,
    jobs: IntGaugeVec,
    pool: IntGaugeVec,
}

/// What a scrape looks at, beside what was counted.
pub struct Sources<'a> {
    /// The database.
    pub pool: &'a Pool,
    /// How far this process can see.
    pub tide: &'a Tide,
    /// Whether sealing stands still.
    pub sealing_stopped: bool,
}

impl Metrics {
    /// Nothing counted yet.
    ///
    /// # Panics
    /// Never: the names below are valid and distinct, which the tests show.
    pub fn new() -> Arc<Self> {
        Arc::new(Self::registered(Registry::new()).expect("valid and distinct names"))
    }

    fn registered(registry: Registry) -> prometheus::Result<Self> {
        let counters = |name: &str, help: &str, labels: &[&str]| {
            let counters = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(counters.clone()))?;
            prometheus::Result::Ok(counters)
        };
        let gauges = |name: &str, help: &str, labels: &[&str]| {
            let gauges = IntGaugeVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(gauges.clone()))?;
            prometheus::Result::Ok(gauges)
        };
        let gauge = |name: &str, help: &str| {
            let gauge = IntGauge::new(name, help)?;
            registry.register(Box::new(gauge.clone()))?;
            prometheus::Result::Ok(gauge)
        };
        let refused = IntCounter::new(
            "aegis_connections_refused_total",
            "Connections for which there was no place, in all or of their address.",
        )?;
        registry.register(Box::new(refused.clone()))?;
        let seconds = HistogramOpts::new(
            "aegis_http_request_duration_seconds",
            "Time until the head of an answer was ready.",
        );
        let request_seconds = HistogramVec::new(seconds.buckets(SECONDS.to_vec()), &["route"])?;
        registry.register(Box::new(request_seconds.clone()))?;
        let build = gauges("aegis_build_info", "Always 1; which version runs.", &["version"])?;
        build.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        let metrics = Self {
            requests: counters(
                "aegis_http_requests_total",
                "Requests over HTTP that were answered.",
                &["method", "route", "status"],
            )?,
            request_seconds,
            operations: counters(
                "aegis_graphql_operations_total",
                "GraphQL operations that were executed: ok, or with errors.",
                &["kind", "outcome"],
            )?,
            errors: counters(
                "aegis_graphql_errors_total",
                "Errors in answers to GraphQL operations, those before execution too.",
                &["code"],
            )?,
            sign_ins: counters("aegis_sign_ins_total", "Attempts to sign in.", &["means", "outcome"])?,
            connections: gauge("aegis_connections", "Connections that are open.")?,
            refused,
            cut: counters(
                "aegis_connections_cut_total",
                "Connections that were cut off: idle, a head that did not come, an answer that was not read.",
                &["why"],
            )?,
            streams: gauge("aegis_event_streams", "Event streams that are open, over sockets too.")?,
            sockets: gauge("aegis_sockets", "WebSockets that are open.")?,
            evidence: counters(
                "aegis_evidence_bytes_total",
                "Bytes of evidence that passed through this process.",
                &["direction"],
            )?,
            ledger_position: gauge("aegis_ledger_position", "The last position of the ledger.")?,
            read_position: gauge(
                "aegis_read_position",
                "The position that all read models of this process show.",
            )?,
            unsequenced: gauge("aegis_unsequenced_events", "Events that wait for a position.")?,
            lag: gauges(
                "aegis_projection_lag_events",
                "Events that a follower of the ledger has not taken in.",
                &["projection"],
            )?,
            stopped: gauges(
                "aegis_projection_stopped",
                "1 where a follower of the ledger has stopped.",
                &["projection"],
            )?,
            sealing_stopped: gauge("aegis_sealing_stopped", "1 where nothing gets a position any more.")?,
            jobs: gauges("aegis_jobs", "Jobs that wait, run or have failed.", &["state"])?,
            pool: gauges(
                "aegis_pool_connections",
                "Connections to the database that requests share.",
                &["state"],
            )?,
            registry,
        };
        // A count of nothing is there from the start, so that the first of a kind shows as an increase.
        for code in CODES {
            metrics.errors.with_label_values(&[*code]);
        }
        for means in noted::SIGN_INS {
            for outcome in ["allowed", "refused"] {
                metrics.sign_ins.with_label_values(&[means, outcome]);
            }
        }
        for kind in KINDS {
            for outcome in ["ok", "errors"] {
                metrics.operations.with_label_values(&[*kind, outcome]);
            }
        }
        for cut in Cut::ALL {
            metrics.cut.with_label_values(&[cut.as_str()]);
        }
        Ok(metrics)
    }

    /// A request was answered. `route` is one of the router's, `method` one of a short list.
    pub(crate) fn request(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        self.requests.with_label_values(&[method, route, &status.to_string()]).inc();
        self.request_seconds.with_label_values(&[route]).observe(took.as_secs_f64());
    }

    /// An operation was executed.
    pub(crate) fn operation(&self, kind: &'static str, failed: bool) {
        self.operations.with_label_values(&[kind, if failed { "errors" } else { "ok" }]).inc();
    }

    /// An answer has an error of a code.
    pub(crate) fn error(&self, code: &str) {
        let code = CODES.iter().find(|known| **known == code).copied().unwrap_or("OTHER");
        self.errors.with_label_values(&[code]).inc();
    }

    /// Somebody tried to sign in, by means and with an outcome as the access log has them.
    pub(crate) fn sign_in(&self, means: &'static str, outcome: &str) {
        let outcome = SIGN_INS.iter().find(|known| **known == outcome).copied().unwrap_or("other");
        self.sign_ins.with_label_values(&[means, outcome]).inc();
    }

    /// There was no place for a connection.
    pub(crate) fn connection_refused(&self) {
        self.refused.inc();
    }

    /// A connection was cut off.
    pub(crate) fn connection_cut(&self, why: Cut) {
        self.cut.with_label_values(&[why.as_str()]).inc();
    }

    /// Bytes of evidence have come.
    pub(crate) fn evidence_received(&self, bytes: u64) {
        self.evidence.with_label_values(&["received"]).inc_by(bytes);
    }

    /// A file of evidence is handed out.
    pub(crate) fn evidence_sent(&self, bytes: u64) {
        self.evidence.with_label_values(&["sent"]).inc_by(bytes);
    }

    /// How many of each are open now.
    pub(crate) fn open(&self, connections: usize, streams: usize, sockets: usize) {
        let number = |count| i64::try_from(count).unwrap_or(i64::MAX);
        self.connections.set(number(connections));
        self.streams.set(number(streams));
        self.sockets.set(number(sockets));
    }

    /// Everything as Prometheus reads it. What the database does not tell stays as it was told last.
    ///
    /// # Errors
    /// A count cannot be written.
    pub(crate) async fn scraped(&self, sources: &Sources<'_>) -> prometheus::Result<String> {
        let pool = sources.pool;
        let idle = i64::try_from(pool.num_idle()).unwrap_or(i64::MAX);
        self.pool.with_label_values(&["idle"]).set(idle);
        self.pool.with_label_values(&["used"]).set(i64::from(pool.size()) - idle);
        self.read_position.set(sources.tide.position());
        self.sealing_stopped.set(i64::from(sources.sealing_stopped));
        if let Err(error) = self.look(pool).await {
            tracing::warn!(%error, "the database did not say what is to be measured");
        }
        let mut text = vec![];
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(String::from_utf8(text).unwrap_or_default())
    }

    async fn look(&self, pool: &Pool) -> Result<(), aegis_projections::DatabaseError> {
        let head = ledger::head(pool).await?.position;
        self.ledger_position.set(head);
        self.unsequenced.set(status::unsequenced(pool).await?);
        for follower in status::projections(pool).await? {
            self.lag.with_label_values(&[&follower.name]).set((head - follower.position).max(0));
            self.stopped.with_label_values(&[&follower.name]).set(i64::from(follower.error.is_some()));
        }
        for (state, count) in jobs::open(pool).await? {
            self.jobs.with_label_values(&[state]).set(count);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_makes_up_is_no_label() {
        let metrics = Metrics::new();
        for code in ["FORBIDDEN", "MADE_UP_1", "MADE_UP_2"] {
            metrics.error(code);
        }
        let count = |code: &str| metrics.errors.with_label_values(&[code]).get();
        assert_eq!((count("FORBIDDEN"), count("OTHER")), (1, 2));
        metrics.request("GET", "/healthz", 200, Duration::from_millis(3));
        let mut text = vec![];
        TextEncoder::new().encode(&metrics.registry.gather(), &mut text).expect("it is written");
        let text = String::from_utf8(text).expect("UTF-8");
        let line = "aegis_http_requests_total{method=\"GET\",route=\"/healthz\",status=\"200\"} 1";
        assert!(text.contains(line) && !text.contains("MADE_UP"), "{text}");
    }
}
