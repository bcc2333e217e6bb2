//! What is removed when nobody needs it any more.

use crate::house::{House, eventually};
use crate::remedy::RED;
use aegis_aggregates::ids::{EvidenceId, TestId};
use aegis_aggregates::test::{Evidence, Side, TestAction};
use aegis_objects::evidence::Announced;
use aegis_projections::evidence::{self, Entered, EvidenceUpload};
use aegis_workers::calendar::Calendar;
use aegis_workers::leftovers;
use chrono::{TimeDelta, Utc};
use sha2::{Digest, Sha256};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::time::Duration;
use uuid::Uuid;

const BYTES: &[u8] = b"a line of a log\n";

fn key(id: EvidenceId) -> String {
    format!("evidence/{id}")
}

impl House {
    /// A file of the red side, announced, stored, recorded.
    async fn evidence(&self, test: TestId) -> EvidenceId {
        let id = EvidenceId(Uuid::now_v7());
        let sha256 = hex::encode(Sha256::digest(BYTES));
        let upload = EvidenceUpload {
            evidence_id: id.0,
            account: RED.account.0,
            test_id: test.0,
            side: "red".to_owned(),
            file_name: "a.log".to_owned(),
            caption: String::new(),
            size_bytes: i64::try_from(BYTES.len()).expect("few"),
            sha256: sha256.clone(),
            object_key: key(id),
            media_type: None,
            confirmed_at: None,
            age_s: 0,
        };
        assert_eq!(evidence::enter(&self.pool, &upload).await.expect("entered"), Entered::Noted);
        let size_bytes = BYTES.len() as u64;
        let announced =
            Announced { key: key(id), file_name: "a.log".to_owned(), size_bytes, sha256: sha256.clone() };
        let pieces = futures::stream::iter([Ok(bytes::Bytes::from_static(BYTES))]);
        self.files().receive(&announced, pieces).await.expect("received");
        let recorded = Evidence {
            id,
            side: Side::Red,
            file_name: "a.log".to_owned(),
            media_type: "text/plain".to_owned(),
            size_bytes,
            sha256,
            object_key: key(id),
            caption: String::new(),
        };
        self.test(test, RED, TestAction::AddEvidence(recorded)).await;
        evidence::confirmed(&self.pool, id.0).await.expect("confirmed");
        id
    }

    /// Takes a file out of its round and waits until that shows.
    async fn take_out(&self, test: TestId, id: EvidenceId) {
        let reason = "The wrong file.".to_owned();
        self.test(test, RED, TestAction::RemoveEvidence { evidence: id, reason }).await;
        let shown = format!(
            "select count(*) from test_evidence where evidence_id = '{id}' and removed_at is not null
             and to_position = 9223372036854775807"
        );
        eventually("the file is shown as taken out", async || self.count(&shown).await == 1).await;
    }

    async fn has(&self, id: EvidenceId) -> bool {
        self.files().has(&key(id)).await.expect("an answer")
    }

    async fn erased(&self) -> i64 {
        self.count("select count(*) from evidence_uploads where erased_at is not null").await
    }
}

#[sqlx::test(migrations = false)]
async fn the_bytes_of_evidence_go_30_days_after_it_was_taken_out(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let mut house = House::new(options).await;
    let engine = house.engine().await;
    let test = house.drafted().await;
    house.test(test, RED, TestAction::StartExecution { waits_for: vec![] }).await;
    let (kept, first, second) =
        (house.evidence(test).await, house.evidence(test).await, house.evidence(test).await);
    house.take_out(test, first).await;
    let taken_out = Utc::now();

    let remove = async |days: i64| {
        let now = taken_out + TimeDelta::days(days);
        leftovers::remove(&house.pool, &house.files(), now).await.expect("removed")
    };
    assert_eq!(remove(29).await, 0, "a mistake can be seen for 30 days");
    assert!(house.has(first).await);
    assert_eq!(remove(31).await, 1);
    assert_eq!((house.has(first).await, house.has(second).await, house.has(kept).await), (false, true, true));
    assert_eq!(house.erased().await, 1);
    assert_eq!(remove(31).await, 0, "what is gone is not removed again");

    // By itself, when the calendar of the engine says so.
    house.take_out(test, second).await;
    engine.shutdown().await;
    let later = || Utc::now() + TimeDelta::days(31);
    house.calendar = Calendar::of(later, Duration::from_millis(50));
    let engine = house.engine().await;
    eventually("the second is gone, too", async || !house.has(second).await).await;
    eventually("and noted", async || house.erased().await == 2).await;
    assert!(house.has(kept).await, "what stands in a round stays");
    engine.shutdown().await;
}
