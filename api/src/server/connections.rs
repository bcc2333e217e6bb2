//! Connections: how many there are, how they are spoken to, and when one is cut off.
//!
//! HTTP/1.1 only. A client that sends the head of a request, or its body, too slowly, or does not read its
//! answer, holds nothing for long; see [`Pace`].

use super::pace::{Pace, Paced};
use super::places::Places;
use super::traffic::{Answering, Traffic, Watched};
use crate::metrics::Metrics;
use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{ConnectInfo, Request};
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::io::{self, ErrorKind, Write};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

/// Bytes of the line and the headers of a request; more answers 431.
const HEAD_BYTES: usize = 64 * 1024;
/// Headers of a request; more answers 431.
const HEADERS: usize = 100;
/// Bytes read ahead or kept to be written, for each connection.
const BUFFER_BYTES: usize = 128 * 1024;
/// How long no connection is accepted after the system had none to give.
const EXHAUSTED_PAUSE: Duration = Duration::from_millis(250);
/// What somebody hears for whom there is no place.
const NO_PLACE: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// What holds for every connection.
#[derive(Clone)]
pub struct Rules {
    /// How many there may be.
    pub places: Places,
    /// How long a client may keep us waiting.
    pub pace: Pace,
    /// Where is counted what becomes of them.
    pub metrics: Arc<Metrics>,
}

/// Accepts connections and serves them, until told to stop; then what is being answered comes to its end.
pub async fn serve(listener: TcpListener, router: Router, rules: Rules, mut stop: watch::Receiver<bool>) {
    let open = TaskTracker::new();
    loop {
        let (stream, peer) = tokio::select! {
            accepted = accept(&listener) => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        match rules.places.take(peer.ip()) {
            Some(place) => {
                let traffic = Traffic::new(rules.pace);
                let watched = Watched::new(stream, Arc::clone(&traffic), place);
                open.spawn(converse(watched, traffic, peer, router.clone(), rules.clone(), stop.clone()));
            }
            None => {
                rules.metrics.connection_refused();
                turn_away(stream);
            }
        }
    }
    drop(listener);
    open.close();
    open.wait().await;
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            // Of one connection, which is gone.
            Err(error) if is_of_client(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "no connection can be accepted; trying again");
                tokio::time::sleep(EXHAUSTED_PAUSE).await;
            }
        }
    }
}

fn is_of_client(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::ConnectionRefused
    )
}

/// Says why and closes, without waiting for anything.
fn turn_away(stream: TcpStream) {
    if let Ok(mut stream) = stream.into_std() {
        // Whoever does not hear it sees the end all the same.
        let _ = stream.write(NO_PLACE);
    }
}

async fn converse(
    stream: Watched,
    traffic: Arc<Traffic>,
    peer: SocketAddr,
    router: Router,
    rules: Rules,
    mut stop: watch::Receiver<bool>,
) {
    let (seen, pace) = (Arc::clone(&traffic), rules.pace);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let answering = seen.begin();
        let mut request: Request = request.map(|body| Body::new(Paced::new(Body::new(body), pace)));
        request.extensions_mut().insert(ConnectInfo(peer));
        let router = router.clone();
        async move {
            let response = router.oneshot(request).await?;
            Ok::<_, Infallible>(response.map(|body| Answer { body, _answering: answering }))
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        // Ours also knows a connection that just rests between two requests.
        .header_read_timeout(None)
        .max_header_size(HEAD_BYTES)
        .max_headers(HEADERS)
        .max_buf_size(BUFFER_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let mut overdue = pin!(traffic.overdue());
    let mut stopping = false;
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%peer, %error, "a connection broke off");
                }
                return;
            }
            cut = overdue.as_mut() => {
                rules.metrics.connection_cut(cut);
                tracing::debug!(%peer, why = cut.as_str(), "a connection was cut off");
                return;
            }
            _ = stop.wait_for(|stop| *stop), if !stopping => {
                stopping = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

/// The body of an answer; the request is being answered until it is written.
struct Answer {
    body: Body,
    _answering: Answering,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests;
