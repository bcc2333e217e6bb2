//! Two runs of a campaign, held against each other.

use super::{Campaign, CampaignsById, id_of, test_of};
use crate::context::Services;
use crate::error::ApiError;
use crate::tests::Test;
use aegis_projections::campaigns::{self, Change, ComparedTest};
use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, Enum, ID, Object};
use chrono::{DateTime, Utc};

/// How a test did in the second run against the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Change")]
pub enum RunChange {
    /// Seen better.
    Better,
    /// Seen less well.
    Worse,
    /// As well as before.
    Same,
    /// Only the second run has it.
    New,
    /// Only the first run has it.
    Gone,
    /// Not validated in both runs.
    Open,
}

/// Two runs of a campaign.
pub struct CampaignComparison {
    first: Campaign,
    second: Campaign,
    tests: Vec<ComparedTest>,
    at: i64,
}

impl CampaignComparison {
    fn count(&self, change: Change) -> usize {
        self.tests.iter().filter(|test| test.change() == change).count()
    }
}

#[Object]
impl CampaignComparison {
    async fn first(&self) -> &Campaign {
        &self.first
    }
    async fn second(&self) -> &Campaign {
        &self.second
    }
    async fn better(&self) -> usize {
        self.count(Change::Better)
    }
    async fn worse(&self) -> usize {
        self.count(Change::Worse)
    }
    async fn same(&self) -> usize {
        self.count(Change::Same)
    }
    #[graphql(name = "new")]
    async fn only_second(&self) -> usize {
        self.count(Change::New)
    }
    async fn gone(&self) -> usize {
        self.count(Change::Gone)
    }
    async fn open(&self) -> usize {
        self.count(Change::Open)
    }
    /// Test by test, in the order of the second run; what only the first has comes last.
    #[graphql(complexity = "crate::page::list_weight(super::TESTS_WEIGHT, child_complexity)")]
    async fn tests(&self) -> Vec<ComparedRunTest> {
        let compared = |test: &ComparedTest| ComparedRunTest { test: test.clone(), at: self.at };
        self.tests.iter().map(compared).collect()
    }
    /// The ledger position it is read at.
    async fn position(&self) -> i64 {
        self.at
    }
}

/// One test of the campaign in both runs.
pub struct ComparedRunTest {
    test: ComparedTest,
    at: i64,
}

#[Object]
impl ComparedRunTest {
    async fn change(&self) -> RunChange {
        self.test.change().into()
    }
    /// The test of the campaign that both are copies of.
    async fn source(&self, ctx: &Context<'_>) -> Result<Option<Test>, ApiError> {
        test_of(ctx, Some(self.test.source), self.at).await
    }
    async fn first(&self, ctx: &Context<'_>) -> Result<Option<Test>, ApiError> {
        test_of(ctx, self.test.first.as_ref().map(|test| test.test_id), self.at).await
    }
    async fn second(&self, ctx: &Context<'_>) -> Result<Option<Test>, ApiError> {
        test_of(ctx, self.test.second.as_ref().map(|test| test.test_id), self.at).await
    }
}

#[derive(Default)]
pub struct CampaignComparisonQuery;

#[Object]
impl CampaignComparisonQuery {
    /// Two runs of one campaign, held against each other test by test.
    async fn compare_campaign_runs(
        &self,
        ctx: &Context<'_>,
        first: ID,
        second: ID,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<CampaignComparison, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let at = services.position(as_of).await?;
        let loader = ctx.data_unchecked::<DataLoader<CampaignsById>>();
        let (one, other) = (id_of(&first)?, id_of(&second)?);
        let mut found = loader.load_many([(one, at), (other, at)]).await?;
        let mut take = |id| found.remove(&(id, at)).ok_or(ApiError::NotFound("campaign"));
        let first = take(one)?;
        if one == other {
            return Err(ApiError::InvalidInput("A run is not compared with itself.".to_owned()));
        }
        let second = take(other)?;
        if first.parent_id.is_none() || first.parent_id != second.parent_id {
            return Err(ApiError::InvalidInput("Both must be runs of the same campaign.".to_owned()));
        }
        let tests = campaigns::compare(&services.pool, one, other, at).await?;
        let (first, second) = (Campaign { record: first, at }, Campaign { record: second, at });
        Ok(CampaignComparison { first, second, tests, at })
    }
}
