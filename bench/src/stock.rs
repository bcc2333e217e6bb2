//! A stock of tests in all states, as an installation has them after some years.
//!
//! Equal seeds give equal stocks; every event was decided by the aggregate.
//! Tests of one batch live at the same time, so that the order of last changes
//! is not that of the drafts.

use crate::history::{Row, Step, Subject, Wish};
use crate::random::Random;
use aegis_aggregates::Aggregate;
use aegis_aggregates::actor::{Actor, Role};
use aegis_aggregates::ids::{AccountId, CampaignId, RemediationId, TemplateId, TestId};
use aegis_aggregates::policy::ReviewPolicy;
use aegis_aggregates::test::{
    AttackRecord, Classification, Details, DetectionRecord, DetectionResult, Revision, Side, Test,
    TestAction, TestCommand, TestOrigin, Verdict,
};
use aegis_projections::store::Origin;
use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Tests that live at the same time.
pub const BATCH: usize = 1_000;
/// Words that texts are made of, the first ones far more often than the last.
const VOCABULARY: usize = 4_000;
/// What words are made of.
const SYLLABLES: [&str; 24] = [
    "ka", "ro", "ti", "lem", "von", "su", "pra", "del", "mi", "nor", "es", "tun", "gar", "bi", "fol", "che",
    "ry", "wan", "zo", "hel", "dus", "ma", "qui", "jo",
];
/// People of each kind; the first has most of the work.
const PEOPLE: usize = 40;
/// Templates that tests are made from.
const TEMPLATES: usize = 50;
/// How long before now the first one was written down, days.
const SINCE: i64 = 3 * 365;
/// From one event to the next, seconds: of 100,000 tests the last ones are new.
const PAUSE: i64 = 120;

/// What there is to ask for, the same in a stock of any size.
pub struct Stock {
    random: Random,
    now: DateTime<Utc>,
    subjects: Vec<Subject>,
    words: Vec<String>,
    people: Vec<AccountId>,
    templates: Vec<TemplateId>,
    validated: Vec<TestId>,
    drafted: usize,
    /// One test has this technique's id, tag, assignee and author, and no other.
    rare: bool,
}

/// A test being made: what is still to be done with it.
struct Plan {
    id: TestId,
    test: Test,
    left: Vec<(Actor, TestAction)>,
}

/// The one tag that only one test has.
pub const RARE_TAG: &str = "only-once";
/// A word that only one test's description has.
pub const RARE_WORD: &str = "xylophon";

impl Stock {
    /// The stock of this seed.
    pub fn new(seed: u64, subjects: Vec<Subject>) -> Self {
        let mut random = Random::new(seed);
        let people = (0..PEOPLE).map(|_| AccountId(random.uuid())).collect();
        let templates = (0..TEMPLATES).map(|_| TemplateId(random.uuid())).collect();
        let words = (0..VOCABULARY)
            .map(|_| (0..2 + random.below(3)).map(|_| *random.pick(&SYLLABLES)).collect())
            .collect();
        let now = Utc::now() - TimeDelta::days(SINCE);
        let validated = vec![];
        Self { random, now, subjects, words, people, templates, validated, drafted: 0, rare: true }
    }

    /// Somebody: 0 has most of the work, the last one nearly none.
    pub fn person(&self, at: usize) -> Uuid {
        self.people[at].0
    }

    /// A template: 0 is used most.
    pub fn template(&self, at: usize) -> Uuid {
        self.templates[at].0
    }

    /// A test that was tried again.
    pub fn retested(&self) -> Option<Uuid> {
        self.validated.first().map(|id| id.0)
    }

    /// A word: 0 is used most.
    pub fn word_at(&self, at: usize) -> &str {
        &self.words[at]
    }

