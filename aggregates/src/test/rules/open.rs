//! What is open to whom, told before anybody asks.

use super::evidence::may_work;
use crate::actor::{Actor, Role};
use crate::policy::ReviewPolicy;
use crate::test::event::Side;
use crate::test::{Test, TestState};

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
    /// Take the evaluation up.
    StartEvaluation,
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
    /// Stop the clock of the side at work.
    PauseWork,
    /// Go on.
    ResumeWork,
    /// Add a file to the red side.
    AddRedEvidence,
    /// Add a file to the blue side.
    AddBlueEvidence,
    /// Say how confidential it is.
    Classify,
    /// Put it away.
    Archive,
    /// Take it out again.
    Restore,
}

impl Test {
    /// What state, policy and role leave open to somebody. Input is judged when it comes.
    pub fn open_actions(&self, by: Actor, policy: ReviewPolicy) -> Vec<OpenAction> {
        use OpenAction as Open;
        if self.details.is_none() {
            return Vec::new();
        }
        if self.archived {
            return if self.may_revise(by) { vec![Open::Restore] } else { vec![] };
        }
        let red = self.keeps_sides_apart(by, Side::Red, policy).is_ok();
        let blue = self.keeps_sides_apart(by, Side::Blue, policy).is_ok();
        let mut open = match self.state {
            TestState::Draft if red => vec![Open::StartExecution],
            TestState::RedExecuting if red && self.round.attack.is_some() => {
                vec![Open::RecordAttack, Open::SubmitExecution]
            }
            TestState::RedExecuting if red => vec![Open::RecordAttack],
            TestState::BlueEvaluating if blue => self.open_to_blue(),
            TestState::InReview | TestState::Disputed => {
                [(Side::Red, Open::VoteRed), (Side::Blue, Open::VoteBlue)]
                    .into_iter()
                    .filter(|(side, _)| self.vote_refusal(by, *side, policy).is_none())
                    .map(|(_, action)| action)
                    .collect()
            }
            TestState::Draft
            | TestState::RedExecuting
            | TestState::BlueEvaluating
            | TestState::Validated
            | TestState::Rejected => vec![],
        };
        if matches!(self.state, TestState::Rejected | TestState::Disputed) {
            open.push(Open::Reopen);
        }
        let apart = |side| self.keeps_sides_apart(by, side, policy).is_ok();
        if self.side_at_work().is_some_and(|side| may_work(by, side).is_ok() && apart(side)) {
            open.push(if self.round.paused { Open::ResumeWork } else { Open::PauseWork });
        }
        for (side, action) in [(Side::Red, Open::AddRedEvidence), (Side::Blue, Open::AddBlueEvidence)] {
            if self.evidence_refusal(by, side, policy).is_none() {
                open.push(action);
            }
        }
        if self.state != TestState::Validated && self.may_revise(by) {
            open.push(Open::Revise);
        }
        if self.is_archivable() && self.may_revise(by) {
            open.push(Open::Archive);
        }
        if by.role == Role::Admin {
            open.push(Open::Classify);
        }
        open
    }

    fn open_to_blue(&self) -> Vec<OpenAction> {
        let start = (!self.round.evaluation_started).then_some(OpenAction::StartEvaluation);
        let submit = self.round.detection.is_some().then_some(OpenAction::SubmitEvaluation);
        start.into_iter().chain([OpenAction::RecordDetection]).chain(submit).collect()
    }
}
