//! Import of the real ATT&CK 18.1 end to end, against mitreattack-python and
//! against a bare typed parse of the unpacked bytes.

use crate::cluster::Cluster;
use crate::house::House;
use crate::report::{Figure, Rounds, Target, Unit};
use crate::{Settings, record, say};
use aegis_aggregates::knowledge::KnowledgeSource;
use aegis_sources::archive;
use aegis_workers::request::{LocalFile, import_file};
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::borrow::Cow;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// The comparison's own program.
const PEER: &str = include_str!("../mitreattack.py");
/// What both must find: active techniques and sub-techniques, and uses of them by active groups.
const EXPECTED: [u64; 2] = [691, 4_362];

/// The figures.
///
/// # Errors
/// The database failed, or the import did not go in.
pub async fn measure(cluster: &Cluster, settings: &Settings) -> Result<Vec<Figure>> {
    const NAME: &str = "import of ATT&CK 18.1";
    let Some(bundle) = record::bundle() else {
        return Ok(vec![Figure::absent(NAME, "../shared/data is absent")]);
    };
    let json = archive::unpack(&std::fs::read(&bundle)?, &bundle.display().to_string())?;
    let folder = tempfile::tempdir()?;
    let unpacked = folder.path().join("enterprise-attack-18.1.json");
    std::fs::write(&unpacked, &json)?;

    let (mut peers, mut parses, mut ours, mut worked) = <(Rounds, Rounds, Rounds, Rounds)>::default();
    let mut missing = None;
    for round in 1..=settings.rounds {
        say(&format!("import, round {round} of {}", settings.rounds));
        if missing.is_none() {
            match peer(settings.python.as_deref(), &unpacked) {
                Ok(seconds) => peers.add(seconds),
                Err(error) => missing = Some(format!("{error:#}")),
            }
        }
        parses.add(parse(&json)?);
        let (seconds, took) = import(cluster, &bundle).await?;
        ours.add(seconds);
        worked.add(took);
    }
    let against_peer = match missing {
        Some(why) => Figure::absent(format!("{NAME} against mitreattack-python"), why),
        None => Figure::new(format!("{NAME} against mitreattack-python"), Unit::Seconds, ours.clone())
            .floor(peers)
            .target(Target::Ratio(4.0)),
    };
    let against_parse = |name: &str, ours| Figure::new(name, Unit::Seconds, ours).floor(parses.clone());
    Ok(vec![
        against_peer,
        against_parse("import of ATT&CK 18.1 against a bare typed parse", ours),
        against_parse("the same, the job's own work", worked),
    ])
}

/// From the file on the disk to the release in every read model: seconds in
/// all, and those that the job itself took.
async fn import(cluster: &Cluster, bundle: &Path) -> Result<(f64, f64)> {
    let fresh = cluster.fresh("aegis_bench_import").await?;
    let house = House::open(fresh, true).await?;
    cluster.settle().await?;
    let begun = Instant::now();
    let source = KnowledgeSource::AttackEnterprise;
    let (pool, sealing) = (&house.fresh.pool, house.engine.sealing_stuck());
    let job = import_file(
        pool,
        &house.store,
        house.objects.store().as_ref(),
        LocalFile { path: bundle, name: "enterprise-attack.json" },
        source,
        false,
        &sealing,
        &mut |_| {},
    )
    .await?;
    let seconds = begun.elapsed().as_secs_f64();
    let result: Option<aegis_workers::import::ImportResult> =
        job.result.clone().map(serde_json::from_value).transpose()?;
    let result = result.with_context(|| format!("the import failed: {job:?}"))?;
    let count = |name: &str| result.counts.get(name).copied().unwrap_or(0);
    let found = [count("techniques") + count("sub_techniques"), count("actor_technique_uses")];
    let position = result.position.context("the release did not become visible")?;
    if found != EXPECTED || house.engine.tide().position() < position {
        bail!("the import holds {found:?}");
    }
    house.close().await?;
    #[allow(clippy::cast_precision_loss, reason = "milliseconds")]
    let took = result.took_ms as f64 / 1_000.0;
    Ok((seconds, took))
}

#[derive(Deserialize)]
struct PeerSaid {
    seconds: f64,
    techniques: u64,
    uses: u64,
}

fn peer(python: Option<&Path>, unpacked: &Path) -> Result<f64> {
    let python = python.context("mitreattack-python is not installed")?;
    let output =
        Command::new(python).args(["-c", PEER]).arg(unpacked).output().context("python does not run")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        bail!("mitreattack-python failed: {}", said.lines().last().unwrap_or_default());
    }
    let line = String::from_utf8_lossy(&output.stdout).into_owned();
    let said: PeerSaid = serde_json::from_str(line.trim().lines().last().unwrap_or_default())?;
    // It counts uses by way of campaigns too, so it finds some more.
    if said.techniques != EXPECTED[0] || said.uses < EXPECTED[1] {
        bail!("mitreattack-python finds {} techniques and {} uses", said.techniques, said.uses);
    }
    Ok(said.seconds)
}

/// Seconds of one parse into the fields that the import reads, and of nothing else.
fn parse(json: &[u8]) -> Result<f64> {
    let begun = Instant::now();
    let bundle: Bundle<'_> = serde_json::from_slice(json)?;
    black_box(&bundle);
    let seconds = begun.elapsed().as_secs_f64();
    if bundle.objects.iter().filter(|object| object.is_technique()).count() != usize::try_from(EXPECTED[0])? {
        bail!("the bare parse finds other techniques");
    }
    Ok(seconds)
}

#[derive(Deserialize)]
struct Bundle<'a> {
    #[serde(borrow)]
    objects: Vec<Object<'a>>,
}

/// The fields that the import reads, of all kinds of objects.
#[derive(Deserialize)]
#[allow(dead_code, reason = "read to be parsed")]
struct Object<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow, default)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    description: Option<Cow<'a, str>>,
    #[serde(default)]
    revoked: bool,
    #[serde(default)]
    x_mitre_deprecated: bool,
    #[serde(default)]
    x_mitre_is_subtechnique: bool,
    #[serde(borrow, default)]
    x_mitre_shortname: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    x_mitre_platforms: Vec<Cow<'a, str>>,
    #[serde(borrow, default)]
    aliases: Vec<Cow<'a, str>>,
    #[serde(borrow, default)]
    x_mitre_aliases: Vec<Cow<'a, str>>,
    #[serde(borrow, default)]
    tactic_refs: Vec<Cow<'a, str>>,
    #[serde(borrow, default)]
    kill_chain_phases: Vec<Phase<'a>>,
    #[serde(borrow, default)]
    external_references: Vec<Reference<'a>>,
    #[serde(borrow, default)]
    relationship_type: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    source_ref: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    target_ref: Option<Cow<'a, str>>,
}

impl Object<'_> {
    fn is_technique(&self) -> bool {
        self.kind == "attack-pattern" && !self.revoked && !self.x_mitre_deprecated
    }
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "read to be parsed")]
struct Phase<'a> {
    #[serde(borrow)]
    kill_chain_name: Cow<'a, str>,
    #[serde(borrow)]
    phase_name: Cow<'a, str>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "read to be parsed")]
struct Reference<'a> {
    #[serde(borrow)]
    source_name: Cow<'a, str>,
    #[serde(borrow, default)]
    external_id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    url: Option<Cow<'a, str>>,
}
