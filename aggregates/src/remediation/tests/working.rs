//! Plan, assignment and the way from open to completed: states and people.

use super::*;
use OpenAction as Open;

const PEOPLE: [Actor; 7] = [ADMIN, RED_LEAD, BLUE_LEAD, BLUE_TECH, RED_TECH, VIEWER, ASSIGNEE];

fn revise(revision: PlanRevision) -> RemediationAction {
    RemediationAction::Revise(revision)
}

fn assign(assignee: Option<Actor>) -> RemediationAction {
    RemediationAction::Assign { assignee: assignee.map(|assignee| assignee.account) }
}

fn retitle(title: &str) -> RemediationAction {
    revise(PlanRevision { title: Some(title.to_owned()), ..PlanRevision::default() })
}

#[test]
fn a_revision_is_laid_over_the_plan() {
    let plan = Plan { title: "Another".to_owned(), ..plan() };
    given(opened()).when(ask(BLUE_LEAD, retitle(" Another "))).then_expect_events(vec![
        RemediationEvent::RemediationRevised { by: BLUE_LEAD.account, at: now(), plan },
    ]);
}

#[test]
fn the_same_plan_and_the_same_assignee_again_change_nothing() {
    given(opened()).when(ask(RED_LEAD, retitle(&plan().title))).then_expect_events(vec![]);
    given(opened()).when(ask(RED_LEAD, assign(Some(ASSIGNEE)))).then_expect_events(vec![]);
}

#[test]
fn it_is_given_to_somebody_and_to_nobody() {
    for assignee in [Some(BLUE_TECH), None] {
        let event = RemediationEvent::RemediationAssigned {
            by: BLUE_LEAD.account,
            at: now(),
            assignee: assignee.map(|assignee| assignee.account),
        };
        given(opened()).when(ask(BLUE_LEAD, assign(assignee))).then_expect_events(vec![event]);
    }
}

#[test]
fn the_right_to_work_goes_with_the_assignment() {
    let given_away = RemediationEvent::RemediationAssigned {
        by: BLUE_LEAD.account,
        at: now(),
        assignee: Some(RED_TECH.account),
    };
    let events = with(opened(), [given_away]);
    assert!(folded(events.clone()).decide(ask(RED_TECH, RemediationAction::Start)).is_ok());
    given(events)
        .when(ask(ASSIGNEE, RemediationAction::Start))
        .then_expect_error(RemediationError::NotAtWork { action: "start it" });
}

#[test]
fn a_viewer_does_not_work_even_as_assignee() {
    let to_viewer = RemediationEvent::RemediationAssigned {
        by: BLUE_LEAD.account,
        at: now(),
        assignee: Some(VIEWER.account),
    };
    given(with(opened(), [to_viewer]))
        .when(ask(VIEWER, RemediationAction::Start))
        .then_expect_error(RemediationError::NotAtWork { action: "start it" });
}

#[test]
fn work_goes_from_open_to_completed() {
    given(opened()).when(ask(BLUE_TECH, RemediationAction::Start)).then_expect_events(vec![started_event()]);
    given(in_progress()).when(ask(BLUE_TECH, complete())).then_expect_events(vec![completed_event(1)]);
}

#[test]
fn what_was_blocked_goes_on() {
    for before in [opened(), in_progress()] {
        let reason = "No licence yet.".to_owned();
        let event = RemediationEvent::RemediationBlocked { by: BLUE_TECH.account, at: now(), reason };
        given(before).when(ask(BLUE_TECH, block())).then_expect_events(vec![event]);
    }
    let event = RemediationEvent::RemediationUnblocked { by: ASSIGNEE.account, at: now() };
    given(blocked()).when(ask(ASSIGNEE, RemediationAction::Unblock)).then_expect_events(vec![event.clone()]);
    assert_eq!(folded(with(blocked(), [event])).state(), RemediationState::InProgress);
}

