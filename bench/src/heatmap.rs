//! Heatmap: the query of the matrix page over all techniques; the floor is
//! one query of the same rows and their JSON.

use crate::cluster::Cluster;
use crate::house::House;
use crate::report::{Figure, Rounds, Unit, percentile};
use crate::site::Site;
use crate::{Settings, record, say};
use aegis_aggregates::actor::Role;
use aegis_projections::coverage;
use aegis_relay::Relay;
use aegis_sources::attack::content::AttackContent;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::hint::black_box;
use std::time::Instant;

/// The fields that the matrix page asks for (`web/src/features/matrix/operations.ts`).
const QUERY: &str = "query Heatmap($asOf: DateTime) { heatmap(layer: COVERAGE, asOf: $asOf) {
  release { version source }
  tactics { attackId shortName name coveredPercent coverage { total }
    cells { attackId name parentAttackId platforms status openWork tests validatedTests changedPosition changedAt } }
  position sealedAt } }";
/// Asked one after another, per way and round.
const REQUESTS: usize = 40;
/// The smaller history.
pub const FEW_EVENTS: usize = 1_000;

/// The figures at [`FEW_EVENTS`], over a database of their own.
///
/// # Errors
/// The database failed.
pub async fn measure_few(cluster: &Cluster, settings: &Settings) -> Result<Vec<Figure>> {
    let content = record::content()?;
    let fresh = record::with_content(cluster, "aegis_bench_heatmap", &content).await?;
    record::fill(&fresh.pool, &content, FEW_EVENTS).await?;
    let house = House::open(fresh, false).await?;
    house.quiet().await?;
    house.fresh.analyze().await?;
    let figures = measure(cluster, settings, &house, &content).await?;
    house.close().await?;
    Ok(figures)
}

/// The figures over what is there.
///
/// # Errors
/// A request failed.
pub async fn measure(
    cluster: &Cluster,
    settings: &Settings,
    house: &House,
    content: &AttackContent,
) -> Result<Vec<Figure>> {
    let nothing_kept = Relay::open(None)?.keeping_nothing();
    let site = Site::open(house, nothing_kept, "viewer", Role::Viewer).await?;
    let keeping = Site::open(house, Relay::open(None)?, "viewer.kept", Role::Viewer).await?;
    let head = house.quiet().await?;
    cluster.settle().await?;
    let digest = record::sha256_name(content);
    let query = json!({ "query": QUERY });
    check(&site, &query, content).await?;

    let mut times: [Times; 5] = Default::default();
    for round in 0..=settings.rounds {
        say(&format!("heatmap at {head} events, round {round} of {} (round 0 warms up)", settings.rounds));
        let [floor, process, plain, packed, kept] = &mut times;
        let mut measured: [Vec<f64>; 5] = Default::default();
        for _ in 0..REQUESTS {
            let begun = Instant::now();
            let rows = coverage::heatmap(&house.fresh.pool, &digest, head).await?;
            black_box(serde_json::to_vec(&rows)?);
            measured[0].push(milliseconds(begun));
        }
        for _ in 0..REQUESTS {
            let begun = Instant::now();
            black_box(site.in_process(&query).await?);
            measured[1].push(milliseconds(begun));
        }
        for (at, encoding) in [(2, "identity"), (3, "gzip")] {
            for _ in 0..REQUESTS {
                let begun = Instant::now();
                black_box(site.over_http(&query, encoding).await?);
                measured[at].push(milliseconds(begun));
            }
        }
        for _ in 0..REQUESTS {
            let begun = Instant::now();
            black_box(keeping.over_http(&query, "identity").await?);
            measured[4].push(milliseconds(begun));
        }
        if round > 0 {
            for (times, measured) in [floor, process, plain, packed, kept].into_iter().zip(&measured) {
                times.p50.add(percentile(measured, 0.50));
                times.p95.add(percentile(measured, 0.95));
            }
        }
    }
    let [floor, process, plain, packed, kept] = times;
    let mut figures = vec![];
    for (name, ours) in [
        ("in process", process),
        ("over HTTP", plain),
        ("over HTTP, gzip", packed),
        ("over HTTP, kept", kept),
    ] {
        let line = |share, ours, floor: &Rounds| {
            let name = format!("heatmap {name}, {head} events, {share}");
            Figure::new(name, Unit::Milliseconds, ours).floor(floor.clone())
        };
        figures.push(line("p50", ours.p50, &floor.p50));
        figures.push(line("p95", ours.p95, &floor.p95));
    }
    Ok(figures)
}

#[derive(Default)]
struct Times {
    p50: Rounds,
    p95: Rounds,
}

fn milliseconds(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1_000.0
}

/// The answer has every technique, and no error.
async fn check(site: &Site, query: &Value, content: &AttackContent) -> Result<()> {
    let answer: Value = serde_json::from_slice(&site.in_process(query).await?)?;
    let tactics = answer["data"]["heatmap"]["tactics"].as_array();
    let cells: usize = tactics
        .with_context(|| format!("no heatmap: {answer}"))?
        .iter()
        .filter_map(|tactic| tactic["cells"].as_array())
        .map(Vec::len)
        .sum();
    if i32::try_from(cells)? != content.counts().cells {
        bail!("the heatmap has {cells} cells, the release {}", content.counts().cells);
    }
    let (direct, plain) =
        (site.in_process(query).await?.len(), site.over_http(query, "identity").await?.len());
    if direct != plain {
        bail!("{direct} bytes in process, {plain} over HTTP");
    }
    Ok(())
}
