//! Joins decoded objects to one release: domain, version, tactics in matrix
//! order, parents, successors and uses. Nothing here depends on the order of
//! the objects in the bundle.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use crate::attack::content::{AttackContent, Lifecycle, TechniqueRecord};

use super::matrix::place;
use super::object::{Collection, Relationship};
use super::relation::{relations, with_parts};
use super::stix::{Bundle, Seen};
use super::{DOMAINS, MAX_SUCCESSOR_HOPS, MAX_VERSION_CHARS, ParseError, Rejects, quoted, sort};

/// How many domains or versions that disagree an error names.
const WORDS_NAMED: usize = 5;

/// Joins a bundle's objects.
pub(super) fn link(
    bundle: Bundle,
    version: Option<&str>,
    rejects: &mut Rejects,
) -> Result<AttackContent, ParseError> {
    if bundle.techniques.is_empty() {
        return Err(not_attack(rejects));
    }
    let domain = domain(&bundle)?;
    let version = release(&bundle.collections, version)?;
    let relationships = joined(bundle.relationships, &bundle.ids, rejects);
    let (tactics, techniques) = place(&domain, bundle.tactics, bundle.techniques, bundle.matrices, rejects);
    let mut techniques = distinct(techniques, |t| (&t.stix_id, &t.attack_id, t.lifecycle), rejects);
    set_parents(&mut techniques, &relationships, rejects);
    if !techniques.iter().any(|technique| technique.lifecycle == Lifecycle::Active) {
        return Err(not_attack(rejects));
    }
    set_successors(&mut techniques, &relationships);
    let actors = distinct(bundle.actors, |a| (&a.stix_id, &a.attack_id, a.lifecycle), rejects);
    let software = distinct(bundle.software, |s| (&s.stix_id, &s.attack_id, s.lifecycle), rejects);
    let objects = distinct(bundle.others, |o| (&o.stix_id, &o.attack_id, o.lifecycle), rejects);
    let objects = with_parts(objects, rejects);
    let lists = AttackContent { tactics, techniques, actors, software, objects, ..AttackContent::default() };
    let mut content = AttackContent { domain, version, ..lists };
    (content.uses, content.relations) = relations(&content, &relationships, rejects);
    sort(&mut content);
    Ok(content)
}

fn not_attack(rejects: &Rejects) -> ParseError {
    let first_reject =
        rejects.kept.iter().find(|reject| reject.record.starts_with("attack-pattern--")).cloned();
    ParseError::NotAttack { first_reject }
}

/// The domain: the active matrix's, else the collection's, else the techniques'.
fn domain(bundle: &Bundle) -> Result<String, ParseError> {
    let matrices = bundle.matrices.iter().filter(|matrix| matrix.active);
    let mut found: BTreeSet<&str> = matrices.flat_map(|m| &m.domains).map(String::as_str).collect();
    if found.is_empty() {
        found = bundle.collections.iter().filter_map(|collection| domain_in_name(&collection.name)).collect();
    }
    if found.is_empty() {
        // A technique may be in several domains; the release is the one they share.
        let listed: Vec<_> = bundle.techniques.iter().filter(|t| !t.domains.is_empty()).collect();
        let shared = |domain: &&str| listed.iter().all(|t| t.domains.iter().any(|d| d == domain));
        found = listed.iter().flat_map(|t| &t.domains).map(String::as_str).collect();
        if found.iter().any(shared) {
            found.retain(shared);
        }
    }
    let found: Vec<&str> = found.into_iter().collect();
    match found.as_slice() {
        [one] if DOMAINS.contains(one) => Ok((*one).to_owned()),
        [] => Err(ParseError::UnknownDomain { found: String::new() }),
        [other] => Err(ParseError::UnknownDomain { found: quoted(other) }),
        several => Err(ParseError::MixedDomains {
            found: several.iter().take(WORDS_NAMED).map(|word| quoted(word)).collect(),
        }),
    }
}

fn domain_in_name(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let first_word = |domain: &&&str| domain.split('-').next().is_some_and(|word| name.starts_with(word));
    DOMAINS.iter().find(first_word).copied()
}

/// The version: the collection's, else the one given.
fn release(collections: &[Collection], given: Option<&str>) -> Result<String, ParseError> {
    let named: BTreeSet<&str> = collections.iter().filter_map(|c| c.version.as_deref()).collect();
    let named: Vec<&str> = named.into_iter().collect();
    let version = match (named.as_slice(), given.map(str::trim)) {
        ([one], _) => one,
        ([], Some(given)) => given.strip_prefix(['v', 'V']).unwrap_or(given),
        ([], None) => return Err(ParseError::VersionMissing),
        (several, _) => {
            return Err(ParseError::MixedVersions {
                found: several.iter().take(WORDS_NAMED).map(|word| quoted(word)).collect(),
            });
        }
    };
    let fits = version.starts_with(|c: char| c.is_ascii_digit())
        && version.len() <= MAX_VERSION_CHARS
        && version.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-+".contains(&byte));
    if fits { Ok(version.to_owned()) } else { Err(ParseError::BadVersion { found: quoted(version) }) }
}

/// The relationships whose two ends are in the bundle, by id.
fn joined<'a>(
    mut relationships: Vec<Relationship<'a>>,
    ids: &HashMap<Cow<'a, str>, Seen<'a>>,
    rejects: &mut Rejects,
) -> Vec<Relationship<'a>> {
    relationships.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    relationships.retain(|relationship| {
        let missing = |end: &&str| !ids.contains_key(*end);
        let ends =
            [("source_ref", relationship.source.as_ref()), ("target_ref", relationship.target.as_ref())];
        let dangling = ends.iter().find(|(_, end)| missing(end));
        if let Some((field, end)) = dangling {
            rejects.refuse(&*relationship.id, format!("`{field}` {} is not in the bundle", quoted(end)));
        }
        dangling.is_none()
    });
    relationships
}

