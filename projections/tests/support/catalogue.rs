//! A source of templates: its settings, its releases, and going back to an earlier one.

use super::Fact;
use super::judged;
use crate::random::Random;
use aegis_aggregates::actor::Actor;
use aegis_aggregates::ids::JobId;
use aegis_aggregates::knowledge::{
    Knowledge, KnowledgeAction, KnowledgeCommand, KnowledgeSource, Release, SourceSettings, SyncRequest,
};
use aegis_aggregates::template::{Template, TemplateAction, TemplateCommand, imported_id};
use aegis_projections::knowledge::records::Content;
use aegis_sources::record::{Execution, TemplateRecord};
use aegis_sources::{Counts, Record};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

const SOURCE: KnowledgeSource = KnowledgeSource::AtomicRedTeam;
/// Keys of its templates.
const KEYS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

/// A source of templates as its own events tell it, and what people did to its templates.
pub struct Catalogue {
    knowledge: Knowledge,
    events: i64,
    switched: BTreeMap<&'static str, (Template, i64)>,
    /// Every content it may have.
    pub contents: Vec<Content>,
}

impl Catalogue {
    /// A source with some contents.
    pub fn new(random: &mut Random) -> Self {
        let contents = (0..4).map(|number| content(random, number)).collect();
        Self { knowledge: Knowledge::default(), events: 0, switched: BTreeMap::new(), contents }
    }

    /// One attempt at something.
    pub async fn step(&mut self, random: &mut Random, now: DateTime<Utc>, people: &[Actor]) -> Vec<Fact> {
        let by = *random.pick(people);
        if random.percent(30) {
            return self.switch(random, now, by).await;
        }
        let job = JobId(random.uuid());
        let pick = random.below(self.contents.len());
        let digest = self.contents[pick].digest.clone();
        let addresses = vec!["https://mirror.example.com/a.zip".to_owned()];
        let action = match random.below(8) {
            0 => KnowledgeAction::RequestSync { job, preview: random.percent(50) },
            1 => KnowledgeAction::RetrySync(SyncRequest { job, addresses, preview: false }),
            2 => KnowledgeAction::Configure(SourceSettings {
                addresses,
                every_hours: u32::try_from(random.below(48)).unwrap_or(0),
                enabled: random.percent(70),
            }),
            3 => KnowledgeAction::Restore { digest },
            _ => {
                let version = self.contents[pick].version.clone();
                KnowledgeAction::Release(Release { version, digest, job: None, restored: false })
            }
        };
        let command = KnowledgeCommand { by, source: SOURCE, action };
        let id = SOURCE.aggregate_id();
        let facts = judged(&mut self.knowledge, id, self.events, by, command).await;
        self.events += facts.len() as i64;
        facts
    }

    async fn switch(&mut self, random: &mut Random, now: DateTime<Utc>, by: Actor) -> Vec<Fact> {
        let key = *random.pick(&KEYS);
        let action = TemplateAction::SwitchImported { active: random.percent(50) };
        let command = TemplateCommand { by, at: now, expected_version: None, action };
        let (template, events) = self.switched.entry(key).or_default();
        let id = imported_id(SOURCE, key).to_string();
        let facts = judged(template, &id, *events, by, command).await;
        *events += facts.len() as i64;
        facts
    }
}

/// Some of the templates, of techniques that ATT&CK knows at times, and of one that it never does.
fn content(random: &mut Random, number: usize) -> Content {
    let mut records = vec![];
    for key in KEYS {
        if random.percent(30) {
            continue;
        }
        let technique = random.below(10);
        let way = |executor: &str| Execution {
            executor: executor.to_owned(),
            command: format!("run {key}"),
            ..Execution::default()
        };
        let mut executions = vec![way("sh")];
        if random.percent(40) {
            executions.push(way("powershell"));
        }
        records.push(Record::Template(TemplateRecord {
            key: key.to_owned(),
            name: format!("Template {key}, {}", random.below(2)),
            attack_id: (technique < 9).then(|| format!("T10{technique:02}")),
            executions,
            ..TemplateRecord::default()
        }));
    }
    Content::new(SOURCE.aggregate_id(), Some(format!("{number}")), Counts::default(), &records)
}
