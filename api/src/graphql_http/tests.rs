//! The rules of the transport, over a small schema and without a socket.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use async_graphql::extensions::Tracing;
use async_graphql::{Context, InputObject, Object, Schema, SimpleObject, Subscription};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::any;
use futures::stream::{self, Stream};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tower::ServiceExt;

use super::limits::{MAX_BODY_BYTES, MAX_DOCUMENT_BYTES};
use super::*;

const GRAPHQL: &str = "application/graphql-response+json";
const JSON: &str = "application/json";
const SSE: &str = "text/event-stream";

// ---- the schema ------------------------------------------------------------------------------------------

/// Lets tests hold a mutation half way.
#[derive(Clone)]
struct Gate {
    entered: Arc<Semaphore>,
    open: Arc<Semaphore>,
    passed: Arc<AtomicUsize>,
}

impl Gate {
    fn new() -> Self {
        let shut = || Arc::new(Semaphore::new(0));
        Self { entered: shut(), open: shut(), passed: Arc::default() }
    }

    async fn pass(&self) -> usize {
        self.entered.add_permits(1);
        self.open.acquire().await.unwrap().forget();
        self.passed.fetch_add(1, Ordering::SeqCst) + 1
    }
}

fn explode() -> i32 {
    panic!("in a test")
}

struct Visitor(String);

#[derive(SimpleObject, Clone)]
#[graphql(complex)]
struct Node {
    name: String,
}

#[async_graphql::ComplexObject]
impl Node {
    async fn child(&self) -> Node {
        self.clone()
    }
}

#[derive(InputObject)]
struct Search {
    text: String,
    limit: Option<i32>,
}

struct Query;

#[Object]
impl Query {
    async fn hello(&self) -> &str {
        "world"
    }

    async fn node(&self) -> Node {
        Node { name: "root".into() }
    }

    async fn echo(&self, text: String) -> String {
        text
    }

    async fn search(&self, input: Search) -> String {
        format!("{} {:?}", input.text, input.limit)
    }

    async fn total(&self, numbers: Vec<i32>) -> i32 {
        numbers.iter().sum()
    }

    async fn failing(&self) -> Result<i32, async_graphql::Error> {
        Err("no".into())
    }

    async fn failing_nullable(&self) -> Result<Option<i32>, async_graphql::Error> {
        Err("no".into())
    }

    async fn visitor(&self, ctx: &Context<'_>) -> String {
        ctx.data_opt::<Visitor>().map_or_else(|| "nobody".into(), |visitor| visitor.0.clone())
    }

    async fn cookies(&self, ctx: &Context<'_>) -> bool {
        ctx.insert_http_header("x-answer", "42");
        ctx.append_http_header("set-cookie", "a=1");
        ctx.append_http_header("set-cookie", "b=2");
        true
    }

    async fn panics(&self) -> i32 {
        explode()
    }

    async fn gated(&self, ctx: &Context<'_>) -> usize {
        ctx.data_unchecked::<Gate>().pass().await
    }

    #[graphql(complexity = 1_000)]
    async fn costly(&self) -> i32 {
        1
    }
}

struct Mutation;

#[Object]
impl Mutation {
    async fn bump(&self, ctx: &Context<'_>) -> usize {
        ctx.data_unchecked::<Gate>().pass().await
    }

    async fn sign_in(&self, ctx: &Context<'_>) -> bool {
        ctx.append_http_header("set-cookie", "aegis_token=t");
        true
    }

    async fn panics(&self) -> i32 {
        explode()
    }
}

struct Events;

#[Subscription]
impl Events {
    async fn count(&self, to: i32) -> impl Stream<Item = i32> {
        stream::iter(1..=to)
    }

    async fn silent(&self) -> impl Stream<Item = i32> {
        stream::pending()
    }

    async fn failing(&self) -> Result<stream::Empty<i32>, async_graphql::Error> {
        Err("no".into())
    }

    async fn panics(&self) -> impl Stream<Item = i32> {
        stream::once(async { panic!("in a test") })
    }
}

// ---- the harness -----------------------------------------------------------------------------------------

type TestSchema = Schema<Query, Mutation, Events>;

#[derive(Clone)]
struct TestApi {
    http: GraphqlHttp<TestSchema>,
    gate: Gate,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Self {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    fn code(&self) -> String {
        self.json()["errors"][0]["extensions"]["code"].as_str().unwrap_or("no code").to_owned()
    }

    fn message(&self) -> String {
        self.json()["errors"][0]["message"].as_str().unwrap_or("no message").to_owned()
    }

    fn content_type(&self) -> &str {
        self.headers["content-type"].to_str().unwrap()
    }

    #[track_caller]
    fn refuses(&self, status: u16, code: &str) {
        assert_eq!((self.status.as_u16(), self.code().as_str()), (status, code), "{}", self.body);
        assert!(self.json().get("data").is_none(), "{}", self.body);
    }

    #[track_caller]
    fn gives(&self, data: Value) {
        assert_eq!((self.status, self.json()), (StatusCode::OK, json!({ "data": data })));
    }
}

impl TestApi {
    fn new() -> Self {
        Self::with(Limits::default())
    }

    fn with(limits: Limits) -> Self {
        let gate = Gate::new();
        let schema = Schema::build(Query, Mutation, Events)
            .extension(TransportGuard::new(limits.clone()))
            .extension(Tracing)
            .limit_complexity(500)
            .data(gate.clone())
            .finish();
        Self { http: GraphqlHttp::new(schema, limits, Metrics::new()), gate }
    }

    fn router(&self) -> Router {
        let http = self.http.clone();
        Router::new().route(
            "/graphql",
            any(move |request: Request| async move {
                http.handle(request, |call, request| {
                    if call.parts.headers.contains_key("x-forged") {
                        return Err(Refusal::with_code(StatusCode::FORBIDDEN, "FORBIDDEN", "Forged."));
                    }
                    let name = call
                        .parts
                        .headers
                        .get("x-name")
                        .and_then(|name| name.to_str().ok())
                        .unwrap_or("anyone");
                    Ok(request.data(Visitor(format!("{name} with a {}", call.operation))).into())
                })
                .await
            }),
        )
    }

