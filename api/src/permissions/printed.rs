//! The table as people read it.

use super::{Asker, Kind, OPERATIONS, Operation, Who};
use aegis_aggregates::actor::Role;
use aegis_aggregates::roster::KeyScope;
use std::fmt::Write;

const HEAD: &str = "# Who may do what

Printed from the one table in `api/src/permissions.rs`, which is enforced on the server before anything runs and walked
by a test for every operation and everybody below (`AEGIS_WRITE_DOCS=1 cargo test -p aegis-api --lib permissions`
prints it anew). An operation that is not listed is refused to everybody.

- **yes**: may. Which tests, sides and states it may be about is said in [WORKFLOW.md](WORKFLOW.md).
- **person**: may, signed in as a person; it is about their own account, of which a program has none.
- A **key** is one of a service account, which has one of the six roles: a write key may what a person of that role
  may, a read key of that only what changes nothing.
- *nobody* is somebody who is not signed in.
- With a password that must be changed, or without a second factor that the role needs, only what is marked with * may
  be called; everything else answers `PASSWORD_CHANGE_REQUIRED` or `SECOND_FACTOR_REQUIRED`.
- Refused: `UNAUTHENTICATED` to nobody, else `FORBIDDEN`; each refusal is in the access log, those of strangers up to
  300 a minute from one address. What somebody may not see answers like what does not exist.
";

fn cell(operation: &Operation, asker: Asker) -> &'static str {
    match (operation.allows(asker), operation.who) {
        (false, _) => "–",
        (true, Who::Person | Who::AnyPerson) => "person",
        (true, _) => "yes",
    }
}

fn printed() -> String {
    let mut text = HEAD.to_owned();
    for (kind, title) in [
        (Kind::Query, "Queries"),
        (Kind::Mutation, "Mutations"),
        (Kind::Subscription, "Subscriptions"),
        (Kind::Route, "Routes"),
    ] {
        let _ = write!(text, "\n## {title}\n\n| |");
        for role in Role::ALL {
            let _ = write!(text, " {} |", role.as_str());
        }
        text.push_str(" read key | write key | nobody |\n|---|");
        text.push_str(&"---|".repeat(Role::ALL.len() + 3));
        text.push('\n');
        for operation in OPERATIONS.iter().filter(|operation| operation.kind == kind) {
            let star = if matches!(operation.who, Who::Anyone | Who::AnyPerson) { " *" } else { "" };
            let _ = write!(text, "| `{}`{star} |", operation.name);
            for role in Role::ALL {
                let _ = write!(text, " {} |", cell(operation, Asker::Person(role)));
            }
            for scope in [KeyScope::Read, KeyScope::Write] {
                let may: Vec<_> = Role::ALL
                    .into_iter()
                    .filter(|role| operation.allows(Asker::Key(*role, scope)))
                    .map(Role::as_str)
                    .collect();
                let said = match may.len() {
                    0 => "–".to_owned(),
                    all if all == Role::ALL.len() => "yes".to_owned(),
                    _ => may.join(", "),
                };
                let _ = write!(text, " {said} |");
            }
            text.push_str(if operation.who == Who::Anyone { " yes |\n" } else { " – |\n" });
        }
    }
    text
}

/// `AEGIS_WRITE_DOCS=1 cargo test -p aegis-api --lib permissions` writes it anew.
#[test]
fn the_printed_table_is_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/PERMISSIONS.md");
    if std::env::var_os("AEGIS_WRITE_DOCS").is_some() {
        std::fs::write(path, printed()).expect("the repository can be written");
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == printed(), "docs/PERMISSIONS.md is stale: run `make docs`");
}

#[test]
fn a_read_key_changes_nothing_and_no_key_has_a_person() {
    for operation in OPERATIONS {
        for role in Role::ALL {
            let person = operation.allows(Asker::Person(role));
            let write = operation.allows(Asker::Key(role, KeyScope::Write));
            let read = operation.allows(Asker::Key(role, KeyScope::Read));
            let own = matches!(operation.who, Who::Person | Who::AnyPerson);
            assert_eq!(write, person && !own, "{}", operation.name);
            let linked = operation.kind == Kind::Route && operation.who == Who::Anyone;
            assert_eq!(read, write && (linked || !operation.writes()), "{}", operation.name);
        }
    }
}
