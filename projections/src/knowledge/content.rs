//! What one release of a knowledge source says, in Aegis's own terms.
//!
//! A parser (`workers::import`) turns a source's bytes into this; the store
//! keeps it immutably under its digest; an event makes it visible. Nothing
//! here reads or writes anything.

use serde::{Deserialize, Serialize};

/// One release of an ATT&CK domain. Lists are sorted by `stix_id` (tactics by
/// `ordinal`), so that equal content always serialises to equal bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AttackContent {
    /// `enterprise-attack`, `mobile-attack` or `ics-attack`, as MITRE names domains.
    pub domain: String,
    /// `18.1`; `starter` for the built-in subset.
    pub version: String,
    /// Tactics in the column order of the matrix object.
    pub tactics: Vec<TacticRecord>,
    /// Techniques and sub-techniques, revoked and deprecated ones included.
    pub techniques: Vec<TechniqueRecord>,
    /// Groups (STIX intrusion sets).
    pub actors: Vec<ActorRecord>,
    /// Malware and tools.
    pub software: Vec<SoftwareRecord>,
    /// Active `uses` relationships between active ends of the kinds above.
    pub uses: Vec<UseRecord>,
}

/// A tactic: one column of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TacticRecord {
    /// `x-mitre-tactic--<uuid>`.
    pub stix_id: String,
    /// `TA0001`.
    pub attack_id: String,
    /// `initial-access`, the word kill-chain phases use.
    pub short_name: String,
    /// `Initial Access`.
    pub name: String,
    /// MITRE's description, Markdown.
    pub description: String,
    /// Column in the matrix, from 0.
    pub ordinal: i32,
}

/// Whether a record still counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lifecycle {
    /// In force.
    Active,
    /// Replaced; `revoked` in STIX.
    Revoked,
    /// Withdrawn without replacement; `x_mitre_deprecated` in STIX.
    Deprecated,
}

/// A technique or sub-technique.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TechniqueRecord {
    /// `attack-pattern--<uuid>`: the identity, stable across releases.
    pub stix_id: String,
    /// `T1059` or `T1059.001`.
    pub attack_id: String,
    /// MITRE's name.
    pub name: String,
    /// MITRE's description, Markdown.
    pub description: String,
    /// Whether this is a sub-technique.
    pub is_subtechnique: bool,
    /// STIX id of the parent technique of an active sub-technique.
    pub parent: Option<String>,
    /// Short names of the tactics, sorted.
    pub tactics: Vec<String>,
    /// `Windows`, `Linux`, ... as MITRE writes them, sorted.
    pub platforms: Vec<String>,
    /// Whether it still counts.
    pub lifecycle: Lifecycle,
    /// STIX id of the live technique at the end of the `revoked-by` chain.
    pub successor: Option<String>,
    /// The page on attack.mitre.org.
    pub url: Option<String>,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorRecord {
    /// `intrusion-set--<uuid>`.
    pub stix_id: String,
    /// `G0007`.
    pub attack_id: String,
    /// MITRE's name.
    pub name: String,
    /// Other names, without the name itself, in source order.
    pub aliases: Vec<String>,
    /// MITRE's description, Markdown.
    pub description: String,
    /// Whether it still counts.
    pub lifecycle: Lifecycle,
    /// The page on attack.mitre.org.
    pub url: Option<String>,
}

/// What kind of software.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SoftwareKind {
    /// STIX `malware`.
    Malware,
    /// STIX `tool`.
    Tool,
}

/// Malware or a tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoftwareRecord {
    /// `malware--<uuid>` or `tool--<uuid>`.
    pub stix_id: String,
    /// `S0002`.
    pub attack_id: String,
    /// MITRE's name.
    pub name: String,
    /// Malware or tool.
    pub kind: SoftwareKind,
    /// Other names, without the name itself.
    pub aliases: Vec<String>,
    /// Platforms, sorted.
    pub platforms: Vec<String>,
    /// MITRE's description, Markdown.
    pub description: String,
    /// Whether it still counts.
    pub lifecycle: Lifecycle,
    /// The page on attack.mitre.org.
    pub url: Option<String>,
}

/// One `uses` relationship: group or software uses technique, group uses software.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UseRecord {
    /// `relationship--<uuid>`.
    pub stix_id: String,
    /// STIX id of the user.
    pub source: String,
    /// STIX id of what is used.
    pub target: String,
    /// How, with citations, Markdown.
    pub description: String,
}

/// Counts a person can check against the published figures of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AttackCounts {
    /// Active techniques without sub-techniques.
    pub techniques: i32,
    /// Active sub-techniques.
    pub sub_techniques: i32,
    /// Tactics.
    pub tactics: i32,
    /// Technique-tactic pairs of active techniques and sub-techniques.
    pub cells: i32,
    /// Revoked techniques of both kinds.
    pub revoked: i32,
    /// Deprecated techniques of both kinds.
    pub deprecated: i32,
    /// Active groups.
    pub actors: i32,
    /// Active malware and tools.
    pub software: i32,
    /// Uses from an active group to an active technique.
    pub actor_technique_uses: i32,
}

impl AttackContent {
    /// Counts the content.
    pub fn counts(&self) -> AttackCounts {
        let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        let of = |wanted: Lifecycle| count(self.techniques.iter().filter(|t| t.lifecycle == wanted).count());
        let active = || self.techniques.iter().filter(|t| t.lifecycle == Lifecycle::Active);
        AttackCounts {
            techniques: count(active().filter(|t| !t.is_subtechnique).count()),
            sub_techniques: count(active().filter(|t| t.is_subtechnique).count()),
            tactics: count(self.tactics.len()),
            cells: count(active().map(|t| t.tactics.len()).sum()),
            revoked: of(Lifecycle::Revoked),
            deprecated: of(Lifecycle::Deprecated),
            actors: count(self.actors.iter().filter(|a| a.lifecycle == Lifecycle::Active).count()),
            software: count(self.software.iter().filter(|s| s.lifecycle == Lifecycle::Active).count()),
            actor_technique_uses: count(
                self.uses
                    .iter()
                    .filter(|u| {
                        u.source.starts_with("intrusion-set--") && u.target.starts_with("attack-pattern--")
                    })
                    .count(),
            ),
        }
    }
}
