import { describe, expect, it } from "vitest";
import { linesOf } from "./changes";

const event = (disputes: boolean, reason: string) => ({
  summary: "Review policy changed",
  payload: { ReviewPolicyChanged: { policy: { disputes, no_self_approval: true }, reason } },
});

describe("the history of the policy", () => {
  it("says what each change switched, and why", () => {
    expect(linesOf([event(true, "We talk first."), event(false, "It took too long.")])).toEqual([
      "Disputes on, Nobody approves own work on: We talk first.",
      "Disputes off: It took too long.",
    ]);
  });

  it("falls back to the server's words", () => {
    expect(linesOf([{ summary: "Something else", payload: { Other: {} } }])).toEqual(["Something else"]);
  });
});
