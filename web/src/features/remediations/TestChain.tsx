import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useCommand } from "@/api/command";
import { may, useSession } from "@/api/session";
import { Button } from "@/components/Button";
import { detectionWords, StateBadge } from "@/components/Status";
import type { DetectionResult, TestState } from "@/gql/graphql";
import { openRemediationDocument } from "./commands";
import { type Chain, testChainQuery } from "./operations";
import { RemediationFormDialog, toInput } from "./RemediationForm";
import { Priority, RemediationBadge } from "./words";
import "./remediations.css";

interface Subject {
  id: string;
  title: string;
  state: TestState;
  detectionResult?: DetectionResult | null;
  version: number;
}

/** What came of a test that was not fully detected, and what a retest tries again: readable both ways. */
export function TestChain({ test, asOf }: { test: Subject; asOf: string | undefined }) {
  const session = useSession();
  const [opening, setOpening] = useState(false);
  // A remediation that is verified or a retest that is made changes nothing in the test itself.
  const query = useQuery({ ...testChainQuery(test.id, asOf), refetchInterval: asOf ? false : 5_000 });
  const chain = query.data;
  if (!chain) return null;
  const gap = test.state === "VALIDATED" && test.detectionResult != null && test.detectionResult !== "DETECTED";
  const mayOpen = gap && !asOf && may(session, "openRemediation");
  const empty = chain.remediations.length === 0 && chain.retests.length === 0 && !chain.retestOf;
  if (empty && !mayOpen) return null;
  return (
    <section className="chain" aria-label="Remediation and retests">
      {chain.retestOf && <RetestOf chain={chain} original={chain.retestOf} />}
      {(chain.remediations.length > 0 || mayOpen) && (
        <div className="chain-part">
          <div className="section-head">
            <h2>
              Remediations <span className="count">{chain.remediations.length || ""}</span>
            </h2>
            {mayOpen && (
              <Button variant={chain.remediations.length === 0 ? "primary" : "default"} onClick={() => setOpening(true)}>
                Open remediation
              </Button>
            )}
          </div>
          {chain.remediations.length === 0 ? (
            <p className="muted">
              The attack was {test.detectionResult === "NOT_DETECTED" ? "not detected" : "detected only in part"}. A
              remediation says what is done about it; once completed, the test is tried again by itself.
            </p>
          ) : (
            <ul className="rows">
              {chain.remediations.map((each) => (
                <li key={each.id}>
                  <Link to="/remediations/$number" params={{ number: String(each.number) }} className="row">
                    <span className="row-number">#{each.number}</span>
                    <span className="row-title">{each.title}</span>
                    <Priority value={each.priority} />
                    <RemediationBadge state={each.state} />
                    <span className="muted">{each.assignee?.name ?? "nobody"}</span>
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
      {chain.retests.length > 0 && (
        <div className="chain-part">
          <h2>
            Retests <span className="count">{chain.retests.length}</span>
          </h2>
          <ul className="rows" aria-label="Retests">
            {chain.retests.map((each) => (
              <li key={each.id}>
                <Link to="/tests/$number" params={{ number: String(each.number) }} className="row">
                  <span className="row-number">Retest {each.retestNumber}</span>
                  <span className="row-title">
                    #{each.number} {each.title}
                  </span>
                  <span className="muted">{each.detectionResult ? detectionWords[each.detectionResult] : ""}</span>
                  <StateBadge state={each.state} />
                </Link>
              </li>
            ))}
          </ul>
        </div>
      )}
      {opening && <OpenDialog test={test} onClose={() => setOpening(false)} />}
    </section>
  );
}

function RetestOf({ chain, original }: { chain: Chain; original: NonNullable<Chain["retestOf"]> }) {
  return (
    <p className="chain-origin">
      Retest {chain.retestNumber} of{" "}
      <Link to="/tests/$number" params={{ number: String(original.number) }}>
        #{original.number} {original.title}
      </Link>
      {original.detectionResult && <span className="muted">{detectionWords[original.detectionResult].toLowerCase()} then</span>}
      {chain.retestFor && (
        <>
          , after{" "}
          <Link to="/remediations/$number" params={{ number: String(chain.retestFor.number) }}>
            remediation #{chain.retestFor.number} {chain.retestFor.title}
          </Link>
          <RemediationBadge state={chain.retestFor.state} />
        </>
      )}
    </p>
  );
}

function OpenDialog({ test, onClose }: { test: Subject; onClose: () => void }) {
  const open = useCommand(openRemediationDocument);
  const navigate = useNavigate();
  return (
    <RemediationFormDialog
      heading="Open remediation"
      before={{ title: `Detect: ${test.title}`.slice(0, 200), description: "", priority: "MEDIUM", dueDate: "", tags: "", assigneeId: "" }}
      submitLabel="Open remediation"
      command={open}
      onClose={onClose}
      onSubmit={async (content) => {
        const payload = await open.submit({ testId: test.id, ...toInput(content), assigneeId: content.assigneeId || null });
        if (payload?.remediation) {
          await navigate({ to: "/remediations/$number", params: { number: String(payload.remediation.number) } });
        }
      }}
    />
  );
}
