//! Reads a STIX bundle object by object, so that a fault in one stays with that
//! one. What the objects mean together is [`super::link`]'s.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::attack::content::{ActorRecord, ObjectRecord, SoftwareKind, SoftwareRecord};

use super::envelope::open;
use super::field::{Fault, field_error, required, text};
use super::object::{
    Collection, Fields, Matrix, Relationship, Tactic, Technique, actor, collection, matrix, relationship,
    software, tactic, technique,
};
use super::other::{kind_of_type, other};
use super::{Control, OBJECTS_PER_REPORT, ParseError, Rejects, quoted, report};

/// How long the type in an id may be for a reject to show the id.
const MAX_TYPE_CHARS: usize = 64;

/// The objects Aegis reads, in the order of the bundle.
#[derive(Default)]
pub(super) struct Bundle<'a> {
    pub object_count: usize,
    pub collections: Vec<Collection>,
    pub matrices: Vec<Matrix>,
    pub tactics: Vec<Tactic>,
    pub techniques: Vec<Technique>,
    pub actors: Vec<ActorRecord>,
    pub software: Vec<SoftwareRecord>,
    pub others: Vec<ObjectRecord>,
    pub relationships: Vec<Relationship<'a>>,
    /// Every id in the bundle, also of objects that Aegis refuses or does not read.
    pub ids: HashMap<Cow<'a, str>, Seen<'a>>,
}

/// An object that claimed an id.
pub(super) struct Seen<'a> {
    object: &'a str,
    kept: bool,
}

/// Reads the bundle's objects.
pub(super) fn read<'a>(
    bytes: &'a [u8],
    rejects: &mut Rejects,
    progress: &mut dyn FnMut(u64, u64) -> Control,
) -> Result<Bundle<'a>, ParseError> {
    let objects = open(bytes)?;
    let mut bundle = Bundle { object_count: objects.len(), ..Bundle::default() };
    bundle.ids.reserve(objects.len());
    for (index, object) in objects.iter().enumerate() {
        if index.is_multiple_of(OBJECTS_PER_REPORT) {
            report(progress, index, objects.len())?;
        }
        if let Err((record, reason)) = bundle.take(object.get()) {
            rejects.refuse(record.unwrap_or_else(|| format!("object #{}", index + 1)), reason);
        }
    }
    Ok(bundle)
}

impl<'a> Bundle<'a> {
    /// Takes one object in, or says which record is refused (none: it has no id) and why.
    fn take(&mut self, object: &'a str) -> Result<(), (Option<String>, Fault)> {
        if !object.starts_with('{') {
            return Err((None, "is not a JSON object".into()));
        }
        let fields: Fields = serde_json::from_str(object).map_err(|error| (None, field_error(&error)))?;
        let kind = required(fields.kind, "type").map_err(|fault| (plain_id(&fields), fault))?;
        if !is_read(&kind) {
            if let Ok(Some(id)) = text(fields.id, "id") {
                self.ids.entry(id).or_insert(Seen { object, kept: false });
            }
            return Ok(());
        }
        let id = stix_id(&fields, &kind).map_err(|fault| (plain_id(&fields), fault))?;
        if let Some(earlier) = self.ids.get(&id).filter(|earlier| earlier.kept) {
            if earlier.object == object {
                return Ok(());
            }
            let fault = "the id occurs twice with different contents; the first one counts";
            return Err((Some(id.into_owned()), fault.into()));
        }
        let taken = self.decode(&kind, id.clone(), &fields);
        let kept = taken.is_ok();
        self.ids.insert(id.clone(), Seen { object, kept });
        taken.map_err(|fault| (Some(id.into_owned()), fault))
    }

    fn decode(&mut self, kind: &str, id: Cow<'a, str>, fields: &Fields<'a>) -> Result<(), Fault> {
        match kind {
            "relationship" => self.relationships.extend(relationship(id, fields)?),
            "attack-pattern" => self.techniques.push(technique(&id, fields)?),
            "malware" => self.software.push(software(&id, SoftwareKind::Malware, fields)?),
            "tool" => self.software.push(software(&id, SoftwareKind::Tool, fields)?),
            "intrusion-set" => self.actors.push(actor(&id, fields)?),
            "x-mitre-tactic" => self.tactics.push(tactic(&id, fields)?),
            "x-mitre-matrix" => self.matrices.push(matrix(&id, fields)?),
            "x-mitre-collection" => self.collections.extend(collection(fields)?),
            _ => {
                if let Some(kind) = kind_of_type(kind) {
                    self.others.push(other(&id, kind, fields)?);
                }
            }
        }
        Ok(())
    }
}

fn is_read(kind: &str) -> bool {
    matches!(
        kind,
        "relationship"
            | "attack-pattern"
            | "malware"
            | "tool"
            | "intrusion-set"
            | "x-mitre-tactic"
            | "x-mitre-matrix"
            | "x-mitre-collection"
    ) || kind_of_type(kind).is_some()
}

/// The id of an object that is refused before its id is checked, if it can be shown.
fn plain_id(fields: &Fields) -> Option<String> {
    let id = text(fields.id, "id").ok()??;
    let (kind, _) = id.split_once("--")?;
    let plain = kind.len() <= MAX_TYPE_CHARS && kind.bytes().all(|byte| byte.is_ascii_graphic());
    (plain && check_id(&id, kind).is_ok()).then(|| id.into_owned())
}

fn stix_id<'a>(fields: &Fields<'a>, kind: &str) -> Result<Cow<'a, str>, Fault> {
    let id = required(fields.id, "id")?;
    check_id(&id, kind)?;
    Ok(id)
}

fn check_id(id: &str, kind: &str) -> Result<(), Fault> {
    let uuid = id.strip_prefix(kind).and_then(|rest| rest.strip_prefix("--"));
    if uuid.is_some_and(is_uuid) {
        Ok(())
    } else {
        Err(format!("`id` is {}, not {kind}-- and a UUID", quoted(id)))
    }
}

fn is_uuid(word: &str) -> bool {
    word.len() == 36
        && word.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
        })
}
