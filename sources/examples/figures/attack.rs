//! The bundles of ATT&CK.

use super::folder::Folder;
use super::report::{Report, StaysOut};
use aegis_sources::archive;
use aegis_sources::attack::changes::changes;
use aegis_sources::attack::content::{AttackContent, Lifecycle, SoftwareKind};
use aegis_sources::attack::{self, version_in_file_name};
use aegis_sources::{Control, Files};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

const OBJECTS: [&str; 19] = [
    "objects",
    "techniques",
    "sub-techniques",
    "all techniques",
    "revoked",
    "deprecated",
    "tactics",
    "groups",
    "malware",
    "tools",
    "campaigns",
    "mitigations",
    "data sources",
    "data components",
    "detection strategies",
    "analytics",
    "cells",
    "in several tactics",
    "uses of techniques by groups",
];
const RELATIONS: [&str; 8] = [
    "relationships",
    "uses",
    "mitigates",
    "detects",
    "subtechnique-of",
    "revoked-by",
    "attributed-to",
    "targets",
];

/// A bundle, its figures in the order of [`OBJECTS`] and of [`RELATIONS`].
type Expected = (&'static str, [u64; 19], [u64; 8]);

const BUNDLES: [Expected; 10] = [
    (
        "enterprise-attack-18.1.json.zst",
        [24_772, 216, 475, 835, 132, 12, 14, 172, 693, 91, 52, 44, 0, 106, 691, 1_739, 887, 154, 4_362],
        [20_048, 17_270, 1_445, 691, 477, 140, 25, 0],
    ),
    (
        "enterprise-attack-18.1.stix20.json.zst",
        [24_771, 216, 475, 835, 132, 12, 14, 172, 693, 91, 52, 44, 0, 106, 691, 1_739, 887, 154, 4_362],
        [20_048, 17_270, 1_445, 691, 477, 140, 25, 0],
    ),
    (
        "enterprise-attack-16.1.json.zst",
        [21_316, 203, 453, 799, 131, 12, 14, 159, 622, 88, 34, 44, 37, 106, 0, 0, 852, 153, 3_769],
        [19_163, 15_133, 1_372, 2_049, 454, 139, 16, 0],
    ),
    (
        "enterprise-attack-15.1.stix20.json.zst",
        [19_981, 202, 435, 780, 131, 12, 14, 148, 592, 85, 28, 43, 37, 106, 0, 0, 830, 150, 3_387],
        [17_899, 14_030, 1_295, 1_987, 436, 139, 12, 0],
    ),
    (
        "enterprise-attack-14.1.json.zst",
        [19_232, 201, 424, 768, 131, 12, 14, 141, 563, 85, 23, 43, 37, 106, 0, 0, 812, 146, 3_232],
        [17_202, 13_446, 1_238, 1_946, 425, 139, 8, 0],
    ),
    (
        "enterprise-attack-6.3.stix20.json.zst",
        [7_029, 266, 0, 266, 0, 0, 12, 94, 306, 58, 0, 41, 0, 0, 0, 0, 343, 68, 1_319],
        [6_005, 5_305, 697, 0, 0, 3, 0, 0],
    ),
    (
        "mobile-attack-18.1.json.zst",
        [2_536, 77, 47, 190, 53, 13, 12, 17, 120, 2, 3, 13, 0, 17, 124, 211, 144, 19, 31],
        [1_811, 1_420, 167, 124, 47, 52, 1, 0],
    ),
    (
        "mobile-attack-14.1.json.zst",
        [2_187, 72, 42, 182, 53, 15, 12, 8, 106, 2, 1, 12, 6, 15, 0, 0, 132, 17, 18],
        [1_832, 1_209, 366, 161, 42, 54, 0, 0],
    ),
    (
        "ics-attack-18.1.json.zst",
        [1_826, 83, 0, 95, 0, 12, 12, 14, 23, 0, 7, 52, 0, 36, 83, 82, 94, 11, 20],
        [1_373, 267, 331, 83, 0, 2, 5, 685],
    ),
    (
        "ics-attack-14.1.json.zst",
        [1_794, 81, 0, 93, 0, 12, 12, 14, 21, 0, 3, 85, 17, 36, 0, 0, 92, 11, 22],
        [1_485, 318, 394, 276, 0, 2, 2, 493],
    ),
];

/// From, to; added, revoked, deprecated, renamed, in other tactics.
const CHANGES: [(&str, &str, [u32; 5]); 5] = [
    ("enterprise-attack-14.1.json.zst", "enterprise-attack-16.1.json.zst", [31, 0, 0, 4, 0]),
    ("enterprise-attack-15.1.stix20.json.zst", "enterprise-attack-16.1.json.zst", [19, 0, 0, 1, 0]),
    ("enterprise-attack-16.1.json.zst", "enterprise-attack-18.1.json.zst", [36, 1, 0, 7, 1]),
    ("enterprise-attack-14.1.json.zst", "enterprise-attack-18.1.json.zst", [67, 1, 0, 11, 1]),
    ("enterprise-attack-6.3.stix20.json.zst", "enterprise-attack-18.1.json.zst", [565, 129, 11, 27, 11]),
];

/// The releases by the names of their files.
pub struct Releases(BTreeMap<&'static str, AttackContent>);

impl Releases {
    /// Ids of the techniques in force in a release.
    pub fn in_force(&self, file: &str) -> BTreeSet<String> {
        let techniques = self.0.get(file).map(|content| content.techniques.as_slice()).unwrap_or_default();
        let active = techniques.iter().filter(|technique| technique.lifecycle == Lifecycle::Active);
        active.map(|technique| technique.attack_id.clone()).collect()
    }
}

/// Reads all bundles, and what else MITRE has beside them.
pub fn measure(folder: &Folder, report: &mut Report) -> Result<Releases, String> {
    let mut releases = BTreeMap::new();
    for (file, objects, relations) in BUNDLES {
        releases.insert(file, bundle(folder, report, file, objects, relations)?);
    }
    let (newer, older) = ("enterprise-attack-18.1.json.zst", "enterprise-attack-18.1.stix20.json.zst");
    let digests = [newer, older].map(|file| attack::digest(&releases[file]));
    let same = u64::from(digests[0] == digests[1]);
    report.row(
        older,
        &[("the same content as in STIX 2.1", 1, same)],
        &[],
        "1 for yes: both have one digest",
    );
    for (from, to, expected) in CHANGES {
        let found = changes(&releases[from], &releases[to]);
        let counts = [
            ("added", found.added.count),
            ("revoked", found.revoked.count),
            ("deprecated", found.deprecated.count),
            ("renamed", found.renamed.count),
            ("in other tactics", found.moved.count),
        ];
        let both = counts.into_iter().zip(expected);
        let mut figures: Vec<(&str, u64, u64)> =
            both.map(|((what, found), expected)| (what, u64::from(expected), u64::from(found))).collect();
        figures.push(("gone without a word", 0, u64::from(found.gone.count)));
        let note = format!("{} to {}", found.from, found.to);
        report.row(to, &figures, &[], &note);
    }
    collection(folder, report)?;
    Ok(Releases(releases))
}

fn bundle(
    folder: &Folder,
    report: &mut Report,
    file: &'static str,
    objects: [u64; 19],
    relations: [u64; 8],
) -> Result<AttackContent, String> {
    let bytes = archive::unpack(&folder.bytes(file)?, file).map_err(|error| format!("{file}: {error}"))?;
    let mut seen = 0;
    let parsed = attack::parse(&bytes, version_in_file_name(file), &mut |_, total| {
        seen = total;
        Control::Continue
    });
    let parsed = parsed.map_err(|error| format!("{file}: {error}"))?;
    let content = parsed.content;
    let found = counted(&content, seen);
    let figures: Vec<_> =
        OBJECTS.iter().zip(objects.into_iter().zip(found)).map(|(what, (e, f))| (*what, e, f)).collect();
    report.row(file, &figures, &[], "");
    let refused: Vec<String> = parsed.rejects.kept.iter().map(|reject| reject.record.clone()).collect();
    report_relations(report, file, &bytes, &content, relations, &refused)?;
    Ok(content)
}

fn counted(content: &AttackContent, objects: u64) -> [u64; 19] {
    let c = content.counts();
    let software = |kind: SoftwareKind| {
        let active = content.software.iter().filter(|it| it.lifecycle == Lifecycle::Active);
        active.filter(|it| it.kind == kind).count() as u64
    };
    let several =
        |it: &&attack::content::TechniqueRecord| it.lifecycle == Lifecycle::Active && it.tactics.len() > 1;
    let n = |count: i32| u64::try_from(count).unwrap_or(0);
    [
        objects,
        n(c.techniques),
        n(c.sub_techniques),
        content.techniques.len() as u64,
        n(c.revoked),
        n(c.deprecated),
        n(c.tactics),
        n(c.actors),
        software(SoftwareKind::Malware),
        software(SoftwareKind::Tool),
        n(c.campaigns),
        n(c.mitigations),
        n(c.data_sources),
        n(c.data_components),
        n(c.detection_strategies),
        n(c.analytics),
        n(c.cells),
        content.techniques.iter().filter(several).count() as u64,
        n(c.actor_technique_uses),
    ]
}

#[derive(Deserialize)]
struct Bundle {
    objects: Vec<Object>,
}

/// What is looked at of an object to tell why a relationship stays out, without the reader.
#[derive(Deserialize)]
struct Object {
    id: String,
    #[serde(default)]
    revoked: bool,
    #[serde(default)]
    x_mitre_deprecated: bool,
    #[serde(default)]
    relationship_type: String,
    #[serde(default)]
    source_ref: String,
    #[serde(default)]
    target_ref: String,
}

/// The description counts every relationship, and the reader keeps those in force between records in force. Each that it
/// leaves out is looked up in the bundle.
fn report_relations(
    report: &mut Report,
    file: &'static str,
    bytes: &[u8],
    content: &AttackContent,
    expected: [u64; 8],
    refused: &[String],
) -> Result<(), String> {
    let bundle: Bundle = serde_json::from_slice(bytes).map_err(|error| format!("{file}: {error}"))?;
    let withdrawn: HashMap<&str, bool> =
        bundle.objects.iter().map(|it| (it.id.as_str(), it.revoked || it.x_mitre_deprecated)).collect();
    let mut taken: HashSet<(&str, &str)> = HashSet::new();
    for technique in &content.techniques {
        taken.extend(technique.parent.as_deref().map(|to| (technique.stix_id.as_str(), to)));
        taken.extend(technique.replaced_by.as_deref().map(|to| (technique.stix_id.as_str(), to)));
    }
    let kept: HashSet<&str> = content.uses.iter().map(|it| it.stix_id.as_str()).collect();
    let kept: HashSet<&str> =
        kept.into_iter().chain(content.relations.iter().map(|it| it.stix_id.as_str())).collect();
    let mut found: BTreeMap<&str, u64> = BTreeMap::new();
    let mut out: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    let mut dangling = vec![];
    for it in bundle.objects.iter().filter(|it| it.id.starts_with("relationship--")) {
        let kind = RELATIONS.iter().find(|kind| **kind == it.relationship_type).copied().unwrap_or("others");
        let by_ends = matches!(kind, "subtechnique-of" | "revoked-by");
        let ends = (it.source_ref.as_str(), it.target_ref.as_str());
        if if by_ends { taken.contains(&ends) } else { kept.contains(it.id.as_str()) } {
            *found.entry(kind).or_default() += 1;
            continue;
        }
        let states = [ends.0, ends.1].map(|end| withdrawn.get(end).copied());
        let why = if it.revoked || it.x_mitre_deprecated {
            "withdrawn itself"
        } else if states.contains(&None) {
            if !refused.contains(&it.id) {
                report.differ(format!("{file}: {} has an end that is not there, and is not refused", it.id));
            }
            dangling.push(it.id.as_str());
            "an end is not in the bundle: refused, and said so"
        } else if kind == "revoked-by" && !ends.0.starts_with("attack-pattern--") {
            "of a group, software or mitigation: only techniques have successors"
        } else if !by_ends && states.contains(&Some(true)) {
            "an end is withdrawn"
        } else {
            report.differ(format!("{file}: {} stays out, and nothing says why", it.id));
            continue;
        };
        out.entry((kind, why)).or_default().push(it.id.clone());
    }
    for id in refused.iter().filter(|id| !dangling.contains(&id.as_str())) {
        report.differ(format!("{file}: {id} is refused, and nothing says why"));
    }
    let (mut figures, mut explained) = (vec![], vec![]);
    for (what, expected) in RELATIONS.into_iter().zip(expected) {
        let all = what == "relationships";
        let got = found.iter().filter(|(kind, _)| all || **kind == what).map(|(_, count)| *count).sum();
        let left = out.iter().filter(|((kind, _), _)| all || *kind == what);
        let left = left.map(|(_, ids)| ids.len() as u64).sum::<u64>();
        figures.push((what, expected, got));
        if got + left == expected {
            explained.push((what, got));
        }
    }
    let note = if out.is_empty() { "" } else { "the others are below" };
    report.row(file, &figures, &explained, note);
    for ((kind, why), ids) in out {
        report.stays_out(StaysOut { file: file.to_owned(), why: format!("{kind}: {why}"), ids });
    }
    Ok(())
}

/// The collection's description of itself: no release, and taken for none.
fn collection(folder: &Folder, report: &mut Report) -> Result<(), String> {
    let file = "attack-stix-data.zip";
    let Files { files, .. } = folder.files(file, |_| true)?;
    let json = files.iter().filter(|file| file.path.ends_with(".json"));
    let taken =
        json.filter(|file| attack::parse(&file.bytes, Some("18.1"), &mut super::folder::quiet).is_ok());
    let figures = [("files", 6, files.len() as u64), ("releases in it", 0, taken.count() as u64)];
    let note = "licence, change log, index of the collection and a sample of a format: no bundle, so it is refused as \
        one and nothing is taken in";
    report.row(file, &figures, &[], note);
    Ok(())
}
