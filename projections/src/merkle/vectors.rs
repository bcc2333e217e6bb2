//! `docs/verify/vectors.json`, regenerated and compared. The ledger in it is what PostgreSQL 15 sealed: the events
//! were inserted with these ids and times, `ledger_head.sealed_at` was set to [`SEALED_AT_US`], then `seal` ran;
//! its leaf hashes are in [`SEALED_BY_POSTGRESQL`].

#![allow(clippy::unwrap_used)]

use super::*;
use ed25519_dalek::SigningKey;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const PUBLISHED: &str = include_str!("../../../docs/verify/vectors.json");
const ORIGIN: &str = "aegis.example/test-vectors";
/// 2033-05-18 03:33:20.123456 UTC.
const SEALED_AT_US: i64 = 2_000_000_000_123_456;

/// SHA-256 over the 17 leaf hashes in order, as PostgreSQL 15.18 computed them while sealing.
const SEALED_BY_POSTGRESQL: &str = "033a12e7fe86d841bcc766ab7c3562838ea7a5df6b66e8bae7602ee37ba18ba5";

/// The events of the published ledger; position `n` is element `n - 1`.
pub(super) fn ledger() -> Vec<LedgerLeaf<'static>> {
    let plain = LedgerLeaf {
        position: 0,
        sealed_at_us: SEALED_AT_US,
        event_id: 0,
        sequence: 1,
        recorded_at_us: 1_767_225_600_000_000,
        aggregate_type: "Test",
        aggregate_id: "6f1c7a52-0c0e-5d0e-9d1b-000000000001",
        event_type: "TestDrafted",
        event_version: "1",
        payload: r#"{"name":"Kerberoasting"}"#,
        metadata: r#"{"actor":"red"}"#,
    };
    let odd = [
        plain,
        LedgerLeaf { aggregate_type: "", aggregate_id: "", event_type: "", event_version: "", ..plain },
        LedgerLeaf { payload: "{}", metadata: "null", ..plain },
        LedgerLeaf { aggregate_type: "Tés", aggregate_id: "t", ..plain },
        LedgerLeaf { aggregate_type: "Té", aggregate_id: "st", ..plain },
        LedgerLeaf {
            aggregate_id: "日本語 👩‍🚀 עִבְרִית e\u{301}", event_type: "Ünï", ..plain
        },
        LedgerLeaf { payload: r#"{"a":"\u0000 \n \t \" \\ \/ \u00e9 é \ud83d\ude00"}"#, ..plain },
        LedgerLeaf { payload: " { \"b\" : 1.0e+2 ,\n\t\"a\":1, \"a\" : 2 } ", ..plain },
        LedgerLeaf { payload: r#"{"n":[123456789012345678901234567890.10,-0,1E400,0.1]}"#, ..plain },
        LedgerLeaf { recorded_at_us: -1, ..plain },
        LedgerLeaf { recorded_at_us: 0, sequence: 0, ..plain },
        LedgerLeaf { recorded_at_us: -62_135_596_799_999_999, sequence: -7, ..plain },
        LedgerLeaf { recorded_at_us: 253_402_300_799_999_999, sequence: i64::MAX, ..plain },
        LedgerLeaf { sequence: i64::MIN, aggregate_id: "tab\tnewline\nreturn\rquote'\"", ..plain },
        LedgerLeaf { event_version: "2", event_type: "TestDrafted\u{2028}", ..plain },
        LedgerLeaf { metadata: r#"{"actor":"","role":null}"#, aggregate_id: " ", ..plain },
        LedgerLeaf { payload: "\"\u{feff}\u{10ffff}\u{7f}\"", event_id: i64::MAX, ..plain },
    ];
    let numbered = (1..).zip(odd).map(|(position, leaf)| LedgerLeaf {
        position,
        event_id: if leaf.event_id == 0 { position * 10 } else { leaf.event_id },
        sequence: if leaf.sequence == 1 { position } else { leaf.sequence },
        ..leaf
    });
    numbered.collect()
}

/// Leaves no ledger holds, at the ends of the number range.
fn extremes() -> Vec<LedgerLeaf<'static>> {
    [i64::MIN, -1, 0, i64::MAX]
        .map(|n| LedgerLeaf {
            position: n,
            sealed_at_us: n,
            event_id: n,
            sequence: n,
            recorded_at_us: n,
            aggregate_type: "",
            aggregate_id: "",
            event_type: "",
            event_version: "",
            payload: "",
            metadata: "",
        })
        .to_vec()
}

fn test_key() -> SigningKey {
    SigningKey::from_bytes(&Sha256::digest("Aegis published test key. Never trust it.").into())
}

fn hex_lines(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(hex::encode).collect()
}

fn leaf_json(leaf: &LedgerLeaf<'_>) -> Value {
    json!({
        "position": leaf.position.to_string(),
        "sealed_at_us": leaf.sealed_at_us.to_string(),
        "event_id": leaf.event_id.to_string(),
        "sequence": leaf.sequence.to_string(),
        "recorded_at_us": leaf.recorded_at_us.to_string(),
        "aggregate_type": leaf.aggregate_type,
        "aggregate_id": leaf.aggregate_id,
        "event_type": leaf.event_type,
        "event_version": leaf.event_version,
        "payload": leaf.payload,
        "metadata": leaf.metadata,
        "preimage": hex::encode(leaf.preimage()),
        "leaf_hash": hex::encode(leaf.leaf_hash()),
    })
}

fn generate() -> Value {
    let ledger = ledger();
    let leaves: Vec<Hash> = ledger.iter().map(LedgerLeaf::leaf_hash).collect();
    let size = leaves.len() as u64;
    let root = root_of(&leaves);
    let reader = leaves.as_slice();

    let roots: Vec<Value> = (0..=leaves.len())
        .map(|size| json!({"size": size, "root": hex::encode(root_of(&leaves[..size]))}))
        .collect();
    let inclusion: Vec<Value> = [(0, 1), (0, 2), (2, 3), (4, 7), (6, 7), (0, 8), (5, 13), (7, 17), (16, 17)]
        .into_iter()
        .map(|(index, size)| {
            let proof = inclusion_proof(index, size, reader).unwrap();
            json!({"index": index, "size": size, "proof": hex_lines(&proof)})
        })
        .collect();
    let consistency: Vec<Value> =
        [(0, 5), (1, 2), (3, 7), (4, 8), (6, 8), (8, 17), (13, 17), (16, 17), (17, 17)]
            .into_iter()
            .map(|(old, new)| {
                let proof = consistency_proof(old, new, reader).unwrap();
                json!({"old": old, "new": new, "proof": hex_lines(&proof)})
            })
            .collect();

    let origin = Origin::parse(ORIGIN).unwrap();
    let note = Checkpoint { origin: origin.clone(), size, root }.sign(&test_key());
    let proven = &ledger[6];
    let path = inclusion_proof(6, size, reader).unwrap();
    let edges = |size: u64| edge_tiles(size).iter().map(Tile::path).collect::<Vec<_>>();

    let edge_paths: Vec<Value> =
        [256, 70_000, (1_234_067 << 8) + 9].map(|size| json!({"size": size, "paths": edges(size)})).to_vec();

    json!({
        "about": [
            "Test vectors of the Aegis ledger proof. Numbers of leaves are decimal strings, hashes are hex.",
            "preimage = 0x00, then position, sealed_at_us, event_id, sequence, recorded_at_us as 8 bytes each (two's complement, big-endian), then aggregate_type, aggregate_id, event_type, event_version, payload, metadata, each as a length in bytes (4 bytes, big-endian) and UTF-8. leaf_hash = SHA-256(preimage).",
            "ledger: 17 events as PostgreSQL 15 sealed them; the tree below is over their leaf hashes. extremes: leaves outside the tree.",
            "Tree, inclusion and consistency: RFC 6962, section 2.1. Tiles: C2SP tlog-tiles. Checkpoint: C2SP tlog-checkpoint, signed-note. Proof file: C2SP tlog-proof, whose extra line is the base64 of the preimage without its first byte.",
            "The key is published, so it proves nothing. Never trust it outside tests."
        ],
        "ledger": ledger.iter().map(leaf_json).collect::<Vec<_>>(),
        "extremes": extremes().iter().map(leaf_json).collect::<Vec<_>>(),
        "roots": roots,
        "inclusion": inclusion,
        "consistency": consistency,
        "tiles": {
            "partial_tile_of_17": {"path": edges(17)[0], "bytes": hex::encode(leaves.as_flattened())},
            "edge_paths": edge_paths,
        },
        "checkpoint": {
            "test_signing_key_never_trust": hex::encode(test_key().to_bytes()),
            "verifier_key": VerifierKey::new(origin, test_key().verifying_key()).to_string(),
            "signed_note": note,
        },
        "proof_file": {"position": "7", "text": write_proof(proven, &path, &note)},
    })
}

#[test]
fn published_vectors_are_what_this_code_gives() {
    let text = serde_json::to_string_pretty(&generate()).unwrap() + "\n";
    if let Some(path) = std::env::var_os("AEGIS_WRITE_VECTORS") {
        std::fs::write(path, &text).unwrap();
        return;
    }
    assert!(text == PUBLISHED, "docs/verify/vectors.json differs; AEGIS_WRITE_VECTORS=<path> writes it anew");
}

#[test]
fn postgresql_sealed_the_published_ledger() {
    let leaves: Vec<Hash> = ledger().iter().map(LedgerLeaf::leaf_hash).collect();
    assert_eq!(hex::encode(Sha256::digest(leaves.as_flattened())), SEALED_BY_POSTGRESQL);
}

#[test]
fn the_published_proof_file_verifies_offline() {
    let published: Value = serde_json::from_str(PUBLISHED).unwrap();
    let key = VerifierKey::parse(published["checkpoint"]["verifier_key"].as_str().unwrap()).unwrap();
    let file = published["proof_file"]["text"].as_str().unwrap();
    let event = verify_offline(file.as_bytes(), &key).unwrap();
    assert_eq!(event.leaf(), ledger()[6]);
    assert_eq!(hex::encode(event.checkpoint().root), published["roots"][17]["root"].as_str().unwrap());
}
