import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import type { Refusal } from "@/api/command";
import { WebhookForm } from "./WebhookForm";

function open(refusals: Refusal[] = []) {
  const onSubmit = vi.fn().mockResolvedValue(undefined);
  render(
    <WebhookForm
      initial={{ name: "", url: "", events: [] }}
      submitLabel="Create webhook"
      command={{ busy: false, refusals, failure: null }}
      onClose={() => undefined}
      onSubmit={onSubmit}
    />,
  );
  return { onSubmit, user: userEvent.setup() };
}

it("sends no kind for everything, and never for a choice that was forgotten", async () => {
  const { onSubmit, user } = open();
  await user.type(screen.getByLabelText("Name"), " SIEM ");
  await user.type(screen.getByLabelText("Address"), "https://siem.example.com/in");
  await user.click(screen.getByRole("button", { name: "Create webhook" }));
  expect(onSubmit).toHaveBeenLastCalledWith({ name: "SIEM", url: "https://siem.example.com/in", events: [] });

  await user.click(screen.getByLabelText("Only some kinds"));
  await user.click(screen.getByRole("button", { name: "Create webhook" }));
  expect(onSubmit).toHaveBeenCalledTimes(1);
  screen.getByText("Choose at least one kind.");

  await user.click(screen.getByLabelText("Disputed"));
  await user.click(screen.getByRole("button", { name: "Create webhook" }));
  expect(onSubmit).toHaveBeenLastCalledWith(expect.objectContaining({ events: ["TEST_DISPUTED"] }));
});

it("shows beside the address why it may not be called", () => {
  open([{ field: "url", message: "127.0.0.1 leads to a loopback address.", code: "INVALID_INPUT" }]);
  expect(screen.getByLabelText("Address")).toHaveAccessibleDescription(/leads to a loopback address/);
});
