use super::*;
use crate::Control;

const FILE: &str = "mappings/nist_800_53/a.json";
const NIST: &str = r#"{"metadata": {"mapping_framework": "nist_800_53", "mapping_framework_version": "rev5", "attack_version": "16.1",
 "technology_domain": "enterprise", "capability_groups": {"AC": "Access"}, "new": {}},
"mapping_objects": [
{"capability_id": "AC-02", "capability_group": "AC", "capability_description": "Accounts", "mapping_type": "mitigates", "attack_object_id": "T1003", "status": "complete", "references": ["b", "a"], "comments": "one"},
{"capability_id": "AC-02", "capability_group": "AC", "mapping_type": "protects", "attack_object_id": "T1003", "status": "complete", "score_category": "protect", "score_value": "partial", "comments": "two"},
{"capability_id": null, "attack_object_id": "T1004", "status": "non_mappable"},
{"capability_id": "AC-03", "attack_object_id": null, "mapping_type": null, "status": "non_mappable"},
{"capability_id": "AC-04", "attack_object_id": null, "status": "complete"},
{"capability_id": null, "attack_object_id": "T1003", "status": "complete"},
{"capability_id": "AC-05", "attack_object_id": "S0001", "status": "complete"}]}"#;

fn read_all(files: &Files) -> Result<Parsed, SourceError> {
    read(files, &mut |_, _| Control::Continue)
}

fn of_kind<'a>(parsed: &'a Parsed, kind: &str) -> Vec<&'a Record> {
    parsed.records.iter().filter(|record| record.kind() == kind).collect()
}

#[test]
fn ids_are_unpadded() {
    for (padded, plain) in [
        ("AC-02", "AC-2"),
        ("AC-02(01)", "AC-2(1)"),
        ("AC-10", "AC-10"),
        ("AC-20(10)", "AC-20(10)"),
        ("AC-100", "AC-100"),
        ("AC-0", "AC-0"),
        (" AC-2 ", "AC-2"),
        ("", ""),
    ] {
        assert_eq!(unpadded(padded), plain);
    }
}

#[test]
fn objects_of_a_pair_are_one_mapping() {
    let parsed = read_all(&Files::of([(FILE, NIST)])).expect("read");
    let mappings = of_kind(&parsed, "control_mapping");
    let [Record::ControlMapping(one)] = mappings.as_slice() else { panic!("{mappings:?}") };
    assert_eq!(one.key, "nist_800_53/rev5/AC-2/T1003@16.1");
    assert_eq!(
        (one.kinds.join(","), one.scores.join(",")),
        ("mitigates,protects".to_owned(), "protect: partial".to_owned())
    );
    assert_eq!((one.comments.as_str(), one.references.join(",")), ("one\n\ntwo", "a,b".to_owned()));
}

#[test]
fn capabilities_are_controls_of_their_framework() {
    let parsed = read_all(&Files::of([(FILE, NIST)])).expect("read");
    let controls = of_kind(&parsed, "control");
    let keys: Vec<&str> = controls.iter().map(|control| control.key()).collect();
    assert_eq!(
        keys,
        ["nist_800_53/rev5/AC-2", "nist_800_53/rev5/AC-3", "nist_800_53/rev5/AC-4", "nist_800_53/rev5/AC-5"]
    );
    let Record::Control(first) = controls[0] else { panic!() };
    assert_eq!((first.title.as_str(), first.category.as_str()), ("Accounts", "Access"));
    let Record::Framework(framework) = of_kind(&parsed, "framework")[0] else { panic!() };
    assert_eq!(
        (framework.domain.as_deref(), framework.attack_version.as_deref()),
        (Some("enterprise-attack"), Some("16.1"))
    );
}

#[test]
fn what_cannot_be_mapped_is_counted_and_what_means_nothing_refused() {
    let parsed = read_all(&Files::of([(FILE, NIST)])).expect("read");
    assert_eq!(
        parsed.counts.of("nist_800_53/rev5 for ATT&CK 16.1 enterprise: not mappable or not complete"),
        2
    );
    let records: Vec<&str> = parsed.rejects.kept.iter().map(|reject| reject.record.as_str()).collect();
    assert_eq!(records, ["object 5, AC-4", "object 6", "object 7, AC-5"]);
}

