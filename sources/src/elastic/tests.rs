use super::*;
use crate::Control;
use crate::record::{RuleClass, RuleLevel};

const FILE: &str = "rules/linux/one.toml";
const ONE: &str = r#"
[metadata]
creation_date = "2023/07/27"
integration = ["endpoint"]
maturity = "production"
updated_date = "2026/03/02"
unknown = { field = [1, 2.5, 2020-01-01] }

[rule]
author = ["Jo", "Bo"]
description = """
Says something.
"""
index = ["logs-*", "other-*"]
language = "kuery"
license = "Elastic License v2"
name = "One"
rule_id = "AAAAAAAA-2222-3333-4444-555555555555"
severity = "low"
references = ["https://a.example/1"]
false_positives = ["Some."]
tags = ["OS: Linux"]
type = "query"
query = '''
process.name:("a" or "b")
'''

[[rule.threat]]
framework = "MITRE ATT&CK"
[rule.threat.tactic]
name = "Command and Control"
[[rule.threat.technique]]
id = "T1059"
[[rule.threat.technique.subtechnique]]
id = "T1059.001"

[[rule.threat]]
framework = "MITRE ATT&CK"
[rule.threat.tactic]
name = "Execution"

[[rule.threat]]
framework = "MITRE ATLAS"
[rule.threat.tactic]
name = "Elsewhere"
[[rule.threat.technique]]
id = "AML.T0051"
"#;
const HUNT: &str = r#"
[hunt]
author = "Elastic"
description = "Looks."
integration = ["endpoint", "aws"]
uuid = "bbbbbbbb-2222-3333-4444-555555555555"
name = "Two"
language = ["ES|QL", "SQL"]
license = "Elastic License v2"
mitre = ["T1071.001", "AML.T0051"]
query = ['''
from a
''', "from b"]
"#;

fn read_all(files: &Files) -> Result<Parsed, SourceError> {
    read(files, &mut |_, _| Control::Continue)
}

fn rules(parsed: &Parsed) -> Vec<&RuleRecord> {
    parsed
        .records
        .iter()
        .map(|record| match record {
            Record::Rule(rule) => rule,
            other => panic!("{other:?}"),
        })
        .collect()
}

fn refused(text: impl Into<Vec<u8>>) -> Reject {
    match read_file(&File { path: FILE.to_owned(), bytes: text.into() }) {
        Ok(read) => panic!("{:?}", read.record),
        Err(reject) => reject,
    }
}

#[test]
fn a_rule_is_a_rule() {
    let parsed = read_all(&Files::of([(FILE, ONE)])).expect("read");
    let rule = rules(&parsed)[0];
    assert_eq!((rule.key.as_str(), rule.title.as_str()), ("aaaaaaaa-2222-3333-4444-555555555555", "One"));
    assert_eq!(rule.description, "Says something.");
    assert_eq!((rule.language.as_str(), rule.query.as_str()), ("kuery", "process.name:(\"a\" or \"b\")"));
    assert_eq!((rule.status.as_str(), rule.level), ("production", Some(RuleLevel::Low)));
    assert_eq!(rule.log_source, "logs-*, other-*");
    assert_eq!(rule.attack_ids, ["T1059", "T1059.001"]);
    assert_eq!(rule.tactics, ["command-and-control", "execution"]);
    assert_eq!(rule.tags, ["AML.T0051", "OS: Linux"]);
    assert_eq!((rule.created.as_str(), rule.modified.as_str()), ("2023-07-27", "2026-03-02"));
    assert_eq!((rule.author.as_str(), rule.licence.as_str()), ("Jo, Bo", "Elastic License 2.0"));
    assert_eq!((rule.class, rule.deprecated), (RuleClass::Detection, false));
    let figures = ["rules", "threats of rules", "threats of rules without a technique"];
    assert_eq!(figures.map(|figure| parsed.counts.of(figure)), [1, 2, 1]);
}

#[test]
fn its_folder_says_what_a_rule_is() {
    let of = |path| {
        let parsed = read_all(&Files::of([(path, ONE)])).expect("read");
        (rules(&parsed)[0].class, rules(&parsed)[0].deprecated)
    };
    assert_eq!(of("one.toml"), (RuleClass::Detection, false));
    assert_eq!(of("rules/_deprecated/one.toml"), (RuleClass::Detection, true));
    assert_eq!(of("rules/linux/one_deprecated.toml"), (RuleClass::Detection, false));
    assert_eq!(of("rules_building_block/one.toml"), (RuleClass::BuildingBlock, false));
    assert!(!wants("pyproject.toml") && !wants("tests/a.toml") && !wants("rules/README.md"));
}

#[test]
fn a_hunt_has_its_queries_joined() {
    let parsed = read_all(&Files::of([("hunting/a/queries/two.toml", HUNT)])).expect("read");
    let hunt = rules(&parsed)[0];
    assert_eq!((hunt.class, hunt.query.as_str()), (RuleClass::Hunt, "from a\n\nfrom b"));
    assert_eq!((hunt.language.as_str(), hunt.log_source.as_str()), ("ES|QL, SQL", "endpoint, aws"));
    assert_eq!((hunt.attack_ids.join(" "), hunt.tags.join(" ")), ("T1071.001".into(), "AML.T0051".into()));
}

#[test]
fn hunts_with_one_id_are_told_apart_by_their_files() {
    let parsed = read_all(&Files::of([("hunting/a.toml", HUNT), ("hunting/b.toml", HUNT)])).expect("read");
    let keys: Vec<&str> = rules(&parsed).iter().map(|hunt| hunt.key.as_str()).collect();
    assert_eq!(keys, ["bbbbbbbb-2222-3333-4444-555555555555", "bbbbbbbb-2222-3333-4444-555555555555/b"]);
}

