//! The rules of a test: which command leads to which events, and which is refused.

mod evidence;
mod open;
mod records;
mod review;

pub use open::OpenAction;

use super::command::{AttackRecord, Details, DetectionRecord, Revision, TestAction, TestCommand, limits};
use super::event::{Classification, Side, TestEvent, TestOrigin};
use super::{Retest, Test, TestError, TestState};
use crate::actor::{Actor, Role};
use crate::ids::{RemediationId, TestId};
use crate::policy::ReviewPolicy;
use crate::text::{maybe, optional, required};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use evidence::may_work;
use records::{checked_attack, checked_detection, same_attack, same_detection};
use review::Wish;
use uuid::Uuid;

/// What a command leads to; nothing where there is nothing new to record.
pub(super) type Decision = Result<Vec<TestEvent>, TestError>;

impl Test {
    /// Judges a command. No event means that there is nothing new to record.
    ///
    /// # Errors
    /// The rule that refuses it.
    pub fn decide(&self, command: TestCommand) -> Decision {
        use TestAction as Do;
        let TestCommand { by, at, policy, expected_version, action } = command;
        let action = match action {
            Do::Draft { details, origin } => return self.draft(by, details, origin),
            Do::Copy { details, origin, classification } => {
                return self.copy(by, at, details, origin, classification);
            }
            other => other,
        };
        if self.details.is_none() {
            return Err(TestError::NotDrafted);
        }
        if let Some(expected) = expected_version
            && expected != self.version
        {
            return Err(TestError::StaleVersion { expected, actual: self.version });
        }
        if self.archived && !matches!(action, Do::Restore) {
            return Err(TestError::Archived);
        }
        match action {
            Do::Draft { .. } | Do::Copy { .. } => Err(TestError::AlreadyDrafted),
            Do::Revise(revision) => self.revise(by, revision),
            Do::StartExecution { waits_for } => self.start_execution(by, at, policy, waits_for),
            Do::RecordAttack(attack) => self.record_attack(by, at, policy, attack),
            Do::SubmitExecution => self.submit_execution(by, at, policy),
            Do::StartEvaluation => self.start_evaluation(by, at, policy),
            Do::RecordDetection(detection) => self.record_detection(by, at, policy, detection),
            Do::SubmitEvaluation => self.submit_evaluation(by, at, policy),
            Do::PauseWork { reason } => self.pause_work(by, at, policy, &reason),
            Do::ResumeWork => self.resume_work(by, at, policy),
            Do::AddEvidence(evidence) => self.add_evidence(by, at, policy, evidence),
            Do::RemoveEvidence { evidence, reason } => {
                self.remove_evidence(by, at, policy, evidence, &reason)
            }
            Do::CastVote { side, verdict, notes, seen } => {
                self.cast_vote(by, at, policy, Wish { side, verdict, notes, seen })
            }
            Do::Reopen { reason } => self.reopen(by, at, &reason),
            Do::Classify(classification) => self.classify(by, at, classification),
            Do::Archive { reason } => self.archive(by, at, &reason),
            Do::Restore => self.restore(by, at),
            Do::ScheduleRetest { original, remediation, completion, limit } => {
                let number = self.next_retest(remediation, completion, limit)?;
                Ok(number
                    .map(|number| retest_scheduled(by, at, original, number, remediation, completion))
                    .into_iter()
                    .collect())
            }
        }
    }

    fn draft(&self, by: Actor, details: Details, origin: Option<TestOrigin>) -> Decision {
        if self.details.is_some() {
            return Err(TestError::AlreadyDrafted);
        }
        let details = checked_details(details)?;
        Ok(vec![TestEvent::TestDrafted { by: by.account, details, origin }])
    }

    /// A draft that is as confidential as what it copies. Only admins say so of a test that is there; of a
    /// copy it says itself.
    fn copy(
        &self,
        by: Actor,
        at: DateTime<Utc>,
        details: Details,
        origin: TestOrigin,
        classification: Classification,
    ) -> Decision {
        let mut events = self.draft(by, details, Some(origin))?;
        if classification != Classification::default() {
            events.push(TestEvent::TestClassified { by: by.account, at, classification });
        }
        Ok(events)
    }

