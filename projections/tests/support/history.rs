//! Random histories made by the real rules: tests through their rounds, votes
//! replaced, techniques revoked and brought back, accounts. Every event here
//! was let through by an aggregate; nothing is made up.

#![allow(dead_code, reason = "each test uses a part of it")]

#[path = "campaigns.rs"]
mod campaigns;
#[path = "catalogue.rs"]
mod catalogue;
#[path = "remedies.rs"]
mod remedies;
#[path = "roster.rs"]
mod roster;

use super::random::Random;
use aegis_aggregates::Aggregate;
use aegis_aggregates::actor::{Actor, Role};
use aegis_aggregates::discussion::{Discussion, DiscussionAction, DiscussionCommand, Subject, SubjectKind};
use aegis_aggregates::ids::{
    AccountId, CommentId, EvidenceId, JobId, RemediationId, TechniqueId, TemplateId, TestId,
};
use aegis_aggregates::knowledge::{
    ImportRequest, Knowledge, KnowledgeAction, KnowledgeCommand, KnowledgeSource, Release,
};
use aegis_aggregates::policy::{
    PolicyChange, PolicyInForce, REVIEW_POLICY_ID, ReviewPolicy, ReviewPolicyCommand,
};
use aegis_aggregates::test::{
    AttackRecord, Classification, ContainmentResult, Details, DetectionRecord, DetectionResult, Evidence,
    Side, Test, TestAction, TestCommand, TestOrigin, TestState, Verdict,
};
use aegis_sources::attack::content::{AttackContent, Lifecycle, TechniqueRecord};
use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use cqrs_es::DomainEvent;
use cqrs_es::event_sink::EventSink;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// An event before it is stored.
#[derive(Debug, Clone)]
pub struct Fact {
    pub aggregate_type: &'static str,
    pub aggregate_id: String,
    pub sequence: i64,
    pub event_type: String,
    pub event_version: String,
    pub payload: Value,
    pub metadata: Value,
}

/// The content of a release and its name.
#[derive(Debug, Clone)]
pub struct Content {
    pub digest: String,
    pub content: AttackContent,
}

/// An installation with some people, some techniques and everything that happened so far.
pub struct World {
    random: Random,
    now: DateTime<Utc>,
    techniques: Vec<TechniqueId>,
    people: Vec<Actor>,
    /// Every test with its id, in the order they were drafted.
    pub tests: Vec<(Uuid, Test)>,
    /// Files that were added to tests, by the place of the test.
    files: Vec<(usize, EvidenceId)>,
    /// What is talked about: the discussion, how many events it has, its comments.
    discussions: Vec<(Subject, Discussion, i64, Vec<CommentId>)>,
    policy: PolicyInForce,
    policy_events: i64,
    /// What happened and has not been told yet.
    left_over: Vec<Fact>,
    /// Every template and remediation.
    pub remedies: remedies::Remedies,
    people_at_work: roster::People,
    knowledge: Knowledge,
    knowledge_events: i64,
    /// A source of templates.
    pub catalogue: catalogue::Catalogue,
    /// Every campaign with its id.
    pub campaigns: campaigns::Campaigns,
    /// Every content that an event may name.
    pub contents: Vec<Content>,
    /// The one in force.
    pub current: Option<usize>,
}

