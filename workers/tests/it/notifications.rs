//! Who is told what, once, and from when on.

use crate::house::{House, eventually};
use crate::people::person;
use crate::remedy::details;
use aegis_aggregates::actor::Actor;
use aegis_aggregates::campaign::{
    Campaign, CampaignAction, CampaignCommand, CampaignKind, Labels, NewCampaignTest, Plan, Waits,
};
use aegis_aggregates::discussion::DiscussionAction;
use aegis_aggregates::ids::{CampaignId, TestId};
use aegis_aggregates::policy::ReviewPolicy;
use aegis_aggregates::remediation::RemediationAction;
use aegis_aggregates::test::{
    Details, DetectionResult, Revision, Side, Test, TestAction, TestCommand, Verdict,
};
use aegis_projections::store::{Executed, Origin};
use aegis_projections::{notifications, status};
use aegis_workers::notifier::{self, Notifier, Step};
use aegis_workers::outside::Links;
use aegis_workers::retention;
use chrono::{TimeDelta, Utc};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::collections::BTreeSet;
use tokio::sync::watch;
use uuid::Uuid;

impl House {
    /// Judges a side where disputes are settled.
    async fn vote(&self, id: TestId, by: Actor, side: Side, verdict: Verdict) {
        let policy = ReviewPolicy { disputes: true, ..ReviewPolicy::default() };
        let action = TestAction::CastVote { side, verdict, notes: "So.".to_owned(), seen: None };
        let command = TestCommand { by, at: Utc::now(), policy, expected_version: None, action };
        let executed = self.store.execute::<Test>(&id.to_string(), command, &Origin::new(by)).await;
        assert!(matches!(executed, Ok(Executed::Committed(_))), "{executed:?}");
    }

    async fn run_campaign(&self, id: CampaignId, by: Actor, action: CampaignAction) {
        let command =
            CampaignCommand { by, at: Utc::now(), expected_version: None, labels: Labels::new(), action };
        let executed = self.store.execute::<Campaign>(&id.to_string(), command, &Origin::new(by)).await;
        assert!(matches!(executed, Ok(Executed::Committed(_))), "{executed:?}");
    }

    /// A draft that is given to somebody.
    async fn draft_for(&self, assignee: &str) -> TestId {
        let id = TestId(Uuid::now_v7());
        let details = Details { assignee: Some(person(assignee).account), ..details() };
        self.test(id, person("red"), TestAction::Draft { details, origin: None }).await;
        id
    }

    /// Takes a draft to where the leads judge it.
    async fn to_review(&self, id: TestId) {
        self.execute(id).await;
        self.test(
            id,
            person("blue"),
            TestAction::RecordDetection(crate::remedy::detection(DetectionResult::NotDetected)),
        )
        .await;
        self.test(id, person("blue"), TestAction::SubmitEvaluation).await;
    }

    async fn execute(&self, id: TestId) {
        self.test(id, person("red"), TestAction::StartExecution { waits_for: vec![] }).await;
        self.test(id, person("red"), TestAction::RecordAttack(crate::remedy::attack())).await;
        self.test(id, person("red"), TestAction::SubmitExecution).await;
    }
}

