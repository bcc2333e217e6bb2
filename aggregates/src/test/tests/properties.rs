//! Random histories: random wishes of random people, with the rule switches
//! on and off, held against the model and against what must always be true.

use super::model::{Answer, Model};
use super::*;
use crate::refusal::{Refusal, RefusalKind};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

const PEOPLE: [Actor; 8] =
    [RED_TECH, BLUE_TECH, RED_LEAD, BLUE_LEAD, OTHER_RED_LEAD, OTHER_BLUE_TECH, ADMIN, VIEWER];
const POLICIES: [ReviewPolicy; 5] = [BOTH_ON, ONLY_SEPARATE_SIDES, ONLY_NO_SELF_APPROVAL, BOTH_OFF, DISPUTES];

/// A wish, or a nudge to whatever comes next, so that histories get somewhere.
#[derive(Debug, Clone)]
enum Step {
    Wish(Actor, Box<TestAction>, Option<u64>),
    Nudge(Actor),
}

#[derive(Debug, Clone)]
struct Walk {
    steps: Vec<(Step, ReviewPolicy)>,
}

fn actions() -> impl Strategy<Value = TestAction> {
    let details = (0..3_u8, any::<bool>()).prop_map(|(n, moved)| Details {
        title: format!("title {n}"),
        technique: technique(if moved { 2 } else { 1 }),
        ..details()
    });
    let retag =
        (0..3_u8).prop_map(|n| Revision { tags: Some([format!("tag {n}")].into()), ..Revision::default() });
    let attacks = (0..2_u8).prop_map(|n| AttackRecord { summary: format!("attack {n}"), ..attack() });
    let detections = select(vec![detection(), missed()]);
    let votes = (select(vec![Side::Red, Side::Blue]), prop::bool::weighted(0.7), 0..2_u8).prop_map(
        |(side, approves, n)| {
            let verdict = if approves { Verdict::Approved } else { Verdict::Rejected };
            TestAction::CastVote { side, verdict, notes: format!("notes {n}"), seen: None }
        },
    );
    let sides = || select(vec![Side::Red, Side::Blue]);
    let added = (0..6_u128, sides()).prop_map(|(n, side)| TestAction::AddEvidence(evidence(n, side)));
    let removed = (0..6_u128).prop_map(|n| TestAction::RemoveEvidence {
        evidence: EvidenceId(Uuid::from_u128(n)),
        reason: "Wrong host.".to_owned(),
    });
    let looked = (sides(), vec(0..3_u128, 0..3)).prop_map(|(side, seen)| TestAction::CastVote {
        side,
        verdict: Verdict::Approved,
        notes: "looked".to_owned(),
        seen: Some(seen.into_iter().map(|n| EvidenceId(Uuid::from_u128(n))).collect()),
    });
    let labels = select(vec![Classification::Public, Classification::Internal, Classification::Restricted]);
    let retests = (1..4_u128, 1..3_u32).prop_map(|(remediation, completion)| TestAction::ScheduleRetest {
        original: TestId(Uuid::from_u128(0x7e57)),
        remediation: RemediationId(Uuid::from_u128(remediation)),
        completion,
        limit: 3,
    });
    let waiting = TestAction::StartExecution { waits_for: vec![TestId(Uuid::from_u128(1))] };
    let around = prop_oneof![
        2 => added,
        1 => removed,
        1 => looked,
        1 => Just(TestAction::StartEvaluation),
        1 => Just(TestAction::PauseWork { reason: "Lunch.".to_owned() }),
        1 => Just(TestAction::ResumeWork),
        1 => labels.prop_map(TestAction::Classify),
        1 => Just(archive()),
        2 => Just(TestAction::Restore),
        1 => retests,
        1 => Just(waiting),
    ];
    prop_oneof![
        4 => around,
        1 => details.clone().prop_map(draft_of),
        1 => details.prop_map(|details| TestAction::Revise(details.into())),
        1 => retag.prop_map(TestAction::Revise),
        1 => Just(start()),
        2 => attacks.prop_map(TestAction::RecordAttack),
        1 => Just(TestAction::SubmitExecution),
        2 => detections.prop_map(TestAction::RecordDetection),
        1 => Just(TestAction::SubmitEvaluation),
        4 => votes,
        1 => Just(reopen()),
    ]
}

