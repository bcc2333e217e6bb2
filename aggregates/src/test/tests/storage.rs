//! Putting tests away, taking them out, and saying how confidential they are.

use super::*;

fn restored(by: Actor) -> TestEvent {
    TestEvent::TestRestored { by: by.account, at: now() }
}

fn classify(classification: Classification) -> TestAction {
    TestAction::Classify(classification)
}

#[test]
fn drafts_and_rejected_tests_are_archived() {
    for history in [drafted(), rejected(), second_round()] {
        given(history).when(ask(BLUE_LEAD, archive())).then_expect_events(vec![archived(BLUE_LEAD)]);
    }
    let others = [
        (executing(), TestState::RedExecuting),
        (evaluating(), TestState::BlueEvaluating),
        (in_review(), TestState::InReview),
        (validated(), TestState::Validated),
    ];
    for (history, state) in others {
        given(history).when(ask(ADMIN, archive())).then_expect_error(wrong_state(
            "be archived",
            state,
            "a draft or a rejected test",
        ));
    }
}

#[test]
fn technicians_archive_what_they_drafted() {
    given(drafted()).when(ask(RED_TECH, archive())).then_expect_error(TestError::NotOwnDraft);
    let own = TestEvent::TestDrafted { by: RED_TECH.account, details: details(), origin: None };
    given(vec![own.clone()]).when(ask(RED_TECH, archive())).then_expect_events(vec![archived(RED_TECH)]);
    given(vec![own, archived(RED_TECH)])
        .when(ask(BLUE_TECH, TestAction::Restore))
        .then_expect_error(TestError::NotOwnDraft);
}

#[test]
fn an_archived_test_takes_nothing_but_its_return() {
    let put_away = with(drafted(), [archived(RED_LEAD)]);
    for action in [start(), archive(), TestAction::Revise(details().into()), classify(Classification::Public)]
    {
        given(put_away.clone()).when(ask(ADMIN, action)).then_expect_error(TestError::Archived);
    }
    given(put_away.clone())
        .when(ask(ADMIN, TestAction::AddEvidence(evidence(1, Side::Red))))
        .then_expect_error(TestError::Archived);
    given(put_away.clone())
        .when(ask(RED_LEAD, TestAction::Restore))
        .then_expect_events(vec![restored(RED_LEAD)]);
    given(with(put_away, [restored(RED_LEAD)]))
        .when(ask(RED_TECH, start()))
        .then_expect_events(vec![started(1, RED_TECH)]);
    given(drafted()).when(ask(RED_LEAD, TestAction::Restore)).then_expect_error(TestError::NotArchived);
}

#[test]
fn an_admin_classifies_a_test_in_any_state() {
    let classified =
        |classification| TestEvent::TestClassified { by: ADMIN.account, at: now(), classification };
    for history in [drafted(), validated()] {
        given(history.clone())
            .when(ask(ADMIN, classify(Classification::Restricted)))
            .then_expect_events(vec![classified(Classification::Restricted)]);
        given(history.clone())
            .when(ask(ADMIN, classify(Classification::Internal)))
            .then_expect_events(vec![]);
        given(history)
            .when(ask(RED_LEAD, classify(Classification::Public)))
            .then_expect_error(TestError::ClassifiedByAdmins);
    }
}

#[test]
fn a_copy_is_as_confidential_as_what_it_copies() {
    let origin = TestOrigin::Clone { of: TestId(uuid::Uuid::from_u128(77)) };
    let copy =
        |classification| ask(RED_TECH, TestAction::Copy { details: details(), origin, classification });
    let drafted = TestEvent::TestDrafted { by: RED_TECH.account, details: details(), origin: Some(origin) };
    let classification = Classification::Restricted;
    let classified = TestEvent::TestClassified { by: RED_TECH.account, at: now(), classification };
    given(vec![]).when(copy(classification)).then_expect_events(vec![drafted.clone(), classified]);
    given(vec![]).when(copy(Classification::default())).then_expect_events(vec![drafted.clone()]);
    given(vec![drafted]).when(copy(classification)).then_expect_error(TestError::AlreadyDrafted);
}
