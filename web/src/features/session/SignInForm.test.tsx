import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { createQueryClient } from "@/api/queries";
import { SignInForm } from "./SignInForm";

type Input = Record<string, string>;

/** A server that wants a code, takes 123456 and says what it was asked with. */
function standIn() {
  const asked: Input[] = [];
  vi.stubGlobal("fetch", (_address: string, { body }: { body: string }) => {
    const { query, variables } = JSON.parse(body) as { query: string; variables: { input?: Input } };
    const answer = (data: unknown) => Promise.resolve(new Response(JSON.stringify(data)));
    if (!query.includes("mutation")) {
      const user = { id: "1", username: "rosa", role: "RED_TECH", mustChangePassword: false };
      return answer({ data: { me: { user, secondFactorRequired: false, expiresAt: "", permissions: [] } } });
    }
    const input = variables.input ?? {};
    asked.push(input);
    if (input.code !== undefined && input.code !== "123456") {
      const extensions = { code: "UNAUTHENTICATED" };
      return answer({ errors: [{ message: "The code is wrong or was used before.", extensions }] });
    }
    return answer({ data: { login: { secondFactorRequired: input.code === undefined, userErrors: [] } } });
  });
  return asked;
}

afterEach(() => vi.unstubAllGlobals());

it("asks for a code where one is wanted, and empties it when it was wrong", async () => {
  const asked = standIn();
  const done = vi.fn();
  render(
    <QueryClientProvider client={createQueryClient()}>
      <SignInForm onDone={done}>
        <a href="/elsewhere">Another way</a>
      </SignInForm>
    </QueryClientProvider>,
  );
  screen.getByRole("link", { name: "Another way" });
  await userEvent.type(screen.getByLabelText("Username"), "rosa");
  await userEvent.type(screen.getByLabelText("Password"), "correct horse{Enter}");
  const code = await screen.findByLabelText("Code");
  expect(code).toHaveFocus();
  expect(screen.queryByRole("link", { name: "Another way" })).toBeNull();
  expect(code).toHaveAttribute("autocomplete", "one-time-code");
  await userEvent.type(code, "000000{Enter}");
  expect(await screen.findByRole("alert")).toHaveTextContent("The code is wrong or was used before.");
  expect(code).toHaveValue("");
  expect(done).not.toHaveBeenCalled();
  await userEvent.type(code, "123456{Enter}");
  await waitFor(() => expect(done).toHaveBeenCalled());
  const first = { username: "rosa", password: "correct horse" };
  expect(asked).toEqual([first, { ...first, code: "000000" }, { ...first, code: "123456" }]);
});
