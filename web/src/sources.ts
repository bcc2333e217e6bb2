/** The knowledge sources by name, for pages that may not ask the server about them. Pure. */
import type { KnowledgeSource } from "@/gql/graphql";

export interface SourceName {
  source: KnowledgeSource;
  /** In addresses of pages, and where the server names a source by a text. */
  key: string;
  title: string;
}

export interface SourceGroup {
  title: string;
  /** What these are for. */
  purpose: string;
  sources: readonly SourceName[];
}

const named = (source: KnowledgeSource, key: string, title: string): SourceName => ({ source, key, title });

/** All of them, in the order in which they build on each other. */
export const sourceGroups: readonly SourceGroup[] = [
  {
    title: "ATT&CK",
    purpose: "What techniques there are",
    sources: [
      named("ATTACK_ENTERPRISE", "enterprise-attack", "ATT&CK Enterprise"),
      named("ATTACK_MOBILE", "mobile-attack", "ATT&CK Mobile"),
      named("ATTACK_ICS", "ics-attack", "ATT&CK ICS"),
    ],
  },
  {
    title: "Templates of tests",
    purpose: "Procedures for the test catalogue",
    sources: [
      named("ATOMIC_RED_TEAM", "atomic-red-team", "Atomic Red Team"),
      named("CALDERA_STOCKPILE", "caldera-stockpile", "CALDERA stockpile"),
      named("EMULATION_LIBRARY", "emulation-library", "Adversary Emulation Library"),
      named("LOLBAS", "lolbas", "LOLBAS"),
      named("GTFOBINS", "gtfobins", "GTFOBins"),
    ],
  },
  {
    title: "Detection rules",
    purpose: "What would see an attack",
    sources: [named("SIGMA", "sigma", "SigmaHQ"), named("ELASTIC", "elastic", "Elastic detection rules")],
  },
  {
    title: "Defences",
    purpose: "What counters a technique",
    sources: [named("D_3FEND", "d3fend", "D3FEND")],
  },
  {
    title: "Frameworks",
    purpose: "Controls, and the techniques they stand against",
    sources: [
      named("NIST_800_53", "nist-800-53", "NIST SP 800-53"),
      named("MAPPINGS_EXPLORER", "mappings-explorer", "Mappings Explorer"),
      named("CONTROL_MAPPINGS", "control-mappings", "NIST SP 800-53 mappings (STIX)"),
      named("CIS_CONTROLS", "cis-controls", "CIS Controls"),
    ],
  },
];

export const sourceNames: readonly SourceName[] = sourceGroups.flatMap((group) => group.sources);

/** What people call the source of that key; templates written here are of the source `custom`. */
export function sourceTitle(key: string): string {
  if (key === "custom") return "Written here";
  return sourceNames.find((each) => each.key === key)?.title ?? key;
}