    async fn raw(&self, request: axum::http::Request<Body>) -> Response {
        self.router().oneshot(request).await.unwrap()
    }

    async fn send(&self, request: axum::http::Request<Body>) -> Answer {
        Answer::of(self.raw(request).await).await
    }

    async fn post(&self, accept: &str, body: impl ToString) -> Answer {
        self.send(post(accept, body)).await
    }

    async fn query(&self, query: &str) -> Answer {
        self.post(GRAPHQL, json!({ "query": query })).await
    }

    async fn get(&self, accept: &str, parameters: &[(&str, &str)]) -> Answer {
        self.send(get(accept, parameters)).await
    }
}

fn post(accept: &str, body: impl ToString) -> axum::http::Request<Body> {
    let builder = axum::http::Request::post("/graphql").header("content-type", JSON).header("accept", accept);
    builder.body(Body::from(body.to_string())).unwrap()
}

fn get(accept: &str, parameters: &[(&str, &str)]) -> axum::http::Request<Body> {
    let escape = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let pairs: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
    let uri = format!("/graphql?{}", pairs.join("&"));
    axum::http::Request::get(uri).header("accept", accept).body(Body::empty()).unwrap()
}

// ---- requests --------------------------------------------------------------------------------------------

#[tokio::test]
async fn a_query_is_answered_over_post_and_get() {
    let api = TestApi::new();
    let query = "query Q($t: String!) { echo(text: $t) }";
    let variables = json!({ "t": "Grüße 🏃" });
    let body =
        json!({ "query": query, "variables": variables, "operationName": "Q", "extensions": { "a": 1 } });
    api.post(GRAPHQL, body).await.gives(json!({ "echo": "Grüße 🏃" }));
    let parameters =
        [("query", query), ("variables", r#"{"t":"Grüße"}"#), ("operationName", "Q"), ("other", "x")];
    api.get(GRAPHQL, &parameters).await.gives(json!({ "echo": "Grüße" }));
}

#[tokio::test]
async fn null_stands_for_an_absent_parameter() {
    let api = TestApi::new();
    let body = json!({ "query": "{ hello }", "variables": null, "operationName": null, "extensions": null });
    api.post(JSON, body).await.gives(json!({ "hello": "world" }));
    let parameters =
        [("query", "{ hello }"), ("operationName", ""), ("variables", "null"), ("extensions", "null")];
    api.get(JSON, &parameters).await.gives(json!({ "hello": "world" }));
}

#[tokio::test]
async fn a_malformed_request_is_400_in_either_media_type() {
    let api = TestApi::new();
    for accept in [GRAPHQL, JSON, SSE] {
        for body in ["", "{ \"not a JSON", "null", "7", "{}", r#"{"qeury":"{ hello }"}"#, r#"{"query":null}"#]
        {
            api.post(accept, body).await.refuses(400, "BAD_REQUEST");
        }
        for wrong in [json!({ "obj": "ect" }), json!(0), json!(false), json!(["array"])] {
            api.post(accept, json!({ "query": wrong })).await.refuses(400, "BAD_REQUEST");
            let body = json!({ "query": "{ hello }", "operationName": wrong });
            api.post(accept, body).await.refuses(400, "BAD_REQUEST");
        }
        for wrong in [json!("string"), json!(0), json!(false), json!(["array"])] {
            for name in ["variables", "extensions"] {
                let answer = api.post(accept, json!({ "query": "{ hello }", name: wrong })).await;
                answer.refuses(400, "BAD_REQUEST");
                assert!(answer.message().contains(name), "{}", answer.body);
            }
        }
        for parameters in [
            vec![],
            vec![("query", "{ hello }"), ("variables", "{")],
            vec![("query", "{ hello }"), ("variables", "[7]")],
            vec![("query", "{ hello }"), ("query", "{ hello }")],
        ] {
            api.get(accept, &parameters).await.refuses(400, "BAD_REQUEST");
        }
    }
    let broken = axum::http::Request::post("/graphql").header("content-type", JSON);
    let not_utf8 = broken.body(Body::from(b"{\"query\":\"\xff\"}".to_vec())).unwrap();
    api.send(not_utf8).await.refuses(400, "BAD_REQUEST");
}

#[tokio::test]
async fn only_json_in_utf8_is_read() {
    let api = TestApi::new();
    let send = async |headers: &[(&str, &str)]| {
        let mut builder = axum::http::Request::post("/graphql");
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        api.send(builder.body(Body::from(r#"{"query":"{ hello }"}"#)).unwrap()).await
    };
    for good in [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=\"UTF-8\"",
        "application/json; profile=x",
    ] {
        send(&[("content-type", good)]).await.gives(json!({ "hello": "world" }));
    }
    for bad in [
        "text/plain",
        "application/graphql",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/jsonp",
        "json",
        "",
    ] {
        send(&[("content-type", bad)]).await.refuses(415, "UNSUPPORTED_MEDIA_TYPE");
    }
    send(&[]).await.refuses(415, "UNSUPPORTED_MEDIA_TYPE");
    send(&[("content-type", JSON), ("content-encoding", "gzip")])
        .await
        .refuses(415, "UNSUPPORTED_MEDIA_TYPE");
    send(&[("content-type", JSON), ("content-type", "text/plain")])
        .await
        .refuses(415, "UNSUPPORTED_MEDIA_TYPE");
}

#[tokio::test]
async fn a_large_body_is_413_announced_or_not() {
    let api = TestApi::new();
    let body = |length: usize| {
        json!({ "query": "{ hello }", "extensions": { "pad": "x".repeat(length) } }).to_string()
    };
    api.post(JSON, body(MAX_BODY_BYTES - 100)).await.gives(json!({ "hello": "world" }));
    api.post(JSON, body(MAX_BODY_BYTES)).await.refuses(413, "LIMIT_EXCEEDED");
    for length in [MAX_BODY_BYTES, 8 * MAX_BODY_BYTES] {
        let announced = axum::http::Request::post("/graphql").header("content-type", JSON);
        let announced =
            announced.header("content-length", length + 100).body(Body::from(body(length))).unwrap();
        api.send(announced).await.refuses(413, "LIMIT_EXCEEDED");
        let chunks = stream::iter(body(length).into_bytes()).chunks(65_536).map(Ok::<_, std::io::Error>);
        let chunked = axum::http::Request::post("/graphql").header("content-type", JSON);
        api.send(chunked.body(Body::from_stream(chunks)).unwrap()).await.refuses(413, "LIMIT_EXCEEDED");
    }
}

#[tokio::test]
async fn a_body_that_never_ends_is_408() {
    let api = TestApi::with(Limits { body_timeout: Duration::from_millis(10), ..Limits::default() });
    let body = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
    let request = axum::http::Request::post("/graphql").header("content-type", JSON).body(body).unwrap();
    api.send(request).await.refuses(408, "REQUEST_TIMEOUT");
}

#[tokio::test]
async fn batches_are_refused() {
    let api = TestApi::new();
    let batch = Value::Array(vec![json!({ "query": "{ hello }" }); 1_000]);
    for accept in [GRAPHQL, JSON, SSE] {
        api.post(accept, &batch).await.refuses(400, "LIMIT_EXCEEDED");
        api.post(accept, " \n[]").await.refuses(400, "LIMIT_EXCEEDED");
    }
}

#[tokio::test]
async fn mutations_need_post() {
    let api = TestApi::new();
    api.gate.open.add_permits(100);
    for accept in [GRAPHQL, JSON, SSE] {
        let answer = api.get(accept, &[("query", "mutation { bump }")]).await;
        answer.refuses(405, "METHOD_NOT_ALLOWED");
        assert_eq!(answer.headers["allow"], "POST");
    }
    let several = "query A { hello } mutation B { bump }";
    api.get(JSON, &[("query", several), ("operationName", "B")]).await.refuses(405, "METHOD_NOT_ALLOWED");
    api.get(JSON, &[("query", several), ("operationName", "A")]).await.gives(json!({ "hello": "world" }));
    assert_eq!(api.gate.passed.load(Ordering::SeqCst), 0);
    api.query("mutation { bump }").await.gives(json!({ "bump": 1 }));
}

#[tokio::test]
async fn other_methods_are_405() {
    let api = TestApi::new();
    for method in ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] {
        let request = axum::http::Request::builder().method(method).uri("/graphql?query={hello}");
        let answer = Answer::of(api.raw(request.body(Body::empty()).unwrap()).await).await;
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(answer.headers["allow"], "GET, POST");
    }
}

// ---- Accept ----------------------------------------------------------------------------------------------

#[tokio::test]
async fn the_accept_header_chooses_the_media_type() {
    let api = TestApi::new();
    for (accept, expected) in [
        ("*/*", JSON),
        ("", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("application/graphql-response+json", GRAPHQL),
        ("Application/GraphQL-Response+JSON; charset=UTF-8", GRAPHQL),
        ("application/graphql-response+json; charset=utf-8, application/json; charset=utf-8", GRAPHQL),
        ("application/json, application/graphql-response+json", GRAPHQL),
        ("application/json, application/graphql-response+json;q=0.9", JSON),
        ("application/json;q=0.8, application/graphql-response+json;q=0.9", GRAPHQL),
        ("application/json;q=0.8, */*;q=0.1", JSON),
        ("application/json;q=0, */*", GRAPHQL),
        ("application/json;q=0.000, application/*;q=0.001", GRAPHQL),
        ("application/json, */*", JSON),
        ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", JSON),
        ("application/graphql-response+json, application/json, text/event-stream, multipart/mixed", GRAPHQL),
        ("multipart/mixed;deferSpec=\"a,b;q=0\", application/json;q=0.2", JSON),
        ("application/json;q=broken, application/graphql-response+json;q=0.1", GRAPHQL),
        ("application/json;q=0.5, text/event-stream;q=0.4", JSON),
        ("application/json;note=\"x, application/graphql-response+json;q=1\"", JSON),
        ("text/event-stream", SSE),
        ("text/*", SSE),
        ("text/event-stream, application/json;q=0.9", SSE),
        ("text/event-stream, */*", SSE),
    ] {
        let answer = api.post(accept, json!({ "query": "{ hello }" })).await;
        assert_eq!(answer.status, 200, "{accept}");
        assert_eq!(answer.content_type(), format!("{expected}; charset=utf-8"), "{accept}");
    }
}

#[tokio::test]
async fn an_absent_accept_header_means_json() {
    let api = TestApi::new();
    let request = axum::http::Request::get("/graphql?query=%7Bhello%7D").body(Body::empty()).unwrap();
    let answer = api.send(request).await;
    answer.gives(json!({ "hello": "world" }));
    assert_eq!(answer.content_type(), "application/json; charset=utf-8");
}

#[tokio::test]
async fn several_accept_lines_are_one_list() {
    let api = TestApi::new();
    let mut request = post("text/html", json!({ "query": "{ hello }" }));
    request.headers_mut().append("accept", HeaderValue::from_static(GRAPHQL));
    assert_eq!(api.send(request).await.content_type(), format!("{GRAPHQL}; charset=utf-8"));
}

#[tokio::test]
async fn nothing_acceptable_is_406() {
    let api = TestApi::new();
    api.gate.open.add_permits(100);
    api.post("text/html", "not even JSON").await.refuses(406, "NOT_ACCEPTABLE");
    for accept in [
        "text/html",
        "application/xml, text/plain",
        "application/json;q=0",
        "*/*;q=0",
        "application/json; charset=latin1",
        "nonsense",
    ] {
        api.post(accept, json!({ "query": "mutation { bump }" })).await.refuses(406, "NOT_ACCEPTABLE");
    }
    let mut request = get("", &[("query", "{ hello }")]);
    request.headers_mut().insert("accept", HeaderValue::from_bytes(b"application/\xff").unwrap());
    api.send(request).await.refuses(406, "NOT_ACCEPTABLE");
    assert_eq!(api.gate.passed.load(Ordering::SeqCst), 0);
}

// ---- statuses and codes ----------------------------------------------------------------------------------

#[tokio::test]
async fn request_errors_are_400_or_200_by_media_type() {
    let api = TestApi::new();
    for (body, code) in [
        (json!({ "query": "{" }), "GRAPHQL_PARSE_FAILED"),
        (json!({ "query": "" }), "GRAPHQL_PARSE_FAILED"),
        (json!({ "query": "fragment A on Query { hello }" }), "GRAPHQL_PARSE_FAILED"),
        (json!({ "query": "{ unknown }" }), "GRAPHQL_VALIDATION_FAILED"),
        (json!({ "query": "{ echo }" }), "GRAPHQL_VALIDATION_FAILED"),
        (json!({ "query": "{ hello }", "operationName": "A" }), "OPERATION_RESOLUTION_FAILURE"),
        (json!({ "query": "query A { hello } query B { hello }" }), "OPERATION_RESOLUTION_FAILURE"),
        (json!({ "query": "query A { hello }", "operationName": "B" }), "OPERATION_RESOLUTION_FAILURE"),
        (json!({ "query": "query Q($t: String!) { echo(text: $t) hello }" }), "GRAPHQL_VALIDATION_FAILED"),
        (json!({ "query": "{ costly }" }), "LIMIT_EXCEEDED"),
    ] {
        api.post(GRAPHQL, &body).await.refuses(400, code);
        api.post(JSON, &body).await.refuses(200, code);
    }
}

#[tokio::test]
async fn a_variable_that_does_not_fit_is_a_request_error() {
    let api = TestApi::new();
    for (query, variables) in [
        ("query Q($t: String!) { echo(text: $t) hello }", json!({})),
        ("query Q($t: String!) { echo(text: $t) hello }", json!({ "t": null })),
        ("query Q($t: String!) { echo(text: $t) hello }", json!({ "t": 7 })),
        ("query Q($i: Search!) { search(input: $i) hello }", json!({ "i": 7 })),
        ("query Q($i: Search!) { search(input: $i) hello }", json!({ "i": {} })),
        ("query Q($i: Search!) { search(input: $i) hello }", json!({ "i": { "text": "a", "limit": "b" } })),
        ("query Q($i: Search!) { search(input: $i) hello }", json!({ "i": { "text": "a", "more": 1 } })),
        (
            "query Q($t: String!, $l: Int!) { search(input: {text: $t, limit: $l}) hello }",
            json!({ "l": "x" }),
        ),
        ("query Q($n: [Int!]!) { total(numbers: $n) hello }", json!({ "n": [1, null] })),
        ("query Q($n: Nope!) { total(numbers: $n) hello }", json!({ "n": [1] })),
    ] {
        let answer = api.post(GRAPHQL, json!({ "query": query, "variables": variables })).await;
        answer.refuses(400, "GRAPHQL_VALIDATION_FAILED");
    }
    for (query, variables) in [
        ("query Q($t: String = \"d\") { echo(text: $t) }", json!({})),
        ("query Q($n: [Int!]!) { total(numbers: $n) }", json!({ "n": 5 })),
        ("query Q($i: Search!) { search(input: $i) }", json!({ "i": { "text": "a" } })),
        ("query Q($t: String!, $l: Int) { search(input: {text: $t, limit: $l}) }", json!({ "t": "a" })),
    ] {
        let answer = api.post(GRAPHQL, json!({ "query": query, "variables": variables, "unknown": 1 })).await;
        assert!(answer.status == 200 && answer.json().get("errors").is_none(), "{query}: {}", answer.body);
    }
}

#[tokio::test]
async fn an_unknown_type_in_a_list_does_not_reach_the_panic_behind_it() {
    let api = TestApi::new();
    let answer = api.query("query Q($x: [Nope!] = [1]) { hello }").await;
    answer.refuses(400, "GRAPHQL_VALIDATION_FAILED");
    assert!(answer.message().contains("unknown type \"Nope\""), "{}", answer.body);
    let other =
        json!({ "query": "query A { hello } query B($x: [[Nope]] = [1]) { hello }", "operationName": "A" });
    api.post(GRAPHQL, other).await.refuses(400, "GRAPHQL_VALIDATION_FAILED");
}

#[tokio::test]
async fn an_execution_is_200_even_when_every_field_fails() {
    let api = TestApi::new();
    for accept in [GRAPHQL, JSON] {
        let answer = api.post(accept, json!({ "query": "{ hello failingNullable }" })).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["data"]["hello"]), (200, &json!("world")));
        assert_eq!(answer.json()["errors"][0]["path"], json!(["failingNullable"]));
        let answer = api.post(accept, json!({ "query": "{ failing }" })).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.json().get("data"), Some(&Value::Null));
    }
}

#[tokio::test]
async fn a_panic_is_500_with_a_fixed_sentence() {
    let api = TestApi::new();
    for (accept, query) in [(GRAPHQL, "{ panics }"), (JSON, "mutation { panics }")] {
        let answer = api.post(accept, json!({ "query": query })).await;
        answer.refuses(500, "INTERNAL");
        let message = answer.message();
        let id = message.strip_prefix("Something went wrong on the server. Reference ").expect(&message);
        assert!(id.trim_end_matches('.').parse::<uuid::Uuid>().is_ok(), "{message}");
    }
    assert_eq!(api.http.mutations_settled(Duration::from_secs(5)).await, 0);
}

#[tokio::test]
async fn a_query_that_takes_too_long_is_given_up_and_a_mutation_is_not() {
    let api = TestApi::with(Limits { query_time: Duration::from_millis(50), ..Limits::default() });
    let answer = api.post(GRAPHQL, json!({ "query": "{ gated }" })).await;
    answer.refuses(503, "LIMIT_EXCEEDED");
    let mutation = api.post(GRAPHQL, json!({ "query": "mutation { bump }" }));
    let opens = async {
        // Longer than a query may take.
        tokio::time::sleep(Duration::from_millis(150)).await;
        api.gate.open.add_permits(1);
    };
    let (answer, ()) = tokio::join!(mutation, opens);
    answer.gives(json!({ "bump": 1 }));
}

#[tokio::test]
async fn an_operation_takes_what_it_costs_from_a_purse() {
    let api = TestApi::new();
    // A point a second, so that what the clock gives back meanwhile does not count.
    let purse = Purses::of(60).purse(uuid::Uuid::nil());
    let ask = async |query: &str| {
        let purse = Arc::clone(&purse);
        let request = post(GRAPHQL, json!({ "query": query }));
        let answer = api.http.handle(request, |_, request| Ok(Prepared::from(request.data(purse)))).await;
        Answer::of(answer).await
    };
    purse.take(60);
    assert_eq!(ask("{ costly }").await.code(), "LIMIT_EXCEEDED");
    assert_eq!(purse.debt(), None, "what is not executed costs nothing");
    ask("{ a: hello b: hello c: hello d: hello e: hello f: hello g: hello h: hello }").await.gives(json!({
        "a": "world", "b": "world", "c": "world", "d": "world", "e": "world", "f": "world", "g": "world", "h": "world",
    }));
    assert!(purse.debt().is_some(), "it went over by eight, less what the clock gave back");
}

#[tokio::test]
async fn headers_set_by_resolvers_come_through() {
    let api = TestApi::new();
    for accept in [GRAPHQL, JSON, SSE] {
        let answer = api.post(accept, json!({ "query": "{ cookies }" })).await;
        let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
        assert_eq!(cookies, ["a=1", "b=2"], "{accept}");
        assert_eq!(answer.headers["x-answer"], "42");
        let answer = api.post(accept, json!({ "query": "mutation { signIn }" })).await;
        assert_eq!(answer.headers["set-cookie"], "aegis_token=t", "{accept}");
    }
}

#[tokio::test]
async fn no_cache_keeps_an_answer() {
    let api = TestApi::new();
    for accept in [GRAPHQL, JSON, SSE, "text/html"] {
        let answer = api.get(accept, &[("query", "{ hello }")]).await;
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert_eq!(answer.headers["vary"], "accept");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    }
}

#[tokio::test]
async fn the_hook_adds_data_or_refuses() {
    let api = TestApi::new();
    let mut request = post(JSON, json!({ "query": "{ visitor }" }));
    request.headers_mut().insert("x-name", HeaderValue::from_static("Ada"));
    api.send(request).await.gives(json!({ "visitor": "Ada with a query" }));
    let mut request = post(JSON, json!({ "query": "{ visitor }" }));
    request.headers_mut().insert("x-forged", HeaderValue::from_static("1"));
    api.send(request).await.refuses(403, "FORBIDDEN");
}

// ---- limits ----------------------------------------------------------------------------------------------

/// Refused in time, in both media types, and also where the schema is called without HTTP.
async fn assert_limited(api: &TestApi, query: &str, expected: &str) {
    let started = Instant::now();
    let answer = api.query(query).await;
    assert!(started.elapsed() < Duration::from_secs(2), "{:?} for {expected}", started.elapsed());
    answer.refuses(400, "LIMIT_EXCEEDED");
    assert!(answer.message().contains(expected), "{}", answer.body);
    api.post(JSON, json!({ "query": query })).await.refuses(200, "LIMIT_EXCEEDED");
    let direct = serde_json::to_value(api.http.executor.execute(query).await).unwrap();
    assert_eq!(direct["errors"][0]["extensions"]["code"], "LIMIT_EXCEEDED", "{direct}");
}

fn nested(levels: usize) -> String {
    format!("{{ node {}{{ name }}{} }}", "{ child ".repeat(levels - 3 + 1), " }".repeat(levels - 3 + 1))
}

#[tokio::test]
async fn depth_is_limited() {
    let api = TestApi::new();
    assert_eq!(api.query(&nested(15)).await.status, 200);
    assert_limited(&api, &nested(16), "15 levels").await;
    assert_limited(&api, &nested(100), "50 nested brackets").await;
    let through_fragments =
        "query { node { ...A } } fragment A on Node { child { child { child { child { ...B } } } } }
        fragment B on Node { child { child { child { child { ...C } } } } }
        fragment C on Node { child { child { child { child { child { child { name } } } } } } }";
    assert_limited(&api, through_fragments, "15 levels").await;
}

fn lists(levels: usize) -> String {
    "[".repeat(levels) + &"]".repeat(levels)
}

/// The parser has a limit of its own, but 500 nested lists are below it and overflow the 2 MB stack of a debug
/// build (async-graphql-parser 7.2.1).
#[tokio::test]
async fn depth_cannot_overflow_the_stack() {
    let api = TestApi::new();
    for (open, close) in [("{a", "}"), ("{", "}"), ("{a(b:[", "])}"), ("{a(b:{c:", "})}"), ("{...{", "}}")] {
        let levels = 100_000 / open.len();
        assert_limited(&api, &open.repeat(levels), "nested brackets").await;
        assert_limited(&api, &format!("{}{}", open.repeat(1_000), close.repeat(1_000)), "nested brackets")
            .await;
    }
    assert_limited(&api, &"{".repeat(200_000), "102400 bytes").await;
    assert_limited(&api, &format!("{{ a(b: {}) }}", lists(500)), "nested brackets").await;
    let list_type = format!("query($x: {}Int{}) {{ hello }}", "[".repeat(1_000), "]".repeat(1_000));
    assert_limited(&api, &list_type, "nested brackets").await;
}

/// `"""` unfinished is an empty string and more to the parser, so the brackets behind it would be parsed.
#[tokio::test]
async fn brackets_cannot_hide_behind_strings_or_comments() {
    let api = TestApi::new();
    let deep = "[".repeat(1_000);
    api.query(&format!("{{ echo(text: [\"\"\" \" {}]) }}", lists(500)))
        .await
        .refuses(400, "GRAPHQL_PARSE_FAILED");
    for text in [
        format!("{{ echo(text: [\"\" {deep}"),
        format!("{{ echo(text: \"\\\\\" b: {deep}"),
        format!("{{ echo(text: \"\"\" \\\"\"\" \"\"\" b: {deep}"),
        format!("{{ # \"\n a(b: {deep}"),
        format!("{{ # \" \r a(b: {deep}"),
    ] {
        assert_limited(&api, &text, "nested brackets").await;
    }
    let harmless = format!("{{ echo(text: \"\"\"{deep} \\\"\"\" \"{deep}\"\"\") # {deep}\n hello }}");
    assert_eq!(api.query(&harmless).await.status, 200);
    assert_eq!(api.query(&format!("{{ echo(text: \"\\\"{deep}\") }}")).await.status, 200);
}

#[tokio::test]
async fn aliases_are_limited_also_through_fragments() {
    let api = TestApi::new();
    let aliases = |count: usize| (0..count).map(|n| format!("a{n}: name ")).collect::<String>();
    assert_eq!(api.query(&format!("{{ node {{ {} }} }}", aliases(50))).await.status, 200);
    assert_limited(&api, &format!("{{ node {{ {} }} }}", aliases(51)), "50 aliases").await;
    assert_limited(&api, &format!("{{ node {{ {} }} }}", aliases(1_000)), "aliases").await;
    let spread = format!("{{ node {{ ...A child {{ ...A }} }} }} fragment A on Node {{ {} }}", aliases(26));
    assert_limited(&api, &spread, "50 aliases").await;
}

#[tokio::test]
async fn root_fields_are_limited() {
    let api = TestApi::new();
    assert_eq!(api.query(&format!("{{ {} }}", "hello ".repeat(20))).await.status, 200);
    assert_limited(&api, &format!("{{ {} }}", "hello ".repeat(21)), "20 root fields").await;
    let hidden =
        format!("{{ ...A ...A }} fragment A on Query {{ ... on Query {{ {} }} }}", "hello ".repeat(11));
    assert_limited(&api, &hidden, "20 root fields").await;
    assert_limited(&api, &format!("mutation {{ {} }}", "signIn ".repeat(11)), "10 root fields").await;
    assert_eq!(api.query(&format!("mutation {{ {} }}", "signIn ".repeat(10))).await.status, 200);
    let two = json!({ "query": "subscription { count(to: 1) silent }" });
    assert!(api.post(SSE, two).await.body.contains("exactly one root field"));
}

#[tokio::test]
async fn sizes_are_limited() {
    let api = TestApi::new();
    assert_limited(&api, &format!("{{ hello }}{}", " ".repeat(MAX_DOCUMENT_BYTES)), "102400 bytes").await;
    assert_limited(&api, &format!("{{ {} }}", "a ".repeat(10_001)), "10000 tokens").await;
    assert_limited(&api, &format!("{{ node {{ {} }} }}", "name ".repeat(1_000)), "1000 fields").await;
    let directives = "@skip(if: false) ".repeat(51);
    assert_limited(&api, &format!("{{ hello {directives} }}"), "50 directives").await;
    assert_limited(&api, &format!("query {directives} {{ hello }}"), "50 directives").await;
    assert_limited(&api, &format!("query($a: Int {directives}) {{ hello }}"), "50 directives").await;
    let operations: String = (0..21).map(|n| format!("query Q{n} {{ hello }} ")).collect();
    assert_limited(&api, &operations, "20 operations").await;
    let operations: String = (0..20).map(|n| format!("query Q{n} {{ node {{ ...A }} }} ")).collect();
    let spread_by_all = format!("{operations} fragment A on Node {{ {} }}", "name ".repeat(60));
    assert_limited(&api, &spread_by_all, "1000 fields").await;
    let fragments: String = (0..101).map(|n| format!("fragment F{n} on Query {{ hello }} ")).collect();
    assert_limited(&api, &format!("{{ hello }} {fragments}"), "100 fragments").await;
}

#[tokio::test]
async fn a_fragment_bomb_is_refused_in_linear_time() {
    let api = TestApi::new();
    let bomb: String =
        (0..90).map(|n| format!("fragment F{n} on Node {{ ...F{m} ...F{m} }} ", m = n + 1)).collect();
    let bomb = format!("{{ node {{ ...F0 }} }} {bomb} fragment F90 on Node {{ name }}");
    assert_limited(&api, &bomb, "1000 fields").await;
}

#[tokio::test]
async fn fragment_cycles_are_refused() {
    let api = TestApi::new();
    let spreads = "...A ".repeat(30);
    for query in [
        format!("{{ ...A }} fragment A on Query {{ {spreads} }}"),
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...C } fragment C on Query { ...A }"
            .into(),
        "{ node { ...A } } fragment A on Node { child { ... on Node { ...A } } }".into(),
        "{ hello } fragment A on Query { ...A }".into(),
    ] {
        let answer = api.query(&query).await;
        answer.refuses(400, "GRAPHQL_VALIDATION_FAILED");
        assert!(answer.message().contains("spreads itself"), "{}", answer.body);
    }
    api.query("{ ...Missing }").await.refuses(400, "GRAPHQL_VALIDATION_FAILED");
}

#[tokio::test]
async fn the_standard_introspection_query_passes() {
    let api = TestApi::new();
    let answer = api.query(INTROSPECTION).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.json()["data"]["__schema"]["queryType"]["name"], "Query");
    let multiplied = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }";
    assert_limited(&api, multiplied, "lists within one another").await;
    let through_fragment = "{ __type(name: \"Query\") { ...A } }
        fragment A on __Type { fields { type { ...B } } } fragment B on __Type { fields { type { ...C } } }
        fragment C on __Type { possibleTypes { name } }";
    assert_limited(&api, through_fragment, "lists within one another").await;
    let deep =
        format!("{{ __type(name: \"Query\") {}{{ name }}{} }}", "{ ofType ".repeat(19), " }".repeat(19));
    assert_limited(&api, &deep, "20 levels").await;
}

/// Pins the messages of async-graphql's own limits, which the guard recognises by their text.
#[tokio::test]
async fn built_in_limits_get_the_same_code() {
    let schema = || Schema::build(Query, Mutation, Events).extension(TransportGuard::default());
    for (schema, query) in [
        (schema().limit_complexity(1), "{ hello a: hello }"),
        (schema().limit_depth(1), "{ node { name } }"),
        (schema().limit_recursive_depth(1), "{ node { child { child { name } } } }"),
        (schema().limit_directives(0), "{ hello @skip(if: false) }"),
    ] {
        let answer = serde_json::to_value(schema.finish().execute(query).await).unwrap();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "LIMIT_EXCEEDED", "{answer}");
    }
}