#[test]
fn files_for_other_versions_of_attack_share_framework_and_controls() {
    let old = NIST.replace("16.1", "12.1").replace("AC-02", "AC-2").leak() as &str;
    let parsed = read_all(&Files::of([(FILE, NIST), ("mappings/b.json", old)])).expect("read");
    let count = |kind| of_kind(&parsed, kind).len();
    assert_eq!((count("framework"), count("control"), count("control_mapping")), (1, 4, 2));
    let Record::Framework(framework) = of_kind(&parsed, "framework")[0] else { panic!() };
    assert_eq!(framework.attack_version, None);
}

#[test]
fn an_object_at_fault_costs_only_itself_and_a_field_said_twice_is_none() {
    let faulty = NIST
        .replace(
            r#""capability_id": "AC-02", "capability_group": "AC","#,
            r#""status": "x", "capability_id": "AC-02", "capability_group": "A", "capability_group": "AC","#,
        )
        .replace(r#""capability_id": "AC-03""#, r#""capability_id": 3"#);
    let parsed = read_all(&Files::of([(FILE, faulty.leak() as &str)])).expect("read");
    assert_eq!(of_kind(&parsed, "control_mapping").len(), 1);
    let records: Vec<&str> = parsed.rejects.kept.iter().map(|reject| reject.record.as_str()).collect();
    assert_eq!(records, ["object 4", "object 5, AC-4", "object 6", "object 7, AC-5"]);
}

#[test]
fn a_date_with_slashes_does_not_part_the_key() {
    let dated = NIST.replace("rev5", "12/12/2024").replace("nist_800_53", "aws").leak() as &str;
    let parsed = read_all(&Files::of([(FILE, dated)])).expect("read");
    assert_eq!(of_kind(&parsed, "framework")[0].key(), "aws/12.12.2024");
    assert_eq!(of_kind(&parsed, "control")[0].key(), "aws/12.12.2024/AC-02");
}

#[test]
fn what_is_none_is_refused() {
    let unknown = NIST.replace("16.1", "[UNKNOWN_VERSION]").leak() as &str;
    for text in ["{}", "[", "{\"metadata\": {}, \"mapping_objects\": []}", unknown] {
        assert!(matches!(read_all(&Files::of([(FILE, text)])), Err(SourceError::AllRefused(_))), "{text}");
    }
    assert!(matches!(read_all(&Files::of([("README.md", "x")])), Err(SourceError::Nothing { .. })));
}

#[test]
fn it_stops_when_told_to() {
    assert_eq!(read(&Files::of([(FILE, NIST)]), &mut |_, _| Control::Cancel), Err(SourceError::Cancelled));
}

#[test]
fn any_bytes_are_read_or_refused() {
    bolero::check!().with_type::<(u16, Vec<u8>)>().for_each(|(place, bytes)| {
        let mut text = NIST.as_bytes().to_vec();
        let place = usize::from(*place) % text.len();
        let end = (place + bytes.len()).min(text.len());
        text.splice(place..end, bytes.iter().copied());
        for bytes in [text, bytes.clone()] {
            let files = Files { files: vec![File { path: FILE.to_owned(), bytes }], ..Files::default() };
            let _ = read_all(&files);
        }
    });
}

#[test]
fn the_real_one() {
    let Some(files) = crate::real::files("mappings-explorer.zip", wants) else { return };
    let parsed = read_all(&files).expect("read");
    assert_eq!(parsed.counts.of("mapping files"), 30, "{:?}", parsed.rejects.kept);
    for (title, counts) in [
        ("nist_800_53/rev5 for ATT&CK 16.1 enterprise", [5_410, 5_314, 5_264, 109, 470]),
        ("nist_800_53/rev5 for ATT&CK 12.1 enterprise", [4_929, 4_929, 4_929, 113, 427]),
        ("aws/12.12.2024 for ATT&CK 16.1 enterprise", [497, 487, 473, 20, 215]),
        ("cri_profile/v2.1 for ATT&CK 16.1 enterprise", [2_152, 2_152, 2_152, 60, 430]),
        ("csa_ccm/4.1 for ATT&CK 17.1 enterprise", [940, 792, 790, 57, 213]),
        ("kev/07.28.2025 for ATT&CK 16.1 enterprise", [1_183, 1_183, 1_177, 419, 155]),
    ] {
        let names = ["objects", "complete", "pairs", "capabilities", "techniques"];
        let read = names.map(|name| parsed.counts.of(&format!("{title}: {name}")));
        assert_eq!(read, counts, "{title}");
    }
    // One object of VERIS is complete without a technique.
    assert_eq!(parsed.rejects.count, 1, "{:?}", parsed.rejects.kept);
}
