//! Reads NIST SP 800-53 in OSCAL: the catalogue, and the baselines beside it.
//!
//! Format: OSCAL JSON 1.0 and 1.1, `{catalog: {groups: [{controls: [{controls}]}]}}`. A catalogue that was resolved from
//! a profile (it links to its `source-profile`, or is called a baseline) is a baseline; a profile is read as one where
//! its resolved catalogue is not at hand. The whole catalogue gives the controls; if there are only baselines, they do.

use crate::each::each;
use crate::files::{File, Files};
use crate::record::{ControlRecord, FrameworkRecord, Record};
use crate::text::{fit, line};
use crate::{Parsed, Progress, Reject, SourceError, finished, json};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Characters of a name that are kept.
const NAME_CHARS: usize = 500;
/// Characters of a statement that are kept.
const LONG_CHARS: usize = 50_000;
/// How deep parameters may stand in parameters, and parts in parts.
const MAX_DEPTH: usize = 8;
/// The most bytes of a file; the largest real one has 4 MB. A part of a few bytes takes many in memory.
const MAX_BYTES: usize = 16 * 1024 * 1024;
/// The key of the framework.
const FRAMEWORK: &str = "nist_800_53/rev5";

/// Whether a file is one of the catalogue's.
pub fn wants(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let name = path.rsplit('/').next().unwrap_or(&path);
    path.ends_with(".json") && name.contains("800-53") && (name.contains("rev5") || name.contains("rev_5"))
}

#[derive(Deserialize)]
struct Document {
    catalog: Option<Catalog>,
    profile: Option<Profile>,
}

#[derive(Deserialize)]
struct Metadata {
    title: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    links: Vec<Link>,
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    rel: String,
}

#[derive(Deserialize)]
struct Catalog {
    metadata: Metadata,
    #[serde(default)]
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    title: String,
    #[serde(default)]
    controls: Vec<Control>,
}

#[derive(Deserialize)]
struct Control {
    id: String,
    title: String,
    #[serde(default)]
    params: Vec<Param>,
    #[serde(default)]
    props: Vec<Prop>,
    #[serde(default)]
    parts: Vec<Part>,
    #[serde(default)]
    controls: Vec<Control>,
}

#[derive(Deserialize)]
struct Prop {
    name: String,
    value: String,
    #[serde(default)]
    class: Option<String>,
}

