//! A small bundle in our own words.

use serde_json::{Value, json};

/// What the mini bundle holds, as `(techniques, sub-techniques, tactics, cells, groups, uses)`.
pub const COUNTS: (i32, i32, i32, i32, i32, i32) = (2, 1, 2, 4, 1, 2);

/// A STIX id that is the same for the same type and number.
pub fn id(kind: &str, number: u32) -> String {
    format!("{kind}--00000000-0000-4000-8000-{number:012}")
}

fn object(kind: &str, number: u32, attack_id: &str, more: Value) -> Value {
    let mut object = json!({
        "type": kind, "id": id(kind, number), "spec_version": "2.1",
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "name": format!("The one called {attack_id}"), "description": "As a test tells it.",
        "x_mitre_domains": ["enterprise-attack"],
        "external_references": [{"source_name": "mitre-attack", "external_id": attack_id,
                                 "url": format!("https://attack.mitre.org/{attack_id}")}],
    });
    if let (Value::Object(object), Value::Object(more)) = (&mut object, more) {
        object.extend(more);
    }
    object
}

pub fn technique(number: u32, attack_id: &str, tactics: &[&str]) -> Value {
    let phases: Vec<Value> = tactics
        .iter()
        .map(|tactic| json!({"kill_chain_name": "mitre-attack", "phase_name": tactic}))
        .collect();
    let more = json!({"kill_chain_phases": phases, "x_mitre_platforms": ["Linux"],
                      "x_mitre_is_subtechnique": attack_id.contains('.')});
    object("attack-pattern", number, attack_id, more)
}

pub fn relationship(number: u32, kind: &str, source: &str, target: &str) -> Value {
    json!({
        "type": "relationship", "id": id("relationship", number), "spec_version": "2.1",
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "relationship_type": kind, "source_ref": source, "target_ref": target, "description": "Says a test.",
        "x_mitre_domains": ["enterprise-attack"],
    })
}

/// The objects of a release.
pub fn objects(version: &str) -> Vec<Value> {
    let tactic = |number: u32, name: &str| {
        object("x-mitre-tactic", number, &format!("TA{number:04}"), json!({"x_mitre_shortname": name}))
    };
    let refs: Vec<String> = (1..=2).map(|number| id("x-mitre-tactic", number)).collect();
    vec![
        json!({"type": "x-mitre-collection", "id": id("x-mitre-collection", 1), "spec_version": "2.1",
               "name": "Enterprise ATT&CK", "x_mitre_version": version, "x_mitre_contents": [],
               "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z"}),
        object("x-mitre-matrix", 1, "enterprise-attack", json!({"tactic_refs": refs})),
        tactic(1, "execution"),
        tactic(2, "persistence"),
        technique(1, "T9001", &["execution", "persistence"]),
        technique(2, "T9002", &["execution"]),
        technique(3, "T9001.001", &["persistence"]),
        relationship(1, "subtechnique-of", &id("attack-pattern", 3), &id("attack-pattern", 1)),
        object("intrusion-set", 1, "G9001", json!({"aliases": ["The one called G9001", "Somebody"]})),
        relationship(2, "uses", &id("intrusion-set", 1), &id("attack-pattern", 1)),
        relationship(3, "uses", &id("intrusion-set", 1), &id("attack-pattern", 3)),
    ]
}

/// A bundle of such objects.
pub fn bundle(objects: &[Value]) -> Vec<u8> {
    json!({"type": "bundle", "id": id("bundle", 1), "objects": objects}).to_string().into_bytes()
}

/// A release as a file.
pub fn release(version: &str) -> Vec<u8> {
    bundle(&objects(version))
}
