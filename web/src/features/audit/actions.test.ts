import { expect, it } from "vitest";
import { actionsLike } from "./actions";

const names = (typed: string) => actionsLike(typed).map((action) => action.name);

it("finds an action by any part of its name, however its words are joined", () => {
  expect(names("sign in")[0]).toBe("sign_in");
  expect(names("votecast")).toEqual(["VoteCast"]);
  expect(names("policy")).toEqual(["ReviewPolicyChanged", "AccessPolicyChanged"]);
  expect(names("")).toEqual([]);
  expect(names("castVote")).toEqual([]);
});

it("puts what begins with what was typed before what only holds it", () => {
  expect(names("evidence")).toEqual(["EvidenceAdded", "EvidenceRemoved", "GET /evidence/{test}/{id}"]);
});