/// Every kind of event there is; a history should hold them all.
pub const KINDS: [&str; 76] = [
    "TestDrafted",
    "TestRevised",
    "ExecutionStarted",
    "AttackRecorded",
    "ExecutionSubmitted",
    "DetectionRecorded",
    "EvaluationSubmitted",
    "VoteCast",
    "TestReopened",
    "EvaluationStarted",
    "WorkPaused",
    "WorkResumed",
    "EvidenceAdded",
    "EvidenceRemoved",
    "TestClassified",
    "TestArchived",
    "TestRestored",
    "RetestScheduled",
    "ServiceAccountOpened",
    "KeyIssued",
    "KeyRevoked",
    "SecondFactorAdded",
    "SecondFactorRemoved",
    "PersonErased",
    "AccessPolicyChanged",
    "CommentPosted",
    "CommentEdited",
    "CommentRetracted",
    "ReviewPolicyChanged",
    "AccountOpened",
    "RoleChanged",
    "AccountDeactivated",
    "AccountReactivated",
    "PasswordReset",
    "PasswordChanged",
    "ImportRequested",
    "ImportRetried",
    "SyncRequested",
    "SyncRetried",
    "SourceConfigured",
    "KnowledgeReleased",
    "TemplateCreated",
    "TemplateRevised",
    "TemplateActivated",
    "TemplateDeactivated",
    "TemplateRetired",
    "RemediationOpened",
    "RemediationRevised",
    "RemediationAssigned",
    "StepAdded",
    "StepRevised",
    "StepRemoved",
    "StepStatusChanged",
    "RemediationStarted",
    "RemediationBlocked",
    "RemediationUnblocked",
    "RemediationCompleted",
    "RiskAccepted",
    "RiskAcceptanceExpired",
    "RetestCreated",
    "RetestNotCreated",
    "RemediationVerified",
    "RetestFailed",
    "RemediationReopened",
    "CampaignCreated",
    "CampaignRevised",
    "CampaignTestsAdded",
    "CampaignTestRevised",
    "CampaignTestRemoved",
    "CampaignScheduled",
    "CampaignUnscheduled",
    "CampaignRunDue",
    "CampaignRunsSkipped",
    "CampaignActivated",
    "CampaignCompleted",
    "CampaignArchived",
];

/// Texts that have broken parsers before.
const TEXTS: [&str; 6] = [
    "Mimikatz against LSASS",
    "quote \" backslash \\ brace } newline \n tab \t end",
    "Größe, 東京, 🦀, \u{202e}right to left",
    "{\"row_key\":\"x\"}",
    "%_' ; drop table tests; --",
    "null",
];

impl World {
    /// A world that begins with this seed.
    pub fn new(seed: u64) -> Self {
        let mut random = Random::seeded(seed);
        let techniques = (0..8)
            .map(|_| TechniqueId::parse(&format!("attack-pattern--{}", random.uuid())).expect("a STIX id"))
            .collect();
        let people = Role::ALL
            .iter()
            .flat_map(|role| [*role; 2])
            .map(|role| Actor { account: AccountId(random.uuid()), role })
            .collect();
        let catalogue = catalogue::Catalogue::new(&mut random);
        let mut world = Self {
            random,
            now: DateTime::from_timestamp(1_767_225_600, 0).expect("an instant"),
            techniques,
            people,
            tests: vec![],
            files: vec![],
            discussions: vec![],
            policy: PolicyInForce::default(),
            policy_events: 0,
            left_over: vec![],
            remedies: remedies::Remedies::default(),
            people_at_work: roster::People::default(),
            knowledge: Knowledge::default(),
            knowledge_events: 0,
            campaigns: campaigns::Campaigns::default(),
            contents: vec![],
            catalogue,
            current: None,
        };
        world.contents = (0..5).map(|number| world.content(number)).collect();
        world
    }

    /// What happens next, for so many events.
    pub async fn history(&mut self, events: usize) -> Vec<Fact> {
        let mut facts = std::mem::take(&mut self.left_over);
        while facts.len() < events {
            facts.extend(self.step().await);
        }
        // A command may lead to more than one event; none of them is lost.
        self.left_over = facts.split_off(events);
        facts
    }

    /// One attempt at something; most lead to an event, some are refused.
    pub async fn step(&mut self) -> Vec<Fact> {
        self.now +=
            TimeDelta::nanoseconds(i64::try_from(self.random.number() % 300_000_000_000).unwrap_or(0));
        match self.random.below(100) {
            0..10 => self.roster_step().await,
            10..13 => self.knowledge_step().await,
            13..16 => self.catalogue.step(&mut self.random, self.now, &self.people).await,
            16..19 => self.draft().await,
            19..23 => self.discussion_step().await,
            23..25 => self.policy_step().await,
            25..37 => self.campaign_step().await,
            37..55 => self.remedy_step().await,
            _ => self.test_step().await,
        }
    }

