//! Single records that are refused while the rest goes in.

use serde_json::json;

use super::*;
use crate::MAX_REJECTS;
use crate::attack::fixture::{MATRIX, relationship, tactic, technique};

#[test]
fn objects_without_shape_are_refused() {
    let mini = Mini::new()
        .with(json!(5))
        .with(json!(["attack-pattern"]))
        .with(json!({"id": pattern(90)}))
        .with(json!({"type": 5}))
        .with(json!({"type": "attack-pattern"}))
        .with(json!({"type": "attack-pattern", "id": ""}))
        .with(json!({"type": "attack-pattern", "id": 7}))
        .with(json!({"type": "attack-pattern", "id": "attack-pattern--one"}))
        .with(json!({"type": "attack-pattern", "id": id("malware", 90)}));
    let expected = [
        ("object #28".into(), "is not a JSON object".into()),
        ("object #29".into(), "is not a JSON object".into()),
        (pattern(90), "`type` is missing".into()),
        ("object #31".into(), "`type` is a number, not a text".into()),
        ("object #32".into(), "`id` is missing".into()),
        ("object #33".into(), "`id` is empty".into()),
        ("object #34".into(), "`id` is a number, not a text".into()),
        ("object #35".into(), "`id` is \"attack-pattern--one\", not attack-pattern-- and a UUID".into()),
        (
            id("malware", 90),
            "`id` is \"malware--00000000-0000-4000-8000-000000000090\", not attack-pattern-- and a UUID"
                .into(),
        ),
    ];
    assert_eq!(refused(mini), expected);
}

#[test]
fn a_field_twice_is_refused() {
    let bytes = String::from_utf8(Mini::new().bytes()).expect("JSON");
    let bytes = bytes.replacen("\"name\":\"Technique T1001\"", "\"name\":\"a\",\"name\":\"b\"", 1);
    let rejects = read(bytes.as_bytes()).expect("a bundle").rejects.kept;
    assert_eq!(rejects[0], Reject::new("", "object #6", "duplicate field `name`"));
}

#[test]
fn fields_of_the_wrong_kind_are_refused() {
    let cases = [
        (json!({"name": null}), "`name` is missing"),
        (json!({"name": "  "}), "`name` is empty"),
        (json!({"name": ["x"]}), "`name` is a list, not a text"),
        (json!({"description": 5}), "`description` is a number, not a text"),
        (json!({"description": "a\u{0}b"}), "`description` has a NUL character"),
        (json!({"revoked": "yes"}), "`revoked` is a text, not true or false"),
        (json!({"x_mitre_deprecated": 1}), "`x_mitre_deprecated` is a number, not true or false"),
        (json!({"x_mitre_platforms": "Windows"}), "`x_mitre_platforms` is a text, not a list"),
        (json!({"x_mitre_platforms": ["Windows", 5]}), "`x_mitre_platforms` is a number, not a text"),
        (json!({"x_mitre_platforms": [""]}), "`x_mitre_platforms` has an empty entry"),
        (json!({"kill_chain_phases": {}}), "`kill_chain_phases` is an object, not a list"),
        (
            json!({"kill_chain_phases": [["mitre-attack", "impact"]]}),
            "`kill_chain_phases` has an entry that is a list, not an object",
        ),
        (
            json!({"kill_chain_phases": [{"kill_chain_name": "mitre-attack"}]}),
            "`kill_chain_phases.phase_name` is missing",
        ),
        (json!({"external_references": true}), "`external_references` is true or false, not a list"),
    ];
    for (fields, reason) in cases {
        assert_refused(Mini::new().set(&pattern(4), fields), &pattern(4), reason);
    }
    let alias = Mini::new().set(&id("intrusion-set", 1), json!({"aliases": [[]]}));
    assert_eq!(refused(alias)[0], (id("intrusion-set", 1), "`aliases` is a list, not a text".into()));
}

#[test]
fn a_broken_escape_is_refused() {
    let bytes = String::from_utf8(Mini::new().bytes()).expect("JSON");
    let bytes = bytes.replacen("\"name\":\"Technique T1003\"", "\"name\":\"\\ud800\"", 1);
    let rejects = read(bytes.as_bytes()).expect("a bundle").rejects.kept;
    assert_eq!(rejects, [Reject::new("", pattern(4), "`name` has a broken escape")]);
}

#[test]
fn unknown_words_are_refused() {
    assert_refused(
        Mini::new().set(&pattern(4), json!({"x_mitre_domains": ["enterprise-attack", "cloud-attack"]})),
        &pattern(4),
        "\"cloud-attack\" in `x_mitre_domains` is no ATT&CK domain",
    );
    let phases = json!([{"kill_chain_name": "mitre-atack", "phase_name": "impact"}]);
    assert_refused(
        Mini::new().set(&pattern(4), json!({"kill_chain_phases": phases})),
        &pattern(4),
        "\"mitre-atack\" is no known ATT&CK kill chain",
    );
    assert_refused(
        Mini::new().set(&id("relationship", 5), json!({"relationship_type": "use"})),
        &id("relationship", 5),
        "\"use\" is no known `relationship_type`",
    );
}

