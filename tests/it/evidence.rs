//! Evidence over HTTP, on the local disk and on an S3 server: bytes in are bytes out, and what is not as
//! announced leaves nothing behind.

use crate::app::TestApp;
use crate::client::{User, local_id};
use crate::s3::S3;
use crate::story::{Crew, POWERSHELL, attack};
use aegis_aggregates::actor::Role;
use rand::RngCore;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
const EVIDENCE: &str = "query ($id: ID!) { test(id: $id) { version rounds { evidence {
    id evidenceId side fileName mediaType sizeBytes sha256 caption downloadUrl removeReason addedBy { name } } } } }";

/// What is said of a file before it comes.
pub fn announcement(test: &str, side: &str, bytes: &[u8]) -> Value {
    json!({
        "testId": test, "side": side, "fileName": "capture.png", "sizeBytes": bytes.len(),
        "sha256": sha256(bytes), "caption": "The alert",
    })
}

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An image of so many bytes.
pub fn image(size: usize) -> Vec<u8> {
    let mut bytes = PNG.to_vec();
    bytes.resize(size.max(PNG.len()), 0);
    rand::rng().fill_bytes(&mut bytes[PNG.len()..]);
    bytes
}

/// An installation and where its files are.
pub struct Place {
    pub app: TestApp,
    pub files: PathBuf,
    s3: Option<S3>,
}

impl Place {
    pub async fn local() -> Self {
        let app = TestApp::start().await;
        let files = app.installation().data_dir().join("objects");
        Self { app, files, s3: None }
    }

    pub async fn s3() -> Self {
        let s3 = S3::start();
        let app = TestApp::start_with(|installation| s3.settings(installation)).await;
        Self { app, files: s3.bucket(), s3: Some(s3) }
    }

    /// The files of evidence in the store, with what is half written.
    pub fn stored(&self) -> Vec<PathBuf> {
        ["evidence", "incoming"]
            .iter()
            .filter_map(|folder| fs::read_dir(self.files.join(folder)).ok())
            .flatten()
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.is_file())
            .collect()
    }
}

/// A test that red is executing.
pub async fn executing(app: &TestApp, crew: &Crew) -> String {
    let id = app.draft_test(&crew.red_tech, POWERSHELL).await;
    crew.red_tech.done("startExecution", json!({ "id": id })).await;
    id
}

pub async fn put(user: &User, url: &str, bytes: Vec<u8>) -> reqwest::Response {
    let request = user.client.request(reqwest::Method::PUT, url).body(bytes);
    request.timeout(Duration::from_secs(60)).send().await.expect("the server answers")
}

/// Announces, puts and confirms a file.
pub async fn add(user: &User, announced: Value, bytes: &[u8]) -> Value {
    let upload = user.done("requestEvidenceUpload", announced).await["upload"].clone();
    let answer = put(user, upload["url"].as_str().expect("a link"), bytes.to_vec()).await;
    assert_eq!(answer.status(), 200, "{}", answer.text().await.expect("a text"));
    user.done("confirmEvidence", json!({ "uploadId": upload["id"] })).await
}

pub async fn evidence(user: &User, test: &str) -> (i64, Vec<Value>) {
    let found = user.read(EVIDENCE, json!({ "id": test })).await["test"].clone();
    let files = found["rounds"][0]["evidence"].as_array().expect("files").clone();
    (found["version"].as_i64().expect("a version"), files)
}