#[test]
fn of_a_rule_kept_twice_the_one_in_use_counts() {
    let parsed = read_all(&Files::of([("rules/_deprecated/one.toml", ONE), (FILE, ONE)])).expect("read");
    assert_eq!((parsed.records.len(), rules(&parsed)[0].path.as_str()), (1, FILE));
}

#[test]
fn a_rule_without_query_is_a_rule() {
    let text = r#"
[rule]
name = "Model"
rule_id = "aaaaaaaa-2222-3333-4444-555555555555"
type = "machine_learning"
machine_learning_job_id = ["a", "b"]
"#;
    let parsed = read_all(&Files::of([(FILE, text)])).expect("read");
    let rule = rules(&parsed)[0];
    assert_eq!(
        (rule.language.as_str(), rule.query.as_str(), rule.log_source.as_str()),
        ("machine_learning", "", "a, b")
    );
}

#[test]
fn what_is_no_rule_is_refused_with_its_line() {
    let broken = refused("[rule]\nname = \"x\"\nname = 'y'\n");
    assert_eq!((broken.line, broken.reason.starts_with("it is not TOML")), (Some(3), true));
    let no_id = refused("\n\n[rule]\nname = 'x'\ntype = 'eql'\n");
    assert_eq!(
        (no_id.line, no_id.record.as_str(), no_id.reason.as_str()),
        (Some(3), "x", "rule_id is missing")
    );
    assert!(refused("[rule]\nrule_id = 'x y'\ntype='eql'").reason.contains("no id"));
    assert!(refused("[rule]\nname = 'x'").reason.contains("neither query nor type"));
    assert!(refused("[hunt]\nname = 'x'").reason.contains("query is missing"));
    assert!(refused("a = 1").reason.contains("neither [rule] nor [hunt]"));
    assert!(refused("").reason.contains("neither"));
    assert_eq!(refused(b"a = 1\nb = '\xff'".to_vec()).line, Some(2));
}

#[test]
fn depth_and_size_have_limits() {
    let deep = 100_000;
    assert!(refused(format!("a = {}", "[".repeat(deep))).reason.contains("TOML"));
    assert!(refused(format!("a = {}{}", "[".repeat(deep), "]".repeat(deep))).reason.contains("TOML"));
    assert!(refused(format!("a = {}", "{a=".repeat(deep))).reason.contains("TOML"));
    assert!(refused(format!("a{} = 1", ".a".repeat(deep))).reason.contains("TOML"));
    assert!(refused(format!("[a{}]", ".a".repeat(deep))).reason.contains("TOML"));
    assert!(refused(format!("[[a{}]]", ".a".repeat(deep))).reason.contains("TOML"));
    assert!(refused("#".repeat(MAX_BYTES + 1)).reason.contains("at most"));
}

#[test]
fn it_stops_when_told_to() {
    let stopped = read(&Files::of([(FILE, ONE)]), &mut |_, _| Control::Cancel);
    assert_eq!(stopped, Err(SourceError::Cancelled));
    assert!(matches!(read_all(&Files::of([("README.md", "x")])), Err(SourceError::Nothing { .. })));
}

#[test]
fn any_bytes_are_read_or_refused() {
    bolero::check!().with_type::<Vec<u8>>().for_each(|bytes| {
        let _ = read_file(&File { path: FILE.to_owned(), bytes: bytes.clone() });
    });
}

#[test]
fn a_rule_changed_anywhere_is_read_or_refused() {
    bolero::check!().with_type::<(u16, u8, bool)>().for_each(|(place, byte, hunt)| {
        let mut bytes = if *hunt { HUNT } else { ONE }.as_bytes().to_vec();
        let place = usize::from(*place) % bytes.len();
        bytes[place] = *byte;
        let _ = read_file(&File { path: FILE.to_owned(), bytes });
    });
}

#[test]
fn the_real_one() {
    let Some(files) = crate::real::files("elastic-detection-rules.zip", wants) else { return };
    let parsed = read_all(&files).expect("read");
    assert_eq!(parsed.rejects.kept, []);
    let row = |words: &str| {
        [
            words.to_owned(),
            format!("{words} with a tactic or technique"),
            format!("{words} with a technique"),
            format!("{words} with a sub-technique"),
            format!("techniques of {words}"),
            format!("sub-techniques of {words}"),
        ]
        .map(|figure| parsed.counts.of(&figure))
    };
    assert_eq!(row("rules"), [1_940, 1_871, 1_860, 1_421, 166, 278]);
    assert_eq!(row("building blocks"), [128, 127, 123, 89, 85, 73]);
    assert_eq!(row("deprecated rules"), [124, 116, 102, 59, 53, 40]);
    assert_eq!(row("hunts")[0], 140);
    let threats = ["threats of rules", "threats of building blocks", "threats of rules without a technique"];
    assert_eq!(threats.map(|figure| parsed.counts.of(figure)), [3_410, 218, 97]);
    assert_eq!(parsed.records.len(), 1_940 + 128 + 124 + 140);
    let hunts: Vec<_> = rules(&parsed).into_iter().filter(|rule| rule.class == RuleClass::Hunt).collect();
    assert!(hunts.iter().any(|hunt| hunt.tags.iter().any(|tag| tag == "AML.T0051")));
    assert!(hunts.iter().any(|hunt| hunt.attack_ids.iter().any(|id| id == "T1660")));
    assert_eq!(parsed.counts.of("without a query"), 106);
    // Two hunts have the id of another hunt, one that of a rule.
    assert_eq!(parsed.counts.of("hunts with the id of another"), 3);
}
