//! What a template may say.

use super::*;

fn refused(content: Content) -> TemplateError {
    creating(content).expect_err("refused")
}

fn with_arguments(arguments: Vec<Argument>) -> Content {
    Content {
        procedure: "run".to_owned(),
        cleanup: String::new(),
        prerequisites: String::new(),
        arguments,
        ..content()
    }
}

#[test]
fn texts_and_lists_are_tidied_up() {
    let untidy = Content {
        name: "  a name ".to_owned(),
        platforms: texts([" Windows ", "Windows", " "]),
        tool: Some("  ".to_owned()),
        tags: texts([" t", "t", ""]),
        references: vec![" https://a.example/ ".to_owned(), "https://a.example/".to_owned(), String::new()],
        ..content()
    };
    let tidy = Content {
        name: "a name".to_owned(),
        platforms: texts(["Windows"]),
        tool: None,
        tags: texts(["t"]),
        references: vec!["https://a.example/".to_owned()],
        ..content()
    };
    assert_eq!(creating(untidy), Ok(tidy));
}

#[test]
fn a_template_has_a_name_an_executor_and_a_procedure() {
    let missing = |field| TemplateError::Text(TextError::Missing { field });
    assert_eq!(refused(Content { name: " ".to_owned(), ..content() }), missing("name"));
    assert_eq!(refused(Content { executor: " ".to_owned(), ..content() }), missing("executor"));
    assert_eq!(refused(Content { procedure: "\n".to_owned(), ..content() }), missing("procedure"));
}

#[test]
fn texts_have_limits() {
    let long = "a".repeat(20_001);
    let too_long = |field| TemplateError::Text(TextError::TooLong { field, chars: 20_001, limit: 20_000 });
    assert_eq!(refused(Content { procedure: long.clone(), ..content() }), too_long("procedure"));
    assert_eq!(refused(Content { cleanup: long.clone(), ..content() }), too_long("cleanup"));
    assert_eq!(refused(Content { prerequisites: long.clone(), ..content() }), too_long("prerequisites"));
    assert_eq!(refused(Content { description: long.clone(), ..content() }), too_long("description"));
    assert_eq!(refused(Content { expected_detection: long, ..content() }), too_long("expectedDetection"));
}

#[test]
fn lists_have_limits() {
    let many = |count: usize| (0..count).map(|n| format!("p{n}"));
    let too_many = |field, count, limit| TemplateError::TooMany { field, count, limit };
    let platforms = Content { platforms: many(21).collect(), ..content() };
    assert_eq!(refused(platforms), too_many("platforms", 21, 20));
    let tags = Content { tags: many(21).collect(), ..content() };
    assert_eq!(refused(tags), too_many("tags", 21, 20));
    let references = many(21).map(|path| format!("https://a.example/{path}")).collect();
    assert_eq!(refused(Content { references, ..content() }), too_many("references", 21, 20));
    let arguments = many(51).map(|name| argument(&name, None, ArgumentKind::String)).collect();
    assert_eq!(refused(with_arguments(arguments)), too_many("arguments", 51, 50));
}

#[test]
fn references_are_addresses_of_the_web() {
    for fine in ["http://a.example", "HTTPS://a.example/x?y=z#f", "https://[::1]:8000/"] {
        let content = Content { references: vec![fine.to_owned()], ..content() };
        assert!(creating(content).is_ok(), "{fine}");
    }
    let wrong = [
        "a.example",
        "ftp://a.example/",
        "javascript:alert(1)",
        "http://",
        "http:///path",
        "https://a.example/a b",
        "https://a.example/\"onclick=",
        "://a.example",
    ];
    for reference in wrong.map(str::to_owned) {
        let content = Content { references: vec![reference.clone()], ..content() };
        assert_eq!(refused(content), TemplateError::NotAWebAddress { reference });
    }
}

#[test]
fn argument_names_are_plain_and_unique() {
    let one = |name: &str| with_arguments(vec![argument(name, None, ArgumentKind::String)]);
    for fine in ["a", "A_9.x-y", &"n".repeat(64)] {
        assert!(creating(one(fine)).is_ok(), "{fine}");
    }
    for wrong in ["", "a b", "ä", "a}", "#{a}"] {
        assert_eq!(refused(one(wrong)), TemplateError::NotAnArgumentName { name: wrong.to_owned() });
    }
    let cut = TemplateError::NotAnArgumentName { name: "n".repeat(64) };
    assert_eq!(refused(one(&"n".repeat(65))), cut);
    let twice = ["a", "b", "a"].map(|name| argument(name, None, ArgumentKind::String)).to_vec();
    assert_eq!(refused(with_arguments(twice)), TemplateError::ArgumentTwice { name: "a".to_owned() });
}

#[test]
fn a_default_is_a_value_its_argument_takes() {
    let count = argument("count", Some("three"), ArgumentKind::Integer);
    assert_eq!(
        refused(with_arguments(vec![count])),
        TemplateError::NotAnInteger { name: "count".to_owned() }
    );
    let empty = argument("text", Some(""), ArgumentKind::String);
    assert!(creating(with_arguments(vec![empty])).is_ok());
}

#[test]
fn every_placeholder_names_a_declared_argument() {
    let undeclared = |field| TemplateError::UndeclaredArgument { field, name: "target".to_owned() };
    let text = || "run on #{file} at #{target}".to_owned();
    assert_eq!(refused(Content { procedure: text(), ..content() }), undeclared("procedure"));
    assert_eq!(refused(Content { cleanup: text(), ..content() }), undeclared("cleanup"));
    assert_eq!(refused(Content { prerequisites: text(), ..content() }), undeclared("prerequisites"));
    // Nothing is filled in there, so nothing needs to be declared.
    assert!(creating(Content { description: text(), expected_detection: text(), ..content() }).is_ok());
}

#[test]
fn a_revision_is_held_to_the_same_rules() {
    let revision = ContentRevision { arguments: Some(vec![]), ..ContentRevision::default() };
    given(vec![created()])
        .when(ask(RED_LEAD, revise(revision)))
        .then_expect_error(TemplateError::UndeclaredArgument { field: "procedure", name: "pid".to_owned() });
}
