//! The sources that Aegis knows.

use super::SourceSettings;
use serde::{Deserialize, Serialize};

/// A source whose content Aegis can take in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KnowledgeSource {
    /// MITRE ATT&CK Enterprise, as a STIX bundle.
    AttackEnterprise,
    /// MITRE ATT&CK Mobile, as a STIX bundle.
    AttackMobile,
    /// MITRE ATT&CK ICS, as a STIX bundle.
    AttackIcs,
    /// Atomic Red Team: tests of single techniques.
    AtomicRedTeam,
    /// The abilities and adversaries of CALDERA.
    CalderaStockpile,
    /// The adversary emulation plans of the Center for Threat-Informed Defense.
    EmulationLibrary,
    /// LOLBAS: what programs of Windows can be used for.
    Lolbas,
    /// GTFOBins: what programs of Unix can be used for.
    Gtfobins,
    /// The detection rules of SigmaHQ.
    Sigma,
    /// The detection rules of Elastic.
    Elastic,
    /// MITRE D3FEND: defensive techniques.
    D3fend,
    /// NIST SP 800-53, its catalogue and baselines in OSCAL.
    Nist80053,
    /// Mappings of many frameworks to ATT&CK: Mappings Explorer.
    MappingsExplorer,
    /// The older mappings of NIST SP 800-53 to ATT&CK, in STIX.
    ControlMappings,
    /// CIS Controls v8 with their mapping to ATT&CK, as a spreadsheet.
    CisControls,
}

impl KnowledgeSource {
    /// Every source, in the order in which they build on each other.
    pub const ALL: [Self; 15] = [
        Self::AttackEnterprise,
        Self::AttackMobile,
        Self::AttackIcs,
        Self::AtomicRedTeam,
        Self::CalderaStockpile,
        Self::EmulationLibrary,
        Self::Lolbas,
        Self::Gtfobins,
        Self::Sigma,
        Self::Elastic,
        Self::D3fend,
        Self::Nist80053,
        Self::MappingsExplorer,
        Self::ControlMappings,
        Self::CisControls,
    ];

    /// The id of the aggregate that keeps its releases, its name in the database and on the command line. Those of
    /// ATT&CK are the names that MITRE gives its domains.
    pub fn aggregate_id(self) -> &'static str {
        match self {
            Self::AttackEnterprise => "enterprise-attack",
            Self::AttackMobile => "mobile-attack",
            Self::AttackIcs => "ics-attack",
            Self::AtomicRedTeam => "atomic-red-team",
            Self::CalderaStockpile => "caldera-stockpile",
            Self::EmulationLibrary => "emulation-library",
            Self::Lolbas => "lolbas",
            Self::Gtfobins => "gtfobins",
            Self::Sigma => "sigma",
            Self::Elastic => "elastic",
            Self::D3fend => "d3fend",
            Self::Nist80053 => "nist-800-53",
            Self::MappingsExplorer => "mappings-explorer",
            Self::ControlMappings => "control-mappings",
            Self::CisControls => "cis-controls",
        }
    }

    /// The source of that id.
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.aggregate_id() == id)
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::AttackEnterprise => "ATT&CK Enterprise",
            Self::AttackMobile => "ATT&CK Mobile",
            Self::AttackIcs => "ATT&CK ICS",
            Self::AtomicRedTeam => "Atomic Red Team",
            Self::CalderaStockpile => "CALDERA stockpile",
            Self::EmulationLibrary => "Adversary Emulation Library",
            Self::Lolbas => "LOLBAS",
            Self::Gtfobins => "GTFOBins",
            Self::Sigma => "SigmaHQ",
            Self::Elastic => "Elastic detection rules",
            Self::D3fend => "D3FEND",
            Self::Nist80053 => "NIST SP 800-53",
            Self::MappingsExplorer => "Mappings Explorer",
            Self::ControlMappings => "NIST SP 800-53 mappings (STIX)",
            Self::CisControls => "CIS Controls",
        }
    }

    /// Whether it is a domain of ATT&CK: what techniques there are.
    pub fn is_attack(self) -> bool {
        matches!(self, Self::AttackEnterprise | Self::AttackMobile | Self::AttackIcs)
    }

    /// Where it is found as long as nobody says otherwise, and when it is fetched. ATT&CK comes by TAXII 2.1, with the
    /// file of its repository as a fallback. What its licence keeps to who has accepted it has no address.
    pub fn settings(self) -> SourceSettings {
        const TAXII: &str = "https://attack-taxii.mitre.org/api/v21/collections";
        const ATTACK: &str = "https://raw.githubusercontent.com/mitre-attack/attack-stix-data/master";
        let archive = |repository: &str, branch: &str| {
            vec![format!("https://codeload.github.com/{repository}/zip/refs/heads/{branch}")]
        };
        // The ids of the collections are those of MITRE's own server.
        let attack = |collection: &str| {
            let domain = self.aggregate_id();
            vec![format!("{TAXII}/{collection}/objects/"), format!("{ATTACK}/{domain}/{domain}.json")]
        };
        let addresses = match self {
            Self::AttackEnterprise => attack("x-mitre-collection--1f5f1533-f617-4ca8-9ab4-6a02367fa019"),
            Self::AttackMobile => attack("x-mitre-collection--dac0d2d7-8653-445c-9bff-82f934c1e858"),
            Self::AttackIcs => attack("x-mitre-collection--90c00720-636b-4485-b342-8751d232bf09"),
            Self::AtomicRedTeam => archive("redcanaryco/atomic-red-team", "master"),
            Self::CalderaStockpile => archive("mitre/stockpile", "master"),
            Self::EmulationLibrary => {
                archive("center-for-threat-informed-defense/adversary_emulation_library", "master")
            }
            Self::Lolbas => archive("LOLBAS-Project/LOLBAS", "master"),
            Self::Gtfobins => archive("GTFOBins/GTFOBins.github.io", "master"),
            Self::Sigma => archive("SigmaHQ/sigma", "master"),
            Self::Elastic => archive("elastic/detection-rules", "main"),
            Self::D3fend => {
                vec!["https://d3fend.mitre.org/api/ontology/inference/d3fend-full-mappings.csv".to_owned()]
            }
            Self::Nist80053 => archive("usnistgov/oscal-content", "main"),
            Self::MappingsExplorer => archive("center-for-threat-informed-defense/mappings-explorer", "main"),
            Self::ControlMappings => {
                archive("center-for-threat-informed-defense/attack-control-framework-mappings", "main")
            }
            Self::CisControls => vec![],
        };
        let every_hours = if self.is_attack() { 24 } else { 0 };
        SourceSettings { addresses, every_hours, enabled: true }
    }
}
