import { describe, expect, it } from "vitest";
import { layoutOf } from "./layout";

const item = (id: string, ...dependsOn: string[]) => ({ id, dependsOn });

describe("the drawing of dependencies", () => {
  it("puts each test after all it waits for", () => {
    const layout = layoutOf([item("d", "b", "c"), item("c", "a"), item("b"), item("a")]);
    const columns = Object.fromEntries(layout.nodes.map((node) => [node.id, node.column]));
    expect(columns).toEqual({ a: 0, b: 0, c: 1, d: 2 });
    expect(layout).toMatchObject({ columns: 3, rows: 2, alone: [] });
    expect(layout.edges).toContainEqual({ from: "b", to: "d", via: [{ column: 1, row: expect.any(Number) as number }] });
  });

  it("keeps a place free where a line passes over a column", () => {
    const layout = layoutOf([item("a"), item("b", "a"), item("c", "b", "a")]);
    const [over] = layout.edges.find((edge) => edge.from === "a" && edge.to === "c")?.via ?? [];
    const between = layout.nodes.find((node) => node.id === "b");
    expect(over?.column).toBe(1);
    expect(over?.row).not.toBe(between?.row);
    expect(layout.rows).toBe(2);
  });

  it("leaves out tests without any dependency, and names them", () => {
    const layout = layoutOf([item("a"), item("b", "a"), item("c")]);
    expect(layout.alone).toEqual(["c"]);
    expect(layout.nodes.map((node) => node.id)).toEqual(["a", "b"]);
  });

  it("lets parallel chains run side by side without crossing", () => {
    const layout = layoutOf([item("a"), item("b"), item("b2", "b"), item("a2", "a")]);
    const row = (id: string) => layout.nodes.find((node) => node.id === id)?.row;
    expect([row("a2"), row("b2")]).toEqual([row("a"), row("b")]);
  });

  it("survives a circle and unknown tests", () => {
    const layout = layoutOf([item("a", "b", "gone"), item("b", "a")]);
    expect(layout.nodes).toHaveLength(2);
    expect(layoutOf([])).toMatchObject({ columns: 0, rows: 0 });
  });

  it("gives 500 tests in a chain a column each", () => {
    const items = Array.from({ length: 500 }, (_, index) => item(String(index), ...(index ? [String(index - 1)] : [])));
    expect(layoutOf(items)).toMatchObject({ columns: 500, rows: 1 });
  });
});
