//! What a review is held to, and how that is changed.

use crate::actor::Actor;
use crate::ids::AccountId;
use crate::refusal::{Refusal, RefusalKind};
use crate::text::{self, TextError};
use chrono::{DateTime, Utc};
use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent};
use serde::{Deserialize, Serialize};

/// The id of the only policy.
pub const REVIEW_POLICY_ID: &str = "review";
/// Characters of a reason at most.
pub const REASON_CHARS: usize = 2_000;

/// What a review is held to. The two rules of separation hold for admins too
/// and are on until somebody switches them off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewPolicy {
    /// One person never fills both sides of a round, as worker or as voter.
    pub separate_sides: bool,
    /// Whoever executed or evaluated a round does not approve it.
    pub no_self_approval: bool,
    /// One approval and one rejection make a dispute, which either lead can end by changing the own
    /// vote. Off, the first rejection ends the round.
    pub disputes: bool,
}

impl Default for ReviewPolicy {
    fn default() -> Self {
        Self { separate_sides: true, no_self_approval: true, disputes: false }
    }
}

/// What of the policy shall change; absent stays as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PolicyChange {
    /// See [`ReviewPolicy::separate_sides`].
    pub separate_sides: Option<bool>,
    /// See [`ReviewPolicy::no_self_approval`].
    pub no_self_approval: Option<bool>,
    /// See [`ReviewPolicy::disputes`].
    pub disputes: Option<bool>,
}

impl PolicyChange {
    fn of(self, held: ReviewPolicy) -> ReviewPolicy {
        ReviewPolicy {
            separate_sides: self.separate_sides.unwrap_or(held.separate_sides),
            no_self_approval: self.no_self_approval.unwrap_or(held.no_self_approval),
            disputes: self.disputes.unwrap_or(held.disputes),
        }
    }
}

/// A wish for another policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewPolicyCommand {
    /// Who asks.
    pub by: Actor,
    /// When, by the server's clock.
    pub at: DateTime<Utc>,
    /// What shall change.
    pub change: PolicyChange,
    /// Why.
    pub reason: String,
}

/// What happened to the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReviewPolicyEvent {
    /// Reviews are held to something else.
    ReviewPolicyChanged {
        /// By whom.
        by: AccountId,
        /// When, by the server's clock.
        at: DateTime<Utc>,
        /// What holds from now on.
        policy: ReviewPolicy,
        /// Why.
        reason: String,
    },
}

impl DomainEvent for ReviewPolicyEvent {
    fn event_type(&self) -> String {
        match self {
            Self::ReviewPolicyChanged { .. } => "ReviewPolicyChanged".to_owned(),
        }
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

/// Why a change of the policy is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReviewPolicyError {
    /// The reason is not taken.
    #[error(transparent)]
    Text(#[from] TextError),
}

impl Refusal for ReviewPolicyError {
    fn kind(&self) -> RefusalKind {
        match self {
            Self::Text(_) => RefusalKind::InvalidInput,
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Text(error) => Some(error.field()),
        }
    }
}

/// The policy in force.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyInForce {
    policy: ReviewPolicy,
}

impl PolicyInForce {
    /// What reviews are held to now.
    pub fn policy(&self) -> ReviewPolicy {
        self.policy
    }
}

impl Aggregate for PolicyInForce {
    const TYPE: &'static str = "review_policy";
    type Command = ReviewPolicyCommand;
    type Event = ReviewPolicyEvent;
    type Error = ReviewPolicyError;
    type Services = ();

    async fn handle(
        &mut self,
        command: Self::Command,
        _services: &Self::Services,
        sink: &EventSink<Self>,
    ) -> Result<(), Self::Error> {
        let ReviewPolicyCommand { by, at, change, reason } = command;
        // Merged here and not by who asks: what somebody else changed meanwhile stays changed.
        let policy = change.of(self.policy);
        let reason = text::required("reason", &reason, REASON_CHARS)?;
        if policy != self.policy {
            let by = by.account;
            sink.write(ReviewPolicyEvent::ReviewPolicyChanged { by, at, policy, reason }, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Self::Event) {
        match event {
            ReviewPolicyEvent::ReviewPolicyChanged { policy, .. } => self.policy = policy,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cqrs_es::test::TestFramework;

    fn change(change: PolicyChange, reason: &str) -> ReviewPolicyCommand {
        let at = "2026-03-02T12:00:00Z".parse().expect("an instant");
        ReviewPolicyCommand { by: Actor::SYSTEM, at, change, reason: reason.to_owned() }
    }

    #[test]
    fn the_policy_is_the_default_until_it_is_changed() {
        let disputes = ReviewPolicy { disputes: true, ..ReviewPolicy::default() };
        let on = PolicyChange { disputes: Some(true), ..PolicyChange::default() };
        let command = change(on, "Leads shall talk.");
        let changed = ReviewPolicyEvent::ReviewPolicyChanged {
            by: command.by.account,
            at: command.at,
            policy: disputes,
            reason: command.reason.clone(),
        };
        let framework = TestFramework::<PolicyInForce>::with(());
        framework.given_no_previous_events().when(command.clone()).then_expect_events(vec![changed.clone()]);
        let framework = TestFramework::<PolicyInForce>::with(());
        framework.given(vec![changed.clone()]).when(command).then_expect_events(vec![]);
        // Who changes one switch leaves the others as somebody else has set them.
        let apart = PolicyChange { separate_sides: Some(false), ..PolicyChange::default() };
        let both = ReviewPolicyEvent::ReviewPolicyChanged {
            by: Actor::SYSTEM.account,
            at: change(apart, "").at,
            policy: ReviewPolicy { separate_sides: false, ..disputes },
            reason: "A small team.".to_owned(),
        };
        let framework = TestFramework::<PolicyInForce>::with(());
        framework.given(vec![changed]).when(change(apart, "A small team.")).then_expect_events(vec![both]);
        let framework = TestFramework::<PolicyInForce>::with(());
        framework
            .given_no_previous_events()
            .when(change(PolicyChange::default(), "Same."))
            .then_expect_events(vec![]);
        let framework = TestFramework::<PolicyInForce>::with(());
        framework
            .given_no_previous_events()
            .when(change(on, " "))
            .then_expect_error(ReviewPolicyError::Text(TextError::Missing { field: "reason" }));
    }
}
