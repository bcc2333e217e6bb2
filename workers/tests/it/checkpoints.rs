//! Tiles, checkpoints, proofs, and checking it all.

use crate::bundle;
use crate::hooked::{Call, Hooked};
use crate::house::{House, LOG, files};
use aegis_projections::ledger::{SealOutcome, Sealer};
use aegis_projections::merkle::{Checkpoint, Frontier, Origin as LogName, Tile, verify_offline};
use aegis_projections::status;
use aegis_projections::verify::Finding;
use aegis_workers::checkpoint::{CheckpointError, ProofError, key_from_hex, proof_of, verifier_key};
use aegis_workers::starter::ensure_starter;
use aegis_workers::verify::{self, Note, Report};
use object_store::ObjectStore;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

impl House {
    /// Appends so many events and seals them.
    async fn grow(&self, events: i64) {
        let from = self.count("select coalesce(max(sequence), 0) from events").await;
        self.run(&format!(
            "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
             select 'probe', 'probe', n, 'Probed', '1.0', json_build_object('n', n), '{{}}'
             from generate_series({}, {}) n",
            from + 1,
            from + events
        ))
        .await;
        let mut sealer = Sealer::new(self.pool.clone());
        while let SealOutcome::Sealed { .. } = sealer.seal().await.expect("sealed") {}
    }

    async fn check(&self, notes: &[Note]) -> Report {
        verify::run(&self.pool, &self.verifier(), notes, &mut |_, _| {}).await.expect("checked")
    }
}

fn tree_files(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, directory: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in std::fs::read_dir(directory).expect("a directory") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                let name = path.strip_prefix(root).expect("inside").to_string_lossy().into_owned();
                found.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(&directory.join("tiles"), &directory.join("tiles"), &mut found);
    found
}

#[sqlx::test(migrations = false)]
async fn a_tree_grown_step_by_step_is_the_tree_built_at_once(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let grown = house.checkpoints(&house.objects);
    assert_eq!(grown.advance().await.expect("nothing to do"), None);
    let mut signed = vec![];
    for events in [1, 4, 250, 1, 300, 5, 1] {
        house.grow(events).await;
        let checkpoint = grown.advance().await.expect("signed").expect("news");
        assert_eq!(grown.advance().await.expect("nothing to do"), None);
        signed.push(checkpoint.size);
    }
    assert_eq!(signed, [1, 5, 255, 256, 556, 561, 562]);
    assert_eq!(house.count("select count(*) from tree_checkpoints").await, 7);

    let other = tempfile::tempdir().expect("a directory");
    let at_once = files(other.path());
    house.checkpoints(&at_once).advance().await.expect("signed").expect("written");
    let (step_by_step, at_once) = (tree_files(&house.objects_dir()), tree_files(other.path()));
    for (name, bytes) in &at_once {
        assert_eq!(step_by_step.get(name), Some(bytes), "{name}");
    }
    // What remains beside are narrower tiles at places that are not full yet.
    for name in step_by_step.keys().filter(|name| !at_once.contains_key(*name)) {
        let tile = Tile::parse(name).expect("a tile");
        assert!(tile.is_partial() && !at_once.contains_key(&tile.full().path()), "{name}");
    }
    assert!(step_by_step.contains_key("tile/0/001") && !step_by_step.contains_key("tile/0/000.p/255"));
    assert!(house.check(&[]).await.is_ok());
}

#[sqlx::test(migrations = false)]
async fn lost_or_damaged_files_are_made_anew(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let tree = house.checkpoints(&house.objects);
    house.grow(300).await;
    tree.advance().await.expect("signed");
    let tiles = house.objects_dir().join("tiles");
    let damages: [&dyn Fn(); 5] = [
        &|| std::fs::remove_file(tiles.join("frontier.json")).expect("removed"),
        &|| std::fs::write(tiles.join("frontier.json"), "{").expect("written"),
        &|| std::fs::remove_dir_all(tiles.join("tile")).expect("removed"),
        &|| {
            for (name, bytes) in tree_files(&house.objects_dir()) {
                if name.starts_with("tile/0/001") {
                    std::fs::write(tiles.join(name), vec![7; bytes.len()]).expect("written");
                }
            }
        },
        &|| std::fs::write(tiles.join("checkpoint"), "not a note").expect("written"),
    ];
    for damage in damages {
        damage();
        house.grow(3).await;
        tree.advance().await.expect("signed").expect("news");
        let other = tempfile::tempdir().expect("a directory");
        house.checkpoints(&files(other.path())).advance().await.expect("signed");
        let now = tree_files(&house.objects_dir());
        for (name, bytes) in tree_files(other.path()) {
            assert_eq!(now.get(&name), Some(&bytes), "{name}");
        }
    }
}

