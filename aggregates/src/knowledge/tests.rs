use super::*;
use cqrs_es::test::TestFramework;
use uuid::Uuid;

const SOURCE: KnowledgeSource = KnowledgeSource::AttackEnterprise;

fn release(digit: char, version: &str) -> Release {
    let digest = String::from(digit).repeat(64);
    Release { version: version.to_owned(), digest, job: None, restored: false }
}
fn about(source: KnowledgeSource, action: KnowledgeAction) -> KnowledgeCommand {
    KnowledgeCommand { by: Actor::SYSTEM, source, action }
}
fn wish(release: Release) -> KnowledgeCommand {
    about(SOURCE, KnowledgeAction::Release(release))
}
fn released(release: Release) -> KnowledgeEvent {
    KnowledgeEvent::KnowledgeReleased { source: SOURCE, release }
}
fn settings(addresses: &[&str]) -> SourceSettings {
    let addresses = addresses.iter().map(|&address| address.to_owned()).collect();
    SourceSettings { addresses, every_hours: 24, enabled: true }
}
fn configure(settings: SourceSettings) -> KnowledgeCommand {
    about(SOURCE, KnowledgeAction::Configure(settings))
}
fn sync(source: KnowledgeSource) -> KnowledgeCommand {
    about(source, KnowledgeAction::RequestSync { job: JobId(Uuid::nil()), preview: false })
}

#[test]
fn the_same_content_again_is_no_news() {
    TestFramework::<Knowledge>::with(())
        .given(vec![released(release('a', "18.1"))])
        .when(wish(release('a', "18.1")))
        .then_expect_events(vec![]);
}

#[test]
fn other_content_takes_its_place() {
    TestFramework::<Knowledge>::with(())
        .given(vec![released(release('a', "14.1"))])
        .when(wish(release('b', "18.1")))
        .then_expect_events(vec![released(release('b', "18.1"))]);
}

#[test]
fn a_release_without_version_is_refused() {
    TestFramework::<Knowledge>::with(())
        .given_no_previous_events()
        .when(wish(release('a', "")))
        .then_expect_error(KnowledgeError::NoVersion);
}

#[test]
fn a_digest_is_64_hex_digits() {
    TestFramework::<Knowledge>::with(())
        .given_no_previous_events()
        .when(wish(release('g', "18.1")))
        .then_expect_error(KnowledgeError::NotADigest("g".repeat(64)));
}

#[test]
fn going_back_puts_an_earlier_release_in_force_again() {
    let back =
        |digit: char| about(SOURCE, KnowledgeAction::Restore { digest: String::from(digit).repeat(64) });
    let history = vec![released(release('a', "16.1")), released(release('b', "18.1"))];
    TestFramework::<Knowledge>::with(())
        .given(history.clone())
        .when(back('a'))
        .then_expect_events(vec![released(Release { restored: true, ..release('a', "16.1") })]);
    TestFramework::<Knowledge>::with(()).given(history.clone()).when(back('b')).then_expect_events(vec![]);
    TestFramework::<Knowledge>::with(())
        .given(history)
        .when(back('c'))
        .then_expect_error(KnowledgeError::NeverReleased("c".repeat(64)));
}

#[test]
fn a_source_is_fetched_from_where_it_was_said_to_be() {
    let request = |addresses: Vec<String>| SyncRequest { job: JobId(Uuid::nil()), addresses, preview: false };
    TestFramework::<Knowledge>::with(()).given_no_previous_events().when(sync(SOURCE)).then_expect_events(
        vec![KnowledgeEvent::SyncRequested { request: request(SOURCE.settings().addresses) }],
    );
    let elsewhere = settings(&["https://mirror.example.com/a.json"]);
    TestFramework::<Knowledge>::with(())
        .given(vec![KnowledgeEvent::SourceConfigured { settings: elsewhere.clone() }])
        .when(sync(SOURCE))
        .then_expect_events(vec![KnowledgeEvent::SyncRequested { request: request(elsewhere.addresses) }]);
}

#[test]
fn what_is_switched_off_or_nowhere_is_not_fetched() {
    let off = SourceSettings { enabled: false, ..settings(&["https://example.com/a"]) };
    TestFramework::<Knowledge>::with(())
        .given(vec![KnowledgeEvent::SourceConfigured { settings: off }])
        .when(sync(SOURCE))
        .then_expect_error(KnowledgeError::SwitchedOff("ATT&CK Enterprise"));
    TestFramework::<Knowledge>::with(())
        .given_no_previous_events()
        .when(sync(KnowledgeSource::CisControls))
        .then_expect_error(KnowledgeError::NoAddress("CIS Controls"));
}

#[test]
fn settings_are_tidied_and_the_same_again_is_no_news() {
    let tidy = settings(&["https://example.com/a"]);
    TestFramework::<Knowledge>::with(())
        .given_no_previous_events()
        .when(configure(settings(&[" https://example.com/a ", "", "https://example.com/a"])))
        .then_expect_events(vec![KnowledgeEvent::SourceConfigured { settings: tidy.clone() }]);
    TestFramework::<Knowledge>::with(())
        .given(vec![KnowledgeEvent::SourceConfigured { settings: tidy.clone() }])
        .when(configure(tidy))
        .then_expect_events(vec![]);
    TestFramework::<Knowledge>::with(())
        .given_no_previous_events()
        .when(configure(SOURCE.settings()))
        .then_expect_events(vec![]);
}

#[test]
fn addresses_are_of_the_web_and_hold_no_password() {
    for address in
        ["ftp://example.com/a", "https://", "https://a b", "https://me:secret@example.com/", "file:///etc"]
    {
        TestFramework::<Knowledge>::with(())
            .given_no_previous_events()
            .when(configure(settings(&[address])))
            .then_expect_error(KnowledgeError::NotAWebAddress { address: address.to_owned() });
    }
}

#[test]
fn settings_have_limits() {
    let many: Vec<String> = (0..6).map(|n| format!("https://example.com/{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    TestFramework::<Knowledge>::with(())
        .given_no_previous_events()
        .when(configure(settings(&many)))
        .then_expect_error(KnowledgeError::TooManyAddresses { count: 6 });
    let hours = limits::EVERY_HOURS + 1;
    TestFramework::<Knowledge>::with(())
        .given_no_previous_events()
        .when(configure(SourceSettings { every_hours: hours, ..settings(&[]) }))
        .then_expect_error(KnowledgeError::TooRare { hours });
}

#[test]
fn every_source_has_an_id_of_its_own() {
    for source in KnowledgeSource::ALL {
        assert_eq!(KnowledgeSource::parse(source.aggregate_id()), Some(source));
        assert_eq!(source.settings().checked(), Ok(source.settings()));
    }
    assert_eq!(KnowledgeSource::parse("nothing"), None);
}
