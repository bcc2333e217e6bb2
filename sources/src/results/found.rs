//! What files of other tools say, before anybody decides what becomes of it.
//!
//! Instants are texts of RFC 3339 in UTC, days are `YYYY-MM-DD`, and no number is a fraction, so that equal contents
//! are equal texts.

use serde::{Deserialize, Serialize};

/// A test that a tool plans, or the part of an executed one that can be planned again.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Planned {
    /// Stays the same when the same thing is imported again.
    pub key: String,
    /// The file it stands in.
    pub path: String,
    /// The line or row, from 1, where that is known.
    pub line: Option<u32>,
    /// One line.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// The technique, where one is named.
    pub attack_id: Option<String>,
    /// Platforms, as ATT&CK writes them where it has a word for them; sorted.
    pub platforms: Vec<String>,
    /// What runs the commands: `powershell`, `sh`.
    pub executor: String,
    /// The commands, or the steps of a person.
    pub procedure: String,
    /// What undoes it.
    pub cleanup: String,
    /// What must be there before.
    pub prerequisites: String,
    /// What a working defence would show.
    pub expected_detection: String,
    /// What a working defence would stop.
    pub expected_prevention: String,
    /// The tool that wrote it.
    pub tool: String,
    /// The plan, campaign or operation it belongs to.
    pub plan: String,
    /// The part of the plan, as written.
    pub phase: String,
    /// The tactic: its id, or its short name with dashes.
    pub tactic: String,
    /// Other words it carries; sorted.
    pub tags: Vec<String>,
    /// The key of the template it was made from: the GUID of an atomic test.
    pub template: Option<String>,
}

/// What the defence did, where a tool knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detection {
    /// It was stopped.
    Blocked,
    /// It was seen.
    Detected,
    /// It was not seen.
    NotDetected,
}

/// An attack that was executed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Executed {
    /// What was done.
    pub test: Planned,
    /// When it began.
    pub started_at: Option<String>,
    /// When it ended.
    pub ended_at: Option<String>,
    /// Whether the tool wrote no time zone, so that UTC was taken for granted.
    pub zone_assumed: bool,
    /// The machine it was done on.
    pub host: String,
    /// Its address.
    pub address: String,
    /// The account it was done as.
    pub user: String,
    /// Who did it.
    pub operator: String,
    /// What was run, all steps in their order.
    pub command: String,
    /// What the command or the tool returned; 0 for success by custom.
    pub exit_status: Option<i64>,
    /// Whether it did what it should.
    pub success: Option<bool>,
    /// The beginning of what it wrote.
    pub output: String,
    /// Whether there was more.
    pub output_cut: bool,
    /// What the defence did.
    pub detection: Option<Detection>,
}

/// Something laid over the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Overlay {
    /// The file it stands in, and its place in there if there are several: `layers.json#2`.
    pub key: String,
    /// The file it stands in.
    pub path: String,
    /// One line.
    pub name: String,
    /// What it shows.
    pub description: String,
    /// The domain of ATT&CK: `enterprise-attack`; none where it is not said.
    pub domain: Option<String>,
    /// The version of ATT&CK, if said.
    pub attack_version: Option<String>,
    /// The version of its format, if said.
    pub format_version: Option<String>,
    /// What it says of techniques, in the order of the file.
    pub entries: Vec<OverlayEntry>,
}

/// What an overlay says of a technique.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OverlayEntry {
    /// The technique.
    pub attack_id: String,
    /// The tactic it is said for, by its short name; none for all.
    pub tactic: Option<String>,
    /// The score in thousandths.
    pub score_thousandths: Option<i64>,
    /// `#rrggbb`, or as written; empty for none.
    pub colour: String,
    /// A text of its author.
    pub comment: String,
    /// Whether it counts.
    pub enabled: bool,
    /// Names and values, in the order of the file.
    pub metadata: Vec<(String, String)>,
}

/// How well a source of data is at hand.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DataSource {
    /// The file, the name, then what it applies to.
    pub key: String,
    /// The file it stands in.
    pub path: String,
    /// The line, from 1.
    pub line: Option<u32>,
    /// The name: that of a data component of ATT&CK, or one of DeTT&CT's own.
    pub name: String,
    /// The domain of ATT&CK.
    pub domain: Option<String>,
    /// The systems it applies to; sorted.
    pub applicable_to: Vec<String>,
    /// The platforms of those systems; sorted.
    pub platforms: Vec<String>,
    /// The day it was written down.
    pub registered_on: Option<String>,
    /// The day it was connected.
    pub connected_on: Option<String>,
    /// What delivers it.
    pub products: Vec<String>,
    /// Whether it can be searched.
    pub available: bool,
    /// A text of its author.
    pub comment: String,
    /// Dimensions of quality, by name, from 0 to 5.
    pub quality: Vec<(String, i64)>,
}

/// What is judged of a technique.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// How well it is detected: -1 for not at all, to 5.
    #[default]
    Detection,
    /// How much of it can be seen: 0 to 4.
    Visibility,
}

/// How well a technique is detected or seen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Assessment {
    /// The file, the technique, the aspect, then what it applies to.
    pub key: String,
    /// The file it stands in.
    pub path: String,
    /// The line, from 1.
    pub line: Option<u32>,
    /// The technique.
    pub attack_id: String,
    /// The domain of ATT&CK.
    pub domain: Option<String>,
    /// What is judged.
    pub aspect: Aspect,
    /// The systems it applies to; sorted.
    pub applicable_to: Vec<String>,
    /// Where the detection is kept.
    pub locations: Vec<String>,
    /// A text of its author.
    pub comment: String,
    /// The scores, in the order of the file.
    pub scores: Vec<Score>,
}

/// A score and its day.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Score {
    /// The day, if said.
    pub date: Option<String>,
    /// The score.
    pub score: i64,
    /// A text of its author.
    pub comment: String,
    /// Whether a program wrote it.
    pub auto_generated: bool,
}

/// A group, or a campaign of it, with its techniques.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Group {
    /// The domain, the name, then the campaign.
    pub key: String,
    /// The file it stands in.
    pub path: String,
    /// The line, from 1.
    pub line: Option<u32>,
    /// Its name.
    pub name: String,
    /// The campaign, if said.
    pub campaign: String,
    /// The domain of ATT&CK.
    pub domain: Option<String>,
    /// Platforms; sorted.
    pub platforms: Vec<String>,
    /// Its techniques, each with how often it was seen where that is said; in the order of the file.
    pub techniques: Vec<(String, Option<i64>)>,
    /// Ids of software it uses.
    pub software: Vec<String>,
    /// Whether it counts.
    pub enabled: bool,
}
