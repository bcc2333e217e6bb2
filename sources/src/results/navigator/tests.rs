use super::*;
use crate::Control;

const LAYER: &str = r##"{
"name": "Mine", "description": "What is mine.", "domain": "enterprise-attack",
"versions": {"attack": "18", "navigator": "5.1.0", "layer": "4.5"},
"gradient": {"colors": ["#000000"], "minValue": 0}, "legendItems": [], "links": [{"label": "x", "url": "y"}],
"techniques": [
{"techniqueID": "T1001", "tactic": "impact", "score": 1.5, "color": "#ff0000", "comment": "c",
 "metadata": [{"name": "n", "value": "v"}, {"divider": true}]},
{"techniqueID": "T1001", "tactic": "discovery", "enabled": false},
{"techniqueID": "T1001", "tactic": "discovery", "enabled": false},
{"techniqueID": "T1001", "tactic": "discovery", "score": 3},
{"techniqueID": "TA0001"},
{"techniqueID": "T1002", "score": "high"},
{"techniqueID": "t1003.001", "score": null, "links": 7}
]}"##;

fn read_all(files: &[(&'static str, &'static str)]) -> Result<Found, SourceError> {
    read(&Files::of(files.iter().copied()), &mut |_, _| Control::Continue)
}

#[test]
fn a_layer_is_an_overlay() {
    let found = read_all(&[("a.json", LAYER)]).expect("read");
    let layer = &found.overlays[0];
    assert_eq!((layer.name.as_str(), layer.domain.as_deref()), ("Mine", Some("enterprise-attack")));
    assert_eq!((layer.attack_version.as_deref(), layer.format_version.as_deref()), (Some("18"), Some("4.5")));
    let first = &layer.entries[0];
    assert_eq!((first.tactic.as_deref(), first.score_thousandths), (Some("impact"), Some(1_500)));
    assert_eq!((first.colour.as_str(), first.comment.as_str(), first.enabled), ("#ff0000", "c", true));
    assert_eq!(first.metadata, [("n".to_owned(), "v".to_owned())]);
    assert!(!layer.entries[1].enabled);
    assert_eq!(
        (layer.entries[2].attack_id.as_str(), layer.entries[2].score_thousandths),
        ("T1003.001", None)
    );
    assert_eq!(layer.entries.len(), 3);
}

#[test]
fn an_entry_at_fault_is_refused_with_its_line() {
    let found = read_all(&[("a.json", LAYER)]).expect("read");
    let lines: Vec<_> =
        found.rejects.kept.iter().map(|reject| (reject.line, reject.record.as_str())).collect();
    assert_eq!(lines, [(Some(10), "T1001"), (Some(11), "TA0001"), (Some(12), "T1002")]);
    assert_eq!((found.counts.of("entries"), found.counts.of("repeated entries")), (7, 1));
}

#[test]
fn an_entry_that_says_nothing_gives_way_to_one_that_does() {
    let text = r##"{"techniques": [{"techniqueID": "T1001", "showSubtechniques": true},
        {"techniqueID": "T1001", "color": "#123456"}, {"techniqueID": "T1001"}]}"##;
    let found = read_all(&[("a.json", text)]).expect("read");
    assert_eq!((found.overlays[0].entries.len(), found.rejects.count), (1, 0));
    assert_eq!(found.overlays[0].entries[0].colour, "#123456");
}

#[test]
fn old_layers_and_those_without_versions_are_read() {
    let old = r#"{"version": "2.2", "domain": "mitre-mobile", "name": "", "techniques": []}"#;
    let bare = r#"{"techniques": [{"techniqueID": "T1001"}]}"#;
    let found = read_all(&[("a/old.json", old), ("bare.json", bare)]).expect("read");
    let [old, bare] = &found.overlays[..] else { panic!("{found:?}") };
    assert_eq!((old.name.as_str(), old.domain.as_deref()), ("old", Some("mobile-attack")));
    assert_eq!((old.format_version.as_deref(), old.entries.len()), (Some("2.2"), 0));
    assert_eq!((bare.domain.as_deref(), bare.format_version.as_deref()), (None, None));
}

