//! Mitigations, campaigns, detections, assets and what joins them.

use serde_json::{Value, json};

use super::*;
use crate::attack::content::{AttackCounts, ObjectKind, ObjectRecord, RelationKind};
use crate::attack::fixture::{object, relationship};

fn whole() -> AttackContent {
    let parsed = parsed(&Mini::whole());
    assert_eq!(parsed.rejects.kept, []);
    parsed.content
}

fn of<'a>(content: &'a AttackContent, attack_id: &str) -> &'a ObjectRecord {
    content.objects.iter().find(|o| o.attack_id == attack_id).expect("an object")
}

const KINDS: [(ObjectKind, &str); 7] = [
    (ObjectKind::Mitigation, "M0001"),
    (ObjectKind::Campaign, "C0001"),
    (ObjectKind::DataSource, "DS0001"),
    (ObjectKind::DataComponent, "DC0001"),
    (ObjectKind::DetectionStrategy, "DET0001"),
    (ObjectKind::Analytic, "AN0001"),
    (ObjectKind::Asset, "A0001"),
];

#[test]
fn every_kind_becomes_a_record() {
    let content = whole();
    assert_eq!(content.objects.len(), KINDS.len());
    for (kind, attack_id) in KINDS {
        let record = of(&content, attack_id);
        assert_eq!(record.kind, kind);
        assert_eq!(record.description, format!("{}, as a test tells it.", record.name));
        assert_eq!(record.url, Some(format!("https://attack.mitre.org/{attack_id}")));
    }
    assert_eq!(of(&content, "DS0001").platforms, ["Linux", "Windows"]);
    assert!(content.objects.is_sorted_by(|a, b| a.stix_id < b.stix_id));
}

#[test]
fn only_active_ones_count() {
    let counts = whole().counts();
    let expected = AttackCounts {
        mitigations: 1,
        campaigns: 1,
        data_sources: 0,
        data_components: 1,
        detection_strategies: 1,
        analytics: 1,
        assets: 1,
        mitigates: 1,
        detects: 2,
        attributed_to: 1,
        targets: 1,
        campaign_uses: 2,
        ..parsed(&Mini::new()).content.counts()
    };
    assert_eq!(counts, expected);
    assert_eq!(of(&whole(), "DS0001").lifecycle, Lifecycle::Deprecated);
}

#[test]
fn counts_stored_by_earlier_versions_are_still_read() {
    let stored = json!({"techniques": 3, "sub_techniques": 1, "tactics": 3, "cells": 5, "revoked": 3,
        "deprecated": 1, "actors": 1, "software": 2, "actor_technique_uses": 1});
    let counts: AttackCounts = serde_json::from_value(stored).expect("counts");
    let mut first_form = whole();
    first_form.objects.clear();
    first_form.relations.clear();
    assert_eq!(counts, first_form.counts());
}

#[test]
fn a_strategy_is_made_of_analytics_and_these_of_components() {
    let content = whole();
    assert_eq!(of(&content, "DET0001").parts, [id("x-mitre-analytic", 1)]);
    assert_eq!(of(&content, "AN0001").parts, [id("x-mitre-data-component", 1)]);
    assert_eq!(of(&content, "DC0001").parts, [id("x-mitre-data-source", 1)]);
    let source = json!({"x_mitre_data_source_ref": ""});
    let without = parsed(&Mini::whole().set(&id("x-mitre-data-component", 1), source));
    assert_eq!((without.rejects.count, of(&without.content, "DC0001").parts.len()), (0, 0));
}

#[test]
fn details_are_lines_in_the_order_of_the_source() {
    let content = whole();
    assert_eq!(
        of(&content, "AN0001").detail,
        "log source: audit: exec\nlog source: syslog: two lines\n\
         mutable element: Window: how long\nmutable element: Users"
    );
    assert_eq!(of(&content, "C0001").detail, "alias: Holt 2\nalias: Holt 1");
    assert_eq!(of(&content, "DS0001").detail, "collection layer: Host");
    assert_eq!(of(&content, "A0001").detail, "sector: Water\nrelated asset: Valve");
    assert_eq!(of(&content, "M0001").detail, "");
}

#[test]
fn details_have_an_end() {
    let sectors: Vec<String> = (0..205).map(|number| format!("{number} {}", "x".repeat(2_000))).collect();
    let mini = Mini::whole().set(&id("x-mitre-asset", 1), json!({"x_mitre_sectors": sectors}));
    let content = parsed(&mini).content;
    let lines: Vec<&str> = of(&content, "A0001").detail.lines().collect();
    // The related asset is one more.
    assert_eq!((lines.len(), lines[200]), (201, "6 more"));
    assert!(lines.iter().take(200).all(|line| line.chars().count() == 1_000));
}

