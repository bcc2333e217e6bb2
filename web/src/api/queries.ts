/** The query cache: where server state lives, and what happens when a session ends under it. */
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { errorCode } from "./client";

export const sessionKey = ["session"];

/** The ledger position at the foot of a page: whoever fetches a page anew makes this stale. */
export const ledgerHeadKey = ["ledger-head"];

/** What people say about something: events of that thing may be such words. */
export const commentsKey = (subjectId: string) => ["comments", subjectId];

export function createQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    const code = errorCode(error);
    if (code === "UNAUTHENTICATED") client.setQueryData(sessionKey, null);
    // The session says what is wanted first, and the frame leads there.
    if (code === "PASSWORD_CHANGE_REQUIRED" || code === "SECOND_FACTOR_REQUIRED") {
      void client.invalidateQueries({ queryKey: sessionKey });
    }
  };
  const client = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        // A wrong session answer must not invalidate itself again and again.
        if (query.queryKey[0] !== sessionKey[0]) onError(error);
      },
    }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _context, mutation) => {
        // At the sign-in form UNAUTHENTICATED only means a wrong password.
        if (mutation.meta?.signIn !== true) onError(error);
      },
    }),
    defaultOptions: {
      // Without a network things fail and say so, instead of waiting unseen and being sent later.
      mutations: { networkMode: "always" },
      queries: {
        networkMode: "always",
        staleTime: 5_000,
        retry: (failures, error) =>
          failures < 2 && ["NETWORK", "READ_MODELS_BEHIND"].includes(errorCode(error)),
      },
    },
  });
  return client;
}
