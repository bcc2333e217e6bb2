//! Results and plans of other tools.

use super::folder::{Folder, quiet};
use super::report::{Report, StaysOut};
use aegis_sources::results::{Found, Overlay, attire, dettect, navigator, vectr};
use aegis_sources::{File, Files};
use std::collections::BTreeSet;

/// Reads all of them; `current` are the techniques in force in Enterprise 18.1.
pub fn measure(folder: &Folder, report: &mut Report, current: &BTreeSet<String>) -> Result<(), String> {
    layers(folder, report, current)?;
    administrations(folder, report, current)?;
    logs(folder, report)?;
    plans(folder, report)
}

fn ids(layer: &Overlay) -> BTreeSet<&str> {
    layer.entries.iter().map(|entry| entry.attack_id.as_str()).collect()
}

fn layer<'a>(found: &'a Found, file: &str, name: &str) -> Result<&'a Overlay, String> {
    let layer = found.overlays.iter().find(|layer| layer.path.ends_with(name));
    layer.ok_or_else(|| format!("{file}: there is no layer {name}"))
}

fn layers(folder: &Folder, report: &mut Report, current: &BTreeSet<String>) -> Result<(), String> {
    let file = "attack-navigator.zip";
    let found = folder.found(file, navigator::wants, navigator::read)?;
    let mut figures = vec![("layers", 5, found.overlays.len() as u64)];
    for (name, label, in_it, entries, distinct) in [
        ("heatmap_layer.json", "entries of heatmap_layer", "techniques in it", 428, 428),
        ("Black_Pins.json", "entries of Black_Pins", "techniques in it", 22, 20),
        ("Blue_Pins.json", "entries of Blue_Pins", "techniques in it", 32, 22),
        ("Gold_Pins.json", "entries of Gold_Pins", "techniques in it", 27, 19),
        ("Submitter_Responses.json", "entries of Submitter_Responses", "techniques in it", 47, 34),
    ] {
        let layer = layer(&found, file, name)?;
        figures.push((label, entries, layer.entries.len() as u64));
        figures.push((in_it, distinct, ids(layer).len() as u64));
    }
    let heat = ids(layer(&found, file, "heatmap_layer.json")?);
    let active = heat.into_iter().filter(|id| current.contains(*id)).count() as u64;
    figures.push(("of heatmap_layer in force in 18.1", 424, active));
    figures.push(("refused", 0, found.rejects.count));
    report.row(
        file,
        &figures,
        &[],
        "the description counts 428 entries of heatmap_layer; that they are 428 techniques \
        is what is found. The 14 specifications are Markdown",
    );

    let file = "atomic-red-team.zip";
    let found = folder.found(file, navigator::wants, navigator::read)?;
    let mut figures = vec![];
    for (name, label, expected) in [
        ("/art-navigator-layer.json", "layer of all", 371),
        ("layer-windows.json", "Windows", 300),
        ("layer-linux.json", "Linux", 152),
        ("layer-iaas.json", "IaaS", 26),
        ("layer-iaas-aws.json", "AWS", 19),
        ("layer-azure-ad.json", "Azure AD", 16),
        ("layer-iaas-azure.json", "Azure", 15),
        ("layer-office-365.json", "Office 365", 10),
        ("layer-google-workspace.json", "Google Workspace", 2),
        ("layer-esxi.json", "ESXi", 0),
    ] {
        figures.push((label, expected, ids(layer(&found, file, name)?).len() as u64));
    }
    figures.push(("refused", 0, found.rejects.count));
    report.row(file, &figures, &[], "techniques of its layers; an empty one is valid");

    let file = "attack-control-framework-mappings.zip";
    let found =
        folder.found(file, |path| path.contains("/layers/") && path.ends_with(".json"), navigator::read)?;
    let overview = found.overlays.iter().map(|layer| ids(layer).len()).max().unwrap_or(0);
    let figures = [
        ("layers", 127, found.overlays.len() as u64),
        ("techniques of the largest, the overview", 427, overview as u64),
        ("refused", 0, found.rejects.count),
    ];
    report.row(file, &figures, &[], "");
    Ok(())
}

