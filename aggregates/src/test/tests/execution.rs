//! Red's part of a round.

use super::*;

fn record(attack: AttackRecord) -> TestCommand {
    ask(RED_TECH, TestAction::RecordAttack(attack))
}

#[test]
fn red_starts_a_draft() {
    given(drafted()).when(ask(RED_TECH, start())).then_expect_events(vec![started(1, RED_TECH)]);
}

#[test]
fn only_a_draft_is_started() {
    let others = [
        (executing(), TestState::RedExecuting),
        (evaluating(), TestState::BlueEvaluating),
        (in_review(), TestState::InReview),
        (validated(), TestState::Validated),
        (rejected(), TestState::Rejected),
    ];
    for (events, state) in others {
        given(events).when(ask(RED_TECH, start())).then_expect_error(wrong_state(
            "start execution",
            state,
            "a draft",
        ));
    }
}

#[test]
fn red_writes_the_attack_down() {
    given(executing()).when(record(attack())).then_expect_events(vec![attack_recorded(
        1,
        RED_TECH,
        attack(),
    )]);
}

#[test]
fn the_attack_is_recorded_only_while_red_executes() {
    let others = [
        (drafted(), TestState::Draft),
        (evaluating(), TestState::BlueEvaluating),
        (in_review(), TestState::InReview),
        (validated(), TestState::Validated),
        (rejected(), TestState::Rejected),
    ];
    for (events, state) in others {
        let refusal = wrong_state("take an attack record", state, "a test that red is executing");
        given(events).when(record(attack())).then_expect_error(refusal);
    }
}

#[test]
fn repeating_an_attack_record_changes_nothing() {
    given(attacked()).when(record(attack())).then_expect_events(vec![]);
}

#[test]
fn an_attack_record_is_written_again_with_other_content() {
    let failed = AttackRecord { success: false, ..attack() };
    given(attacked())
        .when(record(failed.clone()))
        .then_expect_events(vec![attack_recorded(1, RED_TECH, failed)]);
}

#[test]
fn somebody_else_of_red_may_record_the_same_attack() {
    given(attacked())
        .when(ask(RED_LEAD, TestAction::RecordAttack(attack())))
        .then_expect_events(vec![attack_recorded(1, RED_LEAD, attack())]);
}

#[test]
fn a_corrected_zone_is_news_though_the_instant_stays() {
    let utc = AttackRecord { started_at: time("2026-03-02T08:00:00Z"), ..attack() };
    assert_eq!(utc, attack(), "chrono compares instants");
    let events = given(attacked()).when(record(utc)).inspect_result().expect("accepted");
    let json = serde_json::to_value(events).expect("JSON");
    assert_eq!(json[0]["AttackRecorded"]["attack"]["started_at"], "2026-03-02T08:00:00Z");
}

#[test]
fn the_zone_of_a_time_is_kept() {
    let events = given(executing()).when(record(attack())).inspect_result().expect("accepted");
    let json = serde_json::to_string(&events).expect("JSON");
    assert!(json.contains(r#""started_at":"2026-03-02T10:00:00+02:00""#), "{json}");
    assert!(json.contains(r#""ended_at":"2026-03-02T10:20:30+02:00""#), "{json}");
    let back: Vec<TestEvent> = serde_json::from_str(&json).expect("the events");
    assert_eq!(serde_json::to_string(&back).expect("JSON"), json);
}

#[test]
fn an_attack_needs_a_procedure_and_a_summary() {
    let without_procedure = AttackRecord { procedure: " ".to_owned(), ..attack() };
    let without_summary = AttackRecord { summary: String::new(), ..attack() };
    given(executing())
        .when(record(without_procedure))
        .then_expect_error(TestError::Text(TextError::Missing { field: "procedure" }));
    given(executing())
        .when(record(without_summary))
        .then_expect_error(TestError::Text(TextError::Missing { field: "summary" }));
}

#[test]
fn an_attack_may_leave_out_tool_and_end() {
    let brief = AttackRecord { tool: None, ended_at: None, ..attack() };
    given(executing())
        .when(record(brief.clone()))
        .then_expect_events(vec![attack_recorded(1, RED_TECH, brief)]);
}

#[test]
fn a_long_tool_is_refused() {
    let limit = limits::SHORT_TEXT_CHARS;
    let long = AttackRecord { tool: Some("x".repeat(limit + 1)), ..attack() };
    given(executing()).when(record(long)).then_expect_error(TestError::Text(TextError::TooLong {
        field: "tool",
        chars: limit + 1,
        limit,
    }));
}

#[test]
fn an_attack_does_not_end_before_it_starts() {
    // Later by the wall clock, earlier as an instant.
    let backwards = AttackRecord { ended_at: Some(time("2026-03-02T10:30:00+03:00")), ..attack() };
    given(executing()).when(record(backwards)).then_expect_error(TestError::BeforeStart { field: "endedAt" });
}

#[test]
fn an_attack_may_end_the_moment_it_starts() {
    let instant = AttackRecord { ended_at: Some(attack().started_at), ..attack() };
    given(executing())
        .when(record(instant.clone()))
        .then_expect_events(vec![attack_recorded(1, RED_TECH, instant)]);
}

#[test]
fn an_attack_in_the_future_is_refused() {
    let late = (now() + limits::CLOCK_TOLERANCE + TimeDelta::seconds(1)).fixed_offset();
    let not_begun = AttackRecord { started_at: late, ended_at: None, ..attack() };
    let not_over = AttackRecord { ended_at: Some(late), ..attack() };
    given(executing()).when(record(not_begun)).then_expect_error(TestError::InFuture { field: "startedAt" });
    given(executing()).when(record(not_over)).then_expect_error(TestError::InFuture { field: "endedAt" });
}

#[test]
fn a_clock_that_runs_a_little_ahead_is_tolerated() {
    let ahead = (now() + limits::CLOCK_TOLERANCE).fixed_offset();
    let just_now = AttackRecord { started_at: ahead, ended_at: Some(ahead), ..attack() };
    given(executing())
        .when(record(just_now.clone()))
        .then_expect_events(vec![attack_recorded(1, RED_TECH, just_now)]);
}

#[test]
fn an_attack_before_the_year_1_is_refused() {
    let ancient = AttackRecord { started_at: "-99999-01-01T00:00:00Z".parse().expect("a time"), ..attack() };
    given(executing())
        .when(record(ancient))
        .then_expect_error(TestError::OutOfCalendar { field: "startedAt" });
}

#[test]
fn red_hands_over_to_blue() {
    given(attacked())
        .when(ask(RED_TECH, TestAction::SubmitExecution))
        .then_expect_events(vec![execution_submitted(1, RED_TECH)]);
}

#[test]
fn somebody_else_of_red_may_hand_over() {
    given(attacked())
        .when(ask(RED_LEAD, TestAction::SubmitExecution))
        .then_expect_events(vec![execution_submitted(1, RED_LEAD)]);
}

#[test]
fn nothing_is_handed_over_without_an_attack_record() {
    given(executing())
        .when(ask(RED_TECH, TestAction::SubmitExecution))
        .then_expect_error(TestError::NoAttackRecorded);
}

#[test]
fn only_a_test_that_red_executes_is_handed_over() {
    for (events, state) in [(drafted(), TestState::Draft), (evaluating(), TestState::BlueEvaluating)] {
        let refusal = wrong_state("submit the execution", state, "a test that red is executing");
        given(events).when(ask(RED_TECH, TestAction::SubmitExecution)).then_expect_error(refusal);
    }
}
