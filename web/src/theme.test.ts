import { beforeEach, expect, it, vi } from "vitest";
import { applyTheme, chooseTheme, forgetApplied } from "./theme";

const shown = () => document.documentElement.dataset.theme;

beforeEach(() => {
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  localStorage.clear();
  chooseTheme("system");
});

it("takes a profile's theme over once, so that a choice for this device outlasts a reload", () => {
  applyTheme("1", "DARK");
  expect(shown()).toBe("dark");
  chooseTheme("light");
  applyTheme("1", "DARK");
  expect(shown()).toBe("light");
});

it("takes it over again after a sign-in, and when the profile has changed", () => {
  applyTheme("1", "DARK");
  chooseTheme("light");
  forgetApplied();
  applyTheme("1", "DARK");
  expect(shown()).toBe("dark");
  applyTheme("1", "LIGHT");
  expect(shown()).toBe("light");
  applyTheme("2", null);
  expect(shown()).toBe("light");
  expect(localStorage.getItem("aegis-theme")).toBeNull();
});
