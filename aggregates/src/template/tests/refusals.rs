//! How each refusal is answered: its kind, its field, its words.

use super::*;
use crate::refusal::{Refusal, RefusalKind};

/// Every variant with a sample and its answer. The match inside has an arm
/// for each listed variant and no other, so a new one stops the build here.
macro_rules! answers {
    ($($variant:ident $fields:tt => $sample:expr, $kind:ident, $field:expr, $words:expr;)+) => {
        fn answers() -> Vec<(TemplateError, RefusalKind, Option<&'static str>, &'static str)> {
            fn _listed(error: &TemplateError) {
                match error {
                    $(TemplateError::$variant $fields => (),)+
                }
            }
            let answers = vec![$(($sample, RefusalKind::$kind, $field, $words)),+];
            $(assert!(answers.iter().any(|(error, ..)| matches!(error, TemplateError::$variant $fields)));)+
            answers
        }
    };
}

fn name() -> String {
    "pid".to_owned()
}

answers! {
    NotCreated {} => TemplateError::NotCreated, InvalidState, Some("id"),
        "there is no such template";
    AlreadyCreated {} => TemplateError::AlreadyCreated, InvalidState, None,
        "the template exists already";
    StaleVersion { .. } => TemplateError::StaleVersion { expected: 3, actual: 5 }, Conflict,
        Some("expectedVersion"),
        "the template has changed: version 3 was expected, it is at 5";
    Retired { .. } => TemplateError::Retired { name: "Dump".to_owned() }, InvalidState, None,
        "the template 'Dump' is retired";
    Inactive { .. } => TemplateError::Inactive { name: "Dump".to_owned() }, InvalidState, None,
        "the template 'Dump' is not active; activate it before tests are made from it";
    NoTechnique { .. } => TemplateError::NoTechnique { name: "Dump".to_owned(), attack_id: "T1682".to_owned() },
        InvalidState, None,
        "the template 'Dump' is of T1682, which no release of ATT&CK in force knows; a test is of one technique";
    Text { .. } => TemplateError::Text(TextError::Missing { field: "name" }), InvalidInput, Some("name"),
        "name must not be empty";
    TooMany { .. } => TemplateError::TooMany { field: "references", count: 21, limit: 20 }, InvalidInput,
        Some("references"),
        "there are 21 references; at most 20 are allowed";
    NotAWebAddress { .. } => TemplateError::NotAWebAddress { reference: "a.example".to_owned() }, InvalidInput,
        Some("references"),
        "'a.example' is not an address of the web (http:// or https://)";
    NotAnArgumentName { .. } => TemplateError::NotAnArgumentName { name: "a b".to_owned() }, InvalidInput,
        Some("arguments"),
        "'a b' is not a name for an argument: 1 to 64 letters, digits, '_', '.' and '-'";
    ArgumentTwice { .. } => TemplateError::ArgumentTwice { name: name() }, InvalidInput, Some("arguments"),
        "the argument 'pid' is declared twice";
    UndeclaredArgument { .. } => TemplateError::UndeclaredArgument { field: "cleanup", name: name() },
        InvalidInput, Some("cleanup"),
        "cleanup has the placeholder #{pid}, but no argument of that name is declared";
    UnknownArgument { .. } => TemplateError::UnknownArgument { name: name() }, InvalidInput, Some("arguments"),
        "the template has no argument 'pid'";
    MissingArgument { .. } => TemplateError::MissingArgument { name: name() }, InvalidInput, Some("arguments"),
        "the argument 'pid' needs a value: it has no default";
    ValueTooLong { .. } => TemplateError::ValueTooLong { name: name(), chars: 4_001, limit: 4_000 },
        InvalidInput, Some("arguments"),
        "the value of the argument 'pid' is 4001 characters long; at most 4000 are allowed";
    NulInValue { .. } => TemplateError::NulInValue { name: name() }, InvalidInput, Some("arguments"),
        "the value of the argument 'pid' has a NUL character, which cannot be stored";
    NotAnInteger { .. } => TemplateError::NotAnInteger { name: name() }, InvalidInput, Some("arguments"),
        "the value of the argument 'pid' is not an integer";
}

#[test]
fn each_refusal_has_its_kind_its_field_and_its_words() {
    for (error, kind, field, words) in answers() {
        assert_eq!((error.kind(), error.field(), error.to_string().as_str()), (kind, field, words));
    }
}
