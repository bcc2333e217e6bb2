//! Rounds after the first.

use super::*;

#[test]
fn a_rejected_test_is_reopened_into_the_next_round() {
    given(rejected()).when(ask(RED_LEAD, reopen())).then_expect_events(vec![reopened(2, RED_LEAD)]);
}

#[test]
fn a_reopened_test_is_a_draft_of_round_two() {
    let test = folded(second_round());
    assert_eq!((test.state(), test.round()), (TestState::Draft, 2));
    assert_eq!(test.details(), Some(&details()));
}

#[test]
fn only_a_rejected_test_is_reopened() {
    let others = [
        (drafted(), TestState::Draft),
        (executing(), TestState::RedExecuting),
        (evaluating(), TestState::BlueEvaluating),
        (half_approved(), TestState::InReview),
        (validated(), TestState::Validated),
    ];
    for (events, state) in others {
        given(events).when(ask(RED_LEAD, reopen())).then_expect_error(wrong_state(
            "be reopened",
            state,
            "a rejected test",
        ));
    }
}

#[test]
fn reopening_needs_a_reason() {
    given(rejected())
        .when(ask(RED_LEAD, TestAction::Reopen { reason: " ".to_owned() }))
        .then_expect_error(TestError::Text(TextError::Missing { field: "reason" }));
}

#[test]
fn events_of_the_second_round_say_so() {
    given(second_round()).when(ask(RED_TECH, start())).then_expect_events(vec![started(2, RED_TECH)]);
    given(second_review()).when(ask(RED_LEAD, approve(Side::Red))).then_expect_events(vec![voted(
        2,
        RED_LEAD,
        Side::Red,
        Verdict::Approved,
        None,
    )]);
}

#[test]
fn the_attack_of_the_first_round_is_not_handed_over_in_the_second() {
    given(with(second_round(), [started(2, RED_TECH)]))
        .when(ask(RED_TECH, TestAction::SubmitExecution))
        .then_expect_error(TestError::NoAttackRecorded);
}

#[test]
fn the_detection_of_the_first_round_is_not_handed_over_in_the_second() {
    let events = with(
        second_round(),
        [started(2, RED_TECH), attack_recorded(2, RED_TECH, attack()), execution_submitted(2, RED_TECH)],
    );
    given(events)
        .when(ask(BLUE_TECH, TestAction::SubmitEvaluation))
        .then_expect_error(TestError::NoDetectionRecorded);
}

#[test]
fn recording_the_attack_of_the_first_round_again_is_news_in_the_second() {
    given(with(second_round(), [started(2, RED_TECH)]))
        .when(ask(RED_TECH, TestAction::RecordAttack(attack())))
        .then_expect_events(vec![attack_recorded(2, RED_TECH, attack())]);
}

#[test]
fn votes_of_the_first_round_do_not_count_in_the_second() {
    // Red approved in round one and is silent in round two, so blue's approval decides nothing.
    given(second_review()).when(ask(BLUE_LEAD, approve(Side::Blue))).then_expect_events(vec![voted(
        2,
        BLUE_LEAD,
        Side::Blue,
        Verdict::Approved,
        None,
    )]);
}

#[test]
fn a_vote_of_the_first_round_does_not_bind_the_side_to_its_lead() {
    given(second_review()).when(ask(OTHER_RED_LEAD, approve(Side::Red))).then_expect_events(vec![voted(
        2,
        OTHER_RED_LEAD,
        Side::Red,
        Verdict::Approved,
        None,
    )]);
}

#[test]
fn who_worked_in_the_first_round_may_take_the_other_side_in_the_second() {
    let now_red = Actor { account: BLUE_TECH.account, role: Role::RedTech };
    given(second_round()).when(ask(now_red, start())).then_expect_events(vec![started(2, BLUE_TECH)]);
}

#[test]
fn who_worked_in_the_first_round_may_approve_the_second() {
    let now_lead = Actor { account: RED_TECH.account, role: Role::RedLead };
    given(second_review()).when(ask(now_lead, approve(Side::Red))).then_expect_events(vec![voted(
        2,
        RED_TECH,
        Side::Red,
        Verdict::Approved,
        None,
    )]);
}

#[test]
fn the_second_round_validates_with_its_own_result() {
    let outcome = Outcome::Validated { detection_result: DetectionResult::NotDetected };
    given(with(second_review(), [voted(2, RED_LEAD, Side::Red, Verdict::Approved, None)]))
        .when(ask(BLUE_LEAD, approve(Side::Blue)))
        .then_expect_events(vec![voted(2, BLUE_LEAD, Side::Blue, Verdict::Approved, Some(outcome))]);
}

#[test]
fn a_second_rejection_leads_to_a_third_round() {
    let rejection = voted(2, RED_LEAD, Side::Red, Verdict::Rejected, Some(Outcome::Rejected));
    given(with(second_review(), [rejection]))
        .when(ask(BLUE_LEAD, reopen()))
        .then_expect_events(vec![reopened(3, BLUE_LEAD)]);
}