#[sqlx::test(migrations = false)]
async fn what_contradicts_an_earlier_checkpoint_is_not_signed(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let tree = house.checkpoints(&house.objects);
    assert_eq!(verify::published(house.objects.as_ref()).await.expect("read"), None);
    house.grow(20).await;
    tree.advance().await.expect("signed");
    let note = std::fs::read_to_string(house.objects_dir().join("tiles/checkpoint")).expect("a note");
    let beside = verify::published(house.objects.as_ref()).await.expect("read").expect("there");
    assert_eq!((beside.name.as_str(), &beside.text), ("the published checkpoint (tiles/checkpoint)", &note));
    let outside = [Note { name: "kept.txt".to_owned(), text: note }];
    assert!(house.check(&outside).await.is_ok());

    // The tail is cut, and the checkpoints with it; the note outside remains.
    house
        .run(
            "alter table ledger disable trigger user; alter table tree_checkpoints disable trigger user;
              alter table events disable trigger user;
              delete from ledger where position > 15; delete from tree_checkpoints;
              delete from events where event_id not in (select event_id from ledger);
              update ledger_head set position = 15, sealed_at = (select max(sealed_at) from ledger);
              alter table events enable trigger user",
        )
        .await;
    let refused = tree.advance().await.expect_err("refused");
    assert!(matches!(refused, CheckpointError::Contradiction(_)), "{refused}");
    assert!(house.check(&[]).await.is_ok(), "PostgreSQL alone cannot tell");
    let beside = verify::published(house.objects.as_ref()).await.expect("read").expect("there");
    let report = house.check(&[beside]).await;
    assert_eq!(report.finding(), Some(&Finding::TailCut { position: 15, size: 20 }), "the object store can");
    assert_eq!(house.check(&outside).await.finding(), Some(&Finding::TailCut { position: 15, size: 20 }));

    // Grown past it again with other events: the same size, another root.
    house.grow(10).await;
    let refused = tree.advance().await.expect_err("refused");
    assert!(matches!(refused, CheckpointError::Contradiction(_)), "{refused}");
    assert_eq!(house.count("select count(*) from tree_checkpoints").await, 0);
    assert_eq!(house.check(&outside).await.finding(), Some(&Finding::RootDiffers { size: 20 }));
}

#[sqlx::test(migrations = false)]
async fn a_proof_checks_without_us(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let tree = house.checkpoints(&house.objects);
    let key = house.verifier();
    assert!(matches!(
        proof_of(&house.pool, &house.objects, &key, 1).await,
        Err(ProofError::NoSuchPosition(1))
    ));
    house.grow(300).await;
    assert!(matches!(proof_of(&house.pool, &house.objects, &key, 7).await, Err(ProofError::NotCovered(7))));
    tree.advance().await.expect("signed");
    house.grow(100).await;
    tree.advance().await.expect("signed");

    let mut proofs = vec![];
    for position in [1, 256, 257, 300, 301, 400] {
        let proof = proof_of(&house.pool, &house.objects, &key, position).await.expect("a proof");
        let verified = verify_offline(proof.as_bytes(), &key).expect("proven");
        assert_eq!(verified.leaf().position, position);
        assert!(verified.leaf().payload.contains(&position.to_string()));
        assert_eq!(verified.checkpoint().size, if position <= 300 { 300 } else { 400 });
        let changed = proof.replacen("index ", "index 1", 1);
        assert!(verify_offline(changed.as_bytes(), &key).is_err());
        proofs.push(proof);
    }
    let stranger =
        verifier_key("aegis.test/ledger", &key_from_hex(&"09".repeat(32)).expect("a key")).expect("a name");
    assert!(verify_offline(proofs[0].as_bytes(), &stranger).is_err());
    // Without tiles it is made from the ledger, and is the same.
    std::fs::remove_dir_all(house.objects_dir().join("tiles")).expect("removed");
    assert_eq!(proof_of(&house.pool, &house.objects, &key, 257).await.expect("a proof"), proofs[2]);
}