#[tokio::test]
async fn messages_do_not_repeat_a_whole_document() {
    let api = TestApi::new();
    let answer = api.query(&format!("{{ {} ! }}", "a".repeat(90_000))).await;
    answer.refuses(400, "GRAPHQL_PARSE_FAILED");
    assert!(answer.body.len() < 2_000, "{}", answer.body.len());
    let answer = api.query(&format!("{{ {} }}", "a".repeat(90_000))).await;
    answer.refuses(400, "GRAPHQL_VALIDATION_FAILED");
    assert!(answer.body.len() < 2_000, "{}", answer.body.len());
    let answer = api.query(&format!("{{ echo(text: \"{}", "é".repeat(40_000))).await;
    answer.refuses(400, "GRAPHQL_PARSE_FAILED");
    let answer = api.query(&format!("{{ node {{ {} }} }}", "nope ".repeat(400))).await;
    assert_eq!(answer.json()["errors"].as_array().unwrap().len(), 50);
}

// ---- event streams ---------------------------------------------------------------------------------------

#[tokio::test]
async fn a_subscription_is_framed_as_graphql_sse() {
    let api = TestApi::new();
    let subscription = "subscription { count(to: 2) }";
    for answer in [
        api.post(SSE, json!({ "query": subscription })).await,
        api.get(SSE, &[("query", subscription)]).await,
        api.post("*/*", json!({ "query": subscription })).await,
        api.post("application/json, text/event-stream;q=0.1", json!({ "query": subscription })).await,
    ] {
        assert_eq!(answer.status, 200);
        assert_eq!(answer.content_type(), "text/event-stream; charset=utf-8");
        assert_eq!(
            answer.body,
            ":\n\nevent: next\ndata: {\"data\":{\"count\":1}}\n\nevent: next\ndata: {\"data\":{\"count\":2}}\n\n\
             event: complete\ndata:\n\n"
        );
    }
}

