import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { sourceNames, sourceTitle } from "./sources";

it("names every source of the schema once", () => {
  const schema = readFileSync("../schema.graphql", "utf8");
  const body = schema.match(/^enum KnowledgeSource \{\n([\s\S]*?)^\}/m)?.[1] ?? "";
  const values = [...body.matchAll(/^\t([A-Z0-9_]+)$/gm)].map(([, value]) => value);
  expect(values.length).toBeGreaterThan(10);
  expect(sourceNames.map((each) => each.source).toSorted()).toEqual(values.toSorted());
  expect(new Set(sourceNames.map((each) => each.key)).size).toBe(values.length);
});

it("calls a source as people do, and an unknown one by its key", () => {
  expect(sourceTitle("gtfobins")).toBe("GTFOBins");
  expect(sourceTitle("custom")).toBe("Written here");
  expect(sourceTitle("another")).toBe("another");
});
