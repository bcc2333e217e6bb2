import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { execute } from "@/api/client";
import { Combobox, type Suggestion } from "@/components/Combobox";
import { Dialog } from "@/components/Dialog";
import { Icon } from "@/components/Icon";
import { stateWords } from "@/components/Status";
import { graphql } from "@/gql";
import { pagesFor } from "./pages";
import { type Fit, fitOf, ranked, rankedGroups } from "./ranking";

const jumpDocument = graphql(`
  query Jump($search: String!, $number: Int!, $byNumber: Boolean!, $attackId: String!, $byId: Boolean!) {
    exact: technique(attackId: $attackId) @include(if: $byId) {
      attackId
      name
    }
    techniques(first: 200, filter: { search: $search, includeSubTechniques: true }) {
      nodes {
        attackId
        name
      }
    }
    tests(first: 20, filter: { search: $search }) @skip(if: $byNumber) {
      nodes {
        number
        title
        state
      }
    }
    test(number: $number) @include(if: $byNumber) {
      number
      title
      state
    }
  }
`);

interface Target extends Suggestion {
  fit: Fit;
  go: () => Promise<void>;
}

const settleMs = 120;
const shownTechniques = 8;
const shownTests = 6;

/** One box to anywhere: pages, techniques by id or name, tests by title or #number. */
export function JumpBox({ permissions, onClose }: { permissions: readonly string[]; onClose: () => void }) {
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const search = useSettled(text.trim());
  const digits = /^#?(\d{1,9})$/.exec(search)?.[1];
  const attackId = /^t\d{4}(\.\d{3})?$/i.test(search) ? search.toUpperCase() : undefined;
  const found = useQuery({
    queryKey: ["jump", search],
    queryFn: ({ signal }) =>
      execute(
        jumpDocument,
        {
          search,
          number: Number(digits ?? 0),
          byNumber: digits !== undefined,
          // Asked for by itself, because retired techniques are not among the others.
          attackId: attackId ?? "",
          byId: attackId !== undefined,
        },
        signal,
      ),
    enabled: search.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

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
  const data = search && text.trim() ? found.data : undefined;
  const foundTests: Target[] = (data?.tests?.nodes ?? (data?.test ? [data.test] : [])).map((test) => ({
    key: `test-${test.number}`,
    group: "Tests",
    fit: fitOf(search, [`#${test.number}`, String(test.number)], test.title),
    label: (
      <>
        <span className="attack-id">#{test.number}</span>
        <span className="combobox-name">{test.title}</span>
        <span className="muted">{stateWords[test.state]}</span>
      </>
    ),
    go: () => navigate({ to: "/tests/$number", params: { number: String(test.number) } }),
  }));
  const nodes = data?.techniques.nodes ?? [];
  const { exact } = data ?? {};
  const retired = exact && !nodes.some((technique) => technique.attackId === exact.attackId) ? [exact] : [];
  const foundTechniques: Target[] = [...retired, ...nodes].map((technique) => ({
    key: technique.attackId,
    group: "Techniques",
    fit: fitOf(search, [technique.attackId, technique.attackId.slice(1)], technique.name),
    label: (
      <>
        <span className="attack-id">{technique.attackId}</span>
        <span className="combobox-name">{technique.name}</span>
      </>
    ),
    go: () => navigate({ to: "/techniques/$attackId", params: { attackId: technique.attackId } }),
  }));

  return (
    <Dialog title="Search or jump to" onClose={onClose}>
      <Combobox
        inline
        label="Search or jump to"
        placeholder="Technique, test, #number or page"
        value={text}
        onValue={setText}
        suggestions={rankedGroups([ranked(foundTests, shownTests), ranked(foundTechniques, shownTechniques), pages])}
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

/** The text once typing has paused, so that not every letter becomes a request. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), settleMs);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
