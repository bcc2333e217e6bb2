//! Real releases against their published figures, which the data's own
//! description counts by other means.

use std::collections::{HashMap, HashSet};

use crate::attack::content::{AttackCounts, ObjectKind, RelationKind};
use serde_json::value::RawValue;

use super::*;

/// Unpacks a real bundle, if the shared data is there.
pub(super) fn real(file: &str) -> Option<Vec<u8>> {
    Some(crate::archive::unpack(&crate::real::bytes(file)?, file).expect("a packed bundle"))
}

/// What is published about a release.
#[derive(Debug, PartialEq)]
struct Figures {
    /// Techniques, sub-techniques, tactics, cells, revoked, deprecated.
    matrix: [i32; 6],
    /// Groups, malware, tools, campaigns, mitigations.
    threats: [i32; 5],
    /// Data sources, data components, detection strategies, analytics, assets.
    detections: [i32; 5],
    /// Of active ends: uses of techniques by groups, mitigates, detects,
    /// attributed-to, targets, uses by campaigns.
    relations: [i32; 6],
    /// All uses: by groups, software and campaigns.
    all_uses: usize,
    /// Active techniques in more than one tactic.
    in_several_tactics: usize,
    /// What [`digest`] says of the part that the first versions of Aegis read.
    first_form: &'static str,
}

fn figures(content: &AttackContent) -> Figures {
    let c: AttackCounts = content.counts();
    let active = content.software.iter().filter(|s| s.lifecycle == Lifecycle::Active);
    let software = |kind: &str| active.clone().filter(|s| s.stix_id.starts_with(kind)).count() as i32;
    assert_eq!(c.software, software("malware--") + software("tool--"));
    Figures {
        matrix: [c.techniques, c.sub_techniques, c.tactics, c.cells, c.revoked, c.deprecated],
        threats: [c.actors, software("malware--"), software("tool--"), c.campaigns, c.mitigations],
        detections: [c.data_sources, c.data_components, c.detection_strategies, c.analytics, c.assets],
        relations: [
            c.actor_technique_uses,
            c.mitigates,
            c.detects,
            c.attributed_to,
            c.targets,
            c.campaign_uses,
        ],
        all_uses: content.uses.len() + c.campaign_uses as usize,
        in_several_tactics: content
            .techniques
            .iter()
            .filter(|t| t.lifecycle == Lifecycle::Active && t.tactics.len() > 1)
            .count(),
        first_form: "",
    }
}

/// The digest of what the first versions of Aegis read of a release.
fn first_form(content: &AttackContent) -> String {
    let mut content = content.clone();
    content.objects.clear();
    content.relations.clear();
    content.techniques.iter_mut().for_each(|technique| technique.replaced_by = None);
    hex::encode(digest(&content))
}

/// Parses a real bundle and asserts what is published about it.
fn real_release(file: &str, expected: Figures) -> Option<Parsed> {
    let parsed = parse(&real(file)?, version_in_file_name(file), &mut quiet).expect("a release");
    let content = &parsed.content;
    assert_eq!(figures(content), Figures { first_form: "", ..expected });
    assert_eq!(first_form(content), expected.first_form, "what earlier versions named");
    assert_ne!(hex::encode(digest(content)), expected.first_form);
    assert_eq!(version_in_file_name(file), Some(content.version.as_str()));
    assert!(file.starts_with(&content.domain));
    let ordinals: Vec<i32> = content.tactics.iter().map(|tactic| tactic.ordinal).collect();
    assert!(ordinals.iter().copied().eq(0..expected.matrix[2]));
    assert_ends(content);
    Some(parsed)
}

/// Every relation joins active records, every part is one of the release.
fn assert_ends(content: &AttackContent) {
    let objects: HashMap<&str, Lifecycle> =
        content.objects.iter().map(|o| (o.stix_id.as_str(), o.lifecycle)).collect();
    let mut ends = objects.clone();
    ends.extend(content.techniques.iter().map(|t| (t.stix_id.as_str(), t.lifecycle)));
    ends.extend(content.actors.iter().map(|a| (a.stix_id.as_str(), a.lifecycle)));
    ends.extend(content.software.iter().map(|s| (s.stix_id.as_str(), s.lifecycle)));
    for relation in &content.relations {
        assert_eq!(ends[relation.source.as_str()], Lifecycle::Active, "{}", relation.stix_id);
        assert_eq!(ends[relation.target.as_str()], Lifecycle::Active, "{}", relation.stix_id);
    }
    assert!(content.objects.iter().flat_map(|o| &o.parts).all(|part| objects.contains_key(part.as_str())));
}

