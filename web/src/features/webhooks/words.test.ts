import { describe, expect, it } from "vitest";
import type { NotificationKind } from "@/gql/graphql";
import { answerWords, kindGroups, kindWords, pollMs, readable, toldWords } from "./words";

const now = Date.parse("2026-11-27T12:00:00Z");
const waits = (nextAttemptAt: string) => ({ state: "PENDING" as const, nextAttemptAt });

describe("what a webhook is told", () => {
  it("is everything when no kind is chosen", () => {
    expect(toldWords([])).toBe("Everything");
    expect(toldWords(["TEST_VALIDATED"])).toBe("1 kind");
    expect(toldWords(["TEST_VALIDATED", "JOB_FAILED"])).toBe("2 kinds");
  });

  it("offers every kind once", () => {
    const offered = kindGroups.flatMap((group) => group.kinds);
    expect([...offered].sort()).toEqual((Object.keys(kindWords) as NotificationKind[]).sort());
  });
});

describe("a delivery", () => {
  it("says the status it was answered with, else why there was none", () => {
    expect(answerWords({ lastStatus: 503, lastError: "answered 503" })).toBe("503");
    expect(answerWords({ lastStatus: null, lastError: "timed out" })).toBe("timed out");
    expect(answerWords({ lastStatus: null, lastError: null })).toBeNull();
  });

  it("shows its body in lines, and one that does not read as it is", () => {
    expect(readable('{"kind":"PING"}')).toBe('{\n  "kind": "PING"\n}');
    expect(readable("not json")).toBe("not json");
  });
});

describe("the log", () => {
  it("is looked at again soon while a try is due", () => {
    expect(pollMs([waits("2026-11-27T11:59:59Z")], true, now)).toBe(2_000);
    expect(pollMs([waits("2026-11-27T12:00:05Z")], true, now)).toBe(5_000);
  });

  it("is looked at seldom while the next try is far, nothing waits, or nothing is sent", () => {
    expect(pollMs([waits("2026-11-27T12:30:00Z")], true, now)).toBe(15_000);
    expect(pollMs([{ state: "DELIVERED", nextAttemptAt: null }], true, now)).toBe(15_000);
    expect(pollMs([], true, now)).toBe(15_000);
    expect(pollMs([waits("2026-11-27T11:59:59Z")], false, now)).toBe(15_000);
  });
});
