//! Spans of requests as OpenTelemetry traces, sent over OTLP/HTTP (protobuf).
//!
//! The collector is whoever the operator names, also on a private address, so the rule for calls outward does
//! not hold here, as for the database. `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_EXPORTER_OTLP_TIMEOUT` and
//! `OTEL_SERVICE_NAME` are read by the library.

use anyhow::Context;
use async_trait::async_trait;
use opentelemetry::trace::TracerProvider;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response, ResponseBodyTooLarge};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracerProvider, Tracer};
use std::time::Duration;
use tokio::runtime::Handle;
use tracing::level_filters::LevelFilter;
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::filter::{Filtered, Targets};
use tracing_subscriber::layer::Layer;
use tracing_subscriber::registry::Registry;

/// How long the last spans may take to be sent when the process ends.
const LAST_SPANS: Duration = Duration::from_secs(3);
/// How long one request to the collector may take.
const SENT_WITHIN: Duration = Duration::from_secs(10);
/// Bytes of a collector's answer that are read.
const ANSWER_BYTES: usize = 1024 * 1024;
/// Where a collector takes spans.
const PATH: &str = "/v1/traces";

/// Spans on their way to a collector.
pub struct Traces {
    provider: SdkTracerProvider,
}

/// What takes our spans to it: those of our own parts, none of libraries.
pub type TraceLayer = Filtered<OpenTelemetryLayer<Registry, Tracer>, Targets, Registry>;

impl Traces {
    /// Sends to an endpoint, such as `http://127.0.0.1:4318`.
    ///
    /// # Errors
    /// The endpoint is no address.
    pub fn to(endpoint: &str, runtime: &Handle) -> anyhow::Result<Self> {
        let client = reqwest::Client::builder()
            .timeout(SENT_WITHIN)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .context("traces cannot be sent")?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Sender { client, runtime: runtime.clone() })
            .with_endpoint(format!("{}{PATH}", endpoint.trim_end_matches('/')))
            .build()
            .context("OTEL_EXPORTER_OTLP_ENDPOINT is no address such as http://127.0.0.1:4318")?;
        let named = std::env::var("OTEL_SERVICE_NAME").is_ok_and(|name| !name.is_empty());
        let resource = Resource::builder();
        let resource = if named { resource } else { resource.with_service_name("aegis") };
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource.build())
            .build();
        Ok(Self { provider })
    }

    /// What takes spans to it.
    pub fn layer(&self) -> TraceLayer {
        let ours = ["aegis", "aegis_api", "aegis_workers", "aegis_projections"];
        let ours = ours.map(|target| (target, LevelFilter::INFO));
        // Events stay in the log: a span has what ties them together.
        OpenTelemetryLayer::new(self.provider.tracer("aegis"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_filter(Targets::new().with_targets(ours))
    }

    /// Sends what is left, for a moment.
    pub fn end(self) {
        if let Err(error) = self.provider.shutdown_with_timeout(LAST_SPANS) {
            tracing::warn!(%error, "the last spans were not sent");
        }
    }
}

/// Sends from the runtime of the process, whatever thread asks.
#[derive(Debug)]
struct Sender {
    client: reqwest::Client,
    runtime: Handle,
}

#[async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (client, request) = (self.client.clone(), request.try_into()?);
        let sent: Result<_, HttpError> = self.runtime.spawn(send(client, request)).await?;
        sent
    }
}

async fn send(client: reqwest::Client, request: reqwest::Request) -> Result<Response<Bytes>, HttpError> {
    let mut answer = client.execute(request).await?;
    let (status, headers) = (answer.status(), std::mem::take(answer.headers_mut()));
    let mut body = vec![];
    while let Some(piece) = answer.chunk().await? {
        if body.len() + piece.len() > ANSWER_BYTES {
            return Err(Box::new(ResponseBodyTooLarge::new()));
        }
        body.extend_from_slice(&piece);
    }
    let mut response = Response::builder().status(status).body(Bytes::from(body))?;
    *response.headers_mut() = headers;
    Ok(response)
}
