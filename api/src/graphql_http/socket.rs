//! WebSockets: the graphql-transport-ws protocol
//! (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>), several operations over one connection.
//!
//! The protocol itself is async-graphql's; each operation in it passes the same limits, hook and places as
//! one that comes over HTTP. The older `graphql-ws` protocol is left out.

use super::limits;
use super::reply;
use super::stream::StreamEnd;
use super::{Broken, Code, GraphqlHttp, Prepared, Progress, Refusal, word};
use async_graphql::http::{WebSocket as Protocol, WebSocketProtocols, WsMessage};
use async_graphql::parser::types::OperationType;
use async_graphql::{Data, Executor, Request as GraphqlRequest, Response as GraphqlResponse, ServerError};
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream};
use futures::{FutureExt, SinkExt, StreamExt};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// The subprotocol that a client must offer.
const SUBPROTOCOL: &str = "graphql-transport-ws";
/// How long a client may say nothing, not even a ping, before its connection is closed.
const SILENCE: Duration = Duration::from_secs(90);
/// How long a client may take to read a message; one that does not read holds no places.
const READ_WITHIN: Duration = Duration::from_secs(10);
/// Operations open on one connection at most; more are refused.
const OPERATIONS: usize = 32;

/// What came over a connection, to be decided on.
pub struct Asked {
    /// Those of the request that asked for the connection.
    pub parts: Arc<Parts>,
    /// What the operation is.
    pub operation: OperationType,
    /// The request itself.
    pub request: GraphqlRequest,
}

/// Decides on each operation of a connection, as the hook of [`GraphqlHttp::handle`] does on a request. It
/// is asked anew each time: who opened the connection may have lost what they had.
pub type Hook = Arc<dyn Fn(Asked) -> BoxFuture<'static, Result<Prepared, Refusal>> + Send + Sync>;

/// Why a connection is closed: a code and words for it.
pub type Closing = (u16, &'static str);

impl<E: Executor> GraphqlHttp<E> {
    /// Takes a connection over until its client leaves or `until` says why it is closed. `parts` are those of
    /// the request that asked for it.
    pub fn open_socket(
        &self,
        upgrade: WebSocketUpgrade,
        parts: Parts,
        hook: Hook,
        until: BoxFuture<'static, Closing>,
    ) -> Response {
        let operations = Arc::new(Semaphore::new(OPERATIONS));
        let guarded = Guarded { http: self.clone(), parts: Arc::new(parts), hook, operations };
        upgrade
            .protocols([SUBPROTOCOL])
            .max_message_size(self.limits.body_bytes)
            .max_frame_size(self.limits.body_bytes)
            .on_upgrade(move |socket| converse(socket, guarded, until))
    }
}

async fn converse<E: Executor>(
    socket: WebSocket,
    guarded: Guarded<E>,
    mut until: BoxFuture<'static, Closing>,
) {
    if socket.protocol().is_none() {
        // 4406 is the protocol's "subprotocol not acceptable".
        close(socket, 4406, "Offer the subprotocol graphql-transport-ws.").await;
        return;
    }
    let (mut sink, source) = socket.split();
    let texts = source
        .take_while(|message| futures::future::ready(message.is_ok()))
        .filter_map(|message| async move {
            match message {
                Ok(Message::Text(text)) => Some(text.as_bytes().to_vec()),
                Ok(Message::Binary(bytes)) => Some(bytes.to_vec()),
                Ok(Message::Ping(_) | Message::Pong(_) | Message::Close(_)) | Err(_) => None,
            }
        })
        .boxed();
    let mut answers = Protocol::new(guarded, texts, WebSocketProtocols::GraphQLWS).keepalive_timeout(SILENCE);
    loop {
        let message = tokio::select! {
            answer = answers.next() => match answer {
                Some(WsMessage::Text(text)) => Message::Text(text.into()),
                Some(WsMessage::Close(code, reason)) => {
                    Message::Close(Some(CloseFrame { code, reason: reason.into() }))
                }
                None => return,
            },
            (code, reason) = &mut until => {
                let closing = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
                // Whoever does not hear it is gone already.
                let _ = timeout(READ_WITHIN, sink.send(closing)).await;
                return;
            }
        };
        if !matches!(timeout(READ_WITHIN, sink.send(message)).await, Ok(Ok(()))) {
            return;
        }
    }
}

async fn close(mut socket: WebSocket, code: u16, reason: &'static str) {
    let frame = CloseFrame { code, reason: reason.into() };
    // Whoever does not hear it is gone already.
    let _ = timeout(READ_WITHIN, socket.send(Message::Close(Some(frame)))).await;
}

/// Executes what comes over one connection, within the limits of the transport.
struct Guarded<E> {
    http: GraphqlHttp<E>,
    parts: Arc<Parts>,
    hook: Hook,
    operations: Arc<Semaphore>,
}

impl<E: Clone> Clone for Guarded<E> {
    fn clone(&self) -> Self {
        Self {
            http: self.http.clone(),
            parts: Arc::clone(&self.parts),
            hook: Arc::clone(&self.hook),
            operations: Arc::clone(&self.operations),
        }
    }
}

impl<E: Executor> Executor for Guarded<E> {
    async fn execute(&self, request: GraphqlRequest) -> GraphqlResponse {
        let first = self.clone().begin(request).await.next().await;
        first.unwrap_or_else(|| GraphqlResponse::from_errors(vec![reply::internal_error()]))
    }

    fn execute_stream(
        &self,
        request: GraphqlRequest,
        _session: Option<Arc<Data>>,
    ) -> BoxStream<'static, GraphqlResponse> {
        self.clone().begin(request).into_stream().flatten().boxed()
    }
}

