//! Files of evidence: whose, when, how many, and what a vote saw of them.

use super::*;

fn add(number: u128, side: Side) -> TestAction {
    TestAction::AddEvidence(evidence(number, side))
}

fn remove(number: u128) -> TestAction {
    TestAction::RemoveEvidence {
        evidence: EvidenceId(Uuid::from_u128(number)),
        reason: "Wrong host.".to_owned(),
    }
}

fn removed(round: u32, by: Actor, number: u128) -> TestEvent {
    TestEvent::EvidenceRemoved {
        round,
        by: by.account,
        at: now(),
        evidence: EvidenceId(Uuid::from_u128(number)),
        reason: "Wrong host.".to_owned(),
    }
}

/// REFERENCE section 9: red in draft and execution, blue in the evaluation, an admin always.
#[test]
fn evidence_is_added_by_its_side_in_its_states() {
    let histories = [
        (drafted(), TestState::Draft),
        (attacked(), TestState::RedExecuting),
        (evaluated(), TestState::BlueEvaluating),
        (in_review(), TestState::InReview),
        (validated(), TestState::Validated),
        (rejected(), TestState::Rejected),
    ];
    // Nobody here has filled the other side of the round before.
    let others = [person(11, Role::RedTech), person(12, Role::BlueTech), person(13, Role::RedLead)];
    let more = [person(14, Role::BlueLead), person(15, Role::Admin), person(16, Role::Viewer)];
    for (history, state) in histories {
        for by in others.into_iter().chain(more) {
            for side in [Side::Red, Side::Blue] {
                let right = match (by.role, side) {
                    (Role::Admin, _) => true,
                    (Role::RedTech | Role::RedLead, Side::Red) => {
                        matches!(state, TestState::Draft | TestState::RedExecuting)
                    }
                    (Role::BlueTech | Role::BlueLead, Side::Blue) => state == TestState::BlueEvaluating,
                    _ => false,
                };
                let test = folded(history.clone());
                let added = test.decide(ask(by, add(1, side)));
                assert_eq!(added.is_ok(), right, "{by:?} {side:?} {state:?}: {added:?}");
                let holding = folded(with(history.clone(), [evidence_added(1, ADMIN, evidence(1, side))]));
                let removed = holding.decide(ask_under(BOTH_OFF, by, remove(1)));
                assert_eq!(removed.is_ok(), right, "{by:?} {side:?} {state:?}: {removed:?}");
            }
        }
    }
}

#[test]
fn added_evidence_is_an_event_and_added_once() {
    let held = evidence_added(1, RED_TECH, evidence(1, Side::Red));
    given(executing()).when(ask(RED_TECH, add(1, Side::Red))).then_expect_events(vec![held.clone()]);
    given(with(executing(), [held])).when(ask(RED_TECH, add(1, Side::Red))).then_expect_events(vec![]);
}

#[test]
fn removed_evidence_may_come_again() {
    let history =
        with(executing(), [evidence_added(1, RED_TECH, evidence(1, Side::Red)), removed(1, RED_LEAD, 1)]);
    given(history.clone()).when(ask(RED_TECH, remove(1))).then_expect_error(TestError::NoSuchEvidence);
    given(history).when(ask(RED_TECH, add(1, Side::Red))).then_expect_events(vec![evidence_added(
        1,
        RED_TECH,
        evidence(1, Side::Red),
    )]);
}

#[test]
fn removing_needs_a_reason() {
    let wish = TestAction::RemoveEvidence { evidence: evidence(1, Side::Red).id, reason: " ".to_owned() };
    given(with(executing(), [evidence_added(1, RED_TECH, evidence(1, Side::Red))]))
        .when(ask(RED_TECH, wish))
        .then_expect_error(TestError::Text(TextError::Missing { field: "reason" }));
}

#[test]
fn evidence_has_something_in_it_and_not_too_much() {
    let sized = |size_bytes| TestAction::AddEvidence(Evidence { size_bytes, ..evidence(1, Side::Red) });
    given(executing()).when(ask(RED_TECH, sized(0))).then_expect_error(TestError::EvidenceEmpty);
    let bytes = limits::EVIDENCE_BYTES + 1;
    given(executing())
        .when(ask(RED_TECH, sized(bytes)))
        .then_expect_error(TestError::EvidenceTooLarge { bytes });
    assert!(folded(executing()).decide(ask(RED_TECH, sized(limits::EVIDENCE_BYTES))).is_ok());
}

#[test]
fn a_side_of_a_round_takes_so_many_files() {
    let mut test = folded(executing());
    for number in 0..limits::EVIDENCE_PER_SIDE as u128 {
        test.apply(evidence_added(1, RED_TECH, evidence(number, Side::Red)));
    }
    let limit = limits::EVIDENCE_PER_SIDE;
    let refusal = TestError::TooMuchEvidence { side: Side::Red, limit };
    assert_eq!(test.decide(ask(RED_TECH, add(1_000, Side::Red))), Err(refusal));
    assert!(test.decide(ask(ADMIN, add(1_000, Side::Blue))).is_ok());
}

#[test]
fn who_adds_evidence_has_worked_on_that_side() {
    let now_blue = Actor { account: RED_TECH.account, role: Role::BlueTech };
    given(with(drafted(), [evidence_added(1, RED_TECH, evidence(1, Side::Red)), started(1, RED_LEAD)]))
        .when(ask(now_blue, TestAction::RecordDetection(detection())))
        .then_expect_error(wrong_state(
            "take a detection record",
            TestState::RedExecuting,
            "a test that blue is evaluating",
        ));
    let history = with(evaluating(), [evidence_added(1, ADMIN, evidence(1, Side::Red))]);
    given(history).when(ask(ADMIN, add(2, Side::Blue))).then_expect_error(TestError::FillsBothSides);
}

