//! The rules of a test: which command leads to which event, and which is refused.

use super::command::{
    AttackRecord, ContainmentResult, Details, DetectionRecord, DetectionResult, Revision, TestAction,
    TestCommand, limits,
};
use super::event::{Outcome, Side, TestEvent, Verdict, Vote};
use super::{Test, TestError, TestState};
use crate::actor::{Actor, Role};
use crate::policy::ReviewPolicy;
use crate::text::{maybe, optional, required};
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Utc};

type Decision = Result<Option<TestEvent>, TestError>;

/// A step that state, policy and role leave open to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OpenAction {
    /// Change the general fields.
    Revise,
    /// Begin the attack.
    StartExecution,
    /// Write the attack down.
    RecordAttack,
    /// Hand over to blue.
    SubmitExecution,
    /// Write the detection down.
    RecordDetection,
    /// Hand over to the leads.
    SubmitEvaluation,
    /// Judge the red side.
    VoteRed,
    /// Judge the blue side.
    VoteBlue,
    /// Start another round.
    Reopen,
}

impl Test {
    /// Judges a command. `Ok(None)` means that there is nothing new to record.
    ///
    /// # Errors
    /// The rule that refuses it.
    pub fn decide(&self, command: TestCommand) -> Decision {
        let TestCommand { by, at, policy, expected_version, action } = command;
        if let TestAction::Draft(details) = action {
            return self.draft(by, details);
        }
        if self.details.is_none() {
            return Err(TestError::NotDrafted);
        }
        if let Some(expected) = expected_version
            && expected != self.version
        {
            return Err(TestError::StaleVersion { expected, actual: self.version });
        }
        let round = self.round.number;
        match action {
            TestAction::Draft(details) => self.draft(by, details),
            TestAction::Revise(revision) => self.revise(by, revision),
            TestAction::StartExecution => {
                self.needs(TestState::Draft, "start execution", "a draft")?;
                self.keeps_sides_apart(by, Side::Red, policy)?;
                Ok(Some(TestEvent::ExecutionStarted { round, by: by.account, at }))
            }
            TestAction::RecordAttack(attack) => self.record_attack(by, at, policy, attack),
            TestAction::SubmitExecution => {
                self.needs(TestState::RedExecuting, "submit the execution", "a test that red is executing")?;
                self.keeps_sides_apart(by, Side::Red, policy)?;
                self.round.attack.as_ref().ok_or(TestError::NoAttackRecorded)?;
                Ok(Some(TestEvent::ExecutionSubmitted { round, by: by.account, at }))
            }
            TestAction::RecordDetection(detection) => self.record_detection(by, at, policy, detection),
            TestAction::SubmitEvaluation => {
                self.needs(
                    TestState::BlueEvaluating,
                    "submit the evaluation",
                    "a test that blue is evaluating",
                )?;
                self.keeps_sides_apart(by, Side::Blue, policy)?;
                self.round.detection.as_ref().ok_or(TestError::NoDetectionRecorded)?;
                Ok(Some(TestEvent::EvaluationSubmitted { round, by: by.account, at }))
            }
            TestAction::CastVote { side, verdict, notes } => {
                let vote = Vote { side, verdict, notes: notes.trim().to_owned(), voter: by.account };
                self.cast_vote(by, at, policy, vote)
            }
            TestAction::Reopen { reason } => {
                self.needs(TestState::Rejected, "be reopened", "a rejected test")?;
                let reason = required("reason", &reason, limits::LONG_TEXT_CHARS)?;
                Ok(Some(TestEvent::TestReopened { round: round + 1, by: by.account, at, reason }))
            }
        }
    }

