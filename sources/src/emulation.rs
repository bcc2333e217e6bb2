//! Reads the plans of the Adversary Emulation Library: `*/Emulation_Plan/yaml/*.yaml`, or a single plan.
//!
//! Format: the library's `structure/format_dictionary.yaml`. A plan is a list: its details, then its abilities. Each
//! ability is a template, each plan an adversary with its abilities as steps. What plans are run by (`planners/`) and
//! the archives of CALDERA beside them are no plans.
//!
//! An ability has the key that it says. One without gets the key of its plan with its place; one whose id was seen
//! before gets the key of its plan with its id, and with its place too if the plan itself repeats it.

use crate::caldera;
use crate::each::each;
use crate::files::{File, Files};
use crate::kept::{self, long_of, name_of};
use crate::record::{AdversaryRecord, Record, TemplateRecord};
use crate::yaml::{self, Node};
use crate::{Parsed, Progress, Reject, SourceError, finished};
use std::collections::{BTreeSet, HashSet};

/// The key of what a plan says of itself.
const DETAILS: &str = "emulation_plan_details";
/// How many abilities a plan may have. Known ones have 79.
const MAX_ABILITIES: usize = 5_000;

/// Whether a file of the repository is one of its plans. A file in no folder is a plan of its own.
pub fn wants(path: &str) -> bool {
    let yaml = path.ends_with(".yaml") || path.ends_with(".yml");
    let plan = |folders: &str| {
        let mut folders = folders.split('/');
        let aside = |folder: &str| matches!(folder, "planners" | "Archive");
        folders.clone().any(|folder| folder == "Emulation_Plan") && !folders.any(aside)
    };
    yaml && path.rsplit_once('/').is_none_or(|(folders, _)| plan(folders))
}

/// A plan as it was read, its abilities with the ids they say and their places.
struct Plan {
    adversary: AdversaryRecord,
    abilities: Vec<(TemplateRecord, usize)>,
    rejects: Vec<Reject>,
}

/// Reads the files of the repository.
///
/// # Errors
/// [`SourceError`].
pub fn read(files: &Files, progress: Progress<'_>) -> Result<Parsed, SourceError> {
    let wanted = files.wanted(wants);
    let mut parsed = Parsed {
        version: files.version("adversary_emulation_library"),
        rejects: files.rejects.clone(),
        ..Parsed::default()
    };
    let (mut seen, mut techniques) = (HashSet::new(), BTreeSet::new());
    for plan in each(&wanted, progress, read_file)? {
        let Plan { mut adversary, abilities, rejects } = match plan {
            Ok(plan) => plan,
            Err(reject) => {
                parsed.rejects.add(reject);
                continue;
            }
        };
        parsed.rejects.extend(rejects);
        parsed.counts.add("plans", 1);
        parsed.counts.add("abilities", abilities.len());
        parsed.counts.add(&format!("abilities of {}", adversary.name), abilities.len());
        for (mut ability, place) in abilities {
            ability.key = key(&adversary.key, &ability.key, place, &mut seen);
            parsed.counts.add("abilities without a technique", usize::from(ability.attack_id.is_none()));
            techniques.extend(ability.attack_id.clone());
            adversary.steps.push(ability.key.clone());
            parsed.records.push(Record::Template(ability));
        }
        parsed.records.push(Record::Adversary(adversary));
    }
    parsed.counts.add("techniques", techniques.len());
    finished(parsed, "emulation plan", "*/Emulation_Plan/yaml/*.yaml")
}

/// A key that no ability before has.
fn key(plan: &str, id: &str, place: usize, seen: &mut HashSet<String>) -> String {
    let in_plan = if id.is_empty() { format!("{plan}/{place}") } else { format!("{plan}/{id}") };
    let ways = [id.to_owned(), in_plan, format!("{plan}/{id}/{place}")];
    let free = ways.into_iter().find(|way| !way.is_empty() && !seen.contains(way));
    // Another plan of the same id; its abilities are told from each other, and refused where they differ.
    let key = free.unwrap_or_else(|| format!("{plan}/{id}/{place}"));
    seen.insert(key.clone());
    key
}

fn read_file(file: &File) -> Result<Plan, Reject> {
    let document = yaml::document(&file.bytes)
        .map_err(|fault| Reject::new(&file.path, "", fault.reason).at(fault.line))?;
    let whole = |reason: String| Reject::new(&file.path, "", reason).at(document.line);
    let items = document.items();
    let details = items.iter().find_map(|item| item.get(DETAILS));
    let details = details.ok_or_else(|| whole(format!("it has no {DETAILS}, so it is no plan")))?;
    if items.len() > MAX_ABILITIES {
        return Err(whole(format!("it has more than {MAX_ABILITIES} abilities")));
    }
    let adversary = adversary(details, file).map_err(whole)?;
    let mut plan = Plan { adversary, abilities: vec![], rejects: vec![] };
    let abilities = items.iter().filter(|item| item.get(DETAILS).is_none());
    for (index, ability) in abilities.enumerate() {
        let id = ability.text_of("id").map_or_else(|| Ok(String::new()), |id| kept::id(id, "id"));
        match id.and_then(|id| caldera::template(ability, id, &file.path)) {
            Ok(template) => plan.abilities.push((template, index + 1)),
            Err(reason) => {
                let record = match name_of(ability, "name") {
                    name if name.is_empty() => format!("ability {}", index + 1),
                    name => name,
                };
                plan.rejects.push(Reject::new(&file.path, record, reason).at(ability.line));
            }
        }
    }
    if plan.abilities.is_empty() {
        return Err(plan
            .rejects
            .into_iter()
            .next()
            .unwrap_or_else(|| whole("it has no abilities".to_owned())));
    }
    Ok(plan)
}

fn adversary(details: &Node, file: &File) -> Result<AdversaryRecord, String> {
    let name = name_of(details, "adversary_name");
    if name.is_empty() {
        return Err("adversary_name is missing".to_owned());
    }
    let key = match details.text_of("id") {
        Some(id) => kept::id(id, "id")?,
        None => kept::name(file.stem()).to_lowercase(),
    };
    let description = long_of(details, "adversary_description")?.trim().to_owned();
    Ok(AdversaryRecord {
        key,
        path: file.path.clone(),
        group: group_in(&name).or_else(|| group_in(&description)),
        name,
        description,
        ..AdversaryRecord::default()
    })
}

/// The id of a group that stands in a text as a word: `Sandworm Team (G0034)`.
fn group_in(text: &str) -> Option<String> {
    let group = |word: &&str| {
        let digits = word.strip_prefix('G');
        digits.is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    text.split(|c: char| !c.is_alphanumeric()).find(group).map(str::to_owned)
}

#[cfg(test)]
mod tests;
