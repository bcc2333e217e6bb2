//! Pauses of red and blue work, and blue taking a test up.

use super::*;

fn pause() -> TestAction {
    TestAction::PauseWork { reason: "The lab is down.".to_owned() }
}

fn paused(side: Side, by: Actor) -> TestEvent {
    let reason = "The lab is down.".to_owned();
    TestEvent::WorkPaused { round: 1, side, by: by.account, at: now(), reason }
}

fn resumed(side: Side, by: Actor) -> TestEvent {
    TestEvent::WorkResumed { round: 1, side, by: by.account, at: now() }
}

fn taken_up(by: Actor) -> TestEvent {
    TestEvent::EvaluationStarted { round: 1, by: by.account, at: now() }
}

#[test]
fn the_side_at_work_pauses_and_goes_on() {
    for (history, side, by) in [(attacked(), Side::Red, RED_TECH), (evaluated(), Side::Blue, BLUE_LEAD)] {
        given(history.clone()).when(ask(by, pause())).then_expect_events(vec![paused(side, by)]);
        let standing = with(history, [paused(side, by)]);
        given(standing.clone()).when(ask(ADMIN, pause())).then_expect_error(TestError::Paused);
        given(standing)
            .when(ask(ADMIN, TestAction::ResumeWork))
            .then_expect_events(vec![resumed(side, ADMIN)]);
    }
}

#[test]
fn the_other_side_does_not_stop_the_clock() {
    for action in [pause(), TestAction::ResumeWork] {
        given(attacked())
            .when(ask(BLUE_LEAD, action.clone()))
            .then_expect_error(TestError::OtherSidesWork { side: Side::Red });
        given(evaluated())
            .when(ask(RED_TECH, action))
            .then_expect_error(TestError::OtherSidesWork { side: Side::Blue });
    }
}

#[test]
fn only_work_is_paused_and_with_a_reason() {
    let needed = "a test that red is executing or blue is evaluating";
    given(drafted()).when(ask(RED_TECH, pause())).then_expect_error(wrong_state(
        "be paused",
        TestState::Draft,
        needed,
    ));
    given(in_review()).when(ask(RED_TECH, TestAction::ResumeWork)).then_expect_error(wrong_state(
        "go on",
        TestState::InReview,
        needed,
    ));
    given(attacked()).when(ask(RED_TECH, TestAction::ResumeWork)).then_expect_error(TestError::NotPaused);
    given(attacked())
        .when(ask(RED_TECH, TestAction::PauseWork { reason: String::new() }))
        .then_expect_error(TestError::Text(TextError::Missing { field: "reason" }));
}

#[test]
fn handing_over_goes_on_first() {
    given(with(attacked(), [paused(Side::Red, RED_TECH)]))
        .when(ask(RED_TECH, TestAction::SubmitExecution))
        .then_expect_events(vec![resumed(Side::Red, RED_TECH), execution_submitted(1, RED_TECH)]);
    given(with(evaluated(), [paused(Side::Blue, BLUE_TECH)]))
        .when(ask(BLUE_TECH, TestAction::SubmitEvaluation))
        .then_expect_events(vec![resumed(Side::Blue, BLUE_TECH), evaluation_submitted(1, BLUE_TECH)]);
}

#[test]
fn whoever_works_goes_on_first() {
    let red = || with(executing(), [paused(Side::Red, RED_TECH)]);
    given(red())
        .when(ask(RED_TECH, TestAction::RecordAttack(attack())))
        .then_expect_events(vec![resumed(Side::Red, RED_TECH), attack_recorded(1, RED_TECH, attack())]);
    given(red()).when(ask(RED_TECH, TestAction::AddEvidence(evidence(1, Side::Red)))).then_expect_events(
        vec![resumed(Side::Red, RED_TECH), evidence_added(1, RED_TECH, evidence(1, Side::Red))],
    );
    given(with(evaluating(), [paused(Side::Blue, BLUE_TECH)]))
        .when(ask(BLUE_TECH, TestAction::RecordDetection(detection())))
        .then_expect_events(vec![
            resumed(Side::Blue, BLUE_TECH),
            detection_recorded(1, BLUE_TECH, detection()),
        ]);
    // What an admin adds for the other side is no work of the side whose clock stands.
    let late = TestAction::AddEvidence(evidence(1, Side::Blue));
    given(red()).when(ask(ADMIN, late)).then_expect_events(vec![evidence_added(
        1,
        ADMIN,
        evidence(1, Side::Blue),
    )]);
}

#[test]
fn whoever_filled_the_other_side_does_not_touch_the_clock() {
    let history = || {
        let mut history = with(executing(), [attack_recorded(1, ADMIN, attack())]);
        history.push(execution_submitted(1, ADMIN));
        history
    };
    let pause = TestAction::PauseWork { reason: "Lunch.".to_owned() };
    given(history()).when(ask(ADMIN, pause.clone())).then_expect_error(TestError::FillsBothSides);
    given(with(history(), [paused(Side::Blue, BLUE_TECH)]))
        .when(ask(ADMIN, TestAction::ResumeWork))
        .then_expect_error(TestError::FillsBothSides);
    assert!(folded(history()).decide(ask(OTHER_BLUE_TECH, pause)).is_ok());
}

#[test]
fn blue_takes_a_test_up_once() {
    given(evaluating())
        .when(ask(BLUE_TECH, TestAction::StartEvaluation))
        .then_expect_events(vec![taken_up(BLUE_TECH)]);
    given(with(evaluating(), [taken_up(BLUE_TECH)]))
        .when(ask(OTHER_BLUE_TECH, TestAction::StartEvaluation))
        .then_expect_error(TestError::EvaluationStarted);
    given(evaluating())
        .when(ask(RED_TECH, TestAction::StartEvaluation))
        .then_expect_error(TestError::FillsBothSides);
    given(attacked()).when(ask(BLUE_TECH, TestAction::StartEvaluation)).then_expect_error(wrong_state(
        "be taken up",
        TestState::RedExecuting,
        "a test that blue is evaluating",
    ));
}
