//! Lag: from the answer of a commit to the event being in every read model,
//! under a steady load.

use crate::cluster::Cluster;
use crate::history::{Wish, subjects};
use crate::house::House;
use crate::report::{Figure, Rounds, Target, Unit, percentile};
use crate::{Settings, record, say};
use aegis_aggregates::test::Test;
use aegis_projections::store::{Executed, Store};
use aegis_projections::tide::Tide;
use anyhow::{Result, bail};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// Commands on their way at the same time, at most; tests of different lanes are distinct.
const LANES: usize = 16;
/// One command in so many is waited for.
const SAMPLED: usize = 20;

/// What one round saw.
struct Seen {
    lags_ms: Vec<f64>,
    rate: f64,
}

/// The figures.
///
/// # Errors
/// The database failed.
pub async fn measure(cluster: &Cluster, settings: &Settings) -> Result<Vec<Figure>> {
    let content = record::content()?;
    let fresh = record::with_content(cluster, "aegis_bench_lag", &content).await?;
    let house = House::open(fresh, false).await?;
    house.quiet().await?;
    let offered = settings.rate;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of commands")]
    let per_lane = ((offered * settings.lag_seconds) as usize).div_ceil(LANES);
    let mut lanes: Vec<Vec<Wish>> = vec![];
    for seed in 0..LANES {
        let seed = record::SEED + u64::try_from(seed)?;
        lanes.push(record::wishes(seed, subjects(&content)?, per_lane * (settings.rounds + 1))?);
    }

    let (mut p50, mut p99, mut rate) = <(Rounds, Rounds, Rounds)>::default();
    for round in 0..=settings.rounds {
        say(&format!("lag, round {round} of {} (round 0 warms up)", settings.rounds));
        cluster.settle().await?;
        let load = lanes.iter_mut().map(|lane| lane.drain(..per_lane).collect()).collect();
        let seen = load_once(&house.store, &house.engine.tide(), load, offered).await?;
        if round > 0 {
            p50.add(percentile(&seen.lags_ms, 0.50));
            p99.add(percentile(&seen.lags_ms, 0.99));
            rate.add(seen.rate);
        }
        house.quiet().await?;
    }
    house.close().await?;
    let load = format!("lag at {offered:.0} commands/s");
    Ok(vec![
        Figure::new(format!("{load}, p50"), Unit::Milliseconds, p50).target(Target::Below(50.0)),
        Figure::new(format!("{load}, p99"), Unit::Milliseconds, p99).target(Target::Below(250.0)),
        // Below that it is the lag of another load.
        Figure::new(format!("{load}: carried out"), Unit::PerSecond, rate)
            .target(Target::AtLeast(0.95 * offered)),
    ])
}

/// Carries out every lane's commands in step with the clock: a late one does not put off the next.
async fn load_once(store: &Store, tide: &Tide, load: Vec<Vec<Wish>>, offered: f64) -> Result<Seen> {
    let begun = Instant::now();
    let total: usize = load.iter().map(Vec::len).sum();
    let mut lanes = vec![];
    for (number, lane) in load.into_iter().enumerate() {
        let (store, tide) = (store.clone(), tide.clone());
        lanes.push(tokio::spawn(async move {
            let mut watched = vec![];
            for (at, wish) in lane.into_iter().enumerate() {
                #[allow(clippy::cast_precision_loss, reason = "a count of commands")]
                let due = Duration::from_secs_f64((at * LANES + number) as f64 / offered);
                sleep_until(begun + due).await;
                let executed =
                    store.execute::<Test>(&wish.test.to_string(), wish.command.clone(), &wish.origin).await?;
                let committed = Instant::now();
                let Executed::Committed(event) = executed else {
                    bail!("{wish:?} was not taken: {executed:?}")
                };
                if (at * LANES + number).is_multiple_of(SAMPLED) {
                    let tide = tide.clone();
                    watched.push(tokio::spawn(async move {
                        tide.see(&event).await.map(|_| committed.elapsed().as_secs_f64() * 1_000.0)
                    }));
                }
            }
            Ok(watched)
        }));
    }
    let mut watched = vec![];
    for lane in lanes {
        watched.extend(lane.await??);
    }
    #[allow(clippy::cast_precision_loss, reason = "a count of commands")]
    let rate = total as f64 / begun.elapsed().as_secs_f64();
    let mut lags_ms = vec![];
    for watched in watched {
        // What is not seen in time counts with the time it was waited for.
        lags_ms.push(watched.await??);
    }
    Ok(Seen { lags_ms, rate })
}
