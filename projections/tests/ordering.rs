//! One sealed order, whatever the writers do: every committed event gets
//! exactly one position, and no reader of the ledger ever misses one.
//! `AEGIS_LONG=1` runs 20,000 commands, and holds a transaction open for 45 s
//! under 2,000 events a second.

#[path = "support/failure.rs"]
mod failure;
#[path = "support/random.rs"]
mod random;

use aegis_aggregates::actor::{Actor, Role};
use aegis_aggregates::ids::{AccountId, TechniqueId};
use aegis_aggregates::policy::ReviewPolicy;
use aegis_aggregates::test::{Details, Test, TestAction, TestCommand};
use aegis_projections::ledger::{self, InstantError, SealOutcome, Sealer};
use aegis_projections::store::{Executed, Origin, Store};
use aegis_projections::{Pool, verify};
use chrono::{DateTime, TimeDelta, Utc};
use failure::{Outcome, PATIENCE, in_time};
use random::{Random, long_form};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use tokio::time::sleep;

/// An event by its place in its aggregate.
type Key = (String, String, i64);

/// Events that were acknowledged, and when.
type Acknowledged = Arc<Mutex<BTreeMap<Key, Instant>>>;

async fn insert(connection: &mut PgConnection, aggregate: &str, sequence: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        r#"insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
           values ('probe', $1, $2, 'Probed', '1.0', '{}', '{"actor":"00000000-0000-0000-0000-000000000000"}')"#,
    )
    .bind(aggregate)
    .bind(sequence)
    .execute(connection)
    .await?;
    Ok(())
}

fn probe(aggregate: &str, sequence: i64) -> Key {
    ("probe".to_owned(), aggregate.to_owned(), sequence)
}

/// One of 32 who append as people do, and as nobody should.
struct Writer {
    number: usize,
    random: Random,
    store: Store,
    pool: Pool,
    acknowledged: Acknowledged,
    probes: i64,
}

impl Writer {
    /// Appends until so many commands are carried out, by all writers together.
    async fn write(mut self, commands: Arc<AtomicUsize>, goal: usize) -> Outcome {
        while commands.load(Ordering::Relaxed) < goal {
            let carried_out =
                if self.random.percent(70) { self.command().await? } else { self.transaction().await? };
            commands.fetch_add(usize::from(carried_out), Ordering::Relaxed);
        }
        Ok(())
    }

    /// A real command on a test that others write to as well.
    async fn command(&mut self) -> Outcome<bool> {
        let mut shared = Random::seeded(self.random.number() % 150);
        let id = shared.uuid().to_string();
        let by = Actor { account: AccountId::SYSTEM, role: Role::Admin };
        let details = Details {
            technique: TechniqueId::parse("attack-pattern--0259baae-9f63-4c69-bf10-eb038c390688")?,
            attack_id: "T1059".to_owned(),
            title: format!("by {} at {}", self.number, self.random.number()),
            description: String::new(),
            objective: String::new(),
            target_environment: String::new(),
            platform: None,
            tags: BTreeSet::new(),
            assignee: None,
            due_on: None,
            procedure: String::new(),
            tool: None,
        };
        let drafted = self.store.load::<Test>(&id).await?.version() > 0;
        let action = if drafted {
            TestAction::Revise(details.into())
        } else {
            TestAction::Draft { details, origin: None }
        };
        let at = DateTime::from_timestamp(1_767_225_600, 0).expect("an instant");
        let policy = ReviewPolicy::default();
        let command = TestCommand { by, at, policy, expected_version: None, action };
        match self.store.execute::<Test>(&id, command, &Origin::new(by)).await? {
            Executed::Committed(event) => {
                let key = (event.aggregate_type, event.aggregate_id, event.sequence);
                self.acknowledged.lock().await.insert(key, Instant::now());
                Ok(true)
            }
            // Somebody else drafted it meanwhile.
            Executed::Refused(_) => Ok(false),
            other => panic!("{other:?}"),
        }
    }

