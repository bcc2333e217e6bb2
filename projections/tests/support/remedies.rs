//! Random templates and remediations, made by the real rules.

use super::super::random::Random;
use super::{Fact, judged};
use aegis_aggregates::actor::{Actor, Role};
use aegis_aggregates::ids::{StepId, TechniqueId, TestId};
use aegis_aggregates::remediation::{
    Plan, PlanRevision, Priority, Remediation, RemediationAction, RemediationCommand, RemediationState,
    StepContent, StepRevision, StepStatus, TestFacts,
};
use aegis_aggregates::template::{
    Argument, ArgumentKind, Content, ContentRevision, Severity, Template, TemplateAction, TemplateCommand,
};
use aegis_aggregates::test::{DetectionResult, TestState};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// Every template and remediation so far.
#[derive(Default)]
pub struct Remedies {
    /// With their ids.
    pub templates: Vec<(Uuid, Template)>,
    /// With their ids.
    pub remediations: Vec<(Uuid, Remediation)>,
}

/// What a step needs to know of the world.
pub struct Around<'a> {
    pub now: DateTime<Utc>,
    pub people: &'a [Actor],
    pub tests: &'a [Uuid],
    pub techniques: &'a [TechniqueId],
    pub texts: &'a [&'a str],
}

impl Remedies {
    /// One attempt at something; most lead to an event, some are refused.
    pub async fn step(&mut self, random: &mut Random, around: &Around<'_>) -> Vec<Fact> {
        if random.percent(30) {
            self.template_step(random, around).await
        } else {
            self.remediation_step(random, around).await
        }
    }

    async fn template_step(&mut self, random: &mut Random, around: &Around<'_>) -> Vec<Fact> {
        let create = self.templates.len() < 2 || random.percent(25);
        if create {
            self.templates.push((random.uuid(), Template::default()));
        }
        let recent = self.templates.len().saturating_sub(3);
        let index = if create {
            self.templates.len() - 1
        } else {
            recent + random.below(self.templates.len() - recent)
        };
        let action = match random.below(8) {
            _ if create => TemplateAction::Create(Box::new(content(random, around))),
            0 | 1 => TemplateAction::Activate,
            2 | 3 => TemplateAction::Deactivate,
            4 => TemplateAction::Retire { reason: text(random, around) },
            5 => TemplateAction::Revise(Box::new(ContentRevision {
                name: Some(text(random, around)),
                ..ContentRevision::default()
            })),
            _ => TemplateAction::Revise(Box::new(content(random, around).into())),
        };
        let by = *random.pick(around.people);
        let command = TemplateCommand { by, at: around.now, expected_version: None, action };
        let (id, template) = &mut self.templates[index];
        let before = i64::try_from(template.version()).expect("few events");
        judged(template, &id.to_string(), before, by, command).await
    }

    async fn remediation_step(&mut self, random: &mut Random, around: &Around<'_>) -> Vec<Fact> {
        let open = self.remediations.is_empty() || random.percent(8);
        if open {
            self.remediations.push((random.uuid(), Remediation::default()));
        }
        // Mostly the latest, so that it gets somewhere.
        let last = self.remediations.len() - 1;
        let index = if open || random.percent(75) { last } else { random.below(last + 1) };
        let action = if open { opening(random, around) } else { self.next(index, random, around) };
        let roles = [Role::Admin, Role::RedLead, Role::BlueLead];
        let leads: Vec<Actor> = around.people.iter().copied().filter(|by| roles.contains(&by.role)).collect();
        // Whoever may, mostly: the rules have tests of their own.
        let by = if random.percent(85) { *random.pick(&leads) } else { *random.pick(around.people) };
        let at = match action {
            RemediationAction::ExpireRisk => around.now + TimeDelta::days(400),
            _ => around.now,
        };
        let command = RemediationCommand { by, at, expected_version: None, action };
        let (id, remediation) = &mut self.remediations[index];
        let before = i64::try_from(remediation.version()).expect("few events");
        judged(remediation, &id.to_string(), before, by, command).await
    }