    /// The events of so many more tests, [`BATCH`] at most, as they are stored.
    ///
    /// # Errors
    /// A rule refused something: the stock does not know the rules.
    pub fn tests(&mut self, count: usize) -> Result<Vec<Row>> {
        let mut plans: Vec<Plan> = (0..count.min(BATCH)).map(|_| self.plan()).collect();
        let mut rows = vec![];
        while !plans.is_empty() {
            self.now += TimeDelta::seconds(PAUSE);
            let at = self.random.below(plans.len());
            let plan = &mut plans[at];
            if let Some((by, action)) = plan.left.pop() {
                let policy = ReviewPolicy { disputes: true, ..ReviewPolicy::default() };
                let command = TestCommand { by, at: self.now, policy, expected_version: None, action };
                let event = plan
                    .test
                    .decide(command.clone())
                    .with_context(|| format!("{command:?} was refused"))?
                    .pop()
                    .with_context(|| format!("{command:?} changed nothing"))?;
                let sequence = plan.test.version() + 1;
                plan.test.apply(event.clone());
                let correlation = self.random.ordered_uuid(self.now);
                let origin = Origin { actor: by, command: None, correlation, causation: None };
                rows.push(Step { wish: Wish { test: plan.id, command, origin }, event, sequence }.row()?);
            } else {
                plans.swap_remove(at);
            }
        }
        Ok(rows)
    }

    /// What a test lives through, last first.
    fn plan(&mut self) -> Plan {
        let id = TestId(self.random.ordered_uuid(self.now));
        let share = self.random.below(1_000);
        let (steps, end) = match share {
            0..110 => (0, None),
            110..170 => (2, None),
            170..230 => (3, None),
            230..280 => (5, None),
            280..310 => (6, None),
            310..320 => (6, Some(Verdict::Rejected)),
            320..370 => (6, Some(Verdict::Rejected)),
            _ => (6, Some(Verdict::Approved)),
        };
        let disputed = (310..320).contains(&share);
        let archived = share < 40 || (320..335).contains(&share);
        let [red, blue] = [1, 2].map(|part| self.worker(part));
        let [red_lead, blue_lead] = [Role::RedLead, Role::BlueLead]
            .map(|role| Actor { account: self.people[if role == Role::RedLead { 3 } else { 4 }], role });
        let origin = self.origin();
        let mut plan = vec![(red, TestAction::Draft { details: self.details(), origin })];
        let label = match self.random.below(100) {
            0..70 => None,
            70..85 => Some(Classification::Public),
            85..99 => Some(Classification::Confidential),
            _ => Some(Classification::Restricted),
        };
        let admin = Actor { role: Role::Admin, ..red_lead };
        plan.extend(label.map(|label| (admin, TestAction::Classify(label))));
        if self.random.percent(10) {
            let mut revision = Revision::from(self.details());
            // What repeats another test keeps its technique.
            if matches!(origin, Some(TestOrigin::Retest { .. } | TestOrigin::Campaign { .. })) {
                revision.technique = None;
            }
            plan.push((red_lead, TestAction::Revise(revision)));
        }
        let work = [
            (red, TestAction::StartExecution { waits_for: vec![] }),
            (red, TestAction::RecordAttack(self.attack())),
            (red, TestAction::SubmitExecution),
            (blue, TestAction::RecordDetection(self.detection())),
            (blue, TestAction::SubmitEvaluation),
            (
                red_lead,
                TestAction::CastVote {
                    side: Side::Red,
                    verdict: Verdict::Approved,
                    notes: self.text(6),
                    seen: None,
                },
            ),
        ];
        plan.extend(work.into_iter().take(steps));
        if let Some(verdict) = end {
            if verdict == Verdict::Rejected && !disputed {
                // Both say no.
                plan.pop();
                let notes = self.text(6);
                plan.push((red_lead, TestAction::CastVote { side: Side::Red, verdict, notes, seen: None }));
            }
            let notes = self.text(6);
            plan.push((blue_lead, TestAction::CastVote { side: Side::Blue, verdict, notes, seen: None }));
        }
        if archived && !matches!(origin, Some(TestOrigin::Retest { .. })) {
            plan.push((red_lead, TestAction::Archive { reason: self.text(3) }));
        }
        if matches!(end, Some(Verdict::Approved)) && self.validated.len() < 200 {
            self.validated.push(id);
        }
        plan.reverse();
        Plan { id, test: Test::default(), left: plan }
    }

