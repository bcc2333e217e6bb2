//! Catalogues of tests and of rules.

use super::folder::Folder;
use super::report::Report;
use aegis_sources::record::{RuleRecord, TemplateRecord};
use aegis_sources::{Parsed, Record, atomic, elastic, emulation, gtfobins, lolbas, sigma, stockpile, table};
use std::collections::BTreeSet;

/// Reads all of them; `current` are the techniques in force in Enterprise 18.1.
pub fn measure(folder: &Folder, report: &mut Report, current: &BTreeSet<String>) -> Result<(), String> {
    atomics(folder, report, current)?;
    sigmas(folder, report, current)?;
    binaries(folder, report, current)?;
    plans(folder, report, current)?;
    elastics(folder, report, current)
}

/// The figures of these names beside those expected.
pub fn of<'a>(parsed: &Parsed, expected: &[(&'a str, u64)]) -> Vec<(&'a str, u64, u64)> {
    expected.iter().map(|(what, expected)| (*what, *expected, parsed.counts.of(what))).collect()
}

fn templates(parsed: &Parsed) -> impl Iterator<Item = &TemplateRecord> {
    parsed.records.iter().filter_map(|record| match record {
        Record::Template(record) => Some(record),
        _ => None,
    })
}

fn rules<'a>(parsed: &'a Parsed, folders: &'a str) -> impl Iterator<Item = &'a RuleRecord> {
    let rules = parsed.records.iter().filter_map(|record| match record {
        Record::Rule(record) => Some(record),
        _ => None,
    });
    rules.filter(move |rule| rule.path.starts_with(folders))
}

/// How many of these ids are among those.
fn among<'a>(ids: impl Iterator<Item = &'a String>, those: &BTreeSet<String>) -> u64 {
    ids.collect::<BTreeSet<_>>().into_iter().filter(|id| those.contains(*id)).count() as u64
}

fn atomics(folder: &Folder, report: &mut Report, current: &BTreeSet<String>) -> Result<(), String> {
    let executors = ["powershell", "command_prompt", "sh", "bash", "manual"];
    for (file, counts, active, by_executor, [elevated, cleaned]) in [
        ("atomic-red-team.zip", [270, 1_393, 182], 270, [512, 458, 315, 94, 14], [554, 831]),
        ("atomic-red-team-v19-sample.zip", [9, 152, 5], 0, [51, 34, 61, 6, 0], [122, 109]),
    ] {
        let parsed = folder.source(file, atomic::wants, atomic::read)?;
        let ids: BTreeSet<&String> = templates(&parsed).filter_map(|it| it.attack_id.as_ref()).collect();
        let subs = ids.iter().filter(|id| id.contains('.')).count() as u64;
        let [files, tests, sub_techniques] = counts;
        let mut figures = of(&parsed, &[("technique files", files), ("atomic tests", tests)]);
        figures.push(("of sub-techniques", sub_techniques, subs));
        figures.push(("techniques in force in 18.1", active, among(ids.into_iter(), current)));
        figures.push(("refused", 0, parsed.rejects.count));
        report.row(file, &figures, &[], "");
        let with = |found: &dyn Fn(&TemplateRecord) -> bool| {
            templates(&parsed).filter(|it| found(it)).count() as u64
        };
        let mut figures: Vec<_> = executors
            .into_iter()
            .zip(by_executor)
            .map(|(name, expected)| (name, expected, with(&|it| it.executions[0].executor == name)))
            .collect();
        figures.push(("elevated", elevated, with(&|it| it.executions[0].elevated)));
        figures.push(("with a cleanup", cleaned, with(&|it| !it.executions[0].cleanup.is_empty())));
        report.row(file, &figures, &[], "");
    }
    let file = "atomic-red-team.zip";
    let index = folder.files(file, |path| path.ends_with("Indexes-CSV/index.csv"))?;
    let index = index.files.first().ok_or_else(|| format!("{file}: index.csv is missing"))?;
    let index = table::read(index).map_err(|reject| format!("{file}: {reject}"))?;
    let column = |names: &[&str]| index.column(names).ok_or_else(|| format!("{file}: no column {names:?}"));
    let (guid, technique) = (column(&["Test GUID"])?, column(&["Technique #"])?);
    let distinct = |at: usize| index.rows.iter().map(|row| row.get(at)).collect::<BTreeSet<_>>().len() as u64;
    let figures = [
        ("rows of index.csv", 2_321, index.rows.len() as u64),
        ("tests in it", 1_790, distinct(guid)),
        ("techniques in it", 333, distinct(technique)),
    ];
    report.row(
        file,
        &figures,
        &[],
        "read as a table only: the index repeats a test for each tactic, and has tests of \
        397 that are set aside elsewhere",
    );
    Ok(())
}

