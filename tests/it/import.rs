//! Taking ATT&CK in: over HTTP and by the command line, made-up bundles and the real ones.

use crate::app::TestApp;
use crate::client::{Answer, User};
use crate::process::{Installation, STOPPED_WITHIN, eventually, is_alive};
use crate::shape::redacted;
use aegis_aggregates::actor::Role;
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

const RELEASE: &str = "{ attackRelease {
    version domain digest techniques subTechniques tactics cells threatActors actorTechniqueUses revoked deprecated } }";

/// Brings a file and has it taken in; the job once it has ended, and its states on the way.
async fn import(user: &User, name: &str, bytes: Vec<u8>) -> (Value, Vec<Value>) {
    let uploaded = user.client.upload(name, bytes).await;
    assert_eq!(uploaded.status, 200, "{}", uploaded.body);
    let input = json!({ "source": "ATTACK_ENTERPRISE", "uploadId": uploaded.body["uploadId"] });
    let requested = user.done("importFile", input).await;
    let id = &requested["job"]["id"];
    assert!(id.is_string(), "the job is there at once: {requested}");
    let seen = watched(user, id).await;
    let query = "query ($id: ID!) { job(id: $id) {
        kind title state done total error attempts rejectCount cancelRequested result
        requestedBy { name } requestedAt startedAt finishedAt rejects { totalCount nodes { number record reason } } } }";
    (user.read(query, json!({ "id": id })).await["job"].clone(), seen)
}

/// The states of a job until it has ended.
pub async fn watched(user: &User, id: &Value) -> Vec<Value> {
    let query = "subscription ($id: ID!) { jobProgress(id: $id) { state done total current } }";
    let mut progress = user.client.subscribe(query, json!({ "id": id })).await;
    let mut seen = vec![];
    while let Some(result) = progress.next().await {
        assert_eq!(result.get("errors"), None, "{result}");
        seen.push(result["data"]["jobProgress"].clone());
    }
    seen
}

async fn release(user: &User) -> Value {
    user.read(RELEASE, json!({})).await["attackRelease"].clone()
}

/// The real inputs, where they are.
fn real(file: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(file);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is absent", path.display());
    None
}

/// A STIX id that is the same for the same kind and number.
fn stix_id(kind: &str, number: u32) -> String {
    format!("{kind}--00000000-0000-4000-8000-{number:012}")
}

fn object(kind: &str, number: u32, attack_id: &str, more: Value) -> Value {
    let mut object = json!({
        "type": kind, "id": stix_id(kind, number), "spec_version": "2.1",
        "name": format!("{attack_id} by name"), "description": format!("{attack_id}, as a test tells it."),
        "x_mitre_domains": ["enterprise-attack"],
        "external_references": [{ "source_name": "mitre-attack", "external_id": attack_id }],
    });
    object.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    object
}

fn technique(number: u32, attack_id: &str, tactics: &[&str], more: Value) -> Value {
    let phases: Vec<Value> = tactics
        .iter()
        .map(|tactic| json!({ "kill_chain_name": "mitre-attack", "phase_name": tactic }))
        .collect();
    let mut technique = object("attack-pattern", number, attack_id, more);
    technique["kill_chain_phases"] = phases.into();
    technique
}

fn relationship(number: u32, kind: &str, source: &str, target: &str) -> Value {
    json!({
        "type": "relationship", "id": stix_id("relationship", number), "spec_version": "2.1",
        "relationship_type": kind, "source_ref": source, "target_ref": target,
    })
}

