//! What a bundle becomes.

use crate::attack::content::{AttackCounts, SoftwareKind};
use serde_json::{Value, json};

use super::*;
use crate::attack::fixture::{COLLECTION, MATRIX, relationship, tactic, technique};

#[test]
fn a_bundle_becomes_a_release() {
    let Parsed { content, rejects } = parsed(&Mini::new());
    assert_eq!(rejects, Rejects::default());
    assert_eq!((content.domain.as_str(), content.version.as_str()), ("enterprise-attack", "99.1"));
    let counts = AttackCounts {
        techniques: 3,
        sub_techniques: 1,
        tactics: 3,
        cells: 5,
        revoked: 3,
        deprecated: 1,
        actors: 1,
        software: 2,
        actor_technique_uses: 1,
        mitigations: 1,
        mitigates: 1,
        ..AttackCounts::default()
    };
    assert_eq!(content.counts(), counts);
    let columns: Vec<_> = content.tactics.iter().map(|t| (t.ordinal, t.short_name.as_str())).collect();
    assert_eq!(columns, [(0, "initial-access"), (1, "execution"), (2, "impact")]);
}

#[test]
fn a_technique_keeps_what_the_bundle_says() {
    let content = parsed(&Mini::new()).content;
    let technique = by_attack_id(&content, "T1001");
    assert_eq!(technique.stix_id, pattern(1));
    assert_eq!(technique.name, "Technique T1001");
    assert_eq!(technique.description, "Technique T1001, as a test tells it.");
    assert_eq!(technique.platforms, ["Linux", "Windows"]);
    assert_eq!(technique.url.as_deref(), Some("https://attack.mitre.org/T1001"));
    assert_eq!(by_attack_id(&content, "T1002").tactics, ["execution", "initial-access"]);
    let sub = by_attack_id(&content, "T1001.001");
    assert_eq!((sub.is_subtechnique, sub.parent.as_deref()), (true, Some(pattern(1).as_str())));
}

#[test]
fn revoked_counts_before_deprecated() {
    let content = parsed(&Mini::new()).content;
    assert_eq!(by_attack_id(&content, "T1006").lifecycle, Lifecycle::Revoked);
    assert_eq!(by_attack_id(&content, "T1007").lifecycle, Lifecycle::Deprecated);
}

#[test]
fn groups_and_software_keep_their_other_names() {
    let content = parsed(&Mini::new()).content;
    assert_eq!(content.actors[0].aliases, ["Zed", "Abe"]);
    let software: Vec<_> = content.software.iter().map(|s| (s.name.as_str(), s.kind)).collect();
    assert_eq!(software, [("OtterDoor", SoftwareKind::Malware), ("probe", SoftwareKind::Tool)]);
    assert_eq!(content.software[0].aliases, ["OD"]);
    assert_eq!(content.software[1].platforms, ["Linux", "macOS"]);
}

#[test]
fn uses_join_groups_software_and_techniques() {
    let content = parsed(&Mini::new()).content;
    let uses: Vec<_> = content.uses.iter().map(|u| (u.source.as_str(), u.target.as_str())).collect();
    let (group, malware, tool) = (id("intrusion-set", 1), id("malware", 1), id("tool", 2));
    let expected = [
        (group.as_str(), pattern(2)),
        (group.as_str(), malware.clone()),
        (malware.as_str(), pattern(3)),
        (tool.as_str(), pattern(3)),
    ];
    assert_eq!(uses, expected.each_ref().map(|(source, target)| (*source, target.as_str())));
    assert_eq!(content.uses[0].description, "uses, says a test (Citation: A report)");
}

#[test]
fn uses_out_of_force_or_of_other_kinds_stay_out_silently() {
    let group = id("intrusion-set", 1);
    let mini = Mini::new()
        .with(relationship(20, "uses", &group, &pattern(5)))
        .with(relationship(21, "uses", &pattern(1), &group))
        .with(relationship(22, "uses", &id("identity", 1), &pattern(1)))
        .set(&id("relationship", 5), json!({"x_mitre_deprecated": true}))
        .set(&id("relationship", 6), json!({"revoked": true}));
    let parsed = parsed(&mini);
    assert_eq!((parsed.content.uses.len(), parsed.rejects.count), (2, 0));
}

#[test]
fn a_revoked_technique_leads_to_the_live_end_of_its_chain() {
    let content = parsed(&Mini::new()).content;
    for attack_id in ["T1004", "T1005", "T1006"] {
        assert_eq!(successor(&content, attack_id), Some("T1001.001"));
    }
    assert_eq!(successor(&content, "T1007"), None);
    assert_eq!(successor(&content, "T1001"), None);
}

