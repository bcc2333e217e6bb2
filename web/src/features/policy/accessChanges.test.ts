import { describe, expect, it } from "vitest";
import { changeOf, linesOf, moved } from "./accessChanges";
import type { AccessPolicy } from "./accessOperations";

const policy: AccessPolicy = {
  secondFactorRoles: ["ADMIN", "RED_LEAD"],
  groups: [{ group: "soc", role: "BLUE_TECH" }],
  defaultRole: "VIEWER",
  singleSignOnOnly: false,
};

describe("a change of the access policy", () => {
  it("sends only what is otherwise", () => {
    expect(changeOf(policy, { ...policy, secondFactorRoles: ["RED_LEAD", "ADMIN"] })).toEqual({});
    expect(changeOf(policy, { ...policy, defaultRole: null })).toEqual({ defaultRole: null });
    expect(changeOf(policy, { ...policy, groups: [] })).toEqual({ groups: [] });
  });

  it("tells one order of the groups from another, since the first decides", () => {
    const two = { ...policy, groups: [...policy.groups, { group: "red", role: "RED_TECH" as const }] };
    expect(changeOf(two, { ...two, groups: moved(two.groups, 0, 1) })).toEqual({
      groups: [
        { group: "red", role: "RED_TECH" },
        { group: "soc", role: "BLUE_TECH" },
      ],
    });
  });
});

describe("a group that is moved", () => {
  it("stays where it is at the ends", () => {
    expect(moved([1, 2, 3], 0, -1)).toEqual([1, 2, 3]);
    expect(moved([1, 2, 3], 2, 1)).toEqual([1, 2, 3]);
    expect(moved([1, 2, 3], 2, -1)).toEqual([1, 3, 2]);
  });
});

describe("the history of the access policy", () => {
  const event = (changes: object, reason: string) => ({
    summary: "Access policy changed",
    payload: {
      AccessPolicyChanged: {
        policy: {
          second_factor_roles: ["admin"],
          groups: [],
          default_role: null,
          single_sign_on_only: false,
          ...changes,
        },
        reason,
      },
    },
  });

  it("says what each change made otherwise, and why", () => {
    const groups = [{ group: "soc", role: "blue_tech" }];
    expect(
      linesOf([
        event({}, "Asked for by the audit."),
        event({ groups, default_role: "viewer" }, "The provider is there."),
        event({ groups, single_sign_on_only: true, default_role: "viewer" }, "No more passwords."),
      ]),
    ).toEqual([
      "Second factor for Admin: Asked for by the audit.",
      "Groups soc → Blue technician; Without a group Viewer: The provider is there.",
      "Single sign-on only on: No more passwords.",
    ]);
  });

  it("falls back to the server's words", () => {
    expect(linesOf([{ summary: "Something else", payload: { Other: {} } }])).toEqual(["Something else"]);
  });
});
