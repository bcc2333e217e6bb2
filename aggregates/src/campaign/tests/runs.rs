//! Schedules and the runs that come due.

use super::*;

fn set(schedule: Schedule) -> CampaignCommand {
    ask(CREATOR, CampaignAction::Schedule(schedule))
}

fn run(recorded: &str, due: &str, due_at: &str, late: bool) -> CampaignEvent {
    CampaignEvent::CampaignRunDue {
        at: instant(recorded),
        due: local(due),
        due_at: instant(due_at),
        child: run_id(CAMPAIGN, local(due)),
        late,
        on_behalf_of: CREATOR.account,
    }
}

/// Every Monday at noon, since a minute before the clock of these tests.
fn weekly(missed: MissedRuns) -> Schedule {
    Schedule { missed, ..schedule(Every::Weekly, "2026-03-02T12:01:00", Tz::UTC) }
}

fn running(schedule: Schedule) -> Vec<CampaignEvent> {
    with(active(), [scheduled(schedule)])
}

#[test]
fn a_campaign_is_scheduled_in_every_state_but_archived() {
    for events in [drafted(), active(), completed()] {
        given(events).when(set(monthly())).then_expect_events(vec![scheduled(monthly())]);
    }
    let refusal = |action| wrong_state(action, CampaignState::Archived, "a campaign that is not archived");
    given(archived()).when(set(monthly())).then_expect_error(refusal("be scheduled"));
    given(archived())
        .when(ask(CREATOR, CampaignAction::Unschedule))
        .then_expect_error(refusal("be unscheduled"));
}

#[test]
fn only_creator_and_admins_schedule() {
    for action in [CampaignAction::Schedule(monthly()), CampaignAction::Unschedule] {
        for by in [OTHER, LEAD] {
            given(running(weekly(MissedRuns::CreateAll)))
                .when(ask(by, action.clone()))
                .then_expect_error(CampaignError::NotOwnCampaign { action: "schedule" });
        }
        let asked = folded(running(weekly(MissedRuns::CreateAll))).decide(ask(ADMIN, action));
        assert_eq!(asked.map(|events| events.len()), Ok(1));
    }
}

#[test]
fn a_campaign_without_tests_is_not_scheduled() {
    given(empty()).when(set(monthly())).then_expect_error(CampaignError::NoTests { action: "be scheduled" });
}

#[test]
fn a_schedule_goes_by_the_minute() {
    for first in ["2026-03-31T09:00:01", "2026-03-31T09:00:00.5"] {
        given(drafted())
            .when(set(schedule(Every::Monthly, first, Tz::UTC)))
            .then_expect_error(CampaignError::NotWholeMinutes);
    }
}

#[test]
fn a_schedule_does_not_end_before_it_begins() {
    given(drafted())
        .when(set(Schedule { until: Some(day("2026-03-30")), ..monthly() }))
        .then_expect_error(CampaignError::EndsBeforeStart { field: "until" });
}

#[test]
fn a_schedule_that_is_over_is_refused() {
    let over = Schedule {
        until: Some(day("2026-03-01")),
        ..schedule(Every::Weekly, "2026-01-05T09:00:00", Tz::UTC)
    };
    given(drafted()).when(set(over)).then_expect_error(CampaignError::NeverDue);
}

#[test]
fn the_days_of_a_schedule_lie_in_the_calendar() {
    let far = NaiveDate::from_ymd_opt(10_000, 1, 1);
    given(drafted())
        .when(set(Schedule { until: far, ..monthly() }))
        .then_expect_error(CampaignError::OutOfCalendar { field: "until" });
    let far = far.and_then(|day| day.and_hms_opt(9, 0, 0)).expect("a time");
    given(drafted())
        .when(set(Schedule { first: far, ..monthly() }))
        .then_expect_error(CampaignError::OutOfCalendar { field: "first" });
}

#[test]
fn the_same_schedule_again_changes_nothing() {
    given(running(monthly())).when(set(monthly())).then_expect_events(vec![]);
}

#[test]
fn without_a_schedule_there_is_none_to_end() {
    given(active()).when(ask(CREATOR, CampaignAction::Unschedule)).then_expect_events(vec![]);
    given(running(monthly()))
        .when(ask(CREATOR, CampaignAction::Unschedule))
        .then_expect_events(vec![CampaignEvent::CampaignUnscheduled { by: CREATOR.account, at: now() }]);
}