#[test]
fn a_chain_without_a_live_end_has_no_successor() {
    let cycle = Mini::new().set(&id("relationship", 4), json!({"target_ref": pattern(7)}));
    let content = parsed(&cycle).content;
    assert_eq!(successor(&content, "T1006"), None);
    let withdrawn = Mini::new().set(&id("relationship", 4), json!({"x_mitre_deprecated": true}));
    assert_eq!(successor(&parsed(&withdrawn).content, "T1006"), None);
}

#[test]
fn a_chain_is_followed_for_sixteen_steps() {
    let mut mini = Mini::new();
    for step in 0..20 {
        let revoked = json!({"revoked": true});
        mini = mini.with(technique(100 + step, &format!("T{}", 2000 + step), &["impact"], revoked));
        let next = if step == 0 { pattern(1) } else { pattern(100 + step - 1) };
        mini = mini.with(relationship(100 + step, "revoked-by", &pattern(100 + step), &next));
    }
    let content = parsed(&mini).content;
    assert_eq!(successor(&content, "T2015"), Some("T1001"));
    assert_eq!(successor(&content, "T2016"), None);
}

#[test]
fn of_several_successors_the_nearest_counts_then_the_first() {
    let revoked = json!({"revoked": true});
    let mini = Mini::new()
        .with(technique(50, "T1050", &["impact"], revoked))
        .with(relationship(50, "revoked-by", &pattern(50), &pattern(5)))
        .with(relationship(51, "revoked-by", &pattern(50), &pattern(4)))
        .with(relationship(52, "revoked-by", &pattern(50), &pattern(3)));
    assert_eq!(successor(&parsed(&mini).content, "T1050"), Some("T1002"));
}

#[test]
fn null_counts_as_absent() {
    let mut mini = Mini::new();
    mini.get(&pattern(1))["x_mitre_platforms"] = Value::Null;
    mini.get(&pattern(1))["revoked"] = Value::Null;
    let parsed = parsed(&mini);
    assert_eq!(parsed.rejects.count, 0);
    assert!(by_attack_id(&parsed.content, "T1001").platforms.is_empty());
}

#[test]
fn escapes_and_other_scripts_survive() {
    let name = "C:\\ \"Otter\" \n Видра 🦦";
    let mini = Mini::new().set(&pattern(1), json!({"name": name, "description": name}));
    let technique = by_attack_id(&parsed(&mini).content, "T1001").clone();
    assert_eq!((technique.name.as_str(), technique.description.as_str()), (name, name));
}

#[test]
fn a_byte_order_mark_and_stix_two_are_fine() {
    let bundle = String::from_utf8(Mini::new().bytes()).expect("JSON");
    let older = bundle.replacen("{", "\u{feff}{\"spec_version\": \"2.0\",", 1);
    assert_eq!(read(older.as_bytes()).expect("a bundle"), parsed(&Mini::new()));
}

#[test]
fn phases_of_other_kill_chains_do_not_concern_attack() {
    let phases = json!([
        {"kill_chain_name": "lockheed-martin-cyber-kill-chain", "phase_name": "delivery"},
        {"kill_chain_name": "mitre-ics-attack", "phase_name": "collection"},
        {"kill_chain_name": "mitre-attack", "phase_name": "impact"},
        {"kill_chain_name": "mitre-attack", "phase_name": "impact"},
    ]);
    let parsed = parsed(&Mini::new().set(&pattern(1), json!({"kill_chain_phases": phases})));
    assert_eq!(parsed.rejects.count, 0);
    assert_eq!(by_attack_id(&parsed.content, "T1001").tactics, ["impact"]);
}

#[test]
fn a_second_active_matrix_goes_behind_the_larger_one() {
    let mini = Mini::new()
        .set(MATRIX, json!({"tactic_refs": [id("x-mitre-tactic", 2), id("x-mitre-tactic", 3)]}))
        .with(json!({"type": "x-mitre-matrix", "id": id("x-mitre-matrix", 2),
            "tactic_refs": [id("x-mitre-tactic", 1)]}))
        .with(json!({"type": "x-mitre-matrix", "id": id("x-mitre-matrix", 3), "x_mitre_deprecated": true,
            "tactic_refs": [id("x-mitre-tactic", 9)]}));
    let parsed = parsed(&mini);
    let columns: Vec<_> = parsed.content.tactics.iter().map(|t| t.short_name.as_str()).collect();
    assert_eq!((columns, parsed.rejects.count), (vec!["impact", "initial-access", "execution"], 0));
}

