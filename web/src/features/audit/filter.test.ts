import { describe, expect, it } from "vitest";
import { exportAddress, filterOf, isFiltered, whenWords } from "./filter";

const search = {
  person: "VXNlcjox",
  kind: "test",
  thing: "VGVzdDox",
  action: "GET /evidence/{test}/{id}",
  outcome: "refused",
  from: "2026-11-01T00:00:00Z",
  to: "2026-11-02T00:00:00+01:00",
};

describe("the filter of the audit log", () => {
  it("asks for what the address says", () => {
    expect(filterOf(search)).toEqual({
      account: "VXNlcjox",
      entityType: "test",
      entityId: "VGVzdDox",
      action: "GET /evidence/{test}/{id}",
      outcome: "REFUSED",
      from: "2026-11-01T00:00:00Z",
      to: "2026-11-02T00:00:00+01:00",
    });
  });

  it("leaves out what does not read", () => {
    expect(filterOf({ outcome: "maybe", from: "yesterday", to: "" })).toEqual({});
    expect(isFiltered({ outcome: "maybe" })).toBe(false);
    expect(isFiltered({ outcome: "allowed" })).toBe(true);
  });

  it("goes along into a file, written as the route wants it", () => {
    const address = new URL(exportAddress("json", search), "http://localhost");
    expect(address.pathname).toBe("/audit/export");
    expect(Object.fromEntries(address.searchParams)).toEqual({
      format: "json",
      account: "VXNlcjox",
      entityType: "test",
      entityId: "VGVzdDox",
      action: "GET /evidence/{test}/{id}",
      outcome: "refused",
      from: "2026-11-01T00:00:00Z",
      to: "2026-11-02T00:00:00+01:00",
    });
    expect(exportAddress("csv", {})).toBe("/audit/export?format=csv");
  });

  it("says which part of time is asked for", () => {
    expect(whenWords({})).toBe("Any time");
    expect(whenWords({ from: search.from })).toMatch(/^Since \d/);
    expect(whenWords({ to: search.to })).toMatch(/^Before \d/);
    expect(whenWords({ from: search.from, to: search.to })).toMatch(/^\d.* to \d/);
    expect(whenWords({ from: "yesterday" })).toBe("Any time");
  });
});
