//! The tests of a campaign and what waits for what.

use super::*;

fn add(tests: Vec<NewCampaignTest>) -> CampaignCommand {
    ask(CREATOR, CampaignAction::AddTests(tests))
}

fn waits(number: u128, waits_for: &[u128]) -> CampaignCommand {
    let depends_on = Some(ids(waits_for));
    let revision = TestRevision { test: test(number), order: None, phase: None, depends_on };
    ask(CREATOR, CampaignAction::ReviseTest(revision))
}

fn remove(number: u128) -> CampaignCommand {
    ask(CREATOR, CampaignAction::RemoveTest { test: test(number) })
}

fn added(tests: Vec<CampaignTest>) -> Vec<CampaignEvent> {
    vec![CampaignEvent::CampaignTestsAdded { by: CREATOR.account, at: now(), tests }]
}

fn cycle(path: &[&str]) -> CampaignError {
    CampaignError::Cycle { path: path.iter().map(|label| (*label).to_owned()).collect() }
}

#[test]
fn many_tests_are_taken_in_at_once_and_come_last() {
    let placed = NewCampaignTest { order: Some(7), phase: Some(" Impact ".to_owned()), ..new(5, &[]) };
    given(drafted()).when(add(vec![new(4, &[3]), placed, new(6, &[5])])).then_expect_events(added(vec![
        link(4, 4, &[3]),
        CampaignTest { phase: Some("Impact".to_owned()), ..link(5, 7, &[]) },
        link(6, 8, &[5]),
    ]));
}

#[test]
fn tests_may_wait_for_those_that_come_with_them() {
    given(empty())
        .when(add(vec![new(2, &[1]), new(1, &[])]))
        .then_expect_events(added(vec![link(2, 1, &[1]), link(1, 2, &[])]));
}

#[test]
fn taking_in_what_is_there_changes_nothing() {
    given(drafted()).when(add(vec![new(1, &[]), new(2, &[1])])).then_expect_events(vec![]);
    given(drafted()).when(add(vec![new(1, &[]), new(4, &[])])).then_expect_events(added(vec![link(
        4,
        4,
        &[],
    )]));
}

#[test]
fn a_test_that_is_there_is_not_moved_by_taking_it_in() {
    given(drafted())
        .when(add(vec![new(2, &[])]))
        .then_expect_error(CampaignError::AlreadyInCampaign { test: "#2".to_owned() });
}

#[test]
fn a_test_is_named_once_in_a_list() {
    given(drafted())
        .when(add(vec![new(4, &[]), new(4, &[])]))
        .then_expect_error(CampaignError::NamedTwice { test: "#4".to_owned() });
}

#[test]
fn a_campaign_has_500_tests_and_no_more() {
    let tests = (1..=500).map(|number| new(number, &[])).collect();
    assert!(Campaign::default().decide(ask(CREATOR, create(tests))).is_ok());
    let full = (1..=500).map(|number| link(number, 1, &[])).collect();
    given(vec![created_with(full)])
        .when(add(vec![new(501, &[])]))
        .then_expect_error(CampaignError::TooManyTests { count: 501, limit: 500 });
}

#[test]
fn a_test_waits_for_20_others_and_no_more() {
    let all: Vec<u128> = (1..=21).collect();
    let mut tests: Vec<NewCampaignTest> = all.iter().map(|number| new(*number, &[])).collect();
    tests.push(new(22, &all[..20]));
    assert!(Campaign::default().decide(ask(CREATOR, create(tests.clone()))).is_ok());
    tests.push(new(23, &all));
    let refusal = CampaignError::TooManyDependencies { test: "#23".to_owned(), count: 21, limit: 20 };
    given(vec![]).when(ask(CREATOR, create(tests))).then_expect_error(refusal);
}

#[test]
fn places_have_a_limit_and_the_last_is_shared() {
    let high = NewCampaignTest { order: Some(10_001), ..new(4, &[]) };
    let refusal = CampaignError::OrderTooHigh { order: 10_001, limit: 10_000 };
    given(drafted()).when(add(vec![high])).then_expect_error(refusal);
    let last = NewCampaignTest { order: Some(10_000), ..new(4, &[]) };
    given(drafted())
        .when(add(vec![last, new(5, &[])]))
        .then_expect_events(added(vec![link(4, 10_000, &[]), link(5, 10_000, &[])]));
}