fn administrations(folder: &Folder, report: &mut Report, current: &BTreeSet<String>) -> Result<(), String> {
    let file = "dettect.zip";
    let wants = |path: &str| path.starts_with("sample-data/") && dettect::wants(path);
    let found = folder.found(file, wants, dettect::read)?;
    let endpoints = found.assessments.iter().filter(|it| it.path.contains("administration-endpoints"));
    let endpoints: BTreeSet<&str> = endpoints.map(|it| it.attack_id.as_str()).collect();
    let active = endpoints.iter().filter(|id| current.contains(**id)).count() as u64;
    let of = |what: &str| found.counts.of(what);
    let figures = [
        ("sample files", 9, of("technique files") + of("data source files") + of("group files")),
        ("techniques of the endpoints", 342, endpoints.len() as u64),
        ("in force in 18.1", 334, active),
        ("others, of ATT&CK 19", 8, endpoints.len() as u64 - active),
        ("refused", 0, found.rejects.count),
    ];
    report.row(file, &figures, &[], "");
    let wants = |path: &str| path.starts_with("threat-actor-data/") && dettect::wants(path);
    let found = folder.found(file, wants, dettect::read)?;
    let files = found.groups.iter().map(|group| group.path.as_str()).collect::<BTreeSet<_>>();
    let old = files.iter().filter(|path| path.contains("pre-sub-techniques/")).count() as u64;
    let figures = [
        ("files of threat actors", 29, found.counts.of("group files")),
        ("of them from before sub-techniques", 11, old),
        ("refused", 0, found.rejects.count),
    ];
    report.row(file, &figures, &[], "");
    let found = folder.found(file, |path| path.contains("Navigator-layers/"), navigator::read)?;
    let figures = [("layers", 51, found.overlays.len() as u64), ("refused", 0, found.rejects.count)];
    report.row(file, &figures, &[], "the lists of ids and of data sources beside them are no input of Aegis");
    Ok(())
}

fn logs(folder: &Folder, report: &mut Report) -> Result<(), String> {
    let file = "attire.zip";
    let files = folder.files(file, |path| path.ends_with(".json") || path == "README.md")?;
    let schemas = files.files.iter().filter(|file| file.path.ends_with(".json")).count() as u64;
    let readme = files.files.iter().find(|file| file.path == "README.md");
    let text = readme.and_then(|readme| readme.text().ok()).unwrap_or_default();
    let sample = text.split_once("```js\n").and_then(|(_, rest)| rest.split_once("```"));
    let (sample, _) = sample.ok_or_else(|| format!("{file}: there is no sample in its README.md"))?;
    let sample = File { path: "sample.json".to_owned(), bytes: sample.as_bytes().to_vec() };
    let found = attire::read(&Files { files: vec![sample], ..Files::default() }, &mut quiet);
    let found = found.map_err(|error| format!("{file}: {error}"))?;
    let named = found.executed.iter().filter(|it| it.test.attack_id.as_deref() == Some("T1218.010"));
    let figures = [
        ("schemas", 1, schemas),
        ("logs", 1, found.counts.of("logs")),
        ("attacks of T1218.010 in it", 1, named.count() as u64),
        ("refused", 0, found.rejects.count),
    ];
    report.row(file, &figures, &[], "the log is the sample in its README.md");
    Ok(())
}

fn plans(folder: &Folder, report: &mut Report) -> Result<(), String> {
    let file = "threat-simulation-indexes.zip";
    let all = folder.files(file, vectr::wants)?;
    let found = vectr::read(&all, &mut quiet).map_err(|error| format!("{file}: {error}"))?;
    let of = |what: &str| found.counts.of(what);
    let figures = [
        ("merged plans", 9, of("merged plans")),
        ("test cases in them", 501, of("test cases in merged plans")),
        ("files of single techniques", 501, of("single-technique files")),
    ];
    report.row(file, &figures, &[], "");
    let (what, read) = ("rows of their summaries", of("rows of summaries"));
    let refused: Vec<String> = found.rejects.kept.iter().map(ToString::to_string).collect();
    let explained = [(what, 501 - refused.len() as u64)];
    report.row(
        file,
        &[(what, 501, read)],
        &explained,
        "the rows below have quotes within quotes that are not doubled; \
        what they say is read from the plans",
    );
    report.stays_out(StaysOut { file: file.to_owned(), why: "rows of summaries".to_owned(), ids: refused });
    let mut figures = vec![];
    for (folder, label, expected) in [
        ("/h-index-2021/", "2021 health", 52),
        ("/fs-index-2022/", "2022 finance", 70),
        ("/fs-index-2023/", "2023 finance", 60),
        ("/h-index-2023/", "2023 health", 50),
        ("/fs-index-2024/", "2024 finance", 50),
        ("/h-index-2024/", "2024 health", 51),
        ("/rh-index-2024/", "2024 retail", 50),
        ("index-2025/", "2025", 63),
        ("index-2026/", "2026", 55),
    ] {
        let merged = |file: &&File| {
            file.path.ends_with(".yml") && file.path.contains(folder) && !file.path.contains("/techniques/")
        };
        let files: Vec<File> = all.files.iter().filter(merged).cloned().collect();
        let plan = vectr::read(&Files { files, ..Files::default() }, &mut quiet);
        let plan = plan.map_err(|error| format!("{file}, {label}: {error}"))?;
        figures.push((label, expected, plan.counts.of("test cases in merged plans")));
    }
    report.row(file, &figures, &[], "test cases of the merged plans");
    Ok(())
}
