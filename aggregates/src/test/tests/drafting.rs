//! Writing a test down and revising it.

use super::*;
use chrono::NaiveDate;

const REVISABLE: &str = "a draft or a rejected test (tags, assignee and due date excepted)";

fn nothing_yet() -> AggregateTestExecutor<Test> {
    TestFramework::with(()).given_no_previous_events()
}

fn draft(details: Details) -> TestCommand {
    ask(RED_LEAD, draft_of(details))
}

fn revise(details: Details) -> TestCommand {
    ask(RED_LEAD, TestAction::Revise(details.into()))
}

fn retitled() -> Details {
    Details { title: "Another title".to_owned(), ..details() }
}

fn retagged() -> Details {
    Details {
        tags: BTreeSet::from(["urgent".to_owned()]),
        assignee: Some(BLUE_TECH.account),
        due_on: NaiveDate::from_ymd_opt(2026, 4, 1),
        ..details()
    }
}

fn revised(details: Details) -> TestEvent {
    TestEvent::TestRevised { by: RED_LEAD.account, details }
}

#[test]
fn a_draft_is_written_down() {
    nothing_yet().when(draft(details())).then_expect_events(drafted());
}

#[test]
fn a_test_is_drafted_once() {
    given(drafted()).when(draft(details())).then_expect_error(TestError::AlreadyDrafted);
}

#[test]
fn texts_and_tags_are_kept_trimmed() {
    let untidy = Details {
        title: "  PowerShell download cradle\n".to_owned(),
        platform: Some(" Windows ".to_owned()),
        tags: BTreeSet::from([" powershell".to_owned(), "powershell ".to_owned(), "  ".to_owned()]),
        ..details()
    };
    nothing_yet().when(draft(untidy)).then_expect_events(drafted());
}

#[test]
fn a_blank_platform_is_none() {
    let blank = Details { platform: Some("  ".to_owned()), ..details() };
    let none = Details { platform: None, ..details() };
    nothing_yet().when(draft(blank)).then_expect_events(vec![drafted_with(none)]);
}

#[test]
fn a_draft_needs_a_title() {
    let untitled = Details { title: " \t".to_owned(), ..details() };
    nothing_yet()
        .when(draft(untitled))
        .then_expect_error(TestError::Text(TextError::Missing { field: "title" }));
}

#[test]
fn a_draft_needs_only_a_title() {
    let bare = Details {
        description: String::new(),
        objective: String::new(),
        target_environment: String::new(),
        platform: None,
        tags: BTreeSet::new(),
        assignee: None,
        due_on: None,
        ..details()
    };
    nothing_yet().when(draft(bare.clone())).then_expect_events(vec![drafted_with(bare)]);
}

#[test]
fn a_title_as_long_as_allowed_is_taken_by_characters_not_bytes() {
    let long = Details { title: "é".repeat(limits::SHORT_TEXT_CHARS), ..details() };
    nothing_yet().when(draft(long.clone())).then_expect_events(vec![drafted_with(long)]);
}

#[test]
fn a_text_longer_than_allowed_is_refused() {
    let text = |chars: usize| "x".repeat(chars);
    let (short, long) = (limits::SHORT_TEXT_CHARS, limits::LONG_TEXT_CHARS);
    let cases = [
        ("title", short, Details { title: text(short + 1), ..details() }),
        ("description", long, Details { description: text(long + 1), ..details() }),
        ("objective", long, Details { objective: text(long + 1), ..details() }),
        ("targetEnvironment", short, Details { target_environment: text(short + 1), ..details() }),
        ("platform", short, Details { platform: Some(text(short + 1)), ..details() }),
        ("tags", limits::TAG_CHARS, Details { tags: [text(limits::TAG_CHARS + 1)].into(), ..details() }),
    ];
    for (field, limit, details) in cases {
        let refusal = TestError::Text(TextError::TooLong { field, chars: limit + 1, limit });
        nothing_yet().when(draft(details)).then_expect_error(refusal);
    }
}

