//! GraphQL over HTTP: reads requests, negotiates, limits, executes and answers, to the letter of
//! <https://graphql.github.io/graphql-over-http/draft/>; the public `graphql-http` audit reports nothing.
//!
//! | request | answer |
//! |---|---|
//! | `POST`, `application/json` | any operation |
//! | `GET ?query=` | queries and streamed subscriptions; a mutation is 405 |
//! | not well-formed (bad JSON, `query` missing, wrong types, a batch) | 400, whatever is accepted |
//! | does not parse, validate or fit the limits | `application/graphql-response+json` 400, `application/json` 200 |
//! | executed, even if every field failed | 200 |
//! | `Accept: text/event-stream` | a graphql-sse stream (distinct connections mode), for any operation |
//!
//! Without `Accept`, or with `*/*`, the answer is `application/json`: the draft now prefers the newer type
//! there, the audit still asks for the older one. Errors before the execution carry `extensions.code`, one of
//! [`Code`]; what a resolver raises is left as it is. Batches (arrays) are refused, and so is everything
//! beyond [`Limits`].
//!
//! A mutation runs in a task of its own: a client that goes away drops the request, and sqlx may return a
//! connection with an open transaction when dropped within `begin` (sqlx#4385). Queries and subscriptions
//! end with their request.
//!
//! Left out: routing, sessions, CSRF and CORS, uploads, persisted documents. WebSockets are in `socket`.

mod accept;
mod guard;
mod limits;
mod params;
mod purses;
mod reply;
mod shares;
mod socket;
mod stream;
#[cfg(test)]
mod tests;
mod variables;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use async_graphql::{Executor, Request as GraphqlRequest, Response as GraphqlResponse, ServerError};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::correlation::{Scope, carried};
use crate::metrics::Metrics;

pub use guard::TransportGuard;
pub use limits::Limits;
pub use purses::{POINTS_PER_MINUTE, Purses};
pub use reply::{Code, Refusal, internal_message};
pub use shares::Shares;
pub use socket::{Asked, Closing};
pub use stream::StreamEnd;

use accept::{Accept, Media};
use guard::Progress;
use params::Params;
use stream::EventStream;

/// What the `prepare` hook may know of a request.
#[derive(Debug)]
#[non_exhaustive]
pub struct Call<'a> {
    /// Method, address, headers and the extensions earlier layers left.
    pub parts: &'a Parts,
    /// What the chosen operation is.
    pub operation: OperationType,
    /// Whether the answer is an event stream.
    pub streams: bool,
}

/// What the `prepare` hook returns.
pub struct Prepared {
    /// The request with the data its resolvers need.
    pub request: GraphqlRequest,
    /// Ends an event stream early. It is dropped with the stream, so it may hold what the stream occupies,
    /// such as a place in a limit for each account.
    pub until: BoxFuture<'static, StreamEnd>,
    /// The places of whoever asks: a query or a mutation takes one for as long as it runs, and waits at most
    /// [`Limits::turn`] for it.
    pub places: Option<Arc<Semaphore>>,
    /// Which request it works for.
    pub scope: Scope,
}

impl From<GraphqlRequest> for Prepared {
    fn from(request: GraphqlRequest) -> Self {
        Self { request, until: stream::never(), places: None, scope: Scope::current() }
    }
}

/// Serves one schema. Clones share the limits on streams and the count of mutations.
///
/// The schema must have [`TransportGuard`] as its first extension. It tells this transport that the execution
/// began; without it an executed operation whose `data` is `null` passes for a request error.
#[derive(Clone)]
pub struct GraphqlHttp<E> {
    executor: E,
    limits: Arc<Limits>,
    streams: Arc<Semaphore>,
    mutations: watch::Sender<usize>,
    metrics: Arc<Metrics>,
}

impl<E: Executor> GraphqlHttp<E> {
    /// Serves this schema within these limits, and counts what comes of it.
    pub fn new(executor: E, limits: Limits, metrics: Arc<Metrics>) -> Self {
        let streams = Arc::new(Semaphore::new(limits.streams.min(Semaphore::MAX_PERMITS)));
        Self { executor, limits: Arc::new(limits), streams, mutations: watch::Sender::new(0), metrics }
    }

