//! The rules of a remediation: which command leads to which event, and which is refused.

use super::command::{RemediationAction, RemediationCommand, StepRevision, TestFacts};
use super::event::RemediationEvent;
use super::plan::{Plan, limits};
use super::steps::{StepContent, StepStatus};
use super::{Remediation, RemediationError, RemediationState};
use crate::actor::{Actor, Role};
use crate::ids::{StepId, TestId};
use crate::test::{DetectionResult, TestState};
use crate::text::{optional, required};
use chrono::{DateTime, Months, NaiveDate, NaiveTime, Utc};

/// At most two events: a step may change its text and its status at once.
type Decision = Result<Vec<RemediationEvent>, RemediationError>;

/// A step that state and role leave open to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OpenAction {
    /// Change the plan.
    Revise,
    /// Give it to somebody.
    Assign,
    /// Add a step.
    AddStep,
    /// Change, remove or tick off a step.
    ChangeSteps,
    /// Begin.
    Start,
    /// Say what is in the way.
    Block,
    /// Say that the way is free.
    Unblock,
    /// Say that everything is done.
    Complete,
    /// Take the risk as it is.
    AcceptRisk,
    /// Start again.
    Reopen,
}

/// When an acceptance until that day ends: with the beginning of the day, UTC.
pub fn expires_at(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

impl Remediation {
    /// Judges a command. No events mean that there is nothing new to record.
    ///
    /// # Errors
    /// The rule that refuses it.
    pub fn decide(&self, command: RemediationCommand) -> Decision {
        use RemediationAction as Do;
        use RemediationEvent as Event;
        let RemediationCommand { by: actor, at, expected_version, action } = command;
        let by = actor.account;
        let Some(plan) = &self.plan else {
            let Do::Open { test, plan } = action else {
                return Err(RemediationError::NotOpened);
            };
            return open(actor, at, test, plan);
        };
        if let Some(expected) = expected_version
            && expected != self.version
        {
            return Err(RemediationError::StaleVersion { expected, actual: self.version });
        }
        match action {
            Do::Open { .. } => Err(RemediationError::AlreadyOpened),
            Do::Revise(revision) => {
                decides(actor, "revise a remediation")?;
                self.unfinished("be revised")?;
                let revised = revision.of(plan).checked()?;
                Ok(changed(*plan != revised, Event::RemediationRevised { by, at, plan: revised }))
            }
            Do::Assign { assignee } => {
                decides(actor, "assign a remediation")?;
                self.unfinished("be assigned")?;
                Ok(changed(plan.assignee != assignee, Event::RemediationAssigned { by, at, assignee }))
            }
            Do::AddStep { step, content } => self.add_step(actor, at, step, content),
            Do::ReviseStep { step, revision } => self.revise_step(actor, at, step, revision),
            Do::RemoveStep { step } => {
                self.works(actor, "change its steps")?;
                self.unfinished("lose a step")?;
                self.step(step)?;
                Ok(vec![Event::StepRemoved { by, at, step }])
            }
            Do::Start => {
                self.works(actor, "start it")?;
                self.needs(RemediationState::Open, "be started", "an open one")?;
                Ok(vec![Event::RemediationStarted { by, at }])
            }
            Do::Block { reason } => {
                self.works(actor, "block it")?;
                self.can_be_blocked()?;
                let reason = required("reason", &reason, limits::LONG_TEXT_CHARS)?;
                Ok(vec![Event::RemediationBlocked { by, at, reason }])
            }
            Do::Unblock => {
                self.works(actor, "unblock it")?;
                self.needs(RemediationState::Blocked, "be unblocked", "a blocked one")?;
                Ok(vec![Event::RemediationUnblocked { by, at }])
            }
            Do::Complete { notes } => {
                self.works(actor, "complete it")?;
                self.can_be_completed()?;
                let notes = optional("notes", &notes, limits::LONG_TEXT_CHARS)?;
                Ok(vec![Event::RemediationCompleted { by, at, completion: self.completions + 1, notes }])
            }
            Do::AcceptRisk { reason, expires_on } => {
                decides(actor, "accept a risk")?;
                self.unfinished("have its risk accepted")?;
                let reason = required("reason", &reason, limits::LONG_TEXT_CHARS)?;
                within_three_years(expires_on, at)?;
                Ok(vec![Event::RiskAccepted { by, at, reason, expires_on }])
            }
            Do::ExpireRisk => {
                let is_due = self.state == RemediationState::RiskAccepted
                    && self.accepted_until.is_some_and(|day| at >= expires_at(day));
                Ok(changed(is_due, Event::RiskAcceptanceExpired { at }))
            }
            Do::RecordRetest { number, retest, completion } => {
                let is_news = self.has_no_answer_for(completion)?;
                Ok(changed(is_news, Event::RetestCreated { at, number, retest, completion }))
            }
            Do::RecordNoRetest { completion, reason } => {
                let is_news = self.has_no_answer_for(completion)?;
                let reason = required("reason", &reason, limits::LONG_TEXT_CHARS)?;
                Ok(changed(is_news, Event::RetestNotCreated { at, completion, reason }))
            }
            Do::RecordRetestOutcome { retest, result } => self.record_outcome(at, retest, result),
            Do::Reopen { reason } => {
                decides(actor, "reopen a remediation")?;
                self.can_be_reopened()?;
                let reason = required("reason", &reason, limits::LONG_TEXT_CHARS)?;
                Ok(vec![Event::RemediationReopened { by, at, reason }])
            }
        }
    }

    fn add_step(&self, by: Actor, at: DateTime<Utc>, step: StepId, content: StepContent) -> Decision {
        self.works(by, "change its steps")?;
        self.unfinished("take a step")?;
        let content = content.checked()?;
        if let Ok(held) = self.step(step) {
            let same = held.content == content;
            return if same { Ok(vec![]) } else { Err(RemediationError::StepExists { step }) };
        }
        self.has_room_for_a_step()?;
        Ok(vec![RemediationEvent::StepAdded { by: by.account, at, step, content }])
    }

    fn revise_step(&self, by: Actor, at: DateTime<Utc>, step: StepId, revision: StepRevision) -> Decision {
        self.works(by, "change its steps")?;
        self.unfinished("have a step changed")?;
        let held = self.step(step)?;
        let status = revision.status.unwrap_or(held.status);
        let content = revision.of(&held.content).checked()?;
        let by = by.account;
        let mut events =
            changed(content != held.content, RemediationEvent::StepRevised { by, at, step, content });
        let moved = RemediationEvent::StepStatusChanged { by, at, step, status };
        events.extend(changed(status != held.status, moved));
        Ok(events)
    }

    /// Only the retest of the last completion decides, while the remediation waits for it: an outcome that
    /// comes after somebody has reopened it or accepted the risk changes nothing.
    fn record_outcome(&self, at: DateTime<Utc>, retest: TestId, result: DetectionResult) -> Decision {
        if !self.retests.iter().any(|held| held.retest == retest) {
            return Err(RemediationError::NoSuchRetest);
        }
        // A retest of an earlier completion was run before the work that it would speak for.
        let of_this =
            self.retests.iter().any(|held| (held.retest, held.completion) == (retest, self.completions));
        if self.state != RemediationState::Completed || !of_this {
            return Ok(vec![]);
        }
        Ok(vec![match result {
            DetectionResult::Detected => RemediationEvent::RemediationVerified { at, retest },
            DetectionResult::PartiallyDetected | DetectionResult::NotDetected => {
                RemediationEvent::RetestFailed { at, retest, result }
            }
        }])
    }

    /// What state and role leave open to somebody. Input is judged when it comes.
    pub fn open_actions(&self, by: Actor) -> Vec<OpenAction> {
        use OpenAction as Open;
        if self.plan.is_none() {
            return Vec::new();
        }
        let leads = decides(by, "").is_ok();
        let works = self.works(by, "").is_ok();
        let unfinished = self.unfinished("").is_ok();
        [
            (Open::Revise, leads && unfinished),
            (Open::Assign, leads && unfinished),
            (Open::AddStep, works && unfinished && self.has_room_for_a_step().is_ok()),
            (Open::ChangeSteps, works && unfinished && !self.steps.is_empty()),
            (Open::Start, works && self.state == RemediationState::Open),
            (Open::Block, works && self.can_be_blocked().is_ok()),
            (Open::Unblock, works && self.state == RemediationState::Blocked),
            (Open::Complete, works && self.can_be_completed().is_ok()),
            (Open::AcceptRisk, leads && unfinished),
            (Open::Reopen, leads && self.can_be_reopened().is_ok()),
        ]
        .into_iter()
        .filter_map(|(action, is_open)| is_open.then_some(action))
        .collect()
    }

    /// Whether somebody may work on it.
    fn works(&self, by: Actor, action: &'static str) -> Result<(), RemediationError> {
        let assignee = self.plan.as_ref().and_then(|plan| plan.assignee);
        match by.role {
            Role::Admin | Role::RedLead | Role::BlueLead | Role::BlueTech => Ok(()),
            Role::RedTech if assignee == Some(by.account) => Ok(()),
            Role::RedTech | Role::Viewer => Err(RemediationError::NotAtWork { action }),
        }
    }

    fn needs(
        &self,
        state: RemediationState,
        action: &'static str,
        needed: &'static str,
    ) -> Result<(), RemediationError> {
        if self.state == state { Ok(()) } else { Err(self.wrong_state(action, needed)) }
    }

    fn wrong_state(&self, action: &'static str, needed: &'static str) -> RemediationError {
        RemediationError::WrongState { action, state: self.state, needed }
    }

    fn unfinished(&self, action: &'static str) -> Result<(), RemediationError> {
        use RemediationState::{Blocked, Completed, InProgress, Open, RiskAccepted, Verified};
        match self.state {
            Open | InProgress | Blocked => Ok(()),
            Completed | Verified | RiskAccepted => {
                Err(self.wrong_state(action, "one that is open, in progress or blocked"))
            }
        }
    }

    fn can_be_blocked(&self) -> Result<(), RemediationError> {
        match self.state {
            RemediationState::Open | RemediationState::InProgress => Ok(()),
            _ => Err(self.wrong_state("be blocked", "one that is open or in progress")),
        }
    }

    fn can_be_completed(&self) -> Result<(), RemediationError> {
        self.needs(RemediationState::InProgress, "be completed", "one that is in progress")?;
        let left = self.steps.iter().filter(|step| step.status != StepStatus::Done);
        let titles: Vec<String> = left.map(|step| step.content.title.clone()).collect();
        if titles.is_empty() { Ok(()) } else { Err(RemediationError::StepsLeft { titles }) }
    }

    fn can_be_reopened(&self) -> Result<(), RemediationError> {
        use RemediationState::{Blocked, Completed, InProgress, Open, RiskAccepted, Verified};
        match self.state {
            Completed | Verified | RiskAccepted => Ok(()),
            Open | InProgress | Blocked => {
                let needed = "one that is completed or verified, or whose risk is accepted";
                Err(self.wrong_state("be reopened", needed))
            }
        }
    }

    fn has_room_for_a_step(&self) -> Result<(), RemediationError> {
        let limit = limits::STEPS;
        if self.steps.len() < limit { Ok(()) } else { Err(RemediationError::TooManySteps { limit }) }
    }

    /// Whether nobody has told yet what the completion led to; the first answer holds.
    fn has_no_answer_for(&self, completion: u32) -> Result<bool, RemediationError> {
        if !(1..=self.completions).contains(&completion) {
            return Err(RemediationError::NoSuchCompletion { completion });
        }
        let has_retest = self.retests.iter().any(|held| held.completion == completion);
        Ok(!has_retest && !self.without_retest.contains(&completion))
    }
}

fn open(by: Actor, at: DateTime<Utc>, test: TestFacts, plan: Plan) -> Decision {
    decides(by, "open a remediation")?;
    if test.state != TestState::Validated {
        return Err(RemediationError::TestNotValidated { state: test.state });
    }
    let result = match test.result {
        Some(result @ (DetectionResult::NotDetected | DetectionResult::PartiallyDetected)) => result,
        Some(DetectionResult::Detected) => return Err(RemediationError::TestDetected),
        None => return Err(RemediationError::TestNotValidated { state: test.state }),
    };
    let plan = plan.checked()?;
    let TestFacts { test, technique, attack_id, .. } = test;
    let by = by.account;
    Ok(vec![RemediationEvent::RemediationOpened { by, at, test, technique, attack_id, result, plan }])
}

/// Whether somebody may decide what is to be done at all.
fn decides(by: Actor, action: &'static str) -> Result<(), RemediationError> {
    match by.role {
        Role::Admin | Role::RedLead | Role::BlueLead => Ok(()),
        Role::RedTech | Role::BlueTech | Role::Viewer => Err(RemediationError::NotALead { action }),
    }
}

fn within_three_years(day: NaiveDate, at: DateTime<Utc>) -> Result<(), RemediationError> {
    let today = at.date_naive();
    // Days beyond the calendar are beyond three years too.
    let latest = today.checked_add_months(Months::new(limits::ACCEPTANCE_MONTHS)).unwrap_or(NaiveDate::MAX);
    if day <= today {
        return Err(RemediationError::ExpiresTooSoon { day });
    }
    if day > latest {
        return Err(RemediationError::ExpiresTooLate { latest });
    }
    Ok(())
}

fn changed(is_news: bool, event: RemediationEvent) -> Vec<RemediationEvent> {
    if is_news { vec![event] } else { Vec::new() }
}