/// A small release: two tactics, two techniques of which the second may be
/// revoked in favour of the first's sub-technique, a group that uses both.
pub fn bundle(version: &str, revoked: bool, more: &[Value]) -> Vec<u8> {
    let pattern = |number| stix_id("attack-pattern", number);
    let group = stix_id("intrusion-set", 1);
    let mut objects = vec![
        json!({ "type": "x-mitre-collection", "id": stix_id("x-mitre-collection", 1), "name": "Enterprise ATT&CK",
                "x_mitre_version": version }),
        json!({ "type": "x-mitre-matrix", "id": stix_id("x-mitre-matrix", 1), "name": "Enterprise ATT&CK",
                "external_references": [{ "source_name": "mitre-attack", "external_id": "enterprise-attack" }],
                "tactic_refs": [stix_id("x-mitre-tactic", 2), stix_id("x-mitre-tactic", 1)] }),
        object("x-mitre-tactic", 1, "TA0001", json!({ "x_mitre_shortname": "impact" })),
        object("x-mitre-tactic", 2, "TA0002", json!({ "x_mitre_shortname": "execution" })),
        technique(1, "T1001", &["execution", "impact"], json!({ "x_mitre_platforms": ["Linux"] })),
        technique(2, "T1001.001", &["execution"], json!({ "x_mitre_is_subtechnique": true })),
        technique(3, "T1002", &["impact"], json!({ "revoked": revoked })),
        object("intrusion-set", 1, "G0001", json!({ "aliases": ["Quiet Otter"] })),
        relationship(1, "subtechnique-of", &pattern(2), &pattern(1)),
        relationship(2, "uses", &group, &pattern(1)),
        relationship(3, "uses", &group, &pattern(3)),
    ];
    if revoked {
        objects.push(relationship(4, "revoked-by", &pattern(3), &pattern(2)));
    }
    objects.extend(more.iter().cloned());
    json!({ "type": "bundle", "id": stix_id("bundle", 1), "objects": objects }).to_string().into_bytes()
}

/// However many nodes a list has, what is nested in them is fetched together.
#[tokio::test(flavor = "multi_thread")]
async fn nested_lists_cost_a_query_for_a_level_not_for_a_node() {
    let app = TestApp::start_with(|settings| settings.set("RUST_LOG", "sqlx::query=debug")).await;
    let (admin, red) = (app.login(Role::Admin).await, app.login(Role::RedTech).await);
    const NODES: u32 = 12;
    let mut more = vec![object("tool", 1, "S0001", json!({})), object("malware", 2, "S0002", json!({}))];
    for n in 10..10 + NODES {
        let pattern = stix_id("attack-pattern", n);
        more.push(technique(n, &format!("T12{n}"), &["impact"], json!({})));
        more.push(technique(
            n + 50,
            &format!("T12{n}.001"),
            &["impact"],
            json!({ "x_mitre_is_subtechnique": true }),
        ));
        more.push(relationship(n + 50, "subtechnique-of", &stix_id("attack-pattern", n + 50), &pattern));
        more.push(object("intrusion-set", n, &format!("G00{n}"), json!({})));
        // Each group uses its own technique and the next; each technique is used by one of two tools.
        let next = stix_id("attack-pattern", 10 + (n - 9) % NODES);
        more.push(relationship(n + 100, "uses", &stix_id("intrusion-set", n), &pattern));
        more.push(relationship(n + 200, "uses", &stix_id("intrusion-set", n), &next));
        let tool = if n % 2 == 0 { stix_id("tool", 1) } else { stix_id("malware", 2) };
        more.push(relationship(n + 300, "uses", &tool, &pattern));
    }
    let (job, _) = import(&admin, "wide.json", bundle("99.1", false, &more)).await;
    assert_eq!((&job["state"], &job["rejectCount"]), (&json!("SUCCEEDED"), &json!(0)), "{job}");
    for n in 10..10 + NODES {
        app.draft_test(&red, &format!("T12{n}")).await;
    }
    let id = app.draft_test(&red, "T1210").await;
    red.done("startExecution", json!({ "id": id })).await;

    let mark = app.server().errors().len();
    let techniques =
        "{ techniques(first: 40, filter: { search: \"T12\", includeSubTechniques: false }) { nodes {
        attackId subTechniques { attackId } software { name kind }
        threatActors { attackId techniques { attackId } }
        tests(first: 1) { totalCount pageInfo { hasNextPage } nodes { number state } } } } }";
    let found = red.read(techniques, json!({})).await["techniques"]["nodes"].clone();
    let tests =
        "{ tests(first: 40) { nodes { number version availableActions rounds { number executionStartedAt }
        timeline(first: 1) { totalCount nodes { type } } } } }";
    let listed = red.read(tests, json!({})).await["tests"]["nodes"].clone();
    let log = app.server().errors().split_off(mark);
    for (statement, most) in [
        // Three kinds of use.
        ("from attack_uses", 3),
        ("parent = any", 1),
        ("partition by live_technique_id", 1),
        ("from test_rounds", 1),
        ("from test_votes", 1),
        ("group by p.story", 1),
        ("order by s.story, l.position", 1),
        ("order by aggregate_id, sequence", 1),
    ] {
        let count = log.lines().filter(|line| line.contains(statement)).count();
        // More than once, where a busy machine pauses between two nodes; far from once for each.
        let most = (2 * most).max(NODES as usize / 3);
        assert!((1..=most).contains(&count), "{statement}: {count} queries\n{log}");
    }

    // And each node gets its own, in order.
    let found = found.as_array().expect("techniques");
    assert_eq!(found.len(), NODES as usize);
    let name = |n: u32| format!("T12{n}");
    for (node, n) in found.iter().zip(10..) {
        let (group, before) = (format!("G00{n}"), if n == 10 { 9 + NODES } else { n - 1 });
        let mut actors = [(format!("G00{before}"), before), (group, n)];
        actors.sort();
        let uses = |n: u32| {
            let mut uses = vec![name(n), name(10 + (n - 9) % NODES)];
            uses.sort();
            uses.into_iter().map(|id| json!({ "attackId": id })).collect::<Vec<_>>()
        };
        let actors: Vec<Value> =
            actors.iter().map(|(id, n)| json!({ "attackId": id, "techniques": uses(*n) })).collect();
        let (tool, kind) = if n % 2 == 0 { ("S0001", "TOOL") } else { ("S0002", "MALWARE") };
        assert_eq!(node["attackId"], name(n));
        assert_eq!(node["threatActors"], json!(actors), "{n}");
        assert_eq!(node["software"], json!([{ "name": format!("{tool} by name"), "kind": kind }]));
        assert_eq!(node["subTechniques"], json!([{ "attackId": format!("T12{n}.001") }]));
        let tests = &node["tests"];
        let twice = n == 10;
        assert_eq!(
            (&tests["totalCount"], &tests["pageInfo"]["hasNextPage"]),
            (&json!(1 + i32::from(twice)), &json!(twice))
        );
        let newest = if twice { (NODES + 1, "RED_EXECUTING") } else { (n - 9, "DRAFT") };
        assert_eq!(tests["nodes"], json!([{ "number": newest.0, "state": newest.1 }]));
    }
    let listed = listed.as_array().expect("tests");
    assert_eq!(listed.len(), NODES as usize + 1);
    for test in listed {
        let started = test["number"] == NODES + 1;
        let actions = if started {
            json!(["RECORD_ATTACK", "PAUSE_WORK", "ADD_RED_EVIDENCE", "REVISE"])
        } else {
            json!(["START_EXECUTION", "ADD_RED_EVIDENCE", "REVISE", "ARCHIVE"])
        };
        assert_eq!(test["availableActions"], actions);
        assert_eq!(test["rounds"].as_array().map(Vec::len), Some(1));
        assert_eq!(test["rounds"][0]["executionStartedAt"].is_string(), started);
        assert_eq!(test["timeline"]["totalCount"], test["version"]);
        assert_eq!(test["timeline"]["nodes"], json!([{ "type": "TestDrafted" }]));
    }
}