async fn bytes_in_are_bytes_out(place: &Place) {
    let app = &place.app;
    let crew = app.crew().await;
    let viewer = app.login(Role::Viewer).await;
    let id = executing(app, &crew).await;
    let big = image(3_000_001);
    for (name, bytes, kind) in [
        ("größe 1.png", big.as_slice(), "image/png"),
        ("events.log", "eine Zeile\n東京\n".as_bytes(), "text/plain"),
        ("small.bmp", b"BM".as_slice(), "image/bmp"),
    ] {
        let mut announced = announcement(&id, "RED", bytes);
        announced["fileName"] = json!(name);
        add(&crew.red_tech, announced, bytes).await;
        let (_, files) = evidence(&viewer, &id).await;
        let file = files.iter().find(|file| file["fileName"] == name).expect("it is there");
        assert_eq!((&file["mediaType"], &file["sha256"]), (&json!(kind), &json!(sha256(bytes))));
        assert_eq!((&file["side"], &file["caption"]), (&json!("RED"), &json!("The alert")));
        let url = file["downloadUrl"].as_str().expect("a link");
        // The link is enough: no session goes with it.
        let answer = app.stranger().get(url).send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        let headers = answer.headers().clone();
        let disposition = headers["content-disposition"].to_str().expect("text");
        assert!(disposition.starts_with("attachment; filename=\""), "{disposition}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["content-security-policy"], "sandbox; default-src 'none'");
        assert!(headers["content-type"].to_str().expect("text").starts_with(kind));
        assert!(answer.bytes().await.expect("bytes") == bytes, "{name} comes out as it went in");
    }
    let (_, files) = evidence(&viewer, &id).await;
    assert_eq!((files.len(), place.stored().len()), (3, 3));

    // Confirming again changes nothing; the votes say what they saw.
    crew.red_tech.done("recordAttack", attack(&id)).await;
    crew.red_tech.done("submitExecution", json!({ "id": id })).await;
    crew.blue_tech.done("recordDetection", crate::story::detection(&id, "DETECTED")).await;
    crew.blue_tech.done("submitEvaluation", json!({ "id": id })).await;
    let ids: Vec<_> = files.iter().map(|file| file["evidenceId"].clone()).collect();
    let ballot = |seen: &[Value]| json!({ "id": id, "verdict": "APPROVED", "seenEvidenceIds": seen });
    let refused = crew.red_lead.refused("castVote", ballot(&ids[1..])).await;
    assert_eq!(refused.code, "CONFLICT");
    crew.red_lead.done("castVote", ballot(&ids)).await;
    let query = "query ($id: ID!) { test(id: $id) { rounds { votes { evidence { evidenceId sha256 } } } } }";
    let saw =
        viewer.read(query, json!({ "id": id })).await["test"]["rounds"][0]["votes"][0]["evidence"].clone();
    let mut digests: Vec<_> = files.iter().map(|file| file["sha256"].to_string()).collect();
    let mut seen: Vec<_> =
        saw.as_array().expect("files").iter().map(|file| file["sha256"].to_string()).collect();
    digests.sort();
    seen.sort();
    assert_eq!(seen, digests);
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_in_are_bytes_out_on_the_local_disk() {
    bytes_in_are_bytes_out(&Place::local().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_in_are_bytes_out_on_s3() {
    bytes_in_are_bytes_out(&Place::s3().await).await;
}

async fn nothing_wrong_is_kept(place: &Place) {
    let app = &place.app;
    let crew = app.crew().await;
    let red = &crew.red_tech;
    let id = executing(app, &crew).await;
    let bytes = image(200_000);
    let (version, _) = evidence(red, &id).await;

    // What is wrong is told before anything is sent.
    for (field, value, named) in [
        ("fileName", json!("run.exe"), "fileName"),
        ("fileName", json!("a\u{0}.png"), "fileName"),
        ("fileName", json!(format!("{}.png", "x".repeat(10_000))), "fileName"),
        ("fileName", json!("../.."), "fileName"),
        ("sizeBytes", json!(0), "sizeBytes"),
        ("sizeBytes", json!(51 * 1024 * 1024), "sizeBytes"),
        ("sha256", json!("abc"), "sha256"),
        ("caption", json!("x".repeat(201)), "caption"),
    ] {
        let mut announced = announcement(&id, "RED", &bytes);
        announced[field] = value;
        let refused = red.refused("requestEvidenceUpload", announced).await;
        assert_eq!((refused.code.as_str(), refused.field.as_str()), ("INVALID_INPUT", named), "{refused:?}");
    }
    let other_side = red.refused("requestEvidenceUpload", announcement(&id, "BLUE", &bytes)).await;
    assert_eq!(other_side.message, "Only the blue side and admins do that here.");

    // Names are made harmless.
    let mut announced = announcement(&id, "RED", &bytes);
    announced["fileName"] = json!("..\\..\\\u{202e}gnp.exe.png");
    let upload = red.done("requestEvidenceUpload", announced).await["upload"].clone();
    assert_eq!(upload["fileName"], "_gnp.exe.png");
    let url = upload["url"].as_str().expect("a link").to_owned();

    // Cut off at 1, 50 and 99 %.
    for percent in [1, 50, 99] {
        cut_off(app.url(), &url, &bytes, bytes.len() * percent / 100);
    }
    // Another file, a longer one, one of another kind, none.
    let mut other = bytes.clone();
    other[100_000] ^= 1;
    for (sent, why) in [
        (other, "SHA-256"),
        ([bytes.clone(), vec![0]].concat(), "were announced"),
        (vec![], "broke off after 0 of"),
    ] {
        let answer = put(red, &url, sent).await;
        assert_eq!(answer.status(), 400);
        let text = answer.text().await.expect("a text");
        assert!(text.contains(why), "{text}");
    }
    let mut executable = image(5_000);
    executable[..8].copy_from_slice(b"MZ\x90\0\x03\0\0\0");
    let renamed =
        red.done("requestEvidenceUpload", announcement(&id, "RED", &executable)).await["upload"].clone();
    let answer = put(red, renamed["url"].as_str().expect("a link"), executable).await;
    assert_eq!(answer.status(), 400);
    let text = answer.text().await.expect("a text");
    assert!(text.contains("named .png, but its content is not image/png"), "{text}");

    for upload in [&upload, &renamed] {
        let refused = red.refused("confirmEvidence", json!({ "uploadId": upload["id"] })).await;
        assert_eq!(refused.message, "The file has not been uploaded yet.", "nothing came");
    }
    assert_eq!(evidence(red, &id).await, (version, vec![]));
    eventually_empty(place);

    // A command id that was used before says nothing about the file.
    let answer = put(red, &url, bytes.clone()).await;
    assert_eq!(answer.status(), 200);
    let used = uuid::Uuid::now_v7();
    red.done("postComment", json!({ "subjectId": id, "text": "x", "clientMutationId": used })).await;
    let reused = json!({ "uploadId": upload["id"], "clientMutationId": used });
    assert_eq!(red.refused("confirmEvidence", reused).await.code, "CONFLICT");

    // What is refused when it is confirmed goes, too.
    assert_eq!(place.stored().len(), 1);
    crew.red_lead.done("recordAttack", attack(&id)).await;
    let moved_on = crew.red_lead.done("submitExecution", json!({ "id": id })).await;
    let refused = red.refused("confirmEvidence", json!({ "uploadId": upload["id"] })).await;
    assert_eq!(refused.code, "INVALID_STATE");
    assert_eq!(place.stored(), Vec::<PathBuf>::new());
    assert_eq!(evidence(red, &id).await.0, moved_on["test"]["version"].as_i64().expect("a version"));

    // Links are for one file, one purpose, one key.
    for wrong in
        [url.replace("token=", "token=x"), url.replace("/evidence/", "/evidence/x"), "/evidence".into()]
    {
        let status = put(red, &wrong, bytes[..100].to_vec()).await.status();
        assert!([400, 401, 404, 405].contains(&status.as_u16()), "{wrong}: {status}");
    }
    let status = app.stranger().get(&url).send().await.expect("an answer").status();
    assert_eq!(status, 401, "a link to put does not get");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_wrong_is_kept_on_the_local_disk() {
    nothing_wrong_is_kept(&Place::local().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_wrong_is_kept_on_s3() {
    nothing_wrong_is_kept(&Place::s3().await).await;
}

/// Sends the beginning of a file and hangs up.
fn cut_off(server: &str, path: &str, bytes: &[u8], sent: usize) {
    let address = server.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("the server answers");
    let head = format!("PUT {path} HTTP/1.1\r\nhost: {address}\r\ncontent-length: {}\r\n\r\n", bytes.len());
    stream.write_all(head.as_bytes()).expect("sent");
    stream.write_all(&bytes[..sent]).expect("sent");
    stream.shutdown(Shutdown::Write).expect("ended");
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// What was half written goes when the server has noticed.
fn eventually_empty(place: &Place) {
    for _ in 0..200 {
        if place.stored().is_empty() {
            return;
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    panic!("{:?} is still there", place.stored());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_may_put_a_file_straight_into_s3() {
    let place = Place::s3().await;
    let crew = place.app.crew().await;
    let red = &crew.red_tech;
    let id = executing(&place.app, &crew).await;
    let bytes = image(300_000);
    let upload = red.done("requestEvidenceUpload", announcement(&id, "RED", &bytes)).await["upload"].clone();
    let direct = upload["direct"].clone();
    let url = direct["url"].as_str().expect("a link").to_owned();
    let origin = format!("http://{}", place.s3.as_ref().expect("it is S3").endpoint());
    assert!(url.starts_with(&origin), "{url}");
    let page = place.app.stranger().get("/").send().await.expect("a page");
    let policy = page.headers()["content-security-policy"].to_str().expect("text").to_owned();
    assert!(policy.contains(&format!("connect-src 'self' {origin};")), "{policy}");

    let send = |bytes: Vec<u8>, with_headers: bool| {
        let mut request = reqwest::Client::new().put(&url).body(bytes);
        for header in direct["headers"].as_array().expect("headers").iter().filter(|_| with_headers) {
            let text = |name: &str| header[name].as_str().expect("text").to_owned();
            request = request.header(text("name"), text("value"));
        }
        request.send()
    };
    // The link is for this file: without its digest it opens nothing.
    assert_eq!(send(bytes.clone(), false).await.expect("an answer").status(), 403);
    assert_eq!(send(bytes.clone(), true).await.expect("an answer").status(), 200);
    red.done("confirmEvidence", json!({ "uploadId": upload["id"] })).await;
    let (_, files) = evidence(red, &id).await;
    assert_eq!(files[0]["sha256"], json!(sha256(&bytes)));
    let stored = place.stored();
    assert_eq!(stored.len(), 1, "{stored:?}");
    assert!(stored[0].parent().is_some_and(|folder| folder.ends_with("evidence")), "{stored:?}");

    // A server that checks no digest gets something else: it is found out and goes.
    let upload =
        red.done("requestEvidenceUpload", announcement(&id, "RED", &image(5_000))).await["upload"].clone();
    let other = image(5_000);
    let key = local_id(upload["id"].as_str().expect("an id"));
    fs::create_dir_all(place.files.join("incoming")).expect("a folder");
    fs::write(place.files.join("incoming").join(key), other).expect("written");
    let refused = red.refused("confirmEvidence", json!({ "uploadId": upload["id"] })).await;
    assert!(refused.message.contains("SHA-256"), "{refused:?}");
    assert_eq!(place.stored().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn removed_evidence_stays_on_record_and_is_handed_out_no_more() {
    let place = Place::local().await;
    let crew = place.app.crew().await;
    let id = executing(&place.app, &crew).await;
    let bytes = image(1_000);
    add(&crew.red_tech, announcement(&id, "RED", &bytes), &bytes).await;
    let (_, files) = evidence(&crew.red_tech, &id).await;
    let url = files[0]["downloadUrl"].as_str().expect("a link").to_owned();
    let input = json!({ "id": files[0]["id"], "reason": "It shows another host" });
    let refused = crew.blue_lead.refused("removeEvidence", input.clone()).await;
    assert_eq!(refused.code, "INVALID_STATE");
    crew.red_lead.done("removeEvidence", input).await;
    let (_, files) = evidence(&crew.red_tech, &id).await;
    assert_eq!(files[0]["removeReason"], "It shows another host");
    assert_eq!(files[0]["downloadUrl"], Value::Null);
    assert_eq!(place.app.stranger().get(&url).send().await.expect("an answer").status(), 404);
    assert_eq!(place.stored().len(), 1, "its bytes stay for a while");
}

async fn a_flipped_byte_is_found(place: &Place) {
    let crew = place.app.crew().await;
    let id = executing(&place.app, &crew).await;
    for size in [1_000, 70_000, 200_000] {
        let bytes = image(size);
        add(&crew.red_tech, announcement(&id, "RED", &bytes), &bytes).await;
    }
    let installation = place.app.installation();
    let verify = || installation.run(&["verify", "--evidence"]);
    let intact = verify();
    assert!(intact.status.success(), "{intact:?}");
    assert!(intact.stdout.contains("Every file of evidence is what it was: 3 hashed"), "{intact:?}");

    let file = place.stored().into_iter().find(|path| size_of(path) == 70_000).expect("the second file");
    let mut bytes = fs::read(&file).expect("read");
    bytes[69_999] ^= 0x10;
    fs::write(&file, &bytes).expect("written");
    let changed = verify();
    assert!(!changed.status.success(), "{changed:?}");
    let name = file.file_name().and_then(|name| name.to_str()).expect("a name");
    let line = changed.stdout.lines().find(|line| line.contains(name)).expect("it is named");
    assert!(line.contains("its SHA-256 is"), "{line}");
    fs::remove_file(&file).expect("removed");
    let missing = verify();
    assert!(missing.stdout.contains("it is not there"), "{missing:?}");
}

fn size_of(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |meta| meta.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_byte_is_found_on_the_local_disk() {
    a_flipped_byte_is_found(&Place::local().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_byte_is_found_on_s3() {
    a_flipped_byte_is_found(&Place::s3().await).await;
}

async fn a_killed_server_leaves_no_half_file(mut place: Place) {
    let crew = place.app.crew().await;
    let id = executing(&place.app, &crew).await;
    let bytes = image(2_000_000);
    let (version, _) = evidence(&crew.red_tech, &id).await;
    let upload =
        crew.red_tech.done("requestEvidenceUpload", announcement(&id, "RED", &bytes)).await["upload"].clone();
    let url = upload["url"].as_str().expect("a link").to_owned();
    let address = place.app.url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).expect("the server answers");
    let head = format!("PUT {url} HTTP/1.1\r\nhost: {address}\r\ncontent-length: {}\r\n\r\n", bytes.len());
    stream.write_all(head.as_bytes()).expect("sent");
    stream.write_all(&bytes[..1_500_000]).expect("sent");
    std::thread::sleep(Duration::from_millis(200));
    place.app.kill_and_restart();
    drop(stream);
    let red = place.app.sign_in("red_tech", crate::app::PASSWORD).await;
    assert_eq!(evidence(&red, &id).await, (version, vec![]), "no event");
    // Until its claim is over, the killed process is thought to be at it.
    let mut refused = red.refused("confirmEvidence", json!({ "uploadId": upload["id"] })).await;
    for _ in 0..12 {
        if refused.code != "CONFLICT" {
            break;
        }
        refused = red.refused("confirmEvidence", json!({ "uploadId": upload["id"] })).await;
    }
    assert_eq!(refused.message, "The file has not been uploaded yet.");
    let whole: Vec<_> =
        place.stored().into_iter().filter(|path| !path.to_string_lossy().contains('#')).collect();
    assert_eq!(whole, Vec::<PathBuf>::new(), "no object");
    // The same link still serves, and what was left of the first try is no obstacle.
    let answer = put(&red, &url, bytes.clone()).await;
    assert_eq!(answer.status(), 200, "{}", answer.text().await.expect("a text"));
    assert_eq!(place.stored().len(), 1, "what was half written is gone: {:?}", place.stored());
    // The killed process may still be thought to feed the read models for some seconds.
    let confirmed = red.mutate("confirmEvidence", json!({ "uploadId": upload["id"] })).await;
    assert_eq!(confirmed.payload()["userErrors"], json!([]));
    for _ in 0..400 {
        if let [file] = evidence(&red, &id).await.1.as_slice() {
            assert_eq!(file["sha256"], json!(sha256(&bytes)));
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the evidence never came into view");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_leaves_no_half_file_on_the_local_disk() {
    a_killed_server_leaves_no_half_file(Place::local().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_leaves_no_half_file_on_s3() {
    a_killed_server_leaves_no_half_file(Place::s3().await).await;
}