    async fn remedy_step(&mut self) -> Vec<Fact> {
        let tests: Vec<Uuid> = self.tests.iter().map(|(id, _)| *id).collect();
        let around = remedies::Around {
            now: self.now,
            people: &self.people,
            tests: &tests,
            techniques: &self.techniques,
            texts: &TEXTS,
        };
        self.remedies.step(&mut self.random, &around).await
    }

    async fn draft(&mut self) -> Vec<Fact> {
        let (id, origin) = self.origin();
        self.tests.push((id, Test::default()));
        let details = self.details();
        let by = *self.random.pick(&self.people.clone());
        self.on_test(self.tests.len() - 1, by, TestAction::Draft { details, origin }).await
    }

    /// The id of a new test, and what it is made from.
    fn origin(&mut self) -> (Uuid, Option<TestOrigin>) {
        let due: Vec<(Uuid, TestOrigin)> = self
            .tests
            .iter()
            .flat_map(|(original, test)| {
                test.retests().iter().map(|retest| {
                    let (number, remediation) = (retest.number, retest.remediation);
                    let original = TestId(*original);
                    (retest.retest.0, TestOrigin::Retest { original, number, remediation })
                })
            })
            .filter(|(id, _)| self.tests.iter().all(|(there, _)| there != id))
            .collect();
        if let Some((id, origin)) = due.first() {
            return (*id, Some(*origin));
        }
        let id = self.random.uuid();
        let origin = match self.random.below(6) {
            0 | 2 => {
                let templates = &self.remedies.templates;
                let known = (!templates.is_empty()).then(|| self.random.pick(templates).0);
                let template = TemplateId(known.unwrap_or_else(|| self.random.uuid()));
                Some(TestOrigin::Template { template, version: 2 })
            }
            1 if !self.tests.is_empty() => {
                Some(TestOrigin::Clone { of: TestId(self.random.pick(&self.tests.clone()).0) })
            }
            _ => None,
        };
        (id, origin)
    }

    async fn discussion_step(&mut self) -> Vec<Fact> {
        let by = *self.random.pick(&self.people.clone());
        if self.discussions.is_empty() || self.random.percent(20) {
            let kind = *self.random.pick(&SubjectKind::ALL);
            let subject = Subject { kind, id: self.random.uuid() };
            self.discussions.push((subject, Discussion::default(), 0, vec![]));
        }
        let index = self.random.below(self.discussions.len());
        let known = self.discussions[index].3.clone();
        let text = format!("{} <@{}>", self.text(), by.account);
        let (comment, action) = match self.random.below(4) {
            2 if !known.is_empty() => (*self.random.pick(&known), DiscussionAction::Edit { text }),
            3 if !known.is_empty() => (*self.random.pick(&known), DiscussionAction::Retract),
            _ => (CommentId(self.random.uuid()), DiscussionAction::Post { text }),
        };
        // Edits and retractions are mostly refused; an author is not hard to find among few people.
        let by = if self.random.percent(50) { self.people[0] } else { by };
        let command = DiscussionCommand { by, at: self.now, comment, action };
        let (subject, discussion, events, comments) = &mut self.discussions[index];
        let facts = judged(discussion, &subject.to_string(), *events, by, command).await;
        *events += facts.len() as i64;
        comments.push(comment);
        facts
    }

    async fn campaign_step(&mut self) -> Vec<Fact> {
        let tests: Vec<Uuid> = self.tests.iter().map(|(id, _)| *id).collect();
        self.campaigns.step(&mut self.random, self.now, &self.people, &tests, &TEXTS).await
    }

    async fn policy_step(&mut self) -> Vec<Fact> {
        let by = self.people[0];
        let change = PolicyChange {
            separate_sides: Some(self.random.percent(50)),
            no_self_approval: Some(self.random.percent(50)),
            disputes: Some(self.random.percent(50)),
        };
        let command = ReviewPolicyCommand { by, at: self.now, change, reason: self.text() };
        let facts = judged(&mut self.policy, REVIEW_POLICY_ID, self.policy_events, by, command).await;
        self.policy_events += facts.len() as i64;
        facts
    }

