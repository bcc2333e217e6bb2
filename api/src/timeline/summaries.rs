//! One line for people: what happened. No line holds what somebody said in a comment: that can be taken back.

use aegis_aggregates::access_journal::AccessJournalEvent;
use aegis_aggregates::access_policy::AccessPolicyEvent;
use aegis_aggregates::actor::Role;
use aegis_aggregates::discussion::DiscussionEvent;
use aegis_aggregates::knowledge::KnowledgeEvent;
use aegis_aggregates::policy::ReviewPolicyEvent;
use aegis_aggregates::remediation::RemediationEvent;
use aegis_aggregates::roster::RosterEvent;
use aegis_aggregates::template::TemplateEvent;
use aegis_aggregates::test::{Outcome, Side, TestEvent};

/// The round of a test that an event is about.
pub fn round_of(event: &TestEvent) -> Option<u32> {
    match event {
        TestEvent::TestDrafted { .. } => Some(1),
        TestEvent::TestRevised { .. }
        | TestEvent::TestClassified { .. }
        | TestEvent::TestArchived { .. }
        | TestEvent::TestRestored { .. }
        | TestEvent::RetestScheduled { .. } => None,
        TestEvent::ExecutionStarted { round, .. }
        | TestEvent::AttackRecorded { round, .. }
        | TestEvent::ExecutionSubmitted { round, .. }
        | TestEvent::DetectionRecorded { round, .. }
        | TestEvent::EvaluationSubmitted { round, .. }
        | TestEvent::VoteCast { round, .. }
        | TestEvent::EvaluationStarted { round, .. }
        | TestEvent::WorkPaused { round, .. }
        | TestEvent::WorkResumed { round, .. }
        | TestEvent::EvidenceAdded { round, .. }
        | TestEvent::EvidenceRemoved { round, .. }
        | TestEvent::TestReopened { round, .. } => Some(*round),
    }
}

/// What happened to a test.
pub fn of_test(event: &TestEvent) -> String {
    match event {
        TestEvent::TestDrafted { details, .. } => format!("Drafted on {}", details.attack_id),
        TestEvent::TestRevised { .. } => "Revised".to_owned(),
        TestEvent::ExecutionStarted { .. } => "Execution started".to_owned(),
        TestEvent::AttackRecorded { attack, .. } => {
            format!("Attack recorded: {}", if attack.success { "succeeded" } else { "did not succeed" })
        }
        TestEvent::ExecutionSubmitted { .. } => "Handed over to blue".to_owned(),
        TestEvent::DetectionRecorded { detection, .. } => {
            format!("Detection recorded: {}", detection.result.as_str().replace('_', " "))
        }
        TestEvent::EvaluationSubmitted { .. } => "Handed over to the leads".to_owned(),
        TestEvent::VoteCast { vote, outcome, .. } => {
            let outcome = match outcome {
                Some(Outcome::Validated { .. }) => ": the test is validated",
                Some(Outcome::Rejected) => ": the test is rejected",
                Some(Outcome::Disputed) => ": the leads disagree",
                None => "",
            };
            let side = capital(vote.side);
            format!("{side} side {}{outcome}", vote.verdict.as_str())
        }
        TestEvent::TestReopened { round, .. } => format!("Reopened as round {round}"),
        TestEvent::EvaluationStarted { .. } => "Evaluation taken up".to_owned(),
        TestEvent::WorkPaused { side, reason, .. } => format!("{} paused: {reason}", capital(*side)),
        TestEvent::WorkResumed { side, .. } => format!("{} went on", capital(*side)),
        TestEvent::EvidenceAdded { evidence, .. } => {
            format!("{} evidence added: {}", capital(evidence.side), evidence.file_name)
        }
        TestEvent::EvidenceRemoved { reason, .. } => format!("Evidence removed: {reason}"),
        TestEvent::TestClassified { classification, .. } => {
            format!("Classified as {}", classification.as_str())
        }
        TestEvent::TestArchived { .. } => "Archived".to_owned(),
        TestEvent::TestRestored { .. } => "Restored".to_owned(),
        TestEvent::RetestScheduled { number, .. } => format!("Retest {number} scheduled"),
    }
}

