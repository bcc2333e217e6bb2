import { Link } from "@tanstack/react-router";
import { Instant } from "@/components/Instant";
import { classificationWords } from "@/components/Status";
import { formatDay, isPast } from "@/time";
import type { TestDetail } from "./operations";

/** What the test is about, whatever its rounds say. */
export function About({ test }: { test: TestDetail }) {
  // Once there is a record, it says what was done; the plan is history.
  const planned = test.rounds.at(-1)?.attack == null && (test.plannedProcedure || test.plannedTool);
  return (
    <section className="about" aria-label="About this test">
      {(test.objective || test.description || planned) && (
        <div className="about-text">
          {test.objective && <p className="prose about-objective">{test.objective}</p>}
          {test.description && <p className="prose">{test.description}</p>}
          {planned && (
            <div className="about-plan">
              <h4>Planned procedure{test.plannedTool && `, with ${test.plannedTool}`}</h4>
              {test.plannedProcedure && <pre className="procedure">{test.plannedProcedure}</pre>}
            </div>
          )}
        </div>
      )}
      <dl className="facts about-facts">
        <dt>Assignee</dt>
        <dd>{test.assignee?.name ?? "Nobody"}</dd>
        {test.dueDate && (
          <>
            <dt>Due</dt>
            <dd>
              {formatDay(test.dueDate)}
              {test.state !== "VALIDATED" && isPast(test.dueDate) && <span className="overdue"> overdue</span>}
            </dd>
          </>
        )}
        {test.targetEnvironment && (
          <>
            <dt>Environment</dt>
            <dd>{test.targetEnvironment}</dd>
          </>
        )}
        {test.platform && (
          <>
            <dt>Platform</dt>
            <dd>{test.platform}</dd>
          </>
        )}
        <dt>Classification</dt>
        <dd>{classificationWords[test.classification]}</dd>
        {test.tags.length > 0 && (
          <>
            <dt>Tags</dt>
            <dd className="tags">
              {test.tags.map((tag) => (
                <Link key={tag} to="/tests" search={{ tag }} className="tag">
                  {tag}
                </Link>
              ))}
            </dd>
          </>
        )}
        {test.copiedFrom && (
          <>
            <dt>Copy of</dt>
            <dd>
              <Link to="/tests/$number" params={{ number: String(test.copiedFrom.number) }}>
                #{test.copiedFrom.number} {test.copiedFrom.title}
              </Link>
            </dd>
          </>
        )}
        <dt>Drafted</dt>
        <dd>
          {test.createdBy.name}, <Instant at={test.createdAt} />
        </dd>
      </dl>
    </section>
  );
}
