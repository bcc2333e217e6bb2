//! Joins relationships to records: the uses by groups and software, the other
//! relations, and the parts that objects name.

use std::collections::HashMap;

use crate::attack::content::{
    AttackContent, Lifecycle, ObjectKind, ObjectRecord, RelationKind, RelationRecord, UseRecord,
};

use super::object::Relationship;
use super::{Rejects, quoted};

/// How many missing parts of one object a reject names.
const PARTS_NAMED: usize = 5;

/// What a relationship becomes, if anything.
enum Use {
    /// A [`UseRecord`].
    OfAGroup,
    /// A [`RelationRecord`].
    Relation(RelationKind),
}

/// The uses and the other relations between active ends.
pub(super) fn relations(
    content: &AttackContent,
    relationships: &[Relationship],
    rejects: &mut Rejects,
) -> (Vec<UseRecord>, Vec<RelationRecord>) {
    let techniques = content.techniques.iter().map(|t| (t.stix_id.as_str(), t.lifecycle));
    let actors = content.actors.iter().map(|a| (a.stix_id.as_str(), a.lifecycle));
    let software = content.software.iter().map(|s| (s.stix_id.as_str(), s.lifecycle));
    let objects = content.objects.iter().map(|o| (o.stix_id.as_str(), o.lifecycle));
    let ends: HashMap<&str, Lifecycle> = techniques.chain(actors).chain(software).chain(objects).collect();
    let (mut uses, mut relations) = (Vec::new(), Vec::new());
    for relationship in relationships {
        let Some(becomes) = becomes(relationship) else { continue };
        let record = match in_force(relationship, &ends) {
            Ok(None) => continue,
            Ok(Some(record)) => record,
            Err(fault) => {
                rejects.refuse(&*relationship.id, fault);
                continue;
            }
        };
        match becomes {
            Use::OfAGroup => uses.push(record),
            Use::Relation(kind) => {
                let UseRecord { stix_id, source, target, description } = record;
                relations.push(RelationRecord { stix_id, kind, source, target, description });
            }
        }
    }
    (uses, relations)
}

/// The relationship as a record, if both its ends are active.
fn in_force(
    relationship: &Relationship,
    ends: &HashMap<&str, Lifecycle>,
) -> Result<Option<UseRecord>, String> {
    let (source, target) = (relationship.source.as_ref(), relationship.target.as_ref());
    for end in [source, target] {
        match ends.get(end) {
            Some(Lifecycle::Active) => {}
            Some(Lifecycle::Revoked | Lifecycle::Deprecated) => return Ok(None),
            None => return Err(format!("its end {} was refused", quoted(end))),
        }
    }
    Ok(Some(UseRecord {
        stix_id: relationship.id.as_ref().to_owned(),
        source: source.to_owned(),
        target: target.to_owned(),
        description: relationship.description()?,
    }))
}

fn type_of(stix_id: &str) -> &str {
    stix_id.split_once("--").map_or(stix_id, |(kind, _)| kind)
}

/// What joins what. Anything else is left out without a word, as it says
/// nothing that Aegis has a place for.
fn becomes(relationship: &Relationship) -> Option<Use> {
    let ends = (type_of(&relationship.source), type_of(&relationship.target));
    let kind = match (relationship.kind.as_ref(), ends) {
        ("uses", ("intrusion-set", "attack-pattern" | "malware" | "tool"))
        | ("uses", ("malware" | "tool", "attack-pattern")) => return Some(Use::OfAGroup),
        ("uses", ("campaign", "attack-pattern" | "malware" | "tool")) => RelationKind::Uses,
        ("mitigates", ("course-of-action", "attack-pattern")) => RelationKind::Mitigates,
        ("detects", ("x-mitre-data-component" | "x-mitre-detection-strategy", "attack-pattern")) => {
            RelationKind::Detects
        }
        ("attributed-to", ("campaign", "intrusion-set")) => RelationKind::AttributedTo,
        ("targets", ("attack-pattern", "x-mitre-asset")) => RelationKind::Targets,
        _ => return None,
    };
    Some(Use::Relation(kind))
}

/// The objects without those parts that are no records of the kind they must
/// be. The object itself stays: it means something without the part too.
pub(super) fn with_parts(mut objects: Vec<ObjectRecord>, rejects: &mut Rejects) -> Vec<ObjectRecord> {
    let kinds: HashMap<String, ObjectKind> = objects.iter().map(|o| (o.stix_id.clone(), o.kind)).collect();
    for object in objects.iter_mut().filter(|object| !object.parts.is_empty()) {
        let wanted = kind_of_parts(object.kind);
        let (parts, missing): (Vec<_>, Vec<_>) = std::mem::take(&mut object.parts)
            .into_iter()
            .partition(|part| wanted.is_some() && kinds.get(part).copied() == wanted);
        object.parts = parts;
        if !missing.is_empty() {
            let named: Vec<String> = missing.iter().take(PARTS_NAMED).map(|part| quoted(part)).collect();
            let fault = format!("names parts that were not taken in, left out: {}", named.join(", "));
            rejects.refuse(&object.stix_id, fault);
        }
    }
    objects
}

fn kind_of_parts(kind: ObjectKind) -> Option<ObjectKind> {
    match kind {
        ObjectKind::DetectionStrategy => Some(ObjectKind::Analytic),
        ObjectKind::Analytic => Some(ObjectKind::DataComponent),
        ObjectKind::DataComponent => Some(ObjectKind::DataSource),
        ObjectKind::Mitigation | ObjectKind::Campaign | ObjectKind::DataSource | ObjectKind::Asset => None,
    }
}
