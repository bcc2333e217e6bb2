//! Random histories held against the model and against what must always be true.

use super::model::{Answer, Model};
use super::*;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

const PEOPLE: [Actor; 8] = [ADMIN, ADMIN, RED_LEAD, BLUE_LEAD, BLUE_TECH, RED_TECH, VIEWER, ASSIGNEE];

fn actions() -> impl Strategy<Value = RemediationAction> {
    let title = || (0..3_u8).prop_map(|n| format!("title {n}"));
    let step = || (0..3_u128).prop_map(step_id);
    let assignee = select(vec![None, Some(RED_TECH.account), Some(VIEWER.account)]);
    let status = || select(StepStatus::ALL.to_vec());
    let results = select(vec![DetectionResult::Detected, DetectionResult::NotDetected]);
    let add = (step(), title())
        .prop_map(|(step, title)| RemediationAction::AddStep { step, content: content(&title) });
    let change =
        (step(), prop::option::of(title()), prop::option::of(status())).prop_map(|(step, title, status)| {
            RemediationAction::ReviseStep {
                step,
                revision: StepRevision { title, status, ..StepRevision::default() },
            }
        });
    let days = select(vec![day("2026-03-20"), day("2026-09-01")]);
    prop_oneof![
        1 => Just(open_with(missed())),
        1 => title().prop_map(|title| {
            RemediationAction::Revise(PlanRevision { title: Some(title), ..PlanRevision::default() })
        }),
        1 => assignee.prop_map(|assignee| RemediationAction::Assign { assignee }),
        2 => add,
        3 => change,
        1 => step().prop_map(set_step_done),
        1 => step().prop_map(|step| RemediationAction::RemoveStep { step }),
        3 => Just(RemediationAction::Start),
        1 => Just(block()),
        2 => Just(RemediationAction::Unblock),
        4 => Just(complete()),
        1 => days.prop_map(accept_until),
        2 => Just(RemediationAction::ExpireRisk),
        3 => (1..4_u32).prop_map(|n| record_retest(n, n)),
        1 => (0..4_u32).prop_map(|completion| {
            RemediationAction::RecordNoRetest { completion, reason: "limit".to_owned() }
        }),
        3 => (1..4_u32, results).prop_map(|(n, result)| record_outcome(n, result)),
        1 => Just(reopen()),
    ]
}

fn set_step_done(step: StepId) -> RemediationAction {
    let revision = StepRevision { status: Some(StepStatus::Done), ..StepRevision::default() };
    RemediationAction::ReviseStep { step, revision }
}

/// Commands a day after each other, the first of which mostly opens the remediation.
fn walks() -> impl Strategy<Value = Vec<RemediationCommand>> {
    let version = || prop_oneof![12 => Just(None), 1 => (0..20_u64).prop_map(Some)];
    vec((select(PEOPLE.to_vec()), actions(), version()), 0..80).prop_map(|steps| {
        let opening = ask(BLUE_LEAD, open_with(missed()));
        let commands = steps.into_iter().zip(1..).map(|((by, action, expected_version), days)| {
            let at = now() + TimeDelta::days(days);
            RemediationCommand { at, expected_version, ..ask(by, action) }
        });
        [opening].into_iter().chain(commands).collect()
    })
}

/// A command as it was judged.
struct Judged {
    command: RemediationCommand,
    before: Remediation,
    decision: Result<Vec<RemediationEvent>, RemediationError>,
    after: Remediation,
}

fn walked(commands: Vec<RemediationCommand>) -> (Remediation, Vec<Judged>) {
    let mut remediation = Remediation::default();
    let mut history = Vec::new();
    for command in commands {
        let before = remediation.clone();
        let decision = remediation.decide(command.clone());
        for event in decision.iter().flatten() {
            remediation.apply(event.clone());
        }
        history.push(Judged { command, before, decision, after: remediation.clone() });
    }
    (remediation, history)
}

fn events(history: &[Judged]) -> Vec<RemediationEvent> {
    history.iter().flat_map(|judged| judged.decision.iter().flatten().cloned()).collect()
}

proptest! {
    #[test]
    fn every_decision_is_the_models(walk in walks()) {
        let mut model = Model::default();
        for judged in walked(walk).1 {
            let answer = model.answer(&judged.command);
            let decided = match &judged.decision {
                Ok(events) if events.is_empty() => Answer::Nothing,
                Ok(events) => Answer::Happens(events.len() as u64, judged.after.state()),
                Err(_) => Answer::Refuses,
            };
            prop_assert_eq!(&decided, &answer, "{:?} on {:?}", judged.command, model);
            if let Answer::Happens(count, state) = answer {
                model.follow(&judged.command, count, state);
            }
            prop_assert_eq!(judged.after.version(), model.events);
        }
    }

    #[test]
    fn a_refusal_changes_nothing(walk in walks()) {
        for judged in walked(walk).1 {
            if !matches!(&judged.decision, Ok(events) if !events.is_empty()) {
                prop_assert_eq!(judged.before, judged.after);
            }
        }
    }

    #[test]
    fn a_verified_remediation_was_completed_and_its_newest_retest_detected(walk in walks()) {
        for judged in walked(walk).1 {
            if judged.after.state() == RemediationState::Verified {
                prop_assert!(judged.after.completions() > 0);
                prop_assert!(!judged.after.retests().is_empty());
            }
        }
    }

    #[test]
    fn completions_count_up_from_one_and_have_one_answer_each(walk in walks()) {
        let (_, history) = walked(walk);
        let mut completions = Vec::new();
        let mut answers = Vec::new();
        for event in events(&history) {
            match event {
                RemediationEvent::RemediationCompleted { completion, .. } => completions.push(completion),
                RemediationEvent::RetestCreated { completion, .. }
                | RemediationEvent::RetestNotCreated { completion, .. } => answers.push(completion),
                _ => {}
            }
        }
        let counted: Vec<u32> = (1..).take(completions.len()).collect();
        prop_assert_eq!(&completions, &counted);
        let distinct: BTreeSet<u32> = answers.iter().copied().collect();
        prop_assert_eq!(distinct.len(), answers.len());
        prop_assert!(answers.iter().all(|answer| completions.contains(answer)));
    }

    #[test]
    fn nothing_is_completed_with_steps_left(walk in walks()) {
        for judged in walked(walk).1 {
            let completes = matches!(
                judged.decision.as_deref(),
                Ok([RemediationEvent::RemediationCompleted { .. }])
            );
            if completes {
                prop_assert!(judged.before.steps().iter().all(|step| step.status == StepStatus::Done));
            }
        }
    }

    #[test]
    fn stored_events_fold_into_an_equal_remediation(walk in walks()) {
        let (remediation, history) = walked(walk);
        let stored = serde_json::to_string(&events(&history)).expect("JSON");
        let read: Vec<RemediationEvent> = serde_json::from_str(&stored).expect("the events");
        prop_assert_eq!(folded(read), remediation);
    }
}

/// The properties above are worth something only if the walks get around.
#[test]
fn random_walks_reach_every_state() {
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..300 {
        let walk = walks().new_tree(&mut runner).expect("a walk").current();
        seen.extend(walked(walk).1.iter().map(|judged| judged.after.state()));
    }
    assert_eq!(seen, BTreeSet::from(RemediationState::ALL));
}
