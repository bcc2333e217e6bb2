/** The chosen theme. `public/theme.js` reads the same key before the first paint. */
import { useEffect, useState } from "react";

export type Theme = "light" | "dark" | "system";

const key = "aegis-theme";
const dark = () => window.matchMedia("(prefers-color-scheme: dark)");

function stored(): Theme {
  try {
    const value = localStorage.getItem(key);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(stored);
  useEffect(() => {
    const apply = () => {
      document.documentElement.dataset.theme = theme === "system" ? (dark().matches ? "dark" : "light") : theme;
    };
    apply();
    const media = dark();
    media.addEventListener("change", apply);
    return () => media.removeEventListener("change", apply);
  }, [theme]);
  const choose = (next: Theme) => {
    setTheme(next);
    try {
      if (next === "system") localStorage.removeItem(key);
      else localStorage.setItem(key, next);
    } catch {
      // Without storage the choice lasts as long as the page.
    }
  };
  return [theme, choose];
}
