//! Blue's part of a round.

use super::*;

fn record(detection: DetectionRecord) -> TestCommand {
    ask(BLUE_TECH, TestAction::RecordDetection(detection))
}

fn taken(detection: DetectionRecord) {
    let expected = vec![detection_recorded(1, BLUE_TECH, detection.clone())];
    given(evaluating()).when(record(detection)).then_expect_events(expected);
}

fn refused(detection: DetectionRecord, refusal: TestError) {
    given(evaluating()).when(record(detection)).then_expect_error(refusal);
}

/// A minute before the attack.
fn too_early() -> Option<DateTime<FixedOffset>> {
    Some(attack().started_at - TimeDelta::minutes(1))
}

#[test]
fn blue_writes_the_detection_down() {
    taken(detection());
}

#[test]
fn a_miss_needs_no_times() {
    taken(missed());
}

#[test]
fn an_alert_that_nobody_noticed_is_a_miss_with_an_alert_time() {
    taken(DetectionRecord { alerted_at: detection().alerted_at, ..missed() });
}

#[test]
fn the_detection_is_recorded_only_while_blue_evaluates() {
    let others = [
        (drafted(), TestState::Draft),
        (attacked(), TestState::RedExecuting),
        (in_review(), TestState::InReview),
        (validated(), TestState::Validated),
        (rejected(), TestState::Rejected),
    ];
    for (events, state) in others {
        let refusal = wrong_state("take a detection record", state, "a test that blue is evaluating");
        given(events).when(record(detection())).then_expect_error(refusal);
    }
}

#[test]
fn repeating_a_detection_record_changes_nothing() {
    given(evaluated()).when(record(detection())).then_expect_events(vec![]);
}

#[test]
fn a_detection_record_is_written_again_with_other_content() {
    given(evaluated()).when(record(missed())).then_expect_events(vec![detection_recorded(
        1,
        BLUE_TECH,
        missed(),
    )]);
}

#[test]
fn somebody_else_of_blue_may_record_the_same_detection() {
    given(evaluated())
        .when(ask(OTHER_BLUE_TECH, TestAction::RecordDetection(detection())))
        .then_expect_events(vec![detection_recorded(1, OTHER_BLUE_TECH, detection())]);
}

#[test]
fn a_corrected_zone_is_news_though_the_instant_stays() {
    let utc = DetectionRecord { detected_at: Some(time("2026-03-02T08:05:00Z")), ..detection() };
    assert_eq!(utc, detection(), "chrono compares instants");
    let events = given(evaluated()).when(record(utc)).inspect_result().expect("accepted");
    let json = serde_json::to_value(events).expect("JSON");
    assert_eq!(json[0]["DetectionRecorded"]["detection"]["detected_at"], "2026-03-02T08:05:00Z");
}

#[test]
fn the_zone_of_a_time_is_kept() {
    let events = given(evaluating()).when(record(detection())).inspect_result().expect("accepted");
    let json = serde_json::to_string(&events).expect("JSON");
    for expected in [
        r#""detected_at":"2026-03-02T10:05:00+02:00""#,
        r#""alerted_at":"2026-03-02T10:04:10+02:00""#,
        r#""contained_at":"2026-03-02T10:30:00+02:00""#,
    ] {
        assert!(json.contains(expected), "{expected} in {json}");
    }
    let back: Vec<TestEvent> = serde_json::from_str(&json).expect("the events");
    assert_eq!(serde_json::to_string(&back).expect("JSON"), json);
}

#[test]
fn a_time_before_the_attack_needs_a_clock_skew_note() {
    let cases = [
        ("detectedAt", DetectionRecord { detected_at: too_early(), ..detection() }),
        ("alertedAt", DetectionRecord { alerted_at: too_early(), ..detection() }),
        ("containedAt", DetectionRecord { contained_at: too_early(), ..detection() }),
    ];
    for (field, detection) in cases {
        refused(detection, TestError::DetectedBeforeAttack { field });
    }
}

#[test]
fn a_clock_skew_note_explains_a_time_before_the_attack() {
    let note = Some("The sensor runs two minutes late.".to_owned());
    taken(DetectionRecord { detected_at: too_early(), clock_skew_note: note, ..detection() });
}

#[test]
fn a_blank_clock_skew_note_explains_nothing() {
    let blank =
        DetectionRecord { detected_at: too_early(), clock_skew_note: Some("  ".to_owned()), ..detection() };
    refused(blank, TestError::DetectedBeforeAttack { field: "detectedAt" });
}

#[test]
fn before_the_attack_is_judged_by_the_instant_not_the_wall_clock() {
    // 08:05 in London is 10:05 where the attack was run: after it began.
    taken(DetectionRecord { detected_at: Some(time("2026-03-02T08:05:00+00:00")), ..detection() });
    let refusal = TestError::DetectedBeforeAttack { field: "detectedAt" };
    refused(DetectionRecord { detected_at: Some(time("2026-03-02T10:05:00+03:00")), ..detection() }, refusal);
}

