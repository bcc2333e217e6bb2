use super::*;
use crate::Control;

const FILE: &str = "atomics/T1234.001/T1234.001.yaml";
const TWO: &str = "\
attack_technique: T1234.001
display_name: 'A: B'
atomic_tests:
- name: First
  auto_generated_guid: 11111111-2222-3333-4444-555555555555
  description: |
    Does it.
  supported_platforms: [windows, iaas:aws, martian]
  input_arguments:
    file:
      description: where
      type: path
      default: C:\\temp\\x
    count: {description: how often, type: integer, default: 3}
  dependencies:
  - description: it is there
    prereq_command: 'test -f #{file}'
    get_prereq_command: 'touch #{file}'
  executor:
    name: powershell
    elevation_required: true
    command: |
      run #{file} #{count}
    cleanup_command: 'rm #{file}'
- name: Second
  supported_platforms: [linux]
  executor: {name: manual, steps: look}
- name: Third
  auto_generated_guid: AAAAAAAA-2222-3333-4444-555555555555
  supported_platforms: [linux]
  executor: {name: manual, steps: look}
";

fn read_all(files: &Files) -> Result<Parsed, SourceError> {
    read(files, &mut |_, _| Control::Continue)
}

fn templates(parsed: &Parsed) -> Vec<&TemplateRecord> {
    parsed
        .records
        .iter()
        .map(|record| match record {
            Record::Template(template) => template,
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn a_test_is_a_template() {
    let parsed = read_all(&Files::of([(FILE, TWO)])).expect("read");
    let all = templates(&parsed);
    assert_eq!(all.len(), 2);
    let first = all[0];
    assert_eq!(first.key, "11111111-2222-3333-4444-555555555555");
    assert_eq!(first.attack_id.as_deref(), Some("T1234.001"));
    assert_eq!(first.platforms, ["IaaS", "Windows", "martian"]);
    let way = &first.executions[0];
    assert_eq!(
        (way.executor.as_str(), way.command.as_str(), way.cleanup.as_str(), way.elevated),
        ("powershell", "run #{file} #{count}\n", "rm #{file}", true)
    );
    assert_eq!(first.prerequisites, "it is there\ncheck:\ntest -f #{file}\nget:\ntouch #{file}");
    assert_eq!(first.arguments[0].default.as_deref(), Some("C:\\temp\\x"));
    assert_eq!(
        (first.arguments[1].default.as_deref(), first.arguments[1].kind.as_str()),
        (Some("3"), "integer")
    );
    assert_eq!(all[1].executions[0].command, "look");
}

#[test]
fn a_test_without_guid_is_refused_with_its_line() {
    let parsed = read_all(&Files::of([(FILE, TWO)])).expect("read");
    let rejects = &parsed.rejects.kept;
    assert_eq!(rejects.len(), 1);
    assert_eq!(
        (rejects[0].file.as_str(), rejects[0].line, rejects[0].record.as_str()),
        (FILE, Some(25), "Second")
    );
    assert!(rejects[0].reason.contains("auto_generated_guid"));
}

#[test]
fn a_file_that_does_not_read_costs_only_itself() {
    let parsed = read_all(&Files::of([("atomics/T0001/T0001.yaml", "a: [1"), (FILE, TWO)])).expect("read");
    assert_eq!((parsed.records.len(), parsed.rejects.count), (2, 2));
}

#[test]
fn files_of_something_else_are_an_error() {
    assert!(matches!(read_all(&Files::of([("README.md", "x")])), Err(SourceError::Nothing { .. })));
    let error = read_all(&Files::of([(FILE, "a: [1")])).expect_err("refused");
    assert!(error.to_string().contains(FILE), "{error}");
}

#[test]
fn it_stops_when_told_to() {
    let stopped = read(&Files::of([(FILE, TWO)]), &mut |_, _| Control::Cancel);
    assert_eq!(stopped, Err(SourceError::Cancelled));
}

#[test]
fn any_bytes_are_read_or_refused() {
    bolero::check!().with_type::<Vec<u8>>().for_each(|bytes| {
        let file = File { path: FILE.to_owned(), bytes: bytes.clone() };
        let files = Files { root: None, files: vec![file], rejects: Default::default() };
        let _ = read_all(&files);
    });
}

#[test]
fn the_real_one() {
    let Some(files) = crate::real::files("atomic-red-team.zip", wants) else { return };
    let parsed = read_all(&files).expect("read");
    assert_eq!((parsed.counts.of("technique files"), parsed.counts.of("atomic tests")), (270, 1_393));
    assert_eq!(parsed.records.len(), 1_393);
    assert_eq!(parsed.rejects.kept, []);
    assert_eq!(parsed.version.as_deref(), Some("61080b19460f2c6431c31689d58063c5f6c1f8fb"));
    let manual = templates(&parsed).iter().filter(|test| test.executions[0].executor == "manual").count();
    let elevated = templates(&parsed).iter().filter(|test| test.executions[0].elevated).count();
    let cleaned = templates(&parsed).iter().filter(|test| !test.executions[0].cleanup.is_empty()).count();
    assert_eq!((manual, elevated, cleaned), (14, 554, 831));
}

#[test]
fn the_real_one_for_a_later_attack() {
    let Some(files) = crate::real::files("atomic-red-team-v19-sample.zip", wants) else { return };
    let parsed = read_all(&files).expect("read");
    assert_eq!((parsed.counts.of("technique files"), parsed.records.len()), (9, 152));
}