#[test]
fn a_phase_has_a_limit() {
    let long = NewCampaignTest { phase: Some("p".repeat(201)), ..new(4, &[]) };
    let refusal = TextError::TooLong { field: "phase", chars: 201, limit: 200 };
    given(drafted()).when(add(vec![long])).then_expect_error(refusal.into());
}

#[test]
fn a_test_waits_only_for_tests_of_the_campaign() {
    let refusal =
        CampaignError::DependencyOutside { test: "#4".to_owned(), dependency: test(99).to_string() };
    given(drafted()).when(add(vec![new(4, &[99])])).then_expect_error(refusal);
}

#[test]
fn a_cycle_is_refused_by_naming_it() {
    given(drafted()).when(waits(1, &[3])).then_expect_error(cycle(&["#1", "#3", "#2", "#1"]));
    given(drafted()).when(waits(2, &[2])).then_expect_error(cycle(&["#2", "#2"]));
    given(empty()).when(add(vec![new(1, &[2]), new(2, &[1])])).then_expect_error(cycle(&["#1", "#2", "#1"]));
    given(vec![])
        .when(ask(CREATOR, create(vec![new(1, &[]), new(2, &[1, 3]), new(3, &[2])])))
        .then_expect_error(cycle(&["#2", "#3", "#2"]));
}

#[test]
fn of_several_cycles_the_shortest_is_named() {
    let tests = vec![new(1, &[2]), new(2, &[3]), new(3, &[1, 4]), new(4, &[3])];
    given(vec![]).when(ask(CREATOR, create(tests))).then_expect_error(cycle(&["#3", "#4", "#3"]));
}