#[tokio::test]
async fn queries_and_mutations_are_streamed_when_asked() {
    let api = TestApi::new();
    let answer = api.post(SSE, json!({ "query": "{ hello }" })).await;
    assert_eq!(
        answer.body,
        ":\n\nevent: next\ndata: {\"data\":{\"hello\":\"world\"}}\n\nevent: complete\ndata:\n\n"
    );
    let answer = api.post(SSE, json!({ "query": "mutation { signIn }" })).await;
    assert!(answer.body.contains("data: {\"data\":{\"signIn\":true}}\n\n"), "{}", answer.body);
}

#[tokio::test]
async fn request_errors_arrive_inside_the_stream() {
    let api = TestApi::new();
    let deep = nested(100);
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ unknown }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { unknown }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription S($t: Int!) { count(to: $t) }", "GRAPHQL_VALIDATION_FAILED"),
        (deep.as_str(), "LIMIT_EXCEEDED"),
        ("subscription { failing }", ""),
        ("subscription { panics }", "INTERNAL"),
    ] {
        let answer = api.post(SSE, json!({ "query": query })).await;
        assert_eq!(answer.status, 200);
        assert!(answer.body.starts_with(":\n\nevent: next\ndata: {\"errors\":[{"), "{}", answer.body);
        assert!(answer.body.contains(code), "{}", answer.body);
        assert!(answer.body.ends_with("\n\nevent: complete\ndata:\n\n"), "{}", answer.body);
        assert_eq!(answer.body.matches("event: ").count(), 2, "{}", answer.body);
    }
    let answer = api.post(SSE, json!({ "query": "{ panics }" })).await;
    assert!(answer.body.contains("INTERNAL"), "{}", answer.body);
    assert!(answer.body.ends_with("event: complete\ndata:\n\n"), "{}", answer.body);
}