#[test]
fn a_run_is_recorded_when_it_is_due_and_not_before() {
    given(running(monthly())).when(record_at("2026-03-31T06:59:59Z")).then_expect_events(vec![]);
    // 09:00 in Berlin is 07:00Z after 29 March.
    given(running(monthly())).when(record_at("2026-03-31T07:00:00Z")).then_expect_events(vec![run(
        "2026-03-31T07:00:00Z",
        "2026-03-31T09:00:00",
        "2026-03-31T07:00:00Z",
        false,
    )]);
}

#[test]
fn a_run_that_is_recorded_is_not_recorded_again() {
    let at = "2026-03-31T07:00:00Z";
    let recorded = with(running(monthly()), [run(at, "2026-03-31T09:00:00", at, false)]);
    for at in [at, "2026-03-31T07:00:01Z", "2026-04-30T06:59:59Z"] {
        given(recorded.clone()).when(record_at(at)).then_expect_events(vec![]);
    }
    let next = "2026-04-30T07:00:00Z";
    given(recorded).when(record_at(next)).then_expect_events(vec![run(
        next,
        "2026-04-30T09:00:00",
        next,
        false,
    )]);
}

#[test]
fn a_run_is_late_an_hour_after_it_was_due() {
    let late = |at: &str| match &folded(running(monthly())).decide(record_at(at)).expect("events")[..] {
        [CampaignEvent::CampaignRunDue { late, .. }] => *late,
        other => panic!("{other:?}"),
    };
    assert!(!late("2026-03-31T08:00:00Z"));
    assert!(late("2026-03-31T08:00:01Z"));
}

#[test]
fn every_missed_run_is_made_in_order() {
    let now = "2026-03-16T12:01:00Z";
    given(running(weekly(MissedRuns::CreateAll))).when(record_at(now)).then_expect_events(vec![
        run(now, "2026-03-02T12:01:00", "2026-03-02T12:01:00Z", true),
        run(now, "2026-03-09T12:01:00", "2026-03-09T12:01:00Z", true),
        run(now, "2026-03-16T12:01:00", "2026-03-16T12:01:00Z", false),
    ]);
}

#[test]
fn of_missed_runs_only_the_latest_is_made_if_the_schedule_says_so() {
    let now = "2026-03-20T00:00:00Z";
    let time = |due: &str| DueTime { due: local(due), due_at: local(due).and_utc() };
    let skipped = CampaignEvent::CampaignRunsSkipped {
        at: instant(now),
        first: time("2026-03-02T12:01:00"),
        last: time("2026-03-09T12:01:00"),
        count: 2,
    };
    let latest = run(now, "2026-03-16T12:01:00", "2026-03-16T12:01:00Z", true);
    let before = running(weekly(MissedRuns::LatestOnly));
    given(before.clone()).when(record_at(now)).then_expect_events(vec![skipped.clone(), latest.clone()]);
    given(with(before.clone(), [skipped, latest])).when(record_at(now)).then_expect_events(vec![]);
    let one = "2026-03-03T00:00:00Z";
    given(before).when(record_at(one)).then_expect_events(vec![run(
        one,
        "2026-03-02T12:01:00",
        "2026-03-02T12:01:00Z",
        true,
    )]);
}

#[test]
fn one_command_records_60_runs_and_the_next_goes_on() {
    let mut campaign = folded(running(weekly(MissedRuns::CreateAll)));
    let mut counts = vec![];
    // 105 Mondays from 2 March 2026 to 28 February 2028.
    for _ in 0..3 {
        let events = campaign.decide(record_at("2028-03-01T00:00:00Z")).expect("events");
        counts.push(events.len());
        events.into_iter().for_each(|event| campaign.apply(event));
    }
    assert_eq!(counts, [60, 45, 0]);
}

#[test]
fn runs_due_before_the_schedule_was_set_do_not_count() {
    let since_january = schedule(Every::Monthly, "2026-01-31T09:00:00", Tz::UTC);
    let now = "2026-03-31T09:00:00Z";
    given(running(since_january)).when(record_at(now)).then_expect_events(vec![run(
        now,
        "2026-03-31T09:00:00",
        now,
        false,
    )]);
}

#[test]
fn a_schedule_that_ended_makes_no_more_runs() {
    let ending = Schedule { until: Some(day("2026-03-08")), ..weekly(MissedRuns::CreateAll) };
    let events = folded(running(ending)).decide(record_at("2026-06-01T00:00:00Z"));
    assert_eq!(events.map(|events| events.len()), Ok(1));
}

