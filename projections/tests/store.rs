//! Appending: commands that come again, writers that meet, requests that are
//! dropped half-way.

#[path = "support/failure.rs"]
mod failure;
#[path = "support/random.rs"]
mod random;

use aegis_aggregates::Aggregate;
use aegis_aggregates::actor::{Actor, Role};
use aegis_aggregates::ids::{AccountId, TechniqueId};
use aegis_aggregates::policy::ReviewPolicy;
use aegis_aggregates::roster::{ROSTER_ID, Roster, RosterAction, RosterCommand, RosterError};
use aegis_aggregates::test::{
    AttackRecord, Details, DetectionRecord, DetectionResult, Side, Test, TestAction, TestCommand, TestError,
    TestState, Verdict,
};
use aegis_projections::Pool;
use aegis_projections::ledger::Sealer;
use aegis_projections::runner::{self, Runner, Step};
use aegis_projections::store::{CommandId, Committed, Executed, Origin, Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use cqrs_es::event_sink::EventSink;
use failure::Outcome;
use random::{Random, long_form};
use serde::{Deserialize, Serialize};
use sqlx::Connection;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use uuid::Uuid;

fn person(number: u128, role: Role) -> Actor {
    Actor { account: AccountId(Uuid::from_u128(number)), role }
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600, 0).expect("an instant")
}

fn command(by: Actor, action: TestAction) -> TestCommand {
    TestCommand { by, at: now(), policy: ReviewPolicy::default(), expected_version: None, action }
}

fn details(title: &str) -> Details {
    Details {
        technique: TechniqueId::parse("attack-pattern--0259baae-9f63-4c69-bf10-eb038c390688")
            .expect("a STIX id"),
        attack_id: "T1059".to_owned(),
        title: title.to_owned(),
        description: String::new(),
        objective: String::new(),
        target_environment: String::new(),
        platform: None,
        tags: BTreeSet::new(),
        assignee: None,
        due_on: None,
        procedure: String::new(),
        tool: None,
    }
}

/// A command that may come again.
fn again(actor: Actor, id: u128, input: &str) -> Origin {
    Origin {
        command: Some(CommandId::new(Uuid::from_u128(id), "test", input.as_bytes())),
        ..Origin::new(actor)
    }
}

async fn events(pool: &Pool) -> Outcome<i64> {
    Ok(sqlx::query_scalar("select count(*) from events").fetch_one(pool).await?)
}

