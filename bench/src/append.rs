//! Append: load, decide and commit one-event commands on distinct tests,
//! against pgbench inserting rows of the same size into a bare table.

use crate::cluster::{Cluster, Fresh};
use crate::history::{History, Subject, metadata, subjects};
use crate::report::{Figure, Rounds, Target, Unit};
use crate::{Settings, say};
use aegis_aggregates::Aggregate;
use aegis_aggregates::test::{Test, TestAction, TestCommand};
use aegis_projections::store::{CommandId, Executed, Origin, Store};
use aegis_workers::starter;
use anyhow::{Context, Result, bail};
use cqrs_es::EventStore;
use cqrs_es::event_sink::EventSink;
use cqrs_es::persist::PersistedEventStore;
use postgres_es::PostgresEventRepository;
use sqlx::Executor;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

const CLIENTS: [usize; 3] = [1, 8, 32];
/// The floor's table: the columns and the key of `events`, nothing else.
const BARE: &str = "
    drop table if exists bare;
    create table bare (
      aggregate_type text not null, aggregate_id text not null, sequence bigint not null, event_type text not null,
      event_version text not null, payload json not null, metadata json not null,
      event_id bigint generated always as identity (cache 1),
      recorded_at timestamptz not null default clock_timestamp(),
      primary key (aggregate_type, aggregate_id, sequence));
    create sequence if not exists bare_ids cache 100";
/// Its transaction. The id grows as ours does, so that the index is as kind to it.
const SCRIPT: &str = "begin;
insert into bare (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata) \
values ('test', lpad(nextval('bare_ids')::text, 36, '0'), 1, 'TestDrafted', '1.0', :payload, :metadata);
commit;
";

/// How a command is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Path {
    /// As Aegis does.
    Ours,
    /// As Aegis does for the interface, which sends command ids.
    OursWithId,
    /// With the repository of postgres-es as it comes.
    PostgresEs,
}

/// What the commands of one measurement share.
#[derive(Clone)]
struct Work {
    path: Path,
    store: Store,
    plain: Arc<PersistedEventStore<PostgresEventRepository, Test>>,
    command: TestCommand,
    origin: Origin,
}

impl Work {
    async fn once(&self) -> Result<()> {
        let id = Uuid::now_v7().to_string();
        if self.path == Path::PostgresEs {
            let mut context = self.plain.load_aggregate(&id).await?;
            let sink = EventSink::default();
            context.aggregate.handle(self.command.clone(), &(), &sink).await?;
            self.plain.commit(sink.collect().await, context, metadata(&self.origin)).await?;
            return Ok(());
        }
        let mut origin = self.origin.clone();
        if self.path == Path::OursWithId {
            origin.command = Some(CommandId::new(Uuid::new_v4(), "draftTest", id.as_bytes()));
        }
        let executed = self.store.execute::<Test>(&id, self.command.clone(), &origin).await?;
        if !matches!(executed, Executed::Committed(_)) {
            bail!("a draft was not taken: {executed:?}");
        }
        Ok(())
    }
}

/// The figures.
///
/// # Errors
/// The database or pgbench failed.
pub async fn measure(cluster: &Cluster, settings: &Settings) -> Result<Vec<Figure>> {
    let fresh = cluster.fresh("aegis_bench_append").await?;
    cluster.admin_of(fresh.name()).await?.execute(BARE).await?;
    let work = work(&fresh, subjects(&starter::content())?)?;
    work.once().await?;
    let floor = Floor::new(cluster, &fresh).await?;
    let span = Duration::from_secs_f64(settings.seconds);

    // Every connection once, with its statements prepared.
    rate(&work, 32, Duration::from_millis(300)).await?;
    let mut figures = vec![];
    for clients in CLIENTS {
        let (mut floors, mut ours, mut with_id, mut plain) = <(Rounds, Rounds, Rounds, Rounds)>::default();
        for round in 1..=settings.rounds {
            say(&format!("append, {clients} clients, round {round} of {}", settings.rounds));
            cluster.settle().await?;
            floors.add(floor.rate(clients, settings.seconds)?);
            for (path, rounds) in
                [(Path::Ours, &mut ours), (Path::OursWithId, &mut with_id), (Path::PostgresEs, &mut plain)]
            {
                cluster.settle().await?;
                rounds.add(rate(&Work { path, ..work.clone() }, clients, span).await?);
            }
        }
        let line = |name: &str, rounds| {
            Figure::new(format!("append, {clients} clients{name}"), Unit::PerSecond, rounds)
                .floor(floors.clone())
        };
        figures.push(line("", ours).target(Target::Ratio(0.5)));
        figures.push(line(", each with a command id", with_id));
        figures.push(line(", persist of postgres-es", plain));
    }
    fresh.drop().await?;
    Ok(figures)
}