fn walks_under(policies: impl Strategy<Value = ReviewPolicy>) -> impl Strategy<Value = Walk> {
    let person = || select(PEOPLE.to_vec());
    let version = prop_oneof![9 => Just(None), 1 => (0..12_u64).prop_map(Some)];
    let wish = (person(), actions(), version)
        .prop_map(|(by, action, version)| Step::Wish(by, Box::new(action), version));
    let step = prop_oneof![2 => wish, 3 => person().prop_map(Step::Nudge)];
    vec((step, policies), 0..110).prop_map(|steps| Walk { steps })
}

/// Mostly the default policy, switched now and then within a walk; at times one that has disputes.
fn walks() -> impl Strategy<Value = Walk> {
    let mixed = prop_oneof![3 => Just(BOTH_ON), 1 => select(POLICIES.to_vec())];
    prop_oneof![2 => walks_under(mixed), 1 => walks_under(Just(DISPUTES))]
}

/// One policy from the first step to the last.
fn steady_walks() -> impl Strategy<Value = (Walk, ReviewPolicy)> {
    select(POLICIES.to_vec()).prop_flat_map(|policy| (walks_under(Just(policy)), Just(policy)))
}

/// What comes next, as far as the states tell.
fn next_action(state: TestState, drafted: bool, recorded: bool) -> TestAction {
    match state {
        TestState::Draft if !drafted => draft_of(details()),
        TestState::Draft => start(),
        TestState::RedExecuting if recorded => TestAction::SubmitExecution,
        TestState::RedExecuting => TestAction::RecordAttack(attack()),
        TestState::BlueEvaluating if recorded => TestAction::SubmitEvaluation,
        TestState::BlueEvaluating => TestAction::RecordDetection(detection()),
        TestState::InReview | TestState::Disputed | TestState::Validated => approve(Side::Red),
        TestState::Rejected => reopen(),
    }
}

/// A step as it was judged.
struct Judged {
    command: TestCommand,
    before: Test,
    decision: Result<Vec<TestEvent>, TestError>,
    after: Test,
}

/// Lets a walk happen.
fn walked(walk: &Walk) -> (Test, Vec<Judged>) {
    let mut test = Test::default();
    let mut history = Vec::new();
    for (step, policy) in &walk.steps {
        let (by, action, expected_version) = match step {
            Step::Wish(by, action, version) => (*by, action.as_ref().clone(), *version),
            Step::Nudge(by) => {
                let recorded = match test.state {
                    TestState::RedExecuting => test.round.attack.is_some(),
                    _ => test.round.detection.is_some(),
                };
                let action = match next_action(test.state, test.details.is_some(), recorded) {
                    TestAction::CastVote { .. } if by.role == Role::BlueLead => approve(Side::Blue),
                    action => action,
                };
                (*by, action, None)
            }
        };
        let command = TestCommand { expected_version, ..ask_under(*policy, by, action) };
        let before = test.clone();
        let decision = test.decide(command.clone());
        for event in decision.iter().flatten() {
            test.apply(event.clone());
        }
        history.push(Judged { command, before, decision, after: test.clone() });
    }
    (test, history)
}

fn events(history: &[Judged]) -> Vec<TestEvent> {
    history.iter().flat_map(|judged| judged.decision.clone().unwrap_or_default()).collect()
}

