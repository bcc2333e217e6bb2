//! Reads the CIS Controls from the sheet that maps them to ATT&CK, which a user supplies; it is not to be passed on.
//!
//! Format: the master mapping of CIS, `.xlsx`. What a sheet is for is told from its header: all have `CIS Safeguard` and
//! `Title`, those with mappings a column of combined technique ids. Ids of safeguards are numbers in most rows and text
//! where they end in 0, so 4.1 and 4.10 stay apart; conversions to other forms that lose this are not read.

use crate::files::{File, Files};
use crate::record::{ControlMappingRecord, ControlRecord, FrameworkRecord, Record};
use crate::sheet::Book;
use crate::table::{Row, Table, plain};
use crate::text::{fit, line};
use crate::{Control, Parsed, Progress, Reject, SourceError, attack_ids, finished, is_attack_id};
use std::collections::{BTreeMap, BTreeSet};

/// Characters of a name that are kept.
const NAME_CHARS: usize = 500;
/// Characters of a description that are kept.
const LONG_CHARS: usize = 50_000;
/// Rows from the top in which a header is looked for.
const HEADER_ROWS: usize = 20;
/// The key of the framework without its version.
const FRAMEWORK: &str = "cis_controls";
/// The version where the sheet names none.
const VERSION: &str = "8";
/// The implementation groups.
const GROUPS: [&str; 3] = ["IG1", "IG2", "IG3"];

/// Whether a file may be the sheet.
pub fn wants(path: &str) -> bool {
    path.to_ascii_lowercase().ends_with(".xlsx")
}

/// Reads the sheet.
///
/// # Errors
/// [`SourceError`].
pub fn read(files: &Files, progress: Progress<'_>) -> Result<Parsed, SourceError> {
    let wanted = files.wanted(wants);
    let mut parsed = Parsed { rejects: files.rejects.clone(), ..Parsed::default() };
    for (index, file) in wanted.iter().enumerate() {
        if progress(index as u64, wanted.len() as u64) == Control::Cancel {
            return Err(SourceError::Cancelled);
        }
        match read_book(file) {
            Ok(content) if parsed.records.is_empty() => content.into_records(&file.path, &mut parsed),
            Ok(_) => parsed.rejects.add(Reject::new(
                &file.path,
                "",
                "it is a second sheet of the controls; the first one counts",
            )),
            Err(reason) => parsed.rejects.add(Reject::new(&file.path, "", reason)),
        }
    }
    finished(parsed, "sheet of the CIS Controls", "the .xlsx with the column 'CIS Safeguard'")
}

#[derive(Default)]
struct Content {
    controls: BTreeMap<Id, ControlRecord>,
    pairs: BTreeMap<(Id, String), BTreeSet<String>>,
    overview: BTreeSet<Id>,
    attack_version: Option<String>,
    version: Option<String>,
    rejects: Vec<Reject>,
}

/// The numbers of a control, or of a safeguard with its own; they order it.
type Id = (u16, Option<u16>);

struct Columns {
    safeguard: usize,
    title: usize,
    description: Option<usize>,
    groups: [Option<usize>; 3],
    technique: Option<usize>,
    mitigates: Option<usize>,
}

fn read_book(file: &File) -> Result<Content, String> {
    let mut book = Book::open(&file.bytes)?;
    let (mut content, mut found) = (Content::default(), false);
    for sheet in book.sheets() {
        let rows = book.rows(&sheet)?;
        let header = rows.iter().take(HEADER_ROWS).enumerate();
        let Some((start, columns)) = header.into_iter().find_map(|(start, row)| Some((start, columns(row)?)))
        else {
            continue;
        };
        found = true;
        content.attack_version = content.attack_version.or_else(|| version_in(&rows[start].fields, "attckv"));
        for row in &rows[start + 1..] {
            if let Err(reason) = content.take(row, &columns) {
                let record = format!("{}, row {}", sheet.trim(), row.line);
                content.rejects.push(Reject::new(&file.path, record, reason).at(row.line));
            }
        }
    }
    content.version = version_in(&[file.name().to_owned()], "controlsv");
    if content.attack_version.is_none() {
        content.attack_version = version_in(&[file.name().to_owned()], "attckv");
    }
    if found {
        Ok(content)
    } else {
        Err("no sheet in it has the columns 'CIS Safeguard' and 'Title'".to_owned())
    }
}

fn columns(row: &Row) -> Option<Columns> {
    let table = Table { header: row.fields.clone(), ..Table::default() };
    let like = |part: &str| table.header.iter().position(|name| plain(name).contains(part));
    Some(Columns {
        safeguard: table.column(&["CIS Safeguard", "Safeguard"])?,
        title: table.column(&["Title"])?,
        description: table.column(&["Description"]),
        groups: GROUPS.map(|group| table.column(&[group])),
        technique: like("combinedattcksubtechniqueid").or_else(|| like("combinedattcktechniqueid")),
        mitigates: like("safeguardmitigates"),
    })
}

/// The version that follows a word, such as 8.2 in `ATT&CK V8.2 Enterprise Mitigation ID`. The name of a file has no dot
/// in it: `ATTCK_v82` is 8.2.
fn version_in(texts: &[String], word: &str) -> Option<String> {
    texts.iter().find_map(|text| {
        let text: String = text
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || *c == '.')
            .collect::<String>()
            .to_ascii_lowercase();
        let rest = text.split_once(word)?.1;
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let version = rest[..end].trim_matches('.');
        let dotted = version.len() == 2 && !version.starts_with('1');
        let version =
            if dotted { format!("{}.{}", &version[..1], &version[1..]) } else { version.to_owned() };
        (!version.is_empty() && version.len() <= 8).then_some(version)
    })
}