#[derive(Deserialize)]
struct Param {
    id: String,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    select: Option<Select>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Select {
    #[serde(default)]
    how_many: Option<String>,
    #[serde(default)]
    choice: Vec<String>,
}

#[derive(Deserialize)]
struct Part {
    #[serde(default)]
    name: String,
    #[serde(default)]
    prose: String,
    #[serde(default)]
    props: Vec<Prop>,
    #[serde(default)]
    parts: Vec<Part>,
}

#[derive(Deserialize)]
struct Profile {
    metadata: Metadata,
    #[serde(default)]
    imports: Vec<Import>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Import {
    #[serde(default)]
    include_controls: Vec<Include>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Include {
    #[serde(default)]
    with_ids: Vec<String>,
}

/// What a file is.
enum Content {
    Catalogue {
        title: String,
        version: String,
        groups: usize,
        controls: Vec<ControlRecord>,
        rejects: Vec<Reject>,
    },
    Resolved {
        baseline: String,
        controls: Vec<ControlRecord>,
    },
    Profile {
        baseline: String,
        ids: Vec<String>,
    },
    Refused(Reject),
}

/// Reads the files.
///
/// # Errors
/// [`SourceError`].
pub fn read(files: &Files, progress: Progress<'_>) -> Result<Parsed, SourceError> {
    let wanted = files.wanted(wants);
    let mut parsed = Parsed { rejects: files.rejects.clone(), ..Parsed::default() };
    let mut controls: BTreeMap<String, ControlRecord> = BTreeMap::new();
    let mut spare: BTreeMap<String, ControlRecord> = BTreeMap::new();
    let (mut resolved, mut profiles) = (BTreeMap::new(), BTreeMap::new());
    let mut framework = FrameworkRecord {
        key: FRAMEWORK.to_owned(),
        name: "NIST SP 800-53".to_owned(),
        version: "rev5".to_owned(),
        url: Some("https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final".to_owned()),
        ..FrameworkRecord::default()
    };
    for (file, content) in wanted.iter().zip(each(&wanted, progress, read_file)?) {
        if framework.path.is_empty() {
            framework.path.clone_from(&file.path);
        }
        match content {
            Content::Catalogue { title, version, groups, controls: all, rejects } => {
                parsed.rejects.extend(rejects);
                if parsed.version.is_some() {
                    parsed.rejects.add(Reject::new(
                        &file.path,
                        "",
                        "it is a second catalogue; the first one counts",
                    ));
                    continue;
                }
                parsed.counts.add("groups", groups);
                parsed.version = Some(version);
                (framework.description, framework.path) = (title, file.path.clone());
                controls.extend(all.into_iter().map(|control| (control.control_id.clone(), control)));
            }
            Content::Resolved { baseline, controls: all } => {
                let ids = all.iter().map(|control| control.control_id.clone()).collect::<BTreeSet<_>>();
                spare.extend(all.into_iter().map(|control| (control.control_id.clone(), control)));
                resolved.entry(baseline).or_insert(ids);
            }
            Content::Profile { baseline, ids } => {
                profiles.entry(baseline).or_insert_with(|| ids.into_iter().collect::<BTreeSet<_>>());
            }
            Content::Refused(reject) => parsed.rejects.add(reject),
        }
    }
    if controls.is_empty() {
        controls = spare;
    }
    for (baseline, ids) in profiles {
        resolved.entry(baseline).or_insert(ids);
    }
    for (baseline, ids) in resolved {
        parsed.counts.add(&format!("controls in {baseline}"), ids.len());
        for id in ids {
            match controls.get_mut(&id) {
                Some(control) => control.baselines.push(baseline.clone()),
                None => parsed
                    .rejects
                    .refuse(id, format!("it is in the baseline {baseline}, but in no catalogue")),
            }
        }
    }
    let count = |of: fn(&ControlRecord) -> bool| controls.values().filter(|control| of(control)).count();
    parsed.counts.add("controls", count(|control| control.parent.is_none()));
    parsed.counts.add("enhancements", count(|control| control.parent.is_some()));
    parsed.counts.add("withdrawn", count(|control| control.withdrawn));
    if !controls.is_empty() {
        parsed.records.push(Record::Framework(framework));
    }
    parsed.records.extend(controls.into_values().map(Record::Control));
    finished(parsed, "catalogue", "nist.gov/SP800-53/rev5/json/NIST_SP-800-53_rev5_catalog.json")
}

fn read_file(file: &File) -> Content {
    if file.bytes.len() > MAX_BYTES {
        return Content::Refused(Reject::new(&file.path, "", format!("it has more than {MAX_BYTES} bytes")));
    }
    match json::read(file) {
        Ok(Document { catalog: Some(catalog), .. }) => read_catalogue(&catalog, file),
        Ok(Document { profile: Some(profile), .. }) => match baseline(&profile.metadata, file) {
            Some(baseline) => {
                let includes = profile.imports.into_iter().flat_map(|import| import.include_controls);
                let ids = includes.flat_map(|include| include.with_ids);
                Content::Profile { baseline, ids: ids.filter_map(|id| nist_id(&id)).collect() }
            }
            None => Content::Refused(Reject::new(&file.path, "", "its title names no baseline")),
        },
        Ok(_) => Content::Refused(Reject::new(&file.path, "", "it is neither a catalogue nor a profile")),
        Err(reject) => Content::Refused(reject),
    }
}

/// The baseline that a title, or else the name of the file, speaks of.
fn baseline(metadata: &Metadata, file: &File) -> Option<String> {
    let found = |text: &str| {
        let text = text.to_ascii_uppercase();
        let known = |word: &&str| ["LOW", "MODERATE", "HIGH", "PRIVACY"].contains(word);
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
        text.contains("BASELINE").then(|| words.find(known).map(str::to_owned)).flatten()
    };
    found(&metadata.title).or_else(|| found(file.name()))
}

fn read_catalogue(catalog: &Catalog, file: &File) -> Content {
    let (mut controls, mut rejects) = (vec![], vec![]);
    for group in &catalog.groups {
        let mut open: Vec<(&Control, Option<String>)> =
            group.controls.iter().rev().map(|control| (control, None)).collect();
        while let Some((control, parent)) = open.pop() {
            let Some(id) = nist_id(&control.id) else {
                let reason = format!("'{}' is no id of a control", control.id);
                rejects.push(Reject::new(&file.path, &control.id, reason));
                continue;
            };
            open.extend(control.controls.iter().rev().map(|below| (below, Some(id.clone()))));
            controls.push(ControlRecord {
                key: format!("{FRAMEWORK}/{id}"),
                path: file.path.clone(),
                framework: FRAMEWORK.to_owned(),
                ordinal: u32::try_from(controls.len()).unwrap_or(u32::MAX),
                parent,
                title: line(&control.title, NAME_CHARS),
                category: line(&group.title, NAME_CHARS),
                description: statement(control),
                withdrawn: control
                    .props
                    .iter()
                    .any(|prop| prop.name == "status" && prop.value.eq_ignore_ascii_case("withdrawn")),
                baselines: vec![],
                control_id: id,
            });
        }
    }
    let derived = catalog.metadata.links.iter().any(|link| link.rel == "source-profile");
    match baseline(&catalog.metadata, file) {
        Some(baseline) => Content::Resolved { baseline, controls },
        None if derived => Content::Refused(Reject::new(&file.path, "", "its title names no baseline")),
        None => Content::Catalogue {
            title: line(&catalog.metadata.title, NAME_CHARS),
            version: line(&catalog.metadata.version, NAME_CHARS),
            groups: catalog.groups.len(),
            controls,
            rejects,
        },
    }
}

/// `AC-2(1)` for `ac-2.1`.
fn nist_id(id: &str) -> Option<String> {
    let (family, rest) = id.split_once('-')?;
    let (number, enhancement) =
        rest.split_once('.').map_or((rest, None), |(number, rest)| (number, Some(rest)));
    let digits =
        |text: &str| !text.is_empty() && text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    let plain = family.len() == 2 && family.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !plain || !digits(number) || !enhancement.is_none_or(digits) {
        return None;
    }
    let base = format!("{}-{number}", family.to_ascii_uppercase());
    Some(crate::mappings::unpadded(&match enhancement {
        Some(enhancement) => format!("{base}({enhancement})"),
        None => base,
    }))
}

/// The statement of a control with its items, each on its line.
fn statement(control: &Control) -> String {
    let params: HashMap<&str, &Param> =
        control.params.iter().map(|param| (param.id.as_str(), param)).collect();
    let mut lines = vec![];
    for part in control.parts.iter().filter(|part| part.name == "statement") {
        write_part(part, &params, 0, &mut lines);
    }
    fit(&lines.join("\n"), LONG_CHARS).0
}

fn write_part(part: &Part, params: &HashMap<&str, &Param>, depth: usize, lines: &mut Vec<String>) {
    let label =
        part.props.iter().find(|prop| prop.name == "label" && prop.class.as_deref() != Some("sp800-53a"));
    let prose = insert(&part.prose, params, 0);
    let text = format!("{} {}", label.map_or("", |label| label.value.trim()), prose.trim());
    if !text.trim().is_empty() {
        lines.push(format!("{}{}", "  ".repeat(depth.saturating_sub(1)), text.trim()));
    }
    if depth < MAX_DEPTH {
        part.parts.iter().for_each(|part| write_part(part, params, depth + 1, lines));
    }
}

/// A text with its parameters, `{{ insert: param, ac-1_prm_1 }}`, put into words.
fn insert(text: &str, params: &HashMap<&str, &Param>, depth: usize) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((inner, behind)) = after.split_once("}}") else { break };
        out.push_str(before);
        let id = inner.rsplit([',', ' ']).find(|word| !word.is_empty()).unwrap_or_default();
        match params.get(id) {
            // Choices within choices grow with each level, so they end, and so does the text.
            Some(param) if depth < 2 && out.len() < LONG_CHARS => out.push_str(&words(param, params, depth)),
            _ => out.push_str("[Assignment]"),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

fn words(param: &Param, params: &HashMap<&str, &Param>, depth: usize) -> String {
    match &param.select {
        Some(select) => {
            let more = if select.how_many.as_deref() == Some("one-or-more") { " (one or more)" } else { "" };
            let choices: Vec<String> =
                select.choice.iter().map(|choice| insert(choice, params, depth + 1)).collect();
            format!("[Selection{more}: {}]", choices.join("; "))
        }
        None => {
            format!("[Assignment: {}]", param.label.as_deref().unwrap_or("organization-defined value").trim())
        }
    }
}

#[cfg(test)]
mod tests;