#[tokio::test]
async fn a_subscription_needs_an_event_stream() {
    let api = TestApi::new();
    for accept in [GRAPHQL, JSON, "application/*", "*/*, text/event-stream;q=0"] {
        let body = json!({ "query": "subscription { count(to: 1) }" });
        api.post(accept, body).await.refuses(406, "NOT_ACCEPTABLE");
    }
}

/// The frames of an open stream, one by one.
async fn next_frame(body: &mut axum::body::BodyDataStream) -> Option<String> {
    let frame = tokio::time::timeout(Duration::from_secs(5), body.next()).await.unwrap();
    frame.map(|bytes| String::from_utf8(bytes.unwrap().to_vec()).unwrap())
}

#[tokio::test]
async fn a_silent_stream_is_kept_alive() {
    let api = TestApi::with(Limits { keep_alive: Duration::from_millis(5), ..Limits::default() });
    let mut body = api
        .raw(post(SSE, json!({ "query": "subscription { silent }" })))
        .await
        .into_body()
        .into_data_stream();
    for _ in 0..3 {
        assert_eq!(next_frame(&mut body).await.unwrap(), ":\n\n");
    }
    // a slow mutation too: the stream begins before there is a result
    let mut body =
        api.raw(post(SSE, json!({ "query": "mutation { bump }" }))).await.into_body().into_data_stream();
    for _ in 0..3 {
        assert_eq!(next_frame(&mut body).await.unwrap(), ":\n\n");
    }
    api.gate.open.add_permits(1);
    let rest: Vec<String> =
        body.map(|bytes| String::from_utf8(bytes.unwrap().to_vec()).unwrap()).collect().await;
    assert!(
        rest.concat().ends_with("event: next\ndata: {\"data\":{\"bump\":1}}\n\nevent: complete\ndata:\n\n")
    );
    assert_eq!(Limits::default().keep_alive, Duration::from_secs(12));
}

