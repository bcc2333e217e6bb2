//! Draft, active, completed, archived.

use super::*;

fn activated(by: Actor) -> CampaignEvent {
    CampaignEvent::CampaignActivated { by: by.account, at: now() }
}

#[test]
fn a_draft_with_a_test_is_activated() {
    given(drafted())
        .when(ask(LEAD, CampaignAction::Activate { beside: Waits::new() }))
        .then_expect_events(vec![activated(LEAD)]);
}

#[test]
fn a_draft_without_tests_is_not_activated() {
    given(empty())
        .when(ask(LEAD, CampaignAction::Activate { beside: Waits::new() }))
        .then_expect_error(CampaignError::NoTests { action: "be activated" });
}

#[test]
fn a_way_round_over_other_campaigns_is_refused_and_named() {
    // In the draft, 2 waits for 1; elsewhere 1 waits for 9 and 9 for 2.
    let beside = |last: u128| Waits::from([(test(1), ids(&[9])), (test(9), ids(&[last]))]);
    let activate = |last| ask(LEAD, CampaignAction::Activate { beside: beside(last) });
    let events = vec![created_with(vec![link(1, 1, &[]), link(2, 2, &[1])])];
    let path = ["#1", "#9", "#2", "#1"].map(str::to_owned).to_vec();
    given(events.clone()).when(activate(2)).then_expect_error(CampaignError::Cycle { path });
    given(events).when(activate(8)).then_expect_events(vec![activated(LEAD)]);
}

#[test]
fn only_a_draft_is_activated() {
    for (events, state) in [
        (active(), CampaignState::Active),
        (completed(), CampaignState::Completed),
        (archived(), CampaignState::Archived),
    ] {
        given(events)
            .when(ask(LEAD, CampaignAction::Activate { beside: Waits::new() }))
            .then_expect_error(wrong_state("be activated", state, "a draft"));
    }
}

#[test]
fn only_an_active_campaign_is_completed() {
    given(active())
        .when(ask(LEAD, CampaignAction::Complete))
        .then_expect_events(vec![CampaignEvent::CampaignCompleted { by: LEAD.account, at: now() }]);
    for (events, state) in [
        (drafted(), CampaignState::Draft),
        (completed(), CampaignState::Completed),
        (archived(), CampaignState::Archived),
    ] {
        given(events).when(ask(LEAD, CampaignAction::Complete)).then_expect_error(wrong_state(
            "be completed",
            state,
            "an active campaign",
        ));
    }
}

#[test]
fn a_draft_and_a_completed_campaign_are_archived_by_creator_or_admin() {
    for by in [CREATOR, ADMIN] {
        for events in [empty(), drafted(), completed()] {
            given(events)
                .when(ask(by, CampaignAction::Archive))
                .then_expect_events(vec![CampaignEvent::CampaignArchived { by: by.account, at: now() }]);
        }
    }
    given(completed())
        .when(ask(LEAD, CampaignAction::Archive))
        .then_expect_error(CampaignError::NotOwnCampaign { action: "archive" });
}

#[test]
fn an_active_campaign_is_completed_before_it_is_archived() {
    for (events, state) in [(active(), CampaignState::Active), (archived(), CampaignState::Archived)] {
        given(events).when(ask(CREATOR, CampaignAction::Archive)).then_expect_error(wrong_state(
            "be archived",
            state,
            "a draft or a completed campaign",
        ));
    }
}

#[test]
fn plan_and_tests_are_settled_once_it_runs() {
    let renamed = Revision { name: Some("Another week".to_owned()), ..Revision::default() };
    let place = TestRevision { test: test(1), order: Some(4), phase: None, depends_on: None };
    let actions = [
        (CampaignAction::Revise(renamed), "be revised"),
        (CampaignAction::AddTests(vec![new(4, &[])]), "take tests"),
        (CampaignAction::ReviseTest(place), "change its tests"),
        (CampaignAction::RemoveTest { test: test(3) }, "let go of tests"),
    ];
    for (events, state) in [
        (active(), CampaignState::Active),
        (completed(), CampaignState::Completed),
        (archived(), CampaignState::Archived),
    ] {
        for (action, words) in &actions {
            given(events.clone())
                .when(ask(ADMIN, action.clone()))
                .then_expect_error(wrong_state(words, state, "a draft"));
        }
    }
}

#[test]
fn archiving_ends_the_schedule_and_keeps_the_rest() {
    let before = folded(with(completed(), [scheduled(monthly())]));
    let mut after = before.clone();
    after.apply(CampaignEvent::CampaignArchived { by: CREATOR.account, at: now() });
    assert_eq!(after.schedule(), None);
    assert_eq!((after.plan(), after.tests()), (before.plan(), before.tests()));
}

#[test]
fn what_is_open_follows_state_and_ownership() {
    use OpenAction as Open;
    let open = |events: Vec<CampaignEvent>, by| folded(events).open_actions(by);
    assert_eq!(open(vec![], ADMIN), []);
    assert_eq!(open(empty(), CREATOR), [Open::Revise, Open::ArrangeTests, Open::Archive]);
    assert_eq!(
        open(drafted(), CREATOR),
        [Open::Revise, Open::ArrangeTests, Open::Schedule, Open::Activate, Open::Archive]
    );
    assert_eq!(open(drafted(), LEAD), [Open::Activate]);
    assert_eq!(open(active(), LEAD), [Open::Complete]);
    assert_eq!(
        open(with(active(), [scheduled(monthly())]), ADMIN),
        [Open::Schedule, Open::Unschedule, Open::Complete]
    );
    assert_eq!(open(completed(), CREATOR), [Open::Schedule, Open::Archive]);
    assert_eq!(open(archived(), ADMIN), []);
}
