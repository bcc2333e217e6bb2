//! What holds for every command: existence, versions, what is open to whom.

use super::*;
use OpenAction as Open;

fn open(events: Vec<TestEvent>, by: Actor) -> Vec<OpenAction> {
    let mut open = folded(events).open_actions(by, ReviewPolicy::default());
    open.sort();
    open
}

#[test]
fn nothing_happens_to_a_test_that_was_never_drafted() {
    let wishes = [
        TestAction::Revise(details().into()),
        TestAction::StartExecution,
        TestAction::RecordAttack(attack()),
        TestAction::SubmitExecution,
        TestAction::RecordDetection(detection()),
        TestAction::SubmitEvaluation,
        approve(Side::Red),
        reopen(),
    ];
    for action in wishes {
        TestFramework::<Test>::with(())
            .given_no_previous_events()
            .when(ask(ADMIN, action))
            .then_expect_error(TestError::NotDrafted);
    }
}

#[test]
fn a_command_on_the_version_it_expects_is_judged() {
    let command = TestCommand { expected_version: Some(1), ..ask(RED_TECH, TestAction::StartExecution) };
    given(drafted()).when(command).then_expect_events(vec![started(1, RED_TECH)]);
}

#[test]
fn a_command_on_another_version_is_refused() {
    for expected in [0, 2] {
        let command =
            TestCommand { expected_version: Some(expected), ..ask(RED_TECH, TestAction::StartExecution) };
        given(drafted()).when(command).then_expect_error(TestError::StaleVersion { expected, actual: 1 });
    }
}

#[test]
fn a_stale_version_is_told_before_the_state() {
    let command = TestCommand { expected_version: Some(1), ..ask(RED_TECH, TestAction::StartExecution) };
    given(executing()).when(command).then_expect_error(TestError::StaleVersion { expected: 1, actual: 2 });
}

#[test]
fn nothing_is_open_on_a_test_that_was_never_drafted() {
    assert_eq!(open(vec![], ADMIN), []);
}

#[test]
fn nothing_is_open_on_a_validated_test() {
    assert_eq!(open(validated(), ADMIN), []);
}

#[test]
fn a_draft_may_be_started_and_revised() {
    assert_eq!(open(drafted(), RED_LEAD), [Open::Revise, Open::StartExecution]);
}

#[test]
fn handing_over_opens_with_the_record() {
    assert_eq!(open(executing(), RED_TECH), [Open::RecordAttack]);
    assert_eq!(open(attacked(), RED_TECH), [Open::RecordAttack, Open::SubmitExecution]);
    assert_eq!(open(evaluating(), BLUE_TECH), [Open::RecordDetection]);
    assert_eq!(open(evaluated(), BLUE_TECH), [Open::RecordDetection, Open::SubmitEvaluation]);
}

#[test]
fn blue_work_is_not_open_to_whoever_executed() {
    assert_eq!(open(evaluating(), RED_TECH), []);
}

#[test]
fn each_lead_is_offered_the_own_sides_vote() {
    assert_eq!(open(in_review(), RED_LEAD), [Open::Revise, Open::VoteRed]);
    assert_eq!(open(in_review(), BLUE_LEAD), [Open::Revise, Open::VoteBlue]);
    assert_eq!(open(in_review(), ADMIN), [Open::Revise, Open::VoteRed, Open::VoteBlue]);
    assert_eq!(open(in_review(), RED_TECH), []);
}

#[test]
fn a_vote_stays_open_to_whoever_cast_it_only() {
    assert_eq!(open(half_approved(), RED_LEAD), [Open::Revise, Open::VoteRed]);
    assert_eq!(open(half_approved(), OTHER_RED_LEAD), [Open::Revise]);
    assert_eq!(open(half_approved(), ADMIN), [Open::Revise, Open::VoteBlue]);
}

#[test]
fn a_rejected_test_may_be_reopened() {
    assert_eq!(open(rejected(), BLUE_LEAD), [Open::Revise, Open::Reopen]);
}

#[test]
fn the_refusal_of_a_vote_is_told_beforehand() {
    let told = |events, by, side| folded(events).vote_refusal(by, side, ReviewPolicy::default());
    let not_yet = wrong_state("be voted on", TestState::BlueEvaluating, "a test in review");
    assert_eq!(told(in_review(), RED_LEAD, Side::Red), None);
    assert_eq!(told(half_approved(), RED_LEAD, Side::Red), None);
    assert_eq!(told(evaluated(), RED_LEAD, Side::Red), Some(not_yet));
    assert_eq!(told(in_review(), RED_LEAD, Side::Blue), Some(TestError::OtherSidesVote { side: Side::Blue }));
    assert_eq!(told(half_approved(), OTHER_RED_LEAD, Side::Red), Some(TestError::VotedBySomebodyElse));
    let now_blue_lead = Actor { account: RED_TECH.account, role: Role::BlueLead };
    assert_eq!(told(in_review(), now_blue_lead, Side::Blue), Some(TestError::FillsBothSides));
    let now_red_lead = Actor { account: RED_TECH.account, role: Role::RedLead };
    assert_eq!(told(in_review(), now_red_lead, Side::Red), Some(TestError::ApprovesOwnWork));
}
