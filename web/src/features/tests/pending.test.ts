import { describe, expect, it } from "vitest";
import type { TestState } from "@/gql/graphql";
import { grouped } from "./pending";

const test = (number: number, state: TestState, dueDate: string | null) => ({ number, state, dueDate, pendingVotes: [] });
const now = new Date("2026-11-27T12:00:00Z");

describe("pending tasks", () => {
  it("stand in groups by what is to be done, without empty ones", () => {
    const groups = grouped([test(1, "DRAFT", null), test(2, "IN_REVIEW", null), test(3, "DRAFT", null)], now);
    expect(groups.map((group) => [group.title, group.tests.map((each) => each.number)])).toEqual([
      ["To vote on", [2]],
      ["Drafts to start", [1, 3]],
    ]);
  });

  it("have the overdue first, then the next due, then those without a day", () => {
    const [group] = grouped(
      [
        test(1, "DRAFT", null),
        test(2, "DRAFT", "2026-12-24"),
        test(3, "DRAFT", "2026-11-27"),
        test(4, "DRAFT", "2026-11-26"),
      ],
      now,
    );
    expect(group?.tests.map((each) => each.number)).toEqual([4, 3, 2, 1]);
  });
});
