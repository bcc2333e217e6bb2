//! `kill -9`, at random points, of the process that seals and folds and of
//! PostgreSQL itself, with fsync on: nothing acknowledged is lost, nothing is
//! repeated, and another process goes on. The cluster is this test's own.
//! `AEGIS_LONG=1` kills 20 times instead of 3.

#[path = "support/cluster.rs"]
mod cluster;
#[path = "support/failure.rs"]
mod failure;
#[path = "support/random.rs"]
mod random;

use aegis_aggregates::actor::Actor;
use aegis_aggregates::actor::Role;
use aegis_aggregates::ids::AccountId;
use aegis_aggregates::roster::{Roster, RosterAction, RosterCommand};
use aegis_projections::ledger::{SealOutcome, Sealer};
use aegis_projections::provision::Database;
use aegis_projections::runner::{self, Runner, Step, Tail};
use aegis_projections::store::{CommandId, Executed, Origin, Store};
use aegis_projections::{Pool, ledger, verify};
use cluster::Cluster;
use failure::{Outcome, PATIENCE, in_time};
use random::{Random, long_form};
use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use tokio::time::sleep;

/// Names the database to the process that seals; set only for that process.
const SEAL_FOR: &str = "AEGIS_TEST_SEAL_FOR";

/// Within which another process has to go on.
const GOES_ON_WITHIN: Duration = Duration::from_secs(5);

/// Not a test: what the killed process does. This executable starts itself
/// with the name of this one and a database to work on.
#[tokio::test]
async fn sealing_process() -> Outcome {
    let Ok(url) = std::env::var(SEAL_FOR) else { return Ok(()) };
    let pool = Pool::connect_lazy(&url)?;
    let mut sealer = Sealer::new(pool.clone());
    let tail = Tail::new(pool.clone());
    let sharing = |fold| Runner::sharing(pool.clone(), fold, Arc::clone(&tail)).0;
    let mut runners: Vec<Runner> = runner::folds().into_iter().map(sharing).collect();
    loop {
        let sealed = matches!(sealer.seal().await, Ok(SealOutcome::Sealed { .. }));
        let mut folded = false;
        for runner in &mut runners {
            // PostgreSQL may be gone at any moment; it comes back.
            folded |= matches!(runner.step().await, Ok(Step::Folded(_)));
        }
        if !sealed && !folded {
            sleep(Duration::from_millis(2)).await;
        }
    }
}

/// A process that seals, killed with this one.
struct Sealing(Child);

impl Sealing {
    fn start(url: &str) -> Outcome<Self> {
        let process = Command::new(std::env::current_exe()?)
            .args(["sealing_process", "--exact", "--nocapture"])
            .env(SEAL_FOR, url)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Self(process))
    }

    fn kill(&mut self) -> Outcome {
        self.0.kill()?;
        self.0.wait()?;
        Ok(())
    }
}

