//! What a list of tests is asked for: every filter by itself, and some of them together.

use crate::stock::{RARE_TAG, RARE_WORD, Stock};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use uuid::Uuid;

/// One filter.
pub struct Case {
    /// In words.
    pub name: String,
    /// As it is sent.
    pub filter: Value,
    /// By a lead of the red side instead of an admin.
    pub as_lead: bool,
}

/// All of them: what many tests have, what few have, what one has, what none has.
pub fn all(stock: &Stock) -> Vec<Case> {
    let person = |at: usize| global_id("User", stock.person(at));
    let nobody = global_id("User", Uuid::from_u128(1));
    let word = |at: usize| stock.word_at(at).to_owned();
    let (common, other) = (word(0), word(1));
    // From the middle of a word to the middle of the next.
    let across = format!("{} {}", &common[common.len() / 2..], &other[..other.len() / 2]);
    let filters = [
        ("no filter", json!({})),
        ("state draft", json!({ "states": ["DRAFT"] })),
        ("state in review", json!({ "states": ["IN_REVIEW"] })),
        ("state disputed", json!({ "states": ["DISPUTED"] })),
        ("state validated", json!({ "states": ["VALIDATED"] })),
        ("states rejected and disputed", json!({ "states": ["REJECTED", "DISPUTED"] })),
        ("a technique", json!({ "attackId": "T1059.001" })),
        ("no technique", json!({ "attackId": "T9999" })),
        ("search for a common word", json!({ "search": common })),
        ("search for a less common word", json!({ "search": word(400) })),
        ("search for a rare word", json!({ "search": word(3_900) })),
        ("search for a word of one test", json!({ "search": RARE_WORD })),
        ("search for no word", json!({ "search": "zyzzyva" })),
        ("search across two words", json!({ "search": across })),
        ("search for two letters", json!({ "search": "ka" })),
        ("search for two letters nobody writes", json!({ "search": "yy" })),
        ("search for one letter", json!({ "search": "k" })),
        ("search for a number", json!({ "search": "#77" })),
        ("search for an ATT&CK id", json!({ "search": "T1059" })),
        ("assignee with most", json!({ "assigneeId": person(0) })),
        ("assignee of one", json!({ "assigneeId": person(39) })),
        ("assignee of none", json!({ "assigneeId": nobody })),
        ("author with most", json!({ "createdById": person(5) })),
        ("author of none", json!({ "createdById": nobody })),
        ("common tag", json!({ "tag": "tag-0" })),
        ("less common tag", json!({ "tag": "tag-40" })),
        ("tag of one", json!({ "tag": RARE_TAG })),
        ("tag of none", json!({ "tag": "never" })),
        ("internal", json!({ "classification": "INTERNAL" })),
        ("confidential", json!({ "classification": "CONFIDENTIAL" })),
        ("restricted", json!({ "classification": "RESTRICTED" })),
        ("overdue", json!({ "overdue": true })),
        ("archived", json!({ "archived": true })),
        ("awaiting an admin", json!({ "awaitingMe": true })),
        ("template used most", json!({ "templateId": global_id("TestTemplate", stock.template(0)) })),
        ("retests of one", json!({ "retestOfId": global_id("Test", stock.retested().unwrap_or_default()) })),
        ("state and tag", json!({ "states": ["REJECTED"], "tag": "tag-3" })),
        ("state and assignee", json!({ "states": ["IN_REVIEW"], "assigneeId": person(2) })),
        ("state and assignee, none", json!({ "states": ["IN_REVIEW"], "assigneeId": nobody })),
        ("search and state", json!({ "search": word(30), "states": ["DRAFT"] })),
        ("search and archived", json!({ "search": word(30), "archived": true })),
        (
            "search, tag and label",
            json!({ "search": word(10), "tag": "tag-1", "classification": "CONFIDENTIAL" }),
        ),
        ("overdue and assignee", json!({ "overdue": true, "assigneeId": person(1) })),
        ("awaiting and tag", json!({ "awaitingMe": true, "tag": "tag-2" })),
        ("tag and assignee of one", json!({ "tag": "tag-0", "assigneeId": person(39) })),
        ("archived and restricted", json!({ "archived": true, "classification": "RESTRICTED" })),
        (
            "everything at once",
            json!({
                "states": ["DRAFT", "REJECTED"], "tag": "tag-0", "assigneeId": person(0), "overdue": true,
                "classification": "INTERNAL", "search": common,
            }),
        ),
    ];
    let mut cases: Vec<Case> = filters
        .into_iter()
        .map(|(name, filter)| Case { name: name.to_owned(), filter, as_lead: false })
        .collect();
    let filter = json!({ "awaitingMe": true });
    cases.push(Case { name: "awaiting a lead".to_owned(), filter, as_lead: true });
    cases
}

fn global_id(kind: &str, id: Uuid) -> String {
    URL_SAFE_NO_PAD.encode(format!("{kind}:{id}"))
}
