//! What Aegis says of itself while it runs: the log, and traces where they are configured.
//!
//! Every event of the log is one line whatever it is about: control characters of what came from outside
//! are written as escapes.

mod lines;
mod traces;

use lines::OneLine;
use std::io::IsTerminal;
use traces::Traces;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, fmt};

/// What is logged unless `RUST_LOG` says otherwise.
const USUAL: &str = "warn,aegis=info,aegis_api=info,aegis_workers=info,aegis_projections=info";

/// Log and traces of the process.
pub struct Telemetry {
    traces: Option<Traces>,
}

impl Telemetry {
    /// Begins to log to standard error, `json` or not, and to send traces where an endpoint is named.
    ///
    /// # Errors
    /// The endpoint cannot be used.
    pub fn start(format: &str, endpoint: &str, runtime: &tokio::runtime::Handle) -> anyhow::Result<Self> {
        let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| USUAL.into());
        let traces = (!endpoint.is_empty()).then(|| Traces::to(endpoint, runtime)).transpose()?;
        let written = fmt::layer().with_writer(std::io::stderr).with_target(false);
        let written = match format {
            "json" => written.json().flatten_event(true).with_span_list(false).boxed(),
            _ => written.with_ansi(std::io::stderr().is_terminal()).fmt_fields(OneLine).boxed(),
        };
        let sent = traces.as_ref().map(Traces::layer);
        tracing_subscriber::registry().with(sent).with(written.with_filter(filter)).init();
        tell_panics();
        Ok(Self { traces })
    }

    /// Sends what is left.
    pub fn end(self) {
        if let Some(traces) = self.traces {
            traces.end();
        }
    }
}

/// A panic is one line of the log too, in the span of the request that it happened in.
fn tell_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        let thread = std::thread::current();
        let message = panic.payload_as_str().unwrap_or("no message");
        tracing::error!(at, thread = thread.name().unwrap_or("unnamed"), "panicked: {message}");
    }));
}