    /// A transaction of several statements, held open for a while, half of them rolled back.
    async fn transaction(&mut self) -> Outcome<bool> {
        let aggregate = format!("writer {}", self.number);
        let events = 1 + i64::try_from(self.random.below(3))?;
        let mut connection = self.pool.acquire().await?;
        let mut transaction = connection.begin().await?;
        for sequence in 1..=events {
            insert(&mut transaction, &aggregate, self.probes + sequence).await?;
            if self.random.percent(30) {
                sleep(Duration::from_micros(self.random.number() % 20_000)).await;
            }
        }
        if self.random.percent(50) {
            transaction.rollback().await?;
            return Ok(false);
        }
        transaction.commit().await?;
        let mut acknowledged = self.acknowledged.lock().await;
        acknowledged.extend((1..=events).map(|n| (probe(&aggregate, self.probes + n), Instant::now())));
        self.probes += events;
        Ok(true)
    }
}

/// Seals until told to stop; at once again after a batch, else after a moment.
async fn keep_sealing(pool: Pool, mut random: Random, stop: Arc<AtomicBool>) -> Outcome {
    let small_batches = random.percent(50);
    let mut sealer = Sealer::new(pool.clone());
    while !stop.load(Ordering::Relaxed) {
        let sealed = if small_batches {
            let batch = 1 + i32::try_from(random.below(20))?;
            sqlx::query_scalar::<_, i32>("select sealed from seal($1, 0)")
                .bind(batch)
                .fetch_one(&pool)
                .await?
                > 0
        } else {
            matches!(sealer.seal().await?, SealOutcome::Sealed { .. })
        };
        if !sealed {
            sleep(Duration::from_millis(2)).await;
        }
    }
    Ok(())
}

/// Follows the ledger as projections do: what it sees, in what order, and when.
async fn follow(pool: Pool, stop: Arc<AtomicBool>) -> Outcome<Vec<(Key, Instant)>> {
    let mut seen = vec![];
    loop {
        let done = stop.load(Ordering::Relaxed);
        let after = i64::try_from(seen.len())?;
        let events = ledger::read(&mut *pool.acquire().await?, after, 500).await?;
        if done && events.is_empty() {
            return Ok(seen);
        }
        if events.is_empty() {
            sleep(Duration::from_millis(2)).await;
        }
        for event in events {
            // A reader that goes by the last position it saw must find the next one there, always.
            assert_eq!(
                event.position,
                i64::try_from(seen.len())? + 1,
                "the reader would have skipped a position"
            );
            seen.push(((event.aggregate_type, event.aggregate_id, event.sequence), Instant::now()));
        }
    }
}

async fn until_sealed(pool: &Pool, events: usize) -> Outcome {
    let wanted = i64::try_from(events)?;
    let all = async {
        while ledger::head(pool).await?.position < wanted {
            sleep(Duration::from_millis(2)).await;
        }
        Outcome::Ok(())
    };
    in_time(all).await?
}

/// What must hold of any ledger: no gaps, every acknowledged event once and no
/// other, each aggregate in its own order, time never backwards.
async fn assert_sound(pool: &Pool, acknowledged: &BTreeMap<Key, Instant>) -> Outcome {
    let rows: Vec<(i64, String, String, i64, DateTime<Utc>)> = sqlx::query_as(
        "select position, aggregate_type, aggregate_id, sequence, sealed_at
         from ledger join events using (event_id) order by position",
    )
    .fetch_all(pool)
    .await?;
    let (events, waiting): (i64, i64) =
        sqlx::query_as("select (select count(*) from events), (select count(*) from unsequenced)")
            .fetch_one(pool)
            .await?;
    assert_eq!((events, waiting), (i64::try_from(rows.len())?, 0), "events stored and waiting");
    let mut sequences: BTreeMap<(String, String), i64> = BTreeMap::new();
    let mut last = DateTime::<Utc>::MIN_UTC;
    let mut keys = BTreeSet::new();
    for ((expected, row), position) in (1..).zip(rows).map(|(n, row)| ((n, row.clone()), row.0)) {
        let (_, aggregate_type, aggregate_id, sequence, sealed_at) = row;
        assert_eq!(position, expected, "a gap");
        assert!(sealed_at >= last, "position {position} was sealed before the one in front of it");
        last = sealed_at;
        let before = sequences.insert((aggregate_type.clone(), aggregate_id.clone()), sequence).unwrap_or(0);
        assert_eq!(sequence, before + 1, "position {position}: the order of {aggregate_type} {aggregate_id}");
        assert!(keys.insert((aggregate_type, aggregate_id, sequence)), "position {position}: twice");
    }
    assert_eq!(keys, acknowledged.keys().cloned().collect(), "acknowledged and sealed are not the same");
    assert_eq!(verify::verify(pool, &[], &mut |_, _| {}).await?.finding, None);
    Ok(())
}

