//! The second factor: set up, asked for, used once, lost, required by a policy.

use crate::app::{PASSWORD, TestApp};
use crate::client::{Answer, Client, User};
use aegis_aggregates::actor::Role;
use serde_json::{Value, json};
use totp_rs::{Algorithm, Secret, TOTP};

const TESTS: &str = "{ tests { totalCount } }";

/// The authenticator app of somebody.
struct App(TOTP);

impl App {
    /// The code of so many steps from now.
    fn code(&self, steps: i64) -> String {
        let time = chrono::Utc::now().timestamp() + 30 * steps;
        self.0.generate(u64::try_from(time).expect("after 1970"))
    }
}

/// Sets up a second factor; the app, and the recovery codes.
async fn set_up(user: &User) -> (App, Vec<String>) {
    let begun = user.done("beginSecondFactor", json!({ "password": user.password })).await;
    let text = begun["secret"]["secret"].as_str().expect("a secret").to_owned();
    let uri = begun["secret"]["uri"].as_str().expect("an address");
    assert!(uri.contains(&format!("secret={text}")) && uri.starts_with("otpauth://totp/"), "{uri}");
    assert!(begun["secret"]["qr"].as_str().is_some_and(|picture| picture.contains("<svg")));
    let secret = Secret::Encoded(text).to_bytes().expect("base 32");
    let app = App(TOTP::new(Algorithm::SHA1, 6, 1, 30, secret).expect("a secret of 160 bits"));
    let confirmed = user.done("confirmSecondFactor", json!({ "code": app.code(-1) })).await;
    assert_eq!(
        confirmed["secondFactor"],
        json!({ "active": true, "required": false, "recoveryCodesLeft": 10 })
    );
    let codes = confirmed["recoveryCodes"].as_array().expect("codes");
    (app, codes.iter().map(|code| code.as_str().expect("text").to_owned()).collect())
}

