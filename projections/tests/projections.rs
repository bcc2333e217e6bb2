//! Every projection on random histories: however the events arrive, and
//! however often a process starts again, the rows are those of one fold from
//! the first event. `AEGIS_SEED` repeats one history, `AEGIS_LONG=1` tries more.

#[path = "support/failure.rs"]
mod failure;
#[path = "support/history.rs"]
mod history;
#[path = "support/random.rs"]
mod random;
#[path = "support/records.rs"]
mod records;

use aegis_aggregates::test::TestOrigin;
use aegis_projections::Pool;
use aegis_projections::accounts::AccountFilter;
use aegis_projections::campaigns::{self, CampaignFilter};
use aegis_projections::coverage::CoverageStatus;
use aegis_projections::knowledge::{self, ActorFilter, TechniqueFilter};
use aegis_projections::runner::{self, Runner, Tail};
use aegis_projections::tests::{self, Counted, TestFilter};
use aegis_projections::{accounts, jobs};
use aegis_sources::attack::content::Lifecycle;
use failure::Outcome;
use history::World;
use random::{Random, seeds};
use records::{Beside, all_rows, append, catch_up, rebuild_all, runners, seal, sealed_events, stage};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// Events of a history.
const EVENTS: usize = 440;

/// A history in the database, all of it sealed.
async fn lived(pool: &Pool, seed: u64) -> Outcome<World> {
    records::forget_everything(pool).await?;
    let mut world = World::new(seed);
    let facts = world.history(EVENTS).await;
    stage(pool, &world).await?;
    append(pool, &facts).await?;
    let mut random = Random::seeded(seed);
    while seal(pool, 1 + i32::try_from(random.below(9)).unwrap_or(0)).await? > 0 {}
    Ok(world)
}

#[sqlx::test(migrations = "../migrations")]
async fn incremental_equals_rebuilt_whatever_the_batches_and_restarts(pool: Pool) -> Outcome {
    // Not every history has a bit of everything, but all of them together have.
    let mut filled: BTreeMap<String, bool> = BTreeMap::new();
    for seed in seeds(6, 150) {
        records::forget_everything(&pool).await?;
        let mut world = World::new(seed);
        let facts = world.history(EVENTS).await;
        stage(&pool, &world).await?;
        let mut random = Random::seeded(seed);
        let mut running = runners(&pool);
        // Those that start anew share what they read with each other; half of them, or it would hide the rest.
        let tail = Tail::new(pool.clone());
        let mut left = facts.as_slice();
        // Large batches and few restarts, or a new process for every few events.
        let (batch, restarts) = if seed % 2 == 0 { (30, 15) } else { (6, 90) };
        let mut sealed = 0;
        while sealed < EVENTS {
            let (next, rest) = left.split_at(random.below(40).min(left.len()));
            append(&pool, next).await?;
            left = rest;
            sealed += usize::try_from(seal(&pool, i32::try_from(random.below(batch))?).await?)?;
            for runner in &mut running {
                // Each goes at its own pace, and each process may end at any time.
                if random.percent(60) {
                    runner.step().await?;
                }
                // Rebuilt beside those that run: they have to notice.
                if random.percent(2) {
                    runner::rebuild(&pool, runner.name(), &mut |_, _| {}).await?;
                }
                if random.percent(restarts) {
                    let fold = runner::fold_named(runner.name())?;
                    *runner = match random.percent(50) {
                        true => Runner::sharing(pool.clone(), fold, Arc::clone(&tail)).0,
                        false => Runner::new(pool.clone(), fold).0,
                    };
                    records::end_lease(&pool, runner.name()).await?;
                }
            }
        }
        catch_up(&mut running).await?;
        let incremental = all_rows(&pool).await?;
        rebuild_all(&pool).await?;
        for (incremental, rebuilt) in incremental.into_iter().zip(all_rows(&pool).await?) {
            *filled.entry(rebuilt.0.to_string()).or_default() |= !rebuilt.1.is_empty();
            assert_eq!(incremental, rebuilt, "seed {seed}");
        }
        let torn: Vec<String> = torn_intervals(&pool).await?;
        assert_eq!(torn, Vec::<String>::new(), "seed {seed}: intervals overlap or are empty");
    }
    let empty: Vec<_> = filled.iter().filter(|(_, filled)| !**filled).collect();
    assert!(empty.is_empty(), "nothing in {empty:?}");
    Ok(())
}

