/** What the address of the list carries. Apart from the page, so that the router need not load it. */

export const catalogueSearchKeys = ["q", "source", "platform", "severity", "technique", "active"] as const;

export type CatalogueSearch = Partial<Record<(typeof catalogueSearchKeys)[number] | "template", string>>;
