//! The rows that a fixed history gives, under each version of each fold.
//!
//! A fold that gives other rows for the same events must say so with a new
//! version, or processes would go on from rows that it never wrote. The
//! histories in `golden` and their contents are kept for ever, and each begins
//! anew; events that came later have a history of their own. To add to the
//! digests, raise the version of the fold (or add a history to the list) and
//! run this with `AEGIS_GOLDEN=write`.

#[path = "support/failure.rs"]
mod failure;
#[path = "support/history.rs"]
mod history;
#[path = "support/random.rs"]
mod random;

use aegis_aggregates::knowledge::KnowledgeEvent;
use aegis_projections::fold::{DomainEvent, ReleaseFacts, Sealed, TechniqueFacts};
use aegis_projections::ledger::StoredEvent;
use aegis_projections::runner;
use aegis_sources::Record;
use aegis_sources::attack::content::AttackContent;
use chrono::{DateTime, TimeDelta, Utc};
use failure::Outcome;
use history::World;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An event as the file keeps it.
#[derive(Serialize, Deserialize)]
struct Line {
    position: i64,
    sealed_at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
    aggregate_type: String,
    aggregate_id: String,
    sequence: i64,
    event_type: String,
    event_version: String,
    payload: serde_json::Value,
    metadata: serde_json::Value,
}

/// What a fold gave, under its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Golden {
    version: i32,
    /// By history.
    digests: BTreeMap<String, String>,
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

fn writing() -> bool {
    std::env::var_os("AEGIS_GOLDEN").is_some_and(|value| value == "write")
}

/// The histories: the events, the contents they name, and the seed they were made of.
const HISTORIES: [(&str, &str, u64); 6] = [
    ("history.jsonl", "contents.json", 2026),
    ("history-2.jsonl", "contents-2.json", 2027),
    ("history-remedies.jsonl", "contents-remedies.json", 2029),
    ("history-campaigns.jsonl", "contents-campaigns.json", 2028),
    ("history-people.jsonl", "contents-people.json", 2030),
    ("history-sources.jsonl", "contents-sources.json", 2031),
];

/// Makes a history, once and for all.
async fn write_history(events: &str, named: &str, seed: u64) -> Outcome {
    let mut world = World::new(seed);
    let begun = DateTime::from_timestamp(1_767_225_600, 0).expect("an instant");
    let mut lines = String::new();
    for (position, fact) in (1..).zip(world.history(900).await) {
        let line = Line {
            position,
            sealed_at: begun + TimeDelta::microseconds(position * 61_000_007),
            recorded_at: begun + TimeDelta::microseconds(position * 61_000_007 - 5_003),
            aggregate_type: fact.aggregate_type.to_owned(),
            aggregate_id: fact.aggregate_id,
            sequence: fact.sequence,
            event_type: fact.event_type,
            event_version: fact.event_version,
            payload: fact.payload,
            metadata: fact.metadata,
        };
        lines += &(serde_json::to_string(&line)? + "\n");
    }
    let contents: BTreeMap<_, _> =
        world.contents.iter().map(|named| (&named.digest, &named.content)).collect();
    std::fs::write(file(named), serde_json::to_string_pretty(&contents)? + "\n")?;
    let records: Records = world
        .catalogue
        .contents
        .iter()
        .map(|content| {
            let bodies = content.members.iter().map(|member| (member.kind.to_owned(), member.body.clone()));
            (content.digest.clone(), bodies.collect())
        })
        .collect();
    std::fs::write(records_of(named), serde_json::to_string_pretty(&records)? + "\n")?;
    std::fs::write(file(events), lines)?;
    Ok(())
}

/// The records of contents by digest: kind and body.
type Records = BTreeMap<String, Vec<(String, String)>>;

/// Where the records of a history are kept; those of before there were any have none.
fn records_of(named: &str) -> PathBuf {
    file(&named.replace("contents", "records"))
}