    fn revise(&self, by: Actor, revision: Revision) -> Decision {
        if !self.may_revise(by) {
            return Err(TestError::NotOwnDraft);
        }
        let Some(held) = &self.details else {
            return Err(TestError::NotDrafted);
        };
        let details = checked_details(revision.of(held))?;
        if *held == details {
            return Ok(vec![]);
        }
        // Finding and assigning goes on while the work runs; what the work is does not change under it.
        let content_changes = {
            let mut same_work = details.clone();
            same_work.tags.clone_from(&held.tags);
            same_work.assignee = held.assignee;
            same_work.due_on = held.due_on;
            same_work != *held
        };
        if self.state == TestState::Validated {
            return Err(self.wrong_state("be revised", "a test that is not validated"));
        }
        if content_changes && !matches!(self.state, TestState::Draft | TestState::Rejected) {
            return Err(self.wrong_state(
                "be revised",
                "a draft or a rejected test (tags, assignee and due date excepted)",
            ));
        }
        if details.technique != held.technique && (self.state != TestState::Draft || self.round.number > 1) {
            return Err(TestError::TechniqueSettled);
        }
        if details.technique != held.technique && self.repeats_another() {
            return Err(TestError::RepeatsAnother);
        }
        Ok(vec![TestEvent::TestRevised { by: by.account, details }])
    }

    /// Whether its result is held against that of the test it was made from.
    fn repeats_another(&self) -> bool {
        match self.origin {
            Some(TestOrigin::Retest { .. } | TestOrigin::Campaign { .. }) => true,
            Some(TestOrigin::Template { .. } | TestOrigin::Clone { .. }) | None => false,
        }
    }

    fn may_revise(&self, by: Actor) -> bool {
        match by.role {
            Role::Admin | Role::RedLead | Role::BlueLead => true,
            Role::RedTech | Role::BlueTech | Role::Viewer => self.drafted_by == Some(by.account),
        }
    }

    fn record_attack(
        &self,
        by: Actor,
        at: DateTime<Utc>,
        policy: ReviewPolicy,
        attack: AttackRecord,
    ) -> Decision {
        self.needs(TestState::RedExecuting, "take an attack record", "a test that red is executing")?;
        self.keeps_sides_apart(by, Side::Red, policy)?;
        let attack = checked_attack(attack, at)?;
        if self
            .round
            .attack
            .as_ref()
            .is_some_and(|(who, held)| *who == by.account && same_attack(held, &attack))
        {
            return Ok(vec![]);
        }
        let recorded = TestEvent::AttackRecorded { round: self.round.number, by: by.account, at, attack };
        Ok(self.resumed_first(by, at, Side::Red, recorded))
    }

    fn record_detection(
        &self,
        by: Actor,
        at: DateTime<Utc>,
        policy: ReviewPolicy,
        detection: DetectionRecord,
    ) -> Decision {
        self.needs(TestState::BlueEvaluating, "take a detection record", "a test that blue is evaluating")?;
        self.keeps_sides_apart(by, Side::Blue, policy)?;
        let (_, attack) = self.round.attack.as_ref().ok_or(TestError::NoAttackRecorded)?;
        let detection = checked_detection(detection, attack, at)?;
        if self
            .round
            .detection
            .as_ref()
            .is_some_and(|(who, held)| *who == by.account && same_detection(held, &detection))
        {
            return Ok(vec![]);
        }
        let recorded =
            TestEvent::DetectionRecorded { round: self.round.number, by: by.account, at, detection };
        Ok(self.resumed_first(by, at, Side::Blue, recorded))
    }

    fn start_execution(
        &self,
        by: Actor,
        at: DateTime<Utc>,
        policy: ReviewPolicy,
        waits_for: Vec<TestId>,
    ) -> Decision {
        self.needs(TestState::Draft, "start execution", "a draft")?;
        self.keeps_sides_apart(by, Side::Red, policy)?;
        if !waits_for.is_empty() {
            return Err(TestError::WaitsFor { tests: waits_for });
        }
        Ok(vec![TestEvent::ExecutionStarted { round: self.round.number, by: by.account, at }])
    }

    fn submit_execution(&self, by: Actor, at: DateTime<Utc>, policy: ReviewPolicy) -> Decision {
        self.needs(TestState::RedExecuting, "submit the execution", "a test that red is executing")?;
        self.keeps_sides_apart(by, Side::Red, policy)?;
        self.round.attack.as_ref().ok_or(TestError::NoAttackRecorded)?;
        let submitted = TestEvent::ExecutionSubmitted { round: self.round.number, by: by.account, at };
        Ok(self.resumed_first(by, at, Side::Red, submitted))
    }

