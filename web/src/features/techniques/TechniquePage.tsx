import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useCalm, useLive } from "@/api/live";
import { ledgerHeadKey } from "@/api/queries";
import { Button } from "@/components/Button";
import { Instant } from "@/components/Instant";
import { Markdown } from "@/components/Markdown";
import { EmptyState, ErrorNotice, Skeleton } from "@/components/Notices";
import { CoverageLabel, detectionWords, StateBadge, StatusMark } from "@/components/Status";
import { useRowKeys } from "@/components/useRowKeys";
import { type Technique, techniqueEventsDocument, techniqueQuery } from "./operations";
import "./technique.css";
import { countOf } from "../../count";

/** How many groups or tools stand in view before "show all". */
const foldAfter = 24;

export function TechniquePage({
  attackId,
  asOf,
  actions,
}: {
  attackId: string;
  asOf: string | undefined;
  /** The buttons a technique offers; none in the past. */
  actions: (technique: Technique) => ReactNode;
}) {
  const queryClient = useQueryClient();
  const query = useQuery(techniqueQuery(attackId, asOf));
  const refetch = useCalm(() => {
    void queryClient.invalidateQueries({ queryKey: ledgerHeadKey });
    return queryClient.refetchQueries({ queryKey: techniqueQuery(attackId, undefined).queryKey });
  });
  useLive(
    techniqueEventsDocument,
    {},
    {
      enabled: asOf === undefined,
      onNext: ({ events }) => {
        // A sub-technique's colour is part of its parent's page.
        if (events.attackIds.some((changed) => changed === attackId || changed.startsWith(`${attackId}.`))) refetch();
      },
      onConnect: refetch,
    },
  );

  if (query.isError) {
    return <ErrorNotice doing="Loading the technique" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.isPending) return <Skeleton rows={12} label="Loading the technique" />;
  const technique = query.data;
  if (!technique) {
    return (
      <EmptyState page title={`No technique ${attackId}`} action={<Link to="/matrix" className="button">Back to the matrix</Link>}>
        {asOf ? "It was not known at this instant." : "It is not part of the imported ATT&CK release."}
      </EmptyState>
    );
  }
  return (
    <article className="technique">
      <header className="page-head">
        <div>
          {technique.parent && (
            <p className="crumb">
              <Link to="/techniques/$attackId" params={{ attackId: technique.parent.attackId }}>
                {technique.parent.attackId} {technique.parent.name}
              </Link>
            </p>
          )}
          <h1>
            <span className="attack-id">{technique.attackId}</span> {technique.name}
          </h1>
        </div>
        <div className="page-actions">{technique.lifecycle === "ACTIVE" && actions(technique)}</div>
      </header>

      <Retired technique={technique} />

      <div className="technique-body">
        <div className="technique-main">
          <section aria-labelledby="description">
            <h2 id="description" className="visually-hidden">
              Description
            </h2>
            <Markdown source={technique.description} renderLink={linkInside} />
            {technique.url && (
              <p>
                <a href={technique.url} target="_blank" rel="noreferrer noopener">
                  {technique.attackId} at MITRE ATT&amp;CK
                </a>
              </p>
            )}
          </section>
          <Tests technique={technique} />
          <SubTechniques technique={technique} />
          <Names title="Threat actors" names={technique.threatActors} none="No group is known to use it." />
          <Names title="Software" names={technique.software} none="No software is known to use it." />
        </div>
        <Facts technique={technique} />
      </div>
    </article>
  );
}

/** Descriptions link to MITRE's pages of other techniques; here they lead to ours. */
function linkInside(href: string, children: ReactNode): ReactNode | null {
  const match = /^https?:\/\/attack\.mitre\.org\/techniques\/(T\d{4})(?:\/(\d{3}))?\/?$/.exec(href);
  if (!match?.[1]) return null;
  const attackId = match[2] ? `${match[1]}.${match[2]}` : match[1];
  return (
    <Link to="/techniques/$attackId" params={{ attackId }}>
      {children}
    </Link>
  );
}

