use super::*;
use crate::Control;

const LOG: &str = r#"{
"attire-version": "1.1",
"execution-data": {
  "execution-id": "run-1", "execution-source": "Runner", "execution-command": "go", "extra": {"x": 1},
  "execution-category": {"name": "Set", "abbreviation": "S"},
  "target": {"host": "PC1", "ip": "192.0.2.1", "user": "eve"}
},
"procedures": [
  {"procedure-name": "First", "procedure-description": "Does it.", "order": 1,
   "procedure-id": {"type": "guid", "id": "AAAAAAAA-2222-3333-4444-555555555555"},
   "mitre-technique-id": "T1234.001",
   "steps": [
     {"command": "two", "executor": "SH", "order": 2, "time-start": "2021-01-01T10:00:05Z",
      "time-stop": "2021-01-01T10:00:09Z", "output": [{"content": "bad", "level": "STDERR", "type": "console"}]},
     {"command": "one", "executor": "SH", "order": 1, "time-start": "2021-01-01T12:00:01+02:00",
      "time-stop": "2021-01-01T10:00:03Z", "output": [{"content": "fine", "level": "STDOUT", "type": "console"}]}
   ]},
  {"procedure-name": "No steps", "steps": []},
  {"procedure-name": "Odd", "mitre-technique-id": "nothing", "steps": [{"command": "x", "order": 1}]}
]}"#;

fn read_all(files: &[(&'static str, &'static str)]) -> Result<Found, SourceError> {
    read(&Files::of(files.iter().copied()), &mut |_, _| Control::Continue)
}

#[test]
fn a_procedure_is_an_attack_with_its_steps_in_order() {
    let found = read_all(&[("a.json", LOG)]).expect("read");
    assert_eq!(found.executed.len(), 1);
    let it = &found.executed[0];
    assert_eq!(it.test.key, "run-1/1/AAAAAAAA-2222-3333-4444-555555555555");
    assert_eq!(it.test.template.as_deref(), Some("aaaaaaaa-2222-3333-4444-555555555555"));
    assert_eq!(it.test.attack_id.as_deref(), Some("T1234.001"));
    assert_eq!((it.command.as_str(), it.output.as_str()), ("one\ntwo", "fine\n[STDERR] bad"));
    assert_eq!(it.started_at.as_deref(), Some("2021-01-01T10:00:01Z"));
    assert_eq!(it.ended_at.as_deref(), Some("2021-01-01T10:00:09Z"));
    assert_eq!((it.host.as_str(), it.address.as_str(), it.user.as_str()), ("PC1", "192.0.2.1", "eve"));
    assert_eq!((it.test.tool.as_str(), it.test.plan.as_str(), it.test.line), ("Runner", "Set", Some(9)));
    assert!(!it.zone_assumed);
}

#[test]
fn a_procedure_at_fault_is_refused_with_its_line() {
    let found = read_all(&[("a.json", LOG)]).expect("read");
    let rejects: Vec<String> = found.rejects.kept.iter().map(ToString::to_string).collect();
    assert_eq!(
        rejects,
        [
            "a.json:18: procedure 2: it has no steps, so nothing was executed",
            "a.json:19: procedure 3: 'nothing' is no id of a technique"
        ]
    );
}

#[test]
fn a_run_that_is_there_twice_counts_once() {
    let found = read_all(&[("a.json", LOG), ("b.json", LOG)]).expect("read");
    assert_eq!(found.executed.len(), 1);
    assert!(found.rejects.kept.iter().any(|reject| reject.file == "b.json"
        && reject.reason == "it occurs twice; the first one counts (a.json:9)"));
}

#[test]
fn a_log_without_execution_id_is_refused() {
    let error = read_all(&[("a.json", r#"{"execution-data": {}, "procedures": []}"#)]).expect_err("refused");
    assert!(error.to_string().contains("execution-id"), "{error}");
}

#[test]
fn another_version_is_refused() {
    let text = r#"{"attire-version": "2.0", "execution-data": {"execution-id": "x"}, "procedures": []}"#;
    assert!(read_all(&[("a.json", text)]).expect_err("refused").to_string().contains("attire-version"));
}

#[test]
fn what_powershell_writes_as_utf_16_is_read() {
    let bytes = [0xFF, 0xFE].into_iter().chain(LOG.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let files = Files { files: vec![File { path: "a.json".to_owned(), bytes }], ..Files::default() };
    assert_eq!(read(&files, &mut |_, _| Control::Continue).expect("read").executed.len(), 1);
}

#[test]
fn a_long_output_is_cut_and_says_so() {
    let mut output = String::new();
    assert!(!append(&mut output, "STDOUT", "x"));
    assert!(append(&mut output, "STDOUT", &"y".repeat(OUTPUT_CHARS)));
    assert_eq!(output.chars().count(), OUTPUT_CHARS);
}

#[test]
fn any_bytes_are_read_or_refused() {
    bolero::check!().with_type::<(Vec<u8>, u16, u8)>().for_each(|(bytes, place, byte)| {
        crate::results::tests::survives(read, "a.json", bytes, LOG, *place, *byte);
    });
}

#[test]
fn the_real_one() {
    let Some(files) = crate::real::files("attire.zip", |path| path == "README.md") else { return };
    let readme = files.files[0].text().expect("text");
    let (_, rest) = readme.split_once("```js\n").expect("a sample");
    let (sample, _) = rest.split_once("```").expect("its end");
    let file = File { path: "sample.json".to_owned(), bytes: sample.as_bytes().to_vec() };
    let files = Files { files: vec![file], ..Files::default() };
    let found = read(&files, &mut |_, _| Control::Continue).expect("read");
    assert_eq!((found.executed.len(), found.counts.of("steps"), found.rejects.count), (1, 1, 0));
    let it = &found.executed[0];
    assert_eq!(it.test.attack_id.as_deref(), Some("T1218.010"));
    assert_eq!(it.test.template.as_deref(), Some("c9d0c4ef-8a96-4794-a75b-3d3a5e6f2a36"));
    assert_eq!(it.started_at.as_deref(), Some("2021-10-27T02:02:23Z"));
    assert_eq!(it.ended_at.as_deref(), Some("2021-10-27T02:02:25Z"));
}
