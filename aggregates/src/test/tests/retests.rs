//! Testing again what was remediated: how often, and under which ids.

use super::*;

const ORIGINAL: TestId = TestId(Uuid::from_u128(0x7e57));

fn ask_for(remediation: u128, completion: u32, limit: u32) -> TestCommand {
    let remediation = RemediationId(Uuid::from_u128(remediation));
    let action = TestAction::ScheduleRetest { original: ORIGINAL, remediation, completion, limit };
    ask(Actor::SYSTEM, action)
}

fn scheduled(number: u32, remediation: u128, completion: u32) -> TestEvent {
    TestEvent::RetestScheduled {
        by: AccountId::SYSTEM,
        at: now(),
        number,
        retest: TestId(Uuid::new_v5(&ORIGINAL.0, format!("retest/{number}").as_bytes())),
        remediation: RemediationId(Uuid::from_u128(remediation)),
        completion,
    }
}

#[test]
fn each_completion_has_one_retest() {
    given(validated()).when(ask_for(1, 1, 3)).then_expect_events(vec![scheduled(1, 1, 1)]);
    let once = with(validated(), [scheduled(1, 1, 1)]);
    given(once.clone()).when(ask_for(1, 1, 3)).then_expect_events(vec![]);
    given(once.clone()).when(ask_for(1, 2, 3)).then_expect_events(vec![scheduled(2, 1, 2)]);
    given(once).when(ask_for(2, 1, 3)).then_expect_events(vec![scheduled(2, 2, 1)]);
}

#[test]
fn there_are_no_more_retests_than_the_limit() {
    let full = with(validated(), [scheduled(1, 1, 1), scheduled(2, 2, 1), scheduled(3, 1, 2)]);
    given(full.clone()).when(ask_for(1, 3, 3)).then_expect_error(TestError::RetestLimit { limit: 3 });
    given(full).when(ask_for(1, 2, 3)).then_expect_events(vec![]);
    given(validated()).when(ask_for(1, 1, 0)).then_expect_error(TestError::RetestLimit { limit: 0 });
}

#[test]
fn only_a_validated_original_is_tested_again() {
    given(in_review()).when(ask_for(1, 1, 3)).then_expect_error(wrong_state(
        "be tested again",
        TestState::InReview,
        "a validated test",
    ));
    let remediation = RemediationId(Uuid::from_u128(1));
    let origin = Some(TestOrigin::Retest { original: ORIGINAL, number: 1, remediation });
    let mut retest = validated();
    retest[0] = TestEvent::TestDrafted { by: RED_LEAD.account, details: details(), origin };
    given(retest).when(ask_for(1, 1, 3)).then_expect_error(TestError::RetestOfRetest { original: ORIGINAL });
}

#[test]
fn a_test_waits_for_what_a_campaign_puts_before_it() {
    let tests = vec![TestId(Uuid::from_u128(1))];
    given(drafted())
        .when(ask(RED_TECH, TestAction::StartExecution { waits_for: tests.clone() }))
        .then_expect_error(TestError::WaitsFor { tests });
}
