//! Uploads of evidence that meet each other or come too late, links used for something else, and files
//! that nobody takes over.

use crate::client::local_id;
use crate::evidence::{Place, announcement, evidence, executing, image, put, sha256};
use serde_json::{Value, json};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, SystemTime};
use uuid::Uuid;

/// Changes the row of an upload as time or another process would.
async fn set(place: &Place, upload: &Value, change: &str) {
    let id = local_id(upload["id"].as_str().expect("an id"));
    let sql = format!("update evidence_uploads set {change} where evidence_id = '{id}'");
    let done = sqlx::raw_sql(&sql).execute(&place.app.pool().await).await.expect("changed");
    assert_eq!(done.rows_affected(), 1);
}

fn url(upload: &Value) -> &str {
    upload["url"].as_str().expect("a link")
}

/// Puts a file straight into S3, as a browser would.
async fn put_direct(upload: &Value, bytes: &[u8]) -> u16 {
    let direct = &upload["direct"];
    let mut request =
        reqwest::Client::new().put(direct["url"].as_str().expect("a link")).body(bytes.to_vec());
    for header in direct["headers"].as_array().expect("headers") {
        let text = |name: &str| header[name].as_str().expect("text").to_owned();
        request = request.header(text("name"), text("value"));
    }
    request.send().await.expect("an answer").status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_open_for_twenty_hours_and_again_when_it_is_asked_for_again() {
    let place = Place::local().await;
    let crew = place.app.crew().await;
    let red = &crew.red_tech;
    let id = executing(&place.app, &crew).await;
    let bytes = image(5_000);
    let mut announced = announcement(&id, "RED", &bytes);
    announced["clientMutationId"] = json!(Uuid::now_v7());
    let upload = red.done("requestEvidenceUpload", announced.clone()).await["upload"].clone();
    assert_eq!(put(red, url(&upload), bytes.clone()).await.status(), 200);

    set(&place, &upload, "requested_at = now() - interval '21 hours'").await;
    let late = put(red, url(&upload), bytes.clone()).await;
    assert_eq!(late.status(), 400);
    assert!(late.text().await.expect("a text").contains("more than 20 hours ago"));
    let late = red.refused("confirmEvidence", json!({ "uploadId": upload["id"] })).await;
    assert_eq!((late.code.as_str(), late.field.as_str()), ("INVALID_INPUT", "uploadId"));
    assert!(late.message.contains("more than 20 hours ago"), "{late:?}");

    let again = red.done("requestEvidenceUpload", announced).await["upload"].clone();
    assert_eq!(again["id"], upload["id"]);
    red.done("confirmEvidence", json!({ "uploadId": upload["id"] })).await;
    // What is recorded stays confirmed, however late somebody asks.
    set(&place, &upload, "requested_at = now() - interval '21 hours'").await;
    red.done("confirmEvidence", json!({ "uploadId": upload["id"] })).await;
    assert_eq!(evidence(red, &id).await.1.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_works_on_is_put_and_confirmed_by_nobody_else_until_they_are_done() {
    let place = Place::local().await;
    let crew = place.app.crew().await;
    let red = &crew.red_tech;
    let id = executing(&place.app, &crew).await;
    let bytes = image(300_000);
    let upload = red.done("requestEvidenceUpload", announcement(&id, "RED", &bytes)).await["upload"].clone();

    // A client that has sent a half, and stays.
    let address = place.app.url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).expect("the server answers");
    let length = bytes.len();
    let path = url(&upload);
    let head = format!(
        "PUT {path} HTTP/1.1\r\nhost: {address}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("sent");
    stream.write_all(&bytes[..150_000]).expect("sent");
    for _ in 0..400 {
        if !place.stored().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert_eq!(place.stored().len(), 1, "it is being written");
    let other = put(red, path, bytes.clone()).await;
    assert_eq!(other.status(), 409);
    let text = other.text().await.expect("a text");
    assert!(text.contains("\"CONFLICT\"") && text.contains("another request"), "{text}");
    let busy = red.refused("confirmEvidence", json!({ "uploadId": upload["id"] })).await;
    assert_eq!((busy.code.as_str(), busy.field.as_str()), ("CONFLICT", "uploadId"));
    assert_eq!(place.stored().len(), 1, "nobody else wrote");

    stream.write_all(&bytes[150_000..]).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    // One that was killed is waited for no longer than its claim.
    set(&place, &upload, "claimed_by = gen_random_uuid(), claimed_until = now() + interval '1 hour'").await;
    let busy = red.refused("confirmEvidence", json!({ "uploadId": upload["id"] })).await;
    assert_eq!(busy.code, "CONFLICT");
    set(&place, &upload, "claimed_until = now() - interval '1 second'").await;
    red.done("confirmEvidence", json!({ "uploadId": upload["id"] })).await;
    assert_eq!(evidence(red, &id).await.1.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_confirmed_many_times_at_once_is_one_event_and_loses_no_file() {
    let place = Place::s3().await;
    let crew = place.app.crew().await;
    let red = &crew.red_tech;
    let id = executing(&place.app, &crew).await;
    let bytes = image(2_000_000);
    let upload = red.done("requestEvidenceUpload", announcement(&id, "RED", &bytes)).await["upload"].clone();
    assert_eq!(put_direct(&upload, &bytes).await, 200);
    let confirm = || red.done("confirmEvidence", json!({ "uploadId": upload["id"] }));
    futures::future::join_all((0..6).map(|_| confirm())).await;
    let (_, files) = evidence(red, &id).await;
    assert_eq!(files.len(), 1);
    let link = files[0]["downloadUrl"].as_str().expect("a link");
    let answer = place.app.stranger().get(link).send().await.expect("an answer");
    assert!(answer.bytes().await.expect("bytes") == bytes);
    assert_eq!(place.stored().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_put_into_s3_with_more_bytes_than_announced_goes_when_it_is_confirmed() {
    let place = Place::s3().await;
    let crew = place.app.crew().await;
    let red = &crew.red_tech;
    let id = executing(&place.app, &crew).await;
    let bytes = image(300_000);
    let mut announced = announcement(&id, "RED", &bytes);
    announced["sizeBytes"] = json!(1);
    let upload = red.done("requestEvidenceUpload", announced).await["upload"].clone();
    // The store knows the digest only.
    assert_eq!(put_direct(&upload, &bytes).await, 200);
    let refused = red.refused("confirmEvidence", json!({ "uploadId": upload["id"] })).await;
    assert!(refused.message.contains("more than the 1 bytes"), "{refused:?}");
    assert_eq!(place.stored().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_put_into_s3_once_more_goes_when_it_is_a_day_old() {
    let mut place = Place::s3().await;
    let crew = place.app.crew().await;
    let red = &crew.red_tech;
    let id = executing(&place.app, &crew).await;
    let bytes = image(5_000);
    let upload = red.done("requestEvidenceUpload", announcement(&id, "RED", &bytes)).await["upload"].clone();
    assert_eq!(put_direct(&upload, &bytes).await, 200);
    red.done("confirmEvidence", json!({ "uploadId": upload["id"] })).await;
    // Its link lasts a while longer.
    assert_eq!(put_direct(&upload, &bytes).await, 200);
    let stray = place.files.join("incoming").join(local_id(upload["id"].as_str().expect("an id")));
    let two_days = Duration::from_secs(48 * 3600);
    let file = fs::File::options().write(true).open(&stray).expect("it is there");
    file.set_modified(SystemTime::now() - two_days).expect("aged");
    // Old files are looked for at the start.
    place.app.kill_and_restart();
    for _ in 0..2_400 {
        if !stray.exists() {
            assert_eq!(place.stored().len(), 1, "what the event names stays");
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{} is still there", stray.display());
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_comes_as_it_is_to_who_would_take_it_compressed() {
    let place = Place::local().await;
    let crew = place.app.crew().await;
    let red = &crew.red_tech;
    let id = executing(&place.app, &crew).await;
    let bytes = "the same line of a log\n".repeat(1_000).into_bytes();
    let mut announced = announcement(&id, "RED", &bytes);
    announced["fileName"] = json!("events.log");
    let upload = red.done("requestEvidenceUpload", announced).await["upload"].clone();
    assert_eq!(put(red, url(&upload), bytes.clone()).await.status(), 200);
    red.done("confirmEvidence", json!({ "uploadId": upload["id"] })).await;
    let (_, files) = evidence(red, &id).await;
    let link = files[0]["downloadUrl"].as_str().expect("a link");
    let request = place.app.stranger().get(link).header("accept-encoding", "gzip, br");
    let answer = request.send().await.expect("an answer");
    assert!(!answer.headers().contains_key("content-encoding"), "{:?}", answer.headers());
    assert_eq!(answer.headers()["etag"], format!("\"{}\"", sha256(&bytes)));
    assert!(answer.bytes().await.expect("bytes") == bytes);
    let page = place.app.stranger().get("/").header("accept-encoding", "gzip");
    let page = page.send().await.expect("an answer");
    assert_eq!(page.headers()["content-encoding"], "gzip", "other answers still are");
}