/// Keeps one active record per ATT&CK id, the first by STIX id, for people
/// find records by ATT&CK id. Inactive ones may share it, and some have none.
fn distinct<T>(
    mut records: Vec<T>,
    key: impl Fn(&T) -> (&String, &String, Lifecycle),
    rejects: &mut Rejects,
) -> Vec<T> {
    records.sort_unstable_by(|a, b| key(a).0.cmp(key(b).0));
    let mut holders: HashMap<String, String> = HashMap::new();
    records.retain(|record| {
        let (stix_id, attack_id, lifecycle) = key(record);
        if lifecycle != Lifecycle::Active || attack_id.is_empty() {
            return true;
        }
        let holder = holders.entry(attack_id.clone()).or_insert_with(|| stix_id.clone());
        if holder != stix_id {
            rejects.refuse(stix_id, format!("{attack_id} is the ATT&CK id of {holder} too, which counts"));
        }
        holder == stix_id
    });
    records
}

/// Sets the parent of each sub-technique; an active one must have an active one.
fn set_parents(techniques: &mut Vec<TechniqueRecord>, relationships: &[Relationship], rejects: &mut Rejects) {
    let mut parents: HashMap<&str, &str> = HashMap::new();
    for relationship in of_kind(relationships, "subtechnique-of") {
        let (child, parent) = (relationship.source.as_ref(), relationship.target.as_ref());
        if *parents.entry(child).or_insert(parent) != parent {
            let fault = format!("gives {} a second parent; {} counts", quoted(child), quoted(parents[child]));
            rejects.refuse(&*relationship.id, fault);
        }
    }
    let possible: HashMap<String, (bool, Lifecycle)> =
        techniques.iter().map(|t| (t.stix_id.clone(), (t.is_subtechnique, t.lifecycle))).collect();
    techniques.retain_mut(|technique| {
        if !technique.is_subtechnique {
            return true;
        }
        let named = parents.get(technique.stix_id.as_str()).copied();
        let parent = named.filter(|parent| matches!(possible.get(*parent), Some((false, _))));
        technique.parent = parent.map(str::to_owned);
        if technique.lifecycle != Lifecycle::Active {
            return true;
        }
        let fault = match (named, parent.and_then(|parent| possible.get(parent))) {
            (_, Some((_, Lifecycle::Active))) => return true,
            (Some(named), Some(_)) => format!("its parent {} is not active", quoted(named)),
            (Some(named), None) => format!("{} is no technique that was taken in", quoted(named)),
            (None, _) => "it has no subtechnique-of relationship".into(),
        };
        let fault = format!("sub-technique {} has no parent: {fault}", technique.attack_id);
        rejects.refuse(&technique.stix_id, fault);
        false
    });
}

pub(super) fn of_kind<'a, 'b>(
    relationships: &'a [Relationship<'b>],
    kind: &'a str,
) -> impl Iterator<Item = &'a Relationship<'b>> {
    relationships.iter().filter(move |relationship| relationship.kind == kind)
}

/// Sets the nearest live technique that each revoked or deprecated one leads
/// to, and the first step of the way. Walks back from the live ones, so that
/// cycles never come up; of several at the same distance the first by STIX id
/// counts, of several ways to it the one whose first step is first by STIX id.
fn set_successors(techniques: &mut [TechniqueRecord], relationships: &[Relationship]) {
    let known: HashSet<String> = techniques.iter().map(|t| t.stix_id.clone()).collect();
    let mut previous: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut named: HashMap<&str, &str> = HashMap::new();
    for relationship in of_kind(relationships, "revoked-by") {
        let (source, target) = (relationship.source.as_ref(), relationship.target.as_ref());
        previous.entry(target).or_default().push(source);
        if known.contains(target) && source != target {
            let first = named.entry(source).or_insert(target);
            *first = target.min(first);
        }
    }
    let live = techniques.iter().filter(|t| t.lifecycle == Lifecycle::Active).map(|t| t.stix_id.clone());
    let live: Vec<String> = live.collect();
    // The live end of each technique that has one, and the first step to it.
    let mut ends: HashMap<&str, (&str, &str)> =
        live.iter().map(|id| (id.as_str(), (id.as_str(), id.as_str()))).collect();
    let mut reached: Vec<&str> = live.iter().map(String::as_str).collect();
    for _ in 0..MAX_SUCCESSOR_HOPS {
        let mut next: HashMap<&str, (&str, &str)> = HashMap::new();
        for id in reached {
            for source in previous.get(id).into_iter().flatten().filter(|source| !ends.contains_key(**source))
            {
                let way = (ends[id].0, id);
                let best = next.entry(source).or_insert(way);
                *best = way.min(*best);
            }
        }
        reached = next.keys().copied().collect();
        ends.extend(next);
    }
    for technique in techniques.iter_mut().filter(|t| t.lifecycle != Lifecycle::Active) {
        let id = technique.stix_id.as_str();
        let way = ends.get(id);
        let step = way.map(|(_, step)| step).or_else(|| named.get(id)).map(|step| (*step).to_owned());
        technique.successor = way.map(|(end, _)| (*end).to_owned());
        technique.replaced_by = step;
    }
}