fn capital(side: Side) -> &'static str {
    match side {
        Side::Red => "Red",
        Side::Blue => "Blue",
    }
}

/// What happened to a template.
pub fn of_template(event: &TemplateEvent) -> String {
    match event {
        TemplateEvent::TemplateCreated { content, .. } => format!("Created for {}", content.attack_id),
        TemplateEvent::TemplateRevised { version, .. } => format!("Revised as version {version}"),
        TemplateEvent::TemplateActivated { .. } => "Activated".to_owned(),
        TemplateEvent::TemplateDeactivated { .. } => "Deactivated".to_owned(),
        TemplateEvent::TemplateRetired { reason, .. } => format!("Retired: {reason}"),
    }
}

/// What happened to a remediation.
pub fn of_remediation(event: &RemediationEvent) -> String {
    use RemediationEvent as Event;
    match event {
        Event::RemediationOpened { attack_id, result, .. } => {
            format!("Opened: {attack_id} was {}", result.as_str().replace('_', " "))
        }
        Event::RemediationRevised { .. } => "Revised".to_owned(),
        Event::RemediationAssigned { assignee: Some(_), .. } => "Assigned".to_owned(),
        Event::RemediationAssigned { assignee: None, .. } => "Assigned to nobody".to_owned(),
        Event::StepAdded { content, .. } => format!("Step added: {}", content.title),
        Event::StepRevised { content, .. } => format!("Step revised: {}", content.title),
        Event::StepRemoved { .. } => "Step removed".to_owned(),
        Event::StepStatusChanged { status, .. } => format!("Step is {}", status.as_str()),
        Event::RemediationStarted { .. } => "Started".to_owned(),
        Event::RemediationBlocked { reason, .. } => format!("Blocked: {reason}"),
        Event::RemediationUnblocked { .. } => "Unblocked".to_owned(),
        Event::RemediationCompleted { completion: 1, .. } => "Completed".to_owned(),
        Event::RemediationCompleted { completion, .. } => format!("Completed, time {completion}"),
        Event::RiskAccepted { expires_on, reason, .. } => {
            format!("Risk accepted until {expires_on}: {reason}")
        }
        Event::RiskAcceptanceExpired { .. } => "The accepted risk has expired".to_owned(),
        Event::RetestCreated { number, .. } => format!("Retest {number} created"),
        Event::RetestNotCreated { reason, .. } => format!("No retest created: {reason}"),
        Event::RemediationVerified { .. } => "Verified: the retest was detected".to_owned(),
        Event::RetestFailed { result, .. } => {
            format!("Back to work: the retest was {}", result.as_str().replace('_', " "))
        }
        Event::RemediationReopened { reason, .. } => format!("Reopened: {reason}"),
    }
}

/// What was said.
pub fn of_discussion(event: &DiscussionEvent) -> String {
    match event {
        DiscussionEvent::CommentPosted { mentions, .. } => match mentions.len() {
            0 => "Comment".to_owned(),
            1 => "Comment that mentions 1 person".to_owned(),
            people => format!("Comment that mentions {people} people"),
        },
        DiscussionEvent::CommentEdited { .. } => "Comment edited".to_owned(),
        DiscussionEvent::CommentRetracted { .. } => "Comment taken back".to_owned(),
    }
}

/// What reviews are held to from then on, and why.
pub fn of_policy(event: &ReviewPolicyEvent) -> String {
    match event {
        ReviewPolicyEvent::ReviewPolicyChanged { policy, reason, .. } => {
            let word = |on: bool| if on { "on" } else { "off" };
            format!(
                "Separate sides {}, no self-approval {}, disputes {}: {reason}",
                word(policy.separate_sides),
                word(policy.no_self_approval),
                word(policy.disputes)
            )
        }
    }
}

