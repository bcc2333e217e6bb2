import { describe, expect, it } from "vitest";
import { jobCounts, standingOf, verdictOf, webhookCounts } from "./words";

const projection = (lag: number, error: string | null = null) => ({
  name: "tests",
  position: 10,
  foldVersion: 1,
  lag,
  error,
});

describe("how a projection stands", () => {
  it("is fine while it follows, behind by more than a moment's events, or stopped", () => {
    expect(standingOf(projection(0))).toBe("fine");
    expect(standingOf(projection(50))).toBe("fine");
    expect(standingOf(projection(51))).toBe("behind");
    expect(standingOf(projection(0, "cannot read event 7"))).toBe("stopped");
  });
});

describe("the verdict", () => {
  const of = (sealingStopped: string | null, ...projections: ReturnType<typeof projection>[]) =>
    verdictOf({ sealingStopped, projections });

  it("names the worst", () => {
    expect(of(null, projection(0), projection(3)).standing).toBe("fine");
    expect(of(null, projection(0), projection(900)).words).toBe("1 of 2 projections catch up with the ledger.");
    expect(of(null, projection(900), projection(0, "broken")).words).toBe("1 of 2 projections has stopped.");
    expect(of("a gap", projection(0, "broken")).words).toBe("Sealing has stopped.");
  });
});

it("counts what is to be done", () => {
  expect(jobCounts([{ state: "QUEUED" }, { state: "FAILED" }, { state: "SUCCEEDED" }, { state: "QUEUED" }])).toEqual({
    queued: 2,
    running: 0,
    failed: 1,
  });
  expect(
    webhookCounts([
      { active: true, pendingDeliveries: 2, failedDeliveries: 1 },
      { active: false, pendingDeliveries: 3, failedDeliveries: 0 },
    ]),
  ).toEqual({ on: 1, waiting: 5, givenUp: 1 });
});