    /// Answers one HTTP request.
    ///
    /// `prepare` is called once for each operation about to be executed; it adds data to the request, or
    /// refuses it.
    pub async fn handle<P>(&self, request: Request, prepare: P) -> Response
    where
        P: FnOnce(&Call<'_>, GraphqlRequest) -> Result<Prepared, Refusal>,
    {
        let accept = Accept::of(request.headers());
        match self.answer(request, accept, prepare).await {
            Ok(response) => response,
            Err(Failure::Refused(refusal)) => {
                self.metrics.error(&refusal.code());
                refusal.into_response(accept.for_refusal())
            }
            Err(Failure::Request(error)) => {
                self.count_errors(std::slice::from_ref(&error));
                self.request_error(error, accept)
            }
        }
    }

    /// Waits until no mutation runs, so that a server about to stop cuts none off; how many still run when
    /// the time is up.
    pub async fn mutations_settled(&self, within: Duration) -> usize {
        let mut running = self.mutations.subscribe();
        // the sender is `self`, so the channel cannot close meanwhile
        let _ = tokio::time::timeout(within, running.wait_for(|running| *running == 0)).await;
        *self.mutations.borrow()
    }

    /// How many event streams are open.
    pub fn open_streams(&self) -> usize {
        self.limits.streams.min(Semaphore::MAX_PERMITS) - self.streams.available_permits()
    }

    async fn answer<P>(&self, request: Request, accept: Accept, prepare: P) -> Result<Response, Failure>
    where
        P: FnOnce(&Call<'_>, GraphqlRequest) -> Result<Prepared, Refusal>,
    {
        let (parts, body) = request.into_parts();
        if parts.method != Method::GET && parts.method != Method::POST {
            return Err(not_allowed("GET, POST", "Use POST, or GET for queries.").into());
        }
        if !accept.is_satisfiable() {
            return Err(not_acceptable(
                "Accept application/graphql-response+json, application/json or text/event-stream.",
            )
            .into());
        }
        let params = Params::read(&parts, body, &self.limits).await?;
        let document = self.limits.parse(&params.query)?;
        let operation = limits::select_operation(&document, params.operation_name.as_deref())?.node.ty;
        if parts.method == Method::GET && operation == OperationType::Mutation {
            return Err(not_allowed("POST", "Mutations need POST.").into());
        }
        let media = accept
            .choose(operation)
            .ok_or_else(|| not_acceptable("Subscriptions need `Accept: text/event-stream`."))?;

        let mut request = GraphqlRequest::new(params.query).variables(params.variables);
        request.operation_name = params.operation_name;
        request.extensions = params.extensions;
        request.set_parsed_query(document);
        let call = Call { parts: &parts, operation, streams: media == Media::EventStream };
        let Prepared { request, until, places, scope } = prepare(&call, request)?;
        let place = match places.filter(|_| operation != OperationType::Subscription) {
            Some(places) => Some(self.turn(places).await?),
            None => None,
        };
        let progress = Progress::default();
        let request = request.data(progress.clone());
        if media == Media::EventStream {
            return self.open_stream(request, operation, place, progress, until, scope).await;
        }
        match self.execute(request, operation, place, scope).await {
            Ok(response) => Ok(reply::graphql_response(response, progress.has_executed(), media)),
            Err(broken) => Err(Refusal::from(broken).into()),
        }
    }

    /// Takes one of these places once one is free.
    async fn turn(&self, places: Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Refusal> {
        let place = tokio::time::timeout(self.limits.turn, places.acquire_owned()).await;
        place.ok().and_then(Result::ok).ok_or_else(too_many_at_once)
    }

    /// Executes a query or a mutation to its end, holding its place until then. A query has
    /// [`Limits::query_time`] for it.
    fn execute(
        &self,
        request: GraphqlRequest,
        operation: OperationType,
        place: Option<OwnedSemaphorePermit>,
        scope: Scope,
    ) -> impl Future<Output = Result<GraphqlResponse, Broken>> + Send + use<E> {
        let executor = self.executor.clone();
        let running = (operation == OperationType::Mutation).then(|| Running::new(&self.mutations));
        let execution = AssertUnwindSafe(async move {
            let _place = place;
            executor.execute(request).await
        })
        .catch_unwind();
        let (counting, limit) = (self.clone(), self.limits.query_time);
        scope.run(async move {
            let outcome = match running {
                Some(running) => {
                    let task = async move {
                        let _running = running;
                        execution.await
                    };
                    tokio::spawn(carried(task)).await.unwrap_or_else(|error| Err(Box::new(error)))
                }
                None => match tokio::time::timeout(limit, execution).await {
                    Ok(outcome) => outcome,
                    Err(_) => {
                        tracing::warn!(limit_s = limit.as_secs(), "a query took too long and was given up");
                        counting.metrics.operation(word(operation), true);
                        return Err(Broken::TooLong(limit));
                    }
                },
            };
            let response = outcome.map_err(|_| {
                tracing::error!(operation = %operation, "a GraphQL operation panicked");
                Broken::Crashed
            });
            let failed = response.as_ref().map_or(true, |response| !response.errors.is_empty());
            counting.metrics.operation(word(operation), failed);
            if let Ok(response) = &response {
                counting.count_errors(&response.errors);
            }
            response
        })
    }

    fn count_errors(&self, errors: &[ServerError]) {
        for error in errors {
            self.metrics.error(&reply::code_of(error));
        }
    }

    async fn open_stream(
        &self,
        request: GraphqlRequest,
        operation: OperationType,
        place: Option<OwnedSemaphorePermit>,
        progress: Progress,
        until: BoxFuture<'static, StreamEnd>,
        scope: Scope,
    ) -> Result<Response, Failure> {
        let permit = Arc::clone(&self.streams).try_acquire_owned().map_err(|_| too_many_streams())?;
        let mut headers = HeaderMap::new();
        let results = if operation == OperationType::Subscription {
            self.metrics.operation(word(operation), false);
            scope.stream(self.executor.execute_stream(request, None))
        } else {
            // a result within one keep-alive still sets headers; a later one finds them sent
            let mut execution =
                self.execute(request, operation, place, scope).map(Broken::or_response).boxed();
            match tokio::time::timeout(self.limits.keep_alive, &mut execution).await {
                Ok(mut response) => {
                    headers = std::mem::take(&mut response.http_headers);
                    futures::stream::iter([response]).boxed()
                }
                Err(_) => execution.into_stream().boxed(),
            }
        };
        let stream = EventStream {
            results,
            until,
            progress,
            keep_alive: self.limits.keep_alive,
            permit: Some(permit),
        };
        Ok(stream_response(headers, stream))
    }

    /// A well-formed request that cannot be executed. graphql-sse wants such errors inside the stream.
    fn request_error(&self, error: ServerError, accept: Accept) -> Response {
        let response = GraphqlResponse::from_errors(vec![error]);
        match accept.choose(OperationType::Query) {
            Some(Media::EventStream) => {
                let results = futures::stream::iter([response]).boxed();
                let keep_alive = self.limits.keep_alive;
                let progress = Progress::default();
                let stream =
                    EventStream { results, until: stream::never(), progress, keep_alive, permit: None };
                stream_response(HeaderMap::new(), stream)
            }
            media => reply::graphql_response(response, false, media.unwrap_or(Media::Json)),
        }
    }
}

/// Why there is no execution to answer with.
enum Failure {
    /// Not a well-formed request, or one that is not served: the status stands by itself.
    Refused(Refusal),
    /// A well-formed request with a request error: the status depends on the media type.
    Request(ServerError),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Failure::Refused(refusal)
    }
}

impl From<ServerError> for Failure {
    fn from(error: ServerError) -> Self {
        Failure::Request(error)
    }
}

/// Why an operation has no result.
enum Broken {
    /// It panicked. The panic itself is in the log already.
    Crashed,
    /// It is a query that took longer than this.
    TooLong(Duration),
}

impl Broken {
    fn or_response(result: Result<GraphqlResponse, Broken>) -> GraphqlResponse {
        result.unwrap_or_else(|broken| {
            GraphqlResponse::from_errors(vec![Refusal::from(broken).into_server_error()])
        })
    }
}

impl From<Broken> for Refusal {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Crashed => {
                Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, internal_message())
            }
            Broken::TooLong(limit) => Refusal::new(
                StatusCode::SERVICE_UNAVAILABLE,
                Code::LimitExceeded,
                format!("The query took longer than {} s. Ask for less at once.", limit.as_secs()),
            ),
        }
    }
}

