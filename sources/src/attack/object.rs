//! Decodes the objects of each type that Aegis reads.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::attack::content::{
    ActorRecord, Lifecycle, SoftwareKind, SoftwareRecord, TacticRecord, TechniqueRecord,
};
use serde::Deserialize;

use super::field::{Fault, Field, entries, flag, owned, required, text, texts};
use super::{quoted, sort_words};

/// The sources of ATT&CK ids; the domain ones are from before MITRE joined them.
const ID_SOURCES: [&str; 3] = ["mitre-attack", "mitre-mobile-attack", "mitre-ics-attack"];
/// Every word `x_mitre_domains` has had.
const DOMAIN_WORDS: [&str; 4] = ["enterprise-attack", "mobile-attack", "ics-attack", "pre-attack"];
/// Kill chains that are ATT&CK's own.
const KILL_CHAINS: [&str; 4] =
    ["mitre-attack", "mitre-mobile-attack", "mitre-ics-attack", "mitre-pre-attack"];
/// Relationship types of ATT&CK, then of STIX 2.1.
const RELATIONSHIP_TYPES: [&str; 36] = [
    "uses",
    "detects",
    "mitigates",
    "subtechnique-of",
    "targets",
    "revoked-by",
    "attributed-to",
    "analysis-of",
    "authored-by",
    "based-on",
    "beacons-to",
    "characterizes",
    "communicates-with",
    "compromises",
    "consists-of",
    "controls",
    "delivers",
    "derived-from",
    "downloads",
    "drops",
    "duplicate-of",
    "dynamic-analysis-of",
    "exfiltrates-to",
    "exploits",
    "has",
    "hosts",
    "impersonates",
    "indicates",
    "investigates",
    "located-at",
    "originates-from",
    "owns",
    "related-to",
    "remediates",
    "static-analysis-of",
    "variant-of",
];

pub(super) struct Collection {
    pub name: String,
    pub version: Option<String>,
}

pub(super) struct Matrix {
    pub stix_id: String,
    pub active: bool,
    pub domains: Vec<String>,
    pub tactic_refs: Vec<String>,
}

pub(super) struct Tactic {
    pub record: TacticRecord,
    pub active: bool,
}

pub(super) struct Technique {
    pub record: TechniqueRecord,
    pub domains: Vec<String>,
    pub phases: Vec<Phase>,
}

pub(super) struct Phase {
    pub kill_chain: String,
    pub name: String,
}

/// An active relationship.
pub(super) struct Relationship<'a> {
    pub id: Cow<'a, str>,
    pub kind: Cow<'a, str>,
    pub source: Cow<'a, str>,
    pub target: Cow<'a, str>,
    description: Field<'a>,
}

impl Relationship<'_> {
    /// Decodes the description, which most relationships are never asked for.
    pub fn description(&self) -> Result<String, Fault> {
        Ok(text(self.description, "description")?.unwrap_or_default().into_owned())
    }
}

/// Every field Aegis reads of any object, undecoded: what a field must be
/// depends on the object's type.
#[derive(Deserialize)]
pub(super) struct Fields<'a> {
    #[serde(rename = "type", borrow, default)]
    pub kind: Field<'a>,
    #[serde(borrow, default)]
    pub id: Field<'a>,
    #[serde(borrow, default)]
    pub name: Field<'a>,
    #[serde(borrow, default)]
    pub description: Field<'a>,
    #[serde(borrow, default)]
    pub revoked: Field<'a>,
    #[serde(borrow, default)]
    pub x_mitre_deprecated: Field<'a>,
    #[serde(borrow, default)]
    pub external_references: Field<'a>,
    #[serde(borrow, default)]
    pub kill_chain_phases: Field<'a>,
    #[serde(borrow, default)]
    pub x_mitre_domains: Field<'a>,
    #[serde(borrow, default)]
    pub x_mitre_platforms: Field<'a>,
    #[serde(borrow, default)]
    pub x_mitre_is_subtechnique: Field<'a>,
    #[serde(borrow, default)]
    pub x_mitre_shortname: Field<'a>,
    #[serde(borrow, default)]
    pub x_mitre_version: Field<'a>,
    #[serde(borrow, default)]
    pub aliases: Field<'a>,
    #[serde(borrow, default)]
    pub x_mitre_aliases: Field<'a>,
    #[serde(borrow, default)]
    pub tactic_refs: Field<'a>,
    #[serde(borrow, default)]
    pub relationship_type: Field<'a>,
    #[serde(borrow, default)]
    pub source_ref: Field<'a>,
    #[serde(borrow, default)]
    pub target_ref: Field<'a>,
    #[serde(borrow, default)]
    pub first_seen: Field<'a>,
    #[serde(borrow, default)]
    pub last_seen: Field<'a>,
    #[serde(borrow, default)]
    pub x_mitre_analytic_refs: Field<'a>,
    #[serde(borrow, default)]
    pub x_mitre_data_source_ref: Field<'a>,
    #[serde(borrow, default)]
    pub x_mitre_log_source_references: Field<'a>,
    #[serde(borrow, default)]
    pub x_mitre_log_sources: Field<'a>,
    #[serde(borrow, default)]
    pub x_mitre_mutable_elements: Field<'a>,
    #[serde(borrow, default)]
    pub x_mitre_collection_layers: Field<'a>,
    #[serde(borrow, default)]
    pub x_mitre_sectors: Field<'a>,
    #[serde(borrow, default)]
    pub x_mitre_related_assets: Field<'a>,
}

