//! Reads layers of the ATT&CK Navigator.
//!
//! Format: the Navigator's layer format specifications, 2.2 to 4.5. What it needs has kept its name through all of
//! them, so a layer without any version is read too. A file has one layer, or a list of them. A layer without entries
//! is a layer. Gradients, legends, filters and links are not looked at.

use super::json::{self, Text, text_of};
use super::{Found, Overlay, OverlayEntry, ends_in, long, name, read_each};
use crate::{File, Files, Progress, Reject, SourceError, is_attack_id};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::{HashMap, HashSet};

/// Layers of a file that are read.
const MAX_LAYERS: usize = 1_000;
/// Entries of a layer that are read.
const MAX_ENTRIES: usize = 50_000;
/// Names and values of an entry that are kept.
const MAX_METADATA: usize = 200;
/// How far from 0 a score may be.
const MAX_SCORE: f64 = 1e12;

/// Whether a file can be a layer.
pub fn wants(path: &str) -> bool {
    ends_in(path, &[".json"])
}

/// Reads layers. A file that is no layer is refused by itself.
///
/// # Errors
/// [`SourceError`].
pub fn read(files: &Files, progress: Progress<'_>) -> Result<Found, SourceError> {
    read_each(files, &files.wanted(wants), progress, read_file)?
        .finished("layer", "a JSON file with 'techniques', as the Navigator saves it")
}

#[derive(Deserialize)]
struct Layer<'a> {
    #[serde(default)]
    name: Value,
    #[serde(default)]
    description: Value,
    #[serde(default)]
    domain: Value,
    #[serde(default)]
    version: Value,
    #[serde(default)]
    versions: Value,
    #[serde(borrow)]
    techniques: Vec<&'a RawValue>,
}

fn read_file(file: &File) -> Found {
    let mut found = Found::default();
    if let Err(reject) = read_layers(file, &mut found) {
        found.rejects.add(reject);
    }
    found
}

fn read_layers(file: &File, found: &mut Found) -> Result<(), Reject> {
    let text = Text::of(file)?;
    let broken = |error| json::broken(file, &error);
    if !text.text.trim_start().starts_with('[') {
        let layer = serde_json::from_str(&text.text).map_err(broken)?;
        return read_layer(layer, &text, file, file.path.clone(), found);
    }
    let layers: Vec<&RawValue> = serde_json::from_str(&text.text).map_err(broken)?;
    if layers.len() > MAX_LAYERS {
        return Err(Reject::new(&file.path, "", format!("there are more than {MAX_LAYERS} layers in it")));
    }
    for (index, raw) in layers.into_iter().enumerate() {
        let number = index + 1;
        let read = serde_json::from_str(raw.get())
            .map_err(|error| format!("it is no layer: {error}"))
            .map_err(|reason| Reject::new(&file.path, format!("layer {number}"), reason).at(text.line(raw)))
            .and_then(|layer| read_layer(layer, &text, file, format!("{}#{number}", file.path), found));
        if let Err(reject) = read {
            found.rejects.add(reject);
        }
    }
    Ok(())
}

