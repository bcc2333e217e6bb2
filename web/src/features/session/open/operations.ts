import { queryOptions } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { graphql } from "@/gql";
import type { OpenSessionsQuery } from "@/gql/graphql";

const openSessionsDocument = graphql(`
  query OpenSessions($userId: ID) {
    sessions(userId: $userId) {
      id
      means
      beganAt
      seenAt
      endsAt
      address
      agent
      own
    }
  }
`);

export const revokeSessionDocument = graphql(`
  mutation RevokeSession($input: RevokeSessionInput!) {
    revokeSession(input: $input) {
      sessions {
        id
      }
      userErrors {
        field
        message
        code
      }
    }
  }
`);

export const revokeSessionsDocument = graphql(`
  mutation RevokeSessions($input: RevokeSessionsInput!) {
    revokeSessions(input: $input) {
      sessions {
        id
      }
      userErrors {
        field
        message
        code
      }
    }
  }
`);

export type OpenSession = OpenSessionsQuery["sessions"][number];

export const openSessionsKey = ["open-sessions"];

/** Where somebody is signed in; without an id, oneself. */
export const openSessionsQuery = (userId: string | null) =>
  queryOptions({
    queryKey: [...openSessionsKey, userId],
    queryFn: async ({ signal }) => (await execute(openSessionsDocument, { userId }, signal)).sessions,
  });

/** Whether this page's own session began at the identity provider: there may be no password here then. */
export const cameBySingleSignOn = (sessions: readonly OpenSession[] | undefined): boolean =>
  sessions?.some((session) => session.own && session.means === "SINGLE_SIGN_ON") ?? false;