/// Rows whose interval is empty or reaches into the next one of the same key.
async fn torn_intervals(pool: &Pool) -> Outcome<Vec<String>> {
    let mut torn = vec![];
    for (_, table) in records::tables() {
        let sql = format!(
            "select '{table} ' || row_key || ' from ' || from_position from (
               select *, lead(from_position) over (partition by row_key order by from_position) as next from {table}) t
             where from_position >= to_position or to_position > next"
        );
        torn.extend(sqlx::query_scalar::<_, String>(&sql).fetch_all(pool).await?);
    }
    Ok(torn)
}

#[sqlx::test(migrations = "../migrations")]
async fn each_event_twice_equals_once(pool: Pool) -> Outcome {
    for seed in seeds(4, 60) {
        lived(&pool, seed).await?;
        rebuild_all(&pool).await?;
        let events = sealed_events(&pool).await?;
        // Each one again at once, and now and then a whole stretch again.
        let mut random = Random::seeded(seed);
        let mut offered = vec![];
        for (index, event) in events.iter().enumerate() {
            offered.extend([event.clone(), event.clone()]);
            if random.percent(5) {
                offered.extend_from_slice(&events[random.below(index + 1)..=index]);
            }
        }
        for (name, table) in records::tables() {
            let schema = records::fold_beside(&pool, runner::fold_named(name)?, &offered).await?;
            let (once, twice) =
                (records::rows(&pool, "public", table).await?, records::rows(&pool, &schema, table).await?);
            assert_eq!(once, twice, "seed {seed}: {table}");
        }
    }
    Ok(())
}

#[sqlx::test(migrations = "../migrations")]
async fn as_of_a_position_equals_a_fresh_fold_up_to_it(pool: Pool) -> Outcome {
    for seed in seeds(3, 40) {
        lived(&pool, seed).await?;
        catch_up(&mut runners(&pool)).await?;
        let events = sealed_events(&pool).await?;
        let mut random = Random::seeded(seed);
        // Where a release sends tests to other techniques is the place to get wrong.
        let moves =
            |index: usize| events.get(index).is_some_and(|event| event.event_type == "KnowledgeReleased");
        let mut positions: Vec<usize> = (0..=EVENTS)
            .filter(|at| moves(*at) || (*at > 0 && moves(at - 1)) || random.percent(15))
            .collect();
        positions.push(EVENTS);
        for fold in runner::folds() {
            let (name, tables) = (fold.name(), fold.tables());
            let mut fresh = Beside::begin(&pool, fold).await?;
            for position in &positions {
                fresh.fold(&events[..*position]).await?;
                for table in tables {
                    let at = i64::try_from(*position)?;
                    let live = records::rows_as_of(&pool, "public", table, at).await?;
                    let fresh = records::rows_as_of(&pool, &fresh.schema, table, at).await?;
                    assert_eq!(live, fresh, "seed {seed}: {table} of {name} as of {position}");
                }
            }
        }
    }
    Ok(())
}

