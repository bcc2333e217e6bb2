//! What a template says, and how much of it.

use super::error::TemplateError;
use super::filling;
use crate::ids::TechniqueId;
use crate::tags;
use crate::text::{maybe, optional, required};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How much of everything a template takes.
pub mod limits {
    /// Characters of a name, a tool, a platform, an executor.
    pub const SHORT_TEXT_CHARS: usize = 200;
    /// Characters of a description, a procedure, a cleanup, a reason; filled in or not.
    pub const LONG_TEXT_CHARS: usize = 20_000;
    /// Platforms of a template.
    pub const PLATFORMS: usize = 20;
    /// References of a template.
    pub const REFERENCES: usize = 20;
    /// Characters of a reference.
    pub const REFERENCE_CHARS: usize = 2_000;
    /// Arguments of a template.
    pub const ARGUMENTS: usize = 50;
    /// Characters of an argument's name.
    pub const ARGUMENT_NAME_CHARS: usize = 64;
    /// Characters of an argument's description.
    pub const ARGUMENT_DESCRIPTION_CHARS: usize = 1_000;
    /// Characters of an argument's value.
    pub const VALUE_CHARS: usize = 4_000;
}

/// How much harm the behaviour does where nobody stops it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Little.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
    /// As much as can be.
    Critical,
}

impl Severity {
    /// Every severity, least first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The severity as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// What kind of value an argument takes. Only `Integer` restricts it; the
/// others tell a form what to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArgumentKind {
    /// Any text.
    String,
    /// Digits, with a sign before them or not, within 64 bits.
    Integer,
    /// An address.
    Url,
    /// A place in a file system.
    Path,
}

impl ArgumentKind {
    /// The kind as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Url => "url",
            Self::Path => "path",
        }
    }
}

/// A gap in the texts of a template, `#{name}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Argument {
    /// Its name: letters, digits, `_`, `.` and `-`.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What stands in the gap where nobody says otherwise; it may be empty.
    pub default: Option<String>,
    /// What kind of value it takes.
    pub kind: ArgumentKind,
}

/// What a template says. Free text stays in the ledger for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// One line.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// The technique it tests.
    pub technique: TechniqueId,
    /// What that technique was called when this was written, `T1059.001`.
    pub attack_id: String,
    /// The platforms it runs on, as ATT&CK writes them.
    pub platforms: BTreeSet<String>,
    /// How much harm the behaviour does.
    pub severity: Severity,
    /// What runs the procedure: `powershell`, `bash`, `manual`.
    pub executor: String,
    /// The steps to take, with gaps.
    pub procedure: String,
    /// The steps that undo it, with gaps.
    pub cleanup: String,
    /// What must be there before, with gaps.
    pub prerequisites: String,
    /// What a working defence would show.
    pub expected_detection: String,
    /// The tool used.
    pub tool: Option<String>,
    /// Words to find it by.
    pub tags: BTreeSet<String>,
    /// Where more is written, addresses of the web.
    pub references: Vec<String>,
    /// The gaps.
    pub arguments: Vec<Argument>,
}

impl Content {
    /// The content tidied up.
    ///
    /// # Errors
    /// The first thing wrong with it.
    pub(super) fn checked(self) -> Result<Self, TemplateError> {
        let long = |field, text: &str| optional(field, text, limits::LONG_TEXT_CHARS);
        let content = Self {
            name: required("name", &self.name, limits::SHORT_TEXT_CHARS)?,
            description: long("description", &self.description)?,
            platforms: checked_platforms(&self.platforms)?,
            executor: required("executor", &self.executor, limits::SHORT_TEXT_CHARS)?,
            procedure: required("procedure", &self.procedure, limits::LONG_TEXT_CHARS)?,
            cleanup: long("cleanup", &self.cleanup)?,
            prerequisites: long("prerequisites", &self.prerequisites)?,
            expected_detection: long("expectedDetection", &self.expected_detection)?,
            tool: maybe("tool", self.tool, limits::SHORT_TEXT_CHARS)?,
            tags: tags::checked(&self.tags)?,
            references: checked_references(&self.references)?,
            arguments: checked_arguments(self.arguments)?,
            technique: self.technique,
            attack_id: self.attack_id,
            severity: self.severity,
        };
        content.declares_its_gaps()?;
        Ok(content)
    }

