//! The id that ties together what one request causes: its log lines, its events, its entries in the access
//! log, the reference of an internal error, and the header `aegis-correlation` of its answer.
//!
//! It is made here for each request and taken from nobody.

use futures::stream::{BoxStream, Stream};
use futures::{FutureExt, StreamExt};
use std::pin::Pin;
use std::task::{Context, Poll};
use tracing::field::Empty;
use tracing::{Instrument, Span};
use uuid::Uuid;

tokio::task_local! {
    static CURRENT: Uuid;
}

/// The id of the request that is worked on; a new one outside of any.
pub fn current() -> Uuid {
    CURRENT.try_with(|id| *id).unwrap_or_else(|_| Uuid::now_v7())
}

/// What works for one request: its id, and the span that puts the id into every log line.
#[derive(Clone, Debug)]
pub struct Scope {
    id: Uuid,
    span: Span,
}

impl Scope {
    /// Of the request that is worked on.
    pub fn current() -> Self {
        Self { id: current(), span: Span::current() }
    }

    /// Of a request over HTTP. The span is of the highest level, so that no filter takes the id away.
    pub fn request(id: Uuid, method: &'static str, route: &str) -> Self {
        let span = tracing::error_span!(
            parent: None, "request", correlation = %id, method, route, status = Empty, otel.kind = "server"
        );
        Self { id, span }
    }

    /// Of one operation of a WebSocket that was opened by another request.
    pub fn operation(id: Uuid, opened_by: Uuid) -> Self {
        let span = tracing::error_span!(
            parent: None, "operation", correlation = %id, opened_by = %opened_by, otel.kind = "server"
        );
        Self { id, span }
    }

    /// The id.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// Notes what was answered.
    pub fn answered(&self, status: u16) {
        self.span.record("status", status);
    }

    /// Says or does something at once.
    pub fn now<T>(&self, work: impl FnOnce() -> T) -> T {
        CURRENT.sync_scope(self.id, || self.span.in_scope(work))
    }

    /// Works within.
    pub fn run<F: Future>(&self, work: F) -> impl Future<Output = F::Output> + use<F> {
        CURRENT.scope(self.id, work.instrument(self.span.clone()))
    }

    /// Gives items within.
    pub fn stream<T: 'static>(self, items: BoxStream<'static, T>) -> BoxStream<'static, T> {
        Scoped { scope: self, items }.boxed()
    }
}

struct Scoped<T> {
    scope: Scope,
    items: BoxStream<'static, T>,
}

impl<T> Stream for Scoped<T> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let Self { scope, items } = self.get_mut();
        scope.now(|| items.poll_next_unpin(cx))
    }
}

/// Carries the scope of a request into a task of its own.
pub fn carried<F: Future + Send + 'static>(work: F) -> impl Future<Output = F::Output> + Send + use<F>
where
    F::Output: Send,
{
    Scope::current().run(work).boxed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::stream;

    #[tokio::test]
    async fn what_works_for_a_request_knows_its_id_in_tasks_and_streams_too() {
        let id = Uuid::now_v7();
        let scope = Scope::request(id, "GET", "/");
        let seen = scope.run(async { tokio::spawn(carried(async { current() })).await }).await;
        assert_eq!(seen.expect("it ends"), id);
        let items = scope.clone().stream(stream::once(async { current() }).boxed());
        assert_eq!(items.collect::<Vec<_>>().await, [id]);
        assert_ne!(current(), id, "outside it is over");
        assert_ne!(current(), current());
    }
}
