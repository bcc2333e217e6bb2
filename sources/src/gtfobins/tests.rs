use super::*;
use crate::Control;

const KNOWN: (&str, &str) = (
    FUNCTIONS,
    "\
shell: {label: Shell, description: A shell., mitre: [T1059]}
reverse-shell: {label: Reverse, mitre: [T1071, T1059, x]}
inherit: {label: Inherit}
",
);
const SOME: (&str, &str) = (
    "_gtfobins/7x",
    "\
---
comment: About it.
functions:
  shell:
  - code: |-
      7x one
    comment: First.
    contexts:
      sudo:
      suid: {code: 7x -p one}
      unprivileged:
  - code: 7x two
    contexts: {sudo: }
    version: GNU
  reverse-shell:
  - code: 7x three
  - comment: without code
  inherit:
  - code: 7x four
    from: other
  unknown:
  - code: 7x five
...
",
);

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
fn a_function_is_a_template_for_each_technique() {
    let parsed = read_all(&Files::of([KNOWN, SOME])).expect("read");
    let keys: Vec<&str> = templates(&parsed).iter().map(|template| template.key.as_str()).collect();
    let expected =
        ["7x/inherit", "7x/reverse-shell/T1059", "7x/reverse-shell/T1071", "7x/shell/T1059", "7x/unknown"];
    assert_eq!(keys, expected);
    let shell = templates(&parsed)[3];
    assert_eq!((shell.name.as_str(), shell.attack_id.as_deref()), ("7x: Shell", Some("T1059")));
    assert_eq!(shell.description, "A shell.\nAbout it.\nFirst.\nsuid:\n7x -p one");
    let ways: Vec<(&str, bool)> =
        shell.executions.iter().map(|way| (way.command.as_str(), way.elevated)).collect();
    assert_eq!(ways, [("7x one", false), ("7x two", true)]);
    assert_eq!(shell.tags, ["shell", "sudo", "suid", "unprivileged", "version:GNU"]);
    assert_eq!(
        (templates(&parsed)[0].attack_id.as_deref(), templates(&parsed)[4].attack_id.as_deref()),
        (None, None)
    );
    let figures = ["examples", "binaries with functions", "pairs of binary and technique", "techniques"];
    assert_eq!(figures.map(|figure| parsed.counts.of(figure)), [5, 1, 2, 2]);
}

#[test]
fn an_example_without_code_is_refused_with_its_line() {
    let parsed = read_all(&Files::of([KNOWN, SOME])).expect("read");
    let reject = &parsed.rejects.kept[0];
    assert_eq!((reject.line, reject.record.as_str()), (Some(17), "7x/reverse-shell"));
}

#[test]
fn an_alias_is_a_word_of_what_it_stands_for() {
    let files = Files::of([
        KNOWN,
        SOME,
        ("_gtfobins/a", "---\nalias: b\n...\n"),
        ("_gtfobins/b", "---\nalias: 7x\n...\n"),
        ("_gtfobins/c", "---\nalias: nothing\n...\n"),
        ("_gtfobins/d", "---\nalias: d\n...\n"),
    ]);
    let parsed = read_all(&files).expect("read");
    assert!(templates(&parsed).iter().all(|template| {
        ["alias:a", "alias:b"].iter().all(|alias| template.tags.iter().any(|tag| tag == alias))
    }));
    assert_eq!(parsed.counts.of("aliases"), 4);
    let lost: Vec<&str> = parsed.rejects.kept.iter().map(|reject| reject.record.as_str()).collect();
    assert_eq!(lost, ["c", "d", "7x/reverse-shell"]);
}

#[test]
fn without_its_functions_the_source_means_nothing() {
    let error = read_all(&Files::of([SOME])).expect_err("refused").to_string();
    assert!(error.starts_with("_data/functions.yml: it is missing"), "{error}");
    let broken = read_all(&Files::of([(FUNCTIONS, "a: ["), SOME])).expect_err("refused");
    assert!(matches!(broken, SourceError::File { .. }), "{broken}");
    let empty = read_all(&Files::of([(FUNCTIONS, "shell: {label: x}"), SOME])).expect_err("refused");
    assert!(empty.to_string().contains("technique"), "{empty}");
    assert!(matches!(read_all(&Files::of([KNOWN])), Err(SourceError::Nothing { .. })));
}