    fn next(&self, index: usize, random: &mut Random, around: &Around<'_>) -> RemediationAction {
        use RemediationAction as Do;
        let held = &self.remediations[index].1;
        let steps: Vec<StepId> = held.steps().iter().map(|step| step.id).collect();
        let left = held.steps().iter().find(|step| step.status != StepStatus::Done).map(|step| step.id);
        match (held.state(), random.below(10)) {
            (RemediationState::Open | RemediationState::InProgress, 0) => {
                Do::Revise(PlanRevision { title: Some(text(random, around)), ..PlanRevision::default() })
            }
            (RemediationState::Open | RemediationState::InProgress, 1) => {
                let assignee = random.percent(70).then(|| random.pick(around.people).account);
                Do::Assign { assignee }
            }
            (RemediationState::Open | RemediationState::InProgress, 2) => {
                Do::AddStep { step: StepId(random.uuid()), content: step(random, around) }
            }
            (RemediationState::Open | RemediationState::InProgress, 3) if !steps.is_empty() => {
                let status = random.percent(50).then(|| *random.pick(&StepStatus::ALL));
                let revision =
                    StepRevision { title: Some(text(random, around)), status, ..Default::default() };
                Do::ReviseStep { step: *random.pick(&steps), revision }
            }
            (RemediationState::Open | RemediationState::InProgress, 4) if !steps.is_empty() => {
                Do::RemoveStep { step: *random.pick(&steps) }
            }
            (RemediationState::InProgress, 5) => Do::Block { reason: text(random, around) },
            (RemediationState::Open, 6) => Do::AcceptRisk {
                reason: text(random, around),
                expires_on: (around.now + TimeDelta::days(300)).date_naive(),
            },
            (RemediationState::Open, _) => Do::Start,
            (RemediationState::InProgress, _) => match left {
                Some(step) => {
                    let status = Some(StepStatus::Done);
                    Do::ReviseStep { step, revision: StepRevision { status, ..Default::default() } }
                }
                None => Do::Complete { notes: text(random, around) },
            },
            (RemediationState::Blocked, _) => Do::Unblock,
            (RemediationState::RiskAccepted, 0..4) => Do::Reopen { reason: text(random, around) },
            (RemediationState::RiskAccepted, _) => Do::ExpireRisk,
            (RemediationState::Completed, 0) => Do::Reopen { reason: text(random, around) },
            (RemediationState::Completed, 1) => {
                Do::RecordNoRetest { completion: held.completions(), reason: text(random, around) }
            }
            (RemediationState::Completed, choice) => {
                match held.retests().last().filter(|retest| retest.completion == held.completions()) {
                    Some(retest) => Do::RecordRetestOutcome {
                        retest: retest.retest,
                        result: if choice < 5 {
                            DetectionResult::Detected
                        } else {
                            *random.pick(&[DetectionResult::PartiallyDetected, DetectionResult::NotDetected])
                        },
                    },
                    None => Do::RecordRetest {
                        number: u32::try_from(held.retests().len()).unwrap_or(0) + 1,
                        retest: TestId(random.uuid()),
                        completion: held.completions(),
                    },
                }
            }
            (RemediationState::Verified, _) => Do::Reopen { reason: text(random, around) },
        }
    }
}

fn text(random: &mut Random, around: &Around<'_>) -> String {
    (*random.pick(around.texts)).to_owned()
}

fn technique(random: &mut Random, around: &Around<'_>) -> TechniqueId {
    random.pick(around.techniques).clone()
}

fn opening(random: &mut Random, around: &Around<'_>) -> RemediationAction {
    let test = if around.tests.is_empty() { random.uuid() } else { *random.pick(around.tests) };
    let test = TestFacts {
        test: TestId(test),
        technique: technique(random, around),
        attack_id: "T1000".to_owned(),
        state: TestState::Validated,
        result: Some(*random.pick(&[DetectionResult::NotDetected, DetectionResult::PartiallyDetected])),
    };
    let plan = Plan {
        title: text(random, around),
        description: text(random, around),
        priority: *random.pick(&Priority::ALL),
        assignee: random.percent(50).then(|| random.pick(around.people).account),
        due_on: random.percent(50).then(|| around.now.date_naive()),
        tags: [text(random, around).chars().take(20).collect()].into(),
    };
    RemediationAction::Open { test, plan }
}

fn step(random: &mut Random, around: &Around<'_>) -> StepContent {
    StepContent {
        title: text(random, around),
        owner: random.percent(50).then(|| random.pick(around.people).account),
        notes: text(random, around),
    }
}

fn content(random: &mut Random, around: &Around<'_>) -> Content {
    Content {
        name: text(random, around),
        description: text(random, around),
        technique: technique(random, around),
        attack_id: "T1000".to_owned(),
        platforms: ["Windows", "Linux"]
            .into_iter()
            .filter(|_| random.percent(50))
            .map(str::to_owned)
            .collect(),
        severity: *random.pick(&Severity::ALL),
        executor: "bash".to_owned(),
        procedure: format!("{} #{{gap}}", text(random, around)),
        cleanup: String::new(),
        prerequisites: text(random, around),
        expected_detection: text(random, around),
        tool: random.percent(50).then(|| text(random, around)),
        tags: [text(random, around).chars().take(20).collect()].into(),
        references: vec!["https://attack.mitre.org/".to_owned()],
        arguments: vec![Argument {
            name: "gap".to_owned(),
            description: text(random, around),
            default: random.percent(50).then(|| text(random, around)),
            kind: ArgumentKind::String,
        }],
    }
}
