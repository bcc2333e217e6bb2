//! Separation of duties: the policy on, off, and for admins.

use super::*;

/// In review; the account did red's part, in whatever role.
fn executed_by(by: Actor) -> Vec<TestEvent> {
    with(
        drafted(),
        [
            started(1, by),
            attack_recorded(1, by, attack()),
            execution_submitted(1, by),
            detection_recorded(1, BLUE_TECH, detection()),
            evaluation_submitted(1, BLUE_TECH),
        ],
    )
}

/// In review; the account did blue's part.
fn evaluated_by(by: Actor) -> Vec<TestEvent> {
    with(evaluating(), [detection_recorded(1, by, detection()), evaluation_submitted(1, by)])
}

#[test]
fn both_rules_are_on_by_default() {
    assert_eq!(ReviewPolicy::default(), BOTH_ON);
}

#[test]
fn whoever_executed_does_not_evaluate() {
    for action in [TestAction::RecordDetection(detection()), TestAction::SubmitEvaluation] {
        given(with(
            drafted(),
            [
                started(1, ADMIN),
                attack_recorded(1, RED_TECH, attack()),
                execution_submitted(1, RED_TECH),
                detection_recorded(1, BLUE_TECH, detection()),
            ],
        ))
        .when(ask(ADMIN, action))
        .then_expect_error(TestError::FillsBothSides);
    }
}

#[test]
fn each_part_of_red_work_counts_as_filling_red() {
    let starting =
        [started(1, ADMIN), attack_recorded(1, RED_TECH, attack()), execution_submitted(1, RED_TECH)];
    let recording =
        [started(1, RED_TECH), attack_recorded(1, ADMIN, attack()), execution_submitted(1, RED_TECH)];
    let submitting =
        [started(1, RED_TECH), attack_recorded(1, RED_TECH, attack()), execution_submitted(1, ADMIN)];
    for work in [starting, recording, submitting] {
        given(with(drafted(), work))
            .when(ask(ADMIN, TestAction::RecordDetection(detection())))
            .then_expect_error(TestError::FillsBothSides);
    }
}

#[test]
fn a_change_of_role_does_not_open_the_other_side() {
    let now_blue = Actor { account: RED_TECH.account, role: Role::BlueLead };
    given(in_review()).when(ask(now_blue, approve(Side::Blue))).then_expect_error(TestError::FillsBothSides);
}

#[test]
fn with_separate_sides_off_one_person_works_on_both_sides() {
    let detect = TestAction::RecordDetection(detection());
    given(with(
        drafted(),
        [started(1, ADMIN), attack_recorded(1, ADMIN, attack()), execution_submitted(1, ADMIN)],
    ))
    .when(ask_under(ONLY_NO_SELF_APPROVAL, ADMIN, detect))
    .then_expect_events(vec![detection_recorded(1, ADMIN, detection())]);
}

#[test]
fn an_admin_who_executed_votes_for_neither_side() {
    given(executed_by(ADMIN))
        .when(ask(ADMIN, approve(Side::Red)))
        .then_expect_error(TestError::ApprovesOwnWork);
    given(executed_by(ADMIN))
        .when(ask(ADMIN, approve(Side::Blue)))
        .then_expect_error(TestError::FillsBothSides);
}

#[test]
fn an_admin_who_evaluated_votes_for_neither_side() {
    given(evaluated_by(ADMIN))
        .when(ask(ADMIN, approve(Side::Blue)))
        .then_expect_error(TestError::ApprovesOwnWork);
    given(evaluated_by(ADMIN))
        .when(ask(ADMIN, approve(Side::Red)))
        .then_expect_error(TestError::FillsBothSides);
}

#[test]
fn an_admin_does_not_vote_for_both_sides() {
    let events = with(in_review(), [voted(1, ADMIN, Side::Red, Verdict::Approved, None)]);
    for action in [approve(Side::Blue), reject(Side::Blue)] {
        given(events.clone()).when(ask(ADMIN, action)).then_expect_error(TestError::FillsBothSides);
    }
}

