//! Detection rules.

use serde::{Deserialize, Serialize};

/// What kind of rule, beside where it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleClass {
    /// One that alerts.
    #[default]
    Detection,
    /// One that joins what others found.
    Correlation,
    /// One whose finding is a building block of others.
    BuildingBlock,
    /// A query for a hunt by a person.
    Hunt,
}

/// How much an alert of it weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleLevel {
    /// To be known.
    Informational,
    /// Little.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
    /// At once.
    Critical,
}

/// A detection rule.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RuleRecord {
    /// The source's own id.
    pub key: String,
    /// The file it stands in.
    pub path: String,
    /// One line.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// What kind.
    pub class: RuleClass,
    /// Whether its source has put it out of use: deprecated.
    pub deprecated: bool,
    /// Whether its source says that no tool takes it as it is: unsupported.
    pub unsupported: bool,
    /// How far its source has come with it: `stable`, `test`, `experimental`, `production`, ... as written.
    pub status: String,
    /// How much an alert of it weighs, where it says.
    pub level: Option<RuleLevel>,
    /// The language of the query: `sigma`, `kuery`, `eql`, `esql`, `lucene`, ...
    pub language: String,
    /// The query; of Sigma the whole rule, which is what converters take.
    pub query: String,
    /// Where the events come from: `windows / process_creation`, index patterns.
    pub log_source: String,
    /// Techniques as written, without anything that is no id; sorted.
    pub attack_ids: Vec<String>,
    /// Short names of tactics, with dashes; sorted.
    pub tactics: Vec<String>,
    /// Ids of groups and software it names; sorted.
    pub mentions: Vec<String>,
    /// Other words it carries; sorted.
    pub tags: Vec<String>,
    /// What sets it off by mistake.
    pub false_positives: Vec<String>,
    /// Where more is written.
    pub references: Vec<String>,
    /// Who wrote it, as written.
    pub author: String,
    /// When it was written, `YYYY-MM-DD` where it is a date.
    pub created: String,
    /// When it was changed, likewise.
    pub modified: String,
    /// Under which terms, as written.
    pub licence: String,
}
