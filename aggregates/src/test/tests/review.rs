//! Votes and the outcome that follows from them.

use super::*;

fn with_notes(side: Side, verdict: Verdict, notes: &str) -> TestAction {
    TestAction::CastVote { side, verdict, notes: notes.to_owned(), seen: None }
}

#[test]
fn the_first_approval_leaves_the_review_open() {
    for (by, side) in [(RED_LEAD, Side::Red), (BLUE_LEAD, Side::Blue)] {
        given(in_review()).when(ask(by, approve(side))).then_expect_events(vec![voted(
            1,
            by,
            side,
            Verdict::Approved,
            None,
        )]);
    }
}

#[test]
fn the_second_approval_validates() {
    let outcome = Outcome::Validated { detection_result: DetectionResult::Detected };
    given(half_approved()).when(ask(BLUE_LEAD, approve(Side::Blue))).then_expect_events(vec![voted(
        1,
        BLUE_LEAD,
        Side::Blue,
        Verdict::Approved,
        Some(outcome),
    )]);
}

#[test]
fn either_side_may_vote_first() {
    let outcome = Outcome::Validated { detection_result: DetectionResult::Detected };
    given(with(in_review(), [voted(1, BLUE_LEAD, Side::Blue, Verdict::Approved, None)]))
        .when(ask(RED_LEAD, approve(Side::Red)))
        .then_expect_events(vec![voted(1, RED_LEAD, Side::Red, Verdict::Approved, Some(outcome))]);
}

#[test]
fn the_outcome_carries_the_result_recorded_last() {
    let events = with(
        evaluated(),
        [
            detection_recorded(1, OTHER_BLUE_TECH, missed()),
            evaluation_submitted(1, BLUE_TECH),
            voted(1, RED_LEAD, Side::Red, Verdict::Approved, None),
        ],
    );
    let outcome = Outcome::Validated { detection_result: DetectionResult::NotDetected };
    given(events).when(ask(BLUE_LEAD, approve(Side::Blue))).then_expect_events(vec![voted(
        1,
        BLUE_LEAD,
        Side::Blue,
        Verdict::Approved,
        Some(outcome),
    )]);
}

#[test]
fn the_first_rejection_ends_the_review() {
    for (by, side) in [(RED_LEAD, Side::Red), (BLUE_LEAD, Side::Blue)] {
        given(in_review()).when(ask(by, reject(side))).then_expect_events(vec![voted(
            1,
            by,
            side,
            Verdict::Rejected,
            Some(Outcome::Rejected),
        )]);
    }
}

#[test]
fn a_rejection_after_an_approval_ends_the_review() {
    given(half_approved()).when(ask(BLUE_LEAD, reject(Side::Blue))).then_expect_events(vec![voted(
        1,
        BLUE_LEAD,
        Side::Blue,
        Verdict::Rejected,
        Some(Outcome::Rejected),
    )]);
}

#[test]
fn the_outcome_moves_the_test() {
    assert_eq!(folded(half_approved()).state(), TestState::InReview);
    assert_eq!(folded(validated()).state(), TestState::Validated);
    assert_eq!(folded(rejected()).state(), TestState::Rejected);
}

#[test]
fn only_a_test_in_review_is_voted_on() {
    let others = [
        (drafted(), TestState::Draft),
        (attacked(), TestState::RedExecuting),
        (evaluated(), TestState::BlueEvaluating),
        (validated(), TestState::Validated),
        (rejected(), TestState::Rejected),
    ];
    for (events, state) in others {
        given(events).when(ask(RED_LEAD, approve(Side::Red))).then_expect_error(wrong_state(
            "be voted on",
            state,
            "a test in review",
        ));
    }
}

#[test]
fn a_lead_does_not_vote_for_the_other_side() {
    for (by, side) in [(RED_LEAD, Side::Blue), (BLUE_LEAD, Side::Red)] {
        for action in [approve(side), reject(side)] {
            given(in_review()).when(ask(by, action)).then_expect_error(TestError::OtherSidesVote { side });
        }
    }
}

#[test]
fn technicians_and_viewers_vote_for_no_side() {
    for by in [RED_TECH, BLUE_TECH, VIEWER] {
        for side in [Side::Red, Side::Blue] {
            given(in_review())
                .when(ask(by, approve(side)))
                .then_expect_error(TestError::OtherSidesVote { side });
        }
    }
}