#[test]
fn a_campaign_keeps_when_it_was_seen() {
    let campaign = id("campaign", 1);
    let content = whole();
    let record = of(&content, "C0001");
    assert_eq!(record.first_seen.as_deref(), Some("2020-02-29T04:00:00.000Z"));
    assert_eq!(record.last_seen.as_deref(), Some("2021-01-01T00:00:00Z"));
    let unseen = parsed(&Mini::whole().set(&campaign, json!({"first_seen": null}))).content;
    assert_eq!(of(&unseen, "C0001").first_seen, None);
    for wrong in [
        "",
        "2020",
        "2020-01-01",
        "2021-02-29T00:00:00Z",
        "2020-13-01T00:00:00Z",
        "2020-00-01T00:00:00Z",
        "2020-01-00T00:00:00Z",
        "2020-01-01T24:00:00Z",
        "2020-01-01T00:60:00Z",
        "2020-01-01T00:00:60Z",
        "2020-01-01T00:00:00.Z",
        "2020-01-01T00:00:00+01:00",
        "2020-1-1T00:00:00Z",
        "+020-01-01T00:00:00Z",
    ] {
        let first = refused(Mini::whole().set(&campaign, json!({"first_seen": wrong}))).remove(0);
        let reason = format!("`first_seen` is {}, not a time like 2019-09-01T04:00:00.000Z", quoted(wrong));
        assert_eq!(first, (campaign.clone(), reason));
    }
}

#[test]
fn each_kind_has_its_own_attack_ids() {
    let reference = |attack_id: &str| json!([{"source_name": "mitre-attack", "external_id": attack_id}]);
    for (stix_type, right, wrong, like) in [
        ("course-of-action", "T1174", "C0001", "M0001"),
        ("campaign", "C0022", "M0001", "C0001"),
        ("x-mitre-data-source", "DS0014", "D0014", "DS0001"),
        ("x-mitre-data-component", "DC0084", "DS0084", "DC0001"),
        ("x-mitre-detection-strategy", "DET0103", "DT0103", "DET0001"),
        ("x-mitre-analytic", "AN12345", "A0001", "AN0001"),
        ("x-mitre-asset", "A0008", "AN0008", "A0001"),
    ] {
        let stix_id = id(stix_type, 1);
        let of = |attack_id| json!({"external_references": reference(attack_id)});
        assert_eq!(refused(Mini::whole().set(&stix_id, of(right))), [], "{stix_type}");
        let reason = format!("\"{wrong}\" is not an ATT&CK id like {like}");
        let refused = refused(Mini::whole().set(&stix_id, of(wrong)));
        assert_eq!(refused[0], (stix_id, reason));
    }
}

#[test]
fn only_a_data_component_may_be_without_an_attack_id() {
    let none = json!({"external_references": null});
    let component = Mini::whole().set(&id("x-mitre-data-component", 1), none.clone()).with({
        let mut other = object("x-mitre-data-component", 2, "", "Process Access", json!({}));
        other.as_object_mut().expect("an object").remove("external_references");
        other
    });
    let parsed = parsed(&component);
    assert_eq!((parsed.rejects.count, parsed.content.counts().data_components), (0, 2));
    let strategy = id("x-mitre-detection-strategy", 1);
    let reason = "has no ATT&CK id (no `external_references` entry of mitre-attack with an `external_id`)";
    assert_eq!(refused(Mini::whole().set(&strategy, none))[0], (strategy, reason.into()));
}

#[test]
fn of_two_live_objects_with_one_attack_id_the_first_counts() {
    let mini = Mini::new().with(object("course-of-action", 2, "M0001", "Patch more", json!({})));
    let reason = format!("M0001 is the ATT&CK id of {} too, which counts", id("course-of-action", 1));
    assert_refused(mini, &id("course-of-action", 2), &reason);
    let withdrawn = json!({"x_mitre_deprecated": true});
    let mini = Mini::new().with(object("course-of-action", 2, "M0001", "Patch more", withdrawn));
    assert_eq!(refused(mini), []);
}

#[test]
fn parts_that_are_not_taken_in_are_left_out() {
    let strategy = id("x-mitre-detection-strategy", 1);
    let refs = json!([id("x-mitre-analytic", 9), id("x-mitre-analytic", 1), id("x-mitre-data-source", 1)]);
    let mini = Mini::whole().set(&strategy, json!({"x_mitre_analytic_refs": refs}));
    assert_eq!(of(&parsed(&mini).content, "DET0001").parts, [id("x-mitre-analytic", 1)]);
    let reason = format!(
        "names parts that were not taken in, left out: \"{}\", \"{}\"",
        id("x-mitre-analytic", 9),
        id("x-mitre-data-source", 1)
    );
    assert_refused(mini, &strategy, &reason);
    let many: Vec<String> = (0..1_001).map(|number| id("x-mitre-analytic", number)).collect();
    let first = refused(Mini::whole().set(&strategy, json!({"x_mitre_analytic_refs": many}))).remove(0);
    assert_eq!(first, (strategy, "it is made of 1001 parts; at most 1000 can be imported".into()));
}

