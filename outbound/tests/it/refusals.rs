//! What is not called.

use crate::sink::{Names, Sink};
use aegis_outbound::{Outbound, OutboundError};

fn strict() -> Outbound {
    Outbound::default()
}

fn inside(host: &str, what: &'static str) -> OutboundError {
    OutboundError::Inside { host: host.to_owned(), what }
}

#[test]
fn an_address_is_judged_as_a_url_reads_it() {
    for url in [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.0.0.1.:80/",
        "http://①②⑦.0.0.1/",
    ] {
        assert_eq!(strict().check_url(url).err(), Some(inside("127.0.0.1", "a loopback address")), "{url}");
    }
    let metadata = strict().check_url("http://169.254.169.254/latest/meta-data/").err();
    assert_eq!(metadata, Some(inside("169.254.169.254", "a link-local address")));
    let metadata = strict().check_url("http://[fd00:ec2::254]/").err();
    assert_eq!(metadata, Some(inside("fd00:ec2::254", "a private address")));
    let mapped = strict().check_url("http://[::ffff:169.254.169.254]/").err();
    assert_eq!(mapped, Some(inside("::ffff:a9fe:a9fe", "an IPv4 address in disguise")));
}

#[test]
fn only_plain_web_addresses_are_called() {
    for (url, why) in [
        ("", "is no URL"),
        ("hooks.example.com", "is no URL"),
        ("ftp://example.com/", "is neither http nor https"),
        ("file:///etc/passwd", "is neither http nor https"),
        ("gopher://example.com/", "is neither http nor https"),
        ("http://ann@example.com/", "has a user name or password in it"),
        ("http://ann:secret@example.com/", "has a user name or password in it"),
        ("http://example.com:0/", "has no port that is called"),
        ("http://exam\r\nple.com/", "has spaces or control characters in it"),
        ("http://example.com/a b", "has spaces or control characters in it"),
    ] {
        assert_eq!(strict().check_url(url).err(), Some(OutboundError::Address(why)), "{url}");
    }
    let long = format!("https://example.com/{}", "x".repeat(2_100));
    assert_eq!(strict().check_url(&long).err(), Some(OutboundError::Address("is too long")));
    assert!(strict().check_url("https://example.com:8443/hook?team=blue").is_ok());
}

#[tokio::test]
async fn a_name_is_refused_for_any_of_its_addresses() {
    let url = strict().check_url("https://hooks.example.com/").expect("it reads well");
    for (addresses, refused) in [
        (vec!["93.184.215.14"], None),
        (vec!["93.184.215.14", "10.0.0.1"], Some("a private address")),
        (vec!["2606:4700::1111", "::1"], Some("a loopback address")),
        (vec!["169.254.169.254"], Some("a link-local address")),
    ] {
        let outbound = strict().with_lookup(Names::of("hooks.example.com", &[&addresses]));
        let expected = refused.map(|what| inside("hooks.example.com", what));
        assert_eq!(outbound.reach(&url).await.err(), expected, "{addresses:?}");
        assert_eq!(outbound.addresses("HOOKS.example.com.", 25).await.err(), expected, "{addresses:?}");
    }
    let nowhere = strict().with_lookup(Names::default()).reach(&url).await;
    assert!(matches!(nowhere, Err(OutboundError::Unresolved { .. })), "{nowhere:?}");
}

#[tokio::test]
async fn a_name_that_changes_its_mind_is_judged_again_when_it_is_called() {
    let sink = Sink::start("").await;
    let names = Names::of("rebinds.example.com", &[&["93.184.215.14"], &["127.0.0.1"]]);
    let outbound = strict().with_lookup(names);
    let url = sink.at("rebinds.example.com", "/ok");
    assert!(outbound.reach(&outbound.check_url(&url).expect("it reads well")).await.is_ok());
    let called = outbound.post(&url).expect("it reads well").send().await;
    assert_eq!(called.err(), Some(inside("rebinds.example.com", "a loopback address")));
    assert_eq!(sink.called(), 0);
}

#[tokio::test]
async fn a_call_finds_its_address_once() {
    // Asked twice, the second answer would be where it connects.
    let sink = Sink::start("").await;
    let names = Names::of("sink.example.com", &[&["127.0.0.1"], &["127.0.0.2"]]);
    let outbound = sink.allowed("sink.example.com").with_lookup(names.clone());
    let answer = outbound.get(&sink.at("sink.example.com", "/ok")).expect("it reads well").send().await;
    assert_eq!(answer.expect("it is allowed").status, 200);
    assert_eq!(names.asked.load(std::sync::atomic::Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_exception_is_for_one_port_of_one_name() {
    let (sink, other) = (Sink::start("").await, Sink::start("").await);
    let names = Names::of("sink.example.com", &[&["127.0.0.1"]]);
    let outbound = sink.allowed("sink.example.com").with_lookup(names);
    assert_eq!(
        outbound
            .get(&sink.at("sink.example.com", "/ok"))
            .expect("read")
            .send()
            .await
            .expect("allowed")
            .status,
        200
    );
    let refused = outbound.get(&other.at("sink.example.com", "/ok")).expect("read").send().await;
    assert_eq!(refused.err(), Some(inside("sink.example.com", "a loopback address")));
    let refused = outbound.get(&sink.at("127.0.0.1", "/ok")).err();
    assert_eq!(refused, Some(inside("127.0.0.1", "a loopback address")));
    assert_eq!((sink.called(), other.called()), (1, 0));
}