impl Drop for Sealing {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Sends commands until told to stop, each again and again until it is answered.
async fn keep_writing(
    pool: Pool,
    number: u64,
    stop: Arc<AtomicBool>,
    answered: Arc<Mutex<Vec<(String, i64)>>>,
) -> Outcome {
    let store = Store::new(pool);
    let roster = format!("roster {number}");
    let mut random = Random::seeded(number);
    while !stop.load(Ordering::Relaxed) {
        let account = AccountId(random.uuid());
        let action = RosterAction::Open { role: Role::Viewer, must_change_password: false };
        let command = RosterCommand { by: Actor::SYSTEM, account, action };
        let id = CommandId::new(account.0, "open", account.to_string().as_bytes());
        let origin = Origin { command: Some(id), ..Origin::new(Actor::SYSTEM) };
        let begun = Instant::now();
        let place = loop {
            match store.execute::<Roster>(&roster, command.clone(), &origin).await {
                Ok(Executed::Committed(place) | Executed::Repeated(place)) => break place,
                Ok(other) => panic!("{other:?}"),
                Err(error) => assert!(begun.elapsed() < PATIENCE, "{error}"),
            }
            sleep(Duration::from_millis(20)).await;
        };
        answered.lock().await.push((place.aggregate_id, place.sequence));
        // A roster is loaded whole each time; a pause keeps it small.
        sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

/// Follows the ledger; what it has seen once must never be otherwise.
async fn keep_reading(pool: Pool, stop: Arc<AtomicBool>) -> Outcome<BTreeMap<i64, (String, i64)>> {
    let mut seen = BTreeMap::new();
    loop {
        let done = stop.load(Ordering::Relaxed);
        let after = i64::try_from(seen.len())?;
        let read = async { ledger::read(&mut *pool.acquire().await?, after, 1_000).await };
        match read.await {
            Ok(events) if events.is_empty() && done => return Ok(seen),
            Ok(events) => {
                for event in events {
                    assert_eq!(event.position, i64::try_from(seen.len())? + 1);
                    seen.insert(event.position, (event.aggregate_id, event.sequence));
                }
            }
            Err(_) => {}
        }
        sleep(Duration::from_millis(3)).await;
    }
}

/// The position the ledger has reached, whenever the server can say.
async fn head(pool: &Pool) -> Outcome<i64> {
    let ask = async {
        loop {
            match ledger::head(pool).await {
                Ok(head) => return head.position,
                Err(_) => sleep(Duration::from_millis(5)).await,
            }
        }
    };
    in_time(ask).await
}

/// How long until something new is sealed.
async fn goes_on(pool: &Pool) -> Outcome<Duration> {
    let begun = Instant::now();
    let before = head(pool).await?;
    // Writers write all the time, so somebody has something to seal.
    let moved = async {
        while head(pool).await? <= before + 1 {
            sleep(Duration::from_millis(2)).await;
        }
        Outcome::Ok(())
    };
    in_time(moved).await??;
    Ok(begun.elapsed())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_random_nothing_is_lost_and_nothing_is_repeated() -> Outcome {
    let (kills, seed) = if long_form() { (20, 20) } else { (3, 3) };
    let mut random = Random::seeded(seed);
    let mut cluster = Cluster::create()?;
    cluster.start().await?;
    let database = Database::provision(&cluster.url()).await?;
    let pool = database.pool_of(10).await?;
    runner::register(&pool).await?;

    let stop = Arc::new(AtomicBool::new(false));
    let answered = Arc::new(Mutex::new(vec![]));
    let writers: Vec<_> = (0..4)
        .map(|n| tokio::spawn(keep_writing(pool.clone(), n, Arc::clone(&stop), Arc::clone(&answered))))
        .collect();
    let read = Arc::new(AtomicBool::new(false));
    let reader = tokio::spawn(keep_reading(pool.clone(), Arc::clone(&read)));
    let mut sealing = [Sealing::start(&cluster.url())?, Sealing::start(&cluster.url())?];
    goes_on(&pool).await?;

    for kill in 1..=kills {
        sleep(Duration::from_micros(100_000 + random.number() % 400_000)).await;
        // The server every third time, else one of the two that seal.
        let what = if kill % 3 == 2 {
            cluster.kill()?;
            let begun = Instant::now();
            cluster.start().await?;
            format!("PostgreSQL ({:?} until it was up again)", begun.elapsed())
        } else {
            sealing[random.below(2)].kill()?;
            "a sealing process".to_owned()
        };
        let after = goes_on(&pool).await?;
        println!("kill {kill}: {what}; another went on after {after:?}");
        assert!(after < GOES_ON_WITHIN, "kill {kill}: {what}; another went on after {after:?} only");
        for process in &mut sealing {
            if process.0.try_wait()?.is_some() {
                *process = Sealing::start(&cluster.url())?;
            }
        }
    }

    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await??;
    }
    let mut answered = answered.lock().await.clone();
    let wanted = i64::try_from(answered.len())?;
    let all = async {
        while head(&pool).await? < wanted {
            sleep(Duration::from_millis(5)).await;
        }
        Outcome::Ok(())
    };
    in_time(all).await??;
    for process in &mut sealing {
        process.kill()?;
    }
    // Every command was sent until it was answered, so each is there once and nothing else is.
    read.store(true, Ordering::Relaxed);
    let seen = reader.await??;
    let mut kept: Vec<(String, i64)> = seen.values().cloned().collect();
    answered.sort();
    kept.sort();
    println!("{} commands answered", answered.len());
    let both = |a: &[(String, i64)], b: &[(String, i64)]| {
        a.iter().filter(|key| !b.contains(key)).cloned().collect::<Vec<_>>()
    };
    let (lost, unasked) = (both(&answered, &kept), both(&kept, &answered));
    assert!(lost.is_empty() && unasked.is_empty(), "lost: {lost:?}; unasked for: {unasked:?}");
    assert_eq!(kept.len(), answered.len(), "repeated");
    let stored: Vec<(i64, String, i64)> = sqlx::query_as(
        "select position, aggregate_id, sequence from ledger join events using (event_id) order by 1",
    )
    .fetch_all(&pool)
    .await?;
    let stored: BTreeMap<i64, (String, i64)> = stored.into_iter().map(|(p, id, n)| (p, (id, n))).collect();
    assert_eq!(stored, seen, "what a reader has seen has changed");
    let verified = verify::verify(&pool, &[], &mut |_, _| {}).await?;
    assert_eq!((verified.finding, verified.queued, verified.positions), (None, 0, wanted));

    // And the rows that the killed processes left are those of one fold.
    let mut accounts = Runner::new(pool.clone(), runner::fold_named("accounts")?).0;
    sqlx::query("update projection_positions set lease_until = null").execute(&pool).await?;
    while accounts.step().await? != Step::Idle {}
    let rows = "select coalesce(string_agg(t::text, E'\n' order by row_key), '') from accounts t";
    let live: String = sqlx::query_scalar(rows).fetch_one(&pool).await?;
    runner::rebuild(&pool, "accounts", &mut |_, _| {}).await?;
    assert!(
        live == sqlx::query_scalar::<_, String>(rows).fetch_one(&pool).await?,
        "the rows differ from a rebuild"
    );
    assert_eq!(live.lines().count(), answered.len());
    pool.close().await;
    Ok(())
}
