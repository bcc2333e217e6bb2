import { describe, expect, it } from "vitest";
import type { TestAction, TestState } from "@/gql/graphql";
import { stepsOf, waitingFor } from "./steps";

const story = (
  state: TestState,
  availableActions: TestAction[],
  round: { attack?: unknown; detection?: unknown; votes?: { side: "RED" | "BLUE"; superseded: boolean }[] } = {},
) => ({ state, availableActions, rounds: [{ votes: [], ...round }] });

describe("the next step", () => {
  it("is starting a draft, not revising it", () => {
    const { primary, others } = stepsOf(story("DRAFT", ["REVISE", "START_EXECUTION"]));
    expect(primary?.label).toBe("Start execution");
    expect(others.map((step) => step.label)).toEqual(["Revise"]);
  });

  it("is recording the attack until there is a record, then submitting", () => {
    expect(stepsOf(story("RED_EXECUTING", ["RECORD_ATTACK"])).primary?.label).toBe("Record attack");
    const recorded = stepsOf(story("RED_EXECUTING", ["RECORD_ATTACK", "SUBMIT_EXECUTION"], { attack: {} }));
    expect(recorded.primary?.label).toBe("Submit execution");
    expect(recorded.others.map((step) => step.label)).toEqual(["Edit attack record"]);
  });

  it("does not offer submission first while nothing is recorded", () => {
    expect(stepsOf(story("RED_EXECUTING", ["RECORD_ATTACK", "SUBMIT_EXECUTION"])).primary?.label).toBe("Record attack");
  });

  it("is the same for blue", () => {
    expect(stepsOf(story("BLUE_EVALUATING", ["RECORD_DETECTION"])).primary?.label).toBe("Record detection");
    expect(
      stepsOf(story("BLUE_EVALUATING", ["RECORD_DETECTION", "SUBMIT_EVALUATION"], { detection: {} })).primary?.label,
    ).toBe("Submit evaluation");
  });

  it("is the vote that is still missing", () => {
    const { primary, others } = stepsOf(
      story("IN_REVIEW", ["VOTE_RED", "VOTE_BLUE"], { votes: [{ side: "RED", superseded: false }] }),
    );
    expect(primary?.label).toBe("Vote for blue");
    expect(others.map((step) => step.label)).toEqual(["Replace red vote"]);
  });

  it("is nothing for who has voted and waits", () => {
    const { primary } = stepsOf(story("IN_REVIEW", ["VOTE_RED"], { votes: [{ side: "RED", superseded: false }] }));
    expect(primary).toBeNull();
  });

  it("is nothing without actions", () => {
    expect(stepsOf(story("VALIDATED", []))).toEqual({ primary: null, others: [] });
  });
});

describe("who is waited for", () => {
  it("names the pending votes", () => {
    expect(waitingFor("IN_REVIEW", ["BLUE"])).toBe("Waiting for the vote of the blue lead");
    expect(waitingFor("IN_REVIEW", ["RED", "BLUE"])).toContain("the red lead and the blue lead");
  });
});