    async fn test_step(&mut self) -> Vec<Fact> {
        if self.tests.is_empty() {
            return self.draft().await;
        }
        // Mostly one of the latest, so that they get through their rounds.
        let recent = self.tests.len().saturating_sub(if self.random.percent(80) { 4 } else { 1_000 });
        let index = recent + self.random.below(self.tests.len() - recent);
        let action = self.next_action(index);
        let by = match &action {
            // Whoever may, mostly: the rules have tests of their own.
            TestAction::CastVote { side: Side::Red, .. } => {
                self.one_of(&[Role::RedLead, Role::RedLead, Role::Admin])
            }
            TestAction::CastVote { side: Side::Blue, .. } => {
                self.one_of(&[Role::BlueLead, Role::BlueLead, Role::Admin])
            }
            TestAction::RecordAttack(_) | TestAction::StartExecution { .. } | TestAction::SubmitExecution => {
                self.one_of(&[Role::RedTech, Role::RedLead])
            }
            TestAction::RecordDetection(_) | TestAction::StartEvaluation | TestAction::SubmitEvaluation => {
                self.one_of(&[Role::BlueTech, Role::BlueLead])
            }
            TestAction::Classify(_)
            | TestAction::PauseWork { .. }
            | TestAction::ResumeWork
            | TestAction::RemoveEvidence { .. } => self.one_of(&[Role::Admin]),
            TestAction::AddEvidence(evidence) if evidence.side == Side::Red => {
                self.one_of(&[Role::RedTech, Role::Admin])
            }
            TestAction::AddEvidence(_) => self.one_of(&[Role::BlueTech, Role::Admin]),
            TestAction::Draft { .. }
            | TestAction::Copy { .. }
            | TestAction::Revise(_)
            | TestAction::Reopen { .. }
            | TestAction::Archive { .. }
            | TestAction::Restore
            | TestAction::ScheduleRetest { .. } => self.one_of(&Role::ALL),
        };
        self.on_test(index, by, action).await
    }

    fn one_of(&mut self, roles: &[Role]) -> Actor {
        let role = *self.random.pick(roles);
        let people: Vec<Actor> = self.people.iter().copied().filter(|actor| actor.role == role).collect();
        *self.random.pick(&people)
    }

    fn next_action(&mut self, index: usize) -> TestAction {
        if self.random.percent(12) {
            return TestAction::Revise(self.revised(index).into());
        }
        if self.random.percent(30) {
            return self.around(index);
        }
        if self.tests[index].1.archived() {
            return TestAction::Restore;
        }
        match self.tests[index].1.state() {
            TestState::Draft => TestAction::StartExecution { waits_for: vec![] },
            TestState::RedExecuting if self.random.percent(50) => TestAction::RecordAttack(self.attack()),
            TestState::RedExecuting => TestAction::SubmitExecution,
            TestState::BlueEvaluating if self.random.percent(50) => {
                TestAction::RecordDetection(self.detection())
            }
            TestState::BlueEvaluating => TestAction::SubmitEvaluation,
            TestState::InReview | TestState::Disputed => TestAction::CastVote {
                // Red changes its mind more often than blue makes up its own.
                side: if self.random.percent(80) { Side::Red } else { Side::Blue },
                verdict: if self.random.percent(75) { Verdict::Approved } else { Verdict::Rejected },
                notes: self.text(),
                seen: None,
            },
            TestState::Validated => self.retest(index),
            TestState::Rejected => TestAction::Reopen { reason: self.text() },
        }
    }

    /// What goes on beside the steps of a round.
    fn around(&mut self, index: usize) -> TestAction {
        let files: Vec<EvidenceId> =
            self.files.iter().filter(|(test, _)| *test == index).map(|(_, id)| *id).collect();
        match self.random.below(10) {
            0 => TestAction::PauseWork { reason: self.text() },
            1 => TestAction::ResumeWork,
            2 => TestAction::StartEvaluation,
            3 => {
                TestAction::Classify(*self.random.pick(&[Classification::Public, Classification::Restricted]))
            }
            4 => TestAction::Archive { reason: self.text() },
            5 => TestAction::Restore,
            6 if !files.is_empty() => {
                TestAction::RemoveEvidence { evidence: *self.random.pick(&files), reason: self.text() }
            }
            7 => self.retest(index),
            _ => {
                let evidence = self.evidence();
                self.files.push((index, evidence.id));
                TestAction::AddEvidence(evidence)
            }
        }
    }