fn history(events: &str, named: &str) -> Outcome<Vec<Sealed>> {
    let records: Records = match std::fs::read_to_string(records_of(named)) {
        Ok(text) => serde_json::from_str(&text)?,
        Err(_) => Records::new(),
    };
    let contents: BTreeMap<String, AttackContent> =
        serde_json::from_str(&std::fs::read_to_string(file(named))?)?;
    let mut sealed = vec![];
    for line in std::fs::read_to_string(file(events))?.lines() {
        let line: Line = serde_json::from_str(line)?;
        let stored = StoredEvent {
            position: line.position,
            sealed_at: line.sealed_at,
            recorded_at: line.recorded_at,
            aggregate_type: line.aggregate_type,
            aggregate_id: line.aggregate_id,
            sequence: line.sequence,
            event_type: line.event_type,
            event_version: line.event_version,
            payload: line.payload.to_string(),
            metadata: line.metadata.to_string(),
        };
        let mut event = stored.decode()?;
        if let DomainEvent::Knowledge(KnowledgeEvent::KnowledgeReleased { release, .. }) = &event.body {
            event.release = Some(Arc::new(match contents.get(&release.digest) {
                Some(content) => facts(content),
                None => facts_of(&records[&release.digest])?,
            }));
        }
        sealed.push(event);
    }
    Ok(sealed)
}

fn facts(content: &AttackContent) -> ReleaseFacts {
    let of = |t: &aegis_sources::attack::content::TechniqueRecord| {
        let facts = TechniqueFacts {
            attack_id: t.attack_id.clone(),
            lifecycle: t.lifecycle,
            successor: t.successor.clone(),
        };
        (t.stix_id.clone(), facts)
    };
    ReleaseFacts { techniques: content.techniques.iter().map(of).collect(), records: vec![] }
}

/// What a fold that reads all kinds is told.
fn facts_of(records: &[(String, String)]) -> Outcome<ReleaseFacts> {
    let records = records.iter().map(|(kind, body)| Record::read(kind, body)).collect::<Result<_, _>>()?;
    Ok(ReleaseFacts { techniques: HashMap::new(), records })
}

/// Every change of every row, in order.
fn digests(histories: &BTreeMap<&str, Vec<Sealed>>) -> BTreeMap<String, Golden> {
    let mut found = BTreeMap::new();
    for mut fold in runner::folds() {
        let mut digests = BTreeMap::new();
        for (name, events) in histories {
            fold.reset();
            let mut digest = Sha256::new();
            for event in events {
                for change in fold.apply(event) {
                    let row = change.row.as_deref().unwrap_or("-");
                    digest.update(format!("{} {} {} {row}\n", event.position, change.table, change.key));
                }
            }
            digests.insert((*name).to_owned(), hex::encode(digest.finalize()));
        }
        found.insert(fold.name().to_owned(), Golden { version: fold.version(), digests });
    }
    found
}

#[tokio::test]
async fn a_fold_that_gives_other_rows_has_another_version() -> Outcome {
    let mut histories = BTreeMap::new();
    for (events, named, seed) in HISTORIES {
        if writing() && !file(events).exists() {
            write_history(events, named, seed).await?;
        }
        histories.insert(events, history(events, named)?);
    }
    let found = digests(&histories);
    let path = file("folds.json");
    let kept: BTreeMap<String, Golden> = match std::fs::read_to_string(&path) {
        Ok(text) => serde_json::from_str(&text)?,
        Err(_) if writing() => BTreeMap::new(),
        Err(error) => return Err(error.into()),
    };
    for (name, found) in &found {
        let Some(kept) = kept.get(name) else {
            assert!(writing(), "projection '{name}' is new: run this test with AEGIS_GOLDEN=write");
            continue;
        };
        let unchanged =
            kept.digests.iter().all(|(history, digest)| found.digests.get(history) == Some(digest));
        assert!(
            unchanged || found.version != kept.version,
            "the fold of '{name}' gives other rows for the same events, and its version is still {}: raise it in \
             its `fn version`, then run this test with AEGIS_GOLDEN=write",
            kept.version
        );
        assert!(
            found == kept || writing(),
            "the fold of '{name}' has version {} now, or there is a new history: run this test with AEGIS_GOLDEN=write",
            found.version
        );
    }
    if writing() {
        std::fs::write(&path, serde_json::to_string_pretty(&found)? + "\n")?;
        return Ok(());
    }
    assert_eq!(found, kept, "a projection is gone");
    Ok(())
}

#[test]
fn the_histories_hold_every_kind_of_event() -> Outcome {
    let mut kinds = BTreeSet::new();
    for (events, ..) in HISTORIES {
        for line in std::fs::read_to_string(file(events))?.lines() {
            kinds.insert(serde_json::from_str::<Line>(line)?.event_type);
        }
    }
    for kind in history::KINDS {
        assert!(kinds.contains(kind), "no {kind}");
    }
    Ok(())
}
