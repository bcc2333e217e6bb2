//! A small model of a remediation: its states and who may move it, written
//! down as a table, its steps and retests as plain lists. It knows nothing of
//! the aggregate.

use super::*;

/// What the model says to a wish.
#[derive(Debug, PartialEq)]
pub(super) enum Answer {
    /// It happens: so many events, and the state then.
    Happens(u64, RemediationState),
    Nothing,
    Refuses,
}

#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) events: u64,
    exists: bool,
    state: RemediationState,
    title: String,
    assignee: Option<AccountId>,
    steps: Vec<(StepId, String, StepStatus)>,
    completions: u32,
    answered: Vec<u32>,
    retests: Vec<(u32, TestId)>,
    until: Option<NaiveDate>,
}

impl Model {
    fn may(&self, by: Actor, action: &RemediationAction) -> bool {
        use RemediationAction as Do;
        let leads = matches!(by.role, Role::Admin | Role::RedLead | Role::BlueLead);
        match action {
            Do::Open { .. }
            | Do::Revise(_)
            | Do::Assign { .. }
            | Do::AcceptRisk { .. }
            | Do::Reopen { .. } => leads,
            Do::ExpireRisk
            | Do::RecordRetest { .. }
            | Do::RecordNoRetest { .. }
            | Do::RecordRetestOutcome { .. } => true,
            Do::AddStep { .. }
            | Do::ReviseStep { .. }
            | Do::RemoveStep { .. }
            | Do::Start
            | Do::Block { .. }
            | Do::Unblock
            | Do::Complete { .. } => {
                let own = self.assignee == Some(by.account) && by.role != Role::Viewer;
                leads || by.role == Role::BlueTech || own
            }
        }
    }

    pub(super) fn answer(&self, command: &RemediationCommand) -> Answer {
        use RemediationAction as Do;
        use RemediationState::{Blocked, Completed, InProgress, Open, RiskAccepted, Verified};
        let opens = matches!(command.action, Do::Open { .. });
        if self.exists == opens || !self.may(command.by, &command.action) {
            return Answer::Refuses;
        }
        if self.exists && command.expected_version.is_some_and(|version| version != self.events) {
            return Answer::Refuses;
        }
        let unfinished = [Open, InProgress, Blocked].contains(&self.state);
        let moves = |from: &[RemediationState], to| {
            if from.contains(&self.state) { Answer::Happens(1, to) } else { Answer::Refuses }
        };
        let news = |fine: bool, events: u64| match (fine, events) {
            (false, _) => Answer::Refuses,
            (true, 0) => Answer::Nothing,
            (true, events) => Answer::Happens(events, self.state),
        };
        let step = |id: &StepId| self.steps.iter().find(|(held, ..)| held == id);
        let counted = |completion: &u32| *completion >= 1 && *completion <= self.completions;
        match &command.action {
            Do::Open { .. } => Answer::Happens(1, Open),
            Do::Revise(revision) => {
                let other = revision.title.as_ref().is_some_and(|title| *title != self.title);
                news(unfinished, u64::from(other))
            }
            Do::Assign { assignee } => news(unfinished, u64::from(*assignee != self.assignee)),
            Do::AddStep { step: id, content } => match step(id) {
                Some((_, title, _)) => news(unfinished && *title == content.title, 0),
                None => news(unfinished && self.steps.len() < 50, 1),
            },
            Do::ReviseStep { step: id, revision } => match step(id) {
                Some((_, title, status)) => {
                    let renamed = revision.title.as_ref().is_some_and(|new| new != title);
                    let moved = revision.status.is_some_and(|new| new != *status);
                    news(unfinished, u64::from(renamed) + u64::from(moved))
                }
                None => Answer::Refuses,
            },
            Do::RemoveStep { step: id } => news(unfinished && step(id).is_some(), 1),
            Do::Start => moves(&[Open], InProgress),
            Do::Block { .. } => moves(&[Open, InProgress], Blocked),
            Do::Unblock => moves(&[Blocked], InProgress),
            Do::Complete { .. } => {
                let done = self.steps.iter().all(|(_, _, status)| *status == StepStatus::Done);
                if done { moves(&[InProgress], Completed) } else { Answer::Refuses }
            }
            Do::AcceptRisk { expires_on, .. } if *expires_on <= command.at.date_naive() => Answer::Refuses,
            Do::AcceptRisk { .. } => moves(&[Open, InProgress, Blocked], RiskAccepted),
            Do::ExpireRisk => {
                let due = self.until.is_some_and(|day| command.at.date_naive() >= day);
                if self.state == RiskAccepted && due { Answer::Happens(1, Open) } else { Answer::Nothing }
            }
            Do::RecordRetest { completion, .. } | Do::RecordNoRetest { completion, .. } => {
                news(counted(completion), u64::from(!self.answered.contains(completion)))
            }
            Do::RecordRetestOutcome { retest, result } => {
                let of_this = self.retests.contains(&(self.completions, *retest));
                if !self.retests.iter().any(|(_, held)| held == retest) {
                    return Answer::Refuses;
                }
                match (self.state == Completed && of_this, result) {
                    (false, _) => Answer::Nothing,
                    (true, DetectionResult::Detected) => Answer::Happens(1, Verified),
                    (true, _) => Answer::Happens(1, InProgress),
                }
            }
            Do::Reopen { .. } => moves(&[Completed, Verified, RiskAccepted], Open),
        }
    }

    /// Takes in what happened.
    pub(super) fn follow(&mut self, command: &RemediationCommand, events: u64, state: RemediationState) {
        use RemediationAction as Do;
        self.events += events;
        self.state = state;
        match command.action.clone() {
            Do::Open { plan, .. } => {
                self.exists = true;
                self.title = plan.title;
                self.assignee = plan.assignee;
            }
            Do::Revise(revision) => self.title = revision.title.unwrap_or_default(),
            Do::Assign { assignee } => self.assignee = assignee,
            Do::AddStep { step, content } => self.steps.push((step, content.title, StepStatus::Todo)),
            Do::ReviseStep { step, revision } => {
                for (_, title, status) in self.steps.iter_mut().filter(|(held, ..)| *held == step) {
                    *title = revision.title.clone().unwrap_or(title.clone());
                    *status = revision.status.unwrap_or(*status);
                }
            }
            Do::RemoveStep { step } => self.steps.retain(|(held, ..)| *held != step),
            Do::Complete { .. } => self.completions += 1,
            Do::AcceptRisk { expires_on, .. } => self.until = Some(expires_on),
            Do::RecordRetest { retest, completion, .. } => {
                self.answered.push(completion);
                self.retests.push((completion, retest));
            }
            Do::RecordNoRetest { completion, .. } => self.answered.push(completion),
            Do::Start
            | Do::Block { .. }
            | Do::Unblock
            | Do::ExpireRisk
            | Do::RecordRetestOutcome { .. }
            | Do::Reopen { .. } => {}
        }
    }
}
