//! Sources other than ATT&CK: from request to rows, a preview, what is refused, going back, and workers that are killed.

use crate::house::{House, eventually};
use crate::recovery::start_child;
use aegis_aggregates::knowledge::{KnowledgeAction, KnowledgeSource};
use aegis_projections::jobs;
use aegis_projections::templates::{TemplateFilter, templates};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::io::Write;

const SOURCE: KnowledgeSource = KnowledgeSource::AtomicRedTeam;

/// A repository of tests: each of a name, a GUID that ends in a digit, and a command.
pub fn archive(tests: &[(&str, u8, &str)]) -> Vec<u8> {
    let mut yaml = "attack_technique: T1059\ndisplay_name: Scripts\natomic_tests:\n".to_owned();
    for (name, digit, command) in tests {
        yaml.push_str(&format!(
            "- name: {name}\n  auto_generated_guid: 00000000-0000-4000-8000-00000000000{digit}\n  \
             supported_platforms: [linux]\n  executor: {{name: sh, command: {command}}}\n"
        ));
    }
    // One that no version could be told from another.
    yaml.push_str("- name: Nameless\n  executor: {name: sh, command: x}\n");
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(vec![]));
    writer
        .start_file("atomic-red-team-1.0/atomics/T1059/T1059.yaml", zip::write::SimpleFileOptions::default())
        .expect("into memory");
    writer.write_all(yaml.as_bytes()).expect("into memory");
    writer.finish().expect("into memory").into_inner()
}

async fn names(house: &House) -> Vec<(String, bool)> {
    let filter = TemplateFilter { include_retired: true, ..TemplateFilter::default() };
    let (found, _) = templates(&house.pool, i64::MAX - 1, &filter, None, 100).await.expect("read");
    found.into_iter().map(|template| (template.name, template.retired_reason.is_some())).collect()
}

#[sqlx::test(migrations = false)]
async fn a_source_becomes_rows_and_a_second_run_changes_nothing(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let engine = house.engine().await;
    let both = archive(&[("First", 1, "one"), ("Second", 2, "two")]);
    let (job, result) = house.succeeded(&house.request_of(SOURCE, "a.zip", both.clone(), false).await).await;
    assert_eq!((result.version.as_str(), result.changed, result.counts["atomic tests"]), ("1.0", true, 2));
    assert_eq!((result.difference.added, result.difference.unchanged, result.rejects), (2, 0, 1));
    let refused = jobs::rejects(&house.pool, job.job, 0, 10).await.expect("read");
    assert_eq!(
        (refused[0].file.as_deref(), refused[0].line, refused[0].record.as_str()),
        (Some("atomics/T1059/T1059.yaml"), Some(12), "Nameless")
    );
    assert_eq!(names(&house).await, [("First".to_owned(), false), ("Second".to_owned(), false)]);

    let (_, again) = house.succeeded(&house.request_of(SOURCE, "b.zip", both, false).await).await;
    assert_eq!((again.changed, again.difference.unchanged, again.digest), (false, 2, result.digest));
    assert_eq!(house.releases().await, 1);
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn a_preview_tells_and_changes_nothing_until_it_is_applied(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let house = House::new(options).await;
    let engine = house.engine().await;
    let first = archive(&[("First", 1, "one"), ("Second", 2, "two")]);
    let (_, first) = house.succeeded(&house.request_of(SOURCE, "a.zip", first, false).await).await;
    let other = archive(&[("First", 1, "other"), ("Third", 3, "three")]);
    let (_, preview) = house.succeeded(&house.request_of(SOURCE, "b.zip", other, true).await).await;
    assert!(preview.preview && !preview.changed);
    let keys = |named: &str| {
        let found = preview.difference.first.get(named).into_iter().flatten();
        found.map(|record| record.title.clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        (keys("added"), keys("changed"), keys("retired")),
        (vec!["Third".to_owned()], vec!["First".to_owned()], vec!["Second".to_owned()])
    );
    assert_eq!(house.releases().await, 1);
    assert_eq!(names(&house).await.len(), 2);

    let digest = preview.digest.clone();
    let release = aegis_aggregates::knowledge::Release {
        version: "1.0".to_owned(),
        digest,
        job: None,
        restored: false,
    };
    let applied = house.command_of(SOURCE, KnowledgeAction::Release(release)).await;
    engine.tide().see(&applied).await.expect("seen");
    let now =
        [("First", false), ("Second", true), ("Third", false)].map(|(name, gone)| (name.to_owned(), gone));
    assert_eq!(names(&house).await, now);

    // Back to what was: nothing is left of what came after.
    let back = house.command_of(SOURCE, KnowledgeAction::Restore { digest: first.digest }).await;
    engine.tide().see(&back).await.expect("seen");
    let then =
        [("First", false), ("Second", false), ("Third", true)].map(|(name, gone)| (name.to_owned(), gone));
    assert_eq!(names(&house).await, then);
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn files_of_another_source_fail_with_the_reason(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let engine = house.engine().await;
    let atomic = archive(&[("First", 1, "one")]);
    for (source, bytes, reason) in [
        (KnowledgeSource::Sigma, atomic, "this is not SigmaHQ"),
        (SOURCE, b"PK\x03\x04 cut".to_vec(), "damaged, cut short"),
        (SOURCE, b"hello".to_vec(), "there is no atomic test in it"),
        (KnowledgeSource::AttackMobile, crate::bundle::release("9.1"), "the bundle is of enterprise-attack"),
    ] {
        let job = house.ended(&house.request_of(source, "a.zip", bytes, false).await).await;
        let error = job.error.unwrap_or_default();
        assert!(job.state == "failed" && error.contains(reason), "{source:?}: {error}");
    }
    assert_eq!(house.releases().await, 0);
    assert_eq!(house.count("select count(*) from knowledge_contents").await, 0);
    engine.shutdown().await;
}

/// Killed while it stores: the store is as before, and another worker brings it to as after.
#[sqlx::test(migrations = false)]
async fn a_worker_killed_while_it_stores_leaves_nothing_between(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let times = if std::env::var_os("AEGIS_LONG").is_some() { 10 } else { 2 };
    let request = house.request_of(SOURCE, "a.zip", archive(&[("First", 1, "one")]), false).await;
    for _ in 0..times {
        // Storing waits for this lock, so the child is in the middle of it when it dies.
        let mut lock = house.root.begin().await.expect("begun");
        sqlx::query("lock table knowledge_members in exclusive mode")
            .execute(&mut *lock)
            .await
            .expect("locked");
        let mut child = start_child(&house);
        eventually("it stores", async || {
            let waits = "select count(*) from pg_locks where relation = 'knowledge_members'::regclass and not granted";
            house.count(waits).await > 0
        })
        .await;
        child.kill().expect("killed");
        child.wait().expect("ended");
        lock.rollback().await.expect("unlocked");
        eventually("its transaction is gone", async || {
            let open = "select count(*) from pg_locks where relation = 'knowledge_members'::regclass";
            house.count(open).await == 0
        })
        .await;
        assert_eq!(house.count("select count(*) from knowledge_contents").await, 0);
        assert_eq!(house.releases().await, 0);
        // How often a job is begun has a limit, and it is not what is tried here.
        house.run("update jobs set attempts = 0").await;
    }
    let engine = house.engine().await;
    let (_, result) = house.succeeded(&request).await;
    assert!(result.changed);
    assert_eq!(names(&house).await, [("First".to_owned(), false)]);
    engine.shutdown().await;
}
