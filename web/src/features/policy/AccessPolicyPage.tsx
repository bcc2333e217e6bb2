import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { otherRefusals, refusalsFor, useCommand } from "@/api/command";
import { Button } from "@/components/Button";
import { Select, TextArea } from "@/components/Field";
import { ErrorNotice, FailureNotice, Refusals, Skeleton } from "@/components/Notices";
import { roles } from "@/components/RoleField";
import { roleWords } from "@/components/Status";
import type { Role } from "@/gql/graphql";
import { changeOf, linesOf } from "./accessChanges";
import { type AccessPolicy, accessPolicyQuery, accessTimelineQuery, setAccessPolicyDocument } from "./accessOperations";
import { type GroupRow, Groups } from "./Groups";
import { History } from "./History";
import { PolicyTabs } from "./PolicyTabs";
import { Switch } from "./Switch";
import "./policy.css";

/** Who gets in and how: each setting with what it does, and who changed it why. */
export function AccessPolicyPage({ ownRole }: { ownRole: Role | undefined }) {
  const query = useQuery(accessPolicyQuery);
  const timeline = useInfiniteQuery(accessTimelineQuery);
  return (
    <div className="policy-page">
      <header className="page-head">
        <h1>Access policy</h1>
        <PolicyTabs />
      </header>
      <p className="muted">It says who gets in and how, and holds from the next request on.</p>
      {query.isError ? (
        <ErrorNotice doing="Loading the policy" error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <Skeleton rows={8} label="Loading the policy" />
      ) : (
        <AccessForm key={JSON.stringify(query.data)} policy={query.data} ownRole={ownRole} />
      )}
      <History query={timeline} linesOf={linesOf} />
    </div>
  );
}

const rowsOf = (policy: AccessPolicy): GroupRow[] =>
  policy.groups.map(({ group, role }) => ({ key: group, group, role }));

function AccessForm({ policy, ownRole }: { policy: AccessPolicy; ownRole: Role | undefined }) {
  const queryClient = useQueryClient();
  const set = useCommand(setAccessPolicyDocument);
  const [factorRoles, setFactorRoles] = useState<readonly Role[]>(policy.secondFactorRoles);
  const [rows, setRows] = useState(() => rowsOf(policy));
  const [defaultRole, setDefaultRole] = useState<Role | null>(policy.defaultRole ?? null);
  const [ssoOnly, setSsoOnly] = useState(policy.singleSignOnOnly);
  const [reason, setReason] = useState("");
  const change = changeOf(policy, {
    secondFactorRoles: [...factorRoles],
    groups: rows.map(({ group, role }) => ({ group, role })),
    defaultRole,
    singleSignOnOnly: ssoOnly,
  });
  const changed = Object.keys(change).length > 0;

  const discard = () => {
    setFactorRoles(policy.secondFactorRoles);
    setRows(rowsOf(policy));
    setDefaultRole(policy.defaultRole ?? null);
    setSsoOnly(policy.singleSignOnOnly);
    set.reset();
  };
  const submit = async () => {
    if (!(await set.submit({ ...change, reason }))) return;
    setReason("");
    await queryClient.invalidateQueries({ queryKey: accessPolicyQuery.queryKey });
  };
  const lockedIn = ownRole !== undefined && factorRoles.includes(ownRole) && !policy.secondFactorRoles.includes(ownRole);

  return (
    <form
      className="form access-form"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Part
        title="Second factor"
        changed={"secondFactorRoles" in change}
        meaning="Whoever has one of these roles and signs in with a password needs a code of an authenticator app too. Those who have none yet are led to set one up before anything else is open to them."
      >
        <div className="access-roles">
          {roles.map((role) => (
            <label key={role} className="check-line">
              <input
                type="checkbox"
                checked={factorRoles.includes(role)}
                onChange={(event) =>
                  setFactorRoles(
                    event.target.checked ? [...factorRoles, role] : factorRoles.filter((other) => other !== role),
                  )
                }
              />
              {roleWords[role]}
            </label>
          ))}
        </div>
        {lockedIn && (
          <p className="notice" role="note">
            This is your own role. If you have no second factor, you are led to set one up right after this.
          </p>
        )}
      </Part>
      <Part
        title="Groups of the identity provider"
        changed={"groups" in change}
        meaning="People who come by single sign-on get the role of their group, anew at each sign-in. Of several groups that a person is in, the one that stands first here decides."
      >
        <Groups rows={rows} onChange={setRows} />
        <Refusals refusals={set.refusals.filter((refusal) => /\b(groups|group)\b/.test(refusal.field ?? ""))} />
      </Part>
      <Part
        title="In none of the groups"
        changed={"defaultRole" in change}
        meaning={
          defaultRole
            ? `Whoever comes by single sign-on and is in none of the groups becomes ${roleWords[defaultRole]}.`
            : "Whoever comes by single sign-on and is in none of the groups is turned away."
        }
      >
        <div className="access-default">
          <Select
            label="Their role"
            value={defaultRole ?? ""}
            onChange={(event) => setDefaultRole(event.target.value === "" ? null : (event.target.value as Role))}
            error={refusalsFor(set.refusals, "defaultRole")}
          >
            <option value="">None, they are turned away</option>
            {roles
              .filter((role) => role !== "ADMIN")
              .map((role) => (
                <option key={role} value={role}>
                  {roleWords[role]}
                </option>
              ))}
          </Select>
        </div>
      </Part>
      <Switch
        label="Single sign-on only"
        checked={ssoOnly}
        changed={"singleSignOnOnly" in change}
        meaning={
          ssoOnly
            ? "Passwords let nobody in but admins, who keep theirs as the way back when the provider fails."
            : "People sign in with a password or, where it is set up, by single sign-on."
        }
        onChange={setSsoOnly}
      />
      {changed && (
        <>
          <TextArea
            label="Reason"
            required
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            error={refusalsFor(set.refusals, "reason")}
          />
          <Refusals refusals={otherRefusals(set.refusals, ["reason", "groups", "group", "defaultRole"])} />
          <FailureNotice failure={set.failure} />
          <div className="form-actions">
            <Button onClick={discard}>Discard</Button>
            <Button type="submit" variant="primary" busy={set.busy}>
              Change the policy
            </Button>
          </div>
        </>
      )}
    </form>
  );
}

function Part({
  title,
  meaning,
  changed,
  children,
}: {
  title: string;
  /** What it does. */
  meaning: string;
  changed: boolean;
  children: ReactNode;
}) {
  return (
    <fieldset className="access-part" data-changed={changed || undefined}>
      <legend>{title}</legend>
      <p className="muted">{meaning}</p>
      {children}
    </fieldset>
  );
}
