//! What changed between two releases of a domain, for people who move a
//! programme from one to the other.
//!
//! Techniques in force are compared by their ATT&CK id, as people know them by
//! it; what became of one that is no longer in force is looked up by its STIX
//! id, which is the identity. So the sum holds: what was in force, less what is
//! revoked, deprecated and gone, and with what is added, is what is in force.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::attack::content::{AttackContent, Lifecycle, TechniqueRecord};
use serde::{Deserialize, Serialize};

use super::MAX_SUCCESSOR_HOPS;

/// How many changes of one sort are listed; the others are only counted. A whole domain has 700 techniques.
pub const MAX_LISTED: usize = 5_000;

/// What changed from one release to another.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Changes {
    /// The domain of the newer release.
    pub domain: String,
    /// The version compared from.
    pub from: String,
    /// The version compared to.
    pub to: String,
    /// In force only in the newer release.
    pub added: Listed<Technique>,
    /// In force in the older release, revoked in the newer one.
    pub revoked: Listed<Replaced>,
    /// In force in the older release, deprecated in the newer one.
    pub deprecated: Listed<Replaced>,
    /// In force in the older release, and neither in force nor flagged in the newer one.
    pub gone: Listed<Gone>,
    /// In force in both under different names.
    pub renamed: Listed<Renamed>,
    /// In force in both, in different tactics.
    pub moved: Listed<Moved>,
    /// How many are in force in both with other descriptions, but the same name and tactics.
    pub reworded: u32,
    /// Groups.
    pub actors: Turnover,
    /// Malware and tools.
    pub software: Turnover,
}

/// Changes of one sort, by ATT&CK id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed<T> {
    /// How many there are.
    pub count: u32,
    /// The first [`MAX_LISTED`].
    pub first: Vec<T>,
}

/// A technique or sub-technique.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Technique {
    /// `T1059` or `T1059.001`.
    pub attack_id: String,
    /// MITRE's name, in the release that it is in force in.
    pub name: String,
}

/// A technique that was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// Which, as it was.
    pub technique: Technique,
    /// ATT&CK ids of the techniques that replace it, step by step, at most
    /// [`MAX_SUCCESSOR_HOPS`]. One step, the last, where the newer content does
    /// not hold the steps between; none where nothing replaces it.
    pub chain: Vec<String>,
    /// The end of the chain, if it is in force in the newer release.
    pub successor: Option<Technique>,
}

/// A technique that the newer release does not speak of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// Which, as it was.
    pub technique: Technique,
    /// The ATT&CK id that the same object has now, if it got another one.
    pub now: Option<String>,
}

/// A technique with another name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renamed {
    /// Which, as it is now.
    pub technique: Technique,
    /// What it was called.
    pub was: String,
}

/// A technique in other tactics.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Which, as it is now.
    pub technique: Technique,
    /// Short names of the tactics it was in, sorted.
    pub from: Vec<String>,
    /// Short names of the tactics it is in, sorted.
    pub to: Vec<String>,
}

/// How many came and went, by ATT&CK id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Turnover {
    /// In force only in the newer release.
    pub added: u32,
    /// In force only in the older one.
    pub retired: u32,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { count: 0, first: Vec::new() }
    }
}

impl<T> Listed<T> {
    fn push(&mut self, item: T) {
        self.count = self.count.saturating_add(1);
        if self.first.len() < MAX_LISTED {
            self.first.push(item);
        }
    }
}

/// Compares two releases. They should be of the same domain; the function does not mind.
pub fn changes(old: &AttackContent, new: &AttackContent) -> Changes {
    let (before, after) = (in_force(old), in_force(new));
    let now: HashMap<&str, &TechniqueRecord> = by_stix_id(new);
    let mut changes = Changes {
        domain: new.domain.clone(),
        from: old.version.clone(),
        to: new.version.clone(),
        actors: turnover(
            old.actors.iter().map(|a| (a.attack_id.as_str(), a.lifecycle)),
            new.actors.iter().map(|a| (a.attack_id.as_str(), a.lifecycle)),
        ),
        software: turnover(
            old.software.iter().map(|s| (s.attack_id.as_str(), s.lifecycle)),
            new.software.iter().map(|s| (s.attack_id.as_str(), s.lifecycle)),
        ),
        ..Changes::default()
    };
    for (attack_id, technique) in &after {
        match before.get(attack_id) {
            None => changes.added.push(named(technique)),
            Some(was) => changes.kept(was, technique),
        }
    }
    for was in before.iter().filter(|(attack_id, _)| !after.contains_key(*attack_id)).map(|(_, was)| *was) {
        let found = now.get(was.stix_id.as_str());
        match found.map(|technique| technique.lifecycle) {
            Some(Lifecycle::Revoked) => changes.revoked.push(replaced(was, &now)),
            Some(Lifecycle::Deprecated) => changes.deprecated.push(replaced(was, &now)),
            Some(Lifecycle::Active) | None => {
                let now = found.map(|technique| technique.attack_id.clone());
                changes.gone.push(Gone { technique: named(was), now });
            }
        }
    }
    changes
}

