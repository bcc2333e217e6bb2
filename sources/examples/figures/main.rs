//! Holds what the readers find in a folder of real files against what the folder's own description counts there.
//!
//! `cargo run -q --release -p aegis-sources --example figures -- FOLDER` prints a table; with `--write FILE` the table
//! goes between the two marks in that file, and with `--records` each record that makes a difference is named. It ends
//! with 1 if a figure differs and nothing here says why.

mod attack;
mod catalogues;
mod controls;
mod folder;
mod report;
mod tools;

use folder::Folder;
use report::Report;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const BEGIN: &str = "<!-- figures: begin -->";
const END: &str = "<!-- figures: end -->";

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: impl Iterator<Item = String>) -> Result<bool, String> {
    let (mut path, mut into, mut records) = (None, None, false);
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--records" => records = true,
            "--write" => into = Some(PathBuf::from(arguments.next().ok_or("--write needs a file")?)),
            _ if path.is_none() => path = Some(PathBuf::from(argument)),
            _ => return Err(format!("'{argument}' is one argument too many")),
        }
    }
    let path = path.ok_or("usage: figures FOLDER [--write FILE] [--records]")?;
    let report = measure(&path)?;
    let text = report.markdown(records);
    match into {
        Some(file) => write(&file, &text)?,
        None => print!("{text}"),
    }
    let differing = report.unexplained();
    differing.iter().for_each(|line| eprintln!("differs: {line}"));
    Ok(differing.is_empty())
}

/// Reads every file of a folder.
fn measure(path: &Path) -> Result<Report, String> {
    let folder = Folder::open(path)?;
    let mut report = Report::default();
    let releases = attack::measure(&folder, &mut report)?;
    let current = releases.in_force("enterprise-attack-18.1.json.zst");
    catalogues::measure(&folder, &mut report, &current)?;
    controls::measure(&folder, &mut report)?;
    tools::measure(&folder, &mut report, &current)?;
    for name in folder.names() {
        if !report.names(name) {
            report.differ(format!("{name}: nothing is known of this file"));
        }
    }
    Ok(report)
}

/// Puts the text between the two marks of a file.
fn write(file: &Path, text: &str) -> Result<(), String> {
    let name = file.display();
    let old = std::fs::read_to_string(file).map_err(|error| format!("{name}: {error}"))?;
    let new = between(&old, text).ok_or_else(|| format!("{name}: {BEGIN} or {END} is missing"))?;
    std::fs::write(file, new).map_err(|error| format!("{name}: {error}"))
}

fn between(old: &str, text: &str) -> Option<String> {
    let (before, rest) = old.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{text}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_of_the_real_files_holds_or_is_explained() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
        if !path.is_dir() {
            eprintln!("skipped: there are no real files beside the project");
            return;
        }
        let report = measure(&path).expect("a folder of data files");
        assert_eq!(report.unexplained(), Vec::<String>::new());
    }

    #[test]
    fn a_missing_folder_is_said_so() {
        let why = run(["no/such/folder".to_owned()].into_iter()).expect_err("no folder");
        assert!(why.contains("no/such/folder: there is no such folder"), "{why}");
    }

    #[test]
    fn the_text_goes_between_the_marks() {
        let old = format!("a\n{BEGIN}\nold\n{END}\nb\n");
        let new = format!("a\n{BEGIN}\n\nnew\n\n{END}\nb\n");
        assert_eq!(between(&old, "new\n"), Some(new.clone()));
        assert_eq!(between(&new, "new\n"), Some(new));
        assert_eq!(between("no marks", "new"), None);
    }

    #[test]
    fn a_difference_without_a_reason_is_told() {
        let mut report = Report::default();
        report.row("a.zip", &[("things", 3, 3), ("others", 4, 5)], &[], "");
        report.row("b.zip", &[("things", 3, 2)], &[("things", 2)], "one is no thing");
        report.row("c.zip", &[("things", 3, 1)], &[("things", 2)], "one is no thing");
        let told = ["a.zip: others: 4 expected, 5 found", "c.zip: things: 3 expected, 1 found"];
        assert_eq!(report.unexplained(), told);
    }
}
