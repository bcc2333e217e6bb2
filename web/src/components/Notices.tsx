/** What a page shows when it is loading, empty, or in trouble. */
import type { ReactNode } from "react";
import { ApiError } from "@/api/client";
import type { Refusal } from "@/api/command";
import { Button } from "./Button";
import { Icon } from "./Icon";

export function Skeleton({ rows = 6, label = "Loading" }: { rows?: number; label?: string }) {
  return (
    <div className="skeleton" role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, index) => (
        <span key={index} className="skeleton-row" style={{ width: `${92 - ((index * 17) % 38)}%` }} />
      ))}
    </div>
  );
}

export function EmptyState({
  title,
  page = false,
  children,
  action,
}: {
  title: string;
  /** It is all there is on the page, so its title is the page's heading. */
  page?: boolean;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="empty">
      {page ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}

/** Says what happened and offers the way on. */
export function ErrorNotice({ error, onRetry, doing }: { error: unknown; onRetry?: () => void; doing: string }) {
  return (
    <div className="notice notice-error" role="alert" ref={intoSight}>
      <Icon name="warning" />
      <div>
        <p>
          <strong>{doing} did not work.</strong> {explain(error)}
        </p>
      </div>
      {onRetry && (
        <Button onClick={onRetry} className="notice-action">
          Try again
        </Button>
      )}
    </div>
  );
}

/** A command that ended badly on the way: whether it was saved is said, not guessed. */
export function FailureNotice({ failure }: { failure: ApiError | null }) {
  if (!failure) return null;
  return (
    <div className="notice notice-error" role="alert" ref={intoSight}>
      <Icon name="warning" />
      <p>
        {explain(failure)}{" "}
        {failure.outcomeUnknown
          ? "It is not certain whether this was saved; sending it again cannot save it twice."
          : "Nothing was saved."}
      </p>
    </div>
  );
}

/** Below a long form it would say its words to nobody. */
function intoSight(notice: HTMLElement | null) {
  notice?.scrollIntoView?.({ block: "nearest" });
}

/** Refused rules that belong to no single field. */
export function Refusals({ refusals }: { refusals: readonly Refusal[] }) {
  if (refusals.length === 0) return null;
  return (
    <div className="notice notice-error" role="alert" ref={intoSight}>
      <Icon name="warning" />
      <div>
        {refusals.map((refusal) => (
          <p key={refusal.message}>{refusal.message}</p>
        ))}
        {refusals.some((refusal) => refusal.code === "CONFLICT") && (
          <p>Someone else changed this meanwhile. Look at the newest version, then save again.</p>
        )}
      </div>
    </div>
  );
}

export function explain(error: unknown): string {
  if (!(error instanceof ApiError)) return "Something unexpected happened in this page.";
  switch (error.code) {
    case "UNAUTHENTICATED":
      return "The session has ended. Sign in again.";
    case "FORBIDDEN":
      return "Your role does not allow this.";
    case "NOT_FOUND":
      return "It does not exist, or no longer does.";
    case "PASSWORD_CHANGE_REQUIRED":
      return "Choose a new password first.";
    case "SECOND_FACTOR_REQUIRED":
      return "Set up a second factor first.";
    case "RATE_LIMITED":
    case "LIMIT_EXCEEDED":
      return error.message;
    case "READ_MODELS_BEHIND":
      return "The views are still catching up with the record. Try again in a moment.";
    case "NETWORK":
      return `${error.message} Check the connection.`;
    case "INTERNAL":
      return error.message;
  }
}
