//! The rules of a campaign: which command leads to which events, and which is refused.

mod order;

use super::command::{
    CampaignAction, CampaignCommand, Labels, NewCampaignTest, Revision, TestRevision, limits,
};
use super::event::{CampaignEvent, CampaignOrigin, CampaignTest};
use super::graph;
use super::plan::Plan;
use super::schedule::{DueTime, MissedRuns, Schedule};
use super::{Campaign, CampaignError, CampaignState, Scheduled, run_id};
use crate::actor::{Actor, Role};
use crate::ids::{CampaignId, TestId};
use crate::text::{maybe, optional, required};
use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use std::collections::{BTreeMap, BTreeSet};

type Decision = Result<Option<CampaignEvent>, CampaignError>;
type Links = BTreeMap<TestId, CampaignTest>;

/// A step that state and ownership leave open to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OpenAction {
    /// Change the general fields.
    Revise,
    /// Take in, change and let go of tests.
    ArrangeTests,
    /// Let it run again and again, or otherwise than now.
    Schedule,
    /// End that.
    Unschedule,
    /// Begin it.
    Activate,
    /// End it.
    Complete,
    /// Put it away.
    Archive,
}

const DRAFT: (CampaignState, &str) = (CampaignState::Draft, "a draft");
const ACTIVE: (CampaignState, &str) = (CampaignState::Active, "an active campaign");

impl Campaign {
    /// Judges a command. No events mean that there is nothing new to record.
    ///
    /// # Errors
    /// The rule that refuses it.
    pub fn decide(&self, command: CampaignCommand) -> Result<Vec<CampaignEvent>, CampaignError> {
        let CampaignCommand { by, at, expected_version, labels, action } = command;
        if let CampaignAction::Create { plan, tests, origin } = action {
            return self
                .create(by, at, plan, tests, origin, &labels)
                .map(|event| event.into_iter().collect());
        }
        let Some(plan) = &self.plan else {
            return Err(CampaignError::NotCreated);
        };
        if let Some(expected) = expected_version
            && expected != self.version
        {
            return Err(CampaignError::StaleVersion { expected, actual: self.version });
        }
        let event = match action {
            CampaignAction::RecordDueRuns { campaign } => return Ok(self.due_runs(campaign, at)),
            CampaignAction::MoveTest { test, place } => return self.move_test(by, at, test, place, &labels),
            CampaignAction::Create { .. } => Err(CampaignError::AlreadyCreated),
            CampaignAction::Revise(revision) => self.revise(by, at, plan, revision),
            CampaignAction::AddTests(tests) => self.add_tests(by, at, tests, &labels),
            CampaignAction::ReviseTest(revision) => self.revise_test(by, at, revision, &labels),
            CampaignAction::RemoveTest { test } => self.remove_test(by, at, test, &labels),
            CampaignAction::Schedule(schedule) => self.schedule_runs(by, at, schedule),
            CampaignAction::Unschedule => self.unschedule(by, at),
            CampaignAction::Activate { beside } => {
                self.needs(DRAFT, "be activated")?;
                self.needs_tests("be activated")?;
                no_way_round(&graph::joined(&self.tests, beside), &labels)?;
                Ok(Some(CampaignEvent::CampaignActivated { by: by.account, at }))
            }
            CampaignAction::Complete => {
                self.needs(ACTIVE, "be completed")?;
                Ok(Some(CampaignEvent::CampaignCompleted { by: by.account, at }))
            }
            CampaignAction::Archive => {
                self.archivable()?;
                self.may_change(by, "archive")?;
                self.nothing_is_due(at)?;
                Ok(Some(CampaignEvent::CampaignArchived { by: by.account, at }))
            }
        };
        event.map(|event| event.into_iter().collect())
    }

    fn create(
        &self,
        by: Actor,
        at: DateTime<Utc>,
        plan: Plan,
        tests: Vec<NewCampaignTest>,
        origin: Option<CampaignOrigin>,
        labels: &Labels,
    ) -> Decision {
        if self.plan.is_some() {
            return Err(CampaignError::AlreadyCreated);
        }
        let plan = checked_plan(plan)?;
        let tests = placed(&self.tests, tests, labels)?;
        checked_links(&tests.iter().map(|test| (test.test, test.clone())).collect(), labels)?;
        Ok(Some(CampaignEvent::CampaignCreated { by: by.account, at, plan, tests, origin }))
    }

