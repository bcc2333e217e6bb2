/** What a change of the access policy is, as it is sent and as the record tells of it. Pure. */
import { roleWords } from "@/components/Status";
import type { Role, SetAccessPolicyInput } from "@/gql/graphql";
import type { AccessPolicy } from "./accessOperations";

type Change = Omit<SetAccessPolicyInput, "reason" | "clientMutationId">;

const same = (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right);
const sorted = (roles: readonly Role[]) => [...roles].sort();

/** What of the policy shall be otherwise; empty where nothing is. */
export function changeOf(policy: AccessPolicy, wanted: AccessPolicy): Change {
  const groups = wanted.groups.map(({ group, role }) => ({ group: group.trim(), role }));
  return {
    ...(same(sorted(policy.secondFactorRoles), sorted(wanted.secondFactorRoles))
      ? {}
      : { secondFactorRoles: wanted.secondFactorRoles }),
    ...(same(
      policy.groups.map(({ group, role }) => ({ group, role })),
      groups,
    )
      ? {}
      : { groups }),
    ...((policy.defaultRole ?? null) === (wanted.defaultRole ?? null) ? {} : { defaultRole: wanted.defaultRole ?? null }),
    ...(policy.singleSignOnOnly === wanted.singleSignOnOnly ? {} : { singleSignOnOnly: wanted.singleSignOnOnly }),
  };
}

/** The list with one entry moved by a place; as it was where there is none. */
export function moved<Item>(list: readonly Item[], from: number, by: 1 | -1): Item[] {
  const next = [...list];
  const [item] = next.splice(from, 1);
  const to = from + by;
  if (item === undefined || to < 0 || to >= list.length) return [...list];
  next.splice(to, 0, item);
  return next;
}

interface Recorded {
  second_factor_roles: string[];
  groups: { group: string; role: string }[];
  default_role: string | null;
  single_sign_on_only: boolean;
}

/** One line for each event, oldest first: what became otherwise since the one before, and why. */
export function linesOf(events: readonly { summary: string; payload: unknown }[]): string[] {
  let before: Recorded = { second_factor_roles: [], groups: [], default_role: null, single_sign_on_only: false };
  return events.map((event) => {
    const recorded = recordedIn(event.payload);
    if (!recorded) return event.summary;
    const said = differences(before, recorded.policy);
    before = recorded.policy;
    return `${said.join("; ") || "Nothing changed"}: ${recorded.reason}`;
  });
}

const roleOf = (role: string) => roleWords[role.toUpperCase() as Role] ?? role;

function differences(before: Recorded, now: Recorded): string[] {
  const said: string[] = [];
  if (!same([...before.second_factor_roles].sort(), [...now.second_factor_roles].sort())) {
    said.push(`Second factor for ${now.second_factor_roles.map(roleOf).join(", ") || "nobody"}`);
  }
  if (!same(before.groups, now.groups)) {
    said.push(`Groups ${now.groups.map(({ group, role }) => `${group} → ${roleOf(role)}`).join(", ") || "none"}`);
  }
  if (before.default_role !== now.default_role) {
    said.push(now.default_role ? `Without a group ${roleOf(now.default_role)}` : "Without a group turned away");
  }
  if (before.single_sign_on_only !== now.single_sign_on_only) {
    said.push(`Single sign-on only ${now.single_sign_on_only ? "on" : "off"}`);
  }
  return said;
}

function recordedIn(payload: unknown): { policy: Recorded; reason: string } | null {
  const body = isRecord(payload) ? payload.AccessPolicyChanged : null;
  if (!isRecord(body) || !isRecord(body.policy) || typeof body.reason !== "string") return null;
  const { second_factor_roles, groups, default_role, single_sign_on_only } = body.policy;
  if (!Array.isArray(second_factor_roles) || !Array.isArray(groups)) return null;
  return {
    policy: {
      second_factor_roles: second_factor_roles as string[],
      groups: groups as Recorded["groups"],
      default_role: typeof default_role === "string" ? default_role : null,
      single_sign_on_only: single_sign_on_only === true,
    },
    reason: body.reason,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
