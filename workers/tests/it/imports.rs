//! From request to release.

use crate::bundle::{self, COUNTS};
use crate::house::{House, eventually};
use aegis_aggregates::ids::JobId;
use aegis_aggregates::knowledge::{ImportRequest, KnowledgeAction};
use aegis_objects::evidence::Announced;
use aegis_objects::put_import;
use aegis_projections::evidence::{self, Entered, EvidenceUpload};
use aegis_projections::jobs::{self, JobRecord, Upload};
use aegis_workers::leftovers;
use aegis_workers::starter::{self, ensure_starter};
use bytes::Bytes;
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::time::Duration;
use uuid::Uuid;

#[sqlx::test(migrations = false)]
async fn a_requested_file_becomes_the_release_in_force(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let engine = house.engine().await;
    let request = house.request("mini-9.1.json", bundle::release("9.1")).await;
    let (job, result) = house.succeeded(&request).await;

    assert_eq!((result.version.as_str(), result.changed, result.rejects), ("9.1", true, 0));
    let counts = result.counts;
    let names = ["techniques", "sub_techniques", "tactics", "cells", "actors", "actor_technique_uses"];
    let seen = names.map(|name| i32::try_from(counts[name]).expect("few"));
    let (a, b, c, d, e, f) = COUNTS;
    assert_eq!(seen, [a, b, c, d, e, f]);
    assert_eq!(
        (job.kind.as_str(), job.title.as_str()),
        ("import", "Import ATT&CK Enterprise from mini-9.1.json")
    );
    assert_eq!((job.attempts, job.reject_count, job.done, job.total), (1, 0, 22, Some(22)));
    assert_eq!(job.requested_by.as_u128(), 7);
    assert!(job.requested_position > 0 && result.waited_ms >= 0);
    let release = house.in_force(&engine).await.expect("a release");
    assert_eq!((release.version, release.digest), ("9.1".to_owned(), result.digest));
    assert_eq!(Some(release.position), result.position);
    assert!(engine.reactor_reached().borrow().position >= job.requested_position);
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn the_same_content_again_changes_nothing_and_says_so(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let engine = house.engine().await;
    let first = house.request("mini.json", bundle::release("9.1")).await;
    let (_, first) = house.succeeded(&first).await;
    let mut objects = bundle::objects("9.1");
    objects.reverse();
    let again = house.request("mini-in-another-order.json", bundle::bundle(&objects)).await;
    let (_, again) = house.succeeded(&again).await;

    assert_eq!((again.changed, again.position, again.digest), (false, None, first.digest));
    assert_eq!(house.releases().await, 1);
    assert_eq!(house.count("select count(*) from attack_contents").await, 1);
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn bad_files_fail_with_a_clear_error_and_leave_nothing(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let engine = house.engine().await;
    let whole = bundle::release("9.1");
    let mobile = String::from_utf8(whole.clone()).expect("text");
    let mobile =
        mobile.replace("\"kill_chain_name\":\"mitre-attack\"", "\"kill_chain_name\":\"mitre-mobile-attack\"");
    let mobile = mobile.replace("enterprise-attack", "mobile-attack");
    let nul = String::from_utf8(whole.clone()).expect("text").replace("As a test tells it.", "a\\u0000b");
    let files = [
        ("cut.json", whole[..whole.len() / 2].to_vec(), "cut short"),
        ("other.json", br#"{"type": "report", "objects": []}"#.to_vec(), "not a STIX bundle"),
        ("deep.json", "[".repeat(100_000).into_bytes(), "nested too deeply"),
        ("deep-inside.json", deep_inside(), "nested too deeply"),
        ("words.json", b"hello".to_vec(), "neither a JSON bundle"),
        ("picture.png", b"\x89PNG\r\n\x1a\n".to_vec(), "neither a JSON bundle"),
        ("mobile-attack-9.1.json", mobile.into_bytes(), "the bundle is of mobile-attack"),
        ("nul.json", nul.into_bytes(), "has a NUL character"),
    ];
    for (name, bytes, clear) in files {
        let request = house.request(name, bytes).await;
        let job = house.ended(&request).await;
        assert_eq!(job.state, "failed", "{name}");
        let error = job.error.expect("an error");
        println!("{name}: {error}");
        assert!(error.contains(clear), "{name}: {error}");
        assert_eq!(job.attempts, 1, "{name} is not tried again");
    }
    assert_eq!(house.releases().await, 0);
    assert_eq!(house.count("select count(*) from attack_contents").await, 0);
    engine.shutdown().await;
}

fn deep_inside() -> Vec<u8> {
    let mut text =
        String::from(r#"{"type": "bundle", "id": "bundle--1", "objects": [{"type": "attack-pattern", "x": "#);
    text.push_str(&"[".repeat(100_000));
    text.push_str(&"]".repeat(100_000));
    text.push_str("}]}");
    text.into_bytes()
}

#[sqlx::test(migrations = false)]
async fn refused_records_are_listed_and_the_rest_goes_in(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let engine = house.engine().await;
    let mut objects = bundle::objects("9.1");
    objects.push(bundle::relationship(
        9,
        "uses",
        &bundle::id("intrusion-set", 1),
        &bundle::id("attack-pattern", 99),
    ));
    objects.push(json!({"type": "attack-pattern", "name": "without an id"}));
    objects.push(bundle::technique(1, "T9001", &["execution"]));
    let request = house.request("mini.json", bundle::bundle(&objects)).await;
    let (job, result) = house.succeeded(&request).await;

    let listed = jobs::rejects(&house.pool, job.job, 0, 100).await.expect("read");
    assert_eq!(listed.len() as u64, result.rejects);
    assert_eq!(job.reject_count, 3, "{listed:?}");
    assert!(listed.iter().any(|reject| reject.record == bundle::id("relationship", 9)));
    assert!(listed.iter().all(|reject| !reject.reason.is_empty()));
    assert_eq!(i32::try_from(result.counts["techniques"]), Ok(COUNTS.0));
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn every_refused_record_counts_and_the_first_are_listed(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let engine = house.engine().await;
    let mut objects = bundle::objects("9.1");
    let nameless = json!({"type": "attack-pattern", "name": "without an id"});
    objects.extend(std::iter::repeat_n(nameless, 10_005));
    let request = house.request("mini.json", bundle::bundle(&objects)).await;
    let (job, result) = house.succeeded(&request).await;
    assert_eq!((job.reject_count, result.rejects), (10_005, 10_005));
    let kept = house.count("select count(*) from job_rejects").await;
    assert_eq!(kept, jobs::REJECTS_KEPT);
    assert!(jobs::rejects(&house.pool, job.job, 10_000, 10).await.expect("read").is_empty());

    // Begun anew, it has refused nothing yet.
    let mut lock = house.root.begin().await.expect("begun");
    sqlx::query("lock table attack_contents in exclusive mode").execute(&mut *lock).await.expect("locked");
    house.run("update jobs set state = 'queued', result = null, finished_at = null, current = null").await;
    let stores = |job: &JobRecord| job.current.as_deref().is_some_and(|at| at.starts_with("Storing"));
    let job = house.job_where(&request, stores).await;
    assert_eq!((job.reject_count, house.count("select count(*) from job_rejects").await), (0, 0));
    lock.rollback().await.expect("unlocked");
    assert_eq!(house.succeeded(&request).await.0.reject_count, 10_005);
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn a_file_that_is_gone_or_changed_fails_its_job(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let gone = house.request("gone.json", bundle::release("9.1")).await;
    let changed = house.request("changed.json", bundle::release("9.1")).await;
    std::fs::remove_file(house.objects_dir().join(&gone.object_key)).expect("removed");
    let path = house.objects_dir().join(&changed.object_key);
    let text = std::fs::read_to_string(&path).expect("read").replace("As a test tells", "As a thief tells"); // same size
    std::fs::write(&path, &text[..text.len()]).expect("written");
    let engine = house.engine().await;

    let job = house.ended(&gone).await;
    assert_eq!(job.state, "failed");
    assert!(job.error.expect("an error").contains("no longer in the object store"));
    let job = house.ended(&changed).await;
    assert_eq!(job.state, "failed");
    assert!(job.error.expect("an error").contains("not the one that was uploaded"));
    engine.shutdown().await;
}

/// A file as it is brought in over HTTP, so many hours ago.
async fn uploaded(house: &House, file_name: &str, hours_ago: i32) -> Upload {
    let bytes = futures::stream::iter([Ok(Bytes::from(bundle::release("9.1")))]);
    let kept = put_import(house.objects.as_ref(), file_name, bytes).await.expect("stored");
    let upload = Upload {
        upload: Uuid::now_v7(),
        account: Uuid::from_u128(7),
        object_key: kept.object_key,
        file_name: kept.file_name,
        size_bytes: i64::try_from(kept.size_bytes).expect("small"),
        sha256: kept.sha256,
    };
    jobs::enter_upload(&house.pool, &upload).await.expect("entered");
    let id = upload.upload;
    house
        .run(&format!(
            "update uploads set created_at = now() - interval '{hours_ago} hours' where upload = '{id}'"
        ))
        .await;
    upload
}

/// Asks for the import of an upload.
async fn asked(house: &House, upload: &Upload) -> ImportRequest {
    let request = ImportRequest {
        job: JobId(Uuid::now_v7()),
        object_key: upload.object_key.clone(),
        file_name: upload.file_name.clone(),
        sha256: upload.sha256.clone(),
        size_bytes: upload.size_bytes.unsigned_abs(),
        preview: false,
    };
    house.command(KnowledgeAction::RequestImport(request.clone())).await;
    request
}

#[sqlx::test(migrations = false)]
async fn files_go_when_nobody_needs_them_any_more(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let unused = uploaded(&house, "unused.json", 25).await;
    let fresh = uploaded(&house, "fresh.json", 23).await;
    let (old, recent, shared) = (
        uploaded(&house, "old.json", 1).await,
        uploaded(&house, "recent.json", 1).await,
        uploaded(&house, "shared.json", 1).await,
    );
    let engine = house.engine().await;
    let mut ended = vec![];
    for upload in [&old, &recent, &shared] {
        let request = asked(&house, upload).await;
        house.succeeded(&request).await;
        ended.push(request);
    }
    engine.shutdown().await;
    // The requests as well; what was asked for lately is kept.
    house.run("alter table events disable trigger user; update events set recorded_at = recorded_at - interval '40 days'; alter table events enable trigger user").await;
    let days_ago = async |request: &ImportRequest, days: i32| {
        let job = request.job.0;
        let at = format!("now() - interval '{days} days'");
        house.run(&format!("update jobs set finished_at = {at}, state = 'failed' where job = '{job}'")).await;
        house
            .run("update uploads set created_at = now() - interval '40 days' where file_name <> 'fresh.json'")
            .await;
    };
    days_ago(&ended[0], 31).await;
    days_ago(&ended[1], 29).await;
    days_ago(&ended[2], 31).await;
    // Asked for again, and asked for without a job yet.
    asked(&house, &shared).await;
    let waiting = uploaded(&house, "waiting.json", 25).await;
    let waiting_request = asked(&house, &waiting).await;
    let there = |upload: &Upload| house.objects_dir().join(&upload.object_key).exists();
    let engine = house.engine().await;
    eventually("the old ones are gone", async || !there(&unused) && !there(&old)).await;
    house.succeeded(&waiting_request).await;
    let left = "select count(*) from uploads where file_name in ('unused.json', 'old.json')";
    eventually("their rows too", async || house.count(left).await == 0).await;
    assert!(there(&fresh) && there(&recent) && there(&shared) && there(&waiting));
    assert_eq!(house.count("select count(*) from uploads").await, 4);
    assert_eq!(house.count("select count(*) from jobs where file_removed_at is not null").await, 1);

    // Who tries it again hears what became of the file.
    house.command(KnowledgeAction::RetryImport(ended[0].clone())).await;
    let job = house.job_where(&ended[0], |job| job.state == "failed" && job.error.is_some()).await;
    let error = job.error.expect("an error");
    assert!(error.contains("removed 30 days after") && error.contains("upload it again"), "{error}");
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn no_round_removes_more_than_a_hundred_files(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    house
        .run("insert into uploads (upload, account, object_key, file_name, size_bytes, sha256, created_at)
              select gen_random_uuid(), gen_random_uuid(), 'imports/' || n, 'x', 1, '', now() - interval '2 days'
              from generate_series(1, 130) n")
        .await;
    let round =
        async || leftovers::remove(&house.pool, &house.files(), chrono::Utc::now()).await.expect("removed");
    assert_eq!((round().await, round().await, round().await), (100, 30, 0));
}

#[sqlx::test(migrations = false)]
async fn a_waiting_job_is_cancelled_at_once_and_can_be_retried(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let request = house.request("mini.json", bundle::release("9.1")).await;
    // The first job keeps the only seat while the second waits.
    let mut lock = house.root.begin().await.expect("begun");
    sqlx::query("lock table attack_contents in exclusive mode").execute(&mut *lock).await.expect("locked");
    let engine = house.engine().await;
    house.job_where(&request, |job| job.current.as_deref().is_some_and(|at| at.starts_with("Storing"))).await;
    let second = house.request("second.json", bundle::release("9.2")).await;
    house.job_where(&second, |job| job.state == "queued").await;
    assert!(jobs::cancel(&house.pool, second.job.0).await.expect("asked"));
    assert_eq!(house.ended(&second).await.state, "cancelled");

    // The running one hears it while it stores, and does not release.
    assert!(jobs::cancel(&house.pool, request.job.0).await.expect("asked"));
    lock.rollback().await.expect("unlocked");
    assert_eq!(house.ended(&request).await.state, "cancelled");
    assert_eq!(house.releases().await, 0);

    let retried = house.command(KnowledgeAction::RetryImport(second.clone())).await;
    let position = engine.tide().see(&retried).await.expect("seen").position.expect("sealed");
    house.job_where(&second, |job| job.requested_position == position).await;
    let (job, result) = house.succeeded(&second).await;
    assert_eq!((result.version.as_str(), job.attempts), ("9.2", 1));
    assert_eq!(house.in_force(&engine).await.expect("a release").version, "9.2");
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn the_starter_is_loaded_once_and_never_over_a_release(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    assert!(ensure_starter(&house.pool, &house.store).await.expect("loaded"));
    assert!(!ensure_starter(&house.pool, &house.store).await.expect("there"));
    let engine = house.engine().await;
    let request = house.request("mini.json", bundle::release("9.1")).await;
    house.succeeded(&request).await;
    assert!(!ensure_starter(&house.pool, &house.store).await.expect("there"));
    assert_eq!(house.in_force(&engine).await.expect("a release").version, "9.1");
    assert_eq!(house.count("select count(*) from attack_techniques where digest = (select digest from attack_contents where version = 'starter')").await, starter::content().techniques.len() as i64);
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn evidence_that_no_event_names_goes(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let bytes = b"a line of a log\n";
    let announced = |id: Uuid| Announced {
        key: format!("evidence/{id}"),
        file_name: "a.log".to_owned(),
        size_bytes: bytes.len() as u64,
        sha256: hex::encode(Sha256::digest(bytes)),
    };
    let ids = [Uuid::now_v7(), Uuid::now_v7()];
    let test = Uuid::now_v7();
    for id in ids {
        let announced = announced(id);
        let upload = EvidenceUpload {
            evidence_id: id,
            account: Uuid::nil(),
            test_id: test,
            side: "red".to_owned(),
            file_name: announced.file_name.clone(),
            caption: String::new(),
            size_bytes: 16,
            sha256: announced.sha256.clone(),
            object_key: announced.key.clone(),
            media_type: None,
            confirmed_at: None,
            age_s: 0,
        };
        assert_eq!(evidence::enter(&house.pool, &upload).await.expect("entered"), Entered::Noted);
        let pieces = futures::stream::iter([Ok(bytes::Bytes::from_static(bytes))]);
        house.files().receive(&announced, pieces).await.expect("received");
    }
    // One is named by an event that nobody has noted; a process was killed in between.
    let [named, abandoned] = ids;
    house
        .run(&format!(
            "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
             values ('test', '{test}', 1, 'EvidenceAdded', '1.0',
                     '{{\"EvidenceAdded\": {{\"evidence\": {{\"id\": \"{named}\"}}}}}}', '{{}}')"
        ))
        .await;
    let left = async |id: Uuid| house.files().has(&format!("evidence/{id}")).await.expect("an answer");
    let remove =
        async |after| leftovers::remove_abandoned(&house.pool, &house.files(), after).await.expect("removed");
    assert_eq!(remove(Duration::from_secs(3600)).await, 0, "an upload has its time");
    assert!(left(abandoned).await);
    assert_eq!(remove(Duration::ZERO).await, 1);
    assert_eq!((left(named).await, left(abandoned).await), (true, false));
    assert!(evidence::find(&house.pool, abandoned).await.expect("read").is_none());
    let kept = evidence::find(&house.pool, named).await.expect("read").expect("there");
    assert!(kept.confirmed_at.is_some(), "what an event names is noted now");
    assert_eq!(remove(Duration::ZERO).await, 0);
}
