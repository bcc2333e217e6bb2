//! Single sign-on against a real provider: who gets in, as what, and what is turned away.

use crate::app::{PASSWORD, TestApp};
use crate::client::Client;
use crate::oidc::Provider;
use aegis_aggregates::actor::Role;
use reqwest::header::{LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use std::net::{Ipv4Addr, TcpListener};

/// An Aegis with a provider, which has to know each other's address before they run.
async fn start() -> (TestApp, Provider) {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|free| free.local_addr())
        .expect("a port")
        .port();
    let url = format!("http://127.0.0.1:{port}");
    let provider = Provider::start(&format!("{url}/auth/callback"));
    let app = TestApp::start_with(|installation| {
        installation
            .set("AEGIS_BIND", &format!("127.0.0.1:{port}"))
            .set("AEGIS_PUBLIC_URL", &url)
            .set("AEGIS_OUTBOUND_ALLOW", provider.host())
            .set("OIDC_ISSUER", &provider.issuer)
            .set("OIDC_CLIENT_ID", "aegis")
            .set("OIDC_CLIENT_SECRET", "a-secret-of-the-provider")
            .set("OIDC_NAME", "Example ID")
    })
    .await;
    let admin = app.login(Role::Admin).await;
    let groups = json!([
        { "group": "soc", "role": "BLUE_LEAD" },
        { "group": "everybody", "role": "VIEWER" },
    ]);
    admin.done("setAccessPolicy", json!({ "groups": groups, "reason": "Single sign-on." })).await;
    (app, provider)
}

/// A browser: it keeps cookies, and takes one step at a time.
fn browser() -> reqwest::Client {
    let builder = reqwest::Client::builder().cookie_store(true).redirect(Policy::none()).no_proxy();
    builder.build().expect("a client")
}

/// What came of a sign-in.
struct Arrived {
    status: u16,
    location: String,
    body: String,
    cookies: Vec<String>,
}

impl Arrived {
    fn token(&self) -> Option<String> {
        let cookie = self.cookies.iter().find_map(|cookie| cookie.strip_prefix("aegis_token="))?;
        cookie.split(';').next().filter(|value| !value.is_empty()).map(str::to_owned)
    }
}