/// What happened to an account.
pub fn of_roster(event: &RosterEvent) -> String {
    match event {
        RosterEvent::AccountOpened { role, .. } => format!("Account opened for {}", a_role(*role)),
        RosterEvent::RoleChanged { from, to, .. } => {
            format!("Role changed from {} to {}", role_name(*from), role_name(*to))
        }
        RosterEvent::AccountDeactivated { .. } => "Account closed".to_owned(),
        RosterEvent::AccountReactivated { .. } => "Account opened again".to_owned(),
        RosterEvent::PasswordReset { .. } => "Password reset".to_owned(),
        RosterEvent::PasswordChanged { .. } => "Password changed".to_owned(),
        RosterEvent::ServiceAccountOpened { role, .. } => {
            format!("Service account opened for {}", a_role(*role))
        }
        RosterEvent::KeyIssued { scope, expires_at, .. } => {
            format!("Key to {} issued until {}", scope.as_str(), expires_at.format("%Y-%m-%d"))
        }
        RosterEvent::KeyRevoked { .. } => "Key revoked".to_owned(),
        RosterEvent::SecondFactorAdded { .. } => "Second factor added".to_owned(),
        RosterEvent::SecondFactorRemoved { .. } => "Second factor removed".to_owned(),
        RosterEvent::PersonErased { .. } => "Person erased".to_owned(),
    }
}

/// What happened to the access policy.
pub fn of_access_policy(event: &AccessPolicyEvent) -> String {
    match event {
        AccessPolicyEvent::AccessPolicyChanged { policy, .. } => {
            let roles: Vec<_> = policy.second_factor_roles.iter().map(|role| role_name(*role)).collect();
            let factor = if roles.is_empty() { "nobody".to_owned() } else { roles.join(", ") };
            let others = policy.default_role.map_or("turned away".to_owned(), role_name);
            format!(
                "Access: second factor for {factor}; {} groups mapped, others {others}; {}",
                policy.groups.len(),
                if policy.single_sign_on_only { "single sign-on only" } else { "passwords allowed" }
            )
        }
    }
}

/// What happened to the access log.
pub fn of_access_journal(event: &AccessJournalEvent) -> String {
    match event {
        AccessJournalEvent::SegmentClosed { segment, .. } => {
            format!("Segment {} of the access log closed: {} entries", segment.number, segment.entries)
        }
        AccessJournalEvent::SegmentsCut { from, through, .. } if from == through => {
            format!("Segment {through} of the access log cut")
        }
        AccessJournalEvent::SegmentsCut { from, through, .. } => {
            format!("Segments {from} to {through} of the access log cut")
        }
    }
}

/// A role with its article.
fn a_role(role: Role) -> String {
    let article = if role == Role::Admin { "an" } else { "a" };
    format!("{article} {}", role_name(role))
}

fn role_name(role: Role) -> String {
    role.as_str().replace('_', " ")
}

/// What happened to a source of knowledge.
pub fn of_knowledge(event: &KnowledgeEvent) -> String {
    match event {
        KnowledgeEvent::ImportRequested { request } => format!("Import of {} asked for", request.file_name),
        KnowledgeEvent::ImportRetried { request } => format!("Import of {} tried again", request.file_name),
        KnowledgeEvent::SyncRequested { request } => {
            format!("{} asked for", if request.preview { "Preview of a sync" } else { "Sync" })
        }
        KnowledgeEvent::SyncRetried { .. } => "Sync tried again".to_owned(),
        KnowledgeEvent::SourceConfigured { settings } => match (settings.enabled, settings.every_hours) {
            (false, _) => "Switched off".to_owned(),
            (true, 0) => "Settings changed: fetched when somebody asks".to_owned(),
            (true, hours) => format!("Settings changed: fetched every {hours} hours"),
        },
        KnowledgeEvent::KnowledgeReleased { release, .. } if release.restored => {
            format!("Version {} put in force again", release.version)
        }
        KnowledgeEvent::KnowledgeReleased { release, .. } => {
            format!("Version {} put in force", release.version)
        }
    }
}