fn sigmas(folder: &Folder, report: &mut Report, current: &BTreeSet<String>) -> Result<(), String> {
    const RULES: [&str; 7] = [
        "rule files",
        "files in rules",
        "rule files with an ATT&CK tag",
        "rule files with a technique",
        "rule files with a sub-technique",
        "rule technique tags",
        "rule techniques",
    ];
    const STATUS: [&str; 3] = ["status test", "status stable", "status experimental"];
    const LEVEL: [&str; 5] =
        ["level critical", "level high", "level medium", "level low", "level informational"];
    for (file, of_rules, active, status, levels) in [
        (
            "sigma.zip",
            [3_012, 2_531, 3_011, 2_631, 1_578, 3_575, 376],
            376,
            [2_694, 80, 238],
            [139, 1_370, 1_205, 276, 22],
        ),
        (
            "sigma-v19-sample.zip",
            [329, 271, 329, 294, 163, 390, 170],
            166,
            [288, 7, 34],
            [22, 163, 119, 22, 3],
        ),
    ] {
        let parsed = folder.source(file, sigma::wants, sigma::read)?;
        let pairs: Vec<(&str, u64)> = RULES.into_iter().zip(of_rules).collect();
        let mut figures = of(&parsed, &pairs);
        let ids = rules(&parsed, "rules").flat_map(|rule| &rule.attack_ids);
        figures.push(("of them in force in 18.1", active, among(ids, current)));
        figures.push(("refused", 0, parsed.rejects.count));
        report.row(file, &figures, &[], "");
        let pairs: Vec<(&str, u64)> =
            STATUS.into_iter().zip(status).chain(LEVEL.into_iter().zip(levels)).collect();
        report.row(file, &of(&parsed, &pairs), &[], "");
        if file == "sigma.zip" {
            let pairs = [
                ("deprecated files", 167),
                ("deprecated files with a technique", 156),
                ("deprecated techniques", 96),
                ("unsupported files", 87),
                ("unsupported documents", 92),
                ("unsupported files with a technique", 86),
                ("unsupported techniques", 60),
            ];
            report.row(file, &of(&parsed, &pairs), &[], "");
            let found = parsed.records.len() as u64;
            let figures = [("documents that are rules", 3_012 + 167 + 92, found)];
            let note = "three documents in `unsupported/` say `action: global`: they hold what the other documents of \
                their file share, and are no rules";
            report.row(file, &figures, &[("documents that are rules", 3_012 + 167 + 89)], note);
        } else {
            let tactic = |name: &str| {
                let named = |rule: &&RuleRecord| rule.tactics.iter().any(|tactic| tactic == name);
                rules(&parsed, "rules").filter(named).count() as u64
            };
            let figures = [
                ("tags of stealth", 95, tactic("stealth")),
                ("of defense-impairment", 32, tactic("defense-impairment")),
            ];
            report.row(file, &figures, &[], "tactics of ATT&CK 19: kept as written");
        }
    }
    Ok(())
}

fn binaries(folder: &Folder, report: &mut Report, current: &BTreeSet<String>) -> Result<(), String> {
    let file = "lolbas.zip";
    let parsed = folder.source(file, lolbas::wants, lolbas::read)?;
    let expected = [
        ("entries", 243),
        ("entries in OSBinaries", 134),
        ("entries in OtherMSBinaries", 79),
        ("entries in OSLibraries", 17),
        ("entries in OSScripts", 10),
        ("entries in HonorableMentions", 3),
        ("commands", 482),
        ("commands with a technique", 482),
        ("techniques", 60),
        ("entries with a Sigma rule", 203),
    ];
    let mut figures = of(&parsed, &expected);
    let ids = templates(&parsed).filter_map(|it| it.attack_id.as_ref());
    figures.push(("techniques in force in 18.1", 60, among(ids, current)));
    figures.push(("refused", 0, parsed.rejects.count));
    report.row(file, &figures, &[], "");
    let file = "gtfobins.zip";
    let parsed = folder.source(file, gtfobins::wants, gtfobins::read)?;
    let expected = [
        ("binaries with functions", 458),
        ("aliases", 20),
        ("examples", 822),
        ("techniques", 8),
        ("binaries with a technique", 420),
        ("pairs of binary and technique", 646),
    ];
    let mut figures = of(&parsed, &expected);
    figures.push(("refused", 0, parsed.rejects.count));
    report.row(file, &figures, &[], "techniques are those that `_data/functions.yml` names for a function");
    let expected = [
        ("function shell", 228),
        ("function file-read", 199),
        ("function file-write", 84),
        ("function inherit", 71),
        ("function upload", 34),
        ("function download", 32),
        ("function command", 30),
        ("function reverse-shell", 21),
        ("function privilege-escalation", 14),
        ("function library-load", 11),
        ("function bind-shell", 7),
    ];
    report.row(file, &of(&parsed, &expected), &[], "");
    Ok(())
}

