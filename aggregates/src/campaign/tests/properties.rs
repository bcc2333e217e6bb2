//! Random histories: random wishes of random people while time goes by, held
//! against the model and against what must always be true.

use super::model::{Model, is_sound, sorted};
use super::*;
use crate::refusal::{Refusal, RefusalKind};
use chrono::TimeDelta;
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

const PEOPLE: [Actor; 4] = [CREATOR, OTHER, LEAD, ADMIN];

/// A wish and how many hours after the one before it comes.
type Step = (Actor, CampaignAction, i64);

fn tests() -> impl Strategy<Value = TestId> {
    (1..=6_u128).prop_map(test)
}

fn new_tests() -> impl Strategy<Value = Vec<NewCampaignTest>> {
    let new = (tests(), btree_set(tests(), 0..3)).prop_map(|(test, depends_on)| NewCampaignTest {
        test,
        order: None,
        phase: None,
        depends_on,
    });
    vec(new, 1..4)
}

fn actions() -> impl Strategy<Value = CampaignAction> {
    let rename = (0..3_u8).prop_map(|number| {
        let name = Some(format!("name {number}"));
        CampaignAction::Revise(Revision { name, ..Revision::default() })
    });
    let rewait = (tests(), btree_set(tests(), 0..3)).prop_map(|(test, depends_on)| {
        CampaignAction::ReviseTest(TestRevision {
            test,
            order: None,
            phase: None,
            depends_on: Some(depends_on),
        })
    });
    let reschedule = (0..60_i64, any::<bool>()).prop_map(|(day, latest_only)| {
        let missed = if latest_only { MissedRuns::LatestOnly } else { MissedRuns::CreateAll };
        let first = local("2026-02-01T09:00:00") + TimeDelta::days(day);
        CampaignAction::Schedule(Schedule {
            first,
            missed,
            ..schedule(Every::Weekly, "2026-02-01T09:00:00", Tz::UTC)
        })
    });
    prop_oneof![
        1 => new_tests().prop_map(create),
        1 => rename,
        5 => new_tests().prop_map(CampaignAction::AddTests),
        4 => rewait,
        3 => tests().prop_map(|test| CampaignAction::RemoveTest { test }),
        3 => reschedule,
        1 => Just(CampaignAction::Unschedule),
        5 => Just(CampaignAction::RecordDueRuns { campaign: CAMPAIGN }),
        1 => Just(CampaignAction::Activate { beside: Waits::new() }),
        1 => Just(CampaignAction::Complete),
        1 => Just(CampaignAction::Archive),
    ]
}

fn walks() -> impl Strategy<Value = Vec<Step>> {
    let people = prop_oneof![3 => Just(CREATOR), 1 => select(PEOPLE.to_vec())];
    (any::<bool>(), vec((people, actions(), 0..400_i64), 0..60)).prop_map(|(empty, mut steps)| {
        // Most walks begin with a campaign, or they would not get far.
        let first = if empty { vec![] } else { vec![new(1, &[]), new(2, &[1])] };
        steps.insert(0, (CREATOR, create(first), 0));
        steps
    })
}

struct Judged {
    command: CampaignCommand,
    before: Campaign,
    decision: Result<Vec<CampaignEvent>, CampaignError>,
    after: Campaign,
}

fn walked(steps: &[Step]) -> (Campaign, Vec<Judged>) {
    let mut campaign = Campaign::default();
    let mut at = now();
    let mut history = vec![];
    for (by, action, hours) in steps {
        at += TimeDelta::hours(*hours);
        let command = CampaignCommand { at, ..ask(*by, action.clone()) };
        let before = campaign.clone();
        let decision = campaign.decide(command.clone());
        decision.iter().flatten().for_each(|event| campaign.apply(event.clone()));
        history.push(Judged { command, before, decision, after: campaign.clone() });
    }
    (campaign, history)
}

fn events(history: &[Judged]) -> Vec<CampaignEvent> {
    history.iter().flat_map(|judged| judged.decision.clone().unwrap_or_default()).collect()
}

fn links(campaign: &Campaign) -> Vec<(TestId, Vec<TestId>)> {
    let link = |test: &CampaignTest| (test.test, test.depends_on.iter().copied().collect());
    campaign.tests().values().map(link).collect()
}

