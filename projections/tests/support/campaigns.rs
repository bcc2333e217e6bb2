//! Random lives of campaigns, made by the real rules.

use super::super::random::Random;
use super::{Fact, judged};
use aegis_aggregates::actor::Actor;
use aegis_aggregates::campaign::{
    Campaign, CampaignAction, CampaignCommand, CampaignKind, CampaignOrigin, CampaignState, Every, Labels,
    MissedRuns, NewCampaignTest, Plan, Revision, Schedule, TestRevision, Waits, run_id,
};
use aegis_aggregates::ids::{CampaignId, TestId};
use chrono::{DateTime, TimeDelta, Timelike, Utc};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The campaigns of a world, in the order they were written down.
#[derive(Default)]
pub struct Campaigns(pub Vec<(Uuid, Campaign)>);

impl Campaigns {
    /// One attempt at something with a campaign.
    pub async fn step(
        &mut self,
        random: &mut Random,
        now: DateTime<Utc>,
        people: &[Actor],
        tests: &[Uuid],
        texts: &[&str],
    ) -> Vec<Fact> {
        let by = people[0];
        if self.0.is_empty() || random.percent(12) {
            let (id, origin) = self.origin(random, by);
            self.0.push((id, Campaign::default()));
            let plan = Plan { name: (*random.pick(texts)).to_owned(), ..plan(random, now, people, texts) };
            let mut first = some(random, tests, 3);
            // Without tests there is nothing to schedule.
            first.extend(tests.last());
            let tests = first.into_iter().map(unplaced).collect();
            let index = self.0.len() - 1;
            return self.ask(index, by, now, CampaignAction::Create { plan, tests, origin }).await;
        }
        // Mostly one of the latest, so that they get through their lives.
        let index = if random.percent(80) {
            self.0.len().saturating_sub(1 + random.below(3))
        } else {
            random.below(self.0.len())
        };
        let (id, campaign) = &self.0[index];
        let id = CampaignId(*id);
        let held: Vec<Uuid> = campaign.tests().keys().map(|test| test.0).collect();
        let scheduled = campaign.schedule().is_some();
        let later = now + TimeDelta::days(i64::try_from(random.below(70)).unwrap_or(0));
        let action = match (random.below(12), campaign.state()) {
            (0..4, _) if scheduled => CampaignAction::RecordDueRuns { campaign: id },
            (4, _) if scheduled => CampaignAction::Unschedule,
            (0..4, _) => CampaignAction::Schedule(schedule(random, now)),
            (4, CampaignState::Draft) => CampaignAction::Revise(Revision {
                description: Some((*random.pick(texts)).to_owned()),
                owner: Some(random.percent(50).then(|| people[1].account)),
                ..Revision::default()
            }),
            (5..8, CampaignState::Draft) => {
                CampaignAction::AddTests(some(random, tests, 4).into_iter().map(unplaced).collect())
            }
            (8, CampaignState::Draft) if !held.is_empty() => CampaignAction::ReviseTest(TestRevision {
                test: TestId(*random.pick(&held)),
                order: Some(u32::try_from(random.below(9)).unwrap_or(0)),
                phase: Some(random.percent(50).then(|| (*random.pick(texts)).to_owned())),
                depends_on: Some(some(random, &held, 2).into_iter().map(TestId).collect()),
            }),
            (9, CampaignState::Draft) if !held.is_empty() => {
                CampaignAction::RemoveTest { test: TestId(*random.pick(&held)) }
            }
            (_, CampaignState::Draft) if random.percent(10) => CampaignAction::Archive,
            (_, CampaignState::Draft) => CampaignAction::Activate { beside: Waits::new() },
            (_, CampaignState::Active) => CampaignAction::Complete,
            (_, CampaignState::Completed | CampaignState::Archived) => CampaignAction::Archive,
        };
        let at = if matches!(action, CampaignAction::RecordDueRuns { .. }) { later } else { now };
        self.ask(index, by, at, action).await
    }

    /// The id of a new campaign, and what it is made from.
    fn origin(&self, random: &mut Random, by: Actor) -> (Uuid, Option<CampaignOrigin>) {
        if self.0.is_empty() || random.percent(50) {
            return (random.uuid(), None);
        }
        let parent = CampaignId(self.0[random.below(self.0.len())].0);
        let due = DateTime::from_timestamp(
            1_767_225_600 + 60 * i64::try_from(random.below(99_999)).unwrap_or(0),
            0,
        )
        .expect("an instant")
        .naive_utc();
        if random.percent(50) {
            return (random.uuid(), Some(CampaignOrigin::Clone { of: parent }));
        }
        let late = random.percent(50);
        let origin = CampaignOrigin::Run { parent, due, late, on_behalf_of: by.account };
        (run_id(parent, due).0, Some(origin))
    }

    async fn ask(&mut self, index: usize, by: Actor, at: DateTime<Utc>, action: CampaignAction) -> Vec<Fact> {
        let (id, campaign) = &mut self.0[index];
        let command = CampaignCommand { by, at, expected_version: None, labels: Labels::new(), action };
        let before = i64::try_from(campaign.version()).expect("few events");
        judged(campaign, &id.to_string(), before, by, command).await
    }
}

fn plan(random: &mut Random, now: DateTime<Utc>, people: &[Actor], texts: &[&str]) -> Plan {
    Plan {
        name: String::new(),
        description: (*random.pick(texts)).to_owned(),
        kind: *random.pick(&CampaignKind::ALL),
        objective: String::new(),
        starts_on: random.percent(50).then(|| now.date_naive()),
        ends_on: random.percent(50).then(|| now.date_naive() + TimeDelta::days(9)),
        tags: (0..random.below(3)).map(|_| (*random.pick(texts)).to_owned()).collect(),
        owner: random.percent(50).then(|| people[1].account),
    }
}

fn schedule(random: &mut Random, now: DateTime<Utc>) -> Schedule {
    let first = now.naive_utc() + TimeDelta::days(i64::try_from(random.below(20)).unwrap_or(0));
    Schedule {
        every: *random.pick(&[Every::Weekly, Every::Weekly, Every::Monthly, Every::Quarterly]),
        first: first.with_second(0).and_then(|first| first.with_nanosecond(0)).expect("a minute"),
        time_zone: random
            .pick(&["Europe/Berlin", "Pacific/Apia", "America/New_York"])
            .parse()
            .expect("a zone"),
        until: None,
        missed: *random.pick(&[MissedRuns::CreateAll, MissedRuns::LatestOnly]),
    }
}

fn some(random: &mut Random, of: &[Uuid], most: usize) -> BTreeSet<Uuid> {
    if of.is_empty() {
        return BTreeSet::new();
    }
    (0..random.below(most + 1)).map(|_| *random.pick(of)).collect()
}

fn unplaced(test: Uuid) -> NewCampaignTest {
    NewCampaignTest { test: TestId(test), order: None, phase: None, depends_on: BTreeSet::new() }
}
