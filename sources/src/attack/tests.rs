use crate::attack::content::{Lifecycle, TechniqueRecord};

use super::fixture::{Mini, id};
use super::*;

mod becomes;
mod changes;
mod digests;
mod files;
mod objects;
mod real;
mod records;

fn quiet(_: u64, _: u64) -> Control {
    Control::Continue
}

fn read(bytes: &[u8]) -> Result<Parsed, ParseError> {
    parse(bytes, None, &mut quiet)
}

fn parsed(mini: &Mini) -> Parsed {
    read(&mini.bytes()).expect("a bundle")
}

fn error(text: &str) -> ParseError {
    read(text.as_bytes()).expect_err("no bundle")
}

fn pattern(number: u32) -> String {
    id("attack-pattern", number)
}

/// The rejects as (record, reason).
fn refused(mini: Mini) -> Vec<(String, String)> {
    let parsed = parsed(&mini);
    assert_eq!(parsed.rejects.count, parsed.rejects.kept.len() as u64);
    parsed.rejects.kept.into_iter().map(|reject| (reject.record, reject.reason)).collect()
}

/// Asserts that exactly one record is refused, and the rest goes in.
fn assert_refused(mini: Mini, record: &str, reason: &str) {
    assert_eq!(refused(mini), [(record.to_owned(), reason.to_owned())]);
}

fn by_attack_id<'a>(content: &'a AttackContent, attack_id: &str) -> &'a TechniqueRecord {
    content.techniques.iter().find(|t| t.attack_id == attack_id).expect("a technique")
}

fn successor<'a>(content: &'a AttackContent, attack_id: &str) -> Option<&'a str> {
    let stix_id = by_attack_id(content, attack_id).successor.as_deref()?;
    let technique = content.techniques.iter().find(|t| t.stix_id == stix_id).expect("the successor");
    assert_eq!(technique.lifecycle, Lifecycle::Active);
    Some(&technique.attack_id)
}

fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

fn shuffle<T>(items: &mut [T], mut seed: u64) {
    for index in (1..items.len()).rev() {
        items.swap(index, next(&mut seed) as usize % (index + 1));
    }
}
