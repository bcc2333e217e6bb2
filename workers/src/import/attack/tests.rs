use std::path::Path;

use aegis_projections::knowledge::content::{AttackCounts, Lifecycle, SoftwareKind, TechniqueRecord};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::fixture::{COLLECTION, MATRIX, Mini, id, relationship, tactic, technique};
use super::*;

fn quiet(_: u64, _: u64) -> Control {
    Control::Continue
}

fn read(bytes: &[u8]) -> Result<Parsed, ParseError> {
    parse(bytes, None, &mut quiet)
}

fn parsed(mini: &Mini) -> Parsed {
    read(&mini.bytes()).expect("a bundle")
}

fn error(text: &str) -> ParseError {
    read(text.as_bytes()).expect_err("no bundle")
}

fn pattern(number: u32) -> String {
    id("attack-pattern", number)
}

/// The rejects as (record, reason).
fn refused(mini: Mini) -> Vec<(String, String)> {
    let parsed = parsed(&mini);
    assert_eq!(parsed.reject_count, parsed.rejects.len() as u64);
    parsed.rejects.into_iter().map(|reject| (reject.record, reject.reason)).collect()
}

/// Asserts that exactly one record is refused, and the rest goes in.
fn assert_refused(mini: Mini, record: &str, reason: &str) {
    assert_eq!(refused(mini), [(record.to_owned(), reason.to_owned())]);
}

fn by_attack_id<'a>(content: &'a AttackContent, attack_id: &str) -> &'a TechniqueRecord {
    content.techniques.iter().find(|t| t.attack_id == attack_id).expect("a technique")
}

fn successor<'a>(content: &'a AttackContent, attack_id: &str) -> Option<&'a str> {
    let stix_id = by_attack_id(content, attack_id).successor.as_deref()?;
    let technique = content.techniques.iter().find(|t| t.stix_id == stix_id).expect("the successor");
    assert_eq!(technique.lifecycle, Lifecycle::Active);
    Some(&technique.attack_id)
}

// What a bundle becomes.

#[test]
fn a_bundle_becomes_a_release() {
    let Parsed { content, rejects, reject_count } = parsed(&Mini::new());
    assert_eq!((rejects, reject_count), (vec![], 0));
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
    assert_eq!((parsed.content.uses.len(), parsed.reject_count), (2, 0));
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
    assert_eq!(parsed.reject_count, 0);
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
    assert_eq!(parsed.reject_count, 0);
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
    assert_eq!((columns, parsed.reject_count), (vec!["impact", "initial-access", "execution"], 0));
}

#[test]
fn an_inactive_technique_may_name_an_inactive_tactic() {
    let mini = Mini::new()
        .with(tactic(4, "network-effects", json!({"x_mitre_deprecated": true})))
        .with(technique(20, "T1020", &["network-effects", "impact"], json!({"revoked": true})));
    let parsed = parsed(&mini);
    assert_eq!((parsed.content.tactics.len(), parsed.reject_count), (3, 0));
    assert_eq!(by_attack_id(&parsed.content, "T1020").tactics, ["impact"]);
}

// Domain and version.

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

// Bundles that are refused whole.

#[test]
fn files_that_are_no_bundle_are_refused() {
    assert_eq!(error(" \n"), ParseError::Empty);
    assert!(matches!(error("hello"), ParseError::NotJson { .. }));
    assert!(matches!(error("{\"type\": bundle}"), ParseError::NotJson { .. }));
    assert!(matches!(error("{\"type\": \"bundle\", \"objects\": []} {}"), ParseError::NotJson { .. }));
    let messages = [
        ("[{}]", "the JSON is not an object"),
        ("5", "the JSON is not an object"),
        ("{}", "it has no `type`"),
        ("{\"type\": 5}", "`type` is a number, not a text"),
        ("{\"type\": \"indicator\"}", "its `type` is \"indicator\", not \"bundle\""),
        ("{\"type\": \"bundle\"}", "it has no `objects`"),
    ];
    for (text, detail) in messages {
        assert_eq!(error(text), ParseError::NotStix { detail: detail.into() });
        assert_eq!(error(text).to_string(), format!("the file is not a STIX bundle: {detail}"));
    }
    let list = error("{\"type\": \"bundle\", \"objects\": {}}").to_string();
    assert!(list.contains("invalid type: map, expected a list of objects"), "{list}");
    let twice = error("{\"type\": \"bundle\", \"objects\": [], \"objects\": []}").to_string();
    assert!(twice.contains("duplicate field `objects`"), "{twice}");
    let long = format!("{{\"type\": \"bundle\", \"objects\": \"{}\"}}", "x".repeat(10_000));
    assert!(error(&long).to_string().len() < 400);
}

