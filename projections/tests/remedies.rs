//! Templates and remediations as lists: filters, pages, what they add up to,
//! now and as of a past position.

#[path = "support/failure.rs"]
mod failure;
#[path = "support/history.rs"]
mod history;
#[path = "support/random.rs"]
mod random;
#[path = "support/records.rs"]
mod records;

use aegis_projections::Pool;
use aegis_projections::remediations::{self, RemediationFilter};
use aegis_projections::runner;
use aegis_projections::templates::{self, TemplateFilter};
use chrono::NaiveDate;
use failure::Outcome;
use history::World;
use records::{append, catch_up, runners, seal_all};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Events of a history.
const EVENTS: usize = 1_000;

async fn lived(pool: &Pool, seed: u64) -> Outcome<(World, i64)> {
    runner::register(pool).await?;
    let mut world = World::new(seed);
    let facts = world.history(EVENTS).await;
    records::stage(pool, &world).await?;
    append(pool, &facts).await?;
    seal_all(pool).await?;
    catch_up(&mut runners(pool)).await?;
    Ok((world, i64::try_from(EVENTS)?))
}

#[sqlx::test(migrations = "../migrations")]
async fn pages_of_templates_are_the_whole_list_in_order(pool: Pool) -> Outcome {
    let (_, at) = lived(&pool, 5).await?;
    let filter = TemplateFilter { include_retired: true, ..TemplateFilter::default() };
    let (all, total) = templates::templates(&pool, at, &filter, None, 1_000).await?;
    assert_eq!(i64::try_from(all.len())?, total);
    assert!(total > 5, "{total}");
    let mut paged = vec![];
    let mut after = None;
    loop {
        let (page, counted) = templates::templates(&pool, at, &filter, after, 2).await?;
        assert_eq!(counted, total, "an empty page says how many there are, too");
        let Some(last) = page.last() else { break };
        after = Some(templates::page_key(last));
        paged.extend(page.into_iter().map(|template| template.template_id));
    }
    assert_eq!(paged, all.iter().map(|template| template.template_id).collect::<Vec<_>>());
    assert!(all.is_sorted_by_key(templates::page_key));
    Ok(())
}

#[sqlx::test(migrations = "../migrations")]
async fn template_filters_take_what_they_say(pool: Pool) -> Outcome {
    let (_, at) = lived(&pool, 5).await?;
    let every = TemplateFilter { include_retired: true, ..TemplateFilter::default() };
    let all = templates::templates(&pool, at, &every, None, 1_000).await?.0;
    let matches = async |filter: &TemplateFilter| -> Outcome<BTreeSet<Uuid>> {
        let (found, total) = templates::templates(&pool, at, filter, None, 1_000).await?;
        assert_eq!(i64::try_from(found.len())?, total);
        Ok(found.into_iter().map(|template| template.template_id).collect())
    };
    let expect = |takes: &dyn Fn(&templates::TemplateRecord) -> bool| -> BTreeSet<Uuid> {
        all.iter().filter(|template| takes(template)).map(|template| template.template_id).collect()
    };
    let standing = expect(&|template| template.retired_reason.is_none());
    assert!(standing.len() > 2 && standing.len() < all.len());
    assert_eq!(matches(&TemplateFilter::default()).await?, standing);

    let active = TemplateFilter { active: Some(true), ..TemplateFilter::default() };
    // One that its source took away keeps its switch, for the day it comes back.
    let usable = |template: &templates::TemplateRecord| template.active && template.retired_reason.is_none();
    assert_eq!(matches(&active).await?, expect(&usable));
    let windows = TemplateFilter { platform: Some("Windows".to_owned()), ..every.clone() };
    assert_eq!(
        matches(&windows).await?,
        expect(&|template| template.platforms.contains(&"Windows".to_owned()))
    );
    let severe = TemplateFilter { severities: Some(vec!["high".into(), "critical".into()]), ..every.clone() };
    assert_eq!(
        matches(&severe).await?,
        expect(&|template| ["high", "critical"].contains(&template.severity.as_str()))
    );
    let text = TemplateFilter { search: Some("%_' ; DROP".to_owned()), ..every.clone() };
    let has = |text: &str| text.to_lowercase().contains("%_' ; drop");
    assert_eq!(matches(&text).await?, expect(&|t| has(&t.name) || has(&t.description) || has(&t.procedure)));
    let tag = TemplateFilter { tag: Some("null".to_owned()), ..every.clone() };
    assert_eq!(matches(&tag).await?, expect(&|template| template.tags.contains(&"null".to_owned())));
    let custom = TemplateFilter { sources: Some(vec!["custom".to_owned()]), ..every.clone() };
    assert_eq!(matches(&custom).await?, expect(&|template| template.is_custom()));
    for nothing in [
        TemplateFilter { sources: Some(vec!["atomic".to_owned()]), ..every.clone() },
        TemplateFilter { attack_id: Some("T9999".to_owned()), ..every.clone() },
    ] {
        assert_eq!(matches(&nothing).await?, BTreeSet::new());
    }
    Ok(())
}