#[sqlx::test(migrations = false)]
async fn checking_names_what_is_wrong(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    house.grow(9).await;
    house.checkpoints(&house.objects).advance().await.expect("signed");
    let report = house.check(&[]).await;
    assert!(report.is_ok(), "{report}");
    assert_eq!((report.signed, report.verified.positions, report.verified.checkpoints), (1, 9, 1));

    let forged = house.verifier();
    let note = status::last_checkpoint(&house.pool).await.expect("read").expect("there").note;
    let brought = [
        Note { name: "good.txt".to_owned(), text: note.clone() },
        Note { name: "cut.txt".to_owned(), text: note[..note.len() - 9].to_owned() },
        Note { name: "edited.txt".to_owned(), text: note.replacen("\n9\n", "\n8\n", 1) },
    ];
    let report = house.check(&brought).await;
    assert_eq!(report.signed, 2);
    assert_eq!(report.bad.iter().map(|bad| bad.name.as_str()).collect::<Vec<_>>(), ["cut.txt", "edited.txt"]);
    assert!(!report.is_ok() && forged == house.verifier());

    house
        .run("alter table tree_checkpoints disable trigger user; update tree_checkpoints set size = 8")
        .await;
    let report = house.check(&[]).await;
    assert_eq!(report.bad.len(), 1, "{report}");
    house.run("update tree_checkpoints set size = 9").await;
    house.run("alter table events disable trigger user; update events set payload = '{\"n\": 40}' where sequence = 4").await;
    let report = house.check(&[]).await;
    assert!(matches!(report.finding(), Some(Finding::Changed { position: 4, .. })), "{report}");
}

#[sqlx::test(migrations = false)]
async fn knowledge_that_is_not_what_was_released_is_found(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    assert!(ensure_starter(&house.pool, &house.store).await.expect("loaded"));
    let engine = house.engine().await;
    let request = house.request("mini.json", bundle::release("9.1")).await;
    let (_, result) = house.succeeded(&request).await;
    engine.shutdown().await;
    let report = house.check(&[]).await;
    assert!(report.is_ok(), "{report}");
    assert_eq!(report.contents, 2);

    let (digest, position) = (result.digest, result.position.expect("sealed"));
    let technique = format!("digest = '{digest}' and attack_id = 'T9002'");
    let ours = format!("digest = '{digest}'");
    let changed = Finding::ContentChanged { position, digest: digest.clone() };
    let missing = Finding::ContentMissing { position, digest };
    for (table, forgery, finding) in [
        ("techniques", format!("update attack_techniques set successor = 'x' where {technique}"), &changed),
        (
            "techniques",
            format!("update attack_techniques set platforms = '{{NULL}}' where {technique}"),
            &changed,
        ),
        ("tactics", format!("update attack_tactics set ordinal = 1 - ordinal where {ours}"), &changed),
        (
            "actors",
            format!("update attack_actors set aliases = aliases || 'More'::text where {ours}"),
            &changed,
        ),
        ("uses", format!("delete from attack_uses where {ours} and source like 'intrusion-set%'"), &changed),
        (
            "contents",
            format!("update attack_contents set counts = jsonb_set(counts, '{{cells}}', '5') where {ours}"),
            &changed,
        ),
        ("contents", format!("delete from attack_contents where {ours}"), &missing),
    ] {
        // As a superuser does it: no trigger speaks up, and no reference either.
        let quiet = "set session_replication_role = replica";
        house.run(&format!("{quiet}; create table kept as table attack_{table}; {forgery}; reset session_replication_role")).await;
        let report = house.check(&[]).await;
        assert_eq!(report.finding(), Some(finding), "{forgery}");
        let named = report.to_string();
        assert!(!report.is_ok() && named.contains(&format!("position {position}: ")), "{named}");
        house
            .run(&format!(
                "{quiet}; delete from attack_{table}; insert into attack_{table} table kept; drop table kept;
                 reset session_replication_role"
            ))
            .await;
        assert!(house.check(&[]).await.is_ok(), "put back after: {forgery}");
    }
}

