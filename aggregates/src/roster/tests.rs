//! The rules of the roster.

use super::*;
use cqrs_es::test::TestFramework;
use uuid::Uuid;

fn account(n: u128) -> AccountId {
    AccountId(Uuid::from_u128(n))
}
fn opened(n: u128, role: Role) -> RosterEvent {
    RosterEvent::AccountOpened { account: account(n), role, must_change_password: false }
}
fn wish(n: u128, action: RosterAction) -> RosterCommand {
    RosterCommand { by: Actor::SYSTEM, account: account(n), action }
}
fn roster() -> TestFramework<Roster> {
    TestFramework::with(())
}

#[test]
fn an_account_is_opened_once() {
    let open = RosterAction::Open { role: Role::Viewer, must_change_password: false };
    roster().given_no_previous_events().when(wish(1, open)).then_expect_events(vec![opened(1, Role::Viewer)]);
    roster()
        .given(vec![opened(1, Role::Viewer)])
        .when(wish(1, open))
        .then_expect_error(RosterError::AlreadyOpen);
}

#[test]
fn the_last_admin_stays() {
    let given = || roster().given(vec![opened(1, Role::Admin), opened(2, Role::Viewer)]);
    given().when(wish(1, RosterAction::Deactivate)).then_expect_error(RosterError::LastAdmin);
    given()
        .when(wish(1, RosterAction::ChangeRole { role: Role::Viewer }))
        .then_expect_error(RosterError::LastAdmin);
}

#[test]
fn an_inactive_admin_does_not_count() {
    roster()
        .given(vec![
            opened(1, Role::Admin),
            opened(2, Role::Admin),
            RosterEvent::AccountDeactivated { account: account(2) },
        ])
        .when(wish(1, RosterAction::Deactivate))
        .then_expect_error(RosterError::LastAdmin);
}

#[test]
fn one_of_two_admins_may_go() {
    roster()
        .given(vec![opened(1, Role::Admin), opened(2, Role::Admin)])
        .when(wish(1, RosterAction::Deactivate))
        .then_expect_events(vec![RosterEvent::AccountDeactivated { account: account(1) }]);
}

#[test]
fn the_same_role_again_changes_nothing() {
    roster()
        .given(vec![opened(1, Role::Admin)])
        .when(wish(1, RosterAction::ChangeRole { role: Role::Admin }))
        .then_expect_events(vec![]);
}

#[test]
fn an_unknown_account_is_refused() {
    roster()
        .given_no_previous_events()
        .when(wish(9, RosterAction::Deactivate))
        .then_expect_error(RosterError::NoSuchAccount);
}

#[test]
fn closing_and_opening_alternate() {
    let closed = RosterEvent::AccountDeactivated { account: account(2) };
    roster()
        .given(vec![opened(1, Role::Admin), opened(2, Role::Viewer), closed])
        .when(wish(2, RosterAction::Deactivate))
        .then_expect_error(RosterError::AlreadyInactive);
    roster()
        .given(vec![opened(2, Role::Viewer)])
        .when(wish(2, RosterAction::Reactivate))
        .then_expect_error(RosterError::AlreadyActive);
}

fn service(n: u128, role: Role) -> RosterEvent {
    RosterEvent::ServiceAccountOpened { account: account(n), role }
}
fn key(n: u128) -> ApiKeyId {
    ApiKeyId(Uuid::from_u128(n))
}
fn noon() -> DateTime<Utc> {
    "2026-03-02T12:00:00Z".parse().expect("an instant")
}
fn issue(n: u128, days: i64) -> RosterAction {
    RosterAction::IssueKey {
        key: key(n),
        scope: KeyScope::Read,
        expires_at: noon() + Duration::days(days),
        at: noon(),
    }
}
fn issued(of: u128, n: u128) -> RosterEvent {
    let expires_at = noon() + Duration::days(30);
    RosterEvent::KeyIssued { account: account(of), key: key(n), scope: KeyScope::Read, expires_at }
}

