//! What goes over one connection, and whether its client keeps us waiting for too long.

use super::pace::{Pace, Progress};
use super::places::Place;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};

/// How long a connection may stay open between two requests.
pub const IDLE: Duration = Duration::from_secs(75);

/// Why a connection was cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Nothing was asked for.
    Idle,
    /// The head of a request did not come to its end.
    Head,
    /// The answer was not read.
    Unread,
}

impl Cut {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Idle, Self::Head, Self::Unread];

    /// Its name in metrics and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Head => "head",
            Self::Unread => "unread",
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Phase {
    /// No request was begun since then, and `asked` says whether there was one before.
    Quiet { since: Instant, asked: bool },
    /// The head of a request has been coming since then.
    Head { since: Instant },
    /// A request is being answered.
    Answering,
}

#[derive(Debug)]
struct State {
    phase: Phase,
    reading: Progress,
}

/// The state of one connection, told by its stream and its service.
#[derive(Debug)]
pub struct Traffic {
    pace: Pace,
    state: Mutex<State>,
}

impl Traffic {
    /// Of a connection that was just opened.
    pub fn new(pace: Pace) -> Arc<Self> {
        let phase = Phase::Quiet { since: Instant::now(), asked: false };
        Arc::new(Self { pace, state: Mutex::new(State { phase, reading: Progress::default() }) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request has come; it is being answered until what this returns is dropped.
    pub fn begin(self: &Arc<Self>) -> Answering {
        *self.state() = State { phase: Phase::Answering, reading: Progress::default() };
        Answering(Arc::clone(self))
    }

    /// Waits until the client has kept us waiting for too long.
    pub async fn overdue(&self) -> Cut {
        loop {
            let now = Instant::now();
            let next = match self.due() {
                Some((deadline, cut)) if deadline <= now => return cut,
                Some((deadline, _)) => deadline,
                // It may begin to at any time; then it is seen this much later.
                None => now + self.pace.patience / 4,
            };
            sleep_until(next).await;
        }
    }

    fn due(&self) -> Option<(Instant, Cut)> {
        let state = self.state();
        // What is written may be the end of the answer before, so this comes first.
        if let Some(deadline) = state.reading.deadline(self.pace) {
            return Some((deadline, Cut::Unread));
        }
        match state.phase {
            Phase::Quiet { since, asked: false } => Some((since + self.pace.patience, Cut::Idle)),
            Phase::Quiet { since, asked: true } => Some((since + IDLE, Cut::Idle)),
            Phase::Head { since } => Some((since + self.pace.patience, Cut::Head)),
            Phase::Answering => None,
        }
    }

    fn came(&self) {
        let mut state = self.state();
        if let Phase::Quiet { .. } = state.phase {
            state.phase = Phase::Head { since: Instant::now() };
        }
    }

    fn written(&self, outcome: &Poll<io::Result<usize>>) {
        let now = Instant::now();
        match outcome {
            Poll::Ready(Ok(bytes)) => self.state().reading.moved(*bytes, now),
            Poll::Ready(Err(_)) => {}
            Poll::Pending => self.state().reading.stands(now),
        }
    }
}

/// A request that is being answered.
pub struct Answering(Arc<Traffic>);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.state().phase = Phase::Quiet { since: Instant::now(), asked: true };
    }
}

/// A connection that tells what goes over it, and gives its place free when it ends.
pub struct Watched {
    stream: TcpStream,
    traffic: Arc<Traffic>,
    _place: Place,
}

impl Watched {
    /// Watches a connection.
    pub fn new(stream: TcpStream, traffic: Arc<Traffic>, place: Place) -> Self {
        Self { stream, traffic, _place: place }
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if buffer.filled().len() > before {
            self.traffic.came();
        }
        outcome
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.traffic.written(&outcome);
        outcome
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.traffic.written(&outcome);
        outcome
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