    fn revise(&self, by: Actor, at: DateTime<Utc>, held: &Plan, revision: Revision) -> Decision {
        self.needs(DRAFT, "be revised")?;
        self.may_change(by, "revise")?;
        let plan = checked_plan(revision.of(held))?;
        Ok((*held != plan).then_some(CampaignEvent::CampaignRevised { by: by.account, at, plan }))
    }

    fn add_tests(
        &self,
        by: Actor,
        at: DateTime<Utc>,
        tests: Vec<NewCampaignTest>,
        labels: &Labels,
    ) -> Decision {
        self.needs(DRAFT, "take tests")?;
        self.may_change(by, "revise")?;
        let mut new = Vec::new();
        for test in tests {
            match self.tests.get(&test.test) {
                None => new.push(test),
                // Adding again what is there changes nothing; a place that was not asked for is the one it has.
                Some(held) if is_same_place(held, &test) => {}
                Some(_) => {
                    return Err(CampaignError::AlreadyInCampaign { test: label(test.test, labels) });
                }
            }
        }
        if new.is_empty() {
            return Ok(None);
        }
        let tests = placed(&self.tests, new, labels)?;
        let mut links = self.tests.clone();
        links.extend(tests.iter().map(|test| (test.test, test.clone())));
        checked_links(&links, labels)?;
        Ok(Some(CampaignEvent::CampaignTestsAdded { by: by.account, at, tests }))
    }

    fn revise_test(&self, by: Actor, at: DateTime<Utc>, revision: TestRevision, labels: &Labels) -> Decision {
        self.needs(DRAFT, "change its tests")?;
        self.may_change(by, "revise")?;
        let held = self.link(revision.test, labels)?;
        let test = checked_link(CampaignTest {
            test: held.test,
            order: revision.order.unwrap_or(held.order),
            phase: revision.phase.unwrap_or_else(|| held.phase.clone()),
            depends_on: revision.depends_on.unwrap_or_else(|| held.depends_on.clone()),
        })?;
        if *held == test {
            return Ok(None);
        }
        let mut links = self.tests.clone();
        links.insert(test.test, test.clone());
        checked_links(&links, labels)?;
        Ok(Some(CampaignEvent::CampaignTestRevised { by: by.account, at, test }))
    }

    fn remove_test(&self, by: Actor, at: DateTime<Utc>, test: TestId, labels: &Labels) -> Decision {
        self.needs(DRAFT, "let go of tests")?;
        self.may_change(by, "revise")?;
        self.link(test, labels)?;
        let waiting: Vec<String> = self
            .ordered_tests()
            .into_iter()
            .filter(|other| other.depends_on.contains(&test))
            .map(|other| label(other.test, labels))
            .collect();
        if !waiting.is_empty() {
            return Err(CampaignError::StillNeeded { test: label(test, labels), waiting });
        }
        // Runs have its tests; a schedule without any would make runs that nobody could begin.
        if self.scheduled.is_some() && self.tests.len() == 1 {
            return Err(CampaignError::NoTests { action: "stay scheduled" });
        }
        Ok(Some(CampaignEvent::CampaignTestRemoved { by: by.account, at, test }))
    }

    fn schedule_runs(&self, by: Actor, at: DateTime<Utc>, schedule: Schedule) -> Decision {
        self.schedulable("be scheduled")?;
        self.may_change(by, "schedule")?;
        self.needs_tests("be scheduled")?;
        in_calendar("first", Some(schedule.first.date()))?;
        in_calendar("until", schedule.until)?;
        if schedule.first.second() != 0 || schedule.first.nanosecond() != 0 {
            return Err(CampaignError::NotWholeMinutes);
        }
        if schedule.until.is_some_and(|until| until < schedule.first.date()) {
            return Err(CampaignError::EndsBeforeStart { field: "until" });
        }
        // Repeated, it neither changes who answers for it nor forgets what has come due since.
        if self.schedule() == Some(&schedule) {
            return Ok(None);
        }
        if schedule.due_after(at, self.last_due).next().is_none() {
            return Err(CampaignError::NeverDue);
        }
        self.nothing_is_due(at)?;
        Ok(Some(CampaignEvent::CampaignScheduled { by: by.account, at, schedule }))
    }

    fn unschedule(&self, by: Actor, at: DateTime<Utc>) -> Decision {
        self.schedulable("be unscheduled")?;
        self.may_change(by, "schedule")?;
        self.nothing_is_due(at)?;
        let ended = CampaignEvent::CampaignUnscheduled { by: by.account, at };
        Ok(self.scheduled.is_some().then_some(ended))
    }

