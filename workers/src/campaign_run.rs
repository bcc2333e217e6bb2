//! The job that makes a run of a campaign: fresh drafts of its tests, then the campaign, then it is begun.
//!
//! Safe to run twice, and to go on where another worker was killed: every id follows
//! from the run, and what is there already stays. The parent is copied as it was when the run came due, so
//! that all attempts copy the same. Techniques are taken over as they are: one that
//! was revoked since is followed by the read models, as for any older test.

use crate::job::{Done, JobError, Progress, Tools};
use aegis_aggregates::actor::Actor;
use aegis_aggregates::campaign::{
    Campaign, CampaignAction, CampaignCommand, CampaignError, CampaignOrigin, CampaignTest, Labels,
    NewCampaignTest, Plan, Waits, copied_test_id,
};
use aegis_aggregates::ids::{AccountId, CampaignId, TestId};
use aegis_aggregates::policy::ReviewPolicy;
use aegis_aggregates::test::{Details, Test, TestAction, TestCommand, TestError, TestOrigin};
use aegis_projections::jobs::{Hold, JobRecord};
use aegis_projections::store::{Executed, Origin};
use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

/// What kind of work this is.
pub const KIND: &str = "campaign_run";

/// What a due run asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRequest {
    /// The campaign with the schedule.
    pub parent: CampaignId,
    /// The parent's event that says so: it is copied as it was then.
    pub sequence: i64,
    /// The campaign to be made.
    pub child: CampaignId,
    /// The local time it was due at.
    pub due: NaiveDateTime,
    /// Whether it was recorded late.
    pub late: bool,
    /// Who had set the schedule.
    pub on_behalf_of: AccountId,
}

/// What came of it, as the job shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunResult {
    /// The campaign that was made.
    pub campaign: CampaignId,
    /// Its tests.
    pub tests: usize,
}

/// One line for people.
pub fn title(request: &RunRequest) -> String {
    format!("Make the campaign run due {}", request.due.format("%Y-%m-%d %H:%M"))
}

/// Makes the run of a request.
///
/// # Errors
/// [`JobError`].
pub async fn run(
    tools: &Tools,
    record: &JobRecord,
    hold: &Hold,
    progress: &Progress,
) -> Result<Done, JobError> {
    let request: RunRequest = serde_json::from_value(record.request.clone())
        .map_err(|error| JobError::Final(format!("the request does not read: {error}")))?;
    let parent_id = request.parent.to_string();
    let parent =
        tools.store.load_at::<Campaign>(&parent_id, request.sequence).await.map_err(JobError::transient)?;
    let Some(plan) = parent.plan().map(|plan| plan.for_run(request.due)) else {
        return Err(JobError::Final(format!("there is no campaign {parent_id}")));
    };
    let links: Vec<CampaignTest> = parent.ordered_tests().into_iter().cloned().collect();
    let mut origin = Origin::new(Actor::SYSTEM);
    origin.causation = Some(format!("job:{}", record.job));
    let making = Making { tools, origin, request };

    // The tests, then the campaign and its beginning.
    let total = i64::try_from(links.len()).unwrap_or(i64::MAX).saturating_add(2);
    let mut done = 0;
    for link in &links {
        progress.check()?;
        progress.show(done, Some(total), format!("Drafting test {} of {}", done + 1, links.len()));
        making.draft(&plan, link).await?;
        done += 1;
    }
    progress.show(done, Some(total), "Writing the campaign down");
    progress.confirm(&tools.pool, hold).await?;
    making.create(plan, &links).await?;
    progress.show(done + 1, Some(total), "Beginning it");
    making.activate().await?;
    progress.show(total, Some(total), "Made");

    let result = RunResult { campaign: making.request.child, tests: links.len() };
    let result = serde_json::to_value(result).map_err(|error| JobError::Final(error.to_string()))?;
    Ok(Done { result, refused: 0, rejects: vec![] })
}