fn work(fresh: &Fresh, subjects: Vec<Subject>) -> Result<Work> {
    // The first step of a history is a draft.
    let wish = History::new(1, subjects).step()?.wish;
    if !matches!(wish.command.action, TestAction::Draft { .. }) {
        bail!("a history does not begin with a draft");
    }
    let plain = PersistedEventStore::new_event_store(PostgresEventRepository::new(fresh.pool.clone()));
    Ok(Work {
        path: Path::Ours,
        store: Store::new(fresh.pool.clone()),
        plain: Arc::new(plain),
        origin: Origin { command: None, ..wish.origin },
        command: wish.command,
    })
}

/// Commands a second, of so many at the same time.
async fn rate(work: &Work, clients: usize, span: Duration) -> Result<f64> {
    let begun = Instant::now();
    let deadline = begun + span;
    let tasks: Vec<_> = (0..clients)
        .map(|_| {
            let work = work.clone();
            tokio::spawn(async move {
                let mut done = 0_u32;
                while Instant::now() < deadline {
                    work.once().await?;
                    done += 1;
                }
                anyhow::Ok(done)
            })
        })
        .collect();
    let mut done = 0.0;
    for task in tasks {
        done += f64::from(task.await??);
    }
    Ok(done / begun.elapsed().as_secs_f64())
}

/// pgbench on the bare table.
struct Floor {
    program: PathBuf,
    arguments: Vec<String>,
    _script: tempfile::NamedTempFile,
}

impl Floor {
    async fn new(cluster: &Cluster, fresh: &Fresh) -> Result<Self> {
        let program = cluster.programs().await?.join("pgbench");
        if !program.exists() {
            bail!(
                "{} is missing: install the package with PostgreSQL's contributed programs",
                program.display()
            );
        }
        let (payload, metadata): (String, String) = sqlx::query_as(
            "select payload::text, metadata::text from events where event_type = 'TestDrafted' limit 1",
        )
        .fetch_one(&fresh.pool)
        .await?;
        let script = tempfile::NamedTempFile::new()?;
        std::fs::write(script.path(), SCRIPT)?;
        let [host, port, user] = cluster.address()?;
        let arguments = [
            "-n",
            "-M",
            "prepared",
            "-h",
            &host,
            "-p",
            &port,
            "-U",
            &user,
            "-D",
            &format!("payload={payload}"),
            "-D",
            &format!("metadata={metadata}"),
            "-f",
            &script.path().display().to_string(),
        ];
        let mut arguments: Vec<String> = arguments.into_iter().map(str::to_owned).collect();
        arguments.push(fresh.name().to_owned());
        Ok(Self { program, arguments, _script: script })
    }

    fn rate(&self, clients: usize, seconds: f64) -> Result<f64> {
        let threads = std::thread::available_parallelism()?.get().min(clients);
        let output = Command::new(&self.program)
            .args([
                "-c",
                &clients.to_string(),
                "-j",
                &threads.to_string(),
                "-T",
                &format!("{:.0}", seconds.ceil()),
            ])
            .args(&self.arguments)
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let rate = text.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        rate.with_context(|| format!("pgbench failed: {text}{}", String::from_utf8_lossy(&output.stderr)))
    }
}
