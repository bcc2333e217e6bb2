//! What changed between two releases.

use serde_json::{Value, json};

use super::real::real;
use super::*;
use crate::attack::changes::{Changes, MAX_LISTED, Moved, Technique, Turnover, chain, changes};
use crate::attack::fixture::{object, relationship, technique};

fn content(mini: &Mini) -> AttackContent {
    let parsed = parsed(mini);
    assert_eq!(parsed.rejects.kept, []);
    parsed.content
}

fn between(old: &Mini, new: &Mini) -> Changes {
    changes(&content(old), &content(new))
}

fn named(attack_id: &str) -> Technique {
    Technique { attack_id: attack_id.into(), name: format!("Technique {attack_id}") }
}

fn ids(content: &AttackContent, attack_id: &str) -> Vec<String> {
    let stix_id = &by_attack_id(content, attack_id).stix_id;
    chain(content, stix_id).iter().map(|technique| technique.attack_id.clone()).collect()
}

#[test]
fn a_release_does_not_differ_from_itself() {
    let same = between(&Mini::whole(), &Mini::whole());
    let expected = Changes {
        domain: "enterprise-attack".into(),
        from: "99.1".into(),
        to: "99.1".into(),
        ..Changes::default()
    };
    assert_eq!(same, expected);
}

#[test]
fn added_techniques_are_listed_by_attack_id() {
    let new = Mini::new().with(technique(40, "T1041", &["impact"], json!({}))).with(technique(
        41,
        "T1040",
        &["impact"],
        json!({}),
    ));
    let added = between(&Mini::new(), &new).added;
    assert_eq!((added.count, added.first), (2, vec![named("T1040"), named("T1041")]));
}

#[test]
fn a_revoked_technique_comes_with_the_chain_to_its_successor() {
    // T1006 -> T1005 -> T1004 -> T1001.001; the first two were in force before.
    let mut old = Mini::new();
    for number in [6, 7] {
        let phases = json!([{"kill_chain_name": "mitre-attack", "phase_name": "impact"}]);
        let active = json!({"revoked": null, "x_mitre_deprecated": null, "kill_chain_phases": phases});
        old = old.set(&pattern(number), active);
    }
    let revoked = between(&old, &Mini::new()).revoked;
    assert_eq!(revoked.count, 2);
    let first = &revoked.first[1];
    assert_eq!(first.technique, named("T1006"));
    assert_eq!(first.chain, ["T1005", "T1004", "T1001.001"]);
    assert_eq!(first.successor, Some(named("T1001.001")));
    assert_eq!(revoked.first[0].chain, ["T1004", "T1001.001"]);
}

#[test]
fn a_chain_of_a_content_of_earlier_versions_is_its_end() {
    let mut first_form = content(&Mini::new());
    first_form.techniques.iter_mut().for_each(|technique| technique.replaced_by = None);
    assert_eq!(ids(&first_form, "T1006"), ["T1001.001"]);
}

#[test]
fn a_chain_without_a_live_end_stops_where_it_does() {
    let dead = Mini::new().set(&pattern(2), json!({"revoked": true}));
    assert_eq!(ids(&content(&dead), "T1006"), ["T1005", "T1004", "T1001.001"]);
    let cycle = Mini::new().set(&id("relationship", 4), json!({"target_ref": pattern(7)}));
    assert_eq!(ids(&content(&cycle), "T1006"), ["T1005", "T1004"]);
    assert_eq!(ids(&content(&Mini::new()), "T1001"), [""; 0], "nothing replaces one in force");
}

#[test]
fn a_chain_takes_the_way_to_the_successor() {
    let revoked = json!({"revoked": true});
    let mini = Mini::new()
        .with(technique(50, "T1050", &["impact"], revoked))
        .with(relationship(50, "revoked-by", &pattern(50), &pattern(5)))
        .with(relationship(51, "revoked-by", &pattern(50), &pattern(8)));
    // T1007, the other one, is deprecated and leads nowhere.
    assert_eq!(ids(&content(&mini), "T1050"), ["T1004", "T1001.001"]);
}

#[test]
fn deprecated_and_gone_techniques_are_told_apart() {
    let gone = Mini::new().without(&pattern(4));
    let found = between(&Mini::new(), &gone).gone;
    assert_eq!((found.count, &found.first[0].technique, &found.first[0].now), (1, &named("T1003"), &None));
    let deprecated = Mini::new().set(&pattern(4), json!({"x_mitre_deprecated": true}));
    let found = between(&Mini::new(), &deprecated);
    assert_eq!((found.deprecated.count, found.revoked.count, found.gone.count), (1, 0, 0));
    assert_eq!(found.deprecated.first[0].chain, [""; 0]);
    let reference = json!([{"source_name": "mitre-attack", "external_id": "T1903"}]);
    let renumbered = Mini::new().set(&pattern(4), json!({"external_references": reference}));
    let found = between(&Mini::new(), &renumbered);
    assert_eq!(found.gone.first[0].now.as_deref(), Some("T1903"));
    assert_eq!(found.added.count, 1);
}

#[test]
fn an_id_that_another_object_carries_on_is_the_same_technique() {
    let new = Mini::new().set(&pattern(4), json!({"revoked": true})).with(technique(
        40,
        "T1003",
        &["impact"],
        json!({}),
    ));
    assert_eq!(between(&Mini::new(), &new), between(&Mini::new(), &Mini::new()));
}

