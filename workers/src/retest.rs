//! The job that has a completed remediation tested again: the original test gives the retest its
//! number and its id, the retest is drafted, the remediation is told.
//!
//! Safe to run twice, and to go on where another worker was killed: each of the three steps
//! changes nothing the second time. How many retests there may be is judged by the original test
//! alone, so the limit holds whoever completes at the same time.

use crate::job::{Done, JobError, Progress, Tools};
use aegis_aggregates::actor::Actor;
use aegis_aggregates::ids::{RemediationId, TestId};
use aegis_aggregates::policy::ReviewPolicy;
use aegis_aggregates::remediation::{Remediation, RemediationAction, RemediationCommand, RemediationError};
use aegis_aggregates::test::{Details, Retest, Test, TestAction, TestCommand, TestError, TestOrigin};
use aegis_projections::jobs::{Hold, JobRecord};
use aegis_projections::store::{Executed, Origin};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What kind of work this is.
pub const KIND: &str = "retest";

/// What a completion asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetestRequest {
    /// The remediation that was completed.
    pub remediation: RemediationId,
    /// Which of its completions, from 1.
    pub completion: u32,
}

/// What came of it, as the job shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetestResult {
    /// The retest that was drafted, if one was.
    pub retest: Option<TestId>,
    /// Why none was.
    pub refused: Option<String>,
}

impl RetestRequest {
    /// The id of the one job there is for it.
    pub fn job(&self) -> Uuid {
        Uuid::new_v5(&self.remediation.0, format!("{KIND}/{}", self.completion).as_bytes())
    }

    /// One line for people.
    pub fn title(&self) -> String {
        format!("Draft the retest of a remediation (completion {})", self.completion)
    }
}

/// Has a completion tested again.
///
/// # Errors
/// [`JobError`].
pub async fn run(
    tools: &Tools,
    record: &JobRecord,
    hold: &Hold,
    progress: &Progress,
) -> Result<Done, JobError> {
    let request: RetestRequest = serde_json::from_value(record.request.clone())
        .map_err(|error| JobError::Final(format!("the request does not read: {error}")))?;
    let asking = Asking::new(tools, record);
    progress.show(0, Some(3), "Numbering the retest");
    let original = asking.original_of(request.remediation).await?;
    progress.confirm(&tools.pool, hold).await?;
    let result = match asking.schedule(original, request).await? {
        Ok(scheduled) => {
            progress.show(1, Some(3), "Drafting the retest");
            asking.draft(original, scheduled).await?;
            progress.show(2, Some(3), "Telling the remediation");
            asking.tell(scheduled).await?;
            RetestResult { retest: Some(scheduled.retest), refused: None }
        }
        Err(refusal) => {
            progress.show(2, Some(3), "Telling the remediation why there is none");
            let reason = refusal.to_string();
            let action =
                RemediationAction::RecordNoRetest { completion: request.completion, reason: reason.clone() };
            asking.remediation(request.remediation, action).await?;
            RetestResult { retest: None, refused: Some(reason) }
        }
    };
    progress.show(3, Some(3), "Done");
    let result = serde_json::to_value(result).map_err(|error| JobError::Final(error.to_string()))?;
    Ok(Done { result, refused: 0, rejects: vec![] })
}

/// Commands of one job.
pub(crate) struct Asking<'a> {
    tools: &'a Tools,
    origin: Origin,
}

impl<'a> Asking<'a> {
    pub(crate) fn new(tools: &'a Tools, record: &JobRecord) -> Self {
        let mut origin = Origin::new(Actor::SYSTEM);
        origin.causation = Some(format!("job:{}", record.job));
        Self { tools, origin }
    }

    /// The first test of the chain that a remediation belongs to.
    async fn original_of(&self, remediation: RemediationId) -> Result<TestId, JobError> {
        let held = self.tools.store.load::<Remediation>(&remediation.to_string()).await;
        let Some(test) = held.map_err(JobError::transient)?.test() else {
            return Err(JobError::Final(format!("there is no remediation {remediation}")));
        };
        Ok(match self.test(test).await?.origin() {
            Some(TestOrigin::Retest { original, .. }) => original,
            Some(TestOrigin::Template { .. } | TestOrigin::Clone { .. } | TestOrigin::Campaign { .. })
            | None => test,
        })
    }

