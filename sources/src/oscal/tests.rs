use super::*;
use crate::Control as Answer;

const PATH: &str = "json/NIST_SP-800-53_rev5_catalog.json";
const CATALOGUE: &str = r##"{"catalog": {"uuid": "x", "metadata": {"title": "Whole", "version": "5.9"}, "groups": [
{"id": "ac", "title": "Family A", "controls": [
 {"id": "ac-1", "title": "One", "params": [
   {"id": "p1", "label": "who"}, {"id": "p2", "select": {"how-many": "one-or-more", "choice": ["left", "{{ insert: param, p1 }}", "{{ insert: param, p2 }}"]}}],
  "parts": [{"name": "statement", "prose": "Do:", "parts": [
    {"name": "item", "props": [{"name": "label", "value": "a."}], "prose": "tell {{ insert: param, p1 }} and {{ p2 }};", "parts": [
      {"name": "item", "props": [{"name": "label", "value": "1."}], "prose": "now {{ gone }} {{ open"}]}]},
   {"name": "guidance", "prose": "Not this."}],
  "controls": [{"id": "ac-1.2", "title": "Two", "props": [{"name": "status", "value": "withdrawn"}]}]},
 {"id": "nonsense", "title": "No id"},
 {"id": "ac-10", "title": "Ten"}]}]}}"##;
const LOW: &str = r#"{"catalog": {"metadata": {"title": "REV 5 LOW IMPACT BASELINE", "links": [{"rel": "source-profile"}]}, "groups": [
{"title": "Family A", "controls": [{"id": "ac-1", "title": "One"}, {"id": "ac-99", "title": "Gone"}]}]}}"#;
const HIGH: &str = r#"{"profile": {"metadata": {"title": "HIGH IMPACT BASELINE"}, "imports": [{"include-controls": [{"with-ids": ["ac-1", "ac-1.2"]}]}]}}"#;
const LOW_PATH: &str = "json/NIST_SP-800-53_rev5_LOW.json";
const HIGH_PATH: &str = "json/NIST_SP-800-53_rev5_HIGH.json";

fn read_all(files: &Files) -> Result<Parsed, SourceError> {
    read(files, &mut |_, _| Answer::Continue)
}

fn controls(parsed: &Parsed) -> Vec<&ControlRecord> {
    parsed
        .records
        .iter()
        .filter_map(|record| if let Record::Control(control) = record { Some(control) } else { None })
        .collect()
}

#[test]
fn ids_are_in_the_form_of_nist() {
    for (id, nist) in [("ac-2.1", Some("AC-2(1)")), ("ac-10", Some("AC-10")), ("ac-02.01", Some("AC-2(1)"))] {
        assert_eq!(nist_id(id).as_deref(), nist);
    }
    for id in ["", "ac", "ac-", "ac-x", "acx-1", "ac-1.", "ac-1.1.1", "ac-1_smt", "ac-1000"] {
        assert_eq!(nist_id(id), None, "{id}");
    }
}

#[test]
fn enhancements_stand_below_their_control_in_order() {
    let parsed = read_all(&Files::of([(PATH, CATALOGUE)])).expect("read");
    let mut all = controls(&parsed);
    all.sort_by_key(|control| control.ordinal);
    let seen: Vec<_> =
        all.iter().map(|one| (one.control_id.as_str(), one.parent.as_deref(), one.withdrawn)).collect();
    assert_eq!(seen, [("AC-1", None, false), ("AC-1(2)", Some("AC-1"), true), ("AC-10", None, false)]);
    assert_eq!((all[0].category.as_str(), all[0].key.as_str()), ("Family A", "nist_800_53/rev5/AC-1"));
    assert_eq!(parsed.rejects.kept[0].record, "nonsense");
    assert_eq!(parsed.version.as_deref(), Some("5.9"));
}

#[test]
fn a_statement_has_its_items_and_parameters_in_words() {
    let parsed = read_all(&Files::of([(PATH, CATALOGUE)])).expect("read");
    assert_eq!(
        controls(&parsed)[0].description,
        "Do:\na. tell [Assignment: who] and [Selection (one or more): left; [Assignment: who]; \
         [Selection (one or more): left; [Assignment]; [Assignment]]];\n  1. now [Assignment] {{ open"
    );
}

