//! Reads the YAML of DeTT&CT: what data is at hand, how well techniques are seen and detected, and groups.
//!
//! Format: the wiki of the DeTT&CT project; `file_type` says which of the three a file is. Where it writes one object
//! or a list of them, both are read. Older files have the score and its day beside each other, newer ones a log of
//! scores. `version` tells nothing that the fields do not.

use super::{
    Aspect, Assessment, DataSource, Found, Group, Score, clock, ends_in, long, name, platform, read_each,
    sorted,
};
use crate::yaml::{self, Node, Value};
use crate::{File, Files, Progress, Reject, SourceError, is_attack_id};

/// What a score may be: -1 for a technique that is not detected at all.
const SCORES: std::ops::RangeInclusive<i64> = -1..=5;

/// Whether a file can be one of DeTT&CT.
pub fn wants(path: &str) -> bool {
    ends_in(path, &[".yaml", ".yml"])
}

/// Reads files of DeTT&CT.
///
/// # Errors
/// [`SourceError`].
pub fn read(files: &Files, progress: Progress<'_>) -> Result<Found, SourceError> {
    read_each(files, &files.wanted(wants), progress, read_file)?
        .finished("file of DeTT&CT", "a YAML file with 'file_type'")
}

/// What all records of a file share.
struct Frame<'a> {
    path: &'a str,
    domain: Option<String>,
    platforms: Vec<String>,
}

fn read_file(file: &File) -> Found {
    let mut found = Found::default();
    match yaml::document(&file.bytes) {
        Err(fault) => found.rejects.add(Reject::new(&file.path, "", fault.reason).at(fault.line)),
        Ok(document) => {
            if let Err(reason) = read_document(&document, &file.path, &mut found) {
                found.rejects.add(Reject::new(&file.path, "", reason).at(document.line));
            }
        }
    }
    found
}

fn read_document(document: &Node, path: &str, found: &mut Found) -> Result<(), String> {
    let kind = document.text_of("file_type").ok_or("file_type is missing")?.trim();
    let platforms = document.texts_of("platform").into_iter().map(platform);
    let domain = document.text_of("domain").map(name).filter(|domain| !domain.is_empty());
    let frame = Frame { path, domain, platforms: sorted(platforms) };
    match kind {
        "technique-administration" => {
            let techniques = document.get("techniques").ok_or("techniques is missing")?;
            found.counts.add("technique files", 1);
            found.counts.add("techniques", techniques.items().len());
            techniques.items().iter().for_each(|technique| read_technique(technique, &frame, found));
        }
        "data-source-administration" => {
            let sources = document.get("data_sources").ok_or("data_sources is missing")?;
            found.counts.add("data source files", 1);
            found.counts.add("data sources", sources.items().len());
            let systems = document.get("systems").map(one_or_many).unwrap_or_default();
            sources.items().iter().for_each(|source| read_source(source, systems, &frame, found));
        }
        "group-administration" => {
            let groups = document.get("groups").ok_or("groups is missing")?;
            found.counts.add("group files", 1);
            found.counts.add("groups", groups.items().len());
            groups.items().iter().for_each(|group| match read_group(group, &frame) {
                Ok(group) => found.groups.push(group),
                Err(reason) => {
                    let name = name(group.text_of("group_name").unwrap_or_default());
                    found.rejects.add(Reject::new(path, name, reason).at(group.line));
                }
            });
        }
        other => return Err(format!("file_type is '{}', which is not known", name(other))),
    }
    Ok(())
}

/// A list, or the one object that stands in its place.
fn one_or_many(node: &Node) -> &[Node] {
    match &node.value {
        Value::List(items) => items,
        Value::Map(_) => std::slice::from_ref(node),
        Value::Null | Value::Text(_) => &[],
    }
}

fn many<'a>(node: &'a Node, key: &str) -> &'a [Node] {
    node.get(key).map(one_or_many).unwrap_or_default()
}

fn read_technique(technique: &Node, frame: &Frame<'_>, found: &mut Found) {
    let attack_id = technique.text_of("technique_id").unwrap_or_default().trim().to_ascii_uppercase();
    if !is_attack_id(&attack_id) {
        let reason = "technique_id is no id of a technique";
        found.rejects.add(Reject::new(frame.path, name(&attack_id), reason).at(technique.line));
        return;
    }
    for (aspect, key) in [(Aspect::Detection, "detection"), (Aspect::Visibility, "visibility")] {
        for item in many(technique, key) {
            match read_assessment(item, &attack_id, aspect, frame) {
                Ok(assessment) => {
                    found.counts.add(if key == "detection" { "detections" } else { "visibilities" }, 1);
                    found.counts.add("scores", assessment.scores.len());
                    found.assessments.push(assessment);
                }
                Err(reason) => {
                    let record = format!("{attack_id}, {key}");
                    found.rejects.add(Reject::new(frame.path, record, reason).at(item.line));
                }
            }
        }
    }
}

fn read_assessment(
    item: &Node,
    attack_id: &str,
    aspect: Aspect,
    frame: &Frame<'_>,
) -> Result<Assessment, String> {
    let applicable_to = applicable_to(item);
    let log = many(item, "score_logbook");
    let scores: Vec<Score> = if item.get("score_logbook").is_none() && item.get("score").is_some() {
        vec![read_score(item)?]
    } else {
        log.iter().map(read_score).collect::<Result<_, _>>()?
    };
    if scores.is_empty() {
        return Err("it has no score".to_owned());
    }
    let word = if aspect == Aspect::Detection { "detection" } else { "visibility" };
    Ok(Assessment {
        key: format!("{}/{attack_id}/{word}/{}", frame.path, applicable_to.join(",")),
        path: frame.path.to_owned(),
        line: Some(item.line),
        attack_id: attack_id.to_owned(),
        domain: frame.domain.clone(),
        aspect,
        applicable_to,
        locations: words(item, "location"),
        comment: long(item.text_of("comment").unwrap_or_default())?,
        scores,
    })
}

