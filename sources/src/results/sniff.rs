//! Which tool wrote a file.

use super::json::Text;
use super::{ends_in, vectr};
use crate::{File, table, yaml};
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use serde_json::{Value, from_str};
use std::collections::BTreeMap;

/// A tool whose files are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A log of ATTiRe.
    Attire,
    /// A report or an event log of CALDERA.
    Caldera,
    /// A test plan for VECTR.
    Vectr,
    /// A layer of the Navigator.
    Navigator,
    /// A file of DeTT&CT.
    Dettect,
    /// A table of one's own.
    Spreadsheet,
}

/// The kind of a single file, by what is in it; the name only tells text from table. Nothing for every other file.
/// Archives are unpacked first and their files looked at one by one.
pub fn sniff(bytes: &[u8], file_name: &str) -> Option<Kind> {
    if ends_in(file_name, &[".xlsx"]) {
        return bytes.starts_with(b"PK\x03\x04").then_some(Kind::Spreadsheet);
    }
    let file = File { path: file_name.to_owned(), bytes: bytes.to_vec() };
    let text = Text::of(&file).ok()?;
    match text.text.trim_start().bytes().next()? {
        b'{' => of_object(&text.text).or_else(|| of_yaml(&file)),
        b'[' => of_list(&text.text),
        _ if ends_in(file_name, &[".csv", ".tsv", ".txt"]) => of_table(&file),
        _ => of_yaml(&file),
    }
}

fn of_object(text: &str) -> Option<Kind> {
    let object: BTreeMap<String, IgnoredAny> = from_str(text).ok()?;
    let has = |key| object.contains_key(key);
    if has("execution-data") && has("procedures") {
        Some(Kind::Attire)
    } else if has("techniques") {
        Some(Kind::Navigator)
    } else if has("steps") && has("start") && has("name") {
        Some(Kind::Caldera)
    } else {
        None
    }
}

fn of_list(text: &str) -> Option<Kind> {
    let items: Vec<&RawValue> = from_str(text).ok()?;
    let first: Value = from_str(items.first()?.get()).ok()?;
    if first.get("ability_metadata").is_some() {
        Some(Kind::Caldera)
    } else {
        first.get("techniques").map(|_| Kind::Navigator)
    }
}

fn of_yaml(file: &File) -> Option<Kind> {
    let document = yaml::document(&file.bytes).ok()?;
    let dettect = ["technique-administration", "data-source-administration", "group-administration"];
    if document.text_of("file_type").is_some_and(|kind| dettect.contains(&kind.trim())) {
        return Some(Kind::Dettect);
    }
    (vectr::is_plan(&document) || vectr::is_case(&document)).then_some(Kind::Vectr)
}

fn of_table(file: &File) -> Option<Kind> {
    let table = table::read(file).ok()?;
    if table.column(vectr::NAMES).is_some() && table.column(vectr::IDS).is_some() {
        return Some(Kind::Vectr);
    }
    (table.header.len() > 1).then_some(Kind::Spreadsheet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_told_by_what_is_in_it() {
        for (name, text, kind) in [
            ("a.json", r#"{"execution-data": {}, "procedures": []}"#, Some(Kind::Attire)),
            ("a.json", r#" {"name": "x", "start": "y", "steps": {}}"#, Some(Kind::Caldera)),
            ("a.json", r#"[{"ability_metadata": {}}]"#, Some(Kind::Caldera)),
            ("a.json", r#"{"techniques": []}"#, Some(Kind::Navigator)),
            ("a.json", r#"[{"techniques": []}]"#, Some(Kind::Navigator)),
            ("a.json", r#"{"type": "bundle", "objects": []}"#, None),
            ("a.json", "[]", None),
            ("a.yaml", "%YAML 1.2\n---\nfile_type: group-administration\n", Some(Kind::Dettect)),
            ("a.yml", "metadata: {bundle: x}\nOT: []\n", Some(Kind::Vectr)),
            ("a.yml", "name: x\nmetadata: {tid: T1001}\n", Some(Kind::Vectr)),
            ("a.yml", "title: a rule\n", None),
            ("a.csv", "Test Case,MITRE ID\nx,T1001\n", Some(Kind::Vectr)),
            ("a.csv", "Name;Technik\nx;T1001\n", Some(Kind::Spreadsheet)),
            ("a.csv", "one\n", None),
            ("a.xlsx", "PK\u{3}\u{4}", Some(Kind::Spreadsheet)),
            ("a.xlsx", "no zip", None),
            ("a", "", None),
        ] {
            assert_eq!(sniff(text.as_bytes(), name), kind, "{name}: {text}");
        }
    }

    #[test]
    fn any_bytes_have_a_kind_or_none() {
        bolero::check!().with_type::<Vec<u8>>().for_each(|bytes| {
            for name in ["a.json", "a.yml", "a.csv", "a.xlsx"] {
                let _ = sniff(bytes, name);
            }
        });
    }

    #[test]
    fn the_real_ones() {
        for (name, wants, kind, count) in [
            ("attack-navigator.zip", ".json", Kind::Navigator, 5),
            ("dettect.zip", ".yaml", Kind::Dettect, 38),
            ("threat-simulation-indexes.zip", ".yml", Kind::Vectr, 510),
            ("threat-simulation-indexes.zip", ".csv", Kind::Vectr, 9),
        ] {
            let Some(files) = crate::real::files(name, |_| true) else { return };
            let kinds = files.files.iter().filter(|file| file.path.ends_with(wants));
            let kinds = kinds.filter(|file| sniff(&file.bytes, &file.path) == Some(kind));
            assert_eq!(kinds.count(), count, "{name} {wants}");
        }
    }
}