async fn many_connections(options: &PgConnectOptions) -> Outcome<Pool> {
    Ok(PgPoolOptions::new()
        .max_connections(38)
        .acquire_timeout(PATIENCE)
        .connect_with(options.clone())
        .await?)
}

#[sqlx::test(migrations = "../migrations")]
async fn thirty_two_writers_leave_one_order_without_gaps(
    _: PgPoolOptions,
    options: PgConnectOptions,
) -> Outcome {
    let goal = if long_form() { 20_000 } else { 2_000 };
    let pool = many_connections(&options).await?;
    let (acknowledged, commands) = (Acknowledged::default(), Arc::new(AtomicUsize::new(0)));
    let (stop, mut random) = (Arc::new(AtomicBool::new(false)), Random::seeded(32));
    let mut writers = vec![];
    for number in 0..32 {
        let writer = Writer {
            number,
            random: Random::seeded(random.number()),
            store: Store::new(pool.clone()),
            pool: pool.clone(),
            acknowledged: Arc::clone(&acknowledged),
            probes: 0,
        };
        writers.push(tokio::spawn(writer.write(Arc::clone(&commands), goal)));
    }
    let sealers: Vec<_> = (0..4)
        .map(|n| tokio::spawn(keep_sealing(pool.clone(), Random::seeded(n), Arc::clone(&stop))))
        .collect();
    let reader = tokio::spawn(follow(pool.clone(), Arc::clone(&stop)));
    // The clock of whoever sealed last was an hour ahead.
    while commands.load(Ordering::Relaxed) < goal / 2 {
        sleep(Duration::from_millis(1)).await;
    }
    let ahead: DateTime<Utc> = sqlx::query_scalar(
        "update ledger_head set sealed_at = clock_timestamp() + interval '1 hour' returning sealed_at",
    )
    .fetch_one(&pool)
    .await?;
    let begun = Instant::now();
    for writer in writers {
        writer.await??;
    }
    let acknowledged = acknowledged.lock().await.clone();
    until_sealed(&pool, acknowledged.len()).await?;
    stop.store(true, Ordering::Relaxed);
    for sealer in sealers {
        sealer.await??;
    }
    let seen = reader.await??;
    assert_sound(&pool, &acknowledged).await?;
    assert_eq!(
        ledger::head(&pool).await?.sealed_at,
        Some(ahead),
        "time stands still until the clock has caught up"
    );
    assert_eq!(seen.len(), acknowledged.len());
    print_lag("32 writers", &acknowledged, &seen, begun);
    pool.close().await;
    Ok(())
}

/// Says how long events took from commit to a reader, of those after `begun`.
fn print_lag(what: &str, acknowledged: &BTreeMap<Key, Instant>, seen: &[(Key, Instant)], begun: Instant) {
    let mut lags: Vec<Duration> = seen
        .iter()
        .filter_map(|(key, at)| acknowledged.get(key).map(|committed| (committed, at)))
        .filter(|(committed, _)| **committed > begun)
        .map(|(committed, at)| at.saturating_duration_since(*committed))
        .collect();
    lags.sort();
    let at = |share: usize| lags.get(lags.len() * share / 1000).copied().unwrap_or_default();
    let last = lags.last().copied().unwrap_or_default();
    println!(
        "{what}: {} events, lag from commit to reader p50 {:?}, p99 {:?}, at most {last:?}",
        lags.len(),
        at(500),
        at(990)
    );
}

