//! Hostile clients: how others fare while 2,000 connections are slow on purpose, and whether the time of a
//! failed sign-in tells that there is such a name.

use crate::cluster::Cluster;
use crate::house::House;
use crate::report::{Figure, Rounds, Target, Unit, percentile};
use crate::site::Site;
use crate::{Settings, record, say};
use aegis_aggregates::actor::Role;
use aegis_relay::Relay;
use anyhow::{Result, bail};
use serde_json::json;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// Connections that are slow on purpose.
const SLOW: usize = 2_000;
/// Questions that are timed in each round, one after another.
const QUESTIONS: usize = 500;
/// Sign-ins that are timed in each round.
const SIGN_INS: usize = 40;
/// How often a slow connection sends a byte.
const TRICKLE: Duration = Duration::from_millis(500);
/// What it begins with: a head that does not come to its end, or a body.
const BEGUN: [&[u8]; 2] = [
    b"POST /graphql HTTP/1.1\r\nhost: a\r\nx-slow: ",
    b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{",
];

/// The figures.
///
/// # Errors
/// The database failed, or the server did not answer.
pub async fn measure(cluster: &Cluster, settings: &Settings) -> Result<Vec<Figure>> {
    let content = record::content()?;
    let fresh = record::with_content(cluster, "aegis_bench_hostile", &content).await?;
    let house = House::open(fresh, false).await?;
    house.quiet().await?;
    let site = Site::open(&house, Relay::open(None)?, "viewer", Role::Viewer).await?;
    let (mut calm, mut beset) = <(Rounds, Rounds)>::default();
    let (mut wrong, mut unknown) = <(Rounds, Rounds)>::default();
    for round in 0..=settings.rounds {
        say(&format!("hostile, round {round} of {} (round 0 warms up)", settings.rounds));
        let quiet = percentile(&answers(&site).await?, 0.99);
        let mut slow = Slow::connect(site.address()?).await?;
        let busy = percentile(&answers(&site).await?, 0.99);
        let left = slow.left();
        if left < SLOW / 2 {
            bail!("of {SLOW} slow connections {left} are left: it was another load");
        }
        drop(slow);
        let base = round * SIGN_INS * 2;
        let known = sign_ins(&site, "viewer", base).await?;
        let nobody = sign_ins(&site, "nobody.at.all", base + SIGN_INS).await?;
        if round > 0 {
            calm.add(quiet);
            beset.add(busy);
            wrong.add(percentile(&known, 0.5));
            unknown.add(percentile(&nobody, 0.5));
        }
    }
    drop(site);
    house.close().await?;
    let name = format!("a query beside {SLOW} slow connections, p99 (floor: calm)");
    Ok(vec![
        Figure::new(name, Unit::Milliseconds, beset).floor(calm).target(Target::Ratio(0.5)),
        Figure::new(
            "a sign-in with an unknown name (floor: with a wrong password)",
            Unit::Milliseconds,
            unknown,
        )
        .floor(wrong),
    ])
}

/// How long answers take, milliseconds.
async fn answers(site: &Site) -> Result<Vec<f64>> {
    let body = json!({ "query": "{ tests(first: 10) { nodes { id title } } me { expiresAt } }" });
    let mut took = vec![];
    for _ in 0..QUESTIONS {
        let begun = Instant::now();
        site.over_http(&body, "identity").await?;
        took.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(took)
}

/// How long failed sign-ins take, milliseconds, each from an address of its own.
async fn sign_ins(site: &Site, username: &str, base: usize) -> Result<Vec<f64>> {
    let body = json!({
        "query": "mutation ($input: LoginInput!) { login(input: $input) { token } }",
        "variables": { "input": { "username": username, "password": "Not the password, 18" } },
    });
    let mut took = vec![];
    for number in base..base + SIGN_INS {
        let begun = Instant::now();
        let said = site.as_stranger(&body, &format!("2001:db8::{number:x}")).await?;
        took.push(begun.elapsed().as_secs_f64() * 1_000.0);
        if !said.contains("UNAUTHENTICATED") {
            bail!("a wrong password was answered {said}");
        }
    }
    Ok(took)
}

/// Connections that send a byte now and then, as long as they may.
struct Slow(JoinSet<()>);

impl Slow {
    async fn connect(address: SocketAddr) -> Result<Self> {
        let mut open = JoinSet::new();
        for number in 0..SLOW {
            let mut stream = TcpStream::connect(address).await?;
            stream.write_all(BEGUN[number % BEGUN.len()]).await?;
            open.spawn(async move {
                while stream.write_all(b"a").await.is_ok() {
                    tokio::time::sleep(TRICKLE).await;
                }
            });
        }
        Ok(Self(open))
    }

    /// How many are still there.
    fn left(&mut self) -> usize {
        while self.0.try_join_next().is_some() {}
        self.0.len()
    }
}