#[test]
fn names_tactics_and_texts_are_compared() {
    let phases = json!([{"kill_chain_name": "mitre-attack", "phase_name": "execution"}]);
    let new = Mini::new()
        .set(&pattern(1), json!({"name": "Another", "description": "Another."}))
        .set(&pattern(3), json!({"description": "Another."}))
        .set(&pattern(4), json!({"kill_chain_phases": phases, "description": "Another."}));
    let found = between(&Mini::new(), &new);
    let renamed = &found.renamed.first[0];
    assert_eq!((renamed.technique.name.as_str(), renamed.was.as_str()), ("Another", "Technique T1001"));
    let moved =
        Moved { technique: named("T1003"), from: vec!["impact".into()], to: vec!["execution".into()] };
    assert_eq!(found.moved.first, [moved]);
    assert_eq!((found.renamed.count, found.moved.count, found.reworded), (1, 1, 1));
}

#[test]
fn groups_and_software_are_counted() {
    let new = Mini::new()
        .set(&id("tool", 2), json!({"revoked": true}))
        .with(object("malware", 5, "S0005", "New", json!({})))
        .with(object("malware", 6, "S0006", "Newer", json!({})))
        .with(object("intrusion-set", 5, "G0005", "Loud Otter", json!({})));
    let found = between(&Mini::new(), &new);
    assert_eq!(found.software, Turnover { added: 2, retired: 1 });
    assert_eq!(found.actors, Turnover { added: 1, retired: 0 });
}

#[test]
fn long_lists_are_cut_and_still_counted() {
    let old = content(&Mini::new());
    let mut new = old.clone();
    let one = by_attack_id(&old, "T1001").clone();
    new.techniques.extend((0..MAX_LISTED + 3).map(|number| TechniqueRecord {
        stix_id: format!("attack-pattern--{number}"),
        attack_id: format!("T{}", 100_000 + number),
        ..one.clone()
    }));
    let added = changes(&old, &new).added;
    assert_eq!((added.count as usize, added.first.len()), (MAX_LISTED + 3, MAX_LISTED));
}

#[test]
fn changes_survive_serialisation() {
    let found = between(&Mini::new(), &Mini::new().set(&pattern(4), json!({"x_mitre_deprecated": true})));
    let value: Value = serde_json::to_value(&found).expect("JSON");
    assert_eq!(value["deprecated"]["first"][0]["technique"]["attack_id"], "T1003");
    assert_eq!(serde_json::from_value::<Changes>(value).expect("changes"), found);
}

#[test]
fn real_releases_changed_as_published() {
    let read = |file: &str| {
        parse(&real(file)?, version_in_file_name(file), &mut quiet).ok().map(|parsed| parsed.content)
    };
    let Some(v18) = read("enterprise-attack-18.1.json.zst") else { return };
    let [v16, v15, v14, v6] = ["16.1.json", "15.1.stix20.json", "14.1.json", "6.3.stix20.json"]
        .map(|name| read(&format!("enterprise-attack-{name}.zst")).expect("a release"));
    // Added, revoked, deprecated, renamed, moved.
    for (old, new, expected) in [
        (&v14, &v16, [31, 0, 0, 4, 0]),
        (&v15, &v16, [19, 0, 0, 1, 0]),
        (&v16, &v18, [36, 1, 0, 7, 1]),
        (&v14, &v18, [67, 1, 0, 11, 1]),
        (&v6, &v18, [565, 129, 11, 27, 11]),
    ] {
        let c = changes(old, new);
        let found = [c.added.count, c.revoked.count, c.deprecated.count, c.renamed.count, c.moved.count];
        assert_eq!(found, expected, "{} -> {}", old.version, new.version);
        assert_eq!(c.gone.count, 0);
        let in_force = |content: &AttackContent| {
            let counts = content.counts();
            (counts.techniques + counts.sub_techniques) as u32
        };
        assert_eq!(in_force(old) - found[1] - found[2] + found[0], in_force(new));
        let (was, is) = (old.counts(), new.counts());
        assert_eq!(is.actors - was.actors, c.actors.added as i32 - c.actors.retired as i32);
        assert_eq!(is.software - was.software, c.software.added as i32 - c.software.retired as i32);
    }
    let since_16 = changes(&v16, &v18);
    assert_eq!(since_16.revoked.first[0].technique.attack_id, "T1574.002");
    assert_eq!(since_16.revoked.first[0].chain, ["T1574.001"]);
    assert_eq!(since_16.moved.first[0].technique.attack_id, "T1112");
    let since_6 = changes(&v6, &v18);
    let of = |attack_id: &str| {
        since_6.revoked.first.iter().find(|r| r.technique.attack_id == attack_id).expect("revoked")
    };
    assert_eq!(of("T1073").chain, ["T1574.002", "T1574.001"]);
    assert_eq!(of("T1150").chain, ["T1547.011", "T1647"]);
    assert_eq!(of("T1086").chain, ["T1059.001"]);
    assert!(since_6.revoked.first.iter().all(|revoked| revoked.successor.is_some()));
    assert_eq!(ids(&v18, "T1073"), ["T1574.002", "T1574.001"]);
    assert_eq!(ids(&v18, "T1162"), ["T1547.011", "T1647"]);
}