#[test]
fn a_text_with_a_nul_character_is_refused() {
    let nul = || "a\0b".to_owned();
    let cases = [
        ("title", Details { title: nul(), ..details() }),
        ("description", Details { description: nul(), ..details() }),
        ("objective", Details { objective: nul(), ..details() }),
        ("targetEnvironment", Details { target_environment: nul(), ..details() }),
        ("platform", Details { platform: Some(nul()), ..details() }),
        ("tags", Details { tags: [nul()].into(), ..details() }),
    ];
    for (field, details) in cases {
        nothing_yet()
            .when(draft(details))
            .then_expect_error(TestError::Text(TextError::NulCharacter { field }));
    }
}

#[test]
fn a_due_date_lies_in_the_years_1_to_9999() {
    for (year, month, day) in [(0, 12, 31), (10_000, 1, 1), (-99_999, 1, 1)] {
        let odd = Details { due_on: NaiveDate::from_ymd_opt(year, month, day), ..details() };
        assert!(odd.due_on.is_some());
        nothing_yet().when(draft(odd)).then_expect_error(TestError::OutOfCalendar { field: "dueDate" });
    }
}

#[test]
fn as_many_tags_as_allowed_are_taken() {
    let tags = (0..limits::TAGS).map(|n| format!("tag {n}")).collect();
    let full = Details { tags, ..details() };
    nothing_yet().when(draft(full.clone())).then_expect_events(vec![drafted_with(full)]);
}

#[test]
fn more_tags_than_allowed_are_refused() {
    let tags = (0..=limits::TAGS).map(|n| format!("tag {n}")).collect();
    let refusal = TestError::TooManyTags { count: limits::TAGS + 1, limit: limits::TAGS };
    nothing_yet().when(draft(Details { tags, ..details() })).then_expect_error(refusal);
}

#[test]
fn a_revision_replaces_the_general_fields() {
    given(drafted()).when(revise(retitled())).then_expect_events(vec![revised(retitled())]);
}

#[test]
fn a_revision_is_judged_like_a_draft() {
    let untitled = Details { title: String::new(), ..details() };
    given(drafted())
        .when(revise(untitled))
        .then_expect_error(TestError::Text(TextError::Missing { field: "title" }));
}

#[test]
fn revising_to_the_same_fields_changes_nothing() {
    given(drafted()).when(revise(details())).then_expect_events(vec![]);
}

#[test]
fn repeating_a_revision_changes_nothing() {
    given(with(drafted(), [revised(retitled())])).when(revise(retitled())).then_expect_events(vec![]);
}

#[test]
fn a_revision_keeps_what_it_does_not_name() {
    let redescribed = Revision { description: Some("Told anew".to_owned()), ..Revision::default() };
    given(with(drafted(), [revised(retitled())]))
        .when(ask(RED_LEAD, TestAction::Revise(redescribed)))
        .then_expect_events(vec![revised(Details { description: "Told anew".to_owned(), ..retitled() })]);
}

#[test]
fn a_revision_clears_what_may_be_empty() {
    let cleared = Revision {
        platform: Some(None),
        tags: Some(BTreeSet::new()),
        assignee: Some(None),
        due_on: Some(None),
        ..Revision::default()
    };
    let left = Details { platform: None, tags: BTreeSet::new(), assignee: None, due_on: None, ..details() };
    given(with(drafted(), [revised(retagged())]))
        .when(ask(RED_LEAD, TestAction::Revise(cleared)))
        .then_expect_events(vec![revised(left)]);
}

#[test]
fn a_revision_of_nothing_changes_nothing() {
    given(drafted()).when(ask(RED_LEAD, TestAction::Revise(Revision::default()))).then_expect_events(vec![]);
}

#[test]
fn leads_and_admins_revise_what_others_drafted() {
    for by in [BLUE_LEAD, OTHER_RED_LEAD, ADMIN] {
        given(drafted())
            .when(ask(by, TestAction::Revise(retitled().into())))
            .then_expect_events(vec![TestEvent::TestRevised { by: by.account, details: retitled() }]);
    }
}