#[sqlx::test(migrations = false)]
async fn each_event_is_told_to_whom_it_concerns(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let engine = house.engine().await;
    house.people().await;
    assert_eq!(house.told().await, [""; 0], "accounts are nobody's news");

    // A test, from its draft to its outcome.
    let test = house.draft_for("red_2").await;
    assert_eq!(house.told().await, ["test_assigned: red_2"]);
    let own = Revision { assignee: Some(Some(person("red").account)), ..Revision::default() };
    house.test(test, person("red"), TestAction::Revise(own)).await;
    assert_eq!(house.told().await, [""; 0], "nobody is told what they did themselves");
    let same = Revision { title: Some("Another title".to_owned()), ..Revision::default() };
    house.test(test, person("red_lead"), TestAction::Revise(same)).await;
    assert_eq!(house.told().await, [""; 0], "who has it has it already");
    let gone = Revision { assignee: Some(Some(person("gone").account)), ..Revision::default() };
    house.test(test, person("red"), TestAction::Revise(gone)).await;
    assert_eq!(house.told().await, [""; 0], "nobody is told whose account is closed");
    house.execute(test).await;
    assert_eq!(house.told().await, ["test_to_evaluate: blue, blue_lead, blue_2"]);
    let seen = crate::remedy::detection(DetectionResult::NotDetected);
    house.test(test, person("blue"), TestAction::RecordDetection(seen)).await;
    house.test(test, person("blue"), TestAction::SubmitEvaluation).await;
    assert_eq!(house.told().await, ["test_in_review: red_lead, blue_lead"]);
    house.vote(test, person("red_lead"), Side::Red, Verdict::Approved).await;
    assert_eq!(house.told().await, [""; 0], "one vote is no outcome");
    house.vote(test, person("blue_lead"), Side::Blue, Verdict::Rejected).await;
    assert_eq!(house.told().await, ["test_disputed: red, blue, red_lead"]);
    house.vote(test, person("red_lead"), Side::Red, Verdict::Rejected).await;
    assert_eq!(house.told().await, ["test_rejected: red, blue"]);
    house.test(test, person("blue_lead"), TestAction::Reopen { reason: "Again".to_owned() }).await;
    assert_eq!(house.told().await, ["test_reopened: red, blue"]);
    house.to_review(test).await;
    house.vote(test, person("red_lead"), Side::Red, Verdict::Approved).await;
    house.vote(test, person("blue_lead"), Side::Blue, Verdict::Approved).await;
    let told = house.told().await;
    assert_eq!(told.last().map(String::as_str), Some("test_validated: red, blue"));

    // What is said about it.
    let red_2 = person("red_2").account;
    let gone = person("gone").account;
    let comment = house.say("blue", test.0, &format!("Look, <@{red_2}> and <@{gone}>")).await;
    assert_eq!(house.told().await, ["comment_mention: red_2", "comment_posted: red, red_lead, blue_lead"]);
    let lead = person("red_lead").account;
    let text = format!("Look, <@{red_2}> and <@{lead}>");
    house.discuss("blue", test.0, comment, DiscussionAction::Edit { text }).await;
    assert_eq!(house.told().await, ["comment_mention: red_lead"], "who was mentioned before knows");
    house.say("viewer", test.0, &format!("Me too, <@{lead}>")).await;
    assert_eq!(house.told().await, ["comment_mention: red_lead", "comment_posted: red, blue, blue_lead"]);

    // A remediation of it, and the retest.
    let remediation = house.at_work(test).await;
    let to = |name: &str| RemediationAction::Assign { assignee: Some(person(name).account) };
    assert!(house.ask(remediation, Utc::now(), to("blue_2")).await);
    assert_eq!(house.told().await, ["remediation_assigned: blue_2"]);
    assert!(
        house.ask(remediation, Utc::now(), RemediationAction::Block { reason: "Waits".to_owned() }).await
    );
    assert_eq!(house.told().await, ["remediation_blocked: blue_2"]);
    assert!(house.ask(remediation, Utc::now(), RemediationAction::Unblock).await);
    house.complete(remediation).await;
    let retest = house.retest(remediation, 1).await;
    assert_eq!(house.told().await, ["retest_drafted: red, red_2"]);
    house.validate(retest, DetectionResult::PartiallyDetected).await;
    eventually("it is worked on again", async || house.events("RetestFailed").await == 1).await;
    assert_eq!(
        house.told().await.last().map(String::as_str),
        Some("remediation_reopened: blue_lead, blue_2")
    );
    house.complete(remediation).await;
    let retest = house.retest(remediation, 2).await;
    house.validate(retest, DetectionResult::Detected).await;
    eventually("it is verified", async || house.events("RemediationVerified").await == 1).await;
    assert_eq!(
        house.told().await.last().map(String::as_str),
        Some("remediation_verified: blue_lead, blue_2")
    );

    // A campaign of it.
    let campaign = CampaignId(Uuid::now_v7());
    let plan = Plan {
        name: "Week".to_owned(),
        description: String::new(),
        kind: CampaignKind::PurpleTeam,
        objective: String::new(),
        starts_on: None,
        ends_on: None,
        tags: BTreeSet::new(),
        owner: Some(person("red_lead").account),
    };
    let held = NewCampaignTest { test, order: None, phase: None, depends_on: BTreeSet::new() };
    let create = CampaignAction::Create { plan, tests: vec![held], origin: None };
    house.run_campaign(campaign, person("blue_2"), create).await;
    house
        .run_campaign(campaign, person("red_lead"), CampaignAction::Activate { beside: Waits::default() })
        .await;
    assert_eq!(house.told().await, ["campaign_activated: red, blue, blue_2"]);
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn admins_are_told_of_jobs_that_failed_once_a_day(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let engine = house.engine().await;
    house.people().await;
    let request = house.request("broken.json", b"no bundle".to_vec()).await;
    assert_eq!(house.ended(&request).await.state, "failed");
    let told = "select count(*) from notifications where kind = 'job_failed'";
    eventually("the admin is told", async || house.count(told).await == 1).await;
    // It fails again, and nobody hears of it a second time that day.
    house.run("update jobs set finished_at = finished_at + interval '1 microsecond'").await;
    let waits = "select count(*) from jobs where told_at is distinct from finished_at";
    eventually("it was looked at", async || house.count(waits).await == 0).await;
    assert_eq!(house.count(told).await, 1);
    house.run("update jobs set finished_at = finished_at + interval '25 hours'").await;
    eventually("the day after it is told again", async || house.count(told).await == 2).await;

    let request = house.request("mini.json", crate::bundle::release("9.1")).await;
    house.succeeded(&request).await;
    let finished = "select count(*) from notifications where kind = 'sync_finished'";
    eventually("an import is finished", async || house.count(finished).await == 1).await;
    assert_eq!(house.count("select count(distinct account) from notifications").await, 1);
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn a_notifier_of_a_house_with_a_past_begins_at_the_end_of_it(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let house = House::new(options).await;
    let engine = house.engine().await;
    house.people().await;
    house.draft_for("red_2").await;
    house.all_is_told().await;
    engine.shutdown().await;
    house.run("delete from notifications; delete from projection_positions where name = 'notifier'").await;

    let engine = house.engine().await;
    house.all_is_told().await;
    assert_eq!(house.told().await, [""; 0], "the past is not told");
    house.draft_for("red_2").await;
    assert_eq!(house.told().await, ["test_assigned: red_2"]);
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn what_was_told_is_not_told_again_whoever_follows(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let engines = [house.engine().await, house.engine().await, house.engine().await];
    house.people().await;
    let mut tests = vec![];
    for _ in 0..10 {
        tests.push(house.draft_for("red_2").await);
    }
    for test in &tests {
        house.execute(*test).await;
    }
    house.all_is_told().await;
    assert_eq!(house.count("select count(*) from notifications").await, 10 + 10 * 3);
    // Somebody who has forgotten where it was tells nothing twice, even in the middle of it all.
    house.run("update projection_positions set position = 0 where name = 'notifier'").await;
    house.all_is_told().await;
    assert_eq!(house.count("select count(*) from notifications").await, 10 + 10 * 3);
    for engine in engines {
        engine.shutdown().await;
    }
}

#[sqlx::test(migrations = false)]
async fn nothing_is_told_before_the_read_models_show_it(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    let engine = house.engine().await;
    house.people().await;
    house.all_is_told().await;
    engine.shutdown().await;
    house.run("update projection_positions set position = 0 where name = 'notifier'").await;
    let tide = |reached| aegis_projections::tide::Tide::new(house.pool.clone(), reached);
    let notifier = |tide| Notifier::new(house.pool.clone(), tide, house.relay(), Links::default(), false);
    // A process whose read models stand at the beginning, and one that sees everything.
    let stands_still = watch::channel(Default::default()).1;
    let mut behind = notifier(tide(vec![stands_still]));
    assert_eq!(behind.step().await.expect("a step"), Step::Idle);
    let mut there = notifier(tide(vec![]));
    assert!(matches!(there.step().await.expect("a step"), Step::Passed(_)));
}

#[sqlx::test(migrations = false)]
async fn an_event_that_does_not_decode_stops_the_notifier(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::new(options).await;
    Notifier::register(&house.pool).await.expect("registered");
    house
        .run("insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
              values ('knowledge', 'enterprise-attack', 1, 'ImportVanished', '1.0', '{}', '{}')")
        .await;
    let mut sealer = aegis_projections::ledger::Sealer::new(house.pool.clone());
    sealer.seal().await.expect("sealed");
    let there = aegis_projections::tide::Tide::new(house.pool.clone(), vec![]);
    let mut notifier = Notifier::new(house.pool.clone(), there, house.relay(), Links::default(), false);
    let stopped = notifier.step().await;
    assert!(matches!(stopped, Err(notifier::NotifierError::Poison { position: 1, .. })), "{stopped:?}");
    let follower = status::follower(&house.pool, notifier::NAME).await.expect("read");
    assert_eq!(follower, Some((0, true)));
}

#[sqlx::test(migrations = false)]
async fn people_are_told_as_they_prefer(_: PgPoolOptions, options: PgConnectOptions) {
    use notifications::{Kind, MailWish, Preference};
    let house = House::new(options).await;
    let engine = house.engine().await;
    house.people().await;
    let red_2 = person("red_2").account.0;
    let off = Preference { kind: Kind::TestAssigned, in_app: false, mail: MailWish::Off };
    assert!(notifications::prefer(&house.pool, red_2, &[off]).await.expect("set"));
    let nobody = Uuid::now_v7();
    assert!(!notifications::prefer(&house.pool, nobody, &[off]).await.expect("not set"));
    house.draft_for("red_2").await;
    assert_eq!(house.told().await, [""; 0]);
    let on = Preference { in_app: true, ..off };
    assert!(notifications::prefer(&house.pool, red_2, &[on]).await.expect("set"));
    house.draft_for("red_2").await;
    assert_eq!(house.told().await, ["test_assigned: red_2"]);
    let held = notifications::preferences(&house.pool, red_2).await.expect("read");
    assert_eq!(held.iter().find(|held| held.kind == Kind::TestAssigned), Some(&on));
    // They go with their person.
    house.run(&format!("delete from account_profiles where account = '{red_2}'")).await;
    assert_eq!(house.count("select count(*) from notification_preferences").await, 0);
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn what_was_read_goes_after_30_days_and_everything_after_90(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let house = House::new(options).await;
    let now = Utc::now();
    for (days, read) in [(29, true), (31, true), (31, false), (89, false), (91, false), (91, true)] {
        let at = now - TimeDelta::days(days);
        let read_at = if read { format!("'{}'", now.to_rfc3339()) } else { "null".to_owned() };
        house
            .run(&format!(
                "insert into notifications (notification_id, account, kind, subject_kind, subject_id, actor, position, at, read_at)
                 values (gen_random_uuid(), gen_random_uuid(), 'test_assigned', 'test', gen_random_uuid(), gen_random_uuid(), 1,
                         '{}', {read_at})",
                at.to_rfc3339()
            ))
            .await;
    }
    let never = watch::channel(false).1;
    assert_eq!(retention::remove(&house.pool, now, &never).await.expect("removed"), 3);
    let left: Vec<(i64, bool)> = sqlx::query_as(
        "select round(extract(epoch from now() - at) / 86400)::int8, read_at is not null from notifications order by at desc",
    )
    .fetch_all(&house.root)
    .await
    .expect("read");
    assert_eq!(left, [(29, true), (31, false), (89, false)]);
    assert_eq!(retention::remove(&house.pool, now, &never).await.expect("removed"), 0);
}
