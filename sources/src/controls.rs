//! Reads the earlier mappings of the Center for Threat-Informed Defense: NIST SP 800-53 in STIX 2.0.
//!
//! Format: `frameworks/attack_12_1/nist800_53_r5/`, in it `stix/nist800-53-r5-controls.json` with the controls as
//! courses of action and `stix/nist800-53-r5-mappings.json` with relationships, whose targets are STIX ids of techniques
//! that stand in ATT&CK's bundle and not here. `nist800-53-r5-mappings.xlsx` beside them says the same pairs with ids of
//! ATT&CK; where it is at hand the pairs are taken from it. Without it a mapping has the STIX id alone
//! (`technique_stix_id`), for whoever knows the bundle, unless the technique is among the objects.

use crate::files::{File, Files};
use crate::json::{self, Few};
use crate::mappings::unpadded;
use crate::record::{ControlMappingRecord, ControlRecord, FrameworkRecord, Record};
use crate::sheet::Book;
use crate::table::{Table, plain};
use crate::text::{fit, line};
use crate::{Control, Parsed, Progress, Reject, SourceError, finished, is_attack_id};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Characters of a name that are kept.
const NAME_CHARS: usize = 500;
/// Characters of a description that are kept.
const LONG_CHARS: usize = 50_000;

/// Whether a file is one of controls or of their mappings.
pub fn wants(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    ["-controls.json", "-mappings.json", "-mappings.xlsx"].iter().any(|end| path.ends_with(end))
        && revision(&path).is_some()
}

/// `rev5` of a path in which the framework is named.
fn revision(path: &str) -> Option<String> {
    let text = plain(path);
    let rest = text.rsplit_once("nist80053r").map(|(_, rest)| rest)?;
    let digit = rest.chars().next().filter(char::is_ascii_digit)?;
    Some(format!("rev{digit}"))
}

/// `12.1` of `frameworks/attack_12_1/...`.
fn attack_version(path: &str) -> String {
    let folder = path.split('/').find_map(|part| part.strip_prefix("attack_"));
    let version = folder.unwrap_or_default().replace('_', ".");
    let plain = version.starts_with(|c: char| c.is_ascii_digit()) && version.len() <= 8;
    if plain { version } else { String::new() }
}

