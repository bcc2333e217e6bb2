use super::*;
use crate::Control;

const FILE: &str = "yml/OSBinaries/Some.yml";
const SOME: &str = "\
---
Name: Some.exe
Description: A binary
Aliases:
  - Alias: Some64.exe
Created: 2018-05-25
Commands:
  - Command: some.exe /get {REMOTEURL}
    Description: Gets it.
    Usecase: Get a file
    Category: Download
    Privileges: User
    MitreID: T1105
    OperatingSystem: Windows 10
    Tags:
      - Execute: EXE
  - Command: some.exe /get2
    Usecase: Get another
    Category: Download
    Privileges: Local Admin
    MitreID: T1105
  - Command: some.exe /bypass
    Category: AWL Bypass
    MitreID: x
  - Category: Execute
    MitreID: T1105
Detection:
  - Sigma: https://a.example/rule
  - IOC: some.exe runs
  - Elastic:
Resources:
  - Link: https://b.example/more
...
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

fn keys(parsed: &Parsed) -> Vec<&str> {
    templates(parsed).iter().map(|template| template.key.as_str()).collect()
}

#[test]
fn a_command_is_a_template() {
    let parsed = read_all(&Files::of([(FILE, SOME)])).expect("read");
    assert_eq!(
        keys(&parsed),
        ["some.exe/T1105/download/1", "some.exe/T1105/download/2", "some.exe/none/awl-bypass/1"]
    );
    let first = templates(&parsed)[0];
    assert_eq!((first.name.as_str(), first.description.as_str()), ("Some.exe: Get a file", "Gets it."));
    assert_eq!((first.attack_id.as_deref(), first.platforms.join(" ")), (Some("T1105"), "Windows".into()));
    assert_eq!(first.executions[0].executor, "command_prompt");
    assert_eq!(first.executions[0].command, "some.exe /get {REMOTEURL}");
    assert_eq!(first.tags, ["Download", "Execute: EXE", "Get a file", "User", "alias:Some64.exe"]);
    assert_eq!(first.references, ["https://b.example/more", "https://a.example/rule"]);
    assert_eq!(templates(&parsed)[1].description, "A binary");
    assert_eq!(templates(&parsed)[2].name, "Some.exe");
}

#[test]
fn a_command_that_moves_keeps_its_key() {
    let text = "\
Name: Some.exe
Commands:
  - {Command: some.exe /bypass, Category: AWL Bypass, MitreID: x}
  - {Command: some.exe /get, Category: Download, MitreID: T1105}
";
    let parsed = read_all(&Files::of([(FILE, text)])).expect("read");
    assert_eq!(keys(&parsed), ["some.exe/T1105/download/1", "some.exe/none/awl-bypass/1"]);
}

#[test]
fn an_id_that_is_none_stays_as_a_word() {
    let parsed = read_all(&Files::of([(FILE, SOME)])).expect("read");
    let last = templates(&parsed)[2];
    assert_eq!(last.attack_id, None);
    assert!(last.tags.iter().any(|tag| tag == "attack_id:X"), "{:?}", last.tags);
    assert_eq!((parsed.counts.of("commands"), parsed.counts.of("commands with a technique")), (3, 2));
}

#[test]
fn the_privileges_of_an_administrator_are_elevated() {
    for words in ["Administrator", "SYSTEM", "Local Admin", "DNS admin"] {
        assert!(is_elevated(words), "{words}");
    }
    for words in ["User", "", "Any", "Low privileges", "User, Administrator in Windows 8"] {
        assert!(!is_elevated(words), "{words}");
    }
}

#[test]
fn a_command_without_text_is_refused_with_its_line() {
    let parsed = read_all(&Files::of([(FILE, SOME)])).expect("read");
    let reject = &parsed.rejects.kept[0];
    assert_eq!((reject.line, reject.record.as_str()), (Some(25), "Some.exe, command 4"));
    assert_eq!(reject.reason, "Command is missing");
}

#[test]
fn what_is_no_entry_is_refused() {
    let reason = |text| match read_all(&Files::of([(FILE, text)])) {
        Err(SourceError::AllRefused(reject)) => reject.reason,
        other => panic!("{other:?}"),
    };
    assert!(reason("Name: x").contains("Commands"));
    assert!(reason("Commands: [{Command: x}]").contains("Name"));
    assert!(reason("").contains("Name"));
    assert!(reason("a: [").contains("YAML"));
    assert!(matches!(read_all(&Files::of([("YML-Template.yml", SOME)])), Err(SourceError::Nothing { .. })));
}

#[test]
fn it_stops_when_told_to() {
    let stopped = read(&Files::of([(FILE, SOME)]), &mut |_, _| Control::Cancel);
    assert_eq!(stopped, Err(SourceError::Cancelled));
}

#[test]
fn any_bytes_are_read_or_refused() {
    bolero::check!().with_type::<Vec<u8>>().for_each(|bytes| {
        let _ = read_file(&File { path: FILE.to_owned(), bytes: bytes.clone() });
    });
}

#[test]
fn an_entry_changed_anywhere_is_read_or_refused() {
    bolero::check!().with_type::<(u16, u8)>().for_each(|(place, byte)| {
        let mut bytes = SOME.as_bytes().to_vec();
        let place = usize::from(*place) % bytes.len();
        bytes[place] = *byte;
        let entry = read_file(&File { path: FILE.to_owned(), bytes });
        assert!(!entry.records.is_empty() || !entry.rejects.is_empty());
    });
}

#[test]
fn the_real_one() {
    let Some(files) = crate::real::files("lolbas.zip", wants) else { return };
    let parsed = read_all(&files).expect("read");
    assert_eq!(parsed.rejects.kept, []);
    let figures = [
        "entries",
        "entries in OSBinaries",
        "entries in OtherMSBinaries",
        "entries in OSLibraries",
        "entries in OSScripts",
        "entries in HonorableMentions",
        "commands",
        "commands with a technique",
        "techniques",
        "entries with a Sigma rule",
    ]
    .map(|figure| parsed.counts.of(figure));
    assert_eq!(figures, [243, 134, 79, 17, 10, 3, 482, 482, 60, 203]);
    assert_eq!(parsed.records.len(), 482);
}
