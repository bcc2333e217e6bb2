//! From the first version to retirement.

use super::*;

#[test]
fn a_template_is_written_down_once() {
    given(vec![])
        .when(ask(RED_LEAD, TemplateAction::Create(Box::new(content()))))
        .then_expect_events(vec![created()]);
    given(vec![created()])
        .when(ask(RED_LEAD, TemplateAction::Create(Box::new(content()))))
        .then_expect_error(TemplateError::AlreadyCreated);
}

#[test]
fn nothing_happens_to_a_template_that_was_never_created() {
    for action in [rename("x"), TemplateAction::Activate, TemplateAction::Deactivate, retire()] {
        given(vec![]).when(ask(RED_LEAD, action)).then_expect_error(TemplateError::NotCreated);
    }
}

#[test]
fn one_that_a_source_brings_is_switched_without_being_written_down() {
    let switch = |active| ask(RED_LEAD, TemplateAction::SwitchImported { active });
    given(vec![]).when(switch(true)).then_expect_events(vec![]);
    given(vec![]).when(switch(false)).then_expect_events(vec![deactivated()]);
    given(vec![deactivated()]).when(switch(false)).then_expect_events(vec![]);
    let switched_on = TemplateEvent::TemplateActivated { by: RED_LEAD.account, at: now() };
    given(vec![deactivated()]).when(switch(true)).then_expect_events(vec![switched_on]);
    given(vec![created()]).when(switch(false)).then_expect_error(TemplateError::AlreadyCreated);
}

#[test]
fn each_edit_is_a_new_version() {
    let second = Content { name: "Second".to_owned(), ..content() };
    let third = Content { name: "Third".to_owned(), ..content() };
    given(vec![created()])
        .when(ask(RED_LEAD, rename("Second")))
        .then_expect_events(vec![revised(2, second.clone())]);
    given(vec![created(), revised(2, second), deactivated()])
        .when(ask(RED_LEAD, rename("Third")))
        .then_expect_events(vec![revised(3, third)]);
}

#[test]
fn the_same_content_again_is_no_new_version() {
    given(vec![created()]).when(ask(RED_LEAD, revise(content().into()))).then_expect_events(vec![]);
    let spaced = format!("  {} ", content().name);
    given(vec![created()]).when(ask(BLUE_LEAD, rename(&spaced))).then_expect_events(vec![]);
}

#[test]
fn a_revision_leaves_alone_what_it_does_not_name() {
    let revision = ContentRevision { tool: Some(Some("rundll32".to_owned())), ..ContentRevision::default() };
    let with_tool = Content { tool: Some("rundll32".to_owned()), ..content() };
    assert_eq!(revision.of(&content()), with_tool);
    let without = ContentRevision { tool: Some(None), ..ContentRevision::default() };
    assert_eq!(without.of(&with_tool), content());
}

#[test]
fn a_template_is_switched_off_and_on() {
    given(vec![created()])
        .when(ask(RED_LEAD, TemplateAction::Deactivate))
        .then_expect_events(vec![deactivated()]);
    given(vec![created(), deactivated()])
        .when(ask(RED_LEAD, TemplateAction::Activate))
        .then_expect_events(vec![activated()]);
}

#[test]
fn switching_to_what_it_is_changes_nothing() {
    given(vec![created()]).when(ask(BLUE_LEAD, TemplateAction::Activate)).then_expect_events(vec![]);
    given(vec![created(), deactivated()])
        .when(ask(BLUE_LEAD, TemplateAction::Deactivate))
        .then_expect_events(vec![]);
}

#[test]
fn retirement_is_final() {
    given(vec![created()]).when(ask(RED_LEAD, retire())).then_expect_events(vec![retired()]);
    for action in [rename("x"), TemplateAction::Activate, TemplateAction::Deactivate] {
        let name = content().name;
        given(vec![created(), retired()])
            .when(ask(RED_LEAD, action))
            .then_expect_error(TemplateError::Retired { name });
    }
}

#[test]
fn retiring_again_changes_nothing_for_the_same_person_and_reason() {
    let name = content().name;
    let gone = || given(vec![created(), retired()]);
    gone().when(ask(RED_LEAD, retire())).then_expect_events(vec![]);
    gone().when(ask(BLUE_LEAD, retire())).then_expect_error(TemplateError::Retired { name: name.clone() });
    let other_reason = TemplateAction::Retire { reason: "Wrong.".to_owned() };
    gone().when(ask(RED_LEAD, other_reason)).then_expect_error(TemplateError::Retired { name });
}

#[test]
fn retirement_needs_a_reason() {
    given(vec![created()])
        .when(ask(RED_LEAD, TemplateAction::Retire { reason: " ".to_owned() }))
        .then_expect_error(TextError::Missing { field: "reason" }.into());
}

#[test]
fn a_command_on_another_version_is_refused() {
    let stale = TemplateCommand { expected_version: Some(2), ..ask(RED_LEAD, rename("x")) };
    given(vec![created()])
        .when(stale)
        .then_expect_error(TemplateError::StaleVersion { expected: 2, actual: 1 });
    let fresh = TemplateCommand { expected_version: Some(1), ..ask(RED_LEAD, TemplateAction::Deactivate) };
    given(vec![created()]).when(fresh).then_expect_events(vec![deactivated()]);
}

#[test]
fn tests_are_made_from_active_templates_only() {
    let name = content().name;
    let usable = |events| folded(events).usable().map(|(_, version)| version);
    assert_eq!(usable(vec![]), Err(TemplateError::NotCreated));
    assert_eq!(usable(vec![created()]), Ok(1));
    assert_eq!(usable(vec![created(), revised(2, content())]), Ok(2));
    assert_eq!(usable(vec![created(), deactivated()]), Err(TemplateError::Inactive { name: name.clone() }));
    assert_eq!(usable(vec![created(), deactivated(), activated()]), Ok(1));
    assert_eq!(usable(vec![created(), retired()]), Err(TemplateError::Retired { name }));
}