/// The same facts by another road: the aggregates themselves know how each
/// test stands, and coverage is a count over them.
#[sqlx::test(migrations = "../migrations")]
async fn the_rows_say_what_the_aggregates_know(pool: Pool) -> Outcome {
    let seeds = seeds(4, 60);
    let (all, mut compared) = (seeds.len(), 0);
    for seed in seeds {
        let world = lived(&pool, seed).await?;
        catch_up(&mut runners(&pool)).await?;
        if cut_in_a_step(&pool, &world).await? {
            continue;
        }
        compared += 1;
        let live = |technique: &str| -> String {
            let release = world.current.map(|index| &world.contents[index].content);
            let known =
                release.and_then(|content| content.techniques.iter().find(|t| t.stix_id == technique));
            known.and_then(|known| known.successor.clone()).unwrap_or_else(|| technique.to_owned())
        };
        let mut tests: Vec<(String, String, i32, i64, String)> = vec![];
        let mut tallies: BTreeMap<String, [i32; 4]> = BTreeMap::new();
        let results: BTreeMap<String, String> = sqlx::query_as::<_, (String, String)>(
            "select aggregate_id, payload->'VoteCast'->'outcome'->>'detection_result' from events
             where payload->'VoteCast'->'outcome'->>'state' = 'validated'",
        )
        .fetch_all(&pool)
        .await?
        .into_iter()
        .collect();
        for (id, test) in world.tests.iter().filter(|(_, test)| test.version() > 0) {
            let Some(details) = test.details() else { continue };
            let technique = live(details.technique.as_str());
            let version = i64::try_from(test.version())?;
            tests.push((
                id.to_string(),
                test.state().as_str().to_owned(),
                i32::try_from(test.round())?,
                version,
                technique.clone(),
            ));
            let tally = tallies.entry(technique).or_default();
            // Of a chain of retests only the newest validated one counts.
            let (chain, place) = chain_of(*id, test);
            let validated = |id: &Uuid| results.contains_key(&id.to_string());
            let newer = world.tests.iter().any(|(other, test)| {
                let (of, at) = chain_of(*other, test);
                of == chain && at > place && validated(other)
            });
            if newer && validated(id) {
                continue;
            }
            match results.get(&id.to_string()).map(String::as_str) {
                // What was put away is no open work.
                None if test.archived() => {}
                None => tally[0] += 1,
                Some("detected") => tally[1] += 1,
                Some("partially_detected") => tally[2] += 1,
                Some(_) => tally[3] += 1,
            }
        }
        tests.sort();
        let stored: Vec<(String, String, i32, i64, String)> = sqlx::query_as(
            "select row_key, state, round, version, live_technique_id from tests where to_position = $1 order by 1",
        )
        .bind(aegis_projections::fold::OPEN)
        .fetch_all(&pool)
        .await?;
        assert_eq!(stored, tests, "seed {seed}");
        let expected: Vec<(String, String, i32, i32, i32, i32)> = tallies
            .into_iter()
            .map(|(technique, [o, d, p, n])| (technique, rule_one(o, d, p, n), o, d, p, n))
            .collect();
        let stored: Vec<(String, String, i32, i32, i32, i32)> = sqlx::query_as(
            "select row_key, status, open_tests, detected_tests, partially_detected_tests, not_detected_tests
             from coverage_techniques where to_position = $1 order by 1",
        )
        .bind(aegis_projections::fold::OPEN)
        .fetch_all(&pool)
        .await?;
        assert_eq!(stored, expected, "seed {seed}");
    }
    assert!(compared * 2 > all, "{compared} of {all}");
    Ok(())
}

/// Whether a history ended between two events of one step: then a test knows more than is stored.
async fn cut_in_a_step(pool: &Pool, world: &World) -> Result<bool, sqlx::Error> {
    let versions: BTreeMap<String, i64> =
        sqlx::query_as("select row_key, version from tests where to_position = $1")
            .bind(aegis_projections::fold::OPEN)
            .fetch_all(pool)
            .await?
            .into_iter()
            .collect();
    Ok(world.tests.iter().any(|(id, test)| {
        let stored = versions.get(&id.to_string()).copied();
        test.version() > 0 && stored != i64::try_from(test.version()).ok()
    }))
}

