use super::*;
use crate::sheet::tests::{book, xml};

const HEAD: [&str; 6] =
    ["CIS Control", "CIS Safeguard", "Title", "IG1", "IG2", "Combined ATT&CK (Sub-)Technique ID"];

fn files(bytes: Vec<u8>) -> Files {
    let path = "Controls_v8_to_ATTCK_v82.xlsx".to_owned();
    Files { files: vec![File { path, bytes }], ..Files::default() }
}

fn read_all(files: &Files) -> Result<Parsed, SourceError> {
    read(files, &mut |_, _| Control::Continue)
}

fn small() -> Vec<u8> {
    let overview = xml(&[
        &["A note"],
        &HEAD[..5],
        &["4", "4", "Control four"],
        &["4", "4.0999999999999996", "First", "x", "x"],
        &["4", "4.10", "Tenth", "", "x"],
        &["4", "x.1", "Bad"],
    ]);
    let low = xml(&[
        &HEAD,
        &["4", "4.1", "First", "x", "x", "T1003"],
        &["4", "4.10", "Tenth", "", "x", "T1003"],
        &["4", "4.10", "Tenth", "", "x", "T1003"],
        &["4", "4.10", "Tenth", "", "x", "none"],
    ]);
    book(&[("Cover", &xml(&[&["Hello"]])), ("Anything", &overview), ("Else", &low)])
}

#[test]
fn four_point_one_is_not_four_point_ten() {
    let parsed = read_all(&files(small())).expect("read");
    let keys: Vec<&str> = parsed.records.iter().map(Record::key).collect();
    assert_eq!(
        keys,
        [
            "cis_controls/8/4",
            "cis_controls/8/4.1",
            "cis_controls/8/4.10",
            "cis_controls/8/4.1/T1003@8.2",
            "cis_controls/8/4.10/T1003@8.2",
            "cis_controls/8",
        ]
    );
    let Record::Control(tenth) = &parsed.records[2] else { panic!() };
    assert_eq!(
        (tenth.title.as_str(), tenth.category.as_str(), tenth.parent.as_deref()),
        ("Tenth", "Control four", Some("4"))
    );
    assert_eq!(tenth.baselines, ["IG2"]);
}

#[test]
fn a_row_that_means_nothing_is_refused_with_its_number() {
    let parsed = read_all(&files(small())).expect("read");
    let seen: Vec<_> =
        parsed.rejects.kept.iter().map(|reject| (reject.record.as_str(), reject.line)).collect();
    assert_eq!(seen, [("Anything, row 6", Some(6)), ("Else, row 5", Some(5))]);
}

#[test]
fn ids_are_numbers() {
    assert_eq!((id("4"), id("4.10"), id("4.1")), (Some((4, None)), Some((4, Some(10))), Some((4, Some(1)))));
    for text in ["", ".", "4.", "4.01", "4.1.1", "x", "-4", "+4.1", "4.1000"] {
        assert_eq!(id(text), None, "{text}");
    }
}

#[test]
fn versions_are_found() {
    let of = |text: &str, word| version_in(&[text.to_owned()], word);
    assert_eq!(of("ATT&CK V8.2 Enterprise Mitigation ID", "attckv").as_deref(), Some("8.2"));
    assert_eq!(of("CIS_Controls_v8_to_Enterprise_ATTCK_v82_x.xlsx", "attckv").as_deref(), Some("8.2"));
    assert_eq!(of("CIS_Controls_v8.1_x.xlsx", "controlsv").as_deref(), Some("8.1"));
    assert_eq!(of("ATT&CK V16.1 x", "attckv").as_deref(), Some("16.1"));
    assert_eq!(of("ATT&CK", "attckv"), None);
}

#[test]
fn a_sheet_of_something_else_is_refused() {
    let other = book(&[("S", &xml(&[&["Name", "Title"], &["a", "b"]]))]);
    assert!(read_all(&files(other)).expect_err("refused").to_string().contains("CIS Safeguard"));
    assert!(read_all(&files(b"PK\x03\x04".to_vec())).is_err());
    assert!(matches!(read_all(&Files::of([("a.json", "{}")])), Err(SourceError::Nothing { .. })));
}

#[test]
fn it_stops_when_told_to() {
    assert_eq!(read(&files(small()), &mut |_, _| Control::Cancel), Err(SourceError::Cancelled));
}

#[test]
fn any_bytes_are_read_or_refused() {
    let whole = small();
    bolero::check!().with_type::<(u16, Vec<u8>)>().for_each(|(place, bytes)| {
        let mut changed = whole.clone();
        let place = usize::from(*place) % changed.len();
        let end = (place + bytes.len()).min(changed.len());
        changed.splice(place..end, bytes.iter().copied());
        let _ = read_all(&files(changed));
    });
}

#[test]
fn the_real_one() {
    let Some(files) = crate::real::files("cis-controls-v8-attack.zip", wants) else { return };
    let parsed = read_all(&files).expect("read");
    assert_eq!(parsed.rejects.kept, []);
    let names = ["pairs", "safeguards with a mapping", "techniques", "safeguards in the overview"];
    assert_eq!(names.map(|name| parsed.counts.of(name)), [2_962, 105, 383, 153]);
    assert_eq!((parsed.counts.of("controls"), parsed.counts.of("safeguards")), (18, 153));
    assert_eq!(parsed.records.iter().filter(|record| record.key().ends_with("@8.2")).count(), 2_962);
}