/// Events of one paced statement, so that the pace does not depend on how fast this test is.
const PACED: i64 = 4;

/// Appends probes at a pace until an instant.
async fn pace(
    pool: Pool,
    name: String,
    every: Duration,
    until: Instant,
    acknowledged: Acknowledged,
) -> Outcome {
    let mut ticks = tokio::time::interval(every);
    for last in (PACED..).step_by(usize::try_from(PACED)?) {
        ticks.tick().await;
        if Instant::now() >= until {
            break;
        }
        sqlx::query(
            r#"insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
               select 'probe', $1, n, 'Probed', '1.0', '{}', '{"actor":"00000000-0000-0000-0000-000000000000"}'
               from generate_series($2, $3) n"#,
        )
        .bind(&name)
        .bind(last - PACED + 1)
        .bind(last)
        .execute(&pool)
        .await?;
        let committed = Instant::now();
        acknowledged.lock().await.extend((last - PACED + 1..=last).map(|n| (probe(&name, n), committed)));
    }
    Ok(())
}

#[sqlx::test(migrations = "../migrations")]
async fn a_transaction_held_open_holds_nobody_up(_: PgPoolOptions, options: PgConnectOptions) -> Outcome {
    let (held_for, per_second) = if long_form() { (45, 2_000) } else { (3, 600) };
    let pool = many_connections(&options).await?;
    let (stop, acknowledged) = (Arc::new(AtomicBool::new(false)), Acknowledged::default());
    let sealers: Vec<_> = (0..2)
        .map(|n| {
            let (pool, stop) = (pool.clone(), Arc::clone(&stop));
            tokio::spawn(async move {
                let mut sealer = Sealer::new(pool);
                while !stop.load(Ordering::Relaxed) {
                    if !matches!(sealer.seal().await?, SealOutcome::Sealed { .. }) {
                        sleep(Duration::from_millis(2 + n)).await;
                    }
                }
                Outcome::Ok(())
            })
        })
        .collect();
    let reader = tokio::spawn(follow(pool.clone(), Arc::clone(&stop)));

    let mut held = pool.begin().await?;
    insert(&mut held, "held", 1).await?;
    let begun = Instant::now();
    let until = begun + Duration::from_secs(held_for);
    let every = Duration::from_micros(16_000_000 * PACED.unsigned_abs() / per_second);
    let writers: Vec<_> = (0..16)
        .map(|n| {
            tokio::spawn(pace(pool.clone(), format!("paced {n}"), every, until, Arc::clone(&acknowledged)))
        })
        .collect();
    for writer in writers {
        // No longer than that, even if sealing held them up.
        in_time(writer).await???;
    }
    let mut all = acknowledged.lock().await.clone();
    println!("held open for {held_for} s under {} events a second", all.len() as u64 / held_for);
    // While it is still open, every other event gets its position.
    until_sealed(&pool, all.len()).await?;
    assert_eq!(ledger::head(&pool).await?.position, i64::try_from(all.len())?);

    // Its event id lies far below what is sealed by now, and a successor comes at once.
    held.commit().await?;
    insert(&mut *pool.acquire().await?, "held", 2).await?;
    all.extend([(probe("held", 1), Instant::now()), (probe("held", 2), Instant::now())]);
    until_sealed(&pool, all.len()).await?;
    stop.store(true, Ordering::Relaxed);
    for sealer in sealers {
        sealer.await??;
    }
    let seen = reader.await??;
    assert_sound(&pool, &all).await?;
    let last: Vec<&Key> = seen.iter().rev().take(2).map(|(key, _)| key).collect();
    assert_eq!(last, [&probe("held", 2), &probe("held", 1)]);
    print_lag("beside a transaction held open", &all, &seen, begun);
    pool.close().await;
    Ok(())
}

/// Seals above a bound. A server says that a statement failed before it lets
/// go of its locks, so whoever comes right after may have to ask again.
async fn seal_from(pool: &Pool, bound: i64) -> Result<(i32, Option<i64>), sqlx::Error> {
    loop {
        let sql = "select sealed, head_position from seal(5000, $1)";
        match sqlx::query_as(sql).bind(bound).fetch_one(pool).await? {
            (-1, _) => tokio::task::yield_now().await,
            sealed => return Ok(sealed),
        }
    }
}

