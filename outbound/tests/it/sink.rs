//! A server that is called.

use aegis_outbound::{Found, Lookup, Outbound};
use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{any, get};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// On a free port, until the test's runtime ends.
#[derive(Clone)]
pub struct Sink {
    pub port: u16,
    /// How often anything of it was asked for.
    pub calls: Arc<AtomicUsize>,
    /// The headers of the last call to `/ok`.
    pub seen: Arc<Mutex<HeaderMap>>,
}

impl Sink {
    /// `to` is where `/away` redirects.
    pub async fn start(to: &str) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (calls, seen) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::default()));
        let (counted, shown, to) = (Arc::clone(&calls), Arc::clone(&seen), to.to_owned());
        let redirect = move |to: String| (StatusCode::FOUND, [(header::LOCATION, to)]).into_response();
        let routes = Router::new()
            .route(
                "/ok",
                any(move |headers: HeaderMap, body: String| async move {
                    *shown.lock().expect("whole") = headers;
                    format!("{{\"heard\":\"{body}\"}}")
                }),
            )
            .route("/here", any(move || async move { redirect("/ok".to_owned()) }))
            .route("/round", get(move || async move { redirect("/round".to_owned()) }))
            .route("/away", get(move || async move { redirect(to) }))
            .route("/long", get(|| async { "x".repeat(100_000) }))
            .route(
                "/slow",
                get(|| async {
                    tokio::time::sleep(Duration::from_secs(60)).await;
                    "late"
                }),
            )
            .layer(axum::middleware::from_fn(move |request, next: axum::middleware::Next| {
                counted.fetch_add(1, Ordering::SeqCst);
                next.run(request)
            }));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { port, calls, seen }
    }

    pub fn at(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.port)
    }

    pub fn called(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    /// Calls that may go to this sink by this name.
    pub fn allowed(&self, host: &str) -> Outbound {
        Outbound::new(vec![format!("{host}:{}", self.port)]).expect("an entry")
    }
}

/// Names that lead where the test says, the last answer again and again.
#[derive(Clone, Default)]
pub struct Names {
    answers: Arc<Mutex<HashMap<String, Vec<Vec<IpAddr>>>>>,
    pub asked: Arc<AtomicUsize>,
}

impl Names {
    pub fn of(host: &str, answers: &[&[&str]]) -> Self {
        let names = Self::default();
        let ips = |answer: &&[&str]| answer.iter().map(|ip| ip.parse().expect("an address")).collect();
        let answers = answers.iter().map(ips).collect();
        names.answers.lock().expect("whole").insert(host.to_owned(), answers);
        names
    }
}

impl Lookup for Names {
    fn lookup(&self, host: &str) -> Found {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut answers = self.answers.lock().expect("whole");
        let found = answers.get_mut(host).map(|answers| match answers.len() {
            0 | 1 => answers.first().cloned().unwrap_or_default(),
            _ => answers.remove(0),
        });
        Box::pin(async move { found.ok_or_else(|| std::io::Error::other("no such name")) })
    }
}
