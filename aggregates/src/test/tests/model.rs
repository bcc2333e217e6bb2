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
    /// What stood when each side's vote was cast.
    saw: Vec<(Side, Vec<EvidenceId>)>,
    evidence: Vec<(Side, EvidenceId)>,
    taken_up: bool,
    paused: bool,
    archived: bool,
    label: Classification,
    retests: Vec<(RemediationId, u32)>,
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
        if matches!(command.action, TestAction::Draft { .. } | TestAction::Copy { .. }) {
            return allowed(self.details.is_none(), TestState::Draft);
        }
        let Some(held) = &self.details else {
            return Answer::Refuses;
        };
        if command.expected_version.is_some_and(|expected| expected != self.events) {
            return Answer::Refuses;
        }
        if self.archived && command.action != TestAction::Restore {
            return Answer::Refuses;
        }
        let lead = matches!(command.by.role, Role::Admin | Role::RedLead | Role::BlueLead);
        let mine = lead || self.author.is_some_and(|author| author.account == by);
        let admin = command.by.role == Role::Admin;
        let of_side = |side: Side| {
            let red = matches!(command.by.role, Role::RedLead | Role::RedTech);
            let blue = matches!(command.by.role, Role::BlueLead | Role::BlueTech);
            admin || (side == Side::Red && red) || (side == Side::Blue && blue)
        };
        let at_work = match self.state {
            TestState::RedExecuting => of_side(Side::Red),
            TestState::BlueEvaluating => of_side(Side::Blue),
            _ => false,
        };
        let apart = match self.state {
            TestState::RedExecuting => kept_apart(Side::Red),
            _ => kept_apart(Side::Blue),
        };
        let approved = self.votes.iter().any(|(_, who, given, _)| *who == by && *given == Verdict::Approved);
        let own = command.policy.no_self_approval && approved;
        // REFERENCE section 9.
        let handles = |side: Side| {
            let in_time = match side {
                Side::Red => matches!(self.state, TestState::Draft | TestState::RedExecuting),
                Side::Blue => self.state == TestState::BlueEvaluating,
            };
            of_side(side) && (admin || in_time) && kept_apart(side)
        };
        match &command.action {
            TestAction::Draft { .. } | TestAction::Copy { .. } => Answer::Refuses,
            TestAction::Revise(revision) => {
                let new = &revision.clone().of(held);
                let early = matches!(self.state, TestState::Draft | TestState::Rejected);
                let first_draft = self.state == TestState::Draft && self.round == 1;
                let may = mine;
                match () {
                    () if may && new == held => Answer::Nothing,
                    () if new.technique != held.technique => allowed(may && first_draft, self.state),
                    () if new.title != held.title => allowed(may && early, self.state),
                    () => allowed(may && self.state != TestState::Validated, self.state),
                }
            }
            TestAction::StartExecution { waits_for } => {
                let free = waits_for.is_empty() && kept_apart(Side::Red);
                allowed(self.state == TestState::Draft && free, TestState::RedExecuting)
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
            TestAction::CastVote { side, verdict, notes, seen } => {
                let judges = match side {
                    Side::Red => [Role::Admin, Role::RedLead],
                    Side::Blue => [Role::Admin, Role::BlueLead],
                };
                let held = self.votes.iter().find(|(of, ..)| of == side);
                let taken = held.is_some_and(|(_, who, ..)| *who != by);
                let voting = matches!(self.state, TestState::InReview | TestState::Disputed);
                if !voting || !judges.contains(&command.by.role) || taken {
                    return Answer::Refuses;
                }
                let stands: BTreeSet<EvidenceId> = self.evidence.iter().map(|(_, id)| *id).collect();
                if seen.as_ref().is_some_and(|seen| *seen != stands) {
                    return Answer::Refuses;
                }
                let same_view = self
                    .saw
                    .iter()
                    .any(|(of, saw)| of == side && saw.iter().copied().collect::<BTreeSet<_>>() == stands);
                if held.is_some_and(|(_, _, before, why)| before == verdict && why == notes) && same_view {
                    return Answer::Nothing;
                }
                let own_work = self.worked.iter().any(|(_, who)| *who == by);
                if !kept_apart(*side)
                    || (command.policy.no_self_approval && own_work && *verdict == Verdict::Approved)
                {
                    return Answer::Refuses;
                }
                let across = self.votes.iter().find(|(of, ..)| of != side).map(|(_, _, given, _)| *given);
                let verdicts = [Some(*verdict), across];
                let rejections = verdicts.iter().filter(|given| **given == Some(Verdict::Rejected)).count();
                let approvals = verdicts.iter().filter(|given| **given == Some(Verdict::Approved)).count();
                let other_saw = self.saw.iter().find(|(of, _)| of != side).map(|(_, saw)| saw);
                let outdated =
                    other_saw.is_some_and(|saw| saw.iter().copied().collect::<BTreeSet<_>>() != stands);
                if approvals == 2 && outdated {
                    return Answer::Refuses;
                }
                Answer::MovesTo(match (approvals, rejections, command.policy.disputes) {
                    (2, _, _) => TestState::Validated,
                    (1, 0, _) => TestState::InReview,
                    (_, _, false) | (_, 2, true) => TestState::Rejected,
                    (0, _, true) => TestState::InReview,
                    (_, _, true) => TestState::Disputed,
                })
            }
            TestAction::Reopen { .. } => {
                allowed(matches!(self.state, TestState::Rejected | TestState::Disputed), TestState::Draft)
            }
            TestAction::StartEvaluation => {
                let fresh = self.state == TestState::BlueEvaluating && !self.taken_up;
                allowed(fresh && kept_apart(Side::Blue), TestState::BlueEvaluating)
            }
            TestAction::PauseWork { .. } => allowed(at_work && apart && !self.paused, self.state),
            TestAction::ResumeWork => allowed(at_work && apart && self.paused, self.state),
            TestAction::AddEvidence(new) if self.evidence.iter().any(|(_, id)| *id == new.id) => {
                Answer::Nothing
            }
            TestAction::AddEvidence(new) => allowed(handles(new.side) && !own, self.state),
            TestAction::RemoveEvidence { evidence, .. } => {
                let held = self.evidence.iter().find(|(_, id)| id == evidence);
                allowed(held.is_some_and(|(side, _)| handles(*side)) && !own, self.state)
            }
            TestAction::Classify(label) if admin && *label == self.label => Answer::Nothing,
            TestAction::Classify(_) => allowed(admin, self.state),
            TestAction::Archive { .. } => {
                let early = matches!(self.state, TestState::Draft | TestState::Rejected);
                allowed(mine && early, self.state)
            }
            TestAction::Restore => allowed(mine && self.archived, self.state),
            TestAction::ScheduleRetest { remediation, completion, limit, .. } => {
                let known = self.retests.contains(&(*remediation, *completion));
                match self.state {
                    TestState::Validated if known => Answer::Nothing,
                    TestState::Validated => allowed(self.retests.len() < *limit as usize, self.state),
                    _ => Answer::Refuses,
                }
            }
        }
    }

    /// Takes in what happened.
    pub(super) fn follow(&mut self, command: &TestCommand, state: TestState) {
        let by = command.by.account;
        self.events += 1;
        self.state = state;
        match command.action.clone() {
            TestAction::Draft { details, .. } | TestAction::Copy { details, .. } => {
                self.details = Some(details);
                self.author = Some(command.by);
                self.round = 1;
            }
            TestAction::Revise(revision) => {
                self.details = self.details.as_ref().map(|held| revision.of(held));
            }
            TestAction::StartExecution { .. } => self.worked.push((Side::Red, by)),
            TestAction::SubmitExecution => self.goes_on(Side::Red, by),
            TestAction::RecordAttack(attack) => {
                self.goes_on(Side::Red, by);
                self.attack = Some((by, attack));
            }
            TestAction::StartEvaluation => {
                self.worked.push((Side::Blue, by));
                self.taken_up = true;
            }
            TestAction::RecordDetection(detection) => {
                self.goes_on(Side::Blue, by);
                self.detection = Some((by, detection));
            }
            TestAction::SubmitEvaluation => self.goes_on(Side::Blue, by),
            TestAction::PauseWork { .. } => self.paused = true,
            TestAction::ResumeWork => self.paused = false,
            TestAction::AddEvidence(new) => {
                match (self.state, new.side) {
                    (TestState::RedExecuting, Side::Red) | (TestState::BlueEvaluating, Side::Blue) => {
                        self.goes_on(new.side, by);
                    }
                    _ => self.worked.push((new.side, by)),
                }
                self.evidence.push((new.side, new.id));
            }
            TestAction::RemoveEvidence { evidence, .. } => {
                let held = self.evidence.iter().find(|(_, id)| *id == evidence);
                self.worked.extend(held.map(|(side, _)| (*side, by)));
                self.evidence.retain(|(_, id)| *id != evidence);
            }
            TestAction::CastVote { side, verdict, notes, .. } => {
                self.votes.retain(|(of, ..)| *of != side);
                self.votes.push((side, by, verdict, notes));
                self.saw.retain(|(of, _)| *of != side);
                self.saw.push((side, self.evidence.iter().map(|(_, id)| *id).collect()));
            }
            TestAction::Reopen { .. } => {
                let (events, round, label) = (self.events, self.round + 1, self.label);
                let (details, author) = (self.details.take(), self.author);
                *self = Self { events, round, details, author, label, ..Self::default() };
            }
            TestAction::Classify(label) => self.label = label,
            TestAction::Archive { .. } => self.archived = true,
            TestAction::Restore => self.archived = false,
            TestAction::ScheduleRetest { remediation, completion, .. } => {
                self.retests.push((remediation, completion));
            }
        }
    }

    /// A pause ends with an event of its own.
    fn goes_on(&mut self, side: Side, by: AccountId) {
        self.events += u64::from(self.paused);
        self.paused = false;
        self.worked.push((side, by));
    }
}