fn enterprise_18_1() -> Figures {
    Figures {
        matrix: [216, 475, 14, 887, 132, 12],
        threats: [172, 693, 91, 52, 44],
        detections: [0, 106, 691, 1_739, 0],
        relations: [4_362, 1_445, 691, 25, 0, 1_168],
        all_uses: 17_270,
        in_several_tactics: 154,
        first_form: "d61c0a0e277162e70ecb087c621e80fd1020cb6b19d884f7efada4631b7d1df2",
    }
}

#[test]
fn real_enterprise_18_1() {
    let Some(parsed) = real_release("enterprise-attack-18.1.json.zst", enterprise_18_1()) else {
        return;
    };
    assert_eq!(parsed.rejects.kept, []);
    let content = &parsed.content;
    let columns: Vec<_> = content.tactics.iter().map(|tactic| tactic.short_name.as_str()).collect();
    let expected = "reconnaissance resource-development initial-access execution persistence \
        privilege-escalation defense-evasion credential-access discovery lateral-movement collection \
        command-and-control exfiltration impact";
    assert_eq!(columns.join(" "), expected);
    let kinds = |source: &str, target: &str| {
        let fits = |id: &str, kind: &str| id.starts_with(kind);
        content.uses.iter().filter(|u| fits(&u.source, source) && fits(&u.target, target)).count()
    };
    assert_eq!(content.uses.len(), 4_362 + 9_836 + 800 + 647 + 457);
    assert_eq!((kinds("malware--", "attack-pattern--"), kinds("tool--", "attack-pattern--")), (9_836, 800));
    assert_eq!((kinds("intrusion-set--", "malware--"), kinds("intrusion-set--", "tool--")), (647, 457));
    for (from, to) in [
        ("T1086", "T1059.001"),
        ("T1053.001", "T1053.002"),
        ("T1574.002", "T1574.001"),
        ("T1073", "T1574.001"),
    ] {
        assert_eq!(successor(content, from), Some(to), "{from}");
    }
    // T1547.011, to which both lead, is revoked itself and replaced by T1647.
    assert_eq!(by_attack_id(content, "T1547.011").lifecycle, Lifecycle::Revoked);
    let replacement = successor(content, "T1547.011");
    assert_eq!((successor(content, "T1150"), successor(content, "T1162")), (replacement, replacement));
    assert_eq!(replacement, Some("T1647"));
    let revoked = content.techniques.iter().filter(|t| t.lifecycle == Lifecycle::Revoked);
    assert!(revoked.clone().all(|technique| technique.successor.is_some()));
    let subs = content.techniques.iter().filter(|t| t.is_subtechnique && t.lifecycle == Lifecycle::Active);
    for sub in subs {
        let parent = content.techniques.iter().find(|t| Some(&t.stix_id) == sub.parent.as_ref());
        let parent = parent.expect("a parent");
        assert!(sub.attack_id.starts_with(&parent.attack_id), "{}", sub.attack_id);
    }
}

#[test]
fn real_detections_of_18_1_lead_from_a_technique_to_log_sources() {
    let Some(bytes) = real("enterprise-attack-18.1.json.zst") else { return };
    let content = read(&bytes).expect("a release").content;
    let objects: HashMap<&str, _> = content.objects.iter().map(|o| (o.stix_id.as_str(), o)).collect();
    let of = |kind: ObjectKind| content.objects.iter().filter(move |o| o.kind == kind);
    // Each technique in force has one strategy, and 38 data sources are all withdrawn.
    let detects = content.relations.iter().filter(|r| r.kind == RelationKind::Detects);
    let detected: HashSet<&str> = detects.map(|r| r.target.as_str()).collect();
    assert_eq!(detected.len(), 216 + 475);
    assert_eq!(of(ObjectKind::DataSource).filter(|o| o.lifecycle == Lifecycle::Deprecated).count(), 38);
    assert_eq!((of(ObjectKind::Mitigation).count(), of(ObjectKind::DataComponent).count()), (268, 109));
    // Each analytic is of one strategy; 1,698 of them name log sources.
    let parts: usize = of(ObjectKind::DetectionStrategy).map(|o| o.parts.len()).sum();
    assert_eq!(parts, 1_739);
    let with_sources = of(ObjectKind::Analytic).filter(|o| o.detail.starts_with("log source: "));
    assert_eq!(with_sources.count(), 1_698);
    assert!(of(ObjectKind::Analytic).all(|o| o.detail.chars().count() < 3_000 && !o.platforms.is_empty()));
    let analytic = of(ObjectKind::Analytic).find(|o| o.attack_id == "AN0110").expect("an analytic");
    let components: Vec<ObjectKind> = analytic.parts.iter().map(|part| objects[part.as_str()].kind).collect();
    assert_eq!(components, [ObjectKind::DataComponent; 2]);
    assert_eq!(analytic.detail.lines().count(), 4, "two log sources and two mutable elements");
    let campaign = of(ObjectKind::Campaign).find(|o| o.attack_id == "C0022").expect("a campaign");
    assert_eq!(campaign.first_seen.as_deref(), Some("2019-09-01T04:00:00.000Z"));
    assert_eq!(campaign.last_seen.as_deref(), Some("2020-08-01T04:00:00.000Z"));
}

