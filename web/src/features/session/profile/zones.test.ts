import { describe, expect, it } from "vitest";
import { knownZones, zonesFor } from "./zones";

const zones = ["UTC", "America/New_York", "Europe/Berlin", "Europe/Dublin", "America/Port_of_Spain"];

describe("the search for a time zone", () => {
  it("finds cities without their continent, in any case", () => {
    expect(zonesFor("new york", zones)).toEqual(["America/New_York"]);
    expect(zonesFor("europe ber", zones)).toEqual(["Europe/Berlin"]);
  });

  it("puts beginnings of words before what only holds the letters", () => {
    expect(zonesFor("li", ["Europe/Berlin", "Europe/Lisbon"])).toEqual(["Europe/Lisbon", "Europe/Berlin"]);
  });

  it("knows UTC, and the names of today, in every browser", () => {
    expect(zonesFor("kathm", knownZones())).toEqual(["Asia/Kathmandu"]);
    expect(knownZones()).toContain("UTC");
    expect(knownZones().length).toBeGreaterThan(300);
  });

  it("shows a dozen at most, and nothing before something is typed", () => {
    expect(zonesFor("a", knownZones())).toHaveLength(12);
    expect(zonesFor(" ", knownZones())).toEqual([]);
  });
});
