//! Copying a campaign: fresh drafts of its tests, then a draft with them.
//!
//! Several transactions, each with an id that follows from the request: sent again, or sent again after
//! it was cut off, it goes on where it was and changes nothing that is there.

use super::labels;
use crate::asked::made;
use crate::campaigns::{Campaign, id_of};
use crate::context::{Services, acting};
use crate::error::{ApiError, UserError};
use crate::mutation;
use aegis_aggregates::actor::Actor;
use aegis_aggregates::campaign as domain;
use aegis_aggregates::campaign::{
    CampaignAction, CampaignCommand, CampaignOrigin, CampaignTest, Labels, NewCampaignTest, copied_test_id,
};
use aegis_aggregates::ids::{CampaignId, TestId};
use aegis_aggregates::test::{Details, Test, TestAction, TestCommand, TestError, TestOrigin};
use aegis_projections::store::{Executed, Origin};
use async_graphql::{Context, ID, InputObject, Object};
use chrono::Utc;
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;

/// A campaign to be copied.
#[derive(InputObject, Serialize)]
pub struct CloneCampaignInput {
    id: ID,
    /// The name of the copy; the old one and "(copy)" if left out.
    name: Option<String>,
    client_mutation_id: Option<Uuid>,
}

mutation::payload!(
    /// The copy.
    CloneCampaignPayload { campaign: Option<Campaign> }
);

#[derive(Default)]
pub struct CampaignCloneMutation;

#[Object]
impl CampaignCloneMutation {
    /// Copies a campaign in any state into a draft, with fresh drafts of its tests.
    async fn clone_campaign(
        &self,
        ctx: &Context<'_>,
        input: CloneCampaignInput,
    ) -> Result<CloneCampaignPayload, ApiError> {
        let (services, by) = acting(ctx)?;
        let source = id_of(&input.id)?;
        let origin = mutation::origin(ctx, "cloneCampaign", input.client_mutation_id, &input)?;
        let command = input.client_mutation_id.unwrap_or_else(Uuid::now_v7);
        let copy = CampaignId(Uuid::new_v5(&source, command.as_bytes()));
        if let Some(first) = services.store.repeated::<domain::CampaignError>(&origin).await? {
            let (written, campaign) = made(ctx, mutation::settle(services, first).await?).await?;
            return Ok(CloneCampaignPayload::written(written, campaign));
        }
        let held = services.store.load::<domain::Campaign>(&source.to_string()).await?;
        let Some(plan) = held.plan().map(domain::Plan::for_clone) else {
            return Err(ApiError::NotFound("campaign"));
        };
        let plan = domain::Plan { name: input.name.clone().unwrap_or(plan.name), ..plan };
        let links: Vec<CampaignTest> = held.ordered_tests().into_iter().cloned().collect();
        let tests = links
            .iter()
            .map(|link| NewCampaignTest {
                test: copied_test_id(copy, link.test),
                order: Some(link.order),
                phase: link.phase.clone(),
                depends_on: link.depends_on.iter().map(|needed| copied_test_id(copy, *needed)).collect(),
            })
            .collect();
        let command = CampaignCommand {
            by,
            at: Utc::now(),
            expected_version: None,
            labels: Labels::new(),
            action: CampaignAction::Create {
                plan,
                tests,
                origin: Some(CampaignOrigin::Clone { of: CampaignId(source) }),
            },
        };
        // A copy that will be refused leaves no drafts behind.
        if let Err(refusal) = domain::Campaign::default().decide(command.clone()) {
            return Ok(CloneCampaignPayload::refused(vec![UserError::refused(&refusal)]));
        }
        let errors = draft_copies(services, by, &origin, copy, &links).await?;
        if !errors.is_empty() {
            return Ok(CloneCampaignPayload::refused(errors));
        }
        let executed =
            services.store.execute::<domain::Campaign>(&copy.to_string(), command, &origin).await?;
        let (written, campaign) = made(ctx, mutation::settle(services, executed).await?).await?;
        Ok(CloneCampaignPayload::written(written, campaign))
    }
}

/// Drafts a copy of each test that has none yet; says which were refused.
async fn draft_copies(
    services: &Services,
    by: Actor,
    origin: &Origin,
    copy: CampaignId,
    links: &[CampaignTest],
) -> Result<Vec<UserError>, ApiError> {
    let ids: Vec<String> = links.iter().map(|link| link.test.to_string()).collect();
    let sources: HashMap<String, Test> = services.store.load_all(&ids).await?;
    let policy = services.review_policy().await?;
    let names = labels::labels(services, &links.iter().map(|link| link.test).collect()).await?;
    let called = |test: &TestId| names.get(test).cloned().unwrap_or_else(|| test.to_string());
    let mut errors = vec![];
    for link in links {
        let source = sources.get(&link.test.to_string());
        let Some((source, details)) = source.and_then(|test| Some((test, test.details()?))) else {
            errors.push(UserError::invalid("id", format!("{} does not exist any more", called(&link.test))));
            continue;
        };
        // When a copy is due is for whoever plans it.
        let details = Details { due_on: None, ..details.clone() };
        let action = TestAction::Copy {
            details,
            origin: TestOrigin::Campaign { campaign: copy, copy_of: link.test },
            classification: source.classification(),
        };
        let command = TestCommand { by, at: Utc::now(), policy, expected_version: None, action };
        let id = copied_test_id(copy, link.test).to_string();
        // No command ids: that the copy is there already says the same.
        let origin = Origin { command: None, ..origin.clone() };
        match services.store.execute::<Test>(&id, command, &origin).await? {
            Executed::Committed(_)
            | Executed::Repeated(_)
            | Executed::Unchanged
            | Executed::Refused(TestError::AlreadyDrafted) => {}
            Executed::Refused(refusal) => {
                errors.push(UserError::invalid("id", format!("{}: {refusal}", called(&link.test))));
            }
            Executed::CommandReused => return Ok(vec![UserError::command_reused()]),
        }
    }
    Ok(errors)
}
