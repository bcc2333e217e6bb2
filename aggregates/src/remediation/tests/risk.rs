//! A risk accepted until a day.

use super::*;

fn at(text: &str) -> RemediationCommand {
    let at = text.parse().expect("an instant");
    RemediationCommand { at, ..ask(Actor::SYSTEM, RemediationAction::ExpireRisk) }
}

#[test]
fn a_risk_is_accepted_until_a_day() {
    for before in [opened(), in_progress(), blocked()] {
        given(before)
            .when(ask(BLUE_LEAD, accept_risk()))
            .then_expect_events(vec![accepted_event(day("2026-09-01"))]);
    }
}

#[test]
fn the_day_lies_ahead_and_within_three_years() {
    let accept = |day| folded(opened()).decide(ask(BLUE_LEAD, accept_until(day)));
    for fine in ["2026-03-03", "2029-03-02"].map(day) {
        assert_eq!(accept(fine), Ok(vec![accepted_event(fine)]));
    }
    for day in ["2026-03-02", "2026-03-01", "-0001-01-01"].map(day) {
        assert_eq!(accept(day), Err(RemediationError::ExpiresTooSoon { day }));
    }
    let latest = day("2029-03-02");
    for late in ["2029-03-03", "9999-12-31"].map(day) {
        assert_eq!(accept(late), Err(RemediationError::ExpiresTooLate { latest }));
    }
}

#[test]
fn three_years_after_the_29th_of_february_is_the_28th() {
    let on_leap_day = |day| {
        let at = "2028-02-29T23:59:59Z".parse().expect("an instant");
        folded(opened()).decide(RemediationCommand { at, ..ask(BLUE_LEAD, accept_until(day)) })
    };
    assert!(on_leap_day(day("2031-02-28")).is_ok());
    let latest = day("2031-02-28");
    assert_eq!(on_leap_day(day("2031-03-01")), Err(RemediationError::ExpiresTooLate { latest }));
}

#[test]
fn accepting_needs_a_reason() {
    let silent = RemediationAction::AcceptRisk { reason: " ".to_owned(), expires_on: day("2026-09-01") };
    given(opened())
        .when(ask(BLUE_LEAD, silent))
        .then_expect_error(TextError::Missing { field: "reason" }.into());
}

#[test]
fn an_acceptance_ends_with_the_beginning_of_its_day() {
    given(risk_accepted()).when(at("2026-08-31T23:59:59.999999Z")).then_expect_events(vec![]);
    let noticed = "2026-09-01T00:00:00Z";
    let event = RemediationEvent::RiskAcceptanceExpired { at: noticed.parse().expect("an instant") };
    given(risk_accepted()).when(at(noticed)).then_expect_events(vec![event.clone()]);
    let expired = with(risk_accepted(), [event]);
    assert_eq!(folded(expired.clone()).state(), RemediationState::Open);
    given(expired).when(at("2026-09-01T00:00:01Z")).then_expect_events(vec![]);
}

#[test]
fn only_an_accepted_risk_expires() {
    for state in RemediationState::ALL.into_iter().filter(|state| *state != RemediationState::RiskAccepted) {
        given(ending_in(state)).when(at("2030-01-01T00:00:00Z")).then_expect_events(vec![]);
    }
    let reason = "It came back.".to_owned();
    let reopened = RemediationEvent::RemediationReopened { by: RED_LEAD.account, at: now(), reason };
    given(with(risk_accepted(), [reopened])).when(at("2030-01-01T00:00:00Z")).then_expect_events(vec![]);
}

#[test]
fn a_later_acceptance_has_a_day_of_its_own() {
    let expired = RemediationEvent::RiskAcceptanceExpired { at: now() + TimeDelta::days(200) };
    let again = with(risk_accepted(), [expired, accepted_event(day("2027-05-01"))]);
    given(again.clone()).when(at("2027-04-30T12:00:00Z")).then_expect_events(vec![]);
    let noticed = "2027-05-01T08:00:00Z";
    given(again).when(at(noticed)).then_expect_events(vec![RemediationEvent::RiskAcceptanceExpired {
        at: noticed.parse().expect("an instant"),
    }]);
}