function Retired({ technique }: { technique: Technique }) {
  if (technique.lifecycle === "ACTIVE") return null;
  return (
    <p className="notice" role="note">
      <span>
        {technique.lifecycle === "REVOKED" ? "MITRE revoked this technique." : "MITRE deprecated this technique."}{" "}
        {technique.successor && (
          <>
            Its work goes on at{" "}
            <Link to="/techniques/$attackId" params={{ attackId: technique.successor.attackId }}>
              {technique.successor.attackId} {technique.successor.name}
            </Link>
            .
          </>
        )}
      </span>
    </p>
  );
}

function Facts({ technique }: { technique: Technique }) {
  const { coverage } = technique;
  return (
    <aside className="technique-facts" aria-label="Coverage and facts">
      <p className="technique-status" data-testid="technique-status" data-status={coverage.status}>
        <CoverageLabel status={coverage.status} />
        {coverage.openWork && <span className="muted">open work</span>}
      </p>
      <dl className="figures">
        <dt>Validated tests</dt>
        <dd>
          {coverage.validatedTests} of {coverage.tests}
        </dd>
        <dt>Detected</dt>
        <dd>{coverage.detectedTests}</dd>
        <dt>Partially detected</dt>
        <dd>{coverage.partiallyDetectedTests}</dd>
        <dt>Not detected</dt>
        <dd>{coverage.notDetectedTests}</dd>
        <dt>Open tests</dt>
        <dd>{coverage.openTests}</dd>
      </dl>
      <dl className="facts">
        <dt>Tactics</dt>
        <dd>{technique.tactics.map((tactic) => tactic.name).join(", ") || "none"}</dd>
        <dt>Platforms</dt>
        <dd>{technique.platforms.join(", ") || "none named"}</dd>
        <dt>Coverage rule</dt>
        <dd>version {coverage.ruleVersion}</dd>
        {coverage.changedAt && (
          <>
            <dt>Last change</dt>
            <dd>
              <Instant at={coverage.changedAt} />
              {coverage.changedPosition != null && `, position ${coverage.changedPosition.toLocaleString("en")}`}
            </dd>
          </>
        )}
      </dl>
    </aside>
  );
}

function Tests({ technique }: { technique: Technique }) {
  const keys = useRowKeys<HTMLUListElement>(".row");
  return (
    <section aria-labelledby="technique-tests">
      <h2 id="technique-tests">
        Tests <span className="count">{countOf(technique.tests)}</span>
      </h2>
      {technique.tests.nodes.length === 0 ? (
        <p className="muted">No test has been drafted on this technique.</p>
      ) : (
        <ul className="rows" {...keys} aria-label="Tests">
          {technique.tests.nodes.map((test) => (
            <li key={test.id}>
              <Link to="/tests/$number" params={{ number: String(test.number) }} className="row">
                <span className="row-number">#{test.number}</span>
                <span className="row-title">{test.title}</span>
                {test.detectionResult && <span className="muted">{detectionWords[test.detectionResult]}</span>}
                <StateBadge state={test.state} />
                <Instant at={test.updatedAt} />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function SubTechniques({ technique }: { technique: Technique }) {
  if (technique.subTechniques.length === 0) return null;
  return (
    <section aria-labelledby="sub-techniques">
      <h2 id="sub-techniques">
        Sub-techniques <span className="count">{technique.subTechniques.length}</span>
      </h2>
      <ul className="sub-techniques">
        {technique.subTechniques.map((sub) => (
          <li key={sub.attackId}>
            <Link to="/techniques/$attackId" params={{ attackId: sub.attackId }} className="row">
              <StatusMark status={sub.coverage.status} />
              <span className="row-number">{sub.attackId}</span>
              <span className="row-title">{sub.name}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Names({
  title,
  names,
  none,
}: {
  title: string;
  names: readonly { attackId: string; name: string }[];
  none: string;
}) {
  const [all, setAll] = useState(false);
  const shown = all ? names : names.slice(0, foldAfter);
  return (
    <section aria-label={title}>
      <h2>
        {title} <span className="count">{names.length}</span>
      </h2>
      {names.length === 0 ? (
        <p className="muted">{none}</p>
      ) : (
        <ul className="names">
          {shown.map((entry) => (
            <li key={entry.attackId} title={entry.attackId}>
              {entry.name}
            </li>
          ))}
        </ul>
      )}
      {names.length > shown.length && (
        <Button variant="quiet" onClick={() => setAll(true)}>
          Show all {names.length}
        </Button>
      )}
    </section>
  );
}
