//! Which test waits for which: a graph that must have no way round.

use super::command::{Waits, limits};
use super::event::CampaignTest;
use crate::ids::TestId;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A shortest way from a test over what it waits for back to itself, if there
/// is any; the first test stands at both ends. Takes tests × dependencies steps,
/// at most 500 × 10,000 in one campaign; with what others say, 2,500 × 50,000 where there is a way round.
pub(super) fn cycle(tests: &BTreeMap<TestId, CampaignTest>) -> Option<Vec<TestId>> {
    let waits_for = edges(tests);
    if is_acyclic(&waits_for) {
        return None;
    }
    let mut nodes: Vec<(u32, TestId)> = tests.values().map(|test| (test.order, test.test)).collect();
    nodes.sort_unstable();
    let index: BTreeMap<TestId, usize> = tests.keys().copied().zip(0..).collect();
    let ids: Vec<TestId> = tests.keys().copied().collect();
    let mut shortest: Option<Vec<usize>> = None;
    for (_, start) in nodes {
        let way = way_back(&waits_for, index[&start]);
        if let Some(way) = way
            && shortest.as_ref().is_none_or(|held| way.len() < held.len())
        {
            shortest = Some(way);
        }
    }
    shortest.map(|way| way.into_iter().map(|node| ids[node]).collect())
}

/// The tests of a campaign with what they wait for in others too, and the tests of those.
pub(super) fn joined(
    tests: &BTreeMap<TestId, CampaignTest>,
    beside: Waits,
) -> BTreeMap<TestId, CampaignTest> {
    let mut joined = tests.clone();
    for (test, depends_on) in beside {
        let foreign = CampaignTest { test, order: limits::ORDER, phase: None, depends_on: BTreeSet::new() };
        joined.entry(test).or_insert(foreign).depends_on.extend(depends_on);
    }
    joined
}

/// For each test, in the order of their ids, the places of those it waits for.
fn edges(tests: &BTreeMap<TestId, CampaignTest>) -> Vec<Vec<usize>> {
    let index: BTreeMap<TestId, usize> = tests.keys().copied().zip(0..).collect();
    let places =
        |test: &CampaignTest| test.depends_on.iter().filter_map(|id| index.get(id).copied()).collect();
    tests.values().map(places).collect()
}

/// Takes away, again and again, what nothing that is left waits for.
fn is_acyclic(waits_for: &[Vec<usize>]) -> bool {
    let mut needed_by = vec![0_usize; waits_for.len()];
    for needed in waits_for.iter().flatten() {
        needed_by[*needed] += 1;
    }
    let mut free: Vec<usize> = (0..waits_for.len()).filter(|node| needed_by[*node] == 0).collect();
    let mut taken = 0;
    while let Some(node) = free.pop() {
        taken += 1;
        for needed in &waits_for[node] {
            needed_by[*needed] -= 1;
            if needed_by[*needed] == 0 {
                free.push(*needed);
            }
        }
    }
    taken == waits_for.len()
}

/// A shortest way from a node back to itself, with the node at both ends.
fn way_back(waits_for: &[Vec<usize>], start: usize) -> Option<Vec<usize>> {
    let mut came_from: Vec<Option<usize>> = vec![None; waits_for.len()];
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for next in &waits_for[node] {
            if *next == start {
                let mut way = vec![start, node];
                let mut at = node;
                while at != start {
                    at = came_from[at]?;
                    way.push(at);
                }
                way.reverse();
                return Some(way);
            }
            if came_from[*next].is_none() {
                came_from[*next] = Some(node);
                queue.push_back(*next);
            }
        }
    }
    None
}
