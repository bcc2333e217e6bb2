import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { TestAction } from "@/gql/graphql";
import type { Round, TestDetail } from "./operations";
import { TestStory } from "./TestStory";

const person = { id: "person", name: "Rita Red" };

const round: Round = {
  number: 1,
  outcome: null,
  openedAt: "2026-11-14T08:00:00Z",
  executionStartedAt: "2026-11-14T09:00:00Z",
  executionSubmittedAt: null,
  evaluationSubmittedAt: null,
  decidedAt: null,
  reopenReason: null,
  executedBy: person,
  evaluatedBy: null,
  attack: null,
  detection: null,
  votes: [],
  evaluationStartedAt: null,
  evaluationStartedBy: null,
  executionClock: null,
  evaluationClock: null,
  evidence: [],
};

function testWith(change: Partial<TestDetail>): TestDetail {
  return {
    id: "test",
    testId: "0d2c1c0e-0000-4000-8000-000000000001",
    number: 7,
    title: "Encoded PowerShell",
    description: "",
    objective: "",
    targetEnvironment: "",
    platform: null,
    plannedProcedure: "",
    plannedTool: null,
    paused: false,
    archived: false,
    archiveReason: null,
    classification: "INTERNAL",
    copiedFrom: null,
    tags: [],
    dueDate: null,
    state: "RED_EXECUTING",
    round: 1,
    version: 2,
    detectionResult: null,
    createdAt: "2026-11-14T08:00:00Z",
    updatedAt: "2026-11-14T09:00:00Z",
    pendingVotes: [],
    availableActions: [],
    voteRefusal: null,
    draftedAttackId: "T1059.001",
    technique: { attackId: "T1059.001", name: "PowerShell", coverage: { status: "IN_PROGRESS" } },
    draftedAgainst: null,
    assignee: null,
    createdBy: { ...person, role: "RED_TECH" },
    rounds: [round],
    ...change,
  };
}

/** Answers of the server by operation; what was sent is kept for looking at. */
function serve(answers: Record<string, unknown>) {
  const sent: { input: Record<string, unknown>; operation: string }[] = [];
  vi.stubGlobal(
    "fetch",
    vi.fn((_url: string, init: { body: string }) => {
      const { query, variables } = JSON.parse(init.body) as {
        query: string;
        variables: { input: Record<string, unknown> };
      };
      const operation = /(?:query|mutation) (\w+)/.exec(query)?.[1] ?? "";
      sent.push({ operation, input: variables.input });
      const data = answers[operation] ?? (operation === "Session" ? { me: null } : undefined) ?? { test: { timeline: { totalCount: 0, pageInfo: {}, nodes: [] } } };
      return Promise.resolve(new Response(JSON.stringify({ data })));
    }),
  );
  return sent;
}

async function show(test: TestDetail, asOf?: string) {
  const root = createRootRoute();
  const page = createRoute({
    getParentRoute: () => root,
    path: "/",
    component: () => <TestStory test={test} asOf={asOf} onChanged={() => Promise.resolve()} />,
  });
  const router = createRouter({
    routeTree: root.addChildren([page]),
    history: createMemoryHistory({ initialEntries: ["/"] }),
  });
  render(
    <QueryClientProvider client={new QueryClient()}>
      {/* A router of its own: the story's links need one, whatever its routes. */}
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
  await screen.findByRole("heading", { level: 1 });
  return within(screen.getByRole("group", { name: "Actions" }));
}

afterEach(() => vi.unstubAllGlobals());

describe("the test page", () => {
  it.each<[TestAction[], string]>([
    [["RECORD_ATTACK"], "Record attack"],
    [["REVISE", "START_EXECUTION"], "Start execution"],
    [["REOPEN"], "Reopen"],
  ])("makes %j's next step the one primary button", async (availableActions, name) => {
    serve({});
    const actions = await show(testWith({ availableActions }));
    expect(actions.getByRole("button", { name })).toHaveClass("button-primary");
    expect(actions.getAllByRole("button").filter((button) => button.classList.contains("button-primary"))).toHaveLength(
      1,
    );
  });

  it("offers nothing in the past", async () => {
    serve({});
    const actions = await show(testWith({ availableActions: ["RECORD_ATTACK"] }), "2026-11-14T09:30:00Z");
    expect(actions.queryByRole("button")).toBeNull();
  });

  it("sends the attack's times with their zone and shows a refusal beside its field", async () => {
    const sent = serve({
      RecordAttack: {
        recordAttack: {
          test: null,
          userErrors: [{ field: "endedAt", message: "The end lies before the start.", code: "INVALID_INPUT" }],
        },
      },
    });
    const user = userEvent.setup();
    const actions = await show(testWith({ availableActions: ["RECORD_ATTACK"] }));
    await user.click(actions.getByRole("button", { name: "Record attack" }));
    const form = within(screen.getByRole("form", { name: "Attack record" }));
    await user.type(form.getByLabelText("Procedure"), "Run it");
    await user.type(form.getByLabelText("Attack started"), "2026-11-14T09:30:05");
    await user.type(form.getByLabelText(/Attack ended/), "2026-11-14T09:00:00");
    await user.selectOptions(form.getByLabelText("Time zone of these times"), "+05:45");
    await user.click(form.getByLabelText("Yes"));
    await user.type(form.getByLabelText("Summary"), "It ran");
    await user.click(form.getByRole("button", { name: "Save attack record" }));

    const ended = await form.findByLabelText(/Attack ended/);
    expect(ended).toHaveAccessibleDescription("The end lies before the start.");
    const input = sent.find((request) => request.operation === "RecordAttack")?.input;
    expect(input).toMatchObject({
      startedAt: "2026-11-14T09:30:05+05:45",
      endedAt: "2026-11-14T09:00:00+05:45",
      success: true,
      expectedVersion: 2,
    });
    expect(input?.clientMutationId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("says whose vote is missing", async () => {
    serve({});
    await show(testWith({ state: "IN_REVIEW", pendingVotes: ["BLUE"] }));
    expect(screen.getByText("Waiting for the blue lead")).toBeInTheDocument();
  });
});