/// The techniques that replace one, step by step, as far as the content tells:
/// up to one in force, up to one that nothing replaces, or [`MAX_SUCCESSOR_HOPS`].
pub fn chain<'a>(content: &'a AttackContent, stix_id: &str) -> Vec<&'a TechniqueRecord> {
    steps(&by_stix_id(content), stix_id)
}

impl Changes {
    fn kept(&mut self, was: &TechniqueRecord, is: &TechniqueRecord) {
        let (renamed, moved) = (was.name != is.name, was.tactics != is.tactics);
        if renamed {
            self.renamed.push(Renamed { technique: named(is), was: was.name.clone() });
        }
        if moved {
            let (from, to) = (was.tactics.clone(), is.tactics.clone());
            self.moved.push(Moved { technique: named(is), from, to });
        }
        if !renamed && !moved && was.description != is.description {
            self.reworded = self.reworded.saturating_add(1);
        }
    }
}

/// The techniques in force by ATT&CK id, which each has alone.
fn in_force(content: &AttackContent) -> BTreeMap<&str, &TechniqueRecord> {
    let active = content.techniques.iter().filter(|t| t.lifecycle == Lifecycle::Active);
    active.map(|technique| (technique.attack_id.as_str(), technique)).collect()
}

fn by_stix_id(content: &AttackContent) -> HashMap<&str, &TechniqueRecord> {
    content.techniques.iter().map(|technique| (technique.stix_id.as_str(), technique)).collect()
}

fn named(technique: &TechniqueRecord) -> Technique {
    Technique { attack_id: technique.attack_id.clone(), name: technique.name.clone() }
}

fn replaced(was: &TechniqueRecord, now: &HashMap<&str, &TechniqueRecord>) -> Replaced {
    let steps = steps(now, &was.stix_id);
    let end = steps.last().filter(|technique| technique.lifecycle == Lifecycle::Active);
    Replaced {
        technique: named(was),
        chain: steps.iter().map(|technique| technique.attack_id.clone()).collect(),
        successor: end.map(|technique| named(technique)),
    }
}

fn steps<'a>(techniques: &HashMap<&str, &'a TechniqueRecord>, stix_id: &str) -> Vec<&'a TechniqueRecord> {
    let known = |id: &Option<String>| id.as_deref().and_then(|id| techniques.get(id)).copied();
    let mut steps: Vec<&TechniqueRecord> = Vec::new();
    let mut seen = HashSet::from([stix_id]);
    let mut at = techniques.get(stix_id).copied();
    while let Some(technique) = at.filter(|t| t.lifecycle != Lifecycle::Active) {
        // Contents of earlier versions hold only the end of the chain.
        at = known(&technique.replaced_by).or_else(|| known(&technique.successor));
        match at {
            Some(next) if steps.len() < MAX_SUCCESSOR_HOPS && seen.insert(&next.stix_id) => steps.push(next),
            _ => break,
        }
    }
    steps
}

fn turnover<'a>(
    old: impl Iterator<Item = (&'a str, Lifecycle)>,
    new: impl Iterator<Item = (&'a str, Lifecycle)>,
) -> Turnover {
    let ids = |records: &mut dyn Iterator<Item = (&'a str, Lifecycle)>| -> HashSet<&'a str> {
        records.filter(|(_, lifecycle)| *lifecycle == Lifecycle::Active).map(|(id, _)| id).collect()
    };
    let (mut old, mut new) = (old, new);
    let (old, new) = (ids(&mut old), ids(&mut new));
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Turnover { added: count(new.difference(&old).count()), retired: count(old.difference(&new).count()) }
}