const WHERE: &str = "query ($id: ID!) { test(id: $id) { draftedAttackId technique { attackId } draftedAgainst { attackId lifecycle } } }";
const TESTS_AT: &str = "query ($attackId: String!) { technique(attackId: $attackId) {
    attackId lifecycle successor { attackId } coverage { status tests } tests { totalCount nodes { id draftedAttackId } } } }";

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_release_keeps_every_test_on_its_technique() {
    let app = TestApp::start().await;
    let (admin, red) = (app.login(Role::Admin).await, app.login(Role::RedTech).await);
    let starter = release(&admin).await;
    assert_eq!((&starter["version"], &starter["tactics"]), (&json!("starter"), &json!(14)));
    let before_positions =
        admin.read("{ heatmap { sealedAt } }", json!({})).await["heatmap"]["sealedAt"].clone();

    // What a record refuses is listed, and the rest goes in.
    let wrong = [
        relationship(90, "uses", &stix_id("intrusion-set", 1), &stix_id("attack-pattern", 99)),
        technique(91, "not an id", &["impact"], json!({})),
        object("intrusion-set", 92, "G0092", json!({ "name": 7 })),
        json!({ "type": "attack-pattern" }),
        json!(5),
    ];
    let (job, seen) = import(&admin, "old.json", bundle("99.1", false, &wrong)).await;
    assert_eq!(job["state"], "SUCCEEDED", "{job}");
    assert_eq!(seen.last().expect("an end")["state"], "SUCCEEDED");
    insta::assert_json_snapshot!("job_with_rejects", {
        let mut job = redacted(&job);
        for volatile in ["took_ms", "waited_ms", "digest", "upgrade"] {
            job["result"][volatile] = json!(format!("[{volatile}]"));
        }
        job
    });
    let old = release(&admin).await;
    for (name, count) in [
        ("techniques", 2),
        ("subTechniques", 1),
        ("tactics", 2),
        ("cells", 4),
        ("threatActors", 1),
        ("actorTechniqueUses", 2),
    ] {
        assert_eq!(old[name], count, "{name}: {old}");
    }

    let id = app.draft_test(&red, "T1002").await;
    let found = red.read(WHERE, json!({ "id": id })).await;
    assert_eq!(
        found["test"],
        json!({ "draftedAttackId": "T1002", "technique": { "attackId": "T1002" }, "draftedAgainst": null })
    );

    // Packed or plain, the same content is the same release, and no news.
    let position = admin.read("{ systemStatus { ledgerPosition } }", json!({})).await;
    let mut zip = zip_of("bundle.json", &bundle("99.1", false, &[]));
    let (job, _) = import(&admin, "old.zip", std::mem::take(&mut zip)).await;
    assert_eq!((&job["state"], &job["result"]["changed"]), (&json!("SUCCEEDED"), &json!(false)), "{job}");
    assert_eq!(release(&admin).await, old);
    let after = admin.read("{ systemStatus { ledgerPosition } }", json!({})).await;
    let moved = |status: &Value| status["systemStatus"]["ledgerPosition"].as_i64().expect("a position");
    assert_eq!(moved(&after) - moved(&position), 1, "only the request is new");

    let (job, _) = import(&admin, "new.json", bundle("99.2", true, &[])).await;
    assert_eq!((&job["state"], &job["result"]["changed"]), (&json!("SUCCEEDED"), &json!(true)), "{job}");
    let new = release(&admin).await;
    assert_eq!(
        (&new["version"], &new["techniques"], &new["revoked"], &new["actorTechniqueUses"]),
        (&json!("99.2"), &json!(1), &json!(1), &json!(1))
    );
    let found = red.read(WHERE, json!({ "id": id })).await;
    assert_eq!(
        found["test"],
        json!({ "draftedAttackId": "T1002", "technique": { "attackId": "T1001.001" },
                "draftedAgainst": { "attackId": "T1002", "lifecycle": "REVOKED" } })
    );
    let live = red.read(TESTS_AT, json!({ "attackId": "T1001.001" })).await["technique"].clone();
    assert_eq!(
        live["tests"],
        json!({ "totalCount": 1, "nodes": [{ "id": id, "draftedAttackId": "T1002" }] })
    );
    assert_eq!(live["coverage"], json!({ "status": "IN_PROGRESS", "tests": 1 }));
    let retired = red.read(TESTS_AT, json!({ "attackId": "T1002" })).await["technique"].clone();
    assert_eq!(
        (&retired["lifecycle"], &retired["successor"]["attackId"]),
        (&json!("REVOKED"), &json!("T1001.001"))
    );
    let refused = red.refused("draftTest", json!({ "attackId": "T1002", "title": "On a retired one" })).await;
    assert_eq!((refused.code.as_str(), refused.field.as_str()), ("INVALID_INPUT", "attackId"));

    // The past has the release of its time.
    let past = "query ($asOf: DateTime) { attackRelease(asOf: $asOf) { version } }";
    let then = admin.read(past, json!({ "asOf": before_positions })).await;
    assert_eq!(then["attackRelease"]["version"], "starter");
}

