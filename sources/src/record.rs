//! What sources say, in Aegis's own terms.
//!
//! A record is stored once under the name that its body has (`digest`), whatever releases of a source it stands in, so
//! its form stays readable for good: fields are added with a default, never renamed or removed.

mod adversary;
mod control;
mod defence;
mod rule;
mod template;

pub use adversary::AdversaryRecord;
pub use control::{ControlMappingRecord, ControlRecord, FrameworkRecord};
pub use defence::{DefenceMappingRecord, DefenceRecord};
pub use rule::{RuleClass, RuleLevel, RuleRecord};
pub use template::{ArgumentRecord, Execution, TemplateRecord};

use serde::Serialize;

/// A record of a source. Its key is unique among those of its kind in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// What a test is made from.
    Template(TemplateRecord),
    /// A detection rule.
    Rule(RuleRecord),
    /// A plan of an adversary: templates in an order.
    Adversary(AdversaryRecord),
    /// A defensive technique.
    Defence(DefenceRecord),
    /// What a defensive technique does against a technique.
    DefenceMapping(DefenceMappingRecord),
    /// A compliance framework, or another catalogue of capabilities.
    Framework(FrameworkRecord),
    /// A control of a framework.
    Control(ControlRecord),
    /// What a control does against a technique.
    ControlMapping(ControlMappingRecord),
}

macro_rules! each_kind {
    ($record:expr, $inner:ident => $value:expr) => {
        match $record {
            Record::Template($inner) => $value,
            Record::Rule($inner) => $value,
            Record::Adversary($inner) => $value,
            Record::Defence($inner) => $value,
            Record::DefenceMapping($inner) => $value,
            Record::Framework($inner) => $value,
            Record::Control($inner) => $value,
            Record::ControlMapping($inner) => $value,
        }
    };
}

impl Record {
    /// Its kind as stored.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Template(_) => "template",
            Self::Rule(_) => "rule",
            Self::Adversary(_) => "adversary",
            Self::Defence(_) => "defence",
            Self::DefenceMapping(_) => "defence_mapping",
            Self::Framework(_) => "framework",
            Self::Control(_) => "control",
            Self::ControlMapping(_) => "control_mapping",
        }
    }

    /// Its key among the records of its kind.
    pub fn key(&self) -> &str {
        each_kind!(self, record => &record.key)
    }

    /// One line for people.
    pub fn title(&self) -> &str {
        match self {
            Self::Template(record) => &record.name,
            Self::Rule(record) => &record.title,
            Self::Adversary(record) => &record.name,
            Self::Defence(record) => &record.name,
            Self::DefenceMapping(record) => &record.key,
            Self::Framework(record) => &record.name,
            Self::Control(record) => &record.title,
            Self::ControlMapping(record) => &record.key,
        }
    }

    /// The file of the source it stands in.
    pub fn path(&self) -> &str {
        each_kind!(self, record => &record.path)
    }

    /// The record as stored.
    pub(crate) fn to_json(&self) -> serde_json::Result<String> {
        fn json(record: &impl Serialize) -> serde_json::Result<String> {
            serde_json::to_string(record)
        }
        each_kind!(self, record => json(record))
    }

    /// Reads a stored record.
    ///
    /// # Errors
    /// It is none of that kind.
    pub fn read(kind: &str, body: &str) -> serde_json::Result<Self> {
        use serde::de::Error;
        use serde_json::from_str;
        Ok(match kind {
            "template" => Self::Template(from_str(body)?),
            "rule" => Self::Rule(from_str(body)?),
            "adversary" => Self::Adversary(from_str(body)?),
            "defence" => Self::Defence(from_str(body)?),
            "defence_mapping" => Self::DefenceMapping(from_str(body)?),
            "framework" => Self::Framework(from_str(body)?),
            "control" => Self::Control(from_str(body)?),
            "control_mapping" => Self::ControlMapping(from_str(body)?),
            other => {
                return Err(serde_json::Error::custom(format!("there are no records of the kind '{other}'")));
            }
        })
    }
}
