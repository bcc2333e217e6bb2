use super::*;
use crate::Control;

const ABILITY: (&str, &str) = (
    "data/abilities/discovery/a.yml",
    "\
---
- id: AAAAAAAA-2222-3333-4444-555555555555
  name: Old
  technique: {attack_id: T1005, name: Data}
  platforms: {linux: {sh: {command: look}}}
- id: bbbbbbbb-2222-3333-4444-555555555555
  name: New
  technique_id: ' T1005'
  executors: [{name: sh, platform: linux, command: look}]
- name: Nameless
  platforms: {linux: {sh: {command: look}}}
",
);
const ADVERSARY: (&str, &str) = (
    "data/adversaries/packs/x.yml",
    "\
id: cccccccc-2222-3333-4444-555555555555
name: Thief
description: Steals.
atomic_ordering:
- bbbbbbbb-2222-3333-4444-555555555555
- dddddddd-2222-3333-4444-555555555555
- AAAAAAAA-2222-3333-4444-555555555555
",
);

fn read_all(files: &Files) -> Result<Parsed, SourceError> {
    read(files, &mut |_, _| Control::Continue)
}

fn adversaries(parsed: &Parsed) -> Vec<&AdversaryRecord> {
    fn of(record: &Record) -> Option<&AdversaryRecord> {
        if let Record::Adversary(adversary) = record { Some(adversary) } else { None }
    }
    parsed.records.iter().filter_map(of).collect()
}

#[test]
fn abilities_are_templates_and_adversaries_have_their_steps() {
    let parsed = read_all(&Files::of([ABILITY, ADVERSARY])).expect("read");
    let adversary = adversaries(&parsed)[0];
    let (old, new, lost) = (
        "aaaaaaaa-2222-3333-4444-555555555555",
        "bbbbbbbb-2222-3333-4444-555555555555",
        "dddddddd-2222-3333-4444-555555555555",
    );
    assert_eq!(adversary.steps, [new, lost, old]);
    assert_eq!(adversary.unresolved, [lost]);
    assert_eq!((adversary.name.as_str(), adversary.description.as_str()), ("Thief", "Steals."));
    let keys: Vec<&str> = parsed.records.iter().map(Record::key).collect();
    assert_eq!(keys, [adversary.key.as_str(), old, new]);
    let figures = [
        "abilities",
        "techniques",
        "techniques as written",
        "adversaries",
        "steps",
        "steps without an ability",
    ];
    assert_eq!(figures.map(|figure| parsed.counts.of(figure)), [2, 1, 2, 1, 3, 1]);
}

#[test]
fn an_ability_without_id_is_refused_with_its_line() {
    let parsed = read_all(&Files::of([ABILITY])).expect("read");
    let reject = &parsed.rejects.kept[0];
    assert_eq!(
        (reject.line, reject.record.as_str(), reject.reason.as_str()),
        (Some(10), "Nameless", "id is missing")
    );
}

#[test]
fn older_adversaries_have_phases() {
    let text = "id: x\nname: X\nphases:\n  1: [a, b]\n  2: [c]\n";
    let parsed = read_all(&Files::of([("data/adversaries/x.yml", text)])).expect("read");
    assert_eq!(adversaries(&parsed)[0].steps, ["a", "b", "c"]);
}

#[test]
fn other_files_are_not_wanted() {
    assert!(wants("data/abilities/a/b.yml") && wants("data/adversaries/b.yaml") && wants("b.yml"));
    assert!(!wants("data/planners/a.yml") && !wants("conf/default.yml") && !wants("data/abilities/a.py"));
}

#[test]
fn what_is_neither_is_refused() {
    let reason = |text| match read_all(&Files::of([("a.yml", text)])) {
        Err(SourceError::AllRefused(reject)) => reject.reason,
        other => panic!("{other:?}"),
    };
    assert!(reason("").contains("neither"));
    assert!(reason("a: 1").contains("neither"));
    assert!(reason("a: [").contains("YAML"));
    assert!(reason("atomic_ordering: [a]").contains("id is missing"));
    assert!(reason("id: x\natomic_ordering: [a]").contains("name is missing"));
    assert!(matches!(read_all(&Files::of([("README.md", "x")])), Err(SourceError::Nothing { .. })));
}

#[test]
fn it_stops_when_told_to() {
    let stopped = read(&Files::of([ABILITY]), &mut |_, _| Control::Cancel);
    assert_eq!(stopped, Err(SourceError::Cancelled));
}

#[test]
fn any_bytes_are_read_or_refused() {
    bolero::check!().with_type::<Vec<u8>>().for_each(|bytes| {
        let _ = read_file(&File { path: ABILITY.0.to_owned(), bytes: bytes.clone() });
    });
}

#[test]
fn a_file_changed_anywhere_is_read_or_refused() {
    bolero::check!().with_type::<(u16, u8, bool)>().for_each(|(place, byte, adversary)| {
        let (path, text) = if *adversary { ADVERSARY } else { ABILITY };
        let mut bytes = text.as_bytes().to_vec();
        let place = usize::from(*place) % bytes.len();
        bytes[place] = *byte;
        let read = read_file(&File { path: path.to_owned(), bytes });
        assert!(!read.abilities.is_empty() || read.adversary.is_some() || !read.rejects.is_empty());
    });
}

#[test]
fn the_real_one() {
    let Some(files) = crate::real::files("stockpile.zip", wants) else { return };
    let parsed = read_all(&files).expect("read");
    assert_eq!(parsed.rejects.kept, []);
    let figures = ["abilities", "techniques as written", "adversaries", "steps", "steps without an ability"]
        .map(|figure| parsed.counts.of(figure));
    assert_eq!(figures, [209, 123, 27, 183, 34]);
    assert_eq!(parsed.counts.of("abilities without a technique"), 0);
    assert_eq!(parsed.records.len(), 209 + 27);
}
