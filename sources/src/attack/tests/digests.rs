//! Digest and order.

use serde_json::json;

use super::*;
use crate::attack::fixture::{relationship, tactic, technique};

#[test]
fn the_order_of_the_objects_does_not_matter() {
    let expected = parsed(&Mini::whole());
    for seed in 1..50 {
        let mut mini = Mini::whole();
        shuffle(&mut mini.objects, seed);
        let shuffled = parsed(&mini);
        assert_eq!(shuffled, expected);
        assert_eq!(digest(&shuffled.content), digest(&expected.content));
    }
}

#[test]
fn the_order_of_the_objects_does_not_matter_for_what_is_refused_either() {
    let faulty = || {
        let gone = id("malware", 9);
        Mini::new()
            .with(technique(20, "T1020", &["imapct"], json!({})))
            .with(technique(21, "T1021", &["imapct"], json!({})))
            .with(technique(22, "T1003", &["impact"], json!({})))
            .with(tactic(4, "impact", json!({})))
            .with(relationship(30, "subtechnique-of", &pattern(2), &pattern(3)))
            .with(relationship(31, "uses", &gone, &pattern(1)))
            .with(relationship(32, "uses", &gone, &pattern(1)))
    };
    let expected = parsed(&faulty());
    assert_eq!(expected.rejects.count, 7);
    for seed in 1..50 {
        let mut mini = faulty();
        shuffle(&mut mini.objects, seed);
        assert_eq!(parsed(&mini), expected);
    }
}

#[test]
fn sorting_restores_the_order_and_the_digest() {
    let expected = parsed(&Mini::whole()).content;
    let mut content = expected.clone();
    content.tactics.reverse();
    content.techniques.reverse();
    content.uses.reverse();
    content.software.reverse();
    content.objects.reverse();
    content.relations.reverse();
    content.objects.iter_mut().for_each(|object| object.platforms.reverse());
    content.techniques.iter_mut().for_each(|technique| technique.tactics.reverse());
    assert_ne!(digest(&content), digest(&expected));
    sort(&mut content);
    assert_eq!(content, expected);
}

#[test]
fn the_digest_covers_everything() {
    let original = parsed(&Mini::whole()).content;
    let changes: [fn(&mut AttackContent); 7] = [
        |content| content.version.push('0'),
        |content| content.techniques[0].description.push(' '),
        |content| content.uses[0].description.clear(),
        |content| content.tactics[0].ordinal = 9,
        |content| content.objects[0].detail.push('x'),
        |content| content.relations[0].target.clear(),
        |content| content.techniques[4].replaced_by = None,
    ];
    for change in changes {
        let mut content = original.clone();
        change(&mut content);
        assert_ne!(digest(&content), digest(&original));
    }
}

#[test]
fn the_digest_of_nothing_never_changes() {
    // sha256 of the prefix and the JSON of an empty content, computed with sha256sum.
    let empty = "2c30d7d187252d54df24bbd3ba78d5b1abf42872bb413d3ae5f39306b61a3b68";
    assert_eq!(hex::encode(digest(&AttackContent::default())), empty);
}

#[test]
fn a_content_without_objects_and_relations_keeps_its_name() {
    let first_form = |mini: &Mini| {
        let mut content = parsed(mini).content;
        content.objects.clear();
        content.relations.clear();
        content.techniques.iter_mut().for_each(|technique| technique.replaced_by = None);
        content
    };
    // What the versions said that read neither.
    let named = "c92aa88cc102ea7e18d6b50a0865f4eeb16f669b647851292ca3acdb5a1e40c7";
    assert_eq!(hex::encode(digest(&first_form(&Mini::new()))), named);
    assert_eq!(hex::encode(digest(&first_form(&Mini::whole()))), named);
    let json = serde_json::to_string(&first_form(&Mini::new())).expect("JSON");
    for field in ["\"objects\"", "\"relations\"", "replaced_by"] {
        assert!(!json.contains(field), "{field}");
    }
    let stored: AttackContent = serde_json::from_str(&json).expect("a stored content");
    assert_eq!(stored, first_form(&Mini::new()));
}

#[test]
fn the_digest_of_a_whole_content_never_changes() {
    let named = "873a3bda7ead04f1cb5d520e9166622fbbd825413eae9c229b25af52558991c3";
    assert_eq!(hex::encode(digest(&parsed(&Mini::whole()).content)), named);
}

#[test]
fn objects_relations_and_steps_each_need_the_second_form() {
    let whole = parsed(&Mini::whole()).content;
    let only = |keep: fn(&mut AttackContent, &AttackContent)| {
        let mut content = AttackContent::default();
        keep(&mut content, &whole);
        let mut hasher = Sha256::new();
        hasher.update(b"aegis/attack-content/2\n");
        hasher.update(serde_json::to_vec(&content).expect("JSON"));
        assert_eq!(digest(&content), <[u8; 32]>::from(hasher.finalize()));
    };
    only(|content, whole| content.objects.clone_from(&whole.objects));
    only(|content, whole| content.relations.clone_from(&whole.relations));
    only(|content, whole| content.techniques.clone_from(&whole.techniques));
}

#[test]
fn damaged_bundles_never_panic() {
    let bytes = Mini::whole().bytes();
    let mut state = 7_u64;
    for _ in 0..3_000 {
        let mut damaged = bytes.clone();
        for _ in 0..1 + next(&mut state) % 4 {
            let place = next(&mut state) as usize % damaged.len();
            damaged[place] = b"\"{}[],:\\05tn\x00\xFF"[next(&mut state) as usize % 14];
        }
        let _ = read(&damaged);
    }
}
