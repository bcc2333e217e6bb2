//! How long a client may keep us waiting: it may stop for a while, and on the whole it has to move so many
//! bytes in a time. The time that we need ourselves does not count.

use axum::body::{Body, Bytes};
use http_body::{Frame, SizeHint};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Instant, Sleep};

/// Bytes that a client has to move in a second, in the long run: 0.32 Mbit/s. A file of evidence of the
/// largest size may take 22 minutes so, less than its upload is held.
pub const BYTES_PER_SECOND: u32 = 40_000;

/// What is asked of a client.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// How long it may stop at once, and how far it may fall behind.
    pub patience: Duration,
    /// Bytes in a second on the whole.
    pub bytes_per_second: u32,
}

/// How a client keeps the pace with one thing, a body that it sends or an answer that it reads.
#[derive(Debug, Default, Clone, Copy)]
pub struct Progress {
    waiting_since: Option<Instant>,
    waited: Duration,
    bytes: u64,
}

impl Progress {
    /// It has moved bytes.
    pub fn moved(&mut self, bytes: usize, now: Instant) {
        if let Some(since) = self.waiting_since.take() {
            self.waited += now.saturating_duration_since(since);
        }
        self.bytes = self.bytes.saturating_add(bytes as u64);
    }

    /// It keeps us waiting, from now on if it did not before.
    pub fn stands(&mut self, now: Instant) {
        self.waiting_since.get_or_insert(now);
    }

    /// Until when we wait; nothing while it does not keep us waiting.
    pub fn deadline(&self, pace: Pace) -> Option<Instant> {
        let since = self.waiting_since?;
        #[allow(clippy::cast_precision_loss, reason = "sizes of files")]
        let earned = Duration::from_secs_f64(self.bytes as f64 / f64::from(pace.bytes_per_second.max(1)));
        let left = (pace.patience + earned).saturating_sub(self.waited);
        Some(since + left.min(pace.patience))
    }
}

/// A body that ends with an error of the kind `TimedOut` where its client does not keep the pace.
pub struct Paced {
    body: Body,
    pace: Pace,
    progress: Progress,
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Paced {
    /// Holds a body to a pace.
    pub fn new(body: Body, pace: Pace) -> Self {
        Self { body, pace, progress: Progress::default(), alarm: None }
    }
}

impl http_body::Body for Paced {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        let now = Instant::now();
        match Pin::new(&mut this.body).poll_frame(cx) {
            Poll::Ready(frame) => {
                let bytes = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref().map(Bytes::len));
                this.progress.moved(bytes.unwrap_or(0), now);
                Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
            }
            Poll::Pending => {
                this.progress.stands(now);
                let Some(deadline) = this.progress.deadline(this.pace) else { return Poll::Pending };
                let alarm = this.alarm.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
                if alarm.deadline() != deadline {
                    alarm.as_mut().reset(deadline);
                }
                ready!(alarm.as_mut().poll(cx));
                // There is nothing more to come.
                this.body = Body::empty();
                Poll::Ready(Some(Err(too_slow().into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn too_slow() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "the client sends too slowly")
}

/// Whether an error of a body says that its client was too slow.
pub fn is_too_slow(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::TimedOut) {
            return true;
        }
        next = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::StreamExt;

    const PACE: Pace = Pace { patience: Duration::from_secs(30), bytes_per_second: 1_000 };

    /// Sends pieces of so many bytes every so many seconds, and says how many came before it was given up.
    fn sent(pieces: usize, bytes: usize, every: u64) -> (usize, bool) {
        let (mut now, mut progress) = (Instant::now(), Progress::default());
        for piece in 0..pieces {
            progress.stands(now);
            let comes = now + Duration::from_secs(every);
            if progress.deadline(PACE).is_some_and(|deadline| deadline < comes) {
                return (piece * bytes, false);
            }
            progress.moved(bytes, comes);
            assert_eq!(progress.deadline(PACE), None, "nobody is waited for");
            // The time that we need ourselves.
            now = comes + Duration::from_secs(100);
        }
        (pieces * bytes, true)
    }

    #[test]
    fn a_slow_but_honest_line_comes_to_its_end() {
        assert_eq!(sent(360, 10_000, 10), (3_600_000, true), "an hour at the pace that is asked for");
        assert_eq!(sent(3, 1, 9), (3, true), "what is small may take its time");
    }

    #[test]
    fn who_stops_or_trickles_is_given_up() {
        assert_eq!(sent(1, 10, 31), (0, false), "silence");
        assert_eq!(sent(10_000, 1, 1), (30, false), "a byte a second");
        let (came, whole) = sent(1_000, 5_000, 10);
        assert!(!whole && came < 50_000, "half of the pace: {came}");
        // What was sent quickly before does not pay for silence.
        let begin = Instant::now();
        let mut progress = Progress::default();
        progress.moved(1_000_000_000, begin);
        progress.stands(begin);
        assert_eq!(progress.deadline(PACE), Some(begin + PACE.patience));
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_ends_with_an_error() {
        let pace = Pace { patience: Duration::from_millis(50), bytes_per_second: 1_000 };
        let first = futures::stream::iter([Ok::<_, io::Error>(Bytes::from_static(b"abc"))]);
        let body = Body::from_stream(first.chain(futures::stream::pending()));
        let pieces: Vec<_> = Body::new(Paced::new(body, pace)).into_data_stream().collect().await;
        let (last, came) = pieces.split_last().expect("an end");
        assert!(came.len() == 1 && came[0].as_ref().is_ok_and(|piece| piece == "abc"));
        assert!(last.as_ref().is_err_and(|error| is_too_slow(error)), "{last:?}");
    }
}
