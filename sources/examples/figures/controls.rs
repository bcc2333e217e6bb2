//! Defences, frameworks and their controls.

use super::catalogues::of;
use super::folder::Folder;
use super::report::{Report, StaysOut};
use aegis_sources::{Files, Record, cis, controls, d3fend, mappings, oscal};

/// Reads all of them.
pub fn measure(folder: &Folder, report: &mut Report) -> Result<(), String> {
    defences(folder, report)?;
    explorer(folder, report)?;
    older(folder, report)?;
    catalogue(folder, report)?;
    safeguards(folder, report)
}

fn defences(folder: &Folder, report: &mut Report) -> Result<(), String> {
    let file = "d3fend-mappings.zip";
    let parsed = folder.source(file, d3fend::wants, d3fend::read)?;
    let mut figures = of(
        &parsed,
        &[
            ("rows of mapping tables", 5_647),
            ("pairs", 4_329),
            ("ATT&CK ids", 411),
            ("D3FEND ids in mappings", 133),
            ("techniques in the list", 218),
        ],
    );
    let answers = folder.files(file, |path| path.ends_with(".json") && d3fend::wants(path))?;
    figures.push(("files of single techniques", 52, answers.files.len() as u64));
    figures.push(("refused", 0, parsed.rejects.count));
    report.row(file, &figures, &[], "nine defensive techniques more stand only in the mappings");
    let file = "d3fend-ontology.zip";
    let wanted = folder.files(file, d3fend::wants)?;
    let note = "not read: no technique is linked to a defence in it by itself, only by what both do to the same \
        artifact, and what follows from that is what the mappings publish";
    report.row(file, &[("files that are read", 0, wanted.files.len() as u64)], &[], note);
    Ok(())
}