#[test]
fn another_stix_version_is_refused() {
    let text = "{\"type\": \"bundle\", \"spec_version\": \"3.0\", \"objects\": []}";
    assert_eq!(error(text).to_string(), "the bundle is STIX \"3.0\"; STIX 2.0 and 2.1 can be imported");
}

#[test]
fn a_bundle_without_techniques_is_refused() {
    assert_eq!(
        error("{\"type\": \"bundle\", \"objects\": []}").to_string(),
        "the STIX bundle holds no ATT&CK techniques in force"
    );
    let text = format!(
        "{{\"type\": \"bundle\", \"objects\": [{{\"type\": \"attack-pattern\", \"id\": \"{}\"}}]}}",
        pattern(1)
    );
    let message = error(&text).to_string();
    let expected = "the STIX bundle holds no ATT&CK techniques in force; \
        attack-pattern--00000000-0000-4000-8000-000000000001 was refused: has no ATT&CK id";
    assert!(message.starts_with(expected), "{message}");
}

#[test]
fn a_bundle_whose_techniques_are_all_refused_is_refused() {
    let mut mini = Mini::new();
    mini.objects.retain(|object| object["type"] != "x-mitre-tactic");
    let error = read(&mini.bytes()).expect_err("no technique in force").to_string();
    let expected = "the STIX bundle holds no ATT&CK techniques in force; \
        attack-pattern--00000000-0000-4000-8000-000000000001 was refused: T1001 is in no active tactic";
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn bytes_that_are_not_text_are_refused() {
    assert_eq!(read(b"{\"type\": \"\xFF\"}"), Err(ParseError::NotUtf8 { offset: 10 }));
    assert_eq!(read(b"\xFF\xFE{\0}\0"), Err(ParseError::NotUtf8 { offset: 0 }));
    let cut = Mini::new().set(&pattern(1), json!({"name": "Видра"})).bytes();
    let inside = cut.iter().position(|byte| *byte == 0xD0).expect("a letter") + 1;
    assert_eq!(read(&cut[..inside]), Err(ParseError::Truncated { line: 1, column: inside - 1 }));
}

#[test]
fn a_bundle_cut_anywhere_is_refused() {
    let bytes = Mini::new().bytes();
    assert_eq!(read(&[]), Err(ParseError::Empty));
    for length in 1..bytes.len() {
        assert!(matches!(read(&bytes[..length]), Err(ParseError::Truncated { .. })), "cut at {length}");
    }
    assert_eq!(
        read(&bytes[..3]).expect_err("cut").to_string(),
        "the JSON is cut short: it ends in the middle of a value (line 1, column 3)"
    );
}

#[test]
fn deep_nesting_is_refused_wherever_it_is() {
    let deep = 100_000;
    let (open, close) = ("[".repeat(deep), "]".repeat(deep));
    let objects = "{\"a\":".repeat(deep);
    for text in [
        open.clone(),
        format!("{open}{close}"),
        objects,
        format!("{{\"type\": \"bundle\", \"objects\": [{{\"type\": \"x-unknown\", \"a\": {open}{close}}}]}}"),
        format!("{{\"type\": \"bundle\", \"x\": {open}{close}, \"objects\": []}}"),
        format!("{{\"type\": \"bundle\", \"objects\": {open}{close}}}"),
    ] {
        let error = error(&text);
        assert!(matches!(error, ParseError::TooDeep { limit: MAX_DEPTH, .. }), "{error}");
        assert!(error.to_string().starts_with("the JSON is nested too deeply (more than 100 levels at byte"));
    }
}

#[test]
fn a_hundred_levels_are_still_read_and_brackets_in_texts_do_not_count() {
    let deep = |levels: usize| -> Value {
        let text = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        serde_json::from_str(&text).expect("JSON")
    };
    // The bundle, its list and the object are three levels.
    let mini = |levels| Mini::new().set(&pattern(1), json!({"x_other": deep(levels)}));
    assert_eq!(parsed(&mini(97)).reject_count, 0);
    assert!(matches!(read(&mini(98).bytes()), Err(ParseError::TooDeep { .. })));
    let text = format!("\\\"{}\\", "[{".repeat(1_000));
    assert_eq!(parsed(&Mini::new().set(&pattern(1), json!({"description": text}))).reject_count, 0);
}

#[test]
fn too_many_objects_are_refused() {
    let text = format!("{{\"type\": \"bundle\", \"objects\": [{}0]}}", "0,".repeat(MAX_OBJECTS));
    let expected = ParseError::TooManyObjects { found: MAX_OBJECTS + 1, limit: MAX_OBJECTS };
    assert_eq!(error(&text), expected);
    assert_eq!(expected.to_string(), "the bundle has 1000001 objects; at most 1000000 can be imported");
}

#[test]
fn progress_is_heard_and_may_cancel() {
    let mut mini = Mini::new();
    for number in 100..1_100 {
        mini = mini.with(json!({"type": "note", "id": id("note", number)}));
    }
    let (bytes, total) = (mini.bytes(), mini.objects.len() as u64);
    let mut heard = Vec::new();
    let mut listen = |done, of| {
        heard.push((done, of));
        Control::Continue
    };
    assert!(parse(&bytes, None, &mut listen).is_ok());
    let expected: Vec<_> = [0, 256, 512, 768, 1_024, total].map(|done| (done, total)).to_vec();
    assert_eq!(heard, expected);
    for stop in [0, 512, total] {
        let mut cancel = |done, _| {
            if done == stop { Control::Cancel } else { Control::Continue }
        };
        assert_eq!(parse(&bytes, None, &mut cancel), Err(ParseError::Cancelled));
    }
}

// Single records that are refused while the rest goes in.

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
    let rejects = read(bytes.as_bytes()).expect("a bundle").rejects;
    assert_eq!(rejects[0], Reject { record: "object #6".into(), reason: "duplicate field `name`".into() });
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
    let rejects = read(bytes.as_bytes()).expect("a bundle").rejects;
    assert_eq!(rejects, [Reject { record: pattern(4), reason: "`name` has a broken escape".into() }]);
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
            (id("relationship", 8), end),
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
    assert_eq!((parsed.rejects.len(), parsed.reject_count), (MAX_REJECTS, MAX_REJECTS as u64 + 5));
}