/// Valid input for an open action, new to any test.
fn valid(action: OpenAction) -> TestAction {
    let tags = BTreeSet::from(["never seen".to_owned()]);
    let approve = |side| TestAction::CastVote {
        side,
        verdict: Verdict::Approved,
        notes: "never seen".to_owned(),
        seen: None,
    };
    match action {
        // Only the tags are new, so that the rest may stay as the state demands.
        OpenAction::Revise => TestAction::Revise(Revision { tags: Some(tags), ..Revision::default() }),
        OpenAction::StartExecution => start(),
        OpenAction::RecordAttack => {
            TestAction::RecordAttack(AttackRecord { summary: "never seen".to_owned(), ..attack() })
        }
        OpenAction::SubmitExecution => TestAction::SubmitExecution,
        OpenAction::RecordDetection => {
            TestAction::RecordDetection(DetectionRecord { summary: "never seen".to_owned(), ..detection() })
        }
        OpenAction::SubmitEvaluation => TestAction::SubmitEvaluation,
        OpenAction::VoteRed => approve(Side::Red),
        OpenAction::VoteBlue => approve(Side::Blue),
        OpenAction::Reopen => reopen(),
        OpenAction::StartEvaluation => TestAction::StartEvaluation,
        OpenAction::PauseWork => TestAction::PauseWork { reason: "never seen".to_owned() },
        OpenAction::ResumeWork => TestAction::ResumeWork,
        OpenAction::AddRedEvidence => TestAction::AddEvidence(evidence(1_000, Side::Red)),
        OpenAction::AddBlueEvidence => TestAction::AddEvidence(evidence(1_000, Side::Blue)),
        OpenAction::Classify => TestAction::Classify(Classification::Confidential),
        OpenAction::Archive => archive(),
        OpenAction::Restore => TestAction::Restore,
    }
}

const ACTIONS: [OpenAction; 17] = [
    OpenAction::Revise,
    OpenAction::StartExecution,
    OpenAction::RecordAttack,
    OpenAction::SubmitExecution,
    OpenAction::RecordDetection,
    OpenAction::SubmitEvaluation,
    OpenAction::VoteRed,
    OpenAction::VoteBlue,
    OpenAction::Reopen,
    OpenAction::StartEvaluation,
    OpenAction::PauseWork,
    OpenAction::ResumeWork,
    OpenAction::AddRedEvidence,
    OpenAction::AddBlueEvidence,
    OpenAction::Classify,
    OpenAction::Archive,
    OpenAction::Restore,
];

/// Whether REFERENCE 1.1 (and 10, of disputes) knows the step.
fn is_in_the_reference(from: TestState, event: &TestEvent, to: TestState) -> bool {
    use TestState::{BlueEvaluating, Disputed, Draft, InReview, RedExecuting, Rejected, Validated};
    match event {
        TestEvent::TestDrafted { .. } => (from, to) == (Draft, Draft),
        TestEvent::TestRevised { .. } => from == to && from != Validated,
        TestEvent::ExecutionStarted { .. } => (from, to) == (Draft, RedExecuting),
        TestEvent::AttackRecorded { .. } => (from, to) == (RedExecuting, RedExecuting),
        TestEvent::ExecutionSubmitted { .. } => (from, to) == (RedExecuting, BlueEvaluating),
        TestEvent::DetectionRecorded { .. } => (from, to) == (BlueEvaluating, BlueEvaluating),
        TestEvent::EvaluationSubmitted { .. } => (from, to) == (BlueEvaluating, InReview),
        TestEvent::VoteCast { .. } => match from {
            InReview => matches!(to, InReview | Validated | Rejected | Disputed),
            Disputed => matches!(to, Validated | Rejected | Disputed),
            _ => false,
        },
        TestEvent::TestReopened { .. } => matches!(from, Rejected | Disputed) && to == Draft,
        TestEvent::EvaluationStarted { .. } => (from, to) == (BlueEvaluating, BlueEvaluating),
        TestEvent::WorkPaused { .. } | TestEvent::WorkResumed { .. } => {
            from == to && matches!(from, RedExecuting | BlueEvaluating)
        }
        TestEvent::TestArchived { .. } | TestEvent::TestRestored { .. } => {
            from == to && matches!(from, Draft | Rejected)
        }
        TestEvent::EvidenceAdded { .. }
        | TestEvent::EvidenceRemoved { .. }
        | TestEvent::TestClassified { .. } => from == to,
        TestEvent::RetestScheduled { .. } => (from, to) == (Validated, Validated),
    }
}

fn is_news(decision: &Result<Vec<TestEvent>, TestError>) -> bool {
    decision.as_ref().is_ok_and(|events| !events.is_empty())
}

