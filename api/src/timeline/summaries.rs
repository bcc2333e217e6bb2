//! One line for people: what happened to templates and remediations.

use aegis_aggregates::remediation::RemediationEvent;
use aegis_aggregates::template::TemplateEvent;

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