#[test]
fn a_technician_revises_the_own_draft() {
    given(vec![TestEvent::TestDrafted { by: RED_TECH.account, details: details(), origin: None }])
        .when(ask(RED_TECH, TestAction::Revise(retitled().into())))
        .then_expect_events(vec![TestEvent::TestRevised { by: RED_TECH.account, details: retitled() }]);
}

#[test]
fn a_technician_does_not_revise_what_others_drafted() {
    for by in [RED_TECH, BLUE_TECH, VIEWER] {
        given(drafted())
            .when(ask(by, TestAction::Revise(retitled().into())))
            .then_expect_error(TestError::NotOwnDraft);
    }
}

#[test]
fn the_content_does_not_change_while_the_work_runs() {
    let running = [
        (executing(), TestState::RedExecuting),
        (evaluating(), TestState::BlueEvaluating),
        (in_review(), TestState::InReview),
    ];
    for (events, state) in running {
        given(events).when(revise(retitled())).then_expect_error(wrong_state("be revised", state, REVISABLE));
    }
}

#[test]
fn tags_assignee_and_due_date_change_while_the_work_runs() {
    for events in [executing(), evaluating(), in_review()] {
        given(events).when(revise(retagged())).then_expect_events(vec![revised(retagged())]);
    }
}

#[test]
fn a_rejected_test_is_revised_before_it_is_reopened() {
    given(rejected()).when(revise(retitled())).then_expect_events(vec![revised(retitled())]);
}

#[test]
fn a_validated_test_is_not_revised_in_any_field() {
    for changed in [retitled(), retagged()] {
        let refusal = wrong_state("be revised", TestState::Validated, "a test that is not validated");
        given(validated()).when(revise(changed)).then_expect_error(refusal);
    }
}

#[test]
fn the_technique_changes_in_a_first_draft() {
    let moved = Details { technique: technique(2), attack_id: "T1105".to_owned(), ..details() };
    given(drafted()).when(revise(moved.clone())).then_expect_events(vec![revised(moved)]);
}

#[test]
fn the_technique_is_settled_once_the_test_ran() {
    for events in [rejected(), second_round()] {
        let moved = Details { technique: technique(2), ..details() };
        given(events).when(revise(moved)).then_expect_error(TestError::TechniqueSettled);
    }
}

#[test]
fn what_repeats_another_test_keeps_its_technique() {
    let (original, campaign) = (TestId(Uuid::from_u128(7)), crate::ids::CampaignId(Uuid::from_u128(8)));
    let retest = TestOrigin::Retest { original, number: 1, remediation: RemediationId(Uuid::from_u128(9)) };
    let run = TestOrigin::Campaign { campaign, copy_of: original };
    let moved = || {
        TestAction::Revise(Revision {
            technique: Some((technique(2), "T1003".to_owned())),
            ..Revision::default()
        })
    };
    let drafted = |origin: Option<TestOrigin>| {
        vec![TestEvent::TestDrafted { by: RED_TECH.account, details: details(), origin }]
    };
    for origin in [retest, run] {
        given(drafted(Some(origin)))
            .when(ask(RED_LEAD, moved()))
            .then_expect_error(TestError::RepeatsAnother);
    }
    for origin in [None, Some(TestOrigin::Clone { of: original })] {
        assert!(folded(drafted(origin)).decide(ask(RED_LEAD, moved())).is_ok());
    }
    // A remediation waits for its retest; a copy in a run may be put away.
    given(drafted(Some(retest))).when(ask(RED_LEAD, archive())).then_expect_error(TestError::RetestStays);
    assert!(!folded(drafted(Some(retest))).open_actions(RED_LEAD, BOTH_ON).contains(&OpenAction::Archive));
    assert!(folded(drafted(Some(run))).decide(ask(RED_LEAD, archive())).is_ok());
}
