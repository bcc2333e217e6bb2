import { fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { Copyable } from "./Copyable";

afterEach(() => vi.unstubAllGlobals());

it("takes the text to the clipboard", async () => {
  const writeText = vi.fn(() => Promise.resolve());
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  render(<Copyable label="Token" value="a-secret" />);
  fireEvent.click(screen.getByRole("button", { name: "Copy" }));
  expect(await screen.findByText("Copied to the clipboard")).toBeInTheDocument();
  expect(writeText).toHaveBeenCalledWith("a-secret");
});

it("marks the text where there is no clipboard, as without HTTPS", async () => {
  vi.stubGlobal("navigator", {});
  render(<Copyable label="Token" value="a-secret" />);
  fireEvent.click(screen.getByRole("button", { name: "Copy" }));
  expect(await screen.findByText(/^Marked/)).toBeInTheDocument();
  expect(window.getSelection()?.toString()).toBe("a-secret");
  expect(screen.queryByText("Copied")).toBeNull();
});