/// Campaigns too: what the rows show is what the aggregates know.
#[sqlx::test(migrations = "../migrations")]
async fn the_rows_of_campaigns_say_what_the_aggregates_know(pool: Pool) -> Outcome {
    for seed in seeds(4, 60) {
        let world = lived(&pool, seed).await?;
        catch_up(&mut runners(&pool)).await?;
        let at = i64::try_from(EVENTS)?;
        let ids: Vec<Uuid> = world.campaigns.0.iter().map(|(id, _)| *id).collect();
        let links = campaigns::tests_of_campaigns(&pool, &ids, at).await?;
        let mut shown = 0;
        for (id, campaign) in &world.campaigns.0 {
            let Some(row) = campaigns::campaigns_by_id(&pool, &[*id], at).await?.pop() else { continue };
            // The history may have been cut inside the last steps of this campaign.
            if row.version != i64::try_from(campaign.version())? {
                continue;
            }
            shown += 1;
            let plan = campaign.plan().expect("written down");
            assert_eq!((&row.name, row.state.as_str()), (&plan.name, campaign.state().as_str()));
            assert_eq!(row.scheduled.as_ref().map(|held| &held.schedule), campaign.schedule());
            assert_eq!(row.scheduled.as_ref().and_then(|held| held.due().next()), campaign.next_due());
            let expected: Vec<(Uuid, i32, Option<String>, Vec<Uuid>)> = campaign
                .ordered_tests()
                .into_iter()
                .map(|link| {
                    let needed = link.depends_on.iter().map(|test| test.0).collect();
                    (link.test.0, i32::try_from(link.order).unwrap_or(0), link.phase.clone(), needed)
                })
                .collect();
            let stored: Vec<_> = links
                .iter()
                .filter(|link| link.campaign_id == *id)
                .map(|link| (link.test_id, link.place, link.phase.clone(), link.depends_on.clone()))
                .collect();
            assert_eq!(stored, expected, "seed {seed}");
            assert_eq!(row.tests, i32::try_from(expected.len())?);
            let counted: i64 =
                campaigns::progress(&pool, &[*id], at).await?.iter().map(|row| row.tests).sum();
            let archived = world
                .tests
                .iter()
                .filter(|(id, test)| test.archived() && expected.iter().any(|(linked, ..)| linked == id));
            assert_eq!(counted, i64::from(row.tests) - i64::try_from(archived.count())?, "seed {seed}");
        }
        assert!(shown > 1, "seed {seed}: {shown}");
        let schedules = campaigns::scheduled(&pool, 0, 1_000).await?;
        let rows = campaigns::campaigns(&pool, at, &CampaignFilter::default(), None, 1_000).await?.0;
        assert_eq!(schedules.len(), rows.iter().filter(|row| row.scheduled.is_some()).count());
    }
    Ok(())
}

/// The first test of a chain of retests, and a test's place in it.
fn chain_of(id: Uuid, test: &aegis_aggregates::test::Test) -> (Uuid, u32) {
    match test.origin() {
        Some(TestOrigin::Retest { original, number, .. }) => (original.0, number),
        Some(TestOrigin::Template { .. } | TestOrigin::Clone { .. } | TestOrigin::Campaign { .. }) | None => {
            (id, 0)
        }
    }
}

/// Coverage rule, version 1, in the words of the design.
fn rule_one(open: i32, detected: i32, partial: i32, missed: i32) -> String {
    let validated = detected + partial + missed;
    match () {
        () if validated == 0 && open > 0 => CoverageStatus::InProgress,
        () if validated == 0 => CoverageStatus::NotEvaluated,
        () if detected == validated => CoverageStatus::Validated,
        () if detected > 0 || partial > 0 => CoverageStatus::Partial,
        () => CoverageStatus::NotCovered,
    }
    .as_str()
    .to_owned()
}

async fn counted(pool: &Pool, at: i64, filter: &TestFilter) -> Result<Counted, sqlx::Error> {
    let page = tests::tests(pool, at, filter, None, 3, true).await?;
    Ok(page.counted.expect("it was asked for"))
}

fn searched(text: &str) -> TestFilter {
    TestFilter { search: Some(text.to_owned()), ..TestFilter::default() }
}

/// So many more tests like the newest or the oldest standing one with a word or without, changed when that was.
async fn copies(pool: &Pool, count: i64, word: &str, has: bool, newest: bool) -> Result<(), sqlx::Error> {
    let row: String = sqlx::query_scalar(&format!(
        "select row_key from tests t join test_texts x using (row_key)
         where t.to_position = $1 and x.to_position = $1 and (strpos(x.content, $2) > 0) = $3
         order by t.from_position {} limit 1",
        if newest { "desc" } else { "asc" }
    ))
    .bind(i64::MAX)
    .bind(word)
    .bind(has)
    .fetch_one(pool)
    .await?;
    for table in ["tests", "test_texts"] {
        let copied = sqlx::query(&format!(
            "insert into {table}
             select copy.* from {table} r
             cross join generate_series(1, $1) n
             cross join lateral json_populate_record(r, json_build_object('row_key', 'copy ' || $4 || n{})) copy
             where r.to_position = $2 and r.row_key = $3",
            if table == "tests" { ", 'number', 1000000 + (select max(number) from tests) + n" } else { "" }
        ))
        .bind(count)
        .bind(i64::MAX)
        .bind(&row)
        .bind(format!("of {row} "))
        .execute(pool)
        .await?;
        assert_eq!(copied.rows_affected(), u64::try_from(count).expect("a count"), "{table}");
    }
    Ok(())
}

