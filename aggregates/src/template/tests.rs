//! The rules of a template, tried: what was, what is asked, what comes of it.
//!
//! Who may ask at all (permissions) is not judged by the aggregate and not tried here.

mod content;
mod drafting;
mod filling;
mod life;
mod properties;
mod refusals;

use super::*;
use crate::actor::{Actor, Role};
use crate::ids::TechniqueId;
use crate::text::TextError;
use chrono::{DateTime, Utc};
use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use std::collections::BTreeSet;
use uuid::Uuid;

const RED_LEAD: Actor = Actor { account: AccountId(Uuid::from_u128(3)), role: Role::RedLead };
const BLUE_LEAD: Actor = Actor { account: AccountId(Uuid::from_u128(4)), role: Role::BlueLead };

fn now() -> DateTime<Utc> {
    "2026-03-02T12:00:00Z".parse().expect("an instant")
}

fn texts<const N: usize>(texts: [&str; N]) -> BTreeSet<String> {
    texts.into_iter().map(str::to_owned).collect()
}

fn argument(name: &str, default: Option<&str>, kind: ArgumentKind) -> Argument {
    Argument { name: name.to_owned(), description: String::new(), default: default.map(str::to_owned), kind }
}

fn content() -> Content {
    Content {
        name: "Dump LSASS with comsvcs".to_owned(),
        description: "A system library writes the memory of LSASS to a file.".to_owned(),
        technique: TechniqueId::parse(&format!("attack-pattern--{}", Uuid::from_u128(1))).expect("a STIX id"),
        attack_id: "T1003.001".to_owned(),
        platforms: texts(["Windows"]),
        severity: Severity::High,
        executor: "powershell".to_owned(),
        procedure: "rundll32 comsvcs.dll, MiniDump #{pid} #{file} full".to_owned(),
        cleanup: "Remove-Item #{file}".to_owned(),
        prerequisites: "An elevated shell.".to_owned(),
        expected_detection: "An alert on access to LSASS.".to_owned(),
        tool: None,
        tags: texts(["credentials"]),
        references: vec!["https://attack.mitre.org/techniques/T1003/001/".to_owned()],
        arguments: vec![
            argument("pid", None, ArgumentKind::Integer),
            argument("file", Some("C:\\dump.dmp"), ArgumentKind::Path),
        ],
    }
}

fn ask(by: Actor, action: TemplateAction) -> TemplateCommand {
    TemplateCommand { by, at: now(), expected_version: None, action }
}

fn revise(revision: ContentRevision) -> TemplateAction {
    TemplateAction::Revise(Box::new(revision))
}

fn rename(name: &str) -> TemplateAction {
    revise(ContentRevision { name: Some(name.to_owned()), ..ContentRevision::default() })
}

fn retire() -> TemplateAction {
    TemplateAction::Retire { reason: "Superseded.".to_owned() }
}

fn created() -> TemplateEvent {
    TemplateEvent::TemplateCreated { by: RED_LEAD.account, at: now(), content: content() }
}

fn revised(version: u32, content: Content) -> TemplateEvent {
    TemplateEvent::TemplateRevised { by: RED_LEAD.account, at: now(), version, content }
}

fn activated() -> TemplateEvent {
    TemplateEvent::TemplateActivated { by: RED_LEAD.account, at: now() }
}

fn deactivated() -> TemplateEvent {
    TemplateEvent::TemplateDeactivated { by: RED_LEAD.account, at: now() }
}

fn retired() -> TemplateEvent {
    TemplateEvent::TemplateRetired { by: RED_LEAD.account, at: now(), reason: "Superseded.".to_owned() }
}

fn given(events: Vec<TemplateEvent>) -> AggregateTestExecutor<Template> {
    TestFramework::with(()).given(events)
}

fn folded(events: Vec<TemplateEvent>) -> Template {
    let mut template = Template::default();
    for event in events {
        template.apply(event);
    }
    template
}

/// What becomes of writing this down.
fn creating(content: Content) -> Result<Content, TemplateError> {
    match Template::default().decide(ask(RED_LEAD, TemplateAction::Create(Box::new(content))))? {
        Some(TemplateEvent::TemplateCreated { content, .. }) => Ok(content),
        other => panic!("{other:?}"),
    }
}
