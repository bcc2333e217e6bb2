//! Traces, received by a collector of the test's own.

use crate::app::TestApp;
use aegis_aggregates::actor::Role;
use nix::sys::signal::Signal;
use serde_json::json;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::process::eventually;

/// The path and the body of a request.
type Posted = (String, Vec<u8>);

/// Takes what is posted to it, and keeps the bodies.
struct Collector {
    url: String,
    bodies: Arc<Mutex<Vec<Posted>>>,
}

impl Collector {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
        let url = format!("http://{}", listener.local_addr().expect("it listens"));
        let bodies = Arc::new(Mutex::new(vec![]));
        let kept = Arc::clone(&bodies);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || {
                    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
                    let mut writer = stream;
                    while let Some((path, body)) = request(&mut reader) {
                        kept.lock().expect("not poisoned").push((path, body));
                        let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n";
                        if writer.write_all(answer.as_bytes()).is_err() {
                            return;
                        }
                    }
                });
            }
        });
        Self { url, bodies }
    }

    /// Whether a body holds these words.
    fn has(&self, words: &str) -> bool {
        let bodies = self.bodies.lock().expect("not poisoned");
        bodies.iter().any(|(path, body)| {
            assert_eq!(path, "/v1/traces");
            body.windows(words.len()).any(|part| part == words.as_bytes())
        })
    }
}

/// The path and the body of the next request, until the connection ends.
fn request(reader: &mut impl BufRead) -> Option<Posted> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|count| *count > 0)?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let (name, value) = match header.trim_end().split_once(':') {
            Some(header) => header,
            None => break,
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((path, body))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_a_span_with_its_correlation_id() {
    let collector = Collector::open();
    let mut app = TestApp::start_with(|settings| {
        settings.set("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url).set("RUST_LOG", "error")
    })
    .await;
    let red = app.login(Role::RedTech).await;
    let answer = red.gql("{ tests { totalCount } }", json!({})).await;
    let id = answer.headers["aegis-correlation"].to_str().expect("ASCII").to_owned();
    eventually("the span is received", Duration::from_secs(60), || collector.has(&id));
    assert!(collector.has("aegis") && collector.has("/graphql") && collector.has("correlation"));
    // What was not sent yet goes with the end.
    let last = red.gql("{ me { expiresAt } }", json!({})).await;
    let id = last.headers["aegis-correlation"].to_str().expect("ASCII").to_owned();
    app.stop(Signal::SIGTERM);
    eventually("the last span is received", Duration::from_secs(10), || collector.has(&id));
    // No token, no password, no name is in a span.
    for secret in [&red.token, crate::app::PASSWORD, "red_tech"] {
        assert!(!collector.has(secret), "{secret}");
    }
}
