//! The rows that a fixed history gives, under each version of each fold.
//!
//! A fold that gives other rows for the same events must say so with a new
//! version, or processes would go on from rows that it never wrote. The
//! history (`golden/history.jsonl`) and its contents are kept for ever; to
//! add to the digests, raise the version of the fold and run this with
//! `AEGIS_GOLDEN=write`.

#[path = "support/failure.rs"]
mod failure;
#[path = "support/history.rs"]
mod history;
#[path = "support/random.rs"]
mod random;

use aegis_aggregates::knowledge::KnowledgeEvent;
use aegis_projections::fold::{DomainEvent, ReleaseFacts, Sealed, TechniqueFacts};
use aegis_projections::knowledge::content::AttackContent;
use aegis_projections::ledger::StoredEvent;
use aegis_projections::runner;
use chrono::{DateTime, TimeDelta, Utc};
use failure::Outcome;
use history::World;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
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
    digest: String,
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

fn writing() -> bool {
    std::env::var_os("AEGIS_GOLDEN").is_some_and(|value| value == "write")
}

/// Makes the history, once and for all.
async fn write_history() -> Outcome {
    let mut world = World::new(2026);
    let begun = DateTime::from_timestamp(1_767_225_600, 0).expect("an instant");
    let mut lines = String::new();
    for (position, fact) in (1..).zip(world.history(400).await) {
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
    std::fs::write(file("contents.json"), serde_json::to_string_pretty(&contents)? + "\n")?;
    std::fs::write(file("history.jsonl"), lines)?;
    Ok(())
}

fn history() -> Outcome<Vec<Sealed>> {
    let contents: BTreeMap<String, AttackContent> =
        serde_json::from_str(&std::fs::read_to_string(file("contents.json"))?)?;
    let mut events = vec![];
    for line in std::fs::read_to_string(file("history.jsonl"))?.lines() {
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
            event.release = Some(Arc::new(facts(&contents[&release.digest])));
        }
        events.push(event);
    }
    Ok(events)
}

fn facts(content: &AttackContent) -> ReleaseFacts {
    let of = |t: &aegis_projections::knowledge::content::TechniqueRecord| {
        (t.stix_id.clone(), TechniqueFacts { lifecycle: t.lifecycle, successor: t.successor.clone() })
    };
    ReleaseFacts { techniques: content.techniques.iter().map(of).collect() }
}

/// Every change of every row, in order.
fn digests(events: &[Sealed]) -> BTreeMap<String, Golden> {
    let mut digests = BTreeMap::new();
    for mut fold in runner::folds() {
        let mut digest = Sha256::new();
        for event in events {
            for change in fold.apply(event) {
                let row = change.row.as_deref().unwrap_or("-");
                digest.update(format!("{} {} {} {row}\n", event.position, change.table, change.key));
            }
        }
        let golden = Golden { version: fold.version(), digest: hex::encode(digest.finalize()) };
        digests.insert(fold.name().to_owned(), golden);
    }
    digests
}

#[tokio::test]
async fn a_fold_that_gives_other_rows_has_another_version() -> Outcome {
    if writing() && !file("history.jsonl").exists() {
        write_history().await?;
    }
    let found = digests(&history()?);
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
        let unchanged = found.digest == kept.digest;
        assert!(
            unchanged || found.version != kept.version,
            "the fold of '{name}' gives other rows for the same events, and its version is still {}: raise it in \
             its `fn version`, then run this test with AEGIS_GOLDEN=write",
            kept.version
        );
        assert!(
            unchanged && found.version == kept.version || writing(),
            "the fold of '{name}' has version {} now: run this test with AEGIS_GOLDEN=write",
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
fn the_history_holds_every_kind_of_event() -> Outcome {
    let kinds: BTreeSet<String> = std::fs::read_to_string(file("history.jsonl"))?
        .lines()
        .map(|line| serde_json::from_str::<Line>(line).map(|line| line.event_type))
        .collect::<Result<_, _>>()?;
    for kind in history::KINDS {
        assert!(kinds.contains(kind), "no {kind}");
    }
    Ok(())
}
