//! Files of evidence: who may remove them when, and what is said of those that cannot be read.

use crate::hooked::{Call, Hooked};
use crate::house::House;
use aegis_objects::{Objects, put};
use aegis_projections::evidence::{self, Claim, Claiming, Entered, EvidenceUpload};
use aegis_projections::ledger::{SealOutcome, Sealer};
use aegis_workers::leftovers::{self, UNUSED_KEPT};
use aegis_workers::verify;
use sha2::{Digest, Sha256};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

const BYTES: &[u8] = b"a line of a log\n";

fn upload() -> EvidenceUpload {
    let id = Uuid::now_v7();
    EvidenceUpload {
        evidence_id: id,
        account: Uuid::nil(),
        test_id: Uuid::nil(),
        side: "red".to_owned(),
        file_name: "a.log".to_owned(),
        caption: String::new(),
        size_bytes: 16,
        sha256: hex::encode(Sha256::digest(BYTES)),
        object_key: format!("evidence/{id}"),
        media_type: None,
        confirmed_at: None,
        age_s: 0,
    }
}

impl House {
    async fn enter(&self, upload: &EvidenceUpload) {
        assert_eq!(evidence::enter(&self.pool, upload).await.expect("entered"), Entered::Noted);
        put(self.objects.as_ref(), &upload.object_key, BYTES).await.expect("put");
    }

    async fn claimed(&self, upload: &EvidenceUpload) -> Claim {
        match evidence::claim(&self.pool, upload.evidence_id, Duration::ZERO).await.expect("an answer") {
            Claiming::Held(claim) => claim,
            Claiming::Busy => panic!("somebody works on it"),
            Claiming::Unknown => panic!("it is not there"),
        }
    }

    async fn swept(&self, after: Duration) -> usize {
        leftovers::remove_abandoned(&self.pool, &self.files(), after).await.expect("swept")
    }

    async fn keeps(&self, upload: &EvidenceUpload) -> bool {
        let noted = evidence::find(&self.pool, upload.evidence_id).await.expect("read").is_some();
        let there = self.files().has(&upload.object_key).await.expect("an answer");
        assert_eq!(noted, there, "a file and its row go together");
        there
    }
}

#[sqlx::test(migrations = false)]
async fn evidence_that_somebody_works_on_is_not_swept_up(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let upload = upload();
    house.enter(&upload).await;
    let claim = house.claimed(&upload).await;
    let second = evidence::claim(&house.pool, upload.evidence_id, Duration::ZERO).await.expect("an answer");
    assert!(matches!(second, Claiming::Busy));
    assert_eq!(house.swept(Duration::ZERO).await, 0);
    assert!(house.keeps(&upload).await);
    claim.release().await;
    // The claim of a process that was killed ends by itself.
    house.run("update evidence_uploads set claimed_by = gen_random_uuid(), claimed_until = now() + interval '1 h'").await;
    assert_eq!(house.swept(Duration::ZERO).await, 0);
    house.run("update evidence_uploads set claimed_until = now() - interval '1 s'").await;
    assert_eq!(house.swept(Duration::ZERO).await, 1);
    assert!(!house.keeps(&upload).await);
    let gone = evidence::claim(&house.pool, upload.evidence_id, Duration::ZERO).await.expect("an answer");
    assert!(matches!(gone, Claiming::Unknown));
}

#[sqlx::test(migrations = false)]
async fn who_lost_a_claim_on_evidence_changes_nothing(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let upload = upload();
    house.enter(&upload).await;
    let claim = house.claimed(&upload).await;
    assert!(claim.is_held().await.expect("an answer"));
    house.run("update evidence_uploads set claimed_by = gen_random_uuid()").await;
    assert!(!claim.is_held().await.expect("an answer"));
    assert!(!claim.received("text/plain").await.expect("an answer"));
    claim.forget().await.expect("an answer");
    claim.release().await;
    assert!(house.keeps(&upload).await);
    assert_eq!(house.count("select count(*) from evidence_uploads where claimed_until > now()").await, 1);
    // One that an event names is forgotten by nobody.
    house.run("update evidence_uploads set claimed_until = null").await;
    let claim = house.claimed(&upload).await;
    evidence::confirmed(&house.pool, upload.evidence_id).await.expect("noted");
    claim.forget().await.expect("an answer");
    claim.release().await;
    assert!(house.keeps(&upload).await);
}

