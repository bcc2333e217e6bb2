/** What the address of the list carries. Apart from the page, so that the router need not load it. */

export interface TestsSearch {
  state?: string;
  awaiting?: string;
  q?: string;
  tag?: string;
  mine?: string;
  overdue?: string;
  archived?: string;
  classification?: string;
}

export const testsSearchKeys = [
  "state",
  "awaiting",
  "q",
  "tag",
  "mine",
  "overdue",
  "archived",
  "classification",
] as const satisfies readonly (keyof TestsSearch)[];