#[test]
fn a_cycle_through_every_test_is_found_and_named_whole() {
    let next = |number: u128| if number == 500 { 1 } else { number + 1 };
    let ring = (1..=500).map(|number| new(number, &[next(number)])).collect();
    match Campaign::default().decide(ask(CREATOR, create(ring))) {
        Err(CampaignError::Cycle { path }) => {
            assert_eq!(path.len(), 501);
            assert_eq!((path.first(), path.last()), (Some(&"#1".to_owned()), Some(&"#1".to_owned())));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn two_ways_to_one_test_are_no_cycle() {
    let tests = vec![new(1, &[]), new(2, &[1]), new(3, &[1]), new(4, &[2, 3])];
    assert!(Campaign::default().decide(ask(CREATOR, create(tests))).is_ok());
}

#[test]
fn a_test_gets_another_place() {
    let phase = Some(Some("Impact".to_owned()));
    let revision = TestRevision { test: test(3), order: Some(9), phase, depends_on: Some(ids(&[1])) };
    let revised = CampaignTest { phase: Some("Impact".to_owned()), ..link(3, 9, &[1]) };
    let event = CampaignEvent::CampaignTestRevised { by: CREATOR.account, at: now(), test: revised };
    given(drafted())
        .when(ask(CREATOR, CampaignAction::ReviseTest(revision.clone())))
        .then_expect_events(vec![event.clone()]);
    given(with(drafted(), [event]))
        .when(ask(CREATOR, CampaignAction::ReviseTest(revision)))
        .then_expect_events(vec![]);
}

#[test]
fn a_test_that_is_not_there_has_no_place_to_change_and_cannot_be_removed() {
    let refusal = CampaignError::NotInCampaign { test: "#4".to_owned() };
    given(drafted()).when(waits(4, &[])).then_expect_error(refusal.clone());
    given(drafted()).when(remove(4)).then_expect_error(refusal);
}

#[test]
fn a_test_that_others_wait_for_stays_and_they_are_named() {
    let both = with(
        drafted(),
        [CampaignEvent::CampaignTestsAdded { by: CREATOR.account, at: now(), tests: vec![link(4, 1, &[2])] }],
    );
    let waiting = vec!["#4".to_owned(), "#3".to_owned()];
    given(both)
        .when(remove(2))
        .then_expect_error(CampaignError::StillNeeded { test: "#2".to_owned(), waiting });
}

#[test]
fn a_test_that_nothing_waits_for_is_removed() {
    let removed = CampaignEvent::CampaignTestRemoved { by: CREATOR.account, at: now(), test: test(3) };
    given(drafted()).when(remove(3)).then_expect_events(vec![removed]);
}

#[test]
fn the_last_test_of_a_scheduled_campaign_stays() {
    let one = vec![created_with(vec![link(1, 1, &[])]), scheduled(monthly())];
    given(one).when(remove(1)).then_expect_error(CampaignError::NoTests { action: "stay scheduled" });
}

#[test]
fn only_creator_and_admins_arrange_tests() {
    for command in [add(vec![new(4, &[])]), waits(3, &[]), remove(3)] {
        let by_admin = CampaignCommand { by: ADMIN, ..command.clone() };
        assert_eq!(folded(drafted()).decide(by_admin).map(|events| events.len()), Ok(1));
        for by in [OTHER, LEAD] {
            given(drafted())
                .when(CampaignCommand { by, ..command.clone() })
                .then_expect_error(CampaignError::NotOwnCampaign { action: "revise" });
        }
    }
}

#[test]
fn a_test_without_a_label_is_called_by_its_id() {
    given(empty())
        .when(remove(99))
        .then_expect_error(CampaignError::NotInCampaign { test: test(99).to_string() });
}

fn moved(number: u128, place: u32) -> CampaignCommand {
    ask(CREATOR, CampaignAction::MoveTest { test: test(number), place })
}

fn revised(tests: Vec<CampaignTest>) -> Vec<CampaignEvent> {
    let revised = |test| CampaignEvent::CampaignTestRevised { by: CREATOR.account, at: now(), test };
    tests.into_iter().map(revised).collect()
}

#[test]
fn a_test_changes_places_with_its_neighbour_in_one_command() {
    given(drafted()).when(moved(3, 2)).then_expect_events(revised(vec![link(3, 2, &[2]), link(2, 3, &[1])]));
    given(drafted()).when(moved(2, 2)).then_expect_events(vec![]);
    let apart = vec![created_with(vec![link(1, 10, &[]), link(2, 20, &[]), link(3, 30, &[])])];
    given(apart).when(moved(1, 3)).then_expect_events(revised(vec![
        link(2, 10, &[]),
        link(3, 20, &[]),
        link(1, 30, &[]),
    ]));
}

#[test]
fn tests_that_share_a_place_are_told_apart_when_one_moves() {
    let shared = vec![created_with(vec![link(1, 4, &[]), link(2, 4, &[]), link(3, 4, &[])])];
    given(shared).when(moved(1, 2)).then_expect_events(revised(vec![link(1, 5, &[]), link(3, 6, &[])]));
    let last = vec![created_with(vec![link(1, 10_000, &[]), link(2, 10_000, &[])])];
    given(last).when(moved(2, 1)).then_expect_events(revised(vec![link(2, 1, &[]), link(1, 2, &[])]));
}

#[test]
fn a_test_moves_only_within_the_list_of_a_draft() {
    for place in [0, 4, u32::MAX] {
        given(drafted())
            .when(moved(1, place))
            .then_expect_error(CampaignError::NoSuchPlace { place, tests: 3 });
    }
    given(drafted())
        .when(moved(4, 1))
        .then_expect_error(CampaignError::NotInCampaign { test: "#4".to_owned() });
    given(active()).when(moved(1, 2)).then_expect_error(wrong_state(
        "change its tests",
        CampaignState::Active,
        "a draft",
    ));
    let command = ask(OTHER, CampaignAction::MoveTest { test: test(1), place: 2 });
    given(drafted()).when(command).then_expect_error(CampaignError::NotOwnCampaign { action: "revise" });
}

#[test]
fn wherever_a_test_is_moved_there_it_is() {
    let orders: [[u32; 4]; 4] = [[1, 2, 3, 4], [7, 7, 7, 7], [0, 0, 9, 9], [9_999, 10_000, 10_000, 10_000]];
    for orders in orders {
        let links: Vec<CampaignTest> =
            (1..).zip(orders).map(|(number, order)| link(number, order, &[])).collect();
        for number in 1..=4 {
            for place in 1..=4 {
                let mut campaign = folded(vec![created_with(links.clone())]);
                for event in campaign.decide(moved(number, place)).expect("moved") {
                    campaign.apply(event);
                }
                let mut wanted: Vec<TestId> = (1..=4).filter(|other| *other != number).map(test).collect();
                wanted.insert(place as usize - 1, test(number));
                let found: Vec<TestId> = campaign.ordered_tests().iter().map(|link| link.test).collect();
                assert_eq!(found, wanted, "{orders:?}: {number} to {place}");
            }
        }
    }
}
