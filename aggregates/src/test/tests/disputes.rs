//! Reviews in which one lead approves and the other rejects, where the policy has them settle it.

use super::*;

fn rejected_first() -> Vec<TestEvent> {
    with(in_review(), [voted(1, BLUE_LEAD, Side::Blue, Verdict::Rejected, None)])
}

fn disputed() -> Vec<TestEvent> {
    with(rejected_first(), [voted(1, RED_LEAD, Side::Red, Verdict::Approved, Some(Outcome::Disputed))])
}

#[test]
fn a_first_rejection_waits_for_the_other_lead() {
    given(in_review())
        .when(ask_under(DISPUTES, BLUE_LEAD, reject(Side::Blue)))
        .then_expect_events(vec![voted(1, BLUE_LEAD, Side::Blue, Verdict::Rejected, None)]);
}

#[test]
fn one_approval_and_one_rejection_make_a_dispute_in_either_order() {
    let dispute = Some(Outcome::Disputed);
    given(rejected_first())
        .when(ask_under(DISPUTES, RED_LEAD, approve(Side::Red)))
        .then_expect_events(vec![voted(1, RED_LEAD, Side::Red, Verdict::Approved, dispute)]);
    given(half_approved())
        .when(ask_under(DISPUTES, BLUE_LEAD, reject(Side::Blue)))
        .then_expect_events(vec![voted(1, BLUE_LEAD, Side::Blue, Verdict::Rejected, dispute)]);
    assert_eq!(folded(disputed()).state(), TestState::Disputed);
}

#[test]
fn two_rejections_end_the_round() {
    given(rejected_first())
        .when(ask_under(DISPUTES, RED_LEAD, reject(Side::Red)))
        .then_expect_events(vec![voted(1, RED_LEAD, Side::Red, Verdict::Rejected, Some(Outcome::Rejected))]);
}

#[test]
fn whoever_changes_the_own_vote_ends_a_dispute() {
    given(disputed()).when(ask_under(DISPUTES, RED_LEAD, reject(Side::Red))).then_expect_events(vec![voted(
        1,
        RED_LEAD,
        Side::Red,
        Verdict::Rejected,
        Some(Outcome::Rejected),
    )]);
    let outcome = Outcome::Validated { detection_result: DetectionResult::Detected };
    given(disputed())
        .when(ask_under(DISPUTES, BLUE_LEAD, approve(Side::Blue)))
        .then_expect_events(vec![voted(1, BLUE_LEAD, Side::Blue, Verdict::Approved, Some(outcome))]);
}

#[test]
fn other_notes_leave_a_dispute_what_it_is() {
    let insist = TestAction::CastVote {
        side: Side::Red,
        verdict: Verdict::Approved,
        notes: "The log is there.".to_owned(),
        seen: None,
    };
    let vote = Vote {
        side: Side::Red,
        verdict: Verdict::Approved,
        notes: "The log is there.".to_owned(),
        voter: RED_LEAD.account,
        evidence: vec![],
    };
    given(disputed())
        .when(ask_under(DISPUTES, RED_LEAD, insist))
        .then_expect_events(vec![TestEvent::VoteCast { round: 1, at: now(), vote, outcome: None }]);
}

#[test]
fn nobody_else_votes_in_a_dispute() {
    for by in [OTHER_RED_LEAD, ADMIN] {
        given(disputed())
            .when(ask_under(DISPUTES, by, reject(Side::Red)))
            .then_expect_error(TestError::VotedBySomebodyElse);
    }
}

#[test]
fn a_dispute_may_be_left_for_another_round() {
    given(disputed())
        .when(ask_under(DISPUTES, BLUE_LEAD, reopen()))
        .then_expect_events(vec![reopened(2, BLUE_LEAD)]);
}

#[test]
fn when_disputes_are_switched_off_a_standing_rejection_rejects() {
    given(rejected_first()).when(ask(RED_LEAD, approve(Side::Red))).then_expect_events(vec![voted(
        1,
        RED_LEAD,
        Side::Red,
        Verdict::Approved,
        Some(Outcome::Rejected),
    )]);
}
