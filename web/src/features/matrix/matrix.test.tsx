import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import type { CoverageStatus } from "@/gql/graphql";
import { hyphenate, twoLines } from "./hyphenate";
import { Legend } from "./Legend";
import { MatrixGrid } from "./MatrixGrid";
import { countStatuses, type MatrixFilters } from "./model";
import type { Cell, Tactic } from "./operations";

const noFilter: MatrixFilters = { statuses: [], platform: undefined, search: "" };

function cell(attackId: string, name: string, status: CoverageStatus, change: Partial<Cell> = {}): Cell {
  return {
    attackId,
    name,
    status,
    parentAttackId: attackId.includes(".") ? (attackId.split(".")[0] ?? null) : null,
    platforms: ["Windows"],
    openWork: false,
    tests: 0,
    validatedTests: 0,
    changedPosition: null,
    changedAt: null,
    ...change,
  };
}

function tactic(shortName: string, cells: Cell[]): Tactic {
  return {
    attackId: "TA0001",
    shortName,
    name: shortName,
    coveredPercent: 50,
    coverage: { total: cells.length },
    cells,
  };
}

const tactics = [
  tactic("execution", [
    cell("T1059", "Command and Scripting Interpreter", "PARTIAL"),
    cell("T1059.001", "PowerShell", "VALIDATED"),
    cell("T1059.004", "Unix Shell", "NOT_COVERED", { platforms: ["Linux"] }),
    cell("T1106", "Native API", "NOT_EVALUATED"),
    cell("T1204", "User Execution", "NOT_COVERED"),
  ]),
  tactic("persistence", []),
  tactic("impact", [cell("T1485", "Data Destruction", "VALIDATED"), cell("T1106", "Native API", "NOT_EVALUATED")]),
];

function show(filters: Partial<MatrixFilters> = {}, allOpen = false) {
  const onOpen = vi.fn();
  render(<MatrixGrid tactics={tactics} filters={{ ...noFilter, ...filters }} allOpen={allOpen} onOpen={onOpen} />);
  return { onOpen, user: userEvent.setup(), ids: () => screen.queryAllByRole("gridcell").map((each) => each.dataset.attackId) };
}

const focused = () => (document.activeElement as HTMLElement).dataset.attackId;

describe("cells", () => {
  it("say id, name and status, and carry both for scripts", () => {
    show();
    const found = screen.getByRole("gridcell", { name: "T1059 Command and Scripting Interpreter, Partial" });
    expect(found).toHaveAttribute("data-status", "PARTIAL");
    expect(found).toHaveAttribute("data-attack-id", "T1059");
  });

  it("keep sub-techniques folded until asked", async () => {
    const { user, ids } = show();
    expect(ids()).not.toContain("T1059.001");
    await user.click(screen.getByTitle("Show sub-techniques"));
    expect(ids()).toContain("T1059.001");
  });

  it("show all sub-techniques at once", () => {
    const { ids } = show({}, true);
    expect(ids()).toEqual(["T1059", "T1059.001", "T1059.004", "T1106", "T1204", "T1485", "T1106"]);
  });
});

describe("the keyboard", () => {
  it("enters at one cell and moves with arrows, over empty columns", async () => {
    const { user } = show();
    await user.tab();
    expect(focused()).toBe("T1059");
    await user.keyboard("{ArrowDown}{ArrowDown}");
    expect(focused()).toBe("T1204");
    await user.keyboard("{ArrowRight}");
    expect(focused()).toBe("T1106");
    await user.keyboard("{ArrowUp}{ArrowLeft}");
    expect(focused()).toBe("T1059");
    expect(screen.getAllByRole("gridcell").filter((each) => each.tabIndex === 0)).toHaveLength(1);
  });

  it("opens with Enter and unfolds with space", async () => {
    const { user, onOpen, ids } = show();
    await user.tab();
    await user.keyboard(" ");
    expect(ids()).toContain("T1059.004");
    await user.keyboard("{ArrowDown}{Enter}");
    expect(onOpen).toHaveBeenCalledWith("T1059.001", false);
  });

  it("jumps by typing an id or a word", async () => {
    const { user } = show();
    await user.tab();
    await user.keyboard("data");
    expect(focused()).toBe("T1485");
  });

  it("keeps its place when the cell's status changes", async () => {
    const user = userEvent.setup();
    const { rerender } = render(<MatrixGrid tactics={tactics} filters={noFilter} allOpen={false} onOpen={vi.fn()} />);
    await user.tab();
    await user.keyboard("{ArrowDown}");
    const changed = tactics.map((each) => ({
      ...each,
      cells: each.cells.map((old): Cell => (old.attackId === "T1106" ? { ...old, status: "VALIDATED" } : old)),
    }));
    rerender(<MatrixGrid tactics={changed} filters={noFilter} allOpen={false} onOpen={vi.fn()} />);
    expect(document.activeElement).toHaveAccessibleName("T1106 Native API, Validated");
    expect(document.activeElement).toHaveAttribute("tabindex", "0");
  });
});

