/** A small ATT&CK bundle in our own words, for machines without the real one. */

const id = (type, number) => `${type}--00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

const tactics = [
  ["execution", "Execution", "TA0002"],
  ["persistence", "Persistence", "TA0003"],
  ["impact", "Impact", "TA0040"],
];

const techniques = [
  ["T1059", "Command and Scripting Interpreter", ["execution"]],
  ["T1059.001", "PowerShell", ["execution"]],
  ["T1059.003", "Windows Command Shell", ["execution"]],
  ["T1053", "Scheduled Task/Job", ["execution", "persistence"]],
  ["T1136", "Create Account", ["persistence"]],
  ["T1485", "Data Destruction", ["impact"]],
  ["T1490", "Inhibit System Recovery", ["impact"]],
];

function object(type, number, name, attackId, more) {
  return {
    type,
    id: id(type, number),
    spec_version: "2.1",
    name,
    description: `${name}, as the story tells it.`,
    x_mitre_domains: ["enterprise-attack"],
    external_references: [
      { source_name: "mitre-attack", external_id: attackId, url: `https://attack.mitre.org/${attackId}` },
    ],
    ...more,
  };
}

export const smallBundle = {
  techniques: techniques.length,
  json() {
    const number = new Map(techniques.map(([attackId], index) => [attackId, index + 1]));
    const objects = [
      { type: "x-mitre-collection", id: id("x-mitre-collection", 1), name: "Enterprise ATT&CK", x_mitre_version: "99.1" },
      {
        type: "x-mitre-matrix",
        id: id("x-mitre-matrix", 1),
        name: "Enterprise ATT&CK",
        external_references: [{ source_name: "mitre-attack", external_id: "enterprise-attack" }],
        tactic_refs: tactics.map((_, index) => id("x-mitre-tactic", index + 1)),
      },
      ...tactics.map(([shortName, name, attackId], index) =>
        object("x-mitre-tactic", index + 1, name, attackId, { x_mitre_shortname: shortName }),
      ),
      ...techniques.map(([attackId, name, phases]) =>
        object("attack-pattern", number.get(attackId), name, attackId, {
          x_mitre_platforms: ["Linux", "Windows"],
          x_mitre_is_subtechnique: attackId.includes("."),
          kill_chain_phases: phases.map((phase) => ({ kill_chain_name: "mitre-attack", phase_name: phase })),
        }),
      ),
      ...techniques
        .filter(([attackId]) => attackId.includes("."))
        .map(([attackId], index) => ({
          type: "relationship",
          id: id("relationship", index + 1),
          relationship_type: "subtechnique-of",
          source_ref: id("attack-pattern", number.get(attackId)),
          target_ref: id("attack-pattern", number.get(attackId.split(".")[0])),
        })),
    ];
    return JSON.stringify({ type: "bundle", id: id("bundle", 1), objects });
  },
};
