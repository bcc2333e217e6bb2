use super::*;
use crate::Control;

const TECHNIQUES: &str = "\
version: 1.2
file_type: technique-administration
domain: enterprise-attack
platform: [windows]
techniques:
- technique_id: T1234
  technique_name: x
  detection:
    applicable_to: [servers, all]
    location: [here]
    comment: c
    score_logbook:
    - date: 2021-09-22T00:00:00.000Z
      score: 3
      comment: s
      auto_generated: true
    - {date: null, score: -1}
  visibility:
  - applicable_to: [servers]
    score: 2
    date_implemented: 2020-01-02
  - applicable_to: [phones]
    score_logbook: {date: 2021-09-22, score: 9}
- technique_id: X1
- technique_id: T1235
  detection:
  - {applicable_to: [all], score_logbook: []}
";
const SOURCES: &str = "\
version: 1.1
file_type: data-source-administration
systems:
- {applicable_to: Clients, platform: [macOS, Windows]}
- {applicable_to: Servers, platform: Linux}
data_sources:
- data_source_name: Process Creation
  data_source:
  - applicable_to: [Clients]
    date_registered: 2021-06-08T00:00:00.000Z
    products: [A, B]
    available_for_data_analytics: true
    data_quality: {timeliness: 5, retention: 1}
  - applicable_to: [Servers]
    data_quality: {timeliness: often}
";
const GROUPS: &str = "\
version: 1
file_type: group-administration
platform: all
groups:
- group_name: Red
  campaign: One
  technique_id: [T1001, T1002, T1001]
  software_id: [S0001]
  enabled: false
- group_name: Blue
  campaign:
  technique_id: {T1001: 7}
- group_name: Red
  campaign: One
  technique_id: [T1003]
- group_name: Green
  technique_id: [nothing]
";

fn read_all(files: &[(&'static str, &'static str)]) -> Result<Found, SourceError> {
    read(&Files::of(files.iter().copied()), &mut |_, _| Control::Continue)
}

#[test]
fn a_technique_has_scores_of_both_aspects() {
    let found = read_all(&[("t.yaml", TECHNIQUES)]).expect("read");
    let [detection, visibility] = &found.assessments[..] else { panic!("{found:?}") };
    assert_eq!((detection.attack_id.as_str(), detection.aspect), ("T1234", Aspect::Detection));
    assert_eq!(detection.applicable_to, ["all", "servers"]);
    assert_eq!(detection.locations, ["here"]);
    assert_eq!(detection.scores[0].date.as_deref(), Some("2021-09-22"));
    assert_eq!((detection.scores[0].score, detection.scores[0].auto_generated), (3, true));
    assert_eq!((detection.scores[1].score, &detection.scores[1].date), (-1, &None));
    assert_eq!((visibility.scores[0].score, visibility.scores[0].date.as_deref()), (2, Some("2020-01-02")));
}

#[test]
fn a_score_at_fault_is_refused_with_its_line() {
    let found = read_all(&[("t.yaml", TECHNIQUES)]).expect("read");
    let rejects: Vec<String> = found.rejects.kept.iter().map(ToString::to_string).collect();
    assert_eq!(
        rejects,
        [
            "t.yaml:22: T1234, visibility: the score '9' is none from -1 to 5",
            "t.yaml:24: X1: technique_id is no id of a technique",
            "t.yaml:27: T1235, detection: it has no score"
        ]
    );
}

#[test]
fn a_data_source_has_the_platforms_of_its_systems() {
    let found = read_all(&[("s.yaml", SOURCES)]).expect("read");
    let [source] = &found.data_sources[..] else { panic!("{found:?}") };
    assert_eq!((source.name.as_str(), source.available), ("Process Creation", true));
    assert_eq!(source.platforms, ["Windows", "macOS"]);
    assert_eq!(source.quality, [("timeliness".to_owned(), 5), ("retention".to_owned(), 1)]);
    assert_eq!(source.registered_on.as_deref(), Some("2021-06-08"));
    assert!(found.rejects.kept[0].reason.contains("timeliness is 'often'"));
}

#[test]
fn a_group_has_techniques_counted_or_not() {
    let found = read_all(&[("g.yaml", GROUPS)]).expect("read");
    let [red, blue] = &found.groups[..] else { panic!("{found:?}") };
    assert_eq!((red.techniques.len(), red.enabled), (2, false));
    assert_eq!(blue.techniques, [("T1001".to_owned(), Some(7))]);
    assert!(blue.enabled);
    let reasons: Vec<&str> = found.rejects.kept.iter().map(|reject| reject.reason.as_str()).collect();
    assert_eq!(
        reasons,
        ["'NOTHING' is no id of a technique", "it occurs twice; the first one counts (g.yaml:5)"]
    );
}

#[test]
fn what_is_no_file_of_dettect_is_refused() {
    for text in ["", "a: 1", "file_type: other", "file_type: group-administration", "- file_type", "a: [1"] {
        let files =
            Files { files: vec![File { path: "a.yml".into(), bytes: text.into() }], ..Files::default() };
        assert!(read(&files, &mut |_, _| Control::Continue).is_err(), "{text}");
    }
}

#[test]
fn any_bytes_are_read_or_refused() {
    bolero::check!().with_type::<(Vec<u8>, u16, u8)>().for_each(|(bytes, place, byte)| {
        for good in [TECHNIQUES, SOURCES, GROUPS] {
            crate::results::tests::survives(read, "a.yaml", bytes, good, *place, *byte);
        }
    });
}

#[test]
fn the_real_samples() {
    let wants = |path: &str| path.starts_with("sample-data/") && wants(path);
    let Some(files) = crate::real::files("dettect.zip", wants) else { return };
    let found = read(&files, &mut |_, _| Control::Continue).expect("read");
    let of = |what| found.counts.of(what);
    assert_eq!((files.files.len(), found.rejects.kept.as_slice()), (9, &[][..]));
    assert_eq!((of("technique files"), of("data source files"), of("group files")), (3, 3, 3));
    assert_eq!((of("detections"), of("visibilities"), of("data source details")), (352, 369, 21));
    let endpoints = found.assessments.iter().filter(|it| it.path.contains("endpoints"));
    let ids: std::collections::BTreeSet<_> = endpoints.map(|it| &it.attack_id).collect();
    assert_eq!(ids.len(), 342);
}

#[test]
fn the_real_threat_actors() {
    let wants = |path: &str| path.starts_with("threat-actor-data/") && wants(path);
    let Some(files) = crate::real::files("dettect.zip", wants) else { return };
    let found = read(&files, &mut |_, _| Control::Continue).expect("read");
    assert_eq!((files.files.len(), found.counts.of("group files")), (29, 29));
    assert_eq!(found.rejects.kept, []);
}
