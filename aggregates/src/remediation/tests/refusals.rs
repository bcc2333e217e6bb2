//! How each refusal is answered: its kind, its field, its words.

use super::*;
use crate::refusal::{Refusal, RefusalKind};

/// Every variant with a sample and its answer. The match inside has an arm
/// for each listed variant and no other, so a new one stops the build here.
macro_rules! answers {
    ($($variant:ident $fields:tt => $sample:expr, $kind:ident, $field:expr, $words:expr;)+) => {
        fn answers() -> Vec<(RemediationError, RefusalKind, Option<&'static str>, &'static str)> {
            fn _listed(error: &RemediationError) {
                match error {
                    $(RemediationError::$variant $fields => (),)+
                }
            }
            let answers = vec![$(($sample, RefusalKind::$kind, $field, $words)),+];
            $(assert!(answers.iter().any(|(error, ..)| matches!(error, RemediationError::$variant $fields)));)+
            answers
        }
    };
}

answers! {
    NotOpened {} => RemediationError::NotOpened, InvalidState, Some("id"),
        "there is no such remediation";
    AlreadyOpened {} => RemediationError::AlreadyOpened, InvalidState, None,
        "the remediation exists already";
    StaleVersion { .. } => RemediationError::StaleVersion { expected: 3, actual: 5 }, Conflict,
        Some("expectedVersion"),
        "the remediation has changed: version 3 was expected, it is at 5";
    TestNotValidated { .. } => RemediationError::TestNotValidated { state: TestState::InReview }, InvalidState,
        Some("testId"),
        "a remediation is opened from a validated test; this one is in review";
    TestDetected {} => RemediationError::TestDetected, InvalidState, Some("testId"),
        "the test was fully detected, so there is nothing to remedy";
    WrongState { .. } => wrong_state("be started", RemediationState::RiskAccepted, "an open one"), InvalidState,
        None,
        "a remediation that is risk accepted cannot be started; that takes an open one";
    NotALead { .. } => RemediationError::NotALead { action: "accept a risk" }, InvalidState, None,
        "only leads and admins may accept a risk";
    NotAtWork { .. } => RemediationError::NotAtWork { action: "start it" }, InvalidState, None,
        "only leads, admins, blue technicians and the assignee may start it; viewers may not";
    StepsLeft { .. } => {
        RemediationError::StepsLeft { titles: ["a", "b", "c", "d", "e", "f"].map(str::to_owned).to_vec() }
    }, InvalidState, None,
        "not all steps are done: 'a', 'b', 'c', 'd', 'e' and 1 more";
    NoSuchStep { .. } => RemediationError::NoSuchStep { step: StepId(Uuid::nil()) }, InvalidState,
        Some("stepId"),
        "the remediation has no step 00000000-0000-0000-0000-000000000000";
    StepExists { .. } => RemediationError::StepExists { step: StepId(Uuid::nil()) }, InvalidState,
        Some("stepId"),
        "the remediation has a step 00000000-0000-0000-0000-000000000000 already";
    TooManySteps { .. } => RemediationError::TooManySteps { limit: 50 }, InvalidState, None,
        "a remediation has at most 50 steps";
    Text { .. } => RemediationError::Text(TextError::Missing { field: "reason" }), InvalidInput, Some("reason"),
        "reason must not be empty";
    TooManyTags { .. } => RemediationError::TooManyTags { count: 21, limit: 20 }, InvalidInput, Some("tags"),
        "there are 21 tags; at most 20 are allowed";
    OutOfCalendar { .. } => RemediationError::OutOfCalendar { field: "dueDate" }, InvalidInput,
        Some("dueDate"),
        "dueDate lies outside the years 1 to 9999";
    ExpiresTooSoon { .. } => RemediationError::ExpiresTooSoon { day: day("2026-03-02") }, InvalidInput,
        Some("expiresOn"),
        "expiresOn must lie in the future: 2026-03-02 does not (days are by UTC)";
    ExpiresTooLate { .. } => RemediationError::ExpiresTooLate { latest: day("2029-03-02") }, InvalidInput,
        Some("expiresOn"),
        "a risk is accepted for at most 3 years: until 2029-03-02";
    NoSuchCompletion { .. } => RemediationError::NoSuchCompletion { completion: 2 }, InvalidState, None,
        "the remediation was not completed 2 times";
    NoSuchRetest {} => RemediationError::NoSuchRetest, InvalidState, None,
        "the test is no retest of this remediation";
}

#[test]
fn each_refusal_has_its_kind_its_field_and_its_words() {
    for (error, kind, field, words) in answers() {
        assert_eq!((error.kind(), error.field(), error.to_string().as_str()), (kind, field, words));
    }
}

#[test]
fn a_few_steps_that_are_left_are_all_named() {
    let titles = ["a", "b"].map(str::to_owned).to_vec();
    assert_eq!(RemediationError::StepsLeft { titles }.to_string(), "not all steps are done: 'a', 'b'");
}
