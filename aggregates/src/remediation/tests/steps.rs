//! Steps: added, changed, ticked off, taken away.

use super::*;

fn revise(number: u128, revision: StepRevision) -> RemediationAction {
    RemediationAction::ReviseStep { step: step_id(number), revision }
}

fn remove(number: u128) -> RemediationAction {
    RemediationAction::RemoveStep { step: step_id(number) }
}

fn with_step() -> Vec<RemediationEvent> {
    with(in_progress(), [step_added(1)])
}

#[test]
fn a_step_is_added_to_do() {
    given(opened()).when(ask(BLUE_TECH, add_step(1))).then_expect_events(vec![step_added(1)]);
    let steps = folded(with_step()).steps().to_vec();
    assert_eq!(steps, [Step { id: step_id(1), content: content("step 1"), status: StepStatus::Todo }]);
}

#[test]
fn adding_the_same_step_again_changes_nothing() {
    given(with_step()).when(ask(BLUE_TECH, add_step(1))).then_expect_events(vec![]);
    let other = RemediationAction::AddStep { step: step_id(1), content: content("another") };
    given(with_step())
        .when(ask(BLUE_TECH, other))
        .then_expect_error(RemediationError::StepExists { step: step_id(1) });
}

#[test]
fn a_step_says_something() {
    let empty = RemediationAction::AddStep { step: step_id(1), content: content(" ") };
    given(opened())
        .when(ask(BLUE_TECH, empty))
        .then_expect_error(TextError::Missing { field: "title" }.into());
    let notes = StepRevision { notes: Some("a".repeat(20_001)), ..StepRevision::default() };
    let too_long = TextError::TooLong { field: "notes", chars: 20_001, limit: 20_000 };
    given(with_step()).when(ask(BLUE_TECH, revise(1, notes))).then_expect_error(too_long.into());
}

#[test]
fn there_are_at_most_fifty_steps() {
    let mut events = in_progress();
    events.extend((0..50).map(step_added));
    given(events.clone())
        .when(ask(BLUE_TECH, add_step(50)))
        .then_expect_error(RemediationError::TooManySteps { limit: 50 });
    let full = folded(events);
    assert!(!full.open_actions(BLUE_TECH).contains(&OpenAction::AddStep));
    assert_eq!(full.decide(ask(BLUE_TECH, add_step(49))), Ok(vec![]));
}

#[test]
fn text_and_status_of_a_step_may_change_at_once() {
    let revision = StepRevision {
        title: Some("Roll it out".to_owned()),
        owner: Some(None),
        notes: Some("By policy.".to_owned()),
        status: Some(StepStatus::Doing),
    };
    let content =
        StepContent { title: "Roll it out".to_owned(), owner: None, notes: "By policy.".to_owned() };
    let (by, at, step) = (BLUE_TECH.account, now(), step_id(1));
    given(with_step()).when(ask(BLUE_TECH, revise(1, revision))).then_expect_events(vec![
        RemediationEvent::StepRevised { by, at, step, content },
        status_changed(1, StepStatus::Doing),
    ]);
}

#[test]
fn only_what_changes_is_recorded() {
    given(with_step())
        .when(ask(BLUE_TECH, set_status(1, StepStatus::Done)))
        .then_expect_events(vec![status_changed(1, StepStatus::Done)]);
    given(with_step()).when(ask(BLUE_TECH, set_status(1, StepStatus::Todo))).then_expect_events(vec![]);
    given(with_step()).when(ask(BLUE_TECH, revise(1, StepRevision::default()))).then_expect_events(vec![]);
}

#[test]
fn a_step_is_taken_away() {
    let event = RemediationEvent::StepRemoved { by: BLUE_TECH.account, at: now(), step: step_id(1) };
    given(with_step()).when(ask(BLUE_TECH, remove(1))).then_expect_events(vec![event.clone()]);
    assert!(folded(with(with_step(), [event])).steps().is_empty());
}

#[test]
fn a_step_that_is_not_there_cannot_change() {
    for action in [set_status(2, StepStatus::Done), remove(2)] {
        given(with_step())
            .when(ask(BLUE_TECH, action))
            .then_expect_error(RemediationError::NoSuchStep { step: step_id(2) });
    }
}

#[test]
fn steps_change_while_work_is_open_only_and_by_those_at_work() {
    for state in RemediationState::ALL {
        let mut events = opened();
        events.push(step_added(1));
        events.push(status_changed(1, StepStatus::Done));
        events.extend(ending_in(state).into_iter().skip(1));
        let remediation = folded(events);
        let open = matches!(
            state,
            RemediationState::Open | RemediationState::InProgress | RemediationState::Blocked
        );
        for by in [ADMIN, RED_LEAD, BLUE_LEAD, BLUE_TECH, RED_TECH, VIEWER, ASSIGNEE] {
            let allowed = open && by != RED_TECH && by != VIEWER;
            for action in [set_status(1, StepStatus::Doing), remove(1)] {
                assert_eq!(remediation.decide(ask(by, action)).is_ok(), allowed, "{state:?} {by:?}");
            }
            let offered = remediation.open_actions(by).contains(&OpenAction::ChangeSteps);
            assert_eq!(offered, allowed, "{state:?} {by:?}");
        }
    }
}

#[test]
fn completing_names_the_steps_that_are_left() {
    let events = with(with_step(), [step_added(2), step_added(3), status_changed(2, StepStatus::Done)]);
    let titles = vec!["step 1".to_owned(), "step 3".to_owned()];
    given(events.clone())
        .when(ask(BLUE_TECH, complete()))
        .then_expect_error(RemediationError::StepsLeft { titles });
    assert!(!folded(events.clone()).open_actions(BLUE_TECH).contains(&OpenAction::Complete));
    let done = with(events, [status_changed(1, StepStatus::Done), status_changed(3, StepStatus::Done)]);
    given(done).when(ask(BLUE_TECH, complete())).then_expect_events(vec![completed_event(1)]);
}