    /// What has come due is recorded under the schedule by which it did, whoever was down meanwhile.
    fn nothing_is_due(&self, at: DateTime<Utc>) -> Result<(), CampaignError> {
        let due = self.scheduled.as_ref().and_then(|Scheduled { schedule, at: since, .. }| {
            schedule.due_after(*since, self.last_due).next().filter(|time| time.due_at <= at)
        });
        match due {
            Some(time) => Err(CampaignError::RunsAreDue { due: time.due }),
            None => Ok(()),
        }
    }

    /// The runs that have come due by now and are not recorded yet. It asks nobody's
    /// leave: who set the schedule answers for them.
    fn due_runs(&self, campaign: CampaignId, at: DateTime<Utc>) -> Vec<CampaignEvent> {
        let Some(Scheduled { schedule, by, at: scheduled_at }) = &self.scheduled else {
            return Vec::new();
        };
        let mut due = schedule.due_after(*scheduled_at, self.last_due).take_while(|time| time.due_at <= at);
        let recorded = |time: DueTime| CampaignEvent::CampaignRunDue {
            at,
            due: time.due,
            due_at: time.due_at,
            child: run_id(campaign, time.due),
            late: at - time.due_at > limits::LATE_AFTER,
            on_behalf_of: *by,
        };
        match schedule.missed {
            MissedRuns::CreateAll => due.take(limits::RUNS_PER_COMMAND).map(recorded).collect(),
            MissedRuns::LatestOnly => {
                let Some(first) = due.next() else {
                    return Vec::new();
                };
                let (mut skipped, mut latest) = (None, first);
                for time in due {
                    let count = skipped.map_or(0, |(count, _)| count) + 1_u32;
                    skipped = Some((count, latest));
                    latest = time;
                }
                let skipped = skipped.map(|(count, last)| CampaignEvent::CampaignRunsSkipped {
                    at,
                    first,
                    last,
                    count,
                });
                skipped.into_iter().chain([recorded(latest)]).collect()
            }
        }
    }

    /// What state and ownership leave open to somebody. Permissions and input are judged elsewhere.
    pub fn open_actions(&self, by: Actor) -> Vec<OpenAction> {
        use OpenAction as Open;
        if self.plan.is_none() {
            return Vec::new();
        }
        let own = self.may_change(by, "change").is_ok();
        let draft = self.state == CampaignState::Draft;
        let scheduled = self.scheduled.is_some();
        let open = [
            (Open::Revise, own && draft),
            (Open::ArrangeTests, own && draft),
            (Open::Schedule, own && self.schedulable("be scheduled").is_ok() && !self.tests.is_empty()),
            (Open::Unschedule, own && scheduled),
            (Open::Activate, draft && !self.tests.is_empty()),
            (Open::Complete, self.state == CampaignState::Active),
            (Open::Archive, own && self.archivable().is_ok()),
        ];
        open.into_iter().filter(|(_, open)| *open).map(|(action, _)| action).collect()
    }