/// The latest vote of each side in the last round, read off the events alone.
fn last_votes(events: &[TestEvent]) -> BTreeMap<Side, Vote> {
    let mut votes = BTreeMap::new();
    for event in events {
        match event {
            TestEvent::VoteCast { vote, .. } => {
                votes.insert(vote.side, vote.clone());
            }
            TestEvent::TestReopened { .. } => votes.clear(),
            _ => {}
        }
    }
    votes
}

/// Who acted for which side in which round, read off the events alone.
fn parts(events: &[TestEvent]) -> BTreeSet<(u32, Side, AccountId, bool)> {
    let side_of = |id: &EvidenceId| {
        events.iter().find_map(|event| match event {
            TestEvent::EvidenceAdded { evidence, .. } if evidence.id == *id => Some(evidence.side),
            _ => None,
        })
    };
    let part = |event: &TestEvent| match event {
        TestEvent::ExecutionStarted { round, by, .. }
        | TestEvent::AttackRecorded { round, by, .. }
        | TestEvent::ExecutionSubmitted { round, by, .. } => Some((*round, Side::Red, *by, false)),
        TestEvent::DetectionRecorded { round, by, .. } | TestEvent::EvaluationSubmitted { round, by, .. } => {
            Some((*round, Side::Blue, *by, false))
        }
        TestEvent::VoteCast { round, vote, .. } => {
            Some((*round, vote.side, vote.voter, vote.verdict == Verdict::Approved))
        }
        TestEvent::EvidenceAdded { round, by, evidence, .. } => Some((*round, evidence.side, *by, false)),
        TestEvent::EvidenceRemoved { round, by, evidence, .. } => {
            side_of(evidence).map(|side| (*round, side, *by, false))
        }
        TestEvent::EvaluationStarted { round, by, .. } => Some((*round, Side::Blue, *by, false)),
        TestEvent::TestDrafted { .. }
        | TestEvent::TestRevised { .. }
        | TestEvent::TestReopened { .. }
        | TestEvent::WorkPaused { .. }
        | TestEvent::WorkResumed { .. }
        | TestEvent::TestClassified { .. }
        | TestEvent::TestArchived { .. }
        | TestEvent::TestRestored { .. }
        | TestEvent::RetestScheduled { .. } => None,
    };
    events.iter().filter_map(part).collect()
}

