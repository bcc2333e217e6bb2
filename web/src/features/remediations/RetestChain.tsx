import { Link } from "@tanstack/react-router";
import { Instant } from "@/components/Instant";
import { detectionWords, StateBadge } from "@/components/Status";
import type { Remediation } from "./operations";

/** From the test that showed the gap to the retests that show whether it is closed. */
export function RetestChain({ remediation }: { remediation: Remediation }) {
  const { test, retests } = remediation;
  return (
    <section aria-labelledby="retest-chain">
      <h2 id="retest-chain">Retest chain</h2>
      <ol className="retest-chain">
        <li>
          <span className="chain-label">Opened from</span>
          {test ? (
            <Link to="/tests/$number" params={{ number: String(test.number) }}>
              #{test.number} {test.title}
            </Link>
          ) : (
            <span className="muted">a test that is not shown here</span>
          )}
          <span className="muted">{detectionWords[remediation.detectionResult]}</span>
        </li>
        {retests.map((retest) => (
          <li key={retest.completion}>
            <span className="chain-label">Completion {retest.completion}</span>
            {retest.test ? (
              <>
                <Link to="/tests/$number" params={{ number: String(retest.test.number) }}>
                  Retest {retest.number}: #{retest.test.number} {retest.test.title}
                </Link>
                <StateBadge state={retest.test.state} />
                <span className="muted">{retest.detectionResult ? detectionWords[retest.detectionResult] : ""}</span>
              </>
            ) : (
              <span>No retest: {retest.notCreatedBecause ?? "it is being made"}</span>
            )}
            <span className="muted">
              <Instant at={retest.recordedAt} />
            </span>
          </li>
        ))}
        {remediation.state === "COMPLETED" && retests.length < remediation.completions && (
          <li>
            <span className="chain-label">Completion {remediation.completions}</span>
            <span className="muted">The retest is being drafted</span>
          </li>
        )}
        {remediation.verifiedAt && (
          <li>
            <span className="chain-label">Verified</span>
            <Instant at={remediation.verifiedAt} />
          </li>
        )}
      </ol>
    </section>
  );
}
