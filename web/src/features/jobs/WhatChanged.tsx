import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "@/components/Button";
import { ErrorNotice, Skeleton } from "@/components/Notices";
import { releaseDifferenceQuery } from "./operations";
import type { Named } from "./outcome";

/** How many names stand in view before "show all". */
const foldAfter = 12;

/** Which techniques an import brought, retired and renamed: the matrix before it beside the one after. */
export function WhatChanged({ from, to, digest }: { from: string; to: string; digest: string }) {
  const query = useQuery(releaseDifferenceQuery(from, to));
  if (query.isError) {
    return <ErrorNotice doing="Comparing the releases" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.isPending) return <Skeleton rows={3} label="Comparing the releases" />;
  const { before, difference } = query.data;
  return (
    <div className="what-changed">
      <p>
        {before === null
          ? "Nothing was in force before."
          : `It took the place of ${before === "starter" ? "the starter techniques" : `ATT&CK ${before}`}.`}{" "}
        Techniques and sub-techniques by id and name:
      </p>
      <dl className="facts">
        <Names term="Added" names={difference.added} linked />
        <Names term="Retired" names={difference.retired} />
        <Names
          term="Renamed"
          names={difference.renamed.map((each) => ({ ...each, name: `${each.before} is now ${each.name}` }))}
          linked
        />
        <dt>Unchanged</dt>
        <dd>{difference.kept.toLocaleString("en")}</dd>
        {digest && (
          <>
            <dt>Digest</dt>
            <dd>
              <code>{digest}</code>
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}

function Names({ term, names, linked = false }: { term: string; names: readonly Named[]; linked?: boolean }) {
  const [all, setAll] = useState(false);
  const shown = all ? names : names.slice(0, foldAfter);
  return (
    <>
      <dt>{term}</dt>
      <dd>
        {names.length.toLocaleString("en")}
        {names.length > 0 && (
          <ul className="changed-names">
            {shown.map((each) => (
              <li key={each.attackId}>
                {linked ? (
                  <Link to="/techniques/$attackId" params={{ attackId: each.attackId }}>
                    {each.attackId}
                  </Link>
                ) : (
                  <span className="attack-id">{each.attackId}</span>
                )}{" "}
                {each.name}
              </li>
            ))}
          </ul>
        )}
        {names.length > shown.length && (
          <Button variant="quiet" onClick={() => setAll(true)}>
            Show all {names.length.toLocaleString("en")}
          </Button>
        )}
      </dd>
    </>
  );
}