    fn start_evaluation(&self, by: Actor, at: DateTime<Utc>, policy: ReviewPolicy) -> Decision {
        self.needs(TestState::BlueEvaluating, "be taken up", "a test that blue is evaluating")?;
        self.keeps_sides_apart(by, Side::Blue, policy)?;
        if self.round.evaluation_started {
            return Err(TestError::EvaluationStarted);
        }
        Ok(vec![TestEvent::EvaluationStarted { round: self.round.number, by: by.account, at }])
    }

    fn submit_evaluation(&self, by: Actor, at: DateTime<Utc>, policy: ReviewPolicy) -> Decision {
        self.needs(TestState::BlueEvaluating, "submit the evaluation", "a test that blue is evaluating")?;
        self.keeps_sides_apart(by, Side::Blue, policy)?;
        self.round.detection.as_ref().ok_or(TestError::NoDetectionRecorded)?;
        let submitted = TestEvent::EvaluationSubmitted { round: self.round.number, by: by.account, at };
        Ok(self.resumed_first(by, at, Side::Blue, submitted))
    }

    /// Whoever writes down, shows or hands over work is not on a pause any more: net times are of all work.
    fn resumed_first(&self, by: Actor, at: DateTime<Utc>, side: Side, event: TestEvent) -> Vec<TestEvent> {
        let round = self.round.number;
        let resumed = self.round.paused.then_some(TestEvent::WorkResumed { round, side, by: by.account, at });
        resumed.into_iter().chain([event]).collect()
    }

    fn pause_work(&self, by: Actor, at: DateTime<Utc>, policy: ReviewPolicy, reason: &str) -> Decision {
        let side = self.side_at_work().ok_or_else(|| self.wrong_state("be paused", AT_WORK))?;
        may_work(by, side)?;
        self.keeps_sides_apart(by, side, policy)?;
        if self.round.paused {
            return Err(TestError::Paused);
        }
        let reason = required("reason", reason, limits::LONG_TEXT_CHARS)?;
        Ok(vec![TestEvent::WorkPaused { round: self.round.number, side, by: by.account, at, reason }])
    }

    fn resume_work(&self, by: Actor, at: DateTime<Utc>, policy: ReviewPolicy) -> Decision {
        let side = self.side_at_work().ok_or_else(|| self.wrong_state("go on", AT_WORK))?;
        may_work(by, side)?;
        self.keeps_sides_apart(by, side, policy)?;
        if !self.round.paused {
            return Err(TestError::NotPaused);
        }
        Ok(vec![TestEvent::WorkResumed { round: self.round.number, side, by: by.account, at }])
    }

    fn side_at_work(&self) -> Option<Side> {
        match self.state {
            TestState::RedExecuting => Some(Side::Red),
            TestState::BlueEvaluating => Some(Side::Blue),
            TestState::Draft
            | TestState::InReview
            | TestState::Validated
            | TestState::Rejected
            | TestState::Disputed => None,
        }
    }

    fn reopen(&self, by: Actor, at: DateTime<Utc>, reason: &str) -> Decision {
        if !matches!(self.state, TestState::Rejected | TestState::Disputed) {
            return Err(self.wrong_state("be reopened", "a rejected test"));
        }
        let reason = required("reason", reason, limits::LONG_TEXT_CHARS)?;
        Ok(vec![TestEvent::TestReopened { round: self.round.number + 1, by: by.account, at, reason }])
    }

    fn classify(&self, by: Actor, at: DateTime<Utc>, classification: Classification) -> Decision {
        if by.role != Role::Admin {
            return Err(TestError::ClassifiedByAdmins);
        }
        if self.classification == classification {
            return Ok(vec![]);
        }
        Ok(vec![TestEvent::TestClassified { by: by.account, at, classification }])
    }

    fn archive(&self, by: Actor, at: DateTime<Utc>, reason: &str) -> Decision {
        if !self.may_revise(by) {
            return Err(TestError::NotOwnDraft);
        }
        if self.is_retest() {
            return Err(TestError::RetestStays);
        }
        if !self.is_archivable() {
            return Err(self.wrong_state("be archived", "a draft or a rejected test"));
        }
        let reason = optional("reason", reason, limits::LONG_TEXT_CHARS)?;
        Ok(vec![TestEvent::TestArchived { by: by.account, at, reason }])
    }

