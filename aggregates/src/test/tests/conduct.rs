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
        start(),
        TestAction::RecordAttack(attack()),
        TestAction::SubmitExecution,
        TestAction::RecordDetection(detection()),
        TestAction::SubmitEvaluation,
        approve(Side::Red),
        reopen(),
        TestAction::StartEvaluation,
        TestAction::PauseWork { reason: "Lunch.".to_owned() },
        TestAction::ResumeWork,
        TestAction::AddEvidence(evidence(1, Side::Red)),
        TestAction::RemoveEvidence { evidence: evidence(1, Side::Red).id, reason: "Wrong.".to_owned() },
        TestAction::Classify(Classification::Restricted),
        archive(),
        TestAction::Restore,
        TestAction::ScheduleRetest {
            original: TestId(Uuid::from_u128(1)),
            remediation: RemediationId(Uuid::from_u128(1)),
            completion: 1,
            limit: 3,
        },
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
    let command = TestCommand { expected_version: Some(1), ..ask(RED_TECH, start()) };
    given(drafted()).when(command).then_expect_events(vec![started(1, RED_TECH)]);
}

#[test]
fn a_command_on_another_version_is_refused() {
    for expected in [0, 2] {
        let command = TestCommand { expected_version: Some(expected), ..ask(RED_TECH, start()) };
        given(drafted()).when(command).then_expect_error(TestError::StaleVersion { expected, actual: 1 });
    }
}

#[test]
fn a_stale_version_is_told_before_the_state() {
    let command = TestCommand { expected_version: Some(1), ..ask(RED_TECH, start()) };
    given(executing()).when(command).then_expect_error(TestError::StaleVersion { expected: 1, actual: 2 });
}

#[test]
fn nothing_is_open_on_a_test_that_was_never_drafted() {
    assert_eq!(open(vec![], ADMIN), []);
}

#[test]
fn a_validated_test_is_open_to_labels_and_to_an_admins_evidence() {
    assert_eq!(open(validated(), RED_LEAD), []);
    assert_eq!(open(validated(), ADMIN), [Open::AddRedEvidence, Open::AddBlueEvidence, Open::Classify]);
}

#[test]
fn an_archived_test_is_open_to_nothing_but_its_return() {
    let put_away = with(drafted(), [archived(RED_LEAD)]);
    assert_eq!(open(put_away.clone(), BLUE_LEAD), [Open::Restore]);
    assert_eq!(open(put_away, RED_TECH), []);
}

#[test]
fn a_draft_may_be_started_and_revised() {
    assert_eq!(
        open(drafted(), RED_LEAD),
        [Open::Revise, Open::StartExecution, Open::AddRedEvidence, Open::Archive]
    );
    assert_eq!(open(drafted(), ADMIN).last(), Some(&Open::Archive));
    assert!(open(drafted(), ADMIN).contains(&Open::Classify));
}

#[test]
fn handing_over_opens_with_the_record() {
    let red = [Open::PauseWork, Open::AddRedEvidence];
    let blue = [Open::PauseWork, Open::AddBlueEvidence];
    let with = |steps: &[Open], more: [Open; 2]| [steps, &more].concat();
    assert_eq!(open(executing(), RED_TECH), with(&[Open::RecordAttack], red));
    assert_eq!(open(attacked(), RED_TECH), with(&[Open::RecordAttack, Open::SubmitExecution], red));
    let evaluation = [Open::StartEvaluation, Open::RecordDetection, Open::SubmitEvaluation];
    assert_eq!(open(evaluating(), BLUE_TECH), with(&evaluation[..2], blue));
    assert_eq!(open(evaluated(), BLUE_TECH), with(&evaluation, blue));
    let taken_up = TestEvent::EvaluationStarted { round: 1, by: BLUE_TECH.account, at: now() };
    let mut events = evaluated();
    events.push(taken_up);
    assert_eq!(open(events, BLUE_TECH), with(&evaluation[1..], blue));
}

#[test]
fn blue_work_is_not_open_to_whoever_executed() {
    assert_eq!(open(evaluating(), RED_TECH), []);
}

#[test]
fn each_lead_is_offered_the_own_sides_vote() {
    assert_eq!(open(in_review(), RED_LEAD), [Open::Revise, Open::VoteRed]);
    assert_eq!(open(in_review(), BLUE_LEAD), [Open::Revise, Open::VoteBlue]);
    assert_eq!(
        open(in_review(), ADMIN),
        [
            Open::Revise,
            Open::VoteRed,
            Open::VoteBlue,
            Open::AddRedEvidence,
            Open::AddBlueEvidence,
            Open::Classify,
        ]
    );
    assert_eq!(open(in_review(), RED_TECH), []);
}

#[test]
fn a_vote_stays_open_to_whoever_cast_it_only() {
    assert_eq!(open(half_approved(), RED_LEAD), [Open::Revise, Open::VoteRed]);
    assert_eq!(open(half_approved(), OTHER_RED_LEAD), [Open::Revise]);
    assert!(open(half_approved(), ADMIN).contains(&Open::VoteBlue));
    assert!(!open(half_approved(), ADMIN).contains(&Open::VoteRed));
}

#[test]
fn a_rejected_test_may_be_reopened() {
    assert_eq!(open(rejected(), BLUE_LEAD), [Open::Revise, Open::Reopen, Open::Archive]);
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