fn runs(events: &[CampaignEvent]) -> Vec<(NaiveDateTime, DateTime<Utc>, CampaignId)> {
    let run = |event: &CampaignEvent| match event {
        CampaignEvent::CampaignRunDue { due, due_at, child, .. } => Some((*due, *due_at, *child)),
        _ => None,
    };
    events.iter().filter_map(run).collect()
}

/// The way of life that the documentation prints.
fn is_documented(from: CampaignState, event: &CampaignEvent, to: CampaignState) -> bool {
    use CampaignState::{Active, Archived, Completed, Draft};
    match event {
        CampaignEvent::CampaignCreated { .. }
        | CampaignEvent::CampaignRevised { .. }
        | CampaignEvent::CampaignTestsAdded { .. }
        | CampaignEvent::CampaignTestRevised { .. }
        | CampaignEvent::CampaignTestRemoved { .. } => (from, to) == (Draft, Draft),
        CampaignEvent::CampaignScheduled { .. }
        | CampaignEvent::CampaignUnscheduled { .. }
        | CampaignEvent::CampaignRunDue { .. }
        | CampaignEvent::CampaignRunsSkipped { .. } => from == to && from != Archived,
        CampaignEvent::CampaignActivated { .. } => (from, to) == (Draft, Active),
        CampaignEvent::CampaignCompleted { .. } => (from, to) == (Active, Completed),
        CampaignEvent::CampaignArchived { .. } => matches!(from, Draft | Completed) && to == Archived,
    }
}

/// Valid input for an open action, new to any campaign.
fn valid(action: OpenAction) -> CampaignAction {
    match action {
        OpenAction::Revise => {
            let name = Some("never seen".to_owned());
            CampaignAction::Revise(Revision { name, ..Revision::default() })
        }
        OpenAction::ArrangeTests => CampaignAction::AddTests(vec![new(80, &[])]),
        OpenAction::Schedule => CampaignAction::Schedule(monthly()),
        OpenAction::Unschedule => CampaignAction::Unschedule,
        OpenAction::Activate => CampaignAction::Activate { beside: Waits::new() },
        OpenAction::Complete => CampaignAction::Complete,
        OpenAction::Archive => CampaignAction::Archive,
    }
}

const ACTIONS: [OpenAction; 7] = [
    OpenAction::Revise,
    OpenAction::ArrangeTests,
    OpenAction::Schedule,
    OpenAction::Unschedule,
    OpenAction::Activate,
    OpenAction::Complete,
    OpenAction::Archive,
];

