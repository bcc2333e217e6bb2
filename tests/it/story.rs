//! The life of a test as verbs, with the words everybody uses.

use crate::app::TestApp;
use crate::client::User;
use aegis_aggregates::actor::Role;
use serde_json::{Value, json};

/// The red and blue people of a round.
pub struct Crew {
    pub red_tech: User,
    pub blue_tech: User,
    pub red_lead: User,
    pub blue_lead: User,
}

/// A technique of the built-in ones.
pub const POWERSHELL: &str = "T1059.001";

/// What red writes down.
pub fn attack(id: &str) -> Value {
    json!({
        "id": id,
        "procedure": "Run the encoded command",
        "tool": "atomic-red-team",
        "startedAt": "2024-05-06T10:00:00+02:00",
        "endedAt": "2024-05-06T10:05:30+02:00",
        "success": true,
        "summary": "It ran",
    })
}

/// What blue writes down.
pub fn detection(id: &str, result: &str) -> Value {
    let missed = result == "NOT_DETECTED";
    json!({
        "id": id,
        "result": result,
        "detectedAt": (!missed).then_some("2024-05-06T08:01:00Z"),
        "alertedAt": (!missed).then_some("2024-05-06T08:00:45Z"),
        "summary": if missed { "Nothing was seen" } else { "The script block log shows it" },
    })
}

impl TestApp {
    /// Two technicians and two leads.
    pub async fn crew(&self) -> Crew {
        Crew {
            red_tech: self.login(Role::RedTech).await,
            blue_tech: self.login(Role::BlueTech).await,
            red_lead: self.login(Role::RedLead).await,
            blue_lead: self.login(Role::BlueLead).await,
        }
    }

    /// Writes a test down; its id.
    pub async fn draft_test(&self, by: &User, attack_id: &str) -> String {
        let input = json!({ "attackId": attack_id, "title": format!("Test of {attack_id}") });
        id_of(&by.done("draftTest", input).await)
    }

    /// Takes a draft to where both leads judge it.
    pub async fn bring_to_review(&self, crew: &Crew, id: &str, result: &str) {
        crew.red_tech.done("startExecution", json!({ "id": id })).await;
        crew.red_tech.done("recordAttack", attack(id)).await;
        crew.red_tech.done("submitExecution", json!({ "id": id })).await;
        crew.blue_tech.done("recordDetection", detection(id, result)).await;
        crew.blue_tech.done("submitEvaluation", json!({ "id": id })).await;
    }

    /// A new test that both leads are to judge; its id.
    pub async fn test_in_review(&self, crew: &Crew, attack_id: &str, result: &str) -> String {
        let id = self.draft_test(&crew.red_tech, attack_id).await;
        self.bring_to_review(crew, &id, result).await;
        id
    }

    /// Judges one's own side.
    pub async fn cast_vote(&self, by: &User, id: &str, verdict: &str) -> Value {
        by.done("castVote", json!({ "id": id, "verdict": verdict })).await
    }
}

/// The id of the test a payload is about.
pub fn id_of(payload: &Value) -> String {
    payload["test"]["id"].as_str().expect("a test").to_owned()
}
