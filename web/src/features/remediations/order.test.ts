import { describe, expect, it } from "vitest";
import type { RemediationPriority } from "@/gql/graphql";
import { byUrgency } from "./order";

const one = (number: number, priority: RemediationPriority, dueDate: string | null = null, overdue = false) => ({
  number,
  priority,
  dueDate,
  overdue,
});

describe("the order of remediations", () => {
  it("has the overdue first, then the urgent, then the next due", () => {
    const sorted = byUrgency([
      one(1, "LOW"),
      one(2, "CRITICAL"),
      one(3, "LOW", "2026-11-01", true),
      one(4, "CRITICAL", "2026-12-01"),
      one(5, "LOW", "2026-12-01"),
    ]);
    expect(sorted.map((each) => each.number)).toEqual([3, 4, 2, 5, 1]);
  });
});
