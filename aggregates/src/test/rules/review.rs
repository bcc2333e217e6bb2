//! Votes, and what they add up to.

use super::Decision;
use crate::actor::{Actor, Role};
use crate::ids::EvidenceId;
use crate::policy::ReviewPolicy;
use crate::test::command::limits;
use crate::test::event::{Outcome, SeenEvidence, Side, TestEvent, Verdict, Vote};
use crate::test::{Test, TestError, TestState};
use crate::text::optional;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// A vote as it is asked for.
pub(super) struct Wish {
    pub side: Side,
    pub verdict: Verdict,
    pub notes: String,
    pub seen: Option<BTreeSet<EvidenceId>>,
}

impl Test {
    pub(super) fn cast_vote(
        &self,
        by: Actor,
        at: DateTime<Utc>,
        policy: ReviewPolicy,
        wish: Wish,
    ) -> Decision {
        self.is_voted_on()?;
        let Wish { side, verdict, notes, seen } = wish;
        may_judge(by, side)?;
        let notes = optional("notes", &notes, limits::LONG_TEXT_CHARS)?;
        if seen.is_some_and(|seen| !seen.iter().eq(self.round.evidence.keys())) {
            return Err(TestError::EvidenceChanged);
        }
        let vote = Vote { side, verdict, notes, voter: by.account, evidence: self.evidence_in_view() };
        if let Some(held) = self.round.votes.get(&side) {
            if held.voter != by.account {
                return Err(TestError::VotedBySomebodyElse);
            }
            if *held == vote {
                return Ok(vec![]);
            }
        }
        self.keeps_sides_apart(by, side, policy)?;
        if policy.no_self_approval && verdict == Verdict::Approved && self.has_worked(by) {
            return Err(TestError::ApprovesOwnWork);
        }
        let outcome = self.outcome_with(&vote, policy)?;
        Ok(vec![TestEvent::VoteCast { round: self.round.number, at, vote, outcome }])
    }

    fn evidence_in_view(&self) -> Vec<SeenEvidence> {
        let seen = |(id, held): (&EvidenceId, &super::super::HeldEvidence)| SeenEvidence {
            id: *id,
            sha256: held.sha256.clone(),
        };
        self.round.evidence.iter().map(seen).collect()
    }

    /// Both approve: validated. Either rejects: rejected. One still silent: open. Where the policy has
    /// disputes, both must speak, and two who disagree make one.
    fn outcome_with(&self, vote: &Vote, policy: ReviewPolicy) -> Result<Option<Outcome>, TestError> {
        let other = self.round.votes.get(&vote.side.other());
        let stale = other.is_some_and(|other| other.evidence != vote.evidence);
        let other = other.map(|other| other.verdict);
        Ok(match (vote.verdict, other) {
            // A verdict rests on what both have seen.
            (Verdict::Approved, Some(Verdict::Approved)) if stale => {
                return Err(TestError::OtherVoteOutdated { side: vote.side.other() });
            }
            (Verdict::Approved, Some(Verdict::Approved)) => {
                let (_, detection) = self.round.detection.as_ref().ok_or(TestError::NoDetectionRecorded)?;
                Some(Outcome::Validated { detection_result: detection.result })
            }
            (Verdict::Approved, None) => None,
            (Verdict::Rejected, None) if policy.disputes => None,
            (Verdict::Rejected, Some(Verdict::Approved)) | (Verdict::Approved, Some(Verdict::Rejected))
                if policy.disputes =>
            {
                (self.state != TestState::Disputed).then_some(Outcome::Disputed)
            }
            (Verdict::Rejected, _) | (_, Some(Verdict::Rejected)) => Some(Outcome::Rejected),
        })
    }

    /// Why somebody may not approve a side now; `None` when they may.
    pub fn vote_refusal(&self, by: Actor, side: Side, policy: ReviewPolicy) -> Option<TestError> {
        let held = self.round.votes.get(&side);
        if let Err(refusal) = self.is_voted_on() {
            return Some(refusal);
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
        if policy.no_self_approval && self.has_worked(by) {
            return Some(TestError::ApprovesOwnWork);
        }
        let other = self.round.votes.get(&side.other());
        let outdated = other.is_some_and(|other| {
            other.verdict == Verdict::Approved && other.evidence != self.evidence_in_view()
        });
        outdated.then_some(TestError::OtherVoteOutdated { side: side.other() })
    }

    fn is_voted_on(&self) -> Result<(), TestError> {
        if matches!(self.state, TestState::InReview | TestState::Disputed) {
            Ok(())
        } else {
            Err(self.wrong_state("be voted on", "a test in review"))
        }
    }
}

fn may_judge(by: Actor, side: Side) -> Result<(), TestError> {
    match (by.role, side) {
        (Role::Admin, _) | (Role::RedLead, Side::Red) | (Role::BlueLead, Side::Blue) => Ok(()),
        _ => Err(TestError::OtherSidesVote { side }),
    }
}
