//! How each refusal is answered: its kind, its field, its words.

use super::*;
use crate::refusal::{Refusal, RefusalKind};

/// Every variant with a sample and its answer. The match inside has an arm
/// for each listed variant and no other, so a new one stops the build here.
macro_rules! answers {
    ($($variant:ident $fields:tt => $sample:expr, $kind:ident, $field:expr, $words:expr;)+) => {
        fn answers() -> Vec<(TestError, RefusalKind, Option<&'static str>, &'static str)> {
            fn _listed(error: &TestError) {
                match error {
                    $(TestError::$variant $fields => (),)+
                }
            }
            let answers = vec![$(($sample, RefusalKind::$kind, $field, $words)),+];
            $(assert!(answers.iter().any(|(error, ..)| matches!(error, TestError::$variant $fields)));)+
            answers
        }
    };
}

answers! {
    NotDrafted {} => TestError::NotDrafted, InvalidState, Some("id"),
        "there is no such test";
    AlreadyDrafted {} => TestError::AlreadyDrafted, InvalidState, None,
        "the test exists already";
    StaleVersion { .. } => TestError::StaleVersion { expected: 3, actual: 5 }, Conflict, Some("expectedVersion"),
        "the test has changed: version 3 was expected, it is at 5";
    WrongState { .. } => wrong_state("be reopened", TestState::InReview, "a rejected test"), InvalidState, None,
        "a test that is in review cannot be reopened; that takes a rejected test";
    NotOwnDraft {} => TestError::NotOwnDraft, InvalidState, None,
        "a technician revises only tests of their own";
    Archived {} => TestError::Archived, InvalidState, None,
        "the test is archived; restore it first";
    NotArchived {} => TestError::NotArchived, InvalidState, None,
        "the test is not archived";
    WaitsFor { .. } => TestError::WaitsFor { tests: vec![TestId(Uuid::from_u128(1)), TestId(Uuid::from_u128(2))] },
        InvalidState, None,
        "the test waits for 2 tests that are not validated yet";
    OtherSidesWork { .. } => TestError::OtherSidesWork { side: Side::Blue }, InvalidState, None,
        "only the blue side and admins do that here";
    EvaluationStarted {} => TestError::EvaluationStarted, InvalidState, None,
        "the evaluation has been taken up already";
    RepeatsAnother {} => TestError::RepeatsAnother, InvalidState, Some("attackId"),
        "a retest and a test of a campaign run keep the technique of the test they repeat";
    RetestStays {} => TestError::RetestStays, InvalidState, None,
        "a retest is not archived: its remediation waits for what it shows";
    OtherVoteOutdated { .. } => TestError::OtherVoteOutdated { side: Side::Red }, InvalidState, None,
        "the red side approved before the evidence changed; it has to vote again first";
    Paused {} => TestError::Paused, InvalidState, None,
        "the work is paused already";
    NotPaused {} => TestError::NotPaused, InvalidState, None,
        "the work is not paused";
    ClassifiedByAdmins {} => TestError::ClassifiedByAdmins, InvalidState, None,
        "only an admin classifies a test";
    NoSuchEvidence {} => TestError::NoSuchEvidence, InvalidState, Some("evidence"),
        "there is no such evidence in this round";
    TooMuchEvidence { .. } => TestError::TooMuchEvidence { side: Side::Red, limit: 50 }, InvalidState,
        Some("evidence"),
        "the red side of this round has 50 files of evidence, the most it may have";
    EvidenceEmpty {} => TestError::EvidenceEmpty, InvalidInput, Some("evidence"),
        "the file is empty";
    EvidenceTooLarge { .. } => TestError::EvidenceTooLarge { bytes: 52_428_801 }, InvalidInput, Some("evidence"),
        "the file has 52428801 bytes; at most 52428800 are allowed (50 MB)";
    EvidenceChanged {} => TestError::EvidenceChanged, Conflict, Some("evidence"),
        "the evidence has changed since you looked at it; look again before you vote";
    RetestOfRetest { .. } => TestError::RetestOfRetest { original: TestId(Uuid::from_u128(1)) }, InvalidState, None,
        "this is a retest itself; retests are counted at the original, 00000000-0000-0000-0000-000000000001";
    RetestLimit { .. } => TestError::RetestLimit { limit: 3 }, InvalidState, None,
        "the test has been tested again 3 times, the most it may be";
    TechniqueSettled {} => TestError::TechniqueSettled, InvalidState, Some("attackId"),
        "the technique of a test can only change while the test is a draft in its first round";
    NoAttackRecorded {} => TestError::NoAttackRecorded, InvalidState, None,
        "the attack has not been recorded in this round";
    NoDetectionRecorded {} => TestError::NoDetectionRecorded, InvalidState, None,
        "the detection has not been recorded in this round";
    OtherSidesVote { .. } => TestError::OtherSidesVote { side: Side::Blue }, InvalidState, Some("side"),
        "a lead does not vote for the other side";
    VotedBySomebodyElse {} => TestError::VotedBySomebodyElse, InvalidState, None,
        "this side's vote was cast by somebody else; only that person may replace it";
    FillsBothSides {} => TestError::FillsBothSides, InvalidState, None,
        "one person never fills both sides of a round, and you have acted for the other side";
    ApprovesOwnWork {} => TestError::ApprovesOwnWork, InvalidState, None,
        "who executed or evaluated a round does not approve it";
    Text { .. } => TestError::Text(TextError::TooLong { field: "tool", chars: 201, limit: 200 }), InvalidInput,
        Some("tool"),
        "tool is 201 characters long; at most 200 are allowed";
    TooManyTags { .. } => TestError::TooManyTags { count: 21, limit: 20 }, InvalidInput, Some("tags"),
        "there are 21 tags; at most 20 are allowed";
    OutOfCalendar { .. } => TestError::OutOfCalendar { field: "dueDate" }, InvalidInput, Some("dueDate"),
        "dueDate lies outside the years 1 to 9999";
    InFuture { .. } => TestError::InFuture { field: "startedAt" }, InvalidInput, Some("startedAt"),
        "startedAt lies in the future";
    BeforeStart { .. } => TestError::BeforeStart { field: "endedAt" }, InvalidInput, Some("endedAt"),
        "endedAt lies before the attack began";
    DetectedBeforeAttack { .. } => TestError::DetectedBeforeAttack { field: "alertedAt" }, InvalidInput,
        Some("alertedAt"),
        "alertedAt lies before the attack; say in the clock-skew note why, if it is right";
    DetectionWithoutTime {} => TestError::DetectionWithoutTime, InvalidInput, Some("detectedAt"),
        "a detection needs the time it was detected at";
    TimeWithoutDetection {} => TestError::TimeWithoutDetection, InvalidInput, Some("detectedAt"),
        "an attack that was not detected has no detection time";
    ContainmentWithoutTime {} => TestError::ContainmentWithoutTime, InvalidInput, Some("containedAt"),
        "a containment needs the time it was contained at";
    TimeWithoutContainment {} => TestError::TimeWithoutContainment, InvalidInput, Some("containedAt"),
        "an attack that was not contained has no containment time";
}

#[test]
fn each_refusal_has_its_kind_its_field_and_its_words() {
    for (error, kind, field, words) in answers() {
        assert_eq!((error.kind(), error.field(), error.to_string().as_str()), (kind, field, words));
    }
}
