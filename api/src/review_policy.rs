//! What reviews are held to: read by everybody, changed by admins, each change an event.

use crate::context::{Services, acting};
use crate::error::ApiError;
use crate::mutation;
use crate::page::Page;
use crate::timeline::{Timeline, TimelineEvent, timeline};
use aegis_aggregates::policy::{self as domain, PolicyInForce, REVIEW_POLICY_ID, ReviewPolicyCommand};
use async_graphql::{Context, InputObject, Object};
use chrono::Utc;
use serde::Serialize;
use uuid::Uuid;

/// What reviews are held to now.
pub struct ReviewPolicy(domain::ReviewPolicy);

#[Object]
impl ReviewPolicy {
    /// One person never fills both sides of a round, as worker or as voter.
    async fn separate_sides(&self) -> bool {
        self.0.separate_sides
    }
    /// Whoever executed or evaluated a round does not approve it.
    async fn no_self_approval(&self) -> bool {
        self.0.no_self_approval
    }
    /// One approval and one rejection make a dispute; off, the first rejection ends the round.
    async fn disputes(&self) -> bool {
        self.0.disputes
    }
    /// Every change of it, oldest first.
    #[graphql(complexity = "crate::page::weight(first, child_complexity)")]
    async fn timeline(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Page<TimelineEvent>, ApiError> {
        let at = ctx.data_unchecked::<Services>().tide.position();
        let of = Timeline { aggregate_type: "review_policy", aggregate_id: REVIEW_POLICY_ID.to_owned(), at };
        timeline(ctx, of, first, after).await
    }
}

/// What reviews shall be held to; what is left out stays as it is.
#[derive(InputObject, Serialize)]
pub struct SetReviewPolicyInput {
    separate_sides: Option<bool>,
    no_self_approval: Option<bool>,
    disputes: Option<bool>,
    reason: String,
    client_mutation_id: Option<Uuid>,
}

mutation::payload!(
    /// What reviews are held to now.
    SetReviewPolicyPayload { policy: Option<ReviewPolicy> }
);

#[derive(Default)]
pub struct ReviewPolicyQuery;

#[Object]
impl ReviewPolicyQuery {
    /// What reviews are held to now.
    async fn review_policy(&self, ctx: &Context<'_>) -> Result<ReviewPolicy, ApiError> {
        Ok(ReviewPolicy(ctx.data_unchecked::<Services>().review_policy().await?))
    }
}

#[derive(Default)]
pub struct ReviewPolicyMutation;

#[Object]
impl ReviewPolicyMutation {
    /// Holds reviews to something else, from the next command on. Votes already cast stand as they are.
    async fn set_review_policy(
        &self,
        ctx: &Context<'_>,
        input: SetReviewPolicyInput,
    ) -> Result<SetReviewPolicyPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let change = domain::PolicyChange {
            separate_sides: input.separate_sides,
            no_self_approval: input.no_self_approval,
            disputes: input.disputes,
        };
        let command = ReviewPolicyCommand { by: actor, at: Utc::now(), change, reason: input.reason.clone() };
        let written = mutation::execute::<PolicyInForce>(
            ctx,
            REVIEW_POLICY_ID,
            command,
            "setReviewPolicy",
            input.client_mutation_id,
            &input,
        )
        .await?;
        let now = services.review_policy().await?;
        Ok(SetReviewPolicyPayload::written(written, Some(ReviewPolicy(now))))
    }
}