#[sqlx::test(migrations = "../migrations")]
async fn templates_add_up_now_and_in_the_past(pool: Pool) -> Outcome {
    let (_, at) = lived(&pool, 5).await?;
    for at in [at, at / 2, 0] {
        let (standing, _) = templates::templates(&pool, at, &TemplateFilter::default(), None, 1_000).await?;
        let stats = templates::stats(&pool, at).await?;
        assert_eq!(stats.templates, i64::try_from(standing.len())?);
        let active = standing.iter().filter(|template| template.active).count();
        assert_eq!(stats.active, i64::try_from(active)?);
        for count in &stats.by_severity {
            let of = standing.iter().filter(|template| template.severity == count.key).count();
            assert_eq!(count.templates, i64::try_from(of)?, "{}", count.key);
        }
        for count in &stats.by_platform {
            let of = standing.iter().filter(|template| template.platforms.contains(&count.key)).count();
            assert_eq!(count.templates, i64::try_from(of)?, "{}", count.key);
        }
        let drafted: i64 = sqlx::query_scalar(
            "select count(*) from events e join ledger l using (event_id)
             where e.payload->'TestDrafted'->'origin'->>'kind' = 'template' and l.position <= $1",
        )
        .bind(at)
        .fetch_one(&pool)
        .await?;
        assert_eq!(stats.uses, drafted);
        let ids: Vec<Uuid> = standing.iter().map(|template| template.template_id).collect();
        let uses = templates::uses(&pool, &ids, at).await?;
        assert!(uses.values().sum::<i64>() <= drafted);
    }
    assert!(templates::stats(&pool, at).await?.uses > 3);
    Ok(())
}

#[sqlx::test(migrations = "../migrations")]
async fn remediations_say_what_the_aggregates_know(pool: Pool) -> Outcome {
    let (world, at) = lived(&pool, 6).await?;
    let (all, total) =
        remediations::remediations(&pool, at, &RemediationFilter::default(), None, 1_000).await?;
    let held: Vec<_> = world.remedies.remediations.iter().filter(|(_, held)| held.version() > 0).collect();
    assert_eq!((all.len(), total), (held.len(), i64::try_from(held.len())?));
    for (id, held) in held {
        let row = all.iter().find(|row| row.remediation_id == *id).expect("a row");
        let plan = held.plan().expect("opened");
        assert_eq!(row.state, held.state().as_str());
        assert_eq!(row.version, i64::try_from(held.version())?);
        assert_eq!(row.steps, held.steps());
        assert_eq!(row.title, plan.title);
        assert_eq!(row.assignee, plan.assignee.map(|account| account.0));
        assert_eq!(row.completions, i32::try_from(held.completions())?);
        let told = remediations::retests(&pool, &[*id], at).await?;
        let retests: Vec<_> = told.iter().filter_map(|told| told.retest_id).collect();
        assert_eq!(retests, held.retests().iter().map(|retest| retest.retest.0).collect::<Vec<_>>());
        let one = remediations::remediation(&pool, *id, at).await?.expect("a row");
        assert_eq!(one.number, row.number);
    }
    Ok(())
}