async fn seal_once(sealer: &mut Sealer) -> Result<SealOutcome, sqlx::Error> {
    loop {
        match sealer.seal().await? {
            SealOutcome::Busy => tokio::task::yield_now().await,
            outcome => return Ok(outcome),
        }
    }
}

/// The state in which the database refused, if it did.
fn refused_with<T>(result: Result<T, sqlx::Error>) -> Option<String> {
    result.err()?.as_database_error()?.code().map(|code| code.into_owned())
}

#[sqlx::test(migrations = "../migrations")]
async fn a_missing_predecessor_stops_sealing_loudly(pool: Pool) -> Outcome {
    let mut connection = pool.acquire().await?;
    for sequence in 1..=3 {
        insert(&mut connection, "other", sequence).await?;
    }
    assert_eq!(seal_from(&pool, 0).await?, (3, Some(3)));
    for sequence in 1..=3 {
        insert(&mut connection, "broken", sequence).await?;
    }
    insert(&mut connection, "other", 4).await?;
    let missing: i64 = sqlx::query_scalar(
        "delete from unsequenced where event_id = (select event_id from events where aggregate_id = 'broken' and sequence = 2)
         returning event_id",
    )
    .fetch_one(&pool)
    .await?;
    let mut sealer = Sealer::new(pool.clone());
    for _ in 0..3 {
        assert_eq!(refused_with(seal_once(&mut sealer).await).as_deref(), Some("AE002"));
        assert_eq!(refused_with(seal_from(&pool, missing).await).as_deref(), Some("AE002"));
        assert_eq!(ledger::head(&pool).await?.position, 3, "nothing past it gets a position");
    }
    // Back in its place, all of them go on in order.
    sqlx::query("insert into unsequenced values ($1)").bind(missing).execute(&pool).await?;
    assert_eq!(seal_once(&mut sealer).await?, SealOutcome::Sealed { events: 4, head: 7 });
    let keys =
        [("broken", 1), ("broken", 2), ("broken", 3), ("other", 1), ("other", 2), ("other", 3), ("other", 4)];
    assert_sound(&pool, &keys.map(|(id, n)| (probe(id, n), Instant::now())).into()).await
}

#[sqlx::test(migrations = "../migrations")]
async fn a_queue_that_names_an_event_nobody_stored_stops_sealing_loudly(pool: Pool) -> Outcome {
    insert(&mut *pool.acquire().await?, "one", 1).await?;
    sqlx::query("insert into unsequenced values (1000)").execute(&pool).await?;
    assert_eq!(refused_with(Sealer::new(pool.clone()).seal().await).as_deref(), Some("AE002"));
    assert_eq!(ledger::head(&pool).await?.position, 0);
    Ok(())
}

#[sqlx::test(migrations = "../migrations")]
async fn a_lost_head_stops_sealing_loudly(pool: Pool) -> Outcome {
    let mut sealer = Sealer::new(pool.clone());
    insert(&mut *pool.acquire().await?, "a", 1).await?;
    sqlx::query("delete from ledger_head").execute(&pool).await?;
    assert_eq!(refused_with(seal_once(&mut sealer).await).as_deref(), Some("AE002"));
    Ok(())
}

#[sqlx::test(migrations = "../migrations")]
async fn a_late_predecessor_below_the_bound_is_found(pool: Pool) -> Outcome {
    let mut held = pool.begin().await?;
    insert(&mut held, "late", 1).await?;
    let mut connection = pool.acquire().await?;
    for sequence in 1..=20 {
        insert(&mut connection, "quick", sequence).await?;
    }
    assert_eq!(seal_from(&pool, 0).await?, (20, Some(20)));
    held.commit().await?;
    let bound: i64 = sqlx::query_scalar("select max(event_id) from ledger").fetch_one(&pool).await?;
    // Alone, it lies where this scan does not look.
    assert_eq!(seal_from(&pool, bound).await?.0, 0);
    insert(&mut connection, "late", 2).await?;
    insert(&mut connection, "quick", 21).await?;
    assert_eq!(seal_from(&pool, bound).await?, (3, Some(23)));
    let mut keys: BTreeMap<Key, Instant> = (1..=21).map(|n| (probe("quick", n), Instant::now())).collect();
    keys.extend((1..=2).map(|n| (probe("late", n), Instant::now())));
    assert_sound(&pool, &keys).await
}

