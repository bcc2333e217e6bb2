import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { Combobox, type Suggestion } from "@/components/Combobox";
import { Dialog } from "@/components/Dialog";
import { Icon } from "@/components/Icon";
import { campaignWords, remediationWords, stateWords } from "@/components/Status";
import { jumpQuery } from "./jump";
import { pagesFor } from "./pages";
import { type Fit, fitOf, ranked, rankedGroups } from "./ranking";

interface Target extends Suggestion {
  fit: Fit;
  go: () => Promise<void>;
}

const settleMs = 120;
/** Shown of each group. */
const limits = { tests: 6, techniques: 8, others: 4 };

/** One box to anywhere: pages, techniques by id or name, everything numbered by name or #number, templates. */
export function JumpBox({ permissions, onClose }: { permissions: readonly string[]; onClose: () => void }) {
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const search = useSettled(text.trim());
  const found = useQuery(jumpQuery(search));
  const data = search && text.trim() ? found.data : undefined;

  const pages: Target[] = pagesFor(permissions)
    .filter((page) => page.label.toLowerCase().includes(text.trim().toLowerCase()))
    .map((page) => ({
      key: page.to,
      group: "Pages",
      fit: fitOf(text, [page.label], page.label),
      label: (
        <>
          <Icon name={page.icon} /> {page.label}
        </>
      ),
      go: () => navigate({ to: page.to }),
    }));
  const numbered = (
    group: string,
    { number, name, state }: { number: number; name: string; state: string },
    go: () => Promise<void>,
  ): Target => ({
    key: `${group}-${number}`,
    group,
    fit: fitOf(search, [`#${number}`, String(number)], name),
    label: <Line id={`#${number}`} name={name} remark={state} />,
    go,
  });
  const tests = (data?.tests ?? []).map(({ number, title, state }) =>
    numbered("Tests", { number, name: title, state: stateWords[state] }, () =>
      navigate({ to: "/tests/$number", params: { number: String(number) } }),
    ),
  );
  const campaigns = (data?.campaigns ?? []).map(({ number, name, state }) =>
    numbered("Campaigns", { number, name, state: campaignWords[state] }, () =>
      navigate({ to: "/campaigns/$number", params: { number: String(number) } }),
    ),
  );
  const remediations = (data?.remediations ?? []).map(({ number, title, state }) =>
    numbered("Remediations", { number, name: title, state: remediationWords[state] }, () =>
      navigate({ to: "/remediations/$number", params: { number: String(number) } }),
    ),
  );
  const templates = (data?.templates ?? []).map(
    ({ id, name, attackId }): Target => ({
      key: id,
      group: "Templates",
      fit: fitOf(search, [], name),
      label: <Line name={name} remark={attackId} />,
      go: () => navigate({ to: "/catalogue", search: { template: id } }),
    }),
  );
  const techniques = (data?.techniques ?? []).map(
    ({ attackId, name }): Target => ({
      key: attackId,
      group: "Techniques",
      fit: fitOf(search, [attackId, attackId.slice(1)], name),
      label: <Line id={attackId} name={name} />,
      go: () => navigate({ to: "/techniques/$attackId", params: { attackId } }),
    }),
  );

  return (
    <Dialog title="Search or jump to" onClose={onClose}>
      <Combobox
        inline
        label="Search or jump to"
        placeholder="Name, technique, #number or page"
        value={text}
        onValue={setText}
        suggestions={rankedGroups([
          ranked(tests, limits.tests),
          ranked(campaigns, limits.others),
          ranked(remediations, limits.others),
          ranked(techniques, limits.techniques),
          ranked(templates, limits.others),
          pages,
        ])}
        onPick={(target) => {
          onClose();
          void target.go();
        }}
        empty={
          found.isError
            ? "The search did not work. Change the text to try again."
            : found.isFetching || search !== text.trim()
              ? "Searching"
              : "Nothing has that name or number."
        }
      />
    </Dialog>
  );
}

function Line({ id, name, remark }: { id?: string; name: string; remark?: ReactNode }) {
  return (
    <>
      {id && <span className="attack-id">{id}</span>}
      <span className="combobox-name">{name}</span>
      {remark && <span className="muted">{remark}</span>}
    </>
  );
}

/** The text once typing has paused, so that not every letter becomes a request. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), settleMs);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