    fn retest(&mut self, index: usize) -> TestAction {
        TestAction::ScheduleRetest {
            original: TestId(self.tests[index].0),
            remediation: RemediationId(self.random.uuid()),
            completion: 1,
            limit: 3,
        }
    }

    fn evidence(&mut self) -> Evidence {
        let id = EvidenceId(self.random.uuid());
        Evidence {
            id,
            side: if self.random.percent(50) { Side::Red } else { Side::Blue },
            file_name: "capture.png".to_owned(),
            media_type: "image/png".to_owned(),
            size_bytes: 1 + self.random.number() % 1_000_000,
            sha256: hex::encode(Sha256::digest(id.0.as_bytes())),
            object_key: format!("evidence/{id}"),
            caption: self.text(),
        }
    }

    fn revised(&mut self, index: usize) -> Details {
        let Some(held) = self.tests[index].1.details().cloned() else {
            return self.details();
        };
        match self.random.below(3) {
            0 => Details { tags: self.details().tags, ..held },
            1 => Details { technique: self.technique(), attack_id: "T1000".to_owned(), ..held },
            _ => Details { technique: held.technique, ..self.details() },
        }
    }

    async fn on_test(&mut self, index: usize, by: Actor, action: TestAction) -> Vec<Fact> {
        let strict = self.random.percent(80);
        let disputes = self.random.percent(30);
        let policy = ReviewPolicy { separate_sides: strict, no_self_approval: strict, disputes };
        let command = TestCommand { by, at: self.now, policy, expected_version: None, action };
        let (id, test) = &mut self.tests[index];
        let before = i64::try_from(test.version()).expect("few events");
        judged(test, &id.to_string(), before, by, command).await
    }

    async fn roster_step(&mut self) -> Vec<Fact> {
        let by = self.people[0];
        self.people_at_work.step(&mut self.random, self.now, by).await
    }

    async fn knowledge_step(&mut self) -> Vec<Fact> {
        let source = KnowledgeSource::AttackEnterprise;
        let request = ImportRequest {
            job: JobId(self.random.uuid()),
            object_key: "uploads/1".to_owned(),
            file_name: "enterprise-attack.json".to_owned(),
            sha256: "a".repeat(64),
            size_bytes: 1,
            preview: false,
        };
        let next = self.random.below(self.contents.len());
        let action = match self.random.below(8) {
            0 => KnowledgeAction::RequestImport(request),
            1 => KnowledgeAction::RetryImport(request),
            _ => KnowledgeAction::Release(Release {
                version: self.contents[next].content.version.clone(),
                digest: self.contents[next].digest.clone(),
                job: None,
                restored: false,
            }),
        };
        let releases = matches!(action, KnowledgeAction::Release(_));
        let command = KnowledgeCommand { by: Actor::SYSTEM, source, action };
        let id = source.aggregate_id();
        let facts = judged(&mut self.knowledge, id, self.knowledge_events, Actor::SYSTEM, command).await;
        self.knowledge_events += facts.len() as i64;
        if releases && !facts.is_empty() {
            self.current = Some(next);
        }
        facts
    }

