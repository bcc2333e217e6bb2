//! Campaigns that run again: each due run is made exactly once, with exactly its tests, by however
//! many workers, however long they were away, and wherever they are killed.

mod fleet;

use crate::house::{House, eventually};
use aegis_aggregates::actor::{Actor, Role};
use aegis_aggregates::campaign::{
    Campaign, CampaignAction, CampaignCommand, CampaignKind, CampaignState, Every, Labels, MissedRuns,
    NewCampaignTest, Plan, Schedule, TestRevision, copied_test_id, run_id,
};
use aegis_aggregates::ids::{AccountId, CampaignId, TechniqueId, TestId};
use aegis_aggregates::policy::ReviewPolicy;
use aegis_aggregates::test::{Classification, Details, Test, TestAction, TestCommand, TestOrigin};
use aegis_projections::jobs;
use aegis_projections::store::{Executed, Origin};
use aegis_workers::calendar::Calendar;
use chrono::{DateTime, NaiveDateTime, Utc};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use uuid::Uuid;

const SOMEBODY: Actor = Actor { account: AccountId(Uuid::from_u128(9)), role: Role::RedLead };

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn local(text: &str) -> NaiveDateTime {
    text.parse().expect("a local time")
}

fn schedule(every: Every, first: &str, zone: &str) -> Schedule {
    let time_zone = zone.parse().expect("a zone");
    Schedule { every, first: local(first), time_zone, until: None, missed: MissedRuns::CreateAll }
}

/// A clock that stands still until it is set.
#[derive(Clone)]
struct SetClock(Arc<Mutex<DateTime<Utc>>>);

impl SetClock {
    fn at(time: &str) -> Self {
        Self(Arc::new(Mutex::new(instant(time))))
    }

    fn set(&self, time: &str) {
        *self.0.lock().expect("a clock") = instant(time);
    }

    fn calendar(&self) -> Calendar {
        let clock = self.clone();
        Calendar::of(move || *clock.0.lock().expect("a clock"), Duration::from_millis(50))
    }
}

impl House {
    async fn draft(&self, number: u128) -> TestId {
        let id = TestId(Uuid::from_u128(0x7e57_0000_0000_4000_8000_0000_0000_0000 + number));
        let details = Details {
            technique: TechniqueId::parse(&format!("attack-pattern--{}", Uuid::from_u128(number)))
                .expect("an id"),
            attack_id: format!("T{:04}", 1_000 + number),
            title: format!("Test {number}"),
            description: "What it is about.".to_owned(),
            objective: String::new(),
            target_environment: "lab".to_owned(),
            platform: None,
            tags: BTreeSet::from(["q1".to_owned()]),
            assignee: None,
            due_on: None,
            procedure: "How red goes about it.".to_owned(),
            tool: Some("a tool".to_owned()),
        };
        let command = TestCommand {
            by: SOMEBODY,
            at: Utc::now(),
            policy: ReviewPolicy::default(),
            expected_version: None,
            action: TestAction::Draft { details, origin: None },
        };
        let executed = self.store.execute::<Test>(&id.to_string(), command, &Origin::new(SOMEBODY)).await;
        assert!(matches!(executed, Ok(Executed::Committed(_))), "{executed:?}");
        id
    }

    async fn classify(&self, test: TestId, classification: Classification) {
        let by = Actor { role: Role::Admin, ..SOMEBODY };
        let action = TestAction::Classify(classification);
        let policy = ReviewPolicy::default();
        let command = TestCommand { by, at: Utc::now(), policy, expected_version: None, action };
        let executed = self.store.execute::<Test>(&test.to_string(), command, &Origin::new(by)).await;
        assert!(matches!(executed, Ok(Executed::Committed(_))), "{executed:?}");
    }

    async fn on_campaign(&self, id: CampaignId, at: DateTime<Utc>, action: CampaignAction) {
        let command =
            CampaignCommand { by: SOMEBODY, at, expected_version: None, labels: Labels::new(), action };
        let executed = self.store.execute::<Campaign>(&id.to_string(), command, &Origin::new(SOMEBODY)).await;
        assert!(matches!(executed, Ok(Executed::Committed(_))), "{executed:?}");
    }

