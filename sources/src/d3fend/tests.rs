use super::*;
use crate::Control;

const LIST: &str =
    "\u{feff}ID,D3FEND Tactic,D3FEND Technique,D3FEND Technique Level 0,D3FEND Technique Level 1,Definition
D3-AA,Harden,Top A,,,
D3-AB,Harden,,Below A,,\"One, two.\"
D3-AC,Harden,,,Deep A,x
D3-AD,Harden,,Next A,,x
D3-BA,Detect,Top B,,,
D3-BB,Detect,,,Skips one,x
nonsense,Detect,,x,,x
D3-BC,Detect,,,,x
";
const ROWS: &str = "def_tech_id,extra,off_tech_id,off_artifact_rel_label,off_artifact_label,def_artifact_label,def_artifact_rel_label,def_tech_label,def_tactic_label,def_tech_parent_label
D3-AB,x,T1003,reads,Thing,Thing,guards,Below A,Harden,Top A
D3-AB,x,T1003,reads,Thing,Other,guards,Below A,Harden,Top A
D3-ZZ,x,t1003.001,reads,Thing,Thing,watches,Only here,Detect,Top B
D3-ZZ,x,X1003,reads,Thing,Thing,watches,Only here,Detect,Top B
";
const ANSWERS: &str = r#"{"off_to_def": {"head": 1, "results": {"bindings": [
{"off_tech_id": {"type": "literal", "value": "T1003"}, "off_artifact_label": {"value": "Alone"}},
{"off_tech_id": {"value": "T1003"}, "def_tech_id": {"value": "D3-YY"}, "def_tech_label": {"value": "Y"}, "off_artifact_label": {"value": "A"}, "off_artifact_rel_label": {"value": "uses"}, "def_tactic_label": {"value": "Evict"}}
]}}, "description": {}}"#;

fn read_all(files: &Files) -> Result<Parsed, SourceError> {
    read(files, &mut |_, _| Control::Continue)
}

fn defences(parsed: &Parsed) -> Vec<&DefenceRecord> {
    parsed
        .records
        .iter()
        .filter_map(|record| if let Record::Defence(record) = record { Some(record) } else { None })
        .collect()
}

fn mappings(parsed: &Parsed) -> Vec<&DefenceMappingRecord> {
    parsed
        .records
        .iter()
        .filter_map(|record| if let Record::DefenceMapping(record) = record { Some(record) } else { None })
        .collect()
}

#[test]
fn the_column_of_a_name_is_its_level() {
    let parsed = read_all(&Files::of([("ontologies/d3fend.csv", LIST)])).expect("read");
    let parents: Vec<_> =
        defences(&parsed).iter().map(|one| (one.key.as_str(), one.parent.as_deref())).collect();
    assert_eq!(
        parents,
        [
            ("D3-AA", None),
            ("D3-AB", Some("D3-AA")),
            ("D3-AC", Some("D3-AB")),
            ("D3-AD", Some("D3-AA")),
            ("D3-BA", None),
            ("D3-BB", Some("D3-BA")),
        ]
    );
    assert_eq!(defences(&parsed)[1].definition, "One, two.");
    let lines: Vec<_> = parsed.rejects.kept.iter().map(|reject| reject.line).collect();
    assert_eq!(lines, [Some(8), Some(9)]);
}

#[test]
fn rows_are_joined_to_pairs_with_their_artifacts() {
    let parsed = read_all(&Files::of([("m.csv", ROWS)])).expect("read");
    let all = mappings(&parsed);
    assert_eq!(all.len(), 2);
    assert_eq!((all[0].key.as_str(), all[1].key.as_str()), ("T1003.001/D3-ZZ", "T1003/D3-AB"));
    assert_eq!(all[1].artifacts, ["Thing (reads / guards)", "Thing (reads) / Other (guards)"]);
    assert_eq!(parsed.rejects.kept[0].line, Some(5));
}

#[test]
fn a_defence_that_only_mappings_name_is_one() {
    let parsed = read_all(&Files::of([("l.csv", LIST), ("m.csv", ROWS)])).expect("read");
    let last = *defences(&parsed).last().expect("some");
    assert_eq!(
        (last.key.as_str(), last.name.as_str(), last.tactic.as_str()),
        ("D3-ZZ", "Only here", "Detect")
    );
    assert_eq!(last.parent.as_deref(), Some("D3-BA"));
}

#[test]
fn answers_without_a_defence_are_no_pairs() {
    let parsed =
        read_all(&Files::of([("api/offensive-technique/attack/T1003.json", ANSWERS)])).expect("read");
    assert_eq!(mappings(&parsed).len(), 1);
    assert_eq!(mappings(&parsed)[0].artifacts, ["uses A"]);
    assert_eq!(parsed.rejects.count, 0);
}

#[test]
fn a_table_of_something_else_is_refused() {
    let error = read_all(&Files::of([("x.csv", "a,b\n1,2\n")])).expect_err("refused");
    assert!(error.to_string().contains("off_tech_id"), "{error}");
    assert!(read_all(&Files::of([("T1003.json", "{}")])).is_err());
    assert!(matches!(read_all(&Files::of([("README.md", "x")])), Err(SourceError::Nothing { .. })));
}

#[test]
fn it_stops_when_told_to() {
    assert_eq!(read(&Files::of([("m.csv", ROWS)]), &mut |_, _| Control::Cancel), Err(SourceError::Cancelled));
}

#[test]
fn any_bytes_are_read_or_refused() {
    bolero::check!().with_type::<(u16, Vec<u8>)>().for_each(|(place, bytes)| {
        for (path, whole) in [("l.csv", LIST), ("m.csv", ROWS), ("T1003.json", ANSWERS), ("T1004.json", "")] {
            let mut text = whole.as_bytes().to_vec();
            let place = usize::from(*place) % (text.len() + 1);
            let end = (place + bytes.len()).min(text.len());
            text.splice(place..end, bytes.iter().copied());
            let files =
                Files { files: vec![File { path: path.to_owned(), bytes: text }], ..Files::default() };
            let _ = read_all(&files);
        }
    });
}

#[test]
fn the_real_one() {
    let Some(files) = crate::real::files("d3fend-mappings.zip", wants) else { return };
    let parsed = read_all(&files).expect("read");
    assert_eq!(parsed.rejects.kept, []);
    let counts = &parsed.counts;
    assert_eq!(
        (counts.of("pairs"), counts.of("ATT&CK ids"), counts.of("D3FEND ids in mappings")),
        (4_329, 411, 133)
    );
    assert_eq!((counts.of("rows of mapping tables"), counts.of("techniques in the list")), (5_647, 218));
    // Nine more stand only in the mappings.
    assert_eq!(counts.of("defensive techniques"), 227);
}
