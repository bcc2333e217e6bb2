//! Feeding projections when things go wrong: events that do not read, two
//! processes at once, steps cut off, folds that changed, rebuilds beside life.

#[path = "support/failure.rs"]
mod failure;
#[path = "support/history.rs"]
mod history;
#[path = "support/random.rs"]
mod random;
#[path = "support/records.rs"]
mod records;

use aegis_projections::Pool;
use aegis_projections::fold::{DecodeError, OPEN};
use aegis_projections::runner::{self, Progress, RunError, Runner, Step, Tail};
use aegis_projections::status;
use failure::{Outcome, in_time};
use history::{Fact, World};
use random::Random;
use records::{
    all_rows, append, catch_up, end_lease, forget_everything, keep_lease, rebuild_all, rows, runners,
    seal_all, stage,
};
use serde_json::json;
use sqlx::postgres::PgPoolOptions;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// A history of so many events, appended and sealed, and its world.
async fn lived(pool: &Pool, seed: u64, events: usize) -> Outcome<World> {
    forget_everything(pool).await?;
    let mut world = World::new(seed);
    stage(pool, &world).await?;
    append(pool, &world.history(events).await).await?;
    seal_all(pool).await?;
    Ok(world)
}

fn runner_of(pool: &Pool, name: &str) -> Outcome<Runner> {
    Ok(Runner::new(pool.clone(), runner::fold_named(name)?).0)
}

async fn position_of(pool: &Pool, name: &str) -> Outcome<i64> {
    Ok(sqlx::query_scalar("select position from projection_positions where name = $1")
        .bind(name)
        .fetch_one(pool)
        .await?)
}

/// Compares what is there with what rebuilding from the first event gives.
async fn assert_like_rebuilt(pool: &Pool) -> Outcome {
    let live = all_rows(pool).await?;
    rebuild_all(pool).await?;
    for (live, rebuilt) in live.into_iter().zip(all_rows(pool).await?) {
        assert_eq!(live, rebuilt);
    }
    Ok(())
}

/// Waits until something is so.
async fn until(is_so: impl AsyncFn() -> Outcome<bool>) -> Outcome {
    let so = async {
        while !is_so().await? {
            tokio::task::yield_now().await;
        }
        Outcome::Ok(())
    };
    in_time(so).await?
}

/// Facts that no fold can read, each in its own way.
fn poisons() -> [Fact; 3] {
    let fact = Fact {
        aggregate_type: "test",
        aggregate_id: "00000000-0000-0000-0000-000000000001".to_owned(),
        sequence: 1,
        event_type: "TestVanished".to_owned(),
        event_version: "9.0".to_owned(),
        payload: json!({"TestVanished": {}}),
        metadata: json!({"actor": "00000000-0000-0000-0000-000000000000", "role": "admin"}),
    };
    [
        fact.clone(),
        Fact { aggregate_type: "dream", ..fact.clone() },
        Fact {
            aggregate_type: "roster",
            aggregate_id: "other".to_owned(),
            payload: json!({"PasswordReset": {"account": "00000000-0000-0000-0000-000000000000"}}),
            metadata: json!({}),
            ..fact
        },
    ]
}

