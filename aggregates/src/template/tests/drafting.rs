//! From a template to the general fields of a test.

use super::*;

fn live() -> (TechniqueId, String) {
    let id = TechniqueId::parse(&format!("attack-pattern--{}", Uuid::from_u128(2))).expect("a STIX id");
    (id, "T1003.009".to_owned())
}

fn values() -> Arguments {
    Arguments::from([("pid".to_owned(), "624".to_owned())])
}

#[test]
fn a_test_says_what_the_template_says() {
    let details = content().drafted(live(), &values(), Wishes::default()).expect("drafted");
    assert_eq!((details.technique, details.attack_id), live());
    assert_eq!(details.title, "Dump LSASS with comsvcs");
    assert_eq!(details.description, content().description);
    assert_eq!(details.objective, "An alert on access to LSASS.");
    assert_eq!(details.platform.as_deref(), Some("Windows"));
    assert_eq!(details.tags, texts(["credentials"]));
    assert_eq!(details.tool, None);
    assert_eq!(
        details.procedure,
        "Prerequisites:\nAn elevated shell.\n\n\
         Procedure:\nrundll32 comsvcs.dll, MiniDump 624 C:\\dump.dmp full\n\n\
         Cleanup:\nRemove-Item C:\\dump.dmp"
    );
}

#[test]
fn a_procedure_alone_has_no_heading() {
    let bare = Content { cleanup: String::new(), prerequisites: String::new(), ..content() };
    let details = bare.drafted(live(), &values(), Wishes::default()).expect("drafted");
    assert_eq!(details.procedure, "rundll32 comsvcs.dll, MiniDump 624 C:\\dump.dmp full");
}

#[test]
fn what_is_wished_goes_before_what_the_template_says() {
    let day = chrono::NaiveDate::from_ymd_opt(2026, 4, 1);
    let wishes = Wishes {
        title: Some("title".to_owned()),
        description: Some("description".to_owned()),
        objective: Some("objective".to_owned()),
        target_environment: Some("lab".to_owned()),
        platform: Some("Linux".to_owned()),
        tags: Some(texts(["q1"])),
        assignee: Some(RED_LEAD.account),
        due_on: day,
        procedure: Some("procedure".to_owned()),
        tool: Some("tool".to_owned()),
    };
    let details = content().drafted(live(), &values(), wishes).expect("drafted");
    let texts_of = [
        &details.title,
        &details.description,
        &details.objective,
        &details.target_environment,
        &details.procedure,
    ];
    assert_eq!(texts_of, ["title", "description", "objective", "lab", "procedure"]);
    assert_eq!((details.platform.as_deref(), details.tool.as_deref()), (Some("Linux"), Some("tool")));
    assert_eq!(
        (details.tags, details.assignee, details.due_on),
        (texts(["q1"]), Some(RED_LEAD.account), day)
    );
}

#[test]
fn one_of_several_platforms_has_to_be_chosen() {
    let several = Content { platforms: texts(["Linux", "macOS"]), ..content() };
    let details = several.drafted(live(), &values(), Wishes::default()).expect("drafted");
    assert_eq!(details.platform, None);
}

#[test]
fn what_cannot_be_filled_in_is_not_drafted() {
    let error = content().drafted(live(), &Arguments::new(), Wishes::default());
    assert_eq!(error, Err(TemplateError::MissingArgument { name: "pid".to_owned() }));
}