#[test]
fn an_older_form_is_read() {
    let old = "---\ndescription: x\nfunctions:\n  shell:\n  - description: Old.\n    code: y\n---\n";
    let parsed = read_all(&Files::of([KNOWN, ("_gtfobins/y.md", old)])).expect("read");
    assert_eq!(templates(&parsed)[0].key, "y/shell/T1059");
    assert_eq!(templates(&parsed)[0].description, "A shell.\nOld.");
}

#[test]
fn other_files_are_not_wanted() {
    assert!(wants("_gtfobins/7z") && wants("_gtfobins/R") && wants("_data/functions.yml"));
    assert!(
        !wants("api.json") && !wants("_data/contexts.yml") && !wants("_gtfobins/") && !wants("_gtfobins/a/b")
    );
}

#[test]
fn what_is_no_binary_is_refused() {
    let reason = |text| {
        let parsed = read_all(&Files::of([KNOWN, SOME, ("_gtfobins/0", text)])).expect("read");
        parsed.rejects.kept[0].to_string()
    };
    assert!(reason("").contains("neither functions nor an alias"));
    assert!(reason("a: [").contains("not YAML"));
    assert!(reason("a: 1\n---\nb: 1").contains("second document"));
    assert!(reason("functions: {shell: x}").contains("no example"));
}

#[test]
fn it_stops_when_told_to() {
    let stopped = read(&Files::of([KNOWN, SOME]), &mut |_, _| Control::Cancel);
    assert_eq!(stopped, Err(SourceError::Cancelled));
}

#[test]
fn any_bytes_are_read_or_refused() {
    bolero::check!().with_type::<(Vec<u8>, bool)>().for_each(|(bytes, functions)| {
        let path = if *functions { FUNCTIONS } else { SOME.0 };
        let mut files = Files::of([if *functions { SOME } else { KNOWN }]);
        files.files.push(File { path: path.to_owned(), bytes: bytes.clone() });
        let _ = read_all(&files);
    });
}

#[test]
fn a_binary_changed_anywhere_is_read_or_refused() {
    bolero::check!().with_type::<(u16, u8)>().for_each(|(place, byte)| {
        let mut files = Files::of([KNOWN, SOME]);
        let file = files.files.iter_mut().find(|file| file.path == SOME.0).expect("there");
        let place = usize::from(*place) % file.bytes.len();
        file.bytes[place] = *byte;
        let _ = read_all(&files);
    });
}

#[test]
fn the_real_one() {
    let Some(files) = crate::real::files("gtfobins.zip", wants) else { return };
    let parsed = read_all(&files).expect("read");
    assert_eq!(parsed.rejects.kept, []);
    let figures = [
        "binaries with functions",
        "aliases",
        "examples",
        "techniques",
        "binaries with a technique",
        "pairs of binary and technique",
    ]
    .map(|figure| parsed.counts.of(figure));
    assert_eq!(figures, [458, 20, 822, 8, 420, 646]);
    let functions = [
        ("shell", 228),
        ("file-read", 199),
        ("file-write", 84),
        ("inherit", 71),
        ("upload", 34),
        ("download", 32),
        ("command", 30),
        ("reverse-shell", 21),
        ("privilege-escalation", 14),
        ("library-load", 11),
        ("bind-shell", 7),
    ];
    for (function, count) in functions {
        assert_eq!(parsed.counts.of(&format!("function {function}")), count, "{function}");
    }
    let vim = |tag: &str| {
        let of_vim = templates(&parsed).into_iter().filter(|template| template.key.starts_with("vim/"));
        of_vim.filter(|template| template.tags.iter().any(|word| word == tag)).count()
    };
    // One is an alias of an alias.
    assert!(vim("alias:view") > 0 && vim("alias:rview") == vim("alias:view"));
}