    fn draft(&self, by: Actor, details: Details) -> Decision {
        if self.details.is_some() {
            return Err(TestError::AlreadyDrafted);
        }
        let details = checked_details(details)?;
        Ok(Some(TestEvent::TestDrafted { by: by.account, details }))
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
            return Ok(None);
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
        Ok(Some(TestEvent::TestRevised { by: by.account, details }))
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
            return Ok(None);
        }
        Ok(Some(TestEvent::AttackRecorded { round: self.round.number, by: by.account, at, attack }))
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
            return Ok(None);
        }
        Ok(Some(TestEvent::DetectionRecorded { round: self.round.number, by: by.account, at, detection }))
    }

    fn cast_vote(&self, by: Actor, at: DateTime<Utc>, policy: ReviewPolicy, vote: Vote) -> Decision {
        self.needs(TestState::InReview, "be voted on", "a test in review")?;
        may_judge(by, vote.side)?;
        optional("notes", &vote.notes, limits::LONG_TEXT_CHARS)?;
        if let Some(held) = self.round.votes.get(&vote.side) {
            if held.voter != by.account {
                return Err(TestError::VotedBySomebodyElse);
            }
            if *held == vote {
                return Ok(None);
            }
        }
        self.keeps_sides_apart(by, vote.side, policy)?;
        if policy.no_self_approval && vote.verdict == Verdict::Approved && self.has_worked(by) {
            return Err(TestError::ApprovesOwnWork);
        }
        let outcome = self.outcome_with(&vote)?;
        Ok(Some(TestEvent::VoteCast { round: self.round.number, at, vote, outcome }))
    }

    /// Both approve: validated. Either rejects: rejected. One still silent: open.
    fn outcome_with(&self, vote: &Vote) -> Result<Option<Outcome>, TestError> {
        if vote.verdict == Verdict::Rejected {
            return Ok(Some(Outcome::Rejected));
        }
        let other = self.round.votes.get(&vote.side.other());
        if other.is_none_or(|other| other.verdict != Verdict::Approved) {
            return Ok(None);
        }
        let (_, detection) = self.round.detection.as_ref().ok_or(TestError::NoDetectionRecorded)?;
        Ok(Some(Outcome::Validated { detection_result: detection.result }))
    }

    /// What state, policy and role leave open to somebody. Input is judged when it comes.
    pub fn open_actions(&self, by: Actor, policy: ReviewPolicy) -> Vec<OpenAction> {
        use OpenAction as Open;
        if self.details.is_none() {
            return Vec::new();
        }
        let red = self.keeps_sides_apart(by, Side::Red, policy).is_ok();
        let blue = self.keeps_sides_apart(by, Side::Blue, policy).is_ok();
        let mut open = match self.state {
            TestState::Draft if red => vec![Open::StartExecution],
            TestState::RedExecuting if red && self.round.attack.is_some() => {
                vec![Open::RecordAttack, Open::SubmitExecution]
            }
            TestState::RedExecuting if red => vec![Open::RecordAttack],
            TestState::BlueEvaluating if blue && self.round.detection.is_some() => {
                vec![Open::RecordDetection, Open::SubmitEvaluation]
            }
            TestState::BlueEvaluating if blue => vec![Open::RecordDetection],
            TestState::InReview => [(Side::Red, Open::VoteRed), (Side::Blue, Open::VoteBlue)]
                .into_iter()
                .filter(|(side, _)| self.vote_refusal(by, *side, policy).is_none())
                .map(|(_, action)| action)
                .collect(),
            TestState::Rejected => vec![Open::Reopen],
            TestState::Draft | TestState::RedExecuting | TestState::BlueEvaluating | TestState::Validated => {
                vec![]
            }
        };
        if self.state != TestState::Validated && self.may_revise(by) {
            open.push(Open::Revise);
        }
        open
    }

    /// Why somebody may not approve a side now; `None` when they may.
    pub fn vote_refusal(&self, by: Actor, side: Side, policy: ReviewPolicy) -> Option<TestError> {
        let held = self.round.votes.get(&side);
        if self.state != TestState::InReview {
            return Some(self.wrong_state("be voted on", "a test in review"));
        }
        if let Err(refusal) = may_judge(by, side) {
            return Some(refusal);
        }
        if held.is_some_and(|held| held.voter != by.account) {
            return Some(TestError::VotedBySomebodyElse);
        }
        if let Err(refusal) = self.keeps_sides_apart(by, side, policy) {
            return Some(refusal);
        }
        (policy.no_self_approval && self.has_worked(by)).then_some(TestError::ApprovesOwnWork)
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

fn may_judge(by: Actor, side: Side) -> Result<(), TestError> {
    match (by.role, side) {
        (Role::Admin, _) | (Role::RedLead, Side::Red) | (Role::BlueLead, Side::Blue) => Ok(()),
        _ => Err(TestError::OtherSidesVote { side }),
    }
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
        tags,
        ..details
    })
}

