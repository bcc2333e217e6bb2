import { act, renderHook } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { useSelection } from "./useSelection";

const shown = ["a", "b", "c", "d"];

describe("a selection", () => {
  it("takes single rows and whole ranges, and lets them go again", () => {
    const { result } = renderHook(() => useSelection(shown));
    act(() => result.current.toggle("b"));
    act(() => result.current.toggle("d", true));
    expect(result.current.chosen).toEqual(["b", "c", "d"]);
    act(() => result.current.toggle("c"));
    expect(result.current.chosen).toEqual(["b", "d"]);
    act(() => result.current.clear());
    expect(result.current.chosen).toEqual([]);
  });

  it("holds only what is shown, and no more than its limit", () => {
    const { result, rerender } = renderHook(({ ids }) => useSelection(ids, 3), { initialProps: { ids: shown } });
    act(() => result.current.all());
    expect(result.current.chosen).toEqual(["a", "b", "c"]);
    rerender({ ids: ["c", "d"] });
    expect(result.current.chosen).toEqual(["c"]);
  });
});
