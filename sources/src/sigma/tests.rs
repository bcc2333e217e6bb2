use super::*;
use crate::Control;
use crate::record::RuleLevel;

const FILE: &str = "rules/windows/one.yml";
const ONE: &str = "\
title: 'One: a rule'
id: AAAAAAAA-2222-3333-4444-555555555555
status: test
description: |
    Says something.
references:
    - https://a.example/one
    - 'a book'
author: Jo
date: 2019/01/02
modified: 2026-04-01
tags:
    - attack.defense_evasion
    - attack.t1059.001
    - attack.t1059
    - attack.g0010
    - cve.2021-1
logsource:
    category: process_creation
    product: windows
    definition: x
detection:
    selection:
        Image|endswith: '\\x.exe'
    condition: selection
falsepositives:
    - Unlikely
level: high
custom: {field: 1}
";

fn read_all(files: &Files) -> Result<Parsed, SourceError> {
    read(files, &mut |_, _| Control::Continue)
}

fn of(path: &'static str, text: &'static str) -> Parsed {
    read_all(&Files::of([(path, text)])).expect("read")
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

#[test]
fn a_rule_is_a_rule() {
    let parsed = of(FILE, ONE);
    let rule = rules(&parsed)[0];
    assert_eq!(rule.key, "aaaaaaaa-2222-3333-4444-555555555555");
    assert_eq!((rule.title.as_str(), rule.description.as_str()), ("One: a rule", "Says something."));
    assert_eq!((rule.status.as_str(), rule.level), ("test", Some(RuleLevel::High)));
    assert_eq!((rule.language.as_str(), rule.query.as_str()), ("sigma", ONE));
    assert_eq!(rule.log_source, "windows / process_creation");
    assert_eq!(rule.attack_ids, ["T1059", "T1059.001"]);
    assert_eq!(rule.tactics, ["defense-evasion"]);
    assert_eq!((rule.mentions.join(" "), rule.tags.join(" ")), ("G0010".into(), "cve.2021-1".into()));
    assert_eq!((rule.created.as_str(), rule.modified.as_str()), ("2019-01-02", "2026-04-01"));
    assert_eq!(rule.references, ["https://a.example/one"]);
    assert_eq!(rule.false_positives, ["Unlikely"]);
    assert_eq!((rule.author.as_str(), rule.licence.as_str()), ("Jo", "Detection Rule License 1.1"));
    assert_eq!((rule.class, rule.deprecated, rule.unsupported), (RuleClass::Detection, false, false));
    assert_eq!(parsed.rejects.kept, []);
}

#[test]
fn its_folder_says_whether_a_rule_is_in_use() {
    let flags = |path| {
        let parsed = of(path, ONE);
        (rules(&parsed)[0].deprecated, rules(&parsed)[0].unsupported)
    };
    assert_eq!(flags("one.yml"), (false, false));
    assert_eq!(flags("rules-any-thing/one.yml"), (false, false));
    assert_eq!(flags("deprecated/a/one.yml"), (true, false));
    assert_eq!(flags("unsupported/one.yml"), (false, true));
    let parsed = of(FILE, "title: x\nstatus: deprecated\ndetection: {a: 1}\n");
    assert!(rules(&parsed)[0].deprecated);
}

#[test]
fn other_files_are_not_wanted() {
    assert!(wants("a.yml") && wants("rules/a/b.yml") && wants("rules-x/b.yaml"));
    assert!(!wants("tests/a.yml") && !wants("rulesets/a.yml") && !wants("rules/a.md"));
    assert!(!wants("regression_data/rules/a.yml"));
}

#[test]
fn of_a_rule_kept_twice_the_one_in_use_counts() {
    let parsed = read_all(&Files::of([("deprecated/one.yml", ONE), (FILE, ONE)])).expect("read");
    assert_eq!((parsed.records.len(), rules(&parsed)[0].path.as_str()), (1, FILE));
    assert_eq!(parsed.rejects.count, 1);
}

const GLOBAL: &str = "\
# remarks
---
action: global
title: Several
id: aaaaaaaa-2222-3333-4444-555555555555
tags: [attack.t1059]
detection:
    condition: one
---
logsource: {product: windows}
detection:
    one: {EventID: 1}
---
id: bbbbbbbb-2222-3333-4444-555555555555
logsource: {product: linux}
detection:
    one: {EventID: 2}
";

#[test]
fn what_is_global_holds_for_the_documents_after_it() {
    let parsed = of("unsupported/several.yml", GLOBAL);
    let all = rules(&parsed);
    let keys: Vec<&str> = all.iter().map(|rule| rule.key.as_str()).collect();
    assert_eq!(keys, ["aaaaaaaa-2222-3333-4444-555555555555/2", "bbbbbbbb-2222-3333-4444-555555555555"]);
    assert!(all.iter().all(|rule| rule.title == "Several" && rule.attack_ids == ["T1059"]));
    assert_eq!((all[0].log_source.as_str(), all[1].log_source.as_str()), ("windows", "linux"));
    assert!(all[1].query.contains("action: global") && all[1].query.contains("EventID: 2"));
    assert!(!all[1].query.contains("EventID: 1"), "{}", all[1].query);
    let documents = yaml::documents(all[1].query.as_bytes()).expect("a query is YAML");
    assert_eq!(documents.len(), 2);
    let figures = ["unsupported files", "unsupported documents", "unsupported technique tags"];
    assert_eq!(figures.map(|figure| parsed.counts.of(figure)), [1, 3, 1]);
}

#[test]
fn what_is_global_ends_where_it_is_reset() {
    let text = "action: global\ntags: [attack.t1059]\n---\naction: reset\ntitle: x\ndetection: {a: {b: 1}}\n";
    let parsed = of(FILE, text);
    assert_eq!(rules(&parsed)[0].attack_ids, [] as [&str; 0]);
}

#[test]
fn a_correlation_keeps_the_rules_it_joins() {
    let text = "\
title: Base
id: aaaaaaaa-2222-3333-4444-555555555555
name: base
detection: {a: {b: 1}, condition: a}
---
title: Many
id: bbbbbbbb-2222-3333-4444-555555555555
correlation: {type: event_count, rules: [base]}
";
    let parsed = of(FILE, text);
    let all = rules(&parsed);
    assert_eq!((all[0].class, all[1].class), (RuleClass::Detection, RuleClass::Correlation));
    assert!(!all[0].query.contains("Many"));
    assert_eq!(all[1].query, text);
    assert_eq!(parsed.counts.of("correlations"), 1);
}

#[test]
fn what_documents_repeat_has_limits() {
    let many = |head: &str, each: &str, count: usize| {
        let bytes = format!("{head}{}", each.repeat(count)).into_bytes();
        read_file(&File { path: FILE.to_owned(), bytes })
    };
    let after_global = many("action: global\ntitle: x\n", "---\ndetection: {a: {b: 1}}\n", 60);
    assert_eq!((after_global.records.len(), after_global.rejects.len()), (50, 1));
    let correlations = many("", "---\ntitle: x\ncorrelation: {rules: [a]}\n", 60);
    assert_eq!((correlations.records.len(), correlations.rejects.len()), (8, 1));
}

#[test]
fn a_rule_without_id_is_known_by_its_path() {
    let parsed = of("mine.yml", "title: x\ndetection: {a: {b: 1}}\n");
    assert_eq!(rules(&parsed)[0].key, "mine.yml/1");
}

#[test]
fn what_is_no_rule_is_refused_with_its_line() {
    let reason = |text| {
        let SourceError::AllRefused(reject) = read_all(&Files::of([(FILE, text)])).expect_err("refused")
        else {
            panic!("no reject")
        };
        (reject.line, reject.reason)
    };
    assert_eq!(reason("\n\nid: x\ntitle: y\n").0, Some(3));
    assert!(reason("id: x y\ntitle: y\n").1.contains("no id"));
    assert!(reason("title: x\n").1.contains("neither"));
    assert!(reason("title: x\nfilter: {a: 1}\n").1.contains("neither"));
    assert!(reason("detection: {a: 1}\n").1.contains("title"));
    assert!(reason("- a\n").1.contains("title"));
    assert!(reason("").1.contains("empty"));
    assert!(reason("---\n").1.contains("title"));
    assert!(reason("a: [1").1.contains("not YAML"));
}

#[test]
fn a_file_that_does_not_read_costs_only_itself() {
    let parsed = read_all(&Files::of([("rules/a.yml", "\ta: b"), (FILE, ONE)])).expect("read");
    assert_eq!((parsed.records.len(), parsed.rejects.count), (1, 1));
    assert!(matches!(read_all(&Files::of([("README.md", "x")])), Err(SourceError::Nothing { .. })));
}

#[test]
fn it_stops_when_told_to() {
    let stopped = read(&Files::of([(FILE, ONE)]), &mut |_, _| Control::Cancel);
    assert_eq!(stopped, Err(SourceError::Cancelled));
}

#[test]
fn any_bytes_are_read_or_refused() {
    bolero::check!().with_type::<Vec<u8>>().for_each(|bytes| {
        let _ = read_file(&File { path: FILE.to_owned(), bytes: bytes.clone() });
    });
}

#[test]
fn a_rule_changed_anywhere_is_read_or_refused() {
    bolero::check!().with_type::<(u16, u8, bool)>().for_each(|(place, byte, global)| {
        let mut bytes = if *global { GLOBAL } else { ONE }.as_bytes().to_vec();
        let place = usize::from(*place) % bytes.len();
        bytes[place] = *byte;
        let read = read_file(&File { path: FILE.to_owned(), bytes });
        assert!(!read.records.is_empty() || !read.rejects.is_empty() || *global);
    });
}

fn figures<const N: usize>(parsed: &Parsed, names: [&str; N]) -> [u64; N] {
    names.map(|name| parsed.counts.of(name))
}

const OF_RULES: [&str; 7] = [
    "rule files",
    "files in rules",
    "rule files with an ATT&CK tag",
    "rule files with a technique",
    "rule files with a sub-technique",
    "rule technique tags",
    "rule techniques",
];
const STATUS: [&str; 3] = ["status test", "status stable", "status experimental"];
const LEVEL: [&str; 5] = ["level critical", "level high", "level medium", "level low", "level informational"];

#[test]
fn the_real_one() {
    let Some(files) = crate::real::files("sigma.zip", wants) else { return };
    let parsed = read_all(&files).expect("read");
    assert_eq!(parsed.version.as_deref(), Some("r2026-04-01"));
    assert_eq!(parsed.rejects.kept, []);
    assert_eq!(figures(&parsed, OF_RULES), [3_012, 2_531, 3_011, 2_631, 1_578, 3_575, 376]);
    assert_eq!(figures(&parsed, STATUS), [2_694, 80, 238]);
    assert_eq!(figures(&parsed, LEVEL), [139, 1_370, 1_205, 276, 22]);
    let deprecated = ["deprecated files", "deprecated files with a technique", "deprecated techniques"];
    assert_eq!(figures(&parsed, deprecated), [167, 156, 96]);
    let unsupported = [
        "unsupported files",
        "unsupported documents",
        "unsupported files with a technique",
        "unsupported techniques",
    ];
    assert_eq!(figures(&parsed, unsupported), [87, 92, 86, 60]);
    // Three of the 92 documents are global and no rules.
    assert_eq!(parsed.records.len(), 3_012 + 167 + 89);
    let dates = |rule: &&RuleRecord| rule.created.len() == 10 && rule.created.as_bytes()[4] == b'-';
    assert_eq!(rules(&parsed).into_iter().filter(dates).count(), parsed.records.len());
}

#[test]
fn the_real_one_for_a_later_attack() {
    let Some(files) = crate::real::files("sigma-v19-sample.zip", wants) else { return };
    let parsed = read_all(&files).expect("read");
    assert_eq!(parsed.rejects.kept, []);
    assert_eq!(figures(&parsed, OF_RULES), [329, 271, 329, 294, 163, 390, 170]);
    assert_eq!(figures(&parsed, STATUS), [288, 7, 34]);
    assert_eq!(figures(&parsed, LEVEL), [22, 163, 119, 22, 3]);
    let tactic = |name: &str| {
        let named = |rule: &&RuleRecord| rule.tactics.iter().any(|tactic| tactic == name);
        rules(&parsed).into_iter().filter(named).count()
    };
    assert_eq!((tactic("stealth"), tactic("defense-impairment")), (95, 32));
    let unknown = ["T1685", "T1685.001", "T1685.006", "T1686.003"];
    let ids: BTreeSet<&str> =
        rules(&parsed).iter().flat_map(|rule| &rule.attack_ids).map(String::as_str).collect();
    assert!(unknown.iter().all(|id| ids.contains(id)));
}
