//! Values in gaps.

use super::*;

fn values<const N: usize>(values: [(&str, &str); N]) -> Arguments {
    values.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Just a procedure, with two arguments of any text, `a` without default and `b` with one.
fn procedure(text: &str) -> Content {
    Content {
        procedure: text.to_owned(),
        cleanup: String::new(),
        prerequisites: String::new(),
        arguments: vec![
            argument("a", None, ArgumentKind::String),
            argument("b", Some("default"), ArgumentKind::String),
        ],
        ..content()
    }
}

fn filled(text: &str, a: &str) -> String {
    procedure(text).filled(&values([("a", a)])).expect("filled").procedure
}

#[test]
fn values_and_defaults_go_into_every_text() {
    let filled = content().filled(&values([("pid", "624")])).expect("filled");
    assert_eq!(filled.procedure, "rundll32 comsvcs.dll, MiniDump 624 C:\\dump.dmp full");
    assert_eq!(filled.cleanup, "Remove-Item C:\\dump.dmp");
    assert_eq!(filled.prerequisites, "An elevated shell.");
}

#[test]
fn a_given_value_goes_before_the_default() {
    let filled = procedure("#{b}").filled(&values([("a", ""), ("b", "given")]));
    assert_eq!(filled.expect("filled").procedure, "given");
}

#[test]
fn a_value_is_taken_literally() {
    let value = "it's \"quoted\"\nand `$(more)` \\ \t é 🦀 $1 {} ";
    assert_eq!(filled("<#{a}>", value), format!("<{value}>"));
}

#[test]
fn a_value_that_looks_like_a_placeholder_is_not_expanded() {
    assert_eq!(filled("#{a}#{b}", "#{b}"), "#{b}default");
    assert_eq!(filled("##{a}{b}", "x"), "#x{b}");
    assert_eq!(filled("#{#{a}}", "b"), "#{b}");
}

#[test]
fn what_only_begins_like_a_placeholder_is_literal() {
    for literal in ["#{", "#{}", "#{ a}", "#{a", "#{a b}", "${#array[@]}", "#{é}", "a#"] {
        assert_eq!(filled(literal, "x"), literal);
    }
}

#[test]
fn an_unknown_argument_is_refused_by_name() {
    let error = procedure("#{a}").filled(&values([("a", "x"), ("c", "y")])).expect_err("refused");
    assert_eq!(error, TemplateError::UnknownArgument { name: "c".to_owned() });
}

#[test]
fn an_argument_without_value_and_default_is_refused_by_name() {
    for text in ["#{a}", "nothing to fill in"] {
        let error = procedure(text).filled(&Arguments::new()).expect_err("refused");
        assert_eq!(error, TemplateError::MissingArgument { name: "a".to_owned() });
    }
}

#[test]
fn values_have_a_limit_and_can_be_stored() {
    let fill = |value: &str| procedure("#{a}").filled(&values([("a", value)]));
    assert!(fill(&"é".repeat(4_000)).is_ok());
    let name = || "a".to_owned();
    let too_long = TemplateError::ValueTooLong { name: name(), chars: 4_001, limit: 4_000 };
    assert_eq!(fill(&"é".repeat(4_001)), Err(too_long));
    assert_eq!(fill("a\0"), Err(TemplateError::NulInValue { name: name() }));
}

#[test]
fn a_text_stays_within_its_limit_when_filled() {
    let value = "x".repeat(4_000);
    let fill = |gaps: usize| procedure(&"#{a}".repeat(gaps)).filled(&values([("a", &value)]));
    assert!(fill(5).is_ok());
    let too_long = TextError::TooLong { field: "procedure", chars: 24_000, limit: 20_000 };
    assert_eq!(fill(6), Err(too_long.into()));
}

#[test]
fn an_integer_is_one() {
    let fill = |pid: &str| content().filled(&values([("pid", pid)]));
    for fine in ["0", "-17", "+4", "9223372036854775807"] {
        assert!(fill(fine).is_ok(), "{fine}");
    }
    for wrong in ["", "1.5", "1 ", "0x10", "9223372036854775808", "; calc"] {
        assert_eq!(fill(wrong), Err(TemplateError::NotAnInteger { name: "pid".to_owned() }), "{wrong}");
    }
}
