//! What the worker tells of retests.

use super::*;
use DetectionResult::{Detected, NotDetected, PartiallyDetected};

fn no_retest(completion: u32, reason: &str) -> RemediationAction {
    RemediationAction::RecordNoRetest { completion, reason: reason.to_owned() }
}

fn no_retest_event(completion: u32) -> RemediationEvent {
    RemediationEvent::RetestNotCreated { at: now(), completion, reason: "Three are enough.".to_owned() }
}

fn failed(number: u32, result: DetectionResult) -> RemediationEvent {
    RemediationEvent::RetestFailed { at: now(), retest: test_id(number.into()), result }
}

fn tell(action: RemediationAction) -> RemediationCommand {
    ask(Actor::SYSTEM, action)
}

#[test]
fn a_completion_leads_to_a_retest_once() {
    given(completed()).when(tell(record_retest(1, 1))).then_expect_events(vec![retest_created(1, 1)]);
    given(retesting()).when(tell(record_retest(1, 1))).then_expect_events(vec![]);
    assert_eq!(folded(retesting()).retests(), [Retest { number: 1, retest: test_id(1), completion: 1 }]);
}

#[test]
fn a_completion_beyond_the_limit_leads_to_none() {
    let silent = with(completed(), [no_retest_event(1)]);
    given(completed())
        .when(tell(no_retest(1, "Three are enough.")))
        .then_expect_events(vec![no_retest_event(1)]);
    given(silent.clone()).when(tell(no_retest(1, "Three are enough."))).then_expect_events(vec![]);
    // The first answer holds.
    given(silent).when(tell(record_retest(4, 1))).then_expect_events(vec![]);
    given(retesting()).when(tell(no_retest(1, "Three are enough."))).then_expect_events(vec![]);
}

#[test]
fn only_a_completion_that_happened_has_an_answer() {
    for completion in [0, 2] {
        let error = RemediationError::NoSuchCompletion { completion };
        given(completed()).when(tell(record_retest(1, completion))).then_expect_error(error.clone());
        given(completed()).when(tell(no_retest(completion, "x"))).then_expect_error(error);
    }
}

#[test]
fn a_retest_is_recorded_even_after_somebody_reopened() {
    let reason = "It came back.".to_owned();
    let reopened = RemediationEvent::RemediationReopened { by: RED_LEAD.account, at: now(), reason };
    given(with(completed(), [reopened]))
        .when(tell(record_retest(1, 1)))
        .then_expect_events(vec![retest_created(1, 1)]);
}

#[test]
fn a_detected_retest_verifies() {
    let event = RemediationEvent::RemediationVerified { at: now(), retest: test_id(1) };
    given(retesting()).when(tell(record_outcome(1, Detected))).then_expect_events(vec![event]);
    assert_eq!(folded(verified()).state(), RemediationState::Verified);
}

#[test]
fn a_retest_that_is_not_fully_detected_sends_it_back_to_work() {
    for result in [NotDetected, PartiallyDetected] {
        given(retesting()).when(tell(record_outcome(1, result))).then_expect_events(vec![failed(1, result)]);
        assert_eq!(folded(with(retesting(), [failed(1, result)])).state(), RemediationState::InProgress);
    }
}

#[test]
fn an_outcome_told_twice_is_recorded_once() {
    given(verified()).when(tell(record_outcome(1, Detected))).then_expect_events(vec![]);
    given(with(retesting(), [failed(1, NotDetected)]))
        .when(tell(record_outcome(1, NotDetected)))
        .then_expect_events(vec![]);
}

#[test]
fn an_outcome_that_nobody_waits_for_changes_nothing() {
    let reason = "It came back.".to_owned();
    let reopened = RemediationEvent::RemediationReopened { by: RED_LEAD.account, at: now(), reason };
    given(with(retesting(), [reopened])).when(tell(record_outcome(1, Detected))).then_expect_events(vec![]);
}

#[test]
fn only_the_retest_of_the_last_completion_decides() {
    let twice = with(retesting(), [failed(1, NotDetected), completed_event(2), retest_created(2, 2)]);
    given(twice.clone()).when(tell(record_outcome(1, Detected))).then_expect_events(vec![]);
    let event = RemediationEvent::RemediationVerified { at: now(), retest: test_id(2) };
    given(twice).when(tell(record_outcome(2, Detected))).then_expect_events(vec![event]);
    // Work that was done after the attack is not shown to be any good by it.
    let reason = "It came back.".to_owned();
    let reopened = RemediationEvent::RemediationReopened { by: RED_LEAD.account, at: now(), reason };
    let again = with(retesting(), [reopened, completed_event(2)]);
    given(again.clone()).when(tell(record_outcome(1, Detected))).then_expect_events(vec![]);
    given(with(again, [no_retest_event(2)]))
        .when(tell(record_outcome(1, Detected)))
        .then_expect_events(vec![]);
}

#[test]
fn the_outcome_of_a_test_that_is_no_retest_is_refused() {
    given(retesting())
        .when(tell(record_outcome(2, Detected)))
        .then_expect_error(RemediationError::NoSuchRetest);
}
