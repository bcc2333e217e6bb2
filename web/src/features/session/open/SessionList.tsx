import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSetting } from "@/api/command";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Instant } from "@/components/Instant";
import { ErrorNotice, FailureNotice, Skeleton } from "@/components/Notices";
import { agentWords } from "./agent";
import { type OpenSession, openSessionsKey, openSessionsQuery, revokeSessionDocument, revokeSessionsDocument } from "./operations";
import "./sessions.css";

/**
 * Where somebody is signed in, and the ways to end that. Without a `person` they are one's own;
 * then the session of this page stays, and it is ended by signing out.
 */
export function SessionList({ person }: { person?: { id: string; name: string } }) {
  const queryClient = useQueryClient();
  const userId = person?.id ?? null;
  const query = useQuery(openSessionsQuery(userId));
  const revoke = useSetting(revokeSessionDocument);
  const revokeAll = useSetting(revokeSessionsDocument);
  const [ending, setEnding] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const refresh = () => queryClient.invalidateQueries({ queryKey: openSessionsKey });
  if (query.isError) {
    return <ErrorNotice doing="Loading the sessions" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.isPending) return <Skeleton rows={3} label="Loading the sessions" />;
  const sessions = query.data;
  const others = sessions.filter((session) => !session.own);
  const end = async (session: OpenSession) => {
    setEnding(session.id);
    await revoke.submit({ id: session.id });
    await refresh();
    setEnding(null);
  };
  const endAll = async () => {
    if (!(await revokeAll.submit(userId === null ? {} : { userId }))) return;
    setAsking(false);
    await refresh();
  };

  return (
    <div className="sessions">
      {sessions.length === 0 ? (
        <p className="muted">Not signed in anywhere.</p>
      ) : (
        <ul className="session-list" aria-label="Sessions">
          {sessions.map((session) => (
            <li key={session.id}>
              <div className="session-what">
                <strong title={session.agent}>{agentWords(session.agent)}</strong>{" "}
                {session.own && <span className="tag">This session</span>}
                <span className="muted">
                  {session.address ?? "unknown address"}
                  {session.means === "SINGLE_SIGN_ON" && ", by single sign-on"}
                </span>
              </div>
              <div className="session-when muted">
                <span>
                  Signed in <Instant at={session.beganAt} />
                </span>
                <span>
                  Last seen <Instant at={session.seenAt} relative />
                </span>
              </div>
              {!session.own && (
                <Button
                  aria-label={`End the session on ${agentWords(session.agent)}`}
                  busy={ending === session.id}
                  onClick={() => void end(session)}
                >
                  End
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      <FailureNotice failure={revoke.failure} />
      {others.length > 0 && (
        <div>
          <Button variant="danger" onClick={() => setAsking(true)}>
            {person ? "Sign out everywhere" : "End all others"}
          </Button>
        </div>
      )}
      {asking && (
        <ConfirmDialog
          title={person ? `Sign ${person.name} out everywhere` : "End all other sessions"}
          submitLabel={person ? "Sign out everywhere" : "End them"}
          command={revokeAll}
          danger
          onClose={() => setAsking(false)}
          onSubmit={endAll}
        >
          {person
            ? "All their sessions end now, and what they are typing is lost. They may sign in again."
            : "Wherever else you are signed in, that ends now. This session stays."}
        </ConfirmDialog>
      )}
    </div>
  );
}
