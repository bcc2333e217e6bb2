/** What the address of the list carries. Apart from the page, so that the router need not load it. */

export const remediationsSearchKeys = ["view", "state", "priority", "mine", "overdue", "q"] as const;
export type RemediationsSearch = Partial<Record<(typeof remediationsSearchKeys)[number], string>>;
