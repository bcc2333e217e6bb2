//! A small model of a test: the states of the reference (1.1), its votes (1.2)
//! and the review policy, kept as plain lists. It knows nothing of the aggregate.

use super::*;

/// What the model says to a wish.
#[derive(Debug, PartialEq)]
pub(super) enum Answer {
    MovesTo(TestState),
    Nothing,
    Refuses,
}

/// A test as REFERENCE tells it: plain lists of who did what in this round.
#[derive(Debug, Default)]
pub(super) struct Model {
    events: u64,
    state: TestState,
    round: u32,
    details: Option<Details>,
    author: Option<Actor>,
    worked: Vec<(Side, AccountId)>,
    attack: Option<(AccountId, AttackRecord)>,
    detection: Option<(AccountId, DetectionRecord)>,
    votes: Vec<(Side, AccountId, Verdict, String)>,
}

impl Model {
    pub(super) fn answer(&self, command: &TestCommand) -> Answer {
        let by = command.by.account;
        let kept_apart = |side: Side| {
            let others = self.worked.iter().map(|(of, who)| (of, who));
            let voters = self.votes.iter().map(|(of, who, ..)| (of, who));
            !command.policy.separate_sides || !others.chain(voters).any(|(of, who)| *of != side && *who == by)
        };
        let allowed = |fine: bool, state: TestState| {
            if fine { Answer::MovesTo(state) } else { Answer::Refuses }
        };
        if let TestAction::Draft(_) = command.action {
            return allowed(self.details.is_none(), TestState::Draft);
        }
        let Some(held) = &self.details else {
            return Answer::Refuses;
        };
        if command.expected_version.is_some_and(|expected| expected != self.events) {
            return Answer::Refuses;
        }
        match &command.action {
            TestAction::Draft(_) => Answer::Refuses,
            TestAction::Revise(revision) => {
                let new = &revision.clone().of(held);
                let lead = matches!(command.by.role, Role::Admin | Role::RedLead | Role::BlueLead);
                let early = matches!(self.state, TestState::Draft | TestState::Rejected);
                let first_draft = self.state == TestState::Draft && self.round == 1;
                let may = lead || self.author.is_some_and(|author| author.account == by);
                match () {
                    () if may && new == held => Answer::Nothing,
                    () if new.technique != held.technique => allowed(may && first_draft, self.state),
                    () if new.title != held.title => allowed(may && early, self.state),
                    () => allowed(may && self.state != TestState::Validated, self.state),
                }
            }
            TestAction::StartExecution => {
                allowed(self.state == TestState::Draft && kept_apart(Side::Red), TestState::RedExecuting)
            }
            TestAction::RecordAttack(attack) => {
                let fine = self.state == TestState::RedExecuting && kept_apart(Side::Red);
                match &self.attack {
                    Some((who, held)) if fine && *who == by && held == attack => Answer::Nothing,
                    _ => allowed(fine, TestState::RedExecuting),
                }
            }
            TestAction::SubmitExecution => {
                let fine = self.state == TestState::RedExecuting && self.attack.is_some();
                allowed(fine && kept_apart(Side::Red), TestState::BlueEvaluating)
            }
            TestAction::RecordDetection(detection) => {
                let fine = self.state == TestState::BlueEvaluating && kept_apart(Side::Blue);
                match &self.detection {
                    Some((who, held)) if fine && *who == by && held == detection => Answer::Nothing,
                    _ => allowed(fine, TestState::BlueEvaluating),
                }
            }
            TestAction::SubmitEvaluation => {
                let fine = self.state == TestState::BlueEvaluating && self.detection.is_some();
                allowed(fine && kept_apart(Side::Blue), TestState::InReview)
            }
            TestAction::CastVote { side, verdict, notes } => {
                let judges = match side {
                    Side::Red => [Role::Admin, Role::RedLead],
                    Side::Blue => [Role::Admin, Role::BlueLead],
                };
                let held = self.votes.iter().find(|(of, ..)| of == side);
                let taken = held.is_some_and(|(_, who, ..)| *who != by);
                if self.state != TestState::InReview || !judges.contains(&command.by.role) || taken {
                    return Answer::Refuses;
                }
                if held.is_some_and(|(_, _, before, why)| before == verdict && why == notes) {
                    return Answer::Nothing;
                }
                let own_work = self.worked.iter().any(|(_, who)| *who == by);
                if !kept_apart(*side)
                    || (command.policy.no_self_approval && own_work && *verdict == Verdict::Approved)
                {
                    return Answer::Refuses;
                }
                let approved_across =
                    self.votes.iter().any(|(of, _, given, _)| of != side && *given == Verdict::Approved);
                Answer::MovesTo(match verdict {
                    Verdict::Rejected => TestState::Rejected,
                    Verdict::Approved if approved_across => TestState::Validated,
                    Verdict::Approved => TestState::InReview,
                })
            }
            TestAction::Reopen { .. } => allowed(self.state == TestState::Rejected, TestState::Draft),
        }
    }

    /// Takes in what happened.
    pub(super) fn follow(&mut self, command: &TestCommand, state: TestState) {
        let by = command.by.account;
        self.events += 1;
        self.state = state;
        match command.action.clone() {
            TestAction::Draft(details) => {
                self.details = Some(details);
                self.author = Some(command.by);
                self.round = 1;
            }
            TestAction::Revise(revision) => {
                self.details = self.details.as_ref().map(|held| revision.of(held));
            }
            TestAction::StartExecution | TestAction::SubmitExecution => self.worked.push((Side::Red, by)),
            TestAction::RecordAttack(attack) => {
                self.worked.push((Side::Red, by));
                self.attack = Some((by, attack));
            }
            TestAction::RecordDetection(detection) => {
                self.worked.push((Side::Blue, by));
                self.detection = Some((by, detection));
            }
            TestAction::SubmitEvaluation => self.worked.push((Side::Blue, by)),
            TestAction::CastVote { side, verdict, notes } => {
                self.votes.retain(|(of, ..)| *of != side);
                self.votes.push((side, by, verdict, notes));
            }
            TestAction::Reopen { .. } => {
                let (events, round) = (self.events, self.round + 1);
                let (details, author) = (self.details.take(), self.author);
                *self = Self { events, round, details, author, ..Self::default() };
            }
        }
    }
}
