import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { actionsLike } from "./actions";

const names = (typed: string) => actionsLike(typed).map((action) => action.name);

it("finds an action by any part of its name, however its words are joined", () => {
  expect(names("sign in")[0]).toBe("sign_in");
  expect(names("votecast")).toEqual(["VoteCast"]);
  expect(names("policychanged")).toEqual(["ReviewPolicyChanged", "AccessPolicyChanged"]);
  expect(names("")).toEqual([]);
  expect(names("no such thing")).toEqual([]);
});

it("puts what begins with what was typed before what only holds it", () => {
  expect(names("evidence")).toEqual([
    "EvidenceAdded",
    "EvidenceRemoved",
    "GET /evidence/{test}/{id}",
    "confirmEvidence",
    "removeEvidence",
    "requestEvidenceUpload",
  ]);
});

it("knows every mutation of the schema", () => {
  const schema = readFileSync("../schema.graphql", "utf8");
  const fields = /^type Mutation \{(.*?)^\}/ms.exec(schema)?.[1] ?? "";
  const mutations = [...fields.matchAll(/^\t(\w+)\(/gm)].map(([, name]) => name ?? "");
  expect(mutations.length).toBeGreaterThan(50);
  for (const name of mutations) if (name !== "login") expect(names(name)).toContain(name);
});