    fn worker(&mut self, part: usize) -> Actor {
        let role = if part == 1 { Role::RedTech } else { Role::BlueTech };
        // Half the people are red, half blue; the fourth and fifth lead.
        let at = 5 + self.skewed((PEOPLE - 6) / 2) * 2 + part - 1;
        Actor { account: self.people[at.min(PEOPLE - 2)], role }
    }

    fn origin(&mut self) -> Option<TestOrigin> {
        let template = self.skewed(TEMPLATES);
        match self.random.below(100) {
            0..25 => Some(TestOrigin::Template { template: self.templates[template], version: 1 }),
            25..35 if !self.validated.is_empty() => {
                let of = *self.random.pick(&self.validated);
                Some(TestOrigin::Clone { of })
            }
            35..45 if !self.validated.is_empty() => {
                let copy_of = *self.random.pick(&self.validated);
                Some(TestOrigin::Campaign { campaign: CampaignId(self.random.uuid()), copy_of })
            }
            45..47 if !self.validated.is_empty() => {
                let original = *self.random.pick(&self.validated);
                let remediation = RemediationId(self.random.uuid());
                Some(TestOrigin::Retest { original, number: 1, remediation })
            }
            _ => None,
        }
    }

    fn details(&mut self) -> Details {
        self.drafted += 1;
        let at = self.skewed(self.subjects.len());
        let subject = self.subjects[at].clone();
        let mut tags: BTreeSet<String> =
            (0..self.random.below(4)).map(|_| format!("tag-{}", self.skewed(60))).collect();
        let mut description = self.text(28);
        let mut assignee = self.random.percent(60).then(|| self.skewed(PEOPLE - 1)).map(|at| self.people[at]);
        if std::mem::take(&mut self.rare) {
            tags.insert(RARE_TAG.to_owned());
            description.push_str(&format!(" {RARE_WORD}"));
            assignee = self.people.last().copied();
        }
        Details {
            technique: subject.technique,
            attack_id: subject.attack_id,
            title: format!("{} {}", self.text(5), self.drafted),
            description,
            objective: self.text(12),
            target_environment: self.text(3),
            platform: Some((*self.random.pick(&["Windows", "Linux", "macOS"])).to_owned()),
            tags,
            assignee,
            due_on: self
                .random
                .percent(70)
                .then(|| (self.now + TimeDelta::days(self.random.between(5, 1_500))).date_naive()),
            procedure: self.text(20),
            tool: None,
        }
    }

    fn attack(&mut self) -> AttackRecord {
        let started_at = (self.now - TimeDelta::hours(2)).fixed_offset();
        AttackRecord {
            procedure: self.text(20),
            tool: None,
            started_at,
            ended_at: Some(started_at + TimeDelta::minutes(20)),
            success: self.random.percent(70),
            summary: self.text(10),
        }
    }

    fn detection(&mut self) -> DetectionRecord {
        let result = *self.random.pick(&[
            DetectionResult::Detected,
            DetectionResult::PartiallyDetected,
            DetectionResult::NotDetected,
        ]);
        let seen = result != DetectionResult::NotDetected;
        DetectionRecord {
            result,
            detected_at: seen.then(|| (self.now - TimeDelta::hours(1)).fixed_offset()),
            alerted_at: None,
            contained_at: None,
            containment_result: None,
            clock_skew_note: None,
            summary: self.text(10),
        }
    }

    /// A place below `end`, the first ones far more often.
    fn skewed(&mut self, end: usize) -> usize {
        let (one, other) = (self.random.below(end), self.random.below(end));
        (one * other) / end.max(1)
    }

    fn text(&mut self, words: usize) -> String {
        let places: Vec<usize> = (0..words).map(|_| self.skewed(VOCABULARY)).collect();
        places.into_iter().map(|at| self.words[at].as_str()).collect::<Vec<_>>().join(" ")
    }
}
