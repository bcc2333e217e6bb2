//! From what a remediation is opened, and by whom.

use super::*;

#[test]
fn it_is_opened_from_a_validated_test_that_was_not_detected() {
    given(vec![]).when(ask(BLUE_LEAD, open_with(missed()))).then_expect_events(opened());
}

#[test]
fn it_is_opened_from_a_partly_detected_test_too() {
    let facts = facts(TestState::Validated, Some(DetectionResult::PartiallyDetected));
    let events = Remediation::default().decide(ask(ADMIN, open_with(facts))).expect("opened");
    let result = DetectionResult::PartiallyDetected;
    assert!(matches!(&events[..], [RemediationEvent::RemediationOpened { result: r, .. }] if *r == result));
}

#[test]
fn a_detected_test_leaves_nothing_to_remedy() {
    let facts = facts(TestState::Validated, Some(DetectionResult::Detected));
    given(vec![]).when(ask(BLUE_LEAD, open_with(facts))).then_expect_error(RemediationError::TestDetected);
}

#[test]
fn a_test_that_is_not_validated_opens_none() {
    for state in TestState::ALL.into_iter().filter(|state| *state != TestState::Validated) {
        for result in [None, Some(DetectionResult::NotDetected)] {
            given(vec![])
                .when(ask(BLUE_LEAD, open_with(facts(state, result))))
                .then_expect_error(RemediationError::TestNotValidated { state });
        }
    }
}

#[test]
fn only_leads_and_admins_open_one() {
    for by in [RED_LEAD, BLUE_LEAD, ADMIN] {
        assert!(Remediation::default().decide(ask(by, open_with(missed()))).is_ok(), "{by:?}");
    }
    // The plan names the assignee, but there is nothing to work on yet.
    for by in [RED_TECH, BLUE_TECH, VIEWER, ASSIGNEE] {
        given(vec![])
            .when(ask(by, open_with(missed())))
            .then_expect_error(RemediationError::NotALead { action: "open a remediation" });
    }
}

#[test]
fn it_is_opened_once() {
    given(opened())
        .when(ask(BLUE_LEAD, open_with(missed())))
        .then_expect_error(RemediationError::AlreadyOpened);
}

#[test]
fn nothing_happens_to_a_remediation_that_was_never_opened() {
    let wishes = [
        RemediationAction::Revise(PlanRevision::default()),
        RemediationAction::Assign { assignee: None },
        add_step(1),
        set_status(1, StepStatus::Done),
        RemediationAction::RemoveStep { step: step_id(1) },
        RemediationAction::Start,
        block(),
        RemediationAction::Unblock,
        complete(),
        accept_risk(),
        RemediationAction::ExpireRisk,
        record_retest(1, 1),
        RemediationAction::RecordNoRetest { completion: 1, reason: "limit".to_owned() },
        record_outcome(1, DetectionResult::Detected),
        reopen(),
    ];
    for action in wishes {
        given(vec![]).when(ask(ADMIN, action)).then_expect_error(RemediationError::NotOpened);
    }
}

#[test]
fn the_plan_is_held_to_its_limits() {
    let open = |plan| ask(BLUE_LEAD, RemediationAction::Open { test: missed(), plan });
    let refused = |plan, error| given(vec![]).when(open(plan)).then_expect_error(error);
    refused(Plan { title: " ".to_owned(), ..plan() }, TextError::Missing { field: "title" }.into());
    let too_long = TextError::TooLong { field: "description", chars: 20_001, limit: 20_000 };
    refused(Plan { description: "a".repeat(20_001), ..plan() }, too_long.into());
    let tags = (0..21).map(|n| n.to_string()).collect();
    refused(Plan { tags, ..plan() }, RemediationError::TooManyTags { count: 21, limit: 20 });
    let far = NaiveDate::from_ymd_opt(10_000, 1, 1);
    refused(Plan { due_on: far, ..plan() }, RemediationError::OutOfCalendar { field: "dueDate" });
}
