/** Who is signed in and what they may call. The one piece of state every page needs. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { graphql } from "@/gql";
import type { SessionQuery } from "@/gql/graphql";
import { setTimeZone } from "@/time";
import { applyTheme } from "@/theme";
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
        email
        timeZone
        theme
        mustChangePassword
      }
      secondFactorRequired
      expiresAt
      permissions
    }
  }
`);

export type Session = NonNullable<SessionQuery["me"]>;

export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  queryFn: async ({ signal }) => {
    const { me } = await execute(sessionDocument, {}, signal);
    // Before anything is drawn for this person: what they chose for all their devices.
    setTimeZone(me?.user.timeZone ?? null);
    if (me) applyTheme(me.user.id, me.user.theme ?? null);
    return me;
  },
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
