//! The real ATT&CK releases, where they are at hand.

use crate::house::House;
use aegis_sources::attack::content::AttackCounts;
use aegis_workers::import::ImportResult;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::path::Path;

fn real(file: &str) -> Option<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data").join(file);
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        println!("skipped: {} is not here", path.display());
    }
    bytes
}

/// The counts of a release of ATT&CK.
fn counted(result: &ImportResult) -> AttackCounts {
    serde_json::from_value(serde_json::json!(result.counts)).expect("counts of ATT&CK")
}

#[sqlx::test(migrations = false)]
async fn attack_18_1_after_14_1_is_exactly_18_1(_: PgPoolOptions, options: PgConnectOptions) {
    let (old, new) = ("enterprise-attack-14.1.json.zst", "enterprise-attack-18.1.json.zst");
    let (Some(old_bytes), Some(new_bytes)) = (real(old), real(new)) else {
        return;
    };
    let house = House::new(options).await;
    let engine = house.engine().await;

    let request = house.request(old, old_bytes).await;
    let (_, result) = house.succeeded(&request).await;
    let counts = counted(&result);
    assert_eq!((counts.techniques, counts.sub_techniques, counts.cells), (201, 424, 812));

    let request = house.request(new, new_bytes.clone()).await;
    let (job, result) = house.succeeded(&request).await;
    println!("18.1 took {} ms, {} rejects", result.took_ms, result.rejects);
    let counts = counted(&result);
    assert_eq!((result.version.as_str(), result.changed), ("18.1", true));
    assert_eq!((counts.techniques, counts.sub_techniques, counts.tactics, counts.cells), (216, 475, 14, 887));
    assert_eq!((counts.actors, counts.actor_technique_uses), (172, 4362));
    assert_eq!(job.title, "Import ATT&CK Enterprise from enterprise-attack-18.1.json.zst");
    let release = house.in_force(&engine).await.expect("a release");
    assert_eq!((release.version.as_str(), release.counts), ("18.1", counts));

    let again = house
        .request("enterprise-attack-18.1.json", zstd::decode_all(new_bytes.as_slice()).expect("unpacked"));
    let (_, again) = house.succeeded(&again.await).await;
    assert_eq!((again.changed, again.digest), (false, result.digest));
    assert_eq!(house.releases().await, 2);
    engine.shutdown().await;
}
