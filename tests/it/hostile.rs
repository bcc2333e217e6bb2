//! Documents and sign-ins of somebody who means harm.

use crate::app::TestApp;
use crate::client::{Answer, Client, code_of};
use aegis_aggregates::actor::Role;
use futures::{StreamExt, stream};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const SEED: u64 = 20_261_127;
/// Requests on their way at once.
const AT_ONCE: usize = 6;
/// A document with a bit of everything, to be broken.
const SOUND: &str = "query Q($first: Int = 5, $id: ID!) { tests(first: $first, filter: { states: [DRAFT] }) {
    totalCount nodes { ...T } } node(id: $id) { __typename ... on Test { title } } me { expiresAt } }
    fragment T on Test { id title @include(if: true) round technique { attackId name } }";

/// A body that no server can carry out.
fn malformed(random: &mut StdRng) -> Vec<u8> {
    let count = random.random_range(1..2_000);
    let document = match random.random_range(0..18) {
        // Cut anywhere before its end, so that a bracket stays open.
        0 => SOUND[..random.random_range(0..SOUND.len() - 1)].to_owned(),
        1 => (0..count).map(|_| random.random::<char>()).collect(),
        2 => format!("{}{}", "{ a ".repeat(count), "}".repeat(count)),
        3 => {
            let length = count % 50 + 1;
            let cycle =
                (0..length).map(|at| format!(" fragment F{at} on Query {{ ...F{} }}", (at + 1) % length));
            format!("{{ ...F0 }}{}", cycle.collect::<String>())
        }
        4 => format!("{{ me {} {{ expiresAt }} }}", "@include(if: true) ".repeat(10_000)),
        5 => {
            let fields: String = (0..10_000).map(|at| format!("a{at}: me {{ expiresAt }} ")).collect();
            format!("{{ {fields} }}")
        }
        6 => format!("{{ test(number: {}) {{ id }} }}", "9".repeat(count.max(20))),
        7 => format!("{{ tests(first: 1e{}) {{ totalCount }} }}", "9".repeat(count)),
        8 => {
            let odd = ['\0', '\u{1}', '\u{7f}', '\u{feff}', '\u{202e}', '\u{fffe}', '\u{10ffff}'];
            let mut document: Vec<char> = SOUND.chars().collect();
            let at = document.iter().position(|c| *c == '{').unwrap_or(0) + 1;
            document.insert(at, odd[random.random_range(0..odd.len())]);
            document.insert(at, '!');
            document.into_iter().collect()
        }
        9 => format!("{{ tests(first: {}1{}) {{ totalCount }} }}", "[".repeat(count), "]".repeat(count)),
        10 => format!("query ($x: [Unknown{count}!]! = [1]) {{ me {{ expiresAt }} }}"),
        11 => "{ me { expiresAt } } { me { expiresAt } }".to_owned(),
        12 => format!("{{ technique(attackId: \"{}", "\\u00".repeat(count)),
        13 => format!("{{ technique(attackId: \"\"\"{}) {{ name }} }}", "{".repeat(count)),
        14 => {
            let (before, after) = SOUND.split_at(random.random_range(0..SOUND.len()));
            format!("{before}}}{after}")
        }
        15 => format!("subscription {{ {} }}", "events { position } ".repeat(count.max(2))),
        16 => format!("{{ {} }}", "a".repeat(count * 100)),
        _ => return broken_body(random),
    };
    serde_json::to_vec(&json!({ "query": document, "variables": { "id": count } })).expect("it serialises")
}

/// No request of GraphQL at all.
fn broken_body(random: &mut StdRng) -> Vec<u8> {
    let count = random.random_range(1..2_000);
    match random.random_range(0..7) {
        0 => (0..count).map(|_| random.random()).collect(),
        1 => "[".repeat(count * 100).into_bytes(),
        2 => format!("{{\"query\": \"{{ me {{ expiresAt }} }}\", \"variables\": {}", "{\"a\":".repeat(count))
            .into_bytes(),
        3 => format!("{{\"query\": {}}}", "9".repeat(count)).into_bytes(),
        4 => b"{\"query\": \"\xff\xfe\"}".to_vec(),
        5 => vec![0; count],
        _ => json!({ "query": "{ me { expiresAt } }", "operationName": "a".repeat(count) })
            .to_string()
            .into_bytes(),
    }
}

