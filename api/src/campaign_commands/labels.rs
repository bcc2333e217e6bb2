//! Tests as people call them: `#12`. Refusals name tests so, and what has no number does not exist.

use super::input::NewCampaignTestInput;
use crate::context::Services;
use crate::error::{ApiError, UserError};
use crate::page::local_id;
use aegis_aggregates::campaign::{Campaign, Labels, NewCampaignTest};
use aegis_aggregates::ids::TestId;
use aegis_projections::campaigns;
use async_graphql::ID;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Tests of one request at most: what a campaign takes, and some for a refusal to count.
const MOST: usize = 1_000;

/// Tests that exist, with what all tests of the campaign are called.
pub(super) struct Named {
    pub(super) tests: Vec<NewCampaignTest>,
    pub(super) labels: Labels,
}

impl Named {
    /// Reads the tests of a request about a campaign, or a new one.
    pub(super) async fn new(
        services: &Services,
        campaign: Option<Uuid>,
        input: &[NewCampaignTestInput],
        errors: &mut Vec<UserError>,
    ) -> Result<Self, ApiError> {
        if input.len() > MOST {
            return Err(ApiError::LimitExceeded(format!(
                "At most {MOST} tests can be named in one request."
            )));
        }
        let mut tests = Vec::with_capacity(input.len());
        for test in input {
            let needed = test.depends_on.iter().flatten().map(|id| test_of("dependsOn", id));
            let read = test_of("testId", &test.test_id)
                .and_then(|id| Ok((id, needed.collect::<Result<BTreeSet<_>, _>>()?)));
            match read {
                Ok((id, depends_on)) => tests.push(NewCampaignTest {
                    test: id,
                    order: test.order,
                    phase: test.phase.clone(),
                    depends_on,
                }),
                Err(error) => errors.push(error),
            }
        }
        let mut known: BTreeSet<TestId> =
            tests.iter().flat_map(|test| test.depends_on.iter().chain([&test.test]).copied()).collect();
        if let Some(campaign) = campaign {
            let held = services.store.load::<Campaign>(&campaign.to_string()).await?;
            known.extend(held.tests().keys());
        }
        let labels = labels(services, &known).await?;
        for (field, id) in tests.iter().flat_map(|test| {
            let needed = test.depends_on.iter().map(|id| ("dependsOn", id));
            [("testId", &test.test)].into_iter().chain(needed)
        }) {
            if !labels.contains_key(id) {
                errors.push(UserError::invalid(field, format!("there is no test {id}")));
            }
        }
        Ok(Self { tests, labels })
    }
}

/// What tests are called; those that do not exist are left out.
pub(super) async fn labels(services: &Services, tests: &BTreeSet<TestId>) -> Result<Labels, ApiError> {
    let ids: Vec<Uuid> = tests.iter().map(|test| test.0).collect();
    let numbers = campaigns::labels(&services.pool, &ids, services.tide.position()).await?;
    Ok(numbers.into_iter().map(|(id, number)| (TestId(id), format!("#{number}"))).collect())
}

fn test_of(field: &str, id: &ID) -> Result<TestId, UserError> {
    local_id(id, "Test")
        .and_then(|id| id.parse().ok())
        .ok_or_else(|| UserError::invalid(field, format!("'{}' is not the id of a test", id.as_str())))
}
