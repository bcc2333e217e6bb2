//! The second way to follow events: WebSockets with the graphql-transport-ws protocol.

use crate::app::TestApp;
use crate::client::{User, local_id};
use crate::story::POWERSHELL;
use aegis_aggregates::actor::Role;
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

const PATIENCE: Duration = Duration::from_secs(30);

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// Asks for a connection with these headers; the status where it is refused.
async fn open(app: &TestApp, headers: &[(&'static str, String)]) -> Result<Socket, u16> {
    let url = format!("{}/graphql", app.url().replace("http://", "ws://"));
    let mut request = url.into_client_request().expect("a request");
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().expect("a value"));
    }
    match connect_async(request).await {
        Ok((socket, _)) => Ok(Socket(socket)),
        Err(Error::Http(answer)) => Err(answer.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

const PROTOCOL: (&str, &str) = ("sec-websocket-protocol", "graphql-transport-ws");

fn headers(more: &[(&'static str, String)]) -> Vec<(&'static str, String)> {
    [(PROTOCOL.0, PROTOCOL.1.to_owned())].into_iter().chain(more.iter().cloned()).collect()
}

fn bearer(user: &User) -> Vec<(&'static str, String)> {
    headers(&[("authorization", format!("Bearer {}", user.token))])
}

impl Socket {
    async fn say(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.expect("sent");
    }

    async fn hear(&mut self) -> Value {
        loop {
            match timeout(PATIENCE, self.0.next()).await.expect("something comes") {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).expect("JSON"),
                Some(Ok(Message::Close(frame))) => {
                    return json!({ "closed": frame.map(|frame| u16::from(frame.code)) });
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return json!({ "closed": null }),
            }
        }
    }

    async fn greet(&mut self) {
        self.say(json!({ "type": "connection_init" })).await;
        assert_eq!(self.hear().await["type"], "connection_ack");
    }

    async fn ask(&mut self, id: &str, query: &str) {
        self.say(json!({ "id": id, "type": "subscribe", "payload": { "query": query } })).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_operations_share_a_socket() {
    let app = TestApp::start().await;
    let (red, viewer) = (app.login(Role::RedTech).await, app.login(Role::Viewer).await);
    let mut socket = open(&app, &bearer(&viewer)).await.expect("opened");
    socket.greet().await;
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await["type"], "pong");
    socket.ask("q", "{ me { user { username } } }").await;
    let answer = socket.hear().await;
    assert_eq!((&answer["id"], &answer["type"]), (&json!("q"), &json!("next")));
    assert_eq!(answer["payload"]["data"]["me"]["user"]["username"], "viewer");
    assert_eq!(socket.hear().await, json!({ "id": "q", "type": "complete" }));

    // What a role may not do it does not do here either.
    socket
        .ask("m", "mutation { draftTest(input: { attackId: \"T1059.001\", title: \"x\" }) { position } }")
        .await;
    let refused = socket.hear().await;
    assert_eq!(refused["payload"]["errors"][0]["extensions"]["code"], "FORBIDDEN", "{refused}");
    assert_eq!(socket.hear().await["type"], "complete");
    // Nor is a document taken that no request may have.
    let deep = format!("{{ me {} }}", "{ a ".repeat(60) + &"}".repeat(60));
    socket.ask("d", &deep).await;
    let refused = socket.hear().await;
    assert!(refused["payload"].to_string().contains("LIMIT_EXCEEDED"), "{refused}");
    if refused["type"] == "next" {
        assert_eq!(socket.hear().await["type"], "complete");
    }

    socket.ask("e", "subscription { events { type aggregateType } }").await;
    let mut told = None;
    for _ in 0..40 {
        app.draft_test(&red, POWERSHELL).await;
        if let Ok(event) = timeout(Duration::from_millis(200), socket.hear()).await {
            told = Some(event);
            break;
        }
    }
    let told = told.expect("an event");
    assert_eq!(
        (&told["id"], &told["payload"]["data"]["events"]["aggregateType"]),
        (&json!("e"), &json!("test"))
    );
    socket.say(json!({ "id": "e", "type": "complete" })).await;
    app.draft_test(&red, POWERSHELL).await;
    socket.ask("last", "{ __typename }").await;
    loop {
        let heard = socket.hear().await;
        if heard["id"] == "last" {
            break;
        }
        assert_eq!(heard["id"], "e", "only what was on its way");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_is_opened_by_ourselves_and_ends_with_the_session() {
    let app = TestApp::start().await;
    let viewer = app.login(Role::Viewer).await;
    let cookie = ("cookie", format!("aegis_token={}", viewer.token));
    assert_eq!(open(&app, &headers(std::slice::from_ref(&cookie))).await.err(), Some(403), "no origin");
    let foreign = ("origin", "https://elsewhere.example".to_owned());
    assert_eq!(open(&app, &headers(&[cookie.clone(), foreign])).await.err(), Some(403));
    let own = ("origin", app.url().to_owned());
    let mut socket = open(&app, &headers(&[cookie, own])).await.expect("our own page");
    socket.greet().await;
    socket.ask("e", "subscription { events { position } }").await;
    viewer.gql("mutation { logout { userErrors { code } } }", json!({})).await;
    let ended = socket.hear().await;
    assert_eq!(ended["payload"]["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{ended}");

    assert_eq!(socket.hear().await, json!({ "id": "e", "type": "complete" }));
    assert_eq!(socket.hear().await["closed"], 4403);

    assert_eq!(open(&app, &headers(&[])).await.err(), Some(401), "a stranger");
    let red = app.login(Role::RedTech).await;
    let no_protocol = [("authorization", format!("Bearer {}", red.token))];
    let mut other = open(&app, &no_protocol).await.expect("opened");
    assert_eq!(other.hear().await["closed"], 4406, "without the protocol nothing is said");
    let mut early = open(&app, &bearer(&red)).await.expect("opened");
    early.ask("q", "{ __typename }").await;
    assert_eq!(early.hear().await["closed"], 1011, "nobody asks before the greeting");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_socket_gives_no_more_than_its_owner_has_now() {
    const USERS: &str = "{ users { nodes { id } } }";
    let app = TestApp::start().await;
    let admin = app.login(Role::Admin).await;
    let (demoted, ended) = (app.another(Role::Admin).await, app.another(Role::Admin).await);
    let mut sockets = vec![];
    for user in [&demoted, &ended] {
        let mut socket = open(&app, &bearer(user)).await.expect("opened");
        socket.greet().await;
        socket.ask("before", USERS).await;
        assert!(socket.hear().await["payload"]["data"]["users"].is_object());
        assert_eq!(socket.hear().await["type"], "complete");
        sockets.push(socket);
    }
    admin.done("updateUser", json!({ "id": demoted.id, "role": "VIEWER" })).await;
    // Of this one nobody is told.
    sqlx::query("update account_credentials set session_epoch = session_epoch + 1 where account = $1::uuid")
        .bind(local_id(&ended.id))
        .execute(&app.pool().await)
        .await
        .expect("ended");
    for (socket, code) in sockets.iter_mut().zip(["FORBIDDEN", "UNAUTHENTICATED"]) {
        socket.ask("after", USERS).await;
        let refused = socket.hear().await;
        assert_eq!(refused["payload"]["errors"][0]["extensions"]["code"], code, "{refused}");
        assert_eq!(socket.hear().await["type"], "complete");
        assert_eq!(socket.hear().await["closed"], 4403, "{code}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_has_20_connections() {
    let app = TestApp::start().await;
    let (viewer, red) = (app.login(Role::Viewer).await, app.login(Role::RedTech).await);
    let mut sockets = vec![];
    for _ in 0..20 {
        sockets.push(open(&app, &bearer(&viewer)).await.expect("opened"));
    }
    assert_eq!(open(&app, &bearer(&viewer)).await.err(), Some(429));
    open(&app, &bearer(&red)).await.expect("somebody else's");
    drop(sockets.pop());
    for _ in 0..200 {
        if open(&app, &bearer(&viewer)).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no place was given back");
}

/// Waits until each of these subscriptions has told of something.
async fn stand(socket: &mut Socket, ids: &[&str], app: &TestApp, red: &User) {
    let mut waiting: Vec<&str> = ids.to_vec();
    while !waiting.is_empty() {
        app.draft_test(red, POWERSHELL).await;
        while let Ok(heard) = timeout(Duration::from_millis(200), socket.hear()).await {
            assert!(heard["payload"]["data"]["events"].is_object(), "{heard}");
            waiting.retain(|id| heard["id"] != **id);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn subscriptions_of_one_account_have_20_places_however_many_sockets_it_has() {
    const IDS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    const WATCH: &str = "subscription { events { position } }";
    let app = TestApp::start().await;
    let (viewer, red) = (app.login(Role::Viewer).await, app.login(Role::RedTech).await);
    let mut sockets = vec![];
    for _ in 0..2 {
        let mut socket = open(&app, &bearer(&viewer)).await.expect("opened");
        socket.greet().await;
        for id in IDS {
            socket.ask(id, WATCH).await;
        }
        stand(&mut socket, &IDS, &app, &red).await;
        sockets.push(socket);
    }
    let mut third = open(&app, &bearer(&viewer)).await.expect("opened");
    third.greet().await;
    third.ask("one more", WATCH).await;
    let refused = third.hear().await;
    assert_eq!(refused["id"], "one more");
    assert!(refused["payload"].to_string().contains("LIMIT_EXCEEDED"), "{refused}");
    let mut others = open(&app, &bearer(&red)).await.expect("opened");
    others.greet().await;
    others.ask("e", WATCH).await;
    stand(&mut others, &["e"], &app, &red).await;

    // The places of a socket are free again when it goes.
    sockets.pop();
    for attempt in 0..100 {
        let id = format!("again {attempt}");
        third.ask(&id, WATCH).await;
        loop {
            app.draft_test(&red, POWERSHELL).await;
            match timeout(Duration::from_millis(300), third.hear()).await {
                Ok(heard) if heard["id"] == *id && heard["payload"]["data"]["events"].is_object() => return,
                Ok(heard) if heard["id"] == *id => break,
                Ok(_) | Err(_) => {}
            }
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no place was given back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_has_32_operations_open() {
    const IDS: [&str; 20] = [
        "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17",
        "18", "19",
    ];
    let app = TestApp::start().await;
    let (viewer, red) = (app.login(Role::Viewer).await, app.login(Role::RedTech).await);
    let mut socket = open(&app, &bearer(&viewer)).await.expect("opened");
    socket.greet().await;
    for id in IDS {
        socket.ask(id, "subscription { events { position } }").await;
    }
    stand(&mut socket, &IDS, &app, &red).await;
    // 12 places are left, and all of these come at once.
    for number in 0..100 {
        socket.ask(&format!("q{number}"), "{ tests { totalCount } }").await;
    }
    let (mut answered, mut refused, mut completed) = (0, 0, 0);
    while completed < 100 {
        let heard = socket.hear().await;
        let asked = heard["id"].as_str().is_some_and(|id| id.starts_with('q'));
        match heard["type"].as_str() {
            _ if !asked => {}
            Some("complete") => completed += 1,
            _ if heard["payload"]["data"]["tests"].is_object() => answered += 1,
            _ => {
                assert!(heard.to_string().contains("at most 32 operations"), "{heard}");
                refused += 1;
            }
        }
    }
    assert!(answered >= 12 && refused > 0 && answered + refused == 100, "{answered} and {refused}");
    socket.ask("q", "{ me { user { username } } }").await;
    assert!(socket.hear().await["payload"]["data"]["me"].is_object());
}
