use super::*;
use crate::Control;

const PLAN: &str = "\
metadata: {prefix: P, bundle: Plan One}
Discovery:
- name: Look
  description: Looks.
  platforms: [windows, azuread]
  prerequisites:
  guidance: ['cmd> look', '', 'cmd> again']
  block: ['']
  detect: [Seen, Heard]
  controls: [SIEM]
  metadata: {id: AA-1, tid: T1001, tactic: TA0007, isv: 1, x_foo: 2}
OT:
- name: Touch
  metadata: {x_vectr_id: bb-2, tid: t1002.003}
- name: Look twice
  metadata: {id: aa-1, tid: T1001}
- name: Odd
  metadata: {tid: nothing}
- {description: nameless, metadata: {tid: T1001}}
- name: Without id
  metadata: {tid: T1003}
";
const SINGLE: &str = "\
name: Look
description: Looks.
guidance: ['cmd> look', 'cmd> again']
detect: [Seen, Heard]
metadata: {id: aa-1, tid: T1001}
";
const CSV: &str = "\
Test Case,MITRE ID,Campaign,Description
Without id,T1003,OT,x
LOOK,T1001,Discovery,x
New one,T1004,Impact,y
,T1004,Impact,y
";

fn read_all(files: &[(&'static str, &'static str)]) -> Result<Found, SourceError> {
    read(&Files::of(files.iter().copied()), &mut |_, _| Control::Continue)
}

#[test]
fn a_test_case_of_a_plan_is_a_planned_test() {
    let found = read_all(&[("p.yml", PLAN)]).expect("read");
    let keys: Vec<&str> = found.planned.iter().map(|it| it.key.as_str()).collect();
    assert_eq!(keys, ["aa-1", "bb-2", "T1003/withoutid"]);
    let it = &found.planned[0];
    assert_eq!((it.name.as_str(), it.attack_id.as_deref()), ("Look", Some("T1001")));
    assert_eq!(
        (it.plan.as_str(), it.phase.as_str(), it.tactic.as_str()),
        ("Plan One", "Discovery", "TA0007")
    );
    assert_eq!(it.platforms, ["Identity Provider", "Windows"]);
    assert_eq!(it.procedure, "cmd> look\ncmd> again");
    assert_eq!((it.expected_detection.as_str(), it.expected_prevention.as_str()), ("Seen\nHeard", ""));
    assert_eq!((it.tags.as_slice(), it.line), (&["SIEM".to_owned()][..], Some(3)));
    assert_eq!(found.planned[1].attack_id.as_deref(), Some("T1002.003"));
}

#[test]
fn a_test_case_at_fault_is_refused_with_its_line() {
    let found = read_all(&[("p.yml", PLAN)]).expect("read");
    let rejects: Vec<String> = found.rejects.kept.iter().map(ToString::to_string).collect();
    assert_eq!(
        rejects,
        [
            "p.yml:15: aa-1: it occurs twice in the plan; the first one counts (line 3)",
            "p.yml:17: Odd: 'nothing' is no id of a technique",
            "p.yml:19: name is missing"
        ]
    );
}

#[test]
fn both_forms_of_a_plan_double_nothing() {
    let found = read_all(&[("p.yml", PLAN), ("techniques/a.yml", SINGLE)]).expect("read");
    assert_eq!((found.planned.len(), found.counts.of("repeated test cases")), (3, 1));
    assert_eq!((found.planned[0].plan.as_str(), found.planned[0].path.as_str()), ("Plan One", "p.yml"));
    let alone = read_all(&[("techniques/a.yml", SINGLE)]).expect("read");
    assert_eq!(alone.planned[0].key, found.planned[0].key);
}

#[test]
fn a_summary_adds_only_what_is_new() {
    let found = read_all(&[("p.yml", PLAN), ("a/s.csv", CSV)]).expect("read");
    let keys: Vec<&str> = found.planned.iter().map(|it| it.key.as_str()).collect();
    assert_eq!(keys, ["aa-1", "bb-2", "T1003/withoutid", "T1004/newone"]);
    assert!(found.rejects.kept.iter().any(|reject| reject.file == "a/s.csv" && reject.line == Some(5)));
}

#[test]
fn a_test_case_of_two_plans_is_one_and_names_both() {
    let other = "metadata: {bundle: Plan Two}\nImpact:\n- {name: Look, metadata: {id: aa-1, tid: T1001}}\n";
    let found = read_all(&[("archived/x/o.yml", other), ("p.yml", PLAN)]).expect("read");
    let it = &found.planned[0];
    assert_eq!((it.plan.as_str(), it.tags.as_slice()), ("Plan One", &["Plan Two".into(), "SIEM".into()][..]));
    assert_eq!(found.counts.of("test cases in another wording"), 1);
}

#[test]
fn what_is_no_plan_is_refused() {
    for (path, text) in [
        ("a.yml", ""),
        ("a.yml", "a: 1"),
        ("a.yml", "metadata: {bundle: x}"),
        ("a.csv", "a,b\n1,2\n"),
        ("a.csv", ""),
    ] {
        let files = Files { files: vec![File { path: path.into(), bytes: text.into() }], ..Files::default() };
        assert!(read(&files, &mut |_, _| Control::Continue).is_err(), "{text}");
    }
}

#[test]
fn any_bytes_are_read_or_refused() {
    bolero::check!().with_type::<(Vec<u8>, u16, u8)>().for_each(|(bytes, place, byte)| {
        crate::results::tests::survives(read, "a.yml", bytes, PLAN, *place, *byte);
        crate::results::tests::survives(read, "a.csv", bytes, CSV, *place, *byte);
    });
}

#[test]
fn the_real_ones() {
    let Some(files) = crate::real::files("threat-simulation-indexes.zip", wants) else { return };
    let found = read(&files, &mut |_, _| Control::Continue).expect("read");
    let of = |what| found.counts.of(what);
    // Three rows have quotes within quotes that nobody has doubled.
    let refused: Vec<_> = found.rejects.kept.iter().map(|it| (it.file.as_str(), it.line)).collect();
    let (first, second) =
        ("archived/2021/h-index-2021/summary.csv", "archived/2022/fs-index-2022/summary.csv");
    assert_eq!(refused, [(first, Some(2)), (first, Some(21)), (second, Some(43))]);
    assert_eq!((of("merged plans"), of("test cases in merged plans")), (9, 501));
    assert_eq!((of("single-technique files"), of("summaries"), of("rows of summaries")), (501, 9, 498));
    assert_eq!(found.planned.len(), 261);
}

#[test]
fn the_real_plans_one_by_one() {
    let Some(files) = crate::real::files("threat-simulation-indexes.zip", wants) else { return };
    let plans = files.files.iter().filter(|file| !file.path.contains("/techniques/"));
    let mut sizes: Vec<usize> = plans
        .filter(|file| file.path.ends_with(".yml"))
        .map(|file| {
            let folder = file.path.rsplit_once('/').expect("a folder").0;
            let inside =
                |other: &&File| other.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
            let all =
                Files { files: files.files.iter().filter(inside).cloned().collect(), ..Files::default() };
            read(&all, &mut |_, _| Control::Continue).expect("read").planned.len()
        })
        .collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [50, 50, 50, 51, 52, 55, 60, 63, 70]);
}
