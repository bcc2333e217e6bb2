import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { otherRefusals, refusalsFor, useCommand } from "@/api/command";
import { Button } from "@/components/Button";
import { TextArea } from "@/components/Field";
import { ErrorNotice, FailureNotice, Refusals, Skeleton } from "@/components/Notices";
import { linesOf } from "./changes";
import { History } from "./History";
import { type Policy, policyTimelineQuery, reviewPolicyQuery, setReviewPolicyDocument } from "./operations";
import { PolicyTabs } from "./PolicyTabs";
import { Switch } from "./Switch";
import "./policy.css";

const switches: { key: keyof Policy; label: string; on: string; off: string }[] = [
  {
    key: "separateSides",
    label: "Sides stay apart",
    on: "One person never fills both sides of a round, as worker or as voter.",
    off: "One person may attack and detect in the same round, where the role allows both.",
  },
  {
    key: "noSelfApproval",
    label: "Nobody approves own work",
    on: "Whoever executed or evaluated a round does not approve it. Rejecting stays open to them.",
    off: "Leads may approve what they did themselves.",
  },
  {
    key: "disputes",
    label: "Disputes",
    on: "One approval and one rejection make a dispute: both must vote, and either lead may change the own vote.",
    off: "The first rejection ends the round.",
  },
];

/** What reviews are held to: three switches, each with what it means, and who changed them why. */
export function PolicyPage() {
  const query = useQuery(reviewPolicyQuery);
  const timeline = useInfiniteQuery(policyTimelineQuery);
  return (
    <div className="policy-page">
      <header className="page-head">
        <h1>Review policy</h1>
        <PolicyTabs />
      </header>
      <p className="muted">It holds from the next step on. Votes already cast stand as they are.</p>
      {query.isError ? (
        <ErrorNotice doing="Loading the policy" error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <Skeleton rows={6} label="Loading the policy" />
      ) : (
        <PolicyForm key={JSON.stringify(query.data)} policy={query.data} />
      )}
      <History query={timeline} linesOf={linesOf} />
    </div>
  );
}

function PolicyForm({ policy }: { policy: Policy }) {
  const queryClient = useQueryClient();
  const set = useCommand(setReviewPolicyDocument);
  const [wanted, setWanted] = useState(policy);
  const [reason, setReason] = useState("");
  const changed = switches.filter(({ key }) => wanted[key] !== policy[key]);
  const submit = async () => {
    const change = Object.fromEntries(changed.map(({ key }) => [key, wanted[key]]));
    if (await set.submit({ ...change, reason })) {
      setReason("");
      await queryClient.invalidateQueries({ queryKey: reviewPolicyQuery.queryKey });
    }
  };
  return (
    <form
      className="form policy-form"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void submit();
      }}
    >
      {switches.map(({ key, label, on, off }) => (
        <Switch
          key={key}
          label={label}
          checked={wanted[key]}
          changed={wanted[key] !== policy[key]}
          meaning={wanted[key] ? on : off}
          onChange={(checked) => setWanted({ ...wanted, [key]: checked })}
        />
      ))}
      {changed.length > 0 && (
        <>
          <TextArea
            label="Reason"
            required
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            error={refusalsFor(set.refusals, "reason")}
          />
          <Refusals refusals={otherRefusals(set.refusals, ["reason"])} />
          <FailureNotice failure={set.failure} />
          <div className="form-actions">
            <Button onClick={() => setWanted(policy)}>Discard</Button>
            <Button type="submit" variant="primary" busy={set.busy}>
              Change the policy
            </Button>
          </div>
        </>
      )}
    </form>
  );
}
