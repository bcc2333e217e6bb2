//! Campaigns as people see them: plan, tests in their order, schedule, runs.
//!
//! Here is the fold; `campaigns/read.rs` has the lists and lookups,
//! `campaigns/compare.rs` holds two runs against each other. How far a campaign
//! has come is counted from the rows of `tests` at the same position, and what
//! its schedule makes due is computed by whoever asks: neither is stored.

mod compare;
mod read;

pub use compare::{Change, ComparedTest, RunTest, compare};
pub use read::{
    CampaignFilter, CampaignKey, CampaignRecord, CampaignTestRecord, Progress, RunRecord, ScheduledCampaign,
    ScheduledRecord, campaign, campaign_is_missing, campaigns, campaigns_by_id, campaigns_of_tests,
    dependencies, labels, progress, runs, scheduled, tests_of_campaigns, waits_beside,
};

use crate::fold::{DomainEvent, Fold, RowChange, Sealed, restored};
use aegis_aggregates::campaign::{
    CampaignEvent, CampaignKind, CampaignOrigin, CampaignState, CampaignTest, Plan, Schedule,
};
use aegis_aggregates::ids::{AccountId, CampaignId, TestId};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

const CAMPAIGNS: &str = "campaigns";
const TESTS: &str = "campaign_tests";
const RUNS: &str = "campaign_runs";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct CampaignRow {
    campaign_id: Uuid,
    number: i64,
    name: String,
    description: String,
    kind: CampaignKind,
    objective: String,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    tags: Vec<String>,
    owner: Option<AccountId>,
    state: CampaignState,
    version: i64,
    tests: i32,
    parent_id: Option<CampaignId>,
    run_due: Option<NaiveDateTime>,
    run_late: Option<bool>,
    cloned_from: Option<CampaignId>,
    schedule: Option<Schedule>,
    scheduled_by: Option<AccountId>,
    scheduled_at: Option<DateTime<Utc>>,
    last_due: Option<NaiveDateTime>,
    last_due_at: Option<DateTime<Utc>>,
    created_by: AccountId,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct TestRow {
    campaign_id: Uuid,
    test_id: TestId,
    place: u32,
    phase: Option<String>,
    depends_on: BTreeSet<TestId>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct RunRow {
    parent_id: Uuid,
    due: NaiveDateTime,
    due_at: DateTime<Utc>,
    child_id: Option<CampaignId>,
    late: bool,
    skipped: u32,
    recorded_at: DateTime<Utc>,
}

/// Projection "campaigns".
#[derive(Debug, Default)]
pub struct Campaigns {
    campaigns: HashMap<String, CampaignRow>,
    last_number: i64,
}

impl Campaigns {
    fn apply_campaign(&mut self, id: &str, body: &CampaignEvent, event: &Sealed) -> Vec<RowChange> {
        match body {
            CampaignEvent::CampaignCreated { by, plan, tests, origin, .. } => {
                self.created(id, *by, plan, tests, origin.as_ref(), event)
            }
            CampaignEvent::CampaignRevised { plan, .. } => {
                self.change(id, event, |row| set_plan(row, plan), |_| vec![])
            }
            CampaignEvent::CampaignTestsAdded { tests, .. } => self.change(
                id,
                event,
                |row| row.tests += count(tests),
                |row| tests.iter().map(|test| put_test(id, row.campaign_id, test)).collect(),
            ),
            CampaignEvent::CampaignTestRevised { test, .. } => {
                self.change(id, event, |_| {}, |row| vec![put_test(id, row.campaign_id, test)])
            }
            CampaignEvent::CampaignTestRemoved { test, .. } => self.change(
                id,
                event,
                |row| row.tests -= 1,
                |_| vec![RowChange { table: TESTS, key: test_key(id, *test), row: None }],
            ),
            CampaignEvent::CampaignScheduled { by, at, schedule } => self.change(
                id,
                event,
                |row| {
                    row.schedule = Some(schedule.clone());
                    row.scheduled_by = Some(*by);
                    row.scheduled_at = Some(*at);
                },
                |_| vec![],
            ),
            CampaignEvent::CampaignUnscheduled { .. } => self.change(id, event, unschedule, |_| vec![]),
            CampaignEvent::CampaignRunDue { at, due, due_at, child, late, .. } => {
                let run = |row: &CampaignRow| RunRow {
                    parent_id: row.campaign_id,
                    due: *due,
                    due_at: *due_at,
                    child_id: Some(*child),
                    late: *late,
                    skipped: 0,
                    recorded_at: *at,
                };
                self.ran(id, event, run)
            }
            CampaignEvent::CampaignRunsSkipped { at, last, count, .. } => {
                let skipped = |row: &CampaignRow| RunRow {
                    parent_id: row.campaign_id,
                    due: last.due,
                    due_at: last.due_at,
                    child_id: None,
                    late: false,
                    skipped: *count,
                    recorded_at: *at,
                };
                self.ran(id, event, skipped)
            }
            CampaignEvent::CampaignActivated { .. } => {
                self.change(id, event, |row| row.state = CampaignState::Active, |_| vec![])
            }
            CampaignEvent::CampaignCompleted { .. } => {
                self.change(id, event, |row| row.state = CampaignState::Completed, |_| vec![])
            }
            CampaignEvent::CampaignArchived { .. } => self.change(
                id,
                event,
                |row| {
                    row.state = CampaignState::Archived;
                    unschedule(row);
                },
                |_| vec![],
            ),
        }
    }

    fn created(
        &mut self,
        id: &str,
        by: AccountId,
        plan: &Plan,
        tests: &[CampaignTest],
        origin: Option<&CampaignOrigin>,
        event: &Sealed,
    ) -> Vec<RowChange> {
        // Ids of campaigns are UUIDs by construction; a foreign one has no row to show.
        let Ok(campaign_id) = Uuid::parse_str(id) else {
            return vec![];
        };
        let (mut parent_id, mut run_due, mut run_late, mut cloned_from) = (None, None, None, None);
        match origin {
            Some(CampaignOrigin::Run { parent, due, late, .. }) => {
                (parent_id, run_due, run_late) = (Some(*parent), Some(*due), Some(*late));
            }
            Some(CampaignOrigin::Clone { of }) => cloned_from = Some(*of),
            None => {}
        }
        self.last_number += 1;
        let mut row = CampaignRow {
            campaign_id,
            number: self.last_number,
            name: String::new(),
            description: String::new(),
            kind: plan.kind,
            objective: String::new(),
            starts_on: None,
            ends_on: None,
            tags: vec![],
            owner: None,
            state: CampaignState::Draft,
            version: event.sequence,
            tests: count(tests),
            parent_id,
            run_due,
            run_late,
            cloned_from,
            schedule: None,
            scheduled_by: None,
            scheduled_at: None,
            last_due: None,
            last_due_at: None,
            created_by: by,
            created_at: event.recorded_at,
            updated_at: event.recorded_at,
        };
        set_plan(&mut row, plan);
        let mut changes = vec![RowChange::put(CAMPAIGNS, id, &row)];
        changes.extend(tests.iter().map(|test| put_test(id, campaign_id, test)));
        self.campaigns.insert(id.to_owned(), row);
        changes
    }

    /// A run came due or runs were left out: the row of it, and how far the schedule has come.
    fn ran(&mut self, id: &str, event: &Sealed, run: impl FnOnce(&CampaignRow) -> RunRow) -> Vec<RowChange> {
        let Some(run) = self.campaigns.get(id).map(run) else {
            return vec![];
        };
        let key = format!("{id}/{}", event.sequence);
        self.change(
            id,
            event,
            |row| {
                row.last_due = Some(run.due);
                row.last_due_at = Some(run.due_at);
            },
            |_| vec![RowChange::put(RUNS, key, &run)],
        )
    }

    fn change(
        &mut self,
        id: &str,
        event: &Sealed,
        change: impl FnOnce(&mut CampaignRow),
        beside: impl FnOnce(&CampaignRow) -> Vec<RowChange>,
    ) -> Vec<RowChange> {
        let Some(row) = self.campaigns.get_mut(id) else {
            return vec![];
        };
        change(row);
        row.version = event.sequence;
        row.updated_at = event.recorded_at;
        let mut changes = vec![RowChange::put(CAMPAIGNS, id, row)];
        changes.extend(beside(row));
        changes
    }
}

fn set_plan(row: &mut CampaignRow, plan: &Plan) {
    row.name.clone_from(&plan.name);
    row.description.clone_from(&plan.description);
    row.kind = plan.kind;
    row.objective.clone_from(&plan.objective);
    row.starts_on = plan.starts_on;
    row.ends_on = plan.ends_on;
    row.tags = plan.tags.iter().cloned().collect();
    row.owner = plan.owner;
}

fn unschedule(row: &mut CampaignRow) {
    row.schedule = None;
    row.scheduled_by = None;
    row.scheduled_at = None;
}

/// A campaign has at most 500 tests.
fn count(tests: &[CampaignTest]) -> i32 {
    i32::try_from(tests.len()).unwrap_or(i32::MAX)
}

fn test_key(campaign: &str, test: TestId) -> String {
    format!("{campaign}/{test}")
}

fn put_test(id: &str, campaign_id: Uuid, test: &CampaignTest) -> RowChange {
    let CampaignTest { test, order, phase, depends_on } = test.clone();
    let row = TestRow { campaign_id, test_id: test, place: order, phase, depends_on };
    RowChange::put(TESTS, test_key(id, test), &row)
}

impl Fold for Campaigns {
    fn name(&self) -> &'static str {
        "campaigns"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [&'static str] {
        &[CAMPAIGNS, TESTS, RUNS]
    }

    fn reset(&mut self) {
        *self = Self::default();
    }

    fn apply(&mut self, event: &Sealed) -> Vec<RowChange> {
        match &event.body {
            DomainEvent::Campaign(body) => self.apply_campaign(&event.aggregate_id, body, event),
            DomainEvent::Test(_)
            | DomainEvent::Knowledge(_)
            | DomainEvent::Roster(_)
            | DomainEvent::Discussion(_)
            | DomainEvent::AccessJournal(_)
            | DomainEvent::AccessPolicy(_)
            | DomainEvent::ReviewPolicy(_)
            | DomainEvent::Template(_)
            | DomainEvent::Remediation(_) => vec![],
        }
    }

    fn restore(&mut self, table: &str, key: &str, row: serde_json::Value) -> Result<(), serde_json::Error> {
        // Links and runs are written and never looked at again.
        if table == CAMPAIGNS {
            let row: CampaignRow = restored(row)?;
            self.last_number = self.last_number.max(row.number);
            self.campaigns.insert(key.to_owned(), row);
        }
        Ok(())
    }
}
