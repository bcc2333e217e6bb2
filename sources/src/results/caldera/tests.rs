use super::*;
use crate::Control;

// "echo one" in Base64 is ZWNobyBvbmU=.
const REPORT: &str = r#"{
"name": "Op", "start": "2024-01-01 10:00:00", "finish": "x", "facts": [], "jitter": "2/8",
"host_group": [{"paw": "abc", "host": "PC1", "username": "PC1\\eve", "platform": "windows"}],
"adversary": {"name": "Adv", "adversary_id": "z"},
"steps": {"abc": {"steps": [
{"link_id": "l1", "ability_id": "a-1", "command": "ZWNobyBvbmU=", "delegated": "2024-01-01 10:00:01",
 "run": "2024-01-01 10:00:09", "status": 0, "platform": "windows", "executor": "psh", "pid": 7, "name": "Say",
 "description": "Says.", "attack": {"tactic": "execution", "technique_name": "T", "technique_id": "T1059.001"},
 "output": {"stdout": "one", "stderr": "", "exit_code": "0"}},
{"ability_id": "a-2", "command": "bm8=", "delegated": "2024-01-01 10:01:00", "run": null, "status": -2,
 "platform": "windows", "executor": "psh", "attack": {}},
{"ability_id": "a-3", "command": "false", "delegated": "2024-01-01T10:02:00Z", "run": "2024-01-01T10:02:30Z",
 "status": 124, "platform": "darwin", "executor": "sh", "attack": {"technique_id": "auto-generated"},
 "output": "ZWNobyBvbmU="},
{"command": "x", "status": 0},
{"ability_id": "a-4", "command": "x", "delegated": "yesterday", "status": 1}
]}}, "skipped_abilities": []}"#;

const LOG: &str = r#"[
{"command": "ZWNobyBvbmU=", "delegated_timestamp": "2024-01-01T10:00:01Z",
 "collected_timestamp": "2024-01-01T10:00:05Z", "finished_timestamp": "2024-01-01T10:00:09Z", "status": 0,
 "platform": "windows", "executor": "psh", "pid": 7,
 "agent_metadata": {"paw": "abc", "host": "PC1", "username": "PC1\\eve"},
 "ability_metadata": {"ability_id": "a-1", "ability_name": "Say", "ability_description": "Says."},
 "operation_metadata": {"operation_name": "Op", "operation_start": "2024-01-01 10:00:00",
  "operation_adversary": "Adv"},
 "attack_metadata": {"tactic": "execution", "technique_name": "T", "technique_id": "T1059.001"}},
{"command": "false", "delegated_timestamp": "2024-01-01T10:00:10Z", "finished_timestamp": "", "status": -3,
 "ability_metadata": {"ability_id": "a-2"}},
{"command": "false", "delegated_timestamp": "2024-01-01T10:00:10Z",
 "finished_timestamp": "2024-01-01T10:00:12Z", "status": -4, "ability_metadata": {"ability_id": "a-2"}}
]"#;

fn read_all(files: &[(&'static str, &'static str)]) -> Result<Found, SourceError> {
    read(&Files::of(files.iter().copied()), &mut |_, _| Control::Continue)
}

#[test]
fn a_step_of_a_report_is_an_attack() {
    let found = read_all(&[("r.json", REPORT)]).expect("read");
    assert_eq!(found.executed.len(), 2);
    let it = &found.executed[0];
    assert_eq!((it.command.as_str(), it.output.as_str()), ("echo one", "one"));
    assert_eq!((it.test.name.as_str(), it.test.attack_id.as_deref()), ("Say", Some("T1059.001")));
    assert_eq!((it.host.as_str(), it.user.as_str()), ("PC1", "PC1\\eve"));
    assert_eq!(it.started_at.as_deref(), Some("2024-01-01T10:00:01Z"));
    assert_eq!(it.ended_at.as_deref(), Some("2024-01-01T10:00:09Z"));
    assert_eq!((it.success, it.exit_status, it.zone_assumed), (Some(true), Some(0), true));
    assert_eq!((it.test.plan.as_str(), it.test.tactic.as_str(), it.test.line), ("Op", "execution", Some(6)));
    assert_eq!(it.test.tags, ["Adv"]);
    assert_eq!(it.test.template.as_deref(), Some("a-1"));
    assert_eq!(it.test.platforms, ["Windows"]);
}