describe("filters", () => {
  it("keep what fits, with the parent of a fitting sub-technique", () => {
    const { ids } = show({ statuses: ["NOT_COVERED"] });
    expect(ids()).toEqual(["T1059", "T1059.004", "T1204"]);
  });

  it("search by id and by name", () => {
    expect(show({ search: "t1485" }).ids()).toEqual(["T1485"]);
  });

  it("say when nothing is left", () => {
    show({ search: "no such name" });
    expect(screen.getByRole("status")).toHaveTextContent("No technique fits these filters.");
  });
});

describe("the legend", () => {
  it("counts a technique of several tactics once", () => {
    expect(countStatuses(tactics, noFilter)).toMatchObject({ NOT_EVALUATED: 1, VALIDATED: 2, NOT_COVERED: 2 });
  });

  it("counts over platform and search, not over itself", () => {
    const counts = countStatuses(tactics, { statuses: ["VALIDATED"], platform: "Linux", search: "" });
    expect(counts).toMatchObject({ NOT_COVERED: 1, VALIDATED: 0 });
  });

  it("is a filter", async () => {
    const onChange = vi.fn();
    const user = userEvent.setup();
    render(<Legend counts={countStatuses(tactics, noFilter)} selected={["PARTIAL"]} onChange={onChange} />);
    const legend = within(screen.getByRole("group", { name: "Filter by status" }));
    expect(legend.getByRole("button", { name: "Partial 1" })).toHaveAttribute("aria-pressed", "true");
    await user.click(legend.getByRole("button", { name: "Validated 2" }));
    expect(onChange).toHaveBeenLastCalledWith(["VALIDATED", "PARTIAL"]);
    await user.click(legend.getByRole("button", { name: "Partial 1" }));
    expect(onChange).toHaveBeenLastCalledWith([]);
    await user.click(legend.getByRole("button", { name: "Show all" }));
    expect(onChange).toHaveBeenLastCalledWith([]);
  });
});

describe("soft hyphens", () => {
  it("stand where words are usually broken", () => {
    const shown = (name: string) => hyphenate(name).replaceAll("\u00ad", "|");
    expect(shown("Reconnaissance")).toBe("Recon|nais|sance");
    expect(shown("Native API")).toBe("Native API");
  });
});

describe("names in two lines", () => {
  // Every letter one wide, so that the width is a number of letters.
  const lines = (name: string, width: number) => twoLines(name, width, (text) => text.length);

  it("keep words whole where both lines hold them", () => {
    expect(lines("Native API", 12)).toEqual(["Native API", ""]);
    expect(lines("Exploitation of Remote", 12)).toEqual(["Exploitation", "of Remote"]);
  });

  it("break a word where that saves the whole name", () => {
    expect(lines("Reconnaissance", 10)).toEqual(["Reconnais-", "sance"]);
  });

  it("fill the second line before it is cut", () => {
    expect(lines("Command and Scripting Interpreter", 11)).toEqual(["Command and", "Scripting…"]);
    expect(lines("Exploitation for Privilege Escalation", 12)).toEqual(["Exploitation", "for Privile…"]);
  });

  it("never put a hyphen beside the ellipsis, nor leave a stump of a letter or two", () => {
    for (const name of ["Adversary-in-the-Middle", "Multi-Factor Authentication Interception", "Obfuscated/Encoded (Files)"]) {
      for (let width = 6; width < name.length; width += 1) {
        expect(lines(name, width).join("\n")).not.toMatch(/[-/\s(\u00ad]…/);
      }
    }
    expect(lines("Stealing of it", 10)).toEqual(["Stealing", "of it"]);
    expect(lines("Search Open Websites", 9)).toEqual(["Search", "Open Web…"]);
    expect(lines("Search Open Websites", 7)).toEqual(["Search", "Open…"]);
  });
});