#[test]
fn real_enterprise_18_1_is_the_same_in_both_stix_versions() {
    let Some(mut older) = real_release("enterprise-attack-18.1.stix20.json.zst", enterprise_18_1()) else {
        return;
    };
    let Some(newer) = real_release("enterprise-attack-18.1.json.zst", enterprise_18_1()) else {
        return;
    };
    older.content.version.clone_from(&newer.content.version);
    assert!(older == newer, "the contents differ");
    assert_eq!(digest(&older.content), digest(&newer.content));
    let without_version =
        parse(&real("enterprise-attack-18.1.stix20.json.zst").expect("there"), None, &mut quiet);
    assert_eq!(without_version, Err(ParseError::VersionMissing));
}

#[test]
fn real_enterprise_16_1() {
    let expected = Figures {
        matrix: [203, 453, 14, 852, 131, 12],
        threats: [159, 622, 88, 34, 44],
        detections: [37, 106, 0, 0, 0],
        relations: [3_769, 1_372, 2_049, 16, 0, 861],
        all_uses: 15_133,
        in_several_tactics: 153,
        first_form: "791463bc3f3960a982c34cfb5b8088607f2824af2602b36b6987520f8e0e6320",
    };
    let Some(parsed) = real_release("enterprise-attack-16.1.json.zst", expected) else {
        return;
    };
    assert_eq!(parsed.rejects.kept, []);
    assert_eq!(by_attack_id(&parsed.content, "T1574.002").lifecycle, Lifecycle::Active);
    assert_eq!(successor(&parsed.content, "T1073"), Some("T1574.002"));
    let components = parsed.content.objects.iter().filter(|o| o.kind == ObjectKind::DataComponent);
    assert!(components.clone().all(|o| o.parts.len() == 1 && o.attack_id.is_empty()), "before ATT&CK 18");
}

#[test]
fn real_enterprise_15_1() {
    let expected = Figures {
        matrix: [202, 435, 14, 830, 131, 12],
        threats: [148, 592, 85, 28, 43],
        detections: [37, 106, 0, 0, 0],
        relations: [3_387, 1_295, 1_987, 12, 0, 755],
        all_uses: 14_030,
        in_several_tactics: 150,
        first_form: "b5992b8f3212946ac64ff8538965594fc1032092f8b6fb30d7a3aa9e99f0049b",
    };
    let Some(parsed) = real_release("enterprise-attack-15.1.stix20.json.zst", expected) else {
        return;
    };
    assert_eq!(parsed.rejects.kept, []);
}

#[test]
fn real_enterprise_14_1() {
    let expected = Figures {
        matrix: [201, 424, 14, 812, 131, 12],
        threats: [141, 563, 85, 23, 43],
        detections: [37, 106, 0, 0, 0],
        relations: [3_232, 1_238, 1_946, 8, 0, 672],
        all_uses: 13_446,
        in_several_tactics: 146,
        first_form: "3c8fb473ce4e93144ddbeeee12516e9aa74405a700ebfdeedb119ef32e217301",
    };
    let Some(parsed) = real_release("enterprise-attack-14.1.json.zst", expected) else {
        return;
    };
    assert_eq!(parsed.rejects.kept, []);
}

#[test]
fn real_enterprise_6_3() {
    let expected = Figures {
        matrix: [266, 0, 12, 343, 0, 0],
        threats: [94, 306, 58, 0, 41],
        detections: [0; 5],
        // 697 mitigates in all; 243 are of mitigations that were withdrawn.
        relations: [1_319, 697 - 243, 0, 0, 0, 0],
        // 5,305 in all; one has no end in the bundle.
        all_uses: 5_305 - 1,
        in_several_tactics: 68,
        first_form: "dd598ae66a9b8867b18e609cce8df7938087f516da85dd69523a2c6f28b75380",
    };
    let Some(parsed) = real_release("enterprise-attack-6.3.stix20.json.zst", expected) else {
        return;
    };
    let dangling = Reject::new(
        "",
        "relationship--53364899-1ea5-47fa-afde-c210aed64120",
        "`target_ref` \"malware--c41a8b7c-3e42-4eee-b87d-ad8a100ee878\" is not in the bundle",
    );
    assert_eq!(parsed.rejects.kept, [dangling]);
    assert_eq!(parsed.content.objects.len(), 282, "all mitigations, the withdrawn ones too");
}