    fn needs(
        &self,
        (state, needed): (CampaignState, &'static str),
        action: &'static str,
    ) -> Result<(), CampaignError> {
        if self.state == state {
            return Ok(());
        }
        Err(CampaignError::WrongState { action, state: self.state, needed })
    }

    fn archivable(&self) -> Result<(), CampaignError> {
        match self.state {
            CampaignState::Draft | CampaignState::Completed => Ok(()),
            CampaignState::Active | CampaignState::Archived => Err(CampaignError::WrongState {
                action: "be archived",
                state: self.state,
                needed: "a draft or a completed campaign",
            }),
        }
    }

    fn schedulable(&self, action: &'static str) -> Result<(), CampaignError> {
        match self.state {
            CampaignState::Draft | CampaignState::Active | CampaignState::Completed => Ok(()),
            CampaignState::Archived => Err(CampaignError::WrongState {
                action,
                state: self.state,
                needed: "a campaign that is not archived",
            }),
        }
    }

    fn needs_tests(&self, action: &'static str) -> Result<(), CampaignError> {
        if self.tests.is_empty() { Err(CampaignError::NoTests { action }) } else { Ok(()) }
    }

    fn may_change(&self, by: Actor, action: &'static str) -> Result<(), CampaignError> {
        if by.role == Role::Admin || self.manager == Some(by.account) {
            return Ok(());
        }
        Err(CampaignError::NotOwnCampaign { action })
    }

    fn link(&self, test: TestId, labels: &Labels) -> Result<&CampaignTest, CampaignError> {
        self.tests.get(&test).ok_or_else(|| CampaignError::NotInCampaign { test: label(test, labels) })
    }
}

fn label(test: TestId, labels: &Labels) -> String {
    labels.get(&test).cloned().unwrap_or_else(|| test.to_string())
}

fn is_same_place(held: &CampaignTest, test: &NewCampaignTest) -> bool {
    let phase = test.phase.as_deref().map(str::trim).filter(|phase| !phase.is_empty());
    test.order.is_none_or(|order| order == held.order)
        && phase == held.phase.as_deref()
        && test.depends_on == held.depends_on
}

/// New tests with their places: those without one come after all others, as they are listed.
fn placed(
    held: &Links,
    tests: Vec<NewCampaignTest>,
    labels: &Labels,
) -> Result<Vec<CampaignTest>, CampaignError> {
    let count = held.len() + tests.len();
    if count > limits::TESTS {
        return Err(CampaignError::TooManyTests { count, limit: limits::TESTS });
    }
    let mut seen = BTreeSet::new();
    let mut last = held.values().map(|test| test.order).max().unwrap_or(0);
    let mut placed = Vec::with_capacity(tests.len());
    for NewCampaignTest { test, order, phase, depends_on } in tests {
        if !seen.insert(test) {
            return Err(CampaignError::NamedTwice { test: label(test, labels) });
        }
        let order = order.unwrap_or_else(|| (last + 1).min(limits::ORDER));
        let test = checked_link(CampaignTest { test, order, phase, depends_on })?;
        last = last.max(test.order);
        placed.push(test);
    }
    Ok(placed)
}

fn checked_link(test: CampaignTest) -> Result<CampaignTest, CampaignError> {
    if test.order > limits::ORDER {
        return Err(CampaignError::OrderTooHigh { order: test.order, limit: limits::ORDER });
    }
    Ok(CampaignTest { phase: maybe("phase", test.phase, limits::SHORT_TEXT_CHARS)?, ..test })
}

/// Links stay inside, are not too many, and lead to no way round.
fn checked_links(links: &Links, labels: &Labels) -> Result<(), CampaignError> {
    for test in links.values() {
        let count = test.depends_on.len();
        if count > limits::DEPENDENCIES {
            let test = label(test.test, labels);
            return Err(CampaignError::TooManyDependencies { test, count, limit: limits::DEPENDENCIES });
        }
        if let Some(outside) = test.depends_on.iter().find(|id| !links.contains_key(id)) {
            return Err(CampaignError::DependencyOutside {
                test: label(test.test, labels),
                dependency: label(*outside, labels),
            });
        }
    }
    no_way_round(links, labels)
}

fn no_way_round(links: &Links, labels: &Labels) -> Result<(), CampaignError> {
    match graph::cycle(links) {
        Some(path) => {
            Err(CampaignError::Cycle { path: path.into_iter().map(|id| label(id, labels)).collect() })
        }
        None => Ok(()),
    }
}

fn checked_plan(plan: Plan) -> Result<Plan, CampaignError> {
    let tags: BTreeSet<String> =
        plan.tags.iter().map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect();
    if tags.len() > limits::TAGS {
        return Err(CampaignError::TooManyTags { count: tags.len(), limit: limits::TAGS });
    }
    for tag in &tags {
        optional("tags", tag, limits::TAG_CHARS)?;
    }
    in_calendar("startDate", plan.starts_on)?;
    in_calendar("endDate", plan.ends_on)?;
    if let (Some(starts_on), Some(ends_on)) = (plan.starts_on, plan.ends_on)
        && ends_on < starts_on
    {
        return Err(CampaignError::EndsBeforeStart { field: "endDate" });
    }
    Ok(Plan {
        name: required("name", &plan.name, limits::SHORT_TEXT_CHARS)?,
        description: optional("description", &plan.description, limits::LONG_TEXT_CHARS)?,
        objective: optional("objective", &plan.objective, limits::LONG_TEXT_CHARS)?,
        tags,
        ..plan
    })
}

/// PostgreSQL stores fewer years than chrono, and JSON readers know four digits.
fn in_calendar(field: &'static str, day: Option<NaiveDate>) -> Result<(), CampaignError> {
    if day.is_some_and(|day| !(1..=9999).contains(&day.year())) {
        return Err(CampaignError::OutOfCalendar { field });
    }
    Ok(())
}