async fn sign_in(client: &Client, username: &str, code: Option<&str>) -> Answer {
    let query = "mutation ($input: LoginInput!) { login(input: $input) { token secondFactorRequired user { username } } }";
    client.gql(query, json!({ "input": { "username": username, "password": PASSWORD, "code": code } })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_asked_for_and_counts_once() {
    let app = TestApp::start().await;
    let user = app.another(Role::RedTech).await;
    // Nobody sets one up at somebody else's screen.
    let refused = user.refused("beginSecondFactor", json!({ "password": "wrong" })).await;
    assert_eq!(refused.field, "password");
    // A secret that was not confirmed asks for nothing.
    user.done("beginSecondFactor", json!({ "password": PASSWORD })).await;
    assert!(sign_in(&app.stranger(), &user.username, None).await.data()["login"]["token"].is_string());
    let refused = user.refused("confirmSecondFactor", json!({ "code": "000000" })).await;
    assert_eq!(refused.field, "code");

    let (authenticator, _) = set_up(&user).await;
    let asked = sign_in(&app.stranger(), &user.username, None).await;
    let login = &asked.data()["login"];
    assert_eq!((&login["token"], &login["secondFactorRequired"]), (&Value::Null, &json!(true)));
    assert_eq!(asked.cookie(), None, "no session without the code");
    // The code it was confirmed with has been used.
    let replayed = sign_in(&app.stranger(), &user.username, Some(&authenticator.code(-1))).await;
    assert_eq!(replayed.code(), Some("UNAUTHENTICATED"));
    let code = authenticator.code(0);
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    let signed_in = sign_in(&app.stranger(), &user.username, Some(&spaced)).await;
    assert!(signed_in.data()["login"]["token"].is_string());
    let replayed = sign_in(&app.stranger(), &user.username, Some(&code)).await;
    assert_eq!(replayed.code(), Some("UNAUTHENTICATED"), "a code counts once");
    // From afar in time, and of somebody else.
    for code in [authenticator.code(5), authenticator.code(-5), "000000".to_owned()] {
        assert_eq!(
            sign_in(&app.stranger(), &user.username, Some(&code)).await.code(),
            Some("UNAUTHENTICATED")
        );
    }
    // The same code twice at the same moment counts once too.
    let (one, other) = (app.stranger(), app.stranger());
    let code = authenticator.code(1);
    let both = tokio::join!(
        sign_in(&one, &user.username, Some(&code)),
        sign_in(&other, &user.username, Some(&code))
    );
    let let_in = [both.0, both.1].iter().filter(|answer| answer.code().is_none()).count();
    assert_eq!(let_in, 1);
    // The secret is not readable in the database.
    let kept: Vec<u8> = sqlx::query_scalar("select secret from second_factors")
        .fetch_one(&app.pool().await)
        .await
        .expect("one");
    assert_eq!(kept.len(), 1 + 12 + 20 + 16, "a version, a nonce, the secret, a tag");
}

#[tokio::test(flavor = "multi_thread")]
async fn recovery_codes_count_once_and_wrong_codes_are_limited() {
    let app = TestApp::start().await;
    let user = app.another(Role::BlueTech).await;
    let (authenticator, recovery) = set_up(&user).await;
    assert_eq!(recovery.len(), 10);
    let first = sign_in(&app.stranger(), &user.username, Some(&recovery[0].to_uppercase())).await;
    assert_eq!(first.code(), None);
    let again = sign_in(&app.stranger(), &user.username, Some(&recovery[0])).await;
    assert_eq!(again.code(), Some("UNAUTHENTICATED"));
    let left = user.read("{ secondFactor { recoveryCodesLeft } }", json!({})).await;
    assert_eq!(left["secondFactor"]["recoveryCodesLeft"], 9);
    // New ones take the place of the old ones.
    let renewed = user.done("renewRecoveryCodes", json!({ "code": authenticator.code(0) })).await;
    let fresh = renewed["recoveryCodes"][0].as_str().expect("a code").to_owned();
    assert_eq!(
        sign_in(&app.stranger(), &user.username, Some(&recovery[1])).await.code(),
        Some("UNAUTHENTICATED")
    );
    assert_eq!(sign_in(&app.stranger(), &user.username, Some(&fresh)).await.code(), None);

    // From however many addresses.
    for _ in 0..10 {
        let answer = sign_in(&app.stranger(), &user.username, Some("000000")).await;
        assert_eq!(answer.code(), Some("UNAUTHENTICATED"));
    }
    let answer = sign_in(&app.stranger(), &user.username, Some(&authenticator.code(1))).await;
    assert_eq!(answer.code(), Some("RATE_LIMITED"), "the right code too, for a while");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lost_it_is_helped_and_can_remove_it_who_has_it() {
    let app = TestApp::start().await;
    let admin = app.login(Role::Admin).await;
    let loser = app.another(Role::RedTech).await;
    set_up(&loser).await;
    let listed = admin
        .read(
            "query ($id: ID!) { node(id: $id) { ... on User { secondFactor } } }",
            json!({ "id": loser.id }),
        )
        .await;
    assert_eq!(listed["node"]["secondFactor"], true);
    admin.done("resetSecondFactor", json!({ "id": loser.id })).await;
    assert_eq!(loser.gql(TESTS, json!({})).await.code(), Some("UNAUTHENTICATED"), "its sessions have ended");
    assert!(sign_in(&app.stranger(), &loser.username, None).await.data()["login"]["token"].is_string());
    let refused = admin.refused("resetSecondFactor", json!({ "id": loser.id })).await;
    assert_eq!(refused.code, "INVALID_STATE");

    let owner = app.another(Role::RedTech).await;
    let (authenticator, _) = set_up(&owner).await;
    assert_eq!(owner.refused("removeSecondFactor", json!({ "code": "000000" })).await.field, "code");
    let removed = owner.done("removeSecondFactor", json!({ "code": authenticator.code(0) })).await;
    assert_eq!(removed["secondFactor"]["active"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_needs_one_comes_in_only_with_one() {
    let app = TestApp::start().await;
    let admin = app.login(Role::Admin).await;
    let lead = app.another(Role::RedLead).await;
    let tech = app.another(Role::RedTech).await;
    let program = app.program(Role::RedLead, "WRITE").await;
    let policy = json!({ "secondFactorRoles": ["RED_LEAD"], "reason": "Leads approve." });
    let set = admin.done("setAccessPolicy", policy).await;
    assert_eq!(set["policy"]["secondFactorRoles"], json!(["RED_LEAD"]));
    // From the next request on, in the session that is open.
    let refused = lead.gql(TESTS, json!({})).await;
    assert_eq!(refused.code(), Some("SECOND_FACTOR_REQUIRED"));
    let me = lead.read("{ me { secondFactorRequired } secondFactor { active required } }", json!({})).await;
    assert_eq!(
        me,
        json!({ "me": { "secondFactorRequired": true }, "secondFactor": { "active": false, "required": true } })
    );
    for (client, who) in [(&tech.client, "another role"), (&program.client, "a program")] {
        assert_eq!(client.ask(TESTS).await.code(), None, "{who}");
    }
    let begun = lead.done("beginSecondFactor", json!({ "password": PASSWORD })).await;
    let secret = Secret::Encoded(begun["secret"]["secret"].as_str().expect("a secret").to_owned());
    let secret = secret.to_bytes().expect("base 32");
    let authenticator = App(TOTP::new(Algorithm::SHA1, 6, 1, 30, secret).expect("a secret"));
    lead.done("confirmSecondFactor", json!({ "code": authenticator.code(0) })).await;
    assert_eq!(lead.gql(TESTS, json!({})).await.code(), None);
    let refused = lead.refused("removeSecondFactor", json!({ "code": authenticator.code(1) })).await;
    assert!(refused.message.contains("role needs"), "{}", refused.message);
    // Who becomes one needs one too.
    admin.done("updateUser", json!({ "id": tech.id, "role": "RED_LEAD" })).await;
    assert_eq!(tech.gql(TESTS, json!({})).await.code(), Some("SECOND_FACTOR_REQUIRED"));
    let admin_default = json!({ "defaultRole": "ADMIN", "reason": "Everybody." });
    assert_eq!(admin.refused("setAccessPolicy", admin_default).await.field, "defaultRole");
}
