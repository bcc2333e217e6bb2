//! The job that tells a remediation how its retest went.
//!
//! Safe to run twice: a remediation takes an outcome once. It may run before the job that made the
//! retest has told the remediation of it, so it tells that first.

use crate::job::{Done, JobError, Progress, Tools};
use crate::retest::Asking;
use aegis_aggregates::ids::{RemediationId, TestId};
use aegis_aggregates::remediation::RemediationAction;
use aegis_aggregates::test::DetectionResult;
use aegis_projections::jobs::{Hold, JobRecord};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What kind of work this is.
pub const KIND: &str = "retest_outcome";

/// What a validated retest asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeRequest {
    /// The retest.
    pub retest: TestId,
    /// The first test of the chain.
    pub original: TestId,
    /// The remediation that called for the retest.
    pub remediation: RemediationId,
    /// How well blue saw the attack.
    pub result: DetectionResult,
}

impl OutcomeRequest {
    /// The id of the one job there is for it: a test is validated once.
    pub fn job(&self) -> Uuid {
        Uuid::new_v5(&self.retest.0, KIND.as_bytes())
    }

    /// One line for people.
    pub fn title(&self) -> String {
        format!("Tell a remediation that its retest was {}", self.result.as_str().replace('_', " "))
    }
}

/// Tells the remediation.
///
/// # Errors
/// [`JobError`].
pub async fn run(
    tools: &Tools,
    record: &JobRecord,
    hold: &Hold,
    progress: &Progress,
) -> Result<Done, JobError> {
    let request: OutcomeRequest = serde_json::from_value(record.request.clone())
        .map_err(|error| JobError::Final(format!("the request does not read: {error}")))?;
    let OutcomeRequest { retest, original, remediation, result } = request;
    let asking = Asking::new(tools, record);
    progress.show(0, Some(1), "Telling the remediation");
    let held = asking.test(original).await?;
    let Some(scheduled) = held.retests().iter().find(|held| held.retest == retest) else {
        return Err(JobError::Final(format!("test {original} knows of no retest {retest}")));
    };
    progress.confirm(&tools.pool, hold).await?;
    asking.tell(*scheduled).await?;
    asking.remediation(remediation, RemediationAction::RecordRetestOutcome { retest, result }).await?;
    progress.show(1, Some(1), "Done");
    let result = serde_json::json!({ "remediation": remediation, "result": result });
    Ok(Done { result, refused: 0, rejects: vec![] })
}