/// The systems that something applies to; `all` where it is not said, as DeTT&CT has it.
fn applicable_to(item: &Node) -> Vec<String> {
    let said = sorted(item.texts_of("applicable_to"));
    if said.is_empty() { vec!["all".to_owned()] } else { said }
}

/// Words in the order of the file.
fn words(node: &Node, key: &str) -> Vec<String> {
    let words = node.texts_of(key).into_iter().map(name);
    words.filter(|word| !word.is_empty()).take(super::MAX_WORDS).collect()
}

fn read_score(item: &Node) -> Result<Score, String> {
    let text = item.text_of("score").ok_or("a score is missing")?.trim();
    let score = text.parse().ok().filter(|score| SCORES.contains(score));
    let day = ["date", "date_implemented", "date_registered"].into_iter().find_map(|key| item.text_of(key));
    Ok(Score {
        date: day.map(clock::day).transpose()?.flatten(),
        score: score.ok_or_else(|| format!("the score '{}' is none from -1 to 5", name(text)))?,
        comment: long(item.text_of("comment").unwrap_or_default())?,
        auto_generated: item.truth_of("auto_generated"),
    })
}

fn read_source(source: &Node, systems: &[Node], frame: &Frame<'_>, found: &mut Found) {
    let title = name(source.text_of("data_source_name").unwrap_or_default());
    // Files of version 1.0 have the fields beside the name.
    let items = match source.get("data_source") {
        Some(items) => one_or_many(items),
        None => std::slice::from_ref(source),
    };
    for item in items {
        match read_details(item, &title, systems, frame) {
            Ok(details) => {
                found.counts.add("data source details", 1);
                found.data_sources.push(details);
            }
            Err(reason) => found.rejects.add(Reject::new(frame.path, &title, reason).at(item.line)),
        }
    }
}

fn read_details(item: &Node, title: &str, systems: &[Node], frame: &Frame<'_>) -> Result<DataSource, String> {
    if title.is_empty() {
        return Err("data_source_name is missing".to_owned());
    }
    let applicable_to = applicable_to(item);
    let all = applicable_to.iter().any(|system| system == "all");
    let meant = |system: &&Node| {
        all || system.text_of("applicable_to").is_some_and(|text| applicable_to.contains(&name(text)))
    };
    let platforms = systems.iter().filter(meant).flat_map(|system| system.texts_of("platform"));
    let platforms = sorted(platforms.map(platform));
    let day = |key| item.text_of(key).map(clock::day).transpose().map(Option::flatten);
    let quality = item.get("data_quality").map(Node::entries).unwrap_or_default();
    let quality = quality.iter().take(super::MAX_WORDS).map(|(dimension, value)| {
        let text = value.text().unwrap_or_default().trim();
        let number = text.parse().ok().filter(|number| SCORES.contains(number));
        let dimension = name(dimension);
        match number {
            Some(number) => Ok((dimension, number)),
            None => Err(format!("{dimension} is '{}', which is none from 0 to 5", name(text))),
        }
    });
    Ok(DataSource {
        key: format!("{}/{title}/{}", frame.path, applicable_to.join(",")),
        path: frame.path.to_owned(),
        line: Some(item.line),
        name: title.to_owned(),
        domain: frame.domain.clone(),
        applicable_to,
        platforms: if platforms.is_empty() { frame.platforms.clone() } else { platforms },
        registered_on: day("date_registered")?,
        connected_on: day("date_connected")?,
        products: words(item, "products"),
        available: item.truth_of("available_for_data_analytics"),
        comment: long(item.text_of("comment").unwrap_or_default())?,
        quality: quality.collect::<Result<_, _>>()?,
    })
}

fn read_group(group: &Node, frame: &Frame<'_>) -> Result<Group, String> {
    let title = name(group.text_of("group_name").unwrap_or_default());
    if title.is_empty() {
        return Err("group_name is missing".to_owned());
    }
    let campaign = name(group.text_of("campaign").unwrap_or_default());
    let listed = group.get("technique_id");
    let counted = listed.map(Node::entries).unwrap_or_default();
    let counted = counted.iter().map(|(id, count)| (id.as_str(), count.text()));
    let plain = listed.map(Node::texts).unwrap_or_default();
    let mut techniques: Vec<(String, Option<i64>)> = vec![];
    for (id, count) in counted.chain(plain.into_iter().map(|id| (id, None))) {
        let id = id.trim().to_ascii_uppercase();
        if !is_attack_id(&id) {
            return Err(format!("'{}' is no id of a technique", name(&id)));
        }
        let count = count.map(|count| count.trim().parse::<i64>()).transpose();
        let count = count.map_err(|_| format!("how often {id} was seen is no whole number"))?;
        if !techniques.iter().any(|(other, _)| *other == id) {
            techniques.push((id, count));
        }
    }
    let software = words(group, "software_id");
    if techniques.is_empty() && software.is_empty() {
        return Err("it has neither techniques nor software".to_owned());
    }
    Ok(Group {
        key: format!("{}/{title}/{campaign}", frame.domain.as_deref().unwrap_or("enterprise-attack")),
        path: frame.path.to_owned(),
        line: Some(group.line),
        name: title,
        campaign,
        domain: frame.domain.clone(),
        platforms: frame.platforms.clone(),
        techniques,
        software,
        enabled: group.get("enabled").is_none() || group.truth_of("enabled"),
    })
}

#[cfg(test)]
mod tests;