#[sqlx::test(migrations = "../migrations")]
async fn remediation_filters_and_pages_take_what_they_say(pool: Pool) -> Outcome {
    let (_, at) = lived(&pool, 6).await?;
    let list = async |filter: &RemediationFilter| -> Outcome<BTreeSet<i64>> {
        let (found, total) = remediations::remediations(&pool, at, filter, None, 1_000).await?;
        assert_eq!(i64::try_from(found.len())?, total);
        Ok(found.into_iter().map(|row| row.number).collect())
    };
    let all = remediations::remediations(&pool, at, &RemediationFilter::default(), None, 1_000).await?.0;
    let expect = |takes: &dyn Fn(&remediations::RemediationRecord) -> bool| -> BTreeSet<i64> {
        all.iter().filter(|row| takes(row)).map(|row| row.number).collect()
    };
    assert!(all.len() > 4);
    let first = &all[0];

    let state = RemediationFilter { states: Some(vec![first.state.clone()]), ..Default::default() };
    assert_eq!(list(&state).await?, expect(&|row| row.state == first.state));
    let priority = RemediationFilter { priorities: Some(vec![first.priority.clone()]), ..Default::default() };
    assert_eq!(list(&priority).await?, expect(&|row| row.priority == first.priority));
    let test = RemediationFilter { tests: Some(vec![first.test_id]), ..Default::default() };
    assert_eq!(list(&test).await?, expect(&|row| row.test_id == first.test_id));
    let assigned = all.iter().find_map(|row| row.assignee).expect("one is assigned");
    let assignee = RemediationFilter { assignee: Some(assigned), ..Default::default() };
    assert_eq!(list(&assignee).await?, expect(&|row| row.assignee == Some(assigned)));
    let number = RemediationFilter { search: Some(format!("#{}", first.number)), ..Default::default() };
    assert!(list(&number).await?.contains(&first.number));
    let day = NaiveDate::from_ymd_opt(2030, 1, 1).expect("a day");
    let overdue = RemediationFilter { overdue_on: Some(day), ..Default::default() };
    let unfinished = ["open", "in_progress", "blocked"];
    assert_eq!(
        list(&overdue).await?,
        expect(&|row| unfinished.contains(&row.state.as_str()) && row.due_on.is_some())
    );
    let early = RemediationFilter { overdue_on: NaiveDate::from_ymd_opt(2000, 1, 1), ..Default::default() };
    assert_eq!(list(&early).await?, BTreeSet::new());

    let mut paged = vec![];
    let mut after = None;
    loop {
        let filter = RemediationFilter::default();
        let (page, total) = remediations::remediations(&pool, at, &filter, after, 2).await?;
        assert_eq!(total, i64::try_from(all.len())?);
        let Some(last) = page.last() else { break };
        after = Some((last.from_position, last.number));
        paged.extend(page.into_iter().map(|row| row.number));
    }
    assert_eq!(paged, all.iter().map(|row| row.number).collect::<Vec<_>>());
    Ok(())
}

#[sqlx::test(migrations = "../migrations")]
async fn a_test_with_many_remediations_leaves_room_for_those_of_others(pool: Pool) -> Outcome {
    let (many, few) = (Uuid::from_u128(1), Uuid::from_u128(2));
    // Newest first are those of the one test; there are more of them than are read of all tests of a page at once.
    for (test, count, from) in [(few, 3_i64, 0_i64), (many, 1_200, 3)] {
        sqlx::query(
            "insert into remediations (row_key, from_position, remediation_id, number, test_id, technique_id,
               live_technique_id, attack_id, detection_result, title, description, priority, tags, state, steps,
               completions, version, opened_by, opened_at, updated_at)
             select id::text, n, id, n, $1, '', '', 'T1059', 'not_detected', 'x', '', 'low', '{}', 'open', '[]',
               0, 1, $1, now(), now()
             from (select gen_random_uuid() as id, n from generate_series($3 + 1, $3 + $2) n) made",
        )
        .bind(test)
        .bind(count)
        .bind(from)
        .execute(&pool)
        .await?;
    }
    let found = remediations::of_tests(&pool, &[few, many], 2_000).await?;
    let numbers = |test: Uuid| -> Vec<i64> {
        found.iter().filter(|row| row.test_id == test).map(|row| row.number).collect()
    };
    assert_eq!(numbers(few), [3, 2, 1]);
    assert_eq!(numbers(many), (1_104..=1_203).rev().collect::<Vec<_>>());
    let ids: Vec<Uuid> = found.iter().take(2).map(|row| row.remediation_id).collect();
    assert_eq!(remediations::by_ids(&pool, &ids, 2_000).await?.len(), 2);
    assert_eq!(remediations::numbered(&pool, 2, 2_000).await?, Some(found[101].remediation_id));
    Ok(())
}