pub(super) fn collection(fields: &Fields) -> Result<Option<Collection>, Fault> {
    if lifecycle(fields)? != Lifecycle::Active {
        return Ok(None);
    }
    let version = text(fields.x_mitre_version, "x_mitre_version")?.map(Cow::into_owned);
    Ok(Some(Collection { name: required(fields.name, "name")?.into_owned(), version }))
}

pub(super) fn matrix(id: &str, fields: &Fields) -> Result<Matrix, Fault> {
    let mut named = domains(fields)?;
    if named.is_empty() {
        named = attack_reference(fields)?
            .map(|reference| reference.external_id.into_owned())
            .into_iter()
            .collect();
    }
    Ok(Matrix {
        stix_id: id.into(),
        active: lifecycle(fields)? == Lifecycle::Active,
        domains: named,
        tactic_refs: owned(texts(fields.tactic_refs, "tactic_refs")?),
    })
}

pub(super) fn tactic(id: &str, fields: &Fields) -> Result<Tactic, Fault> {
    domains(fields)?;
    let record = TacticRecord {
        stix_id: id.into(),
        attack_id: attack_id(fields, "TA", false)?.external_id.into_owned(),
        short_name: required(fields.x_mitre_shortname, "x_mitre_shortname")?.into_owned(),
        name: required(fields.name, "name")?.into_owned(),
        description: description(fields)?,
        ordinal: 0,
    };
    Ok(Tactic { record, active: lifecycle(fields)? == Lifecycle::Active })
}

pub(super) fn technique(id: &str, fields: &Fields) -> Result<Technique, Fault> {
    let reference = attack_id(fields, "T", true)?;
    let record = TechniqueRecord {
        stix_id: id.into(),
        attack_id: reference.external_id.into_owned(),
        name: required(fields.name, "name")?.into_owned(),
        description: description(fields)?,
        is_subtechnique: flag(fields.x_mitre_is_subtechnique, "x_mitre_is_subtechnique")?,
        parent: None,
        tactics: Vec::new(),
        platforms: platforms(fields)?,
        lifecycle: lifecycle(fields)?,
        successor: None,
        url: reference.url.map(Cow::into_owned),
        replaced_by: None,
    };
    Ok(Technique { record, domains: domains(fields)?, phases: phases(fields)? })
}

pub(super) fn actor(id: &str, fields: &Fields) -> Result<ActorRecord, Fault> {
    domains(fields)?;
    let reference = attack_id(fields, "G", false)?;
    let name = required(fields.name, "name")?;
    Ok(ActorRecord {
        stix_id: id.into(),
        attack_id: reference.external_id.into_owned(),
        aliases: other_names(texts(fields.aliases, "aliases")?, &name),
        name: name.into_owned(),
        description: description(fields)?,
        lifecycle: lifecycle(fields)?,
        url: reference.url.map(Cow::into_owned),
    })
}

pub(super) fn software(id: &str, kind: SoftwareKind, fields: &Fields) -> Result<SoftwareRecord, Fault> {
    domains(fields)?;
    let reference = attack_id(fields, "S", false)?;
    let name = required(fields.name, "name")?;
    let aliases = match fields.x_mitre_aliases {
        Some(_) => texts(fields.x_mitre_aliases, "x_mitre_aliases")?,
        None => texts(fields.aliases, "aliases")?,
    };
    Ok(SoftwareRecord {
        stix_id: id.into(),
        attack_id: reference.external_id.into_owned(),
        aliases: other_names(aliases, &name),
        name: name.into_owned(),
        kind,
        platforms: platforms(fields)?,
        description: description(fields)?,
        lifecycle: lifecycle(fields)?,
        url: reference.url.map(Cow::into_owned),
    })
}

pub(super) fn relationship<'a>(
    id: Cow<'a, str>,
    fields: &Fields<'a>,
) -> Result<Option<Relationship<'a>>, Fault> {
    let kind = required(fields.relationship_type, "relationship_type")?;
    if !RELATIONSHIP_TYPES.contains(&kind.as_ref()) {
        return Err(format!("{} is no known `relationship_type`", quoted(&kind)));
    }
    let source = required(fields.source_ref, "source_ref")?;
    let target = required(fields.target_ref, "target_ref")?;
    let active = lifecycle(fields)? == Lifecycle::Active;
    let description = fields.description;
    Ok(active.then(|| Relationship { id: id.clone(), kind, source, target, description }))
}