fn zip_of(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(vec![]));
    zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("a zip in memory");
    zip.write_all(bytes).expect("a zip in memory");
    zip.finish().expect("a zip in memory").into_inner()
}

/// How many files lie in a folder and those in it.
fn files_below(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| if entry.path().is_dir() { files_below(&entry.path()) } else { 1 }).sum()
}

/// What a server says to a file of so many bytes, of which none comes.
fn announced_upload(app: &TestApp, token: &str, bytes: u64) -> String {
    let address = app.url().strip_prefix("http://").expect("an address");
    let mut stream = std::net::TcpStream::connect(address).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a limit");
    let head = format!(
        "POST /uploads HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\ncontent-length: {bytes}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("the server reads");
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).expect("the server answers");
    line
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_files_change_nothing_and_say_why() {
    let app = TestApp::start().await;
    let admin = app.login(Role::Admin).await;
    let before = release(&admin).await;
    let whole = bundle("99.1", false, &[]);
    let deep = format!("{{\"type\":\"bundle\",\"objects\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let twice = technique(1, "T1009", &["impact"], json!({}));
    let text = String::from_utf8(whole.clone()).expect("UTF-8");
    let of = |domain: &str, chain: &str| {
        text.replace("enterprise-attack", domain)
            .replace("\"kill_chain_name\":\"mitre-attack\"", chain)
            .into_bytes()
    };
    let mobile = of("mobile-attack", "\"kill_chain_name\":\"mitre-mobile-attack\"");
    let moon = of("moon-attack", "\"kill_chain_name\":\"mitre-attack\"");
    let no_version = bundle("", false, &[]);
    for (name, bytes, says) in [
        ("cut.json", whole[..whole.len() / 2].to_vec(), "cut short"),
        ("cut.zip", zip_of("bundle.json", &whole)[..200].to_vec(), "zip"),
        ("deep.json", deep.into_bytes(), "too deeply"),
        ("plain.txt", b"hello".to_vec(), "neither a JSON bundle"),
        ("bytes.json", vec![b'{', 0xff, 0xfe], "UTF-8"),
        ("list.json", b"[1, 2]".to_vec(), "not a STIX bundle"),
        ("empty.json", b"{}".to_vec(), "not a STIX bundle"),
        (
            "none.json",
            b"{\"type\":\"bundle\",\"id\":\"bundle--00000000-0000-4000-8000-000000000001\",\"objects\":[]}"
                .to_vec(),
            "no ATT&CK techniques",
        ),
        ("mobile.json", mobile, "mobile-attack"),
        ("moon.json", moon, "domain"),
        ("version.json", no_version, "version"),
        ("folder.zip", zip_of("readme.md", b"hello"), "no .json bundle"),
    ] {
        let (job, _) = import(&admin, name, bytes).await;
        assert_eq!(job["state"], "FAILED", "{name}: {job}");
        let error = job["error"].as_str().expect("a reason");
        assert!(error.contains(says), "{name}: {error}");
        assert_eq!(job["attempts"], 1, "{name}: what cannot be read is not tried again");
        assert_eq!(release(&admin).await, before, "{name}");
    }
    // Two objects of one id: one is refused, by name.
    let (job, _) = import(&admin, "twice.json", bundle("99.1", false, &[twice])).await;
    assert_eq!(job["state"], "SUCCEEDED", "{job}");
    assert_eq!(job["rejectCount"], 1, "{job}");
    assert_eq!(job["rejects"]["nodes"][0]["record"], stix_id("attack-pattern", 1));

    // Uploads.
    let empty = admin.client.upload("x.json", vec![]).await;
    assert_eq!((empty.status, empty.code()), (400, Some("INVALID_INPUT")));
    // Announced as too large, a file is refused before any of it comes; unannounced, once it is.
    let kept = || files_below(&app.installation().data_dir().join("objects/imports"));
    let before = kept();
    assert!(announced_upload(&app, &admin.token, 300 << 20).starts_with("HTTP/1.1 413 "));
    let chunks = (0..256).map(|_| vec![b' '; 1 << 20]).chain([vec![b' ']]).map(Ok::<_, std::io::Error>);
    let unannounced =
        admin.client.post("/uploads").header("aegis-request", "1").timeout(Duration::from_secs(300));
    let body = reqwest::Body::wrap_stream(futures::stream::iter(chunks));
    let refused = Answer::to(unannounced.body(body)).await;
    assert_eq!((refused.status, refused.code()), (413, Some("LIMIT_EXCEEDED")));
    assert_eq!(kept(), before, "nothing is kept of either");
    let missing = admin
        .refused("importFile", json!({ "source": "ATTACK_ENTERPRISE", "uploadId": uuid::Uuid::new_v4() }))
        .await;
    assert_eq!((missing.code.as_str(), missing.field.as_str()), ("INVALID_INPUT", "uploadId"));
    let named = admin.client.upload("../../etc/passwd", b"{}".to_vec()).await;
    assert_eq!(named.status, 200, "the name is cleaned, not obeyed");

    // Failed ones can be tried again, ended ones not stopped.
    let jobs = admin.read("{ jobs { totalCount nodes { id state } } }", json!({})).await["jobs"].clone();
    assert_eq!(jobs["totalCount"], 13);
    let (newest, failed) = (&jobs["nodes"][0], &jobs["nodes"][1]);
    assert_eq!((&newest["state"], &failed["state"]), (&json!("SUCCEEDED"), &json!("FAILED")));
    assert_eq!(admin.refused("retryJob", json!({ "id": newest["id"] })).await.code, "INVALID_STATE");
    assert_eq!(admin.refused("cancelJob", json!({ "id": newest["id"] })).await.code, "INVALID_STATE");
    let again = admin.done("retryJob", json!({ "id": failed["id"] })).await;
    assert!(matches!(again["job"]["state"].as_str(), Some("QUEUED" | "RUNNING" | "FAILED")), "{again}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_real_attack_is_counted_as_mitre_counts_it() {
    let (Some(old), Some(new)) =
        (real("enterprise-attack-14.1.json.zst"), real("enterprise-attack-18.1.json.zst"))
    else {
        return;
    };
    let app = TestApp::start().await;
    let (admin, red) = (app.login(Role::Admin).await, app.login(Role::RedTech).await);
    let crew = app.crew().await;

    // 14.1 by the command line, beside the running server.
    let said = app.installation().run(&["import", "attack", old.to_str().expect("UTF-8")]).printed();
    assert!(
        said.contains("ATT&CK Enterprise 14.1 is in force now: 3232 actor technique uses, 141 actors"),
        "{said}"
    );
    let counts = |release: &Value| {
        ["techniques", "subTechniques", "tactics", "cells", "threatActors", "actorTechniqueUses"]
            .map(|name| release[name].as_i64().expect("a count"))
    };
    assert_eq!(counts(&release(&admin).await), [201, 424, 14, 812, 141, 3232]);

    let side_loading = app.draft_test(&red, "T1574.002").await;
    let validated = app.test_in_review(&crew, "T1574.002", "DETECTED").await;
    app.cast_vote(&crew.red_lead, &validated, "APPROVED").await;
    app.cast_vote(&crew.blue_lead, &validated, "APPROVED").await;
    let stays = app.draft_test(&red, "T1059.001").await;
    let before = admin.read("{ heatmap { sealedAt } }", json!({})).await["heatmap"]["sealedAt"].clone();

    // 18.1 by upload.
    let name = "enterprise-attack-18.1.json.zst";
    let (job, seen) = import(&admin, name, std::fs::read(&new).expect("it reads")).await;
    assert_eq!((&job["state"], &job["rejectCount"]), (&json!("SUCCEEDED"), &json!(0)), "{job}");
    assert!(seen.iter().any(|progress| progress["state"] == "RUNNING"), "its progress was shown: {seen:?}");
    assert_eq!((&job["done"], &job["total"]), (&job["total"], &job["done"]));
    let in_force = release(&admin).await;
    assert_eq!(counts(&in_force), [216, 475, 14, 887, 172, 4362]);
    assert_eq!(
        (&in_force["version"], &in_force["revoked"], &in_force["deprecated"]),
        (&json!("18.1"), &json!(132), &json!(12))
    );

    // The lists say the same as the counts.
    let lists = "{ techniques(first: 1000) { totalCount nodes { attackId } } tactics { ordinal shortName }
                   threatActors { totalCount } heatmap { coverage { total } tactics { cells { attackId } } } }";
    let lists = admin.read(lists, json!({})).await;
    assert_eq!(lists["techniques"]["totalCount"], 216 + 475);
    assert_eq!(lists["techniques"]["nodes"].as_array().map(Vec::len), Some(691));
    assert_eq!(lists["threatActors"]["totalCount"], 172);
    let columns = lists["heatmap"]["tactics"].as_array().expect("columns");
    assert_eq!(
        columns.iter().map(|column| column["cells"].as_array().expect("cells").len()).sum::<usize>(),
        887
    );
    assert_eq!(lists["heatmap"]["coverage"]["total"], 691);
    let order: Vec<_> = lists["tactics"]
        .as_array()
        .expect("tactics")
        .iter()
        .map(|tactic| tactic["shortName"].clone())
        .collect();
    assert_eq!((&order[0], &order[13]), (&json!("reconnaissance"), &json!("impact")), "in matrix order");

    // One technique went; its tests stand at its successor.
    let found = red.read(WHERE, json!({ "id": side_loading })).await["test"].clone();
    assert_eq!(
        found,
        json!({ "draftedAttackId": "T1574.002", "technique": { "attackId": "T1574.001" },
                "draftedAgainst": { "attackId": "T1574.002", "lifecycle": "REVOKED" } })
    );
    let live = red.read(TESTS_AT, json!({ "attackId": "T1574.001" })).await["technique"].clone();
    assert_eq!(live["coverage"], json!({ "status": "VALIDATED", "tests": 2 }));
    assert_eq!(live["tests"]["totalCount"], 2);
    let found = red.read(WHERE, json!({ "id": stays })).await["test"].clone();
    assert_eq!(
        (&found["technique"]["attackId"], &found["draftedAgainst"]),
        (&json!("T1059.001"), &Value::Null)
    );
    let past = "query ($asOf: DateTime) { attackRelease(asOf: $asOf) { version techniques }
        technique(attackId: \"T1574.002\", asOf: $asOf) { lifecycle coverage { status tests } } }";
    assert_eq!(
        admin.read(past, json!({ "asOf": before })).await,
        json!({ "attackRelease": { "version": "14.1", "techniques": 201 },
                "technique": { "lifecycle": "ACTIVE", "coverage": { "status": "VALIDATED", "tests": 2 } } })
    );

    // Again changes nothing, and the record is what it was.
    let said = app.installation().run(&["import", "attack", new.to_str().expect("UTF-8")]).printed();
    assert!(said.contains("18.1 was in force already: nothing changed"), "{said}");
    assert_eq!(release(&admin).await, in_force);
    app.installation().run(&["verify"]).printed();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_imports_without_a_server_too() {
    let database = crate::app::TestDatabase::create().await;
    let folder = crate::process::folder();
    let aegis = Installation::new(folder.path().join("data")).set("DATABASE_URL", database.url());
    let file = folder.path().join("bundle.json");
    std::fs::write(&file, bundle("99.1", true, &[json!({ "type": "attack-pattern" })]))
        .expect("the folder can be written");
    let file = file.to_str().expect("UTF-8");
    let said = aegis.run(&["import", "attack", file]).printed();
    assert!(
        said.contains("ATT&CK Enterprise 99.1 is in force now: 1 actor technique uses, 1 actors, 3 cells"),
        "{said}"
    );
    assert!(said.contains("refused: object #"), "{said}");
    let said = aegis.run(&["import", "attack", file]).printed();
    assert!(said.contains("was in force already"), "{said}");

    std::fs::write(folder.path().join("bad.json"), b"{").expect("the folder can be written");
    let bad = folder.path().join("bad.json");
    let said = aegis.run(&["import", "attack", bad.to_str().expect("UTF-8")]).complained();
    assert!(said.contains("nothing was changed") && said.contains("cut short"), "{said}");
    let said = aegis.run(&["import", "attack", "/nowhere/at/all.json"]).complained();
    assert!(said.contains("/nowhere/at/all.json"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stuck_job_does_not_hold_the_server() {
    let app = TestApp::start().await;
    let admin = app.login(Role::Admin).await;
    let pool = app.pool().await;
    // Storing waits for this lock, and so does the connection that stores.
    let mut lock = pool.begin().await.expect("begun");
    sqlx::raw_sql("lock table attack_contents in exclusive mode").execute(&mut *lock).await.expect("locked");
    let uploaded = admin.client.upload("bundle.json", bundle("99.1", false, &[])).await;
    let input = json!({ "source": "ATTACK_ENTERPRISE", "uploadId": uploaded.body["uploadId"] });
    admin.done("importFile", input).await;
    let waits = "select count(*) from pg_locks where relation = 'attack_contents'::regclass and not granted";
    while sqlx::query_scalar::<_, i64>(waits).fetch_one(&pool).await.expect("counted") == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let server = app.server();
    server.signal(Signal::SIGTERM);
    eventually("it has ended", STOPPED_WITHIN, || !is_alive(server.pid()));
    lock.rollback().await.expect("unlocked");
}