#[sqlx::test(migrations = "../migrations")]
async fn an_event_below_the_bound_is_found_by_the_next_full_scan(pool: Pool) -> Outcome {
    let mut sealer = Sealer::new(pool.clone());
    let mut held = pool.begin().await?;
    insert(&mut held, "late", 1).await?;
    let mut connection = pool.acquire().await?;
    // Until its bound has passed the held one, which takes two full scans.
    let begun = Instant::now();
    let mut sequence = 0;
    while begun.elapsed() < Duration::from_millis(2_300) {
        sequence += 1;
        insert(&mut connection, "quick", sequence).await?;
        assert!(matches!(sealer.seal().await?, SealOutcome::Sealed { events: 1, .. }));
    }
    held.commit().await?;
    let committed = Instant::now();
    let found = async {
        while !matches!(sealer.seal().await?, SealOutcome::Sealed { events: 1, .. }) {
            sleep(Duration::from_millis(2)).await;
        }
        Outcome::Ok(())
    };
    in_time(found).await??;
    println!("an event below the bound was sealed {:?} after its commit", committed.elapsed());
    let mut keys: BTreeMap<Key, Instant> =
        (1..=sequence).map(|n| (probe("quick", n), Instant::now())).collect();
    keys.insert(probe("late", 1), Instant::now());
    assert_sound(&pool, &keys).await
}

#[sqlx::test(migrations = "../migrations")]
async fn one_sealer_works_while_the_others_step_back(pool: Pool) -> Outcome {
    insert(&mut *pool.acquire().await?, "one", 1).await?;
    let mut sealing = pool.begin().await?;
    let (sealed,): (i32,) =
        sqlx::query_as("select sealed from seal(5000, 0)").fetch_one(&mut *sealing).await?;
    assert_eq!(sealed, 1);
    assert_eq!(in_time(Sealer::new(pool.clone()).seal()).await??, SealOutcome::Busy);
    // Killed before its commit, it leaves nothing; the next one gives the same position.
    sealing.rollback().await?;
    assert_eq!(Sealer::new(pool.clone()).seal().await?, SealOutcome::Sealed { events: 1, head: 1 });
    assert_sound(&pool, &[(probe("one", 1), Instant::now())].into()).await
}

#[sqlx::test(migrations = "../migrations")]
async fn an_instant_names_one_position_for_good(pool: Pool) -> Outcome {
    let mut connection = pool.acquire().await?;
    let mut known = vec![];
    for sequence in 1..=30 {
        insert(&mut connection, "one", sequence).await?;
        let now: DateTime<Utc> =
            sqlx::query_scalar("select clock_timestamp()").fetch_one(&mut *connection).await?;
        // Its event was committed before, so it belongs to what was known then; a third of them nobody asks about yet.
        let position = if sequence % 3 == 0 { Some(ledger::resolve(&pool, now).await?) } else { None };
        known.push((now, sequence, position));
    }
    for (instant, sequence, then) in known {
        let position = ledger::resolve(&pool, instant).await?;
        assert!(then.is_none_or(|then| then == position), "the past has changed: {then:?} is {position} now");
        assert!(position <= sequence);
    }
    let now: DateTime<Utc> =
        sqlx::query_scalar("select clock_timestamp()").fetch_one(&mut *connection).await?;
    assert_eq!(ledger::resolve(&pool, now).await?, 30);
    assert_eq!(ledger::resolve(&pool, DateTime::UNIX_EPOCH).await?, 0);
    let tomorrow = now + TimeDelta::days(1);
    assert!(
        matches!(ledger::resolve(&pool, tomorrow).await, Err(InstantError::InFuture(at)) if at == tomorrow)
    );
    Ok(())
}