#[derive(Deserialize)]
struct Bundle {
    objects: Few<Object>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Object {
    #[serde(rename = "type")]
    kind: String,
    id: String,
    name: String,
    description: String,
    revoked: bool,
    external_references: Vec<Reference>,
    relationship_type: String,
    source_ref: String,
    target_ref: String,
    x_mitre_family: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Reference {
    source_name: String,
    external_id: Option<String>,
}

/// What the files of one folder say, by the framework and the version of ATT&CK.
#[derive(Default)]
struct Content {
    controls: HashMap<String, ControlRecord>,
    techniques: HashMap<String, String>,
    relationships: Vec<(String, Object)>,
    pairs: BTreeMap<(String, String), (String, BTreeSet<String>)>,
}

/// Reads the files.
///
/// # Errors
/// [`SourceError`].
pub fn read(files: &Files, progress: Progress<'_>) -> Result<Parsed, SourceError> {
    let wanted = files.wanted(wants);
    let mut parsed = Parsed { rejects: files.rejects.clone(), ..Parsed::default() };
    let mut contents: BTreeMap<(String, String), Content> = BTreeMap::new();
    for (index, file) in wanted.iter().enumerate() {
        if progress(index as u64, wanted.len() as u64) == Control::Cancel {
            return Err(SourceError::Cancelled);
        }
        let framework = format!("nist_800_53/{}", revision(&file.path).unwrap_or_default());
        let content = contents.entry((framework.clone(), attack_version(&file.path))).or_default();
        let read = match file.path.to_ascii_lowercase().ends_with(".xlsx") {
            true => content.read_sheet(file, &mut parsed),
            false => content.read_bundle(file, &framework, &mut parsed),
        };
        if let Err(reject) = read {
            parsed.rejects.add(reject);
        }
    }
    let mut controls: BTreeMap<String, ControlRecord> = BTreeMap::new();
    for ((framework, version), mut content) in contents {
        content.relate(&framework, &version, &mut parsed);
        let path = content.controls.values().map(|control| control.path.clone()).next();
        if let Some(path) = path {
            parsed.records.push(Record::Framework(FrameworkRecord {
                version: framework.rsplit('/').next().unwrap_or_default().to_owned(),
                key: framework,
                path,
                name: "NIST SP 800-53".to_owned(),
                attack_version: Some(version).filter(|version| !version.is_empty()),
                domain: Some("enterprise-attack".to_owned()),
                ..FrameworkRecord::default()
            }));
        }
        for control in content.controls.into_values() {
            controls.entry(control.key.clone()).or_insert(control);
        }
    }
    parsed.counts.add("controls", controls.values().filter(|control| control.parent.is_none()).count());
    parsed.counts.add("enhancements", controls.values().filter(|control| control.parent.is_some()).count());
    parsed.records.extend(controls.into_values().map(Record::Control));
    finished(
        parsed,
        "control or mapping",
        "frameworks/attack_12_1/nist800_53_r5/stix/nist800-53-r5-controls.json and its like",
    )
}

impl Content {
    fn read_bundle(&mut self, file: &File, framework: &str, parsed: &mut Parsed) -> Result<(), Reject> {
        let bundle: Bundle = json::read(file)?;
        for object in bundle.objects.0 {
            match object.kind.as_str() {
                "course-of-action" => match self.control(&object, framework, &file.path) {
                    Some(control) => {
                        self.controls.insert(object.id, control);
                    }
                    None => {
                        let reason = "it has no reference with the id of a control";
                        parsed.rejects.add(Reject::new(&file.path, &object.id, reason));
                    }
                },
                "attack-pattern" => {
                    let mut references = object.external_references.into_iter();
                    if let Some(id) = references.find_map(|one| one.external_id.filter(|id| is_attack_id(id)))
                    {
                        self.techniques.insert(object.id, id);
                    }
                }
                // Controls are also tied to each other; those to enhancements stand in their ids.
                "relationship" if !object.target_ref.starts_with("course-of-action--") => {
                    self.relationships.push((file.path.clone(), object));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn control(&self, object: &Object, framework: &str, path: &str) -> Option<ControlRecord> {
        let references = object.external_references.iter().filter(|one| one.source_name.contains("800-53"));
        let id = references.into_iter().find_map(|one| one.external_id.as_deref())?;
        let id = unpadded(&line(id, NAME_CHARS));
        let parent = id.split_once('(').map(|(parent, _)| parent.trim().to_owned());
        (!id.is_empty() && !object.id.is_empty()).then(|| ControlRecord {
            key: format!("{framework}/{id}"),
            path: path.to_owned(),
            framework: framework.to_owned(),
            ordinal: u32::try_from(self.controls.len()).unwrap_or(u32::MAX),
            parent,
            title: line(&object.name, NAME_CHARS),
            category: line(object.x_mitre_family.as_deref().unwrap_or_default(), NAME_CHARS),
            description: fit(&object.description, LONG_CHARS).0,
            withdrawn: object.revoked,
            control_id: id,
            ..ControlRecord::default()
        })
    }

    fn read_sheet(&mut self, file: &File, parsed: &mut Parsed) -> Result<(), Reject> {
        let refused = |reason: String| Reject::new(&file.path, "", reason);
        let mut book = Book::open(&file.bytes).map_err(refused)?;
        let mut found = false;
        for sheet in book.sheets() {
            let rows = book.rows(&sheet).map_err(refused)?;
            let Some((first, rows)) = rows.split_first() else { continue };
            let table = Table { header: first.fields.clone(), ..Table::default() };
            let (Some(control), Some(technique)) =
                (table.column(&["Control ID"]), table.column(&["Technique ID"]))
            else {
                continue;
            };
            found = true;
            let kind = table.column(&["Mapping Type"]);
            for row in rows {
                let (id, attack_id) = (unpadded(row.get(control)), row.get(technique).to_ascii_uppercase());
                if id.is_empty() || !is_attack_id(&attack_id) {
                    let reason = format!("'{id}' and '{attack_id}' are no control and technique");
                    parsed
                        .rejects
                        .add(Reject::new(&file.path, format!("row {}", row.line), reason).at(row.line));
                    continue;
                }
                let (_, kinds) =
                    self.pairs.entry((id, attack_id)).or_insert_with(|| (file.path.clone(), BTreeSet::new()));
                kinds.extend(row.filled(kind).map(|kind| line(kind, NAME_CHARS)));
            }
        }
        if found {
            Ok(())
        } else {
            Err(refused("no sheet in it has the columns 'Control ID' and 'Technique ID'".to_owned()))
        }
    }

    /// Makes mappings of the sheet's pairs, or of the relationships where there is no sheet.
    fn relate(&mut self, framework: &str, version: &str, parsed: &mut Parsed) {
        let resolved = !self.pairs.is_empty();
        let mut unresolved: BTreeMap<(String, String), (String, BTreeSet<String>)> = BTreeMap::new();
        parsed.counts.add("relationships", self.relationships.len());
        for (path, object) in std::mem::take(&mut self.relationships) {
            let Some(control) = self.controls.get(&object.source_ref) else {
                let reason = format!("its source '{}' is no control in these files", object.source_ref);
                parsed.rejects.add(Reject::new(&path, object.id, reason));
                continue;
            };
            if resolved {
                continue;
            }
            let kind = line(&object.relationship_type, NAME_CHARS);
            let id = control.control_id.clone();
            let all = match self.techniques.get(&object.target_ref) {
                Some(attack_id) => self.pairs.entry((id, attack_id.clone())),
                None if object.target_ref.starts_with("attack-pattern--")
                    && object.target_ref.len() <= 64 =>
                {
                    unresolved.entry((id, object.target_ref))
                }
                None => {
                    parsed.rejects.add(Reject::new(&path, object.id, "its target is no technique"));
                    continue;
                }
            };
            all.or_insert_with(|| (path, BTreeSet::new())).1.insert(kind);
        }
        parsed.counts.add("mappings", self.pairs.len() + unresolved.len());
        parsed.counts.add("mappings whose technique has a STIX id alone", unresolved.len());
        let known = std::mem::take(&mut self.pairs).into_iter().map(|pair| (pair, true));
        for (((control_id, technique), (path, kinds)), known) in
            known.chain(unresolved.into_iter().map(|pair| (pair, false)))
        {
            parsed.records.push(Record::ControlMapping(ControlMappingRecord {
                key: format!("{framework}/{control_id}/{technique}@{version}"),
                path,
                framework: framework.to_owned(),
                control_id,
                attack_id: if known { technique.clone() } else { String::new() },
                technique_stix_id: (!known).then_some(technique),
                attack_version: version.to_owned(),
                kinds: kinds.into_iter().collect(),
                ..ControlMappingRecord::default()
            }));
        }
    }
}

#[cfg(test)]
mod tests;