/// `4.10` is not `4.1`; `4` is the control itself.
fn id(text: &str) -> Option<Id> {
    let number = |text: &str| {
        let plain = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u16>().ok().filter(|_| plain && !text.starts_with('0'))
    };
    match text.split_once('.') {
        Some((control, safeguard)) => Some((number(control)?, Some(number(safeguard)?))),
        None => Some((number(text)?, None)),
    }
}

fn id_text((control, safeguard): Id) -> String {
    safeguard.map_or_else(|| control.to_string(), |safeguard| format!("{control}.{safeguard}"))
}

impl Content {
    fn take(&mut self, row: &Row, columns: &Columns) -> Result<(), String> {
        let text = row.get(columns.safeguard);
        if text.is_empty() && row.get(columns.title).is_empty() {
            return Ok(());
        }
        let id = id(text).ok_or_else(|| format!("'{text}' is no number of a safeguard"))?;
        let title = line(row.get(columns.title), NAME_CHARS);
        let control = self.controls.entry(id).or_default();
        if control.title.is_empty() {
            control.title = title;
        }
        if control.description.is_empty() {
            control.description = fit(row.filled(columns.description).unwrap_or_default(), LONG_CHARS).0;
        }
        for (group, column) in GROUPS.iter().zip(columns.groups) {
            if row.filled(column).is_some() && !control.baselines.iter().any(|one| one == group) {
                control.baselines.push((*group).to_owned());
            }
        }
        if columns.technique.is_none() && id.1.is_some() {
            self.overview.insert(id);
        }
        let Some(technique) = row.filled(columns.technique) else { return Ok(()) };
        if row.filled(columns.mitigates).is_some_and(|word| word.to_ascii_lowercase().starts_with('n')) {
            return Ok(());
        }
        let ids = attack_ids(technique);
        if ids.is_empty() || !ids.iter().all(|id| is_attack_id(id)) {
            return Err(format!("'{technique}' is no id of a technique"));
        }
        for attack_id in ids {
            self.pairs.entry((id, attack_id)).or_default().insert("mitigates".to_owned());
        }
        Ok(())
    }

    fn into_records(self, path: &str, parsed: &mut Parsed) {
        let version = self.version.unwrap_or_else(|| VERSION.to_owned());
        let framework = format!("{FRAMEWORK}/{version}");
        let attack_version = self.attack_version.unwrap_or_default();
        let distinct = |count: BTreeSet<&str>| count.len();
        let mapped: BTreeSet<&Id> = self.pairs.keys().map(|(id, _)| id).collect();
        parsed.counts.add("pairs", self.pairs.len());
        parsed.counts.add("safeguards with a mapping", mapped.len());
        parsed.counts.add("techniques", distinct(self.pairs.keys().map(|(_, id)| id.as_str()).collect()));
        parsed.counts.add("safeguards in the overview", self.overview.len());
        parsed.counts.add("controls", self.controls.keys().filter(|id| id.1.is_none()).count());
        parsed.counts.add("safeguards", self.controls.keys().filter(|id| id.1.is_some()).count());
        parsed.rejects.extend(self.rejects);
        parsed.records.push(Record::Framework(FrameworkRecord {
            key: framework.clone(),
            path: path.to_owned(),
            name: "CIS Controls".to_owned(),
            version: version.clone(),
            url: Some(format!("https://www.cisecurity.org/controls/v{version}/")),
            attack_version: Some(attack_version.clone()).filter(|version| !version.is_empty()),
            domain: Some("enterprise-attack".to_owned()),
            ..FrameworkRecord::default()
        }));
        let titles: BTreeMap<u16, String> = self
            .controls
            .iter()
            .filter(|(id, _)| id.1.is_none())
            .map(|(id, one)| (id.0, one.title.clone()))
            .collect();
        for (ordinal, (id, control)) in self.controls.into_iter().enumerate() {
            let control_id = id_text(id);
            let title = if control.title.is_empty() { control_id.clone() } else { control.title };
            let parent = titles.get(&id.0).filter(|_| id.1.is_some());
            parsed.records.push(Record::Control(ControlRecord {
                key: format!("{framework}/{control_id}"),
                path: path.to_owned(),
                framework: framework.clone(),
                ordinal: u32::try_from(ordinal).unwrap_or(u32::MAX),
                parent: parent.map(|_| id.0.to_string()),
                category: parent.cloned().unwrap_or_default(),
                control_id,
                title,
                ..control
            }));
        }
        for ((id, attack_id), kinds) in self.pairs {
            let control_id = id_text(id);
            parsed.records.push(Record::ControlMapping(ControlMappingRecord {
                key: format!("{framework}/{control_id}/{attack_id}@{attack_version}"),
                path: path.to_owned(),
                framework: framework.clone(),
                control_id,
                attack_id,
                attack_version: attack_version.clone(),
                kinds: kinds.into_iter().collect(),
                ..ControlMappingRecord::default()
            }));
        }
    }
}

#[cfg(test)]
mod tests;