/// All pages of a search are the tests that have the text, newest change first; how many that are.
async fn assert_listed(pool: &Pool, at: i64, word: &str) -> Result<i64, sqlx::Error> {
    let expected: Vec<(i64, i64)> = sqlx::query_as(
        "select t.from_position, t.number from tests t join test_texts x using (row_key)
         where t.to_position = $1 and x.to_position = $1 and strpos(x.content, $2) > 0 order by 1 desc, 2 desc",
    )
    .bind(i64::MAX)
    .bind(word)
    .fetch_all(pool)
    .await?;
    let mut listed = vec![];
    loop {
        let page = tests::tests(pool, at, &searched(word), listed.last().copied(), 700, false).await?.tests;
        if page.is_empty() {
            break;
        }
        listed.extend(page.iter().map(|test| (test.from_position, test.number)));
    }
    assert_eq!(listed, expected);
    Ok(i64::try_from(listed.len()).expect("a count"))
}

/// A text is found wherever the tests that have it stand in the list, and however many they are.
#[sqlx::test(migrations = "../migrations")]
async fn a_text_is_found_in_front_of_thousands_of_tests_and_behind_them(pool: Pool) -> Outcome {
    lived(&pool, 5).await?;
    catch_up(&mut runners(&pool)).await?;
    let at = i64::try_from(EVENTS)?;
    let word = "größe";
    let counted = async |filter| counted(&pool, at, &filter).await;
    let few = assert_listed(&pool, at, word).await?;
    assert_eq!(counted(searched(word)).await?, Counted { number: few, exact: true });
    // Behind more tests than are looked at for a text, few of them: the index names them.
    copies(&pool, 2_500, word, false, true).await?;
    assert_eq!(assert_listed(&pool, at, word).await?, few);
    assert_eq!(counted(searched(word)).await?, Counted { number: few, exact: true });
    // Behind them, more than are named: what is counted is what was looked at.
    copies(&pool, 2_500, word, true, false).await?;
    assert_eq!(assert_listed(&pool, at, word).await?, few + 2_500);
    let behind = counted(searched(word)).await?;
    assert!(behind.number <= few && !behind.exact, "{behind:?}");
    // Before them.
    sqlx::query(
        "update tests set from_position = 1 where row_key like 'copy %' and row_key not in
                 (select row_key from test_texts where strpos(content, $1) > 0)",
    )
    .bind(word)
    .execute(&pool)
    .await?;
    assert_eq!(assert_listed(&pool, at, word).await?, few + 2_500);
    assert_eq!(counted(searched(word)).await?, Counted { number: tests::COUNTED_TO, exact: false });
    let none = TestFilter { states: Some(vec!["nothing".to_owned()]), ..searched(word) };
    assert_eq!(counted(none).await?, Counted { number: 0, exact: true });
    assert_eq!(
        tests::tests(&pool, at, &searched("RÖSSE"), None, 5, false).await?.tests.len(),
        0,
        "ß is no ss"
    );
    Ok(())
}