async fn arrived(response: reqwest::Response) -> Arrived {
    let text = |value: Option<&reqwest::header::HeaderValue>| {
        value.and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    let cookies = response.headers().get_all(SET_COOKIE).iter().map(|cookie| text(Some(cookie))).collect();
    Arrived {
        status: response.status().as_u16(),
        location: text(response.headers().get(LOCATION)),
        body: response.text().await.expect("a body"),
        cookies,
    }
}

/// Goes from our page to the provider, says who one is, and comes back as far as our callback, which is not called.
async fn to_the_callback(app: &TestApp, browser: &reqwest::Client, who: &str, next: &str) -> String {
    let mut url = format!("{}/auth/start?next={next}", app.url());
    for _ in 0..10 {
        let response = browser.get(&url).send().await.expect("an answer");
        if response.status().is_redirection() {
            let base = reqwest::Url::parse(&url).expect("a URL");
            let location = response.headers()[LOCATION].to_str().expect("text");
            url = base.join(location).expect("a URL").to_string();
            if url.contains("/auth/callback") {
                return url;
            }
            continue;
        }
        assert_eq!(response.status(), 200, "{url}");
        let posted = browser
            .post(&url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("who={who}"))
            .send()
            .await
            .expect("an answer");
        let base = reqwest::Url::parse(&url).expect("a URL");
        url = base.join(posted.headers()[LOCATION].to_str().expect("text")).expect("a URL").to_string();
    }
    panic!("the provider leads in circles");
}

async fn sign_in(app: &TestApp, who: &str) -> Arrived {
    let browser = browser();
    let url = to_the_callback(app, &browser, who, "/tests").await;
    arrived(browser.get(url).send().await.expect("an answer")).await
}

async fn me(app: &TestApp, token: &str) -> Value {
    let client: Client = app.stranger().cookie(token);
    let me = client.ask("{ me { user { username displayName email role } secondFactorRequired } }").await;
    me.data()["me"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_get_their_account_and_role_at_the_first_sign_in() {
    let (app, provider) = start().await;
    let options = app.stranger().ask("{ signInOptions { passwords singleSignOn { name startUrl } } }").await;
    assert_eq!(
        options.data()["signInOptions"],
        json!({ "passwords": true, "singleSignOn": { "name": "Example ID", "startUrl": "/auth/start" } })
    );
    // Leaving, the browser gets something to bring back that comes along from another site.
    let left =
        arrived(browser().get(format!("{}/auth/start", app.url())).send().await.expect("an answer")).await;
    assert_eq!(left.status, 303);
    assert!(left.location.starts_with(&format!("{}/auth?", provider.issuer)), "{}", left.location);
    for part in ["code_challenge_method=S256", "nonce=", "state=", "response_type=code"] {
        assert!(left.location.contains(part), "{part} in {}", left.location);
    }
    let cookie = &left.cookies[0];
    assert!(cookie.contains("; Path=/auth; HttpOnly; SameSite=Lax; Max-Age=600"), "{cookie}");

    let alice = sign_in(&app, "alice").await;
    assert_eq!(alice.status, 200, "{} {}", alice.location, alice.body);
    assert!(alice.body.contains("content=\"0;url=/tests\""), "{}", alice.body);
    let session = alice.cookies.iter().find(|cookie| cookie.starts_with("aegis_token=")).expect("a session");
    assert!(session.contains("HttpOnly; SameSite=Strict"), "{session}");
    let seen = me(&app, &alice.token().expect("a token")).await;
    let user = json!({ "username": "alice", "displayName": "Alice Archer", "email": "alice@example.com", "role": "BLUE_LEAD" });
    assert_eq!(seen, json!({ "user": user, "secondFactorRequired": false }));
    // The second time they are the same person, in the role of their groups of that day.
    provider.tamper(&[("who", "alice"), ("groups", "everybody")]).await;
    let again = sign_in(&app, "alice").await;
    assert_eq!(me(&app, &again.token().expect("a token")).await["user"]["role"], "VIEWER");
    let admin = app.login(Role::Admin).await;
    let users = admin.read("{ users(search: \"alice\") { totalCount nodes { id } } }", json!({})).await;
    assert_eq!(users["users"]["totalCount"], 1);

    // A name is no proof: who is called as our admin is somebody else.
    let bob = sign_in(&app, "bob").await;
    let seen = me(&app, &bob.token().expect("a token")).await;
    assert_eq!((&seen["user"]["username"], &seen["user"]["role"]), (&json!("admin2"), &json!("VIEWER")));
    let carol = sign_in(&app, "carol").await;
    assert_eq!(
        (carol.status, carol.location.as_str(), carol.token()),
        (303, "/sign-in?refused=no_role", None)
    );

    // Closed here is closed, whatever the provider says.
    let id = users["users"]["nodes"][0]["id"].clone();
    admin.done("deactivateUser", json!({ "id": id })).await;
    let closed = sign_in(&app, "alice").await;
    assert_eq!((closed.location.as_str(), closed.token()), ("/sign-in?refused=closed", None));
    // Erased, they are nobody's any more: whoever comes then is somebody new.
    admin.done("eraseUser", json!({ "id": id, "username": "alice" })).await;
    let anew = sign_in(&app, "alice").await;
    assert_eq!(anew.status, 200, "{}", anew.location);
    let users = admin.read("{ users(search: \"alice\") { nodes { id } } }", json!({})).await;
    assert_ne!(users["users"]["nodes"][0]["id"], id);
}

#[tokio::test(flavor = "multi_thread")]
async fn identities_that_do_not_hold_are_turned_away() {
    let (app, provider) = start().await;
    for how in ["nonce", "audience", "issuer", "expired", "key", "none", "hs256"] {
        provider.tamper(&[("how", how)]).await;
        let refused = sign_in(&app, "alice").await;
        assert_eq!((refused.status, refused.location.as_str()), (303, "/sign-in?refused=identity"), "{how}");
        assert_eq!(refused.token(), None, "{how}");
    }
    provider.tamper(&[]).await;
    let admin = app.login(Role::Admin).await;
    let users = admin.read("{ users { totalCount } }", json!({})).await;
    assert_eq!(users["users"]["totalCount"], 1, "nobody got an account");

    // The state belongs to the browser that left: neither another one's nor none will do.
    let (victim, attacker) = (browser(), browser());
    let url = to_the_callback(&app, &attacker, "bob", "/").await;
    let injected = arrived(victim.get(&url).send().await.expect("an answer")).await;
    assert_eq!((injected.location.as_str(), injected.token()), ("/sign-in?refused=state", None));
    let left = victim.get(format!("{}/auth/start", app.url())).send().await.expect("an answer");
    assert_eq!(left.status(), 303);
    let injected = arrived(victim.get(&url).send().await.expect("an answer")).await;
    assert_eq!((injected.location.as_str(), injected.token()), ("/sign-in?refused=state", None));
    // Nor does a code count twice.
    let first = arrived(attacker.get(&url).send().await.expect("an answer")).await;
    assert_eq!(first.status, 200);
    let second = arrived(attacker.get(&url).send().await.expect("an answer")).await;
    assert_eq!((second.location.as_str(), second.token()), ("/sign-in?refused=state", None));
    // Nobody is led elsewhere.
    let browser = browser();
    let url = to_the_callback(&app, &browser, "bob", "https://example.com/").await;
    let led = arrived(browser.get(url).send().await.expect("an answer")).await;
    assert!(led.body.contains("content=\"0;url=/\""), "{}", led.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn single_sign_on_can_be_the_only_way_in_and_admins_keep_theirs() {
    let (app, provider) = start().await;
    let admin = app.login(Role::Admin).await;
    let local = app.another(Role::RedTech).await;
    admin.done("setAccessPolicy", json!({ "singleSignOnOnly": true, "reason": "One way in." })).await;
    let options = app.stranger().ask("{ signInOptions { passwords } }").await;
    assert_eq!(options.data()["signInOptions"]["passwords"], false);
    let refused = app.stranger().try_sign_in(&local.username, PASSWORD).await;
    assert_eq!(refused.code(), Some("UNAUTHENTICATED"));
    app.sign_in("admin", PASSWORD).await;
    // A provider that is away keeps nobody from that.
    drop(provider);
    let away =
        arrived(browser().get(format!("{}/auth/start", app.url())).send().await.expect("an answer")).await;
    assert_eq!((away.status, away.location.as_str()), (303, "/sign-in?refused=unavailable"));
    app.sign_in("admin", PASSWORD).await;
}