    /// A release in which some techniques are revoked, deprecated or unknown.
    fn content(&mut self, number: usize) -> Content {
        let alive: Vec<bool> = self.techniques.iter().map(|_| self.random.percent(55)).collect();
        let successors: Vec<usize> = (0..alive.len()).filter(|index| alive[*index]).collect();
        let mut techniques = vec![];
        for (index, id) in self.techniques.clone().into_iter().enumerate() {
            let (lifecycle, successor) = match self.random.below(10) {
                _ if alive[index] => (Lifecycle::Active, None),
                0 => continue,
                1 | 2 => (Lifecycle::Deprecated, None),
                _ if successors.is_empty() => (Lifecycle::Revoked, None),
                _ => (Lifecycle::Revoked, Some(self.techniques[*self.random.pick(&successors)].to_string())),
            };
            techniques.push(TechniqueRecord {
                stix_id: id.to_string(),
                attack_id: format!("T10{index:02}"),
                name: format!("Technique {index}"),
                description: self.text(),
                is_subtechnique: false,
                parent: None,
                tactics: vec!["execution".to_owned()],
                platforms: vec!["Windows".to_owned()],
                lifecycle,
                successor,
                replaced_by: None,
                url: None,
            });
        }
        let content = AttackContent {
            domain: "enterprise-attack".to_owned(),
            version: format!("{number}.0"),
            techniques,
            ..AttackContent::default()
        };
        let bytes = serde_json::to_vec(&content).expect("plain structs serialise");
        Content { digest: hex::encode(Sha256::digest(bytes)), content }
    }

    fn text(&mut self) -> String {
        (*self.random.pick(&TEXTS)).to_owned()
    }

    fn technique(&mut self) -> TechniqueId {
        self.random.pick(&self.techniques.clone()).clone()
    }

    fn details(&mut self) -> Details {
        let technique = self.technique();
        Details {
            attack_id: "T1059.001".to_owned(),
            title: self.text(),
            description: self.text(),
            objective: String::new(),
            target_environment: "lab".to_owned(),
            platform: self.random.percent(50).then(|| "Windows".to_owned()),
            tags: (0..self.random.below(4)).map(|_| self.text()).collect(),
            assignee: self.random.percent(50).then(|| self.people[1].account),
            due_on: self.random.percent(50).then(|| self.now.date_naive()),
            procedure: if self.random.percent(50) { self.text() } else { String::new() },
            tool: self.random.percent(50).then(|| self.text()),
            technique,
        }
    }

    /// An instant before now, in some zone, with parts of a second that PostgreSQL does not keep.
    fn moment(&mut self) -> DateTime<FixedOffset> {
        let zone =
            FixedOffset::east_opt(i32::try_from(self.random.below(20)).unwrap_or(0) * 1_800).expect("a zone");
        (self.now - TimeDelta::nanoseconds(1_234_567_891)).with_timezone(&zone)
    }

    fn attack(&mut self) -> AttackRecord {
        let started_at = self.moment();
        AttackRecord {
            procedure: self.text(),
            tool: self.random.percent(50).then(|| self.text()),
            started_at,
            ended_at: self.random.percent(50).then_some(started_at + TimeDelta::milliseconds(900)),
            success: self.random.percent(50),
            summary: self.text(),
        }
    }

    fn detection(&mut self) -> DetectionRecord {
        let result = *self.random.pick(&[
            DetectionResult::Detected,
            DetectionResult::Detected,
            DetectionResult::PartiallyDetected,
            DetectionResult::NotDetected,
        ]);
        let seen = result != DetectionResult::NotDetected;
        let contained = seen && self.random.percent(50);
        DetectionRecord {
            result,
            detected_at: seen.then(|| self.moment()),
            alerted_at: None,
            contained_at: contained.then(|| self.moment()),
            containment_result: contained.then_some(ContainmentResult::Contained),
            clock_skew_note: Some(self.text()),
            summary: self.text(),
        }
    }
}

/// Asks an aggregate, and writes down what it says as the store would.
async fn judged<A>(aggregate: &mut A, id: &str, before: i64, by: Actor, command: A::Command) -> Vec<Fact>
where
    A: Aggregate<Services = ()>,
{
    let sink = EventSink::default();
    // A refusal is an answer like any other: nothing happened.
    if aggregate.handle(command, &(), &sink).await.is_err() {
        return vec![];
    }
    let events = sink.collect().await.into_iter();
    (before + 1..)
        .zip(events)
        .map(|(sequence, event)| Fact {
            aggregate_type: A::TYPE,
            aggregate_id: id.to_owned(),
            sequence,
            event_type: event.event_type(),
            event_version: event.event_version(),
            payload: serde_json::to_value(&event).expect("events serialise"),
            metadata: json!({"actor": by.account, "role": by.role}),
        })
        .collect()
}