impl<E: Executor> Guarded<E> {
    async fn begin(self, request: GraphqlRequest) -> BoxStream<'static, GraphqlResponse> {
        match self.admit(request).await {
            Ok(results) => results,
            Err(error) => {
                self.http.count_errors(std::slice::from_ref(&error));
                let response = GraphqlResponse::from_errors(vec![error]);
                stream::once(futures::future::ready(response)).boxed()
            }
        }
    }

    async fn admit(&self, asked: GraphqlRequest) -> Result<BoxStream<'static, GraphqlResponse>, ServerError> {
        let http = &self.http;
        let operations = Arc::clone(&self.operations).try_acquire_owned();
        let open = operations.map_err(|_| too_many_operations().into_server_error())?;
        let document = http.limits.parse(&asked.query)?;
        let operation = limits::select_operation(&document, asked.operation_name.as_deref())?.node.ty;
        let mut request = asked;
        request.set_parsed_query(document);
        let streams = operation == OperationType::Subscription;
        let asked = Asked { parts: Arc::clone(&self.parts), operation, request };
        let Prepared { request, until, places, scope } =
            (self.hook)(asked).await.map_err(Refusal::into_server_error)?;
        let progress = Progress::default();
        let request = request.data(progress);
        if !streams {
            let place = match places {
                Some(places) => Some(http.turn(places).await.map_err(Refusal::into_server_error)?),
                None => None,
            };
            let execution = http.execute(request, operation, place, scope).map(Broken::or_response);
            return Ok(execution.inspect(move |_| drop(open)).into_stream().boxed());
        }
        let permit = Arc::clone(&http.streams).try_acquire_owned();
        let permit = permit.map_err(|_| super::too_many_streams().into_server_error())?;
        http.metrics.operation(word(operation), false);
        let results = scope.stream(http.executor.execute_stream(request, None));
        let ending = until.map(|end| match end {
            StreamEnd::Disconnect => None,
            StreamEnd::Error(error) => Some(GraphqlResponse::from_errors(vec![error])),
        });
        Ok(stream::unfold(Some((results, ending, (permit, open))), |state| async move {
            let (mut results, mut ending, held) = state?;
            tokio::select! {
                biased;
                last = &mut ending => last.map(|last| (last, None)),
                result = results.next() => result.map(|result| (result, Some((results, ending, held)))),
            }
        })
        .boxed())
    }
}

fn too_many_operations() -> Refusal {
    let message = format!("A connection has at most {OPERATIONS} operations open. Complete one first.");
    Refusal::new(StatusCode::TOO_MANY_REQUESTS, Code::LimitExceeded, message)
}
