import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Evidence } from "./evidence/operations";
import type { TestDetail } from "./operations";
import { VoteDialog } from "./ReviewForms";

const file = (name: string): Evidence => ({
  id: name,
  evidenceId: `id of ${name}`,
  side: "RED",
  fileName: name,
  mediaType: "image/png",
  sizeBytes: 1,
  sha256: "ab",
  caption: "",
  addedAt: "2026-11-27T10:00:00Z",
  addedBy: { name: "Rita Red" },
  removedAt: null,
  removedBy: null,
  removeReason: null,
  downloadUrl: null,
});

const testWith = (...evidence: Evidence[]) => ({ id: "test", number: 7, rounds: [{ evidence }] }) as unknown as TestDetail;

/** Refuses the first vote as a conflict; the inputs of all are kept. */
function serve() {
  const inputs: Record<string, unknown>[] = [];
  vi.stubGlobal(
    "fetch",
    vi.fn((_url: string, init: { body: string }) => {
      inputs.push((JSON.parse(init.body) as { variables: { input: Record<string, unknown> } }).variables.input);
      const message = "the evidence has changed since you looked at it; look again before you vote";
      const userErrors = inputs.length === 1 ? [{ field: null, message, code: "CONFLICT" }] : [];
      return Promise.resolve(new Response(JSON.stringify({ data: { castVote: { test: { id: "test" }, userErrors } } })));
    }),
  );
  return inputs;
}

afterEach(() => vi.unstubAllGlobals());

describe("a vote", () => {
  it("names the evidence it saw, and after a conflict waits until the newest was looked at", async () => {
    const inputs = serve();
    const user = userEvent.setup();
    const done = vi.fn();
    const client = new QueryClient();
    const dialog = (test: TestDetail) => (
      <QueryClientProvider client={client}>
        <VoteDialog test={test} side="RED" onClose={() => undefined} onDone={done} onChanged={() => Promise.resolve()} />
      </QueryClientProvider>
    );
    const { rerender } = render(dialog(testWith(file("a.png"))));
    await user.click(screen.getByLabelText("Approve"));
    await user.click(screen.getByRole("button", { name: "Cast vote" }));
    expect(inputs[0]).toMatchObject({ verdict: "APPROVED", seenEvidenceIds: ["id of a.png"] });
    expect(done).not.toHaveBeenCalled();

    rerender(dialog(testWith(file("a.png"), file("b.png"))));
    expect(await screen.findByText(/The evidence has changed since you opened this: 1 file added/)).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Cast vote" })).toBeDisabled();
    await user.click(screen.getByRole("button", { name: "I have looked at it" }));
    await user.click(screen.getByRole("button", { name: "Cast vote" }));
    expect(inputs[1]).toMatchObject({ seenEvidenceIds: ["id of a.png", "id of b.png"] });
    expect(done).toHaveBeenCalledOnce();
  });
});