/// A mapping by its title, then objects, complete ones, pairs, capabilities and techniques. The first six are those of
/// the description, the others were counted by themselves with another program.
const MAPPINGS: [(&str, [u64; 5]); 30] = [
    ("nist_800_53/rev5 for ATT&CK 16.1 enterprise", [5_410, 5_314, 5_264, 109, 470]),
    ("nist_800_53/rev5 for ATT&CK 12.1 enterprise", [4_929, 4_929, 4_929, 113, 427]),
    ("aws/12.12.2024 for ATT&CK 16.1 enterprise", [497, 487, 473, 20, 215]),
    ("cri_profile/v2.1 for ATT&CK 16.1 enterprise", [2_152, 2_152, 2_152, 60, 430]),
    ("csa_ccm/4.1 for ATT&CK 17.1 enterprise", [940, 792, 790, 57, 213]),
    ("kev/07.28.2025 for ATT&CK 16.1 enterprise", [1_183, 1_183, 1_177, 419, 155]),
    ("aws/09.21.2021 for ATT&CK 9.0 enterprise", [463, 455, 441, 20, 192]),
    ("azure/06.29.2021 for ATT&CK 8.2 enterprise", [978, 978, 940, 48, 344]),
    ("gcp/06.28.2022 for ATT&CK 10.0 enterprise", [442, 432, 422, 39, 216]),
    ("gcp/03.06.2025 for ATT&CK 16.1 enterprise", [536, 518, 508, 40, 290]),
    ("intel-vpro/08.20.2024 for ATT&CK 15.1 enterprise", [261, 261, 200, 6, 158]),
    ("kev/02.13.2025 for ATT&CK 15.1 mobile", [8, 8, 8, 3, 6]),
    ("kev/07.28.2025 for ATT&CK 16.1 mobile", [45, 45, 45, 14, 19]),
    ("m365/12.11.2023 for ATT&CK 14.1 enterprise", [518, 518, 481, 34, 119]),
    ("m365/07.18.2025 for ATT&CK 16.1 enterprise", [806, 806, 684, 38, 218]),
    ("nist_800_53/rev4 for ATT&CK 8.2 enterprise", [4_119, 4_119, 4_119, 95, 371]),
    ("nist_800_53/rev4 for ATT&CK 9.0 enterprise", [4_328, 4_328, 4_328, 97, 384]),
    ("nist_800_53/rev4 for ATT&CK 10.1 enterprise", [4_692, 4_692, 4_692, 104, 400]),
    ("nist_800_53/rev4 for ATT&CK 12.1 enterprise", [4_865, 4_865, 4_865, 110, 427]),
    ("nist_800_53/rev4 for ATT&CK 14.1 enterprise", [5_061, 4_972, 4_971, 111, 449]),
    ("nist_800_53/rev5 for ATT&CK 8.2 enterprise", [4_191, 4_191, 4_191, 101, 371]),
    ("nist_800_53/rev5 for ATT&CK 9.0 enterprise", [4_378, 4_378, 4_378, 102, 384]),
    ("nist_800_53/rev5 for ATT&CK 10.1 enterprise", [4_755, 4_755, 4_755, 108, 400]),
    ("veris/1.3.5 for ATT&CK 9.0 enterprise", [1_069, 913, 913, 117, 545]),
    ("veris/1.3.7 for ATT&CK 12.1 enterprise", [1_143, 1_092, 1_092, 138, 527]),
    ("veris/1.3.7 for ATT&CK 12.1 ics", [338, 189, 189, 72, 67]),
    ("veris/1.3.7 for ATT&CK 12.1 mobile", [375, 243, 243, 66, 105]),
    ("veris/1.4.0 for ATT&CK 16.1 enterprise", [1_221, 1_170, 1_161, 141, 542]),
    ("veris/1.4.0 for ATT&CK 16.1 ics", [347, 209, 209, 84, 72]),
    ("veris/1.4.0 for ATT&CK 16.1 mobile", [399, 276, 275, 74, 117]),
];
/// What differs in a mapping, and why.
type Explained = (&'static str, &'static [(&'static str, u64)], &'static str);

const EXPLAINED: [Explained; 2] = [
    (
        "nist_800_53/rev4 for ATT&CK 14.1 enterprise",
        &[("capabilities", 107)],
        "; four ids are spellings of others: three end in a blank (AC-4, CM-5, CM-6), and SC-08 is SC-8",
    ),
    (
        "veris/1.4.0 for ATT&CK 16.1 enterprise",
        &[("pairs", 1_160), ("techniques", 541)],
        "; one complete object names no technique, which the other program counts as one: it is refused, below",
    ),
];
/// How many of them the description counts.
const DESCRIBED: usize = 6;

fn explorer(folder: &Folder, report: &mut Report) -> Result<(), String> {
    let file = "mappings-explorer.zip";
    let parsed = folder.source(file, mappings::wants, mappings::read)?;
    let figures = of(&parsed, &[("mapping files", 30)]);
    report.row(file, &figures, &[], "each has a row below");
    let names = ["objects", "complete", "pairs", "capabilities", "techniques"];
    for (index, (title, expected)) in MAPPINGS.into_iter().enumerate() {
        let named = names.into_iter().zip(expected);
        let figures: Vec<(&str, u64, u64)> = named
            .map(|(what, expected)| (what, expected, parsed.counts.of(&format!("{title}: {what}"))))
            .collect();
        let counted = if index < DESCRIBED { "" } else { "; not in the description: counted from the file" };
        let (_, explained, note) =
            EXPLAINED.iter().find(|it| it.0 == title).copied().unwrap_or(("", &[], ""));
        report.row(file, &figures, explained, &format!("{title}{counted}{note}"));
    }
    let refused: Vec<String> = parsed.rejects.kept.iter().map(ToString::to_string).collect();
    report.row(file, &[("refused", 1, parsed.rejects.count)], &[], "below");
    let why = "one object says it is complete and names no technique: it is refused".to_owned();
    report.stays_out(StaysOut { file: file.to_owned(), why, ids: refused });
    Ok(())
}

fn older(folder: &Folder, report: &mut Report) -> Result<(), String> {
    let file = "attack-control-framework-mappings.zip";
    let parsed = folder.source(file, controls::wants, controls::read)?;
    let mut figures = of(
        &parsed,
        &[("controls", 322), ("enhancements", 867), ("relationships", 4_929), ("mappings", 4_929)],
    );
    figures.push(("refused", 0, parsed.rejects.count));
    report.row(file, &figures, &[], "the sheet beside the STIX files names the techniques");
    let Files { mut files, rejects, .. } = folder.files(file, controls::wants)?;
    files.retain(|file| file.path.ends_with(".json"));
    let stix = controls::read(&Files { root: None, files, rejects }, &mut super::folder::quiet);
    let stix = stix.map_err(|error| format!("{file}: {error}"))?;
    let figures = of(&stix, &[("mappings", 4_929), ("mappings whose technique has a STIX id alone", 4_929)]);
    report.row(
        file,
        &figures,
        &[],
        "the STIX files by themselves: techniques are found by their STIX id in the bundle",
    );
    Ok(())
}

fn catalogue(folder: &Folder, report: &mut Report) -> Result<(), String> {
    let file = "oscal-content.zip";
    let parsed = folder.source(file, oscal::wants, oscal::read)?;
    let expected = [
        ("groups", 20),
        ("controls", 322),
        ("enhancements", 867),
        ("withdrawn", 182),
        ("controls in LOW", 149),
        ("controls in MODERATE", 287),
        ("controls in HIGH", 370),
        ("controls in PRIVACY", 102),
    ];
    let mut figures = of(&parsed, &expected);
    let in_force = parsed.records.iter().filter_map(|record| match record {
        Record::Control(control) if !control.withdrawn => Some(control.parent.is_none()),
        _ => None,
    });
    let in_force: Vec<bool> = in_force.collect();
    figures.push(("in force", 1_007, in_force.len() as u64));
    figures.push(("controls in force", 298, in_force.iter().filter(|base| **base).count() as u64));
    figures.push(("refused", 0, parsed.rejects.count));
    report.row(file, &figures, &[], "");
    Ok(())
}

fn safeguards(folder: &Folder, report: &mut Report) -> Result<(), String> {
    let file = "cis-controls-v8-attack.zip";
    let parsed = folder.source(file, cis::wants, cis::read)?;
    let expected = [
        ("pairs", 2_962),
        ("safeguards with a mapping", 105),
        ("techniques", 383),
        ("safeguards in the overview", 153),
    ];
    let mut figures = of(&parsed, &expected);
    figures.push(("refused", 0, parsed.rejects.count));
    let note = "the official sheet. The JSON beside it is not read: it takes 4.10 for 4.1, so that it has 101 \
        safeguards and 2,948 pairs";
    report.row(file, &figures, &[], note);
    Ok(())
}
