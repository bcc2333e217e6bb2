import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { rejectsQuery } from "@/api/jobs";
import { Button } from "./Button";
import { ErrorNotice, Skeleton } from "./Notices";
import "./Rejects.css";

/** What a job left out: where each record stands, which it is, and why. */
export function Rejects({ id }: { id: string }) {
  const query = useInfiniteQuery(rejectsQuery(id));
  const rejects = query.data?.pages.flatMap((page) => page?.nodes ?? []) ?? [];
  if (query.isError) {
    return <ErrorNotice doing="Loading the refused records" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.isPending) return <Skeleton rows={3} label="Loading the refused records" />;
  const total = query.data.pages[0]?.totalCount ?? 0;
  const placed = rejects.some((reject) => reject.file);
  return (
    <div className="rejects" role="region" aria-label="Refused records" tabIndex={0}>
      <table role="table" className="table table-stacked rejects-table" data-placed={placed || undefined}>
        <caption className="visually-hidden">Refused records</caption>
        <thead>
          <tr>
            <th scope="col" className="number">
              No.
            </th>
            {placed && <th scope="col">File and line</th>}
            <th scope="col">Record</th>
            <th scope="col">Reason</th>
          </tr>
        </thead>
        <tbody>
          {rejects.map((reject) => (
            <tr key={reject.number} role="row">
              <td role="cell" className="number">
                {reject.number}
              </td>
              {placed && (
                <td role="cell" className="reject-place">
                  <code>{placeOf(reject.file, reject.line)}</code>
                </td>
              )}
              <td role="cell" className="reject-record">
                <code>{reject.record}</code>
                {!placed && reject.line != null && <span className="muted"> line {reject.line}</span>}
              </td>
              <td role="cell" className="reject-reason">
                {withCode(reject.reason)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {query.hasNextPage && (
        <p className="more">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Load more
          </Button>
          <span className="muted">
            {rejects.length.toLocaleString("en")} of {total.toLocaleString("en")}
          </span>
        </p>
      )}
    </div>
  );
}

/** `atomics/T1059/T1059.yaml:12`, as editors and logs write it. */
function placeOf(file: string | null | undefined, line: number | null | undefined): string {
  if (!file) return line == null ? "" : `line ${line}`;
  return line == null ? file : `${file}:${line}`;
}

/** Reasons name fields between backticks. */
function withCode(reason: string): ReactNode[] {
  return reason.split("`").map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}
