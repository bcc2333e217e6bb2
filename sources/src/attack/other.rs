//! Decodes the objects that stand around the techniques: mitigations,
//! campaigns, data sources and components, detection strategies, analytics and
//! assets. All become the same record; they differ in a few fields.

use std::borrow::Cow;

use crate::attack::content::{ObjectKind, ObjectRecord};
use crate::text::line;
use serde::Deserialize;

use super::field::{Fault, Field, entries, owned, required, text, texts};
use super::object::{Fields, attack_reference, description, domains, is_attack_id, lifecycle, platforms};
use super::{quoted, sort_words};

/// How many parts an object may have; real ones reach 10.
const MAX_PARTS: usize = 1_000;
/// How many lines of details are kept; real ones reach 20.
const MAX_DETAIL_LINES: usize = 200;
const MAX_DETAIL_LINE_CHARS: usize = 1_000;
const MAX_TIME_CHARS: usize = 40;

/// The kind of a STIX type, if it is one of these.
pub(super) fn kind_of_type(stix_type: &str) -> Option<ObjectKind> {
    Some(match stix_type {
        "course-of-action" => ObjectKind::Mitigation,
        "campaign" => ObjectKind::Campaign,
        "x-mitre-data-source" => ObjectKind::DataSource,
        "x-mitre-data-component" => ObjectKind::DataComponent,
        "x-mitre-detection-strategy" => ObjectKind::DetectionStrategy,
        "x-mitre-analytic" => ObjectKind::Analytic,
        "x-mitre-asset" => ObjectKind::Asset,
        _ => return None,
    })
}

/// What the ATT&CK ids of a kind start with. Mitigations had the id of the one
/// technique they were for before ATT&CK 5, and withdrawn ones still do.
fn letters(kind: ObjectKind) -> &'static [&'static str] {
    match kind {
        ObjectKind::Mitigation => &["M", "T"],
        ObjectKind::Campaign => &["C"],
        ObjectKind::DataSource => &["DS"],
        ObjectKind::DataComponent => &["DC"],
        ObjectKind::DetectionStrategy => &["DET"],
        ObjectKind::Analytic => &["AN"],
        ObjectKind::Asset => &["A"],
    }
}

pub(super) fn other(id: &str, kind: ObjectKind, fields: &Fields) -> Result<ObjectRecord, Fault> {
    domains(fields)?;
    let (attack_id, url) = page(kind, fields)?;
    let name = required(fields.name, "name")?;
    let (parts, detail) = match kind {
        ObjectKind::Mitigation => Default::default(),
        ObjectKind::Campaign => (Vec::new(), aliases(fields, &name)?),
        ObjectKind::DataSource => (
            Vec::new(),
            words("collection layer", fields.x_mitre_collection_layers, "x_mitre_collection_layers")?,
        ),
        ObjectKind::DataComponent => {
            let field = "x_mitre_data_source_ref";
            let source = text(fields.x_mitre_data_source_ref, field)?.filter(|word| !word.trim().is_empty());
            let (_, detail) = log_sources(fields.x_mitre_log_sources, "x_mitre_log_sources")?;
            (source.map(Cow::into_owned).into_iter().collect(), detail)
        }
        ObjectKind::DetectionStrategy => {
            (owned(texts(fields.x_mitre_analytic_refs, "x_mitre_analytic_refs")?), Vec::new())
        }
        ObjectKind::Analytic => analytic(fields)?,
        ObjectKind::Asset => (Vec::new(), asset(fields)?),
    };
    let is_campaign = kind == ObjectKind::Campaign;
    let seen = |field, name| if is_campaign { time(field, name) } else { Ok(None) };
    Ok(ObjectRecord {
        stix_id: id.into(),
        kind,
        attack_id,
        name: name.into_owned(),
        description: description(fields)?,
        lifecycle: lifecycle(fields)?,
        url,
        platforms: platforms(fields)?,
        parts: distinct_parts(parts)?,
        first_seen: seen(fields.first_seen, "first_seen")?,
        last_seen: seen(fields.last_seen, "last_seen")?,
        detail: bounded(&detail),
    })
}

/// The ATT&CK id and the address of the page.
fn page(kind: ObjectKind, fields: &Fields) -> Result<(String, Option<String>), Fault> {
    let Some(reference) = attack_reference(fields)? else {
        if kind == ObjectKind::DataComponent {
            return Ok(Default::default());
        }
        return Err(
            "has no ATT&CK id (no `external_references` entry of mitre-attack with an `external_id`)".into(),
        );
    };
    let letters = letters(kind);
    if letters.iter().any(|letters| is_attack_id(&reference.external_id, letters, false)) {
        return Ok((reference.external_id.into_owned(), reference.url.map(Cow::into_owned)));
    }
    Err(format!("{} is not an ATT&CK id like {}0001", quoted(&reference.external_id), letters[0]))
}