fn committed<E: std::fmt::Debug>(executed: Executed<E>) -> Committed {
    match executed {
        Executed::Committed(committed) => committed,
        other => panic!("{other:?}"),
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_retried_command_is_answered_with_its_first_result(pool: Pool) -> Outcome {
    let (store, by) = (Store::new(pool.clone()), person(1, Role::RedLead));
    let draft = command(by, TestAction::Draft { details: details("first"), origin: None });
    let first = committed(store.execute::<Test>("a", draft.clone(), &again(by, 10, "first")).await?);
    for _ in 0..3 {
        let repeated = store.execute::<Test>("a", draft.clone(), &again(by, 10, "first")).await?;
        assert_eq!(repeated, Executed::Repeated(first.clone()));
    }
    // A command that chose another id for the same wish, as a client does that lost its answer.
    let elsewhere = store.execute::<Test>("b", draft.clone(), &again(by, 10, "first")).await?;
    assert_eq!(elsewhere, Executed::Repeated(first));
    assert_eq!(events(&pool).await?, 1);
    Ok(())
}

#[sqlx::test(migrations = "../migrations")]
async fn the_same_id_with_other_input_is_refused(pool: Pool) -> Outcome {
    let (store, by) = (Store::new(pool.clone()), person(1, Role::RedLead));
    let draft = |title| command(by, TestAction::Draft { details: details(title), origin: None });
    committed(store.execute::<Test>("a", draft("first"), &again(by, 10, "first")).await?);
    let other = store.execute::<Test>("b", draft("other"), &again(by, 10, "other")).await?;
    assert_eq!(other, Executed::CommandReused);
    let revised = command(by, TestAction::Revise(details("other").into()));
    assert_eq!(store.execute::<Test>("a", revised, &again(by, 10, "other")).await?, Executed::CommandReused);
    // The kind of command is part of the input.
    let kind =
        Origin { command: Some(CommandId::new(Uuid::from_u128(10), "reopen", b"first")), ..Origin::new(by) };
    assert_eq!(store.execute::<Test>("b", draft("first"), &kind).await?, Executed::CommandReused);
    // Somebody else's command of the same id is another command.
    let somebody = person(2, Role::RedLead);
    let theirs = store.execute::<Test>("b", draft("other"), &again(somebody, 10, "other")).await?;
    assert_eq!(committed(theirs).aggregate_id, "b");
    assert_eq!(events(&pool).await?, 2);
    Ok(())
}

#[sqlx::test(migrations = "../migrations")]
async fn a_retry_that_would_be_refused_by_now_still_gets_its_first_result(pool: Pool) -> Outcome {
    let (store, by) = (Store::new(pool.clone()), person(1, Role::RedLead));
    committed(
        store
            .execute::<Test>(
                "a",
                command(by, TestAction::Draft { details: details("x"), origin: None }),
                &Origin::new(by),
            )
            .await?,
    );
    let start = command(by, TestAction::StartExecution { waits_for: vec![] });
    let first = committed(store.execute::<Test>("a", start.clone(), &again(by, 1, "start")).await?);
    // Started is started: a second start is refused, the same one is not.
    let second = store.execute::<Test>("a", start.clone(), &again(by, 2, "start")).await?;
    assert!(matches!(second, Executed::Refused(TestError::WrongState { .. })), "{second:?}");
    assert_eq!(store.execute::<Test>("a", start, &again(by, 1, "start")).await?, Executed::Repeated(first));
    // And one that by now would change nothing.
    let revise =
        command(by, TestAction::Revise(Details { tags: ["t".to_owned()].into(), ..details("x") }.into()));
    let first = committed(store.execute::<Test>("a", revise.clone(), &again(by, 3, "revise")).await?);
    assert_eq!(
        store.execute::<Test>("a", revise.clone(), &again(by, 3, "revise")).await?,
        Executed::Repeated(first)
    );
    assert_eq!(store.execute::<Test>("a", revise, &again(by, 4, "revise")).await?, Executed::Unchanged);
    Ok(())
}

#[sqlx::test(migrations = "../migrations")]
async fn the_same_command_sent_many_times_at_once_happens_once(pool: Pool) -> Outcome {
    let (store, by) = (Store::new(pool.clone()), person(1, Role::RedLead));
    for round in 0..10 {
        let sent = (0..8).map(|n| {
            let store = store.clone();
            // Half of them under another id of the test, so that they do not even meet in the aggregate.
            let id = format!("{round} {}", n % 2);
            async move {
                let draft = command(by, TestAction::Draft { details: details("x"), origin: None });
                store.execute::<Test>(&id, draft, &again(by, round, "draft")).await
            }
        });
        let answers = futures::future::try_join_all(sent).await?;
        let first: Vec<&Committed> = answers
            .iter()
            .filter_map(|a| if let Executed::Committed(c) = a { Some(c) } else { None })
            .collect();
        let [first] = first[..] else { panic!("{answers:?}") };
        let repeated = answers.iter().filter(|a| **a == Executed::Repeated(first.clone())).count();
        assert_eq!(repeated, 7, "{answers:?}");
    }
    assert_eq!(events(&pool).await?, 10);
    Ok(())
}

/// Somebody who is always a little faster, so many times.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Contested;

#[derive(Clone)]
struct Contest {
    pool: Pool,
    losses: Arc<AtomicUsize>,
    judged: Arc<AtomicUsize>,
    events: usize,
    panics: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Won(usize);

impl cqrs_es::DomainEvent for Won {
    fn event_type(&self) -> String {
        "Won".to_owned()
    }
    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

impl Aggregate for Contested {
    const TYPE: &'static str = "contested";
    type Command = Contest;
    type Event = Won;
    type Error = TestError;
    type Services = ();

    async fn handle(&mut self, contest: Contest, _: &(), sink: &EventSink<Self>) -> Result<(), TestError> {
        contest.judged.fetch_add(1, Ordering::Relaxed);
        assert!(!contest.panics, "a bug in a rule");
        if contest
            .losses
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
            .is_ok()
        {
            sqlx::query(
                r#"insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
                   select 'contested', 'c', coalesce(max(sequence), 0) + 1, 'Won', '1.0', '0', '{}'
                   from events where aggregate_type = 'contested'"#,
            )
            .execute(&contest.pool)
            .await
            .expect("the other one is faster");
        }
        for number in 1..=contest.events {
            sink.write(Won(number), self).await;
        }
        Ok(())
    }

    fn apply(&mut self, _: Won) {}
}

fn contest(pool: &Pool, losses: usize, events: usize) -> Contest {
    Contest {
        pool: pool.clone(),
        losses: Arc::new(losses.into()),
        judged: Arc::default(),
        events,
        panics: false,
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_lost_race_is_judged_again_at_most_five_times(pool: Pool) -> Outcome {
    let (store, by) = (Store::new(pool.clone()), person(1, Role::Admin));
    let five = contest(&pool, 5, 1);
    let won = committed(store.execute::<Contested>("c", five.clone(), &again(by, 1, "c")).await?);
    assert_eq!((won.sequence, five.judged.load(Ordering::Relaxed)), (6, 6));
    let six = contest(&pool, 6, 1);
    let gave_up = store.execute::<Contested>("c", six.clone(), &again(by, 2, "c")).await;
    assert!(
        matches!(&gave_up, Err(StoreError::Contended { aggregate_id, .. }) if aggregate_id == "c"),
        "{gave_up:?}"
    );
    assert_eq!((events(&pool).await?, six.judged.load(Ordering::Relaxed)), (12, 6));
    // It left nothing behind, so it may be sent again.
    assert_eq!(committed(store.execute::<Contested>("c", six, &again(by, 2, "c")).await?).sequence, 13);
    Ok(())
}

#[sqlx::test(migrations = "../migrations")]
async fn several_events_of_one_command_are_one_transaction(pool: Pool) -> Outcome {
    let (store, by) = (Store::new(pool.clone()), person(1, Role::Admin));
    let three =
        committed(store.execute::<Contested>("c", contest(&pool, 0, 3), &again(by, 1, "three")).await?);
    assert_eq!(three.sequence, 3, "the result is the last of them");
    let again_ = store.execute::<Contested>("c", contest(&pool, 0, 3), &again(by, 1, "three")).await?;
    assert_eq!(again_, Executed::Repeated(three));
    // All of them lose the race together, and are tried again together.
    committed(store.execute::<Contested>("c", contest(&pool, 1, 3), &again(by, 2, "three")).await?);
    let stored: Vec<(i64, bool)> =
        sqlx::query_as("select sequence, metadata->>'command_id' is null from events order by event_id")
            .fetch_all(&pool)
            .await?;
    let other_one = 4;
    assert_eq!(stored, (1..=7).map(|sequence| (sequence, sequence == other_one)).collect::<Vec<_>>());
    // Two statements of one transaction may share a command, another transaction may not.
    let mut connection = pool.acquire().await?;
    let mut transaction = connection.begin().await?;
    for sequence in [1, 2] {
        append_as(&mut transaction, "d", sequence).await?;
    }
    transaction.commit().await?;
    let refused = append_as(&mut connection, "d", 3).await.expect_err("it was carried out");
    assert_eq!(refused.as_database_error().and_then(|error| error.code()).as_deref(), Some("AE001"));
    assert_eq!(events(&pool).await?, 9);
    Ok(())
}

async fn append_as(
    connection: &mut sqlx::PgConnection,
    aggregate: &str,
    sequence: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        r#"insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
           values ('contested', $1, $2, 'Won', '1.0', '0', '{"actor": "00000000-0000-0000-0000-000000000001",
                   "command_id": "00000000-0000-0000-0000-000000000009", "command_digest": "d"}')"#,
    )
    .bind(aggregate)
    .bind(sequence)
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes a test to where both leads may vote.
async fn in_review(store: &Store, id: &str) -> Outcome {
    let (red, blue) = (person(1, Role::RedTech), person(2, Role::BlueTech));
    let began = (now() - TimeDelta::hours(2)).fixed_offset();
    let attack = AttackRecord {
        procedure: "p".to_owned(),
        tool: None,
        started_at: began,
        ended_at: None,
        success: true,
        summary: "s".to_owned(),
    };
    let detection = DetectionRecord {
        result: DetectionResult::Detected,
        detected_at: Some(began + TimeDelta::minutes(5)),
        alerted_at: None,
        contained_at: None,
        containment_result: None,
        clock_skew_note: None,
        summary: "s".to_owned(),
    };
    let steps = [
        (red, TestAction::Draft { details: details("both vote"), origin: None }),
        (red, TestAction::StartExecution { waits_for: vec![] }),
        (red, TestAction::RecordAttack(attack)),
        (red, TestAction::SubmitExecution),
        (blue, TestAction::RecordDetection(detection)),
        (blue, TestAction::SubmitEvaluation),
    ];
    for (by, action) in steps {
        committed(store.execute::<Test>(id, command(by, action), &Origin::new(by)).await?);
    }
    Ok(())
}

#[sqlx::test(migrations = "../migrations")]
async fn simultaneous_votes_of_both_leads_both_count(pool: Pool) -> Outcome {
    let pairs = if long_form() { 200 } else { 40 };
    let store = Store::new(pool.clone());
    runner::register(&pool).await?;
    let ids: Vec<Uuid> = (0..pairs).map(|n| Uuid::from_u128(1_000 + n)).collect();
    for id in &ids {
        in_review(&store, &id.to_string()).await?;
    }
    for id in &ids {
        let vote = async |by: Actor, side: Side| {
            let cast = TestAction::CastVote {
                side,
                verdict: Verdict::Approved,
                notes: format!("by {side:?}"),
                seen: None,
            };
            store.execute::<Test>(&id.to_string(), command(by, cast), &Origin::new(by)).await
        };
        let (red, blue) = tokio::join!(
            vote(person(3, Role::RedLead), Side::Red),
            vote(person(4, Role::BlueLead), Side::Blue)
        );
        let mut sequences = [committed(red?).sequence, committed(blue?).sequence];
        sequences.sort_unstable();
        assert_eq!(sequences, [7, 8]);
        assert_eq!(store.load::<Test>(&id.to_string()).await?.state(), TestState::Validated);
    }
    let pairs = i64::try_from(pairs)?;
    let outcomes: (i64, i64, i64) = sqlx::query_as(
        "select count(*), count(*) filter (where payload->'VoteCast'->>'outcome' is not null),
                count(distinct (aggregate_id, payload->'VoteCast'->'vote'->>'side'))
         from events where event_type = 'VoteCast'",
    )
    .fetch_one(&pool)
    .await?;
    assert_eq!(outcomes, (2 * pairs, pairs, 2 * pairs), "votes, outcomes, sides that voted");
    // And people see both.
    Sealer::new(pool.clone()).seal().await?;
    let (mut tests, _) = Runner::new(pool.clone(), runner::fold_named("tests")?);
    while matches!(tests.step().await?, Step::Folded(_)) {}
    let seen: (i64, i64) = sqlx::query_as(
        "select (select count(*) from test_votes where to_position = $1 and not superseded),
                (select count(*) from tests where to_position = $1 and state = 'validated'
                   and red_vote = 'approved' and blue_vote = 'approved')",
    )
    .bind(aegis_projections::fold::OPEN)
    .fetch_one(&pool)
    .await?;
    assert_eq!(seen, (2 * pairs, pairs));
    Ok(())
}

/// One approves while the other rejects: whoever comes first, there is one outcome, and no vote after it.
#[sqlx::test(migrations = "../migrations")]
async fn an_approval_beside_a_rejection_leaves_one_outcome(pool: Pool) -> Outcome {
    let store = Store::new(pool.clone());
    for n in 0..12 {
        let id = Uuid::from_u128(2_000 + n).to_string();
        in_review(&store, &id).await?;
        let vote = async |by: Actor, side: Side, verdict: Verdict| {
            let cast = TestAction::CastVote { side, verdict, notes: String::new(), seen: None };
            store.execute::<Test>(&id, command(by, cast), &Origin::new(by)).await
        };
        let (red, blue) = tokio::join!(
            vote(person(3, Role::RedLead), Side::Red, Verdict::Approved),
            vote(person(4, Role::BlueLead), Side::Blue, Verdict::Rejected)
        );
        committed(blue?);
        let red = red?;
        assert!(
            matches!(
                red,
                Executed::Committed(_)
                    | Executed::Refused(TestError::WrongState { state: TestState::Rejected, .. })
            ),
            "{red:?}"
        );
        assert_eq!(store.load::<Test>(&id).await?.state(), TestState::Rejected);
    }
    let outcomes: i64 =
        sqlx::query_scalar("select count(*) from events where payload->'VoteCast'->>'outcome' is not null")
            .fetch_one(&pool)
            .await?;
    assert_eq!(outcomes, 12);
    Ok(())
}

/// The rule over the whole set holds when both of two admins leave at once.
#[sqlx::test(migrations = "../migrations")]
async fn two_admins_deactivated_at_once_leave_one(pool: Pool) -> Outcome {
    let store = Store::new(pool.clone());
    let (one, two) = (person(1, Role::Admin), person(2, Role::Admin));
    let wish = async |account: Actor, action: RosterAction| {
        let command = RosterCommand { by: Actor::SYSTEM, account: account.account, action };
        store.execute::<Roster>(ROSTER_ID, command, &Origin::new(Actor::SYSTEM)).await
    };
    let open = RosterAction::Open { role: Role::Admin, must_change_password: false };
    committed(wish(one, open).await?);
    committed(wish(two, open).await?);
    for _ in 0..10 {
        let (first, second) =
            tokio::join!(wish(one, RosterAction::Deactivate), wish(two, RosterAction::Deactivate));
        let (gone, stays) = match (first?, second?) {
            (Executed::Committed(_), refused) => (one, refused),
            (refused, Executed::Committed(_)) => (two, refused),
            neither => panic!("{neither:?}"),
        };
        assert_eq!(stays, Executed::Refused(RosterError::LastAdmin));
        committed(wish(gone, RosterAction::Reactivate).await?);
    }
    Ok(())
}

/// Connections to this database that hold a transaction open.
async fn open_transactions(pool: &Pool) -> Outcome<i64> {
    Ok(sqlx::query_scalar(
        "select count(*) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and state like 'idle in transaction%'",
    )
    .fetch_one(pool)
    .await?)
}

#[sqlx::test(migrations = "../migrations")]
async fn a_dropped_request_leaves_no_transaction_open_and_no_half_result(pool: Pool) -> Outcome {
    let (store, by) = (Store::new(pool.clone()), person(1, Role::Admin));
    let mut random = Random::seeded(1);
    let (mut sent, mut finished, mut dropped) = (0_u128, 0, 0);
    // The moment of the drop is drawn from twice the time a request takes here and now, so that
    // drops land all along it however fast or busy the machine is.
    let mut usual = Duration::from_millis(4);
    while finished < 40 || dropped < 40 {
        assert!(sent < 2_000, "{finished} of {sent} finished, {dropped} were dropped");
        let limit = usual.mul_f64(f64::from(u32::try_from(random.number() % 2_000)?) / 1_000.0);
        let (name, origin) = (sent.to_string(), again(by, sent, "c"));
        let began = Instant::now();
        let execute = store.execute::<Contested>(&name, contest(&pool, 0, 3), &origin);
        sent += 1;
        // Dropped wherever it happens to be, as when a client goes away.
        if let Ok(executed) = tokio::time::timeout(limit, execute).await {
            executed?;
            finished += 1;
            usual = began.elapsed();
        } else {
            dropped += 1;
            usual = usual.mul_f64(1.05);
        }
    }
    assert_eq!(open_transactions(&pool).await?, 0);
    // What is there is there for good, in threes; what was dropped may be sent again.
    for id in 0..sent {
        let answer =
            store.execute::<Contested>(&id.to_string(), contest(&pool, 0, 3), &again(by, id, "c")).await?;
        assert!(matches!(answer, Executed::Committed(_) | Executed::Repeated(_)), "{answer:?}");
    }
    assert_eq!(events(&pool).await?, i64::try_from(3 * sent)?);
    let commands: i64 = sqlx::query_scalar("select count(*) from commands").fetch_one(&pool).await?;
    assert_eq!(commands, i64::try_from(sent)?);
    Ok(())
}

#[sqlx::test(migrations = "../migrations")]
async fn a_panic_in_a_rule_leaves_no_transaction_open(pool: Pool) -> Outcome {
    let (store, by) = (Store::new(pool.clone()), person(1, Role::Admin));
    for id in 0..10 {
        let store = store.clone();
        let panicking = Contest { panics: true, ..contest(&pool, 0, 1) };
        let request =
            tokio::spawn(
                async move { store.execute::<Contested>("c", panicking, &again(by, id, "c")).await },
            );
        assert!(request.await.is_err_and(|error| error.is_panic()));
    }
    assert_eq!((open_transactions(&pool).await?, events(&pool).await?), (0, 0));
    for id in 0..10 {
        committed(store.execute::<Contested>("c", contest(&pool, 0, 1), &again(by, id, "c")).await?);
    }
    Ok(())
}

/// One event and several are stored in the same form.
/// Holds up every insert into `events`, so that commands gather behind those under way.
async fn dammed(pool: &Pool) -> Outcome<sqlx::Transaction<'static, sqlx::Postgres>> {
    let mut dam = pool.begin().await?;
    sqlx::query("lock table events in share row exclusive mode").execute(&mut *dam).await?;
    Ok(dam)
}

/// How many transactions wrote the events.
async fn transactions(pool: &Pool) -> Outcome<i64> {
    Ok(sqlx::query_scalar("select count(distinct xmin::text) from events").fetch_one(pool).await?)
}

#[sqlx::test(migrations = "../migrations")]
async fn commands_that_meet_share_a_transaction(pool: Pool) -> Outcome {
    let (store, by) = (Store::new(pool.clone()), person(1, Role::RedLead));
    let draft = |number: u128| {
        let store = store.clone();
        async move {
            // Two ids come twice, each for one wish: one of them after the first result is there.
            let id = if number == 30 { 31 } else { number };
            let draft = command(by, TestAction::Draft { details: details("x"), origin: None });
            store.execute::<Test>(&number.to_string(), draft, &again(by, id, &id.to_string())).await
        }
    };
    let first = committed(
        store
            .execute::<Test>(
                "first",
                command(by, TestAction::Draft { details: details("x"), origin: None }),
                &again(by, 39, "39"),
            )
            .await?,
    );
    let dam = dammed(&pool).await?;
    let asked: Vec<_> = (0..40).map(|number| tokio::spawn(draft(number))).collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    dam.rollback().await?;
    let mut repeated = vec![];
    for one in asked {
        match one.await?? {
            Executed::Committed(_) => {}
            Executed::Repeated(result) => repeated.push(result.aggregate_id),
            other => panic!("{other:?}"),
        }
    }
    repeated.sort();
    assert!(
        matches!(&repeated[..], [a, b] if (a == "30" || a == "31") && *b == first.aggregate_id),
        "{repeated:?}"
    );
    assert_eq!(events(&pool).await?, 39);
    let transactions = transactions(&pool).await?;
    assert!(transactions < 25, "{transactions} transactions");
    Ok(())
}

#[sqlx::test(migrations = "../migrations")]
async fn one_that_the_database_refuses_spoils_nothing_for_the_others(pool: Pool) -> Outcome {
    let (store, by) = (Store::new(pool.clone()), person(1, Role::RedLead));
    sqlx::query("alter table events add constraint no_seven check (aggregate_id <> '7')")
        .execute(&pool)
        .await?;
    let dam = dammed(&pool).await?;
    let asked: Vec<_> = (0..20)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move {
                let draft = command(by, TestAction::Draft { details: details("x"), origin: None });
                (number, store.execute::<Test>(&number.to_string(), draft, &Origin::new(by)).await)
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    dam.rollback().await?;
    for one in asked {
        let (number, executed) = one.await?;
        assert_eq!(executed.is_err(), number == 7, "{number}: {executed:?}");
    }
    assert_eq!(events(&pool).await?, 19);
    Ok(())
}

#[sqlx::test(migrations = "../migrations")]
async fn a_request_that_is_dropped_while_it_writes_hands_the_turn_on(pool: Pool) -> Outcome {
    let (store, by) = (Store::new(pool.clone()), person(1, Role::RedLead));
    let dam = dammed(&pool).await?;
    let asked: Vec<_> = (0..10)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move {
                let draft = command(by, TestAction::Draft { details: details("x"), origin: None });
                store.execute::<Test>(&number.to_string(), draft, &Origin::new(by)).await
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    // Two of them have statements under way, the others wait in line.
    for one in asked {
        one.abort();
    }
    dam.rollback().await?;
    // Whoever comes later is neither refused nor left waiting.
    for number in 10..13 {
        let draft = command(by, TestAction::Draft { details: details("x"), origin: None });
        committed(store.execute::<Test>(&number.to_string(), draft, &Origin::new(by)).await?);
    }
    Ok(())
}

#[sqlx::test(migrations = "../migrations")]
async fn the_stored_text_does_not_depend_on_how_many_events_a_command_has(pool: Pool) -> Outcome {
    let (store, by) = (Store::new(pool.clone()), person(1, Role::Admin));
    let origin = Origin { correlation: Uuid::nil(), ..Origin::new(by) };
    committed(store.execute::<Contested>("one", contest(&pool, 0, 1), &origin).await?);
    committed(store.execute::<Contested>("two", contest(&pool, 0, 2), &origin).await?);
    let texts: Vec<(String, String)> =
        sqlx::query_as("select payload::text, metadata::text from events order by event_id")
            .fetch_all(&pool)
            .await?;
    assert_eq!(texts[0], texts[1]);
    Ok(())
}