#[test]
fn an_admin_votes_for_either_side() {
    for side in [Side::Red, Side::Blue] {
        given(in_review()).when(ask(ADMIN, approve(side))).then_expect_events(vec![voted(
            1,
            ADMIN,
            side,
            Verdict::Approved,
            None,
        )]);
    }
}

#[test]
fn repeating_a_vote_changes_nothing() {
    given(half_approved()).when(ask(RED_LEAD, approve(Side::Red))).then_expect_events(vec![]);
}

#[test]
fn repeating_a_vote_with_space_around_the_notes_changes_nothing() {
    given(half_approved())
        .when(ask(RED_LEAD, with_notes(Side::Red, Verdict::Approved, "  Read it.\n")))
        .then_expect_events(vec![]);
}

#[test]
fn a_lead_replaces_the_notes_of_the_own_vote() {
    let vote = Vote {
        side: Side::Red,
        verdict: Verdict::Approved,
        notes: "Read it twice.".to_owned(),
        voter: RED_LEAD.account,
        evidence: vec![],
    };
    given(half_approved())
        .when(ask(RED_LEAD, with_notes(Side::Red, Verdict::Approved, "Read it twice.")))
        .then_expect_events(vec![TestEvent::VoteCast { round: 1, at: now(), vote, outcome: None }]);
}

#[test]
fn a_lead_replaces_the_own_approval_by_a_rejection() {
    given(half_approved()).when(ask(RED_LEAD, reject(Side::Red))).then_expect_events(vec![voted(
        1,
        RED_LEAD,
        Side::Red,
        Verdict::Rejected,
        Some(Outcome::Rejected),
    )]);
}

#[test]
fn a_replaced_vote_still_counts_for_its_side_once() {
    let again = voted(1, RED_LEAD, Side::Red, Verdict::Approved, None);
    let outcome = Outcome::Validated { detection_result: DetectionResult::Detected };
    given(with(half_approved(), [again]))
        .when(ask(BLUE_LEAD, approve(Side::Blue)))
        .then_expect_events(vec![voted(1, BLUE_LEAD, Side::Blue, Verdict::Approved, Some(outcome))]);
}

#[test]
fn another_lead_of_the_side_does_not_replace_a_vote() {
    for by in [OTHER_RED_LEAD, ADMIN] {
        for action in [approve(Side::Red), reject(Side::Red)] {
            given(half_approved()).when(ask(by, action)).then_expect_error(TestError::VotedBySomebodyElse);
        }
    }
}

#[test]
fn a_vote_is_not_replaced_after_the_outcome() {
    let ended = [(validated(), TestState::Validated), (rejected(), TestState::Rejected)];
    for (events, state) in ended {
        for action in [approve(Side::Blue), reject(Side::Blue)] {
            given(events.clone()).when(ask(BLUE_LEAD, action)).then_expect_error(wrong_state(
                "be voted on",
                state,
                "a test in review",
            ));
        }
    }
}

#[test]
fn a_vote_needs_no_notes() {
    let vote = Vote {
        side: Side::Red,
        verdict: Verdict::Approved,
        notes: String::new(),
        voter: RED_LEAD.account,
        evidence: vec![],
    };
    given(in_review())
        .when(ask(RED_LEAD, with_notes(Side::Red, Verdict::Approved, " ")))
        .then_expect_events(vec![TestEvent::VoteCast { round: 1, at: now(), vote, outcome: None }]);
}

#[test]
fn long_notes_are_refused() {
    let limit = limits::LONG_TEXT_CHARS;
    given(in_review())
        .when(ask(RED_LEAD, with_notes(Side::Red, Verdict::Approved, &"x".repeat(limit + 1))))
        .then_expect_error(TestError::Text(TextError::TooLong { field: "notes", chars: limit + 1, limit }));
}

#[test]
fn nothing_is_validated_without_a_detection_record() {
    // No command leads here; a history that does must not be built upon.
    let events = with(
        evaluating(),
        [evaluation_submitted(1, BLUE_TECH), voted(1, RED_LEAD, Side::Red, Verdict::Approved, None)],
    );
    given(events).when(ask(BLUE_LEAD, approve(Side::Blue))).then_expect_error(TestError::NoDetectionRecorded);
}
