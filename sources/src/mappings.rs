//! Reads the Mappings Explorer of the Center for Threat-Informed Defense: `mappings/**.json`, a file for each framework,
//! version of it, version of ATT&CK and domain.
//!
//! Format: the project's unified data schema, `{metadata, mapping_objects}`. Objects that are not complete, or that say
//! that nothing can be mapped, are counted and left out.

use crate::each::each;
use crate::files::{File, Files};
use crate::json::Few;
use crate::record::{ControlMappingRecord, ControlRecord, FrameworkRecord, Record};
use crate::text::{fit, line};
use crate::{Counts, Parsed, Progress, Reject, SourceError, finished, is_attack_id, json};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};

/// Characters of a name that are kept.
const NAME_CHARS: usize = 500;
/// Characters of comments that are kept.
const LONG_CHARS: usize = 50_000;
/// References of a pair that are kept.
const MAX_REFERENCES: usize = 50;

/// The most bytes of one object.
const MAX_OBJECT_BYTES: usize = 512 * 1024;

/// Whether a file is one of the explorer's.
pub fn wants(path: &str) -> bool {
    let json = path.to_ascii_lowercase().ends_with(".json");
    json && (path.starts_with("mappings/") || path.contains("/mappings/") || !path.contains('/'))
}

#[derive(Deserialize)]
struct Document {
    metadata: Metadata,
    /// Each is read by itself, so that one at fault costs no other.
    mapping_objects: Few<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Metadata {
    mapping_framework: String,
    mapping_framework_version: String,
    attack_version: String,
    #[serde(default)]
    technology_domain: Option<String>,
    #[serde(default)]
    capability_groups: Option<BTreeMap<String, serde_json::Value>>,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Object {
    capability_id: Option<String>,
    capability_group: Option<String>,
    capability_description: Option<String>,
    mapping_type: Option<String>,
    attack_object_id: Option<String>,
    score_category: Option<String>,
    score_value: Option<String>,
    comments: Option<String>,
    references: Option<Vec<String>>,
    status: Option<String>,
}

#[derive(Default)]
struct Content {
    framework: Option<FrameworkRecord>,
    controls: BTreeMap<String, ControlRecord>,
    mappings: BTreeMap<(String, String), Mapping>,
    counts: Counts,
    rejects: Vec<Reject>,
}

#[derive(Default)]
struct Mapping {
    kinds: BTreeSet<String>,
    scores: BTreeSet<String>,
    comments: BTreeSet<String>,
    references: BTreeSet<String>,
}

/// Reads the files. Those of the same framework and version share its controls.
///
/// # Errors
/// [`SourceError`].
pub fn read(files: &Files, progress: Progress<'_>) -> Result<Parsed, SourceError> {
    let wanted = files.wanted(wants);
    let mut parsed = Parsed { rejects: files.rejects.clone(), ..Parsed::default() };
    let (mut frameworks, mut controls) = (BTreeMap::<String, FrameworkRecord>::new(), BTreeMap::new());
    for (file, content) in wanted.iter().zip(each(&wanted, progress, read_file)?) {
        parsed.rejects.extend(content.rejects);
        let Some(framework) = content.framework else { continue };
        let (key, version) = (framework.key.clone(), framework.attack_version.clone().unwrap_or_default());
        let domain = framework.domain.clone().unwrap_or_default();
        let title = format!("{key} for ATT&CK {version} {}", domain.trim_end_matches("-attack"));
        for (what, count) in content.counts.0 {
            parsed.counts.0.insert(format!("{title}: {what}"), count);
        }
        parsed.counts.add("mapping files", 1);
        for (id, control) in content.controls {
            controls.entry((key.clone(), id)).or_insert(control);
        }
        for ((control_id, attack_id), mapping) in content.mappings {
            parsed.records.push(Record::ControlMapping(ControlMappingRecord {
                key: format!("{key}/{control_id}/{attack_id}@{version}"),
                path: file.path.clone(),
                framework: key.clone(),
                control_id,
                attack_id,
                attack_version: version.clone(),
                kinds: mapping.kinds.into_iter().collect(),
                scores: mapping.scores.into_iter().collect(),
                comments: fit(&mapping.comments.into_iter().collect::<Vec<_>>().join("\n\n"), LONG_CHARS).0,
                references: mapping.references.into_iter().take(MAX_REFERENCES).collect(),
                technique_stix_id: None,
            }));
        }
        match frameworks.get_mut(&key) {
            None => {
                frameworks.insert(key, framework);
            }
            Some(first) => join(first, &framework),
        }
    }
    let mut ordinals: BTreeMap<String, u32> = BTreeMap::new();
    parsed.records.extend(controls.into_iter().map(|((framework, _), control)| {
        let next = ordinals.entry(framework).or_default();
        let control = ControlRecord { ordinal: *next, ..control };
        *next += 1;
        Record::Control(control)
    }));
    parsed.records.extend(frameworks.into_values().map(Record::Framework));
    finished(
        parsed,
        "mapping of a framework",
        "mappings/nist_800_53/.../nist_800_53-rev5_attack-16.1-enterprise.json and its like",
    )
}

/// What only some of its files say, the framework does not say; the mappings do, each for itself.
fn join(first: &mut FrameworkRecord, other: &FrameworkRecord) {
    if first.attack_version != other.attack_version {
        first.attack_version = None;
    }
    if first.domain != other.domain {
        first.domain = None;
    }
}

fn read_file(file: &File) -> Content {
    let refuse = |reject| Content { rejects: vec![reject], ..Content::default() };
    let document: Document = match json::read(file) {
        Ok(document) => document,
        Err(reject) => return refuse(reject),
    };
    let framework = match framework(&document.metadata, &file.path) {
        Ok(framework) => framework,
        Err(reason) => return refuse(Reject::new(&file.path, "metadata", reason)),
    };
    let groups = document.metadata.capability_groups.unwrap_or_default();
    let mut content = Content::default();
    let mut counts = Counts::default();
    counts.add("objects", document.mapping_objects.0.len());
    counts.add("complete", 0);
    for (index, object) in document.mapping_objects.0.into_iter().enumerate() {
        let object = match object_of(&object) {
            Ok(object) => object,
            Err(reason) => {
                content.rejects.push(Reject::new(&file.path, place(index), reason));
                continue;
            }
        };
        if object.status.as_deref().map(str::trim) != Some("complete") {
            counts.add("not mappable or not complete", 1);
            if let Some(id) = control_id(&object, &framework) {
                content.control(id, &object, &framework, &groups);
            }
            continue;
        }
        counts.add("complete", 1);
        let Some(id) = control_id(&object, &framework) else {
            content.rejects.push(Reject::new(&file.path, place(index), "capability_id is missing"));
            continue;
        };
        content.control(id.clone(), &object, &framework, &groups);
        let attack_id = object.attack_object_id.as_deref().unwrap_or_default().trim().to_ascii_uppercase();
        if !is_attack_id(&attack_id) {
            let reason = match attack_id.is_empty() {
                true => "it is complete, but attack_object_id is missing".to_owned(),
                false => format!("attack_object_id is '{attack_id}', which is no id of a technique"),
            };
            content.rejects.push(Reject::new(&file.path, format!("{}, {id}", place(index)), reason));
            continue;
        }
        content.mappings.entry((id, attack_id)).or_default().add(object);
    }
    let distinct =
        |of: fn(&(String, String)) -> &String| content.mappings.keys().map(of).collect::<BTreeSet<_>>().len();
    counts.add("pairs", content.mappings.len());
    counts.add("capabilities", distinct(|(id, _)| id));
    counts.add("techniques", distinct(|(_, id)| id));
    Content { framework: Some(framework), counts, ..content }
}

/// Real ones say a field twice; the last one counts, as with most readers of JSON.
fn object_of(raw: &RawValue) -> Result<Object, String> {
    if raw.get().len() > MAX_OBJECT_BYTES {
        return Err(format!("it has more than {MAX_OBJECT_BYTES} bytes"));
    }
    let value: serde_json::Value = serde_json::from_str(raw.get()).map_err(|error| error.to_string())?;
    serde_json::from_value(value).map_err(|error| error.to_string())
}

fn place(index: usize) -> String {
    format!("object {}", index + 1)
}

fn framework(metadata: &Metadata, path: &str) -> Result<FrameworkRecord, &'static str> {
    let word = |text: &str| line(text, NAME_CHARS);
    let (name, version) = (word(&metadata.mapping_framework), word(&metadata.mapping_framework_version));
    let attack_version = word(&metadata.attack_version);
    if name.is_empty() || version.is_empty() {
        return Err("mapping_framework or mapping_framework_version is empty");
    }
    if !attack_version.starts_with(|c: char| c.is_ascii_digit()) {
        return Err("attack_version is no version");
    }
    let domain = metadata.technology_domain.as_deref().map(word).filter(|domain| !domain.is_empty());
    Ok(FrameworkRecord {
        // A version may be a date with slashes, which part the key.
        key: format!("{}/{}", name.to_ascii_lowercase().replace(' ', "_"), version.replace('/', ".")),
        path: path.to_owned(),
        name,
        version,
        attack_version: Some(attack_version),
        domain: domain.map(|domain| match domain.to_ascii_lowercase() {
            domain if domain.ends_with("-attack") => domain,
            domain => format!("{domain}-attack"),
        }),
        ..FrameworkRecord::default()
    })
}

fn control_id(object: &Object, framework: &FrameworkRecord) -> Option<String> {
    let id = line(object.capability_id.as_deref()?, NAME_CHARS);
    let id = if framework.key.starts_with("nist_800_53/") { unpadded(&id) } else { id };
    (!id.is_empty()).then_some(id)
}

impl Content {
    fn control(
        &mut self,
        id: String,
        object: &Object,
        framework: &FrameworkRecord,
        groups: &BTreeMap<String, serde_json::Value>,
    ) {
        let group = object.capability_group.as_deref().unwrap_or_default();
        let category = groups.get(group).and_then(serde_json::Value::as_str).unwrap_or(group);
        let title = line(object.capability_description.as_deref().unwrap_or_default(), NAME_CHARS);
        self.controls.entry(id).or_insert_with_key(|id| ControlRecord {
            key: format!("{}/{id}", framework.key),
            path: framework.path.clone(),
            framework: framework.key.clone(),
            control_id: id.clone(),
            title: if title.is_empty() { id.clone() } else { title },
            category: line(category, NAME_CHARS),
            ..ControlRecord::default()
        });
    }
}

impl Mapping {
    fn add(&mut self, object: Object) {
        let filled =
            |text: Option<String>| text.map(|text| line(&text, NAME_CHARS)).filter(|text| !text.is_empty());
        self.kinds.extend(filled(object.mapping_type));
        self.scores.extend(match (filled(object.score_category), filled(object.score_value)) {
            (Some(category), Some(value)) => Some(format!("{category}: {value}")),
            (category, value) => category.or(value),
        });
        let comments = object.comments.map(|text| fit(text.trim(), LONG_CHARS).0);
        self.comments.extend(comments.filter(|text| !text.is_empty()));
        self.references
            .extend(object.references.unwrap_or_default().into_iter().filter_map(|text| filled(Some(text))));
    }
}

/// An id of NIST SP 800-53 without padding: `AC-2(1)` for `AC-02(01)`.
pub fn unpadded(id: &str) -> String {
    let (mut plain, mut leading) = (String::with_capacity(id.len()), true);
    let mut chars = id.trim().chars().peekable();
    while let Some(c) = chars.next() {
        let digit_follows = chars.peek().is_some_and(char::is_ascii_digit);
        if !(c == '0' && leading && digit_follows) {
            plain.push(c);
            leading = !c.is_ascii_digit();
        }
    }
    plain
}

#[cfg(test)]
mod tests;
