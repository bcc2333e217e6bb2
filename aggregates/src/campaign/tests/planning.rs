//! Writing a campaign down and changing its general fields.

use super::*;

fn revise(plan: Plan) -> CampaignAction {
    CampaignAction::Revise(Revision {
        name: Some(plan.name),
        description: Some(plan.description),
        kind: Some(plan.kind),
        objective: Some(plan.objective),
        starts_on: Some(plan.starts_on),
        ends_on: Some(plan.ends_on),
        tags: Some(plan.tags),
        owner: Some(plan.owner),
    })
}

fn refused(plan: Plan, error: CampaignError) {
    let create = CampaignAction::Create { plan: plan.clone(), tests: vec![], origin: None };
    given(vec![]).when(ask(CREATOR, create)).then_expect_error(error.clone());
    given(drafted()).when(ask(CREATOR, revise(plan))).then_expect_error(error);
}

#[test]
fn a_campaign_is_written_down_with_its_first_tests() {
    given(vec![])
        .when(ask(CREATOR, create(vec![new(1, &[]), new(2, &[1])])))
        .then_expect_events(vec![created_with(vec![link(1, 1, &[]), link(2, 2, &[1])])]);
}

#[test]
fn a_campaign_is_written_down_once() {
    given(empty()).when(ask(CREATOR, create(vec![]))).then_expect_error(CampaignError::AlreadyCreated);
}

#[test]
fn nothing_can_be_asked_of_a_campaign_that_is_not_there() {
    for action in [
        revise(plan()),
        CampaignAction::Activate { beside: Waits::new() },
        CampaignAction::Schedule(monthly()),
        CampaignAction::RecordDueRuns { campaign: CAMPAIGN },
    ] {
        given(vec![]).when(ask(ADMIN, action)).then_expect_error(CampaignError::NotCreated);
    }
}

#[test]
fn texts_and_tags_are_trimmed() {
    let tags = BTreeSet::from([" q1 ".to_owned(), "  ".to_owned()]);
    let untidy = Plan { name: " Ransomware week ".to_owned(), tags, ..plan() };
    given(vec![])
        .when(ask(CREATOR, CampaignAction::Create { plan: untidy, tests: vec![], origin: None }))
        .then_expect_events(empty());
}

#[test]
fn a_campaign_needs_a_name() {
    refused(Plan { name: " ".to_owned(), ..plan() }, TextError::Missing { field: "name" }.into());
}

#[test]
fn texts_have_limits() {
    let long = |field, chars, limit| CampaignError::Text(TextError::TooLong { field, chars, limit });
    refused(Plan { name: "n".repeat(201), ..plan() }, long("name", 201, 200));
    refused(Plan { description: "d".repeat(20_001), ..plan() }, long("description", 20_001, 20_000));
    refused(Plan { objective: "o".repeat(20_001), ..plan() }, long("objective", 20_001, 20_000));
    refused(Plan { tags: ["t".repeat(51)].into(), ..plan() }, long("tags", 51, 50));
    let many = (0..21).map(|number| format!("tag {number}")).collect();
    refused(Plan { tags: many, ..plan() }, CampaignError::TooManyTags { count: 21, limit: 20 });
}

#[test]
fn a_campaign_does_not_end_before_it_starts() {
    let ends_on = Some(day("2026-03-08"));
    refused(Plan { ends_on, ..plan() }, CampaignError::EndsBeforeStart { field: "endDate" });
    let one_day = Plan { ends_on: plan().starts_on, ..plan() };
    let revised = CampaignEvent::CampaignRevised { by: CREATOR.account, at: now(), plan: one_day.clone() };
    given(drafted()).when(ask(CREATOR, revise(one_day))).then_expect_events(vec![revised]);
}

#[test]
fn days_lie_in_the_calendar() {
    let far = NaiveDate::from_ymd_opt(10_000, 1, 1);
    refused(Plan { ends_on: far, ..plan() }, CampaignError::OutOfCalendar { field: "endDate" });
    let ago = NaiveDate::from_ymd_opt(0, 1, 1);
    refused(Plan { starts_on: ago, ..plan() }, CampaignError::OutOfCalendar { field: "startDate" });
}

#[test]
fn a_revision_keeps_what_it_does_not_name() {
    let renamed = Revision { name: Some("Another week".to_owned()), ..Revision::default() };
    let plan = Plan { name: "Another week".to_owned(), ..plan() };
    given(drafted())
        .when(ask(CREATOR, CampaignAction::Revise(renamed)))
        .then_expect_events(vec![CampaignEvent::CampaignRevised { by: CREATOR.account, at: now(), plan }]);
}

#[test]
fn revising_to_the_same_fields_changes_nothing() {
    given(drafted()).when(ask(CREATOR, revise(plan()))).then_expect_events(vec![]);
}

#[test]
fn creator_and_admins_revise_and_nobody_else() {
    let other = Plan { name: "Another week".to_owned(), ..plan() };
    for by in [CREATOR, ADMIN] {
        let revised = CampaignEvent::CampaignRevised { by: by.account, at: now(), plan: other.clone() };
        given(drafted()).when(ask(by, revise(other.clone()))).then_expect_events(vec![revised]);
    }
    for by in [OTHER, LEAD] {
        given(drafted())
            .when(ask(by, revise(other.clone())))
            .then_expect_error(CampaignError::NotOwnCampaign { action: "revise" });
    }
}

#[test]
fn an_old_version_is_a_conflict() {
    let command = CampaignCommand {
        expected_version: Some(2),
        ..ask(CREATOR, CampaignAction::Activate { beside: Waits::new() })
    };
    given(drafted()).when(command).then_expect_error(CampaignError::StaleVersion { expected: 2, actual: 1 });
}

#[test]
fn the_plan_of_a_run_starts_on_its_day_and_lasts_as_long() {
    let run = plan().for_run(local("2026-04-30T09:00:00"));
    assert_eq!(run.name, "Ransomware week (2026-04-30)");
    assert_eq!((run.starts_on, run.ends_on), (Some(day("2026-04-30")), Some(day("2026-05-04"))));
    let open = Plan { ends_on: None, ..plan() }.for_run(local("2026-04-30T09:00:00"));
    assert_eq!(open.ends_on, None);
    let last = plan().for_run(local("9999-12-31T09:00:00"));
    assert_eq!(last.ends_on, None);
}

#[test]
fn the_name_of_a_run_and_of_a_clone_fit_the_limit() {
    let long = Plan { name: "ü".repeat(200), ..plan() };
    for copy in [long.for_run(local("2026-04-30T09:00:00")), long.for_clone()] {
        assert_eq!(copy.name.chars().count(), 200);
        let create = CampaignAction::Create { plan: copy, tests: vec![], origin: None };
        assert!(Campaign::default().decide(ask(CREATOR, create)).is_ok());
    }
    assert_eq!(plan().for_clone().name, "Ransomware week (copy)");
}

#[test]
fn who_scheduled_a_run_may_change_it() {
    let origin = CampaignOrigin::Run {
        parent: CAMPAIGN,
        due: local("2026-03-31T09:00:00"),
        late: false,
        on_behalf_of: CREATOR.account,
    };
    let run = CampaignEvent::CampaignCreated {
        by: Actor::SYSTEM.account,
        at: now(),
        plan: plan(),
        tests: vec![],
        origin: Some(origin),
    };
    let other = Plan { name: "Another week".to_owned(), ..plan() };
    let revised = CampaignEvent::CampaignRevised { by: CREATOR.account, at: now(), plan: other.clone() };
    given(vec![run]).when(ask(CREATOR, revise(other))).then_expect_events(vec![revised]);
}