#[test]
fn relations_join_what_they_may_join() {
    let content = whole();
    let found: Vec<_> =
        content.relations.iter().map(|r| (r.kind, r.source.as_str(), r.target.as_str())).collect();
    let (campaign, strategy) = (id("campaign", 1), id("x-mitre-detection-strategy", 1));
    let (patch, component) = (id("course-of-action", 1), id("x-mitre-data-component", 1));
    let expected = [
        (RelationKind::Mitigates, &patch, pattern(3)),
        (RelationKind::AttributedTo, &campaign, id("intrusion-set", 1)),
        (RelationKind::Uses, &campaign, pattern(2)),
        (RelationKind::Uses, &campaign, id("tool", 2)),
        (RelationKind::Detects, &strategy, pattern(1)),
        (RelationKind::Detects, &component, pattern(1)),
        (RelationKind::Targets, &pattern(3), id("x-mitre-asset", 1)),
    ];
    assert_eq!(found, expected.each_ref().map(|(kind, s, t)| (*kind, s.as_str(), t.as_str())));
    assert_eq!(content.relations[0].description, "mitigates, says a test (Citation: A report)");
    assert_eq!(content.uses, parsed(&Mini::new()).content.uses, "those of groups and software stay alone");
}

#[test]
fn relations_out_of_force_or_of_other_kinds_stay_out_silently() {
    let patch = id("course-of-action", 1);
    let mini = Mini::whole()
        .with(relationship(20, "mitigates", &patch, &pattern(5)))
        .with(relationship(21, "mitigates", &pattern(1), &patch))
        .with(relationship(22, "detects", &id("x-mitre-data-source", 1), &pattern(1)))
        .with(relationship(23, "uses", &id("campaign", 1), &patch))
        .with(relationship(24, "targets", &pattern(1), &id("tool", 2)))
        .with(relationship(25, "attributed-to", &id("intrusion-set", 1), &id("campaign", 1)))
        .set(&id("relationship", 9), json!({"x_mitre_deprecated": true}))
        .set(&id("relationship", 10), json!({"revoked": true}))
        .set(&id("x-mitre-asset", 1), json!({"revoked": true}));
    let parsed = parsed(&mini);
    assert_eq!((parsed.content.relations.len(), parsed.rejects.count), (4, 0));
}

#[test]
fn a_relation_of_a_refused_record_is_refused() {
    let patch = id("course-of-action", 1);
    let end = format!("its end \"{patch}\" was refused");
    assert_eq!(
        refused(Mini::new().set(&patch, json!({"name": 5}))),
        [(patch, "`name` is a number, not a text".into()), (id("relationship", 9), end)]
    );
    let wrong = Mini::new().set(&id("relationship", 9), json!({"description": []}));
    assert_refused(wrong, &id("relationship", 9), "`description` is a list, not a text");
}

#[test]
fn fields_of_the_wrong_kind_are_refused() {
    let (analytic, asset) = (id("x-mitre-analytic", 1), id("x-mitre-asset", 1));
    let cases: [(&str, Value, &str); 6] = [
        (
            &analytic,
            json!({"x_mitre_log_source_references": {}}),
            "`x_mitre_log_source_references` is an object, not a list",
        ),
        (
            &analytic,
            json!({"x_mitre_log_source_references": [{"name": 5}]}),
            "`x_mitre_log_source_references.name` is a number, not a text",
        ),
        (
            &analytic,
            json!({"x_mitre_mutable_elements": ["x"]}),
            "`x_mitre_mutable_elements` has an entry that is a text, not an object",
        ),
        (
            &analytic,
            json!({"x_mitre_domains": ["cloud"]}),
            "\"cloud\" in `x_mitre_domains` is no ATT&CK domain",
        ),
        (&asset, json!({"x_mitre_sectors": [""]}), "`x_mitre_sectors` has an empty entry"),
        (&asset, json!({"name": " "}), "`name` is empty"),
    ];
    for (stix_id, fields, reason) in cases {
        let first = refused(Mini::whole().set(stix_id, fields)).remove(0);
        assert_eq!(first, (stix_id.to_owned(), reason.to_owned()));
    }
}

#[test]
fn any_bytes_are_read_or_refused() {
    bolero::check!().with_type::<Vec<u8>>().for_each(|bytes| {
        let _ = read(bytes);
    });
}

#[test]
fn a_bundle_changed_in_any_place_is_read_or_refused() {
    let bytes = Mini::whole().bytes();
    bolero::check!().with_type::<(u32, u8, u32)>().for_each(|(place, byte, cut)| {
        let mut changed = bytes.clone();
        let place = *place as usize % changed.len();
        changed[place] = *byte;
        if cut % 4 == 0 {
            changed.truncate(*cut as usize % bytes.len());
        }
        if let Ok(parsed) = read(&changed) {
            let mut sorted = parsed.content.clone();
            sort(&mut sorted);
            assert_eq!(sorted, parsed.content);
        }
    });
}