/// What metrics call an operation.
fn word(operation: OperationType) -> &'static str {
    match operation {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    }
}

/// Counts a mutation as long as it lives.
struct Running(watch::Sender<usize>);

impl Running {
    fn new(count: &watch::Sender<usize>) -> Self {
        count.send_modify(|running| *running += 1);
        Self(count.clone())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.send_modify(|running| *running -= 1);
    }
}

fn stream_response(headers: HeaderMap, stream: EventStream) -> Response {
    let mut response = reply::response(StatusCode::OK, headers, Media::EventStream, stream.into_body());
    // nginx would hold the events back
    response
        .headers_mut()
        .insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

fn not_allowed(allow: &'static str, message: &str) -> Refusal {
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, Code::MethodNotAllowed, message)
        .header(header::ALLOW, HeaderValue::from_static(allow))
}

fn not_acceptable(message: &str) -> Refusal {
    Refusal::new(StatusCode::NOT_ACCEPTABLE, Code::NotAcceptable, message)
}

fn too_many_at_once() -> Refusal {
    let message = "This account has as many requests running as it may have. Wait for one to end.";
    Refusal::with_code(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", message)
        .header(header::RETRY_AFTER, HeaderValue::from_static("1"))
}

fn too_many_streams() -> Refusal {
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, Code::LimitExceeded, "Too many event streams are open.")
        .header(header::RETRY_AFTER, HeaderValue::from_static("5"))
}
