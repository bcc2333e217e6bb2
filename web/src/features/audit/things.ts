/** What a thing is called, and where its page is. Pure. */
import type { Thing } from "./operations";

/** As links and navigation of the router take it. */
export type Way =
  | { to: "/tests/$number" | "/campaigns/$number" | "/remediations/$number"; params: { number: string } }
  | { to: "/catalogue"; search: { template: string } }
  | { to: "/audit/accounts/$id"; params: { id: string } }
  | { to: "/jobs" };

export function wayTo(thing: Thing): Way | null {
  switch (thing.__typename) {
    case "Test":
      return { to: "/tests/$number", params: { number: String(thing.number) } };
    case "Campaign":
      return { to: "/campaigns/$number", params: { number: String(thing.number) } };
    case "Remediation":
      return { to: "/remediations/$number", params: { number: String(thing.number) } };
    case "TestTemplate":
      return { to: "/catalogue", search: { template: thing.id } };
    case "User":
      return { to: "/audit/accounts/$id", params: { id: thing.id } };
    case "Job":
      return { to: "/jobs" };
    case "Evidence":
    case "Technique":
      return null;
  }
}

export function nameOf(thing: Thing): string {
  switch (thing.__typename) {
    case "Test":
    case "Remediation":
      return `#${thing.number} ${thing.title}`;
    case "Campaign":
      return `#${thing.number} ${thing.name}`;
    case "TestTemplate":
      return thing.name;
    case "User":
      return thing.erased ? "former user" : (thing.displayName ?? thing.username);
    case "Job":
      return thing.title;
    case "Evidence":
    case "Technique":
      return "";
  }
}
