//! Clients that are slow on purpose, many of them.

use crate::app::TestApp;
use crate::client::{Answer, Client};
use crate::evidence::{add, announcement, evidence, executing, image};
use aegis_aggregates::actor::Role;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use serde_json::json;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

/// How long what is cut off may go on, on a busy machine.
const SOON: Duration = Duration::from_secs(120);

/// A metric's value.
pub async fn metric(internal: &Client, name: &str) -> f64 {
    let text = Answer::to(internal.get("/metrics")).await.body.as_str().unwrap_or_default().to_owned();
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no {name} in {text}"))
}

async fn connected(app: &TestApp, begun: &[u8]) -> TcpStream {
    let address = app.url().trim_start_matches("http://").parse().expect("an address");
    let socket = TcpSocket::new_v4().expect("a socket");
    // So that little is kept for whoever does not read.
    socket.set_recv_buffer_size(4_096).expect("it takes a size");
    let mut stream = socket.connect(address).await.expect("it accepts");
    stream.write_all(begun).await.expect("it takes it");
    stream
}

/// Whether the other side ends it, whatever it says before.
async fn ends(mut stream: TcpStream) -> bool {
    let mut heard = vec![];
    timeout(SOON, stream.read_to_end(&mut heard)).await.is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_clients_are_cut_off_and_others_are_answered() {
    let many = if std::env::var_os("AEGIS_LONG").is_some() { 2_000 } else { 200 };
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).expect("there is a limit");
    setrlimit(Resource::RLIMIT_NOFILE, hard, hard).expect("up to the hard one");
    let app = TestApp::start_with(|settings| {
        settings
            .set("AEGIS_CLIENT_PATIENCE", "2")
            .set("AEGIS_MAX_CONNECTIONS", "3000")
            .set("AEGIS_MAX_CONNECTIONS_PER_ADDRESS", "2500")
    })
    .await;
    let red = app.login(Role::RedTech).await;
    let head = b"POST /graphql HTTP/1.1\r\nhost: a\r\nx-slow: ";
    let body = b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{";
    let mut slow = vec![];
    for at in 0..many {
        let stream = if at % 2 == 0 { connected(&app, head) } else { connected(&app, body) };
        slow.push(stream.await);
        if at % 20 == 0 {
            let drafted = red.read("{ tests { totalCount } }", json!({})).await;
            assert_eq!(drafted["tests"]["totalCount"], 0, "with {at} slow ones");
        }
    }
    let ended = futures::future::join_all(slow.into_iter().map(ends)).await;
    assert!(ended.into_iter().all(|ended| ended), "every one of them is cut off");
    let internal = app.internal();
    let cut = metric(&internal, "aegis_connections_cut_total{why=\"head\"}").await;
    assert_eq!(cut, f64::from(many / 2), "heads that did not come");
    let given_up = metric(&internal, "aegis_graphql_errors_total{code=\"REQUEST_TIMEOUT\"}").await;
    assert_eq!(given_up, f64::from(many / 2), "bodies that did not come");
    red.done("draftTest", json!({ "attackId": crate::story::POWERSHELL, "title": "After all of it" })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_read_is_cut_off() {
    let app = TestApp::start_with(|settings| settings.set("AEGIS_CLIENT_PATIENCE", "2")).await;
    let crew = app.crew().await;
    let test = executing(&app, &crew).await;
    // More than the system keeps for somebody who does not read.
    let file = image(20_000_000);
    add(&crew.red_tech, announcement(&test, "RED", &file), &file).await;
    let (_, files) = evidence(&crew.red_tech, &test).await;
    let link = files[0]["downloadUrl"].as_str().expect("a link").to_owned();
    let path = link.strip_prefix(app.url()).unwrap_or(&link);
    let asks = format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n");
    let mut unread = vec![];
    for _ in 0..10 {
        unread.push(connected(&app, asks.as_bytes()).await);
    }
    let internal = app.internal();
    let cut = async {
        while metric(&internal, "aegis_connections_cut_total{why=\"unread\"}").await < 10.0 {
            assert_eq!(
                crew.red_tech.read("{ tests { totalCount } }", json!({})).await["tests"]["totalCount"],
                1
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(SOON, cut).await.expect("who does not read is cut off");
    drop(unread);
    let size = 20_000_000.0;
    assert_eq!(metric(&internal, "aegis_evidence_bytes_total{direction=\"received\"}").await, size);
    assert_eq!(metric(&internal, "aegis_evidence_bytes_total{direction=\"sent\"}").await, 10.0 * size);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_cannot_take_every_connection() {
    let app = TestApp::start_with(|settings| {
        settings.set("AEGIS_MAX_CONNECTIONS_PER_ADDRESS", "8").set("AEGIS_CLIENT_PATIENCE", "300")
    })
    .await;
    let red = app.login(Role::RedTech).await;
    let mut greedy = vec![];
    for _ in 0..8 {
        greedy.push(connected(&app, b"GET / HTTP/1.1\r\n").await);
    }
    let mut one_more = connected(&app, b"").await;
    let mut heard = vec![];
    // Its end may come as a reset.
    let _ = timeout(SOON, one_more.read_to_end(&mut heard)).await.expect("it is turned away");
    assert!(heard.is_empty() || heard.starts_with(b"HTTP/1.1 503 "), "{}", String::from_utf8_lossy(&heard));
    // Everybody here has an address of their own; see `TestApp::stranger`.
    assert_eq!(red.read("{ tests { totalCount } }", json!({})).await["tests"]["totalCount"], 0);
    let internal = app.internal();
    assert!(metric(&internal, "aegis_connections_refused_total").await >= 1.0);
    assert!(metric(&internal, "aegis_connections").await >= 8.0);
}