pub(super) fn lifecycle(fields: &Fields) -> Result<Lifecycle, Fault> {
    let deprecated = flag(fields.x_mitre_deprecated, "x_mitre_deprecated")?;
    Ok(match (flag(fields.revoked, "revoked")?, deprecated) {
        (true, _) => Lifecycle::Revoked,
        (false, true) => Lifecycle::Deprecated,
        (false, false) => Lifecycle::Active,
    })
}

pub(super) fn description(fields: &Fields) -> Result<String, Fault> {
    Ok(text(fields.description, "description")?.unwrap_or_default().into_owned())
}

pub(super) fn platforms(fields: &Fields) -> Result<Vec<String>, Fault> {
    let mut platforms = owned(texts(fields.x_mitre_platforms, "x_mitre_platforms")?);
    sort_words(&mut platforms);
    Ok(platforms)
}

pub(super) fn domains(fields: &Fields) -> Result<Vec<String>, Fault> {
    let domains = texts(fields.x_mitre_domains, "x_mitre_domains")?;
    match domains.iter().find(|domain| !DOMAIN_WORDS.contains(&domain.as_ref())) {
        Some(unknown) => Err(format!("{} in `x_mitre_domains` is no ATT&CK domain", quoted(unknown))),
        None => Ok(owned(domains)),
    }
}

fn other_names(aliases: Vec<Cow<str>>, name: &str) -> Vec<String> {
    let mut known = HashSet::from([name]);
    aliases.iter().filter(|alias| known.insert(alias)).map(|alias| alias.clone().into_owned()).collect()
}

#[derive(Deserialize)]
struct PhaseFields<'a> {
    #[serde(borrow, default)]
    kill_chain_name: Field<'a>,
    #[serde(borrow, default)]
    phase_name: Field<'a>,
}

/// The phases in ATT&CK's kill chains; those of other chains do not concern Aegis.
fn phases(fields: &Fields) -> Result<Vec<Phase>, Fault> {
    let mut phases = Vec::new();
    for entry in entries::<PhaseFields>(fields.kill_chain_phases, "kill_chain_phases")? {
        let kill_chain = required(entry.kill_chain_name, "kill_chain_phases.kill_chain_name")?.into_owned();
        let name = required(entry.phase_name, "kill_chain_phases.phase_name")?.into_owned();
        if KILL_CHAINS.contains(&kill_chain.as_str()) {
            phases.push(Phase { kill_chain, name });
        } else if kill_chain.starts_with("mitre") {
            return Err(format!("{} is no known ATT&CK kill chain", quoted(&kill_chain)));
        }
    }
    Ok(phases)
}

#[derive(Deserialize)]
struct ReferenceFields<'a> {
    #[serde(borrow, default)]
    source_name: Field<'a>,
    #[serde(borrow, default)]
    external_id: Field<'a>,
    #[serde(borrow, default)]
    url: Field<'a>,
}

pub(super) struct Reference<'a> {
    pub external_id: Cow<'a, str>,
    pub url: Option<Cow<'a, str>>,
}

/// Finds the reference to the object's own page, which carries its ATT&CK id.
pub(super) fn attack_reference<'a>(fields: &Fields<'a>) -> Result<Option<Reference<'a>>, Fault> {
    for entry in entries::<ReferenceFields>(fields.external_references, "external_references")? {
        let source = text(entry.source_name, "external_references.source_name")?.unwrap_or_default();
        if !ID_SOURCES.contains(&source.as_ref()) {
            continue;
        }
        if let Some(external_id) = text(entry.external_id, "external_references.external_id")? {
            let url = text(entry.url, "external_references.url")?;
            if url.as_ref().is_some_and(|url| !url.starts_with("https://") && !url.starts_with("http://")) {
                return Err("`external_references.url` is not a web address".into());
            }
            return Ok(Some(Reference { external_id, url }));
        }
    }
    Ok(None)
}

/// Finds the ATT&CK id and checks its form: the letters, four digits or more,
/// and for a technique perhaps a dot and three digits.
fn attack_id<'a>(fields: &Fields<'a>, letters: &str, dotted: bool) -> Result<Reference<'a>, Fault> {
    let reference = attack_reference(fields)?
        .ok_or("has no ATT&CK id (no `external_references` entry of mitre-attack with an `external_id`)")?;
    if is_attack_id(&reference.external_id, letters, dotted) {
        Ok(reference)
    } else {
        let example = if dotted { "T1059 or T1059.001".into() } else { format!("{letters}0001") };
        Err(format!("{} is not an ATT&CK id like {example}", quoted(&reference.external_id)))
    }
}

pub(super) fn is_attack_id(word: &str, letters: &str, dotted: bool) -> bool {
    let digits = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let number = word.strip_prefix(letters).unwrap_or_default();
    let (whole, part) = number.split_once('.').map_or((number, None), |(whole, part)| (whole, Some(part)));
    let part_fits = part.is_none_or(|part| dotted && part.len() == 3 && digits(part));
    (4..=6).contains(&whole.len()) && digits(whole) && part_fits
}