fn plans(folder: &Folder, report: &mut Report, current: &BTreeSet<String>) -> Result<(), String> {
    let file = "stockpile.zip";
    let parsed = folder.source(file, stockpile::wants, stockpile::read)?;
    let expected = [
        ("abilities", 209),
        ("techniques as written", 123),
        ("adversaries", 27),
        ("steps", 183),
        ("steps without an ability", 34),
    ];
    let mut figures = of(&parsed, &expected);
    let ids = templates(&parsed).filter_map(|it| it.attack_id.as_ref());
    figures.push(("techniques in force in 18.1", 122, among(ids, current)));
    figures.push(("refused", 0, parsed.rejects.count));
    report.row(file, &figures, &[("techniques in force in 18.1", 123)], STOCKPILE);
    let file = "adversary_emulation_library.zip";
    let parsed = folder.source(file, emulation::wants, emulation::read)?;
    let expected = [
        ("plans", 10),
        ("abilities", 375),
        ("abilities of APT29", 79),
        ("abilities of Carbanak", 24),
        ("abilities of FIN6", 27),
        ("abilities of FIN7", 10),
        ("abilities of menuPass", 15),
        ("abilities of OilRig", 44),
        ("abilities of Sandworm Team (G0034)", 40),
        ("abilities of Turla - Carbon", 45),
        ("abilities of Turla - Snake", 53),
        ("abilities of Wizard Spider", 38),
    ];
    let mut figures = of(&parsed, &expected);
    figures.push(("refused", 0, parsed.rejects.count));
    let note = "what stands in the place of a technique and is no id (`x`, `7.A.5`) stays out of an ability; the \
        ability goes in without a technique. The older CALDERA archive of APT29 is not read";
    report.row(file, &figures, &[], note);
    Ok(())
}

const STOCKPILE: &str = "two abilities write ` T1564.001` with a blank before it, which is no id as it stands; the \
    reader takes the blank off, and the id is in force";

fn elastics(folder: &Folder, report: &mut Report, current: &BTreeSet<String>) -> Result<(), String> {
    let file = "elastic-detection-rules.zip";
    let parsed = folder.source(file, elastic::wants, elastic::read)?;
    for (words, expected) in [
        ("rules", [1_940, 1_871, 1_860, 1_421, 166, 278]),
        ("building blocks", [128, 127, 123, 89, 85, 73]),
        ("deprecated rules", [124, 116, 102, 59, 53, 40]),
    ] {
        let names = [
            words.to_owned(),
            format!("{words} with a tactic or technique"),
            format!("{words} with a technique"),
            format!("{words} with a sub-technique"),
            format!("techniques of {words}"),
            format!("sub-techniques of {words}"),
        ];
        let pairs: Vec<(&str, u64)> = names.iter().map(String::as_str).zip(expected).collect();
        report.row(file, &of(&parsed, &pairs), &[], "");
    }
    let mut figures = of(
        &parsed,
        &[
            ("hunts", 140),
            ("threats of rules", 3_410),
            ("threats of building blocks", 218),
            ("threats of rules without a technique", 97),
        ],
    );
    let of_rules = rules(&parsed, "rules/").filter(|rule| !rule.path.contains("/_deprecated/"));
    let ids: BTreeSet<&String> = of_rules.flat_map(|rule| &rule.attack_ids).collect();
    let subs = ids.into_iter().filter(|id| id.contains('.'));
    figures.push(("sub-techniques of rules in force in 18.1", 277, among(subs, current)));
    figures.push(("refused", 0, parsed.rejects.count));
    report.row(
        file,
        &figures,
        &[],
        "T1547.011 is revoked in 18.1; it is followed to its successor when it is shown",
    );
    Ok(())
}