struct Making<'a> {
    tools: &'a Tools,
    origin: Origin,
    request: RunRequest,
}

impl Making<'_> {
    /// A fresh draft of a test, if an attempt before this one has not made it.
    async fn draft(&self, plan: &Plan, link: &CampaignTest) -> Result<(), JobError> {
        let source = link.test.to_string();
        let held = self.tools.store.load::<Test>(&source).await.map_err(JobError::transient)?;
        let Some(details) = held.details() else {
            return Err(JobError::Final(format!(
                "there is no test {source}, which the campaign should copy"
            )));
        };
        let command = TestCommand {
            by: Actor::SYSTEM,
            at: self.tools.calendar.now(),
            policy: ReviewPolicy::default(),
            expected_version: None,
            action: TestAction::Copy {
                // What was due by a day then is due by the end of the run now.
                details: Details { due_on: plan.ends_on, ..details.clone() },
                origin: TestOrigin::Campaign { campaign: self.request.child, copy_of: link.test },
                classification: held.classification(),
            },
        };
        let copy = self.copy_of(link.test).to_string();
        let executed = self
            .tools
            .store
            .execute::<Test>(&copy, command, &self.origin)
            .await
            .map_err(JobError::transient)?;
        match executed {
            Executed::Committed(_) | Executed::Repeated(_) | Executed::Unchanged => Ok(()),
            Executed::Refused(TestError::AlreadyDrafted) => Ok(()),
            Executed::Refused(refusal) => {
                Err(JobError::Final(format!("the copy of test {source} was refused: {refusal}")))
            }
            Executed::CommandReused => Err(reused()),
        }
    }

    async fn create(&self, plan: Plan, links: &[CampaignTest]) -> Result<(), JobError> {
        let RunRequest { parent, due, late, on_behalf_of, .. } = self.request.clone();
        let tests = links
            .iter()
            .map(|link| NewCampaignTest {
                test: self.copy_of(link.test),
                order: Some(link.order),
                phase: link.phase.clone(),
                depends_on: link.depends_on.iter().map(|needed| self.copy_of(*needed)).collect(),
            })
            .collect();
        let origin = Some(CampaignOrigin::Run { parent, due, late, on_behalf_of });
        match self.ask(CampaignAction::Create { plan, tests, origin }).await? {
            None | Some(CampaignError::AlreadyCreated) => Ok(()),
            Some(refusal) => Err(JobError::Final(format!("the run was refused: {refusal}"))),
        }
    }

    /// Begins the run. Where somebody has begun it, emptied it or put it away since, that stands.
    async fn activate(&self) -> Result<(), JobError> {
        // Its tests are copies of its own, which other campaigns say nothing about.
        match self.ask(CampaignAction::Activate { beside: Waits::new() }).await? {
            None | Some(CampaignError::WrongState { .. } | CampaignError::NoTests { .. }) => Ok(()),
            Some(refusal) => Err(JobError::Final(format!("the run could not be begun: {refusal}"))),
        }
    }

    /// Asks the run; says which rule refused.
    async fn ask(&self, action: CampaignAction) -> Result<Option<CampaignError>, JobError> {
        let command = CampaignCommand {
            by: Actor::SYSTEM,
            at: self.tools.calendar.now(),
            expected_version: None,
            labels: Labels::new(),
            action,
        };
        let child = self.request.child.to_string();
        let executed = self
            .tools
            .store
            .execute::<Campaign>(&child, command, &self.origin)
            .await
            .map_err(JobError::transient)?;
        match executed {
            Executed::Committed(_) | Executed::Repeated(_) | Executed::Unchanged => Ok(None),
            Executed::Refused(refusal) => Ok(Some(refusal)),
            Executed::CommandReused => Err(reused()),
        }
    }

    fn copy_of(&self, test: TestId) -> TestId {
        copied_test_id(self.request.child, test)
    }
}

fn reused() -> JobError {
    JobError::Final("its command was recorded before with other content".to_owned())
}
