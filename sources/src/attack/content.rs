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
    /// What stands around the techniques: mitigations, campaigns, detections and
    /// so on, revoked and deprecated ones included. Contents read by versions
    /// that left them out have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<ObjectRecord>,
    /// Active relationships of [`RelationKind`] between active ends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<RelationRecord>,
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
    /// STIX id of the technique that `revoked-by` names: the next step of the
    /// chain to the successor, or the first by STIX id where no chain ends in a
    /// live one. Contents read by versions that left it out have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<String>,
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

/// What kind of object stands around the techniques.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    /// STIX `course-of-action`.
    Mitigation,
    /// STIX `campaign`.
    Campaign,
    /// `x-mitre-data-source`, which ATT&CK 18 withdrew.
    DataSource,
    /// `x-mitre-data-component`.
    DataComponent,
    /// `x-mitre-detection-strategy`, since ATT&CK 18.
    DetectionStrategy,
    /// `x-mitre-analytic`, since ATT&CK 18.
    Analytic,
    /// `x-mitre-asset`, only in ICS.
    Asset,
}

/// A mitigation, campaign, data source, data component, detection strategy,
/// analytic or asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectRecord {
    /// `course-of-action--<uuid>` and so on.
    pub stix_id: String,
    /// Which of them.
    pub kind: ObjectKind,
    /// `M1013`, `C0022`, `DS0014`, `DC0084`, `DET0103`, `AN0110`, `A0008`; mitigations
    /// of the time before `M` ids have `T1174`. Empty for a data component of
    /// before ATT&CK 18, when they had none.
    pub attack_id: String,
    /// MITRE's name.
    pub name: String,
    /// MITRE's description, Markdown.
    pub description: String,
    /// Whether it still counts.
    pub lifecycle: Lifecycle,
    /// The page on attack.mitre.org.
    pub url: Option<String>,
    /// Platforms, sorted.
    pub platforms: Vec<String>,
    /// STIX ids of the records it is made of, sorted: the analytics of a
    /// strategy, the data components of an analytic, the data source of a
    /// component. They may be out of force.
    pub parts: Vec<String>,
    /// When a campaign was first seen, as RFC 3339 in UTC: `2019-09-01T04:00:00.000Z`.
    pub first_seen: Option<String>,
    /// When a campaign was last seen, in the same form.
    pub last_seen: Option<String>,
    /// What else MITRE says, a line each, in MITRE's order: `log source: <name>:
    /// <channel>`, `mutable element: <field>: <description>`, `alias: <name>`,
    /// `collection layer: <name>`, `sector: <name>`, `related asset: <name>`. At
    /// most 200 lines of 1,000 characters each, and then one that counts the others.
    pub detail: String,
}

/// What kind of relationship, and between what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// A mitigation mitigates a technique.
    Mitigates,
    /// A data component (before ATT&CK 18) or a detection strategy detects a technique.
    Detects,
    /// A campaign is attributed to a group.
    AttributedTo,
    /// A campaign uses a technique or software; other uses are [`UseRecord`]s.
    Uses,
    /// A technique targets an asset.
    Targets,
}

/// One relationship other than a [`UseRecord`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelationRecord {
    /// `relationship--<uuid>`.
    pub stix_id: String,
    /// Which.
    pub kind: RelationKind,
    /// STIX id of the first end.
    pub source: String,
    /// STIX id of the second end.
    pub target: String,
    /// How, with citations, Markdown.
    pub description: String,
}

/// Counts a person can check against the published figures of a release. Those
/// that earlier versions did not have are 0 in what they stored, as the lists
/// they count are empty there.
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
    /// Active mitigations.
    #[serde(default)]
    pub mitigations: i32,
    /// Active campaigns.
    #[serde(default)]
    pub campaigns: i32,
    /// Active data sources.
    #[serde(default)]
    pub data_sources: i32,
    /// Active data components.
    #[serde(default)]
    pub data_components: i32,
    /// Active detection strategies.
    #[serde(default)]
    pub detection_strategies: i32,
    /// Active analytics.
    #[serde(default)]
    pub analytics: i32,
    /// Active assets.
    #[serde(default)]
    pub assets: i32,
    /// Mitigations of active techniques by active mitigations.
    #[serde(default)]
    pub mitigates: i32,
    /// Detections of active techniques by active data components or strategies.
    #[serde(default)]
    pub detects: i32,
    /// Attributions of active campaigns to active groups.
    #[serde(default)]
    pub attributed_to: i32,
    /// Relationships from an active technique to an active asset that it targets.
    #[serde(default)]
    pub targets: i32,
    /// Uses from an active campaign to an active technique or active software.
    #[serde(default)]
    pub campaign_uses: i32,
}

impl AttackContent {
    /// Counts the content.
    pub fn counts(&self) -> AttackCounts {
        let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        let of = |wanted: Lifecycle| count(self.techniques.iter().filter(|t| t.lifecycle == wanted).count());
        let objects = |wanted: ObjectKind| {
            let fits = |o: &&ObjectRecord| o.kind == wanted && o.lifecycle == Lifecycle::Active;
            count(self.objects.iter().filter(fits).count())
        };
        let relations =
            |wanted: RelationKind| count(self.relations.iter().filter(|r| r.kind == wanted).count());
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
            mitigations: objects(ObjectKind::Mitigation),
            campaigns: objects(ObjectKind::Campaign),
            data_sources: objects(ObjectKind::DataSource),
            data_components: objects(ObjectKind::DataComponent),
            detection_strategies: objects(ObjectKind::DetectionStrategy),
            analytics: objects(ObjectKind::Analytic),
            assets: objects(ObjectKind::Asset),
            mitigates: relations(RelationKind::Mitigates),
            detects: relations(RelationKind::Detects),
            attributed_to: relations(RelationKind::AttributedTo),
            targets: relations(RelationKind::Targets),
            campaign_uses: relations(RelationKind::Uses),
        }
    }
}
