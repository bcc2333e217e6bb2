/** Who is signed in and what they may call. The one piece of state every page needs. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { graphql } from "@/gql";
import type { SessionQuery } from "@/gql/graphql";
import { execute } from "./client";
import { sessionKey } from "./queries";

const sessionDocument = graphql(`
  query Session {
    me {
      user {
        id
        username
        displayName
        role
        mustChangePassword
      }
      expiresAt
      permissions
    }
  }
`);

export type Session = NonNullable<SessionQuery["me"]>;

export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  queryFn: async ({ signal }) => (await execute(sessionDocument, {}, signal)).me,
  staleTime: 60_000,
});

/** The signed-in session, or null. Pages below the frame always have one. */
export function useSession(): Session | null {
  return useQuery(sessionQuery).data ?? null;
}

/** Whether the session may call the query or mutation of this name. */
export function may(session: Session | null, field: string): boolean {
  return session?.permissions.includes(field) ?? false;
}