fn read_layer(
    layer: Layer<'_>,
    text: &Text<'_>,
    file: &File,
    key: String,
    found: &mut Found,
) -> Result<(), Reject> {
    let refused = |reason: String| Reject::new(&file.path, "", reason);
    if layer.techniques.len() > MAX_ENTRIES {
        return Err(refused(format!("it has more than {MAX_ENTRIES} entries")));
    }
    let word = |value: &Value| json::text(value).map(|text| name(&text)).filter(|text| !text.is_empty());
    let said = |key| layer.versions.get(key).and_then(word);
    let mut overlay = Overlay {
        key,
        path: file.path.clone(),
        name: word(&layer.name).unwrap_or_else(|| name(file.stem())),
        description: long(&json::text(&layer.description).unwrap_or_default()).map_err(refused)?,
        domain: word(&layer.domain).map(domain),
        attack_version: said("attack"),
        format_version: said("layer").or_else(|| word(&layer.version)),
        entries: vec![],
    };
    let mut first: HashMap<(String, Option<String>), usize> = HashMap::new();
    for raw in &layer.techniques {
        let entry = match json::value(raw)
            .map_err(|reason| (String::new(), reason))
            .and_then(|value| read_entry(&value))
        {
            Ok(entry) => entry,
            Err((id, reason)) => {
                found.rejects.add(Reject::new(&file.path, id, reason).at(text.line(raw)));
                continue;
            }
        };
        let place = (entry.attack_id.clone(), entry.tactic.clone());
        match first.get(&place) {
            None => {
                first.insert(place, overlay.entries.len());
                overlay.entries.push(entry);
            }
            // Some programs write an entry again, or one that says nothing, only to unfold sub-techniques.
            Some(index) if says_nothing(&entry) || overlay.entries[*index] == entry => {
                found.counts.add("repeated entries", 1);
            }
            Some(index) if says_nothing(&overlay.entries[*index]) => {
                overlay.entries[*index] = entry;
                found.counts.add("repeated entries", 1);
            }
            Some(_) => {
                let reason = "the layer says something else of it before; the first one counts";
                found.rejects.add(Reject::new(&file.path, entry.attack_id, reason).at(text.line(raw)));
            }
        }
    }
    let ids: HashSet<&str> = overlay.entries.iter().map(|entry| entry.attack_id.as_str()).collect();
    found.counts.add("layers", 1);
    found.counts.add("empty layers", usize::from(layer.techniques.is_empty()));
    found.counts.add("entries", layer.techniques.len());
    found.counts.add("techniques, by layer", ids.len());
    found.counts.add("switched off", overlay.entries.iter().filter(|entry| !entry.enabled).count());
    found.overlays.push(overlay);
    Ok(())
}

fn says_nothing(entry: &OverlayEntry) -> bool {
    let silent = OverlayEntry {
        attack_id: entry.attack_id.clone(),
        tactic: entry.tactic.clone(),
        enabled: true,
        ..OverlayEntry::default()
    };
    *entry == silent
}

fn read_entry(value: &Value) -> Result<OverlayEntry, (String, String)> {
    let id = text_of(value, "techniqueID").trim().to_ascii_uppercase();
    if !is_attack_id(&id) {
        return Err((id, "techniqueID is no id of a technique".to_owned()));
    }
    let wrong = |reason: String| (id.clone(), reason);
    let pairs = json::items_of(value, "metadata").iter();
    let pairs = pairs.map(|pair| (name(&text_of(pair, "name")), name(&text_of(pair, "value"))));
    Ok(OverlayEntry {
        tactic: Some(name(&text_of(value, "tactic"))).filter(|tactic| !tactic.is_empty()),
        score_thousandths: score(&text_of(value, "score")).map_err(wrong)?,
        colour: name(&text_of(value, "color")),
        comment: long(&text_of(value, "comment")).map_err(wrong)?,
        enabled: value.get("enabled").and_then(Value::as_bool).unwrap_or(true),
        // Dividers between them have neither name nor value.
        metadata: pairs.filter(|(name, _)| !name.is_empty()).take(MAX_METADATA).collect(),
        attack_id: id.clone(),
    })
}

/// A score in thousandths: what is finer is rounded, since no picture shows it.
fn score(text: &str) -> Result<Option<i64>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let score: f64 = text.parse().map_err(|_| format!("'{}' is no score", name(text)))?;
    if !score.is_finite() || score.abs() > MAX_SCORE {
        return Err(format!("the score {} is too large", name(text)));
    }
    #[expect(clippy::cast_possible_truncation, reason = "MAX_SCORE thousand times is far below i64::MAX")]
    let thousandths = (score * 1_000.0).round() as i64;
    Ok(Some(thousandths))
}

/// The domain by its name of today.
fn domain(word: String) -> String {
    match word.as_str() {
        "mitre-enterprise" => "enterprise-attack".to_owned(),
        "mitre-mobile" => "mobile-attack".to_owned(),
        "mitre-ics" => "ics-attack".to_owned(),
        _ => word,
    }
}

#[cfg(test)]
mod tests;