#[test]
fn a_step_that_ran_out_of_time_has_no_success() {
    let found = read_all(&[("r.json", REPORT)]).expect("read");
    let it = &found.executed[1];
    assert_eq!((it.success, it.exit_status, it.zone_assumed), (Some(false), Some(124), false));
    assert_eq!((it.command.as_str(), it.output.as_str()), ("false", "echo one"));
    assert_eq!(
        (it.test.attack_id.as_deref(), it.test.tags.as_slice()),
        (None, &["Adv".into(), "auto-generated".into()][..])
    );
}

#[test]
fn a_step_that_never_ran_stays_out() {
    let found = read_all(&[("r.json", REPORT)]).expect("read");
    let rejects: Vec<String> = found.rejects.kept.iter().map(ToString::to_string).collect();
    assert_eq!(
        rejects,
        [
            "r.json:10: step: it was discarded and never ran (status -2)",
            "r.json:15: step: it names no ability",
            "r.json:16: step: when it was handed out: 'yesterday' is no time"
        ]
    );
}

#[test]
fn an_event_is_an_attack() {
    let found = read_all(&[("l.json", LOG)]).expect("read");
    let [first, untrusted] = &found.executed[..] else { panic!("{found:?}") };
    assert_eq!(first.started_at.as_deref(), Some("2024-01-01T10:00:05Z"));
    assert_eq!((first.test.plan.as_str(), first.test.tags.as_slice()), ("Op", &["Adv".to_owned()][..]));
    assert_eq!((untrusted.success, untrusted.exit_status), (None, None));
    assert!(found.rejects.kept[0].reason.contains("still waiting"));
}

#[test]
fn the_report_and_the_log_of_an_operation_double_nothing() {
    let found = read_all(&[("a.json", REPORT), ("b.json", LOG)]).expect("read");
    let same = found.executed.iter().filter(|it| it.test.template.as_deref() == Some("a-1")).count();
    assert_eq!(same, 1);
    assert!(
        found.rejects.kept.iter().any(|reject| reject.file == "b.json" && reject.reason.contains("twice"))
    );
}

#[test]
fn an_output_is_read_in_all_its_forms() {
    let of = |text: &str| output(&serde_json::from_str(text).expect("JSON"));
    assert_eq!(of("{}"), (String::new(), false, None));
    assert_eq!(of(r#"{"output": "plain text"}"#), ("plain text".into(), false, None));
    let (text, _, code) = of(r#"{"output": "{\"stdout\": \"a\", \"stderr\": \"b\", \"exit_code\": 2}"}"#);
    assert_eq!((text.as_str(), code), ("a\n[STDERR] b", Some(2)));
    assert!(of(&format!(r#"{{"output": "{} ."}}"#, "x".repeat(OUTPUT_CHARS))).1);
}

#[test]
fn what_is_no_operation_is_refused() {
    for text in ["", "7", "{}", "[]", r#"{"name": "x", "start": "y", "steps": []}"#, "[[]]"] {
        let files =
            Files { files: vec![File { path: "a.json".into(), bytes: text.into() }], ..Files::default() };
        assert!(read(&files, &mut |_, _| Control::Continue).is_err(), "{text}");
    }
}

#[test]
fn any_bytes_are_read_or_refused() {
    bolero::check!().with_type::<(Vec<u8>, u16, u8)>().for_each(|(bytes, place, byte)| {
        for good in [REPORT, LOG] {
            crate::results::tests::survives(read, "a.json", bytes, good, *place, *byte);
        }
    });
}