proptest! {
    #[test]
    fn every_decision_is_the_models(walk in walks()) {
        let mut model = Model::default();
        for judged in walked(&walk).1 {
            let answer = model.answer(&judged.command);
            let decided = match &judged.decision {
                Ok(events) if events.is_empty() => Answer::Nothing,
                Ok(_) => Answer::MovesTo(judged.after.state),
                Err(_) => Answer::Refuses,
            };
            prop_assert_eq!(&decided, &answer, "{:?} on {:?}", judged.command, model);
            if let Answer::MovesTo(state) = answer {
                model.follow(&judged.command, state);
            }
        }
    }

    #[test]
    fn a_test_moves_only_as_the_reference_says(walk in walks()) {
        for judged in walked(&walk).1 {
            let mut test = judged.before;
            for event in judged.decision.unwrap_or_default() {
                let from = test.state;
                test.apply(event.clone());
                let to = test.state;
                prop_assert!(is_in_the_reference(from, &event, to), "{from:?} {event:?} {to:?}");
            }
            prop_assert_eq!(test, judged.after);
        }
    }

    #[test]
    fn nothing_is_validated_without_both_sides_approval(walk in walks()) {
        let (test, history) = walked(&walk);
        let votes = last_votes(&events(&history));
        let approved = |side| votes.get(&side).is_some_and(|vote: &Vote| vote.verdict == Verdict::Approved);
        let both = approved(Side::Red) && approved(Side::Blue);
        prop_assert_eq!(test.state == TestState::Validated, both);
        if both {
            prop_assert_eq!(&votes[&Side::Red].evidence, &votes[&Side::Blue].evidence, "of the same evidence");
        }
    }

    #[test]
    fn two_people_validate_while_the_deciding_vote_keeps_sides_apart(walk in walks()) {
        let (_, history) = walked(&walk);
        let deciding = history.iter().find(|judged| {
            judged.before.state != TestState::Validated && judged.after.state == TestState::Validated
        });
        if deciding.is_some_and(|judged| judged.command.policy.separate_sides) {
            let votes = last_votes(&events(&history));
            prop_assert_eq!(votes.len(), 2);
            prop_assert_ne!(votes[&Side::Red].voter, votes[&Side::Blue].voter);
        }
    }

    #[test]
    fn nobody_fills_both_sides_of_a_round_while_that_is_forbidden((walk, policy) in steady_walks()) {
        let parts = parts(&events(&walked(&walk).1));
        for (round, side, who, _) in &parts {
            let across = parts.iter().any(|(r, s, w, _)| r == round && s != side && w == who);
            prop_assert!(!(across && policy.separate_sides), "{who} in round {round}: {parts:?}");
        }
    }

    #[test]
    fn nobody_approves_own_work_while_that_is_forbidden((walk, policy) in steady_walks()) {
        let events = events(&walked(&walk).1);
        let worked = |round: u32, account: AccountId| {
            let before_votes: Vec<_> =
                events.iter().filter(|event| !matches!(event, TestEvent::VoteCast { .. })).cloned().collect();
            parts(&before_votes).iter().any(|(r, _, who, _)| *r == round && *who == account)
        };
        for (round, _, who, approves) in parts(&events) {
            prop_assert!(!(policy.no_self_approval && approves && worked(round, who)), "{who} in round {round}");
        }
    }

    #[test]
    fn an_action_is_open_exactly_when_it_is_accepted(walk in walks()) {
        let (test, _) = walked(&walk);
        for by in PEOPLE {
            for policy in POLICIES {
                let open = test.open_actions(by, policy);
                for action in ACTIONS {
                    let decision = test.decide(ask_under(policy, by, valid(action)));
                    if open.contains(&action) {
                        prop_assert!(is_news(&decision), "{action:?} is open: {decision:?}");
                    } else {
                        let kind = decision.as_ref().map_err(Refusal::kind);
                        prop_assert_eq!(kind, Err(RefusalKind::InvalidState), "{:?} is not open", action);
                    }
                }
            }
        }
    }

    #[test]
    fn asking_twice_records_once(walk in walks()) {
        for judged in walked(&walk).1 {
            let again = TestCommand { expected_version: None, ..judged.command };
            let decision = judged.after.decide(again);
            prop_assert!(!(is_news(&judged.decision) && is_news(&decision)), "{decision:?}");
        }
    }

    #[test]
    fn stored_events_fold_into_an_equal_test(walk in walks()) {
        let (test, history) = walked(&walk);
        let stored = serde_json::to_string(&events(&history)).expect("JSON");
        let read: Vec<TestEvent> = serde_json::from_str(&stored).expect("the events");
        prop_assert_eq!(serde_json::to_string(&read).expect("JSON"), stored);
        let again = folded(read);
        prop_assert_eq!(&again, &test);
        // Equality of times is blind for zones, their text is not.
        prop_assert_eq!(serde_json::to_value(&again).expect("JSON"), serde_json::to_value(&test).expect("JSON"));
    }

    #[test]
    fn the_version_is_the_number_of_events(walk in walks()) {
        let (test, history) = walked(&walk);
        prop_assert_eq!(test.version(), events(&history).len() as u64);
    }
}

/// The properties above are worth something only if the walks get around.
#[test]
fn random_walks_reach_every_state_and_later_rounds() {
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..600 {
        let walk = walks().new_tree(&mut runner).expect("a walk").current();
        seen.extend(walked(&walk).1.iter().map(|judged| (judged.after.state, judged.after.round().min(2))));
    }
    for state in TestState::ALL {
        // A dispute in a later round takes more luck than these walks have.
        let later = state == TestState::Disputed || seen.contains(&(state, 2));
        assert!(seen.contains(&(state, 1)) && later, "{state:?} is missing in {seen:?}");
    }
}
