//! Other origins, proxies, and what browsers are told of HTTPS.

use crate::app::{PASSWORD, TestApp};
use crate::client::{Answer, Client};
use crate::process::{Installation, folder};
use aegis_aggregates::actor::Role;
use reqwest::Method;
use reqwest::header::{HeaderMap, ORIGIN};
use serde_json::{Value, json};

const LISTED: &str = "https://app.example.com";

async fn preflight(client: &Client, from: &str, method: &str) -> Answer {
    let request = client
        .request(Method::OPTIONS, "/graphql")
        .header(ORIGIN, from)
        .header("access-control-request-method", method)
        .header("access-control-request-headers", "content-type,aegis-request");
    Answer::to(request).await
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[tokio::test(flavor = "multi_thread")]
async fn listed_origins_may_use_the_api_and_no_others() {
    let app = TestApp::start_with(|settings| {
        settings.set("CORS_ORIGINS", "https://app.example.com, http://b.example:81")
    })
    .await;
    let client = app.stranger();
    let allowed = preflight(&client, LISTED, "POST").await;
    assert_eq!(allowed.status, 200);
    let headers = &allowed.headers;
    assert_eq!(text(headers, "access-control-allow-origin"), Some(LISTED));
    assert_eq!(text(headers, "access-control-allow-credentials"), Some("true"));
    assert!(text(headers, "access-control-allow-methods").is_some_and(|methods| !methods.contains("DELETE")));
    assert!(
        text(headers, "access-control-allow-headers")
            .is_some_and(|headers| headers.contains("aegis-request"))
    );
    assert!(text(headers, "vary").is_some_and(|vary| vary.contains("origin")), "{headers:?}");
    for other in
        ["https://evil.example", "http://app.example.com", "null", "https://app.example.com.evil.example"]
    {
        let refused = preflight(&client, other, "POST").await;
        assert_eq!(text(&refused.headers, "access-control-allow-origin"), None, "{other}");
    }

    // A request with the cookie comes from ourselves or from there.
    let red = app.login(Role::RedTech).await;
    let cookie = red.client.cookie(&red.token);
    let from = async |origin: &str| {
        let body = json!({ "query": "{ me { expiresAt } }" });
        Answer::to(cookie.post("/graphql").header(ORIGIN, origin).json(&body)).await
    };
    let own = from(LISTED).await;
    assert_eq!((own.status, text(&own.headers, "access-control-allow-origin")), (200, Some(LISTED)));
    assert!(
        text(&own.headers, "access-control-expose-headers")
            .is_some_and(|list| list.contains("aegis-correlation"))
    );
    assert_eq!(from("http://b.example:81").await.status, 200);
    let foreign = from("https://evil.example").await;
    assert_eq!((foreign.status, foreign.code()), (403, Some("FORBIDDEN")));
    assert_eq!(text(&foreign.headers, "access-control-allow-origin"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_list_no_origin_is_allowed() {
    let app = TestApp::start().await;
    let refused = preflight(&app.stranger(), LISTED, "POST").await;
    assert_eq!((refused.status, text(&refused.headers, "access-control-allow-origin")), (405, None));
}

#[test]
fn wildcards_and_nonsense_are_refused_at_the_start() {
    let folder = folder();
    let plain =
        || Installation::new(folder.path().join("data")).set("DATABASE_URL", "postgres://127.0.0.1:1/x");
    for (name, value) in [
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "https://*.example.com"),
        ("CORS_ORIGINS", "https://a.example/path"),
        ("AEGIS_TRUSTED_PROXIES", "localhost"),
        ("SECURE_COOKIES", "perhaps"),
        ("AEGIS_HSTS", "1"),
        ("AEGIS_LOG_FORMAT", "xml"),
        ("AEGIS_MAX_CONNECTIONS", "0"),
        ("AEGIS_CLIENT_PATIENCE", "0"),
        ("AEGIS_POINTS_PER_MINUTE", "10"),
    ] {
        let said = plain().set(name, value).run(&["serve"]).complained();
        assert!(said.contains(value), "{name}={value}: {said}");
        assert!(!folder.path().join("data").exists(), "nothing is made before the settings are right");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn browsers_are_told_of_https_where_that_is_switched_on() {
    let app = TestApp::start().await;
    assert_eq!(text(&Answer::to(app.stranger().get("/")).await.headers, "strict-transport-security"), None);
    let app =
        TestApp::start_with(|settings| settings.set("AEGIS_HSTS", "true").set("SECURE_COOKIES", "true"))
            .await;
    for path in ["/", "/healthz", "/graphql", "/none.png"] {
        let answer = Answer::to(app.stranger().get(path)).await;
        assert_eq!(text(&answer.headers, "strict-transport-security"), Some("max-age=31536000"), "{path}");
    }
    let (_, attributes) = app.stranger().try_sign_in("admin", PASSWORD).await.cookie().expect("a cookie");
    assert!(attributes.ends_with("; Secure"), "{attributes}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_proxy_says_who_asks_and_how() {
    let app = TestApp::start_with(|settings| settings.set("AEGIS_TRUSTED_PROXIES", "127.0.0.77/32")).await;
    let proxy = Client::new(app.url(), [127, 0, 0, 77].into());
    let sign_in = async |client: &Client, address: &str, password: &str, protocol: &str| {
        let input = json!({ "input": { "username": "admin", "password": password } });
        let query = "mutation ($input: LoginInput!) { login(input: $input) { token } }";
        let body = json!({ "query": query, "variables": input });
        let request = client.post("/graphql").header("x-forwarded-for", address);
        Answer::to(request.header("x-forwarded-proto", protocol).json(&body)).await
    };
    let (_, attributes) = sign_in(&proxy, "203.0.113.1", PASSWORD, "https").await.cookie().expect("a cookie");
    assert!(attributes.ends_with("; Secure"), "{attributes}");
    let (_, attributes) = sign_in(&proxy, "203.0.113.2", PASSWORD, "http").await.cookie().expect("a cookie");
    assert!(!attributes.contains("Secure"), "{attributes}");
    // Each client has its own five tries, and lies beyond the proxy count for nothing.
    for at in 0..5 {
        let lies = format!("6.6.6.{at}, 203.0.113.3");
        assert_eq!(sign_in(&proxy, &lies, "Wrong-Password-1", "http").await.code(), Some("UNAUTHENTICATED"));
    }
    assert_eq!(sign_in(&proxy, "203.0.113.3", PASSWORD, "http").await.code(), Some("RATE_LIMITED"));
    assert_eq!(sign_in(&proxy, "203.0.113.4", PASSWORD, "http").await.code(), None);
    // Somebody else who says such things is who they are.
    let stranger = app.stranger();
    for at in 0..5 {
        let lie = format!("203.0.113.{}", 100 + at);
        let answer = sign_in(&stranger, &lie, "Wrong-Password-1", "https").await;
        assert_eq!(answer.code(), Some("UNAUTHENTICATED"));
    }
    let answer = sign_in(&stranger, "203.0.113.200", PASSWORD, "https").await;
    assert_eq!(answer.code(), Some("RATE_LIMITED"), "{}", answer.body);
    let addresses: Vec<String> = sqlx::query_scalar(
        "select distinct host(address) from access_log where host(address) like '203.%' order by 1",
    )
    .fetch_all(&app.pool().await)
    .await
    .expect("the log can be read");
    assert_eq!(addresses, ["203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4"]);
    assert_ne!(addresses.len(), 0, "{:?}", Value::Null);
}