#[sqlx::test(migrations = false)]
async fn more_checkpoints_than_a_page_are_all_held_against_the_record(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let house = House::new(options).await;
    let count = status::CHECKPOINTS_PAGE + 5;
    // One for every position, as a busy ledger gets them in time.
    house.grow(count).await;
    let leaves = status::leaves(&house.pool, 0, count).await.expect("read");
    let mut frontier = Frontier::default();
    let origin = LogName::parse(LOG).expect("a name");
    for leaf in leaves {
        frontier.append(leaf.try_into().expect("a hash"));
        let (size, root) = (frontier.size(), frontier.root());
        let note = Checkpoint { origin: origin.clone(), size, root }.sign(&house.key);
        status::enter_checkpoint(&house.pool, size.cast_signed(), &root, &note).await.expect("entered");
    }
    let report = house.check(&[]).await;
    assert!(report.is_ok(), "{report}");
    let all = usize::try_from(count).expect("some");
    assert_eq!((report.signed, report.verified.checkpoints), (all, all));

    // The last of them, and one past the end, on a page of their own.
    let forge = async |sql: &str| {
        house
            .run(&format!("set session_replication_role = replica; {sql}; reset session_replication_role"))
            .await;
    };
    forge("delete from ledger where position > 1003; delete from events where event_id not in (select event_id from ledger)").await;
    forge("update ledger_head set position = 1003, sealed_at = (select max(sealed_at) from ledger)").await;
    assert_eq!(house.check(&[]).await.finding(), Some(&Finding::TailCut { position: 1003, size: 1004 }));
    forge("update tree_checkpoints set note = 'x' where size > 800").await;
    let report = house.check(&[]).await;
    assert_eq!((report.finding(), report.signed, report.bad.len(), report.more_bad), (None, 800, 100, 105));
    assert!(!report.is_ok() && report.to_string().contains("and 105 more checkpoints"), "{report}");
}

#[sqlx::test(migrations = false)]
async fn several_processes_look_after_one_tree(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    for events in [3, 260, 1] {
        house.grow(events).await;
        let trees: Vec<_> = (0..4).map(|_| house.checkpoints(&house.objects)).collect();
        for advanced in futures::future::join_all(trees.iter().map(|tree| tree.advance())).await {
            advanced.expect("signed, or nothing to do");
        }
    }
    assert!(house.check(&[]).await.is_ok());
    assert_eq!(house.count("select count(*) from tree_checkpoints").await, 3);
}

/// The files of a house, in which another process seals, signs and publishes
/// so many events just before the first call that `at` picks.
fn outrun(house: &Arc<House>, events: i64, at: fn(Call, &str) -> bool) -> Arc<dyn ObjectStore> {
    let (other, once) = (Arc::clone(house), Arc::new(AtomicBool::new(false)));
    Hooked::over(&house.objects, move |call, path| {
        let comes = at(call, path.as_ref()) && !once.swap(true, Ordering::SeqCst);
        let other = Arc::clone(&other);
        Box::pin(async move {
            if comes {
                other.grow(events).await;
                other.checkpoints(&other.objects).advance().await.expect("signed").expect("news");
            }
            Ok(())
        })
    })
}

#[sqlx::test(migrations = false)]
async fn a_process_that_signs_meanwhile_raises_no_alarm(_: PgPoolOptions, options: PgConnectOptions) {
    let house = Arc::new(House::new(options).await);
    house.grow(20).await;
    house.checkpoints(&house.objects).advance().await.expect("signed");
    let objects = outrun(&house, 5, |call, path| call == Call::Get && path == "tiles/checkpoint");
    let advanced = house.checkpoints(&objects).advance().await.expect("no contradiction");
    assert_eq!(advanced.expect("signed").size, 25);
    assert!(house.check(&[]).await.is_ok());
}

#[sqlx::test(migrations = false)]
async fn a_slow_process_does_not_publish_a_smaller_checkpoint(_: PgPoolOptions, options: PgConnectOptions) {
    let house = Arc::new(House::new(options).await);
    house.grow(20).await;
    let objects = outrun(&house, 5, |call, path| call == Call::Put && path.starts_with("tiles/tile/"));
    let slow = house.checkpoints(&objects);
    assert_eq!(slow.advance().await.expect("signed").expect("news").size, 20);
    let beside = verify::published(house.objects.as_ref()).await.expect("read").expect("there");
    assert_eq!(house.verifier().open(&beside.text).expect("ours").size, 25);
    assert_eq!(slow.advance().await.expect("nothing to do"), None);
    assert_eq!(house.count("select count(*) from tree_checkpoints").await, 2);
}

#[sqlx::test(migrations = false)]
async fn the_engine_signs_what_is_sealed_before_it_ends(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let engine = house.engine().await;
    let request = house.request("mini.json", bundle::release("9.1")).await;
    house.succeeded(&request).await;
    engine.shutdown().await;
    let head = house.count("select max(position) from ledger").await;
    let last = status::last_checkpoint(&house.pool).await.expect("read").expect("signed");
    assert_eq!((last.size, house.count("select count(*) from unsequenced").await), (head, 0));
    assert!(house.check(&[]).await.is_ok());
    let proof = proof_of(&house.pool, &house.objects, &house.verifier(), head).await.expect("a proof");
    assert!(verify_offline(proof.as_bytes(), &house.verifier()).is_ok());
}
