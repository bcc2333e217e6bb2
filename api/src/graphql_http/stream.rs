//! Event streams: the distinct connections mode of the graphql-sse protocol, one stream for each operation.
//!
//! `event: next` carries a result, `event: complete` with an empty `data` line ends the stream, a comment
//! keeps it alive. The single connection mode (`PUT`, `DELETE`, stream tokens) is left out.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use async_graphql::{Response as GraphqlResponse, ServerError};
use axum::body::Body;
use bytes::Bytes;
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream, Stream};
use futures::{FutureExt, StreamExt};
use tokio::sync::OwnedSemaphorePermit;

use super::guard::Progress;
use super::reply::{internal_error, write_json};

const COMMENT: Bytes = Bytes::from_static(b":\n\n");
const COMPLETE: Bytes = Bytes::from_static(b"event: complete\ndata:\n\n");

/// Why a stream ends before its operation does.
#[derive(Clone, Debug)]
pub enum StreamEnd {
    /// The connection just closes, so the client connects again: the server is about to stop.
    Disconnect,
    /// The client gets a last error and the completion: its session is no longer valid, for instance.
    Error(ServerError),
}

/// Everything one open stream owns; all of it is released with the connection.
pub(super) struct EventStream {
    pub(super) results: BoxStream<'static, GraphqlResponse>,
    pub(super) until: BoxFuture<'static, StreamEnd>,
    pub(super) progress: Progress,
    pub(super) keep_alive: Duration,
    #[expect(
        dead_code,
        reason = "held, not read: its place in the limit is free again when the stream goes"
    )]
    pub(super) permit: Option<OwnedSemaphorePermit>,
}

impl EventStream {
    /// Writes the stream as a body, beginning with a comment: some browsers wait for a first byte.
    pub(super) fn into_body(mut self) -> Body {
        self.results = AssertUnwindSafe(self.results).catch_unwind().map(or_internal_error).boxed();
        let opening = stream::once(async { COMMENT });
        Body::from_stream(opening.chain(self.frames()).map(Ok::<_, std::convert::Infallible>))
    }

    fn frames(self) -> impl Stream<Item = Bytes> {
        stream::unfold(Some(self), |state| async move {
            let mut open = state?;
            let (frame, ended) = open.next_frame().await?;
            Some((frame, (!ended).then_some(open)))
        })
    }

    /// The next frame, and whether it is the last; nothing where the connection just closes.
    async fn next_frame(&mut self) -> Option<(Bytes, bool)> {
        tokio::select! {
            biased;
            end = &mut self.until => match end {
                StreamEnd::Disconnect => None,
                StreamEnd::Error(error) => {
                    let last = write_next(&GraphqlResponse::from_errors(vec![error]), false);
                    Some(([last, COMPLETE].concat().into(), true))
                }
            },
            result = self.results.next() => Some(match result {
                Some(result) => (write_next(&result, self.progress.has_executed()), false),
                None => (COMPLETE, true),
            }),
            () = tokio::time::sleep(self.keep_alive) => Some((COMMENT, false)),
        }
    }
}

/// JSON has no raw line breaks, so one `data` line holds it.
fn write_next(result: &GraphqlResponse, executed: bool) -> Bytes {
    let json = write_json(result, executed).unwrap_or_else(|error| {
        tracing::error!(error = %error, "a GraphQL response could not be written as JSON");
        let failed = GraphqlResponse::from_errors(vec![internal_error()]);
        write_json(&failed, false).unwrap_or_default()
    });
    [b"event: next\ndata: ".as_slice(), &json, b"\n\n"].concat().into()
}

fn or_internal_error(result: std::thread::Result<GraphqlResponse>) -> GraphqlResponse {
    result.unwrap_or_else(|_| {
        tracing::error!("a GraphQL subscription panicked");
        GraphqlResponse::from_errors(vec![internal_error()])
    })
}

/// A future that never ends a stream.
pub(super) fn never() -> BoxFuture<'static, StreamEnd> {
    futures::future::pending().boxed()
}
