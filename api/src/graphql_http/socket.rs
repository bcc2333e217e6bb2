//! WebSockets: the graphql-transport-ws protocol
//! (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>), several operations over one connection.
//!
//! The protocol itself is async-graphql's; each operation in it passes the same limits, hook and places as
//! one that comes over HTTP. The older `graphql-ws` protocol is left out.

use super::limits;
use super::reply;
use super::stream::StreamEnd;
use super::{Call, Crash, GraphqlHttp, Prepared, Progress, Refusal};
use async_graphql::http::{WebSocket as Protocol, WebSocketProtocols, WsMessage};
use async_graphql::parser::types::OperationType;
use async_graphql::{Data, Executor, Request as GraphqlRequest, Response as GraphqlResponse, ServerError};
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::request::Parts;
use axum::response::Response;
use futures::stream::{self, BoxStream};
use futures::{FutureExt, SinkExt, StreamExt};
use std::sync::Arc;
use std::time::Duration;

/// The subprotocol that a client must offer.
const SUBPROTOCOL: &str = "graphql-transport-ws";
/// How long a client may say nothing, not even a ping, before its connection is closed.
const SILENCE: Duration = Duration::from_secs(90);

/// Decides on each operation of a connection, as the hook of [`GraphqlHttp::handle`] does.
pub type Hook = Arc<dyn Fn(&Call<'_>, GraphqlRequest) -> Result<Prepared, Refusal> + Send + Sync>;

impl<E: Executor> GraphqlHttp<E> {
    /// Takes a connection over. `parts` are those of the request that asked for it.
    pub fn open_socket(&self, upgrade: WebSocketUpgrade, parts: Parts, hook: Hook) -> Response {
        let guarded = Guarded { http: self.clone(), parts: Arc::new(parts), hook };
        upgrade
            .protocols([SUBPROTOCOL])
            .max_message_size(self.limits.body_bytes)
            .max_frame_size(self.limits.body_bytes)
            .on_upgrade(move |socket| converse(socket, guarded))
    }
}

async fn converse<E: Executor>(socket: WebSocket, guarded: Guarded<E>) {
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
    while let Some(answer) = answers.next().await {
        let message = match answer {
            WsMessage::Text(text) => Message::Text(text.into()),
            WsMessage::Close(code, reason) => {
                Message::Close(Some(CloseFrame { code, reason: reason.into() }))
            }
        };
        if sink.send(message).await.is_err() {
            return;
        }
    }
}

async fn close(mut socket: WebSocket, code: u16, reason: &'static str) {
    let frame = CloseFrame { code, reason: reason.into() };
    // Whoever does not hear it is gone already.
    let _ = socket.send(Message::Close(Some(frame))).await;
}

/// Executes what comes over one connection, within the limits of the transport.
struct Guarded<E> {
    http: GraphqlHttp<E>,
    parts: Arc<Parts>,
    hook: Hook,
}

impl<E: Clone> Clone for Guarded<E> {
    fn clone(&self) -> Self {
        Self { http: self.http.clone(), parts: Arc::clone(&self.parts), hook: Arc::clone(&self.hook) }
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
                let response = GraphqlResponse::from_errors(vec![error]);
                stream::once(futures::future::ready(response)).boxed()
            }
        }
    }

    async fn admit(&self, asked: GraphqlRequest) -> Result<BoxStream<'static, GraphqlResponse>, ServerError> {
        let http = &self.http;
        let document = http.limits.parse(&asked.query)?;
        let operation = limits::select_operation(&document, asked.operation_name.as_deref())?.node.ty;
        let mut request = asked;
        request.set_parsed_query(document);
        let streams = operation == OperationType::Subscription;
        let call = Call { parts: &self.parts, operation, streams };
        let Prepared { request, until, places } =
            (self.hook)(&call, request).map_err(Refusal::into_server_error)?;
        let progress = Progress::default();
        let request = request.data(progress);
        if !streams {
            let place = match places {
                Some(places) => Some(http.turn(places).await.map_err(Refusal::into_server_error)?),
                None => None,
            };
            let execution = http.execute(request, operation, place).map(Crash::or_response);
            return Ok(execution.into_stream().boxed());
        }
        let permit = Arc::clone(&http.streams).try_acquire_owned();
        let permit = permit.map_err(|_| super::too_many_streams().into_server_error())?;
        let results = http.executor.execute_stream(request, None);
        let ending = until.map(|end| match end {
            StreamEnd::Disconnect => None,
            StreamEnd::Error(error) => Some(GraphqlResponse::from_errors(vec![error])),
        });
        Ok(stream::unfold(Some((results, ending, permit)), |state| async move {
            let (mut results, mut ending, permit) = state?;
            tokio::select! {
                biased;
                last = &mut ending => last.map(|last| (last, None)),
                result = results.next() => result.map(|result| (result, Some((results, ending, permit)))),
            }
        })
        .boxed())
    }
}
