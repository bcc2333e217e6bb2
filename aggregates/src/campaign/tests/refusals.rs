//! How each refusal is answered: its kind, its field, its words.

use super::*;
use crate::refusal::{Refusal, RefusalKind};

/// Every variant with a sample and its answer. The match inside has an arm
/// for each listed variant and no other, so a new one stops the build here.
macro_rules! answers {
    ($($variant:ident $fields:tt => $sample:expr, $kind:ident, $field:expr, $words:expr;)+) => {
        fn answers() -> Vec<(CampaignError, RefusalKind, Option<&'static str>, &'static str)> {
            fn _listed(error: &CampaignError) {
                match error {
                    $(CampaignError::$variant $fields => (),)+
                }
            }
            let answers = vec![$(($sample, RefusalKind::$kind, $field, $words)),+];
            $(assert!(answers.iter().any(|(error, ..)| matches!(error, CampaignError::$variant $fields)));)+
            answers
        }
    };
}

fn texts<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

answers! {
    NotCreated {} => CampaignError::NotCreated, InvalidState, Some("id"),
        "there is no such campaign";
    AlreadyCreated {} => CampaignError::AlreadyCreated, InvalidState, None,
        "the campaign exists already";
    StaleVersion { .. } => CampaignError::StaleVersion { expected: 3, actual: 5 }, Conflict,
        Some("expectedVersion"),
        "the campaign has changed: version 3 was expected, it is at 5";
    WrongState { .. } => wrong_state("be completed", CampaignState::Draft, "an active campaign"), InvalidState, None,
        "a campaign that is draft cannot be completed; that takes an active campaign";
    NotOwnCampaign { .. } => CampaignError::NotOwnCampaign { action: "archive" }, InvalidState, None,
        "only who created the campaign, or an admin, may archive it";
    NoTests { .. } => CampaignError::NoTests { action: "be activated" }, InvalidState, None,
        "a campaign without tests cannot be activated";
    Text { .. } => CampaignError::Text(TextError::Missing { field: "name" }), InvalidInput, Some("name"),
        "name must not be empty";
    TooManyTags { .. } => CampaignError::TooManyTags { count: 21, limit: 20 }, InvalidInput, Some("tags"),
        "there are 21 tags; at most 20 are allowed";
    OutOfCalendar { .. } => CampaignError::OutOfCalendar { field: "startDate" }, InvalidInput, Some("startDate"),
        "startDate lies outside the years 1 to 9999";
    EndsBeforeStart { .. } => CampaignError::EndsBeforeStart { field: "endDate" }, InvalidInput, Some("endDate"),
        "endDate lies before the beginning";
    NotWholeMinutes {} => CampaignError::NotWholeMinutes, InvalidInput, Some("first"),
        "first has seconds; a schedule goes by the minute";
    NeverDue {} => CampaignError::NeverDue, InvalidState, Some("first"),
        "the schedule would never run: no due time lies after now and not after its end";
    RunsAreDue { .. } => CampaignError::RunsAreDue { due: "2026-01-05T09:00:00".parse().expect("a time") },
        InvalidState, None,
        "the run due at 2026-01-05 09:00:00 is still being recorded; try again in a moment";
    TooManyTests { .. } => CampaignError::TooManyTests { count: 501, limit: 500 }, InvalidState, Some("testId"),
        "the campaign would have 501 tests; at most 500 are allowed";
    OrderTooHigh { .. } => CampaignError::OrderTooHigh { order: 10_001, limit: 10_000 }, InvalidInput, Some("order"),
        "order 10001 is too high; 10000 is the highest";
    NoSuchPlace { .. } => CampaignError::NoSuchPlace { place: 4, tests: 3 }, InvalidInput, Some("place"),
        "there is no place 4; the campaign has 3 tests";
    TooManyDependencies { .. } => CampaignError::TooManyDependencies { test: "#2".to_owned(), count: 21, limit: 20 },
        InvalidInput, Some("dependsOn"),
        "#2 would wait for 21 tests; at most 20 are allowed";
    NamedTwice { .. } => CampaignError::NamedTwice { test: "#2".to_owned() }, InvalidInput, Some("testId"),
        "#2 is named twice";
    AlreadyInCampaign { .. } => CampaignError::AlreadyInCampaign { test: "#2".to_owned() }, InvalidState,
        Some("testId"),
        "#2 is in the campaign already";
    NotInCampaign { .. } => CampaignError::NotInCampaign { test: "#2".to_owned() }, InvalidState, Some("testId"),
        "#2 is not in the campaign";
    DependencyOutside { .. } => CampaignError::DependencyOutside { test: "#2".to_owned(), dependency: "#9".to_owned() },
        InvalidState, Some("dependsOn"),
        "#2 cannot wait for #9, which is not in the campaign";
    Cycle { .. } => CampaignError::Cycle { path: texts(["#12", "#14", "#12"]) }, InvalidState, Some("dependsOn"),
        "these tests would wait for each other: #12 → #14 → #12";
    StillNeeded { .. } => CampaignError::StillNeeded { test: "#2".to_owned(), waiting: texts(["#3", "#4"]) },
        InvalidState, Some("testId"),
        "#2 cannot be removed: #3, #4 wait for it";
}

#[test]
fn each_refusal_has_its_kind_its_field_and_its_words() {
    for (error, kind, field, words) in answers() {
        assert_eq!((error.kind(), error.field(), error.to_string().as_str()), (kind, field, words));
    }
}

#[test]
fn one_test_waits_and_several_wait() {
    let one = CampaignError::StillNeeded { test: "#2".to_owned(), waiting: texts(["#3"]) };
    assert_eq!(one.to_string(), "#2 cannot be removed: #3 waits for it");
}
