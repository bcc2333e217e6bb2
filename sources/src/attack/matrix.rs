//! Puts the tactics into columns and the techniques into tactics.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::attack::content::{Lifecycle, TacticRecord, TechniqueRecord};

use super::object::{Matrix, Phase, Tactic, Technique};
use super::{Rejects, quoted, sort_words};

/// How many unknown tactics of one technique a reject names.
const UNKNOWN_TACTICS_NAMED: usize = 5;

/// The active tactics in matrix order, and the techniques in them by STIX id.
pub(super) fn place(
    domain: &str,
    found_tactics: Vec<Tactic>,
    found_techniques: Vec<Technique>,
    matrices: Vec<Matrix>,
    rejects: &mut Rejects,
) -> (Vec<TacticRecord>, Vec<TechniqueRecord>) {
    let all = found_tactics.iter().map(|tactic| tactic.record.short_name.clone()).collect();
    let tactics = tactics(found_tactics, matrices, rejects);
    let active = tactics.iter().map(|tactic| tactic.short_name.clone()).collect();
    let techniques = techniques(found_techniques, &Phases { domain, active, all }, rejects);
    (tactics, techniques)
}

/// The active tactics, in the order of the active matrix.
fn tactics(tactics: Vec<Tactic>, matrices: Vec<Matrix>, rejects: &mut Rejects) -> Vec<TacticRecord> {
    let inactive: HashSet<String> =
        tactics.iter().filter(|t| !t.active).map(|t| t.record.stix_id.clone()).collect();
    let mut active: Vec<TacticRecord> = tactics.into_iter().filter(|t| t.active).map(|t| t.record).collect();
    active.sort_unstable_by(|a, b| a.stix_id.cmp(&b.stix_id));
    let mut names = HashSet::new();
    active.retain(|tactic| {
        let fresh = names.insert(tactic.short_name.clone());
        if !fresh {
            let fault = format!("another active tactic is {} too", quoted(&tactic.short_name));
            rejects.refuse(&tactic.stix_id, fault);
        }
        fresh
    });
    let columns = columns(matrices, &active, &inactive, rejects);
    let place = |tactic: &TacticRecord| columns.get(&tactic.stix_id).copied().unwrap_or(usize::MAX);
    active.sort_by(|a, b| (place(a), &a.attack_id).cmp(&(place(b), &b.attack_id)));
    for (tactic, ordinal) in active.iter_mut().zip(0..) {
        tactic.ordinal = ordinal;
    }
    active
}

/// The place of each tactic that an active matrix lists. Old Mobile releases
/// had two active matrices: the larger one goes first.
fn columns(
    mut matrices: Vec<Matrix>,
    active: &[TacticRecord],
    inactive: &HashSet<String>,
    rejects: &mut Rejects,
) -> HashMap<String, usize> {
    matrices.retain(|matrix| matrix.active);
    matrices.sort_unstable_by(|a, b| {
        b.tactic_refs.len().cmp(&a.tactic_refs.len()).then_with(|| a.stix_id.cmp(&b.stix_id))
    });
    if matrices.is_empty() {
        rejects
            .refuse("x-mitre-matrix", "no active matrix: tactics are put in the order of their ATT&CK ids");
    }
    let known: HashSet<&str> = active.iter().map(|tactic| tactic.stix_id.as_str()).collect();
    let mut columns = HashMap::new();
    for matrix in &matrices {
        for tactic in &matrix.tactic_refs {
            if known.contains(tactic.as_str()) {
                let next = columns.len();
                columns.entry(tactic.clone()).or_insert(next);
            } else if !inactive.contains(tactic) {
                let fault =
                    format!("lists {}, which is no usable tactic: that column is left out", quoted(tactic));
                rejects.refuse(&matrix.stix_id, fault);
            }
        }
    }
    for tactic in active.iter().filter(|t| !matrices.is_empty() && !columns.contains_key(&t.stix_id)) {
        rejects.refuse(
            &tactic.stix_id,
            "no active matrix lists it: it is put after the tactics that are listed",
        );
    }
    columns
}

/// What a phase may name.
struct Phases<'a> {
    domain: &'a str,
    /// Short names of the active tactics.
    active: HashSet<String>,
    /// Short names of all tactics, also of inactive ones.
    all: HashSet<String>,
}

impl Phases<'_> {
    /// Enterprise says `mitre-attack`, the others `mitre-mobile-attack` and so on.
    fn is_of_domain(&self, phase: &Phase) -> bool {
        match self.domain {
            "enterprise-attack" => phase.kill_chain == "mitre-attack",
            other => phase.kill_chain.strip_prefix("mitre-") == Some(other),
        }
    }
}

/// The techniques in their tactics; an active one must be in one.
fn techniques(mut found: Vec<Technique>, phases: &Phases, rejects: &mut Rejects) -> Vec<TechniqueRecord> {
    found.sort_unstable_by(|a, b| a.record.stix_id.cmp(&b.record.stix_id));
    found.into_iter().filter_map(|technique| in_tactics(technique, phases, rejects)).collect()
}

fn in_tactics(technique: Technique, phases: &Phases, rejects: &mut Rejects) -> Option<TechniqueRecord> {
    let mut record = technique.record;
    let named = technique.phases.into_iter().filter(|phase| phases.is_of_domain(phase));
    let (active, others): (Vec<_>, Vec<_>) =
        named.map(|phase| phase.name).partition(|name| phases.active.contains(name));
    let unknown: BTreeSet<String> =
        others.iter().filter(|name| !phases.all.contains(*name)).map(|name| quoted(name)).collect();
    let unknown: Vec<String> = unknown.into_iter().take(UNKNOWN_TACTICS_NAMED).collect();
    record.tactics = active;
    sort_words(&mut record.tactics);
    if record.tactics.is_empty() && record.lifecycle == Lifecycle::Active {
        let why = if unknown.is_empty() {
            String::new()
        } else {
            format!("; no tactic is named {}", unknown.join(" or "))
        };
        rejects.refuse(record.stix_id, format!("{} is in no active tactic{why}", record.attack_id));
        return None;
    }
    if !unknown.is_empty() {
        let fault = format!("{} names unknown tactics, left out: {}", record.attack_id, unknown.join(", "));
        rejects.refuse(&record.stix_id, fault);
    }
    Some(record)
}
