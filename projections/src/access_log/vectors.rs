//! `docs/verify/access-log-vectors.json`, made anew and compared.

#![allow(clippy::unwrap_used)]

use super::digest::{Entry, SegmentDigest, preimage};
use serde_json::{Value, json};

const PUBLISHED: &str = include_str!("../../../docs/verify/access-log-vectors.json");

fn entries() -> Vec<Entry> {
    let plain = Entry {
        id: 7,
        at_us: 1_767_225_600_000_000,
        account: None,
        action: "sign_in".to_owned(),
        outcome: "refused".to_owned(),
        address: Some("203.0.113.7".to_owned()),
        detail: None,
        entity_type: None,
        entity: None,
        key_id: None,
        correlation: None,
        name_hash: None,
    };
    let some = |text: &str| Some(text.to_owned());
    vec![
        plain.clone(),
        Entry {
            id: 9,
            at_us: 1_767_225_600_123_456,
            account: some("6f1c7a52-0c0e-5d0e-9d1b-000000000001"),
            action: "evidence_download".to_owned(),
            outcome: "allowed".to_owned(),
            address: some("2001:db8::7"),
            detail: some("é 日本語\n"),
            entity_type: some("test"),
            entity: some("7e570000-0000-4000-8000-000000000001"),
            key_id: some("7e570000-0000-4000-8000-000000000002"),
            correlation: some("0199aaaa-0000-7000-8000-000000000003"),
            name_hash: some("c3"),
        },
        // What is empty is not what is absent, and where a field ends is part of it.
        Entry { id: 10, detail: some(""), ..plain.clone() },
        Entry { id: 11, action: "sign_i".to_owned(), outcome: "nrefused".to_owned(), ..plain.clone() },
        Entry { id: i64::MAX, at_us: -1, address: None, ..plain },
    ]
}

fn digest(entries: &[Entry]) -> (u64, String) {
    let mut digest = SegmentDigest::default();
    for entry in entries {
        digest.add(entry);
    }
    digest.finish()
}

fn fresh() -> Value {
    let entries = entries();
    let listed: Vec<Value> = entries
        .iter()
        .map(|entry| {
            json!({
                "id": entry.id.to_string(),
                "at_us": entry.at_us.to_string(),
                "account": entry.account,
                "action": entry.action,
                "outcome": entry.outcome,
                "address": entry.address,
                "detail": entry.detail,
                "entity_type": entry.entity_type,
                "entity": entry.entity,
                "key_id": entry.key_id,
                "correlation": entry.correlation,
                "name_hash": entry.name_hash,
                "preimage": hex::encode(preimage(entry)),
            })
        })
        .collect();
    let digests: Vec<Value> = (0..=entries.len()).map(|count| digest(&entries[..count]).1.into()).collect();
    json!({
        "about": "SHA-256 of 'aegis/access-log/1' and a line feed, then the preimages of the entries in the order of their ids. \
                  A preimage is id and at_us, 8 bytes each, two's complement, big-endian; then account, action, outcome, address, \
                  detail, entity_type, entity, key_id, correlation and name_hash, each its length in bytes as 4 bytes big-endian \
                  and its UTF-8 text, or ffffffff alone where it is absent.",
        "entries": listed,
        "digests": digests,
    })
}

#[test]
fn the_published_vectors_are_what_is_computed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/verify/access-log-vectors.json");
    let fresh = format!("{}\n", serde_json::to_string_pretty(&fresh()).unwrap());
    if std::env::var_os("AEGIS_WRITE_VECTORS").is_some() {
        std::fs::write(path, &fresh).unwrap();
        return;
    }
    assert_eq!(fresh, PUBLISHED, "AEGIS_WRITE_VECTORS=1 writes {path} anew");
}

#[test]
fn every_field_and_every_border_counts() {
    let whole = entries();
    let (count, all) = digest(&whole);
    assert_eq!(count, 5);
    for at in 0..whole.len() {
        let mut missing = whole.clone();
        missing.remove(at);
        assert_ne!(digest(&missing).1, all, "without entry {at}");
        let mut other = whole.clone();
        other[at].at_us += 1;
        assert_ne!(digest(&other).1, all, "entry {at} at another time");
    }
    let alike: std::collections::BTreeSet<_> =
        whole.iter().map(|entry| preimage(entry)[16..].to_vec()).collect();
    assert_eq!(alike.len(), whole.len(), "no two of them are the same beyond id and time");
}