#[test]
fn an_attack_id_must_be_there_and_look_like_one() {
    let missing = "has no ATT&CK id (no `external_references` entry of mitre-attack with an `external_id`)";
    for references in [
        json!(null),
        json!([]),
        json!([{"source_name": "capec", "external_id": "CAPEC-1"}]),
        json!([{"source_name": "mitre-attack", "url": "https://attack.mitre.org"}]),
    ] {
        let mini = Mini::new().set(&pattern(4), json!({"external_references": references}));
        assert_refused(mini, &pattern(4), missing);
    }
    let reference = |attack_id: &str| json!([{"source_name": "mitre-attack", "external_id": attack_id}]);
    for wrong in ["", "T", "T12", "T1003.1", "T1003.0011", "T1003.abc", "S1003", "t1003", "T1003 ", "T٣٣٣٣"]
    {
        let mini = Mini::new().set(&pattern(4), json!({"external_references": reference(wrong)}));
        let reason = format!("{} is not an ATT&CK id like T1059 or T1059.001", quoted(wrong));
        assert_refused(mini, &pattern(4), &reason);
    }
    let dotted = Mini::new().set(&id("tool", 2), json!({"external_references": reference("S0002.001")}));
    let expected = "\"S0002.001\" is not an ATT&CK id like S0001";
    assert_eq!(refused(dotted)[0], (id("tool", 2), expected.into()));
}

#[test]
fn a_link_that_is_no_web_address_is_refused() {
    let reference =
        json!([{"source_name": "mitre-attack", "external_id": "T1003", "url": "javascript:alert(1)"}]);
    assert_refused(
        Mini::new().set(&pattern(4), json!({"external_references": reference})),
        &pattern(4),
        "`external_references.url` is not a web address",
    );
}

#[test]
fn of_two_objects_with_one_id_the_first_counts() {
    let mut other = Mini::new().get(&pattern(4)).clone();
    assert_eq!(parsed(&Mini::new().with(other.clone())), parsed(&Mini::new()), "byte for byte the same");
    other["name"] = json!("Another");
    let mini = Mini::new().with(other.clone());
    assert_eq!(by_attack_id(&parsed(&mini).content, "T1003").name, "Technique T1003");
    assert_refused(mini, &pattern(4), "the id occurs twice with different contents; the first one counts");
    // The first is refused, so the second one is the first that counts.
    let mini = Mini::new().set(&pattern(4), json!({"name": 5})).with(other);
    assert_eq!(by_attack_id(&parsed(&mini).content, "T1003").name, "Another");
    assert_refused(mini, &pattern(4), "`name` is a number, not a text");
}

#[test]
fn of_two_live_techniques_with_one_attack_id_the_first_by_stix_id_counts() {
    let mut mini = Mini::new().with(technique(40, "T1003", &["impact"], json!({})));
    let reason = format!("T1003 is the ATT&CK id of {} too, which counts", pattern(4));
    assert_eq!(refused(Mini { objects: mini.objects.clone() }), [(pattern(40), reason.clone())]);
    mini.objects.reverse();
    assert_eq!(refused(mini), [(pattern(40), reason)]);
    let revoked = Mini::new().with(technique(40, "T1003", &["impact"], json!({"revoked": true})));
    assert_eq!(refused(revoked), []);
}

#[test]
fn a_relationship_with_a_loose_end_is_refused() {
    let gone = id("malware", 9);
    for (field, kind) in [("source_ref", "uses"), ("target_ref", "mitigates"), ("target_ref", "revoked-by")] {
        let mut loose = relationship(30, kind, &id("malware", 1), &pattern(1));
        loose[field] = json!(gone);
        let reason = format!("`{field}` \"{gone}\" is not in the bundle");
        assert_refused(Mini::new().with(loose), &id("relationship", 30), &reason);
    }
    let missing = Mini::new().set(&id("relationship", 5), json!({"target_ref": null}));
    assert_refused(missing, &id("relationship", 5), "`target_ref` is missing");
}

#[test]
fn what_hangs_on_a_refused_record_is_refused_too() {
    let mini = Mini::new().set(&pattern(3), json!({"name": 5}));
    let end = format!("its end \"{}\" was refused", pattern(3));
    assert_eq!(
        refused(mini),
        [
            (pattern(3), "`name` is a number, not a text".into()),
            (id("relationship", 7), end.clone()),
            (id("relationship", 8), end.clone()),
            (id("relationship", 9), end),
        ]
    );
}

