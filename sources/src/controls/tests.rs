use super::*;
use crate::sheet::tests::{book, xml};

const CONTROLS_PATH: &str = "frameworks/attack_12_1/nist800_53_r5/stix/nist800-53-r5-controls.json";
const MAPPINGS_PATH: &str = "frameworks/attack_12_1/nist800_53_r5/stix/nist800-53-r5-mappings.json";
const SHEET_PATH: &str = "frameworks/attack_12_1/nist800_53_r5/nist800-53-r5-mappings.xlsx";
const CONTROLS: &str = r#"{"type": "bundle", "objects": [
{"type": "course-of-action", "id": "course-of-action--1", "name": "One", "description": "d", "external_references": [{"source_name": "NIST 800-53 Revision 5", "external_id": "AC-02"}]},
{"type": "course-of-action", "id": "course-of-action--2", "name": "Two", "external_references": [{"source_name": "NIST 800-53 Revision 5", "external_id": "AC-2(1)"}]},
{"type": "course-of-action", "id": "course-of-action--3", "name": "None", "external_references": [{"source_name": "other", "external_id": "X"}]},
{"type": "relationship", "id": "relationship--9", "relationship_type": "subcontrol-of", "source_ref": "course-of-action--2", "target_ref": "course-of-action--1"}]}"#;
const MAPPINGS: &str = r#"{"objects": [
{"type": "relationship", "id": "relationship--1", "relationship_type": "mitigates", "source_ref": "course-of-action--1", "target_ref": "attack-pattern--a"},
{"type": "relationship", "id": "relationship--2", "relationship_type": "mitigates", "source_ref": "course-of-action--2", "target_ref": "attack-pattern--b"},
{"type": "attack-pattern", "id": "attack-pattern--b", "external_references": [{"source_name": "mitre-attack", "external_id": "T1003"}]},
{"type": "relationship", "id": "relationship--3", "relationship_type": "mitigates", "source_ref": "course-of-action--8", "target_ref": "attack-pattern--a"},
{"type": "relationship", "id": "relationship--4", "relationship_type": "mitigates", "source_ref": "course-of-action--1", "target_ref": "malware--a"}]}"#;

fn read_all(files: &Files) -> Result<Parsed, SourceError> {
    read(files, &mut |_, _| Control::Continue)
}

fn keys(parsed: &Parsed, kind: &str) -> Vec<String> {
    parsed.records.iter().filter(|one| one.kind() == kind).map(|one| one.key().to_owned()).collect()
}

#[test]
fn courses_of_action_are_controls() {
    let parsed = read_all(&Files::of([(CONTROLS_PATH, CONTROLS)])).expect("read");
    assert_eq!(keys(&parsed, "control"), ["nist_800_53/rev5/AC-2", "nist_800_53/rev5/AC-2(1)"]);
    assert_eq!(keys(&parsed, "framework"), ["nist_800_53/rev5"]);
    let Record::Control(below) = &parsed.records[1] else { panic!() };
    assert_eq!((below.parent.as_deref(), below.title.as_str()), (Some("AC-2"), "Two"));
    assert_eq!(parsed.rejects.kept[0].record, "course-of-action--3");
}

#[test]
fn a_target_that_is_not_in_the_files_keeps_its_stix_id() {
    let parsed = read_all(&Files::of([(CONTROLS_PATH, CONTROLS), (MAPPINGS_PATH, MAPPINGS)])).expect("read");
    assert_eq!(
        keys(&parsed, "control_mapping"),
        ["nist_800_53/rev5/AC-2(1)/T1003@12.1", "nist_800_53/rev5/AC-2/attack-pattern--a@12.1"]
    );
    let Some(Record::ControlMapping(open)) = parsed.records.iter().find(|one| one.key().contains("--a"))
    else {
        panic!()
    };
    assert_eq!((open.attack_id.as_str(), open.technique_stix_id.as_deref()), ("", Some("attack-pattern--a")));
    let refused: Vec<&str> = parsed.rejects.kept.iter().map(|reject| reject.record.as_str()).collect();
    assert_eq!(refused, ["course-of-action--3", "relationship--3", "relationship--4"]);
}

#[test]
fn the_sheet_beside_gives_the_ids_of_techniques() {
    let rows = xml(&[
        &["Control ID", "Control Name", "Mapping Type", "Technique ID"],
        &["AC-02", "One", "mitigates", "T1003.001"],
        &["AC-02", "One", "mitigates", "nothing"],
    ]);
    let mut files = Files::of([(CONTROLS_PATH, CONTROLS), (MAPPINGS_PATH, MAPPINGS)]);
    files.files.push(File { path: SHEET_PATH.to_owned(), bytes: book(&[("Mappings", &rows)]) });
    let parsed = read_all(&files).expect("read");
    assert_eq!(keys(&parsed, "control_mapping"), ["nist_800_53/rev5/AC-2/T1003.001@12.1"]);
    assert_eq!(parsed.rejects.kept.iter().filter(|reject| reject.line == Some(3)).count(), 1);
}

#[test]
fn a_stored_mapping_without_stix_id_is_as_before() {
    let plain = Record::ControlMapping(ControlMappingRecord::default()).to_json().expect("json");
    assert!(!plain.contains("stix"), "{plain}");
    assert!(Record::read("control_mapping", &plain).is_ok());
}

#[test]
fn what_is_none_is_refused() {
    for text in ["{}", "[", r#"{"objects": {}}"#] {
        assert!(
            matches!(read_all(&Files::of([(CONTROLS_PATH, text)])), Err(SourceError::AllRefused(_))),
            "{text}"
        );
    }
    assert!(matches!(
        read_all(&Files::of([("x/other-controls.json", "x")])),
        Err(SourceError::Nothing { .. })
    ));
}

#[test]
fn it_stops_when_told_to() {
    let stopped = read(&Files::of([(CONTROLS_PATH, CONTROLS)]), &mut |_, _| Control::Cancel);
    assert_eq!(stopped, Err(SourceError::Cancelled));
}

#[test]
fn any_bytes_are_read_or_refused() {
    bolero::check!().with_type::<(u16, Vec<u8>)>().for_each(|(place, bytes)| {
        let mut text = CONTROLS.as_bytes().to_vec();
        let place = usize::from(*place) % text.len();
        let end = (place + bytes.len()).min(text.len());
        text.splice(place..end, bytes.iter().copied());
        for bytes in [text, bytes.clone()] {
            let files =
                Files { files: vec![File { path: CONTROLS_PATH.to_owned(), bytes }], ..Files::default() };
            let _ = read_all(&files);
        }
    });
}

#[test]
fn the_real_one() {
    let Some(mut files) = crate::real::files("attack-control-framework-mappings.zip", wants) else { return };
    let parsed = read_all(&files).expect("read");
    assert_eq!(parsed.rejects.kept, []);
    let names = ["controls", "enhancements", "relationships", "mappings"];
    assert_eq!(names.map(|name| parsed.counts.of(name)), [322, 867, 4_929, 4_929]);
    assert_eq!(parsed.counts.of("mappings whose technique has a STIX id alone"), 0);
    files.files.retain(|file| file.path.ends_with(".json"));
    let parsed = read_all(&files).expect("read");
    assert_eq!(parsed.rejects.kept, []);
    assert_eq!(parsed.counts.of("mappings whose technique has a STIX id alone"), 4_929);
}