    /// A draft of three tests, the second waiting for the first, that will run by a schedule.
    async fn scheduled(&self, number: u128, at: &str, schedule: Schedule) -> (CampaignId, Vec<TestId>) {
        let id = CampaignId(Uuid::from_u128(0xca3b_0000_0000_4000_8000_0000_0000_0000 + number));
        let mut tests = vec![];
        for place in 0..3 {
            tests.push(self.draft(10 * number + place).await);
        }
        let link = |test: TestId, waits_for: &[TestId]| NewCampaignTest {
            test,
            order: None,
            phase: Some("Impact".to_owned()),
            depends_on: waits_for.iter().copied().collect(),
        };
        let plan = Plan {
            name: format!("Campaign {number}"),
            description: String::new(),
            kind: CampaignKind::PurpleTeam,
            objective: String::new(),
            starts_on: None,
            ends_on: None,
            tags: BTreeSet::new(),
            owner: None,
        };
        let links = vec![link(tests[0], &[]), link(tests[1], &tests[..1]), link(tests[2], &[])];
        self.on_campaign(id, instant(at), CampaignAction::Create { plan, tests: links, origin: None }).await;
        self.on_campaign(id, instant(at), CampaignAction::Schedule(schedule)).await;
        (id, tests)
    }

    async fn campaign(&self, id: CampaignId) -> Campaign {
        self.store.load(&id.to_string()).await.expect("loaded")
    }

    /// Waits until a run is made and begun.
    async fn made(&self, run: CampaignId) -> Campaign {
        eventually("the run is made", async || self.campaign(run).await.state() == CampaignState::Active)
            .await;
        self.campaign(run).await
    }
}

async fn house_at(options: PgConnectOptions, clock: &SetClock) -> House {
    let mut house = House::new(options).await;
    house.calendar = clock.calendar();
    house
}

