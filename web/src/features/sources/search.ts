/** What the address of the upgrade assistant carries. Apart from the page, so that the router need not load it. */

export const upgradeSearchKeys = ["preview", "show", "q"] as const;

export type UpgradeSearch = Partial<Record<(typeof upgradeSearchKeys)[number], string>>;