#[tokio::test]
async fn open_streams_are_capped() {
    let api = TestApi::with(Limits { streams: 2, ..Limits::default() });
    let silent = || post(SSE, json!({ "query": "subscription { silent }" }));
    let first = api.raw(silent()).await;
    let _second = api.raw(silent()).await;
    let answer = api.send(silent()).await;
    answer.refuses(503, "LIMIT_EXCEEDED");
    assert_eq!(answer.headers["retry-after"], "5");
    api.query("{ hello }").await.gives(json!({ "hello": "world" }));
    drop(first);
    assert_eq!(api.http.open_streams(), 1);
    assert_eq!(api.raw(silent()).await.status(), 200);
}

#[tokio::test]
async fn an_account_runs_so_many_at_once_and_the_rest_wait() {
    let api = TestApi::with(Limits { turn: Duration::from_millis(50), ..Limits::default() });
    let shares = Shares::of(2);
    let ask = |account: u128, accept: &'static str, query: &'static str| {
        let (http, places) = (api.http.clone(), shares.places(uuid::Uuid::from_u128(account)));
        let request = post(accept, json!({ "query": query }));
        let prepare = move |_: &Call<'_>, request: GraphqlRequest| {
            Ok(Prepared { places: Some(places), ..Prepared::from(request) })
        };
        async move { Answer::of(http.handle(request, prepare).await).await }
    };
    let query = tokio::spawn(ask(1, JSON, "{ gated }"));
    let mutation = tokio::spawn(ask(1, JSON, "mutation { bump }"));
    api.gate.entered.acquire_many(2).await.unwrap().forget();
    for accept in [JSON, GRAPHQL, SSE] {
        let late = ask(1, accept, "{ hello }").await;
        late.refuses(429, "RATE_LIMITED");
        assert_eq!(late.headers["retry-after"], "1");
    }
    ask(2, JSON, "{ hello }").await.gives(json!({ "hello": "world" }));
    // One that waits its turn gets it as soon as another ends.
    let waiting = tokio::spawn(ask(1, JSON, "{ hello }"));
    tokio::task::yield_now().await;
    api.gate.open.add_permits(1);
    waiting.await.unwrap().gives(json!({ "hello": "world" }));
    api.gate.open.add_permits(1);
    query.await.unwrap();
    mutation.await.unwrap();
    assert_eq!(Limits::default().running_of_account, 8);
}

