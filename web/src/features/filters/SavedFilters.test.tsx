import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { sessionKey } from "@/api/queries";
import { savedFiltersQuery } from "./operations";
import { SavedFilters } from "./SavedFilters";

const kept = [
  { id: "1", page: "/tests", name: "Late drafts", query: "state=DRAFT" },
  { id: "2", page: "/tests", name: "Mine", query: "mine=me" },
];

/** Answers every mutation as taken, and says what was asked. */
function standIn() {
  const asked: { operation: string; input: Record<string, string> }[] = [];
  vi.stubGlobal("fetch", (_address: string, { body }: { body: string }) => {
    const { query, variables } = JSON.parse(body) as { query: string; variables: { input?: Record<string, string> } };
    const operation = /(?:mutation|query) (\w+)/.exec(query)?.[1] ?? "";
    if (variables.input) asked.push({ operation, input: variables.input });
    const answer = { userErrors: [], filter: { id: "3" }, filters: [] };
    const field = operation.charAt(0).toLowerCase() + operation.slice(1);
    return Promise.resolve(new Response(JSON.stringify({ data: { [field]: variables.input ? answer : kept } })));
  });
  return asked;
}

function show() {
  const client = new QueryClient();
  client.setQueryData(sessionKey, { user: {}, permissions: ["savedFilters"] });
  client.setQueryData(savedFiltersQuery.queryKey, kept);
  const search = { state: "DRAFT" };
  render(
    <QueryClientProvider client={client}>
      <SavedFilters page="/tests" keys={["state", "mine"]} search={search} onSearch={() => undefined} />
    </QueryClientProvider>,
  );
}

afterEach(() => vi.unstubAllGlobals());

it("keeps a view under its new name before the old one goes", async () => {
  const asked = standIn();
  show();
  await userEvent.click(screen.getByRole("button", { name: "Saved filters" }));
  await userEvent.click(screen.getByRole("menuitem", { name: "Rename or delete" }));
  const name = screen.getByLabelText("Name of Late drafts");
  await userEvent.clear(name);
  await userEvent.type(name, "Forgotten drafts{Enter}");
  await waitFor(() => expect(asked).toHaveLength(2));
  // No command ids: the server knows none here, and would refuse the request.
  expect(asked).toEqual([
    { operation: "SaveFilter", input: { page: "/tests", name: "Forgotten drafts", query: "state=DRAFT" } },
    { operation: "DeleteSavedFilter", input: { id: "1" } },
  ]);
});

it("gives no view the name of another", async () => {
  const asked = standIn();
  show();
  await userEvent.click(screen.getByRole("button", { name: "Saved filters" }));
  await userEvent.click(screen.getByRole("menuitem", { name: "Rename or delete" }));
  const name = screen.getByLabelText("Name of Late drafts");
  await userEvent.clear(name);
  await userEvent.type(name, "Mine{Enter}");
  expect(screen.getByText("Another view has that name.")).toBeInTheDocument();
  expect(asked).toEqual([]);
});