#[test]
fn whoever_has_approved_changes_no_evidence_of_the_round() {
    let history = with(in_review(), [voted(1, ADMIN, Side::Red, Verdict::Approved, None)]);
    given(history.clone()).when(ask(ADMIN, add(1, Side::Red))).then_expect_error(TestError::ApprovesOwnWork);
    let history = with(history, [evidence_added(1, OTHER_RED_LEAD, evidence(1, Side::Red))]);
    given(history.clone()).when(ask(ADMIN, remove(1))).then_expect_error(TestError::ApprovesOwnWork);
    assert!(folded(history).decide(ask_under(BOTH_OFF, ADMIN, remove(1))).is_ok());
}

#[test]
fn whoever_has_removed_evidence_does_not_approve_the_round() {
    let history =
        with(in_review(), [evidence_added(1, OTHER_RED_LEAD, evidence(1, Side::Red)), removed(1, ADMIN, 1)]);
    given(history).when(ask(ADMIN, approve(Side::Red))).then_expect_error(TestError::ApprovesOwnWork);
}

#[test]
fn both_approve_the_same_evidence() {
    let saw = |numbers: &[u128]| {
        numbers
            .iter()
            .map(|n| SeenEvidence { id: EvidenceId(Uuid::from_u128(*n)), sha256: format!("{n:064x}") })
            .collect::<Vec<_>>()
    };
    let vote = |side, voter: Actor, numbers: &[u128]| Vote {
        side,
        verdict: Verdict::Approved,
        notes: String::new(),
        voter: voter.account,
        evidence: saw(numbers),
    };
    let cast = |vote, outcome| TestEvent::VoteCast { round: 1, at: now(), vote, outcome };
    let approves =
        |side| TestAction::CastVote { side, verdict: Verdict::Approved, notes: String::new(), seen: None };
    // Red approves, then an admin adds a file.
    let history = with(
        in_review(),
        [cast(vote(Side::Red, RED_LEAD, &[]), None), evidence_added(1, ADMIN, evidence(1, Side::Blue))],
    );
    given(history.clone())
        .when(ask(BLUE_LEAD, approves(Side::Blue)))
        .then_expect_error(TestError::OtherVoteOutdated { side: Side::Red });
    assert_eq!(
        folded(history.clone()).vote_refusal(BLUE_LEAD, Side::Blue, BOTH_ON),
        Some(TestError::OtherVoteOutdated { side: Side::Red })
    );
    // A rejection needs nobody to have looked again.
    let reject = TestAction::CastVote {
        side: Side::Blue,
        verdict: Verdict::Rejected,
        notes: "Not this host.".to_owned(),
        seen: None,
    };
    assert!(folded(history.clone()).decide(ask(BLUE_LEAD, reject)).is_ok());
    // Red looks again, and blue decides.
    let again = cast(vote(Side::Red, RED_LEAD, &[1]), None);
    given(history.clone()).when(ask(RED_LEAD, approves(Side::Red))).then_expect_events(vec![again.clone()]);
    let outcome = Some(Outcome::Validated { detection_result: DetectionResult::Detected });
    given(with(history, [again]))
        .when(ask(BLUE_LEAD, approves(Side::Blue)))
        .then_expect_events(vec![cast(vote(Side::Blue, BLUE_LEAD, &[1]), outcome)]);
}

#[test]
fn a_vote_carries_the_digests_of_what_stood() {
    let history = with(
        in_review(),
        [
            evidence_added(1, ADMIN, evidence(2, Side::Blue)),
            evidence_added(1, OTHER_RED_LEAD, evidence(1, Side::Red)),
            evidence_added(1, OTHER_RED_LEAD, evidence(3, Side::Red)),
            removed(1, OTHER_RED_LEAD, 3),
        ],
    );
    let seen =
        |number| SeenEvidence { id: EvidenceId(Uuid::from_u128(number)), sha256: format!("{number:064x}") };
    let vote = Vote {
        side: Side::Red,
        verdict: Verdict::Approved,
        notes: "Read it.".to_owned(),
        voter: RED_LEAD.account,
        evidence: vec![seen(1), seen(2)],
    };
    given(history).when(ask(RED_LEAD, approve(Side::Red))).then_expect_events(vec![TestEvent::VoteCast {
        round: 1,
        at: now(),
        vote,
        outcome: None,
    }]);
}

#[test]
fn a_voter_who_saw_other_evidence_looks_again() {
    let history = with(in_review(), [evidence_added(1, ADMIN, evidence(1, Side::Blue))]);
    let saw = |numbers: &[u128]| TestAction::CastVote {
        side: Side::Red,
        verdict: Verdict::Approved,
        notes: String::new(),
        seen: Some(numbers.iter().map(|number| EvidenceId(Uuid::from_u128(*number))).collect()),
    };
    for numbers in [&[][..], &[2], &[1, 2]] {
        given(history.clone())
            .when(ask(RED_LEAD, saw(numbers)))
            .then_expect_error(TestError::EvidenceChanged);
    }
    assert!(folded(history).decide(ask(RED_LEAD, saw(&[1]))).is_ok());
}

#[test]
fn another_round_begins_without_evidence() {
    let history = with(
        evaluated(),
        [
            evidence_added(1, BLUE_TECH, evidence(1, Side::Blue)),
            evaluation_submitted(1, BLUE_TECH),
            voted(1, RED_LEAD, Side::Red, Verdict::Rejected, Some(Outcome::Rejected)),
            reopened(2, RED_LEAD),
        ],
    );
    let test = folded(history);
    assert!(!test.has_evidence(evidence(1, Side::Blue).id));
    assert_eq!(test.decide(ask(ADMIN, remove(1))), Err(TestError::NoSuchEvidence));
}
