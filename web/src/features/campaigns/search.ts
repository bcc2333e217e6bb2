/** What the address of the list carries. Apart from the page, so that the router need not load it. */

export const campaignsSearchKeys = ["state", "kind", "q", "mine", "runs"] as const;
export type CampaignsSearch = Partial<Record<(typeof campaignsSearchKeys)[number], string>>;
