//! Fills a database: a release in force, and a long history behind it.

use crate::cluster::{Cluster, Fresh};
use crate::history::{History, Row, Subject, subjects};
use crate::stock::{self, Stock};
use aegis_aggregates::actor::Actor;
use aegis_aggregates::knowledge::{Knowledge, KnowledgeAction, KnowledgeCommand, KnowledgeSource, Release};
use aegis_projections::knowledge::{self, content::AttackContent};
use aegis_projections::ledger::{SealOutcome, Sealer};
use aegis_projections::store::{Committed, Executed, Origin, Store};
use aegis_projections::{Pool, runner};
use aegis_sources::{archive, attack};
use aegis_workers::starter;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Rows of one COPY.
const COPY_ROWS: usize = 10_000;
/// The seed of every history of a run.
pub const SEED: u64 = 18;

/// The real bundle, where `../shared/data` is.
pub fn bundle() -> Option<PathBuf> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/enterprise-attack-18.1.json.zst");
    path.exists().then_some(path)
}

/// The content that histories are about: ATT&CK 18.1 where it is there, else the starter techniques.
///
/// # Errors
/// The bundle does not read.
pub fn content() -> Result<AttackContent> {
    let Some(path) = bundle() else { return Ok(starter::content()) };
    let name = path.display().to_string();
    let json = archive::unpack(&std::fs::read(&path)?, &name)?;
    Ok(attack::parse(&json, attack::version_in_file_name(&name), &mut |_, _| {
        aegis_sources::Control::Continue
    })?
    .content)
}

/// A database with this content in force.
///
/// # Errors
/// The database failed.
pub async fn with_content(cluster: &Cluster, name: &str, content: &AttackContent) -> Result<Fresh> {
    let fresh = cluster.fresh(name).await?;
    runner::register(&fresh.pool).await?;
    let store = Store::new(fresh.pool.clone());
    release(&fresh.pool, &store, content).await?;
    Ok(fresh)
}

async fn release(pool: &Pool, store: &Store, content: &AttackContent) -> Result<Committed> {
    let digest = sha256_name(content);
    knowledge::stage(pool, &digest, content, &mut |_| {}).await?;
    let source = KnowledgeSource::AttackEnterprise;
    let release = Release { version: content.version.clone(), digest, job: None, restored: false };
    let command = KnowledgeCommand { by: Actor::SYSTEM, source, action: KnowledgeAction::Release(release) };
    let executed =
        store.execute::<Knowledge>(source.aggregate_id(), command, &Origin::new(Actor::SYSTEM)).await?;
    let Executed::Committed(committed) = executed else { bail!("the release was not taken: {executed:?}") };
    Ok(committed)
}

/// The name of a content: its digest in hex.
pub fn sha256_name(content: &AttackContent) -> String {
    attack::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Appends a history of so many events by COPY, and seals it. Returns how long sealing took.
///
/// # Errors
/// The database failed.
pub async fn fill(pool: &Pool, content: &AttackContent, events: usize) -> Result<Duration> {
    let mut history = History::new(SEED, subjects(content)?);
    let mut left = events;
    while left > 0 {
        let rows = made(&mut history, left.min(COPY_ROWS))?;
        copy(pool, &rows).await?;
        left -= rows.len();
    }
    seal(pool).await
}

/// Appends a stock of so many tests by COPY, and seals it.
///
/// # Errors
/// The database failed.
pub async fn stock(pool: &Pool, stock: &mut Stock, tests: usize) -> Result<()> {
    let mut left = tests;
    while left > 0 {
        let count = left.min(stock::BATCH);
        copy(pool, &stock.tests(count)?).await?;
        left -= count;
    }
    seal(pool).await?;
    Ok(())
}

fn made(history: &mut History, count: usize) -> Result<Vec<Row>> {
    (0..count).map(|_| history.step()?.row()).collect()
}

/// Wishes of a history, for the command path.
///
/// # Errors
/// The history does not know the rules.
pub fn wishes(seed: u64, subjects: Vec<Subject>, count: usize) -> Result<Vec<crate::history::Wish>> {
    let mut history = History::new(seed, subjects);
    (0..count).map(|_| Ok(history.step()?.wish)).collect()
}

/// Appends rows by COPY, triggers and all.
///
/// # Errors
/// The database failed.
pub async fn copy(pool: &Pool, rows: &[Row]) -> Result<()> {
    let mut lines = String::with_capacity(rows.len() * 1_000);
    for row in rows {
        row.copy_into(&mut lines);
    }
    let mut connection = pool.acquire().await?;
    let mut copy = connection
        .copy_in_raw(
            "copy events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata) from stdin",
        )
        .await?;
    copy.send(lines.into_bytes()).await?;
    let copied = copy.finish().await?;
    if copied != u64::try_from(rows.len())? {
        bail!("copied {copied} of {} rows", rows.len());
    }
    Ok(())
}

async fn seal(pool: &Pool) -> Result<Duration> {
    let begun = Instant::now();
    let mut sealer = Sealer::new(pool.clone());
    loop {
        match sealer.seal().await.context("sealing failed")? {
            SealOutcome::Sealed { .. } => {}
            SealOutcome::Idle => return Ok(begun.elapsed()),
            SealOutcome::Busy => tokio::time::sleep(Duration::from_millis(1)).await,
        }
    }
}
