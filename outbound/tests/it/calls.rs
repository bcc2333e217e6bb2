//! What a call does with its answer.

use crate::sink::Sink;
use aegis_outbound::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use aegis_outbound::{Outbound, OutboundError};
use std::time::Duration;

const SECRET: HeaderValue = HeaderValue::from_static("Bearer secret");

#[tokio::test]
async fn a_call_brings_its_body_and_reads_the_answer() {
    let sink = Sink::start("").await;
    let call = sink.allowed("127.0.0.1").post(&sink.at("127.0.0.1", "/ok")).expect("allowed");
    let json = HeaderValue::from_static("application/json");
    let answer = call.header(CONTENT_TYPE, json).body("hello").send().await.expect("answered");
    assert_eq!(answer.status, 200);
    let heard: std::collections::BTreeMap<String, String> = answer.json().expect("JSON");
    assert_eq!(heard["heard"], "hello");
    let seen = sink.seen.lock().expect("whole").clone();
    assert_eq!(seen["content-type"], "application/json");
    assert!(seen["user-agent"].to_str().expect("text").starts_with("aegis/"));
}

#[tokio::test]
async fn redirects_are_followed_where_asked_and_judged_each_time() {
    let inner = Sink::start("").await;
    let to = inner.at("127.0.0.1", "/ok");
    let sink = Sink::start(&to).await;
    let outbound = sink.allowed("127.0.0.1");
    let get = |path: &str| outbound.get(&sink.at("127.0.0.1", path)).expect("allowed");

    // Unasked, a redirect is the answer.
    assert_eq!(get("/here").send().await.expect("answered").status, 302);
    let answer = get("/here").redirects(3).send().await.expect("followed");
    assert_eq!((answer.status.as_u16(), answer.url.path()), (200, "/ok"));
    let posted = outbound.post(&sink.at("127.0.0.1", "/here")).expect("allowed").redirects(3).send().await;
    assert_eq!(posted.expect("answered").status, 302, "what was brought is not sent on");
    assert_eq!(get("/round").redirects(9).send().await.err(), Some(OutboundError::TooManyRedirects(3)));
    let refused = get("/away").redirects(3).send().await.err();
    assert!(matches!(refused, Some(OutboundError::Inside { .. })), "{refused:?}");
    assert_eq!(inner.called(), 0);

    // Another server does not get what was meant for the first.
    let both = vec![format!("127.0.0.1:{}", sink.port), format!("127.0.0.1:{}", inner.port)];
    let outbound = Outbound::new(both).expect("entries");
    let get = |path: &str| outbound.get(&sink.at("127.0.0.1", path)).expect("allowed");
    get("/away").header(AUTHORIZATION, SECRET).redirects(1).send().await.expect("followed");
    assert!(!inner.seen.lock().expect("whole").contains_key(AUTHORIZATION));
    get("/here").header(AUTHORIZATION, SECRET).redirects(1).send().await.expect("followed");
    assert_eq!(sink.seen.lock().expect("whole")[AUTHORIZATION], SECRET);
}

#[tokio::test]
async fn an_answer_is_read_to_its_limit() {
    let sink = Sink::start("").await;
    let outbound = sink.allowed("127.0.0.1");
    let long = || outbound.get(&sink.at("127.0.0.1", "/long")).expect("allowed");
    assert_eq!(long().send().await.expect("whole").body.len(), 100_000);
    assert_eq!(long().at_most(99_999).send().await.err(), Some(OutboundError::TooLong(99_999)));
    assert_eq!(long().cut_at(4_096).send().await.expect("cut").body.len(), 4_096);
}

#[tokio::test]
async fn a_call_ends_in_time_and_says_nothing_of_its_address() {
    let sink = Sink::start("").await;
    let outbound = sink.allowed("127.0.0.1");
    let slow = outbound.get(&sink.at("127.0.0.1", "/slow")).expect("allowed");
    let within = Duration::from_millis(100);
    assert_eq!(slow.within(within).send().await.err(), Some(OutboundError::Late(within)));

    // Nobody listens where a listener has gone.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let outbound = Outbound::new(vec![format!("127.0.0.1:{port}")]).expect("an entry");
    let url = format!("http://127.0.0.1:{port}/services/T0/B0/secret?token=secret");
    let failed = outbound.post(&url).expect("allowed").send().await.expect_err("nobody is there");
    assert!(matches!(&failed, OutboundError::Failed(_)), "{failed:?}");
    assert!(!failed.to_string().contains("secret"), "{failed}");
}