#[test]
fn an_inactive_technique_may_name_an_inactive_tactic() {
    let mini = Mini::new()
        .with(tactic(4, "network-effects", json!({"x_mitre_deprecated": true})))
        .with(technique(20, "T1020", &["network-effects", "impact"], json!({"revoked": true})));
    let parsed = parsed(&mini);
    assert_eq!((parsed.content.tactics.len(), parsed.rejects.count), (3, 0));
    assert_eq!(by_attack_id(&parsed.content, "T1020").tactics, ["impact"]);
}

#[test]
fn the_domain_comes_from_matrix_collection_or_techniques() {
    let domain = |mini: &Mini| parsed(mini).content.domain;
    let mobile = Mini::new().set(MATRIX, json!({"x_mitre_domains": ["mobile-attack"]}));
    let bytes = String::from_utf8(mobile.bytes()).expect("JSON");
    let bytes =
        bytes.replace("\"kill_chain_name\":\"mitre-attack\"", "\"kill_chain_name\":\"mitre-mobile-attack\"");
    assert_eq!(read(bytes.as_bytes()).expect("a bundle").content.domain, "mobile-attack");
    assert_eq!(domain(&Mini::new().without(MATRIX)), "enterprise-attack");
    let nameless = Mini::new()
        .without(MATRIX)
        .set(COLLECTION, json!({"name": "Ours"}))
        .set(&pattern(1), json!({"x_mitre_domains": ["ics-attack", "enterprise-attack"]}));
    assert_eq!(domain(&nameless), "enterprise-attack");
}

#[test]
fn a_bundle_of_no_or_several_domains_is_refused() {
    let failure = |mini: Mini| read(&mini.bytes()).expect_err("no clear domain");
    let mut nowhere = Mini::new().without(MATRIX).without(COLLECTION);
    nowhere.objects.iter_mut().for_each(|object| {
        object.as_object_mut().expect("an object").remove("x_mitre_domains");
    });
    assert_eq!(failure(nowhere), ParseError::UnknownDomain { found: String::new() });
    let before = failure(Mini::new().set(MATRIX, json!({"x_mitre_domains": ["pre-attack"]})));
    assert_eq!(before, ParseError::UnknownDomain { found: "\"pre-attack\"".into() });
    assert_eq!(
        before.to_string(),
        "the bundle's ATT&CK domain is \"pre-attack\"; enterprise-attack, mobile-attack and ics-attack can be imported"
    );
    let mixed = Mini::new().with(json!({"type": "x-mitre-matrix", "id": id("x-mitre-matrix", 2),
        "x_mitre_domains": ["ics-attack"], "tactic_refs": []}));
    assert_eq!(
        failure(mixed).to_string(),
        "the bundle mixes the domains \"enterprise-attack\", \"ics-attack\"; import them one at a time"
    );
}

#[test]
fn a_given_version_counts_only_where_the_bundle_has_none() {
    let bytes = Mini::new().without(COLLECTION).bytes();
    let version = |bytes: &[u8], given| parse(bytes, given, &mut quiet).map(|parsed| parsed.content.version);
    assert_eq!(version(&bytes, None), Err(ParseError::VersionMissing));
    assert_eq!(version(&bytes, Some(" v18.1 ")).as_deref(), Ok("18.1"));
    assert_eq!(version(&Mini::new().bytes(), Some("18.1")).as_deref(), Ok("99.1"));
    for wrong in ["", "starter", "18.1\n2", "18 1", &"1".repeat(33)] {
        assert!(matches!(version(&bytes, Some(wrong)), Err(ParseError::BadVersion { .. })), "{wrong}");
    }
    assert_eq!(
        ParseError::BadVersion { found: quoted("new") }.to_string(),
        "\"new\" is not an ATT&CK version; one looks like 18.1"
    );
    assert!(ParseError::VersionMissing.to_string().contains("put the version into the file name"));
}

#[test]
fn collections_that_disagree_are_refused() {
    let mini = Mini::new().with(json!({"type": "x-mitre-collection", "id": id("x-mitre-collection", 2),
        "name": "Enterprise ATT&CK", "x_mitre_version": "100.1"}));
    assert_eq!(
        read(&mini.bytes()).expect_err("two versions").to_string(),
        "the bundle says it is several ATT&CK versions at once: \"100.1\", \"99.1\""
    );
}

#[test]
fn a_file_name_can_tell_the_version() {
    assert_eq!(version_in_file_name("enterprise-attack-18.1.stix20.json.zst"), Some("18.1"));
    assert_eq!(version_in_file_name("/tmp/x-9.9/mobile-attack-v6.3.json"), Some("6.3"));
    assert_eq!(version_in_file_name("C:\\in\\ics-attack_14.1"), Some("14.1"));
    for without in ["enterprise-attack.json", "enterprise-attack-2.json", "attack-18.1.json", ""] {
        assert_eq!(version_in_file_name(without), None, "{without}");
    }
}
