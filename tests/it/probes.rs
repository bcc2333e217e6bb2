//! What whoever runs Aegis asks it.

use crate::app::TestApp;
use crate::client::{Answer, Client};
use crate::process::Installation;
use crate::slow::metric;
use crate::story::POWERSHELL;
use aegis_aggregates::actor::Role;
use serde_json::json;
use std::net::{Ipv4Addr, TcpListener};

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_is_counted() {
    let app = TestApp::start().await;
    let internal = app.internal();
    let red = app.login(Role::RedTech).await;
    let signed_in = metric(&internal, "aegis_sign_ins_total{means=\"sign_in\",outcome=\"allowed\"}").await;
    let drafted = app.draft_test(&red, POWERSHELL).await;
    app.stranger().try_sign_in("admin", "Wrong-Password-1").await;
    red.gql("{ users { totalCount } }", json!({})).await;
    let _stream = red.client.subscribe("subscription { events { position } }", json!({})).await;
    for (name, value) in [
        ("aegis_sign_ins_total{means=\"sign_in\",outcome=\"allowed\"}", signed_in),
        ("aegis_sign_ins_total{means=\"sign_in\",outcome=\"refused\"}", 1.0),
        ("aegis_graphql_errors_total{code=\"FORBIDDEN\"}", 1.0),
        ("aegis_graphql_errors_total{code=\"INTERNAL\"}", 0.0),
        ("aegis_graphql_operations_total{kind=\"subscription\",outcome=\"ok\"}", 1.0),
        ("aegis_event_streams", 1.0),
        ("aegis_projection_stopped{projection=\"tests\"}", 0.0),
        ("aegis_projection_lag_events{projection=\"coverage\"}", 0.0),
        ("aegis_sealing_stopped", 0.0),
        ("aegis_unsequenced_events", 0.0),
        ("aegis_jobs{state=\"running\"}", 0.0),
    ] {
        assert_eq!(metric(&internal, name).await, value, "{name}");
    }
    let position = red
        .read("query ($id: ID!) { node(id: $id) { id } heatmap { position } }", json!({ "id": drafted }))
        .await;
    let position = position["heatmap"]["position"].as_f64().expect("a number");
    assert!(metric(&internal, "aegis_ledger_position").await >= position);
    assert!(metric(&internal, "aegis_read_position").await >= position);
    assert!(metric(&internal, "aegis_pool_connections{state=\"idle\"}").await >= 1.0);
    let text = Answer::to(internal.get("/metrics")).await;
    assert_eq!(text.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let text = text.body.as_str().expect("text").to_owned();
    let counted = "aegis_http_requests_total{method=\"POST\",route=\"/graphql\",status=\"200\"}";
    assert!(text.contains(counted) && text.contains("aegis_http_request_duration_seconds_bucket"), "{text}");
    // Whatever is asked for, what it is counted under is one of few.
    for path in ["/made/up/1", "/made/up/2", "/evidence/1/2?token=x", "/assets/none.js"] {
        let _ = app.stranger().get(path).send().await.expect("it answers");
    }
    let made_up = reqwest::Method::from_bytes(b"MADEUP").expect("a method");
    let _ = app.stranger().request(made_up, "/graphql").send().await.expect("it answers");
    let text = Answer::to(internal.get("/metrics")).await.body.as_str().expect("text").to_owned();
    assert!(!text.to_lowercase().contains("made"), "{text}");
    assert!(text.contains("route=\"/evidence/{test}/{id}\"") && text.contains("method=\"other\""), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_internal_address_says_what_readiness_rests_on() {
    let app = TestApp::start().await;
    let ready = Answer::to(app.internal().get("/readyz")).await;
    assert_eq!(ready.status, 200);
    assert!(ready.body.as_str().is_some_and(|text| text.starts_with("ready: position ")), "{:?}", ready.body);
    assert_eq!(Answer::to(app.internal().get("/healthz")).await.body, "ok\n");
    assert_eq!(Answer::to(app.internal().post("/graphql")).await.status, 404, "and nothing else is there");
    // A database that is gone is told, by both.
    let pool = app.pool().await;
    let name: String =
        sqlx::query_scalar("select current_database()").fetch_one(&pool).await.expect("it has a name");
    pool.close().await;
    let server = std::env::var("DATABASE_URL").expect("the tests have a server");
    let elsewhere = sqlx::PgPool::connect(&server).await.expect("it answers");
    let closed = format!("alter database {name} with allow_connections false");
    sqlx::query(&closed).execute(&elsewhere).await.expect("a superuser may");
    sqlx::query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1")
        .bind(&name)
        .execute(&elsewhere)
        .await
        .expect("a superuser may");
    let unready = async {
        while Answer::to(app.stranger().get("/readyz")).await.status == 200 {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), unready).await.expect("it says so");
    let told = Answer::to(app.internal().get("/readyz")).await;
    assert_eq!((told.status, told.body.as_str()), (503, Some("not ready: the database does not answer\n")));
    assert_eq!(Answer::to(app.stranger().get("/healthz")).await.status, 200, "it lives all the same");
    let opened = format!("alter database {name} with allow_connections true");
    sqlx::query(&opened).execute(&elsewhere).await.expect("a superuser may");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_internal_address_is_taken_left_or_refused() {
    let app = TestApp::start_with(|settings| settings.set("AEGIS_INTERNAL_BIND", "")).await;
    assert!(!app.server().said().contains("Metrics and readiness"), "empty: nowhere");
    let taken = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let address = taken.local_addr().expect("it listens").to_string();
    let beside = app.installation().beside("beside");
    let said = beside.clone().set("AEGIS_INTERNAL_BIND", &address).run(&["serve"]).complained();
    assert!(said.contains(&address) && said.contains("AEGIS_INTERNAL_BIND"), "{said}");
    let said = beside.set("AEGIS_INTERNAL_BIND", "nowhere").run(&["serve"]).complained();
    assert!(said.contains("nowhere"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_is_measured_where_it_is_asked_to() {
    let app = TestApp::start().await;
    let worker: Installation = app.installation().beside("worker");
    let worker = worker.begin_with(&["worker"]);
    worker.gets_to("Aegis worker is ready");
    let internal = Client::new(&worker.internal_url(), Ipv4Addr::LOCALHOST);
    assert!(metric(&internal, "aegis_ledger_position").await > 0.0);
    assert_eq!(Answer::to(internal.get("/readyz")).await.status, 200);
}
