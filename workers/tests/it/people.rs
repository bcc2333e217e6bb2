//! People with accounts, and what they were told.

use crate::house::{House, eventually};
use aegis_aggregates::actor::{Actor, Role};
use aegis_aggregates::discussion::{Discussion, DiscussionAction, DiscussionCommand, Subject, SubjectKind};
use aegis_aggregates::ids::{AccountId, CommentId};
use aegis_aggregates::roster::{ROSTER_ID, Roster, RosterAction, RosterCommand};
use aegis_projections::store::{Executed, Origin};
use aegis_projections::{ledger, status};
use aegis_workers::notifier;
use chrono::Utc;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Names of the people of these tests, by the numbers of their accounts; the first four are those of `remedy`.
pub const PEOPLE: [(u128, &str, Role); 10] = [
    (1, "red", Role::RedTech),
    (2, "blue", Role::BlueTech),
    (3, "red_lead", Role::RedLead),
    (4, "blue_lead", Role::BlueLead),
    (5, "red_2", Role::RedTech),
    (6, "blue_2", Role::BlueTech),
    (7, "admin", Role::Admin),
    (8, "viewer", Role::Viewer),
    (9, "gone", Role::BlueTech),
    (10, "program", Role::BlueTech),
];

/// Somebody of them.
pub fn person(name: &str) -> Actor {
    let (number, _, role) = PEOPLE.into_iter().find(|(_, known, _)| *known == name).expect("somebody");
    Actor { account: AccountId(Uuid::from_u128(number)), role }
}

impl House {
    async fn roster(&self, account: AccountId, action: RosterAction) {
        let command = RosterCommand { by: Actor::SYSTEM, account, action };
        let executed = self.store.execute::<Roster>(ROSTER_ID, command, &Origin::new(Actor::SYSTEM)).await;
        assert!(matches!(executed, Ok(Executed::Committed(_))), "{executed:?}");
    }

    /// Gives everybody an account and a mail address; closes the account of the one who is gone.
    pub async fn people(&self) {
        for (number, name, role) in PEOPLE.into_iter().filter(|(_, name, _)| *name != "program") {
            let account = AccountId(Uuid::from_u128(number));
            self.roster(account, RosterAction::Open { role, must_change_password: false }).await;
            self.run(&format!(
                "insert into account_profiles (account, username, email) values ('{account}', '{name}', '{name}@example.com')"
            ))
            .await;
        }
        self.roster(person("gone").account, RosterAction::Deactivate).await;
        // A program with a role is nobody to be told anything.
        self.roster(person("program").account, RosterAction::OpenService { role: Role::BlueTech }).await;
    }

    /// Says something about a test; the comment.
    pub async fn say(&self, by: &str, test: Uuid, text: &str) -> CommentId {
        let comment = CommentId(Uuid::now_v7());
        self.discuss(by, test, comment, DiscussionAction::Post { text: text.to_owned() }).await;
        comment
    }

    pub async fn discuss(&self, by: &str, test: Uuid, comment: CommentId, action: DiscussionAction) {
        let by = person(by);
        let subject = Subject { kind: SubjectKind::Test, id: test };
        let command = DiscussionCommand { by, at: Utc::now(), comment, action };
        let executed =
            self.store.execute::<Discussion>(&subject.to_string(), command, &Origin::new(by)).await;
        assert!(matches!(executed, Ok(Executed::Committed(_))), "{executed:?}");
    }

    /// Waits until everything that was appended has been told.
    pub async fn all_is_told(&self) {
        eventually("everything has been told", async || {
            let waiting = status::unsequenced(&self.root).await.expect("read");
            let head = ledger::head(&self.root).await.expect("read").position;
            let follower = status::follower(&self.root, notifier::NAME).await.expect("read");
            waiting == 0 && follower.is_some_and(|(position, stopped)| position == head && !stopped)
        })
        .await;
    }

    /// What was told since the last look, as "kind: names", in the order of the ledger.
    pub async fn told(&self) -> Vec<String> {
        self.all_is_told().await;
        let rows: Vec<(i64, String, Uuid)> =
            sqlx::query_as("delete from notifications returning position, kind, account")
                .fetch_all(&self.root)
                .await
                .expect("read");
        let mut told: BTreeMap<(i64, String), Vec<u128>> = BTreeMap::new();
        for (position, kind, account) in rows {
            told.entry((position, kind)).or_default().push(account.as_u128());
        }
        told.into_iter()
            .map(|((_, kind), mut accounts)| {
                accounts.sort_unstable();
                let name = |number: u128| PEOPLE.into_iter().find(|(known, ..)| *known == number);
                let names: Vec<_> = accounts.into_iter().filter_map(name).map(|(_, name, _)| name).collect();
                format!("{kind}: {}", names.join(", "))
            })
            .collect()
    }
}
