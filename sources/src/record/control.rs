//! Compliance frameworks and their controls.

use serde::{Deserialize, Serialize};

/// A framework, or another catalogue of capabilities that was mapped to ATT&CK.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FrameworkRecord {
    /// Its id with its version: `nist_800_53/rev5`, `cis_controls/8`.
    pub key: String,
    /// The file it stands in.
    pub path: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it is.
    pub description: String,
    /// Where it is published.
    pub url: Option<String>,
    /// The version of ATT&CK its mappings were made for, where there are any.
    pub attack_version: Option<String>,
    /// The domain of ATT&CK they are for: `enterprise-attack`.
    pub domain: Option<String>,
}

/// A control of a framework.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ControlRecord {
    /// `nist_800_53/rev5/AC-2`: the key of the framework, then the id of the control.
    pub key: String,
    /// The file it stands in.
    pub path: String,
    /// The key of its framework.
    pub framework: String,
    /// Its id as the framework writes it, without padding: `AC-2`, `AC-2(1)`, `4.10`.
    pub control_id: String,
    /// Its place in the order of the framework, from 0.
    pub ordinal: u32,
    /// The id of the control it belongs to.
    pub parent: Option<String>,
    /// One line.
    pub title: String,
    /// The family or group it stands in.
    pub category: String,
    /// What it asks for.
    pub description: String,
    /// Whether its framework has withdrawn it.
    pub withdrawn: bool,
    /// The baselines or implementation groups it is in: `LOW`, `IG1`; sorted.
    pub baselines: Vec<String>,
}

/// What a control does against a technique: one pair of ids.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ControlMappingRecord {
    /// The key of the control, then the technique, then the version of ATT&CK: `nist_800_53/rev5/AC-2/T1003@16.1`.
    pub key: String,
    /// The file it stands in.
    pub path: String,
    /// The key of the framework.
    pub framework: String,
    /// The id of the control, without padding.
    pub control_id: String,
    /// The technique; empty where only its STIX id is known.
    pub attack_id: String,
    /// The STIX id of the technique, where the source names it by that alone: `attack-pattern--...`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub technique_stix_id: Option<String>,
    /// The version of ATT&CK it was made for.
    pub attack_version: String,
    /// What the control does: `mitigates`, `protects`, `technique_score`, ... as written; sorted, where a pair has several.
    pub kinds: Vec<String>,
    /// How well, where it says: `partial`, `significant`, ...; sorted.
    pub scores: Vec<String>,
    /// What its author adds.
    pub comments: String,
    /// Where more is written.
    pub references: Vec<String>,
}