    pub(crate) async fn test(&self, id: TestId) -> Result<Test, JobError> {
        self.tools.store.load::<Test>(&id.to_string()).await.map_err(JobError::transient)
    }

    /// Asks the original test for the number and the id of the retest; says which rule refused.
    async fn schedule(
        &self,
        original: TestId,
        request: RetestRequest,
    ) -> Result<Result<Retest, TestError>, JobError> {
        let RetestRequest { remediation, completion } = request;
        let limit = self.tools.max_retests;
        let action = TestAction::ScheduleRetest { original, remediation, completion, limit };
        if let Some(refusal) = self.ask_test(original, action).await? {
            return Ok(Err(refusal));
        }
        let asked = |held: &&Retest| (held.remediation, held.completion) == (remediation, completion);
        let scheduled = self.test(original).await?.retests().iter().find(asked).copied();
        scheduled
            .map(Ok)
            .ok_or_else(|| JobError::Final(format!("test {original} has no number for its retest")))
    }

    /// Drafts the retest, if an attempt before this one has not.
    async fn draft(&self, original: TestId, scheduled: Retest) -> Result<(), JobError> {
        let held = self.test(original).await?;
        let Some(details) = held.details() else {
            return Err(JobError::Final(format!("there is no test {original}")));
        };
        let mut details = Details { due_on: None, ..details.clone() };
        // What red did then is what red shall do again.
        if let Some(attack) = held.attack() {
            details.procedure.clone_from(&attack.procedure);
            details.tool.clone_from(&attack.tool);
        }
        let Retest { number, retest, remediation, .. } = scheduled;
        let origin = TestOrigin::Retest { original, number, remediation };
        let classification = held.classification();
        match self.ask_test(retest, TestAction::Copy { details, origin, classification }).await? {
            None | Some(TestError::AlreadyDrafted) => Ok(()),
            Some(refusal) => {
                Err(JobError::Final(format!("the retest of test {original} was refused: {refusal}")))
            }
        }
    }

    /// Tells the remediation of a retest.
    pub(crate) async fn tell(&self, scheduled: Retest) -> Result<(), JobError> {
        let Retest { number, retest, remediation, completion } = scheduled;
        let action = RemediationAction::RecordRetest { number, retest, completion };
        self.remediation(remediation, action).await
    }

    /// Asks a remediation for something that no rule should refuse.
    pub(crate) async fn remediation(
        &self,
        id: RemediationId,
        action: RemediationAction,
    ) -> Result<(), JobError> {
        let at = self.tools.calendar.now();
        let command = RemediationCommand { by: Actor::SYSTEM, at, expected_version: None, action };
        let executed: Executed<RemediationError> = self
            .tools
            .store
            .execute::<Remediation>(&id.to_string(), command, &self.origin)
            .await
            .map_err(JobError::transient)?;
        match executed {
            Executed::Committed(_) | Executed::Repeated(_) | Executed::Unchanged => Ok(()),
            Executed::Refused(refusal) => {
                Err(JobError::Final(format!("remediation {id} refused it: {refusal}")))
            }
            Executed::CommandReused => Err(reused()),
        }
    }

    async fn ask_test(&self, id: TestId, action: TestAction) -> Result<Option<TestError>, JobError> {
        let at = self.tools.calendar.now();
        // Neither numbering nor drafting is a matter of who reviews.
        let policy = ReviewPolicy::default();
        let command = TestCommand { by: Actor::SYSTEM, at, policy, expected_version: None, action };
        let executed = self
            .tools
            .store
            .execute::<Test>(&id.to_string(), command, &self.origin)
            .await
            .map_err(JobError::transient)?;
        match executed {
            Executed::Committed(_) | Executed::Repeated(_) | Executed::Unchanged => Ok(None),
            Executed::Refused(refusal) => Ok(Some(refusal)),
            Executed::CommandReused => Err(reused()),
        }
    }
}

fn reused() -> JobError {
    JobError::Final("its command was recorded before with other content".to_owned())
}