// Digest and order.

#[test]
fn the_order_of_the_objects_does_not_matter() {
    let expected = parsed(&Mini::new());
    for seed in 1..50 {
        let mut mini = Mini::new();
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
    assert_eq!(expected.reject_count, 7);
    for seed in 1..50 {
        let mut mini = faulty();
        shuffle(&mut mini.objects, seed);
        assert_eq!(parsed(&mini), expected);
    }
}

#[test]
fn sorting_restores_the_order_and_the_digest() {
    let expected = parsed(&Mini::new()).content;
    let mut content = expected.clone();
    content.tactics.reverse();
    content.techniques.reverse();
    content.uses.reverse();
    content.software.reverse();
    content.techniques.iter_mut().for_each(|technique| technique.tactics.reverse());
    assert_ne!(digest(&content), digest(&expected));
    sort(&mut content);
    assert_eq!(content, expected);
}

#[test]
fn the_digest_covers_everything() {
    let original = parsed(&Mini::new()).content;
    let changes: [fn(&mut AttackContent); 4] = [
        |content| content.version.push('0'),
        |content| content.techniques[0].description.push(' '),
        |content| content.uses[0].description.clear(),
        |content| content.tactics[0].ordinal = 9,
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
fn damaged_bundles_never_panic() {
    let bytes = Mini::new().bytes();
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

fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

fn shuffle<T>(items: &mut [T], mut seed: u64) {
    for index in (1..items.len()).rev() {
        items.swap(index, next(&mut seed) as usize % (index + 1));
    }
}

// Real releases.

/// Unpacks a real bundle, if the shared data is there.
fn real(file: &str) -> Option<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    if !folder.exists() {
        println!("skipped: ../shared/data is absent");
        return None;
    }
    let packed = std::fs::read(folder.join(file)).expect("a bundle of the shared data");
    Some(crate::import::archive::unpack(&packed, file).expect("a packed bundle"))
}

/// Parses a real bundle and asserts its counts: techniques, sub-techniques,
/// tactics, cells, revoked, deprecated, groups, software, group-technique uses.
fn real_release(file: &str, counts: [i32; 9]) -> Option<Parsed> {
    let parsed = parse(&real(file)?, version_in_file_name(file), &mut quiet).expect("a release");
    let found = parsed.content.counts();
    let found = [
        found.techniques,
        found.sub_techniques,
        found.tactics,
        found.cells,
        found.revoked,
        found.deprecated,
        found.actors,
        found.software,
        found.actor_technique_uses,
    ];
    assert_eq!(found, counts);
    assert_eq!(version_in_file_name(file), Some(parsed.content.version.as_str()));
    assert!(file.starts_with(&parsed.content.domain));
    let ordinals: Vec<i32> = parsed.content.tactics.iter().map(|tactic| tactic.ordinal).collect();
    assert!(ordinals.iter().copied().eq(0..counts[2]));
    Some(parsed)
}

#[test]
fn real_enterprise_18_1() {
    let counts = [216, 475, 14, 887, 132, 12, 172, 784, 4362];
    let Some(parsed) = real_release("enterprise-attack-18.1.json.zst", counts) else {
        return;
    };
    assert_eq!(parsed.rejects, []);
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
fn real_enterprise_18_1_is_the_same_in_both_stix_versions() {
    let counts = [216, 475, 14, 887, 132, 12, 172, 784, 4362];
    let Some(older) = real_release("enterprise-attack-18.1.stix20.json.zst", counts) else {
        return;
    };
    let Some(newer) = real_release("enterprise-attack-18.1.json.zst", counts) else {
        return;
    };
    assert!(older == newer, "the contents differ");
    assert_eq!(digest(&older.content), digest(&newer.content));
    let without_version =
        parse(&real("enterprise-attack-18.1.stix20.json.zst").expect("there"), None, &mut quiet);
    assert_eq!(without_version, Err(ParseError::VersionMissing));
}

#[test]
fn real_enterprise_16_1() {
    let counts = [203, 453, 14, 852, 131, 12, 159, 710, 3769];
    let Some(parsed) = real_release("enterprise-attack-16.1.json.zst", counts) else {
        return;
    };
    assert_eq!(parsed.rejects, []);
    assert_eq!(by_attack_id(&parsed.content, "T1574.002").lifecycle, Lifecycle::Active);
    assert_eq!(successor(&parsed.content, "T1073"), Some("T1574.002"));
}

#[test]
fn real_enterprise_15_1() {
    let counts = [202, 435, 14, 830, 131, 12, 148, 677, 3387];
    let Some(parsed) = real_release("enterprise-attack-15.1.stix20.json.zst", counts) else {
        return;
    };
    assert_eq!(parsed.rejects, []);
}

#[test]
fn real_enterprise_14_1() {
    let counts = [201, 424, 14, 812, 131, 12, 141, 648, 3232];
    let Some(parsed) = real_release("enterprise-attack-14.1.json.zst", counts) else {
        return;
    };
    assert_eq!(parsed.rejects, []);
}

#[test]
fn real_enterprise_6_3() {
    let counts = [266, 0, 12, 343, 0, 0, 94, 364, 1319];
    let Some(parsed) = real_release("enterprise-attack-6.3.stix20.json.zst", counts) else {
        return;
    };
    let dangling = Reject {
        record: "relationship--53364899-1ea5-47fa-afde-c210aed64120".into(),
        reason: "`target_ref` \"malware--c41a8b7c-3e42-4eee-b87d-ad8a100ee878\" is not in the bundle".into(),
    };
    assert_eq!(parsed.rejects, [dangling]);
}

#[test]
fn real_mobile() {
    let counts = [77, 47, 12, 144, 53, 13, 17, 122, 31];
    let Some(parsed) = real_release("mobile-attack-18.1.json.zst", counts) else {
        return;
    };
    assert_eq!(parsed.rejects, []);
    assert_eq!(by_attack_id(&parsed.content, "T1454").lifecycle, Lifecycle::Revoked);
    assert_eq!(successor(&parsed.content, "T1454"), None);
    let older = real_release("mobile-attack-14.1.json.zst", [72, 42, 12, 132, 53, 15, 8, 108, 18]);
    assert_eq!(older.expect("there").rejects, [], "its dangling relationship is deprecated");
}

#[test]
fn real_ics() {
    let counts = [83, 0, 12, 94, 0, 12, 14, 23, 20];
    let Some(parsed) = real_release("ics-attack-18.1.json.zst", counts) else {
        return;
    };
    assert_eq!(parsed.rejects, []);
    let older = real_release("ics-attack-14.1.json.zst", [81, 0, 12, 92, 0, 12, 14, 21, 22]);
    assert_eq!(older.expect("there").rejects, []);
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
