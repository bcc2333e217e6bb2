import { useNavigate, useSearch } from "@tanstack/react-router";

/** The instant in the address: undefined is now. */
export function useAsOf(): { asOf: string | undefined; setAsOf: (asOf: string | undefined) => void } {
  const { asOf } = useSearch({ from: "__root__" });
  const navigate = useNavigate();
  return {
    asOf,
    setAsOf: (next) => void navigate({ to: ".", search: (before) => ({ ...before, asOf: next }) }),
  };
}