#[test]
fn baselines_come_from_resolved_catalogues_and_else_from_profiles() {
    let files = Files::of([(PATH, CATALOGUE), (LOW_PATH, LOW), (HIGH_PATH, HIGH)]);
    let parsed = read_all(&files).expect("read");
    let all: Vec<_> = controls(&parsed).iter().map(|one| one.baselines.join(",")).collect();
    assert_eq!(all, ["HIGH,LOW", "HIGH", ""]);
    assert_eq!((parsed.counts.of("controls in LOW"), parsed.counts.of("controls in HIGH")), (2, 2));
    assert_eq!(parsed.rejects.kept[1].record, "AC-99");
}

#[test]
fn baselines_alone_give_their_controls() {
    let parsed = read_all(&Files::of([(LOW_PATH, LOW)])).expect("read");
    assert_eq!((controls(&parsed).len(), parsed.rejects.count), (2, 0));
    assert!(read_all(&Files::of([(HIGH_PATH, HIGH)])).is_err());
}

#[test]
fn parts_in_parts_are_read_to_a_depth() {
    let deep = format!("{}{}", r#"{"prose": "x", "parts": ["#.repeat(20), "]}".repeat(20));
    let text = CATALOGUE.replace(
        r#"{"name": "guidance", "prose": "Not this."}"#,
        &format!(r#"{{"name": "statement", "parts": [{deep}]}}"#),
    );
    let parsed = read_all(&Files::of([(PATH, text.leak() as &str)])).expect("read");
    assert!(controls(&parsed)[0].description.lines().count() < 20);
    let deeper = format!(r#"{{"catalog": {}"#, "[".repeat(100_000)).leak() as &str;
    assert!(matches!(read_all(&Files::of([(PATH, deeper)])), Err(SourceError::AllRefused(_))));
}

#[test]
fn parameters_that_grow_in_each_other_end() {
    let choices = vec![r#""{{ p2 }}""#; 200].join(",");
    let text = CATALOGUE.replace(r#""left""#, &choices);
    let parsed = read_all(&Files::of([(PATH, text.leak() as &str)])).expect("read");
    assert!(controls(&parsed)[0].description.chars().count() <= LONG_CHARS);
}

#[test]
fn what_is_none_is_refused() {
    for text in ["{}", "[", r#"{"profile": {"metadata": {"title": "x"}}}"#] {
        assert!(matches!(read_all(&Files::of([(PATH, text)])), Err(SourceError::AllRefused(_))), "{text}");
    }
    let huge = format!("{CATALOGUE}{}", " ".repeat(MAX_BYTES)).leak() as &str;
    assert!(matches!(read_all(&Files::of([(PATH, huge)])), Err(SourceError::AllRefused(_))));
    assert!(matches!(read_all(&Files::of([("README.md", "x")])), Err(SourceError::Nothing { .. })));
}

#[test]
fn it_stops_when_told_to() {
    assert_eq!(
        read(&Files::of([(PATH, CATALOGUE)]), &mut |_, _| Answer::Cancel),
        Err(SourceError::Cancelled)
    );
}

#[test]
fn any_bytes_are_read_or_refused() {
    bolero::check!().with_type::<(u16, Vec<u8>)>().for_each(|(place, bytes)| {
        let mut text = CATALOGUE.as_bytes().to_vec();
        let place = usize::from(*place) % text.len();
        let end = (place + bytes.len()).min(text.len());
        text.splice(place..end, bytes.iter().copied());
        for bytes in [text, bytes.clone()] {
            let files = Files { files: vec![File { path: PATH.to_owned(), bytes }], ..Files::default() };
            let _ = read_all(&files);
        }
    });
}

#[test]
fn the_real_one() {
    let Some(files) = crate::real::files("oscal-content.zip", wants) else { return };
    let parsed = read_all(&files).expect("read");
    let counts = ["groups", "controls", "enhancements", "withdrawn"].map(|what| parsed.counts.of(what));
    assert_eq!(counts, [20, 322, 867, 182]);
    let sizes =
        ["LOW", "MODERATE", "HIGH", "PRIVACY"].map(|what| parsed.counts.of(&format!("controls in {what}")));
    assert_eq!(sizes, [149, 287, 370, 102]);
    assert_eq!(parsed.rejects.kept, []);
    let all = controls(&parsed);
    assert_eq!(all.iter().filter(|control| !control.withdrawn && control.description.is_empty()).count(), 0);
    assert_eq!(all.iter().filter(|control| control.description.contains("{{")).count(), 0);
    assert_eq!(parsed.version.as_deref(), Some("5.0.1"));
}