/// The data components of an analytic, and its log sources and what of it is to be tuned.
fn analytic(fields: &Fields) -> Result<(Vec<String>, Vec<String>), Fault> {
    let field = "x_mitre_log_source_references";
    let (components, mut detail) = log_sources(fields.x_mitre_log_source_references, field)?;
    let field = "x_mitre_mutable_elements";
    for entry in entries::<MutableElement>(fields.x_mitre_mutable_elements, field)? {
        let element = text(entry.field, &format!("{field}.field"))?;
        let description = text(entry.description, &format!("{field}.description"))?;
        detail.extend(detail_line("mutable element", &[element, description]));
    }
    Ok((components, detail))
}

#[derive(Deserialize)]
struct MutableElement<'a> {
    #[serde(borrow, default)]
    field: Field<'a>,
    #[serde(borrow, default)]
    description: Field<'a>,
}

#[derive(Deserialize)]
struct LogSource<'a> {
    #[serde(borrow, default)]
    x_mitre_data_component_ref: Field<'a>,
    #[serde(borrow, default)]
    name: Field<'a>,
    #[serde(borrow, default)]
    channel: Field<'a>,
}

/// The data components that log sources name, and a line for each of the log sources.
fn log_sources(field: Field, name: &str) -> Result<(Vec<String>, Vec<String>), Fault> {
    let (mut components, mut lines) = (Vec::new(), Vec::new());
    for entry in entries::<LogSource>(field, name)? {
        let component =
            text(entry.x_mitre_data_component_ref, &format!("{name}.x_mitre_data_component_ref"))?;
        components.extend(component.filter(|word| !word.trim().is_empty()).map(Cow::into_owned));
        let source = text(entry.name, &format!("{name}.name"))?;
        let channel = text(entry.channel, &format!("{name}.channel"))?;
        lines.extend(detail_line("log source", &[source, channel]));
    }
    Ok((components, lines))
}

fn aliases(fields: &Fields, name: &str) -> Result<Vec<String>, Fault> {
    let others = texts(fields.aliases, "aliases")?.into_iter().filter(|alias| alias != name);
    Ok(others.filter_map(|alias| detail_line("alias", &[Some(alias)])).collect())
}

#[derive(Deserialize)]
struct RelatedAsset<'a> {
    #[serde(borrow, default)]
    name: Field<'a>,
}

fn asset(fields: &Fields) -> Result<Vec<String>, Fault> {
    let mut detail = words("sector", fields.x_mitre_sectors, "x_mitre_sectors")?;
    for entry in entries::<RelatedAsset>(fields.x_mitre_related_assets, "x_mitre_related_assets")? {
        let name = text(entry.name, "x_mitre_related_assets.name")?;
        detail.extend(detail_line("related asset", &[name]));
    }
    Ok(detail)
}

fn words(label: &str, field: Field, name: &str) -> Result<Vec<String>, Fault> {
    Ok(texts(field, name)?.into_iter().filter_map(|word| detail_line(label, &[Some(word)])).collect())
}

/// One line of details, if it says anything.
fn detail_line(label: &str, said: &[Option<Cow<str>>]) -> Option<String> {
    let said: Vec<&str> = said.iter().flatten().map(|word| word.trim()).filter(|w| !w.is_empty()).collect();
    (!said.is_empty()).then(|| line(&format!("{label}: {}", said.join(": ")), MAX_DETAIL_LINE_CHARS))
}

/// The first lines, and how many more there are.
fn bounded(lines: &[String]) -> String {
    let kept = &lines[..lines.len().min(MAX_DETAIL_LINES)];
    let more = lines.len() - kept.len();
    let mut detail = kept.join("\n");
    if more > 0 {
        detail.push_str(&format!("\n{more} more"));
    }
    detail
}

fn distinct_parts(mut parts: Vec<String>) -> Result<Vec<String>, Fault> {
    sort_words(&mut parts);
    if parts.len() > MAX_PARTS {
        return Err(format!("it is made of {} parts; at most {MAX_PARTS} can be imported", parts.len()));
    }
    Ok(parts)
}

/// A STIX timestamp, as it stands.
fn time(field: Field, name: &str) -> Result<Option<String>, Fault> {
    match text(field, name)? {
        Some(word) if !is_time(&word) => {
            Err(format!("`{name}` is {}, not a time like 2019-09-01T04:00:00.000Z", quoted(&word)))
        }
        word => Ok(word.map(Cow::into_owned)),
    }
}

/// Whether this is a time of RFC 3339 in UTC that exists, as STIX asks.
fn is_time(word: &str) -> bool {
    let Some((date, clock)) = word.strip_suffix('Z').and_then(|word| word.split_once('T')) else {
        return false;
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let digits = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let numbers = |word: &str, separator: char, lengths: [usize; 3]| -> Option<[u32; 3]> {
        let parts: Vec<&str> = word.split(separator).collect();
        let fits = parts.len() == 3 && parts.iter().zip(lengths).all(|(p, n)| p.len() == n && digits(p));
        fits.then(|| [0, 1, 2].map(|index: usize| parts[index].parse().unwrap_or(0)))
    };
    let (Some([year, month, day]), Some([hour, minute, second])) =
        (numbers(date, '-', [4, 2, 2]), numbers(clock, ':', [2, 2, 2]))
    else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60
        && digits(fraction)
        && word.len() <= MAX_TIME_CHARS
}