#[sqlx::test(migrations = false)]
async fn a_due_run_becomes_a_campaign_with_fresh_drafts(_: PgPoolOptions, options: PgConnectOptions) {
    let clock = SetClock::at("2026-01-15T12:00:00Z");
    let house = house_at(options, &clock).await;
    let monthly = schedule(Every::Monthly, "2026-01-31T09:00:00", "Europe/Berlin");
    let (parent, tests) = house.scheduled(1, "2026-01-15T12:00:00Z", monthly).await;
    house.classify(tests[1], Classification::Restricted).await;
    let engine = house.engine().await;
    clock.set("2026-01-31T08:00:00Z");
    let run = run_id(parent, local("2026-01-31T09:00:00"));
    let made = house.made(run).await;

    assert_eq!(made.plan().map(|plan| plan.name.as_str()), Some("Campaign 1 (2026-01-31)"));
    assert_eq!(made.manager(), Some(SOMEBODY.account), "who set the schedule may change the run");
    let copies: Vec<TestId> = tests.iter().map(|test| copied_test_id(run, *test)).collect();
    assert_eq!(made.tests().keys().copied().collect::<BTreeSet<_>>(), copies.iter().copied().collect());
    assert_eq!(made.tests()[&copies[1]].depends_on, BTreeSet::from([copies[0]]));
    assert_eq!(made.tests()[&copies[0]].phase.as_deref(), Some("Impact"));
    for (source, copy) in tests.iter().zip(&copies) {
        let (source, copy_of) =
            (house.store.load::<Test>(&source.to_string()).await.expect("loaded"), *source);
        let copy = house.store.load::<Test>(&copy.to_string()).await.expect("loaded");
        assert_eq!(copy.details(), source.details());
        assert_eq!(copy.classification(), source.classification());
        assert_eq!(copy.origin(), Some(TestOrigin::Campaign { campaign: run, copy_of }));
    }
    let job = jobs::job(&house.pool, run.0).await.expect("read").expect("a job");
    assert_eq!(
        (job.kind.as_str(), job.title.as_str()),
        ("campaign_run", "Make the campaign run due 2026-01-31 09:00")
    );
    eventually("the job has ended", async || {
        let job = jobs::job(&house.pool, run.0).await.expect("read").expect("a job");
        job.state == "succeeded" && (job.done, job.total) == (5, Some(5))
    })
    .await;
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn a_run_copies_the_campaign_as_it_was_when_the_run_came_due(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let clock = SetClock::at("2026-01-15T12:00:00Z");
    let house = house_at(options, &clock).await;
    let weekly = schedule(Every::Weekly, "2026-01-19T09:00:00", "America/New_York");
    let (parent, tests) = house.scheduled(1, "2026-01-15T12:00:00Z", weekly).await;
    let now = instant("2026-01-19T14:00:00Z");
    let record = CampaignAction::RecordDueRuns { campaign: parent };
    house.on_campaign(parent, now, record).await;
    // Recorded, and no worker is there yet. Then the draft changes.
    let added = house.draft(99).await;
    let new = NewCampaignTest { test: added, order: None, phase: None, depends_on: BTreeSet::new() };
    house.on_campaign(parent, now, CampaignAction::AddTests(vec![new])).await;
    let moved = TestRevision { test: tests[1], order: None, phase: None, depends_on: Some(BTreeSet::new()) };
    house.on_campaign(parent, now, CampaignAction::ReviseTest(moved)).await;
    clock.set("2026-01-20T00:00:00Z");
    let engine = house.engine().await;
    let run = run_id(parent, local("2026-01-19T09:00:00"));
    let made = house.made(run).await;
    assert_eq!(made.tests().len(), 3);
    assert_eq!(made.tests()[&copied_test_id(run, tests[1])].depends_on.len(), 1);
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn a_run_whose_job_has_failed_is_taken_up_again(_: PgPoolOptions, options: PgConnectOptions) {
    let clock = SetClock::at("2026-01-15T12:00:00Z");
    let house = house_at(options, &clock).await;
    let weekly = schedule(Every::Weekly, "2026-01-19T09:00:00", "Europe/Berlin");
    let (parent, tests) = house.scheduled(1, "2026-01-15T12:00:00Z", weekly).await;
    // Begun as often as a job may be, by workers that were killed each time.
    let run = run_id(parent, local("2026-01-19T09:00:00"));
    house
        .run(&format!(
            "create function worn_out() returns trigger language plpgsql as $$
               begin new.attempts := 3; return new; end $$;
             create trigger worn_out before insert on jobs for each row when (new.job = '{run}') execute function worn_out()"
        ))
        .await;
    clock.set("2026-01-19T09:00:00Z");
    let engine = house.engine().await;
    let made = house.made(run).await;
    assert_eq!(made.tests().len(), tests.len());
    engine.shutdown().await;
}

#[sqlx::test(migrations = false)]
async fn of_missed_runs_the_latest_is_made_where_the_schedule_says_so(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let clock = SetClock::at("2026-01-15T12:00:00Z");
    let house = house_at(options, &clock).await;
    let weekly = Schedule {
        missed: MissedRuns::LatestOnly,
        ..schedule(Every::Weekly, "2026-01-19T09:00:00", "Europe/Berlin")
    };
    let (parent, _) = house.scheduled(1, "2026-01-15T12:00:00Z", weekly).await;
    clock.set("2026-02-11T00:00:00Z");
    let engine = house.engine().await;
    house.made(run_id(parent, local("2026-02-09T09:00:00"))).await;
    let counted = |kind: &str| format!("select count(*) from events where event_type = '{kind}'");
    assert_eq!(house.count(&counted("CampaignRunDue")).await, 1);
    assert_eq!(house.count(&counted("CampaignRunsSkipped")).await, 1);
    assert_eq!(house.count(&counted("CampaignCreated")).await, 2);
    engine.shutdown().await;
}
