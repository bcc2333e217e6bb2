//! Timing of Aegis against floors and peers in the same run (`make bench`).
//!
//! Rounds are interleaved, so that what disturbs the machine disturbs both
//! sides; the table shows medians and the least and most of all rounds. Time
//! is never asserted: the run succeeds whatever the figures are.

mod append;
mod cluster;
mod evidence;
mod heatmap;
mod history;
mod hostile;
mod house;
mod import;
mod lag;
mod listing;
mod random;
mod rebuild;
mod record;
mod report;
mod site;
mod stock;

use anyhow::Result;
use clap::{Parser, ValueEnum};
use cluster::Cluster;
use report::Table;
use std::path::PathBuf;

/// Measures Aegis. `DATABASE_URL` names a cluster where databases may be made and dropped.
#[derive(Parser)]
struct Settings {
    /// What to measure; everything when left out.
    parts: Vec<Part>,
    /// Rounds of each figure.
    #[arg(long, env = "AEGIS_BENCH_ROUNDS", default_value_t = 5)]
    rounds: usize,
    /// Events of the long history.
    #[arg(long, env = "AEGIS_BENCH_EVENTS", default_value_t = 500_000)]
    events: usize,
    /// Seconds of one measurement of appends.
    #[arg(long, env = "AEGIS_BENCH_SECONDS", default_value_t = 3.0)]
    seconds: f64,
    /// Seconds of one measurement of the lag.
    #[arg(long, env = "AEGIS_BENCH_LAG_SECONDS", default_value_t = 10.0)]
    lag_seconds: f64,
    /// Commands a second under which the lag is measured.
    #[arg(long, env = "AEGIS_BENCH_RATE", default_value_t = 2_000.0)]
    rate: f64,
    /// Tests of the long list.
    #[arg(long, env = "AEGIS_BENCH_TESTS", default_value_t = 100_000)]
    tests: usize,
    /// A Python that has mitreattack-python.
    #[arg(long, env = "AEGIS_BENCH_PYTHON")]
    python: Option<PathBuf>,
}

/// A group of figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Append,
    Lag,
    Import,
    Rebuild,
    Heatmap,
    Listing,
    Evidence,
    Hostile,
}

/// Tells how far the run is, apart from its result.
fn say(text: &str) {
    eprintln!("  {text}");
}

#[tokio::main]
async fn main() -> Result<()> {
    let settings = Settings::parse();
    let cluster = Cluster::from_environment()?;
    let wanted = |part| settings.parts.is_empty() || settings.parts.contains(&part);
    let machine = machine(&cluster).await?;
    let mut figures = vec![];
    if wanted(Part::Append) {
        figures.extend(append::measure(&cluster, &settings).await?);
    }
    if wanted(Part::Lag) {
        figures.extend(lag::measure(&cluster, &settings).await?);
    }
    if wanted(Part::Rebuild) {
        figures.extend(rebuild::measure(&cluster, &settings, wanted(Part::Heatmap)).await?);
    }
    if wanted(Part::Import) {
        figures.extend(import::measure(&cluster, &settings).await?);
    }
    if wanted(Part::Heatmap) {
        figures.extend(heatmap::measure_few(&cluster, &settings).await?);
    }
    if wanted(Part::Listing) {
        figures.extend(listing::measure(&cluster, &settings).await?);
    }
    if wanted(Part::Evidence) {
        figures.extend(evidence::measure(&cluster, &settings).await?);
    }
    if wanted(Part::Hostile) {
        figures.extend(hostile::measure(&cluster, &settings).await?);
    }
    println!("{machine}\n\n{}", Table(figures));
    Ok(())
}

/// What the figures hold for.
async fn machine(cluster: &Cluster) -> Result<String> {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    let model = model.map_or("unknown processor", |(_, name)| name.trim());
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("unknown").to_owned();
    let cores = std::thread::available_parallelism()?;
    let (version, fsync) = (cluster.setting("server_version").await?, cluster.setting("fsync").await?);
    Ok(format!("{cores} x {model}; PostgreSQL {version}, fsync {fsync}; load average before the run {load}"))
}
