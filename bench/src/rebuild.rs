//! Rebuild: coverage folded anew from a long history, against one ordered
//! read of the same events with typed decode.

use crate::cluster::Cluster;
use crate::house::House;
use crate::report::{Figure, Rounds, Target, Unit};
use crate::{Settings, heatmap, record, say};
use aegis_projections::{Pool, ledger, runner};
use anyhow::{Result, bail};
use std::hint::black_box;
use std::time::Instant;

/// Events of one read, as the rebuild takes them.
const READ_BATCH: i64 = 20_000;
/// Rebuilt once, so that an engine over the history has nothing to catch up with.
const OTHERS: [&str; 3] = ["knowledge", "tests", "accounts"];

/// The figures, and those of the heatmap over the same history if wanted.
///
/// # Errors
/// The database failed.
pub async fn measure(cluster: &Cluster, settings: &Settings, heatmaps: bool) -> Result<Vec<Figure>> {
    let content = record::content()?;
    let fresh = record::with_content(cluster, "aegis_bench_record", &content).await?;
    say(&format!("rebuild: making {} events", settings.events));
    let sealing = record::fill(&fresh.pool, &content, settings.events).await?;
    fresh.analyze().await?;

    let (mut floors, mut ours) = <(Rounds, Rounds)>::default();
    for round in 1..=settings.rounds {
        say(&format!("rebuild, round {round} of {}", settings.rounds));
        cluster.settle().await?;
        floors.add(read_all(&fresh.pool).await?);
        cluster.settle().await?;
        ours.add(rebuild(&fresh.pool, "coverage").await?);
    }
    let count = settings.events;
    let mut figures = vec![
        Figure::new(format!("rebuild of coverage, {count} events"), Unit::Seconds, ours)
            .floor(floors.clone())
            .target(Target::Ratio(0.2)),
    ];
    say("rebuild: the other projections");
    for name in OTHERS {
        let mut once = Rounds::default();
        once.add(rebuild(&fresh.pool, name).await?);
        let figure = Figure::new(format!("rebuild of {name}, {count} events, once"), Unit::Seconds, once);
        figures.push(figure.floor(floors.first()));
    }
    let mut rate = Rounds::default();
    #[allow(clippy::cast_precision_loss, reason = "a count of events")]
    rate.add(count as f64 / sealing.as_secs_f64());
    figures.push(Figure::new("sealing a backlog, once", Unit::PerSecond, rate));
    if heatmaps {
        fresh.analyze().await?;
        let house = House::open(fresh, false).await?;
        figures.extend(heatmap::measure(cluster, settings, &house, &content).await?);
        house.close().await?;
    } else {
        fresh.drop().await?;
    }
    Ok(figures)
}

async fn read_all(pool: &Pool) -> Result<f64> {
    let begun = Instant::now();
    let mut connection = pool.acquire().await?;
    let mut after = 0;
    loop {
        let events = ledger::read(&mut connection, after, READ_BATCH).await?;
        let Some(last) = events.last() else { break };
        after = last.position;
        for event in events {
            black_box(event.decode()?);
        }
    }
    if after != ledger::head(pool).await?.position {
        bail!("the read stopped at {after}");
    }
    Ok(begun.elapsed().as_secs_f64())
}

async fn rebuild(pool: &Pool, name: &str) -> Result<f64> {
    let begun = Instant::now();
    runner::rebuild(pool, name, &mut |_, _| {}).await?;
    Ok(begun.elapsed().as_secs_f64())
}
