/** What the address of the audit log carries. Apart from the page, so that the router need not load it. */

export interface AuditSearch {
  /** The id of an account. */
  person?: string;
  /** What kind of thing it is about. */
  kind?: string;
  /** Which one. */
  thing?: string;
  action?: string;
  outcome?: string;
  from?: string;
  to?: string;
}

export const auditSearchKeys = [
  "person",
  "kind",
  "thing",
  "action",
  "outcome",
  "from",
  "to",
] as const satisfies readonly (keyof AuditSearch)[];