#[tokio::test]
async fn a_stream_can_be_ended_from_outside() {
    for (end, expected) in [
        (StreamEnd::Disconnect, None),
        (
            StreamEnd::Error(Code::Internal.error("over")),
            Some(
                "event: next\ndata: {\"errors\":[{\"message\":\"over\",\"extensions\":{\"code\":\"INTERNAL\"}}]}\n\n\
                 event: complete\ndata:\n\n",
            ),
        ),
    ] {
        let api = TestApi::new();
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let request = post(SSE, json!({ "query": "subscription { silent }" }));
        let until = async { stopped.await.unwrap() }.boxed();
        let response =
            api.http.handle(request, |_, request| Ok(Prepared { until, ..Prepared::from(request) })).await;
        let mut body = response.into_body().into_data_stream();
        assert_eq!(next_frame(&mut body).await.unwrap(), ":\n\n");
        stop.send(end).unwrap();
        if expected.is_some() {
            assert_eq!(next_frame(&mut body).await.as_deref(), expected);
        }
        assert_eq!(next_frame(&mut body).await, None);
        assert_eq!(api.http.open_streams(), 0);
    }
}

// ---- clients that go away --------------------------------------------------------------------------------

/// Sends a request and drops it as soon as its resolver runs.
async fn send_and_leave(api: &TestApi, accept: &str, query: &str) {
    let request = api.raw(post(accept, json!({ "query": query })));
    tokio::select! {
        biased;
        entered = api.gate.entered.acquire() => entered.unwrap().forget(),
        _ = request => panic!("the gate is shut"),
    }
}

