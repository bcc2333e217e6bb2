import { describe, expect, it } from "vitest";
import { completed, fitting, mentionAt, partsOf } from "./mentions";

const person = (username: string | null, name = username ?? "") => ({ id: name, name, username, role: null });

describe("mentions", () => {
  it("are seen while they are typed", () => {
    expect(mentionAt("ask @ro", 7)).toEqual({ from: 4, typed: "ro" });
    expect(mentionAt("@", 1)).toEqual({ from: 0, typed: "" });
    expect(mentionAt("ask @ro now", 11)).toBeNull();
    expect(mentionAt("a@example.org", 13)).toBeNull();
  });

  it("are completed in the middle of a text", () => {
    expect(completed("ask @ro about it", 7, 4, "rosa")).toEqual({ text: "ask @rosa about it", caret: 9 });
    expect(completed("@r", 2, 0, "rosa")).toEqual({ text: "@rosa ", caret: 6 });
  });

  it("offer the names that begin so first", () => {
    const people = ["carla", "boris", "lars", "a@example.org"].map((username) => person(username));
    expect(fitting(people, "ar").map((each) => each.handle)).toEqual(["carla", "lars"]);
    expect(fitting(people, "la").map((each) => each.handle)).toEqual(["lars", "carla"]);
  });

  it("find people by either name, and nobody whom no name mentions", () => {
    const people = [person("rr", "Rosa Rot"), person(null, "Rolf Rasch")];
    expect(fitting(people, "ro").map((each) => each.handle)).toEqual(["rr"]);
    expect(fitting(people, "rot").map((each) => each.handle)).toEqual(["rr"]);
    expect(fitting(people, "rolf")).toEqual([]);
  });

  it("stand apart from the text around them", () => {
    expect(partsOf("@ann, see a@example.org and @bob.b.")).toEqual([
      { text: "@ann", mention: true },
      { text: ", see a@example.org and ", mention: false },
      { text: "@bob.b", mention: true },
      { text: ".", mention: false },
    ]);
    expect(partsOf("nobody")).toEqual([{ text: "nobody", mention: false }]);
  });
});