#[test]
fn real_mobile_18_1() {
    let expected = Figures {
        matrix: [77, 47, 12, 144, 53, 13],
        threats: [17, 120, 2, 3, 13],
        detections: [0, 17, 124, 211, 0],
        relations: [31, 167, 124, 1, 0, 46],
        all_uses: 1_420,
        in_several_tactics: 19,
        first_form: "961e2ad825910f4ce50fef7030b461484e9c2c44e3e9905937d6b405ba641e81",
    };
    let Some(parsed) = real_release("mobile-attack-18.1.json.zst", expected) else {
        return;
    };
    assert_eq!(parsed.rejects.kept, []);
    assert_eq!(by_attack_id(&parsed.content, "T1454").lifecycle, Lifecycle::Revoked);
    assert_eq!(successor(&parsed.content, "T1454"), None);
}

#[test]
fn real_mobile_14_1() {
    let expected = Figures {
        matrix: [72, 42, 12, 132, 53, 15],
        threats: [8, 106, 2, 1, 12],
        detections: [6, 15, 0, 0, 0],
        // 366 mitigates and 161 detects in all; 213 and 1 of them are deprecated.
        relations: [18, 366 - 213, 161 - 1, 0, 0, 4],
        // 1,209 in all; 118 of them are deprecated, of which one has no end in the bundle.
        all_uses: 1_209 - 118,
        in_several_tactics: 17,
        first_form: "6c81699c620cfd16b7b2a4e493aac92e5635e80d6884e6673a04f06b08b36365",
    };
    let Some(parsed) = real_release("mobile-attack-14.1.json.zst", expected) else {
        return;
    };
    assert_eq!(parsed.rejects.kept, [], "its dangling relationship is deprecated");
}

#[test]
fn real_ics_18_1() {
    let expected = Figures {
        matrix: [83, 0, 12, 94, 0, 12],
        threats: [14, 23, 0, 7, 52],
        detections: [0, 36, 83, 82, 18],
        relations: [20, 331, 83, 5, 685, 68],
        all_uses: 267,
        in_several_tactics: 11,
        first_form: "d8d326a7e9d59d4ba7823bf067eac73514490e20d1805a9b94cc2005efec5892",
    };
    let Some(parsed) = real_release("ics-attack-18.1.json.zst", expected) else {
        return;
    };
    assert_eq!(parsed.rejects.kept, []);
}

#[test]
fn real_ics_14_1() {
    let expected = Figures {
        matrix: [81, 0, 12, 92, 0, 12],
        threats: [14, 21, 0, 3, 85],
        detections: [17, 36, 0, 0, 14],
        // 394 mitigates and 276 detects in all; 65 and 43 of them are deprecated.
        relations: [22, 394 - 65, 276 - 43, 2, 493, 41],
        // 318 in all; 88 of them are deprecated.
        all_uses: 318 - 88,
        in_several_tactics: 11,
        first_form: "5c6c88270b2df29c532437761f25f0b2cf5b178c1ea183c0f3bbd5018ee9fc1c",
    };
    let Some(parsed) = real_release("ics-attack-14.1.json.zst", expected) else {
        return;
    };
    assert_eq!(parsed.rejects.kept, []);
}

#[test]
fn real_objects_in_any_order_give_the_same_digest() {
    for file in ["ics-attack-18.1.json.zst", "mobile-attack-18.1.json.zst"] {
        let Some(bytes) = real(file) else { return };
        let expected = digest(&read(&bytes).expect("a release").content);
        #[derive(serde::Deserialize, serde::Serialize)]
        struct Shuffled {
            r#type: String,
            objects: Vec<Box<RawValue>>,
        }
        let mut bundle: Shuffled = serde_json::from_slice(&bytes).expect("a bundle");
        for seed in [1, 2] {
            shuffle(&mut bundle.objects, seed);
            let bytes = serde_json::to_vec(&bundle).expect("JSON");
            assert_eq!(digest(&read(&bytes).expect("a release").content), expected);
        }
    }
}