/// All that a test has at once, and the same with one thing that it has not.
async fn asked_together(pool: &Pool) -> Result<Vec<(TestFilter, String)>, sqlx::Error> {
    let (state, label, attack_id, author, assignee, tag): (String, String, String, Uuid, Uuid, String) =
        sqlx::query_as(
            "select state, classification, attack_id, created_by, assignee, tags[1] from tests
             where to_position = $1 and assignee is not null and cardinality(tags) > 0 order by number limit 1",
        )
        .bind(aegis_projections::fold::OPEN)
        .fetch_one(pool)
        .await?;
    let quoted = tag.replace('\'', "''");
    let condition = format!(
        "state = '{state}' and classification = '{label}' and attack_id = '{attack_id}'
         and created_by = '{author}' and assignee = '{assignee}' and '{quoted}' = any (tags)"
    );
    let whole = TestFilter {
        states: Some(vec![state]),
        classification: Some(label),
        attack_id: Some(attack_id),
        created_by: Some(author),
        assignee: Some(assignee),
        tag: Some(tag),
        ..TestFilter::default()
    };
    let (never, nobody) = (|| Some("never".to_owned()), Some(Uuid::nil()));
    let others = [
        TestFilter { states: never().map(|state| vec![state]), ..whole.clone() },
        TestFilter { classification: never(), ..whole.clone() },
        TestFilter { attack_id: never(), ..whole.clone() },
        TestFilter { created_by: nobody, ..whole.clone() },
        TestFilter { assignee: nobody, ..whole.clone() },
        TestFilter { tag: never(), ..whole.clone() },
    ];
    let others = others.into_iter().map(|other| (other, "false".to_owned()));
    Ok([(whole, condition)].into_iter().chain(others).collect())
}

/// A page reads rows in force and rows closed since apart; together they are what was in force.
#[sqlx::test(migrations = "../migrations")]
async fn pages_of_tests_are_what_was_in_force(pool: Pool) -> Outcome {
    let world = lived(&pool, 5).await?;
    catch_up(&mut runners(&pool)).await?;
    let person = world.tests.iter().find_map(|(_, test)| test.details()?.assignee).map(|account| account.0);
    let states = |states: &[&str]| Some(states.iter().map(|state| (*state).to_owned()).collect());
    let filters = [
        (TestFilter::default(), "true"),
        (TestFilter { archived: Some(false), ..TestFilter::default() }, "not archived"),
        (TestFilter { states: Some(vec!["draft".to_owned()]), ..TestFilter::default() }, "state = 'draft'"),
        (
            TestFilter { search: Some("größe".to_owned()), ..TestFilter::default() },
            "(title || description) ilike '%größe%'",
        ),
        (searched(" ÖSS"), "false"),
        (searched("RÖß"), "(title || description) ilike '%röß%'"),
        (searched("e"), "(title ilike '%e%' or description ilike '%e%' or attack_id ilike '%e%')"),
        (searched("#3"), "number = 3"),
        (searched("t1"), "(title ilike '%t1%' or description ilike '%t1%' or attack_id ilike '%t1%')"),
        (
            TestFilter {
                archived: Some(false), states: Some(vec!["draft".to_owned()]), ..searched("größe")
            },
            "not archived and state = 'draft' and (title || description) ilike '%größe%'",
        ),
        (TestFilter { assignee: person, ..TestFilter::default() }, "assignee is not null"),
        (TestFilter { tag: Some("null".to_owned()), ..TestFilter::default() }, "'null' = any (tags)"),
        (
            TestFilter { states: states(&["draft", "rejected"]), ..TestFilter::default() },
            "state in ('draft', 'rejected')",
        ),
        (TestFilter { tag: Some(" state draft".to_owned()), ..TestFilter::default() }, "false"),
    ];
    let mut filters: Vec<(TestFilter, String)> =
        filters.into_iter().map(|(filter, condition)| (filter, condition.to_owned())).collect();
    filters.extend(asked_together(&pool).await?);
    let last = i64::try_from(EVENTS)?;
    let mut found = 0;
    for at in [last, last - 1, last - 7, last / 2, last / 10, 0] {
        for (filter, condition) in &filters {
            let expected: Vec<(i64, i64)> = sqlx::query_as(&format!(
                "select from_position, number from tests where from_position <= $1 and to_position > $1 and {condition}
                 order by 1 desc, 2 desc"
            ))
            .bind(at)
            .fetch_all(&pool)
            .await?;
            let mut listed = vec![];
            loop {
                let page = tests::tests(&pool, at, filter, listed.last().copied(), 3, true).await?;
                let all = Counted { number: i64::try_from(expected.len())?, exact: true };
                assert_eq!(page.counted, Some(all), "{condition} at {at}");
                if page.tests.is_empty() {
                    break;
                }
                listed.extend(page.tests.iter().map(|test| (test.from_position, test.number)));
            }
            assert_eq!(listed, expected, "{condition} at {at}");
            found += listed.len();
        }
    }
    assert!(found > 100, "{found}");
    Ok(())
}