#[test]
fn a_lead_does_not_approve_the_own_execution() {
    given(executed_by(RED_LEAD))
        .when(ask(RED_LEAD, approve(Side::Red)))
        .then_expect_error(TestError::ApprovesOwnWork);
}

#[test]
fn a_lead_does_not_approve_the_own_evaluation() {
    given(evaluated_by(BLUE_LEAD))
        .when(ask(BLUE_LEAD, approve(Side::Blue)))
        .then_expect_error(TestError::ApprovesOwnWork);
}

#[test]
fn a_lead_may_reject_the_own_work() {
    let rejection = voted(1, RED_LEAD, Side::Red, Verdict::Rejected, Some(Outcome::Rejected));
    given(executed_by(RED_LEAD)).when(ask(RED_LEAD, reject(Side::Red))).then_expect_events(vec![rejection]);
}

#[test]
fn a_lead_who_only_drafted_may_approve() {
    // `drafted` is the red lead's: writing a test down is not executing it.
    given(in_review()).when(ask(RED_LEAD, approve(Side::Red))).then_expect_events(vec![voted(
        1,
        RED_LEAD,
        Side::Red,
        Verdict::Approved,
        None,
    )]);
}

#[test]
fn with_self_approval_allowed_a_lead_approves_the_own_execution() {
    given(executed_by(RED_LEAD))
        .when(ask_under(ONLY_SEPARATE_SIDES, RED_LEAD, approve(Side::Red)))
        .then_expect_events(vec![voted(1, RED_LEAD, Side::Red, Verdict::Approved, None)]);
}

#[test]
fn with_self_approval_allowed_the_sides_stay_separate() {
    given(executed_by(ADMIN))
        .when(ask_under(ONLY_SEPARATE_SIDES, ADMIN, approve(Side::Blue)))
        .then_expect_error(TestError::FillsBothSides);
}

#[test]
fn with_separate_sides_off_own_work_is_still_not_approved() {
    for side in [Side::Red, Side::Blue] {
        given(executed_by(ADMIN))
            .when(ask_under(ONLY_NO_SELF_APPROVAL, ADMIN, approve(side)))
            .then_expect_error(TestError::ApprovesOwnWork);
    }
}

#[test]
fn with_separate_sides_off_a_lead_still_votes_only_for_the_own_side() {
    given(in_review())
        .when(ask_under(BOTH_OFF, RED_LEAD, approve(Side::Blue)))
        .then_expect_error(TestError::OtherSidesVote { side: Side::Blue });
}

#[test]
fn with_separate_sides_off_an_admin_validates_alone() {
    let outcome = Outcome::Validated { detection_result: DetectionResult::Detected };
    given(with(in_review(), [voted(1, ADMIN, Side::Red, Verdict::Approved, None)]))
        .when(ask_under(ONLY_NO_SELF_APPROVAL, ADMIN, approve(Side::Blue)))
        .then_expect_events(vec![voted(1, ADMIN, Side::Blue, Verdict::Approved, Some(outcome))]);
}

#[test]
fn with_both_off_an_admin_does_everything_alone() {
    let events = with(
        drafted(),
        [
            started(1, ADMIN),
            attack_recorded(1, ADMIN, attack()),
            execution_submitted(1, ADMIN),
            detection_recorded(1, ADMIN, detection()),
            evaluation_submitted(1, ADMIN),
            voted(1, ADMIN, Side::Red, Verdict::Approved, None),
        ],
    );
    let outcome = Outcome::Validated { detection_result: DetectionResult::Detected };
    given(events).when(ask_under(BOTH_OFF, ADMIN, approve(Side::Blue))).then_expect_events(vec![voted(
        1,
        ADMIN,
        Side::Blue,
        Verdict::Approved,
        Some(outcome),
    )]);
}

#[test]
fn switching_the_rules_on_meets_votes_cast_while_they_were_off() {
    // The admin voted for red while allowed to; the second vote is judged by today's policy.
    given(with(in_review(), [voted(1, ADMIN, Side::Red, Verdict::Approved, None)]))
        .when(ask_under(BOTH_ON, ADMIN, approve(Side::Blue)))
        .then_expect_error(TestError::FillsBothSides);
}