#[test]
fn a_service_account_gets_keys_that_end() {
    let opened = || vec![service(7, Role::BlueTech)];
    roster().given(opened()).when(wish(7, issue(1, 30))).then_expect_events(vec![issued(7, 1)]);
    for days in [0, -1, 367] {
        roster().given(opened()).when(wish(7, issue(1, days))).then_expect_error(RosterError::KeyLifetime);
    }
    let mut many = opened();
    many.extend((0..20).map(|n| issued(7, n)));
    roster().given(many.clone()).when(wish(7, issue(99, 30))).then_expect_error(RosterError::TooManyKeys);
    let revoked = RosterEvent::KeyRevoked { account: account(7), key: key(3) };
    roster()
        .given(many.clone())
        .when(wish(7, RosterAction::RevokeKey { key: key(3) }))
        .then_expect_events(vec![revoked.clone()]);
    many.push(revoked);
    roster().given(many.clone()).when(wish(7, issue(99, 30))).then_expect_events(vec![issued(7, 99)]);
    let again = RosterAction::RevokeKey { key: key(3) };
    roster().given(many.clone()).when(wish(7, again)).then_expect_error(RosterError::KeyRevoked);
    roster().given(many).when(wish(7, issue(3, 30))).then_expect_error(RosterError::KeyExists);
}

#[test]
fn people_have_no_keys_and_programs_no_passwords() {
    roster()
        .given(vec![opened(2, Role::Viewer)])
        .when(wish(2, issue(1, 30)))
        .then_expect_error(RosterError::NotAService);
    for action in [RosterAction::ResetPassword, RosterAction::AddSecondFactor] {
        roster()
            .given(vec![service(7, Role::Admin)])
            .when(wish(7, action))
            .then_expect_error(RosterError::NotAPerson);
    }
    let closed = RosterEvent::AccountDeactivated { account: account(7) };
    roster()
        .given(vec![service(7, Role::Viewer), closed])
        .when(wish(7, issue(1, 30)))
        .then_expect_error(RosterError::Inactive);
}

#[test]
fn a_program_is_not_the_admin_who_stays() {
    roster()
        .given(vec![opened(1, Role::Admin), service(7, Role::Admin)])
        .when(wish(1, RosterAction::Deactivate))
        .then_expect_error(RosterError::LastAdmin);
}

#[test]
fn a_person_is_erased_once_closed_and_never_comes_back() {
    let gone = RosterEvent::AccountDeactivated { account: account(2) };
    let erased = RosterEvent::PersonErased { account: account(2) };
    let erase = || wish(2, RosterAction::Erase);
    roster().given(vec![opened(2, Role::Viewer)]).when(erase()).then_expect_error(RosterError::StillActive);
    roster()
        .given(vec![opened(2, Role::Viewer), gone.clone()])
        .when(erase())
        .then_expect_events(vec![erased.clone()]);
    let past = || vec![opened(2, Role::Viewer), gone.clone(), erased.clone()];
    roster().given(past()).when(erase()).then_expect_events(vec![]);
    for action in [
        RosterAction::Reactivate,
        RosterAction::ResetPassword,
        RosterAction::ChangeRole { role: Role::Admin },
    ] {
        roster().given(past()).when(wish(2, action)).then_expect_error(RosterError::Erased);
    }
}

#[test]
fn a_second_factor_comes_and_goes() {
    let added = RosterEvent::SecondFactorAdded { account: account(2) };
    let removed = RosterEvent::SecondFactorRemoved { account: account(2) };
    let base = || vec![opened(2, Role::Viewer)];
    let with = |more: &[RosterEvent]| [base(), more.to_vec()].concat();
    let (add, remove) = (RosterAction::AddSecondFactor, RosterAction::RemoveSecondFactor);
    roster().given(base()).when(wish(2, add)).then_expect_events(vec![added.clone()]);
    roster().given(with(std::slice::from_ref(&added))).when(wish(2, add)).then_expect_events(vec![]);
    roster()
        .given(with(std::slice::from_ref(&added)))
        .when(wish(2, remove))
        .then_expect_events(vec![removed.clone()]);
    roster()
        .given(with(&[added, removed]))
        .when(wish(2, remove))
        .then_expect_error(RosterError::NoSecondFactor);
}

#[test]
fn nobody_changes_the_password_of_another() {
    roster()
        .given(vec![opened(2, Role::Viewer)])
        .when(wish(2, RosterAction::ChangePassword))
        .then_expect_error(RosterError::NotOwnPassword);
}