    fn declares_its_gaps(&self) -> Result<(), TemplateError> {
        for (field, text) in self.texts_with_gaps() {
            for name in filling::gaps(text) {
                if !self.arguments.iter().any(|argument| argument.name == name) {
                    return Err(TemplateError::UndeclaredArgument { field, name: name.to_owned() });
                }
            }
        }
        Ok(())
    }

    /// The texts that may have gaps, with the field each is entered in.
    pub(super) fn texts_with_gaps(&self) -> [(&'static str, &str); 3] {
        [("procedure", &self.procedure), ("cleanup", &self.cleanup), ("prerequisites", &self.prerequisites)]
    }
}

fn checked_platforms(platforms: &BTreeSet<String>) -> Result<BTreeSet<String>, TemplateError> {
    let platforms = platforms
        .iter()
        .map(|platform| optional("platforms", platform, limits::SHORT_TEXT_CHARS))
        .filter(|platform| platform.as_ref().map_or(true, |platform| !platform.is_empty()))
        .collect::<Result<BTreeSet<_>, _>>()?;
    counted("platforms", platforms.len(), limits::PLATFORMS)?;
    Ok(platforms)
}

fn checked_references(references: &[String]) -> Result<Vec<String>, TemplateError> {
    let mut kept: Vec<String> = Vec::new();
    for reference in references {
        let reference = optional("references", reference, limits::REFERENCE_CHARS)?;
        if reference.is_empty() || kept.contains(&reference) {
            continue;
        }
        if !is_web_address(&reference) {
            return Err(TemplateError::NotAWebAddress { reference });
        }
        kept.push(reference);
        counted("references", kept.len(), limits::REFERENCES)?;
    }
    Ok(kept)
}

/// Whether it is `http` or `https`, names a host, and has nothing in it that
/// would end an address. Nobody fetches it; a page shows it as a link.
fn is_web_address(text: &str) -> bool {
    let scheme_end = text.find("://").unwrap_or(0);
    let (scheme, rest) = text.split_at(scheme_end);
    let host = rest.trim_start_matches("://").split(['/', '?', '#']).next().unwrap_or_default();
    (scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"))
        && !host.is_empty()
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || "\"<>\\^`{|}".contains(c))
}

fn checked_arguments(arguments: Vec<Argument>) -> Result<Vec<Argument>, TemplateError> {
    counted("arguments", arguments.len(), limits::ARGUMENTS)?;
    let mut seen = BTreeSet::new();
    for argument in &arguments {
        if !is_argument_name(&argument.name) {
            return Err(TemplateError::NotAnArgumentName {
                name: argument.name.chars().take(limits::ARGUMENT_NAME_CHARS).collect(),
            });
        }
        if !seen.insert(argument.name.clone()) {
            return Err(TemplateError::ArgumentTwice { name: argument.name.clone() });
        }
    }
    arguments
        .into_iter()
        .map(|argument| {
            if let Some(default) = &argument.default {
                filling::takes(&argument, default)?;
            }
            let description =
                optional("arguments", &argument.description, limits::ARGUMENT_DESCRIPTION_CHARS)?;
            Ok(Argument { description, ..argument })
        })
        .collect()
}

fn is_argument_name(name: &str) -> bool {
    (1..=limits::ARGUMENT_NAME_CHARS).contains(&name.len()) && name.bytes().all(filling::is_name_byte)
}

fn counted(field: &'static str, count: usize, limit: usize) -> Result<(), TemplateError> {
    if count > limit { Err(TemplateError::TooMany { field, count, limit }) } else { Ok(()) }
}