    fn is_archivable(&self) -> bool {
        matches!(self.state, TestState::Draft | TestState::Rejected) && !self.is_retest()
    }

    fn is_retest(&self) -> bool {
        matches!(self.origin, Some(TestOrigin::Retest { .. }))
    }

    fn restore(&self, by: Actor, at: DateTime<Utc>) -> Decision {
        if !self.may_revise(by) {
            return Err(TestError::NotOwnDraft);
        }
        if !self.archived {
            return Err(TestError::NotArchived);
        }
        Ok(vec![TestEvent::TestRestored { by: by.account, at }])
    }

    /// One retest for each completion of a remediation, so many in all; none where it has its number.
    fn next_retest(
        &self,
        remediation: RemediationId,
        completion: u32,
        limit: u32,
    ) -> Result<Option<u32>, TestError> {
        self.needs(TestState::Validated, "be tested again", "a validated test")?;
        if let Some(TestOrigin::Retest { original, .. }) = self.origin {
            return Err(TestError::RetestOfRetest { original });
        }
        let asked = |held: &Retest| (held.remediation, held.completion) == (remediation, completion);
        if self.retests.iter().any(asked) {
            return Ok(None);
        }
        let number = self.retests.last().map_or(0, |last| last.number) + 1;
        if number > limit { Err(TestError::RetestLimit { limit }) } else { Ok(Some(number)) }
    }

    fn needs(&self, state: TestState, action: &'static str, needed: &'static str) -> Result<(), TestError> {
        if self.state == state { Ok(()) } else { Err(self.wrong_state(action, needed)) }
    }

    fn wrong_state(&self, action: &'static str, needed: &'static str) -> TestError {
        TestError::WrongState { action, state: self.state, needed }
    }

    fn keeps_sides_apart(&self, by: Actor, side: Side, policy: ReviewPolicy) -> Result<(), TestError> {
        if policy.separate_sides && self.has_filled(side.other(), by) {
            return Err(TestError::FillsBothSides);
        }
        Ok(())
    }
}

const AT_WORK: &str = "a test that red is executing or blue is evaluating";

/// The n-th retest of a test is the same test whoever asks for it.
fn retest_scheduled(
    by: Actor,
    at: DateTime<Utc>,
    original: TestId,
    number: u32,
    remediation: RemediationId,
    completion: u32,
) -> TestEvent {
    let retest = TestId(Uuid::new_v5(&original.0, format!("retest/{number}").as_bytes()));
    TestEvent::RetestScheduled { by: by.account, at, number, retest, remediation, completion }
}

fn checked_details(details: Details) -> Result<Details, TestError> {
    let tags: std::collections::BTreeSet<String> =
        details.tags.iter().map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect();
    if tags.len() > limits::TAGS {
        return Err(TestError::TooManyTags { count: tags.len(), limit: limits::TAGS });
    }
    for tag in &tags {
        optional("tags", tag, limits::TAG_CHARS)?;
    }
    in_calendar("dueDate", details.due_on)?;
    Ok(Details {
        title: required("title", &details.title, limits::SHORT_TEXT_CHARS)?,
        description: optional("description", &details.description, limits::LONG_TEXT_CHARS)?,
        objective: optional("objective", &details.objective, limits::LONG_TEXT_CHARS)?,
        target_environment: optional(
            "targetEnvironment",
            &details.target_environment,
            limits::SHORT_TEXT_CHARS,
        )?,
        platform: maybe("platform", details.platform, limits::SHORT_TEXT_CHARS)?,
        procedure: optional("plannedProcedure", &details.procedure, limits::LONG_TEXT_CHARS)?,
        tool: maybe("plannedTool", details.tool, limits::SHORT_TEXT_CHARS)?,
        tags,
        ..details
    })
}

/// PostgreSQL stores fewer years than chrono, and JSON readers know four digits.
fn in_calendar(field: &'static str, day: Option<NaiveDate>) -> Result<(), TestError> {
    if day.is_some_and(|day| !(1..=9999).contains(&day.year())) {
        return Err(TestError::OutOfCalendar { field });
    }
    Ok(())
}