#[tokio::test]
async fn a_mutation_outlives_its_client() {
    for accept in [GRAPHQL, JSON, SSE] {
        let api = TestApi::new();
        send_and_leave(&api, accept, "mutation { bump }").await;
        assert_eq!(*api.http.mutations.borrow(), 1);
        api.gate.open.add_permits(1);
        assert_eq!(api.http.mutations_settled(Duration::from_secs(5)).await, 0);
        assert_eq!(api.gate.passed.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn a_mutation_that_hangs_is_not_waited_for_for_ever() {
    let api = TestApi::new();
    send_and_leave(&api, JSON, "mutation { bump }").await;
    let settled = api.http.mutations_settled(Duration::from_millis(50));
    assert_eq!(tokio::time::timeout(Duration::from_secs(5), settled).await, Ok(1));
}

#[tokio::test]
async fn a_query_ends_with_its_client() {
    let api = TestApi::new();
    send_and_leave(&api, JSON, "{ gated }").await;
    api.gate.open.add_permits(1);
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    assert_eq!(api.gate.passed.load(Ordering::SeqCst), 0);
}

/// What graphql-js 16 sends with every option on.
const INTROSPECTION: &str = r"
query IntrospectionQuery {
  __schema {
    description queryType { name kind } mutationType { name kind } subscriptionType { name kind }
    types { ...FullType }
    directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } }
  }
}
fragment FullType on __Type {
  kind name description specifiedByURL
  isOneOf
  fields(includeDeprecated: true) {
    name description args(includeDeprecated: true) { ...InputValue }
    type { ...TypeRef } isDeprecated deprecationReason
  }
  inputFields(includeDeprecated: true) { ...InputValue }
  interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
  possibleTypes { ...TypeRef }
}
fragment InputValue on __InputValue {
  name description type { ...TypeRef } defaultValue isDeprecated deprecationReason
}
fragment TypeRef on __Type {
  kind name
  ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
  ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } }
}";