#[sqlx::test(migrations = "../migrations")]
async fn what_changes_no_row_is_seen_at_once_and_stored_soon(pool: Pool) -> Outcome {
    let mut world = lived(&pool, 11, 40).await?;
    let tail = Tail::new(pool.clone());
    // A test changes no account.
    let (mut accounts, reached) =
        Runner::sharing(pool.clone(), runner::fold_named("accounts")?, Arc::clone(&tail));
    assert_eq!(accounts.step().await?, Step::Folded(40));
    let before = rows(&pool, "public", "accounts").await?;
    let mut facts = world.history(400).await;
    facts.retain(|fact| fact.aggregate_type == "test");
    let facts: Vec<_> = facts.into_iter().filter(|fact| fact.sequence == 1).collect();
    let head = 40 + i64::try_from(facts.len())?;
    append(&pool, &facts).await?;
    seal_all(&pool).await?;
    assert_eq!(accounts.step().await?, Step::Folded(facts.len()));
    assert_eq!(*reached.borrow(), Progress { position: head, stopped: false });
    assert_eq!(position_of(&pool, "accounts").await?, 40, "nothing had to be stored");
    // By itself, and nobody has to append anything for it.
    let stored = async {
        while position_of(&pool, "accounts").await? != head {
            accounts.step().await?;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Outcome::Ok(())
    };
    in_time(stored).await??;
    assert_eq!(rows(&pool, "public", "accounts").await?, before);
    Ok(())
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_folded_while_the_row_is_busy_is_stored_afterwards(pool: Pool) -> Outcome {
    let mut world = lived(&pool, 12, 200).await?;
    let mut running = runners(&pool);
    catch_up(&mut running).await?;
    // Releases are not shared, so that they are folded elsewhere.
    let mut facts = world.history(60).await;
    facts.retain(|fact| fact.aggregate_type != "knowledge");
    append(&pool, &facts).await?;
    seal_all(&pool).await?;
    // Another process looks at every row, as each does all the time.
    let mut looking = pool.begin().await?;
    sqlx::query("select from projection_positions for update").execute(&mut *looking).await?;
    let tests = running.iter_mut().find(|runner| runner.name() == "tests").expect("there is one");
    assert_eq!(tests.step().await?, Step::NotMine);
    assert_eq!(tests.step().await?, Step::NotMine);
    looking.rollback().await?;
    // A row that does not read back: who had to take all rows back would fail at it.
    let (key, state): (String, String) =
        sqlx::query_as("select row_key, state from tests where to_position = $1 order by row_key limit 1")
            .bind(OPEN)
            .fetch_one(&pool)
            .await?;
    sqlx::query("update tests set state = 'unheard of' where row_key = $1 and to_position = $2")
        .bind(key)
        .bind(OPEN)
        .execute(&pool)
        .await?;
    assert_eq!(tests.step().await?, Step::Folded(facts.len()));
    sqlx::query("update tests set state = $1 where state = 'unheard of'").bind(state).execute(&pool).await?;
    catch_up(&mut running).await?;
    assert_like_rebuilt(&pool).await
}

#[sqlx::test(migrations = "../migrations")]
async fn an_event_that_does_not_read_stops_every_projection_and_is_never_skipped(pool: Pool) -> Outcome {
    for (number, poison) in poisons().into_iter().enumerate() {
        let mut world = lived(&pool, 7, 60).await?;
        append(&pool, &[poison]).await?;
        append(&pool, &world.history(20).await).await?;
        seal_all(&pool).await?;
        for fold in runner::folds() {
            let name = fold.name();
            // One by itself, and one that shares what it reads.
            let (mut runner, reached) = match number {
                0 => Runner::new(pool.clone(), fold),
                _ => Runner::sharing(pool.clone(), fold, Tail::new(pool.clone())),
            };
            for _ in 0..3 {
                let error = runner.step().await.expect_err("the event does not read");
                let RunError::Poison { position: 61, source } = &error else { panic!("{name}: {error}") };
                assert!(
                    matches!(
                        (number, source),
                        (0, DecodeError::Payload { .. })
                            | (1, DecodeError::UnknownAggregate(_))
                            | (2, DecodeError::Metadata(_))
                    ),
                    "{source}"
                );
                assert_eq!(*reached.borrow(), Progress { position: 60, stopped: true }, "{name}");
            }
            let stored: (i64, Option<String>, Option<i64>) = sqlx::query_as(
                "select position, error, error_position from projection_positions where name = $1",
            )
            .bind(name)
            .fetch_one(&pool)
            .await?;
            assert_eq!((stored.0, stored.2), (60, Some(61)), "{name}");
            assert!(stored.1.is_some(), "{name}");
            // Another process does not get past it either, and says so.
            end_lease(&pool, name).await?;
            let (mut other, other_reached) = Runner::new(pool.clone(), runner::fold_named(name)?);
            other.step().await.expect_err("the event does not read");
            assert_eq!(*other_reached.borrow(), Progress { position: 60, stopped: true }, "{name}");
            // Nor does a rebuild, which leaves the rows in place.
            let rebuilt = runner::rebuild(&pool, name, &mut |_, _| {}).await;
            assert!(matches!(rebuilt, Err(RunError::Poison { position: 61, .. })), "{name}");
        }
        assert!(status::projections(&pool).await?.iter().all(|projection| projection.error.is_some()));
        // The events in front of it are folded, as if there were no others.
        let events = records::sealed_events(&pool).await?;
        for (name, table) in records::tables() {
            let schema = records::fold_beside(&pool, runner::fold_named(name)?, &events[..60]).await?;
            let (stored, fresh) =
                (records::rows(&pool, "public", table).await?, records::rows(&pool, &schema, table).await?);
            assert_eq!(stored, fresh, "{table}");
        }
    }
    Ok(())
}

#[sqlx::test(migrations = "../migrations")]
async fn a_stopped_projection_goes_on_once_the_program_reads_the_event(pool: Pool) -> Outcome {
    let mut world = lived(&pool, 8, 30).await?;
    let [poison, ..] = poisons();
    append(&pool, &[poison]).await?;
    append(&pool, &world.history(30).await).await?;
    seal_all(&pool).await?;
    let mut runner = runner_of(&pool, "tests")?;
    runner.step().await.expect_err("the event does not read");
    // A newer program would read it; here the event becomes one that this program reads.
    let mut connection = pool.acquire().await?;
    sqlx::query("set session_replication_role = replica").execute(&mut *connection).await?;
    sqlx::query("update events set payload = $1 where event_type = 'TestVanished'")
        .bind(json!({"TestReopened": {"round": 2, "by": "00000000-0000-0000-0000-000000000000", "at": "2026-01-01T00:00:00Z", "reason": ""}}))
        .execute(&mut *connection)
        .await?;
    sqlx::query("set session_replication_role = origin").execute(&mut *connection).await?;
    drop(connection);
    assert_eq!(runner.step().await?, Step::Folded(31));
    let standing = status::projections(&pool).await?;
    let tests = standing.iter().find(|projection| projection.name == "tests").expect("it is registered");
    assert_eq!((tests.position, &tests.error), (61, &None));
    Ok(())
}

/// A date that `chrono` writes and PostgreSQL does not read: the event decodes, its row is refused.
#[sqlx::test(migrations = "../migrations")]
async fn rows_that_the_database_refuses_stop_the_projection_at_their_event(pool: Pool) -> Outcome {
    let mut world = lived(&pool, 9, 80).await?;
    let mut facts = world.history(100).await;
    let index = facts.iter().position(|fact| fact.event_type == "TestDrafted").expect("a test is drafted");
    facts[index].payload["TestDrafted"]["details"]["due_on"] = json!("+12345-06-07");
    let position = 81 + i64::try_from(index)?;
    append(&pool, &facts).await?;
    seal_all(&pool).await?;
    let (mut runner, reached) = Runner::new(pool.clone(), runner::fold_named("tests")?);
    let stop = async |runner: &mut Runner| -> Outcome<RunError> {
        for _ in 0..40 {
            if let Err(error) = runner.step().await {
                return Ok(error);
            }
        }
        panic!("it goes on, at {}", position_of(&pool, "tests").await?);
    };
    for _ in 0..3 {
        let error = stop(&mut runner).await?;
        assert!(matches!(error, RunError::Refused { position: at, .. } if at == position), "{error:?}");
        assert_eq!(*reached.borrow(), Progress { position: position - 1, stopped: true });
    }
    let stored: (i64, Option<i64>, bool) = sqlx::query_as(
        "select position, error_position, error is not null from projection_positions where name = 'tests'",
    )
    .fetch_one(&pool)
    .await?;
    assert_eq!(stored, (position - 1, Some(position), true));
    // The others do not store what it says, and go on.
    let others = runners(&pool).into_iter().filter(|runner| runner.name() != "tests");
    catch_up(&mut others.collect::<Vec<_>>()).await?;
    assert_eq!(position_of(&pool, "coverage").await?, 180);
    // Once the rows fit, it goes on from there, in full batches again.
    sqlx::query("alter table tests alter column due_on type text").execute(&pool).await?;
    catch_up(std::slice::from_mut(&mut runner)).await?;
    assert_eq!(*reached.borrow(), Progress { position: 180, stopped: false });
    Ok(())
}

#[sqlx::test(migrations = "../migrations")]
async fn one_process_feeds_a_projection_until_its_lease_ends(pool: Pool) -> Outcome {
    let mut world = lived(&pool, 3, 50).await?;
    let (mut first, mut second) = (runner_of(&pool, "tests")?, runner_of(&pool, "tests")?);
    assert_eq!(first.step().await?, Step::Folded(50));
    let more = async |world: &mut World| -> Outcome {
        append(&pool, &world.history(20).await).await?;
        seal_all(&pool).await
    };
    more(&mut world).await?;
    keep_lease(&pool, "tests").await?;
    assert_eq!(second.step().await?, Step::NotMine);
    assert_eq!(first.step().await?, Step::Folded(20));
    more(&mut world).await?;
    end_lease(&pool, "tests").await?;
    assert_eq!(second.step().await?, Step::Folded(20));
    more(&mut world).await?;
    keep_lease(&pool, "tests").await?;
    assert_eq!(first.step().await?, Step::NotMine);
    end_lease(&pool, "tests").await?;
    // What it remembers is forty events old; it has to read the rows again.
    assert_eq!(first.step().await?, Step::Folded(20));
    catch_up(&mut runners(&pool).into_iter().filter(|runner| runner.name() != "tests").collect::<Vec<_>>())
        .await?;
    assert_like_rebuilt(&pool).await
}

/// A process with connections of its own, which the server can be asked to cut.
struct Process {
    pool: Pool,
    name: String,
    runners: Vec<Runner>,
}

impl Process {
    async fn start(pool: &Pool, name: String) -> Outcome<Self> {
        let options = pool.connect_options().as_ref().clone().application_name(&name);
        let pool = PgPoolOptions::new().max_connections(2).connect_with(options).await?;
        Ok(Self { runners: runners(&pool), pool, name })
    }

    /// Cuts its connections after a while, wherever its step happens to be.
    async fn cut(&self, by: &Pool, after: Duration) -> Outcome {
        tokio::time::sleep(after).await;
        sqlx::query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1")
            .bind(&self.name)
            .execute(by)
            .await?;
        Ok(())
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn steps_cut_off_and_taken_over_at_random_lose_and_double_nothing(pool: Pool) -> Outcome {
    for seed in random::seeds(2, 30) {
        forget_everything(&pool).await?;
        let (mut world, mut random) = (World::new(seed), Random::seeded(seed));
        stage(&pool, &world).await?;
        let mut processes = [
            Process::start(&pool, format!("first of {seed}")).await?,
            Process::start(&pool, format!("second of {seed}")).await?,
        ];
        let (mut whole, mut cut) = (0, 0);
        for _ in 0..40 {
            append(&pool, &world.history(1 + random.below(12)).await).await?;
            seal_all(&pool).await?;
            for _ in 0..4 {
                let process = &mut processes[random.below(2)];
                let mut runner = process.runners.swap_remove(random.below(4));
                if random.percent(40) {
                    end_lease(&pool, runner.name()).await?;
                }
                let stepped = if random.percent(50) {
                    let after = Duration::from_micros(random.number() % 4_000);
                    let (stepped, killed) = tokio::join!(runner.step(), process.cut(&pool, after));
                    killed?;
                    stepped
                } else {
                    runner.step().await
                };
                match stepped {
                    Ok(_) => whole += 1,
                    Err(RunError::Database(_)) => cut += 1,
                    Err(error) => panic!("seed {seed}: {error}"),
                }
                process.runners.push(runner);
            }
        }
        assert!(whole > 50 && cut > 10, "{whole} steps whole, {cut} cut off");
        for process in processes {
            process.pool.close().await;
        }
        for fold in runner::folds() {
            end_lease(&pool, fold.name()).await?;
        }
        catch_up(&mut runners(&pool)).await?;
        assert_like_rebuilt(&pool).await?;
    }
    Ok(())
}

#[sqlx::test(migrations = "../migrations")]
async fn two_processes_running_at_once_double_nothing(pool: Pool) -> Outcome {
    forget_everything(&pool).await?;
    let mut world = World::new(11);
    stage(&pool, &world).await?;
    let (stop, stopped) = watch::channel(false);
    let sealed = Arc::new(Notify::new());
    let running: Vec<_> = (0..2)
        .flat_map(|_| runners(&pool))
        .map(|runner| tokio::spawn(runner.run(Arc::clone(&sealed), stopped.clone())))
        .collect();
    for _ in 0..60 {
        append(&pool, &world.history(10).await).await?;
        seal_all(&pool).await?;
        sealed.notify_waiters();
        // Whoever has it loses it now and then.
        sqlx::query("update projection_positions set lease_until = null where random() < 0.3")
            .execute(&pool)
            .await?;
    }
    for fold in runner::folds() {
        until(async || Ok(position_of(&pool, fold.name()).await? == 600)).await?;
    }
    stop.send(true)?;
    for task in running {
        in_time(task).await??;
    }
    assert_like_rebuilt(&pool).await
}

#[sqlx::test(migrations = "../migrations")]
async fn a_changed_fold_touches_nothing_and_is_rebuilt_when_it_runs(pool: Pool) -> Outcome {
    lived(&pool, 5, 120).await?;
    catch_up(&mut runners(&pool)).await?;
    let right = all_rows(&pool).await?;
    for fold in runner::folds() {
        let (name, version) = (fold.name(), fold.version());
        // As an older program would have left it: other rows, another version.
        sqlx::query("update projection_positions set fold_version = $2, lease_until = null where name = $1")
            .bind(name)
            .bind(version - 1)
            .execute(&pool)
            .await?;
        sqlx::query(&format!("delete from {}", fold.tables()[0])).execute(&pool).await?;
        let mut runner = runner_of(&pool, name)?;
        assert_eq!(runner.step().await?, Step::Outdated, "{name}");
        assert_eq!(position_of(&pool, name).await?, 120);
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(runner.run(Arc::new(Notify::new()), stopped));
        let sql = "select fold_version = $2 from projection_positions where name = $1";
        until(async || Ok(sqlx::query_scalar(sql).bind(name).bind(version).fetch_one(&pool).await?)).await?;
        stop.send(true)?;
        in_time(running).await??;
    }
    assert_eq!(all_rows(&pool).await?, right);
    Ok(())
}

#[sqlx::test(migrations = "../migrations")]
async fn rebuilding_while_events_arrive_loses_nothing(pool: Pool) -> Outcome {
    lived(&pool, 6, 400).await?;
    let living = {
        let pool = pool.clone();
        tokio::spawn(async move {
            let mut running = runners(&pool);
            let mut world = World::new(6);
            world.history(400).await;
            for _ in 0..40 {
                append(&pool, &world.history(8).await).await?;
                seal_all(&pool).await?;
                for runner in &mut running {
                    runner.step().await?;
                }
            }
            catch_up(&mut running).await
        })
    };
    let mut rebuilds = 0;
    while !living.is_finished() {
        for fold in runner::folds() {
            let before = position_of(&pool, fold.name()).await?;
            runner::rebuild(&pool, fold.name(), &mut |_, _| {}).await?;
            let after = position_of(&pool, fold.name()).await?;
            assert!(after >= before, "{} went back from {before} to {after}", fold.name());
        }
        rebuilds += 1;
    }
    living.await??;
    assert!(rebuilds > 1, "only {rebuilds} rebuilds met the events");
    for fold in runner::folds() {
        assert_eq!(position_of(&pool, fold.name()).await?, 400 + 40 * 8, "{}", fold.name());
    }
    assert_like_rebuilt(&pool).await
}

/// The live projection is in the middle of a batch when a rebuild wants its place.
#[sqlx::test(migrations = "../migrations")]
async fn what_is_folded_while_a_rebuild_waits_is_in_the_rebuilt_rows(pool: Pool) -> Outcome {
    let mut world = lived(&pool, 12, 80).await?;
    catch_up(&mut runners(&pool)).await?;
    let mut live = pool.begin().await?;
    sqlx::query("select from projection_positions where name = 'tests' for update")
        .execute(&mut *live)
        .await?;
    let rebuilding = {
        let pool = pool.clone();
        tokio::spawn(async move { runner::rebuild(&pool, "tests", &mut |_, _| {}).await })
    };
    let waiting = "select exists (select from pg_stat_activity
                                  where datname = current_database() and wait_event_type = 'Lock')";
    until(async || Ok(sqlx::query_scalar(waiting).fetch_one(&pool).await?)).await?;
    append(&pool, &world.history(30).await).await?;
    seal_all(&pool).await?;
    sqlx::query("update projection_positions set position = 110 where name = 'tests'")
        .execute(&mut *live)
        .await?;
    live.commit().await?;
    assert_eq!(in_time(rebuilding).await???, 110);
    assert_eq!(position_of(&pool, "tests").await?, 110);
    for fold in runner::folds() {
        end_lease(&pool, fold.name()).await?;
    }
    catch_up(&mut runners(&pool)).await?;
    assert_like_rebuilt(&pool).await
}

/// Two processes find the fold changed and rebuild at once: the one that began
/// first must not write into the tables of the one that began later.
#[sqlx::test(migrations = "../migrations")]
async fn a_rebuild_overtaken_by_another_never_takes_the_place_of_the_rows(pool: Pool) -> Outcome {
    forget_everything(&pool).await?;
    // More than one batch of a rebuild, so that the first is in the middle.
    sqlx::query(
        "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         select 'roster', 'roster', n, 'AccountOpened', '1.0',
                json_build_object('AccountOpened', json_build_object('account', md5(n::text)::uuid, 'role', 'viewer',
                                  'must_change_password', false)),
                json_build_object('actor', '00000000-0000-0000-0000-000000000000')
         from generate_series(1, 20050) n",
    )
    .execute(&pool)
    .await?;
    seal_all(&pool).await?;
    let url = sqlx::ConnectOptions::to_url_lossy(&*pool.connect_options()).to_string();
    let mut overtaken = false;
    let result = runner::rebuild(&pool, "accounts", &mut |_, _| {
        if !std::mem::replace(&mut overtaken, true) {
            let url = url.clone();
            let other = std::thread::spawn(move || {
                let runtime = tokio::runtime::Runtime::new().expect("a runtime");
                runtime.block_on(async {
                    let other = Pool::connect(&url).await.expect("it connects");
                    sqlx::query("select rebuild_begin('accounts')").execute(&other).await.expect("it begins");
                });
            });
            other.join().expect("the other rebuild began");
        }
    })
    .await;
    assert!(overtaken);
    let rows: i64 = sqlx::query_scalar("select count(*) from accounts").fetch_one(&pool).await?;
    let position = position_of(&pool, "accounts").await?;
    assert_eq!(rows, position, "{result:?}");
    // Whoever comes last gets there.
    runner::rebuild(&pool, "accounts", &mut |_, _| {}).await?;
    let rows: i64 = sqlx::query_scalar("select count(*) from accounts").fetch_one(&pool).await?;
    assert_eq!(rows, 20_050);
    Ok(())
}

/// Two processes find the fold changed: one rebuilds, and the other leaves it
/// alone for as long as the first shows life.
#[sqlx::test(migrations = "../migrations")]
async fn one_process_at_a_time_rebuilds_an_outdated_projection(pool: Pool) -> Outcome {
    lived(&pool, 21, 40).await?;
    catch_up(&mut runners(&pool)).await?;
    sqlx::query("update projection_positions set fold_version = fold_version - 1, lease_until = null")
        .execute(&pool)
        .await?;
    let (mut first, mut second) = (runner_of(&pool, "tests")?, runner_of(&pool, "tests")?);
    assert_eq!(first.step().await?, Step::Outdated);
    assert_eq!(second.step().await?, Step::NotMine);
    // It died in the middle.
    end_lease(&pool, "tests").await?;
    assert_eq!(second.step().await?, Step::Outdated);
    assert_eq!(first.step().await?, Step::NotMine);
    Ok(())
}

/// A program of yesterday beside one of today must not turn the rows back.
#[sqlx::test(migrations = "../migrations")]
async fn rows_of_a_newer_program_are_left_alone(pool: Pool) -> Outcome {
    lived(&pool, 22, 40).await?;
    catch_up(&mut runners(&pool)).await?;
    let before = all_rows(&pool).await?;
    sqlx::query("update projection_positions set fold_version = fold_version + 1, lease_until = null")
        .execute(&pool)
        .await?;
    let (runner, reached) = Runner::new(pool.clone(), runner::fold_named("coverage")?);
    let (stop, stopped) = watch::channel(false);
    let running = tokio::spawn(runner.run(Arc::new(Notify::new()), stopped));
    in_time(reached.clone().wait_for(|progress| progress.stopped)).await??;
    stop.send(true)?;
    in_time(running).await??;
    assert_eq!(*reached.borrow(), Progress { position: 40, stopped: true });
    assert_eq!(all_rows(&pool).await?, before);
    let standing = status::projections(&pool).await?;
    assert!(
        standing.iter().all(|projection| projection.error.is_none()),
        "only the old process stands still"
    );
    Ok(())
}

/// Whoever reads the live rows for long holds the rebuild up, and nobody else.
#[sqlx::test(migrations = "../migrations")]
async fn a_rebuild_that_waits_for_a_reader_lets_others_read(pool: Pool) -> Outcome {
    let mut world = lived(&pool, 23, 60).await?;
    catch_up(&mut runners(&pool)).await?;
    let mut reading = pool.begin().await?;
    sqlx::query("select count(*) from tests").execute(&mut *reading).await?;
    let rebuilding = {
        let pool = pool.clone();
        tokio::spawn(async move { runner::rebuild(&pool, "tests", &mut |_, _| {}).await })
    };
    let tried = "select exists (select from pg_stat_activity
                                where datname = current_database() and wait_event_type = 'Lock')";
    for waits in [true, false, true, false] {
        // It stands in the way of other readers for a moment only, again and again.
        until(async || Ok(sqlx::query_scalar::<_, bool>(tried).fetch_one(&pool).await? == waits)).await?;
    }
    let read: i64 = in_time(sqlx::query_scalar("select count(*) from tests").fetch_one(&pool)).await??;
    assert!(read > 0);
    // What comes meanwhile is folded by both and doubled by none.
    append(&pool, &world.history(30).await).await?;
    seal_all(&pool).await?;
    reading.rollback().await?;
    assert_eq!(in_time(rebuilding).await???, 90);
    for fold in runner::folds() {
        end_lease(&pool, fold.name()).await?;
    }
    catch_up(&mut runners(&pool)).await?;
    assert_like_rebuilt(&pool).await
}

/// Tampering takes an event, or content that an event puts in force, away.
#[sqlx::test(migrations = "../migrations")]
async fn what_is_missing_from_the_record_stops_every_projection(pool: Pool) -> Outcome {
    lived(&pool, 24, 60).await?;
    let mut connection = pool.acquire().await?;
    sqlx::query("set session_replication_role = replica").execute(&mut *connection).await?;
    sqlx::query("delete from events where event_id = (select event_id from ledger where position = 30)")
        .execute(&mut *connection)
        .await?;
    for fold in runner::folds() {
        let name = fold.name();
        let error = Runner::new(pool.clone(), fold).0.step().await.expect_err("an event is gone");
        assert!(matches!(error, RunError::Missing { position: 30 }), "{name}: {error}");
        let stored: (i64, Option<i64>) =
            sqlx::query_as("select position, error_position from projection_positions where name = $1")
                .bind(name)
                .fetch_one(&pool)
                .await?;
        assert_eq!(stored, (29, Some(30)), "{name}");
        let rebuilt = runner::rebuild(&pool, name, &mut |_, _| {}).await;
        assert!(matches!(rebuilt, Err(RunError::Missing { position: 30 })), "{name}: {rebuilt:?}");
    }

    lived(&pool, 25, 200).await?;
    let release: i64 = sqlx::query_scalar(
        "select min(position) from ledger join events using (event_id) where event_type = 'KnowledgeReleased'",
    )
    .fetch_one(&pool)
    .await?;
    sqlx::query("truncate attack_contents cascade").execute(&mut *connection).await?;
    let error = runner_of(&pool, "coverage")?.step().await.expect_err("the content is gone");
    assert!(matches!(error, RunError::Content { position, .. } if position == release), "{error}");
    Ok(())
}