/// A history that shows nothing proves nothing.
#[tokio::test]
async fn random_histories_hold_what_can_happen() -> Outcome {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let (mut moved, mut replaced, mut later_rounds) = (0, 0, 0);
    for seed in 1..=64 {
        let mut world = World::new(seed);
        let facts = world.history(EVENTS).await;
        let mut voters = std::collections::BTreeSet::new();
        for fact in &facts {
            *kinds.entry(fact.event_type.clone()).or_default() += 1;
            let body = &fact.payload["VoteCast"];
            if body.is_object()
                && !voters.insert(format!("{} {} {}", fact.aggregate_id, body["round"], body["vote"]["side"]))
            {
                replaced += 1;
            }
            later_rounds += usize::from(body["round"].as_u64().is_some_and(|round| round > 1));
        }
        moved += world
            .contents
            .iter()
            .flat_map(|c| &c.content.techniques)
            .filter(|t| t.lifecycle == Lifecycle::Revoked)
            .count();
    }
    for kind in history::KINDS {
        assert!(kinds.get(kind).is_some_and(|count| *count >= 3), "too few {kind}: {kinds:?}");
    }
    assert!(moved > 5 && replaced > 20 && later_rounds > 5, "{moved} {replaced} {later_rounds}");
    Ok(())
}

/// Whoever asks for what comes after the last row hears how many rows there are all the same.
#[sqlx::test(migrations = "../migrations")]
async fn an_empty_page_says_how_many_there_are_in_all(pool: Pool) -> Outcome {
    let world = lived(&pool, 3).await?;
    runner::register(&pool).await?;
    catch_up(&mut runners(&pool)).await?;
    sqlx::query(
        "insert into jobs (job, kind, title, request, requested_by, requested_position, requested_at)
         select gen_random_uuid(), 'probe', 'Probe', '{}', gen_random_uuid(), n, now() from generate_series(1, 3) n",
    )
    .execute(&pool)
    .await?;
    let at = i64::try_from(EVENTS)?;
    let digest = &world.contents[0].digest;
    sqlx::query(
        "insert into attack_actors values ($1, 'intrusion-set--1', 'G0001', 'One', '{}', '', 'active', null)",
    )
    .bind(digest)
    .execute(&pool)
    .await?;
    let (all, none) = (TechniqueFilter::default(), ActorFilter::default());
    let last = || Some(("~".to_owned(), "~".to_owned()));

    let rows = tests::tests(&pool, at, &TestFilter::default(), Some((0, 0)), 5, false).await?.tests;
    let total = counted(&pool, at, &TestFilter::default()).await?;
    assert_eq!((rows.len(), total.number > 0), (0, true), "tests");
    let (_, some) = campaigns::campaigns(&pool, at, &CampaignFilter::default(), None, 5).await?;
    let (rows, total) = campaigns::campaigns(&pool, at, &CampaignFilter::default(), Some((0, 0)), 5).await?;
    assert_eq!((rows.len(), total, some > 0), (0, some, true), "campaigns");
    let (_, some) = jobs::jobs(&pool, None, 5).await?;
    let (rows, total) = jobs::jobs(&pool, Some(0), 5).await?;
    assert_eq!((rows.len(), total, some), (0, 3, 3), "jobs");
    let (_, some) = accounts::list(&pool, AccountFilter::default(), None, 5).await?;
    let (rows, total) = accounts::list(&pool, AccountFilter::default(), Some("~"), 5).await?;
    assert_eq!((rows.len(), total, some > 0), (0, some, true), "accounts");
    let (_, some) = knowledge::techniques(&pool, digest, at, &all, None, 5).await?;
    let (rows, total) = knowledge::techniques(&pool, digest, at, &all, last(), 5).await?;
    assert_eq!((rows.len(), total, some > 0), (0, some, true), "techniques");
    let (_, some) = knowledge::actors(&pool, digest, &none, None, 5).await?;
    let (rows, total) = knowledge::actors(&pool, digest, &none, last(), 5).await?;
    assert_eq!((rows.len(), total, some > 0), (0, some, true), "actors");
    Ok(())
}
