import { describe, expect, it } from "vitest";
import { countName, importInWords, mainCounts, readImport, shortVersion } from "./importResult";

const result = {
  changed: true,
  version: "18.1",
  digest: "d61c",
  took_ms: 2224,
  counts: { techniques: 1216, sub_techniques: 475, tactics: 1, actors: 172, software: 784 },
};

const inWords = (value: unknown) => {
  const read = readImport(value);
  return read && importInWords(read);
};

describe("the outcome of an import", () => {
  it("says what is in force, without the machine's figures", () => {
    expect(inWords(result)).toBe(
      "ATT&CK Enterprise 18.1 came into force: 1,216 techniques, 475 sub-techniques, 1 tactic, 172 groups and 784 software.",
    );
  });

  it("says that nothing changed", () => {
    expect(inWords({ ...result, changed: false })).toBe(
      "ATT&CK Enterprise 18.1 was in force already. Nothing was added or changed.",
    );
  });

  it("says of a preview what it would bring", () => {
    const preview = { ...result, source: "lolbas", version: "a".repeat(64), changed: false, preview: true };
    const difference = { added: 1200, changed: 2, retired: 0, unchanged: 7, first: {} };
    expect(inWords({ ...preview, difference })).toBe(
      "LOLBAS aaaaaaaaaaaa would bring 1,200 added, 2 changed and 0 retired. Nothing was put in force.",
    );
    expect(inWords({ ...preview, difference: { unchanged: 7 } })).toBe(
      "LOLBAS aaaaaaaaaaaa says what is in force already. Nothing would change.",
    );
  });

  it.each([null, "done", {}, { version: "18.1" }, { ...result, counts: null }])("leaves %j alone", (other) => {
    expect(readImport(other)).toBeNull();
  });
});

describe("what becomes of techniques", () => {
  it("is read with its chain and its successor", () => {
    const upgrade = {
      from: "17.0",
      to: "18.1",
      revoked: {
        count: 2,
        first: [
          {
            technique: { attack_id: "T1073", name: "DLL Side-Loading" },
            chain: ["T1574.002", "T1574.001"],
            successor: { attack_id: "T1574.001", name: "DLL" },
          },
          { technique: { attack_id: "T1", name: "One" }, chain: [], successor: null },
        ],
      },
      moved: { count: 1, first: [{ technique: { attack_id: "T2", name: "Two" }, from: ["impact"], to: [] }] },
      reworded: 3,
    };
    const read = readImport({ ...result, upgrade })?.upgrade;
    expect(read?.revoked.first[0]?.successor).toEqual({ attackId: "T1574.001", name: "DLL" });
    expect(read?.revoked.first[0]?.chain).toEqual(["T1574.002", "T1574.001"]);
    expect(read?.revoked.first[1]?.successor).toBeNull();
    expect(read?.moved.first[0]?.from).toEqual(["impact"]);
    expect(read?.added).toEqual({ count: 0, first: [] });
  });

  it("is said in a sentence", () => {
    const upgrade = { from: "1", to: "2", added: { count: 1, first: [] }, revoked: { count: 2, first: [] } };
    expect(inWords({ ...result, changed: false, preview: true, upgrade })).toBe(
      "ATT&CK Enterprise 18.1 would bring 1 new technique and withdraw 2. Nothing was put in force.",
    );
  });
});

describe("counts", () => {
  it("say first what says most, and leave out what only divides it", () => {
    expect(mainCounts({ "abilities without a technique": 9, abilities: 1, adversaries: 2, files: 0 })).toEqual([
      "1 ability",
      "2 adversaries",
    ]);
    expect(countName("sub_techniques")).toBe("sub-techniques");
  });
});

it("shortens a commit, and leaves a version as it is", () => {
  expect(shortVersion("0123456789abcdef0123456789abcdef01234567")).toBe("0123456789ab");
  expect(shortVersion("18.1")).toBe("18.1");
});