#[test]
fn a_use_with_a_wrong_description_is_refused() {
    assert_refused(
        Mini::new().set(&id("relationship", 5), json!({"description": 5})),
        &id("relationship", 5),
        "`description` is a number, not a text",
    );
}

#[test]
fn a_sub_technique_needs_a_live_parent() {
    let sub = pattern(2);
    let first = |mini: Mini| refused(mini).remove(0);
    let lacks = |why: &str| (sub.clone(), format!("sub-technique T1001.001 has no parent: {why}"));
    let link = id("relationship", 1);
    let parent_is = |parent: &str| Mini::new().set(&link, json!({"target_ref": parent}));
    assert_eq!(first(Mini::new().without(&link)), lacks("it has no subtechnique-of relationship"));
    assert_eq!(first(parent_is(&pattern(5))), lacks(&format!("its parent \"{}\" is not active", pattern(5))));
    for wrong in [sub.clone(), id("tool", 2)] {
        assert_eq!(
            first(parent_is(&wrong)),
            lacks(&format!("\"{wrong}\" is no technique that was taken in"))
        );
    }
    let revoked = Mini::new().without(&link).set(&sub, json!({"revoked": true}));
    assert_eq!(refused(revoked), [], "a revoked one may be without");
}

#[test]
fn a_second_parent_is_refused() {
    let mini = Mini::new()
        .with(relationship(30, "subtechnique-of", &pattern(2), &pattern(3)))
        .with(relationship(31, "subtechnique-of", &pattern(2), &pattern(1)));
    assert_refused(
        mini,
        &id("relationship", 30),
        &format!("gives \"{}\" a second parent; \"{}\" counts", pattern(2), pattern(1)),
    );
}

#[test]
fn an_unknown_tactic_is_refused() {
    let partly = Mini::new().with(technique(20, "T1020", &["impact", "imapct"], json!({})));
    assert_eq!(by_attack_id(&parsed(&partly).content, "T1020").tactics, ["impact"]);
    assert_refused(partly, &pattern(20), "T1020 names unknown tactics, left out: \"imapct\"");
    let wholly = Mini::new().with(technique(20, "T1020", &["imapct"], json!({})));
    assert_refused(wholly, &pattern(20), "T1020 is in no active tactic; no tactic is named \"imapct\"");
    let retired = Mini::new()
        .with(tactic(4, "network-effects", json!({"x_mitre_deprecated": true})))
        .with(technique(20, "T1020", &["network-effects"], json!({})));
    assert_refused(retired, &pattern(20), "T1020 is in no active tactic");
    let none = Mini::new().with(technique(20, "T1020", &[], json!({})));
    assert_refused(none, &pattern(20), "T1020 is in no active tactic");
}

#[test]
fn a_matrix_at_fault_costs_only_the_order() {
    let order = |mini: &Mini| -> Vec<i32> {
        let content = parsed(mini).content;
        content.tactics.iter().map(|t| t.attack_id[2..].parse().expect("a number")).collect()
    };
    let missing = Mini::new().without(MATRIX);
    assert_eq!(order(&missing), [1, 2, 3]);
    assert_refused(
        missing,
        "x-mitre-matrix",
        "no active matrix: tactics are put in the order of their ATT&CK ids",
    );
    let refs = json!([id("x-mitre-tactic", 3), id("x-mitre-tactic", 9), id("x-mitre-tactic", 3)]);
    let partial = Mini::new().set(MATRIX, json!({"tactic_refs": refs}));
    assert_eq!(order(&partial), [3, 1, 2]);
    let unlisted = "no active matrix lists it: it is put after the tactics that are listed";
    let column =
        format!("lists \"{}\", which is no usable tactic: that column is left out", id("x-mitre-tactic", 9));
    assert_eq!(
        refused(partial),
        [
            (MATRIX.into(), column),
            (id("x-mitre-tactic", 1), unlisted.into()),
            (id("x-mitre-tactic", 2), unlisted.into()),
        ]
    );
}

#[test]
fn of_two_live_tactics_with_one_short_name_the_first_counts() {
    let mini = Mini::new().with(tactic(4, "impact", json!({})));
    assert_refused(mini, &id("x-mitre-tactic", 4), "another active tactic is \"impact\" too");
}

#[test]
fn rejects_beyond_the_limit_are_counted() {
    let mut mini = Mini::new();
    mini.objects.extend((0..MAX_REJECTS + 5).map(|_| json!(0)));
    let parsed = parsed(&mini);
    assert_eq!((parsed.rejects.kept.len(), parsed.rejects.count), (MAX_REJECTS, MAX_REJECTS as u64 + 5));
}