#[sqlx::test(migrations = false)]
async fn evidence_announced_again_is_young_again(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let (asked_again, abandoned) = (upload(), upload());
    house.enter(&asked_again).await;
    house.enter(&abandoned).await;
    house.run("update evidence_uploads set requested_at = now() - interval '2 days'").await;
    house.enter(&asked_again).await;
    assert_eq!(house.swept(UNUSED_KEPT).await, 1);
    assert_eq!((house.keeps(&asked_again).await, house.keeps(&abandoned).await), (true, false));
}

impl House {
    /// Records files as tests would, and seals them; says their keys.
    async fn record(&self, files: usize) -> Vec<String> {
        let keys: Vec<_> = (0..files).map(|number| format!("evidence/{number}")).collect();
        for (sequence, key) in keys.iter().enumerate() {
            put(self.objects.as_ref(), key, BYTES).await.expect("put");
            let digest = hex::encode(Sha256::digest(BYTES));
            let file = format!(
                "{{\"id\": \"{key}\", \"object_key\": \"{key}\", \"sha256\": \"{digest}\", \"size_bytes\": 16}}"
            );
            self.event(sequence + 1, "EvidenceAdded", &format!("\"evidence\": {file}")).await;
        }
        keys
    }

    async fn event(&self, sequence: usize, kind: &str, body: &str) {
        self.run(&format!(
            "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
             values ('test', 'a', {sequence}, '{kind}', '1.0', '{{\"{kind}\": {{{body}}}}}', '{{}}')"
        ))
        .await;
    }

    async fn seal(&self) {
        let mut sealer = Sealer::new(self.pool.clone());
        while let SealOutcome::Sealed { .. } = sealer.seal().await.expect("sealed") {}
    }

    /// The files, some of which cannot be read.
    fn unreadable(&self, which: impl Fn(&str) -> bool + Send + Sync + 'static) -> Objects {
        Objects::over(Hooked::over(&Arc::clone(&self.objects), move |call, path| {
            let fails = call == Call::Get && which(path.as_ref());
            let answer = match fails {
                true => Err(object_store::Error::Generic { store: "hooked", source: "reset".into() }),
                false => Ok(()),
            };
            Box::pin(std::future::ready(answer))
        }))
    }
}

#[sqlx::test(migrations = false)]
async fn evidence_that_cannot_be_read_is_named_and_the_rest_is_looked_at(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let house = House::new(options).await;
    house.record(110).await;
    house.seal().await;
    let check = async |objects: &Objects| verify::evidence(&house.pool, objects, &mut |_| {}).await;
    let report = check(&house.unreadable(|path| path == "evidence/1")).await.expect("checked");
    assert_eq!(report.intact, 109);
    let [changed] = report.changed.as_slice() else { panic!("{report}") };
    assert_eq!(changed.object_key, "evidence/1");
    assert!(changed.why.contains("cannot be read: ") && changed.why.contains("reset"), "{report}");
    // One in a hundred that can be read shows that the store works.
    let report = check(&house.unreadable(|path| path != "evidence/60")).await.expect("checked");
    assert_eq!((report.intact, report.changed.len(), report.more_changed), (1, 100, 9));
    let error = check(&house.unreadable(|_| true)).await.expect_err("the store is away");
    assert!(error.to_string().contains("hooked"), "{error}");
}

#[sqlx::test(migrations = false)]
async fn evidence_taken_out_is_missed_until_its_bytes_may_go(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let keys = house.record(3).await;
    for (sequence, (key, days)) in [(4, (&keys[0], 31)), (5, (&keys[1], 29))] {
        let at = format!("now() - interval '{days} days'");
        house
            .run(&format!(
                "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
                 values ('test', 'a', {sequence}, 'EvidenceRemoved', '1.0',
                         json_build_object('EvidenceRemoved', json_build_object('evidence', '{key}', 'at', {at})), '{{}}')"
            ))
            .await;
    }
    house.seal().await;
    for key in &keys {
        house.files().remove(key).await.expect("removed");
    }
    let report = verify::evidence(&house.pool, &house.files(), &mut |_| {}).await.expect("checked");
    let found: Vec<_> = report.changed.iter().map(|changed| changed.why.as_str()).collect();
    assert_eq!(found, ["it is not there, and was taken out less than 30 days ago", "it is not there"]);
    assert_eq!((report.intact, report.erased), (0, 1));
}
