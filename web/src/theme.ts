/** The theme of this device. `public/theme.js` reads the same key before the first paint. */
import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark" | "system";
/** As a profile keeps it: null follows the system. */
export type ProfileTheme = "LIGHT" | "DARK" | null;

const key = "aegis-theme";
/** Whose theme of which profile was applied here, so that a choice for this device alone outlasts a reload. */
const appliedKey = "aegis-theme-applied";

const listeners = new Set<() => void>();
/** What was chosen since the page was loaded: all there is where storage is refused. */
let here: Theme | null = null;

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // Storage can be refused by the browser.
  }
}

function current(): Theme {
  const value = here ?? read(key);
  return value === "light" || value === "dark" ? value : "system";
}

const dark = () => window.matchMedia("(prefers-color-scheme: dark)");

function paint(): void {
  const theme = current();
  document.documentElement.dataset.theme = theme === "system" ? (dark().matches ? "dark" : "light") : theme;
}

/** Chooses for this device. */
export function chooseTheme(theme: Theme): void {
  write(key, theme === "system" ? null : theme);
  here = theme;
  paint();
  for (const listener of listeners) listener();
}

export const themeOf = (profile: ProfileTheme): Theme =>
  profile === "DARK" ? "dark" : profile === "LIGHT" ? "light" : "system";

/** Takes over what a profile says, once: at the first sight of it after a sign-in, and whenever it has changed. */
export function applyTheme(account: string, profile: ProfileTheme): void {
  const applied = `${account}:${profile ?? "SYSTEM"}`;
  if (read(appliedKey) === applied) return;
  write(appliedKey, applied);
  if (current() !== themeOf(profile)) chooseTheme(themeOf(profile));
}

/** Whoever signs in next gets the theme of their profile. */
export function forgetApplied(): void {
  write(appliedKey, null);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  const media = dark();
  paint();
  media.addEventListener("change", paint);
  return () => {
    listeners.delete(listener);
    media.removeEventListener("change", paint);
  };
}

/** The theme of this device and how to choose another; paints while it is in use. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  return [useSyncExternalStore(subscribe, current), chooseTheme];
}