fn checked_attack(attack: AttackRecord, at: DateTime<Utc>) -> Result<AttackRecord, TestError> {
    not_in_future("startedAt", Some(attack.started_at), at)?;
    not_in_future("endedAt", attack.ended_at, at)?;
    if attack.ended_at.is_some_and(|ended_at| ended_at < attack.started_at) {
        return Err(TestError::BeforeStart { field: "endedAt" });
    }
    Ok(AttackRecord {
        procedure: required("procedure", &attack.procedure, limits::LONG_TEXT_CHARS)?,
        tool: maybe("tool", attack.tool, limits::SHORT_TEXT_CHARS)?,
        summary: required("summary", &attack.summary, limits::LONG_TEXT_CHARS)?,
        ..attack
    })
}

fn checked_detection(
    detection: DetectionRecord,
    attack: &AttackRecord,
    at: DateTime<Utc>,
) -> Result<DetectionRecord, TestError> {
    let clock_skew_note = maybe("clockSkewNote", detection.clock_skew_note, limits::LONG_TEXT_CHARS)?;
    let times = [
        ("detectedAt", detection.detected_at),
        ("alertedAt", detection.alerted_at),
        ("containedAt", detection.contained_at),
    ];
    for (field, time) in times {
        not_in_future(field, time, at)?;
        if clock_skew_note.is_none() && time.is_some_and(|time| time < attack.started_at) {
            return Err(TestError::DetectedBeforeAttack { field });
        }
    }
    match (detection.result, detection.detected_at) {
        (DetectionResult::Detected | DetectionResult::PartiallyDetected, None) => {
            return Err(TestError::DetectionWithoutTime);
        }
        (DetectionResult::NotDetected, Some(_)) => return Err(TestError::TimeWithoutDetection),
        _ => {}
    }
    match (detection.containment_result, detection.contained_at) {
        (Some(ContainmentResult::Contained | ContainmentResult::PartiallyContained), None) => {
            return Err(TestError::ContainmentWithoutTime);
        }
        (None | Some(ContainmentResult::NotContained | ContainmentResult::NotApplicable), Some(_)) => {
            return Err(TestError::TimeWithoutContainment);
        }
        _ => {}
    }
    let summary = required("summary", &detection.summary, limits::LONG_TEXT_CHARS)?;
    Ok(DetectionRecord { clock_skew_note, summary, ..detection })
}

/// `==` on times compares instants only; a corrected zone is news.
fn same_attack(held: &AttackRecord, new: &AttackRecord) -> bool {
    let zones = |of: &AttackRecord| (*of.started_at.offset(), of.ended_at.map(|time| *time.offset()));
    held == new && zones(held) == zones(new)
}

fn same_detection(held: &DetectionRecord, new: &DetectionRecord) -> bool {
    let zones = |of: &DetectionRecord| {
        [of.detected_at, of.alerted_at, of.contained_at].map(|time| time.map(|time| *time.offset()))
    };
    held == new && zones(held) == zones(new)
}

/// PostgreSQL stores fewer years than chrono, and JSON readers know four digits.
fn in_calendar(field: &'static str, day: Option<NaiveDate>) -> Result<(), TestError> {
    if day.is_some_and(|day| !(1..=9999).contains(&day.year())) {
        return Err(TestError::OutOfCalendar { field });
    }
    Ok(())
}

fn not_in_future(
    field: &'static str,
    time: Option<DateTime<FixedOffset>>,
    at: DateTime<Utc>,
) -> Result<(), TestError> {
    in_calendar(field, time.map(|time| time.naive_utc().date()))?;
    if time.is_some_and(|time| time > at + limits::CLOCK_TOLERANCE) {
        return Err(TestError::InFuture { field });
    }
    Ok(())
}
