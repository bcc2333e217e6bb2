//! Templates of tests, as catalogues of attacks write them.

use serde::{Deserialize, Serialize};

/// What a test of a technique is made from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TemplateRecord {
    /// The source's own id, or what is stable in its place: `certutil.exe/3`.
    pub key: String,
    /// The file it stands in.
    pub path: String,
    /// One line.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// The technique it tests, as written; none where the source names none, or nothing that is an id.
    pub attack_id: Option<String>,
    /// Platforms, as ATT&CK writes them where it has a word for them; sorted.
    pub platforms: Vec<String>,
    /// The ways to do it; at least one.
    pub executions: Vec<Execution>,
    /// What must be there before, in words or commands.
    pub prerequisites: String,
    /// What a working defence would show, where the source says.
    pub expected_detection: String,
    /// The gaps `#{name}` of its commands.
    pub arguments: Vec<ArgumentRecord>,
    /// Words to find it by; sorted.
    pub tags: Vec<String>,
    /// Web addresses where more is written, and of rules that detect it.
    pub references: Vec<String>,
}

/// One way to do it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Execution {
    /// What runs the command: `powershell`, `sh`, `manual`.
    pub executor: String,
    /// Platforms of this way, where they differ; sorted.
    pub platforms: Vec<String>,
    /// The command, or the steps of a person.
    pub command: String,
    /// What undoes it.
    pub cleanup: String,
    /// Whether it needs to be run as an administrator.
    pub elevated: bool,
}

/// A gap in the commands of a template.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ArgumentRecord {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What stands there where nobody says otherwise.
    pub default: Option<String>,
    /// `string`, `integer`, `url` or `path`.
    pub kind: String,
}