proptest! {
    #[test]
    fn every_decision_is_the_models(walk in walks()) {
        let mut model = Model::default();
        let mut recorded = vec![];
        for judged in walked(&walk).1 {
            let answer = model.follow(&judged.command);
            let decided = judged.decision.as_ref().ok().map(Vec::len);
            prop_assert_eq!(decided, answer, "{:?} on {:?}: {:?}", judged.command, model, judged.decision);
            prop_assert_eq!(judged.after.state(), model.state);
            prop_assert_eq!(links(&judged.after), sorted(&model.links));
            recorded.extend(runs(judged.decision.as_deref().unwrap_or_default()));
            let times: Vec<NaiveDateTime> = recorded.iter().map(|(due, ..)| *due).collect();
            prop_assert_eq!(&times, &model.runs);
        }
    }

    #[test]
    fn a_campaign_moves_only_as_documented(walk in walks()) {
        for judged in walked(&walk).1 {
            let mut campaign = judged.before.clone();
            for event in judged.decision.clone().unwrap_or_default() {
                let from = campaign.state();
                campaign.apply(event.clone());
                prop_assert!(is_documented(from, &event, campaign.state()), "{from:?} {event:?}");
            }
            prop_assert_eq!(campaign, judged.after);
        }
    }

    #[test]
    fn links_stay_inside_and_have_no_way_round(walk in walks()) {
        for judged in walked(&walk).1 {
            prop_assert!(is_sound(&links(&judged.after)), "{:?}", judged.after);
        }
    }

    #[test]
    fn a_refused_cycle_is_one(walk in walks()) {
        for judged in walked(&walk).1 {
            if let Err(CampaignError::Cycle { path }) = judged.decision {
                prop_assert!(path.len() > 1);
                prop_assert_eq!(path.first(), path.last());
                let inner: BTreeSet<&String> = path[1..].iter().collect();
                prop_assert_eq!(inner.len(), path.len() - 1, "{:?}", path);
            }
        }
    }

    #[test]
    fn runs_grow_and_none_comes_twice(walk in walks()) {
        let runs = runs(&events(&walked(&walk).1));
        for pair in runs.windows(2) {
            prop_assert!(pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1, "{pair:?}");
        }
        let children: BTreeSet<CampaignId> = runs.iter().map(|(.., child)| *child).collect();
        prop_assert_eq!(children.len(), runs.len());
    }

    #[test]
    fn what_is_active_or_scheduled_has_tests(walk in walks()) {
        for judged in walked(&walk).1 {
            let needs = judged.after.state() == CampaignState::Active || judged.after.schedule().is_some();
            prop_assert!(!needs || !judged.after.tests().is_empty());
        }
    }

    #[test]
    fn an_action_is_open_exactly_when_it_is_accepted(walk in walks()) {
        let (campaign, _) = walked(&walk);
        for by in PEOPLE {
            let open = campaign.open_actions(by);
            for action in ACTIONS {
                let decision = campaign.decide(ask(by, valid(action)));
                // What is due is recorded by a worker, in a moment, before anything about it changes.
                if open.contains(&action) && matches!(decision, Err(CampaignError::RunsAreDue { .. })) {
                    continue;
                }
                if open.contains(&action) {
                    let count = decision.as_ref().map(Vec::len);
                    prop_assert_eq!(count, Ok(1), "{:?} is open: {:?}", action, decision);
                } else {
                    let idle = action == OpenAction::Unschedule && decision == Ok(vec![]);
                    let kind = decision.as_ref().map_err(Refusal::kind);
                    prop_assert!(idle || kind == Err(RefusalKind::InvalidState), "{action:?}: {decision:?}");
                }
            }
        }
    }

    #[test]
    fn asking_twice_records_once(walk in walks()) {
        for judged in walked(&walk).1 {
            let recorded = judged.decision.as_ref().is_ok_and(|events| !events.is_empty());
            let again = judged.after.decide(judged.command);
            prop_assert!(!(recorded && again.as_ref().is_ok_and(|events| !events.is_empty())), "{again:?}");
        }
    }

    #[test]
    fn stored_events_fold_into_an_equal_campaign(walk in walks()) {
        let (campaign, history) = walked(&walk);
        let stored = serde_json::to_string(&events(&history)).expect("JSON");
        let read: Vec<CampaignEvent> = serde_json::from_str(&stored).expect("the events");
        prop_assert_eq!(serde_json::to_string(&read).expect("JSON"), stored);
        prop_assert_eq!(folded(read), campaign);
    }

    #[test]
    fn the_version_is_the_number_of_events(walk in walks()) {
        let (campaign, history) = walked(&walk);
        prop_assert_eq!(campaign.version(), events(&history).len() as u64);
    }
}

/// The properties above are worth something only if the walks get around.
#[test]
fn random_walks_reach_every_state_cycles_and_runs_of_both_sorts() {
    let mut runner = TestRunner::deterministic();
    let mut states = BTreeSet::new();
    let (mut cycles, mut made, mut skipped) = (0, 0, 0);
    for _ in 0..300 {
        let walk = walks().new_tree(&mut runner).expect("a walk").current();
        for judged in walked(&walk).1 {
            states.insert(judged.after.state());
            match judged.decision {
                Ok(events) => {
                    made += runs(&events).len();
                    let skips =
                        |event: &&CampaignEvent| matches!(event, CampaignEvent::CampaignRunsSkipped { .. });
                    skipped += events.iter().filter(skips).count();
                }
                Err(CampaignError::Cycle { .. }) => cycles += 1,
                Err(_) => {}
            }
        }
    }
    assert_eq!(states, BTreeSet::from(CampaignState::ALL));
    assert!(cycles > 50 && made > 100 && skipped > 20, "{cycles} cycles, {made} runs, {skipped} skips");
}