#[test]
fn a_detection_the_moment_the_attack_begins_needs_no_note() {
    taken(DetectionRecord { detected_at: Some(attack().started_at), ..detection() });
}

#[test]
fn a_corrected_attack_is_what_detection_times_are_measured_against() {
    let later = AttackRecord { started_at: time("2026-03-02T10:10:00+02:00"), ..attack() };
    given(with(attacked(), [attack_recorded(1, RED_TECH, later), execution_submitted(1, RED_TECH)]))
        .when(record(detection()))
        .then_expect_error(TestError::DetectedBeforeAttack { field: "detectedAt" });
}

#[test]
fn a_time_in_the_future_is_refused_even_with_a_clock_skew_note() {
    let late = Some((now() + limits::CLOCK_TOLERANCE + TimeDelta::seconds(1)).fixed_offset());
    let noted = || DetectionRecord { clock_skew_note: Some("Skewed.".to_owned()), ..detection() };
    refused(DetectionRecord { detected_at: late, ..noted() }, TestError::InFuture { field: "detectedAt" });
    refused(DetectionRecord { alerted_at: late, ..noted() }, TestError::InFuture { field: "alertedAt" });
    refused(DetectionRecord { contained_at: late, ..noted() }, TestError::InFuture { field: "containedAt" });
}

#[test]
fn a_time_before_the_year_1_is_refused_even_with_a_clock_skew_note() {
    let ancient = DetectionRecord {
        detected_at: Some("-99999-01-01T00:00:00Z".parse().expect("a time")),
        clock_skew_note: Some("Skewed.".to_owned()),
        ..detection()
    };
    refused(ancient, TestError::OutOfCalendar { field: "detectedAt" });
}

#[test]
fn a_detection_needs_its_time() {
    for result in [DetectionResult::Detected, DetectionResult::PartiallyDetected] {
        let timeless = DetectionRecord { result, detected_at: None, ..detection() };
        refused(timeless, TestError::DetectionWithoutTime);
    }
}

#[test]
fn a_miss_has_no_detection_time() {
    let contradictory = DetectionRecord { result: DetectionResult::NotDetected, ..detection() };
    refused(contradictory, TestError::TimeWithoutDetection);
}

#[test]
fn a_containment_needs_its_time() {
    for result in [ContainmentResult::Contained, ContainmentResult::PartiallyContained] {
        let timeless =
            DetectionRecord { containment_result: Some(result), contained_at: None, ..detection() };
        refused(timeless, TestError::ContainmentWithoutTime);
    }
}

#[test]
fn what_was_not_contained_has_no_containment_time() {
    for result in [None, Some(ContainmentResult::NotContained), Some(ContainmentResult::NotApplicable)] {
        let contradictory = DetectionRecord { containment_result: result, ..detection() };
        refused(contradictory, TestError::TimeWithoutContainment);
    }
}

#[test]
fn what_was_not_contained_is_recorded_without_a_time() {
    for result in [None, Some(ContainmentResult::NotContained), Some(ContainmentResult::NotApplicable)] {
        taken(DetectionRecord { containment_result: result, contained_at: None, ..detection() });
    }
}

#[test]
fn a_detection_needs_a_summary() {
    refused(
        DetectionRecord { summary: "\n".to_owned(), ..detection() },
        TestError::Text(TextError::Missing { field: "summary" }),
    );
}

#[test]
fn a_detection_without_an_attack_to_detect_is_refused() {
    // No command leads here; a history that does must not be built upon.
    given(with(executing(), [execution_submitted(1, RED_TECH)]))
        .when(record(detection()))
        .then_expect_error(TestError::NoAttackRecorded);
}

#[test]
fn blue_hands_over_to_the_leads() {
    given(evaluated())
        .when(ask(BLUE_TECH, TestAction::SubmitEvaluation))
        .then_expect_events(vec![evaluation_submitted(1, BLUE_TECH)]);
}

#[test]
fn nothing_is_handed_over_without_a_detection_record() {
    given(evaluating())
        .when(ask(BLUE_TECH, TestAction::SubmitEvaluation))
        .then_expect_error(TestError::NoDetectionRecorded);
}

#[test]
fn only_a_test_that_blue_evaluates_is_handed_over() {
    for (events, state) in [(attacked(), TestState::RedExecuting), (in_review(), TestState::InReview)] {
        let refusal = wrong_state("submit the evaluation", state, "a test that blue is evaluating");
        given(events).when(ask(BLUE_TECH, TestAction::SubmitEvaluation)).then_expect_error(refusal);
    }
}
