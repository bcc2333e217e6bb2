//! Files of evidence: who adds and removes which, and when.

use super::Decision;
use crate::actor::{Actor, Role};
use crate::ids::EvidenceId;
use crate::policy::ReviewPolicy;
use crate::test::command::limits;
use crate::test::event::{Evidence, Side, TestEvent, Verdict, Vote};
use crate::test::{Test, TestError, TestState};
use crate::text::{optional, required};
use chrono::{DateTime, Utc};

impl Test {
    /// Why somebody may not add evidence of a side now; `None` when they may. Red has draft and execution,
    /// blue has the evaluation, an admin any time; the sides of a round stay apart as the policy says.
    pub fn evidence_refusal(&self, by: Actor, side: Side, policy: ReviewPolicy) -> Option<TestError> {
        self.may_add(by, side, policy).err()
    }

    pub(super) fn add_evidence(
        &self,
        by: Actor,
        at: DateTime<Utc>,
        policy: ReviewPolicy,
        evidence: Evidence,
    ) -> Decision {
        if self.round.evidence.contains_key(&evidence.id) {
            return Ok(vec![]);
        }
        self.may_add(by, evidence.side, policy)?;
        if evidence.size_bytes == 0 {
            return Err(TestError::EvidenceEmpty);
        }
        if evidence.size_bytes > limits::EVIDENCE_BYTES {
            return Err(TestError::EvidenceTooLarge { bytes: evidence.size_bytes });
        }
        let evidence = Evidence {
            file_name: required("fileName", &evidence.file_name, limits::SHORT_TEXT_CHARS)?,
            caption: optional("caption", &evidence.caption, limits::SHORT_TEXT_CHARS)?,
            ..evidence
        };
        let side = evidence.side;
        let added = TestEvent::EvidenceAdded { round: self.round.number, by: by.account, at, evidence };
        Ok(if self.side_at_work() == Some(side) {
            self.resumed_first(by, at, side, added)
        } else {
            vec![added]
        })
    }

    pub(super) fn remove_evidence(
        &self,
        by: Actor,
        at: DateTime<Utc>,
        policy: ReviewPolicy,
        evidence: EvidenceId,
        reason: &str,
    ) -> Decision {
        let held = self.round.evidence.get(&evidence).ok_or(TestError::NoSuchEvidence)?;
        self.may_handle(by, held.side, policy)?;
        self.did_not_approve(by, policy)?;
        let reason = required("reason", reason, limits::LONG_TEXT_CHARS)?;
        Ok(vec![TestEvent::EvidenceRemoved {
            round: self.round.number,
            by: by.account,
            at,
            evidence,
            reason,
        }])
    }

    fn may_add(&self, by: Actor, side: Side, policy: ReviewPolicy) -> Result<(), TestError> {
        self.may_handle(by, side, policy)?;
        if self.round.evidence.values().filter(|held| held.side == side).count() >= limits::EVIDENCE_PER_SIDE
        {
            return Err(TestError::TooMuchEvidence { side, limit: limits::EVIDENCE_PER_SIDE });
        }
        self.did_not_approve(by, policy)
    }

    /// What a round rests on is not changed by who approved it, nor (see `apply`) approved by who changed it.
    fn did_not_approve(&self, by: Actor, policy: ReviewPolicy) -> Result<(), TestError> {
        let approved = |vote: &Vote| vote.voter == by.account && vote.verdict == Verdict::Approved;
        if policy.no_self_approval && self.round.votes.values().any(approved) {
            return Err(TestError::ApprovesOwnWork);
        }
        Ok(())
    }

    fn may_handle(&self, by: Actor, side: Side, policy: ReviewPolicy) -> Result<(), TestError> {
        if self.archived {
            return Err(TestError::Archived);
        }
        may_work(by, side)?;
        if by.role != Role::Admin {
            match side {
                Side::Red if !matches!(self.state, TestState::Draft | TestState::RedExecuting) => {
                    return Err(self.wrong_state(
                        "have its red evidence changed",
                        "a draft, or a test that red is executing",
                    ));
                }
                Side::Blue => self.needs(
                    TestState::BlueEvaluating,
                    "have its blue evidence changed",
                    "a test that blue is evaluating",
                )?,
                Side::Red => {}
            }
        }
        self.keeps_sides_apart(by, side, policy)
    }
}

/// A side's own work is done by its people, and by admins.
pub(super) fn may_work(by: Actor, side: Side) -> Result<(), TestError> {
    match (by.role, side) {
        (Role::Admin, _)
        | (Role::RedLead | Role::RedTech, Side::Red)
        | (Role::BlueLead | Role::BlueTech, Side::Blue) => Ok(()),
        _ => Err(TestError::OtherSidesWork { side }),
    }
}