#[test]
fn a_cleared_schedule_makes_no_runs() {
    let cleared = CampaignEvent::CampaignUnscheduled { by: CREATOR.account, at: now() };
    given(with(running(monthly()), [cleared]))
        .when(record_at("2027-01-01T00:00:00Z"))
        .then_expect_events(vec![]);
}

#[test]
fn another_zone_does_not_make_the_same_local_time_run_twice() {
    // 09:00 in Apia is 20:00Z the day before, 09:00 in New York is 13:00Z.
    let apia = schedule(Every::Weekly, "2026-03-09T09:00:00", chrono_tz::Pacific::Apia);
    let recorded = "2026-03-08T20:00:00Z";
    let new_york = schedule(Every::Weekly, "2026-03-09T09:00:00", chrono_tz::America::New_York);
    let moved =
        CampaignEvent::CampaignScheduled { by: ADMIN.account, at: instant(recorded), schedule: new_york };
    let events = with(running(apia), [run(recorded, "2026-03-09T09:00:00", recorded, false), moved]);
    given(events.clone()).when(record_at("2026-03-09T13:00:00Z")).then_expect_events(vec![]);
    let week_later = "2026-03-16T13:00:00Z";
    let next = CampaignEvent::CampaignRunDue {
        at: instant(week_later),
        due: local("2026-03-16T09:00:00"),
        due_at: instant(week_later),
        child: run_id(CAMPAIGN, local("2026-03-16T09:00:00")),
        late: false,
        on_behalf_of: ADMIN.account,
    };
    given(events).when(record_at(week_later)).then_expect_events(vec![next]);
}

#[test]
fn the_id_of_a_run_comes_from_its_campaign_and_its_local_time() {
    // UUIDv5 of the name "2026-01-31T09:00" in the namespace 00000000-0000-0000-0000-0000000000ca.
    let expected = Uuid::new_v5(&CAMPAIGN.0, b"2026-01-31T09:00");
    assert_eq!(run_id(CAMPAIGN, local("2026-01-31T09:00:00")), CampaignId(expected));
    assert_ne!(run_id(CAMPAIGN, local("2026-01-31T09:01:00")), CampaignId(expected));
    let copy = copied_test_id(CampaignId(expected), test(1));
    assert_eq!(copy.0, Uuid::new_v5(&expected, b"00000000-0000-0000-0000-000000000001"));
}

#[test]
fn what_is_due_next_is_what_will_be_recorded_next() {
    let campaign = folded(running(monthly()));
    assert_eq!(campaign.next_due().map(|time| time.due), Some(local("2026-03-31T09:00:00")));
    let at = "2026-03-31T07:00:00Z";
    let campaign = folded(with(running(monthly()), [run(at, "2026-03-31T09:00:00", at, false)]));
    assert_eq!(campaign.next_due().map(|time| time.due), Some(local("2026-04-30T09:00:00")));
    assert_eq!(folded(active()).next_due(), None);
}

#[test]
fn what_is_due_is_recorded_before_the_schedule_changes_or_ends() {
    let due = local("2026-03-02T12:01:00");
    let at = |at: &str, action| CampaignCommand { at: instant(at), ..ask(CREATOR, action) };
    let weekly = || running(weekly(MissedRuns::CreateAll));
    for action in [CampaignAction::Schedule(monthly()), CampaignAction::Unschedule] {
        given(weekly())
            .when(at("2026-03-02T12:01:00Z", action.clone()))
            .then_expect_error(CampaignError::RunsAreDue { due });
        assert!(folded(weekly()).decide(at("2026-03-02T12:00:59Z", action.clone())).is_ok());
        let recorded = with(
            weekly(),
            [run("2026-03-02T12:01:00Z", "2026-03-02T12:01:00", "2026-03-02T12:01:00Z", false)],
        );
        assert!(folded(recorded).decide(at("2026-03-02T12:01:01Z", action)).is_ok());
    }
    let over = with(weekly(), [CampaignEvent::CampaignCompleted { by: CREATOR.account, at: now() }]);
    given(over.clone())
        .when(at("2026-03-02T12:01:00Z", CampaignAction::Archive))
        .then_expect_error(CampaignError::RunsAreDue { due });
    assert!(folded(over).decide(ask(CREATOR, CampaignAction::Archive)).is_ok());
}