#[test]
fn blocking_needs_a_reason() {
    given(opened())
        .when(ask(BLUE_TECH, RemediationAction::Block { reason: "\t".to_owned() }))
        .then_expect_error(TextError::Missing { field: "reason" }.into());
}

#[test]
fn completions_are_counted() {
    let failed = RemediationEvent::RetestFailed {
        at: now(),
        retest: test_id(1),
        result: DetectionResult::NotDetected,
    };
    given(with(retesting(), [failed]))
        .when(ask(BLUE_TECH, complete()))
        .then_expect_events(vec![completed_event(2)]);
}

#[test]
fn it_is_reopened_from_its_ends() {
    for state in [RemediationState::Completed, RemediationState::Verified, RemediationState::RiskAccepted] {
        let reason = "It came back.".to_owned();
        let event = RemediationEvent::RemediationReopened { by: RED_LEAD.account, at: now(), reason };
        given(ending_in(state)).when(ask(RED_LEAD, reopen())).then_expect_events(vec![event.clone()]);
        let again = folded(with(ending_in(state), [event]));
        assert_eq!(again.state(), RemediationState::Open);
    }
}

#[test]
fn a_command_on_another_version_is_refused() {
    let command =
        RemediationCommand { expected_version: Some(4), ..ask(BLUE_TECH, RemediationAction::Start) };
    given(opened())
        .when(command)
        .then_expect_error(RemediationError::StaleVersion { expected: 4, actual: 1 });
}

/// What `docs/REMEDIATION.md` prints: which states leave a step open, and whether it takes a lead.
const TABLE: [(OpenAction, &[RemediationState], bool); 9] = {
    use RemediationState::{Blocked, Completed, InProgress, Open, RiskAccepted, Verified};
    [
        (OpenAction::Revise, &[Open, InProgress, Blocked], true),
        (OpenAction::Assign, &[Open, InProgress, Blocked], true),
        (OpenAction::AddStep, &[Open, InProgress, Blocked], false),
        (OpenAction::Start, &[Open], false),
        (OpenAction::Block, &[Open, InProgress], false),
        (OpenAction::Unblock, &[Blocked], false),
        (OpenAction::Complete, &[InProgress], false),
        (OpenAction::AcceptRisk, &[Open, InProgress, Blocked], true),
        (OpenAction::Reopen, &[Completed, Verified, RiskAccepted], true),
    ]
};

fn wish(action: OpenAction) -> RemediationAction {
    match action {
        Open::Revise => retitle("never seen"),
        Open::Assign => assign(Some(RED_LEAD)),
        Open::AddStep => add_step(99),
        Open::ChangeSteps => RemediationAction::RemoveStep { step: step_id(1) },
        Open::Start => RemediationAction::Start,
        Open::Block => block(),
        Open::Unblock => RemediationAction::Unblock,
        Open::Complete => complete(),
        Open::AcceptRisk => accept_risk(),
        Open::Reopen => reopen(),
    }
}

#[test]
fn every_step_state_and_role_is_as_the_table_says() {
    for (action, states, takes_a_lead) in TABLE {
        for state in RemediationState::ALL {
            for by in PEOPLE {
                let leads = [ADMIN, RED_LEAD, BLUE_LEAD].contains(&by);
                let works = leads || [BLUE_TECH, ASSIGNEE].contains(&by);
                let allowed = states.contains(&state) && if takes_a_lead { leads } else { works };
                let remediation = folded(ending_in(state));
                let decision = remediation.decide(ask(by, wish(action)));
                assert_eq!(decision.is_ok(), allowed, "{action:?} in {state:?} by {by:?}: {decision:?}");
                assert_eq!(remediation.open_actions(by).contains(&action), allowed, "{action:?} {state:?}");
            }
        }
    }
}

#[test]
fn nothing_is_open_on_a_remediation_that_was_never_opened() {
    assert_eq!(folded(vec![]).open_actions(ADMIN), []);
}