#[test]
fn a_file_may_have_several_layers() {
    let found =
        read_all(&[("a.json", r#"[{"techniques": []}, {"x": 1}, {"techniques": []}]"#)]).expect("read");
    let keys: Vec<&str> = found.overlays.iter().map(|layer| layer.key.as_str()).collect();
    assert_eq!(keys, ["a.json#1", "a.json#3"]);
    assert_eq!((found.rejects.count, found.rejects.kept[0].record.as_str()), (1, "layer 2"));
}

#[test]
fn what_is_no_layer_is_refused() {
    for text in ["", "7", "{}", r#"{"techniques": 1}"#, r#"{"techniques": [1"#] {
        let files =
            Files { files: vec![File { path: "a.json".into(), bytes: text.into() }], ..Files::default() };
        assert!(read(&files, &mut |_, _| Control::Continue).is_err(), "{text}");
    }
}

#[test]
fn a_score_has_limits() {
    assert_eq!(score("-1"), Ok(Some(-1_000)));
    assert_eq!(score("0.0004"), Ok(Some(0)));
    assert!(score("1e300").is_err() && score("NaN").is_err());
}

#[test]
fn any_bytes_are_read_or_refused() {
    bolero::check!().with_type::<(Vec<u8>, u16, u8)>().for_each(|(bytes, place, byte)| {
        crate::results::tests::survives(read, "a.json", bytes, LAYER, *place, *byte);
    });
}

fn sizes(found: &Found) -> Vec<usize> {
    let mut sizes: Vec<usize> = found.overlays.iter().map(|layer| layer.entries.len()).collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    sizes
}

fn real(name: &str, wants: fn(&str) -> bool) -> Option<Found> {
    Some(read(&crate::real::files(name, wants)?, &mut |_, _| Control::Continue).expect("read"))
}

#[test]
fn the_real_samples() {
    let Some(found) = real("attack-navigator.zip", wants) else { return };
    let of = |name: &str| {
        let layer = found.overlays.iter().find(|layer| layer.path.contains(name)).expect("a layer");
        assert_eq!(layer.domain.as_deref(), Some("enterprise-attack"));
        let ids: HashSet<_> = layer.entries.iter().map(|entry| &entry.attack_id).collect();
        (layer.entries.len(), ids.len())
    };
    assert_eq!(of("heatmap_layer"), (428, 428));
    assert_eq!(of("Black_Pins"), (22, 20));
    assert_eq!(of("Blue_Pins"), (32, 22));
    assert_eq!(of("Gold_Pins"), (27, 19));
    assert_eq!(of("Submitter_Responses"), (47, 34));
    assert_eq!((found.overlays.len(), found.rejects.count), (5, 0));
}

#[test]
fn the_real_ones_of_atomic_red_team() {
    let Some(found) = real("atomic-red-team.zip", wants) else { return };
    assert_eq!(sizes(&found), [371, 300, 152, 26, 19, 16, 15, 10, 2, 0]);
    assert_eq!((found.rejects.count, found.counts.of("empty layers")), (0, 1));
}

#[test]
fn the_real_ones_of_control_mappings() {
    let wants = |path: &str| path.contains("/layers/") && wants(path);
    let Some(found) = real("attack-control-framework-mappings.zip", wants) else { return };
    assert_eq!((found.overlays.len(), found.rejects.count), (127, 0));
    assert!(found.overlays.iter().all(|layer| layer.attack_version.as_deref() == Some("12")));
}

#[test]
fn the_real_ones_of_dettect() {
    let wants = |path: &str| path.contains("Navigator-layers/") && wants(path);
    let Some(found) = real("dettect.zip", wants) else { return };
    assert_eq!((found.overlays.len(), found.rejects.kept.as_slice()), (51, &[][..]));
    let old = found.overlays.iter().filter(|layer| layer.format_version.as_deref() == Some("2.2")).count();
    assert_eq!(old, 39);
}

#[test]
fn the_real_ones_of_test_plans() {
    let Some(found) = real("threat-simulation-indexes.zip", wants) else { return };
    assert_eq!((found.overlays.len(), found.rejects.kept.as_slice()), (9, &[][..]));
    assert_eq!((found.counts.of("entries"), found.counts.of("repeated entries")), (7_052, 241));
    let last = found.overlays.iter().find(|layer| layer.path.contains("2026")).expect("a layer");
    let off = last.entries.iter().filter(|entry| !entry.enabled).count();
    assert_eq!((last.entries.len(), off), (823, 758));
}