async fn sent(client: &Client, body: Vec<u8>) -> (Vec<u8>, Answer) {
    let request =
        client.post("/graphql").header("aegis-request", "1").header("content-type", "application/json");
    let answer = Answer::to(request.body(body.clone())).await;
    (body, answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_documents_are_answered_with_errors_and_harm_nobody() {
    let app = TestApp::start().await;
    let (viewer, stranger) = (app.login(Role::Viewer).await.client, app.stranger());
    let many = if std::env::var_os("AEGIS_LONG").is_some() { 10_000 } else { 1_000 };
    let mut random = StdRng::seed_from_u64(SEED);
    let bodies: Vec<_> = (0..many).map(|at| (at, malformed(&mut random))).collect();
    let mut codes = BTreeSet::new();
    let mut answers = stream::iter(bodies)
        .map(|(at, body)| sent(if at % 4 == 0 { &stranger } else { &viewer }, body))
        .buffer_unordered(AT_ONCE);
    while let Some((body, answer)) = answers.next().await {
        let shown = String::from_utf8_lossy(&body[..body.len().min(300)]).into_owned();
        assert!(answer.status < 500, "{} for {shown}: {}", answer.status, answer.body);
        let code = code_of(&answer.body).unwrap_or_else(|| panic!("no error for {shown}: {}", answer.body));
        assert_ne!(code, "INTERNAL", "{shown}: {}", answer.body);
        let length = answer.body.to_string().len();
        assert!(length < 100_000, "{length} bytes of answer for {shown}");
        codes.insert(code.to_owned());
    }
    for due in ["BAD_REQUEST", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "LIMIT_EXCEEDED"] {
        assert!(codes.contains(due), "{codes:?}");
    }
    let log = app.server().errors();
    assert!(!log.contains("panicked"), "{log}");
    assert_eq!(
        app.login(Role::Viewer).await.read("{ tests { totalCount } }", json!({})).await["tests"]["totalCount"],
        0
    );
}

/// A mutation that tries so many passwords at once.
fn sign_ins(tries: usize) -> String {
    let fields: String = (0..tries)
        .map(|at| {
            format!(
                "a{at}: login(input: {{ username: \"admin\", password: \"Guess-{at}-abcdef\" }}) {{ token }} "
            )
        })
        .collect();
    format!("mutation {{ {fields} }}")
}

#[tokio::test(flavor = "multi_thread")]
async fn many_sign_ins_in_one_request_count_as_many() {
    let app = TestApp::start().await;
    let pool = app.pool().await;
    let logged = async || -> Vec<(String, i64)> {
        sqlx::query_as(
            "select outcome, count(*) from access_log where action = 'sign_in' group by 1 order by 1",
        )
        .fetch_all(&pool)
        .await
        .expect("the log can be read")
    };
    // A hundred are more than one request may have, and none of them is looked at.
    let guesser = app.stranger();
    let answer = guesser.ask(&sign_ins(100)).await;
    assert_eq!(answer.code(), Some("LIMIT_EXCEEDED"), "{}", answer.body);
    assert_eq!(logged().await, []);
    // Ten are tried one after the other: five are looked at.
    let answer = guesser.ask(&sign_ins(10)).await;
    let errors = answer.body["errors"].as_array().expect("errors").clone();
    let of = |code: &str| errors.iter().filter(|error| error["extensions"]["code"] == code).count();
    // The first that is refused leaves the whole without data; the others are tried all the same, or not at all.
    let looked_at = of("UNAUTHENTICATED");
    assert!(looked_at >= 1 && looked_at + of("RATE_LIMITED") == errors.len(), "{}", answer.body);
    let mut tried: i64 = logged().await.iter().map(|(_, count)| count).sum();
    while tried < 100 {
        guesser.ask(&sign_ins(10)).await;
        let now = logged().await.iter().map(|(_, count)| count).sum();
        assert!(now > tried, "each request is tried at least once");
        tried = now;
    }
    let refused =
        logged().await.into_iter().find(|(outcome, _)| outcome == "refused").map(|(_, count)| count);
    assert_eq!(refused, Some(5), "of a hundred within a minute");
    let right = guesser.try_sign_in("admin", crate::app::PASSWORD).await;
    assert_eq!(right.code(), Some("RATE_LIMITED"), "the right one is not looked at either");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_name_and_a_wrong_password_are_told_apart_by_nothing() {
    let app = TestApp::start().await;
    let client = app.stranger();
    let mut said: BTreeSet<String> = BTreeSet::new();
    // The third looks like the first; no database holds a NUL, so that no account has one is no news.
    let nul = client.try_sign_in("ad\u{0}min", "Wrong-Password-1").await;
    assert!(matches!(nul.code(), Some("UNAUTHENTICATED" | "INVALID_INPUT")), "{}", nul.body);
    for username in ["admin", "nobody.at.all", "аdmin", " "] {
        let answer = client.try_sign_in(username, "Wrong-Password-1").await;
        let mut headers: Vec<&str> = answer.headers.keys().map(|name| name.as_str()).collect();
        headers.sort_unstable();
        said.insert(format!("{} {} {headers:?}", answer.status, answer.body));
    }
    assert_eq!(said.len(), 1, "{said:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_asks_for_too_much_waits() {
    let app = TestApp::start_with(|settings| settings.set("AEGIS_POINTS_PER_MINUTE", "20000")).await;
    let (viewer, other) = (app.login(Role::Viewer).await, app.another(Role::Viewer).await);
    let dear =
        "{ a: tests(first: 100) { nodes { id title technique { attackId subTechniques { attackId } } } } }";
    let mut answers = vec![];
    for _ in 0..100 {
        let answer = viewer.gql(dear, json!({})).await;
        let limited = answer.status == 429;
        answers.push(answer);
        if limited {
            break;
        }
    }
    let last = answers.pop().expect("an answer");
    assert_eq!((last.status, last.code()), (429, Some("RATE_LIMITED")), "{}", last.body);
    assert!(last.headers["retry-after"].to_str().is_ok_and(|after| after.parse::<u32>().is_ok()));
    assert!(!answers.is_empty() && answers.iter().all(|answer| answer.body.get("errors").is_none()));
    assert_eq!(other.gql(dear, json!({})).await.body.get("errors"), None::<&Value>, "others have their own");
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_cannot_fill_the_access_log() {
    let app = TestApp::start().await;
    let pool = app.pool().await;
    let refusals = async || -> i64 {
        let count = sqlx::query_scalar(
            "select count(*) from access_log where action = 'tests' and outcome = 'unauthenticated'",
        );
        count.fetch_one(&pool).await.expect("the database answers")
    };
    let (stranger, other) = (app.stranger(), app.stranger());
    for _ in 0..310 {
        assert_eq!(stranger.ask("{ tests { totalCount } }").await.code(), Some("UNAUTHENTICATED"));
    }
    let noted = refusals().await;
    assert_eq!(noted, 300, "of 310 within a minute");
    // Nobody else goes unseen for it.
    other.ask("{ tests { totalCount } }").await;
    assert_eq!(refusals().await, noted + 1);
}
